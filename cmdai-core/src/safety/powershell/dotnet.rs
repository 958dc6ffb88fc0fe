//! Static members of .NET types.

use super::commands::Argument;
use super::data::{Data, Kind, from_base64, type_name};
use super::methods::{byte_list, words};
use super::operators::join;
use super::{pattern, slashes};
use crate::line::Span;
use crate::safety::machine::{Machine, VALUE_BYTES};
use crate::safety::value::{self, HOME, STAR};
use crate::safety::{EffectKind, TargetClass};

impl Machine<'_> {
    /// `[type]::name`
    pub(super) fn static_member(&mut self, held: &Data, name: &str) -> Data {
        let Data::Type(of) = held else { return self.member(held, name) };
        let lower = name.to_lowercase();
        match (of.as_str(), lower.as_str()) {
            ("text.encoding" | "text.asciiencoding" | "text.utf8encoding" | "text.unicodeencoding", _) => {
                Data::object(Kind::Encoding, lower)
            }
            ("string", "empty") => Data::text(""),
            ("environment", "newline") => Data::text("\n"),
            ("environment", "currentdirectory") => Data::text("."),
            ("environment", "systemdirectory") => Data::text(r"C:\Windows\system32"),
            ("io.path", "directoryseparatorchar") => Data::text("\\"),
            ("int" | "int32", "maxvalue") => Data::Number(i64::from(i32::MAX)),
            ("microsoft.win32.registry", _) => {
                let hive = match lower.as_str() {
                    "localmachine" => "HKLM:",
                    "currentuser" => "HKCU:",
                    "classesroot" => "HKCR:",
                    _ => "HKU:",
                };
                Data::object(Kind::Item, hive)
            }
            _ => self.unknown(&format!("[{of}]::{name}"), &[]),
        }
    }

    /// `[type]::name(…)`
    pub(super) fn static_call(&mut self, held: &Data, name: &str, given: &[Data], span: Span) -> Data {
        let of = match held {
            Data::Type(of) => of.clone(),
            // A type that is held by name, as `$t = 'IO.File' -as [type]` has it.
            Data::Text(text) => type_name(text),
            other => return self.call_method(other, name, given, span),
        };
        let lower = name.to_lowercase();
        let first = given.first().cloned().unwrap_or(Data::Null);
        let text = first.to_text();
        let second = given.get(1).map(Data::to_text).unwrap_or_default();
        let of = of.strip_prefix("microsoft.visualbasic.").unwrap_or(&of);
        if of.starts_with("threading")
            || of.starts_with("linq")
            || matches!(of, "array" | "system.threading.tasks.task")
        {
            self.given_blocks(given);
        }
        match (of, lower.as_str()) {
            (_, "new") => self.make(of, given, span),
            ("io.driveinfo", "getdrives") => Self::all_drives(),
            (_, "insert" | "replace") if of.ends_with("psconsolereadline") => {
                // What is put into the line that is being typed is run with it.
                self.run_text(&given.last().map(Data::to_text).unwrap_or_default(), span);
                Data::Null
            }
            ("reflection.assembly", "loadfile" | "loadfrom" | "unsafeloadfrom")
                if !first.is_unknown() && !text.is_empty() =>
            {
                self.loads_library(&text, "Assembly", span);
                self.loads_code(&first, span);
                Data::Null
            }
            ("convert", _) => self.convert(&lower, given),
            ("text.encoding", "getencoding") => Data::object(Kind::Encoding, text),
            ("uri", "unescapedatastring" | "unescapestring")
            | ("web.httputility" | "net.webutility", "urldecode" | "htmldecode") => {
                unpercented(&text).map_or(first, Data::Text)
            }
            ("string", "join") => {
                let list = if given.len() == 2 {
                    given[1].clone()
                } else {
                    Data::list(given.iter().skip(1).cloned().collect())
                };
                join(&list, &text)
            }
            ("string", "concat") => {
                let list = if given.len() == 1 { first } else { Data::list(given.to_vec()) };
                join(&list, "")
            }
            ("string", "format") => {
                let rest = if given.len() == 2 {
                    given[1].clone()
                } else {
                    Data::list(given.iter().skip(1).cloned().collect())
                };
                self.format(&first, &rest).unwrap_or_else(|| Data::text(text))
            }
            ("string", "isnullorempty" | "isnullorwhitespace") if !first.is_unknown() => {
                Data::Bool(text.trim().is_empty())
            }
            ("char", "convertfromutf32") => self.cast("char", first),
            ("char", "parse" | "tostring") => Data::text(text),
            ("regex" | "text.regularexpressions.regex", _) => self.regex(&lower, given, span),
            ("array", "reverse" | "sort") => Data::Null,
            ("io.path", "combine" | "join") => {
                let parts: Vec<String> = given
                    .iter()
                    .flat_map(|data| data.clone().unrolled())
                    .map(|data| data.to_text().trim_end_matches(['\\', '/']).to_owned())
                    .collect();
                Data::text(parts.join("\\"))
            }
            ("io.path", "gettemppath") => Data::text(format!(r"{HOME}\AppData\Local\Temp\")),
            ("io.path", "gettempfilename" | "getrandomfilename") => {
                Data::text(format!(r"{HOME}\AppData\Local\Temp\tmp.tmp"))
            }
            ("io.path", "getfilename" | "getfilenamewithoutextension") => {
                Data::text(slashes(&text).rsplit('/').next().unwrap_or_default())
            }
            ("io.path", "getdirectoryname") => {
                Data::text(slashes(&text).rsplit_once('/').map_or("", |(folder, _)| folder))
            }
            ("io.path", _) => first,
            ("io.file" | "io.directory" | "fileio.filesystem", _) => self.file_call(of, &lower, given, span),
            ("environment", "getenvironmentvariable") => match self.environment(&text) {
                Some(value) => value,
                None => self.unknown(&format!("$env:{text}"), &[]),
            },
            // Tokens lie among them.
            ("environment", "getenvironmentvariables") => {
                Data::text(self.unknowns.hole("the environment", value::Origin::Secret).to_string())
            }
            ("environment", "getfolderpath") => Data::text(special_folder(&text.to_lowercase())),
            ("environment", "expandenvironmentvariables") => Data::text(self.expand_percent(&text)),
            ("environment", "setenvironmentvariable") => {
                if given.get(2).is_some_and(|scope| !scope.to_text().eq_ignore_ascii_case("process")) {
                    let target = self.target(TargetClass::Named, &text, span);
                    // Without what was in it, no program is found any more.
                    let machine =
                        given.get(2).is_some_and(|scope| scope.to_text().eq_ignore_ascii_case("machine"));
                    let all = text.eq_ignore_ascii_case("path")
                        && machine
                        && !value::has_hole(&second)
                        && !second.to_ascii_lowercase().contains("system32");
                    self.emit_with(
                        EffectKind::Configure,
                        target,
                        false,
                        "setx",
                        span,
                        if all { "boot" } else { "" },
                    );
                    self.lasting_variable(&text, &second, span);
                }
                Data::Null
            }
            ("diagnostics.process", "start") => {
                let (program, rest) = match &first {
                    Data::Object(object) => {
                        let field = |name: &str| {
                            object
                                .fields
                                .iter()
                                .rev()
                                .find(|(known, _)| known == name)
                                .map(|(_, data)| data.to_text())
                        };
                        (field("filename").unwrap_or_default(), field("arguments").unwrap_or_default())
                    }
                    _ => (text, given.get(1).map(words).unwrap_or_default()),
                };
                self.start_program(&program, &rest, span)
            }
            ("security.cryptography.protecteddata", "unprotect") => {
                // What Windows keeps for the user alone.
                Data::text(self.unknowns.hole("$(a secret of the user)", value::Origin::Secret).to_string())
            }
            ("interaction", "shell") => self.start_program(&text, "", span),
            ("diagnostics.process", "getprocesses" | "getprocessesbyname" | "getprocessbyid") => {
                Data::object(Kind::Process, if text.is_empty() { STAR.to_string() } else { text })
            }
            ("reflection.assembly", "load" | "loadfile" | "loadfrom" | "unsafeloadfrom") => {
                self.loads_code(&first, span);
                Data::object(Kind::Made, "assembly")
            }
            ("scriptblock" | "management.automation.scriptblock", "create") => self.block_of(&text),
            ("powershell" | "management.automation.powershell", "create") => {
                Data::object(Kind::Made, "powershell")
            }
            ("runspacefactory" | "management.automation.runspaces.runspacefactory", _) => {
                Data::object(Kind::Made, "powershell")
            }
            ("activator", "createinstance") => {
                let of = match &first {
                    Data::Type(of) => of.clone(),
                    _ => type_name(&text),
                };
                self.make(&of, given.get(1..).unwrap_or_default(), span)
            }
            ("type", "gettype") => Data::Type(type_name(&text)),
            ("type", "gettypefromprogid" | "gettypefromclsid") => {
                Data::Type(format!("com:{}", text.to_lowercase()))
            }
            ("net.webrequest" | "net.httpwebrequest", "create" | "createhttp") => {
                let target = self.target(TargetClass::Host, &self.unknowns.show(&text), span);
                self.emit(EffectKind::Fetch, target, false, "WebRequest", span);
                Data::text(self.unknowns.hole(&format!("$(…{text})"), value::Origin::Network).to_string())
            }
            (
                "runtime.interopservices.marshal",
                "getdelegateforfunctionpointer" | "copy" | "writeint32" | "writebyte",
            ) => {
                let target = self.target(TargetClass::Unknown, "machine code", span);
                self.emit(EffectKind::RunCode, target, false, "PowerShell", span);
                self.unknown("$(machine code)", &[])
            }
            ("runtime.interopservices.marshal", "ptrtostringauto" | "ptrtostringbstr" | "ptrtostringuni") => {
                first
            }
            ("runtime.interopservices.marshal", _) => first,
            ("microsoft.win32.registry", "setvalue") => {
                self.registry_value(&text, &second, given.get(2), span);
                Data::Null
            }
            ("io.compression.zipfile", "extracttodirectory") => {
                self.touch_item(EffectKind::Create, &second, span, false, "Expand-Archive");
                Data::Null
            }
            ("io.compression.zipfile", "createfromdirectory") => {
                self.touch_item(EffectKind::Overwrite, &second, span, false, "Compress-Archive");
                Data::Null
            }
            ("windows.forms.clipboard" | "console" | "gc" | "threading.thread" | "math", _) => {
                self.unknown(&format!("[{of}]::{name}()"), &[])
            }
            _ => {
                // A type of the line's own, or one that nobody here knows.
                if let Some((_, closure)) = self.memory.functions.iter().find(|(known, _)| known == of) {
                    let closure = closure.clone();
                    return Data::of(self.invoke(&closure, &[], &[]));
                }
                let from: Vec<&Data> = given.iter().collect();
                self.unknown(&format!("[{of}]::{name}()"), &from)
            }
        }
    }

    fn convert(&mut self, name: &str, given: &[Data]) -> Data {
        let first = given.first().cloned().unwrap_or(Data::Null);
        if first.is_unknown() {
            return first;
        }
        let text = first.to_text();
        match name {
            "frombase64string" => match from_base64(&text) {
                Some(bytes) => Data::Bytes(bytes.into()),
                None => self.unknown("$(…)", &[]),
            },
            "fromhexstring" => {
                let pairs = text.as_bytes().chunks(2);
                let bytes: Option<Vec<u8>> = pairs
                    .map(|pair| {
                        std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())
                    })
                    .collect();
                bytes.map_or_else(|| first, |bytes| Data::Bytes(bytes.into()))
            }
            "tobase64string" => self.unknown("$(base64)", &[&first]),
            "tochar" => self.cast("char", first),
            "tostring" => match (first.to_number(), given.get(1).and_then(Data::to_number)) {
                (Some(number), Some(16)) => Data::text(format!("{number:x}")),
                _ => Data::text(text),
            },
            _ => {
                let base = given.get(1).and_then(Data::to_number).and_then(|base| u32::try_from(base).ok());
                let number = match base {
                    Some(base @ (2 | 8 | 16)) => {
                        let digits = text.trim_start_matches("0x").trim_start_matches("0X");
                        i64::from_str_radix(digits, base).ok()
                    }
                    _ => first.to_number(),
                };
                number.map_or_else(|| self.unknown("$(…)", &[]), Data::Number)
            }
        }
    }

    fn regex(&mut self, name: &str, given: &[Data], at: Span) -> Data {
        let text = given.first().cloned().unwrap_or(Data::Null);
        let with = given.get(1).map(Data::to_text).unwrap_or_default();
        match name {
            "replace" if matches!(given.get(2), Some(Data::Closure(_))) => {
                let Some(Data::Closure(closure)) = given.get(2).cloned() else { return text };
                let whole = text.to_text();
                let found = pattern::find_all(&with, &whole, false, &mut self.fuel).unwrap_or_default();
                let mut out = String::new();
                let mut from = 0;
                for span in found.into_iter().take(super::ROUNDS) {
                    let matched = Data::text(whole.get(span.clone()).unwrap_or_default());
                    let argument = Argument::positional(matched.clone(), at);
                    let new = self.invoke(&closure, &[argument], &[matched]);
                    out.push_str(whole.get(from..span.start).unwrap_or_default());
                    out.push_str(&Data::of(new).to_text());
                    from = span.end;
                }
                out.push_str(whole.get(from..).unwrap_or_default());
                Data::Text(out)
            }
            "replace" => {
                let new = given.get(2).cloned().unwrap_or(Data::Null);
                self.replace(&text, &Data::list(vec![Data::Text(with), new]))
            }
            "split" => self.split(&text, &Data::Text(with)),
            "match" | "matches" => {
                let whole = text.to_text();
                let found = if text.is_unknown() {
                    None
                } else {
                    pattern::find_all(&with, &whole, false, &mut self.fuel)
                };
                let Some(found) = found else { return self.unknown("$(…)", &[&text]) };
                let backwards = given
                    .get(2)
                    .is_some_and(|options| options.to_text().to_lowercase().contains("righttoleft"));
                let mut found: Vec<Data> = found
                    .into_iter()
                    .take(super::OBJECTS)
                    .map(|span| Data::text(whole.get(span).unwrap_or_default()))
                    .collect();
                if backwards {
                    found.reverse();
                }
                if name == "match" {
                    found.into_iter().next().unwrap_or(Data::Null)
                } else {
                    Data::list(found)
                }
            }
            "unescape" | "escape" => text,
            _ => self.unknown("$(…)", &[&text]),
        }
    }

    fn file_call(&mut self, of: &str, name: &str, given: &[Data], span: Span) -> Data {
        let path = given.first().map(Data::to_text).unwrap_or_default();
        let second = given.get(1).map(Data::to_text).unwrap_or_default();
        let is_folder = of == "io.directory" || name.contains("directory");
        match name {
            "delete" | "deletefile" | "deletedirectory" => {
                let recycles =
                    given.iter().any(|data| data.to_text().to_lowercase().contains("sendtorecyclebin"));
                let deep = is_folder
                    && (given.get(1).is_some_and(|deep| deep.to_bool() != Some(false))
                        || of == "fileio.filesystem");
                self.touch_item(EffectKind::Delete, &path, span, deep && !recycles, "Delete");
            }
            "move" | "movefile" | "movedirectory" | "replace" => {
                self.touch_item(EffectKind::Move, &path, span, true, "Move-Item");
                self.touch_item(EffectKind::Overwrite, &second, span, false, "Move-Item");
            }
            "copy" | "copyfile" | "copydirectory" => {
                self.touch_item(EffectKind::Read, &path, span, false, "Copy-Item");
                self.touch_item(EffectKind::Overwrite, &second, span, false, "Copy-Item");
            }
            "writealltext" | "writealllines" | "writeallbytes" | "create" | "createtext" | "openwrite" => {
                let content = given.get(1).map(|data| match data {
                    Data::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    other => join(other, "\n").to_text(),
                });
                self.write_text(&path, content.unwrap_or_default(), false, span, "WriteAllText");
            }
            "appendalltext" | "appendalllines" | "appendtext" => {
                self.write_text(&path, second, true, span, "AppendAllText");
            }
            "open" => {
                let mode = second.to_lowercase();
                let kind = if mode.contains("create") || mode.contains("truncate") {
                    EffectKind::Overwrite
                } else {
                    EffectKind::Read
                };
                self.touch_item(kind, &path, span, false, "Open");
            }
            "readalltext" | "readalllines" | "readallbytes" | "readlines" | "openread" | "opentext" => {
                return Data::text(self.read_path(&slashes(&path), span, "Get-Content"));
            }
            "createdirectory" => self.touch_item(EffectKind::Create, &path, span, false, "mkdir"),
            "getfiles"
            | "getdirectories"
            | "enumeratefiles"
            | "enumeratedirectories"
            | "getfilesystementries" => {
                let start = slashes(&path);
                let start = start.trim_end_matches('/');
                let narrows = !second.is_empty() && second != "*" && second != "*.*";
                let name = if narrows { second.replace('*', &STAR.to_string()) } else { STAR.to_string() };
                let deep = given.iter().any(|data| data.to_text().eq_ignore_ascii_case("alldirectories"));
                return Data::object(
                    Kind::Item,
                    match (deep, narrows) {
                        (false, _) => format!("{start}/{name}"),
                        (true, false) => format!("{start}/{STAR}{STAR}"),
                        (true, true) => format!("{start}/{STAR}{STAR}/{name}"),
                    },
                );
            }
            "exists" => return self.unknown("$(… exists)", &[]),
            "setaccesscontrol" => {
                let place = crate::safety::paths::locate(&slashes(&path), &self.state.cwd, self.ctx);
                let target = self.target(place.class, &self.unknowns.show(&place.path), span);
                self.emit(EffectKind::Permission, target, false, "Set-Acl", span);
            }
            "setcurrentdirectory" => {
                self.state.cwd = crate::safety::paths::enter(&slashes(&path), &self.state.cwd, self.ctx);
            }
            "getlogicaldrives" => return Self::all_drives(),
            "setunixfilemode" => {
                let mode = given.get(1).cloned().unwrap_or(Data::Null);
                self.unix_mode(&path, &mode, span);
            }
            "encrypt" => self.touch_item(EffectKind::Overwrite, &path, span, false, "cipher"),
            _ => {}
        }
        Data::Null
    }

    /// A program is started from .NET: `Process.Start('cmd', '/c …')`.
    pub(super) fn start_program(&mut self, program: &str, rest: &str, span: Span) -> Data {
        let mut line = program.to_owned();
        if !rest.is_empty() {
            line.push(' ');
            line.push_str(rest);
        }
        self.windows_command(&line, span);
        Data::object(Kind::Process, program)
    }

    /// Machine code or a library is loaded that the line does not show.
    pub(super) fn loads_code(&mut self, code: &Data, span: Span) {
        let text = code.to_text();
        match self.unknowns.origin(&text) {
            Some(_) => self.report_unknown_code(&text, span),
            None => {
                let shown = if matches!(code, Data::Bytes(_)) { "machine code".to_owned() } else { text };
                let target = self.target(TargetClass::Unknown, &shown, span);
                self.emit(EffectKind::RunCode, target, false, "PowerShell", span);
            }
        }
    }

    /// `%NAME%` in a text.
    pub(in crate::safety) fn expand_percent(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let Some(end) = after.find('%') else {
                out.push('%');
                rest = after;
                continue;
            };
            let whole = &after[..end];
            // `%NAME:~1,2%` and `%NAME:a=b%` change what they take.
            let (name, change) =
                whole.split_once(':').map_or((whole, None), |(name, change)| (name, Some(change)));
            if end == 0 || name.contains([' ', '\\', '"']) || out.len() > VALUE_BYTES {
                out.push('%');
                rest = after;
                continue;
            }
            let value = match self.environment(name) {
                Some(value) => changed(&value.to_text(), change),
                None => None,
            };
            match value {
                Some(value) => out.push_str(&value),
                None => out.push(self.unknowns.hole(&format!("%{name}%"), value::Origin::Variable)),
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        out
    }

    /// Runs what a member such as `[powershell]::Create().AddScript(…)` gathered.
    pub(super) fn gathered(&mut self, fields: &[(String, Data)], span: Span) -> Data {
        let mut output = Data::Null;
        let mut steps: Vec<(&str, &Data, Vec<Argument>)> = Vec::new();
        for (name, data) in fields {
            let command = steps.last_mut();
            match name.as_str() {
                "addscript" | "addcommand" => steps.push((name, data, Vec::new())),
                "addargument" => {
                    if let Some((.., arguments)) = command {
                        arguments.push(Argument::positional(data.clone(), span));
                    }
                }
                "addparameter" | "addparameters" => {
                    let Some((.., arguments)) = command else { continue };
                    let given = match data {
                        Data::Map(map) => map.to_vec(),
                        Data::List(list) if name == "addparameters" => {
                            arguments
                                .extend(list.iter().map(|value| Argument::positional(value.clone(), span)));
                            continue;
                        }
                        Data::List(list) => {
                            let text = list.first().map(Data::to_text).unwrap_or_default();
                            // Without a value it is a switch.
                            vec![(text, list.get(1).cloned().unwrap_or(Data::Bool(true)))]
                        }
                        _ => continue,
                    };
                    arguments.extend(given.into_iter().map(|(name, value)| {
                        let name = name.trim_start_matches('-').to_owned();
                        Argument { name: Some(name), value: Some(value), span, bare: false }
                    }));
                }
                _ => {}
            }
        }
        for (step, code, arguments) in steps {
            let given = match code {
                Data::Text(text) if step == "addscript" && !arguments.is_empty() => self.block_of(text),
                other => other.clone(),
            };
            output = Data::of(match &given {
                Data::Closure(closure) => self.invoke(closure, &arguments, &[]),
                text if step == "addscript" => self.run_text(&text.to_text(), span),
                name => self.run_command(&name.to_text(), arguments, span, &[]),
            });
        }
        output
    }
}

/// True for a member by which a runspace is told what to run, step by step.
pub(super) fn is_gathered(name: &str) -> bool {
    matches!(name, "addscript" | "addcommand" | "addargument" | "addparameter" | "addparameters")
}

/// What such a step is given: a parameter has a name and a value.
pub(super) fn gathered_from(name: &str, given: &[Data]) -> Data {
    match name {
        "addparameter" => Data::list(given.to_vec()),
        _ => given.first().cloned().unwrap_or(Data::Null),
    }
}

/// `~from,count` or `old=new` applied.
fn changed(text: &str, change: Option<&str>) -> Option<String> {
    let Some(change) = change else { return Some(text.to_owned()) };
    let letters: Vec<char> = text.chars().collect();
    if let Some(range) = change.strip_prefix('~') {
        let (from, count) = range.split_once(',').map_or((range, None), |(from, count)| (from, Some(count)));
        let from: i64 = from.trim().parse().ok()?;
        let size = letters.len() as i64;
        let from = if from < 0 { (size + from).max(0) } else { from.min(size) };
        let end = match count.map(|count| count.trim().parse::<i64>()) {
            None => size,
            Some(Ok(count)) if count < 0 => (size + count).max(from),
            Some(Ok(count)) => (from.saturating_add(count)).min(size),
            Some(Err(_)) => return None,
        };
        return Some(letters.get(from as usize..end as usize)?.iter().collect());
    }
    let (old, new) = change.split_once('=')?;
    if old.is_empty() { None } else { value::replaced(text, old, new, true) }
}

fn special_folder(name: &str) -> String {
    match name {
        "windows" => r"C:\Windows".to_owned(),
        "system" => r"C:\Windows\System32".to_owned(),
        "programfiles" => r"C:\Program Files".to_owned(),
        "commonapplicationdata" => r"C:\ProgramData".to_owned(),
        "applicationdata" => format!(r"{HOME}\AppData\Roaming"),
        "localapplicationdata" => format!(r"{HOME}\AppData\Local"),
        "startup" => format!(r"{HOME}\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup"),
        "commonstartup" => r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Startup".to_owned(),
        "userprofile" => HOME.to_string(),
        "desktop" | "desktopdirectory" => format!(r"{HOME}\Desktop"),
        "mydocuments" | "personal" => format!(r"{HOME}\Documents"),
        other => format!(r"{HOME}\{other}"),
    }
}

/// Bytes that a decompressing or reading object holds.
pub(super) fn held_bytes(data: &Data) -> Option<Vec<u8>> {
    match data {
        Data::Object(object) => {
            object.fields.iter().find(|(name, _)| name == "bytes").and_then(|(_, held)| byte_list(held))
        }
        other => byte_list(other),
    }
}

/// `%41` as `A`.
fn unpercented(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match code.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| byte == b'%') {
            Some(code) => {
                bytes.push(code);
                rest = after.get(2..)?;
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
