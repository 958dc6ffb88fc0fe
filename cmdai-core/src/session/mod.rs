//! Who is asked what, and when: the daemon without its sockets and threads.
//!
//! [`Sessions`] takes events (a message came, work is done, time passed) and gives actions (send this, begin
//! that). It holds no clock and does nothing itself, so every order of events is a test. What it promises, for
//! each connection:
//!
//! - a suggestion is answered once per stage, and not at all once a newer one came;
//! - a check is always answered, in turn, and at the latest [`CHECK_LATE_MS`] after it was begun;
//! - what is on the screen stays while it fits what is typed, unless something longer extends it or it has become
//!   unlikely, or the line is taken back; the model is asked where nothing is;
//! - the model reads the past of a line before its first key, and whatever else it is asked goes first;
//! - what waits is bounded, and no connection waits for another's queue: lanes go round.

mod connection;
mod lanes;
mod requests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::protocol::{
    Alternative, Answer, Asked, Check, Control, Definitions, ErrorCode, Fault, Judgement, Line, Message,
    Request,
};
use crate::safety::Risk;
use connection::Connection;
use lanes::Running;

/// A time in milliseconds since some start; it never goes back.
pub type Millis = u64;

/// The model is asked when this long no newer suggestion came, where the keys come in a storm.
pub const DEBOUNCE_MS: Millis = 25;
/// … and this long where a person types: by then the first answer is drawn.
pub const PAUSE_MS: Millis = 5;
/// Keys that follow each other within this time are a storm: a paste, or a key that is held.
pub const STORM_MS: Millis = 40;
/// What the model will be asked about a new line is run so long after its prompt: the shell is drawn by then.
pub const PREPARE_MS: Millis = 30;
/// A check that has been at work this long is answered with [`Judgement::UNKNOWN`]: the disk hangs, or the machine.
pub const CHECK_LATE_MS: Millis = 40;
/// Work in the lanes of checks and of what is answered from memory that takes so long hangs.
pub const HANGING_MS: Millis = 3000;
/// Checks of one connection that wait; with more it is not read from.
pub const MAX_CHECKS: usize = 16;
/// Other requests of one connection that wait, for each lane; more are answered `busy`.
pub const MAX_QUEUED: usize = 8;
/// Bytes of one connection that wait; with more it is not read from, or answered `busy`.
pub const MAX_QUEUED_BYTES: usize = 256 << 10;
/// Runs that are not recorded yet; with more nobody is read from.
pub const MAX_UNRECORDED: usize = 1024;
/// A longer suffix is not offered: nobody reads it, and it would fill the screen.
pub const MAX_SUFFIX_BYTES: usize = 4 << 10;

/// A connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// Who does a piece of work. Each lane does one at a time, and none waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Verdicts.
    Check,
    /// What is answered from memory.
    Fast,
    /// The model.
    Engine,
    /// The history.
    Store,
}

impl Lane {
    /// Every lane.
    pub const ALL: &'static [Self] = &[Self::Check, Self::Fast, Self::Engine, Self::Store];
}

/// What the daemon knows of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// Its name and version.
    pub client: String,
    /// The shell whose lines it sends, as it named it.
    pub shell: String,
    /// What its terminal is called.
    pub session: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A client connected.
    Opened(ConnId),
    /// A client went away.
    Closed(ConnId),
    /// A line was read.
    Received(ConnId, Result<Message<Request>, Message<Fault>>),
    /// Work has something to show and goes on.
    Progress(JobId, Answer),
    /// Work is over.
    Finished(JobId, Outcome),
    /// So many runs are on disk.
    Recorded(usize),
    /// Time passed.
    Woke,
}

/// How work ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// With the answer, and nothing more follows.
    Answered(Answer),
    /// Of [`Work::Suggest`]: what the line risks, and how it may go on.
    Suggested(Judgement, Option<Alternative>),
    /// Of [`Work::Suggest`]: the same, and what is shown has become unlikely and goes.
    Replaced(Judgement, Option<Alternative>),
    /// Of [`Work::Continue`].
    Continued(Option<Alternative>),
    /// Of [`Work::Prepare`].
    Prepared,
    /// Of [`Work::Recall`]: nothing that is sure, the model is to be asked.
    AskTheModel,
    /// Without an answer.
    Failed(ErrorCode, String),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Judge a line: [`Answer::Check`].
    Check(Check),
    /// Tier 1, beside what is shown and still fits: [`Outcome::Suggested`] or [`Outcome::Replaced`].
    Suggest(Line, Option<Alternative>),
    /// [`Answer::Alternatives`], as many at most.
    Alternatives(Line, usize),
    /// [`Answer::What`].
    What(Line),
    /// What the memory alone says to a request: a sure answer, or drafts and [`Outcome::AskTheModel`].
    Recall(Asked),
    /// The whole answer to a request.
    Generate(Asked),
    /// Tier 2, where tier 1 offers nothing: [`Outcome::Continued`].
    Continue(Line),
    /// Let the model read what it will be asked with about the next line in this directory, so that the first
    /// guess finds it read: [`Outcome::Prepared`].
    Prepare(String),
    /// [`Answer::Forgotten`].
    Forget(String),
}

impl Work {
    /// The directory that it is about.
    fn cwd(&self) -> Option<&str> {
        match self {
            Self::Check(check) => check.cwd.as_deref(),
            Self::Suggest(line, _)
            | Self::Alternatives(line, _)
            | Self::What(line)
            | Self::Continue(line) => line.cwd.as_deref(),
            Self::Recall(asked) | Self::Generate(asked) => asked.cwd.as_deref(),
            Self::Prepare(cwd) => Some(cwd),
            Self::Forget(_) => None,
        }
    }
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Send an answer.
    Send(ConnId, Message<Answer>),
    /// End the connection, after what was sent.
    Hangup(ConnId),
    /// Begin work in a lane; one [`Event::Finished`] answers it.
    Begin(Lane, JobId, Asker, Work),
    /// Nobody waits for this work any more: it may end early, and is finished all the same.
    Abandon(JobId),
    /// Record a run; [`Event::Recorded`] counts it.
    Record(Asker, Ran),
    /// The client's aliases or functions.
    Define(Asker, Definitions, Vec<(String, String)>),
    /// Answer a client about the daemon.
    Control(ConnId, Message<Control>),
}

/// A run, as a client told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The line.
    pub command: String,
    /// The working directory.
    pub cwd: Option<String>,
    /// Its exit status.
    pub status: Option<i32>,
    /// How long it ran, in milliseconds.
    pub duration_ms: Option<u64>,
    /// When it was started, in seconds since 1970-01-01 UTC.
    pub started: Option<i64>,
}

/// What the daemon says of itself to a client that says hello.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Its version.
    pub version: String,
    /// What it can do.
    pub capabilities: Vec<String>,
}

/// All connections and what they wait for.
#[derive(Debug, Default)]
pub struct Sessions {
    identity: Identity,
    /// Whether there is a model to ask.
    model: bool,
    connections: BTreeMap<ConnId, Connection>,
    running: BTreeMap<Lane, Running>,
    /// The connection that each lane served last.
    served: BTreeMap<Lane, ConnId>,
    jobs: u64,
    unrecorded: usize,
    /// True while a check has been at work for too long: others are not held up by it.
    stuck: bool,
}

impl Sessions {
    /// Nobody is connected.
    pub fn new(identity: Identity, model: bool) -> Self {
        Self { identity, model, ..Self::default() }
    }

    /// Says whether there is a model to ask, from now on.
    pub fn set_model(&mut self, model: bool, capabilities: Vec<String>) {
        self.model = model;
        self.identity.capabilities = capabilities;
    }

    /// Takes an event and tells what to do.
    pub fn handle(&mut self, now: Millis, event: Event) -> Vec<Action> {
        let mut out = Vec::new();
        match event {
            Event::Opened(conn) => {
                self.connections.insert(conn, Connection::default());
            }
            Event::Closed(conn) => self.closed(conn, &mut out),
            Event::Received(conn, message) => self.received(now, conn, message, &mut out),
            Event::Progress(job, answer) => self.progress(job, answer, &mut out),
            Event::Finished(job, outcome) => self.finished(job, outcome, &mut out),
            Event::Recorded(count) => self.unrecorded = self.unrecorded.saturating_sub(count),
            Event::Woke => {}
        }
        self.answer_late_checks(now, &mut out);
        self.fill_lanes(now, &mut out);
        out
    }

    /// When [`Event::Woke`] is due, where nothing else happens before.
    pub fn deadline(&self) -> Option<Millis> {
        let check = self.running.get(&Lane::Check).filter(|_| !self.stuck);
        let check = check.map(|running| running.since + CHECK_LATE_MS);
        let at_once = [Lane::Check, Lane::Fast].into_iter().filter_map(|lane| self.running.get(&lane));
        let hanging = at_once.filter(|running| !running.told).map(|running| running.since + HANGING_MS);
        let engine = self.running.get(&Lane::Engine);
        let (is_free, gives_way) =
            (engine.is_none(), engine.is_some_and(|running| running.wanted && running.is_ahead()));
        let asked = self.connections.values().filter(|_| self.model && (is_free || gives_way));
        let asked = asked.filter_map(|connection| {
            // What is not recorded yet is what the model is to read.
            let begins = connection.begins.as_ref().filter(|_| is_free && self.unrecorded == 0);
            connection.model_at().into_iter().chain(begins.map(|begins| begins.at)).min()
        });
        asked.chain(check).chain(hanging).min()
    }

    /// Work of the lanes that answer at once which takes so long that it must hang, with the directory it is
    /// about. Each is told once.
    pub fn hanging(&mut self, now: Millis) -> Vec<(Lane, JobId, Option<String>)> {
        let hangs = |running: &&mut Running| {
            let answers_at_once = matches!(running.lane, Lane::Check | Lane::Fast);
            answers_at_once && !running.told && now >= running.since + HANGING_MS
        };
        let tell = |running: &mut Running| {
            running.told = true;
            (running.lane, running.job, running.cwd.clone())
        };
        self.running.values_mut().filter(hangs).map(tell).collect()
    }

    /// True where a connection may be read from. What it sent stays with the system until then.
    pub fn may_receive(&self, conn: ConnId) -> bool {
        let of_connection = |connection: &Connection| {
            connection.checks.len() < MAX_CHECKS && connection.check_bytes() < MAX_QUEUED_BYTES
        };
        self.unrecorded < MAX_UNRECORDED && self.connections.get(&conn).is_some_and(of_connection)
    }

    /// True while anything is being worked on or waits to be.
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty() || self.unrecorded > 0
    }

    /// True while a client waits for an answer.
    pub fn is_waiting(&self, conn: ConnId) -> bool {
        let running = self.running.values().any(|running| running.conn == conn && running.wanted);
        running || self.connections.get(&conn).is_some_and(Connection::is_waiting)
    }

    /// How many clients are connected.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// What this client told of itself.
    pub fn asker(&self, conn: ConnId) -> Option<&Asker> {
        self.connections.get(&conn).map(|connection| &connection.asker)
    }
}

/// What a suffix with control characters, or too much of it, becomes: nothing.
fn fit_to_offer(alternative: Alternative) -> Option<Alternative> {
    let clean = !alternative.suffix.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    let length = alternative.suffix.len();
    let fits = clean && length > 0 && length <= MAX_SUFFIX_BYTES && alternative.risk != Risk::Critical;
    fits.then_some(alternative)
}
