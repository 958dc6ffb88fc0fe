//! `iconv`: text of one set of characters made text of another.

use super::codec::text_of;
use crate::safety::value;

/// How the names of sets begin in which plain letters are the bytes that they are in ASCII. Sorted.
const PLAIN: &[&str] = &[
    "646", "8859", "ANSI_X3", "ASCII", "BIG", "C", "CP125", "CP437", "CP85", "EUC", "GB", "ISO-8859",
    "ISO8859", "ISO_8859", "KOI8", "L1", "LATIN", "MAC", "SHIFT", "SJIS", "US", "UTF-8", "UTF8", "WIN",
];

/// Bytes of EBCDIC that are no letter or digit, with what they stand for.
const EBCDIC: &[(u8, char)] = &[
    (0x05, '\t'),
    (0x15, '\n'),
    (0x25, '\n'),
    (0x40, ' '),
    (0x4B, '.'),
    (0x4C, '<'),
    (0x4D, '('),
    (0x4E, '+'),
    (0x4F, '|'),
    (0x50, '&'),
    (0x5A, '!'),
    (0x5B, '$'),
    (0x5C, '*'),
    (0x5D, ')'),
    (0x5E, ';'),
    (0x60, '-'),
    (0x61, '/'),
    (0x6B, ','),
    (0x6C, '%'),
    (0x6D, '_'),
    (0x6E, '>'),
    (0x6F, '?'),
    (0x79, '`'),
    (0x7A, ':'),
    (0x7B, '#'),
    (0x7C, '@'),
    (0x7D, '\''),
    (0x7E, '='),
    (0x7F, '"'),
    (0xA1, '~'),
    (0xBA, '['),
    (0xBB, ']'),
    (0xC0, '{'),
    (0xD0, '}'),
    (0xE0, '\\'),
];

/// What `iconv` writes; `None` where that cannot be told.
pub(super) fn iconv(arguments: &[&str], input: &str) -> Option<String> {
    if value::has_hole(input) {
        return Some(input.to_owned());
    }
    let text = match named(arguments, 'f', "from-code").as_deref() {
        None => input.to_owned(),
        Some("UTF-7" | "UTF7" | "UNICODE-1-1-UTF-7") => from_utf7(input, '+', '/')?,
        Some("UTF-7-IMAP") => from_utf7(input, '&', ',')?,
        // The halves of plain letters that are nothing, and the mark in front.
        Some(set) if is_wide(set) => input
            .chars()
            .filter(|letter| !matches!(letter, '\0' | '\u{FE}' | '\u{FF}' | '\u{FEFF}'))
            .collect(),
        Some(set) if set.contains("EBCDIC") || set.contains("037") || set.contains("1047") => {
            from_ebcdic(input)?
        }
        Some(set) if is_plain(set) => input.to_owned(),
        Some(_) => return None,
    };
    match named(arguments, 't', "to-code").as_deref() {
        Some(set) if is_wide(set) => Some(as_wide(&text, set)),
        Some(set) if !is_plain(set) && !set.starts_with("UTF-7") => None,
        _ => Some(text),
    }
}

/// The set that `-f SET`, `-fSET` or `--from-code=SET` names, without what follows a slash.
fn named(arguments: &[&str], short: char, long: &str) -> Option<String> {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--") {
            Some(option) => match option.split_once('=') {
                Some((name, value)) if long.starts_with(name) && !name.is_empty() => Some(value),
                None if option == long => words.next().copied(),
                _ => None,
            },
            None => match word.strip_prefix('-').and_then(|rest| rest.split_once(short)) {
                Some((before, "")) if before.chars().all(|letter| matches!(letter, 'c' | 's')) => {
                    words.next().copied()
                }
                Some((before, value)) if before.chars().all(|letter| matches!(letter, 'c' | 's')) => {
                    Some(value)
                }
                _ => None,
            },
        };
        if let Some(value) = value {
            let set = value.split('/').next().unwrap_or_default().to_ascii_uppercase();
            return (!set.is_empty()).then_some(set);
        }
    }
    None
}

fn is_plain(set: &str) -> bool {
    PLAIN.iter().any(|start| set.starts_with(start)) && !set.starts_with("CSEBCDIC")
}

/// True for a set whose letters take two or four bytes each.
fn is_wide(set: &str) -> bool {
    ["UTF-16", "UTF16", "UTF-32", "UTF32", "UCS", "UNICODE"].iter().any(|start| set.starts_with(start))
}

/// The bytes of wide letters, one character a byte; where letters are written in pairs that hide others, those.
fn as_wide(text: &str, set: &str) -> String {
    let big = set.ends_with("BE");
    let mut bytes = Vec::with_capacity(text.len() * 2);
    if set.contains("32") || set.contains('4') {
        for letter in text.chars() {
            let four = u32::from(letter);
            bytes.extend(if big { four.to_be_bytes() } else { four.to_le_bytes() });
        }
    } else {
        for two in text.encode_utf16() {
            bytes.extend(if big { two.to_be_bytes() } else { two.to_le_bytes() });
        }
    }
    text_of(bytes)
}

/// `+AHIAbQ-`: letters of two bytes each in base64 between a mark and a dash.
fn from_utf7(text: &str, mark: char, last: char) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '+' || letter == last;
        let end = after.find(|letter| !inside(letter)).unwrap_or(after.len());
        let (coded, next) = after.split_at(end);
        if coded.is_empty() {
            out.push(mark);
        }
        let (mut bits, mut count) = (0u64, 0);
        let mut units = Vec::new();
        for letter in coded.bytes() {
            let six = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                _ => 63,
            };
            bits = bits << 6 | u64::from(six);
            count += 6;
            if count >= 16 {
                count -= 16;
                units.push((bits >> count) as u16);
                bits &= (1 << count) - 1;
            }
        }
        out.push_str(&value::clean(&String::from_utf16(&units).ok()?));
        rest = next.strip_prefix('-').unwrap_or(next);
    }
    out.push_str(rest);
    Some(out)
}

fn from_ebcdic(text: &str) -> Option<String> {
    text.chars()
        .map(|letter| {
            let byte = u8::try_from(u32::from(letter)).ok()?;
            let from = |first: u8, start: u8| Some(char::from(start + (byte - first)));
            match byte {
                0x81..=0x89 => from(0x81, b'a'),
                0x91..=0x99 => from(0x91, b'j'),
                0xA2..=0xA9 => from(0xA2, b's'),
                0xC1..=0xC9 => from(0xC1, b'A'),
                0xD1..=0xD9 => from(0xD1, b'J'),
                0xE2..=0xE9 => from(0xE2, b'S'),
                0xF0..=0xF9 => from(0xF0, b'0'),
                _ => EBCDIC.iter().find(|(known, _)| *known == byte).map(|(_, letter)| *letter),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_sorted() {
        assert!(PLAIN.is_sorted() && EBCDIC.is_sorted());
    }

    #[test]
    fn text_is_made_of_other_sets() {
        let made = |words: &[&str], text: &str| iconv(words, text);
        assert_eq!(made(&["-f", "UTF-7"], "+AHIAbQAgAC0AcgBmACAAfg-\n").as_deref(), Some("rm -rf ~\n"));
        assert_eq!(made(&["-futf7", "-tutf8"], "a +- b").as_deref(), Some("a + b"));
        assert_eq!(made(&["--from-code=UTF-16LE"], "r\0m\0").as_deref(), Some("rm"));
        assert_eq!(made(&["-cf", "utf-32"], "r\0\0\0m\0\0\0").as_deref(), Some("rm"));
        assert_eq!(made(&["-t", "UTF-16LE"], "rm").as_deref(), Some("r\0m\0"));
        assert_eq!(made(&["-t", "UTF-16LE"], "\u{6D72}").as_deref(), Some("rm"));
        assert_eq!(made(&["-f", "EBCDIC-US"], "\u{99}\u{94}\u{40}\u{60}").as_deref(), Some("rm -"));
        assert_eq!(made(&["-f", "LATIN1", "-t", "UTF-8//TRANSLIT"], "rm").as_deref(), Some("rm"));
        assert_eq!(made(&["-f", "HP-ROMAN9X"], "rm"), None);
    }
}
