//! Calls: a command's words become values, and the command is a closure's, a pure one, a program of
//! nushell with a spec, or another program.

use super::rows::{as_pattern, with_field};
use super::{ELEMENTS, Value, filters, patterns, pure};
use crate::line::{Dialect, Span};
use crate::safety::machine::{Field, Flow, Machine};
use crate::safety::value::{self, Origin, STAR};
use crate::safety::{EffectKind, TargetClass};
use crate::specs;
use crate::syntax::ir::{Closure, CommandKind, ExpressionKind, PartKind, Simple, Word};

/// Commands whose second word is a part of their name.
const FAMILIES: &[&str] = &[
    "ansi", "bits", "bytes", "config", "date", "decode", "detect", "each", "encode", "error", "format",
    "from", "http", "into", "job", "math", "overlay", "path", "plugin", "query", "random", "roll", "seq",
    "skip", "split", "stor", "str", "take", "to", "update", "url", "view",
];

/// An argument.
pub(super) struct Argument<'a> {
    pub(super) value: Value,
    /// The closure that stands there, which is not copied for it.
    pub(super) closure: Option<&'a Closure>,
    /// True for `-f` and `--flag`, unquoted.
    pub(super) is_flag: bool,
    span: Span,
}

impl Machine<'_> {
    /// Walks a call and returns its value.
    pub(super) fn nu_call(&mut self, simple: &Simple, span: Span, input: Value) -> Value {
        for assignment in &simple.assignments {
            if let crate::syntax::ir::AssignedValue::Word(word) = &assignment.value {
                let value = self.nu_word(word);
                let path = [assignment.name.clone()];
                self.nu_set_environment(&path, value, assignment.span);
            }
        }
        let Some((head, rest)) = simple.words.split_first() else { return Value::Nothing };
        let external = head.parts.first().is_none_or(|part| part.span.start > head.span.start);
        let name = match self.nu_word(head) {
            Value::List(list) => {
                let list = Value::List(list);
                self.nu_text(&list).replace('\n', " ")
            }
            other => self.nu_text(&other),
        };
        let arguments = self.nu_arguments(rest);
        if external {
            return self.nu_external(&name, head.span, &arguments, input, span);
        }
        if let Some(value) = self.nu_defined(&name, &arguments, &input) {
            return value;
        }
        if let Some(at) = self.state.shell().aliases.iter().position(|(known, _)| *known == name) {
            let (_, code) = self.shell_mut().aliases.remove(at);
            let mut line = code;
            for argument in &arguments {
                let text = self.nu_text(&argument.value);
                line.push(' ');
                line.push_str(&self.unknowns.show(&text));
            }
            let input = (!input.is_nothing()).then(|| self.nu_text(&input));
            let flow = Flow { input: input.as_deref(), want: true };
            return Value::Text(self.code_here(&line, self.at(head.span), flow));
        }
        self.nu_command_of(&name, head, &arguments, input, span)
    }

    fn nu_arguments<'a>(&mut self, words: &'a [Word]) -> Vec<Argument<'a>> {
        let mut arguments = Vec::with_capacity(words.len().min(2 * ELEMENTS));
        for word in words {
            if !self.spend(usize::from(arguments.len() % 8 == 0)) {
                break;
            }
            let span = self.at(word.span);
            let mut add =
                |value, closure, is_flag| arguments.push(Argument { value, closure, is_flag, span });
            if let [part] = &word.parts[..] {
                match &part.kind {
                    PartKind::Closure(closure) => {
                        add(Value::Nothing, Some(&**closure), false);
                        continue;
                    }
                    PartKind::Expression(expression) => {
                        if let ExpressionKind::Unary { operator, operand } = &expression.kind
                            && operator == "..."
                        {
                            self.nu_expression(operand)
                                .elements()
                                .into_iter()
                                .take(ELEMENTS)
                                .for_each(|item| add(item, None, false));
                            continue;
                        }
                    }
                    _ => {}
                }
            }
            let is_flag = matches!(word.parts.first().map(|part| &part.kind), Some(PartKind::Text(text)) if text.starts_with('-'));
            let value = self.nu_word(word);
            add(value, None, is_flag);
        }
        arguments
    }

    /// The arguments as words of a program; a list is several.
    fn nu_fields(&mut self, name: &str, span: Span, arguments: &[Argument<'_>]) -> Vec<Field> {
        let mut fields = vec![Field { text: name.to_owned(), span: self.at(span) }];
        for argument in arguments {
            // What other programs put something in place of: `find -exec rm {} +`, `xargs -I {} rm {}`.
            let braces = match (&argument.value, argument.closure) {
                (_, Some(closure)) => closure.parameters.is_empty() && closure.body.statements.is_empty(),
                (Value::Record(record), None) => record.items.is_empty(),
                _ => false,
            };
            if braces || argument.closure.is_some() {
                fields.extend(braces.then(|| Field { text: "{}".to_owned(), span: argument.span }));
                continue;
            }
            match &argument.value {
                Value::List(list) => {
                    for item in list.items.iter().take(ELEMENTS) {
                        let text = self.nu_text(item);
                        fields.push(Field { text, span: argument.span });
                    }
                }
                other => {
                    let text = self.nu_text(other);
                    fields.push(Field { text, span: argument.span });
                }
            }
        }
        fields
    }

    /// Another program, started as any shell would.
    fn nu_external(
        &mut self,
        name: &str,
        head: Span,
        arguments: &[Argument<'_>],
        input: Value,
        span: Span,
    ) -> Value {
        let argv = self.nu_fields(name, head, arguments);
        let input = (!input.is_nothing()).then(|| self.nu_text(&input));
        let dialect = std::mem::replace(&mut self.dialect, Dialect::Bash);
        let written = self.run(&argv, span, Flow { input: input.as_deref(), want: true });
        self.dialect = dialect;
        Value::text(written.trim_end_matches('\n'))
    }

    /// A program that is kept for later, in one text or a list of its words.
    pub(super) fn nu_starts(&mut self, words: &Value, span: Span) {
        let dialect = std::mem::replace(&mut self.dialect, Dialect::Bash);
        match words {
            Value::List(list) => {
                let mut argv = Vec::new();
                for item in list.items.iter().take(16) {
                    argv.push(Field { text: self.nu_text(item), span });
                }
                self.run(&argv, span, Flow::default());
            }
            one => {
                let code = self.nu_text(one);
                self.code_here(&code, span, Flow::default());
            }
        }
        self.dialect = dialect;
    }

    /// A command of nushell that has a spec.
    fn nu_own(
        &mut self,
        name: &str,
        head: Span,
        arguments: &[Argument<'_>],
        input: Value,
        span: Span,
    ) -> Value {
        let mut argv = self.nu_fields(name, head, arguments);
        // Many versions expand a tilde that is quoted, too.
        if matches!(name, "rm" | "mv" | "cp" | "ls" | "open" | "save" | "touch" | "mkdir" | "du") {
            for field in argv.iter_mut().skip(1).filter(|field| field.text.starts_with('~')) {
                field.text = super::at_home(&field.text);
            }
        }
        let input = (!input.is_nothing()).then(|| self.nu_text(&input));
        let written = self.run(&argv, span, Flow { input: input.as_deref(), want: true });
        Value::text(written.trim_end_matches('\n'))
    }

    /// A command that the line defined; its name may have several words.
    fn nu_defined(&mut self, name: &str, arguments: &[Argument<'_>], input: &Value) -> Option<Value> {
        if self.state.shell().functions.is_empty() {
            return None;
        }
        let mut full = name.to_owned();
        let mut found = None;
        for taken in 0..=arguments.len().min(2) {
            if taken > 0 {
                full.push(' ');
                full.push_str(&arguments.get(taken - 1)?.value.known().unwrap_or_default());
            }
            let body = self.state.shell().functions.iter().rev().find(|(known, _)| *known == full);
            if let Some((known, body)) = body {
                found = Some((known.clone(), body.clone(), taken));
            }
        }
        let (name, body, taken) = found?;
        if !self.called.contains(&name) {
            self.called.push(name.clone());
        }
        if self.active.contains(&name) {
            if self.detached {
                let span = arguments.first().map_or(Span::default(), |argument| argument.span);
                let target = self.target(TargetClass::Process, &name, span);
                self.emit(EffectKind::Exhaust, target, true, &name, span);
                return Some(Value::Nothing);
            }
            return None;
        }
        let CommandKind::Expression(expression) = &body.kind else { return None };
        let ExpressionKind::Closure(closure) = &expression.kind else { return None };
        self.active.push(name);
        self.active_guards.push(self.guards);
        let known = self.values.len();
        // Flags are bound by name, the rest in order.
        let mut values = Vec::new();
        let mut flags = Vec::new();
        let mut rest = arguments.iter().skip(taken).peekable();
        while let Some(argument) = rest.next() {
            let text = if argument.is_flag { self.nu_text(&argument.value) } else { String::new() };
            if let Some(flag) = text.strip_prefix("--") {
                let (flag, joined) = match flag.split_once('=') {
                    Some((flag, value)) => (flag, Some(Value::text(value))),
                    None => (flag, None),
                };
                let takes = closure
                    .parameters
                    .iter()
                    .any(|parameter| parameter.name.strip_prefix("--") == Some(flag));
                let value = match joined {
                    Some(value) => value,
                    None if takes && rest.peek().is_some_and(|next| !next.is_flag) => {
                        rest.next().map_or(Value::Nothing, |next| next.value.clone())
                    }
                    None => Value::Bool(true),
                };
                flags.push((flag.replace('-', "_"), value));
                continue;
            }
            let value = match argument.closure {
                Some(closure) => self.nu_closure(closure),
                None => argument.value.clone(),
            };
            values.push(value);
        }
        self.nu_bind(closure, &values);
        for (flag, value) in flags {
            self.nu_declare(&flag, value);
        }
        if !input.is_nothing() {
            self.nu_declare("in", input.clone());
        }
        let value = self.nu_program(&closure.body, input.clone());
        self.values.truncate(known);
        self.active.pop();
        self.active_guards.pop();
        Some(value)
    }

    fn nu_command_of(
        &mut self,
        name: &str,
        head: &Word,
        arguments: &[Argument<'_>],
        input: Value,
        span: Span,
    ) -> Value {
        let mut full = name.to_owned();
        let mut skip = 0;
        if FAMILIES.binary_search(&name).is_ok()
            && let Some(second) =
                arguments.first().filter(|argument| !argument.is_flag && argument.closure.is_none())
            && let Some(word) = second.value.known()
            && word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            // Of the others the second word is a column.
            && (name != "update" || word == "cells")
        {
            full = format!("{name} {word}");
            skip = 1;
        }
        let own = &arguments[skip..];
        // The program of this name, which other shells know: its options are none of the command's.
        let foreign = name == "find"
            && input.is_nothing()
            && own.iter().any(|argument| {
                let text = argument.value.known().filter(|_| argument.is_flag);
                text.is_some_and(|text| {
                    matches!(
                        text.as_str(),
                        "-name" | "-iname" | "-type" | "-delete" | "-exec" | "-mtime" | "-size"
                    )
                })
            });
        if foreign {
            return self.nu_external(name, head.span, arguments, input, span);
        }
        if filters::is_one(&full) {
            return self.nu_filter(&full, own, &input, span);
        }
        if let Some(value) = self.nu_special(&full, head.span, own, &input, span) {
            return value;
        }
        let mut flags = Vec::new();
        let mut values = Vec::new();
        for argument in own {
            if argument.is_flag {
                flags.push(self.nu_text(&argument.value));
            } else if let Some(closure) = argument.closure {
                // A closure that is added to a list is kept there.
                if matches!(full.as_str(), "append" | "prepend") {
                    values.push(self.nu_closure(closure));
                }
            } else {
                values.push(argument.value.clone());
            }
        }
        if !self.spend(input.weight() * 2) {
            return self.nu_derived(&full, &values, &input);
        }
        // Whatever takes a closure runs it, for what comes in or once.
        let mut ran = None;
        for argument in own.iter().filter(|_| !matches!(full.as_str(), "append" | "prepend")) {
            if let Some(value) = self.nu_run_argument(argument, &[], &input) {
                ran = Some(value);
            }
        }
        if full == "collect" && ran.is_some() {
            return ran.unwrap_or(Value::Nothing);
        }
        let made = patterns::output(&full, &values, &input).map(Some);
        if let Some(result) = made.or_else(|| pure::output(&full, &flags, &values, &input)) {
            let matches = flags.iter().any(|flag| flag.contains('r')) || full == "parse";
            let price = if matches { crate::safety::regex::price(256) } else { 0 };
            self.spend(price + result.as_ref().map_or(0, Value::weight));
            return result.unwrap_or_else(|| self.nu_derived(&full, &values, &input));
        }
        if specs::own(name, Dialect::Nu).is_some() {
            return self.nu_own(name, head.span, arguments, input, span);
        }
        ran.unwrap_or_else(|| self.nu_external(name, head.span, arguments, input, span))
    }

    /// Something unknown that was made from these values.
    fn nu_derived(&mut self, name: &str, values: &[Value], input: &Value) -> Value {
        let mut origin = Origin::Program;
        for value in values.iter().chain([input]) {
            let text = self.nu_text(value);
            origin = self
                .unknowns
                .origin(&text)
                .filter(|&other| other >= Origin::Secret)
                .unwrap_or(origin)
                .max(origin);
        }
        self.nu_hole(&format!("({name})"), origin)
    }

    pub(super) fn nu_run_argument(
        &mut self,
        argument: &Argument<'_>,
        given: &[Value],
        input: &Value,
    ) -> Option<Value> {
        match (argument.closure, &argument.value) {
            (Some(closure), _) => Some(self.nu_run(closure, given, input.clone())),
            (None, Value::Closure(closure)) => {
                let closure = closure.clone();
                Some(self.nu_run(&closure, given, input.clone()))
            }
            _ => None,
        }
    }

    /// Commands that need more than their values: those with closures, and those whose value stands for files.
    fn nu_special(
        &mut self,
        name: &str,
        head: Span,
        arguments: &[Argument<'_>],
        input: &Value,
        span: Span,
    ) -> Option<Value> {
        let runs = |argument: &&Argument<'_>| {
            argument.closure.is_some() || matches!(argument.value, Value::Closure(_))
        };
        let closure = arguments.iter().find(runs);
        let operands: Vec<&Argument<'_>> =
            arguments.iter().filter(|argument| !argument.is_flag && argument.closure.is_none()).collect();
        let has = |names: &[&str]| {
            arguments.iter().any(|argument| {
                argument.is_flag && argument.value.known().is_some_and(|text| has_flag(&text, names))
            })
        };
        Some(match name {
            "reduce" => {
                let closure = closure?;
                let mut items = input.elements().into_iter();
                let initial = operands.first().map(|argument| argument.value.clone());
                let many = input.elements().iter().any(Value::is_many);
                let mut total = match initial {
                    // One that stands for many is the first, and others behind it.
                    None if many => items.clone().next(),
                    None => items.next(),
                    given => given,
                }
                .unwrap_or(Value::Nothing);
                for item in items.take(ELEMENTS) {
                    total = self.nu_run_argument(closure, &[item, total], &Value::Nothing)?;
                }
                total
            }
            // Goes on until the closure says that it is enough.
            "generate" => {
                let closure = closure?;
                let given: Vec<Value> = operands.iter().map(|argument| argument.value.clone()).collect();
                self.loops += 1;
                let made = self.nu_run_argument(closure, &given, &Value::Nothing);
                self.loops -= 1;
                Value::list(vec![made?.field("out")])
            }
            "input" if has(&["-s", "--suppress-output"]) => self.nu_hole("what you type", Origin::Secret),
            "do" => {
                let closure = closure?;
                let given: Vec<Value> = arguments
                    .iter()
                    .filter(|argument| !std::ptr::eq(*argument, closure) && !argument.is_flag)
                    .map(|argument| argument.value.clone())
                    .collect();
                self.nu_run_argument(closure, &given, input)?
            }
            "with-env" | "load-env" => {
                let variables = operands.first().map(|argument| argument.value.clone());
                if let Some(Value::Record(record)) = variables {
                    for (name, value) in &record.items {
                        self.nu_set_environment(std::slice::from_ref(name), value.clone(), span);
                    }
                }
                closure
                    .and_then(|closure| self.nu_run_argument(closure, &[], input))
                    .unwrap_or(Value::Nothing)
            }
            "update" | "insert" | "upsert" | "default" if !operands.is_empty() => {
                let key = if name == "default" { operands.get(1)? } else { operands.first()? };
                let key = self.nu_text(&key.value);
                let values = self.nu_each(&input.clone(), |machine, item| {
                    let value = match (closure, name) {
                        (Some(closure), _) => {
                            machine.nu_run_argument(closure, std::slice::from_ref(&item), &item)
                        }
                        (None, "default") => operands.first().map(|argument| argument.value.clone()),
                        (None, _) => operands.get(1).map(|argument| argument.value.clone()),
                    };
                    with_field(item, &key, value.unwrap_or(Value::Nothing), name == "default")
                });
                match input {
                    Value::List(_) => Value::list(values),
                    _ => values.into_iter().next().unwrap_or(Value::Nothing),
                }
            }
            "ls" => {
                self.nu_own("ls", head, arguments, Value::Nothing, span);
                let mut rows = Vec::new();
                for argument in operands.iter().take(64) {
                    let path = self.nu_text(&argument.value);
                    let name = match path.as_str() {
                        _ if value::has_pattern(&path) || has(&["-D", "--directory"]) => path,
                        _ => format!("{}/{STAR}", path.trim_end_matches('/')),
                    };
                    rows.push(self.nu_row(&name));
                }
                if rows.is_empty() {
                    rows.push(self.nu_row(&STAR.to_string()));
                }
                Value::list(rows)
            }
            "glob" => {
                let pattern = operands.first().map(|argument| argument.value.clone())?;
                let pattern = self.nu_text(&pattern);
                Value::list(patterns::of_glob(&pattern).into_iter().map(Value::Text).collect())
            }
            "http get" | "http head" | "http options" => {
                for argument in operands.iter().take(4) {
                    let text = self.nu_text(&argument.value);
                    self.token_in_address(&text, argument.span, "http");
                }
                return None;
            }
            "http delete" | "http put" | "http patch" | "http post" => {
                let texts: Vec<String> =
                    operands.iter().map(|argument| self.nu_text(&argument.value)).collect();
                // The values of flags stand among them.
                let at = texts.iter().position(|text| text.contains("://")).unwrap_or(0);
                let url = texts.get(at).cloned().unwrap_or_default();
                let body = texts.get(at + 1).cloned().unwrap_or_default();
                let signed = has(&["-H", "--headers", "-u", "--user"]);
                let method = name.trim_start_matches("http ").to_owned();
                self.asks_http(&method, &url, &body, signed, self.at(span), "http");
                // What is sent tells as much as an address does.
                let piped = self.nu_text(input);
                for sent in [body, piped] {
                    if value::has_hole(&sent) {
                        self.token_in_address(&format!("{url}?{sent}"), self.at(span), "http");
                    }
                }
                return None;
            }
            // Takes the line that is made as if it had been typed, and Enter pressed.
            "commandline" if has(&["--accept", "-A"]) => {
                for argument in operands.iter().skip(1) {
                    let text = self.nu_text(&argument.value);
                    self.code_here(&text, argument.span, Flow::default());
                }
                Value::Nothing
            }
            "watch" => {
                let closure = closure?;
                let folder = operands.first().map(|argument| argument.value.clone())?;
                let below = format!("{}/{STAR}", self.nu_text(&folder).trim_end_matches('/'));
                let change = self.nu_hole("$op", Origin::Variable);
                let given = [change, Value::Text(below.clone()), Value::Text(below)];
                self.nu_run_argument(closure, &given, &Value::Nothing);
                Value::Nothing
            }
            "job spawn" => {
                let closure = closure?;
                if self.loops > 0 {
                    let at = self.at(span);
                    let target = self.target(TargetClass::Process, "jobs without end", at);
                    self.emit(EffectKind::Exhaust, target, true, "job spawn", at);
                }
                let was_detached = std::mem::replace(&mut self.detached, true);
                let given = self.nu_run_argument(closure, &[], &Value::Nothing);
                self.detached = was_detached;
                given.unwrap_or(Value::Nothing)
            }
            "mktemp" => Value::text("/tmp/tmp.X"),
            "which" => {
                let found = |name: String| {
                    let path = Value::Text(format!("/usr/bin/{name}"));
                    Value::record(vec![("command".to_owned(), Value::Text(name)), ("path".to_owned(), path)])
                };
                let names = operands.iter().map(|argument| self.nu_text(&argument.value)).collect::<Vec<_>>();
                Value::list(names.into_iter().map(found).collect())
            }
            "path dirname" => {
                let levels = operands.iter().find_map(|argument| argument.value.number()).unwrap_or(1);
                let texts = self.nu_each(&input.clone(), |machine, item| {
                    let mut text = machine.nu_text(&item);
                    for _ in 0..levels.clamp(0, 64) {
                        text = match text.trim_end_matches('/').rsplit_once('/') {
                            Some(("", _)) => "/".to_owned(),
                            Some((folder, _)) => folder.to_owned(),
                            None if text == value::HOME.to_string() => format!("{text}/.."),
                            None => ".".to_owned(),
                        };
                    }
                    Value::Text(text)
                });
                match input {
                    Value::List(_) => Value::list(texts),
                    _ => texts.into_iter().next().unwrap_or(Value::Nothing),
                }
            }
            "ps" => {
                let mut row = self.nu_row(&STAR.to_string());
                if let Value::Record(record) = &row {
                    let mut items = record.items.clone();
                    items.push(("pid".to_owned(), Value::Text(STAR.to_string())));
                    row = Value::record(items);
                }
                Value::list(vec![row])
            }
            "kill" => {
                for argument in &operands {
                    let text = self.nu_text(&argument.value);
                    if value::has_pattern(&text) {
                        let target = self.target(TargetClass::Process, "-1", argument.span);
                        self.emit_with(EffectKind::Kill, target, true, "kill", argument.span, "TERM");
                    }
                }
                return None;
            }
            "save" => {
                let written = self.nu_text(input);
                let path = operands.first().map(|argument| (argument.value.clone(), argument.span));
                self.nu_own("save", head, arguments, Value::Nothing, span);
                if let Some((path, _)) = path {
                    let path = super::at_home(&self.nu_text(&path));
                    let place = crate::safety::paths::locate(&path, &self.state.cwd, self.ctx);
                    if place.class == TargetClass::Host {
                        self.sends(&written, &path, self.at(span), "save");
                    }
                    if self.loops > 0 && has(&["-a", "--append"]) {
                        let at = self.at(span);
                        let target = self.target(TargetClass::Named, &self.unknowns.show(&place.path), at);
                        self.emit_with(EffectKind::Exhaust, target, true, "save", at, "disk");
                    }
                    let empties = written.is_empty() && has(&["-f", "--force"]);
                    if empties {
                        let at = self.at(span);
                        self.touch_as(EffectKind::Overwrite, &path, at, false, "save", "empties");
                    }
                    let at = self.at(span);
                    self.fills(&written, &place, at, "save");
                    let piped = place.clone();
                    // What is written where it starts by itself is walked as well.
                    let upto = self.commands.len();
                    self.nu_written(place, &written, has(&["-a", "--append"]), span);
                    self.keeps_piped_setup(upto, &piped, has(&["-a", "--append"]));
                }
                Value::Nothing
            }
            "cd" => {
                let mut argv = self.nu_fields("cd", head, arguments);
                for field in &mut argv {
                    field.text = super::at_home(&field.text);
                }
                self.builtin("cd", &argv, Flow::default());
                Value::Nothing
            }
            "source" | "source-env" | "use" | "overlay use" => {
                let path = self.nu_text(&operands.first()?.value);
                let place = crate::safety::paths::locate(&path, &self.state.cwd, self.ctx);
                let known = self.files.iter().rev().find(|(known, _)| *known == place.path);
                match known.cloned() {
                    Some((_, code)) => {
                        self.code_here(&code, self.at(head), Flow::default());
                    }
                    // Of other folders than one's own nobody knows who wrote there.
                    None => {
                        let shown = self.unknowns.show(&place.path);
                        let lower = shown.to_lowercase();
                        if place.class == TargetClass::Temporary || lower.contains("download") {
                            let at = self.at(span);
                            let target = self.target(TargetClass::Unknown, &shown, at);
                            let program = name.split(' ').next().unwrap_or(name);
                            self.emit(EffectKind::RunCode, target, false, program, at);
                        }
                    }
                }
                Value::Nothing
            }
            "exec" | "run-external" => {
                let (first, rest) = arguments.split_first()?;
                let name = self.nu_text(&first.value);
                return Some(self.nu_external(&name, first.span, rest, input.clone(), span));
            }
            "alias" => {
                let (name, code) = operands
                    .first()?
                    .value
                    .known()?
                    .split_once('=')
                    .map(|(a, b)| (a.to_owned(), b.to_owned()))?;
                let field = Field { text: code.clone(), span: head };
                self.shadowed(&name, &code, &[field]);
                if self.state.shell().aliases.len() < 64 {
                    self.shell_mut().aliases.push((name, code));
                }
                Value::Nothing
            }
            "from json" | "from nuon" => {
                let text = input.known()?;
                self.nu_data(&text)
            }
            "from yaml" | "from yml" | "from toml" | "from ini" => pure::fields(&input.known()?),
            "from csv" | "from tsv" => {
                pure::table(&input.known()?, if name == "from csv" { ',' } else { '\t' })
            }
            "query db" => {
                for argument in &operands {
                    let text = self.nu_text(&argument.value);
                    self.sql(&text, "sqlite3", argument.span);
                }
                self.nu_derived(name, &[], input)
            }
            // Of what stands for many, some.
            "first" | "last" | "take" | "skip" | "drop" | "range" | "slice" | "get"
                if (input.elements().iter().any(Value::is_many)
                    || matches!(name, "skip" | "drop" | "range" | "slice")
                        && input.elements().iter().any(Value::is_some_of_many))
                    && (name != "get"
                        || operands.first().is_some_and(|argument| argument.value.number().is_some())) =>
            {
                let some = self.nu_narrowed(input);
                match (name, operands.first()) {
                    ("first" | "last", None) | ("get", _) => {
                        some.elements().into_iter().next().unwrap_or(Value::Nothing)
                    }
                    _ => some,
                }
            }
            // What is typed holds tokens and passwords.
            "history" | "commandline" if arguments.is_empty() => self.nu_hole("(history)", Origin::Secret),
            "into glob" => {
                let texts = self.nu_each(&input.clone(), |machine, item| {
                    Value::Text(as_pattern(&machine.nu_text(&item)))
                });
                match input {
                    Value::List(_) => Value::list(texts),
                    _ => texts.into_iter().next().unwrap_or(Value::Nothing),
                }
            }
            "open" if operands.first().is_some_and(|path| self.nu_text(&path.value) == "/etc/passwd") => {
                Value::Text(self.accounts())
            }
            // Lines of a text are what that file says, not what a program makes of it.
            "open" if let [path] = &operands[..] => {
                let path = self.nu_text(&path.value);
                let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
                let is_text =
                    ending.is_none_or(|(_, ending)| matches!(ending, "txt" | "list" | "lst" | "log"));
                let value = self.nu_own("open", head, arguments, input.clone(), span);
                match &value {
                    Value::Text(text)
                        if is_text
                            && text.chars().count() == 1
                            && self.unknowns.origin(text) == Some(Origin::Program) =>
                    {
                        let place = crate::safety::paths::locate_path(&path, &self.state.cwd, self.ctx);
                        let shown = self.unknowns.show(&place);
                        self.nu_hole(&shown, Origin::Program)
                    }
                    _ => value,
                }
            }
            // The text of a closure, which is not run for it.
            "view source" => self.nu_derived(name, &[], input),
            "nu-check" | "error make" => Value::Nothing,
            "print" => Value::Nothing,
            "sleep" | "break" | "continue" | "exit" | "ignore" => Value::Nothing,
            "tee" | "inspect" => {
                if let Some(closure) = closure {
                    self.nu_run_argument(closure, std::slice::from_ref(input), input);
                }
                input.clone()
            }
            _ => return None,
        })
    }
}

fn has_flag(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| {
        *name == text
            || (!text.starts_with("--")
                && name.len() == 2
                && name.chars().nth(1).is_some_and(|letter| text.contains(letter)))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn families_are_sorted() {
        assert!(super::FAMILIES.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
