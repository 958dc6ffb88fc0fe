//! Programs that cut, sort and translate lines and characters.

use super::print::unescape;
use crate::safety::{regex, value};

/// Numbers that `seq` may print.
const NUMBERS: i64 = 2_000;

/// What a filter writes; `None` where that cannot be told.
pub(super) fn output(program: &str, arguments: &[&str], input: Option<&str>) -> Option<String> {
    Some(match program {
        "rev" => by_line(input?, |line| line.chars().rev().collect()),
        "tac" => input?.lines().rev().map(|line| format!("{line}\n")).collect(),
        "tr" => translate(arguments, input?)?,
        "cut" => cut(arguments, input?)?,
        "head" | "tail" => ends(program == "head", arguments, input?)?,
        "sort" => sort(arguments, input?)?,
        "uniq" => {
            if !arguments.is_empty() {
                return None;
            }
            let mut lines: Vec<&str> = input?.lines().collect();
            lines.dedup();
            joined(&lines)
        }
        "nl" => return None,
        "wc" => {
            let text = input?;
            if value::has_hole(text) {
                return None;
            }
            let count = match arguments {
                ["-l"] => text.matches('\n').count(),
                ["-c"] => text.len(),
                ["-m"] => text.chars().count(),
                ["-w"] => text.split_whitespace().count(),
                _ => return None,
            };
            format!("{count}\n")
        }
        "paste" => paste(arguments, input?)?,
        "fold" => fold(arguments, input?)?,
        "fmt" | "column" | "expand" | "unexpand" | "dos2unix" | "strings" | "pv" | "col" | "colrm" => {
            let text = input?;
            match (program, arguments) {
                ("column" | "fmt", _) | ("colrm", [_, ..]) => return None,
                ("dos2unix", _) => text.replace('\r', ""),
                _ => text.to_owned(),
            }
        }
        "grep" | "egrep" | "fgrep" => grep(program, arguments, input?)?,
        "seq" => seq(arguments)?,
        "factor" => return None,
        "expr" => expr(arguments)?,
        _ => return None,
    })
}

pub(super) fn by_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().map(|line| change(line) + "\n").collect()
}

fn joined(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

/// The value of `-nVALUE`, `-n VALUE` and `--name=VALUE`, taken out of the words.
fn option<'a>(words: &mut Vec<&'a str>, short: &str, long: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| {
        word.starts_with(short) && !word.starts_with("--") || word.starts_with(&format!("{long}="))
    });
    let at = at.or_else(|| words.iter().position(|word| *word == long))?;
    let word = words.remove(at);
    if let Some(value) = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')) {
        return Some(value);
    }
    match word.strip_prefix(short).filter(|rest| !rest.is_empty() && word != long) {
        Some(value) => Some(value),
        None => (at < words.len()).then(|| words.remove(at)),
    }
}

fn translate(arguments: &[&str], input: &str) -> Option<String> {
    let (mut deletes, mut squeezes, mut complements) = (false, false, false);
    let mut sets = Vec::new();
    for word in arguments {
        match word.strip_prefix('-').filter(|rest| !rest.is_empty() && sets.is_empty()) {
            Some(letters) if letters.chars().all(|c| matches!(c, 'd' | 's' | 'c' | 'C' | 't')) => {
                deletes |= letters.contains('d');
                squeezes |= letters.contains('s');
                complements |= letters.contains(['c', 'C']);
            }
            Some("-delete") => deletes = true,
            Some("-squeeze-repeats") => squeezes = true,
            Some("-complement") => complements = true,
            _ => sets.push(set_of(word)?),
        }
    }
    let first = sets.first()?;
    let last_set = sets.last()?;
    let squeezable = |letter: char| {
        squeezes
            && (sets.len() > 1 || !deletes)
            && last_set.contains(&letter) != (complements && sets.len() == 1)
    };
    // What becomes of a letter: nothing, or another one.
    let change = |letter: char| -> Option<char> {
        if value::is_hole(letter) {
            return Some(letter);
        }
        let at = first.iter().rposition(|known| *known == letter);
        if at.is_some() == complements {
            return Some(letter);
        }
        if deletes {
            return None;
        }
        match sets.get(1) {
            Some(to) => to.get(at.unwrap_or(usize::MAX)).or(to.last()).copied(),
            None => Some(letter),
        }
    };
    let table: Vec<(Option<char>, bool)> =
        (0u8..128).map(char::from).map(change).map(|new| (new, new.is_some_and(squeezable))).collect();
    let mut out = String::with_capacity(input.len());
    let mut last = None;
    for letter in input.chars() {
        let (new, squeezed) = match table.get(letter as usize) {
            Some(known) => *known,
            None => {
                let new = change(letter);
                (new, new.is_some_and(squeezable))
            }
        };
        let Some(new) = new else { continue };
        if !(squeezed && last == Some(new)) {
            out.push(new);
        }
        last = Some(new);
    }
    Some(out)
}

fn set_of(text: &str) -> Option<Vec<char>> {
    let mut out = Vec::new();
    let letters: Vec<char> = unescape(text).chars().collect();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        if letter == '['
            && letters.get(at + 1) == Some(&':')
            && let Some(rest) = letters.get(at + 2..)
            // `[:]` is no class, only three letters.
            && let Some(end) = rest.windows(2).position(|pair| pair == [':', ']'])
        {
            let class: String = rest.iter().take(end).collect();
            out.extend((0u8..128).map(char::from).filter(|letter| value::in_class(&class, *letter)));
            at += end + 4;
            continue;
        }
        match (letters.get(at + 1), letters.get(at + 2)) {
            (Some('-'), Some(&last)) if letter <= last => {
                if last as u32 - letter as u32 > 512 {
                    return None;
                }
                out.extend(letter..=last);
                at += 3;
            }
            _ => {
                out.push(letter);
                at += 1;
            }
        }
    }
    (out.len() <= 4096).then_some(out)
}

/// True where the list, as `2-5,7-`, names the place.
fn listed(list: &str, at: usize) -> bool {
    list.split(',').any(|piece| match piece.split_once('-') {
        Some((from, to)) => {
            let from = from.parse().unwrap_or(1);
            let to = to.parse().unwrap_or(usize::MAX);
            (from..=to).contains(&at)
        }
        None => piece.parse() == Ok(at),
    })
}

/// `cut -c2-5`, `cut -d: -f1`.
fn cut(arguments: &[&str], input: &str) -> Option<String> {
    let mut words: Vec<&str> = arguments.to_vec();
    let others = words.iter().position(|word| *word == "--complement").map(|at| words.remove(at)).is_some();
    let only = words.iter().position(|word| *word == "-s").map(|at| words.remove(at)).is_some();
    let between = option(&mut words, "--output-delimiter", "--output-delimiter");
    let delimiter =
        option(&mut words, "-d", "--delimiter").and_then(|text| text.chars().next()).unwrap_or('\t');
    let fields = option(&mut words, "-f", "--fields");
    let letters = option(&mut words, "-c", "--characters").or_else(|| option(&mut words, "-b", "--bytes"));
    if !words.is_empty() {
        return None;
    }
    match (fields, letters) {
        (None, Some(list)) => Some(by_line(input, |line| {
            let wanted = line.chars().enumerate().filter(|(at, _)| listed(list, at + 1) != others);
            wanted.map(|(_, letter)| letter).collect()
        })),
        (Some(list), None) => {
            let mut out = String::new();
            for line in input.lines() {
                if !line.contains(delimiter) {
                    if !only {
                        out.push_str(line);
                        out.push('\n');
                    }
                    continue;
                }
                let pieces =
                    line.split(delimiter).enumerate().filter(|(at, _)| listed(list, at + 1) != others);
                let pieces: Vec<&str> = pieces.map(|(_, piece)| piece).collect();
                let delimiter = delimiter.to_string();
                out.push_str(&pieces.join(between.unwrap_or(&delimiter)));
                out.push('\n');
            }
            Some(out)
        }
        _ => None,
    }
}

/// `head` and `tail`.
fn ends(head: bool, arguments: &[&str], input: &str) -> Option<String> {
    let mut words: Vec<&str> =
        arguments.iter().copied().filter(|word| !matches!(*word, "-q" | "-v")).collect();
    let bytes = option(&mut words, "-c", "--bytes");
    let lines = option(&mut words, "-n", "--lines").or_else(|| {
        let at = words.iter().position(|word| {
            word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })?;
        words.remove(at).strip_prefix('-')
    });
    if !words.is_empty() {
        return None;
    }
    let text = bytes.or(lines).unwrap_or("10");
    let count: usize = text.trim_start_matches(['+', '-']).parse().ok()?;
    let (from_start, from_end) = (text.starts_with('+'), text.starts_with('-'));
    let pieces: Vec<&str> = match bytes {
        Some(_) => {
            let mut rest = input;
            let mut out = Vec::new();
            while let Some(letter) = rest.chars().next() {
                let (first, after) = rest.split_at(letter.len_utf8());
                out.push(first);
                rest = after;
            }
            out
        }
        None => input.split_inclusive('\n').collect(),
    };
    let total = pieces.len();
    let range = match (head, from_start, from_end) {
        (true, _, false) => 0..count.min(total),
        (true, _, true) => 0..total.saturating_sub(count),
        (false, true, _) => count.saturating_sub(1).min(total)..total,
        (false, false, _) => total.saturating_sub(count)..total,
    };
    pieces.get(range).map(<[&str]>::concat)
}

fn sort(arguments: &[&str], input: &str) -> Option<String> {
    let mut words: Vec<&str> = arguments.to_vec();
    let separator = option(&mut words, "-t", "--field-separator").and_then(|text| text.chars().next());
    let key = option(&mut words, "-k", "--key");
    let letters: String = words
        .iter()
        .map(|word| {
            word.strip_prefix('-')
                .filter(|rest| rest.chars().all(|c| matches!(c, 'r' | 'n' | 'u' | 'f' | 'b' | 's')))
        })
        .collect::<Option<_>>()?;
    let key_letters: String = key.unwrap_or_default().chars().filter(|c| c.is_ascii_alphabetic()).collect();
    let has = |letter: char| letters.contains(letter) || key_letters.contains(letter);
    let field: Option<usize> = match key {
        Some(key) => Some(key.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()?),
        None => None,
    };
    let mut lines: Vec<&str> = input.lines().collect();
    let part = |line: &str| -> String {
        match (field, separator) {
            (None, _) => line.to_owned(),
            (Some(at), Some(separator)) => {
                line.split(separator).nth(at.saturating_sub(1)).unwrap_or_default().to_owned()
            }
            (Some(at), None) => {
                line.split_whitespace().nth(at.saturating_sub(1)).unwrap_or_default().to_owned()
            }
        }
    };
    if has('n') {
        let number = |line: &str| -> f64 {
            let text = part(line);
            let text = text.trim();
            let end =
                text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.'))).unwrap_or(text.len());
            text[..end].parse().unwrap_or(0.0)
        };
        lines.sort_by(|a, b| number(a).total_cmp(&number(b)));
    } else if has('f') {
        lines.sort_by_key(|line| part(line).to_lowercase());
    } else {
        lines.sort_by_key(|line| part(line));
    }
    if has('r') {
        lines.reverse();
    }
    if has('u') {
        lines.dedup();
    }
    Some(joined(&lines))
}

fn paste(arguments: &[&str], input: &str) -> Option<String> {
    let mut words: Vec<&str> = arguments.iter().copied().filter(|word| *word != "-").collect();
    if let Some(at) = words.iter().position(|word| word.starts_with("-sd")) {
        let rest = &words[at][3..];
        let delimiter = if rest.is_empty() { words.get(at + 1).copied()? } else { rest };
        return Some(joined_by(input, delimiter));
    }
    let serial = words.iter().position(|word| matches!(*word, "-s" | "--serial")).map(|at| words.remove(at));
    let delimiter = option(&mut words, "-d", "--delimiters").unwrap_or("\t");
    (serial.is_some() && words.is_empty()).then(|| joined_by(input, delimiter))
}

fn joined_by(input: &str, delimiter: &str) -> String {
    let delimiter = if delimiter == "\\0" { String::new() } else { unescape(delimiter) };
    input.lines().collect::<Vec<_>>().join(&delimiter) + "\n"
}

fn fold(arguments: &[&str], input: &str) -> Option<String> {
    let mut words: Vec<&str> =
        arguments.iter().copied().filter(|word| !matches!(*word, "-s" | "-b")).collect();
    let width: usize = match option(&mut words, "-w", "--width") {
        Some(text) => text.parse().ok()?,
        None => match words.pop() {
            Some(text) => text.strip_prefix('-')?.parse().ok()?,
            None => 80,
        },
    };
    if width == 0 || !words.is_empty() {
        return None;
    }
    Some(by_line(input, |line| {
        let letters: Vec<char> = line.chars().collect();
        letters.chunks(width).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
    }))
}

fn grep(program: &str, arguments: &[&str], input: &str) -> Option<String> {
    if value::has_hole(input) || value::has_pattern(input) {
        return None;
    }
    let (mut inverts, mut only, mut fixed, mut extended, mut either) =
        (false, false, program == "fgrep", program == "egrep", false);
    let mut pattern = None;
    for word in arguments {
        match word.strip_prefix('-').filter(|rest| !rest.is_empty() && pattern.is_none()) {
            Some(letters) => {
                for letter in letters.chars() {
                    match letter {
                        'v' => inverts = true,
                        'o' => only = true,
                        'F' => fixed = true,
                        'E' | 'P' => extended = true,
                        'i' => either = true,
                        'a' | 'h' | 's' => {}
                        _ => return None,
                    }
                }
            }
            None if pattern.is_none() => pattern = Some(*word),
            None => return None,
        }
    }
    let pattern = pattern?;
    let pattern = match (fixed, extended) {
        (true, _) => escape_pattern(pattern),
        (false, true) => pattern.to_owned(),
        (false, false) => super::sed::extended(pattern),
    };
    let pattern = if either { format!("(?i){pattern}") } else { pattern };
    let mut out = String::new();
    let mut steps = regex::budget(input.len());
    for line in input.lines().take(512) {
        let found = regex::groups(&pattern, line, &mut steps)?;
        match (found, inverts, only) {
            (Some(groups), false, true) => {
                out.push_str(groups.first()?);
                out.push('\n');
            }
            (found, inverts, false) if found.is_some() != inverts => {
                out.push_str(line);
                out.push('\n');
            }
            _ => {}
        }
    }
    Some(out)
}

fn escape_pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if !letter.is_alphanumeric() && !letter.is_whitespace() && letter.is_ascii() {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn seq(arguments: &[&str]) -> Option<String> {
    let mut words: Vec<&str> = arguments.iter().copied().filter(|word| !matches!(*word, "-w")).collect();
    let separator = option(&mut words, "-s", "--separator").unwrap_or("\n");
    let numbers: Vec<i64> = words.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let (first, step, last) = match numbers[..] {
        [last] => (1, 1, last),
        [first, last] => (first, 1, last),
        [first, step, last] => (first, step, last),
        _ => return None,
    };
    if step == 0 || last.saturating_sub(first).checked_div(step)? > NUMBERS {
        return None;
    }
    let mut out = Vec::new();
    let mut number = first;
    while if step > 0 { number <= last } else { number >= last } {
        out.push(number.to_string());
        number = number.checked_add(step)?;
    }
    Some(out.join(separator) + "\n")
}

fn expr(arguments: &[&str]) -> Option<String> {
    let text = match arguments {
        ["substr", text, from, length] => {
            let from: usize = from.parse().ok()?;
            let length: usize = length.parse().ok()?;
            text.chars().skip(from.checked_sub(1)?).take(length).collect()
        }
        ["length", text] => text.chars().count().to_string(),
        ["index", text, set] => text.chars().position(|c| set.contains(c)).map_or(0, |at| at + 1).to_string(),
        [text, ":", pattern] | ["match", text, pattern] => {
            let pattern = format!("^{}", super::sed::extended(pattern));
            let groups = regex::groups(&pattern, text, &mut regex::budget(text.len()))?;
            match groups {
                Some(groups) if groups.len() > 1 => groups[1].clone(),
                Some(groups) => groups.first()?.chars().count().to_string(),
                None => "0".to_owned(),
            }
        }
        [a, operator, b] => {
            let (a, b): (i64, i64) = (a.parse().ok()?, b.parse().ok()?);
            match *operator {
                "+" => a.wrapping_add(b),
                "-" => a.wrapping_sub(b),
                "*" => a.wrapping_mul(b),
                "/" => a.checked_div(b)?,
                "%" => a.checked_rem(b)?,
                _ => return None,
            }
            .to_string()
        }
        _ => return None,
    };
    Some(text + "\n")
}
