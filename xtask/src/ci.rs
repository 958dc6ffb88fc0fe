//! `cargo xtask ci`: every check that a change must pass, cheapest first.
//!
//! The same steps run at the desk and on a server (`.ci/run`). A step is one entry of [`STEPS`]; the
//! last lines of the output name each with its time and result.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::process::{cargo, run};
use crate::{Options, Taken};

/// One check.
struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "tidy", run: tidy },
    Step { name: "clippy", run: clippy },
    Step { name: "test", run: test },
    Step { name: "docs", run: docs },
];

pub(crate) fn task(args: &[String]) -> Result<()> {
    let mut keep_going = false;
    Options::new("ci", args).each(|arg, _| match arg {
        "--keep-going" => {
            keep_going = true;
            Taken::Flag
        }
        _ => Taken::Unknown,
    })?;
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for step in STEPS {
        eprintln!("\n== {} ==", step.name);
        let start = Instant::now();
        let result = (step.run)();
        let took = start.elapsed().as_secs();
        match result {
            Ok(()) => lines.push(format!("  ok      {:<10} {took:>4} s", step.name)),
            Err(error) => {
                lines.push(format!("  FAILED  {:<10} {took:>4} s  {error:#}", step.name));
                failed.push(step.name);
            }
        }
        if !failed.is_empty() && !keep_going {
            break;
        }
    }
    eprintln!("\n== ci ==\n{}", lines.join("\n"));
    if !failed.is_empty() {
        bail!("{} failed", failed.join(", "));
    }
    Ok(())
}

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn tidy() -> Result<()> {
    crate::tidy::task(&[])
}

fn clippy() -> Result<()> {
    // By itself first: in a workspace build the features of every member are switched on together.
    run(cargo().args(["clippy", "--locked", "-p", "cmdai-core", "--all-targets", "--", "-D", "warnings"]))?;
    run(cargo().args(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The second command of the README, word for word.
fn test() -> Result<()> {
    run(cargo().args(["xtask", "test"]))
}

fn docs() -> Result<()> {
    let mut doc = cargo();
    doc.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--locked", "--workspace", "--no-deps"]);
    run(&mut doc)
}
