//! Where the daemon of this user listens, and that nobody else can have put something there.
//!
//! The directory is the wall: it belongs to the user, is no link, and nobody else may write to it. The lock
//! in it is held by the daemon as long as it lives; it is never removed, so that two cannot hold two of them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use crate::env;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};

/// The name of a socket has to fit into 104 bytes on some systems, with room for the one that is made beside it.
const MAX_PATH_BYTES: usize = 100;

/// A place for a daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where it listens.
    pub(super) socket: PathBuf,
}

/// The places in the order in which they are tried: those whose name is short enough. A place that was named and
/// cannot be one is no reason to talk to a daemon somewhere else, so there is none then.
pub(super) fn all() -> Vec<Place> {
    if named().is_err() {
        return Vec::new();
    }
    let named = env::value(env::SOCKET).map(PathBuf::from);
    let login = env::value(env::RUNTIME_DIR).map(|folder| PathBuf::from(folder).join("cmdai/s"));
    let uid = rustix::process::geteuid().as_raw();
    let temporary = env::value("TMPDIR").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
    let usual = temporary.join(format!("cmdai-{uid}/s"));
    [named, login, Some(usual)]
        .into_iter()
        .flatten()
        .filter(|path| fits(path))
        .map(|socket| Place { socket })
        .collect()
}

fn fits(path: &Path) -> bool {
    path.is_absolute() && path.as_os_str().len() < MAX_PATH_BYTES
}

/// Holds a path that was named for the socket to what it must be.
///
/// # Errors
/// It is relative or too long.
pub(super) fn named() -> Result<(), Failure> {
    let Some(path) = env::value(env::SOCKET).map(PathBuf::from).filter(|path| !fits(path)) else {
        return Ok(());
    };
    let wrong = match path.is_absolute() {
        false => format!("{} is {}, which is not an absolute path", env::SOCKET, path.display()),
        true => format!(
            "{} is {} bytes long, and the name of a socket has to be below {MAX_PATH_BYTES}",
            env::SOCKET,
            path.as_os_str().len()
        ),
    };
    Err(Failure::new(Exit::Usage, "find the daemon's socket", wrong)
        .hint("set CMDAI_SOCKET to a path below 100 bytes in a folder of your own, or unset it"))
}

/// The first place whose directory is there or can be made.
///
/// # Errors
/// There is none, or the directory of the first one is not only ours.
pub(super) fn make() -> Result<Place, Failure> {
    named()?;
    let doing = "find a place for the daemon's socket";
    let mut reasons = Vec::new();
    for place in all() {
        let folder = place.folder();
        // The directory above is the system's; only the last one is ours to make.
        let made = std::fs::DirBuilder::new().mode(0o700).create(folder);
        match made {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                reasons.push(format!("{}: {}", folder.display(), io_message(&error)));
            }
            _ => {
                place.guard().map_err(|reason| refused(doing, &reason))?;
                return Ok(place);
            }
        }
    }
    let reasons = if reasons.is_empty() { "every name is too long".to_owned() } else { reasons.join("; ") };
    Err(Failure::new(Exit::Usage, doing, reasons)
        .hint("set CMDAI_SOCKET to a path below 100 bytes in a folder of your own"))
}

/// A directory or socket that is not only ours.
pub(super) fn refused(doing: &str, reason: &str) -> Failure {
    Failure::new(Exit::Usage, doing, reason)
        .hint("remove it, or set CMDAI_SOCKET to a path in a folder of your own")
}

impl Place {
    fn folder(&self) -> &Path {
        self.socket.parent().unwrap_or(Path::new("/"))
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.socket.as_os_str().to_owned();
        name.push(ending);
        name.into()
    }

    /// Where the lock is.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.beside(".lock")
    }

    /// Where runs are kept that the history did not take.
    pub(super) fn runs_file(&self) -> PathBuf {
        self.beside(".runs")
    }

    /// Holds the directory to what it must be, and takes away from others what they may read there.
    ///
    /// # Errors
    /// What is wrong, with the path.
    pub(super) fn guard(&self) -> Result<(), String> {
        let folder = self.folder();
        let shown = folder.display();
        let meta = folder.symlink_metadata().map_err(|error| format!("{shown}: {}", io_message(&error)))?;
        if !meta.is_dir() {
            return Err(format!("{shown} is no directory, or a link to one"));
        }
        check_owner(&meta, &shown.to_string())?;
        if meta.mode() & 0o077 != 0 {
            // Only a folder of our name is ours to close: a home directory is for others to look into, too.
            if !folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("cmdai")) {
                return Err(format!("others may enter {shown} (mode {:04o})", meta.mode() & 0o7777));
            }
            let private = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(folder, private)
                .map_err(|error| format!("{shown}: {}", io_message(&error)))?;
        }
        Ok(())
    }

    /// Holds the socket to what it must be.
    ///
    /// # Errors
    /// What is wrong, with the path; nothing where there is no socket.
    pub(super) fn guard_socket(&self) -> Result<bool, String> {
        let shown = self.socket.display();
        match self.socket.symlink_metadata() {
            Err(_) => Ok(false),
            Ok(meta) => {
                use std::os::unix::fs::FileTypeExt;
                if !meta.file_type().is_socket() {
                    return Err(format!("{shown} is no socket"));
                }
                check_owner(&meta, &shown.to_string())?;
                Ok(true)
            }
        }
    }

    /// Takes the lock, or tells that another has it.
    ///
    /// # Errors
    /// The lock cannot be opened.
    pub(super) fn try_lock(&self) -> Result<Option<Lock>, Failure> {
        let path = self.lock_file();
        let doing = format!("lock {}", path.display());
        let failed = |error: std::io::Error| Failure::new(Exit::Bug, doing.clone(), io_message(&error));
        let flags = rustix::fs::OFlags::NOFOLLOW.bits();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.custom_flags(flags.cast_signed()).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The process that holds the lock, where one does.
    pub(super) fn holder(&self) -> Option<u32> {
        // Taking it for a moment is the only way to see whether it is held.
        if self.try_lock().ok()?.is_some() {
            return None;
        }
        let mut text = String::new();
        File::open(self.lock_file()).ok()?.take(32).read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }

    /// Listens. The socket appears whole and private, in place of one that was left behind.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn listen(&self, _lock: &Lock) -> Result<UnixListener, Failure> {
        let failed = |error: std::io::Error| {
            Failure::new(Exit::Bug, format!("listen on {}", self.socket.display()), io_message(&error))
        };
        let aside = self.beside(".n");
        let _ = std::fs::remove_file(&aside);
        let listener = UnixListener::bind(&aside).map_err(failed)?;
        std::fs::set_permissions(&aside, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        std::fs::rename(&aside, &self.socket).map_err(failed)?;
        Ok(listener)
    }

    /// What tells this socket from one that another daemon put in its place.
    pub(super) fn identity(&self) -> Option<(u64, u64)> {
        self.socket.symlink_metadata().ok().map(|meta| (meta.dev(), meta.ino()))
    }

    /// Makes the files young, so that nobody cleans them away.
    pub(super) fn touch(&self) {
        for path in [&self.socket, &self.lock_file()] {
            let now = rustix::fs::Timestamps {
                last_access: rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW },
                last_modification: rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW },
            };
            // A cleaner that comes first is seen by the next look at the socket.
            let _ = rustix::fs::utimensat(rustix::fs::CWD, path, &now, rustix::fs::AtFlags::SYMLINK_NOFOLLOW);
        }
    }

    /// Takes the socket away, if it is still this one.
    pub(super) fn remove(&self, identity: Option<(u64, u64)>) {
        if self.identity() == identity {
            let _ = std::fs::remove_file(&self.socket);
        }
    }
}

fn check_owner(meta: &std::fs::Metadata, shown: &str) -> Result<(), String> {
    let uid = rustix::process::geteuid().as_raw();
    if meta.uid() != uid {
        return Err(format!("{shown} belongs to user {}, not to {uid}", meta.uid()));
    }
    // A socket's own bits do not matter on every system, a directory's do.
    if meta.is_dir() && meta.mode() & 0o022 != 0 {
        return Err(format!("others may write to {shown} (mode {:04o})", meta.mode() & 0o7777));
    }
    Ok(())
}

/// The lock, as long as it lives.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Writes who holds it, for `cmdai daemon stop` of one that does not answer. The lock decides, not this.
    pub(super) fn sign(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.write_all(format!("{}\n", std::process::id()).as_bytes());
    }
}

/// The user and process at the other end of a socket.
#[cfg(target_os = "linux")]
pub(super) fn peer_uid(stream: &std::os::unix::net::UnixStream) -> std::io::Result<u32> {
    Ok(rustix::net::sockopt::socket_peercred(stream)?.uid.as_raw())
}

/// The user at the other end of a socket.
#[cfg(not(target_os = "linux"))]
pub(super) fn peer_uid(stream: &std::os::unix::net::UnixStream) -> std::io::Result<u32> {
    use std::os::fd::AsRawFd;
    let (mut uid, mut gid) = (0, 0);
    // SAFETY: the descriptor is open as long as `stream` is borrowed, and both pointers are to live variables.
    let result = unsafe { libc::getpeereid(stream.as_raw_fd(), &mut uid, &mut gid) };
    if result == 0 { Ok(uid) } else { Err(std::io::Error::last_os_error()) }
}

/// True where the other end belongs to the same user.
pub(super) fn is_same_user(stream: &std::os::unix::net::UnixStream) -> bool {
    peer_uid(stream).is_ok_and(|uid| uid == rustix::process::geteuid().as_raw())
}
