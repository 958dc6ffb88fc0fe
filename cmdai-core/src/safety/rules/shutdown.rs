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

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    if effect.kind == EffectKind::Overwrite && effect.target.text != "/proc/sysrq-trigger" {
        return None;
    }
    // This machine comes back by itself; whoever typed it sits before it.
    let written = effect.span.of(scene.line);
    let again = effect.kind == EffectKind::Shutdown
        && !matches!(effect.detail.as_str(), "remote" | "unclean")
        && written.split([' ', '/']).next_back() == Some("reboot");
    if again {
        return Some(Alarm::new(
            Risk::Moderate,
            "Restarts this machine: all programs end, unsaved work is lost.",
        ));
    }
    Some(Alarm::new(Risk::High, "Stops or restarts this machine: all programs end, unsaved work is lost."))
}
