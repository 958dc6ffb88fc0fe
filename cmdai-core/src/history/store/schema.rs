//! The form of the database: what it says of itself, and the steps from each version to the next.
//!
//! `user_version` counts the steps that were taken. A step is added whenever a reader would find
//! something else than before; steps that were released are never edited. A database of a newer cmdai
//! is left alone, since writing to it could lose what only the newer one knows.

use rusqlite::{Connection, TransactionBehavior};

/// `cmdh` in ASCII: the database is a history of cmdai.
const APPLICATION: i64 = 0x636d_6468;

/// The steps, in order.
const STEPS: &[&str] = &[
    // `at` orders the runs: the start, or for a line whose start nobody knows the nearest time that is known.
    "CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        command TEXT NOT NULL,
        cwd TEXT,
        status INTEGER,
        started INTEGER,
        duration_ms INTEGER,
        session TEXT,
        dialect TEXT NOT NULL,
        origin TEXT
    ) STRICT;
    CREATE INDEX run_at ON run (at, id);",
];

/// What a database is to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A history of this version.
    Ours,
    /// A history of a newer cmdai, with its version.
    Newer(i64),
    /// A database of something else.
    Foreign,
}

/// The version that this cmdai writes.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Says what the database is and, where it may be written, brings it to this version.
pub(super) fn prepare(conn: &mut Connection, writable: bool) -> rusqlite::Result<Standing> {
    // All of it from one moment: another process may make the tables between two looks, and they would seem foreign.
    let (standing, steps) = standing(&*conn.transaction()?)?;
    if standing != Standing::Ours || steps == VERSION || !writable {
        return Ok(standing);
    }
    // Another process may be doing the same: look again once nobody else writes.
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (standing, steps) = self::standing(&transaction)?;
    if standing == Standing::Ours && steps < VERSION {
        transaction.execute_batch(&format!("PRAGMA application_id = {APPLICATION}"))?;
        for step in STEPS.iter().skip(usize::try_from(steps).unwrap_or(0)) {
            transaction.execute_batch(step)?;
        }
        transaction.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
    }
    transaction.commit()?;
    Ok(standing)
}

fn standing(conn: &Connection) -> rusqlite::Result<(Standing, i64)> {
    let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let steps = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let standing = match application {
        APPLICATION if steps > VERSION => Standing::Newer(steps),
        APPLICATION => Standing::Ours,
        0 if steps == 0 && tables == 0 => Standing::Ours,
        _ => Standing::Foreign,
    };
    Ok((standing, steps))
}
