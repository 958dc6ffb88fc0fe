//! Lines of a file under several conditions at once: what a chain of `grep` is asked for.

use super::{Composed, Reader};
use crate::tokens::Look;

/// Words that hang conditions together and say nothing themselves.
const FILLERS: &[&str] = &[
    "also",
    "both",
    "but",
    "character",
    "characters",
    "either",
    "entries",
    "file",
    "grep",
    "letter",
    "line",
    "lines",
    "rows",
    "string",
    "text",
    "word",
    "words",
];

/// Where in the line a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Anywhere,
    Start,
    End,
}

/// One condition.
struct Condition {
    place: Where,
    is_denied: bool,
    /// Regular expressions of which one must match.
    any: Vec<String>,
}

impl Condition {
    fn pattern(&self) -> String {
        let anchored = |text: &String| match self.place {
            Where::Anywhere => text.clone(),
            Where::Start => format!("^{text}"),
            Where::End => format!("{text}$"),
        };
        self.any.iter().map(anchored).collect::<Vec<_>>().join("|")
    }
}

pub(super) fn compose(mut reader: Reader<'_>) -> Option<Composed> {
    let noun = reader.first(&["lines", "line", "rows", "entries"])?;
    let file =
        (0..reader.asked.len()).find(|at| reader.token(*at).is_some_and(|token| token.look == Look::File))?;
    let is_linked = matches!(reader.before(file, 1), "in" | "of" | "from");
    let conditions = reader.line_conditions(noun, file)?;
    if conditions.len() < 2 {
        return None;
    }
    reader.take(file - usize::from(is_linked), file + 1);
    let counted = reader
        .phrase(&["how", "many"])
        .map(|at| (at, at + 2))
        .or_else(|| reader.first(&["count"]).map(|at| (at, at + 1)));
    if let Some((from, to)) = counted {
        reader.take(from, to);
    }
    let folds = ["case-insensitive", "case-insensitively", "insensitive", "insensitively"];
    let folded = reader.first(&folds).or_else(|| reader.phrase(&["ignoring", "case"]).map(|at| at + 1));
    if let Some(at) = folded {
        reader.take(at - usize::from(matches!(reader.before(at, 1), "case" | "ignoring")), at + 1);
    }
    let command = reader.chain(&conditions, file, folded.is_some(), counted.is_some())?;
    let (unsaid, lost) = reader.left(FILLERS);
    Some(Composed { family: "lines", command, unsaid, lost, lonely: reader.lonely(), piecewise: 0.15 })
}

impl Reader<'_> {
    /// The conditions behind the noun; `None` where something is said that is no condition of this kind.
    fn line_conditions(&mut self, noun: usize, file: usize) -> Option<Vec<Condition>> {
        let mut found: Vec<Condition> = Vec::new();
        let mut at = noun + 1;
        self.take(noun, noun + 1);
        let mut denied = false;
        while at < self.asked.len() {
            if at == file || (at + 1 == file && matches!(self.word(at), "in" | "of" | "from")) {
                at += 1;
                continue;
            }
            let word = self.word(at).to_owned();
            let (place, text_at) = match word.as_str() {
                "not" | "don't" | "dont" | "doesn't" | "doesnt" | "never" | "without" | "except"
                | "excluding" | "neither" => {
                    denied = true;
                    self.take(at, at + 1);
                    if !matches!(word.as_str(), "without" | "excluding" | "neither")
                        || matches!(
                            self.word(at + 1),
                            "contain" | "containing" | "contains" | "start" | "starting"
                        )
                    {
                        at += 1;
                        continue;
                    }
                    (Where::Anywhere, at + 1)
                }
                "contain" | "contains" | "containing" | "have" | "has" | "having" | "mention"
                | "mentioning" | "include" | "includes" | "including" | "with" | "match" | "matching" => {
                    (Where::Anywhere, at + 1)
                }
                "start" | "starts" | "starting" | "begin" | "begins" | "beginning" => {
                    (Where::Start, self.behind_with(at)?)
                }
                "end" | "ends" | "ending" => (Where::End, self.behind_with(at)?),
                // "contain error and timeout", "error but not timeout".
                "and" | "but" | "nor" => {
                    let repeats = found.last().map(|last| (last.place, last.is_denied && word != "but"));
                    self.take(at, at + 1);
                    if self.is_condition_word(at + 1) || at + 1 == file {
                        at += 1;
                        continue;
                    }
                    let (place, was_denied) = repeats?;
                    denied |= was_denied;
                    (place, at + 1)
                }
                _ if denied && !found.is_empty() => (Where::Anywhere, at),
                "" => return None,
                _ => {
                    at += 1;
                    continue;
                }
            };
            let (first, mut next) = self.piece(text_at)?;
            let mut any = vec![first];
            while self.word(next) == "or" && !self.is_condition_word(next + 1) {
                let (text, behind) = self.piece(next + 1)?;
                any.push(text);
                next = behind;
            }
            self.take(at, next);
            found.push(Condition { place, is_denied: denied, any });
            denied = false;
            at = next;
        }
        Some(found)
    }

    /// The place behind "starting with", "ending in a".
    fn behind_with(&mut self, at: usize) -> Option<usize> {
        matches!(self.word(at + 1), "with" | "in" | "by").then_some(at + 2)
    }

    fn is_condition_word(&self, at: usize) -> bool {
        matches!(
            self.word(at),
            "not"
                | "don't"
                | "dont"
                | "doesn't"
                | "doesnt"
                | "never"
                | "without"
                | "contain"
                | "contains"
                | "containing"
                | "have"
                | "has"
                | "having"
                | "start"
                | "starts"
                | "starting"
                | "begin"
                | "begins"
                | "beginning"
                | "end"
                | "ends"
                | "ending"
                | "with"
                | "include"
                | "includes"
                | "including"
                | "mention"
                | "match"
                | "that"
                | "which"
                | "do"
                | "does"
                | "also"
                | "neither"
                | "nor"
        )
    }

    /// A text or a kind of character as a regular expression, and the place behind it.
    fn piece(&mut self, mut at: usize) -> Option<(String, usize)> {
        // A capital A is a text, and so is an article with nothing behind it.
        while matches!(
            self.word(at),
            "a" | "an" | "the" | "any" | "both" | "either" | "word" | "string" | "text" | "letter"
        ) && self.token(at).is_some_and(|token| !token.raw.starts_with(|c: char| c.is_uppercase()))
            && self.token(at + 1).is_some()
            && !matches!(self.word(at + 1), "and" | "or" | "but" | "nor" | "in" | "of" | "from")
        {
            at += 1;
        }
        let kind = match (self.word(at), self.word(at + 1)) {
            ("digit" | "number" | "digits" | "numbers", _) => Some(("[0-9]", 1)),
            ("capital" | "uppercase" | "upper-case", "letter" | "letters") => Some(("[A-Z]", 2)),
            ("lowercase" | "lower-case", "letter" | "letters") => Some(("[a-z]", 2)),
            ("vowel", _) => Some(("[aeiouAEIOU]", 1)),
            ("space" | "blank" | "whitespace", _) => Some(("[[:space:]]", 1)),
            ("hash", _) => Some(("#", 1)),
            ("dot" | "period", _) => Some(("\\.", 1)),
            ("comma", _) => Some((",", 1)),
            ("semicolon", _) => Some((";", 1)),
            _ => None,
        };
        if let Some((pattern, length)) = kind {
            return Some((pattern.to_owned(), at + length));
        }
        let text = self.any_text(at)?;
        let is_word_of_ours = self.token(at)?.look == Look::Word && self.is_condition_word(at);
        (!text.is_empty() && !is_word_of_ours).then(|| (escaped(&text), at + 1))
    }

    fn chain(&self, conditions: &[Condition], file: usize, folded: bool, counted: bool) -> Option<String> {
        let file = self.spelled(&self.token(file)?.value)?;
        let mut steps: Vec<(bool, String)> = Vec::new();
        let (wanted, denied): (Vec<_>, Vec<_>) = conditions.iter().partition(|one| !one.is_denied);
        let start = wanted.iter().find(|one| one.place == Where::Start && one.any.len() == 1);
        let end = wanted.iter().find(|one| one.place == Where::End && one.any.len() == 1);
        if let (Some(start), Some(end)) = (start, end) {
            let (first, last) = (start.any.first()?, end.any.first()?);
            steps.push((false, format!("^{first}.*{last}$")));
        }
        let joined = steps.len();
        for one in &wanted {
            let is_joined = joined > 0 && one.any.len() == 1 && one.place != Where::Anywhere;
            if !is_joined {
                steps.push((false, one.pattern()));
            }
        }
        if !denied.is_empty() {
            steps.push((true, denied.iter().map(|one| one.pattern()).collect::<Vec<_>>().join("|")));
        }
        let last = steps.len().checked_sub(1)?;
        let mut command = String::new();
        for (number, (is_denied, pattern)) in steps.iter().enumerate() {
            let mut flags = String::new();
            for (flag, is_set) in [
                ('c', counted && number == last),
                ('i', folded),
                ('v', *is_denied),
                ('E', pattern.contains('|')),
            ] {
                if is_set {
                    flags.push(flag);
                }
            }
            let dash = if flags.is_empty() { "" } else { " -" };
            let option = if pattern.starts_with('-') { " -e" } else { "" };
            let pattern = self.spelled(pattern)?;
            let (pipe, input) = if number == 0 { ("", format!(" {file}")) } else { (" | ", String::new()) };
            command.push_str(&format!("{pipe}grep{dash}{flags}{option} {pattern}{input}"));
        }
        Some(command)
    }
}

/// A text in which nothing has a meaning of its own, neither in a basic nor in an extended expression.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '.' | '*' | '[' | ']' | '^' | '$' => out.extend(['\\', c]),
            '\\' => out.push_str("\\\\"),
            '+' | '?' | '(' | ')' | '{' | '}' | '|' => out.extend(['[', c, ']']),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::compose::check_family;

    #[track_caller]
    fn check(request: &str, expect: &str) {
        check_family("lines", request, expect);
    }

    #[test]
    fn conditions_are_chained() {
        check(
            "lines of a.txt ending in a digit but not starting with #",
            "grep '[0-9]$' a.txt | grep -v \"^#\"",
        );
        check("lines in app.log that contain error but not timeout", "grep error app.log | grep -v timeout");
        check("show lines in a.txt that start with A and end with z", "grep '^A.*z$' a.txt");
        check("print the lines containing both foo and bar in x.log", "grep foo x.log | grep bar");
        check("how many lines in x.log contain GET and not 200", "grep GET x.log | grep -cv 200");
        check("lines in b.conf that don't start with # and don't start with ;", "grep -vE \"^#|^;\" b.conf");
        check(
            "lines with ERROR or FATAL but without DEBUG in a.log",
            "grep -E \"ERROR|FATAL\" a.log | grep -v DEBUG",
        );
        check(
            "lines of a.log that mention 'disk full' and start with 2024, ignoring case",
            "grep -i \"disk full\" a.log | grep -i ^2024",
        );
    }

    #[test]
    fn other_requests_are_left_alone() {
        for request in [
            "lines in a.txt that contain foo",
            "sort the lines of a.txt",
            "files that contain foo but not bar",
            "number the lines of a.txt and save them with a header",
        ] {
            check(request, "none");
        }
    }
}
