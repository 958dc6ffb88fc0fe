//! Methods and functions of text and lists, by the names that the languages give them.

use super::acts::Given;
use super::tables::Fun;
use super::val::{Sort, Val};
use super::{Script, decode, pure};
use crate::safety::value::{self, HOME, Origin};
use crate::specs::Language;

impl Script<'_, '_, '_> {
    /// A method of text, a list, a map or nothing.
    pub(super) fn method_of_value(
        &mut self,
        value: &Val,
        member: &str,
        given: Given,
        variable: Option<&str>,
    ) -> Val {
        let first = given.first();
        let language = self.what.language;
        let changed = match (value, member) {
            (_, "then" | "on" | "catch" | "finally" | "tap" | "pipe") => {
                let mut result = value.clone();
                for function in
                    given.list.iter().filter(|value| matches!(value, Val::Function(_) | Val::Name(_))).take(4)
                {
                    let got = self.call(&function.clone(), Given::of(vec![value.clone()]));
                    if member == "then" {
                        result = got;
                    }
                }
                return result;
            }
            (
                Val::List(list),
                "push" | "append" | "unshift" | "add" | "insert" | "extend" | "concat" | "<<",
            ) => {
                let mut list = list.clone();
                let added = if member == "insert" { given.at(1) } else { given.first() };
                match (member, added) {
                    ("extend" | "concat", Val::List(more)) => list.extend(more),
                    ("insert" | "unshift", added) => list.insert(0, added),
                    (_, added) => list.push(added),
                }
                list.truncate(512);
                Some(Val::List(list))
            }
            (Val::Text(text), "concat" | "<<" | "append") => {
                let parts: Vec<String> = given.list.iter().map(|value| self.text_of(value)).collect();
                Some(self.bounded(text.clone() + &parts.concat()))
            }
            (Val::Text(_), "tr!" | "gsub!" | "sub!" | "reverse!" | "upcase!" | "downcase!") => {
                Some(self.method_of_value(value, member.trim_end_matches('!'), given.clone(), None))
            }
            (Val::Text(_) | Val::List(_), "execute") if language == Language::Groovy => {
                let printed = self.act(super::tables::Act::Shell, "execute", Given::of(vec![value.clone()]));
                return Val::Thing(Sort::Process, printed.as_text().unwrap_or_default());
            }
            (Val::Text(url), "toURL" | "toURI") if language == Language::Groovy => {
                let shown = self.machine.unknowns.show(url);
                return Val::Text(self.hole(&format!("$({shown})"), Origin::Network));
            }
            (Val::Text(text), "executescript") => {
                let text = text.clone();
                self.machine.sql(&text, self.what.program, self.what.span);
                return Val::None;
            }
            (
                Val::List(_) | Val::Text(_) | Val::Map(_) | Val::None,
                "map" | "each" | "forEach" | "filter" | "select" | "collect" | "each_with_index" | "flatMap"
                | "reject" | "reverse_each" | "each_line" | "each_char" | "times" | "find" | "some" | "every"
                | "any" | "each_entry" | "sort_by" | "eachLine" | "each_slice" | "every?" | "flat_map",
            ) if !given.list.is_empty() => return self.each_value(value, member, &given),
            (Val::List(list), "reduce" | "inject" | "fold") => {
                let function = given.list.iter().find(|value| matches!(value, Val::Function(_))).cloned();
                let mut sum = given.list.iter().find(|value| !matches!(value, Val::Function(_))).cloned();
                for value in list.iter().take(256) {
                    sum = Some(match (sum, &function) {
                        (None, _) => value.clone(),
                        (Some(sum), Some(function)) => {
                            self.call(function, Given::of(vec![sum, value.clone()]))
                        }
                        (Some(sum), None) => self.arithmetic(&sum, "+", value),
                    });
                }
                return sum.unwrap_or(Val::None);
            }
            _ => None,
        };
        if let Some(changed) = changed {
            if let Some(name) = variable {
                self.set(name, changed.clone());
            }
            return changed;
        }
        let fun = match member {
            "decode" | "toString" | "to_s" | "encode" | "force_encoding" | "decode64" => Fun::Decode,
            "reverse" => Fun::Reverse,
            "upper" | "toUpperCase" | "upcase" => Fun::Upper,
            "lower" | "toLowerCase" | "downcase" => Fun::Lower,
            "chr" => Fun::Chr,
            "ord" | "charCodeAt" | "codePointAt" => Fun::Ord,
            "hex" if language == Language::Ruby => Fun::Number,
            "to_i" | "toInteger" => Fun::Number,
            "repeat" | "rep" => Fun::Repeat,
            _ => return self.other_method(value, member, &given),
        };
        let mut arguments = given.list;
        if matches!(member, "charCodeAt" | "codePointAt") {
            let at = first.as_number().unwrap_or(0);
            return match self.element(value, &Val::Number(at)) {
                Val::Text(letter) => {
                    letter.chars().next().map_or(Val::None, |c| Val::Number(i64::from(c as u32)))
                }
                _ => Val::None,
            };
        }
        arguments.insert(0, value.clone());
        self.pure_call(fun, &Given { list: arguments, named: given.named })
    }

    fn other_method(&mut self, value: &Val, member: &str, given: &Given) -> Val {
        let first = given.first();
        match (value, member) {
            (Val::Text(between), "join") => {
                let mut values = Vec::new();
                first.flatten(&mut values);
                let texts: Vec<String> = values.iter().map(|value| self.text_of(value)).collect();
                self.bounded(texts.join(between))
            }
            (Val::List(list), "join") => {
                let between = match &first {
                    Val::None if self.what.language == Language::JavaScript => ",".to_owned(),
                    Val::None => String::new(),
                    other => self.text_of(other),
                };
                let mut flat = Vec::new();
                list.iter().for_each(|value| value.flatten(&mut flat));
                let texts: Vec<String> = flat.iter().map(|value| self.text_of(value)).collect();
                self.bounded(texts.join(&between))
            }
            (
                Val::Text(text),
                "replace" | "gsub" | "sub" | "replaceAll" | "replace_first" | "delete" | "delete_prefix"
                | "removeprefix",
            ) => {
                let to = match given.list.get(1) {
                    Some(Val::Function(_)) => return Val::Text(self.hole("…", Origin::Program)),
                    Some(value) => self.text_of(value),
                    None => String::new(),
                };
                let from = self.text_of(&first);
                let all = !matches!(member, "sub" | "replace_first");
                match pure::replace_pattern(text, &from, &to, all) {
                    Some(text) if self.what.language != Language::Python => Val::Text(text),
                    _ => match value::replaced(text, &from, &to, true) {
                        Some(text) if self.what.language == Language::Python => Val::Text(text),
                        _ => Val::Text(self.hole("…", Origin::Program)),
                    },
                }
            }
            (Val::Text(text), "tr") => {
                let (from, to) = (self.text_of(&first), self.text_of(&given.at(1)));
                Val::Text(pure::translate(text, &from, &to, false))
            }
            (Val::Text(text), "translate") => match first {
                Val::List(sets) => {
                    let from = sets.first().and_then(Val::as_text).unwrap_or_default();
                    let to = sets.get(1).and_then(Val::as_text).unwrap_or_default();
                    let letters: Vec<char> = from.chars().collect();
                    let new: Vec<char> = to.chars().collect();
                    let change = |c: char| {
                        letters
                            .iter()
                            .position(|&known| known == c)
                            .and_then(|at| new.get(at))
                            .copied()
                            .unwrap_or(c)
                    };
                    Val::Text(text.chars().map(change).collect())
                }
                _ => Val::Text(self.hole("…", Origin::Program)),
            },
            (Val::Text(text), "split" | "splitlines" | "lines" | "chars" | "tokenize") => {
                let between = match first {
                    Val::Text(text) => text,
                    _ => String::new(),
                };
                let parts: Vec<Val> = match (member, between.as_str()) {
                    ("splitlines" | "lines", _) => text.lines().take(256).map(Val::text).collect(),
                    ("chars", _) => text.chars().take(1024).map(|c| Val::text(c.to_string())).collect(),
                    (_, "") if given.list.is_empty() => {
                        text.split_whitespace().take(256).map(Val::text).collect()
                    }
                    (_, "") => text.chars().take(1024).map(|c| Val::text(c.to_string())).collect(),
                    (_, between) => text.split(between).take(256).map(Val::text).collect(),
                };
                Val::List(parts)
            }
            (Val::Text(text), "bytes" | "codepoints") => {
                Val::List(text.chars().take(1024).map(|c| Val::Number(i64::from(c as u32))).collect())
            }
            (Val::Text(text), "format" | "formatted" | "stripIndent") => {
                let text = text.clone();
                if self.what.language == Language::Python {
                    Val::Text(self.brace_format(&text, given))
                } else {
                    Val::Text(self.percent_format(&text, &given.list))
                }
            }
            (_, "slice" | "substring" | "substr" | "sub" | "take" | "drop") => {
                let (from, to) = (first.as_number(), given.at(1).as_number());
                match member {
                    "take" => pure::slice(value, None, from, false),
                    "drop" => pure::slice(value, from, None, false),
                    "substr" => pure::slice(value, from, to, true),
                    "sub" => pure::slice(value, from.map(|n| n - 1), to, false),
                    "slice" if self.what.language == Language::Ruby => pure::slice(value, from, to, true),
                    _ => pure::slice(value, from, to, false),
                }
            }
            (_, "charAt" | "at" | "get" | "dig" | "fetch") => {
                let found = self.element(value, &first);
                if found == Val::None { given.at(1) } else { found }
            }
            (Val::List(list), "first" | "shift" | "head") => list.first().cloned().unwrap_or(Val::None),
            (Val::List(list), "last" | "pop") => list.last().cloned().unwrap_or(Val::None),
            (Val::List(list), "pack") => {
                let flat: Vec<Val> = list.clone();
                let format = self.text_of(&first);
                self.pack(&format, &flat)
            }
            (Val::Text(text), "unpack" | "unpack1") => {
                let format = self.text_of(&first);
                let text = text.clone();
                let decoded = self.unpack(&format, &text);
                if member == "unpack" { Val::List(vec![decoded]) } else { decoded }
            }
            // Each piece that fits, and of patterns that are not read the whole.
            (Val::Text(text), "gmatch") => match self.text_of(&first).as_str() {
                "%S+" => Val::List(text.split_whitespace().take(256).map(Val::text).collect()),
                "." => Val::List(text.chars().take(256).map(Val::text).collect()),
                _ => Val::List(vec![value.clone()]),
            },
            (Val::Text(text), "fromhex") => decode::hex(text).map_or(Val::None, Val::Text),
            (Val::Map(entries), "values") => {
                Val::List(entries.iter().map(|(_, value)| value.clone()).collect())
            }
            (Val::Map(entries), "keys") => Val::List(entries.iter().map(|(key, _)| Val::text(key)).collect()),
            (Val::Map(entries), "items" | "entries") => Val::List(
                entries.iter().map(|(key, value)| Val::List(vec![Val::text(key), value.clone()])).collect(),
            ),
            (
                Val::Text(_) | Val::List(_) | Val::Number(_),
                "strip" | "trim" | "chomp" | "rstrip" | "lstrip" | "freeze" | "dup" | "clone" | "read"
                | "text" | "json" | "to_a" | "to_path" | "toList" | "sort" | "flatten" | "uniq" | "compact"
                | "values" | "b" | "body" | "content" | "getText" | "readlines" | "readline" | "trimEnd"
                | "trimStart" | "sync" | "to_str" | "valueOf" | "copy" | "list" | "get_body"
                | "decoded_content",
            ) => match (value, member) {
                (Val::Text(text), "strip" | "trim" | "chomp" | "rstrip" | "trimEnd") => {
                    Val::text(text.trim_end().trim_start_matches(|c: char| {
                        c.is_whitespace() && !matches!(member, "chomp" | "rstrip" | "trimEnd")
                    }))
                }
                _ => value.clone(),
            },
            (Val::Function(_), _) => value.clone(),
            (Val::Text(text), _) if value::has_hole(text) => {
                // Whatever is made of text from elsewhere is from there.
                self.call_back(given, value);
                match self.machine.unknowns.origin(text) {
                    Some(origin) if origin >= Origin::Secret => value.clone(),
                    _ => Val::Text(self.hole("…", Origin::Program)),
                }
            }
            _ => {
                self.call_back(given, &Val::None);
                Val::None
            }
        }
    }

    /// `list.each { … }` and its like.
    fn each_value(&mut self, value: &Val, member: &str, given: &Given) -> Val {
        let values: Vec<Val> = match value {
            Val::List(list) => list.clone(),
            Val::Text(text) if member == "each_char" => {
                text.chars().map(|c| Val::text(c.to_string())).collect()
            }
            Val::Text(text) => text.lines().map(Val::text).collect(),
            Val::Map(entries) => {
                entries.iter().map(|(key, value)| Val::List(vec![Val::text(key), value.clone()])).collect()
            }
            other => vec![other.clone()],
        };
        let function = given.first();
        let mut out = Vec::new();
        for value in values.into_iter().take(64) {
            let result = match &function {
                // `map(&:chr)`: a method by its name.
                Val::Text(name) => self.method(&value, &name.clone(), Given::default(), None),
                function => {
                    let function = function.clone();
                    let arguments = match &value {
                        Val::List(parts) if self.what.language == Language::Ruby => parts.clone(),
                        other => vec![other.clone()],
                    };
                    self.call(&function, Given::of(arguments))
                }
            };
            out.push(match member {
                "map" | "collect" | "flatMap" | "flat_map" => result,
                _ => value,
            });
            if self.machine.fuel == 0 {
                break;
            }
        }
        Val::List(out)
    }

    /// `value.member` without a call.
    pub(super) fn attribute(&mut self, value: &Val, member: &str) -> Val {
        match (value, member) {
            // What makes functions is reached from anything: `[].constructor.constructor("code")()`.
            (_, "constructor")
                if self.what.language == Language::JavaScript && !matches!(value, Val::Map(_)) =>
            {
                Val::Name("Function".to_owned())
            }
            (Val::Name(base), _) => match self.known_attribute(base, member) {
                Some(known) => known,
                None => Val::Name(format!("{base}.{member}")),
            },
            (Val::Map(_), _) => value.entry(member).cloned().unwrap_or(Val::None),
            (Val::Thing(Sort::Path, text), "name" | "stem" | "basename") => Val::Text(pure::base_name(text)),
            (Val::Thing(Sort::Path, text), "parent" | "dirname" | "parentFile") => {
                Val::Thing(Sort::Path, pure::folder_name(text))
            }
            (Val::Thing(Sort::Path, _), "path" | "absolutePath" | "to_s" | "canonicalPath") => value.clone(),
            (Val::Thing(Sort::Process, _), "stdin" | "stdout" | "stderr") => value.clone(),
            (Val::Thing(Sort::Process, text), _) => Val::text(text.clone()),
            (Val::Thing(Sort::Socket, _), _) => value.clone(),
            (Val::Text(text), _) if value::has_hole(text) => value.clone(),
            (Val::Text(text), "length" | "size") => {
                Val::Number(i64::try_from(text.chars().count()).unwrap_or(0))
            }
            (Val::List(list), "length" | "size") => Val::Number(i64::try_from(list.len()).unwrap_or(0)),
            // A `path` of an entry whose text is a path.
            (Val::Text(_), "path" | "name" | "text") => value.clone(),
            _ => Val::None,
        }
    }

    /// `value[key]`
    pub(super) fn element(&mut self, value: &Val, key: &Val) -> Val {
        if matches!(key, Val::Text(key) if key == "constructor") {
            return self.attribute(value, "constructor");
        }
        let from_one = matches!(self.what.language, Language::Lua | Language::R | Language::Julia);
        match (value, key) {
            (Val::List(list), Val::Number(at)) => {
                let at = if from_one { at - 1 } else { *at };
                let at = if at < 0 { at + i64::try_from(list.len()).unwrap_or(0) } else { at };
                match usize::try_from(at).ok().and_then(|at| list.get(at)) {
                    Some(value) => value.clone(),
                    // What is given on the command line and not known here.
                    None => Val::Text(self.hole("$1", Origin::Variable)),
                }
            }
            (Val::Text(text), Val::Number(at)) if !value::has_hole(text) => {
                let count = i64::try_from(text.chars().count()).unwrap_or(0);
                let at = if *at < 0 {
                    at + count
                } else if from_one {
                    at - 1
                } else {
                    *at
                };
                let letter = usize::try_from(at).ok().and_then(|at| text.chars().nth(at));
                letter.map_or(Val::None, |letter| Val::text(letter.to_string()))
            }
            (Val::Text(text), _) if value::has_hole(text) => value.clone(),
            (Val::Map(_), key) => {
                key.as_text().and_then(|key| value.entry(&key).cloned()).unwrap_or(Val::None)
            }
            _ => Val::None,
        }
    }

    /// A function without effect.
    pub(super) fn pure_call(&mut self, fun: Fun, given: &Given) -> Val {
        let first = given.first();
        match fun {
            Fun::Base64 | Fun::Base32 | Fun::Hex | Fun::Inflate | Fun::Rot13 | Fun::Percent => {
                let text = self.text_of(&first);
                let decoded = match fun {
                    Fun::Base64 => decode::base64(&text),
                    Fun::Base32 => decode::base32(&text),
                    Fun::Hex => decode::hex(&text),
                    Fun::Inflate => decode::inflate(&text),
                    Fun::Rot13 => Some(decode::rot13(&text)),
                    _ => Some(decode::percent(&text)),
                };
                match decoded {
                    Some(text) => self.bounded(text),
                    None => {
                        let origin = self.machine.unknowns.origin(&text).unwrap_or(Origin::Program);
                        Val::Text(self.hole("…", origin))
                    }
                }
            }
            Fun::Decode => self.decoded(given),
            Fun::Chr | Fun::Codes => {
                let mut values = Vec::new();
                given.list.iter().for_each(|value| value.flatten(&mut values));
                let mut out = String::new();
                for value in values {
                    match value.as_number() {
                        Some(number) => out.push(decode::safe_char(u32::try_from(number).unwrap_or(0xFFFD))),
                        None => out.push_str(&self.hole("…", Origin::Program)),
                    }
                }
                self.bounded(out)
            }
            Fun::Ord => first
                .as_text()
                .and_then(|text| text.chars().next())
                .map_or(Val::None, |c| Val::Number(i64::from(c as u32))),
            Fun::Same if given.list.is_empty() => given.option("text").unwrap_or(Val::None),
            Fun::Same => first,
            Fun::Text => match first {
                // `bytes([114, 109])`
                Val::List(list) if list.iter().all(|value| matches!(value, Val::Number(_))) => {
                    self.pure_call(Fun::Codes, &Given::of(list))
                }
                Val::None => Val::None,
                other => Val::Text(self.text_of(&other)),
            },
            Fun::Number => {
                let text = self.text_of(&first);
                let base = match given.at(1).as_number() {
                    Some(base @ 2..=36) => u32::try_from(base).unwrap_or(10),
                    _ => 10,
                };
                let digits = text.trim().trim_start_matches("0x");
                let base = if text.trim().starts_with("0x") { 16 } else { base };
                i64::from_str_radix(digits, base).map_or(Val::None, Val::Number)
            }
            Fun::List | Fun::Concat => {
                if fun == Fun::Concat {
                    let mut values = Vec::new();
                    given.list.iter().for_each(|value| value.flatten(&mut values));
                    let texts: Vec<String> = values.iter().map(|value| self.text_of(value)).collect();
                    return self.bounded(texts.concat());
                }
                match (&first, given.list.len()) {
                    (Val::Text(text), 1) if self.what.language != Language::R => {
                        Val::List(text.chars().take(1024).map(|c| Val::text(c.to_string())).collect())
                    }
                    (Val::List(_), 1) => first,
                    (Val::None, 0) => Val::List(Vec::new()),
                    _ => Val::List(given.list.clone()),
                }
            }
            Fun::Range => {
                let (from, to) = match given.list.len() {
                    0 | 1 => (0, first.as_number()),
                    _ => (first.as_number().unwrap_or(0), given.at(1).as_number()),
                };
                let step = given.at(2).as_number().unwrap_or(1);
                match to {
                    Some(to) if step > 0 => {
                        let step = usize::try_from(step).unwrap_or(1);
                        Val::List((from..to).step_by(step).take(64).map(Val::Number).collect())
                    }
                    _ => Val::None,
                }
            }
            Fun::Reverse => {
                let value = match given.list.len() {
                    0 => self.get("_").unwrap_or(Val::None),
                    1 => first,
                    _ => Val::List(given.list.clone()),
                };
                // `scalar reverse("…")` of Perl turns text; so does `reverse` of one text elsewhere.
                pure::reversed(&value)
            }
            Fun::Join => {
                let php_list_first = matches!(first, Val::List(_));
                let (between, values) = if php_list_first {
                    (given.at(1), vec![first])
                } else {
                    (first, given.list.iter().skip(1).cloned().collect())
                };
                let between = match between {
                    Val::None => String::new(),
                    other => self.text_of(&other),
                };
                let mut flat = Vec::new();
                values.iter().for_each(|value| value.flatten(&mut flat));
                let texts: Vec<String> = flat.iter().map(|value| self.text_of(value)).collect();
                self.bounded(texts.join(&between))
            }
            Fun::JoinPath => {
                let parts: Vec<String> = given.list.iter().filter_map(pure::path_text).collect();
                if parts.len() < given.list.len() {
                    let parts: Vec<String> = given.list.iter().map(|value| self.text_of(value)).collect();
                    return Val::Text(pure::join_path(&parts));
                }
                Val::Text(pure::join_path(&parts))
            }
            Fun::Split => {
                let (between, text) = (self.text_of(&first), self.text_of(&given.at(1)));
                if between.is_empty() {
                    return Val::List(text.chars().take(1024).map(|c| Val::text(c.to_string())).collect());
                }
                if matches!(between.as_str(), " " | "\\s+") {
                    return Val::List(text.split_whitespace().take(256).map(Val::text).collect());
                }
                Val::List(text.split(&between).take(256).map(Val::text).collect())
            }
            Fun::Replace => {
                let texts: Vec<String> = given.list.iter().take(3).map(|value| self.text_of(value)).collect();
                match (&texts[..], self.what.language) {
                    // PHP: search, replace, subject; Lua: subject, pattern, replacement.
                    ([from, to, text], Language::Php) => match value::replaced(text, from, to, true) {
                        Some(text) => Val::Text(text),
                        None => Val::Text(self.hole("…", Origin::Program)),
                    },
                    ([text, from, to], _) => match pure::replace_pattern(text, from, to, true) {
                        Some(text) => Val::Text(text),
                        None => Val::Text(self.hole("…", Origin::Program)),
                    },
                    _ => Val::None,
                }
            }
            Fun::Format => {
                let format = self.text_of(&first);
                let rest: Vec<Val> = given.list.iter().skip(1).cloned().collect();
                match self.what.language {
                    Language::Perl | Language::Php if !format.contains('%') => {
                        // `pack` and `unpack` tell each other apart by what they are given.
                        match rest.first() {
                            Some(Val::Text(text))
                                if rest.len() == 1
                                    && (format.starts_with('u') || format.starts_with('m')) =>
                            {
                                let text = text.clone();
                                self.unpack(&format, &text)
                            }
                            _ => self.pack(&format, &rest),
                        }
                    }
                    Language::R => {
                        let texts: Vec<String> = given.list.iter().map(|value| self.text_of(value)).collect();
                        self.bounded(texts.join(" "))
                    }
                    _ => Val::Text(self.percent_format(&format, &rest)),
                }
            }
            Fun::Upper => Val::Text(self.text_of(&first).to_uppercase()),
            Fun::Lower => Val::Text(self.text_of(&first).to_lowercase()),
            Fun::Slice => {
                let (from, length) = (given.at(1).as_number(), given.at(2).as_number());
                if self.what.language == Language::Lua {
                    return pure::slice(&first, from.map(|n| if n > 0 { n - 1 } else { n }), length, false);
                }
                pure::slice(&first, from, length, true)
            }
            Fun::Repeat => {
                let times = given.at(1);
                let text = self.text_of(&first);
                match times.as_number() {
                    Some(times)
                        if text.len().saturating_mul(usize::try_from(times).unwrap_or(0)) < 16 * 1024 =>
                    {
                        Val::Text(text.repeat(usize::try_from(times).unwrap_or(0)))
                    }
                    _ => Val::Text(self.hole("…", Origin::Program)),
                }
            }
            Fun::Home => Val::Text(HOME.to_string()),
            Fun::ExpandUser => {
                let text = self.text_of(&first);
                Val::Text(pure::expand_user(&text))
            }
            Fun::Base => Val::Text(pure::base_name(&self.text_of(&first))),
            Fun::Folder => Val::Text(pure::folder_name(&self.text_of(&first))),
            Fun::Here => {
                let here = self.machine.state.cwd.clone();
                Val::Text(if here.is_empty() { ".".to_owned() } else { here })
            }
            Fun::Length => match first {
                Val::List(list) => Val::Number(i64::try_from(list.len()).unwrap_or(0)),
                Val::Text(text) if !value::has_hole(&text) => {
                    Val::Number(i64::try_from(text.chars().count()).unwrap_or(0))
                }
                _ => Val::None,
            },
            Fun::Words => Val::List(pure::words(&self.text_of(&first))),
            Fun::First | Fun::Last | Fun::Sort | Fun::Translate | Fun::Data => self.picked(fun, given),
            Fun::Accounts | Fun::Processes | Fun::Process => self.listed_by_system(fun, given),
        }
    }
}
