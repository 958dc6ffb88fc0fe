//! Measures completion on people's lines, beside what shells do, and fits its weights.
//!
//! `cargo xtask eval-completion` and `cargo xtask fit-completion` run this in the release build, so that
//! `xtask` itself stays small. `docs/completion.md` says what is measured and how.

mod baselines;
mod fit;
mod measure;
#[cfg(feature = "model")]
mod model;
#[cfg(feature = "model")]
mod moments;
mod people;
mod replay;
mod report;
#[cfg(feature = "model")]
mod screen;
#[cfg(unix)]
mod socket;
mod table;
#[cfg(test)]
mod threshold;
mod trees;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use cmdai_core::complete::{Completer, Prior, Ranker};

const USAGE: &str =
    "usage: cmdai-eval completion --people DIR [--json] [--only NAME,NAME] [--weights DIR] [--model DIR [--sample N]]
       cmdai-eval socket --people DIR --cmdai PATH [--model DIR] [--only NAME,NAME] [--sample N] [--unprepared]
       cmdai-eval ghost --people DIR --model DIR [--only NAME,NAME] [--sample N] [--every N] [--into DIR]
       cmdai-eval fit --people DIR --documents DIR --into DIR [--leave NAME,NAME] [--folds N]";

/// What was asked for.
#[derive(Debug, Default)]
struct Options {
    people: Option<PathBuf>,
    documents: Option<PathBuf>,
    into: Option<PathBuf>,
    cmdai: Option<PathBuf>,
    unprepared: bool,
    json: bool,
    only: Vec<String>,
    leave: Vec<String>,
    folds: usize,
    model: Option<PathBuf>,
    /// Where `weights.txt` and `prior.txt` lie in place of what is shipped.
    weights: Option<PathBuf>,
    /// Lines of each person that the model is asked about.
    sample: usize,
    /// It is asked at every so manieth key of them.
    every: usize,
}

pub(crate) fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    let Some((task, rest)) = args.split_first() else { bail!("{USAGE}") };
    let options = read(rest)?;
    let people = options.people.as_deref().context("--people DIR is missing")?;
    match task.as_str() {
        "completion" => {
            let people = people::read_all(people, &options.only)?;
            if options.model.is_some() {
                return with_model(&people, &options);
            }
            let completer = options.weights.as_deref().map(weights).transpose()?;
            let completer = completer.as_ref().unwrap_or_else(|| Completer::shipped());
            report::show(replay::all(&people, completer, true), &people, options.json)
        }
        #[cfg(unix)]
        "socket" => {
            let cmdai = options.cmdai.as_deref().context("--cmdai PATH is missing")?;
            let people = people::read_all(people, &options.only)?;
            socket::run(&people, cmdai, options.model.as_deref(), options.sample, !options.unprepared)
        }
        "ghost" => fit_ghost(&people::read_all(people, &options.only)?, &options),
        "fit" => {
            let mut people = people::read_all(people, &options.only)?;
            people.retain(|person| !options.leave.contains(&person.name));
            let documents = options.documents.as_deref().context("--documents DIR is missing")?;
            fit::run(&people, documents, options.into.as_deref(), options.folds)
        }
        _ => bail!("{USAGE}"),
    }
}

fn weights(dir: &Path) -> Result<Completer> {
    let read = |name: &str| {
        let path = dir.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let ranker = Ranker::read(&read("weights.txt")?).with_context(|| {
        format!("{} was not fitted for the features of this build", dir.join("weights.txt").display())
    })?;
    Ok(Completer { ranker, prior: Prior::read(&read("prior.txt")?), ..Completer::shipped().clone() })
}

#[cfg(feature = "model")]
fn with_model(people: &[people::Person], options: &Options) -> Result<()> {
    model::run(people, options.model.as_deref(), options.sample, options.json)
}

#[cfg(feature = "model")]
fn fit_ghost(people: &[people::Person], options: &Options) -> Result<()> {
    moments::fit(people, options.model.as_deref(), options.sample, options.every, options.into.as_deref())
}

#[cfg(not(feature = "model"))]
fn fit_ghost(_people: &[people::Person], _options: &Options) -> Result<()> {
    bail!("this build has no model: build it with --features model")
}

#[cfg(not(feature = "model"))]
fn with_model(_people: &[people::Person], _options: &Options) -> Result<()> {
    bail!("this build has no model: build it with --features model")
}

fn read(args: &[String]) -> Result<Options> {
    let mut options = Options { sample: 12, every: 3, ..Options::default() };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        let names = |list: &str| list.split(',').map(str::to_owned).collect();
        match arg.as_str() {
            "--people" => options.people = Some(value()?.into()),
            "--documents" => options.documents = Some(value()?.into()),
            "--into" => options.into = Some(value()?.into()),
            "--only" => options.only = names(value()?),
            "--leave" => options.leave = names(value()?),
            "--folds" => options.folds = value()?.parse().context("--folds takes a number")?,
            "--cmdai" => options.cmdai = Some(value()?.into()),
            "--unprepared" => options.unprepared = true,
            "--weights" => options.weights = Some(value()?.into()),
            "--json" => options.json = true,
            "--model" => options.model = Some(value()?.into()),
            "--every" => options.every = value()?.parse().context("--every takes a number")?,
            "--sample" => options.sample = value()?.parse().context("--sample takes a number")?,
            _ => bail!("{arg:?} is not an option\n{USAGE}"),
        }
    }
    Ok(options)
}
