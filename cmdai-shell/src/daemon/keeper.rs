//! The lane of the history: what was run is written down before it is counted as recorded.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cmdai_core::Dialect;
use cmdai_core::config::Config;
use cmdai_core::history::{Pattern, Run, Store};
use cmdai_core::protocol::{Answer, ErrorCode};
use cmdai_core::session::{Asker, Outcome, Ran};

use super::journal::Journal;
use super::judge::Judge;
use super::lane::Shared;
use super::past::{Read, Remembered};
use super::pending::{self, Pending};
use crate::failure::io_message;
use crate::history;

/// Runs that are looked back on. More cost memory and hardly ever decide anything.
const LOOKED_BACK_ON: usize = 20_000;
/// A history that could not be opened is tried again after so long.
const RETRY: Duration = Duration::from_secs(60);
/// How long another process is waited for that writes to it.
const WAIT: Duration = Duration::from_secs(3);
/// How often another process' changes are looked for, at most.
const LOOK: Duration = Duration::from_secs(2);

/// Runs that wait to be written down while the disk does not take them; of more the oldest are lost.
const MAX_UNWRITTEN: usize = 1_000;

/// The history on disk.
pub(super) struct Keeper {
    store: Option<Store>,
    /// Runs that could not be written down yet: another process was writing, the disk was full.
    unwritten: VecDeque<Run>,
    /// Where they are kept meanwhile, and who is told how many they are.
    runs_file: Arc<Path>,
    pending: Arc<Pending>,
    /// What was last said about that.
    said: Option<String>,
    failed: Option<Instant>,
    looked: Option<Instant>,
    judge: Judge,
    /// Under which the store was opened.
    config: Config,
}

impl Keeper {
    /// Opens the history and reads it.
    pub(super) fn open(shared: &Shared) -> Self {
        let Shared { remembered, journal, runs_file, pending, .. } = shared;
        let judge = Judge::new(Arc::default());
        let config = judge.config();
        let mut keeper = Self {
            store: None,
            // Those that the last daemon could not write down.
            unwritten: pending::read(runs_file),
            runs_file: Arc::clone(runs_file),
            pending: Arc::clone(pending),
            said: None,
            failed: None,
            looked: None,
            judge,
            config,
        };
        if keeper.store(journal).is_some() {
            keeper.read(remembered, journal);
        }
        if !keeper.unwritten.is_empty() {
            keeper.pending.found(keeper.unwritten.len());
            keeper.write_down(journal);
        }
        keeper
    }

    fn store(&mut self, journal: &Journal) -> Option<&mut Store> {
        let config = self.judge.settings().map(|settings| settings.config.clone());
        if let Some(config) = config.filter(|config| *config != self.config) {
            (self.config, self.store, self.failed) = (config, None, None);
        }
        if self.store.is_none() && self.failed.is_none_or(|when| when.elapsed() >= RETRY) {
            match open_store(&self.config) {
                Ok(store) => self.store = Some(store),
                Err(message) => {
                    self.failed = Some(Instant::now());
                    journal.say(&format!("no history: {message}"));
                }
            }
        }
        self.store.as_mut()
    }

    fn read(&mut self, remembered: &Remembered, journal: &Journal) {
        let Some(store) = &mut self.store else { return };
        self.looked = Some(Instant::now());
        for note in store.notes() {
            journal.say(&note);
        }
        match store.fold_latest(LOOKED_BACK_ON, Read::default, Read::push) {
            Ok(mut read) => {
                self.unwritten.iter().for_each(|run| read.push(run.clone()));
                remembered.replace(read);
            }
            Err(error) => journal.say(&format!("the history cannot be read: {error}")),
        }
    }

    /// Reads the history again where another process changed it.
    pub(super) fn refresh(&mut self, remembered: &Remembered, journal: &Journal) {
        if self.looked.is_some_and(|when| when.elapsed() < LOOK) {
            return;
        }
        self.write_down(journal);
        self.looked = Some(Instant::now());
        let changed = self.store.as_mut().is_some_and(|store| store.changed_elsewhere().unwrap_or(false));
        if changed {
            self.read(remembered, journal);
        }
    }

    /// Reads the history again, whatever happened to it.
    pub(super) fn reload(&mut self, remembered: &Remembered, journal: &Journal) {
        (self.store, self.failed) = (None, None);
        if self.store(journal).is_some() {
            self.read(remembered, journal);
        }
    }

    /// Writes a run down, and remembers it.
    pub(super) fn record(
        &mut self,
        asker: &Asker,
        ran: Ran,
        now: i64,
        remembered: &Remembered,
        journal: &Journal,
    ) {
        let Ran { command, cwd, status, duration_ms, started } = ran;
        let run = Run {
            command,
            cwd,
            status,
            started: started.or(Some(now)),
            duration: duration_ms.map(Duration::from_millis),
            session: asker.session.clone(),
            dialect: dialect(asker),
        };
        // Looks after the configuration as well, which says what may be kept.
        let _ = self.store(journal);
        if history::options(&self.config, WAIT).keep.refuses(&run).is_some() {
            return;
        }
        remembered.push(run.clone());
        if self.unwritten.len() >= MAX_UNWRITTEN {
            self.unwritten.pop_front();
        }
        self.unwritten.push_back(run);
        self.write_down(journal);
    }

    /// Writes down what waits for it, as far as the disk takes it, and keeps the rest.
    fn write_down(&mut self, journal: &Journal) {
        let waited = self.pending.state().0;
        self.try_to_write_down(journal);
        if self.unwritten.is_empty() && waited == 0 {
            return;
        }
        if let Err(error) = self.pending.keep(&self.runs_file, &self.unwritten) {
            journal.say(&format!("nor is it kept in {}: {}", self.runs_file.display(), io_message(&error)));
        }
    }

    fn try_to_write_down(&mut self, journal: &Journal) {
        while let Some(run) = self.unwritten.front().cloned() {
            // Without a disk it is remembered as long as the daemon lives.
            let Some(store) = self.store(journal) else { return };
            match store.record(&run) {
                // The configuration may have changed since: then it is not kept, and that is all right.
                Ok(_) => {
                    store.notes().iter().for_each(|note| journal.say(note));
                    self.unwritten.pop_front();
                    self.said = None;
                }
                Err(error) => {
                    let message = format!("what was run is not written down yet: {error}");
                    if self.said.as_ref() != Some(&message) {
                        journal.say(&message);
                        self.said = Some(message);
                    }
                    return;
                }
            }
        }
    }

    /// Forgets runs, on disk and in memory.
    pub(super) fn forget(&mut self, pattern: &str, remembered: &Remembered, journal: &Journal) -> Outcome {
        let pattern = Pattern::new(pattern);
        remembered.forget(|line| pattern.matches(line));
        self.unwritten.retain(|run| !pattern.matches(&run.command));
        if self.pending.state().0 > 0 {
            let _ = self.pending.keep(&self.runs_file, &self.unwritten);
        }
        let Some(store) = self.store(journal) else {
            return Outcome::Failed(ErrorCode::Unavailable, "there is no history".to_owned());
        };
        match store.forget(&pattern) {
            Ok(runs) => {
                Outcome::Answered(Answer::Forgotten { runs: u64::try_from(runs).unwrap_or(u64::MAX) })
            }
            Err(error) => Outcome::Failed(ErrorCode::Unavailable, error.to_string()),
        }
    }
}

impl Drop for Keeper {
    /// The daemon leaves: a last try for what was not written down.
    fn drop(&mut self) {
        if self.unwritten.is_empty() {
            return;
        }
        if self.store.is_none() {
            self.store = open_store(&self.config).ok();
        }
        while let (Some(run), Some(store)) = (self.unwritten.front(), &mut self.store) {
            if store.record(run).is_err() {
                break;
            }
            self.unwritten.pop_front();
        }
        // Where that fails, whoever stopped it was told.
        let _ = self.pending.keep(&self.runs_file, &self.unwritten);
    }
}

/// The dialect of a client's shell.
pub(super) fn dialect(asker: &Asker) -> Dialect {
    asker.shell.rsplit('/').next().and_then(|shell| shell.parse().ok()).unwrap_or_default()
}

/// The history where it lies for this user, under what they configured.
fn open_store(config: &Config) -> Result<Store, String> {
    let path = history::path().map_err(|failure| failure.one_line())?;
    Store::open(&path, history::options(config, WAIT)).map_err(|error| error.to_string())
}
