//! Tokens of script languages: one reader with a few switches for each language.
//!
//! It reads what is needed to find calls and their arguments: names, strings with what is put into
//! them, numbers, operators, line ends. Any text gives tokens; nothing here fails.

mod strings;

use crate::safety::value::is_hole;
use crate::specs::Language;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Tok,
    /// True where a blank stands before it.
    pub(super) spaced: bool,
}

/// Kinds of token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    Name(String),
    /// A name with a sigil, as in Perl and PHP; `$` for the sigil of one value.
    Var(char, String),
    Text(Vec<Piece>),
    Number(i64),
    Op(&'static str),
    /// Backticks and their like: shell code.
    Command(Vec<Piece>),
    Words(Vec<String>),
    /// `<…>` of Perl.
    Angle(Vec<Piece>),
    /// A regular expression.
    Pattern(String),
    /// `s/…/…/` and `tr/…/…/`.
    Change {
        translates: bool,
        from: String,
        to: Vec<Piece>,
        flags: String,
    },
    /// Text of the shell that is not known, where code stands.
    Hole(char),
    /// A line end, with the indentation of the next line.
    Line(usize),
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// An expression whose value stands here.
    Code(String),
}

/// How values are put into strings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Put {
    Nothing,
    /// `{x}`
    Brace,
    /// `${x}`
    DollarBrace,
    /// `#{x}`
    Hash,
    /// `$x`, `${x}`, `@x`, `{$x}`
    Sigil,
    /// `$x`, `${x}`, `$(x)`
    Dollar,
}

const OPERATORS: &[&str] = &[
    "===", "!==", "**=", "<=>", "...", "&&=", "||=", "??=", "//=", "<<=", ">>=", "=>", "->", "::", "==",
    "!=", "<=", ">=", "&&", "||", "??", "?.", "+=", "-=", "*=", "/=", ".=", "%=", "|=", "&=", "^=", "<<",
    ">>", "**", "..", "=~", "!~", "++", "--", "|>", "<-", ":=", "(", ")", "[", "]", "{", "}", ",", ";", ":",
    ".", "+", "-", "*", "/", "%", "=", "<", ">", "!", "?", "&", "|", "^", "~", "@", "$", "\\", "#", "`",
];

/// Reads all tokens of a text; stops at `limit` of them and says so by `false`.
pub(super) fn tokens(language: Language, text: &str, limit: usize) -> (Vec<Token>, bool) {
    let mut lexer =
        Lexer { language, text, at: 0, out: Vec::new(), brackets: Vec::new(), waiting: Vec::new() };
    lexer.skip_shebang();
    while lexer.at < text.len() && lexer.out.len() < limit {
        let before = lexer.at;
        lexer.step();
        if lexer.at == before {
            lexer.bump();
        }
    }
    let whole = lexer.at >= text.len();
    (lexer.out, whole)
}

struct Lexer<'a> {
    language: Language,
    text: &'a str,
    at: usize,
    out: Vec<Token>,
    brackets: Vec<char>,
    /// Here-documents whose bodies begin on the next line: token, label, raw.
    waiting: Vec<(usize, String, bool)>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.rest().chars().nth(ahead)
    }

    fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn is(&self, languages: &[Language]) -> bool {
        languages.contains(&self.language)
    }

    fn skip_shebang(&mut self) {
        if self.text.starts_with("#!") {
            self.at = self.text.find('\n').unwrap_or(self.text.len());
        }
        if self.language == Language::Php {
            let rest = self.rest().trim_start();
            if let Some(after) = rest.strip_prefix("<?php").or_else(|| rest.strip_prefix("<?")) {
                self.at = self.text.len() - after.len();
            }
        }
    }

    fn push(&mut self, kind: Tok, spaced: bool) {
        self.out.push(Token { kind, spaced });
    }

    /// True where an operand was just read, so that `/` divides and `<` compares.
    fn after_operand(&self) -> bool {
        match self.out.last().map(|token| &token.kind) {
            Some(Tok::Name(name)) => !matches!(
                name.as_str(),
                "split"
                    | "grep"
                    | "map"
                    | "join"
                    | "if"
                    | "unless"
                    | "and"
                    | "or"
                    | "not"
                    | "return"
                    | "when"
                    | "while"
                    | "until"
                    | "push"
                    | "in"
                    | "print"
                    | "puts"
                    | "unlink"
                    | "for"
                    | "foreach"
                    | "elsif"
                    | "case"
                    | "x"
                    | "chomp"
                    | "rmtree"
                    | "system"
                    | "exec"
                    | "rmdir"
                    | "typeof"
                    | "my"
                    | "our"
                    | "local"
                    | "of"
            ),
            Some(Tok::Op(op)) => matches!(*op, ")" | "]" | "}"),
            Some(Tok::Line(_)) | None => false,
            Some(_) => true,
        }
    }

    fn after_dot(&self) -> bool {
        match self.out.last().map(|token| &token.kind) {
            // There it puts texts together.
            Some(Tok::Op(".")) => !self.is(&[Language::Perl, Language::Php]),
            last => matches!(last, Some(Tok::Op("->" | "::" | "?."))),
        }
    }

    fn step(&mut self) {
        use Language::{Awk, Groovy, JavaScript, Julia, Lua, Perl, Php, Python, Ruby};
        let start = self.at;
        while self.peek().is_some_and(|c| c != '\n' && c.is_whitespace()) {
            self.bump();
        }
        let spaced = self.at > start || start == 0;
        let Some(letter) = self.peek() else { return };
        if letter == '\n' {
            return self.line_end();
        }
        if letter == '\\' && self.peek_at(1) == Some('\n') {
            self.at += 2;
            return;
        }
        if is_hole(letter) {
            self.bump();
            return self.push(Tok::Hole(letter), spaced);
        }
        if self.comment() {
            return;
        }
        if letter.is_ascii_digit() {
            return self.number(spaced);
        }
        if letter.is_alphabetic() || letter == '_' || (letter == '$' && self.is(&[JavaScript])) {
            return self.word(spaced);
        }
        match letter {
            '"' | '\'' if self.is(&[Python]) => return self.python_string("", spaced),
            '"' => {
                self.bump();
                let put = match self.language {
                    Ruby => Put::Hash,
                    Perl | Php => Put::Sigil,
                    Groovy | Julia => Put::Dollar,
                    _ => Put::Nothing,
                };
                if self.is(&[Groovy, Julia]) && self.rest().starts_with("\"\"") {
                    self.at += 2;
                    let pieces = self.until("\"\"\"", put, false);
                    return self.push(Tok::Text(pieces), spaced);
                }
                let pieces = self.quoted('"', None, put, false);
                return self.push(Tok::Text(pieces), spaced);
            }
            '\'' => {
                self.bump();
                if self.is(&[Groovy]) && self.rest().starts_with("''") {
                    self.at += 2;
                    let pieces = self.until("'''", Put::Nothing, false);
                    return self.push(Tok::Text(pieces), spaced);
                }
                let raw = self.is(&[Perl, Php, Ruby]);
                let pieces = self.quoted('\'', None, Put::Nothing, raw);
                return self.push(Tok::Text(pieces), spaced);
            }
            '`' => {
                self.bump();
                return match self.language {
                    JavaScript => {
                        let pieces = self.quoted('`', None, Put::DollarBrace, false);
                        let before = self.out.last().map(|token| &token.kind);
                        if !spaced && matches!(before, Some(Tok::Name(name)) if name == "$" || name == "$$") {
                            // The shells of bun and zx: $`ls`.
                            self.out.pop();
                            return self.push(Tok::Command(pieces), spaced);
                        }
                        self.push(Tok::Text(pieces), spaced);
                    }
                    Perl | Php | Ruby | Julia => {
                        let put = match self.language {
                            Ruby => Put::Hash,
                            Julia => Put::Dollar,
                            _ => Put::Sigil,
                        };
                        let pieces = self.quoted('`', None, put, false);
                        self.push(Tok::Command(pieces), spaced);
                    }
                    _ => {}
                };
            }
            '$' if self.is(&[Perl, Php, Ruby]) => return self.variable('$', spaced),
            '@' if self.is(&[Perl, Ruby]) => return self.variable('@', spaced),
            '%' if self.is(&[Perl]) && !self.after_operand() => return self.variable('%', spaced),
            '%' if self.is(&[Ruby]) && (spaced || !self.after_operand()) && self.percent(spaced) => return,
            ':' if self.is(&[Ruby])
                && self.peek_at(1).is_some_and(|c| c.is_alphabetic())
                && !self.text[..self.at].ends_with([':', '?'])
                && (spaced || !self.after_operand()) =>
            {
                self.bump();
                let name = self.identifier();
                return self.push(Tok::Text(vec![Piece::Text(name)]), spaced);
            }
            '/' if self.is(&[Perl, Ruby, JavaScript, Awk]) && !self.after_operand() => {
                self.bump();
                let pattern = self.plain_until('/');
                while self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
                    self.bump();
                }
                return self.push(Tok::Pattern(pattern), spaced);
            }
            '<' if self.is(&[Perl, Ruby, Php]) && self.here_document(spaced) => return,
            '<' if self.is(&[Perl]) && !self.after_operand() => {
                let inner: String = self.rest()[1..].chars().take_while(|c| *c != '>').take(256).collect();
                if !inner.contains(['\n', ';', '=']) && self.rest()[1 + inner.len()..].starts_with('>') {
                    self.at += inner.len() + 2;
                    let pieces = split_sigils(&inner);
                    return self.push(Tok::Angle(pieces), spaced);
                }
            }
            '[' if self.is(&[Lua]) && matches!(self.peek_at(1), Some('[' | '=')) => {
                if let Some(text) = self.long_bracket() {
                    return self.push(Tok::Text(vec![Piece::Text(text)]), spaced);
                }
            }
            '?' if self.is(&[Php]) && self.rest().starts_with("?>") => {
                // Text outside of PHP, up to the next opening.
                self.at = self.rest().find("<?php").map_or(self.text.len(), |found| self.at + found + 5);
                return;
            }
            _ => {}
        }
        let first = self.rest().as_bytes().first().copied();
        for op in OPERATORS {
            if op.as_bytes().first().copied() != first {
                continue;
            }
            // `[::-1]` of Python is two colons.
            if self.rest().starts_with(op) && !(*op == "::" && self.language == Python) {
                self.at += op.len();
                match *op {
                    "(" | "[" | "{" => self.brackets.push(op.chars().next().unwrap_or('(')),
                    ")" | "]" | "}" => {
                        self.brackets.pop();
                    }
                    _ => {}
                }
                return self.push(Tok::Op(op), spaced);
            }
        }
        self.bump();
    }

    fn line_end(&mut self) {
        self.bump();
        for (token, label, raw) in std::mem::take(&mut self.waiting) {
            let body = self.body(&label);
            let pieces = if raw {
                vec![Piece::Text(body)]
            } else {
                let mut inner = Lexer {
                    language: self.language,
                    text: &body,
                    at: 0,
                    out: Vec::new(),
                    brackets: Vec::new(),
                    waiting: Vec::new(),
                };
                let put = if self.language == Language::Ruby { Put::Hash } else { Put::Sigil };
                inner.until("\0\0\0", put, false)
            };
            if let Some(known) = self.out.get_mut(token) {
                known.kind = Tok::Text(pieces);
            }
        }
        // Blank lines are nothing.
        let mut indent = 0;
        loop {
            match self.peek() {
                Some(' ') => indent += 1,
                Some('\t') => indent += 8,
                Some('\r') => {}
                Some('\n') => indent = 0,
                _ => break,
            }
            self.bump();
        }
        let inside = match self.brackets.last() {
            Some('(' | '[') => true,
            Some('{') => self.language == Language::Python,
            _ => false,
        };
        if !inside && !matches!(self.out.last().map(|token| &token.kind), Some(Tok::Line(_))) {
            self.push(Tok::Line(indent), true);
        } else if let (false, Some(Token { kind: Tok::Line(known), .. })) = (inside, self.out.last_mut()) {
            *known = indent;
        }
    }

    fn comment(&mut self) -> bool {
        use Language::{AppleScript, Awk, Groovy, JavaScript, Julia, Lisp, Lua, Perl, Php, Python, R, Ruby};
        let rest = self.rest();
        let to_line_end = |rest: &str| rest.find('\n').unwrap_or(rest.len());
        let hash = rest.starts_with('#')
            && self.is(&[Awk, Python, Perl, Ruby, Php, R, Julia])
            && !rest.starts_with("#[");
        let slashes = rest.starts_with("//") && self.is(&[JavaScript, Php, Groovy]);
        let dashes = rest.starts_with("--") && self.is(&[Lua, AppleScript]);
        let semicolons = rest.starts_with(';') && self.is(&[Lisp]);
        let long = rest.starts_with("--[[") || rest.starts_with("--[=");
        let stars = rest.starts_with("/*") && self.is(&[JavaScript, Php, Groovy]);
        if dashes && long {
            self.at += 2;
            if self.long_bracket().is_some() {
                return true;
            }
            self.at -= 2;
        }
        if hash || slashes || dashes || semicolons {
            self.at += to_line_end(self.rest());
            return true;
        }
        if stars {
            let rest = self.rest();
            self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            return true;
        }
        false
    }

    fn number(&mut self, spaced: bool) {
        let rest = self.rest();
        let (base, skip) = match rest.get(..2) {
            Some("0x" | "0X") => (16, 2),
            Some("0b" | "0B") => (2, 2),
            Some("0o" | "0O") => (8, 2),
            // A number that begins with 0 counts in eights, in languages that come from C.
            Some(start)
                if self.is(&[Language::Perl, Language::Ruby, Language::Php, Language::JavaScript])
                    && start.starts_with('0')
                    && start.ends_with(|c: char| c.is_digit(8)) =>
            {
                (8, 1)
            }
            _ => (10, 0),
        };
        let digits: String =
            rest[skip..].chars().take_while(|c| c.is_digit(base) || *c == '_').take(32).collect();
        self.at += skip + digits.len();
        let mut number = i64::from_str_radix(&digits.replace('_', ""), base).unwrap_or(i64::MAX);
        if base == 10 {
            if self.peek() == Some('.') && self.peek_at(1).is_some_and(|c| c.is_ascii_digit()) {
                self.bump();
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.bump();
                }
            }
            if matches!(self.peek(), Some('e' | 'E')) && self.peek_at(1).is_some_and(|c| c.is_ascii_digit()) {
                self.bump();
                let power: String = self.rest().chars().take_while(char::is_ascii_digit).take(4).collect();
                self.at += power.len();
                let power = power.parse::<u32>().unwrap_or(0).min(18);
                number = number.saturating_mul(10_i64.saturating_pow(power));
            }
        }
        self.push(Tok::Number(number), spaced);
    }

    fn identifier(&mut self) -> String {
        let name: String = self.rest().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        self.at += name.len();
        name
    }

    fn word(&mut self, spaced: bool) {
        use Language::{JavaScript, Lisp, Perl, Python, R, Ruby};
        let mut name = self.identifier();
        if self.is(&[JavaScript]) {
            while let Some(letter) = self.peek().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
                name.push(letter);
                self.bump();
            }
        }
        if self.is(&[Ruby]) && matches!(self.peek(), Some('?' | '!')) && self.peek_at(1) != Some('=') {
            name.extend(self.bump());
        }
        if self.is(&[R, Lisp]) {
            let more = |c: char| {
                c.is_alphanumeric()
                    || matches!(c, '.' | '_')
                    || (self.language == Lisp && matches!(c, '-' | '*' | '/'))
            };
            let tail: String = self.rest().chars().take_while(|&c| more(c)).collect();
            self.at += tail.len();
            name.push_str(&tail);
        }
        if self.is(&[Python]) && matches!(self.peek(), Some('"' | '\'')) && name.len() <= 2 {
            let prefix = name.to_ascii_lowercase();
            if prefix.chars().all(|c| matches!(c, 'r' | 'b' | 'f' | 'u')) {
                return self.python_string(&prefix, spaced);
            }
        }
        if self.is(&[Perl]) && !self.after_dot() && self.perl_quote(&name, spaced) {
            return;
        }
        // `r"…"` of Julia and R is raw text.
        if name == "raw" && self.peek() == Some('"') {
            self.bump();
            let pieces = self.quoted('"', None, Put::Nothing, true);
            return self.push(Tok::Text(pieces), spaced);
        }
        self.push(Tok::Name(name), spaced);
    }

    /// `$name`, `@name`, `%name`, `$_`, `$$`, `$1`; with `${name}`.
    fn variable(&mut self, sigil: char, spaced: bool) {
        self.bump();
        if sigil == '$' && self.peek() == Some('#') && self.peek_at(1) != Some('{') {
            self.bump();
            self.identifier();
            return self.push(Tok::Number(1), spaced);
        }
        if self.language == Language::Ruby && sigil == '@' {
            self.at += usize::from(self.peek() == Some('@'));
        }
        if self.peek() == Some('{') {
            let inner: String = self.rest().chars().skip(1).take(64).take_while(|c| *c != '}').collect();
            let inner = inner.as_str();
            if !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || c == '_') {
                let name = inner.to_owned();
                self.at += name.len() + 2;
                return self.push(Tok::Var(sigil, name), spaced);
            }
        }
        // `@$list`, `$$reference`: the same thing seen through a reference.
        while self.language == Language::Perl
            && self.peek() == Some('$')
            && self.peek_at(1).is_some_and(|c| c.is_alphabetic() || c == '_')
        {
            self.bump();
        }
        let mut name = self.identifier();
        while self.language == Language::Perl && self.rest().starts_with("::") {
            self.at += 2;
            name.push('.');
            name.push_str(&self.identifier());
        }
        if name.is_empty() {
            let special = self
                .peek()
                .filter(|c| matches!(c, '$' | '!' | '@' | '0' | '&' | ',' | '/' | '\\' | ';' | '.' | '~'));
            match special {
                Some(letter) if sigil == '$' && self.peek_at(1) != Some('{') => {
                    self.bump();
                    name.push(letter);
                }
                _ if sigil == '%' => return self.push(Tok::Op("%"), spaced),
                _ if sigil == '@' => return self.push(Tok::Op("@"), spaced),
                _ => return self.push(Tok::Op("$"), spaced),
            }
        }
        self.push(Tok::Var(sigil, name), spaced);
    }
}

fn split_sigils(text: &str) -> Vec<Piece> {
    let mut lexer = Lexer {
        language: Language::Perl,
        text,
        at: 0,
        out: Vec::new(),
        brackets: Vec::new(),
        waiting: Vec::new(),
    };
    lexer.until("\0\0\0", Put::Sigil, false)
}
