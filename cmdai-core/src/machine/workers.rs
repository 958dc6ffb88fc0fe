//! Threads that may be lost to a disk.
//!
//! A worker that has not come back within [`LOST`] does not count any more: the next question gets
//! another one. So that a dead disk cannot eat a thread for each key, a question is put off when it would
//! touch what a lost worker is touching, or lies on a mount that has taken several already. A worker that
//! comes back goes on with what waits, and ends when nothing does.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Question;

/// A worker that takes longer is taken for lost.
const LOST: Duration = Duration::from_millis(300);
/// Workers that may be lost on one mount.
const MAX_LOST_ON_MOUNT: usize = 2;
/// Threads in all, lost ones included.
const MAX_WORKERS: usize = 10;
/// Workers that are at work and not lost.
const MAX_BUSY: usize = 2;
/// Questions that wait; of more the oldest is dropped, since nobody may want it any more.
const MAX_WAITING: usize = 128;
/// For so long an idle worker waits for a question.
const IDLE: Duration = Duration::from_secs(5);
/// For so long the list of mounts is taken to be right.
const MOUNTS_HOLD: Duration = Duration::from_secs(10);

/// What a worker does with a question; it calls the second argument before it touches a path that may lie elsewhere.
type Answer = Arc<dyn Fn(&Question, &dyn Fn(&str) -> bool) + Send + Sync>;

#[derive(Clone, Default)]
pub(super) struct Workers {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    /// A question came.
    news: Condvar,
    /// One was answered.
    done: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(Question, Answer)>,
    working: Vec<Work>,
    idle: usize,
    /// Counts workers, to name them.
    last: u64,
    mounts: Option<(Instant, Vec<String>)>,
}

/// What one worker is at.
struct Work {
    worker: u64,
    question: Question,
    /// What it touches now.
    touching: String,
    since: Instant,
}

impl Work {
    fn is_lost(&self, now: Instant) -> bool {
        now.duration_since(self.since) > LOST
    }
}

impl State {
    /// True where a path must be left alone, for what is lost there.
    fn is_lost(&mut self, path: &str, now: Instant) -> bool {
        let lost: Vec<&Work> = self.working.iter().filter(|work| work.is_lost(now)).collect();
        if lost.is_empty() {
            return false;
        }
        if lost.iter().any(|work| is_below(path, &work.touching)) {
            return true;
        }
        let touched: Vec<String> = lost.iter().map(|work| work.touching.clone()).collect();
        let mount = self.mount_of(path, now);
        touched.iter().filter(|touched| self.mount_of(touched, now) == mount).count() >= MAX_LOST_ON_MOUNT
    }

    /// The mount that a path lies on by its name; where links lead cannot be asked without touching them.
    fn mount_of(&mut self, path: &str, now: Instant) -> String {
        if self.mounts.as_ref().is_none_or(|(read, _)| now.duration_since(*read) > MOUNTS_HOLD) {
            self.mounts = Some((now, mounts()));
        }
        let mounts = self.mounts.as_ref().map(|(_, mounts)| mounts.as_slice()).unwrap_or_default();
        let longest = mounts.iter().filter(|mount| is_below(path, mount)).max_by_key(|mount| mount.len());
        longest.cloned().unwrap_or_else(|| "/".to_owned())
    }
}

/// True for a path that is another one or lies below it.
fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where something is mounted. The kernel tells it without touching any of it.
#[cfg(target_os = "linux")]
fn mounts() -> Vec<String> {
    let text = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let path = |line: &str| Some(line.split(' ').nth(4)?.replace("\\040", " ").replace("\\011", "\t"));
    text.lines().filter_map(path).collect()
}

#[cfg(not(target_os = "linux"))]
fn mounts() -> Vec<String> {
    Vec::new()
}

impl Workers {
    /// Has a worker answer a question, unless one is at it already or it would be lost.
    pub(super) fn ask(
        &self,
        question: Question,
        answer: impl Fn(&Question, &dyn Fn(&str) -> bool) + Send + Sync + 'static,
    ) {
        let now = Instant::now();
        let mut state = self.lock();
        if state.working.iter().any(|work| work.question == question) || state.is_lost(question.path(), now) {
            return;
        }
        if !state.waiting.iter().any(|(waiting, _)| *waiting == question) {
            state.waiting.push_back((question, Arc::new(answer)));
        }
        if state.waiting.len() > MAX_WAITING {
            state.waiting.pop_front();
        }
        self.staff(&mut state, now);
    }

    /// Sees to it that somebody works on what waits.
    fn staff(&self, state: &mut State, now: Instant) {
        let lost = state.working.iter().filter(|work| work.is_lost(now)).count();
        let busy = state.working.len() - lost;
        let all = state.working.len() + state.idle;
        if state.waiting.len() > state.idle && busy + state.idle < MAX_BUSY && all < MAX_WORKERS {
            // Counted as idle until it has taken its first question, so that the next key does not start another.
            state.idle += 1;
            state.last += 1;
            let (number, workers) = (state.last, self.clone());
            let spawned = std::thread::Builder::new()
                .name("machine".to_owned())
                .stack_size(256 << 10)
                .spawn(move || workers.work(number));
            if spawned.is_err() {
                // No thread to be had: it is asked again at the next key.
                state.idle -= 1;
                state.waiting.clear();
            }
        }
        self.inner.news.notify_all();
    }

    fn work(&self, number: u64) {
        let mut state = self.lock();
        let mut until = Instant::now() + IDLE;
        loop {
            let now = Instant::now();
            let Some((question, answer)) = state.waiting.pop_front() else {
                if now >= until {
                    state.idle -= 1;
                    self.inner.done.notify_all();
                    return;
                }
                let waited = self.inner.news.wait_timeout(state, until - now);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            };
            if state.is_lost(question.path(), now) {
                continue;
            }
            state.idle -= 1;
            let touching = question.path().to_owned();
            state.working.push(Work { worker: number, question: question.clone(), touching, since: now });
            self.staff(&mut state, now);
            drop(state);
            // A bug in reading one directory is not the end of all others.
            let done = std::panic::AssertUnwindSafe(|| answer(&question, &|path| self.touch(number, path)));
            let _ = std::panic::catch_unwind(done);
            state = self.lock();
            state.working.retain(|work| work.worker != number);
            state.idle += 1;
            until = Instant::now() + IDLE;
            self.inner.done.notify_all();
        }
    }

    /// Notes what a worker touches next. False where that must be left alone.
    fn touch(&self, number: u64, path: &str) -> bool {
        let now = Instant::now();
        let mut state = self.lock();
        if state
            .working
            .iter()
            .any(|work| work.worker != number && work.is_lost(now) && is_below(path, &work.touching))
        {
            return false;
        }
        if let Some(work) = state.working.iter_mut().find(|work| work.worker == number) {
            path.clone_into(&mut work.touching);
            work.since = now;
        }
        true
    }

    /// Waits until nobody is at work but lost workers. True where that is so by then.
    pub(super) fn wait_until_idle(&self, deadline: Instant) -> bool {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let at_work = state.working.iter().filter(|work| !work.is_lost(now));
            let until = at_work.map(|work| work.since + LOST).min();
            if state.waiting.is_empty() && until.is_none() {
                return true;
            }
            if now >= deadline {
                return false;
            }
            self.staff(&mut state, now);
            // A little later than it takes to be lost, so that it is lost by then.
            let until = until.map_or(deadline, |until| deadline.min(until + Duration::from_millis(1)));
            let waited = self.inner.done.wait_timeout(state, until.saturating_duration_since(now));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Threads that there are, for tests.
    #[cfg(test)]
    pub(super) fn threads(&self) -> usize {
        let state = self.lock();
        state.working.len() + state.idle
    }
}
