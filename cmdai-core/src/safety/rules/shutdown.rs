//! The rule `shutdown`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Shuts the machine down or restarts it.
    ///
    /// ## Why
    /// All programs end; on a machine far away nobody may be there to start it again.
    ///
    /// ```sh,flagged
    /// sudo shutdown -h now
    /// sudo reboot
    /// shutdown -r now
    /// init 6
    /// systemctl poweroff
    /// init 0
    /// ssh root@web1 reboot
    /// echo b > /proc/sysrq-trigger
    /// ```
    /// ```sh,clean
    /// shutdown -c
    /// systemctl status
    /// last reboot
    /// ```
    SHUTDOWN { name: "shutdown", subject: Subject::Effects(&[EffectKind::Shutdown, EffectKind::Overwrite], judge) }
}

fn judge(effect: &Effect, _: &Scene<'_>) -> Option<Alarm> {
    if effect.kind == EffectKind::Overwrite && effect.target.text != "/proc/sysrq-trigger" {
        return None;
    }
    // This machine comes back by itself, and whoever typed it sits before it; one that is far away has somebody else's work.
    let again = effect.kind == EffectKind::Shutdown && effect.detail == "again";
    if again {
        return Some(Alarm::new(
            Risk::Moderate,
            "Restarts this machine: all programs end, unsaved work is lost.",
        ));
    }
    Some(Alarm::new(
        Risk::High,
        if !matches!(effect.detail.as_str(), "remote" | "unclean") && effect.kind == EffectKind::Shutdown {
            "Stops this machine: all programs end, unsaved work is lost, and somebody must start it again."
        } else {
            "Stops or restarts a machine: all programs end, unsaved work is lost."
        },
    ))
}
