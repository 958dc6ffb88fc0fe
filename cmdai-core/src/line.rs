//! Positions in a command line and the dialects it can be written in.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// A half-open range of byte offsets into the text that was parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte; never less than `start`.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// True where the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text it covers, or the empty string where it does not fall on character borders of `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// The shell language a line is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// GNU bash.
    #[default]
    Bash,
    /// POSIX sh (dash, busybox ash).
    Posix,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// nushell.
    Nu,
    /// PowerShell 7.
    PowerShell,
}

impl Dialect {
    /// Every dialect, in the order in which help lists them.
    pub const ALL: &'static [Self] =
        &[Self::Bash, Self::Posix, Self::Zsh, Self::Fish, Self::Nu, Self::PowerShell];

    /// The name used on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Posix => "sh",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Nu => "nu",
            Self::PowerShell => "powershell",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A shell name that cmdai does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown shell {0:?}; known are bash, sh, zsh, fish, nu, powershell")]
pub struct UnknownDialect(pub String);

impl FromStr for Dialect {
    type Err = UnknownDialect;

    /// Reads a shell's name, its usual aliases, or a path to it (`/usr/bin/zsh`).
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let base = base.strip_prefix('-').unwrap_or(base);
        match base.strip_suffix(".exe").unwrap_or(base).to_ascii_lowercase().as_str() {
            "bash" => Ok(Self::Bash),
            "sh" | "dash" | "ash" | "posix" | "ksh" | "busybox" => Ok(Self::Posix),
            "zsh" => Ok(Self::Zsh),
            "fish" => Ok(Self::Fish),
            "nu" | "nushell" => Ok(Self::Nu),
            "powershell" | "pwsh" => Ok(Self::PowerShell),
            _ => Err(UnknownDialect(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_reads_back_from_its_name() {
        for &dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(dialect));
        }
        assert_eq!("/usr/bin/zsh".parse(), Ok(Dialect::Zsh));
        assert_eq!("-bash".parse(), Ok(Dialect::Bash));
        assert!("tcsh".parse::<Dialect>().is_err());
    }

    #[test]
    fn a_span_outside_the_text_is_empty_text() {
        assert_eq!(Span::new(1, 3).of("abc"), "bc");
        assert_eq!(Span::new(2, 9).of("abc"), "");
        assert_eq!(Span::new(1, 2).of("é"), "");
    }
}
