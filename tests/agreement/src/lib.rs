//! Holds cmdai's reading of bash lines against two other parsers.
//!
//! The oracle tests of `cmdai-core` ask real shells what generated lines become; this crate asks other
//! parsers how they cut up what people wrote: the commands of `training/data`. Three readings of a line
//! are compared as [`Reading`]s, the words of its simple commands. A line that another parser turns
//! down is not counted, so the figure says how often we differ where it is sure.

mod brush;
mod lines;
mod ours;
mod tree_sitter_bash;

pub use lines::documentation;

use std::collections::BTreeSet;

/// The simple commands of a line: for each one its words as written, without assignments before it and
/// without redirections. A set, since parsers list nested commands in different orders.
pub type Reading = BTreeSet<Vec<String>>;

/// Another parser of bash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// The crate `brush-parser`. It does not look into substitutions, so neither does our reading beside it.
    Brush,
    /// The grammar of the crate `tree-sitter-bash`.
    TreeSitter,
}

/// How the two readings of a line relate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other parser does not understand the line, or reads it in a form that cannot be compared.
    Skipped,
    /// Equal readings.
    Agrees,
    /// Ours, then theirs.
    Differs(Reading, Reading),
    /// The other parser understands the line, and we do not.
    OnlyTheirs(Reading),
}

/// Compares our reading of `line` with that of `other`.
pub fn compare(line: &str, other: Other) -> Outcome {
    let theirs = match other {
        Other::Brush => brush::read(line),
        Other::TreeSitter => tree_sitter_bash::read(line),
    };
    let Some(theirs) = theirs else { return Outcome::Skipped };
    match ours::read(line, other == Other::TreeSitter) {
        None => Outcome::OnlyTheirs(theirs),
        Some(ours) if ours == theirs => Outcome::Agrees,
        Some(ours) => Outcome::Differs(ours, theirs),
    }
}

/// What stands for a process substitution beside `brush-parser`, which keeps its tree and not its text.
const PROCESS: &str = "<()";

/// True for programs whose arguments a grammar may read as something else than words, so that they
/// cannot be compared.
fn is_apart(program: &str) -> bool {
    ["declare", "export", "local", "readonly", "typeset", "unset", "unsetenv", "[", "test"].contains(&program)
}
