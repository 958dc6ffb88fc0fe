//! Variables: setting them and asking for them.

use super::machine::{Machine, VALUE_BYTES, Value};
use super::value::{self, Origin};
use crate::syntax::ir::{AssignedValue, Assignment};

impl Machine<'_> {
    pub(super) fn assign(&mut self, assignment: &Assignment) {
        let name = value::clean(&assignment.name).into_owned();
        let new = match &assignment.value {
            AssignedValue::Word(word) => Value::One(self.single(word)),
            AssignedValue::Array(words) => {
                let mut fields = Vec::new();
                words.iter().for_each(|word| self.expand(word, &mut fields));
                Value::Many(fields.into_iter().map(|field| field.text).collect())
            }
        };
        let old = self.get(&name);
        let index = assignment.index.as_ref().map(|word| self.single(word));
        let new = match (new, old, index) {
            (Value::One(text), old, Some(index)) => {
                let mut list = match old {
                    Some(Value::Many(list)) => list,
                    Some(Value::One(text)) => vec![text],
                    None => Vec::new(),
                };
                match index.trim().parse::<usize>() {
                    Ok(at) if at < 256 => {
                        if list.len() <= at {
                            list.resize(at + 1, String::new());
                        }
                        list[at] = text;
                    }
                    _ => list.push(text),
                }
                Value::Many(list)
            }
            (Value::One(text), Some(Value::One(mut old)), None) if assignment.append => {
                old.push_str(&text);
                Value::One(old)
            }
            (Value::Many(more), Some(Value::Many(mut old)), None) if assignment.append => {
                old.extend(more);
                Value::Many(old)
            }
            (Value::One(text), None, None) if assignment.append => {
                Value::One(format!("{}{text}", self.unknowns.hole(&format!("${name}"), Origin::Variable)))
            }
            (new, _, _) => new,
        };
        self.set(&name, new);
    }

    /// Sets a variable.
    pub(super) fn set(&mut self, name: &str, mut new: Value) {
        if let Value::One(text) = &mut new
            && text.len() > VALUE_BYTES
        {
            *text = self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string();
            self.cut = true;
        }
        let room = self.state.variables.len() < 512;
        match self.state.variables.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => *value = new,
            None if room => self.state.variables.push((name.to_owned(), new)),
            None => self.cut = true,
        }
    }

    /// The value of a variable that the line set or that the context tells.
    pub(super) fn get(&mut self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.state.variables.iter().find(|(known, _)| known == name) {
            return Some(value.clone());
        }
        let known = match name {
            "HOME" => self.ctx.home.clone().unwrap_or_else(|| value::HOME.to_string()),
            "PWD" if !self.state.cwd.is_empty() => self.state.cwd.clone(),
            "PWD" => ".".to_owned(),
            "TMPDIR" => "/tmp".to_owned(),
            "SHELL" | "BASH" => "/bin/bash".to_owned(),
            "0" => "bash".to_owned(),
            _ => return None,
        };
        Some(Value::One(known))
    }
}
