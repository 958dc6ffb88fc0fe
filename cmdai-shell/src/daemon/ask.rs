//! `cmdai <request>` by the daemon's warm model, where there is a daemon that would answer as this process would.
//!
//! A daemon that hangs must cost a request little: it has [`PATIENCE`] to say who it is, and while it works it is
//! asked again and again whether it is still there, which its loop answers at once whatever its lanes do.

use std::path::Path;
use std::time::{Duration, Instant};

use cmdai_core::Context;
use cmdai_core::protocol::{Answer, Asked, Control, Request, State};
use serde_json::Value;

use super::VERSION;
use super::client::Talk;
use crate::{env, surroundings};

/// Variables that make this process answer otherwise than a daemon that was started without them.
const OF_THIS_PROCESS: &[&str] = &[env::CONFIG, env::MODEL, env::ORT_DYLIB];

/// A daemon that says nothing for so long is given up; of a short time limit it has a quarter.
const PATIENCE: Duration = Duration::from_millis(500);

/// Commands for a request, best first; `None` where this process has to find out for itself.
pub(crate) fn ask(request: &str, ctx: &Context, count: usize, deadline: Instant) -> Option<Vec<String>> {
    if OF_THIS_PROCESS.iter().any(|name| env::is_set(name)) {
        return None;
    }
    let patience = PATIENCE.min(deadline.saturating_duration_since(Instant::now()) / 4);
    let talk = Talk::open_as(ctx.dialect.name(), patience, Some(deadline));
    let mut talk = talk.ok().filter(|talk| talk.version == VERSION)?;
    if !is_of_same_home(&mut talk)? {
        return None;
    }
    let asked = Asked { request: request.to_owned(), cwd: ctx.cwd.clone(), count: Some(count) };
    let id = talk.send(Request::Generate(asked)).ok()?;
    let mut asked_whether_there = false;
    loop {
        let answer = match talk.next(deadline.min(Instant::now() + patience)) {
            Ok(answer) => answer,
            // Gone, hung, or too late.
            Err(_) if asked_whether_there || Instant::now() >= deadline => return None,
            Err(_) => {
                talk.send(Request::Control(Control::Status)).ok()?;
                asked_whether_there = true;
                continue;
            }
        };
        asked_whether_there = false;
        match answer.body {
            _ if answer.id != id => {}
            Answer::Generated { state: State::Draft, .. } => {}
            Answer::Generated { command, others, state: State::Final, .. } => {
                return Some(std::iter::once(command).chain(others).collect());
            }
            // The reason, and the exit code for it, are for this process to find.
            _ => return None,
        }
    }
}

/// A daemon that was started with another home reads another configuration.
fn is_of_same_home(talk: &mut Talk) -> Option<bool> {
    let state: Value = serde_json::from_str(&talk.control(Control::Status).ok()?).ok()?;
    let home = surroundings::home();
    Some(state["home"].as_str().map(Path::new) == home.as_deref())
}
