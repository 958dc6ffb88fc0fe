//! The rule `project-startup`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Changes what runs by itself in a project: when its folder is entered or opened, or when somebody commits.
    ///
    /// ## Why
    /// Editors, shells and agents start the programs that these files name, as whoever opens the project, on
    /// every machine that it is copied to. A line that shows what it writes there is judged by that.
    ///
    /// ```sh,flagged
    /// cat > .envrc
    /// cp /tmp/x .mcp.json
    /// tee .vscode/tasks.json
    /// mv /tmp/hook .husky/pre-commit
    /// sed -i 's/a/b/' .git/config
    /// ```
    /// ```sh,clean
    /// echo 'use flake' > .envrc
    /// printf 'npm test\n' > .husky/pre-commit
    /// cat .mcp.json
    /// mkdir -p .husky
    /// rm .envrc
    /// echo x > envrc
    /// ```
    PROJECT_STARTUP { name: "project-startup", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create], judge) }
}

/// Files, by the end of their path, that name programs which are started by themselves. Sorted.
const FILES: &[&str] = &[
    ".cursor/mcp.json",
    ".devcontainer/devcontainer.json",
    ".devcontainer.json",
    ".envrc",
    ".git/config",
    ".gitpod.yml",
    ".mcp.json",
    ".vscode/mcp.json",
    ".vscode/tasks.json",
];

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    if effect.detail == "seen" || matches!(effect.program.as_str(), "mkdir" | "touch" | "git") {
        return None;
    }
    let path = effect.target.text.as_str();
    let whole = |before: &str| before.is_empty() || before.ends_with('/');
    let file = FILES.iter().any(|file| path.strip_suffix(file).is_some_and(whole));
    let hook = path
        .rsplit_once("/")
        .is_some_and(|(folder, name)| !name.is_empty() && folder.strip_suffix(".husky").is_some_and(whole));
    (file || hook).then(|| {
        Alarm::new(Risk::Moderate, format!("Changes {path}, by which programs start without being asked."))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted() {
        let mut sorted = super::FILES.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), super::FILES.len());
    }
}
