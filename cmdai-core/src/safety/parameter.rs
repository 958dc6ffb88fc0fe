//! Parameters: `$name`, `${name}` and all that can be done to a value on the way.

use super::expand::{elements, quoted_for_shell};
use super::machine::{Flow, Machine, VALUE_BYTES, Value};
use super::value::{self, ANY, HOME, Origin, STAR};
use super::variables::is_unset;
use super::{expand, pure};
use crate::line::Dialect;
use crate::syntax::ir::{Operation, Parameter, Part, PartKind, Word};

/// What a home directory looks like where it is not known.
const SOME_HOME: &str = "/home/user";

impl Machine<'_> {
    /// The value of `$name` or `${…}`.
    pub(super) fn parameter(&mut self, parameter: &Parameter) -> Value {
        if let Some(Operation::Zsh(zsh)) = &parameter.operation {
            return self.zsh_value(parameter, zsh);
        }
        let name = self.own(&parameter.name).into_owned();
        if parameter.indirect
            && let Some(value) = self.names(&name, parameter)
        {
            return value;
        }
        let known = self.named(&name, parameter);
        if parameter.length {
            let length = match &known {
                Some(Value::One(text)) if !value::has_hole(text) => Some(text.chars().count()),
                Some(Value::Many(list)) => Some(list.len()),
                Some(Value::Map(map)) => Some(map.len()),
                _ => None,
            };
            return Value::One(match length {
                Some(length) => length.to_string(),
                None => self.unknowns.hole(&format!("${{#{name}}}"), Origin::Variable).to_string(),
            });
        }
        if let Some(Value::One(text)) = &known {
            self.spend(text.len() / 512);
        }
        match &parameter.operation {
            // `${!k}` is what the variable is that `k` names.
            None if known.is_none() && parameter.indirect => {
                let target = self.named_directly(&name, parameter);
                let is_name =
                    |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                match target {
                    Some(Value::One(target)) if !target.is_empty() && is_name(&target) => self.unset(&target),
                    _ => self.unset(&name),
                }
            }
            None => known.unwrap_or_else(|| self.unset(&name)),
            Some(operation) => self.operate(&name, known, operation),
        }
    }

    fn unset(&mut self, name: &str) -> Value {
        if let Some(number) = self.number_of(name) {
            return Value::One(number);
        }
        if self.state.shell().unset.iter().any(|known| known == name) {
            return Value::default();
        }
        if name == "BASH_COMMAND" {
            // In a trap, whatever is typed.
            return Value::One(self.unknowns.hole("what you type", Origin::Secret).to_string());
        }
        let shown = if self.state.shell().nounset && name.starts_with(char::is_alphabetic) {
            // Where it is not set the line stops here.
            format!("${{{name}:?}}")
        } else if name.chars().all(|c| c.is_alphanumeric() || c == '_') || name.len() == 1 {
            format!("${name}")
        } else {
            format!("${{{name}}}")
        };
        Value::One(self.unknowns.hole(&shown, Origin::Variable).to_string())
    }

    /// Variables of the shell that hold some number.
    fn number_of(&mut self, name: &str) -> Option<String> {
        match name {
            "RANDOM" | "SRANDOM" | "SECONDS" | "LINENO" | "EPOCHSECONDS" | "EPOCHREALTIME" | "BASHPID"
            | "PPID" | "UID" | "EUID" | "SHLVL" | "$" | "!" => {
                Some(self.unknowns.hole(&format!("$(({name}))"), Origin::Variable).to_string())
            }
            _ => None,
        }
    }

    /// `${!prefix*}` and `${!array[@]}`.
    fn names(&mut self, name: &str, parameter: &Parameter) -> Option<Value> {
        if let Some(Operation::Other(word)) = &parameter.operation
            && matches!(word.literal().as_deref(), Some("*" | "@"))
        {
            let names = self.state.variables().iter().map(|(known, _)| known.to_string());
            return Some(Value::Many(names.filter(|known| known.starts_with(name)).collect()));
        }
        let all = parameter.index.as_ref().and_then(Word::literal);
        let all = all.is_some_and(|index| index == "@" || index == "*")
            || parameter.index.as_ref().is_some_and(is_star_alone);
        if !all {
            return None;
        }
        match self.get(name)? {
            Value::Map(map) => Some(Value::Many(map.into_iter().map(|(key, _)| key).collect())),
            Value::Many(list) => {
                let set = list.iter().enumerate().filter(|(_, text)| !is_unset(text));
                Some(Value::Many(set.map(|(at, _)| at.to_string()).collect()))
            }
            Value::One(_) => Some(Value::Many(vec!["0".to_owned()])),
        }
    }

    fn named(&mut self, name: &str, parameter: &Parameter) -> Option<Value> {
        if parameter.indirect {
            let target = match self.named_directly(name, parameter) {
                Some(Value::One(target)) => target,
                _ => return None,
            };
            // `${!x}` where x is `a[1]`.
            return match target.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
                Some((array, index)) => {
                    let value = self.get(array)?;
                    self.element(value, index)
                }
                None => {
                    let plain = Parameter {
                        name: target.clone(),
                        index: None,
                        indirect: false,
                        length: false,
                        operation: None,
                    };
                    self.named_directly(&target, &plain)
                }
            };
        }
        self.named_directly(name, parameter)
    }

    pub(super) fn named_directly(&mut self, name: &str, parameter: &Parameter) -> Option<Value> {
        if let Some(positional) = &self.state.positional {
            match name {
                "@" | "*" => {
                    let all = Value::Many(positional.to_vec());
                    self.spend(all.weight());
                    return Some(all);
                }
                // One that is not known may be several.
                "#" if positional.iter().any(|text| value::has_hole(text)) => return None,
                "#" => return Some(Value::One(positional.len().to_string())),
                _ => {}
            }
            if let Ok(number) = name.parse::<usize>()
                && number > 0
            {
                // One that is not given is empty, or a default stands for it.
                return positional.get(number - 1).cloned().map(Value::One).or_else(|| {
                    let has_default = matches!(parameter.operation, Some(Operation::Default { .. }));
                    (!has_default).then(Value::default)
                });
            }
        }
        if self.dialect == Dialect::Zsh
            && let Some(value) = self.zsh_special(name, parameter).or_else(|| self.zsh_tied(name))
        {
            return Some(value);
        }
        match name {
            "?" => {
                return match self.status {
                    super::machine::Status::True => Some(Value::One("0".to_owned())),
                    super::machine::Status::False => Some(Value::One("1".to_owned())),
                    super::machine::Status::Unknown => None,
                };
            }
            "FUNCNAME" => return self.active.last().cloned().map(Value::One),
            "BASH_VERSION" => return None,
            _ => {}
        }
        if parameter.index.is_none()
            && !matches!(self.state.variable(name), Some(Value::Many(_) | Value::Map(_)))
        {
            return self.get(name);
        }
        let zsh = self.dialect == Dialect::Zsh && !self.zsh.as_ksh;
        let index = match &parameter.index {
            Some(word) if is_star_alone(word) => Some("*".to_owned()),
            Some(word) => Some(self.single(word)),
            // zsh: an array without an index is all of it.
            None if zsh => Some("@".to_owned()),
            None => None,
        };
        let at = match index.as_deref() {
            Some("@" | "*") => None,
            Some(index) => self.calculate(index),
            None => Some(0),
        };
        // One element of a long list is taken without a copy of the list.
        if let Some(Value::Many(list)) = self.state.variable(name)
            && let Some(at) = at
            && !zsh
        {
            return pick_element(list, at);
        }
        let value = self.get(name)?;
        self.spend(match &value {
            Value::Many(list) => list.len() / 8,
            Value::Map(map) => map.len() / 8,
            Value::One(_) => 0,
        });
        match index {
            Some(index) => self.element(value, &index),
            None => Some(Value::One(elements(value).into_iter().next().unwrap_or_default())),
        }
    }

    /// One element, or all.
    fn element(&mut self, value: Value, index: &str) -> Option<Value> {
        if self.dialect == Dialect::Zsh {
            return self.zsh_element(value, index);
        }
        if index == "@" || index == "*" {
            return Some(match value {
                Value::Map(map) => Value::Map(map),
                value => Value::Many(elements(value)),
            });
        }
        match value {
            Value::Map(map) => {
                let found = map.into_iter().find(|(key, _)| key == index);
                Some(Value::One(found.map(|(_, text)| text).unwrap_or_default()))
            }
            value => {
                let list = if let Value::Many(list) = value { list } else { elements(value) };
                let at = self.calculate(index)?;
                pick_element(&list, at)
            }
        }
    }

    pub(super) fn operate(&mut self, name: &str, known: Option<Value>, operation: &Operation) -> Value {
        match operation {
            Operation::Default { operator, or_empty, word } => {
                return self.default(name, known, *operator, *or_empty, word);
            }
            Operation::Substring { offset, length }
                if matches!(known, Some(Value::Many(_) | Value::Map(_))) =>
            {
                let (offset, length) = self.range(offset, length.as_ref());
                let Some(offset) = offset else { return known.unwrap_or_default() };
                let mut list = known.map(elements).unwrap_or_default();
                // The elements of `$@` are counted from `$0`.
                if matches!(name, "@" | "*") {
                    let shell = self.told("0").unwrap_or_default();
                    list.insert(0, shell);
                }
                let (from, to) = bounds(list.len(), offset, length.flatten());
                // A pattern stands for any number of them, so what it gives may lie behind any border.
                let is_kept =
                    |(at, text): &(usize, &String)| (from..to).contains(at) || value::has_pattern(text);
                return Value::Many(
                    list.iter().enumerate().filter(is_kept).map(|(_, text)| text.clone()).collect(),
                );
            }
            _ => {}
        }
        match known {
            Some(Value::One(text)) => Value::One(self.changed(name, &text, operation)),
            Some(value) => {
                let list = elements(value);
                Value::Many(list.iter().take(256).map(|text| self.changed(name, text, operation)).collect())
            }
            // The first character of these is a slash on every machine.
            None if matches!(operation, Operation::Substring { .. })
                && matches!(name, "PATH" | "SHELL" | "OLDPWD") =>
            {
                let hole = self.unknowns.hole(&format!("${name}"), Origin::Variable);
                Value::One(self.changed(name, &format!("/{hole}"), operation))
            }
            None if name == "PATH" && self.changed(name, "/usr/bin:/bin", operation) == "/" => {
                Value::One("/".to_owned())
            }
            None => Value::One(self.unknowns.hole(&format!("${{{name}…}}"), Origin::Variable).to_string()),
        }
    }

    /// The word of `${name:-word}` or `${name:+word}` where that is what stands for the value.
    pub(super) fn stand_in<'p>(&mut self, parameter: &'p Parameter) -> Option<&'p Word> {
        let Some(Operation::Default { operator: operator @ ('-' | '+'), or_empty, word }) =
            &parameter.operation
        else {
            return None;
        };
        if parameter.length {
            return None;
        }
        let name = self.own(&parameter.name).into_owned();
        let known = self.named(&name, parameter);
        (self.takes_word(&name, &known, *operator, *or_empty)).then_some(word)
    }

    /// True where the word of a default stands for the value.
    fn takes_word(&self, name: &str, known: &Option<Value>, operator: char, or_empty: bool) -> bool {
        let empty = match known {
            Some(Value::One(text)) => text.is_empty(),
            Some(Value::Many(list)) => list.concat().is_empty() && list.len() < 2,
            Some(Value::Map(map)) => map.is_empty(),
            None => false,
        };
        // Of a list without elements none is set.
        let none = matches!(known, Some(Value::Many(list)) if list.is_empty());
        let is_set = known.is_some() && !(empty && or_empty) && !none;
        // Which parameters are given is known, of variables it is not.
        let is_unset = known.is_none() && self.state.positional.is_some() && name.parse::<usize>().is_ok();
        match operator {
            // What it is where it is unset is the one value that the line shows.
            '-' | '=' => !is_set,
            ':' => true,
            '+' => is_set || (known.is_none() && !is_unset),
            _ => false,
        }
    }

    fn default(
        &mut self,
        name: &str,
        known: Option<Value>,
        operator: char,
        or_empty: bool,
        word: &Word,
    ) -> Value {
        if self.takes_word(name, &known, operator, or_empty) {
            let text = self.single(word);
            if matches!(operator, '=' | ':') {
                self.set(name, Value::One(text.clone()));
            }
            return Value::One(text);
        }
        match operator {
            '+' => Value::One(String::new()),
            '?' if known.is_none() => {
                // From here on it is not empty.
                self.single(word);
                let hole = self.unknowns.hole(&format!("${{{name}:?}}"), Origin::Variable).to_string();
                if or_empty && !name.starts_with(|letter: char| letter.is_ascii_digit()) {
                    self.set(name, Value::One(hole.clone()));
                }
                Value::One(hole)
            }
            _ => known.unwrap_or_else(|| self.unset(name)),
        }
    }

    /// Offset and length of a slice; the inner `None` is a length that is not given.
    fn range(&mut self, offset: &Word, length: Option<&Word>) -> (Option<i64>, Option<Option<i64>>) {
        let text = self.single(offset);
        let offset = self.calculate(&text);
        match length {
            None => (offset, Some(None)),
            Some(word) => {
                let text = self.single(word);
                let length = self.calculate(&text);
                (offset.filter(|_| length.is_some()), Some(length))
            }
        }
    }

    /// One text after an operation; each of its arms where it is a choice.
    fn changed(&mut self, name: &str, text: &str, operation: &Operation) -> String {
        if let Some((group, arms)) = self.unknowns.group_in(text) {
            let texts = (0..arms.min(value::ARMS))
                .map(|arm| {
                    let text = self.unknowns.pick(text, group, arm);
                    if self.unknowns.group_in(&text).is_some() {
                        self.unknowns.hole(&format!("${{{name}…}}"), Origin::Variable).to_string()
                    } else {
                        self.changed(name, &text, operation)
                    }
                })
                .collect();
            return self.unknowns.choice(group, texts);
        }
        if !self.spend(1 + text.len() / 256) {
            return String::new();
        }
        let new = self.change(name, text, operation);
        match new {
            Some(text) if text.len() <= VALUE_BYTES => text,
            _ => {
                let origin = self.unknowns.origin(text).unwrap_or(Origin::Variable);
                self.unknowns.hole(&format!("${{{name}…}}"), origin).to_string()
            }
        }
    }

    fn change(&mut self, name: &str, text: &str, operation: &Operation) -> Option<String> {
        let is_known = !value::has_hole(text);
        match operation {
            Operation::Substring { offset, length } => {
                let text = match text.strip_prefix(HOME) {
                    Some(rest) => format!("/{}{rest}", self.unknowns.hole("~", Origin::Variable)),
                    None if text == "." && name == "PWD" => {
                        format!("/{}", self.unknowns.hole("$PWD", Origin::Variable))
                    }
                    None => text.to_owned(),
                };
                let (offset, length) = self.range(offset, length.as_ref());
                substring(&text, offset?, length?)
            }
            Operation::Case { operator, all, pattern } => {
                let pattern = self.pattern(pattern)?;
                is_known.then(|| change_case(text, *operator, *all, &pattern))
            }
            Operation::Trim { suffix, longest, pattern } => {
                let pattern = self.pattern(pattern)?;
                if value::has_hole(&pattern) {
                    return None;
                }
                if let Some(rest) = text.strip_prefix(HOME).filter(|rest| !value::has_hole(rest)) {
                    // Whose home it is says nothing of how its path is built.
                    let trimmed = trim(&format!("{SOME_HOME}{rest}"), &pattern, *suffix, *longest);
                    return Some(match trimmed.strip_prefix(SOME_HOME) {
                        Some(rest) => format!("{HOME}{rest}"),
                        None => trimmed,
                    });
                }
                if !is_known {
                    // `${path%/}` of what nobody knows is still that; a piece that is known comes off.
                    let plain = !pattern.contains(['*', '?', value::SET.0, STAR, ANY]);
                    let rest =
                        if *suffix { text.strip_suffix(&pattern) } else { text.strip_prefix(&pattern) };
                    return plain.then(|| rest.unwrap_or(text).to_owned());
                }
                // Every border is tried, each with what lies behind it.
                if !self.spend(text.len().min(512) * text.len() / 512) {
                    return None;
                }
                Some(trim(text, &pattern, *suffix, *longest))
            }
            Operation::Replace { all, anchor, pattern, replacement } => {
                let pattern = self.pattern(pattern)?;
                let replacement = self.single(replacement);
                if value::has_hole(&pattern) || !is_known {
                    return None;
                }
                if !self.spend(text.len() / 16) {
                    return None;
                }
                replace(text, &pattern, &replacement, *all, *anchor)
            }
            Operation::Transform(letter) => match letter {
                // Control characters are written in a form that depends on the shell's version.
                'Q' if text.contains(char::is_control) => None,
                'Q' => Some(if is_known { quoted_for_shell(text) } else { text.to_owned() }),
                'E' => Some(pure::unescape(text)),
                'U' => is_known.then(|| text.to_uppercase()),
                'L' => is_known.then(|| text.to_lowercase()),
                'u' => is_known.then(|| change_case(text, '^', false, "")),
                'P' => {
                    if text.contains(['$', '`']) {
                        let code = format!("printf %s \"{}\"", text.replace('"', ""));
                        let span = self.outer.unwrap_or_default();
                        return Some(self.code(&code, span, Flow { input: None, want: true }));
                    }
                    Some(text.to_owned())
                }
                'A' => Some(format!("{name}={}", expand::quoted_for_shell(text))),
                'a' => Some(String::new()),
                _ => Some(text.to_owned()),
            },
            Operation::Other(word) => {
                self.single(word);
                None
            }
            _ => None,
        }
    }

    /// A word as a pattern: what is quoted in it stands for itself. `None` where it cannot be told.
    pub(super) fn pattern(&mut self, word: &Word) -> Option<String> {
        let mut out = String::new();
        self.pattern_parts(&word.parts, &mut out, false)?;
        close_sets(&out)
    }

    fn pattern_parts(&mut self, parts: &[Part], out: &mut String, quoted: bool) -> Option<()> {
        for part in parts {
            match &part.kind {
                PartKind::Quoted { parts, .. } => self.pattern_parts(parts, out, true)?,
                PartKind::Glob(text) => match text.as_str() {
                    "*" | "**" => out.push('*'),
                    "?" => out.push('?'),
                    "[" => out.push(value::SET.0),
                    // Flags of zsh: what is matched is kept, letter case aside.
                    text if text.starts_with("(#") && text.find(')') == Some(text.len() - 1) => {}
                    text => {
                        let set = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))?;
                        out.push(value::SET.0);
                        out.push_str(&self.own(set));
                        out.push(value::SET.1);
                    }
                },
                PartKind::Text(text) if out.is_empty() && self.dialect == Dialect::Zsh && !quoted => {
                    let text = self.own(text);
                    let flags = text.strip_prefix("(#").and_then(|rest| rest.split_once(')'));
                    push_literal(flags.map_or(&*text, |(_, rest)| rest), out);
                }
                PartKind::Text(text) => push_literal(&self.own(text), out),
                _ => {
                    let mut text = String::new();
                    let one = Word { parts: vec![part.clone()], span: part.span };
                    text.push_str(&self.single(&one));
                    if quoted { push_literal(&text, out) } else { out.push_str(&text) }
                }
            }
        }
        Some(())
    }
}

/// The element at a place.
fn pick_element(list: &[String], at: i64) -> Option<Value> {
    let at = if at < 0 { at.saturating_add(list.len() as i64) } else { at };
    let at = usize::try_from(at).ok()?;
    Some(Value::One(list.get(at).filter(|text| !is_unset(text)).cloned().unwrap_or_default()))
}

/// Text of a pattern that stands for itself.
fn push_literal(text: &str, out: &mut String) {
    for letter in text.chars() {
        if matches!(letter, '*' | '?') {
            out.extend([value::SET.0, letter, value::SET.1]);
        } else {
            out.push(letter);
        }
    }
}

/// Sets that the parser left open end at their bracket; one without is a bracket.
fn close_sets(text: &str) -> Option<String> {
    let (open, close) = value::SET;
    if !text.contains(open) {
        return Some(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        out.push_str(&rest[..at]);
        rest = &rest[at + open.len_utf8()..];
        let next_open = rest.find(open).unwrap_or(rest.len());
        if let Some(end) = rest[..next_open].find(close) {
            out.push(open);
            out.push_str(&rest[..end]);
            out.push(close);
            rest = &rest[end + close.len_utf8()..];
            continue;
        }
        let skip = rest.chars().next().filter(|first| matches!(first, '!' | '^')).map_or(0, char::len_utf8);
        let from = skip + rest[skip..].chars().next().map_or(0, char::len_utf8);
        let after = rest.get(from..)?;
        // Do not take the bracket of `[:class:]` for the end.
        let end = match after.find(":]").filter(|_| rest[..from].ends_with('[')) {
            Some(class) => after[class + 2..].find(']').map(|at| at + class + 2),
            None => after.find(']'),
        };
        match end {
            Some(end) => {
                out.push(open);
                out.push_str(&rest[..from + end]);
                out.push(close);
                rest = &rest[from + end + 1..];
            }
            None => out.push('['),
        }
    }
    out.push_str(rest);
    Some(out)
}

/// True for the index `*`, which is a pattern to the parser outside of quotes.
pub(super) fn is_star_alone(word: &Word) -> bool {
    matches!(&word.parts[..], [Part { kind: PartKind::Glob(text) | PartKind::Text(text), .. }] if text == "*")
}

/// The characters from `offset` on, `length` of them; both may be negative.
fn substring(text: &str, offset: i64, length: Option<i64>) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let (from, to) = bounds(letters.len(), offset, length);
    // Positions past a hole are not known.
    let known = letters.iter().take_while(|&&letter| !value::is_hole(letter)).count();
    if known < letters.len() && to > known {
        return None;
    }
    Some(letters.get(from..to).unwrap_or_default().iter().collect())
}

/// Where a slice of so many elements begins and ends.
fn bounds(count: usize, offset: i64, length: Option<i64>) -> (usize, usize) {
    let count = count as i64;
    // Nothing is left of what begins before the first.
    let from = if offset < -count {
        count
    } else if offset < 0 {
        count + offset
    } else {
        offset.min(count)
    };
    let to = match length {
        None => count,
        Some(length) if length < 0 => (count.saturating_add(length)).max(from),
        Some(length) => from.saturating_add(length).min(count),
    };
    (from as usize, to as usize)
}

fn change_case(text: &str, operator: char, all: bool, pattern: &str) -> String {
    let change = |letter: char| {
        if !pattern.is_empty() && !value::fits(pattern, letter.encode_utf8(&mut [0; 4])) {
            return letter.to_string();
        }
        match operator {
            '^' => letter.to_uppercase().collect::<String>(),
            ',' => letter.to_lowercase().collect::<String>(),
            _ if letter.is_uppercase() => letter.to_lowercase().collect::<String>(),
            _ => letter.to_uppercase().collect::<String>(),
        }
    };
    let mut letters = text.chars();
    if all && pattern.is_empty() && text.is_ascii() && operator == '^' {
        text.to_ascii_uppercase()
    } else if all && pattern.is_empty() && text.is_ascii() && operator == ',' {
        text.to_ascii_lowercase()
    } else if all {
        letters.map(change).collect()
    } else {
        let first = letters.next().map(change).unwrap_or_default();
        first + letters.as_str()
    }
}

/// Replaces what fits the pattern: the longest stretch at each place, as the shell does.
fn replace(text: &str, pattern: &str, replacement: &str, all: bool, anchor: Option<char>) -> Option<String> {
    let plain = !pattern.contains(['*', '?', '\\', value::SET.0, STAR, ANY]);
    match anchor {
        Some('#') if plain => {
            return Some(
                text.strip_prefix(pattern).map_or(text.to_owned(), |rest| format!("{replacement}{rest}")),
            );
        }
        Some(_) if plain => {
            return Some(
                text.strip_suffix(pattern).map_or(text.to_owned(), |rest| format!("{rest}{replacement}")),
            );
        }
        None if pattern.is_empty() => return Some(text.to_owned()),
        _ if text.is_empty() => {
            return Some(if value::fits(pattern, "") { replacement.to_owned() } else { String::new() });
        }
        None if plain && all => return value::replaced(text, pattern, replacement, true),
        None if plain => return value::replaced(text, pattern, replacement, false),
        _ => {}
    }
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    // Every stretch is tried.
    if borders.len() > 96 {
        return None;
    }
    let mut out = String::new();
    let mut at = 0;
    let mut done = false;
    while at + 1 < borders.len() {
        let may_start = !done && (anchor != Some('#') || at == 0);
        let end = if may_start {
            (at + 1..borders.len())
                .rev()
                .filter(|&end| anchor != Some('%') || end + 1 == borders.len())
                .find(|&end| value::fits(pattern, &text[borders[at]..borders[end]]))
        } else {
            None
        };
        match end {
            Some(end) => {
                out.push_str(replacement);
                at = end;
                done = !all;
            }
            None => {
                out.push_str(&text[borders[at]..borders[at + 1]]);
                at += 1;
            }
        }
    }
    Some(out)
}

fn trim(text: &str, pattern: &str, suffix: bool, longest: bool) -> String {
    let mut borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if borders.len() > 512 {
        borders.truncate(512);
    }
    if suffix != longest {
        borders.reverse();
    }
    // For a suffix the piece runs from the border to the end: the shortest has the latest border.
    if suffix {
        let found = borders.into_iter().find(|&at| value::fits(pattern, &text[at..]));
        found.map_or(text, |at| &text[..at]).to_owned()
    } else {
        let found = borders.into_iter().find(|&at| value::fits(pattern, &text[..at]));
        found.map_or(text, |at| &text[at..]).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_cut_as_the_shell_cuts_them() {
        assert_eq!(substring("abcdef", 1, Some(2)).as_deref(), Some("bc"));
        assert_eq!(substring("abcdef", -2, None).as_deref(), Some("ef"));
        assert_eq!(trim("a/b/c.txt", "*/", false, true), "c.txt");
        assert_eq!(trim("a/b/c.txt", "*/", false, false), "b/c.txt");
        assert_eq!(trim("a.tar.gz", ".*", true, false), "a.tar");
        assert_eq!(trim("a.tar.gz", ".*", true, true), "a");
        assert_eq!(change_case("rm", '^', true, ""), "RM");
        assert_eq!(replace("a.b.c", ".", "/", true, None).as_deref(), Some("a/b/c"));
        assert_eq!(replace("xay", "a*", "", false, None).as_deref(), Some("x"));
        assert_eq!(replace("rmx", "?", "", false, Some('%')).as_deref(), Some("rm"));
        assert_eq!(replace("xrm", "x", "", false, Some('#')).as_deref(), Some("rm"));
    }
}
