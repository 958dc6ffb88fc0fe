//! What a request names of the directory it is asked in.
//!
//! "the oldest one in notes", "sort the csv by its second column", "zip Photos": nothing in the look of such words says that
//! they are names, but what lies in the directory does. They are spelled so that everything behind (memory, model, comparison)
//! takes them for what they are, `notes/` and `people.csv`, and commands are given back in the spelling of the request.

mod tables;

use std::cell::OnceCell;

use super::entities::{Entity, EntityKind, trim_punctuation};
use super::names::{self, Names};
use super::shell_words::{self, TokenKind};
use super::tree::{EntryKind, Tree};
use super::{places, spared, words};
use tables::{
    CALLED, DEEDS, DEFINITE, EVERYWHERE, LOOKS_FOR, NEVER, NEW, NO_TARGETS, NOT_BEFORE, PREPOSITIONS, THINGS,
};

/// A request in which what lies in the directory is spelled as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grounded {
    pub(super) words: String,
    /// Spellings that were put in, and how the command shall have them.
    spelled: Vec<(String, String)>,
}

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
    let here = Named::new(&all, tree);
    let mut out = String::with_capacity(request.len() + 16);
    let mut spelled: Vec<(String, String)> = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    // Where the last folder stood.
    let mut last: Option<usize> = None;
    while let Some(word) = all.get(at) {
        let found = if word.quoted || word.text.is_empty() {
            None
        } else {
            by_words(&all, at, &here, 2)
                .or_else(|| folder(&all, at, tree))
                .or_else(|| next_of_folders(&all, at, tree, last))
                .or_else(|| folder_below(&all, at, &here))
                .or_else(|| new_folder(&all, at, tree, last))
                // Once is enough: the second time it is a word about what was named.
                .filter(|found| spelled.iter().all(|(put, _)| *put != found.put))
                .or_else(|| plain_file(&all, at, tree))
                .or_else(|| certain_file(&all, at, &here))
                .or_else(|| by_words(&all, at, &here, 1))
                .or_else(|| document(&all, at, &here))
                .or_else(|| files_of_kind(&all, at, &here))
        };
        let Some(Found { put, give, from, to }) = found else {
            at += 1;
            continue;
        };
        let (Some(first), Some(end)) = (all.get(from), all.get(to)) else { break };
        out.push_str(request.get(copied..first.start)?);
        out.push_str(&put);
        copied = end.start + end.text.len();
        last = put.ends_with('/').then_some(to);
        spelled.push((put, give));
        at = to + 1;
    }
    out.push_str(request.get(copied..)?);
    (!spelled.is_empty()).then_some(Grounded { words: out, spelled })
}

/// What is here, and which folders of it the request names.
struct Named<'t> {
    tree: &'t Tree,
    names: OnceCell<Names<'t>>,
    folders: Vec<String>,
}

impl<'t> Named<'t> {
    fn new(all: &[Word<'_>], tree: &'t Tree) -> Self {
        let mut folders: Vec<String> = Vec::new();
        for (at, word) in all.iter().enumerate().filter(|(_, word)| !word.quoted) {
            let bare = word.text.trim_end_matches('/');
            let is_path = word.text.contains('/') && tree.kind(bare) == Some(Some(EntryKind::Folder));
            let folder =
                if is_path { Some(bare.to_owned()) } else { folder(all, at, tree).map(|found| found.give) };
            folders.extend(folder.filter(|folder| !folders.contains(folder)));
        }
        Self { tree, names: OnceCell::new(), folders }
    }

    /// Made when it is first asked for.
    fn names(&self) -> &Names<'t> {
        self.names.get_or_init(|| Names::new(self.tree))
    }
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

/// True for a word that says nothing of its own, whatever is called so.
fn names_nothing(lower: &str) -> bool {
    words::is_function_word(lower) || is_in(NEVER, lower)
}

/// True for a number: how many, how old, which port.
fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// True for a word with a digit or an underscore in it that requests do not use anyway: `run02` and not `base64`.
fn looks_like_a_name(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.len() > 3
        && word.contains(|c: char| c.is_ascii_digit() || c == '_')
        && words::intents_with(&lower) < RARE
        && !words::is_common_program(&lower)
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
    let is_called = is_called_folder || is_after_folder;
    if names_nothing(&word.lower)
        || is_number(word.text) && !is_called
        || is_called && places::is_relative(&word.lower)
    {
        return None;
    }
    let is_plain_next = next.is_none_or(|next| !is_in(NOT_BEFORE, next));
    // "delete the database shop" is about `shop`.
    let is_alone = next.is_none_or(|next| words::is_function_word(next) || is_in(PREPOSITIONS, next));
    let is_kind = is_in(THINGS, &word.lower);
    // "remove the user from the group" speaks of no folder.
    let is_where = earlier.is_some_and(|word| {
        is_in(PREPOSITIONS, word) && !(is_kind && matches!(word, "from" | "to" | "into"))
    }) && is_plain_next;
    let is_thing = is_kind || words::is_common_program(&word.lower);
    let is_done_to = earlier.is_some_and(|word| is_in(DEEDS, word)) && is_alone && !is_thing;
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
        && at > 0
        && (words::intents_with(&word.lower) < RARE
            && !words::is_common_program(&word.lower)
            // "how many invoices" are things, and no folder of that name.
            && !word.lower.ends_with('s')
            || word.text.starts_with(char::is_uppercase));
    // "the size of notes", "what is in a and b".
    let is_of = earlier == Some("of") && is_plain_next && !is_thing;
    // "how big is logs", "list the exports".
    let is_shown = is_alone
        && (matches!(earlier, Some("list" | "ls")) && !is_thing
            || earlier == Some("is") && (word.ends || next.is_none()) && at > 1);
    // "where does current point to", "the link current".
    let is_pointing =
        next.is_some_and(|next| next.starts_with("point")) || matches!(earlier, Some("link" | "symlink"));
    let is_meant = is_called_folder
        || is_pointing && is_exact
        || is_shown && is_exact
        || is_after_folder
        || is_where
        || is_name
        || (is_of || is_done_to) && is_exact;
    is_meant.then(|| Found { put: format!("{name}/"), give: name.to_owned(), from: at, to: at })
}

/// A folder that is named after another one: "from migrations and data".
fn next_of_folders(all: &[Word<'_>], at: usize, tree: &Tree, last: Option<usize>) -> Option<Found> {
    let word = all.get(at)?;
    let joint = all.get(at.checked_sub(1)?)?;
    let is_next = last.is_some_and(|last| last + 2 == at) && matches!(joint.lower.as_str(), "and" | "or");
    let name = in_folder(tree, word.text, false, true)
        .filter(|_| is_next && !names_nothing(&word.lower) && !is_number(word.text))?;
    Some(Found { put: format!("{name}/"), give: name.to_owned(), from: at, to: at })
}

/// What a folder is copied or moved to where that is still to be made: "copy Photos to backup".
fn new_folder(all: &[Word<'_>], at: usize, tree: &Tree, last: Option<usize>) -> Option<Found> {
    let word = all.get(at)?;
    let is_target = last.is_some_and(|last| last + 2 == at)
        && all.get(at.checked_sub(1)?).is_some_and(|word| matches!(word.lower.as_str(), "into" | "to"))
        && (word.ends || at + 1 == all.len());
    let is_moved =
        all.iter().any(|word| matches!(word.lower.as_str(), "copy" | "cp" | "duplicate" | "move" | "mv"));
    let is_name = word.text.len() > 1
        && word.text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        && !is_in(NO_TARGETS, &word.lower)
        && tree.kind(word.text) == Some(None);
    (is_target && is_moved && is_name).then(|| Found {
        put: format!("{}/", word.text),
        give: word.text.to_owned(),
        from: at,
        to: at,
    })
}

/// A folder that is called so and lies in another one: "the 2021 folder in archive".
fn folder_below(all: &[Word<'_>], at: usize, here: &Named<'_>) -> Option<Found> {
    let word = all.get(at)?;
    let is_called = !word.ends && all.get(at + 1).is_some_and(|next| places::is_folder(&next.lower));
    let is_new = before(all, at).is_some_and(|word| is_in(NEW, &word.lower));
    if !is_called
        || is_new
        || word.text.contains('/')
        || names_nothing(&word.lower)
        || places::is_relative(&word.lower)
    {
        return None;
    }
    let within = here.folders.iter().find_map(|folder| here.names().called(word.text, Some(folder)));
    let found = within.or_else(|| here.names().called(word.text, None))?;
    let is_folder = found.kind == EntryKind::Folder && found.path.contains('/');
    spelled_folder(found.path, at, at).filter(|_| is_folder)
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
    if is_number(word.text) || names_nothing(&word.lower) {
        return None;
    }
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

/// The only file that "the csv" or "my readme" can mean, or "the zip in downloads".
fn certain_file(all: &[Word<'_>], at: usize, here: &Named<'_>) -> Option<Found> {
    let word = all.get(at)?;
    let article = all.get(at.checked_sub(1)?)?;
    if !is_in(DEFINITE, &article.lower) || article.ends || article.quoted {
        return None;
    }
    let is_file = !word.ends && all.get(at + 1).is_some_and(|next| next.lower == "file" && !next.quoted);
    let last = at + usize::from(is_file);
    let ends = all.get(last).is_none_or(|word| word.ends);
    // "the json output", "the csv files", "the log level".
    let is_end = ends
        || all.get(last + 1).is_none_or(|after| {
            words::is_function_word(&after.lower)
                || is_in(PREPOSITIONS, &after.lower)
                || matches!(after.lower.as_str(), "except" | "sorted" | "using" | "skipping")
        });
    if !is_end {
        return None;
    }
    let kind = word.lower.as_str();
    // A request that names such a file itself speaks of that one.
    let endings = names::endings(kind);
    let names_one =
        all.iter().any(|word| endings.iter().any(|ending| names::has_ending(&word.lower, ending)));
    // "the log" is git's where there is one.
    let is_of_git = kind == "log" && !is_file && here.tree.kind(".git") == Some(Some(EntryKind::Folder));
    if names_one || is_of_git || !here.tree.is_whole("") {
        return None;
    }
    // "the zip in downloads".
    let is_joined = !ends
        && all
            .get(last + 1)
            .is_some_and(|word| matches!(word.lower.as_str(), "from" | "in" | "inside" | "of"));
    let article = usize::from(all.get(last + 2).is_some_and(|word| is_in(DEFINITE, &word.lower)));
    let behind = if is_joined { folder(all, last + 2 + article, here.tree) } else { None };
    let to = match &behind {
        Some(found) => {
            let is_folder = |at: usize| all.get(at).is_some_and(|word| places::is_folder(&word.lower));
            found.to + usize::from(is_folder(found.to + 1))
        }
        None => last,
    };
    let within = match behind {
        Some(found) => Some(found.give),
        None if here.folders.len() == 1 => here.folders.first().cloned(),
        None if here.folders.is_empty() => None,
        None => return None,
    };
    let found = here.names().of_kind(kind, within.as_deref())?;
    let is_named = all.iter().any(|word| word.text == found.path);
    (!is_named).then(|| spelled(found.path, at - 1, to)).flatten()
}

/// A document that is called by its name without the ending: "my notes", "the phone list", `scan0002`.
fn document(all: &[Word<'_>], at: usize, here: &Named<'_>) -> Option<Found> {
    let article = at.checked_sub(1).and_then(|at| all.get(at));
    let is_definite = article.is_some_and(|word| is_in(DEFINITE, &word.lower) && !word.quoted && !word.ends);
    let is_new = before(all, at).is_some_and(|word| is_in(CALLED, &word.lower));
    if is_new || !here.tree.is_whole("") || all.iter().any(|word| is_in(LOOKS_FOR, &word.lower)) {
        return None;
    }
    let within = here.folders.first().filter(|_| here.folders.len() == 1).map(String::as_str);
    let longest = all.get(at..)?.iter().take(MOST_WORDS).take_while(|word| !word.quoted).count();
    for length in (1..=longest).rev() {
        let run = all.get(at..at + length)?;
        let (last, others) = run.split_last()?;
        if others.iter().any(|word| word.ends)
            || run.iter().any(|word| word.text.is_empty() || word.text.contains(['/', '*', '~']))
        {
            continue;
        }
        // "old files" and "my folder" are words, "7.5" is a number.
        if names_nothing(&last.lower)
            || run.iter().all(|word| is_number(word.text) || names_nothing(&word.lower))
        {
            continue;
        }
        let text = run.iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
        let is_name = length == 1 && looks_like_a_name(&text);
        // "inside the zip" is about the kind, "its base64" about the program.
        let is_usual =
            length == 1 && (!names::endings(&last.lower).is_empty() || words::is_common_program(&last.lower));
        if is_usual {
            continue;
        }
        // "the notes of last week" is about notes, "the notes folder" about a folder.
        let ends = last.ends
            || all.get(at + length).is_none_or(|after| {
                words::is_function_word(&after.lower) && after.lower != "of"
                    || is_in(PREPOSITIONS, &after.lower)
            });
        if !(is_name || is_definite && ends) {
            continue;
        }
        let found = here.names().document(&text, within).or_else(|| here.names().document(&text, None));
        // A folder of that name is what is meant then.
        let Some(found) = found.filter(|_| here.names().called(&text, None).is_none()) else { continue };
        if all.iter().any(|word| word.text == found.path) {
            return None;
        }
        return spelled(found.path, at - usize::from(is_definite), at + length - 1);
    }
    None
}

/// A path as it is put into the request, and given back; `None` for one that no quotes would hold.
fn spelled(path: &str, from: usize, to: usize) -> Option<Found> {
    if path.contains(['\'', '"', '`', '\\', '$', '!']) || path.chars().any(char::is_control) {
        return None;
    }
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || "/._-+".contains(c));
    // Nobody shall take it for an option.
    if path.starts_with('-') {
        return is_plain.then(|| Found { put: format!("./{path}"), give: format!("./{path}"), from, to });
    }
    let put = match (is_plain, path.contains(['.', '/'])) {
        (true, true) => path.to_owned(),
        (true, false) => format!("./{path}"),
        (false, _) => format!("'{path}'"),
    };
    let give = put.strip_prefix("./").unwrap_or(&put).to_owned();
    Some(Found { put, give, from, to })
}

/// The same of a folder.
fn spelled_folder(path: &str, from: usize, to: usize) -> Option<Found> {
    let found = spelled(path, from, to)?;
    Some(if found.put.starts_with('\'') { found } else { Found { put: format!("{}/", found.give), ..found } })
}

/// An entry that is named by several words, or by one that is its whole name, wherever it lies: `logs/access.log` for "access log".
fn by_words(all: &[Word<'_>], at: usize, here: &Named<'_>, shortest: usize) -> Option<Found> {
    let first = all.get(at)?;
    let earlier =
        |back: usize| at.checked_sub(back).and_then(|at| all.get(at)).map(|word| word.lower.as_str());
    // "add it to todo.txt" is about one that is there.
    let is_added = earlier(1) == Some("to")
        && all.iter().any(|word| matches!(word.lower.as_str(), "add" | "append" | "appending" | "put"));
    let is_compared = is_added || earlier(1) == Some("as") && earlier(2) == Some("same");
    let is_new = !is_compared
        && (before(all, at).is_some_and(|word| is_in(NEW, &word.lower))
            || earlier(1).is_some_and(|word| is_in(NEW, word)));
    if is_new || first.text.contains(['/', '*', '@', ':', '~']) || first.text.starts_with('-') {
        return None;
    }
    let longest = all.get(at..)?.iter().take(MOST_WORDS).take_while(|word| !word.quoted).count();
    for length in (shortest..=longest).rev() {
        let run = all.get(at..at + length)?;
        let (last, others) = run.split_last()?;
        if others.iter().any(|word| word.ends) || last.text.is_empty() || last.text.contains('*') {
            continue;
        }
        // "old files" and "my folder" are words, "7.5" is a number.
        if names_nothing(&last.lower)
            || run.iter().all(|word| is_number(word.text) || names_nothing(&word.lower))
        {
            continue;
        }
        let text = run.iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
        let is_name = length == 1 && looks_like_a_name(&text);
        if names::count(&text) < 2 && !is_name
            || here.tree.kind(&text) == Some(Some(EntryKind::File)) && length == 1
        {
            continue;
        }
        let within = here.folders.first().filter(|_| here.folders.len() == 1).map(String::as_str);
        let Some(found) = here.names().called(&text, within).or_else(|| here.names().called(&text, None))
        else {
            continue;
        };
        // Who looks for a file by its name does not say where it is, nor who means all of that name.
        let is_left_out = all.get(at.saturating_sub(LEFT_OUT)..at).is_some_and(|before| {
            before.iter().any(|word| spared::leaves_out(&word.lower) || word.lower == "but")
        });
        let are_many = is_left_out
            || last.text.starts_with('.')
            || all
                .get(at + 1)
                .is_some_and(|next| matches!(next.lower.as_str(), "files" | "folders" | "ones" | "things"));
        let is_asked = all.iter().any(|word| is_in(LOOKS_FOR, &word.lower) || is_in(EVERYWHERE, &word.lower));
        if found.path.contains('/') && length == 1 && (are_many || is_asked) {
            return None;
        }
        // Words that only happen to stand together: "sort test" beside `sort_test/`.
        let is_said_so = length == 1
            || text.contains('.')
            || before(all, at).is_some_and(|word| {
                is_in(PREPOSITIONS, &word.lower) || is_in(DEEDS, &word.lower) || word.lower == "of"
            })
            || all.get(at.wrapping_sub(1)).is_some_and(|word| is_in(DEFINITE, &word.lower));
        if !is_said_so {
            continue;
        }
        let is_definite = at
            .checked_sub(1)
            .and_then(|at| all.get(at))
            .is_some_and(|word| is_in(DEFINITE, &word.lower) && !word.quoted && !word.ends);
        let from = at - usize::from(is_definite);
        let mut to = at + length - 1;
        let is_called = |at: usize| all.get(at).is_some_and(|word| places::is_folder(&word.lower));
        if found.kind == EntryKind::Folder {
            to += usize::from(!last.ends && is_called(to + 1));
            return spelled_folder(found.path, from, to);
        }
        // "style.css in old" says it twice.
        let is_joined = !last.ends
            && all.get(to + 1).is_some_and(|word| matches!(word.lower.as_str(), "from" | "in" | "inside"));
        let behind = if is_joined { folder(all, to + 2, here.tree) } else { None };
        if let Some(behind) = behind.filter(|folder| found.path.starts_with(&format!("{}/", folder.give))) {
            to = behind.to;
        } else if length == 1 && is_beside(found.path, here) {
            // "the names in SUMS are relative to that folder": whoever names both puts them together.
            return None;
        }
        return spelled(found.path, from, to);
    }
    None
}

/// Files by an ending that they have here: "NEFs", "the tex files".
fn files_of_kind(all: &[Word<'_>], at: usize, here: &Named<'_>) -> Option<Found> {
    let word = all.get(at)?;
    if word.text.len() < 2 || !word.text.chars().all(char::is_alphanumeric) {
        return None;
    }
    let is_beside_files =
        !word.ends && all.get(at + 1).is_some_and(|next| matches!(next.lower.as_str(), "file" | "files"));
    let put = here.names().ending(word.text, is_beside_files)?;
    let give = put.clone();
    let put = if is_beside_files { put } else { format!("{put} files") };
    Some(Found { put, give, from: at, to: at })
}

/// True for a file in a folder that the request names.
fn is_beside(path: &str, here: &Named<'_>) -> bool {
    path.rsplit_once('/').is_some_and(|(parent, _)| here.folders.iter().any(|folder| folder == parent))
}

/// How far before a name it may be said that it is left out.
const LEFT_OUT: usize = 5;

/// Words that a name is looked for in.
const MOST_WORDS: usize = 6;

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
mod tests;
