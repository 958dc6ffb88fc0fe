//! Who works on what: one piece of work a lane, and connections in turn.

use super::connection::{Connection, Shown, Step};
use super::requests::late;
use super::{
    Action, Alternative, Answer, CHECK_LATE_MS, ConnId, ErrorCode, JobId, Judgement, Lane, Message, Millis,
    Outcome, Sessions, Work, fit_to_offer,
};
use crate::protocol::{Asked, Form, Line, Stage, State};

/// Work that was begun.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) lane: Lane,
    pub(super) job: JobId,
    pub(super) conn: ConnId,
    pub(super) head: Message<()>,
    pub(super) kind: Kind,
    pub(super) since: Millis,
    /// The directory that it is about.
    pub(super) cwd: Option<String>,
    /// True once it was told that it hangs.
    pub(super) told: bool,
    /// False once nobody waits for it.
    pub(super) wanted: bool,
}

impl Running {
    /// True where the model reads ahead, which gives way to all that anybody asks.
    pub(super) fn is_ahead(&self) -> bool {
        matches!(self.kind, Kind::Prepare)
    }
}

/// What sort of work it is.
#[derive(Debug)]
pub(super) enum Kind {
    /// Answered by its outcome.
    Plain,
    /// A suggestion, with the line it is about.
    Suggest(Line),
    /// The same by the model.
    Continue(Line),
    /// Nobody's answer: the model reads ahead.
    Prepare,
    /// A request, first put to the memory.
    Recall(Asked),
    /// A request, put to the model.
    Generate,
}

impl Sessions {
    /// Gives every free lane something to do.
    pub(super) fn fill_lanes(&mut self, now: Millis, out: &mut Vec<Action>) {
        for &lane in Lane::ALL {
            if let Some(running) = self.running.get_mut(&lane) {
                // Somebody asked in words and waits; a suggestion nobody asked for gives way. So does what is
                // read ahead, to both: what was read of it stays read.
                let mut connections = self.connections.values();
                let is_due = |connection: &Connection| connection.model_at().is_some_and(|at| now >= at);
                let gives_way = match running.kind {
                    _ if !running.wanted => false,
                    Kind::Continue(_) => connections.any(|connection| !connection.slow.is_empty()),
                    Kind::Prepare => {
                        connections.any(|connection| !connection.slow.is_empty() || is_due(connection))
                    }
                    _ => false,
                };
                if gives_way {
                    running.wanted = false;
                    out.push(Action::Abandon(running.job));
                }
                continue;
            }
            self.begin_next(lane, now, out);
        }
    }

    fn begin_next(&mut self, lane: Lane, now: Millis, out: &mut Vec<Action>) {
        let job = JobId(self.jobs + 1);
        let model = self.model;
        let is_recorded = self.unrecorded == 0;
        let passes: &[Pass] = match lane {
            Lane::Check => &[Pass::Checks],
            Lane::Fast => &[Pass::Fast],
            Lane::Store => &[Pass::Store],
            Lane::Engine => &[Pass::Requests, Pass::Continue, Pass::Prepare],
        };
        for pass in passes {
            let Some((conn, head, work)) = self.in_turn(lane, |connection| match pass {
                Pass::Prepare if !model || !is_recorded => None,
                _ => next(connection, *pass, job, model, now),
            }) else {
                continue;
            };
            let kind = match &work {
                Work::Suggest(line, _) => Kind::Suggest(line.clone()),
                Work::Continue(line) => Kind::Continue(line.clone()),
                Work::Prepare(_) => Kind::Prepare,
                Work::Recall(asked) => Kind::Recall(asked.clone()),
                Work::Generate(_) => Kind::Generate,
                _ => Kind::Plain,
            };
            let asker = self.connections.get(&conn).map(|connection| connection.asker.clone());
            self.jobs += 1;
            self.served.insert(lane, conn);
            let cwd = work.cwd().map(str::to_owned);
            let running = Running { lane, job, conn, head, kind, since: now, cwd, told: false, wanted: true };
            self.running.insert(lane, running);
            out.push(Action::Begin(lane, job, asker.unwrap_or_default(), work));
            return;
        }
    }

    /// The first that a connection has, beginning behind the one that was served last.
    fn in_turn<T>(
        &mut self,
        lane: Lane,
        mut take: impl FnMut(&mut Connection) -> Option<(Message<()>, T)>,
    ) -> Option<(ConnId, Message<()>, T)> {
        let last = self.served.get(&lane).copied();
        let after: Vec<ConnId> = self.connections.keys().copied().filter(|conn| Some(*conn) > last).collect();
        let before: Vec<ConnId> =
            self.connections.keys().copied().filter(|conn| Some(*conn) <= last).collect();
        after.into_iter().chain(before).find_map(|conn| {
            let (head, taken) = take(self.connections.get_mut(&conn)?)?;
            Some((conn, head, taken))
        })
    }

    /// Answers every check that waits where one has been at work for too long.
    pub(super) fn answer_late_checks(&mut self, now: Millis, out: &mut Vec<Action>) {
        let Some(running) = self.running.get_mut(&Lane::Check) else { return };
        if self.stuck || now < running.since + CHECK_LATE_MS {
            return;
        }
        self.stuck = true;
        if std::mem::take(&mut running.wanted) {
            out.push(Action::Send(running.conn, running.head.with(late())));
        }
        for (conn, connection) in &mut self.connections {
            let waiting = connection.checks.drain(..);
            out.extend(waiting.map(|check| Action::Send(*conn, check.with(late()))));
        }
    }

    pub(super) fn progress(&mut self, job: JobId, answer: Answer, out: &mut Vec<Action>) {
        let running = self.running.values().find(|running| running.job == job && running.wanted);
        if let Some(running) = running {
            out.push(Action::Send(running.conn, running.head.with(answer)));
        }
    }

    pub(super) fn finished(&mut self, job: JobId, outcome: Outcome, out: &mut Vec<Action>) {
        let lane = self.running.values().find(|running| running.job == job).map(|running| running.lane);
        let Some(running) = lane.and_then(|lane| self.running.remove(&lane)) else { return };
        if running.lane == Lane::Check {
            self.stuck = false;
        }
        let Some(connection) = self.connections.get_mut(&running.conn) else { return };
        if !running.wanted {
            // A suggestion that gave way is not asked for again; the fast one stands.
            if let Some(latest) = connection.latest.as_mut().filter(|latest| latest.step == Step::Model(job))
            {
                latest.step = Step::Done;
            }
            return;
        }
        let Running { conn, head, kind, .. } = running;
        match (kind, outcome) {
            (Kind::Prepare, _) => {}
            (Kind::Suggest(line), outcome) => {
                if matches!(outcome, Outcome::Replaced(..)) {
                    connection.shown = None;
                }
                let (judgement, offer) = match outcome {
                    Outcome::Suggested(judgement, offer) | Outcome::Replaced(judgement, offer) => {
                        (judgement, offer.and_then(fit_to_offer))
                    }
                    _ => (Judgement::UNKNOWN, None),
                };
                let answer = suggested(connection, &line, judgement, offer, self.model);
                out.push(Action::Send(conn, head.with(answer)));
            }
            (Kind::Continue(line), outcome) => {
                let offer = match outcome {
                    Outcome::Continued(offer) => offer.and_then(fit_to_offer),
                    _ => None,
                };
                if let Some(answer) = continued(connection, &line, offer) {
                    out.push(Action::Send(conn, head.with(answer)));
                }
            }
            (Kind::Recall(asked), Outcome::AskTheModel) => {
                let work = head.with(Work::Generate(asked));
                if !Connection::queue(&mut connection.slow, work) {
                    let message = "too many requests wait for the model".to_owned();
                    out.push(Action::Send(conn, head.with(Answer::Error { code: ErrorCode::Busy, message })));
                }
            }
            (Kind::Generate | Kind::Recall(_), Outcome::Failed(_, message)) => {
                let answer = Answer::Generated {
                    command: String::new(),
                    line: Judgement::NOTHING,
                    explanation: message,
                    state: State::None,
                    others: Vec::new(),
                };
                out.push(Action::Send(conn, head.with(answer)));
            }
            (_, Outcome::Answered(answer)) => out.push(Action::Send(conn, head.with(answer))),
            // Whoever waits for a verdict gets one.
            (Kind::Plain, _) if running.lane == Lane::Check => {
                out.push(Action::Send(conn, head.with(late())));
            }
            (_, Outcome::Failed(code, message)) => {
                out.push(Action::Send(conn, head.with(Answer::Error { code, message })));
            }
            (_, _) => {
                let message = "the work ended without an answer".to_owned();
                let answer = Answer::Error { code: ErrorCode::Unavailable, message };
                out.push(Action::Send(conn, head.with(answer)));
            }
        }
    }
}

/// Which of a connection's queues is looked into.
#[derive(Clone, Copy, Debug)]
enum Pass {
    Checks,
    Fast,
    Store,
    Requests,
    Continue,
    Prepare,
}

fn next(
    connection: &mut Connection,
    pass: Pass,
    job: JobId,
    model: bool,
    now: Millis,
) -> Option<(Message<()>, Work)> {
    let apart = |message: Message<Work>| (message.with(()), message.body);
    match pass {
        Pass::Checks => {
            let check = connection.checks.pop_front()?;
            Some((check.with(()), Work::Check(check.body)))
        }
        Pass::Fast => {
            if let Some(latest) = connection.latest.as_mut().filter(|latest| latest.step == Step::Waiting) {
                latest.step = Step::Fast(job);
                let line = latest.asked.body.clone();
                let shown = connection.shown.as_ref().and_then(|shown| shown.ahead(&line));
                return Some((latest.asked.with(()), Work::Suggest(line, shown)));
            }
            connection.quick.pop_front().map(apart)
        }
        Pass::Store => connection.stored.pop_front().map(apart),
        Pass::Requests => connection.slow.pop_front().map(apart),
        Pass::Continue => {
            if !model || connection.model_at().is_none_or(|at| now < at) {
                return None;
            }
            let latest = connection.latest.as_mut()?;
            latest.step = Step::Model(job);
            Some((latest.asked.with(()), Work::Continue(latest.asked.body.clone())))
        }
        Pass::Prepare => {
            let begins = connection.begins.take_if(|begins| now >= begins.at)?;
            Some((Message { id: 0, form: Form::Tab, body: () }, Work::Prepare(begins.cwd)))
        }
    }
}

/// The first answer to a suggestion.
fn suggested(
    connection: &mut Connection,
    line: &Line,
    judgement: Judgement,
    offer: Option<Alternative>,
    model: bool,
) -> Answer {
    let kept = connection.shown.as_ref().and_then(|shown| shown.ahead(line));
    let offer = match (kept, offer) {
        // It stays, unless something longer goes on from it.
        (Some(kept), Some(offer)) if offer.suffix.starts_with(&kept.suffix) => Some(offer),
        (Some(kept), _) => Some(kept),
        (None, offer) => offer,
    };
    show(connection, line, offer.as_ref());
    if let Some(latest) = &mut connection.latest {
        latest.judgement = Some(judgement);
        // Where memory speaks, the model hardly ever knows better; and its own words are not put to it again.
        let asks = model && offer.is_none() && line.is_at_end() && !line.buffer.trim().is_empty();
        latest.step = if asks { Step::Pausing } else { Step::Done };
    }
    answer(judgement, offer, Stage::Fast)
}

/// The second answer, where there is one.
fn continued(connection: &mut Connection, line: &Line, offer: Option<Alternative>) -> Option<Answer> {
    let judgement = connection.latest.as_ref().and_then(|latest| latest.judgement);
    if let Some(latest) = &mut connection.latest {
        latest.step = Step::Done;
    }
    let offer = offer?;
    show(connection, line, Some(&offer));
    Some(answer(judgement.unwrap_or(Judgement::UNKNOWN), Some(offer), Stage::Model))
}

fn show(connection: &mut Connection, line: &Line, offer: Option<&Alternative>) {
    connection.shown = offer.map(|offer| Shown {
        line: format!("{}{}", line.buffer, offer.suffix),
        cwd: line.cwd.clone(),
        offer: offer.clone(),
    });
}

fn answer(line: Judgement, offer: Option<Alternative>, stage: Stage) -> Answer {
    let none = Alternative { risk: line.risk, suffix: String::new(), source: String::new() };
    let Alternative { risk, suffix, source } = offer.unwrap_or(none);
    Answer::Suggestion { line, risk, suffix, stage, source }
}
