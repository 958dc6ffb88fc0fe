//! The rule `git-rewrite-published`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Replaces history that others may have.
    ///
    /// ## Why
    /// Commits of others on that branch vanish from the server, and everybody who has the branch must mend it.
    ///
    /// ## Instead
    /// `git push --force-with-lease` stops where somebody pushed meanwhile.
    ///
    /// ```sh,flagged
    /// git push --force
    /// git push -f origin main
    /// git push origin +main
    /// git push --mirror
    /// git filter-branch --tree-filter 'rm -f secret.txt' HEAD
    /// git commit --amend
    /// git rebase -i HEAD~3
    /// ```
    /// ```sh,clean
    /// git push
    /// git push -u origin topic
    /// git commit -m 'push --force'
    /// git log
    /// ```
    GIT_REWRITE_PUBLISHED { name: "git-rewrite-published", subject: Subject::Effects(&[EffectKind::RewriteHistory], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    match effect.detail.as_str() {
        "push" => {
            let alarm = Alarm::new(
                Risk::High,
                "Replaces the branch on the server, whoever wrote what is there; `--force-with-lease` looks first.",
            );
            let alarm = alarm.instead(scene, effect.span, "--force", "--force-with-lease");
            Some(if alarm.change.is_some() {
                alarm
            } else {
                alarm.instead(scene, effect.span, "-f", "--force-with-lease")
            })
        }
        "filter-branch" | "filter-repo" => {
            Some(Alarm::new(Risk::High, "Rewrites every commit: all numbers change, and all copies differ."))
        }
        _ => Some(Alarm::new(Risk::Moderate, format!("Rewrites {}.", named(&effect.target.text)))),
    }
}

fn named(text: &str) -> &str {
    if text.is_empty() { "commits" } else { text }
}
