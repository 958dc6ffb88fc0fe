//! The bounded interpreter: walks a program as a shell would, with values that may be unknown, and
//! writes down what its commands do.
//!
//! Nothing is run, read or asked. Both branches of a condition are walked one after the other, loops
//! are walked for the values that are known, and everything is paid from one budget of [`FUEL`]; when
//! it is used up, or code is nested too deep, the rest is left out and [`Machine::cut`] says so.

use std::rc::Rc;

use super::paths;
use super::value::{self, Origin, Unknowns};
use super::{Effect, EffectKind, ResolvedCommand, Target, TargetClass};
use crate::Context;
use crate::line::Span;
use crate::syntax::ir::{
    AssignedValue, Assignment, Command, CommandKind, PartKind, Pipeline, Program, Redirection,
    RedirectionKind, Simple, Statement, Word,
};

/// Steps that one line may take: a command costs one, a word of text about one for each 64 bytes.
pub(super) const FUEL: u32 = 8_000;
/// Depth of programs within programs, substitutions and code arguments included.
pub(super) const DEPTH: u32 = 24;
/// Bytes of code arguments that are parsed again, over the whole line.
pub(super) const CODE_BYTES: usize = 128 * 1024;
/// Rounds of a loop over known values.
const ROUNDS: usize = 256;
/// Bytes of one value; a longer one is not known any more.
pub(super) const VALUE_BYTES: usize = 64 * 1024;

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) span: Span,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    One(String),
    Many(Vec<String>),
}

/// What a shell remembers from one command to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The working directory, normalised; empty where nothing is known of it.
    pub(super) cwd: String,
    pub(super) variables: Vec<(String, Value)>,
    pub(super) functions: Vec<(String, Rc<Command>)>,
    pub(super) aliases: Vec<(String, String)>,
    /// `$1`, `$2` …; `None` where the line does not set them.
    pub(super) positional: Option<Vec<String>>,
}

/// What is known of standard input and wanted of standard output.
#[derive(Clone, Copy, Default)]
pub(super) struct Flow<'a> {
    /// The text on standard input; `None` where it is the terminal or not known.
    pub(super) input: Option<&'a str>,
    /// True where the output goes somewhere that matters.
    pub(super) want: bool,
}

/// The interpreter and all that it wrote down.
pub(super) struct Machine<'c> {
    pub(super) ctx: &'c Context,
    pub(super) unknowns: Unknowns,
    pub(super) state: State,
    pub(super) effects: Vec<Effect>,
    pub(super) commands: Vec<ResolvedCommand>,
    /// Commands whose name or code could not be known.
    pub(super) unresolved: usize,
    /// True where the budget did not suffice.
    pub(super) cut: bool,
    /// Files that the line wrote itself, with what is known of their content.
    pub(super) files: Vec<(String, String)>,
    /// Set while walking code that is not part of the line's own text: the word it came from.
    pub(super) outer: Option<Span>,
    /// True while effects are not this machine's: inside a throw-away container.
    pub(super) mute: bool,
    /// True inside a pipeline of several commands or in the background.
    pub(super) detached: bool,
    pub(super) fuel: u32,
    pub(super) depth: u32,
    pub(super) code_bytes: usize,
    /// Lines that `read` has yet to take.
    pub(super) pending_input: Option<String>,
    /// Names of the functions being walked.
    pub(super) active: Vec<String>,
    pub(super) called: Vec<String>,
}

impl<'c> Machine<'c> {
    pub(super) fn new(ctx: &'c Context) -> Self {
        let cwd = ctx.cwd.clone().unwrap_or_default();
        Self {
            ctx,
            unknowns: Unknowns::default(),
            state: State { cwd, ..State::default() },
            effects: Vec::new(),
            commands: Vec::new(),
            unresolved: 0,
            cut: false,
            files: Vec::new(),
            outer: None,
            mute: false,
            detached: false,
            fuel: FUEL,
            depth: 0,
            code_bytes: 0,
            pending_input: None,
            active: Vec::new(),
            called: Vec::new(),
        }
    }

    /// Walks a whole line, then the functions that it defines without calling them.
    pub(super) fn line(&mut self, program: &Program) {
        self.program(program, Flow::default());
        let uncalled: Vec<(String, Rc<Command>)> =
            self.state.functions.iter().filter(|(name, _)| !self.called.contains(name)).cloned().collect();
        for (name, body) in uncalled {
            self.active.push(name);
            self.command(&body, Flow::default());
            self.active.pop();
        }
    }

    /// Takes steps from the budget; false where it is used up.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        if self.fuel < steps {
            self.fuel = 0;
            self.cut = true;
            return false;
        }
        self.fuel -= steps;
        true
    }

    /// Where something stands in the line that was judged.
    pub(super) fn at(&self, span: Span) -> Span {
        self.outer.unwrap_or(span)
    }

    /// Walks statements and returns what they write.
    pub(super) fn program(&mut self, program: &Program, flow: Flow<'_>) -> String {
        if self.depth >= DEPTH {
            self.cut = true;
            return String::new();
        }
        self.depth += 1;
        let mut output = String::new();
        for statement in &program.statements {
            self.statement(statement, flow, &mut output);
        }
        self.depth -= 1;
        output
    }

    fn statement(&mut self, statement: &Statement, flow: Flow<'_>, output: &mut String) {
        let was_detached = self.detached;
        self.detached |= statement.background;
        for (_, pipeline) in &statement.chain {
            let written = self.pipeline(pipeline, flow);
            if flow.want && output.len() + written.len() <= VALUE_BYTES {
                output.push_str(&written);
            }
        }
        self.detached = was_detached;
    }

    fn pipeline(&mut self, pipeline: &Pipeline, flow: Flow<'_>) -> String {
        let [only] = &pipeline.stages[..] else { return self.stages(pipeline, flow) };
        self.command(&only.command, flow)
    }

    fn stages(&mut self, pipeline: &Pipeline, flow: Flow<'_>) -> String {
        let was_detached = std::mem::replace(&mut self.detached, true);
        let mut carried: Option<String> = None;
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let last = index + 1 == pipeline.stages.len();
            let input = if index == 0 { flow.input } else { carried.as_deref() };
            // Each command of a pipeline has a shell of its own: what it sets is lost.
            let state = self.state.clone();
            let written = self.command(&stage.command, Flow { input, want: flow.want || !last });
            self.state = state;
            carried = Some(written);
        }
        self.detached = was_detached;
        carried.unwrap_or_default()
    }

    /// Walks one command with its redirections and returns what it writes to standard output.
    pub(super) fn command(&mut self, command: &Command, flow: Flow<'_>) -> String {
        if !self.spend(1) {
            return String::new();
        }
        if command.redirections.is_empty() {
            return self.kind(&command.kind, command.span, flow);
        }
        let mut input: Option<String> = None;
        let mut sinks = Vec::new();
        let mut socket = None;
        for redirection in &command.redirections {
            self.redirection(redirection, &mut input, &mut sinks, &mut socket);
        }
        let flow = Flow { input: input.as_deref().or(flow.input), want: flow.want || !sinks.is_empty() };
        if let (Some(span), true) = (socket, is_shell(&command.kind)) {
            let target = self.target(TargetClass::Host, "the network", span);
            self.emit(EffectKind::RemoteShell, target, false, "sh", span);
        }
        let flow = Flow { want: flow.want || socket.is_some(), ..flow };
        let written = self.kind(&command.kind, command.span, flow);
        if let Some(span) = socket {
            let shown = self.unknowns.show(written.trim_end());
            self.sends(&written, &shown, span, "sh");
        }
        if sinks.is_empty() {
            return written;
        }
        for (place, appended) in sinks {
            if place.class == TargetClass::ShellStartup && !place.path.contains(".ssh/") {
                // It is run at the next login: judge it now, in a shell of its own.
                let state = self.state.clone();
                self.code(&written, self.at(command.span), Flow::default());
                self.state = state;
            }
            self.write_file(place.path, written.clone(), appended);
        }
        String::new()
    }

    /// Remembers what a file holds that the line wrote.
    pub(super) fn write_file(&mut self, path: String, text: String, appended: bool) {
        let room = self.files.len() < 64;
        match self.files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, content)) if appended && content.len() + text.len() <= VALUE_BYTES => {
                content.push_str(&text)
            }
            Some((_, content)) => *content = text,
            None if room => self.files.push((path, text)),
            None => {}
        }
    }

    fn redirection(
        &mut self,
        redirection: &Redirection,
        input: &mut Option<String>,
        sinks: &mut Vec<(paths::Place, bool)>,
        socket: &mut Option<Span>,
    ) {
        let span = self.at(redirection.span);
        let is_output = redirection.fd.is_none_or(|fd| fd == 1);
        match &redirection.kind {
            RedirectionKind::Read(word) | RedirectionKind::ReadWrite(word) => {
                let text = self.single(word);
                let writes = matches!(redirection.kind, RedirectionKind::ReadWrite(_));
                let content = self.read_path(&text, span, "");
                if self.unknowns.comes_from(&content, Origin::Socket) {
                    *socket = Some(span);
                }
                if writes {
                    self.touch(EffectKind::Create, &text, span, false, "");
                }
                if redirection.fd.is_none_or(|fd| fd == 0) {
                    *input = Some(content);
                }
            }
            RedirectionKind::Write(word)
            | RedirectionKind::WriteBoth(word)
            | RedirectionKind::Append(word)
            | RedirectionKind::AppendBoth(word) => {
                let appended =
                    matches!(redirection.kind, RedirectionKind::Append(_) | RedirectionKind::AppendBoth(_));
                let text = self.single(word);
                let kind = if appended { EffectKind::Create } else { EffectKind::Overwrite };
                let place = self.touch(kind, &text, span, false, "");
                match place {
                    Some(place) if place.class == TargetClass::Host => *socket = Some(span),
                    Some(place) if is_output => sinks.push((place, appended)),
                    _ => {}
                }
            }
            RedirectionKind::Duplicate(_) => {}
            RedirectionKind::HereString(word) => {
                let mut text = self.single(word);
                text.push('\n');
                *input = Some(text);
            }
            RedirectionKind::HereDocument { quoted, body, .. } => {
                let text = if *quoted { body.literal() } else { None };
                *input = Some(text.unwrap_or_else(|| self.single(body)));
            }
        }
    }

    fn kind(&mut self, kind: &CommandKind, span: Span, flow: Flow<'_>) -> String {
        match kind {
            CommandKind::Simple(simple) => self.simple(simple, span, flow),
            CommandKind::Group(program) => self.program(program, flow),
            CommandKind::Subshell(program) => {
                let state = self.state.clone();
                let output = self.program(program, flow);
                self.state = state;
                output
            }
            CommandKind::If { arms, otherwise } => {
                let mut output = String::new();
                for (condition, body) in arms {
                    self.program(condition, Flow { want: false, ..flow });
                    output.push_str(&self.program(body, flow));
                }
                if let Some(body) = otherwise {
                    output.push_str(&self.program(body, flow));
                }
                output
            }
            CommandKind::While { condition, body, .. } => self.repeat(condition, body, flow),
            CommandKind::For { name, words, body, .. } => self.each(name, words.as_deref(), body, flow),
            CommandKind::ArithmeticFor { body, .. } => self.program(body, flow),
            CommandKind::Case { subject, arms } => {
                self.single(subject);
                let mut output = String::new();
                for arm in arms {
                    output.push_str(&self.program(&arm.body, flow));
                }
                output
            }
            CommandKind::Function { name, body } => {
                self.state.functions.retain(|(known, _)| known != name);
                self.state.functions.push((name.clone(), Rc::new((**body).clone())));
                String::new()
            }
            CommandKind::Test(words) => {
                let mut unused = Vec::new();
                for word in words {
                    self.expand(word, &mut unused);
                }
                String::new()
            }
            CommandKind::Arithmetic(word) => {
                self.single(word);
                String::new()
            }
            CommandKind::Coprocess(command) => {
                let was_detached = std::mem::replace(&mut self.detached, true);
                self.nested_command(command, flow);
                self.detached = was_detached;
                String::new()
            }
            CommandKind::Opaque => {
                self.unresolved += 1;
                String::new()
            }
        }
    }

    pub(super) fn nested_command(&mut self, command: &Command, flow: Flow<'_>) -> String {
        if self.depth >= DEPTH {
            self.cut = true;
            return String::new();
        }
        self.depth += 1;
        let output = self.command(command, flow);
        self.depth -= 1;
        output
    }

    fn repeat(&mut self, condition: &Program, body: &Program, flow: Flow<'_>) -> String {
        let outer_input = std::mem::replace(&mut self.pending_input, flow.input.map(str::to_owned));
        let mut output = String::new();
        for _ in 0..ROUNDS {
            let before = self.pending_input.as_ref().map(String::len);
            self.program(condition, Flow { want: false, input: None });
            output.push_str(&self.program(body, Flow { input: None, ..flow }));
            let after = self.pending_input.as_ref().map(String::len);
            // Another round only where `read` took a line and there is one more.
            if after.is_none_or(|left| left == 0) || before == after {
                break;
            }
            if output.len() > VALUE_BYTES || self.fuel == 0 {
                break;
            }
        }
        if self.pending_input.as_ref().is_some_and(|left| !left.is_empty())
            && flow.input != self.pending_input.as_deref()
        {
            self.cut = true;
        }
        self.pending_input = outer_input;
        output
    }

    fn each(&mut self, name: &str, words: Option<&[Word]>, body: &Program, flow: Flow<'_>) -> String {
        let mut fields = Vec::new();
        match words {
            Some(words) => words.iter().for_each(|word| self.expand(word, &mut fields)),
            None => {
                let positional = self.state.positional.clone();
                let hole = || vec![self.unknowns.hole("$@", Origin::Variable).to_string()];
                let texts = positional.unwrap_or_else(hole);
                fields.extend(texts.into_iter().map(|text| Field { text, span: Span::default() }));
            }
        }
        let mut output = String::new();
        if fields.len() > ROUNDS {
            self.cut = true;
            fields.truncate(ROUNDS);
        }
        for field in fields {
            self.set(name, Value::One(field.text));
            output.push_str(&self.program(body, flow));
            if output.len() > VALUE_BYTES || self.fuel == 0 {
                break;
            }
        }
        output
    }

    fn simple(&mut self, simple: &Simple, span: Span, flow: Flow<'_>) -> String {
        let mut argv = Vec::with_capacity(simple.words.len());
        for word in &simple.words {
            self.expand(word, &mut argv);
        }
        if argv.is_empty() {
            for assignment in &simple.assignments {
                self.assign(assignment);
                if matches!(assignment.name.as_str(), "PROMPT_COMMAND" | "PS1" | "PS4") {
                    self.code_variable(&assignment.name, self.at(assignment.span));
                }
            }
            return String::new();
        }
        if simple.assignments.is_empty() {
            return self.run(&argv, span, flow);
        }
        // `NAME=value program`: seen by the program and by code that it runs, then forgotten.
        let names: Vec<&str> = simple.assignments.iter().map(|assignment| assignment.name.as_str()).collect();
        let (held, _): (Vec<_>, Vec<_>) =
            self.state.variables.iter().cloned().partition(|(name, _)| names.contains(&name.as_str()));
        for assignment in &simple.assignments {
            self.assign(assignment);
            self.code_variable(&assignment.name, self.at(assignment.span));
        }
        let output = self.run(&argv, span, flow);
        self.state.variables.retain(|(name, _)| !names.contains(&name.as_str()));
        self.state.variables.extend(held);
        output
    }

    fn assign(&mut self, assignment: &Assignment) {
        let name = value::clean(&assignment.name).into_owned();
        let new = match &assignment.value {
            AssignedValue::Word(word) => Value::One(self.single(word)),
            AssignedValue::Array(words) => {
                let mut fields = Vec::new();
                words.iter().for_each(|word| self.expand(word, &mut fields));
                Value::Many(fields.into_iter().map(|field| field.text).collect())
            }
        };
        let old = self.get(&name);
        let index = assignment.index.as_ref().map(|word| self.single(word));
        let new = match (new, old, index) {
            (Value::One(text), old, Some(index)) => {
                let mut list = match old {
                    Some(Value::Many(list)) => list,
                    Some(Value::One(text)) => vec![text],
                    None => Vec::new(),
                };
                match index.trim().parse::<usize>() {
                    Ok(at) if at < 256 => {
                        if list.len() <= at {
                            list.resize(at + 1, String::new());
                        }
                        list[at] = text;
                    }
                    _ => list.push(text),
                }
                Value::Many(list)
            }
            (Value::One(text), Some(Value::One(mut old)), None) if assignment.append => {
                old.push_str(&text);
                Value::One(old)
            }
            (Value::Many(more), Some(Value::Many(mut old)), None) if assignment.append => {
                old.extend(more);
                Value::Many(old)
            }
            (Value::One(text), None, None) if assignment.append => {
                Value::One(format!("{}{text}", self.unknowns.hole(&format!("${name}"), Origin::Variable)))
            }
            (new, _, _) => new,
        };
        self.set(&name, new);
    }

    /// Sets a variable.
    pub(super) fn set(&mut self, name: &str, mut new: Value) {
        if let Value::One(text) = &mut new
            && text.len() > VALUE_BYTES
        {
            *text = self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string();
            self.cut = true;
        }
        let room = self.state.variables.len() < 512;
        match self.state.variables.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => *value = new,
            None if room => self.state.variables.push((name.to_owned(), new)),
            None => self.cut = true,
        }
    }

    /// The value of a variable that the line set or that the context tells.
    pub(super) fn get(&mut self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.state.variables.iter().find(|(known, _)| known == name) {
            return Some(value.clone());
        }
        let known = match name {
            "HOME" => self.ctx.home.clone().unwrap_or_else(|| value::HOME.to_string()),
            "PWD" if !self.state.cwd.is_empty() => self.state.cwd.clone(),
            "PWD" => ".".to_owned(),
            "TMPDIR" => "/tmp".to_owned(),
            "SHELL" | "BASH" => "/bin/bash".to_owned(),
            "0" => "bash".to_owned(),
            _ => return None,
        };
        Some(Value::One(known))
    }

    pub(super) fn target(&self, class: TargetClass, text: &str, span: Span) -> Target {
        Target { class, text: text.to_owned(), span }
    }

    /// Writes an effect down, once.
    pub(super) fn emit(
        &mut self,
        kind: EffectKind,
        target: Target,
        recursive: bool,
        program: &str,
        span: Span,
    ) {
        self.emit_with(kind, target, recursive, program, span, "");
    }

    pub(super) fn emit_with(
        &mut self,
        kind: EffectKind,
        target: Target,
        recursive: bool,
        program: &str,
        span: Span,
        detail: &str,
    ) {
        if self.mute {
            return;
        }
        let effect =
            Effect { kind, target, recursive, program: program.to_owned(), detail: detail.to_owned(), span };
        let recent = self.effects.len().saturating_sub(32);
        if self.effects[recent..].contains(&effect) {
            return;
        }
        if self.effects.len() >= 2048 {
            self.cut = true;
            return;
        }
        self.effects.push(effect);
    }

    /// Writes down an effect on a path and returns where that is.
    pub(super) fn touch(
        &mut self,
        kind: EffectKind,
        path: &str,
        span: Span,
        recursive: bool,
        program: &str,
    ) -> Option<paths::Place> {
        if path.is_empty() {
            return None;
        }
        let place = paths::locate(path, &self.state.cwd, self.ctx);
        let writes = matches!(
            kind,
            EffectKind::Overwrite | EffectKind::Create | EffectKind::Delete | EffectKind::Move
        );
        let kind = match (kind, place.class) {
            (EffectKind::Read, TargetClass::Secret) => EffectKind::ReadSecret,
            (EffectKind::Read, TargetClass::Host) => EffectKind::Fetch,
            (EffectKind::Overwrite | EffectKind::Create, TargetClass::Host) => EffectKind::Send,
            (EffectKind::Overwrite | EffectKind::Create, TargetClass::Device) => EffectKind::WriteDevice,
            (kind, _) => kind,
        };
        let _ = writes;
        let target = self.target(place.class, &self.unknowns.show(&place.path), span);
        self.emit(kind, target, recursive, program, span);
        Some(place)
    }

    /// Writes down that a path is read, and returns what is known of its content.
    pub(super) fn read_path(&mut self, path: &str, span: Span, program: &str) -> String {
        let Some(place) = self.touch(EffectKind::Read, path, span, false, program) else {
            return String::new();
        };
        if let Some((_, content)) = self.files.iter().rev().find(|(known, _)| *known == place.path) {
            return content.clone();
        }
        let name = self.unknowns.show(&place.path);
        match place.class {
            TargetClass::Secret => self.unknowns.hole(&name, Origin::Secret).to_string(),
            TargetClass::Host => self.unknowns.hole(&name, Origin::Socket).to_string(),
            _ => self.unknowns.hole(&name, Origin::Program).to_string(),
        }
    }
}

/// True for a plain `bash -i`, `sh` or `exec sh`.
fn is_shell(kind: &CommandKind) -> bool {
    let CommandKind::Simple(simple) = kind else { return false };
    simple.words.iter().take(3).any(|word| {
        let plain = match &word.parts[..] {
            [part] => matches!(part.kind, PartKind::Text(_) | PartKind::Quoted { .. }),
            _ => false,
        };
        plain
            && word.literal().is_some_and(|text| {
                matches!(
                    text.rsplit('/').next(),
                    Some("sh" | "bash" | "zsh" | "dash" | "ksh" | "fish" | "pwsh")
                )
            })
    })
}
