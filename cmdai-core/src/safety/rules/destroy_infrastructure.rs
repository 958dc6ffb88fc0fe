//! The rule `destroy-infrastructure`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Deletes infrastructure: namespaces, machines, buckets, whole stacks.
    ///
    /// ## Why
    /// What runs there stops at once, and what is stored there is lost.
    ///
    /// ## Instead
    /// Look first: `terraform plan -destroy`, `kubectl delete --dry-run=server`.
    ///
    /// ```sh,flagged
    /// terraform destroy -auto-approve
    /// kubectl delete namespace web
    /// kubectl delete pods --all
    /// aws s3 rb s3://data --force
    /// aws s3 rm s3://data --recursive
    /// helm uninstall web
    /// gcloud compute instances delete web-1
    /// pulumi destroy -y
    /// ```
    /// ```sh,clean
    /// terraform plan
    /// kubectl get ns
    /// kubectl delete ns web --dry-run=client
    /// aws s3 ls
    /// helm list
    /// ```
    DESTROY_INFRASTRUCTURE { name: "destroy-infrastructure", subject: Subject::Effects(&[EffectKind::DestroyCloud], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let what = if effect.target.text.is_empty() { "infrastructure" } else { effect.target.text.as_str() };
    let alarm = Alarm::new(
        Risk::High,
        format!("Deletes {what}: what runs there stops, what is stored there is lost."),
    );
    Some(alarm.instead(scene, effect.span, "terraform destroy", "terraform plan -destroy"))
}
