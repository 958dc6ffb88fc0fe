//! The zsh plugin in a real zsh in a real terminal, with a scripted daemon that also misbehaves.

#![cfg(unix)]

mod beside;
mod faults;
mod geometry;
mod ghost;
mod guard;
mod options;
mod private;
mod shells;
mod vi;
mod ways;
mod words;

use cmdai_inline::daemon::{Daemon, Script};
use cmdai_inline::terminal::Terminal;
use cmdai_inline::zsh::{Place, installed, typed};

/// A zsh with the scripted daemon; `None` where there is no zsh.
fn start_in(place: Place) -> Option<(Place, Daemon, Terminal)> {
    start_with(place, Script::default())
}

fn start_with(place: Place, script: Script) -> Option<(Place, Daemon, Terminal)> {
    if !installed() {
        return None;
    }
    let daemon = place.daemon(script);
    let zsh = place.zsh();
    Some((place, daemon, zsh))
}

fn start() -> Option<(Place, Daemon, Terminal)> {
    start_in(Place::new())
}

/// Types a line, waits for it (and not for what is offered behind it), and presses Enter.
#[track_caller]
fn enter(zsh: &mut Terminal, line: &str) {
    zsh.press(line).until(line, |screen| typed(screen) == format!("% {line}"));
    zsh.press("\r");
}
