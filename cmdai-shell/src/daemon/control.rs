//! `cmdai daemon start | stop | status | logs`: what a person or a door tells the daemon.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cmdai_core::history::Run;
use cmdai_core::protocol::Control;
use serde_json::{Value, json};

use super::client::{Talk, Trouble};
use super::pending::{self, Pending};
use super::place::{self, Place, refused};
use super::{VERSION, journal};
use crate::args::CommonArgs;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::input;
use crate::paint::visible;
use crate::settings::Settings;

/// How long a daemon may take to leave when asked nicely, and then when told.
const LEAVE_TIME: Duration = Duration::from_secs(3);

/// Starts the daemon, where none of this version serves.
///
/// # Errors
/// It does not start.
pub(super) fn start(common: &CommonArgs) -> Result<Exit, Failure> {
    let started = ensure()?;
    if !common.quiet {
        input::print(if started { "started\n" } else { "runs already\n" })?;
    }
    Ok(Exit::Ok)
}

/// Sees to it that a daemon of this version serves. True where it had to be started.
///
/// # Errors
/// It does not start.
pub(super) fn ensure() -> Result<bool, Failure> {
    let place = place::make()?;
    match Talk::at(&place) {
        Ok(talk) if !is_older(&talk.version, VERSION) => return Ok(false),
        Ok(talk) => retire(&place, Some(talk))?,
        Err(Trouble::Refused(reason)) => return Err(refused("reach the daemon", &reason)),
        Err(Trouble::Absent) => {}
        Err(Trouble::Silent) => retire(&place, None)?,
    }
    spawn()?;
    Ok(true)
}

/// True for a version that comes before another.
fn is_older(version: &str, than: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let number = version.split(['-', '+']).next().unwrap_or_default();
        number.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    numbers(version) < numbers(than)
}

/// Starts a daemon and waits until it serves: it lets go of its standard error then.
fn spawn() -> Result<(), Failure> {
    let doing = "start the daemon";
    let failed = |error: std::io::Error| Failure::new(Exit::Bug, doing, io_message(&error));
    let exe = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(exe);
    command.args(["daemon", "run", "--detached"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        // What a daemon that does not start has to say is a line or two.
        let _ = stderr.take(4096).read_to_string(&mut said);
    }
    if said.is_empty() {
        return Ok(());
    }
    let status = child.wait().map_err(failed)?;
    let exit = Exit::ALL.iter().find(|(exit, _)| status.code() == Some(i32::from(exit.number())));
    let exit = exit.map_or(Exit::Bug, |(exit, _)| *exit);
    let (message, hint) = said.split_once("\nhint: ").unwrap_or((said.as_str(), ""));
    let message = message.trim_start_matches("cmdai: ").trim_start_matches("failed to ");
    Err(Failure::new(exit, doing, message.trim()).hint(hint.trim()))
}

/// Stops the daemon.
///
/// # Errors
/// It does not leave.
pub(super) fn stop(common: &CommonArgs) -> Result<Exit, Failure> {
    place::named()?;
    let mut stopped = false;
    for place in place::all() {
        match Talk::at(&place) {
            Ok(mut talk) => {
                let waiting = unwritten(&mut talk);
                retire(&place, Some(talk))?;
                say_what_waits(&place, waiting);
                stopped = true;
            }
            Err(Trouble::Refused(reason)) => return Err(refused("stop the daemon", &reason)),
            Err(_) if place.lock_file().exists() && place.holder().is_some() => {
                retire(&place, None)?;
                say_what_waits(&place, 0);
                stopped = true;
            }
            Err(_) => {}
        }
    }
    if !common.quiet {
        input::print(if stopped { "stopped\n" } else { "not running\n" })?;
    }
    Ok(Exit::Ok)
}

/// How many runs a daemon can neither write down nor keep.
fn unwritten(talk: &mut Talk) -> u64 {
    let said = talk.control(Control::Status).ok();
    let state = said.and_then(|json| serde_json::from_str::<Value>(&json).ok()).unwrap_or_default();
    if state["kept"] == true { 0 } else { state["unwritten"].as_u64().unwrap_or(0) }
}

/// It is said even where notes are not wanted: it is about what a person had.
fn say_what_waits(place: &Place, waiting: u64) {
    let kept = pending::read(&place.runs_file()).len() as u64;
    let path = place.runs_file().display().to_string();
    let runs = |count: u64| if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
    if kept > 0 {
        let wait = if kept == 1 { "waits" } else { "wait" };
        crate::say(&format!(
            "note: the history could not be written: {} {wait} in {path} for the next daemon\n",
            runs(kept)
        ));
    } else if waiting > 0 {
        crate::say(&format!(
            "note: neither the history nor {path} could be written: {} may be lost\n",
            runs(waiting)
        ));
    }
}

/// Asks a daemon to leave, tells it to, makes it; and waits until its lock is free.
fn retire(place: &Place, talk: Option<Talk>) -> Result<(), Failure> {
    if let Some(mut talk) = talk
        && talk.control(Control::Stop).is_ok()
    {
        talk.wait_for_end(Instant::now() + LEAVE_TIME);
        if wait_for_lock(place, LEAVE_TIME)? {
            return Ok(());
        }
    }
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::KILL] {
        let Some(pid) = place.holder().and_then(|pid| i32::try_from(pid).ok()) else { return Ok(()) };
        if let Some(pid) = rustix::process::Pid::from_raw(pid) {
            // Killed at any moment it loses the answer in flight and nothing else.
            let _ = rustix::process::kill_process(pid, signal);
        }
        if wait_for_lock(place, LEAVE_TIME)? {
            return Ok(());
        }
    }
    let message = format!("its lock {} is still held", place.lock_file().display());
    Err(Failure::new(Exit::Timeout, "stop the daemon", message).hint("end the process that holds it"))
}

fn wait_for_lock(place: &Place, time: Duration) -> Result<bool, Failure> {
    let until = Instant::now() + time;
    loop {
        if place.try_lock()?.is_some() {
            return Ok(true);
        }
        if Instant::now() >= until {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Forgets runs that wait for the history while no daemon runs, and tells how many; one that runs holds them in its memory.
pub(crate) fn forget_waiting(gone: impl Fn(&Run) -> bool) -> usize {
    let mut forgotten = 0;
    for place in place::all().into_iter().filter(|place| place.runs_file().exists()) {
        if place.guard().is_ok()
            && let Ok(Some(_lock)) = place.try_lock()
        {
            let mut runs = pending::read(&place.runs_file());
            let before = runs.len();
            runs.retain(|run| !gone(run));
            if Pending::default().keep(&place.runs_file(), &runs).is_ok() {
                forgotten += before - runs.len();
            }
        }
    }
    forgotten
}

/// Lets a daemon that runs read its files again.
pub(crate) fn reload() {
    if let Ok(mut talk) = Talk::open() {
        // Whoever does not hear it looks by itself, later.
        let _ = talk.control(Control::Reload);
    }
}

/// What is known of the daemon: what it says itself, or why it says nothing.
pub(crate) fn look() -> Value {
    let mut talk = match Talk::open() {
        Ok(talk) => talk,
        Err(Trouble::Absent) => return json!({ "running": false }),
        Err(Trouble::Refused(reason)) => return json!({ "running": false, "error": reason }),
        Err(Trouble::Silent) => {
            return json!({ "running": true, "error": "it does not answer" });
        }
    };
    let said = talk.control(Control::Status).ok().and_then(|json| serde_json::from_str(&json).ok());
    let Some(Value::Object(mut said)) = said else {
        return json!({ "running": true, "version": talk.version, "error": "it does not tell its state" });
    };
    said.insert("running".to_owned(), true.into());
    said.into()
}

/// Tells what is known of the daemon.
///
/// # Errors
/// Standard output cannot be written, or the configuration is wrong.
pub(super) fn status(json: bool, common: &CommonArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(common)?;
    place::named()?;
    let state = look();
    if json {
        input::print(&(state.to_string() + "\n"))?;
    } else {
        input::print(&(visible(&sentence(&state)) + "\n"))?;
        if let Some(error) = state["error"].as_str() {
            settings.note(error);
        }
    }
    let serves = state["running"] == true && state["error"].is_null();
    Ok(if serves { Exit::Ok } else { Exit::Bug })
}

/// The state in a line.
pub(crate) fn sentence(state: &Value) -> String {
    if state["running"] != true {
        return "not running".to_owned();
    }
    if !state["error"].is_null() {
        return "runs, but does not answer".to_owned();
    }
    let text = |key: &str| state[key].as_str().unwrap_or("?").to_owned();
    let number = |key: &str| state[key].as_u64().unwrap_or(0);
    let memory = state["rss_bytes"].as_u64().map(|bytes| format!(", {} MB", bytes / 1_000_000));
    let waiting = match number("unwritten") {
        0 => String::new(),
        runs => format!("; {runs} runs wait for the history, which cannot be written"),
    };
    format!(
        "{} runs as process {} for {} s on {}: {} connections, {} requests{}{waiting}",
        text("version"),
        number("pid"),
        number("uptime_s"),
        text("socket"),
        number("connections"),
        number("requests"),
        memory.unwrap_or_default()
    )
}

/// Prints the end of the log.
///
/// # Errors
/// There is no log, or standard output cannot be written.
pub(super) fn logs(count: usize) -> Result<Exit, Failure> {
    let shown = journal::path().map(|path| path.display().to_string()).unwrap_or_default();
    let lines = journal::last_lines(count).map_err(|error| {
        Failure::new(Exit::Usage, format!("read the log {shown}"), io_message(&error))
            .hint("it is begun when a daemon starts: cmdai daemon start")
    })?;
    input::print(&lines)?;
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::is_older;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_older("0.1.0", "0.2.0") && is_older("0.9.0", "0.10.0") && is_older("", "0.1.0"));
        assert!(!is_older("0.1.0", "0.1.0") && !is_older("1.0.0", "0.9.9") && !is_older("0.1.0-x", "0.1.0"));
    }
}
