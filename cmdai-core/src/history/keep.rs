//! Which runs may be kept.
//!
//! One function decides for every door, the store and the daemon's memory: a line with a secret, a line
//! that begins with a blank, and what the person named is refused, with the reason.

use std::fmt;

use super::{Pattern, Run};
use crate::redact::redact;

/// A longer line is not kept: it is a paste or a file, and nobody types it again.
pub const MAX_COMMAND_BYTES: usize = 16 << 10;

/// What may be kept.
///
/// ```
/// use cmdai_core::history::{Keep, Refusal, Run};
///
/// let keep = Keep::default();
/// let run = |line: &str| Run { command: line.into(), ..Run::default() };
/// assert_eq!(keep.refuses(&run("git status")), None);
/// assert_eq!(keep.refuses(&run(" git status")), Some(Refusal::Blank));
/// assert_eq!(keep.refuses(&run("export API_TOKEN=abc123")), Some(Refusal::Secret));
/// ```
#[derive(Clone, Debug)]
pub struct Keep {
    enabled: bool,
    patterns: Vec<Pattern>,
    directories: Vec<String>,
}

impl Default for Keep {
    fn default() -> Self {
        Self { enabled: true, patterns: Vec::new(), directories: Vec::new() }
    }
}

/// Why a run is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// Nothing is recorded: `history.enabled` is false.
    Off,
    /// There is no command in it.
    Empty,
    /// It begins with a blank, which says that it is not to be remembered.
    Blank,
    /// It holds a secret.
    Secret,
    /// It is one word that was no command: a slip of the finger, or a password at the wrong prompt.
    Mistyped,
    /// It holds control characters, which would drive the terminal when it is shown again.
    Control,
    /// It is longer than [`MAX_COMMAND_BYTES`].
    TooLong,
    /// It matches this pattern of `history.ignore`.
    Pattern(String),
    /// It was run in or below this directory of `history.ignore_dirs`.
    Directory(String),
}

impl Refusal {
    /// A stable name without values, as used in JSON and in counts.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Empty => "empty",
            Self::Blank => "blank",
            Self::Secret => "secret",
            Self::Mistyped => "mistyped",
            Self::Control => "control",
            Self::TooLong => "too_long",
            Self::Pattern(_) => "pattern",
            Self::Directory(_) => "directory",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("the history is turned off"),
            Self::Empty => f.write_str("it is empty"),
            Self::Blank => f.write_str("it begins with a blank"),
            Self::Secret => f.write_str("it holds a secret"),
            Self::Mistyped => f.write_str("it is one word that was no command"),
            Self::Control => f.write_str("it holds control characters"),
            Self::TooLong => write!(f, "it is longer than {} KiB", MAX_COMMAND_BYTES >> 10),
            Self::Pattern(pattern) => write!(f, "it matches history.ignore {pattern:?}"),
            Self::Directory(directory) => write!(f, "it was run in {directory:?} of history.ignore_dirs"),
        }
    }
}

impl Keep {
    /// What a person said: whether anything is kept, patterns of lines and absolute directories that are not.
    pub fn new<P: AsRef<str>, D: Into<String>>(
        enabled: bool,
        patterns: impl IntoIterator<Item = P>,
        directories: impl IntoIterator<Item = D>,
    ) -> Self {
        let bare = |directory: String| match directory.trim_end_matches('/') {
            "" => "/".to_owned(),
            bare => bare.to_owned(),
        };
        Self {
            enabled,
            patterns: patterns.into_iter().map(|pattern| Pattern::new(pattern.as_ref())).collect(),
            directories: directories.into_iter().map(Into::into).map(bare).collect(),
        }
    }

    /// Why a run is not kept; `None` where it may be.
    pub fn refuses(&self, run: &Run) -> Option<Refusal> {
        if !self.enabled {
            return Some(Refusal::Off);
        }
        let line = run.command.as_str();
        // The shells look at the blank only; a tab and a blank of another script mean the same.
        if line.trim().is_empty() {
            return Some(Refusal::Empty);
        }
        if line.starts_with(char::is_whitespace) {
            return Some(Refusal::Blank);
        }
        if line.len() > MAX_COMMAND_BYTES {
            return Some(Refusal::TooLong);
        }
        if line.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Some(Refusal::Control);
        }
        if run.status == Some(127) && !line.trim().contains(|c: char| c.is_whitespace() || c == '/') {
            return Some(Refusal::Mistyped);
        }
        if let Some(cwd) = &run.cwd {
            let inside = |directory: &&String| {
                let rest = cwd.strip_prefix(directory.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || directory.as_str() == "/")
            };
            if let Some(directory) = self.directories.iter().find(inside) {
                return Some(Refusal::Directory(directory.clone()));
            }
        }
        if let Some(pattern) = self.patterns.iter().find(|pattern| pattern.matches(line)) {
            return Some(Refusal::Pattern(pattern.as_str().to_owned()));
        }
        (redact(line) != line).then_some(Refusal::Secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_that_was_no_command_is_not_kept() {
        let keep = Keep::default();
        let ran = |command: &str, status| Run { command: command.to_owned(), status, ..Run::default() };
        assert_eq!(keep.refuses(&ran("myDogRex77", Some(127))), Some(Refusal::Mistyped));
        for kept in
            [ran("make", Some(2)), ran("gti status", Some(127)), ran("./run", Some(127)), ran("ls", None)]
        {
            assert_eq!(keep.refuses(&kept), None, "{kept:?}");
        }
    }

    #[track_caller]
    fn check(keep: &Keep, line: &str, cwd: &str, expect: Option<&str>) {
        let cwd = Some(cwd.to_owned()).filter(|cwd| !cwd.is_empty());
        let run = Run { command: line.into(), cwd, ..Run::default() };
        assert_eq!(keep.refuses(&run).as_ref().map(Refusal::name), expect, "{line:?}");
    }

    #[test]
    fn lines_that_are_not_kept() {
        let keep = Keep::default();
        check(&keep, "ls -la", "", None);
        check(&keep, "for i in 1 2\ndo\n\techo $i\ndone", "", None);
        check(&keep, "", "", Some("empty"));
        check(&keep, "  ", "", Some("empty"));
        check(&keep, " ls", "", Some("blank"));
        check(&keep, "\tls", "", Some("blank"));
        check(&keep, "export API_TOKEN=fake-123", "", Some("secret"));
        check(&keep, "echo \u{1b}[2J", "", Some("control"));
        check(&keep, "a\0b", "", Some("control"));
        check(&keep, &"x".repeat(MAX_COMMAND_BYTES + 1), "", Some("too_long"));
        check(&Keep::new(false, ["x"; 0], ["x"; 0]), "ls", "", Some("off"));
    }

    #[test]
    fn what_a_person_named() {
        let keep = Keep::new(true, ["pass *", "acme"], ["/home/me/private/", "/srv"]);
        check(&keep, "pass show bank", "", Some("pattern"));
        check(&keep, "compass show", "", None);
        check(&keep, "cd ~/acme-site", "", Some("pattern"));
        check(&keep, "ls", "/home/me/private", Some("directory"));
        check(&keep, "ls", "/home/me/private/a", Some("directory"));
        check(&keep, "ls", "/home/me/private-not", None);
        check(&Keep::new(true, ["x"; 0], ["/"]), "ls", "/tmp", Some("directory"));
    }
}
