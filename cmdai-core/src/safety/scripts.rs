//! Code in other languages: where it is plain to see what shell code it runs or what it deletes.
//!
//! This is no interpreter. It finds the calls that run text as shell code, or delete a tree, with a
//! literal argument; what is put together first is not seen.

use super::machine::{Flow, Machine};
use super::{EffectKind, TargetClass, value};
use crate::line::Span;
use crate::specs::Language;

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

    /// Code in another language: the calls that run shell code or delete trees, where their text is plain.
    pub(super) fn script(&mut self, language: Language, text: &str, program: &str, span: Span) {
        if !self.spend(1 + text.len() / 64) {
            return;
        }
        self.report_unknown_code(text, span);
        if text.contains("fork") && (text.contains("while") || text.contains("for(;;)")) {
            let target = self.target(TargetClass::Process, program, span);
            self.emit(EffectKind::Exhaust, target, true, program, span);
        }
        if language == Language::JavaScript && text.contains("dropDatabase(") {
            let target = self.target(TargetClass::Named, "dropDatabase()", span);
            self.emit(EffectKind::DropData, target, true, program, span);
        }
        if language == Language::Awk && text.contains('|') {
            // `"cmd" | getline` and `print | "cmd"`.
            for (index, piece) in text.split('"').enumerate().take(64) {
                let before = text.split('"').nth(index.wrapping_sub(1)).unwrap_or_default().trim_end();
                let after = text.split('"').nth(index + 1).unwrap_or_default().trim_start();
                if index % 2 == 1 && (before.ends_with('|') || after.starts_with("| getline")) {
                    self.code(piece, span, Flow::default());
                }
            }
        }
        if language == Language::Sed {
            return self.sed(text, program, span);
        }
        let runs: &[&str] = match language {
            Language::Awk => &["system("],
            Language::Python => &[
                "os.system(",
                "os.popen(",
                "subprocess.run(",
                "subprocess.call(",
                "subprocess.check_output(",
                "subprocess.check_call(",
                "subprocess.Popen(",
                "getoutput(",
            ],
            Language::Perl => &["system(", "system ", "exec(", "exec ", "qx("],
            Language::Ruby => &["system(", "system ", "exec(", "exec ", "%x("],
            Language::JavaScript => &["execSync(", "exec(", "spawnSync(", "spawn("],
            Language::Php => &["system(", "exec(", "shell_exec(", "passthru("],
            Language::Sed => &[],
        };
        let deletes: &[&str] = match language {
            Language::Python => &["shutil.rmtree(", "rmtree("],
            Language::Perl => &["rmtree(", "remove_tree("],
            Language::Ruby => &["FileUtils.rm_rf(", "rm_rf(", "rm_rf "],
            Language::JavaScript => &["rmSync(", "rm(", "rmdirSync("],
            _ => &[],
        };
        let mut budget = 32;
        for (calls, is_delete) in [(runs, false), (deletes, true)] {
            for call in calls {
                for (at, _) in text.match_indices(call) {
                    budget -= 1;
                    if budget == 0 {
                        self.cut = true;
                        return;
                    }
                    let after = &text[at + call.len()..];
                    let Some(argument) = first_literal(after) else { continue };
                    if is_delete {
                        self.touch(EffectKind::Delete, &value::clean(&argument), span, true, program);
                    } else {
                        self.code(&argument, span, Flow::default());
                    }
                }
            }
        }
        if language == Language::Perl || language == Language::Ruby || language == Language::Php {
            for code in text.split('`').skip(1).step_by(2).take(8) {
                self.code(code, span, Flow::default());
            }
        }
        let connects = ["socket", "Socket", "/inet/tcp", "fsockopen", "net.connect"]
            .iter()
            .any(|word| text.contains(word));
        let shell = ["/bin/sh", "/bin/bash", "pty.spawn", "\"sh\"", "'sh'", "cmd.exe"]
            .iter()
            .any(|word| text.contains(word));
        if connects && shell {
            let target = self.target(TargetClass::Host, "the network", span);
            self.emit(EffectKind::RemoteShell, target, false, program, span);
        }
        let fetches = ["urlopen(", "requests.get(", "urllib"].iter().any(|word| text.contains(word));
        if fetches && text.contains("exec(") {
            let target = self.target(TargetClass::Host, "the network", span);
            self.emit(EffectKind::RunCode, target, false, program, span);
        }
    }

    /// `sed` can run (`e`) and write (`w`).
    fn sed(&mut self, text: &str, program: &str, span: Span) {
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

/// The text of the first quoted literal, or of a list of them as a command line.
fn first_literal(text: &str) -> Option<String> {
    let text = text.trim_start();
    let is_list = text.starts_with('[');
    let mut out: Vec<String> = Vec::new();
    let mut letters = text.chars();
    let mut seen = 0;
    while let Some(letter) = letters.next() {
        seen += 1;
        if letter == ']' || letter == ')' || seen > 4096 {
            break;
        }
        if letter != '"' && letter != '\'' {
            continue;
        }
        let mut literal = String::new();
        while let Some(inner) = letters.next() {
            match inner {
                '\\' => literal.extend(letters.next()),
                _ if inner == letter => break,
                _ => literal.push(inner),
            }
        }
        out.push(literal);
        if !is_list {
            break;
        }
    }
    (!out.is_empty()).then(|| out.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found() {
        assert_eq!(first_literal("'rm -rf /')").as_deref(), Some("rm -rf /"));
        assert_eq!(first_literal("[\"rm\", \"-rf\", \"/\"])").as_deref(), Some("rm -rf /"));
        assert_eq!(first_literal("name)"), None);
    }
}
