//! Branches, tags and remotes, read from the files of a repository; no `git` is run.
//!
//! `HEAD` names the branch, `refs/` holds the names that changed lately and `packed-refs` the others,
//! `config` the remotes, and the end of `logs/HEAD` which branches were used last. A linked work tree has
//! a file `.git` that says where its own directory is, and that one's `commondir` where the rest is.

use std::collections::{BTreeSet, HashMap};
use std::io;

use super::disk::{Disk, Kind, Stamp};
use crate::complete::GitRefs;

/// More names of one kind are not offered.
const MAX_REFS: usize = 5_000;
/// More directories of `refs/` are not read.
const MAX_FOLDERS: usize = 500;
/// Of a larger `packed-refs` the first names are read.
const MAX_PACKED: u64 = 4 << 20;
/// Of `HEAD`, `config` and the like.
const MAX_SMALL: u64 = 256 << 10;
/// How much of the log of `HEAD` is read, from its end.
const MAX_LOG: u64 = 64 << 10;

/// Where the files of a repository are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repository {
    /// What belongs to this work tree: `HEAD`, `logs/HEAD`.
    own: String,
    /// What all its work trees share: `refs`, `packed-refs`, `config`.
    common: String,
}

/// The repository that holds a directory.
pub(super) fn find(disk: &dyn Disk, dir: &str) -> Option<Repository> {
    let mut folder = Some(dir);
    while let Some(at) = folder {
        let candidate = join(at, ".git");
        if let Ok((is_dir, _)) = disk.look(&candidate) {
            let own = if is_dir { candidate } else { linked(disk, at, &candidate)? };
            if disk.stamp(&join(&own, "HEAD")).is_ok() {
                let common = text(disk, &join(&own, "commondir"));
                let common = common.map(|path| absolute(&own, path.trim())).unwrap_or_else(|| own.clone());
                return Some(Repository { own, common });
            }
        }
        folder = parent(at);
    }
    None
}

/// What a file `.git` says: `gitdir: PATH`.
fn linked(disk: &dyn Disk, folder: &str, file: &str) -> Option<String> {
    let text = text(disk, file)?;
    let path = text.strip_prefix("gitdir:")?.trim();
    (!path.is_empty()).then(|| absolute(folder, path))
}

fn join(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

fn absolute(folder: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { join(folder, path) }
}

fn parent(folder: &str) -> Option<&str> {
    match folder.trim_end_matches('/').rsplit_once('/')? {
        ("", "") => None,
        ("", _) => Some("/"),
        (parent, _) => Some(parent),
    }
}

fn text(disk: &dyn Disk, path: &str) -> Option<String> {
    disk.head(path, MAX_SMALL).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

impl Repository {
    /// What changes when the names do, as a rule: a new branch in a folder of `refs` that was there does not.
    pub(super) fn stamps(&self, disk: &dyn Disk) -> Vec<Option<Stamp>> {
        let own = ["HEAD", "logs/HEAD"].map(|name| join(&self.own, name));
        let common = ["packed-refs", "config", "refs/heads", "refs/remotes", "refs/tags"]
            .map(|name| join(&self.common, name));
        own.iter().chain(&common).map(|path| disk.stamp(path).ok()).collect()
    }

    /// Reads the names.
    pub(super) fn read(&self, disk: &dyn Disk) -> GitRefs {
        let head = text(disk, &join(&self.own, "HEAD")).and_then(|text| head_of(&text));
        let mut heads = BTreeSet::new();
        let mut remotes = BTreeSet::new();
        let mut tags = BTreeSet::new();
        let mut add = |name: &str| {
            let sets = [
                ("refs/heads/", &mut heads as &mut BTreeSet<String>),
                ("refs/remotes/", &mut remotes),
                ("refs/tags/", &mut tags),
            ];
            for (prefix, set) in sets {
                if let Some(name) = name.strip_prefix(prefix).filter(|name| is_offered(name)) {
                    if set.len() < MAX_REFS {
                        set.insert(name.to_owned());
                    }
                    return;
                }
            }
        };
        let packed = disk.head(&join(&self.common, "packed-refs"), MAX_PACKED).unwrap_or_default();
        let cut = packed.len() as u64 == MAX_PACKED;
        let packed = String::from_utf8_lossy(&packed);
        let mut lines = packed.lines();
        if cut {
            // The last line is not whole.
            lines.next_back();
        }
        for line in lines.filter(|line| !line.starts_with(['#', '^'])) {
            line.split_once(' ').into_iter().for_each(|(_, name)| add(name.trim_end()));
        }
        let mut folders = 0;
        for kind in ["refs/heads", "refs/remotes", "refs/tags"] {
            loose(disk, &self.common, kind, &mut folders, &mut add);
        }
        let config = text(disk, &join(&self.common, "config")).unwrap_or_default();
        let used = disk.tail(&join(&self.own, "logs/HEAD"), MAX_LOG).unwrap_or_default();
        let used = last_used(&String::from_utf8_lossy(&used));
        let rank = |name: &String| {
            let is_head = head.as_ref() == Some(name);
            (!is_head, used.get(name).copied().unwrap_or(usize::MAX))
        };
        let mut branches: Vec<String> = heads.into_iter().collect();
        branches.sort_by_key(rank);
        GitRefs {
            branches,
            remote_branches: remotes.into_iter().collect(),
            tags: tags.into_iter().collect(),
            remotes: remotes_of(&config),
            head,
        }
    }
}

/// Names under `refs/` that stand in files of their own.
fn loose(disk: &dyn Disk, common: &str, folder: &str, folders: &mut usize, add: &mut impl FnMut(&str)) {
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        *folders += 1;
        if *folders > MAX_FOLDERS {
            return;
        }
        let names: io::Result<_> = disk.names(&join(common, &folder), MAX_REFS);
        for (name, kind) in names.unwrap_or_default() {
            let path = join(&folder, &name);
            match kind {
                Kind::Directory => waiting.push(path),
                _ if name.ends_with(".lock") => {}
                _ => add(&path),
            }
        }
    }
}

/// A remote's `HEAD` is another name of one of its branches.
fn is_offered(name: &str) -> bool {
    !name.is_empty() && !name.ends_with("/HEAD") && !name.chars().any(|c| c.is_control() || c == ' ')
}

fn head_of(text: &str) -> Option<String> {
    let name = text.strip_prefix("ref: refs/heads/")?.trim_end();
    // What stands there where the names are in a table, and not in files.
    (name != ".invalid" && is_offered(name)).then(|| name.to_owned())
}

/// How long ago each branch was left or entered, counted in such moves.
fn last_used(log: &str) -> HashMap<String, usize> {
    let mut used = HashMap::new();
    let moves = log
        .lines()
        .rev()
        .filter_map(|line| line.split_once("\tcheckout: moving from "))
        .map(|(_, move_)| move_);
    for (nth, names) in moves.enumerate() {
        if let Some((from, to)) = names.split_once(" to ") {
            used.entry(to.trim_end().to_owned()).or_insert(2 * nth);
            used.entry(from.to_owned()).or_insert(2 * nth + 1);
        }
    }
    used
}

/// Remotes in the order of the configuration.
fn remotes_of(config: &str) -> Vec<String> {
    let mut remotes: Vec<String> = Vec::new();
    for line in config.lines() {
        let name = line.trim().strip_prefix("[remote \"").and_then(|rest| rest.strip_suffix("\"]"));
        if let Some(name) = name.filter(|name| is_offered(name) && !remotes.iter().any(|known| known == name))
        {
            remotes.push(name.to_owned());
        }
    }
    remotes
}
