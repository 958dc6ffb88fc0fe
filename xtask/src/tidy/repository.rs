//! What may lie in the repository: sizes, and texts that belong to one machine only.

use std::process::Command;

use anyhow::Result;

use super::Source;
use crate::process::output;
use crate::tree;

/// A file that git tracks or would add.
pub(crate) struct Entry {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

/// Hosting services refuse files of 100 MB; models are split to stay below.
const MOST_BYTES: u64 = 95_000_000;

/// Hosts that a lock file may name. Another one would be a mirror of whoever wrote the file.
const PUBLIC_HOSTS: &[&str] =
    &["crates.io", "files.pythonhosted.org", "github.com", "pypi.org", "registry.npmjs.org"];

/// The tracked files, and those that the next commit would take.
pub(super) fn files() -> Result<Vec<Entry>> {
    let mut git = Command::new("git");
    git.current_dir(tree::root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = output(&mut git)?;
    let mut files = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        // A file that was deleted and not yet committed is still listed.
        if let Ok(meta) = tree::root().join(path).symlink_metadata()
            && meta.is_file()
        {
            files.push(Entry { path: path.to_owned(), bytes: meta.len() });
        }
    }
    Ok(files)
}

pub(super) fn check(files: &[Entry], sources: &[Source]) -> Vec<String> {
    let mut complaints = too_large(files);
    let words = private_words();
    for source in sources {
        complaints.extend(private(source, &words));
        complaints.extend(mirrors(source));
    }
    complaints
}

fn too_large(files: &[Entry]) -> Vec<String> {
    let large = files.iter().filter(|file| file.bytes > MOST_BYTES);
    large.map(|file| format!("{}: {} bytes, {MOST_BYTES} at most", file.path, file.bytes)).collect()
}

/// Texts that only this machine knows: where the checkout and the home folder lie, and whatever the
/// developer lists, one a line, in `.git/info/private-words`.
fn private_words() -> Vec<String> {
    let deep = |path: &std::path::Path| path.components().count() > 2;
    let mut words: Vec<String> = [Some(tree::root()), std::env::home_dir()]
        .into_iter()
        .flatten()
        .filter(|path| deep(path))
        .map(|path| path.display().to_string())
        .collect();
    let mut git = Command::new("git");
    git.current_dir(tree::root()).args(["rev-parse", "--git-path", "info/private-words"]);
    let own = output(&mut git)
        .map(|path| tree::root().join(path.trim()))
        .and_then(|path| Ok(std::fs::read_to_string(path)?));
    words.extend(own.unwrap_or_default().lines().filter(|line| !line.is_empty()).map(str::to_owned));
    words
}

fn private(source: &Source, words: &[String]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for word in words.iter().filter(|word| line.contains(word.as_str())) {
            complaints.push(format!(
                "{}:{}: {word:?} means something on one machine only",
                source.path,
                number + 1
            ));
        }
    }
    complaints
}

fn mirrors(source: &Source) -> Vec<String> {
    let name = source.path.rsplit('/').next().unwrap_or(&source.path);
    if !(name.ends_with(".lock") || name == "package-lock.json") {
        return Vec::new();
    }
    let hosts = source.text.split("https://").skip(1).chain(source.text.split("http://").skip(1)).filter_map(
        |rest| {
            let host = rest.split(['/', '"', '\'', ' ', '\n', '?', '#']).next()?;
            (!PUBLIC_HOSTS.contains(&host)).then_some(host)
        },
    );
    let mut hosts: Vec<_> = hosts.collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts.into_iter().map(|host| format!("{}: {host} is not a public registry", source.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    #[test]
    fn private_texts_are_found_with_their_line() {
        let words = ["/srv/build/x".to_owned()];
        let found = private(&source("a.md", "fine\nsee /srv/build/x/notes\n"), &words);
        assert_eq!(found, ["a.md:2: \"/srv/build/x\" means something on one machine only"]);
    }

    #[test]
    fn lock_files_name_public_registries_only() {
        let check = |path: &str, text: &str| mirrors(&source(path, text));
        let lock = "\"resolved\": \"https://registry.npmjs.org/a/-/a-1.0.0.tgz\"\n\
                    \"resolved\": \"https://mirror.example/a\"\n";
        assert_eq!(
            check("x/package-lock.json", lock),
            ["x/package-lock.json: mirror.example is not a public registry"]
        );
        assert!(check("x/readme.md", lock).is_empty());
        assert!(
            check("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"")
                .is_empty()
        );
    }

    #[test]
    fn large_files_are_named() {
        let files = [
            Entry { path: "a".into(), bytes: MOST_BYTES },
            Entry { path: "b".into(), bytes: MOST_BYTES + 1 },
        ];
        assert_eq!(too_large(&files), ["b: 95000001 bytes, 95000000 at most"]);
    }
}
