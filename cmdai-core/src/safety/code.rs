//! Text that becomes code: arguments of `sh -c`, variables that programs run, functions.

use std::rc::Rc;

use super::expand::quoted_for_shell;
use super::machine::{CODE_BYTES, DEPTH, Deferred, End, Field, Flow, Machine, PIECES, Status, Value};
use super::value::{self, Origin};
use super::walk::Way;
use super::{EffectKind, TargetClass, data};
use crate::line::{Dialect, Span};
use crate::syntax::ir::CommandKind;
use crate::syntax::{self, Limits};

/// Depth to which code arguments are parsed.
const CODE_DEPTH: usize = 24;
/// Calls of one function within itself.
const CALLS: usize = 4;
/// How often a line is walked once for each arm of a choice.
pub(super) const PIVOTS: u32 = 96;

/// True for a variable that is shown as a prompt, and expanded for it.
pub(super) fn is_prompt(name: &str) -> bool {
    matches!(
        name,
        "PS0"
            | "PS1"
            | "PS2"
            | "PS3"
            | "PS4"
            | "PROMPT"
            | "PROMPT2"
            | "RPROMPT"
            | "RPS1"
            | "RPS2"
            | "SPROMPT"
    )
}

impl Machine<'_> {
    /// A variable that some program runs as code was set for it.
    pub(super) fn code_variable(&mut self, name: &str, span: Span) {
        self.guard_variable(name, span);
        self.index_variable(name, span);
        if name == "APT_CONFIG"
            && let Some(Value::One(path)) = self.get(name)
        {
            return self.settings_of_apt(&path, span);
        }
        if name == "ZDOTDIR" {
            return self.loads_from(name, span);
        }
        if name == "PATH" {
            return self.searched_first(span);
        }
        if self.preloads(name, span) || self.hands_over(name, span) {
            return;
        }
        if is_prompt(name) {
            // A prompt is expanded as if it stood in double quotes.
            if let Some(Value::One(text)) = self.get(name)
                && text.contains(['$', '`'])
            {
                // What the prompt was made of is shown, not run.
                let text: String = text.chars().filter(|letter| !value::is_hole(*letter)).collect();
                self.code(&format!("echo \"{}\"", text.replace('"', "")), span, Flow::default());
            }
            return;
        }
        if !data::holds(data::CODE_VARIABLES, name) {
            return self.handed_variable(name, span);
        }
        if let Some(Value::One(code)) = self.get(name) {
            // A bare name is looked for on the PATH, not in the directory.
            let plain = if name.starts_with("LESS") { preparing(&code) } else { &code };
            let program = plain.split(' ').next().unwrap_or_default();
            if program.contains('/') && !plain.contains([';', '|', '`', '$']) && self.is_anybodys(program) {
                let target = self.target(TargetClass::Unknown, name, span);
                self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
            }
            let code = if name == "LESSOPEN" { preparing(&code) } else { &code };
            self.code(code, span, Flow::default());
        }
    }

    /// `LESSOPEN='|CODE %s' less FILE`: what makes a file readable for less is given the file, and so is what cleans
    /// up after it.
    pub(super) fn prepares_files(&mut self, argv: &[Field]) {
        for name in ["LESSOPEN", "LESSCLOSE"] {
            let Some(Value::One(code)) = self.state.variable(name).cloned() else { continue };
            let files = argv.iter().skip(1).filter(|field| !field.text.starts_with(['-', '+']));
            for file in files.take(4).filter(|_| code.contains("%s")) {
                let code = preparing(&code).replace("%s", &quoted_for_shell(&file.text));
                self.code(&code, self.at(file.span), Flow::default());
            }
        }
    }

    /// `PATH=/tmp:$PATH`: whoever can write there decides what every name that follows stands for.
    fn searched_first(&mut self, span: Span) {
        let Some(Value::One(path)) = self.get("PATH") else { return };
        if path.is_empty() {
            return self.searched_nowhere(span);
        }
        let folders = path.split(':').take_while(|folder| !folder.starts_with(value::is_hole)).take(8);
        let folders: Vec<String> = folders.map(str::to_owned).collect();
        let Some(folder) = folders.iter().find(|folder| {
            matches!(folder.as_str(), "." | "") || self.is_anybodys(folder) && !self.has_own_below(folder)
        }) else {
            return;
        };
        let open = matches!(folder.trim_end_matches('/'), "/tmp" | "/var/tmp" | "/dev/shm");
        let target = self.target(TargetClass::Unknown, "PATH", span);
        self.emit_with(EffectKind::RunCode, target, false, "sh", span, if open { "preload" } else { "" });
    }

    /// `PATH=`, `unset PATH`: no folder is left in which programs are looked for.
    pub(super) fn searched_nowhere(&mut self, span: Span) {
        let target = self.target(TargetClass::Unknown, "PATH", span);
        self.emit_with(EffectKind::RunCode, target, false, "sh", span, "nowhere");
    }

    /// True where the line itself wrote what lies there: that is judged by its text.
    fn has_own_below(&self, folder: &str) -> bool {
        let place = super::paths::locate_path(folder, &self.state.cwd, self.ctx);
        let below = |path: &str| path.strip_prefix(place.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.files.iter().any(|(path, _)| below(path))
    }

    /// Functions and settings that stand in the environment: `BASH_FUNC_ls%%`, `GIT_CONFIG_VALUE_0`.
    fn hands_over(&mut self, name: &str, span: Span) -> bool {
        if let Some(function) = name.strip_prefix("BASH_FUNC_") {
            let function = function.trim_end_matches("%%").trim_end_matches("()");
            let plain = !function.is_empty() && function.chars().all(|c| c.is_alphanumeric() || c == '_');
            if let (true, Some(Value::One(body))) = (plain, self.get(name)) {
                self.code_in(&format!("{function} {body}"), span, Flow::default(), Dialect::Bash);
            }
            return true;
        }
        // `'core.pager=CODE' 'a.b'='c'`, as git hands settings on to its own children.
        if name == "GIT_CONFIG_PARAMETERS" {
            if let Some(Value::One(text)) = self.get(name) {
                for setting in text.split("' '").take(16) {
                    let setting = setting.trim_matches('\'').replacen("'='", "=", 1);
                    if let Some((key, value)) = setting.split_once('=') {
                        self.git_setting(key, value, span, false);
                    }
                }
            }
            return true;
        }
        if let Some(number) = name.strip_prefix("GIT_CONFIG_VALUE_") {
            let key = self.get(&format!("GIT_CONFIG_KEY_{number}"));
            if let (Some(Value::One(key)), Some(Value::One(value))) = (key, self.get(name)) {
                self.git_setting(&key, &value, span, false);
            }
            return true;
        }
        false
    }

    /// Walks text that a program gives to a shell; `span` is the word it stands in.
    ///
    /// Programs start `sh`, whatever shell they were started from; what it sets is lost, and its `exit` is its own.
    pub(super) fn code(&mut self, text: &str, span: Span, flow: Flow<'_>) -> String {
        let dialect = match self.dialect {
            Dialect::Bash | Dialect::Posix | Dialect::Zsh => self.dialect,
            _ => Dialect::Bash,
        };
        self.apart(|machine| machine.code_in(text, span, flow, dialect))
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
        if let Some((group, arms)) = self.unknowns.group_in(text)
            && self.pivots < PIVOTS
        {
            return self.each_way(arms, |machine, arm| {
                let text = machine.unknowns.pick(text, group, arm);
                machine.code_in(&text, span, flow, dialect)
            });
        }
        self.report_unknown_code(text, span);
        if text.trim().is_empty() {
            return String::new();
        }
        if self.depth >= DEPTH {
            return self.defer(Deferred::Code(text.to_owned(), dialect), span, flow);
        }
        self.code_bytes += text.len();
        if self.code_bytes > CODE_BYTES || !self.spend(1 + text.len() / 64) {
            self.cut = true;
            return String::new();
        }
        let limits = Limits { depth: CODE_DEPTH, pieces: PIECES, ..Limits::default() };
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

    /// Walks something once for each arm of a choice, each time from here, and goes on from all of them.
    pub(super) fn each_way(
        &mut self,
        arms: usize,
        mut walk: impl FnMut(&mut Self, usize) -> String,
    ) -> String {
        self.pivots += 1;
        let start = self.state.clone();
        let mut ways = Vec::with_capacity(arms);
        for arm in 0..arms.min(value::ARMS) {
            self.state = start.clone();
            let output = walk(self, arm);
            if self.ended.is_none() {
                ways.push(Way { state: std::mem::take(&mut self.state), output });
            } else if arm + 1 < arms {
                self.ended = None;
            }
        }
        self.all(ways)
    }

    /// The arguments that a text of code is, where it is one command and nothing in it is expanded.
    pub(super) fn plain_command(&mut self, text: &str, span: Span) -> Option<Vec<Field>> {
        self.code_bytes += text.len();
        if self.code_bytes > CODE_BYTES || value::has_hole(text) || !self.spend(1 + text.len() / 64) {
            return None;
        }
        let parsed = syntax::parse_within(
            text,
            self.dialect,
            Limits { depth: 4, pieces: PIECES, ..Limits::default() },
        );
        let [statement] = &parsed.program.statements[..] else { return None };
        let [(_, pipeline)] = &statement.chain[..] else { return None };
        let [stage] = &pipeline.stages[..] else { return None };
        let CommandKind::Simple(simple) = &stage.command.kind else { return None };
        let plain = parsed.is_complete()
            && !statement.background
            && !pipeline.negated
            && stage.command.redirections.is_empty()
            && simple.assignments.is_empty();
        let words = simple.words.iter().map(|word| Some(Field { text: word.literal()?, span }));
        if plain { words.collect() } else { None }
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
            Origin::Local => {}
            Origin::Endless
            | Origin::Processes
            | Origin::Variable
            | Origin::Program
            | Origin::Shell
            | Origin::Secret => {
                // A variable inside known code is an argument; code that begins with one is not known.
                if text.trim_start().starts_with(value::is_hole) {
                    if let Some(at) =
                        self.filtered.iter().rposition(|(hole, _)| text.trim_start().starts_with(*hole))
                    {
                        let (_, input) = self.filtered.swap_remove(at);
                        self.typed(&input, span);
                        // Words in columns are put together again.
                        if input.lines().count() > 1 {
                            self.typed(&input.replace('\n', " "), span);
                        }
                    }
                    let target = self.target(TargetClass::Unknown, &shown, span);
                    let maker = shown.trim_start().strip_prefix("$(").unwrap_or_default();
                    let maker = maker.split([' ', ')']).next().unwrap_or_default();
                    let decoded = super::carried::DECODERS.contains(&maker) && !shown.contains("ssh-agent");
                    // No listing shows what else a file holds.
                    let hidden = decoded || shown.starts_with("$(Get-Content -Stream");
                    let detail = if hidden { "hidden" } else { "" };
                    self.emit_with(EffectKind::RunCode, target, false, "sh", span, detail);
                    self.unresolved += 1;
                }
            }
        }
    }

    /// Walks the texts of aliases that the line defines and does not use: somebody will.
    pub(super) fn uncalled_aliases(&mut self) {
        for (name, text, span) in std::mem::take(&mut self.aliased) {
            if self.called.contains(&name) || text.trim_start().starts_with(value::is_hole) {
                continue;
            }
            self.ended = None;
            self.apart(|machine| {
                // Inside its own text it is no alias.
                machine.shell_mut().aliases.retain(|(known, _)| *known != name);
                machine.code_here(&text, span, Flow::default())
            });
        }
    }

    /// Calls a function of the line; `None` where there is none of this name.
    pub(super) fn call(&mut self, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        let name = &argv[0].text;
        let functions = &self.state.shell().functions;
        if functions.is_empty() {
            return None;
        }
        let body = functions.iter().rev().find(|(known, _)| known == name).map(|(_, body)| body.clone())?;
        // What nushell has defined under a program's name is no program: inside it the name is the program's again.
        if matches!(body.kind, CommandKind::Expression(_)) {
            return None;
        }
        if !self.called.contains(name) {
            self.called.push(name.clone());
        }
        let times = self.active.iter().filter(|active| *active == name).count();
        if times > 0 && self.detached {
            let outermost = self.active.iter().position(|active| active == name);
            let guards = outermost.and_then(|at| self.active_guards.get(at)).copied();
            // A function that walks a tree calls itself under a condition; a bomb does not ask.
            if guards == Some(self.guards) {
                let span = self.at(argv[0].span);
                let target = self.target(TargetClass::Process, name, span);
                self.emit(EffectKind::Exhaust, target, true, name, span);
            }
        }
        if times >= if self.detached { 1 } else { CALLS } {
            return Some(String::new());
        }
        let arguments = argv[1..].iter().map(|field| field.text.clone()).collect();
        let positional = self.state.positional.replace(Rc::new(arguments));
        let returns = std::mem::take(&mut self.returns);
        let rounds = std::mem::take(&mut self.rounds);
        let locals = std::mem::take(&mut self.locals);
        self.active.push(name.clone());
        self.active_guards.push(self.guards);
        let outer = self.outer;
        self.outer = outer.or(self.words_of(&body));
        let output = self.nested_command(&body, flow);
        self.outer = outer;
        self.active.pop();
        self.active_guards.pop();
        let mut ends = std::mem::replace(&mut self.returns, returns);
        if !ends.is_empty() || self.ended == Some(End::Function) {
            if self.ended.is_none() {
                ends.push(std::mem::take(&mut self.state));
            }
            if !ends.is_empty() {
                self.ended = None;
                let group = self.unknowns.group();
                self.state = self.meet(ends, group);
            }
            self.status = Status::Unknown;
            self.facts.clear();
        }
        self.rounds = rounds;
        for (name, value) in std::mem::replace(&mut self.locals, locals).into_iter().rev() {
            match value {
                Some(value) => drop(self.state.set(&name, value)),
                None => self.state.unset(&name),
            }
        }
        self.state.positional = positional;
        Some(output)
    }
}

/// The command of `LESSOPEN`, without the signs that say how it hands the text over.
fn preparing(code: &str) -> &str {
    let code = code.trim_start_matches('|');
    code.strip_prefix('-').unwrap_or(code)
}
