//! What could bring back what a line takes away: one table from effects to a sentence.
//!
//! It speaks to the person who is about to press return, so it is honest: where nothing can undo it,
//! it says so. The sentence is about the effect; which program has it only changes the words.

use super::rules::ONE_LINE;
use super::{Effect, EffectKind, ResolvedCommand};
use crate::line::Span;

/// Nothing brings it back but what was kept elsewhere.
const BACKUP: &str = "cannot be undone; only a backup, a snapshot or version control has it";

/// The way back from what a rule found at these words.
pub(super) fn hint(
    rule: &str,
    span: Span,
    effects: &[Effect],
    commands: &[ResolvedCommand],
) -> Option<&'static str> {
    let mut here = effects.iter().filter(|effect| effect.span == span);
    let worst = here.find(|effect| of_kind(effect, rule))?;
    // The words of a wrapped command stand elsewhere than its effects: its name tells which it is.
    let is_it = |command: &&ResolvedCommand| {
        let name = command.argv.first().and_then(|name| name.as_deref()).unwrap_or_default();
        name.rsplit('/').next() == Some(worst.program.as_str())
    };
    let around =
        |command: &&ResolvedCommand| command.span.start <= span.start && span.end <= command.span.end;
    let words = commands.iter().rfind(|command| is_it(command) && around(command));
    let words = words.or_else(|| commands.iter().find(is_it));
    let has = |word: &str| words.is_some_and(|command| command.argv.iter().flatten().any(|arg| arg == word));
    Some(sentence(worst, &has))
}

/// True where the rule speaks about this effect rather than about another one of the same words.
fn of_kind(effect: &Effect, rule: &str) -> bool {
    match effect.kind {
        EffectKind::Read | EffectKind::Fetch | EffectKind::RunCode | EffectKind::Exhaust => false,
        EffectKind::Privilege => false,
        EffectKind::ReadSecret => false,
        EffectKind::Install => rule == "install-software",
        _ => true,
    }
}

fn sentence(effect: &Effect, has: &dyn Fn(&str) -> bool) -> &'static str {
    let program = effect.program.as_str();
    match effect.kind {
        EffectKind::DiscardWork => discarded(effect, has),
        EffectKind::RewriteHistory => match () {
            () if has("push") => {
                "the old commits stay in the reflog of every clone that had them: `git reflog`, then push that commit again"
            }
            () if has("branch") || has("tag") => {
                "`git reflog` shows the last commit; `git branch NAME COMMIT` makes it again"
            }
            () => "`git reflog` shows the old commits; `git reset --hard HEAD@{1}` goes back",
        },
        EffectKind::Delete => match program {
            "trash" | "trash-put" | "gio" => "`trash-restore`, or the desktop's trash",
            "userdel" | "groupdel" => "`useradd` makes the name again; a deleted home directory is gone",
            _ => BACKUP,
        },
        EffectKind::Overwrite => BACKUP,
        EffectKind::Create => "delete it, or take the added lines out again",
        EffectKind::Move => "move it back; a file that it replaced is gone",
        EffectKind::WriteDevice => "cannot be undone; what was on the device is gone",
        EffectKind::Permission => {
            "the old rights are not kept: note them first, `getfacl -R DIR > rights` and later `setfacl --restore=rights`"
        }
        EffectKind::Kill => "start it again; what it had not saved is gone",
        EffectKind::Persist => "take the entry out again",
        EffectKind::DropData => "cannot be undone once committed; only a dump or a replica has it",
        EffectKind::DestroyCloud => destroyed(program, has),
        EffectKind::Expose => "close it again; what was read meanwhile is known elsewhere",
        EffectKind::Grant => "take the rights or the key back, and look at what was done with them",
        EffectKind::Interrupt => "start or attach it again",
        EffectKind::Escape => "stop the container; what it did to this machine stays",
        EffectKind::Publish => "seldom: who has fetched it keeps it",
        EffectKind::Install => "install or remove it the other way round; settings may be gone",
        EffectKind::Configure => configured(program, has),
        EffectKind::DisableProtection if effect.target.text == ONE_LINE => {
            "none is needed where the line is not run: after ten minutes it is as before"
        }
        EffectKind::DisableProtection => "turn it on again, and look at what happened in between",
        EffectKind::Send | EffectKind::RemoteShell => {
            "cannot be undone: what was sent is known elsewhere; change every secret in it"
        }
        EffectKind::Shutdown => "cannot be undone; whoever had not saved loses work",
        _ => BACKUP,
    }
}

fn discarded(effect: &Effect, has: &dyn Fn(&str) -> bool) -> &'static str {
    match () {
        () if has("stash") => {
            "`git fsck --unreachable` may still list the commit of a dropped stash: `git stash apply COMMIT`"
        }
        () if effect.detail == "reset" || has("reset") => {
            "commits: `git reflog`, then `git reset --hard HEAD@{1}`; uncommitted changes cannot be brought back"
        }
        () if has("branch") => "`git reflog` shows its last commit; `git branch NAME COMMIT` makes it again",
        () if effect.detail == "clean" || has("clean") => {
            "cannot be undone: files that git does not know are nowhere else"
        }
        () if has("worktree") => "its commits stay in the repository; uncommitted changes are gone",
        () => "cannot be undone: changes that were never committed are nowhere else",
    }
}

fn destroyed(program: &str, has: &dyn Fn(&str) -> bool) -> &'static str {
    match program {
        "docker" | "podman" | "nerdctl" | "docker-compose"
            if has("volume") || has("-v") || has("--volumes") =>
        {
            "cannot be undone: the data in a volume is nowhere else"
        }
        "docker" | "podman" | "nerdctl" | "docker-compose" => {
            "images and containers can be made again (`pull`, `build`, `run`); what was written inside a container is gone"
        }
        "kubectl" | "oc" | "helm" => {
            "apply the manifests again (`kubectl apply -f`, `helm rollback`); data of deleted volumes is gone"
        }
        "terraform" | "tofu" | "pulumi" | "cdk" => {
            "`apply` or `up` makes the resources again, empty: their data is gone"
        }
        _ => "cannot be undone unless the provider keeps deleted resources or a backup for a while",
    }
}

fn configured(program: &str, has: &dyn Fn(&str) -> bool) -> &'static str {
    match program {
        "systemctl" | "service" | "rc-service" | "sc" if has("stop") || has("restart") => "`start` it again",
        "systemctl" if has("disable") => "`systemctl enable` it again",
        "systemctl" if has("mask") => "`systemctl unmask` it",
        _ => "set it back; note the old value first",
    }
}

#[cfg(test)]
mod tests {
    use crate::Context;
    use crate::safety::check;

    #[track_caller]
    fn holds(line: &str, expect: &str) {
        let report = check(line, &Context::default());
        let undo: Vec<_> = report.findings.iter().filter_map(|finding| finding.undo.as_deref()).collect();
        assert!(undo.iter().any(|undo| undo.contains(expect)), "{line}: {undo:?}");
    }

    #[test]
    fn what_can_come_back_is_told() {
        holds("git reset --hard", "git reflog");
        holds("git clean -fd", "cannot be undone");
        holds("git checkout -- .", "cannot be undone");
        holds("git stash clear", "git fsck");
        holds("git push --force", "reflog");
        holds("rm -rf ~/projects/x", "only a backup");
        holds("dd if=/dev/zero of=/dev/sda", "cannot be undone");
        holds("kubectl delete namespace shop", "apply");
        holds("terraform destroy -auto-approve", "their data is gone");
        holds("sudo systemctl stop nginx", "start");
        holds("psql -c 'DROP TABLE users'", "dump");
        holds("chmod -R 777 /srv", "setfacl --restore");
        holds("cmdai policy allow-once 'rm -rf x'", "after ten minutes it is as before");
        holds("cmdai hook uninstall codex", "turn it on again");
    }

    #[test]
    fn where_nothing_changes_nothing_is_promised() {
        let report = check("cat ~/.ssh/id_rsa", &Context::default());
        assert!(report.findings.iter().all(|finding| finding.undo.is_none()));
    }
}
