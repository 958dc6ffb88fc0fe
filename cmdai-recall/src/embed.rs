//! What a request means, as a vector: requests that ask for the same in other words lie near to each other.
//!
//! A bag of words: the sum of a vector for each word, each kind of thing (`\u{1}file`, `\u{1}size`) and each usual pair of
//! neighbours, brought to length 1. `training/rank/embedding.py` learns the vectors from pairs of phrasings of one intent, and describes their file.
//! An intent lies where its phrasings lie on average.

use std::collections::HashMap;

use crate::align::Asked;
use crate::compile;
use crate::index::{Code, Index, Stored};
use crate::slots::SlotType;
use crate::tokens::{Look, is_slot};

/// Numbers in a vector.
pub(crate) const WIDTH: usize = 64;
/// Bytes of an intent's vector: what its steps are worth, and its numbers, four bits each.
const PACKED: usize = 1 + WIDTH / 2;
/// Stands for names, and for words that no phrasing has.
const NAME: &str = "\u{1}name";
/// Terms for kinds of things: every index has them.
pub(crate) const KINDS: [&str; 10] = [
    "\u{1}date",
    "\u{1}dir",
    "\u{1}ext",
    "\u{1}file",
    "\u{1}host",
    NAME,
    "\u{1}number",
    "\u{1}size",
    "\u{1}span",
    "\u{1}url",
];

/// Vectors of words by their terms.
#[derive(Debug)]
pub struct Embedding<'a> {
    rows: HashMap<&'a str, &'a [u8]>,
}

impl Embedding<'static> {
    /// The one that was learnt from the project's intents.
    pub fn shipped() -> Option<Self> {
        Self::new(include_bytes!("embedding.bin"))
    }
}

impl<'a> Embedding<'a> {
    /// Reads a file that `training/rank/embedding.py` wrote; `None` for another one.
    pub fn new(file: &'a [u8]) -> Option<Self> {
        let (head, mut rest) = file.strip_prefix(b"EMBD")?.split_at_checked(12)?;
        let number = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?) as usize);
        if number(0)? != WIDTH {
            return None;
        }
        let mut names = Vec::new();
        for _ in 0..number(4)? {
            let end = rest.iter().position(|byte| *byte == b'\n')?;
            names.push(std::str::from_utf8(rest.get(..end)?).ok()?);
            rest = rest.get(end + 1..)?;
        }
        (rest.len() == WIDTH * names.len())
            .then(|| Self { rows: names.into_iter().zip(rest.chunks_exact(WIDTH)).collect() })
    }

    pub(crate) fn vector(&self, term: &str) -> Option<&'a [u8]> {
        self.rows.get(term).copied()
    }

    /// The terms that have a vector, in order.
    pub(crate) fn terms(&self) -> Vec<&'a str> {
        let mut terms: Vec<&str> = self.rows.keys().copied().filter(|name| !name.contains(' ')).collect();
        terms.sort_unstable();
        terms
    }

    /// The pairs that have a vector, with it.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a [u8])> + '_ {
        self.rows
            .iter()
            .filter_map(|(name, row)| name.split_once(' ').map(|(left, right)| (left, right, *row)))
    }
}

/// A direction, its numbers in whole steps.
pub(crate) type Vector = [i16; WIDTH];

/// The direction of a bag of terms; zero where none of them has a vector.
pub(crate) fn direction(index: &Index, terms: impl IntoIterator<Item = u16>) -> Vector {
    let mut sum = [0_i32; WIDTH];
    let mut add = |row: Option<&[u8]>| {
        for (sum, byte) in sum.iter_mut().zip(row.unwrap_or(&[])) {
            *sum += i32::from(byte.cast_signed());
        }
    };
    let mut before = None;
    for term in terms {
        add(index.vector(term));
        add(before.and_then(|before| index.pair_vector(before, term)));
        before = Some(term);
    }
    let length = sum.iter().map(|n| (*n as f32).powi(2)).sum::<f32>().sqrt().max(1.0);
    sum.map(|n| (n as f32 / length * STEPS).round() as i16)
}

/// Steps in a length of 1.
const STEPS: f32 = 1024.0;

/// The cosine of the angle between two directions.
pub(crate) fn alike(a: &Vector, b: &Vector) -> f32 {
    let sum: i32 = a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
    sum as f32 / (STEPS * STEPS)
}

/// Where an intent lies, packed.
pub(crate) fn meaning(index: &Index, number: u16) -> [u8; PACKED] {
    let mut sum = [0.0_f32; WIDTH];
    if let Some(intent) = index.intent(number) {
        for phrasing in index.phrasings_of(number) {
            let one = direction(index, of_phrasing(index, phrasing, &intent));
            for (sum, n) in sum.iter_mut().zip(one) {
                *sum += f32::from(n);
            }
        }
    }
    let length = sum.iter().map(|n| n.powi(2)).sum::<f32>().sqrt().max(1.0);
    let most = sum.iter().fold(0.0_f32, |most, n| most.max(n.abs())) / length;
    let worth = (most * 255.0).ceil().clamp(1.0, 255.0);
    let step = worth / 255.0 / 7.0 * length;
    let four = |at: usize| ((sum[at] / step).round().clamp(-7.0, 7.0) as i8 + 8) as u8;
    let mut packed = [0; PACKED];
    packed[0] = worth as u8;
    for (at, byte) in packed[1..].iter_mut().enumerate() {
        *byte = four(at) | four(at + WIDTH / 2) << 4;
    }
    packed
}

/// The cosine of the angle between a direction and each intent.
pub(crate) fn all_alike<'a>(index: &'a Index, to: &'a Vector) -> impl Iterator<Item = f32> + 'a {
    let (low, high) = to.split_at(WIDTH / 2);
    index.meanings().chunks_exact(PACKED).map(move |packed| {
        let (worth, packed) = packed.split_first().unwrap_or((&0, &[]));
        let mut sum = 0_i32;
        for ((byte, low), high) in packed.iter().zip(low).zip(high) {
            sum += (i32::from(*byte & 15) - 8) * i32::from(*low)
                + (i32::from(*byte >> 4) - 8) * i32::from(*high);
        }
        sum as f32 * f32::from(*worth) / (255.0 * 7.0 * STEPS)
    })
}

/// What a request holds, as terms.
pub(crate) fn of_request(index: &Index, asked: &[Asked]) -> Vec<u16> {
    let mut found = Vec::new();
    for one in asked {
        let term = match one.token.look {
            Look::Word => one.term.or(one.canonical),
            Look::Dir if one.token.value == "." => index.term("\u{2}."),
            _ => one.token.slot_term().and_then(|kind| index.term(kind)),
        };
        add(&mut found, term.or_else(|| index.term(NAME)));
        if one.token.look == Look::Word && one.token.number().is_some() {
            add(&mut found, index.term("\u{1}number"));
        }
        let key = match (one.token.look, one.token.extension) {
            (Look::File, _) => compile::extension_key(&one.token.value),
            (Look::Ext, _) => {
                Some(format!("\u{4}{}", one.token.value.trim_start_matches(['*', '.']).to_lowercase()))
            }
            (_, extension) => extension.map(|extension| format!("\u{4}{extension}")),
        };
        add(&mut found, key.and_then(|key| index.term(&key)));
    }
    found
}

fn add(found: &mut Vec<u16>, term: Option<u16>) {
    found.extend(term.filter(|term| !found.contains(term)));
}

/// What a phrasing holds, as terms.
pub(crate) fn of_phrasing(index: &Index, phrasing: usize, intent: &Stored<'_>) -> Vec<u16> {
    let mut found = Vec::new();
    for code in index.codes(phrasing) {
        match code {
            Code::Term(term) => {
                // A file or an extension by its name.
                if let Some(name) = index.text(term).strip_prefix('\u{2}')
                    && name != "."
                {
                    let is_extension = name.strip_prefix('.').is_some_and(|rest| !rest.contains('.'));
                    add(&mut found, index.term(if is_extension { "\u{1}ext" } else { "\u{1}file" }));
                    add(&mut found, compile::extension_key(name).and_then(|key| index.term(&key)));
                }
                add(&mut found, Some(term));
            }
            Code::Slot(slot) => {
                let kind = intent.slot(slot).and_then(SlotType::term).unwrap_or(NAME);
                add(&mut found, index.term(kind));
            }
            Code::Pattern(number) => {
                let pattern = index.pattern(number);
                let kind = match pattern.strip_prefix('\u{3}') {
                    Some(unit) => {
                        let unit: String = unit.chars().filter(|c| !is_slot(*c)).collect();
                        if crate::measures::size_unit(&unit).is_some() { "\u{1}size" } else { "\u{1}span" }
                    }
                    None => "\u{1}file",
                };
                add(&mut found, index.term(kind));
                add(&mut found, compile::extension_key(pattern).and_then(|key| index.term(&key)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Memory, Question, compile_with, read_intents};

    const INTENTS: &str = r#"{"id": "big", "nl": ["show the largest files in {dir}", "what takes the most space in {dir}"], "cmd": "du -ah {dir} | sort -rh | head", "slots": {"dir": "dir"}}
{"id": "empty", "nl": ["remove the empty directories in {dir}", "delete folders without anything in them under {dir}"], "cmd": "find {dir} -type d -empty -delete", "slots": {"dir": "dir"}}
{"id": "who", "nl": ["who is logged in", "list the users of this machine that are online"], "cmd": "who", "slots": {}}
{"id": "lock", "nl": ["lock the account of {user}", "make it impossible for {user} to log in"], "cmd": "sudo usermod -L {user}", "slots": {"user": "user"}}"#;

    fn block() -> Vec<u8> {
        let (intents, bad) = read_intents(INTENTS);
        assert!(bad.is_empty());
        compile_with(&[("test", &intents)], Embedding::shipped().as_ref())
    }

    #[test]
    fn other_words_for_the_same_find_it() {
        let memory = Memory::new(block()).unwrap();
        let most = |request: &str| {
            let drafts = memory.recall(&Question::new(request));
            let draft = drafts.into_iter().max_by(|a, b| a.alike.total_cmp(&b.alike)).unwrap();
            (draft.intent, draft.alike)
        };
        for (request, expect) in [
            ("which data eats up my disk below /srv", "big"),
            ("get rid of vacant subfolders of /srv", "empty"),
            ("is somebody else connected to this box right now", "who"),
            ("disable the login of maria", "lock"),
        ] {
            let (intent, alike) = most(request);
            assert_eq!(intent, expect, "{request}");
            assert!((-1.0..=1.001).contains(&alike), "{alike}");
        }
    }

    #[test]
    fn packed_meanings_are_near_to_what_they_were() {
        let index = Index::new(block().into()).unwrap();
        for number in 0..index.intents() as u16 {
            let intent = index.intent(number).unwrap();
            let mut sum = [0_f32; WIDTH];
            for phrasing in index.phrasings_of(number) {
                let one = direction(&index, of_phrasing(&index, phrasing, &intent));
                sum.iter_mut().zip(one).for_each(|(sum, n)| *sum += f32::from(n));
            }
            let length = sum.iter().map(|n| n * n).sum::<f32>().sqrt();
            let centre = sum.map(|n| (n / length * STEPS).round() as i16);
            let alike: Vec<f32> = all_alike(&index, &centre).collect();
            assert!((alike[usize::from(number)] - 1.0).abs() < 0.03, "{number}: {alike:?}");
        }
    }

    #[test]
    fn another_file_is_no_embedding() {
        for file in
            [&b""[..], b"EMBD", b"EMBD\x40\0\0\0\x01\0\0\0\0\0\0\0a\n", b"LIKE\x40\0\0\0\0\0\0\0\0\0\0\0"]
        {
            assert!(Embedding::new(file).is_none());
        }
    }

    proptest::proptest! {
        #[test]
        fn a_broken_block_gives_wrong_answers_and_no_panic(at in 0_usize..8000, by in 1_u8.., cut in 0_usize..4000) {
            let mut block = block();
            let at = at % block.len();
            block[at] = block[at].wrapping_add(by);
            block.truncate(block.len() - cut.saturating_sub(3000));
            if let Some(memory) = Memory::new(block) {
                memory.recall(&Question::new("delete the empty folders in /srv older than 3 days"));
            }
        }
    }
}
