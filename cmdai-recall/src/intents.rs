//! Reading authored intents: one JSON object a line, as `training/intents/README.md` describes them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::slots::{Piece, SlotType, pieces};
use crate::{Shell, System};

/// One thing that people want done, how they ask for it, and the command.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Its name, unique in its file.
    pub(crate) id: String,
    pub(crate) shell: Shell,
    pub(crate) system: System,
    /// Phrasings with slots.
    pub(crate) phrasings: Vec<String>,
    /// The template of the command.
    pub(crate) command: String,
    /// Names and types of the slots.
    pub(crate) slots: Vec<(String, SlotType)>,
}

/// A line of a file of intents that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadIntent {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, one short phrase.
    pub problem: String,
}

impl fmt::Display for BadIntent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for BadIntent {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    #[serde(default)]
    shell: Option<String>,
    #[serde(default)]
    os: Option<String>,
    nl: Vec<String>,
    cmd: String,
    /// Other right commands, for training.
    #[serde(default, rename = "alt")]
    _alt: Vec<String>,
    #[serde(default)]
    slots: BTreeMap<String, String>,
}

/// Reads the lines of a file of intents: those that can be used, and what is wrong with the others.
/// Empty lines and lines that begin with `#` or `//` are skipped.
pub fn read_intents(text: &str) -> (Vec<Intent>, Vec<BadIntent>) {
    let (mut intents, mut bad) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        match intent(line) {
            Ok(intent) => intents.push(intent),
            Err(problem) => bad.push(BadIntent { line: index + 1, problem }),
        }
    }
    (intents, bad)
}

fn intent(line: &str) -> Result<Intent, String> {
    let row: Row = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if row.id.is_empty() || row.id.len() > 200 {
        return Err("the id must have 1 to 200 bytes".to_owned());
    }
    if row.nl.is_empty() || row.nl.iter().any(|phrasing| phrasing.trim().is_empty()) {
        return Err("nl must hold at least one request, and no empty one".to_owned());
    }
    if row.cmd.trim().is_empty() || row.cmd.contains(|c: char| c.is_control() && c != '\t') {
        return Err("cmd must be one line".to_owned());
    }
    if row.cmd.len() > 4000 || row.nl.iter().any(|phrasing| phrasing.len() > 1000) || row.nl.len() > 100 {
        return Err("it is too long".to_owned());
    }
    let shell = match row.shell.as_deref() {
        None => Shell::Bash,
        Some(name) => Shell::from_name(name)
            .ok_or_else(|| format!("unknown shell {name:?}; known are bash, zsh, fish, nu, powershell"))?,
    };
    let system = match row.os.as_deref() {
        None => System::Any,
        Some(name) => System::from_name(name)
            .ok_or_else(|| format!("unknown os {name:?}; known are any, linux, macos, windows"))?,
    };
    let mut slots = Vec::new();
    for (name, kind) in row.slots {
        let Some(kind) = SlotType::from_name(&kind) else {
            return Err(format!("the slot {name:?} has the unknown type {kind:?}"));
        };
        slots.push((name, kind));
    }
    if slots.len() > 16 {
        return Err("it has more than 16 slots".to_owned());
    }
    let is_known = |name: &str| slots.iter().any(|(known, _)| known == name);
    for piece in pieces(&row.cmd) {
        if let Piece::Slot(name) = piece
            && !is_known(&name)
        {
            return Err(format!("cmd has the slot {{{name}}}, which slots does not name"));
        }
    }
    for piece in row.nl.iter().flat_map(|phrasing| pieces(phrasing)) {
        if let Piece::Slot(name) = piece
            && !is_known(&name)
            && !name.strip_suffix("_in").is_some_and(is_known)
        {
            return Err(format!("nl has the slot {{{name}}}, which slots does not name"));
        }
    }
    Ok(Intent { id: row.id, shell, system, phrasings: row.nl, command: row.cmd, slots })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read() {
        let (intents, bad) = read_intents(
            r#"{"id": "a.b", "shell": "bash", "os": "any", "nl": ["big files {dir_in}"], "cmd": "find {dir}", "slots": {"dir": "dir"}}

# a comment
"#,
        );
        assert_eq!(bad, []);
        assert_eq!(intents[0].slots, [("dir".to_owned(), SlotType::Dir)]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (line, problem) in [
            (r#"{"id": "a"}"#, "missing field"),
            (r#"{"id": "a", "nl": [], "cmd": "ls"}"#, "nl must hold"),
            (r#"{"id": "a", "nl": ["x"], "cmd": "ls {dir}"}"#, "cmd has the slot {dir}"),
            (r#"{"id": "a", "nl": ["x {y}"], "cmd": "ls"}"#, "nl has the slot {y}"),
            (r#"{"id": "a", "nl": ["x"], "cmd": "ls", "slots": {"a": "b"}}"#, "unknown type \"b\""),
            (r#"{"id": "a", "nl": ["x"], "cmd": "ls", "shell": "csh"}"#, "unknown shell"),
            (r#"{"id": "a", "nl": ["x"], "cmd": "ls", "typo": 1}"#, "unknown field"),
            ("{", "EOF"),
        ] {
            let (intents, bad) = read_intents(&format!("\n{line}\n"));
            assert_eq!(intents, []);
            assert_eq!(bad[0].line, 2);
            assert!(bad[0].problem.contains(problem), "{line}: {}", bad[0]);
        }
    }
}
