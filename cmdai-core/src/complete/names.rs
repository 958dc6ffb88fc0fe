//! Texts by number: each is kept once, one behind another, and found through a table of their numbers.
//!
//! A past holds tens of thousands of short words and lines. A string of its own for each, with its number in a map,
//! takes a hundred bytes beside the text; this takes ten.

use std::hash::{BuildHasher, RandomState};

/// No text has this number.
const FREE: u32 = u32::MAX;

/// Texts, numbered as they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    all: String,
    /// Where each text ends in `all`.
    ends: Vec<u32>,
    /// Numbers, each at the first free place from its text's hash on. A power of two of them, or none.
    slots: Vec<u32>,
    hashes: RandomState,
}

impl Names {
    /// The number of a text, which gets one where it has none.
    pub(super) fn add(&mut self, text: &str) -> u32 {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let at = self.place_of(text);
        match self.slots.get_mut(at) {
            Some(slot) if *slot == FREE => {
                let id = self.ends.len() as u32;
                *slot = id;
                self.all.push_str(text);
                self.ends.push(self.all.len() as u32);
                id
            }
            slot => slot.map_or(FREE, |slot| *slot),
        }
    }

    /// The number of a text.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.slots.get(self.place_of(text)).copied().filter(|id| *id != FREE)
    }

    /// The text of a number; none where there is none.
    pub(super) fn text(&self, id: u32) -> &str {
        let id = id as usize;
        let start = id.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(id)).map(|(start, end)| start as usize..*end as usize);
        range.and_then(|range| self.all.get(range)).unwrap_or("")
    }

    /// Where the number of a text stands, or would.
    fn place_of(&self, text: &str) -> usize {
        let last = self.slots.len().wrapping_sub(1);
        let mut at = self.hashes.hash_one(text) as usize & last;
        while let Some(&id) = self.slots.get(at)
            && id != FREE
            && self.text(id) != text
        {
            at = (at + 1) & last;
        }
        at
    }

    fn grow(&mut self) {
        self.slots = vec![FREE; (self.slots.len() * 2).max(16)];
        for id in 0..self.ends.len() as u32 {
            let at = self.place_of(self.text(id));
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number() {
        let mut names = Names::default();
        assert_eq!((names.find(""), names.find("a"), names.text(0)), (None, None, ""));
        let texts: Vec<String> =
            (0..5_000).map(|number| "é".repeat(number % 3) + &number.to_string()).collect();
        for (id, text) in texts.iter().enumerate() {
            assert_eq!(names.add(text), id as u32);
        }
        let empty = names.add("");
        for (id, text) in texts.iter().enumerate() {
            assert_eq!(
                (names.add(text), names.find(text), names.text(id as u32)),
                (id as u32, Some(id as u32), text.as_str())
            );
        }
        assert_eq!((names.find(""), names.text(empty)), (Some(empty), ""));
        assert_eq!((names.find("5000"), names.text(5_001), names.text(FREE)), (None, "", ""));
    }
}
