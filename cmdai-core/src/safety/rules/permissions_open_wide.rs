//! The rule `permissions-open-wide`.

use crate::safety::known;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Lets everybody write, or lets everybody run with the owner's rights.
    ///
    /// ## Why
    /// Any program of any user can then change these files, or take over the owner's account.
    ///
    /// ## Instead
    /// `chmod u+rwX` gives yourself what you need; `chmod 755` and `644` are the usual modes.
    ///
    /// ```sh,flagged
    /// chmod -R 777 .
    /// chmod -R 777 /
    /// chmod 777 /etc/hosts
    /// chmod -R a+rwX /srv/www
    /// chmod u+s /bin/bash
    /// sudo install -m 4755 /bin/bash /usr/local/bin/rootsh
    /// chmod 4755 tool
    /// chmod 644 ~/.ssh/id_rsa
    /// sudo chmod 666 /var/run/docker.sock
    /// sudo chmod o+rw /dev/sda
    /// sudo setcap cap_setuid+ep /usr/bin/python3.12
    /// ```
    /// ```sh,clean
    /// chmod 644 notes.txt
    /// chmod +x run.sh
    /// chmod -R u+rwX,go-w src
    /// chmod 1777 /tmp/shared
    /// sudo chmod 660 /var/run/docker.sock
    /// find . -type d -exec chmod 2775 {} +
    /// ```
    PERMISSIONS_OPEN_WIDE { name: "permissions-open-wide", subject: Subject::Effects(&[EffectKind::Permission], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    if effect.program == "setcap" {
        // Each of these gives all the others.
        let all = ["cap_sys_admin", "cap_dac_override", "cap_setuid", "cap_sys_ptrace", "cap_sys_module"]
            .iter()
            .any(|name| effect.detail.contains(name));
        return (known::runs_code(&target.text) || all).then(|| {
            Alarm::new(
                Risk::High,
                format!("Lets whatever anybody runs in {} have rights of root.", target.text),
            )
        });
    }
    if !matches!(effect.program.as_str(), "chmod" | "setfacl") {
        return None;
    }
    let mode = Mode::read(&effect.detail);
    if mode.takes_over {
        // A shell with root's rights for everybody, or a program hidden where nobody looks.
        let backdoor = known::runs_code(&target.text)
            || target.class == TargetClass::Temporary
            || is_copied_shell(effect, scene);
        let risk = if backdoor { Risk::Critical } else { Risk::High };
        return Some(Alarm::new(
            risk,
            format!("Lets everybody run {} with its owner's rights.", target.text),
        ));
    }
    if mode.all_read && target.class == TargetClass::Secret && !target.text.ends_with(".env") {
        return Some(Alarm::new(
            Risk::High,
            format!("Lets every user of this machine read {}.", target.text),
        ));
    }
    // Where files are looked for, a sticky bit keeps nobody from adding one.
    let shared =
        ["/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/lock", "/var/crash", "/var/mail", "/var/spool"];
    if mode.all_add
        && matches!(target.class, TargetClass::Root | TargetClass::System | TargetClass::Home)
        && !shared.iter().any(|folder| target.text.starts_with(folder))
    {
        return Some(Alarm::new(
            Risk::High,
            format!("Lets every user of this machine put files into {}.", target.text),
        ));
    }
    if mode.group && known::is_private_key(&target.text) && target.text.contains("/.ssh/") {
        return Some(Alarm::new(
            Risk::Moderate,
            format!(
                "Lets others than its owner read or change {}; ssh does not take such a key.",
                target.text
            ),
        ));
    }
    if !mode.all_write {
        return None;
    }
    let everything = effect.recursive || target.text.ends_with('*');
    let risk = match target.class {
        TargetClass::Root | TargetClass::System | TargetClass::Home if everything => Risk::Critical,
        TargetClass::Root | TargetClass::System | TargetClass::Home | TargetClass::Secret => Risk::High,
        TargetClass::ShellStartup | TargetClass::OtherHome | TargetClass::Device => Risk::High,
        // Whoever may speak to a container engine has the rights of root.
        _ if is_engine(&target.text) => Risk::High,
        TargetClass::Temporary => Risk::Moderate,
        _ if everything => Risk::High,
        _ => Risk::Moderate,
    };
    let below = if effect.recursive { " and everything below it" } else { "" };
    let alarm = Alarm::new(risk, format!("Lets every user of this machine change {}{below}.", target.text));
    Some(alarm.instead(scene, scene.command_of(effect.span), &effect.detail, "u+rwX"))
}

/// True where what stands there now was copied from a shell or an interpreter a moment ago.
fn is_copied_shell(effect: &Effect, scene: &Scene<'_>) -> bool {
    let copies = |other: &Effect| matches!(other.program.as_str(), "cp" | "install" | "dd" | "cat" | "rsync");
    scene.around(effect).windows(2).any(|pair| {
        pair[0].kind == EffectKind::Read
            && copies(&pair[0])
            && known::runs_code(&pair[0].target.text)
            && matches!(pair[1].kind, EffectKind::Create | EffectKind::Overwrite)
            && pair[1].target.text == effect.target.text
    })
}

/// True for the socket at which a container engine takes orders.
fn is_engine(path: &str) -> bool {
    ["docker.sock", "containerd.sock", "podman.sock", "crio.sock"].iter().any(|name| path.ends_with(name))
}

/// What a mode gives to whom.
#[derive(Default)]
pub(in crate::safety) struct Mode {
    /// Everybody may write.
    pub(in crate::safety) all_write: bool,
    /// Everybody may add files to a folder, though not take those of others away.
    all_add: bool,
    /// Everybody may read.
    all_read: bool,
    /// The group may read or write.
    group: bool,
    /// Everybody runs it with the owner's rights.
    pub(in crate::safety) takes_over: bool,
    /// Not even the owner may read.
    pub(in crate::safety) locks: bool,
}

impl Mode {
    pub(in crate::safety) fn read(text: &str) -> Self {
        let digits = text.len() >= 3 && text.chars().all(|letter| letter.is_digit(8));
        if digits {
            let others = text.as_bytes()[text.len() - 1] - b'0';
            let special = if text.len() > 3 { text.as_bytes()[text.len() - 4] - b'0' } else { 0 };
            // A sticky directory such as /tmp is meant for everybody.
            let owner = text.as_bytes()[text.len() - 3] - b'0';
            return Self {
                all_write: others & 2 != 0 && special & 1 == 0,
                all_add: others & 2 != 0 && special & 1 != 0,
                group: (text.as_bytes()[text.len() - 2] - b'0') & 6 != 0,
                all_read: others & 4 != 0,
                takes_over: special & 4 != 0,
                locks: owner & 4 == 0,
            };
        }
        let mut mode =
            Self { locks: matches!(text, "0" | "a-rwx" | "a=" | "u=" | "-rwx"), ..Self::default() };
        for clause in text.split(',') {
            let Some(at) = clause.find(['+', '=']) else { continue };
            let (who, what) = clause.split_at(at);
            mode.group |= who.contains('g') && (what.contains('r') || what.contains('w'));
            mode.all_read |= who.contains(['o', 'a']) && what.contains('r');
            mode.all_write |= who.contains(['o', 'a']) && what.contains('w');
            mode.takes_over |= what.contains('s') && !who.starts_with(['o', 'g']);
        }
        mode
    }
}
