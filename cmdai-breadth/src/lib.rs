//! Names, flags, values and descriptions of many tools, as a table that is read where it lies.
//!
//! The table is one file, made by [`compile`] and opened by [`Table::open`] without reading it: a look-up
//! touches the few pages that it needs. Any bytes will do: what is not a table is an [`Error`], and what is
//! damaged within gives fewer or wrong words, never a panic or an endless walk.
//!
//! ```
//! use cmdai_breadth::{Tool, Table, compile};
//!
//! let tool = Tool { names: vec!["fetch".into()], about: "Fetches a page.".into(), ..Tool::default() };
//! let table = Table::open(compile(&[tool], "example 1.0")).unwrap();
//! assert_eq!(table.find("fetch").unwrap().about(), "Fetches a page.");
//! assert!(table.find("other").is_none());
//! ```
//!
//! What the table says is for showing and offering. It knows nothing of effects, so nothing may be judged
//! by it.

mod layout;
mod read;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use layout::{Error, FORMAT, Kind};
pub use read::{Command, Flag, Table, Value};
pub use write::{Tool, ToolFlag, ToolValue, compile};
