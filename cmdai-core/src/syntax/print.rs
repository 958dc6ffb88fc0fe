//! Writing a tree as text again.
//!
//! What is written reads back as the same tree up to its spans: quotes keep their style, what is
//! text is escaped wherever a character of it would mean something, and the bodies of heredocs
//! follow the next newline. The text is that of bash, whatever dialect was read. What could not be read, [`PartKind::Opaque`] and
//! [`CommandKind::Opaque`], has no text, nor have the expressions, closures and assignments of other dialects.

use std::fmt;

use super::ir::{
    AssignedValue, Brace, CaseEnd, Command, CommandKind, Join, Operation, Parameter, Part, PartKind, Program,
    Quote, Redirection, RedirectionKind, Simple, Word,
};

impl fmt::Display for Program {
    /// The program on as few lines as its heredocs allow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer::default();
        printer.program(self);
        printer.bodies();
        f.write_str(printer.out.strip_suffix('\n').unwrap_or(&printer.out))
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer::default();
        printer.command(self);
        printer.bodies();
        f.write_str(printer.out.strip_suffix('\n').unwrap_or(&printer.out))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer::default();
        printer.word(self);
        f.write_str(&printer.out)
    }
}

/// Where text stands, which decides what in it must be escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// An unquoted word.
    Bare,
    /// An unquoted word in which patterns and braces mean nothing: the value of an assignment.
    Value,
    /// Between double quotes.
    Double,
    /// The body of a heredoc.
    Body,
    /// Arithmetic, an index, the inside of `${…}`.
    Inner,
}

#[derive(Default)]
struct Printer {
    out: String,
    /// Heredocs whose bodies are due after the next newline.
    due: Vec<(String, String)>,
    /// Brace expansions around what is written.
    braces: usize,
    /// True in double quotes and in the bodies of heredocs.
    doubled: bool,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A newline, if heredocs are due, and their bodies.
    fn bodies(&mut self) -> bool {
        let due = std::mem::take(&mut self.due);
        for (index, (body, delimiter)) in due.iter().enumerate() {
            if index == 0 {
                self.push("\n");
            }
            self.push(body);
            self.push(delimiter);
            self.push("\n");
        }
        !due.is_empty()
    }

    /// What separates statements: `; `, or a newline where heredocs are due.
    fn separate(&mut self) {
        if !self.bodies() {
            self.push("; ");
        }
    }

    fn program(&mut self, program: &Program) {
        for (index, statement) in program.statements.iter().enumerate() {
            match index.checked_sub(1).map(|before| program.statements[before].background) {
                None => {}
                Some(false) => self.separate(),
                Some(true) if self.bodies() => {}
                Some(true) => self.push(" "),
            }
            for (join, pipeline) in &statement.chain {
                self.push(match join {
                    Join::First => "",
                    Join::And => " && ",
                    Join::Or => " || ",
                });
                self.push(if pipeline.negated { "! " } else { "" });
                self.push(if pipeline.timed { "time " } else { "" });
                for (stage, held) in pipeline.stages.iter().enumerate() {
                    self.command(&held.command);
                    if stage + 1 < pipeline.stages.len() {
                        self.push(if held.pipes_stderr { " |& " } else { " | " });
                    }
                }
            }
            self.push(if statement.background { " &" } else { "" });
        }
    }

    /// A program and the separator before a word that closes it.
    fn body(&mut self, program: &Program) {
        self.program(program);
        if program.statements.last().is_some_and(|last| last.background) {
            if !self.bodies() {
                self.push(" ");
            }
        } else if !program.statements.is_empty() {
            self.separate();
        }
    }

    /// A program in parentheses; heredocs inside find their bodies inside.
    fn parenthesized(&mut self, open: &str, program: &Program) {
        let outer = std::mem::take(&mut self.due);
        let around = std::mem::take(&mut self.braces);
        let doubled = std::mem::replace(&mut self.doubled, false);
        self.push(open);
        // `$((` would be arithmetic.
        let nested =
            program.statements.first().and_then(|first| first.chain.first()).is_some_and(|(_, first)| {
                matches!(
                    first.stages.first().map(|stage| &stage.command.kind),
                    Some(CommandKind::Subshell(_) | CommandKind::Arithmetic(_))
                )
            });
        self.push(if nested { " " } else { "" });
        self.program(program);
        self.bodies();
        self.push(if nested { " )" } else { ")" });
        self.due = outer;
        self.braces = around;
        self.doubled = doubled;
    }

    fn command(&mut self, command: &Command) {
        match &command.kind {
            CommandKind::Simple(simple) => self.simple(simple),
            CommandKind::Group(program) => {
                self.push("{ ");
                self.body(program);
                self.push("}");
            }
            CommandKind::Subshell(program) => {
                // Heredocs that are due may have their bodies inside.
                self.push("( ");
                self.program(program);
                self.bodies();
                self.push(" )");
            }
            CommandKind::If { arms, otherwise } => {
                for (index, (condition, then)) in arms.iter().enumerate() {
                    self.push(if index == 0 { "if " } else { "elif " });
                    self.body(condition);
                    self.push("then ");
                    self.body(then);
                }
                if let Some(program) = otherwise {
                    self.push("else ");
                    self.body(program);
                }
                self.push("fi");
            }
            CommandKind::While { until, condition, body } => {
                self.push(if *until { "until " } else { "while " });
                self.body(condition);
                self.rounds(body);
            }
            CommandKind::For { name, words, select, body } => {
                self.push(if *select { "select " } else { "for " });
                self.push(name);
                if let Some(words) = words {
                    self.push(" in");
                    self.words(words);
                }
                self.separate();
                self.rounds(body);
            }
            CommandKind::ArithmeticFor { header, body } => {
                self.push("for ((");
                self.parts(&header.parts, Spot::Inner);
                self.push("))");
                self.separate();
                self.rounds(body);
            }
            CommandKind::Case { subject, arms } => {
                self.push("case ");
                self.word(subject);
                self.push(" in ");
                for arm in arms {
                    self.push("(");
                    for (index, pattern) in arm.patterns.iter().enumerate() {
                        self.push(if index > 0 { "|" } else { "" });
                        self.word(pattern);
                    }
                    self.push(") ");
                    self.program(&arm.body);
                    self.bodies();
                    self.push(match arm.end {
                        CaseEnd::Stop => " ;; ",
                        CaseEnd::RunNext => " ;& ",
                        CaseEnd::TestNext => " ;;& ",
                    });
                }
                self.push("esac");
            }
            CommandKind::Function { name, body, .. } => {
                self.push(name);
                self.push("() ");
                self.command(body);
            }
            CommandKind::Test(words) => {
                self.push("[[");
                self.words(words);
                self.push(" ]]");
            }
            CommandKind::Arithmetic(word) => {
                self.push("((");
                self.parts(&word.parts, Spot::Inner);
                self.push("))");
            }
            CommandKind::Coprocess(body) => {
                self.push("coproc ");
                self.command(body);
            }
            // These are not in the language of bash, and so have no text in it.
            CommandKind::Expression(_) | CommandKind::Assign { .. } | CommandKind::Try { .. } => {}
            CommandKind::Opaque => {}
        }
        for redirection in &command.redirections {
            if !self.out.is_empty() && !self.out.ends_with([' ', '(', '\n']) {
                self.push(" ");
            }
            self.redirection(redirection);
        }
    }

    fn rounds(&mut self, body: &Program) {
        self.push("do ");
        self.body(body);
        self.push("done");
    }

    fn simple(&mut self, simple: &Simple) {
        let mut first = true;
        for assignment in &simple.assignments {
            self.push(if std::mem::take(&mut first) { "" } else { " " });
            self.push(&assignment.name);
            if let Some(index) = &assignment.index {
                self.push("[");
                self.parts(&index.parts, Spot::Inner);
                self.push("]");
            }
            self.push(if assignment.append { "+=" } else { "=" });
            match &assignment.value {
                AssignedValue::Word(word) => self.parts(&word.parts, Spot::Value),
                AssignedValue::Array(words) => self.array(words),
            }
        }
        for (index, word) in simple.words.iter().enumerate() {
            self.push(if std::mem::take(&mut first) { "" } else { " " });
            // A program whose name is a reserved word or looks like an assignment was written with a backslash.
            if index == 0
                && let Some(Part { kind: PartKind::Text(text), .. }) = word.parts.first()
                && ((word.parts.len() == 1 && RESERVED.contains(&text.as_str())) || looks_assigned(text))
            {
                self.push("\\");
            }
            self.word(word);
        }
    }

    fn words(&mut self, words: &[Word]) {
        for word in words {
            self.push(" ");
            self.word(word);
        }
    }

    fn array(&mut self, words: &[Word]) {
        self.push("(");
        for (index, word) in words.iter().enumerate() {
            self.push(if index > 0 { " " } else { "" });
            let keyed = matches!(word.parts.first().map(|part| &part.kind), Some(PartKind::Text(text)) if text.starts_with('['));
            self.parts(&word.parts, if keyed { Spot::Value } else { Spot::Bare });
        }
        self.push(")");
    }

    fn redirection(&mut self, redirection: &Redirection) {
        if let Some(fd) = redirection.fd {
            self.push(&fd.to_string());
        }
        if let Some(name) = &redirection.variable {
            self.push("{");
            self.push(name);
            self.push("}");
        }
        let operator = match &redirection.kind {
            RedirectionKind::Read(_) => "<",
            RedirectionKind::Write(_) => ">",
            RedirectionKind::Append(_) => ">>",
            RedirectionKind::ReadWrite(_) => "<>",
            RedirectionKind::WriteBoth(_) => "&>",
            RedirectionKind::AppendBoth(_) => "&>>",
            RedirectionKind::Duplicate(_) => ">&",
            RedirectionKind::HereString(_) => "<<<",
            RedirectionKind::HereDocument { delimiter, quoted, strip_tabs, body } => {
                self.push(if *strip_tabs { "<<-" } else { "<<" });
                if *quoted {
                    let mark = if delimiter.contains('\'') { "\"" } else { "'" };
                    self.push(mark);
                    self.push(delimiter);
                    self.push(mark);
                } else {
                    self.push(delimiter);
                }
                let mut inside = Self::default();
                match &body.parts[..] {
                    [Part { kind: PartKind::Text(text), .. }] if *quoted => inside.push(text),
                    parts => {
                        inside.doubled = true;
                        inside.parts(parts, Spot::Body);
                    }
                }
                self.due.push((inside.out, delimiter.clone()));
                return;
            }
        };
        self.push(operator);
        let word = redirection.word();
        // `< <(…)`, and `> &f`.
        let joins = matches!(word.parts.first().map(|part| &part.kind), Some(PartKind::Process { .. }));
        self.push(if joins { " " } else { "" });
        self.word(word);
    }

    fn word(&mut self, word: &Word) {
        self.parts(&word.parts, Spot::Bare);
    }

    fn parts(&mut self, parts: &[Part], spot: Spot) {
        for (index, part) in parts.iter().enumerate() {
            match &part.kind {
                PartKind::Text(text) => self.text(text, spot, index == 0, parts.len() == 1),
                PartKind::Quoted { style, parts } => self.quoted(*style, parts),
                PartKind::Parameter(parameter) => self.parameter(parameter),
                PartKind::Substitution(program) => self.parenthesized("$(", program),
                PartKind::Process { reads, program } => {
                    self.parenthesized(if *reads { "<(" } else { ">(" }, program);
                }
                PartKind::Arithmetic(parts) => {
                    self.push("$((");
                    self.parts(parts, Spot::Inner);
                    self.push("))");
                }
                PartKind::Glob(text) => self.push(text),
                PartKind::Brace(Brace::List(words)) => {
                    self.push("{");
                    self.braces += 1;
                    for (index, word) in words.iter().enumerate() {
                        self.push(if index > 0 { "," } else { "" });
                        self.word(word);
                    }
                    self.braces -= 1;
                    self.push("}");
                }
                PartKind::Brace(Brace::Range { from, to, step }) => {
                    let step = step.as_ref().map_or(String::new(), |step| format!("..{step}"));
                    self.push(&format!("{{{from}..{to}{step}}}"));
                }
                PartKind::Array(words) => self.array(words),
                // bash has no such thing: all of it is the nearest.
                PartKind::Slice { of, .. } => self.parts(std::slice::from_ref(of), spot),
                PartKind::Tilde(name) => {
                    self.push("~");
                    self.push(name);
                }
                PartKind::Closure(_) | PartKind::Expression(_) | PartKind::Opaque => {}
            }
        }
    }

    /// Text with a backslash before each character that would mean something where it stands. `first` is
    /// true for text that begins a word, `alone` for text that is all of it.
    fn text(&mut self, text: &str, spot: Spot, first: bool, alone: bool) {
        let harmless =
            alone && matches!(text, "{}" | "{" | "}" | "[" | "]" | "[[" | "]]") && self.braces == 0;
        let mut before = None;
        for letter in text.chars() {
            let protect = match spot {
                Spot::Bare | Spot::Value => match letter {
                    ' ' | '\t' | ';' | '&' | '|' | '<' | '>' | '(' | ')' | '\'' | '"' | '`' | '$' | '\\' => {
                        true
                    }
                    '*' | '?' | '{' | '}' | '[' | ']' => spot == Spot::Bare && !harmless,
                    ',' => self.braces > 0,
                    '#' => first && before.is_none(),
                    '~' => (first && before.is_none()) || matches!(before, Some('=' | ':')),
                    _ => false,
                },
                Spot::Double => matches!(letter, '"' | '$' | '`' | '\\'),
                Spot::Body => matches!(letter, '$' | '`' | '\\'),
                Spot::Inner => match letter {
                    '"' | '$' | '`' | '\\' | '}' => true,
                    '\'' => !self.doubled,
                    _ => false,
                },
            };
            if protect {
                self.out.push('\\');
            }
            self.out.push(letter);
            before = Some(letter);
        }
    }

    fn quoted(&mut self, style: Quote, parts: &[Part]) {
        match style {
            Quote::Double | Quote::Locale => {
                self.push(if style == Quote::Locale { "$\"" } else { "\"" });
                let doubled = std::mem::replace(&mut self.doubled, true);
                self.parts(parts, Spot::Double);
                self.doubled = doubled;
                self.push("\"");
            }
            Quote::Single | Quote::AnsiC => {
                let text = match parts.first().map(|part| &part.kind) {
                    Some(PartKind::Text(text)) => text.as_str(),
                    _ => "",
                };
                if style == Quote::Single && !text.contains('\'') {
                    self.push("'");
                    self.push(text);
                    self.push("'");
                    return;
                }
                self.push("$'");
                for letter in text.chars() {
                    match letter {
                        '\'' | '\\' => self.out.extend(['\\', letter]),
                        letter if letter.is_ascii_control() => self.push(&format!("\\{:03o}", letter as u32)),
                        letter => self.out.push(letter),
                    }
                }
                self.push("'");
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.push("${");
        self.push(if parameter.indirect { "!" } else { "" });
        self.push(if parameter.length { "#" } else { "" });
        if let Some(Operation::Zsh(zsh)) = &parameter.operation {
            if !zsh.flags.is_empty() {
                self.push(&format!("({})", zsh.flags));
            }
            self.push(&zsh.marks);
            if let Some(inner) = &zsh.inner {
                self.parts(&inner.parts, Spot::Inner);
            }
        }
        self.push(&parameter.name);
        if let Some(index) = &parameter.index {
            self.push("[");
            self.parts(&index.parts, Spot::Inner);
            self.push("]");
        }
        if let Some(operation) = &parameter.operation {
            self.operation(operation);
        }
        self.push("}");
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::Default { operator, or_empty, word } => {
                self.push(if *or_empty { ":" } else { "" });
                self.push(if *operator == ':' { ":=" } else { "" });
                if *operator != ':' {
                    self.out.push(*operator);
                }
                self.parts(&word.parts, Spot::Inner);
            }
            Operation::Trim { suffix, longest, pattern } => {
                let sign = if *suffix { "%" } else { "#" };
                self.push(&sign.repeat(1 + usize::from(*longest)));
                self.parts(&pattern.parts, Spot::Inner);
            }
            Operation::Replace { all, anchor, pattern, replacement } => {
                self.push(if *all { "//" } else { "/" });
                self.out.extend(anchor);
                self.parts(&pattern.parts, Spot::Inner);
                self.push("/");
                self.parts(&replacement.parts, Spot::Inner);
            }
            Operation::Substring { offset, length } => {
                self.push(":");
                self.parts(&offset.parts, Spot::Inner);
                if let Some(length) = length {
                    self.push(":");
                    self.parts(&length.parts, Spot::Inner);
                }
            }
            Operation::Case { operator, all, pattern } => {
                self.out.push(*operator);
                if *all {
                    self.out.push(*operator);
                }
                self.parts(&pattern.parts, Spot::Inner);
            }
            Operation::Transform(letter) => self.out.extend(['@', *letter]),
            Operation::Other(word) => self.parts(&word.parts, Spot::Inner),
            Operation::Modifier(text) => {
                self.push(":");
                self.push(text);
            }
            Operation::Zsh(zsh) => {
                for index in &zsh.indices {
                    self.push("[");
                    self.parts(&index.parts, Spot::Inner);
                    self.push("]");
                }
                zsh.steps.iter().for_each(|step| self.operation(step));
            }
        }
    }
}

/// True for text that an assignment begins with.
fn looks_assigned(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte == b'_' || byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// The words that mean something where a command begins, sorted.
const RESERVED: &[&str] = &[
    "!", "[[", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if",
    "select", "then", "time", "until", "while", "{", "}",
];
