//! The `cmdai` command.
fn main() {}
