//! Weights saved in the order in which the runtime multiplies with them.
//!
//! ONNX Runtime rearranges 4-bit weights whenever it loads them, into memory of its own. Saved once, they
//! are mapped instead: memory that processes share and the system can take back. What is saved fits one
//! model, one version of the runtime and one kind of processor, all of which are in the name of its folder.
//!
//! A folder is made aside, proved by loading it, and renamed; a reader finds all of it or nothing. Two that
//! are made at once do no harm: the second rename fails and its work is thrown away. A folder whose files
//! have another size, time or inode than when they were made is never opened, because a mapped file that
//! is too short kills the process that reads behind its end.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::models::{VerifiedModel, identity, sha256_hex};

/// Raised when files of an older cmdai must not be read by a newer one.
const FORM: u32 = 1;
/// The saved graph.
pub(super) const GRAPH: &str = "model.onnx";
/// Its weights, named in the graph.
pub(super) const WEIGHTS: &str = "model.onnx.data";
const STAMP: &str = "stamp";
/// Folders that are kept: the newest, for a person who switches between models or runtimes.
const KEPT: usize = 3;
/// A folder that is still being made after this time belongs to a process that was killed.
const ABANDONED: Duration = Duration::from_secs(15 * 60);

/// Where the weights of a model for a version of the runtime lie on this machine, made or not.
pub(super) fn folder(cache: &Path, model: &VerifiedModel, runtime: &str) -> PathBuf {
    let all = format!("{FORM} {} {runtime} {} {}", model.digest(), std::env::consts::ARCH, processor());
    cache.join("ort").join(&sha256_hex(all.as_bytes())[..24])
}

/// True where a folder is whole and as it was made.
pub(super) fn is_whole(folder: &Path) -> bool {
    let known = fs::read_to_string(folder.join(STAMP));
    known.is_ok_and(|known| stamp(folder).is_ok_and(|now| now == known))
}

/// Takes a folder away that turned out to be of no use.
pub(super) fn discard(folder: &Path) {
    // Renamed first: nobody finds half of it while it is being removed.
    let aside = aside(folder);
    let gone = fs::rename(folder, &aside).is_ok();
    let _ = fs::remove_dir_all(if gone { &aside } else { folder });
}

/// Makes a folder: `fill` writes graph and weights into the folder that it is given and proves them.
pub(super) fn make<E: From<io::Error>>(
    folder: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let aside = aside(folder);
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
        sweep(parent);
    }
    fs::create_dir_all(&aside)?;
    let made = fill(&aside).and_then(|()| {
        for name in [GRAPH, WEIGHTS] {
            File::open(aside.join(name))?.sync_all()?;
        }
        fs::write(aside.join(STAMP), stamp(&aside)?)?;
        match fs::rename(&aside, folder) {
            // Another process was faster; what it made is as good.
            Err(_) if is_whole(folder) => Ok(fs::remove_dir_all(&aside)?),
            done => Ok(done?),
        }
    });
    if made.is_err() {
        let _ = fs::remove_dir_all(&aside);
    }
    made
}

/// Removes what killed processes left and all but the newest folders.
fn sweep(parent: &Path) {
    let mut folders = Vec::new();
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let path = entry.path();
        let made =
            entry.metadata().and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        let age = made.elapsed().unwrap_or_default();
        match path.extension() {
            Some(tmp) if tmp == "tmp" && age > ABANDONED => drop(fs::remove_dir_all(&path)),
            Some(_) => {}
            None => folders.push((made, path)),
        }
    }
    folders.sort();
    // One less than is kept: another is about to be made.
    for (_, path) in folders.iter().rev().skip(KEPT - 1) {
        discard(path);
    }
}

fn aside(folder: &Path) -> PathBuf {
    folder.with_extension(format!("{}.tmp", std::process::id()))
}

fn stamp(folder: &Path) -> io::Result<String> {
    let mut stamp = String::new();
    for name in [GRAPH, WEIGHTS] {
        let metadata = fs::metadata(folder.join(name))?;
        let (time, inode) = identity(&metadata);
        let _ = writeln!(stamp, "{name} {} {time} {inode}", metadata.len());
    }
    Ok(stamp)
}

/// The instructions on which the order of the weights depends.
fn processor() -> String {
    let mut found: Vec<&str> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        macro_rules! probe {
            ($($name:tt),*) => { $(if std::arch::is_x86_feature_detected!($name) { found.push($name); })* };
        }
        probe!("avx", "avx2", "fma", "avxvnni", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vnni");
    }
    #[cfg(target_arch = "aarch64")]
    {
        macro_rules! probe {
            ($($name:tt),*) => { $(if std::arch::is_aarch64_feature_detected!($name) { found.push($name); })* };
        }
        probe!("neon", "dotprod", "i8mm", "sve", "sve2", "bf16", "fp16");
    }
    found.sort_unstable();
    found.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(at: &Path) -> io::Result<()> {
        fs::write(at.join(GRAPH), "graph")?;
        fs::write(at.join(WEIGHTS), "weights")
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let cache = tempfile::tempdir().unwrap();
        let folder = cache.path().join("ort/0123");
        assert!(!is_whole(&folder));
        let failed = make(&folder, |at| {
            fill(at)?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(cache.path().join("ort")).unwrap().count(), 0, "nothing is left behind");
        make(&folder, fill).unwrap();
        assert!(is_whole(&folder));
        assert_eq!(fs::read_dir(cache.path().join("ort")).unwrap().count(), 1);
    }

    #[test]
    fn the_slower_of_two_throws_its_work_away() {
        let cache = tempfile::tempdir().unwrap();
        let folder = cache.path().join("ort/0123");
        make(&folder, |at| {
            fill(at)?;
            // What another process makes meanwhile.
            let other = folder.with_extension("1.tmp");
            fs::create_dir_all(&other)?;
            fill(&other)?;
            fs::write(other.join(STAMP), stamp(&other)?)?;
            fs::rename(other, &folder)
        })
        .unwrap();
        assert!(is_whole(&folder));
        assert_eq!(fs::read_dir(cache.path().join("ort")).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_changed_is_not_opened() {
        let check = |change: &dyn Fn(&Path)| {
            let cache = tempfile::tempdir().unwrap();
            let folder = cache.path().join("ort/0123");
            make(&folder, fill).unwrap();
            change(&folder);
            assert!(!is_whole(&folder));
            discard(&folder);
            assert!(!folder.exists());
        };
        check(&|at| fs::write(at.join(WEIGHTS), "short").unwrap());
        check(&|at| fs::remove_file(at.join(GRAPH)).unwrap());
        check(&|at| fs::remove_file(at.join(STAMP)).unwrap());
        check(&|at| fs::write(at.join(STAMP), [0xff]).unwrap());
        check(&|at| {
            let file = File::options().write(true).open(at.join(WEIGHTS)).unwrap();
            file.set_modified(SystemTime::now() + Duration::from_secs(5)).unwrap();
        });
    }

    #[test]
    fn old_folders_and_those_of_killed_processes_go() {
        let cache = tempfile::tempdir().unwrap();
        let parent = cache.path().join("ort");
        let long_ago = |path: &Path, hours: u64| {
            let time = SystemTime::now() - Duration::from_secs(3600 * hours);
            File::open(path).unwrap().set_modified(time).unwrap();
        };
        for (number, hours) in [("a", 9), ("b", 8), ("c", 7), ("d", 6)] {
            make(&parent.join(number), fill).unwrap();
            long_ago(&parent.join(number), hours);
        }
        fs::create_dir(parent.join("e.77.tmp")).unwrap();
        long_ago(&parent.join("e.77.tmp"), 1);
        fs::create_dir(parent.join("f.78.tmp")).unwrap();
        make(&parent.join("g"), fill).unwrap();
        let mut left: Vec<_> =
            fs::read_dir(&parent).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["c", "d", "f.78.tmp", "g"]);
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_an_error_and_no_more() {
        let cache = tempfile::tempdir().unwrap();
        fs::write(cache.path().join("ort"), "a file").unwrap();
        assert!(make(&cache.path().join("ort/0123"), fill).is_err());
        assert!(!is_whole(&cache.path().join("ort/0123")));
    }
}
