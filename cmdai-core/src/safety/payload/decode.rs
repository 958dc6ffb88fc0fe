//! Encodings in which text hides: base64, hexadecimal, rot13, percent, zlib and gzip.
//!
//! Bytes are kept as characters below U+0100, as Latin-1 has them, until they are read as UTF-8.

use crate::safety::value::{self, STAR};

/// Bytes that decompression may give.
const INFLATED: usize = 64 * 1024;

/// The character of a number; the private ones that stand for unknown text cannot be made this way.
pub(in crate::safety) fn safe_char(number: u32) -> char {
    char::from_u32(number).filter(|&letter| letter < STAR).unwrap_or('\u{FFFD}')
}

fn from_bytes(bytes: Vec<u8>) -> String {
    bytes.into_iter().map(char::from).collect()
}

/// The bytes of text that holds bytes; of other text its UTF-8.
fn bytes_of(text: &str) -> Vec<u8> {
    if text.chars().all(|letter| (letter as u32) < 256) {
        text.chars().map(|letter| letter as u8).collect()
    } else {
        text.bytes().collect()
    }
}

/// Bytes read as UTF-8, where they are.
pub(in crate::safety) fn utf8(text: &str) -> String {
    if text.is_ascii() || value::has_hole(text) || !text.chars().all(|letter| (letter as u32) < 256) {
        return text.to_owned();
    }
    match String::from_utf8(bytes_of(text)) {
        Ok(text) => value::clean(&text).into_owned(),
        Err(_) => text.to_owned(),
    }
}

pub(in crate::safety) fn base64(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let (mut bits, mut count) = (0u32, 0);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(from_bytes(bytes))
}

pub(in crate::safety) fn base32(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let (mut bits, mut count) = (0u32, 0);
    let mut bytes = Vec::new();
    for byte in text.bytes() {
        let five = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 5 | u32::from(five);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(from_bytes(bytes))
}

pub(in crate::safety) fn hex(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    Some(from_bytes(digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()))
}

/// Lines that begin with their length, four letters for three bytes: `unpack 'u'`.
pub(in crate::safety) fn uuencoded(text: &str) -> String {
    let mut bytes = Vec::new();
    for line in text.lines().take(256) {
        let value = |letter: u8| letter.wrapping_sub(32) & 63;
        let Some((first, rest)) = line.as_bytes().split_first() else { continue };
        let mut out = Vec::new();
        for four in rest.chunks(4) {
            let at = |index: usize| u32::from(four.get(index).copied().map_or(0, value));
            let whole = at(0) << 18 | at(1) << 12 | at(2) << 6 | at(3);
            out.extend(whole.to_be_bytes().into_iter().skip(1));
        }
        out.truncate(usize::from(value(*first)));
        bytes.extend(out);
    }
    from_bytes(bytes)
}

pub(in crate::safety) fn rot13(text: &str) -> String {
    let turn = |letter: char, first: u8| char::from(first + (letter as u8 - first + 13) % 26);
    text.chars()
        .map(|letter| match letter {
            'a'..='z' => turn(letter, b'a'),
            'A'..='Z' => turn(letter, b'A'),
            other => other,
        })
        .collect()
}

/// `%72%6d` is `rm`.
pub(in crate::safety) fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        match after.get(..2).and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(number) => {
                out.push(safe_char(number));
                rest = &after[2..];
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out + rest
}

/// Decompresses zlib, gzip or raw deflate.
pub(in crate::safety) fn inflate(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let bytes = bytes_of(text);
    let start = match bytes.get(..2)? {
        [0x1f, 0x8b] => {
            // Only headers without extras, which is what literals have.
            if bytes.get(3).copied()? == 0 { 10 } else { return None }
        }
        [first, _] if first & 0x0f == 8 => 2,
        _ => 0,
    };
    let mut bits = Bits { bytes: bytes.get(start..)?, at: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.take(1)?;
        match bits.take(2)? {
            0 => {
                bits.at = bits.at.div_ceil(8) * 8;
                let length = bits.take(16)?;
                bits.take(16)?;
                for _ in 0..length {
                    out.push(bits.take(8)? as u8);
                }
            }
            1 => {
                let lengths: Vec<u8> = (0..288)
                    .map(|n| {
                        if n < 144 {
                            8
                        } else if n < 256 {
                            9
                        } else if n < 280 {
                            7
                        } else {
                            8
                        }
                    })
                    .collect();
                block(&mut bits, &Codes::new(&lengths), &Codes::new(&[5; 30]), &mut out)?;
            }
            2 => {
                let (literals, distances) = tables(&mut bits)?;
                block(&mut bits, &literals, &distances, &mut out)?;
            }
            _ => return None,
        }
        if last == 1 || out.len() > INFLATED {
            return Some(from_bytes(out));
        }
    }
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for bit in 0..count {
            let byte = *self.bytes.get(self.at / 8)?;
            value |= usize::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }
}

/// A canonical Huffman code.
struct Codes {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Codes {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        for &length in lengths {
            counts[usize::from(length & 15)] += 1;
        }
        counts[0] = 0;
        let mut symbols: Vec<u16> =
            (0..lengths.len() as u16).filter(|&symbol| lengths[usize::from(symbol)] > 0).collect();
        symbols.sort_by_key(|&symbol| (lengths[usize::from(symbol)], symbol));
        Self { counts, symbols }
    }

    fn next(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let (mut code, mut first, mut index) = (0usize, 0usize, 0usize);
        for &count in &self.counts[1..] {
            code |= bits.take(1)?;
            let count = usize::from(count);
            if code < first + count {
                return self.symbols.get(index + code.checked_sub(first)?).map(|&symbol| usize::from(symbol));
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

fn tables(bits: &mut Bits<'_>) -> Option<(Codes, Codes)> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let literals = bits.take(5)? + 257;
    let distances = bits.take(5)? + 1;
    let mut lengths = [0u8; 19];
    for &place in ORDER.iter().take(bits.take(4)? + 4) {
        lengths[place] = bits.take(3)? as u8;
    }
    let codes = Codes::new(&lengths);
    let mut all: Vec<u8> = Vec::with_capacity(320);
    while all.len() < literals + distances {
        let (value, times) = match codes.next(bits)? {
            16 => (*all.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        all.extend(std::iter::repeat_n(value, times));
    }
    Some((Codes::new(all.get(..literals)?), Codes::new(all.get(literals..literals + distances)?)))
}

fn block(bits: &mut Bits<'_>, literals: &Codes, distances: &Codes, out: &mut Vec<u8>) -> Option<()> {
    const BASE: [usize; 29] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195, 227, 258,
    ];
    const FAR: [usize; 30] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
        3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];
    while out.len() <= INFLATED {
        match literals.next(bits)? {
            symbol @ 0..=255 => out.push(symbol as u8),
            256 => return Some(()),
            symbol => {
                let symbol = symbol - 257;
                let extra = if symbol < 8 || symbol == 28 { 0 } else { symbol / 4 - 1 };
                let length = BASE.get(symbol)? + bits.take(extra)?;
                let symbol = distances.next(bits)?;
                let extra = if symbol < 4 { 0 } else { symbol / 2 - 1 };
                let distance = FAR.get(symbol)? + bits.take(extra)?;
                for _ in 0..length {
                    let from = out.len().checked_sub(distance)?;
                    out.push(*out.get(from)?);
                }
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read() {
        assert_eq!(base64("cm0gLXJmIC8=").as_deref(), Some("rm -rf /"));
        assert_eq!(base32("OJWQ====").as_deref(), Some("rm"));
        assert_eq!(hex("72 6d").as_deref(), Some("rm"));
        assert_eq!(rot13("ez -es /"), "rm -rf /");
        assert_eq!(percent("%72m%"), "rm%");
        assert_eq!(utf8("\u{c3}\u{a4}"), "ä");
    }

    #[test]
    fn compressed_text_is_read() {
        // zlib of "rm -rf /", as Python writes it.
        let packed = hex("789c2bca55d02d4a53d007000b9d0254").unwrap();
        assert_eq!(inflate(&packed).as_deref(), Some("rm -rf /"));
        assert_eq!(inflate("\u{78}\u{9c}"), None);
        assert_eq!(inflate(""), None);
    }
}
