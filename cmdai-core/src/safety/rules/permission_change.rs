//! The rule `permission-change`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Changes the permissions or the owner of files.
    ///
    /// ## Why
    /// It can be changed back, but nothing remembers what it was.
    ///
    /// ```sh,flagged
    /// chmod 600 notes.txt
    /// chown anna notes.txt
    /// chmod -R go-w src
    /// ```
    /// ```sh,clean
    /// chmod +x run.sh
    /// ls -l
    /// stat notes.txt
    /// ```
    PERMISSION_CHANGE { name: "permission-change", subject: Subject::Effects(&[EffectKind::Permission], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    // Everyone does this to every script; nobody is harmed.
    if matches!(effect.detail.as_str(), "+x" | "u+x" | "a+x" | "755") && !effect.recursive {
        return None;
    }
    let below = if effect.recursive { " and everything below it" } else { "" };
    let thing = if effect.program == "chmod" { "permissions" } else { "owner" };
    Some(Alarm::new(Risk::Moderate, format!("Changes the {thing} of {}{below}.", effect.target.text)))
}
