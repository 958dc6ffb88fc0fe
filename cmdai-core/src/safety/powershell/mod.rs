//! PowerShell, evaluated: values, pipelines of objects, script blocks and .NET calls.
//!
//! A pipeline of PowerShell carries values, not text, so its programs are walked here and not by the
//! walker of POSIX shells; effects, fuel, files and specs are the same [`Machine`]'s. A cmdlet is bound to
//! its spec as a program is: parameters become flags, what comes down the pipeline becomes operands.

mod binding;
mod blocks;
mod cmdlets;
mod commands;
mod constants;
mod csharp;
pub(super) mod data;
mod dotnet;
mod expression;
mod host;
mod items;
mod loading;
mod methods;
mod network;
mod opened;
mod operators;
pub(super) mod pattern;
mod profile;
mod programs;
mod variables;
mod verbs;
mod weakened;
mod xml;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::machine::{DEPTH, Flow, Machine, PIECES};
use super::{EffectKind, TargetClass};
use crate::line::{Dialect, Span};
use crate::syntax::ir::{
    Closure, Command, CommandKind, Expression, ExpressionKind, Part, PartKind, Pipeline, Program,
    Redirection, RedirectionKind, Word,
};
use crate::syntax::{self, Limits};
use data::{Data, Kind};

/// Rounds of a loop over known values.
const ROUNDS: usize = 256;
/// Values that one command may hand on.
const OBJECTS: usize = 1024;

/// What PowerShell remembers from one statement to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Names in lower case.
    pub(super) variables: Vec<(String, Data)>,
    pub(super) functions: Vec<(String, Rc<Closure>)>,
    pub(super) aliases: Vec<(String, String)>,
    /// Functions that another text than the line defines, and where that text is handed over.
    foreign: Vec<(Rc<Closure>, Span)>,
    /// Functions being walked, and those that were.
    active: Vec<String>,
    called: Vec<String>,
    /// The current object, `$_`.
    current: Option<Data>,
    /// What `using namespace` names, in lower case and without `system.`.
    namespaces: Vec<String>,
    /// True in a loop without an end that never waits.
    endless: bool,
    /// True where it was asked whether something is not there yet: what is made there replaces nothing.
    pub(super) absent: bool,
    /// True where a row of more numbers than anybody walks was made.
    pub(super) long_row: bool,
}

impl Machine<'_> {
    /// Walks a program as PowerShell and returns what it writes, as text of lines.
    pub(super) fn powershell(&mut self, program: &Program, flow: Flow<'_>) -> String {
        let input: Vec<Data> = flow.input.map(Data::text).into_iter().collect();
        let output = self.blocks(program, &input);
        let mut text = String::new();
        for data in output {
            if text.len() > super::machine::VALUE_BYTES {
                break;
            }
            text.push_str(&data.to_text());
            text.push('\n');
        }
        text
    }

    /// Walks the functions that the line defines without calling them.
    pub(super) fn uncalled_functions(&mut self) {
        let uncalled: Vec<(String, Rc<Closure>)> = self
            .memory
            .functions
            .iter()
            .filter(|(name, _)| !self.memory.called.contains(name))
            .cloned()
            .collect();
        for (name, closure) in uncalled {
            self.memory.active.push(name);
            self.invoke(&closure, &[], &[]);
            self.memory.active.pop();
        }
    }

    /// Walks text as PowerShell code that is not part of the line's own text.
    pub(super) fn run_text(&mut self, text: &str, span: Span) -> Vec<Data> {
        self.report_unknown_code(text, span);
        if text.trim().is_empty() {
            return Vec::new();
        }
        let Some(program) = self.read_text(text) else { return Vec::new() };
        let outer = self.outer.replace(self.outer.unwrap_or(span));
        let dialect = std::mem::replace(&mut self.dialect, Dialect::PowerShell);
        let output = self.blocks(&program, &[]);
        self.dialect = dialect;
        self.outer = outer;
        output
    }

    fn read_text(&mut self, text: &str) -> Option<Program> {
        self.code_bytes += text.len();
        if self.depth >= DEPTH
            || self.code_bytes > super::machine::CODE_BYTES
            || !self.spend(1 + text.len() / 40)
        {
            self.cut = true;
            return None;
        }
        let limits = Limits { depth: (DEPTH - self.depth) as usize, pieces: PIECES, ..Limits::default() };
        let parsed = syntax::parse_within(text, Dialect::PowerShell, limits);
        if !parsed.is_complete() {
            self.unresolved += 1;
        }
        Some(parsed.program)
    }

    /// `[scriptblock]::Create(text)`
    pub(super) fn block_of(&mut self, text: &str) -> Data {
        if self.unknowns.origin(text).is_some() && text.trim_start().starts_with(super::value::is_hole) {
            return Data::text(text);
        }
        // The block is walked later, when nothing tells its marks from what somebody typed.
        let text = &text.replace(super::value::HOME, "~");
        // Between braces its parameters are read as those of a block.
        let closure = self.read_text(&format!("{{{text}}}")).and_then(only_closure);
        match closure {
            Some(closure) => Data::Closure(Rc::new(closure)),
            None => match self.read_text(text) {
                Some(body) => Data::Closure(Rc::new(Closure { parameters: Vec::new(), body })),
                None => Data::Null,
            },
        }
    }

    /// Walks statements and returns the values they write.
    pub(super) fn blocks(&mut self, program: &Program, input: &[Data]) -> Vec<Data> {
        if self.depth >= DEPTH {
            self.cut = true;
            return Vec::new();
        }
        self.depth += 1;
        let mut output = Vec::new();
        for statement in &program.statements {
            let was_detached = self.detached;
            self.detached |= statement.background;
            for (_, pipeline) in &statement.chain {
                output.extend(self.objects(pipeline, input));
            }
            self.detached = was_detached;
            output.truncate(OBJECTS);
        }
        self.depth -= 1;
        output
    }

    fn objects(&mut self, pipeline: &Pipeline, input: &[Data]) -> Vec<Data> {
        let was_detached = self.detached;
        self.detached |= pipeline.stages.len() > 1;
        let mut carried: Vec<Data> = Vec::new();
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let given = if index == 0 { input } else { &carried[..] };
            let piped = index > 0;
            let mut written = self.stage(&stage.command, given, piped);
            written.truncate(OBJECTS);
            carried = written;
        }
        self.detached = was_detached;
        carried
    }

    fn stage(&mut self, command: &Command, input: &[Data], piped: bool) -> Vec<Data> {
        if !self.spend(2) {
            return Vec::new();
        }
        let output = self.stage_kind(command, input, piped);
        if command.redirections.is_empty() {
            return output;
        }
        let mut kept = Some(output);
        for redirection in &command.redirections {
            self.send_to_file(redirection, &mut kept);
        }
        kept.unwrap_or_default()
    }

    fn send_to_file(&mut self, redirection: &Redirection, kept: &mut Option<Vec<Data>>) {
        let span = self.at(redirection.span);
        let (word, appends) = match &redirection.kind {
            RedirectionKind::Write(word) | RedirectionKind::WriteBoth(word) => (word, false),
            RedirectionKind::Append(word) | RedirectionKind::AppendBoth(word) => (word, true),
            RedirectionKind::Read(word) => {
                let path = self.word_value(word).to_text();
                self.touch(EffectKind::Read, &slashes(&path), span, false, "");
                return;
            }
            _ => return,
        };
        let target = self.word_value(word);
        let is_output = redirection.fd.is_none_or(|fd| fd == 1);
        let written = if is_output { kept.take() } else { None };
        // `> $null` throws away.
        if matches!(target, Data::Null) {
            return;
        }
        let text: String = written
            .unwrap_or_default()
            .iter()
            .take(OBJECTS)
            .map(|data| format!("{}\n", data.to_text()))
            .collect();
        self.write_text(&target.to_text(), text, appends, span, "");
    }

    /// A file is written by a redirection or a cmdlet: an effect, and what it holds from now on.
    pub(super) fn write_text(&mut self, path: &str, text: String, appends: bool, span: Span, program: &str) {
        let kind = if appends { EffectKind::Create } else { EffectKind::Overwrite };
        if self.memory.endless && appends {
            let target = self.target(TargetClass::Named, &self.unknowns.show(path), span);
            self.emit_with(EffectKind::Exhaust, target, true, program, span, "disk");
        }
        if cmdlets::is_share(path) {
            self.sends(&text, path, span, program);
        }
        let Some(place) = self.touch(kind, &slashes(path), span, false, program) else { return };
        if place.class == TargetClass::ShellStartup && !text.is_empty() {
            // It is run at the next login: judge it now.
            let memory = self.memory.clone();
            let lower = place.path.to_ascii_lowercase();
            if lower.ends_with(".bat") || lower.ends_with(".cmd") {
                self.cmd_lines(&text, span);
            } else if lower.ends_with(".ps1") {
                self.run_text(&text, span);
            }
            self.uncalled_functions();
            self.memory = memory;
        }
        if kind == EffectKind::Create && profile::is_profile(&place.path) && profile::only_sets_up(&text) {
            self.adds_settings(&place.path);
        }
        if crate::safety::known::is_served(&place.path)
            && self.unknowns.comes_from(&text, crate::safety::value::Origin::Secret)
        {
            let shown = self.unknowns.show(text.trim());
            let target = self.target(TargetClass::Secret, &shown, span);
            self.emit_with(
                EffectKind::ReadSecret,
                target,
                false,
                program,
                span,
                crate::safety::rules::SERVED,
            );
        }
        self.write_file(place.path, text, appends);
    }

    fn stage_kind(&mut self, command: &Command, input: &[Data], piped: bool) -> Vec<Data> {
        match &command.kind {
            CommandKind::Simple(simple) => self.simple_command(&simple.words, command.span, input, piped),
            CommandKind::Expression(expression) => {
                if let ExpressionKind::Closure(_) = &expression.kind {
                    // A block on its own is printed, not run; but who writes one means it.
                    let data = self.value(expression);
                    return vec![data];
                }
                self.value(expression).unrolled()
            }
            CommandKind::Assign { target, operator, value } => {
                // A list of one that is assigned stays a list.
                if let Some(ExpressionKind::Program { list: true, .. }) = only_value(value) {
                    let mut written = self.blocks(value, &[]);
                    written.truncate(OBJECTS);
                    self.assign_to(target, operator, Data::list(written));
                    return Vec::new();
                }
                let mut written = self.blocks(value, &[]);
                if target_type(target).is_some_and(|to| to.ends_with("[]")) {
                    written = vec![Data::list(written)];
                }
                self.assign_to(target, operator, Data::of(written));
                Vec::new()
            }
            CommandKind::Group(program) | CommandKind::Subshell(program) => self.blocks(program, input),
            CommandKind::If { arms, otherwise } => {
                let mut output = Vec::new();
                for (condition, body) in arms {
                    match constants::constant(condition) {
                        Some(false) => continue,
                        Some(true) => {
                            output.extend(self.blocks(body, input));
                            return output;
                        }
                        None => {}
                    }
                    self.blocks(condition, &[]);
                    let absent = profile::asks_for_absent(condition);
                    let before = std::mem::replace(&mut self.memory.absent, absent);
                    output.extend(self.blocks(body, input));
                    self.memory.absent = before;
                }
                if let Some(body) = otherwise {
                    output.extend(self.blocks(body, input));
                }
                output
            }
            CommandKind::While { condition, body, .. } => self.rounds(None, condition, body, input),
            CommandKind::ArithmeticFor { header, body } => {
                let part = |at: usize| match header.parts.get(at) {
                    Some(Part { kind: PartKind::Substitution(part), .. }) => part.clone(),
                    _ => Program { statements: Vec::new(), span: header.span },
                };
                self.blocks(&part(0), &[]);
                self.rounds(Some(&part(2)), &part(1), body, input)
            }
            CommandKind::For { name, words, body, .. } => {
                let mut items = Vec::new();
                for word in words.iter().flatten() {
                    items.extend(self.word_value(word).unrolled());
                }
                let mut output = Vec::new();
                let (first, long) = (self.effects.len(), self.memory.long_row && items.len() > ROUNDS);
                for item in items.into_iter().take(ROUNDS) {
                    self.remember(name, item);
                    output.extend(self.blocks(body, input));
                    if output.len() > OBJECTS || self.fuel == 0 {
                        break;
                    }
                }
                if long {
                    self.row_of_files(first, self.at(command.span));
                }
                output
            }
            CommandKind::Case { subject, arms } => {
                let subject = self.word_value(subject);
                let before = self.memory.current.replace(subject);
                let mut output = Vec::new();
                for arm in arms {
                    for pattern in &arm.patterns {
                        if let [Part { kind: PartKind::Closure(closure), .. }] = &pattern.parts[..] {
                            self.blocks(&closure.body, &[]);
                        }
                    }
                    output.extend(self.blocks(&arm.body, &[]));
                }
                self.memory.current = before;
                output
            }
            CommandKind::Try { body, handlers } => {
                let mut output = self.blocks(body, input);
                for handler in handlers {
                    output.extend(self.blocks(handler, &[]));
                }
                output
            }
            CommandKind::Function { name, body, .. } => {
                if let CommandKind::Expression(expression) = &body.kind
                    && let ExpressionKind::Closure(closure) = &expression.kind
                    && self.memory.functions.len() < 128
                {
                    let name = name.to_lowercase();
                    self.spend(1 + body.span.len() / 16);
                    self.memory.functions.retain(|(known, _)| *known != name);
                    let closure = Rc::new((**closure).clone());
                    if let Some(outer) = self.outer {
                        self.memory.foreign.push((closure.clone(), outer));
                    }
                    self.memory.functions.push((name, closure));
                }
                Vec::new()
            }
            CommandKind::Opaque => {
                self.unresolved += 1;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Rounds of a loop while its condition is known to hold; one where it is not known.
    fn rounds(
        &mut self,
        step: Option<&Program>,
        condition: &Program,
        body: &Program,
        input: &[Data],
    ) -> Vec<Data> {
        let mut output = Vec::new();
        // Of `do { … } while (…)` the body stands before its condition, and runs once in any case.
        if constants::constant(condition) == Some(false) && condition.span.start < body.span.start {
            return output;
        }
        for _ in 0..ROUNDS {
            let held = self.blocks(condition, &[]);
            let held = Data::of(held).to_bool();
            let always = if condition.statements.is_empty() {
                step.is_some()
            } else {
                held == Some(true) && !compares(condition)
            };
            let endless = always && !waits(body);
            let before = std::mem::replace(&mut self.memory.endless, endless);
            output.extend(self.blocks(body, input));
            self.memory.endless = before;
            if let Some(step) = step {
                self.blocks(step, &[]);
            }
            // `while ($true)` says nothing of how often; what one round does is what all do.
            if held != Some(true) || !compares(condition) || output.len() > OBJECTS || self.fuel == 0 {
                break;
            }
        }
        output
    }

    /// A type's name with the namespace that the line uses for it.
    fn qualified(&self, of: String) -> String {
        const SHORT: &[(&str, &str)] = &[
            ("diagnostics", "process"),
            ("io", "directory"),
            ("io", "directoryinfo"),
            ("io", "file"),
            ("io", "fileinfo"),
            ("io", "path"),
            ("io.compression", "zipfile"),
            ("net", "httplistener"),
            ("net", "webclient"),
            ("net", "webrequest"),
            ("net.sockets", "tcpclient"),
            ("net.sockets", "tcplistener"),
            ("reflection", "assembly"),
            ("runtime.interopservices", "marshal"),
            ("text", "encoding"),
        ];
        let space = SHORT
            .iter()
            .find(|(space, name)| *name == of && self.memory.namespaces.iter().any(|used| used == space));
        match space {
            Some((space, name)) => format!("{space}.{name}"),
            None => of,
        }
    }

    fn assign_to(&mut self, target: &Expression, operator: &str, new: Data) {
        match &target.kind {
            ExpressionKind::Cast { to, value } => {
                let to = data::type_name(to);
                let new = if to.contains('(') { new } else { self.cast(&to, new) };
                self.assign_to(value, operator, new);
            }
            ExpressionKind::List(targets) => {
                let mut values = new.unrolled().into_iter();
                for (index, target) in targets.iter().enumerate() {
                    let value = if index + 1 == targets.len() {
                        Data::of(values.by_ref().collect())
                    } else {
                        values.next().unwrap_or(Data::Null)
                    };
                    self.assign_to(target, operator, value);
                }
            }
            ExpressionKind::Word(Word { parts, .. }) => {
                let [Part { kind: PartKind::Parameter(parameter), .. }] = &parts[..] else { return };
                let name = parameter.name.clone();
                let new = match operator {
                    "=" => new,
                    "??=" => match self.recall(&name) {
                        Some(Data::Null) | None => new,
                        Some(old) => old,
                    },
                    _ => {
                        let old = self.recall(&name).unwrap_or(Data::Null);
                        self.binary(operator.trim_end_matches('='), old, new)
                    }
                };
                let grows = operator == "+=" && !matches!(new, Data::Number(_));
                if self.memory.endless && grows {
                    let span = self.at(target.span);
                    let target = self.target(super::TargetClass::Named, "memory", span);
                    self.emit_with(super::EffectKind::Exhaust, target, false, "PowerShell", span, "memory");
                }
                let lower = name.to_lowercase();
                self.assigned(&lower, &new, target.span);
                self.remember(&name, new);
            }
            ExpressionKind::Access { value, steps } => self.assign_member(value, steps, new, target.span),
            _ => {
                self.value(target);
            }
        }
    }

    /// Runs a script block with `$_` and arguments.
    pub(super) fn invoke(
        &mut self,
        closure: &Rc<Closure>,
        arguments: &[commands::Argument],
        input: &[Data],
    ) -> Vec<Data> {
        if self.depth >= DEPTH || !self.spend(1) {
            self.cut = true;
            return Vec::new();
        }
        self.depth += 1;
        // What it does is told at the place where its text is handed over, also when it is called later.
        let outer = self.outer;
        let foreign = self.memory.foreign.iter().rev().find(|(known, _)| Rc::ptr_eq(known, closure));
        self.outer = outer.or(foreign.map(|(_, span)| *span));
        let mut held = Vec::new();
        let mut positional = arguments.iter().filter(|argument| argument.name.is_none());
        for parameter in &closure.parameters {
            let name = parameter.name.to_lowercase();
            let named = arguments.iter().find(|argument| {
                argument.name.as_deref().is_some_and(|given| name.starts_with(&given.to_lowercase()))
            });
            let given = named.or_else(|| positional.next()).and_then(|argument| argument.value.clone());
            let value = match given {
                Some(value) => value,
                None => match &parameter.default {
                    Some(default) => self.value(default),
                    None if named.is_some() => Data::Bool(true),
                    None => match input.first() {
                        Some(piped) if closure.parameters.len() == 1 => piped.clone(),
                        _ => {
                            let shown = format!("${}", parameter.name);
                            self.unknown(&shown, &[])
                        }
                    },
                },
            };
            held.push((name.clone(), self.recall(&name)));
            self.remember(&name, value);
        }
        let rest: Vec<Data> = positional.filter_map(|argument| argument.value.clone()).collect();
        let args = (!rest.is_empty()).then(|| self.recall("args"));
        if args.is_some() {
            self.remember("args", Data::list(rest));
        }
        let before = input.first().cloned().map(|first| self.memory.current.replace(first));
        let had_input = self.recall("input");
        if !input.is_empty() {
            self.remember("input", Data::list(input.to_vec()));
        }
        let output = self.blocks(&closure.body, input);
        if !input.is_empty() {
            self.memory.variables.retain(|(name, _)| name != "input");
            if let Some(had) = had_input {
                self.remember("input", had);
            }
        }
        if let Some(before) = before {
            self.memory.current = before;
        }
        for (name, value) in held {
            self.memory.variables.retain(|(known, _)| *known != name);
            if let Some(value) = value {
                self.remember(&name, value);
            }
        }
        self.outer = outer;
        self.depth -= 1;
        output
    }

    /// Effects on a .NET or cmdlet path that is not bound by a spec.
    pub(super) fn touch_item(
        &mut self,
        kind: EffectKind,
        path: &str,
        span: Span,
        recursive: bool,
        program: &str,
    ) {
        self.touch(kind, &slashes(path), span, recursive, program);
    }
}

/// True where a loop waits in each round, or leaves it.
fn waits(body: &Program) -> bool {
    let mut found = false;
    syntax::walk::commands(body, &mut |command, _| {
        // `break`, `return` and `exit` are read as blocks without anything in them, and so is the longer `continue`.
        found |= matches!(&command.kind, CommandKind::Group(program) if program.statements.is_empty())
            && command.span.len() < "continue".len();
        if let CommandKind::Simple(simple) = &command.kind
            && let Some(name) = simple.words.first().and_then(Word::literal)
        {
            let name = name.to_ascii_lowercase();
            found |= matches!(
                name.as_str(),
                "sleep" | "break" | "return" | "exit" | "throw" | "read-host" | "pause"
            ) || name.starts_with("wait-")
                || name.ends_with("-sleep")
                || name.starts_with("receive-");
        }
    });
    found
}

/// Windows writes paths with backslashes; places are known by slashes.
pub(super) fn slashes(path: &str) -> String {
    let path = path.strip_prefix(r"\\?\").filter(|rest| rest.get(1..2) == Some(":")).unwrap_or(path);
    let path = path.replace('\\', "/");
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{}{rest}", super::value::HOME),
        _ => path,
    }
}

/// The expression that is all of a program.
fn only_value(program: &Program) -> Option<&ExpressionKind> {
    let [statement] = &program.statements[..] else { return None };
    let [(_, pipeline)] = &statement.chain[..] else { return None };
    let [stage] = &pipeline.stages[..] else { return None };
    match &stage.command.kind {
        CommandKind::Expression(expression) => Some(&expression.kind),
        _ => None,
    }
}

/// The type that an assignment's target is held to.
fn target_type(target: &Expression) -> Option<&str> {
    match &target.kind {
        ExpressionKind::Cast { to, .. } => Some(to),
        _ => None,
    }
}

/// True where a condition compares, so that it may come to an end.
fn compares(condition: &Program) -> bool {
    let kinds = condition.statements.iter().flat_map(|statement| &statement.chain);
    kinds.flat_map(|(_, pipeline)| &pipeline.stages).any(|stage| {
        matches!(&stage.command.kind, CommandKind::Expression(expression)
            if matches!(expression.kind, ExpressionKind::Binary { .. }))
    })
}

/// The block that is all of a program.
fn only_closure(program: Program) -> Option<Closure> {
    let [statement] = <[_; 1]>::try_from(program.statements).ok()?;
    let [(_, pipeline)] = <[_; 1]>::try_from(statement.chain).ok()?;
    let [stage] = <[_; 1]>::try_from(pipeline.stages).ok()?;
    match stage.command.kind {
        CommandKind::Expression(expression) => match expression.kind {
            ExpressionKind::Closure(closure) => Some(*closure),
            _ => None,
        },
        _ => None,
    }
}

/// A value that stands for what a cmdlet gives.
pub(super) fn thing(noun: &str, text: String) -> Data {
    let of = match noun {
        "item" | "childitem" => Kind::Item,
        "process" => Kind::Process,
        "service" => Kind::Service,
        "disk" | "partition" | "volume" | "physicaldisk" | "virtualdisk" | "storagepool" => Kind::Disk,
        "command" | "alias" => Kind::Command,
        "ciminstance" | "wmiobject" => Kind::Cim,
        _ => Kind::Thing,
    };
    Data::object(of, text)
}
