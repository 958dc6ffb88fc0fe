//! The command line of `cmdai history`; part of [`crate::args`].

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::CommonArgs;
use crate::values::count;

/// What `cmdai history --help` says at its end.
pub(crate) const HELP: &str = "\
Completion learns from what was run. It is kept in one file on this machine, and
lines with a secret or a leading blank are never kept. More: docs/history.md
in share/doc/cmdai.

Exit codes: 0 done, also where nothing was found; 2 there is no such file or
nobody to ask; 8 the history cannot be opened, read or written.

  cmdai history import
  cmdai history search 'docker run' --cwd
  cmdai history forget --last 3

To ask for a command that shows a history: cmdai generate history ...";

/// Options of `history`.
#[derive(Args, Clone, Debug)]
pub(crate) struct HistoryArgs {
    /// What to do
    #[command(subcommand)]
    pub action: HistoryAction,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What `history` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum HistoryAction {
    /// Take over the history of your shells; what is kept already is not added again
    Import {
        /// Whose history: zsh, bash, fish, nu, atuin, or auto for all that are there
        #[arg(value_name = "SHELL", default_value = "auto",
            value_parser = ["auto", "zsh", "bash", "fish", "nu", "atuin"], hide_possible_values = true)]
        from: String,
        /// The file to read in place of the usual one; - for standard input
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print what was run last, the newest at the end; in a pipe the lines alone
    List {
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Print the lines that hold a text; capitals count where the text has one
    Search {
        /// The text
        #[arg(value_name = "TEXT")]
        text: String,
        /// Only lines that begin with it
        #[arg(long)]
        prefix: bool,
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Delete runs for good, after asking
    #[command(group = clap::ArgGroup::new("which").required(true).multiple(true).args(["pattern", "last", "since"]))]
    Forget {
        /// Lines that hold this text; with * or ? the whole line must fit
        #[arg(value_name = "PATTERN")]
        pattern: Option<String>,
        /// The last N of them, or of all [default: 1]
        #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", require_equals = false, value_parser = count)]
        last: Option<usize>,
        /// Those of the last time, as in 30m, 2h, 1d
        #[arg(long, value_name = "TIME", value_parser = parse_age)]
        since: Option<u64>,
        /// Without asking
        #[arg(short, long)]
        yes: bool,
    },
    /// Tell how much is kept, and of what
    Stats {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print where the file is
    Path,
}

/// Which runs to print, and how.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct FilterArgs {
    /// Only those of this directory, or of DIR
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = ".", require_equals = true)]
    pub cwd: Option<PathBuf>,
    /// Only those that failed
    #[arg(long)]
    pub failed: bool,
    /// Only those of the last time, as in 30m, 2h, 1d
    #[arg(long, value_name = "TIME", value_parser = parse_age)]
    pub since: Option<u64>,
    /// How many at most
    #[arg(short = 'n', long = "lines", value_name = "N", default_value_t = 50, value_parser = count)]
    pub count: usize,
    /// Print them as JSON, one a line
    #[arg(long)]
    pub json: bool,
}

/// Reads an age, in seconds: `90s`, `30m`, `2h`, `1d`, `4w`.
fn parse_age(text: &str) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err("known units are s, m, h, d, w".to_owned()),
    };
    let amount: u64 = number.parse().map_err(|_| "write a number and a unit, as in 2h".to_owned())?;
    amount.checked_mul(seconds).ok_or_else(|| "it is too long ago".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_a_unit() {
        assert_eq!(parse_age("90s"), Ok(90));
        assert_eq!(parse_age("30m"), Ok(1800));
        assert_eq!(parse_age("2h"), Ok(7200));
        assert_eq!(parse_age("1d"), Ok(86_400));
        for wrong in ["", "5", "h", "-1h", "1y", "999999999999999999w"] {
            assert!(parse_age(wrong).is_err(), "{wrong}");
        }
    }
}
