//! What small programs print when all that goes in is known: `echo`, `printf`, `base64 -d`, `rev` …
//!
//! Values are often put together from such pieces, by people for convenience and by attackers to hide
//! them. `None` means that the output cannot be told; nothing is ever run.

use super::machine::VALUE_BYTES;
use super::value;

/// The output of `program` with these arguments and this input.
pub(super) fn output(program: &str, arguments: &[&str], input: Option<&str>) -> Option<String> {
    let text = match program {
        "echo" => echo(arguments),
        "printf" => printf(arguments)?,
        "rev" => by_line(input?, |line| line.chars().rev().collect()),
        "tac" => input?.lines().rev().map(|line| format!("{line}\n")).collect(),
        "base64" if arguments.iter().any(|a| matches!(*a, "-d" | "-D" | "--decode" | "-di")) => {
            decode_base64(input?)?
        }
        "xxd" if arguments.join("").contains('r') => decode_hex(input?)?,
        "tr" => translate(arguments, input?)?,
        "basename" => {
            let path = arguments.first()?.trim_end_matches('/');
            let name = path.rsplit('/').next()?;
            let name = arguments.get(1).and_then(|ending| name.strip_suffix(ending)).unwrap_or(name);
            format!("{name}\n")
        }
        "dirname" => {
            let path = arguments.first()?.trim_end_matches('/');
            match path.rsplit_once('/') {
                Some(("", _)) => "/\n".to_owned(),
                Some((directory, _)) => format!("{directory}\n"),
                None if path.is_empty() => "/\n".to_owned(),
                None => ".\n".to_owned(),
            }
        }
        "which" | "realpath" | "readlink" => {
            let name = arguments.iter().rfind(|a| !a.starts_with('-'))?;
            format!("{name}\n")
        }
        "cut" => cut(arguments, input?)?,
        _ => return None,
    };
    (text.len() <= VALUE_BYTES).then_some(text)
}

fn by_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().map(|line| change(line) + "\n").collect()
}

fn echo(arguments: &[&str]) -> String {
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

fn printf(arguments: &[&str]) -> Option<String> {
    let (format, mut values) = arguments.split_first()?;
    let (format, rest) = if *format == "--" { values.split_first()? } else { (format, values) };
    values = rest;
    if *format == "-v" {
        return Some(String::new());
    }
    let format = unescape(format);
    let mut out = String::new();
    loop {
        let before = values.len();
        let mut letters = format.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            let mut kind = letters.next();
            while kind.is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '+' | ' ' | '#')) {
                kind = letters.next();
            }
            let Some(kind) = kind else { break };
            if kind == '%' {
                out.push('%');
                continue;
            }
            let text = match values.split_first() {
                Some((first, rest)) => {
                    values = rest;
                    *first
                }
                None => "",
            };
            match kind {
                's' | 'd' | 'i' | 'u' | 'q' => out.push_str(text),
                'b' => out.push_str(&unescape(text)),
                'c' => out.extend(text.chars().next()),
                'x' => out.push_str(&format!("{:x}", text.parse::<i64>().ok()?)),
                'o' => out.push_str(&format!("{:o}", text.parse::<i64>().ok()?)),
                _ => return None,
            }
        }
        // The format is used again while there are values left.
        if values.is_empty() || values.len() == before || out.len() > VALUE_BYTES {
            return Some(out);
        }
    }
}

/// Replaces `\n`, `\x72`, `\0162`, `\162` and the like.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let Some(kind) = letters.next() else {
            out.push('\\');
            break;
        };
        let (digits, base, mut number) = match kind {
            'x' => (2, 16, 0),
            'u' => (4, 16, 0),
            'U' => (8, 16, 0),
            '0' => (3, 8, 0),
            '1'..='7' => (2, 8, kind.to_digit(8).unwrap_or_default()),
            _ => {
                match kind {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'a' | 'b' | 'f' | 'v' => {}
                    'e' | 'E' => out.push('\u{1b}'),
                    '\\' => out.push('\\'),
                    'c' => return out,
                    other => {
                        out.push('\\');
                        out.push(other);
                    }
                }
                continue;
            }
        };
        for _ in 0..digits {
            let Some(digit) = letters.peek().and_then(|c| c.to_digit(base)) else { break };
            number = number * base + digit;
            letters.next();
        }
        if let Some(letter) = char::from_u32(number) {
            out.push_str(&value::clean(letter.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

fn decode_base64(text: &str) -> Option<String> {
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
    Some(value::clean(&String::from_utf8_lossy(&bytes)).into_owned())
}

fn decode_hex(text: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
    Some(value::clean(&String::from_utf8_lossy(&bytes)).into_owned())
}

fn translate(arguments: &[&str], input: &str) -> Option<String> {
    match arguments {
        ["-d", set] => {
            let set = set_of(set)?;
            Some(input.chars().filter(|letter| !set.contains(letter)).collect())
        }
        [from, to] if !from.starts_with('-') => {
            let (from, to) = (set_of(from)?, set_of(to)?);
            let last = *to.last()?;
            let change = |letter: char| match from.iter().position(|&known| known == letter) {
                Some(at) => to.get(at).copied().unwrap_or(last),
                None => letter,
            };
            Some(input.chars().map(change).collect())
        }
        _ => None,
    }
}

fn set_of(text: &str) -> Option<Vec<char>> {
    let named = match text {
        "[:upper:]" => Some('A'..='Z'),
        "[:lower:]" => Some('a'..='z'),
        "[:digit:]" => Some('0'..='9'),
        _ if text.contains("[:") => return None,
        _ => None,
    };
    if let Some(range) = named {
        return Some(range.collect());
    }
    let letters: Vec<char> = unescape(text).chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if at + 2 < letters.len() && letters[at + 1] == '-' && letters[at] <= letters[at + 2] {
            if letters[at + 2] as u32 - letters[at] as u32 > 256 {
                return None;
            }
            out.extend(letters[at]..=letters[at + 2]);
            at += 3;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    Some(out)
}

/// `cut -c2-5`, `cut -d: -f1`.
fn cut(arguments: &[&str], input: &str) -> Option<String> {
    let mut delimiter = '\t';
    let mut fields = None;
    let mut letters = None;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if let Some(rest) = word.strip_prefix("-d") {
            let text = if rest.is_empty() { words.next()? } else { rest };
            delimiter = text.chars().next()?;
        } else if let Some(rest) = word.strip_prefix("-f") {
            fields = Some(if rest.is_empty() { *words.next()? } else { rest });
        } else if let Some(rest) = word.strip_prefix("-c").or_else(|| word.strip_prefix("-b")) {
            letters = Some(if rest.is_empty() { *words.next()? } else { rest });
        } else {
            return None;
        }
    }
    let wanted = |list: &str, at: usize| {
        list.split(',').any(|piece| match piece.split_once('-') {
            Some((from, to)) => {
                let from = from.parse().unwrap_or(1);
                let to = to.parse().unwrap_or(usize::MAX);
                (from..=to).contains(&at)
            }
            None => piece.parse() == Ok(at),
        })
    };
    match (fields, letters) {
        (None, Some(list)) => Some(by_line(input, |line| {
            line.chars()
                .enumerate()
                .filter(|(at, _)| wanted(list, at + 1))
                .map(|(_, letter)| letter)
                .collect()
        })),
        (Some(list), None) => Some(by_line(input, |line| {
            let pieces: Vec<&str> = line
                .split(delimiter)
                .enumerate()
                .filter(|(at, _)| wanted(list, at + 1))
                .map(|(_, piece)| piece)
                .collect();
            pieces.join(&delimiter.to_string())
        })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[&str], input: Option<&str>, expected: Option<&str>) {
        assert_eq!(output(line[0], &line[1..], input).as_deref(), expected, "{line:?}");
    }

    #[test]
    fn pure_programs_print_what_the_real_ones_print() {
        check(&["echo", "a", "b"], None, Some("a b\n"));
        check(&["echo", "-n", "a"], None, Some("a"));
        check(&["echo", "-e", r"\x72\0155"], None, Some("rm\n"));
        check(&["echo", "-x"], None, Some("-x\n"));
        check(&["printf", "%s-%s\\n", "a", "b"], None, Some("a-b\n"));
        check(&["printf", "%s,", "a", "b"], None, Some("a,b,"));
        check(&["printf", r"\162\155"], None, Some("rm"));
        check(&["printf", "100%%"], None, Some("100%"));
        check(&["rev"], Some("/ fr- mr\n"), Some("rm -rf /\n"));
        check(&["base64", "-d"], Some("cm0gLXJmIC8=\n"), Some("rm -rf /"));
        check(&["base64"], Some("x"), None);
        check(&["xxd", "-r", "-p"], Some("726d"), Some("rm"));
        check(&["tr", "a-z", "b-za"], Some("ql"), Some("rm"));
        check(&["tr", "-d", "x"], Some("rxm"), Some("rm"));
        check(&["cut", "-c2-3"], Some("xrmx\n"), Some("rm\n"));
        check(&["cut", "-d:", "-f2"], Some("a:rm:b\n"), Some("rm\n"));
        check(&["basename", "/usr/bin/rm"], None, Some("rm\n"));
        check(&["dirname", "/usr"], None, Some("/\n"));
        check(&["rev"], None, None);
    }
}
