//! What a cmdlet or a method loads from another machine or from where anybody may write, what it hangs on something that
//! happens later, and what goes to a share: deeds that lie in a parameter, whatever the cmdlet.

use super::binding::Bound;
use super::cmdlets::is_share;
use super::data::{Data, Kind};
use super::{commands, slashes};
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::value::Origin;
use crate::safety::{EffectKind, TargetClass};

/// Calls of Windows that end or crash it. In lower case.
const STOPS: &[&str] = &[
    "rtlsetprocessiscritical",
    "ntraiseharderror",
    "exitwindowsex",
    "initiatesystemshutdown",
    "ntshutdownsystem",
    "ntsetsystempowerstate",
    "rtlsetthreadiscritical",
    "initiateshutdown",
];
/// Calls of Windows that reach into other programs or take their secrets. In lower case.
const REACHES: &[&str] = &[
    "virtualallocex",
    "writeprocessmemory",
    "createremotethread",
    "queueuserapc",
    "ntmapviewofsection",
    "virtualprotect",
    "minidumpwritedump",
    "setwindowshookex",
    "getasynckeystate",
    "amsiscanbuffer",
    "etweventwrite",
    "ntsetinformationprocess",
    "openprocesstoken",
    "duplicatetokenex",
    "lsaretrieveprivatedata",
    "credenumerate",
    "cryptunprotectdata",
    "samiconnect",
];

impl Machine<'_> {
    /// What the parameters of a cmdlet bring in or give away, beyond what its spec says.
    pub(super) fn loads_or_gives(&mut self, bound: &Bound<'_>, here: Span) {
        let name = bound.spec.name;
        let text = |parameter: &str, at: usize| bound.at(parameter, at).map(Data::to_text);
        if matches!(name, "Invoke-RestMethod" | "Invoke-WebRequest" | "Start-BitsTransfer")
            && let Some(address) = text("-Uri", 0).or_else(|| text("-Source", 0))
        {
            self.token_in_address(&address, here, name);
        }
        let loads = match name {
            "Add-Type" => {
                text("-Path", 9).or_else(|| text("-LiteralPath", 9)).or_else(|| text("-AssemblyName", 9))
            }
            "Import-Module" => text("-Name", 0).or_else(|| text("-Assembly", 9)),
            "Update-TypeData" | "Update-FormatData" => {
                text("-AppendPath", 0).or_else(|| text("-PrependPath", 9))
            }
            _ => None,
        };
        if let Some(path) = loads {
            self.loads_library(&path, name, here);
        }
        let script =
            if matches!(name, "Invoke-Command" | "Start-Job" | "Start-ThreadJob" | "Register-ScheduledJob") {
                text("-FilePath", 9)
            } else {
                None
            };
        if let Some(path) = script {
            match self.written_file(&path) {
                Some(code) => {
                    self.run_text(&code, here);
                }
                None => self.loads_library(&path, name, here),
            }
        }
        // A key that is written to another machine is given away.
        let to = ["-FilePath", "-OutFile", "-Destination", "-DestinationPath", "-LiteralPath"];
        let share =
            to.iter().find_map(|name| bound.get(name)).map(Data::to_text).filter(|path| is_share(path));
        if let Some(path) = share
            && (name.starts_with("Export-Pfx")
                || name.starts_with("Export-Cert")
                || name.starts_with("Export-Clixml"))
        {
            let target = self.target(TargetClass::Secret, "a key of this machine", here);
            self.emit(EffectKind::Send, target, false, name, here);
            let _ = path;
        }
        if matches!(name, "Sort-Object" | "Select-Object" | "Format-Table" | "Format-List" | "Rename-Item") {
            let blocks: Vec<Data> =
                bound.values().filter(|data| matches!(data, Data::Closure(_))).cloned().collect();
            self.given_blocks(&blocks);
        }
        if name == "Expand-Archive" {
            // What it holds comes from where the archive came from.
            let archive = text("-Path", 0).or_else(|| text("-LiteralPath", 9)).unwrap_or_default();
            let stem =
                archive.rsplit(['\\', '/']).next().unwrap_or_default().trim_end_matches(".zip").to_owned();
            let to = text("-DestinationPath", 1).unwrap_or(stem);
            if let Some(content) = self.written_file(&archive)
                && self.unknowns.comes_from(&content, Origin::Network)
                && self.files.len() < 32
            {
                let place = crate::safety::paths::locate(&slashes(&to), &self.state.cwd, self.ctx);
                self.files.push((format!("{}/", place.path.trim_end_matches('/')), content));
            }
        }
        if name == "New-Service" {
            let code = text("-BinaryPathName", 1).unwrap_or_default();
            self.kept_program(&code, here);
        }
    }

    /// Blocks that are given what is typed, each line of it.
    pub(super) fn hears_typing(&mut self, bound: &Bound<'_>, here: Span) {
        let named = |name: &str| {
            let listed = bound
                .named
                .iter()
                .find(|(flag, ..)| flag.names.iter().any(|known| known.eq_ignore_ascii_case(name)));
            let unlisted = bound.unlisted.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
            let block = || {
                bound
                    .positional
                    .iter()
                    .map(|(data, _)| data.clone())
                    .find(|data| matches!(data, Data::Closure(_)))
            };
            let unlisted = unlisted.and_then(|(_, value, _)| value.clone().or_else(block));
            listed.and_then(|(_, value, _)| value.clone()).or(unlisted)
        };
        let hears = ["-AddToHistoryHandler", "-CommandValidationHandler"].iter().find_map(|name| named(name));
        if let Some(Data::Closure(closure)) = hears {
            let typed = self.unknowns.hole("what you type", Origin::Secret).to_string();
            let given = vec![commands::Argument::positional(Data::text(typed.clone()), here)];
            self.invoke(&closure, &given, &[Data::text(typed)]);
        }
    }

    /// A library or module at a path.
    pub(super) fn loads_library(&mut self, path: &str, program: &str, here: Span) {
        let shown = self.unknowns.show(path);
        let lower = shown.to_lowercase();
        if is_share(&shown) || lower.starts_with("http:") || lower.starts_with("https:") {
            let target = self.target(TargetClass::Host, &shown, here);
            self.emit(EffectKind::RunCode, target, false, program, here);
        } else if is_anybodys(&lower) {
            let target = self.target(TargetClass::Unknown, program, here);
            self.emit_with(EffectKind::RunCode, target, false, program, here, "preload");
        }
    }

    /// A program that something keeps to run later: a service, a debugger.
    pub(super) fn kept_program(&mut self, code: &str, here: Span) {
        if code.is_empty() {
            return;
        }
        let memory = self.memory.clone();
        self.windows_command(code, here);
        self.memory = memory;
        let lower = code.to_lowercase();
        let hosts = ["powershell", "pwsh", "cmd", "mshta", "rundll32", "wscript", "cscript", "regsvr32"];
        let host = hosts.iter().any(|host| {
            lower.starts_with(host)
                || lower.contains(&format!("\\{host}"))
                || lower.contains(&format!(" {host}"))
        });
        if host || is_anybodys(&lower) {
            let target = self.target(TargetClass::ShellStartup, "a service", here);
            self.emit_with(EffectKind::Persist, target, false, "New-Service", here, "hidden");
        }
    }

    /// Calls into Windows itself that a class of the line names.
    pub(super) fn native_calls(&mut self, code: &str, here: Span) {
        let lower = code.to_lowercase();
        if !lower.contains("dllimport") {
            return;
        }
        if STOPS.iter().any(|call| lower.contains(call)) {
            let target = self.target(TargetClass::Unknown, "", here);
            self.emit(EffectKind::Shutdown, target, false, "Add-Type", here);
        }
        if let Some(call) = REACHES.iter().find(|call| lower.contains(**call)) {
            let target =
                self.target(TargetClass::Named, &format!("the walls between programs ({call})"), here);
            self.emit(EffectKind::DisableProtection, target, false, "Add-Type", here);
        }
    }

    /// Rights of a file as .NET sets them: a number, or names of flags.
    pub(super) fn unix_mode(&mut self, path: &str, mode: &Data, here: Span) {
        let text = mode.to_text().to_lowercase();
        let mode = match mode.to_number().or_else(|| text.trim().parse().ok()) {
            Some(number) => format!("{number:o}"),
            None => {
                let mut bits = 0_u32;
                for (name, bit) in [
                    ("setuser", 0o4000),
                    ("setgroup", 0o2000),
                    ("userread", 0o400),
                    ("userwrite", 0o200),
                    ("userexecute", 0o100),
                    ("groupread", 0o40),
                    ("groupwrite", 0o20),
                    ("groupexecute", 0o10),
                    ("otherread", 0o4),
                    ("otherwrite", 0o2),
                    ("otherexecute", 0o1),
                ] {
                    bits |= if text.contains(name) { bit } else { 0 };
                }
                format!("{bits:o}")
            }
        };
        let place = crate::safety::paths::locate(&slashes(path), &self.state.cwd, self.ctx);
        let target = self.target(place.class, &self.unknowns.show(&place.path), here);
        self.emit_with(EffectKind::Permission, target, false, "chmod", here, &mode);
    }

    /// A variable of the environment is set for all that is started later.
    pub(super) fn lasting_variable(&mut self, name: &str, value: &str, here: Span) {
        let upper = name.to_uppercase();
        let loads = matches!(
            upper.as_str(),
            "COR_ENABLE_PROFILING"
                | "COR_PROFILER"
                | "COR_PROFILER_PATH"
                | "CORECLR_PROFILER_PATH"
                | "DOTNET_STARTUP_HOOKS"
                | "COMSPEC"
                | "PSMODULEPATH"
                | "JAVA_TOOL_OPTIONS"
                | "NODE_OPTIONS"
                | "PYTHONSTARTUP"
                | "__PSLOCKDOWNPOLICY"
        );
        let found = upper == "PATH" && is_anybodys(&value.to_lowercase());
        if loads || found {
            let target = self.target(TargetClass::ShellStartup, name, here);
            self.emit_with(EffectKind::Persist, target, false, "setx", here, "hidden");
        }
    }

    /// Blocks that a method of .NET is given run when it likes: here and now.
    pub(super) fn given_blocks(&mut self, given: &[Data]) {
        for data in given.iter().take(8) {
            if let Data::Closure(closure) = data {
                let input = given
                    .iter()
                    .find(|other| !matches!(other, Data::Closure(_)))
                    .cloned()
                    .unwrap_or(Data::Null);
                let first = input.unrolled().into_iter().next().unwrap_or(Data::Null);
                let arguments = vec![commands::Argument::positional(first.clone(), Span::default())];
                self.invoke(&closure.clone(), &arguments, &[first]);
            }
        }
    }

    /// Data that a text of the line holds: JSON, a table, pairs.
    pub(super) fn read_data(
        &mut self,
        name: &str,
        text: &str,
        delimiter: Option<&str>,
        header: &[Data],
    ) -> Option<Data> {
        if crate::safety::value::has_hole(text) || text.len() > 4 * 1024 || !self.spend(1 + text.len() / 64) {
            return None;
        }
        match name {
            "ConvertFrom-Json" => {
                let value = self.data_of(text, "jq")?;
                Some(from_value(&value, 0))
            }
            "ConvertFrom-StringData" => {
                let pairs = text.lines().filter_map(|line| line.split_once('='));
                let pairs: Vec<(String, Data)> =
                    pairs.map(|(key, value)| (key.trim().to_owned(), Data::text(value.trim()))).collect();
                (!pairs.is_empty()).then(|| Data::Map(pairs.into()))
            }
            "ConvertFrom-Csv" => {
                let sign = delimiter.and_then(|text| text.chars().next()).unwrap_or(',');
                let split = |line: &str| -> Vec<String> {
                    line.split(sign).map(|cell| cell.trim().trim_matches('"').to_owned()).collect()
                };
                let mut lines = text.lines();
                let names = if header.is_empty() {
                    split(lines.next()?)
                } else {
                    header.iter().map(Data::to_text).collect()
                };
                let rows = lines.take(32).map(|line| {
                    let row: Vec<(String, Data)> =
                        names.iter().cloned().zip(split(line).into_iter().map(Data::text)).collect();
                    Data::Map(row.into())
                });
                Some(Data::list(rows.collect()))
            }
            _ => None,
        }
    }

    /// The root of every drive, as listings of drives give it.
    pub(super) fn all_drives() -> Data {
        Data::list(vec![Data::object(Kind::Item, "C:/")])
    }
}

/// A value of JSON as PowerShell has it.
fn from_value(value: &crate::safety::nu::Value, depth: u8) -> Data {
    use crate::safety::nu::Value;
    if depth > 8 {
        return Data::Null;
    }
    match value {
        Value::Nothing | Value::Closure(_) => Data::Null,
        Value::Bool(truth) => Data::Bool(*truth),
        Value::Int(number) => Data::Number(*number),
        Value::Text(text) => Data::text(text.clone()),
        Value::List(_) => {
            Data::list(value.elements().iter().take(64).map(|item| from_value(item, depth + 1)).collect())
        }
        Value::Record(record) => {
            let pairs =
                record.items.iter().take(64).map(|(key, item)| (key.clone(), from_value(item, depth + 1)));
            Data::Map(pairs.collect::<Vec<_>>().into())
        }
    }
}

/// True for a place on Windows where anybody may put a program. In lower case.
pub(super) fn is_anybodys(path: &str) -> bool {
    let path = path.replace('\\', "/");
    [
        "users/public",
        "/temp/",
        "appdata/local/temp",
        "$env:temp",
        "%temp%",
        "windows/tasks",
        "perflogs",
        "programdata/",
    ]
    .iter()
    .any(|place| path.contains(place))
        || path.starts_with("/tmp/")
}
