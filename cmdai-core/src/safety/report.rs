//! The answer of [`check`](super::check).

use super::{Effect, Risk, Verdict};
use crate::line::Span;

/// What a line would do and how bad it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The worst of the findings, at least Moderate where the line was not fully read.
    pub risk: Risk,
    /// What the policy makes of it; never Allow where the line was not fully read.
    pub verdict: Verdict,
    /// What the rules found, worst first.
    pub findings: Vec<Finding>,
    /// All that the line would do, as far as it is known.
    pub effects: Vec<Effect>,
    /// The commands that would really run, wrappers peeled off and words resolved.
    pub commands: Vec<ResolvedCommand>,
    /// How much was understood.
    pub coverage: Coverage,
}

/// One thing that a rule has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's name, which reads after "allow": `rm-system-dir`.
    pub rule: &'static str,
    /// How bad.
    pub risk: Risk,
    /// What would happen, in one sentence for the person at the prompt.
    pub message: String,
    /// The words that say so.
    pub span: Span,
    /// What to type instead, already judged milder itself.
    pub safer: Option<String>,
}

/// A command as it would run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolvedCommand {
    /// The program and its arguments. `None` is a word whose value cannot be known.
    pub argv: Vec<Option<String>>,
    /// The words it stands in.
    pub span: Span,
}

/// How much of a line was understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Bytes of the line.
    pub bytes: usize,
    /// Bytes that the parser understood.
    pub understood: usize,
    /// Commands whose name or arguments could not be known.
    pub unresolved: usize,
}

impl Coverage {
    /// True where every byte was understood.
    pub fn is_full(&self) -> bool {
        self.understood == self.bytes
    }

    /// Understood bytes over all bytes, from 0 to 1; 1 for an empty line.
    pub fn share(&self) -> f64 {
        if self.bytes == 0 { 1.0 } else { self.understood as f64 / self.bytes as f64 }
    }
}
