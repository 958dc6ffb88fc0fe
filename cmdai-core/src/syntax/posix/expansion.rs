//! What begins with `$` or a backtick: parameters, substitutions, arithmetic.

use super::lexer::{Parser, begins_name, until};
use super::word::{Parts, empty};
use crate::line::Dialect;
use crate::syntax::NoteKind;
use crate::syntax::ir::{Operation, Parameter, Part, PartKind, Program, Quote, Word};

/// What a stretch inside `${…}`, `$((…))` or `[…]` may hold and where it ends.
#[derive(Clone, Copy, Default)]
struct Inner {
    /// The byte that closes it, where it is not nested: `}`, `]` or `)`.
    close: u8,
    /// Further bytes that end it, where they are neither quoted nor nested.
    stops: &'static [u8],
    /// It stands in double quotes.
    quoted: bool,
    /// Single quotes mean something although it stands in double quotes.
    pattern: bool,
    /// A glob character matches.
    globs: bool,
    /// Parentheses and brackets inside it are counted.
    nests: bool,
}

impl Parser<'_> {
    /// Reads what begins with the dollar that comes next.
    pub(super) fn dollar(&mut self, parts: &mut Parts, quoted: bool) {
        self.pay();
        let start = self.pos;
        match self.byte(start + 1) {
            Some(b'(') => {
                self.advance(1);
                self.dollar_parenthesis(parts, start);
            }
            Some(b'{') => self.braced(parts, quoted),
            Some(b'[') => {
                self.advance(2);
                let inner = Inner { close: b']', nests: true, quoted, ..Inner::default() };
                let expression = self.deeper(|parser| parser.inner(inner));
                self.close_arithmetic(parts, start, None, expression);
            }
            Some(b'\'') if !quoted => self.ansi(parts),
            Some(b'"') if !quoted => {
                self.advance(1);
                self.double(parts, start, Quote::Locale);
            }
            Some(_) if self.dialect == Dialect::Zsh && self.at_marked_name() => self.marked_name(parts),
            Some(byte) if begins_name(byte) || is_special(byte) || byte.is_ascii_digit() => {
                self.advance(1);
                let name = self.parameter_name();
                let index = if self.dialect == Dialect::Zsh && begins_name(byte) && self.peek() == Some(b'[')
                {
                    self.index(start)
                } else {
                    None
                };
                let parameter = self.modified(Parameter { index, ..named(name) });
                let span = self.span_from(start);
                parts.push(PartKind::Parameter(Box::new(parameter)), span);
            }
            _ => {
                self.advance(1);
                let span = self.span_from(start);
                parts.text("$", span);
            }
        }
    }

    /// Reads a name, a digit or a special character; inside braces a number may have several digits.
    pub(super) fn parameter_name(&mut self) -> String {
        if let Some(name) = self.name() {
            return name.to_owned();
        }
        let start = self.pos;
        self.advance(1);
        self.slice(start, self.pos).to_owned()
    }

    fn dollar_parenthesis(&mut self, parts: &mut Parts, start: usize) {
        let open = self.pos;
        if self.byte(open + 1) == Some(b'(') {
            let end = self.arithmetic_end(open);
            // An unfinished `$((` is taken for the arithmetic that it most often becomes.
            if end.is_some() || self.closing(open).is_none() {
                self.advance(2);
                let expression = self.deeper(|parser| match end {
                    Some(end) => parser.within(end, Self::expression),
                    None => parser.expression(),
                });
                self.close_arithmetic(parts, start, Some(open), expression);
                return;
            }
        }
        match self.substituted(start) {
            Some(program) => {
                let span = self.span_from(start);
                parts.push(PartKind::Substitution(program), span);
            }
            None => {
                let span = self.span_from(start);
                parts.push(PartKind::Opaque, span);
            }
        }
    }

    /// Takes the end of arithmetic, `))` if it began with the parenthesis `open` and `]` if not, and makes it a part.
    fn close_arithmetic(
        &mut self,
        parts: &mut Parts,
        start: usize,
        open: Option<usize>,
        expression: Option<Word>,
    ) {
        let Some(expression) = expression else {
            match open {
                Some(open) => {
                    self.pos = open;
                    self.skip_parenthesis(start);
                }
                None => {
                    self.advance(self.end.saturating_sub(self.pos));
                    self.note(NoteKind::TooDeep, start, self.pos);
                }
            }
            let span = self.span_from(start);
            parts.push(PartKind::Opaque, span);
            return;
        };
        if !self.eat(if open.is_some() { "))" } else { "]" }) {
            self.missing(start);
        }
        let span = self.span_from(start);
        parts.push(PartKind::Arithmetic(expression.parts), span);
    }

    /// Reads an arithmetic expression up to the end of its stretch.
    pub(super) fn expression(&mut self) -> Word {
        self.inner(Inner { close: b')', nests: true, ..Inner::default() })
    }

    /// Reads all of the stretch as an index.
    pub(super) fn subscript(&mut self) -> Word {
        self.inner(Inner { close: b']', nests: true, ..Inner::default() })
    }

    /// Reads `[…]`, the bracket being next; `None` and nothing taken where it lies too deep.
    pub(super) fn index(&mut self, opened: usize) -> Option<Word> {
        let index = self.deeper(|parser| {
            parser.advance(1);
            let index = parser.subscript();
            if !parser.eat("]") {
                parser.missing(opened);
            }
            index
        });
        if index.is_none() {
            self.note(NoteKind::TooDeep, opened, self.pos);
        }
        index
    }

    /// Reads `${…}`.
    fn braced(&mut self, parts: &mut Parts, quoted: bool) {
        let start = self.pos;
        self.advance(2);
        let read = self.deeper(|parser| {
            // `${ command; }` and `${| command; }` run a command.
            if matches!(parser.peek(), Some(b' ' | b'\t' | b'\n' | b'|')) {
                parser.eat("|");
                let program = parser.isolated_program(until::BRACE);
                return PartKind::Substitution(program);
            }
            PartKind::Parameter(Box::new(parser.parameter(quoted)))
        });
        let Some(kind) = read else {
            // Left as text; its closing brace closes something further out.
            self.note(NoteKind::TooDeep, start, self.pos);
            let span = self.span_from(start);
            parts.push(PartKind::Opaque, span);
            return;
        };
        if !self.eat("}") {
            self.missing(start);
        }
        let span = self.span_from(start);
        parts.push(kind, span);
    }

    /// Reads the inside of `${…}`.
    fn parameter(&mut self, quoted: bool) -> Parameter {
        let mut parameter = named(String::new());
        if self.dialect == Dialect::Zsh {
            return self.zsh_parameter(quoted);
        }
        let names = |byte: Option<u8>| {
            byte.is_some_and(|byte| begins_name(byte) || byte.is_ascii_digit() || is_special(byte))
        };
        let next = self.byte(self.pos + 1);
        match self.peek() {
            Some(b'!') if names(next) && !matches!(next, Some(b'-' | b'?')) => {
                parameter.indirect = true;
                self.advance(1);
            }
            Some(b'#') if names(next) => {
                let alone = matches!(next, Some(b'-' | b'?' | b'#')) && self.byte(self.pos + 2) != Some(b'}');
                if !alone {
                    parameter.length = true;
                    self.advance(1);
                }
            }
            _ => {}
        }
        match self.peek() {
            Some(byte) if byte.is_ascii_digit() => {
                let start = self.pos;
                while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    self.advance(1);
                }
                self.slice(start, self.pos).clone_into(&mut parameter.name);
            }
            byte if names(byte) => parameter.name = self.parameter_name(),
            _ => {
                parameter.operation = Some(Operation::Other(self.rest(quoted)));
                return parameter;
            }
        }
        if self.peek() == Some(b'[') {
            let start = self.pos;
            parameter.index = self.index(start);
        }
        parameter.operation = self.operation(quoted);
        parameter
    }

    /// Reads what follows the name in `${name…}`.
    pub(super) fn operation(&mut self, quoted: bool) -> Option<Operation> {
        let start = self.pos;
        let byte = self.peek().filter(|&byte| byte != b'}')?;
        let next = self.byte(start + 1);
        let doubled = next == Some(byte);
        let value = Inner { close: b'}', quoted, globs: !quoted, ..Inner::default() };
        let pattern = Inner { pattern: true, globs: true, ..value };
        Some(match byte {
            b':' if matches!(next, Some(b'-' | b'=' | b'?' | b'+')) => {
                self.advance(2);
                let operator = char::from(next.unwrap_or(b'-'));
                Operation::Default { operator, or_empty: true, word: self.inner(value) }
            }
            b'-' | b'=' | b'?' | b'+' => {
                self.advance(1);
                Operation::Default { operator: char::from(byte), or_empty: false, word: self.inner(value) }
            }
            b':' => {
                self.advance(1);
                let number = Inner { stops: b":", nests: true, globs: false, ..value };
                let offset = self.inner(number);
                let length = self.eat(":").then(|| self.inner(Inner { stops: b"", ..number }));
                Operation::Substring { offset, length }
            }
            b'#' | b'%' => {
                self.advance(1 + usize::from(doubled));
                Operation::Trim { suffix: byte == b'%', longest: doubled, pattern: self.inner(pattern) }
            }
            b'/' => {
                self.advance(1 + usize::from(doubled));
                let anchor = match self.peek() {
                    Some(mark @ (b'#' | b'%')) if !doubled => {
                        self.advance(1);
                        Some(char::from(mark))
                    }
                    _ => None,
                };
                // `${path////_}`: right after `//` a slash belongs to the pattern.
                let slash = self.pos;
                let starts_with_slash = doubled && self.eat("/");
                let mut wanted = self.inner(Inner { stops: b"/", ..pattern });
                if starts_with_slash {
                    let span = self.span(slash, slash + 1);
                    wanted.parts.insert(0, Part { kind: PartKind::Text("/".to_owned()), span });
                    wanted.span = span.to(wanted.span);
                }
                let replacement = if self.eat("/") {
                    self.inner(Inner { globs: false, ..pattern })
                } else {
                    empty(self.span(self.pos, self.pos))
                };
                Operation::Replace { all: doubled, anchor, pattern: wanted, replacement }
            }
            b'^' | b',' | b'~' => {
                self.advance(1 + usize::from(doubled));
                Operation::Case { operator: char::from(byte), all: doubled, pattern: self.inner(pattern) }
            }
            b'@' if next.is_some_and(|next| next.is_ascii_alphabetic())
                && self.byte(start + 2) == Some(b'}') =>
            {
                self.advance(2);
                Operation::Transform(char::from(next.unwrap_or(b'Q')))
            }
            _ => Operation::Other(self.rest(quoted)),
        })
    }

    /// Reads the rest of a `${…}` whose operation is not understood.
    pub(super) fn rest(&mut self, quoted: bool) -> Word {
        self.inner(Inner { close: b'}', quoted, ..Inner::default() })
    }

    /// The same where it is a pattern.
    pub(super) fn rest_as_pattern(&mut self, quoted: bool) -> Word {
        self.inner(Inner { close: b'}', quoted, globs: true, pattern: true, ..Inner::default() })
    }

    /// Reads a stretch that is neither split into words nor ended by blanks, up to what closes it.
    fn inner(&mut self, how: Inner) -> Word {
        let start = self.pos;
        let mut parts = Parts::default();
        let mut nested = 0_usize;
        if how.globs
            && !how.pattern
            && self.peek() == Some(b'~')
            && matches!(self.byte(start + 1), Some(b'/' | b'}'))
        {
            self.advance(1);
            let span = self.span_from(start);
            parts.push(PartKind::Tilde(String::new()), span);
        }
        while let Some(byte) = self.peek() {
            self.pay();
            let at = self.pos;
            if nested == 0 && (byte == how.close || how.stops.contains(&byte)) {
                break;
            }
            match byte {
                // `$'…'` works in the patterns of an expansion even in double quotes.
                b'$' => self.dollar(&mut parts, how.quoted && !how.pattern),
                b'`' => self.backticks(&mut parts, how.quoted),
                b'"' => self.quoted(&mut parts),
                b'\'' if !how.quoted || how.pattern => self.quoted(&mut parts),
                b'\\' => self.escape_inside(&mut parts, how),
                b'<' | b'>' if self.byte(at + 1) == Some(b'(') && how.close == b'}' && !how.quoted => {
                    self.advance(1);
                    if let Some(program) = self.substituted(at) {
                        let span = self.span_from(at);
                        parts.push(PartKind::Process { reads: byte == b'<', program }, span);
                    }
                }
                b'*' | b'?' | b'[' if how.globs => {
                    self.advance(1);
                    let span = self.span_from(at);
                    parts.glob(self.slice(at, self.pos), span);
                }
                _ => {
                    match byte {
                        b'(' | b'[' if how.nests => nested += 1,
                        b')' | b']' if how.nests => nested = nested.saturating_sub(1),
                        _ => {}
                    }
                    self.advance(1);
                    while self.peek().is_some_and(plain_inside) {
                        self.advance(1);
                    }
                    let span = self.span_from(at);
                    parts.text(self.slice(at, self.pos), span);
                }
            }
        }
        Word { parts: parts.list, span: self.span_from(start) }
    }

    fn escape_inside(&mut self, parts: &mut Parts, how: Inner) {
        let start = self.pos;
        self.advance(1);
        let escaped = self.pos;
        self.advance(self.char_len(escaped));
        let text = self.slice(escaped, self.pos);
        if text == "\n" {
            return;
        }
        let protects = !how.quoted || how.pattern || matches!(text, "$" | "`" | "\\" | "\"" | "}");
        let span = self.span_from(start);
        if how.pattern {
            // Here the backslash keeps its meaning: what it protects must not become part of the pattern.
            let part = Part { kind: PartKind::Text(text.to_owned()), span };
            parts.push(PartKind::Quoted { style: Quote::Single, parts: vec![part] }, span);
        } else {
            parts.text(if protects { text } else { self.slice(start, self.pos) }, span);
        }
    }

    /// Reads `` `…` ``. Backslashes protect the mark, the dollar and themselves, and are taken away
    /// before the inside is read as a program.
    pub(super) fn backticks(&mut self, parts: &mut Parts, quoted: bool) {
        self.pay();
        let start = self.pos;
        self.advance(1);
        let inner = self.pos;
        let mut escapes = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'`' => break,
                b'\\' => {
                    let next = self.byte(self.pos + 1);
                    escapes |= matches!(next, Some(b'`' | b'\\' | b'$')) || (quoted && next == Some(b'"'));
                    self.advance(2);
                }
                _ => self.advance(1),
            }
        }
        let close = self.pos;
        self.pos = inner;
        let program = self.deeper(|parser| {
            if escapes {
                parser.unescaped_program(close, quoted)
            } else {
                parser.within(close, |parser| parser.isolated_program(until::END))
            }
        });
        self.pos = close;
        let kind = match program {
            Some(program) => PartKind::Substitution(program),
            None => {
                self.note(NoteKind::TooDeep, start, self.pos);
                PartKind::Opaque
            }
        };
        if !self.eat("`") {
            self.note(NoteKind::Unfinished, start, self.pos);
        }
        let span = self.span_from(start);
        parts.push(kind, span);
    }

    /// Takes the backslashes away that protect something inside backticks, and reads what is left.
    fn unescaped_program(&mut self, close: usize, quoted: bool) -> Program {
        let mut text = String::with_capacity(close - self.pos);
        let mut origins = Vec::with_capacity(close - self.pos + 1);
        let mut at = self.pos;
        while at < close {
            let from = at;
            if self.bytes[at] == b'\\'
                && let Some(next) = self.bytes.get(at + 1).filter(|_| at + 1 < close)
                && (matches!(next, b'`' | b'\\' | b'$') || (quoted && *next == b'"'))
            {
                at += 1;
            }
            let letter = self.text.get(at..close).and_then(|rest| rest.chars().next()).unwrap_or(' ');
            text.push(letter);
            let origin = self.span(from, from).start;
            origins.extend(std::iter::repeat_n(origin, letter.len_utf8()));
            at += letter.len_utf8();
        }
        origins.push(self.span(close, close).start);
        self.read_apart(&text, origins)
    }
}

/// True for bytes that mean nothing inside braces, brackets and arithmetic.
fn plain_inside(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b' ' | b'_' | b'.')
}

/// The special parameters.
pub(super) fn is_special(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}

pub(super) fn named(name: String) -> Parameter {
    Parameter { name, index: None, indirect: false, length: false, operation: None }
}
