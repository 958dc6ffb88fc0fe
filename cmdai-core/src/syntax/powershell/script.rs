//! Statements: lists of them, pipelines, and the blocks that hold them.

use super::Reader;
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    Closure, ClosureParameter, Command, CommandKind, Join, Pipeline, Program, Stage, Statement,
};

impl Reader<'_> {
    /// The whole text.
    pub(super) fn whole(&mut self) -> Program {
        let start = self.at;
        let mut statements = Vec::new();
        loop {
            self.list(&mut statements);
            if self.is_over() {
                break;
            }
            // A closing bracket that nothing opened.
            let at = self.at;
            self.bump();
            let span = self.since(at);
            self.note(NoteKind::Unexpected, span);
        }
        Program { statements, span: self.since(start) }
    }

    /// Statements up to a closing bracket or the end.
    fn list(&mut self, statements: &mut Vec<Statement>) {
        loop {
            self.separators();
            match self.peek() {
                None | Some(')' | '}') => break,
                _ => {}
            }
            let before = self.at;
            statements.push(self.statement());
            if self.at == before {
                self.bump();
                let span = self.since(before);
                self.note(NoteKind::Unexpected, span);
            }
        }
    }

    /// Statements up to `close`, whose opening was just read.
    pub(super) fn closed(&mut self, close: char, opened: usize) -> Program {
        let start = self.at;
        let commas = std::mem::replace(&mut self.commas, true);
        let statements = self.deeper(|reader| {
            let mut statements = Vec::new();
            reader.list(&mut statements);
            statements
        });
        self.commas = commas;
        let span = self.since(start);
        self.close(close, opened);
        Program { statements: statements.unwrap_or_default(), span }
    }

    /// Takes a closing bracket, or notes what is there instead.
    pub(super) fn close(&mut self, close: char, opened: usize) {
        match self.peek() {
            Some(letter) if letter == close => self.at += letter.len_utf8(),
            None => self.unfinished(opened),
            Some(letter) => {
                let at = self.at;
                self.at += letter.len_utf8();
                let span = self.since(at);
                self.note(NoteKind::Unexpected, span);
            }
        }
    }

    /// `{ … }` as the body of something; `None` where no `{` is next.
    pub(super) fn block(&mut self) -> Option<Program> {
        self.lines();
        let opened = self.at;
        if !self.eat("{") {
            return None;
        }
        Some(self.closed('}', opened))
    }

    /// The inside of a script block whose `{` was just read.
    pub(super) fn closure(&mut self, opened: usize) -> Closure {
        self.separators();
        let mut parameters = Vec::new();
        // Attributes may stand before `param`.
        while self.peek() == Some('[') && self.rest().get(..200).unwrap_or(self.rest()).contains("param") {
            let before = self.at;
            self.type_name();
            self.separators();
            if self.reserved() != "param" && self.peek() != Some('[') {
                self.at = before;
                break;
            }
        }
        if self.reserved() == "param" {
            self.at += "param".len();
            self.lines();
            parameters = self.parameters();
        }
        Closure { parameters, body: self.closed('}', opened) }
    }

    /// `( [type]$name = default, … )`
    pub(super) fn parameters(&mut self) -> Vec<ClosureParameter> {
        let mut parameters = Vec::new();
        let opened = self.at;
        if !self.eat("(") {
            return parameters;
        }
        let commas = std::mem::replace(&mut self.commas, false);
        loop {
            self.lines();
            match self.peek() {
                None | Some(')' | '}') => break,
                Some('[') => {
                    self.type_name();
                }
                Some('$') => {
                    let name = self.variable().map(|(parameter, _)| parameter.name).unwrap_or_default();
                    self.lines();
                    let default = if self.peek() == Some('=') {
                        self.at += 1;
                        self.lines();
                        self.deeper(|reader| reader.expression())
                    } else {
                        None
                    };
                    self.piece();
                    parameters.push(ClosureParameter { name, default });
                }
                Some(',') => self.at += 1,
                Some(_) => {
                    let at = self.at;
                    self.bump();
                    let span = self.since(at);
                    self.note(NoteKind::Unexpected, span);
                }
            }
        }
        self.commas = commas;
        self.close(')', opened);
        parameters
    }

    /// Pipelines up to the end of a statement.
    pub(super) fn statement(&mut self) -> Statement {
        let start = self.at;
        let mut chain = Vec::new();
        let mut join = Join::First;
        loop {
            chain.push((join, self.pipeline()));
            let end = self.at;
            self.continued();
            if self.eat("&&") {
                join = Join::And;
            } else if self.eat("||") {
                join = Join::Or;
            } else {
                self.at = end;
                break;
            }
            self.lines();
        }
        let span = self.since(start);
        self.spaces();
        let background = self.peek() == Some('&') && self.second() != Some('&');
        if background {
            self.at += 1;
        }
        Statement { chain, background, span }
    }

    /// Skips to an operator that goes on with the statement, also over ends of lines; stays before them
    /// where none follows.
    fn continued(&mut self) {
        let at = self.at;
        let comments = self.comments.len();
        self.lines();
        if !(self.rest().starts_with('|') || self.rest().starts_with("&&")) {
            self.at = at;
            self.comments.truncate(comments);
            self.spaces();
        }
    }

    fn pipeline(&mut self) -> Pipeline {
        let start = self.at;
        let mut stages = Vec::new();
        loop {
            self.piece();
            let command = self.part(stages.is_empty());
            stages.push(Stage { command, pipes_stderr: false });
            let end = self.at;
            self.continued();
            if !self.rest().starts_with('|') || self.rest().starts_with("||") {
                self.at = end;
                break;
            }
            self.at += 1;
            // A `;` here is a slip of those who join lines; the pipeline goes on all the same.
            self.separators();
            if matches!(self.peek(), None | Some(')' | '}' | '|')) {
                if self.is_over() {
                    self.unfinished(end);
                }
                break;
            }
        }
        Pipeline { negated: false, timed: false, stages, span: self.since(start) }
    }

    /// A command around what was read since `start`.
    pub(super) fn made(&self, kind: CommandKind, start: usize) -> Command {
        Command { kind, redirections: Vec::new(), span: self.since(start) }
    }
}

/// A program of one command.
pub(super) fn alone(command: Command) -> Program {
    let span = command.span;
    let stages = vec![Stage { command, pipes_stderr: false }];
    let pipeline = Pipeline { negated: false, timed: false, stages, span };
    let statement = Statement { chain: vec![(Join::First, pipeline)], background: false, span };
    Program { statements: vec![statement], span }
}
