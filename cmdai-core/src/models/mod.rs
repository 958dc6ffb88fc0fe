//! Models and runtimes on disk: where they may lie, what is in them, and whether it is whole.
//!
//! A [`Model`] is a folder whose manifest was read. A [`VerifiedModel`] is one whose files were compared
//! with that manifest; engines take nothing less. [`Places`] holds everything the environment says, so
//! that every search is a function of values and every failure can name each place that was tried.

mod breadth;
mod locate;
mod manifest;
mod places;
mod runtime;
mod verify;

#[cfg(feature = "onnx")]
pub(crate) use self::{
    runtime::hint as runtime_hint,
    verify::{identity, sha256_hex},
};
pub use breadth::{BREADTH_FILE, BreadthTable, find_breadth};
pub use locate::{DEFAULT_MODEL, Found, Tried, find_model};
pub use manifest::{Architecture, FileEntry, Manifest, Mark, PromptForm};
pub use places::Places;
pub use runtime::{PINNED_RUNTIME, RuntimeLibrary, find_runtime};
pub use verify::{Model, VerifiedModel};
