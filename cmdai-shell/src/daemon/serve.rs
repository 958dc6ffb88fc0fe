//! The loop: one thread that waits for all sockets, the lanes and the clock at once, and never works itself.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use cmdai_core::machine::Machine;
use cmdai_core::protocol::{Answer, Control, ErrorCode, Fault, Form, Message, Request, Step};
use cmdai_core::session::{Action, ConnId, Event, Identity, Millis, Outcome, Sessions};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::json;

use super::engine::ModelState;
use super::journal::Journal;
use super::lane::{Lanes, Mailbox, Shared};
use super::link::{Link, Read1};
use super::memory::Resting;
use super::past::Remembered;
use super::pending::Pending;
use super::place::{self, Lock, Place};
use super::{VERSION, client, detach, memory};
use crate::args::CommonArgs;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::settings::Settings;

/// Connections at once; one more is told `busy`.
const MAX_CONNECTIONS: usize = 256;
/// How often the socket is looked after. Nothing else happens in a daemon that nobody asks.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// Without a question for so long, the daemon leaves, where the configuration does not say.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// The model is let go when it was not needed for so long, where the configuration does not say.
const MODEL_TIME: Duration = Duration::from_secs(5 * 60);
/// How long a new daemon waits for an old one to leave.
const LOCK_TIME: Duration = Duration::from_secs(10);
/// How long connections are refused after the system had no descriptor left, at first and at most.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));
/// How long the last answers may take on their way out.
const FAREWELL: Duration = Duration::from_millis(500);

/// Serves until told to stop, or nobody asks any more.
///
/// # Errors
/// There is no place, or another daemon serves it.
pub(super) fn run(detached: bool, common: &CommonArgs) -> Result<Exit, Failure> {
    if detached {
        detach::leave_session();
    }
    memory::share_heaps();
    let settings = Settings::load(common)?;
    let place = place::make()?;
    let Some(mut lock) = wait_for_lock(&place)? else {
        return match detached {
            true => Ok(Exit::Ok),
            false => Err(Failure::new(Exit::Usage, "run the daemon", "another one runs already")
                .hint("see cmdai daemon status; stop it with cmdai daemon stop")),
        };
    };
    lock.sign();
    let journal = Arc::new(Journal::open(!detached));
    let failed = |error: std::io::Error| Failure::new(Exit::Bug, "run the daemon", io_message(&error));
    let (mailbox, inbox, bell) = Mailbox::new().map_err(failed)?;
    let stop = listen_to_signals(&mailbox).map_err(failed)?;
    let model = Arc::new(ModelState::new(crate::model::is_installed(&settings.config)));
    let shared = Shared {
        mailbox,
        journal: Arc::clone(&journal),
        remembered: Arc::default(),
        hung: Arc::default(),
        machine: Arc::new(Machine::new(search_path())),
        breadth: Arc::default(),
        model: Arc::clone(&model),
        model_time: settings.config.daemon_model_time.unwrap_or(MODEL_TIME),
        runs_file: place.runs_file().into(),
        pending: Arc::default(),
        settled: Arc::default(),
    };
    // What only the start needed, such as reading the arguments, is not held beside what the lanes read.
    memory::rest();
    let lanes = Lanes::start(&shared).map_err(failed)?;
    let listener = place.listen(&lock)?;
    let identity = place.identity();
    journal.say(&format!("cmdai {VERSION} serves {}", place.socket.display()));
    if detached {
        detach::leave_streams().map_err(failed)?;
    }
    let server = Server {
        sessions: Sessions::new(
            Identity { version: VERSION.to_owned(), capabilities: capabilities(model.is_there()) },
            model.is_there(),
        ),
        model_was_there: model.is_there(),
        model,
        remembered: shared.remembered,
        pending: shared.pending,
        settled: shared.settled,
        links: BTreeMap::new(),
        lanes,
        listener,
        inbox,
        bell,
        stop,
        journal: Arc::clone(&journal),
        place,
        identity,
        started: Instant::now(),
        asked: Instant::now(),
        housekeeping: Instant::now() + HOUSEKEEPING,
        resting: Resting::new(Instant::now()),
        deaf_until: None,
        back_off: BACK_OFF.0,
        connections: 0,
        requests: 0,
        idle_time: settings.config.daemon_idle_time.unwrap_or(IDLE),
        lock,
    };
    server.serve().map_err(failed)?;
    Ok(Exit::Ok)
}

fn capabilities(model: bool) -> Vec<String> {
    let always = ["alternatives", "check", "generate", "history", "suggest", "what"];
    always.into_iter().chain(model.then_some("model")).map(str::to_owned).collect()
}

/// The folders of the search path, as whoever started the daemon has it.
fn search_path() -> Vec<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).filter_map(|folder| folder.into_os_string().into_string().ok()).collect()
}

/// The lock; `None` where another daemon of this version serves.
fn wait_for_lock(place: &Place) -> Result<Option<Lock>, Failure> {
    let until = Instant::now() + LOCK_TIME;
    loop {
        if let Some(lock) = place.try_lock()? {
            return Ok(Some(lock));
        }
        if client::version(place).as_deref() == Some(VERSION) {
            return Ok(None);
        }
        if Instant::now() >= until {
            let message = "another daemon holds the lock and does not answer";
            return Err(
                Failure::new(Exit::Timeout, "run the daemon", message).hint("end it with cmdai daemon stop")
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A flag that is set by the signals that ask for an end. They ring the bell, too.
fn listen_to_signals(mailbox: &Mailbox) -> std::io::Result<Arc<AtomicBool>> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
        signal_hook::low_level::pipe::register(signal, mailbox.bell()?)?;
    }
    // The terminal that started it may close: that is no reason to leave.
    signal_hook::flag::register(SIGHUP, Arc::new(AtomicBool::new(false)))?;
    Ok(stop)
}

struct Server {
    sessions: Sessions,
    links: BTreeMap<ConnId, Link>,
    lanes: Lanes,
    model: Arc<ModelState>,
    model_was_there: bool,
    remembered: Arc<Remembered>,
    /// Runs that wait for the history.
    pending: Arc<Pending>,
    listener: UnixListener,
    inbox: Receiver<Event>,
    bell: UnixStream,
    stop: Arc<AtomicBool>,
    journal: Arc<Journal>,
    place: Place,
    identity: Option<(u64, u64)>,
    started: Instant,
    /// When somebody last asked something.
    asked: Instant,
    housekeeping: Instant,
    /// Set by the lane of the history when it was read.
    settled: Arc<AtomicBool>,
    /// When memory is given back.
    resting: Resting,
    /// No connection is accepted until then.
    deaf_until: Option<Instant>,
    back_off: Duration,
    connections: u64,
    requests: u64,
    /// Without a question for so long, it leaves.
    idle_time: Duration,
    /// Held to the end.
    lock: Lock,
}

/// What is ready.
struct Ready {
    bell: bool,
    listener: bool,
    links: Vec<(ConnId, PollFlags)>,
}

impl Server {
    fn serve(mut self) -> std::io::Result<()> {
        let mut reason = "told to";
        while !self.stop.load(Ordering::SeqCst) {
            let ready = self.wait()?;
            if ready.bell {
                let mut rings = [0; 64];
                while matches!((&self.bell).read(&mut rings), Ok(length) if length == rings.len()) {}
            }
            while let Ok(event) = self.inbox.try_recv() {
                self.handle(event);
            }
            for (conn, flags) in ready.links {
                self.attend(conn, flags);
            }
            if ready.listener {
                self.accept();
            }
            if self.model.is_there() != self.model_was_there {
                self.model_was_there = self.model.is_there();
                self.sessions.set_model(self.model_was_there, capabilities(self.model_was_there));
            }
            self.handle(Event::Woke);
            self.take_lines();
            self.end_links();
            self.give_up_lanes();
            if let Some(why) = self.look_after() {
                reason = why;
                break;
            }
        }
        self.journal.say(&format!("leaves: {reason}"));
        self.leave();
        Ok(())
    }

    /// Waits until something is ready or due.
    fn wait(&self) -> std::io::Result<Ready> {
        let now = Instant::now();
        let mut fds = vec![PollFd::from_borrowed_fd(self.bell.as_fd(), PollFlags::IN)];
        let listens = self.deaf_until.is_none_or(|until| now >= until);
        if listens {
            fds.push(PollFd::from_borrowed_fd(self.listener.as_fd(), PollFlags::IN));
        }
        let mut conns = Vec::new();
        for (conn, link) in &self.links {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::IN, link.wants_input() && self.sessions.may_receive(*conn));
            flags.set(PollFlags::OUT, link.wants_output());
            if !flags.is_empty() {
                conns.push(*conn);
                fds.push(PollFd::from_borrowed_fd(link.stream.as_fd(), flags));
            }
        }
        let deaf = self.deaf_until.filter(|_| !listens);
        let due = [Some(self.housekeeping), self.resting.due(), deaf, self.session_deadline()];
        let slow = self.links.values().filter_map(Link::deadline);
        let due = due.into_iter().flatten().chain(slow).min().unwrap_or(self.housekeeping);
        let wait = due.saturating_duration_since(now);
        // Rounded up, so that what is due is due when the wait is over.
        let wait = Duration::from_millis(u64::try_from(wait.as_micros().div_ceil(1000)).unwrap_or(60_000));
        let timeout =
            Timespec { tv_sec: wait.as_secs().cast_signed(), tv_nsec: i64::from(wait.subsec_nanos()) as _ };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut ready = fds.iter().map(PollFd::revents);
        let bell = ready.next().is_some_and(|flags| !flags.is_empty());
        let listener = listens && ready.next().is_some_and(|flags| !flags.is_empty());
        let links = conns.into_iter().zip(ready).filter(|(_, flags)| !flags.is_empty()).collect();
        Ok(Ready { bell, listener, links })
    }

    fn now(&self) -> Millis {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn session_deadline(&self) -> Option<Instant> {
        self.sessions.deadline().map(|millis| self.started + Duration::from_millis(millis))
    }

    /// Reads and writes what a connection is ready for.
    fn attend(&mut self, conn: ConnId, flags: PollFlags) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if flags.contains(PollFlags::OUT) && !link.write(Instant::now()) {
            return self.close(conn);
        }
        if !flags.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) || !link.wants_input() {
            return;
        }
        match link.read() {
            Read1::Open => {}
            Read1::Broken => self.close(conn),
            // The other side may have closed only its half, and waits for answers.
            Read1::End if flags.contains(PollFlags::HUP) => {
                link.half_closed = true;
                self.take_lines_of(conn);
                self.close(conn);
            }
            Read1::End => link.half_closed = true,
        }
    }

    fn accept(&mut self) {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    self.back_off = BACK_OFF.0;
                    self.welcome(stream);
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // No descriptor left, most likely: those who are connected go on, new ones wait.
                    self.journal.say(&format!("cannot accept: {}", io_message(&error)));
                    self.deaf_until = Some(Instant::now() + self.back_off);
                    self.back_off = (self.back_off * 2).min(BACK_OFF.1);
                    return;
                }
            }
        }
    }

    fn welcome(&mut self, stream: UnixStream) {
        if !place::is_same_user(&stream) {
            return self.journal.say("a connection of another user was refused");
        }
        let Ok(mut link) = Link::new(stream) else { return };
        if self.links.len() >= MAX_CONNECTIONS {
            let message = format!("there are {MAX_CONNECTIONS} connections already");
            let body = Answer::Error { code: ErrorCode::Busy, message };
            link.send(Instant::now(), &Message { id: 0, form: Form::Tab, body });
            return;
        }
        self.connections += 1;
        let conn = ConnId(self.connections);
        self.links.insert(conn, link);
        self.handle(Event::Opened(conn));
        // A shell connects for every line: what another process recorded meanwhile is known then.
        self.lanes.refresh();
    }

    fn take_lines(&mut self) {
        let waiting = |(conn, link): (&ConnId, &Link)| (link.lines.waiting() > 0).then_some(*conn);
        let conns: Vec<ConnId> = self.links.iter().filter_map(waiting).collect();
        conns.into_iter().for_each(|conn| self.take_lines_of(conn));
    }

    /// Takes what a connection sent, as far as the session takes it.
    fn take_lines_of(&mut self, conn: ConnId) {
        while self.sessions.may_receive(conn) {
            let Some(link) = self.links.get_mut(&conn).filter(|link| !link.closing) else { return };
            match link.lines.take_line() {
                Step::Incomplete => return,
                Step::Line(line) if line.is_empty() => {}
                Step::Line(line) => {
                    self.requests += 1;
                    self.asked = Instant::now();
                    self.resting.asked(self.asked);
                    self.handle(Event::Received(conn, Request::read(&line)));
                }
                Step::TooLong => {
                    let message = "a line is longer than 64 KiB; the connection ends".to_owned();
                    let fault = Fault { code: ErrorCode::Malformed, message };
                    let fault = Message { id: 0, form: Form::Tab, body: fault };
                    self.handle(Event::Received(conn, Err(fault)));
                    self.hang_up(conn);
                }
            }
        }
    }

    fn handle(&mut self, event: Event) {
        for action in self.sessions.handle(self.now(), event) {
            match action {
                Action::Send(conn, message) => self.send(conn, &message),
                Action::Hangup(conn) => self.hang_up(conn),
                Action::Begin(lane, job, asker, work) => self.lanes.begin(lane, job, asker, work),
                Action::Abandon(job) => self.lanes.abandon(job),
                Action::Record(asker, ran) => self.lanes.record(asker, ran),
                Action::Define(asker, kind, names) => {
                    // Without a name for its terminal nobody could ask for them again.
                    if let Some(session) = asker.session {
                        self.remembered.define(&session, kind, names);
                    }
                }
                Action::Control(conn, message) => self.control(conn, &message),
            }
        }
    }

    fn send(&mut self, conn: ConnId, message: &Message<Answer>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if !link.send(Instant::now(), message) {
            self.close(conn);
        }
    }

    fn control(&mut self, conn: ConnId, message: &Message<Control>) {
        let json = match message.body {
            Control::Status => self.status(),
            Control::Stop => {
                self.stop.store(true, Ordering::SeqCst);
                json!({ "stopping": true, "pid": std::process::id() })
            }
            Control::Reload => {
                // Configuration and policies are seen when they change; the rest is read here.
                self.lanes.reload();
                let config = Settings::load(&CommonArgs::default()).map(|settings| settings.config);
                self.model.look_again(crate::model::is_installed(&config.unwrap_or_default()));
                json!({ "reloaded": true })
            }
        };
        self.send(conn, &message.with(Answer::Control { json: json.to_string() }));
    }

    fn status(&self) -> serde_json::Value {
        let (unwritten, kept) = self.pending.state();
        json!({
            "version": VERSION,
            "protocol": cmdai_core::protocol::PROTOCOL,
            "pid": std::process::id(),
            "socket": self.place.socket.display().to_string(),
            "uptime_s": self.started.elapsed().as_secs(),
            "connections": self.links.len(),
            "requests": self.requests,
            "capabilities": capabilities(self.model.is_there()),
            "model": self.model.name(),
            "history": self.remembered.past().len(),
            "unwritten": unwritten,
            "kept": kept,
            "home": crate::surroundings::home().map(|home| home.display().to_string()),
            "rss_bytes": resident_bytes(),
        })
    }

    fn hang_up(&mut self, conn: ConnId) {
        if let Some(link) = self.links.get_mut(&conn) {
            link.closing = true;
        }
    }

    fn close(&mut self, conn: ConnId) {
        if self.links.remove(&conn).is_some() {
            self.handle(Event::Closed(conn));
        }
    }

    /// Ends the connections that are over, and those whose client does not read.
    fn end_links(&mut self) {
        let now = Instant::now();
        let over = |(conn, link): (&ConnId, &Link)| {
            let slow = link.deadline().is_some_and(|deadline| now >= deadline);
            let answered = link.half_closed && !self.sessions.is_waiting(*conn);
            let done = (link.closing || answered) && !link.wants_output();
            (slow || done).then_some((*conn, slow))
        };
        let over: Vec<_> = self.links.iter().filter_map(over).collect();
        for (conn, slow) in over {
            if slow {
                self.journal.say("a client that does not read was dropped");
            }
            self.close(conn);
        }
    }

    /// Replaces the threads that hang.
    fn give_up_lanes(&mut self) {
        for (lane, job, cwd) in self.sessions.hanging(self.now()) {
            if self.lanes.give_up(lane, cwd.as_deref()) {
                let message = "the disk does not answer".to_owned();
                self.handle(Event::Finished(job, Outcome::Failed(ErrorCode::Unavailable, message)));
            }
        }
    }

    /// What is due once a minute. The reason to leave, where there is one.
    fn look_after(&mut self) -> Option<&'static str> {
        let now = Instant::now();
        if self.deaf_until.is_some_and(|until| now >= until) {
            self.deaf_until = None;
        }
        if self.settled.swap(false, Ordering::SeqCst) {
            self.resting.over(now);
        }
        // While a lane works it may load a library.
        let busy = self.sessions.is_busy();
        // With a model there are files of hundreds of megabytes, which are wanted where they are.
        let bounded = self.model.name() != "loaded";
        if self.resting.is_due(now, busy)
            || (bounded && self.resting.is_crowded(now, busy, memory::held_of_files))
        {
            memory::rest();
        }
        if now < self.housekeeping {
            return None;
        }
        self.housekeeping = now + HOUSEKEEPING;
        if self.place.identity() != self.identity {
            return Some("the socket is gone: nobody can come in any more");
        }
        self.place.touch();
        (now.duration_since(self.asked) >= self.idle_time && !self.sessions.is_busy())
            .then_some("nobody asks")
    }

    /// Says the last words, ends the lanes, and gives the place to the next.
    fn leave(mut self) {
        let until = Instant::now() + FAREWELL;
        while self.links.values().any(Link::wants_output) && Instant::now() < until {
            let mut fds: Vec<PollFd<'_>> = self
                .links
                .values()
                .filter(|link| link.wants_output())
                .map(|link| PollFd::from_borrowed_fd(link.stream.as_fd(), PollFlags::OUT))
                .collect();
            let wait = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
            let _ = poll(&mut fds, Some(&wait));
            self.links.retain(|_, link| link.write(Instant::now()));
        }
        // Clients see the end at once, and nobody new comes.
        self.place.remove(self.identity);
        self.links.clear();
        self.lanes.end();
        drop(self.lock);
    }
}

/// Memory in use, where the system tells it cheaply.
fn resident_bytes() -> Option<u64> {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}
