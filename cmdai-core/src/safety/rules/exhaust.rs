//! The rule `exhaust`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Fills the disk or the memory until nothing is left.
    ///
    /// ## Why
    /// Programs fail where they can no longer write, and the system ends whichever it likes when memory is
    /// used up.
    ///
    /// ## Instead
    /// Say how much: `head -c 1G /dev/urandom > file`, `dd ... count=100`.
    ///
    /// ```sh,flagged
    /// cat /dev/urandom > ~/fill.bin
    /// yes > big.txt
    /// dd if=/dev/zero of=filler
    /// yes | tr -d '\n' | grep x
    /// tail /dev/zero
    /// fallocate -l 500G /var/tmp/filler
    /// ```
    /// ```sh,clean
    /// head -c 1M /dev/urandom > key.bin
    /// tr -dc a-z < /dev/urandom | head -c 16 > name.txt
    /// yes | apt-get install jq
    /// yes | head -n 5 > five.txt
    /// fallocate -l 1G disk.img
    /// cat /dev/zero > /dev/null
    /// ```
    EXHAUST { name: "exhaust", subject: Subject::Effects(&[EffectKind::Exhaust], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    match effect.detail.as_str() {
        "memory" => Some(Alarm::new(Risk::High, "Takes memory without end until none is left.")),
        "disk" => Some(Alarm::new(
            Risk::High,
            format!("Writes to {} without end until the disk is full.", effect.target.text),
        )),
        "much" => Some(Alarm::new(Risk::Moderate, format!("Takes up {} at once.", effect.target.text))),
        "many" => Some(Alarm::new(
            Risk::Moderate,
            "Makes more files than anybody deletes by hand; the disk may have no room for their names.",
        )),
        _ => None,
    }
}
