//! Copies text to the clipboard of the person at the terminal.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;

use crate::env;
use crate::surroundings::find_program;

/// Puts text on the clipboard and says by which way, to follow "copied".
///
/// A program of the desktop is preferred, because it tells whether it worked. Over ssh the desktop is
/// elsewhere: there, and where no program is installed, the terminal is asked (OSC 52); it does not answer.
///
/// # Errors
/// The program or the terminal could not be written to.
pub(crate) fn copy(text: &str) -> io::Result<String> {
    for (name, args) in programs() {
        if let Some(path) = find_program(name) {
            let mut child = Command::new(path)
                .args(*args)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                stdin.write_all(text.as_bytes())?;
            }
            let status = child.wait()?;
            return match status.success() {
                true => Ok((*name).to_owned()),
                false => Err(io::Error::other(format!("{name} failed"))),
            };
        }
    }
    crossterm::execute!(io::stderr(), CopyToClipboard::to_clipboard_from(text))?;
    Ok("by the terminal, OSC 52".to_owned())
}

fn programs() -> &'static [(&'static str, &'static [&'static str])] {
    if env::is_set("SSH_TTY") {
        &[]
    } else if cfg!(target_os = "macos") {
        &[("pbcopy", &[])]
    } else if cfg!(windows) {
        &[("clip", &[])]
    } else if env::is_set("WAYLAND_DISPLAY") {
        &[("wl-copy", &[])]
    } else if env::is_set("DISPLAY") {
        &[("xclip", &["-selection", "clipboard"]), ("xsel", &["--clipboard", "--input"])]
    } else {
        &[]
    }
}
