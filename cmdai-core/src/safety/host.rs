//! Programs of files, processes and networks whose words say more than data can: how much of a file is
//! left, which processes are meant, what is asked of the machine's own cloud address.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::payload::RESTORES;
use super::value::{Origin, STAR};
use super::{EffectKind, TargetClass, known, publishers, scaffolds};
use crate::line::Span;
use crate::specs::Role;

/// True for `grep -rl TEXT .`: every file here that has it, what git keeps in `.git` too.
fn lists_all_here(call: &Call<'_>) -> bool {
    let narrows = ["--include", "--exclude", "--exclude-dir", "--include-dir", "--exclude-from"];
    call.args.has_any(&["-r", "-R"])
        && call.args.has_any(&["-l", "-L"])
        && !call.args.has_any(&narrows)
        && call.args.operands().skip(1).all(|item| matches!(item.text, "." | "./"))
}

/// Devices that never come to an end.
const ENDLESS: &[&str] = &["/dev/random", "/dev/urandom", "/dev/zero"];

/// How a line without an end is shown.
const ONE_LINE: &str = "a line without end";

impl Machine<'_> {
    /// What such a program does. `Some` is its output.
    pub(super) fn host(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<String> {
        if matches!(call.program, "sed" | "perl" | "ruby") && call.args.has("-i") {
            self.edited_to_nothing(call);
        }
        match call.program {
            "truncate" => self.truncated(call),
            "fallocate" => {
                let empties = call.argv.iter().any(|field| {
                    matches!(
                        field.text.as_str(),
                        "-p" | "--punch-hole" | "-z" | "--zero-range" | "-c" | "--collapse-range"
                    )
                });
                let items: Vec<_> = call.args.operands().filter(|_| empties).collect();
                for item in items {
                    let span = self.span_of(call, item.word);
                    self.touch_as(EffectKind::Overwrite, item.text, span, false, call.program, "empties");
                }
            }
            "cp" => {
                self.emptied(call);
                self.put_back(call);
            }
            "dd" => {
                self.filled(call);
                self.zeroed(call, flow);
            }
            "aws" | "gcloud" | "gsutil" | "mc" => self.expiry(call, flow),
            "kubectl" | "oc" => self.rewritten_objects(call, flow),
            "masscan" => self.searches_near(call),
            "rename" => self.collapsed(call),
            "jq" | "yq" | "gojq" | "jaq" if flow.want => return self.picked_out(call, flow),
            "ps" | "pgrep" | "pidof" if flow.want => return self.processes(call),
            "pkill" | "killall" | "skill" => self.all_of_a_user(call),
            "fuser" => self.users_of(call),
            "journalctl" => self.vacuum(call),
            "crontab" => {
                self.empty_table(call, flow);
                if let Some(input) = flow.input
                    && (call.argv.len() == 1 || call.args.operands().any(|item| item.text == "-"))
                {
                    let input = input.to_owned();
                    let place = super::paths::locate("/var/spool/cron/crontabs/x", "", self.ctx);
                    self.lasting(&place, &input, self.at(call.span));
                }
            }
            "chpasswd" => {
                let root = flow.input.is_some_and(|input| input.lines().any(|l| l.starts_with("root:")));
                let target = self.target(TargetClass::Named, if root { "root" } else { "a user" }, call.span);
                let detail = if root { "root" } else { "password" };
                self.emit_with(EffectKind::Configure, target, root, "chpasswd", self.at(call.span), detail);
            }
            "printenv" | "env" if flow.want && call.args.operands().next().is_none() => {
                return Some(self.unknowns.hole("the environment", Origin::Secret).to_string());
            }
            "history" if flow.want => {
                return Some(self.unknowns.hole("the history", Origin::Secret).to_string());
            }
            "tr" if call.args.has("-d") && flow.input.is_some_and(|input| self.is_endless(input)) => {
                let breaks = call.args.operands().any(|item| item.text.contains("\\n"));
                return breaks.then(|| self.unknowns.hole(ONE_LINE, Origin::Endless).to_string());
            }
            "sort" | "tail" | "tac" | "shuf" | "grep" | "sed" | "awk"
                if flow.input.is_some_and(|input| self.gathers(call.program, input))
                    || call.args.operands().any(|item| item.text == "/dev/zero") =>
            {
                let target = self.target(TargetClass::Named, "memory", self.at(call.span));
                self.emit_with(
                    EffectKind::Exhaust,
                    target,
                    false,
                    call.program,
                    self.at(call.span),
                    "memory",
                );
            }
            "useradd" if call.args.operands().count() == 2 => {
                // `adduser anna sudo` of Debian adds a user to a group.
                if let Some(item) = call.args.operands().last()
                    && matches!(
                        item.text,
                        "sudo" | "wheel" | "admin" | "root" | "docker" | "lxd" | "shadow" | "disk"
                    )
                {
                    let span = self.span_of(call, item.word);
                    let target = self.target(TargetClass::Named, item.text, span);
                    self.emit_with(EffectKind::Configure, target, false, "useradd", span, "root");
                }
            }
            "nc" | "socat" | "telnet" | "bconsole" => self.orders(call, flow),
            "head" if flow.input.is_some_and(|input| self.is_endless(input)) => {
                let much = call.args.values("-c").find(|item| is_much(item.text));
                if let Some(item) = much {
                    let span = self.span_of(call, item.word);
                    let target = self.target(TargetClass::Named, &format!("{} bytes", item.text), span);
                    self.emit_with(EffectKind::Exhaust, target, false, "head", span, "much");
                }
            }
            "cut" if call.args.values("-f").any(|item| item.text == "1") => self.names_only(),
            "grep"
                if asks_for_secrets(call)
                    && flow.input.is_some_and(|input| self.unknowns.comes_from(input, Origin::Secret)) =>
            {
                let span = self.at(call.span);
                let target = self.target(TargetClass::Secret, "passwords in it", span);
                self.emit_with(EffectKind::ReadSecret, target, false, "grep", span, "shown");
            }
            "dpkg" | "rpm" | "installer" | "apt" | "dnf" | "zypper" | "pacman" | "apk" => {
                self.fetched_package(call);
            }
            "grep" if lists_all_here(call) => {
                let span = self.at(call.span);
                self.touch_as(EffectKind::Read, ".", span, true, "grep", super::search::WHOLE);
            }
            "grep" if call.args.has_any(&["-r", "-R"]) && asks_for_secrets(call) => {
                for item in call.args.operands().skip(1) {
                    let class = super::paths::locate(item.text, &self.state.cwd, self.ctx).class;
                    if matches!(class, TargetClass::Home | TargetClass::Root | TargetClass::OtherHome) {
                        let span = self.span_of(call, item.word);
                        let target = self.target(TargetClass::Secret, "passwords in all files", span);
                        self.emit_with(EffectKind::ReadSecret, target, true, "grep", span, "shown");
                    }
                }
            }
            "grep" if call.args.has_any(&["-c", "-q", "-l", "-L"]) => self.names_only(),
            "awk" if call.args.operands().next().is_some_and(|item| item.text.trim() == "{print $1}") => {
                self.names_only();
            }
            "touch" | "mkdir" | "tee" => {
                let option = call.args.operands().find(|item| {
                    item.text.starts_with("--") && item.text.contains('=')
                        || matches!(item.text, "-rf" | "-e" | "-i" | "-exec")
                });
                if let Some(item) = option {
                    // The next program that is given all files takes it for an option.
                    let span = self.span_of(call, item.word);
                    let target = self.target(TargetClass::Unknown, item.text, span);
                    self.emit(EffectKind::RunCode, target, false, call.program, span);
                }
            }
            "zip" => self.packed(call),
            "install" => self.installed_with_rights(call),
            "npx" => self.package_by_address(call),
            "e2label" if call.args.operands().count() > 1 => {
                let span = self.at(call.span);
                let target = self.target(TargetClass::Named, "the label of a file system", span);
                self.emit(EffectKind::Configure, target, false, call.program, span);
            }
            "getent" if flow.want => {
                let mut words = call.argv.iter().skip(1).map(|field| field.text.as_str());
                match (words.next(), words.next()) {
                    (Some("passwd"), Some(user)) => {
                        let home = if matches!(user, "0" | "root") { "/root" } else { "/home/user" };
                        return Some(format!("{user}:x:0:0::{home}:/bin/sh\n"));
                    }
                    (Some("passwd"), None) => return Some(self.accounts()),
                    _ => {}
                }
            }
            "fd" => self.found_by_fd(call),
            "scp" | "rsync" | "sftp" => {
                if let [from, to] = call.args.operands().map(|item| item.text).collect::<Vec<_>>()[..] {
                    self.copies_program(from, to);
                }
                self.remote_system(call);
            }
            "curl" | "wget" | "http" => {
                self.foreign_token(call);
                self.uploads(call, flow);
            }
            "sed" => self.sed_into_startup(call),
            _ => {}
        }
        None
    }

    /// True for a program that keeps all of such input: a line that never ends, or lines to be put in order.
    fn gathers(&self, program: &str, input: &str) -> bool {
        let by_line = matches!(program, "grep" | "sed" | "awk");
        self.is_endless(input)
            && (!by_line || [ONE_LINE, "/dev/zero"].contains(&self.unknowns.show(input).trim()))
    }

    /// True for text that never ends.
    pub(super) fn is_endless(&self, text: &str) -> bool {
        self.unknowns.comes_from(text, Origin::Endless)
    }

    fn span_of(&self, call: &Call<'_>, word: usize) -> Span {
        self.at(call.argv.get(word + 1).map_or(call.span, |field| field.span))
    }

    fn truncated(&mut self, call: &Call<'_>) {
        let nothing = |text: &str| text.trim_end_matches(char::is_alphabetic).parse() == Ok(0_u64);
        if !call.args.values("-s").any(|item| nothing(item.text)) {
            return;
        }
        for item in call.args.operands() {
            let span = self.span_of(call, item.word);
            self.touch_as(EffectKind::Overwrite, item.text, span, false, call.program, "empties");
        }
    }

    /// `cp /dev/null FILE` leaves nothing of the file.
    fn emptied(&mut self, call: &Call<'_>) {
        let operands: Vec<_> = call.args.operands().collect();
        if let [from, to] = operands[..]
            && from.text == "/dev/null"
        {
            let span = self.span_of(call, to.word);
            self.touch_as(EffectKind::Overwrite, to.text, span, false, call.program, "empties");
        }
    }

    /// `cp -f x.bak x`: by force, over what has become of the file since.
    fn put_back(&mut self, call: &Call<'_>) {
        let operands: Vec<_> = call.args.operands().collect();
        if let [from, to] = operands[..]
            && call.args.has("-f")
            && !call.args.has_any(&["-n", "-u", "-b"])
            && from
                .text
                .strip_prefix(to.text)
                .is_some_and(|ending| matches!(ending, ".bak" | ".backup" | ".old" | ".orig" | ".save" | "~"))
        {
            let span = self.span_of(call, to.word);
            self.touch_as(EffectKind::Overwrite, to.text, span, false, call.program, RESTORES);
        }
    }

    /// `sed -i d FILE`, `perl -ni -e 's/a/b/' FILE`: no line is printed into it again. A copy that is kept has all of it.
    fn edited_to_nothing(&mut self, call: &Call<'_>) {
        let kept = call.args.values("-i").any(|item| !item.text.is_empty());
        let quiet = call.args.has("-n") && !call.args.has("-p");
        let given: Vec<&str> = call.args.values("-e").map(|item| item.text).collect();
        let mut files: Vec<_> = call.args.operands().take(16).collect();
        // With the suffix as a word of its own, as BSD has it.
        if files.first().is_some_and(|item| item.text.is_empty()) {
            files.remove(0);
        }
        if kept || files.is_empty() || call.args.has("-f") {
            return;
        }
        let script = if given.is_empty() { files.remove(0).text.to_owned() } else { given.join("\n") };
        let nothing = match call.program {
            "sed" => super::payload::sed_prints_nothing(&script, quiet),
            _ => quiet && !given.is_empty() && prints_nothing(&script),
        };
        for item in files.into_iter().filter(|_| nothing) {
            let span = self.span_of(call, item.word);
            self.touch_as(EffectKind::Overwrite, item.text, span, false, call.program, "empties");
        }
    }

    /// `dd` without a count from a source that never ends fills what it writes to.
    fn filled(&mut self, call: &Call<'_>) {
        let endless = call.args.values("if").any(|item| ENDLESS.contains(&item.text));
        let bounded = call.args.values("count").next().is_some();
        if !endless || bounded {
            return;
        }
        for item in call.args.values("of") {
            let span = self.span_of(call, item.word);
            self.touch_as(EffectKind::Overwrite, item.text, span, false, call.program, "fills");
        }
    }

    /// `rename 's/.*/x/'` gives all files one name: with force each replaces the one before.
    fn collapsed(&mut self, call: &Call<'_>) {
        let operands: Vec<_> = call.args.operands().collect();
        let (Some(first), true) = (operands.first(), call.args.has("-f")) else { return };
        let mut parts = first.text.split('/').skip(1);
        let all = matches!(parts.next(), Some(".*" | ".+" | "^.*$" | "^.*"));
        let one = parts.next().is_some_and(|text| !text.contains(['$', '\\', '&']));
        if all && one {
            for item in operands.iter().skip(1) {
                let span = self.span_of(call, item.word);
                self.touch_as(EffectKind::Overwrite, item.text, span, false, call.program, "empties");
            }
        }
    }

    /// Which processes a listing names: those of one program, where it says which.
    fn processes(&mut self, call: &Call<'_>) -> Option<String> {
        let name = match call.program {
            "ps" => call.args.values("-C").next().map(|item| item.text.to_owned()),
            _ => call.args.operands().next().map(|item| item.text.to_owned()),
        };
        let of_user = ["-u", "-U"].iter().find_map(|flag| call.args.values(flag).next());
        let everything = match (&name, call.program) {
            (Some(name), "pgrep") => matches!(name.as_str(), "." | ".*" | "") || call.args.has("-v"),
            (None, "pgrep" | "ps") => of_user.is_some(),
            _ => false,
        };
        if everything {
            let shown = format!("$({})", call.program);
            return Some(format!("{}\n", self.unknowns.hole(&shown, Origin::Processes)));
        }
        name.map(|name| format!("{}\n", self.unknowns.hole(&name, Origin::Program)))
    }

    /// `pkill -u anna` without a pattern: all that belongs to anna.
    fn all_of_a_user(&mut self, call: &Call<'_>) {
        if call.args.operands().next().is_some() {
            return;
        }
        for flag in ["-u", "-U"] {
            for item in call.args.values(flag) {
                let span = self.span_of(call, item.word);
                let target = self.target(TargetClass::Process, &self.unknowns.show(item.text), span);
                self.emit_with(EffectKind::Kill, target, true, call.program, span, &call.signal());
            }
        }
    }

    /// `fuser -k` ends whatever uses a port, a file or, with `-m`, a whole file system.
    fn users_of(&mut self, call: &Call<'_>) {
        if !call.args.has("-k") {
            return;
        }
        let whole = call.args.has_any(&["-m", "-M", "-c"]);
        for item in call.args.operands() {
            let span = self.span_of(call, item.word);
            let port = item.text.trim_end_matches("/tcp").trim_start_matches("tcp/");
            let remote = matches!(port, "22" | "ssh" | "3389" | "5900");
            let system = remote || whole && self.is_held_by_many(item.text);
            let name = format!("what uses {}", self.unknowns.show(item.text));
            let target = self.target(TargetClass::Process, &name, span);
            self.emit_with(EffectKind::Kill, target, system, call.program, span, &call.signal());
        }
    }

    /// True for a file system that programs of all kinds keep their data in: none that somebody has just plugged in.
    fn is_held_by_many(&self, path: &str) -> bool {
        let place = super::paths::locate(path, &self.state.cwd, self.ctx);
        let plugged = ["/media/", "/run/media/", "/mnt/usb", "/mnt/cdrom", "/mnt/iso", "/mnt/sd"];
        match place.class {
            TargetClass::Root
            | TargetClass::System
            | TargetClass::Home
            | TargetClass::OtherHome
            | TargetClass::HomeFile => true,
            TargetClass::OtherPath => !plugged.iter().any(|start| place.path.starts_with(start)),
            _ => false,
        }
    }

    /// Logs of less than an hour, or of less than a few megabytes, are none.
    fn vacuum(&mut self, call: &Call<'_>) {
        for (flag, is_little) in [
            ("--vacuum-time", is_little_time as fn(&str) -> bool),
            ("--vacuum-size", |text: &str| text.ends_with(['K', 'k']) || matches!(text, "0" | "1" | "1M")),
            ("--vacuum-files", |text: &str| matches!(text, "0" | "1")),
        ] {
            for item in call.args.values(flag) {
                let span = self.span_of(call, item.word);
                let target = self.target(TargetClass::Named, "the journal", span);
                if is_little(item.text) {
                    self.emit_with(EffectKind::HideTraces, target, true, "journalctl", span, "logs");
                } else {
                    self.emit_with(EffectKind::Configure, target, false, "journalctl", span, "start");
                }
            }
        }
    }

    /// A table of jobs that is read from nothing is empty afterwards.
    fn empty_table(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        // Without a word it reads what comes in.
        if call.argv.len() == 1 && flow.input.is_some_and(|input| input.trim().is_empty()) {
            let target = self.target(TargetClass::Named, "all scheduled jobs", call.span);
            self.emit(EffectKind::DropData, target, true, "crontab", self.at(call.span));
        }
        for item in call.args.operands() {
            let nothing = match item.text {
                "-" => flow.input.is_some_and(|input| input.trim().is_empty()),
                text => text == "/dev/null",
            };
            if nothing {
                let span = self.span_of(call, item.word);
                let target = self.target(TargetClass::Named, "all scheduled jobs", span);
                self.emit(EffectKind::DropData, target, true, "crontab", span);
            }
        }
    }

    /// A package file that the line itself fetched brings programs that nobody has looked at.
    fn fetched_package(&mut self, call: &Call<'_>) {
        if call.program == "rpm" && !call.args.has_any(&["-i", "-U"])
            || call.program == "dpkg" && !call.args.has("-i")
        {
            return;
        }
        for item in call.args.operands() {
            let place = super::paths::locate(item.text, &self.state.cwd, self.ctx);
            let known = self.files.iter().rev().find(|(path, _)| *path == place.path);
            let fetched = known.is_some_and(|(_, text)| self.unknowns.comes_from(text, Origin::Network));
            let published = known.is_some_and(|(_, text)| {
                self.unknowns.name_of(text.trim_end()).is_some_and(|name| {
                    name.split_once("https://").is_some_and(|(_, rest)| publishers::is_download(rest))
                })
            });
            if fetched && !published {
                let span = self.span_of(call, item.word);
                let target = self.target(TargetClass::Host, &self.unknowns.show(item.text), span);
                self.emit(EffectKind::RunCode, target, false, call.program, span);
            }
        }
    }

    /// An archive holds what was secret in the files that went into it.
    fn packed(&mut self, call: &Call<'_>) {
        let secret = self
            .effects
            .iter()
            .rev()
            .take(16)
            .find(|effect| effect.kind == EffectKind::ReadSecret && effect.program == call.program);
        let Some(name) = secret.map(|effect| effect.target.text.clone()) else { return };
        let Some(archive) = call.args.operands().next().filter(|item| item.text != "-") else { return };
        let place = super::paths::locate(archive.text, &self.state.cwd, self.ctx);
        let content = self.unknowns.hole(&name, Origin::Secret).to_string();
        self.write_file(place.path, content, false);
    }

    /// `fd -x` runs a command on each file that it finds.
    fn found_by_fd(&mut self, call: &Call<'_>) {
        let mut words: Vec<Field> = Vec::new();
        for flag in ["-x", "-X"] {
            let given = call.args.values(flag).filter(|item| item.text != ";");
            words.extend(given.filter_map(|item| call.argv.get(item.word + 1).cloned()));
        }
        if words.is_empty() {
            return;
        }
        let operands: Vec<&str> = call.args.operands().map(|item| item.text).collect();
        let ending = call.args.values("-e").next().map(|item| item.text.to_owned());
        let pattern = operands.first().copied().unwrap_or_default();
        let narrow = ending.is_some() || !matches!(pattern, "" | "." | ".*" | "*");
        let name = match ending {
            Some(ending) => format!("{STAR}.{ending}"),
            None if narrow => self.unknowns.hole("…", Origin::Program).to_string(),
            None => STAR.to_string(),
        };
        let starts: Vec<String> = match operands.get(1..) {
            Some(starts) if !starts.is_empty() => starts.iter().map(|start| (*start).to_owned()).collect(),
            _ => vec![".".to_owned()],
        };
        for start in starts.into_iter().take(8) {
            let path = format!("{}/{name}", start.trim_end_matches('/'));
            let placed = words.iter().any(|word| word.text.contains("{}"));
            let mut argv: Vec<Field> = words
                .iter()
                .map(|word| Field { text: word.text.replace("{}", &path), span: word.span })
                .collect();
            if !placed {
                argv.push(Field { text: path, span: call.span });
            }
            let before = self.effects.len();
            self.run(&argv, call.span, Flow { input: None, want: false });
            self.mark_search(before, &start, true);
        }
    }

    /// A file goes into a directory that the system of another machine needs.
    fn remote_system(&mut self, call: &Call<'_>) {
        let Some(last) = call.args.operands().last() else { return };
        let Some((_, path)) = last.text.split_once(":/") else { return };
        let system = ["etc/", "usr/", "boot/", "bin/", "lib/", "sbin/", "root/"];
        if system.iter().any(|start| path.starts_with(start)) && !last.text.contains("://") {
            let span = self.span_of(call, last.word);
            let target = self.target(TargetClass::Named, &self.unknowns.show(last.text), span);
            self.emit_with(EffectKind::Configure, target, false, call.program, span, "remote");
        }
    }

    /// A mount that hides what the system or somebody's home has there: an empty one, or another place.
    pub(super) fn mounted_over(&mut self, call: &Call<'_>) {
        let operands: Vec<_> = call.args.operands().collect();
        let [from, to] = operands[..] else { return };
        let empty = call.args.values("-t").any(|item| matches!(item.text, "tmpfs" | "ramfs"));
        let binds = call.args.has("-B") || call.args.values("-o").any(|item| item.text.contains("bind"));
        let place = super::paths::locate(to.text, &self.state.cwd, self.ctx);
        let vital = matches!(
            place.class,
            TargetClass::System
                | TargetClass::Root
                | TargetClass::Secret
                | TargetClass::Home
                | TargetClass::OtherHome
        );
        let passing = ["/var/", "/run", "/proc", "/sys", "/dev"];
        let passing = passing.iter().any(|start| place.path.starts_with(start));
        if vital && !passing && (empty || (binds && !from.text.starts_with("/home/"))) {
            let span = self.span_of(call, to.word);
            let target = self.target(place.class, &self.unknowns.show(&place.path), span);
            self.emit_with(EffectKind::Configure, target, false, call.program, span, "covers");
        }
    }

    /// `install -m 4755` makes a program that runs with its owner's rights.
    fn installed_with_rights(&mut self, call: &Call<'_>) {
        let special =
            |mode: &str| mode.contains('s') || (mode.len() == 4 && mode.starts_with(['4', '5', '6', '7']));
        let mode = call.args.values("-m").map(|item| item.text).find(|mode| special(mode));
        if let (Some(mode), Some(to)) = (mode, call.args.operands().last()) {
            let span = self.span_of(call, to.word);
            self.touch_as(EffectKind::Permission, to.text, span, false, "chmod", mode);
        }
    }

    /// `npx github:anna/tool` runs what lies at an address, not a package that somebody published.
    fn package_by_address(&mut self, call: &Call<'_>) {
        let name = call.argv.iter().skip(1).find(|field| !field.text.starts_with('-'));
        let Some(field) = name else { return };
        let starts = ["github:", "gitlab:", "bitbucket:", "gist:", "git+", "git:", "http:", "https:"];
        if starts.iter().any(|start| field.text.starts_with(start)) {
            let span = self.at(field.span);
            let target = self.target(TargetClass::Host, &self.unknowns.show(&field.text), span);
            self.emit(EffectKind::RunCode, target, false, call.program, span);
        } else if call.args.has("-y")
            && ["@latest", "@next"].iter().any(|end| field.text.ends_with(end))
            && !scaffolds::is_scaffold(&field.text)
        {
            // Whatever is published there now runs, and nobody is asked.
            let span = self.at(field.span);
            let target = self.target(TargetClass::Named, &self.unknowns.show(&field.text), span);
            self.emit_with(EffectKind::Install, target, false, call.program, span, "unasked");
        }
    }

    /// A token of one service, by the name of its variable, in what another is asked or sent.
    fn foreign_token(&mut self, call: &Call<'_>) {
        const SERVICES: &[&str] = &[
            "ANTHROPIC",
            "AWS",
            "AZURE",
            "CLOUDFLARE",
            "DOCKER",
            "GH",
            "GITHUB",
            "GITLAB",
            "GOOGLE",
            "HEROKU",
            "NPM",
            "OPENAI",
            "SLACK",
            "STRIPE",
        ];
        let hosts: Vec<String> = call.args.operands().map(|item| self.unknowns.show(item.text)).collect();
        // Keys of models are sent to whoever speaks the same language.
        const IN_HEADERS: &[&str] =
            &["AWS", "CLOUDFLARE", "DOCKER", "GH", "GITHUB", "GITLAB", "HEROKU", "NPM", "SLACK", "STRIPE"];
        let data =
            ["-d", "--data-binary", "--data-urlencode", "-F", "--json", "--data-raw", "-H", "--header", "-u"];
        let sent = data.iter().flat_map(|flag| call.args.values(flag)).chain(call.args.operands());
        let mut found = None;
        for item in sent.filter(|item| super::value::has_hole(item.text)) {
            let shown = self.unknowns.show(item.text);
            for (at, _) in shown.match_indices('$') {
                let name = shown.get(at + 1..).unwrap_or_default();
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
                let name = name.get(..end).unwrap_or_default();
                let (service, rest) = name.split_once('_').unwrap_or(("", ""));
                let secret = ["TOKEN", "SECRET", "PASSWORD", "KEY"].iter().any(|end| rest.ends_with(end));
                let header = matches!(item.role, Role::Value(flag) if matches!(flag.names.first(), Some(&"-H" | &"-u")));
                let known = if header { IN_HEADERS } else { SERVICES }.contains(&service);
                let own = |host: &String| {
                    let host = known::host_of(host).to_ascii_lowercase();
                    let host = host.as_str();
                    let other = if service == "GH" { "github" } else { "localhost" };
                    host.contains(&service.to_ascii_lowercase())
                        || host.contains(other)
                        || host.contains("localhost")
                        || host.starts_with("127.")
                        || host.starts_with('$')
                };
                if secret && known && !hosts.is_empty() && !hosts.iter().any(own) {
                    found = Some((item.word, format!("${name}")));
                }
            }
        }
        if let Some((word, name)) = found {
            let span = self.span_of(call, word);
            let target = self.target(TargetClass::Secret, &name, span);
            self.emit(EffectKind::Send, target, false, call.program, span);
        }
    }

    /// `echo $GITHUB_TOKEN` on the screen: a variable that by its name holds a secret.
    pub(super) fn shows_secrets(&mut self, name: &str, argv: &[Field]) {
        for field in argv.iter().skip(1).take(16).filter(|field| super::value::has_hole(&field.text)) {
            let shown = self.unknowns.show(&field.text);
            let secret = shown.match_indices('$').any(|(at, _)| {
                let rest = shown.get(at + 1..).unwrap_or_default();
                let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_' && !c.is_ascii_digit());
                let variable = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                ["_TOKEN", "_SECRET", "_PASSWORD", "_API_KEY", "_SECRET_KEY", "_ACCESS_KEY", "_PRIVATE_KEY"]
                    .iter()
                    .any(|ending| variable.ends_with(ending))
            });
            if secret {
                let span = self.at(field.span);
                let target = self.target(TargetClass::Secret, &shown, span);
                self.emit_with(EffectKind::ReadSecret, target, false, name, span, "shown");
            }
        }
    }

    /// The first column of a file of settings, or whether something is in it, is no secret.
    fn names_only(&mut self) {
        if let Some(effect) = self.effects.last_mut()
            && effect.kind == EffectKind::ReadSecret
        {
            effect.detail = "names".to_owned();
        }
    }

    /// A local file goes to another machine.
    fn uploads(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let whole = ["-T", "--post-file", "--body-file", "--upload-file"];
        let marked = ["-F", "-d", "--data-binary", "--data-urlencode", "--json"];
        let names_file = |text: &str| text.starts_with('@') || text.contains("=@") || text.contains("=<");
        let sends = whole.iter().any(|flag| call.args.values(flag).next().is_some())
            || marked.iter().any(|flag| call.args.values(flag).any(|item| names_file(item.text)))
            || (call.program == "http" && call.args.operands().any(|item| item.text.contains('@')))
            || (call.program == "http" && flow.input.is_some());
        if !sends {
            return;
        }
        let addresses =
            call.args.operands().filter(|item| item.text.contains('.') || item.text.contains("://"));
        for item in addresses.chain(call.args.values("--url")) {
            let span = self.span_of(call, item.word);
            let target = self.target(TargetClass::Host, &self.unknowns.show(item.text), span);
            self.emit_with(EffectKind::Send, target, false, call.program, span, "file");
        }
    }

    /// Addresses that mean more than a page: a machine's own credentials at its cloud.
    pub(super) fn address(&mut self, text: &str, span: Span, program: &str) {
        let host = known::host_of(text);
        let numeric = known::dotted(host);
        let cloud = matches!(
            numeric.as_deref().unwrap_or(host),
            "169.254.169.254"
                | "169.254.170.2"
                | "metadata.google.internal"
                | "100.100.100.200"
                | "metadata"
                | "[fd00:ec2::254]"
                | "fd00:ec2"
        );
        if cloud {
            let keys = ["credential", "token", "identity", "user-data", "secret", "key"];
            let detail = if keys.iter().any(|word| text.contains(word)) { "all" } else { "" };
            let target = self.target(TargetClass::Secret, "the machine's credentials at its cloud", span);
            self.emit_with(EffectKind::ReadSecret, target, false, program, span, detail);
        }
    }

    /// `sed -i '/x/i CODE' FILE` where the file is run later.
    fn sed_into_startup(&mut self, call: &Call<'_>) {
        if !call.args.has("-i") {
            return;
        }
        self.sed_edits(call);
        let paths: Vec<_> = call
            .args
            .items
            .iter()
            .filter(|item| matches!(item.role, Role::Operand(Some(operand)) if operand.name == "file"))
            .map(|item| super::paths::locate(item.text, &self.state.cwd, self.ctx))
            .collect();
        let given: Vec<&str> =
            call.args.operands().take(1).chain(call.args.values("-e")).map(|item| item.text).collect();
        let scripts: Vec<String> = given.iter().filter_map(|script| inserted(script)).collect();
        for place in paths {
            for code in &scripts {
                self.lasting(&place, code, self.at(call.span));
            }
            if super::lasting::names_sources(&self.unknowns.show(&place.path)) {
                for (from, to) in
                    given.iter().flat_map(|script| super::payload::replacements(script)).take(16)
                {
                    self.index_replaced(&place, &from, &to, self.at(call.span));
                }
            }
        }
    }
}

/// True for more than fits on most disks: `100G`, `2T`.
fn is_much(size: &str) -> bool {
    let digits = size.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(size.len());
    let (number, unit) = size.split_at(digits);
    let number: u64 = number.parse().unwrap_or(0);
    match unit.chars().next() {
        Some('g' | 'G') => number >= 100,
        Some('t' | 'T' | 'P') => number > 0,
        _ => number >= 100_000_000_000,
    }
}

/// True for less than an hour: `1s`, `30min`, `0`.
fn is_little_time(text: &str) -> bool {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().unwrap_or(0);
    let seconds = match unit.trim() {
        "" | "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "ms" | "msec" | "us" | "usec" => 0,
        _ => 3600,
    };
    number.saturating_mul(seconds) < 3600
}

/// True for a search whose pattern names passwords or keys.
fn asks_for_secrets(call: &Call<'_>) -> bool {
    let words = ["passw", "secret", "token", "api_key", "apikey", "private key", "credential"];
    let mut patterns = call.args.values("-e").chain(call.args.operands().take(1));
    patterns.any(|item| {
        let pattern = item.text.to_ascii_lowercase();
        words.iter().any(|word| pattern.contains(word))
    })
}

/// The text that a sed script puts into a file as lines of their own.
fn inserted(script: &str) -> Option<String> {
    let command = |at: usize| {
        let before = script[..at].chars().next_back();
        before.is_none_or(|letter| matches!(letter, '/' | '$' | ' ' | '}') || letter.is_ascii_digit())
    };
    ["i", "a", "c"].iter().find_map(|letter| {
        let (at, _) = script
            .match_indices(letter)
            .find(|(at, _)| command(*at) && script[at + 1..].starts_with([' ', '\\']))?;
        Some(script[at + 1..].trim_start_matches([' ', '\\', '\n']).to_owned())
    })
}

/// True for a script of Perl or Ruby in which no word prints, writes or runs anything.
fn prints_nothing(script: &str) -> bool {
    const WORDS: &[&str] = &[
        "print", "say", "put", "write", "warn", "eval", "exec", "system", "do ", "require", "use ", "->",
        "`", "p ",
    ];
    script.len() < 200 && !WORDS.iter().any(|word| script.contains(word)) && script.trim() != "p"
}

#[cfg(test)]
mod tests {
    use super::inserted;

    #[test]
    fn sed_scripts_put_lines_into_files() {
        assert_eq!(inserted("/^exit 0/i /opt/run &").as_deref(), Some("/opt/run &"));
        assert_eq!(inserted("$a alias x=y").as_deref(), Some("alias x=y"));
        assert_eq!(inserted("1i\\#!/bin/sh").as_deref(), Some("#!/bin/sh"));
        assert_eq!(inserted("s/a/b/"), None);
    }
}
