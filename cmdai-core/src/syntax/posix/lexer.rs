//! The state of a parse and its smallest steps: bytes, blanks, comments, newlines, words that are
//! reserved.

use super::brackets::Brackets;
use super::heredoc::Heredocs;
use crate::line::{Dialect, Span};
use crate::syntax::{Note, NoteKind, Program};

/// Where a parse stands.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    /// The next byte.
    pub(super) pos: usize,
    /// Where reading stops: the end of the text, or of the stretch that is being read.
    pub(super) end: usize,
    pub(super) dialect: Dialect,
    /// How many more constructs may be opened inside one another.
    pub(super) room: usize,
    /// How many more pieces may be made.
    pub(super) pieces: usize,
    /// Where reading ended because none was left.
    pub(super) cut: usize,
    /// What would close one of the constructs that are open.
    pub(super) closers: u16,
    pub(super) heredocs: Heredocs,
    pub(super) brackets: Brackets,
    /// For text that was unescaped before it is read: the place in the line of each of its bytes.
    pub(super) origins: Option<Vec<usize>>,
    pub(super) notes: Vec<Note>,
    pub(super) comments: Vec<Span>,
    /// Bytes looked at, with repetition.
    pub(super) steps: usize,
}

/// What ends a list of statements, as a set of bits.
pub(super) mod until {
    /// Nothing but the end of the text.
    pub(in super::super) const END: u16 = 0;
    /// `)`
    pub(in super::super) const PAREN: u16 = 1;
    /// `}`
    pub(in super::super) const BRACE: u16 = 1 << 1;
    /// `;;`, `;&`, `;;&`
    pub(in super::super) const ARM: u16 = 1 << 2;
    /// `then`
    pub(in super::super) const THEN: u16 = 1 << 3;
    /// `elif`, `else`, `fi`
    pub(in super::super) const FI: u16 = 1 << 4;
    /// `do`
    pub(in super::super) const DO: u16 = 1 << 5;
    /// `done`
    pub(in super::super) const DONE: u16 = 1 << 6;
    /// `esac`
    pub(in super::super) const ESAC: u16 = 1 << 7;
    /// In zsh `{` where a command has just ended: the body of a short `if` or `while`.
    pub(in super::super) const SHORT: u16 = 1 << 8;
    /// `end`, which closes zsh's `foreach`.
    pub(in super::super) const END_WORD: u16 = 1 << 9;
    /// The closers that are words, which a pair of parentheses hides.
    pub(in super::super) const WORDS: u16 = BRACE | ARM | THEN | FI | DO | DONE | ESAC | END_WORD;
}

/// The words with a meaning of their own where a command begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reserved {
    Bang,
    OpenBrace,
    CloseBrace,
    OpenTest,
    Case,
    Coproc,
    Do,
    Done,
    Elif,
    Else,
    Esac,
    Fi,
    For,
    Function,
    If,
    Select,
    Then,
    Time,
    Until,
    While,
}

impl Reserved {
    fn from_bytes(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"!" => Self::Bang,
            b"{" => Self::OpenBrace,
            b"}" => Self::CloseBrace,
            b"[[" => Self::OpenTest,
            b"case" => Self::Case,
            b"coproc" => Self::Coproc,
            b"do" => Self::Do,
            b"done" => Self::Done,
            b"elif" => Self::Elif,
            b"else" => Self::Else,
            b"esac" => Self::Esac,
            b"fi" => Self::Fi,
            b"for" => Self::For,
            b"function" => Self::Function,
            b"if" => Self::If,
            b"select" => Self::Select,
            b"then" => Self::Then,
            b"time" => Self::Time,
            b"until" => Self::Until,
            b"while" => Self::While,
            _ => return None,
        })
    }

    /// The bit of [`until`] that this word is, zero for a word that opens something.
    pub(super) fn closes(self) -> u16 {
        match self {
            Self::CloseBrace => until::BRACE,
            Self::Then => until::THEN,
            Self::Elif | Self::Else | Self::Fi => until::FI,
            Self::Do => until::DO,
            Self::Done => until::DONE,
            Self::Esac => until::ESAC,
            _ => 0,
        }
    }

    /// True where a compound command begins with this word.
    pub(super) fn opens(self) -> bool {
        matches!(
            self,
            Self::OpenBrace
                | Self::OpenTest
                | Self::Case
                | Self::For
                | Self::If
                | Self::Select
                | Self::Until
                | Self::While
        )
    }
}

/// True for the bytes that end an unquoted word.
pub(super) fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// True for the bytes that a name begins with.
pub(super) fn begins_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

/// True for the bytes of a name.
pub(super) fn in_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// True for a variable's name.
pub(super) fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(begins_name) && text.bytes().all(in_name)
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect, depth: usize, pieces: usize) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            end: text.len(),
            dialect,
            room: depth,
            pieces,
            cut: usize::MAX,
            closers: until::END,
            heredocs: Heredocs::default(),
            brackets: Brackets::default(),
            origins: None,
            notes: Vec::new(),
            comments: Vec::new(),
            steps: 0,
        }
    }

    /// The byte at the offset, if it lies before the end.
    pub(super) fn byte(&self, offset: usize) -> Option<u8> {
        if offset < self.end { self.bytes.get(offset).copied() } else { None }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.pos)
    }

    /// True where the next bytes are these.
    pub(super) fn looking_at(&self, word: &str) -> bool {
        self.bytes.get(self.pos..self.end).is_some_and(|rest| rest.starts_with(word.as_bytes()))
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
        self.steps += bytes;
        self.pos = (self.pos + bytes).min(self.end.max(self.pos));
    }

    /// Pays for a piece. With none left the text ends here.
    pub(super) fn pay(&mut self) {
        self.pay_for(1);
    }

    /// Pays for something that costs as much as several pieces.
    pub(super) fn pay_for(&mut self, pieces: usize) {
        match self.pieces.checked_sub(pieces) {
            Some(left) => self.pieces = left,
            None => self.cut_short(),
        }
    }

    fn cut_short(&mut self) {
        self.cut = self.cut.min(self.pos);
        self.end = self.end.min(self.cut);
    }

    /// Reads all of another text, unescaped from a stretch of this one, on this one's account.
    pub(super) fn read_apart(&mut self, text: &str, origins: Vec<usize>) -> Program {
        let mut parser = Parser::new(text, self.dialect, self.room, self.pieces);
        parser.origins = Some(origins);
        let program = parser.whole();
        self.steps += parser.steps + text.len();
        self.notes.append(&mut parser.notes);
        self.comments.append(&mut parser.comments);
        self.pieces = parser.pieces;
        if parser.cut != usize::MAX {
            self.cut_short();
        }
        program
    }

    /// The length in bytes of the character at the offset; zero at the end.
    pub(super) fn char_len(&self, offset: usize) -> usize {
        if offset >= self.end {
            return 0;
        }
        self.text.get(offset..self.end).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }

    /// The text between two offsets.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The place in the line of a stretch of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        match &self.origins {
            None => Span::new(start, end),
            Some(origins) => {
                let at = |offset: usize| origins.get(offset).or(origins.last()).copied().unwrap_or_default();
                Span::new(at(start), at(end))
            }
        }
    }

    /// The place in the line from an offset to where reading stands.
    pub(super) fn span_from(&self, start: usize) -> Span {
        self.span(start, self.pos)
    }

    pub(super) fn note(&mut self, kind: NoteKind, start: usize, end: usize) {
        self.pay();
        let span = self.span(start, end);
        self.notes.push(Note { kind, span });
    }

    /// Notes what is missing here: the line has ended too early, or something else stands in its place.
    pub(super) fn missing(&mut self, opened: usize) {
        if self.pos >= self.end {
            self.note(NoteKind::Unfinished, opened, self.pos);
        } else {
            self.note(NoteKind::Unexpected, self.pos, self.pos + self.char_len(self.pos));
        }
    }

    /// Runs `read` on the text up to `end` only, and goes on behind it.
    pub(super) fn within<T>(&mut self, end: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.end;
        self.end = end.min(outer);
        let value = read(self);
        self.pos = self.pos.max(self.end);
        self.end = outer.min(self.cut);
        value
    }

    /// Runs `read` one level deeper, or gives `None` where the depth is spent.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.room = self.room.checked_sub(1)?;
        let value = read(self);
        self.room += 1;
        Some(value)
    }

    /// Skips blanks, continued lines and a comment; not newlines.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.advance(1),
                Some(b'\\') if self.byte(self.pos + 1) == Some(b'\n') => self.advance(2),
                Some(b'\\') if self.looking_at("\\\r\n") => self.advance(3),
                Some(b'\r') if self.byte(self.pos + 1) == Some(b'\n') => self.advance(1),
                Some(b'#') if self.at_word_start() => {
                    let start = self.pos;
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.advance(1);
                    }
                    let span = self.span_from(start);
                    self.comments.push(span);
                }
                _ => return,
            }
        }
    }

    fn at_word_start(&self) -> bool {
        match self.pos.checked_sub(1).and_then(|before| self.bytes.get(before)) {
            None => true,
            Some(&before) => ends_word(before) || before == b'`' || before == b'\r',
        }
    }

    /// Skips blanks and newlines. The bodies of heredocs follow the first newline.
    pub(super) fn newlines(&mut self) {
        self.blanks();
        while self.newline() {
            self.blanks();
        }
    }

    /// Takes one newline and the heredocs that begin behind it.
    pub(super) fn newline(&mut self) -> bool {
        let found = self.eat("\n");
        if found {
            self.read_bodies();
        }
        found
    }

    /// The bytes up to the next one that ends a word, if there are few enough for a reserved word.
    pub(super) fn bare_word(&self) -> &'a [u8] {
        let rest = self.bytes.get(self.pos..self.end).unwrap_or_default();
        let length = rest.iter().take(9).position(|&byte| ends_word(byte)).unwrap_or(rest.len().min(9));
        let word = rest.get(..length).unwrap_or_default();
        word.strip_suffix(b"\r").unwrap_or(word)
    }

    /// The reserved word that comes next.
    pub(super) fn reserved(&self) -> Option<Reserved> {
        Reserved::from_bytes(self.bare_word())
    }

    /// True where the next word is exactly this one, unquoted.
    pub(super) fn at_bare(&self, word: &str) -> bool {
        self.bare_word() == word.as_bytes()
    }

    /// Takes the word if it comes next, unquoted and whole.
    pub(super) fn eat_bare(&mut self, word: &str) -> bool {
        let found = self.at_bare(word);
        if found {
            self.advance(word.len());
        }
        found
    }

    /// Takes a name if one comes next.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let start = self.pos;
        if !self.peek().is_some_and(begins_name) {
            return None;
        }
        while self.peek().is_some_and(in_name) {
            self.advance(1);
        }
        Some(self.slice(start, self.pos))
    }
}
