//! Requests that ask to be told something and for no command: what a command means, how two things differ, how a program
//! is left. A model answers them with whatever command shares a word; here they get the way to where that is told.
//!
//! Much that looks like a question is a request all the same ("what is using port 8080"), so only forms that hardly any
//! command answers are taken, and what the memory holds in nearly these words is answered first.

use super::entities::{Entity, EntityKind, trim_punctuation};
use super::words::is_common_program;

/// Where the answer to such a question is to be found, as a hint; `None` for a request for a command. `may_show_why`: it is
/// known what to look at where a reason is asked for.
pub(super) fn told_elsewhere(request: &str, named: &[Entity], may_show_why: bool) -> Option<String> {
    let words: Vec<String> =
        request.split_whitespace().map(|word| trim_punctuation(word).to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let asks_why = matches!(words.as_slice(), ["why", ..]);
    let reason = (asks_why && !may_show_why)
        .then(|| "ask for what would show it, such as \"last errors of nginx\"".to_owned());
    left(&words).or_else(|| meaning(&words, request)).or_else(|| concept(&words, named)).or(reason)
}

/// Programs that fill the terminal, and how each is left. Sorted.
const LEFT: &[(&str, &str)] = &[
    ("emacs", "press Ctrl-X and then Ctrl-C"),
    ("htop", "press q"),
    ("less", "press q"),
    ("man", "press q"),
    ("more", "press q"),
    ("mysql", "type exit"),
    ("nano", "press Ctrl-X"),
    ("node", "press Ctrl-D"),
    ("psql", "type \\q"),
    ("python", "press Ctrl-D"),
    ("python3", "press Ctrl-D"),
    ("screen", "press Ctrl-A and then d to leave it running, or type exit"),
    ("tmux", "press Ctrl-B and then d to leave it running, or type exit"),
    ("top", "press q"),
    ("vi", "press Esc and type :q! to throw changes away, or :wq to keep them"),
    ("vim", "press Esc and type :q! to throw changes away, or :wq to keep them"),
];

/// "how do i exit vim", "get out of less".
fn left(words: &[&str]) -> Option<String> {
    let (last, before) = words.split_last()?;
    let at = LEFT.binary_search_by_key(last, |(program, _)| program).ok()?;
    let before: Vec<&str> =
        before.iter().copied().filter(|word| !matches!(*word, "the" | "of" | "from")).collect();
    let asks = matches!(
        before.as_slice(),
        [.., "exit" | "quit" | "leave" | "escape" | "close"] | [.., "get", "out"] | [.., "stuck", "in"]
    );
    // "close top" alone may mean the process.
    (asks && words.len() > 2)
        .then(|| LEFT.get(at).map(|(program, how)| format!("inside {program}, {how}")))
        .flatten()
}

/// "what does chmod 755 mean", "explain tar -xzf", "what does the -p flag in mkdir do".
fn meaning(words: &[&str], request: &str) -> Option<String> {
    let about: &[&str] = match words {
        ["what", "does" | "do", about @ .., "mean" | "do" | "stand"] => about,
        ["what", "does" | "do", about @ .., "mean" | "do", "exactly" | "here" | "anyway"] => about,
        ["what", "does", about @ .., "stand", "for"] => about,
        ["what", "is" | "does", "the", "meaning", "of", about @ ..] => about,
        ["explain", "me" | "this" | "the", "command", about @ ..] | ["explain", about @ ..] => about,
        ["can" | "could", "you", "explain", about @ ..] => about,
        _ => return None,
    };
    let program = about.iter().find(|word| is_common_program(word))?;
    let at = request.to_lowercase().find(program)?;
    let flags: Vec<&str> =
        words.iter().copied().filter(|word| word.starts_with('-') && word.len() > 1).collect();
    // The command as it is asked about, from its program on, or the program with the flags that are asked about.
    let line = match about.split_first() {
        Some((first, rest)) if first == program && !rest.is_empty() => {
            let tail = request.get(at..)?;
            let end = tail
                .rfind(" mean")
                .or_else(|| tail.rfind(" do"))
                .or_else(|| tail.rfind(" stand"))
                .unwrap_or(tail.len());
            tail.get(..end)?.trim_end_matches(['?', '.', '!']).to_owned()
        }
        _ if flags.is_empty() => (*program).to_owned(),
        _ => format!("{program} {}", flags.join(" ")),
    };
    let line = line.trim_matches(['"', '\'', '`', ' ']);
    Some(format!(
        "cmdai explain \"{}\" tells what a command does, man {program} all about it",
        line.replace('"', "\\\"")
    ))
}

/// "what is the difference between rm and rmdir", "how does cron work", "should i use scp or rsync", "what is a symlink".
fn concept(words: &[&str], named: &[Entity]) -> Option<String> {
    let has_thing =
        named.iter().any(|entity| !matches!(entity.kind, EntityKind::Number | EntityKind::Quoted));
    let mut programs = words.iter().filter(|word| is_common_program(word) && !is_also_a_word(word));
    let hint = match programs.next() {
        Some(program) => format!("man {program} tells about it; cmdai answers with commands"),
        None => "ask for what the command should do, such as \"list symlinks here\"".to_owned(),
    };
    let compares = words.windows(2).any(|pair| matches!(pair, ["difference" | "differences", "between"]));
    let asks_what = matches!(words, ["what's" | "whats" | "what" | "explain", ..]);
    let is_comparison = compares && asks_what && !has_thing && !words.iter().any(|word| is_compared(word));
    let is_working = match words {
        ["how", "does" | "do", .., "work"] => true,
        ["should", "i", "use", .., "or", _] => true,
        ["which" | "what", "is", "better" | "faster", ..] => true,
        ["is", "it", "safe" | "ok" | "okay" | "bad", "to", ..] => true,
        ["what" | "what's" | "whats", rest @ ..] => {
            let rest = rest.strip_prefix(&["is"][..]).unwrap_or(rest);
            let one = matches!(rest, ["a" | "an", thing] if !is_said_here(thing))
                || matches!(rest, [thing] if is_common_program(thing) && !is_also_a_word(thing));
            one || matches!(
                rest,
                ["a" | "an", "symbolic" | "hard" | "soft" | "regular" | "environment" | "zombie", _]
            )
        }
        _ => false,
    };
    (is_comparison || (is_working && !has_thing)).then_some(hint)
}

/// Things that `diff` and its like compare.
fn is_compared(word: &str) -> bool {
    [
        "branch",
        "column",
        "commit",
        "config",
        "date",
        "director",
        "file",
        "folder",
        "image",
        "line",
        "output",
        "package",
        "revision",
        "table",
        "tag",
        "text",
        "time",
        "timestamp",
        "version",
    ]
    .iter()
    .any(|start| word.starts_with(start))
}

/// "what is a" in a request for a command goes on: "what is a good way to …" has more words.
fn is_said_here(thing: &str) -> bool {
    matches!(thing, "command" | "way" | "day")
}

/// Programs whose names are words of any request. Sorted.
const ALSO_WORDS: &[&str] = &[
    "at", "cut", "date", "diff", "env", "expand", "file", "find", "group", "head", "history", "host", "id",
    "install", "jobs", "join", "kill", "last", "less", "link", "locate", "look", "mail", "make", "man",
    "more", "mount", "nice", "node", "open", "parallel", "paste", "print", "read", "rename", "screen",
    "script", "set", "shred", "sort", "split", "strip", "sum", "tail", "test", "time", "top", "touch",
    "tree", "type", "uniq", "users", "wait", "watch", "which", "who", "write", "yes",
];

fn is_also_a_word(word: &str) -> bool {
    ALSO_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::entities;
    use super::*;

    fn hint(request: &str) -> Option<String> {
        told_elsewhere(request, &entities::named(request), false)
    }

    #[test]
    fn tables_are_sorted() {
        assert!(LEFT.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ALSO_WORDS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn questions_get_the_way_out() {
        for (request, expect) in [
            ("what does chmod 755 mean", "cmdai explain \"chmod 755\""),
            ("what does grep -v do?", "cmdai explain \"grep -v\""),
            ("what does the -p flag in mkdir do?", "cmdai explain \"mkdir -p\""),
            ("explain tar -xzf a.tgz", "cmdai explain \"tar -xzf a.tgz\""),
            ("how do i exit vim", "inside vim, press Esc"),
            ("How do I get out of less?", "inside less, press q"),
            ("what is the difference between rm and rmdir", "man rm"),
            ("what's the difference between soft and hard links", "ask for what the command should do"),
            ("how does rsync work", "man rsync"),
            ("should i use rsync or scp", "man rsync"),
            ("what is a symlink", "ask for"),
            ("why is the sky blue", "ask for what would show it"),
        ] {
            let found = hint(request);
            assert!(found.as_deref().is_some_and(|found| found.contains(expect)), "{request}: {found:?}");
        }
    }

    #[test]
    fn requests_are_no_questions() {
        for request in [
            "what is the biggest file here",
            "what is my ip address",
            "what is using port 8080",
            "what does my public key look like",
            "what's in notes.txt",
            "what is the difference between a.txt and b.txt",
            "what is the difference between the branches main and dev",
            "show the difference between two folders",
            "how do i close port 80",
            "exit vim",
            "what is a quick way to count files",
            "how do i make tar work with xz",
            "which is the newest file",
        ] {
            assert_eq!(hint(request), None, "{request}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(request in ".{0,60}|(what|is|does|explain|tar|mean|do|the|'|a| ){0,20}") {
            told_elsewhere(&request, &entities::named(&request), true);
        }
    }
}
