//! Expressions to values.

use std::rc::Rc;

use super::data::{Data, Kind, number, type_name};
use super::dotnet::{gathered_from, is_gathered};
use super::operators::join;
use crate::safety::machine::{DEPTH, Machine, VALUE_BYTES};
use crate::safety::value;
use crate::syntax::ir::{Access, Expression, ExpressionKind, Part, PartKind, Quote, Word};

impl Machine<'_> {
    /// The value of an expression.
    pub(super) fn value(&mut self, expression: &Expression) -> Data {
        if self.depth >= DEPTH * 2 || !self.spend(1) {
            self.cut = true;
            return Data::Null;
        }
        match &expression.kind {
            ExpressionKind::Word(word) => self.word_value(word),
            ExpressionKind::Number(text) => match number(text) {
                Some(number) => Data::Number(number),
                None => Data::text(text.clone()),
            },
            ExpressionKind::List(list) => {
                let list = list.iter().take(4096).map(|item| self.value(item)).collect();
                Data::list(list)
            }
            ExpressionKind::Record(entries) => {
                let mut map = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let key = self.value(key).to_text();
                    map.push((key, self.value(value)));
                }
                Data::Map(map.into())
            }
            ExpressionKind::Access { value, steps } => self.access(value, steps, expression),
            ExpressionKind::Unary { operator, operand } => self.unary_value(operator, operand),
            ExpressionKind::Binary { first, rest } => {
                let mut left = self.value(first);
                let mut index = 0;
                while let Some((operator, operand)) = rest.get(index) {
                    index += 1;
                    if operator == "?" {
                        let one = self.value(operand);
                        let other = rest.get(index).map(|(_, other)| self.value(other));
                        let condition = left.to_bool();
                        return match (condition, other) {
                            (Some(false), Some(other)) => other,
                            _ => one,
                        };
                    }
                    if matches!(operator.as_str(), "-is" | "-isnot") {
                        left = self.unknown("$(… -is …)", &[]);
                        continue;
                    }
                    let right = self.value(operand);
                    left = self.binary(operator, left, right);
                }
                left
            }
            ExpressionKind::Cast { to, value } => {
                let held = self.value(value);
                let to = type_name(to);
                if to.contains('(') { held } else { self.cast(&to, held) }
            }
            ExpressionKind::Type(name) => Data::Type(self.qualified(type_name(name))),
            ExpressionKind::Program { program, list } => {
                let written = self.blocks(program, &[]);
                // A list in parentheses stays the list it is.
                if *list { Data::list(written) } else { Data::of(written) }
            }
            ExpressionKind::Closure(closure) => {
                self.spend(expression.span.len() / 64);
                Data::Closure(Rc::new((**closure).clone()))
            }
            ExpressionKind::Opaque => self.unknown("…", &[]),
        }
    }

    fn unary_value(&mut self, operator: &str, operand: &Expression) -> Data {
        let held = self.value(operand);
        match operator {
            "!" | "-not" => match held.to_bool() {
                Some(known) => Data::Bool(!known),
                None => held,
            },
            "-" | "+" => match held.to_number() {
                Some(number) => Data::Number(if operator == "-" { -number } else { number }),
                None => held,
            },
            "-bnot" => held.to_number().map_or(held, |number| Data::Number(!number)),
            "-join" => join(&held, ""),
            "-split" => {
                let words = held.to_text();
                Data::list(words.split_whitespace().map(Data::text).collect())
            }
            "," => Data::list(vec![held]),
            "++" | "--" => {
                if let Some(number) = held.to_number() {
                    let by = if operator == "++" { 1 } else { -1 };
                    self.set_variable(operand, Data::Number(number + by));
                }
                Data::Null
            }
            _ => held,
        }
    }

    fn set_variable(&mut self, target: &Expression, new: Data) {
        if let ExpressionKind::Word(word) = &target.kind
            && let [Part { kind: PartKind::Parameter(parameter), .. }] = &word.parts[..]
        {
            self.remember(&parameter.name.clone(), new);
        }
    }

    /// The value that a word is: the thing itself where it is one part, text where it is several.
    pub(super) fn word_value(&mut self, word: &Word) -> Data {
        if let [part] = &word.parts[..] {
            return self.part_value(part);
        }
        self.spend(word.span.len() / 64);
        Data::Text(self.parts_text(&word.parts))
    }

    fn part_value(&mut self, part: &Part) -> Data {
        match &part.kind {
            PartKind::Text(text) => Data::Text(self.own(text).into_owned()),
            PartKind::Quoted { style: Quote::Single, parts } => match &parts[..] {
                [Part { kind: PartKind::Text(text), .. }] => Data::Text(self.own(text).into_owned()),
                parts => Data::Text(self.parts_text(parts)),
            },
            PartKind::Quoted { parts, .. } => Data::Text(self.parts_text(parts)),
            PartKind::Parameter(parameter) => {
                let held = self.recall_or_hole(&parameter.name);
                // Lists are shared, texts are copied.
                if let Data::Text(text) = &held {
                    self.spend(text.len() / 256);
                }
                held
            }
            PartKind::Substitution(program) => Data::of(self.blocks(program, &[])),
            PartKind::Expression(expression) => self.value(expression),
            PartKind::Closure(closure) => {
                self.spend(part.span.len() / 64);
                Data::Closure(Rc::new((**closure).clone()))
            }
            _ => self.unknown("…", &[]),
        }
    }

    fn parts_text(&mut self, parts: &[Part]) -> String {
        let mut out = String::new();
        for part in parts {
            if out.len() > VALUE_BYTES {
                self.cut = true;
                break;
            }
            match &part.kind {
                PartKind::Text(text) => out.push_str(&self.own(text)),
                _ => match self.part_value(part) {
                    // `$OFS` stands between the elements of a list.
                    Data::List(list) => {
                        let between = self.recall("ofs").map_or_else(|| " ".to_owned(), |ofs| ofs.to_text());
                        out.push_str(&join(&Data::List(list), &between).to_text());
                    }
                    other => out.push_str(&other.to_text()),
                },
            }
        }
        out
    }

    fn access(&mut self, value: &Expression, steps: &[Access], whole: &Expression) -> Data {
        let span = self.at(whole.span);
        let mut held = self.value(value);
        // A method that is named and not called is a value, whose own method `Invoke` calls it.
        let mut named: Option<(Data, String, bool)> = None;
        for (index, step) in steps.iter().enumerate() {
            if !self.spend(1) {
                return Data::Null;
            }
            held = match step {
                Access::Index(at) => {
                    let at = self.value(at);
                    self.index(&held, &at)
                }
                Access::Member { name, is_static } => {
                    let name = self.value(name).to_text();
                    named = Some((held.clone(), name.clone(), *is_static));
                    if *is_static { self.static_member(&held, &name) } else { self.member(&held, &name) }
                }
                Access::Call { name, is_static, arguments } => {
                    let name = self.value(name).to_text();
                    let given: Vec<Data> = arguments.iter().map(|argument| self.value(argument)).collect();
                    if let Some((owner, method, of_type)) =
                        named.take().filter(|_| name.eq_ignore_ascii_case("invoke"))
                        && has_methods(&owner)
                        && !matches!(held, Data::Closure(_))
                    {
                        held = if of_type {
                            self.static_call(&owner, &method, &given, span)
                        } else {
                            self.call_method(&owner, &method, &given, span)
                        };
                        continue;
                    }
                    // These change what their argument names.
                    let result = if *is_static {
                        self.static_call(&held, &name, &given, span)
                    } else {
                        self.call_method(&held, &name, &given, span)
                    };
                    self.changes_argument(&held, &name, arguments, &given);
                    let result =
                        if name.eq_ignore_ascii_case("setvalue") && index > 0 { Data::Null } else { result };
                    // What gathers gives itself back, so that the next step changes it as well.
                    let own = index == 0 || is_gathered(&name.to_lowercase());
                    if own
                        && !*is_static
                        && let Some(changed) = self.changed_receiver(&held, &name, &given)
                    {
                        self.set_variable(value, changed);
                    }
                    result
                }
            };
        }
        held
    }

    /// What a list or text object is after a method that changes it.
    fn changed_receiver(&mut self, held: &Data, name: &str, given: &[Data]) -> Option<Data> {
        let name = name.to_lowercase();
        match (held, name.as_str()) {
            (Data::List(list), "add" | "push" | "enqueue") => {
                let mut list = (**list).clone();
                list.extend(given.first().cloned());
                Some(Data::list(list))
            }
            (Data::List(list), "addrange") => {
                let mut list = (**list).clone();
                list.extend(given.first().cloned().map(Data::unrolled).unwrap_or_default());
                Some(Data::list(list))
            }
            (Data::List(list), "reverse") => {
                let mut list = (**list).clone();
                list.reverse();
                Some(Data::list(list))
            }
            (Data::Map(map), "add") => {
                let mut map = (**map).clone();
                if let [key, value] = given {
                    map.push((key.to_text(), value.clone()));
                }
                Some(Data::Map(map.into()))
            }
            (Data::Object(object), "append" | "appendline") if object.text.contains("stringbuilder") => {
                let mut object = (**object).clone();
                let before = object.fields.iter().position(|(name, _)| name == "text");
                let more = given.first().map(Data::to_text).unwrap_or_default();
                match before {
                    Some(at) => {
                        let old = object.fields[at].1.to_text();
                        object.fields[at].1 = Data::Text(old + &more);
                    }
                    None => object.fields.push(("text".to_owned(), Data::Text(more))),
                }
                Some(Data::Object(object.into()))
            }
            // Commands and arguments are gathered until something is invoked.
            (Data::Object(object), method) if object.of == Kind::Made && is_gathered(method) => {
                let mut object = (**object).clone();
                let data = gathered_from(method, given);
                object.fields.push((name, data));
                Some(Data::Object(object.into()))
            }
            _ => None,
        }
    }

    /// `[array]::Reverse($x)` and `$stream.Read($buffer, …)`.
    fn changes_argument(&mut self, held: &Data, name: &str, arguments: &[Expression], given: &[Data]) {
        let lower = name.to_lowercase();
        let (Some(target), Some(first)) = (arguments.first(), given.first()) else { return };
        match held {
            Data::Type(name) if name == "array" && lower == "reverse" => {
                let mut list = first.clone().unrolled();
                list.reverse();
                self.set_variable(target, Data::list(list));
            }
            other if matches!(lower.as_str(), "read" | "receive" | "readasync") => {
                if let Some(origin) = self.origin_of(other) {
                    let hole = self.unknowns.hole("what is received", origin).to_string();
                    self.set_variable(target, Data::Text(hole));
                }
            }
            _ => {}
        }
    }

    pub(super) fn index(&mut self, held: &Data, at: &Data) -> Data {
        match (held, at) {
            (_, Data::List(list)) if !matches!(held, Data::Map(_)) => {
                if !self.spend(list.len() / 16) {
                    return self.unknown("$(…)[…]", &[held, at]);
                }
                // The letters of a text are told apart once, not for each place.
                if let Data::Text(text) = held
                    && !value::has_hole(text)
                {
                    self.spend(text.len() / 64);
                    return self.index(&Data::list(held.letters()), at);
                }
                let picked: Vec<Data> = list.iter().take(4096).map(|at| self.index(held, at)).collect();
                Data::list(picked)
            }
            (Data::Map(map), key) => {
                let key = key.to_text();
                let found = map.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(&key));
                found.map_or(Data::Null, |(_, value)| value.clone())
            }
            (Data::Text(text), at) if value::has_hole(text) => self.unknown("$(…)[…]", &[held, at]),
            (Data::Text(_), at) => {
                let Some(number) = at.to_number() else { return self.unknown("$(…)[…]", &[held]) };
                pick(&held.letters(), number)
            }
            (Data::List(list), at) => match at.to_number() {
                Some(number) => pick(list, number),
                None => self.unknown("$(…)[…]", &[held]),
            },
            (Data::Bytes(bytes), at) => match at.to_number().and_then(|at| usize::try_from(at).ok()) {
                Some(at) => bytes.get(at).map_or(Data::Null, |&byte| Data::Number(i64::from(byte))),
                None => self.unknown("$(…)[…]", &[]),
            },
            (Data::Null, _) => Data::Null,
            // What a search gives stands for all that it finds.
            (Data::Object(object), _) if matches!(object.of, Kind::Item | Kind::Cim | Kind::Disk) => {
                held.clone()
            }
            _ => self.unknown("$(…)[…]", &[held]),
        }
    }
}

fn pick(list: &[Data], at: i64) -> Data {
    let at = if at < 0 { at + list.len() as i64 } else { at };
    usize::try_from(at).ok().and_then(|at| list.get(at)).cloned().unwrap_or(Data::Null)
}

/// True for a value whose methods are known by name.
fn has_methods(owner: &Data) -> bool {
    match owner {
        Data::Object(object) => {
            matches!(object.of, Kind::Made | Kind::Item | Kind::Encoding | Kind::Invoker | Kind::Cim)
        }
        Data::Type(_) => true,
        _ => false,
    }
}
