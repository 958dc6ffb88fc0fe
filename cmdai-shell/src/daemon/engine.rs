//! The engine's lane: the one model of all shells, opened when it is first needed and let go when it is not.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use cmdai_core::complete::model::{ModelOptions, continue_line, read_ahead};
use cmdai_core::complete::{Query, Suggestion as Offer, World};
use cmdai_core::config::Config;
use cmdai_core::engine::{CancelToken, Control, TextModel};
use cmdai_core::explain::explain;
use cmdai_core::generate::{Request, Suggestion, generate};
use cmdai_core::history::Run;
use cmdai_core::protocol::{Answer, ErrorCode, Judgement, State};
use cmdai_core::session::Outcome;
use cmdai_core::{Context, Error, ErrorKind};

use super::judge::{Judge, one_line};
use super::memory::{give_back_heap, rest};
use crate::model;

/// A model that could not be opened is tried again after so long: it may have been installed since.
const RETRY: Duration = Duration::from_secs(60);
/// How long a guess may take: whoever types has typed on by then.
const GUESS_TIME: Duration = Duration::from_millis(600);
/// How long an answer to words may take where the configuration does not say.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// A longer message is cut to its first words.
const LONGEST_ERROR: usize = 160;

/// What the model is doing, for `status`.
#[derive(Debug, Default)]
pub(super) struct ModelState(AtomicU8);

impl ModelState {
    const NAMES: &'static [&'static str] = &["none", "idle", "loaded", "failed"];

    /// One where a model is installed, or not.
    pub(super) fn new(installed: bool) -> Self {
        Self(AtomicU8::new(u8::from(installed)))
    }

    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        Self::NAMES.get(usize::from(self.0.load(Ordering::Relaxed))).copied().unwrap_or("none")
    }

    /// True where guesses are worth asking for.
    pub(super) fn is_there(&self) -> bool {
        matches!(self.0.load(Ordering::Relaxed), 1 | 2)
    }

    /// Looks again whether a model is installed, where the last one could not be opened.
    pub(super) fn look_again(&self, installed: bool) {
        if matches!(self.name(), "none" | "failed") {
            self.set(if installed { "idle" } else { "none" });
        }
    }

    fn set(&self, name: &str) {
        let number = Self::NAMES.iter().position(|known| *known == name).unwrap_or(0);
        self.0.store(u8::try_from(number).unwrap_or(0), Ordering::Relaxed);
    }
}

/// The model, or why there is none.
#[derive(Default)]
pub(super) struct Engine {
    model: Option<Box<dyn TextModel>>,
    failed: Option<(Instant, String)>,
}

impl Engine {
    /// True while a model is in memory.
    pub(super) fn is_loaded(&self) -> bool {
        self.model.is_some()
    }

    /// Lets go of the model and gives its memory back to the system.
    pub(super) fn unload(&mut self, state: &ModelState) {
        if self.model.take().is_some() {
            state.set("idle");
            rest();
        }
    }

    fn open(&mut self, config: &Config, state: &ModelState) -> Result<&mut dyn TextModel, Error> {
        // `look_again` says that it is worth another try.
        if let Some((when, message)) = &self.failed
            && when.elapsed() < RETRY
            && state.name() == "failed"
        {
            return Err(Error::new(ErrorKind::ModelNotFound, message.clone()));
        }
        let model = match self.model.take() {
            Some(model) => model,
            None => {
                let opened = model::open(config).inspect_err(|error| {
                    state.set("failed");
                    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    self.failed = Some((Instant::now(), format!("{error}{hint}")));
                })?;
                self.failed = None;
                state.set("loaded");
                // Loading takes twice the memory that the model needs.
                give_back_heap();
                opened.model
            }
        };
        Ok(self.model.insert(model).as_mut())
    }

    /// Answers a request in words.
    pub(super) fn generate(
        &mut self,
        request: &Request,
        judge: &mut Judge,
        state: &ModelState,
        cancel: &CancelToken,
    ) -> Outcome {
        let config = judge.config();
        let time = config.timeout.unwrap_or(ANSWER_TIME);
        let mut control =
            Control { cancel: cancel.clone(), deadline: Some(Instant::now() + time), listener: None };
        match generate(request, || self.open(&config, state), &mut control) {
            Ok(suggestion) => Outcome::Answered(generated(&suggestion, judge, &request.context)),
            Err(error) => Outcome::Failed(ErrorCode::Unavailable, short(&error)),
        }
    }

    /// Guesses how a line goes on.
    ///
    /// # Errors
    /// There is no model, or it fails; with the reason.
    pub(super) fn guess(
        &mut self,
        query: &Query<'_>,
        past: &[Run],
        world: &dyn World,
        config: &Config,
        state: &ModelState,
        cancel: &CancelToken,
    ) -> Result<Option<Offer>, String> {
        let model = self.open(config, state).map_err(|error| short(&error))?;
        let deadline = Some(Instant::now() + GUESS_TIME);
        let mut control = Control { cancel: cancel.clone(), deadline, listener: None };
        match continue_line(model, query, past, world, &ModelOptions::default(), &mut control) {
            Ok(offer) => Ok(offer),
            // Somebody typed on.
            Err(error) if error.kind() == ErrorKind::Cancelled => Ok(None),
            Err(error) => Err(short(&error)),
        }
    }

    /// Lets the model read what comes before the next line.
    ///
    /// # Errors
    /// There is no model, or it fails; with the reason.
    pub(super) fn read_ahead(
        &mut self,
        query: &Query<'_>,
        past: &[Run],
        world: &dyn World,
        config: &Config,
        state: &ModelState,
        cancel: &CancelToken,
    ) -> Result<(), String> {
        let model = self.open(config, state).map_err(|error| short(&error))?;
        let control = Control { cancel: cancel.clone(), ..Control::default() };
        match read_ahead(model, query, past, world, &control) {
            Err(error) if error.kind() != ErrorKind::Cancelled => Err(short(&error)),
            _ => Ok(()),
        }
    }
}

/// What the memory alone says to a request; `None` where the model is to be asked.
pub(super) fn recall(request: &Request, judge: &mut Judge) -> Option<Answer> {
    let needs_model = || Err(Error::new(ErrorKind::ModelNotFound, "it takes the model"));
    match generate(request, needs_model, &mut Control::default()) {
        Ok(suggestion) => Some(generated(&suggestion, judge, &request.context)),
        Err(error) if error.kind() == ErrorKind::ModelNotFound => None,
        Err(error) => Some(nothing(&short(&error))),
    }
}

/// The nearest that the memory has, while the model works; nothing where it is far.
pub(super) fn draft(request: &Request, judge: &mut Judge) -> Option<Answer> {
    let memory = request.memory.as_ref()?;
    let drafts = memory.recall(&cmdai_core::recall::question(request.text.trim(), &request.context));
    let nearest = drafts.first().filter(|draft| draft.cost < 1.0 && draft.lost == 0)?;
    let clean = !nearest.command.chars().any(char::is_control);
    let answer = command_answer(&nearest.command, Vec::new(), State::Draft, judge, &request.context);
    let bad =
        matches!(&answer, Answer::Generated { line, .. } if line.risk > cmdai_core::safety::Risk::Moderate);
    (clean && !bad).then_some(answer)
}

/// An error in one line that fits under a prompt. A search that found nothing lists every place: those are left to `doctor`.
fn short(error: &Error) -> String {
    let message = one_line(&error.to_string());
    match message.split_once(": ") {
        Some((what, _)) if message.len() > LONGEST_ERROR => format!("{what}; cmdai doctor tells more"),
        _ => message,
    }
}

fn generated(suggestion: &Suggestion, judge: &mut Judge, ctx: &Context) -> Answer {
    let mut candidates = suggestion.candidates.iter();
    if let Some(best) = candidates.next() {
        let others = candidates.map(|candidate| candidate.command.clone()).collect();
        return command_answer(&best.command, others, State::Final, judge, ctx);
    }
    if let Some(told) = &suggestion.told_elsewhere {
        return nothing(told);
    }
    let why = suggestion.rejected.first();
    nothing(&why.map_or("no confident answer".to_owned(), |rejected| {
        format!("no confident answer; turned down was {} ({})", rejected.text, rejected.reason)
    }))
}

fn command_answer(
    command: &str,
    others: Vec<String>,
    state: State,
    judge: &mut Judge,
    ctx: &Context,
) -> Answer {
    Answer::Generated {
        command: command.to_owned(),
        line: judge.look(command, ctx),
        explanation: one_line(&explain(command, ctx).summary),
        state,
        others,
    }
}

fn nothing(why: &str) -> Answer {
    Answer::Generated {
        command: String::new(),
        line: Judgement::NOTHING,
        explanation: why.to_owned(),
        state: State::None,
        others: Vec::new(),
    }
}
