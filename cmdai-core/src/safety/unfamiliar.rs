//! Programs that nobody has told us about, by what their words say.
//!
//! An unknown program is no risk. But tools of one kind are made in one way: groups, a verb, names, and a
//! flag by which nothing is asked. A verb that everywhere means that something is gone for good is taken at
//! its word; together with such a flag it is as bad as it is with the tools we know. Only words that stand
//! where a verb stands are read: text, paths and values are not.

use super::machine::{Field, Machine};
use super::{EffectKind, TargetClass};

/// Verbs after which it is gone. Sorted.
const FINAL: &[&str] = &[
    "decommission",
    "delete",
    "deleteall",
    "destroy",
    "drop",
    "erase",
    "factory-reset",
    "nuke",
    "obliterate",
    "purge",
    "terminate",
    "undeploy",
    "wipe",
];

/// Verbs that are final only where nothing is asked. Sorted.
const HARSH: &[&str] = &[
    "clean",
    "clear",
    "del",
    "deregister",
    "down",
    "flush",
    "format",
    "kill",
    "prune",
    "remove",
    "reset",
    "rm",
    "stop",
    "truncate",
    "uninstall",
    "unregister",
];

/// Verbs after which nothing is deleted, whatever the words behind them. Sorted.
const MILD: &[&str] = &[
    "add", "build", "commit", "create", "describe", "diff", "edit", "explain", "find", "generate", "get",
    "grep", "help", "info", "init", "install", "list", "log", "ls", "make", "new", "open", "print", "render",
    "run", "search", "serve", "set", "show", "start", "status", "test", "update", "upgrade", "view", "watch",
];

/// Words before which a verb is no longer looked for: the third is already a name.
const WORDS: usize = 3;

impl Machine<'_> {
    /// What an unknown program does by its verb.
    pub(super) fn by_its_verb(&mut self, name: &str, argv: &[Field]) {
        let mut forced = false;
        for field in argv.iter().skip(1).take(64) {
            let flag = field.text.as_str();
            if is_dry(flag) {
                return;
            }
            forced |= is_force(flag);
        }
        let bare = argv.iter().skip(1).take(16).filter(|field| !field.text.starts_with('-'));
        let mut found = None;
        for (at, field) in bare.clone().take(WORDS).enumerate() {
            if !is_word(&field.text) || MILD.contains(&field.text.as_str()) {
                break;
            }
            if let Some(is_final) = verb(&field.text) {
                found = Some((at, field, is_final));
                break;
            }
        }
        let Some((at, field, is_final)) = found else { return };
        let names_something =
            bare.clone().count() > at + 1 || field.text.contains(['-', ':', '.', '_']) || at > 0;
        let span = self.at(argv[0].span.to(field.span));
        let words: Vec<&str> = bare.take(at + 2).map(|field| field.text.as_str()).collect();
        let shown = self.unknowns.show(&words.join(" "));
        let target = self.target(TargetClass::Named, &shown, span);
        match (is_final, forced) {
            (true, true) => {
                let noun = words.get(at.wrapping_sub(1)).copied().unwrap_or_default().to_owned();
                self.emit_with(EffectKind::DestroyCloud, target, true, name, span, &noun);
            }
            (true, false) if names_something => self.emit(EffectKind::Delete, target, false, name, span),
            (false, true) => self.emit(EffectKind::Delete, target, false, name, span),
            _ => {}
        }
    }
}

/// True for a word that may be a group or a verb.
fn is_word(text: &str) -> bool {
    text.len() < 40
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | ':' | '_'))
}

/// Whether the word is such a verb, or holds one at its beginning or end: `db:drop`, `delete-cluster`,
/// `DeleteInstance`; true where it is final.
fn verb(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    if FINAL.contains(&lower.as_str()) {
        return Some(true);
    }
    if HARSH.contains(&lower.as_str()) {
        return Some(false);
    }
    let mut parts = lower.split([':', '-', '_']);
    let (first, last) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
    if !last.is_empty() && (FINAL.contains(&first) || FINAL.contains(&last)) {
        return Some(true);
    }
    let camel = ["Delete", "Destroy", "Drop", "Purge", "Terminate", "delete", "destroy", "terminate"];
    let joined = |start: &&str| {
        text.strip_prefix(*start)
            .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
    };
    camel.iter().any(joined).then_some(true)
}

/// True for a flag by which nothing is asked, or all of it is meant.
fn is_force(flag: &str) -> bool {
    matches!(
        flag,
        "-f" | "-y"
            | "-rf"
            | "-fr"
            | "-fy"
            | "--force"
            | "--yes"
            | "--assume-yes"
            | "--auto-approve"
            | "--confirm"
            | "--no-prompt"
            | "--noprompt"
            | "--noinput"
            | "--no-input"
            | "--non-interactive"
            | "--no-interaction"
            | "--noconfirm"
            | "--no-confirm"
            | "--skip-confirmation"
            | "--all"
            | "--purge"
            | "--cascade"
            | "--hard"
            | "--recursive"
            | "--approve"
            | "--no-dry-run"
            | "--force=true"
            | "--yes=true"
            | "--confirm=true"
    ) || flag.starts_with("--yes-i-")
        || flag.starts_with("--i-really")
        || flag.starts_with("--i-am-sure")
        || flag.starts_with("--i-understand")
}

/// True for a flag by which nothing happens.
fn is_dry(flag: &str) -> bool {
    let name = flag.split('=').next().unwrap_or(flag);
    matches!(
        name,
        "--check"
            | "--dry"
            | "--dry-run"
            | "--dryRun"
            | "--dry_run"
            | "--dryrun"
            | "--help"
            | "--list"
            | "--noop"
            | "--plan"
            | "--preview"
            | "--pretend"
            | "--simulate"
            | "--what-if"
            | "--whatif"
            | "-h"
            | "-help"
    ) && !matches!(flag, "--dry-run=false" | "--dry-run=none" | "--plan=false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn the_tables_are_sorted() {
        assert!(FINAL.is_sorted() && HARSH.is_sorted() && MILD.is_sorted());
    }

    #[test]
    fn verbs_of_unknown_programs() {
        check_all(
            &context(),
            &[
                (High, "frobctl delete cluster shop --yes"),
                (High, "frobctl cluster destroy shop --force"),
                (High, "sudo frobctl db:drop -f"),
                (High, "frob DeleteInstance --InstanceId i-1 --force"),
                (Moderate, "frobctl delete cluster shop"),
                (Moderate, "frobctl reset --hard"),
                (Moderate, "frobctl rm -f web"),
                (Safe, "frobctl delete cluster shop --dry-run"),
                (Safe, "frobctl delete --help"),
                (Safe, "frobctl rm web"),
                (Safe, "frobctl get clusters --all"),
                (Safe, "frobctl note 'delete all of it' --force"),
                (Safe, "frobctl open delete.txt --force"),
                (Safe, "frobctl list build old delete --force"),
                (Safe, "notify-send delete --force"),
                (Safe, "frobctl add delete-button --yes"),
                (Safe, "frobctl generate model delete --force"),
                (Safe, "rg delete src --files-with-matches"),
            ],
        );
    }
}
