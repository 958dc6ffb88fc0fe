//! What was run, where, and how it went: the past that completion learns from.
//!
//! A [`Run`] is one command line that a shell ran. It is plain data. [`keep`] says which runs may be
//! kept at all (none with a secret, none that begins with a blank), [`pattern`] how lines are named
//! that must go, [`import`] reads the files of other shells, `store` (feature `history`) keeps them in one SQLite file.

pub mod import;
pub mod keep;
pub mod pattern;
#[cfg(feature = "history")]
pub mod store;

pub use keep::{Keep, Refusal};
pub use pattern::Pattern;
#[cfg(feature = "history")]
pub use store::Store;

use std::time::Duration;

use crate::line::Dialect;

/// One command line that was run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The line as typed, without the newline that ended it. It may hold newlines of its own.
    pub command: String,
    /// The working directory when it was started, absolute; a history file of another shell seldom tells it.
    pub cwd: Option<String>,
    /// The exit status, 0 to 255; unknown where nobody recorded it.
    pub status: Option<i32>,
    /// When it was started, in seconds since 1970-01-01 UTC.
    pub started: Option<i64>,
    /// How long it ran.
    pub duration: Option<Duration>,
    /// Which terminal it was typed in: equal for the lines of one shell process, meaningless otherwise.
    pub session: Option<String>,
    /// The shell language of the line.
    pub dialect: Dialect,
}
