//! What a request names of the directory it is asked in.
//!
//! "the oldest one in notes", "sort the csv by its second column", "zip Photos": nothing in the look of such words says that
//! they are names, but what lies in the directory does. They are spelled so that everything behind (memory, model, comparison)
//! takes them for what they are, `notes/` and `people.csv`, and commands are given back in the spelling of the request.

use super::entities::{Entity, EntityKind, trim_punctuation};
use super::shell_words::{self, TokenKind};
use super::tree::{EntryKind, Tree};
use super::{places, words};

/// A request in which what lies in the directory is spelled as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grounded {
    pub(super) words: String,
    /// Spellings that were put in, and how the command shall have them.
    spelled: Vec<(String, String)>,
}

/// Words after which a place may be named. Sorted.
const PREPOSITIONS: &[&str] = &[
    "across", "against", "below", "beneath", "between", "compare", "from", "in", "inside", "into", "onto",
    "over", "to", "under", "within",
];

/// Deeds done to a folder as a whole. Sorted.
const DEEDS: &[&str] = &[
    "archive",
    "backup",
    "bundle",
    "chmod",
    "chown",
    "clean",
    "compress",
    "copy",
    "delete",
    "duplicate",
    "empty",
    "enter",
    "erase",
    "gzip",
    "mirror",
    "move",
    "open",
    "pack",
    "remove",
    "rename",
    "rsync",
    "search",
    "symlink",
    "sync",
    "tar",
    "wipe",
    "zip",
];

/// Things that folders are called after and that requests are about all the same: "delete tags" need not mean `./tags`. Sorted.
const THINGS: &[&str] = &[
    "all",
    "branches",
    "commits",
    "containers",
    "directories",
    "files",
    "folders",
    "groups",
    "images",
    "jobs",
    "links",
    "modules",
    "networks",
    "packages",
    "pods",
    "ports",
    "processes",
    "remotes",
    "services",
    "stashes",
    "symlinks",
    "tags",
    "tests",
    "users",
    "volumes",
];

/// What makes the word before it something else than a place: "in config files", "in test mode". Sorted.
const NOT_BEFORE: &[&str] = &[
    "branch",
    "command",
    "container",
    "environment",
    "file",
    "filename",
    "files",
    "format",
    "image",
    "line",
    "lines",
    "mode",
    "order",
    "package",
    "process",
    "script",
    "service",
    "style",
    "version",
];

/// What files of a kind are called: the word, and the endings that they have.
const KINDS: &[(&str, &[&str])] = &[
    ("archive", &["zip", "tar.gz", "tgz", "tar.xz", "tar.bz2", "tar", "7z"]),
    ("image", &["png", "jpg", "jpeg", "gif", "webp"]),
    ("notebook", &["ipynb"]),
    ("photo", &["jpg", "jpeg", "heic", "png"]),
    ("picture", &["jpg", "jpeg", "png"]),
    ("script", &["sh"]),
    ("spreadsheet", &["xlsx", "ods", "xls"]),
    ("tarball", &["tar.gz", "tgz", "tar.xz", "tar.bz2", "tar"]),
    ("video", &["mp4", "mkv", "mov"]),
];

/// Endings that people use as a word for the file. Sorted.
const ENDINGS: &[&str] = &[
    "csv", "db", "docx", "gif", "html", "ini", "ipynb", "iso", "jar", "jpg", "json", "jsonl", "log", "md",
    "mp3", "mp4", "ods", "odt", "pdf", "png", "sql", "sqlite", "svg", "tar", "tgz", "toml", "tsv", "txt",
    "wav", "xlsx", "xml", "yaml", "yml", "zip",
];

/// Files that everybody calls by the same word, whatever their ending. Sorted.
const CUSTOMARY: &[&str] = &[
    "changelog",
    "contributing",
    "dockerfile",
    "gemfile",
    "jenkinsfile",
    "justfile",
    "licence",
    "license",
    "makefile",
    "pipfile",
    "procfile",
    "readme",
    "todo",
    "vagrantfile",
];

/// Words that say that one certain thing is meant. Sorted.
const DEFINITE: &[&str] = &["my", "our", "that", "the", "this"];

/// Words after which a file may be new. Sorted.
const NEW: &[&str] =
    &["as", "called", "create", "into", "make", "named", "new", "output", "save", "to", "touch", "write"];

/// Deeds that look for a file wherever it is. Sorted.
const LOOKS_FOR: &[&str] = &["exists", "find", "locate", "search", "where", "where's", "wheres", "which"];

fn is_in(table: &[&str], word: &str) -> bool {
    table.binary_search(&word).is_ok()
}

/// A word of a request.
struct Word<'w> {
    /// Without the punctuation around it.
    text: &'w str,
    lower: String,
    start: usize,
    /// True where a sentence or a part of one ends with it.
    ends: bool,
    quoted: bool,
}

fn words_of(request: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut open: Option<char> = None;
    let mut at = 0;
    for raw in request.split(' ') {
        let start = at;
        at += raw.len() + 1;
        let text = trim_punctuation(raw);
        let offset = raw.find(text).unwrap_or(0);
        let opens = open.is_none() && raw.starts_with(['"', '\'', '`']);
        if opens {
            open = raw.chars().next();
        }
        let quoted = open.is_some();
        let closes =
            open.is_some_and(|mark| raw.trim_end_matches(|c: char| ",.?!;:)".contains(c)).ends_with(mark));
        if closes && !(opens && raw.len() == 1) {
            open = None;
        }
        found.push(Word {
            text,
            lower: text.to_lowercase(),
            start: start + offset,
            ends: raw
                .get(offset + text.len()..)
                .is_some_and(|rest| rest.starts_with([',', '.', '?', '!', ';', ':', ')'])),
            quoted,
        });
    }
    found
}

/// Spells what the request names of the directory; `None` where it names nothing that needs it.
pub(super) fn grounded(request: &str, tree: &Tree) -> Option<Grounded> {
    let all = words_of(request);
    let mut out = String::with_capacity(request.len() + 16);
    let mut spelled: Vec<(String, String)> = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(word) = all.get(at) {
        let found = if word.quoted || word.text.is_empty() {
            None
        } else {
            folder(&all, at, tree)
                // Once is enough: the second time it is a word about what was named.
                .filter(|found| spelled.iter().all(|(put, _)| *put != found.put))
                .or_else(|| plain_file(&all, at, tree))
                .or_else(|| certain_file(&all, at, tree))
                .or_else(|| elsewhere(&all, at, tree))
        };
        let Some(Found { put, give, from, to }) = found else {
            at += 1;
            continue;
        };
        let (Some(first), Some(last)) = (all.get(from), all.get(to)) else { break };
        out.push_str(request.get(copied..first.start)?);
        out.push_str(&put);
        copied = last.start + last.text.len();
        spelled.push((put, give));
        at = to + 1;
    }
    out.push_str(request.get(copied..)?);
    (!spelled.is_empty()).then_some(Grounded { words: out, spelled })
}

/// What stands for some words of a request.
struct Found {
    /// What is put there.
    put: String,
    /// How the command shall spell it.
    give: String,
    /// The first word that goes.
    from: usize,
    /// The last.
    to: usize,
}

/// The word before this one that is no article, with what was skipped.
fn before<'a>(all: &'a [Word<'_>], at: usize) -> Option<&'a Word<'a>> {
    let earlier = all.get(..at)?.iter().rev();
    earlier
        .take_while(|word| !word.ends)
        .find(|word| !places::is_between(&word.lower) || places::is_folder(&word.lower) || word.lower == "of")
}

/// A folder that is named by a plain word.
fn folder(all: &[Word<'_>], at: usize, tree: &Tree) -> Option<Found> {
    let word = all.get(at)?;
    if word.text.contains('/') || word.text.len() < 2 || word.text.starts_with('.') {
        return path_in_case(word, at, tree);
    }
    let next = all.get(at + 1).filter(|_| !word.ends).map(|next| next.lower.as_str());
    let is_called_folder = next.is_some_and(places::is_folder);
    let earlier = before(all, at).map(|word| word.lower.as_str());
    let is_after_folder = earlier.is_some_and(places::is_folder);
    let is_plain_next = next.is_none_or(|next| !is_in(NOT_BEFORE, next));
    let is_where = earlier.is_some_and(|word| is_in(PREPOSITIONS, word)) && is_plain_next;
    let is_done_to = earlier.is_some_and(|word| is_in(DEEDS, word)) && is_plain_next;
    let name = in_folder(
        tree,
        word.text,
        is_called_folder || is_after_folder,
        is_where || is_called_folder || is_after_folder,
    )?;
    let is_exact = name == word.text;
    // Names that are no words, or are written like names in the middle of a sentence.
    let is_name = is_exact
        && is_plain_next
        && (words::intents_with(&word.lower) < RARE && !words::is_common_program(&word.lower)
            || at > 0 && word.text.starts_with(char::is_uppercase));
    // "the size of notes", "what is in a and b".
    let is_of = earlier == Some("of") && is_plain_next && !is_in(THINGS, &word.lower);
    let is_meant = is_called_folder
        || is_after_folder
        || is_where
        || is_name
        || (is_of || is_done_to && !is_in(THINGS, &word.lower)) && is_exact;
    is_meant.then(|| Found { put: format!("{name}/"), give: name.to_owned(), from: at, to: at })
}

/// Words of fewer intents are names where they name what is there.
const RARE: u32 = 12;

/// The folder right here that a word names: itself, or, where the word says so, in another case or number.
fn in_folder<'t>(
    tree: &'t Tree,
    word: &str,
    may_differ_in_number: bool,
    may_differ_in_case: bool,
) -> Option<&'t str> {
    let folders = || tree.children("").filter(|(_, kind)| *kind == EntryKind::Folder).map(|(name, _)| name);
    if let Some(same) = folders().find(|name| *name == word) {
        return Some(same);
    }
    let mut alike = folders().filter(|name| {
        may_differ_in_case && name.to_lowercase() == word.to_lowercase()
            || may_differ_in_number && places::is_variant(name, word)
    });
    let first = alike.next()?;
    alike.next().is_none().then_some(first)
}

/// A path in the case in which it is there.
fn path_in_case(word: &Word<'_>, at: usize, tree: &Tree) -> Option<Found> {
    let text = word.text.strip_prefix("./").unwrap_or(word.text);
    let bare = text.trim_end_matches('/');
    if bare.is_empty() || !bare.contains(char::is_alphabetic) || tree.kind(bare) != Some(None) {
        return None;
    }
    let lower = bare.to_lowercase();
    let mut alike = tree.paths().filter(|(path, _)| path.to_lowercase() == lower);
    let (path, _) = alike.next()?;
    let slash = if text.ends_with('/') { "/" } else { "" };
    let put = format!("{path}{slash}");
    alike.next().is_none().then(|| Found { give: put.clone(), put, from: at, to: at })
}

/// A file without an ending, named by a word: `SHA256SUMS`, "the file notes".
fn plain_file(all: &[Word<'_>], at: usize, tree: &Tree) -> Option<Found> {
    let word = all.get(at)?;
    if word.text.contains(['.', '/']) || tree.kind(word.text) != Some(Some(EntryKind::File)) {
        return None;
    }
    let next = all.get(at + 1).filter(|_| !word.ends).map(|next| next.lower.as_str());
    let is_file = |word: &str| matches!(word, "file" | "link" | "script" | "symlink");
    let is_called_file =
        next.is_some_and(is_file) || before(all, at).is_some_and(|word| is_file(&word.lower));
    let is_name = word.text.contains(|c: char| c.is_ascii_digit() || c == '_')
        || word.text.len() > 2 && word.text.chars().all(|c| !c.is_lowercase())
        || word.text.starts_with(char::is_uppercase) && at > 0;
    (is_called_file || is_name).then(|| Found {
        put: format!("./{}", word.text),
        give: word.text.to_owned(),
        from: at,
        to: at,
    })
}

/// The only file that "the csv" or "my readme" can mean.
fn certain_file(all: &[Word<'_>], at: usize, tree: &Tree) -> Option<Found> {
    let word = all.get(at)?;
    let article = all.get(at.checked_sub(1)?)?;
    if !is_in(DEFINITE, &article.lower) || article.ends || article.quoted {
        return None;
    }
    let next = all.get(at + 1).filter(|_| !word.ends);
    let is_file = next.is_some_and(|next| next.lower == "file" && !next.quoted);
    let after = if is_file { all.get(at + 2).filter(|_| next.is_some_and(|next| !next.ends)) } else { next };
    // "the json output", "the csv files", "the log level".
    let is_end = after.is_none_or(|after| {
        words::is_function_word(&after.lower)
            || is_in(PREPOSITIONS, &after.lower)
            || matches!(after.lower.as_str(), "except" | "sorted" | "using" | "skipping")
    });
    if !is_end {
        return None;
    }
    let kind = word.lower.as_str();
    let endings: Vec<&str> = if is_in(ENDINGS, kind) {
        vec![kind]
    } else if let Some((_, endings)) = KINDS.iter().find(|(name, _)| *name == kind) {
        endings.to_vec()
    } else {
        Vec::new()
    };
    // A request that names such a file itself speaks of that one.
    let names_one = |endings: &[&str]| {
        all.iter().any(|word| {
            endings.iter().any(|ending| has_ending(&word.lower, ending) && word.text.len() > ending.len() + 1)
        })
    };
    if !endings.is_empty() && names_one(&endings) {
        return None;
    }
    // "the log" is git's where there is one, and a folder that is named may hold another.
    if kind == "log" && !is_file && tree.kind(".git") == Some(Some(EntryKind::Folder)) {
        return None;
    }
    let names_folder =
        all.iter().enumerate().any(|(at, _)| folder(all, at, tree).is_some() || all[at].text.contains('/'));
    if names_folder {
        return None;
    }
    let files = || tree.children("").filter(|(_, kind)| *kind == EntryKind::File).map(|(name, _)| name);
    let fits = |name: &&str| {
        let lower = name.to_lowercase();
        if endings.is_empty() {
            is_in(CUSTOMARY, kind) && lower.split_once('.').map_or(lower.as_str(), |(stem, _)| stem) == kind
        } else {
            endings.iter().any(|ending| has_ending(&lower, ending))
        }
    };
    // Of all that is there, not of what a limit left.
    if !tree.is_whole("") {
        return None;
    }
    let mut fitting = files().filter(fits);
    let name = fitting.next()?;
    let is_named = all.iter().any(|word| word.text == name);
    if fitting.next().is_some() || is_named || name.contains(['\'', '"', '`', '\\', '$']) {
        return None;
    }
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || "._-+".contains(c)) && !name.starts_with('-');
    let put = match (is_plain, name.contains('.')) {
        (true, true) => name.to_owned(),
        (true, false) => format!("./{name}"),
        (false, _) => format!("'{name}'"),
    };
    let give = put.strip_prefix("./").unwrap_or(&put).to_owned();
    Some(Found { put, give, from: at - 1, to: at + usize::from(is_file) })
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending).is_some_and(|stem| stem.len() > 1 && stem.ends_with('.'))
}

/// A file that is named and lies in one of the folders here, and in no other: `data/orders.csv` for "orders.csv".
fn elsewhere(all: &[Word<'_>], at: usize, tree: &Tree) -> Option<Found> {
    let word = all.get(at)?;
    let has_ending = word.text.split_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && ending.len() > 1 && ending.chars().all(|c| c.is_alphanumeric() || c == '.')
    });
    let is_new = before(all, at).is_some_and(|word| is_in(NEW, &word.lower))
        || all.get(at.wrapping_sub(1)).is_some_and(|word| is_in(NEW, &word.lower));
    let looks_for = all.iter().any(|word| is_in(LOOKS_FOR, &word.lower));
    // Of several files, one of which is still to be made or is a pattern, nobody knows.
    let is_file_like = |text: &str| {
        !text.contains('/')
            && text.rsplit_once('.').is_some_and(|(stem, ending)| {
                stem.len() > 1 && ending.len() > 1 && ending.chars().all(char::is_alphanumeric)
            })
    };
    let others = all.iter().filter(|other| other.text != word.text && is_file_like(other.text));
    if others.clone().any(|other| other.text.contains('*')) {
        return None;
    }
    // A folder that is named says where it is.
    let names_folder =
        || (0..all.len()).any(|at| all[at].text.contains('/') || folder(all, at, tree).is_some());
    if !has_ending
        || is_new
        || looks_for
        || word.text.contains(['/', '*', '@', ':'])
        || tree.kind(word.text) != Some(None)
        || names_folder()
    {
        return None;
    }
    let mut found = tree
        .paths()
        .filter(|(path, kind)| *kind == EntryKind::File && path.rsplit('/').next() == Some(word.text));
    let (path, _) = found.next()?;
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || "/._-+".contains(c));
    (found.next().is_none() && is_plain).then(|| Found {
        put: path.to_owned(),
        give: path.to_owned(),
        from: at,
        to: at,
    })
}

/// True for a word that was taken for a folder and is none here, where another one that is named is: "the fullest folder" of those in
/// `backups`. What something goes to may still have to be made.
pub(super) fn is_none(word: &str, named: &[Entity], request: &str, tree: &Tree) -> bool {
    let is_there = |text: &str| tree.kind(text) == Some(Some(EntryKind::Folder));
    let is_other = named.iter().any(|entity| {
        matches!(entity.kind, EntityKind::Place | EntityKind::Path)
            && entity.text != word
            && is_there(&entity.text)
    });
    let all = words_of(request);
    let at = all.iter().position(|token| token.text == word);
    let is_target = at.and_then(|at| before(&all, at)).is_some_and(|before| is_in(NEW, &before.lower));
    is_other && !is_target && tree.kind(word) == Some(None)
}

impl Grounded {
    /// The command in the spelling of the request: `logs` for `logs/`, `SUMS` for `./SUMS`; `None` where it has that already.
    ///
    /// Patterns of paths stay, since they are compared with what the program makes of its operands, and so does what is run.
    pub(super) fn given_back(&self, command: &str) -> Option<String> {
        let tokens = shell_words::cut(command);
        let mut out = command.to_owned();
        let has_path_pattern = tokens.iter().any(|token| {
            matches!(token.text, "-path" | "-ipath" | "-wholename" | "-regex" | "-iregex" | "--include-from")
        });
        let is_run = |at: usize| {
            let earlier = at.checked_sub(1).and_then(|at| tokens.get(at));
            earlier.is_none_or(|earlier| {
                earlier.kind == TokenKind::Control
                    || matches!(
                        earlier.text,
                        "." | "source" | "do" | "then" | "else" | "sudo" | "exec" | "time" | "nohup" | "!"
                    )
            })
        };
        for (at, token) in tokens.iter().enumerate().rev() {
            for (put, give) in &self.spelled {
                let is_folder = put.ends_with('/');
                let change = if is_folder {
                    token.text == put && !has_path_pattern
                } else {
                    put.starts_with("./") && token.text == put && !is_run(at)
                };
                if change {
                    out.replace_range(token.span.start..token.span.end, give);
                    break;
                }
            }
        }
        (out != command).then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entities;
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::default();
        for folder in ["logs", "notes", "Photos", "Work", "tags", "config", "exports", "data"] {
            tree.insert(folder, EntryKind::Folder);
            tree.set_whole(folder);
        }
        for file in [
            "people.csv",
            "README.md",
            "SHA256SUMS",
            "a.txt",
            "b.txt",
            "my trip.pdf",
            "data/orders.json",
            "run",
        ] {
            tree.insert(file, EntryKind::File);
        }
        tree.set_whole("");
        tree
    }

    #[test]
    fn tables_are_sorted() {
        for table in [PREPOSITIONS, DEEDS, THINGS, NOT_BEFORE, ENDINGS, CUSTOMARY, DEFINITE, NEW, LOOKS_FOR] {
            assert!(table.is_sorted_by(|a, b| a < b), "{table:?}");
        }
    }

    #[test]
    fn what_is_there_is_named() {
        for (request, expect) in [
            ("delete the oldest log in logs", Some("delete the oldest log in logs/")),
            ("how big is the notes folder?", Some("how big is the notes/ folder?")),
            ("files changed below work since monday", Some("files changed below Work/ since monday")),
            ("zip photos", None),
            ("zip Photos", Some("zip Photos/")),
            ("pack up the folder photo", Some("pack up the folder Photos/")),
            ("sort the csv by its second column", Some("sort people.csv by its second column")),
            ("show the csv file.", Some("show people.csv.")),
            ("show me the readme", Some("show me README.md")),
            ("how many pages has the pdf", Some("how many pages has 'my trip.pdf'")),
            ("check SHA256SUMS", Some("check ./SHA256SUMS")),
            ("count the objects of orders.json", Some("count the objects of data/orders.json")),
            ("compare notes/A.txt and Notes/a.txt", None),
            ("where is orders.json", None),
            ("save it as orders.json", None),
            ("delete tags that are gone", None),
            ("show the txt", None),
            ("list all csv files", None),
            ("look for it in config files", None),
            ("find 'in logs' everywhere", None),
            ("sort the csv output of ps", None),
            ("the csv to new.csv", None),
            ("list in reverse order", None),
        ] {
            let found = grounded(request, &tree());
            assert_eq!(found.as_ref().map(|found| found.words.as_str()), expect, "{request}");
        }
    }

    #[test]
    fn a_word_that_is_no_folder_here_names_none() {
        let request = "count the files per folder in notes/, the fullest folder first, and copy it to backup";
        let named = entities::named(request);
        for (word, expect) in [("fullest", true), ("backup", false), ("logs", false)] {
            assert_eq!(is_none(word, &named, request, &tree()), expect, "{word}");
        }
        assert!(!is_none("fullest", &entities::named("the fullest folder"), "the fullest folder", &tree()));
    }

    #[test]
    fn commands_are_spelled_as_asked() {
        let check = |request: &str, command: &str, expect: Option<&str>| {
            let found = grounded(request, &tree()).unwrap();
            assert_eq!(found.given_back(command).as_deref(), expect, "{command}");
        };
        check("move notes to Work", "mv notes/ Work", Some("mv notes Work"));
        check("move all in notes to work", "mv notes/* Work/", Some("mv notes/* Work"));
        check("files in work", "find Work/ -path 'Work/old' -prune", None);
        check("check SHA256SUMS", "sha256sum -c ./SHA256SUMS", Some("sha256sum -c SHA256SUMS"));
        check("run the script run", "./run", None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(request in "(in |the |csv|logs|\\.\\. |\\PC|'|\"|É|, |of |file |\\./|/){0,16}") {
            if let Some(found) = grounded(&request, &tree()) {
                found.given_back(&request);
            }
        }
    }
}
