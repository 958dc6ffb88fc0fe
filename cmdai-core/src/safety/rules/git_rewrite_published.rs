//! The rule `git-rewrite-published`.

use crate::safety::git_todo::DROPS;
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
    /// git push origin --delete topic
    /// git push origin :topic
    /// git push --prune origin
    /// git push --force-with-lease
    /// git filter-branch --tree-filter 'rm -f secret.txt' HEAD
    /// git rebase --onto main topic
    /// git rebase -i --root
    /// ```
    /// ```sh,clean
    /// git push
    /// git push -u origin topic
    /// git commit -m 'push --force'
    /// git push --force --dry-run
    /// git push origin main:main
    /// git rebase --abort
    /// git commit --amend --no-edit
    /// git rebase -i HEAD~3
    /// git rebase main
    /// git log
    /// ```
    GIT_REWRITE_PUBLISHED { name: "git-rewrite-published", subject: Subject::Effects(&[EffectKind::RewriteHistory], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let what = effect.target.text.as_str();
    match effect.detail.as_str() {
        // The reflog keeps the commit, or an editor shows the list first; others see nothing of it before a push that
        // is found itself.
        "own" | "asks" => None,
        DROPS => Some(Alarm::new(
            Risk::High,
            format!(
                "Drops {what} from the branch without anybody looking at which; only the reflog has them then."
            ),
        )),
        "push-force" => {
            let alarm = Alarm::new(
                Risk::High,
                format!(
                    "Replaces {what} on the server, whoever wrote what is there; `--force-with-lease` looks first."
                ),
            );
            let alarm = alarm.instead(scene, effect.span, "--force", "--force-with-lease");
            Some(if alarm.change.is_some() {
                alarm
            } else {
                alarm.instead(scene, effect.span, "-f", "--force-with-lease")
            })
        }
        "push-lease" => Some(Alarm::new(
            Risk::Moderate,
            format!("Replaces {what} on the server, unless somebody pushed meanwhile."),
        )),
        "push-mirror" => Some(Alarm::new(
            Risk::High,
            "Makes the server the same as this copy: branches and tags that are only there are deleted.",
        )),
        "push-delete" => Some(Alarm::new(
            Risk::High,
            format!("Deletes {what} on the server; only who has a copy can push it again."),
        )),
        "filter-branch" | "filter-repo" | "migrate" => {
            Some(Alarm::new(Risk::High, "Rewrites every commit: all numbers change, and all copies differ."))
        }
        _ => Some(Alarm::new(
            Risk::Moderate,
            format!("Rewrites {}; the reflog keeps what was there for a while.", named(what)),
        )),
    }
}

fn named(text: &str) -> &str {
    if text.is_empty() { "commits" } else { text }
}
