//! Folders that a request names by a plain word: `dumps` in "the newest file in dumps".
//!
//! Nothing in the look of such a word tells that it is a name. That it follows a preposition, and that
//! hardly any authored intent has a word of its own there (places are slots in them), does.
//! `not_places.txt` lists the words that intents do have there, one a line, sorted;
//! `training/rank/vocabulary.py` makes it.

use std::sync::OnceLock;

use super::entities::trim_punctuation;
use super::words;

static NOT_PLACES: &str = include_str!("not_places.txt");

/// Words after which a place may be named. Sorted; `training/rank/vocabulary.py` has the same.
const PREPOSITIONS: &[&str] = &["below", "beneath", "from", "in", "inside", "into", "to", "under", "within"];

/// What may stand between a preposition and its place. Sorted.
const BETWEEN: &[&str] = &[
    "a",
    "all",
    "an",
    "any",
    "called",
    "dir",
    "directory",
    "each",
    "every",
    "folder",
    "folders",
    "my",
    "named",
    "of",
    "our",
    "subfolder",
    "that",
    "the",
    "this",
];

/// What a folder is called beside its name.
const FOLDER: &[&str] = &["folder", "directory", "dir", "subfolder", "subdirectory"];

/// Words that say which folder without naming it. Sorted.
const RELATIVE: &[&str] = &[
    "another",
    "config",
    "containing",
    "current",
    "default",
    "destination",
    "different",
    "entire",
    "git",
    "given",
    "home",
    "nested",
    "new",
    "other",
    "output",
    "parent",
    "present",
    "previous",
    "project",
    "root",
    "same",
    "separate",
    "single",
    "source",
    "specific",
    "system",
    "target",
    "temporary",
    "top",
    "whole",
    "working",
];

/// Folders that every home has: these are written with a capital whatever case they are asked for in. Sorted.
const HOME_FOLDERS: &[&str] = &[
    "desktop",
    "documents",
    "downloads",
    "library",
    "movies",
    "music",
    "pictures",
    "public",
    "templates",
    "videos",
];

/// The words of a request that name a place, in its order.
pub(super) fn named(request: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // "of" says where only with a folder behind it.
    let (mut is_next, mut is_of) = (false, false);
    let mut tokens = request.split_whitespace().peekable();
    while let Some(token) = tokens.next() {
        let word = trim_punctuation(token);
        let lower = word.to_lowercase();
        if PREPOSITIONS.binary_search(&lower.as_str()).is_ok() {
            is_next = token.ends_with(char::is_alphabetic);
            is_of = false;
            continue;
        }
        if lower == "of" && !is_next {
            (is_next, is_of) = (true, true);
            continue;
        }
        if is_next && BETWEEN.binary_search(&lower.as_str()).is_ok() {
            continue;
        }
        let is_called_folder = token.ends_with(char::is_alphanumeric)
            && tokens
                .peek()
                .is_some_and(|next| FOLDER.contains(&trim_punctuation(next).to_lowercase().as_str()))
            && RELATIVE.binary_search(&lower.as_str()).is_err();
        if is_next && (is_called_folder || !is_of) && is_place(word, &lower, is_called_folder) {
            found.push(word);
        }
        is_next = false;
    }
    found
}

/// True for what a folder is called beside its name.
pub(super) fn is_folder(lower: &str) -> bool {
    FOLDER.contains(&lower)
}

/// True for a word that says which folder without naming it: "the parent folder".
pub(super) fn is_relative(lower: &str) -> bool {
    RELATIVE.binary_search(&lower).is_ok()
}

/// True for a word that may stand between a preposition and its place.
pub(super) fn is_between(lower: &str) -> bool {
    BETWEEN.binary_search(&lower).is_ok()
}

fn is_place(word: &str, lower: &str, is_called_folder: bool) -> bool {
    let is_word = word.chars().count() >= 3
        && word.starts_with(char::is_alphabetic)
        && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    // "in Work" names it, though "in work" need not; "in Python" and "in JSON" name none, and "in German" harms little.
    let is_proper = word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
    is_word
        && !words::is_function_word(lower)
        && !matches!(lower, "except" | "excluding" | "including")
        && (is_proper && !words::is_common_program(lower)
            || (is_called_folder || !is_listed(lower)) && word == lower)
}

fn is_listed(lower: &str) -> bool {
    static TABLE: OnceLock<Vec<&'static str>> = OnceLock::new();
    TABLE.get_or_init(|| NOT_PLACES.lines().collect()).binary_search(&lower).is_ok()
}

/// True where a part of a path is this place in another case or number: `work` for `Work`, `trip` for `trips`.
pub(super) fn is_variant(part: &str, place: &str) -> bool {
    let (lower, meant) = (part.to_lowercase(), place.to_lowercase());
    // `~/Documents` is right for "my documents".
    if lower == meant && HOME_FOLDERS.binary_search(&meant.as_str()).is_ok() && place == meant {
        return false;
    }
    part != place
        && (lower == meant
            || lower.strip_suffix('s') == Some(&meant)
            || meant.strip_suffix('s') == Some(&lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(PREPOSITIONS.is_sorted_by(|a, b| a < b));
        assert!(BETWEEN.is_sorted_by(|a, b| a < b));
        assert!(RELATIVE.is_sorted_by(|a, b| a < b));
        assert!(HOME_FOLDERS.is_sorted_by(|a, b| a < b));
        assert!(NOT_PLACES.lines().is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn plain_words_name_places() {
        for (request, expect) in [
            ("keep the newest file in dumps and delete the rest", vec!["dumps"]),
            ("copy everything from Music to the Desktop", vec!["Music", "Desktop"]),
            ("zip the files in the folder quarters", vec!["quarters"]),
            ("list files in this directory by size in reverse order", vec![]),
            ("show it in JSON", vec![]),
            ("list files in Übung", vec!["Übung"]),
            ("in parallel, convert the videos to mp4", vec![]),
            ("move everything in this folder except a.txt", vec![]),
            ("lines of each file of my homework folder", vec!["homework"]),
            ("the size of my homework", vec![]),
            ("log in, then list files", vec![]),
        ] {
            assert_eq!(named(request), expect, "{request:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_request_breaks_it(words in "(in |of |the |\\PC|[A-ZÄÖÜЖΕ日é]\\PC{0,3}| |folder ){0,12}") {
            named(&words);
        }
    }

    #[test]
    fn variants_are_of_case_and_number() {
        assert!(is_variant("work", "Work") && is_variant("trip", "trips") && is_variant("Guests", "guest"));
        assert!(!is_variant("Documents", "documents") && is_variant("documents", "Documents"));
        assert!(!is_variant("Work", "Work") && !is_variant("works2", "Work"));
    }
}
