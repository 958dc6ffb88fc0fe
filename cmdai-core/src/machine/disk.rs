//! The few questions that are asked of a disk, as a trait, so that a test can have one that hangs.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::time::SystemTime;

/// What tells one state of a file or directory from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// When it was changed.
    pub modified: Option<SystemTime>,
    /// Its length in bytes.
    pub length: u64,
}

/// What stands in a directory under a name, as the directory itself tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Directory,
    /// A link; where it leads is another question.
    Link,
    /// Anything else.
    File,
}

/// A disk. Every method may block for as long as the disk pleases.
pub trait Disk: Send + Sync + 'static {
    /// The state of a file or directory, links followed.
    ///
    /// # Errors
    /// There is none, or it cannot be seen.
    fn stamp(&self, path: &str) -> io::Result<Stamp>;

    /// At most so many names of a directory that are text, in any order.
    ///
    /// # Errors
    /// It is none, or cannot be read.
    fn names(&self, dir: &str, most: usize) -> io::Result<Vec<(String, Kind)>>;

    /// Whether a path leads to a directory, and whether it is a file that may be executed.
    ///
    /// # Errors
    /// It leads nowhere.
    fn look(&self, path: &str) -> io::Result<(bool, bool)>;

    /// The first bytes of a file, at most so many.
    ///
    /// # Errors
    /// It is none, or cannot be read.
    fn head(&self, path: &str, most: u64) -> io::Result<Vec<u8>>;

    /// The last bytes of a file, at most so many.
    ///
    /// # Errors
    /// It is none, or cannot be read.
    fn tail(&self, path: &str, most: u64) -> io::Result<Vec<u8>>;
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn stamp(&self, path: &str) -> io::Result<Stamp> {
        let meta = fs::metadata(path)?;
        Ok(Stamp { modified: meta.modified().ok(), length: meta.len() })
    }

    fn names(&self, dir: &str, most: usize) -> io::Result<Vec<(String, Kind)>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            if names.len() == most {
                break;
            }
            let entry = entry?;
            // A name that cannot be typed cannot be completed either.
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.chars().any(char::is_control) {
                continue;
            }
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_dir() => Kind::Directory,
                Ok(kind) if kind.is_symlink() => Kind::Link,
                _ => Kind::File,
            };
            names.push((name, kind));
        }
        Ok(names)
    }

    fn look(&self, path: &str) -> io::Result<(bool, bool)> {
        let meta = fs::metadata(path)?;
        Ok((meta.is_dir(), meta.is_file() && may_be_executed(&meta)))
    }

    fn head(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        open(path)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn tail(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut file = open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Only a plain file: opening a pipe waits for its other end.
fn open(path: &str) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    File::open(path)
}

#[cfg(unix)]
fn may_be_executed(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn may_be_executed(_meta: &fs::Metadata) -> bool {
    false
}
