//! How does the line I am typing go on?
//!
//! Tier 1, here, answers every key from what is in memory: the past ([`crate::history::Run`]), command
//! specs, and what the caller knows of the machine ([`World`]). One ranker puts the candidates of all
//! sources in one order and says how likely each is what will be typed. Nothing here waits, reads a
//! disk or a clock, or runs anything.

mod declared;
mod evidence;
mod expected;
mod forms;
pub mod model;
mod named;
mod names;
mod past;
mod prior;
mod programs;
mod ranker;
mod scale;
mod show;
mod sources;
mod suited;
mod tails;
#[cfg(test)]
mod tests;
mod words;

pub use evidence::FEATURES;
pub use forms::{Declared, Form};
pub use past::{Past, shape};
pub use prior::{END, Kind as PriorKind, Prior};
pub use ranker::{DEPTH, INNER, LEAVES, Ranker, Tree};
pub use scale::Scale;
pub use show::{Completer, Rows, alternatives, complete};
pub use words::{commands_of, piece};

use crate::context::Context;
use crate::safety::Risk;

/// The line being typed and where.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// What is typed up to the cursor; the cursor stands at the end of it.
    pub buffer: &'a str,
    /// Shell, system, working directory and home.
    pub context: &'a Context,
    /// Which terminal asks ([`crate::history::Run::session`]); its last run is the previous command.
    pub session: Option<&'a str>,
    /// Now, in seconds since 1970-01-01 UTC.
    pub now: i64,
}

/// One way the line may go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What follows [`Query::buffer`]; never empty, without control characters but newline and tab.
    pub suffix: String,
    /// Where it comes from.
    pub source: Source,
    /// How likely the suffix is what will be typed next, 0 to 1.
    pub probability: f32,
    /// What the line with the suffix would risk.
    pub risk: Risk,
}

/// Where a suggestion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A line that was run before, or its beginning.
    History,
    /// A subcommand, flag or value that a command spec knows.
    Spec,
    /// A file or directory that exists.
    Path,
    /// A branch, tag or remote of the repository.
    Git,
    /// An alias, function or program by name.
    Command,
    /// The model.
    Model,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// Its name, without the directory.
    pub name: String,
    /// True for a directory and for a link to one.
    pub is_dir: bool,
    /// True for a file that may be executed.
    pub is_executable: bool,
}

/// What the caller knows of the machine. Every method answers at once, from memory: what is not known
/// (yet) is `None`, and the suggestion is made without it.
pub trait World {
    /// The entries of an absolute directory, sorted by name.
    fn entries(&self, dir: &str) -> Option<std::sync::Arc<[Entry]>>;

    /// Branches, tags and remotes of the repository that holds an absolute directory, the last used first.
    fn git_refs(&self, dir: &str) -> Option<std::sync::Arc<GitRefs>>;

    /// Names that can begin a command: programs on the path and the shell's own, sorted.
    fn programs(&self) -> Option<std::sync::Arc<[String]>>;

    /// The session's aliases and functions: name and what it stands for (empty for a function), sorted by name.
    fn aliases(&self, session: Option<&str>) -> Option<std::sync::Arc<[(String, String)]>>;

    /// What a file of a form, at an absolute path, declares.
    fn declared(&self, form: Form, path: &str) -> Option<std::sync::Arc<Declared>>;
}

/// Names that git knows in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitRefs {
    /// The branch that is checked out.
    pub head: Option<String>,
    /// Local branches, the last used first.
    pub branches: Vec<String>,
    /// Remote-tracking branches, as `origin/main`.
    pub remote_branches: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Remotes.
    pub remotes: Vec<String>,
}

/// A world of which nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl World for Nowhere {
    fn entries(&self, _dir: &str) -> Option<std::sync::Arc<[Entry]>> {
        None
    }

    fn git_refs(&self, _dir: &str) -> Option<std::sync::Arc<GitRefs>> {
        None
    }

    fn programs(&self) -> Option<std::sync::Arc<[String]>> {
        None
    }

    fn aliases(&self, _session: Option<&str>) -> Option<std::sync::Arc<[(String, String)]>> {
        None
    }

    fn declared(&self, _form: Form, _path: &str) -> Option<std::sync::Arc<Declared>> {
        None
    }
}
