//! The parser of PowerShell.
//!
//! One pass of recursive descent over the characters. PowerShell reads in two modes, and the first
//! character of a pipeline's part decides which: a quote, `$`, `(`, `[`, `@(`, `{` or a number begins an
//! expression, anything else a command whose words are mostly plain text. Every opened construct spends
//! from one budget of depth, every piece from one of pieces; chains of operators and of members are
//! flat, so that nothing but nesting makes the tree deep. What cannot stand where it stands is noted and
//! skipped.

mod command;
mod expression;
mod keyword;
mod script;
mod strings;

#[cfg(test)]
mod tests;

use super::{Limits, Note, NoteKind, Parsed};
use crate::line::Span;

/// Parses a line or script.
pub(super) fn parse(text: &str, limits: Limits) -> Parsed {
    let mut end = text.len().min(limits.bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut reader = Reader {
        text,
        at: 0,
        end,
        room: limits.depth,
        pieces: limits.pieces,
        notes: Vec::new(),
        comments: Vec::new(),
        commas: true,
    };
    let program = reader.whole();
    let stopped = reader.end;
    let mut notes = reader.notes;
    if stopped < text.len() {
        // Where the text was cut, what seems to be missing is not the author's doing.
        notes.retain(|note| {
            note.kind == NoteKind::TooDeep || (note.span.start < stopped && note.kind != NoteKind::Unfinished)
        });
        if !notes.iter().any(|note| note.kind == NoteKind::TooDeep) {
            notes.push(Note { kind: NoteKind::TooLong, span: Span::new(stopped, text.len()) });
        }
    }
    notes.sort_by_key(|note| (note.span.start, note.span.end));
    notes.dedup();
    Parsed { program, notes, comments: reader.comments, bytes: text.len() }
}

/// Where a parse stands and what it may still spend.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where reading stops; moved to where the parse stands once a budget is used up.
    end: usize,
    /// How many more constructs may be opened inside one another.
    room: usize,
    pieces: usize,
    notes: Vec<Note>,
    comments: Vec<Span>,
    /// False among the arguments of a method, where a comma separates them.
    commas: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next.
    fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn is_over(&self) -> bool {
        self.at >= self.end
    }

    fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// Takes this text where it is next.
    fn eat(&mut self, text: &str) -> bool {
        let here = self.rest().starts_with(text);
        if here {
            self.at += text.len();
        }
        here
    }

    fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    fn note(&mut self, kind: NoteKind, span: Span) {
        if self.notes.len() < 256 {
            self.notes.push(Note { kind, span });
        }
    }

    /// The text ends inside what began at `start`.
    fn unfinished(&mut self, start: usize) {
        let span = Span::new(start, self.at);
        self.note(NoteKind::Unfinished, span);
    }

    /// Takes one piece from the budget; with none left the text ends here.
    fn piece(&mut self) {
        if self.pieces == 0 {
            self.end = self.end.min(self.at);
        } else {
            self.pieces -= 1;
        }
    }

    /// Runs `read` one level deeper. With no level left the text ends here, and nothing is read.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.room == 0 {
            let span = Span::new(self.at, self.text.len());
            self.note(NoteKind::TooDeep, span);
            self.end = self.at;
            return None;
        }
        self.room -= 1;
        let read = read(self);
        self.room += 1;
        Some(read)
    }

    /// Skips blanks, comments and line continuations; true where there were any.
    fn spaces(&mut self) -> bool {
        let start = self.at;
        while let Some(letter) = self.peek() {
            match letter {
                '\n' | '\r' => break,
                '`' if matches!(self.second(), Some('\n' | '\r')) => {
                    self.at += 1;
                    self.line_end();
                }
                '#' => self.comment(),
                '<' if self.second() == Some('#') => self.block_comment(),
                _ if letter.is_whitespace() => self.at += letter.len_utf8(),
                _ => break,
            }
        }
        self.at > start
    }

    /// Takes one end of line.
    fn line_end(&mut self) -> bool {
        self.eat("\r\n") || self.eat("\n") || self.eat("\r")
    }

    /// Skips blanks and ends of lines.
    fn lines(&mut self) {
        loop {
            self.spaces();
            if !self.line_end() {
                break;
            }
        }
    }

    /// Skips all that separates statements.
    fn separators(&mut self) {
        loop {
            self.lines();
            if !self.eat(";") {
                break;
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let length = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        self.at += length;
        let span = self.since(start);
        self.comments.push(span);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        match self.rest().find("#>") {
            Some(at) => self.at += at + 2,
            None => {
                self.at = self.end;
                self.unfinished(start);
            }
        }
        let span = self.since(start);
        self.comments.push(span);
    }

    /// The word of letters that is next, in lower case; empty where none is, or where it goes on with what
    /// no reserved word is followed by.
    fn reserved(&self) -> String {
        let rest = self.rest();
        let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
        if end == 0 || end > 16 {
            return String::new();
        }
        let follows = rest[end..].chars().next();
        let ends = follows.is_none_or(|letter| {
            letter.is_whitespace() || "(){};|&,$\"'@[#".contains(letter) || is_quote(letter)
        });
        if ends { rest[..end].to_ascii_lowercase() } else { String::new() }
    }
}

/// The dashes that PowerShell takes for `-`.
fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

fn is_single_quote(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}')
}

fn is_double_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201C}' | '\u{201D}' | '\u{201E}')
}

fn is_quote(letter: char) -> bool {
    is_single_quote(letter) || is_double_quote(letter)
}

/// What a variable's or member's name is made of.
fn is_name(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}
