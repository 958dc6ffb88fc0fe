//! The parts of a line: its words by their specs, and what stands between them.

use super::table;
use super::{ExplainedPart, PartRole, Source};
use crate::Context;
use crate::line::{Dialect, Span};
use crate::specs::{self, Args, Item, PathUse, Role, Spec, ValueKind, parse_args};
use crate::syntax::ir::{
    Assignment, Command, CommandKind, ExpressionKind, Part, PartKind, Program, Redirection, RedirectionKind,
    Simple, Word,
};

/// Commands within commands that are explained word by word.
const DEPTH: usize = 16;

pub(super) fn of(line: &str, program: &Program, ctx: &Context) -> Vec<ExplainedPart> {
    let mut teller = Teller { line, ctx, parts: Vec::new() };
    teller.program(program, 0);
    teller.parts
}

struct Teller<'a> {
    line: &'a str,
    ctx: &'a Context,
    parts: Vec<ExplainedPart>,
}

impl Teller<'_> {
    fn add(&mut self, span: Span, kind: PartRole, meaning: Option<String>) {
        // The body of an unfinished function lies behind the last character: there is nothing to show.
        let Some(text) = self.line.get(span.start..span.end) else { return };
        self.parts.push(ExplainedPart { span, text: text.to_owned(), kind, meaning, source: Source::Own });
    }

    fn program(&mut self, program: &Program, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let mut before: Option<usize> = None;
        for statement in &program.statements {
            if let Some(end) = before {
                self.between(end, statement.span.start);
            }
            let mut chained: Option<usize> = None;
            for (_, pipeline) in &statement.chain {
                if let Some(end) = chained {
                    self.between(end, pipeline.span.start);
                }
                chained = Some(pipeline.span.end);
                let mut piped: Option<usize> = None;
                for stage in &pipeline.stages {
                    if let Some(end) = piped {
                        self.between(end, stage.command.span.start);
                    }
                    piped = Some(stage.command.span.end);
                    self.command(&stage.command, depth);
                }
            }
            before = Some(statement.span.end);
            if statement.background {
                self.between(statement.span.end, self.line.len().min(statement.span.end + 3));
            }
        }
    }

    /// An operator that stands between two ends.
    fn between(&mut self, from: usize, to: usize) {
        let Some(text) = self.line.get(from..to) else { return };
        let Some(at) = text.find(['|', '&', ';', '\n']) else { return };
        let start = from + at;
        let rest = &text[at..];
        let (length, meaning) = match rest {
            _ if rest.starts_with("|&") => (2, "Passes output and errors on to the next command."),
            _ if rest.starts_with("||") => (2, "Runs the next command only if this one fails."),
            _ if rest.starts_with("&&") => (2, "Runs the next command only if this one succeeds."),
            _ if rest.starts_with('|') => (1, "Passes the output on to the next command."),
            _ if rest.starts_with('&') => (1, "Runs this in the background."),
            _ if rest.starts_with(';') => (1, "Then runs the next command."),
            _ => return,
        };
        self.add(Span::new(start, start + length), PartRole::Operator, Some(meaning.to_owned()));
    }

    fn command(&mut self, command: &Command, depth: usize) {
        for redirection in &command.redirections {
            self.redirection(redirection);
        }
        let keyword = |teller: &mut Self, meaning: &str| {
            let start = command.span.start;
            let word = command.span.of(teller.line);
            let length = word.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(word.len()).max(1);
            teller.add(Span::new(start, start + length), PartRole::Keyword, Some(meaning.to_owned()));
        };
        match &command.kind {
            CommandKind::Simple(simple) => self.simple(simple, depth),
            CommandKind::Group(program) => {
                keyword(self, "Runs these together in this shell.");
                self.program(program, depth + 1);
            }
            CommandKind::Subshell(program) => {
                keyword(self, "Runs these in a shell of their own.");
                self.program(program, depth + 1);
            }
            CommandKind::If { arms, otherwise } => {
                keyword(self, "Runs what follows only if a command succeeds.");
                for (condition, body) in arms {
                    self.program(condition, depth + 1);
                    self.program(body, depth + 1);
                }
                if let Some(body) = otherwise {
                    self.program(body, depth + 1);
                }
            }
            CommandKind::While { until, condition, body } => {
                let meaning = if *until {
                    "Repeats until a command succeeds."
                } else {
                    "Repeats as long as a command succeeds."
                };
                keyword(self, meaning);
                self.program(condition, depth + 1);
                self.program(body, depth + 1);
            }
            CommandKind::For { name, words, body, .. } => {
                keyword(self, &format!("Repeats for each word, which is in ${name}."));
                for word in words.iter().flatten() {
                    self.add(word.span, PartRole::Operand, Some("One of the words.".to_owned()));
                }
                self.program(body, depth + 1);
            }
            CommandKind::ArithmeticFor { body, .. } => {
                keyword(self, "Repeats while it counts.");
                self.program(body, depth + 1);
            }
            CommandKind::Case { arms, .. } => {
                keyword(self, "Compares a word with patterns.");
                for arm in arms {
                    self.program(&arm.body, depth + 1);
                }
            }
            CommandKind::Function { name, body, .. } => {
                let start = command.span.start;
                let end = body.span.start.max(start);
                let shown = self.line.get(start..end).map_or(0, |text| text.trim_end().len());
                self.add(
                    Span::new(start, start + shown),
                    PartRole::Keyword,
                    Some(format!("Defines the function {name}.")),
                );
                if depth < DEPTH {
                    self.command(body, depth + 1);
                }
            }
            CommandKind::Test(_) => self.add(
                command.span,
                PartRole::Keyword,
                Some("Checks a condition; the exit status tells.".to_owned()),
            ),
            CommandKind::Arithmetic(_) => {
                self.add(
                    command.span,
                    PartRole::Keyword,
                    Some("Calculates; not zero is success.".to_owned()),
                );
            }
            CommandKind::Coprocess(inner) => {
                keyword(self, "Runs beside the shell, connected to it.");
                if depth < DEPTH {
                    self.command(inner, depth + 1);
                }
            }
            CommandKind::Assign { target, value, .. } => {
                let name = target.span.of(self.line);
                self.add(target.span, PartRole::Assignment, Some(format!("Sets {name}.")));
                self.program(value, depth + 1);
            }
            CommandKind::Try { body, handlers } => {
                keyword(self, "Runs this, and what follows if it fails or in any case.");
                self.program(body, depth + 1);
                handlers.iter().for_each(|handler| self.program(handler, depth + 1));
            }
            CommandKind::Expression(expression) => match &expression.kind {
                ExpressionKind::Closure(closure) => self.program(&closure.body, depth + 1),
                _ => self.add(expression.span, PartRole::Operand, Some("A value.".to_owned())),
            },
            _ => {}
        }
    }

    fn redirection(&mut self, redirection: &Redirection) {
        let file = |word: &Word| word.span.of(self.line).to_owned();
        let stream = match redirection.fd {
            Some(0) => "standard input".to_owned(),
            None | Some(1) => "standard output".to_owned(),
            Some(2) => "errors".to_owned(),
            Some(fd) => format!("descriptor {fd}"),
        };
        let meaning = match &redirection.kind {
            RedirectionKind::Read(word) => format!("Reads standard input from {}.", file(word)),
            RedirectionKind::Write(word) if file(word) == "/dev/null" => format!("Throws {stream} away."),
            RedirectionKind::Write(word) => {
                format!("Writes {stream} to {}, replacing what was there.", file(word))
            }
            RedirectionKind::Append(word) => format!("Adds {stream} to {}.", file(word)),
            RedirectionKind::ReadWrite(word) => format!("Opens {} to read and write.", file(word)),
            RedirectionKind::WriteBoth(word) => {
                format!("Writes output and errors to {}, replacing what was there.", file(word))
            }
            RedirectionKind::AppendBoth(word) => format!("Adds output and errors to {}.", file(word)),
            RedirectionKind::Duplicate(word) => match file(word).as_str() {
                "1" => "Sends errors where the output goes.".to_owned(),
                "2" => "Sends output where the errors go.".to_owned(),
                "-" => format!("Closes {stream}."),
                other => format!("Connects {stream} to descriptor {other}."),
            },
            RedirectionKind::HereString(_) => "Gives this text as standard input.".to_owned(),
            RedirectionKind::HereDocument { .. } => {
                "Gives the lines that follow as standard input.".to_owned()
            }
        };
        self.add(redirection.span, PartRole::Redirection, Some(meaning));
    }

    fn simple(&mut self, simple: &Simple, depth: usize) {
        // PowerShell: `& $name …` runs what is named, `. file` runs it here.
        if self.ctx.dialect == Dialect::PowerShell
            && let [first, rest @ ..] = &simple.words[..]
            && let Some(operator @ ("&" | ".")) = first.literal().as_deref()
        {
            let meaning = if operator == "&" {
                "Runs what is named next."
            } else {
                "Runs what is named next, in this session."
            };
            self.add(first.span, PartRole::Operator, Some(meaning.to_owned()));
            let rest = Simple { assignments: Vec::new(), words: rest.to_vec() };
            return self.simple(&rest, depth);
        }
        for assignment in &simple.assignments {
            self.assignment(assignment, simple.words.is_empty());
        }
        let words: Vec<Shown> = simple.words.iter().map(|word| self.shown(word)).collect();
        self.argv(&words, depth);
        // Code that is handed over is explained where it stands.
        for word in &simple.words {
            if let [Part { kind: PartKind::Closure(closure), .. }] = &word.parts[..]
                && depth < DEPTH
                && !closure.body.statements.is_empty()
            {
                self.parts.retain(|part| part.span != word.span);
                let opens = Span::new(word.span.start, closure.body.span.start);
                let length = opens.of(self.line).trim_end().len();
                let opens = Span::new(opens.start, opens.start + length);
                self.add(opens, PartRole::Keyword, Some("Code that the command runs.".to_owned()));
                self.program(&closure.body, depth + 1);
            }
        }
    }

    fn assignment(&mut self, assignment: &Assignment, stays: bool) {
        let name = &assignment.name;
        let meaning =
            if stays { format!("Sets {name}.") } else { format!("Sets {name} for this command only.") };
        self.add(assignment.span, PartRole::Assignment, Some(meaning));
    }

    /// A word's value where it is fixed, else as it is written.
    fn shown(&self, word: &Word) -> Shown {
        let written = word.span.of(self.line);
        match word.literal() {
            Some(text) => Shown { exact: text == written, text, span: word.span },
            None => Shown { exact: false, text: written.to_owned(), span: word.span },
        }
    }

    fn argv(&mut self, words: &[Shown], depth: usize) {
        let Some((program, rest)) = words.split_first() else { return };
        let spec = specs::lookup_in(&program.text, self.ctx.dialect);
        let meaning = spec.map(|spec| self.on_platform(spec.summary, spec.platform));
        self.add(program.span, PartRole::Program, meaning);
        let texts: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
        let before = self.parts.len();
        match spec {
            Some(spec) => self.items(spec, &parse_args(spec, &texts), rest, depth),
            None => {
                for word in rest {
                    let is_flag = word.text.starts_with('-') && word.text.len() > 1;
                    self.add(word.span, if is_flag { PartRole::Flag } else { PartRole::Operand }, None);
                }
            }
        }
        let ctx = self.ctx;
        if ctx.breadth.is_none() {
            return;
        }
        // What our specs leave open, the table may know.
        let Some(reading) = specs::Reading::new(&program.text, &texts, ctx) else { return };
        table::fill(&mut self.parts[before.saturating_sub(1)..], &reading, words);
        if spec.is_none()
            && let Some(at) = reading.command_at
            && at < rest.len()
            && depth < DEPTH
        {
            let from = rest[at].span.start;
            let mut index = 0;
            self.parts.retain(|part| {
                index += 1;
                index <= before || part.span.start < from
            });
            self.argv(&rest[at..], depth + 1);
        }
    }

    fn items(&mut self, spec: &'static Spec, args: &Args<'_>, words: &[Shown], depth: usize) {
        let mut index = 0;
        while index < args.items.len() {
            let item = args.items[index];
            // All that one word says: the letters of a bundle, a flag with its value.
            let same = args.items[index..].iter().take_while(|other| other.word == item.word).count();
            let of_word = &args.items[index..index + same];
            index += same;
            if let Role::Operand(Some(operand)) = item.role
                && operand.kind == ValueKind::Command
                && depth < DEPTH
            {
                return self.argv(&words[item.word..], depth + 1);
            }
            if let Role::Value(flag) = item.role
                && flag.value.is_some_and(|value| value.kind == ValueKind::Command)
                && depth < DEPTH
            {
                // `find -exec`: a command up to its end.
                let run = args.items[index - same..]
                    .iter()
                    .take_while(|other| matches!(other.role, Role::Value(other) if std::ptr::eq(other, flag)))
                    .count();
                let last = item.word + run - 1;
                let ends = matches!(words[last].text.as_str(), ";" | "+");
                self.argv(&words[item.word..if ends { last } else { last + 1 }], depth + 1);
                if ends {
                    let meaning = if words[last].text == "+" {
                        "Once with as many names as fit."
                    } else {
                        "Ends the command; it runs once for each name."
                    };
                    self.add(words[last].span, PartRole::Operator, Some(meaning.to_owned()));
                }
                index += run - same;
                continue;
            }
            let word = &words[item.word];
            // `-5` is one thing.
            let number =
                matches!(of_word, [flag, _] if flag.text == "-" && matches!(flag.role, Role::Flag(_)));
            if number {
                self.item(spec, &item, word.span);
            } else if word.exact && of_word.len() > 1 {
                for (at, item) in of_word.iter().enumerate() {
                    let start = if at == 0 { word.span.start } else { word.span.start + item.start };
                    let end = word.span.start + item.start + item.text.len();
                    self.item(spec, item, Span::new(start, end));
                }
            } else if of_word.len() > 1 {
                // Quotes in the word move the letters about: explain it as a whole.
                let meanings: Vec<String> = of_word.iter().filter_map(|item| meaning_of(item)).collect();
                self.add(word.span, PartRole::Flag, Some(meanings.join(" ")).filter(|text| !text.is_empty()));
            } else {
                self.item(spec, &item, word.span);
            }
        }
    }

    fn item(&mut self, _spec: &'static Spec, item: &Item<'_>, span: Span) {
        let kind = match item.role {
            Role::Subcommand(_) | Role::Group => PartRole::Subcommand,
            Role::Flag(_) | Role::UnknownFlag | Role::Key(_) | Role::EndOfFlags => PartRole::Flag,
            Role::Value(_) => PartRole::Value,
            Role::Operand(_) => PartRole::Operand,
        };
        let mut meaning = meaning_of(item);
        if let (Role::Flag(flag), Some(text)) = (item.role, meaning.as_mut()) {
            *text = self.on_platform(text, flag.platform);
        }
        self.add(span, kind, meaning);
    }

    fn on_platform(&self, text: &str, platform: specs::Platform) -> String {
        if platform.is_on(self.ctx.os) {
            text.to_owned()
        } else {
            format!("{} (not on {}).", text.trim_end_matches('.'), self.ctx.os)
        }
    }
}

/// What is said of a group of which only the verbs are known.
pub(super) const GROUP: &str = "A group of commands.";

/// A word as its program sees it.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) span: Span,
    /// True where it is written as it is seen, so that places in it can be told.
    pub(super) exact: bool,
}

fn meaning_of(item: &Item<'_>) -> Option<String> {
    match item.role {
        Role::Subcommand(spec) => Some(spec.summary.to_owned()),
        Role::Group => Some(GROUP.to_owned()),
        Role::Flag(flag) | Role::Key(flag) => Some(flag.doc.to_owned()),
        Role::UnknownFlag => None,
        Role::Value(flag) => {
            let value = flag.value?;
            Some(sentence(value.name, value.kind))
        }
        Role::Operand(operand) => operand.map(|operand| sentence(operand.name, operand.kind)),
        Role::EndOfFlags => Some("No flags after this.".to_owned()),
    }
}

/// What a value is: by its own name where it has one, else by its kind.
pub(super) fn sentence(name: &str, kind: ValueKind) -> String {
    let named = match kind {
        ValueKind::Text => "Text.",
        ValueKind::Number => "A number.",
        ValueKind::Size => "A size.",
        ValueKind::Time => "A time.",
        ValueKind::Choice => "A choice.",
        ValueKind::Format => "A format.",
        ValueKind::Pattern => "A pattern to match.",
        ValueKind::Glob => "A pattern of file names.",
        ValueKind::Name => "A name.",
        ValueKind::User => "A user or group.",
        ValueKind::Host => "A machine.",
        ValueKind::Url => "An address.",
        ValueKind::Port => "A port.",
        ValueKind::Mode => "Permissions.",
        ValueKind::Signal => "A signal.",
        ValueKind::Process => "A process.",
        ValueKind::Assignment => "A variable and its value.",
        ValueKind::Code => "Shell code that is run.",
        ValueKind::Command => "A command.",
        ValueKind::Sql => "Statements for the database.",
        ValueKind::Data => "Data that is sent.",
        ValueKind::Place => "A path here or on another machine.",
        ValueKind::Script(_) => "A script that is run.",
        ValueKind::Path(usage) => match usage {
            PathUse::Any => "A path.",
            PathUse::Read => "Read.",
            PathUse::Write => "Written; what was there is replaced.",
            PathUse::Append => "Added to.",
            PathUse::Create => "Made where it does not exist.",
            PathUse::Delete => "Deleted.",
            PathUse::Move => "Moved away from here.",
            PathUse::Permission => "Its permissions or owner change.",
            PathUse::Run => "A script that is run.",
            PathUse::Directory => "The directory to work in.",
        },
    };
    const PLAIN: &[&str] = &[
        "text",
        "number",
        "size",
        "time",
        "choice",
        "format",
        "pattern",
        "glob",
        "name",
        "user",
        "host",
        "url",
        "port",
        "mode",
        "signal",
        "process",
        "assignment",
        "code",
        "command",
        "sql",
        "data",
        "place",
        "path",
        "read",
        "write",
        "append",
        "create",
        "delete",
        "move",
        "permission",
        "run",
        "directory",
        "awk",
        "sed",
        "python",
        "perl",
        "ruby",
        "javascript",
        "php",
    ];
    if PLAIN.contains(&name) {
        return named.to_owned();
    }
    let title = name.replace('-', " ");
    let mut letters = title.chars();
    let title = letters.next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default()
        + letters.as_str();
    match kind {
        ValueKind::Path(_) => format!("{title}: {}", lower_first(named)),
        _ => format!("{title}."),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_lowercase().to_string()).unwrap_or_default() + letters.as_str()
}
