//! Calls: of functions of the text, of rows of the tables, of methods of things.

use std::rc::Rc;

use super::acts::{Given, as_pattern};
use super::clients;
use super::lex;
use super::tables::{self, Act};
use super::val::{Sort, Val};
use super::{Cursor, NESTING, Script, TOKENS, is_hole_alone, pure};
use crate::safety::machine::Value;
use crate::safety::paths;
use crate::safety::value::{self, Origin, STAR};
use crate::specs::Language;

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
        let held: Vec<(String, Option<Val>)> = function
            .parameters
            .iter()
            .map(|name| name.trim_start_matches('*'))
            .map(|name| (name.to_owned(), self.get(name)))
            .collect();
        for (place, name) in function.parameters.iter().enumerate() {
            let value = match arguments.get(place) {
                // The last takes all that is left where it may take several.
                Some(_) if name.starts_with('*') => {
                    Val::List(arguments.get(place..).unwrap_or_default().to_vec())
                }
                Some(value) => value.clone(),
                None => continue,
            };
            self.set(name.trim_start_matches('*'), value);
        }
        // `_1` and `it` of a block of Ruby that names nothing.
        if self.what.language == Language::Ruby
            && function.parameters.iter().all(|name| name == "_1")
            && let Some(first) = arguments.first()
        {
            self.set("_1", first.clone());
            self.set("it", first.clone());
        }
        if self.what.language == Language::Perl && !arguments.is_empty() {
            // `@_` of a named function; the `$_` of a block.
            let whole = function.parameters.is_empty();
            let first = arguments.first().cloned().unwrap_or(Val::None);
            self.set("_", if whole { Val::List(arguments.to_vec()) } else { first });
        }
        let outer = self.returned.take();
        let mut body = Cursor {
            tokens: Rc::clone(&function.tokens),
            at: function.start,
            end: function.end,
            scans: Rc::clone(&self.scans),
        };
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

    /// Calls something by its dotted name. What is secret among the arguments of a call that only makes
    /// something of them is so in what comes of it.
    pub(super) fn call_name(&mut self, name: &str, mut given: Given) -> Val {
        for value in &mut given.list {
            if let Val::Name(all) = value
                && super::is_environment(all)
            {
                *value = Val::Text(self.hole("the environment", Origin::Secret));
            }
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        let name = if last == "constructor" && self.what.language == Language::JavaScript {
            "Function"
        } else {
            name
        };
        if last == "getenv" && given.list.is_empty() {
            return Val::Text(self.hole("the environment", Origin::Secret));
        }
        let secret = given.list.iter().find(|value| self.is_secret(value)).cloned();
        let value = self.named_call(name, given);
        match secret {
            Some(secret)
                if !self.is_secret(&value) && matches!(value, Val::None | Val::Name(_) | Val::Text(_)) =>
            {
                secret
            }
            _ => value,
        }
    }

    /// True for text that holds a secret.
    pub(super) fn is_secret(&self, value: &Val) -> bool {
        match value {
            Val::Text(text) | Val::Thing(_, text) => self.machine.unknowns.comes_from(text, Origin::Secret),
            Val::List(list) => list.iter().take(16).any(|value| self.is_secret(value)),
            _ => false,
        }
    }

    fn named_call(&mut self, name: &str, given: Given) -> Val {
        let (base, member) = name.rsplit_once('.').unwrap_or((name, name));
        if self.client_method(base, member, &given) {
            return Val::None;
        }
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
        if name.contains('.') && self.store_method(base, member, &given) {
            return Val::None;
        }
        match name {
            "globals" | "locals" => return Val::Name("globals".to_owned()),
            "dict" if given.list.is_empty() && !given.named.is_empty() => return Val::Map(given.named),
            "vars" | "dict" | "iter" | "enumerate" | "set" => {
                self.call_back(&given, &Val::None);
                return given.first();
            }
            "lambda" | "proc" | "Proc.new" if self.what.language == Language::Ruby => {
                return given.functions().into_iter().next().unwrap_or(Val::None);
            }
            "method" if self.what.language == Language::Ruby => {
                return Val::Name(given.first().as_text().unwrap_or_default());
            }
            "parse" if self.what.language == Language::R => {
                return given.option("text").unwrap_or_else(|| given.first());
            }
            _ => {}
        }
        let with = if clients::is_of_library(name) { Val::Name(name.to_owned()) } else { Val::None };
        self.call_back(&given, &with);
        Val::Name(name.to_owned())
    }

    /// The row of a call, however it was reached.
    pub(super) fn row(&self, name: &str) -> Option<Act> {
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
        if matches!(member, "execute" | "executemany" | "executescript" | "query" | "exec_query" | "raw")
            && let Some(Val::Text(text)) = given.list.first()
            && !matches!(value, Val::Text(_))
        {
            let text = text.clone();
            self.machine.sql(&text, self.what.program, self.what.span);
        }
        if let Val::Text(text) = value
            && self.is_secret(value)
            && tables::find(self.what.language, &format!(".{member}")).is_none()
        {
            // `.encode()`, `.toString('hex')`, `.to_s`: another form of the same.
            let kept = Val::Text(text.clone());
            self.call_back(&given, &kept);
            return kept;
        }
        if member == "constructor" && self.what.language == Language::JavaScript {
            return self.call_name("Function", given);
        }
        match value {
            Val::Name(base) => self.method_of_name(base, member, given),
            Val::Thing(sort, text) => self.method_of_thing(*sort, text, member, given),
            Val::Map(_) if matches!(member, "kill" | "terminate") && value.entry("pid").is_some() => {
                let pid = value.entry("pid").cloned().unwrap_or(Val::None);
                let signal = Val::text(if member == "kill" { "9" } else { "TERM" });
                self.kill(Act::Kill, &Given::of(vec![pid, signal]));
                Val::None
            }
            Val::Function(index) => match member {
                "call" | "apply" | "()" | "call!" | "yield" => self.call_function(*index, &given.list),
                _ => value.clone(),
            },
            _ => self.method_of_value(value, member, given, variable),
        }
    }

    pub(super) fn method_of_name(&mut self, base: &str, member: &str, given: Given) -> Val {
        let full = format!("{base}.{member}");
        if self.row(&full).is_none()
            && (self.client_method(base, member, &given) || self.store_method(base, member, &given))
        {
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
            (
                "ENV",
                "to_h" | "to_a" | "to_s" | "to_hash" | "inspect" | "items" | "copy" | "map" | "collect"
                | "entries" | "values" | "each" | "to_json" | "toObject",
            ) => return Val::Text(self.hole("the environment", Origin::Secret)),
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
            (_, "__getattribute__") => {
                let name = given.first().as_text().unwrap_or_default();
                return Val::Name(format!("{base}.{name}"));
            }
            (_, "const_get") => return Val::Name(given.first().as_text().unwrap_or_default()),
            (_, "open") if member == "open" && base.is_empty() => {}
            _ => {}
        }
        if let Some(known) = self.known_attribute(base, member) {
            return known;
        }
        // Each bucket of the buckets is one of that library still.
        let with = if clients::is_of_library(base) { Val::Name(full.clone()) } else { Val::None };
        if let (Val::Name(_), Some(Val::Text(method))) = (&with, given.list.first())
            && matches!(member, "each" | "map" | "each_page")
        {
            // `each(&:terminate)`: a method by its name.
            self.client_method(&full, &method.clone(), &Given::default());
        }
        self.call_back(&given, &with);
        Val::Name(full)
    }

    pub(super) fn method_of_thing(&mut self, sort: Sort, text: &str, member: &str, mut given: Given) -> Val {
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
        let mut cursor = Cursor { tokens: tokens.into(), at: 0, end, scans: Rc::clone(&self.scans) };
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
            (
                "ENV",
                "to_h" | "to_a" | "to_s" | "to_hash" | "inspect" | "items" | "values" | "entries" | "to_json"
                | "toObject",
            ) => Val::Text(self.hole("the environment", Origin::Secret)),
            ("ENV", name) => self.variable_of(name, None),
            ("os", "environ") | ("process" | "Deno" | "Bun" | "vim", "env") => Val::Name("ENV".to_owned()),
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
}
