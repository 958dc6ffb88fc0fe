//! Code that is handed over beside the arguments: in an option, a setting or a variable whose name says that its value is
//! run.
//!
//! Whole families of programs are told in one way what to run: `--on-error 'CODE'`, `-o X::Pre-Invoke=CODE`,
//! `-XX:OnError=CODE`, `ExecStartPre=CODE`, `FOO_COMMAND=CODE`. The name is heard, whatever the program is called,
//! and the value is judged as what it would run. Programs whose words are only shown, searched or kept are left out.

use super::machine::{Field, Flow, Machine, Value};
use super::{EffectKind, TargetClass, paths, value};
use crate::line::Span;
use crate::specs::{Args, Role, ValueKind};

/// Programs whose words are text that nobody runs. Sorted.
const SHOWN: &[&str] = &[
    "[",
    "ack",
    "ag",
    "awk",
    "cat",
    "curl",
    "docker",
    "echo",
    "egrep",
    "fgrep",
    "gh",
    "git",
    "glab",
    "grep",
    "hg",
    "http",
    "jq",
    "kubectl",
    "logger",
    "notify-send",
    "podman",
    "printf",
    "sed",
    "set",
    "test",
    "wget",
    "yq",
];

/// Words in the name of an option or setting by which its value is run. Sorted.
const RUNS: &[&str] = &[
    "askpass", "cmd", "command", "editor", "eval", "exec", "execute", "hook", "hooks", "invoke", "launcher",
    "opener", "pager", "postdown", "postup", "predown", "preup", "preview", "rsh", "viewer",
];

/// Names that are run only where they stand alone. Sorted.
const ALONE: &[&str] = &["down", "post", "pre", "run", "shell", "up"];

/// Endings of variables whose value some program runs. Sorted.
const VARIABLES: &[&str] = &[
    "_ASKPASS",
    "_BROWSER",
    "_CMD",
    "_COMMAND",
    "_EDITOR",
    "_EXEC",
    "_EXTERNAL_DIFF",
    "_HOOK",
    "_LAUNCHER",
    "_LINKER",
    "_OPENER",
    "_PAGER",
    "_RSH",
    "_RUNNER",
    "_SHELL",
    "_SSH",
    "_WRAPPER",
    "_script_shell",
];

/// Variables and settings of builders that name the tools they start. Sorted.
const TOOLS: &[&str] = &[
    "AR", "AS", "AWK", "CC", "CPP", "CXX", "FC", "INSTALL", "LD", "LINKER", "MAKE", "NM", "OBJCOPY",
    "PYTHON", "RANLIB", "RM", "SED", "SHELL", "STRIP",
];

/// Programs that take a word that begins with a bar, or `%pipe%`, for a command to talk to. Sorted.
const PIPED: &[&str] = &["gs", "ghostscript", "ltrace", "magick", "mutt", "neomutt", "strace"];

/// Shells of which we have no grammar: what they run is read as a plain shell's.
const SHELLS: &[&str] = &[
    "bsh", "csh", "elvish", "es", "ion", "murex", "osh", "posh", "rc", "sash", "tcsh", "xonsh", "yash", "ysh",
];

/// Targets by which a builder deletes. Sorted.
const CLEANING: &[&str] =
    &["clean", "clobber", "distclean", "maintainer-clean", "mrproper", "purge", "uninstall"];

impl Machine<'_> {
    /// Judges what the words of a program hand over; `args` where a spec has read them.
    pub(super) fn handed(&mut self, name: &str, argv: &[Field], args: Option<&Args<'_>>, flow: Flow<'_>) {
        if self.depth + 3 >= super::machine::DEPTH {
            return;
        }
        self.foreign_shell(name, argv, flow);
        self.orders_to_client(name, argv, flow);
        self.reads_commands(name, argv, flow);
        self.own_jobs(name, argv, flow);
        self.carried(name, argv, flow);
        self.edits_with(name, argv, flow);
        if matches!(name, "less" | "lessfile" | "zless") {
            self.prepares_files(argv);
        }
        self.bus_call(name, argv);
        self.leaves_network(name, argv);
        self.run_elsewhere(name, argv, flow);
        self.small_languages(name, argv, flow);
        self.types_elsewhere(name, argv, flow);
        self.clipboard(name, argv, flow.input);
        self.loaded(name, argv);
        if super::given::is_starter(name) {
            self.given(name, argv, flow);
        }
        if name == "socat" {
            self.joined_addresses(argv);
        }
        if !matches!(name, "echo" | "printf" | "test" | "[") {
            self.unlisted_outputs(name, argv, args);
        }
        if SHOWN.contains(&name) {
            return;
        }
        let end = args.map_or(argv.len(), |args| wrapped_from(args, argv.len()));
        let words = argv.get(..end).unwrap_or(argv);
        for at in 1..words.len().min(65) {
            let Some(field) = words.get(at) else { break };
            let text = field.text.as_str();
            let given = words.get(at - 1).map_or("", |field| field.text.as_str());
            let short = matches!(
                (name, given),
                ("scp" | "sftp", "-S")
                    | ("ssh-keygen", "-D")
                    | ("ssh-add", "-s")
                    | ("ssh", "-I")
                    | ("tcpdump", "-z")
                    | ("gcc" | "cc" | "clang", "-B")
                    | ("cpack", "--config")
                    | ("gradle" | "gradlew", "-I" | "--init-script")
            );
            if short && text.contains('/') && self.is_anybodys(text) {
                let span = self.at(field.span);
                let target = self.target(TargetClass::Unknown, given, span);
                self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
            }
            if given == "-wrapper" && matches!(name, "gcc" | "g++" | "cc" | "c++" | "clang") {
                let words: Vec<Field> =
                    text.split(',').map(|text| Field { text: text.to_owned(), span: field.span }).collect();
                self.run(&words, field.span, Flow::default());
            }
            if given == "-e" && matches!(name, "mutt" | "neomutt") {
                self.mutt_setting(text, field.span);
            }
            let judged = args.is_some_and(|args| is_judged(args, at - 1));
            if judged {
                continue;
            }
            if PIPED.contains(&name) {
                self.piped_word(text, field.span);
            }
            let before = words.get(at - 1).map_or("", |field| field.text.as_str());
            let next = words.get(at + 1).map(|field| field.text.as_str());
            let Some((mut key, mut code)) = setting(text, before, next) else { continue };
            if matches!(key, "user-data" | "custom-data" | "startup-script")
                || code.starts_with("startup-script=")
            {
                // Every machine that is made runs it once, as root.
                let code = code.strip_prefix("startup-script=").unwrap_or(code).to_owned();
                let state = std::mem::take(&mut self.state);
                self.state.cwd = value::HOME.to_string();
                self.code(&code, self.at(field.span), Flow::default());
                self.state = state;
                continue;
            }
            if matches!(
                key,
                "property" | "option" | "options" | "opt" | "set" | "setopt" | "config" | "override"
            ) && let Some((inner, rest)) = code.split_once('=')
                && !inner.contains(' ')
            {
                (key, code) = (inner, rest);
            }
            if !self.spend(1) {
                return;
            }
            if !(is_run(key) || is_builder(name) && TOOLS.contains(&key)) {
                continue;
            }
            let (key, code, span) = (key.to_owned(), code.to_owned(), self.at(field.span));
            self.handed_code(&key, &code, span);
        }
        if is_builder(name) {
            self.cleans_elsewhere(words);
        }
    }

    /// `set editor="CODE"` and the like: what it opens, shows and sends messages with.
    fn mutt_setting(&mut self, text: &str, span: Span) {
        let Some((name, code)) = text.trim_start().strip_prefix("set ").and_then(|set| set.split_once('='))
        else {
            return;
        };
        let name = name.trim();
        let runs = matches!(name, "editor" | "ispell" | "print_command" | "sendmail" | "shell" | "visual");
        if runs || name.ends_with("_command") {
            let code = code.trim().trim_matches(['"', '\'']).to_owned();
            self.handed_code(name, &code, self.at(span));
        }
    }

    /// A value that a program runs: code where it is more than a name, a program where it is a path.
    pub(super) fn handed_code(&mut self, key: &str, code: &str, span: Span) {
        let code = code.trim();
        if code.starts_with(value::is_hole) || !self.spend(4) {
            return;
        }
        if code.contains([' ', '\t', '\n', ';', '|', '$', '`']) {
            // `['rm', '-rf', '/']` of configuration files.
            let list = code.strip_prefix('[').and_then(|code| code.strip_suffix(']'));
            let code = match list {
                Some(list) => list.replace([',', '"', '\''], " "),
                None => code.trim_start_matches(['!', '|']).to_owned(),
            };
            let unresolved = self.unresolved;
            self.code(&code, span, Flow::default());
            // The settings of a program may be no shell code at all.
            self.unresolved = unresolved;
        } else if self.own_file(code).is_some() {
            let path = if code.contains('/') { code.to_owned() } else { format!("./{code}") };
            self.run(&[Field { text: path, span }], span, Flow::default());
        } else if code.contains('/') && self.is_anybodys(code) {
            let target = self.target(TargetClass::Unknown, key, span);
            self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
        } else if key == "SHELL" && !code.is_empty() {
            let base = code.rsplit('/').next().unwrap_or(code);
            let known = base.ends_with("sh") || matches!(base, "cmd.exe" | "cmd" | "nu" | "busybox");
            if !known {
                let target = self.target(TargetClass::Unknown, code, span);
                self.emit_with(EffectKind::RunCode, target, false, "sh", span, "callback");
            }
        }
    }

    /// True for a program where anybody may put one, or where nobody looks; the line's own are known by their text.
    pub(super) fn is_anybodys(&self, path: &str) -> bool {
        let place = paths::locate_path(path, &self.state.cwd, self.ctx);
        let own = self.files.iter().any(|(known, _)| *known == place);
        let shown = format!("{}/", self.unknowns.show(&place).trim_end_matches('/'));
        let tools =
            ["node_modules/.bin/", "/.venv/", "/.nix-profile/", "/.local/share/", "/.config/", "/.dotfiles/"];
        !own && self.is_hidden(&shown) && !tools.iter().any(|tool| shown.contains(tool))
    }

    /// A variable whose name says that some program runs its value.
    pub(super) fn handed_variable(&mut self, name: &str, span: Span) {
        let own = match self.get(name) {
            Some(Value::One(path)) if path.contains('/') || path.contains('.') => self.own_file(&path),
            _ => None,
        };
        if let Some(text) = own.filter(|_| tells_file(name)) {
            for code in super::told::commands(&text).into_iter().take(16) {
                self.typed(&code, span);
            }
        }
        let tool = TOOLS.contains(&name) && name != "PYTHON";
        if !tool && !VARIABLES.iter().any(|ending| name.ends_with(ending)) {
            return;
        }
        if let Some(Value::One(code)) = self.get(name) {
            self.handed_code(name, &code, span);
        }
    }

    /// Words that a variable puts before those that stand in the line: `TAR_OPTIONS`, `TF_CLI_ARGS_apply`.
    pub(super) fn with_options(&mut self, name: &str, argv: &[Field]) -> Option<Vec<Field>> {
        let sub = argv.get(1).map_or("", |field| field.text.as_str());
        let (variables, at): (Vec<String>, usize) = match name {
            "tar" => (vec!["TAR_OPTIONS".to_owned()], 1),
            "make" | "gmake" => (vec!["MAKEFLAGS".to_owned(), "GNUMAKEFLAGS".to_owned()], 1),
            "fzf" | "sk" => (vec!["FZF_DEFAULT_OPTS".to_owned(), "SKIM_DEFAULT_OPTIONS".to_owned()], 1),
            "terraform" | "tofu" => (vec!["TF_CLI_ARGS".to_owned(), format!("TF_CLI_ARGS_{sub}")], 2),
            "less" => (vec!["LESS".to_owned()], 1),
            "zip" => (vec!["ZIPOPT".to_owned()], 1),
            "java" => {
                let names = ["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS"];
                (names.map(str::to_owned).to_vec(), 1)
            }
            "mvn" => (vec!["MAVEN_ARGS".to_owned(), "MAVEN_OPTS".to_owned()], 1),
            "bat" => (vec!["BAT_OPTS".to_owned()], 1),
            "go" => (vec!["GOFLAGS".to_owned()], 2),
            "rustc" | "cargo" => {
                (vec!["RUSTFLAGS".to_owned(), "CARGO_BUILD_RUSTFLAGS".to_owned()], argv.len())
            }
            "man" => (vec!["MANOPT".to_owned()], 1),
            "vim" | "vi" | "nvim" | "ex" | "view" => (vec!["VIMINIT".to_owned(), "EXINIT".to_owned()], 1),
            "lua" => (vec!["LUA_INIT".to_owned()], 1),
            "pip" | "pip3" => (vec!["PIP_INDEX_URL".to_owned(), "PIP_EXTRA_INDEX_URL".to_owned()], 2),
            "uv" => (vec!["UV_INDEX_URL".to_owned(), "UV_DEFAULT_INDEX".to_owned()], 3),
            "npm" | "yarn" | "pnpm" => {
                (vec!["npm_config_registry".to_owned(), "NPM_CONFIG_REGISTRY".to_owned()], 2)
            }
            "gcc" | "cc" => (vec!["CFLAGS".to_owned()], 1),
            _ => return None,
        };
        let mut more = Vec::new();
        for variable in variables {
            let Some(Value::One(text)) = self.state.variable(&variable).cloned() else { continue };
            let span = argv.first().map_or(Span::new(0, 0), |field| field.span);
            let words: Vec<String> = match name {
                "vim" | "vi" | "nvim" | "ex" | "view" => vec!["-c".to_owned(), text],
                "lua" => vec!["-e".to_owned(), text],
                "pip" | "pip3" | "uv" => vec!["--index-url".to_owned(), text],
                "npm" | "yarn" | "pnpm" => vec!["--registry".to_owned(), text],
                _ => options(&text),
            };
            more.extend(words.into_iter().take(32).map(|text| Field { text, span }));
        }
        if more.is_empty() {
            return None;
        }
        let mut out = argv.to_vec();
        let at = at.min(out.len());
        out.splice(at..at, more);
        Some(out)
    }

    /// `make clean DESTDIR=/`: what is cleaned lies where the variable says.
    fn cleans_elsewhere(&mut self, words: &[Field]) {
        if !words.iter().skip(1).any(|field| CLEANING.contains(&field.text.as_str())) {
            return;
        }
        for field in words.iter().skip(1).take(32) {
            let Some((key, path)) = field.text.split_once('=') else { continue };
            let folder = ["DIR", "ROOT", "PREFIX", "PATH", "OUT", "DEST", "prefix", "dir", "root", "dist"];
            if !folder.iter().any(|ending| key.ends_with(ending)) || path.is_empty() {
                continue;
            }
            let place = paths::locate(path, &self.state.cwd, self.ctx);
            let vital = matches!(
                place.class,
                TargetClass::Root | TargetClass::System | TargetClass::Home | TargetClass::OtherHome
            );
            if vital && !key.contains("PREFIX") && key != "prefix" {
                let span = self.at(field.span);
                self.touch(EffectKind::Delete, path, span, true, "make");
            }
        }
    }

    /// `-o '|CODE'`, `%pipe%CODE`, `source "CODE|"`, and what mutt puts in the place of backticks.
    fn piped_word(&mut self, text: &str, span: Span) {
        if let Some(code) = text.split('`').nth(1).filter(|_| text.matches('`').count() > 1) {
            let span = self.at(span);
            self.code(code, span, Flow::default());
        }
        let after = |mark: &str| text.split_once(mark).map(|(_, code)| code);
        let code = match (text.strip_prefix('|'), after("%pipe%")) {
            (Some(code), _) => Some(code.to_owned()),
            (_, Some(code)) => Some(code.split(')').next().unwrap_or(code).to_owned()),
            _ if text.contains("=|") => after("=|").map(str::to_owned),
            _ => text.split('"').nth(1).and_then(|code| code.strip_suffix('|')).map(str::to_owned),
        };
        if let Some(code) = code {
            let span = self.at(span);
            self.code(&code, span, Flow::default());
        }
    }

    /// Shells that we know by name only.
    fn foreign_shell(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        if !SHELLS.contains(&name) {
            return;
        }
        let span = self.at(argv.first().map_or(Span::new(0, 0), |field| field.span));
        let flag = argv.iter().skip(1).position(|field| {
            let text = field.text.as_str();
            text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
        });
        if let Some(field) = flag.and_then(|at| argv.get(at + 2)) {
            let code = field.text.clone();
            let span = self.at(field.span);
            self.code(&code, span, flow);
            return;
        }
        if let Some(field) = argv.iter().skip(1).find(|field| !field.text.starts_with('-')) {
            let path = field.text.clone();
            if let Some(code) = self.own_file(&path) {
                self.code(&code, span, Flow::default());
            }
            return;
        }
        if let Some(socket) = self.socket {
            let target = self.target(TargetClass::Host, "the network", socket);
            self.emit(EffectKind::RemoteShell, target, false, "sh", socket);
        }
        if let Some(input) = flow.input {
            let input = input.to_owned();
            self.code(&input, span, Flow::default());
        }
    }

    /// Clients that run a line which begins with `!` on this machine, and a few with orders of their own.
    fn orders_to_client(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        let mark = match name {
            "ftp" | "lftp" | "tnftp" | "ncftp" | "sftp" | "telnet" | "smbclient" | "units" => "!",
            "mail" | "mailx" | "s-nail" | "Mail" => "~!",
            _ => return,
        };
        let mut texts: Vec<(String, Span)> = Vec::new();
        for (at, field) in argv.iter().enumerate().skip(1).take(32) {
            let told = matches!(argv.get(at - 1).map(|field| field.text.as_str()), Some("-c" | "-e"));
            if told {
                texts.push((field.text.clone(), field.span));
            } else if field.text.starts_with('/')
                || matches!(argv.get(at - 1).map(|f| f.text.as_str()), Some("-b" | "-f" | "-s"))
            {
                let path = field.text.clone();
                texts.extend(self.own_file(&path).map(|text| (text, field.span)));
            }
        }
        let first = argv.first().map_or(Span::new(0, 0), |field| field.span);
        texts.extend(flow.input.map(|text| (text.to_owned(), first)));
        for (text, span) in texts {
            let span = self.at(span);
            for order in text.split(['\n', ';']).map(str::trim).take(64) {
                if let Some(code) =
                    order.strip_prefix(mark).or_else(|| order.strip_prefix("~| ").filter(|_| mark == "~!"))
                {
                    self.code(code, span, Flow::default());
                    continue;
                }
                let words: Vec<&str> = order.split_whitespace().collect();
                // `set sftp:connect-program CODE`
                if let ["set", key, ..] = words[..]
                    && key.ends_with("-program")
                {
                    let code =
                        order.split_once(key).map_or("", |(_, code)| code).trim().trim_matches(['"', '\'']);
                    self.typed(code, span);
                    continue;
                }
                let removes = match words.as_slice() {
                    ["mirror", rest @ ..] => {
                        rest.contains(&"--delete") || rest.contains(&"-e") && rest.contains(&"-R")
                    }
                    ["rm", rest @ ..] if name == "lftp" => rest.iter().any(|word| word.starts_with("-r")),
                    ["mrm" | "mdelete" | "mdel" | "deltree", ..] => true,
                    _ => false,
                };
                if removes {
                    let shown = self.unknowns.show(order);
                    let target = self.target(TargetClass::Named, &shown, span);
                    self.emit(EffectKind::DropData, target, true, name, span);
                }
            }
        }
    }

    /// The text of a file that the line wrote, or of whatever lies in a folder that came from elsewhere.
    pub(super) fn script_text(&self, path: &str) -> Option<String> {
        if self.files.is_empty() {
            return None;
        }
        let mut path = paths::locate_path(path, &self.state.cwd, self.ctx);
        if let Some(mounts) = &self.mounts {
            path = super::containers::outside(mounts, &path)?;
        }
        let relative = !path.starts_with(['/', '.'])
            && !path.starts_with(value::is_hole)
            && !path.starts_with(value::HOME);
        let is_here = |known: &str| match known {
            "./" => relative,
            _ => known == path || known.ends_with('/') && path.starts_with(known),
        };
        self.files.iter().rev().find(|(known, _)| is_here(known)).map(|(_, text)| text.clone())
    }

    /// The text of a file that the line itself wrote.
    pub(super) fn own_file(&self, path: &str) -> Option<String> {
        let fd = path.strip_prefix("/dev/fd/").and_then(|fd| fd.parse::<u32>().ok());
        if let Some(fd) = fd
            && let Some((_, text)) = self.descriptors.iter().rev().find(|(known, _)| *known == fd)
        {
            return Some(text.clone());
        }
        if self.files.is_empty() {
            return None;
        }
        let place = paths::locate_path(path, &self.state.cwd, self.ctx);
        self.files.iter().rev().find(|(known, _)| *known == place).map(|(_, text)| text.clone())
    }
}

/// True for a variable whose name says that it leads to a file of settings: `KUBECONFIG`, `AWS_CONFIG_FILE`.
fn tells_file(name: &str) -> bool {
    ["CONFIG", "CONF", "RC", "FILE", "PROFILE", "SETTINGS", "INIT", "STARTUP"]
        .iter()
        .any(|part| name.ends_with(part))
}

/// Where the command begins that a wrapper runs.
fn wrapped_from(args: &Args<'_>, all: usize) -> usize {
    let command = args.items.iter().find(
        |item| matches!(item.role, Role::Operand(Some(operand)) if matches!(operand.kind, ValueKind::Command | ValueKind::Code)),
    );
    command.map_or(all, |item| item.word + 1)
}

/// True where the spec says what the word is, and that has been walked.
fn is_judged(args: &Args<'_>, word: usize) -> bool {
    let code = |kind: ValueKind| {
        matches!(
            kind,
            ValueKind::Code
                | ValueKind::Command
                | ValueKind::Sql
                | ValueKind::Script(_)
                | ValueKind::Assignment
        )
    };
    args.items.iter().any(|item| {
        item.word == word
            && match item.role {
                Role::Operand(Some(operand)) => code(operand.kind),
                Role::Value(flag) => flag.value.is_some_and(|value| code(value.kind)),
                _ => false,
            }
    }) || args.items.iter().any(|item| {
        // The option itself, where its value is such.
        item.word == word
            && matches!(item.role, Role::Flag(flag) if flag.value.is_some_and(|value| code(value.kind)))
    })
}

/// The name and value of a setting: `--name=value`, `--name value`, `-o name=value`, `NAME=value`.
fn setting<'t>(text: &'t str, before: &str, next: Option<&'t str>) -> Option<(&'t str, &'t str)> {
    let name_of = |text: &'t str| text.trim_start_matches('-').trim_end_matches([':', '+', '?']);
    if text.starts_with("--") || text.starts_with('-') && text.len() > 3 {
        if let Some((key, code)) = text.split_once('=') {
            return (key.len() < 96 && !key.contains(' ')).then(|| (name_of(key), code));
        }
        let code = next.filter(|code| !code.starts_with('-'))?;
        return (text.len() < 64 && !text.contains(' ')).then(|| (name_of(text), code));
    }
    let (key, code) = text.split_once('=')?;
    let flagged = matches!(
        before,
        "-o" | "-p"
            | "-c"
            | "-D"
            | "-X"
            | "-O"
            | "-S"
            | "--set"
            | "--option"
            | "--options"
            | "--property"
            | "--config"
            | "--setopt"
            | "--opt"
    );
    let assigned =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'.'));
    let plain = key.len() < 96 && !key.contains([' ', '/', '\'', '"', '(', '{']);
    ((flagged || assigned) && plain).then(|| (name_of(key), code))
}

/// True for a name that says that its value is run.
fn is_run(name: &str) -> bool {
    let tokens = tokens(name);
    if tokens
        .iter()
        .any(|token| matches!(token.as_str(), "dry" | "no" | "list" | "show" | "print" | "without"))
    {
        return false;
    }
    match &tokens[..] {
        [only] => {
            ALONE.contains(&only.as_str()) || RUNS.contains(&only.as_str()) || only.starts_with("execst")
        }
        [first, ..] => {
            // `OnError`, `on-download-complete`, but not `on-calendar` and its like, which are times.
            let on = tokens.windows(2).any(|pair| {
                pair[0] == "on"
                    && !matches!(
                        pair[1].as_str(),
                        "calendar" | "active" | "boot" | "startup" | "unit" | "clock" | "timezone"
                    )
            });
            on || matches!(first.as_str(), "pre" | "post")
                || tokens.len() == 2 && first == "run" && tokens[1] == "under"
                || tokens
                    .iter()
                    .any(|token| RUNS.contains(&token.as_str()) || matches!(token.as_str(), "pre" | "post"))
                || tokens.last().is_some_and(|last| last == "shell" || last == "wrapper")
        }
        [] => false,
    }
}

/// The words of a name, in lower case: `OnOutOfMemoryError`, `on-error` and `X::Pre-Invoke` alike.
fn tokens(name: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    let mut lower = false;
    for letter in name.chars().take(96) {
        if !letter.is_ascii_alphanumeric() {
            out.push(String::new());
            lower = false;
            continue;
        }
        if letter.is_ascii_uppercase() && lower {
            out.push(String::new());
        }
        lower = letter.is_ascii_lowercase();
        if let Some(last) = out.last_mut() {
            last.push(letter.to_ascii_lowercase());
        }
    }
    out.retain(|token| !token.is_empty());
    out
}

fn is_builder(name: &str) -> bool {
    matches!(
        name,
        "make" | "gmake" | "bmake" | "nmake" | "mk" | "configure" | "cmake" | "scons" | "ninja" | "remake"
    )
}

/// The words of a variable with options; code in an option's value may hold blanks that nobody has quoted.
fn options(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && out.len() < 32 {
        let whole = ["--eval=", "--to-command=", "--checkpoint-action=", "--use-compress-program="];
        let quoted = rest.contains(['"', '\'']);
        if whole.iter().any(|flag| rest.starts_with(flag)) && !rest.contains(" --") && !quoted {
            out.push(rest.to_owned());
            break;
        }
        if let Some(bound) = rest.strip_prefix("--bind").or_else(|| rest.strip_prefix("--preview")) {
            let flag = rest.get(..rest.len() - bound.len()).unwrap_or_default();
            out.push(flag.to_owned());
            out.push(bound.trim_start_matches(['=', ' ']).trim_matches(['\'', '"']).to_owned());
            break;
        }
        let mut word = String::new();
        let mut quote = None;
        let mut end = rest.len();
        for (at, letter) in rest.char_indices() {
            match (quote, letter) {
                (None, '\'' | '"') => quote = Some(letter),
                (Some(open), _) if open == letter => quote = None,
                (None, _) if letter.is_whitespace() => {
                    end = at;
                    break;
                }
                _ => word.push(letter),
            }
        }
        out.push(word);
        rest = rest.get(end..).unwrap_or_default().trim_start();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn tables_are_sorted() {
        for table in [SHOWN, RUNS, ALONE, VARIABLES, TOOLS, SHELLS, CLEANING] {
            assert!(table.is_sorted(), "{table:?}");
        }
    }

    #[test]
    fn names_that_say_that_their_value_is_run() {
        for name in [
            "exec",
            "on-download-complete",
            "OnError",
            "XX:OnOutOfMemoryError",
            "DPkg::Pre-Invoke::",
            "ExecStartPre",
        ] {
            assert!(is_run(name), "{name}");
        }
        for name in ["message", "dry-run", "on-calendar", "output", "up-to-date", "recommend", "executable"] {
            assert!(!is_run(name), "{name}");
        }
    }

    #[test]
    fn what_is_handed_over_is_judged() {
        check_all(
            &context(),
            &[
                (Critical, "frob --exec 'rm -rf /'"),
                (Critical, "apt-get -o APT::Update::Pre-Invoke::='rm -rf /home' update"),
                (Critical, "java -XX:OnError='rm -rf /home' -jar a.jar"),
                (Critical, "systemd-run -p ExecStopPost='rm -rf /home' true"),
                (Critical, "openvpn --script-security 2 --up 'rm -rf /home' --config a.ovpn"),
                (Critical, "FOO_EDITOR='rm -rf /home' foo"),
                (Critical, "make SHELL='rm -rf /home'"),
                (Critical, "CC='rm -rf /home' make"),
                (Critical, "TAR_OPTIONS='--to-command=rm -rf /home' tar xf a.tar"),
                (Critical, "MAKEFLAGS='--eval=x:=$(shell rm -rf /home)' make"),
                (Critical, "strace -o '|rm -rf /home' ls"),
                (Critical, "tcsh -c 'rm -rf /home'"),
                (Critical, "echo '!rm -rf /home' | ftp"),
                (Critical, "echo '~!rm -rf /home' | mail -s x me"),
                (High, "TF_CLI_ARGS_destroy=-auto-approve terraform destroy"),
                (High, "TF_CLI_ARGS_apply='-destroy -auto-approve' terraform apply"),
                (High, "rustup-init --editor /tmp/.x"),
                (Critical, "make clean BUILDDIR=/"),
                (Moderate, "lftp -c 'get x' ; rm notes.txt"),
                (Safe, "frob --exec 'ls -l'"),
                (Safe, "frob --title 'exec: rm -rf /'"),
                (Safe, "frob --message='rm -rf /'"),
                (Safe, "git commit -m 'cmd=rm -rf /'"),
                (Safe, "EDITOR='code --wait' git commit"),
                (Safe, "EDITOR=~/.local/bin/nvim crontab -l"),
                (Safe, "make CC='ccache gcc' CFLAGS=-O2"),
                (Safe, "make SHELL=/bin/bash all"),
                (Safe, "make clean BUILDDIR=build"),
                (Safe, "systemd-run --on-calendar hourly --user true"),
                (Safe, "java -Xmx4g -XX:+UseG1GC -jar a.jar"),
                (Safe, "LESS='-R -F' less a.txt"),
                (Safe, "FZF_DEFAULT_OPTS='--height 40% --reverse' fzf"),
                (Safe, "MAKEFLAGS=-j8 make"),
                (Safe, "TF_CLI_ARGS_plan=-no-color terraform plan"),
            ],
        );
    }
}
