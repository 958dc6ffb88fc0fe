//! What words mean to a request: which carry content, and how usual they are where people ask for commands.
//!
//! `vocabulary.txt` counts in how many authored intents a word occurs (`training/rank/vocabulary.py`
//! makes it); `programs.txt` names programs that people commonly have. Both are sorted, one entry a line.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::entities::{self, Entity};

static VOCABULARY: &str = include_str!("vocabulary.txt");
static PROGRAMS: &str = include_str!("programs.txt");

/// In how many intents a lower-case word occurs; 0 for a word that none uses.
pub(super) fn intents_with(word: &str) -> u32 {
    vocabulary().get(word).copied().unwrap_or(0)
}

fn vocabulary() -> &'static HashMap<&'static str, u32> {
    static TABLE: OnceLock<HashMap<&'static str, u32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let entry = |line: &'static str| {
            let (word, count) = line.split_once(' ')?;
            Some((word, count.parse().ok()?))
        };
        VOCABULARY.lines().filter_map(entry).collect()
    })
}

/// True for the name of a program that is common somewhere.
pub(super) fn is_common_program(name: &str) -> bool {
    static TABLE: OnceLock<Vec<&'static str>> = OnceLock::new();
    TABLE.get_or_init(|| PROGRAMS.lines().collect()).binary_search(&name).is_ok()
}

/// Words that say how others hang together and nothing about what is wanted. Sorted.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been",
    "before", "but", "by", "can", "could", "did", "do", "does", "doing", "don't", "each", "every", "for",
    "from", "get", "give", "had", "has", "have", "having", "he", "her", "here", "him", "his", "how", "i",
    "i'd", "i'm", "if", "in", "into", "is", "it", "it's", "its", "just", "let", "like", "many", "me", "much",
    "my", "named", "need", "no", "not", "now", "of", "off", "on", "one", "ones", "only", "or", "our", "out",
    "over", "please", "she", "should", "so", "some", "tell", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "to", "too", "up", "us", "want", "was", "we", "were", "what",
    "what's", "whats", "when", "where", "which", "while", "who", "whose", "why", "will", "with", "without",
    "would", "you", "your",
];

/// True for a lower-case word of [`FUNCTION_WORDS`].
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// How much sense the words of a request make to somebody who asks for commands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sense {
    /// Words that carry content: no function words, names, numbers or quoted text.
    pub(super) content: usize,
    /// Mean familiarity of the content words, 0 to 1; a half without any ("where am i").
    pub(super) familiar: f32,
    /// The familiarity of the most familiar one, 0 to 1.
    pub(super) best: f32,
    /// Share of content words that no intent uses and no slip of the finger explains.
    pub(super) unknown: f32,
}

/// Weighs the words of a cleaned request.
pub(super) fn sense(request: &str, named: &[Entity]) -> Sense {
    let mut sense = Sense::default();
    let mut unknown = 0;
    for word in content_words(request, named) {
        let familiarity = familiarity(&word);
        sense.content += 1;
        sense.familiar += familiarity;
        sense.best = sense.best.max(familiarity);
        unknown += usize::from(familiarity == 0.0);
    }
    if sense.content == 0 {
        sense.familiar = 0.5;
    } else {
        sense.familiar /= sense.content as f32;
        sense.unknown = unknown as f32 / sense.content as f32;
    }
    sense
}

/// The content words of a request, lower case.
pub(super) fn content_words(request: &str, named: &[Entity]) -> Vec<String> {
    let in_entity = |word: &str| named.iter().any(|entity| entity.text.contains(word));
    let mut words = Vec::new();
    for token in request.split_whitespace() {
        let token = entities::trim_punctuation(token);
        for word in token.split(['/', ',', '-']) {
            let lower = word.to_lowercase();
            let lower = lower.strip_suffix("'s").unwrap_or(&lower);
            let is_word = !lower.is_empty() && lower.chars().all(|c| c.is_alphabetic() || c == '\'');
            if is_word && !is_function_word(lower) && !in_entity(word) {
                words.push(lower.to_owned());
            }
        }
    }
    words
}

/// How usual a lower-case word is in requests, 0 to 1. A word in 385 intents or more counts in full,
/// an inflection as its stem, and a slip of one letter as nine tenths of the word it was meant to be.
fn familiarity(word: &str) -> f32 {
    let weight = |count: u32| (((1 + count) as f32).ln() / 386_f32.ln()).min(1.0);
    let count = intents_with(word).max(stem(word).map_or(0, |stem| intents_with(&stem)));
    if count > 0 {
        return weight(count);
    }
    if is_common_program(word) {
        return weight(26);
    }
    // A short word is one letter from too many others; only one left out of a
    // usual word tells ("cpy").
    let is_short = word.len() < 5;
    if word.len() < 3 {
        return 0.0;
    }
    let is_meant = |known: &str, count: u32| {
        let is_left_out = known.len() == word.len() + 1 && known.as_bytes()[0] == word.as_bytes()[0];
        is_one_slip_away(word, known) && (!is_short || (is_left_out && count >= 128))
    };
    let meant =
        vocabulary().iter().filter(|(known, count)| is_meant(known, **count)).map(|(_, &count)| count);
    meant.max().map_or(0.0, |count| 0.9 * weight(count))
}

/// The most usual word that a misspelt one of five letters or more may stand for; `None` for a word that is known.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    if word.len() < 5 || is_known(word) {
        return None;
    }
    let near = vocabulary().iter().filter(|(known, _)| is_one_slip_away(word, known));
    // The name decides between equals, so that the answer is always the same.
    near.max_by_key(|&(known, count)| (*count, *known)).map(|(known, _)| *known)
}

/// True for a lower-case word that intents use, as it is or with another ending, that hangs others together, or that names
/// a program.
pub(super) fn is_known(word: &str) -> bool {
    is_function_word(word) || intents_with(word) > 0 || stem(word).is_some() || is_common_program(word)
}

/// The words that at least so many intents use, with how many do, in no order.
pub(super) fn usual(least: u32) -> impl Iterator<Item = (&'static str, u32)> {
    vocabulary().iter().filter(move |(_, count)| **count >= least).map(|(word, count)| (*word, *count))
}

/// The word without a usual English ending.
fn stem(word: &str) -> Option<String> {
    for (ending, put) in
        [("ies", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("es", ""), ("s", "")]
    {
        if let Some(stem) = word.strip_suffix(ending) {
            let stem = format!("{stem}{put}");
            if stem.len() >= 3 && intents_with(&stem) > 0 {
                return Some(stem);
            }
        }
    }
    None
}

/// True for a word of some length with one slip of the finger.
fn is_one_slip_away(typed: &str, known: &str) -> bool {
    known.len() >= 4 && cmdai_recall::is_one_slip_away(typed.as_bytes(), known.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_unique() {
        assert!(FUNCTION_WORDS.is_sorted_by(|a, b| a < b));
        assert!(PROGRAMS.lines().is_sorted_by(|a, b| a < b));
        assert!(VOCABULARY.lines().is_sorted_by(|a, b| a.split(' ').next() < b.split(' ').next()));
        assert_eq!(vocabulary().len(), VOCABULARY.lines().count());
    }

    #[test]
    fn slips_are_recognised() {
        for (typed, known) in [
            ("direcotry", "directory"),
            ("fiels", "files"),
            ("filess", "files"),
            ("fles", "files"),
            ("filas", "files"),
        ] {
            assert!(is_one_slip_away(typed, known), "{typed}");
        }
        for (typed, known) in [("files", "files"), ("folder", "holder2"), ("abcd", "badc"), ("fi", "files")] {
            assert!(!is_one_slip_away(typed, known), "{typed}");
        }
    }

    #[test]
    fn real_requests_make_more_sense_than_nonsense() {
        let of = |request: &str| sense(request, &entities::named(request));
        for request in [
            "list files by size",
            "find all pdf files in ~/docs",
            "kill the process on port 8080",
            "shwo hiden fiels",
            "cpy notes.txt to bakup.txt",
        ] {
            let sense = of(request);
            assert!(sense.familiar > 0.5 && sense.unknown < 0.4, "{request}: {sense:?}");
        }
        for request in ["asdf qwer zxcv", "lorem ipsum dolor", "what is love", "blorp the frobnitz"] {
            let sense = of(request);
            assert!(sense.familiar < 0.4 && sense.unknown > 0.4, "{request}: {sense:?}");
        }
    }

    #[test]
    fn a_misspelt_word_stands_for_the_most_usual_one() {
        assert_eq!(meant("delte"), Some("delete"));
        assert_eq!(meant("remvoe"), Some("remove"));
        for word in ["delete", "remote", "files", "cpy", "frobnitz"] {
            assert_eq!(meant(word), None, "{word}");
        }
    }

    #[test]
    fn short_words_are_forgiven_a_lost_letter_only() {
        assert!(familiarity("cpy") > 0.8 && familiarity("fles") > 0.8);
        for word in ["cake", "love", "moon", "qwer", "zz"] {
            assert_eq!(familiarity(word), 0.0, "{word}");
        }
    }

    #[test]
    fn names_and_numbers_are_no_content() {
        let request = "copy 'my notes.txt' to ~/backup 3 times";
        assert_eq!(content_words(request, &entities::named(request)), ["copy", "times"]);
    }
}
