//! Cmdlets whose work is on values, names and code: what a spec cannot say as data.

use super::binding::{Bound, is_session_drive};
use super::data::{Data, Kind};
use super::items::{is_many, lines_of, marked};
use super::{OBJECTS, ROUNDS, slashes};
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::value::{self, HOME, Origin};
use crate::safety::{EffectKind, TargetClass, paths};

impl Machine<'_> {
    /// `Some` where the cmdlet is understood here as a whole.
    pub(super) fn special_cmdlet(
        &mut self,
        bound: &Bound<'_>,
        span: Span,
        here: Span,
        input: &[Data],
        piped: bool,
    ) -> Option<Vec<Data>> {
        let text = |name: &str, place: usize| bound.at(name, place).map(Data::to_text);
        let all =
            |name: &str, place: usize| bound.at(name, place).cloned().map(Data::unrolled).unwrap_or_default();
        Some(match bound.spec.name {
            "ForEach-Object" => self.for_each(bound, input, piped),
            "Where-Object" => self.filter(bound, input),
            "Select-Object" => {
                if let Some(name) = bound.get("-ExpandProperty").map(Data::to_text) {
                    return Some(input.iter().flat_map(|item| self.member(item, &name).unrolled()).collect());
                }
                let some = ["-First", "-Last", "-Skip", "-Index", "-SkipLast", "-Unique"];
                if some.iter().any(|name| bound.has(name)) { self.some_items(input) } else { input.to_vec() }
            }
            "Write-Output" => {
                let mut output: Vec<Data> =
                    bound.positional.iter().flat_map(|(data, _)| data.clone().unrolled()).collect();
                output.extend(all("-InputObject", 9));
                if output.is_empty() { input.to_vec() } else { output }
            }
            "Sort-Object" | "Get-Unique" | "Tee-Object" | "Out-Default" => {
                if let (Some(path), "Tee-Object") = (text("-FilePath", 0), bound.spec.name) {
                    self.write_out(&path, input, bound.has("-Append"), here);
                }
                input.to_vec()
            }
            "Out-String" => vec![Data::Text(lines_of(input))],
            "Out-Null" | "Write-Host" => Vec::new(),
            "Clear-Content" => {
                self.record_bound(bound, span, here);
                let mut paths = all("-Path", 0);
                paths.extend(all("-LiteralPath", 9));
                paths.extend(input.iter().take(64).cloned());
                for path in paths.into_iter().take(64) {
                    let path = marked(&slashes(&path.to_text()));
                    self.touch_as(EffectKind::Overwrite, &path, here, false, "Clear-Content", "empties");
                }
                Vec::new()
            }
            "Set-Content" if bound.at("-Path", 0).is_some_and(is_many) => {
                // Several files are made equal, so that what each held is lost.
                self.record_bound(bound, span, here);
                for path in all("-Path", 0).into_iter().take(64) {
                    self.touch(
                        EffectKind::Delete,
                        &marked(&slashes(&path.to_text())),
                        here,
                        false,
                        "Set-Content",
                    );
                }
                Vec::new()
            }
            // The files come from a listing, the text they get does not.
            "Set-Content"
                if bound.at("-Path", 0).is_none() && bound.has("-Value") && input.iter().any(is_many) =>
            {
                self.record_bound(bound, span, here);
                for item in input.iter().filter(|item| is_many(item)).take(64) {
                    let path = marked(&slashes(&item.to_text()));
                    self.touch_as(EffectKind::Overwrite, &path, here, false, "Set-Content", "empties");
                }
                Vec::new()
            }
            "Set-Content" | "Add-Content" | "Out-File" => {
                let appends = bound.spec.name == "Add-Content" || bound.has("-Append");
                let path = text("-Path", 0).or_else(|| text("-LiteralPath", 9));
                let value = match bound.at("-Value", 1).or_else(|| bound.get("-InputObject")) {
                    Some(value) if bound.spec.name != "Out-File" || bound.has("-InputObject") => {
                        value.clone().unrolled()
                    }
                    _ => input.to_vec(),
                };
                self.record_bound(bound, span, here);
                if let Some(path) = path {
                    self.write_out(&path, &value, appends, here);
                }
                Vec::new()
            }
            "Get-Content" => {
                let mut output = Vec::new();
                let mut paths = all("-Path", 0);
                paths.extend(bound.get("-LiteralPath").cloned().map(Data::unrolled).unwrap_or_default());
                if paths.is_empty() {
                    paths = input.to_vec();
                }
                self.record_bound(bound, span, here);
                for path in paths.into_iter().take(32) {
                    let path = path.to_text();
                    if let Some(name) = path.to_lowercase().strip_prefix("env:") {
                        output.extend(self.environment(name.trim_start_matches(['\\', '/'])));
                        continue;
                    }
                    let content = self.read_path(&slashes(&path), here, "Get-Content");
                    let content = self.of_stream(bound, &path, content);
                    if bound.has("-Raw") || value::has_hole(&content) {
                        output.push(Data::text(content));
                    } else {
                        output.extend(content.lines().take(OBJECTS).map(Data::text));
                    }
                }
                output
            }
            "Get-ChildItem" => self.list_items(bound, span, here, input),
            "Get-PSDrive" if input.is_empty() => {
                self.record_bound(bound, span, here);
                Self::all_drives().unrolled()
            }
            "Get-Item" | "Get-ItemProperty" | "Resolve-Path" | "Convert-Path" => {
                self.record_bound(bound, span, here);
                let mut items = all("-Path", 0);
                items.extend(bound.get("-LiteralPath").cloned().map(Data::unrolled).unwrap_or_default());
                if items.is_empty() {
                    items = input.to_vec();
                }
                let mut output = Vec::new();
                for item in items.into_iter().take(64) {
                    let path = item.to_text();
                    let lower = path.to_lowercase();
                    if let Some(name) = lower.strip_prefix("env:") {
                        output.extend(self.environment(name.trim_start_matches(['\\', '/'])));
                    } else if let Some(name) = lower.strip_prefix("variable:") {
                        output.extend(self.variables_like(name.trim_start_matches(['\\', '/'])));
                    } else if let Some(name) =
                        lower.strip_prefix("alias:").or_else(|| lower.strip_prefix("function:"))
                    {
                        output.push(self.find_commands(name.trim_start_matches(['\\', '/'])));
                    } else {
                        let path = marked(&slashes(&path));
                        self.touch(EffectKind::Read, &path, here, false, bound.spec.name);
                        output.push(Data::object(Kind::Item, path));
                    }
                }
                output
            }
            "Join-Path" => {
                let mut path = text("-Path", 0)?;
                for child in all("-ChildPath", 1).into_iter().chain(all("-AdditionalChildPath", 2)) {
                    path = format!(
                        "{}\\{}",
                        path.trim_end_matches(['\\', '/']),
                        child.to_text().trim_start_matches(['\\', '/'])
                    );
                }
                vec![Data::text(path)]
            }
            "Split-Path" => {
                let path = text("-Path", 0).or_else(|| input.first().map(Data::to_text))?;
                let path = slashes(&path);
                let (parent, leaf) = path.rsplit_once('/').unwrap_or(("", &path));
                vec![Data::text(if bound.has("-Leaf") || bound.has("-LeafBase") { leaf } else { parent })]
            }
            "Test-Path" => vec![self.unknown("$(Test-Path)", &[])],
            "Get-Location" => {
                let cwd = if self.state.cwd.is_empty() { ".".to_owned() } else { self.state.cwd.clone() };
                vec![Data::object(Kind::Item, cwd)]
            }
            "Set-Location" | "Push-Location" => {
                let to = text("-Path", 0)
                    .or_else(|| text("-LiteralPath", 9))
                    .or_else(|| input.first().map(Data::to_text));
                self.record_bound(bound, span, here);
                let to = to.unwrap_or_else(|| HOME.to_string());
                let to = if to == "~" { HOME.to_string() } else { slashes(&to) };
                if to == "-" || to == "+" {
                    self.state.cwd = self.unknowns.hole("the last folder", Origin::Variable).to_string();
                } else {
                    self.state.cwd = paths::enter(&to, &self.state.cwd, self.ctx);
                }
                Vec::new()
            }
            "Pop-Location" => {
                self.state.cwd = self.unknowns.hole("the last folder", Origin::Variable).to_string();
                Vec::new()
            }
            "Invoke-Expression" => {
                let mut output = Vec::new();
                let given = all("-Command", 0);
                let given = if given.is_empty() { input.to_vec() } else { given };
                // Several texts from a pipeline are run one by one; what is joined by lines is one script.
                for data in given.into_iter().take(ROUNDS) {
                    match data {
                        Data::Closure(closure) => output.extend(self.invoke(&closure, &[], &[])),
                        other => output.extend(self.run_text(&other.to_text(), here)),
                    }
                }
                output
            }
            "Invoke-Command"
                if ["-ComputerName", "-HostName", "-Session", "-VMName"]
                    .iter()
                    .any(|name| bound.get(name).is_some()) =>
            {
                let before = self.effects.len();
                let output = self.run_blocks(bound, span, here, input);
                self.stops_far_away(before);
                output
            }
            "Invoke-Command"
            | "Start-Job"
            | "Start-ThreadJob"
            | "Measure-Command"
            | "Trace-Command"
            | "Register-ScheduledJob" => self.run_blocks(bound, span, here, input),
            "Start-Process" => self.start_process(bound, span, here),
            "New-Object" => {
                let arguments = bound.at("-ArgumentList", 1).cloned().map(Data::unrolled).unwrap_or_default();
                if let Some(com) = bound.get("-ComObject").map(Data::to_text) {
                    return Some(vec![self.make_named(&format!("com:{com}"), &arguments, here)]);
                }
                let name = text("-TypeName", 0)?;
                // A list in `-ArgumentList` that was one argument stays one: `(,$bytes)`.
                let made = self.make_named(&name, &arguments, here);
                if let (Data::Map(map), Some(Data::Map(properties))) = (&made, bound.get("-Property"))
                    && map.is_empty()
                {
                    return Some(vec![Data::Map(properties.clone())]);
                }
                vec![match (made, bound.get("-Property")) {
                    (Data::Object(object), Some(Data::Map(properties))) => {
                        let mut object = (*object).clone();
                        object.fields.extend(
                            properties.iter().map(|(name, data)| (name.to_lowercase(), data.clone())),
                        );
                        Data::Object(object.into())
                    }
                    (made, _) => made,
                }]
            }
            "Add-Type" => {
                let code =
                    text("-TypeDefinition", 0).or_else(|| text("-MemberDefinition", 9)).unwrap_or_default();
                let lower = code.to_lowercase();
                let calls = [
                    "virtualalloc",
                    "createthread",
                    "createremotethread",
                    "writeprocessmemory",
                    "ntraiseharderror",
                    "amsiscanbuffer",
                    "rtlmovememory",
                    "ntterminateprocess",
                ];
                if calls.iter().any(|call| lower.contains(call)) {
                    let target = self.target(TargetClass::Unknown, "machine code", here);
                    self.emit(EffectKind::RunCode, target, false, "Add-Type", here);
                }
                self.report_unknown_code(&code, here);
                self.native_calls(&code, here);
                self.csharp(&code, here);
                Vec::new()
            }
            "Set-Alias" | "New-Alias" => {
                let (name, to) = (text("-Name", 0)?, text("-Value", 1)?);
                if self.memory.aliases.len() < 64 {
                    self.memory.aliases.push((name.to_lowercase(), to));
                }
                Vec::new()
            }
            "Set-Variable" | "New-Variable" => {
                let name = text("-Name", 0)?;
                let value = bound.at("-Value", 1).cloned().unwrap_or_else(|| Data::of(input.to_vec()));
                self.remember(&name, value);
                Vec::new()
            }
            // What is asked for and what is copied is meant for nobody else.
            "Get-Credential" | "Get-Clipboard" | "Get-History" => {
                self.record_bound(bound, span, here);
                let shown = format!("$({})", bound.spec.name);
                vec![Data::text(self.unknowns.hole(&shown, Origin::Secret).to_string())]
            }
            "New-CimInstance" | "Set-WmiInstance" => {
                self.cim_make(bound, span, here);
                vec![Data::object(Kind::Cim, text("-ClassName", 0).unwrap_or_default())]
            }
            "New-Module" => {
                self.record_bound(bound, span, here);
                for data in bound.values() {
                    if let Data::Closure(closure) = data {
                        // Its functions are the caller's once it is imported.
                        self.blocks(&closure.clone().body, &[]);
                    }
                }
                vec![Data::object(Kind::Thing, "a module")]
            }
            "Rename-Item" => {
                self.renames_by_chance(bound, here, input);
                return None;
            }
            "Disable-NetFirewallRule" => {
                self.firewall_rules(bound, here, input);
                return None;
            }
            "Limit-EventLog" => {
                self.small_log(bound, here);
                return None;
            }
            "New-NetFirewallRule" => {
                self.firewall_rules(bound, here, input);
                let is = |name: &str, wanted: &[&str]| {
                    text(name, 9).is_some_and(|text| wanted.contains(&text.to_lowercase().as_str()))
                };
                let narrow = ["-LocalPort", "-Program", "-Service"]
                    .iter()
                    .any(|name| bound.has(name) && !is(name, &["any"]));
                let from_some =
                    bound.has("-RemoteAddress") && !is("-RemoteAddress", &["any", "0.0.0.0/0", "*"]);
                let lets_in = is("-Action", &["allow"]) && !is("-Direction", &["outbound"]);
                if lets_in && !narrow && !from_some && bound.has("-Direction") {
                    let target = self.target(TargetClass::Named, "the firewall, for everything", here);
                    self.emit(EffectKind::DisableProtection, target, false, bound.spec.name, here);
                }
                return None;
            }
            "Import-Certificate" => {
                let store = text("-CertStoreLocation", 1).unwrap_or_default().to_lowercase();
                if store.replace('/', "\\").split('\\').any(|part| matches!(part, "root" | "authroot")) {
                    let target = self.target(TargetClass::Named, "whom this machine trusts", here);
                    self.emit(EffectKind::DisableProtection, target, false, bound.spec.name, here);
                }
                return None;
            }
            "Get-Variable" => {
                let name = text("-Name", 0).unwrap_or_else(|| "*".to_owned());
                let found = self.variables_like(&name);
                if bound.has("-ValueOnly") {
                    return Some(found.iter().map(|item| self.member(item, "Value")).collect());
                }
                found
            }
            "Get-Command" | "Get-Alias" => {
                let names = all("-Name", 0);
                if names.is_empty() {
                    return None;
                }
                names
                    .into_iter()
                    .map(|name| match bound.spec.name {
                        "Get-Alias" => self.find_aliases(&name.to_text()),
                        _ => self.find_commands(&name.to_text()),
                    })
                    .flat_map(Data::unrolled)
                    .collect()
            }
            "Set-Item"
            | "New-Item"
            | "Set-ItemProperty"
            | "New-ItemProperty"
            | "Remove-ItemProperty"
            | "Clear-ItemProperty" => {
                return self.set_item(bound, span, here, input);
            }
            // The words of the other shell of Windows: `rd /s /q C:\\data`.
            "Remove-Item" if bound.values().take(8).any(|word| word.to_text().eq_ignore_ascii_case("/s")) => {
                let words = bound.values().map(Data::to_text).collect::<Vec<_>>().join(" ");
                self.windows_command(&format!("del {words}"), here);
                Vec::new()
            }
            "Remove-Item" | "Clear-Item" if !bound.has("-Path") || bound.get("-Path").is_some() => {
                let path = text("-Path", 0).unwrap_or_default();
                if is_session_drive(&path) {
                    return Some(Vec::new());
                }
                return None;
            }
            "Set-ExecutionPolicy" => {
                self.record_bound(bound, span, here);
                let policy = text("-ExecutionPolicy", 0).unwrap_or_default().to_lowercase();
                let scope = text("-Scope", 1).unwrap_or_default().to_lowercase();
                let open = matches!(policy.as_str(), "bypass" | "unrestricted");
                if open && scope != "process" {
                    let target = self.target(TargetClass::Named, "the policy on scripts", here);
                    self.emit(EffectKind::DisableProtection, target, false, "Set-ExecutionPolicy", here);
                } else if scope != "process" {
                    let target = self.target(TargetClass::Named, "the policy on scripts", here);
                    self.emit(EffectKind::Configure, target, false, "Set-ExecutionPolicy", here);
                }
                Vec::new()
            }
            "Set-MpPreference" | "Add-MpPreference" | "Remove-MpPreference" => {
                self.record_bound(bound, span, here);
                for (name, value) in bound
                    .named
                    .iter()
                    .map(|(flag, value, _)| (flag.names[0].to_owned(), value))
                    .chain(bound.unlisted.iter().map(|(name, value, _)| (name.clone(), value)))
                {
                    let lower = name.trim_start_matches('-').to_lowercase();
                    let on = value.as_ref().and_then(Data::to_bool) != Some(false);
                    let off = (lower.starts_with("disable") && on)
                        || (lower.starts_with("exclusion") && !bound.spec.name.starts_with("Remove"))
                        || matches!(
                            lower.as_str(),
                            "mapsreporting"
                                | "submitsamplesconsent"
                                | "puaprotection"
                                | "enablecontrolledfolderaccess"
                                | "enablenetworkprotection"
                        ) && value.as_ref().is_some_and(|value| {
                            matches!(
                                value.to_text().to_lowercase().as_str(),
                                "0" | "disabled" | "false" | "2" | "never" | "neversend"
                            )
                        });
                    if off {
                        let target = self.target(TargetClass::Named, "the virus scanner", here);
                        self.emit(EffectKind::DisableProtection, target, false, bound.spec.name, here);
                    }
                }
                Vec::new()
            }
            "Set-NetFirewallProfile" => {
                self.record_bound(bound, span, here);
                let off = text("-Enabled", 9)
                    .is_some_and(|text| matches!(text.to_lowercase().as_str(), "false" | "0" | "gpofalse"));
                let target = self.target(TargetClass::Named, "the firewall", here);
                let kind = if off { EffectKind::DisableProtection } else { EffectKind::Configure };
                self.emit(kind, target, false, "Set-NetFirewallProfile", here);
                Vec::new()
            }
            "Invoke-WebRequest" | "Invoke-RestMethod" => {
                for name in ["-InFile"] {
                    if let Some(path) = bound.get(name).map(Data::to_text) {
                        let content = self.read_path(&slashes(&path), here, bound.spec.name);
                        self.sends(&content, &path, here, bound.spec.name);
                    }
                }
                for data in bound.get("-Body").into_iter().chain(bound.get("-Form")) {
                    let content = lines_of(&data.clone().unrolled());
                    let inner = match data {
                        Data::Map(map) => map.iter().map(|(_, value)| self.sent_field(value, here)).collect(),
                        _ => content,
                    };
                    self.sends(&inner, "the body", here, bound.spec.name);
                }
                if !input.is_empty() {
                    self.sends(&lines_of(input), "the input", here, bound.spec.name);
                }
                let method = text("-Method", 9)
                    .or_else(|| text("-CustomMethod", 9))
                    .unwrap_or_default()
                    .to_lowercase();
                let url = text("-Uri", 0).unwrap_or_default();
                if matches!(method.as_str(), "delete" | "put" | "patch" | "post") {
                    let body = bound.get("-Body").map(Data::to_text).unwrap_or_default();
                    let signed = ["-Headers", "-Credential", "-Token"].iter().any(|name| bound.has(name));
                    self.asks_http(&method, &url, &body, signed, here, bound.spec.name);
                }
                return None;
            }
            "Send-MailMessage" => {
                for data in bound.get("-Attachments").cloned().map(Data::unrolled).unwrap_or_default() {
                    let path = data.to_text();
                    let content = self.read_path(&slashes(&path), here, bound.spec.name);
                    self.sends(&content, &path, here, bound.spec.name);
                }
                let body = text("-Body", 9).unwrap_or_default();
                self.sends(&body, "the body", here, bound.spec.name);
                return None;
            }
            "Invoke-Item" | "Import-Module" => {
                let name = text("-Path", 0).or_else(|| text("-Name", 0)).unwrap_or_default();
                if name.starts_with(r"\\") && !name.starts_with(r"\\.\") {
                    // Whoever may write there decides what runs here.
                    let code = self.unknowns.hole(&name, Origin::Network).to_string();
                    self.record_bound(bound, span, here);
                    self.report_unknown_code(&code, here);
                    return Some(Vec::new());
                }
                let lower = name.to_lowercase();
                let runs = bound.spec.name == "Import-Module"
                    || [".ps1", ".bat", ".cmd", ".exe", ".vbs", ".js", ".hta", ".msi", ".lnk"]
                        .iter()
                        .any(|extension| lower.ends_with(extension));
                if runs && let Some(code) = self.written_file(&name) {
                    return Some(self.run_text(&code, here));
                }
                return None;
            }
            "New-Service" => {
                let memory = self.memory.clone();
                let program = text("-BinaryPathName", 1).unwrap_or_default();
                self.windows_command(&program, here);
                self.memory = memory;
                self.service_program(&program, bound.spec.name, here);
                return None;
            }
            "Start-BitsTransfer"
                if text("-TransferType", 9).is_some_and(|kind| kind.to_lowercase().starts_with("upload")) =>
            {
                self.record_bound(bound, span, here);
                for source in all("-Source", 0).into_iter().take(16) {
                    let content = self.read_path(&slashes(&source.to_text()), here, bound.spec.name);
                    self.sends(&content, &source.to_text(), here, bound.spec.name);
                }
                Vec::new()
            }
            "Copy-Item" | "Compress-Archive" => {
                // What is known of a file is known of its copy, and a packed secret stays one.
                let to = text("-Destination", 1).or_else(|| text("-DestinationPath", 1)).unwrap_or_default();
                for source in all("-Path", 0)
                    .into_iter()
                    .chain(all("-LiteralPath", 9))
                    .chain(input.iter().cloned())
                    .take(16)
                {
                    let content = self.read_path(&slashes(&source.to_text()), here, bound.spec.name);
                    if is_share(&to) || bound.has("-ToSession") {
                        self.sends(&content, &source.to_text(), here, bound.spec.name);
                    }
                    let name = slashes(&source.to_text()).replace('*', &value::STAR.to_string());
                    let into = slashes(&to);
                    let into = match into.strip_prefix('~') {
                        Some(rest) => format!("{HOME}{rest}"),
                        None => into,
                    };
                    self.copied_into(&name, &into, bound.spec.name, here);
                    let known =
                        !value::has_hole(&content) || self.unknowns.origin(&content) >= Some(Origin::Secret);
                    if known && !to.is_empty() {
                        let place = paths::locate(&slashes(&to), &self.state.cwd, self.ctx);
                        self.write_file(place.path, content, false);
                    }
                }
                return None;
            }
            "Add-LocalGroupMember" | "Add-ADGroupMember" => {
                self.record_bound(bound, span, here);
                let group = text("-Group", 0).or_else(|| text("-Identity", 0)).unwrap_or_default();
                self.joins_group(&group, bound.spec.name, here);
                Vec::new()
            }
            "New-ScheduledTaskAction" => {
                self.record_bound(bound, span, here);
                let program = text("-Execute", 0).unwrap_or_default();
                let rest = text("-Argument", 1).unwrap_or_default();
                let memory = self.memory.clone();
                self.start_program(&program, &rest, here);
                self.memory = memory;
                vec![Data::object(Kind::Thing, format!("{program} {rest}"))]
            }
            "New-ScheduledTaskTrigger" => {
                self.record_bound(bound, span, here);
                let starts = bound.has("-AtLogOn") || bound.has("-AtStartup");
                vec![Data::object(Kind::Thing, if starts { "at every start" } else { "at a time" })]
            }
            "Register-ScheduledTask" => {
                let told = |name: &str| {
                    bound.get(name).map(|data| data.to_text().to_ascii_lowercase()).unwrap_or_default()
                };
                let action = told("-Action");
                let shell = ["powershell", "pwsh", "mshta", "wscript", "cscript"]
                    .iter()
                    .any(|name| action.contains(name));
                let unseen = action.contains("hidden") || action.contains(" -enc");
                if shell && unseen && (told("-RunLevel") == "highest" || told("-Trigger").contains("start")) {
                    let target = self.target(TargetClass::Named, "a task", here);
                    self.emit_with(
                        EffectKind::Persist,
                        target,
                        false,
                        "Register-ScheduledTask",
                        here,
                        "hidden",
                    );
                }
                return None;
            }
            "ConvertFrom-Json"
            | "ConvertTo-Json"
            | "ConvertFrom-StringData"
            | "ConvertFrom-Csv"
            | "ConvertTo-SecureString"
            | "ConvertFrom-SecureString" => {
                let given = bound
                    .positional
                    .first()
                    .map(|(data, _)| data.clone())
                    .or_else(|| bound.get("-String").cloned());
                let given = given.or_else(|| input.first().cloned()).unwrap_or(Data::Null);
                let delimiter = bound.get("-Delimiter").map(Data::to_text);
                let header = bound.get("-Header").cloned().map(Data::unrolled).unwrap_or_default();
                let shown = given.to_text();
                if bound.spec.name.starts_with("ConvertFrom-")
                    && let Some(data) = self.read_data(bound.spec.name, &shown, delimiter.as_deref(), &header)
                {
                    return Some(data.unrolled());
                }
                if bound.spec.name == "ConvertTo-SecureString" {
                    vec![given]
                } else {
                    vec![self.unknown("$(…)", &[&given])]
                }
            }
            "Invoke-CimMethod" | "Invoke-WmiMethod" => {
                let class = text("-ClassName", 0).or_else(|| text("-Class", 0)).unwrap_or_default();
                let class = if class.is_empty() {
                    input.first().map(Data::to_text).unwrap_or_default()
                } else {
                    class
                };
                let method =
                    text("-MethodName", 1).or_else(|| text("-Name", 1)).unwrap_or_default().to_lowercase();
                let given = bound.get("-Arguments").or_else(|| bound.get("-ArgumentList"));
                let given: Vec<Data> = match given {
                    Some(given) => given.clone().unrolled(),
                    None => bound.positional.iter().skip(2).map(|(data, _)| data.clone()).collect(),
                };
                let arguments: Vec<Data> = given
                    .into_iter()
                    .flat_map(|data| match data {
                        Data::Map(map) => map.iter().map(|(_, value)| value.clone()).collect(),
                        other => vec![other],
                    })
                    .collect();
                self.record_bound(bound, span, here);
                self.cim_method(&class, &method, &arguments, here);
                Vec::new()
            }
            "Remove-CimInstance" | "Remove-WmiObject" => {
                self.record_bound(bound, span, here);
                let of = bound
                    .values()
                    .next()
                    .cloned()
                    .or_else(|| input.first().cloned())
                    .unwrap_or(Data::Null)
                    .to_text();
                self.cim_method(&of, "delete", &[], here);
                Vec::new()
            }
            "Get-CimInstance" | "Get-WmiObject" => {
                self.record_bound(bound, span, here);
                let of = bound
                    .at("-ClassName", 0)
                    .or_else(|| bound.get("-Query"))
                    .map(Data::to_text)
                    .unwrap_or_default();
                // Which service it is, its filter says.
                let of = match bound.get("-Filter").map(Data::to_text) {
                    Some(filter) if of.eq_ignore_ascii_case("win32_service") => format!("{of} {filter}"),
                    _ => of,
                };
                vec![Data::object(Kind::Cim, of)]
            }
            "Group-Object" | "Measure-Object" | "Compare-Object" => {
                for data in bound.values() {
                    if let Data::Closure(closure) = data {
                        self.invoke(&closure.clone(), &[], input);
                    }
                }
                vec![self.unknown("$(…)", &[])]
            }
            _ => return None,
        })
    }

    /// Keeps the command for the report of what will run.
    pub(super) fn record_bound(&mut self, bound: &Bound<'_>, span: Span, here: Span) {
        use crate::safety::machine::Field;
        let mut argv = vec![Field { text: bound.spec.name.to_owned(), span: here }];
        for (flag, value, span) in &bound.named {
            argv.push(Field { text: flag.names[0].to_owned(), span: *span });
            argv.extend(value.iter().map(|value| Field { text: value.to_text(), span: *span }));
        }
        argv.extend(
            bound.positional.iter().map(|(value, span)| Field { text: value.to_text(), span: *span }),
        );
        self.record(&argv, span);
    }
}

/// True for a place on another machine: `\\host\share`.
pub(super) fn is_share(path: &str) -> bool {
    path.starts_with(r"\\") && !path.starts_with(r"\\.\") && !path.starts_with(r"\\?\")
}
