//! Commands that would sit and wait for the keyboard.
//!
//! `sort` or `grep error` without a file reads standard input; at a prompt that is a silent hang, and
//! `crontab` even replaces what it was asked to show. A first stage of a pipeline that reads nothing else is a slip.

use crate::specs::{Role, lookup, parse_args};
use crate::syntax::Program;
use crate::syntax::ir::{CommandKind, Pipeline, RedirectionKind};

/// Programs that read standard input with fewer operands than this. Sorted.
const NEED: &[(&str, usize)] = &[
    ("base64", 1),
    ("cat", 1),
    ("crontab", 1),
    ("cut", 1),
    ("egrep", 2),
    ("fold", 1),
    ("grep", 2),
    ("head", 1),
    ("jq", 2),
    ("nl", 1),
    ("rev", 1),
    ("sed", 2),
    ("sha256sum", 1),
    ("sort", 1),
    ("tac", 1),
    ("tail", 1),
    ("tee", 2),
    ("tr", 3),
    ("uniq", 1),
    ("wc", 1),
    ("xargs", 1),
];

/// The first program that would wait.
pub(super) fn waits(program: &Program) -> Option<&'static str> {
    let pipelines =
        program.statements.iter().flat_map(|statement| &statement.chain).map(|(_, pipeline)| pipeline);
    pipelines.filter_map(first_waits).next()
}

fn first_waits(pipeline: &Pipeline) -> Option<&'static str> {
    let command = &pipeline.stages.first()?.command;
    let CommandKind::Simple(simple) = &command.kind else { return None };
    let feeds = |kind: &RedirectionKind| {
        matches!(
            kind,
            RedirectionKind::Read(_)
                | RedirectionKind::ReadWrite(_)
                | RedirectionKind::HereString(_)
                | RedirectionKind::HereDocument { .. }
        )
    };
    if command.redirections.iter().any(|redirection| feeds(&redirection.kind)) {
        return None;
    }
    // An expansion may stand for any number of words.
    let words: Vec<String> =
        simple.words.iter().map(|word| word.literal().unwrap_or_else(|| "$".to_owned())).collect();
    let (program, arguments) = words.split_first()?;
    let (name, need) = NEED.iter().find(|(name, _)| name == program)?;
    let argv: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let args = parse_args(lookup(name)?, &argv);
    // `-e script` and `-f file` take the place of the first operand.
    let mut need = *need;
    for item in &args.items {
        let Role::Flag(flag) = item.role else { continue };
        let is = |names: &[&str]| flag.names.iter().any(|known| names.contains(known));
        let reads_no_input = is(&["--help", "--version", "--files0-from"])
            || match *name {
                "grep" | "egrep" => is(&["-r", "-R"]),
                "crontab" => is(&["-l", "-e", "-r"]),
                "jq" => is(&["-n"]),
                _ => false,
            };
        if reads_no_input {
            return None;
        }
        if matches!(*name, "grep" | "egrep" | "sed" | "jq") && is(&["-e", "-f"]) {
            need = need.min(1);
        }
    }
    let is_known = args.unknown_flags().next().is_none() && !argv.contains(&"$");
    (is_known && args.operands().count() < need).then_some(*name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;
    use crate::syntax::parse;

    fn check(line: &str, expect: Option<&str>) {
        assert_eq!(waits(&parse(line, Dialect::Bash).program), expect, "{line}");
    }

    #[test]
    fn tables_are_sorted() {
        assert!(NEED.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn what_reads_the_keyboard_waits() {
        for (line, program) in [
            ("sort", "sort"),
            ("wc -l", "wc"),
            ("crontab", "crontab"),
            ("grep error", "grep"),
            ("ls; cat | wc -l", "cat"),
            ("head -n 5", "head"),
            ("sort -k 2 | uniq", "sort"),
            ("tr a b", "tr"),
        ] {
            check(line, Some(program));
        }
    }

    #[test]
    fn what_reads_a_file_or_a_pipe_does_not() {
        for line in [
            "sort a.txt",
            "ls | sort",
            "wc -l < a",
            "crontab -l",
            "crontab -e",
            "grep -r error",
            "grep -rn error",
            "grep error *.log",
            "grep -e a b",
            "sed -n 5p a.txt",
            "sed -i s/a/b/ a.txt",
            "cat $file",
            "cat <<< hello",
            "tr a b < f",
            "head --version",
            "ls",
            "head -5 a",
            "tail -f a",
            "jq . a.json",
            "base64 <<< x",
            "sed --in-place=.bak -e s/a/b/ f",
            "grep -c x a",
            "echo | crontab -",
            "grep -f patterns a",
        ] {
            check(line, None);
        }
    }
}
