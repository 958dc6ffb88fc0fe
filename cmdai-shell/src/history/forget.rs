//! `cmdai history forget`: what would go is shown, a person agrees, and then it is gone from the file and
//! from the daemon's memory.

use std::io::{BufRead, IsTerminal};

use cmdai_core::history::Pattern;
use cmdai_core::history::store::Find;

use super::show;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::paint::STRONG;
use crate::settings::Settings;

/// So many lines are shown before it is asked.
const SHOWN: usize = 10;

pub(super) fn run(
    pattern: Option<&str>,
    last: Option<usize>,
    since: Option<u64>,
    yes: bool,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let doing = "forget";
    if pattern == Some("") {
        return Err(Failure::new(Exit::Usage, doing, "the pattern is empty")
            .hint("give a text that the lines hold, or * for all of them"));
    }
    let find = Find {
        pattern: pattern.map(Pattern::new),
        since: since.map(show::since),
        limit: last,
        ..Find::default()
    };
    let nothing = || match forget_waiting(&find) {
        0 => input::print("nothing to forget\n").map(|()| Exit::Ok),
        runs => said(runs),
    };
    let Some(mut store) = super::open_existing(settings)? else { return nothing() };
    let found = store.find(&find).map_err(|error| super::failed("read", &error))?;
    super::tell(&mut store, settings);
    if found.is_empty() {
        return nothing();
    }
    let count = found.len();
    let runs = if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
    if !yes {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            let message = format!("there is nobody to ask about {runs}");
            return Err(Failure::new(Exit::Usage, doing, message).hint("pass --yes to forget without asking"));
        }
        let from = count.saturating_sub(SHOWN);
        if from > 0 {
            crate::say(&format!("  ... and {from} before\n"));
        }
        for entry in found.iter().skip(from) {
            crate::say(&format!("  {}\n", show::one_line(&entry.run.command)));
        }
        let word = settings.err.paint(STRONG, "yes");
        crate::say(&format!("Forget {runs} for good? Type {word} to confirm: "));
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        if read.is_err() || !matches!(answer.trim(), "y" | "yes") {
            return Err(Failure::new(Exit::Interrupted, doing, "it was not confirmed"));
        }
    }
    let ids: Vec<i64> = found.iter().map(|entry| entry.id).collect();
    let deleted = store.delete(&ids).map_err(|error| super::failed("write", &error))?;
    let waiting = forget_waiting(&find);
    reload_daemon();
    said(deleted + waiting)?;
    settings.note(
        "your shell's own history file was not touched; lines that stay there come back with an import",
    );
    Ok(Exit::Ok)
}

/// What a full disk kept out of the file must not come into it later. With a limit only the file's own last runs are meant.
fn forget_waiting(find: &Find) -> usize {
    #[cfg(unix)]
    if find.limit.is_none() {
        return crate::daemon::forget_waiting(|run| {
            find.pattern.as_ref().is_none_or(|pattern| pattern.matches(&run.command))
                && find.since.is_none_or(|since| run.started.is_none_or(|started| started >= since))
        });
    }
    0
}

fn said(runs: usize) -> Result<Exit, Failure> {
    input::print(&format!("forgot {runs} {}\n", if runs == 1 { "run" } else { "runs" })).map(|()| Exit::Ok)
}

/// Tells a daemon that runs that the file was changed.
///
/// It looks by itself when a shell next connects, so this only makes it quicker; there is nothing to do where none runs.
pub(super) fn reload_daemon() {
    #[cfg(unix)]
    crate::daemon::reload();
}
