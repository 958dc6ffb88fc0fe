//! `sed` on known text: `s`, `y`, `p`, `d`, `q` and the addresses before them.

use super::print::unescape;
use crate::safety::machine::VALUE_BYTES;
use crate::safety::{regex, value};

/// Lines and commands that are gone through.
const LINES: usize = 512;
const COMMANDS: usize = 64;

enum Address {
    Line(usize),
    Last,
    Pattern(String),
}

enum Action {
    Substitute { pattern: String, by: String, all: bool, prints: bool, runs: bool },
    Translate(Vec<char>, Vec<char>),
    Print,
    Delete,
    Quit,
    Nothing,
}

struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    action: Action,
}

/// What `sed` writes; `None` where that cannot be told.
pub(super) fn output(arguments: &[&str], input: &str) -> Option<String> {
    if value::has_hole(input) {
        return None;
    }
    let (mut quiet, mut extended_syntax) = (false, false);
    let mut scripts: Vec<&str> = Vec::new();
    let mut operands = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "-n" | "--quiet" | "--silent" => quiet = true,
            "-E" | "-r" | "--regexp-extended" => extended_syntax = true,
            "-ne" | "-nE" | "-En" | "-nr" => {
                quiet = true;
                extended_syntax |= *word != "-ne";
                if *word == "-ne" {
                    scripts.push(words.next()?);
                }
            }
            "-e" | "--expression" => scripts.push(words.next()?),
            "-u" | "-s" | "--unbuffered" => {}
            word if word.starts_with("-e") => scripts.push(&word[2..]),
            word if word.starts_with('-') && word.len() > 1 => return None,
            word => operands.push(word),
        }
    }
    if scripts.is_empty() {
        if operands.len() != 1 {
            return None;
        }
        scripts.append(&mut operands);
    }
    if !operands.is_empty() {
        return None;
    }
    let mut commands = Vec::new();
    for script in scripts {
        read(script, extended_syntax, &mut commands)?;
    }
    run(&commands, quiet, input)
}

fn run(commands: &[Command], quiet: bool, input: &str) -> Option<String> {
    let lines: Vec<&str> = input.lines().collect();
    if lines.len() > LINES {
        return None;
    }
    let mut out = String::new();
    let mut inside = vec![false; commands.len()];
    let mut steps = regex::budget(input.len());
    // Bytes that are gone through, over all lines and commands.
    let mut work = 4 * VALUE_BYTES;
    'lines: for (index, line) in lines.iter().enumerate() {
        let mut text = (*line).to_owned();
        let mut quits = false;
        let last = index + 1 == lines.len();
        for (at, command) in commands.iter().enumerate() {
            work = work.checked_sub(text.len())?;
            let mut fits = |address: &Address, text: &str| {
                Some(match address {
                    Address::Line(number) => *number == index + 1,
                    Address::Last => last,
                    Address::Pattern(pattern) => regex::groups(pattern, text, &mut steps)?.is_some(),
                })
            };
            let hit = match (&command.from, &command.to) {
                (None, _) => true,
                (Some(from), None) => fits(from, &text)?,
                (Some(from), Some(to)) => {
                    if inside[at] {
                        inside[at] = !fits(to, &text)?;
                        true
                    } else {
                        let begins = fits(from, &text)?;
                        inside[at] = begins && !matches!(to, Address::Line(number) if *number <= index + 1);
                        begins
                    }
                }
            };
            if hit == command.negated {
                continue;
            }
            match &command.action {
                Action::Substitute { pattern, by, all, prints, runs } => {
                    let new = regex::replace(pattern, by, &text, *all, &mut steps)?;
                    if *runs {
                        return None;
                    }
                    if *prints && new != text {
                        out.push_str(&new);
                        out.push('\n');
                    }
                    text = new;
                }
                Action::Translate(from, to) => {
                    let change = |letter: char| match from.iter().position(|known| *known == letter) {
                        Some(at) => to.get(at).copied().unwrap_or(letter),
                        None => letter,
                    };
                    text = text.chars().map(change).collect();
                }
                Action::Print => {
                    out.push_str(&text);
                    out.push('\n');
                }
                Action::Delete => continue 'lines,
                Action::Quit => {
                    quits = true;
                    break;
                }
                Action::Nothing => {}
            }
        }
        if !quiet {
            out.push_str(&text);
            out.push('\n');
        }
        if quits {
            break;
        }
    }
    Some(out)
}

fn read(script: &str, extended_syntax: bool, commands: &mut Vec<Command>) -> Option<()> {
    let mut rest = script.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
    while !rest.is_empty() {
        if commands.len() >= COMMANDS {
            return None;
        }
        let from = address(&mut rest, extended_syntax)?;
        let to = match rest.strip_prefix(',') {
            Some(after) => {
                rest = after;
                Some(address(&mut rest, extended_syntax)??)
            }
            None => None,
        };
        rest = rest.trim_start();
        let negated = rest.starts_with('!');
        rest = rest.trim_start_matches('!').trim_start();
        let kind = rest.chars().next()?;
        rest = &rest[kind.len_utf8()..];
        let action = match kind {
            's' => {
                let mark = rest.chars().next()?;
                rest = &rest[mark.len_utf8()..];
                let pattern = piece(&mut rest, mark)?;
                let by = piece(&mut rest, mark)?;
                let end = rest.find([';', '}', '\n']).unwrap_or(rest.len());
                let flags = rest[..end].trim();
                rest = &rest[end..];
                if !flags.chars().all(|flag| matches!(flag, 'g' | 'p' | 'i' | 'I' | 'e')) {
                    return None;
                }
                let mut pattern = if extended_syntax { pattern } else { extended(&pattern) };
                if flags.contains(['i', 'I']) {
                    pattern.insert_str(0, "(?i)");
                }
                Action::Substitute {
                    pattern,
                    by: replacement(&by),
                    all: flags.contains('g'),
                    prints: flags.contains('p'),
                    runs: flags.contains('e'),
                }
            }
            'y' => {
                let mark = rest.chars().next()?;
                rest = &rest[mark.len_utf8()..];
                let from = unescape(&piece(&mut rest, mark)?);
                let to = unescape(&piece(&mut rest, mark)?);
                Action::Translate(from.chars().collect(), to.chars().collect())
            }
            'p' => Action::Print,
            'd' => Action::Delete,
            'q' => Action::Quit,
            '#' | '}' | ':' => Action::Nothing,
            _ => return None,
        };
        commands.push(Command { from, to, negated, action });
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | '}'));
    }
    Some(())
}

/// Reads an address; the inner `None` where there is none.
fn address(rest: &mut &str, extended_syntax: bool) -> Option<Option<Address>> {
    let text = *rest;
    if let Some(after) = text.strip_prefix('$') {
        *rest = after;
        return Some(Some(Address::Last));
    }
    if let Some(after) = text.strip_prefix('/') {
        *rest = after;
        let pattern = piece(rest, '/')?;
        let pattern = if extended_syntax { pattern } else { extended(&pattern) };
        return Some(Some(Address::Pattern(pattern)));
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return Some(None);
    }
    *rest = &text[end..];
    Some(Some(Address::Line(text[..end].parse().ok()?)))
}

/// Text up to the mark, which a backslash takes for itself.
fn piece(rest: &mut &str, mark: char) -> Option<String> {
    let mut out = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == mark {
            *rest = &rest[at + mark.len_utf8()..];
            return Some(out);
        }
        if letter == '\\' {
            let (_, next) = letters.next()?;
            if next != mark {
                out.push('\\');
            }
            out.push(next);
            continue;
        }
        out.push(letter);
    }
    None
}

/// The replacement as our expressions have it: `&` is `\0`, a dollar is no group.
fn replacement(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('&') => out.push('&'),
                Some(next) => out.extend(['\\', next]),
                None => {}
            },
            '&' => out.push_str("\\0"),
            '$' => out.push_str("\\$"),
            other => out.push(other),
        }
    }
    out
}

/// A basic expression in the syntax of the extended ones: what needs a backslash there has none here.
pub(super) fn extended(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_set = false;
    while let Some(letter) = letters.next() {
        match letter {
            '[' if !in_set => {
                in_set = true;
                out.push('[');
                if letters.peek() == Some(&'^') {
                    out.extend(letters.next());
                }
                if letters.peek() == Some(&']') {
                    out.push('\\');
                    out.extend(letters.next());
                }
            }
            ']' if in_set => {
                in_set = false;
                out.push(']');
            }
            _ if in_set => out.push(letter),
            '\\' => match letters.next() {
                Some(next @ ('(' | ')' | '{' | '}' | '+' | '?' | '|')) => out.push(next),
                Some(next) => out.extend(['\\', next]),
                None => {}
            },
            '(' | ')' | '{' | '}' | '+' | '?' | '|' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out
}
