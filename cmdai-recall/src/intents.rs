//! Reading authored intents and details of them: one JSON object a line, as `training/intents/README.md` describes them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::slots::{Piece, SlotType, pieces};
use crate::{Shell, System, details};

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
    /// True for a detail of other intents: what is added to their commands, and no answer by itself.
    pub(crate) is_detail: bool,
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

/// A detail of what a program does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DetailRow {
    of: String,
    says: Vec<String>,
    add: String,
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    shell: Option<String>,
    #[serde(default)]
    os: Option<String>,
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
    if line.starts_with("{\"of\"") {
        return detail(line);
    }
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
    whole(row.id, row.nl, row.cmd, row.slots, (row.shell.as_deref(), row.os.as_deref()), false)
}

fn detail(line: &str) -> Result<Intent, String> {
    let row: DetailRow = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.+: ".contains(c);
    if row.of.is_empty() || row.of.len() > 60 || !row.of.chars().all(is_name) {
        return Err("of must name a program, and may name its subcommand".to_owned());
    }
    let at = row.at.as_deref().unwrap_or("verb");
    let Some(place) = details::Place::from_name(at) else {
        return Err(format!("at is {at:?}; known are verb, operands, last, end"));
    };
    if row.says.is_empty() || row.says.iter().any(|said| said.trim().is_empty() || said.len() > 200) {
        return Err("says must hold at least one fragment, and no empty one".to_owned());
    }
    if row.add.contains(|c: char| c.is_control()) || row.add.len() > 200 {
        return Err("add must be one line".to_owned());
    }
    let is_word =
        |word: &String| !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c.is_control());
    if !row.drop.iter().chain(&row.unless).all(is_word) {
        return Err("drop and unless hold single words".to_owned());
    }
    if row.add.is_empty() && row.drop.is_empty() {
        return Err("it adds nothing and drops nothing".to_owned());
    }
    let id = details::id(&row.of, place, &row.drop, &row.unless);
    if id.len() > 200 {
        return Err("of, drop and unless are too long".to_owned());
    }
    whole(id, row.says, row.add, row.slots, (row.shell.as_deref(), row.os.as_deref()), true)
}

fn whole(
    id: String,
    phrasings: Vec<String>,
    command: String,
    slots: BTreeMap<String, String>,
    (shell, os): (Option<&str>, Option<&str>),
    is_detail: bool,
) -> Result<Intent, String> {
    let shell = match shell {
        None => Shell::Bash,
        Some(name) => Shell::from_name(name)
            .ok_or_else(|| format!("unknown shell {name:?}; known are bash, zsh, fish, nu, powershell"))?,
    };
    let system = match os {
        None => System::Any,
        Some(name) => System::from_name(name)
            .ok_or_else(|| format!("unknown os {name:?}; known are any, linux, macos, windows"))?,
    };
    let mut typed = Vec::new();
    for (name, kind) in slots {
        let Some(kind) = SlotType::from_name(&kind) else {
            return Err(format!("the slot {name:?} has the unknown type {kind:?}"));
        };
        typed.push((name, kind));
    }
    if typed.len() > 16 {
        return Err("it has more than 16 slots".to_owned());
    }
    let is_known = |name: &str| typed.iter().any(|(known, _)| known == name);
    for piece in pieces(&command) {
        if let Piece::Slot(name) = piece
            && !is_known(&name)
        {
            return Err(format!("cmd has the slot {{{name}}}, which slots does not name"));
        }
    }
    for piece in phrasings.iter().flat_map(|phrasing| pieces(phrasing)) {
        if let Piece::Slot(name) = piece
            && !is_known(&name)
            && !name.strip_suffix("_in").is_some_and(is_known)
        {
            return Err(format!("nl has the slot {{{name}}}, which slots does not name"));
        }
    }
    Ok(Intent { id, shell, system, phrasings, command, slots: typed, is_detail })
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
            (r#"{"of": "ls", "says": [], "add": "-l"}"#, "says must hold"),
            (r#"{"of": "ls", "says": ["x"], "add": ""}"#, "adds nothing"),
            (r#"{"of": "ls", "says": ["x"], "add": "-w {n}"}"#, "cmd has the slot {n}"),
            (r#"{"of": "ls", "says": ["x"], "add": "-l", "at": "front"}"#, "known are verb, operands"),
            ("{", "EOF"),
        ] {
            let (intents, bad) = read_intents(&format!("\n{line}\n"));
            assert_eq!(intents, []);
            assert_eq!(bad[0].line, 2);
            assert!(bad[0].problem.contains(problem), "{line}: {}", bad[0]);
        }
    }
}
