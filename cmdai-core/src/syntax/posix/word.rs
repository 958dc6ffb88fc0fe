//! Words: text, quotes, expansions, globs, braces and tildes.
//!
//! A word is read once, left to right. A `{` is remembered on a stack and becomes a brace expansion
//! when its `}` is met with a comma or a range between them; until then, and for ever if it is not
//! met, it is text.

use super::lexer::{Parser, ends_word, is_name};
use crate::line::{Dialect, Span};
use crate::syntax::ir::{Brace, Part, PartKind, Program, Word};
use crate::syntax::{NoteKind, ir};

/// What a word may hold where it stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// `{a,b}` expands.
    pub(super) braces: bool,
    /// `*`, `?` and `[` match.
    pub(super) globs: bool,
    /// A tilde after `:` expands: the value of an assignment.
    pub(super) value: bool,
    /// `NAME=(…)` is an array: an argument of `declare` and its like.
    pub(super) arrays: bool,
    /// An opening parenthesis belongs to the word: zsh's groups and qualifiers.
    pub(super) groups: bool,
}

impl Place {
    pub(super) const ARGUMENT: Self =
        Self { braces: true, globs: true, value: false, arrays: false, groups: false };
    pub(super) const VALUE: Self = Self { braces: false, globs: false, value: true, ..Self::ARGUMENT };
    pub(super) const PATTERN: Self = Self { braces: false, ..Self::ARGUMENT };
    pub(super) const PLAIN: Self = Self { braces: false, globs: false, ..Self::ARGUMENT };
}

/// Parts of a word while it is read. Text that follows text joins it.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) list: Vec<Part>,
    /// Parts before this index take no more text: they are marks of a brace that may yet be cut out.
    sealed: usize,
}

impl Parts {
    /// With room for the single part that most words have.
    fn of_one() -> Self {
        Self { list: Vec::with_capacity(1), sealed: 0 }
    }

    pub(super) fn push(&mut self, kind: PartKind, span: Span) {
        self.list.push(Part { kind, span });
    }

    pub(super) fn text(&mut self, text: &str, span: Span) {
        if self.list.len() > self.sealed
            && let Some(Part { kind: PartKind::Text(last), span: whole }) = self.list.last_mut()
        {
            last.push_str(text);
            *whole = whole.to(span);
        } else {
            self.push(PartKind::Text(text.to_owned()), span);
        }
    }

    pub(super) fn glob(&mut self, text: &str, span: Span) {
        if self.list.len() > self.sealed
            && let Some(Part { kind: PartKind::Glob(last), span: whole }) = self.list.last_mut()
        {
            last.push_str(text);
            *whole = whole.to(span);
        } else {
            self.push(PartKind::Glob(text.to_owned()), span);
        }
    }

    /// A mark that stays a part of its own.
    fn mark(&mut self, text: &str, span: Span) -> usize {
        self.push(PartKind::Text(text.to_owned()), span);
        self.sealed = self.list.len();
        self.sealed - 1
    }
}

/// A `{` that is not closed yet.
struct OpenBrace {
    /// Index of its mark among the parts.
    index: usize,
    /// Indices of the commas.
    commas: Vec<usize>,
}

/// A word while it is read.
struct Reading {
    start: usize,
    parts: Parts,
    braces: Vec<OpenBrace>,
    /// Open parentheses of patterns.
    groups: usize,
    /// Where the `]` stands that closes the bracket which is open; what lies before is a pattern.
    bracket: usize,
    /// True behind `NAME=`.
    assigns: bool,
}

impl Parser<'_> {
    /// Reads a word. It is empty where none stands here.
    pub(super) fn word(&mut self, place: Place) -> Word {
        self.pay();
        let mut word = Reading {
            parts: Parts::of_one(),
            start: self.pos,
            braces: Vec::new(),
            groups: 0,
            bracket: 0,
            assigns: place.value,
        };
        if self.peek() == Some(b'~') {
            self.tilde(&mut word);
        } else if self.dialect == Dialect::Zsh && !place.value && self.peek() == Some(b'=') {
            self.equals(&mut word.parts);
        }
        if self.pos == word.start && self.dialect == Dialect::Zsh && self.looking_at("=(") {
            let start = self.pos;
            self.advance(1);
            if let Some(program) = self.substituted(start) {
                let span = self.span_from(start);
                word.parts.push(PartKind::Process { reads: true, program }, span);
            }
        }
        while self.piece(&mut word, place) {}
        if word.groups > 0 {
            self.note(NoteKind::Unfinished, word.start, self.pos);
        }
        let span = self.span_from(word.start);
        let mut parts = word.parts.list;
        if word.parts.sealed > 0 {
            parts = joined(parts);
        }
        Word { parts, span }
    }

    /// True where a word begins.
    pub(super) fn at_word(&self) -> bool {
        match self.peek() {
            None => false,
            Some(b'<') if self.numbers_end(self.pos).is_some() => true,
            Some(b'<' | b'>') => self.byte(self.pos + 1) == Some(b'('),
            Some(byte) => !ends_word(byte),
        }
    }

    /// Reads the next piece of a word; false at its end.
    fn piece(&mut self, word: &mut Reading, place: Place) -> bool {
        let start = self.pos;
        // A run ends where an open bracket is closed: what follows is text again.
        let end = if word.bracket > start { word.bracket.min(self.end) } else { self.end };
        let run = self.bytes.get(start..end).unwrap_or_default();
        let length = run.iter().position(|&byte| SPECIAL[byte as usize]).unwrap_or(run.len());
        if length > 0 {
            self.advance(length);
            self.plain(word, start);
            return true;
        }
        let Some(byte) = self.peek() else { return false };
        let start = self.pos;
        let next = self.byte(start + 1);
        if matches!(byte, b'{' | b',' | b'}' | b'*' | b'?' | b'[' | b'(' | b'\\') {
            self.pay();
        }
        match byte {
            b'\'' | b'"' => self.quoted(&mut word.parts),
            b'$' => self.dollar(&mut word.parts, false),
            b'`' => self.backticks(&mut word.parts, false),
            b'\\' => self.escape(word, place),
            b'<' | b'>' if next == Some(b'(') && word.groups == 0 => {
                self.advance(1);
                let Some(program) = self.substituted(start) else { return true };
                let span = self.span_from(start);
                word.parts.push(PartKind::Process { reads: byte == b'<', program }, span);
            }
            b'<' if place.globs && word.groups == 0 && self.numbers_end(start).is_some() => {
                let end = self.numbers_end(start).unwrap_or(start + 1);
                self.advance(end - start);
                let span = self.span_from(start);
                word.parts.glob("*", span);
            }
            b'(' if place.arrays && word.assigns && word.groups == 0 && self.after_equals(word.start) => {
                self.array_part(&mut word.parts);
            }
            b'(' if word.groups > 0
                || (place.groups && next != Some(b')'))
                // Flags of a pattern may stand in the name of a program.
                || (self.dialect == Dialect::Zsh && next == Some(b'#') && start > word.start) =>
            {
                word.groups += 1;
                self.advance(1);
                let span = self.span_from(start);
                word.parts.glob("(", span);
            }
            b')' if word.groups > 0 => {
                word.groups -= 1;
                self.advance(1);
                let span = self.span_from(start);
                word.parts.glob(")", span);
            }
            byte if ends_word(byte) && word.groups == 0 => return false,
            b'\r' if next == Some(b'\n') && word.groups == 0 => return false,
            b'?' | b'*' | b'+' | b'@' | b'!' if place.globs && next == Some(b'(') => {
                word.groups += 1;
                self.advance(2);
                let span = self.span_from(start);
                word.parts.glob(self.slice(start, start + 2), span);
            }
            b'?' | b'*' if place.globs => {
                self.advance(1);
                let span = self.span_from(start);
                word.parts.glob(self.slice(start, start + 1), span);
            }
            b'[' if place.globs && word.bracket <= start => self.bracket(word),
            b'{' | b',' | b'}' if place.braces && word.groups == 0 && word.bracket <= start => {
                self.brace(word, byte);
            }
            b'=' if !word.assigns && is_name(self.slice(word.start, start).trim_end_matches('+')) => {
                word.assigns = true;
                self.advance(1);
                self.plain(word, start);
                self.tilde_here(word);
            }
            b':' if word.assigns => {
                self.advance(1);
                self.plain(word, start);
                self.tilde_here(word);
            }
            _ => {
                self.advance(1);
                self.plain(word, start);
            }
        }
        true
    }

    /// Adds the text since `start` as what it is here: text, or part of an open pattern.
    fn plain(&self, word: &mut Reading, start: usize) {
        let text = self.slice(start, self.pos);
        let span = self.span_from(start);
        if word.groups > 0 || word.bracket > start {
            word.parts.glob(text, span);
        } else {
            word.parts.text(text, span);
        }
    }

    fn after_equals(&self, start: usize) -> bool {
        self.pos > start && self.bytes.get(self.pos - 1) == Some(&b'=')
    }

    /// Reads a backslash and what it protects.
    fn escape(&mut self, word: &mut Reading, place: Place) {
        let start = self.pos;
        self.advance(1);
        let escaped = self.pos;
        match self.char_len(escaped) {
            0 => self.note(NoteKind::Unfinished, start, self.pos),
            length => self.advance(length),
        }
        if self.slice(escaped, self.pos) == "\n" {
            return;
        }
        let span = self.span_from(start);
        if place.globs && (word.groups > 0 || word.bracket > start) {
            word.parts.glob(self.slice(start, self.pos), span);
        } else {
            word.parts.text(self.slice(escaped, self.pos), span);
        }
    }

    /// Reads `[`, which begins a pattern if a `]` follows in the word.
    fn bracket(&mut self, word: &mut Reading) {
        let start = self.pos;
        let mut at = start + 1;
        while matches!(self.byte(at), Some(b'!' | b'^')) && at == start + 1 {
            at += 1;
        }
        if self.byte(at) == Some(b']') {
            at += 1;
        }
        // A look that finds none is not repeated for the brackets that it passed.
        let mut close = None;
        if at >= self.brackets.no_square_before {
            while let Some(byte) = self.byte(at) {
                match byte {
                    b']' => {
                        close = Some(at);
                        break;
                    }
                    b'\\' => at += 1,
                    b'[' if self.byte(at + 1) == Some(b':') => at = self.class_end(at),
                    byte if ends_word(byte) => break,
                    _ => {}
                }
                at += 1;
            }
            self.steps += at - start;
            if close.is_none() {
                self.brackets.no_square_before = at;
            }
        }
        if let Some(close) = close {
            word.bracket = close + 1;
        }
        self.advance(1);
        self.plain(word, start);
    }

    /// For `[:` inside a bracket: the offset of the `]` of its `:]`, or of the `[` if there is none.
    fn class_end(&self, start: usize) -> usize {
        let mut at = start + 2;
        while self.byte(at).is_some_and(|byte| byte.is_ascii_lowercase()) {
            at += 1;
        }
        if self.byte(at) == Some(b':') && self.byte(at + 1) == Some(b']') { at + 1 } else { start }
    }

    /// Reads `{`, `,` or `}` where braces expand.
    fn brace(&mut self, word: &mut Reading, byte: u8) {
        let start = self.pos;
        self.advance(1);
        let span = self.span_from(start);
        match byte {
            b'{' if word.braces.len() < self.room.min(MOST_BRACES) => {
                let index = word.parts.mark("{", span);
                word.braces.push(OpenBrace { index, commas: Vec::new() });
            }
            b'{' => {
                self.note(NoteKind::TooDeep, start, self.pos);
                word.parts.text("{", span);
            }
            b',' if let Some(open) = word.braces.last_mut() => open.commas.push(word.parts.mark(",", span)),
            b'}' if let Some(open) = word.braces.pop() => {
                let whole = word.parts.list.get(open.index).map_or(span, |mark| mark.span.to(span));
                let brace = if open.commas.is_empty() {
                    range_of(&word.parts.list[open.index + 1..])
                } else {
                    Some(list_of(&mut word.parts.list, &open, span))
                };
                match brace {
                    Some(brace) => {
                        word.parts.list.truncate(open.index);
                        word.parts.push(PartKind::Brace(brace), whole);
                        word.parts.sealed = word.parts.list.len();
                    }
                    None => word.parts.text("}", span),
                }
            }
            _ => self.plain(word, start),
        }
    }

    fn tilde_here(&mut self, word: &mut Reading) {
        if self.peek() == Some(b'~') {
            self.tilde(word);
        }
    }

    /// Reads `~` or `~user` where it expands; takes nothing where it does not.
    fn tilde(&mut self, word: &mut Reading) {
        let start = self.pos;
        let mut at = start + 1;
        while self
            .byte(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+'))
        {
            at += 1;
        }
        let ends = match self.byte(at) {
            None | Some(b'/') => true,
            Some(b':') => word.assigns,
            Some(b'}' | b',') => !word.braces.is_empty(),
            Some(byte) => ends_word(byte),
        };
        self.advance(if ends { at - start } else { 1 });
        if ends {
            let span = self.span_from(start);
            word.parts.push(PartKind::Tilde(self.slice(start + 1, at).to_owned()), span);
        } else {
            self.plain(word, start);
        }
    }

    /// Reads `( … )` of a substitution, like [`Parser::parenthesized`].
    pub(super) fn substituted(&mut self, opened: usize) -> Option<Program> {
        self.with_heredocs_aside(|parser| parser.parenthesized(opened))
    }

    /// Reads `( … )` of commands, the parenthesis being next; `opened` is where the construct began.
    /// `None` where it lies too deep; then it has become opaque and is skipped.
    pub(super) fn parenthesized(&mut self, opened: usize) -> Option<Program> {
        let open = self.pos;
        self.advance(1);
        let program = self.deeper(|parser| {
            let program = parser.nested_program();
            if !parser.eat(")") {
                parser.missing(opened);
            }
            program
        });
        if program.is_none() {
            self.pos = open;
            self.skip_parenthesis(opened);
        }
        program
    }

    /// Skips a parenthesis that lies too deep, whole if its end is known.
    pub(super) fn skip_parenthesis(&mut self, opened: usize) {
        let after = self.closing(self.pos).map_or(self.end, |close| close + 1);
        self.advance(after - self.pos);
        self.note(NoteKind::TooDeep, opened, self.pos);
    }
}

/// Braces in braces of one word; more are text. Each level of a tree costs stack to whoever walks it.
const MOST_BRACES: usize = 16;

/// Cuts the alternatives of a brace out of the parts.
fn list_of(list: &mut Vec<Part>, open: &OpenBrace, close: Span) -> Brace {
    let mut words = Vec::with_capacity(open.commas.len() + 1);
    let mut tail: std::vec::IntoIter<Part> = list.split_off(open.index).into_iter();
    let mut index = open.index;
    let mut from = tail.next().map_or(close.start, |mark| mark.span.end);
    for &comma in open.commas.iter().chain([&usize::MAX]) {
        let count = comma.saturating_sub(index + 1);
        let parts: Vec<Part> = tail.by_ref().take(count).collect();
        let mark = tail.next();
        let end = mark.as_ref().map_or(close.start, |mark| mark.span.start);
        words.push(Word { parts: joined(parts), span: Span::new(from, end) });
        from = mark.map_or(end, |mark| mark.span.end);
        index = comma;
    }
    Brace::List(words)
}

/// The range that the parts between two braces are, if they are one.
fn range_of(parts: &[Part]) -> Option<Brace> {
    let [Part { kind: PartKind::Text(text), span }] = parts else { return None };
    if text.len() != span.len() {
        return None;
    }
    let mut ends = text.split("..");
    let (from, to, step) = (ends.next()?, ends.next()?, ends.next());
    let number = |text: &str| text.parse::<i64>().is_ok();
    let letter = |text: &str| text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic();
    let fits = (number(from) && number(to)) || (letter(from) && letter(to));
    if !fits || step.is_some_and(|step| !number(step)) || ends.next().is_some() {
        return None;
    }
    Some(Brace::Range { from: from.to_owned(), to: to.to_owned(), step: step.map(str::to_owned) })
}

/// The parts with text that follows text joined.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out = Parts { list: Vec::with_capacity(parts.len()), sealed: 0 };
    for part in parts {
        match part.kind {
            PartKind::Text(text) => out.text(&text, part.span),
            kind => out.push(kind, part.span),
        }
    }
    out.list
}

/// The bytes at which a run of plain text in a word ends.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b" \t\n\r;&|<>()'\"`$\\~{},*?[+@!=:";
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
};

/// A word of no parts at a place.
pub(super) fn empty(span: Span) -> Word {
    ir::Word { parts: Vec::new(), span }
}
