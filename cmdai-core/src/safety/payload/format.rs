//! Formats of text: `%s`, `{}`, `pack`, encodings by their names.

use super::acts::Given;
use super::tables::Fun;
use super::val::Val;
use super::{Script, decode};
use crate::safety::value::Origin;
use crate::specs::Language;

impl Script<'_, '_, '_> {
    /// Text read by an encoding that is named after it, or that is UTF-8.
    pub(super) fn decoded(&mut self, given: &Given) -> Val {
        let Val::Text(_) = given.first() else { return given.first() };
        let text = self.text_of(&given.first());
        let encoding = given.at(1).as_text().unwrap_or_default().to_ascii_lowercase();
        let decoded = match encoding.as_str() {
            "base64" | "base64_codec" | "base64url" => decode::base64(&text),
            "hex" | "hex_codec" => decode::hex(&text),
            "rot13" | "rot_13" | "rot-13" => Some(decode::rot13(&text)),
            "zlib" | "zip" | "zlib_codec" => decode::inflate(&text),
            _ => Some(decode::utf8(&text)),
        };
        match decoded {
            Some(text) => self.bounded(text),
            None => {
                let origin = self.machine.unknowns.origin(&text).unwrap_or(Origin::Program);
                Val::Text(self.hole("…", origin))
            }
        }
    }

    /// `pack` of Perl and Ruby, for the formats in which text hides.
    pub(super) fn pack(&mut self, format: &str, values: &[Val]) -> Val {
        let mut flat = Vec::new();
        values.iter().for_each(|value| value.flatten(&mut flat));
        match format.chars().next() {
            Some('H' | 'h') => {
                let text = self.text_of(&flat.first().cloned().unwrap_or(Val::None));
                decode::hex(&text).map_or(Val::None, Val::Text)
            }
            Some('c' | 'C' | 'U' | 'W') => self.pure_call(Fun::Codes, &Given::of(flat)),
            Some('A' | 'a' | 'Z') => {
                let texts: Vec<String> = flat.iter().map(|value| self.text_of(value)).collect();
                self.bounded(texts.concat())
            }
            _ => Val::Text(self.hole("…", Origin::Program)),
        }
    }

    pub(super) fn unpack(&mut self, format: &str, text: &str) -> Val {
        match format.chars().next() {
            Some('m') => decode::base64(text).map_or(Val::None, Val::Text),
            Some('u') => Val::Text(decode::uuencoded(text)),
            Some('A' | 'a' | 'Z') => Val::text(text),
            Some('H') => Val::Text(text.bytes().map(|byte| format!("{byte:02x}")).collect()),
            _ => Val::Text(self.hole("…", Origin::Program)),
        }
    }

    /// `"%s-%d" % values` and `sprintf`.
    pub(super) fn percent_format(&mut self, format: &str, values: &[Val]) -> String {
        let mut out = String::new();
        let mut letters = format.chars().peekable();
        let mut next = values.iter();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            let mut name = None;
            if matches!(letters.peek(), Some('(' | '{')) {
                letters.next();
                let key: String = letters.by_ref().take_while(|c| !matches!(c, ')' | '}')).collect();
                name = Some(key);
            }
            let mut kind = letters.next();
            while kind
                .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '+' | ' ' | '#' | '$' | '*'))
            {
                kind = letters.next();
            }
            let Some(kind) = kind else { break };
            if kind == '%' {
                out.push('%');
                continue;
            }
            let value = match name {
                Some(key) => values.first().and_then(|value| value.entry(&key)).cloned().unwrap_or(Val::None),
                None => next.next().cloned().unwrap_or(Val::None),
            };
            match (kind, &value) {
                ('c', Val::Number(number)) => {
                    out.push(decode::safe_char(u32::try_from(*number).unwrap_or(0)))
                }
                ('r', Val::Text(text)) if self.what.language == Language::Python => {
                    out.push_str(&format!("'{}'", text.replace('\'', "\\'")));
                }
                ('x', Val::Number(number)) => out.push_str(&format!("{number:x}")),
                _ => out.push_str(&self.text_of(&value)),
            }
            if out.len() > crate::safety::machine::VALUE_BYTES {
                break;
            }
        }
        out
    }

    /// `"{}{name}".format(…)`
    pub(super) fn brace_format(&mut self, format: &str, given: &Given) -> String {
        let mut out = String::new();
        let mut rest = format;
        let mut next = 0;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            if tail.starts_with("{{") || tail.starts_with("}}") {
                out.push_str(&tail[..1]);
                rest = &tail[2..];
                continue;
            }
            if let Some(more) = tail.strip_prefix('}') {
                rest = more;
                continue;
            }
            let end = tail.find('}').unwrap_or(tail.len());
            let field = tail[1..end].split([':', '!', '.', '[']).next().unwrap_or_default();
            let value = if field.is_empty() {
                next += 1;
                given.at(next - 1)
            } else if let Ok(at) = field.parse::<usize>() {
                given.at(at)
            } else {
                given.option(field).unwrap_or(Val::None)
            };
            out.push_str(&self.text_of(&value));
            rest = tail.get(end + 1..).unwrap_or_default();
            if out.len() > crate::safety::machine::VALUE_BYTES {
                break;
            }
        }
        out + rest
    }
}
