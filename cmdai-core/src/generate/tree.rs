//! What lies in the directory where a command would run, as far as the caller looked.
//!
//! The library reads no directory: a caller that may look fills a [`Tree`] with names and kinds, no content. With it a request
//! can name a folder by any word ("the oldest one in notes"), and a command that reads what is not there is known to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// What an entry is; a link is what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file, or a link to one.
    File,
    /// A directory, or a link to one.
    Folder,
    /// A link that leads nowhere, a socket, a device.
    Other,
}

/// Names below a directory. Paths are relative to it, parts joined by `/`.
///
/// ```
/// use cmdai_core::generate::{EntryKind, Tree};
///
/// let mut tree = Tree::default();
/// tree.insert("logs", EntryKind::Folder);
/// tree.insert("logs/app.log", EntryKind::File);
/// tree.set_whole("");
/// assert_eq!(tree.kind("./logs/app.log"), Some(Some(EntryKind::File)));
/// assert_eq!(tree.kind("notes"), Some(None));
/// assert_eq!(tree.kind("logs/other.log"), None, "nobody said that all of it is known");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    entries: BTreeMap<String, EntryKind>,
    whole: BTreeSet<String>,
}

impl Tree {
    /// Adds an entry. What is no path below the directory is left out.
    pub fn insert(&mut self, path: &str, kind: EntryKind) {
        if let Some(path) = below(path).filter(|path| !path.is_empty()) {
            self.entries.insert(path, kind);
        }
    }

    /// Tells that all entries of this folder are in; `""` is the directory itself.
    pub fn set_whole(&mut self, folder: &str) {
        self.whole.extend(below(folder));
    }

    /// What a path is: `Some(None)` where there is no such thing, `None` where that is not known.
    pub fn kind(&self, path: &str) -> Option<Option<EntryKind>> {
        let path = below(path)?;
        if path.is_empty() {
            return Some(Some(EntryKind::Folder));
        }
        match self.entries.get(&path) {
            Some(kind) => Some(Some(*kind)),
            None => self.is_known_to_lack(&path).then_some(None),
        }
    }

    /// True where the first part that is missing is missing in a folder all of which is known.
    fn is_known_to_lack(&self, path: &str) -> bool {
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        if parent.is_empty() || self.entries.contains_key(parent) {
            return match self.entries.get(parent) {
                Some(EntryKind::File) => true,
                _ => self.whole.contains(parent),
            };
        }
        self.is_known_to_lack(parent)
    }

    /// True where a path with `*`, `?` or `[…]` fits something, false where it fits nothing, `None` where that is not known.
    pub(super) fn has_match(&self, pattern: &str) -> Option<bool> {
        let wants_folder = pattern.ends_with('/');
        let pattern = below(pattern)?;
        let mut parts = pattern.split('/').peekable();
        let mut folders = vec![String::new()];
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            let mut next = Vec::new();
            let mut is_unknown = false;
            for folder in &folders {
                if part == "**" {
                    return None;
                }
                is_unknown |= !self.whole.contains(folder);
                let fitting = self.children(folder).filter(|(name, kind)| {
                    fits(part, name) && (is_last && !wants_folder || *kind == EntryKind::Folder)
                });
                let join =
                    |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
                next.extend(fitting.map(|(name, _)| join(name)));
            }
            if next.is_empty() {
                return (!is_unknown).then_some(false);
            }
            folders = next;
        }
        Some(true)
    }

    /// True where all entries of the folder are known.
    pub(super) fn is_whole(&self, folder: &str) -> bool {
        self.whole.contains(folder)
    }

    /// True where no folder is known whose entries are not, hidden ones aside.
    pub(super) fn is_all_whole(&self) -> bool {
        self.is_whole("")
            && self.entries.iter().all(|(path, kind)| {
                *kind != EntryKind::Folder || self.whole.contains(path) || is_hidden(path)
            })
    }

    /// The entries right in a folder. What lies in folders of it is passed by, not looked through.
    pub(super) fn children<'a>(
        &'a self,
        folder: &str,
    ) -> impl Iterator<Item = (&'a str, EntryKind)> + use<'a> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut rest = self.entries.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        std::iter::from_fn(move || {
            loop {
                let (path, kind) = rest.next()?;
                let name = path.strip_prefix(&prefix)?;
                let Some((inner, _)) = name.split_once('/') else { return Some((name, *kind)) };
                // The first that does not begin with the folder and a slash: `0` follows the slash.
                let behind = format!("{prefix}{inner}0");
                rest = self.entries.range::<str, _>((Bound::Included(behind.as_str()), Bound::Unbounded));
            }
        })
    }

    /// All paths that are known.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&str, EntryKind)> {
        self.entries.iter().map(|(path, kind)| (path.as_str(), *kind))
    }
}

/// The path without `.` parts and doubled slashes; `None` for one that leaves the directory.
fn below(path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) {
        return None;
    }
    if path.split('/').all(|part| !matches!(part, "" | "." | "..")) {
        return Some(path.to_owned());
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// True for text in which a shell sees a pattern.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// True where a pattern of a shell fits a whole name. A leading dot must be spelt out; a set that cannot be read fits.
fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut pos) = (0, 0);
    // Where to go on when what came after the last star did not fit.
    let mut star: Option<(usize, usize)> = None;
    while pos < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, pos));
                at += 1;
                continue;
            }
            Some('[') => {
                let Some((holds, end)) = set(&pattern, at, name[pos]) else { return true };
                if holds {
                    (at, pos) = (end, pos + 1);
                    continue;
                }
            }
            Some(&c) if c == '?' || c == name[pos] => {
                (at, pos) = (at + 1, pos + 1);
                continue;
            }
            _ => {}
        }
        let Some((star_at, star_pos)) = star else { return false };
        star = Some((star_at, star_pos + 1));
        (at, pos) = (star_at + 1, star_pos + 1);
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// Whether the set that begins here holds a character, and where it ends; `None` where it does not end.
fn set(pattern: &[char], at: usize, c: char) -> Option<(bool, usize)> {
    let is_not = matches!(pattern.get(at + 1), Some('!' | '^'));
    let first = at + 1 + usize::from(is_not);
    let end = (first + 1..pattern.len()).find(|&end| pattern[end] == ']')?;
    let inside = &pattern[first..end];
    if inside.contains(&'[') {
        // A named class such as `[:digit:]`.
        return None;
    }
    let mut holds = false;
    let mut k = 0;
    while k < inside.len() {
        match inside.get(k + 1..k + 3) {
            Some(['-', high]) => {
                holds |= (inside[k]..=*high).contains(&c);
                k += 3;
            }
            _ => {
                holds |= inside[k] == c;
                k += 1;
            }
        }
    }
    Some((holds != is_not, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::default();
        for (path, kind) in [
            ("logs", EntryKind::Folder),
            ("logs/app.log", EntryKind::File),
            ("logs/.hidden", EntryKind::File),
            ("deep", EntryKind::Folder),
            ("a.txt", EntryKind::File),
        ] {
            tree.insert(path, kind);
        }
        tree.set_whole("");
        tree.set_whole("logs");
        tree
    }

    #[test]
    fn what_is_known_is_told() {
        let tree = tree();
        for (path, kind) in [
            ("logs/", Some(Some(EntryKind::Folder))),
            ("./logs//app.log", Some(Some(EntryKind::File))),
            ("logs/other", Some(None)),
            ("nothing/at/all", Some(None)),
            ("a.txt/below", Some(None)),
            ("deep/x", None),
            ("deep/x/y", None),
            ("/etc", None),
            ("../a", None),
            (".", Some(Some(EntryKind::Folder))),
        ] {
            assert_eq!(tree.kind(path), kind, "{path}");
        }
    }

    #[test]
    fn patterns_fit_what_is_there() {
        let tree = tree();
        for (pattern, expect) in [
            ("*.txt", Some(true)),
            ("*.md", Some(false)),
            ("*/", Some(true)),
            ("logs/*.log", Some(true)),
            ("logs/*", Some(true)),
            ("*/*.md", None),
            ("logs/*/*", Some(false)),
            ("logs/*/", Some(false)),
            ("l?gs/[ab]pp.log", Some(true)),
            ("l?gs/[!a]pp.log", Some(false)),
            ("deep/*", None),
            ("**/x", None),
            ("../*", None),
        ] {
            assert_eq!(tree.has_match(pattern), expect, "{pattern}");
        }
    }

    #[test]
    fn children_are_those_right_in_it() {
        let mut tree = tree();
        tree.insert("logs/old/x", EntryKind::File);
        tree.insert("logs/old/y", EntryKind::File);
        tree.insert("logs/old2", EntryKind::File);
        tree.insert("logs-2", EntryKind::Folder);
        let names: Vec<_> = tree.children("logs").map(|(name, _)| name).collect();
        assert_eq!(names, [".hidden", "app.log", "old2"]);
        assert_eq!(tree.children("").count(), 4);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(pattern in "[]a-c*?!^./\\[-]{0,12}", name in "[a-c.-]{0,8}") {
            fits(&pattern, &name);
            tree().has_match(&pattern);
            tree().kind(&pattern);
        }
    }
}
