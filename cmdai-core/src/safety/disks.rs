//! Disks below their file systems: partitioners that get their answers from the line, and what is copied to a place
//! that only a listing or a variable names.

use super::call::Call;
use super::machine::{Flow, Machine};
use super::value;
use super::{EffectKind, TargetClass, paths};

/// The detail of a write to a place that is a disk for all that is known, where rights are taken for it.
pub(super) const PERHAPS: &str = "perhaps";

/// What the first bytes of an endless source are called.
pub(super) const FIRST_BYTES: &str = "$(head)";

/// Words of `parted` that change a disk at once.
const CHANGES: &[&str] =
    &["mklabel", "mkpart", "mktable", "move", "rescue", "resizepart", "rm", "set", "toggle"];

impl Machine<'_> {
    /// Answers for a partitioner on its input: of `parted` each command changes the disk at once, of the others all of
    /// them where they are written; `gdisk` deletes tables at once.
    pub(super) fn partition_script(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let (Some(script), Some(device)) = (flow.input, call.args.operands().next()) else { return };
        if call.args.is_dry() {
            return;
        }
        let mut words = script.lines().map(|line| line.split_whitespace().next().unwrap_or_default());
        let invoked = call.argv[0].text.rsplit('/').next().unwrap_or_default();
        let zaps = invoked.ends_with("gdisk");
        let writes = match call.program {
            "parted" => words.any(|word| CHANGES.contains(&word)),
            _ => words.any(|word| matches!(word, "w" | "W" | "write") || zaps && matches!(word, "z" | "Z")),
        };
        if writes {
            // Nothing asks a person any more.
            let span = self.at(call.argv[device.word + 1].span);
            self.touch(EffectKind::WriteDevice, device.text, span, true, call.program);
        } else if call.program == "fdisk" && !value::has_hole(script) {
            self.effects.retain(|effect| effect.program != "fdisk" || effect.detail != "asks");
        }
    }

    /// `dd` of zeros to what only a variable names. Who takes rights for that does it to a disk.
    pub(super) fn zeroed(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let source = call.args.values("if").next().map_or("", |item| item.text);
        let zeros = match source {
            "" | "-" | "/dev/stdin" => flow.input.is_some_and(|input| {
                self.is_endless(input) || self.unknowns.name_of(input.trim_end()) == Some(FIRST_BYTES)
            }),
            _ => matches!(source, "/dev/zero" | "/dev/urandom" | "/dev/random"),
        };
        let Some(item) = call.args.values("of").next() else { return };
        let place = paths::locate(item.text, &self.state.cwd, self.ctx);
        if place.class != TargetClass::Unknown {
            return;
        }
        let name = self.unknowns.show(item.text).to_lowercase();
        let is_device = ["dev", "disk", "drive"].iter().any(|word| name.contains(word));
        // A file to swap to, an image, a key; a file of whatever folder.
        let is_file = ["swap", "file", "img", "image", "key"].iter().any(|word| name.contains(word));
        if is_file || item.text.contains('/') || !is_device && !zeros {
            return;
        }
        let span = self.at(call.argv[item.word + 1].span);
        let target = self.target(TargetClass::Unknown, &self.unknowns.show(item.text), span);
        self.emit_with(EffectKind::WriteDevice, target, false, "dd", span, PERHAPS);
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn answers_for_a_partitioner() {
        check_all(
            &context(),
            &[
                (Critical, "printf 'x\\nz\\ny\\ny\\n' | sudo gdisk /dev/sda"),
                (Critical, "printf 'o\\ny\\nw\\ny\\n' | sudo gdisk /dev/sda"),
                (Critical, "sudo fdisk /dev/sdb <<'EOF'\no\nn\np\n1\n\n\nw\nEOF"),
                (Critical, "(echo o; echo n; echo p; echo w) | fdisk /dev/sdb"),
                (Critical, "echo ',,L' | sfdisk --force /dev/nvme0n1"),
                (Critical, "printf 'mklabel gpt\\ny\\n' | sudo parted ---pretend-input-tty /dev/sda"),
                (High, "sudo gdisk /dev/sda"),
                (Safe, "printf 'p\\nq\\n' | sudo gdisk /dev/sda"),
                (Safe, "printf 'v\\nq\\n' | sudo gdisk /dev/sda"),
                (Safe, "echo -e 'i\\n1\\nq' | sudo gdisk /dev/sda"),
            ],
        );
    }

    #[test]
    fn disks_that_a_listing_or_a_variable_names() {
        check_all(
            &context(),
            &[
                (
                    Critical,
                    "d=$(lsblk -ndo NAME,TYPE | awk '$2==\"disk\"{print \"/dev/\"$1;exit}'); head -c 64M /dev/zero | sudo dd bs=1M of=\"$d\"",
                ),
                (Critical, "lsblk -ndo NAME,TYPE | awk '{print \"/dev/\"$1}' | xargs sudo wipefs -a"),
                (Critical, "d=$(blkid | cut -d: -f1 | tail -1); sudo shred -n1 \"$d\""),
                (
                    Critical,
                    "d=$(awk '{print \"/dev/\"$4}' /proc/partitions | tail -1); sudo dd if=/dev/zero of=\"$d\"",
                ),
                (High, "head -c 10M /dev/zero | sudo dd of=\"$1\""),
                (High, "sudo dd if=/dev/zero of=\"$DISK\" bs=1M count=100"),
                (High, "xzcat image.xz | sudo dd of=\"$dev\" bs=4M"),
                // A file to swap to, one's own file, and what only reads.
                (Moderate, "sudo dd if=/dev/zero of=\"$MNT/big\" bs=1M count=100"),
                (Moderate, "sudo dd if=/dev/urandom of=\"$KEY\" bs=32 count=1"),
                (Moderate, "sudo dd if=\"$iso\" of=\"$target\" bs=4M"),
                (Moderate, "sudo dd if=/dev/zero of=\"$SWAPFILE\" bs=1M count=1024"),
                (Safe, "dd if=/dev/zero of=\"$out\" bs=1M count=10"),
                (Safe, "lsblk -ndo NAME,TYPE | awk '$2==\"disk\"{print \"/dev/\"$1}'"),
                (Safe, "for d in $(lsblk -ndo NAME | awk '{print \"/dev/\"$1}'); do echo \"$d\"; done"),
            ],
        );
    }
}
