//! The rule `read-secret`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Shows or copies keys or passwords.
    ///
    /// ## Why
    /// They end up on the screen, in a log or in a copy that nobody looks after.
    ///
    /// ```sh,flagged
    /// cat ~/.ssh/id_rsa
    /// sudo cat /etc/shadow
    /// cp .env .env.bak
    /// ```
    /// ```sh,clean
    /// cat ~/.ssh/id_rsa.pub
    /// ls ~/.ssh
    /// cat README.md
    /// ```
    READ_SECRET { name: "read-secret", subject: Subject::Effects(&[EffectKind::ReadSecret], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    // Names and sizes of files are no secrets.
    if matches!(effect.program.as_str(), "ls" | "find" | "du" | "df" | "wc") {
        return None;
    }
    Some(Alarm::new(Risk::Moderate, format!("Reads {}, which holds secrets.", effect.target.text)))
}
