//! The conversation on a terminal: draws what [`view`] says, and does what [`fsm`] says.
//!
//! Drawing goes to standard error, so that standard output stays free for the command's own output.
//! [`RawMode`] is the only place that changes the terminal, and its drop, the panic hook and the
//! signal handler all go through [`restore`].

mod clipboard;
pub(crate) mod fsm;
mod view;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::{cursor, queue, terminal};

use crate::paint::Paint;
use fsm::{Key, Offer, Session, Step};

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The user wants this run.
    Run(String),
    /// The user left.
    Quit,
    /// The user pressed Ctrl-C.
    Interrupted,
}

/// Talks with the user about these offers. `judge` makes an offer of an edited line.
///
/// # Errors
/// The terminal cannot be read or written.
pub(crate) fn converse(
    offers: Vec<Offer>,
    judge: &dyn Fn(&str) -> Offer,
    paint: Paint,
) -> io::Result<Outcome> {
    let Some(mut session) = Session::new(offers) else { return Ok(Outcome::Quit) };
    let raw = RawMode::enter()?;
    // What was typed while the model was thinking was not typed at this command.
    while event::poll(std::time::Duration::ZERO)? {
        event::read()?;
    }
    let mut screen = Screen { stderr: io::stderr(), rows: 0, below_cursor: 0 };
    let outcome = loop {
        screen.draw(&view::view(&session, columns(), paint))?;
        let step = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                read_key(key).map_or(Step::Wait, |key| session.press(key))
            }
            Event::Paste(text) => session.press(Key::Paste(text)),
            _ => Step::Draw,
        };
        match step {
            Step::Wait | Step::Draw => {}
            Step::Judge(line) => session.judged(judge(&line)),
            Step::Copy(text) => {
                let note = clipboard::copy(&text).map_or_else(
                    |error| format!("not copied: {}", crate::failure::io_message(&error)),
                    |how| format!("copied ({how})"),
                );
                session.say(note);
            }
            Step::Run(command) => break Outcome::Run(command),
            Step::Quit => break Outcome::Quit,
            Step::Interrupt => break Outcome::Interrupted,
        }
    };
    screen.draw(&view::farewell(&session, columns(), paint))?;
    screen.leave()?;
    drop(raw);
    Ok(outcome)
}

fn columns() -> usize {
    terminal::size().map_or(80, |(columns, _)| usize::from(columns))
}

/// The rows drawn last, so that they can be taken back.
struct Screen {
    stderr: io::Stderr,
    rows: usize,
    below_cursor: usize,
}

impl Screen {
    fn draw(&mut self, frame: &view::Frame) -> io::Result<()> {
        let mut out = Vec::new();
        queue!(out, cursor::Hide)?;
        self.to_first_row(&mut out)?;
        queue!(out, terminal::Clear(terminal::ClearType::FromCursorDown))?;
        // Raw mode: a line end is both characters.
        out.extend_from_slice(frame.rows.join("\r\n").as_bytes());
        self.rows = frame.rows.len();
        self.below_cursor = 0;
        queue!(out, cursor::MoveToColumn(0))?;
        if let Some((row, column)) = frame.cursor {
            self.below_cursor = frame.rows.len().saturating_sub(row + 1);
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            if let Some(up) = u16::try_from(self.below_cursor).ok().filter(|up| *up > 0) {
                queue!(out, cursor::MoveUp(up))?;
            }
            queue!(out, cursor::MoveToColumn(column), cursor::Show)?;
        }
        self.stderr.write_all(&out)?;
        self.stderr.flush()
    }

    fn to_first_row(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let up = self.rows.saturating_sub(1 + self.below_cursor);
        if let Some(up) = u16::try_from(up).ok().filter(|up| *up > 0) {
            queue!(out, cursor::MoveUp(up))?;
        }
        queue!(out, cursor::MoveToColumn(0))
    }

    /// Leaves the rows where they are and the cursor on the line below.
    fn leave(&mut self) -> io::Result<()> {
        self.stderr.write_all(b"\r\n")?;
        self.stderr.flush()
    }
}

static RAW: AtomicBool = AtomicBool::new(false);

/// The terminal gives keys as they are pressed for as long as this lives.
struct RawMode;

impl RawMode {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        RAW.store(true, Ordering::SeqCst);
        let guard = Self;
        crossterm::execute!(io::stderr(), event::EnableBracketedPaste)?;
        Ok(guard)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back as it was. Does nothing where it was not taken.
fn restore() {
    if RAW.swap(false, Ordering::SeqCst) {
        // There is nobody to tell where this fails.
        let _ = crossterm::execute!(io::stderr(), event::DisableBracketedPaste, cursor::Show);
        let _ = terminal::disable_raw_mode();
    }
}

/// Gives the terminal back from the middle of a conversation, below what was drawn.
pub(crate) fn abandon() {
    if RAW.load(Ordering::SeqCst) {
        let _ = io::stderr().write_all(b"\r\n");
    }
    restore();
}

fn read_key(key: KeyEvent) -> Option<Key> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Char(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) if alt => Key::Alt(c),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Esc => Key::Esc,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left if ctrl || alt => Key::WordLeft,
        KeyCode::Right if ctrl || alt => Key::WordRight,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Backspace if ctrl || alt => Key::Ctrl('w'),
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        _ => return None,
    })
}
