//! Lines of an interactive shell that take up the line before: `^old^new`, `!!`, `!!:s/old/new/`, `!$`.
//!
//! The shell puts the text in before it reads the line, so it is put in here before the line is parsed. What it cannot be
//! put into (the first line, one that does not hold `old`) stays as it is.

use crate::line::Dialect;

/// Lines that are looked at.
const LINES: usize = 64;
/// Bytes of a text that is looked at, and those that it may grow by.
const BYTES: usize = 8 * 1024;
const GROWTH: usize = 8 * 1024;
/// Marks of one line that are looked at.
const MARKS: usize = 16;

/// The text with such lines written out, and where the first of them stands; `None` where there is none.
pub(super) fn written_out(text: &str, dialect: Dialect) -> Option<(String, usize)> {
    if !matches!(dialect, Dialect::Bash | Dialect::Zsh) || text.len() > BYTES || !text.contains('\n') {
        return None;
    }
    if !text.contains("\n^") && !text.contains('!') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut first = None;
    let mut before = String::new();
    let mut at = 0;
    for (count, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        if count >= LINES || out.len() > at + GROWTH {
            out.push_str(text.get(at..).unwrap_or_default());
            break;
        }
        match changed(line, &before) {
            Some(new) if !before.is_empty() => {
                first.get_or_insert(at);
                out.push_str(&new);
                before = new;
            }
            _ => {
                out.push_str(line);
                if !line.trim().is_empty() {
                    line.clone_into(&mut before);
                }
            }
        }
        out.push_str(&whole[line.len()..]);
        at += whole.len();
    }
    first.map(|first| (out, first))
}

/// A line with what it takes from the one before; `None` where it takes nothing.
fn changed(line: &str, before: &str) -> Option<String> {
    if let Some(rest) = line.strip_prefix('^') {
        let (old, rest) = rest.split_once('^')?;
        let (new, more) = rest.split_once('^').unwrap_or((rest, ""));
        let found = !old.is_empty() && before.contains(old);
        return found.then(|| before.replacen(old, new, 1) + more);
    }
    let mut out = String::with_capacity(line.len() + before.len());
    let mut rest = line;
    let mut taken = false;
    let mut quoted = false;
    for _ in 0..MARKS {
        let Some(at) = rest.find('!') else { break };
        let (kept, event) = rest.split_at(at);
        out.push_str(kept);
        quoted ^= kept.matches('\'').count() % 2 == 1;
        // Between single quotes, behind a backslash and inside a word it is an ordinary letter.
        let inside = !out.is_empty() && !out.ends_with([' ', '\t', '(', ';', '|', '&', '"']);
        let ordinary = quoted || inside;
        match recalled(event, before).filter(|_| !ordinary) {
            Some((text, after)) => {
                taken = true;
                out.push_str(&text);
                rest = after;
            }
            None => {
                out.push('!');
                rest = &event[1..];
            }
        }
        if out.len() > line.len() + GROWTH {
            break;
        }
    }
    out.push_str(rest);
    taken.then_some(out)
}

/// What an event at the beginning of `text` stands for, and what follows it.
fn recalled<'t>(text: &'t str, before: &str) -> Option<(String, &'t str)> {
    let ends =
        |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t', ';', '|', '&', ')', '"', '/', '.']);
    let mut words = before.split_whitespace();
    if let Some(rest) = text.strip_prefix("!$").filter(|rest| ends(rest)) {
        return Some((words.next_back()?.to_owned(), rest));
    }
    if let Some(rest) = text.strip_prefix("!^").filter(|rest| ends(rest)) {
        return Some((words.nth(1)?.to_owned(), rest));
    }
    if let Some(rest) = text.strip_prefix("!*").filter(|rest| ends(rest)) {
        return Some((words.skip(1).collect::<Vec<_>>().join(" "), rest));
    }
    let rest = text.strip_prefix("!!").or_else(|| text.strip_prefix("!-1"))?;
    let (all, change) = match rest.strip_prefix(":gs").or_else(|| rest.strip_prefix(":as")) {
        Some(change) => (true, Some(change)),
        None => (false, rest.strip_prefix(":s")),
    };
    let Some(change) = change else { return ends(rest).then(|| (before.to_owned(), rest)) };
    let mark = change.chars().next().filter(char::is_ascii_punctuation)?;
    let (old, rest) = change[1..].split_once(mark)?;
    let (new, rest) = rest.split_once(mark).unwrap_or((rest, ""));
    let count = if all { 64 } else { 1 };
    (!old.is_empty() && before.contains(old)).then(|| (before.replacen(old, new, count), rest))
}

#[cfg(test)]
mod tests {
    use super::written_out;
    use crate::safety::Risk::{Critical, High, Safe};
    use crate::safety::tests::check_all;
    use crate::{Context, Dialect};

    #[test]
    fn what_a_line_takes_from_the_one_before() {
        for (text, expected) in [
            ("ls -d x\n^ls -d^rm -rf", Some("ls -d x\nrm -rf x")),
            ("ls x\n^ls^cat^ | wc", Some("ls x\ncat x | wc")),
            ("ls x\n^y^z", None),
            ("ls x\n\nsudo !!", Some("ls x\n\nsudo ls x")),
            ("ls a b\nrm -r !$/c", Some("ls a b\nrm -r b/c")),
            ("ls a b\nrm !*", Some("ls a b\nrm a b")),
            ("ls a a\n!!:gs/a/b/", Some("ls a a\nls b b")),
            ("ls a\n!!:s/ls/rm/\n!!", Some("ls a\nrm a\nrm a")),
            ("ls a\necho 'what!!'", None),
            ("ls a\necho Hello!!", None),
            ("ls a\n[ ! $x ] && ! true", None),
            ("^a^b", None),
        ] {
            let (out, _) = written_out(text, Dialect::Zsh).unzip();
            assert_eq!(out.as_deref(), expected, "{text:?}");
        }
        assert_eq!(written_out("ls x\n^x^y", Dialect::Posix), None);
    }

    #[test]
    fn it_is_judged_as_what_it_becomes() {
        for dialect in [Dialect::Zsh, Dialect::Bash] {
            check_all(
                &Context::new(dialect),
                &[
                    (High, "ls -d ~/projects/*\n^ls -d^rm -rf"),
                    (Critical, "echo rm -rf /\n^echo ^"),
                    (Critical, "ls ~\nrm -rf !$"),
                    (Critical, "ls -rf /\n!!:s/ls/rm/"),
                    (Critical, "# '\n: !! ; rm -rf /"),
                    (Safe, "ls -d ~/projects/*\n^ls -d^du -sh"),
                    (Safe, "git stauts\n^stauts^status"),
                    (Safe, "mkdir -p build\ncd !$"),
                ],
            );
        }
    }
}
