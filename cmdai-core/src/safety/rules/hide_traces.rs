//! The rule `hide-traces`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Deletes logs of the machine, or the history of what was typed.
    ///
    /// ## Why
    /// What happened can no longer be told, by whoever has to mend it or to find out who did it.
    ///
    /// ## Instead
    /// Keep a bounded part: `journalctl --vacuum-time=2weeks`, `history -d NUMBER`.
    ///
    /// ```sh,flagged
    /// sudo journalctl --vacuum-time=1s
    /// history -c
    /// rm ~/.bash_history
    /// : > ~/.zsh_history
    /// sudo auditctl -D
    /// ln -sf /dev/null ~/.bash_history
    /// sudo sed -i '/203.0.113.5/d' /var/log/auth.log
    /// ```
    /// ```sh,clean
    /// sudo journalctl --vacuum-time=2weeks
    /// journalctl -u nginx
    /// history
    /// auditctl -l
    /// ```
    HIDE_TRACES { name: "hide-traces", subject: Subject::Effects(&[EffectKind::HideTraces, EffectKind::Delete, EffectKind::Overwrite], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let text = effect.target.text.as_str();
    if effect.kind == EffectKind::HideTraces {
        let risk = if effect.detail == "history" { Risk::Moderate } else { Risk::High };
        return Some(Alarm::new(risk, format!("Deletes {text}: what was done can no longer be told.")));
    }
    // Nobody mends a log line by line.
    let edits = matches!(effect.program.as_str(), "sed" | "perl") && effect.kind == EffectKind::Overwrite;
    if edits && text.starts_with("/var/log/") {
        return Some(Alarm::new(Risk::High, format!("Takes lines out of {text}, which tells who was here.")));
    }
    let linked = effect.program == "ln" && effect.kind == EffectKind::Overwrite;
    let emptied =
        linked || effect.kind == EffectKind::Delete || effect.detail == "empties" || effect.detail == "fills";
    if !emptied {
        return None;
    }
    let name = text.rsplit('/').next().unwrap_or(text);
    // That of PowerShell is `ConsoleHost_history.txt`.
    let history = name.starts_with('.') && name.ends_with("_history") || name.ends_with("Host_history.txt");
    let logs = matches!(text, "/var/log/wtmp" | "/var/log/btmp" | "/var/log/lastlog" | "/var/log/auth.log")
        || text.starts_with("/var/log/audit")
        || text == "/var/log/secure";
    if history && effect.program == "ln" {
        return Some(Alarm::new(Risk::High, format!("Throws away what is typed from now on ({text}).")));
    }
    match (history, logs) {
        (true, _) => {
            Some(Alarm::new(Risk::Moderate, format!("Deletes {text}, the history of what was typed.")))
        }
        (_, true) => Some(Alarm::new(Risk::High, format!("Deletes {text}, which tells who was here."))),
        _ => None,
    }
}
