//! Runs that the disk did not take: kept in a file beside the socket until the history takes them.
//!
//! That folder lies in memory on most systems, so a full disk does not keep it from being written, and it is as
//! private as the socket. The daemon that holds the place owns the file: it writes it when a run could not be
//! recorded, reads it when it starts, and takes it away when nothing waits any more.

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use cmdai_core::history::Run;
use serde_json::Value;

use crate::history::json;

/// A file beyond this was not written by us.
const MAX_BYTES: u64 = 64 << 20;

/// How many runs wait, for whoever asks the daemon about itself.
#[derive(Debug, Default)]
pub(super) struct Pending {
    runs: AtomicUsize,
    /// False where the file could not be written either.
    kept: AtomicBool,
}

impl Pending {
    /// How many runs wait, and whether they outlive the daemon.
    pub(super) fn state(&self) -> (usize, bool) {
        (self.runs.load(Ordering::SeqCst), self.kept.load(Ordering::SeqCst))
    }

    /// So many were kept by the last daemon.
    pub(super) fn found(&self, runs: usize) {
        self.runs.store(runs, Ordering::SeqCst);
        self.kept.store(true, Ordering::SeqCst);
    }

    /// Keeps the runs that wait, or takes the file away where none does.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn keep(&self, path: &Path, runs: &VecDeque<Run>) -> std::io::Result<()> {
        let kept = match runs.is_empty() {
            true => match std::fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            false => write(path, runs),
        };
        self.runs.store(runs.len(), Ordering::SeqCst);
        self.kept.store(kept.is_ok(), Ordering::SeqCst);
        kept
    }
}

/// The runs that were kept, the oldest first; none where nothing was.
pub(super) fn read(path: &Path) -> VecDeque<Run> {
    let mut text = String::new();
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path);
    if file.is_ok_and(|file| file.take(MAX_BYTES).read_to_string(&mut text).is_err()) {
        return VecDeque::new();
    }
    text.lines().filter_map(from_line).collect()
}

/// All of it or nothing: what was kept before stays until the new file is whole.
fn write(path: &Path, runs: &VecDeque<Run>) -> std::io::Result<()> {
    let text: String = runs.iter().map(|run| to_line(run) + "\n").collect();
    let mut new: PathBuf = path.to_owned();
    new.set_extension("new");
    let _ = std::fs::remove_file(&new);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| std::fs::rename(&new, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    written
}

fn to_line(run: &Run) -> String {
    Value::Object(json::write(run)).to_string()
}

fn from_line(line: &str) -> Option<Run> {
    json::read(&serde_json::from_str(line).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.runs");
        let runs: VecDeque<Run> = [
            Run { command: "make\n\tall \u{e9}".to_owned(), ..Run::default() },
            Run { command: "ls".to_owned(), status: Some(130), ..Run::default() },
        ]
        .into();
        let pending = Pending::default();
        assert_eq!(read(&path), VecDeque::new());
        pending.keep(&path, &runs).unwrap();
        assert_eq!((read(&path), pending.state()), (runs.clone(), (2, true)));
        let elsewhere = folder.path().join("nowhere/s.runs");
        assert!(pending.keep(&elsewhere, &runs).is_err());
        assert_eq!(pending.state(), (2, false));
        std::fs::write(&path, "nonsense\n{}\n").unwrap();
        assert_eq!(read(&path), VecDeque::new());
        pending.keep(&path, &VecDeque::new()).unwrap();
        assert!(!path.exists() && pending.state() == (0, true));
    }
}
