//! What suggestions were worth while a line was typed. `docs/completion.md` defines each number.

use cmdai_core::complete::piece;

/// Sums over moments and lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measures {
    /// Lines typed.
    pub(crate) lines: u64,
    /// Their characters: the keys that typing takes without help, Enter aside.
    pub(crate) characters: u64,
    /// Keys with the key that takes a whole suggestion.
    pub(crate) keys_whole: u64,
    /// Keys with the key that takes one word.
    pub(crate) keys_words: u64,
    /// Keys with whichever of the two is right.
    pub(crate) keys_either: u64,
    /// Moments: one after each character of each line.
    pub(crate) moments: u64,
    /// Moments at which something was shown.
    pub(crate) shown: u64,
    /// Of those, how often all of it was typed next.
    pub(crate) right: u64,
    /// Of those, how often its first word was typed next.
    pub(crate) right_word: u64,
    /// Reciprocal ranks of the first right suggestion among the first eight.
    pub(crate) reciprocal: f64,
    /// Moments within a line, over which the reciprocal ranks are averaged.
    pub(crate) within: u64,
    /// Suggestions in which a secret was seen.
    pub(crate) secrets: u64,
    /// Suggestions that the check calls critical.
    pub(crate) critical: u64,
    /// Microseconds an answer took.
    pub(crate) micros: Vec<u32>,
}

impl Measures {
    pub(crate) fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.characters += other.characters;
        self.keys_whole += other.keys_whole;
        self.keys_words += other.keys_words;
        self.keys_either += other.keys_either;
        self.moments += other.moments;
        self.shown += other.shown;
        self.right += other.right;
        self.right_word += other.right_word;
        self.reciprocal += other.reciprocal;
        self.within += other.within;
        self.secrets += other.secrets;
        self.critical += other.critical;
        self.micros.extend(&other.micros);
    }

    /// Adds one line with the suggestions after each of its characters: `answers[i]` after `i + 1`.
    pub(crate) fn line(&mut self, line: &str, answers: &[Vec<String>]) {
        let ends: Vec<usize> = line.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        self.lines += 1;
        self.characters += ends.len() as u64;
        for (answer, &end) in answers.iter().zip(&ends) {
            let rest = &line[end..];
            self.moments += 1;
            if let Some(first) = answer.first() {
                self.shown += 1;
                self.right += u64::from(rest.starts_with(first));
                self.right_word += u64::from(rest.starts_with(piece(first)));
            }
            if !rest.is_empty() {
                self.within += 1;
                let rank = answer.iter().take(8).position(|suffix| rest.starts_with(suffix));
                self.reciprocal += rank.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
            }
        }
        let whole = |shown: &str, rest: &str| rest.starts_with(shown).then(|| shown.to_owned());
        let word = |shown: &str, rest: &str| whole(piece(shown), rest);
        self.keys_whole += keys(line, &ends, answers, whole);
        self.keys_words += keys(line, &ends, answers, word);
        self.keys_either +=
            keys(line, &ends, answers, |shown, rest| whole(shown, rest).or_else(|| word(shown, rest)));
    }

    pub(crate) fn saved(&self, keys: u64) -> f64 {
        1.0 - keys as f64 / self.characters.max(1) as f64
    }

    pub(crate) fn wrong(&self) -> f64 {
        1.0 - self.right as f64 / self.shown.max(1) as f64
    }

    pub(crate) fn wrong_word(&self) -> f64 {
        1.0 - self.right_word as f64 / self.shown.max(1) as f64
    }

    /// Wrong suggestions a moment.
    pub(crate) fn wrong_moment(&self) -> f64 {
        (self.shown - self.right) as f64 / self.moments.max(1) as f64
    }

    pub(crate) fn mean_reciprocal(&self) -> f64 {
        self.reciprocal / self.within.max(1) as f64
    }

    /// The time that this share of answers does not exceed, ms.
    pub(crate) fn time_ms(&mut self, share: f64) -> f64 {
        self.micros.sort_unstable();
        let at = (self.micros.len() as f64 * share) as usize;
        self.micros.get(at.min(self.micros.len().saturating_sub(1))).map_or(0.0, |&us| f64::from(us) / 1e3)
    }
}

/// Keys it takes to type a line where `accept` says what one key would take over. A suggestion is taken
/// as soon as what the key takes over is right and longer than one character.
fn keys(
    line: &str,
    ends: &[usize],
    answers: &[Vec<String>],
    accept: impl Fn(&str, &str) -> Option<String>,
) -> u64 {
    let mut keys = 0;
    let mut typed = 0;
    while typed < ends.len() {
        keys += 1;
        let shown = typed.checked_sub(1).and_then(|at| answers.get(at)).and_then(|answer| answer.first());
        let rest = typed.checked_sub(1).and_then(|at| ends.get(at)).map_or(line, |&end| &line[end..]);
        let taken = shown.and_then(|shown| accept(shown, rest)).map_or(0, |text| text.chars().count());
        typed += if taken > 1 { taken } else { 1 };
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(line: &str, shown: &[(usize, &str)]) -> Vec<Vec<String>> {
        let at = |typed| shown.iter().filter(|(at, _)| *at == typed).map(|(_, s)| (*s).to_owned()).collect();
        (1..=line.chars().count()).map(at).collect()
    }

    #[test]
    fn keys_are_counted() {
        let mut measures = Measures::default();
        // g, take all: two keys for ten characters. By words: g, `it`, ` status`.
        measures.line("git status", &answers("git status", &[(1, "it status"), (3, " status")]));
        assert_eq!((measures.keys_whole, measures.keys_words, measures.keys_either), (2, 3, 2));
        assert_eq!((measures.moments, measures.shown, measures.right), (10, 2, 2));
    }

    #[test]
    fn a_wrong_end_spoils_the_whole_but_not_the_word() {
        let mut measures = Measures::default();
        measures.line("git add .", &answers("git add .", &[(1, "it add -A"), (3, " add -A")]));
        assert_eq!((measures.keys_whole, measures.keys_words, measures.keys_either), (9, 5, 5));
        assert_eq!((measures.shown, measures.right, measures.right_word), (2, 0, 2));
    }

    #[test]
    fn nothing_is_left_to_suggest_at_the_end() {
        let mut measures = Measures::default();
        measures.line("ls", &answers("ls", &[(2, " -la")]));
        assert_eq!((measures.keys_whole, measures.shown, measures.right), (2, 1, 0));
    }
}
