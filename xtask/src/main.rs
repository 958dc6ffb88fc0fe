//! Development tasks of cmdai.
fn main() {}
