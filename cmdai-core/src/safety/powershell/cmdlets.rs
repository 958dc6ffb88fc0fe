//! Cmdlets whose work is on values, names and code: what a spec cannot say as data.

use std::rc::Rc;

use super::binding::{Bound, is_session_drive};
use super::commands::Argument;
use super::data::{Data, Kind, from_base64};
use super::{OBJECTS, ROUNDS, slashes};
use crate::line::Span;
use crate::safety::machine::{Flow, Machine};
use crate::safety::value::{self, HOME, Origin, STAR};
use crate::safety::{EffectKind, TargetClass, paths};
use crate::syntax::ir::Closure;

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
            "Out-String" => match input {
                [Data::Object(object)] if object.of == Kind::Local => input.to_vec(),
                _ => vec![Data::Text(lines_of(input))],
            },
            "Out-Null" | "Write-Host" => Vec::new(),
            "Set-Content" if bound.at("-Path", 0).is_some_and(|path| is_many(path)) => {
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
                    if bound.has("-Raw") || value::has_hole(&content) {
                        output.push(Data::text(content));
                    } else {
                        output.extend(content.lines().take(OBJECTS).map(Data::text));
                    }
                }
                output
            }
            "Get-ChildItem" => self.list_items(bound, span, here, input),
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
                        Data::Object(object) if object.of == Kind::Local => {}
                        other => output.extend(self.run_text(&other.to_text(), here)),
                    }
                }
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
                    .map(|name| self.find_commands(&name.to_text()))
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
            "Remove-Item" | "Clear-Item" | "Clear-Content"
                if !bound.has("-Path") || bound.get("-Path").is_some() =>
            {
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
                        Data::Map(map) => map.iter().map(|(_, value)| value.to_text() + "\n").collect(),
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
                if method == "delete" {
                    let target = self.target(TargetClass::Named, &self.unknowns.show(&url), here);
                    self.emit(EffectKind::Delete, target, false, bound.spec.name, here);
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
                let arguments = match bound.get("-Arguments").or_else(|| bound.get("-ArgumentList")) {
                    Some(Data::Map(map)) => map.iter().map(|(_, value)| value.clone()).collect(),
                    Some(other) => other.clone().unrolled(),
                    None => bound.positional.iter().skip(2).map(|(data, _)| data.clone()).collect(),
                };
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

    fn write_out(&mut self, path: &str, data: &[Data], appends: bool, here: Span) {
        let path = path.to_owned();
        let lower = path.to_lowercase();
        if let Some(name) = lower.strip_prefix("function:").or_else(|| lower.strip_prefix("alias:")) {
            let value = Data::of(data.to_vec());
            let name = name.trim_start_matches(['\\', '/']).to_owned();
            self.assigned(&format!("function:{name}"), &value, here);
            return;
        }
        if is_session_drive(&path) {
            return;
        }
        self.write_text(&marked(&slashes(&path)), lines_of(data), appends, here, "Set-Content");
    }

    fn for_each(&mut self, bound: &Bound<'_>, input: &[Data], piped: bool) -> Vec<Data> {
        let mut output = Vec::new();
        let closure = |data: &Data| match data {
            Data::Closure(closure) => Some(closure.clone()),
            _ => None,
        };
        let named = |name: &str| bound.get(name).and_then(closure);
        if let Some(begin) = named("-Begin") {
            output.extend(self.invoke(&begin, &[], &[]));
        }
        let mut steps: Vec<Rc<Closure>> = ["-Process", "-Parallel"].into_iter().filter_map(named).collect();
        let positional: Vec<Rc<Closure>> =
            bound.positional.iter().filter_map(|(data, _)| closure(data)).collect();
        let blocks = positional.len();
        let mut last = None;
        for (index, block) in positional.into_iter().enumerate() {
            match index {
                0 if blocks > 1 => output.extend(self.invoke(&block, &[], &[])),
                _ if blocks > 2 && index + 1 == blocks => last = Some(block),
                _ => steps.push(block),
            }
        }
        let unknown = [self.unknown("$_", &[])];
        let given = if input.is_empty() && (piped || blocks > 0) { &unknown[..] } else { input };
        // A member or method by its name: `% Delete`.
        if let Some(Data::Text(name)) = bound.at("-MemberName", 0) {
            let name = name.clone();
            let arguments: Vec<Data> =
                bound.positional.iter().skip(1).map(|(data, _)| data.clone()).collect();
            let span = bound.positional.first().map_or(Span::default(), |(_, span)| *span);
            for item in given.iter().take(ROUNDS) {
                let member = self.member(item, &name);
                output.push(member);
                let called = self.call_method(item, &name, &arguments, span);
                if !called.is_unknown() {
                    output.pop();
                    output.push(called);
                }
            }
            return output;
        }
        for item in given.iter().take(OBJECTS) {
            for step in &steps {
                output.extend(self.invoke(step, &[], std::slice::from_ref(item)));
            }
            if output.len() > OBJECTS || self.fuel == 0 {
                break;
            }
        }
        for end in named("-End").into_iter().chain(last) {
            output.extend(self.invoke(&end, &[], &[]));
        }
        output
    }

    fn filter(&mut self, bound: &Bound<'_>, input: &[Data]) -> Vec<Data> {
        let test = bound.at("-FilterScript", 0).cloned();
        let Some(Data::Closure(closure)) = test else { return self.some_items(input) };
        let mut output = Vec::new();
        for item in input.iter().take(OBJECTS) {
            let held = Data::of(self.invoke(&closure, &[], std::slice::from_ref(item)));
            match held.to_bool() {
                Some(true) if matches!(held, Data::Bool(_) | Data::Number(_)) => output.push(item.clone()),
                Some(false) => {
                    // What is compared may be a mark of ours: only plain values can fail.
                    if value::has_pattern(&item.to_text()) {
                        output.extend(self.some_items(std::slice::from_ref(item)));
                    }
                }
                _ => output.extend(self.some_items(std::slice::from_ref(item))),
            }
        }
        output
    }

    /// `Get-ChildItem`: everything in a folder, or what of it fits.
    fn list_items(&mut self, bound: &Bound<'_>, span: Span, here: Span, input: &[Data]) -> Vec<Data> {
        self.record_bound(bound, span, here);
        let mut starts = bound.at("-Path", 0).cloned().map(Data::unrolled).unwrap_or_default();
        starts.extend(bound.get("-LiteralPath").cloned().map(Data::unrolled).unwrap_or_default());
        if starts.is_empty() {
            starts = if input.is_empty() { vec![Data::text(".")] } else { input.to_vec() };
        }
        let mut narrowed = false;
        for name in ["-Filter", "-Include", "-Exclude", "-Depth", "-Attributes"] {
            let value = bound.get(name).or(if name == "-Filter" { bound.at("-Filter", 1) } else { None });
            let everything = value.is_some_and(|value| matches!(value.to_text().as_str(), "*" | "*.*"));
            narrowed |= (value.is_some() || bound.has(name)) && !everything && name != "-Depth";
        }
        narrowed |= ["-Hidden", "-ReadOnly", "-System"].iter().any(|name| bound.has(name));
        let some = self.unknowns.hole("…", Origin::Program);
        let mut output = Vec::new();
        for start in starts.into_iter().take(32) {
            let path = start.to_text();
            let lower = path.to_lowercase();
            if let Some(name) = lower.strip_prefix("variable:") {
                let name = name.trim_start_matches(['\\', '/']);
                output.extend(self.variables_like(if name.is_empty() { "*" } else { name }));
                continue;
            }
            if let Some(name) = lower.strip_prefix("env:") {
                let name = name.trim_start_matches(['\\', '/']).to_owned();
                let all = name.is_empty() || name.contains('*');
                let value = if all { None } else { self.environment(&name) };
                output.push(match value {
                    Some(value) => Data::Map(
                        vec![("Name".to_owned(), Data::text(name)), ("Value".to_owned(), value)].into(),
                    ),
                    None => self.unknown("$(env)", &[]),
                });
                continue;
            }
            if let Some(name) = lower.strip_prefix("alias:").or_else(|| lower.strip_prefix("function:")) {
                output.push(self.find_commands(name.trim_start_matches(['\\', '/'])));
                continue;
            }
            let path = if path == "~" { HOME.to_string() } else { marked(&slashes(&path)) };
            self.touch(EffectKind::Read, &path, here, false, "Get-ChildItem");
            let trimmed = path.trim_end_matches('/');
            let found = if value::has_pattern(trimmed) && !narrowed {
                trimmed.to_owned()
            } else if narrowed {
                format!("{}/{some}", trimmed.trim_end_matches(STAR).trim_end_matches('/'))
            } else {
                format!("{trimmed}/{STAR}")
            };
            output.push(Data::object(Kind::Item, found));
        }
        output
    }

    fn variables_like(&mut self, pattern: &str) -> Vec<Data> {
        let lower = pattern.to_lowercase();
        let names: Vec<String> = if lower.contains(['*', '?']) {
            self.variable_names()
                .into_iter()
                .filter(|name| value::fits(&lower, &name.to_lowercase()))
                .take(64)
                .collect()
        } else {
            vec![pattern.to_owned()]
        };
        names
            .into_iter()
            .map(|name| {
                let value = self.recall_or_hole(&name);
                Data::Map(vec![("Name".to_owned(), Data::text(name)), ("Value".to_owned(), value)].into())
            })
            .collect()
    }

    /// Code in blocks, here or on another machine.
    fn run_blocks(&mut self, bound: &Bound<'_>, span: Span, here: Span, input: &[Data]) -> Vec<Data> {
        if bound.spec.name == "Register-ScheduledJob" {
            let target = self.target(TargetClass::Named, "a scheduled job", here);
            self.emit(EffectKind::Persist, target, false, bound.spec.name, here);
        }
        let elsewhere = ["-ComputerName", "-Session", "-HostName", "-VMName", "-ContainerId"]
            .iter()
            .any(|name| bound.has(name));
        let arguments: Vec<Argument> = bound
            .get("-ArgumentList")
            .cloned()
            .map(Data::unrolled)
            .unwrap_or_default()
            .into_iter()
            .map(|data| Argument::positional(data, here))
            .collect();
        let state = elsewhere.then(|| (std::mem::take(&mut self.state), self.memory.clone()));
        if elsewhere {
            self.state.cwd = HOME.to_string();
        }
        let mut output = Vec::new();
        let mut found = false;
        for data in bound.values() {
            match data {
                Data::Closure(closure) => {
                    found = true;
                    output.extend(self.invoke(&closure.clone(), &arguments, input));
                }
                other
                    if other.is_unknown()
                        && bound.get("-ScriptBlock").is_some_and(|block| block.is_unknown())
                        && !found =>
                {
                    found = true;
                    let text = other.to_text();
                    self.report_unknown_code(&text, here);
                }
                _ => {}
            }
        }
        if let Some(path) = bound.get("-FilePath").map(Data::to_text)
            && let Some(text) = self.written_file(&path)
        {
            output.extend(self.run_text(&text, here));
        }
        if let Some((state, memory)) = state {
            self.state = state;
            self.memory = memory;
        }
        let _ = span;
        output
    }

    fn start_process(&mut self, bound: &Bound<'_>, span: Span, here: Span) -> Vec<Data> {
        let program = bound.at("-FilePath", 0).map(Data::to_text).unwrap_or_default();
        let rest = bound.at("-ArgumentList", 1).map(super::methods::words).unwrap_or_default();
        self.record_bound(bound, span, here);
        if bound.get("-Verb").is_some_and(|verb| verb.to_text().eq_ignore_ascii_case("runas")) {
            let target = self.target(TargetClass::Unknown, "", here);
            self.emit_with(EffectKind::Privilege, target, false, "Start-Process", here, "an administrator");
        }
        let before = self.state.cwd.clone();
        if let Some(folder) = bound.get("-WorkingDirectory").map(Data::to_text) {
            self.state.cwd = paths::enter(&slashes(&folder), &self.state.cwd, self.ctx);
        }
        self.start_program(&program, &rest, here);
        self.state.cwd = before;
        vec![Data::object(Kind::Process, program)]
    }

    fn set_item(&mut self, bound: &Bound<'_>, span: Span, here: Span, input: &[Data]) -> Option<Vec<Data>> {
        let path = bound.at("-Path", 0).or_else(|| bound.get("-LiteralPath")).map(Data::to_text);
        let path = path.or_else(|| input.first().map(Data::to_text)).unwrap_or_default();
        let lower = path.to_lowercase();
        if let Some(name) = lower.strip_prefix("env:").or_else(|| lower.strip_prefix("variable:")) {
            let name = name.trim_start_matches(['\\', '/']).to_owned();
            let value = bound.at("-Value", 1).cloned().unwrap_or(Data::Null);
            let prefix = if lower.starts_with("env:") { "env:" } else { "" };
            self.remember(&format!("{prefix}{name}"), value);
            return Some(Vec::new());
        }
        if let Some(name) = lower.strip_prefix("alias:").or_else(|| lower.strip_prefix("function:")) {
            let value = bound.at("-Value", 1).cloned().unwrap_or(Data::Null);
            let drive = if lower.starts_with("alias:") { "alias:" } else { "function:" };
            let name = name.trim_start_matches(['\\', '/']).to_owned();
            self.assigned(&format!("{drive}{name}"), &value, here);
            return Some(Vec::new());
        }
        self.record_bound(bound, span, here);
        let in_registry = is_registry(&lower);
        let at = slashes(&path);
        match bound.spec.name {
            "Set-ItemProperty" | "New-ItemProperty" => {
                if in_registry || lower.is_empty() || value::has_hole(&lower) {
                    let name = bound.at("-Name", 1).map(Data::to_text).unwrap_or_default();
                    let value = bound.at("-Value", 2).cloned();
                    self.registry_value(&path, &name, value.as_ref(), here);
                } else if lower.starts_with("wsman:") || lower.starts_with("iis:") {
                    let target = self.target(TargetClass::Named, &path, here);
                    self.emit(EffectKind::Configure, target, false, bound.spec.name, here);
                }
            }
            "Remove-ItemProperty" | "Clear-ItemProperty" => {
                for name in bound.at("-Name", 1).cloned().map(Data::unrolled).unwrap_or_default() {
                    let whole = format!("{at}/{}", name.to_text());
                    self.touch(EffectKind::Delete, &whole, here, false, bound.spec.name);
                }
            }
            "Set-Item" => {
                if in_registry {
                    let value = bound.at("-Value", 1).cloned();
                    self.registry_value(&path, "", value.as_ref(), here);
                } else {
                    let target = self.target(TargetClass::Named, &self.unknowns.show(&path), here);
                    self.emit(EffectKind::Configure, target, false, bound.spec.name, here);
                }
            }
            _ => {
                let path = match bound.get("-Name").map(Data::to_text) {
                    Some(name) if path.is_empty() => name,
                    Some(name) => format!("{at}/{name}"),
                    None => at,
                };
                let content =
                    bound.get("-Value").map(Data::to_text).or_else(|| input.first().map(Data::to_text));
                match content {
                    Some(content) if !in_registry => {
                        self.write_text(&path, content, !bound.has("-Force"), here, "touch")
                    }
                    _ => {
                        self.touch(EffectKind::Create, &path, here, false, "touch");
                    }
                }
                return Some(vec![Data::object(Kind::Item, path)]);
            }
        }
        Some(Vec::new())
    }

    /// `powershell` and `pwsh` as programs: their own options, then code.
    pub(in crate::safety) fn powershell_program(
        &mut self,
        program: &str,
        words: &[(String, Span)],
        flow: Flow<'_>,
    ) -> String {
        let mut index = 0;
        let mut output = Vec::new();
        let mut found = false;
        while let Some((word, span)) = words.get(index) {
            index += 1;
            let span = *span;
            let mut letters = word.chars();
            let dashed = letters
                .next()
                .is_some_and(|letter| matches!(letter, '-' | '/' | '\u{2013}' | '\u{2014}' | '\u{2015}'));
            let name = if dashed { letters.as_str().to_lowercase() } else { String::new() };
            let rest = |from: usize| {
                words
                    .get(from..)
                    .unwrap_or_default()
                    .iter()
                    .map(|(word, _)| word.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let begins = |full: &str| !name.is_empty() && full.starts_with(&name);
            if name == "c"
                || (name.len() > 1 && begins("command"))
                || begins("commandwithargs") && name.len() > 7
                || name == "cwa"
            {
                let code = rest(index);
                if code.trim() == "-" {
                    break;
                }
                found = true;
                output.extend(self.run_text(&code, words.get(index).map_or(span, |(_, span)| *span)));
                break;
            }
            if begins("encodedcommand") || name == "ec" {
                found = true;
                let text = words.get(index).map(|(word, _)| word.clone()).unwrap_or_default();
                output.extend(self.run_encoded(&text, span));
                index += 1;
                continue;
            }
            if begins("file") {
                found = true;
                if let Some((path, span)) = words.get(index).cloned() {
                    if path == "-" {
                        found = false;
                        break;
                    }
                    match self.written_file(&path) {
                        Some(text) => output.extend(self.run_text(&text, span)),
                        None if value::has_hole(&path) => self.unresolved += 1,
                        None => {
                            if path.starts_with("\\\\") || path.contains("://") {
                                let target = self.target(TargetClass::Host, &path, span);
                                self.emit(EffectKind::RunCode, target, false, program, span);
                            }
                        }
                    }
                }
                break;
            }
            if dashed {
                let valued = [
                    "executionpolicy",
                    "windowstyle",
                    "version",
                    "inputformat",
                    "outputformat",
                    "configurationname",
                    "configurationfile",
                    "custompipename",
                    "settingsfile",
                    "workingdirectory",
                    "psconsolefile",
                    "encodedarguments",
                ];
                let short = ["ep", "ex", "w", "v", "wd", "o", "if", "of"];
                if name != "noprofile"
                    && (valued.iter().any(|full| begins(full)) || short.contains(&name.as_str()))
                {
                    index += 1;
                }
                continue;
            }
            if word == "-" {
                break;
            }
            found = true;
            match self.written_file(word) {
                Some(text) => output.extend(self.run_text(&text, span)),
                None => output.extend(self.run_text(&rest(index - 1), span)),
            }
            break;
        }
        if !found && let Some(input) = flow.input {
            let span = words.first().map_or(Span::default(), |(_, span)| *span);
            let input = input.to_owned();
            output.extend(self.run_text(&input, self.outer.unwrap_or(span)));
        }
        lines_of(&output)
    }

    fn run_encoded(&mut self, text: &str, span: Span) -> Vec<Data> {
        if value::has_hole(text) {
            let shown = self.unknowns.show(text);
            let origin = self.unknowns.origin(text);
            let class =
                if origin >= Some(Origin::Network) { TargetClass::Host } else { TargetClass::Unknown };
            let target = self.target(class, &shown, span);
            self.emit(EffectKind::RunCode, target, false, "powershell", span);
            self.unresolved += 1;
            return Vec::new();
        }
        match from_base64(text) {
            Some(bytes) if !bytes.is_empty() => {
                let code = super::data::decode(&bytes, "unicode");
                self.run_text(&code, span)
            }
            _ => {
                self.unresolved += 1;
                Vec::new()
            }
        }
    }
}

/// True for a list or pattern of paths.
fn is_many(path: &Data) -> bool {
    match path {
        Data::List(list) => list.len() > 1,
        Data::Object(object) => object.of == Kind::Item,
        Data::Text(text) => text.contains(['*', '?']),
        _ => false,
    }
}

/// `*` and `?` of a path as marks.
fn marked(path: &str) -> String {
    path.replace('*', &STAR.to_string()).replace('?', &value::ANY.to_string())
}

/// True for a path in the registry.
pub(super) fn is_registry(lower: &str) -> bool {
    let lower = lower.strip_prefix("microsoft.powershell.core\\").unwrap_or(lower);
    ["hklm:", "hkcu:", "hkcr:", "hku:", "hkcc:", "registry:", "hkey_", "hklm\\", "hkcu\\"]
        .iter()
        .any(|hive| lower.starts_with(hive))
}

fn lines_of(data: &[Data]) -> String {
    let mut text = String::new();
    for item in data.iter().take(OBJECTS) {
        if text.len() > crate::safety::machine::VALUE_BYTES {
            break;
        }
        text.push_str(&item.to_text());
        text.push('\n');
    }
    text
}
