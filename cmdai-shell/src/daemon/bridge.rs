//! `cmdai daemon connect`: the daemon on standard input and output, for programs that do not speak to sockets.

use std::io::{Read, Write};
use std::net::Shutdown;

use super::client::{Trouble, connect};
use super::{control, place};
use crate::exit::Exit;
use crate::failure::{Failure, io_message};

/// Starts the daemon where there is none, and passes bytes on in both directions until either side ends.
///
/// # Errors
/// There is no daemon, and none can be started.
pub(super) fn run() -> Result<Exit, Failure> {
    crate::stdout::is_open().map_err(|error| Failure::write(&error))?;
    control::ensure()?;
    let place = place::make()?;
    let failed = |message: String| Failure::new(Exit::Bug, "reach the daemon", message);
    let stream = connect(&place).map_err(|trouble| match trouble {
        Trouble::Refused(reason) => place::refused("reach the daemon", &reason),
        _ => failed("it does not answer".to_owned()),
    })?;
    let up = stream.try_clone().map_err(|error| failed(io_message(&error)))?;
    std::thread::spawn(move || {
        pass(std::io::stdin().lock(), &up);
        // What was asked is still answered.
        let _ = up.shutdown(Shutdown::Write);
    });
    pass(&stream, std::io::stdout().lock());
    Ok(Exit::Ok)
}

/// Passes on what comes, as it comes.
fn pass(mut from: impl Read, mut to: impl Write) {
    let mut chunk = [0; 16 << 10];
    loop {
        let length = match from.read(&mut chunk) {
            Ok(0) => return,
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let piece = chunk.get(..length).unwrap_or_default();
        if to.write_all(piece).and_then(|()| to.flush()).is_err() {
            return;
        }
    }
}
