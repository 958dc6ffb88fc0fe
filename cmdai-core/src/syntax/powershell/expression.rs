//! Expressions: operators by precedence, and operands with what is taken of them.

use super::{Reader, is_dash, is_name, is_quote};
use crate::syntax::NoteKind;
use crate::syntax::ir::{Access, Expression, ExpressionKind, Part, PartKind, Word};

/// Operators that are words, each with how tightly it binds.
const WORDS: &[(&str, u8)] = &[
    ("and", 1),
    ("as", 3),
    ("band", 2),
    ("bor", 2),
    ("bxor", 2),
    ("contains", 3),
    ("eq", 3),
    ("f", 6),
    ("ge", 3),
    ("gt", 3),
    ("in", 3),
    ("is", 3),
    ("isnot", 3),
    ("join", 3),
    ("le", 3),
    ("like", 3),
    ("lt", 3),
    ("match", 3),
    ("ne", 3),
    ("notcontains", 3),
    ("notin", 3),
    ("notlike", 3),
    ("notmatch", 3),
    ("or", 1),
    ("replace", 3),
    ("shl", 3),
    ("shr", 3),
    ("split", 3),
    ("xor", 1),
];

/// The level of the comma, which makes lists.
const COMMA: u8 = 8;

impl Reader<'_> {
    /// One expression with all its operators.
    pub(super) fn expression(&mut self) -> Expression {
        let first = self.binary(0);
        let at = self.at;
        self.spaces();
        // `condition ? one : other`
        let asks = self.peek() == Some('?')
            && self
                .second()
                .is_none_or(|next| next.is_whitespace() || next == '$' || is_quote(next) || next == '(');
        if !asks {
            self.at = at;
            return first;
        }
        self.at += 1;
        self.lines();
        let one = self.deeper(|reader| reader.expression());
        self.lines();
        let mut rest = Vec::new();
        rest.extend(one.map(|one| ("?".to_owned(), one)));
        if self.eat(":") {
            self.lines();
            rest.extend(self.deeper(|reader| reader.expression()).map(|other| (":".to_owned(), other)));
        }
        let span = first.span.to(self.since(at));
        Expression { kind: ExpressionKind::Binary { first: Box::new(first), rest }, span }
    }

    fn binary(&mut self, least: u8) -> Expression {
        let mut left = self.unary();
        // Of the chain at the top of `left`, while it may still grow.
        let mut open: Option<u8> = None;
        loop {
            let at = self.at;
            self.spaces();
            let Some((operator, level, length)) = self.operator() else {
                self.at = at;
                return left;
            };
            if level < least || self.is_over() {
                self.at = at;
                return left;
            }
            self.piece();
            self.at += length;
            self.lines();
            if matches!(self.peek(), None | Some(')' | '}' | ']' | ';')) {
                // The operand has yet to be written; a list may end in a comma by mistake.
                if self.is_over() {
                    self.unfinished(at);
                }
                return left;
            }
            let operand = self.binary(level + 1);
            let span = left.span.to(operand.span);
            left = match (level, left.kind) {
                (COMMA, ExpressionKind::List(mut list)) if open == Some(COMMA) => {
                    list.push(operand);
                    Expression { kind: ExpressionKind::List(list), span }
                }
                (COMMA, kind) => {
                    let first = Expression { kind, span: left.span };
                    Expression { kind: ExpressionKind::List(vec![first, operand]), span }
                }
                (_, ExpressionKind::Binary { first, mut rest }) if open == Some(level) => {
                    rest.push((operator, operand));
                    Expression { kind: ExpressionKind::Binary { first, rest }, span }
                }
                (_, kind) => {
                    let first = Box::new(Expression { kind, span: left.span });
                    let rest = vec![(operator, operand)];
                    Expression { kind: ExpressionKind::Binary { first, rest }, span }
                }
            };
            open = Some(level);
        }
    }

    /// The operator that is next: its name, level and length in bytes.
    fn operator(&self) -> Option<(String, u8, usize)> {
        let rest = self.rest();
        let letter = rest.chars().next()?;
        let plain = |name: &str, level: u8| Some((name.to_owned(), level, name.len()));
        match letter {
            ',' if self.commas => plain(",", COMMA),
            '.' if rest.starts_with("..") => plain("..", 7),
            '?' if rest.starts_with("??") && !rest.starts_with("??=") => plain("??", 0),
            '+' | '*' | '/' | '%' => {
                let next = rest[1..].chars().next();
                if next == Some('=') || (letter == '*' && next == Some('>')) {
                    return None;
                }
                plain(&rest[..1], if letter == '+' { 4 } else { 5 })
            }
            _ if is_dash(letter) => {
                let after = &rest[letter.len_utf8()..];
                let word = self.dash_word();
                if word.is_empty() {
                    let next = after.chars().next();
                    return (next != Some('=')).then(|| ("-".to_owned(), 4, letter.len_utf8()));
                }
                let length = letter.len_utf8() + word.len();
                let known = |name: &str| WORDS.binary_search_by(|(known, _)| (*known).cmp(name)).ok();
                let at = known(&word).or_else(|| known(word.strip_prefix(['c', 'i'])?))?;
                let (name, level) = WORDS[at];
                Some((format!("-{name}"), level, length))
            }
            _ => None,
        }
    }

    /// The letters after the dash that is next, in lower case.
    pub(super) fn dash_word(&self) -> String {
        let mut letters = self.rest().chars();
        letters.next();
        letters
            .take_while(|letter| letter.is_ascii_alphabetic())
            .take(16)
            .collect::<String>()
            .to_ascii_lowercase()
    }

    fn unary(&mut self) -> Expression {
        self.spaces();
        let start = self.at;
        let Some(letter) = self.peek() else { return self.opaque(start) };
        let operator = match letter {
            '!' => Some(("!".to_owned(), 1)),
            ',' => Some((",".to_owned(), 1)),
            '+' if self.second() == Some('+') => Some(("++".to_owned(), 2)),
            '+' => Some(("+".to_owned(), 1)),
            _ if is_dash(letter) => {
                let word = self.dash_word();
                let size = letter.len_utf8();
                match word.as_str() {
                    "" if self.second().is_some_and(is_dash) => {
                        Some(("--".to_owned(), size + self.second().map_or(0, char::len_utf8)))
                    }
                    "" => Some(("-".to_owned(), size)),
                    "not" | "bnot" | "join" | "split" => Some((format!("-{word}"), size + word.len())),
                    "csplit" | "isplit" => Some(("-split".to_owned(), size + word.len())),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some((operator, length)) = operator {
            self.at += length;
            self.lines();
            // `-join` and its like bind tighter than the comma.
            let operand = self.deeper(|reader| reader.unary()).unwrap_or_else(|| self.opaque(start));
            let kind = ExpressionKind::Unary { operator, operand: Box::new(operand) };
            return Expression { kind, span: self.since(start) };
        }
        if letter == '[' {
            let name = self.type_name();
            let held = Expression { kind: ExpressionKind::Type(name.clone()), span: self.since(start) };
            if self.rest().starts_with("::") || self.peek() == Some('.') && !self.rest().starts_with("..") {
                return self.steps(held, start);
            }
            let at = self.at;
            self.spaces();
            let casts = self.peek().is_some_and(|next| {
                matches!(next, '$' | '(' | '[' | '@' | '{' | '!') || is_quote(next) || next.is_ascii_digit()
            }) || (self.peek().is_some_and(is_dash)
                && (self.second().is_some_and(|next| next.is_ascii_digit() || matches!(next, '$' | '('))
                    || matches!(self.dash_word().as_str(), "join" | "split" | "not")));
            if !casts {
                self.at = at;
                return held;
            }
            let value = self.deeper(|reader| reader.unary()).unwrap_or_else(|| self.opaque(start));
            let kind = ExpressionKind::Cast { to: name, value: Box::new(value) };
            return Expression { kind, span: self.since(start) };
        }
        self.operand_with_steps()
    }

    fn opaque(&self, start: usize) -> Expression {
        Expression { kind: ExpressionKind::Opaque, span: self.since(start) }
    }

    /// An operand and the members, methods and indices behind it.
    pub(super) fn operand_with_steps(&mut self) -> Expression {
        let start = self.at;
        self.piece();
        let operand = self.operand();
        self.steps(operand, start)
    }

    fn operand(&mut self) -> Expression {
        let start = self.at;
        let Some(letter) = self.peek() else { return self.opaque(start) };
        let next = self.second();
        let kind = match letter {
            '$' if next == Some('(') => {
                self.at += 2;
                let program = self.closed(')', start);
                ExpressionKind::Program { program, list: false }
            }
            '$' => {
                let part = if self.begins_variable() || next == Some(':') { self.dollar() } else { None };
                match part {
                    Some(part) => {
                        let span = part.span;
                        ExpressionKind::Word(Word { parts: vec![part], span })
                    }
                    None => {
                        self.at += 1;
                        let span = self.since(start);
                        let part = Part { kind: PartKind::Text("$".to_owned()), span };
                        ExpressionKind::Word(Word { parts: vec![part], span })
                    }
                }
            }
            '(' => {
                self.at += 1;
                let program = self.closed(')', start);
                ExpressionKind::Program { program, list: false }
            }
            '@' if next == Some('(') => {
                self.at += 2;
                let program = self.closed(')', start);
                ExpressionKind::Program { program, list: true }
            }
            '@' if next == Some('{') => {
                self.at += 2;
                self.record(start)
            }
            '@' if next.is_some_and(is_quote) => self.text_part(Self::here_string),
            '{' => {
                self.at += 1;
                ExpressionKind::Closure(Box::new(self.closure(start)))
            }
            _ if is_quote(letter) => self.text_part(Self::quoted),
            _ => {
                let length = self.number_length();
                if length > 0 {
                    let text = self.rest()[..length].to_owned();
                    self.at += length;
                    ExpressionKind::Number(text)
                } else {
                    let rest = self.rest();
                    let length = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
                    if length == 0 {
                        self.bump();
                        let span = self.since(start);
                        self.note(NoteKind::Unexpected, span);
                        return self.opaque(start);
                    }
                    // A bare word where a value should be; taken for its text.
                    self.at += length;
                    let span = self.since(start);
                    let kind = PartKind::Text(rest[..length].to_owned());
                    ExpressionKind::Word(Word { parts: vec![Part { kind, span }], span })
                }
            }
        };
        Expression { kind, span: self.since(start) }
    }

    fn text_part(&mut self, read: fn(&mut Self) -> Option<Part>) -> ExpressionKind {
        match read(self) {
            Some(part) => {
                let span = part.span;
                ExpressionKind::Word(Word { parts: vec![part], span })
            }
            None => ExpressionKind::Opaque,
        }
    }

    /// `@{ key = value; … }`, whose opening was just read.
    fn record(&mut self, opened: usize) -> ExpressionKind {
        let mut entries = Vec::new();
        let commas = std::mem::replace(&mut self.commas, true);
        loop {
            self.separators();
            if matches!(self.peek(), None | Some('}' | ')')) {
                break;
            }
            let at = self.at;
            self.piece();
            let Some(key) = self.deeper(|reader| reader.unary()) else { break };
            self.lines();
            let value = if self.eat("=") {
                self.lines();
                let from = self.at;
                let program = self.value();
                let span = self.since(from);
                Expression { kind: ExpressionKind::Program { program, list: false }, span }
            } else {
                self.opaque(self.at)
            };
            entries.push((key, value));
            if self.at == at {
                self.bump();
                let span = self.since(at);
                self.note(NoteKind::Unexpected, span);
            }
        }
        self.commas = commas;
        self.close('}', opened);
        ExpressionKind::Record(entries)
    }

    /// `.name`, `::name`, `.name(…)`, `[index]`, `++` behind an operand.
    fn steps(&mut self, value: Expression, start: usize) -> Expression {
        let mut steps = Vec::new();
        let mut counts = None;
        loop {
            let rest = self.rest();
            let letter = rest.chars().next();
            let conditional = rest.starts_with("?.") || rest.starts_with("?[");
            let from = usize::from(conditional);
            if rest.starts_with("++") || rest.starts_with("--") {
                counts = Some(rest[..2].to_owned());
                self.at += 2;
                break;
            }
            let is_static = rest.starts_with("::");
            let after = match (letter, conditional) {
                (Some(':'), _) if is_static => 2,
                (Some('.'), _) | (_, true) if rest[from..].starts_with('.') => from + 1,
                (Some('['), _) | (_, true) if rest[from..].starts_with('[') => {
                    let opened = self.at;
                    self.at += from + 1;
                    self.piece();
                    self.lines();
                    let commas = std::mem::replace(&mut self.commas, true);
                    let index = self.deeper(|reader| reader.expression());
                    self.commas = commas;
                    self.lines();
                    self.close(']', opened);
                    steps.extend(index.map(Access::Index));
                    continue;
                }
                _ => break,
            };
            let name = rest[after..].chars().next();
            let names =
                name.is_some_and(|name| is_name(name) || is_quote(name) || matches!(name, '$' | '(' | '{'));
            if !names || (name == Some('{') && is_static) {
                break;
            }
            self.at += after;
            self.piece();
            steps.push(self.member(is_static));
        }
        let mut value = value;
        if !steps.is_empty() {
            let kind = ExpressionKind::Access { value: Box::new(value), steps };
            value = Expression { kind, span: self.since(start) };
        }
        if let Some(operator) = counts {
            let kind = ExpressionKind::Unary { operator, operand: Box::new(value) };
            value = Expression { kind, span: self.since(start) };
        }
        value
    }

    fn member(&mut self, is_static: bool) -> Access {
        let start = self.at;
        let name = match self.peek() {
            Some('{') => {
                // `.{ … }` calls nothing that anyone knows; read it as an argument.
                self.opaque(start)
            }
            _ => self.deeper(|reader| reader.operand()).unwrap_or_else(|| self.opaque(start)),
        };
        match self.peek() {
            Some('(') => {
                let opened = self.at;
                self.at += 1;
                let commas = std::mem::replace(&mut self.commas, false);
                let arguments = self.deeper(|reader| {
                    let mut arguments = Vec::new();
                    loop {
                        reader.lines();
                        if matches!(reader.peek(), None | Some(')' | '}' | ']' | ';' | '|')) {
                            break;
                        }
                        arguments.push(reader.expression());
                        reader.lines();
                        if !reader.eat(",") {
                            break;
                        }
                    }
                    arguments
                });
                self.commas = commas;
                self.close(')', opened);
                Access::Call { name, is_static, arguments: arguments.unwrap_or_default() }
            }
            Some('{') => {
                let opened = self.at;
                self.at += 1;
                let closure = self.deeper(|reader| reader.closure(opened)).unwrap_or_default();
                let kind = ExpressionKind::Closure(Box::new(closure));
                let argument = Expression { kind, span: self.since(opened) };
                Access::Call { name, is_static, arguments: vec![argument] }
            }
            _ => Access::Member { name, is_static },
        }
    }

    /// The length of the number that is next; 0 where none is.
    pub(super) fn number_length(&self) -> usize {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let digits = |from: usize, hex: bool| {
            let is_digit = |byte: &u8| byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit());
            bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_digit(byte)).count()
        };
        let mut length = 0;
        if bytes.len() > 2 && bytes[0] == b'0' && matches!(bytes[1], b'x' | b'X') {
            length = 2 + digits(2, true);
        } else {
            length += digits(0, false);
            if bytes.get(length) == Some(&b'.') {
                let more = digits(length + 1, false);
                if more > 0 {
                    length += 1 + more;
                }
            }
            if length > 0 && matches!(bytes.get(length), Some(b'e' | b'E')) {
                let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
                let more = digits(length + 1 + sign, false);
                if more > 0 {
                    length += 1 + sign + more;
                }
            }
        }
        if length == 0 {
            return 0;
        }
        let suffix = rest[length..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_');
        let suffix: String = suffix.collect::<String>().to_ascii_lowercase();
        let known = ["", "kb", "mb", "gb", "tb", "pb", "d", "l", "u", "ul", "y", "uy", "s", "us", "n"];
        if !known.contains(&suffix.as_str()) {
            return 0;
        }
        length += suffix.len();
        // `7-zip` and `1.txt` are names.
        match rest[length..].chars().next() {
            Some('.') => {
                let next = rest[length + 1..].chars().next();
                if next == Some('.') || next.is_some_and(char::is_alphabetic) { length } else { 0 }
            }
            Some('\\' | '/') if rest[length + 1..].starts_with(char::is_alphabetic) => 0,
            _ => length,
        }
    }
}
