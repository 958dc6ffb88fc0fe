//! From chunks of bytes, as a socket brings them, to lines.

use super::MAX_LINE_BYTES;

/// What is in a buffer of bytes that came so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A whole line, without its end. Bytes that are not UTF-8 are U+FFFD.
    Line(String),
    /// No whole line yet.
    Incomplete,
    /// A line longer than [`MAX_LINE_BYTES`]: the connection is over, nothing more can be read from it.
    TooLong,
}

/// Cuts a stream into lines. It holds what was pushed and not yet taken; whoever pushes takes all lines
/// before it pushes more, so that this stays near the length of one line.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// Up to here there is no newline after `start`: nothing is searched twice.
    searched: usize,
    over: bool,
}

impl Lines {
    /// Adds what was read.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.over {
            return;
        }
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.searched = self.searched.saturating_sub(self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(chunk);
    }

    /// Takes the next line.
    pub fn take_line(&mut self) -> Step {
        if self.over {
            return Step::TooLong;
        }
        let rest = self.bytes.get(self.searched..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n').map(|at| self.searched + at);
        let length = end.unwrap_or(self.bytes.len()).saturating_sub(self.start);
        if length > MAX_LINE_BYTES {
            self.over = true;
            self.bytes = Vec::new();
            return Step::TooLong;
        }
        let Some(end) = end else {
            self.searched = self.bytes.len();
            if self.start == self.bytes.len() {
                // An idle connection keeps no memory.
                (self.bytes, self.start, self.searched) = (Vec::new(), 0, 0);
            }
            return Step::Incomplete;
        };
        let line = self.bytes.get(self.start..end).unwrap_or_default();
        // A carriage return is written `\r` in a field: a bare one at the end is a terminal's.
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = String::from_utf8_lossy(line).into_owned();
        (self.start, self.searched) = (end + 1, end + 1);
        Step::Line(line)
    }

    /// Bytes that were pushed and not taken yet.
    pub fn waiting(&self) -> usize {
        self.bytes.len().saturating_sub(self.start)
    }
}
