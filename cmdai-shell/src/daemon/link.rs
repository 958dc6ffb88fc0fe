//! One connection: what came and is not read yet, what is to go and is not written yet.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use cmdai_core::protocol::{Answer, Lines, Message};

/// A client that does not read for so long is dropped.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);
/// With more to be written, nothing more is read: whoever asks has to listen.
const MAX_UNWRITTEN: usize = 128 << 10;
/// How much is read at once.
const CHUNK: usize = 16 << 10;

/// What reading brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read1 {
    /// Some bytes, or none for now.
    Open,
    /// The client will not send any more.
    End,
    /// The connection is broken.
    Broken,
}

/// A connection.
pub(super) struct Link {
    pub(super) stream: UnixStream,
    pub(super) lines: Lines,
    unwritten: Vec<u8>,
    /// Since when nothing could be written.
    blocked: Option<Instant>,
    /// Nothing is read any more; it ends when all is written.
    pub(super) closing: bool,
    /// The client sends no more, and waits for what it asked.
    pub(super) half_closed: bool,
}

impl Link {
    /// A new connection.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) fn new(stream: UnixStream) -> std::io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            lines: Lines::default(),
            unwritten: Vec::new(),
            blocked: None,
            closing: false,
            half_closed: false,
        })
    }

    /// True where more may be read, as far as this connection goes.
    pub(super) fn wants_input(&self) -> bool {
        !self.closing && !self.half_closed && self.unwritten.len() < MAX_UNWRITTEN
    }

    /// True where something waits to be written.
    pub(super) fn wants_output(&self) -> bool {
        !self.unwritten.is_empty()
    }

    /// Reads what is there, once.
    pub(super) fn read(&mut self) -> Read1 {
        let mut chunk = [0; CHUNK];
        match self.stream.read(&mut chunk) {
            Ok(0) => Read1::End,
            Ok(length) => {
                self.lines.push(chunk.get(..length).unwrap_or_default());
                Read1::Open
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                Read1::Open
            }
            Err(_) => Read1::Broken,
        }
    }

    /// Sends an answer, as far as the client takes it now. False where the connection is broken.
    pub(super) fn send(&mut self, now: Instant, message: &Message<Answer>) -> bool {
        self.unwritten.extend_from_slice(message.write().as_bytes());
        self.write(now)
    }

    /// Writes what the client takes. False where the connection is broken.
    pub(super) fn write(&mut self, now: Instant) -> bool {
        let mut written = 0;
        while let Some(rest) = self.unwritten.get(written..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(0) => return false,
                Ok(length) => written += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        self.unwritten.drain(..written);
        self.blocked = match self.unwritten.is_empty() {
            true => None,
            false if written > 0 => Some(now),
            false => self.blocked.or(Some(now)),
        };
        if self.unwritten.is_empty() {
            // An idle connection keeps no memory.
            self.unwritten = Vec::new();
        }
        true
    }

    /// When this client has not read for too long.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.blocked.map(|since| since + PATIENCE)
    }
}
