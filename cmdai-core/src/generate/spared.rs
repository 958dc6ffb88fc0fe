//! Folders that a request leaves alone: `src/vendor` in "all files under src, but dont touch anything in src/vendor".
//!
//! What works on just that folder does the opposite of what was asked for, however well it fits otherwise.

use super::entities::trim_punctuation;
use super::shell_words::{TokenKind, cut, unquoted};

/// Words that leave out what follows. Sorted.
const LEAVES: &[&str] = &[
    "besides",
    "don't",
    "dont",
    "except",
    "exclude",
    "excluding",
    "ignore",
    "ignoring",
    "never",
    "not",
    "omit",
    "omitting",
    "out",
    "outside",
    "skip",
    "skipping",
    "without",
];

/// What may stand between such a word and the folder. Sorted.
const BETWEEN: &[&str] = &[
    "all",
    "anything",
    "at",
    "below",
    "directory",
    "everything",
    "files",
    "folder",
    "for",
    "from",
    "go",
    "going",
    "in",
    "inside",
    "into",
    "look",
    "of",
    "search",
    "the",
    "things",
    "those",
    "touch",
    "touching",
    "under",
    "what",
    "within",
];

/// Those that leave out what follows whatever else is named: "TODO in all go files except under vendor/". Sorted.
const LEAVES_ALONE: &[&str] = &[
    "besides",
    "except",
    "exclude",
    "excluding",
    "ignoring",
    "omitting",
    "out",
    "outside",
    "skip",
    "skipping",
];

/// What flags have in their names whose value is left out, or is a pattern.
const EXCLUDES: &[&str] =
    &["exclude", "ignore", "name", "not", "omit", "path", "regex", "skip", "without", "-x", "-X", "-e"];

/// True for a word that leaves out what follows.
pub(super) fn leaves_out(lower: &str) -> bool {
    LEAVES.binary_search(&lower).is_ok()
}

/// The folder that the request leaves alone and the command works on, if there is one.
///
/// A folder inside another one that the request names counts, and the only one that is named: "what is in a but not in
/// b" is about both.
pub(super) fn used<'w>(command: &str, words: &'w str) -> Option<&'w str> {
    let tokens: Vec<&str> = words.split_whitespace().map(trim_punctuation).collect();
    let folder = |at: usize| tokens.get(at).map(|token| token.trim_end_matches('/'));
    let is_inside = |inner: &str| {
        tokens.iter().any(|outer| {
            let outer = outer.trim_end_matches('/');
            inner.strip_prefix(outer).is_some_and(|rest| !outer.is_empty() && rest.starts_with('/'))
        })
    };
    let is_left = |at: usize, by: &[&str]| {
        let before = tokens.iter().take(at).rev().map(|token| token.to_lowercase());
        let mut before = before.skip_while(|token| BETWEEN.binary_search(&token.as_str()).is_ok());
        before.next().is_some_and(|token| by.binary_search(&token.as_str()).is_ok())
    };
    let is_path = |token: &str| token.contains('/') || token.starts_with('~');
    let is_only = |at: usize| {
        tokens.get(at).is_some_and(|token| token.ends_with('/'))
            && tokens.iter().filter(|token| is_path(token)).count() == 1
    };
    let spared = (0..tokens.len()).filter(|&at| {
        let inside = folder(at).is_some_and(is_inside) && is_left(at, LEAVES);
        inside || (is_only(at) && is_left(at, LEAVES_ALONE))
    });
    spared.filter_map(folder).find(|spared| works_on(command, spared))
}

/// True where a path is a word of its own in a command, and not the value of a flag or the pattern of a test.
fn works_on(command: &str, path: &str) -> bool {
    let mut before = String::new();
    for token in cut(command) {
        if matches!(token.kind, TokenKind::Bare | TokenKind::Quoted) {
            let word = unquoted(token.text);
            let is_it =
                word.trim_end_matches(['/', '*']).trim_start_matches("./") == path.trim_start_matches("./");
            if is_it && !EXCLUDES.iter().any(|flag| before.starts_with('-') && before.contains(flag)) {
                return true;
            }
            before = word;
        } else {
            before.clear();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(LEAVES.is_sorted() && BETWEEN.is_sorted() && LEAVES_ALONE.is_sorted());
    }

    #[test]
    fn what_is_left_out_is_not_worked_on() {
        let request = "files under /srv/www changed today, leave out everything in /srv/www/cache";
        assert_eq!(used("find /srv/www/cache -type f -mtime -1", request), Some("/srv/www/cache"));
        assert_eq!(used("find /srv/www -type f -mtime -1 ! -path '/srv/www/cache/*'", request), None);
        assert_eq!(
            used("find /srv/www -path /srv/www/cache -prune -o -type f -mtime -1 -print", request),
            None
        );
        let request = "sort imports of all py files in src but dont touch anything in src/vendor/";
        assert_eq!(used("isort src/vendor/*", request), Some("src/vendor"));
        assert_eq!(used("isort src --skip src/vendor", request), None);
        let request = "grep for TODO in all .go files except under vendor/, with line numbers";
        assert_eq!(used("grep -rn --include='*.go' TODO vendor", request), Some("vendor"));
        assert_eq!(used("grep -rn --include='*.go' --exclude-dir=vendor TODO .", request), None);
        let request = "copy a/b to c and not a/b/d";
        assert_eq!(used("rsync -a --exclude a/b/d a/b c", request), None);
        assert_eq!(used("cp -r a/b/d c", request), Some("a/b/d"));
    }

    #[test]
    fn what_is_compared_or_asked_for_is() {
        assert_eq!(used("comm -23 <(ls a/x) <(ls a/y)", "what is in a/x but not in a/y"), None);
        assert_eq!(used("ls src/vendor", "list src/vendor, not src"), None);
        assert_eq!(used("ls -A vendor", "what does git ignore in vendor/"), None);
        assert_eq!(used("rsync -a src/ dst", "copy src/ to dst/ but skip what is in dst/"), None);
        assert_eq!(used("du -sh src src/vendor", "how big is src and how big is src/vendor"), None);
    }
}
