//! `cmdai daemon`: one process for all shells of a user, so that nothing is loaded twice and a key costs no start.
//!
//! [`cmdai_core::session`] decides who is answered what; here are the sockets, threads and files under it.
//! [`serve`] is the loop: one thread polls all connections, and each lane of the session has a thread of its own
//! ([`lane`]). Who holds the lock of [`place`] is the daemon; the socket is only where it listens. What is
//! shared between a shell and the daemon of its user is in `docs/protocol.md`.

mod answers;
mod ask;
mod bridge;
mod client;
mod control;
mod detach;
mod engine;
mod journal;
mod judge;
mod keeper;
mod lane;
mod link;
mod memory;
mod past;
mod pending;
mod place;
mod serve;

pub(crate) use ask::ask;
pub(crate) use control::{forget_waiting, look, reload, sentence};

use crate::args::{DaemonAction, DaemonArgs};
use crate::exit::Exit;
use crate::failure::Failure;

/// The version that both sides compare.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Does what the arguments say.
///
/// # Errors
/// There is no place for a socket, or a daemon does not do what it is told.
pub(crate) fn run(args: &DaemonArgs) -> Result<Exit, Failure> {
    match &args.action {
        DaemonAction::Run { detached } => serve::run(*detached, &args.common),
        DaemonAction::Start => control::start(&args.common),
        DaemonAction::Stop => control::stop(&args.common),
        DaemonAction::Status { json } => control::status(*json, &args.common),
        DaemonAction::Logs { count } => control::logs(*count),
        DaemonAction::Connect => bridge::run(),
    }
}
