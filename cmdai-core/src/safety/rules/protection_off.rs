//! The rule `protection-off`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Turns a protection of the system off.
    ///
    /// ## Why
    /// The machine is open until somebody remembers to turn it on again.
    ///
    /// ```sh,flagged
    /// sudo iptables -F
    /// ufw disable
    /// setenforce 0
    /// ```
    /// ```sh,clean
    /// iptables -L
    /// ufw status
    /// setenforce 1
    /// ```
    PROTECTION_OFF { name: "protection-off", subject: Subject::Effects(&[EffectKind::DisableProtection], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    Some(Alarm::new(Risk::High, format!("Turns off a protection of this machine ({}).", effect.target.text)))
}
