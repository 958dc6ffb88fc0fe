//! Did the request ask for what a command would destroy?
//!
//! A model that misreads "which files are older than a week" may well write `find … -delete`. So each
//! kind of destruction has the words that ask for it, and a command that destroys without having been
//! asked is not offered. A word that the request takes back ("without deleting") asks for nothing.

use super::entities::Entity;
use crate::safety::{Effect, EffectKind, Report, TargetClass};

/// What destroys, how it is called in a reason, and the beginnings of words that ask for it.
const DESTRUCTIVE: &[(EffectKind, &str, &[&str])] = &[
    (EffectKind::Delete, "delete", DELETING),
    (EffectKind::Overwrite, "overwrite", OVERWRITING),
    (
        EffectKind::WriteDevice,
        "write to a device",
        &[
            "burn",
            "clon",
            "creat",
            "dd",
            "erase",
            "eras",
            "flash",
            "format",
            "image",
            "imag",
            "make",
            "mkfs",
            "partition",
            "swap",
            "wip",
            "writ",
            "zero",
            "copy",
            "restor",
        ],
    ),
    (
        EffectKind::Kill,
        "end processes",
        &[
            "clos",
            "end",
            "exit",
            "force-quit",
            "free",
            "halt",
            "interrupt",
            "kill",
            "pkill",
            "quit",
            "reload",
            "releas",
            "restart",
            "sigterm",
            "sigkill",
            "sighup",
            "signal",
            "shut",
            "stop",
            "terminat",
            "close",
            "hup",
            "pause",
            "resum",
            "suspend",
            "get rid",
            "rid",
            "abort",
            "cancel",
            "log out",
            "logout",
            "disconnect",
            "kick",
            "boot",
        ],
    ),
    (
        EffectKind::DiscardWork,
        "throw away work",
        &[
            "abandon",
            "abort",
            "back",
            "checkout",
            "clean",
            "clear",
            "delet",
            "discard",
            "drop",
            "forget",
            "get rid",
            "reset",
            "restor",
            "revert",
            "rid",
            "remov",
            "stash",
            "switch",
            "throw",
            "undo",
            "unstag",
            "wip",
            "force",
            "match",
            "overwrit",
            "sync",
            "mirror",
            "purg",
            "prun",
            "lose",
            "nuke",
            "go to",
            "take back",
            "cancel",
            "uncommit",
        ],
    ),
    (
        EffectKind::RewriteHistory,
        "rewrite history",
        &[
            "amend", "chang", "combin", "delet", "drop", "edit", "fix", "fixup", "force", "history",
            "overwrit", "rebas", "remov", "reword", "rewrit", "squash", "strip", "undo", "uncommit",
            "mirror", "filter", "purg", "clean", "rename", "collapse", "merge", "expire", "gc",
        ],
    ),
    (EffectKind::DropData, "delete data", DELETING),
    (
        EffectKind::DestroyCloud,
        "delete infrastructure",
        &[
            "delet",
            "destroy",
            "drain",
            "drop",
            "evict",
            "kill",
            "remov",
            "scale",
            "take down",
            "tear",
            "terminat",
            "uninstall",
            "stop",
            "bring down",
            "shut",
            "down",
            "clean",
            "purg",
            "prun",
            "rid",
            "empty",
        ],
    ),
    (EffectKind::Exhaust, "use up the machine", &["bomb", "burn", "exhaust", "fill", "load", "stress"]),
    (
        EffectKind::DisableProtection,
        "turn off a protection",
        &[
            "allow",
            "bypass",
            "deactivat",
            "disabl",
            "flush",
            "ignor",
            "insecure",
            "off",
            "permissive",
            "skip",
            "stop",
            "turn off",
            "unprotect",
            "without",
        ],
    ),
    (
        EffectKind::Shutdown,
        "shut the machine down",
        &[
            "halt", "hibernat", "off", "poweroff", "power", "reboot", "restart", "shut", "sleep", "suspend",
            "turn off", "down", "firmware", "bios", "rescue", "single",
        ],
    ),
];

const DELETING: &[&str] = &[
    "clean",
    "clear",
    "cut off",
    "dedup",
    "delet",
    "destroy",
    "discard",
    "drop",
    "eliminat",
    "empt",
    "eras",
    "expire",
    "flush",
    "forget",
    "free",
    "get rid",
    "keep only",
    "keep",
    "leave only",
    "mirror",
    "move",
    "mov",
    "nuke",
    "prun",
    "purg",
    "reclaim",
    "remov",
    "replac",
    "rid",
    "rm",
    "rotat",
    "scrub",
    "shred",
    "sync",
    "synchron",
    "tidy",
    "throw",
    "trash",
    "trim",
    "truncat",
    "unlink",
    "uninstall",
    "wip",
    "zap",
    "compress",
    "gzip",
    "extract",
    "unpack",
    "decompress",
    "renam",
    "xz",
    "bzip2",
    "zstd",
    "reset",
    "lose",
    "drop",
    "cleanup",
    "unset",
    "remove",
    "kill",
    "archive",
    "reinstall",
    "without keeping",
    "weed",
    "ditch",
    "dispose",
    "exclud",
];

const OVERWRITING: &[&str] = &[
    "add",
    "adjust",
    "append",
    "apply",
    "back",
    "blank",
    "build",
    "captur",
    "chang",
    "comment",
    "compil",
    "compress",
    "concat",
    "convert",
    "copy",
    "copi",
    "creat",
    "cut",
    "decod",
    "decompress",
    "decrypt",
    "delet",
    "download",
    "drop",
    "dump",
    "edit",
    "empt",
    "encod",
    "encrypt",
    "export",
    "extract",
    "fetch",
    "fill",
    "fix",
    "format",
    "generat",
    "in place",
    "in-place",
    "insert",
    "inplace",
    "install",
    "into",
    "join",
    "keep",
    "link",
    "log",
    "lower",
    "make",
    "merg",
    "move",
    "mov",
    "normali",
    "out",
    "output",
    "overwrit",
    "patch",
    "point",
    "prepend",
    "put",
    "record",
    "redirect",
    "remov",
    "renam",
    "render",
    "replac",
    "resiz",
    "restor",
    "revers",
    "rewrit",
    "rotat",
    "save",
    "sav",
    "send",
    "set",
    "shuffl",
    "sort",
    "split",
    "stor",
    "strip",
    "substitut",
    "swap",
    "switch",
    "sync",
    "synchron",
    "tee",
    "to",
    "transform",
    "trim",
    "truncat",
    "turn",
    "uncomment",
    "unpack",
    "unzip",
    "updat",
    "upper",
    "wip",
    "writ",
    "wrap",
    "zero",
    "zip",
    "shrink",
    "grow",
    "touch",
    "allocat",
    "expand",
    "as",
    "collect",
    "gather",
    "backup",
    "turn",
    "disabl",
    "enabl",
    "dedup",
    "uniq",
    "repair",
    "indent",
    "squeez",
];

/// What the command would destroy without having been asked, as it reads after "it would".
pub(super) fn unasked(report: &Report, request: &str, named: &[Entity]) -> Option<&'static str> {
    let words = wanted_words(request);
    for effect in &report.effects {
        let Some((_, does, asking)) = DESTRUCTIVE.iter().find(|(kind, ..)| *kind == effect.kind) else {
            continue;
        };
        if is_harmless(effect) || is_named(effect, named) {
            continue;
        }
        let asked = asking.iter().any(|start| match start.split_once(' ') {
            Some(_) => request.to_lowercase().contains(start),
            None => words.iter().any(|word| word.starts_with(start)),
        });
        if !asked {
            return Some(does);
        }
    }
    None
}

/// Nothing of anybody's is lost there.
fn is_harmless(effect: &Effect) -> bool {
    match effect.kind {
        EffectKind::Overwrite | EffectKind::WriteDevice => {
            effect.target.class == TargetClass::Stream || effect.target.text.starts_with("/dev/null")
        }
        EffectKind::Delete => {
            effect.target.class == TargetClass::Temporary && effect.target.text.contains('$')
        }
        _ => false,
    }
}

/// An output file that the request names was asked for by its name.
fn is_named(effect: &Effect, named: &[Entity]) -> bool {
    effect.kind == EffectKind::Overwrite
        && !effect.target.text.is_empty()
        && named.iter().any(|entity| effect.target.text.ends_with(entity.text.trim_start_matches("./")))
}

/// The words of a request, lower case, without those that it takes back.
fn wanted_words(request: &str) -> Vec<String> {
    let all: Vec<String> = request
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let takes_back =
        |word: &String| matches!(word.as_str(), "don't" | "dont" | "never" | "not" | "without" | "instead");
    let mut wanted = Vec::new();
    for (at, word) in all.iter().enumerate() {
        let before = &all[at.saturating_sub(2)..at];
        if !before.iter().any(takes_back) {
            wanted.push(word.clone());
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Span;
    use crate::safety::Target;

    fn report(kind: EffectKind, class: TargetClass, text: &str) -> Report {
        let target = Target { class, text: text.to_owned(), span: Span::default() };
        let mut report = Report::default();
        report.effects.push(Effect {
            kind,
            target,
            recursive: false,
            detail: String::new(),
            program: "x".to_owned(),
            span: Span::default(),
        });
        report
    }

    fn check(kind: EffectKind, request: &str, expect: Option<&str>) {
        let named = super::super::entities::named(request);
        assert_eq!(unasked(&report(kind, TargetClass::Local, "a.txt"), request, &named), expect, "{request}");
    }

    #[test]
    fn destruction_needs_a_word() {
        check(EffectKind::Delete, "which files are older than a week", Some("delete"));
        check(EffectKind::Delete, "delete files older than a week", None);
        check(EffectKind::Delete, "get rid of old logs", None);
        check(EffectKind::Delete, "show old logs without deleting them", Some("delete"));
        check(EffectKind::Delete, "list what would go, don't remove anything", Some("delete"));
        check(EffectKind::Kill, "what runs on port 8080", Some("end processes"));
        check(EffectKind::Kill, "free up port 8080", None);
        check(EffectKind::DiscardWork, "show changes", Some("throw away work"));
        check(EffectKind::DiscardWork, "undo my changes", None);
        check(EffectKind::Shutdown, "how long is it up", Some("shut the machine down"));
        check(EffectKind::Overwrite, "count lines", Some("overwrite"));
        check(EffectKind::Overwrite, "count lines a.txt", None);
        check(EffectKind::Read, "count lines", None);
    }

    #[test]
    fn nothing_is_lost_in_dev_null() {
        let harmless = report(EffectKind::Overwrite, TargetClass::Temporary, "/dev/null");
        assert_eq!(unasked(&harmless, "count lines", &[]), None);
    }
}
