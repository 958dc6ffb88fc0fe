//! The rule `privilege`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Runs with another user's rights, mostly those of root.
    ///
    /// ## Why
    /// Nothing holds it back any more: a slip reaches the whole machine.
    ///
    /// ```sh,flagged
    /// sudo apt install jq
    /// doas vim /etc/hosts
    /// su -c id
    /// ```
    /// ```sh,clean
    /// sudo -l
    /// whoami
    /// su --help
    /// ```
    PRIVILEGE { name: "privilege", subject: Subject::Effects(&[EffectKind::Privilege], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let user = if effect.detail.is_empty() { "root" } else { effect.detail.as_str() };
    Some(Alarm::new(Risk::Moderate, format!("Runs with the rights of {user}.")))
}
