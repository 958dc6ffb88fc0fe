//! The database as a file: made private, opened, told apart from damage, put aside.
//!
//! A damaged file is never deleted and never repaired in place: it is renamed beside, and a new one is
//! begun. Two processes may find the damage at once, so the one that renames holds a lock and looks
//! again first: what it finds then may be the new file of the other.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema::{self, Standing};
use crate::error::{Error, ErrorKind};

/// Files that SQLite keeps beside a database.
const BESIDE: &[&str] = &["-wal", "-shm", "-journal"];

/// A database that was opened.
pub(super) struct Opened {
    pub conn: Connection,
    /// False where it can only be read.
    pub writable: bool,
    /// Which file it is, to see when another one takes its place.
    pub identity: Identity,
}

/// Device and number of a file; `None` where the system has no such thing or there is no file.
pub(super) type Identity = Option<(u64, u64)>;

/// Why a database could not be opened.
pub(super) enum Fault {
    Sql(rusqlite::Error),
    Other(Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// Opens the database, making it where there is none; where it cannot be written it is opened for reading.
pub(super) fn open(path: &Path, wait: Duration) -> Result<Opened, Fault> {
    if let Some(what) = no_file(path) {
        let message = format!("{} is {what}, not a file", path.display());
        return Err(Fault::Other(
            Error::new(ErrorKind::History, message)
                .with_hint("move it away, or set XDG_DATA_HOME to another folder"),
        ));
    }
    let made = make(path);
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    if made.is_ok() {
        let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.busy_timeout(wait)?;
        match ready(conn, path, true) {
            Err(Fault::Sql(error)) if cannot_write(&error) => {}
            opened => return opened,
        }
    }
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() && meta.len() > 0 => {
            let read = flags | OpenFlags::SQLITE_OPEN_READ_ONLY;
            let conn = Connection::open_with_flags(path, read)?;
            conn.busy_timeout(wait)?;
            match ready(conn, path, false) {
                // Reading a database in WAL mode makes files beside it, unless it is promised that nobody writes.
                Err(Fault::Sql(error)) if cannot_write(&error) => {
                    let uri = format!("file:{}?immutable=1", escaped(path));
                    let conn = Connection::open_with_flags(uri, read | OpenFlags::SQLITE_OPEN_URI)?;
                    ready(conn, path, false)
                }
                opened => opened,
            }
        }
        _ => Err(Fault::Other(match made {
            Err(error) => cannot_make(path, error),
            Ok(()) => read_only(path),
        })),
    }
}

fn ready(mut conn: Connection, path: &Path, writable: bool) -> Result<Opened, Fault> {
    // A database from outside may not run anything when it is read, nor be edited from below.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // What is forgotten is overwritten, not only unlinked.
    conn.execute_batch(
        "PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;",
    )?;
    if writable {
        let shared = is_on_network(path);
        // A WAL needs memory that processes share, which files on another machine have not.
        let mode = if shared { "DELETE" } else { "WAL" };
        // It changes nothing where it is so already, and cannot be changed while others have it open.
        let now: Result<String, _> =
            conn.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get(0));
        let wal = match now {
            Ok(now) => now.eq_ignore_ascii_case("wal"),
            Err(error) if is_busy(&error) => false,
            Err(error) => return Err(error.into()),
        };
        // With a WAL a lost machine costs the last runs and damages nothing; without one it would.
        conn.execute_batch(if wal { "PRAGMA synchronous = NORMAL" } else { "PRAGMA synchronous = FULL" })?;
    }
    match schema::prepare(&mut conn, writable)? {
        Standing::Ours => Ok(Opened { conn, writable, identity: identity(path) }),
        Standing::Newer(version) => Err(Fault::Other(
            Error::new(
                ErrorKind::History,
                format!(
                    "{} was written by a newer cmdai: its version is {version}, this one reads {}",
                    path.display(),
                    schema::VERSION
                ),
            )
            .with_hint("update cmdai; the file was left as it is"),
        )),
        Standing::Foreign => Err(Fault::Other(
            Error::new(ErrorKind::History, format!("{} is a database of another program", path.display()))
                .with_hint("move the file away; it was left as it is"),
        )),
    }
}

/// Puts a damaged database aside and opens a new one. Gives where the damaged one lies now, or `None`
/// where another process had done it already.
pub(super) fn begin_anew(path: &Path, wait: Duration) -> Result<(Opened, Option<PathBuf>), Fault> {
    let lock_path = with_ending(path, ".lock");
    let lock = private().create(true).write(true).truncate(false).open(&lock_path);
    let lock = lock.map_err(|error| Fault::Other(cannot_make(&lock_path, error)))?;
    if lock.try_lock().is_err() {
        return Err(Fault::Other(
            Error::new(ErrorKind::History, format!("{} is damaged and in another's hands", path.display()))
                .with_hint("try again in a moment"),
        ));
    }
    match open(path, wait) {
        Ok(opened) if is_whole(&opened.conn) => return Ok((opened, None)),
        Ok(_) => {}
        Err(Fault::Sql(error)) if is_damage(&error) => {}
        Err(fault) => return Err(fault),
    }
    let aside = free_name(path);
    let moved = |from: &Path, to: &Path| match std::fs::rename(from, to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let message = format!("{} is damaged and cannot be put aside", path.display());
            Err(Fault::Other(
                Error::new(ErrorKind::History, message)
                    .with_source(error)
                    .with_hint(format!("move it away by hand, as in: mv {} elsewhere", path.display())),
            ))
        }
        _ => Ok(()),
    };
    // The files beside go first: a WAL that stayed would be read into the new database.
    for ending in BESIDE {
        moved(&with_ending(path, ending), &with_ending(&aside, ending))?;
    }
    moved(path, &aside)?;
    let opened = open(path, wait)?;
    drop(lock);
    Ok((opened, Some(aside)))
}

/// True where SQLite finds nothing wrong.
fn is_whole(conn: &Connection) -> bool {
    conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0))
        .is_ok_and(|said| said == "ok")
}

fn free_name(path: &Path) -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let names = (0..).map(|nth| match nth {
        0 => with_ending(path, &format!(".damaged-{now}")),
        nth => with_ending(path, &format!(".damaged-{now}-{nth}")),
    });
    names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| with_ending(path, ".damaged"))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A path as part of a URI.
fn escaped(path: &Path) -> String {
    let mut out = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => out.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(*byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What is there in place of a file. Opening a pipe or a device could wait for ever, and what SQLite says of a directory
/// is that it can only be read.
fn no_file(path: &Path) -> Option<&'static str> {
    let kind = std::fs::metadata(path).ok()?.file_type();
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("a pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
    }
    match (kind.is_dir(), kind.is_file()) {
        (true, _) => Some("a directory"),
        (_, false) => Some("a device"),
        _ => None,
    }
}

/// Sees to it that there is a file, for its owner alone.
fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    match private().create_new(true).write(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            close_to_others(path, 0o600);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // A folder that is there is closed only where it is cmdai's: a caller may keep the file in `/tmp`.
    if folder.file_name().is_some_and(|name| name == "cmdai") {
        close_to_others(folder, 0o700);
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Takes away what others may do with what is ours. Where that is not possible it stays as it was.
#[cfg(unix)]
fn close_to_others(path: &Path, mode: u32) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let Ok(meta) = std::fs::metadata(path) else { return };
    let ours = meta.uid() == rustix::process::geteuid().as_raw();
    if ours && meta.permissions().mode() & 0o077 != 0 {
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
    }
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path, _mode: u32) {}

fn private() -> std::fs::OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Identity {
    let meta = std::fs::metadata(path).ok()?;
    Some((std::os::unix::fs::MetadataExt::dev(&meta), std::os::unix::fs::MetadataExt::ino(&meta)))
}

#[cfg(not(unix))]
pub(super) fn identity(_path: &Path) -> Identity {
    None
}

/// True for a file that another machine keeps.
#[cfg(target_os = "linux")]
fn is_on_network(path: &Path) -> bool {
    // NFS, SMB, SMB2, CIFS, 9P, AFS, Coda, Ceph, GFS2, Lustre, OCFS2, and FUSE, behind which may be any of them.
    const SHARED: &[u32] = &[
        0x6969,
        0x517b,
        0xfe53_4d42,
        0xff53_4d42,
        0x0102_1997,
        0x5346_414f,
        0x7375_7245,
        0x00c3_6400,
        0x0116_1970,
        0x0bd0_0bd0,
        0x7461_636f,
        0x6573_5546,
    ];
    // The type is a signed number of 32 or 64 bits; its lower half is the mark.
    rustix::fs::statfs(path).is_ok_and(|stat| SHARED.contains(&(stat.f_type as u32)))
}

#[cfg(not(target_os = "linux"))]
fn is_on_network(_path: &Path) -> bool {
    false
}

fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}

pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(code(error), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(code(error), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn cannot_write(error: &rusqlite::Error) -> bool {
    matches!(code(error), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied))
}

fn cannot_make(path: &Path, error: std::io::Error) -> Error {
    let message = format!("cannot make {}: nothing is recorded", path.display());
    Error::new(ErrorKind::History, message)
        .with_source(error)
        .with_hint("make the folder writable, or set XDG_DATA_HOME to one that is")
}

/// The error of a write to a database that can only be read.
pub(super) fn read_only(path: &Path) -> Error {
    let message = format!("{} can only be read: nothing is recorded", path.display());
    Error::new(ErrorKind::History, message)
        .with_hint("make the file and its folder writable, or set XDG_DATA_HOME to a folder that is")
}

/// A failure of SQLite in our words.
pub(super) fn explain(path: &Path, doing: &str, error: rusqlite::Error) -> Error {
    const NO_LOCKS: i32 = 10 | (15 << 8); // SQLITE_IOERR_LOCK
    let shown = path.display();
    let extended = error.sqlite_error().map(|error| error.extended_code);
    let (message, hint) = match code(&error) {
        Some(ErrorCode::DiskFull) => (
            format!("cannot {doing} {shown}: the disk is full"),
            "free some space; what was kept before is still there",
        ),
        _ if is_busy(&error) => {
            (format!("cannot {doing} {shown}: another process is writing to it"), "try again in a moment")
        }
        _ if extended == Some(NO_LOCKS) => (
            format!("cannot {doing} {shown}: its file system does not lock files"),
            "set XDG_DATA_HOME to a folder on a local disk",
        ),
        _ if cannot_write(&error) => return read_only(path).with_source(error),
        _ => (format!("cannot {doing} {shown}"), "see cmdai history path for where it lies"),
    };
    Error::new(ErrorKind::History, message).with_hint(hint).with_source(error)
}
