//! A sign of life on standard error while a model loads and thinks.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// An answer that comes sooner needs no sign: a flicker is worse than a short wait.
const DELAY: Duration = Duration::from_millis(150);
const STEP: Duration = Duration::from_millis(80);
const FRAMES: &[&str] = &["   ", ".  ", ".. ", "..."];

/// Turns until dropped, and leaves no trace on the screen.
pub(crate) struct Spinner {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Spinner {
    /// Starts where `wanted` and standard error is a terminal; elsewhere does nothing.
    pub(crate) fn start(text: &'static str, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { stop: None, thread: None };
        }
        let (stop, stopped) = channel();
        let thread =
            std::thread::Builder::new().name("spinner".to_owned()).spawn(move || turn(text, &stopped)).ok();
        Self { stop: Some(stop), thread }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A spinner that panicked has nothing left to say.
            let _ = thread.join();
        }
    }
}

fn turn(text: &str, stopped: &Receiver<()>) {
    let waits = |time| matches!(stopped.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    if !waits(DELAY) {
        return;
    }
    let mut stderr = std::io::stderr();
    for frame in FRAMES.iter().cycle() {
        // A terminal that is gone is noticed by those with something to say.
        let _ = write!(stderr, "\r{text}{frame}").and_then(|()| stderr.flush());
        if !waits(STEP * 3) {
            break;
        }
    }
    let _ = write!(stderr, "\r\x1b[K").and_then(|()| stderr.flush());
}
