//! The threads that work: one for each lane of the session, each with what it needs and nothing of another.

use std::collections::HashMap;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use cmdai_core::engine::CancelToken;
use cmdai_core::explain::explain;
use cmdai_core::protocol::{Answer, ErrorCode, Line};
use cmdai_core::session::{Asker, Event, JobId, Lane, Outcome, Work};

use super::journal::Journal;
use super::judge::{self, Judge, one_line};

/// A piece of work on its way to a lane.
struct Job {
    id: JobId,
    asker: Asker,
    work: Work,
    cancel: CancelToken,
}

/// Where work says that it is done. It wakes the loop.
#[derive(Clone)]
pub(super) struct Mailbox {
    events: Sender<Event>,
    bell: Arc<UnixStream>,
}

impl Mailbox {
    /// A mailbox, what comes into it, and the bell that rings then.
    ///
    /// # Errors
    /// The system has no descriptors left.
    pub(super) fn new() -> std::io::Result<(Self, Receiver<Event>, UnixStream)> {
        let (events, inbox) = channel();
        let (ringing, heard) = UnixStream::pair()?;
        ringing.set_nonblocking(true)?;
        heard.set_nonblocking(true)?;
        Ok((Self { events, bell: Arc::new(ringing) }, inbox, heard))
    }

    /// Something to ring with from a signal.
    ///
    /// # Errors
    /// The system has no descriptors left.
    pub(super) fn bell(&self) -> std::io::Result<UnixStream> {
        self.bell.try_clone()
    }

    fn put(&self, event: Event) {
        // Both fail only where the loop has ended. A full bell rings already.
        let _ = self.events.send(event);
        let _ = (&*self.bell).write(&[1]);
    }
}

/// What all lanes know.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) mailbox: Mailbox,
    pub(super) journal: Arc<Journal>,
}

/// The threads and what they work on.
pub(super) struct Lanes {
    queues: HashMap<Lane, Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    cancels: Arc<Mutex<HashMap<JobId, CancelToken>>>,
}

impl Lanes {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system has no threads left.
    pub(super) fn start(shared: &Shared) -> std::io::Result<Self> {
        let cancels = Arc::new(Mutex::new(HashMap::new()));
        let mut lanes = Self { queues: HashMap::new(), threads: Vec::new(), cancels };
        for &lane in Lane::ALL {
            let (queue, jobs) = channel();
            let (shared, cancels) = (shared.clone(), Arc::clone(&lanes.cancels));
            let body = move || work_on(lane, &jobs, &shared, &cancels);
            let thread = std::thread::Builder::new().name(format!("{lane:?}").to_lowercase()).spawn(body)?;
            lanes.queues.insert(lane, queue);
            lanes.threads.push(thread);
        }
        Ok(lanes)
    }

    /// Hands a piece of work over.
    pub(super) fn begin(&self, lane: Lane, id: JobId, asker: Asker, work: Work) {
        let cancel = CancelToken::new();
        if let Ok(mut cancels) = self.cancels.lock() {
            cancels.insert(id, cancel.clone());
        }
        if let Some(queue) = self.queues.get(&lane) {
            let _ = queue.send(Job { id, asker, work, cancel });
        }
    }

    /// Tells that nobody waits for it any more.
    pub(super) fn abandon(&self, id: JobId) {
        if let Some(cancel) = self.cancels.lock().ok().and_then(|cancels| cancels.get(&id).cloned()) {
            cancel.cancel();
        }
    }

    /// Ends every thread and waits for it.
    pub(super) fn end(self) {
        if let Ok(cancels) = self.cancels.lock() {
            cancels.values().for_each(CancelToken::cancel);
        }
        drop(self.queues);
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

fn work_on(lane: Lane, jobs: &Receiver<Job>, shared: &Shared, cancels: &Mutex<HashMap<JobId, CancelToken>>) {
    let mut judge = Judge::new();
    while let Ok(job) = jobs.recv() {
        let id = job.id;
        // A bug in one answer is not the end of the others.
        let done = std::panic::AssertUnwindSafe(|| {
            if job.cancel.is_cancelled() {
                return Outcome::Failed(ErrorCode::Unavailable, "it was taken back".to_owned());
            }
            work(&mut judge, &job)
        });
        let outcome = std::panic::catch_unwind(done).unwrap_or_else(|_| {
            shared.journal.say(&format!("bug: the lane {lane:?} panicked and goes on"));
            Outcome::Failed(ErrorCode::Unavailable, "an internal error of cmdai".to_owned())
        });
        if let Ok(mut cancels) = cancels.lock() {
            cancels.remove(&id);
        }
        shared.mailbox.put(Event::Finished(id, outcome));
    }
}

fn work(judge: &mut Judge, job: &Job) -> Outcome {
    match &job.work {
        Work::Check(check) => {
            let ctx = judge.context(&job.asker, check.cwd.as_deref());
            Outcome::Answered(judge::answer(&judge.verdict(&check.buffer, &ctx)))
        }
        Work::Suggest(line) => {
            let ctx = judge.context(&job.asker, line.cwd.as_deref());
            Outcome::Suggested(judge.look(&line.buffer, &ctx), None)
        }
        Work::Alternatives(..) => Outcome::Answered(Answer::Alternatives(Vec::new())),
        Work::What(line) => {
            let ctx = judge.context(&job.asker, line.cwd.as_deref());
            Outcome::Answered(what(line, &ctx))
        }
        Work::Recall { .. } => Outcome::AskTheModel,
        Work::Generate { .. } | Work::Continue(_) => {
            Outcome::Failed(ErrorCode::Unavailable, "there is no model".to_owned())
        }
        Work::Forget(_) => Outcome::Failed(ErrorCode::Unavailable, "there is no history".to_owned()),
    }
}

fn what(line: &Line, ctx: &cmdai_core::Context) -> Answer {
    let explanation = explain(&line.buffer, ctx);
    let cursor = line.cursor_bytes();
    // At the end of a word the word is meant, and so it is right behind it.
    let under = explanation.parts.iter().rfind(|part| part.span.start <= cursor && cursor <= part.span.end);
    let word = under.map(|part| match &part.meaning {
        Some(meaning) => format!("{}: {meaning}", part.text),
        None => String::new(),
    });
    Answer::What { line: one_line(&explanation.summary), word: one_line(&word.unwrap_or_default()) }
}
