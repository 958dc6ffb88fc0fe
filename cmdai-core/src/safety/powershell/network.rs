//! Objects that are made: web clients, streams, processes, COM servers, and those of WMI.

use std::rc::Rc;

use super::binding::Bound;
use super::csharp;
use super::data::{Data, Kind, Object, decode, type_name};
use super::dotnet::{gathered_from, held_bytes, is_gathered};
use super::slashes;
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::value::Origin;
use crate::safety::{EffectKind, TargetClass};

/// Registry values that hold a protection up, each with the data that takes it down: `*` is any.
const PROTECTIONS: &[(&str, &str)] = &[
    ("amsienable", "0"),
    ("consentpromptbehavioradmin", "0"),
    ("disableantispyware", "1"),
    ("disableantivirus", "1"),
    ("disablebehaviormonitoring", "1"),
    ("disableioavprotection", "1"),
    ("disablerealtimemonitoring", "1"),
    ("disablescriptscanning", "1"),
    ("enablefirewall", "0"),
    ("enablelua", "0"),
    ("enablemodulelogging", "0"),
    ("enablescriptblocklogging", "0"),
    ("enablesmartscreen", "0"),
    ("enabletranscripting", "0"),
    ("enablevirtualizationbasedsecurity", "0"),
    ("fdenytsconnections", "0"),
    ("limitblankpassworduse", "0"),
    ("lmcompatibilitylevel", "0"),
    ("localaccounttokenfilterpolicy", "1"),
    ("noautoupdate", "1"),
    ("promptonsecuredesktop", "0"),
    ("requiresecuritysignature", "0"),
    ("runasppl", "0"),
    ("smartscreenenabled", "off"),
    ("tamperprotection", "*"),
    ("uselogoncredential", "1"),
];

impl Machine<'_> {
    /// `New-Object type(…)` and `[type]::new(…)`.
    pub(super) fn make(&mut self, of: &str, given: &[Data], span: Span) -> Data {
        let of = of.strip_prefix("system.").unwrap_or(of);
        let first = given.first().cloned().unwrap_or(Data::Null);
        let text = first.to_text();
        let mut fields = Vec::new();
        match of {
            "net.sockets.tcpclient"
            | "net.sockets.udpclient"
            | "net.sockets.socket"
            | "net.websockets.clientwebsocket" => {
                let shown = format!("the connection to {}", self.unknowns.show(&text));
                return Data::text(self.unknowns.hole(&shown, Origin::Socket).to_string());
            }
            "security.accesscontrol.filesystemaccessrule" | "security.accesscontrol.registryaccessrule" => {
                let whom = text.to_lowercase();
                let rights = given.get(1).map(Data::to_text).unwrap_or_default().to_lowercase();
                let all = ["everyone", "authenticated users", "users", "s-1-1-0"]
                    .iter()
                    .any(|all| whom.ends_with(all));
                if all && ["fullcontrol", "modify", "write"].iter().any(|right| rights.contains(right)) {
                    let target = self.target(TargetClass::Named, "what this rule is set on", span);
                    self.emit(EffectKind::Expose, target, false, "Set-Acl", span);
                }
                return Data::object(Kind::Made, "rule");
            }
            "net.sockets.tcplistener" | "net.httplistener" => {
                return Data::text(self.unknowns.hole("whoever connects", Origin::Socket).to_string());
            }
            "net.sockets.networkstream"
            | "io.streamwriter"
            | "net.security.sslstream"
            | "io.bufferedstream"
                if first.is_unknown() =>
            {
                return first;
            }
            "io.streamwriter" => self.touch_item(EffectKind::Overwrite, &text, span, false, "StreamWriter"),
            _ if of.starts_with("com:") && (of.contains("xmlhttp") || of.contains("winhttp")) => {
                return Data::text(self.unknowns.hole("what the server sends", Origin::Network).to_string());
            }
            "io.fileinfo" | "io.directoryinfo" => return Data::object(Kind::Item, text),
            "text.asciiencoding" | "text.utf8encoding" => return Data::object(Kind::Encoding, "utf8"),
            "text.unicodeencoding" => return Data::object(Kind::Encoding, "unicode"),
            "string" => {
                return match (&first, given.get(1).and_then(Data::to_number)) {
                    (Data::List(_), _) => super::operators::join(&first, ""),
                    (_, Some(times)) => self.binary("*", Data::text(text), Data::Number(times)),
                    _ => first,
                };
            }
            "regex" | "text.regularexpressions.regex" => fields.push(("pattern".to_owned(), first)),
            "uri" => return first,
            "collections.arraylist" | "object[]" | "collections.generic.queue" | "collections.stack" => {
                return Data::list(first.unrolled());
            }
            _ if of.starts_with("collections.generic.list") => return Data::list(first.unrolled()),
            "hashtable"
            | "collections.hashtable"
            | "psobject"
            | "pscustomobject"
            | "management.automation.psobject" => {
                return match first {
                    Data::Map(map) => Data::Map(map),
                    _ => Data::Map(Vec::new().into()),
                };
            }
            "io.memorystream" => {
                if first.is_unknown() {
                    return first;
                }
                if let Some(bytes) = held_bytes(&first) {
                    fields.push(("bytes".to_owned(), Data::Bytes(bytes.into())));
                }
            }
            "io.compression.gzipstream" | "io.compression.deflatestream" | "io.compression.zlibstream" => {
                if first.is_unknown() {
                    return first;
                }
                let unpacked = held_bytes(&first).and_then(|bytes| unpack(&bytes));
                let held = match unpacked {
                    Some(bytes) => Data::Bytes(bytes.into()),
                    None => return self.unknown("$(unpacked data)", &[]),
                };
                fields.push(("bytes".to_owned(), held));
            }
            "io.streamreader" | "io.binaryreader" => {
                if first.is_unknown() {
                    return first;
                }
                match held_bytes(&first) {
                    Some(bytes) => fields.push(("bytes".to_owned(), Data::Bytes(bytes.into()))),
                    None => {
                        let content = self.read_path(&slashes(&text), span, "Get-Content");
                        return Data::text(content);
                    }
                }
            }
            // What is sent is what it was made of.
            "net.http.stringcontent" | "net.http.bytearraycontent" | "net.http.streamcontent" => {
                return first;
            }
            "data.sqlclient.sqlcommand"
            | "data.odbc.odbccommand"
            | "data.oledb.oledbcommand"
            | "data.sqlite.sqlitecommand"
                if !text.is_empty() =>
            {
                self.sql(&text, "sqlcmd", span);
            }
            "diagnostics.processstartinfo" => {
                fields.push(("filename".to_owned(), first));
                fields.push(("arguments".to_owned(), given.get(1).cloned().unwrap_or(Data::Null)));
            }
            _ => {}
        }
        Data::Object(Rc::new(Object { of: Kind::Made, text: of.to_owned(), fields }))
    }

    pub(super) fn made_method(
        &mut self,
        object: &Rc<Object>,
        name: &str,
        given: &[Data],
        span: Span,
    ) -> Data {
        let held = Data::Object(object.clone());
        let text = |at: usize| given.get(at).map(Data::to_text).unwrap_or_default();
        let first = text(0);
        let of = object.text.as_str();
        let field = |name: &str| {
            object.fields.iter().rev().find(|(known, _)| known == name).map(|(_, data)| data.clone())
        };
        match (of, name) {
            (
                _,
                "downloadstring"
                | "downloaddata"
                | "downloadstringtaskasync"
                | "openread"
                | "getstringasync"
                | "getasync"
                | "getbytearrayasync"
                | "getstreamasync"
                | "downloadstringasync",
            ) => {
                let shown = self.unknowns.show(&first);
                let target = self.target(TargetClass::Host, &shown, span);
                self.emit(EffectKind::Fetch, target, false, "WebClient", span);
                return Data::text(self.unknowns.hole(&format!("$(… {shown})"), Origin::Network).to_string());
            }
            (_, "downloadfile" | "downloadfileasync" | "downloadfiletaskasync") => {
                let shown = self.unknowns.show(&first);
                let target = self.target(TargetClass::Host, &shown, span);
                self.emit(EffectKind::Fetch, target, false, "WebClient", span);
                let page = self.unknowns.hole(&format!("$(… {shown})"), Origin::Network).to_string();
                self.write_text(&text(1), page, false, span, "WebClient");
            }
            (
                _,
                "uploadfile" | "uploadstring" | "uploaddata" | "uploadvalues" | "postasync" | "putasync"
                | "uploadfileasync",
            ) => {
                let shown = self.unknowns.show(&first);
                let target = self.target(TargetClass::Host, &shown, span);
                self.emit(EffectKind::Send, target, false, "WebClient", span);
                for data in given.iter().skip(1) {
                    let text = data.to_text();
                    let content = if name.starts_with("uploadfile") {
                        self.read_path(&slashes(&text), span, "WebClient")
                    } else {
                        text.clone()
                    };
                    self.sends(&content, &text, span, "WebClient");
                }
            }
            (_, "shellexecute" | "executeshellcommand") => {
                let rest = if name == "shellexecute" { text(1) } else { text(2) };
                return self.start_program(&first, &rest, span);
            }
            ("regex" | "text.regularexpressions.regex", _) => {
                let pattern = field("pattern").unwrap_or(Data::Null);
                let mut arguments = given.to_vec();
                arguments.insert(1.min(arguments.len()), pattern);
                return self.static_call(&Data::Type("regex".to_owned()), name, &arguments, span);
            }
            (_, "deletetask" | "deletefolder")
                if of.starts_with("com:schedule") || object.fields.is_empty() && name == "deletetask" =>
            {
                let shown = self.unknowns.show(&first);
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Interrupt, target, true, "schtasks", span);
            }
            ("com:wscript.shell", "run" | "exec") => return self.start_program(&first, "", span),
            ("com:wscript.shell", "regwrite") => {
                let (path, value) = first.rsplit_once('\\').unwrap_or((&first, ""));
                self.registry_value(path, value, given.get(1), span);
            }
            ("com:wscript.shell", "regdelete") => {
                self.touch_item(EffectKind::Delete, &first, span, first.ends_with('\\'), "reg");
            }
            ("com:wscript.shell", "createshortcut") => {
                self.touch_item(EffectKind::Create, &first, span, false, "CreateShortcut");
            }
            ("com:shell.application", "shutdownwindows") => {
                let target = self.target(TargetClass::Unknown, "", span);
                self.emit(EffectKind::Shutdown, target, false, "Stop-Computer", span);
            }
            ("com:scripting.filesystemobject", "deletefile" | "deletefolder") => {
                self.touch_item(EffectKind::Delete, &first, span, name == "deletefolder", "Delete");
            }
            ("com:scripting.filesystemobject", "movefile" | "movefolder") => {
                self.touch_item(EffectKind::Move, &first, span, true, "Move-Item");
            }
            ("com:scripting.filesystemobject", "copyfile" | "copyfolder") => {
                self.touch_item(EffectKind::Overwrite, &text(1), span, false, "Copy-Item");
            }
            ("com:scripting.filesystemobject", "createtextfile" | "opentextfile") => {
                self.touch_item(EffectKind::Create, &first, span, false, "CreateTextFile");
            }
            (_, "registertaskdefinition" | "registertask") => {
                let target = self.target(TargetClass::Named, &first, span);
                self.emit(EffectKind::Persist, target, false, "schtasks", span);
            }
            ("powershell", _) if is_gathered(name) => {
                let mut object = (**object).clone();
                object.fields.push((name.to_owned(), gathered_from(name, given)));
                return Data::Object(object.into());
            }
            ("powershell", "invoke" | "begininvoke" | "invokeasync") => {
                return self.gathered(&object.fields.clone(), span);
            }
            ("powershell", "createpipeline") => {
                let mut object = (**object).clone();
                object.fields.push(("addscript".to_owned(), given.first().cloned().unwrap_or(Data::Null)));
                return Data::Object(object.into());
            }
            ("diagnostics.process" | "diagnostics.processstartinfo", "start") => {
                let info = field("startinfo");
                let from = match &info {
                    Some(Data::Object(info)) => info.clone(),
                    _ => object.clone(),
                };
                let of = |name: &str| {
                    let found = from.fields.iter().rev().find(|(known, _)| known == name);
                    found.map(|(_, data)| data.to_text()).unwrap_or_default()
                };
                return self.start_program(&of("filename"), &of("arguments"), span);
            }
            (_, "readtoend" | "readline" | "readallbytes" | "toarray" | "readtoendasync" | "getbuffer") => {
                return match (field("bytes"), name) {
                    (Some(bytes), "toarray" | "readallbytes" | "getbuffer") => bytes,
                    (Some(Data::Bytes(bytes)), _) => Data::Text(decode(&bytes, "utf8")),
                    _ => self.unknown("$(…)", &[]),
                };
            }
            (_, "send" | "sendmailasync") if of.contains("smtp") => {
                let target = self.target(TargetClass::Host, "a mail server", span);
                self.emit(EffectKind::Send, target, false, "Send-MailMessage", span);
                for data in given {
                    let text = data.to_text();
                    self.sends(&text, &text, span, "Send-MailMessage");
                }
            }
            (_, "invoke") if of.starts_with("method:") => {
                let mut names = of.splitn(3, ':').skip(1);
                let (of, name) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
                let arguments = given.last().cloned().map(Data::unrolled).unwrap_or_default();
                return self.static_call(&Data::Type(of.to_owned()), name, &arguments, span);
            }
            (_, "delete" | "deletefile") => {
                self.touch_item(EffectKind::Delete, &first, span, false, "Delete");
            }
            _ => {}
        }
        held
    }

    /// A method of something that WMI, CIM or a `Get-` cmdlet gave.
    pub(super) fn cim_method(&mut self, of: &str, name: &str, given: &[Data], span: Span) {
        let class = of.to_lowercase();
        let first = given.first().map(Data::to_text).unwrap_or_default();
        let named = self.target(TargetClass::Named, &self.unknowns.show(of), span);
        match name {
            "create" if class.contains("win32_process") => {
                let lower = first.to_lowercase();
                if lower.contains("powershell")
                    && [" -e ", " -enc", " -ec ", "-encodedcommand"].iter().any(|flag| lower.contains(flag))
                {
                    let target = self.target(TargetClass::Unknown, "encoded code", span);
                    self.emit_with(EffectKind::RunCode, target, false, "wmic", span, "hidden");
                }
                self.windows_command(&first, span);
            }
            "create" if class.contains("win32_service") || class.contains("scheduledjob") => {
                self.emit(EffectKind::Persist, named, false, "wmic", span);
            }
            "create" if class.contains("shadowcopy") => {}
            // A subscription runs its consumer at every event, from the repository of WMI, without a file.
            "create" if is_subscription(&class) => {
                self.emit_with(EffectKind::Persist, named, false, "wmic", span, "hidden");
            }
            "terminate" | "kill" => {
                let every = class == "win32_process";
                let shown = if every { "*".to_owned() } else { self.unknowns.show(of) };
                let target = self.target(TargetClass::Process, &shown, span);
                self.emit(EffectKind::Kill, target, false, "Stop-Process", span);
            }
            "reboot" | "shutdown" | "win32shutdown" | "win32shutdowntracker" => {
                let target = self.target(TargetClass::Unknown, "", span);
                self.emit(EffectKind::Shutdown, target, false, "Stop-Computer", span);
            }
            "format" | "formatex" => {
                let target = self.target(TargetClass::Device, "a volume", span);
                self.emit(EffectKind::WriteDevice, target, true, "mkfs", span);
            }
            "delete" | "deleteex" | "delete_" | "remove" | "deletetree" => {
                if class.contains("shadowcopy") || class.contains("shadowstorage") {
                    let target = self.target(TargetClass::Named, "the shadow copies", span);
                    self.emit(EffectKind::DropData, target, true, "vssadmin", span);
                } else if class.contains("shadow")
                    || class.contains("directory")
                    || class.contains("win32_userprofile")
                {
                    self.emit(EffectKind::DropData, named, true, "wmic", span);
                } else {
                    self.emit(EffectKind::Delete, named, false, "wmic", span);
                }
            }
            // Tasks and accounts through the objects of COM and LDAP.
            "deletetask" | "deleteobject" => {
                let what = self.target(TargetClass::Named, &self.unknowns.show(&first), span);
                self.emit(EffectKind::Delete, what, false, "schtasks", span);
            }
            "uninstall" => {
                if class == "win32_product" {
                    let every = self.target(TargetClass::Named, "every program that was installed", span);
                    self.emit(EffectKind::Interrupt, every, true, "wmic", span);
                }
                self.emit_with(EffectKind::Install, named, false, "wmic", span, "uninstall");
            }
            "stopservice" | "changestartmode" | "change" if class.contains("win32_service") => {
                self.service_method(of, name, given, span);
                self.emit(EffectKind::Configure, named, false, "wmic", span);
            }
            "stopservice" | "changestartmode" | "change" | "setpassword" | "setinfo" | "put" | "disable"
            | "rename" => {
                self.emit(EffectKind::Configure, named, false, "wmic", span);
            }
            _ => {}
        }
    }

    /// `New-CimInstance`, `Set-WmiInstance`: something of a class is made.
    pub(super) fn cim_make(&mut self, bound: &Bound<'_>, span: Span, here: Span) {
        self.record_bound(bound, span, here);
        let class = bound.at("-ClassName", 0).or_else(|| bound.get("-Path")).map(Data::to_text);
        self.cim_method(&class.unwrap_or_default(), "create", &[], here);
    }

    /// What one field of a form sends: a file's content where it is a file.
    pub(super) fn sent_field(&mut self, value: &Data, here: Span) -> String {
        match value {
            Data::Object(object) if object.of == Kind::Item => {
                self.read_path(&slashes(&object.text), here, "Invoke-RestMethod") + "\n"
            }
            other => other.to_text() + "\n",
        }
    }

    /// Calls of .NET in a class that the line brings as C#, as far as their arguments are literal.
    pub(super) fn csharp(&mut self, code: &str, span: Span) {
        if !self.spend(1 + code.len() / 32) {
            return;
        }
        // What is started with words of its own.
        let lines = crate::safety::payload::as_shell(&code.replace("@\"", "\""));
        for line in lines.lines().filter(|line| line.contains(' ')).take(16) {
            let line = line.replace('\'', "\"");
            self.windows_command(&line, span);
        }
        for (of, name, given) in csharp::calls(code) {
            self.static_call(&Data::Type(type_name(&of)), &name, &given, span);
        }
    }

    /// A value is set in the registry.
    pub(in crate::safety) fn registry_value(
        &mut self,
        path: &str,
        name: &str,
        data: Option<&Data>,
        span: Span,
    ) {
        let text = data.map(Data::to_text).unwrap_or_default();
        let lower = name.to_lowercase();
        let protection = PROTECTIONS.binary_search_by(|(known, _)| (*known).cmp(lower.as_str())).ok();
        if let Some(at) = protection {
            let off = PROTECTIONS[at].1;
            let number = data.and_then(Data::to_number);
            if off == "*"
                || text.eq_ignore_ascii_case(off)
                || number.is_some_and(|number| number.to_string() == off)
            {
                let target = self.target(TargetClass::Named, name, span);
                self.emit(EffectKind::DisableProtection, target, false, "reg", span);
            }
        }
        let whole = if name.is_empty() { slashes(path) } else { format!("{}/{name}", slashes(path)) };
        let place = self.touch(EffectKind::Overwrite, &whole, span, false, "reg");
        if place.is_some_and(|place| place.class == TargetClass::ShellStartup) && !text.is_empty() {
            let memory = self.memory.clone();
            self.windows_command(&text, span);
            self.memory = memory;
        }
    }

    /// An object is made by name: `New-Object -TypeName`, `-ComObject`.
    pub(super) fn make_named(&mut self, name: &str, given: &[Data], span: Span) -> Data {
        let of = type_name(name);
        self.make(&of, given, span)
    }
}

/// What packed data holds, where it is known.
fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    // Texts of programs keep one byte in each of their first 256 characters.
    let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    crate::safety::payload::decode::inflate(&text)
        .map(|text| text.chars().map(|letter| letter as u8).collect())
}

/// Classes of a subscription to events.
fn is_subscription(class: &str) -> bool {
    ["__eventfilter", "eventconsumer", "__filtertoconsumerbinding"].iter().any(|known| class.contains(known))
}
