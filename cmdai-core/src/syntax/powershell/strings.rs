//! Quotes, variables and escapes.

use super::{Reader, is_double_quote, is_name, is_quote, is_single_quote};
use crate::line::Span;
use crate::syntax::ir::{Expression, ExpressionKind, Parameter, Part, PartKind, Quote, Word};

/// The variables whose name is a sign.
const SIGNS: &[char] = &['$', '?', '^'];

impl Reader<'_> {
    /// A quoted string; a here-string where an `@` stands before it.
    pub(super) fn quoted(&mut self) -> Option<Part> {
        let start = self.at;
        let letter = self.bump()?;
        let kind = if is_single_quote(letter) {
            let mut text = String::new();
            loop {
                match self.bump() {
                    None => {
                        self.unfinished(start);
                        break;
                    }
                    Some(letter) if is_single_quote(letter) => {
                        if !self.peek().is_some_and(is_single_quote) {
                            break;
                        }
                        self.bump();
                        text.push('\'');
                    }
                    Some(letter) => text.push(letter),
                }
            }
            let span = Span::new((start + 1).min(self.at), self.at);
            PartKind::Quoted { style: Quote::Single, parts: vec![Part { kind: PartKind::Text(text), span }] }
        } else {
            let parts = self.expandable(start, false);
            PartKind::Quoted { style: Quote::Double, parts }
        };
        Some(Part { kind, span: self.since(start) })
    }

    /// `@'` or `@"` up to a line that begins with the closing mark.
    pub(super) fn here_string(&mut self) -> Option<Part> {
        let start = self.at;
        self.at += 1;
        let mark = self.bump()?;
        let rest = self.rest();
        let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
        self.at += line;
        let kind = if is_single_quote(mark) {
            let rest = self.rest();
            let end = closing_line(rest, is_single_quote);
            let text = rest[..end.unwrap_or(rest.len())].to_owned();
            let span = Span::new(self.at, self.at + text.len());
            self.at = span.end;
            self.close_here(start, end.is_some());
            PartKind::Quoted { style: Quote::Single, parts: vec![Part { kind: PartKind::Text(text), span }] }
        } else {
            PartKind::Quoted { style: Quote::Double, parts: self.expandable(start, true) }
        };
        Some(Part { kind, span: self.since(start) })
    }

    fn close_here(&mut self, start: usize, closed: bool) {
        if !closed {
            return self.unfinished(start);
        }
        self.line_end();
        self.bump();
        self.eat("@");
    }

    /// The inside of a double-quoted string, up to its end.
    fn expandable(&mut self, start: usize, here: bool) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut from = self.at;
        loop {
            let Some(letter) = self.peek() else {
                self.unfinished(start);
                break;
            };
            if here {
                let ends = |rest: &str| {
                    let mut letters = rest.chars();
                    letters.next().is_some_and(is_double_quote) && letters.next() == Some('@')
                };
                if matches!(letter, '\n' | '\r') {
                    let at = self.at;
                    self.line_end();
                    if ends(self.rest()) {
                        self.at = at;
                        self.close_here(start, true);
                        break;
                    }
                    text.push('\n');
                    continue;
                }
                // An empty one ends where it began.
                if parts.is_empty() && text.is_empty() && ends(self.rest()) {
                    self.bump();
                    self.eat("@");
                    break;
                }
            } else if is_double_quote(letter) {
                self.bump();
                if !self.peek().is_some_and(is_double_quote) {
                    break;
                }
                self.bump();
                text.push('"');
                continue;
            }
            match letter {
                '`' => {
                    self.at += 1;
                    if let Some(letter) = self.escape(false) {
                        text.push(letter);
                    }
                }
                '$' if self.begins_variable() => {
                    if !text.is_empty() {
                        let span = self.since(from);
                        parts.push(Part { kind: PartKind::Text(std::mem::take(&mut text)), span });
                    }
                    self.piece();
                    let at = self.at;
                    parts.extend(self.dollar());
                    if self.at == at {
                        break;
                    }
                    from = self.at;
                }
                _ => {
                    self.bump();
                    text.push(letter);
                }
            }
        }
        if !text.is_empty() {
            let span = self.since(from);
            parts.push(Part { kind: PartKind::Text(text), span });
        }
        parts
    }

    /// True where the `$` that is next begins a variable or subexpression.
    pub(super) fn begins_variable(&self) -> bool {
        self.second().is_some_and(|next| is_name(next) || matches!(next, '{' | '(') || SIGNS.contains(&next))
    }

    /// What follows a backtick. In a bare word `` `e `` is the letter, as in the older PowerShell that
    /// tricks are written for.
    pub(super) fn escape(&mut self, bare: bool) -> Option<char> {
        let letter = self.bump()?;
        Some(match letter {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' if !bare => '\u{1B}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            'u' if self.peek() == Some('{') => {
                let rest = self.rest();
                let digits: String =
                    rest.chars().skip(1).take_while(char::is_ascii_hexdigit).take(6).collect();
                let whole = rest.get(1 + digits.len()..).is_some_and(|after| after.starts_with('}'));
                match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                    Some(letter) if whole => {
                        self.at += digits.len() + 2;
                        letter
                    }
                    _ => 'u',
                }
            }
            '\n' | '\r' => {
                if letter == '\r' {
                    self.eat("\n");
                }
                return None;
            }
            other => other,
        })
    }

    /// `$name`, `${name}` or `$(…)` as a part of a word.
    pub(super) fn dollar(&mut self) -> Option<Part> {
        let start = self.at;
        if self.rest().starts_with("$(") {
            self.at += 2;
            let program = self.closed(')', start);
            return Some(Part { kind: PartKind::Substitution(program), span: self.since(start) });
        }
        let (parameter, span) = self.variable()?;
        Some(Part { kind: PartKind::Parameter(Box::new(parameter)), span })
    }

    /// `$name`, `$scope:name`, `${any name}`, `$?`.
    pub(super) fn variable(&mut self) -> Option<(Parameter, Span)> {
        let start = self.at;
        if !self.eat("$") {
            return None;
        }
        let rest = self.rest();
        let name = match rest.chars().next() {
            Some('{') => {
                let end = rest.find('}');
                let inside = rest.get(1..end.unwrap_or(rest.len())).unwrap_or_default();
                let name: String = inside.chars().filter(|&letter| letter != '`').collect();
                self.at += end.map_or(rest.len(), |at| at + 1);
                if end.is_none() {
                    self.unfinished(start);
                }
                name
            }
            Some(sign) if SIGNS.contains(&sign) => {
                self.at += 1;
                sign.to_string()
            }
            _ => {
                let mut end = 0;
                let mut scoped = false;
                let mut letters = rest.chars().take(256).peekable();
                while let Some(letter) = letters.next() {
                    // One colon parts the scope from the name.
                    let scope = letter == ':'
                        && !scoped
                        && end > 0
                        && letters.peek().is_some_and(|&next| is_name(next));
                    if !is_name(letter) && !scope {
                        break;
                    }
                    scoped |= scope;
                    end += letter.len_utf8();
                }
                self.at += end;
                rest[..end].to_owned()
            }
        };
        let parameter = Parameter { name, index: None, indirect: false, length: false, operation: None };
        Some((parameter, self.since(start)))
    }

    /// A variable as a value.
    pub(super) fn named(&self, name: &str, span: Span) -> Expression {
        let parameter =
            Parameter { name: name.to_owned(), index: None, indirect: false, length: false, operation: None };
        let part = Part { kind: PartKind::Parameter(Box::new(parameter)), span };
        Expression { kind: ExpressionKind::Word(Word { parts: vec![part], span }), span }
    }

    /// A type between brackets, or an attribute. Returns its name.
    pub(super) fn type_name(&mut self) -> String {
        let start = self.at;
        let mut open = 0usize;
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            if is_quote(letter) {
                self.quoted();
                continue;
            }
            if matches!(letter, ';' | '|' | '}') && open <= 1 && !text.contains('(') {
                break;
            }
            self.bump();
            match letter {
                '[' => {
                    open += 1;
                    if open > 1 {
                        text.push(letter);
                    }
                }
                ']' => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return text.trim().to_owned();
                    }
                    text.push(letter);
                }
                '`' => {}
                _ => text.push(letter),
            }
        }
        self.unfinished(start);
        text.trim().to_owned()
    }
}

/// Where the line end before the closing mark is; `None` where there is none.
fn closing_line(rest: &str, is_mark: fn(char) -> bool) -> Option<usize> {
    let begins = |from: usize| {
        let mut letters = rest[from..].chars();
        letters.next().is_some_and(is_mark) && letters.next() == Some('@')
    };
    if begins(0) {
        return Some(0);
    }
    rest.match_indices('\n')
        .find(|&(at, _)| begins(at + 1))
        .map(|(at, _)| if rest[..at].ends_with('\r') { at - 1 } else { at })
}
