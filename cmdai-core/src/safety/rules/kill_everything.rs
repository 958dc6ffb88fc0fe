//! The rule `kill-everything`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Ends all processes.
    ///
    /// ## Why
    /// All open programs end at once and unsaved work is lost; the session or the machine goes down.
    ///
    /// ## Instead
    /// Name the process: `pgrep -fl NAME` shows its number.
    ///
    /// ```sh,flagged
    /// kill -9 -1
    /// kill -KILL -1
    /// sudo kill -9 1
    /// pkill -9 .
    /// pkill -9 -u root
    /// kill -9 $(ps aux | awk '{print $2}')
    /// kill 4242
    /// killall firefox
    /// ```
    /// ```sh,clean
    /// kill -l
    /// ps aux
    /// pgrep node
    /// echo kill -9 -1
    /// kill -0 4242
    /// ```
    KILL_EVERYTHING { name: "kill-everything", subject: Subject::Effects(&[EffectKind::Kill], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = effect.target.text.as_str();
    if effect.detail == "0" {
        return None;
    }
    if effect.recursive
        || matches!(target, "-1" | "1" | "." | ".*" | "" | "*" | "init" | "systemd")
        || is_vital(target)
    {
        return Some(Alarm::new(
            Risk::High,
            "Ends every process it may: open programs close at once and unsaved work is lost.",
        ));
    }
    let unsaved = if matches!(effect.detail.as_str(), "9" | "KILL") {
        " at once, without a chance to save"
    } else {
        ""
    };
    Some(Alarm::new(Risk::Moderate, format!("Ends {target}{unsaved}.")))
}

/// Processes without which Windows stops.
fn is_vital(target: &str) -> bool {
    let name = target.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    matches!(name, "csrss" | "lsass" | "services" | "smss" | "svchost" | "wininit" | "winlogon")
}
