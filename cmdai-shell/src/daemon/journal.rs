//! The daemon's log: what it did, never what was typed.
//!
//! A line is a time and a sentence. The file is the user's alone and bounded: at [`MAX_BYTES`] it becomes the one
//! before, and there are two at most. A log that cannot be written stops nothing; its last lines are written when it can.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use cmdai_core::redact::redact;

use crate::env;
use crate::paint::visible;
use crate::surroundings;

/// A log beyond this is put aside.
const MAX_BYTES: u64 = 256 << 10;
/// A longer message is cut.
const MAX_MESSAGE_BYTES: usize = 1 << 10;
/// Messages that wait for a disk; of more the oldest are lost.
const MAX_WAITING: usize = 100;

/// Where messages go.
#[derive(Debug, Default)]
pub(super) struct Journal {
    file: Mutex<Option<File>>,
    /// Lines that could not be written yet.
    waiting: Mutex<VecDeque<String>>,
    /// To standard error as well.
    aloud: bool,
}

impl Journal {
    /// Opens the log, or does without.
    pub(super) fn open(aloud: bool) -> Self {
        let file = Mutex::new(path().and_then(|path| open(&path).ok()));
        Self { file, waiting: Mutex::default(), aloud }
    }

    /// Writes a message.
    pub(super) fn say(&self, message: &str) {
        let cut = message.floor_char_boundary(MAX_MESSAGE_BYTES.min(message.len()));
        let message = visible(&redact(&message[..cut]));
        if self.aloud {
            crate::say(&format!("cmdai: {message}\n"));
        }
        let (Ok(mut slot), Ok(mut waiting)) = (self.file.lock(), self.waiting.lock()) else { return };
        waiting.push_back(format!("{} {} {message}\n", timestamp(), std::process::id()));
        if waiting.len() > MAX_WAITING {
            waiting.pop_front();
        }
        if slot.is_none() {
            *slot = path().and_then(|path| open(&path).ok());
        }
        let Some(file) = slot.as_mut() else { return };
        while let Some(line) = waiting.front() {
            if file.write_all(line.as_bytes()).is_err() {
                return;
            }
            waiting.pop_front();
        }
        let full = file.metadata().is_ok_and(|meta| meta.len() > MAX_BYTES);
        if let Some(path) = path().filter(|_| full) {
            let _ = std::fs::rename(&path, path.with_extension("log.1"));
            *slot = open(&path).ok();
        }
    }
}

fn open(path: &std::path::Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags).open(path)
}

/// Where the log is.
pub(super) fn path() -> Option<PathBuf> {
    let named = env::value(env::STATE_HOME).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = named.or_else(|| Some(surroundings::stated_home()?.join(".local/state")))?;
    Some(state.join("cmdai/daemon.log"))
}

/// The last lines of the log.
pub(super) fn last_lines(count: usize) -> std::io::Result<String> {
    let path = path().ok_or(std::io::ErrorKind::NotFound)?;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(count)..).unwrap_or_default();
    Ok(last.iter().flat_map(|line| [*line, "\n"]).collect())
}

/// Now, as `2026-01-31T23:59:58Z`.
fn timestamp() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, seconds) = (now / 86_400, now % 86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    // Years that begin on 1 March put the leap day at their end: 719,468 days lie before 1970.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_have_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(59), (1970, 3, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_453), (2025, 12, 31));
    }
}
