//! Names that exist: files, directories, branches, tags and remotes, written as the shell needs them.

use super::evidence::Pool;
use super::expected::Kind;
use super::sources::Scene;
use super::suited::matches;
use super::words::{Typed, unquoted};
use super::{Entry, World};
use crate::line::Dialect;

/// Entries of one directory that are looked at.
const MOST_ENTRIES: usize = 4_000;
/// Entries of one directory that become candidates.
const MOST_OFFERED: usize = 48;

/// Adds what exists in the directory that the word under the cursor names.
pub(super) fn paths(
    scene: &Scene<'_>,
    typed: &Typed<'_>,
    kind: Kind,
    extensions: &Extensions,
    pool: &mut Pool,
) {
    let dialect = scene.query.context.dialect;
    let current = typed.current;
    if kind == Kind::Other && !current.contains('/') && extensions.suited.is_empty() {
        return;
    }
    // `--file=pa`: the path begins after the sign.
    let word = match current.rsplit_once('=') {
        Some((flag, value)) if flag.starts_with('-') => value,
        _ => current,
    };
    let first = typed.command.own().is_empty();
    if (first && !word.contains('/')) || word.starts_with('-') || word.contains(['$', '*', '`', '|', ':']) {
        return;
    }
    let plain = unquoted(word, dialect);
    let (dir, base) = plain
        .rsplit_once('/')
        .map_or(("", plain.as_str()), |(dir, base)| (if dir.is_empty() { "/" } else { dir }, base));
    let Some(dir) = resolve(scene, dir) else { return };
    let Some(entries) = scene.world.entries(&dir) else { return };
    let pending = ends_in_escape(word, dialect);
    let start = entries.partition_point(|entry| entry.name.as_str() < base);
    let fitting = entries.get(start..).unwrap_or_default().iter().take(MOST_ENTRIES);
    let fitting = fitting.take_while(|entry| entry.name.starts_with(base));
    let fitting = fitting.filter(|entry| {
        (base.starts_with('.') || !entry.name.starts_with('.'))
            && (kind != Kind::Directory || entry.is_dir)
            && (!first || entry.is_dir || entry.is_executable)
            && !entry.name.chars().any(char::is_control)
    });
    let suits = |entry: &Entry| extensions.suits(&entry.name) && !entry.is_dir;
    let mut fitting: Vec<&Entry> = fitting.collect();
    if fitting.iter().any(|entry| suits(entry)) {
        // What suits the program comes first, then where more of it may be; the rest is not meant.
        fitting.retain(|entry| suits(entry) || entry.is_dir);
        fitting.sort_by_key(|entry| entry.is_dir);
    }
    pool.place.entries += fitting.len() as f32;
    let only: Vec<String> = match kind == Kind::Directory && current.is_empty() {
        true => fitting.iter().map(|entry| quoted(&entry.name, typed.quote, pending, dialect)).collect(),
        false => Vec::new(),
    };
    for (rank, entry) in fitting.into_iter().take(MOST_OFFERED).enumerate() {
        offer(entry, base, typed.quote, pending, dialect, rank, extensions, pool);
    }
    if kind != Kind::Other {
        let is_here = |name: &str| entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).is_ok();
        let is_path = kind != Kind::Unknown;
        pool.keep(|candidate| {
            let name = format!("{base}{}", candidate.text);
            let plain = name.trim_end_matches('/');
            let is_name = !plain.is_empty()
                && !plain.starts_with('-')
                && plain.chars().any(char::is_alphanumeric)
                && plain.chars().all(|c| c.is_alphanumeric() || "._-+@".contains(c))
                && (is_path || extension_of(plain).is_some());
            // What others call their files says nothing about the names here.
            !(candidate.is_of_others() && is_name && !is_here(plain))
        });
    }
    // As the person writes directories.
    let end = if pool.place.slashes > 0.5 { "/" } else { "" };
    pool.are_few(&only.into_iter().map(|name| name + end).collect::<Vec<_>>(), ONLY);
}

/// How likely the only directory is where one is to be named: there is also the one above, the last one, and all others.
const ONLY: f32 = 0.45;

#[expect(clippy::too_many_arguments, reason = "they are the parts of one word")]
fn offer(
    entry: &Entry,
    base: &str,
    quote: Option<char>,
    pending: bool,
    dialect: Dialect,
    rank: usize,
    extensions: &Extensions,
    pool: &mut Pool,
) {
    let Some(rest) = entry.name.get(base.len()..) else { return };
    let text = quoted(rest, quote, pending, dialect);
    let mut extension = extension_of(&entry.name).map_or([0.0; 2], |name| extensions.share(name));
    if extensions.suits(&entry.name) {
        extension[1] = extension[1].max(SUITED);
    }
    let mut name = |text: &str, path: f32| {
        // A name with blanks is one piece: half of it is of no use.
        if let Some(candidate) = pool.at(false, text) {
            candidate.named.path = path;
            candidate.named.rank = rank as f32;
            candidate.named.extension = extension;
        }
    };
    if !entry.is_dir {
        // The name is whole, so the quote ends with it.
        let end = quote.filter(|_| !text.is_empty() && entry.name.contains(char::is_whitespace));
        let text = text + end.map(String::from).unwrap_or_default().as_str();
        if !text.is_empty() {
            name(&text, 1.0);
        }
        return;
    }
    if !text.is_empty() {
        name(&text, 2.0);
    }
    name(&format!("{text}/"), 3.0);
}

/// Extensions of the files that a program was given, with how often.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    pub(super) own: Vec<(String, f32)>,
    pub(super) others: Vec<(String, f32)>,
    /// Patterns of names that suit the program; none where any may be meant.
    pub(super) suited: &'static [&'static str],
}

/// The share of files that suit a program among those it is given, where nobody counted.
const SUITED: f32 = 0.9;

impl Extensions {
    pub(super) fn see(list: &mut Vec<(String, f32)>, word: &str, much: f32) {
        let Some(extension) = extension_of(word) else { return };
        match list.iter_mut().find(|(known, _)| known == extension) {
            Some((_, sum)) => *sum += much,
            None => list.push((extension.to_owned(), much)),
        }
    }

    fn suits(&self, name: &str) -> bool {
        self.suited.iter().any(|pattern| matches(pattern, name))
    }

    fn share(&self, extension: &str) -> [f32; 2] {
        [&self.own, &self.others].map(|list| {
            let total: f32 = list.iter().map(|(_, much)| much).sum();
            let own = list.iter().find(|(known, _)| known == extension).map_or(0.0, |(_, much)| *much);
            if total > 0.0 { own / total } else { -1.0 }
        })
    }
}

/// The extension of a file name, quotes at its end aside.
pub(super) fn extension_of(word: &str) -> Option<&str> {
    let word = word.trim_end_matches(['"', '\'']);
    let name = word.rsplit('/').next().unwrap_or(word);
    let (stem, extension) = name.rsplit_once('.')?;
    let fits = !stem.is_empty()
        && (1..=8).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(extension)
}

/// The absolute directory that is meant.
pub(super) fn resolve(scene: &Scene<'_>, dir: &str) -> Option<String> {
    let context = scene.query.context;
    let home = context.home.as_deref();
    let whole = match dir.split_once('/') {
        _ if dir.is_empty() => context.cwd.clone()?,
        _ if dir == "~" => home?.to_owned(),
        Some(("~", rest)) => format!("{}/{rest}", home?),
        Some(("", _)) => dir.to_owned(),
        _ => format!("{}/{dir}", context.cwd.as_deref()?),
    };
    Some(straight(&whole))
}

/// The path without `.`, `..` and doubled slashes.
fn straight(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// True where the last character escapes the one that comes.
fn ends_in_escape(word: &str, dialect: Dialect) -> bool {
    let escape = match dialect {
        Dialect::Nu => return false,
        Dialect::PowerShell => '`',
        _ => '\\',
    };
    word.chars().rev().take_while(|&c| c == escape).count() % 2 == 1
}

/// The rest of a name as it is typed on.
fn quoted(rest: &str, quote: Option<char>, pending: bool, dialect: Dialect) -> String {
    let mut out = String::with_capacity(rest.len());
    for (at, c) in rest.chars().enumerate() {
        let escape = match (quote, dialect) {
            _ if pending && at == 0 => None,
            (Some('\''), Dialect::Fish) => "'\\".contains(c).then_some('\\'),
            // What cannot stand between single quotes ends them, stands escaped, and opens them again.
            (Some('\''), Dialect::Bash | Dialect::Zsh | Dialect::Posix) if c == '\'' => {
                out.push_str("'\\''");
                continue;
            }
            (Some('\''), Dialect::PowerShell) => (c == '\'').then_some('\''),
            (Some('"'), Dialect::PowerShell) => "\"$`".contains(c).then_some('`'),
            (Some('"'), _) => "\"\\$`".contains(c).then_some('\\'),
            (Some(_), _) => None,
            (None, Dialect::PowerShell) => {
                (c.is_whitespace() || "'\"`$&|;<>(){}@#,".contains(c)).then_some('`')
            }
            // Nothing escapes outside quotes: see the caller's test for names that need them.
            (None, Dialect::Nu) => None,
            (None, _) => (c.is_whitespace() || "'\"\\`$&|;<>(){}[]*?!#~^".contains(c)).then_some('\\'),
        };
        out.extend(escape);
        out.push(c);
    }
    out
}

/// Subcommands of git that take branches and the like.
const WITH_REFS: &[&str] =
    &["checkout", "cherry-pick", "co", "diff", "log", "merge", "rebase", "reset", "show", "sw", "switch"];

/// Adds branches, tags and remotes where git takes them.
pub(super) fn refs(scene: &Scene<'_>, typed: &Typed<'_>, words: &[&str], pool: &mut Pool) {
    let ["git", sub, rest @ ..] = words else { return };
    let operands = rest.iter().filter(|word| !word.starts_with('-')).count();
    let remote_first = matches!(*sub, "push" | "pull" | "fetch");
    let branch =
        WITH_REFS.contains(sub) || (*sub == "branch" && rest.iter().any(|word| word.starts_with('-')));
    if !(remote_first || branch) || typed.current.starts_with('-') {
        return;
    }
    let Some(refs) = scene.query.context.cwd.as_deref().and_then(|cwd| scene.world.git_refs(cwd)) else {
        return;
    };
    let mut add = |names: &[String], git: f32| {
        let fitting =
            names.iter().filter_map(|name| name.strip_prefix(typed.current).map(|rest| (name, rest)));
        for (rank, (name, rest)) in fitting.take(MOST_OFFERED).enumerate() {
            let head = refs.head.as_ref() == Some(name);
            if !rest.is_empty()
                && !rest.contains(char::is_whitespace)
                && let Some(candidate) = pool.at(false, rest)
            {
                candidate.named.git = if head { 5.0 } else { git };
                candidate.named.rank = rank as f32;
            }
        }
    };
    if remote_first && operands == 0 {
        add(&refs.remotes, 2.0);
    } else {
        add(&refs.branches, 1.0);
        add(&refs.remote_branches, 4.0);
        add(&refs.tags, 3.0);
    }
}

/// The nearest directory above that holds a `.git`.
pub(super) fn project(world: &dyn World, cwd: &str) -> Option<String> {
    let mut dir = cwd;
    loop {
        let entries = world.entries(dir);
        if entries.is_some_and(|entries| entries.iter().any(|entry| entry.name == ".git")) {
            return Some(dir.to_owned());
        }
        dir = dir.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_the_shell_needs_them() {
        let check = |rest: &str, quote, dialect, expect: &str| {
            assert_eq!(quoted(rest, quote, false, dialect), expect, "{rest} {quote:?} {dialect}");
        };
        check("My File", None, Dialect::Bash, "My\\ File");
        check("My File", Some('\''), Dialect::Bash, "My File");
        check("it's", Some('\''), Dialect::Zsh, "it'\\''s");
        check("it's", Some('\''), Dialect::Fish, "it\\'s");
        check("a$b", Some('"'), Dialect::Bash, "a\\$b");
        check("a b", None, Dialect::PowerShell, "a` b");
        assert_eq!(quoted(" b", None, true, Dialect::Bash), " b");
    }

    #[test]
    fn paths_are_straightened() {
        assert_eq!(straight("/a/b/../c/./d//e"), "/a/c/d/e");
        assert_eq!(straight("/.."), "/");
    }

    #[test]
    fn extensions() {
        assert_eq!(extension_of("a/b.tar.gz"), Some("gz"));
        assert_eq!(extension_of(".bashrc"), None);
        assert_eq!(extension_of("'x.md'"), Some("md"));
    }
}
