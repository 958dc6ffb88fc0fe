//! The runs that are kept: one SQLite file, used by several processes at once.
//!
//! Every write is one transaction, so a kill at any moment loses at most the run in flight and damages
//! nothing. Nothing here waits for long: another writer is waited for as long as [`Options::wait`] says,
//! and then there is an error that says so. A damaged file is put aside under another name and a new one
//! begun ([`Store::notes`] tells it); a file that somebody replaced or deleted is opened anew.
//!
//! A disk can hang all the same (a mount whose server is gone), so a door calls this from a thread of its own.

mod file;
pub mod foreign;
mod merge;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, ToSql, TransactionBehavior, params};

use super::{Keep, Pattern, Refusal, Run};
use crate::error::Error;
use file::{Fault, Identity, Opened};
pub use merge::Imported;

/// The name of the file in our folder for data (`$XDG_DATA_HOME/cmdai`).
pub const FILE_NAME: &str = "history.db";

/// How many runs are kept where nobody says otherwise.
pub const MAX_ENTRIES: usize = 100_000;

/// How a store is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// What may be kept.
    pub keep: Keep,
    /// How many runs are kept; the oldest go.
    pub max_entries: usize,
    /// How long another writer is waited for.
    pub wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { keep: Keep::default(), max_entries: MAX_ENTRIES, wait: Duration::from_millis(100) }
    }
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept, under this number.
    Kept(i64),
    /// It is not kept, and why.
    Refused(Refusal),
}

/// A run that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; a number is never used again.
    pub id: i64,
    /// The run.
    pub run: Run,
}

/// Which runs to find. Each that is set narrows it.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// The line holds this text. Capitals count where the text has one.
    pub text: Option<String>,
    /// The line begins with this text.
    pub prefix: Option<String>,
    /// The line fits this pattern.
    pub pattern: Option<Pattern>,
    /// It was run in this directory.
    pub cwd: Option<String>,
    /// It ended with another status than 0.
    pub failed: bool,
    /// It was run at this second or later. A line whose time is not known counts by the lines around it.
    pub since: Option<i64>,
    /// At most so many, the newest.
    pub limit: Option<usize>,
}

/// Numbers about what is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// How many runs.
    pub runs: u64,
    /// How many different lines.
    pub lines: u64,
    /// How many runs ended with another status than 0.
    pub failed: u64,
    /// The first and the last known start, in seconds since 1970.
    pub span: Option<(i64, i64)>,
    /// Runs by the dialect of their shell, the most first.
    pub dialects: Vec<(String, u64)>,
    /// The lines that were run most, with how often.
    pub top_lines: Vec<(String, u64)>,
    /// The directories in which most was run, with how often.
    pub top_directories: Vec<(String, u64)>,
    /// The size of the file in bytes.
    pub bytes: u64,
}

/// The runs that are kept, in one file.
pub struct Store {
    path: PathBuf,
    options: Options,
    conn: Connection,
    writable: bool,
    identity: Identity,
    notes: Vec<String>,
    records: u32,
    data_version: i64,
}

impl Store {
    /// Opens the file, making it and its folder where they are not there (0600 and 0700).
    ///
    /// Where they can be read and not written the store opens all the same, and only writing fails.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: no file can be made, the disk fails, the file is another program's or a newer cmdai's.
    pub fn open(path: &Path, options: Options) -> Result<Self, Error> {
        let mut notes = Vec::new();
        let opened = open_or_begin_anew(path, &options, &mut notes)?;
        let Opened { conn, writable, identity } = opened;
        let mut store = Self {
            path: path.to_owned(),
            options,
            conn,
            writable,
            identity,
            notes,
            records: 0,
            data_version: 0,
        };
        store.changed_elsewhere()?;
        Ok(store)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// False where the file can only be read, and nothing is recorded.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// What a person should be told since the last call: that a damaged file was put aside, and where.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// True where another process changed the file since the last call: what was loaded is not what is there.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub fn changed_elsewhere(&mut self) -> Result<bool, Error> {
        let now =
            self.with("read", |conn| conn.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)))?;
        Ok(std::mem::replace(&mut self.data_version, now) != now)
    }

    /// Keeps a run, unless it may not be kept.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be written (read-only, full, busy), and nothing was changed.
    pub fn record(&mut self, run: &Run) -> Result<Outcome, Error> {
        if let Some(refusal) = self.options.keep.refuses(run) {
            return Ok(Outcome::Refused(refusal));
        }
        self.must_be_writable()?;
        // A run without a time comes after what is there.
        let id = self.with("write to", |conn| {
            let at: Option<i64> = plausible(run.started);
            let at = match at {
                Some(at) => at,
                None => conn.query_row("SELECT coalesce(max(at), 0) FROM run", [], |row| row.get(0))?,
            };
            insert(conn, at, run, None)?;
            Ok(conn.last_insert_rowid())
        })?;
        self.records += 1;
        // Counting costs a millisecond or two, and some runs too many do no harm.
        if self.records % 256 == 1 {
            let _ = self.trim();
        }
        Ok(Outcome::Kept(id))
    }

    /// Keeps the runs of another shell's history that are not kept yet, all or none.
    ///
    /// `untimed` is the time that lines without one are put at, as a rule when their file was last
    /// written. `origin` names where they come from, as in `zsh`. The same file twice adds nothing the
    /// second time, and a run that cmdai recorded itself is not added again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be written, and nothing was added.
    pub fn import(&mut self, runs: &[Run], untimed: i64, origin: &str) -> Result<Imported, Error> {
        self.must_be_writable()?;
        let keep = self.options.keep.clone();
        let imported = self.with("write to", |conn| merge::import(conn, &keep, runs, untimed, origin))?;
        self.trim()?;
        Ok(imported)
    }

    /// The newest `most` runs, the oldest of them first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be read.
    pub fn latest(&mut self, most: usize) -> Result<Vec<Run>, Error> {
        self.fold_latest(most, Vec::new, Vec::push)
    }

    /// What `add` makes of the newest `most` runs, given one by one, the oldest of them first: what is kept of them
    /// need not be held beside all of them. Where the file proves to be damaged it is begun with again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be read.
    pub fn fold_latest<T>(
        &mut self,
        most: usize,
        begin: impl Fn() -> T,
        add: impl Fn(&mut T, Run),
    ) -> Result<T, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.with("read", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM run ORDER BY at, id
                 LIMIT -1 OFFSET (SELECT max(count(*) - ?1, 0) FROM run)"
            );
            let mut statement = conn.prepare(&sql)?;
            let mut rows = statement.query([most])?;
            let mut all = begin();
            while let Some(row) = rows.next()? {
                add(&mut all, read(row).run);
            }
            Ok(all)
        })
    }

    /// The runs that are asked for, the oldest first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be read.
    pub fn find(&mut self, find: &Find) -> Result<Vec<Entry>, Error> {
        let mut entries = self.with("read", |conn| search(conn, find))?;
        entries.reverse();
        Ok(entries)
    }

    /// Deletes runs by their numbers, and overwrites where they stood in the file. Gives how many there were.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be written, and all of them are still there.
    pub fn delete(&mut self, ids: &[i64]) -> Result<usize, Error> {
        self.must_be_writable()?;
        let deleted = self.with("write to", |conn| {
            let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut deleted = 0;
            {
                let mut statement = transaction.prepare("DELETE FROM run WHERE id = ?1")?;
                for id in ids {
                    deleted += statement.execute([id])?;
                }
            }
            transaction.commit()?;
            Ok(deleted)
        })?;
        if deleted > 0 {
            self.empty_log();
        }
        Ok(deleted)
    }

    /// Deletes the runs whose line fits a pattern. Gives how many there were.
    ///
    /// # Errors
    /// As for [`Store::delete`].
    pub fn forget(&mut self, pattern: &Pattern) -> Result<usize, Error> {
        let found = self.find(&Find { pattern: Some(pattern.clone()), ..Find::default() })?;
        self.delete(&found.iter().map(|entry| entry.id).collect::<Vec<_>>())
    }

    /// Numbers about what is kept; `top` lines and directories.
    ///
    /// # Errors
    /// [`crate::ErrorKind::History`]: it could not be read.
    pub fn stats(&mut self, top: usize) -> Result<Stats, Error> {
        let top = i64::try_from(top).unwrap_or(i64::MAX);
        self.with("read", |conn| {
            let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
            let count = |sql: &str| number(sql).map(|n| u64::try_from(n).unwrap_or(0));
            let ranked = |column: &str, most: i64| {
                let sql = format!(
                    "SELECT {column}, count(*) FROM run WHERE {column} IS NOT NULL
                     GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?1"
                );
                let mut statement = conn.prepare(&sql)?;
                let rows = statement.query_map([most], |row| {
                    Ok((
                        text(row, 0).unwrap_or_default(),
                        u64::try_from(integer(row, 1).unwrap_or(0)).unwrap_or(0),
                    ))
                })?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            };
            let span = conn.query_row("SELECT min(started), max(started) FROM run", [], |row| {
                Ok(integer(row, 0).zip(integer(row, 1)))
            })?;
            Ok(Stats {
                runs: count("SELECT count(*) FROM run")?,
                lines: count("SELECT count(DISTINCT command) FROM run")?,
                failed: count("SELECT count(*) FROM run WHERE status <> 0")?,
                span,
                dialects: ranked("dialect", i64::MAX)?,
                top_lines: ranked("command", top)?,
                top_directories: ranked("cwd", top)?,
                bytes: count("PRAGMA page_count")? * count("PRAGMA page_size")?,
            })
        })
    }

    /// True where an error of the store only says that another process was writing: the same call may succeed later.
    pub fn is_busy(error: &Error) -> bool {
        let source = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
        source.is_some_and(file::is_busy)
    }

    fn must_be_writable(&mut self) -> Result<(), Error> {
        if self.writable {
            return Ok(());
        }
        // The disk may have been mounted for writing since, or the folder opened.
        self.reopen()?;
        if self.writable { Ok(()) } else { Err(file::read_only(&self.path)) }
    }

    /// Deletes the oldest runs beyond the bound.
    fn trim(&mut self) -> Result<(), Error> {
        let most = i64::try_from(self.options.max_entries).unwrap_or(i64::MAX);
        self.with("write to", |conn| {
            let runs: i64 = conn.query_row("SELECT count(*) FROM run", [], |row| row.get(0))?;
            if runs > most {
                let sql = "DELETE FROM run WHERE id IN (SELECT id FROM run ORDER BY at, id LIMIT ?1)";
                conn.execute(sql, [runs - most])?;
            }
            Ok(())
        })
    }

    /// Writes the log of changes into the file and empties it: what was deleted still stands in it.
    fn empty_log(&mut self) {
        // Where another process is reading it happens when that one closes or at a later deletion.
        let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// Does something with the database; where that finds damage, a new one is begun and it is done there.
    fn with<T>(
        &mut self,
        doing: &str,
        act: impl Fn(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        if self.identity.is_some() && file::identity(&self.path) != self.identity {
            self.reopen()?;
        }
        match act(&mut self.conn) {
            Err(error) if file::is_damage(&error) => {
                // Closed first, so that the last close of the damaged file does not write into the new one.
                self.conn = Connection::open_in_memory().map_err(|e| file::explain(&self.path, doing, e))?;
                let (opened, aside) = file::begin_anew(&self.path, self.options.wait)
                    .map_err(|fault| fault_error(&self.path, fault))?;
                self.take(opened, aside);
                act(&mut self.conn).map_err(|error| file::explain(&self.path, doing, error))
            }
            done => done.map_err(|error| file::explain(&self.path, doing, error)),
        }
    }

    fn reopen(&mut self) -> Result<(), Error> {
        let opened = open_or_begin_anew(&self.path, &self.options, &mut self.notes)?;
        self.take(opened, None);
        Ok(())
    }

    fn take(&mut self, opened: Opened, aside: Option<PathBuf>) {
        let Opened { conn, writable, identity } = opened;
        (self.conn, self.writable, self.identity) = (conn, writable, identity);
        // Another file: whatever was loaded is not what is there.
        self.data_version = -1;
        self.notes.extend(aside.map(|aside| note(&self.path, &aside)));
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).field("writable", &self.writable).finish()
    }
}

fn open_or_begin_anew(path: &Path, options: &Options, notes: &mut Vec<String>) -> Result<Opened, Error> {
    match file::open(path, options.wait) {
        Err(Fault::Sql(error)) if file::is_damage(&error) => {
            let (opened, aside) =
                file::begin_anew(path, options.wait).map_err(|fault| fault_error(path, fault))?;
            notes.extend(aside.map(|aside| note(path, &aside)));
            Ok(opened)
        }
        opened => opened.map_err(|fault| fault_error(path, fault)),
    }
}

fn note(path: &Path, aside: &Path) -> String {
    format!(
        "the history {} was damaged: it is now {}, and a new one was begun",
        path.display(),
        aside.display()
    )
}

fn fault_error(path: &Path, fault: Fault) -> Error {
    match fault {
        Fault::Sql(error) => file::explain(path, "open", error),
        Fault::Other(error) => error,
    }
}

/// The columns that [`read`] reads, in its order.
const COLUMNS: &str = "id, command, cwd, status, started, duration_ms, session, dialect";

/// A row as an entry. A value of a wrong type is no value: one odd row hides nothing else.
fn read(row: &Row<'_>) -> Entry {
    let duration = integer(row, 5).and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
    let run = Run {
        command: text(row, 1).unwrap_or_default(),
        cwd: text(row, 2),
        status: integer(row, 3).and_then(|status| i32::try_from(status).ok()),
        started: integer(row, 4),
        duration,
        session: text(row, 6),
        dialect: text(row, 7).and_then(|name| name.parse().ok()).unwrap_or_default(),
    };
    Entry { id: integer(row, 0).unwrap_or_default(), run }
}

fn text(row: &Row<'_>, column: usize) -> Option<String> {
    match row.get_ref(column).ok()? {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

fn integer(row: &Row<'_>, column: usize) -> Option<i64> {
    row.get_ref(column).ok()?.as_i64().ok()
}

/// A time between 1970 and 9999; any other is a clock that was not set.
fn plausible(time: Option<i64>) -> Option<i64> {
    time.filter(|time| (1..=253_402_300_799).contains(time))
}

fn insert(conn: &Connection, at: i64, run: &Run, origin: Option<&str>) -> rusqlite::Result<usize> {
    const SQL: &str =
        "INSERT INTO run (at, command, cwd, status, started, duration_ms, session, dialect, origin)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    insert_with(&mut conn.prepare(SQL)?, at, run, origin)
}

fn insert_with(
    statement: &mut rusqlite::Statement<'_>,
    at: i64,
    run: &Run,
    origin: Option<&str>,
) -> rusqlite::Result<usize> {
    let duration = run.duration.map(|duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
    statement.execute(params![
        at,
        run.command,
        run.cwd,
        run.status,
        plausible(run.started),
        duration,
        run.session,
        run.dialect.name(),
        origin
    ])
}

/// The newest first.
fn search(conn: &Connection, find: &Find) -> rusqlite::Result<Vec<Entry>> {
    let mut sql = format!("SELECT {COLUMNS} FROM run WHERE 1");
    let mut values: Vec<&dyn ToSql> = Vec::new();
    if let Some(text) = &find.text {
        // SQLite's lower() knows ASCII, which is what shells are typed in.
        let plain = !text.chars().any(char::is_uppercase);
        sql.push_str(if plain { " AND instr(lower(command), ?) > 0" } else { " AND instr(command, ?) > 0" });
        values.push(text);
    }
    if let Some(prefix) = &find.prefix {
        sql.push_str(" AND instr(command, ?) = 1");
        values.push(prefix);
    }
    if let Some(cwd) = &find.cwd {
        sql.push_str(" AND cwd = ?");
        values.push(cwd);
    }
    if find.failed {
        sql.push_str(" AND status <> 0");
    }
    if let Some(since) = &find.since {
        sql.push_str(" AND at >= ?");
        values.push(since);
    }
    sql.push_str(" ORDER BY at DESC, id DESC");
    let limit = find.limit.unwrap_or(usize::MAX);
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query(values.as_slice())?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let entry = read(row);
        if find.pattern.as_ref().is_none_or(|pattern| pattern.matches(&entry.run.command)) {
            found.push(entry);
        }
    }
    Ok(found)
}
