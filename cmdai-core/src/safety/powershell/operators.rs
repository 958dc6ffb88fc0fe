//! Operators on values.

use super::data::Data;
use super::pattern;
use super::weakened::FILES;
use crate::line::Span;
use crate::safety::machine::{Machine, VALUE_BYTES};
use crate::safety::value::{self, Origin};

/// Values that one range or repetition may become.
const RANGE: i64 = 2048;
/// What one match of a pattern may take of the budget.
const MATCHING: u32 = 64;

impl Machine<'_> {
    /// A value that cannot be told, of the origin of what it is made from.
    pub(super) fn unknown(&mut self, name: &str, from: &[&Data]) -> Data {
        let origin = from.iter().filter_map(|data| self.origin_of(data)).max();
        Data::Text(self.unknowns.hole(name, origin.unwrap_or(Origin::Variable)).to_string())
    }

    /// Where the unknown in a value comes from.
    pub(super) fn origin_of(&self, data: &Data) -> Option<Origin> {
        match data {
            Data::Text(text) => self.unknowns.origin(text),
            Data::Object(object) => self.unknowns.origin(&object.text),
            Data::List(list) => list.iter().take(64).filter_map(|item| self.origin_of(item)).max(),
            _ => None,
        }
    }

    pub(super) fn binary(&mut self, operator: &str, left: Data, right: Data) -> Data {
        let matches = matches!(operator, "-match" | "-notmatch");
        // Its text is taken apart into letters first.
        let once = MATCHING as usize / 2 + left.weight() / 2;
        let price = once * if let Data::List(list) = &left { list.len() } else { 1 };
        if !self.spend(left.weight() + right.weight() + if matches { price } else { 0 }) {
            return self.unknown("$(…)", &[&left, &right]);
        }
        let result = match operator {
            "+" => plus(&left, &right),
            "-" | "*" | "/" | "%" | "-band" | "-bor" | "-bxor" | "-shl" | "-shr" => {
                calculate(operator, &left, &right)
            }
            ".." => {
                let ends = left.to_number().zip(right.to_number());
                self.memory.long_row |=
                    ends.is_some_and(|(from, to)| from.abs_diff(to) >= FILES.unsigned_abs());
                range(&left, &right)
            }
            "-f" => self.format(&left, &right),
            "-join" => Some(join(&left, &right.to_text())),
            "-split" => Some(self.split(&left, &right)),
            "-replace" => Some(self.replace(&left, &right)),
            "-as" => Some(self.cast(&super::data::type_name(&right.to_text()), left.clone())),
            "-and" => both(left.to_bool(), right.to_bool(), true),
            "-or" => both(left.to_bool(), right.to_bool(), false),
            "-xor" => left.to_bool().zip(right.to_bool()).map(|(a, b)| Data::Bool(a != b)),
            "??" => Some(if matches!(left, Data::Null) { right.clone() } else { left.clone() }),
            _ => compare(operator, &left, &right),
        };
        if let Some(result) = &result
            && !self.spend(weight(result))
        {
            return Data::Null;
        }
        result.unwrap_or_else(|| self.unknown("$(…)", &[&left, &right]))
    }

    /// `'{0}{1}' -f 'a','b'`
    pub(super) fn format(&mut self, left: &Data, right: &Data) -> Option<Data> {
        let pattern = left.to_text();
        let arguments = match right {
            Data::List(list) => (**list).clone(),
            other => vec![other.clone()],
        };
        let mut out = String::new();
        let mut rest = pattern.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let found = &rest[at..];
            if found.starts_with("{{") || found.starts_with("}}") {
                out.push_str(&found[..1]);
                rest = &found[2..];
                continue;
            }
            let Some(end) = found.find('}').filter(|&end| end > 0) else {
                rest = &found[1..];
                continue;
            };
            let inside = &found[1..end];
            let (index, form) = inside.split_once(':').unwrap_or((inside, ""));
            let index = index.split(',').next().unwrap_or_default().trim();
            let argument = arguments.get(index.parse::<usize>().ok()?)?;
            let form = form.to_ascii_lowercase();
            match (argument.to_number(), form.strip_prefix('x')) {
                (Some(number), Some(width)) => {
                    let width = width.parse::<usize>().unwrap_or(0).min(16);
                    out.push_str(&format!("{number:0width$X}"));
                }
                _ => out.push_str(&argument.to_text()),
            }
            if out.len() > VALUE_BYTES {
                return None;
            }
            rest = &found[end + 1..];
        }
        out.push_str(rest);
        Some(Data::Text(out))
    }

    /// `-split` and `.Split`: by a pattern, or by any of the letters.
    pub(super) fn split(&mut self, left: &Data, right: &Data) -> Data {
        let separator = match right {
            Data::List(list) => list.first().cloned().unwrap_or(Data::Null).to_text(),
            other => other.to_text(),
        };
        let mut out = Vec::new();
        for text in left.clone().unrolled() {
            let text = text.to_text();
            let found = pattern::captures(&separator, &text, true, &mut self.fuel);
            let Some(found) = found else {
                out.push(self.unknown("$(…)", &[left]));
                continue;
            };
            let mut from = 0;
            for groups in found.into_iter().filter(|groups| !groups[0].is_empty()) {
                out.push(Data::text(text.get(from..groups[0].start).unwrap_or_default()));
                from = groups[0].end;
                // What a group of the separator took stays among the pieces.
                for group in &groups[1..] {
                    out.push(Data::text(text.get(group.clone()).unwrap_or_default()));
                }
            }
            out.push(Data::text(text.get(from..).unwrap_or_default()));
        }
        out.truncate(RANGE as usize);
        Data::list(out)
    }

    /// `-replace 'pattern', 'text'`
    pub(super) fn replace(&mut self, left: &Data, right: &Data) -> Data {
        let (pattern, new) = match right {
            Data::List(list) => (
                list.first().map(Data::to_text).unwrap_or_default(),
                list.get(1).map(Data::to_text).unwrap_or_default(),
            ),
            other => (other.to_text(), String::new()),
        };
        let items: Vec<Data> = match left {
            Data::List(list) => (**list).clone(),
            other => vec![other.clone()],
        };
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let text = item.to_text();
            match pattern::replace_all(&pattern, &text, &new, &mut self.fuel) {
                Some(text) if text.len() <= VALUE_BYTES => out.push(Data::Text(text)),
                _ => out.push(self.unknown("$(…)", &[&item])),
            }
        }
        if matches!(left, Data::List(_)) { Data::list(out) } else { Data::of(out) }
    }

    /// `[type]value`
    pub(super) fn cast(&mut self, to: &str, value: Data) -> Data {
        if let Some(element) = to.strip_suffix("[]") {
            let element = element.strip_prefix("system.").unwrap_or(element).to_owned();
            return match (element.as_str(), &value) {
                ("char", Data::Text(_) | Data::Letter(_)) => Data::list(value.letters()),
                ("byte", Data::Bytes(_)) => value,
                ("byte", Data::List(list)) => {
                    let bytes: Option<Vec<u8>> = list
                        .iter()
                        .map(|item| item.to_number().and_then(|number| u8::try_from(number).ok()))
                        .collect();
                    bytes.map_or_else(|| value.clone(), |bytes| Data::Bytes(bytes.into()))
                }
                _ => {
                    let items = value.unrolled().into_iter().take(RANGE as usize);
                    let items = items.collect::<Vec<_>>();
                    Data::list(items.into_iter().map(|item| self.cast(&element, item)).collect())
                }
            };
        }
        match to {
            "char" => {
                let letter = match &value {
                    Data::Text(text) => {
                        let mut letters = text.chars();
                        letters.next().filter(|_| letters.next().is_none())
                    }
                    _ => None,
                };
                let code = || value.to_number().and_then(|code| u32::try_from(code).ok());
                match letter.or_else(|| code().and_then(char::from_u32)) {
                    Some(letter) => Data::Letter(letter),
                    None => self.unknown("[char]…", &[&value]),
                }
            }
            "int" | "int32" | "int64" | "long" | "byte" | "uint32" | "uint64" | "int16" | "uint16"
            | "double" | "decimal" | "float" | "single" | "bigint" => match value.to_number() {
                Some(number) => Data::Number(number),
                None => self.unknown("[int]…", &[&value]),
            },
            "string" => match value {
                Data::Closure(_) => value,
                other => Data::Text(other.to_text()),
            },
            "bool" | "switch" => match value.to_bool() {
                Some(held) => Data::Bool(held),
                None => value,
            },
            "void" => Data::Null,
            "scriptblock" | "management.automation.scriptblock" => match value {
                Data::Closure(_) => value,
                other => self.block_of(&other.to_text()),
            },
            "type" => Data::Type(super::data::type_name(&value.to_text())),
            "array" | "object[]" | "collections.arraylist" => Data::list(value.unrolled()),
            "io.fileinfo" | "io.directoryinfo" => Data::object(super::data::Kind::Item, value.to_text()),
            "regex"
            | "io.memorystream"
            | "io.compression.gzipstream"
            | "io.compression.deflatestream"
            | "io.streamreader" => self.make(to, &[value], Span::default()),
            "wmiclass" | "wmi" | "wmisearcher" => {
                let text = value.to_text();
                let class = text.rsplit(':').next().unwrap_or_default().to_owned();
                Data::object(super::data::Kind::Cim, class)
            }
            "xml" | "xml.xmldocument" => {
                let text = value.to_text();
                let known = !crate::safety::value::has_hole(&text) && text.len() < 4 * 1024;
                known.then(|| super::xml::parse(&text)).flatten().unwrap_or(value)
            }
            "adsi" => Data::object(super::data::Kind::Thing, "adobject"),
            _ => value,
        }
    }
}

/// What it costs to make a value, in steps: one for each 64 bytes or 16 elements.
pub(super) fn weight(data: &Data) -> usize {
    match data {
        Data::Text(text) => text.len() / 64,
        Data::Bytes(bytes) => bytes.len() / 64,
        Data::List(list) => list.len() / 16,
        Data::Map(map) => map.len() / 16,
        _ => 0,
    }
}

fn plus(left: &Data, right: &Data) -> Option<Data> {
    Some(match (left, right) {
        (Data::Null, other) => other.clone(),
        (Data::Number(a), other) => match other.to_number() {
            Some(b) => Data::Number(a.checked_add(b)?),
            None => return None,
        },
        (Data::List(list), other) => {
            let mut list = (**list).clone();
            match other {
                Data::List(more) => list.extend(more.iter().cloned()),
                Data::Null => {}
                other => list.push(other.clone()),
            }
            list.truncate(4 * RANGE as usize);
            Data::list(list)
        }
        (Data::Map(map), Data::Map(more)) => {
            let mut map = (**map).clone();
            map.extend(more.iter().cloned());
            Data::Map(map.into())
        }
        (left, right) => {
            let mut text = left.to_text();
            text.push_str(&right.to_text());
            if text.len() > VALUE_BYTES {
                return None;
            }
            Data::Text(text)
        }
    })
}

fn calculate(operator: &str, left: &Data, right: &Data) -> Option<Data> {
    if operator == "*" {
        let times = right.to_number().filter(|times| (0..=RANGE).contains(times));
        match (left, times) {
            (Data::Text(text), Some(times)) => {
                let fits = text.len().checked_mul(times as usize).is_some_and(|size| size <= VALUE_BYTES);
                return fits.then(|| Data::Text(text.repeat(times as usize)));
            }
            (Data::Letter(letter), Some(times)) => {
                return Some(Data::Text(letter.to_string().repeat(times as usize)));
            }
            (Data::List(list), Some(times)) if list.len() * times as usize <= RANGE as usize => {
                return Some(Data::list(
                    list.iter().cloned().cycle().take(list.len() * times as usize).collect(),
                ));
            }
            _ => {}
        }
    }
    let (a, b) = (left.to_number()?, right.to_number()?);
    let shift = u32::try_from(b).ok().filter(|&by| by < 64);
    Some(Data::Number(match operator {
        "-" => a.checked_sub(b)?,
        "*" => a.checked_mul(b)?,
        "/" => a.checked_div(b)?,
        "%" => a.checked_rem(b)?,
        "-band" => a & b,
        "-bor" => a | b,
        "-bxor" => a ^ b,
        "-shl" => a.checked_shl(shift?)?,
        _ => a.checked_shr(shift?)?,
    }))
}

fn range(left: &Data, right: &Data) -> Option<Data> {
    let letter = |data: &Data| match data {
        Data::Letter(letter) => Some(*letter),
        Data::Text(text) if text.chars().count() == 1 => text.chars().next().filter(|l| !l.is_ascii_digit()),
        _ => None,
    };
    if let (Some(a), Some(b)) = (letter(left), letter(right)) {
        let (from, to) = (u32::from(a), u32::from(b));
        let codes: Vec<u32> = if from <= to { (from..=to).collect() } else { (to..=from).rev().collect() };
        return Some(Data::list(
            codes.into_iter().take(RANGE as usize).filter_map(char::from_u32).map(Data::Letter).collect(),
        ));
    }
    let (a, b) = (left.to_number()?, right.to_number()?);
    let count = a.checked_sub(b)?.checked_abs()?.min(RANGE);
    let step = if a <= b { 1 } else { -1 };
    Some(Data::list((0..=count).map(|at| Data::Number(a + step * at)).collect()))
}

/// `-join` and `[string]::Join`.
pub(super) fn join(list: &Data, separator: &str) -> Data {
    let mut out = String::new();
    let items: Vec<Data> = match list {
        Data::List(list) => (**list).clone(),
        other => other.clone().unrolled(),
    };
    for (index, item) in items.iter().enumerate() {
        if out.len() > VALUE_BYTES {
            break;
        }
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(&item.to_text());
    }
    Data::Text(out)
}

fn both(left: Option<bool>, right: Option<bool>, and: bool) -> Option<Data> {
    match (left, right) {
        (Some(known), _) | (_, Some(known)) if known != and => Some(Data::Bool(known)),
        (Some(_), Some(_)) => Some(Data::Bool(and)),
        _ => None,
    }
}

fn compare(operator: &str, left: &Data, right: &Data) -> Option<Data> {
    if let Data::List(list) = left
        && !matches!(operator, "-contains" | "-notcontains")
    {
        // Of a list those elements remain for which it holds.
        let mut kept = Vec::new();
        for item in list.iter() {
            if matches!(compare(operator, item, right)?, Data::Bool(true)) {
                kept.push(item.clone());
            }
        }
        return Some(Data::list(kept));
    }
    if operator != "-is" && operator != "-isnot" && (left.is_unknown() || right.is_unknown()) {
        return None;
    }
    let same = |a: &Data, b: &Data| a.to_text().eq_ignore_ascii_case(&b.to_text());
    let held = match operator {
        "-eq" => same(left, right),
        "-ne" => !same(left, right),
        "-like" | "-notlike" => {
            let fits = value::fits(&right.to_text().to_lowercase(), &left.to_text().to_lowercase());
            fits == (operator == "-like")
        }
        "-match" | "-notmatch" => {
            let mut fuel = MATCHING;
            let found = pattern::find_all(&right.to_text(), &left.to_text(), true, &mut fuel)?;
            found.is_empty() != (operator == "-match")
        }
        "-contains" | "-notcontains" | "-in" | "-notin" => {
            let (list, item) = if operator.ends_with("in") { (right, left) } else { (left, right) };
            let held = list.clone().unrolled().iter().any(|other| same(other, item));
            held != operator.starts_with("-not")
        }
        "-lt" | "-le" | "-gt" | "-ge" => {
            let order = match (left.to_number(), right.to_number()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => left.to_text().to_lowercase().cmp(&right.to_text().to_lowercase()),
            };
            match operator {
                "-lt" => order.is_lt(),
                "-le" => order.is_le(),
                "-gt" => order.is_gt(),
                _ => order.is_ge(),
            }
        }
        _ => return None,
    };
    Some(Data::Bool(held))
}
