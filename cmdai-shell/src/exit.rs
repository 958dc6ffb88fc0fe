//! The exit codes: what a script can tell from `$?`.
//!
//! The numbers are public and stable. [`Exit::ALL`] is the list that `cmdai help exit-codes` and the
//! manual are made from.

use std::process::ExitCode;

use cmdai_core::ErrorKind;
use cmdai_core::safety::Verdict;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok,
    Bug,
    Usage,
    NoAnswer,
    Model,
    Runtime,
    Config,
    Timeout,
    History,
    Ask,
    Deny,
    Interrupted,
}

impl Exit {
    /// Every code with its meaning, in order of number.
    pub(crate) const ALL: &'static [(Self, &'static str)] = &[
        (Self::Ok, "done; check: the verdict is allow; a batch: it went through, bad lines included"),
        (
            Self::Bug,
            "policy test, hook test, audit verify: it does not hold; daemon status: none runs; else an unexpected failure, or a bug of cmdai",
        ),
        (
            Self::Usage,
            "wrong usage or bad input: no request, nothing to check, too long, not UTF-8, unknown shell; hook: blocked without an answer",
        ),
        (Self::NoAnswer, "no confident answer to the request"),
        (Self::Model, "the model is missing or damaged"),
        (Self::Runtime, "the ONNX Runtime library is missing or cannot be used"),
        (Self::Config, "the configuration file or a policy cannot be read or is wrong"),
        (Self::Timeout, "no answer within the time limit"),
        (Self::History, "the history cannot be opened, read or written"),
        (Self::Ask, "check: the verdict is ask"),
        (Self::Deny, "check: the verdict is deny; policy allow-once: nobody at a terminal to allow it"),
        (Self::Interrupted, "interrupted by Ctrl-C or a signal, or left without running with -x"),
    ];

    /// The number.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Bug => 1,
            Self::Usage => 2,
            Self::NoAnswer => 3,
            Self::Model => 4,
            Self::Runtime => 5,
            Self::Config => 6,
            Self::Timeout => 7,
            Self::History => 8,
            Self::Ask => 10,
            Self::Deny => 11,
            Self::Interrupted => 130,
        }
    }

    /// The code of a failure of the library.
    pub(crate) const fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Input => Self::Usage,
            ErrorKind::Config => Self::Config,
            ErrorKind::ModelNotFound | ErrorKind::ModelCorrupt => Self::Model,
            ErrorKind::Runtime => Self::Runtime,
            ErrorKind::Timeout => Self::Timeout,
            ErrorKind::History => Self::History,
            ErrorKind::Cancelled => Self::Interrupted,
            _ => Self::Bug,
        }
    }

    /// The code that JSON has for a failure which ends the run so, where the library has none: [`ErrorKind::code`].
    pub(crate) const fn code(self) -> &'static str {
        let kind = match self {
            Self::NoAnswer => return cmdai_core::wire::NO_CONFIDENT_ANSWER,
            Self::Usage => ErrorKind::Input,
            Self::Model => ErrorKind::ModelNotFound,
            Self::Runtime => ErrorKind::Runtime,
            Self::Config => ErrorKind::Config,
            Self::Timeout => ErrorKind::Timeout,
            Self::History => ErrorKind::History,
            Self::Interrupted => ErrorKind::Cancelled,
            Self::Ok | Self::Bug | Self::Ask | Self::Deny => ErrorKind::Internal,
        };
        kind.code()
    }

    /// The code of a verdict.
    pub(crate) const fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow => Self::Ok,
            Verdict::Ask => Self::Ask,
            Verdict::Deny => Self::Deny,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_unique_and_documented() {
        assert!(Exit::ALL.is_sorted_by(|(a, _), (b, _)| a.number() < b.number()));
        assert!(Exit::ALL.iter().all(|(_, doc)| doc.len() > 3 && !doc.ends_with('.')));
    }

    #[test]
    fn no_failure_looks_like_success_or_a_verdict() {
        for &kind in ErrorKind::ALL {
            assert!(!matches!(Exit::of(kind), Exit::Ok | Exit::Ask | Exit::Deny), "{kind:?}");
        }
    }
}
