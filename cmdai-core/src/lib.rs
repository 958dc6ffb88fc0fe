//! cmdai answers four questions about a command line: what command does what I said ([`generate`]),
//! what would this line do and how bad is it ([`safety::check`]), what does each part mean
//! ([`explain`]), and, later, how does the line go on.
//!
//! The middle of the crate is pure: text and a [`Context`] in, values out. No function outside
//! [`engine`], [`machine`], [`models`] and `history::store` reads a disk, the environment or the network, beside them only
//! [`generate`] reads a clock (for its timings and the deadline), and none at all prints or runs a command. Analysis is total: any bytes in any dialect give a [`safety::Report`],
//! never an error.
//!
//! ```
//! use cmdai_core::{Context, safety};
//!
//! let report = safety::check("rm -rf /", &Context::default());
//! assert_eq!(report.risk, safety::Risk::Critical);
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod audit;
pub mod complete;
pub mod config;
pub mod context;
pub mod engine;
pub mod error;
pub mod explain;
pub mod generate;
pub mod history;
pub mod line;
pub mod machine;
pub mod models;
pub mod policy;
pub mod protocol;
pub mod recall;
pub mod redact;
pub mod safety;
pub mod session;
pub mod specs;
pub mod syntax;
pub mod wire;

pub use context::{Context, Os};
pub use error::{Error, ErrorKind};
pub use line::{Dialect, Span};
