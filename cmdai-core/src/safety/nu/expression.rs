//! The values of expressions.

use super::{ELEMENTS, Value};
use crate::safety::machine::{DEPTH, Machine, VALUE_BYTES};
use crate::safety::value::{self, Origin};
use crate::syntax::ir::{Access, Expression, ExpressionKind, PartKind, Word};

impl Machine<'_> {
    /// The value of an expression.
    pub(super) fn nu_expression(&mut self, expression: &Expression) -> Value {
        if self.depth >= DEPTH || !self.spend(1) {
            self.cut = true;
            return Value::Nothing;
        }
        self.depth += 1;
        let value = self.nu_value(expression);
        self.depth -= 1;
        value
    }

    fn nu_value(&mut self, expression: &Expression) -> Value {
        match &expression.kind {
            ExpressionKind::Word(word) => self.nu_bare(word),
            ExpressionKind::Number(text) => {
                number(text).map_or_else(|| Value::text(text.clone()), Value::Int)
            }
            ExpressionKind::List(items) => {
                let mut list = Vec::with_capacity(items.len().min(ELEMENTS));
                for item in items {
                    if list.len() >= 2 * ELEMENTS {
                        self.cut = true;
                        break;
                    }
                    match spread(item) {
                        Some(inner) => list.extend(self.nu_expression(inner).elements()),
                        None => list.push(self.nu_expression(item)),
                    }
                }
                Value::list(list)
            }
            ExpressionKind::Record(entries) => {
                let mut record = Vec::new();
                for (key, value) in entries.iter().take(ELEMENTS) {
                    if let Some(inner) = spread(value) {
                        if let Value::Record(more) = self.nu_expression(inner) {
                            record.extend(more.items.iter().take(ELEMENTS).cloned());
                        }
                        continue;
                    }
                    let key = self.nu_expression(key);
                    let key = self.nu_text(&key);
                    record.push((key, self.nu_expression(value)));
                }
                record.truncate(2 * ELEMENTS);
                Value::record(record)
            }
            ExpressionKind::Access { value, steps } => self.nu_access(value, steps),
            ExpressionKind::Unary { operator, operand } => {
                let operand = self.nu_expression(operand);
                match (operator.as_str(), operand) {
                    ("not", Value::Bool(truth)) => Value::Bool(!truth),
                    ("-", Value::Int(number)) => Value::Int(number.wrapping_neg()),
                    ("...", list) => list,
                    _ => self.nu_hole("…", Origin::Variable),
                }
            }
            ExpressionKind::Binary { first, rest } => {
                let mut value = self.nu_expression(first);
                for (operator, operand) in rest {
                    let operand = self.nu_expression(operand);
                    value = self.nu_operate(value, operator, operand);
                }
                value
            }
            ExpressionKind::Program { program, .. } => {
                let known = self.values.len();
                let value = self.nu_program(program, Value::Nothing);
                self.values.truncate(known);
                value
            }
            ExpressionKind::Closure(closure) => self.nu_closure(closure),
            _ => self.nu_hole("…", Origin::Variable),
        }
    }

    /// A word where a value is wanted: `true`, `null` and ranges mean something.
    fn nu_bare(&mut self, word: &Word) -> Value {
        if let [part] = &word.parts[..]
            && let PartKind::Text(text) = &part.kind
            && text.len() == part.span.len()
        {
            match text.as_str() {
                "true" => return Value::Bool(true),
                "false" => return Value::Bool(false),
                "null" => return Value::Nothing,
                _ => {
                    if let Some(list) = range(text) {
                        return list;
                    }
                }
            }
        }
        self.nu_word(word)
    }

    fn nu_access(&mut self, value: &Expression, steps: &[Access]) -> Value {
        let mut names = Vec::new();
        for step in steps {
            if let Access::Member { name, .. } | Access::Index(name) = step {
                let name = self.nu_expression(name);
                names.push(self.nu_text(&name));
            }
        }
        let root = match &value.kind {
            ExpressionKind::Word(word) => match &word.parts[..] {
                [part] => match &part.kind {
                    PartKind::Parameter(parameter) => parameter.name.as_str(),
                    _ => "",
                },
                _ => "",
            },
            _ => "",
        };
        let mut names = names.iter();
        let mut value = match (root, names.as_slice().first()) {
            ("env", Some(first)) => {
                names.next();
                self.nu_environment(first)
            }
            ("nu", Some(first)) => {
                names.next();
                self.nu_constant(first)
            }
            _ => self.nu_expression(value),
        };
        for name in names {
            value = value.field(name);
        }
        value
    }

    /// Gives the names in a pattern of `match` what stands at their place: `$x`, `[$first ..$rest]`, `{name: $x}`.
    pub(super) fn nu_fit(&mut self, pattern: &Word, value: &Value) {
        if self.depth >= DEPTH || !self.spend(1) {
            return;
        }
        let [part] = &pattern.parts[..] else { return };
        match &part.kind {
            PartKind::Parameter(parameter) => self.nu_declare(&parameter.name, value.clone()),
            PartKind::Expression(expression) => {
                self.depth += 1;
                self.nu_fit_expression(expression, value);
                self.depth -= 1;
            }
            _ => {}
        }
    }

    fn nu_fit_expression(&mut self, pattern: &Expression, value: &Value) {
        match &pattern.kind {
            ExpressionKind::Word(word) => self.nu_fit(word, value),
            ExpressionKind::List(items) => {
                let values = value.elements();
                for (at, item) in items.iter().enumerate().take(ELEMENTS) {
                    let ExpressionKind::Word(word) = &item.kind else {
                        self.nu_fit_expression(item, values.get(at).unwrap_or(&Value::Nothing));
                        continue;
                    };
                    // `..$rest`: all the others.
                    if let [dots, name] = &word.parts[..]
                        && matches!(&dots.kind, PartKind::Text(text) if text == "..")
                        && let PartKind::Parameter(parameter) = &name.kind
                    {
                        let rest = values.iter().skip(at).cloned().collect();
                        self.nu_declare(&parameter.name, Value::list(rest));
                        continue;
                    }
                    self.nu_fit(word, values.get(at).unwrap_or(&Value::Nothing));
                }
            }
            ExpressionKind::Record(entries) => {
                for (key, item) in entries.iter().take(ELEMENTS) {
                    let key = self.nu_expression(key);
                    let key = self.nu_text(&key);
                    self.nu_fit_expression(item, &value.field(&key));
                }
            }
            _ => {}
        }
    }

    /// The value of two values with an operator between them.
    pub(super) fn nu_operate(&mut self, left: Value, operator: &str, right: Value) -> Value {
        match (operator, left, right) {
            ("+", Value::Int(left), Value::Int(right)) => Value::Int(left.wrapping_add(right)),
            ("-", Value::Int(left), Value::Int(right)) => Value::Int(left.wrapping_sub(right)),
            ("*", Value::Int(left), Value::Int(right)) => Value::Int(left.wrapping_mul(right)),
            ("/" | "//", Value::Int(left), Value::Int(right)) if right != 0 => {
                Value::Int(left.wrapping_div(right))
            }
            ("mod", Value::Int(left), Value::Int(right)) if right != 0 => {
                Value::Int(left.wrapping_rem(right))
            }
            ("**", Value::Int(left), Value::Int(right)) => {
                Value::Int(left.wrapping_pow(u32::try_from(right).unwrap_or_default()))
            }
            ("bit-xor", Value::Int(left), Value::Int(right)) => Value::Int(left ^ right),
            ("bit-and", Value::Int(left), Value::Int(right)) => Value::Int(left & right),
            ("bit-or", Value::Int(left), Value::Int(right)) => Value::Int(left | right),
            ("+" | "++", left @ Value::List(_), right) | ("+" | "++", left, right @ Value::List(_)) => {
                let mut items = left.elements();
                items.extend(right.elements());
                self.spend(items.len() / 8);
                if items.len() > 2 * ELEMENTS {
                    self.cut = true;
                    items.truncate(2 * ELEMENTS);
                }
                Value::list(items)
            }
            ("+" | "++", left, right) => {
                let mut text = self.nu_text(&left);
                text.push_str(&self.nu_text(&right));
                self.spend(text.len() / 256);
                if text.len() > VALUE_BYTES {
                    self.cut = true;
                    return self.nu_hole("…", Origin::Variable);
                }
                Value::Text(text)
            }
            (sign, left, right) if super::filters::compares(sign) => {
                let known = left.known().zip(right.known());
                match known.and_then(|(left, right)| super::filters::fits(&left, sign, &right)) {
                    Some(truth) => Value::Bool(truth),
                    None => self.nu_hole("…", Origin::Variable),
                }
            }
            _ => self.nu_hole("…", Origin::Variable),
        }
    }
}

/// What stands behind `...`.
fn spread(expression: &Expression) -> Option<&Expression> {
    match &expression.kind {
        ExpressionKind::Unary { operator, operand } if operator == "..." => Some(operand),
        _ => None,
    }
}

fn number(text: &str) -> Option<i64> {
    let digits = text.replace('_', "");
    match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// `1..5`, `0..<3`, `5..1`, `1..3..9`.
pub(super) fn range(text: &str) -> Option<Value> {
    let (from, to) = text.split_once("..")?;
    let (step, to) = match to.split_once("..") {
        Some((second, to)) => (second.parse::<i64>().ok()? - from.parse::<i64>().ok()?, to),
        None => (1, to),
    };
    let (below, to) = match to.strip_prefix('<') {
        Some(to) => (true, to),
        None => (false, to.strip_prefix('=').unwrap_or(to)),
    };
    let from: i64 = from.parse().ok()?;
    // Without an end it never ends.
    let to: i64 = if to.is_empty() { from.saturating_add(i64::MAX / 2) } else { to.parse().ok()? };
    let count = (from.abs_diff(to) / step.unsigned_abs().max(1)).min(ELEMENTS as u64) as i64;
    let step = if to < from { -step.abs() } else { step.abs() };
    // Of a long one the beginning, and its end.
    let long = from.abs_diff(to) / step.unsigned_abs().max(1) > ELEMENTS as u64;
    let numbers = (0..=count).map(|at| from.saturating_add(at.saturating_mul(step)));
    let numbers = numbers.chain(long.then_some(to));
    Some(Value::list(numbers.filter(|&number| !below || number != to).map(Value::Int).collect()))
}

/// The part of a text between two places, as `0..2` or `2..` name them; what is not known stays so.
pub(super) fn substring(text: &str, place: &str) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let count = text.len() as i64;
    let (from, to) = place.split_once("..").or_else(|| place.split_once(','))?;
    let (below, to) = match to.strip_prefix('<') {
        Some(to) => (true, to),
        None => (false, to),
    };
    let at = |place: i64| if place < 0 { count + place } else { place };
    let from = if from.is_empty() { 0 } else { at(from.trim().parse().ok()?) };
    let end = if to.is_empty() { count } else { at(to.trim().parse().ok()?) + i64::from(!below) };
    let (from, end) = (from.clamp(0, count) as usize, end.clamp(0, count) as usize);
    // Places are bytes, unless asked otherwise.
    Some(text.get(from..end.max(from)).unwrap_or_default().to_owned())
}
