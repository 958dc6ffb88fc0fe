//! The rule `guard-off`.

use crate::safety::agents::GUARD;
use crate::safety::arrivals::WHATEVER;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Changes the files that decide what may run without being asked.
    ///
    /// ## Why
    /// A policy, or an agent's list of hooks, is a lock; whoever can rewrite it needs no key. An agent that is
    /// refused a command must not be able to change the answer.
    ///
    /// ```sh,flagged
    /// echo '{}' > ~/.claude/settings.json
    /// sed -i '/cmdai/d' .claude/settings.local.json
    /// rm .cmdai/policy.toml
    /// rm -rf ~/.config/cmdai
    /// cp new.toml ~/.config/cmdai/policy.toml
    /// tee .cursor/hooks.json
    /// mv ~/.codex/hooks.json /tmp/
    /// rm .github/hooks/cmdai.json
    /// touch /run/user/1000/cmdai/allow/0123
    /// cp settings.json ~/.claude/
    /// cp settings.json ~/.claude
    /// cp -r /tmp/x/. ~/.claude/
    /// cp -r /tmp/x/.claude ~
    /// mv /tmp/policy.toml ~/.config/cmdai/
    /// mv -t ~/.claude /tmp/settings.json
    /// install -D settings.json -t ~/.claude
    /// rsync -a /tmp/x/ ~/.claude/
    /// cd ~/.claude && tar xf /tmp/a.tar
    /// unzip -o x.zip -d ~/.claude
    /// wget -P ~/.claude https://example.com/settings.json
    /// curl -O --output-dir ~/.claude https://example.com/settings.json
    /// ln -sfn /tmp/x ~/.claude
    /// cp -r /tmp/keep/. ~/.cache/cmdai/allow/
    /// for f in ~/.claude/*.json; do echo {} > $f; done
    /// jq 'del(.hooks)' x | sponge ~/.claude/settings.json
    /// yq -i '.hooks={}' ~/.claude/settings.json
    /// gawk -i inplace '{print}' ~/.claude/settings.json
    /// ex -sc 'g/hooks/d|wq' ~/.claude/settings.json
    /// git checkout -- .cmdai/policy.toml
    /// cp /bin/true ~/.local/bin/cmdai
    /// claude --settings '{"disableAllHooks":true}'
    /// claude config set -g disableAllHooks true
    /// claude --dangerously-skip-permissions
    /// codex exec -c features.hooks=false
    /// codex features disable hooks
    /// gemini hooks disable-all
    /// CMDAI_POLICY=/tmp/p ls
    /// env CMDAI_PROFILE=person ls
    /// CLAUDE_CONFIG_DIR=/tmp/x claude
    /// cargo uninstall cmdai
    /// rm "$(command -v cmdai)"
    /// cmdai -x -y find large files
    /// ```
    /// ```sh,clean
    /// claude -p 'what does --dangerously-skip-permissions do'
    /// claude config set -g theme dark
    /// codex exec -c model=o3 'explain this'
    /// codex features list
    /// gemini -p 'hello'
    /// CMDAI_PROFILE=agent cmdai check ls
    /// cargo install cmdai
    /// cmdai find large files
    /// cmdai -x find large files
    /// cat ~/.claude/settings.json
    /// jq .hooks ~/.claude/settings.json
    /// cp ~/.claude/settings.json backup.json
    /// ls ~/.config/cmdai
    /// mkdir -p .github/hooks
    /// cp CLAUDE.md ~/.claude/
    /// cp -r skills ~/.claude/skills
    /// cp -r skills/. ~/.claude/skills/
    /// rsync -a ~/.claude/ backup/
    /// cp -r ~/.claude /mnt/backup/
    /// tar xf x.tar -C ~/.claude/skills
    /// wget -P ~/.claude/skills https://example.com/a.md
    /// ex -sc 'g/hooks/p|q' ~/.claude/settings.json
    /// rm ~/src/cmdai/*.toml
    /// cargo build -p cmdai
    /// echo x > settings.json
    /// rm -rf .github/workflows
    /// git add .claude/settings.json
    /// ```
    GUARD_OFF { name: "guard-off", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create, EffectKind::Delete, EffectKind::Move, EffectKind::Permission, EffectKind::DiscardWork, EffectKind::DisableProtection, EffectKind::Install], judge) }
}

/// Files, by the end of their path, that hold a policy, hooks, or what a person allowed. Sorted.
const FILES: &[&str] = &[
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".cmdai/policy.toml",
    ".codex/config.toml",
    ".codex/hooks.json",
    ".cursor/hooks.json",
    ".gemini/settings.json",
    "bin/cmdai",
    "claude-code/managed-settings.json",
    "cmdai/config.toml",
    "cmdai/policy.toml",
];

/// Folders of which every file does. Sorted.
const FOLDERS: &[&str] = &[".copilot/hooks", ".github/hooks", "cmdai/allow", "cmdai/audit"];

/// Folders of the scripts that an agent's hooks run: a new one is work, one less is a hole. Sorted.
const SCRIPTS: &[&str] = &[".claude/hooks", ".codex/hooks", ".cursor/hooks", ".gemini/hooks"];

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let path = effect.target.text.as_str();
    match effect.kind {
        EffectKind::DisableProtection => {
            return (effect.detail == GUARD).then(|| {
                Alarm::new(
                    Risk::High,
                    format!("Sets {path} aside, which decides what may run without being asked."),
                )
            });
        }
        EffectKind::Install => {
            let removed =
                path == "cmdai" && matches!(effect.detail.as_str(), "uninstall" | "remove" | "purge");
            return removed
                .then(|| Alarm::new(Risk::High, "Removes what decides what may run without being asked."));
        }
        _ => {}
    }
    if !may_matter(path) {
        return None;
    }
    let takes_all = effect.kind == EffectKind::Delete && effect.recursive || effect.kind == EffectKind::Move;
    let replaces = matches!(effect.kind, EffectKind::Create | EffectKind::Overwrite);
    let takes_away = takes_all
        || effect.kind == EffectKind::Delete
        || effect.kind == EffectKind::Permission && effect.detail.contains(['-', '0', '=', '6', '4']);
    let is_guard = is_guard(path)
        || takes_away && SCRIPTS.iter().any(|folder| lies_in(path, folder) || ends_with(path, folder))
        || (replaces && effect.detail == WHATEVER && (holds_one(path) || is_guard_folder(path)))
        || (replaces && effect.program == "ln" && holds_one(path))
        || (takes_all && holds_one(path));
    is_guard.then(|| {
        Alarm::new(Risk::High, format!("Changes {path}, which decides what may run without being asked."))
    })
}

/// True where the path holds a name without which none of the lists holds it: most paths do not.
fn may_matter(path: &str) -> bool {
    const NAMES: &[&str] = &["claude", "cmdai", "codex", "copilot", "cursor", "gemini", "github"];
    let begins = |at: usize| NAMES.iter().any(|name| path.as_bytes()[at..].starts_with(name.as_bytes()));
    path.bytes().enumerate().any(|(at, byte)| matches!(byte, b'c' | b'g') && begins(at))
}

/// True where the path ends with these names, each whole.
fn ends_with(path: &str, names: &str) -> bool {
    path.strip_suffix(names).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// True where the path lies below a folder of this name.
fn lies_in(path: &str, folder: &str) -> bool {
    path.match_indices(folder).any(|(at, _)| {
        let (before, after) = (&path[..at], &path[at + folder.len()..]);
        (before.is_empty() || before.ends_with('/')) && after.len() > 1 && after.starts_with('/')
    })
}

/// True for a file that decides what may run; a star in its name stands for it too.
pub(in crate::safety) fn is_guard(path: &str) -> bool {
    FILES.iter().any(|file| ends_with(path, file) || may_be(path, file))
        || FOLDERS.iter().any(|folder| lies_in(path, folder))
}

/// True for a folder of which every file does.
pub(in crate::safety) fn is_guard_folder(path: &str) -> bool {
    FOLDERS.iter().any(|folder| ends_with(path, folder))
}

/// True for a folder in which such files are looked for.
pub(in crate::safety) fn receives_guards(path: &str) -> bool {
    holds_one(path)
}

/// True where the last name of the path is a pattern that the file's name fits.
fn may_be(path: &str, file: &str) -> bool {
    let (Some((before, pattern)), Some((folder, name))) = (path.rsplit_once('/'), file.rsplit_once('/'))
    else {
        return false;
    };
    let Some((start, end)) = pattern.split_once('*') else { return false };
    let fits = name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end);
    fits && ends_with(before, folder) && holds_one(before)
}

/// True where one of the files would go with a folder of this path.
fn holds_one(path: &str) -> bool {
    let path = path.trim_end_matches(['*', '/']);
    let inside = |file: &str| {
        let (folder, _) = file.split_once('/').unwrap_or((file, ""));
        let config =
            folder == "cmdai" && !(ends_with(path, ".config/cmdai") || ends_with(path, ".local/state/cmdai"));
        // A folder of programs holds more than the one.
        ends_with(path, folder) && !config && folder != "bin"
    };
    FILES.iter().any(|file| inside(file)) || FOLDERS.iter().any(|folder| ends_with(path, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(FILES.is_sorted() && FOLDERS.is_sorted());
    }

    #[test]
    fn names_are_whole() {
        assert!(ends_with("~/.claude/settings.json", ".claude/settings.json"));
        assert!(!ends_with("~/my.claude/settings.json", ".claude/settings.json"));
        assert!(lies_in("/run/x/cmdai/allow/1", "cmdai/allow"));
        assert!(!lies_in("/run/x/cmdai/allow", "cmdai/allow"));
        assert!(holds_one("~/.config/cmdai") && !holds_one("~/src/cmdai"));
    }

    #[test]
    fn cmdlets_write_into_folders_too() {
        let ctx = crate::Context { dialect: crate::Dialect::PowerShell, ..Default::default() };
        for (line, flagged) in [
            ("Copy-Item /tmp/settings.json ~/.claude", true),
            ("$env:CMDAI_POLICY = '/tmp/p'", true),
            ("Copy-Item CLAUDE.md ~/.claude/", false),
        ] {
            let report = crate::safety::check(line, &ctx);
            assert_eq!(report.findings.iter().any(|finding| finding.rule == "guard-off"), flagged, "{line}");
        }
    }
}
