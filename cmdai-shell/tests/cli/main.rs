//! The built binary from outside: exit code, standard output and standard error together.
//!
//! Most tests need no model, because a request that is a command already comes back without one. Those
//! in `model.rs` ask the real model: they are skipped where it or its runtime is absent, and fail
//! instead where `CMDAI_REQUIRE_MODEL` is set. There is no scripted model in the binary: what it
//! would show is covered by the unit tests of the state machine, without a second way into the program.

mod audit;
mod batch;
mod breadth;
mod check;
mod config;
#[cfg(target_os = "linux")]
mod daemon;
mod doctor;
mod harness;
mod history;
mod hook;
mod json;
mod memory;
mod model;
mod pages;
mod policy;
mod request;
mod script;
#[cfg(unix)]
mod terminal;
