//! The rule `interrupt-service`.

use crate::safety::data;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Stops, detaches or takes away what others may be using.
    ///
    /// ## Why
    /// It comes back when it is started or attached again; until then whoever relies on it waits or fails.
    ///
    /// ## Instead
    /// Look who uses it, and do one at a time (`kubectl rollout restart`, `kubectl cordon` first).
    ///
    /// ```sh,flagged
    /// aws ec2 stop-instances --instance-ids i-0123
    /// kubectl scale deploy web --replicas=0
    /// kubectl drain node-1 --ignore-daemonsets
    /// az vm deallocate -n web -g prod
    /// ```
    /// ```sh,clean
    /// aws ec2 describe-instances
    /// kubectl get deploy
    /// az vm list
    /// ```
    INTERRUPT_SERVICE { name: "interrupt-service", subject: Subject::Effects(&[EffectKind::Interrupt], judge) }
}

/// What nobody waits for when it stops: marks, and work that is done once.
const NOT_IN_USE: &[&str] = &[
    "alarm",
    "alarms",
    "alias",
    "annotation",
    "association",
    "capture",
    "captures",
    "event",
    "events",
    "execution",
    "executions",
    "filter",
    "job",
    "jobs",
    "label",
    "labels",
    "metrics",
    "notification",
    "query",
    "tag",
    "tags",
];

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let what = if effect.target.text.is_empty() { "what runs there" } else { effect.target.text.as_str() };
    let noun = effect.detail.to_ascii_lowercase();
    let last = noun.rsplit(['-', ':', '_', '.']).next().unwrap_or_default();
    if !effect.recursive && data::holds(NOT_IN_USE, last) {
        return None;
    }
    // One deployment is scaled up again; what keeps data, or all that another program has listed, is more.
    let many = effect.program == "kubectl"
        && (effect.target.text.contains('(')
            || ["sts", "statefulset"].iter().any(|kind| effect.target.text.starts_with(kind)));
    Some(if effect.recursive || many {
        Alarm::new(
            Risk::High,
            format!("Stops {what} altogether: whoever uses it is cut off until it is back."),
        )
    } else {
        Alarm::new(Risk::Moderate, format!("Stops or takes away {what} until it is set back."))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::NOT_IN_USE.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
