//! Runs a command in the user's shell, after the user said so.
//!
//! On Unix the shell takes the place of this process: the command then has the terminal, the signals
//! and the job control it would have without us, and its exit status is ours by construction (the
//! caller's shell shows a signal as 128 + its number, as for any command).

use std::process::Command;

use cmdai_core::Dialect;

use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::surroundings::shell_program;

/// The terminal of this process, by a name that needs no open descriptor.
const TERMINAL: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };

/// What the command reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stdin {
    /// Our own standard input.
    Ours,
    /// The request came by it, and it is at its end: the command reads the terminal, where there is one.
    Spent,
}

/// Runs `command` and gives its exit status; on Unix it returns only where it could not.
///
/// # Errors
/// No shell of the dialect is installed, or it cannot be started.
pub(crate) fn run(command: &str, dialect: Dialect, stdin: Stdin) -> Result<u8, Failure> {
    let doing = "run the command";
    let Some(shell) = shell_program(dialect) else {
        let message = format!("no {dialect} was found in PATH or $SHELL");
        return Err(
            Failure::new(Exit::Bug, doing, message).hint(format!("install {dialect}, or pass --shell"))
        );
    };
    let mut process = Command::new(&shell);
    match dialect {
        Dialect::PowerShell => process.args(["-NoProfile", "-Command", command]),
        _ => process.args(["-c", command]),
    };
    if stdin == Stdin::Spent
        && let Ok(terminal) = std::fs::File::open(TERMINAL)
    {
        process.stdin(terminal);
    }
    start(process)
        .map_err(|error| Failure::new(Exit::Bug, format!("start {}", shell.display()), io_message(&error)))
}

#[cfg(unix)]
fn start(mut process: Command) -> std::io::Result<u8> {
    use std::os::unix::process::CommandExt;
    Err(process.exec())
}

#[cfg(not(unix))]
fn start(mut process: Command) -> std::io::Result<u8> {
    let status = process.status()?;
    Ok(status.code().map_or(1, |code| u8::try_from(code & 0xff).unwrap_or(1)))
}
