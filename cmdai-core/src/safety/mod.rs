//! What a line would do, and how bad that is.
//!
//! A line is parsed ([`crate::syntax`]), its words are resolved as far as they can be without running
//! anything, the commands become [`Effect`]s on [`Target`]s by their specs ([`crate::specs`]), and
//! rules look at effects, never at program names. The sum is a [`Report`].
//!
//! Everything here is total and bounded: any bytes give a report, and a line that is too long, too
//! deep or too much work is at least Moderate with the finding `not-fully-read`, and its verdict at least Ask.

mod accounts;
mod agents;
mod arithmetic;
mod arrivals;
mod branches;
mod builtins;
mod caches;
mod call;
mod carried;
mod cloned;
mod cmd;
mod code;
mod conditions;
mod containers;
mod data;
mod disks;
mod dotenv;
mod earlier;
mod edited;
mod effect;
mod elsewhere;
mod expand;
mod expiry;
mod fields;
mod fish;
mod fleet;
mod formats;
mod gallery;
mod git;
mod git_todo;
mod given;
mod handed;
mod host;
mod indices;
mod job_texts;
mod jobs;
mod judge;
mod known;
mod known_publishers;
mod lasting;
mod listed;
mod loaded;
mod lower;
mod machine;
mod multiplexers;
mod nu;
mod operands;
mod outputs;
mod parallel;
mod parameter;
mod paths;
mod payload;
mod placed;
mod poured;
mod powershell;
mod privilege;
mod programs;
mod publishers;
mod pure;
mod readers;
mod record;
mod redirect;
mod regex;
mod remote_shells;
mod replaced;
mod report;
mod risk;
mod routine;
mod rule;
mod rules;
mod scaffolds;
mod search;
mod secret_names;
mod servers;
mod setting_up;
mod shown;
mod small;
mod spare;
mod started;
mod state;
mod stated;
mod streams;
mod told;
mod toolchains;
mod typed;
mod undo;
mod unfamiliar;
mod units;
mod value;
mod variables;
mod walk;
mod windows;
mod wrapped;
mod xargs;
mod zsh;

pub use effect::{Effect, EffectKind, Target, TargetClass};
pub(crate) use judge::may_be_critical;
pub(crate) use judge::risk_so_far;
pub use judge::{effect_line, rules};
pub use report::{Coverage, Decision, Finding, Layer, Report, ResolvedCommand};
pub use risk::{Profile, Risk, Verdict};
pub use rule::Rule;

use crate::Context;

/// Judges a line for a person at the prompt. Never fails; never runs, reads or asks anything.
pub fn check(command: &str, ctx: &Context) -> Report {
    check_as(command, ctx, Profile::Person)
}

/// Judges a line for the given reader of the verdict.
pub fn check_as(command: &str, ctx: &Context, profile: Profile) -> Report {
    judge::judge(command, ctx, profile)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod flow_tests;
#[cfg(test)]
mod found_tests;
#[cfg(test)]
mod ideas_tests;
#[cfg(test)]
mod known_tests;
#[cfg(test)]
mod pasted_tests;

#[cfg(test)]
mod tricks_tests;

#[cfg(test)]
mod written_tests;
