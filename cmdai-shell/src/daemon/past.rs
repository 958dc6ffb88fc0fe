//! What the lanes share of what was run: the index that tier 1 asks on every key, the last lines for the model,
//! and the sessions' aliases. All of it is in memory; the lane of the history fills it.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use cmdai_core::complete::{Declared, Entry, Form, GitRefs, Past, World};
use cmdai_core::history::Run;
use cmdai_core::protocol::Definitions;

/// Lines that the model may look back on.
const LAST: usize = 64;
/// Sessions whose aliases are kept; the one that told them first goes.
const MAX_SESSIONS: usize = 64;

type Names = Vec<(String, String)>;

/// What was run and what sessions call things.
#[derive(Default)]
pub(super) struct Remembered {
    past: RwLock<Past>,
    last: RwLock<VecDeque<Run>>,
    sessions: RwLock<VecDeque<Session>>,
}

/// What is made of the history while it is read, run by run: all of it at once would take as much memory again.
#[derive(Default)]
pub(super) struct Read {
    past: Past,
    last: VecDeque<Run>,
}

impl Read {
    /// Takes the next run; the oldest comes first.
    pub(super) fn push(&mut self, run: Run) {
        self.past.learn(&run);
        push_last(&mut self.last, run);
    }
}

fn push_last(last: &mut VecDeque<Run>, run: Run) {
    if last.len() >= LAST {
        last.pop_front();
    }
    last.push_back(run);
}

struct Session {
    name: String,
    aliases: Names,
    functions: Names,
    /// Both, sorted by name.
    all: Arc<[(String, String)]>,
}

/// A thread that panicked left nothing half done that matters here: a question about the past is answered from what is there.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl Remembered {
    /// Takes what was read from the history in place of what was known.
    pub(super) fn replace(&self, mut read: Read) {
        read.past.settle();
        *write(&self.past) = read.past;
        *write(&self.last) = read.last;
    }

    /// Adds what was run last.
    pub(super) fn push(&self, run: Run) {
        write(&self.past).push(&run);
        push_last(&mut write(&self.last), run);
    }

    /// Forgets the lines that `gone` names.
    pub(super) fn forget(&self, gone: impl Fn(&str) -> bool) {
        write(&self.past).forget(&gone);
        write(&self.last).retain(|run| !gone(&run.command));
    }

    /// The index, for one question.
    pub(super) fn past(&self) -> RwLockReadGuard<'_, Past> {
        read(&self.past)
    }

    /// The last lines, the oldest first.
    pub(super) fn last(&self) -> Vec<Run> {
        read(&self.last).iter().cloned().collect()
    }

    /// A session's aliases or functions, in place of those it had.
    pub(super) fn define(&self, session: &str, kind: Definitions, names: Names) {
        let mut sessions = write(&self.sessions);
        let at = sessions.iter().position(|known| known.name == session);
        let known = at.and_then(|at| sessions.remove(at));
        let mut known = known.unwrap_or_else(|| Session {
            name: session.to_owned(),
            aliases: Names::new(),
            functions: Names::new(),
            all: Arc::from([]),
        });
        match kind {
            Definitions::Alias => known.aliases = names,
            Definitions::Function => known.functions = names,
        }
        let mut all: Names = known.functions.iter().chain(&known.aliases).cloned().collect();
        // Of an alias and a function of one name the shell takes the alias: it stands behind and is kept.
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.reverse();
        all.dedup_by(|a, b| a.0 == b.0);
        all.reverse();
        known.all = all.into();
        if sessions.len() >= MAX_SESSIONS {
            sessions.pop_front();
        }
        sessions.push_back(known);
    }

    fn aliases_of(&self, session: Option<&str>) -> Option<Arc<[(String, String)]>> {
        let session = session?;
        let sessions = read(&self.sessions);
        sessions.iter().find(|known| known.name == session).map(|known| Arc::clone(&known.all))
    }
}

/// The machine, with the aliases of the sessions.
pub(super) struct Surroundings<'a, W> {
    pub(super) machine: &'a W,
    pub(super) remembered: &'a Remembered,
}

impl<W: World> World for Surroundings<'_, W> {
    fn entries(&self, dir: &str) -> Option<Arc<[Entry]>> {
        self.machine.entries(dir)
    }

    fn git_refs(&self, dir: &str) -> Option<Arc<GitRefs>> {
        self.machine.git_refs(dir)
    }

    fn programs(&self) -> Option<Arc<[String]>> {
        self.machine.programs()
    }

    fn declared(&self, form: Form, path: &str) -> Option<Arc<Declared>> {
        self.machine.declared(form, path)
    }

    fn aliases(&self, session: Option<&str>) -> Option<Arc<[(String, String)]>> {
        self.remembered.aliases_of(session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cmdai_core::complete::Nowhere;

    fn pairs(list: &[(&str, &str)]) -> Names {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_session_has_its_own_names() {
        let remembered = Remembered::default();
        remembered.define("a", Definitions::Alias, pairs(&[("ll", "ls -l"), ("g", "git")]));
        remembered.define("a", Definitions::Function, pairs(&[("mk", ""), ("g", "")]));
        let world = Surroundings { machine: &Nowhere, remembered: &remembered };
        let all = world.aliases(Some("a")).unwrap();
        assert_eq!(&all[..], pairs(&[("g", "git"), ("ll", "ls -l"), ("mk", "")]));
        assert_eq!(world.aliases(Some("b")), None);
        remembered.define("a", Definitions::Alias, Vec::new());
        assert_eq!(&world.aliases(Some("a")).unwrap()[..], pairs(&[("g", ""), ("mk", "")]));
        for session in 0..MAX_SESSIONS {
            remembered.define(&session.to_string(), Definitions::Alias, pairs(&[("x", "y")]));
        }
        assert_eq!(world.aliases(Some("a")), None);
    }

    #[test]
    fn what_is_forgotten_is_not_looked_back_on() {
        let remembered = Remembered::default();
        let run = |line: &str| Run { command: line.to_owned(), ..Run::default() };
        let mut read = Read::default();
        ["make", "ls"].map(run).into_iter().for_each(|run| read.push(run));
        remembered.replace(read);
        (0..LAST).for_each(|_| remembered.push(run("git status")));
        assert_eq!(remembered.last().len(), LAST);
        remembered.forget(|line| line.starts_with("git"));
        assert_eq!((remembered.last().len(), remembered.past().len()), (0, 2));
    }
}
