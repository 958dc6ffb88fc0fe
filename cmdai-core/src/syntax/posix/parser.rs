//! Statements, pipelines and simple commands.

use std::sync::Arc;

use super::lexer::{Parser, Reserved, begins_name, in_name, until};
use super::word::{Parts, Place, empty};
use crate::line::Dialect;
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    AssignedValue, Assignment, Command, CommandKind, Join, PartKind, Pipeline, Program, Simple, Stage,
    Statement, Word,
};

impl Parser<'_> {
    /// Reads all of the text.
    pub(super) fn whole(&mut self) -> Program {
        let mut program = self.isolated_program(until::END);
        self.place_bodies(&mut program);
        program
    }

    /// Reads a program that nothing outside it can end but `until`, with heredocs of its own.
    pub(super) fn isolated_program(&mut self, until: u16) -> Program {
        self.with_own_heredocs(|parser| {
            let outer = std::mem::replace(&mut parser.closers, until::END);
            let program = parser.program(until);
            parser.closers = outer;
            program
        })
    }

    /// Reads the inside of parentheses, which hide the words that would close something around them.
    pub(super) fn nested_program(&mut self) -> Program {
        let outer = self.closers;
        self.closers &= !until::WORDS;
        let program = self.program(until::PAREN);
        self.closers = outer;
        program
    }

    /// Reads statements up to what ends them, which is left.
    pub(super) fn program(&mut self, until: u16) -> Program {
        let outer = self.closers;
        self.closers |= until;
        let start = self.pos;
        let mut statements = Vec::new();
        let mut last = start;
        loop {
            self.newlines();
            if self.pos >= self.end || self.at_closer() || self.at_short_body(until, statements.last()) {
                break;
            }
            let before = self.pos;
            if let Some(statement) = self.statement() {
                statements.push(statement);
                last = self.pos;
            }
            if self.pos == before {
                self.unexpected();
            }
        }
        self.closers = outer;
        let start =
            statements.first().map_or(self.span(start, start).start, |first: &Statement| first.span.start);
        let end = self.span(last, last).start.max(start);
        Program { statements, span: crate::Span::new(start, end) }
    }

    /// True before something that ends a list that is open.
    fn at_closer(&self) -> bool {
        match self.peek() {
            Some(b')') => self.closers & until::PAREN != 0,
            Some(b';') => {
                self.closers & until::ARM != 0 && matches!(self.byte(self.pos + 1), Some(b';' | b'&'))
            }
            Some(b'e') if self.closers & until::END_WORD != 0 && self.at_bare("end") => true,
            _ => self.reserved().is_some_and(|word| self.closers & word.closes() != 0),
        }
    }

    /// Skips what cannot stand here.
    fn unexpected(&mut self) {
        let start = self.pos;
        let length = match self.peek() {
            Some(b';' | b'&' | b'|') => {
                let mut length = 1;
                while length < 3 && matches!(self.byte(start + length), Some(b';' | b'&' | b'|')) {
                    length += 1;
                }
                length
            }
            _ => self.char_len(start),
        };
        self.advance(length);
        self.note(NoteKind::Unexpected, start, self.pos);
    }

    /// Reads a chain of pipelines and its terminator.
    fn statement(&mut self) -> Option<Statement> {
        let start = self.pos;
        let mut chain = Vec::with_capacity(1);
        let mut join = Join::First;
        let mut end = start;
        loop {
            match self.pipeline() {
                Some(pipeline) => {
                    chain.push((join, pipeline));
                    end = self.pos;
                }
                None if self.pos >= self.end || self.at_closer() => {
                    if join != Join::First {
                        self.missing(start);
                    }
                    break;
                }
                None => {
                    // A stray operator, or the end of something that is not open.
                    let before = self.pos;
                    self.unexpected_word();
                    self.blanks();
                    if self.pos == before || self.peek() == Some(b'\n') {
                        break;
                    }
                    continue;
                }
            }
            self.blanks();
            join = if self.eat("&&") {
                Join::And
            } else if self.eat("||") {
                Join::Or
            } else {
                break;
            };
            self.newlines();
        }
        self.blanks();
        let background = self.peek() == Some(b'&')
            && !matches!(self.byte(self.pos + 1), Some(b'>' | b'&'))
            && !chain.is_empty();
        if background {
            self.advance(1);
            if self.dialect == Dialect::Zsh {
                let _ = self.eat("!") || self.eat("|");
                self.blanks();
                // `&;` is one end, not two.
                if !self.looking_at(";;") && !self.looking_at(";&") && !self.looking_at(";|") {
                    let _ = self.eat(";");
                }
            }
        } else if self.peek() == Some(b';')
            && !matches!(self.byte(self.pos + 1), Some(b';' | b'&'))
            && !chain.is_empty()
        {
            self.advance(1);
        }
        let span = self.span(start, end);
        let span = chain
            .first()
            .map_or(span, |(_, first)| first.span.to(chain.last().map_or(span, |(_, last)| last.span)));
        (!chain.is_empty()).then_some(Statement { chain, background, span })
    }

    /// Skips a reserved word or an operator that cannot stand here.
    fn unexpected_word(&mut self) {
        let start = self.pos;
        match self.reserved() {
            Some(word) if word.closes() != 0 => {
                while self.peek().is_some_and(|byte| !super::lexer::ends_word(byte)) {
                    self.advance(1);
                }
                self.note(NoteKind::Unexpected, start, self.pos);
            }
            _ => self.unexpected(),
        }
    }

    /// Reads commands connected by pipes, with what may stand before them.
    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.pos;
        let (mut negated, mut timed) = (false, false);
        loop {
            match self.reserved() {
                Some(Reserved::Bang) => {
                    self.advance(1);
                    negated = !negated;
                }
                Some(Reserved::Time) if !timed => {
                    self.advance(4);
                    timed = true;
                    self.blanks();
                    let _ = self.eat_bare("-p");
                    self.blanks();
                    let _ = self.eat_bare("--");
                }
                _ => break,
            }
            self.blanks();
        }
        let prefixed = self.pos > start;
        let mut stages: Vec<Stage> = Vec::with_capacity(1);
        let mut end = self.pos;
        loop {
            let Some(command) = self.command() else {
                if !stages.is_empty() {
                    // Nothing follows the pipe.
                    self.missing(start);
                }
                break;
            };
            stages.push(Stage { command, pipes_stderr: false });
            end = self.pos;
            self.blanks();
            if self.peek() != Some(b'|') || self.byte(self.pos + 1) == Some(b'|') {
                break;
            }
            self.advance(1);
            let stderr = self.eat("&");
            if let Some(stage) = stages.last_mut() {
                stage.pipes_stderr = stderr;
            }
            self.newlines();
            // What may begin a pipeline cannot stand inside one.
            while self.peek() == Some(b'|') || self.reserved() == Some(Reserved::Bang) {
                self.unexpected();
                self.newlines();
            }
        }
        if stages.is_empty() && !prefixed {
            return None;
        }
        let end = if stages.is_empty() { self.pos } else { end };
        Some(Pipeline { negated, timed, stages, span: self.span(start, end) })
    }

    /// Reads a command with its redirections; `None` where none stands here.
    pub(super) fn command(&mut self) -> Option<Command> {
        self.pay();
        let start = self.pos;
        match self.compound() {
            Some(kind) => {
                let mut redirections = Vec::new();
                let mut end = self.pos;
                loop {
                    self.blanks();
                    let Some(redirection) = self.redirection() else { break };
                    redirections.push(redirection);
                    end = self.pos;
                }
                Some(Command { kind, redirections, span: self.span(start, end) })
            }
            None if self.reserved().is_some_and(|word| word.closes() != 0) => None,
            None => self.simple(),
        }
    }

    /// Reads assignments, words and redirections.
    fn simple(&mut self) -> Option<Command> {
        let start = self.pos;
        let mut end = start;
        let mut simple = Simple::default();
        let mut redirections = Vec::new();
        let mut place = Place::ARGUMENT;
        // Parentheses that stand where none can: skipped in pairs.
        let mut stray = 0_usize;
        loop {
            self.blanks();
            if self.dialect == Dialect::Zsh && self.closers & until::BRACE != 0 && self.at_bare("}") {
                // In zsh the brace closes a group without a `;` before it.
                break;
            }
            if let Some(redirection) = self.redirection() {
                redirections.push(redirection);
            } else if simple.words.is_empty()
                && let Some(assignment) = self.assignment()
            {
                simple.assignments.push(assignment);
            } else if self.at_word()
                || (place.groups && self.peek() == Some(b'(') && self.byte(self.pos + 1) != Some(b')'))
            {
                let before = self.pos;
                let word = self.word(place);
                if self.pos == before {
                    break;
                }
                if simple.words.is_empty() {
                    place.arrays = declares(&word);
                    place.groups = self.dialect == Dialect::Zsh;
                }
                simple.words.push(word);
                if simple.words.len() == 1 && redirections.is_empty() && self.at_call_parentheses() {
                    return self.function_after(start, simple);
                }
            } else if self.peek() == Some(b'(')
                && !(simple.words.is_empty() && simple.assignments.is_empty() && redirections.is_empty())
            {
                self.unexpected_here();
                stray += 1;
            } else if self.peek() == Some(b')') && stray > 0 {
                self.unexpected_here();
                stray -= 1;
            } else {
                break;
            }
            end = self.pos;
        }
        self.pos = end;
        if simple.words.is_empty() && simple.assignments.is_empty() && redirections.is_empty() {
            return None;
        }
        Some(Command { kind: CommandKind::Simple(simple), redirections, span: self.span(start, end) })
    }

    fn unexpected_here(&mut self) {
        let start = self.pos;
        self.advance(1);
        self.note(NoteKind::Unexpected, start, self.pos);
    }

    /// True before `()`, which makes the word before it a function's name.
    pub(super) fn at_call_parentheses(&self) -> bool {
        let mut at = self.pos;
        while matches!(self.byte(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        if self.byte(at) != Some(b'(') {
            return false;
        }
        at += 1;
        while matches!(self.byte(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        self.byte(at) == Some(b')')
    }

    /// Reads `NAME=value` and its variants if one stands here.
    fn assignment(&mut self) -> Option<Assignment> {
        let start = self.pos;
        if !self.peek().is_some_and(begins_name) {
            return None;
        }
        let mut at = start;
        while self.byte(at).is_some_and(in_name) {
            at += 1;
        }
        let name_end = at;
        if self.byte(at) == Some(b'[') {
            at = self.index_end(at)? + 1;
        }
        let index_end = at;
        let append = self.byte(at) == Some(b'+');
        at += usize::from(append);
        if self.byte(at) != Some(b'=') {
            return None;
        }
        let name = self.slice(start, name_end).to_owned();
        self.advance(name_end - start);
        let index = (index_end > name_end).then(|| {
            self.advance(1);
            let index = self.within(index_end - 1, Self::subscript);
            self.advance(1);
            index
        });
        self.advance(at + 1 - index_end);
        let value = if self.peek() == Some(b'(') {
            AssignedValue::Array(self.array())
        } else {
            AssignedValue::Word(self.word(Place::VALUE))
        };
        Some(Assignment { name, index, append, value, span: self.span_from(start) })
    }

    /// For `NAME[`: the offset of the `]` that is followed by `=` or `+=`.
    fn index_end(&mut self, open: usize) -> Option<usize> {
        let mut nested = 0_usize;
        let mut at = open;
        if open < self.brackets.no_index_before {
            return None;
        }
        while let Some(byte) = self.byte(at) {
            match byte {
                b'\\' => at += 1,
                b'[' => nested += 1,
                b']' if nested == 1 => {
                    self.steps += at - open;
                    let assigns = match self.byte(at + 1) {
                        Some(b'=') => true,
                        Some(b'+') => self.byte(at + 2) == Some(b'='),
                        _ => false,
                    };
                    return assigns.then_some(at);
                }
                b']' => nested -= 1,
                b'\n' | b';' | b'|' => break,
                _ => {}
            }
            at += 1;
        }
        self.steps += at - open;
        self.brackets.no_index_before = at;
        None
    }

    /// Reads `( … )`, the elements of an array, the parenthesis being next.
    pub(super) fn array(&mut self) -> Vec<Word> {
        let open = self.pos;
        self.advance(1);
        let mut words = Vec::new();
        loop {
            self.newlines();
            if self.eat(")") {
                return words;
            }
            if self.pos >= self.end {
                self.note(NoteKind::Unfinished, open, self.pos);
                return words;
            }
            let before = self.pos;
            if self.at_word() {
                let keyed = self.peek() == Some(b'[') && self.index_end(self.pos).is_some();
                let groups = self.dialect == Dialect::Zsh;
                words.push(self.word(if keyed { Place::VALUE } else { Place { groups, ..Place::ARGUMENT } }));
            }
            if self.pos == before {
                self.unexpected();
            }
        }
    }

    /// Reads the array that an argument of `declare` and its like assigns.
    pub(super) fn array_part(&mut self, parts: &mut Parts) {
        let start = self.pos;
        let words = self.array();
        let span = self.span_from(start);
        parts.push(PartKind::Array(words), span);
    }

    /// Reads a body where a function's is wanted; what is missing leaves an empty one.
    pub(super) fn function_body(&mut self, start: usize) -> Box<Command> {
        self.newlines();
        let body = self.deeper(Self::command);
        if body.is_none() {
            self.note(NoteKind::TooDeep, start, self.pos);
        }
        Box::new(body.flatten().unwrap_or_else(|| {
            self.missing(start);
            Command {
                kind: CommandKind::Opaque,
                redirections: Vec::new(),
                span: self.span(self.pos, self.pos),
            }
        }))
    }

    /// Reads the body of a function of this name. In bash it must be a compound command.
    pub(super) fn function_named(&mut self, name: String, start: usize) -> CommandKind {
        self.newlines();
        let from = self.pos;
        let body = self.function_body(start);
        if self.dialect == Dialect::Bash && matches!(body.kind, CommandKind::Simple(_)) {
            self.note(NoteKind::Unexpected, from, from + self.char_len(from));
        }
        CommandKind::Function { name, body: Arc::from(body), handler: false }
    }

    fn function_after(&mut self, start: usize, simple: Simple) -> Option<Command> {
        let name = simple.words.first().and_then(Word::literal);
        let word = simple.words.into_iter().next().unwrap_or_else(|| empty(self.span(start, start)));
        let name = name.unwrap_or_else(|| word.span.of(self.text).to_owned());
        self.blanks();
        self.advance(1);
        self.blanks();
        self.advance(1);
        let kind = self.function_named(name, start);
        Some(Command { kind, redirections: Vec::new(), span: self.span_from(start) })
    }
}

/// The builtins whose arguments may be arrays.
fn declares(word: &Word) -> bool {
    word.literal()
        .is_some_and(|name| matches!(name.as_str(), "declare" | "typeset" | "local" | "export" | "readonly"))
}
