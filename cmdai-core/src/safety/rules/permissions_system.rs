//! The rule `permissions-system`.

use super::permissions_open_wide::Mode;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, placed, publishers};
declare_rule! {
    /// Changes the permissions or the owner of system files, or of a whole home directory.
    ///
    /// ## Why
    /// Programs that check who may write their files (sudo, ssh, the package manager) stop working, and there
    /// is no list of what it was before.
    ///
    /// ```sh,flagged
    /// chown -R anna /usr
    /// sudo chown -R anna:anna /
    /// chmod -R 755 /etc
    /// chmod -R 700 /
    /// chmod 644 /etc/shadow
    /// chmod -x /usr/bin/chmod
    /// chmod -R 000 ~
    /// sudo chown -R root:root ~/
    /// sudo chmod -x /bin/chmod
    /// ```
    /// ```sh,clean
    /// chmod +x run.sh
    /// sudo chmod +x /usr/local/bin/tool
    /// chown anna notes.txt
    /// chown -R www-data ./public
    /// ls -l /etc
    /// ```
    /// ```zsh,flagged
    /// chown nobody /usr/bin/*(*)
    /// ```
    /// ```zsh,clean
    /// print -l /usr/bin/*(*)
    /// ```
    PERMISSIONS_SYSTEM { name: "permissions-system", subject: Subject::Effects(&[EffectKind::Permission], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let everything = effect.recursive || target.text.ends_with('*');
    let (risk, what) = match target.class {
        TargetClass::Root if everything => (Risk::Critical, "everything on this machine"),
        TargetClass::System if everything => {
            let path = target.text.trim_end_matches("/*");
            let depth = path.matches('/').count();
            let whole = data::SYSTEM_SUBDIRECTORIES.contains(&path.trim_start_matches('/'));
            let risk = match depth {
                0 | 1 => Risk::Critical,
                _ if matches!(path, "/usr/bin" | "/usr/lib" | "/usr/sbin") => Risk::Critical,
                2 => Risk::High,
                _ if whole => Risk::High,
                _ => Risk::Moderate,
            };
            (risk, target.text.as_str())
        }
        // What is set on a folder goes to all that lies below it.
        TargetClass::System
            if effect.program == "Set-Acl" && target.text.matches(['/', '\\']).count() <= 1 =>
        {
            (Risk::High, target.text.as_str())
        }
        // Some of the system's programs, nobody knows which.
        TargetClass::System
            if matches!(
                target.text.as_str(),
                "/bin/…" | "/lib/…" | "/sbin/…" | "/usr/bin/…" | "/usr/lib/…" | "/usr/sbin/…"
            ) && !matches!(
                effect.detail.as_str(),
                "755" | "0755" | "a+rx" | "go-w" | "o-w" | "root" | "root:root"
            ) =>
        {
            (Risk::High, target.text.as_str())
        }
        TargetClass::OtherHome if everything && target.text.matches('/').count() < 2 => {
            (Risk::High, target.text.as_str())
        }
        TargetClass::Home | TargetClass::OtherHome if everything && (takes_away(effect)) => {
            (Risk::High, target.text.as_str())
        }
        TargetClass::Secret if target.text.starts_with('/') => (Risk::High, target.text.as_str()),
        TargetClass::Root => (Risk::High, "/"),
        TargetClass::System
            if effect.program == "chmod"
                && (Mode::read(&effect.detail).locks
                    || matches!(effect.detail.as_str(), "-x" | "a-x" | "ugo-x"))
                && ["/bin/", "/sbin/", "/lib"].iter().any(|part| target.text.contains(part)) =>
        {
            (Risk::High, target.text.as_str())
        }
        TargetClass::System
            if placed::lets_run(&target.text, &effect.detail)
                || publishers::lets_read(&target.text, &effect.detail) =>
        {
            return None;
        }
        TargetClass::System => (Risk::Moderate, target.text.as_str()),
        _ => return None,
    };
    let thing = if effect.program == "chmod" { "permissions" } else { "owner" };
    Some(Alarm::new(
        risk,
        format!(
            "Changes the {thing} of {what}; programs that rely on it stop working, and what it was is not kept."
        ),
    ))
}

/// True where the user of a home directory can no longer use it: its mode locks everybody out, or it
/// belongs to another user from now on.
fn takes_away(effect: &Effect) -> bool {
    match effect.program.as_str() {
        "chmod" => Mode::read(&effect.detail).locks,
        "chown" if effect.target.class == TargetClass::OtherHome => effect.detail.starts_with("root"),
        "chown" => !effect.detail.starts_with(['$', ':', '+']) && !effect.detail.is_empty(),
        _ => false,
    }
}
