//! The operands and values of a program, each by its kind: code is walked, paths are touched, data is sent.

use std::rc::Rc;

use super::call::{Call, Seen};
use super::machine::{Flow, Machine, Value};
use super::placed::PLACED;
use super::value::{self, Origin};
use super::{EffectKind, TargetClass};
use crate::line::Span;
use crate::specs::{Input, Item, Language, PathUse, Role, ValueKind};

impl Machine<'_> {
    /// Goes through operands and values by their kinds.
    pub(super) fn values(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Seen {
        let mut seen = Seen::default();
        let leaf = call.args.spec;
        let recursive = call.recursive();
        let mut index = 0;
        while index < call.args.items.len() {
            let item = call.args.items[index];
            index += 1;
            if self.fuel == 0 {
                self.cut = true;
                return seen;
            }
            let (kind, many) = match item.role {
                Role::Operand(Some(operand)) => (operand.kind, operand.many),
                Role::Value(flag) => match flag.value {
                    Some(value) => (value.kind, false),
                    None => continue,
                },
                Role::Operand(None) if !leaf.subcommands.is_empty() => continue,
                _ => continue,
            };
            let is_operand = matches!(item.role, Role::Operand(_));
            let span = self.at(call.argv[item.word + 1].span);
            match kind {
                ValueKind::Command if is_operand => {
                    let rest = &call.argv[item.word + 1..];
                    match self.wrapped(call, rest, flow) {
                        Some(output) => seen.output = Some(output),
                        None => seen.next = Some(rest.to_vec()),
                    }
                    return seen;
                }
                // `find -exec` is understood where find is.
                ValueKind::Command => {}
                ValueKind::Code => {
                    seen.code = true;
                    let output = if is_operand && many {
                        let rest: Vec<&str> =
                            call.argv[item.word + 1..].iter().map(|field| field.text.as_str()).collect();
                        self.wrapped_code(call, &rest.join(" "), span, flow)
                    } else {
                        // A flag with code may stand there again and again: what follows is not copied each time.
                        let most = if is_operand { usize::MAX } else { 64 };
                        let rest = call.argv.iter().skip(item.word + 2).take(most);
                        let rest: Vec<String> = rest.map(|field| field.text.clone()).collect();
                        // Who only tries it connects all the same, through the program that is named here.
                        let connects = matches!(call.program, "rsync" | "git");
                        let muted = self.mute;
                        self.mute &= !connects;
                        let output = self.single_code(call, item.text, &rest, span, flow);
                        self.mute = muted;
                        output
                    };
                    if is_operand {
                        seen.output = Some(output);
                        return seen;
                    }
                }
                ValueKind::Path(usage) => self.path(call, item, usage, recursive, &mut seen, span, flow),
                ValueKind::Place => self.place(call, item, span),
                ValueKind::Data => {
                    if let Some(path) =
                        item.text.rsplit_once('@').map(|(_, path)| path).filter(|_| item.text.contains('@'))
                        && (item.text.starts_with('@') || item.text.contains("=@"))
                    {
                        // As Windows writes a path.
                        let path = path.replace('\\', "/");
                        let content = self.read_path(&path, span, call.program);
                        self.sends(&content, &path, span, call.program);
                    }
                    self.sends(item.text, item.text, span, call.program);
                }
                ValueKind::Url | ValueKind::Host => {
                    self.address(item.text, span, call.program);
                    self.sends(item.text, item.text, span, call.program);
                }
                ValueKind::Sql => {
                    seen.code = true;
                    let printed = self.statements(call, item.text, span);
                    seen.add_printed(printed);
                }
                ValueKind::Script(language) => {
                    seen.code = true;
                    let prints =
                        matches!(item.role, Role::Value(flag) if matches!(flag.names[0], "-p" | "-pe"));
                    if prints && language == Language::JavaScript && flow.want {
                        // What the code amounts to is printed.
                        let code = format!("console.log({})", item.text.trim_end_matches(';'));
                        let printed = self.script(call.payload(language, &code, span, flow.input));
                        seen.add_printed(printed);
                        continue;
                    }
                    let printed = self.script(call.payload(language, item.text, span, flow.input));
                    seen.add_printed(printed);
                }
                ValueKind::Assignment => {
                    if let Some((name, text)) = item.text.split_once('=') {
                        self.set(name, Value::One(text.to_owned()));
                        self.code_variable(name, span);
                    }
                }
                _ => {}
            }
        }
        seen
    }

    #[expect(clippy::too_many_arguments, reason = "one step of `values`, split off for length")]
    pub(super) fn path(
        &mut self,
        call: &Call<'_>,
        item: Item<'_>,
        usage: PathUse,
        recursive: bool,
        seen: &mut Seen,
        span: Span,
        flow: Flow<'_>,
    ) {
        let text = item.text;
        let program = call.program;
        match usage {
            PathUse::Any => {}
            PathUse::Read => {
                let before = self.effects.len();
                let content = self.read_path(text, span, program);
                let copies = program == "cp" && call.args.has_any(&["-r", "-a"]);
                if recursive || copies || matches!(program, "tar" | "zip") {
                    self.reads_below(before, text, span, program);
                }
                if matches!(item.role, Role::Operand(_)) {
                    seen.read_operand = true;
                    seen.content.push_str(&content);
                }
            }
            PathUse::Write if text == "-" => {}
            PathUse::Write => {
                // Into a directory: a file there may be replaced, most often none is.
                let into = matches!(text, "." | ".." | "~") || text.ends_with('/') || text.ends_with("/..");
                let copies = matches!(program, "cp" | "mv" | "ln" | "install");
                // A link takes the place of nothing unless it is told to.
                let kept = call.args.has("-n") && program != "ln" || program == "ln" && !call.args.has("-f");
                let no_clobber = copies && (into || kept);
                let kind = if no_clobber { EffectKind::Create } else { EffectKind::Overwrite };
                let detail = self.placing(call, text);
                if let Some(place) = self.touch_as(kind, text, span, false, program, detail) {
                    seen.written.push(place.path);
                }
            }
            PathUse::Append | PathUse::Create => {
                if let Some(place) = self.touch(EffectKind::Create, text, span, false, program)
                    && usage == PathUse::Append
                {
                    seen.written.push(place.path);
                }
            }
            PathUse::Delete => {
                self.touch(EffectKind::Delete, text, span, recursive, program);
                // `rm -i` asks before each file.
                let asks = *seen.asks.get_or_insert_with(|| call.args.has("-i") && !call.args.has("-f"));
                if asks
                    && program == "rm"
                    && let Some(effect) = self.effects.last_mut()
                {
                    effect.detail = "asks".to_owned();
                }
                // A star that no shell has taken for a pattern.
                let literal = program == "rm"
                    && text.contains('*')
                    && !value::has_pattern(text)
                    && !value::has_hole(text)
                    && self.dialect != crate::Dialect::PowerShell;
                if literal
                    && let Some(effect) = self.effects.last_mut().filter(|effect| effect.detail.is_empty())
                {
                    effect.detail = "literal".to_owned();
                }
            }
            PathUse::Move => {
                let to = call.args.operands().last().map_or("", |item| item.text);
                let placed = self.placing(call, to) == PLACED;
                let detail = if placed { PLACED } else { "" };
                self.touch_as(EffectKind::Move, text, span, true, program, detail);
            }
            PathUse::Permission => {
                let mut words = call.args.items.iter();
                let mode = words.find(|item| match item.role {
                    Role::Operand(Some(operand)) => matches!(operand.kind, ValueKind::Mode | ValueKind::User),
                    Role::Flag(flag) => flag.names[0] == "-x",
                    _ => false,
                });
                let detail = mode.map_or("", |item| item.text).to_owned();
                let place = super::paths::locate(text, &self.state.cwd, self.ctx);
                let target = self.target(place.class, &self.unknowns.show(&place.path), span);
                self.emit_with(EffectKind::Permission, target, recursive, program, span, &detail);
            }
            PathUse::Directory => {
                if !matches!(program, "tar" | "make" | "git") || matches!(item.role, Role::Value(_)) {
                    seen.directory = Some(text.to_owned());
                }
            }
            PathUse::Run => {
                seen.code = true;
                let printed = self.run_file(call, text, span, flow);
                seen.add_printed(printed);
            }
        }
    }

    /// What is read with all that lies below it: a folder of keys is as secret as the keys.
    pub(super) fn reads_below(&mut self, before: usize, text: &str, span: Span, program: &str) {
        for effect in self.effects.iter_mut().skip(before) {
            effect.recursive |= matches!(effect.kind, EffectKind::Read | EffectKind::ReadSecret);
        }
        let place = super::paths::locate(text, &self.state.cwd, self.ctx);
        let path = self.unknowns.show(&place.path);
        let below = path.strip_suffix("/*").unwrap_or(&path);
        let keys = ["/.aws", "/.kube", "/.docker"].iter().any(|folder| below.ends_with(folder));
        if keys && place.class == TargetClass::HomeFile {
            let target = self.target(TargetClass::Secret, &path, span);
            self.emit(EffectKind::ReadSecret, target, true, program, span);
        }
    }

    /// A script is run by its path: its text is known where the line itself wrote it.
    pub(super) fn run_file(
        &mut self,
        call: &Call<'_>,
        path: &str,
        span: Span,
        flow: Flow<'_>,
    ) -> Option<String> {
        if matches!(path, "/dev/stdin" | "-" | "/dev/fd/0" | "/proc/self/fd/0") {
            return self.interpret(call, flow.input?, span, None);
        }
        let fd = path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"));
        if let Some(fd) = fd.and_then(|fd| fd.parse::<u32>().ok())
            && let Some((_, text)) = self.descriptors.iter().rev().find(|(known, _)| *known == fd)
        {
            let text = text.clone();
            return self.interpret(call, &text, span, None);
        }
        let Some(text) = self.script_text(path) else {
            self.unresolved += usize::from(value::has_hole(path));
            if self.is_told(path) {
                if self.unknowns.origin(path) >= Some(Origin::Network) {
                    self.report_unknown_code(path, span);
                } else {
                    let target = self.target(TargetClass::Unknown, &self.unknowns.show(path), span);
                    self.emit(EffectKind::RunCode, target, false, call.program, span);
                }
            }
            return None;
        };
        // A script that starts itself: the next one does the same.
        let script = format!("script {path}");
        if let Some(at) = self.active.iter().position(|active| *active == script) {
            // One that waits for the next, as where it asks for the rights of root, comes to an end.
            if self.detached && self.active_guards.get(at) == Some(&self.guards) {
                let target = self.target(TargetClass::Process, path, span);
                self.emit(EffectKind::Exhaust, target, true, call.program, span);
            }
            return Some(String::new());
        }
        let guards = self.guards;
        self.active.push(script);
        self.active_guards.push(guards);
        let output = self.walk_file(call, text, span, flow);
        self.active.pop();
        self.active_guards.pop();
        output
    }

    /// True for a path that a program which nobody knows, or another machine, has named.
    pub(super) fn is_told(&self, path: &str) -> bool {
        let path = path.trim();
        let mut letters = path.chars();
        if !matches!((letters.next(), letters.next()), (Some(hole), None) if value::is_hole(hole)) {
            return false;
        }
        match self.unknowns.origin(path) {
            Some(Origin::Network | Origin::Socket) => true,
            Some(Origin::Program | Origin::Local) => self.unknowns.name_of(path).is_some_and(|name| {
                let inside = name.strip_prefix("$(").and_then(|name| name.strip_suffix(')'));
                let program = inside.and_then(|inside| inside.split(' ').next()).unwrap_or_default();
                let plain =
                    program.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
                // There a person picks one.
                let picks =
                    matches!(program, "dmenu" | "fzf" | "fzy" | "gum" | "peco" | "rofi" | "sk" | "zenity");
                plain
                    && !picks
                    && !program.is_empty()
                    && crate::specs::lookup_in(program, self.dialect).is_none()
            }),
            _ => false,
        }
    }

    fn walk_file(&mut self, call: &Call<'_>, text: String, span: Span, flow: Flow<'_>) -> Option<String> {
        if !matches!(call.program, "bash" | "source") {
            return self.interpret(call, &text, span, flow.input);
        }
        let words = call.args.operands().skip(1).map(|item| item.text.to_owned());
        let arguments: Rc<Vec<String>> = Rc::new(words.collect());
        let has_arguments = !arguments.is_empty();
        let walk = |machine: &mut Self| {
            if has_arguments || call.program == "bash" {
                machine.state.positional = Some(arguments.clone());
            }
            machine.interpret(call, &text, span, flow.input).unwrap_or_default()
        };
        if call.program == "bash" {
            return Some(self.apart(walk));
        }
        let output = walk(self);
        self.ended = None;
        Some(output)
    }

    /// `. /dev/tcp/HOST/PORT`: whoever is there runs commands here.
    pub(super) fn sources_socket(&mut self, call: &Call<'_>) {
        let file = call.args.operands().next().filter(|_| call.program == "source").map(|item| item.text);
        if let Some(file) = file.filter(|file| file.starts_with("/dev/tcp/") || file.starts_with("/dev/udp/"))
        {
            let span = self.at(call.span);
            let target = self.target(TargetClass::Host, &self.unknowns.show(file), span);
            self.emit(EffectKind::RemoteShell, target, false, "bash", span);
        }
    }

    /// Text that an interpreter runs: shell code, or a script in its own language. What it prints, where that is known.
    pub(super) fn interpret(
        &mut self,
        call: &Call<'_>,
        text: &str,
        span: Span,
        input: Option<&str>,
    ) -> Option<String> {
        match call.spec.stdin {
            Input::Script => match language_of(call.program) {
                Some(language) => return self.script(call.payload(language, text, span, input)),
                None => self.report_unknown_code(text, span),
            },
            Input::Sql => return self.statements(call, text, span),
            _ => {
                let flow = Flow { input, want: true };
                let printed = match call.program {
                    "source" => self.code_of(&call.argv[0].text, text, span, flow),
                    "bash" | "fish" | "nu" => {
                        self.apart(|machine| machine.code_of(&call.argv[0].text, text, span, flow))
                    }
                    _ => self.code(text, span, flow),
                };
                // A shell whose commands are not all known prints more than this.
                return (!value::has_hole(text)).then_some(printed);
            }
        }
        None
    }

    /// A local path or `host:path`.
    pub(super) fn place(&mut self, call: &Call<'_>, item: Item<'_>, span: Span) {
        // Every place is looked at for each of them.
        self.spend(call.args.items.len() / 64);
        let places: Vec<Item<'_>> = call.args.operands().collect();
        let is_last = places.last().is_some_and(|last| last.word == item.word);
        let remote = is_remote(item.text);
        match (remote, is_last) {
            (true, true) => {
                let target = self.target(TargetClass::Host, item.text, span);
                self.emit(EffectKind::Send, target, true, call.program, span);
                for source in
                    places.iter().filter(|source| source.word != item.word && !is_remote(source.text))
                {
                    let before = self.effects.len();
                    let content = self.read_path(source.text, span, call.program);
                    self.reads_below(before, source.text, span, call.program);
                    self.sends(&content, source.text, span, call.program);
                    // What lies there now may be run there.
                    if let (Some((_, path)), Some(text)) =
                        (item.text.split_once(':'), self.own_file(source.text))
                    {
                        let base = source.text.rsplit('/').next().unwrap_or_default();
                        let home = value::HOME;
                        let path = match path {
                            "" => format!("{home}/{base}"),
                            _ if path.ends_with('/') => format!("{path}{base}"),
                            _ => path.to_owned(),
                        };
                        let path =
                            if path.starts_with(['/', home]) { path } else { format!("{home}/{path}") };
                        let place = super::paths::locate(&path, "", self.ctx);
                        self.write_file(place.path, text, false);
                    }
                }
            }
            (true, false) => {
                let target = self.target(TargetClass::Host, item.text, span);
                self.emit(EffectKind::Fetch, target, true, call.program, span);
            }
            (false, true) => {
                self.touch(self.copied_to(item.text), item.text, span, false, call.program);
            }
            (false, false) => {
                self.touch(EffectKind::Read, item.text, span, true, call.program);
            }
        }
    }

    /// Data goes to another machine: a secret among it is worth its own effect.
    pub(super) fn sends(&mut self, content: &str, name: &str, span: Span, program: &str) {
        if self.unknowns.comes_from(content, Origin::Secret) {
            let target = self.target(TargetClass::Secret, &self.unknowns.show(name), span);
            self.emit(EffectKind::Send, target, false, program, span);
        }
    }
}

/// True for `host:path` and `user@host:path`; a path may hold a colon only after a slash.
pub(super) fn is_remote(text: &str) -> bool {
    match text.find([':', '/']) {
        Some(at) => text[at..].starts_with(':'),
        None => false,
    }
}

/// The language of the scripts that a program reads from files and standard input.
pub(super) fn language_of(program: &str) -> Option<Language> {
    Some(match program {
        "Rscript" | "octave" => Language::R,
        "deno" | "mongosh" | "node" => Language::JavaScript,
        "dc" | "ed" => Language::Editor,
        "expect" | "tclsh" => Language::Tcl,
        "gdb" | "gnuplot" | "lldb" => Language::Debugger,
        "guile" => Language::Lisp,
        "groovy" | "jshell" => Language::Groovy,
        "julia" => Language::Julia,
        "lua" | "nmap" => Language::Lua,
        "make" => Language::Make,
        "osascript" => Language::AppleScript,
        "perl" => Language::Perl,
        "php" => Language::Php,
        "python3" => Language::Python,
        "ruby" => Language::Ruby,
        _ => return None,
    })
}
