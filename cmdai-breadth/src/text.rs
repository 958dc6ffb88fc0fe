//! Sentences as pieces: a word with the blank before it is said once and named by one to three bytes.
//!
//! Descriptions of flags repeat each other's words. Pieces that are used most have the shortest codes.

use std::collections::BTreeMap;

use crate::layout::fixed;

/// Pieces whose code is one byte.
const SHORT: u32 = 0xc0;
/// Pieces whose code is two bytes: first bytes `0xc0..0xf8`.
const MIDDLE: u32 = (0xf8 - SHORT) << 8;

/// A text as its pieces: words and runs of signs, each with the blank before it.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices();
        let (_, first) = letters.next()?;
        let (lead, kind) = match first {
            ' ' => (1, rest[1..].chars().next().map(char::is_alphanumeric)),
            _ => (0, Some(first.is_alphanumeric())),
        };
        let end = rest[lead..].find(|c: char| c == ' ' || Some(c.is_alphanumeric()) != kind);
        // Two blanks: the first is a piece of its own.
        let end = end.map_or(rest.len(), |end| (lead + end).max(1));
        let (piece, left) = rest.split_at(end);
        rest = left;
        Some(piece)
    })
}

/// The pieces of all texts, the most used first.
pub(crate) struct Pieces<'t>(BTreeMap<&'t str, u32>, Vec<&'t str>);

impl<'t> Pieces<'t> {
    pub(crate) fn of(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in texts {
            for piece in pieces(text) {
                *counts.entry(piece).or_default() += 1;
            }
        }
        let mut order: Vec<_> = counts.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let order: Vec<&str> = order.into_iter().map(|(piece, _)| piece).collect();
        let ids = (0..).zip(&order).map(|(id, piece)| (*piece, id)).collect();
        Self(ids, order)
    }

    /// The pieces one after another, and where each ends.
    pub(crate) fn written(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for piece in &self.1 {
            bytes.extend_from_slice(piece.as_bytes());
            ends.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        }
        (bytes, ends)
    }

    pub(crate) fn encode(&self, text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for piece in pieces(text) {
            let Some(&id) = self.0.get(piece) else { continue };
            if id < SHORT {
                out.push(id as u8);
            } else if id < SHORT + MIDDLE {
                let id = id - SHORT;
                out.extend([SHORT as u8 + (id >> 8) as u8, id as u8]);
            } else {
                let id = id - SHORT - MIDDLE;
                out.extend([0xf8 | (id >> 16) as u8, (id >> 8) as u8, id as u8]);
            }
        }
        out
    }
}

/// The text of some codes; what is no code of a piece is left out.
pub(crate) fn decode(codes: &[u8], ends: &[u8], all: &[u8]) -> String {
    let mut out = Vec::with_capacity(codes.len() * 5);
    let mut codes = codes.iter().map(|byte| u32::from(*byte));
    while let Some(first) = codes.next() {
        let id = match first {
            0..SHORT => Some(first),
            SHORT..0xf8 => codes.next().map(|low| SHORT + ((first - SHORT) << 8 | low)),
            _ => codes
                .next()
                .zip(codes.next())
                .map(|(middle, low)| SHORT + MIDDLE + ((first & 7) << 16 | middle << 8 | low)),
        };
        let place = |id: u32| fixed(ends, id as usize * 4).map(|end| end as usize);
        let Some(end) = id.and_then(place) else { continue };
        let start = id.and_then(|id| id.checked_sub(1)).map_or(Some(0), place).unwrap_or(0);
        out.extend_from_slice(all.get(start..end).unwrap_or(&[]));
        if out.len() > LONGEST {
            break;
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// No text is longer, in bytes; only a damaged table could say more.
const LONGEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn round(texts: &[&str]) {
        let known = Pieces::of(texts.iter().copied());
        let (all, ends) = known.written();
        for text in texts {
            assert_eq!(pieces(text).collect::<String>(), *text);
            assert_eq!(decode(&known.encode(text), &ends, &all), *text);
        }
    }

    #[test]
    fn texts_come_back() {
        round(&[
            "",
            " ",
            "  a",
            "Shows the version.",
            "a  b ",
            "--name=<x> (twice)",
            "été – ünï 😀",
            "\u{a0}x",
        ]);
        assert_eq!(pieces("Shows the (x).").collect::<Vec<_>>(), ["Shows", " the", " (", "x", ")."]);
    }

    #[test]
    fn many_pieces_come_back() {
        let words: Vec<String> = (0..40_000).map(|at| format!("w{at}")).collect();
        round(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
