//! Variables: those the line sets, those PowerShell has of itself, and the environment's.

use super::data::{Data, Kind};
use crate::context::Os;
use crate::line::Span;
use crate::safety::machine::{Machine, VALUE_BYTES, Value};
use crate::safety::value::{HOME, Origin};
use crate::safety::{EffectKind, TargetClass};

/// Variables whose value is the same nearly everywhere; tricks take letters from them. Sorted.
const AUTOMATIC: &[(&str, &str)] = &[
    ("confirmpreference", "High"),
    ("debugpreference", "SilentlyContinue"),
    ("erroractionpreference", "Continue"),
    ("informationpreference", "SilentlyContinue"),
    ("maximumaliascount", "4096"),
    ("maximumdrivecount", "4096"),
    ("maximumfunctioncount", "4096"),
    ("maximumhistorycount", "4096"),
    ("maximumvariablecount", "4096"),
    ("ofs", " "),
    ("progresspreference", "Continue"),
    ("psculture", "en-US"),
    ("pshome", r"C:\Windows\System32\WindowsPowerShell\v1.0"),
    ("psuiculture", "en-US"),
    ("shellid", "Microsoft.PowerShell"),
    ("verbosepreference", "SilentlyContinue"),
    ("warningpreference", "Continue"),
];

/// The environment of Windows. `~` stands for the user's profile. Sorted.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("allusersprofile", r"C:\ProgramData"),
    ("appdata", r"~\AppData\Roaming"),
    ("commonprogramfiles", r"C:\Program Files\Common Files"),
    ("comspec", r"C:\WINDOWS\system32\cmd.exe"),
    ("driverdata", r"C:\Windows\System32\Drivers\DriverData"),
    ("homedrive", "C:"),
    ("homepath", r"\Users\user"),
    ("localappdata", r"~\AppData\Local"),
    ("onedrive", r"~\OneDrive"),
    ("os", "Windows_NT"),
    ("path", r"C:\Windows\system32;C:\Windows"),
    ("pathext", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC;.CPL"),
    ("processor_architecture", "AMD64"),
    ("programdata", r"C:\ProgramData"),
    ("programfiles", r"C:\Program Files"),
    ("programfiles(x86)", r"C:\Program Files (x86)"),
    ("programw6432", r"C:\Program Files"),
    ("psmodulepath", r"C:\Program Files\WindowsPowerShell\Modules"),
    ("public", r"C:\Users\Public"),
    ("systemdrive", "C:"),
    ("systemroot", r"C:\WINDOWS"),
    ("temp", r"~\AppData\Local\Temp"),
    ("tmp", r"~\AppData\Local\Temp"),
    ("userprofile", "~"),
    ("windir", r"C:\WINDOWS"),
];

impl Machine<'_> {
    /// The value of a variable; `None` where nothing is known of it.
    pub(super) fn recall(&mut self, name: &str) -> Option<Data> {
        let lower = unscoped(name).to_lowercase();
        if matches!(lower.as_str(), "_" | "psitem") {
            return self.memory.current.clone();
        }
        if let Some((_, value)) = self.memory.variables.iter().rev().find(|(known, _)| *known == lower) {
            return Some(value.clone());
        }
        if let Some(name) = lower.strip_prefix("env:") {
            return self.environment(name);
        }
        if let Some(at) = find(AUTOMATIC, &lower) {
            return Some(Data::text(at));
        }
        Some(match lower.as_str() {
            "psdefaultparametervalues" => Data::Map(Vec::new().into()),
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            "home" => Data::text(self.profile_folder()),
            "pwd" => Data::text(if self.state.cwd.is_empty() { "." } else { self.state.cwd.as_str() }),
            "psscriptroot" => Data::text("."),
            "profile" => Data::text(format!(
                r"{}\Documents\PowerShell\Microsoft.PowerShell_profile.ps1",
                self.profile_folder()
            )),
            "executioncontext" => Data::object(Kind::Invoker, "ExecutionContext"),
            "iswindows" | "islinux" | "ismacos" => {
                let os = [("iswindows", Os::Windows), ("islinux", Os::Linux), ("ismacos", Os::MacOs)];
                Data::Bool(os.contains(&(lower.as_str(), self.ctx.os)))
            }
            _ => return None,
        })
    }

    /// The value of a variable, or a hole of its name.
    pub(super) fn recall_or_hole(&mut self, name: &str) -> Data {
        match self.recall(name) {
            Some(value) => value,
            None => Data::Text(self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string()),
        }
    }

    fn profile_folder(&mut self) -> String {
        match self.get("HOME") {
            Some(Value::One(home)) => home,
            _ => HOME.to_string(),
        }
    }

    pub(super) fn environment(&mut self, name: &str) -> Option<Data> {
        let lower = name.to_lowercase();
        let held = self.state.variables().iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(&lower));
        if let Some(Value::One(text)) = held.map(|(_, value)| &**value) {
            return Some(Data::text(text.clone()));
        }
        if lower == "home" || (lower == "userprofile") {
            return Some(Data::text(self.profile_folder()));
        }
        if matches!(lower.as_str(), "tmpdir") && self.ctx.os != Os::Windows {
            return Some(Data::text("/tmp"));
        }
        if lower == "username" || lower == "user" {
            return None;
        }
        let known = find(ENVIRONMENT, &lower)?;
        Some(Data::text(known.replace('~', &self.profile_folder())))
    }

    /// Sets a variable.
    pub(super) fn remember(&mut self, name: &str, value: Data) {
        let lower = unscoped(name).to_lowercase();
        if lower == "null" {
            return;
        }
        if matches!(lower.as_str(), "_" | "psitem") {
            self.memory.current = Some(value);
            return;
        }
        if let Some(name) = lower.strip_prefix("env:") {
            let text = value.to_text();
            self.set(name, Value::One(text));
            return;
        }
        let value = match value {
            Data::Text(text) if text.len() > VALUE_BYTES => {
                self.cut = true;
                self.unknown(&format!("${name}"), &[])
            }
            other => other,
        };
        let room = self.memory.variables.len() < 512;
        match self.memory.variables.iter_mut().find(|(known, _)| *known == lower) {
            Some((_, held)) => *held = value,
            None if room => self.memory.variables.push((lower, value)),
            None => self.cut = true,
        }
    }

    /// What the assignment of a variable does beyond remembering it.
    pub(super) fn assigned(&mut self, name: &str, value: &Data, span: Span) {
        if let Some(name) = name.strip_prefix("env:") {
            self.index_value(&name.to_uppercase(), &value.to_text(), span);
        }
        let span = self.at(span);
        match name.strip_prefix("function:").or_else(|| name.strip_prefix("alias:")) {
            Some(name) => {
                if let Data::Closure(closure) = value {
                    self.memory.functions.push((name.to_owned(), closure.clone()));
                } else {
                    self.memory.aliases.push((name.to_owned(), value.to_text()));
                }
            }
            None if name.starts_with("env:cmdai_") || name == "env:claude_config_dir" => {
                self.guard_variable(&name.trim_start_matches("env:").to_uppercase(), span);
            }
            None if name == "env:pspath" || name == "env:__pslockdownpolicy" => {
                let target = self.target(TargetClass::Named, "the language mode", span);
                self.emit(EffectKind::DisableProtection, target, false, "PowerShell", span);
            }
            // `${C:\x\y} = …` writes a file.
            None if name.starts_with('/') || name.starts_with("~/") => {
                self.write_text(name, value.to_text(), false, span, "");
            }
            None if name.len() > 2
                && name.get(1..).is_some_and(|rest| rest.starts_with(':'))
                && name.starts_with(|letter: char| letter.is_ascii_alphabetic()) =>
            {
                self.write_text(name, value.to_text(), false, span, "");
            }
            None => {}
        }
    }

    /// Every variable name that is known, for patterns.
    pub(super) fn variable_names(&self) -> Vec<String> {
        let own = self.memory.variables.iter().map(|(name, _)| name.clone());
        let automatic = SPELLED.iter().map(|name| (*name).to_owned());
        own.chain(automatic).collect()
    }
}

/// Automatic variables as `Get-Variable` spells them.
const SPELLED: &[&str] = &[
    "ConfirmPreference",
    "ConsoleFileName",
    "DebugPreference",
    "Error",
    "ErrorActionPreference",
    "ErrorView",
    "ExecutionContext",
    "FormatEnumerationLimit",
    "HOME",
    "Host",
    "InformationPreference",
    "MaximumAliasCount",
    "MaximumDriveCount",
    "MaximumErrorCount",
    "MaximumFunctionCount",
    "MaximumHistoryCount",
    "MaximumVariableCount",
    "MyInvocation",
    "NestedPromptLevel",
    "OutputEncoding",
    "PID",
    "PROFILE",
    "ProgressPreference",
    "PSBoundParameters",
    "PSCommandPath",
    "PSCulture",
    "PSDefaultParameterValues",
    "PSEmailServer",
    "PSHOME",
    "PSScriptRoot",
    "PSSessionApplicationName",
    "PSSessionConfigurationName",
    "PSSessionOption",
    "PSUICulture",
    "PSVersionTable",
    "PWD",
    "ShellId",
    "StackTrace",
    "VerbosePreference",
    "WarningPreference",
    "WhatIfPreference",
];

/// The name without its scope.
fn unscoped(name: &str) -> &str {
    match name.split_once(':') {
        Some((scope, rest))
            if ["script", "global", "local", "private", "using", "variable", "workflow"]
                .iter()
                .any(|known| scope.eq_ignore_ascii_case(known)) =>
        {
            rest
        }
        _ => name,
    }
}

fn find(table: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    table.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [AUTOMATIC, ENVIRONMENT] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
