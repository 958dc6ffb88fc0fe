//! Text that a program runs in a language of its own: what that text does.
//!
//! `python -c`, `perl -e`, `awk`, `psql -c`, a script on standard input. Expression languages share one
//! reader ([`lex`]) and one bounded evaluator ([`Script`]): strings that are put together, variables
//! that were set before, lists, loops and functions of the text are followed; every call that is found
//! in a table ([`tables`]) does to the [`Machine`] what the same thing in a shell would. What cannot be
//! known is a hole, as everywhere; a call that is in no table does nothing.

mod acts;
mod after;
mod awk;
mod blocks;
mod calls;
mod clients;
mod compiled;
pub(super) mod decode;
mod deno;
mod editors;
mod expr;
mod files;
mod foreign;
pub(super) use self::foreign::as_shell;
pub(super) use self::sed::{replacements, sed_prints_nothing};
mod format;
mod http;
mod lex;
mod lists;
mod methods;
mod operand;
mod picked;
mod plots;
mod preload;
mod procedures;
mod pure;
mod redis;
mod restores;
pub(super) use self::restores::RESTORES;
mod runners;
mod sed;
mod sql;
mod sql_client;
mod sql_rights;
mod sql_values;
mod statement;
mod stores;
mod tables;
mod val;

use std::cell::Cell;
use std::rc::Rc;

use self::lex::{Piece, Tok, Token};
use self::val::Val;
use super::machine::{DEPTH, Machine};
use super::value::{self, Origin};
use super::{EffectKind, TargetClass};
use crate::line::Span;
use crate::specs::{Args, Language};

/// Tokens of one text.
const TOKENS: usize = 4 * 1024;
/// Tokens that may be looked at beyond the one at hand, over one text.
const SCANS: u32 = 200_000;
/// Nesting of brackets, functions and blocks.
const NESTING: u32 = 36;
/// Variables and functions that are remembered.
const NAMES: usize = 256;

/// Code with all that is known of how it runs.
#[derive(Clone, Copy)]
pub(super) struct Payload<'a> {
    pub(super) language: Language,
    pub(super) text: &'a str,
    pub(super) program: &'a str,
    pub(super) span: Span,
    /// What the code finds as its arguments.
    pub(super) arguments: &'a Args<'a>,
    /// What it finds on standard input.
    pub(super) input: Option<&'a str>,
    /// `-n` and `-p` of Perl and Ruby: runs for each line, and prints it.
    pub(super) each_line: bool,
    pub(super) prints_line: bool,
}

/// A function of the text.
#[derive(Clone)]
struct Function {
    tokens: Rc<[Token]>,
    parameters: Vec<String>,
    start: usize,
    end: usize,
    called: bool,
    active: bool,
}

/// A place in a row of tokens.
#[derive(Clone)]
struct Cursor {
    tokens: Rc<[Token]>,
    at: usize,
    end: usize,
    /// What is left for looking ahead.
    scans: Rc<Cell<u32>>,
}

impl Cursor {
    fn peek(&self) -> Option<&Tok> {
        self.look(0)
    }

    fn look(&self, ahead: usize) -> Option<&Tok> {
        let at = self.at + ahead;
        (at < self.end).then(|| self.tokens.get(at)).flatten().map(|token| &token.kind)
    }

    /// True where a blank stands before the next token.
    fn spaced(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.spaced)
    }

    fn is(&self, op: &str) -> bool {
        matches!(self.peek(), Some(Tok::Op(known)) if *known == op)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), Some(Tok::Name(known)) if known == name)
    }

    fn take(&mut self, op: &str) -> bool {
        let hit = self.is(op);
        self.at += usize::from(hit);
        hit
    }

    fn take_name(&mut self, name: &str) -> bool {
        let hit = self.is_name(name);
        self.at += usize::from(hit);
        hit
    }

    /// Takes one look ahead from the budget.
    fn scan(&self) -> bool {
        let left = self.scans.get();
        self.scans.set(left.saturating_sub(1));
        left > 0
    }

    fn skip_lines(&mut self) {
        while matches!(self.peek(), Some(Tok::Line(_))) {
            self.at += 1;
        }
    }

    /// The place of the bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0usize;
        for at in open..self.end {
            if !self.scan() {
                break;
            }
            match self.tokens.get(at).map(|token| &token.kind) {
                Some(Tok::Op("(" | "[" | "{")) => depth += 1,
                Some(Tok::Op(")" | "]" | "}")) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
        self.end
    }

    fn part(&self, start: usize, end: usize) -> Self {
        let end = end.min(self.end);
        Self { tokens: Rc::clone(&self.tokens), at: start.min(end), end, scans: Rc::clone(&self.scans) }
    }
}

/// The evaluator of one text.
struct Script<'m, 'c, 'p> {
    machine: &'m mut Machine<'c>,
    what: Payload<'p>,
    variables: Vec<(String, Val)>,
    functions: Vec<Function>,
    /// Modules all of whose names are here: `from os import *`.
    stars: Vec<String>,
    printed: String,
    prints: bool,
    returned: Option<Val>,
    loops: u32,
    nesting: u32,
    /// The file that was last opened to be written.
    opened: Option<String>,
    /// The file that was last opened to be read.
    reading: Option<String>,
    /// A connection was opened.
    socket: bool,
    /// Standard input is the connection.
    fed: bool,
    /// A shell that takes commands from its input was started.
    shell: bool,
    /// Walking a function that nobody called: what is not known there is no finding.
    idle: bool,
    /// Walking a tree: what is deleted is deleted below too.
    walking: bool,
    steps: u32,
    scans: Rc<Cell<u32>>,
}

impl Machine<'_> {
    /// Walks code in another language; the text it prints, where that is known.
    pub(super) fn script(&mut self, what: Payload<'_>) -> Option<String> {
        if what.language == Language::Perl && what.text.contains("new IO::Socket") {
            // The old way to call a constructor.
            let text = what
                .text
                .replace("new IO::Socket::INET(", "IO::Socket::INET->new(")
                .replace("new IO::Socket::INET6(", "IO::Socket::INET6->new(")
                .replace("new IO::Socket::SSL(", "IO::Socket::SSL->new(")
                .replace("new IO::Socket::UNIX(", "IO::Socket::UNIX->new(");
            if !text.contains("new IO::Socket") {
                return self.script(Payload { text: &text, ..what });
            }
        }
        if what.language == Language::Perl {
            // `(?{ code })` runs while the pattern is tried.
            for inner in what.text.split("(?{").skip(1).chain(what.text.split("(??{").skip(1)).take(4) {
                if let Some((code, _)) = inner.split_once("})") {
                    self.script(Payload { text: code, ..what });
                }
            }
        }
        let rewritten =
            (what.language == Language::Perl).then(|| without_indirect_objects(what.text)).flatten();
        let what = Payload { text: rewritten.as_deref().unwrap_or(what.text), ..what };
        if let Some(text) = self.with_names_whole(what.text) {
            self.script(Payload { text: &text, ..what });
        }
        if self.depth >= DEPTH
            || !self.spend(1 + (what.text.len() + 32 * what.input.map_or(0, str::len)) / 256)
        {
            self.cut = true;
            return None;
        }
        if gathers_without_end(what.text) && !matches!(what.language, Language::Sed | Language::Editor) {
            let target = self.target(TargetClass::Named, "memory", what.span);
            self.emit_with(EffectKind::Exhaust, target, false, what.program, what.span, "memory");
        }
        self.depth += 1;
        let outer = self.outer.replace(self.outer.unwrap_or(what.span));
        let printed = self.other_language(what);
        if what.language == Language::Python && !self.files.is_empty() {
            self.imports(&what);
        }
        if ["TIOCSTI", "0x5412", "21522"].iter().any(|call| what.text.contains(call)) {
            // It puts letters where a terminal reads them, as if they were typed there.
            for text in literals(what.text).into_iter().take(16) {
                self.typed(&text, what.span);
            }
        }
        self.outer = outer;
        self.depth -= 1;
        printed
    }

    /// The code where variables of the shell that stand within a word of it are empty: `db.dropData${z}base()`. Nobody sets one
    /// to have its value there. `None` where there is none such.
    fn with_names_whole(&self, text: &str) -> Option<String> {
        if !value::has_hole(text) {
            return None;
        }
        let letters: Vec<char> = text.chars().collect();
        let is_within = |at: usize| {
            let beside = |at: Option<usize>| {
                at.and_then(|at| letters.get(at)).is_some_and(|letter| letter.is_ascii_alphabetic())
            };
            beside(at.checked_sub(1)) && beside(Some(at + 1))
        };
        let is_empty = |(at, letter): (usize, &char)| {
            value::is_hole(*letter)
                && is_within(at)
                && self.unknowns.origin(letter.encode_utf8(&mut [0; 4])) == Some(Origin::Variable)
        };
        let whole: String =
            letters.iter().enumerate().filter(|one| !is_empty(*one)).map(|(_, letter)| *letter).collect();
        (whole.len() < text.len()).then_some(whole)
    }

    /// `import x` where the line wrote `x.py`, here or in a folder of `PYTHONPATH`.
    fn imports(&mut self, what: &Payload<'_>) {
        let folders = match self.get("PYTHONPATH") {
            Some(super::machine::Value::One(list)) => list,
            _ => String::new(),
        };
        let lines = what.text.split(['\n', ';']).map(str::trim).take(256);
        let names: Vec<String> = lines
            .filter_map(|line| line.strip_prefix("import ").or_else(|| line.strip_prefix("from ")))
            .flat_map(|rest| rest.split(" import").next().unwrap_or_default().split(','))
            .filter_map(|name| name.split_whitespace().next())
            .map(|name| name.trim_start_matches('.').replace('.', "/"))
            .take(16)
            .collect();
        for name in names {
            let path = format!("{name}.py");
            let here = [path.clone(), format!("{name}/__init__.py")];
            let there = folders.split(':').filter(|folder| !folder.is_empty()).take(4);
            let mut places = here.into_iter().chain(there.map(|folder| format!("{folder}/{path}")));
            let Some(text) = places.find_map(|path| self.own_file(&path)) else { continue };
            if text != what.text {
                self.script(Payload { text: &text, ..*what });
            }
        }
    }

    fn expressions(&mut self, what: Payload<'_>) -> Option<String> {
        let (tokens, whole) = lex::tokens(what.language, what.text, TOKENS);
        if !whole {
            self.cut = true;
        }
        let tokens: Rc<[Token]> = tokens.into();
        let mut script = Script {
            machine: self,
            what,
            variables: Vec::new(),
            functions: Vec::new(),
            stars: Vec::new(),
            printed: String::new(),
            prints: false,
            returned: None,
            loops: 0,
            nesting: 0,
            opened: None,
            reading: None,
            socket: false,
            fed: false,
            shell: false,
            idle: false,
            walking: false,
            steps: 0,
            scans: Rc::new(Cell::new(SCANS)),
        };
        script.whole(&tokens);
        let prints = script.prints;
        let spent = script.scans.get() == 0;
        let printed = script.printed;
        self.cut |= spent;
        prints.then_some(printed)
    }
}

/// Perl's `exec {"rm"} "ls", "-rf", "/"`, which runs `rm` under another name, as `exec "rm", "ls", "-rf", "/"`. `None` where nothing
/// is run so.
fn without_indirect_objects(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut from = 0;
    for (open, _) in text.match_indices('{') {
        let Some(before) = text.get(from..open).map(str::trim_end) else { continue };
        // Not a function of such a name, nor one that only ends so.
        let head = before.strip_suffix("exec").or_else(|| before.strip_suffix("system"));
        let is_call = |head: &str| {
            !head.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '@' | '%' | '>'))
                && !head.trim_end().ends_with("sub")
        };
        if !head.is_some_and(is_call) {
            continue;
        }
        let Some((program, list)) = text.get(open + 1..).and_then(|rest| rest.split_once('}')) else { break };
        out.push_str(before);
        out.push(' ');
        out.push_str(program);
        out.push_str(", ");
        from = text.len() - list.len();
    }
    if from == 0 {
        return None;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Some(out)
}

/// What stands between quotes, in any language.
pub(super) fn literals(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = rest[at..].chars().next().unwrap_or('"');
        let inner = &rest[at + 1..];
        let Some(end) = inner.find(quote) else { break };
        out.push(inner[..end].to_owned());
        rest = &inner[end + 1..];
    }
    out
}

impl Script<'_, '_, '_> {
    fn whole(&mut self, tokens: &Rc<[Token]>) {
        let cursor =
            Cursor { tokens: Rc::clone(tokens), at: 0, end: tokens.len(), scans: Rc::clone(&self.scans) };
        if self.what.each_line {
            let input = self.what.input.map(str::to_owned);
            let lines: Vec<String> = match input {
                Some(input) => input.lines().take(64).map(|line| format!("{line}\n")).collect(),
                None => vec![self.hole("$_", Origin::Program)],
            };
            self.prints = self.what.input.is_some();
            for line in lines {
                self.set("_", Val::Text(line));
                self.block(&mut cursor.clone());
                if self.what.prints_line {
                    let line = self.get("_").and_then(|value| value.as_text()).unwrap_or_default();
                    self.print(&line);
                }
            }
        } else {
            self.block(&mut cursor.clone());
        }
        self.idle = true;
        for index in 0..self.functions.len() {
            if self.functions.get(index).is_some_and(|function| !function.called) {
                self.call_function(index, &[]);
            }
        }
        self.idle = false;
        self.remote_shell(tokens);
    }

    /// A connection and a shell that reads from it.
    fn remote_shell(&mut self, tokens: &[Token]) {
        if !self.socket {
            return;
        }
        let names_shell = |pieces: &[Piece]| {
            pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if is_shell_command(text)))
        };
        let shell = self.shell
            || tokens.iter().any(|token| match &token.kind {
                Tok::Text(pieces) | Tok::Command(pieces) => names_shell(pieces),
                _ => false,
            });
        if self.socket && shell {
            let target = self.machine.target(TargetClass::Host, "the network", self.what.span);
            self.machine.emit(EffectKind::RemoteShell, target, false, self.what.program, self.what.span);
        }
    }

    /// Pays for a step; false where the budget is used up.
    fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps.is_multiple_of(2) {
            return self.machine.spend(1);
        }
        self.machine.fuel > 0
    }

    fn hole(&mut self, name: &str, origin: Origin) -> String {
        self.machine.unknowns.hole(name, origin).to_string()
    }

    fn set(&mut self, name: &str, value: Val) {
        let room = self.variables.len() < NAMES;
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None if room => self.variables.push((name.to_owned(), value)),
            None => self.machine.cut = true,
        }
    }

    fn get(&self, name: &str) -> Option<Val> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn print(&mut self, text: &str) {
        self.prints = true;
        if self.printed.len() + text.len() <= super::machine::VALUE_BYTES {
            self.printed.push_str(text);
        }
    }

    /// A value as text: what is not known is a hole.
    fn text_of(&mut self, value: &Val) -> String {
        match value {
            Val::List(list) => {
                let texts: Vec<String> = list.clone().iter().map(|value| self.text_of(value)).collect();
                texts.join(" ")
            }
            Val::Name(name) if is_environment(name) => self.hole("the environment", Origin::Secret),
            other => other.as_text().unwrap_or_else(|| self.hole("…", Origin::Program)),
        }
    }

    /// The parts of a string put together.
    fn pieces(&mut self, pieces: &[Piece]) -> String {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Code(code) => {
                    let value = self.nested(code);
                    let text = self.text_of(&value);
                    out.push_str(&text);
                }
            }
            if out.len() > super::machine::VALUE_BYTES {
                self.machine.cut = true;
                break;
            }
        }
        out
    }

    /// The value of an expression that stands in a string.
    fn nested(&mut self, code: &str) -> Val {
        if self.nesting >= NESTING || !self.machine.spend(1 + code.len() / 64) {
            self.machine.cut = true;
            return Val::None;
        }
        let (tokens, _) = lex::tokens(self.what.language, code, TOKENS);
        let end = tokens.len();
        let mut cursor = Cursor { tokens: tokens.into(), at: 0, end, scans: Rc::clone(&self.scans) };
        self.nesting += 1;
        let mut value = Val::None;
        while cursor.at < cursor.end {
            let before = cursor.at;
            value = self.expression(&mut cursor, 0);
            if cursor.at == before || cursor.is("}") {
                cursor.at += 1;
            }
        }
        self.nesting -= 1;
        value
    }
}

/// True for `sh`, `/bin/bash -i` and the like: a shell that reads commands from its input.
fn is_shell_command(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| !word.contains(['<', '>', '&']));
    let program = words.next().and_then(|word| word.rsplit(['/', '\\']).next()).unwrap_or_default();
    let shell = matches!(
        program,
        "sh" | "bash"
            | "zsh"
            | "dash"
            | "ash"
            | "ksh"
            | "fish"
            | "csh"
            | "tcsh"
            | "cmd.exe"
            | "cmd"
            | "powershell"
            | "powershell.exe"
            | "pwsh"
    );
    shell && words.all(|word| word.starts_with('-') && !word.contains('c'))
}

/// True for a loop without end in which a text or list grows, and which neither waits nor ends.
fn gathers_without_end(text: &str) -> bool {
    if text.len() > 4096 {
        return false;
    }
    let dense: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let starts = [
        "while1",
        "whileTrue",
        "while(1)",
        "while(true)",
        "while(!0)",
        "for(;;)",
        "whiletrue",
        "loop{",
        "loopdo",
    ];
    let Some(at) = starts.iter().filter_map(|start| dense.find(start)).min() else { return false };
    let grows = |body: &str| {
        let gathers =
            [".append(", ".push(", ".extend(", ".concat(", "push@", "push(@", "<<\"", "*=2", "x1e", ".="]
                .iter()
                .any(|call| body.contains(call));
        let adds = body.match_indices("+=").any(|(at, _)| {
            !body.get(at + 2..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        gathers || adds
    };
    let body = dense.get(at..).unwrap_or_default();
    let ends = [
        "break", "sleep", "return", "exit", "input(", "recv", "accept(", "read", "await", "yield", "last",
        "wait", "raise",
    ];
    // Perl says so behind what is done.
    let behind = dense.ends_with("while1") || dense.ends_with("while1;") || dense.ends_with("while(1)");
    let whole = if behind { dense.as_str() } else { body };
    grows(whole) && !ends.iter().any(|word| whole.contains(word))
}

/// True for the name of all variables of the environment together.
fn is_environment(name: &str) -> bool {
    matches!(name, "ENV" | "os.environ" | "process.env" | "Deno.env" | "_ENV" | "_SERVER")
        || name.starts_with("ENV.to_")
        || name.ends_with("environ.copy")
        || name.ends_with("os.environ.items")
}

/// True where the whole text is one hole.
fn is_hole_alone(text: &str) -> bool {
    let mut letters = text.trim().chars();
    letters.next().is_some_and(value::is_hole) && letters.next().is_none()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod ways_tests;
