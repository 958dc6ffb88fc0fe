//! Words: text, quotes, variables, substitutions, braces, globs and tildes.

use super::{Parser, ends_word, in_name, until};
use crate::syntax::NoteKind;
use crate::syntax::cursor::{Parts, digits};
use crate::syntax::ir::{Brace, Parameter, Part, PartKind, Program, Quote, Word};

impl Parser<'_> {
    /// True where a word begins.
    pub(super) fn at_word(&self) -> bool {
        self.peek().is_some_and(|byte| !ends_word(byte) && byte != b'&')
    }

    /// Reads a word. It is empty where none stands here.
    pub(super) fn word(&mut self) -> Word {
        self.read_word(false)
    }

    fn read_word(&mut self, in_braces: bool) -> Word {
        self.pay();
        let start = self.pos;
        let mut parts = Parts::default();
        if self.peek() == Some(b'~') {
            self.tilde(&mut parts, in_braces);
        }
        while self.piece(&mut parts, in_braces) {}
        Word { parts: parts.0, span: self.span_from(start) }
    }

    /// Reads the next piece of a word; false at its end.
    fn piece(&mut self, parts: &mut Parts, in_braces: bool) -> bool {
        let start = self.pos;
        self.advance_while(|byte| !SPECIAL[byte as usize]);
        if self.pos > start {
            parts.text(self.slice(start, self.pos), self.span_from(start));
            return true;
        }
        let Some(byte) = self.peek() else { return false };
        match byte {
            b',' | b'}' if in_braces => return false,
            b' ' | b'\t' | b'\n' if in_braces => {
                // Blanks around the alternatives are not part of them.
                self.advance_while(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
                if !parts.0.is_empty() && !matches!(self.peek(), Some(b',' | b'}')) {
                    parts.text(self.slice(start, self.pos), self.span_from(start));
                }
            }
            byte if ends_word(byte) => return false,
            b'&' if !self.ampersand_is_text() => return false,
            b'\'' => self.single(parts),
            b'"' => self.double(parts),
            b'$' => self.dollar(parts, false),
            b'(' => {
                let kind = self.substitution(start);
                self.sliced(parts, kind, start);
            }
            b'{' => self.brace(parts),
            b'*' | b'?' => {
                self.pay();
                self.advance_while(|next| next == byte);
                let text = if byte == b'*' { "*".to_owned() } else { self.slice(start, self.pos).to_owned() };
                for letter in text.chars() {
                    parts.push(PartKind::Glob(letter.to_string()), self.span_from(start));
                }
            }
            b'\\' => self.escape(parts),
            _ => {
                self.advance_letter();
                parts.text(self.slice(start, self.pos), self.span_from(start));
            }
        }
        true
    }

    /// Inside a word `&` is text unless something follows that ends the word.
    fn ampersand_is_text(&self) -> bool {
        self.peek_second().is_some_and(|next| !ends_word(next) && next != b'&')
    }

    fn tilde(&mut self, parts: &mut Parts, in_braces: bool) {
        let start = self.pos;
        self.advance(1);
        self.advance_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        let ends = match self.peek() {
            None | Some(b'/') => true,
            Some(b',' | b'}') => in_braces,
            Some(byte) => ends_word(byte),
        };
        let name = self.slice(start + 1, self.pos).to_owned();
        if ends {
            parts.push(PartKind::Tilde(name), self.span_from(start));
        } else {
            parts.text(self.slice(start, self.pos), self.span_from(start));
        }
    }

    /// `'…'`, in which a backslash protects only the quote and itself.
    fn single(&mut self, parts: &mut Parts) {
        self.pay();
        let start = self.pos;
        self.advance(1);
        let inner = self.pos;
        let mut text = String::new();
        loop {
            let from = self.pos;
            self.advance_while(|byte| !matches!(byte, b'\'' | b'\\'));
            text.push_str(self.slice(from, self.pos));
            match self.peek() {
                Some(b'\\') if matches!(self.peek_second(), Some(b'\'' | b'\\')) => {
                    text.push_str(self.slice(self.pos + 1, self.pos + 2));
                    self.advance(2);
                }
                Some(b'\\') => {
                    text.push('\\');
                    self.advance(1);
                }
                _ => break,
            }
        }
        let end = self.pos;
        if !self.eat("'") {
            self.note(NoteKind::Unfinished, start, end);
        }
        let inside = match text.is_empty() {
            true => Vec::new(),
            false => vec![Part { kind: PartKind::Text(text), span: crate::Span::new(inner, end) }],
        };
        parts.push(PartKind::Quoted { style: Quote::Single, parts: inside }, self.span_from(start));
    }

    /// `"…"`, in which variables and `$(…)` are expanded.
    fn double(&mut self, parts: &mut Parts) {
        self.pay();
        let start = self.pos;
        self.advance(1);
        let mut inside = Parts::default();
        loop {
            let from = self.pos;
            self.advance_while(|byte| !matches!(byte, b'"' | b'\\' | b'$'));
            if self.pos > from {
                inside.text(self.slice(from, self.pos), self.span_from(from));
            }
            let from = self.pos;
            match self.peek() {
                Some(b'\\') => {
                    self.advance(1);
                    let protects = matches!(self.peek(), Some(b'"' | b'$' | b'\\'));
                    if self.eat("\n") {
                        continue;
                    }
                    let text = if protects { self.pos } else { from };
                    self.advance(usize::from(protects));
                    inside.text(self.slice(text, self.pos), self.span_from(from));
                }
                Some(b'$') => self.dollar(&mut inside, true),
                _ => break,
            }
        }
        if !self.eat("\"") {
            self.note_from(NoteKind::Unfinished, start);
        }
        parts.push(PartKind::Quoted { style: Quote::Double, parts: inside.0 }, self.span_from(start));
    }

    /// `$name`, `$$name`, `$name[1..2]` and `$(…)`.
    fn dollar(&mut self, parts: &mut Parts, quoted: bool) {
        self.pay();
        let start = self.pos;
        match self.peek_second() {
            Some(b'(') => {
                self.advance(1);
                let kind = self.substitution(start);
                return self.sliced(parts, kind, start);
            }
            Some(b'{') if !quoted => {
                // The braces of other shells: a mistake here, but what is meant is plain.
                self.advance(2);
                let from = self.pos;
                self.advance_while(in_name);
                let name = self.slice(from, self.pos).to_owned();
                self.advance_while(|byte| !ends_word(byte) && byte != b'}');
                self.eat("}");
                self.note_from(NoteKind::Unexpected, start);
                let parameter = Parameter { index: None, ..named(name) };
                return parts.push(PartKind::Parameter(Box::new(parameter)), self.span_from(start));
            }
            _ => {}
        }
        self.advance_while(|byte| byte == b'$');
        let dollars = self.pos - start;
        let from = self.pos;
        self.advance_while(in_name);
        if self.pos == from {
            // fish wants a name there, also between double quotes.
            if !self.at_end() || !quoted {
                self.note_from(NoteKind::Unexpected, start);
            }
            return parts.text(self.slice(start, self.pos), self.span_from(start));
        }
        // Each further dollar takes the value for a name; one of them is what `indirect` says.
        let more = "$".repeat(dollars.saturating_sub(2).min(4));
        let name = format!("{more}{}", self.slice(from, self.pos));
        let mut parameter = Parameter { indirect: dollars > 1, ..named(name) };
        if self.peek() == Some(b'[') {
            parameter.index = self.index();
        }
        parts.push(PartKind::Parameter(Box::new(parameter)), self.span_from(start));
    }

    /// `( … )`, the parenthesis being next; `opened` is where the construct began.
    fn substitution(&mut self, opened: usize) -> PartKind {
        self.pay();
        let read = self.deeper(|parser| {
            parser.advance(1);
            let outer = std::mem::replace(&mut parser.closers, until::NOTHING);
            let program = parser.program(until::PAREN);
            parser.closers = outer;
            if !parser.eat(")") {
                parser.missing(opened);
            }
            program
        });
        match read {
            Some(program) => PartKind::Substitution(program),
            None => {
                // Read on behind it as if it were closed where its text ends.
                self.advance(1);
                self.note_from(NoteKind::TooDeep, opened);
                PartKind::Opaque
            }
        }
    }

    /// Adds a substitution, with the index that may follow it.
    fn sliced(&mut self, parts: &mut Parts, kind: PartKind, start: usize) {
        let span = self.span_from(start);
        if self.peek() != Some(b'[') || matches!(kind, PartKind::Opaque) {
            return parts.push(kind, span);
        }
        match self.index() {
            Some(index) => {
                let of = Box::new(Part { kind, span });
                parts.push(PartKind::Slice { of, index }, self.span_from(start));
            }
            None => parts.push(kind, span),
        }
    }

    /// Reads `[…]` behind a variable or substitution.
    fn index(&mut self) -> Option<Word> {
        let open = self.pos;
        let index = self.deeper(|parser| {
            parser.advance(1);
            let start = parser.pos;
            let mut parts = Parts::default();
            loop {
                let from = parser.pos;
                parser.advance_while(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.' | b'-' | b'\t')
                });
                if parser.pos > from {
                    parts.text(parser.slice(from, parser.pos), parser.span_from(from));
                }
                let from = parser.pos;
                match parser.peek() {
                    Some(b'$') => parser.dollar(&mut parts, false),
                    Some(b'(') => {
                        let kind = parser.substitution(from);
                        parts.push(kind, parser.span_from(from));
                    }
                    Some(b'"') => parser.double(&mut parts),
                    Some(b'\'') => parser.single(&mut parts),
                    _ => break,
                }
            }
            let index = Word { parts: parts.0, span: parser.span_from(start) };
            if !parser.eat("]") {
                parser.missing(open);
            }
            index
        });
        if index.is_none() {
            self.advance(1);
            self.note_from(NoteKind::TooDeep, open);
        }
        index
    }

    /// Reads `{…}`: alternatives where a comma or a variable is in it, text where not.
    fn brace(&mut self, parts: &mut Parts) {
        self.pay();
        let start = self.pos;
        let deep = self.braces >= MOST_BRACES;
        self.braces += 1;
        let alternatives = |parser: &mut Self| {
            parser.advance(1);
            let mut words = vec![parser.read_word(true)];
            while parser.eat(",") {
                words.push(parser.read_word(true));
            }
            let closed = parser.eat("}");
            (words, closed)
        };
        let read = if deep { None } else { self.deeper(alternatives) };
        self.braces -= 1;
        let Some((words, closed)) = read else {
            self.advance(1);
            self.note_from(NoteKind::TooDeep, start);
            return parts.push(PartKind::Opaque, self.span_from(start));
        };
        if !closed && self.at_end() {
            self.note_from(NoteKind::Unfinished, start);
        }
        let expands = words.len() > 1 || words.first().is_some_and(has_expansion);
        // One that is not closed is read as if it were.
        if expands && (closed || self.at_end()) {
            return parts.push(PartKind::Brace(Brace::List(words)), self.span_from(start));
        }
        parts.text("{", crate::Span::new(start, start + 1));
        for (index, word) in words.into_iter().enumerate() {
            if index > 0 {
                parts.text(",", crate::Span::new(word.span.start.saturating_sub(1), word.span.start));
            }
            word.parts.into_iter().for_each(|part| parts.part(part));
        }
        if closed {
            parts.text("}", crate::Span::new(self.pos - 1, self.pos));
        }
    }

    /// Reads a backslash outside of quotes and what it makes.
    fn escape(&mut self, parts: &mut Parts) {
        let start = self.pos;
        let mut raw: Vec<u8> = Vec::new();
        // Escapes of bytes that follow one another may be one character together.
        while self.peek() == Some(b'\\') {
            let after = self.rest().get(1..).unwrap_or_default();
            let found = match after.first() {
                Some(b'x' | b'X') => digits(&after[1..], 16, 2).map(|(code, count)| (code, count + 1)),
                Some(b'0'..=b'7') => digits(after, 8, 3),
                _ => None,
            };
            let Some((code, length)) = found else { break };
            raw.push((code & 0xff) as u8);
            self.advance(1 + length);
        }
        if !raw.is_empty() {
            return parts.text(&String::from_utf8_lossy(&raw), self.span_from(start));
        }
        let after = self.rest().get(1..).unwrap_or_default();
        let simple = match after.first() {
            None => {
                self.advance(1);
                self.note_from(NoteKind::Unfinished, start);
                return;
            }
            Some(b'\n') => {
                self.advance(2);
                return;
            }
            Some(b'a') => "\u{7}",
            Some(b'b') => "\u{8}",
            Some(b'e') => "\u{1b}",
            Some(b'f') => "\u{c}",
            Some(b'n') => "\n",
            Some(b'r') => "\r",
            Some(b't') => "\t",
            Some(b'v') => "\u{b}",
            Some(kind @ (b'u' | b'U')) => {
                let most = if *kind == b'u' { 4 } else { 8 };
                let Some((code, length)) = digits(&after[1..], 16, most) else {
                    self.advance(2);
                    return self.note_from(NoteKind::Unexpected, start);
                };
                self.advance(2 + length);
                let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                return parts.text(letter.encode_utf8(&mut [0; 4]), self.span_from(start));
            }
            Some(b'c') => {
                let code = after.get(1).map_or(0, |letter| letter & 0x1f);
                self.advance(2);
                self.advance_letter();
                return parts.text(char::from(code).encode_utf8(&mut [0; 4]), self.span_from(start));
            }
            Some(_) => {
                self.advance(1);
                let from = self.pos;
                self.advance_letter();
                return parts.text(self.slice(from, self.pos), self.span_from(start));
            }
        };
        self.advance(2);
        parts.text(simple, self.span_from(start));
    }

    /// The bytes up to the next one that ends a word, if there are few enough for a reserved word.
    pub(super) fn bare_word(&self) -> &str {
        let rest = self.rest();
        let length = rest
            .iter()
            .take(10)
            .position(|&byte| ends_word(byte) || matches!(byte, b'&' | b'('))
            .unwrap_or(rest.len().min(10));
        self.slice(self.pos, self.pos + length)
    }

    /// Takes the word if it comes next, unquoted and whole.
    pub(super) fn eat_bare(&mut self, word: &str) -> bool {
        let found = self.bare_word() == word;
        if found {
            self.advance(word.len());
        }
        found
    }
}

/// Braces in braces of one word; deeper ones are left out.
const MOST_BRACES: usize = 8;

/// True where the word holds something that makes a single alternative expand.
fn has_expansion(word: &Word) -> bool {
    word.parts.iter().any(|part| {
        matches!(part.kind, PartKind::Parameter(_) | PartKind::Substitution(_) | PartKind::Slice { .. })
    })
}

pub(super) fn named(name: String) -> Parameter {
    Parameter { name, index: None, indirect: false, length: false, operation: None }
}

/// An empty program at a place.
pub(super) fn nothing(at: usize) -> Program {
    Program { statements: Vec::new(), span: crate::Span::new(at, at) }
}

/// The bytes at which a run of plain text in a word ends.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b" \t\n\r;&|<>()'\"$\\{},*?";
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
};
