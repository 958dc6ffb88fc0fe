//! Where a parse stands and what it may still spend, for the parsers of fish and nushell.
//!
//! Every byte is looked at a bounded number of times: a parser goes forward only, each construct it
//! opens costs one level of [`Cursor::room`], each piece it makes one of [`Cursor::pieces`]. With none
//! left the text ends where the parse stands.

use super::ir::{Part, PartKind};
use super::{Limits, Note, NoteKind, Parsed, Program};
use crate::line::Span;

/// Where a parse stands.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    bytes: &'a [u8],
    /// The next byte.
    pub(super) pos: usize,
    /// Where reading stops.
    pub(super) end: usize,
    /// How many more constructs may be opened inside one another.
    pub(super) room: usize,
    /// How many more pieces may be made.
    pieces: usize,
    /// Where reading ended because none was left.
    cut: usize,
    pub(super) notes: Vec<Note>,
    pub(super) comments: Vec<Span>,
}

impl<'a> Cursor<'a> {
    /// At the beginning of the text, or of as much of it as the limits allow.
    pub(super) fn new(text: &'a str, limits: Limits) -> Self {
        let mut end = text.len().min(limits.bytes);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            end,
            room: limits.depth,
            pieces: limits.pieces,
            cut: usize::MAX,
            notes: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// The tree with what was noted on the way.
    pub(super) fn finish(mut self, program: Program) -> Parsed {
        let end = self.end.min(self.cut);
        if end < self.text.len() {
            // Where the text was cut, what seems to be missing is not the author's doing.
            self.notes.retain(|note| note.span.start < end);
            self.notes.push(Note { kind: NoteKind::TooLong, span: Span::new(end, self.text.len()) });
        }
        self.notes.sort_by_key(|note| (note.span.start, note.span.end));
        self.notes.dedup();
        self.comments.sort();
        self.comments.dedup();
        Parsed { program, notes: self.notes, comments: self.comments, bytes: self.text.len() }
    }

    /// The byte at the offset, if it lies before the end.
    pub(super) fn byte(&self, offset: usize) -> Option<u8> {
        if offset < self.end { self.bytes.get(offset).copied() } else { None }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.pos)
    }

    /// The byte after the next one.
    pub(super) fn peek_second(&self) -> Option<u8> {
        self.byte(self.pos + 1)
    }

    /// True at the end of what is read.
    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.end
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.pos..self.end).unwrap_or_default()
    }

    /// True where the next bytes are these.
    pub(super) fn looking_at(&self, word: &str) -> bool {
        self.rest().starts_with(word.as_bytes())
    }

    /// Takes these bytes if they come next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.looking_at(word);
        if found {
            self.advance(word.len());
        }
        found
    }

    /// Goes on by some bytes.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.pos = (self.pos + bytes).min(self.end.max(self.pos));
    }

    /// Goes on over the next character, whole.
    pub(super) fn advance_letter(&mut self) {
        self.advance(self.letter_len(self.pos));
    }

    /// The length in bytes of the character at the offset; zero at the end.
    pub(super) fn letter_len(&self, offset: usize) -> usize {
        if offset >= self.end {
            return 0;
        }
        self.text.get(offset..self.end).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }

    /// Goes on as long as the bytes are such.
    pub(super) fn advance_while(&mut self, fits: impl Fn(u8) -> bool) {
        let rest = self.rest();
        let length = rest.iter().position(|&byte| !fits(byte)).unwrap_or(rest.len());
        self.advance(length);
    }

    /// The text between two offsets.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// From an offset to where the parse stands.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.pos)
    }

    /// Pays for a piece. With none left the text ends here.
    pub(super) fn pay(&mut self) {
        match self.pieces.checked_sub(1) {
            Some(left) => self.pieces = left,
            None => {
                self.cut = self.cut.min(self.pos);
                self.end = self.end.min(self.cut);
            }
        }
    }

    pub(super) fn note(&mut self, kind: NoteKind, start: usize, end: usize) {
        self.pay();
        self.notes.push(Note { kind, span: Span::new(start, end) });
    }

    /// Notes what stands from an offset to here.
    pub(super) fn note_from(&mut self, kind: NoteKind, start: usize) {
        self.note(kind, start, self.pos);
    }

    /// Notes what is missing here: the line has ended too early, or something else stands in its place.
    pub(super) fn missing(&mut self, opened: usize) {
        if self.at_end() {
            self.note(NoteKind::Unfinished, opened, self.pos);
        } else {
            self.note(NoteKind::Unexpected, self.pos, self.pos + self.letter_len(self.pos));
        }
    }
}

/// Parts of a word while it is read. Text that follows text joins it.
#[derive(Default)]
pub(super) struct Parts(pub(super) Vec<Part>);

impl Parts {
    pub(super) fn push(&mut self, kind: PartKind, span: Span) {
        self.0.push(Part { kind, span });
    }

    pub(super) fn text(&mut self, text: &str, span: Span) {
        match self.0.last_mut() {
            Some(Part { kind: PartKind::Text(last), span: whole }) => {
                last.push_str(text);
                *whole = whole.to(span);
            }
            _ => self.push(PartKind::Text(text.to_owned()), span),
        }
    }

    /// Adds a part as it is, joining text with text.
    pub(super) fn part(&mut self, part: Part) {
        match part.kind {
            PartKind::Text(text) => self.text(&text, part.span),
            kind => self.push(kind, part.span),
        }
    }
}

/// The value of up to `most` digits of a base, and how many there were; `None` without a digit.
pub(super) fn digits(text: &[u8], base: u32, most: usize) -> Option<(u32, usize)> {
    let mut value = 0_u32;
    let mut count = 0;
    while count < most
        && let Some(digit) = text.get(count).and_then(|&byte| char::from(byte).to_digit(base))
    {
        value = value.wrapping_mul(base).wrapping_add(digit);
        count += 1;
    }
    (count > 0).then_some((value, count))
}
