//! Code in other languages: where it is plain to see what shell code it runs or what it deletes.
//!
//! This is no interpreter. It finds the calls that run text as shell code, or delete a tree, with a
//! literal argument; what is put together first is not seen.

use super::machine::{Flow, Machine};
use super::{EffectKind, TargetClass, value};
use crate::line::Span;

impl Machine<'_> {
    /// Statements of a database.
    pub(super) fn sql(&mut self, text: &str, program: &str, span: Span) {
        for statement in text.split(';').take(256) {
            let words: Vec<String> = statement
                .split(|letter: char| letter.is_whitespace() || letter == '(')
                .filter(|word| !word.is_empty())
                .take(64)
                .map(str::to_ascii_uppercase)
                .collect();
            let word = |at: usize| words.get(at).map_or("", String::as_str);
            let everything =
                |verb: &str| word(0) == verb && !words.iter().any(|word| word == "WHERE" || word == "LIMIT");
            let drops = match word(0) {
                "DROP" => !matches!(word(1), "INDEX" | "VIEW" | "TRIGGER" | "FUNCTION" | "POLICY" | "ROLE"),
                "TRUNCATE" => true,
                "ALTER" => words.windows(2).any(|pair| pair[0] == "DROP" && pair[1] == "COLUMN"),
                _ => everything("DELETE") || (everything("UPDATE") && words.iter().any(|word| word == "SET")),
            };
            if drops {
                let shown: Vec<&str> = statement.split_whitespace().take(6).collect();
                let target = self.target(TargetClass::Named, &self.unknowns.show(&shown.join(" ")), span);
                self.emit(EffectKind::DropData, target, true, program, span);
            }
            if let Some(code) = statement
                .trim_start()
                .strip_prefix("\\!")
                .or_else(|| statement.trim_start().strip_prefix(".shell "))
            {
                self.code(code, span, Flow::default());
            }
        }
    }

    /// `"cmd" | getline` and `print | "cmd"` of awk.
    pub(super) fn awk(&mut self, text: &str, span: Span) {
        for (index, piece) in text.split('"').enumerate().take(64) {
            let before = text.split('"').nth(index.wrapping_sub(1)).unwrap_or_default().trim_end();
            let after = text.split('"').nth(index + 1).unwrap_or_default().trim_start();
            if index % 2 == 1
                && (before.ends_with('|') || after.starts_with("| getline") || before.ends_with("system("))
            {
                self.code(piece, span, Flow::default());
            }
        }
    }

    /// `sed` can run (`e`) and write (`w`).
    pub(super) fn sed(&mut self, text: &str, program: &str, span: Span) {
        for command in text.split([';', '\n']).take(64) {
            let command =
                command.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '$' | ',' | ' '));
            if let Some(code) = command.strip_prefix("e ") {
                self.code(code, span, Flow::default());
            } else if let Some(path) = command.strip_prefix("w ") {
                self.touch(EffectKind::Overwrite, &value::clean(path.trim()), span, false, program);
            } else if command.starts_with("s")
                && let Some(mark) = command.chars().nth(1)
            {
                let pieces: Vec<&str> = command.split(mark).collect();
                let flags = pieces.get(3).copied().unwrap_or_default();
                if pieces.len() == 4
                    && flags.chars().take_while(char::is_ascii_alphanumeric).any(|c| c == 'e')
                {
                    self.code(pieces[2], span, Flow::default());
                }
                if let Some(path) = flags.split_once("w ").map(|(_, path)| path) {
                    self.touch(EffectKind::Overwrite, &value::clean(path.trim()), span, false, program);
                }
            }
        }
    }
}
