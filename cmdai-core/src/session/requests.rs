//! What happens when a client says something, or leaves.

use super::connection::{Begins, Connection, Latest, Step};
use super::{
    Action, Answer, Asker, ConnId, ErrorCode, Fault, Judgement, Lane, Message, Millis, PREPARE_MS, Ran,
    Request, Sessions, Work,
};
use crate::protocol::{Hello, PROTOCOL};

/// Alternatives where a client does not say how many.
const ALTERNATIVES: usize = 8;

impl Sessions {
    pub(super) fn received(
        &mut self,
        now: Millis,
        conn: ConnId,
        message: Result<Message<Request>, Message<Fault>>,
        out: &mut Vec<Action>,
    ) {
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        let message = match message {
            Ok(message) => message,
            Err(fault) => return out.push(Action::Send(conn, fault.into())),
        };
        let Message { id, form, body } = message;
        let head = Message { id, form, body: () };
        let work = |work: Work| head.with(work);
        let fits = match body {
            Request::Hello(hello) => {
                return self.hello(now, conn, &head, hello, out);
            }
            Request::Define { kind, names } => {
                out.push(Action::Define(connection.asker.clone(), kind, names));
                true
            }
            Request::Suggest(line) => {
                let before = connection.ask(head.with(line), now);
                self.abandon_suggestion(before, out);
                true
            }
            Request::Check(_) if self.stuck => {
                out.push(Action::Send(conn, head.with(late())));
                true
            }
            Request::Check(check) => {
                connection.checks.push_back(head.with(check));
                true
            }
            Request::Alternatives { line, count } => {
                let count = count.unwrap_or(ALTERNATIVES).clamp(1, ALTERNATIVES);
                Connection::queue(&mut connection.quick, work(Work::Alternatives(line, count)))
            }
            Request::What(line) => Connection::queue(&mut connection.quick, work(Work::What(line))),
            Request::Generate(asked) => Connection::queue(&mut connection.quick, work(Work::Recall(asked))),
            Request::Forget { pattern } => {
                Connection::queue(&mut connection.stored, work(Work::Forget(pattern)))
            }
            Request::Cancel => {
                self.take_back(conn, id, out);
                true
            }
            Request::Ran { command, cwd, status, duration_ms, started } => {
                if let Some(begins) = &mut connection.begins {
                    begins.at = now + PREPARE_MS;
                }
                let ran = Ran { command, cwd, status, duration_ms, started };
                out.push(Action::Record(connection.asker.clone(), ran));
                self.unrecorded += 1;
                true
            }
            Request::Control(control) => {
                out.push(Action::Control(conn, head.with(control)));
                true
            }
        };
        if !fits {
            let message = "too much waits to be answered; ask again when an answer came".to_owned();
            out.push(Action::Send(conn, head.with(Answer::Error { code: ErrorCode::Busy, message })));
        }
    }

    fn hello(&mut self, now: Millis, conn: ConnId, head: &Message<()>, hello: Hello, out: &mut Vec<Action>) {
        if hello.protocol.is_some_and(|protocol| protocol != PROTOCOL) {
            let message =
                format!("this daemon speaks protocol {PROTOCOL}, of cmdai {}", self.identity.version);
            out.push(Action::Send(conn, head.with(Answer::Error { code: ErrorCode::Version, message })));
            out.push(Action::Hangup(conn));
            return;
        }
        if let Some(connection) = self.connections.get_mut(&conn) {
            let Hello { client, shell, session, cwd, .. } = hello;
            connection.asker = Asker { client, shell, session };
            connection.begins = cwd.map(|cwd| Begins { cwd, at: now + PREPARE_MS });
        }
        let answer = Answer::Hello {
            protocol: PROTOCOL,
            version: self.identity.version.clone(),
            capabilities: self.identity.capabilities.clone(),
        };
        out.push(Action::Send(conn, head.with(answer)));
    }

    fn take_back(&mut self, conn: ConnId, id: u64, out: &mut Vec<Action>) {
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        connection.take_back(id);
        let latest = connection.latest.take_if(|latest| latest.asked.id == id);
        if latest.is_some() {
            // The line is given up, and nothing that stood behind it is shown any more.
            connection.shown = None;
        }
        self.abandon_suggestion(latest, out);
        for running in self.running.values_mut() {
            // A check is over before anybody can take it back.
            let same = running.conn == conn && running.head.id == id && running.lane != Lane::Check;
            if same && std::mem::take(&mut running.wanted) {
                out.push(Action::Abandon(running.job));
            }
        }
    }

    /// Nobody waits for the work on a suggestion any more.
    fn abandon_suggestion(&mut self, latest: Option<Latest>, out: &mut Vec<Action>) {
        let job = match latest.map(|latest| latest.step) {
            Some(Step::Fast(job) | Step::Model(job)) => job,
            _ => return,
        };
        let running = self.running.values_mut().find(|running| running.job == job);
        if running.is_some_and(|running| std::mem::take(&mut running.wanted)) {
            out.push(Action::Abandon(job));
        }
    }

    pub(super) fn closed(&mut self, conn: ConnId, out: &mut Vec<Action>) {
        self.connections.remove(&conn);
        for running in self.running.values_mut().filter(|running| running.conn == conn) {
            if std::mem::take(&mut running.wanted) {
                out.push(Action::Abandon(running.job));
            }
        }
    }
}

/// What is said of a line that could not be judged in time.
pub(super) fn late() -> Answer {
    Answer::Check {
        line: Judgement::UNKNOWN,
        reason: "this line could not be judged in time".to_owned(),
        rule: "late".to_owned(),
    }
}
