//! The rule `git-discard-work`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass, data};
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
    /// git reset --merge
    /// git restore src/main.rs
    /// git checkout HEAD~2 -- src/main.rs
    /// git checkout main src/main.rs
    /// git stash drop
    /// git branch -D topic
    /// git reflog expire --expire=now --all
    /// git gc --prune=now
    /// git rm -rf src
    /// git worktree remove --force ../topic
    /// git submodule deinit -f --all
    /// git update-ref -d refs/heads/topic
    /// git read-tree --reset -u HEAD
    /// git checkout-index -f -a
    /// git -c clean.requireForce=false clean -d
    /// ```
    /// ```sh,clean
    /// git reset --soft HEAD~1
    /// git clean -n
    /// git checkout main
    /// git stash
    /// git restore --staged .
    /// git commit -m 'git reset --hard'
    /// git reset --keep HEAD~1
    /// git checkout -b fix/reset.hard
    /// git checkout release/2.1
    /// git checkout -p
    /// git branch -d topic
    /// git stash pop
    /// git reflog
    /// git rm -r --cached .
    /// git worktree remove ../topic
    /// git gc
    /// ```
    GIT_DISCARD_WORK { name: "git-discard-work", subject: Subject::Effects(&[EffectKind::DiscardWork], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let text = effect.target.text.as_str();
    let what = if matches!(text, "." | ":/" | "*") { "all uncommitted changes" } else { text };
    // A path stands for its changes.
    let is_path = !matches!(effect.target.class, TargetClass::Named | TargetClass::Unknown) && what == text;
    let changes = if is_path { format!("the uncommitted changes of {what}") } else { what.to_owned() };
    let message = match effect.detail.as_str() {
        "checkout" if is_lock(text) => {
            return Some(Alarm::new(
                Risk::Moderate,
                format!(
                    "Throws away the uncommitted changes of {what}; the tool that wrote it makes them again."
                ),
            ));
        }
        "branch" if is_chosen(effect, scene) => {
            return Some(Alarm::new(
                Risk::Moderate,
                format!(
                    "Deletes the branch {what}: one that was picked, or that was deleted elsewhere; the reflog has its commits."
                ),
            ));
        }
        FRESH => return None,
        "side" => {
            return Some(Alarm::new(
                Risk::Moderate,
                format!("Takes one side of a conflict in {what}; the other is dropped."),
            ));
        }
        "branch" => format!(
            "Deletes the branch {what}, merged or not: commits that are only on it are lost to all but the reflog."
        ),
        "drop" | "clear" => format!("Throws away {what}; no branch holds what was put aside."),
        "expire" | "delete" | "gc" | "prune" => {
            format!("Deletes {what}; after that nothing finds lost commits again.")
        }
        "update-ref" => {
            format!("Deletes the name {what}: commits that are only below it are lost to all but the reflog.")
        }
        "clean" => format!("Deletes {what}; git never had them and cannot bring them back."),
        _ => format!("Throws away {changes}; nothing can bring them back. `git stash -u` puts them aside."),
    };
    let alarm = Alarm::new(Risk::High, message);
    let written = effect.span.of(scene.line);
    Some(match effect.detail.as_str() {
        "reset" => alarm.instead(scene, effect.span, "--hard", "--keep"),
        "branch" => alarm.instead(scene, effect.span, "-D", "-d"),
        "clean" => {
            let flags = written.split_whitespace().find(|word| word.starts_with('-') && word.contains('f'));
            match flags {
                Some(flags) if !flags.starts_with("--") => {
                    alarm.instead(scene, effect.span, flags, &flags.replace('f', "n"))
                }
                Some(flags) => alarm.instead(scene, effect.span, flags, "--dry-run"),
                None => alarm,
            }
        }
        _ => alarm,
    })
}

/// Detail of what is thrown away in a repository that the line itself has made, in a folder that was not there before.
pub(in crate::safety) const FRESH: &str = "fresh";

/// True where the branches are not named but picked by a person from a list, or are those whose other side was deleted.
fn is_chosen(effect: &Effect, scene: &Scene<'_>) -> bool {
    const PICKERS: &[&str] = &["fzf", "fzy", "gum", "out-consolegridview", "out-gridview", "peco", "sk"];
    let unknown = effect.target.text.contains(['$', '…', '*']) || effect.target.text.is_empty();
    if !unknown {
        return false;
    }
    let around = scene.command_of(effect.span).of(scene.line);
    // What stands behind another command has chosen nothing for this one, except where a value was kept.
    let around = around.rsplit(['\n']).next().unwrap_or(around).to_ascii_lowercase();
    let words: Vec<&str> = around
        .split(|letter: char| letter.is_whitespace() || "|(){};\"`".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let asks = |flag: &&str| matches!(*flag, "-f" | "--filter") || flag.starts_with("--filter=");
    let picked = words.iter().any(|word| PICKERS.contains(word)) && !words.iter().any(asks)
        || words.windows(2).any(|pair| pair == ["input", "list"]);
    let upstreams = around.contains("upstream:track") || words.contains(&"-vv");
    let turned = ["-notmatch", "-notlike", "!~", "not ", "--invert", "grep -v", "string match -v", "!="];
    let gone = upstreams && around.contains("gone") && !turned.iter().any(|word| around.contains(word));
    picked || gone
}

/// True for a file in which a package manager keeps what it has chosen.
fn is_lock(path: &str) -> bool {
    const LOCKS: &[&str] = &[
        "Cargo.lock",
        "Gemfile.lock",
        "Pipfile.lock",
        "bun.lock",
        "bun.lockb",
        "composer.lock",
        "deno.lock",
        "flake.lock",
        "go.sum",
        "mix.lock",
        "npm-shrinkwrap.json",
        "package-lock.json",
        "pdm.lock",
        "pnpm-lock.yaml",
        "poetry.lock",
        "pubspec.lock",
        "uv.lock",
        "yarn.lock",
    ];
    !path.contains(['$', '*', '?', '{']) && data::holds(LOCKS, path.rsplit('/').next().unwrap_or(path))
}
