//! From a program and its arguments to effects, by the program's spec.
//!
//! Wrappers (`sudo`, `env`, `xargs`, `timeout` …) are specs with an operand of kind `command`: what
//! follows is run in turn. Values of kind `code` are parsed and walked again. Operands and values are
//! gone through in `operands.rs`, what comes in and goes out in `streams.rs`, effects that a spec states
//! in `stated.rs`; the few programs with a language of their own (`find`, `kill`, `git -c`) have their
//! share in `programs.rs`.

use std::rc::Rc;

use super::call::Call;
use super::code::PIVOTS;
use super::expand::quoted_for_shell;
use super::machine::{By, Deferred, Field, Flow, Known, Machine, State, Status, Value};
use super::value::{self, Origin};
use super::{EffectKind, TargetClass, data};
use crate::line::{Dialect, Span};
use crate::specs::{self, Role, Spec, ValueKind, parse_args};

impl Machine<'_> {
    /// Runs a program, function or builtin in the mind only, and returns what it writes.
    pub(super) fn run(&mut self, argv: &[Field], span: Span, flow: Flow<'_>) -> String {
        let by = std::mem::take(&mut self.by);
        if argv.is_empty() {
            return String::new();
        }
        if let Some((group, arms)) = self.choice_among(argv, flow)
            && self.pivots < PIVOTS
        {
            let known = self.known_programs(&argv[0].text, group, arms);
            return self.each_way(arms, |machine, arm| {
                let pick = |text: &str| machine.unknowns.pick(text, group, arm);
                if known > 1 && machine.is_variable(&pick(&argv[0].text)) {
                    return String::new();
                }
                let picked: Vec<Field> =
                    argv.iter().map(|field| Field { text: pick(&field.text), span: field.span }).collect();
                let input = flow.input.map(pick);
                machine.by = by;
                machine.run(&picked, span, Flow { input: input.as_deref(), ..flow })
            });
        }
        if self.depth >= super::machine::DEPTH {
            return self.defer(Deferred::Command(argv.to_vec()), span, flow);
        }
        self.depth += 1;
        self.status = Status::Unknown;
        self.facts.clear();
        // Wrappers are peeled off one after the other, not one inside the other.
        let mut peeled: Option<Vec<Field>> = None;
        // A wrapper runs programs, not the functions and aliases of the line.
        let mut by = by;
        let output = loop {
            let argv = peeled.as_deref().unwrap_or(argv);
            if !self.spend(1 + argv.len() / 8) {
                break String::new();
            }
            match self.step(argv, span, flow, by) {
                Step::Done(output) => break output,
                Step::Next(next) if next.is_empty() => break String::new(),
                Step::Next(next) => {
                    by = match argv.first().map(|first| first.text.as_str()) {
                        Some("eval") if by >= By::Shell => By::Typed,
                        Some("exec") if self.dialect == Dialect::Zsh => by.min(By::Shell),
                        _ => By::Program,
                    };
                    peeled = Some(next);
                }
            }
        };
        self.depth -= 1;
        if let Some(last) = argv.last()
            && last.text.len() < 256
        {
            self.last_argument.clone_from(&last.text);
        }
        output
    }

    /// The first choice among the arguments or in the input.
    fn choice_among(&self, argv: &[Field], flow: Flow<'_>) -> Option<(u32, usize)> {
        let texts = argv.iter().map(|field| field.text.as_str()).chain(flow.input);
        texts.filter_map(|text| self.unknowns.group_in(text)).next()
    }

    fn step(&mut self, argv: &[Field], span: Span, flow: Flow<'_>, by: By) -> Step {
        let Some(first) = argv.first() else { return Step::Done(String::new()) };
        if by >= By::Shell
            && let Some(output) = self.call(argv, flow)
        {
            return Step::Done(output);
        }
        if let Some(text) = self.global_aliases(argv) {
            return Step::Done(self.code_here(&text, self.at(first.span), flow));
        }
        if by == By::Typed
            && !self.state.shell().aliases.is_empty()
            && let Some(at) = self.state.shell().aliases.iter().position(|(name, _)| *name == first.text)
        {
            return Step::Done(self.alias(at, argv, first, flow));
        }
        if by >= By::Shell
            && let Some(path) = self.found_on_own_path(&first.text)
        {
            let mut found = argv.to_vec();
            if let Some(first) = found.first_mut() {
                first.text = path;
            }
            return Step::Next(found);
        }
        if first.text.contains('/')
            && !self.builds_in_place(argv)
            && let Some(output) = self.written_program(argv, first, flow)
        {
            self.record(argv, span);
            return Step::Done(output);
        }
        self.runs_cloned(argv);
        if value::has_pattern(&first.text) && !self.spend(64) {
            return Step::Done(String::new());
        }
        let name = self.program_name(&first.text);
        let name = name.as_str();
        self.builds_packages(name);
        if value::has_hole(name) {
            return Step::Done(self.unknown_program(argv, first, flow));
        }
        if let Some(next) = as_another(name, argv) {
            return Step::Next(next);
        }
        if name == "eval" {
            let code = argv.get(1..).unwrap_or_default();
            let code = if code.first().is_some_and(|field| field.text == "--") { &code[1..] } else { code };
            let words: Vec<&str> = code.iter().map(|field| field.text.as_str()).collect();
            let text = words.join(" ");
            let span = code.first().map_or(first.span, |field| field.span);
            return match self.plain_command(&text, span) {
                Some(words) => Step::Next(words),
                None => {
                    let output = self.code_here(&text, self.at(span), flow);
                    if self.ctx.known > 0 && value::has_hole(&text) {
                        self.state.forget_variables();
                    }
                    Step::Done(output)
                }
            };
        }
        if matches!(name, "echo" | "printf" | "print") && !flow.want {
            self.shows_secrets(name, argv);
        }
        self.edits_in_place(name, argv);
        self.asks_no_more(name, argv);
        self.indices(name, argv);
        if (first.text.ends_with(".exe") || ONLY_OF_WINDOWS.contains(&name))
            && let Some(output) = self.known_to_windows(name, argv, span, flow)
        {
            return Step::Done(output);
        }
        if let Some(output) = self.builtin(name, argv, flow) {
            return Step::Done(output);
        }
        if let Some(more) = self.with_options(name, argv) {
            let spec = specs::lookup_in(name, self.dialect);
            return match spec {
                Some(spec) => self.step_by_spec(spec, &more, span, flow),
                None => {
                    self.handed(name, &more, None, flow);
                    self.foreign(name, &more, flow);
                    Step::Done(self.unknown_output(name, &more, flow))
                }
            };
        }
        self.foreign(name, argv, flow);
        let Some(spec) = specs::lookup_in(name, self.dialect) else {
            self.record(argv, span);
            self.handed(name, argv, None, flow);
            if !self.builds_in_place(argv)
                && let Some(output) = self.written_program(argv, first, flow)
            {
                return Step::Done(output);
            }
            self.by_its_verb(name, argv);
            self.given(name, argv, flow);
            return Step::Done(self.unknown_output(name, argv, flow));
        };
        self.step_by_spec(spec, argv, span, flow)
    }

    /// The line where `alias -g` of zsh replaces words anywhere in it.
    fn global_aliases(&mut self, argv: &[Field]) -> Option<String> {
        let globals = &self.state.shell().globals;
        let text_of =
            |word: &str| globals.iter().find(|(name, _)| name == word).map(|(_, text)| text.clone());
        if globals.is_empty() || !argv.iter().any(|field| text_of(&field.text).is_some()) {
            return None;
        }
        let words =
            argv.iter().map(|field| text_of(&field.text).unwrap_or_else(|| quoted_for_shell(&field.text)));
        let text = words.collect::<Vec<_>>().join(" ");
        self.shell_mut().globals.clear();
        Some(text)
    }

    /// A program that the line itself put into a folder which it then put on the path.
    fn found_on_own_path(&self, name: &str) -> Option<String> {
        let may_be = |path: &str| path.ends_with(name);
        let is_known = self.files.iter().any(|(known, _)| may_be(known))
            || self.state.shell().programs.iter().any(|(known, _)| may_be(known));
        if name.contains('/') || !is_known {
            return None;
        }
        let list = match (self.state.variable("path"), self.state.variable("PATH")) {
            (Some(Value::Many(list)), _) if self.dialect == Dialect::Zsh => list.join(":"),
            (_, Some(Value::One(path))) if !value::has_hole(path) => path.clone(),
            // Whatever stood there before is as good as always on it.
            (_, Some(Value::One(path))) => format!("{path}:{}", usual_path()),
            _ => usual_path(),
        };
        list.split(':').filter(|folder| folder.contains('/') || *folder == ".").take(16).find_map(|folder| {
            let full = format!("{}/{name}", folder.trim_end_matches('/'));
            let place = super::paths::locate_path(&full, &self.state.cwd, self.ctx);
            let known = self.files.iter().any(|(known, _)| *known == place)
                || self.state.shell().programs.iter().any(|(known, _)| *known == place);
            known.then_some(full)
        })
    }

    /// The words of an alias take the place of its name; inside them it is no alias.
    fn alias(&mut self, at: usize, argv: &[Field], first: &Field, flow: Flow<'_>) -> String {
        let kept = self.state.shell().aliases.clone();
        let (name, mut code) = self.shell_mut().aliases.remove(at);
        if !self.called.contains(&name) {
            self.called.push(name);
        }
        // After a blank at its end the next word may be an alias too.
        let mut goes_on = code.ends_with(' ');
        for field in &argv[1..] {
            code.push(' ');
            let next = kept.iter().find(|(name, _)| goes_on && *name == field.text);
            match next {
                Some((_, text)) => {
                    code.push_str(text);
                    goes_on = text.ends_with(' ');
                }
                None => {
                    code.push_str(&quoted_for_shell(&field.text));
                    goes_on = false;
                }
            }
        }
        let output = self.code_here(&code, self.at(first.span), flow);
        self.shell_mut().aliases = kept;
        output
    }

    /// Runs a program whose text the line itself wrote, or fetched.
    fn written_program(&mut self, argv: &[Field], first: &Field, flow: Flow<'_>) -> Option<String> {
        if self.files.is_empty() {
            return None;
        }
        let path = super::paths::locate_path(&first.text, &self.state.cwd, self.ctx);
        let content = self.script_text(&first.text)?;
        let span = self.at(first.span);
        // Its first line may say that another program reads it.
        let line = content.strip_prefix("#!").map(|rest| rest.lines().next().unwrap_or_default());
        let reader: Vec<&str> = line.map_or(Vec::new(), |line| {
            let mut env = false;
            let starts = |word: &&str| {
                let named = *word == "env" || word.ends_with("/env");
                env |= named;
                named || env && word.starts_with('-')
            };
            line.split_whitespace().skip_while(starts).take(16).collect()
        });
        if let Some(name) = reader.first().and_then(|word| word.rsplit('/').next())
            && specs::lookup_in(name, self.dialect).is_some_and(|spec| spec.name != "bash")
        {
            let words = reader.iter().map(|word| Field { text: (*word).to_owned(), span: first.span });
            let mut words: Vec<Field> = words.collect();
            words.extend(argv.iter().cloned());
            return Some(self.run(&words, span, flow));
        }
        if self.active.contains(&path) {
            if self.detached {
                let target = self.target(TargetClass::Process, &self.unknowns.show(&path), span);
                self.emit(EffectKind::Exhaust, target, true, "sh", span);
            }
            return Some(String::new());
        }
        let arguments = argv[1..].iter().map(|field| field.text.clone()).collect();
        self.active.push(path.clone());
        self.active_guards.push(self.guards);
        let output = self.apart(|machine| {
            machine.state.positional = Some(Rc::new(arguments));
            machine.set("0", Value::One(path));
            machine.code(&content, span, flow)
        });
        self.active.pop();
        self.active_guards.pop();
        Some(output)
    }

    /// The program that a word names: without its path, and found where the word is a pattern.
    pub(super) fn program_name(&self, text: &str) -> String {
        let programs = &self.state.shell().programs;
        if !programs.is_empty() {
            let path = super::paths::locate_path(text, &self.state.cwd, self.ctx);
            let opened = super::programs::descriptor(text);
            let named = |known: &str| {
                known == text || known == path && text.contains('/') || opened.as_deref() == Some(known)
            };
            if let Some((_, program)) = programs.iter().rev().find(|(known, _)| named(known)) {
                return program.clone();
            }
        }
        let base = match text.rsplit('/').next() {
            // What a release calls its own installer.
            Some("install") if text.contains('/') && !text.starts_with('/') => text,
            Some(base) if !base.is_empty() => base,
            _ => text,
        };
        // No program has a longer name.
        if value::has_pattern(base) && base.len() < 128 {
            let known = data::PATTERN_PROGRAMS.iter().copied();
            let mut known = known.chain(specs::names()).chain(specs::all_names());
            let hit = known.find(|program| value::fits(base, program));
            return hit.unwrap_or(base).to_owned();
        }
        // `zmodload zsh/files` brings rm and its like as builtins of this name.
        let base = if self.dialect == Dialect::Zsh { base.strip_prefix("zf_").unwrap_or(base) } else { base };
        base.strip_suffix(".exe").unwrap_or(base).to_owned()
    }

    /// A machine that is stopped or restarted from afar has others on it.
    pub(super) fn stops_far_away(&mut self, before: usize) {
        for effect in self.effects.iter_mut().skip(before) {
            if effect.kind == EffectKind::Shutdown {
                effect.detail = "remote".to_owned();
            }
        }
    }

    /// The name of the program is not known: say so, and look at what its arguments would mean to `rm`.
    fn unknown_program(&mut self, argv: &[Field], first: &Field, flow: Flow<'_>) -> String {
        let span = self.at(first.span);
        self.record(argv, first.span);
        let shown = self.unknowns.show(&first.text);
        if matches!(shown.as_str(), "$EDITOR" | "$VISUAL" | "$PAGER" | "$BROWSER" | "$env.EDITOR") {
            // A person's own choice of such a program, which the line has not changed.
            return self.unknown_output("vi", argv, flow);
        }
        if let Some(spelled) = self.spelled_out(argv) {
            self.by = By::Shell;
            return self.run(&spelled, first.span, flow);
        }
        self.unresolved += 1;
        match self.unknowns.origin(&first.text) {
            Some(Origin::Local) if argv.len() == 1 => return String::new(),
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

    /// The command where variables that the line never sets are empty: `r$@m -r$*f /`. `None` where its name is
    /// that of no program then.
    fn spelled_out(&self, argv: &[Field]) -> Option<Vec<Field>> {
        let empty = |text: &str| -> Option<String> {
            let is_set = |letter: char| self.unknowns.origin(letter.encode_utf8(&mut [0; 4]));
            let known = |letter: char| !value::is_hole(letter);
            if text.chars().any(|letter| !known(letter) && is_set(letter) != Some(Origin::Variable)) {
                return None;
            }
            Some(text.chars().filter(|letter| known(*letter)).collect())
        };
        let name = empty(&argv.first()?.text)?;
        let base = name.rsplit('/').next().unwrap_or_default();
        if base.len() < 2 || specs::lookup_in(base, self.dialect).is_none() {
            return None;
        }
        let spelled = argv.iter().enumerate().map(|(at, field)| {
            // Elsewhere than in options a variable is more likely set than not.
            let text = if at == 0 || field.text.starts_with('-') { empty(&field.text) } else { None };
            Field { text: text.unwrap_or_else(|| field.text.clone()), span: field.span }
        });
        Some(spelled.collect())
    }

    /// Lowers a program that has a spec, and what it runs.
    pub(super) fn by_spec(
        &mut self,
        spec: &'static Spec,
        argv: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        match self.step_by_spec(spec, argv, span, flow) {
            Step::Done(output) => output,
            Step::Next(next) => self.run(&next, span, flow),
        }
    }

    fn step_by_spec(&mut self, spec: &'static Spec, argv: &[Field], span: Span, flow: Flow<'_>) -> Step {
        if !self.spend(1 + argv.len() / 16) {
            return Step::Done(String::new());
        }
        let words: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
        let args = parse_args(spec, &words);
        let leaf = args.spec;
        let wraps = args.items.iter().any(
            |item| matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Command),
        );
        if !wraps {
            self.record(argv, span);
        }
        let alone = !spec.verbs.is_empty() || args.operands().next().is_none();
        let asks_for_help = args.items.iter().any(|item| {
            // `cargo yank --version 1.0` names one.
            let bare = match item.role {
                // `kubectl delete -h`
                Role::Flag(flag) if item.text == "-h" && flag.names.contains(&"--help") => return true,
                Role::Flag(flag) => flag.value.is_none(),
                Role::UnknownFlag => true,
                _ => false,
            };
            let short = item.text == "-h" && matches!(item.role, Role::UnknownFlag) && alone;
            short || (bare && matches!(item.text, "--help" | "-help" | "--version"))
        });
        let asks_for_help = asks_for_help || args.asks_for_help();
        if asks_for_help && !wraps {
            return Step::Done(self.unknown_output(spec.name, argv, flow));
        }
        let program = spec.name;
        let was_mute = self.mute;
        self.mute |= args.is_dry();
        let call = Call { spec, args: &args, argv, program, span };
        let effects_before = self.effects.len();
        for rule in leaf.effects {
            self.rule(&call, rule);
        }
        self.container_walls(&call);
        self.manifests(&call, flow.input);
        let mut seen = self.values(&call, flow);
        self.offered(&call, flow, effects_before);
        self.odd_options(&call, flow, effects_before);
        let invoked = self.program_name(&argv[0].text);
        self.handed(&invoked, argv, Some(&args), flow);
        self.weigh_privilege(&call, effects_before);
        self.builds_cloned(&call);
        self.on_another_engine(&call, effects_before);
        let special = self.special(&call, flow);
        if special.is_some() && program == "command" {
            // `command -v` has told where the program lies and runs nothing.
            seen.next = None;
        }
        if let (Some(next), Some(directory)) = (&seen.next, &seen.directory) {
            let cwd = super::paths::enter(directory, &self.state.cwd, self.ctx);
            let output = self.apart(|machine| {
                machine.state.cwd = cwd;
                machine.state.elsewhere = None;
                machine.run(next, span, flow)
            });
            self.mute = was_mute;
            return Step::Done(output);
        }
        if let Some(next) = seen.next.take() {
            if self.mute == was_mute {
                return Step::Next(next);
            }
            let output = self.run(&next, span, flow);
            self.mute = was_mute;
            return Step::Done(output);
        }
        self.mute = was_mute;
        self.arrivals(&call);
        self.unpacked(&call, flow);
        self.keeps_copies(&call);
        self.uses_up(&call);
        self.sources_socket(&call);
        if let Some(output) = special.or_else(|| seen.output.take()) {
            return Step::Done(output);
        }
        self.standard_input(&call, &mut seen, flow);
        let output = self.output(&call, &seen, flow);
        self.vouch_again(&call, flow, &output);
        if matches!(spec.output, crate::specs::Output::Printed) {
            self.status = Status::True;
        }
        let read_secret = self.effects[effects_before.min(self.effects.len())..]
            .iter()
            .find(|effect| effect.kind == EffectKind::ReadSecret);
        if let Some(effect) = read_secret {
            // A copy or an archive of it is as secret.
            let name = effect.target.text.clone();
            let text = self.unknowns.hole(&name, Origin::Secret).to_string();
            let archive = match program {
                "tar" => call.args.values("-f").next().map(|item| item.text),
                "zip" => call.args.operands().next().map(|item| item.text),
                _ => None,
            };
            let archive = archive.map(|path| super::paths::locate_path(path, &self.state.cwd, self.ctx));
            for path in seen.written.iter().cloned().chain(archive) {
                self.write_file(path, text.clone(), false);
            }
        }
        let read_secret = self.effects[effects_before.min(self.effects.len())..]
            .iter()
            .find(|effect| effect.kind == EffectKind::ReadSecret || packs_everything(effect));
        Step::Done(match read_secret {
            // What packs or filters a secret passes it on.
            Some(effect)
                if flow.want
                    && self.unknowns.origin(&output).is_some_and(|origin| origin < Origin::Secret) =>
            {
                let name = effect.target.text.clone();
                self.unknowns.hole(&name, Origin::Secret).to_string()
            }
            _ => output,
        })
    }

    /// The command that a wrapper runs.
    ///
    /// `None` where it runs as it stands, in this same place.
    pub(super) fn wrapped(&mut self, call: &Call<'_>, rest: &[Field], flow: Flow<'_>) -> Option<String> {
        let span = rest.first().map_or(call.span, |field| field.span);
        match call.program {
            "xargs" => Some(self.xargs(call, rest, span, flow)),
            "env" => self.behind_settings(rest, span, flow),
            program if super::containers::keeps_apart(program) => {
                let output = self.in_container(call, rest, span, flow);
                // What was copied, unpacked or built in there says nothing of what lies here.
                self.facts.retain(|fact| {
                    !matches!(fact.what, Known::Spare(_) | Known::Moved(..) | Known::Built(_))
                });
                Some(output)
            }
            "chroot" | "nsenter" if self.mounts.is_some() => self.out_of_container(call, rest, span, flow),
            "parallel"
                if call.argv.iter().any(|field| matches!(field.text.as_str(), "--dry-run" | "--dryrun")) =>
            {
                Some(String::new())
            }
            "parallel" => Some(self.parallel_command(call, rest, flow)),
            "flock" if matches!(rest.first()?.text.as_str(), "-c" | "--command") => {
                let code = rest.get(1).map(|field| field.text.clone()).unwrap_or_default();
                Some(self.code(&code, self.at(span), flow))
            }
            _ => None,
        }
    }

    pub(super) fn wrapped_code(&mut self, call: &Call<'_>, text: &str, span: Span, flow: Flow<'_>) -> String {
        match call.program {
            "ssh" => {
                // Another machine: the line tells nothing of where it starts but the home there.
                let home = value::HOME.to_string();
                let state = std::mem::replace(&mut self.state, State::at(home));
                self.sends(text, text, span, "ssh");
                if let Some(input) = flow.input {
                    let shown = self.unknowns.show(input.trim_end());
                    self.sends(input, &shown, span, "ssh");
                }
                let before = self.effects.len();
                let was_abroad = std::mem::replace(&mut self.abroad, true);
                let output = self.code(text, span, flow);
                self.abroad = was_abroad;
                self.stops_far_away(before);
                self.state = state;
                // What is not known of it is what that machine says.
                if flow.want && self.unknowns.origin(&output).is_some_and(|origin| origin < Origin::Secret) {
                    return self.unknowns.hole(&format!("$(ssh {text})"), Origin::Network).to_string();
                }
                output
            }
            "eval" => self.code_here(text, span, flow),
            _ => self.code(text, span, flow),
        }
    }

    /// The one word of code after `sh -c` and the like; what follows are its `$0`, `$1` …
    pub(super) fn single_code(
        &mut self,
        call: &Call<'_>,
        text: &str,
        rest: &[String],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        match call.program {
            "bash" => {
                let arguments = rest.iter().skip(1).cloned().collect();
                let name = rest.first().cloned();
                let errexit = call.args.has("-e");
                self.apart(|machine| {
                    machine.state.positional = Some(Rc::new(arguments));
                    if errexit {
                        machine.shell_mut().errexit = true;
                    }
                    if let Some(name) = name {
                        machine.set("0", Value::One(name));
                    }
                    machine.code_of(&call.argv[0].text, text, span, flow)
                })
            }
            "fish" => {
                let given = rest.iter().skip_while(|word| *word == "--");
                let arguments: Vec<String> = given.cloned().collect();
                self.apart(|machine| {
                    machine.state.positional = Some(Rc::new(arguments));
                    machine.code_in(text, span, flow, Dialect::Fish)
                })
            }
            "env" => self.split_for_env(call, text, rest, flow),
            "tar" if call.args.values("--to-command").any(|item| item.text == text) => {
                let members = self.members(call, flow);
                self.code(text, span, Flow { input: Some(&members), want: flow.want })
            }
            "nu" => self.code_in(text, span, flow, Dialect::Nu),
            "trap" => self.apart(|machine| machine.code_here(text, span, flow)),
            "git" => self.code(text.strip_prefix('!').unwrap_or(text), span, flow),
            _ => self.code(text, span, flow),
        }
    }
}

/// `coreutils --coreutils-prog=rm …` is the program it is told to be, `autossh -M 0 …` is ssh again and again.
fn as_another(name: &str, argv: &[Field]) -> Option<Vec<Field>> {
    if name == "autossh" {
        let mut next = argv.to_vec();
        next.first_mut()?.text = "ssh".to_owned();
        if let Some(at) = next.iter().position(|field| field.text == "-M") {
            next.drain(at..(at + 2).min(next.len()));
        }
        return Some(next);
    }
    // `python3 -m pip` and `uv pip` take what pip takes.
    let word = |at: usize| argv.get(at).map_or("", |field| field.text.as_str());
    let python = name
        .strip_prefix("python")
        .is_some_and(|version| version.chars().all(|letter| letter.is_ascii_digit() || letter == '.'));
    let from = match () {
        () if python && word(1) == "-m" && word(2) == "pip" => Some(2),
        () if name == "uv" && word(1) == "pip" && word(2) == "install" => Some(1),
        () => None,
    };
    if let Some(from) = from {
        return Some(argv.get(from..)?.to_vec());
    }
    if name != "coreutils" {
        return None;
    }
    let first = argv.get(1)?;
    let program = first
        .text
        .strip_prefix("--coreutils-prog=")
        .or_else(|| first.text.strip_prefix("--coreutils-prog-shebang="));
    let text = program.map_or(first.text.as_str(), |program| program).to_owned();
    let mut next = vec![Field { text, span: first.span }];
    next.extend(argv.iter().skip(2).cloned());
    Some(next)
}

/// Folders in which programs are looked for on most machines.
fn usual_path() -> String {
    let home = value::HOME;
    format!(
        "{home}/.local/bin:{home}/bin:{home}/.cargo/bin:{home}/go/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin"
    )
}

/// Programs that exist on Windows alone, whose words mean the same in every shell. Sorted.
const ONLY_OF_WINDOWS: &[&str] = &[
    "bitsadmin",
    "cscript",
    "forfiles",
    "icacls",
    "mshta",
    "msiexec",
    "netsh",
    "reg",
    "regsvr32",
    "wmic",
    "wscript",
];

/// What is left of running a command.
enum Step {
    /// It is done and has written this.
    Done(String),
    /// This command is to be run in its place.
    Next(Vec<Field>),
}

/// True where a whole home or disk is packed: there are keys and passwords in it.
fn packs_everything(effect: &super::Effect) -> bool {
    effect.kind == EffectKind::Read
        && matches!(effect.program.as_str(), "tar" | "zip" | "cpio" | "dd")
        && matches!(
            effect.target.class,
            TargetClass::Home | TargetClass::OtherHome | TargetClass::Root | TargetClass::Device
        )
}
