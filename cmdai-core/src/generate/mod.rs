//! From a request in plain words to one judged command.
//!
//! The request is cleaned, and returned as it is where it already is a command. Otherwise the model
//! writes a greedy answer, and a few samples beside it when that one is doubtful or several are
//! wanted. Nothing of it is trusted: each text is cut to one clean line, parsed, validated, compared
//! with what the request names, judged by [`crate::safety`], and ranked by [`Evidence`]. What is left
//! is offered; what is not keeps its reason; and where nothing convinces there is no answer rather than a bad one.
//!
//! ```
//! use cmdai_core::engine::{Control, ScriptedModel};
//! use cmdai_core::generate::{Request, generate};
//!
//! let mut model = ScriptedModel::from_pairs(&[("list files by size", "ls -lS")]);
//! let request = Request { text: "list files by size".to_owned(), ..Request::default() };
//! let answer = generate(&request, || Ok(&mut model), &mut Control::default())?;
//! assert_eq!(answer.candidates[0].command, "ls -lS");
//! # Ok::<(), cmdai_core::Error>(())
//! ```

mod already;
mod asked;
mod entities;
mod flags;
mod output;
mod rank;
mod request;
mod shell_words;
mod validate;
mod waits;
mod words;

#[cfg(test)]
mod tests;

pub use rank::{Evidence, FEATURES};
pub use request::MAX_REQUEST_BYTES;

use std::time::{Duration, Instant};

use crate::Context;
use crate::engine::{Completion, Control, DecodeOptions, Event, Finish, ModelInfo, Prompt, TextModel, Usage};
use crate::error::{Error, ErrorKind};
use crate::safety::{self, Profile, Report, Risk};

/// What a person asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The words, at most [`MAX_REQUEST_BYTES`].
    pub text: String,
    /// Where the command would run.
    pub context: Context,
    /// How many candidates to offer at most; 0 means 1, and more than [`MAX_CANDIDATES`] means that many.
    pub candidates: usize,
    /// Programs known to be present; `None` where the caller did not look. With them, a command that
    /// needs another program is not offered unless the request names it.
    pub programs: Option<Vec<String>>,
    /// For whom verdicts are given.
    pub profile: Profile,
}

/// Candidates that one request can have.
pub const MAX_CANDIDATES: usize = 16;

/// Samples drawn beside a doubtful greedy answer.
const SAMPLES: usize = 4;

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
/// `Input` for an empty or over-long request; `Cancelled`; `Timeout` where the deadline passed before
/// one command was whole; and what `model` and the engine report.
pub fn generate<'m>(
    request: &Request,
    model: impl FnOnce() -> Result<&'m mut dyn TextModel, Error>,
    control: &mut Control<'_>,
) -> Result<Suggestion, Error> {
    let mut answer = consider(request, model, control)?;
    let doubt = answer.candidates.first().filter(|best| best.origin == Origin::Model).and_then(|best| {
        if rank::meant(&best.evidence) < rank::LEAST_MEANT {
            Some("the request does not read like one for a command")
        } else if best.confidence < rank::LEAST_RIGHT {
            Some("it is too unlikely to be what was asked for")
        } else {
            None
        }
    });
    if let Some(reason) = doubt {
        let doubted = answer.candidates.drain(..);
        answer
            .rejected
            .extend(doubted.map(|candidate| Rejected { text: candidate.command, reason: reason.to_owned() }));
    }
    answer.candidates.truncate(request.candidates.clamp(1, MAX_CANDIDATES));
    Ok(answer)
}

/// As [`generate`], with every candidate that passes validation, however little it is trusted. The
/// ranking is fitted and studied with it; what is offered to people comes from [`generate`].
///
/// # Errors
/// As [`generate`].
pub fn consider<'m>(
    request: &Request,
    model: impl FnOnce() -> Result<&'m mut dyn TextModel, Error>,
    control: &mut Control<'_>,
) -> Result<Suggestion, Error> {
    let started = Instant::now();
    let cleaned = request::clean(&request.text)?;
    if control.cancel.is_cancelled() {
        return Err(cancelled());
    }
    let mut answer =
        Suggestion { candidates: Vec::new(), rejected: Vec::new(), model: None, timings: Timings::default() };

    let line = cleaned.line.as_deref();
    if let Some(line) =
        line.and_then(|line| already::as_command(line, &request.context, request.programs.as_deref()))
    {
        offer_as_it_is(line, request, &mut answer);
    } else if let Some(asked) = Asked::new(&cleaned.words, request) {
        let model = model()?;
        // What earlier requests cost is not this one's.
        let earlier = model.take_usage();
        answer.model = Some(model.info());
        let written = asked.ask(model, control);
        let usage = model.take_usage();
        answer.timings.model = Usage { load: earlier.load + usage.load, ..usage };
        asked.judge(written?, &mut answer)?;
    }
    if control.cancel.is_cancelled() {
        return Err(cancelled());
    }
    answer.timings.total = started.elapsed();
    Ok(answer)
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the request was cancelled")
}

/// A request that is a command already.
fn offer_as_it_is(line: &str, request: &Request, answer: &mut Suggestion) {
    let report = safety::check_as(line, &request.context, request.profile);
    if report.risk == Risk::Critical {
        answer.rejected.push(Rejected { text: line.to_owned(), reason: critical(&report) });
        return;
    }
    let evidence = Evidence::default();
    answer.candidates.push(Candidate {
        command: line.to_owned(),
        report,
        confidence: 1.0,
        origin: Origin::Request,
        evidence,
    });
}

/// Why a catastrophic command is not offered, in the words of its worst finding.
fn critical(report: &Report) -> String {
    let worst = report.findings.first().map(|finding| finding.message.as_str());
    match worst {
        Some(message) => format!("it is never offered: {message}"),
        None => "it is never offered: it would be catastrophic".to_owned(),
    }
}

/// A request that a model is asked.
struct Asked<'a> {
    request: &'a Request,
    words: &'a str,
    named: Vec<entities::Entity>,
    sense: words::Sense,
}

impl<'a> Asked<'a> {
    /// `None` for a request that no model needs to see: no word in it that is used where people ask for commands.
    fn new(words: &'a str, request: &'a Request) -> Option<Self> {
        let named = entities::named(words);
        let sense = words::sense(words, &named);
        let has_function_word = words
            .split_whitespace()
            .any(|word| words::is_function_word(&entities::trim_punctuation(word).to_lowercase()));
        let says_something = if sense.content == 0 { has_function_word } else { sense.best > 0.0 };
        says_something.then_some(Self { request, words, named, sense })
    }

    /// What the model writes, the greedy text first.
    fn ask(&self, model: &mut dyn TextModel, control: &mut Control<'_>) -> Result<Vec<Completion>, Error> {
        let prompt = Prompt {
            request: self.words.to_owned(),
            dialect: self.request.context.dialect,
            os: self.request.context.os,
            ..Prompt::default()
        };
        let mut written = {
            // Doors print what they are told, so it is made safe to print.
            let (cancel, deadline) = (control.cancel.clone(), control.deadline);
            let mut relay = |event| control.tell(printable(event));
            let mut control = Control { cancel, deadline, listener: Some(&mut relay) };
            model.complete(&prompt, &DecodeOptions::default(), &mut control)?
        };
        let wanted = self.request.candidates.clamp(1, MAX_CANDIDATES);
        if control.cancel.is_cancelled() {
            return Err(cancelled());
        }
        if (wanted > 1 || self.is_doubtful(written.first())) && !control.is_late() {
            // A sample much longer than the greedy answer is a loop, and those cost the most.
            let greedy = written.first().map_or(0, |text| text.tokens);
            let longest = DecodeOptions::default().max_tokens;
            let options = DecodeOptions {
                candidates: 1 + SAMPLES.max(wanted + wanted / 2),
                max_tokens: (2 * greedy + 16).min(longest),
                ..DecodeOptions::default()
            };
            let mut quiet =
                Control { cancel: control.cancel.clone(), deadline: control.deadline, listener: None };
            match model.complete(&prompt, &options, &mut quiet) {
                Ok(more) => {
                    let is_new = |text: &Completion| !written.iter().any(|known| known.text == text.text);
                    let new: Vec<_> = more.into_iter().filter(is_new).collect();
                    written.extend(new);
                }
                // A greedy answer in hand is worth more than an error about the samples.
                Err(error) if error.kind() == ErrorKind::Timeout => {}
                Err(error) => return Err(error),
            }
        }
        Ok(written)
    }

    /// True where the greedy answer is not good enough to stand alone.
    fn is_doubtful(&self, greedy: Option<&Completion>) -> bool {
        let Some(greedy) = greedy else { return true };
        mean_logprob(greedy) < rank::DOUBT || self.candidate(greedy).is_err()
    }

    /// Turns what was written into candidates, best first, and rejections.
    fn judge(&self, written: Vec<Completion>, answer: &mut Suggestion) -> Result<(), Error> {
        let was_late = written.iter().any(|text| text.finish == Finish::Deadline);
        let mut candidates: Vec<Candidate> = Vec::new();
        for text in &written {
            match self.candidate(text) {
                Ok(candidate) => {
                    let form = output::normal_form(&candidate.command);
                    // The greedy text comes first, and of equal ones the first is kept.
                    if !candidates.iter().any(|known| output::normal_form(&known.command) == form) {
                        candidates.push(candidate);
                    }
                }
                Err(rejected) if answer.rejected.contains(&rejected) => {}
                Err(rejected) => answer.rejected.push(rejected),
            }
        }
        if candidates.is_empty() && was_late {
            return Err(Error::new(ErrorKind::Timeout, "the deadline passed before there was an answer")
                .with_hint("allow more time, or say it in fewer words"));
        }
        candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        answer.candidates = candidates;
        Ok(())
    }

    /// One text as a candidate, or why it is none.
    fn candidate(&self, text: &Completion) -> Result<Candidate, Rejected> {
        let turned_down =
            |text: &str, reason: String| Rejected { text: request::visible(text).trim().to_owned(), reason };
        let written =
            output::command_of(&text.text, text.finish).map_err(|reason| turned_down(&text.text, reason))?;
        let repaired = entities::repair(&written, &self.named);
        let command = repaired.clone().unwrap_or(written);
        let report = safety::check_as(&command, &self.request.context, self.request.profile);
        let facts =
            validate::Facts { request: self.request, words: self.words, named: &self.named, report: &report };
        validate::validate(&command, &facts).map_err(|reason| turned_down(&command, reason))?;

        let copied = entities::compare(&command, self.words, &self.named);
        let evidence = Evidence {
            mean_logprob: mean_logprob(text),
            total_logprob: text.logprob,
            missing: copied.missing,
            missing_numbers: copied.missing_numbers,
            invented: copied.invented,
            repaired: repaired.is_some(),
            unknown_programs: validate::unknown_programs(&command, &facts),
            unused_programs: validate::unused_programs(&command, &facts),
            content_words: self.sense.content,
            familiar: self.sense.familiar,
            unknown_words: self.sense.unknown,
        };
        let confidence = rank::right(&evidence);
        Ok(Candidate { command, report, confidence, origin: Origin::Model, evidence })
    }
}

fn mean_logprob(text: &Completion) -> f32 {
    text.logprob / text.tokens.max(1) as f32
}

/// The event with nothing in it that would move a cursor or hide a character.
fn printable(event: Event) -> Event {
    match event {
        Event::Text(text) => Event::Text(request::visible(&text)),
        Event::Candidate(mut completion) => {
            completion.text = request::visible(&completion.text);
            Event::Candidate(completion)
        }
    }
}
