//! Statements, pipelines, commands, blocks and redirections.

use std::sync::Arc;

use super::word::{named, nothing};
use super::{Parser, ends_word, in_name, until};
use crate::line::Span;
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    AssignedValue, Assignment, CaseArm, CaseEnd, Command, CommandKind, Join, Part, PartKind, Pipeline,
    Program, Redirection, RedirectionKind, Simple, Stage, Statement, Word,
};

impl Parser<'_> {
    /// Reads statements up to what ends them, which is left.
    pub(super) fn program(&mut self, until: u8) -> Program {
        let outer = self.closers;
        self.closers |= until;
        let at = self.pos;
        let mut statements: Vec<Statement> = Vec::new();
        loop {
            self.separators();
            if self.at_end() || self.at_closer() {
                break;
            }
            let before = self.pos;
            statements.extend(self.statement());
            if self.pos == before {
                self.unexpected_token();
            }
        }
        self.closers = outer;
        let span = match (statements.first(), statements.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(at, at),
        };
        Program { statements, span }
    }

    /// True before something that ends a list that is open.
    fn at_closer(&self) -> bool {
        let closes = match self.peek() {
            Some(b')') => until::PAREN,
            Some(b'}') if self.bare_word() == "}" => until::BRACE,
            Some(b'c' | b'e') => match self.bare_word() {
                "end" => until::END,
                "else" => until::ELSE,
                "case" => until::CASE,
                _ => return false,
            },
            _ => return false,
        };
        self.closers & closes != 0
    }

    /// Skips what cannot stand here: a whole word, or an operator.
    fn unexpected_token(&mut self) {
        let start = self.pos;
        if self.at_word() {
            self.word();
        }
        if self.pos == start {
            self.advance_letter();
        }
        self.note_from(NoteKind::Unexpected, start);
    }

    /// Skips blanks, continued lines and a comment.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.advance(1),
                Some(b'\\') if self.peek_second() == Some(b'\n') => self.advance(2),
                Some(b'#') if self.at_word_start() => {
                    let start = self.pos;
                    self.advance_while(|byte| byte != b'\n');
                    let span = self.span_from(start);
                    self.comments.push(span);
                }
                _ => return,
            }
        }
    }

    fn at_word_start(&self) -> bool {
        match self.pos.checked_sub(1).and_then(|before| self.byte(before)) {
            None => true,
            Some(before) => ends_word(before) || matches!(before, b'(' | b'&'),
        }
    }

    fn newlines(&mut self) {
        self.blanks();
        while self.eat("\n") {
            self.blanks();
        }
    }

    /// Skips what stands between statements.
    fn separators(&mut self) {
        self.newlines();
        while self.eat(";") {
            self.newlines();
        }
    }

    /// Reads a chain of pipelines and its terminator; `; and` and `; or` go on with it.
    fn statement(&mut self) -> Option<Statement> {
        let start = self.pos;
        let mut chain: Vec<(Join, Pipeline)> = Vec::with_capacity(1);
        let mut join = Join::First;
        let mut background = false;
        loop {
            self.blanks();
            // Said twice, the last one counts.
            while let Some(named) = self.joining_word() {
                let length = self.bare_word().len();
                self.advance(length);
                self.blanks();
                join = if chain.is_empty() { Join::First } else { named };
            }
            let before = self.pos;
            match self.pipeline() {
                Some(pipeline) => chain.push((join, pipeline)),
                None if self.pos > before => {}
                None => {
                    if join != Join::First || self.pos > start {
                        self.missing(start);
                    }
                    break;
                }
            }
            self.blanks();
            join = if self.eat("&&") {
                Join::And
            } else if self.eat("||") {
                Join::Or
            } else {
                background = self.peek() == Some(b'&');
                if background {
                    self.advance(1);
                    break;
                }
                // Only a word behind the separators can go on with the chain.
                let (held, comments) = (self.pos, self.comments.len());
                self.separators();
                match self.joining_word() {
                    Some(named) if self.pos > held => named,
                    _ => {
                        self.pos = held;
                        self.comments.truncate(comments);
                        break;
                    }
                }
            };
            self.newlines();
        }
        let (first, last) = (chain.first()?.1.span, chain.last()?.1.span);
        Some(Statement { span: first.to(last), chain, background })
    }

    fn joining_word(&self) -> Option<Join> {
        match self.bare_word() {
            "and" => Some(Join::And),
            "or" => Some(Join::Or),
            _ => None,
        }
    }

    /// Reads commands connected by pipes, with what may stand before them.
    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.pos;
        let (mut negated, mut timed) = (false, false);
        loop {
            if self.eat_bare("not") || self.eat_bare("!") {
                negated = !negated;
            } else if self.eat_bare("time") {
                timed = true;
            } else {
                break;
            }
            self.blanks();
        }
        let mut stages: Vec<Stage> = Vec::with_capacity(1);
        let mut end = self.pos;
        loop {
            let Some(command) = self.command() else {
                if !stages.is_empty() || self.pos > start {
                    self.missing(start);
                }
                break;
            };
            stages.push(Stage { command, pipes_stderr: false });
            end = self.pos;
            self.blanks();
            let Some((length, stderr)) = self.pipe() else { break };
            self.advance(length);
            if let Some(stage) = stages.last_mut() {
                stage.pipes_stderr = stderr;
            }
            self.newlines();
        }
        if stages.is_empty() {
            return None;
        }
        Some(Pipeline { negated, timed, stages, span: Span::new(start, end) })
    }

    /// The pipe that comes next: its length, and whether errors go down it.
    fn pipe(&self) -> Option<(usize, bool)> {
        let rest = self.rest();
        if rest.starts_with(b"&|") {
            return Some((2, true));
        }
        if rest.starts_with(b"|") && !rest.starts_with(b"||") {
            return Some((1, false));
        }
        let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        let numbered = rest.get(digits..).is_some_and(|rest| rest.starts_with(b">|"));
        numbered.then(|| (digits + 2, rest.first() == Some(&b'2')))
    }

    /// Reads a command with its redirections; `None` where none stands here.
    fn command(&mut self) -> Option<Command> {
        self.pay();
        let start = self.pos;
        if self.at_closer() {
            return None;
        }
        let opens = match self.bare_word() {
            word @ ("begin" | "if" | "while" | "for" | "switch" | "function") => word.len(),
            "{" => 1,
            word @ ("end" | "else" | "case") => {
                // Nothing that it could end is open.
                let length = word.len();
                self.note(NoteKind::Unexpected, start, start + length);
                return self.simple();
            }
            _ => return self.simple(),
        };
        let Some(kind) = self.deeper(|parser| parser.block(start, opens)) else {
            // Too deep: the word is read as the name of a command, so that what follows is still seen.
            self.note(NoteKind::TooDeep, start, start + opens);
            return self.simple();
        };
        let mut redirections = Vec::new();
        let mut end = self.pos;
        loop {
            self.blanks();
            let Some(redirection) = self.redirection() else { break };
            redirections.push(redirection);
            end = self.pos;
        }
        self.pos = self.pos.max(end);
        Some(Command { kind, redirections, span: Span::new(start, end) })
    }

    fn block(&mut self, start: usize, length: usize) -> CommandKind {
        let word = self.slice(start, start + length);
        self.advance(length);
        match word {
            "{" => {
                let body = self.program(until::BRACE);
                if !self.eat("}") {
                    self.missing(start);
                }
                CommandKind::Group(body)
            }
            "if" => self.branches(start),
            "while" => {
                let condition = self.condition(start);
                let body = self.program(until::END);
                self.close(start);
                CommandKind::While { until: false, condition, body }
            }
            "for" => self.each(start),
            "switch" => self.switch(start),
            "function" => self.function(start),
            _ => {
                let body = self.program(until::END);
                self.close(start);
                CommandKind::Group(body)
            }
        }
    }

    /// Takes the `end` of a block, or notes that it is missing.
    fn close(&mut self, opened: usize) {
        if !self.eat_bare("end") {
            self.missing(opened);
        }
    }

    /// One statement, the condition of `if` and `while`.
    fn condition(&mut self, opened: usize) -> Program {
        self.separators();
        let at = self.pos;
        match self.statement() {
            Some(statement) => Program { span: statement.span, statements: vec![statement] },
            None => {
                self.missing(opened);
                nothing(at)
            }
        }
    }

    fn branches(&mut self, start: usize) -> CommandKind {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.condition(start);
            let body = self.program(until::END | until::ELSE);
            arms.push((condition, body));
            if self.eat_bare("else") {
                self.blanks();
                if self.eat_bare("if") {
                    continue;
                }
                otherwise = Some(self.program(until::END));
            }
            self.close(start);
            return CommandKind::If { arms, otherwise };
        }
    }

    fn each(&mut self, start: usize) -> CommandKind {
        self.blanks();
        let from = self.pos;
        self.word();
        let name = self.slice(from, self.pos).to_owned();
        if name.is_empty() {
            self.missing(start);
        }
        self.blanks();
        if !self.eat_bare("in") {
            self.missing(start);
        }
        let words = Some(self.words());
        let body = self.program(until::END);
        self.close(start);
        CommandKind::For { name, words, select: false, body }
    }

    /// Reads words up to the end of the line.
    fn words(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        loop {
            self.blanks();
            let before = self.pos;
            if !self.at_word() {
                return words;
            }
            words.push(self.word());
            if self.pos == before {
                return words;
            }
        }
    }

    fn switch(&mut self, start: usize) -> CommandKind {
        self.blanks();
        if !self.at_word() {
            self.missing(start);
        }
        let subject = self.word();
        self.separators();
        let mut arms = Vec::new();
        while self.eat_bare("case") {
            let patterns = self.words().into_iter().map(as_pattern).collect();
            let body = self.program(until::CASE | until::END);
            arms.push(CaseArm { patterns, body, end: CaseEnd::Stop });
        }
        self.close(start);
        CommandKind::Case { subject, arms }
    }

    fn function(&mut self, start: usize) -> CommandKind {
        let words = self.words();
        let mut name = String::new();
        let mut arguments: Vec<(String, Span)> = Vec::new();
        let mut names_arguments = false;
        let mut takes_value = false;
        let mut typed = None;
        let mut handler = false;
        for word in &words {
            let text = word.literal().unwrap_or_else(|| word.span.of(self.text).to_owned());
            match text.as_str() {
                _ if takes_value => {
                    takes_value = false;
                    if matches!(text.as_str(), "fish_preexec" | "fish_postexec") {
                        typed = Some(word.span);
                    }
                }
                "-a" | "--argument-names" | "--argument" => names_arguments = true,
                "-S" | "--no-scope-shadowing" => names_arguments = false,
                option if option.starts_with('-') && option.len() > 1 => {
                    names_arguments = false;
                    takes_value = !option.contains('=');
                    handler |=
                        ["--on-", "-e", "-j", "-p", "-s", "-v"].iter().any(|flag| option.starts_with(flag));
                }
                _ if name.is_empty() => name = text,
                _ if names_arguments => arguments.push((text, word.span)),
                _ => {}
            }
        }
        if name.is_empty() {
            self.missing(start);
        }
        let mut program = self.program(until::END);
        self.close(start);
        let named_arguments = arguments.into_iter().enumerate().map(|(at, (name, span))| {
            let index = Word { parts: text_part(&(at + 1).to_string(), span), span };
            argument(name, index, span)
        });
        program.statements.splice(0..0, named_arguments);
        if let Some(span) = typed {
            program.statements.insert(0, given_lines(span));
        }
        let span = program.span;
        let body = Command { kind: CommandKind::Group(program), redirections: Vec::new(), span };
        CommandKind::Function { name, body: Arc::new(body), handler }
    }

    /// Reads assignments, words and redirections.
    fn simple(&mut self) -> Option<Command> {
        let start = self.pos;
        let mut end = start;
        let mut simple = Simple::default();
        let mut redirections = Vec::new();
        loop {
            self.blanks();
            if self.closers & until::BRACE != 0 && self.bare_word() == "}" {
                break;
            }
            let before = self.pos;
            if let Some(redirection) = self.redirection() {
                redirections.push(redirection);
            } else if simple.words.is_empty()
                && let Some(assignment) = self.assignment()
            {
                simple.assignments.push(assignment);
            } else if self.at_word() && self.pipe().is_none() {
                let word = self.word();
                simple.words.push(word);
            }
            if self.pos == before {
                break;
            }
            end = self.pos;
        }
        self.pos = end;
        if simple.words.is_empty() && simple.assignments.is_empty() && redirections.is_empty() {
            return None;
        }
        let substitutes =
            |word: &Word| matches!(&word.parts[..], [part] if matches!(part.kind, PartKind::Substitution(_)));
        if simple.words.first().is_some_and(substitutes) {
            // There are no subshells: what a command prints is no command.
            self.note(NoteKind::Unexpected, start, start + 1);
        }
        if simple.words.is_empty() && !self.at_end() {
            // fish sets variables with `set`; an assignment stands before a command only.
            self.note(NoteKind::Unexpected, start, end);
        }
        Some(Command { kind: CommandKind::Simple(simple), redirections, span: Span::new(start, end) })
    }

    /// Reads `NAME=value` before a command.
    fn assignment(&mut self) -> Option<Assignment> {
        let start = self.pos;
        let rest = self.rest();
        let length = rest.iter().take_while(|&&byte| in_name(byte)).count();
        if length == 0 || rest.get(length) != Some(&b'=') {
            return None;
        }
        let name = self.slice(start, start + length).to_owned();
        self.advance(length + 1);
        let value = AssignedValue::Word(self.word());
        Some(Assignment { name, index: None, append: false, value, span: self.span_from(start) })
    }

    /// Reads a redirection if one begins here.
    fn redirection(&mut self) -> Option<Redirection> {
        let start = self.pos;
        let rest = self.rest();
        let digits = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
        let both = rest.starts_with(b"&>");
        let operator = if both { &rest[1..] } else { rest.get(digits..)? };
        if !matches!(operator.first(), Some(b'<' | b'>')) || operator.starts_with(b">|") {
            return None;
        }
        let fd = self.slice(start, start + digits).parse().ok();
        self.advance(if both { 1 } else { digits });
        let made: fn(Word) -> RedirectionKind = if self.eat(">>") {
            if both { RedirectionKind::AppendBoth } else { RedirectionKind::Append }
        } else if self.eat(">?") {
            // A file that must not exist yet is made, never replaced.
            RedirectionKind::Append
        } else if self.eat(">&") || self.eat("<&") {
            RedirectionKind::Duplicate
        } else if self.eat(">") {
            if both { RedirectionKind::WriteBoth } else { RedirectionKind::Write }
        } else {
            let _ = self.eat("<?") || self.eat("<");
            RedirectionKind::Read
        };
        self.blanks();
        let from = self.pos;
        let word = if self.at_word() { self.word() } else { Word::default() };
        let copies = matches!(made(Word::default()), RedirectionKind::Duplicate(_));
        let numbered = self.slice(from, self.pos).bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if copies && self.pos > from && !numbered {
            // What other shells mean by it: both outputs into a file.
            self.note_from(NoteKind::Unexpected, start);
            let kind = RedirectionKind::WriteBoth(word);
            return Some(Redirection { kind, fd, variable: None, span: self.span_from(start) });
        }
        if self.pos == from {
            let kind = if self.at_end() { NoteKind::Unfinished } else { NoteKind::Unexpected };
            self.note_from(kind, start);
            let empty = Word { parts: Vec::new(), span: Span::new(from, from) };
            return Some(Redirection { kind: made(empty), fd, variable: None, span: self.span_from(start) });
        }
        Some(Redirection { kind: made(word), fd, variable: None, span: self.span_from(start) })
    }
}

/// In the patterns of a `case` a quoted star matches as well.
fn as_pattern(mut word: Word) -> Word {
    for part in &mut word.parts {
        if let PartKind::Quoted { parts, .. } = &part.kind
            && let [Part { kind: PartKind::Text(text), .. }] = &parts[..]
            && text.contains(['*', '?'])
        {
            part.kind = PartKind::Glob(text.clone());
        }
    }
    word
}

fn text_part(text: &str, span: Span) -> Vec<Part> {
    vec![Part { kind: PartKind::Text(text.to_owned()), span }]
}

/// `set argv (history)`: to a function that an event calls for each line, these lines are given.
fn given_lines(span: Span) -> Statement {
    let word = |parts| Word { parts, span };
    let history = statement(vec![word(text_part("history", span))], span);
    let program = Program { statements: vec![history], span };
    let lines = vec![Part { kind: PartKind::Substitution(program), span }];
    statement(vec![word(text_part("set", span)), word(text_part("argv", span)), word(lines)], span)
}

/// `set -l NAME $argv[N]`, which is what naming an argument means.
fn argument(name: String, index: Word, span: Span) -> Statement {
    let value = PartKind::Parameter(Box::new(crate::syntax::ir::Parameter {
        index: Some(index),
        ..named("argv".to_owned())
    }));
    let word = |parts| Word { parts, span };
    let words = vec![
        word(text_part("set", span)),
        word(text_part("-l", span)),
        word(text_part(&name, span)),
        word(vec![Part { kind: value, span }]),
    ];
    statement(words, span)
}

fn statement(words: Vec<Word>, span: Span) -> Statement {
    let simple = Simple { assignments: Vec::new(), words };
    let command = Command { kind: CommandKind::Simple(simple), redirections: Vec::new(), span };
    let stages = vec![Stage { command, pipes_stderr: false }];
    let pipeline = Pipeline { negated: false, timed: false, stages, span };
    Statement { chain: vec![(Join::First, pipeline)], background: false, span }
}
