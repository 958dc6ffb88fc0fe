//! `echo` and `printf`, with every escape and format.

use crate::safety::arithmetic;
use crate::safety::machine::VALUE_BYTES;
use crate::safety::value;

/// Longest field that a width may ask for.
const WIDTH: usize = 4096;

pub(super) fn echo(arguments: &[&str]) -> String {
    let mut words = arguments;
    let (mut newline, mut escapes) = (true, false);
    while let Some(first) = words.first()
        && first.len() > 1
        && first.starts_with('-')
        && first[1..].chars().all(|letter| matches!(letter, 'n' | 'e' | 'E'))
    {
        newline &= !first.contains('n');
        escapes |= first.contains('e');
        words = &words[1..];
    }
    let mut text = words.join(" ");
    if escapes {
        text = unescape(&text);
    }
    if newline {
        text.push('\n');
    }
    text
}

pub(super) fn printf(arguments: &[&str]) -> Option<String> {
    let (format, mut values) = arguments.split_first()?;
    let (format, rest) = if *format == "--" { values.split_first()? } else { (format, values) };
    values = rest;
    if *format == "-v" {
        return Some(String::new());
    }
    let mut out = String::new();
    loop {
        let before = values.len();
        let mut rest = *format;
        while let Some(letter) = rest.chars().next() {
            match letter {
                '\\' => {
                    let (text, left) = escape(&rest[1..], false);
                    let Some(text) = text else { return Some(out) };
                    out.push_str(&text);
                    rest = left;
                }
                '%' => rest = field(&rest[1..], &mut values, &mut out)?,
                _ => {
                    out.push(letter);
                    rest = &rest[letter.len_utf8()..];
                }
            }
        }
        // The format is used again while there are values left.
        if values.is_empty() || values.len() == before || out.len() > VALUE_BYTES {
            return Some(out);
        }
    }
}

/// Writes one `%…` and returns the format behind it.
fn field<'f>(format: &'f str, values: &mut &[&str], out: &mut String) -> Option<&'f str> {
    let mut next = || -> &str {
        match values.split_first() {
            Some((first, rest)) => {
                *values = rest;
                first
            }
            None => "",
        }
    };
    let mut rest = format;
    let (mut left, mut zero) = (false, false);
    while let Some(flag) = rest.chars().next().filter(|c| matches!(c, '-' | '+' | ' ' | '#' | '0')) {
        left |= flag == '-';
        zero |= flag == '0';
        rest = &rest[1..];
    }
    let mut number = |rest: &mut &'f str| -> Option<usize> {
        if let Some(after) = rest.strip_prefix('*') {
            *rest = after;
            return next().parse::<i64>().ok().map(|n| n.unsigned_abs() as usize);
        }
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let digits = &rest[..end];
        *rest = &rest[end..];
        digits.parse().ok()
    };
    let width = number(&mut rest).unwrap_or(0).min(WIDTH);
    let precision = match rest.strip_prefix('.') {
        Some(after) => {
            rest = after;
            Some(number(&mut rest).unwrap_or(0).min(WIDTH))
        }
        None => None,
    };
    while let Some(after) = rest.strip_prefix(['h', 'l', 'j', 'z', 't', 'L']) {
        rest = after;
    }
    let Some(kind) = rest.chars().next() else { return Some("") };
    rest = &rest[kind.len_utf8()..];
    let text = match kind {
        '%' => "%".to_owned(),
        's' | 'b' | 'q' | 'Q' => {
            let text = next();
            let text = if kind == 'b' { unescape(text) } else { text.to_owned() };
            match precision {
                Some(count) => text.chars().take(count).collect(),
                None => text,
            }
        }
        'c' => next().chars().take(1).collect(),
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let text = next();
            if value::has_hole(text) {
                text.to_owned()
            } else {
                let number = number_of(text)?;
                let digits = match kind {
                    'x' => format!("{number:x}"),
                    'X' => format!("{number:X}"),
                    'o' => format!("{number:o}"),
                    _ => number.to_string(),
                };
                let digits = match precision {
                    Some(count) => format!("{digits:0>count$}"),
                    None => digits,
                };
                if zero && !left { format!("{digits:0>width$}") } else { digits }
            }
        }
        'f' | 'g' | 'e' | 'E' | 'G' | 'F' => {
            let number: f64 = next().trim().parse().ok()?;
            format!("{number:.*}", precision.unwrap_or(6))
        }
        _ => return None,
    };
    let padding = " ".repeat(width.saturating_sub(text.chars().count()));
    if left {
        out.push_str(&text);
        out.push_str(&padding);
    } else {
        out.push_str(&padding);
        out.push_str(&text);
    }
    Some(rest)
}

/// `65`, `0x41`, `0101`, `'A`; nothing is 0.
pub(super) fn number_of(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(['\'', '"']) {
        return rest.chars().next().map(|letter| i64::from(letter as u32));
    }
    if text.is_empty() {
        return Some(0);
    }
    match text.strip_prefix('-') {
        Some(rest) => arithmetic::number(rest).map(i64::wrapping_neg),
        None => arithmetic::number(text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Replaces `\n`, `\x72`, `\0162`, `\162` and the like.
pub(in crate::safety) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (text, left) = escape(&rest[at + 1..], true);
        let Some(text) = text else { return out };
        out.push_str(&text);
        rest = left;
    }
    out.push_str(rest);
    out
}

/// What the escape stands for that begins behind its backslash, and what follows it. `None` after `\c`.
fn escape(rest: &str, zero_has_three: bool) -> (Option<String>, &str) {
    let Some(kind) = rest.chars().next() else { return (Some("\\".to_owned()), rest) };
    let after = &rest[kind.len_utf8()..];
    let (digits, base, start) = match kind {
        'x' => (2, 16, after),
        'u' => (4, 16, after),
        'U' => (8, 16, after),
        '0' if zero_has_three => (3, 8, after),
        '0'..='7' => (3, 8, rest),
        _ => {
            let text = match kind {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                'a' | 'b' | 'f' | 'v' => "",
                'e' | 'E' => "\u{1b}",
                '\\' => "\\",
                '"' if !zero_has_three => "\"",
                '\'' if !zero_has_three => "'",
                'c' => return (None, after),
                other => return (Some(format!("\\{other}")), after),
            };
            return (Some(text.to_owned()), after);
        }
    };
    let count = start.chars().take(digits).take_while(|c| c.is_digit(base)).count();
    if count == 0 && kind != '0' {
        return (Some(format!("\\{kind}")), after);
    }
    let number = u32::from_str_radix(&start[..count], base).unwrap_or(0);
    let letter = char::from_u32(number).unwrap_or('\u{FFFD}');
    (Some(value::clean(letter.encode_utf8(&mut [0; 4])).into_owned()), &start[count..])
}
