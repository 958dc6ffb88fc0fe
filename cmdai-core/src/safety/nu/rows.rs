//! Rows of tables that stand for files and processes, and what is left of them after a filter.

use super::Value;
use crate::safety::machine::Machine;
use crate::safety::value::{self, Origin, STAR};
use crate::syntax::ir::{Closure, CommandKind, Expression, ExpressionKind, Word};

impl Machine<'_> {
    /// The row of a file of this name.
    pub(super) fn nu_row(&mut self, name: &str) -> Value {
        let unknown = self.nu_hole("…", Origin::Program);
        let mut items = vec![("name".to_owned(), Value::text(name))];
        for column in ["type", "size", "modified"] {
            items.push((column.to_owned(), unknown.clone()));
        }
        Value::record(items)
    }

    /// Some of the elements: one that stood for everything stands for some of it.
    pub(super) fn nu_narrowed(&mut self, value: &Value) -> Value {
        if !self.spend(1) {
            return value.clone();
        }
        match value {
            Value::List(list) => {
                let items: Vec<Value> = list.items.iter().map(|item| self.nu_narrowed_one(item)).collect();
                Value::list(items)
            }
            other => self.nu_narrowed_one(other),
        }
    }

    fn nu_narrowed_one(&mut self, value: &Value) -> Value {
        let some = self.unknowns.hole("…", Origin::Program);
        let narrow = |text: &String| match text.strip_suffix(STAR) {
            Some(rest) if rest.is_empty() || rest.ends_with('/') => Value::Text(format!("{rest}{some}")),
            _ => Value::Text(text.clone()),
        };
        match value {
            Value::Text(text) => narrow(text),
            Value::Record(record) => {
                let change = |(key, value): &(String, Value)| match value {
                    Value::Text(text) => (key.clone(), narrow(text)),
                    other => (key.clone(), other.clone()),
                };
                Value::record(record.items.iter().map(change).collect())
            }
            other => other.clone(),
        }
    }
}

/// True for rows that stand for processes.
pub(super) fn are_processes(rows: &Value) -> bool {
    rows.elements().iter().take(4).any(|row| !row.field("pid").is_nothing())
}

/// True for a condition that leaves out what it names, and keeps all else: `$r.name != nu`, `not ($it.name == nu)`.
pub(super) fn leaves_out(closure: &Closure) -> bool {
    let [statement] = &closure.body.statements[..] else { return false };
    let [(_, pipeline)] = &statement.chain[..] else { return false };
    let [stage] = &pipeline.stages[..] else { return false };
    match &stage.command.kind {
        CommandKind::Expression(expression) => is_negative(expression),
        CommandKind::Simple(simple) => simple.words.first().and_then(Word::literal).as_deref() == Some("not"),
        _ => false,
    }
}

fn is_negative(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Unary { operator, .. } => operator == "not",
        ExpressionKind::Binary { rest, .. } => rest.iter().any(|(operator, _)| {
            matches!(operator.as_str(), "!=" | "!~" | "not-in" | "not-like" | "not-has")
        }),
        _ => false,
    }
}

pub(super) fn with_field(item: Value, key: &str, value: Value, only_if_missing: bool) -> Value {
    match item {
        Value::Record(record) => {
            let mut items = record.items.clone();
            match items.iter_mut().find(|(known, _)| known == key) {
                Some((_, old)) => {
                    if !only_if_missing || old.is_nothing() {
                        *old = value;
                    }
                }
                None => items.push((key.to_owned(), value)),
            }
            Value::record(items)
        }
        _ if only_if_missing => item,
        _ => Value::record(vec![(key.to_owned(), value)]),
    }
}

/// The pattern of `glob`, in our private characters.
pub(super) fn as_pattern(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '*' => STAR,
            '?' => value::ANY,
            other => other,
        })
        .collect()
}
