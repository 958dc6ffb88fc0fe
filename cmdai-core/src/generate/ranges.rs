//! Names that are counted through: "chapter_01.md up to chapter_20.md".
//!
//! The two ends stand for all between them. The request is read as if it named `chapter_{01..20}.md`, which bash and zsh
//! expand; fish is given `(seq -w 1 20)` in its place.

use super::entities::trim_punctuation;
use crate::line::Dialect;

/// Names that a row may have; a longer one is hardly meant.
const MOST: u32 = 10_000;

/// Words between the two ends.
const BETWEEN: &[&str] = &["to", "through", "thru", "until", "till", "..", "...", "…", "->", "bis"];

/// Deeds that are done to each of many files or folders at once, as they begin. Sorted.
const DEEDS: &[&str] = &[
    "add", "append", "cat", "combin", "concat", "copy", "creat", "delet", "director", "empty", "folder",
    "generat", "join", "mak", "merg", "mkdir", "move", "new", "remov", "rm", "touch",
];

/// Deeds for which "a1 to a2" says from where to where. Sorted.
const CARRIES: &[&str] = &[
    "add", "append", "cat", "chang", "combin", "compar", "concat", "convert", "copy", "cp", "diff", "join",
    "link", "merg", "move", "mv", "redirect", "renam", "sav", "symlink", "writ",
];

/// The request with each row of names as one, where it asks for something that is done to each of them.
pub(super) fn joined(words: &str, dialect: Dialect) -> Option<String> {
    if !matches!(dialect, Dialect::Bash | Dialect::Zsh | Dialect::Fish) {
        return None;
    }
    let list: Vec<&str> = words.split(' ').collect();
    let says = |deeds: &[&str]| {
        let lower = words.to_lowercase();
        lower.split(' ').any(|word| deeds.iter().any(|deed| word.starts_with(deed)))
    };
    if !says(DEEDS) {
        return None;
    }
    let carries = says(CARRIES);
    let mut out: Vec<String> = Vec::with_capacity(list.len());
    let mut at = 0;
    let mut found = false;
    while let Some(word) = list.get(at) {
        match row(list.get(at..).unwrap_or_default(), carries) {
            Some((name, used)) => {
                out.push(name);
                at += used;
                found = true;
            }
            None => {
                out.push((*word).to_owned());
                at += 1;
            }
        }
    }
    found.then(|| out.join(" "))
}

/// The row that begins with the first word, and how many words it takes. Where something is carried, a bare "to" names its end.
fn row(words: &[&str], carries: bool) -> Option<(String, usize)> {
    let first = trim_punctuation(words.first()?);
    // `a1 to a9`, `a1 up to a9`, `a1, a2, ... a9`.
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let bare = word.trim_end_matches(',');
        if BETWEEN.contains(&bare) {
            if carries && bare == "to" && words.get(at - 1) != Some(&"up") {
                return None;
            }
            let last = words.get(at + 1)?;
            let name = between(first, trim_punctuation(last))?;
            let end = last.get(last.rfind(trim_punctuation(last))? + trim_punctuation(last).len()..)?;
            return Some((name + end, at + 2));
        }
        let goes_on = bare == "up" || bare == "all" || bare == "and" || between(first, bare).is_some();
        if !goes_on || at > 5 {
            return None;
        }
        at += 1;
    }
    None
}

/// `chapter_{01..20}.md` for `chapter_01.md` and `chapter_20.md`: names that differ in one number, the second the greater.
fn between(first: &str, last: &str) -> Option<String> {
    if !first.is_ascii() || !last.is_ascii() || is_measure(first) || first == last {
        return None;
    }
    let digits = |text: &str| text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let common = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    // The number begins where the digits before the difference do.
    let start = common - digits(first.get(..common)?);
    let number = |text: &str| -> Option<(String, String)> {
        let rest = text.get(start..)?;
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        Some((rest.get(..end)?.to_owned(), rest.get(end..)?.to_owned()))
    };
    let ((from, after), (to, behind)) = (number(first)?, number(last)?);
    let (low, high): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
    let prefix = first.get(..start)?;
    let has_name =
        prefix.bytes().chain(after.bytes()).any(|byte| byte.is_ascii_alphabetic()) || prefix.len() > 2;
    (after == behind && low < high && high - low < MOST && has_name)
        .then(|| format!("{prefix}{{{from}..{to}}}{after}"))
}

/// Times, dates, sizes, addresses and plain numbers: what lies between these are no names.
fn is_measure(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let signs = |sign: char| text.matches(sign).count();
    let starts_with_digit = text.starts_with(|letter: char| letter.is_ascii_digit());
    signs(':') > 0
        || signs('-') == 2 && letters == 0
        || signs('.') >= 2 && letters == 0
        || starts_with_digit
            && letters <= 2
            && signs('-') == 0
            && signs('_') == 0
            && signs('.') == 0
            && signs('/') != 1
        || digits == 0
}

/// True for a request that names a row.
pub(super) fn has_row(words: &str) -> bool {
    next_row(words).is_some()
}

/// The command as the shell expands a row: bare, and in fish by `seq`.
pub(super) fn expandable(command: &str, dialect: Dialect) -> Option<String> {
    let mut out = String::with_capacity(command.len());
    let mut rest = command;
    let mut changed = false;
    while let Some((before, from, to, after)) = next_row(rest) {
        out.push_str(before);
        if dialect == Dialect::Fish {
            let width = if from.starts_with('0') && from.len() > 1 { "-w " } else { "" };
            let bare = |number: &str| number.trim_start_matches('0').to_owned();
            let low = if bare(from).is_empty() { "0".to_owned() } else { bare(from) };
            out.push_str(&format!("(seq {width}{low} {})", bare(to)));
            changed = true;
        } else {
            out.push_str(&format!("{{{from}..{to}}}"));
        }
        rest = after;
    }
    out.push_str(rest);
    let bare = without_quotes(&out);
    match bare {
        Some(bare) => Some(bare),
        None => changed.then_some(out),
    }
}

/// What stands before the next `{01..20}`, its ends, and what stands after it.
fn next_row(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text.get(from..)?.find('{').map(|at| from + at) {
        let inner = text.get(open + 1..)?;
        if let Some((range, after)) = inner.split_once('}')
            && let Some((low, high)) = range.split_once("..")
            && [low, high].iter().all(|end| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Some((text.get(..open)?, low, high, after));
        }
        from = open + 1;
    }
    None
}

/// The command with the quotes taken off words that hold a row and nothing else that needs them.
fn without_quotes(command: &str) -> Option<String> {
    let mut out = String::with_capacity(command.len());
    let mut rest = command;
    let mut changed = false;
    while let Some(open) = rest.find(['\'', '"']) {
        let quote = rest.get(open..open + 1)?;
        let inner = rest.get(open + 1..)?;
        let Some(close) = inner.find(quote) else { break };
        let word = inner.get(..close)?;
        let is_row = next_row(word).is_some() || word.contains("(seq ");
        let is_plain = word.chars().all(|c| c.is_alphanumeric() || "_-./{}() ".contains(c));
        out.push_str(rest.get(..open)?);
        if is_row && is_plain && (!word.contains(' ') || word.contains("(seq ")) {
            out.push_str(word);
            changed = true;
        } else {
            out.push_str(rest.get(open..open + close + 2)?);
        }
        rest = inner.get(close + 1..)?;
    }
    out.push_str(rest);
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_are_sorted() {
        assert!(DEEDS.is_sorted_by(|a, b| a < b) && CARRIES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn ends_are_joined() {
        let check = |words: &str, expect: Option<&str>| {
            assert_eq!(joined(words, Dialect::Bash).as_deref(), expect, "{words}");
        };
        check(
            "make empty files chapter_01.md up to chapter_20.md",
            Some("make empty files chapter_{01..20}.md"),
        );
        check("folders 2025-01 to 2025-12 please", Some("folders 2025-{01..12} please"));
        check("create the folders 2024/01 to 2024/12", Some("create the folders 2024/{01..12}"));
        check("delete files of 1/2/2024 to 1/3/2024", None);
        check("create file1.txt through file10.txt", Some("create file{1..10}.txt"));
        check(
            "append part1.txt, part2.txt, ... part10.txt to whole.txt",
            Some("append part{1..10}.txt to whole.txt"),
        );
        check("delete day1 to day7.", Some("delete day{1..7}."));
        check("copy a.txt to b.txt", None);
        check("copy file1.txt to file2.txt", None);
        check("append part1.txt to part2.txt in the new folder", None);
        check("move v1.txt to v2.txt", None);
        check("copy img1.jpg up to img9.jpg to backup", Some("copy img{1..9}.jpg to backup"));
        check("cut lecture.mkv from 00:12:30 to 00:15:00", None);
        check("move files from 2024-01-01 to 2024-02-01", None);
        check("delete files of 10M to 20M", None);
        check("remove lines 10 to 20 of a.txt", None);
        check("copy v1.txt to v2.txt.bak", None);
        check("ping web1 to web5", None);
        check("delete 10.0.0.1 to 10.0.0.9", None);
    }

    #[test]
    fn shells_expand_them() {
        let check = |dialect: Dialect, command: &str, expect: Option<&str>| {
            assert_eq!(expandable(command, dialect).as_deref(), expect, "{command}");
        };
        check(Dialect::Bash, "touch 'chapter_{01..20}.md'", Some("touch chapter_{01..20}.md"));
        check(Dialect::Bash, "touch chapter_{01..20}.md", None);
        check(Dialect::Fish, "touch chapter_{01..20}.md", Some("touch chapter_(seq -w 1 20).md"));
        check(Dialect::Fish, "touch 'a{1..3}'", Some("touch a(seq 1 3)"));
        check(Dialect::Bash, "echo 'a b {1..3}'", None);
        check(Dialect::Bash, "awk '{print $1}' f", None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(\\PC|[a-c0-9{}.'\" ]|to ){0,60}") {
            for dialect in [Dialect::Bash, Dialect::Fish] {
                let words = joined(&format!("make {text}"), dialect);
                expandable(words.as_deref().unwrap_or(&text), dialect);
            }
        }
    }
}
