//! `cargo xtask ci`: every check that a change must pass, cheapest first.
//!
//! The same steps run at the desk and on a server (`.ci/run`). A step is one entry of [`STEPS`]; the
//! last lines of the output name each with its time and result.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, run, succeeds};
use crate::{Options, Taken, tree};

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
    Step { name: "smoke", run: smoke },
    Step { name: "deny", run: deny },
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
    let [_, test] = readme_commands()?;
    run(&mut sh(&test))
}

fn docs() -> Result<()> {
    let mut doc = cargo();
    doc.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--locked", "--workspace", "--no-deps"]);
    run(&mut doc)
}

/// The first command of the README, word for word: it answers with one line.
fn smoke() -> Result<()> {
    let [first, _] = readme_commands()?;
    let answer = output(sh(&first).stderr(Stdio::inherit()))?;
    eprintln!("$ {first}\n{}", answer.trim_end());
    if answer.trim().is_empty() || answer.trim().contains('\n') {
        bail!("the answer is not one line: {answer:?}");
    }
    Ok(())
}

/// What cargo-deny knows beyond `tidy`, where it is installed. Its advisories need the network.
fn deny() -> Result<()> {
    if !succeeds(cargo().args(["deny", "--version"])) {
        eprintln!("cargo-deny is not installed: licences were checked by tidy, advisories not at all");
        return Ok(());
    }
    run(cargo().args(["deny", "--all-features", "check", "licenses", "bans", "sources"]))?;
    if run(cargo().args(["deny", "fetch", "db"])).is_err() {
        eprintln!("the advisory database cannot be reached: advisories were not checked");
        return Ok(());
    }
    run(cargo().args(["deny", "--all-features", "check", "advisories"]))
}

/// The two commands that the README begins with: the lines of its first `sh` block without comments.
fn readme_commands() -> Result<[String; 2]> {
    let path = tree::root().join("README.md");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    commands_of(&text).context("the first sh block of README.md is not two commands")
}

fn commands_of(readme: &str) -> Option<[String; 2]> {
    let block = readme.split("```sh\n").nth(1)?.split("```").next()?;
    let lines = block.lines().map(|line| line.split(" # ").next().unwrap_or(line).trim().to_owned());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect::<Vec<_>>().try_into().ok()
}

fn sh(line: &str) -> Command {
    let mut sh = Command::new("sh");
    sh.current_dir(tree::root()).args(["-c", line]);
    sh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_begins_with_two_commands() {
        let [first, second] = readme_commands().unwrap();
        assert!(first.contains("target/release/cmdai") && !first.contains('#'), "{first}");
        assert_eq!(second, "cargo xtask test");
    }

    #[test]
    fn comments_and_later_blocks_are_left_out() {
        let readme = "# x\n```sh\na b   # why\n\n# alone\nc\n```\n```sh\nd\n```\n";
        assert_eq!(commands_of(readme), Some(["a b".to_owned(), "c".to_owned()]));
        assert_eq!(commands_of("```sh\na\n```"), None);
        assert_eq!(commands_of("none"), None);
    }
}
