//! The parser of nushell.
//!
//! A pipeline of nushell carries values: its stages are calls (`ls`, `^git push`), expressions (`$x + 1`) or
//! constructs with blocks (`if`, `for`, `def`). All of it becomes the one tree, with closures, lists,
//! records and operators as [`crate::syntax::ir::Expression`]s. A call whose name is written with `^` has a first word whose span
//! begins before its first part.

mod expression;
mod statement;
mod word;

#[cfg(test)]
mod tests;

use super::cursor::Cursor;
use super::ir::{Command, CommandKind, Expression, ExpressionKind, Join, Pipeline, Stage, Statement, Word};
use super::{Limits, Parsed, Program};
use crate::line::Span;

/// Depth of constructs within constructs.
const DEPTH: usize = 24;

/// Parses a line or script.
pub(super) fn parse(text: &str, limits: Limits) -> Parsed {
    // A level of values costs more stack than one of commands; nobody nests so deep.
    let limits = Limits { depth: limits.depth.min(DEPTH), ..limits };
    let mut parser = Parser { cursor: Cursor::new(text, limits), closers: until::NOTHING };
    let program = parser.program(until::NOTHING);
    parser.cursor.finish(program)
}

/// Where a parse stands, and what would close one of the constructs that are open.
struct Parser<'a> {
    cursor: Cursor<'a>,
    closers: u8,
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

/// What ends a list of statements or values, as a set of bits.
mod until {
    /// Nothing but the end of the text.
    pub(super) const NOTHING: u8 = 0;
    /// `)`
    pub(super) const PAREN: u8 = 1;
    /// `}`
    pub(super) const BRACE: u8 = 1 << 1;
    /// `]`
    pub(super) const BRACKET: u8 = 1 << 2;
    /// `,`, which parts the arms of `match` and the items of lists and records.
    pub(super) const COMMA: u8 = 1 << 3;
}

impl Parser<'_> {
    /// Runs `read` one level deeper, or gives `None` where the depth is spent.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.room = self.room.checked_sub(1)?;
        let value = read(self);
        self.room += 1;
        Some(value)
    }

    /// Runs `read` with only these closers open.
    fn enclosed<T>(&mut self, closers: u8, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.closers, closers);
        let value = read(self);
        self.closers = outer;
        value
    }

    /// True where the byte ends a bare word here.
    fn ends_word(&self, byte: u8) -> bool {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'|' | b';' => true,
            b')' => self.closers & until::PAREN != 0,
            b'}' => self.closers & until::BRACE != 0,
            b']' => self.closers & until::BRACKET != 0,
            b',' => self.closers & until::COMMA != 0,
            _ => false,
        }
    }

    /// True at the end of the text, of the line, or of what is open.
    fn at_stop(&self) -> bool {
        self.peek().is_none_or(|byte| !matches!(byte, b' ' | b'\t' | b'\r') && self.ends_word(byte))
    }

    /// The bytes up to the next one that ends a bare word, if they are few.
    fn bare_word(&self) -> &str {
        let rest = self.rest();
        let length =
            rest.iter().take(16).position(|&byte| self.ends_word(byte)).unwrap_or(rest.len().min(16));
        self.slice(self.pos, self.pos + length)
    }

    /// Takes the word if it comes next, bare and whole.
    fn eat_bare(&mut self, word: &str) -> bool {
        let found = self.bare_word() == word;
        if found {
            self.advance(word.len());
        }
        found
    }

    /// Skips blanks and a comment; not newlines, but where brackets hold a long call together.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b'\n') if self.closers == until::PAREN && self.goes_on() => self.advance(1),
                Some(b' ' | b'\t' | b'\r') => self.advance(1),
                Some(b'#') if self.at_word_start() => {
                    let start = self.pos;
                    self.advance_while(|byte| byte != b'\n');
                    let span = self.span_from(start);
                    self.comments.push(span);
                }
                _ => return,
            }
        }
    }

    /// True where the next line begins with what no command is called: inside brackets an end of line is a blank.
    fn goes_on(&self) -> bool {
        let next = self.rest().iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        matches!(next, Some(b'-' | b'/' | b'~' | b'.' | b'"' | b'\''))
    }

    fn at_word_start(&self) -> bool {
        let before = self.pos.checked_sub(1).and_then(|before| self.byte(before));
        before.is_none_or(|byte| {
            matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'|' | b';' | b'(' | b'{' | b'[' | b',')
        })
    }

    /// Skips blanks and newlines.
    fn newlines(&mut self) {
        self.blanks();
        while self.eat("\n") {
            self.blanks();
        }
    }
}

/// A program of one command.
fn alone(command: Command) -> Program {
    let span = command.span;
    let stages = vec![Stage { command, pipes_stderr: false }];
    let pipeline = Pipeline { negated: false, timed: false, stages, span };
    let statement = Statement { chain: vec![(Join::First, pipeline)], background: false, span };
    Program { statements: vec![statement], span }
}

/// A command that is a value.
fn valued(expression: Expression) -> Command {
    let span = expression.span;
    Command { kind: CommandKind::Expression(Box::new(expression)), redirections: Vec::new(), span }
}

/// A word as a value.
fn worded(word: Word) -> Expression {
    Expression { span: word.span, kind: ExpressionKind::Word(word) }
}

fn nothing(at: usize) -> Program {
    Program { statements: Vec::new(), span: Span::new(at, at) }
}
