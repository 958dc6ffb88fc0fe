//! What zsh adds to the grammar: short forms of its blocks, functions without a name, and expansions
//! with flags, nesting and modifiers.

use std::sync::Arc;

use super::compound::alone;
use super::expansion::{is_special, named};
use super::lexer::{Parser, begins_name, until};
use super::word::{Parts, Place};
use crate::syntax::ir::{
    Command, CommandKind, Operation, Parameter, Part, PartKind, Program, Simple, Statement, Word,
    ZshExpansion,
};

/// The letters of history-style modifiers that stand alone.
const MODIFIERS: &[u8] = b"AaceFhlPQqrtuwWx&";

impl Parser<'_> {
    /// True before a `{` that follows a command without a separator, where a short body may stand.
    pub(super) fn at_short_body(&self, until: u16, before: Option<&Statement>) -> bool {
        let Some(before) = before.filter(|_| until & until::SHORT != 0) else { return false };
        let between = self.slice(before.span.end, self.pos);
        self.dialect == crate::Dialect::Zsh && self.at_bare("{") && !between.contains([';', '\n', '&'])
    }

    /// `if COND { … } elif COND { … } else { … }`, standing on the first brace.
    pub(super) fn short_branches(&mut self, start: usize, condition: Program) -> CommandKind {
        let mut arms = Vec::new();
        let mut condition = condition;
        loop {
            self.advance(1);
            let body = self.braces(start);
            arms.push((condition, body));
            self.blanks();
            if self.eat_bare("elif") {
                condition = self.program(until::THEN | until::FI | until::SHORT);
                if self.at_bare("{") {
                    continue;
                }
                self.missing(start);
                return CommandKind::If { arms, otherwise: None };
            }
            let mut otherwise = None;
            if self.eat_bare("else") {
                self.newlines();
                if self.at_bare("{") {
                    self.advance(1);
                    otherwise = Some(self.braces(start));
                } else {
                    self.missing(start);
                }
            }
            return CommandKind::If { arms, otherwise };
        }
    }

    /// `{ … } always { … }`, standing behind the first part.
    pub(super) fn always(&mut self, start: usize, body: Program) -> CommandKind {
        if self.dialect != crate::Dialect::Zsh {
            return CommandKind::Group(body);
        }
        let held = self.pos;
        self.blanks();
        if !self.eat_bare("always") {
            self.pos = held;
            return CommandKind::Group(body);
        }
        self.newlines();
        if !self.at_bare("{") {
            self.missing(start);
            return CommandKind::Group(body);
        }
        self.advance(1);
        let handlers = vec![self.braces(start)];
        CommandKind::Try { body, handlers }
    }

    /// A function without a name, which runs at once with the words behind it.
    pub(super) fn anonymous(&mut self, start: usize) -> CommandKind {
        let body = self.function_body(start);
        // It is called where it ends, with the words behind it.
        let called = self.span(self.pos, self.pos);
        let name = Part { kind: PartKind::Text(ANONYMOUS.to_owned()), span: called };
        let mut words = vec![Word { parts: vec![name], span: called }];
        loop {
            self.blanks();
            if !self.at_word() || self.at_bare("}") {
                break;
            }
            let before = self.pos;
            words.push(self.word(Place { groups: true, ..Place::ARGUMENT }));
            if self.pos == before {
                break;
            }
        }
        if words.len() == 1 {
            return CommandKind::Group(alone(*body));
        }
        let span = body.span;
        let function =
            CommandKind::Function { name: ANONYMOUS.to_owned(), body: Arc::from(body), handler: false };
        let mut program = alone(Command { kind: function, redirections: Vec::new(), span });
        let span = words.last().map_or(called, |last| called.to(last.span));
        let call = CommandKind::Simple(Simple { assignments: Vec::new(), words });
        let call = alone(Command { kind: call, redirections: Vec::new(), span });
        program.statements.extend(call.statements);
        program.span = program.span.to(span);
        CommandKind::Group(program)
    }

    /// `repeat COUNT …` and `foreach NAME (…) …; end`.
    pub(super) fn zsh_loop(&mut self, start: usize) -> CommandKind {
        let repeats = self.eat_bare("repeat");
        if repeats {
            self.blanks();
            let header = self.word(Place::PLAIN);
            self.newlines();
            self.eat(";");
            let body = self.loop_body(start);
            return CommandKind::ArithmeticFor { header, body };
        }
        self.eat_bare("foreach");
        self.blanks();
        let name = self.loop_name(start);
        self.blanks();
        let words = if self.peek() == Some(b'(') { self.array() } else { Vec::new() };
        let body = self.program(until::END_WORD);
        self.close("end", start);
        CommandKind::For { name, words: Some(words), select: false, body }
    }

    /// Where a pattern of zsh for numbers ends that begins here: `<->`, `<2->`, `<1-9>`.
    pub(super) fn numbers_end(&self, start: usize) -> Option<usize> {
        if self.dialect != crate::Dialect::Zsh || self.byte(start) != Some(b'<') {
            return None;
        }
        let digits = |mut at: usize| {
            let from = at;
            while self.byte(at).is_some_and(|byte| byte.is_ascii_digit()) && at - from < 20 {
                at += 1;
            }
            at
        };
        let dash = digits(start + 1);
        let end = digits(dash + 1);
        (self.byte(dash) == Some(b'-') && self.byte(end) == Some(b'>')).then_some(end + 1)
    }

    /// `=rm` is the path of the program.
    pub(super) fn equals(&mut self, parts: &mut Parts) {
        let start = self.pos;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+');
        let mut at = start + 1;
        while self.byte(at).is_some_and(fits) {
            at += 1;
        }
        let ends = self.byte(at).is_none_or(super::lexer::ends_word);
        if at > start + 1 && ends {
            self.advance(at - start);
            let path = format!("/usr/bin/{}", self.slice(start + 1, at));
            parts.push(PartKind::Text(path), self.span_from(start));
        }
    }

    /// True before `$+name`, `$=name`, `$~name`, `$^name` and `$#name`.
    pub(super) fn at_marked_name(&self) -> bool {
        let mut at = self.pos + 1;
        while matches!(self.byte(at), Some(b'+' | b'=' | b'~' | b'^' | b'#')) && at < self.pos + 4 {
            at += 1;
        }
        at > self.pos + 1 && self.byte(at).is_some_and(begins_name)
    }

    /// Reads such a name.
    pub(super) fn marked_name(&mut self, parts: &mut Parts) {
        let start = self.pos;
        self.advance(1);
        let mut zsh = ZshExpansion::default();
        while let Some(mark @ (b'+' | b'=' | b'~' | b'^' | b'#')) = self.peek() {
            zsh.marks.push(char::from(mark));
            self.advance(1);
        }
        let name = self.parameter_name();
        if self.peek() == Some(b'[') {
            zsh.indices.extend(self.index(start));
        }
        let parameter = self.modified(finished(zsh, name));
        parts.push(PartKind::Parameter(Box::new(parameter)), self.span_from(start));
    }

    /// The parameter with the modifiers that follow it outside of braces: `$x:h`.
    pub(super) fn modified(&mut self, parameter: Parameter) -> Parameter {
        if self.dialect != crate::Dialect::Zsh || self.peek() != Some(b':') {
            return parameter;
        }
        let mut steps = Vec::new();
        while self.peek() == Some(b':')
            && let Some(length) = self.modifier_length(self.pos + 1, false)
        {
            let text = self.slice(self.pos + 1, self.pos + 1 + length).to_owned();
            self.advance(1 + length);
            steps.push(Operation::Modifier(text));
        }
        if steps.is_empty() {
            return parameter;
        }
        let Parameter { name, index, operation, .. } = parameter;
        let mut zsh = match operation {
            Some(Operation::Zsh(zsh)) => *zsh,
            _ => ZshExpansion::default(),
        };
        zsh.indices.extend(index);
        zsh.steps.extend(steps);
        finished(zsh, name)
    }

    /// The length of the modifier that begins at the offset.
    fn modifier_length(&self, start: usize, braced: bool) -> Option<usize> {
        let mut at = start;
        if self.byte(at) == Some(b'g') && self.byte(at + 1) == Some(b's') {
            at += 1;
        }
        let letter = self.byte(at)?;
        at += 1;
        if letter == b's' {
            let mark = self.byte(at).filter(|byte| byte.is_ascii_punctuation() && *byte != b'}')?;
            // The text, what takes its place, and a mark behind it that may be missing at the end.
            for _ in 0..2 {
                at += 1;
                while self.byte(at).is_some_and(|byte| byte != mark && byte != b'}' && byte != b'\n') {
                    at += 1;
                }
            }
            return Some(at - start + usize::from(self.byte(at) == Some(mark)));
        }
        if !MODIFIERS.contains(&letter) {
            return None;
        }
        while self.byte(at).is_some_and(|byte| byte.is_ascii_digit()) {
            at += 1;
        }
        let ends = match self.byte(at) {
            None => true,
            Some(byte) if braced => matches!(byte, b'}' | b':'),
            Some(byte) => !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'/' | b'.' | b'-'),
        };
        // Outside of braces a lone `&` ends the command.
        (ends && (braced || letter != b'&')).then_some(at - start)
    }

    /// Reads the inside of `${…}` of zsh.
    pub(super) fn zsh_parameter(&mut self, quoted: bool) -> Parameter {
        let start = self.pos;
        let mut zsh = ZshExpansion::default();
        if self.peek() == Some(b'(') {
            self.advance(1);
            let from = self.pos;
            let length = self.flags_length();
            self.advance(length);
            self.slice(from, self.pos).clone_into(&mut zsh.flags);
            if !self.eat(")") {
                self.missing(start);
            }
        }
        loop {
            let next = self.byte(self.pos + 1);
            let named = next.is_some_and(|byte| {
                begins_name(byte) || byte.is_ascii_digit() || matches!(byte, b'$' | b'@' | b'*' | b'(' | b'#')
            });
            match self.peek() {
                Some(mark @ (b'^' | b'=' | b'~')) => zsh.marks.push(char::from(mark)),
                Some(mark @ (b'#' | b'+')) if named && zsh.marks.len() < 4 => {
                    zsh.marks.push(char::from(mark))
                }
                _ => break,
            }
            self.advance(1);
        }
        let mut name = String::new();
        let mut parts = Parts::default();
        match self.peek() {
            Some(b'$') if matches!(self.byte(self.pos + 1), Some(b'{' | b'(')) => {
                self.dollar(&mut parts, quoted)
            }
            Some(b'"' | b'\'') => self.quoted(&mut parts),
            Some(b'`') => self.backticks(&mut parts, quoted),
            Some(byte) if byte.is_ascii_digit() => {
                let from = self.pos;
                while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    self.advance(1);
                }
                self.slice(from, self.pos).clone_into(&mut name);
            }
            Some(byte) if begins_name(byte) || is_special(byte) => name = self.parameter_name(),
            Some(b':' | b'}') => {}
            _ => {
                let rest = self.rest(quoted);
                return Parameter { operation: Some(Operation::Other(rest)), ..named_of("") };
            }
        }
        if !parts.list.is_empty() {
            let span = self.span_from(start);
            zsh.inner = Some(Word { parts: parts.list, span });
        }
        while self.peek() == Some(b'[') {
            let from = self.pos;
            zsh.indices.extend(self.index(start));
            if self.pos == from {
                break;
            }
        }
        loop {
            let before = self.pos;
            if self.peek() == Some(b':')
                && let Some(length) = self.modifier_length(self.pos + 1, true)
            {
                let text = self.slice(self.pos + 1, self.pos + 1 + length).to_owned();
                self.advance(1 + length);
                zsh.steps.push(Operation::Modifier(text));
            } else if self.eat("::=") {
                let word = self.rest(quoted);
                zsh.steps.push(Operation::Default { operator: ':', or_empty: true, word });
            } else if [":|", ":*", ":^"].iter().any(|mark| self.looking_at(mark)) {
                // Another list takes part: what is in both, in one alone, or one after the other.
                self.advance(1);
                let from = self.pos;
                while self.peek().is_some_and(|byte| byte != b'}' && byte != b'\n') {
                    self.advance(1);
                }
                zsh.steps.push(Operation::Modifier(self.slice(from, self.pos).to_owned()));
            } else if self.looking_at(":#") {
                // Elements that fit are left out.
                self.advance(2);
                zsh.steps.push(Operation::Other(self.rest_as_pattern(quoted)));
            } else {
                zsh.steps.extend(self.operation(quoted));
            }
            if self.pos == before || self.peek() == Some(b'}') {
                break;
            }
        }
        finished(zsh, name)
    }

    /// The length of the flags up to their parenthesis, which may stand in an argument of one of them.
    fn flags_length(&mut self) -> usize {
        let mut at = self.pos;
        while let Some(byte) = self.byte(at) {
            match byte {
                b')' => break,
                // These have an argument between two marks, or two.
                b's' | b'j' | b'l' | b'r' | b'Z' | b'g' | b'_' | b'I'
                    if self.byte(at + 1).is_some_and(|mark| mark.is_ascii_punctuation() && mark != b')') =>
                {
                    let mark = self.byte(at + 1);
                    let close = |byte: Option<u8>| match mark {
                        Some(b'(') => b')',
                        Some(b'{') => b'}',
                        Some(b'[') => b']',
                        Some(b'<') => b'>',
                        _ => byte.unwrap_or(b':'),
                    };
                    let close = close(mark);
                    at += 2;
                    while self.byte(at).is_some_and(|byte| byte != close) {
                        at += 1;
                    }
                }
                b'\n' => break,
                _ => {}
            }
            at += 1;
        }
        self.steps += at - self.pos;
        at.min(self.end) - self.pos
    }
}

/// The name under which a function without one is called.
const ANONYMOUS: &str = "(anonymous)";

fn named_of(name: &str) -> Parameter {
    named(name.to_owned())
}

/// A parameter that is as plain as what was written.
fn finished(mut zsh: ZshExpansion, name: String) -> Parameter {
    let modified = zsh.steps.iter().any(|step| matches!(step, Operation::Modifier(_)));
    let plain = zsh.flags.is_empty()
        && (zsh.marks.is_empty() || zsh.marks == "#")
        && zsh.inner.is_none()
        && zsh.indices.len() <= 1
        && zsh.steps.len() <= 1
        && !modified;
    if plain {
        return Parameter {
            index: zsh.indices.pop(),
            length: zsh.marks == "#",
            operation: zsh.steps.pop(),
            ..named(name)
        };
    }
    Parameter { operation: Some(Operation::Zsh(Box::new(zsh))), ..named(name) }
}
