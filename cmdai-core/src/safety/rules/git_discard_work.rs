//! The rule `git-discard-work`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Throws away changes that are nowhere else.
    ///
    /// ## Why
    /// Changes that were never committed cannot be brought back.
    ///
    /// ## Instead
    /// `git stash -u` puts them aside.
    ///
    /// ```sh,flagged
    /// git reset --hard
    /// git reset --hard HEAD~3
    /// git clean -fd
    /// git clean -xdf
    /// git checkout -- .
    /// git checkout .
    /// git restore .
    /// git checkout -f main
    /// git stash clear
    /// git checkout -- src/main.rs
    /// git -C ~/projects/app reset --hard
    /// ```
    /// ```sh,clean
    /// git reset --soft HEAD~1
    /// git clean -n
    /// git checkout main
    /// git stash
    /// git restore --staged .
    /// git commit -m 'git reset --hard'
    /// ```
    GIT_DISCARD_WORK { name: "git-discard-work", subject: Subject::Effects(&[EffectKind::DiscardWork], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let what = &effect.target.text;
    let one_file =
        effect.target.class != TargetClass::Named && effect.target.class != TargetClass::WorkingDirectory;
    if one_file {
        return Some(Alarm::new(Risk::Moderate, format!("Throws away the uncommitted changes of {what}.")));
    }
    let shown = if what == "." || what == ":/" { "all uncommitted changes" } else { what.as_str() };
    let alarm = Alarm::new(
        Risk::High,
        format!("Throws away {shown}; nothing can bring them back. `git stash -u` puts them aside."),
    );
    let written = effect.span.of(scene.line);
    Some(match effect.detail.as_str() {
        "reset" => alarm.instead(scene, effect.span, "--hard", "--keep"),
        "clean" => {
            let flags = written.split_whitespace().find(|word| word.starts_with('-') && word.contains('f'));
            match flags {
                Some(flags) => alarm.instead(scene, effect.span, flags, &flags.replace('f', "n")),
                None => alarm,
            }
        }
        _ => alarm,
    })
}
