//! What stands on the screen while a line is typed: the daemon's own rules, with lanes that answer at once.

use anyhow::Result;
use cmdai_core::complete::{Completer, Past, Query, Suggestion, World};
use cmdai_core::protocol::{Alternative, Answer, Form, Judgement, Line, Message, Request, Stage};
use cmdai_core::session::{Action, ConnId, Event, Identity, Lane, Millis, Outcome, Sessions, Work};

/// Between two keys: a person types, and every answer is there before the next key.
const KEY_MS: Millis = 150;
/// The one client.
const CLIENT: ConnId = ConnId(1);

/// What was said to a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// What stands behind the line in the end.
    pub(crate) suffix: String,
    /// True where the model was asked.
    pub(crate) asked: bool,
    /// True where the suffix came from it just now.
    pub(crate) by_model: bool,
    /// Microseconds that memory took.
    pub(crate) micros: u32,
}

/// A terminal.
pub(crate) struct Screen {
    sessions: Sessions,
    now: Millis,
    id: u64,
}

impl Screen {
    /// One at which a line begins, with or without a model behind it.
    pub(crate) fn new(model: bool) -> Self {
        let mut sessions = Sessions::new(Identity::default(), model);
        sessions.handle(0, Event::Opened(CLIENT));
        Self { sessions, now: 0, id: 0 }
    }

    /// A key was pressed and this is the line now. `guess` is the model.
    pub(crate) fn key(
        &mut self,
        query: &Query<'_>,
        past: &Past,
        world: &dyn World,
        mut guess: impl FnMut() -> Result<Option<Suggestion>>,
    ) -> Result<Seen> {
        let mut seen = Seen::default();
        self.now += KEY_MS;
        self.id += 1;
        let line =
            Line { buffer: query.buffer.to_owned(), cwd: query.context.cwd.clone(), ..Line::default() };
        let message = Message { id: self.id, form: Form::Tab, body: Request::Suggest(line) };
        let mut events = vec![Event::Received(CLIENT, Ok(message))];
        loop {
            let Some(event) = events.pop() else {
                match self.sessions.deadline() {
                    Some(at) => self.now = self.now.max(at),
                    None => return Ok(seen),
                }
                events.push(Event::Woke);
                continue;
            };
            for action in self.sessions.handle(self.now, event) {
                match action {
                    Action::Begin(Lane::Fast, job, _, Work::Suggest(_, shown)) => {
                        let begin = std::time::Instant::now();
                        let outcome = remember(query, past, world, shown.as_ref());
                        seen.micros = u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX);
                        events.push(Event::Finished(job, outcome));
                    }
                    Action::Begin(_, job, _, Work::Continue(_)) => {
                        seen.asked = true;
                        let outcome = Outcome::Continued(guess()?.map(|offer| alternative(offer, "model")));
                        events.push(Event::Finished(job, outcome));
                    }
                    Action::Send(_, Message { body: Answer::Suggestion { suffix, stage, .. }, .. }) => {
                        (seen.suffix, seen.by_model) = (suffix, stage == Stage::Model);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// What the fast lane says.
fn remember(query: &Query<'_>, past: &Past, world: &dyn World, shown: Option<&Alternative>) -> Outcome {
    let completer = Completer::shipped();
    let offer = completer.complete(past, query, world, 1).into_iter().next();
    let stays = shown.is_none_or(|shown| {
        completer.stays(past, query, world, &shown.suffix, shown.source == "model", offer.as_ref())
    });
    let offer = offer.map(|offer| alternative(offer, "memory"));
    match stays {
        true => Outcome::Suggested(Judgement::NOTHING, offer),
        false => Outcome::Replaced(Judgement::NOTHING, offer),
    }
}

fn alternative(offer: Suggestion, source: &str) -> Alternative {
    Alternative { risk: offer.risk, suffix: offer.suffix, source: source.to_owned() }
}
