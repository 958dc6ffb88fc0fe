//! The compiled memory where it lies: views into one block of bytes.
//!
//! The block begins with [`MAGIC`] and the lengths of [`SECTIONS`] sections, four bytes each, little-endian like all
//! numbers; the sections follow. Every read is checked, and a place that is not there reads as nothing, so that a
//! broken block gives wrong answers and never a panic.

use std::borrow::Cow;
use std::ops::Range;

use crate::embed::WIDTH;
use crate::slots::SlotType;
use crate::words;
use crate::{Shell, System};

/// What a block begins with; the digit is raised with every change of the layout.
pub(crate) const MAGIC: &[u8; 8] = b"cmdaiRM3";
/// The sections in their order: vocabulary (ends, bytes, weights, canonical), phrasings (lengths, codes), first phrasings of
/// the intents, norms of the phrasings, postings (ends, bytes), patterns (ends, bytes), intents (ends, bytes), names of files, classes of
/// the vocabulary, first bytes of codes of the intents, numbers of the vocabulary's vectors, vectors, vectors of the intents, pairs of terms, their vectors, codes from
/// the most usual one on. Without vectors the five before the last are empty, with them norms and postings are.
pub(crate) const SECTIONS: usize = 23;
/// Codes of a phrasing from here are patterns.
pub(crate) const FIRST_PATTERN: u16 = 0xC000;
/// As many of the most usual codes take one byte, the others two,
pub(crate) const SHORT: u8 = 200;
/// and three behind this byte, should two not be enough.
pub(crate) const LONG: u8 = 255;
/// The form of an intent, in bits: its command means the same in every shell,
pub(crate) const PLAIN: u8 = 1;
/// it is a detail of others.
pub(crate) const DETAIL: u8 = 2;
/// Codes from here are slots.
pub(crate) const FIRST_SLOT_CODE: u16 = 0xF000;

/// What kind of term one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    /// A word that tells something.
    Word,
    /// A word that may as well be left out.
    Stop,
    /// A word that turns a request around.
    Denying,
    /// A thing: a path, a number, a name.
    Thing,
    /// The current directory.
    Here,
}

impl Class {
    const ALL: [Self; 5] = [Self::Word, Self::Stop, Self::Denying, Self::Thing, Self::Here];

    pub(crate) fn of(term: &str) -> Self {
        if term == "\u{2}." {
            Self::Here
        } else if term.starts_with('\u{2}') {
            Self::Thing
        } else if words::is_stop(term) {
            Self::Stop
        } else if words::is_denying(term) {
            Self::Denying
        } else {
            Self::Word
        }
    }
}

/// A compiled memory.
#[derive(Clone, PartialEq)]
pub(crate) struct Index {
    bytes: Cow<'static, [u8]>,
    sections: [(usize, usize); SECTIONS],
    /// The first detail: they stand behind all intents.
    first_detail: u16,
}

/// One code of a phrasing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Term(u16),
    Pattern(u16),
    Slot(u8),
}

/// An intent as it lies in the block.
pub(crate) struct Stored<'a> {
    pub(crate) file: u8,
    pub(crate) slots: &'a [u8],
    pub(crate) id: &'a str,
    /// The command, slots as private characters.
    pub(crate) command: &'a str,
}

impl Stored<'_> {
    pub(crate) fn slot(&self, number: u8) -> Option<SlotType> {
        self.slots.get(usize::from(number)).map(|byte| SlotType::from_byte(*byte))
    }
}

impl Index {
    /// `None` for bytes that are no compiled memory of this layout.
    pub(crate) fn new(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC.as_slice())?;
        let mut sections = [(0, 0); SECTIONS];
        let mut at = MAGIC.len() + 4 * SECTIONS;
        for (number, section) in sections.iter_mut().enumerate() {
            let length = u32::from_le_bytes(rest.get(4 * number..4 * number + 4)?.try_into().ok()?) as usize;
            *section = (at, at.checked_add(length)?);
            at = section.1;
        }
        let mut index = (at == bytes.len()).then_some(Self { bytes, sections, first_detail: 0 })?;
        index.first_detail = index.end();
        while index.first_detail.checked_sub(1).is_some_and(|before| index.is_detail(before)) {
            index.first_detail -= 1;
        }
        Some(index)
    }

    fn end(&self) -> u16 {
        u16::try_from(self.intents()).unwrap_or(u16::MAX)
    }

    fn section(&self, number: usize) -> &[u8] {
        let (start, end) = self.sections.get(number).copied().unwrap_or_default();
        self.bytes.get(start..end).unwrap_or(&[])
    }

    fn u32_at(&self, section: usize, index: usize) -> usize {
        let bytes = self.section(section).get(4 * index..4 * index + 4);
        bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes) as usize
    }

    fn u16_at(&self, section: usize, index: usize) -> u16 {
        let bytes = self.section(section).get(2 * index..2 * index + 2);
        bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes)
    }

    /// The bytes of an entry, whose ends lie in one section and whose bytes in the next.
    fn entry(&self, ends: usize, bytes: usize, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.u32_at(ends, before));
        self.section(bytes).get(start..self.u32_at(ends, index)).unwrap_or(&[])
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn terms(&self) -> usize {
        self.section(2).len()
    }

    pub(crate) fn phrasings(&self) -> usize {
        self.section(4).len()
    }

    pub(crate) fn intents(&self) -> usize {
        self.section(12).len() / 4
    }

    pub(crate) fn text(&self, term: u16) -> &str {
        std::str::from_utf8(self.spelling(term)).unwrap_or("")
    }

    /// The text of a term, unread.
    pub(crate) fn spelling(&self, term: u16) -> &[u8] {
        self.entry(0, 1, usize::from(term))
    }

    /// The number of a term.
    pub(crate) fn term(&self, text: &str) -> Option<u16> {
        let place = self.first_from(text.as_bytes());
        let is_there = place < self.terms() && self.entry(0, 1, place) == text.as_bytes();
        u16::try_from(place).ok().filter(|_| is_there)
    }

    /// The terms that begin with a byte.
    pub(crate) fn beginning(&self, byte: u8) -> impl Iterator<Item = u16> {
        let end = byte.checked_add(1).map_or(self.terms(), |next| self.first_from(&[next]));
        (self.first_from(&[byte])..end).filter_map(|place| u16::try_from(place).ok())
    }

    /// The place of the first term that is not less than this one.
    fn first_from(&self, text: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.terms());
        while low < high {
            let middle = low.midpoint(high);
            if self.entry(0, 1, middle) < text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// How much the term tells, 0 to 1.
    pub(crate) fn weight(&self, term: u16) -> f32 {
        f32::from(self.section(2).get(usize::from(term)).copied().unwrap_or(255)) / 255.0
    }

    pub(crate) fn class(&self, term: u16) -> Class {
        let byte = self.section(15).get(usize::from(term)).copied().unwrap_or(0);
        Class::ALL.get(usize::from(byte)).copied().unwrap_or(Class::Word)
    }

    /// The term that stands for all that mean nearly the same.
    pub(crate) fn canonical(&self, term: u16) -> u16 {
        self.u16_at(3, usize::from(term))
    }

    pub(crate) fn codes(&self, phrasing: usize) -> impl Iterator<Item = Code> + '_ {
        let intent = usize::from(self.intent_of(phrasing));
        let length = |phrasing: usize| usize::from(self.section(4).get(phrasing).copied().unwrap_or(0));
        let before: usize = (self.u32_at(6, intent)..phrasing).map(length).sum();
        let start = self.u32_at(16, intent) + before;
        let mut bytes = self.section(5).get(start..start + length(phrasing)).unwrap_or(&[]).iter();
        std::iter::from_fn(move || {
            let first = *bytes.next()?;
            let mut next = || bytes.next().copied().map_or(0, usize::from);
            let rank = match first {
                ..SHORT => usize::from(first),
                LONG => next() | next() << 8,
                _ => usize::from(SHORT) + (usize::from(first - SHORT) << 8 | next()),
            };
            let code = self.u16_at(22, rank);
            Some(if code >= FIRST_SLOT_CODE {
                Code::Slot((code - FIRST_SLOT_CODE) as u8)
            } else if code >= FIRST_PATTERN {
                Code::Pattern(code - FIRST_PATTERN)
            } else {
                Code::Term(code)
            })
        })
    }

    /// The phrasings of an intent.
    pub(crate) fn phrasings_of(&self, intent: u16) -> Range<usize> {
        let next = usize::from(intent) + 1;
        let end = if next < self.intents() { self.u32_at(6, next) } else { self.phrasings() };
        self.u32_at(6, usize::from(intent))..end
    }

    pub(crate) fn intent_of(&self, phrasing: usize) -> u16 {
        let (mut low, mut high) = (0, self.intents());
        while low < high {
            let middle = low.midpoint(high);
            if self.u32_at(6, middle) <= phrasing {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1) as u16
    }

    /// The vector of a term; of one without, that of the term that stands for it.
    pub(crate) fn vector(&self, term: u16) -> Option<&[u8]> {
        let of = |term: u16| {
            let at = WIDTH * usize::from(self.u16_at(17, usize::from(term)).checked_sub(1)?);
            self.section(18).get(at..at + WIDTH)
        };
        of(term).or_else(|| of(self.canonical(term)))
    }

    /// The vector of two neighbours.
    pub(crate) fn pair_vector(&self, left: u16, right: u16) -> Option<&[u8]> {
        let wanted = usize::from(left) << 16 | usize::from(right);
        let (mut low, mut high) = (0, self.section(20).len() / 4);
        while low < high {
            let middle = low.midpoint(high);
            if self.u32_at(20, middle) < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let bytes = self.section(21).get(WIDTH * low..WIDTH * (low + 1));
        bytes.filter(|_| self.u32_at(20, low) == wanted)
    }

    /// True where intents are found by what they mean.
    pub(crate) fn has_meanings(&self) -> bool {
        !self.meanings().is_empty()
    }

    /// The vectors of the intents, packed.
    pub(crate) fn meanings(&self) -> &[u8] {
        self.section(19)
    }

    /// The lengths of the phrasings in the space of their keys, in fortieths.
    pub(crate) fn norms(&self) -> &[u8] {
        self.section(7)
    }

    /// Phrasings that hold a term.
    pub(crate) fn postings(&self, term: u16) -> Postings<'_> {
        Postings { bytes: self.entry(8, 9, usize::from(term)), last: 0 }
    }

    pub(crate) fn pattern(&self, number: u16) -> &str {
        std::str::from_utf8(self.entry(10, 11, usize::from(number))).unwrap_or("")
    }

    pub(crate) fn intent(&self, number: u16) -> Option<Stored<'_>> {
        let [_, _, file, _, id, slots, rest @ ..] = self.entry(12, 13, usize::from(number)) else {
            return None;
        };
        let (slots, rest) = rest.split_at_checked(usize::from(*slots))?;
        let (id, command) = rest.split_at_checked(usize::from(*id))?;
        Some(Stored {
            file: *file,
            slots,
            id: std::str::from_utf8(id).ok()?,
            command: std::str::from_utf8(command).ok()?,
        })
    }

    /// The shell and system of an intent, and whether its command means the same in every shell.
    pub(crate) fn tags(&self, number: u16) -> Option<(Shell, System, bool)> {
        let [shell, system, _, form, ..] = self.entry(12, 13, usize::from(number)) else { return None };
        let (shell, system) = (Shell::ALL.get(usize::from(*shell))?, System::ALL.get(usize::from(*system))?);
        Some((*shell, *system, *form & PLAIN != 0))
    }

    /// True for a detail of other intents.
    pub(crate) fn is_detail(&self, number: u16) -> bool {
        matches!(self.entry(12, 13, usize::from(number)), [_, _, _, form, ..] if form & DETAIL != 0)
    }

    /// The details.
    pub(crate) fn details(&self) -> Range<u16> {
        self.first_detail..self.end()
    }

    pub(crate) fn file(&self, number: u8) -> &str {
        let names = std::str::from_utf8(self.section(14)).unwrap_or("");
        names.split('\n').nth(usize::from(number)).unwrap_or("")
    }
}

/// Phrasings in rising order.
pub(crate) struct Postings<'a> {
    bytes: &'a [u8],
    last: u32,
}

impl Iterator for Postings<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let mut value = 0_u32;
        let mut shift = 0;
        loop {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        self.last = self.last.checked_add(value)?;
        Some(self.last as usize)
    }
}
