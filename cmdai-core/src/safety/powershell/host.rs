//! `powershell` and `pwsh` as programs.

use super::data::{Data, decode, from_base64};
use super::items::lines_of;
use crate::line::Span;
use crate::safety::machine::{Flow, Machine};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass};

impl Machine<'_> {
    /// `powershell` and `pwsh` as programs: their own options, then code.
    pub(in crate::safety) fn powershell_program(
        &mut self,
        program: &str,
        words: &[(String, Span)],
        flow: Flow<'_>,
    ) -> String {
        let mut index = 0;
        let mut output = Vec::new();
        let mut found = false;
        while let Some((word, span)) = words.get(index) {
            index += 1;
            let span = *span;
            let mut letters = word.chars();
            let dashed = letters
                .next()
                .is_some_and(|letter| matches!(letter, '-' | '/' | '\u{2013}' | '\u{2014}' | '\u{2015}'));
            let name = if dashed { letters.as_str().to_lowercase() } else { String::new() };
            let rest = |from: usize| {
                words
                    .get(from..)
                    .unwrap_or_default()
                    .iter()
                    .map(|(word, _)| word.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let begins = |full: &str| !name.is_empty() && full.starts_with(&name);
            if name == "c"
                || (name.len() > 1 && begins("command"))
                || begins("commandwithargs") && name.len() > 7
                || name == "cwa"
            {
                let code = rest(index);
                if code.trim() == "-" {
                    break;
                }
                found = true;
                output.extend(self.run_text(&code, words.get(index).map_or(span, |(_, span)| *span)));
                break;
            }
            if begins("encodedcommand") || name == "ec" {
                found = true;
                let text = words.get(index).map(|(word, _)| word.clone()).unwrap_or_default();
                output.extend(self.run_encoded(&text, span));
                index += 1;
                continue;
            }
            if begins("file") {
                found = true;
                if let Some((path, span)) = words.get(index).cloned() {
                    if path == "-" {
                        found = false;
                        break;
                    }
                    match self.written_file(&path) {
                        Some(text) => output.extend(self.run_text(&text, span)),
                        None if value::has_hole(&path) => self.unresolved += 1,
                        None => {
                            if path.starts_with("\\\\") || path.contains("://") {
                                let target = self.target(TargetClass::Host, &path, span);
                                self.emit(EffectKind::RunCode, target, false, program, span);
                            }
                        }
                    }
                }
                break;
            }
            if dashed {
                let valued = [
                    "executionpolicy",
                    "windowstyle",
                    "version",
                    "inputformat",
                    "outputformat",
                    "configurationname",
                    "configurationfile",
                    "custompipename",
                    "settingsfile",
                    "workingdirectory",
                    "psconsolefile",
                    "encodedarguments",
                ];
                let short = ["ep", "ex", "w", "v", "wd", "o", "if", "of"];
                if name != "noprofile"
                    && (valued.iter().any(|full| begins(full)) || short.contains(&name.as_str()))
                {
                    index += 1;
                }
                continue;
            }
            if word == "-" {
                break;
            }
            found = true;
            match self.written_file(word) {
                Some(text) => output.extend(self.run_text(&text, span)),
                None => output.extend(self.run_text(&rest(index - 1), span)),
            }
            break;
        }
        if !found && let Some(input) = flow.input {
            let span = words.first().map_or(Span::default(), |(_, span)| *span);
            let input = input.to_owned();
            output.extend(self.run_text(&input, self.outer.unwrap_or(span)));
        }
        lines_of(&output)
    }

    fn run_encoded(&mut self, text: &str, span: Span) -> Vec<Data> {
        if value::has_hole(text) {
            let shown = self.unknowns.show(text);
            let origin = self.unknowns.origin(text);
            let class =
                if origin >= Some(Origin::Network) { TargetClass::Host } else { TargetClass::Unknown };
            let target = self.target(class, &shown, span);
            self.emit(EffectKind::RunCode, target, false, "powershell", span);
            self.unresolved += 1;
            return Vec::new();
        }
        match from_base64(text) {
            Some(bytes) if !bytes.is_empty() => {
                let code = decode(&bytes, "unicode");
                self.run_text(&code, span)
            }
            _ => {
                self.unresolved += 1;
                Vec::new()
            }
        }
    }
}
