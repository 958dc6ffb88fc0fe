//! A pseudo-terminal and the screen that is drawn in it: cells with text and colour, and the cursor.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Color, Screen};

/// How long anything may take to appear before a caller gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the reader of the terminal and its watchers share.
#[derive(Default)]
struct Shared {
    screen: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    bytes: u64,
    closed: bool,
}

impl Default for State {
    fn default() -> Self {
        Self { parser: vt100::Parser::new(1, 1, 0), bytes: 0, closed: false }
    }
}

/// A program in a terminal of its own.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    shared: Arc<Shared>,
}

impl Terminal {
    /// Starts a program in a terminal of this size.
    ///
    /// # Panics
    /// No terminal can be opened, or the program cannot be started.
    #[must_use]
    pub fn start(command: CommandBuilder, rows: u16, cols: u16) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program");
        drop(pair.slave);
        let shared = Arc::new(Shared::default());
        lock(&shared.screen).parser = vt100::Parser::new(rows, cols, 1000);
        let mut reader = pair.master.try_clone_reader().expect("the terminal's output");
        let drawn = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                let mut state = lock(&drawn.screen);
                state.parser.process(&buffer[..read]);
                state.bytes += read as u64;
                drawn.changed.notify_all();
            }
            lock(&drawn.screen).closed = true;
            drawn.changed.notify_all();
        });
        let keys = pair.master.take_writer().expect("the terminal's keys");
        Self { master: pair.master, keys, child, shared }
    }

    /// Types; everything of one call arrives together, as a paste does.
    ///
    /// # Panics
    /// The terminal is gone.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).expect("the terminal is gone");
        self.keys.flush().expect("the terminal is gone");
        self
    }

    /// Ctrl-C, once the shell is waiting for a key: zsh acts on one that comes while it works at the next key only.
    pub fn interrupt(&mut self) -> &mut Self {
        self.settles(Duration::from_millis(150)).press("\x03")
    }

    /// Waits until the screen fits, and tells how long that took.
    ///
    /// # Panics
    /// It did not within [`PATIENCE`]; the message shows the screen.
    #[track_caller]
    pub fn until(&mut self, what: &str, fits: impl Fn(&Screen) -> bool) -> Duration {
        self.within(PATIENCE, fits)
            .unwrap_or_else(|| panic!("never saw {what:?}; the screen is\n{}\n--", self.text()))
    }

    /// The same with a limit of the caller's: `None` where the screen did not fit in time.
    pub fn within(&mut self, limit: Duration, fits: impl Fn(&Screen) -> bool) -> Option<Duration> {
        let started = Instant::now();
        let mut state = lock(&self.shared.screen);
        loop {
            if fits(state.parser.screen()) {
                return Some(started.elapsed());
            }
            let left = limit.checked_sub(started.elapsed())?;
            state = self.shared.changed.wait_timeout(state, left).map(|(state, _)| state).expect("no panic");
        }
    }

    /// Waits for this text anywhere on the screen.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |screen| screen.contents().contains(text));
        self
    }

    /// Waits until this text is nowhere on the screen.
    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        self.until(&format!("no {text}"), |screen| !screen.contents().contains(text));
        self
    }

    /// Waits until nothing was drawn for a while: for assertions that something does not appear.
    pub fn settles(&mut self, quiet: Duration) -> &mut Self {
        loop {
            let before = lock(&self.shared.screen).bytes;
            let state = lock(&self.shared.screen);
            let waited = self.shared.changed.wait_timeout_while(state, quiet, |state| state.bytes == before);
            if waited.expect("no panic").1.timed_out() {
                return self;
            }
        }
    }

    /// All that is on the screen.
    #[must_use]
    pub fn text(&self) -> String {
        lock(&self.shared.screen).parser.screen().contents()
    }

    /// Reads the screen.
    pub fn look<T>(&self, read: impl FnOnce(&Screen) -> T) -> T {
        read(lock(&self.shared.screen).parser.screen())
    }

    /// Changes the size of the terminal.
    ///
    /// # Panics
    /// The terminal is gone.
    pub fn resize(&mut self, rows: u16, cols: u16) -> &mut Self {
        lock(&self.shared.screen).parser.screen_mut().set_size(rows, cols);
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("the terminal is gone");
        self
    }

    /// The process in the terminal.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.process_id()
    }

    /// Waits for the end of the program.
    ///
    /// # Panics
    /// It does not end within [`PATIENCE`].
    #[track_caller]
    pub fn ends(&mut self) {
        let started = Instant::now();
        while self.child.try_wait().expect("a child").is_none() {
            assert!(started.elapsed() < PATIENCE, "it goes on; the screen is\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The text of the row with the cursor, split at the first cell in a ghost's colours: what is typed, and the ghost.
#[must_use]
pub fn ghost(screen: &Screen) -> (String, String) {
    let (row, _) = screen.cursor_position();
    let (mut typed, mut ghost) = (String::new(), String::new());
    for (text, color) in cells(screen, row) {
        if GHOST.contains(&color) { ghost.push_str(&text) } else { typed.push_str(&text) }
    }
    (typed.trim_end().to_owned(), ghost.trim_end().to_owned())
}

/// The colours of a ghost, by risk: safe, moderate, high, critical.
pub const GHOST: [Color; 4] = [Color::Idx(244), Color::Idx(136), Color::Idx(167), Color::Idx(196)];

/// The cells of a row with their colour; the second half of a wide character is left out.
pub fn cells(screen: &Screen, row: u16) -> impl Iterator<Item = (String, Color)> + '_ {
    let cells = (0..screen.size().1).filter_map(move |col| screen.cell(row, col));
    cells.filter(|cell| !cell.is_wide_continuation()).map(|cell| {
        (if cell.has_contents() { cell.contents().to_owned() } else { " ".to_owned() }, cell.fgcolor())
    })
}
