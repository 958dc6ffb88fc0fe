//! `string`: text in, text out.

use crate::safety::{pure, regex, value};

/// The output of `string` with these words and this input; `None` where it cannot be told.
pub(super) fn output(words: &[&str], input: Option<&str>) -> Option<String> {
    let (&action, rest) = words.split_first()?;
    let takes_values = match action {
        "split" | "split0" => "mf",
        "sub" => "sle",
        "repeat" => "nm",
        "trim" => "c",
        "pad" | "shorten" => "cwmNl",
        "match" | "replace" => "m",
        "escape" | "unescape" => "S",
        _ => "",
    };
    // What joining does not know as an option is most likely a piece.
    let knows = if action.starts_with("join") { "nq" } else { "" };
    let call = read(rest, takes_values, knows);
    let operands = &call.operands[..];
    let lines = |after: usize| -> Vec<&str> {
        let given = operands.get(after..).unwrap_or_default();
        if given.is_empty() { input.unwrap_or_default().lines().collect() } else { given.to_vec() }
    };
    let each = |after: usize, change: &dyn Fn(&str) -> Option<String>| -> Option<String> {
        lines(after).into_iter().map(|line| change(line).map(|text| text + "\n")).collect()
    };
    match action {
        "join" => {
            let mut pieces = lines(1);
            pieces.retain(|piece| !piece.is_empty() || !call.has('n'));
            Some(pieces.join(operands.first()?) + "\n")
        }
        "join0" => Some(lines(0).join("\0")),
        "collect" => Some(match operands {
            [] => input?.trim_end_matches('\n').to_owned(),
            given => given.join("\n"),
        }),
        "lower" => each(0, &|line| Some(line.to_lowercase())),
        "upper" => each(0, &|line| Some(line.to_uppercase())),
        "length" => each(0, &|line| (!value::has_hole(line)).then(|| line.chars().count().to_string())),
        "split" => {
            let (mark, max) = (*operands.first()?, call.number('m').unwrap_or(usize::MAX));
            let mut out = String::new();
            for line in lines(1) {
                let mut pieces = split(line, mark, max, call.has('r'));
                pieces.retain(|piece| !piece.is_empty() || !call.has('n'));
                if let Some(wanted) = call.value('f') {
                    if value::has_hole(line) {
                        return None;
                    }
                    pieces = fields(&pieces, wanted)?;
                }
                pieces.iter().for_each(|piece| out.extend([*piece, "\n"]));
            }
            Some(out)
        }
        "sub" => each(0, &|line| {
            if value::has_hole(line) {
                return None;
            }
            let letters: Vec<char> = line.chars().collect();
            let count = letters.len() as i64;
            let place = |at: i64| if at < 0 { count + at + 1 } else { at };
            let start = place(call.signed('s').unwrap_or(1)).max(1);
            let end = match (call.signed('l'), call.signed('e')) {
                (Some(length), _) => start.saturating_add(length) - 1,
                (None, Some(end)) if end < 0 => count + end,
                (None, Some(end)) => end,
                (None, None) => count,
            };
            let taken = (end.min(count) - start + 1).max(0) as usize;
            Some(letters.into_iter().skip((start - 1) as usize).take(taken).collect())
        }),
        "repeat" => {
            let count = call.number('n').or_else(|| operands.first().and_then(|word| word.parse().ok()));
            let after = usize::from(call.value('n').is_none() && call.value('m').is_none());
            each(after, &|line| {
                let most = call.number('m').unwrap_or(usize::MAX);
                let count = count.unwrap_or(if most < usize::MAX { most } else { 1 });
                (line.len().saturating_mul(count) <= 4 * 1024)
                    .then(|| line.repeat(count).chars().take(most).collect())
            })
        }
        "trim" => each(0, &|line| {
            let set: Vec<char> = call.value('c').unwrap_or(" \t\r\n").chars().collect();
            let both = call.has('l') == call.has('r');
            let mut text = line;
            if both || call.has('l') {
                text = text.trim_start_matches(&set[..]);
            }
            if both || call.has('r') {
                text = text.trim_end_matches(&set[..]);
            }
            Some(text.to_owned())
        }),
        "pad" => each(0, &|line| {
            let width = call.number('w').unwrap_or_default().min(1024);
            let missing = width.saturating_sub(line.chars().count());
            let pad = call.value('c').unwrap_or(" ").repeat(missing);
            Some(if call.has('r') { format!("{line}{pad}") } else { format!("{pad}{line}") })
        }),
        "replace" => {
            let (&pattern, &by) = (operands.first()?, operands.get(1)?);
            let all = call.has('a');
            if !call.has('r') {
                if pattern.is_empty() {
                    return None;
                }
                return each(2, &|line| value::replaced(line, pattern, by, all));
            }
            let pattern = if call.has('i') { format!("(?i){pattern}") } else { pattern.to_owned() };
            let bytes = lines(2).iter().map(|line| line.len()).sum();
            let mut steps = regex::budget(bytes);
            let mut out = String::new();
            for line in lines(2) {
                out.push_str(&regex::replace(&pattern, by, line, all, &mut steps)?);
                out.push('\n');
            }
            Some(out)
        }
        "match" => {
            let pattern = *operands.first()?;
            if call.has('r') {
                let mut out = String::new();
                let mut steps = regex::budget(lines(1).iter().map(|line| line.len()).sum());
                for line in lines(1) {
                    let Some(found) = regex::groups(pattern, line, &mut steps)? else {
                        // Of what stands for many, some may fit.
                        if value::has_pattern(line) {
                            out.extend([line, "\n"]);
                        }
                        continue;
                    };
                    let from = usize::from(call.has('g'));
                    found.iter().skip(from).for_each(|piece| out.extend([piece, "\n"]));
                }
                return Some(out);
            }
            // What is not known may fit.
            let fits = |line: &&str| {
                value::has_hole(line)
                    || value::has_pattern(line)
                    || value::fits(pattern, line) != call.has('v')
            };
            Some(lines(1).into_iter().filter(fits).map(|line| format!("{line}\n")).collect())
        }
        "escape" => match call.value('S').unwrap_or("script") {
            // Escaping keeps the meaning; the text is what whoever reads it gets back.
            "script" => each(0, &|line| Some(line.to_owned())),
            _ => None,
        },
        "unescape" => match call.value('S').unwrap_or("script") {
            "script" => each(0, &|line| Some(pure::unescape(line.trim_matches(['\'', '"'])))),
            "url" => each(0, &|line| Some(percent_decoded(line))),
            "var" => each(0, &|line| Some(variable_decoded(line))),
            _ => None,
        },
        _ => None,
    }
}

/// Options and operands of one call.
struct Call<'a> {
    options: Vec<(char, &'a str)>,
    operands: Vec<&'a str>,
}

impl<'a> Call<'a> {
    fn has(&self, letter: char) -> bool {
        self.options.iter().any(|(name, _)| *name == letter)
    }

    fn value(&self, letter: char) -> Option<&'a str> {
        self.options.iter().rev().find(|(name, _)| *name == letter).map(|(_, value)| *value)
    }

    fn number(&self, letter: char) -> Option<usize> {
        self.value(letter)?.parse().ok()
    }

    fn signed(&self, letter: char) -> Option<i64> {
        self.value(letter)?.parse().ok()
    }
}

/// Reads options wherever they stand; `takes_values` are the letters of those with a value.
fn read<'a>(words: &[&'a str], takes_values: &str, knows: &str) -> Call<'a> {
    let mut call = Call { options: Vec::new(), operands: Vec::new() };
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            let (name, joined) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            let letter = match name {
                "style" => 'S',
                "groups-only" => 'g',
                "invert" => 'v',
                "regex" => 'r',
                "right" => 'r',
                "char" | "chars" => 'c',
                "count" => 'n',
                _ => name.chars().next().unwrap_or('-'),
            };
            let takes = takes_values.contains(letter) && joined.is_none();
            let value = if takes { words.next() } else { joined };
            call.options.push((letter, value.unwrap_or_default()));
        } else if word.len() > 1
            && word.starts_with('-')
            && !word[1..].starts_with(|c: char| c.is_ascii_digit())
            && (knows.is_empty() || word[1..].chars().all(|letter| knows.contains(letter)))
        {
            let letters = word[1..].char_indices();
            for (at, letter) in letters {
                if takes_values.contains(letter) {
                    let joined = &word[1 + at + letter.len_utf8()..];
                    let value = if joined.is_empty() { words.next().unwrap_or_default() } else { joined };
                    call.options.push((letter, value));
                    break;
                }
                call.options.push((letter, ""));
            }
        } else {
            // Options may stand behind operands, up to a `--`.
            call.operands.push(word);
        }
    }
    call.operands.extend(words);
    call
}

fn split<'a>(line: &'a str, mark: &str, max: usize, from_right: bool) -> Vec<&'a str> {
    if mark.is_empty() {
        return line.char_indices().map(|(at, letter)| &line[at..at + letter.len_utf8()]).collect();
    }
    let pieces = max.saturating_add(1);
    if from_right {
        let mut pieces: Vec<&str> = line.rsplitn(pieces, mark).collect();
        pieces.reverse();
        pieces
    } else {
        line.splitn(pieces, mark).collect()
    }
}

/// The fields that a list such as `1,3-4` names.
fn fields<'a>(pieces: &[&'a str], wanted: &str) -> Option<Vec<&'a str>> {
    let mut out = Vec::new();
    for range in wanted.split(',') {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
        out.extend(pieces.iter().take(to).skip(from.checked_sub(1)?).copied());
    }
    Some(out)
}

/// `%72%6d` is `rm`.
pub(in crate::safety) fn percent_decoded(text: &str) -> String {
    decoded(text, b'%')
}

/// `_72_6D_` is how `string escape --style=var` writes what is no name.
fn variable_decoded(text: &str) -> String {
    decoded(text, b'_').replace('_', "")
}

fn decoded(text: &str, mark: u8) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) if byte == mark => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    value::clean(&String::from_utf8_lossy(&out)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn text_comes_out_as_fish_prints_it() {
        for (words, input, expected) in [
            (&["join", "", "r", "m"][..], None, Some("rm\n")),
            (&["join", " "], Some("a\nb\n"), Some("a b\n")),
            (&["split", ",", "a,b"], None, Some("a\nb\n")),
            (&["split", "", "rm"], None, Some("r\nm\n")),
            (&["split", "-f2", "-m1", ":", "a:b:c"], None, Some("b:c\n")),
            (&["replace", "x", "r", "xm"], None, Some("rm\n")),
            (&["replace", "--all", "x", "", "xrxmx"], None, Some("rm\n")),
            (&["replace", "-ra", "[xy]", "", "xrymx"], None, Some("rm\n")),
            (&["replace", "-r", "(.)(.)", "$2$1", "mr"], None, Some("rm\n")),
            (&["sub", "-s", "2", "-l", "2", "xrmx"], None, Some("rm\n")),
            (&["sub", "--start=-2", "xxrm"], None, Some("rm\n")),
            (&["sub", "-e", "2", "rmxx"], None, Some("rm\n")),
            (&["lower", "RM"], None, Some("rm\n")),
            (&["repeat", "-n", "2", "ab"], None, Some("abab\n")),
            (&["trim", "-c", "x", "xrmx"], None, Some("rm\n")),
            (&["unescape", "--style=url", "%72%6d"], None, Some("rm\n")),
            (&["unescape", r"\x72m"], None, Some("rm\n")),
            (&["match", "-r", "r.", "xrmx"], None, Some("rm\n")),
            (&["match", "-rg", "x(r.)", "xrmx"], None, Some("rm\n")),
            (&["match", "r*"], Some("rm\nls\n"), Some("rm\n")),
            (&["length", "abc"], None, Some("3\n")),
            (&["nothing", "abc"], None, None),
            (&[], None, None),
        ] {
            assert_eq!(output(words, input).as_deref(), expected, "{words:?}");
        }
    }
}
