//! Commands: what a name means, and what its words are.

use std::rc::Rc;

use super::data::{Data, Kind};
use super::slashes;
use crate::context::Os;
use crate::line::{Dialect, Span};
use crate::safety::machine::{DEPTH, Field, Flow, Machine};
use crate::safety::value::{self, ANY, Origin, STAR};
use crate::safety::{EffectKind, TargetClass};
use crate::specs;
use crate::syntax::ir::{Closure, ExpressionKind, Part, PartKind, Word};

/// One word of a command.
#[derive(Clone, Debug)]
pub(in crate::safety) struct Argument {
    /// The name of a parameter, without its dash.
    pub(super) name: Option<String>,
    /// What it says; `None` for a parameter without a colon.
    pub(super) value: Option<Data>,
    pub(super) span: Span,
    /// True where no part of it is quoted.
    pub(super) bare: bool,
}

impl Argument {
    pub(super) fn positional(value: Data, span: Span) -> Self {
        Self { name: None, value: Some(value), span, bare: false }
    }

    /// As a program gets it.
    fn text(&self) -> String {
        let value = self.value.as_ref().map(Data::to_text);
        match (&self.name, value) {
            (None, value) => value.unwrap_or_default(),
            (Some(name), None) => format!("-{name}"),
            (Some(name), Some(value)) => format!("-{name}:{value}"),
        }
    }
}

impl Machine<'_> {
    pub(super) fn simple_command(
        &mut self,
        words: &[Word],
        span: Span,
        input: &[Data],
        piped: bool,
    ) -> Vec<Data> {
        let Some(first) = words.first() else { return Vec::new() };
        let operator = match &first.parts[..] {
            [Part { kind: PartKind::Text(text), .. }] if matches!(text.as_str(), "&" | ".") => {
                Some(text.as_str())
            }
            _ => None,
        };
        let rest = if operator.is_some() { &words[1..] } else { words };
        let Some(first) = rest.first() else { return Vec::new() };
        let name = self.word_value(first);
        let arguments = self.bound_words(&rest[1..]);
        let here = self.at(first.span);
        match name {
            Data::Closure(closure) => {
                let memory = (operator == Some("&")).then(|| self.memory.variables.clone());
                let output = self.invoke(&closure, &arguments, input);
                let _ = memory;
                output
            }
            Data::Object(object) if matches!(object.of, Kind::Command) => {
                self.named_command(&object.text.clone(), arguments, span, here, input, piped)
            }
            Data::Null => Vec::new(),
            Data::List(list) if operator.is_some() => match list.first() {
                Some(Data::Closure(closure)) => self.invoke(&closure.clone(), &arguments, input),
                Some(first) => self.named_command(&first.to_text(), arguments, span, here, input, piped),
                None => Vec::new(),
            },
            other => self.named_command(&other.to_text(), arguments, span, here, input, piped),
        }
    }

    /// The words behind a command's name.
    fn bound_words(&mut self, words: &[Word]) -> Vec<Argument> {
        let mut arguments = Vec::with_capacity(words.len());
        for word in words {
            let span = self.at(word.span);
            match &word.parts[..] {
                [Part { kind: PartKind::Text(text), .. }, rest @ ..] if is_parameter(text) => {
                    let text = self.own(text);
                    let name = text.trim_start_matches(['-', '\u{2013}', '\u{2014}', '\u{2015}']);
                    let (name, value) = match name.split_once(':') {
                        Some((name, "")) if !rest.is_empty() => {
                            let word = Word { parts: rest.to_vec(), span: word.span };
                            (name.to_owned(), Some(self.word_value(&word)))
                        }
                        Some((name, "")) => (format!("{name}:"), None),
                        Some((name, value)) => (name.to_owned(), Some(Data::text(value))),
                        None if rest.is_empty() => (name.to_owned(), None),
                        None => {
                            // `-o$x`: one text, as programs take it.
                            let whole = self.word_value(word);
                            arguments.push(Argument { name: None, value: Some(whole), span, bare: true });
                            continue;
                        }
                    };
                    arguments.push(Argument { name: Some(name), value, span, bare: true });
                }
                [Part { kind: PartKind::Expression(expression), .. }] => {
                    if let ExpressionKind::Unary { operator, operand } = &expression.kind
                        && operator == "@"
                    {
                        match self.value(operand) {
                            Data::Map(map) => {
                                for (name, value) in map.iter() {
                                    let (name, value) = (Some(name.clone()), Some(value.clone()));
                                    arguments.push(Argument { name, value, span, bare: false });
                                }
                            }
                            other => {
                                for value in other.unrolled() {
                                    arguments.push(Argument::positional(value, span));
                                }
                            }
                        }
                        continue;
                    }
                    let value = self.value(expression);
                    arguments.push(Argument::positional(value, span));
                }
                parts => {
                    let bare = matches!(
                        parts.first(),
                        Some(Part { kind: PartKind::Text(_) | PartKind::Parameter(_), .. })
                    );
                    let value = self.word_value(word);
                    arguments.push(Argument { name: None, value: Some(value), span, bare });
                }
            }
        }
        arguments
    }

    /// Runs a command by its name, from code or from .NET.
    pub(super) fn run_command(
        &mut self,
        name: &str,
        arguments: Vec<Argument>,
        span: Span,
        input: &[Data],
    ) -> Vec<Data> {
        self.named_command(name, arguments, span, span, input, !input.is_empty())
    }

    fn named_command(
        &mut self,
        name: &str,
        arguments: Vec<Argument>,
        span: Span,
        here: Span,
        input: &[Data],
        piped: bool,
    ) -> Vec<Data> {
        if self.depth >= DEPTH {
            self.cut = true;
            return Vec::new();
        }
        if !self.spend(2 + arguments.len() / 8) {
            return Vec::new();
        }
        // Nobody names a command with a tab in it: the backtick was to be overlooked.
        let plain = name.contains(char::is_control).then(|| without_escapes(name));
        let name = plain.as_deref().unwrap_or(name);
        let mut arguments = arguments;
        for argument in &mut arguments {
            if let Some(parameter) = argument.name.as_mut().filter(|name| name.contains(char::is_control)) {
                *parameter = without_escapes(parameter);
            }
        }
        self.depth += 1;
        let output = self.command_inner(name, arguments, span, here, input, piped);
        self.depth -= 1;
        output
    }

    fn command_inner(
        &mut self,
        name: &str,
        mut arguments: Vec<Argument>,
        span: Span,
        here: Span,
        input: &[Data],
        piped: bool,
    ) -> Vec<Data> {
        let lower = name.trim().to_lowercase();
        if let Some(at) = self.memory.aliases.iter().rposition(|(known, _)| *known == lower) {
            let to = self.memory.aliases[at].1.clone();
            if !to.eq_ignore_ascii_case(&lower) {
                return self.named_command(&to, arguments, span, here, input, piped);
            }
        }
        if let Some(output) = self.own_function(&lower, &arguments, input) {
            return output;
        }
        if lower == "using" && self.memory.namespaces.len() < 32 {
            let names = arguments.iter().skip(1).map(Argument::text);
            let names = names.map(|name| super::data::type_name(&name));
            self.memory.namespaces.extend(names.collect::<Vec<_>>());
            return Vec::new();
        }
        // A module may stand before a cmdlet.
        let base = match lower.rsplit_once('\\') {
            Some((module, cmdlet)) if !module.contains([':', '\\']) && cmdlet.contains('-') => cmdlet,
            _ => lower.as_str(),
        };
        if value::has_hole(base) {
            return self.unknown_command(name, &arguments, here);
        }
        if base.contains(['*', '?']) && base.len() > 1 && base != "?" {
            let found = self.find_commands(base);
            if let Data::Object(object) = &found {
                return self.named_command(&object.text.clone(), arguments, span, here, input, piped);
            }
        }
        let own = self.own_name(base, &arguments);
        let spec = own
            .and_then(|name| specs::lookup_in(name, Dialect::PowerShell))
            .or_else(|| if own.is_none() { specs::lookup_in(base, Dialect::Bash) } else { None });
        if let Some(spec) = spec
            && specs::is_own(spec, Dialect::PowerShell)
        {
            return self.cmdlet(spec, base, arguments, span, here, input, piped);
        }
        if let Some((verb, noun)) = super::verbs::parts(base) {
            return self.verb_noun(name, verb, noun, arguments, span, here, input, piped);
        }
        // `powershell { … }` runs the block in a process of its own.
        if matches!(base.strip_suffix(".exe").unwrap_or(base), "powershell" | "pwsh") {
            let blocks = arguments.iter().filter_map(|argument| match &argument.value {
                Some(Data::Closure(closure)) => Some(closure.clone()),
                _ => None,
            });
            let blocks: Vec<Rc<Closure>> = blocks.collect();
            if !blocks.is_empty() {
                return blocks.iter().flat_map(|block| self.invoke(block, &[], input)).collect();
            }
        }
        // A script of the line's own making, or a program.
        let argv = self.program_words(name, &mut arguments, here);
        let program = slashes(base);
        let program = program.rsplit('/').next().unwrap_or_default();
        let extension = program.rsplit_once('.').map(|(_, extension)| extension);
        if let Some("ps1" | "bat" | "cmd") = extension
            && let Some(text) = self.written_file(name)
        {
            if extension == Some("ps1") {
                return self.run_text(&text, here);
            }
            self.cmd_lines(&text, here);
            return Vec::new();
        }
        if name.starts_with(r"\\") && !name.starts_with(r"\\.\") {
            // A program on another machine: whoever may write there decides what runs here.
            let host = name.trim_start_matches('\\').split('\\').next().unwrap_or_default();
            let class = if host.contains('.') { TargetClass::Host } else { TargetClass::Unknown };
            let target = self.target(class, name, here);
            self.emit(EffectKind::RunCode, target, false, program, here);
        }
        let input_text = (piped || !input.is_empty()).then(|| {
            let mut text = String::new();
            for data in input.iter().take(super::OBJECTS) {
                text.push_str(&data.to_text());
                text.push('\n');
            }
            text
        });
        let flow = Flow { input: input_text.as_deref(), want: true };
        let output = self.windows_program(program, &argv, span, flow);
        let kept = output.trim_end_matches('\n');
        if kept.is_empty() {
            return Vec::new();
        }
        kept.split('\n').take(super::OBJECTS).map(Data::text).collect()
    }

    /// The file of this name, if the line wrote it.
    pub(super) fn written_file(&mut self, name: &str) -> Option<String> {
        let place = crate::safety::paths::locate(&slashes(name), &self.state.cwd, self.ctx);
        let is_here =
            |known: &str| known == place.path || known.ends_with('/') && place.path.starts_with(known);
        self.files.iter().rev().find(|(known, _)| is_here(known)).map(|(_, text)| text.clone())
    }

    /// A function that the line defines.
    fn own_function(&mut self, name: &str, arguments: &[Argument], input: &[Data]) -> Option<Vec<Data>> {
        let found = self.memory.functions.iter().rev().find(|(known, _)| known == name);
        let closure: Rc<Closure> = found.map(|(_, closure)| closure.clone())?;
        if !self.memory.called.iter().any(|called| called == name) {
            self.memory.called.push(name.to_owned());
        }
        if self.memory.active.iter().any(|active| active == name) {
            if self.detached {
                let span =
                    self.outer.or_else(|| arguments.first().map(|first| first.span)).unwrap_or_default();
                let target = self.target(TargetClass::Process, name, span);
                self.emit(EffectKind::Exhaust, target, true, name, span);
            }
            return Some(Vec::new());
        }
        self.memory.active.push(name.to_owned());
        let output = self.invoke(&closure, arguments, input);
        self.memory.active.pop();
        Some(output)
    }

    /// The name if PowerShell itself answers to it here; `None` where it is a program's.
    ///
    /// `rm`, `ls` and the like are aliases on Windows only, and even there `rm -rf` was meant for the program.
    fn own_name<'n>(&self, name: &'n str, arguments: &[Argument]) -> Option<&'n str> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        if base.len() < name.len() || base.ends_with(".exe") {
            return None;
        }
        let found = specs::lookup_in(name, Dialect::PowerShell)
            .filter(|found| specs::is_own(found, Dialect::PowerShell))?;
        let is_alias = !found.name.eq_ignore_ascii_case(name);
        if is_alias && specs::lookup(name).is_some() {
            let bundle = arguments.iter().any(|argument| {
                argument.name.as_deref().is_some_and(|name| {
                    !name.is_empty()
                        && name.len() <= 4
                        && found.flag(&format!("-{name}")).is_none()
                        && found.parameter(&format!("-{name}")).is_none()
                })
            });
            let slashed = arguments.iter().any(|argument| {
                let text = argument.value.as_ref().map(Data::to_text).unwrap_or_default();
                argument.name.is_none() && text.starts_with("--")
            });
            if bundle || slashed || self.ctx.os == Os::MacOs {
                return None;
            }
        }
        // `sc stop x` is the program.
        if base == "sc" {
            let first = arguments.first().and_then(|argument| argument.value.as_ref()).map(Data::to_text);
            let verbs =
                ["stop", "delete", "config", "create", "query", "start", "failure", "sdset", "qc", "pause"];
            if first.is_some_and(|first| {
                verbs.contains(&first.to_lowercase().as_str()) || first.starts_with(r"\\")
            }) {
                return None;
            }
        }
        Some(name)
    }

    fn unknown_command(&mut self, name: &str, arguments: &[Argument], here: Span) -> Vec<Data> {
        if self.unknowns.origin(name) == Some(Origin::Local) {
            return Vec::new();
        }
        self.unresolved += 1;
        let shown = self.unknowns.show(name);
        match self.unknowns.origin(name) {
            Some(Origin::Network | Origin::Socket) => self.report_unknown_code(name, here),
            _ => {
                let target = self.target(TargetClass::Unknown, &shown, here);
                self.emit(EffectKind::RunCode, target, false, &shown, here);
            }
        }
        // What its words would mean to the cmdlet that deletes.
        let recurses = arguments.iter().any(|argument| {
            argument.name.as_deref().is_some_and(|name| {
                let name = name.to_lowercase();
                "recurse".starts_with(&name) || matches!(name.as_str(), "rf" | "fr")
            })
        });
        if recurses && let Some(spec) = specs::lookup_in("Remove-Item", Dialect::PowerShell) {
            self.cmdlet(spec, "remove-item", arguments.to_vec(), here, here, &[], false);
        }
        vec![Data::text(self.unknowns.hole(&format!("$({shown})"), Origin::Program).to_string())]
    }

    /// The words of a program as it gets them.
    fn program_words(&mut self, name: &str, arguments: &mut Vec<Argument>, here: Span) -> Vec<Field> {
        let mut argv = vec![Field { text: name.to_owned(), span: here }];
        for argument in arguments.drain(..) {
            match (&argument.name, &argument.value) {
                (None, Some(Data::List(list))) => {
                    for item in list.iter().take(256) {
                        argv.push(Field { text: item.to_text(), span: argument.span });
                    }
                }
                _ => {
                    let mut text = argument.text();
                    if argument.bare && (text == "~" || text.starts_with("~/") || text.starts_with("~\\")) {
                        text.replace_range(..1, &value::HOME.to_string());
                    }
                    if argument.bare
                        && argument.name.is_none()
                        && text.contains(['*', '?'])
                        && !text.contains("://")
                    {
                        text = text.replace('*', &STAR.to_string()).replace('?', &ANY.to_string());
                    }
                    argv.push(Field { text, span: argument.span });
                }
            }
        }
        argv
    }

    /// A program of the system. Its own code arguments are those of other shells.
    pub(in crate::safety) fn windows_program(
        &mut self,
        program: &str,
        argv: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        let program =
            program.strip_suffix(".exe").or_else(|| program.strip_suffix(".com")).unwrap_or(program);
        if matches!(program, "cmd" | "command") {
            let rest: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
            self.record(argv, span);
            self.cmd_arguments(&rest, self.at(span));
            self.cmd_input(&rest, flow.input, self.at(span));
            return String::new();
        }
        if matches!(program, "powershell" | "pwsh" | "pwsh-preview" | "powershell_ise") {
            self.record(argv, span);
            let words: Vec<(String, Span)> =
                argv.iter().skip(1).map(|field| (field.text.clone(), self.at(field.span))).collect();
            return self.powershell_program(program, &words, flow);
        }
        let held = std::mem::replace(&mut self.dialect, Dialect::Bash);
        let mut words = argv.to_vec();
        if let Some(first) = words.first_mut() {
            first.text = program.to_owned();
        }
        if let Some(output) = self.known_to_windows(program, &words, span, flow) {
            self.dialect = held;
            return output;
        }
        let before = self.effects.len();
        self.indices(program, &words);
        let output = match specs::lookup(program) {
            Some(spec) => {
                if spec.style.slash || words.iter().any(|word| word.text.contains('\\')) {
                    self.rewrite_paths(spec, &mut words, false);
                }
                self.by_spec(spec, &words, span, flow)
            }
            None => {
                self.record(argv, span);
                match self.written_file(&argv[0].text) {
                    Some(text) => self.code(&text, self.at(argv[0].span), flow),
                    None => self.unknown_output(program, argv, flow),
                }
            }
        };
        // A copy of keys on another machine's share.
        let share = argv.iter().skip(1).any(|field| super::cmdlets::is_share(&field.text));
        let secret = self.effects.get(before..).and_then(|new| {
            new.iter()
                .find(|effect| effect.kind == EffectKind::ReadSecret)
                .map(|effect| effect.target.text.clone())
        });
        if let Some(name) = secret.filter(|_| share) {
            let span = self.at(span);
            let target = self.target(TargetClass::Secret, &name, span);
            self.emit(EffectKind::Send, target, false, program, span);
        }
        self.dialect = held;
        output
    }

    /// `Get-Command` by name or pattern: the command that fits, or several; aliases where none does.
    pub(super) fn find_commands(&mut self, pattern: &str) -> Data {
        let lower = wildcard(pattern);
        if value::has_hole(&lower) {
            return Data::text(lower);
        }
        if !lower.contains(['*', '?', value::SET.0]) {
            return Data::object(Kind::Command, pattern);
        }
        let found: Vec<Data> = specs::all_of(Dialect::PowerShell)
            .filter(|spec| value::fits(&lower, &spec.name.to_lowercase()))
            .take(32)
            .map(|spec| Data::object(Kind::Command, spec.name))
            .collect();
        if found.is_empty() { self.find_aliases(pattern) } else { Data::of(found) }
    }

    /// `Get-Alias` by name or pattern.
    pub(super) fn find_aliases(&mut self, pattern: &str) -> Data {
        let lower = wildcard(pattern);
        if value::has_hole(&lower) || !lower.contains(['*', '?', value::SET.0]) {
            return self.find_commands(pattern);
        }
        let aliases = specs::all_of(Dialect::PowerShell).flat_map(|spec| spec.aliases);
        let fitting = aliases.filter(|alias| value::fits(&lower, alias)).take(8);
        Data::of(fitting.map(|alias| Data::object(Kind::Command, *alias)).collect())
    }
}

/// A pattern of names, in small letters and with its sets marked.
fn wildcard(pattern: &str) -> String {
    let mark = |letter: char| match letter {
        '[' => value::SET.0,
        ']' => value::SET.1,
        other => other,
    };
    pattern.to_lowercase().chars().map(mark).collect()
}

/// The letters that stood behind backticks.
fn without_escapes(name: &str) -> String {
    let letter = |letter: char| match letter {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{1b}' => 'e',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        other => other,
    };
    name.chars().map(letter).collect()
}

/// True for text that begins a parameter.
fn is_parameter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|letter| matches!(letter, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}'))
        && letters.next().is_some_and(|letter| letter.is_alphabetic() || matches!(letter, '_' | '?'))
}
