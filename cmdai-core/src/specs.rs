//! Command knowledge: one spec a program, with four uses (judge, explain, complete, validate).
//!
//! A spec is a TOML file in `specs/`, compiled at build time into a static table.
