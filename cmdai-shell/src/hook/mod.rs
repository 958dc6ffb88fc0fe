//! `cmdai hook`: what a coding agent is about to do, judged before it does it.
//!
//! An agent starts the hook for every tool call, writes what it wants to do as JSON, and reads an answer
//! in its own dialect. Three rules hold for all of them. What is harmless gets no answer, so that the agent's
//! own questions stay: an explicit "allow" would skip them. What cannot be read, judged in time, or judged
//! under a broken policy is blocked, in that dialect and with the reason. And the agent is told why and what
//! to type instead, for it will try something else otherwise.
//!
//! [`call`] reads, [`judge`] decides, [`answer`] writes; [`install`] edits settings with [`edit`] and
//! keeps how they were in [`before`], and [`probe`] proves that an installed hook blocks.

mod answer;
mod arguments;
mod before;
mod call;
mod edit;
mod install;
mod judge;
mod probe;
mod strict;
mod switches;

use crate::args::{HookAction, HookArgs};
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) use probe::{Proof, installed_proofs};

/// A coding agent with hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    ClaudeCode,
    Codex,
    Gemini,
    Cursor,
    Copilot,
}

impl Agent {
    /// Every agent, in the order in which help lists them.
    pub(crate) const ALL: &'static [Self] =
        &[Self::ClaudeCode, Self::Codex, Self::Gemini, Self::Cursor, Self::Copilot];

    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
            Self::Gemini => "gemini",
            Self::Cursor => "cursor",
            Self::Copilot => "copilot",
        }
    }

    /// The name in sentences.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::ClaudeCode => "Claude Code",
            Self::Codex => "Codex",
            Self::Gemini => "Gemini CLI",
            Self::Cursor => "Cursor",
            Self::Copilot => "Copilot CLI",
        }
    }

    /// The agent of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|agent| agent.name() == name)
    }
}

/// Does what the arguments say.
///
/// # Errors
/// Settings cannot be read or written. Judging never fails: it blocks.
pub(crate) fn run(args: &HookArgs) -> Result<u8, Failure> {
    let exit = match &args.action {
        HookAction::ClaudeCode(args) => return Ok(judge::run(Agent::ClaudeCode, args)),
        HookAction::Codex(args) => return Ok(judge::run(Agent::Codex, args)),
        HookAction::Gemini(args) => return Ok(judge::run(Agent::Gemini, args)),
        HookAction::Cursor(args) => return Ok(judge::run(Agent::Cursor, args)),
        HookAction::Copilot(args) => return Ok(judge::run(Agent::Copilot, args)),
        HookAction::Install(args) => install::install(args)?,
        HookAction::Uninstall(args) => install::uninstall(args)?,
        HookAction::Test(args) => probe::test(args)?,
    };
    Ok(exit.number())
}

/// The exit code of a hook that blocks without an answer.
const BLOCKED: u8 = Exit::Usage.number();
