//! `cmdai <request>` by the daemon's warm model, where there is a daemon that would answer as this process would.

use std::path::Path;
use std::time::Instant;

use cmdai_core::Context;
use cmdai_core::protocol::{Answer, Asked, Control, Request, State};
use serde_json::Value;

use super::VERSION;
use super::client::{Talk, Trouble};
use crate::{env, surroundings};

/// Variables that make this process answer otherwise than a daemon that was started without them.
const OF_THIS_PROCESS: &[&str] = &[env::CONFIG, env::MODEL, env::ORT_DYLIB];

/// Commands for a request, best first; `None` where this process has to find out for itself.
pub(crate) fn ask(request: &str, ctx: &Context, count: usize, deadline: Instant) -> Option<Vec<String>> {
    if OF_THIS_PROCESS.iter().any(|name| env::is_set(name)) {
        return None;
    }
    let mut talk = Talk::open_as(ctx.dialect.name()).ok().filter(|talk| talk.version == VERSION)?;
    if !is_of_same_home(&mut talk)? {
        return None;
    }
    let asked = Asked { request: request.to_owned(), cwd: ctx.cwd.clone(), count: Some(count) };
    let id = talk.send(Request::Generate(asked)).ok()?;
    loop {
        match next_of(&mut talk, id, deadline).ok()? {
            Answer::Generated { state: State::Draft, .. } => {}
            Answer::Generated { command, others, state: State::Final, .. } => {
                return Some(std::iter::once(command).chain(others).collect());
            }
            // The reason, and the exit code for it, are for this process to find.
            _ => return None,
        }
    }
}

fn next_of(talk: &mut Talk, id: u64, deadline: Instant) -> Result<Answer, Trouble> {
    loop {
        let answer = talk.next(deadline)?;
        if answer.id == id {
            return Ok(answer.body);
        }
    }
}

/// A daemon that was started with another home reads another configuration.
fn is_of_same_home(talk: &mut Talk) -> Option<bool> {
    let state: Value = serde_json::from_str(&talk.control(Control::Status).ok()?).ok()?;
    let home = surroundings::home();
    Some(state["home"].as_str().map(Path::new) == home.as_deref())
}
