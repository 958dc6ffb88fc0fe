//! bash: one line an entry; with `HISTTIMEFORMAT` set, each after a line `#START`.
//!
//! Entries of several lines are not marked in the file. bash itself takes all lines between two times as
//! one entry, which is wrong as soon as one session ran without times; and without times it takes each
//! line as one. Here the syntax decides: a line that is not finished goes on in the next.

use super::{MAX_ENTRY_BYTES, Parsed, lines, number};
use crate::history::Run;
use crate::line::Dialect;
use crate::syntax::{self, NoteKind};

/// How many lines an unfinished line may go on for; one that never ends is a line with a stray quote.
const MAX_LINES: usize = 60;
/// How often an unfinished line is tried with one line more, in all of a file.
const MAX_TRIES: usize = 20_000;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    let lines: Vec<&[u8]> = lines(bytes).collect();
    let mut tries = MAX_TRIES;
    let mut started = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if let Some(time) = time(line) {
            started = Some(time);
            continue;
        }
        let Ok(line) = std::str::from_utf8(line) else {
            parsed.skipped += 1;
            started = None;
            continue;
        };
        let (command, more) = whole(line, lines.get(at..).unwrap_or_default(), &mut tries);
        at += more;
        // The time is that of the first entry after it: what follows was written without one.
        let started = started.take();
        parsed.push(Run { command, started, dialect: Dialect::Bash, ..Run::default() });
    }
    parsed
}

/// `#1700000000`, which no one types as a comment.
pub(super) fn time(line: &[u8]) -> Option<i64> {
    number(line.strip_prefix(b"#")?).filter(|time| *time > 99_999_999)
}

/// A line with those after it that belong to it, and how many these are.
fn whole(first: &str, after: &[&[u8]], tries: &mut usize) -> (String, usize) {
    let mut text = first.to_owned();
    for more in 0..=MAX_LINES {
        if !is_unfinished(&text) {
            return (text, more);
        }
        let next = after.get(more).filter(|next| time(next).is_none());
        let Some(next) = next.and_then(|next| std::str::from_utf8(next).ok()) else { break };
        if *tries == 0 || text.len() + next.len() > MAX_ENTRY_BYTES {
            break;
        }
        *tries -= 1;
        text.push('\n');
        text.push_str(next);
    }
    (first.to_owned(), 0)
}

fn is_unfinished(text: &str) -> bool {
    // Most lines hold nothing that could go on, and need no parse.
    let could = text.contains(['\'', '"', '`', '(', '{', '\\', '|', '&'])
        || text.contains("<<")
        || ["for ", "while ", "until ", "if ", "case ", "select ", "function "]
            .iter()
            .any(|word| text.contains(word));
    let unfinished = || {
        text.ends_with('\\') && !text.ends_with("\\\\")
            || syntax::parse(text, Dialect::Bash).notes.iter().any(|note| note.kind == NoteKind::Unfinished)
    };
    could && unfinished()
}
