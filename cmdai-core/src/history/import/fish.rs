//! fish: a list that looks like YAML and is not.
//!
//! ```text
//! - cmd: echo one\ntwo
//!   when: 1700000000
//!   paths:
//!     - file
//! ```
//! In a command `\n` is a newline and `\\` a backslash.

use super::{Parsed, lines, number};
use crate::history::Run;
use crate::line::Dialect;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    let mut run: Option<Run> = None;
    for line in lines(bytes) {
        if let Some(command) = line.strip_prefix(b"- cmd: ") {
            run.take().into_iter().for_each(|run| parsed.push(run));
            match std::str::from_utf8(command) {
                Ok(command) => {
                    run = Some(Run { command: plain(command), dialect: Dialect::Fish, ..Run::default() });
                }
                Err(_) => parsed.skipped += 1,
            }
        } else if let Some(time) = line.strip_prefix(b"  when: ") {
            if let Some(run) = &mut run {
                run.started = number(time.trim_ascii()).filter(|time| *time > 0);
            }
        } else if !line.starts_with(b"  ") && !line.is_empty() {
            // The rest of something damaged.
            run.take().into_iter().for_each(|run| parsed.push(run));
            parsed.skipped += 1;
        }
    }
    run.into_iter().for_each(|run| parsed.push(run));
    parsed
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('n')) => {
                chars.next();
                out.push('\n');
            }
            ('\\', Some('\\')) => {
                chars.next();
                out.push('\\');
            }
            _ => out.push(c),
        }
    }
    out
}
