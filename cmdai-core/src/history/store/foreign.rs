//! Databases that other programs keep: nushell's `history.sqlite3` and atuin's `history.db`.
//!
//! They are opened for reading only and never changed, whatever is wrong with them.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{integer, text};
use crate::error::{Error, ErrorKind};
use crate::history::Run;
use crate::history::import::Parsed;
use crate::line::Dialect;

/// A run is read as one of these columns; their times are in milliseconds (nushell) and nanoseconds (atuin).
const NU: &str = "SELECT command_line, cwd, exit_status, start_timestamp / 1000, duration_ms, session_id
    FROM history ORDER BY id DESC LIMIT ?1";
const ATUIN: &str = "SELECT command, cwd, exit, timestamp / 1000000000, duration / 1000000, session
    FROM history WHERE deleted_at IS NULL ORDER BY timestamp DESC LIMIT ?1";

/// True for the bytes that every SQLite database begins with.
pub fn is_database(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

/// Reads the newest `most` runs of another program's database, the oldest first. `dialect` is that of atuin's
/// lines, which do not say theirs. Also tells whose it is: `nu` or `atuin`.
///
/// # Errors
/// [`ErrorKind::History`]: it cannot be read, or is no history that is known.
pub fn read(path: &Path, most: usize, dialect: Dialect) -> Result<(&'static str, Parsed), Error> {
    let failed = |error: rusqlite::Error| {
        Error::new(ErrorKind::History, format!("cannot read {}", path.display())).with_source(error)
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(failed)?;
    conn.busy_timeout(Duration::from_secs(2)).map_err(failed)?;
    let columns = columns(&conn).map_err(failed)?;
    let has = |name: &str| columns.iter().any(|column| column == name);
    let (origin, sql, dialect) = if has("command_line") {
        ("nu", NU, Dialect::Nu)
    } else if has("command") && has("deleted_at") {
        ("atuin", ATUIN, dialect)
    } else {
        let message = format!("{} is neither nushell's nor atuin's history", path.display());
        return Err(Error::new(ErrorKind::History, message)
            .with_hint("give the file of a shell's history, as in --file ~/.zsh_history"));
    };
    let mut parsed = Parsed::default();
    let mut statement = conn.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let Some(command) = text(row, 0).filter(|command| !command.contains('\u{fffd}')) else {
            parsed.skipped += 1;
            continue;
        };
        // atuin writes -1 where it does not know.
        let status = integer(row, 2).and_then(|status| i32::try_from(status).ok()).filter(|s| *s >= 0);
        let session = text(row, 5).or_else(|| integer(row, 5).map(|id| format!("nu-{id}")));
        let duration = integer(row, 4).and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
        parsed.runs.push(Run {
            command: command.trim_end_matches('\n').to_owned(),
            cwd: text(row, 1).filter(|cwd| cwd.starts_with('/')),
            status,
            started: integer(row, 3),
            duration,
            session,
            dialect,
        });
    }
    parsed.runs.reverse();
    Ok((origin, parsed))
}

fn columns(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info('history')")?;
    let rows = statement.query_map([], |row| Ok(text(row, 0).unwrap_or_default()))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.db");
        let make = |sql: &str| {
            let _ = std::fs::remove_file(&path);
            Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        };
        make(
            "CREATE TABLE history (id INTEGER PRIMARY KEY, command_line TEXT NOT NULL, start_timestamp INTEGER,
                session_id INTEGER, hostname TEXT, cwd TEXT, duration_ms INTEGER, exit_status INTEGER, more_info TEXT);
            INSERT INTO history VALUES (1, 'ls | length', 1700000000123, 7, 'h', '/a', 12, 0, NULL);
            INSERT INTO history VALUES (2, 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL);",
        );
        assert!(is_database(&std::fs::read(&path).unwrap()));
        let (origin, parsed) = read(&path, 99, Dialect::Zsh).unwrap();
        let first = Run {
            command: "ls | length".into(),
            cwd: Some("/a".into()),
            status: Some(0),
            started: Some(1_700_000_000),
            duration: Some(Duration::from_millis(12)),
            session: Some("nu-7".into()),
            dialect: Dialect::Nu,
        };
        let second = Run { command: "x".into(), dialect: Dialect::Nu, ..Run::default() };
        assert_eq!((origin, parsed.runs), ("nu", vec![first, second]));
        make(
            "CREATE TABLE history (id TEXT PRIMARY KEY, timestamp INTEGER NOT NULL, duration INTEGER NOT NULL,
                exit INTEGER NOT NULL, command TEXT NOT NULL, cwd TEXT NOT NULL, session TEXT NOT NULL,
                hostname TEXT NOT NULL, deleted_at INTEGER);
            INSERT INTO history VALUES ('a', 1700000000999999999, 5000000, 1, 'make', '/a', 's', 'h:me', NULL);
            INSERT INTO history VALUES ('b', 1700000001000000000, -1, -1, 'ls', 'unknown', 's', 'h:me', NULL);
            INSERT INTO history VALUES ('c', 1700000002000000000, -1, -1, 'gone', '/a', 's', 'h:me', 5);",
        );
        let (origin, parsed) = read(&path, 99, Dialect::Zsh).unwrap();
        let lines: Vec<_> =
            parsed.runs.iter().map(|run| (run.command.as_str(), run.started, run.status)).collect();
        assert_eq!(lines, [("make", Some(1_700_000_000), Some(1)), ("ls", Some(1_700_000_001), None)]);
        assert_eq!(
            (origin, parsed.runs[1].cwd.as_deref(), parsed.runs[0].dialect),
            ("atuin", None, Dialect::Zsh)
        );
        assert_eq!(read(&path, 1, Dialect::Zsh).unwrap().1.runs[0].command, "ls");
        make("CREATE TABLE other (x)");
        assert!(read(&path, 9, Dialect::Zsh).unwrap_err().to_string().contains("neither"));
        std::fs::write(&path, "garbage").unwrap();
        assert!(read(&path, 9, Dialect::Zsh).is_err());
        assert!(read(&folder.path().join("none"), 9, Dialect::Zsh).is_err());
    }
}
