//! Words: bare text, strings of every kind, variables with their paths, and what stands in brackets.

use super::{Parser, until, worded};
use crate::line::Span;
use crate::syntax::NoteKind;
use crate::syntax::cursor::{Parts, digits};
use crate::syntax::ir::{Access, Expression, ExpressionKind, Parameter, Part, PartKind, Quote, Word};

impl Parser<'_> {
    /// Reads a word. It is empty where none stands here.
    pub(super) fn word(&mut self) -> Word {
        self.pay();
        let start = self.pos;
        let mut parts = Parts::default();
        if self.peek() == Some(b'~') {
            self.tilde(&mut parts);
        }
        while self.piece(&mut parts, start) {}
        Word { parts: parts.0, span: self.span_from(start) }
    }

    /// Reads the next piece of a word; false at its end.
    pub(super) fn piece(&mut self, parts: &mut Parts, word: usize) -> bool {
        let start = self.pos;
        let closers = self.closers;
        self.advance_while(|byte| !SPECIAL[byte as usize] && (byte != b',' || closers & until::COMMA == 0));
        if self.pos > start {
            parts.text(self.slice(start, self.pos), self.span_from(start));
            return true;
        }
        let Some(byte) = self.peek() else { return false };
        if self.ends_word(byte) {
            return false;
        }
        let first = start == word;
        match byte {
            b'"' => self.double(parts, start),
            b'\'' => self.raw(parts, b'\''),
            b'`' => self.raw(parts, b'`'),
            b'r' if first && self.looking_at("r#") => self.hashed(parts),
            b'$' => self.dollar(parts),
            b'(' | b'[' if first || byte == b'(' => self.expressed(parts),
            b'{' if first => self.expressed(parts),
            b'.' if first && self.spreads() => {
                self.advance(3);
                let mut inner = Parts::default();
                let from = self.pos;
                self.piece(&mut inner, from);
                let word = Word { parts: inner.0, span: self.span_from(from) };
                let operand = Box::new(worded(word));
                let kind = ExpressionKind::Unary { operator: "...".to_owned(), operand };
                let span = self.span_from(start);
                parts.push(PartKind::Expression(Box::new(Expression { kind, span })), span);
            }
            b'*' | b'?' => {
                self.advance_while(|next| next == byte);
                parts.push(PartKind::Glob(char::from(byte).to_string()), self.span_from(start));
            }
            // Bytes: `0x[ff 00]`.
            b'[' if matches!(self.slice(word, start), "0x" | "0b" | "0o") => {
                self.advance_while(|byte| !matches!(byte, b']' | b'\n'));
                self.advance(1);
                parts.text(self.slice(start, self.pos), self.span_from(start));
            }
            b'[' | b'{' => {
                // A class or alternatives of a pattern.
                let close = if byte == b'[' { b']' } else { b'}' };
                self.advance_while(|next| {
                    next != close && !matches!(next, b' ' | b'\n' | b'\t' | b'|' | b';')
                });
                if self.peek() == Some(close) {
                    self.advance(1);
                    parts.push(PartKind::Glob(self.slice(start, self.pos).to_owned()), self.span_from(start));
                } else {
                    parts.text(self.slice(start, self.pos), self.span_from(start));
                }
            }
            _ => {
                self.advance_letter();
                parts.text(self.slice(start, self.pos), self.span_from(start));
            }
        }
        self.pos > start
    }

    fn spreads(&self) -> bool {
        let rest = self.rest();
        rest.starts_with(b"...$")
            || rest.starts_with(b"...(")
            || rest.starts_with(b"...[")
            || rest.starts_with(b"...{")
    }

    fn tilde(&mut self, parts: &mut Parts) {
        let start = self.pos;
        self.advance(1);
        self.advance_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let ends = self.peek().is_none_or(|byte| byte == b'/' || self.ends_word(byte));
        if ends {
            let name = self.slice(start + 1, self.pos).to_owned();
            parts.push(PartKind::Tilde(name), self.span_from(start));
        } else {
            parts.text(self.slice(start, self.pos), self.span_from(start));
        }
    }

    fn literal(&mut self, parts: &mut Parts, start: usize, text: String, inner: Span) {
        let inside = match text.is_empty() {
            true => Vec::new(),
            false => vec![Part { kind: PartKind::Text(text), span: inner }],
        };
        parts.push(PartKind::Quoted { style: Quote::Single, parts: inside }, self.span_from(start));
    }

    /// `'…'` and `` `…` ``, in which nothing is special. What stands in backticks is a bare word with blanks.
    fn raw(&mut self, parts: &mut Parts, mark: u8) {
        self.pay();
        let start = self.pos;
        self.advance(1);
        let inner = self.pos;
        self.advance_while(|byte| byte != mark);
        let end = self.pos;
        let text = self.slice(inner, end).to_owned();
        if self.peek() == Some(mark) {
            self.advance(1);
        } else {
            self.note_from(NoteKind::Unfinished, start);
        }
        if mark == b'`' && text.contains('*') {
            parts.push(PartKind::Glob(text), self.span_from(start));
        } else {
            self.literal(parts, start, text, Span::new(inner, end));
        }
    }

    /// `r#'…'#`
    fn hashed(&mut self, parts: &mut Parts) {
        self.pay();
        let start = self.pos;
        let hashes = self.rest().iter().skip(1).take_while(|&&byte| byte == b'#').count();
        if self.byte(start + 1 + hashes) != Some(b'\'') {
            self.advance(1);
            return parts.text("r", self.span_from(start));
        }
        self.advance(2 + hashes);
        let inner = self.pos;
        let close = format!("'{}", "#".repeat(hashes));
        let length = self.slice(inner, self.end).find(&close);
        let end = length.map_or(self.end, |length| inner + length);
        self.advance(end - inner);
        if !self.eat(&close) {
            self.note_from(NoteKind::Unfinished, start);
        }
        let text = self.slice(inner, end).to_owned();
        self.literal(parts, start, text, Span::new(inner, end));
    }

    /// `"…"` with escapes.
    fn double(&mut self, parts: &mut Parts, start: usize) {
        self.pay();
        self.advance(1);
        let mut inside = Parts::default();
        self.string(&mut inside, b'"', true, false);
        if !self.eat("\"") {
            self.note_from(NoteKind::Unfinished, start);
        }
        parts.push(PartKind::Quoted { style: Quote::Double, parts: inside.0 }, self.span_from(start));
    }

    /// The inside of a string up to its mark.
    fn string(&mut self, inside: &mut Parts, mark: u8, escapes: bool, interpolates: bool) {
        loop {
            let from = self.pos;
            self.advance_while(|byte| byte != mark && byte != b'\\' && byte != b'(');
            if self.pos > from {
                inside.text(self.slice(from, self.pos), self.span_from(from));
            }
            let from = self.pos;
            match self.peek() {
                Some(b'\\') if escapes => self.escape(inside),
                Some(b'(') if interpolates => self.interpolated(inside),
                Some(byte) if byte != mark => {
                    self.advance(1);
                    inside.text(self.slice(from, self.pos), self.span_from(from));
                }
                _ => return,
            }
        }
    }

    fn escape(&mut self, parts: &mut Parts) {
        let start = self.pos;
        let after = self.rest().get(1..).unwrap_or_default();
        let text = match after.first() {
            Some(b'n') => "\n",
            Some(b'r') => "\r",
            Some(b't') => "\t",
            Some(b'b') => "\u{8}",
            Some(b'f') => "\u{c}",
            Some(b'a') => "\u{7}",
            Some(b'e') => "\u{1b}",
            Some(b'u') if after.get(1) == Some(&b'{') => {
                let (code, length) = digits(&after[2..], 16, 6).unwrap_or_default();
                self.advance(3 + length);
                self.eat("}");
                let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                return parts.text(letter.encode_utf8(&mut [0; 4]), self.span_from(start));
            }
            Some(b'x') if digits(&after[1..], 16, 2).is_some() => {
                let (code, length) = digits(&after[1..], 16, 2).unwrap_or_default();
                self.advance(2 + length);
                let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                return parts.text(letter.encode_utf8(&mut [0; 4]), self.span_from(start));
            }
            Some(_) => {
                self.advance(1);
                let from = self.pos;
                self.advance_letter();
                return parts.text(self.slice(from, self.pos), self.span_from(start));
            }
            None => {
                self.advance(1);
                return parts.text("\\", self.span_from(start));
            }
        };
        self.advance(2);
        parts.text(text, self.span_from(start));
    }

    /// `$"…"`, `$'…'` and `$name` with its path.
    fn dollar(&mut self, parts: &mut Parts) {
        self.pay();
        let start = self.pos;
        match self.peek_second() {
            Some(mark @ (b'"' | b'\'')) => {
                self.advance(2);
                let mut inside = Parts::default();
                self.string(&mut inside, mark, mark == b'"', true);
                if self.peek() == Some(mark) {
                    self.advance(1);
                } else {
                    self.note_from(NoteKind::Unfinished, start);
                }
                let kind = PartKind::Quoted { style: Quote::Double, parts: inside.0 };
                return parts.push(kind, self.span_from(start));
            }
            Some(byte) if in_name(byte) => {}
            _ => {
                self.advance(1);
                return parts.text("$", self.span_from(start));
            }
        }
        self.advance(1);
        let from = self.pos;
        self.advance_while(in_name);
        let name = self.slice(from, self.pos).to_owned();
        let parameter = Parameter { name, index: None, indirect: false, length: false, operation: None };
        let span = self.span_from(start);
        let part = Part { kind: PartKind::Parameter(Box::new(parameter)), span };
        let steps = self.path();
        if steps.is_empty() {
            return parts.push(part.kind, span);
        }
        let value = Box::new(worded(Word { parts: vec![part], span }));
        let span = self.span_from(start);
        let kind = ExpressionKind::Access { value, steps };
        parts.push(PartKind::Expression(Box::new(Expression { kind, span })), span);
    }

    /// `.name.0."other"` behind a value.
    pub(super) fn path(&mut self) -> Vec<Access> {
        let mut steps = Vec::new();
        loop {
            self.advance_while(|byte| matches!(byte, b'?' | b'!'));
            let begins = self.peek() == Some(b'.')
                && self
                    .peek_second()
                    .is_some_and(|next| in_name(next) || matches!(next, b'"' | b'\'' | b'`' | b'('));
            if !begins {
                return steps;
            }
            self.pay();
            self.advance(1);
            let start = self.pos;
            let mut parts = Parts::default();
            match self.peek() {
                Some(b'"') => self.double(&mut parts, start),
                Some(mark @ (b'\'' | b'`')) => self.raw(&mut parts, mark),
                Some(b'(') => self.expressed(&mut parts),
                _ => {
                    self.advance_while(in_name);
                    parts.text(self.slice(start, self.pos), self.span_from(start));
                }
            }
            let word = Word { parts: parts.0, span: self.span_from(start) };
            steps.push(Access::Member { name: worded(word), is_static: false });
        }
    }

    /// Adds what stands in brackets, with the path that may follow it.
    fn expressed(&mut self, parts: &mut Parts) {
        let start = self.pos;
        let Some(value) = self.bracketed() else {
            // Too deep: read on behind the bracket.
            self.advance(1);
            self.note_from(NoteKind::TooDeep, start);
            return parts.push(PartKind::Opaque, self.span_from(start));
        };
        let steps = self.path();
        self.expression_part(parts, value, steps, start);
    }

    /// The same inside a string, where a dot behind the bracket is text: `$"($name).txt"`.
    fn interpolated(&mut self, parts: &mut Parts) {
        let start = self.pos;
        match self.bracketed() {
            Some(value) => self.expression_part(parts, value, Vec::new(), start),
            None => {
                self.advance(1);
                self.note_from(NoteKind::TooDeep, start);
                parts.push(PartKind::Opaque, self.span_from(start));
            }
        }
    }

    fn expression_part(&mut self, parts: &mut Parts, value: Expression, steps: Vec<Access>, start: usize) {
        let span = self.span_from(start);
        let kind = match value.kind {
            ExpressionKind::Closure(closure) if steps.is_empty() => PartKind::Closure(closure),
            _ if steps.is_empty() => PartKind::Expression(Box::new(value)),
            _ => {
                let kind = ExpressionKind::Access { value: Box::new(value), steps };
                PartKind::Expression(Box::new(Expression { kind, span }))
            }
        };
        parts.push(kind, span);
    }
}

/// True for the bytes of a variable's name.
pub(super) fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

/// The bytes at which a run of plain text in a word ends. A comma does so only where it parts things.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b" \t\n\r|;()[]{}'\"`$*?r.";
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
};
