//! Heredocs. A body begins behind the newline that ends the line of its `<<`, when the redirection
//! has long been put into the tree; so the redirection keeps the number of its body, and the bodies
//! are put in their places when everything is read.

use super::lexer::Parser;
use super::word::{Parts, Place, empty};
use crate::line::Span;
use crate::syntax::NoteKind;
use crate::syntax::ir::{Part, PartKind, Program, RedirectionKind, Word};
use crate::syntax::walk::each_redirection_mut;

/// The heredocs of a parse.
#[derive(Default)]
pub(super) struct Heredocs {
    /// Those whose body is still to come.
    pending: Vec<Pending>,
    /// Bodies by number.
    bodies: Vec<Word>,
}

struct Pending {
    number: usize,
    delimiter: String,
    quoted: bool,
    strip_tabs: bool,
    /// Where its operator stands.
    start: usize,
}

impl Parser<'_> {
    /// Takes note of a heredoc and gives the redirection, whose body comes later.
    pub(super) fn heredoc(&mut self, start: usize, strip_tabs: bool) -> RedirectionKind {
        let written = self.pos;
        let word = self.word(Place::PLAIN);
        if self.pos == written {
            self.missing(start);
        }
        self.pay_for(2);
        let number = self.heredocs.bodies.len();
        self.heredocs.bodies.push(empty(self.span(self.pos, self.pos)));
        // The delimiter is its text, quotes taken away; nothing in it is expanded.
        // No line can equal a delimiter that has a newline in it; its first line is enough to tell.
        let raw = self.slice(written, self.pos).split('\n').next().unwrap_or_default();
        let quoted = raw.contains(['\'', '"', '\\']);
        let delimiter = word.literal().unwrap_or_else(|| raw.replace(['\'', '"', '\\'], ""));
        self.heredocs.pending.push(Pending {
            number,
            delimiter: delimiter.clone(),
            quoted,
            strip_tabs,
            start,
        });
        let number = Part { kind: PartKind::Opaque, span: Span::new(number, usize::MAX) };
        let body = Word { parts: vec![number], span: Span::default() };
        RedirectionKind::HereDocument { delimiter, quoted, strip_tabs, body }
    }

    /// Reads the bodies that begin here, behind a newline.
    pub(super) fn read_bodies(&mut self) {
        if self.heredocs.pending.is_empty() {
            return;
        }
        for pending in std::mem::take(&mut self.heredocs.pending) {
            let start = self.pos;
            let mut end = self.end;
            let mut closed = false;
            while self.pos < self.end {
                let line = self.pos;
                let rest = &self.bytes[line..self.end];
                let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                self.advance((length + 1).min(rest.len()));
                let text = self.slice(line, line + length);
                let text = text.strip_suffix('\r').unwrap_or(text);
                let text = if pending.strip_tabs { text.trim_start_matches('\t') } else { text };
                if text == pending.delimiter {
                    end = line;
                    closed = true;
                    break;
                }
            }
            if !closed {
                // The look for the end was in vain, and nested heredocs would repeat it.
                self.pay_for((self.pos - start) / 64);
                self.note(NoteKind::Unfinished, pending.start, self.pos);
            }
            let after = self.pos;
            self.pos = start;
            let body = self.within(end, |parser| parser.body(&pending));
            self.pos = after;
            self.heredocs.bodies[pending.number] = body;
        }
    }

    fn body(&mut self, pending: &Pending) -> Word {
        let start = self.pos;
        let mut parts = Parts::default();
        let bodies = std::mem::take(&mut self.heredocs.pending);
        while self.pos < self.end {
            while pending.strip_tabs && self.peek() == Some(b'\t') {
                self.advance(1);
            }
            if !pending.quoted {
                self.expanding(&mut parts, |byte| pending.strip_tabs && byte == b'\n');
            }
            let from = self.pos;
            while self.pos < self.end {
                let newline = self.peek() == Some(b'\n');
                self.advance(1);
                if newline && pending.strip_tabs {
                    break;
                }
            }
            if self.pos > from {
                let span = self.span_from(from);
                parts.text(self.slice(from, self.pos), span);
            }
        }
        self.heredocs.pending = bodies;
        Word { parts: parts.list, span: self.span_from(start) }
    }

    /// Runs `read`, which is inside a word, with no heredoc waiting: a newline in there does not end this
    /// line. What it leaves waiting waits on.
    pub(super) fn with_heredocs_aside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut outer = std::mem::take(&mut self.heredocs.pending);
        let value = read(self);
        outer.append(&mut self.heredocs.pending);
        self.heredocs.pending = outer;
        value
    }

    /// Runs `read` with no heredoc waiting for its body; what it leaves waiting has none.
    pub(super) fn with_own_heredocs<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::take(&mut self.heredocs.pending);
        let value = read(self);
        for pending in std::mem::replace(&mut self.heredocs.pending, outer) {
            self.note(NoteKind::Unfinished, pending.start, self.pos);
        }
        value
    }

    /// Puts the bodies where they belong.
    pub(super) fn place_bodies(&mut self, program: &mut Program) {
        if self.heredocs.bodies.is_empty() {
            return;
        }
        let mut bodies: Vec<Option<Word>> = self.heredocs.bodies.drain(..).map(Some).collect();
        each_redirection_mut(program, &mut |redirection| {
            if let RedirectionKind::HereDocument { body, .. } = &mut redirection.kind
                && let [Part { kind: PartKind::Opaque, span: Span { start: number, end: usize::MAX } }] =
                    body.parts[..]
                && let Some(text) = bodies.get_mut(number).and_then(Option::take)
            {
                *body = text;
            }
        });
    }
}
