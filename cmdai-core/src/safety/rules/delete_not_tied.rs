//! The rule `delete-not-tied`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Deletes even where the step before it has failed.
    ///
    /// ## Why
    /// After `;` a command runs whether the one before it succeeded or not. Where the folder cannot be entered, the
    /// deletion happens in the wrong one; where the copy was not made, the only original is deleted.
    ///
    /// ## Instead
    /// Join the two with `&&`, or begin the script with `set -e`.
    ///
    /// ```sh,flagged
    /// cd build; rm -rf *
    /// cd "$dir"; rm -rf ./*
    /// cp -r photos /mnt/backup; rm -rf photos
    /// tar czf data.tgz data; rm -rf data
    /// rsync -a src/ host:src/; rm -rf src
    /// ```
    /// ```sh,clean
    /// cd build && rm -rf *
    /// cd build || exit 1; rm -rf *
    /// set -e; cd build; rm -rf *
    /// if ! cd build; then exit 1; fi; rm -rf *
    /// cd build; rm -rf out
    /// cp -r photos /mnt/backup && rm -rf photos
    /// tar czf data.tgz data; rm -rf other
    /// ```
    DELETE_NOT_TIED { name: "delete-not-tied", subject: Subject::Effects(&[EffectKind::Delete], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    match effect.detail.as_str() {
        "after-cd" => Some(Alarm::new(
            Risk::High,
            format!(
                "Deletes {} where the folder before it cannot be entered; join the two with &&.",
                effect.target.text
            ),
        )),
        // A single file is soon told missing; a folder with all that is in it is not.
        "after-copy" => Some(Alarm::new(
            if effect.recursive { Risk::High } else { Risk::Moderate },
            format!(
                "Deletes {} even where the copy before it was not made; join the two with &&.",
                effect.target.text
            ),
        )),
        _ => None,
    }
}
