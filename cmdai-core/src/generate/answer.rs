//! What an answer is made of.

use std::time::Duration;

use super::Evidence;
use crate::engine::{ModelInfo, Usage};
use crate::safety::Report;

/// One command on offer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// The command: one line, no control characters.
    pub command: String,
    /// What it would do. Its risk is never Critical.
    pub report: Report,
    /// How much the ranker trusts it, 0 to 1.
    pub confidence: f32,
    /// Where it came from.
    pub origin: Origin,
    /// What the confidence rests on.
    pub evidence: Evidence,
    /// The intent in which the memory has this command, where it has.
    pub source: Option<Source>,
    /// Programs that it needs and that are not known to be there: nothing that would do here was found.
    pub absent: Vec<String>,
    /// Why it would fail in the working directory, where that is known: "there is no photos here".
    pub misfit: Option<String>,
}

/// The authored intent that a command comes from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Source {
    /// The file of the intent, without its ending.
    pub file: String,
    /// Its id.
    pub intent: String,
    /// Its phrasing that is nearest to the request, in stems, with numbers for its slots.
    pub phrasing: String,
    /// How far that is from the request; 0 for the same words.
    pub cost: f32,
}

/// Where a candidate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The model wrote it.
    Model,
    /// The request was already a command.
    Request,
    /// The memory holds it for a request like this one.
    Memory,
}

impl Origin {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Request => "request",
            Self::Memory => "memory",
        }
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Suggestion {
    /// Best first. Empty: no confident answer.
    pub candidates: Vec<Candidate>,
    /// What was written and turned down, with the reason.
    pub rejected: Vec<Rejected>,
    /// Where the request asks to be told something and for no command: where that is told.
    pub told_elsewhere: Option<String>,
    /// The model that was asked, where one was.
    pub model: Option<ModelInfo>,
    /// Where the time went.
    pub timings: Timings,
}

/// Why there is no command for a request that is [`Suggestion::told_elsewhere`].
pub const TOLD_ELSEWHERE: &str = "the request asks to be told something, not for a command";

impl Suggestion {
    /// What to do where nothing is offered.
    pub fn way_out(&self) -> &str {
        self.told_elsewhere.as_deref().unwrap_or("say it in other words, or name the program to use")
    }
}

/// A text that was not good enough to be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// The text, control characters stripped.
    pub text: String,
    /// Why it is not offered, one short phrase.
    pub reason: String,
}

/// Where the time of one answer went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Timings {
    /// All of it.
    pub total: Duration,
    /// What the model spent.
    pub model: Usage,
}
