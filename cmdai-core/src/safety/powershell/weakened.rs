//! What is made weaker without being turned off: rules of the firewall that let everything in or are all switched off, services whose
//! program lies where anybody may put one, logs too small to keep anything, and whole rows of files.

use super::binding::Bound;
use super::data::{Data, Kind};
use super::programs::is_guard;
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::value::{self, Origin, STAR};
use crate::safety::{EffectKind, TargetClass};

/// Bytes below which a log keeps next to nothing.
const SMALL_LOG: i64 = 1024 * 1024;
/// Numbers in a row from which on a file for each is too many.
pub(super) const FILES: i64 = 20_000;
/// Files in one loop that are counted.
const COUNTED: usize = 100;

impl Machine<'_> {
    /// `Set-NetFirewallRule`, `Disable-NetFirewallRule` and their like.
    pub(super) fn firewall_rules(&mut self, bound: &Bound<'_>, here: Span, input: &[Data]) {
        let is = |name: &str, wanted: &[&str]| {
            bound.get(name).is_some_and(|data| wanted.contains(&data.to_text().to_lowercase().as_str()))
        };
        let names: Vec<String> = ["-Name", "-DisplayName", "-Group", "-DisplayGroup"]
            .iter()
            .filter_map(|name| bound.get(name))
            .chain(bound.positional.iter().map(|(data, _)| data))
            .map(Data::to_text)
            .collect();
        let star = STAR.to_string();
        let all = |text: &str| matches!(text, "*" | "") || text == star;
        // Piped rules are all that were asked for by something else than a name.
        let every = names.iter().any(|name| all(name))
            || names.is_empty() && (input.is_empty() || input.iter().any(|rule| is_unnamed(rule, &star)));
        let disables = bound.invoked.starts_with("disable-");
        let lets_in = is("-Action", &["allow"]) || is("-Enabled", &["false"]);
        let from_all = is("-RemoteAddress", &["any", "*", "0.0.0.0/0", "::/0"]);
        let changes = bound.invoked.starts_with("set-");
        if every && (disables || changes && (lets_in || from_all)) || changes && from_all {
            let target = self.target(TargetClass::Named, "the firewall, for everything", here);
            self.emit(EffectKind::DisableProtection, target, false, bound.spec.name, here);
        }
    }

    /// A service is made: whoever may write where its program lies has the machine.
    pub(super) fn service_program(&mut self, program: &str, name: &str, here: Span) {
        if is_loose(program) {
            let target = self.target(TargetClass::Named, &self.unknowns.show(program), here);
            self.emit_with(EffectKind::Persist, target, false, name, here, "hidden");
        }
    }

    /// A log that is made so small that it forgets at once.
    pub(super) fn small_log(&mut self, bound: &Bound<'_>, here: Span) {
        let small = ["-MaximumSize", "-MaximumSizeInBytes"]
            .iter()
            .filter_map(|name| bound.get(name).and_then(Data::to_number))
            .any(|bytes| bytes < SMALL_LOG);
        if small {
            let target = self.target(TargetClass::Named, "what the event log keeps", here);
            self.emit(EffectKind::DisableProtection, target, false, bound.spec.name, here);
        }
    }

    /// A service is stopped, or kept from starting, by the object that stands for it.
    pub(super) fn service_method(&mut self, of: &str, name: &str, given: &[Data], span: Span) {
        let starts = given.iter().any(|data| {
            let text = data.to_text().to_lowercase();
            text.starts_with("auto") || text == "running"
        });
        let guard =
            of.split(|letter: char| !letter.is_alphanumeric() && letter != '-').find(|word| is_guard(word));
        if let Some(guard) = guard
            && !starts
            && matches!(
                name,
                "stop" | "pause" | "delete" | "stopservice" | "change" | "changestartmode" | "pauseservice"
            )
        {
            let target = self.target(TargetClass::Named, guard, span);
            self.emit(EffectKind::DisableProtection, target, false, "Stop-Service", span);
        }
    }

    /// A file for each of so many numbers.
    pub(super) fn row_of_files(&mut self, before: usize, span: Span) {
        let makes = |effect: &&crate::safety::Effect| {
            matches!(effect.kind, EffectKind::Create | EffectKind::Overwrite)
                && matches!(
                    effect.program.as_str(),
                    "Set-Content" | "WriteAllText" | "touch" | "Out-File" | "Copy-Item" | "fsutil" | ""
                )
        };
        let mut last = "";
        let mut files = 0;
        for effect in self.effects.iter().skip(before).filter(makes).take(4 * COUNTED) {
            files += usize::from(effect.target.text != last);
            last = &effect.target.text;
        }
        if files >= COUNTED {
            let target = self.target(TargetClass::Named, "a file for each of so many rounds", span);
            self.emit_with(EffectKind::Exhaust, target, true, "ForEach-Object", span, "disk");
        }
    }

    /// What another stream of a file holds, which nobody sees; the mark of where a file comes from is none.
    pub(super) fn of_stream(&mut self, bound: &Bound<'_>, path: &str, content: String) -> String {
        match bound.get("-Stream").map(Data::to_text) {
            Some(stream)
                if !matches!(stream.to_lowercase().as_str(), "" | ":$data" | "zone.identifier")
                    && self.written_file(&format!("{path}:{stream}")).is_none() =>
            {
                let shown = format!("$(Get-Content -Stream {stream} of {path})");
                self.unknowns.hole(&shown, Origin::Program).to_string()
            }
            Some(stream) => self.written_file(&format!("{path}:{stream}")).unwrap_or(content),
            None => content,
        }
    }

    /// Many items at once get names that nobody chose.
    pub(super) fn renames_by_chance(&mut self, bound: &Bound<'_>, here: Span, input: &[Data]) {
        let new = match bound.at("-NewName", 1) {
            Some(Data::Closure(closure)) => {
                let item = input.first().cloned().into_iter().collect::<Vec<_>>();
                Data::of(self.invoke(&closure.clone(), &[], &item))
            }
            Some(other) => other.clone(),
            None => return,
        };
        let shown = self.unknowns.show(&new.to_text());
        let mut items: Vec<Data> =
            bound.at("-Path", 0).cloned().into_iter().chain(input.iter().cloned()).collect();
        items.retain(super::items::is_many);
        if crate::safety::known::is_by_chance(&shown) && !items.is_empty() {
            for item in items.iter().take(8) {
                self.touch(EffectKind::Move, &super::slashes(&item.to_text()), here, true, "Rename-Item");
            }
            let target = self.target(TargetClass::Unknown, &shown, here);
            self.emit(EffectKind::Overwrite, target, false, "Rename-Item", here);
        }
    }

    /// What stops on one machine is a pause; on all that a list names nobody is left to answer.
    pub(super) fn on_many(&mut self, bound: &Bound<'_>, before: usize) {
        let many = bound.get("-ComputerName").is_some_and(|names| match names {
            Data::List(list) => list.len() > 4 || list.iter().any(|name| value::has_hole(&name.to_text())),
            other => {
                let text = other.to_text();
                value::has_hole(&text)
                    && !self.unknowns.show(&text).starts_with("$env")
                    && !is_one_variable(&self.unknowns.show(&text))
                    || text.contains(STAR)
            }
        });
        if !many {
            return;
        }
        const STOPS: &[&str] = &["Disable-", "Remove-", "Restart-", "Stop-", "Suspend-", "Uninstall-"];
        for effect in self.effects.iter_mut().skip(before) {
            let stops = STOPS.iter().any(|verb| effect.program.starts_with(verb))
                || matches!(effect.detail.as_str(), "stop" | "disable");
            if effect.kind == EffectKind::Configure && stops {
                effect.kind = EffectKind::Interrupt;
                effect.recursive = true;
                effect.target.text = format!("{} on all these machines", effect.target.text);
            }
        }
    }
}

/// True for `$server`: one name that somebody has set before.
fn is_one_variable(shown: &str) -> bool {
    shown.strip_prefix('$').is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') && !name.ends_with('s')
    })
}

fn is_unnamed(rule: &Data, star: &str) -> bool {
    match rule {
        Data::Object(object) => {
            object.of == Kind::Thing && (object.text == star || value::has_hole(&object.text))
        }
        _ => false,
    }
}

/// True for a program on another machine, or where anybody may put one.
pub(super) fn is_loose(program: &str) -> bool {
    let lower = program.trim_start_matches(['"', '\'']).to_lowercase();
    lower.starts_with(r"\\") && !lower.starts_with(r"\\.\") && !lower.starts_with(r"\\?\")
        || ["\\users\\", "\\temp\\", "\\programdata\\", "\\appdata\\", "\\perflogs\\"]
            .iter()
            .any(|part| lower.contains(part))
}

/// What `netsh advfirewall firewall …` does to the rules: true where everything may come in.
pub(super) fn opens_firewall(lower: &[String]) -> bool {
    let value = |name: &str| {
        lower.iter().find_map(|word| word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')))
    };
    let any = |name: &str| value(name).is_none_or(|text| text == "any");
    let has = |wanted: &str| lower.iter().any(|word| word == wanted);
    if !(has("advfirewall") && has("firewall")) {
        return false;
    }
    let all = value("name") == Some("all") || value("group") == Some("all");
    let lets_in = value("action") == Some("allow");
    let off = matches!(value("enable"), Some("no"));
    has("set") && all && (off || lets_in)
        || has("delete") && value("name") == Some("all") && any("localport") && any("program")
        || has("add")
            && lets_in
            && value("dir") == Some("in")
            && any("localport")
            && any("remoteip")
            && value("program").is_none()
            && value("service").is_none_or(|text| text == "any")
        || has("set") && value("remoteip") == Some("any") && has("new")
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::check_all;
    use crate::{Context, Dialect, Os};

    #[test]
    fn what_is_made_weaker() {
        check_all(
            &Context::new(Dialect::PowerShell).with_os(Os::Windows),
            &[
                (High, "Get-NetFirewallRule -Enabled True | Disable-NetFirewallRule"),
                (High, "Get-NetFirewallRule | Set-NetFirewallRule -Action Allow"),
                (High, "Set-NetFirewallRule -DisplayGroup 'Remote Desktop' -RemoteAddress Any"),
                (Moderate, "Set-NetFirewallRule -DisplayGroup 'Remote Desktop' -RemoteAddress 10.0.0.0/8"),
                (Moderate, "Disable-NetFirewallRule -DisplayName 'My game'"),
                (Moderate, "Get-NetFirewallRule -DisplayName 'My game' | Disable-NetFirewallRule"),
                (Safe, "Get-NetFirewallRule -Enabled True"),
                (High, "netsh advfirewall firewall set rule group=all new enable=no"),
                (High, "netsh advfirewall firewall add rule name=x dir=in action=allow protocol=any"),
                (
                    Moderate,
                    "netsh advfirewall firewall add rule name=x dir=in action=allow protocol=tcp localport=80",
                ),
                (Moderate, "netsh advfirewall firewall set rule group=\"remote desktop\" new enable=yes"),
                (High, "New-Service -Name u -BinaryPathName '\\\\srv\\s\\x.exe'"),
                (High, "sc.exe create u binPath= C:\\Users\\Public\\x.exe start= auto"),
                (Moderate, "New-Service -Name u -BinaryPathName 'C:\\Program Files\\u\\u.exe'"),
                (
                    High,
                    "Limit-EventLog -LogName Security -MaximumSize 64KB -OverflowAction OverwriteAsNeeded",
                ),
                (Moderate, "Limit-EventLog -LogName Application -MaximumSize 64MB"),
                (
                    High,
                    "(Get-WmiObject Win32_Service -Filter \"Name='WinDefend'\").ChangeStartMode('Disabled')",
                ),
                (
                    Moderate,
                    "(Get-WmiObject Win32_Service -Filter \"Name='Spooler'\").ChangeStartMode('Disabled')",
                ),
                (High, "(Get-Service WinDefend).Stop()"),
                (Moderate, "(Get-Service Spooler).Stop()"),
                (
                    High,
                    "Invoke-Command -ComputerName (Get-Content servers.txt) -ScriptBlock { Stop-Service W3SVC }",
                ),
                (Moderate, "Invoke-Command -ComputerName web1 -ScriptBlock { Stop-Service W3SVC }"),
                (Safe, "Invoke-Command -ComputerName $server -ScriptBlock { Restart-Service W3SVC }"),
                (
                    High,
                    "1..500000 | % { [IO.File]::WriteAllBytes(\"C:\\Temp\\$_.bin\",[byte[]]::new(10MB)) }",
                ),
                (Safe, "1..100 | % { New-Item -ItemType File \"test$_.txt\" }"),
            ],
        );
    }
}
