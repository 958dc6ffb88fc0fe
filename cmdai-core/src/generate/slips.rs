//! Slips of the finger in a request, set right before anybody reads it: memory, model and checks then see one text.
//!
//! Only a plain word that nothing knows is touched, and only towards a word that many intents use. What may be a name is
//! left as it is: words in quotes, with digits or capitals, and those that stand where names stand ("the branch mian"),
//! but for words that are no name anywhere ("in teh folder").

use super::entities::trim_punctuation;
use super::words;

/// In how many intents a word occurs that stands where a name could and is none all the same: `the`, `files`, `current`.
const NO_NAME: u32 = 770;
/// And one that a word of four letters may be meant for: so short a word is near to many.
const USUAL: u32 = 192;
/// And one that is two slips away: most of what is so far from a rarer one is an English word of its own.
const WELL_KNOWN: u32 = 512;
/// And one in which a letter was mistaken for another, for the same reason.
const OFTEN: u32 = 77;
/// The least for any other.
const KNOWN: u32 = 16;

/// Words behind which a name or a text stands: nothing there is a slip.
const CALLING: &[&str] = &[
    "account",
    "alias",
    "branch",
    "branches",
    "brew",
    "called",
    "contain",
    "container",
    "containing",
    "contains",
    "database",
    "disable",
    "enable",
    "exactly",
    "function",
    "group",
    "host",
    "install",
    "kill",
    "module",
    "named",
    "namespace",
    "package",
    "pattern",
    "phrase",
    "pod",
    "remote",
    "repo",
    "restart",
    "service",
    "session",
    "string",
    "tag",
    "tool",
    "uninstall",
    "user",
    "username",
    "variable",
    "volume",
    "word",
];

/// Words behind which a name may stand.
const BEFORE_NAMES: &[&str] = &[
    "app",
    "column",
    "command",
    "dir",
    "directory",
    "disk",
    "field",
    "file",
    "folder",
    "for",
    "from",
    "image",
    "in",
    "inside",
    "into",
    "key",
    "library",
    "like",
    "login",
    "machine",
    "mount",
    "of",
    "on",
    "onto",
    "process",
    "program",
    "run",
    "server",
    "start",
    "stop",
    "table",
    "text",
    "to",
    "under",
    "using",
    "value",
    "with",
    "within",
];

/// Words before which a name stands.
const AFTER_NAMES: &[&str] = &[
    "branch",
    "column",
    "command",
    "container",
    "database",
    "dir",
    "directory",
    "folder",
    "function",
    "group",
    "host",
    "image",
    "module",
    "namespace",
    "package",
    "pod",
    "process",
    "program",
    "repo",
    "server",
    "service",
    "table",
    "tag",
    "user",
    "variable",
    "volume",
];

/// Words of a request that is about what runs.
const OF_PROCESSES: &[&str] =
    &["alive", "daemon", "daemons", "pid", "pids", "process", "processes", "running", "service", "services"];

/// True for the look of a daemon's name (`crond`, `reportd`) in a request about what runs.
fn is_daemon(word: &str, request: &[&str]) -> bool {
    let bare = trim_punctuation(word);
    let mut last = bare.bytes().rev();
    last.next() == Some(b'd')
        && last.next().is_some_and(|byte| byte.is_ascii_lowercase() && !b"aeiouylnr".contains(&byte))
        && request
            .iter()
            .any(|word| OF_PROCESSES.binary_search(&trim_punctuation(word).to_lowercase().as_str()).is_ok())
}

/// The request with its misspelt words as they were meant; `None` where nothing had to be done. `present` are programs that
/// are known to be there: their names are no slips.
pub(super) fn corrected(request: &str, present: Option<&[String]>) -> Option<String> {
    let mut out = String::with_capacity(request.len());
    let mut changed = false;
    let mut quote = None;
    let all: Vec<&str> = request.split(' ').collect();
    let plain = |at: Option<usize>| {
        at.and_then(|at| all.get(at)).map_or(String::new(), |word| trim_punctuation(word).to_lowercase())
    };
    for (at, word) in all.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let opens =
            |mark: char| word.starts_with(mark) && !word.get(1..).is_some_and(|rest| rest.contains(mark));
        if let Some(mark) = quote {
            out.push_str(word);
            quote = (!word.contains(mark)).then_some(mark);
            continue;
        }
        if let Some(mark) = ['\'', '"', '`'].into_iter().find(|mark| opens(*mark)) {
            out.push_str(word);
            quote = Some(mark);
            continue;
        }
        if CALLING.binary_search(&plain(at.checked_sub(1)).as_str()).is_ok() {
            out.push_str(word);
            continue;
        }
        let may_be_name = BEFORE_NAMES.binary_search(&plain(at.checked_sub(1)).as_str()).is_ok()
            || AFTER_NAMES.binary_search(&plain(Some(at + 1)).as_str()).is_ok()
            || is_daemon(word, &all);
        match meant(word, at == 0, may_be_name, present) {
            Some(word) => {
                out.push_str(&word);
                changed = true;
            }
            None => out.push_str(word),
        }
    }
    changed.then_some(out)
}

/// One word as it was meant, the punctuation around it kept.
fn meant(word: &str, is_first: bool, may_be_name: bool, present: Option<&[String]>) -> Option<String> {
    let bare = word.trim_end_matches([',', '?', '!', ':', ';', '.', ')']).trim_start_matches('(');
    let lower = bare.to_ascii_lowercase();
    let is_plain = bare.chars().skip(usize::from(is_first)).all(|c| c.is_ascii_lowercase())
        && lower.bytes().all(|b| b.is_ascii_lowercase());
    if !is_plain || lower.len() < 3 || lower.len() > 20 || words::is_known(&lower) {
        return None;
    }
    if present.is_some_and(|present| present.contains(&lower)) {
        return None;
    }
    let known = nearest(&lower, may_be_name)?;
    // One more or one less of a thing is no slip.
    if lower.strip_suffix('s') == Some(known) || known.strip_suffix('s') == Some(&lower) {
        return None;
    }
    let known = if bare.starts_with(|c: char| c.is_ascii_uppercase()) {
        let (first, rest) = known.split_at_checked(1)?;
        format!("{}{rest}", first.to_ascii_uppercase())
    } else {
        known.to_owned()
    };
    Some(word.replacen(bare, &known, 1))
}

/// What kind of slip it was, the likelier first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    Swapped,
    Lost,
    Doubled,
    Added,
    Changed,
    Two,
}

/// The word that was meant: of the likeliest slip the most usual one; the name decides between equals.
fn nearest(word: &str, may_be_name: bool) -> Option<&'static str> {
    let found = words::usual(if may_be_name { NO_NAME } else { KNOWN }).filter_map(|(known, count)| {
        let slip = slip(word.as_bytes(), known.as_bytes())?;
        let is_usual_enough = match (word.len(), slip) {
            // Three letters make a word out of nearly any other.
            (3, Slip::Swapped) => words::is_function_word(known),
            (3, _) => slip == Slip::Lost && count >= NO_NAME && words::is_function_word(known),
            (4, Slip::Swapped | Slip::Lost | Slip::Doubled) => count >= USUAL,
            (4, _) => false,
            (_, Slip::Two) => word.len() >= 8 && count >= WELL_KNOWN,
            (5, Slip::Changed | Slip::Added) => count >= USUAL,
            (_, Slip::Changed) => count >= OFTEN,
            // "eighth", "regexp": an ending more makes another word.
            (_, Slip::Added) if word.starts_with(known) => count >= USUAL,
            _ => true,
        };
        is_usual_enough.then_some((slip, std::cmp::Reverse(count), known))
    });
    found.min().map(|(.., known)| known)
}

/// How the typed word came of the known one; `None` where it is farther away. People seldom miss the first letter.
fn slip(typed: &[u8], known: &[u8]) -> Option<Slip> {
    if typed.len().abs_diff(known.len()) > 2 || known.len() < 3 {
        return None;
    }
    let same = typed.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (rest, meant) = (typed.get(same..)?, known.get(same..)?);
    if let ([a, b, rest @ ..], [c, d, meant @ ..]) = (rest, meant)
        && a == d
        && b == c
        && rest == meant
    {
        return Some(Slip::Swapped);
    }
    if same == 0 {
        return None;
    }
    match (rest, meant) {
        (rest, [_, meant @ ..]) if rest == meant => Some(Slip::Lost),
        ([a, rest @ ..], meant) if rest == meant => {
            let is_doubled = typed.get(same - 1) == Some(a);
            Some(if is_doubled { Slip::Doubled } else { Slip::Added })
        }
        ([_, rest @ ..], [_, meant @ ..]) if rest == meant => Some(Slip::Changed),
        _ => is_two_slips(typed, known).then_some(Slip::Two),
    }
}

/// True for a distance of two, a swap of neighbours counting as one.
fn is_two_slips(a: &[u8], b: &[u8]) -> bool {
    let width = b.len() + 1;
    let mut table = vec![0_usize; (a.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let cost = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (table[at(i - 1, j - 1)] + same)
                    .min(table[at(i - 1, j)] + 1)
                    .min(table[at(i, j - 1)] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(table[at(i - 2, j - 2)] + 1);
                }
                least
            };
            table[at(i, j)] = cost;
        }
    }
    table.last() == Some(&2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(request: &str, expect: &str) {
        assert_eq!(corrected(request, None).as_deref().unwrap_or(request), expect);
    }

    #[test]
    fn tables_are_sorted() {
        assert!(CALLING.is_sorted_by(|a, b| a < b));
        assert!(BEFORE_NAMES.is_sorted_by(|a, b| a < b));
        assert!(AFTER_NAMES.is_sorted_by(|a, b| a < b));
        assert!(OF_PROCESSES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn slips_are_set_right() {
        check("instal ripgrep", "install ripgrep");
        check("list direcotry contnets sortd by size", "list directory contents sorted by size");
        check("delte emtpy direcotries", "delete empty directories");
        check("cont the lnes of notes.txt", "count the lines of notes.txt");
        check("how mcuh disk sapce is free?", "how much disk space is free?");
        check("wich process is using port 80", "which process is using port 80");
        check("Serch for TODO", "Search for TODO");
        check("find teh biggest fils in teh current foldr", "find the biggest files in the current folder");
        check("copy recusrivley", "copy recursively");
    }

    #[test]
    fn names_and_known_words_are_left() {
        for request in [
            "switch to the branch mian",
            "since when is reportd running?",
            "kill fierfox",
            "copy a to bakcups",
            "restart the postgress service",
            "lines with 'teh' in a.txt",
            "grep for \"direcotry list\" here",
            "ls -la in src",
            "install ripgrap",
            "the reop folder",
            "show imgs/logz and dist",
            "files named Fiels",
            "files of the user lal and all tex files in usr",
            "the eighth line of a subset",
            "find files by size",
        ] {
            check(request, request);
        }
    }

    #[test]
    fn a_program_that_is_there_is_no_slip() {
        assert_eq!(corrected("run fiels now", Some(&["fiels".to_owned()])), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(request in "\\PC{0,60}|[a-z' \"(,.]{0,60}") {
            corrected(&request, None);
        }
    }
}
