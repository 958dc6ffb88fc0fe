//! The rule `configure`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, known, publishers};
declare_rule! {
    /// Changes services, users or the settings of a system.
    ///
    /// ## Why
    /// Others may depend on what is stopped or changed.
    ///
    /// ```sh,flagged
    /// sudo systemctl stop nginx
    /// kubectl apply -f app.yaml
    /// terraform apply
    /// terraform apply -auto-approve
    /// pulumi up --yes --skip-preview
    /// sudo useradd anna
    /// sudo useradd -o -u 0 -M svc
    /// sudo userdel -r maria
    /// sudo dnf config-manager --add-repo https://example.com/x.repo
    /// echo 'root:toor' | sudo chpasswd
    /// sudo systemctl stop sshd
    /// sudo efibootmgr -b 0001 -B
    /// sudo iptables -P INPUT DROP
    /// sudo modprobe -r e1000e
    /// ```
    /// ```sh,clean
    /// systemctl status nginx
    /// sudo systemctl restart nginx
    /// systemctl --user restart syncthing
    /// sudo systemctl daemon-reload
    /// kubectl get pods
    /// terraform plan
    /// sudo dnf config-manager --add-repo https://download.docker.com/linux/fedora/docker-ce.repo
    /// id anna
    /// ```
    CONFIGURE { name: "configure", subject: Subject::Effects(&[EffectKind::Configure], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let what =
        if effect.target.text.is_empty() { "the system's settings" } else { effect.target.text.as_str() };
    let high = |message: String| Some(Alarm::new(Risk::High, message));
    match effect.detail.as_str() {
        "cuts-off" => high(format!("Takes the machine off the network, or locks its users out ({what}).")),
        "boot" => high(format!("Changes {what}: the machine may not start again.")),
        "root" => high(format!("Gives somebody the rights of root ({what}).")),
        "user-with-home" => high(format!("Deletes the user {what} with all files in the home directory.")),
        "exposes" => high(format!("Opens a way into this machine for others ({what}).")),
        "kernel" => high(format!("Loads {what} into the kernel, where nothing holds it back.")),
        "covers" => high(format!("Hides {what} behind something else until it is unmounted.")),
        // Whatever is sent in the clear, by anybody on this machine.
        "captures" => scene
            .is_privileged(effect)
            .then(|| Alarm::new(Risk::Moderate, format!("Records {what}, passwords in it too."))),
        _ if effect.program == "umount"
            && matches!(
                effect.target.class,
                TargetClass::Root | TargetClass::System | TargetClass::Home | TargetClass::OtherHome
            ) =>
        {
            high(format!("Detaches {what} while it is in use."))
        }
        _ if matches!(effect.program.as_str(), "modprobe" | "rmmod")
            && effect.detail != "start"
            && known::is_vital_module(what) =>
        {
            high(format!(
                "Takes {what} out of the kernel, by which the machine reaches its network or its disks."
            ))
        }
        "attacks" => high(format!("Attacks {what}.")),
        "scans" => Some(Alarm::new(Risk::Moderate, format!("Searches {what} for ways in."))),
        "serves" => Some(Alarm::new(Risk::Moderate, format!("Offers files or ports to others ({what})."))),
        _ if effect.recursive && effect.target.class == TargetClass::Named => {
            high(format!("Changes {what} without showing first what changes; some of it may be made anew."))
        }
        publishers::OFFERED => None,
        // The first key of a file of settings that was made a moment ago.
        "key"
            if scene.around(effect).iter().any(|other| {
                other.program == "cp"
                    && other.target.text == ".env"
                    && other.span.end <= effect.span.start
                    && matches!(other.kind, EffectKind::Create | EffectKind::Overwrite)
            }) =>
        {
            None
        }
        detail if data::STARTING.contains(&detail) => None,
        "user" if !scene.is_privileged(effect) => None,
        _ => Some(Alarm::new(Risk::Moderate, format!("Changes the state of {what}."))),
    }
}
