//! What the caller saw: the only thing, beside the text, that analysis knows about the world.

use std::fmt;
use std::str::FromStr;

/// The table of many tools.
pub use cmdai_breadth::Table;

use crate::line::Dialect;

/// The operating system whose userland a command is meant for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Os {
    /// GNU userland.
    #[default]
    Linux,
    /// BSD userland as shipped by Apple.
    MacOs,
    /// Windows.
    Windows,
}

impl Os {
    /// Every system, in the order in which help lists them.
    pub const ALL: &'static [Self] = &[Self::Linux, Self::MacOs, Self::Windows];

    /// The name used on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::MacOs => "macos",
            Self::Windows => "windows",
        }
    }

    /// The system this build runs on.
    pub const fn host() -> Self {
        if cfg!(target_os = "macos") {
            Self::MacOs
        } else if cfg!(windows) {
            Self::Windows
        } else {
            Self::Linux
        }
    }
}

impl fmt::Display for Os {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A system name that cmdai does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown system {0:?}; known are linux, macos, windows")]
pub struct UnknownOs(pub String);

impl FromStr for Os {
    type Err = UnknownOs;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "linux" | "gnu" => Ok(Self::Linux),
            "macos" | "darwin" | "osx" | "mac" => Ok(Self::MacOs),
            "windows" | "win" => Ok(Self::Windows),
            _ => Err(UnknownOs(name.to_owned())),
        }
    }
}

/// Facts about where a line would run. The library never looks them up: a fact that is absent is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// The shell language of the line.
    pub dialect: Dialect,
    /// The system whose programs it would run.
    pub os: Os,
    /// The working directory, absolute.
    pub cwd: Option<String>,
    /// The user's home directory, absolute. `~` keeps its meaning without it.
    pub home: Option<String>,
    /// True where the working directory lies inside a version-controlled work tree.
    pub in_work_tree: bool,
    /// True where the caller knows that the user is root.
    pub is_root: bool,
    /// So many bytes at the beginning of a text are no part of what will run: they say what the shell knows already,
    /// such as its functions, aliases and values. A function or an alias of theirs counts where it is called.
    pub known: usize,
    /// The table of many tools, where the caller has it: it explains, offers and validates, and judges nothing.
    pub breadth: Option<Table>,
}

impl Context {
    /// A context of which only the dialect is known.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// The same with a working directory.
    #[must_use]
    pub fn with_cwd(mut self, cwd: impl Into<String>) -> Self {
        self.cwd = Some(cwd.into());
        self
    }

    /// The same with a home directory.
    #[must_use]
    pub fn with_home(mut self, home: impl Into<String>) -> Self {
        self.home = Some(home.into());
        self
    }

    /// The same for a text that begins with `known` bytes of what the shell knows already.
    #[must_use]
    pub fn with_known(mut self, known: usize) -> Self {
        self.known = known;
        self
    }

    /// The same with a table of many tools.
    #[must_use]
    pub fn with_breadth(mut self, table: impl Into<Option<Table>>) -> Self {
        self.breadth = table.into();
        self
    }

    /// The same for another system.
    #[must_use]
    pub fn with_os(mut self, os: Os) -> Self {
        self.os = os;
        self
    }
}
