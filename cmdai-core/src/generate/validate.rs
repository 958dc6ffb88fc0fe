//! What a command must be to be offered, whatever the ranking thinks of it.

use super::entities::Entity;
use super::shell_words::{TokenKind, cut, unquoted};
use super::words::is_common_program;
use super::{Request, asked, critical, ends, flags, output, spared, waits};
use crate::line::Dialect;
use crate::safety::{self, Report, Risk};
use crate::syntax::{self, NoteKind};

/// What a command is held against.
pub(super) struct Facts<'a> {
    pub(super) request: &'a Request,
    /// The cleaned words of the request.
    pub(super) words: &'a str,
    /// What they name.
    pub(super) named: &'a [Entity],
    /// What the command would do.
    pub(super) report: &'a Report,
    /// Its programs need not be here.
    pub(super) may_lack: bool,
}

/// Holds a clean line against every rule.
///
/// # Errors
/// The first reason not to offer it, one short phrase.
pub(super) fn validate(command: &str, facts: &Facts<'_>) -> Result<(), String> {
    // Before the grammar: `<file>` is also a redirection that lacks its end.
    if let Some(found) = output::placeholder(command, facts.words) {
        return Err(format!("it has the placeholder {found}"));
    }
    let parsed = syntax::parse(command, facts.request.context.dialect);
    if let Some(note) = parsed.notes.first() {
        return Err(match note.kind {
            NoteKind::Unfinished => "it is not finished".to_owned(),
            NoteKind::Unexpected => format!("it does not parse at {:?}", note.span.of(command)),
            NoteKind::TooDeep | NoteKind::TooLong => "it is too long or too deep to be read".to_owned(),
        });
    }
    // A comment alone is no command.
    if parsed.program.statements.is_empty() {
        return Err("it is empty".to_owned());
    }
    if let Some(program) = waits::waits(&parsed.program) {
        return Err(format!("{program} would wait for input from the keyboard"));
    }
    if output::is_invented_echo(command, facts.words) {
        return Err("it only writes words that nobody asked for".to_owned());
    }
    if facts.request.programs.is_some()
        && !facts.may_lack
        && let Some(program) = absent_programs(command, facts).next()
    {
        return Err(format!("there is no program {program} here"));
    }
    if let Some(reason) = flags::impossible(facts.report, &facts.request.context) {
        return Err(reason);
    }
    if facts.report.risk == Risk::Critical {
        return Err(critical(facts.report));
    }
    if let Some(reason) = ends::confused(facts.report, facts.words, facts.named) {
        return Err(reason);
    }
    if let Some(folder) = spared::used(command, facts.words) {
        return Err(format!("it works on {folder}, which is to be left alone"));
    }
    if let Some(word) = asked::left_out(command, facts.words) {
        return Err(format!("it would delete more than what is {word}"));
    }
    if let Some(does) = asked::unasked(facts) {
        return Err(format!("it would {does}, which was not asked for"));
    }
    Ok(())
}

/// The programs of a command in their order, wrappers peeled off where the judge did so.
pub(super) fn programs(command: &str, report: &Report) -> Vec<String> {
    let resolved = report.commands.iter().filter_map(|command| command.argv.first().cloned().flatten());
    let resolved: Vec<_> = resolved.collect();
    if resolved.is_empty() { first_words(command) } else { resolved }
}

/// Words in front of which the shell looks for no program.
const KEYWORDS: &[&str] = &[
    "!", "[[", "do", "done", "elif", "else", "esac", "fi", "if", "then", "time", "until", "while", "{", "}",
];

/// The words where commands begin, by position alone.
fn first_words(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut begins = true;
    for token in cut(command) {
        match token.kind {
            TokenKind::Control => begins = token.text != ")",
            TokenKind::Redirection => {}
            TokenKind::Bare | TokenKind::Quoted if begins => {
                let word = unquoted(token.text);
                let is_assignment = word
                    .split_once('=')
                    .is_some_and(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
                if KEYWORDS.contains(&word.as_str()) || is_assignment {
                    continue;
                }
                begins = false;
                // `for x in …` and `case x in …` name no program, nor does an expansion that can be told.
                if !matches!(word.as_str(), "for" | "case" | "select" | "function" | "in")
                    && !word.contains(['$', '`'])
                {
                    found.push(word);
                }
            }
            _ => {}
        }
    }
    found
}

/// Programs that the command needs and that neither the caller has seen nor the shell brings along,
/// and that the request does not name.
pub(super) fn absent_programs<'a>(command: &str, facts: &'a Facts<'a>) -> impl Iterator<Item = String> + 'a {
    let present = facts.request.programs.as_deref();
    programs(command, facts.report).into_iter().filter(move |program| {
        let name = program.rsplit('/').next().unwrap_or(program);
        let is_present = match present {
            Some(present) => present.iter().any(|known| known == name),
            None => is_common_program(name),
        };
        // Functions, scripts by path and what the shell itself brings need not be on the PATH.
        !is_present
            && !is_shell_word(name, facts.request.context.dialect)
            && !program.contains('/')
            && !is_named(name, facts.words)
    })
}

/// True for a command that needs a program that is not here.
pub(super) fn lacks_program(command: &str, request: &Request, words: &str) -> bool {
    let report = safety::check_as(command, &request.context, request.profile);
    let facts = Facts { request, words, named: &[], report: &report, may_lack: true };
    absent_programs(command, &facts).next().is_some()
}

/// How many programs are not known to exist.
pub(super) fn unknown_programs(command: &str, facts: &Facts<'_>) -> usize {
    absent_programs(command, facts).count()
}

/// How many programs the request calls by a name that means nothing else, and the command does not run.
pub(super) fn unused_programs(command: &str, facts: &Facts<'_>) -> usize {
    let used = unquoted(command).to_lowercase();
    let is_unused = |word: &&str| {
        is_common_program(word)
            && super::words::intents_with(word) < 60
            && word.len() > 2
            && !used.contains(*word)
    };
    facts.words.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(is_unused).count()
}

fn is_named(program: &str, words: &str) -> bool {
    words
        .split(|c: char| c.is_whitespace() || ",;:()'\"`".contains(c))
        .any(|word| word.eq_ignore_ascii_case(program))
}

/// True for what a shell brings along: builtins, and in nushell and PowerShell all commands, whose names are not on the PATH.
fn is_shell_word(name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Nu => true,
        Dialect::PowerShell => name.contains('-') || name.starts_with(|c: char| !c.is_alphabetic()),
        Dialect::Fish if matches!(name, "and" | "begin" | "end" | "not" | "or") => true,
        Dialect::Fish if OF_BASH.contains(&name) || OF_ZSH.contains(&name) => false,
        Dialect::Zsh if OF_BASH.contains(&name) => false,
        Dialect::Bash if OF_ZSH.contains(&name) => false,
        _ => SHELL_WORDS.binary_search(&name).is_ok(),
    }
}

/// Those that only bash has.
const OF_BASH: &[&str] = &["caller", "compgen", "mapfile", "readarray", "shopt"];

/// Those that only zsh has.
const OF_ZSH: &[&str] = &["autoload", "bindkey", "setopt", "unsetopt", "vared", "zmodload", "zmv", "zstyle"];

/// Builtins of bash, zsh, fish and POSIX sh. Sorted.
const SHELL_WORDS: &[&str] = &[
    ".",
    ":",
    "[",
    "[[",
    "abbr",
    "alias",
    "argparse",
    "autoload",
    "bg",
    "bind",
    "bindkey",
    "break",
    "builtin",
    "caller",
    "cd",
    "command",
    "compgen",
    "complete",
    "contains",
    "continue",
    "count",
    "declare",
    "dirs",
    "disown",
    "echo",
    "emulate",
    "enable",
    "end",
    "eval",
    "exec",
    "exit",
    "export",
    "false",
    "fc",
    "fg",
    "fish_add_path",
    "fish_config",
    "for",
    "funced",
    "funcsave",
    "function",
    "functions",
    "getopts",
    "hash",
    "help",
    "history",
    "if",
    "jobs",
    "kill",
    "let",
    "local",
    "logout",
    "mapfile",
    "math",
    "noglob",
    "not",
    "or",
    "popd",
    "print",
    "printf",
    "prompt",
    "pushd",
    "pwd",
    "random",
    "read",
    "readarray",
    "readonly",
    "rehash",
    "repeat",
    "return",
    "set",
    "setopt",
    "shift",
    "shopt",
    "source",
    "status",
    "string",
    "suspend",
    "switch",
    "test",
    "time",
    "times",
    "trap",
    "true",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "unsetopt",
    "vared",
    "wait",
    "whence",
    "where",
    "while",
    "zmodload",
    "zmv",
    "zstyle",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(SHELL_WORDS.is_sorted_by(|a, b| a < b));
        assert!(KEYWORDS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn words_of_fish_are_no_programs() {
        assert!(is_shell_word("begin", Dialect::Fish) && is_shell_word("and", Dialect::Fish));
        assert!(!is_shell_word("begin", Dialect::Bash) && !is_shell_word("cmake", Dialect::Fish));
    }

    #[test]
    fn first_words_are_programs() {
        let check = |command: &str, expect: &[&str]| assert_eq!(first_words(command), expect, "{command}");
        check("ls -la | wc -l", &["ls", "wc"]);
        check("FOO=bar make; cd x && ls", &["make", "cd", "ls"]);
        check("for f in *; do echo $f; done", &["echo"]);
        check("if [ -f x ]; then cat x; fi", &["[", "cat"]);
        check("$EDITOR x", &[]);
        check("(cd /tmp && ls) > out", &["cd", "ls"]);
        check("", &[]);
    }
}
