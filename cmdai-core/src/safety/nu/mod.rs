//! What nushell does differently: pipelines carry values, not text.
//!
//! Expressions are evaluated to [`Value`]s with lists, records and closures; a closure that a command
//! is given is walked once for each element that comes in. What is pure is computed, what touches the
//! world goes through the specs like any other program, and what is not known stays text with holes.

mod call;
mod expression;
mod filters;
mod patterns;
mod pure;
mod rows;
mod texts;
mod value;

pub(super) use value::Value;

use crate::line::Span;
use crate::safety::machine::{DEPTH, Flow, Machine, VALUE_BYTES};
use crate::safety::paths::Place;
use crate::safety::value::{self as text, HOME, Origin, STAR};
use crate::safety::{EffectKind, TargetClass};
use crate::syntax::ir::{
    Closure, Command, CommandKind, Expression, ExpressionKind, PartKind, Pipeline, Program, Redirection,
    RedirectionKind, Word,
};

/// Elements that a closure is walked for, and that a list may have.
const ELEMENTS: usize = 256;

/// Rounds after which it shows what one costs.
const ROUNDS: usize = 16;

/// Where a value is kept that may hold code.
#[derive(Clone, Copy)]
struct Kept {
    /// Its texts are code as well.
    texts: bool,
    /// It is called on going to another folder.
    moves: bool,
}

impl Machine<'_> {
    /// Walks a program of nushell and returns what it writes, as text.
    pub(super) fn nu_code(&mut self, program: &Program, flow: Flow<'_>) -> String {
        let input = flow.input.map_or(Value::Nothing, Value::text);
        let value = self.nu_program(program, input);
        if flow.want { self.nu_text(&value) } else { String::new() }
    }

    /// Walks one command of nushell, such as the body of a command that is never called.
    pub(super) fn nu_alone(&mut self, command: &Command, flow: Flow<'_>) -> String {
        let input = flow.input.map_or(Value::Nothing, Value::text);
        let value = self.nu_command(command, input);
        if flow.want { self.nu_text(&value) } else { String::new() }
    }

    /// Walks statements; the value is that of the last.
    fn nu_program(&mut self, program: &Program, input: Value) -> Value {
        if self.depth >= DEPTH {
            self.cut = true;
            return Value::Nothing;
        }
        self.depth += 1;
        let mut value = Value::Nothing;
        for statement in &program.statements {
            if self.fuel == 0 {
                break;
            }
            for (_, pipeline) in &statement.chain {
                value = self.nu_pipeline(pipeline, input.clone());
            }
        }
        self.depth -= 1;
        value
    }

    /// Walks a block: what it declares is gone behind it.
    fn nu_block(&mut self, program: &Program, input: Value) -> Value {
        let known = self.values.len();
        let value = self.nu_program(program, input);
        self.values.truncate(known);
        value
    }

    fn nu_pipeline(&mut self, pipeline: &Pipeline, input: Value) -> Value {
        let mut value = input;
        let known = self.values.iter().rposition(|(name, _)| name == "in");
        let before = known.and_then(|at| self.values.get(at).cloned());
        for stage in &pipeline.stages {
            value = self.nu_command(&stage.command, value);
        }
        match (known, before) {
            (Some(at), Some((_, before))) => {
                if let Some((_, value)) = self.values.get_mut(at) {
                    *value = before;
                }
            }
            _ => self.values.retain(|(name, _)| name != "in"),
        }
        value
    }

    fn nu_command(&mut self, command: &Command, input: Value) -> Value {
        if !self.spend(1) {
            return Value::Nothing;
        }
        if !input.is_nothing() {
            self.nu_assign("in", input.clone());
        }
        let written = self.nu_kind(command, input);
        if command.redirections.is_empty() {
            return written;
        }
        let shown = self.nu_text(&written);
        for redirection in &command.redirections {
            self.nu_redirection(redirection, &shown, command.span);
        }
        Value::Nothing
    }

    fn nu_redirection(&mut self, redirection: &Redirection, written: &str, command: Span) {
        let (RedirectionKind::Write(word)
        | RedirectionKind::WriteBoth(word)
        | RedirectionKind::Append(word)
        | RedirectionKind::AppendBoth(word)) = &redirection.kind
        else {
            return;
        };
        let appended =
            matches!(redirection.kind, RedirectionKind::Append(_) | RedirectionKind::AppendBoth(_));
        let value = self.nu_word(word);
        let path = self.nu_text(&value);
        let kind = if appended { EffectKind::Create } else { EffectKind::Overwrite };
        let place = self.touch(kind, &path, self.at(redirection.span), false, "");
        if let Some(place) = place {
            self.nu_written(place, written, appended, command);
        }
    }

    /// A file was written: what it holds is remembered, and judged where a shell will run it.
    fn nu_written(&mut self, place: Place, written: &str, appended: bool, span: Span) {
        self.lasting(&place, written, self.at(span));
        self.write_file(place.path, written.to_owned(), appended);
    }

    /// What a command of the line's own does with what it is given.
    pub(in crate::safety) fn nu_body(&mut self, body: &Command, secret: bool) -> String {
        if let CommandKind::Expression(expression) = &body.kind
            && let ExpressionKind::Closure(closure) = &expression.kind
        {
            let given = if secret { vec![self.nu_hole("what you type", Origin::Secret)] } else { Vec::new() };
            self.nu_run(closure, &given, Value::Nothing);
        }
        String::new()
    }

    fn nu_kind(&mut self, command: &Command, input: Value) -> Value {
        match &command.kind {
            CommandKind::Simple(simple) => self.nu_call(simple, command.span, input),
            CommandKind::Expression(expression) => match &expression.kind {
                // The body of a command that nobody calls; deeper down a closure is a value.
                ExpressionKind::Closure(closure) if self.depth <= 1 => self.nu_run(closure, &[], input),
                _ => self.nu_expression(expression),
            },
            CommandKind::Assign { target, operator, value } => {
                let bare = bare_path(value);
                let value = self.nu_program(value, input);
                // A path alone is meant as one, whether or not this version runs it.
                let value = bare.map_or(value, |path| Value::Text(at_home(&path)));
                self.nu_set(target, operator, value, command.span);
                Value::Nothing
            }
            CommandKind::Group(program) | CommandKind::Subshell(program) => self.nu_program(program, input),
            CommandKind::If { arms, otherwise } => {
                let mut results = Vec::new();
                for (condition, body) in arms {
                    if never_holds(condition) {
                        continue;
                    }
                    self.nu_program(condition, Value::Nothing);
                    results.push(self.nu_block(body, input.clone()));
                }
                if let Some(body) = otherwise {
                    results.push(self.nu_block(body, input));
                }
                self.nu_either(results)
            }
            CommandKind::While { condition, .. } if never_holds(condition) => Value::Nothing,
            CommandKind::While { condition, body, .. } => {
                self.nu_program(condition, Value::Nothing);
                let endless = is_always(condition) && !leaves_or_waits(body);
                self.loops += u32::from(endless);
                self.nu_block(body, Value::Nothing);
                self.loops -= u32::from(endless);
                Value::Nothing
            }
            CommandKind::For { name, words, body, .. } => {
                for word in words.iter().flatten() {
                    let over = self.nu_word(word);
                    let before = self.effects.len();
                    self.nu_each(&over, |machine, item| {
                        machine.nu_declare(name, item);
                        machine.nu_block(body, Value::Nothing)
                    });
                    self.nu_fills(&over, before, command.span);
                }
                Value::Nothing
            }
            CommandKind::Case { subject, arms } => {
                let subject = self.nu_word(subject);
                let mut results = Vec::new();
                for arm in arms {
                    // A name in a pattern stands for what fits there.
                    for pattern in &arm.patterns {
                        self.nu_fit(pattern, &subject);
                    }
                    results.push(self.nu_block(&arm.body, input.clone()));
                }
                self.nu_either(results)
            }
            CommandKind::Try { body, handlers } => {
                let mut results = vec![self.nu_block(body, input)];
                for handler in handlers {
                    results.push(self.nu_block(handler, Value::Nothing));
                }
                self.nu_either(results)
            }
            CommandKind::Function { name, body, .. } => {
                if self.defined.len() >= crate::safety::walk::FUNCTIONS {
                    self.cut = true;
                    return Value::Nothing;
                }
                self.spend(1 + self.defined.len() / 16);
                self.defined.push((name.clone(), body.clone()));
                let functions = &mut self.shell_mut().functions;
                functions.retain(|(known, _)| known != name);
                functions.push((name.clone(), body.clone()));
                if crate::safety::replaced::is_commands_name(name) && self.takes_over(name, body) {
                    let span = self.at(command.span);
                    let target = self.target(TargetClass::Unknown, name, span);
                    self.emit_with(EffectKind::RunCode, target, false, "def", span, "hidden");
                }
                Value::Nothing
            }
            CommandKind::Opaque => {
                self.unresolved += 1;
                Value::Nothing
            }
            _ => Value::Nothing,
        }
    }

    /// One of several values: a choice where all are texts, otherwise the last.
    fn nu_either(&mut self, mut values: Vec<Value>) -> Value {
        values.retain(|value| !value.is_nothing());
        let texts = |value: &Value| matches!(value, Value::Text(_) | Value::Int(_));
        if values.len() > 1 && values.len() <= text::ARMS && values.iter().all(texts) {
            let texts: Vec<String> = values.iter().map(|value| self.nu_text(value)).collect();
            let group = self.unknowns.group();
            return Value::Text(self.unknowns.choice(group, texts));
        }
        values.pop().unwrap_or(Value::Nothing)
    }

    /// Calls `run` for each element and collects what it gives.
    fn nu_each(&mut self, over: &Value, mut run: impl FnMut(&mut Self, Value) -> Value) -> Vec<Value> {
        let mut elements = over.elements();
        let all = elements.len() <= ELEMENTS;
        if !all {
            self.cut = true;
            elements.truncate(ELEMENTS);
        }
        let known = self.values.len();
        let (count, fuel) = (elements.len(), self.fuel);
        let numbers = elements.iter().all(|element| matches!(element, Value::Int(_)));
        let (mut results, mut dear) = (Vec::new(), false);
        for (at, element) in elements.into_iter().enumerate() {
            if self.fuel == 0 {
                break;
            }
            // Rounds that differ in a number alone and cost too much for all of them: some, and the last.
            if at == ROUNDS && numbers && all {
                let one = (fuel - self.fuel) as usize / ROUNDS;
                dear = one * count > fuel as usize / 2;
            }
            if dear && at + 1 < count {
                continue;
            }
            results.push(run(self, element));
            self.values.truncate(known);
        }
        results
    }

    /// Walks a closure with these arguments; parameters beyond them are not known.
    fn nu_run(&mut self, closure: &Closure, arguments: &[Value], input: Value) -> Value {
        let known = self.values.len();
        self.nu_bind(closure, arguments);
        let input =
            if input.is_nothing() { arguments.first().cloned().unwrap_or(Value::Nothing) } else { input };
        if !input.is_nothing() {
            self.nu_declare("in", input.clone());
        }
        let value = self.nu_program(&closure.body, input);
        self.values.truncate(known);
        value
    }

    fn nu_bind(&mut self, closure: &Closure, arguments: &[Value]) {
        let mut arguments = arguments.iter();
        for parameter in &closure.parameters {
            if let Some(name) = parameter.name.strip_prefix("...") {
                let rest = arguments.by_ref().cloned().collect();
                self.nu_declare(name, Value::list(rest));
                continue;
            }
            if let Some(flag) = parameter.name.strip_prefix("--") {
                let hole = self.nu_hole(&format!("${flag}"), Origin::Variable);
                self.nu_declare(&flag.replace('-', "_"), hole);
                continue;
            }
            let value = match (arguments.next(), &parameter.default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => self.nu_expression(default),
                (None, None) => self.nu_hole(&format!("${}", parameter.name), Origin::Variable),
            };
            self.nu_declare(&parameter.name, value);
        }
    }

    /// Declares a variable, hiding one of the same name.
    fn nu_declare(&mut self, name: &str, value: Value) {
        if self.values.len() < 512 {
            self.values.push((name.to_owned(), value));
        } else {
            self.cut = true;
        }
    }

    /// Gives a variable another value; declares it where there is none.
    fn nu_assign(&mut self, name: &str, value: Value) {
        match self.values.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.nu_declare(name, value),
        }
    }

    /// `let x = …`, `$x = …`, `$env.NAME = …`
    fn nu_set(&mut self, target: &Expression, operator: &str, value: Value, span: Span) {
        let path = self.nu_target(target);
        let Some((first, rest)) = path.split_first() else { return };
        let declares = matches!(&target.kind, ExpressionKind::Word(_)) && target.span.start > span.start;
        if self.loops > 0 && !declares && rest.is_empty() && first != "env" && grows(&value) {
            let span = self.at(span);
            let target = self.target(TargetClass::Named, "memory", span);
            self.emit_with(EffectKind::Exhaust, target, false, "loop", span, "memory");
        }
        let value = match operator {
            "=" => value,
            _ => {
                let old = self.nu_expression(target);
                self.nu_operate(old, operator.trim_end_matches('='), value)
            }
        };
        if first == "env" {
            return self.nu_set_environment(rest, value, span);
        }
        if rest.is_empty() && declares {
            self.nu_declare(first, value);
        } else if rest.is_empty() {
            self.nu_assign(first, value);
        }
    }

    fn nu_target(&mut self, target: &Expression) -> Vec<String> {
        match &target.kind {
            ExpressionKind::Word(word) => word
                .parts
                .iter()
                .filter_map(|part| match &part.kind {
                    PartKind::Parameter(parameter) => Some(parameter.name.clone()),
                    _ => None,
                })
                .collect(),
            ExpressionKind::Access { value, steps } => {
                let mut path = self.nu_target(value);
                for step in steps {
                    if let crate::syntax::ir::Access::Member { name, .. } = step {
                        let name = self.nu_expression(name);
                        path.push(self.nu_text(&name));
                    }
                }
                path
            }
            _ => Vec::new(),
        }
    }

    /// The environment is set: code that is kept there runs later, code variables are run by programs.
    fn nu_set_environment(&mut self, path: &[String], value: Value, span: Span) {
        let span = self.at(span);
        let hooks = path.iter().any(|step| matches!(step.as_str(), "hooks" | "keybindings" | "menus"));
        if path.last().is_some_and(|step| step == "buffer_editor") {
            self.nu_starts(&value, span);
        }
        let moves = path.iter().any(|step| step == "env_change") && path.iter().any(|step| step == "PWD");
        self.nu_kept_code(&value, span, Kept { texts: hooks, moves }, 0);
        let Some(name) = path.first() else { return };
        let shown = match &value {
            // A list of folders, which is handed on as other shells write it.
            Value::List(list) if name == "PATH" => {
                let folders: Vec<String> = list
                    .items
                    .iter()
                    .take(64)
                    .map(|item| self.nu_text(item))
                    .map(|folder| at_home(&folder))
                    .collect();
                folders.join(":")
            }
            _ => self.nu_text(&value),
        };
        self.set(name, crate::safety::machine::Value::One(shown));
        self.code_variable(name, span);
        self.nu_assign(&format!("env.{name}"), value);
    }

    /// Closures inside a value that is kept, and texts where those are code.
    fn nu_kept_code(&mut self, value: &Value, span: Span, kept: Kept, depth: usize) {
        if depth > 8 || !self.spend(1) {
            return;
        }
        match value {
            Value::Closure(closure) => {
                let state = self.state.clone();
                // The folder that is left, and the one that is entered.
                let given = if kept.moves {
                    let mut folder = |name: &str| {
                        let some = self.unknowns.hole(name, Origin::Variable);
                        Value::Text(format!("{}/{some}", text::HOME))
                    };
                    vec![folder("the folder you leave"), folder("the folder you enter")]
                } else {
                    Vec::new()
                };
                self.nu_run(&closure.clone(), &given, Value::Nothing);
                self.state = state;
            }
            Value::Text(code) if kept.texts && !text::has_hole(code) => {
                let state = self.state.clone();
                self.code_here(code, span, Flow::default());
                self.state = state;
            }
            Value::List(list) => {
                list.items.iter().for_each(|item| self.nu_kept_code(item, span, kept, depth + 1))
            }
            Value::Record(record) => {
                for (name, item) in &record.items {
                    // A path of several steps, as `upsert hooks.env_change.PWD` has it.
                    let code = |step: &str| matches!(step, "hooks" | "cmd" | "code" | "condition");
                    let texts = kept.texts || name.split('.').any(code);
                    let moves = kept.moves || texts && name.rsplit('.').next() == Some("PWD");
                    self.nu_kept_code(item, span, Kept { texts, moves }, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// The value of a word.
    fn nu_word(&mut self, word: &Word) -> Value {
        self.spend(1 + word.span.len() / 64);
        if let [part] = &word.parts[..] {
            return match &part.kind {
                PartKind::Parameter(parameter) => self.nu_variable(&parameter.name),
                PartKind::Expression(expression) => self.nu_expression(expression),
                PartKind::Closure(closure) => self.nu_closure(closure),
                // `0x[72 6d]`: bytes.
                PartKind::Text(text) if let Some(bytes) = bytes_of(text) => Value::Text(bytes),
                PartKind::Text(text) => Value::Text(self.own(text).into_owned()),
                _ => Value::Text(self.nu_piece(part)),
            };
        }
        let mut out = String::new();
        for part in &word.parts {
            let piece = self.nu_piece(part);
            if out.len() + piece.len() > VALUE_BYTES {
                self.cut = true;
                break;
            }
            out.push_str(&piece);
        }
        Value::Text(out)
    }

    fn nu_closure(&mut self, closure: &Closure) -> Value {
        // A closure that is kept is copied: what it costs is paid.
        self.spend(1 + closure.body.span.len() / 32);
        Value::Closure(std::rc::Rc::new(closure.clone()))
    }

    /// The text of a part.
    fn nu_piece(&mut self, part: &crate::syntax::ir::Part) -> String {
        match &part.kind {
            PartKind::Text(text) => self.own(text).into_owned(),
            PartKind::Quoted { parts, .. } => {
                let mut out = String::new();
                for part in parts {
                    let piece = self.nu_piece(part);
                    if out.len() + piece.len() > VALUE_BYTES {
                        self.cut = true;
                        break;
                    }
                    out.push_str(&piece);
                }
                out
            }
            PartKind::Parameter(parameter) => {
                let value = self.nu_variable(&parameter.name);
                self.nu_text(&value)
            }
            PartKind::Expression(expression) => {
                let value = self.nu_expression(expression);
                self.nu_text(&value)
            }
            PartKind::Glob(pattern) => pattern
                .chars()
                .map(|letter| match letter {
                    '*' => STAR,
                    '?' => text::ANY,
                    other => other,
                })
                .collect(),
            PartKind::Tilde(_) => self.piece(part),
            _ => self.unknowns.hole("…", Origin::Variable).to_string(),
        }
    }

    /// The value of `$name`.
    fn nu_variable(&mut self, name: &str) -> Value {
        match name {
            "nothing" => return Value::Nothing,
            "true" | "false" => return Value::Bool(name == "true"),
            // Tokens and passwords are kept there.
            "env" => return self.nu_hole("$env", Origin::Secret),
            "nu" => return Value::text("$nu"),
            _ => {}
        }
        let known = self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        known.unwrap_or_else(|| self.nu_hole(&format!("${name}"), Origin::Variable))
    }

    /// `$env.NAME`
    fn nu_environment(&mut self, name: &str) -> Value {
        let key = format!("env.{name}");
        let known = self.values.iter().rev().find(|(known, _)| *known == key).map(|(_, value)| value.clone());
        match (known, self.get(name)) {
            (Some(value), _) => value,
            (None, Some(crate::safety::machine::Value::One(text))) => Value::Text(text),
            (None, Some(crate::safety::machine::Value::Many(list))) => {
                Value::texts(list.iter().map(String::as_str))
            }
            (None, Some(crate::safety::machine::Value::Map(list))) => {
                Value::record(list.into_iter().map(|(key, text)| (key, Value::Text(text))).collect())
            }
            (None, None) => self.nu_hole(&format!("$env.{name}"), Origin::Variable),
        }
    }

    /// What nushell tells of itself.
    fn nu_constant(&mut self, name: &str) -> Value {
        let home = match self.get("HOME") {
            Some(crate::safety::machine::Value::One(home)) => home,
            _ => HOME.to_string(),
        };
        Value::Text(match name {
            "home-path" | "home-dir" => home,
            "temp-path" | "temp-dir" => "/tmp".to_owned(),
            "config-path" => format!("{home}/.config/nushell/config.nu"),
            "env-path" => format!("{home}/.config/nushell/env.nu"),
            "loginshell-path" => format!("{home}/.config/nushell/login.nu"),
            "default-config-dir" => format!("{home}/.config/nushell"),
            "user-autoload-dirs" => {
                return Value::list(vec![Value::Text(format!("{home}/.config/nushell/autoload"))]);
            }
            "vendor-autoload-dirs" => {
                return Value::list(vec![Value::Text(format!(
                    "{home}/.local/share/nushell/vendor/autoload"
                ))]);
            }
            "history-path" => format!("{home}/.config/nushell/history.txt"),
            "data-dir" => format!("{home}/.local/share/nushell"),
            "cache-dir" => format!("{home}/.cache/nushell"),
            "current-exe" => "/usr/bin/nu".to_owned(),
            _ => return self.nu_hole(&format!("$nu.{name}"), Origin::Variable),
        })
    }

    fn nu_hole(&mut self, name: &str, origin: Origin) -> Value {
        Value::Text(self.unknowns.hole(name, origin).to_string())
    }

    /// The text that a value is outside of nushell: a list is its lines.
    pub(super) fn nu_text(&mut self, value: &Value) -> String {
        let mut out = String::new();
        self.nu_add_text(value, &mut out);
        out
    }

    fn nu_add_text(&mut self, value: &Value, out: &mut String) {
        if out.len() > VALUE_BYTES || !self.spend(usize::from(!matches!(value, Value::Text(_)))) {
            self.cut = true;
            return;
        }
        match value {
            Value::Nothing | Value::Closure(_) => {}
            Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Value::Int(number) => out.push_str(&number.to_string()),
            Value::Text(text) => out.push_str(text),
            Value::List(list) => {
                for (at, item) in list.items.iter().enumerate() {
                    if at > 0 {
                        out.push('\n');
                    }
                    self.nu_add_text(item, out);
                }
            }
            Value::Record(record) => {
                for (at, (_, item)) in record.items.iter().enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    self.nu_add_text(item, out);
                }
            }
        }
    }
}

/// The text that bytes are which stand there as numbers.
fn bytes_of(text: &str) -> Option<String> {
    let digits = text.strip_prefix("0x[")?.strip_suffix(']')?;
    crate::safety::pure::output("xxd", &["-r", "-p"], Some(digits))
}

/// The path that is all of a value, unquoted.
fn bare_path(value: &Program) -> Option<String> {
    let [statement] = &value.statements[..] else { return None };
    let [(_, pipeline)] = &statement.chain[..] else { return None };
    let [stage] = &pipeline.stages[..] else { return None };
    let CommandKind::Simple(simple) = &stage.command.kind else { return None };
    let [word] = &simple.words[..] else { return None };
    word.literal().filter(|text| text.starts_with(['/', '~']))
}

/// True for a condition that stands there as `false`.
fn never_holds(condition: &Program) -> bool {
    let [statement] = &condition.statements[..] else { return false };
    let [(_, pipeline)] = &statement.chain[..] else { return false };
    let [stage] = &pipeline.stages[..] else { return false };
    match &stage.command.kind {
        CommandKind::Expression(expression) => match &expression.kind {
            ExpressionKind::Word(word) => matches!(&word.parts[..], [part]
                if matches!(&part.kind, PartKind::Text(text) if text == "false")),
            _ => false,
        },
        CommandKind::Simple(simple) => matches!(&simple.words[..], [word]
            if matches!(&word.parts[..], [part] if matches!(&part.kind, PartKind::Text(text) if text == "false"))),
        _ => false,
    }
}

/// A folder in one's home, however it is quoted: the list of folders for programs is expanded when it is used.
fn at_home(folder: &str) -> String {
    match folder.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        Some(rest) => format!("{HOME}{rest}"),
        None => folder.to_owned(),
    }
}

/// True for the condition of a loop that never ends by it: `loop`, `while true`.
fn is_always(condition: &Program) -> bool {
    condition.statements.is_empty() || condition.span.len() <= 4
}

/// True where a loop waits in each round, or may leave it.
fn leaves_or_waits(body: &Program) -> bool {
    let (mut found, mut spawns) = (false, false);
    crate::syntax::walk::commands(body, &mut |command, _| {
        if let CommandKind::Simple(simple) = &command.kind
            && let Some(name) = simple.words.first().and_then(Word::literal)
        {
            found |= matches!(&*name, "sleep" | "break" | "return" | "exit" | "input" | "read");
            spawns |= simple
                .words
                .get(1)
                .and_then(Word::literal)
                .is_some_and(|word| &*name == "job" && word == "spawn");
        }
    });
    // What a job does holds up nobody but itself.
    found && !spawns
}

/// True for a value that is more than a number or a truth: such a variable may grow.
fn grows(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Text(_) | Value::Record(_))
}

#[cfg(test)]
mod tests;
