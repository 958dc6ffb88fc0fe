//! The rule `grant-access`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Gives somebody rights, or makes a key that has them.
    ///
    /// ## Why
    /// Whoever holds rights over everything can delete and read everything, and a key works until somebody
    /// remembers to take it back.
    ///
    /// ## Instead
    /// Give the one right that is needed, on the one thing, for a limited time.
    ///
    /// ```sh,flagged
    /// aws iam attach-user-policy --user-name ci --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
    /// aws iam create-access-key --user-name ci
    /// aws iam create-access-key --user-name admin
    /// npm owner add someone @acme/utils
    /// gcloud projects add-iam-policy-binding app --member=user:a@example.com --role=roles/owner
    /// az role assignment create --assignee ci --role Owner
    /// kubectl create clusterrolebinding ci --clusterrole=cluster-admin --serviceaccount=default:ci
    /// ```
    /// ```sh,clean
    /// aws iam list-attached-user-policies --user-name ci
    /// gcloud projects get-iam-policy app
    /// kubectl auth can-i --list
    /// ```
    /// ```powershell,flagged
    /// New-AzRoleAssignment -SignInName a@b.example -RoleDefinitionName Owner
    /// ```
    /// ```powershell,clean
    /// Get-AzRoleAssignment
    /// ```
    GRANT_ACCESS { name: "grant-access", subject: Subject::Effects(&[EffectKind::Grant], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let what = if effect.target.text.is_empty() { "an account" } else { effect.target.text.as_str() };
    // The account itself may do everything.
    let powerful = what.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        ["admin", "administrator", "administrators", "admins", "root", "superuser"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    });
    Some(if effect.recursive || powerful {
        Alarm::new(
            Risk::High,
            format!("Gives rights over everything ({what}), until somebody takes them back."),
        )
    } else {
        Alarm::new(Risk::Moderate, format!("Gives rights or a key ({what}), until somebody takes them back."))
    })
}
