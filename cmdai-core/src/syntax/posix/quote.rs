//! Quotes: `'…'`, `"…"`, `$'…'`, `$"…"` and the backslash inside them.

use super::lexer::Parser;
use super::word::Parts;
use crate::syntax::NoteKind;
use crate::syntax::ir::{Part, PartKind, Quote};

impl Parser<'_> {
    /// Reads the quoted stretch that begins here with `'` or `"`.
    pub(super) fn quoted(&mut self, parts: &mut Parts) {
        self.pay();
        let start = self.pos;
        if self.peek() == Some(b'"') {
            self.double(parts, start, Quote::Double);
            return;
        }
        self.advance(1);
        let inner = self.pos;
        let mut text = String::new();
        let from = inner;
        loop {
            match self.peek() {
                None => {
                    text.push_str(self.slice(from, self.pos));
                    self.note(NoteKind::Unfinished, start, self.pos);
                    break;
                }
                Some(b'\'') => {
                    text.push_str(self.slice(from, self.pos));
                    break;
                }
                Some(_) => self.advance(1),
            }
        }
        let end = self.pos;
        self.eat("'");
        let inside = if text.is_empty() {
            Vec::new()
        } else {
            vec![Part { kind: PartKind::Text(text), span: self.span(inner, end) }]
        };
        let span = self.span_from(start);
        parts.push(PartKind::Quoted { style: Quote::Single, parts: inside }, span);
    }

    /// Reads `"…"`, the mark being next.
    pub(super) fn double(&mut self, parts: &mut Parts, start: usize, style: Quote) {
        self.advance(1);
        let mut inside = Parts::default();
        let closed = self.deeper(|parser| {
            parser.expanding(&mut inside, |byte| byte == b'"');
        });
        if closed.is_none() {
            self.note(NoteKind::TooDeep, start, self.pos);
            inside.push(PartKind::Opaque, self.span_from(start));
        } else if !self.eat("\"") {
            self.note(NoteKind::Unfinished, start, self.pos);
        }
        let span = self.span_from(start);
        parts.push(PartKind::Quoted { style, parts: inside.list }, span);
    }

    /// Reads text in which only `$`, backticks and some backslashes mean something, up to a byte that `ends` it.
    pub(super) fn expanding(&mut self, parts: &mut Parts, ends: impl Fn(u8) -> bool) {
        loop {
            let start = self.pos;
            let rest = self.bytes.get(start..self.end).unwrap_or_default();
            let length = rest
                .iter()
                .position(|&byte| matches!(byte, b'$' | b'`' | b'\\') || ends(byte))
                .unwrap_or(rest.len());
            if length > 0 {
                self.advance(length);
                let span = self.span_from(start);
                parts.text(self.slice(start, self.pos), span);
            }
            match self.peek() {
                None => return,
                Some(byte) if ends(byte) => return,
                Some(b'$') => self.dollar(parts, true),
                Some(b'`') => self.backticks(parts, true),
                Some(_) => self.escape_in_double(parts, &ends),
            }
        }
    }

    /// A backslash in double quotes protects only what would mean something there.
    fn escape_in_double(&mut self, parts: &mut Parts, ends: &impl Fn(u8) -> bool) {
        let start = self.pos;
        self.advance(1);
        let escaped = self.pos;
        let protects = match self.peek() {
            None => false,
            Some(b'\n') => {
                self.advance(1);
                return;
            }
            Some(byte) => matches!(byte, b'$' | b'`' | b'\\') || ends(byte),
        };
        if protects {
            self.advance(self.char_len(escaped));
        }
        let span = self.span_from(start);
        parts.text(self.slice(if protects { escaped } else { start }, self.pos), span);
    }

    /// Reads `$'…'`, standing on the dollar.
    pub(super) fn ansi(&mut self, parts: &mut Parts) {
        let start = self.pos;
        self.advance(2);
        let inner = self.pos;
        while let Some(byte) = self.peek() {
            match byte {
                b'\'' => break,
                b'\\' => self.advance(2),
                _ => self.advance(1),
            }
        }
        let end = self.pos;
        if !self.eat("'") {
            self.note(NoteKind::Unfinished, start, end);
        }
        let text = unescape(self.slice(inner, end));
        let inside = if text.is_empty() {
            Vec::new()
        } else {
            vec![Part { kind: PartKind::Text(text), span: self.span(inner, end) }]
        };
        let span = self.span_from(start);
        parts.push(PartKind::Quoted { style: Quote::AnsiC, parts: inside }, span);
    }
}

/// The text that the inside of `$'…'` stands for. Bytes that are no UTF-8 become U+FFFD; like a C
/// string it ends at a NUL.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&kind) = bytes.get(at) else {
            out.push(b'\\');
            break;
        };
        at += 1;
        let code = match kind {
            b'a' => Some(7),
            b'b' => Some(8),
            b'e' | b'E' => Some(27),
            b'f' => Some(12),
            b'n' => Some(10),
            b'r' => Some(13),
            b't' => Some(9),
            b'v' => Some(11),
            b'\\' | b'\'' | b'"' | b'?' => Some(u32::from(kind)),
            b'0'..=b'7' => {
                at -= 1;
                number(bytes, &mut at, 8, 3).map(|code| code & 0xff)
            }
            b'x' if bytes.get(at) == Some(&b'{') => {
                at += 1;
                let code = number(bytes, &mut at, 16, 8).map(|code| code & 0xff);
                at += usize::from(bytes.get(at) == Some(&b'}'));
                code
            }
            b'x' => number(bytes, &mut at, 16, 2),
            b'u' | b'U' => {
                let code = number(bytes, &mut at, 16, if kind == b'u' { 4 } else { 8 });
                if let Some(code) = code.filter(|&code| code > 0x7f) {
                    let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    continue;
                }
                code
            }
            b'c' => bytes.get(at).map(|&letter| {
                at += 1;
                u32::from(letter) & 0x1f
            }),
            _ => None,
        };
        match code.map(u8::try_from) {
            Some(Ok(0)) => break,
            Some(Ok(byte)) => out.push(byte),
            _ => out.extend_from_slice(&[b'\\', kind]),
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads up to `most` digits to the base; `None` where there is no digit.
fn number(bytes: &[u8], at: &mut usize, base: u32, most: usize) -> Option<u32> {
    let start = *at;
    let mut value = 0_u32;
    while *at - start < most
        && let Some(digit) = bytes.get(*at).and_then(|&byte| char::from(byte).to_digit(base))
    {
        value = value.wrapping_mul(base).wrapping_add(digit);
        *at += 1;
    }
    (*at > start).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn c_escapes_are_replaced() {
        let check = |text: &str, want: &str| assert_eq!(unescape(text), want, "{text}");
        check("plain", "plain");
        check(r"a\tb\nc", "a\tb\nc");
        check(r"\x72\x6d", "rm");
        check(r"\162\155 -rf", "rm -rf");
        check(r"\u0072\U0000006d", "rm");
        check(r"\u00e9 \xc3\xa9 é", "é é é");
        check(r"\e[0m\E", "\u{1b}[0m\u{1b}");
        check(r#"\'\"\\\?"#, r#"'"\?"#);
        check(r"\q\x\u", r"\q\x\u");
        check(r"a\0b", "a");
        check(r"\ca", "\u{1}");
        check(r"\x{72}m", "rm");
        check(r"\xff", "\u{fffd}");
        check(r"\", r"\");
    }
}
