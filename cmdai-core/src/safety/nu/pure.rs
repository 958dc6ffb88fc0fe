//! Commands of nushell that only compute: text, lists and records in, the same out.

use std::cell::Cell;

use super::Value;
use super::expression::{range, substring};
use crate::safety::fish::percent_decoded;
use crate::safety::value;
use crate::safety::{pure, regex};

/// What a pure command gives. `None` where `name` is none of them, `Some(None)` where what it gives cannot be told.
pub(super) fn output(name: &str, flags: &[String], values: &[Value], input: &Value) -> Option<Option<Value>> {
    let has = |names: &[&str]| flags.iter().any(|flag| names.contains(&flag.as_str()));
    let first = values.first();
    let text_of = |at: usize| values.get(at).and_then(as_text);
    let steps = Cell::new(regex::budget(256));
    let count = || first.and_then(Value::number).and_then(|number| usize::try_from(number).ok());
    Some(match name {
        "str join" => {
            let mark = text_of(0).unwrap_or_default();
            let pieces: Option<Vec<String>> = input.elements().iter().map(as_text).collect();
            pieces.map(|pieces| Value::Text(pieces.join(&mark)))
        }
        "str replace" => match (text_of(0), text_of(1)) {
            (Some(pattern), Some(by)) => each(input, &|text| {
                let all = has(&["-a", "--all", "-ar", "-ra"]);
                if has(&["-r", "--regex", "-ar", "-ra"]) {
                    {
                        let mut left = steps.get();
                        let new = regex::replace(&pattern, &by, text, all, &mut left);
                        steps.set(left);
                        new
                    }
                } else if pattern.is_empty() {
                    None
                } else if all {
                    value::replaced(text, &pattern, &by, true)
                } else {
                    value::replaced(text, &pattern, &by, false)
                }
            }),
            _ => None,
        },
        "str expand" => {
            as_text(input).map(|text| Value::list(expanded(&text).into_iter().map(Value::Text).collect()))
        }
        "str reverse" => each(input, &|text| Some(text.chars().rev().collect())),
        "str downcase" => each(input, &|text| Some(text.to_lowercase())),
        "str upcase" => each(input, &|text| Some(text.to_uppercase())),
        "str capitalize" => each(input, &|text| {
            let mut letters = text.chars();
            let first = letters.next()?.to_uppercase().collect::<String>();
            Some(first + letters.as_str())
        }),
        "str trim" => {
            let set: Vec<char> = text_of(0).unwrap_or_else(|| " \t\r\n".to_owned()).chars().collect();
            let (left, right) = (has(&["-l", "--left"]), has(&["-r", "--right"]));
            each(input, &|text| {
                let text = if right && !left { text } else { text.trim_start_matches(&set[..]) };
                let text = if left && !right { text } else { text.trim_end_matches(&set[..]) };
                Some(text.to_owned())
            })
        }
        "str substring" => {
            let place = match first {
                Some(Value::List(list)) => match (list.items.first(), list.items.last()) {
                    (Some(Value::Int(from)), Some(Value::Int(to))) => Some(format!("{from}..{to}")),
                    _ => None,
                },
                other => other.and_then(as_text),
            };
            place.and_then(|place| each(input, &|text| substring(text, &place)))
        }
        "str length" => input.known().map(|text| Value::Int(text.len() as i64)),
        "split row" => {
            let mark = text_of(0).unwrap_or_default();
            let mut out = Vec::new();
            for item in input.elements() {
                let text = as_text(&item);
                let pieces: Option<Vec<String>> = match text {
                    Some(text) if has(&["-r", "--regex"]) => {
                        let mut left = steps.get();
                        let pieces = regex::split(&mark, &text, &mut left);
                        steps.set(left);
                        pieces
                    }
                    Some(text) if !mark.is_empty() => Some(text.split(&mark).map(str::to_owned).collect()),
                    _ => None,
                };
                let Some(pieces) = pieces else { return Some(None) };
                out.extend(pieces.into_iter().map(Value::Text));
            }
            out.truncate(512);
            Some(Value::list(out))
        }
        "split chars" | "split words" => as_text(input).map(|text| match name {
            "split chars" => {
                Value::list(text.chars().take(512).map(|letter| Value::Text(letter.to_string())).collect())
            }
            _ => Value::texts(
                text.split(|letter: char| !letter.is_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .take(512),
            ),
        }),
        "split column" => {
            let mark = text_of(0).unwrap_or_default();
            let names: Vec<String> = values.iter().skip(1).filter_map(as_text).collect();
            let row = |item: &Value| -> Option<Value> {
                let text = as_text(item)?;
                if mark.is_empty() {
                    return None;
                }
                let pieces = text.split(&mark).take(64).enumerate();
                let column = |at: usize| names.get(at).cloned().unwrap_or_else(|| format!("column{at}"));
                Some(Value::record(pieces.map(|(at, piece)| (column(at), Value::text(piece))).collect()))
            };
            input.elements().iter().map(row).collect::<Option<Vec<_>>>().map(Value::list)
        }
        "lines" => match as_text(input) {
            Some(text) if !value::has_hole(&text) => Some(Value::texts(text.lines().take(512))),
            _ => Some(input.clone()),
        },
        "parse" => text_of(0).and_then(|pattern| parse(&pattern, has(&["-r", "--regex"]), input)),
        "first" | "last" | "take" | "skip" | "drop" => {
            let mut items = input.elements();
            if let (Value::Text(text), "first" | "last" | "take") = (input, name)
                && !value::has_hole(text)
            {
                return Some(Some(input.clone()));
            }
            let number = count().unwrap_or(1);
            let length = items.len();
            match name {
                "first" | "take" => items.truncate(number),
                "last" => drop(items.drain(..length.saturating_sub(number))),
                "skip" => drop(items.drain(..number.min(length))),
                _ => items.truncate(length.saturating_sub(number)),
            }
            Some(match (name, first) {
                ("first" | "last", None) => items.pop().unwrap_or(Value::Nothing),
                _ => Value::list(items),
            })
        }
        "range" | "slice" => {
            let places = first.and_then(as_text).and_then(|text| range(&text));
            places.map(|places| {
                let items = input.elements();
                let wanted = places.elements().into_iter().filter_map(|at| {
                    let at = at.number()?;
                    let at = if at < 0 { at + items.len() as i64 } else { at };
                    items.get(usize::try_from(at).ok()?).cloned()
                });
                Value::list(wanted.collect())
            })
        }
        "get" => {
            let mut value = input.clone();
            for step in text_of(0).unwrap_or_default().split('.') {
                value = value.field(step.trim_end_matches('?'));
            }
            Some(value)
        }
        "select" | "reject" | "uniq" | "compact" | "shuffle" | "table" | "collect" | "ansi strip"
        | "into value" | "into filesize" | "into duration" | "into datetime" | "into binary"
        | "nu-highlight" | "metadata" | "into cell-path" | "into bool" => Some(input.clone()),
        "columns" => match input {
            Value::Record(record) => Some(Value::texts(record.items.iter().map(|(key, _)| key.as_str()))),
            _ => None,
        },
        "values" => match input {
            Value::Record(record) => {
                Some(Value::list(record.items.iter().map(|(_, value)| value.clone()).collect()))
            }
            _ => None,
        },
        "reverse" => {
            let mut items = input.elements();
            items.reverse();
            Some(Value::list(items))
        }
        "append" | "prepend" => {
            let more: Vec<Value> = values.iter().flat_map(Value::elements).collect();
            let mut items = input.elements();
            if name == "append" {
                items.extend(more);
            } else {
                items.splice(0..0, more);
            }
            items.truncate(512);
            Some(Value::list(items))
        }
        "flatten" => Some(Value::list(input.elements().iter().flat_map(Value::elements).take(512).collect())),
        "wrap" => text_of(0).map(|key| {
            let wrap = |item: Value| Value::record(vec![(key.clone(), item)]);
            match input {
                Value::List(_) => Value::list(input.elements().into_iter().map(wrap).collect()),
                other => wrap(other.clone()),
            }
        }),
        "enumerate" => {
            let row = |(at, item)| {
                Value::record(vec![("index".into(), Value::Int(at as i64)), ("item".into(), item)])
            };
            Some(Value::list(input.elements().into_iter().enumerate().map(row).collect()))
        }
        "length" => Some(Value::Int(input.elements().len() as i64))
            .filter(|_| !input.elements().iter().any(Value::is_many)),
        "is-empty" | "is-not-empty" | "str index-of" | "path exists" | "path type" | "describe"
        | "math sum" | "math max" | "math min" | "math avg" | "date now" | "random int" | "random chars"
        | "random uuid" | "random bool" | "hash md5" | "hash sha256" | "str distance" => None,
        "default" => {
            let empty = has(&["-e", "--empty"]) && as_text(input).is_some_and(|text| text.is_empty());
            Some(
                if input.is_nothing() || empty || as_text(input).is_some_and(|text| value::has_hole(&text)) {
                    first.cloned().unwrap_or(Value::Nothing)
                } else {
                    input.clone()
                },
            )
        }
        "into string" | "to text" | "to nuon" | "to json" | "to csv" | "to md" | "to yaml" | "to toml" => {
            match input {
                Value::Int(_) | Value::Bool(_) => input.known().map(Value::Text),
                other => Some(other.clone()),
            }
        }
        "into int" => {
            let base = if has(&["-r", "--radix"]) { count().unwrap_or(10) } else { 10 };
            let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base));
            let number = |item: &Value| {
                let text = item.known()?;
                i64::from_str_radix(text.trim(), base?).ok().map(Value::Int)
            };
            match input {
                Value::List(list) => {
                    list.items.iter().map(number).collect::<Option<Vec<_>>>().map(Value::list)
                }
                one => number(one),
            }
        }
        "echo" => Some(match values {
            [only] => only.clone(),
            many => Value::list(many.to_vec()),
        }),
        "seq" => match (values.first().and_then(Value::number), values.last().and_then(Value::number)) {
            (Some(from), Some(to)) if from.abs_diff(to) < 256 => {
                Some(Value::list((from..=to).map(Value::Int).collect()))
            }
            // Of a long one the beginning, and its end.
            (Some(from), Some(to)) if from < to => {
                let numbers = (from..from.saturating_add(255)).chain([to]);
                Some(Value::list(numbers.map(Value::Int).collect()))
            }
            _ => None,
        },
        "seq char" => match (text_of(0), text_of(1)) {
            (Some(from), Some(to)) => match (from.chars().next(), to.chars().next()) {
                (Some(from), Some(to)) if from <= to && to as u32 - (from as u32) < 256 => {
                    Some(Value::list((from..=to).map(|letter| Value::Text(letter.to_string())).collect()))
                }
                _ => None,
            },
            _ => None,
        },
        "char" => character(flags, values),
        "format" | "format pattern" => text_of(0).and_then(|pattern| {
            let fill = |item: &Value| -> Option<Value> {
                let mut text = pattern.clone();
                let Value::Record(record) = item else { return None };
                for (key, value) in record.items.iter().take(32) {
                    text = value::replaced(&text, &format!("{{{key}}}"), &as_text(value)?, true)?;
                }
                Some(Value::Text(text))
            };
            match input {
                Value::List(_) => {
                    input.elements().iter().map(fill).collect::<Option<Vec<_>>>().map(Value::list)
                }
                other => fill(other),
            }
        }),
        "path join" => each(input, &|text| {
            let mut path = text.to_owned();
            for value in values {
                for piece in value.elements() {
                    let piece = as_text(&piece)?;
                    if piece.starts_with('/') {
                        path = piece;
                    } else {
                        path = format!("{}/{piece}", path.trim_end_matches('/'));
                    }
                }
            }
            Some(path)
        }),
        "path basename" | "path dirname" => each(input, &|text| {
            let program = name.strip_prefix("path ")?;
            if program == "dirname" && text.chars().eq([value::HOME]) {
                return Some("/home".to_owned());
            }
            pure::output(program, &[text], None).map(|text| text.trim_end_matches('\n').to_owned())
        }),
        "path expand" => each(input, &|text| {
            let home = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
            Some(home.map_or_else(|| text.to_owned(), |rest| format!("{}{rest}", value::HOME)))
        }),
        "path relative-to" => Some(input.clone()),
        "decode" | "decode utf-8" | "encode utf-8" => Some(input.clone()),
        "decode base64" | "decode new-base64" => {
            each(input, &|text| pure::output("base64", &["-d"], Some(text)))
        }
        "decode hex" => each(input, &|text| pure::output("xxd", &["-r", "-p"], Some(text))),
        "encode base64" => each(input, &|text| (!value::has_hole(text)).then(|| base64(text.as_bytes()))),
        "encode hex" => each(input, &|text| {
            (!value::has_hole(text)).then(|| text.bytes().map(|byte| format!("{byte:02X}")).collect())
        }),
        "url decode" => each(input, &|text| Some(percent_decoded(text))),
        "url encode" => each(input, &|text| Some(text.to_owned())),
        "complete" => Some(Value::record(vec![
            ("stdout".into(), input.clone()),
            ("stderr".into(), Value::text("")),
            ("exit_code".into(), Value::Int(0)),
        ])),
        "transpose" => match input {
            Value::Record(record) => {
                let names: Vec<String> = values.iter().filter_map(as_text).collect();
                let column = |at: usize| names.get(at).cloned().unwrap_or_else(|| format!("column{at}"));
                let row = |(key, value): &(String, Value)| {
                    Value::record(vec![(column(0), Value::text(key.clone())), (column(1), value.clone())])
                };
                Some(Value::list(record.items.iter().map(row).collect()))
            }
            _ => None,
        },
        _ => return None,
    })
}

/// Lines of `name: value` or `name = value`; what is nested is left out.
pub(super) fn fields(text: &str) -> Value {
    // A list of plain values.
    let item = |line: &str| {
        let item = line.strip_prefix("- ").filter(|item| !item.contains(": "))?;
        Some(Value::text(item.trim().trim_matches(['"', '\''])))
    };
    if text.starts_with("- ")
        && let Some(items) = text.trim_end().lines().take(256).map(item).collect::<Option<Vec<_>>>()
    {
        return Value::list(items);
    }
    let field = |line: &str| {
        let (name, value) =
            line.split_once(": ").or_else(|| line.split_once(" = ")).or_else(|| line.split_once('='))?;
        let plain = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
        Some((plain(name.trim_start_matches("- ")), Value::Text(plain(value))))
    };
    Value::record(text.lines().take(256).filter_map(field).collect())
}

/// Rows under a line of names.
pub(super) fn table(text: &str, mark: char) -> Value {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(mark).take(64).collect();
    let plain = |text: &str| Value::text(text.trim().trim_matches('"'));
    let row = |line: &str| {
        let cells = line.split(mark).map(plain);
        Value::record(names.iter().map(|name| name.trim().to_owned()).zip(cells).collect())
    };
    Value::list(lines.take(256).map(row).collect())
}

/// `/{usr,lib}` is `/usr` and `/lib`; the first pair of braces without others inside it.
fn expanded(text: &str) -> Vec<String> {
    let found = text.split_once('{').and_then(|(before, rest)| {
        let (inside, after) = rest.split_once('}')?;
        Some((before, inside, after))
    });
    let Some((before, inside, after)) = found else { return vec![text.to_owned()] };
    inside.split(',').take(64).map(|piece| format!("{before}{piece}{after}")).collect()
}

/// The text of a single value.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        other => other.known(),
    }
}

/// Changes a text, or each of a list.
fn each(input: &Value, change: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    match input {
        Value::List(list) => {
            let items: Option<Vec<Value>> =
                list.items.iter().map(|item| change(&as_text(item)?).map(Value::Text)).collect();
            items.map(Value::list)
        }
        other => change(&as_text(other)?).filter(|text| text.len() <= 64 * 1024).map(Value::Text),
    }
}

/// `char space`, `char -u 72`, `char --integer 114 109`.
fn character(flags: &[String], values: &[Value]) -> Option<Value> {
    let texts: Vec<String> = values.iter().filter_map(as_text).collect();
    let base = match flags.first().map(String::as_str) {
        Some("-u" | "--unicode") => 16,
        Some("-i" | "--integer") => 10,
        _ => {
            let text = match texts.first()?.as_str() {
                "newline" | "nl" | "enter" | "line_feed" | "lf" => "\n",
                "tab" => "\t",
                "space" | "sp" => " ",
                "pipe" => "|",
                "left_brace" | "lbrace" => "{",
                "right_brace" | "rbrace" => "}",
                "left_paren" | "lparen" | "lp" => "(",
                "right_paren" | "rparen" | "rp" => ")",
                "left_bracket" | "lbracket" => "[",
                "right_bracket" | "rbracket" => "]",
                "single_quote" | "squote" | "sq" => "'",
                "double_quote" | "dquote" | "dq" => "\"",
                "path_sep" | "psep" | "sep" | "separator" => "/",
                "tilde" | "twiddle" | "squiggly" | "home" => "~",
                "hash" | "hashtag" | "pound_sign" | "sharp" | "root" => "#",
                "esep" | "env_sep" | "column" => ":",
                "null" | "nul" | "null_byte" | "zero_byte" => "\0",
                _ => return None,
            };
            return Some(Value::text(text));
        }
    };
    let letter = |text: &String| char::from_u32(u32::from_str_radix(text, base).ok()?);
    let text: Option<String> = texts.iter().map(letter).collect();
    text.map(|text| Value::Text(value::clean(&text).into_owned()))
}

/// `"a-b" | parse "{x}-{y}"`: a table of what stands between.
fn parse(pattern: &str, is_regex: bool, input: &Value) -> Option<Value> {
    let (mut names, mut regex) = (Vec::new(), String::new());
    if is_regex {
        regex.push_str(pattern);
        for piece in pattern.split("?<").skip(1).chain(pattern.split("?P<").skip(1)) {
            names.push(piece.split('>').next()?.to_owned());
        }
    } else {
        let mut rest = pattern;
        while let Some((before, more)) = rest.split_once('{') {
            let (name, after) = more.split_once('}')?;
            push_literal(&mut regex, before);
            regex.push_str("(.*?)");
            names.push(name.to_owned());
            rest = after;
        }
        push_literal(&mut regex, rest);
        regex = format!("^{regex}$");
    }
    let mut rows = Vec::new();
    let mut steps = regex::budget(256);
    for line in input.elements().iter().take(64) {
        let text = as_text(line)?;
        if value::has_hole(&text) {
            // Each field of what is not known is not known.
            rows.push(Value::record(
                names.iter().map(|name| (name.clone(), Value::text(text.clone()))).collect(),
            ));
            continue;
        }
        let Some(found) = regex::groups(&regex, &text, &mut steps)? else { continue };
        let fields = names.iter().cloned().zip(found.into_iter().skip(1).map(Value::Text));
        rows.push(Value::record(fields.collect()));
    }
    Some(Value::list(rows))
}

fn push_literal(regex: &mut String, text: &str) {
    for letter in text.chars() {
        if !letter.is_alphanumeric() && letter.is_ascii() && letter != ' ' {
            regex.push('\\');
        }
        regex.push(letter);
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4 {
            if index <= group.len() {
                out.push(char::from(LETTERS[(bits >> (18 - 6 * index) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}
