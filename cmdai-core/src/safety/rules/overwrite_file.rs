//! The rule `overwrite-file`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Replaces the content of a file, or moves it away, outside the folder at hand.
    ///
    /// ## Why
    /// What was in the file is not kept.
    ///
    /// ```sh,flagged
    /// echo x > ~/notes.txt
    /// sed -i 's/a/b/' notes.txt
    /// truncate -s 0 app.log
    /// mv ~/notes.txt /srv/notes.txt
    /// ```
    /// ```sh,clean
    /// echo x > notes.txt
    /// cp a.txt b.txt
    /// mv a.txt b.txt
    /// sed 's/a/b/' notes.txt
    /// make 2> /dev/null
    /// ```
    OVERWRITE_FILE { name: "overwrite-file", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Move], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let edits = matches!(effect.program.as_str(), "sed" | "perl" | "truncate" | "shred" | "tar");
    match target.class {
        TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::OtherHome | TargetClass::Parent => {}
        TargetClass::Local | TargetClass::WorkingDirectory if edits => {}
        TargetClass::Secret => {}
        _ => return None,
    }
    let what = if effect.kind == EffectKind::Move { "Moves" } else { "Writes over" };
    Some(Alarm::new(Risk::Moderate, format!("{what} {}.", target.text)))
}
