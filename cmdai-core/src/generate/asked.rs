//! Did the request ask for what a command would destroy?
//!
//! A model that misreads "which files are older than a week" may well write `find … -delete`. So each
//! kind of destruction has the words that ask for it, and a command that destroys without having been
//! asked is not offered. A word that the request takes back ("without deleting") asks for nothing.

use super::entities::{Entity, trim_punctuation};
use super::validate::Facts;
use super::{shell_words, words};
use crate::line::Dialect;
use crate::safety::{Effect, EffectKind, Risk, TargetClass};

/// What destroys, how it is called in a reason, and the beginnings of words that ask for it, `_` for a blank.
const DESTRUCTIVE: &[(EffectKind, &str, &str)] = &[
    (EffectKind::Delete, "delete", DELETING),
    (
        EffectKind::Overwrite,
        "overwrite",
        "-> add adjust append apply as back blank build call captur chang comment compil compress concat convert copi copy \
         creat cut date decod decompress decrypt dedup delet download drop dump duplicat edit empt encod encrypt export \
         extract fetch fill fix format generat gzip in-place in_place inplace insert install into join keep link log lower \
         make merg mov name normali number output overwrit patch prepend put recompress record redirect remov renam render \
         replac resiz restor revers rewrit rotat sav send set shuffl sort split stor strip substitut swap switch sync tee \
         throw to transform trim truncat uncomment uniq unpack unzip updat upper wip wrap writ zero zip",
    ),
    (
        EffectKind::WriteDevice,
        "write to a device",
        "burn clon copy creat dd eras flash format imag install make mkfs partition restor swap wip writ zero",
    ),
    (
        EffectKind::Kill,
        "end processes",
        "abort cancel clos disconnect end exit force-quit free get_rid halt hup interrupt kick kill log_out logout pause \
         pkill poke quit releas reload reset restart resum rid shut sighup sigkill signal sigterm stop suspend terminat",
    ),
    (
        EffectKind::DiscardWork,
        "throw away work",
        "abandon abort accident as_it_was away back cancel checkout clean clear delet discard drop exactly force forget go_to lose lost \
         make match mirror mistak nuke overwrit prun purg remov reset restor revert rid scratch small stash switch sync throw undo \
         unstag wip wrong_branch instead_of last_commit",
    ),
    (
        EffectKind::RewriteHistory,
        "rewrite history",
        "add amend author chang clean collaps combin delet drop edit expire filter fix fold force gc get_rid history includ merg \
         message migrat mirror mov on_top out_of overwrit purg put reapply rebas remov renam replac replay reset reword rewrit \
         rid sign squash strip undo updat wip",
    ),
    (EffectKind::DropData, "delete data", DELETING),
    (
        EffectKind::DestroyCloud,
        "delete infrastructure",
        "clean delet destroy down drain drop empty evict kill prun purg remov rid scale shut stop tear terminat uninstall",
    ),
    (EffectKind::Exhaust, "use up the machine", "bomb burn exhaust fill load stress"),
    (
        EffectKind::DisableProtection,
        "turn off a protection",
        "allow bypass deactivat disabl flush ignor insecure off permissive skip stop unprotect unverified without",
    ),
    (
        EffectKind::Shutdown,
        "shut the machine down",
        "bios down firmware halt hibernat off power reboot rescue restart shut single sleep suspend",
    ),
];

/// What asks for something to be gone, or to be made anew in the place of what was there.
const DELETING: &str = "archiv away bzip2 clean clear compress decompress dedup delet destroy discard dispos ditch drop eliminat empt \
    eras exclud expire extract flush forget free fresh from_zero get_rid gzip incremental keep kill leave_only lose mirror mov \
    nuke overwrit prun purg reclaim recreat reinstall remov renam replac reset rid rm rotat scratch scrub shred snapshot swap sync \
    throw tidy trash trim truncat uninstall unlink unpack unrecoverabl unset weed wip xz zap zstd";

/// What the command would destroy without having been asked, as it reads after "it would".
pub(super) fn unasked(facts: &Facts<'_>) -> Option<&'static str> {
    let Facts { report, words: request, named, .. } = facts;
    if report.risk == Risk::Safe {
        return None;
    }
    let (words, lower) = (wanted_words(request), request.to_lowercase());
    for effect in &report.effects {
        let Some((_, does, asking)) = DESTRUCTIVE.iter().find(|(kind, ..)| *kind == effect.kind) else {
            continue;
        };
        // The judge reads `>` as a redirection, in these two it compares.
        let is_comparison = matches!(facts.request.context.dialect, Dialect::Nu | Dialect::PowerShell)
            && effect.kind == EffectKind::Overwrite;
        if is_comparison || is_harmless(effect, report.risk) || is_named(effect, named) {
            continue;
        }
        let asked = asking.split_whitespace().any(|start| {
            let has_blank = start.contains('_') && lower.contains(&start.replace('_', " "));
            has_blank || words.iter().any(|word| word.starts_with(start))
        });
        if !asked {
            return Some(does);
        }
    }
    None
}

/// Nothing of anybody's is lost there.
fn is_harmless(effect: &Effect, risk: Risk) -> bool {
    match effect.kind {
        // Copying and moving are about files that stay; what they replace is the rare case.
        EffectKind::Overwrite => {
            effect.target.class == TargetClass::Stream
                || effect.target.text.starts_with("/dev/null")
                || matches!(effect.program.as_str(), "cp" | "mv")
        }
        EffectKind::WriteDevice => risk < Risk::High || effect.target.text.starts_with("/dev/null"),
        EffectKind::Kill => RESTARTED.contains(&effect.target.text.as_str()),
        EffectKind::Delete => {
            effect.target.class == TargetClass::Temporary && effect.target.text.contains('$')
        }
        _ => false,
    }
}

/// What macOS starts again by itself, and has to be ended to read its settings.
const RESTARTED: &[&str] = &["Dock", "Finder", "SystemUIServer", "cfprefsd", "coreaudiod", "mDNSResponder"];

/// An output file that the request names was asked for by its name.
fn is_named(effect: &Effect, named: &[Entity]) -> bool {
    effect.kind == EffectKind::Overwrite
        && !effect.target.text.is_empty()
        && named.iter().any(|entity| effect.target.text.ends_with(entity.text.trim_start_matches("./")))
}

/// The words of a request, lower case, without those that it takes back: the two after "without" or
/// "don't", up to the next comma. Words joined by a dash count alone, too.
fn wanted_words(request: &str) -> Vec<String> {
    let mut wanted = Vec::new();
    let mut taken_back = 0;
    let mut before = String::new();
    for word in request.split_whitespace() {
        let lower = word.to_lowercase();
        let plain = lower.trim_matches(|c: char| !(c.is_alphanumeric() || c == '-' || c == '>')).to_owned();
        let negates = match plain.as_str() {
            "don't" | "dont" | "never" | "without" | "instead" => true,
            // "what would be deleted": it is not done yet.
            "would" | "wouldn't" | "wouldnt" => before != "i" && before != "how" && before != "you",
            "not" => matches!(before.as_str(), "do" | "does" | "but" | "should" | "must" | "can"),
            _ => false,
        };
        if negates {
            taken_back = 2;
            // "without" asks for a protection to be left out.
            wanted.push(plain.clone());
        } else if taken_back > 0 {
            taken_back -= 1;
        } else {
            wanted.extend(
                plain.split('-').filter(|part| !part.is_empty() && plain.contains('-')).map(str::to_owned),
            );
            wanted.push(plain.clone());
        }
        if lower.ends_with([',', ';', '.', ':']) {
            taken_back = 0;
        }
        before = plain;
    }
    let meant: Vec<_> = wanted.iter().filter_map(|word| words::meant(word)).map(str::to_owned).collect();
    wanted.extend(meant);
    wanted
}

/// The word of the request that says which files shall go, where the command deletes all of them: "old" of "delete old files
/// from backup" beside `find backup -type f -delete`.
pub(super) fn left_out<'w>(command: &str, words: &'w str) -> Option<&'w str> {
    let tokens = shell_words::cut(command);
    let is_find = tokens.first().is_some_and(|token| token.text == "find");
    let deletes = tokens.iter().any(|token| matches!(token.text, "-delete" | "rm"));
    let chooses = tokens.iter().any(|token| {
        token.text.starts_with('-') && token.text.len() > 3 && !CHOOSE_NOTHING.contains(&token.text)
    });
    let mut said = words.split_whitespace().map(trim_punctuation);
    said.find(|word| QUALIFIES.binary_search(&word.to_lowercase().as_str()).is_ok())
        .filter(|_| is_find && deletes && !chooses && !command.contains('|'))
}

/// Longer flags of `find` and `rm` that keep nothing back.
const CHOOSE_NOTHING: &[&str] = &[
    "-delete",
    "-depth",
    "-exec",
    "-execdir",
    "-maxdepth",
    "-mindepth",
    "-print",
    "-print0",
    "-type",
    "-xdev",
    "--force",
    "--recursive",
];

/// Words that say which files. Sorted.
const QUALIFIES: &[&str] = &[
    "big",
    "biggest",
    "broken",
    "duplicate",
    "duplicated",
    "duplicates",
    "large",
    "larger",
    "largest",
    "newer",
    "old",
    "older",
    "oldest",
    "outdated",
    "recent",
    "small",
    "smaller",
    "smallest",
    "stale",
    "temporary",
    "unused",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Span;
    use crate::safety::{Report, Target};

    fn report(kind: EffectKind, class: TargetClass, text: &str) -> Report {
        let target = Target { class, text: text.to_owned(), span: Span::default() };
        let mut report = Report { risk: Risk::High, ..Report::default() };
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

    fn unasked_by(report: &Report, words: &str) -> Option<&'static str> {
        let named = super::super::entities::named(words);
        unasked(&Facts {
            request: &super::super::Request::default(),
            words,
            named: &named,
            report,
            may_lack: false,
        })
    }

    fn check(kind: EffectKind, request: &str, expect: Option<&str>) {
        assert_eq!(unasked_by(&report(kind, TargetClass::Local, "a.txt"), request), expect, "{request}");
    }

    #[test]
    fn a_word_that_says_which_is_not_left_out() {
        assert!(QUALIFIES.is_sorted_by(|a, b| a < b));
        for (words, command, expect) in [
            ("delete old files from backup", "find backup -type f -delete", Some("old")),
            ("delete large files in x", "find x -mindepth 1 -type f -exec rm -f {} +", Some("large")),
            ("delete old files from backup", "find backup -type f -mtime +30 -delete", None),
            ("delete all files in backup", "find backup -type f -delete", None),
            ("list old files", "find . -type f", None),
        ] {
            assert_eq!(left_out(command, words), expect, "{words:?} {command:?}");
        }
    }

    #[test]
    fn destruction_needs_a_word() {
        check(EffectKind::Delete, "which files are older than a week", Some("delete"));
        check(EffectKind::Delete, "delete files older than a week", None);
        check(EffectKind::Delete, "get rid of old logs", None);
        check(EffectKind::Delete, "delte old logs", None);
        check(EffectKind::Delete, "list remote logs", Some("delete"));
        check(EffectKind::Delete, "show old logs without deleting them", Some("delete"));
        check(EffectKind::Delete, "list what would go, don't remove anything", Some("delete"));
        check(
            EffectKind::Delete,
            "logs older than 30 days, show what would be deleted first, don't delete yet",
            Some("delete"),
        );
        check(EffectKind::Delete, "how would i delete old logs", None);
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
        assert_eq!(unasked_by(&harmless, "count lines"), None);
    }
}
