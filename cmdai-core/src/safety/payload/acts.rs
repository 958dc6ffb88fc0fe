//! What calls do: each [`Act`] of the tables on the machine.

use super::lex::{Piece, Tok};
use super::tables::{Act, Fun};
use super::val::{Sort, Val};
use super::{Cursor, Script, is_shell_command, pure};
use crate::line::Dialect;
use crate::safety::machine::{Field, Flow};
use crate::safety::paths;
use crate::safety::value::{self, ANY, Origin, STAR};
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

    pub(super) fn functions(&self) -> Vec<Val> {
        let named = self.named.iter().map(|(_, value)| value);
        let entries = self.list.iter().filter_map(|value| match value {
            Val::Map(entries) => Some(entries.iter().map(|(_, value)| value)),
            _ => None,
        });
        let all = self.list.iter().chain(named).chain(entries.flatten());
        all.filter(|value| matches!(value, Val::Function(_))).cloned().collect()
    }

    /// What is not a map, function or missing.
    pub(super) fn values(&self) -> Vec<Val> {
        let mut out = Vec::new();
        for value in &self.list {
            if !matches!(value, Val::Map(_) | Val::Function(_)) {
                value.flatten(&mut out);
            }
        }
        out
    }
}

impl Script<'_, '_, '_> {
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
    pub(super) fn run_words(&mut self, words: &[Val], input: Option<&str>) -> String {
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
                // `vm.runInNewContext("f(…)", { f })`: the names that the code finds.
                if let (true, Some(Val::Map(entries))) = (name.starts_with("vm."), given.list.get(1)) {
                    for (name, value) in entries.clone().into_iter().take(16) {
                        self.set(&name, value);
                    }
                }
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
                    Act::Move if self.idle && from.starts_with(value::is_hole) => {}
                    Act::Move => {
                        self.machine.touch(EffectKind::Move, &from, self.what.span, true, self.what.program);
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
            // R has the text first, and without a file it is printed.
            Act::Write if name.ends_with("writeLines") => {
                let to = given.option("con").or_else(|| given.list.get(1).cloned());
                let content = self.text_of(&given.first());
                let path = to.and_then(|to| to.as_text());
                match path {
                    Some(path) => {
                        if let Some(place) = self.touch(EffectKind::Overwrite, &path) {
                            self.store(place, &content, false);
                        }
                        Val::None
                    }
                    None => given.first(),
                }
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
            Act::Read => {
                if given.first().as_text().is_some_and(|text| text.contains("://"))
                    && self.is_secret(&given.first())
                {
                    self.send(&given);
                }
                self.read(name, &given)
            }
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
            Act::Vim => {
                let text = self.text_of(&given.first());
                self.machine.script(super::Payload { language: Language::Editor, text: &text, ..self.what });
                Val::None
            }
            // `cat("…", file = "x")` of R.
            Act::Write1 if name == "cat" && given.option("file").is_some() => {
                let path = given.option("file").unwrap_or(Val::None);
                let (path, content) = (self.text_of(&path), self.text_of(&given.first()));
                if let Some(place) = self.touch(EffectKind::Overwrite, &path) {
                    self.store(place, &content, false);
                }
                Val::None
            }
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
            Act::Redis => self.redis_call(&given),
            Act::Pure(fun) => self.pure(fun, &given),
        }
    }

    /// `system(…)` and its like; returns what is printed.
    pub(super) fn shell_call(&mut self, name: &str, given: &Given) -> String {
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

    pub(super) fn map(&mut self, name: &str, given: &Given) -> Val {
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
            // A function of Perl is given nothing: it looks at `$_`.
            let own = self.what.language == Language::Perl;
            let result = self.call(&function, Given::of(if own { Vec::new() } else { vec![value.clone()] }));
            out.push(if matches!(name, "grep" | "array_filter") { value } else { result });
        }
        Val::List(out)
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
pub(super) fn as_pattern(text: &str) -> String {
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
    pub(super) fn pure(&mut self, fun: Fun, given: &Given) -> Val {
        self.call_back(given, &Val::None);
        self.pure_call(fun, given)
    }
}
