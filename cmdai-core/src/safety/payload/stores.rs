//! Stores that are spoken to in words: Redis, search engines behind HTTP, and programs whose own commands
//! run code.

use super::Payload;
use crate::line::{Dialect, Span};
use crate::safety::call::Call;
use crate::safety::machine::{Flow, Machine};
use crate::safety::value::{self, HOME, Origin};
use crate::safety::{EffectKind, TargetClass};
use crate::specs::{self, Language, PathUse, Role, ValueKind};

/// Bytes that are read of a text whose nesting is read again.
const NESTED_BYTES: usize = 8 * 1024;

impl Machine<'_> {
    /// Statements given to a client; what is dropped from a database in memory is no loss.
    pub(in crate::safety) fn statements(
        &mut self,
        call: &Call<'_>,
        text: &str,
        span: Span,
    ) -> Option<String> {
        let printed = self.selected(text);
        if call.program == "sqlite3" || call.program == "duckdb" {
            let rows = call
                .argv
                .iter()
                .skip(1)
                .take(16)
                .filter_map(|field| self.selected(&field.text))
                .collect::<Vec<_>>();
            self.piped_rows = (!rows.is_empty()).then(|| rows.concat());
        }
        // What is selected is run: `SELECT 'DROP TABLE ' || … \\gexec`.
        if let Some(made) = printed.as_ref().filter(|_| text.contains("\\gexec")) {
            let made = made.clone();
            self.sql(&made, call.program, span);
        }
        let before = self.effects.len();
        self.sql(text, call.program, span);
        let in_memory = call.args.operands().next().is_some_and(|item| item.text == ":memory:")
            || (call.program == "duckdb" && call.args.operands().next().is_none());
        if in_memory && before <= self.effects.len() {
            let new = self.effects.split_off(before);
            // Nor what its own statements drop; what it makes others drop is.
            let is_own = |program: &str| program == call.program;
            self.effects.extend(
                new.into_iter()
                    .filter(|effect| effect.kind != EffectKind::DropData || !is_own(&effect.program)),
            );
        }
        printed
    }

    /// What a program does with its words beyond what its spec can say.
    pub(in crate::safety) fn payload_program(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<String> {
        let span = self.at(call.argv[0].span);
        match call.program {
            "python3" | "php" | "ruby" | "node" | "perl" => {
                self.node_imports(call);
                // `python manage.py flush`, `php artisan migrate:fresh`: tasks that have a spec of their own.
                let script = call.args.items.iter().find(|item| {
                    matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Path(PathUse::Run))
                });
                if let Some(item) = script {
                    let base = item.text.rsplit('/').next().unwrap_or_default();
                    let known = matches!(
                        base,
                        "ace"
                            | "artisan"
                            | "console"
                            | "django-admin.py"
                            | "magento"
                            | "manage.py"
                            | "phinx"
                            | "rails"
                            | "rake"
                            | "wp-cli.phar"
                    );
                    if known && let Some(rest) = call.argv.get(item.word + 1..) {
                        let rest = rest.to_vec();
                        self.run(&rest, call.span, flow);
                    }
                }
            }
            "redis-cli" => {
                let words: Vec<String> = call.args.operands().map(|item| item.text.to_owned()).collect();
                for item in call.args.values("--eval") {
                    if let Some(code) = self.own_file(item.text) {
                        // Behind the file stand the keys, a comma and the arguments.
                        let keys = words.iter().position(|word| word == ",").unwrap_or(words.len());
                        let (keys, values) = words.split_at(keys);
                        self.redis_script(call, &code, keys, values.get(1..).unwrap_or_default(), span);
                    }
                }
                if words.is_empty() {
                    self.restored_from_input(call, flow, span);
                    for line in flow.input.unwrap_or_default().lines().take(256) {
                        self.redis_line(call, line, span);
                    }
                } else if call.args.values("--eval").next().is_none() {
                    // The last of them may stand on the input: `redis-cli -x EVAL`.
                    let last = flow.input.filter(|_| call.args.has("-x")).map(str::to_owned);
                    let words: Vec<String> = words.into_iter().chain(last).collect();
                    self.redis(call, &words, span);
                }
            }
            "curl" | "http" | "wget" => self.over_http(call),
            "db2" => {
                let words: Vec<&str> = call.args.operands().map(|item| item.text).collect();
                let text = words.join(" ");
                self.sql(&text, "db2", span);
            }
            "make" => {
                // A Makefile that the line itself wrote.
                if !call.args.has("-f") {
                    let folder = call.args.values("-C").last().map_or(".", |item| item.text);
                    let known = ["GNUmakefile", "makefile", "Makefile"]
                        .iter()
                        .find_map(|name| self.own_file(&format!("{folder}/{name}")));
                    if let Some(text) = known {
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
                    if matches!(item.text, "-" | "/dev/stdin")
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
            "ed" => self.emptied_by_editor(call, flow),
            "vim" => {
                self.emptied_by_editor(call, flow);
                self.vim_lua(call, flow, span);
                self.vim_words(call, flow);
            }
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
            "openssl" => return self.openssl(call, flow),
            "deno" => self.deno(call, span),
            "npm" => {
                // `npm pkg set scripts.NAME=CODE`, also of pnpm.
                let words: Vec<&str> = call.argv.iter().skip(1).map(|field| field.text.as_str()).collect();
                if let ["pkg", "set", rest @ ..] = words.as_slice() {
                    for word in rest.iter().take(16) {
                        let script = word.strip_prefix("scripts.").and_then(|word| word.split_once('='));
                        if let Some((_, code)) = script {
                            let code = code.trim_matches('"').to_owned();
                            self.code(&code, span, Flow::default());
                        }
                    }
                }
                // `yarn prisma …`, `pnpm rimraf …`: a program of a package without `exec`.
                let word =
                    call.argv.iter().skip(1).position(|field| !field.text.starts_with('-')).map(|at| at + 1);
                if let Some(at) = word
                    && !call.argv[0].text.ends_with("npm") | call.argv[0].text.ends_with("pnpm")
                    && let Some(field) = call.argv.get(at)
                    && call.spec.subcommand(&field.text).is_none()
                    && specs::lookup(&field.text).is_some()
                {
                    let rest = call.argv[at..].to_vec();
                    self.run(&rest, call.span, flow);
                }
            }
            "nc" => {
                // The port of Redis: lines are commands.
                if call.args.items.iter().any(|item| item.text == "6379")
                    && let Some(input) = flow.input
                {
                    for line in input.lines().take(64) {
                        self.redis_line(call, line, span);
                    }
                }
            }
            "guix" | "nix" | "mise" | "aws-vault" | "toolbox" | "op" | "setarch" | "bwrap"
            | "start-stop-daemon" | "fnm" => self.command_within(call, flow),
            "sftp" => {
                for item in call.args.values("-o") {
                    if let Some((name, code)) = item.text.split_once(['=', ' '])
                        && name.eq_ignore_ascii_case("proxycommand")
                    {
                        self.code(code.trim_start(), span, Flow::default());
                    }
                }
                for line in flow.input.unwrap_or_default().lines().take(64) {
                    if let Some(code) = line.trim().strip_prefix('!') {
                        self.code(code, span, Flow::default());
                    }
                }
            }
            "cmake" => self.cmake(call, flow),
            "sg" => {
                let at = call.argv.iter().position(|field| matches!(field.text.as_str(), "-c" | "--command"));
                let code = match at {
                    Some(at) => call.argv.get(at + 1),
                    None => call.argv.get(2),
                };
                if let Some(code) = code {
                    let code = code.text.clone();
                    self.code(&code, span, flow);
                }
            }
            "emacs" | "guile" => {
                for flag in ["-l", "-script", "-s"] {
                    for item in call.args.values(flag) {
                        let text = self.read_path(item.text, span, call.program);
                        if self.unknowns.comes_from(&text, Origin::Network) {
                            self.report_unknown_code(&text, span);
                        } else if !value::has_hole(&text) {
                            self.script(call.payload(Language::Lisp, &text, span, None));
                        }
                    }
                }
            }
            "just" if call.args.has("-c") => {
                let command = call.args.operands().next().map_or(call.argv.len(), |item| item.word + 1);
                let rest = call.argv.get(command..).unwrap_or_default().to_vec();
                self.run(&rest, call.span, flow);
            }
            "m4" => {
                let files: Vec<String> = call.args.operands().map(|item| item.text.to_owned()).collect();
                let mut texts: Vec<String> =
                    flow.input.filter(|_| files.is_empty()).map(str::to_owned).into_iter().collect();
                for file in files {
                    texts.push(self.read_path(&file, span, "m4"));
                }
                texts.extend(call.args.values("-D").map(|item| item.text.to_owned()));
                for text in texts {
                    self.macros(&text, span);
                }
            }
            "ssh" => {
                // Without a command the shell there reads what comes in.
                let commanded = call.args.operands().count() > 1 || call.args.has("-N");
                if let Some(input) = flow.input.filter(|_| !commanded) {
                    let input = input.to_owned();
                    self.wrapped_code(call, &input, span, Flow::default());
                }
            }
            "cqlsh" | "sqlcmd" | "sqlplus" | "clickhouse-client" | "duckdb" | "cockroach" | "sqlite3" => {
                self.statement_files(call, span);
                self.restored_from_input(call, flow, span);
            }
            "psql" | "mysql" => {
                self.statement_files(call, span);
                self.restored_from_input(call, flow, span);
                let told: Vec<&str> = call.args.values("-c").map(|item| item.text).collect();
                if told.len() > 1 && told.iter().any(|text| text.contains("\\gexec")) {
                    let told = told.join("\n");
                    self.statements(call, &told, span);
                }
                // A whole dump over a production database: what it replaces, nobody sees here.
                let unseen = flow.input.is_some_and(value::has_hole);
                let place = call.args.items.iter().find(|item| is_production(item.text));
                if let (true, Some(item)) = (unseen, place) {
                    let shown = self.unknowns.show(item.text);
                    let target = self.target(TargetClass::Named, &format!("what is in {shown}"), span);
                    self.emit(EffectKind::DropData, target, true, call.program, span);
                }
            }
            "gdb" | "lldb" => {
                self.command_within(call, flow);
                let calls = call.args.items.iter().any(|item| {
                    matches!(item.role, Role::Value(_))
                        && ["exit(", "kill(", "abort("].iter().any(|name| item.text.contains(name))
                });
                if let (true, Some(item)) = (calls, call.args.values("-p").next()) {
                    let target = self.target(TargetClass::Process, item.text, span);
                    self.emit_with(EffectKind::Kill, target, false, call.program, span, "KILL");
                }
            }
            _ => {}
        }
        if call.program == "python3" {
            return self.python_module(call, flow);
        }
        None
    }

    /// Files of statements that the line itself wrote.
    fn statement_files(&mut self, call: &Call<'_>, span: Span) {
        let files: Vec<String> = call
            .args
            .items
            .iter()
            .filter(|item| match item.role {
                Role::Value(flag) => matches!(flag.names[0], "-f" | "-i" | "--file"),
                _ => false,
            })
            .map(|item| item.text.to_owned())
            .collect();
        for file in files {
            if file == "-" {
                continue;
            }
            let text = self.read_path(&file, span, call.program);
            if value::has_hole(&text) {
                self.restored_from_file(&file, call.program, span);
            } else {
                self.statements(call, &text, span);
            }
        }
    }

    /// `cmake -E rm …`, and scripts with `execute_process` and `file(REMOVE …)`.
    fn cmake(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        if call.args.has("-E") {
            let at =
                call.argv.iter().position(|field| field.text == "-E").map_or(call.argv.len(), |at| at + 1);
            let mut words = call.argv.get(at..).unwrap_or_default().to_vec();
            if let Some(first) = words.first_mut() {
                first.text = match first.text.as_str() {
                    "remove" | "rm" => "rm".to_owned(),
                    "remove_directory" => "rimraf".to_owned(),
                    "env" | "time" => first.text.clone(),
                    _ => return,
                };
            }
            self.run(&words, call.span, flow);
        }
        for item in call.args.values("-P") {
            let span = self.at(call.argv[item.word + 1].span);
            let text = match (item.text, flow.input) {
                ("-" | "/dev/stdin" | "/dev/fd/0", Some(input)) => input.to_owned(),
                (path, _) => self.read_path(path, span, "cmake"),
            };
            let text = text.replace("$ENV{HOME}", &HOME.to_string());
            for (at, _) in text.match_indices("COMMAND ").take(16) {
                let rest = &text[at + 8..];
                let end = rest.find([')', '\n']).unwrap_or(rest.len());
                self.code_in(&rest[..end], span, Flow::default(), Dialect::Bash);
            }
            for (at, name) in text.match_indices("REMOVE_RECURSE ").take(16) {
                let rest = &text[at + name.len()..];
                for path in rest[..rest.find(')').unwrap_or(rest.len())].split_whitespace() {
                    self.touch(EffectKind::Delete, path.trim_matches('"'), span, true, "cmake");
                }
            }
        }
    }

    /// `python3 -m base64 -d`, `python3 -m http.server`.
    fn python_module(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<String> {
        let module = call.args.values("-m").next()?;
        let span = self.at(call.argv[module.word + 1].span);
        let rest: Vec<&str> =
            call.argv.iter().skip(module.word + 2).map(|field| field.text.as_str()).collect();
        match module.text {
            "base64" if rest.iter().any(|word| matches!(*word, "-d" | "-u" | "-D")) => {
                let file = rest.iter().find(|word| !word.starts_with('-'));
                let text = match file {
                    Some(path) => self.read_path(path, span, "python3"),
                    None => flow.input?.to_owned(),
                };
                super::decode::base64(text.trim()).map(|text| super::decode::utf8(&text))
            }
            "http.server" | "SimpleHTTPServer" => {
                let place = match rest.iter().position(|word| matches!(*word, "-d" | "--directory")) {
                    Some(at) => rest.get(at + 1).copied().unwrap_or(".").to_owned(),
                    None => ".".to_owned(),
                };
                let here = ["127.0.0.1", "localhost", "::1"];
                if !rest.iter().any(|word| here.contains(word)) {
                    self.serves_folder(&place, span, "python3");
                }
                None
            }
            "timeit" => {
                // `-s` is what is done before; whatever is no option is what is timed.
                let mut words = rest.iter().copied();
                let mut code = String::new();
                while let Some(word) = words.next() {
                    match word {
                        "-n" | "-r" | "-u" | "--number" | "--repeat" | "--unit" => drop(words.next()),
                        "-s" | "--setup" => {
                            code.insert_str(0, &format!("{}\n", words.next().unwrap_or_default()))
                        }
                        _ if word.starts_with('-') => {}
                        _ => code.push_str(&format!("{word}\n")),
                    }
                }
                self.script(call.payload(Language::Python, &code, span, flow.input))
            }
            // A module that the line itself wrote.
            module => {
                let path = format!("{}.py", module.replace('.', "/"));
                let place = crate::safety::paths::locate(&path, &self.state.cwd, self.ctx);
                let text = self
                    .files
                    .iter()
                    .rev()
                    .find(|(known, _)| *known == place.path)
                    .map(|(_, text)| text.clone())?;
                self.script(call.payload(Language::Python, &text, span, flow.input))
            }
        }
    }

    /// `openssl base64 -d` and `openssl enc -d -base64`; a connection passes on what comes from there.
    fn openssl(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<String> {
        let words: Vec<&str> = call.argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        match words.first().copied()? {
            "base64" | "enc"
                if words.contains(&"-d")
                    && (words[0] == "base64"
                        || words.iter().any(|word| matches!(*word, "-base64" | "-a"))) =>
            {
                let span = self.at(call.argv[0].span);
                let text = match words.iter().position(|word| *word == "-in").and_then(|at| words.get(at + 1))
                {
                    Some(path) => self.read_path(path, span, "openssl"),
                    None => flow.input?.to_owned(),
                };
                // A cipher besides the encoding cannot be undone here.
                let cipher = words.iter().any(|word| word.starts_with("-aes") || word.starts_with("-des"));
                if cipher {
                    return None;
                }
                super::decode::base64(text.trim()).map(|text| super::decode::utf8(&text))
            }
            "s_client" => {
                let shown =
                    words.iter().find(|word| word.contains(':')).copied().unwrap_or("the network").to_owned();
                let span = self.at(call.argv[0].span);
                if let Some(input) = flow.input {
                    let input = input.to_owned();
                    self.sends(&input, &shown, span, "openssl");
                    if self.unknowns.comes_from(&input, Origin::Shell) {
                        let target = self.target(TargetClass::Host, &shown, span);
                        self.emit(EffectKind::RemoteShell, target, false, "openssl", span);
                    }
                }
                flow.want
                    .then(|| self.unknowns.hole(&format!("$(openssl {shown})"), Origin::Socket).to_string())
            }
            _ => None,
        }
    }

    /// `syscmd(…)` and `esyscmd(…)` of m4.
    fn macros(&mut self, text: &str, span: Span) {
        for (at, name) in text.match_indices("syscmd(").take(16) {
            let rest = &text[at + name.len()..];
            let mut depth = 0usize;
            let end = rest
                .char_indices()
                .find(|&(_, c)| match c {
                    '(' => {
                        depth += 1;
                        false
                    }
                    ')' if depth == 0 => true,
                    ')' => {
                        depth -= 1;
                        false
                    }
                    _ => false,
                })
                .map_or(rest.len(), |(at, _)| at);
            let code = rest[..end].trim().trim_matches(['`', '\'', '[', ']']).to_owned();
            let state = self.state.clone();
            self.code_in(&code, span, Flow::default(), Dialect::Bash);
            self.state = state;
        }
    }

    /// `nvim -l file`.
    fn vim_lua(&mut self, call: &Call<'_>, flow: Flow<'_>, span: Span) {
        for item in call.args.values("-l") {
            let text = match (item.text, flow.input) {
                ("-" | "/dev/stdin", Some(input)) => input.to_owned(),
                (path, _) => self.read_path(path, span, "vim"),
            };
            if !value::has_hole(&text) {
                self.script(call.payload(Language::Lua, &text, span, None));
            }
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
        for pair in call.argv.windows(2).take(32) {
            let span = self.at(pair[1].span);
            let script = match pair[0].text.as_str() {
                "-S" | "-u" => self.own_file(&pair[1].text),
                "--remote-send" | "--remote-expr" => {
                    let keys = pair[1].text.replace("<CR>", "\n").replace("<cr>", "\n");
                    Some(keys.replace("<Esc>", "").replace("<C-\\><C-N>", ""))
                }
                _ => None,
            };
            if let Some(text) = script {
                self.script(call.payload(Language::Editor, &text, span, None));
            }
        }
        let quiet = call.args.has("-s") || call.args.has("-e") || call.argv[0].text.ends_with("ex");
        if let Some(input) = flow.input.filter(|_| quiet) {
            let span = self.at(call.argv[0].span);
            self.script(call.payload(Language::Editor, input, span, None));
        }
    }
}

/// True for a name that says it is what others depend on.
fn is_production(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "prod" | "production" | "prd" | "live"))
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
            "flushall" | "flushdb" | "flushAll" | "flushDb" => true,
            "_drop" | "_truncate" | "_dropDatabase" | "dropIndexes" => of_database,
            // All rows of a model: `User.delete_all`, `User::truncate()`, `User.objects.all().delete()`.
            "delete_all" | "destroy_all" | "truncate" => {
                let model = base.trim_end_matches(".unscoped").trim_end_matches(".all");
                model.starts_with(|c: char| c.is_uppercase())
                    && !model.contains('.')
                    && !model.starts_with("File")
                    && everything
            }
            "delete" => base.ends_with(".objects.all") || base.ends_with(".objects"),
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
        // These are read again for each level of nesting.
        let mut what = what;
        if matches!(what.language, Language::Sed | Language::Tcl) && what.text.len() > NESTED_BYTES {
            self.cut = true;
            let end = (0..=NESTED_BYTES).rev().find(|&at| what.text.is_char_boundary(at)).unwrap_or(0);
            what.text = what.text.get(..end).unwrap_or_default();
        }
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
