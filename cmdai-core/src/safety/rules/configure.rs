//! The rule `configure`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Changes services, users or the settings of a system.
    ///
    /// ## Why
    /// Others may depend on what is stopped or changed.
    ///
    /// ```sh,flagged
    /// sudo systemctl stop nginx
    /// kubectl apply -f app.yaml
    /// terraform apply
    /// sudo useradd anna
    /// ```
    /// ```sh,clean
    /// systemctl status nginx
    /// kubectl get pods
    /// terraform plan
    /// id anna
    /// ```
    CONFIGURE { name: "configure", subject: Subject::Effects(&[EffectKind::Configure], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let what =
        if effect.target.text.is_empty() { "the system's settings" } else { effect.target.text.as_str() };
    Some(Alarm::new(Risk::Moderate, format!("Changes the state of {what}.")))
}
