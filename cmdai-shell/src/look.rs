//! Names below the working directory, for requests that speak of what is there.
//!
//! Names and kinds only: no file is opened, nothing is kept, and nothing leaves the machine. What is looked at has bounds, and so
//! has the time it may take, since a directory may lie on a disk that does not answer.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use cmdai_core::Os;
use cmdai_core::generate::{EntryKind, Request, Tree};

use crate::surroundings;

/// Entries that are looked at, the nearest first.
const MOST_ENTRIES: usize = 2_000;
/// How deep.
const DEEPEST: usize = 4;
/// A disk that takes longer is not waited for.
const LONGEST: Duration = Duration::from_millis(50);
/// Looks that may hang at a time.
const MOST_HANGING: usize = 4;

/// Folders whose inside is nobody's own.
const PASSED_BY: &[&str] = &["node_modules", "target", "__pycache__", "venv", "site-packages", "vendor"];

static LOOKING: AtomicUsize = AtomicUsize::new(0);

/// Adds to a request what lies in its directory, unless the configuration says no or it is for another system.
pub(crate) fn around(request: &mut Request, is_wanted: Option<bool>) {
    let context = &mut request.context;
    let Some(cwd) = context.cwd.clone().filter(|_| is_wanted != Some(false) && context.os == Os::host())
    else {
        return;
    };
    if LOOKING.fetch_add(1, Ordering::Relaxed) >= MOST_HANGING {
        LOOKING.fetch_sub(1, Ordering::Relaxed);
        return;
    }
    let (tell, told) = mpsc::channel();
    let look = move || {
        let cwd = Path::new(&cwd);
        // Nobody waits any more where this fails.
        drop(tell.send((names(cwd), surroundings::in_work_tree(cwd))));
        LOOKING.fetch_sub(1, Ordering::Relaxed);
    };
    if std::thread::Builder::new().name("look".to_owned()).spawn(look).is_err() {
        LOOKING.fetch_sub(1, Ordering::Relaxed);
        return;
    }
    if let Ok((Some(tree), in_work_tree)) = told.recv_timeout(LONGEST) {
        context.in_work_tree |= in_work_tree;
        request.tree = Some(Arc::new(tree));
    }
}

/// The names in and below a directory, folder by folder; `None` where it cannot be read.
fn names(cwd: &Path) -> Option<Tree> {
    let mut tree = Tree::default();
    let mut left = MOST_ENTRIES;
    let (own_disk, own_place) = (disk(cwd), cwd.canonicalize().ok());
    let mut folders = VecDeque::from([(String::new(), 0)]);
    while let Some((folder, depth)) = folders.pop_front() {
        let at = cwd.join(&folder);
        // Other disks and what the system makes up (`/proc`) are left alone.
        if depth > 0 && disk(&at) != own_disk {
            continue;
        }
        let entries = match std::fs::read_dir(at) {
            Ok(entries) => entries,
            Err(_) if depth == 0 => return None,
            Err(_) => continue,
        };
        let mut is_whole = true;
        for entry in entries {
            let Ok(entry) = entry else {
                is_whole = false;
                break;
            };
            if left == 0 {
                return Some(tree);
            }
            left -= 1;
            // What is no text cannot be asked for in words.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let meant =
                if kind.is_symlink() { led_to(&entry.path(), own_place.as_deref()) } else { kind_of(kind) };
            tree.insert(&path, meant);
            let is_own = !name.starts_with('.') && !PASSED_BY.contains(&name.as_str());
            if kind.is_dir() && is_own && depth + 1 < DEEPEST {
                folders.push_back((path, depth + 1));
            }
        }
        if is_whole {
            tree.set_whole(&folder);
        }
    }
    Some(tree)
}

/// What a link is. One that leads to a folder which is not below the directory is none of it: what is done to all that lies in
/// `disk -> /` is done to the system.
fn led_to(link: &Path, place: Option<&Path>) -> EntryKind {
    let Ok(meta) = std::fs::metadata(link) else { return EntryKind::Other };
    let is_below = || {
        let target = link.canonicalize().ok();
        target.zip(place).is_some_and(|(target, place)| target != place && target.starts_with(place))
    };
    if meta.is_dir() && !is_below() { EntryKind::Other } else { kind_of(meta.file_type()) }
}

#[cfg(unix)]
fn disk(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|meta| meta.dev())
}

#[cfg(not(unix))]
fn disk(_folder: &Path) -> Option<u64> {
    None
}

fn kind_of(kind: std::fs::FileType) -> EntryKind {
    if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_kinds_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("a/b/c/d/e")).unwrap();
        std::fs::create_dir_all(at("node_modules/x")).unwrap();
        std::fs::write(at("a/one.txt"), "").unwrap();
        #[cfg(unix)]
        for (target, link) in [("a", "link"), ("/", "root"), ("..", "up"), (".", "here"), ("nowhere", "lost")]
        {
            std::os::unix::fs::symlink(target, at(link)).unwrap();
        }
        let tree = names(folder.path()).unwrap();
        assert_eq!(tree.kind("a/one.txt"), Some(Some(EntryKind::File)));
        assert_eq!(tree.kind("a/two.txt"), Some(None));
        assert_eq!(tree.kind("a/b/c/d"), Some(Some(EntryKind::Folder)));
        assert_eq!(tree.kind("a/b/c/d/e"), None);
        assert_eq!(tree.kind("node_modules/y"), None);
        #[cfg(unix)]
        for (link, kind) in [
            ("link", EntryKind::Folder),
            ("root", EntryKind::Other),
            ("up", EntryKind::Other),
            ("here", EntryKind::Other),
            ("lost", EntryKind::Other),
        ] {
            assert_eq!(tree.kind(link), Some(Some(kind)), "{link}");
        }
        assert!(names(&at("nothing")).is_none());
    }

    #[test]
    fn a_large_directory_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..=MOST_ENTRIES {
            std::fs::write(folder.path().join(number.to_string()), "").unwrap();
        }
        let tree = names(folder.path()).unwrap();
        assert_eq!(tree.kind("nothing"), None, "it may be there");
    }
}
