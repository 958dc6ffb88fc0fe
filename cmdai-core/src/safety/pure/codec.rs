//! Encodings in which lines are hidden, and the programs that take them off again.
//!
//! Bytes that are no UTF-8 are kept as characters below U+0100, one a byte, until a program makes text of
//! them; so `base64 -d | gunzip` works.

use crate::safety::payload::decode;
use crate::safety::value;

/// What a decoding or encoding program writes; `None` where that cannot be told.
pub(super) fn output(program: &str, arguments: &[&str], input: Option<&str>) -> Option<String> {
    let has = |names: &[&str]| {
        arguments.iter().any(|word| {
            names.contains(word)
                || word.strip_prefix('-').filter(|rest| !rest.starts_with('-')).is_some_and(|letters| {
                    names
                        .iter()
                        .any(|name| name.len() == 2 && name.starts_with('-') && letters.contains(&name[1..]))
                })
        })
    };
    let decodes = || has(&["-d", "-D", "--decode", "--decompress", "--uncompress"]);
    let input = input?;
    match program {
        "base64" | "gbase64" => base64(input, decodes()),
        "base32" => {
            if decodes() {
                base32(input)
            } else {
                None
            }
        }
        "basenc" if decodes() => match () {
            () if has(&["--base16"]) => hex(input),
            () if has(&["--base32"]) => base32(input),
            () if has(&["--base32hex"]) => base32(&in_base32(input)?),
            () if has(&["--base64", "--base64url"]) => base64(input, true),
            () if has(&["--base2msbf"]) => base2(input, false),
            () if has(&["--base2lsbf"]) => base2(input, true),
            () if has(&["--z85"]) => z85(input),
            () => None,
        },
        "iconv" => super::charset::iconv(arguments, input),
        "openssl" => {
            let named = arguments.first().copied().unwrap_or_default();
            let is_base64 =
                matches!(named, "base64" | "enc") && (named == "base64" || has(&["-base64", "-a"]));
            let has_key =
                arguments.iter().any(|word| word.contains("aes") || matches!(*word, "-k" | "-pass" | "-K"));
            if is_base64 && !has_key { base64(input, arguments.contains(&"-d")) } else { None }
        }
        "xxd" => {
            if has(&["-r"]) {
                if has(&["-p"]) { hex(input) } else { dump(input) }
            } else if has(&["-p"]) {
                let bytes = input.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
                (!value::has_hole(input)).then(|| bytes + "\n")
            } else {
                None
            }
        }
        "gunzip" | "zcat" | "gzcat" | "pigz" | "unpigz" | "zlib-flate" | "gzip" => {
            let decodes = program != "gzip" && program != "pigz" || decodes();
            if decodes { decode::inflate(input).map(|text| decode::utf8(&text)) } else { None }
        }
        "uudecode" => uudecode(input),
        "rot13" => Some(decode::rot13(input)),
        "caesar" => matches!(arguments, [] | ["13"]).then(|| decode::rot13(input)),
        "urldecode" => Some(decode::percent(input)),
        _ => None,
    }
}

/// Text where bytes make UTF-8; else one character a byte.
pub(super) fn text_of(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => value::clean(&text).into_owned(),
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    }
}

fn base64(text: &str, decodes: bool) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    if !decodes {
        return Some(encode_base64(text.as_bytes()));
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
            // Pieces that were encoded apart may follow one another.
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            // `-i` ignores them; without it what came before has been written.
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(text_of(bytes))
}

fn encode_base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(LETTERS[(bits >> (18 - 6 * place)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    let lines: Vec<&str> =
        out.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join("\n") + "\n"
}

fn base32(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let (mut bits, mut count) = (0u32, 0);
    let mut bytes = Vec::new();
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let five = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => break,
        };
        bits = bits << 5 | u32::from(five);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(text_of(bytes))
}

/// Letters of `base32hex`, which begins with the digits, as those of `base32`.
fn in_base32(text: &str) -> Option<String> {
    text.chars()
        .map(|letter| match letter {
            '0'..='9' | 'A'..='V' => {
                let five = letter.to_digit(32)? as u8;
                Some(char::from(if five < 26 { b'A' + five } else { b'2' + five - 26 }))
            }
            other => Some(other),
        })
        .collect()
}

/// Ones and zeros, eight a byte, the highest or the lowest first.
fn base2(text: &str, lowest: bool) -> Option<String> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_digit(2).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    let byte = |eight: &[u8]| {
        let byte = eight.iter().fold(0u8, |byte, digit| byte << 1 | digit);
        if lowest { byte.reverse_bits() } else { byte }
    };
    Some(text_of(digits.chunks_exact(8).map(byte).collect()))
}

/// Five letters of 85 for four bytes.
fn z85(text: &str) -> Option<String> {
    const LETTERS: &str =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| LETTERS.find(letter).map(|at| at as u32))
        .collect::<Option<_>>()?;
    let four = |five: &[u32]| {
        five.iter().fold(0u32, |all, digit| all.wrapping_mul(85).wrapping_add(*digit)).to_be_bytes()
    };
    Some(text_of(digits.chunks_exact(5).flat_map(four).collect()))
}

fn hex(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    Some(text_of(digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()))
}

/// A dump with offsets: `00000000: 726d 202d  rm -`.
fn dump(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        let (_, rest) = line.split_once(':')?;
        let columns = rest.trim_start().split("  ").next().unwrap_or_default();
        let digits: Vec<u32> =
            columns.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
        bytes.extend(digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8));
    }
    Some(text_of(bytes))
}

fn uudecode(text: &str) -> Option<String> {
    let mut lines = text.lines();
    let first = lines.find(|line| line.starts_with("begin"))?;
    if first.starts_with("begin-base64") {
        let body: Vec<&str> = lines.take_while(|line| !line.starts_with("====")).collect();
        return base64(&body.concat(), true);
    }
    let mut out = Vec::new();
    for line in lines.take_while(|line| *line != "end") {
        let six = |byte: u8| byte.wrapping_sub(32) & 63;
        let (&length, body) = line.as_bytes().split_first()?;
        let mut bytes = Vec::new();
        for chunk in body.chunks(4) {
            let byte = |at: usize| u32::from(six(chunk.get(at).copied().unwrap_or(32)));
            let bits = byte(0) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3);
            bytes.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        }
        bytes.truncate(usize::from(six(length)));
        out.extend(bytes);
    }
    Some(text_of(out))
}
