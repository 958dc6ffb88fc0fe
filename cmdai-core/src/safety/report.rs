//! The answer of [`check`](super::check).

use std::fmt;

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
    /// True where the lists are not all there is: the line was not read to its end, or has more findings, effects or
    /// commands than are kept. What is missing from them can then not be told from what is not there.
    pub abridged: bool,
    /// Which entry of which policy gave the verdict; `None` where nobody asked a policy.
    pub decision: Option<Decision>,
}

/// Why a verdict is what it is: the entry that decided, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// What it says.
    pub verdict: Verdict,
    /// Whose entry it is.
    pub layer: Layer,
    /// Its name as one would write it: `risk.high`, `rules.rm-recursive`, `paths."~/prod/**"`.
    pub entry: String,
    /// The reason that its author gave.
    pub reason: Option<String>,
    /// Where it stands, as `file:line:column`; `None` for what is built in.
    pub source: Option<String>,
    /// The rule whose finding it decided on; `None` where an effect or a program was enough.
    pub rule: Option<&'static str>,
}

impl Decision {
    /// A decision of the layer, with no more known of it.
    pub fn new(verdict: Verdict, layer: Layer, entry: impl Into<String>) -> Self {
        Self { verdict, layer, entry: entry.into(), reason: None, source: None, rule: None }
    }
}

/// Whose word a decision is. A later layer is read after an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Layer {
    /// What holds without any file.
    BuiltIn,
    /// The user's own file.
    User,
    /// A file that `CMDAI_POLICY` or `--policy` names; it stands in for the user's own.
    Named,
    /// The file of a project, which can only tighten.
    Project,
    /// A person's word for one run of one line.
    Once,
}

impl Layer {
    /// The name used in JSON and on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::User => "user",
            Self::Named => "named",
            Self::Project => "project",
            Self::Once => "once",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
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
    /// What could bring it back afterwards, or that nothing can; `None` where there is nothing to bring back.
    pub undo: Option<String>,
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
