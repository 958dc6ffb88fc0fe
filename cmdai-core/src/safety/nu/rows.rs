//! Rows of tables that stand for files and processes, and what is left of them after a filter.

use super::Value;
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::value::{self, Origin, STAR};
use crate::safety::{EffectKind, TargetClass};
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

/// Files that nobody writes in one go.
pub(super) const FILES: u64 = 20_000;

/// How often something is done that is done for each of a row of numbers.
pub(super) fn rounds(over: &Value) -> u64 {
    match over {
        Value::List(list) => match (list.items.first(), list.items.last()) {
            (Some(Value::Int(first)), Some(Value::Int(last))) => first.abs_diff(*last),
            _ => 0,
        },
        _ => 0,
    }
}

impl Machine<'_> {
    /// Tells where so many rounds have each made a file, since there were so many effects.
    pub(super) fn nu_fills(&mut self, over: &Value, before: usize, span: Span) {
        let makes = |effect: &crate::safety::Effect| {
            matches!(effect.program.as_str(), "dd" | "fallocate" | "mkfile" | "save")
                && matches!(effect.kind, EffectKind::Create | EffectKind::Overwrite)
        };
        if rounds(over) >= FILES && self.effects.iter().skip(before).any(makes) {
            let at = self.at(span);
            let target = self.target(TargetClass::Named, "a file for each of so many rounds", at);
            self.emit_with(EffectKind::Exhaust, target, true, "save", at, "disk");
        }
    }
}
