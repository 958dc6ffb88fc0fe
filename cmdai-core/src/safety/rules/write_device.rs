//! The rule `write-device`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass, disks};
declare_rule! {
    /// Writes to a disk or to memory below its file system.
    ///
    /// ## Why
    /// The file system on it is destroyed, with all files. A mixed-up device name is not noticed until it is
    /// too late.
    ///
    /// ## Instead
    /// Look with `lsblk` which disk it is; write to a file first.
    ///
    /// ```sh,flagged
    /// dd if=image.iso of=/dev/sda bs=4M
    /// cat image.img > /dev/nvme0n1
    /// cp image.img /dev/sdb
    /// shred /dev/sda
    /// echo x | sudo tee /dev/sda
    /// printf 'o\nw\n' | sudo fdisk /dev/sdb
    /// wipefs -a /dev/bcache0
    /// flash_erase /dev/mtd0 0 0
    /// diskutil eraseDisk APFS Untitled disk2
    /// dd if=/dev/zero of="/dev/$disk"
    /// ```
    /// ```sh,clean
    /// dd if=/dev/sda of=disk.img
    /// dd if=/dev/zero of=swapfile bs=1M count=64
    /// echo x > /dev/null
    /// cat a.txt > /dev/stderr
    /// sudo fdisk -l
    /// wipefs /dev/sda
    /// echo AT > /dev/ttyACM0
    /// diskutil info disk2
    /// diskutil unmountDisk /dev/disk2
    /// ```
    WRITE_DEVICE { name: "write-device", subject: Subject::Effects(&[EffectKind::WriteDevice], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    if effect.program.starts_with("mkfs") {
        return None;
    }
    match target.class {
        // These show what there is, ask, and write at the end.
        TargetClass::Device if effect.detail == "asks" => Some(Alarm::new(
            Risk::High,
            format!("Changes the partitions of {}: the files on it may be lost.", target.text),
        )),
        TargetClass::Device => Some(Alarm::new(
            Risk::Critical,
            format!("Writes straight to {}: the files on it are lost.", target.text),
        )),
        TargetClass::Unknown if effect.detail == disks::PERHAPS && !scene.is_privileged(effect) => None,
        TargetClass::Unknown => {
            Some(Alarm::new(Risk::High, format!("Writes straight to {}, whatever that is.", target.text)))
        }
        // No disk is made under such a name, so whatever bears it is not known.
        TargetClass::OtherPath if target.text.starts_with("/dev/") => {
            Some(Alarm::new(Risk::High, format!("Writes straight to {}, whatever that is.", target.text)))
        }
        _ => None,
    }
}
