//! What a user is told when something does not work: one line, and the way out on the next. A program that asked
//! for JSON is told the same in an object on standard output: docs/json.md.

use std::fmt;
use std::io::{self, Write};

use cmdai_core::wire::{self, ErrorAnswer, ErrorBody};
use cmdai_core::{Error, ErrorKind};
use serde_json::Value;

use crate::exit::Exit;

/// A failure that ends the run.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the process says to its parent.
    pub exit: Exit,
    /// What it is called in JSON.
    code: &'static str,
    /// What was being done, after "failed to"; empty where the message says all.
    doing: String,
    message: String,
    detail: String,
    hint: Option<String>,
    /// True where its object was written already.
    told: bool,
}

impl Failure {
    /// A failure to do something: `Failure::new(Exit::Usage, "read the request", "no words were given")`.
    pub(crate) fn new(exit: Exit, doing: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            exit,
            code: exit.code(),
            doing: doing.into(),
            message: message.into(),
            detail: String::new(),
            hint: None,
            told: false,
        }
    }

    /// The same where a program that asked for JSON was told already.
    pub(crate) fn told(mut self) -> Self {
        self.told = true;
        self
    }

    /// Adds the way out: an imperative sentence without a full stop.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        self
    }

    /// Adds lines that show the place, already safe to print, each ended by a newline.
    pub(crate) fn detail(mut self, detail: String) -> Self {
        self.detail = detail;
        self
    }

    /// What was being done and what broke, without the lines that show the place.
    pub(crate) fn one_line(&self) -> String {
        let text = match self.doing.as_str() {
            "" => self.message.clone(),
            doing => format!("failed to {doing}: {}", self.message),
        };
        crate::paint::visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The same as a line of JSON; `None` where there is nothing to tell, for nobody reads any more.
    pub(crate) fn json(&self) -> Option<String> {
        self.json_for(None).map(|line| line + "\n")
    }

    /// The same as the answer to a line with this `id`, without a newline.
    pub(crate) fn json_for(&self, id: Option<Value>) -> Option<String> {
        if self.told {
            return None;
        }
        let message = match (self.message.as_str(), self.exit) {
            ("", Exit::Ok) => return None,
            ("", Exit::Interrupted) => "it was interrupted".to_owned(),
            _ => self.one_line(),
        };
        let error = ErrorBody { code: self.code.to_owned(), message, hint: self.hint.clone() };
        Some(wire::write(&ErrorAnswer { id, error }))
    }

    /// Tells it: to a person on standard error, and to a program that asked for JSON on standard output as well.
    pub(crate) fn tell(&self, json: bool) {
        crate::say(&self.to_string());
        if let Some(line) = self.json().filter(|_| json) {
            // Where that cannot be written there is nobody to tell.
            let mut stdout = io::stdout().lock();
            let _ = stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush());
        }
    }

    /// What broke.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The lines that show the place and the way out.
    pub(crate) fn hints(&self) -> Vec<String> {
        let hint = self.hint.iter().map(|hint| format!("hint: {hint}"));
        self.detail.lines().map(str::to_owned).chain(hint).collect()
    }

    /// A failure of the library while doing something.
    pub(crate) fn of(doing: &str, error: &Error) -> Self {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !message.contains(&cause_text) {
                message = format!("{message}: {cause_text}");
            }
            source = cause.source();
        }
        let hint = error.hint().unwrap_or_default();
        let failure = Self::new(Exit::of(error.kind()), doing, message).hint(hint);
        Self { code: error.kind().code(), ..failure }
    }

    /// A reader of ours that went away is no failure: the run ends quietly, as it does for ripgrep.
    pub(crate) fn write(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Ok, "", ""),
            _ => {
                let failure = Self::new(Exit::Bug, "write the output", io_message(error));
                Self { code: ErrorKind::Io.code(), ..failure }
            }
        }
    }
}

/// The system's words for an error, without "(os error 2)".
pub(crate) fn io_message(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split_once(" (os error").map_or(text.as_str(), |(text, _)| text);
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

impl fmt::Display for Failure {
    /// The lines as they go to the terminal. Control characters of values are shown, never sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return Ok(());
        }
        let one_line =
            |text: &str| crate::paint::visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        match self.doing.as_str() {
            "" => writeln!(f, "cmdai: {}", one_line(&self.message))?,
            doing => writeln!(f, "cmdai: failed to {}: {}", one_line(doing), one_line(&self.message))?,
        }
        f.write_str(&self.detail)?;
        match &self.hint {
            Some(hint) => writeln!(f, "hint: {}", one_line(hint)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cmdai_core::ErrorKind;

    #[test]
    fn a_failure_is_a_line_and_a_hint() {
        let error = Error::new(ErrorKind::ModelNotFound, "no model in /x").with_hint("set CMDAI_MODEL");
        let failure = Failure::of("load the model", &error);
        assert_eq!(
            failure.to_string(),
            "cmdai: failed to load the model: no model in /x\nhint: set CMDAI_MODEL\n"
        );
        assert_eq!(failure.exit, Exit::Model);
    }

    #[test]
    fn values_cannot_break_the_line_or_drive_the_terminal() {
        let failure = Failure::new(Exit::Usage, "read a\nb", "got \u{1b}[2J");
        assert_eq!(failure.to_string(), "cmdai: failed to read a b: got \\u{1b}[2J\n");
    }

    #[test]
    fn a_cause_is_told_once() {
        let io = io::Error::other("disk on fire");
        let error = Error::new(ErrorKind::Io, "cannot read /x").with_source(io);
        let text = Failure::of("read it", &error).to_string();
        assert_eq!(text, "cmdai: failed to read it: cannot read /x: disk on fire\n");
    }

    #[test]
    fn json_says_the_same() {
        let error = Error::new(ErrorKind::ModelCorrupt, "odd\nbytes").with_hint("fetch it again");
        let json = Failure::of("load the model", &error).json().unwrap();
        let expect = r#"{"error":{"code":"model_corrupt","message":"failed to load the model: odd bytes","hint":"fetch it again"}}"#;
        assert_eq!(json, format!("{expect}\n"));
        let interrupted = Failure::new(Exit::Interrupted, "", "").json().unwrap();
        assert!(interrupted.starts_with(r#"{"error":{"code":"cancelled","#), "{interrupted}");
    }

    #[test]
    fn a_closed_pipe_is_silent() {
        let failure = Failure::write(&io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(failure.json(), None);
        assert_eq!((failure.exit, failure.to_string().as_str()), (Exit::Ok, ""));
    }

    #[test]
    fn messages_of_the_system_are_shortened() {
        assert_eq!(io_message(&io::Error::from_raw_os_error(2)), "no such file or directory");
    }
}
