//! Text that becomes code: arguments of `sh -c`, variables that programs run, functions.

use super::machine::{CODE_BYTES, DEPTH, Field, Flow, Machine, Value};
use super::value::{self, Origin};
use super::{EffectKind, TargetClass, data};
use crate::line::{Dialect, Span};
use crate::syntax::{self, Limits};

impl Machine<'_> {
    /// A variable that some program runs as code was set for it.
    pub(super) fn code_variable(&mut self, name: &str, span: Span) {
        if matches!(name, "LD_PRELOAD" | "DYLD_INSERT_LIBRARIES" | "BASH_ENV") {
            let target = self.target(TargetClass::Unknown, name, span);
            self.emit(EffectKind::RunCode, target, false, "sh", span);
            return;
        }
        if matches!(name, "PS1" | "PS4") {
            // A prompt is expanded as if it stood in double quotes.
            if let Some(Value::One(text)) = self.get(name)
                && text.contains(['$', '`'])
            {
                self.code(&format!("echo \"{}\"", text.replace('"', "")), span, Flow::default());
            }
            return;
        }
        if !data::holds(data::CODE_VARIABLES, name) {
            return;
        }
        if let Some(Value::One(code)) = self.get(name) {
            self.code(&code, span, Flow::default());
        }
    }

    /// Walks text that a program gives to a shell; `span` is the word it stands in.
    ///
    /// Programs start `sh`, whatever shell they were started from.
    pub(super) fn code(&mut self, text: &str, span: Span, flow: Flow<'_>) -> String {
        let dialect = match self.dialect {
            Dialect::Bash | Dialect::Posix | Dialect::Zsh => self.dialect,
            _ => Dialect::Bash,
        };
        self.code_in(text, span, flow, dialect)
    }

    /// Walks text that this shell itself runs, as `eval` and aliases do.
    pub(super) fn code_here(&mut self, text: &str, span: Span, flow: Flow<'_>) -> String {
        self.code_in(text, span, flow, self.dialect)
    }

    /// Walks text that a shell called by this name runs; this shell itself where `name` is none.
    pub(super) fn code_of(&mut self, name: &str, text: &str, span: Span, flow: Flow<'_>) -> String {
        let dialect = name.parse().unwrap_or(self.dialect);
        self.code_in(text, span, flow, dialect)
    }

    /// Walks text as code of another dialect.
    pub(super) fn code_in(&mut self, text: &str, span: Span, flow: Flow<'_>, dialect: Dialect) -> String {
        self.report_unknown_code(text, span);
        if text.trim().is_empty() {
            return String::new();
        }
        self.code_bytes += text.len();
        if self.depth >= DEPTH || self.code_bytes > CODE_BYTES || !self.spend(1 + text.len() / 64) {
            self.cut = true;
            return String::new();
        }
        let limits = Limits { depth: (DEPTH - self.depth) as usize, ..Limits::default() };
        let parsed = syntax::parse_within(text, dialect, limits);
        if !parsed.is_complete() {
            self.unresolved += 1;
        }
        let outer = self.outer.replace(self.outer.unwrap_or(span));
        let dialect_before = std::mem::replace(&mut self.dialect, dialect);
        let output = self.program(&parsed.program, flow);
        self.dialect = dialect_before;
        self.outer = outer;
        output
    }

    /// Writes down that code runs which the line does not show, and where it comes from.
    pub(super) fn report_unknown_code(&mut self, text: &str, span: Span) {
        let Some(origin) = self.unknowns.origin(text) else { return };
        let shown = self.unknowns.show(text);
        match origin {
            Origin::Network => {
                let target = self.target(TargetClass::Host, &shown, span);
                self.emit(EffectKind::RunCode, target, false, "sh", span);
            }
            Origin::Socket => {
                let target = self.target(TargetClass::Host, &shown, span);
                self.emit(EffectKind::RemoteShell, target, false, "sh", span);
            }
            Origin::Variable | Origin::Program | Origin::Shell | Origin::Secret => {
                // A variable inside known code is an argument; code that begins with one is not known.
                if text.trim_start().starts_with(value::is_hole) {
                    let target = self.target(TargetClass::Unknown, &shown, span);
                    self.emit(EffectKind::RunCode, target, false, "sh", span);
                    self.unresolved += 1;
                }
            }
        }
    }

    /// Calls a function of the line; `None` where there is none of this name.
    pub(super) fn call(&mut self, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        let name = &argv[0].text;
        let body = self
            .state
            .functions
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, body)| body.clone())?;
        if !self.called.contains(name) {
            self.called.push(name.clone());
        }
        if self.active.contains(name) {
            if self.detached {
                let span = self.at(argv[0].span);
                let target = self.target(TargetClass::Process, name, span);
                self.emit(EffectKind::Exhaust, target, true, name, span);
            }
            return Some(String::new());
        }
        let arguments = argv[1..].iter().map(|field| field.text.clone()).collect();
        let positional = self.state.positional.replace(arguments);
        self.active.push(name.clone());
        let output = self.nested_command(&body, flow);
        self.active.pop();
        self.state.positional = positional;
        Some(output)
    }
}
