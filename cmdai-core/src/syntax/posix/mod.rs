//! The parser of bash, zsh and POSIX sh.
//!
//! One pass of recursive descent over the bytes, without tokens: what a character means in a shell
//! depends on where it stands, so the code that knows where it stands reads it. Three things make
//! that total and linear. Recursion spends from one depth budget; what lies deeper is kept as text
//! with a note. Nothing is read twice: braces and globs are recognised on the way with a stack, and
//! the one real look-ahead of the language, whether `((` is arithmetic, asks [`brackets`], which
//! remembers every answer. And a token that cannot stand where it stands is noted, skipped and
//! followed by the attempt to read a command, so that an error hides as little as possible.
//!
//! The grammar is that of bash with what zsh adds cheaply, for all three dialects: `sh` is bash on
//! many machines, and a reader that warns must see what any of them would run.

mod brackets;
mod compound;
mod expansion;
mod heredoc;
mod lexer;
mod parser;
mod quote;
mod redirection;
mod word;
mod zsh;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod totality;

use super::{Limits, Note, NoteKind, Parsed};
use crate::line::{Dialect, Span};
use lexer::Parser;

/// Parses a line or script.
pub(super) fn parse(text: &str, dialect: Dialect, limits: Limits) -> Parsed {
    parse_counting(text, dialect, limits).0
}

/// The same, and how many bytes were looked at, which is what the tests on hostile input bound.
fn parse_counting(text: &str, dialect: Dialect, limits: Limits) -> (Parsed, usize) {
    let mut end = text.len().min(limits.bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut parser = Parser::new(&text[..end], dialect, limits.depth, limits.pieces);
    let program = parser.whole();
    end = end.min(parser.cut);
    // Where the text was cut, what seems to be missing is not the author's doing.
    parser.notes.retain(|note| note.span.start < end || note.kind == NoteKind::Unfinished);
    if end < text.len() {
        parser.notes.push(Note { kind: NoteKind::TooLong, span: Span::new(end, text.len()) });
    }
    let mut notes = parser.notes;
    notes.sort_by_key(|note| (note.span.start, note.span.end));
    notes.dedup();
    let mut comments = parser.comments;
    comments.sort();
    (Parsed { program, notes, comments, bytes: text.len() }, parser.steps)
}
