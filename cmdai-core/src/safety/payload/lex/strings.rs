//! Strings of every kind, with what is put into them.

use super::{Lexer, Piece, Put, Tok};
use crate::safety::payload::decode::safe_char;
use crate::specs::Language;

impl Lexer<'_> {
    /// The lines of a here-document up to its label.
    pub(super) fn body(&mut self, label: &str) -> String {
        let mut body = String::new();
        while self.at < self.text.len() {
            let rest = self.rest();
            let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
            let line = rest[..end].to_owned();
            self.at += end;
            if line.trim().trim_end_matches([';', ')', ',']) == label {
                break;
            }
            body.push_str(&line);
        }
        body
    }

    /// True where the line at hand ends within reach: a here-document begins on the next.
    fn line_ends_soon(&self) -> bool {
        let rest = self.rest().as_bytes();
        rest.get(..1024).unwrap_or(rest).contains(&b'\n')
    }

    pub(super) fn here_document(&mut self, spaced: bool) -> bool {
        let marker = if self.language == Language::Php { "<<<" } else { "<<" };
        let Some(rest) = self.rest().strip_prefix(marker) else { return false };
        let rest = rest.trim_start_matches(['~', '-']);
        let first = rest.chars().next();
        let (label, raw, used) = match first {
            Some(quote @ ('"' | '\'')) => {
                let inner = &rest[1..];
                let Some(end) = inner.find(quote) else { return false };
                (inner[..end].to_owned(), quote == '\'', end + 2)
            }
            Some(c) if c.is_uppercase() || c == '_' => {
                let label: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let used = label.len();
                (label, false, used)
            }
            _ => return false,
        };
        if label.is_empty() || label.contains('\n') || !self.line_ends_soon() {
            return false;
        }
        self.at = self.text.len() - rest.len() + used;
        self.waiting.push((self.out.len(), label, raw));
        self.push(Tok::Text(Vec::new()), spaced);
        true
    }

    pub(super) fn python_string(&mut self, prefix: &str, spaced: bool) {
        let raw = prefix.contains('r');
        let put = if prefix.contains('f') { Put::Brace } else { Put::Nothing };
        let quote = self.bump().unwrap_or('"');
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let pieces = if self.rest().starts_with(&triple[1..]) {
            self.at += 2;
            self.until(&triple, put, raw)
        } else {
            self.quoted(quote, None, put, raw)
        };
        self.push(Tok::Text(pieces), spaced);
    }

    /// `%w[a b]`, `%x(cmd)`, `%q{…}`, `%(…)` of Ruby.
    pub(super) fn percent(&mut self, spaced: bool) -> bool {
        let kind = self.peek_at(1).unwrap_or(' ');
        let (kind, skip) = if kind.is_ascii_alphabetic() { (kind, 2) } else { ('Q', 1) };
        let Some(open) = self.peek_at(skip).filter(|c| matches!(c, '(' | '[' | '{' | '<' | '|' | '!' | '/'))
        else {
            return false;
        };
        if !matches!(kind, 'w' | 'W' | 'i' | 'x' | 'q' | 'Q' | 'r') || (skip == 1 && self.after_operand()) {
            return false;
        }
        self.at += skip + 1;
        let close = closing(open);
        let nest = (close != open).then_some(open);
        match kind {
            'w' | 'W' | 'i' => {
                let text = self.nested_plain(open, close);
                let words = text.split_whitespace().map(str::to_owned).collect();
                self.push(Tok::Words(words), spaced);
            }
            'x' => {
                let pieces = self.quoted(close, nest, Put::Hash, false);
                self.push(Tok::Command(pieces), spaced);
            }
            'r' => {
                let text = self.nested_plain(open, close);
                self.push(Tok::Pattern(text), spaced);
            }
            _ => {
                let put = if kind == 'Q' { Put::Hash } else { Put::Nothing };
                let pieces = self.quoted(close, nest, put, kind == 'q');
                self.push(Tok::Text(pieces), spaced);
            }
        }
        true
    }

    /// `q(…)`, `qq{…}`, `qw/…/`, `qx{…}`, `m{…}`, `s{…}{…}`, `tr/…/…/` of Perl.
    pub(super) fn perl_quote(&mut self, name: &str, spaced: bool) -> bool {
        if !matches!(name, "q" | "qq" | "qw" | "qx" | "qr" | "m" | "s" | "y" | "tr") {
            return false;
        }
        let before = self.at;
        while self.peek() == Some(' ') {
            self.bump();
        }
        let blank = self.at > before;
        let open = self.peek().filter(|&c| {
            c.is_ascii_punctuation()
                && !matches!(c, ',' | ';' | ')' | '_' | '$' | '@')
                && !(c == '=' && (blank || self.peek_at(1) == Some('>')))
                && !(c == '#' && blank)
                && !(c == '}' || c == ']')
                && !(c == '-' && self.peek_at(1) == Some('>'))
        });
        let Some(open) = open else {
            self.at = before;
            return false;
        };
        self.bump();
        let close = closing(open);
        let nest = (close != open).then_some(open);
        match name {
            "q" => {
                let pieces = self.quoted(close, nest, Put::Nothing, true);
                self.push(Tok::Text(pieces), spaced);
            }
            "qq" => {
                let pieces = self.quoted(close, nest, Put::Sigil, false);
                self.push(Tok::Text(pieces), spaced);
            }
            "qx" => {
                let put = if open == '\'' { Put::Nothing } else { Put::Sigil };
                let pieces = self.quoted(close, nest, put, false);
                self.push(Tok::Command(pieces), spaced);
            }
            "qw" => {
                let text = self.nested_plain(open, close);
                self.push(Tok::Words(text.split_whitespace().map(str::to_owned).collect()), spaced);
            }
            "m" | "qr" => {
                let text = self.nested_plain(open, close);
                self.identifier();
                self.push(Tok::Pattern(text), spaced);
            }
            _ => {
                let from = self.nested_plain(open, close);
                if close != open {
                    while self.peek().is_some_and(char::is_whitespace) {
                        self.bump();
                    }
                    self.bump();
                }
                let put = if name == "s" { Put::Sigil } else { Put::Nothing };
                let to = self.quoted(close, nest, put, false);
                let flags = self.identifier();
                self.push(Tok::Change { translates: name != "s", from, to, flags }, spaced);
            }
        }
        true
    }

    /// Text up to an unescaped `close`, backslashes kept.
    pub(super) fn plain_until(&mut self, close: char) -> String {
        self.nested_plain(close, close)
    }

    pub(super) fn nested_plain(&mut self, open: char, close: char) -> String {
        let mut out = String::new();
        let mut depth = 0;
        while let Some(letter) = self.bump() {
            if letter == '\\' {
                out.push(letter);
                out.extend(self.bump());
                continue;
            }
            if letter == close {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            } else if letter == open {
                depth += 1;
            }
            out.push(letter);
        }
        out
    }

    pub(super) fn until(&mut self, end: &str, put: Put, raw: bool) -> Vec<Piece> {
        let mut out = Pieces::default();
        while self.at < self.text.len() {
            if self.rest().starts_with(end) {
                self.at += end.len();
                break;
            }
            self.letter(&mut out, put, raw, '\0');
        }
        out.done()
    }

    pub(super) fn quoted(&mut self, close: char, open: Option<char>, put: Put, raw: bool) -> Vec<Piece> {
        let mut out = Pieces::default();
        let mut depth = 0;
        while let Some(letter) = self.peek() {
            if letter == close {
                if depth == 0 {
                    self.bump();
                    break;
                }
                depth -= 1;
            } else if Some(letter) == open {
                depth += 1;
            }
            self.letter(&mut out, put, raw, close);
        }
        out.done()
    }

    /// One letter, escape or expression of a string.
    pub(super) fn letter(&mut self, out: &mut Pieces, put: Put, raw: bool, close: char) {
        let Some(letter) = self.bump() else { return };
        let next = self.peek();
        match letter {
            '\\' if raw => {
                // In raw text a backslash only keeps the quote from closing.
                match next {
                    Some(c) if c == close || (c == '\\' && self.language != Language::Python) => {
                        if self.language == Language::Python {
                            out.push('\\');
                        }
                        out.push(c);
                        self.bump();
                    }
                    _ => out.push('\\'),
                }
            }
            '\\' => self.escape(out),
            '{' if put == Put::Brace && next == Some('{') => {
                self.bump();
                out.push('{');
            }
            '{' if put == Put::Brace => {
                let code = self.balanced('{', '}');
                out.code(format_field(&code));
            }
            '$' if put == Put::DollarBrace && next == Some('{') => {
                self.bump();
                let code = self.balanced('{', '}');
                out.code(code);
            }
            '#' if put == Put::Hash && next == Some('{') => {
                self.bump();
                let code = self.balanced('{', '}');
                out.code(code);
            }
            '$' if put == Put::Dollar => match next {
                Some(open @ ('{' | '(')) => {
                    self.bump();
                    let code = self.balanced(open, closing(open));
                    out.code(code);
                }
                Some(c) if c.is_alphabetic() || c == '_' => {
                    let name = self.identifier();
                    out.code(name);
                }
                _ => out.push('$'),
            },
            '{' if put == Put::Sigil && self.language == Language::Php && next == Some('$') => {
                let code = self.balanced('{', '}');
                out.code(code);
            }
            '$' | '@' if put == Put::Sigil => match next {
                Some('{') => {
                    self.bump();
                    let code = self.balanced('{', '}');
                    let inner = code.trim();
                    let code = match inner.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                        Some(list) => list.to_owned(),
                        None if inner.starts_with(['$', '\\']) => inner.trim_start_matches('\\').to_owned(),
                        None => format!("{letter}{inner}"),
                    };
                    out.code(code);
                }
                Some(c) if c.is_alphabetic() || c == '_' || (letter == '$' && c.is_ascii_digit()) => {
                    let mut code = format!("{letter}{}", self.identifier());
                    while matches!(self.peek(), Some('[' | '{'))
                        || self.rest().starts_with("->[")
                        || self.rest().starts_with("->{")
                    {
                        if self.language == Language::Php && self.peek() == Some('{') {
                            break;
                        }
                        if self.rest().starts_with("->") {
                            self.at += 2;
                            code.push_str("->");
                        }
                        let open = self.bump().unwrap_or('[');
                        let inner = self.balanced(open, closing(open));
                        code.push(open);
                        code.push_str(&inner);
                        code.push(closing(open));
                    }
                    out.code(code);
                }
                _ => out.push(letter),
            },
            other => out.push(other),
        }
    }

    /// The text up to the bracket that closes; the opening one was read.
    pub(super) fn balanced(&mut self, open: char, close: char) -> String {
        self.nested_plain(open, close)
    }

    pub(super) fn escape(&mut self, out: &mut Pieces) {
        let Some(kind) = self.bump() else { return };
        let digits = |lexer: &mut Self, base: u32, most: usize| {
            let text: String = lexer.rest().chars().take_while(|c| c.is_digit(base)).take(most).collect();
            lexer.at += text.len();
            u32::from_str_radix(&text, base).unwrap_or(0)
        };
        let number = match kind {
            'x' | 'u' if self.peek() == Some('{') => {
                self.bump();
                let number = digits(self, 16, 8);
                if self.peek() == Some('}') {
                    self.bump();
                }
                number
            }
            'x' => digits(self, 16, 2),
            'u' => digits(self, 16, 4),
            'U' => digits(self, 16, 8),
            // Lua counts in tens.
            '0'..='9' if self.language == Language::Lua => {
                self.at -= 1;
                digits(self, 10, 3)
            }
            '0'..='7' => {
                self.at -= 1;
                digits(self, 8, 3)
            }
            'n' => 10,
            't' => 9,
            'r' => 13,
            'e' => 27,
            'a' => 7,
            '\n' => return,
            other => return out.push(other),
        };
        out.push(safe_char(number));
    }

    pub(super) fn long_bracket(&mut self) -> Option<String> {
        let rest = self.rest();
        let level = rest[1..].chars().take_while(|c| *c == '=').count();
        let inner = rest[1 + level..].strip_prefix('[')?;
        let close = format!("]{}]", "=".repeat(level));
        let end = inner.find(&close).unwrap_or(inner.len());
        let text = inner[..end].to_owned();
        let used = (2 * (level + 2) + end).min(rest.len());
        self.at += used;
        while !self.text.is_char_boundary(self.at) {
            self.at -= 1;
        }
        Some(text)
    }
}

/// A `{…}` of a Python f-string without its conversion and format.
fn format_field(code: &str) -> String {
    let mut depth = 0;
    let letters: Vec<(usize, char)> = code.char_indices().collect();
    for (index, (at, letter)) in letters.iter().enumerate() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ':' if depth == 0 => return code[..*at].to_owned(),
            '!' if depth == 0 && letters.get(index + 1).is_none_or(|(_, next)| *next != '=') => {
                return code[..*at].to_owned();
            }
            _ => {}
        }
    }
    code.trim_end_matches('=').to_owned()
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        other => other,
    }
}

/// Pieces as they are put together.
#[derive(Default)]
pub(super) struct Pieces {
    out: Vec<Piece>,
    text: String,
}

impl Pieces {
    fn push(&mut self, letter: char) {
        self.text.push(letter);
    }

    fn code(&mut self, code: String) {
        if !self.text.is_empty() {
            self.out.push(Piece::Text(std::mem::take(&mut self.text)));
        }
        self.out.push(Piece::Code(code));
    }

    fn done(mut self) -> Vec<Piece> {
        if !self.text.is_empty() || self.out.is_empty() {
            self.out.push(Piece::Text(self.text));
        }
        self.out
    }
}
