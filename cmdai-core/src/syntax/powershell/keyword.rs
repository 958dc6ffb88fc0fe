//! Statements that begin with a reserved word.

use std::sync::Arc;

use super::script::alone;
use super::{Reader, is_name};
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    CaseArm, CaseEnd, Closure, CommandKind, Expression, ExpressionKind, Part, PartKind, Program, Simple,
    Statement, Word,
};

impl Reader<'_> {
    /// Reads the statement that a reserved word begins. `None` where the next word is none, and then
    /// nothing was read.
    pub(super) fn keyword(&mut self) -> Option<CommandKind> {
        let start = self.at;
        let word = self.reserved();
        let follow = |reader: &mut Self| {
            reader.at += word.len();
            reader.lines();
            reader.peek()
        };
        let read = match word.as_str() {
            "if" if follow(self) == Some('(') => Some(self.branches()),
            "while" if follow(self) == Some('(') => {
                let condition = self.condition();
                let body = self.body();
                Some(CommandKind::While { until: false, condition, body })
            }
            "foreach" => {
                let mut next = follow(self);
                if next == Some('-') && self.rest().to_ascii_lowercase().starts_with("-parallel") {
                    self.at += "-parallel".len();
                    self.spaces();
                    next = self.peek();
                }
                (next == Some('(')).then(|| self.each())
            }
            "for" if follow(self) == Some('(') => {
                let program = self.condition();
                let header = self.header(program);
                Some(CommandKind::ArithmeticFor { header, body: self.body() })
            }
            "do" if follow(self) == Some('{') => {
                let body = self.body();
                self.lines();
                let until = self.reserved() == "until";
                if until || self.reserved() == "while" {
                    self.at += "until".len();
                    self.lines();
                } else {
                    self.unfinished(start);
                }
                let condition = self.condition();
                Some(CommandKind::While { until, condition, body })
            }
            "switch" if matches!(follow(self), Some('(' | '-' | '$')) => Some(self.switch()),
            "try" if follow(self) == Some('{') => {
                let body = self.body();
                let handlers = self.handlers();
                Some(CommandKind::Try { body, handlers })
            }
            "trap" => {
                if follow(self) == Some('[') {
                    self.type_name();
                    self.lines();
                }
                (self.peek() == Some('{')).then(|| {
                    let handler = self.body();
                    CommandKind::Try { body: Program::default(), handlers: vec![handler] }
                })
            }
            "function" | "filter" | "workflow" => {
                follow(self);
                self.function()
            }
            "class" | "enum" => {
                follow(self);
                self.class()
            }
            "begin" | "process" | "end" | "clean" | "dynamicparam" | "data" | "parallel" | "sequence"
                if follow(self) == Some('{') =>
            {
                Some(CommandKind::Group(self.body()))
            }
            "param" if follow(self) == Some('(') => Some(self.script_parameters()),
            "return" | "throw" | "exit" => {
                self.at += word.len();
                self.spaces();
                let program = match self.peek() {
                    None | Some('\n' | '\r' | ';' | '}' | ')' | '|' | '&') => Program::default(),
                    Some(_) => self.value(),
                };
                Some(CommandKind::Group(program))
            }
            "break" | "continue" => {
                self.at += word.len();
                Some(CommandKind::Group(Program::default()))
            }
            _ => None,
        };
        if read.is_none() {
            self.at = start;
        }
        read
    }

    /// What is assigned or returned: one statement.
    pub(super) fn value(&mut self) -> Program {
        let start = self.at;
        let statement: Option<Statement> = self.deeper(|reader| reader.statement());
        Program { statements: statement.into_iter().collect(), span: self.since(start) }
    }

    /// What stands between the `;` of `for (…; …; …)`, each a part of its own, be it empty.
    fn header(&self, program: Program) -> Word {
        let span = program.span;
        let mut slots: [Vec<Statement>; 3] = Default::default();
        let (mut slot, mut at) = (0, span.start);
        for statement in program.statements {
            let between = self.text.get(at..statement.span.start).unwrap_or_default();
            slot += between.matches(';').count();
            at = statement.span.end;
            slots[slot.min(2)].push(statement);
        }
        let part = |statements| Part { kind: PartKind::Substitution(Program { statements, span }), span };
        Word { parts: slots.into_iter().map(part).collect(), span }
    }

    /// `( … )` of a condition or header.
    fn condition(&mut self) -> Program {
        let opened = self.at;
        if self.eat("(") { self.closed(')', opened) } else { Program::default() }
    }

    /// `{ … }`, or a note that it is missing.
    fn body(&mut self) -> Program {
        match self.block() {
            Some(body) => body,
            None => {
                self.unfinished(self.at);
                Program::default()
            }
        }
    }

    fn branches(&mut self) -> CommandKind {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.condition();
            arms.push((condition, self.body()));
            let at = self.at;
            self.lines();
            match self.reserved().as_str() {
                "elseif" => {
                    self.at += "elseif".len();
                    self.lines();
                }
                "else" => {
                    self.at += "else".len();
                    otherwise = Some(self.body());
                    break;
                }
                _ => {
                    self.at = at;
                    break;
                }
            }
        }
        CommandKind::If { arms, otherwise }
    }

    fn each(&mut self) -> CommandKind {
        let opened = self.at;
        self.at += 1;
        self.lines();
        let name = match self.peek() {
            Some('$') => self.variable().map(|(parameter, _)| parameter.name).unwrap_or_default(),
            _ => String::new(),
        };
        self.lines();
        if self.reserved() == "in" {
            self.at += 2;
            self.lines();
        }
        let program = self.closed(')', opened);
        let span = program.span;
        let expression = Expression { kind: ExpressionKind::Program { program, list: false }, span };
        let word =
            Word { parts: vec![Part { kind: PartKind::Expression(Box::new(expression)), span }], span };
        CommandKind::For { name, words: Some(vec![word]), select: false, body: self.body() }
    }

    fn switch(&mut self) -> CommandKind {
        let mut subject = Word::default();
        loop {
            self.lines();
            match self.peek() {
                None | Some('{' | '}' | ')' | ';') => break,
                _ => {}
            }
            let at = self.at;
            match self.argument() {
                Some(word) => subject = word,
                None => break,
            }
            if self.at == at {
                break;
            }
        }
        let mut arms = Vec::new();
        let opened = self.at;
        if !self.eat("{") {
            self.unfinished(opened);
            return CommandKind::Case { subject, arms };
        }
        loop {
            self.separators();
            match self.peek() {
                None | Some('}' | ')') => break,
                _ => {}
            }
            let at = self.at;
            let patterns: Vec<Word> = self.deeper(|reader| reader.argument()).flatten().into_iter().collect();
            let body = self.block().unwrap_or_default();
            if self.at == at {
                self.bump();
                let span = self.since(at);
                self.note(NoteKind::Unexpected, span);
            }
            arms.push(CaseArm { patterns, body, end: CaseEnd::TestNext });
        }
        self.close('}', opened);
        CommandKind::Case { subject, arms }
    }

    fn handlers(&mut self) -> Vec<Program> {
        let mut handlers = Vec::new();
        loop {
            let at = self.at;
            self.lines();
            let word = self.reserved();
            if !matches!(word.as_str(), "catch" | "finally") {
                self.at = at;
                return handlers;
            }
            self.at += word.len();
            self.lines();
            while self.peek() == Some('[') {
                self.type_name();
                self.lines();
                self.eat(",");
                self.lines();
            }
            handlers.push(self.body());
        }
    }

    fn function(&mut self) -> Option<CommandKind> {
        let rest = self.rest();
        let stops = |letter: char| letter.is_whitespace() || "(){};|&,".contains(letter);
        let length = rest.find(stops).unwrap_or(rest.len());
        if length == 0 {
            return None;
        }
        let start = self.at;
        self.at += length;
        let name = rest[..length].rsplit(':').next().unwrap_or_default().to_owned();
        self.lines();
        let given = if self.peek() == Some('(') { self.parameters() } else { Vec::new() };
        self.lines();
        let opened = self.at;
        if !self.eat("{") {
            self.unfinished(start);
            return Some(CommandKind::Group(Program::default()));
        }
        let mut closure = self.closure(opened);
        if !given.is_empty() {
            closure.parameters = given;
        }
        Some(self.defined(name, closure, opened))
    }

    fn defined(&mut self, name: String, closure: Closure, start: usize) -> CommandKind {
        let expression =
            Expression { kind: ExpressionKind::Closure(Box::new(closure)), span: self.since(start) };
        let body = self.made(CommandKind::Expression(Box::new(expression)), start);
        CommandKind::Function { name, body: Arc::new(body), handler: false }
    }

    /// A class or enumeration: the code of its methods, under its name.
    fn class(&mut self) -> Option<CommandKind> {
        let rest = self.rest();
        let length = rest.find(|letter: char| !is_name(letter)).unwrap_or(rest.len());
        let name = rest[..length].to_owned();
        let open =
            rest.find(['{', '\n', ';', '(', '|', '&', ')', '}']).filter(|&at| rest[at..].starts_with('{'))?;
        if length == 0 {
            return None;
        }
        self.at += open;
        let opened = self.at;
        self.at += 1;
        let mut body = Program::default();
        loop {
            self.separators();
            match self.peek() {
                None | Some('}') => break,
                Some('{') => {
                    if let Some(block) = self.block() {
                        body.statements.extend(block.statements);
                    }
                }
                Some('[') => {
                    self.type_name();
                }
                Some('(') => {
                    self.parameters();
                }
                Some('$') => {
                    self.variable();
                }
                Some('=') => {
                    self.at += 1;
                    self.lines();
                    let value = self.value();
                    body.statements.extend(value.statements);
                }
                Some(letter) if super::is_quote(letter) => {
                    self.quoted();
                }
                Some(letter) => self.at += letter.len_utf8(),
            }
        }
        body.span = self.since(opened);
        self.close('}', opened);
        Some(self.defined(name, Closure { parameters: Vec::new(), body }, opened))
    }

    /// `param(…)` of a script: its defaults, set.
    fn script_parameters(&mut self) -> CommandKind {
        let start = self.at;
        let mut program = Program::default();
        for parameter in self.parameters() {
            let Some(default) = parameter.default else { continue };
            let span = default.span;
            let variable = self.named(&parameter.name, span);
            let value = alone(crate::syntax::ir::Command {
                kind: CommandKind::Expression(Box::new(default)),
                redirections: Vec::new(),
                span,
            });
            let kind = CommandKind::Assign { target: Box::new(variable), operator: "=".to_owned(), value };
            let assignment = alone(crate::syntax::ir::Command { kind, redirections: Vec::new(), span });
            program.statements.extend(assignment.statements);
        }
        program.span = self.since(start);
        CommandKind::Group(program)
    }

    /// A simple command of words only.
    pub(super) fn simple(words: Vec<Word>) -> CommandKind {
        CommandKind::Simple(Simple { assignments: Vec::new(), words })
    }
}
