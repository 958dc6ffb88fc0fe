//! The rule `privilege`.

use crate::safety::privilege::changes_under;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Changes something, or opens a shell, with another user's rights, mostly those of root.
    ///
    /// ## Why
    /// Nothing holds it back any more: a slip reaches the whole machine. To look at something as root is
    /// no change, and is not found here.
    ///
    /// ```sh,flagged
    /// sudo apt remove jq
    /// doas chown anna /opt/app
    /// sudo -i
    /// sudo su
    /// su - anna
    /// ```
    /// ```sh,clean
    /// sudo -l
    /// sudo ls /root
    /// sudo apt update
    /// sudo apt install jq
    /// sudo mkdir /opt/app
    /// sudo systemctl status nginx
    /// sudo tcpdump -i eth0 port 80
    /// su postgres -c 'psql -l'
    /// whoami
    /// ```
    PRIVILEGE { name: "privilege", subject: Subject::Effects(&[EffectKind::Privilege], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    // It reaches a shell, or something that is changed.
    let asks_windows = effect.program == "Start-Process";
    if !effect.recursive
        && !asks_windows
        && !scene.around(effect).iter().any(|other| changes_under(other, effect))
    {
        return None;
    }
    let user = if effect.detail.is_empty() { "root" } else { effect.detail.as_str() };
    Some(Alarm::new(Risk::Moderate, format!("Runs with the rights of {user}.")))
}
