//! What a door and the daemon say to each other: lines in, lines out, and the types between.
//!
//! `docs/protocol.md` is the reference. A message is a list of named fields, and it has two forms: fields
//! between TABs for shells, an object of JSON for programs. [`Request`] and [`Answer`] are written once over
//! both. [`Lines`] cuts what a socket brings into lines. Any bytes give a message or an error, never a panic.
//!
//! ```
//! use cmdai_core::protocol::{Answer, Form, Message, Request};
//!
//! let asked = Request::read("C\t7\tgit status\t/home/me").unwrap();
//! assert_eq!((asked.id, asked.form), (7, Form::Tab));
//! assert!(matches!(asked.body, Request::Check(check) if check.buffer == "git status"));
//! let answer = Answer::Forgotten { runs: 2 };
//! assert_eq!(Message { id: 8, form: Form::Tab, body: answer }.write(), "f\t8\t2\n");
//! ```

mod answer;
mod fields;
mod lines;
mod request;

#[cfg(test)]
mod tests;

pub use answer::{Alternative, Answer, ErrorCode, Judgement, Stage, State};
pub use lines::{Lines, Step};
pub use request::{Asked, Check, Control, Definitions, Hello, Line, Request};

/// The protocol's number. To raise it is to break every door that is installed: fields are added at the
/// end instead, where an old reader does not look.
pub const PROTOCOL: u32 = 1;

/// The longest line, without the newline at its end.
pub const MAX_LINE_BYTES: usize = 64 << 10;

/// Unanswered suggestions that a client has at most on a connection.
pub const MAX_UNANSWERED: usize = 8;

/// How a message is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// Fields between TABs.
    #[default]
    Tab,
    /// An object of JSON.
    Json,
}

/// A request or an answer with its number, in the form in which it was or will be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Message<T> {
    /// Counted up by the client and repeated by the answer; 0 where a line had none that can be read.
    pub id: u64,
    /// How it is written; an answer is written as its request was.
    pub form: Form,
    /// What it says.
    pub body: T,
}

impl<T> Message<T> {
    /// The same number and form with another body.
    pub fn with<U>(&self, body: U) -> Message<U> {
        Message { id: self.id, form: self.form, body }
    }
}

/// Why a line is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Malformed, or an operation that is not known.
    pub code: ErrorCode,
    /// What is wrong with it.
    pub message: String,
}

impl Fault {
    fn malformed(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::Malformed, message: message.into() }
    }

    fn unknown(what: &str) -> Self {
        let shown: String = what.chars().filter(|c| !c.is_control()).take(32).collect();
        Self { code: ErrorCode::Unknown, message: format!("there is no operation {shown:?}") }
    }
}

impl From<Message<Fault>> for Message<Answer> {
    /// The answer that tells a client of it.
    fn from(fault: Message<Fault>) -> Self {
        let Message { id, form, body } = fault;
        Self { id, form, body: Answer::Error { code: body.code, message: body.message } }
    }
}
