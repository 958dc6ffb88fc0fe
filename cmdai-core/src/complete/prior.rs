//! What people type in general: which words follow which, learned from other people than the user.
//!
//! A fresh installation knows nothing of its user; the table `prior.txt` stands in until it does, and
//! helps with programs that the user meets for the first time. It holds counts of words in a context,
//! of two origins: lines of the people that completion was fitted on (words of at least two of them),
//! and documented commands. `cargo xtask fit-completion` writes it.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// The word that stands for the end of a line.
pub const END: &str = "<end>";

/// What a list of words follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The program after a command of this shape.
    After,
    /// The second word of a program, after a command of this shape.
    AfterWord,
    /// Any program.
    First,
    /// The program that reads from this one through a pipe.
    Pipe,
    /// The word after this word of a program.
    Next,
    /// Any word of a program.
    Word,
    /// The extension of a file that a program is given.
    Extension,
    /// As [`Kind::First`], in documented commands.
    DocumentedFirst,
    /// As [`Kind::Pipe`], in documented commands.
    DocumentedPipe,
    /// As [`Kind::Next`], in documented commands.
    DocumentedNext,
    /// As [`Kind::Word`], in documented commands.
    DocumentedWord,
}

impl Kind {
    /// Every kind with its letter in the table.
    const LETTERS: &[(Self, char)] = &[
        (Self::After, 'a'),
        (Self::AfterWord, 'b'),
        (Self::First, 'f'),
        (Self::Pipe, 'p'),
        (Self::Next, 'n'),
        (Self::Word, 'w'),
        (Self::Extension, 'x'),
        (Self::DocumentedFirst, 'F'),
        (Self::DocumentedPipe, 'P'),
        (Self::DocumentedNext, 'N'),
        (Self::DocumentedWord, 'W'),
    ];

    fn letter(self) -> char {
        Self::LETTERS.iter().find(|(kind, _)| *kind == self).map_or('?', |(_, letter)| *letter)
    }
}

/// Counts of words by what they follow.
#[derive(Clone, Debug, Default)]
pub struct Prior {
    lists: HashMap<u64, Vec<(Box<str>, f32)>>,
}

fn key(kind: Kind, first: &str, second: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, first, second).hash(&mut hasher);
    hasher.finish()
}

impl Prior {
    /// Reads a table: kind, two words of context, then words and counts, separated by blanks; an empty
    /// context is `-`. Lines that do not fit are passed over.
    pub fn read(table: &str) -> Self {
        let mut prior = Self::default();
        for line in table.lines() {
            let mut fields = line.split('\t');
            let kind = fields.next().and_then(|letter| letter.chars().next());
            let Some((kind, _)) = Kind::LETTERS.iter().find(|(_, letter)| Some(*letter) == kind) else {
                continue;
            };
            let (Some(first), Some(second), Some(list)) = (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let mut words = list.split(' ');
            while let (Some(word), Some(count)) = (words.next(), words.next()) {
                if let Ok(count) = count.parse() {
                    prior.add(*kind, first, second, word, count);
                }
            }
        }
        prior
    }

    /// Counts a word in a context.
    pub fn add(&mut self, kind: Kind, first: &str, second: &str, word: &str, count: f32) {
        let list = self.lists.entry(key(kind, first, second)).or_default();
        match list.iter_mut().find(|(known, _)| &**known == word) {
            Some((_, sum)) => *sum += count,
            None => list.push((word.into(), count)),
        }
    }

    /// The words in a context with their counts.
    pub fn get(&self, kind: Kind, first: &str, second: &str) -> &[(Box<str>, f32)] {
        self.lists.get(&key(kind, first, second)).map_or(&[], Vec::as_slice)
    }

    /// One line of a table, as [`Prior::read`] takes it.
    pub fn row(kind: Kind, first: &str, second: &str, words: &[(String, u32)]) -> String {
        let words: Vec<String> = words.iter().map(|(word, count)| format!("{word} {count}")).collect();
        format!("{}\t{first}\t{second}\t{}\n", kind.letter(), words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_back() {
        let row = Prior::row(Kind::Next, "git", "add", &[(".".into(), 9), ("-A".into(), 3)]);
        let prior = Prior::read(&format!("{row}nonsense\nz\ta\tb\tc 1\n"));
        let words: Vec<_> = prior.get(Kind::Next, "git", "add").iter().map(|(w, n)| (&**w, *n)).collect();
        assert_eq!(words, [(".", 9.0), ("-A", 3.0)]);
        assert!(prior.get(Kind::Word, "git", "add").is_empty());
    }
}
