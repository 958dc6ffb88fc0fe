//! Which end of a transfer a thing is: what is read and what is written.
//!
//! A small model knows that a device and `dd` go together and not which way round. The request says: "write a.iso to
//! /dev/sdb", "wipe /dev/sdb", "back up /dev/sda to disk.img".

use super::entities::{Entity, trim_punctuation};
use crate::safety::Report;

/// Why the command has the ends of a transfer wrong, as it reads in a rejection.
pub(super) fn confused(report: &Report, request: &str, named: &[Entity]) -> Option<String> {
    for entity in named.iter().filter(|entity| is_device(&entity.text)) {
        let device = entity.text.as_str();
        match end(request, device) {
            Some(End::Written)
                if !report.commands.iter().any(|command| is_written(&command.argv, device)) =>
            {
                return Some(format!("it does not write to {device}"));
            }
            Some(End::Read) if report.commands.iter().any(|command| is_written(&command.argv, device)) => {
                return Some(format!("it would write to {device}"));
            }
            _ => {}
        }
    }
    report.commands.iter().find_map(|command| container_copy(&command.argv, request))
}

fn is_device(text: &str) -> bool {
    text.strip_prefix("/dev/").is_some_and(|name| {
        ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "disk", "rdisk"].iter().any(|kind| name.starts_with(kind))
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Read,
    Written,
}

/// The end that the request makes of a thing; `None` where it does not say.
fn end(request: &str, thing: &str) -> Option<End> {
    let words: Vec<String> =
        request.split_whitespace().map(|word| trim_punctuation(word).to_lowercase()).collect();
    let at = words.iter().position(|word| *word == thing.to_lowercase())?;
    let before = words.get(..at)?;
    let linked = before.iter().rev().find(|word| {
        !matches!(
            word.as_str(),
            "the"
                | "my"
                | "a"
                | "disk"
                | "drive"
                | "device"
                | "usb"
                | "stick"
                | "card"
                | "sd"
                | "whole"
                | "entire"
                | "partition"
                | "ssd"
                | "hdd"
                | "flash"
        )
    })?;
    match linked.as_str() {
        "to" | "onto" | "on" | "over" | "into" => {
            let writes =
                ["burn", "copy", "clone", "dd", "flash", "image", "install", "put", "restore", "write"];
            before.iter().any(|word| writes.contains(&word.as_str())).then_some(End::Written)
        }
        "from" => Some(End::Read),
        "wipe" | "zero" | "erase" | "overwrite" | "shred" | "nuke" | "blank" | "format" | "out" => {
            Some(End::Written)
        }
        "up" | "backup" | "clone" | "dump" | "read" => Some(End::Read),
        _ => None,
    }
}

/// Programs that write to a device that they are given as an operand. Sorted.
const WRITERS: &[&str] = &[
    "badblocks",
    "blkdiscard",
    "cryptsetup",
    "diskutil",
    "fdisk",
    "gdisk",
    "hdparm",
    "mke2fs",
    "mkswap",
    "nvme",
    "nwipe",
    "parted",
    "scrub",
    "sfdisk",
    "sg_format",
    "sgdisk",
    "shred",
    "tee",
    "wipe",
    "wipefs",
];

fn is_written(argv: &[Option<String>], device: &str) -> bool {
    let Some((Some(program), arguments)) = argv.split_first() else { return true };
    let program = program.rsplit('/').next().unwrap_or(program);
    let mut known = arguments.iter().flatten();
    if program == "dd" {
        return known.any(|word| word.strip_prefix("of=").is_some_and(|target| target.starts_with(device)));
    }
    let is_writer = WRITERS.binary_search(&program).is_ok() || program.starts_with("mkfs");
    let is_last = matches!(program, "cp" | "mv" | "pv" | "cat")
        && arguments.last().is_some_and(|word| word.as_deref() == Some(device));
    known.any(|word| word.starts_with(device)) && (is_writer || (is_last && matches!(program, "cp" | "mv")))
}

/// `docker cp` between which ends: one of its two operands is in a container, and the request says which.
fn container_copy(argv: &[Option<String>], request: &str) -> Option<String> {
    let words: Vec<&str> = argv.iter().map(|word| word.as_deref().unwrap_or("?")).collect();
    let ["docker" | "podman", rest @ ..] = words.as_slice() else { return None };
    let rest = rest.strip_prefix(&["container"][..]).unwrap_or(rest);
    let ["cp", arguments @ ..] = rest else { return None };
    let operands: Vec<&&str> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let [from, to] = operands.as_slice() else {
        return Some("docker cp takes two places".to_owned());
    };
    if **from == "?" || **to == "?" {
        return None;
    }
    let is_inside =
        |place: &str| place.split_once(':').is_some_and(|(name, _)| !name.is_empty() && !name.contains('/'));
    let lower = request.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let out = says(&[
        "from the container",
        "from container",
        "out of the container",
        "out of container",
        "out of docker",
    ]);
    let into =
        says(&["into the container", "into container", "to the container", "to container", "into docker"]);
    match (is_inside(from), is_inside(to)) {
        (false, false) => Some("docker cp needs a container as NAME:PATH".to_owned()),
        (false, true) if out && !into => Some("it would copy into the container".to_owned()),
        (true, false) if into && !out => Some("it would copy out of the container".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::entities;
    use super::*;
    use crate::Context;
    use crate::safety::{self, Profile};

    #[track_caller]
    fn check(request: &str, command: &str, expect: Option<&str>) {
        let report = safety::check_as(command, &Context::default(), Profile::default());
        assert_eq!(
            confused(&report, request, &entities::named(request)).as_deref(),
            expect,
            "{request}: {command}"
        );
    }

    #[test]
    fn table_is_sorted() {
        assert!(WRITERS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn devices_have_their_end() {
        check("wipe /dev/sdb", "dd if=/dev/sdb bs=4M", Some("it does not write to /dev/sdb"));
        check("wipe the disk /dev/sdb", "wipefs -a /dev/sdb", None);
        check("zero out the disk /dev/sdb", "find /dev/sdb -type f", Some("it does not write to /dev/sdb"));
        check("write a.iso to /dev/sdb", "dd if=/dev/sdb of=a.iso", Some("it does not write to /dev/sdb"));
        check("write a.iso to /dev/sdb", "sudo dd if=a.iso of=/dev/sdb bs=4M", None);
        check("back up /dev/sda to a.img", "dd if=/dev/sda of=a.img", None);
        check("copy a.img from /dev/sda", "dd if=a.img of=/dev/sda", Some("it would write to /dev/sda"));
        check("show the partitions on /dev/sda", "lsblk /dev/sda", None);
        check("mount /dev/sdb1 on /mnt", "mount /dev/sdb1 /mnt", None);
    }

    #[test]
    fn containers_have_their_end() {
        check("copy a.conf from container web", "docker cp web a.conf .", Some("docker cp takes two places"));
        check(
            "copy a.conf from container web",
            "docker cp a.conf .",
            Some("docker cp needs a container as NAME:PATH"),
        );
        check(
            "copy a.conf from container web",
            "docker cp a.conf web:/etc",
            Some("it would copy into the container"),
        );
        check("copy /etc/a.conf from the container web here", "docker cp web:/etc/a.conf .", None);
        check("copy a.conf into the container web", "docker cp a.conf web:/etc/", None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(request in ".{0,40}", command in "(docker|cp|dd|if=|/dev/sda|:| ){0,12}") {
            let report = safety::check_as(&command, &Context::default(), Profile::default());
            confused(&report, &request, &entities::named(&request));
        }
    }
}
