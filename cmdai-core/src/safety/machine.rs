//! The bounded interpreter: walks a program as a shell would, with values that may be unknown, and
//! writes down what its commands do.
//!
//! Nothing is run, read or asked. Both branches of a condition are walked one after the other, loops
//! are walked for the values that are known, and everything is paid from one budget of [`FUEL`]; when
//! it is used up, or code is nested too deep, the rest is left out and [`Machine::cut`] says so.

use std::rc::Rc;

use super::value::Unknowns;
use super::{Effect, ResolvedCommand};
use crate::Context;
use crate::line::{Dialect, Span};
use crate::syntax::ir::{Command, Program};

/// Steps that one line may take: a command costs one, a word of text about one for each 64 bytes.
pub(super) const FUEL: u32 = 8_000;
/// Depth of programs within programs, substitutions and code arguments included.
pub(super) const DEPTH: u32 = 24;
/// Bytes of code arguments that are parsed again, over the whole line.
pub(super) const CODE_BYTES: usize = 128 * 1024;
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
    /// The language of the code being walked; that of the line until it runs code of another.
    pub(super) dialect: Dialect,
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
            dialect: ctx.dialect,
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
}
