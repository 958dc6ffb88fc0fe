//! From a request in plain words to one judged command.
//!
//! The request is cleaned and its slips of the finger are set right; it is returned as it is where it already is a command, and
//! one that asks to be told something gets the way to where that is told. Where the memory of authored
//! intents holds nearly the same words, its command is the answer and no model is woken. Otherwise the model
//! writes a greedy answer and judges the memory's drafts; where several answers are wanted it writes another with
//! the drafts before its eyes, and without drafts a few samples. Nothing of it is trusted: each text is cut to one clean line, parsed, validated, compared
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
mod answer;
mod asked;
mod elsewhere;
mod ends;
mod entities;
mod fits;
mod flags;
mod grounded;
mod likeness;
mod mended;
mod names;
mod output;
mod placed;
mod places;
mod questions;
mod ranges;
mod rank;
mod recalled;
mod request;
mod separated;
mod shell_words;
mod slips;
mod spared;
mod tree;
mod trees;
mod validate;
mod variables;
mod waits;
mod words;

#[cfg(test)]
mod tests;

pub use answer::{Candidate, Origin, Rejected, Source, Suggestion, TOLD_ELSEWHERE, Timings};
pub use rank::{Evidence, FEATURES};
pub use request::MAX_REQUEST_BYTES;
pub use tree::{EntryKind, Tree};

use std::sync::Arc;
use std::time::Instant;

use crate::Context;
use crate::engine::{Completion, Control, DecodeOptions, Event, Finish, Prompt, Score, TextModel, Usage};
use crate::error::{Error, ErrorKind};
use crate::recall::{Draft, Memory};
use crate::safety::{self, Profile, Report, Risk};
use fits::Here;
use grounded::Grounded;

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
    /// needs another program is not offered unless the request names it, or nothing that is here will do.
    pub programs: Option<Vec<String>>,
    /// For whom verdicts are given.
    pub profile: Profile,
    /// What authors have written down for requests like this one; `None` asks the model alone.
    pub memory: Option<Arc<Memory>>,
    /// What lies in the working directory that the context names; `None` where the caller did not look. With it, a request can name
    /// what is there by any word, and what would fail there comes behind what would not.
    pub tree: Option<Arc<Tree>>,
}

/// Candidates that one request can have.
pub const MAX_CANDIDATES: usize = 16;

/// Samples drawn beside a doubtful greedy answer where there is no memory.
const SAMPLES: usize = 4;

/// Drafts that the model judges before it writes; one where that may suffice.
const FIRST_JUDGED: usize = 5;

/// Drafts that the model is shown, as in its training.
const DRAFTS_SHOWN: usize = 3;

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
    let mut answer = answered(request, model, control, true)?;
    let is_near = |best: &Candidate| best.source.as_ref().is_some_and(|source| source.cost <= rank::NEAR);
    let is_doubted = |best: &&Candidate| best.origin != Origin::Request && !is_near(best);
    let doubt = answer.candidates.first().filter(is_doubted).and_then(|best| {
        // That a program is missing makes a command worth less beside others, not less right.
        let confidence = best.confidence / if best.absent.is_empty() { 1.0 } else { rank::OF_ABSENT };
        if rank::meant(&best.evidence) < rank::LEAST_MEANT {
            Some("the request does not read like one for a command".to_owned())
        } else if confidence < rank::LEAST_RIGHT && best.misfit.is_some() {
            best.misfit.clone()
        } else if confidence < rank::LEAST_RIGHT {
            Some("it is too unlikely to be what was asked for".to_owned())
        } else if best.report.risk > Risk::Safe && confidence < rank::LEAST_TO_CHANGE {
            Some("it would change something, and is too unlikely to be what was asked for".to_owned())
        } else {
            None
        }
    });
    if let Some(reason) = doubt {
        let doubted = answer.candidates.drain(..);
        answer
            .rejected
            .extend(doubted.map(|candidate| Rejected { text: candidate.command, reason: reason.clone() }));
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
    answered(request, model, control, false)
}

/// `from_memory`: the memory may answer alone.
fn answered<'m>(
    request: &Request,
    model: impl FnOnce() -> Result<&'m mut dyn TextModel, Error>,
    control: &mut Control<'_>,
    from_memory: bool,
) -> Result<Suggestion, Error> {
    let started = Instant::now();
    let cleaned = request::clean(&request.text)?;
    if control.cancel.is_cancelled() {
        return Err(cancelled());
    }
    let mut answer = Suggestion {
        candidates: Vec::new(),
        rejected: Vec::new(),
        told_elsewhere: None,
        model: None,
        timings: Timings::default(),
    };

    let elsewhere = elsewhere::is_elsewhere(request, &cleaned.words).then(|| Request {
        programs: None,
        tree: None,
        ..request.clone()
    });
    let request = elsewhere.as_ref().unwrap_or(request);
    let line = cleaned.line.as_deref();
    if let Some(line) =
        line.and_then(|line| already::as_command(line, &request.context, request.programs.as_deref()))
    {
        offer_as_it_is(line, request, &mut answer);
        answer.timings.total = started.elapsed();
        return Ok(answer);
    }
    let grounded = request.tree.as_deref().and_then(|tree| grounded::grounded(&cleaned.words, tree));
    let words = grounded.as_ref().map_or(cleaned.words.as_str(), |grounded| &grounded.words);
    let corrected = slips::corrected(words, request.programs.as_deref());
    let words = corrected.as_deref().unwrap_or(words);
    let joined = ranges::joined(words, request.context.dialect);
    let words = joined.as_deref().unwrap_or(words);
    if let Some(asked) = Asked::new(words, request, grounded.as_ref())
        && !(from_memory && asked.remember(&mut answer))
    {
        answer.told_elsewhere = asked.told_elsewhere().filter(|_| from_memory);
        if answer.told_elsewhere.is_some() {
            answer.timings.total = started.elapsed();
            return Ok(answer);
        }
        let model = model()?;
        // What earlier requests cost is not this one's.
        let earlier = model.take_usage();
        answer.model = Some(model.info());
        let texts = asked.ask(model, control);
        let usage = model.take_usage();
        answer.timings.model = Usage { load: earlier.load + usage.load, ..usage };
        asked.judge(texts?, &mut answer)?;
        if from_memory {
            asked.fall_back(&mut answer);
        }
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
        source: None,
        absent: Vec::new(),
        misfit: None,
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
    /// What a command has to spell as the request does: that, and words that nobody else uses.
    spelled: Vec<entities::Entity>,
    sense: words::Sense,
    /// What the memory offers, the nearest first.
    drafts: Vec<Draft>,
    /// What it offers with programs that are not here.
    absent: Vec<Draft>,
    /// How the command shall spell what lies here.
    grounded: Option<&'a Grounded>,
    /// What a command is held against here.
    here: Option<Here<'a>>,
}

/// A text that may become a candidate.
struct Text {
    completion: Completion,
    by: By,
}

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The model, greedily.
    Greedy,
    /// The model, with drafts before its eyes.
    Editing,
    /// The model, by chance.
    Sampling,
    /// The memory.
    Memory,
}

impl<'a> Asked<'a> {
    /// `None` for a request that no model needs to see: no word in it that is used where people ask for commands.
    fn new(words: &'a str, request: &'a Request, grounded: Option<&'a Grounded>) -> Option<Self> {
        let mut named = entities::named(words);
        if let Some(tree) = request.tree.as_deref() {
            let is_none = |entity: &entities::Entity| {
                entity.kind == entities::EntityKind::Place
                    && grounded::is_none(&entity.text, &named, words, tree)
            };
            let none: Vec<String> =
                named.iter().filter(|entity| is_none(entity)).map(|entity| entity.text.clone()).collect();
            named.retain(|entity| !none.contains(&entity.text));
        }
        let sense = words::sense(words, &named);
        let has_function_word = words
            .split_whitespace()
            .any(|word| words::is_function_word(&entities::trim_punctuation(word).to_lowercase()));
        let says_something = if sense.content == 0 { has_function_word } else { sense.best > 0.0 };
        says_something.then(|| {
            let (drafts, absent) = recalled::drafts(request, words);
            let spelled = named.iter().cloned().chain(entities::unheard_of(words)).collect();
            let has_place = placed::place(words, &named).is_some();
            let here = Here::new(request, words, has_place);
            Self { request, words, named, spelled, sense, drafts, absent, grounded, here }
        })
    }

    /// Where it is told what the request asks, where it asks for no command. A reason may be what the memory knows to look for.
    fn told_elsewhere(&self) -> Option<String> {
        let may_show_why = self.drafts.iter().any(|draft| draft.cost < rank::SHOWS_WHY);
        questions::told_elsewhere(self.words, &self.named, may_show_why)
    }

    /// Puts the memory's nearest command with a program that is not here first, where nothing better was found: who needs it
    /// can install it.
    fn fall_back(&self, answer: &mut Suggestion) {
        let best = answer.candidates.first().map_or(0.0, |best| best.confidence);
        if best >= rank::WILL_DO {
            return;
        }
        for draft in self.absent.iter().filter(|draft| draft.lost == 0 && draft.cost < rank::NEAR_ABSENT) {
            if let Ok(mut candidate) = self.candidate_with(&recalled::unjudged(draft), true, &self.absent) {
                candidate.confidence = rank::right_by_distance(draft.cost);
                answer.candidates.insert(0, candidate);
                return;
            }
        }
    }

    /// What the model writes, the greedy text first, and what it finds of the memory's drafts.
    fn ask(&self, model: &mut dyn TextModel, control: &mut Control<'_>) -> Result<Vec<Text>, Error> {
        let prompt = Prompt {
            request: self.words.to_owned(),
            dialect: self.request.context.dialect,
            os: self.request.context.os,
            ..Prompt::default()
        };
        // The texts that the answer is most likely to equal come first: what they share with it is then known.
        let first = recalled::worth_judging(&self.drafts, &[]);
        let first = &first[..first.len().min(if self.may_agree() { 1 } else { FIRST_JUDGED })];
        let mut quiet =
            Control { cancel: control.cancel.clone(), deadline: control.deadline, listener: None };
        let drafts = match self.judged(model, &prompt, first, &mut quiet) {
            Ok(drafts) => drafts,
            Err(error) if error.kind() == ErrorKind::Timeout => Vec::new(),
            Err(error) => return Err(error),
        };
        let wanted = self.request.candidates.clamp(1, MAX_CANDIDATES);
        let options =
            DecodeOptions { least_logprob: self.least_logprob(&drafts, wanted), ..DecodeOptions::default() };
        let greedy = {
            // Doors print what they are told, so it is made safe to print.
            let (cancel, deadline) = (control.cancel.clone(), control.deadline);
            let mut relay = |event| control.tell(printable(event));
            let mut control = Control { cancel, deadline, listener: Some(&mut relay) };
            model.complete(&prompt, &options, &mut control)?
        };
        let mut texts: Vec<Text> =
            greedy.into_iter().map(|completion| Text { completion, by: By::Greedy }).collect();
        if control.cancel.is_cancelled() {
            return Err(cancelled());
        }
        let is_agreed = texts.first().is_some_and(|text| self.is_agreed(&text.completion));
        texts.extend(drafts);
        if control.is_late() || (is_agreed && wanted == 1) {
            return Ok(texts);
        }
        match self.more(model, &prompt, &texts, wanted, &mut quiet) {
            Ok(more) => texts.extend(more),
            // A greedy answer in hand is worth more than an error about the others.
            Err(error) if error.kind() == ErrorKind::Timeout => {}
            Err(error) => return Err(error),
        }
        Ok(texts)
    }

    /// The log-probability below which what the model writes itself is of no use where one answer is wanted.
    fn least_logprob(&self, drafts: &[Text], wanted: usize) -> f32 {
        if wanted > 1 {
            return f32::NEG_INFINITY;
        }
        let valid = drafts.iter().filter(|draft| self.candidate(draft).is_ok());
        valid.map(|draft| draft.completion.logprob).fold(f32::NEG_INFINITY, f32::max) - rank::BEHIND_DRAFTS
    }

    /// Drafts, judged by the model.
    fn judged(
        &self,
        model: &mut dyn TextModel,
        prompt: &Prompt,
        commands: &[&str],
        control: &mut Control<'_>,
    ) -> Result<Vec<Text>, Error> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let scores = model.score(prompt, commands, control)?;
        let text = |(command, score): (&&str, Score)| {
            let (text, finish) = ((*command).to_owned(), Finish::Stop);
            let completion =
                Completion { text, tokens: score.tokens, logprob: score.logprob, finish, pieces: Vec::new() };
            Text { completion, by: By::Memory }
        };
        Ok(commands.iter().zip(scores).map(text).collect())
    }

    /// Texts beside the greedy one.
    fn more(
        &self,
        model: &mut dyn TextModel,
        prompt: &Prompt,
        texts: &[Text],
        wanted: usize,
        control: &mut Control<'_>,
    ) -> Result<Vec<Text>, Error> {
        let mut more = Vec::new();
        let judged = recalled::worth_judging(&self.drafts, texts);
        more.extend(self.judged(model, prompt, &judged, control)?);
        let leading = recalled::leading(&self.absent, &self.drafts, self.words);
        more.extend(self.judged(model, prompt, &leading, control)?);
        let greedy = texts.first();
        // Drafts that are edited hardly ever come first, and cost as much as all the rest.
        let is_enough = !self.drafts.is_empty() || !self.is_doubtful(greedy);
        if control.is_late() || (wanted == 1 && is_enough) {
            return Ok(more);
        }
        // A text much longer than the greedy answer is a loop, and those cost the most.
        let longest = DecodeOptions::default().max_tokens;
        let max_tokens = (2 * greedy.map_or(0, |text| text.completion.tokens) + 16).min(longest);
        let known = |text: &Completion, more: &[Text]| {
            texts.iter().chain(more).any(|known| known.completion.text == text.text)
        };
        let (prompt, options, by) = if self.drafts.is_empty() {
            let candidates = 1 + SAMPLES.max(wanted + wanted / 2);
            (
                prompt.clone(),
                DecodeOptions { candidates, max_tokens, ..DecodeOptions::default() },
                By::Sampling,
            )
        } else {
            let drafts = self.drafts.iter().take(DRAFTS_SHOWN).map(|draft| draft.command.clone()).collect();
            let options = DecodeOptions { max_tokens: longest, ..DecodeOptions::default() };
            (Prompt { drafts, ..prompt.clone() }, options, By::Editing)
        };
        for completion in model.complete(&prompt, &options, control)? {
            if !known(&completion, &more) {
                more.push(Text { completion, by });
            }
        }
        Ok(more)
    }

    /// True where the model is sure, and the memory's nearest draft says the same.
    fn is_agreed(&self, greedy: &Completion) -> bool {
        let form = output::normal_form(&greedy.text);
        let says_so = |draft: &Draft| output::normal_form(&draft.command) == form;
        mean_logprob(greedy) > rank::DOUBT && self.may_agree() && self.drafts.first().is_some_and(says_so)
    }

    /// True where the memory's nearest draft is near enough to confirm an answer that says the same.
    fn may_agree(&self) -> bool {
        self.drafts.first().is_some_and(|draft| draft.cost < 1.0 && draft.lost == 0)
    }

    /// Answers from the memory alone where it holds nearly the words of the request, uses all that the request names,
    /// and has nothing else as near. What changes something must be nearer still. True where that is so.
    fn remember(&self, answer: &mut Suggestion) -> bool {
        let Some((first, others)) = self.drafts.split_first() else { return false };
        let lead = others.iter().map(|other| other.cost - first.cost).fold(f32::MAX, f32::min);
        // Words of no content ("no") are near to much; only the very same ones count.
        let near = match self.sense.content {
            0 => 0.02,
            _ if first.alike >= rank::ALIKE => rank::NEAR_AND_ALIKE,
            _ => rank::NEAR,
        };
        // What somebody wrote down for himself in these words is meant, whatever else is as near.
        let own = first.own && first.cost <= rank::NEAR_OWN;
        if first.lost > 0 || !own && (first.cost > near || lead < rank::LEAD) {
            return false;
        }
        let Ok(best) = self.candidate(&recalled::unjudged(first)) else { return false };
        let is_near_enough = own || best.report.risk == Risk::Safe || first.cost <= rank::NEAR_TO_CHANGE;
        let is_odd = best.evidence.missing > 0 || best.evidence.unknown_programs > 0 || best.misfit.is_some();
        if !is_near_enough || (is_odd && !own) {
            return false;
        }
        let wanted = self.request.candidates.clamp(1, MAX_CANDIDATES);
        let others = self.drafts.iter().skip(1).filter(|draft| draft.cost < 1.0).take(2 * wanted);
        let others = others.filter_map(|draft| self.candidate(&recalled::unjudged(draft)).ok());
        answer.candidates = std::iter::once(best).chain(others).take(wanted).collect();
        for candidate in &mut answer.candidates {
            let cost = candidate.source.as_ref().map_or(1.0, |source| source.cost);
            candidate.confidence = rank::right_by_distance(cost);
        }
        true
    }

    /// True for what a user's own intent says.
    fn is_own(&self, command: &str) -> bool {
        recalled::of(command, &self.drafts).is_some_and(|draft| draft.own)
    }

    /// True where the greedy answer is not good enough to stand alone.
    fn is_doubtful(&self, greedy: Option<&Text>) -> bool {
        let Some(greedy) = greedy else { return true };
        mean_logprob(&greedy.completion) < rank::DOUBT || self.candidate(greedy).is_err()
    }

    /// Turns texts into candidates, best first, and rejections.
    fn judge(&self, texts: Vec<Text>, answer: &mut Suggestion) -> Result<(), Error> {
        let was_late = texts.iter().any(|text| text.completion.finish == Finish::Deadline);
        let mut candidates: Vec<Candidate> = Vec::new();
        for text in &texts {
            match self.candidate(text) {
                Ok(candidate) => {
                    let form = output::normal_form(&candidate.command);
                    // The greedy text comes first, and of equal ones the first is kept.
                    let known =
                        candidates.iter_mut().find(|known| output::normal_form(&known.command) == form);
                    match known {
                        Some(known) => known.evidence.edited |= text.by == By::Editing,
                        None => candidates.push(candidate),
                    }
                }
                // Nobody needs to know which drafts did not fit, but for those of one's own.
                Err(_) if text.by == By::Memory && !self.is_own(&text.completion.text) => {}
                Err(rejected) if answer.rejected.contains(&rejected) => {}
                Err(rejected) => answer.rejected.push(rejected),
            }
        }
        if candidates.is_empty() && was_late {
            return Err(Error::new(ErrorKind::Timeout, "the deadline passed before there was an answer")
                .with_hint("allow more time, or say it in fewer words"));
        }
        if candidates.is_empty() {
            candidates.extend(self.lacking(&texts));
        }
        recalled::agree(&mut candidates);
        let likeliest = candidates.iter().map(|one| one.evidence.root_logprob()).fold(f32::MIN, f32::max);
        let most_alike = candidates.iter().map(|one| one.evidence.likeness).fold(f32::MIN, f32::max);
        for candidate in &mut candidates {
            candidate.evidence.behind = likeliest - candidate.evidence.root_logprob();
            candidate.evidence.less_alike = most_alike - candidate.evidence.likeness;
            candidate.confidence = rank::right(&candidate.evidence);
            if !candidate.absent.is_empty() {
                candidate.confidence *= rank::OF_ABSENT;
            }
            if candidate.misfit.is_some() {
                candidate.confidence *= rank::OF_MISFIT;
            }
        }
        candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        answer.candidates = candidates;
        Ok(())
    }

    /// What the model wrote with programs that are not here and that people commonly have: better than nothing.
    fn lacking(&self, texts: &[Text]) -> Vec<Candidate> {
        let written = texts.iter().filter(|text| text.by != By::Memory);
        let candidates = written.filter_map(|text| self.candidate_with(text, true, &self.drafts).ok());
        candidates
            .filter(|one| one.absent.iter().all(|program| words::is_common_program(program)))
            .take(1)
            .collect()
    }

    /// One text as a candidate, or why it is none.
    fn candidate(&self, text: &Text) -> Result<Candidate, Rejected> {
        let found = self.candidate_with(text, false, &self.drafts);
        // The memory's own may need what is not here, and say so.
        let is_absent =
            || text.by == By::Memory && recalled::of(&text.completion.text, &self.absent).is_some();
        match found {
            Err(_) if is_absent() => self.candidate_with(text, true, &self.absent),
            found => found,
        }
    }

    /// The same, where its programs need not be here, or its source is among other drafts.
    fn candidate_with(&self, text: &Text, may_lack: bool, drafts: &[Draft]) -> Result<Candidate, Rejected> {
        let (by, text) = (text.by, &text.completion);
        let turned_down =
            |text: &str, reason: String| Rejected { text: request::visible(text).trim().to_owned(), reason };
        let written =
            output::command_of(&text.text, text.finish).map_err(|reason| turned_down(&text.text, reason))?;
        let repaired = entities::repair(&written, &self.spelled);
        let command = repaired.clone().unwrap_or(written);
        let dialect = self.request.context.dialect;
        let command = variables::expandable(&command, self.words, dialect).unwrap_or(command);
        let counted = ranges::has_row(self.words).then(|| ranges::expandable(&command, dialect)).flatten();
        // What is ranked is what was written: the ranking was fitted on such.
        let changed = counted
            .or_else(|| mended::mended(&command, self.words, &self.request.context))
            .or_else(|| mended::in_zsh(&command, dialect))
            .or_else(|| mended::in_plural(&command, self.words))
            .or_else(|| separated::by_comma(&command, self.words, self.request.context.dialect))
            .or_else(|| separated::by_blanks(&command, self.words, self.request.context.dialect));
        let changed = recalled::with_details(changed.as_ref().unwrap_or(&command), self.request, self.words)
            .or(changed);
        let given_back =
            self.grounded.and_then(|grounded| grounded.given_back(changed.as_ref().unwrap_or(&command)));
        let mut changed = given_back.or(changed);
        let judge = |command: &str| safety::check_as(command, &self.request.context, self.request.profile);
        let mut report = judge(changed.as_ref().unwrap_or(&command));
        let mut misfit = None;
        if let Some(here) = &self.here {
            let offered = changed.as_ref().unwrap_or(&command);
            misfit = here.misfit(offered, &report);
            let better = here.mended(offered, &report).or_else(|| {
                let place = placed::place(self.words, &self.named).filter(|_| misfit.is_some())?;
                placed::placed(offered, place, dialect)
            });
            if let Some(better) = better {
                let (judged, amiss) = (judge(&better), &misfit);
                let left = here.misfit(&better, &judged);
                if left.is_none() || amiss.is_some() {
                    (changed, report, misfit) = (Some(better), judged, left);
                }
            }
        }
        let offered = changed.as_ref().unwrap_or(&command);
        let facts = validate::Facts {
            request: self.request,
            words: self.words,
            named: &self.named,
            report: &report,
            may_lack,
        };
        validate::validate(offered, &facts).map_err(|reason| turned_down(offered, reason))?;

        let copied = entities::compare(&command, self.words, &self.named);
        let draft = recalled::of(&command, drafts);
        let absent =
            if may_lack { validate::absent_programs(&command, &facts).collect() } else { Vec::new() };
        let mut evidence = Evidence {
            mean_logprob: mean_logprob(text),
            total_logprob: text.logprob,
            tokens: text.tokens,
            missing: copied.missing,
            missing_numbers: copied.missing_numbers,
            invented: copied.invented,
            named: copied.named,
            missing_places: copied.missing_places,
            likeness: likeness::likeness(self.words, &command),
            repaired: repaired.is_some(),
            unknown_programs: validate::unknown_programs(&command, &facts),
            unused_programs: validate::unused_programs(&command, &facts),
            content_words: self.sense.content,
            familiar: self.sense.familiar,
            unknown_words: self.sense.unknown,
            written: by == By::Greedy,
            edited: by == By::Editing,
            ..Evidence::default()
        };
        recalled::tell(&mut evidence, draft, drafts, self.words);
        let confidence = rank::right(&evidence);
        let origin = if by == By::Memory { Origin::Memory } else { Origin::Model };
        let source = draft.map(recalled::source);
        let command = changed.unwrap_or(command);
        Ok(Candidate { command, report, confidence, origin, evidence, source, absent, misfit })
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
