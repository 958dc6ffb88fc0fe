//! What the machine holds, for completion: entries of directories, names of git, programs, aliases.
//!
//! A caller is answered from memory, always and at once: what is not known yet is `None`, what may have
//! changed is answered as it was, and in both cases a worker looks on the disk for the next time. A
//! disk may hang for ever (a mount whose server is gone). Then its worker is given up and another one
//! takes over; what the lost one was touching is left alone until it comes back.

mod disk;
mod git;
mod listing;
mod workers;

#[cfg(test)]
mod tests;

pub use disk::{Disk, Kind, RealDisk, Stamp};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::complete::{Declared, Entry, Form, GitRefs, World};
use workers::Workers;

/// For so long an answer counts as fresh.
const FRESH: Duration = Duration::from_secs(2);
/// A repository is read again after so long even where nothing seems to have changed.
const GIT_READ_AGAIN: Duration = Duration::from_secs(10);
/// What took long to read is left alone for so many times as long.
const REST: u32 = 10;
/// Directories that are kept.
const MAX_DIRECTORIES: usize = 256;
/// Entries that are kept, of all directories together.
const MAX_ENTRIES: usize = 200_000;
/// Repositories that are kept.
const MAX_REPOSITORIES: usize = 64;
/// Files whose names are kept.
const MAX_DECLARED: usize = 64;
/// Sessions whose aliases are kept.
const MAX_SESSIONS: usize = 64;
/// Aliases and functions of one session.
const MAX_ALIASES: usize = 5_000;
/// Directories of the search path that are read.
const MAX_PATH: usize = 64;

/// What a shell can run that is no program, beside its keywords. Sorted.
const BUILTINS: &[&str] = &[
    "alias", "bg", "bind", "builtin", "cd", "command", "declare", "dirs", "disown", "echo", "eval", "exec",
    "exit", "export", "fg", "hash", "help", "history", "jobs", "let", "local", "logout", "popd", "printf",
    "pushd", "pwd", "read", "readonly", "set", "shift", "shopt", "source", "test", "time", "times", "trap",
    "type", "ulimit", "umask", "unalias", "unset", "wait",
];

/// The machine as completion sees it.
///
/// Cheap to clone: clones share what is known.
#[derive(Clone)]
pub struct Machine {
    shared: Arc<Shared>,
}

/// What the threads share.
struct Shared {
    disk: Arc<dyn Disk>,
    /// Directories of the search path.
    path: Vec<String>,
    known: Mutex<Known>,
    workers: Workers,
}

/// What was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Question {
    Entries(String),
    Git(String),
    /// The names of a directory of the search path.
    Programs(String),
    /// What a file declares.
    Declared(Form, String),
}

impl Question {
    /// The path that is touched first.
    fn path(&self) -> &str {
        match self {
            Self::Entries(path) | Self::Git(path) | Self::Programs(path) | Self::Declared(_, path) => path,
        }
    }
}

/// One answer with what it takes to keep it.
struct Kept<T> {
    /// `None` where there is nothing of the kind.
    answer: Option<T>,
    /// What the disk looked like then.
    stamps: Vec<Option<Stamp>>,
    /// When it was read.
    read: Instant,
    /// Not looked after before this.
    fresh_until: Instant,
    /// When it was last asked for, as a count.
    asked: u64,
}

/// When a session's aliases were last asked for, as a count, and what they are.
type Aliases = (u64, Arc<[(String, String)]>);

#[derive(Default)]
struct Known {
    directories: HashMap<String, Kept<Arc<[Entry]>>>,
    repositories: HashMap<String, Kept<Arc<GitRefs>>>,
    path: HashMap<String, Kept<Vec<String>>>,
    declared: HashMap<String, Kept<Arc<Declared>>>,
    programs: Option<Arc<[String]>>,
    aliases: HashMap<String, Aliases>,
    /// Counts what was asked.
    clock: u64,
}

impl Machine {
    /// A machine of which nothing is known yet. `path` are the absolute directories of the search path.
    pub fn new(path: impl IntoIterator<Item = String>) -> Self {
        Self::on(RealDisk, path)
    }

    /// The same on another disk.
    pub fn on(disk: impl Disk, path: impl IntoIterator<Item = String>) -> Self {
        let mut dirs: Vec<String> = Vec::new();
        for dir in path.into_iter().filter(|dir| dir.starts_with('/')) {
            if dirs.len() < MAX_PATH && !dirs.contains(&dir) {
                dirs.push(dir);
            }
        }
        let shared =
            Shared { disk: Arc::new(disk), path: dirs, known: Mutex::default(), workers: Workers::default() };
        Self { shared: Arc::new(shared) }
    }

    /// Sets a session's aliases and functions (a function stands for nothing).
    pub fn set_aliases(&self, session: &str, aliases: impl IntoIterator<Item = (String, String)>) {
        let mut list: Vec<(String, String)> = aliases.into_iter().take(MAX_ALIASES).collect();
        list.sort();
        list.dedup_by(|a, b| a.0 == b.0);
        let mut known = self.shared.known();
        known.clock += 1;
        let clock = known.clock;
        if known.aliases.len() >= MAX_SESSIONS && !known.aliases.contains_key(session) {
            let oldest =
                known.aliases.iter().min_by_key(|(_, (asked, _))| *asked).map(|(name, _)| name.clone());
            oldest.into_iter().for_each(|name| drop(known.aliases.remove(&name)));
        }
        known.aliases.insert(session.to_owned(), (clock, list.into()));
    }

    /// Drops a session's aliases: its shell has ended.
    pub fn drop_session(&self, session: &str) {
        self.shared.known().aliases.remove(session);
    }

    /// Says that a command ran in a directory, so that what is known of it is looked after when it is next asked for.
    pub fn changed(&self, dir: &str) {
        let dir = plain(dir);
        let now = Instant::now();
        let mut known = self.shared.known();
        if let Some(kept) = known.directories.get_mut(dir) {
            kept.fresh_until = kept.fresh_until.min(now);
        }
        if let Some(kept) = known.repositories.get_mut(dir) {
            kept.fresh_until = kept.fresh_until.min(now);
        }
        let here = |path: &str| path.rsplit_once('/').is_some_and(|(folder, _)| folder == dir);
        for (_, kept) in known.declared.iter_mut().filter(|(path, _)| here(path)) {
            kept.fresh_until = kept.fresh_until.min(now);
        }
    }

    /// Waits until everything that was asked for is known, at most so long. True where it is.
    ///
    /// For a door that answers once and has no next time; an editor never waits.
    pub fn settle(&self, at_most: Duration) -> bool {
        self.shared.workers.wait_until_idle(Instant::now() + at_most)
    }

    /// Has a worker look, unless it is known to be in vain.
    fn look_after(&self, question: Question) {
        let shared = Arc::clone(&self.shared);
        self.shared.workers.ask(question, move |question, touching| shared.answer(question, touching));
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").finish_non_exhaustive()
    }
}

/// A directory without the slashes at its end.
fn plain(dir: &str) -> &str {
    match dir.trim_end_matches('/') {
        "" => "/",
        dir => dir,
    }
}

/// What is kept under a name, and whether it is to be looked after.
fn look_up<T: Clone>(
    kept: &mut HashMap<String, Kept<T>>,
    name: &str,
    clock: u64,
    now: Instant,
) -> (Option<T>, bool) {
    match kept.get_mut(name) {
        Some(kept) => {
            kept.asked = clock;
            (kept.answer.clone(), kept.fresh_until <= now)
        }
        None => (None, true),
    }
}

impl World for Machine {
    fn entries(&self, dir: &str) -> Option<Arc<[Entry]>> {
        let dir = plain(dir);
        let (answer, stale) = self.shared.known().look_up(|known| &mut known.directories, dir);
        if stale && dir.starts_with('/') {
            self.look_after(Question::Entries(dir.to_owned()));
        }
        answer
    }

    fn git_refs(&self, dir: &str) -> Option<Arc<GitRefs>> {
        let dir = plain(dir);
        let (answer, stale) = self.shared.known().look_up(|known| &mut known.repositories, dir);
        if stale && dir.starts_with('/') {
            self.look_after(Question::Git(dir.to_owned()));
        }
        answer
    }

    fn programs(&self) -> Option<Arc<[String]>> {
        let mut stale = Vec::new();
        let programs = {
            let mut known = self.shared.known();
            for dir in &self.shared.path {
                if known.look_up(|known| &mut known.path, dir).1 {
                    stale.push(dir.clone());
                }
            }
            known.programs.clone()
        };
        stale.into_iter().for_each(|dir| self.look_after(Question::Programs(dir)));
        programs
    }

    fn aliases(&self, session: Option<&str>) -> Option<Arc<[(String, String)]>> {
        let mut known = self.shared.known();
        known.clock += 1;
        let clock = known.clock;
        let (asked, aliases) = known.aliases.get_mut(session?)?;
        *asked = clock;
        Some(Arc::clone(aliases))
    }

    fn declared(&self, form: Form, path: &str) -> Option<Arc<Declared>> {
        let (answer, stale) = self.shared.known().look_up(|known| &mut known.declared, path);
        if stale && path.starts_with('/') {
            self.look_after(Question::Declared(form, path.to_owned()));
        }
        answer
    }
}

impl Known {
    fn look_up<T: Clone>(
        &mut self,
        which: impl Fn(&mut Self) -> &mut HashMap<String, Kept<T>>,
        name: &str,
    ) -> (Option<T>, bool) {
        self.clock += 1;
        let clock = self.clock;
        look_up(which(self), name, clock, Instant::now())
    }

    /// Forgets what was asked for longest ago, until it is little enough.
    fn shrink(&mut self) {
        shrink(&mut self.repositories, MAX_REPOSITORIES);
        shrink(&mut self.declared, MAX_DECLARED);
        shrink(&mut self.directories, MAX_DIRECTORIES);
        let size = |kept: &Kept<Arc<[Entry]>>| kept.answer.as_ref().map_or(0, |entries| entries.len());
        let mut all: usize = self.directories.values().map(size).sum();
        while all > MAX_ENTRIES && self.directories.len() > 1 {
            let Some(oldest) = oldest(&self.directories) else { return };
            all -= self.directories.remove(&oldest).as_ref().map_or(0, size);
        }
    }
}

fn oldest<T>(kept: &HashMap<String, Kept<T>>) -> Option<String> {
    kept.iter().min_by_key(|(_, kept)| kept.asked).map(|(name, _)| name.clone())
}

fn shrink<T>(kept: &mut HashMap<String, Kept<T>>, most: usize) {
    while kept.len() > most {
        let Some(oldest) = oldest(kept) else { return };
        kept.remove(&oldest);
    }
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Known> {
        // A panic elsewhere leaves a map as it was: the worst is something old.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks on the disk, on a worker. `touching` is told each path before it is touched, and says whether it may be.
    fn answer(&self, question: &Question, touching: &dyn Fn(&str) -> bool) {
        match question {
            Question::Entries(dir) => listing::entries(self, dir, touching),
            Question::Git(dir) => listing::refs(self, dir),
            Question::Programs(dir) => listing::programs(self, dir),
            Question::Declared(form, path) => listing::declared(self, *form, path),
        }
    }
}
