//! `git rebase -i` with an editor that nobody sits before: what it makes of the list of commits. A list that lost some, or
//! says `drop` of them, throws them away.

use super::call::Call;
use super::machine::{Machine, Value};
use super::{EffectKind, TargetClass, pure};

/// A list as git writes it.
const LIST: &str = "pick 1a2b3c4 one\npick 2b3c4d5 two\npick 3c4d5e6 three\npick 4d5e6f7 four\n\n# Rebase\n";

/// What stands before a commit that stays. Sorted.
const STAYS: &[&str] = &["e", "edit", "f", "fixup", "p", "pick", "r", "reword", "s", "squash"];

/// Detail of a list from which commits are missing.
pub(super) const DROPS: &str = "drops";

impl Machine<'_> {
    /// Looks at the editor of a rebase that asks.
    pub(super) fn edits_todo(&mut self, call: &Call<'_>) {
        if !call.args.has_any(&["-i", "--edit-todo"]) {
            return;
        }
        let setting = |name: &str| {
            call.args
                .values("-c")
                .filter_map(|item| item.text.split_once('='))
                .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then(|| value.to_owned()))
        };
        // What the line has set for later calls: `git config sequence.editor CODE`.
        let kept = |name: &str| {
            self.commands.iter().rev().take(32).find_map(|command| {
                let words: Vec<&str> = command.argv.iter().flatten().map(String::as_str).collect();
                let at = words.iter().position(|word| word.eq_ignore_ascii_case(name))?;
                (words.contains(&"git") && words.contains(&"config"))
                    .then(|| words.get(at + 1).map(|text| (*text).to_owned()))?
            })
        };
        // PowerShell tells no case of a variable from another.
        let variable = |name: &str| {
            let held =
                self.state.variables().iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
            match held.map(|(_, value)| &**value) {
                Some(Value::One(text)) => Some(text.clone()),
                _ => None,
            }
        };
        let editor = variable("GIT_SEQUENCE_EDITOR")
            .or_else(|| setting("sequence.editor"))
            .or_else(|| kept("sequence.editor"))
            .or_else(|| variable("GIT_EDITOR"))
            .or_else(|| setting("core.editor"))
            .or_else(|| kept("core.editor"))
            .or_else(|| variable("VISUAL"))
            .or_else(|| variable("EDITOR"));
        let Some(editor) = editor.filter(|editor| editor.len() < 512) else { return };
        if self.spend(32) && self.drops_commits(&editor, call, 0) {
            let span = self.at(call.span);
            let target = self.target(TargetClass::Named, "commits", span);
            self.emit_with(EffectKind::RewriteHistory, target, false, "git", span, DROPS);
        }
    }

    fn drops_commits(&mut self, editor: &str, call: &Call<'_>, depth: u8) -> bool {
        let editor = editor.trim().trim_end_matches(['#', ' ']);
        // The name of the list comes behind it.
        let empties = editor.ends_with('>')
            || editor.ends_with("of=")
            || editor.contains("</dev/null")
            || editor.contains("< /dev/null");
        if empties || depth > 2 {
            return empties;
        }
        let dropped = |text: &str| {
            text.split(|letter: char| !letter.is_ascii_alphanumeric())
                .any(|word| matches!(word, "drop" | "noop"))
        };
        let Some(words) = self.plain_command(editor, call.span) else { return dropped(editor) };
        let words: Vec<&str> = words.iter().map(|field| field.text.as_str()).collect();
        let name = words.first().map_or("", |word| word.rsplit('/').next().unwrap_or_default());
        let rest = words.get(1..).unwrap_or_default();
        if let Some(text) = words.first().and_then(|path| self.own_file(path)) {
            let lines: Vec<&str> = text.lines().take(32).collect();
            return lines.into_iter().any(|line| self.drops_commits(line, call, depth + 1));
        }
        match name {
            "truncate" | "shred" | "unlink" => true,
            "cp" | "install" | "cat" | "tee" => rest.contains(&"/dev/null"),
            "sh" | "bash" | "dash" | "zsh" => rest
                .iter()
                .skip_while(|word| !word.ends_with('c') || !word.starts_with('-'))
                .nth(1)
                .is_some_and(|code| {
                    let code = ["\"$1\"", "\"$@\"", "$1", "$@"]
                        .iter()
                        .fold(code.trim(), |code, own| code.trim_end_matches(own).trim_end());
                    self.drops_commits(code, call, depth + 1)
                }),
            "sed" | "gsed" => {
                let plain: Vec<&str> = rest.iter().copied().filter_map(without_place).collect();
                let scripts = rest.iter().filter(|word| !word.starts_with('-'));
                scripts.clone().any(|script| deletes(script) || dropped(script))
                    || pure::output("sed", &plain, Some(LIST)).is_some_and(|list| stays(&list) < stays(LIST))
            }
            "perl" | "ruby" | "awk" | "gawk" => {
                rest.iter().any(|script| dropped(script) || of_script(script))
            }
            "vim" | "vi" | "nvim" | "ex" | "ed" => rest.iter().any(|script| {
                let script = script.trim_start_matches(['+', ':', '%']);
                script == "d"
                    || deletes(script)
                    || dropped(script)
                    || script.starts_with("g/") && script.ends_with("/d")
            }),
            _ => dropped(editor),
        }
    }
}

/// Commits that a list keeps.
fn stays(list: &str) -> usize {
    let first =
        |line: &&str| line.split_whitespace().next().is_some_and(|word| STAYS.binary_search(&word).is_ok());
    list.lines().filter(first).count()
}

/// A flag without the letter by which a file is changed where it lies; `None` where nothing is left of it.
fn without_place(word: &str) -> Option<&str> {
    match word {
        "-i" | "--in-place" => None,
        _ if word.starts_with("-i") || word.starts_with("--in-place=") => None,
        "-ni" | "-in" => Some("-n"),
        "-Ei" | "-ri" => Some("-E"),
        _ => Some(word),
    }
}

/// True for a script of sed that deletes lines by their number or by what is in them, other than remarks and empty ones.
fn deletes(script: &str) -> bool {
    script.split([';', '\n', '{', '}']).map(str::trim).any(|step| {
        let Some(address) = step.strip_suffix('d').map(str::trim) else { return false };
        let numbered = address.starts_with(|letter: char| letter.is_ascii_digit() || letter == '$');
        let matched = address.len() > 2 && address.starts_with('/') && address.ends_with(['/', '!', 'I']);
        numbered || matched && !address.starts_with("/^#") && !address.starts_with("/^$")
    })
}

/// `s/^pick/d/`, `next if $. == 2`: lines that are said to go, or not printed.
fn of_script(script: &str) -> bool {
    [
        "/d/",
        "/d /",
        "|d|",
        "next if",
        "next unless",
        "unless /",
        "if $. ",
        "if $.=",
        "NR>",
        "NR=",
        "NR!",
        "NR<",
    ]
    .iter()
    .any(|part| script.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn editors_that_nobody_sits_before() {
        assert!(STAYS.is_sorted());
        check_all(
            &context(),
            &[
                (High, "GIT_SEQUENCE_EDITOR='sed -i s/^pick/drop/' git rebase -i --root"),
                (High, "GIT_SEQUENCE_EDITOR='sed -i 2d' git rebase -i HEAD~5"),
                (High, "GIT_SEQUENCE_EDITOR='sed -i \"/wip/d\"' git rebase -i HEAD~5"),
                (High, "GIT_SEQUENCE_EDITOR='sed -i -e 2,3s/^pick/d/' git rebase -i HEAD~5"),
                (High, "GIT_SEQUENCE_EDITOR=':>' git rebase -i HEAD~5"),
                (High, "GIT_SEQUENCE_EDITOR='truncate -s 0' git rebase -i HEAD~5"),
                (High, "GIT_SEQUENCE_EDITOR='cp /dev/null' git rebase -i HEAD~5"),
                (High, "git -c sequence.editor='perl -pi -e s/^pick/drop/' rebase -i HEAD~5"),
                (High, "GIT_SEQUENCE_EDITOR='sh -c \"sed -i s/pick/drop/ \\$1\" --' git rebase -i HEAD~5"),
                (High, "git config sequence.editor ':>'; git rebase -i HEAD~5"),
                (
                    High,
                    "printf '#!/bin/sh\\nsed -i s/pick/drop/ \"$1\"\\n' > t.sh; GIT_SEQUENCE_EDITOR=./t.sh git rebase -i HEAD~5",
                ),
                (High, "export GIT_EDITOR='vim -es -c %s/pick/drop/ -c wq'; git rebase -i HEAD~5"),
                (Moderate, "GIT_SEQUENCE_EDITOR='sed -i 2,$s/^pick/squash/' git rebase -i --root"),
                (Moderate, "GIT_SEQUENCE_EDITOR='sed -i 2s/pick/reword/' git rebase -i HEAD~5"),
                (Moderate, "GIT_SEQUENCE_EDITOR='sed -i /^#/d' git rebase -i HEAD~5"),
                (Moderate, "GIT_SEQUENCE_EDITOR=: git rebase -i --autosquash HEAD~5"),
                (Moderate, "GIT_SEQUENCE_EDITOR=true git rebase -i --autosquash HEAD~5"),
                (Moderate, "EDITOR='code --wait' git rebase -i HEAD~5"),
                (Safe, "GIT_SEQUENCE_EDITOR='sed -i 2d' git commit -m x"),
            ],
        );
    }
}
