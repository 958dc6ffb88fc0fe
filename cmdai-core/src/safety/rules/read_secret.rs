//! The rule `read-secret`.

use crate::safety::dotenv;
use crate::safety::known;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Shows or copies keys or passwords.
    ///
    /// ## Why
    /// They end up on the screen, in a log or in a copy that nobody looks after. A program that works with
    /// a key, such as `ssh -i`, shows nothing of it.
    ///
    /// ```sh,flagged
    /// cat ~/.ssh/id_rsa
    /// sudo cat /etc/shadow
    /// cp .env .env.bak
    /// security find-generic-password -w -s wifi
    /// security dump-keychain -d login.keychain
    /// gpg --export-secret-keys -a > key.asc
    /// strings /proc/*/environ
    /// curl http://169.254.169.254/latest/meta-data/iam/security-credentials/
    /// find / -name id_rsa -exec cat {} +
    /// sudo cp ~/.ssh/id_rsa /var/www/html/k.txt
    /// kubectl get secrets -o yaml > /var/www/html/s.yaml
    /// cat ~/.aws/credentials | tee ~/public_html/c.txt
    /// ```
    /// ```sh,clean
    /// cat ~/.ssh/id_rsa.pub
    /// ls ~/.ssh
    /// ssh-add ~/.ssh/id_ed25519
    /// openssl rsa -in ~/.ssh/id_rsa -check -noout
    /// cut -d= -f1 .env
    /// cat README.md
    /// kubectl get pods -o yaml > /var/www/html/pods.yaml
    /// ```
    READ_SECRET { name: "read-secret", subject: Subject::Effects(&[EffectKind::ReadSecret], judge) }
}

/// Detail of a secret that was written where a server shows it.
pub(in crate::safety) const SERVED: &str = "served";

/// Programs that see names, sizes or sums of files, or that work with a key without showing it.
const DISCREET: &[&str] = &[
    "cksum",
    "curl",
    "df",
    "du",
    "file",
    "find",
    "getfacl",
    "gpg",
    "ls",
    "lsattr",
    "md5sum",
    "openssl",
    "scp",
    "sftp",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "ssh",
    "ssh-add",
    "ssh-copy-id",
    "ssh-keygen",
    "stat",
    "test",
    "tree",
    "wc",
];

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let text = effect.target.text.as_str();
    let all = effect.detail == "all"
        || (matches!(text, "/etc/shadow" | "/etc/gshadow" | "/etc/master.passwd") && effect.program != "ls")
        // Whose environment, and whose key that a search has found, it does not say: everybody's.
        || (text.starts_with("/proc/*") && effect.program != "ls")
        || (text.matches('/').count() == 1 && text.starts_with('/') && effect.program != "find");
    if all {
        return Some(Alarm::new(Risk::High, format!("Reads {text}, which holds secrets.")));
    }
    // A copy where a server shows it to everybody.
    let served = |other: &Effect| {
        matches!(other.kind, EffectKind::Create | EffectKind::Overwrite)
            && known::is_served(&other.target.text)
    };
    let copies = matches!(
        effect.program.as_str(),
        "cp" | "mv"
            | "ln"
            | "install"
            | "rsync"
            | "cat"
            | "open"
            | "save"
            | "tee"
            | ""
            | "Copy-Item"
            | "Move-Item"
    );
    if effect.detail == SERVED || copies && scene.around(effect).iter().any(served) {
        return Some(Alarm::new(
            Risk::High,
            format!("Puts {text}, which holds secrets, where a server shows it."),
        ));
    }
    let name = text.rsplit('/').next().unwrap_or(text);
    // Settings that were copied from the example a moment ago hold nothing yet.
    let copied = |other: &Effect| {
        other.program == "cp"
            && other.target.text == text
            && other.span.end <= effect.span.start
            && matches!(other.kind, EffectKind::Create | EffectKind::Overwrite)
    };
    if effect.program == "sed" && name.starts_with(".env") && scene.around(effect).iter().any(copied) {
        return None;
    }
    let discreet = effect.detail.is_empty() && DISCREET.contains(&effect.program.as_str());
    // Names of settings without their values, and what one typed oneself.
    let harmless = matches!(effect.detail.as_str(), "names" | dotenv::SET) || name.ends_with("_history");
    (!discreet && !harmless)
        .then(|| Alarm::new(Risk::Moderate, format!("Reads {text}, which holds secrets.")))
}
