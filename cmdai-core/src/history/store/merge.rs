//! What of another shell's history is not kept yet.
//!
//! A history file is read again and again, and one run may stand in several (the shell's own, atuin's,
//! ours). So runs are matched one to one with those that are kept: first by line and second, then by
//! line and a second more or less, as shells and tools round differently; lines without a time by line
//! and dialect. What finds no partner is new.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, TransactionBehavior};

use super::{Keep, Run, insert_with, integer, plausible, text};
use crate::line::Dialect;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Runs that were added.
    pub added: usize,
    /// Runs that were kept already.
    pub known: usize,
    /// Runs that may not be kept, by the name of the reason ([`super::Refusal::name`]).
    pub refused: BTreeMap<&'static str, usize>,
}

/// Runs of one line that are kept and have no partner yet.
#[derive(Default)]
struct Kept {
    /// Dialects of those with a start, by that.
    timed: BTreeMap<i64, Vec<Dialect>>,
    /// How many of the others, by dialect.
    untimed: HashMap<Dialect, usize>,
}

impl Kept {
    /// Takes one that started within so many seconds.
    fn take_near(&mut self, started: i64, by: i64) -> bool {
        let near = started.saturating_sub(by)..=started.saturating_add(by);
        let Some((&time, dialects)) = self.timed.range_mut(near).next() else { return false };
        dialects.pop();
        if dialects.is_empty() {
            self.timed.remove(&time);
        }
        true
    }

    /// Takes one of a dialect, whenever it started.
    fn take_any(&mut self, dialect: Dialect) -> bool {
        for dialect in std::mem::take(&mut self.timed).into_values().flatten() {
            *self.untimed.entry(dialect).or_default() += 1;
        }
        let count = self.untimed.entry(dialect).or_default();
        let any = *count > 0;
        *count = count.saturating_sub(1);
        any
    }
}

pub(super) fn import(
    conn: &mut Connection,
    keep: &Keep,
    runs: &[Run],
    untimed: i64,
    origin: &str,
) -> rusqlite::Result<Imported> {
    let mut imported = Imported::default();
    let mut wanted: Vec<(&Run, Option<i64>, i64)> = Vec::new();
    // A line without a time stands where its neighbours stand: after the last time, else before the first.
    let mut at = runs.iter().find_map(|run| plausible(run.started)).unwrap_or(untimed);
    for run in runs {
        let started = plausible(run.started);
        at = started.unwrap_or(at);
        match keep.refuses(run) {
            Some(refusal) => *imported.refused.entry(refusal.name()).or_default() += 1,
            None => wanted.push((run, started, at)),
        }
    }
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut kept: HashMap<&str, Kept> =
        wanted.iter().map(|(run, ..)| (run.command.as_str(), Kept::default())).collect();
    {
        let mut statement = transaction.prepare("SELECT command, started, dialect FROM run")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(command) = text(row, 0) else { continue };
            if let Some(kept) = kept.get_mut(command.as_str()) {
                let dialect = text(row, 2).and_then(|name| name.parse().ok()).unwrap_or_default();
                match integer(row, 1) {
                    Some(started) => kept.timed.entry(started).or_default().push(dialect),
                    None => *kept.untimed.entry(dialect).or_default() += 1,
                }
            }
        }
    }
    // The exact partners go first, so that a run a second later does not take them.
    for by in [0, 1] {
        wanted.retain(|(run, started, _)| {
            let Some(started) = *started else { return true };
            let partner = kept.get_mut(run.command.as_str()).is_some_and(|kept| kept.take_near(started, by));
            imported.known += usize::from(partner);
            !partner
        });
    }
    wanted.retain(|(run, started, _)| {
        let partner = started.is_none()
            && kept.get_mut(run.command.as_str()).is_some_and(|kept| kept.take_any(run.dialect));
        imported.known += usize::from(partner);
        !partner
    });
    {
        let mut statement = transaction.prepare(
            "INSERT INTO run (at, command, cwd, status, started, duration_ms, session, dialect, origin)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (run, _, at) in &wanted {
            insert_with(&mut statement, *at, run, Some(origin))?;
        }
    }
    imported.added = wanted.len();
    transaction.commit()?;
    Ok(imported)
}
