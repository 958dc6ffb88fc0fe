//! The one error type of the library.
//!
//! Analysis never fails; an [`Error`] begins where the disk, the model runtime or a remote engine
//! begins. Its message says what broke and with which value, in lower case and without a full stop,
//! ready to follow "failed to". The way out is [`Error::hint`], kept apart so that a door can put it
//! on its own line.

use std::error::Error as StdError;
use std::fmt;

/// What kind of thing went wrong: the one list that exit codes, exceptions and JSON codes are tables over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller's input cannot be used (an empty or over-long request, an unknown shell).
    Input,
    /// A configuration file or value is wrong.
    Config,
    /// No model is where the configuration says, or none is installed.
    ModelNotFound,
    /// A model file is damaged or does not fit its manifest.
    ModelCorrupt,
    /// The ONNX Runtime library is missing or cannot be used.
    Runtime,
    /// Inference failed.
    Inference,
    /// The caller cancelled.
    Cancelled,
    /// The deadline passed before there was an answer.
    Timeout,
    /// The history of what was run cannot be opened, read or written.
    History,
    /// Reading or writing a file failed.
    Io,
    /// A bug of ours.
    Internal,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Input,
        Self::Config,
        Self::ModelNotFound,
        Self::ModelCorrupt,
        Self::Runtime,
        Self::Inference,
        Self::Cancelled,
        Self::Timeout,
        Self::History,
        Self::Io,
        Self::Internal,
    ];

    /// The stable name used in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Config => "config",
            Self::ModelNotFound => "model_not_found",
            Self::ModelCorrupt => "model_corrupt",
            Self::Runtime => "runtime",
            Self::Inference => "inference",
            Self::Cancelled => "cancelled",
            Self::Timeout => "timeout",
            Self::History => "history",
            Self::Io => "io",
            Self::Internal => "internal",
        }
    }
}

/// A failure with its kind, a message, and where there is one a hint and a cause.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of a kind with its message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, source: None }
    }

    /// Adds the way out: an imperative sentence without a full stop.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The way out, where one is known.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_snake_case() {
        let codes: HashSet<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
        assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_')));
    }
}
