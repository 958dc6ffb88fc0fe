//! From a program and its arguments to effects, by the program's spec.
//!
//! Wrappers (`sudo`, `env`, `xargs`, `timeout` …) are specs with an operand of kind `command`: what
//! follows is run in turn. Values of kind `code` are parsed and walked again. Operands and values are
//! gone through in `operands.rs`, what comes in and goes out in `streams.rs`, effects that a spec states
//! in `stated.rs`; the few programs with a language of their own (`find`, `kill`, `git -c`) have their
//! share in `programs.rs`.

use super::machine::{Field, Flow, Machine, Value};
use super::payload::Payload;
use super::value::{self, Origin};
use super::{EffectKind, TargetClass, data};
use crate::line::{Dialect, Span};
use crate::specs::{self, Args, Language, Recursive, Role, Spec, ValueKind, parse_args};

impl Machine<'_> {
    /// Runs a program, function or builtin in the mind only, and returns what it writes.
    pub(super) fn run(&mut self, argv: &[Field], span: Span, flow: Flow<'_>) -> String {
        let Some(first) = argv.first() else { return String::new() };
        if self.depth >= super::machine::DEPTH {
            self.cut = true;
            return String::new();
        }
        if !self.spend(1 + argv.len() / 8) {
            return String::new();
        }
        self.depth += 1;
        let output = self.run_inner(argv, first, span, flow);
        self.depth -= 1;
        output
    }

    fn run_inner(&mut self, argv: &[Field], first: &Field, span: Span, flow: Flow<'_>) -> String {
        if let Some(output) = self.call(argv, flow) {
            return output;
        }
        if let Some(at) = self.state.aliases.iter().position(|(name, _)| *name == first.text) {
            let (_, code) = self.state.aliases.remove(at);
            let rest: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
            return self.code_here(&format!("{code} {}", rest.join(" ")), self.at(first.span), flow);
        }
        let name = self.program_name(&first.text);
        let name = name.as_str();
        if value::has_hole(name) {
            return self.unknown_program(argv, first, flow);
        }
        if let Some(output) = self.builtin(name, argv, flow) {
            return output;
        }
        let Some(spec) = specs::lookup_in(name, self.dialect) else {
            self.record(argv, span);
            if let Some((_, content)) = self
                .files
                .iter()
                .rev()
                .find(|(path, _)| *path == first.text || format!("./{path}") == first.text)
            {
                let content = content.clone();
                return self.code(&content, self.at(first.span), flow);
            }
            return self.unknown_output(name, argv, flow);
        };
        self.by_spec(spec, argv, span, flow)
    }

    /// The program that a word names: without its path, and found where the word is a pattern.
    fn program_name(&self, text: &str) -> String {
        let base = match text.rsplit('/').next() {
            Some(base) if !base.is_empty() => base,
            _ => text,
        };
        if value::has_pattern(base) {
            let hit = data::PATTERN_PROGRAMS.iter().find(|program| value::fits(base, program));
            return hit.map_or_else(|| base.to_owned(), |program| (*program).to_owned());
        }
        base.strip_suffix(".exe").unwrap_or(base).to_owned()
    }

    /// The name of the program is not known: say so, and look at what its arguments would mean to `rm`.
    fn unknown_program(&mut self, argv: &[Field], first: &Field, flow: Flow<'_>) -> String {
        let span = self.at(first.span);
        self.record(argv, first.span);
        self.unresolved += 1;
        let shown = self.unknowns.show(&first.text);
        match self.unknowns.origin(&first.text) {
            Some(Origin::Network | Origin::Socket) => self.report_unknown_code(&first.text, span),
            _ => {
                let target = self.target(TargetClass::Unknown, &shown, span);
                self.emit(EffectKind::RunCode, target, false, &shown, span);
            }
        }
        let forced =
            argv.iter().any(|field| matches!(field.text.as_str(), "-rf" | "-fr" | "-Rf" | "-r" | "-R"));
        if forced && let Some(rm) = specs::lookup("rm") {
            self.by_spec(rm, argv, first.span, Flow::default());
        }
        if flow.want {
            self.unknowns.hole(&format!("$({shown})"), Origin::Program).to_string()
        } else {
            String::new()
        }
    }

    /// Lowers a program that has a spec.
    pub(super) fn by_spec(
        &mut self,
        spec: &'static Spec,
        argv: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        let words: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
        let args = parse_args(spec, &words);
        let leaf = args.spec;
        let wraps = args.items.iter().any(
            |item| matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Command),
        );
        if !wraps {
            self.record(argv, span);
        }
        let asks_for_help = args.items.iter().any(|item| {
            matches!(item.role, Role::Flag(_) | Role::UnknownFlag)
                && matches!(item.text, "--help" | "--version")
        });
        if asks_for_help && !wraps {
            return self.unknown_output(spec.name, argv, flow);
        }
        let program = spec.name;
        let was_mute = self.mute;
        self.mute |= args.has_any(leaf.dry);
        let call = Call { spec, args: &args, argv, program, span };
        let effects_before = self.effects.len();
        for rule in leaf.effects {
            self.rule(&call, rule);
        }
        let mut seen = self.values(&call, flow);
        let special = self.special(&call, flow);
        self.mute = was_mute;
        if let Some(output) = special {
            return output;
        }
        if let Some(output) = seen.output {
            return output;
        }
        self.standard_input(&call, &mut seen, flow);
        let output = self.output(&call, &seen, flow);
        let read_secret =
            self.effects[effects_before..].iter().find(|effect| effect.kind == EffectKind::ReadSecret);
        match read_secret {
            // What packs or filters a secret passes it on.
            Some(effect)
                if flow.want
                    && self.unknowns.origin(&output).is_some_and(|origin| origin < Origin::Secret) =>
            {
                let name = effect.target.text.clone();
                self.unknowns.hole(&name, Origin::Secret).to_string()
            }
            _ => output,
        }
    }

    /// The command that a wrapper runs.
    pub(super) fn wrapped(&mut self, call: &Call<'_>, rest: &[Field], flow: Flow<'_>) -> String {
        let span = rest.first().map_or(call.span, |field| field.span);
        match call.program {
            "xargs" => self.xargs(call, rest, span, flow),
            "docker" | "kubectl" => self.in_container(call, rest, span, flow),
            _ => self.run(rest, span, flow),
        }
    }

    pub(super) fn wrapped_code(&mut self, call: &Call<'_>, text: &str, span: Span, flow: Flow<'_>) -> String {
        match call.program {
            "ssh" => {
                // Another machine: the line tells nothing of where it starts but the home there.
                let home = value::HOME.to_string();
                let state = std::mem::take(&mut self.state);
                self.state.cwd = home;
                self.sends(text, text, span, "ssh");
                if let Some(input) = flow.input {
                    let shown = self.unknowns.show(input.trim_end());
                    self.sends(input, &shown, span, "ssh");
                }
                let output = self.code(text, span, flow);
                self.state = state;
                output
            }
            "parallel" => self.parallel(text, span, flow),
            "eval" => self.code_here(text, span, flow),
            _ => self.code(text, span, flow),
        }
    }

    /// The one word of code after `sh -c` and the like; what follows are its `$0`, `$1` …
    pub(super) fn single_code(
        &mut self,
        call: &Call<'_>,
        text: &str,
        rest: &[String],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        match call.program {
            "bash" => {
                let positional = self.state.positional.replace(rest.iter().skip(1).cloned().collect());
                let state = self.state.clone();
                if let Some(name) = rest.first() {
                    self.set("0", Value::One(name.clone()));
                }
                let output = self.code_of(&call.argv[0].text, text, span, flow);
                self.state = state;
                self.state.positional = positional;
                output
            }
            "fish" => {
                let positional = self.state.positional.replace(rest.to_vec());
                let state = self.state.clone();
                let output = self.code_in(text, span, flow, Dialect::Fish);
                self.state = state;
                self.state.positional = positional;
                output
            }
            "env" => self.code(&format!("{text} {}", rest.join(" ")), span, flow),
            "nu" => self.code_in(text, span, flow, Dialect::Nu),
            "trap" => self.code_here(text, span, flow),
            "git" => self.code(text.strip_prefix('!').unwrap_or(text), span, flow),
            _ => self.code(text, span, flow),
        }
    }
}

/// One program with its arguments, read by its spec.
pub(super) struct Call<'a> {
    pub(super) spec: &'static Spec,
    pub(super) args: &'a Args<'a>,
    pub(super) argv: &'a [Field],
    pub(super) program: &'static str,
    pub(super) span: Span,
}

impl Call<'_> {
    pub(super) fn recursive(&self) -> bool {
        match self.args.spec.recursive {
            Recursive::Never => false,
            Recursive::Always => true,
            Recursive::With(flags) => self.args.has_any(flags),
        }
    }

    /// Code in another language with what it finds when it runs.
    pub(super) fn payload<'a>(
        &'a self,
        language: Language,
        text: &'a str,
        span: Span,
        input: Option<&'a str>,
    ) -> Payload<'a> {
        let by_line = matches!(language, Language::Perl | Language::Ruby);
        Payload {
            language,
            text,
            program: self.program,
            span,
            arguments: self.args,
            input,
            each_line: by_line && (self.args.has("-n") || self.args.has("-p")),
            prints_line: by_line && self.args.has("-p"),
        }
    }

    /// The signal that is sent, `TERM` where none is named.
    pub(super) fn signal(&self) -> String {
        for item in &self.args.items {
            match item.role {
                Role::Value(flag) if matches!(flag.names[0], "-" | "-s" | "-n" | "--signal") => {
                    return item.text.trim_start_matches("SIG").to_owned();
                }
                Role::Flag(flag) if flag.value.is_none() && flag.names[0].len() > 2 => {
                    return flag.names[0].trim_start_matches('-').to_owned();
                }
                _ => {}
            }
        }
        "TERM".to_owned()
    }
}

/// What going through the values has shown.
#[derive(Default)]
pub(super) struct Seen {
    /// True where code was given by operand or flag, so that standard input is not code.
    pub(super) code: bool,
    /// True where an operand was read.
    pub(super) read_operand: bool,
    /// What is known of the content of those.
    pub(super) content: String,
    /// Paths that are written.
    pub(super) written: Vec<String>,
    /// The directory to work in.
    pub(super) directory: Option<String>,
    /// The output of a nested command.
    pub(super) output: Option<String>,
    /// What code in the program's own language printed.
    pub(super) printed: Option<String>,
}

impl Seen {
    pub(super) fn add_printed(&mut self, more: Option<String>) {
        if let Some(more) = more {
            self.printed.get_or_insert_default().push_str(&more);
        }
    }
}
