//! Words, files and lines of input that a program takes for commands, although nothing in their names says so: the value of
//! `entr -s`, the filter of pandoc, the condition of exiftool, a name of a file that ends in a bar, requests of troff.
//!
//! Which program reads which is a table; a program that is not in it costs one look-up.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::machine::{Field, Flow, Machine};
use super::{EffectKind, TargetClass, payload, told};
use crate::line::Span;

/// What the value of an option is.
#[derive(Clone, Copy)]
enum What {
    /// A line of shell code.
    Code,
    /// A program by its path, or a line of code.
    Program,
    /// A line of code where it begins with a bar, else a file.
    Piped,
    /// Code of a language, for these words to run.
    In(&'static [&'static str]),
    /// A file of such code.
    File(&'static [&'static str]),
    /// A file in which some lines say what is run.
    Told,
    /// A command that goes on to the end of the line.
    Rest,
    /// A library whose code is loaded.
    Library,
}

type Reader = (&'static [&'static str], &'static [&'static str], What);

const PYTHON: &[&str] = &["python3", "-c"];
const PERL: &[&str] = &["perl", "-e"];
const LUA: &[&str] = &["lua", "-e"];
const RUBY: &[&str] = &["ruby", "-e"];

/// Programs, their options, and what the value is. A program joins when its manual says that it runs the value.
const READERS: &[Reader] = &[
    (&["sftp"], &["-D"], What::Program),
    (&["dhclient"], &["-sf"], What::Program),
    (&["hostapd_cli", "wpa_cli"], &["-a"], What::Program),
    (&["udhcpc", "udhcpc6"], &["-s", "--script"], What::Program),
    (&["mdadm"], &["--program", "--alert"], What::Program),
    (&["smartd"], &["-w", "--warnexec"], What::Program),
    (&["pandoc"], &["-F", "--filter", "--pdf-engine"], What::Program),
    (&["pandoc"], &["-L", "--lua-filter"], What::File(LUA)),
    (&["asciidoctor", "asciidoctor-pdf"], &["-r", "--require"], What::File(RUBY)),
    (&["mpv"], &["--script", "--scripts"], What::File(LUA)),
    (&["tshark", "wireshark"], &["-X"], What::File(LUA)),
    (&["exiftool"], &["-if", "-if2"], What::In(PERL)),
    (&["sqlmap"], &["--eval"], What::In(PYTHON)),
    (&["perf"], &["-s", "--script"], What::File(PYTHON)),
    (&["psql", "pgcli"], &["-o", "--output"], What::Piped),
    (
        &["gpg", "gpg2", "gpg-agent"],
        &["--pinentry-program", "--agent-program", "--dirmngr-program", "--photo-viewer"],
        What::Program,
    ),
    (&["msmtp", "mpop"], &["--passwordeval"], What::Code),
    (&["fetchmail"], &["-m", "--mda", "--plugin", "--plugout", "--preconnect", "--postconnect"], What::Code),
    (&["fetchmail"], &["-f", "--fetchmailrc"], What::Told),
    (&["mbsync"], &["-c", "--config"], What::Told),
    (&["screen"], &["-c"], What::Told),
    (&["enscript"], &["--filter"], What::Code),
    (&["tar"], &["--new-volume-script", "--info-script"], What::Code),
    (&["helm"], &["--post-renderer"], What::Program),
    (&["pppd"], &["pty", "connect", "disconnect", "init", "welcome"], What::Code),
    (&["monit"], &["-c"], What::Told),
    (
        &["latexmk"],
        &["-pdflatex", "-latex", "-lualatex", "-xelatex", "-bibtex", "-new-viewer-cmd"],
        What::Code,
    ),
    (&["distrobox", "distrobox-enter"], &["-e", "--exec"], What::Rest),
    (&["gcc", "cc", "g++", "clang"], &["-fuse-ld", "-specs", "-fplugin"], What::Library),
    (&["openssl"], &["-engine", "-provider-path", "-provider"], What::Library),
    (&["git"], &["--httpd"], What::Code),
    (&["cf", "bosh", "eb", "virtctl", "lando"], &["-c", "--command"], What::Code),
    (&["dhcpcd"], &["-c", "--script"], What::Program),
    (
        &["povray"],
        &["Pre_Scene_Command", "Post_Scene_Command", "Pre_Frame_Command", "Post_Frame_Command"],
        What::Code,
    ),
    (&["wget"], &["use_askpass", "--use-askpass"], What::Program),
    (&["yabai"], &["action"], What::Code),
    (&["procmail", "maildrop"], &[""], What::Told),
    (&["xidlehook", "swayidle", "xautolock"], &["-locker", "-notifier", "-killer", "--timer"], What::Code),
    (&["rsync"], &["--config"], What::Told),
    (&["snmpd", "snmptrapd"], &["-c"], What::Told),
    (&["keepalived"], &["-f", "--use-file"], What::Told),
    (&["inetd", "xinetd"], &["", "-f"], What::Told),
    (&["celery"], &["--args"], What::Told),
];

/// Programs with a mechanism of their own.
const OTHERS: &[&str] = &[
    "ansible",
    "ansible-playbook",
    "bazel",
    "bazelisk",
    "brew",
    "clickhouse",
    "clickhouse-client",
    "clickhouse-local",
    "compare",
    "composite",
    "convert",
    "crystal",
    "display",
    "entr",
    "exiftool",
    "factor",
    "file-rename",
    "fswatch",
    "gdl",
    "gforth",
    "gpic",
    "groff",
    "gst",
    "gtroff",
    "guix",
    "identify",
    "idl",
    "ip",
    "matlab",
    "mogrify",
    "montage",
    "nim",
    "nmap",
    "openssl",
    "osascript",
    "pee",
    "perl",
    "pic",
    "play",
    "poop",
    "prename",
    "python",
    "python3",
    "rec",
    "regina",
    "rename",
    "rexx",
    "ruby",
    "shell2http",
    "skhd",
    "sox",
    "svn",
    "swaymsg",
    "troff",
    "xonsh",
];

/// The rows of each program.
static ROWS: LazyLock<HashMap<&str, Vec<&Reader>>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, Vec<&Reader>> = HashMap::new();
    for reader in READERS {
        for name in reader.0 {
            rows.entry(name).or_default().push(reader);
        }
    }
    let elsewhere = super::remote_shells::REMOTES.iter().map(|(name, ..)| *name);
    for name in OTHERS.iter().copied().chain(super::poured::POURERS.iter().copied()).chain(elsewhere) {
        rows.entry(name).or_default();
    }
    rows
});

impl Machine<'_> {
    /// Judges what a program reads as a command.
    pub(super) fn reads_commands(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        let Some(rows) = ROWS.get(name) else { return };
        self.poured(name, argv, flow);
        self.shells_elsewhere(name, argv, flow);
        let words = argv.get(1..).unwrap_or_default();
        for (_, flags, what) in rows {
            for (at, field) in words.iter().enumerate().take(48) {
                let before =
                    at.checked_sub(1).and_then(|at| words.get(at)).map_or("", |field| field.text.as_str());
                let text = field.text.as_str();
                let joined = flags.iter().find_map(|flag| {
                    text.strip_prefix(flag)
                        .filter(|_| !flag.is_empty())
                        .and_then(|rest| rest.strip_prefix(['=', ':']))
                });
                // Without an option every operand is one.
                let operand = flags.contains(&"") && !text.starts_with('-');
                let value = match joined {
                    Some(value) => value,
                    None if operand || flags.contains(&before) && !before.is_empty() => text,
                    None => continue,
                };
                if !self.spend(2) {
                    return;
                }
                let value = value.trim_start_matches("lua_script:").to_owned();
                let rest = words.get(at..).unwrap_or_default();
                self.read_value(*what, &value, before, rest, field.span);
            }
        }
        self.own_ways(name, words, flow);
    }

    fn read_value(&mut self, what: What, value: &str, flag: &str, rest: &[Field], span: Span) {
        match what {
            What::Code => self.typed(value, span),
            What::Program => self.handed_code(flag, value, self.at(span)),
            What::Piped => {
                if let Some(code) = value.trim_start().strip_prefix('|') {
                    self.typed(code, span);
                }
            }
            What::In(words) => self.in_language(words, value, span),
            What::File(words) => {
                if let Some(text) = self.own_file(value).or_else(|| self.own_file(&format!("{value}.rb"))) {
                    self.in_language(words, &text, span);
                }
            }
            What::Told => {
                let text =
                    self.own_file(value).or_else(|| value.starts_with(['[', '{']).then(|| value.to_owned()));
                if let Some(text) = text {
                    for code in told::commands(&text).into_iter().chain(piped_lines(&text)).take(32) {
                        self.typed(&code, span);
                    }
                }
            }
            What::Rest => {
                let command: Vec<Field> =
                    rest.iter().skip_while(|field| field.text == "--").cloned().collect();
                if !command.is_empty() {
                    self.run(&command, span, Flow::default());
                }
            }
            What::Library => {
                if value.contains('/') && self.is_anybodys(value) {
                    let span = self.at(span);
                    let target = self.target(TargetClass::Unknown, flag, span);
                    self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
                } else if self.own_file(value).is_some() {
                    self.handed_code(flag, value, self.at(span));
                }
            }
        }
    }

    fn in_language(&mut self, words: &[&str], code: &str, span: Span) {
        let words: Vec<Field> =
            words.iter().copied().chain([code]).map(|text| Field { text: text.to_owned(), span }).collect();
        self.run(&words, span, Flow::default());
    }

    fn own_ways(&mut self, name: &str, words: &[Field], flow: Flow<'_>) {
        let short = |letter: char| {
            words.iter().take(32).any(|field| {
                field
                    .text
                    .strip_prefix('-')
                    .is_some_and(|rest| !rest.starts_with('-') && rest.contains(letter))
            })
        };
        match name {
            "perl" | "ruby" => self.names_with_bars(name, words, flow),
            // Its expression is run for each name, even where nothing is renamed.
            "rename" | "file-rename" | "prename" => {
                let code = words.iter().find(|field| !field.text.starts_with('-'));
                if let Some(field) = code.filter(|field| field.text.contains(['/', '{', '(', '`'])) {
                    let was_mute = std::mem::replace(&mut self.mute, false);
                    self.in_language(PERL, &field.text.clone(), field.span);
                    self.mute = was_mute;
                }
            }
            "groff" | "gtroff" | "troff" | "gpic" | "pic" if short('U') => {
                let mut texts: Vec<String> =
                    words.iter().take(16).filter_map(|field| self.own_file(&field.text)).collect();
                texts.extend(flow.input.map(str::to_owned));
                let span = words.first().map_or(Span::new(0, 0), |field| field.span);
                for code in texts.iter().flat_map(|text| requests(text)).take(16) {
                    self.typed(&code, span);
                }
            }
            "entr" if short('s') => {
                if let Some(field) = words.iter().find(|field| !field.text.starts_with('-')) {
                    self.typed(&field.text.clone(), field.span);
                }
            }
            "pee" | "poop" | "shell2http" => {
                for field in words.iter().take(16).filter(|field| !field.text.starts_with(['-', '/'])) {
                    self.typed(&field.text.clone(), field.span);
                }
            }
            "ip" => {
                // In all of them, without a name.
                let at = words.windows(2).position(|pair| pair[0].text == "netns" && pair[1].text == "exec");
                let all =
                    words.iter().take(4).any(|field| matches!(field.text.as_str(), "-a" | "-all" | "--all"));
                if let Some(at) = at.filter(|_| all) {
                    self.read_value(
                        What::Rest,
                        "",
                        "",
                        words.get(at + 2..).unwrap_or_default(),
                        words[at].span,
                    );
                }
            }
            "exiftool" => {
                // `-p '${name;CODE}'`
                for field in words.iter().take(32).filter(|field| field.text.contains("${")) {
                    let codes: Vec<String> = field
                        .text
                        .split("${")
                        .skip(1)
                        .filter_map(|piece| {
                            piece.split_once(';').map(|(_, code)| code.trim_end_matches('}').to_owned())
                        })
                        .take(8)
                        .collect();
                    for code in codes {
                        self.in_language(PERL, &code, field.span);
                    }
                }
            }
            "nmap" if words.iter().any(|field| field.text == "--interactive") => {
                let codes: Vec<String> = flow
                    .input
                    .iter()
                    .flat_map(|text| text.lines())
                    .filter_map(|line| line.strip_prefix('!'))
                    .take(8)
                    .map(str::to_owned)
                    .collect();
                for code in codes {
                    self.typed(&code, words[0].span);
                }
            }
            "matlab" => {
                for pair in
                    words.windows(2).take(16).filter(|pair| matches!(pair[0].text.as_str(), "-r" | "-batch"))
                {
                    if let Some(code) = pair[1].text.trim_start().strip_prefix('!') {
                        self.typed(code, pair[1].span);
                    }
                }
            }
            "convert" | "compare" | "composite" | "display" | "identify" | "mogrify" | "montage" | "play"
            | "rec" | "sox" => {
                for field in words.iter().take(32) {
                    let name = field
                        .text
                        .split_once(':')
                        .filter(|(kind, _)| kind.len() < 6)
                        .map_or(field.text.as_str(), |(_, name)| name);
                    if let Some(code) = name.strip_prefix('|') {
                        self.typed(code, field.span);
                    }
                }
            }
            "svn" => {
                for pair in words.windows(2).take(16).filter(|pair| pair[0].text == "--config-option") {
                    if let Some((key, code)) = pair[1].text.split_once('=')
                        && (key.contains(":tunnels:") || key.ends_with("-cmd"))
                    {
                        self.typed(code, pair[1].span);
                    }
                }
            }
            "openssl" => {
                for field in words.iter().take(16) {
                    if let Some(path) = field.text.strip_prefix("SO_PATH:") {
                        self.read_value(What::Library, path, "SO_PATH", &[], field.span);
                    }
                }
            }
            "ansible" | "ansible-playbook" => {
                // An inventory that is a program is run.
                for pair in words
                    .windows(2)
                    .take(16)
                    .filter(|pair| matches!(pair[0].text.as_str(), "-i" | "--inventory"))
                {
                    let path = &pair[1].text;
                    if self.own_file(path).is_some_and(|text| text.starts_with("#!")) {
                        let path = if path.contains('/') { path.clone() } else { format!("./{path}") };
                        self.run(&[Field { text: path, span: pair[1].span }], pair[1].span, Flow::default());
                    }
                }
            }
            "python" | "python3" => {
                // Modules that run a file: `-m cProfile FILE`.
                let at = words.windows(2).position(|pair| {
                    pair[0].text == "-m"
                        && matches!(
                            pair[1].text.as_str(),
                            "cProfile" | "profile" | "pdb" | "trace" | "runpy" | "doctest"
                        )
                });
                let rest = at.and_then(|at| words.get(at + 2..)).unwrap_or_default();
                for field in words.iter().take(8).filter(|field| field.text.len() < 4096) {
                    for code in objects(&field.text).into_iter().take(4) {
                        self.typed(&code, field.span);
                    }
                }
                for field in rest.iter().take(8) {
                    if let Some(text) = self.own_file(&field.text) {
                        self.in_language(PYTHON, &text, field.span);
                    }
                }
            }
            "brew" | "guix" => {
                if name == "brew" && words.first().is_some_and(|field| field.text == "ruby") {
                    self.run(words, words[0].span, flow);
                } else if name == "guix" && words.first().is_some_and(|field| field.text == "repl") {
                    let guile = Field { text: "guile".to_owned(), span: words[0].span };
                    let argv: Vec<Field> =
                        std::iter::once(guile).chain(words.iter().skip(1).cloned()).collect();
                    self.run(&argv, words[0].span, flow);
                }
            }
            "swaymsg" => {
                let at = words.windows(2).position(|pair| pair[0].text == "exec" && pair[1].text == "--");
                if let Some(field) = at.and_then(|at| words.get(at + 2)) {
                    self.typed(&field.text.clone(), field.span);
                }
            }
            "skhd" => {
                let texts: Vec<String> =
                    words.iter().take(8).filter_map(|field| self.own_file(&field.text)).collect();
                for code in texts
                    .iter()
                    .flat_map(|text| text.lines())
                    .filter_map(|line| line.split_once(" : "))
                    .take(16)
                {
                    self.typed(code.1, words[0].span);
                }
            }
            "osascript" => {
                for field in words.iter().take(16).filter(|field| field.text.contains("doShellScript")) {
                    let calls = payload::as_shell(&field.text);
                    self.typed(&calls, field.span);
                }
            }
            // Between backticks, as in Ruby.
            "crystal" => {
                for field in words.iter().take(16).filter(|field| field.text.contains('`')) {
                    let codes: Vec<String> =
                        field.text.split('`').skip(1).step_by(2).take(8).map(str::to_owned).collect();
                    for code in codes {
                        self.typed(&code, field.span);
                    }
                }
            }
            "nim" => {
                for field in words.iter().take(16) {
                    if let Some(code) = field.text.strip_prefix("--eval:") {
                        let calls = payload::as_shell(code);
                        self.typed(&calls, field.span);
                    }
                }
            }
            // A project's own program in the place of the builder's.
            "bazel" | "bazelisk" if self.own_file("tools/bazel").is_some() => {
                let span = words.first().map_or(Span::new(0, 0), |field| field.span);
                self.run(&[Field { text: "./tools/bazel".to_owned(), span }], span, Flow::default());
            }
            "clickhouse" | "clickhouse-client" | "clickhouse-local" => {
                for field in words.iter().take(16) {
                    let code = field.text.split_once("executable(").map(|(_, rest)| payload::literals(rest));
                    if let Some(code) = code.and_then(|texts| texts.into_iter().next()) {
                        self.typed(&code, field.span);
                    }
                }
            }
            // Languages in which the command stands before the word that runs it, or behind a comma.
            "factor" | "gdl" | "gforth" | "gst" | "idl" | "regina" | "rexx" => {
                let first = words.first().map_or(Span::new(0, 0), |field| field.span);
                let mut texts: Vec<(String, Span)> =
                    words.iter().take(16).map(|field| (field.text.clone(), field.span)).collect();
                texts.extend(flow.input.map(|text| (text.to_owned(), first)));
                const CALLS: &[&str] =
                    &["system", "run-process", "try-process", "spawn", "SPAWN", "ADDRESS", "address"];
                for (text, span) in texts {
                    let bare = matches!(name, "regina" | "rexx") && text.trim().starts_with(['"', '\'']);
                    if bare || CALLS.iter().any(|call| text.contains(call)) {
                        for code in payload::literals(&text).into_iter().take(8) {
                            self.typed(code.trim(), span);
                        }
                    }
                }
            }
            "xonsh" => {
                for pair in words.windows(2).take(8).filter(|pair| pair[0].text == "-c") {
                    for open in ["![", "$[", "!(", "$("] {
                        let close = if open.ends_with('[') { ']' } else { ')' };
                        let code =
                            pair[1].text.split_once(open).and_then(|(_, rest)| rest.rsplit_once(close));
                        if let Some((code, _)) = code {
                            self.typed(code, pair[1].span);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// `perl -ne CODE 'COMMAND |'`: the files that Perl goes through are opened as `open` with two arguments opens them.
    fn names_with_bars(&mut self, name: &str, words: &[Field], flow: Flow<'_>) {
        let bar = |text: &str| text.trim().ends_with('|') || text.trim().starts_with('|');
        if !words.iter().take(64).any(|field| field.text.contains('|'))
            && !flow.input.is_some_and(|text| text.contains("!!"))
        {
            // A module whose name brings code with it.
            return self.named_modules(name, words);
        }
        let letters = |field: &Field| {
            field.text.strip_prefix('-').filter(|rest| !rest.starts_with('-')).unwrap_or_default().to_owned()
        };
        let code_after = |field: &Field| {
            let letters = letters(field);
            (letters.ends_with('e') || letters.ends_with('E')) && letters.len() < 8
        };
        let mut goes_through = false;
        let mut codes: Vec<&Field> = Vec::new();
        let mut names: Vec<&Field> = Vec::new();
        for (at, field) in words.iter().enumerate().take(64) {
            let is_code = at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(code_after);
            if is_code {
                codes.push(field);
            } else if field.text.starts_with('-') {
                let letters = letters(field);
                goes_through |= codes.is_empty() && letters.len() < 8 && letters.contains(['n', 'p']);
            } else {
                names.push(field);
            }
        }
        goes_through |= codes.iter().any(|field| {
            let text = field.text.replace("<<>>", "");
            name == "perl" && (text.contains("<>") || text.contains("<ARGV>"))
                || name == "ruby" && text.contains("ARGF")
        });
        let mut texts: Vec<(String, Span)> = Vec::new();
        if goes_through {
            texts.extend(names.iter().map(|field| (field.text.clone(), field.span)));
            for field in codes.iter().filter(|field| field.text.contains("@ARGV")) {
                texts.extend(payload::literals(&field.text).into_iter().map(|text| (text, field.span)));
            }
        }
        // Ruby reads from a command by the same mark.
        if name == "ruby" {
            for field in &codes {
                let reads = ["IO.read", "IO.readlines", "IO.foreach", "IO.binread", "IO.write", "open("];
                if reads.iter().any(|call| field.text.contains(call)) {
                    texts.extend(
                        payload::literals(&field.text)
                            .into_iter()
                            .filter(|text| text.starts_with('|'))
                            .map(|text| (text, field.span)),
                    );
                }
            }
        }
        for (text, span) in texts.into_iter().filter(|(text, _)| bar(text)).take(8) {
            let code = text.trim().trim_matches('|').to_owned();
            self.typed(&code, span);
        }
        self.named_modules(name, words);
    }

    /// `perl '-Mvars;CODE'`: what stands behind the name of a module is code; `!!CODE` for its debugger.
    fn named_modules(&mut self, name: &str, words: &[Field]) {
        for field in words.iter().take(16).filter(|_| name == "perl") {
            let module = field.text.strip_prefix("-M").or_else(|| field.text.strip_prefix("-m"));
            if let Some((_, code)) = module.and_then(|module| module.split_once(';')) {
                self.in_language(PERL, code, field.span);
            }
        }
    }
}

/// Commands in text that makes objects of itself when it is loaded: pickles, and YAML that may name any function.
fn objects(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for mark in ["cos\\nsystem", "cposix\\nsystem", "cos\nsystem", "cposix\nsystem"] {
        for (at, _) in text.match_indices(mark).take(4) {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let rest = rest.split_once(['S', 'V']).map_or("", |(_, rest)| rest).trim_start_matches('\\');
            let rest = rest.trim_start_matches(['"', '\'']);
            out.push(rest.split(['"', '\'', '\\', '\n']).next().unwrap_or_default().to_owned());
        }
    }
    for call in ["os.system", "subprocess.call", "subprocess.Popen", "subprocess.check_output"] {
        let mark = format!("python/object/apply:{call}");
        for (at, _) in text.match_indices(mark.as_str()).take(4) {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let list =
                rest.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
            out.push(list.replace(['"', '\'', ','], " "));
        }
    }
    out
}

/// What requests of troff, and `sh` of pic, hand to a shell.
fn requests(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.lines().take(256) {
        let line = line.trim();
        let request =
            line.strip_prefix(['.', '\'']).map(str::trim_start).and_then(|rest| rest.split_once([' ', '\t']));
        if let Some((name, code)) = request
            && matches!(name, "sy" | "pso" | "pi" | "system" | "open" | "opena")
        {
            out.push(code.trim().to_owned());
        }
        // The first sign after it is the quote.
        if let Some(rest) = line.strip_prefix("sh ")
            && let Some(quote) = rest.trim_start().chars().next()
        {
            let rest = rest.trim_start().trim_start_matches(quote);
            out.push(rest.split(quote).next().unwrap_or_default().trim().to_owned());
        }
    }
    out
}

/// Lines of mail filters and of tables that hand something to a command: `| CODE`, `to "|CODE"`, `preconnect "CODE"`.
fn piped_lines(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.lines().take(128) {
        let line = line.trim();
        if let Some(code) = line.strip_prefix('|') {
            out.push(code.trim().to_owned());
        }
        let quoted = [
            "\"|",
            "preconnect \"",
            "postconnect \"",
            "mda \"",
            "plugin \"",
            "PassCmd \"",
            "Tunnel \"",
            "exec \"",
        ];
        for mark in quoted {
            if let Some((_, rest)) = line.split_once(mark) {
                out.push(rest.split('"').next().unwrap_or_default().trim().to_owned());
            }
        }
        // `1234 stream tcp nowait root /bin/sh sh -c "CODE"`
        let fields: Vec<&str> = line.split_whitespace().take(6).collect();
        if let [_, "stream" | "dgram", _, "wait" | "nowait", _, _] = fields[..] {
            let code = line.split_whitespace().skip(6).collect::<Vec<_>>().join(" ");
            out.push(code);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, High, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn words_that_are_read_as_commands() {
        let both = |line: &str| {
            check_all(
                &context(),
                &[(Critical, &line.replace("CODE", "rm -rf /home")), (Safe, &line.replace("CODE", "ls -l"))],
            );
        };
        for line in [
            "rename -n 's{^}{qx(CODE)}e' *",
            "perl -pe 's/a/b/' 'CODE |'",
            "perl -ne print '| CODE'",
            "perl -e 'while (<>) { print }' 'CODE |'",
            "perl -e '@ARGV = (\"CODE|\"); print while <>'",
            "perl '-Mvars;system(\"CODE\")' -e1",
            "ruby -ne 'print' '|CODE'",
            "ruby -e 'IO.read(\"|CODE\")'",
            "printf '.sy CODE\\n' | groff -U",
            "printf '.pso CODE\\n' | troff -U",
            "printf '.PS\\nsh X CODE X\\n.PE\\n' | pic -U",
            "psql -o '|CODE' -c 'select 1'",
            "echo '!CODE' | nmap --interactive",
            "sftp -D 'CODE'",
            "printf '#!/bin/sh\\nCODE\\n' > x; sftp -D ./x",
            "printf '#!/bin/sh\\nCODE\\n' > x; wget --use-askpass=./x https://a.example/",
            "ls | entr -s 'CODE'",
            "ip -all netns exec CODE",
            "printf '#!/bin/sh\\nCODE\\n' > x; wpa_cli -a ./x",
            "printf '#!/bin/sh\\nCODE\\n' > f; pandoc --filter ./f x.md",
            "printf 'os.execute(\"CODE\")' > f.lua; pandoc --lua-filter=f.lua x.md",
            "exiftool -if 'system(\"CODE\")' x.jpg",
            "exiftool -p '${filename;system(\"CODE\")}' x.jpg",
            "convert '|CODE' x.png",
            "sox '|CODE' x.wav",
            "svn --config-option config:tunnels:x='CODE' ls svn+x://a",
            "python3 -m cProfile <(echo 'import os; os.system(\"CODE\")')",
            "xonsh -c '![CODE]'",
            "echo x | pee 'CODE'",
            "swaymsg exec -- 'CODE'",
            "msmtp --passwordeval='CODE' a@b",
            "printf ':0\\n| CODE\\n' > p; procmail ./p < mail",
            "matlab -r '!CODE'",
            "distrobox enter -n box -e CODE",
            "osascript -l JavaScript -e 'app.doShellScript(\"CODE\")'",
            "crystal eval '`CODE`'",
            "gforth -e 's\" CODE\" system bye'",
            "idl -e 'spawn,\"CODE\"'",
            "clickhouse-local -q \"select * from executable('CODE', TSV, 'x String')\"",
            "python3 -c 'import pickle; pickle.loads(b\"cos\\nsystem\\n(S\\\"CODE\\\"\\ntR.\")'",
            "python3 -c 'import yaml; yaml.unsafe_load(\"!!python/object/apply:os.system [CODE]\")'",
            "printf '#!/bin/sh\\nCODE\\n' > tools/bazel; chmod +x tools/bazel; bazel build //x",
            "kak -n -e 'nop %sh{CODE}'",
            "printf '[alias]\\n st = !CODE\\n' > g; git -c include.path=./g st",
            "KUBECTL_EXTERNAL_DIFF='CODE' kubectl diff -f x",
            "PSQLRC=<(echo '\\! CODE') psql",
            "printf 'data \"external\" \"x\" { program = [\"sh\",\"-c\",\"CODE\"] }' > x.tf; terraform plan",
            "declare -n r='a[$(CODE)]'; echo $r",
        ] {
            both(line);
        }
        check_all(
            &context(),
            &[
                (High, "openssl engine -t -pre SO_PATH:/tmp/x.so dynamic"),
                (Safe, "openssl engine -t"),
                (Safe, "rename -n 's/ /_/g' *"),
                (Safe, "perl -ne 'print if /a|b/' notes.txt"),
                (Safe, "perl -pe 's/\\|/,/g' rows.txt"),
                (Safe, "printf '.sy rm -rf /home\\n' | groff -Tascii"),
                (Safe, "psql -o out.txt -c 'select 1'"),
                (Safe, "pandoc --filter pandoc-crossref x.md -o x.pdf"),
                (Safe, "convert a.png b.jpg"),
                (Safe, "exiftool -p '$filename' x.jpg"),
                (Safe, "pppd call provider"),
            ],
        );
    }
}
