//! Lines that take the guard away: an agent started without its hooks, another policy for one command.

use super::machine::{Field, Machine, Value};
use super::{EffectKind, TargetClass};
use crate::line::Span;

/// Detail of [`EffectKind::DisableProtection`] where what is turned off is what asks before a command runs.
pub(super) const GUARD: &str = "guard";

impl Machine<'_> {
    /// An agent, or cmdai itself, told to ask no more.
    pub(super) fn asks_no_more(&mut self, name: &str, argv: &[Field]) {
        if !matches!(name, "claude" | "codex" | "gemini" | "copilot" | "cursor-agent" | "cmdai") {
            return;
        }
        let words = argv.get(1..).unwrap_or_default();
        let off = match name {
            "cmdai" => runs_unasked(words),
            _ => words.iter().enumerate().position(|(at, field)| {
                let before = at.checked_sub(1).and_then(|at| words.get(at));
                turns_off(&field.text, before.map_or("", |field| field.text.as_str()))
            }),
        };
        let verbs: Vec<&str> = words.iter().take(3).map(|field| field.text.as_str()).collect();
        let by_verb = matches!(
            (name, verbs.as_slice()),
            ("codex", ["features", "disable", "hooks" | "codex_hooks"])
                | ("gemini", ["hooks", "disable-all" | "disable", ..])
                | ("claude" | "codex" | "gemini", ["hooks", "disable" | "remove" | "disable-all", ..])
        );
        let Some(field) = off.or(by_verb.then_some(0)).and_then(|at| words.get(at)) else { return };
        let span = self.at(field.span);
        let target = self.target(TargetClass::Named, &format!("the guard of {name}"), span);
        self.emit_with(EffectKind::DisableProtection, target, false, name, span, GUARD);
    }

    /// A variable that names another policy, profile or folder of settings, or where the record is written.
    pub(super) fn guard_variable(&mut self, name: &str, span: Span) {
        let guards = ["CMDAI_POLICY", "CMDAI_PROFILE", "CMDAI_CONFIG", "CLAUDE_CONFIG_DIR", "CODEX_HOME"];
        let checks = match name {
            "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" | "npm_config_strict_ssl" => ["0", "false"],
            "GIT_SSL_NO_VERIFY" => ["1", "true"],
            _ => ["", ""],
        };
        if let Some(Value::One(text)) = self.get(name)
            && !text.is_empty()
            && checks.contains(&text.as_str())
        {
            let what = format!("the check of who answers ({name})");
            let target = self.target(TargetClass::Named, &what, span);
            self.emit(EffectKind::DisableProtection, target, false, "git", span);
            return;
        }
        if name != "CMDAI_AUDIT" && !guards.contains(&name) {
            return;
        }
        let value = match self.get(name) {
            Some(Value::One(text)) => text,
            _ => String::new(),
        };
        if name == "CMDAI_AUDIT" {
            self.touch(EffectKind::Overwrite, &value, span, false, "");
        } else if !(name == "CMDAI_PROFILE" && value == "agent") {
            let target = self.target(TargetClass::Named, name, span);
            self.emit_with(EffectKind::DisableProtection, target, false, "", span, GUARD);
        }
    }
}

/// True for a word that lets an agent run commands without its hooks, or without asking; `before` stands before it.
fn turns_off(word: &str, before: &str) -> bool {
    let flag = word.split_once('=').map_or(word, |(flag, _)| flag);
    if matches!(
        flag,
        "--dangerously-skip-permissions"
            | "--allow-dangerously-skip-permissions"
            | "--dangerously-bypass-approvals-and-sandbox"
            | "--yolo"
            | "--allow-all-tools"
    ) {
        return true;
    }
    let value = match word.split_once('=') {
        Some((flag, value)) if flag.starts_with("--") => value,
        _ => word,
    };
    let flag = if word.starts_with("--") { flag } else { before };
    let plain: String =
        value.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '"' | '\'')).collect();
    match flag {
        "--settings" => plain.contains("disableAllHooks:true"),
        "--permission-mode" => value == "bypassPermissions",
        "--approval-mode" => value == "yolo",
        "--disable" => matches!(value, "hooks" | "codex_hooks"),
        "-c" | "--config" => matches!(plain.as_str(), "features.hooks=false" | "features.codex_hooks=false"),
        "disableAllHooks" => value == "true",
        "permissions.defaultMode" | "defaultMode" => value == "bypassPermissions",
        "approval_policy" => value == "never",
        _ => false,
    }
}

/// The word by which cmdai runs what it made up itself without asking.
fn runs_unasked(words: &[Field]) -> Option<usize> {
    let flags = || {
        let flags = words.iter().take_while(|field| field.text != "--").enumerate();
        flags.filter(|(_, field)| field.text.starts_with('-'))
    };
    let find = |letter: char, long: &str| {
        flags().find(|(_, field)| {
            let text = field.text.as_str();
            text == long || (!text.starts_with("--") && text.contains(letter))
        })
    };
    find('x', "--execute")?;
    find('y', "--yes").map(|(at, _)| at)
}
