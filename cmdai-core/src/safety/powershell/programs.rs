//! Programs of Windows with a language of their own: what a spec cannot say as data.

use super::data::{Data, from_base64};
use super::slashes;
use crate::line::Span;
use crate::safety::machine::{Field, Flow, Machine};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass, paths};

impl Machine<'_> {
    /// What a program of Windows does by its own language; `None` where its spec says it all.
    pub(in crate::safety) fn known_to_windows(
        &mut self,
        program: &str,
        argv: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> Option<String> {
        let at = self.at(span);
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let has = |wanted: &str| lower.iter().any(|word| word == wanted);
        // `/v name`, `-v name`, `/v:name`
        let value = |flag: &str| {
            lower.iter().enumerate().find_map(|(index, word)| {
                let name = word.strip_prefix(['/', '-'])?;
                if name == flag {
                    return words.get(index + 1).map(|word| (*word).to_owned());
                }
                let rest = name.strip_prefix(flag)?.strip_prefix([':', '='])?;
                words[index].get(words[index].len() - rest.len()..).map(str::to_owned)
            })
        };
        let named = |machine: &Self, text: &str| machine.target(TargetClass::Named, text, at);
        match program {
            "reg" => {
                let key = words.get(1).copied().unwrap_or_default();
                let key = key.trim_end_matches('\\');
                match lower.first().map(String::as_str) {
                    Some("add") => {
                        self.record(argv, span);
                        let data = value("d").map(Data::Text);
                        self.registry_value(key, &value("v").unwrap_or_default(), data.as_ref(), at);
                    }
                    Some("delete") => {
                        self.record(argv, span);
                        let only = value("v");
                        let path = match &only {
                            Some(name) => format!("{}/{name}", slashes(key)),
                            None => slashes(key),
                        };
                        let whole = only.is_none() && !has("/ve");
                        self.touch(EffectKind::Delete, &path, at, whole, "reg");
                    }
                    Some("save" | "export") => {
                        self.record(argv, span);
                        let place = self.touch(EffectKind::Read, &slashes(key), at, true, "reg");
                        if place.is_some_and(|place| place.class == TargetClass::Secret) {
                            let target = named(self, "the passwords of this machine");
                            self.emit(EffectKind::DisableProtection, target, false, "reg", at);
                        }
                        if let Some(file) = words.get(2) {
                            self.touch(EffectKind::Overwrite, &slashes(file), at, false, "reg");
                        }
                    }
                    _ => return None,
                }
            }
            "wmic" => {
                self.record(argv, span);
                let about =
                    lower.iter().find(|word| !word.starts_with(['/', '\\'])).cloned().unwrap_or_default();
                let place = |name: &str| lower.iter().position(|word| word == name);
                if let Some(call) = place("call") {
                    let method = lower.get(call + 1).cloned().unwrap_or_default();
                    let rest = words.get(call + 2..).unwrap_or_default().join(" ");
                    let rest = rest.trim_matches(['"', '\'', ' ']).to_owned();
                    let class = if about == "os" {
                        "win32_operatingsystem".to_owned()
                    } else {
                        format!("win32_{about}")
                    };
                    self.cim_method(&class, &method, &[Data::Text(rest)], at);
                } else if place("delete").is_some() {
                    if about == "process" {
                        let target = self.target(TargetClass::Process, "processes", at);
                        self.emit(EffectKind::Kill, target, false, "wmic", at);
                    } else {
                        self.cim_method(&about, "delete", &[], at);
                    }
                } else if place("set").is_some() {
                    let target = named(self, &about);
                    self.emit(EffectKind::Configure, target, false, "wmic", at);
                }
            }
            "netsh" => {
                self.record(argv, span);
                let line = lower.join(" ");
                let off = (line.contains("advfirewall")
                    && (line.contains("state off") || line.contains(" reset")))
                    || (line.contains("firewall set opmode") && line.contains("disable"));
                let off = off || super::weakened::opens_firewall(&lower);
                let changes = ["set", "add", "delete", "reset", "import"].iter().any(|verb| has(verb));
                if off {
                    let target = named(self, "the firewall");
                    self.emit(EffectKind::DisableProtection, target, false, "netsh", at);
                } else if line.contains("portproxy add") || line.contains("portproxy set") {
                    let target = named(self, "a port of this machine, handed on to another");
                    self.emit(EffectKind::Expose, target, false, "netsh", at);
                } else if changes {
                    let target = named(self, "the network");
                    let off = has("disable")
                        || has("disabled")
                        || line.contains("admin=disable")
                        || line.contains("winsock reset");
                    let detail = if off { "cuts-off" } else { "" };
                    self.emit_with(EffectKind::Configure, target, false, "netsh", at, detail);
                } else if line.contains("key=clear") {
                    let target = self.target(TargetClass::Secret, "passwords of wireless networks", at);
                    self.emit(EffectKind::ReadSecret, target, false, "netsh", at);
                }
            }
            "sc" => {
                let acts =
                    matches!(lower.first().map(String::as_str), Some("stop" | "config" | "delete" | "pause"));
                let off =
                    lower.first().map(String::as_str) != Some("config") || has("disabled") || has("demand");
                if acts && off && words.get(1).is_some_and(|name| is_guard(name)) {
                    let target = named(self, words[1]);
                    self.emit(EffectKind::DisableProtection, target, false, "sc", at);
                }
                if let Some(index) = lower.iter().position(|word| word.starts_with("binpath=")) {
                    let inline = words[index].get("binpath=".len()..).unwrap_or_default();
                    let code = if inline.is_empty() {
                        words.get(index + 1).copied().unwrap_or_default()
                    } else {
                        inline
                    };
                    let code = code.to_owned();
                    self.windows_command(&code, at);
                    self.service_program(&code, "sc", at);
                }
                return None;
            }
            "net" | "net1" => {
                if has("stop") && words.get(1).is_some_and(|name| is_guard(name)) {
                    let target = named(self, words[1]);
                    self.emit(EffectKind::DisableProtection, target, false, "net", at);
                }
                let groups = matches!(lower.first().map(String::as_str), Some("localgroup" | "group"));
                if !(groups && has("/add")) {
                    return None;
                }
                self.record(argv, span);
                let group = words.get(1).copied().unwrap_or_default();
                self.joins_group(group, "net", at);
            }
            "certutil" => {
                self.record(argv, span);
                let operands: Vec<&str> =
                    words.iter().copied().filter(|word| !word.starts_with(['-', '/'])).collect();
                let url = operands.iter().position(|word| word.contains("://"));
                if let Some(index) = url {
                    let url = operands[index];
                    let file = operands
                        .get(index + 1)
                        .copied()
                        .unwrap_or_else(|| url.rsplit('/').next().unwrap_or_default());
                    self.fetched_into(url, file, at);
                } else if ["decode", "decodehex"]
                    .iter()
                    .any(|flag| has(&format!("-{flag}")) || has(&format!("/{flag}")))
                {
                    if let [from, to, ..] = operands[..] {
                        let content = self.read_path(&slashes(from), at, "certutil");
                        let inside: String =
                            content.lines().filter(|line| !line.starts_with("-----")).collect();
                        let decoded = match from_base64(&inside) {
                            Some(bytes) if !value::has_hole(&content) => super::data::decode(&bytes, "utf8"),
                            _ => content,
                        };
                        self.write_text(to, decoded, false, at, "certutil");
                    }
                } else if has("-addstore") || has("/addstore") {
                    let target = named(self, "whom this machine trusts");
                    self.emit(EffectKind::Configure, target, false, "certutil", at);
                } else if has("-delstore") || has("/delstore") || has("-delkey") {
                    let target = named(self, "a certificate");
                    self.emit(EffectKind::Delete, target, false, "certutil", at);
                }
            }
            "bitsadmin" => {
                self.record(argv, span);
                if let Some(index) = words.iter().position(|word| word.contains("://")) {
                    let file = words.get(index + 1).copied().unwrap_or_default().to_owned();
                    self.fetched_into(words[index], &file, at);
                }
                if has("/setnotifycmdline") {
                    let target = named(self, "a command after a download");
                    self.emit(EffectKind::Persist, target, false, "bitsadmin", at);
                }
            }
            "conhost" | "explorer" | "runscripthelper" => {
                let rest = words
                    .iter()
                    .copied()
                    .filter(|word| !word.starts_with("--"))
                    .collect::<Vec<_>>()
                    .join(" ");
                self.record(argv, span);
                self.windows_command(&rest, at);
            }
            "pcalua" => {
                self.record(argv, span);
                let program = value("a").unwrap_or_default();
                let rest = value("c").unwrap_or_default();
                self.windows_command(&format!("{program} {rest}"), at);
            }
            "logoff" | "tsdiscon" => {
                self.record(argv, span);
                let target = named(self, "somebody's session");
                self.emit(EffectKind::Interrupt, target, true, program, at);
            }
            "fsutil" if has("createnew") => {
                let size = words.last().and_then(|size| size.parse::<u64>().ok()).unwrap_or(0);
                if size > 100_000_000_000 {
                    self.record(argv, span);
                    let target = named(self, "the disk");
                    self.emit_with(EffectKind::Exhaust, target, true, "fsutil", at, "disk");
                }
            }
            "mshta" | "msiexec" | "regsvr32" | "wscript" | "cscript" | "installutil" | "msbuild"
            | "cmstp" | "odbcconf" | "presentationhost" | "ieexec" | "msxsl" | "rundll32" | "control"
            | "regasm" | "regsvcs" => {
                self.record(argv, span);
                let foreign = words.iter().find(|word| {
                    let word = word.to_lowercase();
                    (word.contains("http:") || word.contains("https:") || word.contains("ftp:"))
                        || (program != "msiexec" && word.starts_with(r"\\"))
                        || word.contains("javascript:")
                        || word.contains("vbscript:")
                });
                if let Some(foreign) = foreign {
                    let shown = self.unknowns.show(foreign);
                    let target = self.target(TargetClass::Host, &shown, at);
                    self.emit(EffectKind::RunCode, target, false, program, at);
                    return Some(String::new());
                }
                let line = lower.join(" ");
                if program == "rundll32" {
                    if line.contains("comsvcs")
                        && (line.contains("minidump") || line.contains("#24") || line.contains("#+24"))
                    {
                        let target = named(self, "the passwords that are in memory");
                        self.emit(EffectKind::DisableProtection, target, false, program, at);
                    } else if [
                        "shellexec_rundll",
                        "openurl",
                        "fileprotocolhandler",
                        "routethecall",
                        "launchapplication",
                    ]
                    .iter()
                    .any(|call| line.contains(call))
                    {
                        let rest = words.get(1..).unwrap_or_default().join(" ");
                        self.windows_command(&rest, at);
                    }
                    return Some(String::new());
                }
                let library = words.iter().find(|word| {
                    !word.starts_with(['/', '-'])
                        && word.contains('.')
                        && super::loading::is_anybodys(&word.to_lowercase())
                });
                if let Some(library) = library {
                    let library = (*library).to_owned();
                    self.loads_library(&library, program, at);
                }
                if let Some(file) = words.iter().find(|word| !word.starts_with(['/', '-']))
                    && let Some(content) = self.written_file(file)
                {
                    let code = content.clone();
                    self.report_unknown_code(&code, at);
                }
                if program == "msiexec" {
                    return None;
                }
            }
            "icacls" | "cacls" => {
                let wide = [
                    "everyone",
                    "*s-1-1-0",
                    "users",
                    "*s-1-5-32-545",
                    "authenticated users",
                    "builtin\\users",
                    "guest",
                    "jeder",
                ];
                let gives = lower.iter().enumerate().any(|(at, word)| {
                    word.split_once(':').is_some_and(|(who, rights)| {
                        let who = who.trim_matches('"');
                        // Without quotes the brackets are words of their own: `Everyone:(OI)(CI)F`.
                        let apart = match rights.is_empty() {
                            true => lower[at + 1..].iter().take(4).find(|word| {
                                matches!(word.trim_start_matches(value::is_hole), "f" | "m" | "w" | "rw")
                            }),
                            false => None,
                        };
                        let rights = apart.map_or(rights, |word| word);
                        let mut letters = rights.rsplit(')').next().unwrap_or_default().to_owned();
                        if letters.is_empty() {
                            letters = rights.to_owned();
                        }
                        wide.contains(&who) && letters.contains(['f', 'm', 'w'])
                    })
                });
                let grants =
                    lower.iter().any(|word| word.starts_with("/grant") || word == "/g" || word == "/p");
                if !(grants && gives) {
                    return None;
                }
                self.record(argv, span);
                let below = has("/t");
                let path = words.iter().find(|word| !word.starts_with('/')).copied().unwrap_or_default();
                let place = paths::locate(&slashes(path), &self.state.cwd, self.ctx);
                let target = self.target(place.class, &self.unknowns.show(&place.path), at);
                self.emit_with(EffectKind::Permission, target, below, "chmod", at, "777");
            }
            "forfiles" => {
                self.record(argv, span);
                let start = value("p").unwrap_or_else(|| ".".to_owned());
                let everything =
                    value("m").is_none_or(|mask| mask == "*" || mask == "*.*") && value("d").is_none();
                let name = if everything {
                    value::STAR.to_string()
                } else {
                    self.unknowns.hole("…", Origin::Program).to_string()
                };
                let path = format!("{}/{name}", slashes(&start).trim_end_matches('/'));
                if let Some(code) = value("c") {
                    let code = code.replace("@path", &path).replace("@file", &path).replace("@PATH", &path);
                    self.windows_command(&code, at);
                }
            }
            "diskpart" => {
                let script = match value("s") {
                    Some(file) => self.written_file(&file),
                    None => flow.input.map(str::to_owned),
                };
                let script = script?.to_lowercase();
                self.record(argv, span);
                let destroys = ["clean", "format", "delete", "convert", "create partition"]
                    .iter()
                    .any(|verb| script.lines().any(|line| line.trim_start().starts_with(verb)));
                if destroys || value::has_hole(&script) {
                    let target = self.target(TargetClass::Device, "a disk", at);
                    self.emit(EffectKind::WriteDevice, target, true, "diskpart", at);
                }
            }
            "schtasks" => {
                if has("/create")
                    && let Some(code) = value("tr")
                {
                    let memory = self.memory.clone();
                    self.windows_command(&code, at);
                    self.memory = memory;
                    let lower = code.to_lowercase();
                    let hidden = [
                        "-enc",
                        " -e ",
                        "-w hidden",
                        "-windowstyle hidden",
                        "mshta",
                        "users\\public",
                        "appdata\\local\\temp",
                        "-w 1 ",
                        "frombase64",
                    ];
                    if hidden.iter().any(|mark| lower.contains(mark)) {
                        let target = self.target(TargetClass::ShellStartup, "a scheduled task", at);
                        self.emit_with(EffectKind::Persist, target, false, "schtasks", at, "hidden");
                    }
                }
                return None;
            }
            "shutdown"
                if lower.iter().any(|word| word.starts_with('/'))
                    || self.ctx.os == crate::context::Os::Windows =>
            {
                self.record(argv, span);
                let stops = ["s", "r", "p", "h", "g", "sg", "hybrid", "o"];
                let told = lower
                    .iter()
                    .any(|word| word.strip_prefix(['/', '-']).is_some_and(|flag| stops.contains(&flag)));
                if told && !has("/a") && !has("-a") {
                    let target = self.target(TargetClass::Unknown, "", at);
                    // On another machine where one is named.
                    let far = lower.iter().any(|word| matches!(word.get(1..), Some("m" | "i")));
                    let again = ["/r", "-r", "/g", "-g"].iter().any(|flag| has(flag));
                    let detail = if again && !far { "again" } else { "" };
                    self.emit_with(EffectKind::Shutdown, target, false, "shutdown", at, detail);
                }
            }
            _ => return None,
        }
        Some(String::new())
    }

    /// Somebody becomes a member of a group; of some that is to rule the machine or the domain.
    pub(super) fn joins_group(&mut self, group: &str, program: &str, at: Span) {
        let lower = group.to_lowercase();
        let rules = [
            "admin",
            "operators",
            "remote desktop users",
            "remote management users",
            "s-1-5-32-544",
            "dnsadmins",
        ];
        let all = rules.iter().any(|part| lower.contains(part)) || value::has_hole(group);
        let target = self.target(TargetClass::Named, &self.unknowns.show(group), at);
        self.emit(EffectKind::Grant, target, all, program, at);
    }

    /// A file is fetched from an address.
    fn fetched_into(&mut self, url: &str, file: &str, at: Span) {
        let shown = self.unknowns.show(url);
        let target = self.target(TargetClass::Host, &shown, at);
        self.emit(EffectKind::Fetch, target, false, "certutil", at);
        let page = self.unknowns.hole(&format!("$(… {shown})"), Origin::Network).to_string();
        if !file.is_empty() {
            self.write_text(file, page, false, at, "certutil");
        }
    }
}

/// Services and features that guard Windows.
pub(super) fn is_guard(name: &str) -> bool {
    let lower = name.to_lowercase();
    matches!(
        lower.as_str(),
        "bfe"
            | "eventlog"
            | "mpssvc"
            | "msmpsvc"
            | "samss"
            | "sense"
            | "securityhealthservice"
            | "sgrmbroker"
            | "vss"
            | "wdnissvc"
            | "windefend"
            | "wscsvc"
            | "wdfilter"
            | "sysmon"
            | "sysmon64"
            | "mdcoresvc"
            | "swprv"
    ) || lower.starts_with("windows-defender")
}
