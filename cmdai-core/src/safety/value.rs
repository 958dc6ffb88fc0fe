//! Text of which not every character is known.
//!
//! A value is an ordinary `String` in which some private characters stand for what cannot be known:
//! a *hole* is any text at all, a *star* what an unquoted `*` matches, and so on. All string work
//! (joining, splitting, cutting) then holds for partly known values as it stands. Such characters in
//! the user's own text are replaced by U+FFFD before they get here, so they cannot be forged.

use super::machine::VALUE_BYTES;

/// What an unquoted `*`, `**` or `[…]` matches.
pub(super) const STAR: char = '\u{F0000}';
/// What an unquoted `?` matches.
pub(super) const ANY: char = '\u{F0001}';
/// The user's home directory where the caller did not say which it is.
pub(super) const HOME: char = '\u{F0002}';
/// The ends of a set such as `[a-z]`, where patterns are compared with text.
pub(super) const SET: (char, char) = ('\u{F0003}', '\u{F0004}');
/// An element of an array that was never set, between others that were.
pub(super) const UNSET: char = '\u{F0005}';
const FIRST_CHOICE: u32 = 0xF_1000;
const LAST_CHOICE: u32 = 0xF_1FFF;
const FIRST_HOLE: u32 = 0x10_0000;
const LAST_HOLE: u32 = 0x10_FFFD;
/// Values of one choice; what goes beyond is not told apart.
pub(super) const ARMS: usize = 8;

/// Where the text in a hole comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A tool that prints code about itself, for a shell to take over.
    Local,
    /// A program or device that writes without end.
    Endless,
    /// The processes of the whole machine.
    Processes,
    /// A variable or parameter that the line does not set.
    Variable,
    /// The output of a program.
    Program,
    /// A shell that takes commands from its input.
    Shell,
    /// A file that holds secrets.
    Secret,
    /// Another machine, by a download.
    Network,
    /// Another machine, by an open connection.
    Socket,
}

/// A hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// How it is shown: `$name` or `$(…)`.
    pub(super) name: String,
    /// Where its text comes from.
    pub(super) origin: Origin,
}

/// A text of which the line tells that it is one of a few, as after `if …; then d=a; else d=b; fi`.
///
/// Choices that were made at the same place share a group: whoever picks an arm for one of them picks
/// it for all.
#[derive(Debug)]
struct Choice {
    group: u32,
    texts: Vec<String>,
    /// How deep choices lie in its texts.
    depth: u8,
}

/// All holes and choices of one line.
#[derive(Debug, Default)]
pub(super) struct Unknowns {
    holes: Vec<Unknown>,
    choices: Vec<Choice>,
    groups: u32,
}

impl Unknowns {
    /// The character that stands for text of this name and origin.
    pub(super) fn hole(&mut self, name: &str, origin: Origin) -> char {
        let known = self.holes.iter().position(|hole| hole.origin == origin && hole.name == name);
        let index = known.unwrap_or_else(|| {
            // Enough for any line a person writes; past it holes share one identity for each origin.
            if self.holes.len() < 256 {
                let name: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
                self.holes.push(Unknown { name, origin });
                return self.holes.len() - 1;
            }
            let alike = self.holes.iter().rposition(|hole| hole.origin == origin);
            alike.unwrap_or(self.holes.len() - 1)
        });
        char::from_u32(FIRST_HOLE + index as u32).unwrap_or(STAR)
    }

    fn get(&self, letter: char) -> Option<&Unknown> {
        let index = (letter as u32).checked_sub(FIRST_HOLE)?;
        self.holes.get(index as usize)
    }

    fn choice_of(&self, letter: char) -> Option<&Choice> {
        is_choice(letter).then(|| self.choices.get((letter as u32 - FIRST_CHOICE) as usize)).flatten()
    }

    /// A new group of choices: one place where the line goes one way or another.
    pub(super) fn group(&mut self) -> u32 {
        self.groups += 1;
        self.groups
    }

    /// The text that is `texts[arm]`, whichever arm of the group it will be.
    pub(super) fn choice(&mut self, group: u32, texts: Vec<String>) -> String {
        let Some(first) = texts.first() else { return String::new() };
        if texts.iter().all(|text| text == first) {
            return first.clone();
        }
        let depths = texts.iter().flat_map(|text| text.chars()).filter_map(|letter| self.choice_of(letter));
        let depth = depths.map(|choice| choice.depth).max().unwrap_or(0) + 1;
        let bytes: usize = texts.iter().map(String::len).sum();
        if depth > 4 || self.choices.len() >= 256 || texts.len() > ARMS || bytes > 16 * 1024 {
            let origin = texts.iter().filter_map(|text| self.origin(text)).max();
            return self.hole("…", origin.unwrap_or(Origin::Variable)).to_string();
        }
        let letter = char::from_u32(FIRST_CHOICE + self.choices.len() as u32).unwrap_or(STAR);
        self.choices.push(Choice { group, texts, depth });
        letter.to_string()
    }

    /// The group of the first choice in `text` and how many arms it has.
    pub(super) fn group_in(&self, text: &str) -> Option<(u32, usize)> {
        if !may_be_special(text) {
            return None;
        }
        let choice = text.chars().find_map(|letter| self.choice_of(letter))?;
        Some((choice.group, choice.texts.len()))
    }

    /// `text` where the choices of `group` have gone the way of `arm`.
    pub(super) fn pick(&self, text: &str, group: u32, arm: usize) -> String {
        if !may_be_special(text) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match self.choice_of(letter).filter(|choice| choice.group == group) {
                Some(choice) => out.push_str(choice.texts.get(arm).or(choice.texts.last()).map_or("", |t| t)),
                None => out.push(letter),
            }
        }
        out
    }

    /// The most telling origin of the holes in `text`.
    pub(super) fn origin(&self, text: &str) -> Option<Origin> {
        if !may_be_special(text) {
            return None;
        }
        let of = |letter: char| match self.choice_of(letter) {
            // Choices lie at most four deep.
            Some(choice) => choice.texts.iter().filter_map(|text| self.origin(text)).max(),
            None => self.get(letter).map(|hole| hole.origin),
        };
        text.chars().filter_map(of).max()
    }

    /// True where `text` holds something of this origin.
    pub(super) fn comes_from(&self, text: &str, origin: Origin) -> bool {
        may_be_special(text)
            && text.chars().any(|letter| match self.choice_of(letter) {
                Some(choice) => choice.texts.iter().any(|text| self.comes_from(text, origin)),
                None => self.get(letter).is_some_and(|hole| hole.origin == origin),
            })
    }

    /// The name of the hole that is all of `text`.
    pub(super) fn name_of(&self, text: &str) -> Option<&str> {
        let mut letters = text.chars();
        let hole = self.get(letters.next()?)?;
        letters.next().is_none().then_some(hole.name.as_str())
    }

    /// The text as a person would write it.
    pub(super) fn show(&self, text: &str) -> String {
        if !may_be_special(text) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                STAR => out.push('*'),
                ANY => out.push('?'),
                HOME => out.push('~'),
                UNSET => {}
                _ if is_choice(letter) => {
                    let first = self.choice_of(letter).and_then(|choice| choice.texts.first());
                    out.push_str(&first.map_or_else(|| "…".to_owned(), |text| self.show(text)));
                }
                _ => match self.get(letter) {
                    Some(hole) => out.push_str(&hole.name),
                    None => out.push(letter),
                },
            }
        }
        out
    }
}

/// True for a character that stands for unknown text.
pub(super) fn is_hole(letter: char) -> bool {
    (FIRST_HOLE..=LAST_HOLE).contains(&(letter as u32)) || is_choice(letter)
}

/// True for a character that stands for one of a few texts.
fn is_choice(letter: char) -> bool {
    (FIRST_CHOICE..=LAST_CHOICE).contains(&(letter as u32))
}

/// True where some of the text is not known; patterns are known.
pub(super) fn has_hole(text: &str) -> bool {
    may_be_special(text) && text.contains(is_hole)
}

/// True where the text is matched against file names.
pub(super) fn has_pattern(text: &str) -> bool {
    may_be_special(text) && text.contains([STAR, ANY])
}

/// False where the text surely holds no private character: one look at the bytes.
fn may_be_special(text: &str) -> bool {
    text.bytes().any(|byte| byte >= 0xF3)
}

/// `text` with every `from`, or the first, replaced; `None` where it would become larger than a value may be.
pub(super) fn replaced(text: &str, from: &str, to: &str, all: bool) -> Option<String> {
    if !all {
        return (text.len() + to.len() <= VALUE_BYTES).then(|| text.replacen(from, to, 1));
    }
    // Where it cannot become too large, nothing is counted.
    let most = text.len() / from.len().max(1) + 1;
    if most.saturating_mul(to.len()) > VALUE_BYTES {
        let grown = text.matches(from).count().saturating_mul(to.len().saturating_sub(from.len()));
        if text.len().saturating_add(grown) > VALUE_BYTES {
            return None;
        }
    }
    Some(text.replace(from, to))
}

/// The user's own text, with our private characters replaced.
pub(super) fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    if !may_be_special(text) {
        return text.into();
    }
    text.chars().map(|letter| if letter >= STAR { '\u{FFFD}' } else { letter }).collect::<String>().into()
}

/// Where one of a list ends that is said to end in `end`. What a program prints that nobody has run is written down
/// line by line, whatever it puts between its names.
pub(super) fn end_in(text: &str, end: char) -> char {
    let by_line = end == '\0' && may_be_special(text) && !text.contains('\0');
    if by_line { '\n' } else { end }
}

/// True where `text` fits `pattern`: `*` any text, `?` one character, a set one of its characters.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    // The usual two-pointer walk: linear but for the last star, which is tried again.
    let pattern = glob(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t, mut star, mut mark) = (0, 0, None, 0);
    let mut steps = 4 * (pattern.len() + text.len()) + 4096;
    while t < text.len() {
        steps -= 1;
        if steps == 0 {
            return false;
        }
        match pattern.get(p) {
            Some(Glob::Any) => {
                star = Some(p);
                mark = t;
                p += 1;
            }
            Some(one) if one.takes(text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some(at) = star else { return false };
                p = at + 1;
                mark += 1;
                t = mark;
            }
        }
    }
    pattern[p..].iter().all(|piece| matches!(piece, Glob::Any))
}

enum Glob<'a> {
    Any,
    One,
    Letter(char),
    Set(&'a str),
}

impl Glob<'_> {
    fn takes(&self, letter: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Letter(own) => *own == letter,
            Self::Set(set) => in_set(set, letter),
        }
    }
}

fn glob(pattern: &str) -> Vec<Glob<'_>> {
    let mut out = Vec::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        out.push(match letter {
            '*' | STAR => Glob::Any,
            '?' | ANY => Glob::One,
            _ if letter == SET.0 => {
                let (set, after) = rest.split_once(SET.1).unwrap_or((rest, ""));
                rest = after;
                Glob::Set(set)
            }
            other => Glob::Letter(other),
        });
    }
    out
}

/// True where `letter` is one of the set, written as between brackets: `a-z`, `!x`, `[:digit:]`.
fn in_set(set: &str, letter: char) -> bool {
    let (negated, set) = match set.strip_prefix(['!', '^']) {
        Some(rest) => (true, rest),
        None => (false, set),
    };
    let mut rest = set;
    let mut found = false;
    while let Some(first) = rest.chars().next() {
        if let Some((class, after)) = rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
            found |= in_class(class, letter);
            rest = after;
            continue;
        }
        rest = &rest[first.len_utf8()..];
        match rest.strip_prefix('-').and_then(|rest| rest.chars().next()) {
            Some(last) => {
                found |= (first..=last).contains(&letter);
                rest = &rest[1 + last.len_utf8()..];
            }
            None => found |= first == letter,
        }
    }
    found != negated
}

/// True where `letter` is of the named class: `alpha`, `digit` …
pub(super) fn in_class(class: &str, letter: char) -> bool {
    match class {
        "alpha" => letter.is_alphabetic(),
        "alnum" => letter.is_alphanumeric(),
        "digit" => letter.is_ascii_digit(),
        "xdigit" => letter.is_ascii_hexdigit(),
        "upper" => letter.is_uppercase(),
        "lower" => letter.is_lowercase(),
        "space" => letter.is_whitespace(),
        "blank" => matches!(letter, ' ' | '\t'),
        "punct" => letter.is_ascii_punctuation(),
        "cntrl" => letter.is_control(),
        "graph" => !letter.is_whitespace() && !letter.is_control(),
        "print" => !letter.is_control(),
        "word" => letter.is_alphanumeric() || letter == '_',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_keep_name_and_origin() {
        let mut unknowns = Unknowns::default();
        let x = unknowns.hole("$x", Origin::Variable);
        let page = unknowns.hole("$(curl …)", Origin::Network);
        assert_eq!(unknowns.hole("$x", Origin::Variable), x);
        let text = format!("{x}/{STAR} {page}");
        assert_eq!(unknowns.show(&text), "$x/* $(curl …)");
        assert_eq!(unknowns.origin(&text), Some(Origin::Network));
        assert!(has_hole(&text) && has_pattern(&text) && !has_hole("plain"));
    }

    #[test]
    fn private_characters_cannot_be_forged() {
        assert_eq!(clean("a\u{F0000}b\u{100000}"), "a\u{FFFD}b\u{FFFD}");
        assert_eq!(clean("ä😀"), "ä😀");
    }

    #[test]
    fn choices_of_a_group_go_the_same_way() {
        let mut unknowns = Unknowns::default();
        let group = unknowns.group();
        let a = unknowns.choice(group, vec!["rm".to_owned(), "ls".to_owned()]);
        let b = unknowns.choice(group, vec!["/".to_owned(), "x".to_owned()]);
        assert_eq!(unknowns.choice(group, vec!["y".to_owned(), "y".to_owned()]), "y");
        let text = format!("{a} {b}");
        assert!(has_hole(&text));
        assert_eq!(unknowns.group_in(&text), Some((group, 2)));
        assert_eq!(unknowns.pick(&text, group, 0), "rm /");
        assert_eq!(unknowns.pick(&text, group, 1), "ls x");
    }

    #[test]
    fn sets_hold_what_they_say() {
        for (set, letter, expected) in [
            ("a-c", 'b', true),
            ("!a-c", 'b', false),
            ("[:digit:]x", '7', true),
            ("[:digit:]x", 'y', false),
            ("a-", '-', true),
        ] {
            assert_eq!(in_set(set, letter), expected, "[{set}] {letter}");
        }
    }

    #[test]
    fn patterns_fit_as_in_the_shell() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("r?", "rm", true),
            ("r?", "r", false),
            ("/*/bin", "/usr/bin", true),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbc", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
