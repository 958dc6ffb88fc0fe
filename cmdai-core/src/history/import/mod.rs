//! The history files of other shells, read from their bytes.
//!
//! Each parser is total: any bytes give the runs that could be read and the number of entries that could
//! not. A history is as damaged as a disk can make it (a file cut by a crash, two shells writing at
//! once), and one odd entry must cost no other. Nothing here decides what may be kept; that is
//! [`super::Keep`].

mod bash;
mod fish;
mod nu;
mod zsh;

#[cfg(test)]
mod tests;

use super::Run;
use crate::line::Dialect;

/// An entry beyond this is no command line, and is skipped.
const MAX_ENTRY_BYTES: usize = 64 << 10;

/// What was read from a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The runs in the order of the file, as a rule the oldest first.
    pub runs: Vec<Run>,
    /// Entries that could not be read: not UTF-8, too long, of no known form.
    pub skipped: usize,
}

impl Parsed {
    /// Adds an entry, unless there is nothing in it or it is too long.
    fn push(&mut self, run: Run) {
        let command = run.command.trim_end_matches('\n');
        if command.len() > MAX_ENTRY_BYTES {
            self.skipped += 1;
        } else if !command.trim().is_empty() {
            let command = command.to_owned();
            self.runs.push(Run { command, ..run });
        }
    }
}

/// The form of a history file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// zsh, with and without `EXTENDED_HISTORY`.
    Zsh,
    /// bash, with and without times.
    Bash,
    /// fish.
    Fish,
    /// nushell's `history.txt`; its `history.sqlite3` is a database.
    Nu,
}

impl Format {
    /// Every form.
    pub const ALL: &'static [Self] = &[Self::Zsh, Self::Bash, Self::Fish, Self::Nu];

    /// The shell's name.
    pub const fn name(self) -> &'static str {
        self.dialect().name()
    }

    /// The shell language of its lines.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Zsh => Dialect::Zsh,
            Self::Bash => Dialect::Bash,
            Self::Fish => Dialect::Fish,
            Self::Nu => Dialect::Nu,
        }
    }

    /// The form that a file most likely has, by what stands in it; `None` where it could be several.
    ///
    /// ```
    /// use cmdai_core::history::import::Format;
    ///
    /// assert_eq!(Format::of(b": 1700000000:0;ls\n"), Some(Format::Zsh));
    /// assert_eq!(Format::of(b"#1700000000\nls\n"), Some(Format::Bash));
    /// assert_eq!(Format::of(b"ls\n"), None);
    /// ```
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
        let mut lines = head.split(|byte| *byte == b'\n').take(200);
        lines.find_map(|line| {
            if zsh::header(line).is_some() {
                Some(Self::Zsh)
            } else if bash::time(line).is_some() {
                Some(Self::Bash)
            } else if line.starts_with(b"- cmd: ") {
                Some(Self::Fish)
            } else {
                None
            }
        })
    }

    /// Reads a file's bytes.
    ///
    /// ```
    /// use cmdai_core::history::import::Format;
    ///
    /// let parsed = Format::Zsh.parse(b": 1700000000:3;make test\n");
    /// assert_eq!(parsed.runs[0].command, "make test");
    /// assert_eq!(parsed.runs[0].started, Some(1_700_000_000));
    /// ```
    pub fn parse(self, bytes: &[u8]) -> Parsed {
        match self {
            Self::Zsh => zsh::parse(bytes),
            Self::Bash => bash::parse(bytes),
            Self::Fish => fish::parse(bytes),
            Self::Nu => nu::parse(bytes),
        }
    }
}

/// The lines of a file without their newline; what follows the last newline is one too unless it is empty.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let none = bytes.is_empty();
    bytes.split(|byte| *byte == b'\n').skip(usize::from(none))
}

/// A number of digits only.
fn number(bytes: &[u8]) -> Option<i64> {
    let digits = !bytes.is_empty() && bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(bytes).ok().filter(|_| digits)?.parse().ok()
}
