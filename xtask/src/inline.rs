//! `cargo xtask bench inline` and `cargo xtask shots`: the plugin in a real zsh, measured and drawn.
//!
//! Both build the release binary and hand it to a program of `tests/inline`, which has the terminal; this
//! crate stays small. With `--write` the table goes into `docs/benchmarks.md`, between two comments.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, run};
use crate::{Options, Taken, setup, tree};

const BEGIN: &str = "<!-- cargo xtask bench inline -->";
const END: &str = "<!-- end of bench inline -->";

/// Where Debian and Homebrew put zsh-autosuggestions.
const SUGGEST: &[&str] = &[
    "/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh",
    "/opt/homebrew/share/zsh-autosuggestions/zsh-autosuggestions.zsh",
];

/// Measures.
pub(crate) fn bench(args: &[String]) -> Result<()> {
    let (mut write, mut suggest) = (false, None);
    Options::new("bench", args).each(|arg, value| match arg {
        "--write" => {
            write = true;
            Taken::Flag
        }
        "--suggest" => {
            suggest = value.map(str::to_owned);
            Taken::Value
        }
        _ => Taken::Unknown,
    })?;
    setup::prepare()?;
    let found = SUGGEST.iter().find(|path| Path::new(path).exists()).map(|path| (*path).to_owned());
    let mut command = program("inline-bench");
    command.arg("--cmdai").arg(setup::binary());
    if let Some(path) = suggest.or(found) {
        command.args(["--suggest", &path]);
    }
    let table = output(&mut command)?;
    println!("{table}");
    if write {
        let path = tree::root().join("docs/benchmarks.md");
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let text =
            between(&text, &table).with_context(|| format!("{} has no {BEGIN} and {END}", path.display()))?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Draws.
pub(crate) fn shots(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("shots takes no options");
    }
    setup::prepare()?;
    let mut command = program("inline-shots");
    command.arg("--cmdai").arg(setup::binary()).arg("--out").arg(tree::root().join("docs/img"));
    run(&mut command)
}

fn program(name: &str) -> std::process::Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "-p", "cmdai-inline", "--bin", name, "--"]);
    command
}

/// The text with a table between the two comments.
fn between(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", table.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_the_place_of_the_one_before() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(between(&text, "new\n"), Some(format!("a\n{BEGIN}\nnew\n{END}\nb\n")));
        assert_eq!(between("a", "new"), None);
    }
}
