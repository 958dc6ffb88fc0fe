//! Files that sed changes where they lie: what stays beside them, and what the script makes of a setting.

use super::call::Call;
use super::machine::Machine;
use super::{EffectKind, payload};

/// Detail of a file that is changed while the one from before stays beside it: `sed -i.bak`.
pub(super) const KEPT: &str = "kept";
/// Detail of settings of a login of which each is turned off.
pub(super) const TIGHTENED: &str = "tightened";

/// Files of one call of which it is said.
const FILES: usize = 64;
/// Settings of a server for logins that let more people in where they are on. Sorted.
const LETS_IN: &[&str] = &[
    "ChallengeResponseAuthentication",
    "GatewayPorts",
    "HostbasedAuthentication",
    "KbdInteractiveAuthentication",
    "KeyboardInteractiveAuthentication",
    "PasswordAuthentication",
    "PermitEmptyPasswords",
    "PermitRootLogin",
    "PermitTunnel",
    "PermitUserEnvironment",
    "X11Forwarding",
];

impl Machine<'_> {
    /// Says of the files that a call of sed changes what can be said for it.
    pub(super) fn sed_edits(&mut self, call: &Call<'_>) {
        let kept = call.args.values("-i").any(|item| !item.text.is_empty());
        let mut given: Vec<&str> = call.args.values("-e").map(|item| item.text).collect();
        if given.is_empty() {
            given.extend(call.args.operands().next().map(|item| item.text));
        }
        let tightens = given.iter().any(|script| LETS_IN.iter().any(|name| script.contains(name)))
            && given.iter().all(|script| only_tightens(script))
            && call.args.values("-f").next().is_none();
        let detail = match (tightens, kept) {
            (true, _) => TIGHTENED,
            (_, true) => KEPT,
            _ => return,
        };
        let own = self.effects.iter_mut().rev().take(FILES);
        let own = own.take_while(|effect| effect.program == call.program);
        for effect in own.filter(|effect| effect.kind == EffectKind::Overwrite && effect.detail.is_empty()) {
            detail.clone_into(&mut effect.detail);
        }
    }
}

/// True where all that a script does is to turn such settings off.
fn only_tightens(script: &str) -> bool {
    let replaced = payload::replacements(script);
    let commands = script.split([';', '\n']).filter(|part| !part.trim().is_empty()).count();
    !replaced.is_empty()
        && replaced.len() == commands
        && replaced.iter().all(|(_, to)| {
            let mut words = to.split_whitespace();
            let (name, value, end) = (words.next(), words.next(), words.next());
            name.is_some_and(|name| LETS_IN.binary_search(&name).is_ok())
                && matches!(value, Some("no" | "prohibit-password" | "without-password"))
                && end.is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::LETS_IN;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn files_edited_in_place() {
        assert!(LETS_IN.is_sorted());
        check_all(
            &context(),
            &[
                (Moderate, "sudo sed -i 's/^#?PermitRootLogin .*/PermitRootLogin no/' /etc/ssh/sshd_config"),
                (
                    Moderate,
                    "sudo sed -i.bak -E 's/^#?PermitRootLogin .*/PermitRootLogin no/; s/^#?PasswordAuthentication .*/PasswordAuthentication no/' /etc/ssh/sshd_config",
                ),
                (High, "sudo sed -i 's/PermitRootLogin no/PermitRootLogin yes/' /etc/ssh/sshd_config"),
                (High, "sudo sed -i.bak 's/PermitRootLogin no/PermitRootLogin yes/' /etc/ssh/sshd_config"),
                (
                    High,
                    "sudo sed -i -e 's/^X11Forwarding.*/X11Forwarding no/' -e 's/^UsePAM.*/UsePAM no/' /etc/ssh/sshd_config",
                ),
                (
                    High,
                    "sudo sed -i 's/.*X11Forwarding.*/X11Forwarding no/; $a Match User eve' /etc/ssh/sshd_config",
                ),
                (
                    Moderate,
                    "sudo sed -i -e 's/^X11Forwarding.*/X11Forwarding no/' -e 's/^PermitTunnel.*/PermitTunnel no/' /etc/ssh/sshd_config",
                ),
                (Moderate, "sudo sed -i.orig '/swap/d' /etc/fstab"),
                (High, "sudo sed -i '/home/d' /etc/fstab"),
                (High, "sudo sed -i.bak 's/^%sudo.*/%sudo ALL=(ALL) NOPASSWD: ALL/' /etc/sudoers"),
                (Safe, "sed -i.bak 's/PermitRootLogin yes/PermitRootLogin no/' notes.txt"),
            ],
        );
    }

    #[test]
    fn many_files_of_the_system_at_once() {
        check_all(
            &context(),
            &[
                (
                    High,
                    "sudo grep -rlZ '10.0.0.5' /etc /opt /srv | xargs -0 sudo sed -i 's/10.0.0.5/10.0.1.5/g'",
                ),
                (High, "sudo rg -l foo /etc | xargs sudo sed -i 's/foo/bar/'"),
                (High, "sudo sed -i 's/a/b/' $(grep -rl a /etc)"),
                (High, "sudo find /etc -name '*.conf' -exec sed -i 's/a/b/' {} +"),
                (High, "sudo perl -pi -e 's/a/b/' $(grep -rl a /etc)"),
                (Moderate, "sudo sed -i.bak 's/a/b/' $(grep -rl a /etc)"),
                (
                    Moderate,
                    "sudo sed -i 's/jammy/noble/' /etc/apt/sources.list /etc/apt/sources.list.d/*.list",
                ),
                (Moderate, "grep -rl foo /etc/nginx | xargs sudo sed -i 's/foo/bar/'"),
                (Safe, "grep -rl foo src | xargs sed -i 's/foo/bar/'"),
                (Safe, "rg -l foo | xargs sed -i 's/foo/bar/'"),
                (Safe, "sudo grep -rl foo /etc | xargs ls -l"),
            ],
        );
    }
}
