//! The parts of a pipeline: commands with their words and redirections, or expressions.

use super::{Reader, is_dash, is_quote};
use crate::line::Span;
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    Command, CommandKind, Expression, ExpressionKind, Part, PartKind, Redirection, RedirectionKind, Word,
};

/// What ends a word of plain text.
fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '{' | '}' | ';' | ',' | '|' | '&' | '<' | '>')
}

impl Reader<'_> {
    /// One part of a pipeline. Reserved words count in the first only.
    pub(super) fn part(&mut self, first: bool) -> Command {
        self.lines();
        let start = self.at;
        let mut redirections = Vec::new();
        let kind = self.part_kind(first, &mut redirections);
        // Behind an expression or a block only redirections may follow.
        let mut end = self.at;
        loop {
            self.spaces();
            match self.redirection() {
                Some(redirection) => redirections.push(redirection),
                None => break,
            }
            end = self.at;
        }
        let ends = self.peek().is_none_or(|letter| "\n\r;|&)}".contains(letter));
        // Behind a block the next statement may stand at once.
        let block =
            !matches!(kind, CommandKind::Simple(_) | CommandKind::Expression(_) | CommandKind::Opaque);
        if !ends && !block && self.at > start {
            let span = Span::new(self.at, self.at + self.peek().map_or(0, char::len_utf8));
            self.note(NoteKind::Unexpected, span);
        }
        self.at = end;
        Command { kind, redirections, span: Span::new(start, end) }
    }

    fn part_kind(&mut self, first: bool, redirections: &mut Vec<Redirection>) -> CommandKind {
        let Some(letter) = self.peek() else { return CommandKind::Opaque };
        if first {
            if letter == ':' && self.second().is_some_and(|next| next.is_alphabetic()) {
                // The label of a loop.
                let at = self.at;
                let rest = self.rest();
                self.at += rest.find(char::is_whitespace).unwrap_or(rest.len());
                self.lines();
                if !matches!(self.reserved().as_str(), "for" | "foreach" | "while" | "do" | "switch") {
                    self.at = at;
                }
            }
            if let Some(kind) = self.keyword() {
                return kind;
            }
        }
        let calls = match letter {
            '&' => true,
            '.' => self.second().is_some_and(|next| {
                next.is_whitespace() || is_quote(next) || matches!(next, '$' | '(' | '{' | '[')
            }),
            _ => false,
        };
        if calls {
            let start = self.at;
            self.at += 1;
            let operator = Word {
                parts: vec![Part { kind: PartKind::Text(letter.to_string()), span: self.since(start) }],
                span: self.since(start),
            };
            self.spaces();
            let mut words = vec![operator];
            self.words(&mut words, redirections);
            return Self::simple(words);
        }
        if self.begins_expression(letter) {
            return self.expression_or_assignment();
        }
        let mut words = Vec::new();
        self.words(&mut words, redirections);
        if words.is_empty() && redirections.is_empty() {
            return CommandKind::Opaque;
        }
        Self::simple(words)
    }

    fn begins_expression(&self, letter: char) -> bool {
        let next = self.second();
        match letter {
            '$' | '(' | '[' | '{' | '!' | ',' => true,
            '@' => next.is_some_and(|next| matches!(next, '(' | '{') || is_quote(next)),
            '+' => next.is_some_and(|next| matches!(next, '+' | '$' | '(') || next.is_ascii_digit()),
            '0'..='9' | '.' => self.number_length() > 0,
            _ if is_quote(letter) => true,
            _ if is_dash(letter) => {
                next.is_some_and(|next| {
                    is_dash(next) || matches!(next, '$' | '(') || next.is_ascii_digit() || is_quote(next)
                }) || matches!(
                    self.dash_word().as_str(),
                    "not" | "bnot" | "join" | "split" | "csplit" | "isplit"
                )
            }
            _ => false,
        }
    }

    fn expression_or_assignment(&mut self) -> CommandKind {
        let commas = std::mem::replace(&mut self.commas, true);
        let expression = self.expression();
        self.commas = commas;
        let at = self.at;
        self.spaces();
        for operator in ["??=", "+=", "-=", "*=", "/=", "%=", "="] {
            if self.rest().starts_with(operator) && !self.rest().starts_with("==") {
                self.at += operator.len();
                self.lines();
                let value = if self.is_over() {
                    self.unfinished(at);
                    Default::default()
                } else {
                    self.value()
                };
                return CommandKind::Assign {
                    target: Box::new(expression),
                    operator: operator.to_owned(),
                    value,
                };
            }
        }
        self.at = at;
        CommandKind::Expression(Box::new(expression))
    }

    /// The words of a command up to its end, and the redirections between them.
    fn words(&mut self, words: &mut Vec<Word>, redirections: &mut Vec<Redirection>) {
        loop {
            let at = self.at;
            self.spaces();
            if let Some(redirection) = self.redirection() {
                redirections.push(redirection);
                continue;
            }
            if self.rest().starts_with("--%") && !words.is_empty() {
                self.verbatim(words);
                return;
            }
            match self.argument() {
                Some(word) => words.push(word),
                None => {
                    self.at = at;
                    return;
                }
            }
        }
    }

    /// `--%` and the rest of the line, which is passed on as it is written.
    fn verbatim(&mut self, words: &mut Vec<Word>) {
        self.at += 3;
        let rest = self.rest();
        let length = rest.find(['\n', '\r', '|']).unwrap_or(rest.len());
        let mut from = self.at;
        for piece in rest[..length].split([' ', '\t']) {
            let span = Span::new(from, from + piece.len());
            from += piece.len() + 1;
            if !piece.is_empty() {
                self.piece();
                let kind = PartKind::Text(piece.replace('"', ""));
                words.push(Word { parts: vec![Part { kind, span }], span });
            }
        }
        self.at += length;
    }

    /// One argument, lists with commas as one. `None` at the end of the command.
    pub(super) fn argument(&mut self) -> Option<Word> {
        let start = self.at;
        while self.peek() == Some(',') {
            self.at += 1;
            self.lines();
        }
        let first = self.single_argument()?;
        let mut list: Vec<Expression> = Vec::new();
        loop {
            let at = self.at;
            self.spaces();
            if self.peek() != Some(',') {
                self.at = at;
                break;
            }
            self.at += 1;
            self.lines();
            let Some(next) = self.single_argument() else {
                if self.is_over() {
                    self.unfinished(at);
                }
                break;
            };
            list.push(value_of(next));
        }
        if list.is_empty() {
            return Some(first);
        }
        list.insert(0, value_of(first));
        let span = self.since(start);
        let kind = PartKind::Expression(Box::new(Expression { kind: ExpressionKind::List(list), span }));
        Some(Word { parts: vec![Part { kind, span }], span })
    }

    fn single_argument(&mut self) -> Option<Word> {
        let letter = self.peek()?;
        self.piece();
        let start = self.at;
        let begins = match letter {
            '(' | '{' => true,
            '@' => self.second().is_some_and(|next| matches!(next, '(' | '{') || is_quote(next)),
            _ => is_quote(letter),
        };
        if begins {
            let expression = self.deeper(|reader| reader.operand_with_steps())?;
            return Some(word_of(expression));
        }
        if letter == '@' && self.second().is_some_and(super::is_name) {
            self.at += 1;
            let rest = self.rest();
            let length =
                rest.find(|letter: char| !super::is_name(letter) && letter != ':').unwrap_or(rest.len());
            let name = rest[..length].to_owned();
            self.at += length;
            let span = self.since(start);
            let operand = Box::new(self.named(&name, span));
            let kind = ExpressionKind::Unary { operator: "@".to_owned(), operand };
            return Some(word_of(Expression { kind, span }));
        }
        let mut parts = Vec::new();
        if letter == '$' {
            let expression = self.deeper(|reader| reader.operand_with_steps())?;
            if self.at == start {
                return None;
            }
            let ends = self.peek().is_none_or(ends_word);
            let span = expression.span;
            match expression.kind {
                ExpressionKind::Word(word) => parts = word.parts,
                _ => parts.push(Part { kind: PartKind::Expression(Box::new(expression)), span }),
            }
            if ends {
                return Some(Word { parts, span: self.since(start) });
            }
        }
        self.generic(&mut parts);
        (self.at > start).then(|| Word { parts, span: self.since(start) })
    }

    /// Plain text up to the end of the word, with the quotes and variables inside it.
    fn generic(&mut self, parts: &mut Vec<Part>) {
        let is_parameter = parts.is_empty()
            && self.peek().is_some_and(is_dash)
            && self.second().is_some_and(|next| next.is_alphabetic() || next == '_' || next == '?');
        let mut text = String::new();
        let mut from = self.at;
        let mut first = parts.is_empty();
        while let Some(letter) = self.peek() {
            if ends_word(letter) {
                break;
            }
            if letter == '`' {
                self.at += 1;
                if matches!(self.peek(), Some('\n' | '\r')) {
                    self.at -= 1;
                    break;
                }
                if let Some(letter) = self.escape(true) {
                    text.push(letter);
                }
                continue;
            }
            let variable = letter == '$'
                && self.second().is_some_and(|next| {
                    super::is_name(next) || matches!(next, '{' | '(' | '?' | '^' | '$' | ':')
                });
            if is_quote(letter) || variable {
                if !text.is_empty() {
                    let span = self.since(from);
                    parts.push(Part { kind: PartKind::Text(std::mem::take(&mut text)), span });
                }
                self.piece();
                let at = self.at;
                if is_quote(letter) {
                    if let Some(part) = self.quoted() {
                        parts.push(part);
                    }
                } else if let Some(part) = self.dollar() {
                    parts.push(part);
                }
                if self.at == at {
                    break;
                }
                from = self.at;
                first = false;
                continue;
            }
            self.at += letter.len_utf8();
            // Any dash may begin a parameter, and only as the first character is it one.
            text.push(if first && is_dash(letter) { '-' } else { letter });
            first = false;
            if is_parameter && letter == ':' {
                // `-Name:value`: the value may be anything that an argument may be.
                let value = self.peek();
                if value.is_some_and(|next| matches!(next, '$' | '(' | '@' | '{') || is_quote(next)) {
                    let span = self.since(from);
                    parts.push(Part { kind: PartKind::Text(std::mem::take(&mut text)), span });
                    if let Some(word) = self.deeper(|reader| reader.single_argument()).flatten() {
                        parts.extend(word.parts);
                    }
                    return;
                }
            }
        }
        if !text.is_empty() {
            let span = self.since(from);
            parts.push(Part { kind: PartKind::Text(text), span });
        }
    }

    /// True before `>`, `2>`, `*>>` or `<`.
    fn at_redirection(&self) -> bool {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        match bytes.first() {
            Some(b'>') => true,
            Some(b'<') => bytes.get(1) != Some(&b'#'),
            Some(b'1'..=b'6' | b'*') => bytes.get(1) == Some(&b'>'),
            _ => false,
        }
    }

    fn redirection(&mut self) -> Option<Redirection> {
        if !self.at_redirection() {
            return None;
        }
        self.piece();
        let start = self.at;
        let (fd, all) = match self.peek()? {
            '*' => (None, true),
            digit @ '1'..='6' => (digit.to_digit(10), false),
            _ => (None, false),
        };
        if fd.is_some() || all {
            self.at += 1;
        }
        let reads = self.peek() == Some('<');
        self.at += 1;
        let appends = !reads && self.eat(">");
        if self.eat("&") {
            let at = self.at;
            if self.peek().is_some_and(|letter| letter.is_ascii_digit()) {
                self.at += 1;
            }
            let span = self.since(at);
            let kind = PartKind::Text(span.of(self.text).to_owned());
            let word = Word { parts: vec![Part { kind, span }], span };
            return Some(Redirection {
                kind: RedirectionKind::Duplicate(word),
                fd,
                variable: None,
                span: self.since(start),
            });
        }
        self.spaces();
        let word = match self.single_argument() {
            Some(word) => word,
            None => {
                self.unfinished(start);
                Word::default()
            }
        };
        let kind = match (reads, appends, all) {
            (true, ..) => RedirectionKind::Read(word),
            (_, true, true) => RedirectionKind::AppendBoth(word),
            (_, true, false) => RedirectionKind::Append(word),
            (_, false, true) => RedirectionKind::WriteBoth(word),
            (_, false, false) => RedirectionKind::Write(word),
        };
        Some(Redirection { kind, fd, variable: None, span: self.since(start) })
    }
}

/// A word as a value.
fn value_of(word: Word) -> Expression {
    let span = word.span;
    match <[Part; 1]>::try_from(word.parts) {
        Ok([Part { kind: PartKind::Expression(expression), .. }]) => *expression,
        Ok([part]) => Expression { kind: ExpressionKind::Word(Word { parts: vec![part], span }), span },
        Err(parts) => Expression { kind: ExpressionKind::Word(Word { parts, span }), span },
    }
}

/// A value as a word.
fn word_of(expression: Expression) -> Word {
    let span = expression.span;
    match expression.kind {
        ExpressionKind::Word(word) => word,
        ExpressionKind::Closure(closure) => {
            Word { parts: vec![Part { kind: PartKind::Closure(closure), span }], span }
        }
        kind => {
            let kind = PartKind::Expression(Box::new(Expression { kind, span }));
            Word { parts: vec![Part { kind, span }], span }
        }
    }
}
