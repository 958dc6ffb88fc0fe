//! The client's side: a connection to the daemon of this user, where one serves, with a deadline for everything.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use cmdai_core::protocol::{Answer, Control, Form, Hello, Lines, Message, PROTOCOL, Request, Step};

use super::VERSION;
use super::place::{self, Place};

/// How long a daemon may take to say who it is, to answer about itself, or to take a line.
const PATIENCE: Duration = Duration::from_millis(1000);

/// Why nobody answers.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is no daemon.
    Absent,
    /// There is something that must not be trusted.
    Refused(String),
    /// There is one, and it does not answer in time or ends the connection.
    Silent,
}

/// A connection on which hello was said.
pub(crate) struct Talk {
    stream: UnixStream,
    lines: Lines,
    last: u64,
    /// How long it may take to answer what costs no work.
    patience: Duration,
    /// When all of it must be over.
    until: Option<Instant>,
    /// The daemon's version.
    pub(crate) version: String,
    /// What it can do.
    pub(crate) capabilities: Vec<String>,
}

impl Talk {
    /// Connects to the first daemon that serves a place of this user.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn open() -> Result<Self, Trouble> {
        Self::open_as("", PATIENCE, None)
    }

    /// The same for lines of a shell, with less patience, and an end to all of it.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn open_as(shell: &str, patience: Duration, until: Option<Instant>) -> Result<Self, Trouble> {
        let mut last = Trouble::Absent;
        for place in place::all() {
            match Self::greet(&place, shell, patience, until) {
                Ok(talk) => return Ok(talk),
                Err(Trouble::Absent) => {}
                Err(trouble) => last = trouble,
            }
        }
        Err(last)
    }

    /// Connects to the daemon of a place and says hello.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn at(place: &Place) -> Result<Self, Trouble> {
        Self::greet(place, "", PATIENCE, None)
    }

    fn greet(
        place: &Place,
        shell: &str,
        patience: Duration,
        until: Option<Instant>,
    ) -> Result<Self, Trouble> {
        let stream = connect(place)?;
        let mut talk = Self {
            stream,
            lines: Lines::default(),
            last: 0,
            patience,
            until,
            version: String::new(),
            capabilities: Vec::new(),
        };
        let hello = Hello {
            protocol: Some(PROTOCOL),
            client: format!("cmdai/{VERSION}"),
            shell: shell.to_owned(),
            pid: Some(std::process::id()),
            ..Hello::default()
        };
        match talk.ask(Request::Hello(hello), talk.soon())? {
            Answer::Hello { version, capabilities, .. } => {
                (talk.version, talk.capabilities) = (version, capabilities);
                Ok(talk)
            }
            // Another protocol is another version, which is all that is asked here.
            Answer::Error { .. } => Ok(talk),
            _ => Err(Trouble::Silent),
        }
    }

    /// When what costs no work must be answered.
    fn soon(&self) -> Instant {
        let soon = Instant::now() + self.patience;
        self.until.map_or(soon, |until| soon.min(until))
    }

    /// Asks, and waits for the first answer.
    ///
    /// # Errors
    /// There is none by then.
    pub(crate) fn ask(&mut self, request: Request, deadline: Instant) -> Result<Answer, Trouble> {
        let id = self.send(request)?;
        loop {
            let answer = self.next(deadline)?;
            if answer.id == id {
                return Ok(answer.body);
            }
        }
    }

    /// Sends a request and tells its number.
    ///
    /// # Errors
    /// The daemon does not take it.
    pub(crate) fn send(&mut self, request: Request) -> Result<u64, Trouble> {
        self.last += 1;
        let message = Message { id: self.last, form: Form::Tab, body: request };
        let line = message.write().ok_or(Trouble::Silent)?;
        let left = self.soon().saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Trouble::Silent);
        }
        self.stream.set_write_timeout(Some(left)).map_err(|_| Trouble::Silent)?;
        self.stream.write_all(line.as_bytes()).map_err(|_| Trouble::Silent)?;
        Ok(self.last)
    }

    /// The next answer.
    ///
    /// # Errors
    /// There is none by then.
    pub(crate) fn next(&mut self, deadline: Instant) -> Result<Message<Answer>, Trouble> {
        loop {
            match self.lines.take_line() {
                Step::Line(line) => match Answer::read(&line) {
                    Ok(answer) => return Ok(answer),
                    // A newer daemon may say what we do not know.
                    Err(_) => continue,
                },
                Step::TooLong => return Err(Trouble::Silent),
                Step::Incomplete => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Trouble::Silent);
            }
            self.stream.set_read_timeout(Some(left)).map_err(|_| Trouble::Silent)?;
            let mut chunk = [0; 8192];
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(Trouble::Silent),
                Ok(length) => self.lines.push(chunk.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(Trouble::Silent),
            }
        }
    }

    /// Asks about the daemon itself: one line of JSON.
    ///
    /// # Errors
    /// There is no answer.
    pub(crate) fn control(&mut self, control: Control) -> Result<String, Trouble> {
        match self.ask(Request::Control(control), self.soon())? {
            Answer::Control { json } => Ok(json),
            _ => Err(Trouble::Silent),
        }
    }

    /// Waits until the daemon ends the connection, which it does when it leaves.
    pub(super) fn wait_for_end(&mut self, deadline: Instant) {
        while self.next(deadline).is_ok() {}
    }
}

/// Connects, if the place is only ours and so is who listens there.
pub(super) fn connect(place: &Place) -> Result<UnixStream, Trouble> {
    if place.socket.parent().is_none_or(|folder| folder.symlink_metadata().is_err()) {
        return Err(Trouble::Absent);
    }
    place.guard().map_err(Trouble::Refused)?;
    if !place.guard_socket().map_err(Trouble::Refused)? {
        return Err(Trouble::Absent);
    }
    let stream = connect_at_once(place).map_err(|error| match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::NotFound => Trouble::Absent,
        _ => Trouble::Silent,
    })?;
    if !place::is_same_user(&stream) {
        return Err(Trouble::Refused(format!("somebody else listens on {}", place.socket.display())));
    }
    Ok(stream)
}

/// A daemon that does not accept fills its queue, and a plain connect would wait for ever.
fn connect_at_once(place: &Place) -> std::io::Result<UnixStream> {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, connect, socket};
    let socket = socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    let stream = UnixStream::from(socket);
    stream.set_nonblocking(true)?;
    connect(&stream, &SocketAddrUnix::new(&place.socket)?)?;
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// The version of the daemon that serves a place.
pub(super) fn version(place: &Place) -> Option<String> {
    Talk::at(place).ok().map(|talk| talk.version)
}
