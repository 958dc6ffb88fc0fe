//! The rule `protection-off`.

use crate::safety::agents::GUARD;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Turns a protection of the system off.
    ///
    /// ## Why
    /// The machine is open until somebody remembers to turn it on again.
    ///
    /// ```sh,flagged
    /// sudo iptables -F
    /// ufw disable
    /// setenforce 0
    /// git -c http.sslVerify=false pull
    /// aws cloudtrail stop-logging --name main
    /// unset HISTFILE
    /// ```
    /// ```sh,clean
    /// iptables -L
    /// ufw status
    /// setenforce 1
    /// git commit -m 'turn --no-verify off'
    /// aws cloudtrail start-logging --name main
    /// HISTSIZE=10000
    /// ```
    /// ```powershell,flagged
    /// Set-MpPreference -DisableRealtimeMonitoring $true
    /// Import-Certificate x.cer -CertStoreLocation Cert:\LocalMachine\Root
    /// New-NetFirewallRule -DisplayName any -Direction Inbound -Action Allow
    /// ```
    /// ```powershell,clean
    /// Get-MpPreference
    /// New-NetFirewallRule -DisplayName web -Direction Inbound -LocalPort 443 -Action Allow
    /// ```
    PROTECTION_OFF { name: "protection-off", subject: Subject::Effects(&[EffectKind::DisableProtection], judge) }
}

/// What `cmdai policy allow-once` is about, as its spec says it.
pub(in crate::safety) const ONE_LINE: &str = "the guard, for one line";

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    // Of those `guard-off` speaks.
    if effect.detail == GUARD {
        return None;
    }
    let what = &effect.target.text;
    if effect.detail == "leads-elsewhere" {
        return Some(Alarm::new(
            Risk::High,
            format!("Lets another host, or a line that is not closed, answer for {what}."),
        ));
    }
    if effect.program == "cmdai" && effect.target.text == ONE_LINE {
        return Some(Alarm::new(Risk::High, "Lets one line past the guard: once, within ten minutes."));
    }
    if effect.program == "git" {
        return Some(Alarm::new(Risk::Moderate, format!("Turns off a check ({what}).")));
    }
    if effect.program == "ssh-keygen" {
        return Some(Alarm::new(
            Risk::Moderate,
            format!("Takes {what} away: whoever has the file has the key."),
        ));
    }
    if matches!(effect.program.as_str(), "ssh" | "scp" | "sftp" | "rsync") {
        return Some(Alarm::new(Risk::Moderate, format!("Turns off {what} for this connection.")));
    }
    Some(Alarm::new(Risk::High, format!("Turns off a protection ({what}) until somebody turns it on again.")))
}
