//! Whether this process was given a standard output.
//!
//! Where it is closed (`>&-`), Rust opens `/dev/null` in its place before `main`, and what is written there is taken for
//! written. So it is looked at before that, by what the loader of programs calls first.

use std::io::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

/// # Errors
/// It was closed when the process was started: nothing can be written.
pub(crate) fn is_open() -> Result<()> {
    match CLOSED.load(Ordering::Relaxed) {
        true => Err(Error::other("standard output is closed")),
        false => Ok(()),
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod early {
    use super::{CLOSED, Ordering};

    // SAFETY: the section holds addresses of functions that are called once, before `main`, with arguments that a function
    // of C which takes none does not see. `look` needs nothing of Rust's runtime: it asks the system and sets a number.
    #[used]
    #[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
    #[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
    static LOOK: extern "C" fn() = look;

    extern "C" fn look() {
        // SAFETY: it takes no pointer, and changes nothing.
        let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
        CLOSED.store(flags == -1, Ordering::Relaxed);
    }
}
