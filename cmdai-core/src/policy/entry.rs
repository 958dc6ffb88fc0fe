//! One entry of a policy: what it is about, and what it says of it.

use super::Glob;
use crate::safety::{EffectKind, Layer, Profile, Risk, Verdict};

/// One entry.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Whose it is.
    pub layer: Layer,
    /// Where it stands, as `file:line:column`.
    pub source: String,
    /// The only reader of verdicts it holds for; `None` is everybody.
    pub profile: Option<Profile>,
    /// What it is about.
    pub subject: Subject,
    /// Where it holds; nowhere else if there are any.
    pub paths: Vec<Glob>,
    /// The kinds of effect that a path is about; empty is every change.
    pub effects: Vec<EffectKind>,
    /// What it says.
    pub verdict: Verdict,
    /// Why, in its author's words.
    pub reason: Option<String>,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A level of risk.
    Risk(Risk),
    /// What a rule finds.
    Rule(&'static str),
    /// A kind of effect.
    Effect(EffectKind),
    /// Changes below a path.
    Path(Glob),
    /// A program, perhaps with its subcommands: `git push`.
    Program(Vec<String>),
}

impl Entry {
    /// True where it holds for this reader of verdicts.
    pub fn holds_for(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }

    /// How closely it says what it is about: of two that fit, the higher wins within a layer.
    pub(super) fn rank(&self) -> u8 {
        match self.subject {
            _ if !self.paths.is_empty() => 4,
            Subject::Path(_) => 4,
            Subject::Rule(_) | Subject::Program(_) => 3,
            Subject::Effect(_) => 2,
            Subject::Risk(_) => 1,
        }
    }

    /// True where it may loosen even what is critical: it names both the rule and the place.
    pub(super) fn may_loosen_critical(&self) -> bool {
        matches!(self.subject, Subject::Rule(_)) && !self.paths.is_empty()
    }

    /// Its name as one would write it in the file.
    pub fn name(&self) -> String {
        let name = match &self.subject {
            Subject::Risk(risk) => format!("risk.{risk}"),
            Subject::Rule(rule) => format!("rules.{rule}"),
            Subject::Effect(kind) => format!("effects.{}", kind.name()),
            Subject::Path(glob) => format!("paths.{:?}", glob.text()),
            Subject::Program(words) if words.len() == 1 => format!("programs.{}", words.join(" ")),
            Subject::Program(words) => format!("programs.{:?}", words.join(" ")),
        };
        match self.profile {
            Some(profile) => format!("{profile}.{name}"),
            None => name,
        }
    }
}
