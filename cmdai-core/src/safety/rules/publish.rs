//! The rule `publish`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Publishes something on a server that others use.
    ///
    /// ## Why
    /// Others see it at once, and it can seldom be taken back completely.
    ///
    /// ```sh,flagged
    /// git push
    /// npm publish
    /// docker push registry.example.com/app
    /// ```
    /// ```sh,clean
    /// git fetch
    /// git push --dry-run
    /// npm pack
    /// ```
    PUBLISH { name: "publish", subject: Subject::Effects(&[EffectKind::Send], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    matches!(effect.program.as_str(), "git" | "npm" | "docker")
        .then(|| Alarm::new(Risk::Moderate, format!("Publishes to {}.", named(&effect.target.text))))
}

fn named(text: &str) -> &str {
    if text.is_empty() { "the server" } else { text }
}
