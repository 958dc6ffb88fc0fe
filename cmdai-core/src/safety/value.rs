//! Text of which not every character is known.
//!
//! A value is an ordinary `String` in which some private characters stand for what cannot be known:
//! a *hole* is any text at all, a *star* what an unquoted `*` matches, and so on. All string work
//! (joining, splitting, cutting) then holds for partly known values as it stands. Such characters in
//! the user's own text are replaced by U+FFFD before they get here, so they cannot be forged.

/// What an unquoted `*`, `**` or `[…]` matches.
pub(super) const STAR: char = '\u{F0000}';
/// What an unquoted `?` matches.
pub(super) const ANY: char = '\u{F0001}';
/// The user's home directory where the caller did not say which it is.
pub(super) const HOME: char = '\u{F0002}';
const FIRST_HOLE: u32 = 0x10_0000;
const LAST_HOLE: u32 = 0x10_FFFD;

/// Where the text in a hole comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
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

/// All holes of one line.
#[derive(Debug, Default)]
pub(super) struct Unknowns(Vec<Unknown>);

impl Unknowns {
    /// The character that stands for text of this name and origin.
    pub(super) fn hole(&mut self, name: &str, origin: Origin) -> char {
        let known = self.0.iter().position(|hole| hole.origin == origin && hole.name == name);
        let index = known.unwrap_or_else(|| {
            // Enough for any line a person writes; past it holes share one identity.
            if self.0.len() < 512 {
                self.0.push(Unknown { name: name.to_owned(), origin });
            }
            self.0.len() - 1
        });
        char::from_u32(FIRST_HOLE + index as u32).unwrap_or(STAR)
    }

    fn get(&self, letter: char) -> Option<&Unknown> {
        is_hole(letter).then(|| self.0.get((letter as u32 - FIRST_HOLE) as usize)).flatten()
    }

    /// The most telling origin of the holes in `text`.
    pub(super) fn origin(&self, text: &str) -> Option<Origin> {
        if !may_be_special(text) {
            return None;
        }
        text.chars().filter_map(|letter| self.get(letter)).map(|hole| hole.origin).max()
    }

    /// True where `text` holds something of this origin.
    pub(super) fn comes_from(&self, text: &str, origin: Origin) -> bool {
        may_be_special(text)
            && text.chars().filter_map(|letter| self.get(letter)).any(|hole| hole.origin == origin)
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
    (FIRST_HOLE..=LAST_HOLE).contains(&(letter as u32))
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

/// The user's own text, with our private characters replaced.
pub(super) fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    if !may_be_special(text) {
        return text.into();
    }
    text.chars().map(|letter| if letter >= STAR { '\u{FFFD}' } else { letter }).collect::<String>().into()
}

/// True where `text` fits `pattern`: `*` any text, `?` one character.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    // The usual two-pointer walk: linear but for the last star, which is tried again.
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t, mut star, mut mark) = (0, 0, None, 0);
    while t < text.len() {
        let here = pattern.get(p).copied();
        if here == Some('*') || here == Some(STAR) {
            star = Some(p);
            mark = t;
            p += 1;
        } else if here == Some('?') || here == Some(ANY) || here == Some(text[t]) {
            p += 1;
            t += 1;
        } else if let Some(at) = star {
            p = at + 1;
            mark += 1;
            t = mark;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&letter| letter == '*' || letter == STAR)
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
