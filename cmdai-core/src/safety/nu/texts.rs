//! Text that is data: JSON and YAML read as the values they stand for; nothing in them is run.

use super::{Value, pure};
use crate::line::Dialect;
use crate::safety::machine::Machine;
use crate::safety::value;

impl Machine<'_> {
    /// The value that a text of JSON or YAML holds.
    pub(in crate::safety) fn data_of(&mut self, text: &str, program: &str) -> Option<Value> {
        if value::has_hole(text) || text.len() > 8 * 1024 {
            return None;
        }
        let trimmed = text.trim_start();
        if program.ends_with("yq") && !trimmed.starts_with(['{', '[']) {
            return Some(pure::fields(text));
        }
        trimmed.starts_with(['{', '[', '"']).then(|| self.nu_data(text))
    }

    /// Literal data, read as the expression that it also is; nothing in it is run.
    pub(super) fn nu_data(&mut self, text: &str) -> Value {
        if !self.spend(1 + text.len() / 64) {
            return Value::Nothing;
        }
        let limits = crate::syntax::Limits { depth: 12, ..Default::default() };
        let parsed = crate::syntax::parse_within(text, Dialect::Nu, limits);
        let was_mute = std::mem::replace(&mut self.mute, true);
        let value = self.nu_program(&parsed.program, Value::Nothing);
        self.mute = was_mute;
        value
    }
}
