//! Stores that are spoken to in words: Redis, search engines behind HTTP, and programs whose own commands
//! run code.

use super::Payload;
use crate::line::Span;
use crate::safety::lower::Call;
use crate::safety::machine::{Flow, Machine};
use crate::safety::value;
use crate::safety::{EffectKind, TargetClass};
use crate::specs::{Language, PathUse, Role, ValueKind};

impl Machine<'_> {
    /// What a program does with its words beyond what its spec can say.
    pub(in crate::safety) fn payload_program(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let span = self.at(call.argv[0].span);
        match call.program {
            "python3" | "php" | "ruby" | "node" | "perl" => {
                // `python manage.py flush`, `php artisan migrate:fresh`: tasks that have a spec of their own.
                let script = call.args.items.iter().find(|item| {
                    matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Path(PathUse::Run))
                });
                if let Some(item) = script {
                    let base = item.text.rsplit('/').next().unwrap_or_default();
                    let known =
                        matches!(base, "manage.py" | "artisan" | "rails" | "rake" | "django-admin.py");
                    if known && let Some(rest) = call.argv.get(item.word + 1..) {
                        let rest = rest.to_vec();
                        self.run(&rest, call.span, flow);
                    }
                }
            }
            "redis-cli" => {
                let words: Vec<String> = call.args.operands().map(|item| item.text.to_owned()).collect();
                if words.is_empty() {
                    for line in flow.input.unwrap_or_default().lines().take(256) {
                        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
                        self.redis(&words, span);
                    }
                } else {
                    self.redis(&words, span);
                }
            }
            "curl" | "http" | "xh" => self.over_http(call),
            "make" => {
                // A Makefile that the line itself wrote.
                if !call.args.has("-f") {
                    let known =
                        self.files.iter().rev().find(|(path, _)| {
                            matches!(path.as_str(), "Makefile" | "makefile" | "GNUmakefile")
                        });
                    if let Some((_, text)) = known {
                        let text = text.clone();
                        self.script(call.payload(Language::Make, &text, span, None));
                    }
                }
                let assigned: Vec<String> = call
                    .args
                    .operands()
                    .filter(|item| item.text.contains("$(shell"))
                    .map(|item| item.text.to_owned())
                    .collect();
                for text in assigned {
                    self.script(call.payload(Language::Make, &text, span, None));
                }
                for item in call.args.values("-f") {
                    if item.text == "-"
                        && let Some(input) = flow.input
                    {
                        self.script(call.payload(Language::Make, input, span, None));
                    } else {
                        let place = crate::safety::paths::locate(item.text, &self.state.cwd, self.ctx);
                        let known = self
                            .files
                            .iter()
                            .rev()
                            .find(|(path, _)| *path == place.path)
                            .map(|(_, text)| text.clone());
                        if let Some(text) = known {
                            self.script(call.payload(Language::Make, &text, span, None));
                        }
                    }
                }
            }
            "vim" => self.vim_words(call, flow),
            "sed" | "awk" => {
                // A script from a file that the line wrote.
                let language = if call.program == "sed" { Language::Sed } else { Language::Awk };
                for item in call.args.values("-f") {
                    let text = match (item.text, flow.input) {
                        ("-" | "/dev/stdin", Some(input)) => Some(input.to_owned()),
                        (path, _) => {
                            let place = crate::safety::paths::locate(path, &self.state.cwd, self.ctx);
                            self.files
                                .iter()
                                .rev()
                                .find(|(known, _)| *known == place.path)
                                .map(|(_, text)| text.clone())
                        }
                    };
                    if let Some(text) = text {
                        self.script(call.payload(language, &text, span, None));
                    }
                }
            }
            _ => {}
        }
    }

    /// `+cmd` of vim, and commands on its standard input (`ex -s`, `vim -es`).
    fn vim_words(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        for item in &call.args.items {
            let is_word = matches!(item.role, Role::Operand(_) | Role::UnknownFlag);
            if let Some(command) = item.text.strip_prefix('+').filter(|_| is_word) {
                let span = self.at(call.argv[item.word + 1].span);
                let payload = call.payload(Language::Editor, command, span, None);
                self.script(payload);
            }
        }
        let quiet = call.args.has("-s") || call.args.has("-e") || call.argv[0].text.ends_with("ex");
        if let Some(input) = flow.input.filter(|_| quiet) {
            let span = self.at(call.argv[0].span);
            self.script(call.payload(Language::Editor, input, span, None));
        }
    }

    /// One command of Redis.
    fn redis(&mut self, words: &[String], span: Span) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let verb = word(0).to_ascii_uppercase();
        let second = word(1).to_ascii_uppercase();
        let loses = match verb.as_str() {
            "FLUSHALL" | "FLUSHDB" => true,
            // Keys that a listing gave: how many, nobody knows.
            "DEL" | "UNLINK" => words.iter().skip(1).any(|key| value::has_hole(key) || key.contains('*')),
            "XGROUP" => second == "DESTROY",
            "CLUSTER" => matches!(second.as_str(), "RESET" | "FLUSHSLOTS"),
            "EVAL" => {
                let code = word(1).to_ascii_lowercase();
                ["flushall", "flushdb"].iter().any(|name| code.contains(name))
                    || (code.contains("keys") && code.contains("del"))
            }
            _ => false,
        };
        let shown = self.unknowns.show(&words.iter().take(3).cloned().collect::<Vec<_>>().join(" "));
        if loses {
            let target = self.target(TargetClass::Named, &shown, span);
            self.emit(EffectKind::DropData, target, true, "redis-cli", span);
        }
        match (verb.as_str(), second.as_str()) {
            ("SHUTDOWN", _) => {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Kill, target, false, "redis-cli", span);
            }
            // Where the next dump goes: the known way to write a file as the server's user.
            ("CONFIG", "SET") if matches!(word(2).to_ascii_lowercase().as_str(), "dir" | "dbfilename") => {
                let path = word(3).to_owned();
                self.touch(EffectKind::Overwrite, &path, span, false, "redis-cli");
            }
            ("CONFIG", "SET") | ("SLAVEOF" | "REPLICAOF", _) => {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Configure, target, false, "redis-cli", span);
            }
            ("MODULE", "LOAD") => {
                let target = self.target(TargetClass::Unknown, &shown, span);
                self.emit(EffectKind::RunCode, target, false, "redis-cli", span);
            }
            _ => {}
        }
    }

    /// Deletes in a search engine by HTTP: `-X DELETE host:9200/index`, `_delete_by_query`.
    fn over_http(&mut self, call: &Call<'_>) {
        let deletes = call.args.values("-X").any(|item| item.text.eq_ignore_ascii_case("delete"))
            || call.args.operands().next().is_some_and(|item| item.text == "DELETE");
        let urls: Vec<(String, usize)> =
            call.args.operands().map(|item| (item.text.to_owned(), item.word)).collect();
        for (url, word) in urls {
            let address = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let (host, path) = address.split_once('/').unwrap_or((address, ""));
            let path = path.split('?').next().unwrap_or_default();
            let search = host.contains(":9200")
                || host.contains("elastic")
                || host.contains("opensearch")
                || path.starts_with("_all");
            let by_query = path.contains("_delete_by_query")
                && call
                    .args
                    .items
                    .iter()
                    .any(|item| matches!(item.role, Role::Value(_)) && item.text.contains("match_all"));
            // One document, alias or scroll is bounded.
            let bounded = path.contains("/_doc/") || path.contains("_search/") || path.contains("/_alias");
            let couch = host.contains(":5984") && !path.contains('/') && !path.is_empty();
            if (deletes && search && !bounded && !path.is_empty())
                || (by_query && !deletes)
                || (deletes && couch)
            {
                let span = self.at(call.argv[word + 1].span);
                let target = self.target(TargetClass::Named, &self.unknowns.show(&url), span);
                self.emit(EffectKind::DropData, target, true, call.program, span);
            }
        }
    }
}

/// The effects of methods of a document store in JavaScript and Python.
impl super::Script<'_, '_, '_> {
    /// `db.users.drop()`, `deleteMany({})` and their like; true where it is one of them.
    pub(super) fn store_method(&mut self, base: &str, member: &str, given: &super::acts::Given) -> bool {
        let everything = match given.list.first() {
            None | Some(super::val::Val::None) => true,
            Some(super::val::Val::Map(entries)) => entries.is_empty(),
            Some(super::val::Val::List(list)) => list.is_empty(),
            _ => false,
        };
        let of_database = base == "db"
            || base.starts_with("db.")
            || base.contains("client")
            || base.contains("MongoClient");
        let loses = match member {
            "dropDatabase" | "drop_database" | "dropAllTables" | "drop_all" | "dropCollection"
            | "drop_collection" => true,
            "drop" => of_database && base.contains('.'),
            "deleteMany" | "delete_many" => everything,
            "remove" => of_database && everything && base.contains('.'),
            "updateMany" | "update_many" => everything && given.list.len() > 1,
            _ => false,
        };
        if loses {
            let span = self.what.span;
            let target = self.machine.target(TargetClass::Named, &format!("{base}.{member}()"), span);
            self.machine.emit(EffectKind::DropData, target, true, self.what.program, span);
        }
        if matches!(member, "runCommand" | "adminCommand" | "command")
            && let Some(super::val::Val::Map(entries)) = given.list.first()
            && let Some((key, _)) = entries.first()
        {
            let span = self.what.span;
            let target = self.machine.target(TargetClass::Named, &format!("{base}.{member}({key})"), span);
            match key.as_str() {
                "dropDatabase" | "drop" => {
                    self.machine.emit(EffectKind::DropData, target, true, self.what.program, span)
                }
                "shutdown" => self.machine.emit(EffectKind::Kill, target, false, self.what.program, span),
                _ => {}
            }
        }
        loses
    }
}

/// Text that a language of its own runs, by the language.
impl Machine<'_> {
    pub(super) fn other_language(&mut self, what: Payload<'_>) -> Option<String> {
        match what.language {
            Language::Sed => return self.sed(what),
            Language::Awk => return self.awk(what),
            Language::Editor => self.editor(what),
            Language::Debugger => self.debugger(what),
            Language::Make => self.makefile(what),
            Language::AppleScript => self.apple_script(what),
            Language::Lisp => self.lisp(what),
            Language::Tcl => self.tcl(what),
            _ => return self.expressions(what),
        }
        None
    }
}
