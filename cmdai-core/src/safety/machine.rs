//! The bounded interpreter: walks a program as a shell would, with values that may be unknown, and
//! writes down what its commands do.
//!
//! Nothing is run, read or asked. Both branches of a condition are walked one after the other, loops
//! are walked for the values that are known, and everything is paid from one budget of [`FUEL`]; when
//! it is used up, or code is nested too deep, the rest is left out and [`Machine::cut`] says so.

use std::rc::Rc;
use std::sync::Arc;

pub(super) use super::state::State;
use super::value::Unknowns;
use super::{Effect, ResolvedCommand};
use crate::Context;
use crate::line::{Dialect, Span};
use crate::syntax::ir::{Command, Program};

/// Steps that one line may take: a command costs one, a word of text about one for each 64 bytes.
pub(super) const FUEL: u32 = 2_250;
/// Depth of programs within programs, substitutions and code arguments included.
pub(super) const DEPTH: u32 = 24;
/// Pieces of a line, or of code in it, that are read: more than there are steps for.
pub(super) const PIECES: usize = 8 * 1024;
/// Bytes of code arguments that are parsed again, over the whole line.
pub(super) const CODE_BYTES: usize = 64 * 1024;
/// Bytes at the end of a line that are walked where the rest was too long.
const TAIL: usize = 2 * 1024;
/// Pieces of code that lie too deep and are walked later.
const DEFERRED: usize = 32;
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
    /// An associative array.
    Map(Vec<(String, String)>),
}

impl Default for Value {
    fn default() -> Self {
        Self::One(String::new())
    }
}

/// Code that lies too deep to be walked where it stands; it is walked at the end, from the top.
pub(super) enum Deferred {
    /// Text that is run as code.
    Code(String, Dialect),
    /// A program that the line holds.
    Program(Program),
    /// A command with its arguments.
    Command(Vec<Field>),
}

/// How the last command ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    /// It succeeded.
    True,
    /// It failed.
    False,
    /// Nobody can tell.
    #[default]
    Unknown,
}

impl Status {
    /// As the shell's `!` has it.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// For what is known to be so.
    pub(super) fn known(success: bool) -> Self {
        if success { Self::True } else { Self::False }
    }
}

/// Why the code that stands next is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// `break` or `continue`.
    Round,
    /// `return`.
    Function,
    /// `exit`, or a failure under `set -e`.
    Shell,
}

/// Something that follows from how a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    /// The outcome from which it follows.
    pub(super) on: bool,
    pub(super) what: Known,
}

/// What a [`Fact`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// The unknown text is not empty.
    NotEmpty(String),
    /// The unknown text is this.
    Equals(String, String),
    /// The working directory is this; of `cd`, where it failed.
    Directory(String),
    /// The working directory is what it seems.
    Entered,
    /// What was copied last has been copied.
    Copied,
    /// These paths have been used up.
    Spare(Vec<String>),
    /// This path has been copied by the command after so many, and after so many effects.
    Moved(String, usize, usize),
    /// Packages have been built by the command after so many.
    Built(usize),
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
    /// What PowerShell remembers.
    pub(super) memory: super::powershell::Memory,
    pub(super) effects: Vec<Effect>,
    pub(super) commands: Vec<ResolvedCommand>,
    /// Commands whose name or code could not be known.
    pub(super) unresolved: usize,
    /// True where the budget did not suffice.
    pub(super) cut: bool,
    /// What went into programs whose output nobody can tell, by the hole that stands for that output.
    pub(super) filtered: Vec<(char, String)>,
    /// Files that the line wrote itself, with what is known of their content.
    pub(super) files: Vec<(String, String)>,
    /// Folders that were copied from a repository elsewhere.
    pub(super) cloned: Vec<String>,
    /// Those of them that came over an open line, or from a host that is nobody's forge.
    pub(super) strange: Vec<String>,
    /// Those of them that a forge has sent.
    pub(super) forged: Vec<super::routine::Clone>,
    /// Pages that were fetched, and whether they are a publisher's.
    pub(super) vouched: Vec<(char, bool)>,
    /// Set while walking code that is not part of the line's own text: the word it came from.
    pub(super) outer: Option<Span>,
    /// True while effects are not this machine's: inside a throw-away container.
    pub(super) mute: bool,
    /// Inside a fresh container: which of its folders is which of ours; nothing else there matters.
    pub(super) mounts: Option<Vec<(String, String)>>,
    /// True while the code runs on another machine, where no folder is the working directory.
    pub(super) abroad: bool,
    /// True inside a pipeline of several commands or in the background.
    pub(super) detached: bool,
    /// The redirection that ties the commands being walked to another machine.
    pub(super) socket: Option<Span>,
    pub(super) fuel: u32,
    pub(super) depth: u32,
    pub(super) code_bytes: usize,
    /// Lines that `read` has yet to take.
    pub(super) pending_input: Option<String>,
    /// Names of the functions being walked.
    pub(super) active: Vec<String>,
    /// The conditions and loops around the calls of those.
    pub(super) active_guards: Vec<u32>,
    pub(super) called: Vec<String>,
    /// Every alias that the line defines, with its text and where it stands.
    pub(super) aliased: Vec<(String, String, Span)>,
    /// Every function that the line defines.
    pub(super) defined: Vec<(String, Arc<Command>)>,
    /// Bodies of functions that stand in code from a value, with the words of the line that it came from.
    pub(super) foreign: Vec<(Arc<Command>, Span)>,
    /// How the last command ended, and what follows from that.
    pub(super) status: Status,
    pub(super) facts: Vec<Fact>,
    /// What follows from the end of the command before this one: `$?`.
    pub(super) earlier_facts: Vec<Fact>,
    /// What `local` has hidden, to be put back where the function ends.
    pub(super) locals: Vec<(String, Option<Value>)>,
    /// How many conditions and loops lie around the command.
    pub(super) guards: u32,
    /// How many loops lie around the command.
    pub(super) loops: u32,
    /// Programs that read what is written to a path: `>(…)`.
    pub(super) consumers: Vec<(String, Rc<Program>)>,
    /// Where `exec > >(…)` has led standard output.
    pub(super) exec_sink: Option<String>,
    /// Set where the code that stands next is not reached.
    pub(super) ended: Option<End>,
    /// States in which rounds of the loop, and calls of the function, ended before their last command.
    pub(super) rounds: Vec<State>,
    pub(super) returns: Vec<State>,
    /// What lies too deep, and what to know when it is walked.
    pub(super) deferred: Vec<(Deferred, Span, State)>,
    /// Arms that were picked for the command being expanded.
    pub(super) picked: Vec<(u32, usize)>,
    /// A choice whose texts are several words each, so that the command is expanded once for each.
    pub(super) splits: Option<(u32, usize)>,
    /// How often commands were run once for each arm of a choice.
    pub(super) pivots: u32,
    /// `$RANDOM` and the like have been asked for; `$_`.
    pub(super) last_argument: String,
    /// Set for one call of `run`: by a shell, which knows functions, and with a first word that stands in the text as it
    /// is and may be an alias. A program that runs another, and a word that came out of an expansion, know none.
    pub(super) by: By,
    /// What only zsh has.
    pub(super) zsh: super::zsh::Zsh,
    /// Variables of nushell, which hold values; the last of a name counts.
    pub(super) values: Vec<(String, super::nu::Value)>,
    /// Descriptors that `exec 3<>…` opened, with what is known of what they read.
    pub(super) descriptors: Vec<(u32, String)>,
    /// What comes in where a word is expanded: what a program in `$(…)` reads.
    pub(super) stdin: Option<String>,
    /// What the statements of a database client print, for the command that it is told to print into.
    pub(super) piped_rows: Option<String>,
    /// The file of a database that statements have attached and that others run.
    pub(super) attached: Option<String>,
    /// What the pipeline at hand empties before it runs.
    pub(super) emptied: super::redirect::Emptied,
}

/// Who runs a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    /// A program, which knows nothing of the shell's names.
    #[default]
    Program,
    /// A shell, with a word that came out of an expansion or of quotes: a function, but no alias.
    Shell,
    /// A shell, with a word as it was typed.
    Typed,
}

impl<'c> Machine<'c> {
    pub(super) fn new(ctx: &'c Context) -> Self {
        let cwd = ctx.cwd.clone().unwrap_or_default();
        Self {
            ctx,
            dialect: ctx.dialect,
            unknowns: Unknowns::default(),
            state: State::at(cwd),
            memory: super::powershell::Memory::default(),
            effects: Vec::new(),
            commands: Vec::new(),
            unresolved: 0,
            cut: false,
            filtered: Vec::new(),
            files: Vec::new(),
            cloned: Vec::new(),
            strange: Vec::new(),
            forged: Vec::new(),
            vouched: Vec::new(),
            outer: None,
            mute: false,
            mounts: None,
            abroad: false,
            detached: false,
            socket: None,
            fuel: FUEL,
            depth: 0,
            code_bytes: 0,
            pending_input: None,
            active: Vec::new(),
            active_guards: Vec::new(),
            called: Vec::new(),
            aliased: Vec::new(),
            defined: Vec::new(),
            foreign: Vec::new(),
            status: Status::Unknown,
            facts: Vec::new(),
            earlier_facts: Vec::new(),
            locals: Vec::new(),
            guards: 0,
            loops: 0,
            consumers: Vec::new(),
            exec_sink: None,
            ended: None,
            rounds: Vec::new(),
            returns: Vec::new(),
            deferred: Vec::new(),
            picked: Vec::new(),
            splits: None,
            pivots: 0,
            last_argument: String::new(),
            by: By::Program,
            zsh: super::zsh::Zsh::default(),
            values: Vec::new(),
            descriptors: Vec::new(),
            stdin: None,
            piped_rows: None,
            attached: None,
            emptied: super::redirect::Emptied::default(),
        }
    }

    /// Walks a whole line, then the functions that it defines without calling them and what lay too deep.
    pub(super) fn line(&mut self, program: &Program) {
        self.program(program, Flow::default());
        if self.fuel == 0 {
            self.last_statements(program);
        }
        let mut next = 0;
        if super::shown::only_shows(program, self.dialect) {
            next = self.defined.len();
        } else {
            self.uncalled_functions();
        }
        while let Some((name, body)) = self.defined.get(next).cloned() {
            next += 1;
            if !self.called.contains(&name) {
                self.ended = None;
                if self.dialect == Dialect::Zsh && self.hears_lines(&name) {
                    // It is given every line that is typed.
                    let typed = self.unknowns.hole("what you type", super::value::Origin::Secret).to_string();
                    self.state.positional = Some(Rc::new(vec![typed.clone(), typed.clone(), typed]));
                }
                if self.dialect == Dialect::Zsh && name == "chpwd" {
                    // It is called on leaving any folder.
                    let left = self.unknowns.hole("the folder you leave", super::value::Origin::Variable);
                    let left = format!("{}/{left}", super::value::HOME);
                    self.set("OLDPWD", Value::One(left));
                }
                self.active.push(name);
                self.active_guards.push(self.guards);
                let before = self.effects.len();
                let outer = self.outer;
                self.outer = outer.or(self.words_of(&body));
                self.command(&body, Flow::default());
                self.outer = outer;
                self.active.pop();
                self.active_guards.pop();
                // `function rm; command rm -i $argv; end` asks about what it is given.
                let asks = |effect: &Effect| {
                    effect.detail == "asks" && effect.target.class == super::TargetClass::Unknown
                };
                let mut at = 0;
                self.effects.retain(|effect| {
                    at += 1;
                    at <= before || !asks(effect)
                });
            }
        }
        self.uncalled_aliases();
        let mut walked = 0;
        while let Some((code, span, state)) = self.deferred.pop() {
            walked += 1;
            if walked > DEFERRED {
                self.cut = true;
                break;
            }
            self.state = state;
            self.ended = None;
            self.outer = Some(span);
            match code {
                Deferred::Code(text, dialect) => self.code_in(&text, span, Flow::default(), dialect),
                Deferred::Program(program) => self.program(&program, Flow::default()),
                Deferred::Command(argv) => {
                    self.by = By::Typed;
                    self.run(&argv, span, Flow::default())
                }
            };
            self.outer = None;
        }
        self.settings_become_variables(program);
    }

    /// Walks the last statements, the very last first: padding in front hides nothing at the end.
    fn last_statements(&mut self, program: &Program) {
        self.fuel = FUEL / 8;
        self.state = State::at(self.ctx.cwd.clone().unwrap_or_default());
        for statement in program.statements.iter().rev().take(32) {
            self.ended = None;
            self.depth = 1;
            self.statement(statement, Flow::default(), &mut String::new());
        }
        self.depth = 0;
    }

    /// True for a function of zsh that is given every line that is typed.
    fn hears_lines(&mut self, name: &str) -> bool {
        let listed = |machine: &mut Self, list: &str| match machine.get(list) {
            Some(Value::Many(names)) => names.iter().any(|known| known == name),
            Some(Value::One(known)) => known == name,
            _ => false,
        };
        matches!(name, "preexec" | "zshaddhistory")
            || listed(self, "preexec_functions")
            || listed(self, "zshaddhistory_functions")
    }

    /// Walks the end of a line of which the parser has read only the beginning.
    pub(super) fn tail(&mut self, line: &str, left_out: Span) {
        let from = left_out.start.max(line.len().saturating_sub(TAIL));
        let Some(cut) = (from..line.len()).find(|&at| line.is_char_boundary(at)) else { return };
        let Some(border) = line[cut..].find([';', '\n']) else { return };
        self.fuel = self.fuel.max(FUEL / 8);
        self.state = State::at(self.ctx.cwd.clone().unwrap_or_default());
        (self.ended, self.depth, self.code_bytes) = (None, 0, 0);
        let text = &line[cut + border + 1..];
        self.code_in(text, left_out, Flow::default(), self.ctx.dialect);
        if self.fuel == 0 {
            let outer = self.outer.replace(left_out);
            self.last_statements(&crate::syntax::parse(text, self.ctx.dialect).program);
            self.outer = outer;
        }
    }

    /// Keeps what lies too deep for later. What it writes stays unknown.
    pub(super) fn defer(&mut self, code: Deferred, span: Span, flow: Flow<'_>) -> String {
        // Its text or tree is copied.
        let price = 64 + span.len() / 16;
        if self.deferred.len() < DEFERRED && self.spend(price) {
            let span = self.at(span);
            self.deferred.push((code, span, self.state.clone()));
        } else {
            self.cut = true;
        }
        if !flow.want {
            return String::new();
        }
        self.cut = true;
        self.unknowns.hole("…", super::value::Origin::Program).to_string()
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

    /// Text of the code being walked. In that of the line itself our private characters are replaced; code
    /// that was put together from values has none but ours.
    pub(super) fn own<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        if self.outer.is_some() { text.into() } else { super::value::clean(text) }
    }

    /// The words of the line that a function's body came from, where its own places are in another text.
    pub(super) fn words_of(&self, body: &Arc<Command>) -> Option<Span> {
        self.foreign.iter().rev().find(|(known, _)| Arc::ptr_eq(known, body)).map(|(_, span)| *span)
    }

    /// Where something stands in the line that was judged.
    pub(super) fn at(&self, span: Span) -> Span {
        self.outer.unwrap_or(span)
    }
}
