//! What one client waits for.

use std::collections::VecDeque;

use super::{
    Alternative, Asker, DEBOUNCE_MS, JobId, Judgement, Line, MAX_QUEUED, MAX_QUEUED_BYTES, Message, Millis,
    PAUSE_MS, STORM_MS, Work,
};
use crate::protocol::Check;

/// A client.
#[derive(Debug, Default)]
pub(super) struct Connection {
    pub(super) asker: Asker,
    /// A line that begins and has no key yet.
    pub(super) begins: Option<Begins>,
    /// The newest suggestion that was asked for.
    pub(super) latest: Option<Latest>,
    /// What the client shows, as far as we know.
    pub(super) shown: Option<Shown>,
    pub(super) checks: VecDeque<Message<Check>>,
    /// For the fast lane: alternatives, explanations, and requests that the memory may know.
    pub(super) quick: VecDeque<Message<Work>>,
    /// For the engine.
    pub(super) slow: VecDeque<Message<Work>>,
    /// For the history.
    pub(super) stored: VecDeque<Message<Work>>,
}

/// A line that begins.
#[derive(Debug)]
pub(super) struct Begins {
    pub(super) cwd: String,
    /// When the model is to read what came before it.
    pub(super) at: Millis,
}

/// The newest suggestion.
#[derive(Debug)]
pub(super) struct Latest {
    pub(super) asked: Message<Line>,
    pub(super) received: Millis,
    /// True where another came shortly before.
    pub(super) in_storm: bool,
    pub(super) step: Step,
    /// What the first answer said of the line.
    pub(super) judgement: Option<Judgement>,
}

/// How far a suggestion is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It waits for the fast lane.
    Waiting,
    /// The fast lane is at it.
    Fast(JobId),
    /// It is answered, and the model is asked when the time has come.
    Pausing,
    /// The engine is at it.
    Model(JobId),
    /// All is said.
    Done,
}

/// A line on a client's screen: what is typed and what is offered behind it.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) line: String,
    pub(super) cwd: Option<String>,
    pub(super) offer: Alternative,
}

impl Shown {
    /// What of it is still ahead where this is typed; nothing where it does not fit any more.
    pub(super) fn ahead(&self, typed: &Line) -> Option<Alternative> {
        let rest = self.line.strip_prefix(typed.buffer.as_str()).filter(|rest| !rest.is_empty())?;
        (typed.cwd == self.cwd && typed.is_at_end())
            .then(|| Alternative { suffix: rest.to_owned(), ..self.offer.clone() })
    }
}

impl Connection {
    /// When the model is to be asked for this client.
    pub(super) fn model_at(&self) -> Option<Millis> {
        let latest = self.latest.as_ref().filter(|latest| latest.step == Step::Pausing)?;
        Some(latest.received + if latest.in_storm { DEBOUNCE_MS } else { PAUSE_MS })
    }

    /// Takes a new line in place of the one before, and returns that.
    pub(super) fn ask(&mut self, asked: Message<Line>, received: Millis) -> Option<Latest> {
        // The model reads what came before the line when it is asked about it.
        self.begins = None;
        let before = self.latest.as_ref().map(|latest| latest.received);
        let in_storm = before.is_some_and(|before| received < before + STORM_MS);
        self.latest.replace(Latest { asked, received, in_storm, step: Step::Waiting, judgement: None })
    }

    /// True where something is asked and not answered.
    pub(super) fn is_waiting(&self) -> bool {
        let latest = self.latest.as_ref().is_some_and(|latest| latest.step != Step::Done);
        let queues = [&self.quick, &self.slow, &self.stored];
        latest || !self.checks.is_empty() || queues.iter().any(|queue| !queue.is_empty())
    }

    pub(super) fn check_bytes(&self) -> usize {
        self.checks.iter().map(|check| check.body.buffer.len()).sum()
    }

    /// Puts work into a queue; false where that is full.
    pub(super) fn queue(queue: &mut VecDeque<Message<Work>>, message: Message<Work>) -> bool {
        let bytes: usize = queue.iter().chain([&message]).map(|message| size(&message.body)).sum();
        let fits = queue.len() < MAX_QUEUED && bytes <= MAX_QUEUED_BYTES;
        if fits {
            queue.push_back(message);
        }
        fits
    }

    /// Takes what waits under this number out of the queues.
    pub(super) fn take_back(&mut self, id: u64) {
        for queue in [&mut self.quick, &mut self.slow, &mut self.stored] {
            queue.retain(|message| message.id != id);
        }
    }
}

fn size(work: &Work) -> usize {
    match work {
        Work::Check(check) => check.buffer.len(),
        Work::Suggest(line, _) | Work::Alternatives(line, _) | Work::What(line) | Work::Continue(line) => {
            line.buffer.len()
        }
        Work::Recall(asked) | Work::Generate(asked) => asked.request.len(),
        Work::Prepare(cwd) => cwd.len(),
        Work::Forget(pattern) => pattern.len(),
    }
}
