//! nushell's `history.txt`: one line an entry, a newline inside it written as `<\n>`.

use super::{Parsed, lines};
use crate::history::Run;
use crate::line::Dialect;

/// How a newline is written.
pub(super) const NEWLINE: &str = "<\\n>";

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    for line in lines(bytes) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line) {
            Ok(line) => {
                let command = line.replace(NEWLINE, "\n");
                parsed.push(Run { command, dialect: Dialect::Nu, ..Run::default() });
            }
            Err(_) => parsed.skipped += 1,
        }
    }
    parsed
}
