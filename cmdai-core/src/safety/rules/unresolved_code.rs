//! The rule `unresolved-code`.

use super::delete_file;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Runs code that this line does not show.
    ///
    /// ## Why
    /// What it does cannot be told before it runs.
    ///
    /// ```sh,flagged
    /// eval "$code"
    /// LD_PRELOAD=/tmp/x.so ls
    /// $tool --all
    /// sh -c "$(make-command < notes.txt)"
    /// eval "$(kubectl get configmap x)"
    /// ```
    /// ```sh,clean
    /// echo "$code"
    /// cp "$file" backup/
    /// grep "$pattern" notes.txt
    /// x=ls; $x -l
    /// eval "$(ssh-agent -s)"
    /// eval "$(direnv hook bash)"
    /// ```
    /// ```zsh,flagged
    /// sudo !!
    /// fpath=(/tmp/x $fpath); autoload -Uz tool
    /// ```
    /// ```zsh,clean
    /// autoload -Uz compinit; compinit
    /// ```
    /// ```fish,flagged
    /// eval $cmd
    /// ```
    /// ```fish,clean
    /// zoxide init fish | source
    /// ```
    UNRESOLVED_CODE { name: "unresolved-code", subject: Subject::Effects(&[EffectKind::RunCode], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    // A file named like an option, which is gone before any other program is given it.
    let is_gone = |other: &Effect| {
        other.kind == EffectKind::Delete
            && other.target.text == effect.target.text
            && delete_file::was_just_made(other, scene)
    };
    if effect.program == "touch" && scene.around(effect).iter().any(is_gone) {
        return None;
    }
    if effect.detail == "preload" {
        let message = format!("Loads code by {} from a place where anybody may write.", effect.target.text);
        return Some(Alarm::new(Risk::High, message));
    }
    if effect.detail == "hidden" {
        let message = format!("Runs what {} makes of something that hides it.", effect.target.text);
        return Some(Alarm::new(Risk::High, message));
    }
    if effect.detail == "callback" && effect.target.class != TargetClass::System {
        let message =
            format!("Lets another program run {}, which this line does not show.", effect.target.text);
        return Some(Alarm::new(Risk::Moderate, message));
    }
    if effect.detail == "nowhere" {
        return Some(Alarm::new(
            Risk::Moderate,
            "Leaves no folder to look for programs in: they are not found any more, but where one works.",
        ));
    }
    if effect.target.text == "PATH" && effect.target.class == TargetClass::Unknown {
        return Some(Alarm::new(
            Risk::Moderate,
            "Looks for programs first in a folder whose files this line does not show.",
        ));
    }
    (effect.target.class == TargetClass::Unknown).then(|| {
        Alarm::new(Risk::Moderate, format!("Runs {}, which this line does not show.", effect.target.text))
    })
}
