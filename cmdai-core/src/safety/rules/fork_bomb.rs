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
    /// while :; do bash & done
    /// ```
    /// ```sh,clean
    /// f() { echo hi; }; f
    /// dd if=/dev/zero of=disk.img bs=1M count=100
    /// yes | head -3 > answers
    /// while :; do date >> log; sleep 60; done
    /// walk() { for d in */; do (cd "$d" && walk); done; }; walk
    /// ```
    /// ```nu,flagged
    /// def b [] { job spawn { b }; job spawn { b } }; b
    /// ```
    /// ```nu,clean
    /// def b [] { ls }; b
    /// ```
    /// ```powershell,flagged
    /// function f { while(1){ Start-Job { f } } }; f
    /// ```
    /// ```powershell,clean
    /// Start-Job { Get-Date }
    /// ```
    /// ```fish,flagged
    /// function f; f | f &; end; f
    /// ```
    /// ```fish,clean
    /// function f; ls; end; f
    /// ```
    FORK_BOMB { name: "fork-bomb", subject: Subject::Effects(&[EffectKind::Exhaust], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    if !effect.detail.is_empty() {
        return None;
    }
    Some(Alarm::new(
        Risk::Critical,
        format!("{} starts copies of itself without end: the machine stops answering.", effect.target.text),
    ))
}
