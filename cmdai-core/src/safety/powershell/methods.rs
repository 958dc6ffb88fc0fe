//! Members and methods of values: strings, lists, blocks, files and other objects.

use std::rc::Rc;

use super::commands::Argument;
use super::data::{Data, Kind, decode};
use super::operators::join;
use super::slashes;
use crate::context::Os;
use crate::line::Span;
use crate::safety::machine::{Machine, VALUE_BYTES};
use crate::safety::value;
use crate::safety::{EffectKind, TargetClass};
use crate::syntax::ir::{Access, Expression};

/// Bytes from which on a file takes up what others may need.
const LARGE: i64 = 10_000_000_000;

impl Machine<'_> {
    /// `value.name`
    pub(super) fn member(&mut self, held: &Data, name: &str) -> Data {
        let lower = name.to_lowercase();
        match (held, lower.as_str()) {
            (Data::Text(text), "length" | "count") if !value::has_hole(text) => {
                Data::Number(text.chars().count() as i64)
            }
            (Data::List(list), "length" | "count") => Data::Number(list.len() as i64),
            (Data::Bytes(bytes), "length" | "count") => Data::Number(bytes.len() as i64),
            // A member of each, as PowerShell takes it of a list.
            (Data::List(list), _) => {
                let list: Vec<Data> = list.iter().take(256).map(|item| self.member(item, name)).collect();
                Data::list(list)
            }
            (Data::Map(map), _) => {
                let found = map.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
                match (found, lower.as_str()) {
                    (Some((_, value)), _) => value.clone(),
                    (None, "keys") => {
                        Data::list(map.iter().map(|(key, _)| Data::text(key.clone())).collect())
                    }
                    (None, "values") => Data::list(map.iter().map(|(_, value)| value.clone()).collect()),
                    (None, "count") => Data::Number(map.len() as i64),
                    _ => Data::Null,
                }
            }
            (Data::Object(object), _) => {
                if let Some((_, value)) = object.fields.iter().rev().find(|(known, _)| *known == lower) {
                    return value.clone();
                }
                match (&object.of, lower.as_str()) {
                    // Where a disk lies below its file system.
                    (Kind::Cim, "deviceid" | "name")
                        if object.text.to_lowercase().contains("win32_diskdrive") =>
                    {
                        Data::text(r"\\.\PHYSICALDRIVE0")
                    }
                    // Where PSReadLine keeps what was typed.
                    (_, "historysavepath") => Data::object(Kind::Item, HISTORY),
                    (
                        Kind::Item,
                        "fullname" | "path" | "pspath" | "name" | "literalpath" | "basename" | "target"
                        | "providerpath" | "pschildname" | "value",
                    ) => held.clone(),
                    (Kind::Item, "root") if object.text.as_bytes().get(1) == Some(&b':') => {
                        let drive: String = object.text.chars().take(2).collect();
                        Data::object(Kind::Item, format!("{drive}/"))
                    }
                    (Kind::Item, "directory" | "directoryname" | "parent" | "psparentpath" | "root") => {
                        let text = slashes(&object.text);
                        let parent = text.rsplit_once('/').map_or(".", |(parent, _)| parent).to_owned();
                        Data::object(Kind::Item, parent)
                    }
                    (Kind::Command, "source" | "path" | "definition") if is_program(&object.text) => {
                        // Where it was installed, as near as can be told.
                        let name = object.text.trim_end_matches(".exe");
                        let path = match self.ctx.os {
                            Os::Windows => format!("C:/Program Files/{name}/{name}.exe"),
                            _ => format!("/usr/bin/{name}"),
                        };
                        Data::text(path)
                    }
                    (Kind::Command, "name" | "definition" | "source" | "path" | "resolvedcommandname") => {
                        Data::text(object.text.clone())
                    }
                    (Kind::Command | Kind::Invoker, "scriptblock" | "invokecommand") => held.clone(),
                    (Kind::Made, "text") => Data::text(object.text.clone()),
                    (Kind::Made, _) => held.clone(),
                    (Kind::Item, "count" | "length") => self.unknown(&format!("$(…).{name}"), &[]),
                    (_, "count" | "length") => self.unknown(&format!("$(…).{name}"), &[]),
                    _ => held.clone(),
                }
            }
            (Data::Closure(_) | Data::Null, _) => held.clone(),
            (Data::Type(_), "assembly" | "name" | "fullname" | "basetype" | "module") => held.clone(),
            (Data::Text(text), _) if !value::has_hole(text) => match lower.as_str() {
                // `$PROFILE.AllUsersAllHosts`: each of them is a profile.
                "allusersallhosts"
                | "alluserscurrenthost"
                | "currentuserallhosts"
                | "currentusercurrenthost" => held.clone(),
                // Text that stands for a path is asked for its name like a file.
                "fullname" | "name" | "path" | "value" | "pspath" | "innertext" | "#text" => held.clone(),
                _ => self.unknown(&format!("$(…).{name}"), &[held]),
            },
            _ => {
                let shown = format!("{}.{name}", self.unknowns.show(&held.to_text()));
                self.unknown(&shown, &[held])
            }
        }
    }

    /// `value.name(…)`
    pub(super) fn call_method(&mut self, held: &Data, name: &str, given: &[Data], span: Span) -> Data {
        let lower = name.to_lowercase();
        let lower = lower.as_str();
        let first = given.first().map(Data::to_text);
        if matches!(lower, "add" | "run" | "startnew" | "queueuserworkitem" | "begininvoke" | "post")
            || lower.starts_with("add_")
        {
            self.given_blocks(given);
        }
        if matches!(lower, "add" | "addrange" | "append" | "enqueue" | "push" | "writebyte")
            && self.memory.endless
            && !given.iter().all(|data| matches!(data, Data::Number(_)))
        {
            let target = self.target(TargetClass::Named, "memory", span);
            self.emit_with(EffectKind::Exhaust, target, false, "PowerShell", span, "memory");
        }
        // A database, a table, by the objects of its server.
        let drops = matches!(lower, "drop" | "dropifexists") && given.is_empty() || lower == "killdatabase";
        if drops && !matches!(held, Data::Number(_)) {
            let target = self.target(TargetClass::Named, &self.unknowns.show(&held.to_text()), span);
            self.emit(EffectKind::DropData, target, true, "PowerShell", span);
        }
        if lower == "setlength"
            && given.first().is_some_and(|data| !matches!(data, Data::Number(bytes) if *bytes < LARGE))
        {
            let target = self.target(TargetClass::Named, "as much of a disk as it names", span);
            self.emit_with(EffectKind::Exhaust, target, false, "PowerShell", span, "much");
        }
        match (lower, held) {
            ("invoke" | "invokereturnasis" | "invokewithcontext", Data::Closure(closure)) => {
                let arguments: Vec<Argument> =
                    given.iter().map(|data| Argument::positional(data.clone(), span)).collect();
                return Data::of(self.invoke(&closure.clone(), &arguments, &[]));
            }
            ("getnewclosure" | "getpowershell" | "ast" | "endblock", Data::Closure(_)) => {
                return held.clone();
            }
            ("foreach", _) => return self.each_of(held, given, false, span),
            ("where", _) => return self.each_of(held, given, true, span),
            // A window that asks for a password, and the password in what it gives.
            ("promptforcredential" | "readlineassecurestring" | "getnetworkcredential", held) => {
                let hole = self.unknowns.hole("$(what is typed as a password)", value::Origin::Secret);
                // What a program or a file has given for one may hold any password; of a variable nobody knows.
                let given = self.origin_of(held).is_some_and(|origin| origin >= value::Origin::Program);
                return if lower == "getnetworkcredential" && held.is_unknown() && !given {
                    held.clone()
                } else {
                    Data::text(hole.to_string())
                };
            }
            // What a store of passwords holds.
            ("retrieveall" | "retrievepassword" | "findallbyresource" | "findallbyusername", _) => {
                let hole = self.unknowns.hole("$(the stored passwords)", value::Origin::Secret);
                return Data::text(hole.to_string());
            }
            ("gettype", _) => return Data::Type(String::new()),
            ("tostring", Data::Object(object)) if object.text.contains("stringbuilder") => {
                let text = object.fields.iter().find(|(name, _)| name == "text");
                return text.map_or(Data::text(""), |(_, text)| text.clone());
            }
            ("tostring", Data::Closure(_)) => return held.clone(),
            ("tostring", Data::Number(number)) => {
                let form = first.unwrap_or_default().to_ascii_lowercase();
                return Data::text(match form.strip_prefix('x') {
                    Some(width) => {
                        let width = width.parse::<usize>().unwrap_or(0).min(16);
                        format!("{number:0width$X}")
                    }
                    None => number.to_string(),
                });
            }
            ("tostring", _) => return Data::text(held.to_text()),
            _ => {}
        }
        match held {
            Data::Object(object) => self.object_method(object, lower, given, span),
            Data::Type(of) => self.reflection(of, lower, given, span),
            Data::List(list) if !list.is_empty() && !is_list_method(lower) => {
                // A method of each.
                let results =
                    list.iter().take(64).map(|item| self.call_method(item, name, given, span)).collect();
                Data::list(results)
            }
            _ => self.text_method(held, lower, given).unwrap_or_else(|| {
                // The object is not known, the name may still say what is done to it.
                self.unknown_method(held, lower, given, span);
                let shown = format!("{}.{name}()", self.unknowns.show(&held.to_text()));
                self.unknown(&shown, &[held])
            }),
        }
    }

    fn each_of(&mut self, held: &Data, given: &[Data], filters: bool, span: Span) -> Data {
        let closure = match given.first() {
            Some(Data::Closure(closure)) => closure.clone(),
            // A method or member by its name: `.ForEach('Delete')`.
            Some(Data::Text(name)) if !filters => {
                let items = held.clone().unrolled().into_iter().take(super::ROUNDS);
                let rest = given.get(1..).unwrap_or_default();
                return Data::list(items.map(|item| self.call_method(&item, name, rest, span)).collect());
            }
            _ => return held.clone(),
        };
        let mut output = Vec::new();
        for item in held.clone().unrolled().into_iter().take(super::ROUNDS) {
            let written = self.invoke(&closure, &[], std::slice::from_ref(&item));
            if !filters {
                output.extend(written);
            } else if Data::of(written).to_bool() != Some(false) {
                output.push(item);
            }
        }
        Data::list(output)
    }

    fn text_method(&mut self, held: &Data, name: &str, given: &[Data]) -> Option<Data> {
        if let Data::List(list) = held {
            return match name {
                "contains" | "indexof" | "add" | "addrange" | "clear" | "reverse" | "sort" | "push"
                | "enqueue" => Some(Data::Null),
                "toarray" | "clone" | "getenumerator" => Some(Data::List(list.clone())),
                _ => None,
            };
        }
        let text = match held {
            Data::Text(_) | Data::Letter(_) | Data::Number(_) => held.to_text(),
            _ => return None,
        };
        let first = given.first().map(Data::to_text).unwrap_or_default();
        let at =
            |index: usize| given.get(index).and_then(Data::to_number).and_then(|at| usize::try_from(at).ok());
        let known = !value::has_hole(&text);
        let letters = |from: usize, count: usize| text.chars().skip(from).take(count).collect::<String>();
        Some(match name {
            "replace" => {
                let new = given.get(1).map(Data::to_text).unwrap_or_default();
                if first.is_empty() {
                    return Some(held.clone());
                }
                Data::Text(value::replaced(&text, &first, &new, true)?)
            }
            "tolower" | "tolowerinvariant" => Data::Text(text.to_lowercase()),
            "toupper" | "toupperinvariant" => Data::Text(text.to_uppercase()),
            "trim" | "trimstart" | "trimend" => {
                let set: Vec<char> = first.chars().collect();
                let gone = |letter: char| {
                    if set.is_empty() { letter.is_whitespace() } else { set.contains(&letter) }
                };
                Data::text(match name {
                    "trim" => text.trim_matches(gone),
                    "trimstart" => text.trim_start_matches(gone),
                    _ => text.trim_end_matches(gone),
                })
            }
            "substring" if known => Data::Text(letters(at(0)?, at(1).unwrap_or(usize::MAX))),
            "remove" if known => {
                let (from, count) = (at(0)?, at(1).unwrap_or(usize::MAX));
                Data::Text(letters(0, from) + &letters(from.saturating_add(count), usize::MAX))
            }
            "insert" if known => {
                let from = at(0)?;
                let more = given.get(1).map(Data::to_text).unwrap_or_default();
                Data::Text(letters(0, from) + &more + &letters(from, usize::MAX))
            }
            "padleft" | "padright" if known => {
                let width = at(0)?.min(VALUE_BYTES);
                let fill =
                    given.get(1).map(Data::to_text).and_then(|fill| fill.chars().next()).unwrap_or(' ');
                let more: String =
                    std::iter::repeat_n(fill, width.saturating_sub(text.chars().count())).collect();
                Data::Text(if name == "padleft" { more + &text } else { text + &more })
            }
            "tochararray" if known => Data::list(held.letters()),
            "split" => {
                let set: Vec<char> = match given.first() {
                    Some(Data::List(list)) => {
                        list.iter().flat_map(|item| item.to_text().chars().collect::<Vec<_>>()).collect()
                    }
                    Some(other) => other.to_text().chars().collect(),
                    None => vec![' ', '\t', '\n'],
                };
                let splits = |letter: char| set.contains(&letter);
                Data::list(text.split(splits).take(4096).map(Data::text).collect())
            }
            "indexof" | "lastindexof" if known => {
                let lower = text.find(&first).map(|at| text[..at].chars().count() as i64);
                Data::Number(lower.unwrap_or(-1))
            }
            "contains" if known => Data::Bool(text.contains(&first)),
            "startswith" if known => Data::Bool(text.starts_with(&first)),
            "endswith" if known => Data::Bool(text.ends_with(&first)),
            "equals" if known => Data::Bool(text == first),
            "normalize" | "clone" => held.clone(),
            "chars" | "get_chars" if known => self.index(held, given.first()?),
            "getenumerator" if known => Data::list(held.letters()),
            "getstring" => held.clone(),
            _ => return None,
        })
    }

    fn object_method(
        &mut self,
        object: &Rc<super::data::Object>,
        name: &str,
        given: &[Data],
        span: Span,
    ) -> Data {
        let held = Data::Object(object.clone());
        let first = given.first().map(Data::to_text).unwrap_or_default();
        let text = object.text.clone();
        match &object.of {
            Kind::Encoding => {
                return match (name, given.first()) {
                    ("getstring", Some(bytes)) if bytes.is_unknown() => bytes.clone(),
                    ("getstring", Some(bytes)) => match byte_list(bytes) {
                        Some(bytes) => Data::Text(decode(&bytes, &text)),
                        None => self.unknown("$(…)", &[bytes]),
                    },
                    ("getbytes", Some(from)) if from.is_unknown() => from.clone(),
                    ("getbytes", Some(from)) => Data::Bytes(encode(&from.to_text(), &text).into()),
                    _ => held,
                };
            }
            Kind::Invoker => {
                return match name {
                    "invokescript" | "invoke" => Data::of(self.run_text(&first, span)),
                    "newscriptblock" => self.block_of(&first),
                    "expandstring" => {
                        let quoted = format!("\"{}\"", first.replace('"', "\"\""));
                        Data::of(self.run_text(&quoted, span))
                    }
                    "getcommand" | "getcmdlet" | "getcmdlets" | "getcommandname" => {
                        self.find_commands(&first)
                    }
                    _ => held,
                };
            }
            Kind::Item => match name {
                "delete" => {
                    let below = given.first().is_some_and(|deep| deep.to_bool() == Some(true));
                    self.touch_item(EffectKind::Delete, &text, span, below, "Delete");
                }
                "moveto" => {
                    self.touch_item(EffectKind::Move, &text, span, true, "Move-Item");
                    self.touch_item(EffectKind::Create, &first, span, false, "Move-Item");
                }
                "copyto" => self.touch_item(EffectKind::Create, &first, span, false, "Copy-Item"),
                "deletesubkeytree" | "deletesubkey" | "deletevalue" => {
                    let path = format!("{}/{first}", slashes(&text));
                    self.touch_item(
                        EffectKind::Delete,
                        &path,
                        span,
                        name == "deletesubkeytree",
                        "Remove-Item",
                    );
                }
                "setvalue" => self.registry_value(&text, &first, given.get(1), span),
                "opensubkey" | "createsubkey" => {
                    return Data::object(Kind::Item, format!("{}/{first}", slashes(&text)));
                }
                "tolower" | "toupper" | "replace" | "trim" | "substring" | "split" | "contains"
                | "startswith" | "endswith" => {
                    return self.text_method(&Data::Text(text), name, given).unwrap_or(held);
                }
                _ => {}
            },
            Kind::Process => {
                if matches!(name, "kill" | "closemainwindow" | "terminate") {
                    let target = self.target(TargetClass::Process, &self.unknowns.show(&text), span);
                    self.emit(EffectKind::Kill, target, false, "Stop-Process", span);
                }
            }
            Kind::Service => {
                self.service_method(&text, name, given, span);
                if matches!(name, "stop" | "pause" | "delete" | "stopservice" | "change") {
                    let target = self.target(TargetClass::Named, &self.unknowns.show(&text), span);
                    self.emit(EffectKind::Configure, target, false, "Stop-Service", span);
                }
            }
            Kind::Cim | Kind::Disk | Kind::Thing => self.cim_method(&text, name, given, span),
            Kind::Command => {
                if matches!(name, "invoke" | "invokereturnasis") {
                    let arguments: Vec<Argument> =
                        given.iter().map(|data| Argument::positional(data.clone(), span)).collect();
                    return Data::of(self.run_command(&text, arguments, span, &[]));
                }
            }
            Kind::Made => return self.made_method(object, name, given, span),
        }
        held
    }

    /// A method by its name alone.
    fn unknown_method(&mut self, held: &Data, name: &str, given: &[Data], span: Span) {
        let shown = self.unknowns.show(&held.to_text());
        let first = given.first().map(Data::to_text).unwrap_or_default();
        match name {
            "delete" | "deletesubkeytree" | "deletefile" | "deletefolder" => {
                let named = if first.is_empty() || given.first().is_some_and(|data| data.to_bool().is_some())
                {
                    held.to_text()
                } else {
                    first
                };
                let below = given.iter().any(|data| matches!(data, Data::Bool(true)));
                self.touch_item(EffectKind::Delete, &named, span, below, "Delete");
            }
            "kill" | "terminate" => {
                let target = self.target(TargetClass::Process, &shown, span);
                self.emit(EffectKind::Kill, target, false, "Stop-Process", span);
            }
            "downloadstring" | "downloaddata" => {
                let target = self.target(TargetClass::Host, &first, span);
                self.emit(EffectKind::Fetch, target, false, "WebClient", span);
            }
            "downloadfile" | "uploadfile" | "uploadstring" | "uploaddata" => {
                let client = super::data::Object {
                    of: Kind::Made,
                    text: "net.webclient".to_owned(),
                    fields: Vec::new(),
                };
                self.made_method(&Rc::new(client), name, given, span);
            }
            "load" | "loadfrom" | "unsafeloadfrom"
                if self.unknowns.origin(&first) >= Some(value::Origin::Network) =>
            {
                self.report_unknown_code(&first, span);
            }
            "clearlog" => {
                let target = self.target(TargetClass::Named, &first, span);
                self.emit(EffectKind::HideTraces, target, false, "wevtutil", span);
            }
            "invoke" | "dynamicinvoke" | "invokescript" | "entrypoint" if held.is_unknown() => {
                let code = held.to_text();
                if self.unknowns.origin(&code) >= Some(value::Origin::Network) {
                    self.report_unknown_code(&code, span);
                }
                let target = self.target(TargetClass::Unknown, &shown, span);
                self.emit(EffectKind::RunCode, target, false, "PowerShell", span);
                self.unresolved += 1;
            }
            _ => {}
        }
    }

    /// `[Ref].Assembly.GetType('…AmsiUtils').GetField('amsiInitFailed', …).SetValue($null, $true)`
    fn reflection(&mut self, of: &str, name: &str, given: &[Data], span: Span) -> Data {
        let first = given.first().map(Data::to_text).unwrap_or_default();
        let lower = first.to_lowercase();
        let guards = ["amsi", "scriptblocklogging", "cachedgrouppolicysettings", "etwprovider"];
        if guards.iter().any(|guard| lower.contains(guard)) {
            let target = self.target(TargetClass::Named, "the scanning of scripts", span);
            self.emit(EffectKind::DisableProtection, target, false, "PowerShell", span);
        }
        match name {
            "gettype" => Data::Type(super::data::type_name(&first)),
            "getmethod" | "getmember" => Data::object(Kind::Made, format!("method:{of}:{first}")),
            "invokemember" => self.static_call(&Data::Type(of.to_owned()), &first, &last_list(given), span),
            "create" | "new" => self.static_call(&Data::Type(of.to_owned()), name, given, span),
            _ => Data::Type(of.to_owned()),
        }
    }

    /// `value.name = …`
    pub(super) fn assign_member(&mut self, value: &Expression, steps: &[Access], new: Data, span: Span) {
        let span = self.at(span);
        let Some((last, before)) = steps.split_last() else { return };
        if let Data::Closure(closure) = &new {
            // A block that an object keeps is run when something happens to it.
            let memory = self.memory.clone();
            self.invoke(&closure.clone(), &[], &[]);
            self.memory = memory;
        }
        let mut held = self.value(value);
        for step in before {
            if let Access::Member { name, .. } = step {
                let name = self.value(name).to_text();
                held = self.member(&held, &name);
            }
        }
        match last {
            Access::Index(at) => {
                let at = self.value(at);
                let changed = match (&held, at.to_number()) {
                    (Data::Map(map), _) => {
                        let mut map = (**map).clone();
                        map.push((at.to_text(), new));
                        Some(Data::Map(map.into()))
                    }
                    (Data::List(list), Some(number)) => {
                        let mut list = (**list).clone();
                        if let Some(slot) = usize::try_from(number).ok().and_then(|at| list.get_mut(at)) {
                            *slot = new;
                        }
                        Some(Data::list(list))
                    }
                    _ => None,
                };
                if let (Some(changed), true) = (changed, before.is_empty()) {
                    self.set_named(value, changed);
                }
            }
            Access::Member { name, is_static } => {
                let name = self.value(name).to_text().to_lowercase();
                if let (Data::Type(of), true) = (&held, *is_static) {
                    if of.ends_with("servicepointmanager") && name == "servercertificatevalidationcallback" {
                        let target = self.target(TargetClass::Named, "the check of certificates", span);
                        self.emit(EffectKind::Configure, target, false, "PowerShell", span);
                    }
                    return;
                }
                match &held {
                    Data::Map(map) => {
                        let mut map = (**map).clone();
                        map.push((name, new));
                        if before.is_empty() {
                            self.set_named(value, Data::Map(map.into()));
                        }
                    }
                    Data::Object(object) => {
                        let mut object = (**object).clone();
                        if object.of == Kind::Item && matches!(name.as_str(), "isreadonly" | "attributes") {
                            return;
                        }
                        if name == "commandtext" {
                            // A statement is made to be run.
                            let statement = new.to_text();
                            self.sql(&statement, "sqlcmd", span);
                        }
                        object.fields.push((name, new));
                        // `$p.StartInfo.FileName` is kept with the process.
                        if before.is_empty() || object.of == Kind::Made {
                            self.set_named(value, Data::Object(object.into()));
                        }
                    }
                    _ => {}
                }
            }
            Access::Call { .. } => {}
        }
    }

    fn set_named(&mut self, target: &Expression, new: Data) {
        use crate::syntax::ir::{ExpressionKind, Part, PartKind};
        if let ExpressionKind::Word(word) = &target.kind
            && let [Part { kind: PartKind::Parameter(parameter), .. }] = &word.parts[..]
        {
            self.remember(&parameter.name.clone(), new);
        }
    }
}

/// The file of PSReadLine with all that was typed.
const HISTORY: &str = "~/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt";

/// The last argument, as a list of arguments.
fn last_list(given: &[Data]) -> Vec<Data> {
    given.last().cloned().map(Data::unrolled).unwrap_or_default()
}

fn is_list_method(name: &str) -> bool {
    matches!(
        name,
        "add"
            | "addrange"
            | "clear"
            | "reverse"
            | "sort"
            | "toarray"
            | "clone"
            | "getenumerator"
            | "contains"
            | "indexof"
            | "push"
            | "enqueue"
    )
}

/// A value as bytes.
pub(super) fn byte_list(data: &Data) -> Option<Vec<u8>> {
    match data {
        Data::Bytes(bytes) => Some((**bytes).clone()),
        Data::List(list) => {
            list.iter().map(|item| item.to_number().and_then(|number| u8::try_from(number).ok())).collect()
        }
        Data::Number(number) => u8::try_from(*number).ok().map(|byte| vec![byte]),
        _ => None,
    }
}

fn encode(text: &str, encoding: &str) -> Vec<u8> {
    let name = encoding.to_ascii_lowercase();
    if name.contains("bigendian") {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else if name.contains("unicode") {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else {
        text.as_bytes().to_vec()
    }
}

/// The texts of a list, joined by blanks.
pub(super) fn words(data: &Data) -> String {
    join(data, " ").to_text()
}

/// True for a name that no cmdlet has: of a program that was installed.
fn is_program(name: &str) -> bool {
    let plain = !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '+'));
    let found = crate::specs::lookup_in(name, crate::line::Dialect::PowerShell);
    plain && found.is_none_or(|found| !crate::specs::is_own(found, crate::line::Dialect::PowerShell))
}
