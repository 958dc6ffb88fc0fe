//! The threads that work: one for each lane of the session, each with what it needs and nothing of another.
//!
//! A panic in one answer is told to the log and ends that answer only.

use std::collections::HashMap;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cmdai_core::context::Table;
use cmdai_core::engine::CancelToken;
use cmdai_core::machine::Machine;
use cmdai_core::protocol::ErrorCode;
use cmdai_core::session::{Asker, Event, JobId, Lane, Outcome, Ran, Work};

use super::answers::Answers;
use super::engine::{Engine, ModelState};
use super::journal::Journal;
use super::judge::Hung;
use super::keeper::Keeper;
use super::past::Remembered;
use super::pending::Pending;

/// Threads that may hang at once; with more, their lane waits.
const MAX_LOST: usize = 16;
/// How long the lanes may take to end: what is being written is written.
const FAREWELL: Duration = Duration::from_secs(10);

/// What a lane is told.
enum Task {
    Work(Job),
    /// Only for the history's lane.
    Record(Asker, Ran),
    /// Only for the history's lane: another process may have changed it.
    Refresh,
    /// Only for the history's lane: it is to be read again.
    Reload,
}

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

    /// Tells the loop.
    pub(super) fn put(&self, event: Event) {
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
    pub(super) remembered: Arc<Remembered>,
    pub(super) model: Arc<ModelState>,
    pub(super) hung: Arc<Hung>,
    pub(super) machine: Arc<Machine>,
    /// The table of more tools, once it was needed.
    pub(super) breadth: Arc<OnceLock<Option<Table>>>,
    /// The model is let go when it was not needed for so long.
    pub(super) model_time: Duration,
    /// Where runs are kept that the history did not take, and how many wait.
    pub(super) runs_file: Arc<Path>,
    pub(super) pending: Arc<Pending>,
    /// Set when the history was read at the start.
    pub(super) settled: Arc<AtomicBool>,
}

/// The threads and what they work on.
pub(super) struct Lanes {
    queues: HashMap<Lane, Sender<Task>>,
    threads: Vec<JoinHandle<()>>,
    cancels: Cancels,
    shared: Shared,
    /// Threads that were given up.
    lost: usize,
}

type Cancels = Arc<Mutex<HashMap<JobId, CancelToken>>>;

impl Lanes {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system has no threads left.
    pub(super) fn start(shared: &Shared) -> std::io::Result<Self> {
        let mut lanes = Self {
            queues: HashMap::new(),
            threads: Vec::new(),
            cancels: Cancels::default(),
            shared: shared.clone(),
            lost: 0,
        };
        Lane::ALL.iter().try_for_each(|lane| lanes.open(*lane))?;
        Ok(lanes)
    }

    /// Starts the thread of a lane, in place of one that was there.
    fn open(&mut self, lane: Lane) -> std::io::Result<()> {
        let (queue, tasks) = channel();
        let worker = Worker { lane, shared: self.shared.clone(), cancels: Arc::clone(&self.cancels) };
        let name = format!("cmdai-{lane:?}").to_lowercase();
        let thread = std::thread::Builder::new().name(name).spawn(move || worker.run(&tasks))?;
        self.queues.insert(lane, queue);
        self.threads.push(thread);
        Ok(())
    }

    /// Gives up the thread of a lane, which hangs in a disk, and starts another. It ends by itself when its
    /// disk answers; what it finds then is for nobody. False where too many are lost already.
    pub(super) fn give_up(&mut self, lane: Lane, cwd: Option<&str>) -> bool {
        if let Some(cwd) = cwd {
            self.shared.hung.add(cwd);
        }
        if self.lost >= MAX_LOST || self.open(lane).is_err() {
            return false;
        }
        self.lost += 1;
        self.shared
            .journal
            .say(&format!("the lane {lane:?} hangs, most likely in a disk; another takes over"));
        true
    }

    /// Hands a piece of work over.
    pub(super) fn begin(&self, lane: Lane, id: JobId, asker: Asker, work: Work) {
        let cancel = CancelToken::new();
        lock(&self.cancels).insert(id, cancel.clone());
        self.tell(lane, Task::Work(Job { id, asker, work, cancel }));
    }

    /// Hands a run over to be recorded.
    pub(super) fn record(&self, asker: Asker, ran: Ran) {
        self.tell(Lane::Store, Task::Record(asker, ran));
    }

    /// Lets the history be read again, if another process changed it.
    pub(super) fn refresh(&self) {
        self.tell(Lane::Store, Task::Refresh);
    }

    /// Lets the history be read again.
    pub(super) fn reload(&self) {
        self.tell(Lane::Store, Task::Reload);
    }

    fn tell(&self, lane: Lane, task: Task) {
        if let Some(queue) = self.queues.get(&lane) {
            // A lane ends only with the daemon.
            let _ = queue.send(task);
        }
    }

    /// Tells that nobody waits for it any more.
    pub(super) fn abandon(&self, id: JobId) {
        if let Some(cancel) = lock(&self.cancels).get(&id) {
            cancel.cancel();
        }
    }

    /// Ends every thread, when it has done what it was given, and waits for it.
    pub(super) fn end(self) {
        lock(&self.cancels).values().for_each(CancelToken::cancel);
        drop(self.queues);
        let until = Instant::now() + FAREWELL;
        // One that was given up may hang for ever, and is not waited for; it holds nothing that matters.
        let ended = |thread: &JoinHandle<()>| thread.is_finished();
        while self.threads.iter().filter(|thread| !ended(thread)).count() > self.lost
            && Instant::now() < until
        {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One thread.
struct Worker {
    lane: Lane,
    shared: Shared,
    cancels: Cancels,
}

impl Worker {
    fn run(self, tasks: &Receiver<Task>) {
        let mut answers = Answers::new(self.shared.clone());
        let mut engine = Engine::default();
        let mut keeper = None;
        if self.lane == Lane::Store {
            keeper = Some(Keeper::open(&self.shared));
            self.shared.settled.store(true, Ordering::SeqCst);
            self.shared.mailbox.put(Event::Woke);
        }
        loop {
            let task = match engine.is_loaded() {
                true => match tasks.recv_timeout(self.shared.model_time) {
                    Ok(task) => task,
                    Err(RecvTimeoutError::Timeout) => {
                        engine.unload(&self.shared.model);
                        self.shared.journal.say("the model is let go");
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                },
                false => match tasks.recv() {
                    Ok(task) => task,
                    Err(_) => return,
                },
            };
            match task {
                Task::Work(job) => self.work(&job, &mut answers, &mut engine, keeper.as_mut()),
                Task::Record(asker, ran) => {
                    let Shared { remembered, journal, mailbox, machine, .. } = &self.shared;
                    // It may have made or removed what is offered there.
                    ran.cwd.iter().for_each(|cwd| machine.changed(cwd));
                    let record = || {
                        if let Some(keeper) = &mut keeper {
                            keeper.record(&asker, ran, now(), remembered, journal);
                        }
                    };
                    if catch_unwind(AssertUnwindSafe(record)).is_err() {
                        journal.say("bug: a run was not recorded");
                    }
                    mailbox.put(Event::Recorded(1));
                }
                Task::Reload => {
                    if let Some(keeper) = &mut keeper {
                        keeper.reload(&self.shared.remembered, &self.shared.journal);
                    }
                }
                Task::Refresh => {
                    if let Some(keeper) = &mut keeper {
                        keeper.refresh(&self.shared.remembered, &self.shared.journal);
                    }
                }
            }
        }
    }

    fn work(&self, job: &Job, answers: &mut Answers, engine: &mut Engine, keeper: Option<&mut Keeper>) {
        let Shared { mailbox, journal, remembered, .. } = &self.shared;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            if job.cancel.is_cancelled() {
                return Outcome::Failed(ErrorCode::Unavailable, "it was taken back".to_owned());
            }
            let unknown = || Outcome::Failed(ErrorCode::Unavailable, "there is no history".to_owned());
            match &job.work {
                Work::Check(check) => answers.check(&job.asker, check),
                Work::Suggest(line, shown) => answers.suggest(&job.asker, line, shown.as_ref()),
                Work::Alternatives(line, most) => answers.alternatives(&job.asker, line, *most),
                Work::What(line) => answers.what(&job.asker, line),
                Work::Recall(asked) => {
                    let show = |answer| mailbox.put(Event::Progress(job.id, answer));
                    answers.recall(&job.asker, asked, show)
                }
                Work::Generate(asked) => answers.generate(&job.asker, asked, engine, &job.cancel),
                Work::Continue(line) => answers.guess(&job.asker, line, engine, &job.cancel),
                Work::Prepare(cwd) => answers.prepare(&job.asker, cwd, engine, &job.cancel),
                Work::Forget(pattern) => {
                    keeper.map_or_else(unknown, |keeper| keeper.forget(pattern, remembered, journal))
                }
            }
        }));
        let outcome = outcome.unwrap_or_else(|_| {
            journal.say(&format!("bug: the lane {:?} panicked and goes on", self.lane));
            Outcome::Failed(ErrorCode::Unavailable, "an internal error of cmdai".to_owned())
        });
        lock(&self.cancels).remove(&job.id);
        mailbox.put(Event::Finished(job.id, outcome));
        answers.after();
    }
}

/// Now, in seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}
