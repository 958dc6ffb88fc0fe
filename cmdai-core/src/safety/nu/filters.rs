//! Commands that go over a list with a closure or a condition, and what of the list they leave.

use super::Value;
use super::call::Argument;
use super::rows::{self, FILES, rounds, with_field};
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::regex;
use crate::safety::value::{self, Origin, STAR};

/// True for a command that goes over what comes in, one by one.
pub(super) fn is_one(name: &str) -> bool {
    matches!(
        name,
        "each"
            | "par-each"
            | "each while"
            | "where"
            | "filter"
            | "any"
            | "all"
            | "skip while"
            | "skip until"
            | "take while"
            | "take until"
            | "sort-by"
            | "group-by"
            | "uniq-by"
            | "items"
            | "find"
    )
}

impl Machine<'_> {
    /// Goes over what comes in and returns what is left or made of it.
    pub(super) fn nu_filter(
        &mut self,
        name: &str,
        arguments: &[Argument<'_>],
        input: &Value,
        span: Span,
    ) -> Value {
        let closure = arguments
            .iter()
            .find(|argument| argument.closure.is_some() || matches!(argument.value, Value::Closure(_)));
        let operands: Vec<&Argument<'_>> =
            arguments.iter().filter(|argument| !argument.is_flag && argument.closure.is_none()).collect();
        // Whatever its type, it is still all of these.
        let by_type =
            matches!(&operands[..], [column, _, _] if column.value.known().as_deref() == Some("type"));
        let words: Vec<String> =
            operands.iter().take(3).map(|argument| self.nu_text(&argument.value)).collect();
        // More than some number is nearly every process; a name says which.
        let by_number = matches!(&words[..], [column, sign, _]
            if column == "pid" && matches!(sign.as_str(), ">" | ">=" | "!=")
                // Whatever does anything at all.
                || matches!(column.as_str(), "cpu" | "mem" | "virtual")
                    && matches!(sign.as_str(), ">" | ">=")
                    && words.last().is_some_and(|least| least.trim_start_matches('0').is_empty())
                    && rows::are_processes(input)
                // All but those of one name, or of one parent.
                || matches!(column.as_str(), "name" | "ppid" | "command")
                    && matches!(sign.as_str(), "!=" | "!~" | "not-in" | "not-like" | "not-has")
                    && rows::are_processes(input)
                || words.first().is_some_and(|first| first == "not") && rows::are_processes(input)
                // Whoever it is: all of one user's are what that one works with.
                || matches!(column.as_str(), "user" | "user_id" | "uid") && sign != "!=");
        if let [column, sign, named] = &words[..]
            && column == "name"
            && matches!(sign.as_str(), "==" | "=~")
            && input.elements().iter().any(|row| !row.field("pid").is_nothing())
        {
            let rows = input.elements().into_iter();
            let named = Value::text(named.as_str());
            let rows = rows.map(|row| with_field(row, "pid", named.clone(), false)).collect();
            return Value::list(rows);
        }
        let Some(closure) = closure else {
            return match (name, &words[..]) {
                // In another order they are the same.
                ("sort-by" | "uniq-by", _) => input.clone(),
                ("group-by", _) => self.nu_grouped(input),
                _ if by_type || by_number => input.clone(),
                (_, [column, sign, wanted]) => self.nu_where(input, column, sign, wanted),
                _ => self.nu_some(input),
            };
        };
        let keys: Vec<Value> = match (name, input) {
            ("items", Value::Record(record)) => {
                let pair = |(key, value): &(String, Value)| {
                    Value::list(vec![Value::text(key.clone()), value.clone()])
                };
                record.items.iter().map(pair).collect()
            }
            _ if input.is_nothing() => vec![self.nu_hole("$in", Origin::Program)],
            _ => input.elements(),
        };
        let is_list = matches!(input, Value::List(_)) || name == "items";
        let (mut kept, mut sure) = (Vec::new(), true);
        let was_detached = self.detached;
        let before = self.effects.len();
        self.detached |= name == "par-each";
        let rounds = rounds(input);
        // So many rounds are as many jobs as a loop without an end starts.
        let many = u32::from(rounds >= FILES);
        self.loops += many;
        let results = self.nu_each(&Value::list(keys), |machine, item| {
            let given = if name == "items" { item.elements() } else { vec![item.clone()] };
            let result = machine.nu_run_argument(closure, &given, &item).unwrap_or(Value::Nothing);
            sure &= matches!(result, Value::Bool(_));
            if !matches!(result, Value::Bool(false)) {
                kept.push(item);
            }
            result
        });
        self.detached = was_detached;
        self.loops -= many;
        if matches!(name, "where" | "filter")
            && rows::are_processes(input)
            && closure.closure.is_some_and(rows::leaves_out)
        {
            return input.clone();
        }
        self.nu_fills(input, before, span);
        match name {
            "each" | "par-each" | "each while" | "items" if is_list => Value::list(results),
            "each" | "par-each" | "each while" => results.into_iter().next().unwrap_or(Value::Nothing),
            "sort-by" | "uniq-by" => input.clone(),
            "group-by" => self.nu_grouped(input),
            _ if sure => self.nu_narrowed(&Value::list(kept)),
            _ => self.nu_some(&Value::list(kept)),
        }
    }

    /// What a condition has left that nobody can tell: of a few texts, one of them.
    fn nu_some(&mut self, input: &Value) -> Value {
        if let Value::List(list) = input
            && (2..=value::ARMS).contains(&list.items.len())
            && let Some(texts) = list.items.iter().map(plain).collect::<Option<Vec<String>>>()
        {
            let group = self.unknowns.group();
            return Value::list(vec![Value::Text(self.unknowns.choice(group, texts))]);
        }
        self.nu_narrowed(input)
    }

    /// Groups whose names nobody knows; each holds some of what came in.
    fn nu_grouped(&mut self, input: &Value) -> Value {
        let key = self.unknowns.hole("group", Origin::Program).to_string();
        Value::record(vec![(key, Value::list(input.elements()))])
    }

    /// `where COLUMN SIGN WANTED`: of what stands for many names those that fit, of what is known what fits.
    fn nu_where(&mut self, input: &Value, column: &str, sign: &str, wanted: &str) -> Value {
        let all_but = matches!(
            sign,
            "!=" | "!~" | "not-in" | "not-like" | "not-has" | "not-starts-with" | "not-ends-with"
        );
        // `$it` is the element itself, which has no name of its own here.
        let whole = value::has_hole(column);
        let mut left = Vec::new();
        for item in input.elements() {
            if !self.spend(1) {
                break;
            }
            let column = if whole { "name" } else { column };
            let text =
                if whole && matches!(item, Value::Text(_)) { item.clone() } else { item.field(column) };
            let Value::Text(text) = text else {
                left.push(self.nu_narrowed(&item));
                continue;
            };
            if !value::has_hole(&text) && !value::has_pattern(&text) && !value::has_hole(wanted) {
                if fits(&text, sign, wanted) != Some(false) {
                    left.push(item);
                }
                continue;
            }
            left.push(match self.nu_fitting(&text, sign, wanted) {
                Some(name) if matches!(item, Value::Text(_)) => Value::Text(name),
                Some(name) => with_field(item, column, Value::Text(name), false),
                None if all_but => item,
                None => self.nu_narrowed(&item),
            });
        }
        match input {
            Value::List(_) => Value::list(left),
            _ => left.into_iter().next().unwrap_or(Value::Nothing),
        }
    }

    /// What is known of a name that stood for all in a folder, once it fits.
    fn nu_fitting(&mut self, name: &str, sign: &str, wanted: &str) -> Option<String> {
        if wanted.contains('|') && matches!(sign, "=~" | "like") {
            let names = wanted.split('|').take(value::ARMS);
            let names: Option<Vec<String>> = names.map(|one| self.nu_fitting(name, sign, one)).collect();
            let group = self.unknowns.group();
            return Some(self.unknowns.choice(group, names?));
        }
        let folder = name.strip_suffix(STAR)?;
        let plain = wanted.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".");
        let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | ' ');
        if !(folder.is_empty() || folder.ends_with('/')) || plain.is_empty() || !plain.chars().all(is_plain) {
            return None;
        }
        let some = self.unknowns.hole("…", Origin::Program);
        Some(match sign {
            "==" => format!("{folder}{plain}"),
            "=~" | "like" | "has" => {
                let before = if wanted.starts_with('^') { String::new() } else { some.to_string() };
                let after = if wanted.ends_with('$') { String::new() } else { some.to_string() };
                format!("{folder}{before}{plain}{after}")
            }
            "starts-with" => format!("{folder}{plain}{some}"),
            "ends-with" => format!("{folder}{some}{plain}"),
            _ => return None,
        })
    }
}

/// True for a sign between two values that [`fits`] knows.
pub(super) fn compares(sign: &str) -> bool {
    matches!(
        sign,
        "==" | "!="
            | "=~"
            | "like"
            | "!~"
            | "not-like"
            | "starts-with"
            | "ends-with"
            | "not-starts-with"
            | "not-ends-with"
    )
}

/// Whether a text fits, where that can be told.
pub(super) fn fits(text: &str, sign: &str, wanted: &str) -> Option<bool> {
    let found = || {
        let mut steps = regex::budget(256);
        regex::groups(wanted, text, &mut steps).map(|groups| groups.is_some())
    };
    Some(match sign {
        "==" => text == wanted,
        "!=" => text != wanted,
        "=~" | "like" => found()?,
        "!~" | "not-like" => !found()?,
        "starts-with" => text.starts_with(wanted),
        "ends-with" => text.ends_with(wanted),
        "not-starts-with" => !text.starts_with(wanted),
        "not-ends-with" => !text.ends_with(wanted),
        _ => return None,
    })
}

/// A text in which everything is known.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) if !value::has_hole(text) && !value::has_pattern(text) => Some(text.clone()),
        _ => None,
    }
}
