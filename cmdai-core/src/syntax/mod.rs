//! Reading a command line: any bytes, in any dialect, finished or not, become a [`Program`].
//!
//! Every dialect's parser writes the one tree of [`ir`]. Parsing is total and bounded: it never
//! fails, panics or recurses past [`Limits::depth`]; what it could not read is a [`Note`] beside the
//! tree, and [`Parsed::understood`] tells how many bytes were understood. An unfinished line is read as
//! if it ended where it ends, with the note [`NoteKind::Unfinished`].

mod cursor;
#[cfg(test)]
mod dump;
mod fish;
pub mod ir;
mod nu;
mod posix;
mod powershell;
mod print;
pub mod walk;

pub use ir::Program;

use crate::line::{Dialect, Span};

/// What bounds the work of one parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that are read; the rest of the text is left out with [`NoteKind::TooLong`].
    pub bytes: usize,
    /// Depth of nested constructs. The default is far beyond what people write and keeps the parser, and
    /// whoever walks the tree, within the stack of a small thread; deeper text is kept as [`ir::PartKind::Opaque`] with [`NoteKind::TooDeep`].
    pub depth: usize,
    /// Words, commands, expansions and notes that are made; what follows them is left out with
    /// [`NoteKind::TooLong`]. A script as long as [`Limits::bytes`] does not come near the default; text
    /// that is made of nothing but operators does.
    pub pieces: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, depth: 40, pieces: 16_384 }
    }
}

/// A line after parsing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub program: Program,
    /// What was odd about the text, in order of position.
    pub notes: Vec<Note>,
    /// Comments, in order of position.
    pub comments: Vec<Span>,
    /// Length of the text in bytes.
    pub bytes: usize,
}

impl Parsed {
    /// True where every byte was understood and nothing is left open.
    pub fn is_complete(&self) -> bool {
        self.notes.is_empty()
    }

    /// How many bytes were understood: all but those of the notes. What is unfinished is understood as
    /// far as it goes.
    pub fn understood(&self) -> usize {
        let mut left_out = 0;
        let mut reached = 0;
        for note in self.notes.iter().filter(|note| note.kind != NoteKind::Unfinished) {
            let start = note.span.start.max(reached);
            left_out += note.span.end.saturating_sub(start);
            reached = reached.max(note.span.end);
        }
        self.bytes.saturating_sub(left_out)
    }
}

/// Something the parser could not read as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// Where it is.
    pub span: Span,
}

/// Kinds of [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// The line ends inside a construct that its author has yet to close.
    Unfinished,
    /// A token that cannot stand here, such as a lone `)`. It is skipped.
    Unexpected,
    /// Text nested deeper than [`Limits::depth`].
    TooDeep,
    /// Text beyond [`Limits::bytes`] or [`Limits::pieces`].
    TooLong,
}

/// Parses `text` as a line or script of `dialect` within the default [`Limits`].
pub fn parse(text: &str, dialect: Dialect) -> Parsed {
    parse_within(text, dialect, Limits::default())
}

/// Parses within limits of the caller's choice.
pub fn parse_within(text: &str, dialect: Dialect, limits: Limits) -> Parsed {
    match dialect {
        Dialect::Bash | Dialect::Posix | Dialect::Zsh => posix::parse(text, dialect, limits),
        Dialect::Fish => fish::parse(text, limits),
        Dialect::Nu => nu::parse(text, limits),
        Dialect::PowerShell => powershell::parse(text, limits),
    }
}
