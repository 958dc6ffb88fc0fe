//! zsh: `: START:SECONDS;line` with `EXTENDED_HISTORY`, else the bare line.
//!
//! A newline inside a line stands behind a backslash; a line that really ends with a backslash has a
//! blank after it in the file. Bytes that zsh uses itself are written as 0x83 and the byte with bit 5
//! turned over, so that UTF-8 in the file looks broken until that is undone.

use std::time::Duration;

use super::{MAX_ENTRY_BYTES, Parsed, lines, number};
use crate::history::Run;
use crate::line::Dialect;

/// What zsh writes before a byte that it turned over.
const META: u8 = 0x83;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    let mut entry: Vec<u8> = Vec::new();
    let mut lines = lines(bytes).peekable();
    while let Some(line) = lines.next() {
        let goes_on = line.last() == Some(&b'\\') && lines.peek().is_some();
        // One byte too many is enough to see that it is too long.
        if entry.len() <= MAX_ENTRY_BYTES {
            entry.extend_from_slice(line);
            if goes_on {
                entry.pop();
                entry.push(b'\n');
            }
        }
        if !goes_on {
            read(&entry, &mut parsed);
            entry.clear();
        }
    }
    parsed
}

fn read(entry: &[u8], parsed: &mut Parsed) {
    let (started, duration, line) = header(entry).unwrap_or((None, None, entry));
    // The blank that keeps a last backslash from hiding the newline.
    let bare = line.trim_ascii_end();
    let line = if bare.len() < line.len() && bare.ends_with(b"\\") { bare } else { line };
    match String::from_utf8(plain(line)) {
        Ok(command) => {
            parsed.push(Run { command, started, duration, dialect: Dialect::Zsh, ..Run::default() });
        }
        Err(_) => parsed.skipped += 1,
    }
}

/// Start, duration and the rest of `: 1700000000:3;line`.
pub(super) fn header(entry: &[u8]) -> Option<(Option<i64>, Option<Duration>, &[u8])> {
    let rest = entry.strip_prefix(b": ")?.trim_ascii_start();
    let colon = rest.iter().position(|byte| *byte == b':')?;
    let (start, rest) = (rest.get(..colon)?, rest.get(colon + 1..)?);
    let semicolon = rest.iter().position(|byte| *byte == b';')?;
    let (seconds, line) = (rest.get(..semicolon)?, rest.get(semicolon + 1..)?);
    let (start, seconds) = (number(start)?, number(seconds)?);
    // 0 is what zsh writes where it does not know.
    let duration = u64::try_from(seconds).ok().map(Duration::from_secs);
    Some((Some(start).filter(|start| *start > 0), duration, line))
}

/// The bytes as they were typed.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut bytes = bytes.iter();
    while let Some(byte) = bytes.next() {
        match *byte {
            META => out.extend(bytes.next().map(|byte| byte ^ 32)),
            byte => out.push(byte),
        }
    }
    out
}
