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

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use cmdai_core::complete::Completer;

const USAGE: &str =
    "usage: cmdai-eval completion --people DIR [--json] [--only NAME,NAME] [--model DIR [--sample N]]
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
            let replays = replay::all(&people, Completer::shipped(), true);
            report::show(replays, &people, options.json)
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
            "--json" => options.json = true,
            "--model" => options.model = Some(value()?.into()),
            "--every" => options.every = value()?.parse().context("--every takes a number")?,
            "--sample" => options.sample = value()?.parse().context("--sample takes a number")?,
            _ => bail!("{arg:?} is not an option\n{USAGE}"),
        }
    }
    Ok(options)
}
