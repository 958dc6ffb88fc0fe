//! Cmdlets about items: files, folders, registry keys, variables, the environment.

use super::binding::{Bound, is_session_drive};
use super::data::{Data, Kind};
use super::{OBJECTS, slashes};
use crate::line::Span;
use crate::safety::EffectKind;
use crate::safety::TargetClass;
use crate::safety::machine::Machine;
use crate::safety::value::{self, HOME, Origin, STAR};

impl Machine<'_> {
    pub(super) fn write_out(&mut self, path: &str, data: &[Data], appends: bool, here: Span) {
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
        let path = if super::cmdlets::is_share(&path) { path } else { marked(&slashes(&path)) };
        self.write_text(&path, lines_of(data), appends, here, "Set-Content");
    }

    /// `Get-ChildItem`: everything in a folder, or what of it fits.
    pub(super) fn list_items(
        &mut self,
        bound: &Bound<'_>,
        span: Span,
        here: Span,
        input: &[Data],
    ) -> Vec<Data> {
        self.record_bound(bound, span, here);
        let mut starts = bound.at("-Path", 0).cloned().map(Data::unrolled).unwrap_or_default();
        starts.extend(bound.get("-LiteralPath").cloned().map(Data::unrolled).unwrap_or_default());
        if starts.is_empty() {
            starts = if input.is_empty() { vec![Data::text(".")] } else { input.to_vec() };
        }
        // All but a few is nearly all.
        let mut narrowed = false;
        for name in ["-Filter", "-Include", "-Depth", "-Attributes"] {
            let value = bound.get(name).or(if name == "-Filter" { bound.at("-Filter", 1) } else { None });
            let everything = value.is_some_and(|value| matches!(value.to_text().as_str(), "*" | "*.*"));
            narrowed |= (value.is_some() || bound.has(name)) && !everything && name != "-Depth";
        }
        let filter =
            bound.get("-Filter").or_else(|| bound.at("-Filter", 1)).or_else(|| bound.get("-Include"));
        // Each of several names is one more that is found.
        let filters: Vec<String> = match filter.filter(|_| !bound.has("-Exclude")) {
            Some(filter) => filter.clone().unrolled().iter().take(8).map(Data::to_text).collect(),
            None => Vec::new(),
        };
        let deep = bound.has("-Recurse") || bound.has("-Depth");
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
                    // Tokens lie among them.
                    None => Data::text(self.unknowns.hole("the environment", Origin::Secret).to_string()),
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
            let names = if narrowed && filters.is_empty() { vec![some.to_string()] } else { filters.clone() };
            let found = if value::has_pattern(trimmed) && !narrowed {
                vec![match trimmed.rsplit_once('/') {
                    Some((start, name)) if deep => format!("{start}/{STAR}{STAR}/{name}"),
                    None if deep => format!("{STAR}{STAR}/{trimmed}"),
                    _ => trimmed.to_owned(),
                }]
            } else if narrowed {
                let start = trimmed.trim_end_matches(STAR).trim_end_matches('/');
                let below = if deep { format!("{start}/{STAR}{STAR}") } else { start.to_owned() };
                names.iter().map(|name| format!("{below}/{}", marked(name))).collect()
            } else if deep {
                vec![format!("{trimmed}/{STAR}{STAR}")]
            } else {
                vec![format!("{trimmed}/{STAR}")]
            };
            for found in found {
                // By their names, in every folder below.
                let named = found.rsplit('/').next().is_some_and(|name| name.contains('.'));
                let found =
                    if named { found.replace(&format!("{STAR}{STAR}/"), &format!("{STAR}/")) } else { found };
                output.push(Data::object(Kind::Item, found));
            }
        }
        output
    }

    pub(super) fn variables_like(&mut self, pattern: &str) -> Vec<Data> {
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

    pub(super) fn set_item(
        &mut self,
        bound: &Bound<'_>,
        span: Span,
        here: Span,
        input: &[Data],
    ) -> Option<Vec<Data>> {
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
        if lower.starts_with("wsman:") {
            let value = bound.at("-Value", 1).map(|value| value.to_text().to_lowercase()).unwrap_or_default();
            let opens = (lower.ends_with("trustedhosts") && value.contains('*'))
                || (["allowunencrypted", "basic"].iter().any(|name| lower.ends_with(name))
                    && value == "true");
            if opens {
                let target = self.target(TargetClass::Named, "the protection of remote sessions", here);
                self.emit(EffectKind::DisableProtection, target, false, bound.spec.name, here);
            }
        }
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
                        let place = self.touch(EffectKind::Create, &path, here, false, "touch");
                        // A profile with nothing in it, where none was.
                        if let Some(place) = place.filter(|place| super::profile::is_profile(&place.path))
                            && (!bound.has("-Force") || self.memory.absent)
                        {
                            self.adds_settings(&place.path);
                        }
                    }
                }
                return Some(vec![Data::object(Kind::Item, path)]);
            }
        }
        Some(Vec::new())
    }
}

/// True for a list or pattern of paths.
pub(super) fn is_many(path: &Data) -> bool {
    match path {
        Data::List(list) => list.len() > 1,
        Data::Object(object) => object.of == Kind::Item,
        Data::Text(text) => text.contains(['*', '?']),
        _ => false,
    }
}

/// `*` and `?` of a path as marks.
pub(super) fn marked(path: &str) -> String {
    path.replace('*', &STAR.to_string()).replace('?', &value::ANY.to_string())
}

/// True for a path in the registry.
pub(super) fn is_registry(lower: &str) -> bool {
    let lower = lower.strip_prefix("microsoft.powershell.core\\").unwrap_or(lower);
    ["hklm:", "hkcu:", "hkcr:", "hku:", "hkcc:", "registry:", "hkey_", "hklm\\", "hkcu\\"]
        .iter()
        .any(|hive| lower.starts_with(hive))
}

pub(super) fn lines_of(data: &[Data]) -> String {
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
