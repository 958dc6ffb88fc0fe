//! The memory of cmdai: what people ask for at a prompt, how they say it, and the command.
//!
//! Intents (phrasings and a command, with typed slots in both) are compiled into one compact block of bytes that is
//! used where it lies. A request is read into words and typed things, intents are found that mean nearly the same (without an
//! [`Embedding`], that share its rarer words), their phrasings aligned with it word by word, their slots filled with what the
//! request names, and the command is written out for the shell of the request. What comes out are [`Draft`]s with costs: how much
//! of either side found no partner. It is retrieval and knows nothing beyond what authors wrote.
//!
//! ```
//! use cmdai_recall::{Memory, Question, compile, read_intents};
//!
//! let (intents, bad) = read_intents(
//!     r#"{"id": "count.lines", "nl": ["count the lines of {file}", "how many lines in {file}"], "cmd": "wc -l {file}", "slots": {"file": "file"}}"#,
//! );
//! assert!(bad.is_empty());
//! let memory = Memory::new(compile(&[("team.jsonl", &intents)])).unwrap();
//! let drafts = memory.recall(&Question::new("how many lines are in notes.txt"));
//! assert_eq!(drafts[0].command, "wc -l notes.txt");
//! assert_eq!(drafts[0].intent, "count.lines");
//! ```

mod align;
mod compile;
mod compose;
mod details;
mod embed;
mod index;
mod intents;
mod measures;
mod memory;
mod pool;
mod render;
mod slots;
mod tokens;
mod words;

pub use compile::{compile, compile_with};
pub use embed::Embedding;
pub use intents::{BadIntent, Intent, read_intents};
pub use memory::{Draft, Memory, Question};
pub use words::{is_one_slip_away, is_slashed as is_slashed_words};

/// The shell that a command is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shell {
    /// bash and POSIX sh.
    #[default]
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// nushell.
    Nu,
    /// PowerShell.
    PowerShell,
}

impl Shell {
    const ALL: [Self; 5] = [Self::Bash, Self::Zsh, Self::Fish, Self::Nu, Self::PowerShell];

    /// The shell by its name in an intent.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "bash" | "sh" => Self::Bash,
            "zsh" => Self::Zsh,
            "fish" => Self::Fish,
            "nu" => Self::Nu,
            "powershell" => Self::PowerShell,
            _ => return None,
        })
    }
}

/// The system whose programs a command is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum System {
    /// Any: in an intent, works everywhere; in a question, not known.
    #[default]
    Any,
    /// GNU userland.
    Linux,
    /// BSD userland.
    MacOs,
    /// Windows.
    Windows,
}

impl System {
    const ALL: [Self; 4] = [Self::Any, Self::Linux, Self::MacOs, Self::Windows];

    /// The system by its name in an intent.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::Any,
            "linux" => Self::Linux,
            "macos" => Self::MacOs,
            "windows" => Self::Windows,
            _ => return None,
        })
    }
}
