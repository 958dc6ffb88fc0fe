//! The rule `make-filesystem`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Makes an empty file system on a disk.
    ///
    /// ## Why
    /// All files that were on it are lost.
    ///
    /// ## Instead
    /// Look with `lsblk -f` what is on the disk.
    ///
    /// ```sh,flagged
    /// mkfs.ext4 /dev/sdb1
    /// sudo mkfs -t xfs /dev/nvme0n1p3
    /// mkfs.ext4 "$disk"
    /// mkfs.ext4 /dev/nosuch1
    /// mkswap /dev/sdb1
    /// mkswap backup.img
    /// ```
    /// ```sh,clean
    /// mkfs.ext4 -n /dev/sdb1
    /// man mkfs
    /// mkswap /swapfile
    /// truncate -s 1G /tmp/t.img && mkfs.ext4 -qF /tmp/t.img
    /// lsblk -f
    /// ```
    MAKE_FILESYSTEM { name: "make-filesystem", subject: Subject::Effects(&[EffectKind::WriteDevice], judge) }
}

/// True for a file that is named for swapping to.
pub(in crate::safety) fn is_swap_file(effect: &Effect) -> bool {
    matches!(effect.program.as_str(), "mkswap" | "fallocate")
        && !matches!(effect.target.class, TargetClass::Device | TargetClass::Unknown)
        && effect.target.text.rsplit('/').next().is_some_and(|name| {
            let rest = name.strip_prefix("swap").map(|rest| rest.strip_prefix("file").unwrap_or(rest));
            rest.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit()) || rest == ".img")
        })
}

/// True for a file that the line has made itself: nothing was on it.
fn is_new_image(effect: &Effect, scene: &Scene<'_>) -> bool {
    let is_file = !matches!(effect.target.class, TargetClass::Device | TargetClass::Unknown);
    let mut before = scene.around(effect).iter().take_while(|other| !std::ptr::eq(*other, effect));
    is_file
        && before.any(|other| {
            matches!(other.program.as_str(), "dd" | "fallocate" | "qemu-img" | "truncate")
                && matches!(other.kind, EffectKind::Create | EffectKind::Overwrite)
                && other.target.text == effect.target.text
        })
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    if !effect.program.starts_with("mkfs") && effect.program != "mkswap" {
        return None;
    }
    if is_swap_file(effect) || is_new_image(effect, scene) {
        return None;
    }
    let risk = match target.class {
        TargetClass::Device => Risk::Critical,
        TargetClass::Unknown => Risk::High,
        // No disk is made under such a name, so whatever bears it is not known.
        _ if target.text.starts_with("/dev/") => Risk::High,
        _ => Risk::Moderate,
    };
    Some(Alarm::new(risk, format!("Makes an empty file system on {}: what was on it is lost.", target.text)))
}
