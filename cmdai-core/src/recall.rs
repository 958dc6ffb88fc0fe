//! The memory of authored intents: what people ask for, how they say it, and the command.
//!
//! The work is done by the crate `cmdai-recall`; here its shells and systems meet those of a [`Context`]. With the
//! feature `recall` the intents of this repository lie compiled in the library. A person's own ones are
//! added by the caller, who reads their files.

pub use cmdai_recall::{BadIntent, Draft, Intent, Memory, compile, read_intents};

use cmdai_recall::{Question, Shell, System};

use crate::{Context, Dialect, Os};

/// The memory that lies in this library; `None` without the feature `recall`.
pub fn authored() -> Option<Memory> {
    #[cfg(feature = "recall")]
    {
        static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/recall.bin"));
        Memory::new(BYTES)
    }
    #[cfg(not(feature = "recall"))]
    None
}

/// A question to the memory as somebody in this context asks it.
pub fn question<'a>(request: &'a str, ctx: &Context) -> Question<'a> {
    let shell = match ctx.dialect {
        Dialect::Zsh => Shell::Zsh,
        Dialect::Fish => Shell::Fish,
        Dialect::Nu => Shell::Nu,
        Dialect::PowerShell => Shell::PowerShell,
        _ => Shell::Bash,
    };
    let system = match ctx.os {
        Os::MacOs => System::MacOs,
        Os::Windows => System::Windows,
        Os::Linux => System::Linux,
    };
    Question::new(request).on(shell, system)
}
