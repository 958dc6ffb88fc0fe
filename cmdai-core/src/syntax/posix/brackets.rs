//! Which `)` closes which `(`.
//!
//! `((` opens arithmetic if the two parentheses are closed by `))`, and two subshells if not; bash
//! tries the one and then the other, which doubles the work at every level. Here one quick look over
//! the text, aware of quotes, answers for every parenthesis it passes, and the answers are kept. A
//! look that starts in quotes may see things differently from the parser and be repeated, so all
//! looks together have a budget; when it is spent a parenthesis counts as never closed.

use super::lexer::Parser;

/// Answers so far.
#[derive(Default)]
pub(super) struct Brackets {
    /// By offset of the opening parenthesis; empty until the first question.
    closing: Vec<Closing>,
    /// No `]` closes a bracket pattern that begins before this offset.
    pub(super) no_square_before: usize,
    /// Nor does one followed by `=` end an index that begins before this one.
    pub(super) no_index_before: usize,
    /// Bytes that may yet be looked at.
    budget: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    Unasked,
    Never,
    At(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Paren(usize),
    Parameter,
    Double,
}

/// A text may be looked over this many times, all looks together.
const LOOKS: usize = 4;

impl Parser<'_> {
    /// For `((` at the offset: where its `))` stands, if it is arithmetic.
    pub(super) fn arithmetic_end(&mut self, open: usize) -> Option<usize> {
        let inner = self.closing(open + 1)?;
        let outer = self.closing(open)?;
        (outer == inner + 1).then_some(inner)
    }

    /// Where the parenthesis that opens at the offset is closed.
    pub(super) fn closing(&mut self, open: usize) -> Option<usize> {
        if self.brackets.closing.is_empty() {
            self.brackets.closing = vec![Closing::Unasked; self.bytes.len() + 1];
            self.brackets.budget = LOOKS * self.bytes.len();
        }
        if self.brackets.closing.get(open) == Some(&Closing::Unasked) {
            self.look(open);
        }
        match self.brackets.closing.get(open) {
            Some(&Closing::At(at)) if at < self.end => Some(at),
            _ => None,
        }
    }

    fn look(&mut self, from: usize) {
        let mut open: Vec<Open> = Vec::new();
        let mut at = from;
        let last = self.end.min(from.saturating_add(self.brackets.budget));
        while at < last {
            let byte = self.bytes[at];
            let double = open.last() == Some(&Open::Double);
            let next = if at + 1 < last { self.bytes[at + 1] } else { 0 };
            match byte {
                b'\\' => at += 1,
                b'"' if double => drop(open.pop()),
                b'"' => open.push(Open::Double),
                b'\'' if !double => {
                    let escapes = at > from && self.bytes[at - 1] == b'$';
                    at = self.after_quote(at + 1, last, b'\'', escapes).saturating_sub(1).max(at);
                }
                b'`' => at = self.after_quote(at + 1, last, b'`', true).saturating_sub(1).max(at),
                b'$' if next == b'{' => {
                    open.push(Open::Parameter);
                    at += 1;
                }
                b'$' if next == b'(' => {
                    open.push(Open::Paren(at + 1));
                    at += 1;
                }
                b'(' if !double => open.push(Open::Paren(at)),
                b')' if !double => {
                    if let Some(&Open::Paren(start)) = open.last() {
                        self.brackets.closing[start] = Closing::At(at);
                        open.pop();
                    }
                }
                b'}' if open.last() == Some(&Open::Parameter) => drop(open.pop()),
                b'#' if !double && at > from && matches!(self.bytes[at - 1], b' ' | b'\t' | b'\n' | b';') => {
                    while at + 1 < last && self.bytes[at + 1] != b'\n' {
                        at += 1;
                    }
                }
                _ => {}
            }
            at += 1;
            if open.is_empty() {
                break;
            }
        }
        for left in open {
            if let Open::Paren(start) = left {
                self.brackets.closing[start] = Closing::Never;
            }
        }
        if self.brackets.closing[from] == Closing::Unasked {
            self.brackets.closing[from] = Closing::Never;
        }
        let looked = at - from;
        self.brackets.budget -= looked.min(self.brackets.budget);
        self.steps += looked;
    }

    /// The offset after the mark that closes a quote, or `last`.
    fn after_quote(&self, mut at: usize, last: usize, mark: u8, escapes: bool) -> usize {
        while at < last {
            match self.bytes[at] {
                b'\\' if escapes => at += 1,
                byte if byte == mark => return at + 1,
                _ => {}
            }
            at += 1;
        }
        last
    }
}
