//! `cargo xtask eval-completion` and `fit-completion`: the crate `cmdai-eval`, in the release build.
//!
//! The harness is a crate of its own so that `xtask`, which is compiled before anything else, stays small.

use anyhow::Result;

use crate::process::{cargo, run};
use crate::{Options, Taken, setup, tree};

pub(crate) fn eval(args: &[String]) -> Result<()> {
    let mut features: &[&str] = &[];
    Options::new("eval-completion", args).each(|arg, _| match arg {
        "--json" => Taken::Flag,
        "--model" => {
            features = &["--features", "model"];
            Taken::Value
        }
        "--people" | "--only" | "--sample" | "--weights" => Taken::Value,
        _ => Taken::Unknown,
    })?;
    harness("completion", features, args)
}

pub(crate) fn fit_ghost(args: &[String]) -> Result<()> {
    let mut write = false;
    Options::new("fit-ghost", args).each(|arg, _| match arg {
        "--write" => {
            write = true;
            Taken::Flag
        }
        "--people" | "--only" | "--model" | "--sample" | "--every" => Taken::Value,
        _ => Taken::Unknown,
    })?;
    let mut all: Vec<String> = args.iter().filter(|arg| *arg != "--write").cloned().collect();
    if write {
        all.extend(["--into".to_owned(), tree::root().join("cmdai-core/src/complete").display().to_string()]);
    }
    harness("ghost", &["--features", "model"], &all)
}

/// How long a person waits for a ghost, over the socket of the release build's daemon.
pub(crate) fn bench_ghost(args: &[String]) -> Result<()> {
    Options::new("bench", args).each(|arg, _| match arg {
        "--unprepared" => Taken::Flag,
        "--people" | "--only" | "--model" | "--sample" => Taken::Value,
        _ => Taken::Unknown,
    })?;
    setup::prepare()?;
    let mut all = args.to_vec();
    all.extend(["--cmdai".to_owned(), setup::binary().display().to_string()]);
    harness("socket", &[], &all)
}

pub(crate) fn fit(args: &[String]) -> Result<()> {
    let mut write = false;
    Options::new("fit-completion", args).each(|arg, _| match arg {
        "--write" => {
            write = true;
            Taken::Flag
        }
        "--people" | "--only" | "--leave" | "--folds" => Taken::Value,
        _ => Taken::Unknown,
    })?;
    let mut all: Vec<String> = args.iter().filter(|arg| *arg != "--write").cloned().collect();
    let path = |below: &str| tree::root().join(below).display().to_string();
    all.extend(["--documents".to_owned(), path("training/data")]);
    if write {
        all.extend(["--into".to_owned(), path("cmdai-core/src/complete")]);
    }
    harness("fit", &[], &all)
}

fn harness(task: &str, features: &[&str], args: &[String]) -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--locked", "--release", "-p", "cmdai-eval"]).args(features);
    command.args(["--", task]);
    let mut before = "";
    for arg in args {
        // Cargo runs at the root; the directory is meant from where this was called.
        if matches!(before, "--people" | "--model" | "--weights") {
            command.arg(std::path::absolute(arg)?);
        } else {
            command.arg(arg);
        }
        before = arg;
    }
    run(&mut command)
}
