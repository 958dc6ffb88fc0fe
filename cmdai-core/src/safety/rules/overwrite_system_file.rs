//! The rule `overwrite-system-file`.

use crate::safety::arrivals::WHATEVER;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, edited, known, placed, publishers, windows};
declare_rule! {
    /// Writes into a directory that belongs to the system.
    ///
    /// ## Why
    /// A wrong line in such a file can keep the system from starting or let anybody in, and what was there is
    /// not kept.
    ///
    /// ## Instead
    /// Copy the file first, or add to a `.d` directory where there is one.
    ///
    /// ```sh,flagged
    /// echo x > /etc/passwd
    /// cat new > /etc/fstab
    /// echo 'anna ALL=(ALL) NOPASSWD: ALL' | sudo tee -a /etc/sudoers
    /// cp kernel /boot/vmlinuz
    /// mv /usr/bin/openssl /root/
    /// sudo cp app.conf /etc/app.conf
    /// sed -i s/a/b/ /etc/hosts
    /// tar xf x.tar -C /etc
    /// unzip -o x.zip -d /etc
    /// rsync -a x/ /etc/
    /// sudo curl -fsSL https://example.com/key.gpg -o /etc/apt/keyrings/example.gpg
    /// ```
    /// ```sh,clean
    /// cat /etc/passwd
    /// echo x > notes.txt
    /// cp /etc/hosts hosts.bak
    /// sudo cp /etc/hosts{,.bak}
    /// sudo install -m 755 tool /usr/local/bin/tool
    /// sudo curl -fsSL https://download.docker.com/linux/debian/gpg -o /etc/apt/keyrings/docker.asc
    /// diff /etc/hosts hosts.bak
    /// ```
    OVERWRITE_SYSTEM_FILE { name: "overwrite-system-file", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create, EffectKind::Move], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let path = target.text.trim_start_matches('/');
    if effect.detail == "redirects" {
        return Some(Alarm::new(
            Risk::High,
            format!("Sends what is meant for others to an address of somebody's choice ({}).", target.text),
        ));
    }
    if matches!(effect.detail.as_str(), placed::BACKUP | placed::PLACED | publishers::OFFERED) {
        return None;
    }
    // It turns down a folder in which something is.
    if is_new_server(effect) {
        return None;
    }
    let is_system = matches!(target.class, TargetClass::System | TargetClass::Root)
        || (target.class == TargetClass::Secret && target.text.starts_with('/'));
    if !is_system {
        return None;
    }
    let what = match effect.kind {
        EffectKind::Create => "Adds to",
        EffectKind::Move => "Moves",
        _ => "Writes over",
    };
    if target.class == TargetClass::Root
        && matches!(effect.program.as_str(), "tar" | "unzip" | "cpio" | "rsync" | "docker")
    {
        return Some(Alarm::new(
            Risk::High,
            "Unpacks over the whole system: files of the same name are replaced.",
        ));
    }
    if matches!(effect.detail.as_str(), "empties" | "fills" | "device") && is_accounts(path) {
        return Some(Alarm::new(
            Risk::Critical,
            format!("Leaves nothing of {}: nobody can log in any more, not even root.", target.text),
        ));
    }
    if effect.detail == "device" {
        return Some(Alarm::new(
            Risk::High,
            format!("Puts a file in the place of {}, which every program counts on.", target.text),
        ));
    }
    if effect.kind != EffectKind::Create && publishers::is_systems_ring(&target.text) {
        return Some(Alarm::new(
            Risk::High,
            format!("{what} {}, by which the system tells whose packages it takes.", target.text),
        ));
    }
    // Not files but switches of the kernel: what is written there happens at once.
    let switch = path.strip_prefix("sys/").and_then(|path| path.rsplit('/').next());
    if switch == Some("cgroup.kill") {
        return Some(Alarm::new(
            Risk::High,
            format!("Ends every process of a group at once ({}).", target.text),
        ));
    }
    if let Some(name @ ("delete" | "remove" | "reset" | "unbind" | "remove_id")) = switch {
        return Some(Alarm::new(
            Risk::High,
            format!("Takes a device away from the running system ({name} of {}).", target.text),
        ));
    }
    if effect.detail == WHATEVER && matches!(path, "etc" | "boot" | "usr" | "lib" | "lib64" | "sbin") {
        return Some(Alarm::new(
            Risk::High,
            format!("Puts whatever comes into {}: files of the same name are replaced.", target.text),
        ));
    }
    if matches!(effect.detail.as_str(), "empties" | "fills") && path.starts_with("var/lib/") {
        return Some(Alarm::new(Risk::High, format!("Empties {}, the data of a service.", target.text)));
    }
    if matches!(effect.detail.as_str(), "empties" | "fills") && is_all_of(path) {
        return Some(Alarm::new(Risk::Critical, format!("Empties {}, which the system needs.", target.text)));
    }
    if matches!(effect.detail.as_str(), "empties" | "fills") && is_below_all(path) {
        return Some(Alarm::new(
            Risk::High,
            format!("Empties {}, wherever below it lies: the system needs them.", target.text),
        ));
    }
    // `for f in /etc/*.conf; do echo > $f; done`
    if effect.kind == EffectKind::Overwrite
        && matches!(effect.program.as_str(), "" | "save" | "tee")
        && is_all_of(path)
    {
        return Some(Alarm::new(Risk::High, format!("Writes over {}, which the system needs.", target.text)));
    }
    // `grep -rl x /etc | xargs sed -i s/x/y/`: whatever of them holds it, in all that the system is set up with.
    if effect.kind == EffectKind::Overwrite
        && matches!(effect.program.as_str(), "perl" | "ruby" | "sd" | "sed")
        && effect.detail != edited::KEPT
        && (is_all_of(path) || is_below_all(path))
    {
        return Some(Alarm::new(
            Risk::High,
            format!("Changes {} in place, whichever of them fit: the system needs them.", target.text),
        ));
    }
    if data::holds_path(data::VITAL_FILES, path) || windows::is_vital(&target.text) {
        let adds = effect.kind == EffectKind::Create && matches!(effect.program.as_str(), "mkdir" | "touch");
        // Programs are installed so; what starts the system is not.
        let installs = matches!(effect.program.as_str(), "cp" | "mv" | "ln" | "install" | "rsync" | "tar")
            && !path.starts_with("etc")
            && !path.starts_with("boot")
            && effect.kind != EffectKind::Move;
        // A link in the place of a shell or of a program that others run.
        let replaced =
            effect.program == "ln" && effect.kind == EffectKind::Overwrite && known::runs_code(path);
        // A line more at its end mounts one thing more.
        let adds =
            adds || effect.kind == EffectKind::Create && path == "etc/fstab" && effect.detail != WHATEVER;
        // The file from before is at hand, and what it says gives nobody rights.
        let kept = effect.detail == edited::TIGHTENED
            || effect.detail == edited::KEPT
                && matches!(path, "etc/default/grub" | "etc/fstab" | "etc/nsswitch.conf");
        let risk = if (adds || installs || kept) && !replaced { Risk::Moderate } else { Risk::High };
        return Some(Alarm::new(
            risk,
            format!("{what} {}, which the system needs to start or to log in.", target.text),
        ));
    }
    Some(Alarm::new(Risk::Moderate, format!("{what} {}, which belongs to the system.", target.text)))
}

/// True for the files without which no account is left.
fn is_accounts(path: &str) -> bool {
    matches!(path, "etc/passwd" | "etc/shadow" | "etc/master.passwd")
}

/// True for `etc/*`, `usr/bin/*.so`: files of a folder without which nothing starts, whichever there are.
fn is_all_of(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    name.contains(['*', '…'])
        && (matches!(folder, "etc" | "boot" | "bin" | "sbin" | "lib" | "lib64")
            || matches!(folder, "usr/bin" | "usr/sbin" | "usr/lib" | "usr/lib64"))
}

/// True for `etc/**/*.conf`: the same in every folder below.
fn is_below_all(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let start = folder.trim_end_matches("/**").trim_end_matches("/*");
    start.len() < folder.len() && is_all_of(&format!("{start}/{name}"))
}

/// True for `initdb -D DIR`, where servers of PostgreSQL keep their data.
pub(in crate::safety) fn is_new_server(effect: &Effect) -> bool {
    let places = ["/usr/local/pgsql/", "/var/lib/pgsql/", "/var/lib/postgres/", "/var/lib/postgresql/"];
    effect.program == "initdb"
        && effect.kind == EffectKind::Create
        && places.iter().any(|place| effect.target.text.starts_with(place))
}
