//! Compound commands: groups, branches, loops, tests, arithmetic, functions.

use super::lexer::{Parser, Reserved, ends_word, until};
use super::word::{Place, empty};
use crate::line::Dialect;
use crate::syntax::NoteKind;
use crate::syntax::ir::{
    CaseArm, CaseEnd, Command, CommandKind, Join, Part, PartKind, Pipeline, Program, Stage, Statement, Word,
};

impl Parser<'_> {
    /// Reads a compound command if one begins here.
    pub(super) fn compound(&mut self) -> Option<CommandKind> {
        let start = self.pos;
        if self.peek() == Some(b'(') {
            return self.parentheses(start);
        }
        if self.dialect == Dialect::Zsh && matches!(self.bare_word(), b"repeat" | b"foreach") {
            return self.deeper(|parser| parser.zsh_loop(start));
        }
        let word = self
            .reserved()
            .filter(|word| word.opens() || matches!(word, Reserved::Function | Reserved::Coproc))?;
        let kind = self.deeper(|parser| parser.compound_after(start, word));
        if kind.is_none() {
            // Too deep: the word is read as the name of a command, so that what follows is still seen.
            self.note(NoteKind::TooDeep, start, start + 1);
        }
        kind
    }

    fn compound_after(&mut self, start: usize, word: Reserved) -> CommandKind {
        let length = match word {
            Reserved::OpenBrace => 1,
            Reserved::If | Reserved::OpenTest => 2,
            Reserved::For => 3,
            Reserved::Case => 4,
            Reserved::Until | Reserved::While => 5,
            Reserved::Select | Reserved::Coproc => 6,
            _ => 8,
        };
        self.advance(length);
        match word {
            Reserved::OpenBrace => {
                let body = self.braces(start);
                self.always(start, body)
            }
            Reserved::OpenTest => CommandKind::Test(self.test(start)),
            Reserved::If => self.branches(start),
            Reserved::For | Reserved::Select => self.each(start),
            Reserved::Case => self.case(start),
            Reserved::Until | Reserved::While => {
                let condition = self.some(until::DO | until::SHORT);
                let body = self.loop_body(start);
                CommandKind::While { until: word == Reserved::Until, condition, body }
            }
            Reserved::Coproc => self.coprocess(start),
            _ => self.function(start),
        }
    }

    /// Reads `( … )` or `(( … ))`.
    fn parentheses(&mut self, start: usize) -> Option<CommandKind> {
        if self.byte(start + 1) == Some(b'(')
            && let Some(end) = self.arithmetic_end(start)
        {
            return Some(
                match self.deeper(|parser| {
                    parser.advance(2);
                    let expression = parser.within(end, Self::expression);
                    parser.eat("))");
                    CommandKind::Arithmetic(expression)
                }) {
                    Some(kind) => kind,
                    None => {
                        self.skip_parenthesis(start);
                        CommandKind::Opaque
                    }
                },
            );
        }
        if self.dialect == Dialect::Zsh && self.eat("()") {
            // A function without a name runs at once.
            return Some(self.anonymous(start));
        }
        let program = self.parenthesized(start);
        if program.as_ref().is_some_and(|program| program.statements.is_empty())
            && self.bytes.get(self.pos - 1) == Some(&b')')
        {
            self.note(NoteKind::Unexpected, self.pos - 1, self.pos);
        }
        Some(program.map_or(CommandKind::Opaque, CommandKind::Subshell))
    }

    /// Reads the inside of `{ …; }` and its end.
    pub(super) fn braces(&mut self, start: usize) -> Program {
        let body = self.some(until::BRACE);
        self.close("}", start);
        body
    }

    /// Reads commands where there must be one: only zsh takes none for an answer.
    fn some(&mut self, stops: u16) -> Program {
        let program = self.program(stops);
        if self.dialect != Dialect::Zsh && program.statements.is_empty() && self.pos < self.end {
            self.note(NoteKind::Unexpected, self.pos, self.pos + 1);
        }
        program
    }

    /// Takes the reserved word that ends a construct, or notes that it is missing.
    pub(super) fn close(&mut self, word: &str, opened: usize) {
        if !self.eat_bare(word) {
            self.missing(opened);
        }
    }

    fn branches(&mut self, start: usize) -> CommandKind {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.some(until::THEN | until::FI | until::SHORT);
            if self.dialect == Dialect::Zsh && self.at_bare("{") {
                return self.short_branches(start, condition);
            }
            if self.eat_bare("then") {
                arms.push((condition, self.some(until::FI)));
            } else {
                self.missing(start);
                let end = condition.span.end;
                let body = Program { statements: Vec::new(), span: crate::Span::new(end, end) };
                arms.push((condition, body));
            }
            if self.eat_bare("elif") {
                continue;
            }
            while self.eat_bare("else") {
                if otherwise.is_some() {
                    self.note(NoteKind::Unexpected, self.pos - 4, self.pos);
                    let body = self.program(until::FI);
                    arms.push((Program::default(), body));
                } else {
                    otherwise = Some(self.some(until::FI));
                }
            }
            if self.eat_bare("elif") {
                self.note(NoteKind::Unexpected, self.pos - 4, self.pos);
                continue;
            }
            self.close("fi", start);
            return CommandKind::If { arms, otherwise };
        }
    }

    /// Reads `do …; done` or zsh's `{ … }`.
    pub(super) fn loop_body(&mut self, start: usize) -> Program {
        self.newlines();
        if self.eat_bare("do") {
            let body = self.some(until::DONE);
            self.close("done", start);
            body
        } else if self.at_bare("{") {
            self.advance(1);
            self.braces(start)
        } else if self.dialect == Dialect::Zsh
            && let Some(command) = self.deeper(Self::command).flatten()
        {
            // A single command needs no `do`.
            alone(command)
        } else {
            self.missing(start);
            Program { statements: Vec::new(), span: self.span(self.pos, self.pos) }
        }
    }

    /// Reads `for` and `select` behind the word.
    fn each(&mut self, start: usize) -> CommandKind {
        self.blanks();
        if self.looking_at("((") {
            return self.arithmetic_for(start);
        }
        let select = self.bytes.get(start) == Some(&b's');
        let mut name = self.loop_name(start);
        // zsh takes several names.
        while self.dialect == Dialect::Zsh && !select && {
            self.blanks();
            self.at_word() && !self.at_bare("in") && self.peek() != Some(b'(') && !self.at_bare("do")
        } {
            let from = self.pos;
            let more = self.loop_name(start);
            if self.pos == from {
                break;
            }
            name.push(' ');
            name.push_str(&more);
        }
        self.newlines();
        let mut words = None;
        if self.eat_bare("in") {
            words = Some(self.words());
        } else if self.dialect == Dialect::Zsh && self.peek() == Some(b'(') {
            words = Some(self.array());
        }
        self.blanks();
        self.eat(";");
        let body = self.loop_body(start);
        CommandKind::For { name, words, select, body }
    }

    pub(super) fn loop_name(&mut self, start: usize) -> String {
        let from = self.pos;
        if !self.at_word() {
            self.missing(start);
            return String::new();
        }
        self.word(Place::PLAIN);
        self.slice(from, self.pos).to_owned()
    }

    /// Reads words up to the end of the list of a `for`.
    fn words(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        loop {
            self.blanks();
            if !self.at_word() {
                return words;
            }
            words.push(self.word(Place { groups: self.dialect == Dialect::Zsh, ..Place::ARGUMENT }));
        }
    }

    fn arithmetic_for(&mut self, start: usize) -> CommandKind {
        let open = self.pos;
        let end = self.arithmetic_end(open);
        self.advance(2);
        let header = match end {
            Some(end) => self.within(end, Self::expression),
            None => self.expression(),
        };
        if !self.eat("))") {
            self.missing(start);
        }
        self.blanks();
        self.eat(";");
        let body = self.loop_body(start);
        CommandKind::ArithmeticFor { header, body }
    }

    /// Reads `case` behind the word.
    fn case(&mut self, start: usize) -> CommandKind {
        self.blanks();
        let subject =
            if self.at_word() { self.word(Place::PLAIN) } else { empty(self.span(self.pos, self.pos)) };
        self.newlines();
        let mut arms = Vec::new();
        // zsh takes braces for `in` and `esac`.
        let braces = self.dialect == Dialect::Zsh && self.eat_bare("{");
        if !braces && !self.eat_bare("in") {
            self.missing(start);
            return CommandKind::Case { subject, arms };
        }
        let (last, closer) = if braces { ("}", until::BRACE) } else { ("esac", until::ESAC) };
        loop {
            self.newlines();
            if self.eat_bare(last) {
                return CommandKind::Case { subject, arms };
            }
            if self.pos >= self.end || self.peek() == Some(b')') {
                self.missing(start);
                return CommandKind::Case { subject, arms };
            }
            let before = self.pos;
            let (patterns, closed) = self.patterns();
            if !closed {
                self.missing(start);
                if self.pos == before {
                    self.advance(self.char_len(before));
                    continue;
                }
            }
            let body = self.program(until::ARM | closer);
            let end = if self.eat(";;&") {
                CaseEnd::TestNext
            } else if self.eat(";;") {
                CaseEnd::Stop
            } else if self.eat(";&") {
                CaseEnd::RunNext
            } else {
                CaseEnd::Stop
            };
            arms.push(CaseArm { patterns, body, end });
            if self.pos >= self.end || (self.pos == before) {
                self.missing(start);
                return CommandKind::Case { subject, arms };
            }
        }
    }

    /// Reads the patterns of an arm and their parenthesis; false where it is missing.
    fn patterns(&mut self) -> (Vec<Word>, bool) {
        let mut patterns = Vec::new();
        self.eat("(");
        loop {
            self.blanks();
            let before = self.pos;
            if self.at_word() {
                patterns.push(self.word(Place::PATTERN));
            }
            self.blanks();
            if self.eat(")") {
                return (patterns, true);
            }
            if !self.eat("|") || self.pos == before {
                return (patterns, false);
            }
        }
    }

    /// Reads the words of `[[ … ]]` behind the brackets.
    fn test(&mut self, start: usize) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut regex = false;
        loop {
            self.newlines();
            if self.eat_bare("]]") {
                if !self.is_test(&words) {
                    self.note(NoteKind::Unexpected, self.pos - 2, self.pos);
                }
                return words;
            }
            let from = self.pos;
            let Some(byte) = self.peek() else {
                self.note(NoteKind::Unfinished, start, self.pos);
                return words;
            };
            if regex {
                regex = false;
                words.push(self.regex());
                if self.pos > from {
                    continue;
                }
                words.pop();
            }
            let after = words.last().map(|word| word.span.of(self.text));
            // In zsh a parenthesis behind these begins a pattern.
            let pattern = self.dialect == Dialect::Zsh && matches!(after, Some("==" | "=" | "!="));
            let operator = match byte {
                b'(' if pattern => 0,
                b'&' | b'|' if self.byte(from + 1) == Some(byte) => 2,
                b'(' | b')' => 1,
                b'<' | b'>' if self.byte(from + 1) != Some(b'(') => 1,
                _ => 0,
            };
            if operator > 0 {
                self.pay();
                self.advance(operator);
                let span = self.span_from(from);
                let text = PartKind::Text(self.slice(from, self.pos).to_owned());
                words.push(Word { parts: vec![Part { kind: text, span }], span });
                continue;
            }
            if byte == b';' || byte == b'&' || byte == b'|' {
                self.missing(start);
                return words;
            }
            let word = self.word(Place { groups: pattern, ..Place::PATTERN });
            regex = self.slice(from, self.pos) == "=~";
            if self.pos == from {
                self.advance(self.char_len(from));
                self.note(NoteKind::Unexpected, from, self.pos);
            } else {
                words.push(word);
            }
        }
    }

    /// False for tests of nothing, for a question without what it is about, and for two words of which the first asks
    /// nothing of the second.
    fn is_test(&self, words: &[Word]) -> bool {
        match words {
            [] => false,
            [only] if self.dialect != Dialect::Zsh => !matches!(
                only.span.of(self.text).as_bytes(),
                [
                    b'-',
                    b'a'..=b'h' | b'k' | b'n' | b'p' | b'r'..=b'x' | b'z' | b'G' | b'L' | b'N' | b'O' | b'S',
                ]
            ),
            [first, _] if self.dialect != Dialect::Zsh => {
                first.span.of(self.text).starts_with(['-', '!', '('])
            }
            _ => true,
        }
    }

    /// Reads the regular expression behind `=~`: a word in which parentheses and bars are text.
    fn regex(&mut self) -> Word {
        let start = self.pos;
        let mut parts = super::word::Parts::default();
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            let at = self.pos;
            match byte {
                b'\'' | b'"' => self.quoted(&mut parts),
                b'$' => self.dollar(&mut parts, false),
                b'`' => self.backticks(&mut parts, false),
                b'(' | b')' | b'|' | b'<' | b'>' | b';' | b'&' if byte != b')' || open > 0 => {
                    let ends =
                        open == 0 && (matches!(byte, b'<' | b'>' | b';' | b'&') || self.looking_at("||"));
                    if ends {
                        break;
                    }
                    match byte {
                        b'(' => open += 1,
                        b')' => open -= 1,
                        _ => {}
                    }
                    self.advance(1);
                    let span = self.span_from(at);
                    parts.text(self.slice(at, self.pos), span);
                }
                b' ' | b'\t' if open > 0 => {
                    self.advance(1);
                    let span = self.span_from(at);
                    parts.text(self.slice(at, self.pos), span);
                }
                byte if ends_word(byte) => break,
                b'\\' => {
                    // In an expression the backslash belongs to it.
                    self.advance(1);
                    self.advance(self.char_len(at + 1));
                    let span = self.span_from(at);
                    parts.text(self.slice(at, self.pos), span);
                }
                _ => {
                    self.advance(self.char_len(at));
                    let span = self.span_from(at);
                    parts.text(self.slice(at, self.pos), span);
                }
            }
        }
        Word { parts: parts.list, span: self.span_from(start) }
    }

    /// Reads `coproc` behind the word.
    fn coprocess(&mut self, start: usize) -> CommandKind {
        self.blanks();
        let from = self.pos;
        if self.name().is_some() {
            self.blanks();
            let named = self.peek() == Some(b'(') || self.reserved().is_some_and(Reserved::opens);
            if !named {
                self.pos = from;
            }
        }
        CommandKind::Coprocess(self.function_body(start))
    }

    /// Reads `function NAME` with or without parentheses, and the body.
    fn function(&mut self, start: usize) -> CommandKind {
        self.blanks();
        if self.dialect == Dialect::Zsh && (self.at_bare("{") || self.eat("()")) {
            return self.anonymous(start);
        }
        let mut name = self.loop_name(start);
        while self.dialect == Dialect::Zsh && {
            self.blanks();
            self.at_word() && !self.at_bare("{") && self.peek() != Some(b'(')
        } {
            let from = self.pos;
            let more = self.loop_name(start);
            if self.pos == from {
                break;
            }
            name.push(' ');
            name.push_str(&more);
        }
        if self.at_call_parentheses() {
            self.blanks();
            self.advance(1);
            self.blanks();
            self.advance(1);
        }
        self.function_named(name, start)
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
