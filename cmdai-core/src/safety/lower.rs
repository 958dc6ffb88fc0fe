//! From a program and its arguments to effects, by the program's spec.
//!
//! Wrappers (`sudo`, `env`, `xargs`, `timeout` …) are specs with an operand of kind `command`: what
//! follows is run in turn. Values of kind `code` are parsed and walked again. The few programs with a
//! language of their own (`find`, `kill`, `git -c`) have their share in `programs.rs`.

use super::machine::{Field, Flow, Machine, Value};
use super::value::{self, Origin};
use super::{EffectKind, ResolvedCommand, Target, TargetClass, data, pure};
use crate::line::Span;
use crate::specs::{
    self, Args, EffectRule, Input, Item, On, Output, PathUse, Recursive, Role, Spec, ValueKind, parse_args,
};

impl Machine<'_> {
    /// Runs a program, function or builtin in the mind only, and returns what it writes.
    pub(super) fn run(&mut self, argv: &[Field], span: Span, flow: Flow<'_>) -> String {
        let Some(first) = argv.first() else { return String::new() };
        if self.depth >= super::machine::DEPTH {
            self.cut = true;
            return String::new();
        }
        if !self.spend(1 + argv.len() / 8) {
            return String::new();
        }
        self.depth += 1;
        let output = self.run_inner(argv, first, span, flow);
        self.depth -= 1;
        output
    }

    fn run_inner(&mut self, argv: &[Field], first: &Field, span: Span, flow: Flow<'_>) -> String {
        if let Some(output) = self.call(argv, flow) {
            return output;
        }
        if let Some(at) = self.state.aliases.iter().position(|(name, _)| *name == first.text) {
            let (_, code) = self.state.aliases.remove(at);
            let rest: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
            return self.code(&format!("{code} {}", rest.join(" ")), self.at(first.span), flow);
        }
        let name = self.program_name(&first.text);
        let name = name.as_str();
        if value::has_hole(name) {
            return self.unknown_program(argv, first, flow);
        }
        if let Some(output) = self.builtin(name, argv, flow) {
            return output;
        }
        let Some(spec) = specs::lookup(name) else {
            self.record(argv, span);
            if let Some((_, content)) = self
                .files
                .iter()
                .rev()
                .find(|(path, _)| *path == first.text || format!("./{path}") == first.text)
            {
                let content = content.clone();
                return self.code(&content, self.at(first.span), flow);
            }
            return self.unknown_output(name, argv, flow);
        };
        self.by_spec(spec, argv, span, flow)
    }

    /// The program that a word names: without its path, and found where the word is a pattern.
    fn program_name(&self, text: &str) -> String {
        let base = match text.rsplit('/').next() {
            Some(base) if !base.is_empty() => base,
            _ => text,
        };
        if value::has_pattern(base) {
            let hit = data::PATTERN_PROGRAMS.iter().find(|program| value::fits(base, program));
            return hit.map_or_else(|| base.to_owned(), |program| (*program).to_owned());
        }
        base.strip_suffix(".exe").unwrap_or(base).to_owned()
    }

    fn record(&mut self, argv: &[Field], span: Span) {
        if self.commands.len() < 256 {
            let known =
                |field: &Field| (!value::has_hole(&field.text)).then(|| self.unknowns.show(&field.text));
            let argv = argv.iter().map(known).collect();
            self.commands.push(ResolvedCommand { argv, span: self.at(span) });
        }
    }

    /// The name of the program is not known: say so, and look at what its arguments would mean to `rm`.
    fn unknown_program(&mut self, argv: &[Field], first: &Field, flow: Flow<'_>) -> String {
        let span = self.at(first.span);
        self.record(argv, first.span);
        self.unresolved += 1;
        let shown = self.unknowns.show(&first.text);
        match self.unknowns.origin(&first.text) {
            Some(Origin::Network | Origin::Socket) => self.report_unknown_code(&first.text, span),
            _ => {
                let target = self.target(TargetClass::Unknown, &shown, span);
                self.emit(EffectKind::RunCode, target, false, &shown, span);
            }
        }
        let forced =
            argv.iter().any(|field| matches!(field.text.as_str(), "-rf" | "-fr" | "-Rf" | "-r" | "-R"));
        if forced && let Some(rm) = specs::lookup("rm") {
            self.by_spec(rm, argv, first.span, Flow::default());
        }
        if flow.want {
            self.unknowns.hole(&format!("$({shown})"), Origin::Program).to_string()
        } else {
            String::new()
        }
    }

    fn unknown_output(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) -> String {
        if !flow.want {
            return String::new();
        }
        let arguments: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
        if let Some(text) = pure::output(name, &arguments, flow.input) {
            return text;
        }
        if name == "bash" && flow.input.is_some() {
            return self.unknowns.hole("$(sh)", Origin::Shell).to_string();
        }
        // What went in may come out again: keep its origin.
        let input = flow.input.unwrap_or_default();
        let from_arguments = argv[1..].iter().filter_map(|field| self.unknowns.origin(&field.text)).max();
        let origin =
            self.unknowns.origin(input).max(from_arguments).filter(|&origin| origin >= Origin::Secret);
        self.unknowns.hole(&format!("$({name})"), origin.unwrap_or(Origin::Program)).to_string()
    }

    /// Lowers a program that has a spec.
    pub(super) fn by_spec(
        &mut self,
        spec: &'static Spec,
        argv: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        let words: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
        let args = parse_args(spec, &words);
        let leaf = args.spec;
        let wraps = args.items.iter().any(
            |item| matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Command),
        );
        if !wraps {
            self.record(argv, span);
        }
        let asks_for_help = args.items.iter().any(|item| {
            matches!(item.role, Role::Flag(_) | Role::UnknownFlag)
                && matches!(item.text, "--help" | "--version")
        });
        if asks_for_help && !wraps {
            return self.unknown_output(spec.name, argv, flow);
        }
        let program = spec.name;
        let was_mute = self.mute;
        self.mute |= args.has_any(leaf.dry);
        let call = Call { spec, args: &args, argv, program, span };
        let effects_before = self.effects.len();
        for rule in leaf.effects {
            self.rule(&call, rule);
        }
        let seen = self.values(&call, flow);
        let special = self.special(&call, flow);
        self.mute = was_mute;
        if let Some(output) = special {
            return output;
        }
        if let Some(output) = seen.output {
            return output;
        }
        self.standard_input(&call, &seen, flow);
        let output = self.output(&call, &seen, flow);
        let read_secret =
            self.effects[effects_before..].iter().find(|effect| effect.kind == EffectKind::ReadSecret);
        match read_secret {
            // What packs or filters a secret passes it on.
            Some(effect)
                if flow.want
                    && self.unknowns.origin(&output).is_some_and(|origin| origin < Origin::Secret) =>
            {
                let name = effect.target.text.clone();
                self.unknowns.hole(&name, Origin::Secret).to_string()
            }
            _ => output,
        }
    }

    /// Goes through operands and values by their kinds.
    fn values(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Seen {
        let mut seen = Seen::default();
        let leaf = call.args.spec;
        let recursive = call.recursive();
        let mut index = 0;
        while index < call.args.items.len() {
            let item = call.args.items[index];
            index += 1;
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
                    seen.output = Some(self.wrapped(call, rest, flow));
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
                        let rest: Vec<String> =
                            call.argv.iter().skip(item.word + 2).map(|field| field.text.clone()).collect();
                        self.single_code(call, item.text, &rest, span, flow)
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
                        let content = self.read_path(path, span, call.program);
                        self.sends(&content, path, span, call.program);
                    }
                    self.sends(item.text, item.text, span, call.program);
                }
                ValueKind::Url | ValueKind::Host => self.sends(item.text, item.text, span, call.program),
                ValueKind::Sql => {
                    seen.code = true;
                    self.sql(item.text, call.program, span);
                }
                ValueKind::Script(language) => {
                    seen.code = true;
                    self.script(language, item.text, call.program, span);
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
    fn path(
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
                let content = self.read_path(text, span, program);
                if matches!(item.role, Role::Operand(_)) {
                    seen.read_operand = true;
                    seen.content.push_str(&content);
                }
            }
            PathUse::Write if text == "-" => {}
            PathUse::Write => {
                // Into a directory: a file there may be replaced, most often none is.
                let into = matches!(text, "." | ".." | "~") || text.ends_with('/') || text.ends_with("/..");
                let no_clobber =
                    (call.args.has("-n") || into) && matches!(program, "cp" | "mv" | "ln" | "install");
                let kind = if no_clobber { EffectKind::Create } else { EffectKind::Overwrite };
                if let Some(place) = self.touch(kind, text, span, false, program) {
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
                let asks = call.args.has("-i") && !call.args.has("-f");
                if asks
                    && program == "rm"
                    && let Some(effect) = self.effects.last_mut()
                {
                    effect.detail = "asks".to_owned();
                }
            }
            PathUse::Move => {
                self.touch(EffectKind::Move, text, span, true, program);
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
                self.run_file(call, text, span, flow);
            }
        }
    }

    /// A script is run by its path: its text is known where the line itself wrote it.
    fn run_file(&mut self, call: &Call<'_>, path: &str, span: Span, flow: Flow<'_>) {
        if matches!(path, "/dev/stdin" | "-") {
            if let Some(input) = flow.input {
                let input = input.to_owned();
                self.interpret(call, &input, span);
            }
            return;
        }
        let place = super::paths::locate(path, &self.state.cwd, self.ctx);
        let known =
            self.files.iter().rev().find(|(known, _)| *known == place.path).map(|(_, text)| text.clone());
        match known {
            Some(text) => self.interpret(call, &text, span),
            None if value::has_hole(path) => {
                self.unresolved += 1;
            }
            None => {}
        }
    }

    /// Text that an interpreter runs: shell code, or a script in its own language.
    fn interpret(&mut self, call: &Call<'_>, text: &str, span: Span) {
        match call.spec.stdin {
            Input::Script => {
                self.report_unknown_code(text, span);
                if let Some(language) = language_of(call.program) {
                    self.script(language, text, call.program, span);
                }
            }
            Input::Sql => self.sql(text, call.program, span),
            _ => {
                self.code(text, span, Flow::default());
            }
        }
    }

    /// A local path or `host:path`.
    fn place(&mut self, call: &Call<'_>, item: Item<'_>, span: Span) {
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
                    let content = self.read_path(source.text, span, call.program);
                    self.sends(&content, source.text, span, call.program);
                }
            }
            (true, false) => {
                let target = self.target(TargetClass::Host, item.text, span);
                self.emit(EffectKind::Fetch, target, true, call.program, span);
            }
            (false, true) => {
                self.touch(EffectKind::Create, item.text, span, false, call.program);
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

    /// The command that a wrapper runs.
    fn wrapped(&mut self, call: &Call<'_>, rest: &[Field], flow: Flow<'_>) -> String {
        let span = rest.first().map_or(call.span, |field| field.span);
        match call.program {
            "xargs" => self.xargs(call, rest, span, flow),
            "docker" | "kubectl" => self.in_container(call, rest, span, flow),
            _ => self.run(rest, span, flow),
        }
    }

    fn wrapped_code(&mut self, call: &Call<'_>, text: &str, span: Span, flow: Flow<'_>) -> String {
        match call.program {
            "ssh" => {
                // Another machine: the line tells nothing of where it starts but the home there.
                let home = value::HOME.to_string();
                let state = std::mem::take(&mut self.state);
                self.state.cwd = home;
                self.sends(text, text, span, "ssh");
                if let Some(input) = flow.input {
                    let shown = self.unknowns.show(input.trim_end());
                    self.sends(input, &shown, span, "ssh");
                }
                let output = self.code(text, span, flow);
                self.state = state;
                output
            }
            "parallel" => self.parallel(text, span, flow),
            _ => self.code(text, span, flow),
        }
    }

    /// The one word of code after `sh -c` and the like; what follows are its `$0`, `$1` …
    fn single_code(
        &mut self,
        call: &Call<'_>,
        text: &str,
        rest: &[String],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        match call.program {
            "bash" => {
                let positional = self.state.positional.replace(rest.iter().skip(1).cloned().collect());
                let state = self.state.clone();
                if let Some(name) = rest.first() {
                    self.set("0", Value::One(name.clone()));
                }
                let output = self.code(text, span, flow);
                self.state = state;
                self.state.positional = positional;
                output
            }
            "env" => self.code(&format!("{text} {}", rest.join(" ")), span, flow),
            "fish" => self.code_in(text, span, flow, crate::line::Dialect::Fish),
            "git" => self.code(text.strip_prefix('!').unwrap_or(text), span, flow),
            _ => self.code(text, span, flow),
        }
    }

    /// Text on standard input of a program that runs it, or sends it away.
    fn standard_input(&mut self, call: &Call<'_>, seen: &Seen, flow: Flow<'_>) {
        let Some(input) = flow.input else { return };
        let input = input.to_owned();
        let span = self.at(call.argv[0].span);
        for path in &seen.written {
            if call.program == "tee" {
                self.write_file(path.clone(), input.clone(), call.args.has("-a"));
            }
        }
        match call.args.spec.stdin {
            Input::Script if call.args.has("-m") => {}
            Input::Code | Input::Script if !seen.code => self.interpret(call, &input, span),
            Input::Sql if !seen.code => self.sql(&input, call.program, span),
            Input::Sent => {
                let host = call.args.operands().next().map_or("", |item| item.text).to_owned();
                let target = self.target(TargetClass::Host, &self.unknowns.show(&host), span);
                self.emit(EffectKind::Send, target, false, call.program, span);
                let shown = self.unknowns.show(input.trim_end());
                self.sends(&input, &shown, span, call.program);
                if self.unknowns.comes_from(&input, Origin::Shell) {
                    let target = self.target(TargetClass::Host, &self.unknowns.show(&host), span);
                    self.emit(EffectKind::RemoteShell, target, false, call.program, span);
                }
            }
            _ => {}
        }
        // `curl -d @-`, `curl -T -`: what comes in goes out.
        if call.program == "curl"
            && call.args.items.iter().any(|item| matches!(item.text, "@-" | "-" | "file=@-"))
        {
            let shown = self.unknowns.show(input.trim_end());
            self.sends(&input, &shown, span, call.program);
        }
    }

    fn output(&mut self, call: &Call<'_>, seen: &Seen, flow: Flow<'_>) -> String {
        let words: Vec<&str> = call.argv[1..].iter().map(|field| field.text.as_str()).collect();
        let program = call.program;
        match call.args.spec.output {
            Output::Fetched => {
                let shown = format!("$({program} {})", words.last().copied().unwrap_or_default());
                let shown = self.unknowns.show(&shown);
                let origin = if program == "nc" { Origin::Socket } else { Origin::Network };
                let page = self.unknowns.hole(&shown, origin).to_string();
                for path in &seen.written {
                    self.write_file(path.clone(), page.clone(), false);
                }
                if seen.written.is_empty() { page } else { String::new() }
            }
            _ if !flow.want => String::new(),
            Output::Passed => {
                let from_files = seen.read_operand || program == "dd";
                let input = if seen.read_operand { Some(seen.content.as_str()) } else { flow.input };
                let operands: Vec<&str> = words
                    .iter()
                    .copied()
                    .filter(|word| !from_files || !call.args.operands().any(|item| item.text == *word))
                    .collect();
                if let Some(text) = pure::output(program, &operands, input) {
                    return text;
                }
                match input {
                    Some(text) if matches!(program, "cat" | "tee" | "less") => text.to_owned(),
                    // Sorting, filtering and packing keep what was secret or foreign so.
                    Some(text) => {
                        let origin = self.unknowns.origin(text).unwrap_or(Origin::Program);
                        if origin >= Origin::Secret {
                            self.unknowns.hole(&self.unknowns.show(text.trim_end()), origin).to_string()
                        } else if matches!(program, "sort" | "tac") {
                            text.to_owned()
                        } else if matches!(program, "grep" | "uniq" | "head" | "tail" | "sed" | "awk") {
                            // Some of these lines come out: each is a possible argument of what follows.
                            self.some_of(text)
                        } else {
                            self.unknowns.hole(&format!("$({program})"), Origin::Program).to_string()
                        }
                    }
                    None => self.unknowns.hole(&format!("$({program})"), Origin::Program).to_string(),
                }
            }
            Output::Printed => pure::output(program, &words, None).unwrap_or_default(),
            Output::Unknown => self.unknown_output(program, call.argv, flow),
        }
    }

    /// An effect that the spec states.
    fn rule(&mut self, call: &Call<'_>, rule: &EffectRule) {
        let args = call.args;
        let holds = (rule.when.is_empty() || args.has_any(rule.when))
            && (rule.also.is_empty() || args.has_any(rule.also))
            && !args.has_any(rule.unless);
        if !holds {
            return;
        }
        let fits =
            |text: &str| rule.matching.is_empty() || rule.matching.iter().any(|p| value::fits(p, text));
        let operands: Vec<Item<'_>> = args.operands().collect();
        let chosen: Vec<Item<'_>> = match rule.on {
            On::Nothing => {
                let span = self.words_span(call, rule);
                let target = self.target(TargetClass::Unknown, "", span);
                return self.state_effect(call, rule, target, span);
            }
            On::Text(text) => {
                let span = self.words_span(call, rule);
                let target = self.target(TargetClass::Named, text, span);
                return self.state_effect(call, rule, target, span);
            }
            On::WorkingDirectory => {
                let span = self.at(call.argv[0].span);
                self.touch(rule.kind, ".", span, rule.recursive, call.program);
                return;
            }
            On::Operands => operands,
            On::First => operands.into_iter().take(1).collect(),
            On::Last => operands.into_iter().next_back().into_iter().collect(),
            On::Value(flag) => args.values(flag).collect(),
        };
        for item in chosen.into_iter().filter(|item| fits(item.text)) {
            let span = self.at(call.argv[item.word + 1].span);
            let kind = match item.role {
                Role::Operand(Some(operand)) => Some(operand.kind),
                Role::Value(flag) => flag.value.map(|value| value.kind),
                _ => None,
            };
            let is_path = match kind {
                Some(ValueKind::Path(_)) => true,
                Some(ValueKind::Place) => !is_remote(item.text),
                _ => false,
            };
            if is_path && !item.text.contains("://") {
                self.touch(rule.kind, item.text, span, rule.recursive || call.recursive(), call.program);
                continue;
            }
            let class = match rule.kind {
                EffectKind::Fetch | EffectKind::Send => TargetClass::Host,
                EffectKind::Kill => TargetClass::Process,
                _ => TargetClass::Named,
            };
            let target = self.target(class, &self.unknowns.show(item.text), span);
            self.state_effect(call, rule, target, span);
        }
    }

    fn state_effect(&mut self, call: &Call<'_>, rule: &EffectRule, target: Target, span: Span) {
        let detail = match rule.kind {
            EffectKind::Kill => call.signal(),
            EffectKind::Privilege => {
                call.args.values("-u").next().map_or("root", |item| item.text).to_owned()
            }
            _ if call.args.path.len() > 1 => call.args.spec.name.to_owned(),
            _ => String::new(),
        };
        self.emit_with(rule.kind, target, rule.recursive, call.program, span, &detail);
    }

    /// The program, its subcommands and the flag that a rule hangs on.
    fn words_span(&self, call: &Call<'_>, rule: &EffectRule) -> Span {
        let mut span = call.argv[0].span;
        for item in &call.args.items {
            let counts = match item.role {
                Role::Subcommand(_) => true,
                Role::Flag(flag) => rule.when.contains(&flag.names[0]) || rule.also.contains(&flag.names[0]),
                _ => false,
            };
            if counts {
                span = span.to(call.argv[item.word + 1].span);
            }
        }
        self.at(span)
    }
}

/// One program with its arguments, read by its spec.
pub(super) struct Call<'a> {
    pub(super) spec: &'static Spec,
    pub(super) args: &'a Args<'a>,
    pub(super) argv: &'a [Field],
    pub(super) program: &'static str,
    pub(super) span: Span,
}

impl Call<'_> {
    fn recursive(&self) -> bool {
        match self.args.spec.recursive {
            Recursive::Never => false,
            Recursive::Always => true,
            Recursive::With(flags) => self.args.has_any(flags),
        }
    }

    /// The signal that is sent, `TERM` where none is named.
    pub(super) fn signal(&self) -> String {
        for item in &self.args.items {
            match item.role {
                Role::Value(flag) if matches!(flag.names[0], "-" | "-s" | "-n" | "--signal") => {
                    return item.text.trim_start_matches("SIG").to_owned();
                }
                Role::Flag(flag) if flag.value.is_none() && flag.names[0].len() > 2 => {
                    return flag.names[0].trim_start_matches('-').to_owned();
                }
                _ => {}
            }
        }
        "TERM".to_owned()
    }
}

/// What going through the values has shown.
#[derive(Default)]
struct Seen {
    /// True where code was given by operand or flag, so that standard input is not code.
    code: bool,
    /// True where an operand was read.
    read_operand: bool,
    /// What is known of the content of those.
    content: String,
    /// Paths that are written.
    written: Vec<String>,
    /// The directory to work in.
    directory: Option<String>,
    /// The output of a nested command.
    output: Option<String>,
}

/// True for `host:path` and `user@host:path`; a path may hold a colon only after a slash.
pub(super) fn is_remote(text: &str) -> bool {
    match text.find([':', '/']) {
        Some(at) => text[at..].starts_with(':'),
        None => false,
    }
}

fn language_of(program: &str) -> Option<specs::Language> {
    Some(match program {
        "python3" => specs::Language::Python,
        "perl" => specs::Language::Perl,
        "ruby" => specs::Language::Ruby,
        "node" => specs::Language::JavaScript,
        "php" => specs::Language::Php,
        _ => return None,
    })
}
