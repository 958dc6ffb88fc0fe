//! From a request in plain words to one judged command.

use std::time::Duration;

use crate::Context;
use crate::engine::{Control, ModelInfo, TextModel, Usage};
use crate::error::Error;
use crate::safety::{Profile, Report};

/// What a person asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The words.
    pub text: String,
    /// Where the command would run.
    pub context: Context,
    /// How many candidates to offer at most, at least 1.
    pub candidates: usize,
    /// Programs known to be present; `None` where the caller did not look.
    pub programs: Option<Vec<String>>,
    /// For whom verdicts are given.
    pub profile: Profile,
}

/// One command on offer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// The command: one line, no control characters.
    pub command: String,
    /// What it would do.
    pub report: Report,
    /// How much the ranker trusts it, 0 to 1.
    pub confidence: f32,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a candidate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The model wrote it.
    Model,
    /// The request was already a command.
    Request,
}

impl Origin {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Request => "request",
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
    /// The model that was asked, where one was.
    pub model: Option<ModelInfo>,
    /// Where the time went.
    pub timings: Timings,
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

/// Answers a request. `model` is asked for only when the request needs one.
///
/// # Errors
/// `Input` for an empty or over-long request; what `model` and the engine report.
pub fn generate<'m>(
    request: &Request,
    model: impl FnOnce() -> Result<&'m mut dyn TextModel, Error>,
    control: &mut Control<'_>,
) -> Result<Suggestion, Error> {
    let _ = (request, model, control);
    unreachable!("not built yet")
}
