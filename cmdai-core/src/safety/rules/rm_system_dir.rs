//! The rule `rm-system-dir`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, windows};
declare_rule! {
    /// Deletes a directory the system needs, or all of it.
    ///
    /// ## Why
    /// The system stops working or does not start again, and there is no undo.
    ///
    /// ## Instead
    /// Name the one file or folder that you mean, below the system directory.
    ///
    /// ```sh,flagged
    /// rm -rf /
    /// rm -rf /usr
    /// sudo rm -rf /etc/*
    /// find / -delete
    /// bash -c 'rm -rf /boot'
    /// x=/; rm -rf $x
    /// rm -rf /tmp/../var/lib
    /// cd / && rm -rf *
    /// mv /usr /tmp/usr
    /// echo cm0gLXJmIC8= | base64 -d | sh
    /// sudo rm -f /boot/vmlinuz-*
    /// sudo mv /lib/x86_64-linux-gnu/libc.so.6 /tmp/
    /// ```
    /// ```sh,clean
    /// rm -rf ./build
    /// rm -rf /tmp/build
    /// echo "rm -rf /"
    /// git commit -m 'rm -rf / is bad'
    /// grep 'rm -rf /' notes.txt
    /// ls /usr
    /// ```
    /// ```zsh,flagged
    /// rm -rf /u*r(/)
    /// ```
    /// ```zsh,clean
    /// print /u*r(/)
    /// ```
    /// ```fish,flagged
    /// rm -rf (string join '' / us r)
    /// ```
    /// ```fish,clean
    /// string join '' / us r
    /// ```
    /// ```nu,flagged
    /// rm -rf ("/usr" | path join lib)
    /// ```
    /// ```nu,clean
    /// ls /usr/lib
    /// ```
    /// ```powershell,flagged
    /// ri -Recurse -Force C:\Windows
    /// ```
    /// ```powershell,clean
    /// gci C:\Windows
    /// ```
    RM_SYSTEM_DIR { name: "rm-system-dir", subject: Subject::Effects(&[EffectKind::Delete, EffectKind::Move], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let everything = effect.recursive || target.text.ends_with('*');
    let what = if effect.kind == EffectKind::Move { "Moves away" } else { "Deletes" };
    match target.class {
        TargetClass::Root if everything => Some(Alarm::new(
            Risk::Critical,
            format!("{what} everything on this machine. Nothing can bring it back."),
        )),
        TargetClass::System if is_kernel(&target.text) => Some(Alarm::new(
            Risk::Critical,
            format!("{what} {}, without which nothing starts any more.", target.text),
        )),
        TargetClass::System if everything => {
            let whole = is_whole_directory(&target.text);
            if effect.kind == EffectKind::Move && !whole {
                return None;
            }
            let risk = if whole { Risk::Critical } else { Risk::High };
            Some(Alarm::new(
                risk,
                format!(
                    "{what} {} and everything below it, which the system needs. There is no undo.",
                    target.text
                ),
            ))
        }
        _ => None,
    }
}

/// True for all kernels of `/boot`, and for the library that every program needs.
fn is_kernel(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let all = name.ends_with('*')
        && ["vmlinuz", "initr", "kernel", "grub"].iter().any(|start| name.starts_with(start));
    (path.starts_with("/boot/") && all)
        || ["libc.so.6", "ld-linux-x86-64.so.2", "libc-2.", "ld-linux-aarch64.so.1", "ld-musl-"]
            .iter()
            .any(|start| name.starts_with(start))
}

/// True for `/usr`, `/usr/bin`, `/e*`: a part of the system as a whole.
fn is_whole_directory(path: &str) -> bool {
    if windows::has_drive(path) {
        return windows::is_whole_part(path);
    }
    let path = path.trim_start_matches('/').trim_end_matches("/*");
    !path.contains('/') || data::SYSTEM_SUBDIRECTORIES.contains(&path)
}
