//! The rule `delete-everything-here`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Deletes everything in the working directory.
    ///
    /// ## Why
    /// It depends on where you are, which is easy to have wrong, and there is no undo.
    ///
    /// ## Instead
    /// Go one level up and name the folder, or name the files.
    ///
    /// ```sh,flagged
    /// rm -rf *
    /// rm -rf .
    /// rm -rf ./*
    /// rm *
    /// find . -delete
    /// find . -type f -delete
    /// find -mindepth 1 -exec rm {} +
    /// ls | xargs rm -rf
    /// cd "$dir" && rm -rf *
    /// for f in *; do rm -rf "$f"; done
    /// ```
    /// ```sh,clean
    /// rm -rf build/*
    /// rm *.log
    /// find . -name '*.pyc' -delete
    /// find . -type f | grep -v '\.c$' | xargs rm
    /// find -L . -type l -delete
    /// ls *
    /// cd build && rm -rf *
    /// echo *
    /// ```
    DELETE_EVERYTHING_HERE { name: "delete-everything-here", subject: Subject::Effects(&[EffectKind::Delete], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let everything = effect.recursive || target.text.ends_with('*');
    if target.class != TargetClass::WorkingDirectory || !everything {
        return None;
    }
    let risk = if effect.detail == "asks" { Risk::Moderate } else { Risk::High };
    let alarm = Alarm::new(
        risk,
        "Deletes everything in the working directory. Be sure where you are: there is no undo.",
    );
    Some(alarm.instead(scene, effect.span, "-delete", "-print"))
}
