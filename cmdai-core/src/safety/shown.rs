//! Lines that write a function down and then only look at it: `f() { …; }; declare -f f`, `function F { … }; (Get-Command F).Definition`.
//! Nothing of it runs, now or by itself later: its name is no command's and no hook's, and nothing calls it on an event.

use super::replaced;
use crate::line::Dialect;
use crate::specs::{self, PathUse, Spec, ValueKind};
use crate::syntax::ir::{
    Access, Command, CommandKind, Expression, ExpressionKind, Part, PartKind, Pipeline, Program, Simple,
    Statement, Word,
};

/// Statements that are looked at.
const STATEMENTS: usize = 8;

/// Programs and builtins that show what comes down the pipe, and make nothing of it. Sorted.
const VIEWERS: &[&str] =
    &["bat", "cat", "fish_indent", "grep", "head", "less", "more", "nl", "print", "tail", "wc"];

/// True where all that a line does is to define functions and to show their text.
pub(super) fn only_shows(program: &Program, dialect: Dialect) -> bool {
    if program.statements.len() > STATEMENTS || program.statements.len() < 2 {
        return false;
    }
    let mut defined: Vec<&str> = Vec::new();
    let mut shown: Vec<String> = Vec::new();
    for statement in &program.statements {
        let Some(command) = looked_at(statement) else { return false };
        match command {
            CommandKind::Function { name, handler: false, .. }
                if shown.is_empty() && is_own(name, dialect) =>
            {
                defined.push(name)
            }
            CommandKind::Simple(simple) => match shows(simple, dialect) {
                Some(name) => shown.push(name),
                None => return false,
            },
            CommandKind::Expression(expression) if dialect == Dialect::PowerShell => {
                match text_of(expression) {
                    Some(name) => shown.push(name),
                    None => return false,
                }
            }
            _ => return false,
        }
    }
    !defined.is_empty()
        && defined.iter().all(|name| shown.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The first command of a statement that is nothing else, or whose other commands only show what it writes.
fn looked_at(statement: &Statement) -> Option<&CommandKind> {
    let [(_, Pipeline { stages, negated: false, .. })] = &statement.chain[..] else { return None };
    let [first, viewers @ ..] = &stages[..] else { return None };
    let shows = |command: &Command| {
        let CommandKind::Simple(simple) = &command.kind else { return false };
        let name = simple.words.first().and_then(Word::literal).unwrap_or_default();
        command.redirections.is_empty()
            && simple.assignments.is_empty()
            && VIEWERS.binary_search(&name.as_str()).is_ok()
            && simple.words.iter().all(|word| word.literal().is_some())
    };
    if viewers.is_empty() {
        return alone(statement);
    }
    let simple = matches!(first.command.kind, CommandKind::Simple(_));
    (simple
        && !statement.background
        && first.command.redirections.is_empty()
        && viewers.iter().all(|stage| shows(&stage.command)))
    .then_some(&first.command.kind)
}

/// The command of a statement that is nothing else.
fn alone(statement: &Statement) -> Option<&CommandKind> {
    let [(_, Pipeline { stages, negated: false, .. })] = &statement.chain[..] else { return None };
    let [stage] = &stages[..] else { return None };
    (!statement.background && stage.command.redirections.is_empty()).then_some(&stage.command.kind)
}

/// True for a name that nothing calls by itself, and that stands for nothing else.
fn is_own(name: &str, dialect: Dialect) -> bool {
    let lower = name.to_ascii_lowercase();
    if dialect == Dialect::PowerShell {
        return !matches!(
            lower.as_str(),
            "prompt" | "tabexpansion" | "tabexpansion2" | "psconsolehostreadline"
        ) && !name.contains(':')
            && specs::lookup_in(&lower, Dialect::PowerShell).is_none();
    }
    // A command of several words takes the place of a family's: `def "git push" []`.
    let first = name.split(' ').next().unwrap_or(name);
    let called = match dialect {
        Dialect::Fish => lower.starts_with("fish_"),
        Dialect::Nu => name == "main" || name.starts_with("main "),
        Dialect::Zsh => {
            name.contains(' ')
                || matches!(name, "chpwd" | "periodic" | "precmd" | "preexec" | "zshaddhistory" | "zshexit")
        }
        _ => false,
    };
    !called
        && !replaced::is_commands_name(first)
        && !lower.starts_with("command_not_found")
        && !lower.starts_with("trap")
        && specs::lookup_in(first, dialect).is_none_or(deletes)
}

/// True for a program that deletes what it is given: nobody types its name without a thought.
fn deletes(spec: &Spec) -> bool {
    spec.operands.iter().any(|operand| operand.kind == ValueKind::Path(PathUse::Delete))
}

fn shows(simple: &Simple, dialect: Dialect) -> Option<String> {
    let words: Vec<String> = simple.words.iter().take(4).map(Word::literal).collect::<Option<_>>()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let name = match (dialect, &words[..]) {
        (_, _) if !simple.assignments.is_empty() => return None,
        (Dialect::PowerShell, [get, name]) => {
            let get = get.to_ascii_lowercase();
            match get.as_str() {
                "get-command" | "gcm" | "get-help" => name,
                "get-content" | "gc" | "cat" | "type" | "get-item" | "gi" => {
                    name.split_once(':').filter(|(drive, _)| drive.eq_ignore_ascii_case("function"))?.1
                }
                _ => return None,
            }
        }
        (Dialect::Nu, ["view", "source", name] | ["help" | "which", name]) => name,
        (Dialect::Nu, _) => return None,
        (Dialect::Fish, ["functions", name] | ["functions", "-D" | "-v" | "-q", name]) => name,
        (Dialect::Zsh, ["functions", name] | ["whence", "-f" | "-v" | "-c", name]) => name,
        (
            _,
            ["type" | "which", name] | ["declare" | "typeset", "-f", name] | ["command", "-V" | "-v", name],
        ) => name,
        _ => return None,
    };
    Some(name.to_owned())
}

/// `(Get-Command F).Definition`, `${function:F}`.
fn text_of(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Access { value, steps } => {
            let [Access::Member { name, is_static: false }] = &steps[..] else { return None };
            let ExpressionKind::Word(word) = &name.kind else { return None };
            let member = word.literal()?.to_ascii_lowercase();
            if !matches!(member.as_str(), "definition" | "scriptblock" | "parameters" | "name") {
                return None;
            }
            let ExpressionKind::Program { program, .. } = &value.kind else { return None };
            let [statement] = &program.statements[..] else { return None };
            match alone(statement)? {
                CommandKind::Simple(simple) => shows(simple, Dialect::PowerShell),
                _ => None,
            }
        }
        ExpressionKind::Word(Word { parts, .. }) => match &parts[..] {
            [Part { kind: PartKind::Parameter(parameter), .. }] => {
                let (drive, name) = parameter.name.split_once(':')?;
                drive.eq_ignore_ascii_case("function").then(|| name.to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, Safe};
    use crate::safety::tests::{check_all, context};
    use crate::{Context, Dialect, Os};

    #[test]
    fn what_is_only_shown() {
        check_all(
            &context(),
            &[
                (Safe, "clear_up() { rm -rf /; }; declare -f clear_up"),
                (Safe, "clear_up() { rm -rf /; }; type clear_up"),
                (Critical, "clear_up() { rm -rf /; }"),
                (Critical, "clear_up() { rm -rf /; }; type ls"),
                (Critical, "clear_up() { rm -rf /; }; type clear_up; clear_up"),
                (Critical, "ls() { rm -rf /; }; type ls"),
                (Critical, "clear_up() { rm -rf /; }; declare -f clear_up | sh"),
                (Critical, "clear_up() { rm -rf /; }; declare -f clear_up > ~/.bashrc"),
                (Critical, "command_not_found_handle() { rm -rf /; }; type command_not_found_handle"),
                (Safe, "clear_up() { rm -rf /; }; declare -f clear_up | head -n 3"),
                (Critical, "cd() { rm -rf /; }; type cd"),
                (Critical, "sudo() { rm -rf /; }; declare -f sudo | cat"),
                (Critical, "pwd() { rm -rf /; }; command -V pwd"),
            ],
        );
        check_all(
            &Context::new(Dialect::Fish),
            &[
                (Safe, "function nuke; rm -rf ~/*; end; functions nuke"),
                (Safe, "function nuke -d 'all of it'; rm -rf ~/*; end; type nuke | fish_indent"),
                (Critical, "function nuke; rm -rf ~/*; end"),
                (Critical, "function nuke; rm -rf ~/*; end; functions nuke; nuke"),
                (Critical, "function nuke; rm -rf ~/*; end; functions nuke | source; nuke"),
                (Critical, "function nuke --on-event fish_prompt; rm -rf ~/*; end; functions nuke"),
                (Critical, "function nuke --on-variable=PWD; rm -rf ~/*; end; functions nuke"),
                (Critical, "function nuke -efish_prompt; rm -rf ~/*; end; functions nuke"),
                (Critical, "function nuke -s INT; rm -rf ~/*; end; functions nuke"),
                (Critical, "function fish_greeting; rm -rf ~/*; end; functions fish_greeting"),
                (Critical, "function cd; rm -rf ~/*; end; functions cd"),
                (Critical, "function git; rm -rf ~/*; end; type git"),
            ],
        );
        check_all(
            &Context::new(Dialect::Zsh),
            &[
                (Safe, "nuke() { rm -rf ~/*(D) }; functions nuke"),
                (Safe, "clear_up() { rm -rf ~ }; which clear_up; whence -f clear_up"),
                (Critical, "nuke() { rm -rf ~ }; functions nuke; nuke"),
                (Critical, "precmd() { rm -rf ~ }; functions precmd"),
                (Critical, "function nuke ls { rm -rf ~ }; functions nuke"),
                (Critical, "TRAPINT() { rm -rf ~ }; which TRAPINT"),
            ],
        );
        check_all(
            &Context::new(Dialect::Nu),
            &[
                (Safe, "def wipe [] { rm -rf ~/ }; view source wipe"),
                (Safe, "def wipe [p: path] { rm -rf $p }; help wipe"),
                (Critical, "def wipe [] { rm -rf ~/ }"),
                (Critical, "def wipe [] { rm -rf ~/ }; view source wipe; wipe"),
                (Critical, "def main [] { rm -rf ~/ }; view source main"),
                (Critical, "def ls [] { rm -rf ~/ }; view source ls"),
                (Critical, "def 'git push' [] { rm -rf ~/ }; view source 'git push'"),
                (Safe, "let danger = {|p| rm -rf $p }; view source $danger"),
                (Critical, "let danger = {|p| rm -rf $p }; view source $danger; do $danger ~"),
            ],
        );
        check_all(
            &Context::new(Dialect::PowerShell).with_os(Os::Windows),
            &[
                (
                    Safe,
                    "function Undo-All { Remove-Item C:\\ -Recurse -Force }; (Get-Command Undo-All).Definition",
                ),
                (Safe, "function Undo-All { Remove-Item C:\\ -Recurse -Force }; ${function:Undo-All}"),
                (Critical, "function Undo-All { Remove-Item C:\\ -Recurse -Force }"),
                (
                    Critical,
                    "function Undo-All { Remove-Item C:\\ -Recurse -Force }; & (Get-Command Undo-All)",
                ),
                (
                    Critical,
                    "function Undo-All { Remove-Item C:\\ -Recurse -Force }; (gcm Undo-All).ScriptBlock.Invoke()",
                ),
                (
                    Critical,
                    "function Undo-All { Remove-Item C:\\ -Recurse -Force }; (gcm Undo-All).Definition | iex",
                ),
                (Critical, "function prompt { Remove-Item C:\\ -Recurse -Force }; (gcm prompt).Definition"),
                (Critical, "function ls { Remove-Item C:\\ -Recurse -Force }; (gcm ls).Definition"),
            ],
        );
    }
}
