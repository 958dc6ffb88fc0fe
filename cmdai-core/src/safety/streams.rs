//! What a program makes of its standard input, and what is known of its output.

use std::rc::Rc;

use super::call::{Call, Seen};
use super::machine::{Field, Flow, Machine};
use super::value::{Origin, STAR};
use super::{EffectKind, TargetClass, pure};
use crate::specs::{self, Input, Output};

/// Programs that print a number made of what they read, which tells nothing of it. Sorted.
const COUNTS: &[&str] = &["b2sum", "cksum", "md5sum", "sha1sum", "sha256sum", "sha512sum", "sum", "wc"];

/// True for other ways to print all variables, in which tokens lie, or one that holds a secret.
pub(super) fn prints_environment(name: &str, arguments: &[&str]) -> bool {
    let any = |test: &dyn Fn(&str) -> bool| arguments.iter().any(|word| test(word));
    // `env.HOME` names one of them.
    let whole = |word: &str, name: &str| {
        word.match_indices(name).any(|(at, _)| {
            let before = word[..at].chars().next_back();
            let after = word[at + name.len()..].trim_start();
            !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '"'))
                && !after.starts_with(['.', '[', '_', '(', ':', '"'])
                && !after.starts_with(|letter: char| letter.is_alphanumeric())
        })
    };
    match name {
        "jq" => any(&|word| whole(word, "env") || whole(word, "$ENV")),
        "systemctl" | "tmux" => any(&|word| word == "show-environment") && !any(&|word| word == "-h"),
        "awk" => any(&|word| word.contains(" in ENVIRON") && word.contains("print")),
        "ps" => any(&|word| {
            !word.starts_with('-') && word.contains('e') && word.chars().all(|l| "auxewf".contains(l))
        }),
        _ => false,
    }
}

/// True for `docker ps -aq -f status=exited`: containers of this machine that do not run.
fn lists_stopped(arguments: &[&str]) -> bool {
    let mut words = match arguments {
        ["ps", rest @ ..] | ["container", "ls" | "ps" | "list", rest @ ..] => rest.iter(),
        _ => return false,
    };
    let stopped = |filter: &str| matches!(filter, "status=exited" | "status=created" | "status=dead");
    let mut some = false;
    while let Some(word) = words.next() {
        let filter = match *word {
            "-a" | "-q" | "-aq" | "-qa" | "--all" | "--quiet" | "--no-trunc" => continue,
            "-f" | "--filter" => words.next().copied().unwrap_or_default(),
            word => word.strip_prefix("--filter=").unwrap_or_default(),
        };
        some = stopped(filter);
        if !some {
            return false;
        }
    }
    some
}

impl Machine<'_> {
    /// Text on standard input of a program that runs it, or sends it away.
    pub(super) fn standard_input(&mut self, call: &Call<'_>, seen: &mut Seen, flow: Flow<'_>) {
        if let (Some(span), "bash" | "fish" | "nu" | "pwsh", false) = (self.socket, call.program, seen.code) {
            // Whoever is at the other end types, and sees what comes of it.
            let target = self.target(TargetClass::Host, "the network", span);
            self.emit(EffectKind::RemoteShell, target, false, "sh", span);
        }
        let Some(input) = flow.input else { return };
        let input = input.to_owned();
        let span = self.at(call.argv[0].span);
        for path in &seen.written {
            if call.program == "tee" {
                let place = super::paths::locate(path, "", self.ctx);
                self.lasting(&place, &input, span);
                self.keeps_piped_setup(self.commands.len(), &place, call.args.has("-a"));
                self.write_file(path.clone(), input.clone(), call.args.has("-a"));
            }
        }
        match call.args.spec.stdin {
            Input::Script if call.args.has("-m") => {}
            // `bash -n` only reads.
            Input::Code if call.args.is_dry() => {}
            Input::Code | Input::Script if !seen.code => {
                let printed = if call.program == "bash" && call.args.has("-s") {
                    // What follows are its `$1`, `$2` …
                    let words = call.args.operands().map(|item| item.text.to_owned()).collect();
                    let mut printed = None;
                    self.apart(|machine| {
                        machine.state.positional = Some(Rc::new(words));
                        printed = machine.interpret(call, &input, span, None);
                        String::new()
                    });
                    printed
                } else {
                    self.interpret(call, &input, span, None)
                };
                seen.add_printed(printed);
            }
            Input::Sql if !seen.code => {
                let printed = self.statements(call, &input, span);
                seen.add_printed(printed);
            }
            Input::Sent => {
                let host = call.args.operands().next().map_or("", |item| item.text).to_owned();
                let target = self.target(TargetClass::Host, &self.unknowns.show(&host), span);
                self.emit(EffectKind::Send, target, false, call.program, span);
                let shown = self.unknowns.show(input.trim_end());
                self.sends(&input, &shown, span, call.program);
                self.says(&input, span, call.program);
                if self.unknowns.comes_from(&input, Origin::Shell) {
                    let target = self.target(TargetClass::Host, &self.unknowns.show(&host), span);
                    self.emit(EffectKind::RemoteShell, target, false, call.program, span);
                }
            }
            _ => {}
        }
        // A shell of another user reads its commands here.
        let shell = call.program == "su" || call.args.has_any(&["-s", "-i"]);
        let shell = shell || call.program == "sg" && !call.argv.iter().any(|field| field.text == "-c");
        if matches!(call.program, "sudo" | "doas" | "su" | "sg") && shell && !seen.code && seen.next.is_none()
        {
            self.code(&input, span, Flow::default());
        }
        // Without a command the shell there reads its commands here.
        if call.program == "ssh" && !seen.code && !call.args.has_any(&["-N", "-W"]) {
            self.wrapped_code(call, &input, span, Flow::default());
        }
        if matches!(call.program, "curl" | "nc" | "http" | "socat")
            && is_database(&self.unknowns.show(&input))
        {
            let target = self.target(TargetClass::Secret, "a copy of a database", span);
            self.emit(EffectKind::Send, target, false, call.program, span);
        }
        // `curl -d @-`, `curl -T -`: what comes in goes out.
        if call.program == "curl"
            && call
                .args
                .items
                .iter()
                .any(|item| matches!(item.text, "@-" | "-") || item.text.ends_with("=@-"))
        {
            let shown = self.unknowns.show(input.trim_end());
            self.sends(&input, &shown, span, call.program);
        }
    }

    pub(super) fn output(&mut self, call: &Call<'_>, seen: &Seen, flow: Flow<'_>) -> String {
        let words: Vec<&str> = call.argv[1..].iter().map(|field| field.text.as_str()).collect();
        let program = call.program;
        // `gunzip` is gzip by its spec and another program by what it writes.
        let invoked = self.program_name(&call.argv[0].text);
        let invoked = if invoked == "[" { program } else { invoked.as_str() };
        // What awk prints of a line that nobody knows is as unknown.
        if let Some(printed) = seen.printed.as_ref().filter(|_| program != "awk") {
            return printed.clone();
        }
        match call.args.spec.output {
            // What comes is thrown away or kept, and this is printed.
            Output::Fetched
                if flow.want
                    && !seen.written.is_empty()
                    && let Some(text) = super::formats::printed(program, &words) =>
            {
                text
            }
            Output::Fetched => {
                let address = call.args.operands().last().map(|item| item.text);
                let address = address.or(words.last().copied()).unwrap_or_default();
                let shown = format!("$({program} {address})");
                let shown = self.unknowns.show(&shown);
                let origin =
                    if matches!(program, "nc" | "telnet") { Origin::Socket } else { Origin::Network };
                let page = self.unknowns.hole(&shown, origin);
                self.vouch(call, page);
                let page = page.to_string();
                for path in &seen.written {
                    let place = super::paths::locate(path, "", self.ctx);
                    self.lasting(&place, &page, self.at(call.span));
                    self.write_file(path.clone(), page.clone(), false);
                }
                if seen.written.is_empty() { page } else { String::new() }
            }
            _ if !flow.want => String::new(),
            Output::Passed
                if program == "grep" && call.args.has_any(&["-l", "-L"]) && flow.input.is_none() =>
            {
                let given = call.args.has_any(&["-e", "-f"]);
                let places: Vec<&str> =
                    call.args.operands().skip(usize::from(!given)).map(|item| item.text).collect();
                self.names_found(&places, call.args.has_any(&["-r", "-R"]))
            }
            Output::Passed => {
                let from_files = seen.read_operand || program == "dd";
                let input = if seen.read_operand { Some(seen.content.as_str()) } else { flow.input };
                let operands: Vec<&str> = words
                    .iter()
                    .copied()
                    .filter(|word| !from_files || !call.args.operands().any(|item| item.text == *word))
                    .collect();
                if !self.spend(work_of(invoked, input)) {
                    return String::new();
                }
                if program == "dd"
                    && let Some(text) = input
                    && let Some(conv) = words.iter().find_map(|word| word.strip_prefix("conv="))
                {
                    return match conv {
                        "lcase" => text.to_lowercase(),
                        "ucase" => text.to_uppercase(),
                        _ => text.to_owned(),
                    };
                }
                if matches!(program, "grep" | "sed" | "awk")
                    && input.is_some_and(|text| self.unknowns.show(text.trim()) == "the environment")
                    && operands.iter().any(|word| word.contains("HOME"))
                {
                    // One variable of all.
                    let name = if program == "grep" { "HOME=" } else { "" };
                    return format!("{name}{}\n", super::value::HOME);
                }
                if let Some(named) = input.and_then(|text| self.named_packages(text, &operands)) {
                    return named;
                }
                if let Some(text) = input.filter(|text| {
                    matches!(program, "head" | "tail")
                        && super::value::has_pattern(text)
                        && text.lines().count() < 8
                }) {
                    // A line that stands for many: some of them come out.
                    return self.some_of(text);
                }
                let unknown =
                    input.is_some_and(|text| super::value::has_hole(text) && text.lines().count() < 2);
                let known = pure::output(invoked, &operands, input);
                // A text that nobody knows has more lines than one.
                let known = known.filter(|text| {
                    !(unknown
                        && text.trim().is_empty()
                        && matches!(program, "tail" | "sed" | "head" | "grep"))
                });
                if let Some(text) = known {
                    let bounded = program == "head" && !words.iter().any(|word| is_huge(word));
                    return match self.unknowns.comes_from(&text, Origin::Endless) && bounded {
                        true => self.unknowns.hole(super::disks::FIRST_BYTES, Origin::Program).to_string(),
                        false => text,
                    };
                }
                if COUNTS.contains(&invoked) {
                    // A number tells nothing of what was counted.
                    return self.unknowns.hole(&format!("$({invoked})"), Origin::Program).to_string();
                }
                match input {
                    Some(text) if matches!(program, "cat" | "tee" | "less") => text.to_owned(),
                    // Sorting, filtering and packing keep what was secret or foreign so.
                    Some(text) => {
                        let origin = self.unknowns.origin(text).unwrap_or(Origin::Program);
                        if origin >= Origin::Secret {
                            self.unknowns.hole(&self.unknowns.show(text.trim_end()), origin).to_string()
                        } else if origin == Origin::Endless
                            && (program != "head" || words.iter().any(|word| is_huge(word)))
                        {
                            text.to_owned()
                        } else if origin == Origin::Endless {
                            self.unknowns.hole(super::disks::FIRST_BYTES, Origin::Program).to_string()
                        } else if origin == Origin::Processes && selects(program, &words) {
                            self.unknowns.hole(&format!("$({program})"), Origin::Program).to_string()
                        } else if matches!(program, "sort" | "tac") {
                            text.to_owned()
                        } else if matches!(
                            program,
                            "grep" | "uniq" | "head" | "tail" | "sed" | "awk" | "comm"
                        ) {
                            // Some of these lines come out: each is a possible argument of what follows.
                            self.some_of(text)
                        } else {
                            let hole = self.unknowns.hole(&format!("$({invoked})"), Origin::Program);
                            self.passes(hole, text);
                            hole.to_string()
                        }
                    }
                    None => self.unknowns.hole(&format!("$({invoked})"), Origin::Program).to_string(),
                }
            }
            Output::Printed => {
                let text = pure::output(program, &words, None).unwrap_or_default();
                self.spend(text.len() / 64);
                text
            }
            Output::Unknown => self.unknown_output(program, call.argv, flow),
        }
    }

    /// Of the list of all packages, those whose name a pattern tells.
    pub(super) fn named_packages(&mut self, input: &str, words: &[&str]) -> Option<String> {
        let all = self.unknowns.name_of(input.trim_end()).is_some_and(|name| name == super::known::PACKAGES);
        let pattern = words.iter().rev().find(|word| !word.starts_with('-')).filter(|_| all)?;
        let plain = pattern.trim_start_matches('^').trim_end_matches(['*', '.', '$']).trim_end_matches('-');
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "-+_".contains(letter);
        (!plain.is_empty() && plain.chars().all(is_name))
            .then(|| format!("{}\n", self.unknowns.hole(&format!("{plain}*"), Origin::Program)))
    }

    /// The output of programs that tell of the machine as a whole.
    fn of_the_machine(&mut self, name: &str, arguments: &[&str]) -> Option<String> {
        let bare = arguments.iter().all(|word| word.starts_with('-'));
        let (shown, origin) = match name {
            "env" | "printenv" | "set" | "export" | "declare" if bare => ("the environment", Origin::Secret),
            "printenv" => {
                let name = arguments.first()?;
                let Some(known) = self.get(name) else {
                    return Some(format!("{}\n", self.unknowns.hole(&format!("${name}"), Origin::Variable)));
                };
                return super::expand::elements(known).first().map(|text| format!("{text}\n"));
            }
            "git"
                if matches!(
                    arguments,
                    [
                        "rev-parse",
                        "--show-toplevel" | "--git-dir" | "--git-common-dir" | "--absolute-git-dir"
                    ]
                ) =>
            {
                return Some(format!(
                    "{}\n",
                    self.unknowns.hole("$(git rev-parse --show-toplevel)", Origin::Program)
                ));
            }
            _ if self.told_by_others(name, arguments) => ("what another machine says", Origin::Network),
            "date" if arguments.iter().any(|word| word.starts_with('+')) => {
                let form = arguments.iter().find_map(|word| word.strip_prefix('+'))?;
                let mut out = String::new();
                let mut letters = form.chars();
                while let Some(letter) = letters.next() {
                    match letter {
                        '%' => match letters.next()? {
                            'n' => out.push('\n'),
                            't' => out.push('\t'),
                            '%' => out.push('%'),
                            _ => out.push(self.unknowns.hole("$(date)", Origin::Program)),
                        },
                        other => out.push(other),
                    }
                }
                return Some(out + "\n");
            }
            "seq" if arguments.first() == Some(&"-f") => {
                let form = arguments.get(1)?;
                let numbers: Vec<i64> =
                    arguments.iter().skip(2).filter_map(|word| word.parse().ok()).collect();
                let (from, to) = match numbers[..] {
                    [to] => (1, to),
                    [from, to] => (from, to),
                    [from, _, to] => (from, to),
                    _ => return None,
                };
                let at = form.find('%')?;
                let end = form.get(at..)?.find(['g', 'f', 'e'])? + at;
                let lines = (from..=to.min(from.saturating_add(15))).map(|number| {
                    format!(
                        "{}{number}{}\n",
                        form.get(..at).unwrap_or_default(),
                        form.get(end + 1..).unwrap_or_default()
                    )
                });
                return Some(lines.collect());
            }
            "xdg-user-dir" | "systemd-path" => {
                let name = arguments.first().copied().unwrap_or_default();
                let folder = match name {
                    "DOCUMENTS" | "user-documents" => "/Documents",
                    "DOWNLOAD" => "/Downloads",
                    "DESKTOP" | "user-desktop" => "/Desktop",
                    "PICTURES" | "user-pictures" => "/Pictures",
                    "MUSIC" => "/Music",
                    "VIDEOS" => "/Videos",
                    _ if name.is_empty() || name.starts_with("user") => "",
                    _ => return None,
                };
                return Some(format!("{}{folder}\n", super::value::HOME));
            }
            "history" | "fc" | "Get-History" => ("the shell's history", Origin::Secret),
            // Records of names are written by whoever holds the name.
            "dig" | "host" | "nslookup" | "drill" => ("$(dig)", Origin::Network),
            "ps" if lists_all(arguments) => ("$(ps)", Origin::Processes),
            _ => return None,
        };
        Some(format!("{}\n", self.unknowns.hole(shown, origin)))
    }

    pub(super) fn unknown_output(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) -> String {
        if !flow.want {
            return String::new();
        }
        let arguments: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
        if let Some(text) = self.of_the_machine(name, &arguments) {
            return text;
        }
        let invoked = argv.first().map_or("", |field| field.text.rsplit('/').next().unwrap_or_default());
        if let Some(text) = all_there_are(invoked, &arguments) {
            return text;
        }
        if let Some(text) = super::formats::printed(name, &arguments) {
            return text;
        }
        let filters = |word: &&&str| word.contains("dangling=");
        if let Some(text) = self.names_searched(invoked, &arguments) {
            return text;
        }
        if name == "docker"
            && arguments.first() == Some(&"images")
            && arguments.iter().any(|word| word.ends_with("dangling=true"))
            && arguments.iter().filter(filters).count() == 1
        {
            return format!("{}\n", self.unknowns.hole(super::known::NAMELESS, Origin::Program));
        }
        if name == "rpm" && arguments.first() == Some(&"-qa") {
            return format!("{}\n", self.unknowns.hole(super::known::PACKAGES, Origin::Program));
        }
        if name == "docker" && lists_stopped(&arguments) {
            return format!("{}\n", self.unknowns.hole(super::known::STOPPED, Origin::Program));
        }
        if matches!((name, &arguments[..]), ("pacman", ["-Qq"])) {
            // All that is installed.
            return format!("{}\n", self.unknowns.hole("$(pacman -Qq)", Origin::Program));
        }
        if name == "seq"
            && arguments
                .last()
                .and_then(|last| last.parse::<u64>().ok())
                .is_some_and(|last| last >= super::branches::FAR)
        {
            return format!("{}\n", self.unknowns.hole(super::branches::SO_MANY, Origin::Program));
        }
        if let Some(text) = self.clipboard(invoked, argv, None) {
            return text;
        }
        if let Some(shown) = overheard(invoked, &arguments) {
            return self.unknowns.hole(shown, Origin::Secret).to_string();
        }
        if !self.spend(work_of(name, flow.input)) {
            return String::new();
        }
        match (name, flow.input) {
            // Without a command it prints the words in a row.
            ("xargs", Some(input)) if arguments.iter().all(|word| word.starts_with('-')) => {
                let words = super::xargs::quoted_words(input);
                return words.into_iter().take(256).collect::<Vec<_>>().join(" ") + "\n";
            }
            ("bc", Some(input)) => {
                if let Some(sum) = self.calculate(input.trim()) {
                    return format!("{sum}\n");
                }
            }
            ("envsubst", Some(input)) if arguments.is_empty() => {
                // Variables alone are replaced, no commands.
                let text = input.replace(['`', '"', '\\'], "").replace("$(", "(");
                return self.code_here(&format!("printf %s \"{text}\""), self.at(argv[0].span), flow);
            }
            _ => {}
        }
        if let Some(mut text) = pure::output(name, &arguments, flow.input) {
            self.spend(text.len() / 64);
            if name == "yes" {
                text.push(self.unknowns.hole("$(yes)", Origin::Endless));
            }
            return text;
        }
        if flow.input.is_none() && initialises(name, &arguments) {
            // To run what a tool prints about itself is to run the tool.
            return self.unknowns.hole(&format!("$({name})"), Origin::Local).to_string();
        }
        if matches!(name, "bash" | "fish" | "nu" | "pwsh") && flow.input.is_some() {
            return self.unknowns.hole("$(sh)", Origin::Shell).to_string();
        }
        // What went in may come out again: keep its origin.
        let input = flow.input.unwrap_or_default();
        let from_arguments = argv[1..].iter().filter_map(|field| self.unknowns.origin(&field.text)).max();
        let origin = self
            .unknowns
            .origin(input)
            .max(from_arguments)
            .filter(|&origin| origin >= Origin::Secret && !COUNTS.contains(&name));
        let shown = asked(name, &arguments);
        let hole = self.unknowns.hole(&shown, origin.unwrap_or(Origin::Program));
        self.passes(hole, input);
        hole.to_string()
    }

    /// Remembers what went into a filter that nobody knows: it may come out as it went in.
    fn passes(&mut self, hole: char, input: &str) {
        let short = input.len() <= 4096 && !input.trim().is_empty() && !super::value::has_hole(input);
        if short && self.filtered.len() < 16 && self.spend(1 + input.len() / 64) {
            self.filtered.push((hole, input.to_owned()));
        }
    }
}

/// How the output of a program is called: which of the many things that one with subcommands prints is what a person
/// wants to be told.
fn asked(name: &str, arguments: &[&str]) -> String {
    const SHORT: usize = 40;
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_graphic() && byte != b')');
    match arguments.first() {
        Some(verb)
            if matches!(name, "docker" | "git" | "kubectl" | "podman")
                && verb.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                && !verb.starts_with('-') =>
        {
            let length: usize = arguments.iter().map(|word| word.len() + 1).sum();
            if length + name.len() < SHORT && arguments.iter().all(plain) {
                format!("$({name} {})", arguments.join(" "))
            } else {
                format!("$({name} {verb})")
            }
        }
        _ => format!("$({name})"),
    }
}

/// True for the output of a program that copies a whole database, packed or not.
fn is_database(shown: &str) -> bool {
    ["mysqldump", "mariadb-dump", "pg_dump", "pg_dumpall", "mongodump", "mysqlpump"]
        .iter()
        .any(|name| shown.contains(name))
}

impl Machine<'_> {
    /// Words that a server takes for an order to throw its data away.
    pub(super) fn says(&mut self, text: &str, span: crate::Span, program: &str) {
        let orders = text.lines().take(64).any(|line| {
            let line = line.trim_start();
            let first = line.split_whitespace().next().unwrap_or_default();
            ["flushall", "flushdb", "flush_all"].iter().any(|order| first.eq_ignore_ascii_case(order))
                || first == "DELETE" && line.contains(" HTTP/")
        });
        if orders {
            let target = self.target(TargetClass::Named, "what the server keeps", span);
            self.emit(EffectKind::DropData, target, true, program, span);
        }
    }
}

/// True for a size that no disk of a person has room for: `2T`, `500G`.
fn is_huge(word: &str) -> bool {
    let word = word.trim_start_matches("-c").trim_start_matches("--bytes=").trim_end_matches(['B', 'i']);
    let Some(at) = word.find(|letter: char| !letter.is_ascii_digit()) else { return word.len() > 11 };
    let (number, unit) = word.split_at(at);
    let number: u64 = number.parse().unwrap_or_default();
    match unit {
        "T" | "P" | "E" => number > 0,
        "G" => number >= 500,
        _ => false,
    }
}

/// What a program tells that nobody meant for others: what is copied, typed, shown or sent.
fn overheard(invoked: &str, arguments: &[&str]) -> Option<&'static str> {
    let has = |flags: &[&str]| arguments.iter().any(|word| flags.contains(word));
    let to_stdout = arguments.windows(2).any(|pair| pair == ["-w", "-"]) || has(&["-w-"]);
    match invoked {
        "pbpaste" | "wl-paste" => Some("the clipboard"),
        "xclip" if has(&["-o", "-out", "--output"]) => Some("the clipboard"),
        "xsel" if has(&["-o", "-bo", "-ob", "-po", "--output"]) => Some("the clipboard"),
        "xwd" | "import" | "scrot" | "grim" | "maim" | "screencapture" | "fbgrab" => {
            Some("what is on the screen")
        }
        "arecord" | "parec" | "parecord" | "rec" | "pw-record" => Some("what is said here"),
        "terraform" | "tofu" | "pulumi" if has(&["output", "state"]) => Some("the values of infrastructure"),
        "docker" | "podman" if has(&["inspect"]) => Some("the settings of containers"),
        "tcpdump" | "tshark" | "dumpcap" if to_stdout => Some("what goes over the network"),
        _ => None,
    }
}

/// True for a filter that leaves some lines out by what they say.
fn selects(program: &str, words: &[&str]) -> bool {
    match program {
        "grep" | "head" | "tail" => !words.iter().any(|word| matches!(*word, "-v" | "--invert-match")),
        "awk" => words.iter().any(|word| awk_selects(word)),
        _ => false,
    }
}

/// True for a script of awk that says which rows it takes. One that says which it leaves out takes all others.
pub(super) fn awk_selects(script: &str) -> bool {
    let leaves_out = script.trim_start().starts_with("!/") || script.contains("!~");
    if leaves_out {
        let positive = script.replace("!~", "");
        return positive.contains("==")
            || positive.contains('~')
            || positive.contains("&&") && positive.contains("& /");
    }
    script.contains(['/', '~']) || script.contains("==")
}

/// True where `ps` lists the processes of the whole machine: `aux`, `-ef`, `-A`.
fn lists_all(arguments: &[&str]) -> bool {
    let narrows = |word: &&str| {
        matches!(*word, "-u" | "-U" | "-p" | "-C" | "-t" | "-s" | "-g" | "-G")
            || ["--user", "--pid", "--ppid", "--sid", "--group", "--tty"]
                .iter()
                .any(|flag| word.starts_with(flag))
    };
    let all = |word: &&str| {
        let letters = word.strip_prefix('-').unwrap_or(word);
        !word.starts_with("--")
            && letters.contains(['e', 'A', 'x', 'a'])
            && letters.chars().all(|letter| letter.is_ascii_alphabetic())
    };
    !arguments.iter().any(narrows) && arguments.iter().take(2).any(all)
}

/// True for a program that prints code for a shell to take over: `ssh-agent -s`, `direnv hook bash`.
///
/// What it is given must be plain words: what is read from elsewhere is not the tool's own.
fn initialises(name: &str, arguments: &[&str]) -> bool {
    if super::carried::DECODERS.contains(&name) {
        return false;
    }
    // Whatever file of colours it is told.
    if matches!(name, "ssh-agent" | "dircolors" | "gpg-agent" | "vivid" | "lesspipe" | "keychain") {
        return true;
    }
    let plain = |word: &&str| {
        !word.is_empty()
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '=' | '.' | ':'))
    };
    let own = specs::lookup(name).is_none() && !name.contains(['.', '/']) && arguments.len() < 4;
    arguments.iter().all(plain) && (asks_for_setup(arguments) || own && pure::is_no_filter(name))
}

/// True where a tool is asked to print code that sets a shell up: `starship init bash`.
fn asks_for_setup(arguments: &[&str]) -> bool {
    let says = |word: &&str| {
        let word = word.trim_start_matches('-');
        matches!(
            word,
            "activate"
                | "alias"
                | "completion"
                | "completions"
                | "env"
                | "eval"
                | "export"
                | "hook"
                | "init"
                | "s"
        ) || word.ends_with("-env")
            || word.ends_with("env") && word.starts_with("shell")
            || word.starts_with("init")
            || word.starts_with("completion")
            || word.starts_with("shell.")
    };
    arguments.iter().any(says)
}

/// Steps that a pure program takes: those with expressions try every place.
fn work_of(program: &str, input: Option<&str>) -> usize {
    let bytes = input.map_or(0, str::len);
    match program {
        "sed" | "gsed" | "grep" | "egrep" | "awk" | "expr" => (bytes / 2).max(super::regex::price(bytes)),
        _ => bytes / 32,
    }
}

/// True where `findmnt` is asked for the device alone: `-no SOURCE`, `--output=SOURCE`.
fn named_source(arguments: &[&str]) -> bool {
    let asks = |word: &str| word.starts_with('-') && (word.ends_with('o') || word == "--output");
    arguments.windows(2).any(|pair| asks(pair[0]) && pair[1].eq_ignore_ascii_case("source"))
        || arguments.iter().any(|word| {
            let word = word.to_ascii_lowercase();
            word.starts_with('-') && ["osource", "output=source"].iter().any(|end| word.ends_with(end))
        })
}

/// What lists every disk or every service: a line that stands for each of them.
fn all_there_are(program: &str, arguments: &[&str]) -> Option<String> {
    let is_short = |word: &str| word.starts_with('-') && !word.starts_with("--");
    match (program, arguments) {
        ("lsblk", _) if arguments.iter().any(|word| word.contains("NAME")) => {
            let whole =
                arguments.iter().any(|word| *word == "--paths" || is_short(word) && word.contains('p'));
            let columns = arguments.iter().find(|word| word.contains("NAME"))?.split(',').take(8);
            let row: Vec<String> = columns
                .map(|column| match column {
                    _ if column.contains("NAME") => format!("{}sd{STAR}", if whole { "/dev/" } else { "" }),
                    "TYPE" => "disk".to_owned(),
                    _ => STAR.to_string(),
                })
                .collect();
            Some(row.join(" ") + "\n")
        }
        ("findmnt", _) if named_source(arguments) => Some(format!("/dev/sd{STAR}\n")),
        ("df", _) if arguments.iter().any(|word| word.starts_with("--output=source")) => {
            // Whether its first line is left out or not, devices are what it is asked for.
            Some(format!("/dev/sd{STAR}\n").repeat(2))
        }
        ("blkid", _) if arguments.windows(2).any(|pair| pair == ["-o", "device"]) => {
            Some(format!("/dev/sd{STAR}\n"))
        }
        ("blkid", []) => Some(format!("/dev/sd{STAR}: UUID=\"{STAR}\" TYPE=\"ext4\"\n")),
        ("fdisk" | "sfdisk" | "parted", ["-l"]) => {
            Some(format!("Disk /dev/sd{STAR}: {STAR} GiB, {STAR} bytes, {STAR} sectors\n"))
        }
        ("blkid", [only, _]) if matches!(*only, "-L" | "-U") => Some(format!("/dev/sd{STAR}\n")),
        ("rpm", ["-qa", ..]) => match arguments.get(1) {
            Some(name) if !name.starts_with('-') => {
                Some(format!("{}\n", name.replace('*', &STAR.to_string())))
            }
            _ => None,
        },
        ("systemctl", ["list-units" | "list-unit-files", rest @ ..])
            if rest.iter().all(|word| {
                word.starts_with('-') || matches!(*word, "json" | "json-pretty") || word.parse::<u8>().is_ok()
            }) =>
        {
            if rest.iter().any(|word| word.contains("json")) {
                return Some(
                    r#"[{"unit":"*.service","unit_file":"*.service","active":"active"}]"#.to_owned(),
                );
            }
            Some(format!("{STAR}.service loaded active running\n"))
        }
        _ => None,
    }
}
