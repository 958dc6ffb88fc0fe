//! The rule `kill-everything`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
use crate::safety::{branches, known};
declare_rule! {
    /// Ends all processes, those of a user, or those that the system needs; or one without a chance to save.
    ///
    /// ## Why
    /// All open programs end at once and unsaved work is lost; the session or the machine goes down. Without
    /// the login service nobody can get in any more. To ask one process to end is everyday work.
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
    /// kill -9 4242
    /// killall firefox
    /// kill $(ps -e -o pid=)
    /// pkill -KILL -u "$USER"
    /// sudo kill -9 $(pgrep -x sshd)
    /// for p in $(seq 2 32768); do kill -9 $p; done
    /// ```
    /// ```sh,clean
    /// kill -l
    /// kill -0 4242
    /// kill 4242
    /// kill %1
    /// kill -HUP 4242
    /// ps aux
    /// pgrep node
    /// echo kill -9 -1
    /// ```
    /// ```fish,flagged
    /// kill -9 (pgrep -u (whoami))
    /// for p in (pgrep .); kill -9 $p; end
    /// ```
    /// ```fish,clean
    /// kill $last_pid
    /// pgrep node
    /// ```
    /// ```nu,flagged
    /// ps | where pid > 1 | each {|p| kill -f $p.pid }
    /// ```
    /// ```nu,clean
    /// ps | where cpu > 50
    /// ```
    /// ```powershell,flagged
    /// Get-Process | Stop-Process -Force
    /// Get-Process | ? Id -gt 4 | spps
    /// 2..32768 | % { Stop-Process -Id $_ -Force }
    /// gps sqlservr, w3wp | spps -Force
    /// ```
    /// ```powershell,clean
    /// Get-Process | Sort-Object CPU
    /// ```
    /// ```zsh,flagged
    /// kill -9 ${(f)"$(pgrep -u $USER)"}
    /// kill -9 /proc/<2->(/:t)
    /// ```
    /// ```zsh,clean
    /// kill %1
    /// ```
    KILL_EVERYTHING { name: "kill-everything", subject: Subject::Effects(&[EffectKind::Kill], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = effect.target.text.as_str();
    let signal = effect.detail.trim_start_matches("SIG");
    if signal == "0" {
        return None;
    }
    // Signals that a program takes for "read your settings again" and the like.
    let tells = matches!(
        signal,
        "HUP" | "1" | "USR1" | "USR2" | "10" | "12" | "CONT" | "18" | "WINCH" | "28" | "CHLD" | "URG"
    );
    let everything =
        matches!(target, "-1" | "1" | "/" | "." | ".*" | "" | "*" | "init" | "systemd" | "launchd");
    // The numbers of all that run, as the kernel lists them.
    let listed = target.strip_prefix("/proc/").is_some_and(|rest| matches!(rest, "*" | "…" | "[0-9]*"));
    let everything = everything || listed || target == branches::SO_MANY || is_one_of_many(effect, scene);
    if matches!(target, "1" | "init" | "systemd" | "launchd") && !tells && !effect.recursive {
        return Some(Alarm::new(
            Risk::High,
            format!(
                "Ends {}, from which all others come: the machine may go down with it.",
                match target {
                    "1" => "the first process",
                    name => name,
                }
            ),
        ));
    }
    if ((everything || is_vital(target)) && !tells) || effect.recursive {
        return Some(Alarm::new(
            Risk::High,
            "Ends every process it may: open programs close at once and unsaved work is lost.",
        ));
    }
    if tells {
        return None;
    }
    if known::is_vital_process(target) {
        return Some(Alarm::new(
            Risk::High,
            format!("Ends {target}, which the system, its protection or the way into it needs."),
        ));
    }
    if matches!(signal, "9" | "KILL" | "Force") && known::is_store_process(target) {
        return Some(Alarm::new(
            Risk::High,
            format!(
                "Ends {target} at once: what it has not written yet is lost, and it may not start again."
            ),
        ));
    }
    if known::starts_again(effect) {
        return None;
    }
    let number = target.trim_start_matches('%');
    // A number, or what a file or a look-up names.
    let one =
        !number.is_empty() && (number.bytes().all(|byte| byte.is_ascii_digit()) || number.starts_with('$'));
    let now = matches!(signal, "9" | "KILL");
    if one && !now && effect.program == "kill" {
        return None;
    }
    let unsaved = if now { " at once, without a chance to save" } else { "" };
    Some(Alarm::new(Risk::Moderate, format!("Ends {target}{unsaved}.")))
}

/// True where one command ends number after number: whatever has them, which nobody has looked at.
fn is_one_of_many(effect: &Effect, scene: &Scene<'_>) -> bool {
    const MANY: usize = 24;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(&effect.target.text) {
        return false;
    }
    let mut last = effect.target.text.as_str();
    let mut others = 0;
    for other in scene.behind(effect).iter().filter(|other| other.span == effect.span) {
        if other.kind == EffectKind::Kill && other.target.text != last && is_number(&other.target.text) {
            last = other.target.text.as_str();
            others += 1;
        }
    }
    others >= MANY
}

/// Processes without which Windows stops.
fn is_vital(target: &str) -> bool {
    let name = target.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    matches!(name, "csrss" | "lsass" | "services" | "smss" | "svchost" | "wininit" | "winlogon")
}
