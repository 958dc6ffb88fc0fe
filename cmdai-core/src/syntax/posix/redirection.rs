//! Redirections: an optional descriptor, an operator, a word.

use super::lexer::{Parser, in_name};
use super::word::Place;
use crate::line::Dialect;
use crate::syntax::NoteKind;
use crate::syntax::ir::{Redirection, RedirectionKind, Word};

impl Parser<'_> {
    /// Reads a redirection if one begins here.
    pub(super) fn redirection(&mut self) -> Option<Redirection> {
        let start = self.pos;
        let operator = self.after_descriptor()?;
        let written = self.slice(start, operator);
        let mut fd = written.parse::<u32>().ok();
        let variable = written.strip_prefix('{').map(|name| name.trim_end_matches('}').to_owned());
        self.advance(operator - start);
        let copies_input = self.looking_at("<&");
        let kind = self.operation_and_target(start, fd.is_some() || variable.is_some())?;
        if copies_input && fd.is_none() && variable.is_none() {
            fd = Some(0);
        }
        Some(Redirection { kind, fd, variable, span: self.span_from(start) })
    }

    /// The offset of the redirection operator that begins here, behind its descriptor.
    fn after_descriptor(&self) -> Option<usize> {
        let start = self.pos;
        let first = self.peek()?;
        let mut at = start;
        match first {
            // `<1-9>` of zsh is a pattern.
            b'<' if self.numbers_end(start).is_some() => return None,
            b'<' | b'>' => {}
            b'&' => return (self.byte(start + 1) == Some(b'>')).then_some(start),
            b'0'..=b'9' => {
                while self.byte(at).is_some_and(|byte| byte.is_ascii_digit()) && at - start < 10 {
                    at += 1;
                }
            }
            b'{' => {
                at += 1;
                while self.byte(at).is_some_and(|byte| in_name(byte) || byte == b'[' || byte == b']') {
                    at += 1;
                }
                if self.byte(at) != Some(b'}') || at == start + 1 {
                    return None;
                }
                at += 1;
            }
            _ => return None,
        }
        let operator = matches!(self.byte(at), Some(b'<' | b'>'));
        // `<(` and `>(` are words.
        (operator && self.byte(at + 1) != Some(b'(')).then_some(at)
    }

    fn operation_and_target(&mut self, start: usize, numbered: bool) -> Option<RedirectionKind> {
        // Longer operators first.
        let kind = if self.eat("<<<") {
            RedirectionKind::HereString(self.target(start))
        } else if self.eat("<<-") {
            self.blanks();
            self.heredoc(start, true)
        } else if self.eat("<<") {
            self.blanks();
            self.heredoc(start, false)
        } else if self.eat("<>") {
            RedirectionKind::ReadWrite(self.target(start))
        } else if self.eat("<&") {
            RedirectionKind::Duplicate(self.target(start))
        } else if self.eat("<") {
            RedirectionKind::Read(self.target(start))
        } else if self.eat("&>>") {
            self.override_mark();
            RedirectionKind::AppendBoth(self.target(start))
        } else if self.eat("&>") {
            self.override_mark();
            RedirectionKind::WriteBoth(self.target(start))
        } else if self.eat(">>") {
            self.override_mark();
            RedirectionKind::Append(self.target(start))
        } else if self.eat(">&") {
            self.override_mark();
            let target = self.target(start);
            if !numbered && !is_descriptor(&target) {
                RedirectionKind::WriteBoth(target)
            } else {
                RedirectionKind::Duplicate(target)
            }
        } else if self.eat(">|") || (self.dialect == Dialect::Zsh && self.eat(">!")) || self.eat(">") {
            RedirectionKind::Write(self.target(start))
        } else {
            return None;
        };
        Some(kind)
    }

    /// In zsh `|` or `!` behind the operator means it.
    fn override_mark(&mut self) {
        if self.dialect == Dialect::Zsh {
            let _ = self.eat("|") || self.eat("!");
        }
    }

    fn target(&mut self, start: usize) -> Word {
        self.blanks();
        let from = self.pos;
        let word = if self.at_word() { self.word(Place::ARGUMENT) } else { Word::default() };
        if self.pos > from {
            return word;
        }
        if self.pos >= self.end {
            self.note(NoteKind::Unfinished, start, self.pos);
        } else {
            self.note(NoteKind::Unexpected, start, self.pos);
        }
        super::word::empty(self.span_from(from))
    }
}

/// True for a word that can only name a descriptor: digits, `-`, digits and `-`, or an expansion.
fn is_descriptor(word: &Word) -> bool {
    match word.literal() {
        Some(text) => {
            let number = text.strip_suffix('-').unwrap_or(&text);
            !text.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => false,
    }
}
