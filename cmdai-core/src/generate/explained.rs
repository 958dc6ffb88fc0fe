//! How far a command explains the words of its request.
//!
//! The model says how likely a command is after a request; what it ignored of the request does not show in that.
//! This looks the other way: for each word, what the best of the command's tokens is worth for it, by a lexical
//! translation model (IBM Model 1, Brown et al. 1993) over the authored intents. `training/rank/associations.py` learns
//! the table, `associations.txt`, and describes its lines; words and tokens are cut here as they are there.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

static TABLE: &str = include_str!("associations.txt");

/// What is known of a word, in tenths as in the table.
struct Entry {
    /// Rare words weigh more.
    weight: f32,
    /// What the word is worth where no token goes with it.
    unexplained: f32,
    tokens: Vec<(&'static str, f32)>,
}

fn table() -> &'static HashMap<&'static str, Entry> {
    static PARSED: OnceLock<HashMap<&'static str, Entry>> = OnceLock::new();
    PARSED.get_or_init(|| TABLE.lines().filter_map(entry).collect())
}

fn entry(line: &'static str) -> Option<(&'static str, Entry)> {
    let tenth = |text: &str| text.parse::<i16>().ok().map(|value| f32::from(value) / 10.0);
    let mut fields = line.split(' ');
    let (word, weight, unexplained) = (fields.next()?, tenth(fields.next()?)?, tenth(fields.next()?)?);
    let mut tokens = Vec::new();
    while let (Some(token), Some(worth)) = (fields.next(), fields.next()) {
        tokens.push((token, tenth(worth)?));
    }
    Some((word, Entry { weight, unexplained, tokens }))
}

/// The mean worth of a request's words under a command, rare words weighing more: about -2 where it explains none, 3 where
/// it explains all, 0 where the request has no word that is known.
pub(super) fn explained(request: &str, command: &str) -> f32 {
    let tokens: HashSet<String> = command_tokens(command).into_iter().collect();
    let (mut sum, mut weights) = (0.0, 0.0);
    for entry in request_words(request).iter().filter_map(|word| table().get(word.as_str())) {
        let worth = entry.tokens.iter().filter(|(token, _)| tokens.contains(*token)).map(|(_, worth)| *worth);
        sum += entry.weight * worth.fold(entry.unexplained, f32::max);
        weights += entry.weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

fn push(found: &mut Vec<String>, token: String) {
    if !found.contains(&token) {
        found.push(token);
    }
}

/// The stems of a request's plain words, each once.
fn request_words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in text.split_whitespace() {
        let word = token.trim_matches(|c| ".,?!:;()[]\"'`".contains(c)).to_lowercase();
        let is_word = word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '\'' || c == '-');
        if is_word {
            push(&mut found, stem(word.strip_suffix("'s").unwrap_or(&word)));
        }
    }
    found
}

/// A lower-case ASCII word without its usual English endings.
fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    for (ending, put) in [("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")] {
        if word.ends_with(ending) && word.len() - ending.len() >= 3 && !word.ends_with("ss") {
            word.truncate(word.len() - ending.len());
            word.push_str(put);
            break;
        }
    }
    if let [.., before, last] = *word.as_bytes()
        && word.len() > 4
        && before == last
        && !b"lse".contains(&last)
    {
        word.pop();
    }
    if word.len() > 4 && word.ends_with('e') {
        word.pop();
    }
    word
}

/// Words and operators of a command, short flags also one by one, and parts of words behind a tilde; each once.
fn command_tokens(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in spaced(command).split_whitespace() {
        let token = token.trim_matches(['\'', '"']);
        let letters = token.strip_prefix('-').unwrap_or_default();
        if (2..=5).contains(&letters.len()) && letters.chars().all(|c| c.is_ascii_alphabetic()) {
            push(&mut found, token.to_owned());
            letters.chars().for_each(|letter| push(&mut found, format!("-{letter}")));
        } else if let Some(number) = number(token) {
            push(&mut found, number);
        } else if !token.is_empty() {
            push(&mut found, token.to_owned());
            for part in parts(token).into_iter().filter(|part| *part != token) {
                push(&mut found, format!("~{part}"));
            }
        }
    }
    found
}

/// The command with blanks around its operators.
fn spaced(command: &str) -> String {
    let mut out = String::with_capacity(command.len() + 16);
    let mut rest = command;
    while let Some(first) = rest.chars().next() {
        let operator = ["||", "&&", ";", "|", ">>", ">", "<", "$(", ")", "(", "`"]
            .into_iter()
            .find(|operator| rest.starts_with(operator));
        match operator {
            Some(operator) => {
                out.extend([" ", operator, " "]);
                rest = &rest[operator.len()..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// `+0M` for `+100M`; `None` for what is no number with a unit.
fn number(token: &str) -> Option<String> {
    let sign = token.len() - token.trim_start_matches(['+', '-']).len();
    let unsigned = &token[sign..];
    let digits = unsigned.len() - unsigned.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let unit = &unsigned[digits..];
    let is_number = sign <= 1 && digits > 0 && unit.chars().all(|c| c.is_ascii_alphabetic());
    is_number.then(|| format!("{}0{unit}", &token[..sign]))
}

/// Runs of two letters or more, and the signs that mean something inside a word.
fn parts(token: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    for (at, c) in token.char_indices() {
        if is_letter(c) {
            continue;
        }
        if at - start >= 2 {
            found.push(&token[start..at]);
        }
        start = at + c.len_utf8();
        if "!$%^*@#".contains(c) {
            found.push(&token[at..start]);
        }
    }
    if token.len() - start >= 2 {
        found.push(&token[start..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        assert_eq!(table().len(), TABLE.lines().count());
        assert!(table().values().all(|entry| !entry.tokens.is_empty()));
    }

    #[test]
    fn words_and_tokens_are_cut_as_where_the_table_was_learnt() {
        for line in include_str!("associations_check.txt").lines() {
            let [request, words, command, tokens] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{line:?}")
            };
            assert_eq!(request_words(request).join(" "), words, "{request}");
            assert_eq!(command_tokens(command).join(" "), tokens, "{command}");
        }
    }

    #[test]
    fn a_command_that_ignores_a_word_explains_less() {
        for (request, better, worse) in [
            ("200 in binary", "echo 'obase=2; 200' | bc", "echo $((200 * 2))"),
            ("list hidden files", "ls -d .*", "ls -l"),
            ("newest file in dumps", "ls -t dumps | head -n 1", "ls -S dumps | tail -n 1"),
        ] {
            assert!(explained(request, better) > explained(request, worse), "{request}");
        }
        assert_eq!(explained("", "ls"), 0.0);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_worth(request in ".{0,80}", command in ".{0,80}") {
            let worth = explained(&request, &command);
            proptest::prop_assert!((-2.0..=3.0).contains(&worth));
        }
    }
}
