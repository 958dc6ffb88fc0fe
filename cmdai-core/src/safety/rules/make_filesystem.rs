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
    /// ```
    /// ```sh,clean
    /// mkfs.ext4 -n /dev/sdb1
    /// man mkfs
    /// lsblk -f
    /// ```
    MAKE_FILESYSTEM { name: "make-filesystem", subject: Subject::Effects(&[EffectKind::WriteDevice], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    if !effect.program.starts_with("mkfs") {
        return None;
    }
    let risk = match target.class {
        TargetClass::Device => Risk::Critical,
        TargetClass::Unknown => Risk::High,
        _ => Risk::Moderate,
    };
    Some(Alarm::new(risk, format!("Makes an empty file system on {}: what was on it is lost.", target.text)))
}
