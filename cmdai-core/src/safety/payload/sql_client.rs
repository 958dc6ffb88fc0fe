//! Commands of a database's client among its statements: `\!`, `.shell`, `\i`, `\g |command`, `\set x `command``.

use super::sql::copy_source;
use crate::line::{Dialect, Span};
use crate::safety::EffectKind;
use crate::safety::machine::{Flow, Machine};
use crate::safety::value::Origin;

impl Machine<'_> {
    /// Runs the lines that are for the client and returns the others.
    pub(super) fn client_commands(&mut self, text: &str, program: &str, span: Span) -> String {
        if !text.contains(['\\', '.']) && !text.contains("system") && !text.contains("source") {
            return text.to_owned();
        }
        let mut rest = String::with_capacity(text.len());
        for line in text.lines() {
            let trimmed = line.trim_start();
            let code = ["\\!", ".shell ", ".system ", ".sh ", "system ", "\\s!"]
                .iter()
                .find_map(|start| trimmed.strip_prefix(start))
                .filter(|_| !trimmed.starts_with("system ") || matches!(program, "mysql" | "mariadb"));
            if let Some(code) = code {
                self.code_in(code.trim(), span, Flow::default(), Dialect::Bash);
                continue;
            }
            let read = [".read ", "\\i ", "\\ir ", "source ", "\\. "]
                .iter()
                .find_map(|start| trimmed.strip_prefix(start));
            if let Some(text) = read.and_then(|path| self.own_file(path.trim().trim_matches(['\'', '"'])))
                && text != line
                && self.spend(64)
                && self.depth + 2 < crate::safety::machine::DEPTH
            {
                self.depth += 1;
                self.sql(&text, program, span);
                self.depth -= 1;
                continue;
            }
            if let Some(path) = read.or_else(|| trimmed.strip_prefix(".restore ")) {
                self.restored_from_file(path, program, span);
            }
            // `\o |cmd`, `\g |cmd`, `.output |cmd`, `.read |cmd`, `.import "|cmd" t`.
            let piped = [
                "\\o", "\\g", "\\copy", ".output", ".once", ".read", ".import", ".excel", "pager", "\\P",
                "\\w",
            ]
            .iter()
            .any(|start| trimmed.starts_with(start));
            if piped && let Some((before, code)) = trimmed.split_once('|') {
                // In quotes up to where these end.
                let quote = before.chars().next_back().filter(|letter| matches!(letter, '"' | '\''));
                let code = quote.and_then(|quote| code.split(quote).next()).unwrap_or(code);
                let code = code.trim().trim_matches(['"', '\'']).to_owned();
                // What is selected afterwards goes into it.
                let input = self.piped_rows.take();
                self.code_in(&code, span, Flow { input: input.as_deref(), want: false }, Dialect::Bash);
                continue;
            }
            if let Some(code) = trimmed.strip_prefix("\\copy").and_then(|copy| {
                let at = copy.to_ascii_lowercase().find("program")?;
                copy.get(at + 7..)
            }) {
                let from = copy_source(trimmed).and_then(|text| self.selected(text));
                let rows = from
                    .unwrap_or_else(|| self.unknowns.hole("pg_dump of a table", Origin::Secret).to_string());
                let to = trimmed.to_ascii_lowercase().contains(" to ");
                let flow = Flow { input: to.then_some(rows.as_str()), want: false };
                self.code_in(code.trim().trim_matches('\''), span, flow, Dialect::Bash);
                continue;
            }
            if let Some(path) = trimmed.strip_prefix(".load ").filter(|_| program == "sqlite3") {
                let path = path.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
                self.library(path, program, span);
                continue;
            }
            let written = [".output ", ".once ", ".backup ", ".save ", ".clone ", "\\o ", "\\w "]
                .iter()
                .find_map(|start| trimmed.strip_prefix(start));
            if let Some(path) = written {
                let path = path.split_whitespace().last().unwrap_or_default().trim_matches(['"', '\'']);
                if !matches!(path, "" | "stdout" | "off") {
                    self.touch(EffectKind::Overwrite, path, span, false, program);
                }
                continue;
            }
            if program == "psql" && trimmed.starts_with('\\') {
                // `\set x `command``: what it prints is the value.
                for code in trimmed.split('`').skip(1).step_by(2).take(4) {
                    self.code_in(code, span, Flow::default(), Dialect::Bash);
                }
            }
            if trimmed.starts_with('\\') && !trimmed.contains(';')
                || (trimmed.starts_with('.') && program == "sqlite3")
            {
                // Statements may stand before a command of the client on the same line, not after it.
                continue;
            }
            // `SELECT 1 \g |command`
            let sent = ["\\g |", "\\g|", "\\gx |", "\\gx|", "\\o |", "\\o|"]
                .iter()
                .find_map(|mark| line.split_once(mark))
                .filter(|_| program == "psql");
            if let Some((before, code)) = sent {
                self.code_in(code.trim(), span, Flow::default(), Dialect::Bash);
                rest.push_str(before);
                rest.push('\n');
                continue;
            }
            match line.find("\\!") {
                Some(at) if program == "psql" => {
                    let code = line.get(at + 2..).unwrap_or_default();
                    self.code_in(code.trim(), span, Flow::default(), Dialect::Bash);
                    rest.push_str(line.get(..at).unwrap_or_default());
                }
                _ => rest.push_str(line),
            }
            rest.push('\n');
        }
        rest
    }
}
