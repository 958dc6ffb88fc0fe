//! What calls do: each [`Act`] of the tables on the machine.

use std::rc::Rc;

use super::lex::{self, Piece, Tok};
use super::tables::{self, Act, Fun};
use super::val::{Sort, Val};
use super::{Cursor, NESTING, Script, TOKENS, is_hole_alone, is_shell_command, pure};
use crate::line::Dialect;
use crate::safety::machine::{Field, Flow, Value};
use crate::safety::paths;
use crate::safety::value::{self, ANY, HOME, Origin, STAR};
use crate::safety::{EffectKind, TargetClass};
use crate::specs::Language;

/// Arguments of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) list: Vec<Val>,
    pub(super) named: Vec<(String, Val)>,
}

impl Given {
    pub(super) fn of(list: Vec<Val>) -> Self {
        Self { list, named: Vec::new() }
    }

    pub(super) fn first(&self) -> Val {
        self.at(0)
    }

    pub(super) fn at(&self, index: usize) -> Val {
        self.list.get(index).cloned().unwrap_or(Val::None)
    }

    /// A named argument, or an entry of a map among the arguments.
    pub(super) fn option(&self, name: &str) -> Option<Val> {
        self.named
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
            .or_else(|| self.list.iter().find_map(|value| value.entry(name).cloned()))
    }

    fn functions(&self) -> Vec<Val> {
        let named = self.named.iter().map(|(_, value)| value);
        let entries = self.list.iter().filter_map(|value| match value {
            Val::Map(entries) => Some(entries.iter().map(|(_, value)| value)),
            _ => None,
        });
        let all = self.list.iter().chain(named).chain(entries.flatten());
        all.filter(|value| matches!(value, Val::Function(_))).cloned().collect()
    }

    /// What is not a map, function or missing.
    fn values(&self) -> Vec<Val> {
        let mut out = Vec::new();
        for value in &self.list {
            if !matches!(value, Val::Map(_) | Val::Function(_)) {
                value.flatten(&mut out);
            }
        }
        out
    }
}

/// Calls that run the file or page they read.
const RUNS_WHAT_IT_READS: &[&str] =
    &["dofile", "execfile", "include", "load", "require", "runpy.run_path", "source", "sys.source"];

impl Script<'_, '_, '_> {
    /// Calls a value.
    pub(super) fn call(&mut self, callee: &Val, given: Given) -> Val {
        match callee {
            Val::Function(index) => self.call_function(*index, &given.list),
            Val::Name(name) => self.call_name(name, given),
            Val::Text(name)
                if matches!(self.what.language, Language::Php | Language::Perl) && !value::has_hole(name) =>
            {
                self.call_name(name, given)
            }
            _ => {
                self.call_back(&given, &Val::None);
                Val::None
            }
        }
    }

    /// Functions that are given to something unknown will be called by it.
    pub(super) fn call_back(&mut self, given: &Given, with: &Val) {
        for function in given.functions().into_iter().take(8) {
            self.call(&function, Given::of(vec![with.clone(); 3]));
        }
    }

    pub(super) fn call_function(&mut self, index: usize, arguments: &[Val]) -> Val {
        let Some(function) = self.functions.get_mut(index) else { return Val::None };
        function.called = true;
        if function.active || self.nesting + 1 >= NESTING {
            return Val::None;
        }
        function.active = true;
        let function = function.clone();
        let held: Vec<(String, Option<Val>)> =
            function.parameters.iter().map(|name| (name.clone(), self.get(name))).collect();
        for (place, name) in function.parameters.iter().enumerate() {
            let value = match arguments.get(place) {
                Some(value) => value.clone(),
                None => continue,
            };
            self.set(name, value);
        }
        if self.what.language == Language::Perl && !arguments.is_empty() {
            // `@_` of a named function; the `$_` of a block.
            let whole = function.parameters.is_empty();
            let first = arguments.first().cloned().unwrap_or(Val::None);
            self.set("_", if whole { Val::List(arguments.to_vec()) } else { first });
        }
        let outer = self.returned.take();
        let mut body = Cursor { tokens: Rc::clone(&function.tokens), at: function.start, end: function.end };
        let last = self.block(&mut body);
        let value = self.returned.take().unwrap_or(last);
        self.returned = outer;
        for (name, old) in held {
            if let Some(old) = old {
                self.set(&name, old);
            }
        }
        if let Some(function) = self.functions.get_mut(index) {
            function.active = false;
        }
        value
    }

    /// Calls something by its dotted name.
    pub(super) fn call_name(&mut self, name: &str, given: Given) -> Val {
        if let Some(act) = self.row(name) {
            let value = self.act(act, name, given);
            return match value {
                Val::Text(text) if name.ends_with("Path.home") || name.ends_with("Path.cwd") => {
                    Val::Thing(Sort::Path, text)
                }
                value => value,
            };
        }
        let made = format!("{name}.new");
        if let Some(act) = self.row(&made) {
            return self.act(act, &made, given);
        }
        if let Some((base, member)) = name.rsplit_once('.')
            && self.store_method(base, member, &given)
        {
            return Val::None;
        }
        match name {
            "globals" | "locals" => return Val::Name("globals".to_owned()),
            "vars" | "dict" | "iter" | "enumerate" | "set" => {
                self.call_back(&given, &Val::None);
                return given.first();
            }
            "method" if self.what.language == Language::Ruby => {
                return Val::Name(given.first().as_text().unwrap_or_default());
            }
            "parse" if self.what.language == Language::R => {
                return given.option("text").unwrap_or_else(|| given.first());
            }
            _ => {}
        }
        self.call_back(&given, &Val::None);
        Val::Name(name.to_owned())
    }

    /// The row of a call, however it was reached.
    fn row(&self, name: &str) -> Option<Act> {
        let language = self.what.language;
        let mut name = name;
        for prefix in
            ["globalThis.", "global.", "window.", "self.", "__builtins__.", "builtins.", "CORE.GLOBAL."]
        {
            name = name.strip_prefix(prefix).unwrap_or(name);
        }
        if let Some(act) = tables::find(language, name) {
            return Some(act);
        }
        for star in &self.stars {
            if let Some(act) = tables::find(language, &format!("{star}.{name}")) {
                return Some(act);
            }
        }
        // `six.moves.urllib.request.urlopen`: by its last parts.
        let mut rest = name;
        while let Some((_, shorter)) = rest.split_once('.') {
            rest = shorter;
            if rest.contains('.')
                && let Some(act) = tables::find(language, rest)
            {
                return Some(act);
            }
        }
        None
    }

    /// A method of a value.
    pub(super) fn method(&mut self, value: &Val, member: &str, given: Given, variable: Option<&str>) -> Val {
        if matches!(member, "execute" | "executescript" | "query" | "exec_query" | "raw")
            && let Some(Val::Text(text)) = given.list.first()
            && !matches!(value, Val::Text(_))
        {
            let text = text.clone();
            self.machine.sql(&text, self.what.program, self.what.span);
        }
        match value {
            Val::Name(base) => self.method_of_name(base, member, given),
            Val::Thing(sort, text) => self.method_of_thing(*sort, text, member, given),
            Val::Function(index) => match member {
                "call" | "apply" | "()" | "call!" | "yield" => self.call_function(*index, &given.list),
                _ => value.clone(),
            },
            _ => self.method_of_value(value, member, given, variable),
        }
    }

    fn method_of_name(&mut self, base: &str, member: &str, given: Given) -> Val {
        let full = format!("{base}.{member}");
        if self.store_method(base, member, &given) {
            return Val::None;
        }
        if full == "str.maketrans" {
            return Val::List(given.list);
        }
        if matches!(member, "then" | "catch" | "finally" | "tap") {
            let whole = Val::Name(base.to_owned());
            self.call_back(&given, &whole);
            return whole;
        }
        // What comes in comes from the connection now.
        if member == "fdopen" && self.socket {
            self.fed = true;
        }
        if self.row(&full).is_some() {
            return self.call_name(&full, given);
        }
        match (base, member) {
            ("STDIN" | "sys.stdin", _) => return self.standard_input(),
            ("STDOUT" | "$stdout", "write" | "print" | "puts" | "printf") => {
                return self.act(if member == "puts" { Act::Print } else { Act::Write1 }, member, given);
            }
            ("ENV", _) => {
                let name = given.first().as_text().unwrap_or_else(|| member.to_owned());
                return self.variable_of(&name, given.list.get(1));
            }
            (_, "call" | "apply" | "bind") if self.row(base).is_some() => {
                let mut list = given.list;
                if self.what.language == Language::JavaScript && !list.is_empty() {
                    list.remove(0);
                }
                if member == "apply" {
                    list = list
                        .into_iter()
                        .flat_map(|value| match value {
                            Val::List(list) => list,
                            other => vec![other],
                        })
                        .collect();
                }
                return self.call_name(base, Given::of(list));
            }
            (_, "send" | "public_send" | "__send__" | "method" | "instance_method" | "func_get") => {
                let mut given = given.clone();
                if !given.list.is_empty() {
                    let name = given.list.remove(0).as_text().unwrap_or_default();
                    if member == "method" {
                        return Val::Name(format!("{base}.{name}"));
                    }
                    let full = format!("{base}.{name}");
                    let full = if self.row(&full).is_some() || base != "Kernel" { full } else { name };
                    return self.call_name(&full, given);
                }
            }
            (_, "const_get") => return Val::Name(given.first().as_text().unwrap_or_default()),
            (_, "open") if member == "open" && base.is_empty() => {}
            _ => {}
        }
        if let Some(known) = self.known_attribute(base, member) {
            return known;
        }
        self.call_back(&given, &Val::None);
        Val::Name(full)
    }

    fn method_of_thing(&mut self, sort: Sort, text: &str, member: &str, mut given: Given) -> Val {
        let whole = Val::Thing(sort, text.to_owned());
        match sort {
            Sort::Path => match member {
                "iterdir" | "children" | "listFiles" | "each_child" | "eachFile" => {
                    let child = Val::Thing(Sort::Path, format!("{text}/{STAR}"));
                    self.call_back(&given, &child);
                    Val::List(vec![child])
                }
                "glob" | "rglob" | "eachFileRecurse" => {
                    let pattern = given.first().as_text().unwrap_or_else(|| "*".to_owned());
                    self.walking |= member != "glob" || pattern.contains("**");
                    let child = Val::Thing(Sort::Path, format!("{text}/{}", as_pattern(&pattern)));
                    self.call_back(&given, &child);
                    Val::List(vec![child])
                }
                "joinpath" | "join" | "resolve" | "absolute" | "expanduser" | "expand_path"
                | "with_suffix" | "as_posix" | "realpath" | "toFile" | "to_s" | "toPath" | "toString" => {
                    let mut parts = vec![text.to_owned()];
                    if member.starts_with("join") || member == "resolve" {
                        parts.extend(given.values().iter().filter_map(Val::as_text));
                    }
                    let joined = pure::join_path(&parts);
                    let joined = if member == "expanduser" { pure::expand_user(&joined) } else { joined };
                    Val::Thing(Sort::Path, joined)
                }
                "open" => {
                    given.list.insert(0, Val::text(text));
                    self.act(Act::Open, "open", given)
                }
                _ => match tables::find(self.what.language, &format!(".{member}")) {
                    Some(act) => {
                        given.list.insert(0, Val::text(text));
                        self.act(act, member, given)
                    }
                    None => self.attribute(&whole, member),
                },
            },
            Sort::File => match member {
                "write" | "puts" | "print" | "<<" | "writelines" | "write_text" | "printf" => {
                    let values = given.values();
                    let written: Vec<String> = values.iter().map(|value| self.text_of(value)).collect();
                    let place = paths::locate(text, &self.machine.state.cwd, self.machine.ctx);
                    let mut written = written.concat();
                    if member == "puts" {
                        written.push('\n');
                    }
                    self.store(place, &written, true);
                    Val::None
                }
                "close" | "flush" | "seek" | "closed" => Val::None,
                _ => {
                    let content = self.machine.read_path(text, self.what.span, self.what.program);
                    let value = Val::Text(content);
                    self.call_back(&given, &value);
                    value
                }
            },
            Sort::Socket => match member {
                "recv" | "read" | "gets" | "readline" | "receive" | "recvfrom" | "each_line"
                | "readpartial" | "getline" => Val::Text(self.hole("$(the network)", Origin::Socket)),
                "send" | "sendall" | "write" | "puts" | "print" | "sendto" => {
                    for value in given.values() {
                        let text = self.text_of(&value);
                        let shown = self.machine.unknowns.show(text.trim_end());
                        self.machine.sends(&text, &shown, self.what.span, self.what.program);
                    }
                    whole
                }
                "accept" => Val::List(vec![whole, Val::None]),
                "on" => {
                    let data = Val::Text(self.hole("$(the network)", Origin::Socket));
                    self.call_back(&given, &data);
                    whole
                }
                _ => {
                    self.call_back(&given, &whole);
                    whole
                }
            },
            Sort::Process => match member {
                "communicate" | "write" | "end" | "puts" | "print" => {
                    if self.shell {
                        let mut values = given.values();
                        values.extend(given.named.iter().map(|(_, value)| value.clone()));
                        for value in values {
                            let code = self.text_of(&value);
                            self.run_code(&code);
                        }
                    }
                    Val::Text(text.to_owned())
                }
                "on" | "then" | "stdin" | "stdout" | "stderr" => {
                    self.call_back(&given, &Val::Text(text.to_owned()));
                    whole
                }
                _ => {
                    self.call_back(&given, &Val::Text(text.to_owned()));
                    Val::Text(text.to_owned())
                }
            },
        }
    }

    /// Keeps what a file holds now; a file that a shell runs is judged at once.
    fn store(&mut self, place: paths::Place, text: &str, appended: bool) {
        if place.class == TargetClass::ShellStartup && !place.path.contains(".ssh/") {
            self.run_code(text);
        }
        self.machine.write_file(place.path, text.to_owned(), appended);
    }

    /// Runs shell code in the mind only; what it prints.
    pub(super) fn run_code(&mut self, code: &str) -> String {
        if code.trim().is_empty() || (self.idle && code.starts_with(value::is_hole)) {
            return String::new();
        }
        if is_shell_command(code) {
            self.shell = true;
        }
        let state = self.machine.state.clone();
        let flow = Flow { input: None, want: true };
        let printed = self.machine.code_in(code, self.what.span, flow, Dialect::Bash);
        self.machine.state = state;
        printed
    }

    /// Runs a program with its arguments.
    fn run_words(&mut self, words: &[Val], input: Option<&str>) -> String {
        let mut fields = Vec::new();
        for word in words.iter().take(256) {
            let text = self.text_of(word);
            fields.push(Field { text, span: self.what.span });
        }
        let Some(first) = fields.first() else { return String::new() };
        if self.idle && value::has_hole(&first.text) {
            return String::new();
        }
        let line: Vec<&str> = fields.iter().map(|field| field.text.as_str()).collect();
        if is_shell_command(&line.join(" ")) {
            self.shell = true;
        }
        let state = self.machine.state.clone();
        let printed = self.machine.run(&fields, self.what.span, Flow { input, want: true });
        self.machine.state = state;
        printed
    }

    /// Runs text as code of this language.
    pub(super) fn eval(&mut self, text: &str) -> Val {
        let text = text.strip_prefix("?>").unwrap_or(text);
        let foreign = self.machine.unknowns.origin(text).is_some_and(|origin| origin >= Origin::Network);
        if foreign || text.starts_with(value::is_hole) || is_hole_alone(text) {
            if !self.idle {
                self.machine.report_unknown_code(text, self.what.span);
            }
            return Val::None;
        }
        if self.nesting + 2 >= NESTING || !self.machine.spend(1 + text.len() / 64) {
            self.machine.cut = true;
            return Val::None;
        }
        let (tokens, _) = lex::tokens(self.what.language, text, TOKENS);
        let end = tokens.len();
        let mut cursor = Cursor { tokens: tokens.into(), at: 0, end };
        let outer = self.returned.take();
        let last = self.block(&mut cursor);
        let value = self.returned.take().unwrap_or(last);
        self.returned = outer;
        value
    }

    pub(super) fn standard_input(&mut self) -> Val {
        if self.fed {
            return Val::Text(self.hole("$(the network)", Origin::Socket));
        }
        match self.what.input {
            Some(input) => Val::text(input),
            None => Val::Text(self.hole("$(input)", Origin::Program)),
        }
    }

    pub(super) fn arguments(&mut self) -> Val {
        let operands = self.what.arguments.operands();
        Val::List(operands.map(|item| Val::text(item.text)).collect())
    }

    pub(super) fn glob(&mut self, pattern: &str) -> Val {
        self.walking |= pattern.contains("**");
        let mut out = Vec::new();
        for pattern in pattern.split_whitespace().take(32) {
            let pattern = as_pattern(pattern.trim_matches(['"', '\'']));
            let pattern = match pattern.strip_prefix('~') {
                Some(rest) => format!("{HOME}{rest}"),
                None => pattern,
            };
            out.push(Val::Text(pattern));
        }
        Val::List(out)
    }

    /// A variable of the environment.
    pub(super) fn variable_of(&mut self, name: &str, default: Option<&Val>) -> Val {
        match self.machine.get(name) {
            Some(Value::One(text)) => Val::Text(text),
            Some(list) => {
                Val::text(crate::safety::expand::elements(list).into_iter().next().unwrap_or_default())
            }
            None => match default {
                Some(value) if *value != Val::None => value.clone(),
                _ => Val::Text(self.hole(&format!("${name}"), Origin::Variable)),
            },
        }
    }

    /// Attributes of libraries that have a known value.
    pub(super) fn known_attribute(&mut self, base: &str, member: &str) -> Option<Val> {
        Some(match (base, member) {
            ("ENV", name) => self.variable_of(name, None),
            ("os", "environ") | ("process", "env") | ("Deno", "env") | ("Bun", "env") => {
                Val::Name("ENV".to_owned())
            }
            ("sys", "argv") => {
                let Val::List(mut list) = self.arguments() else { return None };
                list.insert(0, Val::text("-c"));
                Val::List(list)
            }
            ("process" | "Bun", "argv") => {
                let Val::List(mut list) = self.arguments() else { return None };
                list.insert(0, Val::text("node"));
                // With `-e` there is no name of a script.
                Val::List(list)
            }
            ("Deno", "args") => self.arguments(),
            ("os" | "path" | "os.path", "sep") => Val::text("/"),
            ("os", "linesep" | "EOL") => Val::text("\n"),
            ("sys" | "process", "stdin") => Val::Name("STDIN".to_owned()),
            ("sys", "executable") => Val::text("python3"),
            ("process", "execPath") => Val::text("node"),
            ("fs" | "fs.constants", _) | ("process", "stdout") => return None,
            ("string", "ascii_lowercase") => Val::text("abcdefghijklmnopqrstuvwxyz"),
            ("string", "ascii_uppercase") => Val::text("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            (base, "__dict__") => Val::Name(base.to_owned()),
            _ => return None,
        })
    }

    /// `base[key]` of something named.
    pub(super) fn named_index(&mut self, base: &str, key: &str) -> Val {
        match base {
            "ENV" => self.variable_of(key, None),
            "globals" | "sys.modules" | "globalThis" | "global" | "window" | "_G" | "self" | "GLOBALS"
            | "__builtins__" | "builtins" => self.get(key).unwrap_or_else(|| Val::Name(key.to_owned())),
            "Dir" => self.glob(key),
            _ => match self.known_attribute(base, key) {
                Some(known) => known,
                None => Val::Name(format!("{}.{key}", base.trim_end_matches(".__dict__"))),
            },
        }
    }

    fn delete(&mut self, given: &Given, recursive: bool) {
        let recursive = recursive || self.walking;
        for value in given.values().into_iter().take(64) {
            if self.idle && value.is_unknown() {
                continue;
            }
            let path = self.text_of(&value);
            let path = if self.what.language == Language::R { pure::expand_user(&path) } else { path };
            self.machine.touch(EffectKind::Delete, &path, self.what.span, recursive, self.what.program);
        }
    }

    fn touch(&mut self, kind: EffectKind, path: &str) -> Option<paths::Place> {
        if self.idle && path.starts_with(value::is_hole) {
            return None;
        }
        self.machine.touch(kind, path, self.what.span, false, self.what.program)
    }

    /// Does what the row says.
    pub(super) fn act(&mut self, act: Act, name: &str, given: Given) -> Val {
        match act {
            Act::Shell | Act::Start => {
                let printed = self.shell_call(name, &given);
                self.call_back(&given, &Val::Text(printed.clone()));
                if act == Act::Start { Val::Thing(Sort::Process, printed) } else { Val::Text(printed) }
            }
            Act::Spawn | Act::ExecList | Act::ExecWords | Act::SpawnWords | Act::SpawnList => {
                let skip = usize::from(matches!(act, Act::SpawnWords | Act::SpawnList));
                let values: Vec<Val> = given
                    .list
                    .iter()
                    .skip(skip)
                    .filter(|v| !matches!(v, Val::Map(_) | Val::Function(_)))
                    .cloned()
                    .collect();
                let Some((program, rest)) = values.split_first() else { return Val::None };
                let mut words = Vec::new();
                rest.iter().for_each(|value| value.flatten(&mut words));
                if act != Act::Spawn && !words.is_empty() {
                    words.remove(0);
                }
                // `args: […]` of Deno.
                if let Some(more) = given.option("args") {
                    more.flatten(&mut words);
                }
                let with_shell = given.option("shell").is_some_and(|value| value.is_true());
                let mut program_words = Vec::new();
                program.flatten(&mut program_words);
                program_words.extend(words);
                let printed = if with_shell {
                    let texts: Vec<String> = program_words.iter().map(|value| self.text_of(value)).collect();
                    self.run_code(&texts.join(" "))
                } else {
                    self.run_words(&program_words, None)
                };
                self.call_back(&given, &Val::Text(printed.clone()));
                Val::Thing(Sort::Process, printed)
            }
            Act::Eval => {
                let last =
                    given.list.iter().rev().find(|value| matches!(value, Val::Text(_) | Val::Function(_)));
                let value = if matches!(name, "Function" | "create_function") {
                    last.cloned().unwrap_or(Val::None)
                } else {
                    given.first()
                };
                match value {
                    Val::Function(_) => self.call(&value, Given::default()),
                    Val::None | Val::Name(_) if given.list.is_empty() => Val::None,
                    Val::None | Val::Name(_) => {
                        let text = self.hole("…", Origin::Program);
                        self.eval(&text)
                    }
                    Val::Text(text) => self.eval(&text),
                    _ => Val::None,
                }
            }
            Act::Delete => {
                self.delete(&given, false);
                Val::None
            }
            Act::DeleteTree => {
                self.delete(&given, true);
                Val::None
            }
            Act::DeleteIf => {
                let recursive = given.option("recursive").is_some_and(|value| value.is_true());
                self.delete(&given, recursive);
                self.call_back(&given, &Val::None);
                Val::None
            }
            Act::Move | Act::Copy | Act::Link => {
                let values: Vec<String> = given.values().iter().map(|value| self.text_of(value)).collect();
                let [from, to, ..] = &values[..] else { return Val::None };
                let (from, to) = (from.clone(), to.clone());
                if to == "/dev/null" && act == Act::Move {
                    self.touch(EffectKind::Delete, &from);
                    return Val::None;
                }
                let mut content = String::new();
                match act {
                    Act::Move => {
                        if !(self.idle && from.starts_with(value::is_hole)) {
                            self.machine.touch(
                                EffectKind::Move,
                                &from,
                                self.what.span,
                                true,
                                self.what.program,
                            );
                        }
                    }
                    Act::Copy if from.contains("://") => {
                        content = self.hole(&format!("$({from})"), Origin::Network)
                    }
                    Act::Copy => content = self.machine.read_path(&from, self.what.span, self.what.program),
                    _ => {}
                }
                let kind = if act == Act::Copy { EffectKind::Overwrite } else { EffectKind::Create };
                if let Some(place) = self.touch(kind, &to)
                    && !content.is_empty()
                {
                    self.store(place, &content, false);
                }
                Val::Text(to)
            }
            Act::Write | Act::Append => {
                let path = given.first();
                let path = self.text_of(&path);
                let content = given.at(1);
                let content = self.text_of(&content);
                let php_append =
                    given.list.iter().any(|value| matches!(value, Val::Name(name) if name == "FILE_APPEND"))
                        || given
                            .option("flag")
                            .and_then(|flag| flag.as_text())
                            .is_some_and(|flag| flag.starts_with('a'));
                let appended = act == Act::Append || php_append;
                let kind = if appended { EffectKind::Create } else { EffectKind::Overwrite };
                if let Some(place) = self.touch(kind, &path) {
                    self.store(place, &content, appended);
                }
                self.call_back(&given, &Val::None);
                Val::Thing(Sort::File, path)
            }
            Act::Truncate => {
                let path = self.text_of(&given.first());
                self.touch(EffectKind::Overwrite, &path);
                Val::None
            }
            Act::Open => self.open(&given),
            Act::Read => self.read(name, &given),
            Act::Make => {
                let path = self.text_of(&given.first());
                self.touch(EffectKind::Create, &path);
                Val::None
            }
            Act::Mode | Act::ModeFirst | Act::Owner => {
                self.permission(act, name, &given);
                Val::None
            }
            Act::Names => {
                let names = Val::List(vec![Val::text(STAR.to_string())]);
                if self.what.language == Language::Ruby {
                    self.call_back(&given, &Val::text(STAR.to_string()));
                } else {
                    self.call_back(&given, &names);
                }
                names
            }
            Act::Paths => {
                let path = self.text_of(&given.first());
                let base = if given.list.is_empty() {
                    String::new()
                } else {
                    format!("{}/", path.trim_end_matches('/'))
                };
                Val::List(vec![Val::Text(format!("{base}{STAR}"))])
            }
            Act::Walk => {
                self.walking = true;
                let path = self.text_of(&given.first());
                let names = Val::List(vec![Val::text(STAR.to_string())]);
                Val::List(vec![Val::List(vec![Val::Text(path), names.clone(), names])])
            }
            Act::Glob => {
                let mut out = Vec::new();
                for pattern in given.values() {
                    let text = self.text_of(&pattern);
                    self.glob(&text).flatten(&mut out);
                }
                let list = Val::List(out);
                let function = given.functions().into_iter().next();
                if let (Some(function), Val::List(list)) = (function, &list) {
                    for value in list.clone() {
                        self.call(&function, Given::of(vec![value]));
                    }
                }
                list
            }
            Act::Import => match given.first() {
                Val::Text(text) => Val::Name(pure::module_name(&text)),
                _ => Val::None,
            },
            Act::Attribute => {
                let named = if self.what.language == Language::Ruby && !name.contains('.') {
                    let mut given = given;
                    if given.list.is_empty() {
                        return Val::None;
                    }
                    let name = given.list.remove(0).as_text().unwrap_or_default();
                    return self.call_name(&name, given);
                } else {
                    given.at(1).as_text().or_else(|| given.first().as_text())
                };
                match (given.first(), named) {
                    (Val::Name(base), Some(member)) => self
                        .known_attribute(&base, &member)
                        .unwrap_or_else(|| Val::Name(format!("{base}.{member}"))),
                    (_, Some(member)) => Val::Name(member),
                    _ => Val::None,
                }
            }
            Act::Fetch => self.fetch(&given),
            Act::FetchTo => {
                let values: Vec<String> = given.values().iter().map(|value| self.text_of(value)).collect();
                let page =
                    self.hole(&format!("$({})", values.first().map_or("", String::as_str)), Origin::Network);
                if let Some(path) = values.get(1)
                    && let Some(place) = self.touch(EffectKind::Create, path)
                {
                    self.machine.write_file(place.path, page.clone(), false);
                }
                Val::Text(values.get(1).cloned().unwrap_or(page))
            }
            Act::Send => {
                self.send(&given);
                Val::Text(self.hole("$(the answer)", Origin::Network))
            }
            Act::Socket => {
                self.socket = true;
                let whole = Val::Thing(Sort::Socket, String::new());
                self.call_back(&given, &whole);
                whole
            }
            Act::Duplicate => Val::None,
            Act::Terminal => {
                let mut words = Vec::new();
                given.first().flatten(&mut words);
                self.run_words(&words, None);
                Val::None
            }
            Act::Kill | Act::KillFirst => {
                self.kill(act, &given);
                Val::None
            }
            Act::Fork => {
                let again = given
                    .values()
                    .iter()
                    .any(|value| value.as_text().is_some_and(|text| text.ends_with("script")));
                if self.loops > 0 || again {
                    let target = self.machine.target(TargetClass::Process, self.what.program, self.what.span);
                    self.machine.emit(EffectKind::Exhaust, target, true, self.what.program, self.what.span);
                }
                self.call_back(&given, &Val::None);
                Val::None
            }
            Act::Variable => {
                let Some(Val::Text(name)) = given.list.first() else { return Val::Name("ENV".to_owned()) };
                let name = name.clone();
                self.variable_of(&name, given.list.get(1))
            }
            Act::Enter => {
                let path = self.text_of(&given.first());
                self.machine.state.cwd = paths::enter(&path, &self.machine.state.cwd, self.machine.ctx);
                self.call_back(&given, &Val::None);
                Val::None
            }
            Act::Native => Val::Name("os".to_owned()),
            Act::Print | Act::Write1 => {
                self.print_values(act, name, &given);
                Val::None
            }
            Act::Input => self.standard_input(),
            Act::Temporary => Val::text("/tmp/tmp.X"),
            Act::Path => {
                let parts: Vec<String> = given.values().iter().map(|value| self.text_of(value)).collect();
                let joined = if parts.is_empty() { ".".to_owned() } else { pure::join_path(&parts) };
                Val::Thing(Sort::Path, joined)
            }
            Act::Map => self.map(name, &given),
            Act::Call => {
                if name == "loop" || name == "setInterval" {
                    self.loops += 1;
                }
                let function = given.list.first().cloned().or_else(|| given.option("target"));
                let value = match function {
                    Some(Val::Text(text)) if self.what.language == Language::JavaScript => self.eval(&text),
                    Some(function @ (Val::Function(_) | Val::Name(_) | Val::Text(_))) => {
                        let mut list: Vec<Val> = given.list.iter().skip(1).cloned().collect();
                        match given.option("args") {
                            Some(Val::List(arguments)) => list = arguments,
                            Some(Val::None) | None => {}
                            Some(only) => list = vec![only],
                        }
                        if name.ends_with("_array") || name == "do.call" {
                            let mut flat = Vec::new();
                            list.iter().for_each(|value| value.flatten(&mut flat));
                            list = flat;
                        }
                        self.call(&function, Given::of(list))
                    }
                    _ => {
                        self.call_back(&given, &Val::None);
                        Val::None
                    }
                };
                if name == "loop" || name == "setInterval" {
                    self.loops -= 1;
                }
                value
            }
            Act::Pure(fun) => self.pure(fun, &given),
        }
    }

    /// `system(…)` and its like; returns what is printed.
    fn shell_call(&mut self, name: &str, given: &Given) -> String {
        let input = given.option("input").map(|value| self.text_of(&value));
        let values: Vec<Val> = given
            .list
            .iter()
            .filter(|value| !matches!(value, Val::Map(_) | Val::Function(_)))
            .cloned()
            .collect();
        let words = matches!(self.what.language, Language::Perl | Language::Ruby | Language::Groovy)
            || name.ends_with("subprocess_exec");
        match values.split_first() {
            None => match given.option("cmd").or_else(|| given.option("args")) {
                Some(Val::List(list)) => self.run_words(&list, input.as_deref()),
                Some(value) => {
                    let code = self.text_of(&value);
                    self.run_code(&code)
                }
                None => String::new(),
            },
            Some((Val::List(list), _)) => {
                let with_shell = given.option("shell").is_some_and(|value| value.is_true());
                match (with_shell, list.first()) {
                    (true, Some(first)) => {
                        let code = self.text_of(first);
                        self.run_code(&code)
                    }
                    _ => self.run_words(list, input.as_deref()),
                }
            }
            Some((_, rest)) if words && !rest.is_empty() => {
                let mut flat = Vec::new();
                values.iter().for_each(|value| value.flatten(&mut flat));
                // A pipe's mode: `popen(cmd, "r")`.
                self.run_words(&flat, input.as_deref())
            }
            Some((first, _)) => {
                let code = self.text_of(first);
                if let Some(input) = input {
                    let words: Vec<Val> = code.split_whitespace().map(Val::text).collect();
                    return self.run_words(&words, Some(&input));
                }
                self.run_code(&code)
            }
        }
    }

    fn permission(&mut self, act: Act, name: &str, given: &Given) {
        let values = given.values();
        let Some((mode, paths)) = (match act {
            Act::ModeFirst => values.split_first().map(|(mode, paths)| (Some(mode.clone()), paths.to_vec())),
            _ => values.split_first().map(|(path, rest)| (rest.first().cloned(), vec![path.clone()])),
        }) else {
            return;
        };
        let mode = match mode {
            Some(Val::Number(number)) if self.what.language == Language::Perl && number > 0o777 => {
                number.to_string()
            }
            Some(Val::Number(number)) if act != Act::Owner => format!("{number:o}"),
            Some(value) => self.text_of(&value),
            None => String::new(),
        };
        let paths = if self.what.language == Language::Ruby && act == Act::Owner {
            values.iter().skip(2).cloned().collect()
        } else {
            paths
        };
        for path in paths.into_iter().take(32) {
            if self.idle && path.is_unknown() {
                continue;
            }
            let path = self.text_of(&path);
            let place = paths::locate(&path, &self.machine.state.cwd, self.machine.ctx);
            let shown = self.machine.unknowns.show(&place.path);
            let target = self.machine.target(place.class, &shown, self.what.span);
            let program = if act == Act::Owner { "chown" } else { "chmod" };
            let (span, deep) = (self.what.span, self.walking || name.ends_with("_R"));
            self.machine.emit_with(EffectKind::Permission, target, deep, program, span, &mode);
        }
    }

    fn kill(&mut self, act: Act, given: &Given) {
        let values = given.values();
        let (process, signal) = match act {
            Act::Kill => (values.first().cloned(), values.get(1).cloned()),
            _ => (values.get(1).cloned(), values.first().cloned()),
        };
        let process = process.map_or_else(String::new, |value| self.text_of(&value));
        let signal = signal.map_or_else(|| "TERM".to_owned(), |value| self.text_of(&value));
        // Signal 0 only asks whether a process is there.
        if signal == "0" || (self.idle && process.starts_with(value::is_hole)) {
            return;
        }
        let everything = process == "-1";
        let shown = self.machine.unknowns.show(&process);
        let target = self.machine.target(TargetClass::Process, &shown, self.what.span);
        let (program, span) = (self.what.program, self.what.span);
        self.machine.emit_with(EffectKind::Kill, target, everything, program, span, &signal);
    }

    fn map(&mut self, name: &str, given: &Given) -> Val {
        let is_function = |value: &Val| matches!(value, Val::Function(_) | Val::Name(_));
        let by_name = self.what.language == Language::Php;
        let at = given
            .list
            .iter()
            .position(|value| is_function(value) || (by_name && matches!(value, Val::Text(_))));
        let function = match at {
            Some(at) => given.at(at),
            None => match given.functions().into_iter().next() {
                Some(function) => function,
                None => return Val::List(given.values()),
            },
        };
        let at = at.unwrap_or(usize::MAX);
        let mut values = Vec::new();
        for (index, value) in given.list.iter().enumerate() {
            if index != at && !matches!(value, Val::Map(_)) {
                value.flatten(&mut values);
            }
        }
        if matches!(name, "find" | "finddepth" | "File.Find.find") {
            self.walking = true;
            for value in &mut values {
                let path = self.text_of(value);
                *value = Val::Text(format!("{}/{STAR}", path.trim_end_matches('/')));
            }
        }
        let mut out = Vec::new();
        for value in values.into_iter().take(64) {
            self.set("_", value.clone());
            self.set("File.Find.name", value.clone());
            let result = self.call(&function, Given::of(vec![value.clone()]));
            out.push(if matches!(name, "grep" | "array_filter") { value } else { result });
        }
        Val::List(out)
    }

    fn fetch(&mut self, given: &Given) -> Val {
        let url = given.first();
        let url = self.text_of(&url);
        let shown = self.machine.unknowns.show(&url);
        self.send(given);
        let page = Val::Text(self.hole(&format!("$({shown})"), Origin::Network));
        for function in given.functions() {
            self.call(&function, Given::of(vec![page.clone()]));
        }
        page
    }

    fn send(&mut self, given: &Given) {
        let mut values = given.values();
        for value in given.list.iter().chain(given.named.iter().map(|(_, value)| value)) {
            match value {
                Val::Map(entries) => values.extend(entries.iter().map(|(_, value)| value.clone())),
                other => other.flatten(&mut values),
            }
        }
        for value in values.into_iter().take(32) {
            let text = match &value {
                Val::Thing(Sort::File, path) => {
                    self.machine.read_path(path, self.what.span, self.what.program)
                }
                Val::Map(entries) => {
                    let inner = entries.first().map(|(_, value)| value.clone()).unwrap_or(Val::None);
                    self.text_of(&inner)
                }
                Val::Name(name) if name == "ENV" => self.hole("the environment", Origin::Secret),
                Val::Text(_) => self.text_of(&value),
                _ => continue,
            };
            let shown = self.machine.unknowns.show(text.trim_end());
            self.machine.sends(&text, &shown, self.what.span, self.what.program);
        }
    }

    /// Opens a file, or a pipe to a program.
    fn open(&mut self, given: &Given) -> Val {
        let perl = self.what.language == Language::Perl;
        let mut values = given.list.clone();
        if perl && !values.is_empty() {
            values.remove(0);
        }
        let first = values.first().cloned().unwrap_or(Val::None);
        let text = self.text_of(&first);
        let mode = given.option("mode").or_else(|| values.get(1).cloned()).unwrap_or(Val::None);
        let (path, mode) = if perl {
            let (mode, path) = match values.get(1) {
                Some(path) => (text.trim().to_owned(), self.text_of(path)),
                None => {
                    let trimmed = text.trim();
                    let rest = trimmed.trim_start_matches(['>', '<', '+', '|']);
                    let mode = trimmed[..trimmed.len() - rest.len()].to_owned();
                    if let Some(code) = rest.strip_suffix('|') {
                        ("-|".to_owned(), code.to_owned())
                    } else {
                        (mode, rest.trim().to_owned())
                    }
                }
            };
            match mode.as_str() {
                "|" | "|-" | "-|" => {
                    let mut words: Vec<Val> = values.iter().skip(2).cloned().collect();
                    if words.is_empty() {
                        let printed = self.run_code(&path);
                        return Val::Thing(Sort::Process, printed);
                    }
                    words.insert(0, Val::Text(path));
                    let printed = self.run_words(&words, None);
                    return Val::Thing(Sort::Process, printed);
                }
                _ if mode.starts_with("+>") || mode.starts_with('>') => {
                    (path, if mode.contains(">>") { "a" } else { "w" }.to_owned())
                }
                _ if mode.starts_with("+<") => (path, "r+".to_owned()),
                _ => (path, "r".to_owned()),
            }
        } else {
            let mode = match &mode {
                Val::Text(mode) => mode.clone(),
                Val::Name(name) if name.contains("O_WRONLY") || name.contains("O_RDWR") => "r+".to_owned(),
                _ => "r".to_owned(),
            };
            (text, mode)
        };
        if let (Language::Ruby, Some(code)) = (self.what.language, path.strip_prefix('|')) {
            let code = code.to_owned();
            let printed = self.run_code(&code);
            return Val::Thing(Sort::Process, printed);
        }
        if path.contains("://") {
            return self.fetch(&Given::of(vec![Val::Text(path)]));
        }
        let file = Val::Thing(Sort::File, path.clone());
        let kind = if mode.contains('w') {
            Some(EffectKind::Overwrite)
        } else if mode.contains(['a', 'x', '+']) {
            Some(EffectKind::Create)
        } else {
            None
        };
        match kind {
            Some(kind) => {
                let place = self.touch(kind, &path);
                if let (Some(place), EffectKind::Overwrite) = (place, kind) {
                    self.machine.write_file(place.path, String::new(), false);
                }
            }
            None if self.idle && path.starts_with(value::is_hole) => {}
            None => {
                self.machine.read_path(&path, self.what.span, self.what.program);
            }
        }
        let function = given.functions().into_iter().next();
        if let Some(function) = function {
            return self.call(&function, Given::of(vec![file]));
        }
        file
    }

    fn read(&mut self, name: &str, given: &Given) -> Val {
        let path = match given.first() {
            // Descriptor 0.
            Val::Number(0) => return self.standard_input(),
            value => self.text_of(&value),
        };
        if matches!(path.as_str(), "/dev/stdin" | "php://stdin" | "php://input" | "-") {
            return self.standard_input();
        }
        let content = if path.contains("://") {
            let shown = self.machine.unknowns.show(&path);
            self.hole(&format!("$({shown})"), Origin::Network)
        } else if self.idle && path.starts_with(value::is_hole) {
            return Val::None;
        } else {
            self.machine.read_path(&path, self.what.span, self.what.program)
        };
        if RUNS_WHAT_IT_READS.contains(&name) {
            let foreign =
                self.machine.unknowns.origin(&content).is_some_and(|origin| origin >= Origin::Network);
            if foreign || !content.starts_with(value::is_hole) {
                self.eval(&content);
            }
        }
        let value = Val::Text(content);
        for function in given.functions() {
            self.call(&function, Given::of(vec![Val::None, value.clone()]));
        }
        value
    }

    fn print_values(&mut self, act: Act, name: &str, given: &Given) {
        let mut texts = Vec::new();
        let mut values = given.list.clone();
        if self.what.language == Language::Perl && values.is_empty() {
            values.extend(self.get("_"));
        }
        if name == "printf" && values.len() > 1 {
            let format = self.text_of(&values.remove(0));
            values = vec![Val::Text(self.percent_format(&format, &values))];
        }
        for value in values.iter().take(64) {
            let mut flat = Vec::new();
            value.flatten(&mut flat);
            for value in flat {
                texts.push(self.text_of(&value));
            }
        }
        let joined = match (act, self.what.language) {
            (Act::Print, Language::Ruby) => texts.join("\n"),
            (Act::Print, Language::Perl | Language::Julia | Language::Groovy) => texts.concat(),
            (Act::Print, Language::Lua) => texts.join("\t"),
            (Act::Print, _) => {
                let between = given.option("sep").and_then(|value| value.as_text());
                texts.join(between.as_deref().unwrap_or(" "))
            }
            _ => texts.concat(),
        };
        let end = match given.option("end") {
            Some(end) => end.as_text().unwrap_or_default(),
            None if act == Act::Print => "\n".to_owned(),
            None => String::new(),
        };
        // Into a pipe to a shell, or away from standard output.
        match given.option("handle").or_else(|| given.option("file")) {
            Some(Val::Text(handle)) if handle == "STDOUT" => self.print(&(joined + &end)),
            Some(_) if self.shell => {
                self.run_code(&joined);
            }
            Some(_) => {}
            None => self.print(&(joined + &end)),
        }
    }

    /// `s/…/…/` or `tr/…/…/` at the cursor, done to a value.
    pub(super) fn change(&mut self, c: &mut Cursor, value: &Val) -> Val {
        let Some(Tok::Change { translates, from, to, flags }) = c.peek().cloned() else { return Val::None };
        c.at += 1;
        let text = self.text_of(value);
        if translates {
            let to: String = to
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Code(text) => text.as_str(),
                })
                .collect();
            return Val::Text(pure::translate(&text, &from, &to, flags.contains('d')));
        }
        let runs = flags.contains('e');
        let to = if runs {
            let code: String = to
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Code(text) => text.as_str(),
                })
                .collect();
            let result = self.nested(&code);
            self.text_of(&result)
        } else {
            self.pieces(&to)
        };
        match pure::replace_pattern(&text, &from, &to, flags.contains('g')) {
            Some(text) => Val::Text(text),
            None => {
                let origin = self.machine.unknowns.origin(&text).unwrap_or(Origin::Program);
                Val::Text(self.hole("…", origin))
            }
        }
    }
}

/// A pattern of file names in our private characters.
fn as_pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0;
    for letter in text.chars() {
        match letter {
            '*' if depth == 0 => {
                if !out.ends_with(STAR) {
                    out.push(STAR);
                }
            }
            '?' if depth == 0 => out.push(ANY),
            '{' | '[' => {
                if depth == 0 {
                    out.push(STAR);
                }
                depth += 1;
            }
            '}' | ']' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            other => out.push(other),
        }
    }
    out
}

/// The functions without effect, for rows of the tables.
impl Script<'_, '_, '_> {
    fn pure(&mut self, fun: Fun, given: &Given) -> Val {
        self.call_back(given, &Val::None);
        self.pure_call(fun, given)
    }
}
