//! Patterns of `glob`, and lists that are only put together in another way.

use super::Value;
use super::rows::as_pattern;
use crate::safety::value::{self, ANY};

/// Patterns that one with alternatives stands for.
const ALTERNATIVES: usize = 64;

/// The patterns of `glob`, which knows more than a word does: `{key,pem}` is either, `[ab]` one letter.
pub(super) fn of_glob(pattern: &str) -> Vec<String> {
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let mut left = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(one) = left.pop() {
        if done.len() + left.len() > ALTERNATIVES {
            done.push(as_pattern(&one));
            continue;
        }
        match alternatives(&one) {
            Some(more) => left.extend(more.into_iter().rev()),
            None => done.push(as_pattern(&sets(&one))),
        }
    }
    done
}

/// What the first braces of a pattern stand for, each in their place.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let open = pattern.find('{')?;
    let (mut depth, mut from, mut inside) = (0_usize, open + 1, Vec::new());
    for (at, letter) in pattern.char_indices().skip_while(|&(at, _)| at < open) {
        match letter {
            '{' => depth += 1,
            ',' if depth == 1 => {
                inside.push(&pattern[from..at]);
                from = at + 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    inside.push(&pattern[from..at]);
                    let (before, after) = (&pattern[..open], &pattern[at + 1..]);
                    return Some(
                        inside
                            .iter()
                            .take(ALTERNATIVES)
                            .map(|piece| format!("{before}{piece}{after}"))
                            .collect(),
                    );
                }
            }
            _ => {}
        }
    }
    None
}

/// One of a set of letters is any letter.
fn sets(pattern: &str) -> String {
    let (mut out, mut rest) = (String::new(), pattern);
    while let Some((before, more)) = rest.split_once('[') {
        let Some((_, after)) = more.split_once(']') else { break };
        out.push_str(before);
        out.push(ANY);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What commands give that take a list apart and put it together anew.
pub(super) fn output(name: &str, values: &[Value], input: &Value) -> Option<Value> {
    let count = || values.first().and_then(Value::number).and_then(|number| usize::try_from(number).ok());
    Some(match name {
        "chunks" | "window" => {
            let items = input.elements();
            let size = count()?.clamp(1, 512);
            // One that stands for many fills every place.
            let groups: Vec<Value> = if items.len() <= size {
                vec![Value::list(items)]
            } else if name == "chunks" {
                items.chunks(size).map(|some| Value::list(some.to_vec())).collect()
            } else {
                items.windows(size).take(64).map(|some| Value::list(some.to_vec())).collect()
            };
            Value::list(groups)
        }
        "zip" => {
            let others = values.first()?.elements();
            let pair = |(at, item): (usize, Value)| {
                let other = others.get(at).or_else(|| others.last().filter(|last| last.is_many()));
                Value::list(vec![item, other.cloned().unwrap_or(Value::Nothing)])
            };
            Value::list(input.elements().into_iter().enumerate().map(pair).collect())
        }
        "rename" => {
            let row = |item: &Value| renamed(item, values);
            match input {
                Value::List(list) => Value::list(list.items.iter().map(row).collect()),
                other => row(other),
            }
        }
        "path join"
            if matches!(input, Value::List(_))
                && values.iter().all(|value| !matches!(value, Value::List(_))) =>
        {
            let pieces: Vec<Value> = input.elements();
            let texts: Option<Vec<String>> = pieces.iter().chain(values).map(text_of).collect();
            let texts = texts?;
            // Each of what stands for many is one path of its own.
            if pieces.iter().any(Value::is_many)
                || texts.iter().skip(1).take(pieces.len() - 1).any(|text| is_path(text))
            {
                return None;
            }
            let (first, rest) = texts.split_first()?;
            Value::Text(
                rest.iter()
                    .fold(first.clone(), |path, piece| format!("{}/{piece}", path.trim_end_matches('/'))),
            )
        }
        "merge" => match (input, values.first()?) {
            (Value::Record(old), Value::Record(new)) => {
                let is_new = |key: &String| new.items.iter().any(|(known, _)| known == key);
                let kept = old.items.iter().filter(|(key, _)| !is_new(key));
                Value::record(kept.chain(&new.items).cloned().collect())
            }
            // What it is put on is not known; what is new is.
            (Value::Text(_), new @ Value::Record(_)) => new.clone(),
            _ => return None,
        },
        "sort" => {
            let mut items = input.elements();
            // What is not known keeps its place.
            items.sort_by(|left, right| match (left, right) {
                (Value::Text(left), Value::Text(right)) => left.cmp(right),
                (Value::Int(left), Value::Int(right)) => left.cmp(right),
                _ => std::cmp::Ordering::Equal,
            });
            match input {
                Value::List(_) => Value::list(items),
                other => other.clone(),
            }
        }
        "str contains" | "str starts-with" | "str ends-with" => {
            let (text, wanted) = (input.known()?, values.first()?.known()?);
            Value::Bool(match name {
                "str contains" => text.contains(&wanted),
                "str starts-with" => text.starts_with(&wanted),
                _ => text.ends_with(&wanted),
            })
        }
        "path parse" => {
            let text = input.known()?;
            let (parent, name) = text.rsplit_once('/').unwrap_or(("", &text));
            let parent = if parent.is_empty() && text.starts_with('/') { "/" } else { parent };
            let (stem, extension) =
                name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
            let field = |key: &str, text: &str| (key.to_owned(), Value::text(text));
            Value::record(vec![field("parent", parent), field("stem", stem), field("extension", extension)])
        }
        "path split" => {
            let text = input.known()?;
            let root = text.starts_with('/').then_some("/");
            Value::texts(root.into_iter().chain(text.split('/').filter(|part| !part.is_empty()).take(64)))
        }
        "path join" if matches!(input, Value::Record(_)) && values.is_empty() => {
            let part = |key: &str| text_of(&input.field(key)).unwrap_or_default();
            let (parent, stem, extension) = (part("parent"), part("stem"), part("extension"));
            let name = if extension.is_empty() { stem } else { format!("{stem}.{extension}") };
            let slash = if parent.is_empty() || parent.ends_with('/') { "" } else { "/" };
            Value::Text(format!("{parent}{slash}{name}"))
        }
        // Of a pattern the last part is one as well.
        "path basename" => {
            let last = |text: &str| {
                let last = text.trim_end_matches('/').rsplit('/').next()?;
                (value::has_pattern(last) && !last.is_empty()).then(|| Value::text(last))
            };
            match input {
                Value::Text(text) => last(text)?,
                Value::List(list) if list.items.iter().any(Value::is_many) => {
                    let all: Option<Vec<Value>> =
                        list.items.iter().map(|item| last(&text_of(item)?)).collect();
                    Value::list(all?)
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// A path of its own, not a part of one.
fn is_path(text: &str) -> bool {
    text.starts_with(['/', value::HOME, '~'])
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        other => other.known(),
    }
}

/// `rename a b` names the first columns, `rename --column {old: new}` those that it lists.
fn renamed(row: &Value, names: &[Value]) -> Value {
    let Value::Record(record) = row else { return row.clone() };
    let mut items = record.items.clone();
    match names.first() {
        Some(Value::Record(pairs)) => {
            for (key, _) in &mut items {
                if let Some((_, new)) = pairs.items.iter().find(|(old, _)| old == key)
                    && let Some(new) = text_of(new)
                {
                    *key = new;
                }
            }
        }
        _ => {
            for ((key, _), new) in items.iter_mut().zip(names.iter().filter_map(text_of)) {
                *key = new;
            }
        }
    }
    Value::record(items)
}
