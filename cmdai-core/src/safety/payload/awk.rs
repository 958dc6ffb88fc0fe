//! Programs of awk: what they run (`system`, pipes), write, and print.
//!
//! Values are put together side by side, as awk does it; fields come from the input where it is known.

mod functions;

use std::cell::Cell;
use std::rc::Rc;

use self::functions::format_text;
use super::lex::{self, Piece, Tok, Token};
use super::{Cursor, Payload, SCANS, TOKENS, is_shell_command};
use crate::line::Dialect;
use crate::safety::machine::{Flow, Machine, VALUE_BYTES};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass};
use crate::specs::Language;

/// Lines of input that a program is walked for.
const LINES: usize = 32;

struct Awk<'m, 'c, 'p> {
    machine: &'m mut Machine<'c>,
    what: Payload<'p>,
    variables: Vec<(String, String)>,
    /// The line at hand; `None` where the input is not known.
    line: Option<String>,
    printed: String,
    /// False where what is printed depends on what is not known.
    exact: bool,
    /// True where some lines are left out by what they say.
    selects: bool,
    socket: bool,
    shell: bool,
    /// What was printed into pipes to commands, by the command.
    pipes: Vec<(String, String)>,
    /// Functions of the script: name, parameters, and where the body stands.
    functions: Vec<(String, Vec<String>, Cursor)>,
    /// Those of them that were called.
    called: Vec<String>,
    /// What the function at hand gives.
    returned: Option<String>,
    /// The variable that `getline` at hand reads into; empty where it is the line itself.
    asked: Option<String>,
    depth: u32,
}

impl Machine<'_> {
    /// Walks a program of awk; what it prints, where that can be told.
    pub(super) fn awk(&mut self, what: Payload<'_>) -> Option<String> {
        if what.arguments.has("-S") {
            return None;
        }
        let (tokens, whole) = lex::tokens(Language::Awk, what.text, TOKENS);
        self.cut |= !whole;
        let end = tokens.len();
        let tokens: Rc<[Token]> = tokens.into();
        let mut awk = Awk {
            machine: self,
            what,
            variables: Vec::new(),
            line: None,
            printed: String::new(),
            exact: true,
            selects: crate::safety::streams::awk_selects(what.text),
            socket: false,
            shell: false,
            pipes: Vec::new(),
            functions: Vec::new(),
            called: Vec::new(),
            returned: None,
            asked: None,
            depth: 0,
        };
        for item in what.arguments.values("-v") {
            if let Some((name, text)) = item.text.split_once('=') {
                awk.variables.push((name.to_owned(), crate::safety::pure::unescape(text)));
            }
        }
        if let Some(item) = what.arguments.values("-F").next() {
            awk.set("FS", item.text.to_owned());
        }
        awk.program(Cursor { tokens, at: 0, end, scans: Rc::new(Cell::new(SCANS)) });
        (awk.exact && !awk.printed.is_empty()).then_some(awk.printed)
    }
}

impl Awk<'_, '_, '_> {
    fn program(&mut self, whole: Cursor) {
        // Rules: a pattern, and an action in braces; `BEGIN` and `END` once, others for each line.
        let mut rules: Vec<(Cursor, Option<(usize, usize)>)> = Vec::new();
        let mut c = whole.clone();
        while c.at < c.end {
            while matches!(c.peek(), Some(Tok::Line(_) | Tok::Op(";"))) {
                c.at += 1;
            }
            let start = c.at;
            while c.peek().is_some_and(|tok| !matches!(tok, Tok::Op("{") | Tok::Line(_) | Tok::Op(";"))) {
                c.at += 1;
            }
            let pattern = whole.part(start, c.at);
            let mut action = None;
            if c.is("{") {
                let close = c.closing(c.at);
                action = Some((c.at + 1, close));
                c.at = (close + 1).min(c.end);
            }
            if pattern.at < pattern.end || action.is_some() {
                rules.push((pattern, action));
            } else {
                c.at += 1;
            }
            if rules.len() > 256 {
                break;
            }
        }
        for (pattern, action) in rules.iter().take(32) {
            if let (true, Some((start, end))) = (is_function(pattern), action) {
                let mut names =
                    (pattern.at + 1..pattern.end).filter_map(|at| match &whole.tokens.get(at)?.kind {
                        Tok::Name(name) => Some(name.clone()),
                        _ => None,
                    });
                if let Some(name) = names.next() {
                    self.functions.push((name, names.take(16).collect(), whole.part(*start, *end)));
                }
            }
        }
        let named = |pattern: &Cursor, name: &str| pattern.is_name(name);
        for (pattern, action) in &rules {
            if let (true, Some((start, end))) = (named(pattern, "BEGIN"), action) {
                self.block(&mut whole.part(*start, *end));
            }
        }
        let each: Vec<_> = rules
            .iter()
            .filter(|(pattern, _)| {
                !["BEGIN", "END"].iter().any(|name| named(pattern, name)) && !is_function(pattern)
            })
            .collect();
        if !each.is_empty() {
            let lines: Vec<Option<String>> = match self.input() {
                Some(input) => input.lines().take(LINES).map(|line| Some(line.to_owned())).collect(),
                _ => {
                    self.exact = false;
                    vec![None]
                }
            };
            for line in lines {
                self.line = line;
                for (pattern, action) in &each {
                    if pattern.at < pattern.end {
                        self.exact &=
                            matches!((pattern.peek(), pattern.look(1)), (Some(Tok::Number(1)), None));
                        self.block(&mut (*pattern).clone());
                    }
                    match action {
                        Some((start, end)) => self.block(&mut whole.part(*start, *end)),
                        None => {
                            let line = self.field(0);
                            self.print(&format!("{line}\n"));
                        }
                    }
                }
            }
        }
        for (pattern, action) in &rules {
            if let (true, Some((start, end))) = (named(pattern, "END"), action) {
                self.block(&mut whole.part(*start, *end));
            }
        }
        // What nothing calls by its name may be called by that of a variable.
        for (name, _, mut body) in std::mem::take(&mut self.functions) {
            if !self.called.contains(&name) {
                self.block(&mut body);
            }
        }
        for (command, text) in std::mem::take(&mut self.pipes) {
            if is_shell_command(&command) {
                self.run(&text);
            } else {
                let state = self.machine.state.clone();
                let flow = Flow { input: Some(&text), want: false };
                self.machine.code_in(&command, self.what.span, flow, Dialect::Bash);
                self.machine.state = state;
            }
        }
        if self.socket && self.shell {
            let target = self.machine.target(TargetClass::Host, "the network", self.what.span);
            self.machine.emit(EffectKind::RemoteShell, target, false, self.what.program, self.what.span);
        }
    }

    /// What it reads: files that the line wrote itself, or what comes in.
    fn input(&self) -> Option<String> {
        let mut files = self.what.arguments.operands().skip(1).take(16).peekable();
        if files.peek().is_none() {
            return self.what.input.map(str::to_owned);
        }
        files.map(|item| self.machine.own_file(item.text)).collect()
    }

    fn set(&mut self, name: &str, text: String) {
        let room = self.variables.len() < 128;
        match self.variables.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = text,
            None if room => self.variables.push((name.to_owned(), text)),
            None => self.machine.cut = true,
        }
    }

    fn get(&self, name: &str) -> Option<String> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }

    fn hole(&mut self, name: &str) -> String {
        self.exact = false;
        let origin = self.line.as_deref().and_then(|line| self.machine.unknowns.origin(line));
        let origin = origin.filter(|origin| *origin != Origin::Processes || !self.selects);
        self.machine.unknowns.hole(name, origin.unwrap_or(Origin::Program)).to_string()
    }

    fn field(&mut self, number: i64) -> String {
        let Some(line) = self.line.clone() else { return self.hole(&format!("${number}")) };
        let Ok(number) = usize::try_from(number) else { return String::new() };
        if number == 0 {
            return line;
        }
        let found = match self.get("FS").as_deref() {
            None | Some(" ") => line.split_whitespace().nth(number - 1).map(str::to_owned),
            Some(between) => line.split(between).nth(number - 1).map(str::to_owned),
        };
        match found {
            // A few of the processes are not all of them; and where a row ends that nobody knows, nobody knows.
            Some(text) if self.selects && self.machine.unknowns.comes_from(&text, Origin::Processes) => {
                self.hole(&format!("${number}"))
            }
            None if value::has_hole(&line) => self.hole(&format!("${number}")),
            found => found.unwrap_or_default(),
        }
    }

    fn print(&mut self, text: &str) {
        if self.printed.len() + text.len() <= VALUE_BYTES {
            self.printed.push_str(text);
        }
    }

    fn run(&mut self, code: &str) -> String {
        self.shell |= is_shell_command(code);
        let state = self.machine.state.clone();
        let flow = Flow { input: None, want: true };
        let printed = self.machine.code_in(code, self.what.span, flow, Dialect::Bash);
        self.machine.state = state;
        printed
    }

    fn block(&mut self, c: &mut Cursor) {
        if self.depth > 24 {
            self.machine.cut = true;
            return;
        }
        self.depth += 1;
        while c.at < c.end && self.machine.spend(1) {
            let before = c.at;
            self.statement(c);
            if c.at == before {
                c.at += 1;
            }
        }
        self.depth -= 1;
    }

    fn statement(&mut self, c: &mut Cursor) {
        match c.peek() {
            Some(Tok::Name(name)) if name == "print" || name == "printf" => {
                let formats = name == "printf";
                c.at += 1;
                self.output(c, formats);
            }
            Some(Tok::Name(name)) if name == "for" && matches!(c.look(1), Some(Tok::Op("("))) => self.each(c),
            Some(Tok::Name(name)) if name == "return" => {
                c.at += 1;
                self.exact = false;
                self.returned = Some(self.expression(c));
            }
            Some(Tok::Name(name))
                if matches!(
                    name.as_str(),
                    "if" | "while"
                        | "for"
                        | "do"
                        | "else"
                        | "next"
                        | "exit"
                        | "in"
                        | "delete"
                        | "break"
                        | "continue"
                        | "nextfile"
                ) =>
            {
                self.exact = false;
                c.at += 1;
            }
            Some(_) => {
                self.expression(c);
            }
            None => {}
        }
    }

    /// `for (i = 1; i <= NF; i++) …`; other loops are walked once.
    fn each(&mut self, c: &mut Cursor) {
        c.at += 1;
        let close = c.closing(c.at);
        let mut head = c.part(c.at + 1, close);
        c.at = (close + 1).min(c.end);
        let start = c.at;
        let end = if c.is("{") {
            c.closing(start)
        } else {
            (start..c.end)
                .find(|&at| {
                    matches!(c.tokens.get(at).map(|t| &t.kind), Some(Tok::Op(";" | "}") | Tok::Line(_)))
                })
                .unwrap_or(c.end)
        };
        let body = c.part(start, end);
        c.at = end.max(start);
        let name = match head.peek() {
            Some(Tok::Name(name)) => name.clone(),
            _ => String::new(),
        };
        let from = match (head.look(1), head.look(2)) {
            (Some(Tok::Op("=")), Some(Tok::Number(from))) => Some(*from),
            _ => None,
        };
        head.at += 4;
        let bound = match (head.look(1), head.look(2)) {
            (Some(Tok::Op(op @ ("<" | "<="))), Some(Tok::Number(to))) => {
                Some(if *op == "<" { to - 1 } else { *to })
            }
            (Some(Tok::Op("<" | "<=")), Some(Tok::Name(field))) if field == "NF" => {
                self.line.as_ref().and_then(|line| i64::try_from(line.split_whitespace().count()).ok())
            }
            _ => None,
        };
        match (from, bound) {
            (Some(from), Some(to)) => {
                for number in (from..=to).take(256) {
                    self.set(&name, number.to_string());
                    self.block(&mut body.clone());
                }
            }
            _ => {
                self.exact = false;
                self.block(&mut body.clone());
            }
        }
    }

    /// `print a, b > file`, `print a | "cmd"`.
    fn output(&mut self, c: &mut Cursor, formats: bool) {
        let round = c.is("(") && {
            let close = c.closing(c.at);
            matches!(
                c.part(close + 1, c.end).peek(),
                None | Some(Tok::Op(">" | ">>" | "|" | ";" | "}") | Tok::Line(_))
            )
        };
        let mut values = Vec::new();
        if round {
            let close = c.closing(c.at);
            let mut inner = c.part(c.at + 1, close);
            values = self.list(&mut inner);
            c.at = (close + 1).min(c.end);
        } else {
            while c.peek().is_some_and(|tok| {
                !matches!(tok, Tok::Op(">" | ">>" | "|" | ";" | "}" | "|&") | Tok::Line(_))
            }) {
                let before = c.at;
                values.push(self.concatenation(c));
                if !c.take(",") || c.at == before {
                    break;
                }
            }
        }
        let text = if formats {
            let (format, rest) =
                values.split_first().map_or((String::new(), &[][..]), |(f, rest)| (f.clone(), rest));
            format_text(&format, rest)
        } else {
            let between = self.get("OFS").unwrap_or_else(|| " ".to_owned());
            let end = self.get("ORS").unwrap_or_else(|| "\n".to_owned());
            let line = if values.is_empty() { self.field(0) } else { values.join(&between) };
            line + &end
        };
        match c.peek() {
            Some(Tok::Op(op @ (">" | ">>"))) => {
                let appends = *op == ">>";
                c.at += 1;
                let path = self.concatenation(c);
                let kind = if appends { EffectKind::Create } else { EffectKind::Overwrite };
                if matches!(path.as_str(), "/dev/stdout" | "/dev/stderr" | "") {
                    return;
                }
                let (span, program) = (self.what.span, "");
                if let Some(place) = self.machine.touch(kind, &path, span, false, program) {
                    self.machine.lasting(&place, &text, span);
                    self.machine.write_file(place.path, text, true);
                }
            }
            Some(Tok::Op(op @ ("|" | "|&"))) => {
                let both = *op == "|&";
                c.at += 1;
                let both = c.take("&") || both;
                let command = self.concatenation(c);
                if both && command.starts_with("/inet") {
                    self.connect(&command);
                    return;
                }
                self.shell |= is_shell_command(&command) && self.socket;
                match self.pipes.iter_mut().find(|(known, _)| *known == command) {
                    Some((_, known)) if known.len() < VALUE_BYTES => known.push_str(&text),
                    Some(_) => {}
                    None => self.pipes.push((command, text)),
                }
            }
            _ => self.print(&text),
        }
    }

    fn connect(&mut self, address: &str) {
        if address.starts_with("/inet") {
            self.socket = true;
            // What comes from there is what the program goes on with.
            let text = self.machine.unknowns.hole("$(the network)", Origin::Socket).to_string();
            self.line = Some(text);
        } else {
            self.run(address);
        }
    }

    fn list(&mut self, c: &mut Cursor) -> Vec<String> {
        let mut values = Vec::new();
        while c.at < c.end && values.len() < 64 {
            let before = c.at;
            values.push(self.expression(c));
            c.take(",");
            if c.at == before {
                c.at += 1;
            }
        }
        values
    }

    /// An expression; comparisons and arithmetic are read over.
    fn expression(&mut self, c: &mut Cursor) -> String {
        let outer = self.asked.take();
        if c.take_name("getline") {
            let name = match (c.peek(), c.look(1)) {
                (Some(Tok::Name(name)), Some(Tok::Op("<"))) => name.clone(),
                _ => String::new(),
            };
            c.at += usize::from(!name.is_empty());
            self.asked = Some(name);
        }
        let value = self.compared(c);
        self.asked = outer;
        value
    }

    fn compared(&mut self, c: &mut Cursor) -> String {
        let mut value = self.concatenation(c);
        loop {
            match c.peek() {
                Some(Tok::Op("|")) => {
                    c.at += 1;
                    let both = c.take("&");
                    if c.take_name("getline") {
                        let printed = if both || value.starts_with("/inet") {
                            self.connect(&value);
                            self.machine.unknowns.hole("$(the network)", Origin::Socket).to_string()
                        } else {
                            self.run(&value)
                        };
                        let first = printed.lines().next().unwrap_or_default().to_owned();
                        if let Some(Tok::Name(name)) = c.peek() {
                            let name = name.clone();
                            c.at += 1;
                            self.set(&name, first);
                        } else {
                            self.line = Some(first);
                        }
                    } else {
                        value = self.concatenation(c);
                    }
                }
                // `getline line < "file"`: what is in the file is the line.
                Some(Tok::Op("<")) if self.asked.is_some() => {
                    c.at += 1;
                    let path = self.concatenation(c);
                    let (span, program) = (self.what.span, self.what.program);
                    let content = self.machine.read_path(&path, span, program);
                    let line = content.lines().next().unwrap_or_default().to_owned();
                    self.exact = false;
                    match self.asked.take().filter(|name| !name.is_empty()) {
                        Some(name) => self.set(&name, line),
                        None => self.line = Some(line),
                    }
                }
                Some(Tok::Op(
                    "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||" | "~" | "!~" | "?" | ":" | "=~",
                )) => {
                    c.at += 1;
                    let other = self.concatenation(c);
                    if value.is_empty() {
                        value = other;
                    }
                }
                _ => return value,
            }
        }
    }

    /// Operands side by side.
    fn concatenation(&mut self, c: &mut Cursor) -> String {
        if self.depth > 24 || !self.machine.spend(1) {
            self.machine.cut = true;
            c.at = c.end;
            return String::new();
        }
        self.depth += 1;
        let mut out = String::new();
        loop {
            let piece = match c.peek() {
                Some(Tok::Text(pieces)) => {
                    let text: String = pieces
                        .iter()
                        .map(|piece| match piece {
                            Piece::Text(text) | Piece::Code(text) => text.as_str(),
                        })
                        .collect();
                    c.at += 1;
                    text
                }
                Some(Tok::Number(number)) => {
                    let text = number.to_string();
                    c.at += 1;
                    text
                }
                Some(Tok::Hole(letter)) => {
                    let text = letter.to_string();
                    c.at += 1;
                    text
                }
                Some(Tok::Op("$")) => {
                    c.at += 1;
                    match c.peek() {
                        Some(Tok::Number(number)) => {
                            let number = *number;
                            c.at += 1;
                            self.field(number)
                        }
                        Some(Tok::Name(name)) if name == "NF" => {
                            c.at += 1;
                            match &self.line {
                                Some(line) => line.split_whitespace().last().unwrap_or_default().to_owned(),
                                None => self.hole("$NF"),
                            }
                        }
                        Some(Tok::Name(name)) => {
                            let number = self.get(name).and_then(|text| text.parse().ok());
                            c.at += 1;
                            match number {
                                Some(number) => self.field(number),
                                None => self.hole("$x"),
                            }
                        }
                        _ => self.hole("$x"),
                    }
                }
                Some(Tok::Op("(")) => {
                    let close = c.closing(c.at);
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    self.list(&mut inner).join("")
                }
                // `@f(…)` of gawk calls what the variable names.
                Some(Tok::Op("@")) => {
                    c.at += 1;
                    let Some(Tok::Name(variable)) = c.peek() else { continue };
                    let name = self.get(variable).unwrap_or_default();
                    c.at += 1;
                    self.name(c, &name)
                }
                Some(Tok::Name(name)) => {
                    let name = name.clone();
                    if matches!(name.as_str(), "in" | "getline" | "print" | "printf") {
                        break;
                    }
                    c.at += 1;
                    self.name(c, &name)
                }
                Some(Tok::Op("+" | "-" | "*" | "/" | "%" | "^" | "**")) if !out.is_empty() => {
                    // A number whose digits do not matter.
                    c.at += 1;
                    self.exact = false;
                    continue;
                }
                Some(Tok::Op("-" | "+" | "!" | "++" | "--")) => {
                    c.at += 1;
                    continue;
                }
                Some(Tok::Pattern(_)) => {
                    c.at += 1;
                    continue;
                }
                _ => break,
            };
            out.push_str(&piece);
            if out.len() > VALUE_BYTES || !self.machine.spend(piece.len() / 256) {
                self.machine.cut = true;
                break;
            }
        }
        self.depth -= 1;
        out
    }
}

/// True where a rule is no rule but a function.
fn is_function(pattern: &Cursor) -> bool {
    pattern.is_name("function") || pattern.is_name("func")
}
