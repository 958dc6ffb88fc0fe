//! The rule `destroy-infrastructure`.

use crate::safety::data;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
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
    /// aws rds delete-db-instance --db-instance-identifier shop --skip-final-snapshot
    /// az group delete -n prod --yes
    /// heroku apps:destroy shop
    /// kubectl delete -f https://example.com/app.yaml
    /// aws ec2 delete-tags --resources i-1
    /// ```
    /// ```sh,clean
    /// terraform plan
    /// kubectl get ns
    /// kubectl delete ns web --dry-run=client
    /// aws s3 ls
    /// helm list
    /// aws rds delete-db-instance help
    /// helm uninstall web --dry-run
    /// terraform destroy -help
    /// az group show -n delete
    /// gcloud compute instances describe delete
    /// ```
    /// ```powershell,flagged
    /// Remove-AzResourceGroup -Name prod -Force
    /// Get-ADUser -Filter * | Remove-ADUser
    /// ```
    /// ```powershell,clean
    /// Get-AzResourceGroup
    /// Remove-AzResourceGroup -Name prod -WhatIf
    /// ```
    DESTROY_INFRASTRUCTURE { name: "destroy-infrastructure", subject: Subject::Effects(&[EffectKind::DestroyCloud], judge) }
}

/// Things in which data is kept.
const DATA: &[&str] = &[
    "backup",
    "backups",
    "blob",
    "blobs",
    "bucket",
    "buckets",
    "cache-cluster",
    "cluster",
    "clusters",
    "collection",
    "container",
    "database",
    "databases",
    "dataset",
    "db",
    "disk",
    "disks",
    "document",
    "filesystem",
    "image",
    "images",
    "index",
    "instance",
    "instances",
    "item",
    "key",
    "namespace",
    "namespaces",
    "ns",
    "object",
    "objects",
    "pv",
    "pvc",
    "queue",
    "repo",
    "repository",
    "secret",
    "secrets",
    "server",
    "share",
    "snapshot",
    "snapshots",
    "stream",
    "system",
    "table",
    "tables",
    "topic",
    "vault",
    "version",
    "versions",
    "vm",
    "volume",
    "volumes",
];

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let what = if effect.target.text.is_empty() { "infrastructure" } else { effect.target.text.as_str() };
    let noun = effect.detail.to_ascii_lowercase();
    let last = noun.rsplit(['-', ':', '_', '.']).next().unwrap_or_default();
    if data::holds(data::SMALL_THINGS, last) {
        return Some(Alarm::new(Risk::Moderate, format!("Deletes {what}; it can be made again.")));
    }
    // One manifest is most often one application, and the file makes it again.
    let is_file = [".yaml", ".yml", ".json"].iter().any(|end| what.ends_with(end)) && !what.contains("://");
    if is_file && effect.target.class != TargetClass::Named {
        let message = format!("Deletes what {what} describes; the file makes it again, without its data.");
        return Some(Alarm::new(Risk::Moderate, message));
    }
    let lost = if data::holds(DATA, last) {
        "what is stored there is lost unless there is a backup elsewhere"
    } else {
        "what runs there stops, what is stored there is lost"
    };
    let alarm = Alarm::new(Risk::High, format!("Deletes {what}: {lost}."));
    let pairs = [
        ("terraform destroy", "terraform plan -destroy"),
        ("tofu destroy", "tofu plan -destroy"),
        ("pulumi destroy", "pulumi preview"),
        ("helm uninstall", "helm uninstall --dry-run"),
        ("kubectl delete", "kubectl delete --dry-run=server"),
        ("aws s3 rm", "aws s3 rm --dryrun"),
        ("rclone sync", "rclone sync --dry-run"),
        ("rclone purge", "rclone purge --dry-run"),
        ("rclone delete", "rclone delete --dry-run"),
    ];
    let whole = scene.command_of(effect.span);
    let written = whole.of(scene.line);
    let safer = pairs.iter().find(|(old, _)| written.contains(old));
    Some(match safer {
        Some((old, new)) => alarm.instead(scene, whole, old, new),
        None => alarm,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(DATA.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
