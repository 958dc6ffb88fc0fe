//! Scripts of sed: what they run (`e`, `s///e`) and write (`w`), and what simple ones print.

use super::Payload;
use super::pure;
use crate::line::{Dialect, Span};
use crate::safety::EffectKind;
use crate::safety::machine::{Flow, Machine, VALUE_BYTES};
use crate::safety::value::Origin;

/// One command of a script.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Substitute {
        from: String,
        to: String,
        flags: String,
    },
    Translate {
        from: String,
        to: String,
    },
    Run(String),
    Write(String),
    Read(String),
    /// A command that changes what is printed in ways that are not followed.
    Other,
}

impl Machine<'_> {
    /// Walks a script of sed; what it prints, where that can be told.
    pub(super) fn sed(&mut self, what: Payload<'_>) -> Option<String> {
        let steps = steps(what.text);
        // `--sandbox` refuses all of this.
        if what.arguments.has("--sandbox") {
            return None;
        }
        let (program, span) = (what.program, what.span);
        let mut line = what.input.map(str::to_owned);
        let mut known = !what.arguments.has("-n") && !what.arguments.has("-i") && !steps.is_empty();
        for (addressed, step) in &steps {
            if !self.spend(1 + line.as_ref().map_or(0, |text| text.len() / 64)) {
                return None;
            }
            known &= !addressed;
            match step {
                Step::Run(code) if code.is_empty() => {
                    let code = match &line {
                        Some(input) => input.clone(),
                        None => self.unknowns.hole("$(input)", Origin::Program).to_string(),
                    };
                    self.sed_code(&code, span);
                    known = false;
                }
                Step::Run(code) => {
                    self.sed_code(code, span);
                    known = false;
                }
                Step::Write(path) if !matches!(path.as_str(), "/dev/stdout" | "/dev/stderr") => {
                    self.sed_writes(path, line.as_deref(), span);
                }
                Step::Read(path) if !path.is_empty() => {
                    self.touch(EffectKind::Read, path, span, false, program);
                    known = false;
                }
                Step::Substitute { from, to, flags } => {
                    let to = replacement(to);
                    let changed = line.as_ref().and_then(|text| {
                        let lines = text
                            .lines()
                            .map(|line| pure::replace_pattern(line, from, &to, flags.contains('g')));
                        lines.collect::<Option<Vec<String>>>().map(|lines| lines.join("\n") + "\n")
                    });
                    let changed = changed.filter(|text| text.len() <= VALUE_BYTES);
                    if flags.contains('e') {
                        // Without known input the new text is the best that is known of the code.
                        let code = changed.clone().unwrap_or(to);
                        self.sed_code(&code, span);
                        known = false;
                    }
                    if let Some((_, path)) = flags.split_once('w') {
                        let path = path.trim();
                        if !matches!(path, "" | "/dev/stdout" | "/dev/stderr") {
                            self.sed_writes(path, changed.as_deref(), span);
                        }
                    }
                    known &= changed.is_some();
                    line = changed.or(line);
                }
                Step::Translate { from, to } => {
                    line = line.map(|text| {
                        let letters: Vec<char> = from.chars().collect();
                        let new: Vec<char> = to.chars().collect();
                        let change = |c: char| {
                            letters
                                .iter()
                                .position(|&l| l == c)
                                .and_then(|at| new.get(at).copied())
                                .unwrap_or(c)
                        };
                        text.chars().map(change).collect()
                    });
                }
                _ => known = false,
            }
        }
        line.filter(|_| known)
    }

    /// Lines that it has go into a file of their own.
    fn sed_writes(&mut self, path: &str, lines: Option<&str>, span: Span) {
        let unknown = || self.unknowns.hole("$(sed)", Origin::Program).to_string();
        let text = lines.map_or_else(unknown, str::to_owned);
        self.pours(path, &text, false, span);
    }

    fn sed_code(&mut self, code: &str, span: Span) {
        let state = self.state.clone();
        self.code_in(code, span, Flow::default(), Dialect::Bash);
        self.state = state;
    }
}

/// True for a script after which no line is left: it deletes every one, or prints none where none is printed unasked.
pub(in crate::safety) fn sed_prints_nothing(script: &str, quiet: bool) -> bool {
    let whole: String = script.chars().filter(|letter| !letter.is_whitespace() && *letter != ';').collect();
    if matches!(whole.as_str(), "d" | "D" | "1,$d" | "0~1d" | "/^/d" | "/$/d" | "/.*/d" | "{d}") {
        return true;
    }
    let silent = |step: &(bool, Step)| match &step.1 {
        Step::Substitute { flags, .. } => !flags.contains(['p', 'w', 'e']),
        Step::Translate { .. } => true,
        _ => false,
    };
    let steps = if quiet { steps(script) } else { Vec::new() };
    !steps.is_empty() && steps.iter().all(silent)
}

/// What a script puts in the place of what: the patterns as they stand, the texts as they will.
pub(in crate::safety) fn replacements(script: &str) -> Vec<(String, String)> {
    let texts = steps(script).into_iter().filter_map(|(_, step)| match step {
        Step::Substitute { from, to, .. } => Some((from, replacement(&to))),
        _ => None,
    });
    texts.collect()
}

/// The text of a replacement whose backslashes are read; `&` stays, as what was matched is not known.
fn replacement(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    out
}

/// The commands of a script, each with whether an address stands before it.
fn steps(text: &str) -> Vec<(bool, Step)> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && out.len() < 256 {
        rest = rest.trim_start_matches([' ', '\t', '\n', ';', '{', '}']);
        let before = rest.len();
        rest = address(rest);
        let addressed = rest.len() < before;
        let Some(command) = rest.chars().next() else { break };
        let after = &rest[command.len_utf8()..];
        let line_end = after.find('\n').unwrap_or(after.len());
        let line = &after[..line_end];
        match command {
            's' | 'y' => {
                let Some(mark) = after.chars().next() else { break };
                let (from, tail) = delimited(&after[mark.len_utf8()..], mark, command == 's');
                let (to, tail) = delimited(tail, mark, false);
                if command == 'y' {
                    out.push((addressed, Step::Translate { from, to }));
                    rest = tail;
                    continue;
                }
                let mut end = tail.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tail.len());
                if tail[..end].contains('w') {
                    end = tail.find('\n').unwrap_or(tail.len());
                }
                let flags = tail[..end].to_owned();
                out.push((addressed, Step::Substitute { from, to, flags }));
                rest = &tail[end..];
            }
            'e' => {
                out.push((addressed, Step::Run(line.trim().trim_end_matches('}').trim().to_owned())));
                rest = &after[line_end..];
            }
            'w' | 'W' => {
                out.push((addressed, Step::Write(line.trim().to_owned())));
                rest = &after[line_end..];
            }
            'r' | 'R' => {
                out.push((addressed, Step::Read(line.trim().to_owned())));
                rest = &after[line_end..];
            }
            'a' | 'i' | 'c' => {
                out.push((addressed, Step::Other));
                // The text goes on where a line ends in a backslash.
                let mut end = line_end;
                while after[..end].ends_with('\\') && end < after.len() {
                    end += 1 + after[end + 1..].find('\n').unwrap_or(after.len() - end - 1);
                }
                rest = &after[end.min(after.len())..];
            }
            '#' => rest = &after[line_end..],
            ':' | 'b' | 't' | 'T' => {
                out.push((addressed, Step::Other));
                let end = after.find([';', '\n', '}']).unwrap_or(after.len());
                rest = &after[end..];
            }
            _ => {
                out.push((addressed, Step::Other));
                rest = after;
            }
        }
    }
    out
}

/// What follows the addresses at the beginning.
fn address(text: &str) -> &str {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '$' | ',' | '~' | '+' | ' ' | '!')
        });
        let next = match trimmed.chars().next() {
            Some('/') => delimited(&trimmed[1..], '/', true).1.trim_start_matches(['I', 'M']),
            Some('\\') => match trimmed[1..].chars().next() {
                Some(mark) => delimited(&trimmed[1 + mark.len_utf8()..], mark, true).1,
                None => "",
            },
            _ => return trimmed,
        };
        if next.len() >= rest.len() {
            return next;
        }
        rest = next;
    }
}

/// The text up to the mark, and what follows it.
fn delimited(text: &str, mark: char, classes: bool) -> (String, &str) {
    let mut out = String::new();
    let mut letters = text.char_indices();
    let mut in_class = false;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, next)) if next == mark => out.push(next),
                Some((_, next)) => {
                    out.push('\\');
                    out.push(next);
                }
                None => {}
            },
            '[' if classes && !in_class => {
                in_class = true;
                out.push(letter);
            }
            ']' if in_class => {
                in_class = false;
                out.push(letter);
            }
            _ if letter == mark => return (out, &text[at + letter.len_utf8()..]),
            other => out.push(other),
        }
    }
    (out, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_cut_into_commands() {
        let run = |text: &str| Step::Run(text.to_owned());
        assert_eq!(steps("1e rm -rf /"), [(true, run("rm -rf /"))]);
        assert_eq!(
            steps("s/a/b/;w out"),
            [
                (false, Step::Substitute { from: "a".into(), to: "b".into(), flags: String::new() }),
                (false, Step::Write("out".into())),
            ]
        );
        assert!(steps("/x/{s|a|b|ge}")[0].0);
        assert_eq!(
            steps("s/e/w/g"),
            [(false, Step::Substitute { from: "e".into(), to: "w".into(), flags: "g".into() })]
        );
        assert_eq!(steps("y/abc/xyz/").len(), 1);
        assert!(steps("s").is_empty() && steps("/").is_empty());
    }
}
