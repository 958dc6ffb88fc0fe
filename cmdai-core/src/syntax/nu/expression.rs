//! Expressions: operators, lists, tables, records, closures and what stands in parentheses.

use super::word::in_name;
use super::{Parser, until, worded};
use crate::syntax::NoteKind;
use crate::syntax::cursor::Parts;
use crate::syntax::ir::{Closure, ClosureParameter, Expression, ExpressionKind, PartKind, Word};

/// Operators from those that bind least, each level from left to right.
const LEVELS: &[&[&str]] = &[
    &["or", "xor"],
    &["and"],
    &[
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "=~",
        "!~",
        "like",
        "not-like",
        "in",
        "not-in",
        "has",
        "not-has",
        "starts-with",
        "ends-with",
        "not-starts-with",
        "not-ends-with",
    ],
    &["bit-or", "bit-xor", "bit-and", "bit-shl", "bit-shr"],
    &["+", "-", "++"],
    &["*", "/", "mod", "//"],
    &["**"],
];

impl Parser<'_> {
    /// Reads a value with operators.
    pub(super) fn expression(&mut self) -> Expression {
        self.climb(0)
    }

    /// Reads a value with operators that bind at least so much.
    fn climb(&mut self, least: usize) -> Expression {
        let mut left = self.operand();
        let mut joined = None;
        loop {
            let before = self.pos;
            self.blanks();
            let Some((operator, level)) = self.operator().filter(|(_, level)| *level >= least) else {
                self.pos = before;
                return left;
            };
            self.pay();
            self.advance(operator.len());
            self.newlines();
            if self.at_stop() {
                self.missing(before);
                return left;
            }
            let Some(right) = self.deeper(|parser| parser.climb(level + 1)) else {
                self.note_from(NoteKind::TooDeep, before);
                return left;
            };
            let span = left.span.to(right.span);
            let right = (operator.to_owned(), right);
            // Operators of one level that follow one another are one chain.
            left = match left.kind {
                ExpressionKind::Binary { first, mut rest } if joined == Some(level) => {
                    rest.push(right);
                    Expression { kind: ExpressionKind::Binary { first, rest }, span }
                }
                kind => {
                    let first = Box::new(Expression { kind, span: left.span });
                    Expression { kind: ExpressionKind::Binary { first, rest: vec![right] }, span }
                }
            };
            joined = Some(level);
        }
    }

    /// The operator that comes next, and how much it binds.
    fn operator(&self) -> Option<(&'static str, usize)> {
        let word = self.bare_word();
        let find =
            |operators: &&[&'static str]| operators.iter().find(|operator| **operator == word).copied();
        LEVELS.iter().enumerate().find_map(|(level, operators)| Some((find(operators)?, level)))
    }

    fn operand(&mut self) -> Expression {
        self.blanks();
        let start = self.pos;
        if self.eat_bare("not") {
            let operand = self.deeper(Self::operand);
            return self.unary("not", start, operand);
        }
        let Word { mut parts, span } = self.word();
        // What is one value already is not wrapped in a word.
        let only = if parts.len() == 1 { parts.pop() } else { None };
        let Some(part) = only else { return worded(Word { parts, span }) };
        let kind = match part.kind {
            PartKind::Text(text) if text.len() == part.span.len() && is_number(&text) => {
                ExpressionKind::Number(text)
            }
            PartKind::Expression(expression) => return *expression,
            PartKind::Closure(closure) => ExpressionKind::Closure(closure),
            kind => {
                parts.push(crate::syntax::ir::Part { kind, span: part.span });
                return worded(Word { parts, span });
            }
        };
        Expression { kind, span }
    }

    fn unary(&mut self, operator: &str, start: usize, operand: Option<Expression>) -> Expression {
        let kind = match operand {
            Some(operand) => {
                ExpressionKind::Unary { operator: operator.to_owned(), operand: Box::new(operand) }
            }
            None => {
                self.note_from(NoteKind::TooDeep, start);
                ExpressionKind::Opaque
            }
        };
        Expression { kind, span: self.span_from(start) }
    }

    /// Reads `(…)`, `[…]` or `{…}`, the bracket being next; `None` where it lies too deep.
    pub(super) fn bracketed(&mut self) -> Option<Expression> {
        self.pay();
        let start = self.pos;
        let kind = match self.peek() {
            Some(b'(') => self.deeper(|parser| {
                parser.advance(1);
                let program = parser.enclosed(until::PAREN, |parser| parser.program(until::PAREN));
                if !parser.eat(")") {
                    parser.missing(start);
                }
                ExpressionKind::Program { program, list: false }
            }),
            Some(b'[') => self.deeper(|parser| parser.list(start)),
            _ => self.deeper(|parser| {
                if parser.is_record() {
                    parser.record(start)
                } else {
                    ExpressionKind::Closure(parser.closure())
                }
            }),
        }?;
        Some(Expression { kind, span: self.span_from(start) })
    }

    /// `[a b, c]`, and a table where a `;` stands behind its heads.
    fn list(&mut self, start: usize) -> ExpressionKind {
        self.advance(1);
        let (items, table) = self.enclosed(until::BRACKET | until::COMMA, |parser| {
            let (mut items, mut table) = (Vec::new(), None);
            loop {
                parser.newlines();
                let before = parser.pos;
                if parser.eat(",") {
                    continue;
                }
                if parser.peek() == Some(b';') {
                    parser.advance(1);
                    table = table.or(Some(items.len()));
                    continue;
                }
                if parser.at_stop() {
                    break;
                }
                items.push(parser.operand());
                if parser.pos == before {
                    break;
                }
            }
            (items, table)
        });
        if !self.eat("]") {
            self.missing(start);
        }
        if table != Some(1) {
            return ExpressionKind::List(items);
        }
        // The heads, then rows.
        let mut items = items.into_iter();
        let heads = match items.next().map(|heads| heads.kind) {
            Some(ExpressionKind::List(heads)) => heads,
            _ => Vec::new(),
        };
        let row = |row: Expression| match row.kind {
            ExpressionKind::List(cells) => {
                let entries = heads.iter().cloned().zip(cells).collect();
                Expression { kind: ExpressionKind::Record(entries), span: row.span }
            }
            _ => row,
        };
        // Each row repeats the heads: a table that is much wider than it is written is left as rows.
        if heads.len().saturating_mul(items.len()) > 4096 {
            return ExpressionKind::List(items.collect());
        }
        ExpressionKind::List(items.map(row).collect())
    }

    /// True where the brace that comes next holds `key: value`.
    fn is_record(&self) -> bool {
        let rest = self.rest();
        let blank =
            |at: &usize| rest.get(*at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        let skip = |from: usize| from + (from..rest.len()).take_while(|at| blank(at)).count();
        let at = skip(1);
        match rest.get(at) {
            Some(b'}') => true,
            Some(b'.') => rest.get(at..).is_some_and(|rest| rest.starts_with(b"...")),
            Some(mark @ (b'"' | b'\'')) => {
                let inside = rest.get(at + 1..).unwrap_or_default();
                let close = inside.iter().take(256).position(|byte| byte == mark);
                close.is_some_and(|close| rest.get(skip(at + close + 2)) == Some(&b':'))
            }
            Some(&byte) if in_name(byte) || byte == b'$' => {
                let name = rest
                    .iter()
                    .skip(at + 1)
                    .take(256)
                    .take_while(|byte| in_name(**byte) || **byte == b'.')
                    .count();
                let end = skip(at + 1 + name);
                rest.get(end) == Some(&b':')
            }
            _ => false,
        }
    }

    fn record(&mut self, start: usize) -> ExpressionKind {
        self.advance(1);
        let entries = self.enclosed(until::BRACE | until::COMMA, |parser| {
            let mut entries = Vec::new();
            loop {
                parser.newlines();
                let before = parser.pos;
                if parser.eat(",") {
                    continue;
                }
                if parser.at_stop() {
                    break;
                }
                if parser.looking_at("...") {
                    let spread = parser.operand();
                    entries.push((spread.clone(), spread));
                    continue;
                }
                let key = parser.key();
                parser.newlines();
                if parser.eat(":") {
                    parser.newlines();
                    entries.push((key, parser.operand()));
                }
                if parser.pos == before {
                    break;
                }
            }
            entries
        });
        if !self.eat("}") {
            self.missing(start);
        }
        ExpressionKind::Record(entries)
    }

    fn key(&mut self) -> Expression {
        let start = self.pos;
        self.advance_while(in_name);
        if self.pos > start {
            let span = self.span_from(start);
            let kind = PartKind::Text(self.slice(start, self.pos).to_owned());
            return worded(Word { parts: vec![crate::syntax::ir::Part { kind, span }], span });
        }
        // One piece only: the colon behind it is not a part of the key.
        let mut parts = Parts::default();
        self.piece(&mut parts, start);
        worded(Word { parts: parts.0, span: self.span_from(start) })
    }

    /// Reads `{|parameters| …}`, the brace being next.
    pub(super) fn closure(&mut self) -> Box<Closure> {
        let start = self.pos;
        self.advance(1);
        self.newlines();
        let mut parameters = Vec::new();
        if self.eat("|") {
            parameters = self.parameters(b'|');
        }
        let body = self.enclosed(until::BRACE, |parser| parser.program(until::BRACE));
        if !self.eat("}") {
            self.missing(start);
        }
        Box::new(Closure { parameters, body })
    }

    /// Reads the parameters of a closure or command up to the byte that closes them. A flag keeps its
    /// dashes, what takes the rest its dots.
    pub(super) fn parameters(&mut self, close: u8) -> Vec<ClosureParameter> {
        let mut parameters: Vec<ClosureParameter> = Vec::new();
        loop {
            self.advance_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b','));
            if self.peek() == Some(b'#') {
                self.advance_while(|byte| byte != b'\n');
                continue;
            }
            let before = self.pos;
            if self.peek() == Some(close) {
                self.advance(1);
                return parameters;
            }
            match self.peek() {
                None => {
                    self.note_from(NoteKind::Unfinished, before);
                    return parameters;
                }
                // A short form of a flag, or a type.
                Some(b'(') => self.advance_while(|byte| byte != b')' && byte != close),
                Some(b':') => {
                    self.advance(1);
                    self.advance_while(|byte| byte == b' ');
                    self.advance_while(|byte| in_name(byte) || byte == b'@');
                    if self.peek() == Some(b'<') {
                        self.advance_while(|byte| byte != b'>' && byte != close);
                        self.advance(1);
                    }
                }
                Some(b'=') => {
                    self.advance(1);
                    self.blanks();
                    let closers = if close == b']' { until::BRACKET } else { until::NOTHING };
                    let default =
                        self.deeper(|parser| parser.enclosed(closers | until::COMMA, Self::operand));
                    if let (Some(last), Some(default)) = (parameters.last_mut(), default) {
                        last.default = Some(default);
                    }
                }
                Some(byte) if in_name(byte) || byte == b'.' || byte == b'$' => {
                    self.pay();
                    self.advance_while(|byte| in_name(byte) || matches!(byte, b'.' | b'$' | b'?'));
                    let name = self.slice(before, self.pos).replace(['$', '?'], "");
                    parameters.push(ClosureParameter { name, default: None });
                }
                Some(_) => self.advance_letter(),
            }
            if self.pos == before {
                self.advance_letter();
            }
        }
    }
}

/// True for `42`, `-1`, `0x1f`, `1.5`.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if let Some(hex) = digits.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'))
        && !digits.contains("..")
}
