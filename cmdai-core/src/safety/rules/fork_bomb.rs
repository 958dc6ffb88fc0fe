//! The rule `fork-bomb`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Starts copies of itself without end.
    ///
    /// ## Why
    /// The machine stops answering and has to be turned off.
    ///
    /// ```sh,flagged
    /// :(){ :|:& };:
    /// bomb() { bomb | bomb & }; bomb
    /// ```
    /// ```sh,clean
    /// f() { echo hi; }; f
    /// walk() { for d in */; do (cd "$d" && walk); done; }; walk
    /// ```
    FORK_BOMB { name: "fork-bomb", subject: Subject::Effects(&[EffectKind::Exhaust], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    Some(Alarm::new(
        Risk::Critical,
        format!("{} starts copies of itself without end: the machine stops answering.", effect.target.text),
    ))
}
