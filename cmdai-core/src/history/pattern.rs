//! How a person names lines: a text that occurs in them, or a form with `*` and `?` that they have.
//!
//! The same language for `history.ignore`, `cmdai history forget` and the daemon's `F`. A text without
//! `*` and `?` matches each line that holds it, because whoever wants a word gone wants it gone
//! wherever it stands; with one of them the whole line must fit. `\` takes the next character as it is.

/// A pattern of lines.
///
/// ```
/// use cmdai_core::history::Pattern;
///
/// assert!(Pattern::new("hunter2").matches("echo hunter2 | tee x"));
/// assert!(Pattern::new("git *").matches("git push"));
/// assert!(!Pattern::new("git *").matches("cd git && ls"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Char(char),
    One,
    Any,
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            parts.push(match c {
                '*' => Part::Any,
                '?' => Part::One,
                '\\' => Part::Char(chars.next().unwrap_or('\\')),
                c => Part::Char(c),
            });
        }
        if !parts.is_empty() && !parts.iter().any(|part| matches!(part, Part::Any | Part::One)) {
            parts.insert(0, Part::Any);
            parts.push(Part::Any);
        }
        parts.dedup_by(|a, b| *a == Part::Any && *b == Part::Any);
        Self { text: text.to_owned(), parts }
    }

    /// The text it was read from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True where it fits a line. An empty pattern fits the empty line only.
    pub fn matches(&self, line: &str) -> bool {
        let mut part = 0;
        let mut rest = line;
        // Where to go on when what follows the last `*` does not fit: that `*` takes one character more.
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let mut chars = rest.chars();
            match (self.parts.get(part), chars.next()) {
                (Some(Part::Any), _) => {
                    part += 1;
                    if part == self.parts.len() {
                        return true;
                    }
                    retry = Some((part, rest));
                    continue;
                }
                (Some(Part::One), Some(_)) => {
                    part += 1;
                    rest = chars.as_str();
                    continue;
                }
                (Some(Part::Char(want)), Some(c)) if *want == c => {
                    part += 1;
                    rest = chars.as_str();
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((after_star, from)) = retry else { return false };
            let mut chars = from.chars();
            if chars.next().is_none() {
                return false;
            }
            (part, rest) = (after_star, chars.as_str());
            retry = Some((after_star, rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, fits: &[&str], not: &[&str]) {
        let pattern = Pattern::new(pattern);
        for line in fits {
            assert!(pattern.matches(line), "{pattern:?} should fit {line:?}");
        }
        for line in not {
            assert!(!pattern.matches(line), "{pattern:?} should not fit {line:?}");
        }
    }

    #[test]
    fn texts_and_forms() {
        check("", &[""], &["a"]);
        check("ab", &["ab", "xaby"], &["a b", ""]);
        check("git *", &["git push", "git "], &["git", "sgit push"]);
        check("*.py", &["python a.py"], &["a.pyc"]);
        check("a?c", &["abc", "aéc"], &["ac", "xabc"]);
        check("a*b*c", &["abc", "a1b2b3c", "abcbc"], &["abcb"]);
        check("*", &["", "x"], &[]);
        check("**a**", &["bab"], &["b"]);
        check(r"a\*b", &["xa*by"], &["axb"]);
        check(r"\*", &["ls *"], &["ls"]);
        check("x\\", &["x\\y"], &["x"]);
        check("日*", &["日本"], &["本日"]);
    }

    #[test]
    fn a_long_line_is_matched_in_time() {
        let line = "a".repeat(16 << 10);
        assert!(!Pattern::new(&format!("{}b", "a*".repeat(50))).matches(&line));
    }

    proptest::proptest! {
        #[test]
        fn any_pattern_meets_any_line(pattern in r"[ab*?\\é]{0,8}", line in "[abé*]{0,12}") {
            let _ = Pattern::new(&pattern).matches(&line);
            let plain: String = line.chars().flat_map(|c| ['\\', c]).collect();
            let surrounded = format!("x{line}y");
            proptest::prop_assert!(line.is_empty() || Pattern::new(&plain).matches(&surrounded));
        }
    }
}
