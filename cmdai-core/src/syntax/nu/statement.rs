//! Statements, pipelines, calls, constructs with blocks, and redirections.

use std::sync::Arc;

use super::expression::is_number;
use super::word::in_name;
use super::{Parser, alone, nothing, until, valued, worded};
use crate::line::Span;
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    AssignedValue, Assignment, CaseArm, CaseEnd, Closure, Command, CommandKind, Expression, ExpressionKind,
    Join, Parameter, Part, PartKind, Pipeline, Program, Redirection, RedirectionKind, Simple, Stage,
    Statement, Word,
};

/// What sets a variable.
const ASSIGNS: &[&str] = &["=", "+=", "-=", "*=", "/=", "++="];

impl Parser<'_> {
    /// Reads statements up to what ends them, which is left.
    pub(super) fn program(&mut self, until: u8) -> Program {
        let outer = self.closers;
        self.closers |= until;
        let at = self.pos;
        let mut statements: Vec<Statement> = Vec::new();
        loop {
            self.separators();
            let closes = match self.peek() {
                None => true,
                Some(byte) => byte != b'|' && self.ends_word(byte),
            };
            if closes {
                break;
            }
            let before = self.pos;
            statements.extend(self.statement());
            if self.pos == before {
                self.advance_letter();
                self.note_from(NoteKind::Unexpected, before);
            }
        }
        self.closers = outer;
        let span = match (statements.first(), statements.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(at, at),
        };
        Program { statements, span }
    }

    fn separators(&mut self) {
        self.newlines();
        while self.eat(";") {
            self.newlines();
        }
    }

    fn statement(&mut self) -> Option<Statement> {
        let mut chain = Vec::with_capacity(1);
        let mut join = Join::First;
        loop {
            chain.push((join, self.pipeline()?));
            self.blanks();
            let start = self.pos;
            // nushell has no such operators; what is meant by them is plain.
            join = if self.eat("&&") {
                Join::And
            } else if self.eat("||") {
                Join::Or
            } else {
                break;
            };
            self.note_from(NoteKind::Unexpected, start);
            self.newlines();
        }
        let (first, last) = (chain.first()?.1.span, chain.last()?.1.span);
        Some(Statement { span: first.to(last), chain, background: false })
    }

    /// Reads stages connected by pipes. A pipe may begin the next line.
    pub(super) fn pipeline(&mut self) -> Option<Pipeline> {
        self.blanks();
        let start = self.pos;
        let mut stages: Vec<Stage> = Vec::with_capacity(1);
        let mut end = start;
        loop {
            self.newlines_in_pipe(!stages.is_empty());
            let Some(command) = self.stage() else {
                if !stages.is_empty() {
                    self.missing(start);
                }
                break;
            };
            stages.push(Stage { command, pipes_stderr: false });
            end = self.pos;
            let (held, comments) = (self.pos, self.comments.len());
            self.newlines();
            let stderr = self.eat("e>|") || self.eat("err>|") || self.eat("o+e>|") || self.eat("out+err>|");
            if !stderr && (self.peek() != Some(b'|') || self.looking_at("||")) {
                self.pos = held;
                self.comments.truncate(comments);
                break;
            }
            self.advance(usize::from(!stderr));
            if let Some(stage) = stages.last_mut() {
                stage.pipes_stderr = stderr;
            }
        }
        (!stages.is_empty()).then(|| Pipeline {
            negated: false,
            timed: false,
            stages,
            span: Span::new(start, end),
        })
    }

    fn newlines_in_pipe(&mut self, inside: bool) {
        if inside { self.newlines() } else { self.blanks() }
    }

    /// Reads one stage with its redirections; `None` where none stands here.
    fn stage(&mut self) -> Option<Command> {
        self.pay();
        if self.at_stop() {
            return None;
        }
        let start = self.pos;
        let before = self.comments.len();
        let kind = match self.construct(start) {
            Some(kind) => kind,
            None => {
                self.pos = start;
                self.comments.truncate(before);
                if self.at_value() { self.value_stage(start) } else { return self.call(start) }
            }
        };
        let mut command = Command { kind, redirections: Vec::new(), span: self.span_from(start) };
        self.rest_of_stage(&mut command);
        Some(command)
    }

    /// Redirections behind a construct or value; anything else cannot stand there.
    fn rest_of_stage(&mut self, command: &mut Command) {
        loop {
            let end = self.pos;
            self.blanks();
            if let Some(redirection) = self.redirection() {
                command.redirections.push(redirection);
                command.span.end = self.pos;
                continue;
            }
            let pipes = ["e>|", "err>|", "o+e>|", "out+err>|", "&&"].iter().any(|pipe| self.looking_at(pipe));
            if self.at_stop() || pipes {
                self.pos = end;
                return;
            }
            let start = self.pos;
            self.word();
            if self.pos == start {
                self.advance_letter();
            }
            self.note_from(NoteKind::Unexpected, start);
        }
    }

    /// Reads what begins with a word of the language.
    fn construct(&mut self, start: usize) -> Option<CommandKind> {
        let word = self.bare_word();
        let length = word.len();
        let opens = matches!(
            word,
            "let"
                | "mut"
                | "const"
                | "if"
                | "match"
                | "for"
                | "while"
                | "loop"
                | "try"
                | "def"
                | "alias"
                | "export"
                | "export-env"
                | "module"
                | "return"
                | "extern"
        );
        if !opens {
            return None;
        }
        let word = self.slice(start, start + length);
        self.advance(length);
        self.blanks();
        self.deeper(|parser| match word {
            "let" | "mut" | "const" => parser.declaration(start),
            "if" => Some(parser.branches(start)),
            "match" => Some(parser.matches(start)),
            "for" => Some(parser.each(start)),
            "while" => {
                let condition = parser.condition();
                let body = parser.block(start);
                Some(CommandKind::While { until: false, condition, body })
            }
            "loop" => {
                let condition = nothing(parser.pos);
                let body = parser.block(start);
                Some(CommandKind::While { until: false, condition, body })
            }
            "try" => Some(parser.attempt(start)),
            "def" => parser.definition(start),
            "alias" => parser.alias(start),
            "export" => {
                let inner = parser.pos;
                parser.construct(inner)
            }
            "export-env" => Some(CommandKind::Group(parser.block(start))),
            "module" => {
                parser.word();
                Some(CommandKind::Group(parser.block(start)))
            }
            "extern" => {
                parser.advance_while(|byte| byte != b'\n' && byte != b';');
                Some(CommandKind::Group(nothing(start)))
            }
            _ => {
                if parser.at_stop() {
                    return Some(CommandKind::Group(nothing(start)));
                }
                let expression = parser.expression();
                Some(valued(expression).kind)
            }
        })?
    }

    /// Reads `{ … }` as code that runs here.
    fn block(&mut self, opened: usize) -> Program {
        self.newlines();
        if self.peek() != Some(b'{') {
            self.missing(opened);
            return nothing(self.pos);
        }
        match self.deeper(Self::closure) {
            Some(closure) => closure.body,
            None => {
                let start = self.pos;
                self.advance(1);
                self.note_from(NoteKind::TooDeep, start);
                nothing(self.pos)
            }
        }
    }

    fn condition(&mut self) -> Program {
        alone(valued(self.expression()))
    }

    /// `let NAME = PIPELINE`
    fn declaration(&mut self, start: usize) -> Option<CommandKind> {
        let from = self.pos;
        self.eat("$");
        let name = self.pos;
        self.advance_while(in_name);
        let name = self.slice(name, self.pos).to_owned();
        let span = self.span_from(from);
        if name.is_empty() {
            self.missing(start);
        }
        let parameter = Parameter { name, index: None, indirect: false, length: false, operation: None };
        let part = Part { kind: PartKind::Parameter(Box::new(parameter)), span };
        let target = Box::new(worded(Word { parts: vec![part], span }));
        // A type may stand before the sign.
        self.advance_while(|byte| !matches!(byte, b'=' | b'\n' | b';' | b'|' | b')' | b'}'));
        if !self.eat("=") {
            // At the end of a pipeline it takes what comes in.
            if !self.at_stop() {
                self.missing(start);
            }
            return Some(CommandKind::Assign { target, operator: "=".to_owned(), value: nothing(self.pos) });
        }
        let value = self.assigned();
        Some(CommandKind::Assign { target, operator: "=".to_owned(), value })
    }

    /// The pipeline behind `=`.
    fn assigned(&mut self) -> Program {
        self.newlines();
        let at = self.pos;
        match self.pipeline() {
            Some(pipeline) => {
                let span = pipeline.span;
                let statement = Statement { chain: vec![(Join::First, pipeline)], background: false, span };
                Program { statements: vec![statement], span }
            }
            None => {
                self.missing(at);
                nothing(at)
            }
        }
    }

    fn branches(&mut self, start: usize) -> CommandKind {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.condition();
            let body = self.block(start);
            arms.push((condition, body));
            let (held, comments) = (self.pos, self.comments.len());
            self.newlines();
            if !self.eat_bare("else") {
                self.pos = held;
                self.comments.truncate(comments);
                break;
            }
            self.newlines();
            if self.eat_bare("if") {
                self.blanks();
                continue;
            }
            otherwise = Some(self.block(start));
            break;
        }
        CommandKind::If { arms, otherwise }
    }

    fn matches(&mut self, start: usize) -> CommandKind {
        let subject = self.expression();
        let span = subject.span;
        let part = Part { kind: PartKind::Expression(Box::new(subject)), span };
        let subject = Word { parts: vec![part], span };
        self.newlines();
        let mut arms = Vec::new();
        if !self.eat("{") {
            self.missing(start);
            return CommandKind::Case { subject, arms };
        }
        self.enclosed(until::BRACE | until::COMMA, |parser| {
            loop {
                parser.newlines();
                if parser.eat(",") {
                    continue;
                }
                let before = parser.pos;
                if parser.at_stop() && parser.peek() != Some(b'|') {
                    break;
                }
                let mut patterns = Vec::new();
                loop {
                    parser.blanks();
                    if parser.eat("=>") || (parser.at_stop() && parser.peek() != Some(b'|')) {
                        break;
                    }
                    if !parser.eat("|") {
                        let from = parser.pos;
                        let word = parser.word();
                        if parser.pos == from {
                            break;
                        }
                        patterns.push(word);
                    }
                }
                parser.newlines();
                let body = match parser.peek() {
                    Some(b'{') => parser.block(start),
                    _ => parser.assigned(),
                };
                arms.push(CaseArm { patterns, body, end: CaseEnd::Stop });
                if parser.pos == before {
                    break;
                }
            }
        });
        if !self.eat("}") {
            self.missing(start);
        }
        CommandKind::Case { subject, arms }
    }

    fn each(&mut self, start: usize) -> CommandKind {
        while self.looking_at("--") {
            self.word();
            self.blanks();
        }
        self.eat("$");
        let from = self.pos;
        self.advance_while(in_name);
        let name = self.slice(from, self.pos).to_owned();
        self.advance_while(|byte| !matches!(byte, b' ' | b'\n' | b';' | b'{'));
        self.blanks();
        // A type may have stood there.
        if !self.eat_bare("in") {
            self.missing(start);
        }
        self.blanks();
        let over = self.expression();
        let span = over.span;
        let word = Word { parts: vec![Part { kind: PartKind::Expression(Box::new(over)), span }], span };
        let body = self.block(start);
        CommandKind::For { name, words: Some(vec![word]), select: false, body }
    }

    fn attempt(&mut self, start: usize) -> CommandKind {
        let body = self.block(start);
        let mut handlers = Vec::new();
        loop {
            let (held, comments) = (self.pos, self.comments.len());
            self.newlines();
            if !self.eat_bare("catch") && !self.eat_bare("finally") {
                self.pos = held;
                self.comments.truncate(comments);
                return CommandKind::Try { body, handlers };
            }
            self.blanks();
            if self.peek() == Some(b'{') {
                handlers.push(self.block(start));
            } else {
                let closure = self.expression();
                handlers.push(alone(valued(closure)));
            }
        }
    }

    /// `def NAME [PARAMETERS] { … }`
    fn definition(&mut self, start: usize) -> Option<CommandKind> {
        while self.looking_at("--") {
            self.word();
            self.blanks();
        }
        let word = self.word();
        let name = word.literal().unwrap_or_else(|| word.span.of(self.text).to_owned());
        self.newlines();
        let mut parameters = Vec::new();
        match self.peek() {
            Some(b'[') => {
                self.advance(1);
                parameters = self.parameters(b']');
            }
            Some(b'(') => {
                self.advance(1);
                parameters = self.parameters(b')');
            }
            _ => {}
        }
        // What it takes and gives may stand before the body.
        self.advance_while(|byte| byte != b'{' && byte != b';');
        let from = self.pos;
        let body = self.block(start);
        let closure = Closure { parameters, body };
        let span = self.span_from(from);
        let expression = Expression { kind: ExpressionKind::Closure(Box::new(closure)), span };
        Some(CommandKind::Function { name, body: Arc::new(valued(expression)), handler: false })
    }

    /// `alias NAME = CALL`: the name and the text of the call in one word, as other shells have it.
    fn alias(&mut self, start: usize) -> Option<CommandKind> {
        let from = self.pos;
        let name = self.word();
        self.blanks();
        if name.span.is_empty() || !self.eat("=") {
            self.missing(start);
            return Some(CommandKind::Group(nothing(start)));
        }
        self.blanks();
        let code = self.pos;
        self.pipeline();
        let text = format!("{}={}", name.span.of(self.text), self.slice(code, self.pos));
        let words = vec![
            text_word("alias", Span::new(start, start + 5)),
            text_word(&text, Span::new(from, self.pos)),
        ];
        Some(CommandKind::Simple(Simple { assignments: Vec::new(), words }))
    }

    /// True where a stage is a value, not a call.
    fn at_value(&self) -> bool {
        match self.peek() {
            Some(b'$' | b'"' | b'\'' | b'(' | b'[' | b'{') => true,
            Some(b'r') => {
                let hashes = self.rest().iter().skip(1).take_while(|&&byte| byte == b'#').count();
                hashes > 0 && self.rest().get(1 + hashes) == Some(&b'\'')
            }
            Some(b'.' | b'0'..=b'9' | b'-') => {
                let word = self.bare_word();
                is_number(word) || is_quantity(word) || is_range(word) || word.starts_with("0x[")
            }
            Some(b'n' | b't' | b'f') => matches!(self.bare_word(), "true" | "false" | "null" | "not"),
            _ => false,
        }
    }

    fn value_stage(&mut self, start: usize) -> CommandKind {
        let value = self.expression();
        let held = self.pos;
        self.blanks();
        let word = self.bare_word();
        let Some(operator) = ASSIGNS.iter().find(|operator| **operator == word) else {
            self.pos = held;
            if self.pos == start {
                self.advance_letter();
            }
            return valued(value).kind;
        };
        self.advance(operator.len());
        let read = self.deeper(Self::assigned);
        let value_of = read.unwrap_or_else(|| nothing(self.pos));
        CommandKind::Assign { target: Box::new(value), operator: (*operator).to_owned(), value: value_of }
    }

    /// Reads a call: perhaps variables set for it, a name, arguments and redirections.
    fn call(&mut self, start: usize) -> Option<Command> {
        let mut simple = Simple::default();
        let mut redirections = Vec::new();
        let mut end = start;
        loop {
            self.blanks();
            let pipes = ["e>|", "err>|", "o+e>|", "out+err>|"].iter().any(|pipe| self.looking_at(pipe));
            if self.at_stop() || pipes || matches!(self.bare_word(), "&&" | "||") {
                break;
            }
            let before = self.pos;
            if let Some(redirection) = self.redirection() {
                redirections.push(redirection);
            } else if simple.words.is_empty()
                && let Some(assignment) = self.assignment()
            {
                simple.assignments.push(assignment);
            } else {
                let external = simple.words.is_empty() && self.eat("^");
                let mut word = self.word();
                if external {
                    word.span.start = before;
                }
                simple.words.push(word);
            }
            if self.pos == before {
                break;
            }
            end = self.pos;
        }
        self.pos = end;
        let empty = simple.words.is_empty() && simple.assignments.is_empty() && redirections.is_empty();
        (!empty).then(|| Command {
            kind: CommandKind::Simple(simple),
            redirections,
            span: Span::new(start, end),
        })
    }

    /// `NAME=value` before a call.
    fn assignment(&mut self) -> Option<Assignment> {
        let start = self.pos;
        let rest = self.rest();
        let length = rest.iter().take_while(|&&byte| byte == b'_' || byte.is_ascii_alphanumeric()).count();
        if length == 0
            || rest.get(length) != Some(&b'=')
            || rest.get(length + 1).is_none_or(|&byte| byte == b' ')
        {
            return None;
        }
        let name = self.slice(start, start + length).to_owned();
        self.advance(length + 1);
        let value = AssignedValue::Word(self.word());
        Some(Assignment { name, index: None, append: false, value, span: self.span_from(start) })
    }

    /// `o> file`, `err>> file`, `out+err> file`.
    fn redirection(&mut self) -> Option<Redirection> {
        let start = self.pos;
        let operators: &[(&str, Option<u32>, bool)] = &[
            ("out+err>", None, true),
            ("err+out>", None, true),
            ("o+e>", None, true),
            ("e+o>", None, true),
            ("out>", None, false),
            ("err>", Some(2), false),
            ("o>", None, false),
            ("e>", Some(2), false),
        ];
        let &(operator, fd, both) = operators.iter().find(|(operator, ..)| self.looking_at(operator))?;
        let after = self.byte(start + operator.len());
        if !matches!(after, None | Some(b'>' | b' ')) {
            return None;
        }
        self.advance(operator.len());
        let append = self.eat(">");
        self.blanks();
        let word = self.word();
        if word.span.is_empty() {
            self.missing(start);
        }
        let kind = match (both, append) {
            (true, true) => RedirectionKind::AppendBoth(word),
            (true, false) => RedirectionKind::WriteBoth(word),
            (false, true) => RedirectionKind::Append(word),
            (false, false) => RedirectionKind::Write(word),
        };
        Some(Redirection { kind, fd, variable: None, span: self.span_from(start) })
    }
}

fn text_word(text: &str, span: Span) -> Word {
    Word { parts: vec![Part { kind: PartKind::Text(text.to_owned()), span }], span }
}

/// True for `10mb`, `3day`, `2024-01-01`.
fn is_quantity(word: &str) -> bool {
    let unit =
        word.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_' | '-'));
    const UNITS: &[&str] = &[
        "b", "day", "eb", "gb", "gib", "hr", "kb", "kib", "mb", "mib", "min", "ms", "ns", "pb", "sec", "tb",
        "tib", "us", "wk",
    ];
    let is_date = unit.is_empty() && word.len() == 10 && word.matches('-').count() == 2;
    is_date || (unit.len() < word.len() && UNITS.binary_search(&unit.to_ascii_lowercase().as_str()).is_ok())
}

/// True for `1..5`, `..3`, `0..<9`.
fn is_range(word: &str) -> bool {
    word.contains("..")
        && word.len() > 2
        && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'<' | b'=' | b'-'))
}
