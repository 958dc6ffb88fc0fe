//! The parser of fish.
//!
//! fish has few operators and many words: blocks begin with a word and end with `end`, `and`, `or` and
//! `not` stand before a command, and parentheses always run something. It is read in one pass, as the
//! other dialects are, into the same tree: `begin … end` is a group, `switch` a `case`, a function's
//! named arguments become assignments at the head of its body. What fish takes for a mistake is noted and read on.

mod statement;
mod word;

#[cfg(test)]
mod tests;

use super::cursor::Cursor;
use super::{Limits, Parsed};

/// Parses a line or script.
pub(super) fn parse(text: &str, limits: Limits) -> Parsed {
    let mut parser = Parser { cursor: Cursor::new(text, limits), closers: until::NOTHING, braces: 0 };
    let program = parser.program(until::NOTHING);
    parser.cursor.finish(program)
}

/// Where a parse stands, and what would close one of the blocks that are open.
struct Parser<'a> {
    cursor: Cursor<'a>,
    closers: u8,
    /// Braces that are open around the word being read.
    braces: usize,
}

impl<'a> std::ops::Deref for Parser<'a> {
    type Target = Cursor<'a>;
    fn deref(&self) -> &Self::Target {
        &self.cursor
    }
}

impl std::ops::DerefMut for Parser<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.cursor
    }
}

impl Parser<'_> {
    /// Runs `read` one level deeper, or gives `None` where the depth is spent.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.room = self.room.checked_sub(1)?;
        let value = read(self);
        self.room += 1;
        Some(value)
    }
}

/// What ends a list of statements, as a set of bits.
mod until {
    /// Nothing but the end of the text.
    pub(super) const NOTHING: u8 = 0;
    /// `)`
    pub(super) const PAREN: u8 = 1;
    /// `}`
    pub(super) const BRACE: u8 = 1 << 1;
    /// `end`
    pub(super) const END: u8 = 1 << 2;
    /// `else`
    pub(super) const ELSE: u8 = 1 << 3;
    /// `case`
    pub(super) const CASE: u8 = 1 << 4;
}

/// True for the bytes that end an unquoted word, `&` aside, which does so only before one of these.
fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' | b'<' | b'>' | b')')
}

/// True for the bytes of a variable's name.
fn in_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}
