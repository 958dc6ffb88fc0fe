//! Ctrl-C, termination and the deadline: asked first, enforced soon after.
//!
//! The model looks at its token between steps, but loading a library or a graph is one call that
//! nobody can interrupt. So the first signal asks; after [`GRACE`], or at the second signal, the
//! process leaves without waiting. A deadline is not asked for again: it is enforced [`LATE`] behind it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cmdai_core::engine::CancelToken;

use crate::exit::Exit;

/// How long work may take to notice that it was asked to stop.
const GRACE: Duration = Duration::from_millis(1500);

/// How long after its deadline a run may go on: the model itself looks at the clock between steps.
const LATE: Duration = Duration::from_millis(100);

static ASKED: AtomicBool = AtomicBool::new(false);
static BUSY: AtomicBool = AtomicBool::new(false);

/// Cancels `token` on the first Ctrl-C, termination or hang-up, and leaves on the second or where nothing is [`Busy`].
pub(crate) fn watch(token: &CancelToken) {
    let token = token.clone();
    let handler = move || {
        token.cancel();
        if ASKED.swap(true, Ordering::SeqCst) || !BUSY.load(Ordering::SeqCst) {
            leave(Exit::Interrupted);
        }
        after(GRACE, || leave(Exit::Interrupted));
    };
    // Without a handler Ctrl-C still ends the process, only less politely.
    let _ = ctrlc::set_handler(handler);
}

/// While one lives, a model is at work that can be asked to stop.
pub(crate) struct Busy(());

impl Busy {
    /// Work begins.
    pub(crate) fn start() -> Self {
        BUSY.store(true, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.store(false, Ordering::SeqCst);
    }
}

/// True once a signal came.
pub(crate) fn was_asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Leaves with the code for a timeout if this is still running some time after the deadline.
pub(crate) struct Watchdog {
    _alive: std::sync::mpsc::Sender<()>,
}

impl Watchdog {
    /// Watches until dropped.
    pub(crate) fn until(deadline: Instant, on_late: fn()) -> Self {
        let (alive, gone) = std::sync::mpsc::channel::<()>();
        let wait = deadline.saturating_duration_since(Instant::now()) + LATE;
        let watch = move || {
            if gone.recv_timeout(wait) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                on_late();
                leave(Exit::Timeout);
            }
        };
        // Without the thread the deadline is still kept between tokens.
        let _ = std::thread::Builder::new().name("deadline".to_owned()).spawn(watch);
        Self { _alive: alive }
    }
}

fn after(time: Duration, act: fn()) {
    let wait = move || {
        std::thread::sleep(time);
        act();
    };
    if std::thread::Builder::new().spawn(wait).is_err() {
        act();
    }
}

/// Ends the process from any thread, with the terminal as it was.
fn leave(exit: Exit) -> ! {
    crate::interact::abandon();
    exit_now(i32::from(exit.number()))
}

#[cfg(unix)]
fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` takes a plain number, has no preconditions and does not return. Unlike `exit` it runs no
    // destructors of libraries, which would race with the inference threads that are still at work.
    unsafe { libc::_exit(code) }
}

#[cfg(not(unix))]
fn exit_now(code: i32) -> ! {
    std::process::exit(code)
}
