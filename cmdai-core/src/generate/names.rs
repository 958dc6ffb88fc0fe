//! Names below the directory, found by the words that people say for them: "access log" for `logs/access.log`, "linear algebra"
//! for `courses/Linear Algebra`, "the zip in downloads" for the only one there.

use super::tree::{EntryKind, Tree};

/// An entry that a request may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named<'t> {
    pub(super) path: &'t str,
    pub(super) kind: EntryKind,
}

impl<'t> Named<'t> {
    fn name(&self) -> &'t str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// The name of a document without its ending.
    fn stem(&self) -> Option<&'t str> {
        self.name().rsplit_once('.').filter(|(_, ending)| is_document(ending)).map(|(stem, _)| stem)
    }

    /// True below this folder, and everywhere where there is none.
    fn is_within(&self, folder: Option<&str>) -> bool {
        folder.is_none_or(|folder| self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }
}

/// Entries by the words of their names.
///
/// Made for each request that may speak of them, so of the words only a hash is kept: no text is built for the thousands of names
/// that nobody means.
pub(super) struct Names<'t> {
    all: Vec<Named<'t>>,
    /// Hashes of the words of names, sorted, and the entries they are of.
    by_words: Vec<(u64, usize)>,
    /// The same of documents, for their names without the ending.
    by_stem: Vec<(u64, usize)>,
}

/// What files of a kind are called: the word, and the endings that they have.
const KINDS: &[(&str, &[&str])] = &[
    ("archive", &["zip", "tar.gz", "tgz", "tar.xz", "tar.bz2", "tar", "7z"]),
    ("database", &["db", "sqlite", "sqlite3"]),
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
    "bib", "conf", "csv", "db", "docx", "gif", "html", "ini", "ipynb", "iso", "jar", "jpg", "json", "jsonl",
    "log", "md", "mp3", "mp4", "ods", "odt", "pdf", "png", "sql", "sqlite", "svg", "tar", "tex", "tgz",
    "toml", "tsv", "txt", "wav", "xlsx", "xml", "yaml", "yml", "zip",
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
    "todos",
    "vagrantfile",
];

impl<'t> Names<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let all: Vec<Named<'t>> = tree.paths().map(|(path, kind)| Named { path, kind }).collect();
        let mut by_words: Vec<(u64, usize)> = Vec::with_capacity(all.len());
        let mut by_stem: Vec<(u64, usize)> = Vec::new();
        for (at, named) in all.iter().enumerate() {
            by_words.push((hash(named.name()), at));
            if let Some(stem) = named.stem() {
                by_stem.push((hash(stem), at));
            }
        }
        by_words.sort_unstable();
        by_stem.sort_unstable();
        Self { all, by_words, by_stem }
    }

    /// The entries under a hash, in `within` where a folder is meant.
    fn under<'a>(
        &'a self,
        table: &'a [(u64, usize)],
        hash: u64,
        within: Option<&'a str>,
    ) -> impl Iterator<Item = Named<'t>> + 'a {
        let first = table.partition_point(|(known, _)| *known < hash);
        let same = table.get(first..).unwrap_or_default().iter().take_while(move |(known, _)| *known == hash);
        same.filter_map(|(_, at)| self.all.get(*at).copied()).filter(move |named| named.is_within(within))
    }

    /// The entry whose name is these words, whatever stands between them; of several the one that is least deep, in `within` where
    /// a folder is meant, and none where that leaves a doubt.
    pub(super) fn called(&self, words: &str, within: Option<&str>) -> Option<Named<'t>> {
        let meant = in_words(words);
        let all = self.under(&self.by_words, hash(words), within);
        the_least_deep(all.filter(|named| in_words(named.name()) == meant))
    }

    /// The only document whose name is these words and an ending: `notes.txt` for "my notes".
    pub(super) fn document(&self, words: &str, within: Option<&str>) -> Option<Named<'t>> {
        let meant = in_words(words);
        let all = self.under(&self.by_stem, hash(words), within);
        let mut all = all.filter(|named| named.stem().is_some_and(|stem| in_words(stem) == meant));
        all.next().filter(|named| named.kind == EntryKind::File && all.next().is_none())
    }

    /// The file of the kind that a word says, if there is just one in the folder, or without a folder in the directory itself or
    /// else anywhere below it.
    pub(super) fn of_kind(&self, word: &str, within: Option<&str>) -> Option<Named<'t>> {
        let endings = endings(word);
        let is_customary = CUSTOMARY.binary_search(&word).is_ok();
        if endings.is_empty() && !is_customary {
            return None;
        }
        let fits = |named: &&Named<'t>| {
            let name = named.name().to_lowercase();
            named.kind == EntryKind::File
                && if endings.is_empty() {
                    name.split_once('.').map_or(name.as_str(), |(stem, _)| stem) == word
                } else {
                    endings.iter().any(|ending| has_ending(&name, ending))
                }
        };
        let all: Vec<Named<'t>> = self.all.iter().filter(fits).copied().collect();
        if within.is_some() {
            let mut inside = all.iter().filter(|named| named.is_within(within));
            return inside.next().filter(|_| inside.next().is_none()).copied();
        }
        if is_customary {
            return the_least_deep(all.into_iter());
        }
        let mut here = all.iter().filter(|named| !named.path.contains('/'));
        match (here.next(), here.next()) {
            (Some(one), None) => Some(*one),
            (Some(_), Some(_)) => None,
            _ => (all.len() == 1).then(|| all.first().copied()).flatten(),
        }
    }
}

impl Names<'_> {
    /// The ending that a word says and that files here have: `.NEF` for "NEFs". `None` where it is one that everybody knows and
    /// is written as said, where files have it in several cases, and for words that mean something else as well.
    pub(super) fn ending(&self, word: &str, is_beside_files: bool) -> Option<String> {
        let lower = word.to_lowercase();
        let stems = [lower.as_str(), lower.strip_suffix('s').unwrap_or("")];
        let is_plural = |stem: &str| stem.len() < lower.len();
        for stem in stems.into_iter().filter(|stem| (2..=6).contains(&stem.len())) {
            let is_known = ENDINGS.binary_search(&stem).is_ok() || KNOWN.contains(&stem);
            let looks_like_one = is_known || word.contains(|c: char| c.is_uppercase() || c.is_ascii_digit());
            // Before all names are looked through.
            if !(is_beside_files && !is_plural(stem) || is_plural(stem) && looks_like_one) {
                continue;
            }
            let mut found: Vec<&str> = Vec::new();
            for named in self.all.iter().filter(|named| named.kind == EntryKind::File) {
                let ending = named.name().rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
                found.extend(
                    ending
                        .map(|(_, ending)| ending)
                        .filter(|ending| ending.eq_ignore_ascii_case(stem) && !found.contains(ending)),
                );
            }
            let [ending] = found[..] else { continue };
            if !is_known || ending != stem {
                return Some(format!(".{ending}"));
            }
        }
        None
    }
}

/// More endings that every memory knows.
const KNOWN: &[&str] =
    &["bak", "css", "go", "gz", "heic", "jpeg", "js", "mkv", "mov", "py", "rs", "sh", "tmp", "ts"];

fn the_least_deep<'t>(all: impl Iterator<Item = Named<'t>>) -> Option<Named<'t>> {
    let depth = |named: &Named<'t>| named.path.matches('/').count();
    let mut all: Vec<Named<'t>> = all.collect();
    all.sort_by_key(depth);
    let first = all.first()?;
    all.get(1).is_none_or(|second| depth(second) > depth(first)).then_some(*first)
}

/// True for what people write or keep in, and call by its name alone.
fn is_document(ending: &str) -> bool {
    DOCUMENTS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// Endings of such files.
const DOCUMENTS: &[&str] = &[
    "csv", "db", "doc", "docx", "html", "ini", "ipynb", "json", "jsonl", "md", "ods", "odt", "pdf", "ps",
    "rtf", "sqlite", "tex", "toml", "tsv", "txt", "xls", "xlsx", "xml", "yaml", "yml",
];

/// The endings of the files that a word may mean.
pub(super) fn endings(word: &str) -> Vec<&'static str> {
    if let Ok(at) = ENDINGS.binary_search(&word) {
        return ENDINGS.get(at).copied().into_iter().collect();
    }
    KINDS.iter().find(|(name, _)| *name == word).map_or_else(Vec::new, |(_, endings)| endings.to_vec())
}

/// True for a name with this ending.
pub(super) fn has_ending(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending).is_some_and(|stem| stem.len() > 1 && stem.ends_with('.'))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split([' ', '.', '_', '-', '&', '(', ')']).filter(|word| !word.is_empty())
}

/// The words of a name, in lower case, a blank between them.
fn in_words(name: &str) -> String {
    words(name).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A number that names of the same words share, whatever their case: FNV-1a over the letters (Fowler, Noll and Vo 1991). Those
/// that share it by chance are told apart by their words.
fn hash(name: &str) -> u64 {
    let step = |hash: u64, c: char| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    words(name).fold(0xcbf2_9ce4_8422_2325, |hash, word| {
        step(word.chars().flat_map(char::to_lowercase).fold(hash, step), ' ')
    })
}

/// How many words a name has.
pub(super) fn count(name: &str) -> usize {
    words(name).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::default();
        for folder in ["logs", "downloads", "courses", "courses/Linear Algebra", "old"] {
            tree.insert(folder, EntryKind::Folder);
        }
        for file in [
            "logs/access.log",
            "logs/error.log",
            "downloads/data.zip",
            "old/a.zip",
            "old/b.zip",
            "notes/todo.md",
            "old/notes/todo.md",
            "people.csv",
            "old/x.csv",
            "Team Photo (1).jpg",
        ] {
            tree.insert(file, EntryKind::File);
        }
        tree
    }

    #[test]
    fn tables_are_sorted() {
        assert!(ENDINGS.is_sorted_by(|a, b| a < b) && CUSTOMARY.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn documents_are_called_by_their_names() {
        let mut tree = tree();
        for file in ["phone list.csv", "a/scan0002.pdf", "x/plan.md", "y/plan.md", "backup.sh"] {
            tree.insert(file, EntryKind::File);
        }
        let names = Names::new(&tree);
        let path = |words: &str, within| names.document(words, within).map(|named| named.path);
        assert_eq!(path("phone list", None), Some("phone list.csv"));
        assert_eq!(path("scan0002", None), Some("a/scan0002.pdf"));
        assert_eq!(path("plan", None), None);
        assert_eq!(path("plan", Some("y")), Some("y/plan.md"));
        assert_eq!(path("backup", None), None);
    }

    #[test]
    fn endings_are_those_that_are_there() {
        let mut tree = tree();
        for file in ["raw/a.NEF", "raw/b.NEF", "x.JPG", "y.PNG", "z.png", "deb/a.deb"] {
            tree.insert(file, EntryKind::File);
        }
        let names = Names::new(&tree);
        for (word, is_beside_files, expect) in [
            ("NEFs", false, Some(".NEF")),
            ("nef", true, Some(".NEF")),
            ("nefs", false, None),
            ("pngs", false, None),
            ("csvs", false, None),
            ("csv", true, None),
            ("deb", true, Some(".deb")),
            ("a", true, None),
            ("CR3s", false, None),
        ] {
            assert_eq!(names.ending(word, is_beside_files).as_deref(), expect, "{word}");
        }
    }

    #[test]
    fn entries_are_found_by_words() {
        let tree = tree();
        let names = Names::new(&tree);
        let path = |named: Option<Named<'_>>| named.map(|named| named.path.to_owned());
        for (words, within, expect) in [
            ("access log", None, Some("logs/access.log")),
            ("access.log", None, Some("logs/access.log")),
            ("linear algebra", None, Some("courses/Linear Algebra")),
            ("team photo 1 jpg", None, Some("Team Photo (1).jpg")),
            ("todo md", None, Some("notes/todo.md")),
            ("todo md", Some("old"), Some("old/notes/todo.md")),
            ("access", None, None),
            ("access log", Some("old"), None),
        ] {
            assert_eq!(path(names.called(words, within)).as_deref(), expect, "{words}");
        }
        for (word, within, expect) in [
            ("zip", Some("downloads"), Some("downloads/data.zip")),
            ("zip", Some("old"), None),
            ("zip", None, None),
            ("csv", None, Some("people.csv")),
            ("todo", None, Some("notes/todo.md")),
            ("archive", Some("downloads"), Some("downloads/data.zip")),
            ("people", None, None),
        ] {
            assert_eq!(path(names.of_kind(word, within)).as_deref(), expect, "{word}");
        }
    }
}
