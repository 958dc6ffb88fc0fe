//! From a word to the arguments it becomes: variables, substitutions, braces, tildes and patterns.

use super::machine::{Field, Flow, Machine, VALUE_BYTES, Value};
use super::value::{self, ANY, HOME, Origin, STAR};
use crate::line::Dialect;
use crate::syntax::ir::{Brace, Operation, Parameter, Part, PartKind, Quote, Word};

/// Arguments that one word may become.
const FIELDS: usize = 512;

impl Machine<'_> {
    /// Text as it was written. Private characters of the line itself are replaced; in code that the line
    /// put together they stand for what is not known.
    fn own<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        if self.outer.is_some() { text.into() } else { value::clean(text) }
    }

    /// Adds the arguments that a word becomes.
    pub(super) fn expand(&mut self, word: &Word, out: &mut Vec<Field>) {
        let span = self.at(word.span);
        if let [Part { kind: PartKind::Text(text), .. }] = &word.parts[..] {
            // Nearly every word: one piece of plain text.
            out.push(Field { text: self.own(text).into_owned(), span });
            return;
        }
        if self.dialect == Dialect::Fish {
            return self.fish_expand(word, out);
        }
        if !self.spend(1 + word.span.len() / 64) {
            return;
        }
        let mut growing = Growing { done: Vec::new(), open: vec![String::new()], quoted: false };
        self.parts(&word.parts, &mut growing);
        let keep_empty = growing.quoted;
        let texts =
            growing.done.into_iter().chain(growing.open).filter(|text| keep_empty || !text.is_empty());
        out.extend(texts.map(|text| Field { text, span }));
    }

    /// The one text that a word becomes where it is not split, as after `=` or in a here-string.
    pub(super) fn single(&mut self, word: &Word) -> String {
        if let [Part { kind: PartKind::Text(text), .. }] = &word.parts[..] {
            return self.own(text).into_owned();
        }
        if self.dialect == Dialect::Fish {
            return self.fish_single(word);
        }
        self.spend(1 + word.span.len() / 64);
        let mut out = String::new();
        self.joined(&word.parts, &mut out);
        out
    }

    /// Adds parts to one text, without splitting.
    fn joined(&mut self, parts: &[Part], out: &mut String) {
        for part in parts {
            if out.len() > VALUE_BYTES {
                self.cut = true;
                return;
            }
            match &part.kind {
                PartKind::Text(text) => out.push_str(&self.own(text)),
                PartKind::Quoted { parts, .. } => self.joined(parts, out),
                PartKind::Parameter(parameter) => match self.parameter(parameter) {
                    Value::One(text) => out.push_str(&text),
                    Value::Many(list) => out.push_str(&list.join(" ")),
                },
                PartKind::Brace(Brace::List(words)) => {
                    // Braces are not expanded where there is one text; keep them as written.
                    out.push('{');
                    for (index, word) in words.iter().enumerate() {
                        if index > 0 {
                            out.push(',');
                        }
                        self.joined(&word.parts, out);
                    }
                    out.push('}');
                }
                _ => {
                    let text = self.piece(part);
                    out.push_str(&text);
                }
            }
        }
    }

    fn parts(&mut self, parts: &[Part], growing: &mut Growing) {
        for part in parts {
            // Every part is added to every argument that a brace has opened.
            let width = growing.open.len();
            if growing.done.len() + width > FIELDS || (width > 1 && !self.spend(width / 8)) {
                self.cut = true;
                return;
            }
            match &part.kind {
                PartKind::Text(text) => growing.add(&self.own(text)),
                PartKind::Quoted { style, parts } => {
                    growing.quoted = true;
                    self.quoted(*style, parts, growing);
                }
                PartKind::Parameter(parameter) => {
                    let value = self.parameter(parameter);
                    let separators = self.separators();
                    match value {
                        Value::One(text) => growing.add_split(&text, &separators),
                        Value::Many(list) => growing.add_list(&list),
                    }
                }
                PartKind::Substitution(_) => {
                    let text = self.piece(part);
                    let separators = self.separators();
                    growing.add_split(&text, &separators);
                }
                PartKind::Brace(brace) => {
                    let texts = self.brace(brace);
                    growing.multiply(&texts);
                    if growing.open.len() > FIELDS {
                        growing.open.truncate(FIELDS);
                        self.cut = true;
                        return;
                    }
                }
                _ => {
                    let text = self.piece(part);
                    growing.add(&text);
                }
            }
        }
    }

    fn quoted(&mut self, style: Quote, parts: &[Part], growing: &mut Growing) {
        // "$@" alone becomes one argument for each.
        if let [Part { kind: PartKind::Parameter(parameter), .. }] = parts
            && style == Quote::Double
            && let Value::Many(list) = self.parameter(parameter)
        {
            growing.add_list(&list);
            if list.is_empty() {
                growing.quoted = false;
            }
            return;
        }
        let mut text = String::new();
        self.joined(parts, &mut text);
        growing.add(&text);
    }

    /// The text of a part that is neither fixed nor split.
    pub(super) fn piece(&mut self, part: &Part) -> String {
        match &part.kind {
            PartKind::Substitution(program) => {
                let state = self.state.clone();
                let mut text = self.program(program, Flow { input: None, want: true });
                self.state = state;
                text.truncate(text.trim_end_matches('\n').len());
                text
            }
            PartKind::Process { reads, program } => {
                let path = format!("/dev/fd/{}", 63usize.saturating_sub(self.files.len()));
                let text = self.program(program, Flow { input: None, want: *reads });
                self.write_file(path.clone(), text, false);
                path
            }
            PartKind::Arithmetic(parts) => {
                let mut text = String::new();
                self.joined(parts, &mut text);
                let number = text.trim();
                if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
                    number.to_owned()
                } else {
                    self.unknowns.hole("$((…))", Origin::Variable).to_string()
                }
            }
            PartKind::Glob(text) => match text.as_str() {
                "?" => ANY.to_string(),
                _ => STAR.to_string(),
            },
            PartKind::Tilde(user) => match user.as_str() {
                "" => self.home(),
                "+" => {
                    if self.state.cwd.is_empty() {
                        ".".to_owned()
                    } else {
                        self.state.cwd.clone()
                    }
                }
                "-" => self.unknowns.hole("~-", Origin::Variable).to_string(),
                "root" => "/root".to_owned(),
                user => format!("/home/{}", value::clean(user)),
            },
            PartKind::Brace(brace) => self.brace(brace).join(" "),
            PartKind::Expression(expression) => self.expression(expression, Flow { input: None, want: true }),
            PartKind::Closure(closure) => self.program(&closure.body, Flow::default()),
            _ => self.unknowns.hole("…", Origin::Variable).to_string(),
        }
    }

    fn home(&mut self) -> String {
        match self.get("HOME") {
            Some(Value::One(home)) => home,
            _ => HOME.to_string(),
        }
    }

    pub(super) fn separators(&mut self) -> Vec<char> {
        match self.state.variables.iter().find(|(name, _)| name == "IFS") {
            Some((_, Value::One(text))) => text.chars().collect(),
            _ => vec![' ', '\t', '\n'],
        }
    }

    fn brace(&mut self, brace: &Brace) -> Vec<String> {
        match brace {
            Brace::List(words) => {
                let mut texts = Vec::with_capacity(words.len());
                for word in words {
                    if texts.len() > FIELDS || self.depth >= super::machine::DEPTH {
                        self.cut = true;
                        break;
                    }
                    // Braces nest; each level is one deeper.
                    self.depth += 1;
                    let mut growing = Growing { done: Vec::new(), open: vec![String::new()], quoted: false };
                    self.parts(&word.parts, &mut growing);
                    self.depth -= 1;
                    texts.extend(growing.done.into_iter().chain(growing.open));
                }
                texts
            }
            Brace::Range { from, to, step } => {
                range(from, to, step.as_deref()).unwrap_or_else(|| vec![STAR.to_string()])
            }
        }
    }

    /// The value of `$name` or `${…}`.
    fn parameter(&mut self, parameter: &Parameter) -> Value {
        let name = value::clean(&parameter.name).into_owned();
        let known = self.named(&name, parameter);
        if parameter.length {
            let length = match &known {
                Some(Value::One(text)) if !value::has_hole(text) => Some(text.chars().count()),
                Some(Value::Many(list)) => Some(list.len()),
                _ => None,
            };
            return Value::One(match length {
                Some(length) => length.to_string(),
                None => self.unknowns.hole(&format!("${{#{name}}}"), Origin::Variable).to_string(),
            });
        }
        match &parameter.operation {
            None => known.unwrap_or_else(|| self.unset(&name)),
            Some(operation) => self.operate(&name, known, operation),
        }
    }

    fn unset(&mut self, name: &str) -> Value {
        let shown = if name.chars().all(|c| c.is_alphanumeric() || c == '_') || name.len() == 1 {
            format!("${name}")
        } else {
            format!("${{{name}}}")
        };
        Value::One(self.unknowns.hole(&shown, Origin::Variable).to_string())
    }

    fn named(&mut self, name: &str, parameter: &Parameter) -> Option<Value> {
        if parameter.indirect {
            let Some(Value::One(target)) = self.get(name) else { return None };
            return self.get(&target);
        }
        if let Some(positional) = &self.state.positional {
            match name {
                "@" | "*" => return Some(Value::Many(positional.clone())),
                "#" => return Some(Value::One(positional.len().to_string())),
                _ => {}
            }
            if let Ok(number) = name.parse::<usize>()
                && number > 0
            {
                return Some(Value::One(positional.get(number - 1).cloned().unwrap_or_default()));
            }
        }
        let value = self.get(name)?;
        let Value::Many(list) = value else { return Some(value) };
        let index = parameter.index.as_ref().map(|word| self.single(word));
        match index.as_deref() {
            Some("@" | "*") => Some(Value::Many(list)),
            None => Some(Value::One(list.into_iter().next().unwrap_or_default())),
            Some(index) => match index.trim().parse::<usize>() {
                Ok(at) => Some(Value::One(list.get(at).cloned().unwrap_or_default())),
                Err(_) => None,
            },
        }
    }

    fn operate(&mut self, name: &str, known: Option<Value>, operation: &Operation) -> Value {
        if let Operation::Default { operator, or_empty, word } = operation {
            let empty = matches!(&known, Some(Value::One(text)) if text.is_empty());
            let is_set = known.is_some() && !(empty && *or_empty);
            return match operator {
                // What it is where it is unset is the one value that the line shows.
                '-' | '=' if !is_set => {
                    let text = self.single(word);
                    if *operator == '=' {
                        self.set(name, Value::One(text.clone()));
                    }
                    Value::One(text)
                }
                '+' if known.is_none() || is_set => Value::One(self.single(word)),
                '+' => Value::One(String::new()),
                '?' if known.is_none() => {
                    Value::One(self.unknowns.hole(&format!("${{{name}:?}}"), Origin::Variable).to_string())
                }
                _ => known.unwrap_or_else(|| self.unset(name)),
            };
        }
        let text = match known {
            Some(Value::One(text)) => text,
            Some(Value::Many(list)) => list.join(" "),
            // The first character of these is a slash on every machine.
            None if matches!(operation, Operation::Substring { .. })
                && matches!(name, "PATH" | "SHELL" | "OLDPWD") =>
            {
                let hole = self.unknowns.hole(&format!("${name}"), Origin::Variable);
                format!("/{hole}")
            }
            None => {
                return Value::One(
                    self.unknowns.hole(&format!("${{{name}…}}"), Origin::Variable).to_string(),
                );
            }
        };
        let text = match (text.strip_prefix(HOME), operation) {
            (Some(rest), Operation::Substring { .. }) => {
                format!("/{}{rest}", self.unknowns.hole("~", Origin::Variable))
            }
            _ if text == "." && name == "PWD" => format!("/{}", self.unknowns.hole("$PWD", Origin::Variable)),
            _ => text,
        };
        let changed = match operation {
            Operation::Substring { offset, length } => {
                let offset = self.single(offset);
                let length = length.as_ref().map(|word| self.single(word));
                substring(&text, &offset, length.as_deref())
            }
            Operation::Case { operator, all, pattern }
                if pattern.parts.is_empty() && !value::has_hole(&text) =>
            {
                Some(change_case(&text, *operator, *all))
            }
            Operation::Trim { suffix, longest, pattern } => {
                let pattern = self.single(pattern);
                (!value::has_hole(&pattern) && !value::has_hole(&text))
                    .then(|| trim(&text, &pattern, *suffix, *longest))
            }
            Operation::Replace { all, anchor, pattern, replacement } => {
                let pattern = self.single(pattern);
                let replacement = self.single(replacement);
                let literal =
                    !value::has_hole(&pattern) && !value::has_pattern(&pattern) && !pattern.is_empty();
                (literal && anchor.is_none()).then(|| {
                    if *all {
                        text.replace(&pattern, &replacement)
                    } else {
                        text.replacen(&pattern, &replacement, 1)
                    }
                })
            }
            Operation::Transform('Q' | 'E' | 'P' | 'A') => Some(text.clone()),
            _ => None,
        };
        match changed {
            Some(text) if text.len() <= VALUE_BYTES => Value::One(text),
            _ => {
                let origin = self.unknowns.origin(&text).unwrap_or(Origin::Variable);
                Value::One(self.unknowns.hole(&format!("${{{name}…}}"), origin).to_string())
            }
        }
    }
}

/// Arguments while a word is being expanded.
struct Growing {
    /// Finished by splitting.
    done: Vec<String>,
    /// Still growing; several after a brace.
    open: Vec<String>,
    /// True where some part was quoted, so that an empty result is an argument.
    quoted: bool,
}

impl Growing {
    fn add(&mut self, text: &str) {
        for open in &mut self.open {
            if open.len() + text.len() <= VALUE_BYTES {
                open.push_str(text);
            }
        }
    }

    fn multiply(&mut self, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        let mut grown = Vec::with_capacity((self.open.len() * texts.len()).min(FIELDS + 1));
        'all: for open in &self.open {
            for text in texts {
                if grown.len() > FIELDS {
                    break 'all;
                }
                grown.push(format!("{open}{text}"));
            }
        }
        self.open = grown;
    }

    fn add_split(&mut self, text: &str, separators: &[char]) {
        if !text.contains(separators) {
            return self.add(text);
        }
        let starts_apart = text.starts_with(separators);
        let ends_apart = text.ends_with(separators);
        let pieces: Vec<String> =
            text.split(separators).filter(|piece| !piece.is_empty()).map(str::to_owned).collect();
        if starts_apart {
            self.close();
        }
        self.add_list(&pieces);
        if ends_apart {
            self.close();
        }
    }

    fn add_list(&mut self, list: &[String]) {
        for (index, text) in list.iter().enumerate() {
            if index > 0 {
                self.close();
            }
            self.add(text);
        }
    }

    /// Ends the argument that is growing.
    fn close(&mut self) {
        let open = std::mem::replace(&mut self.open, vec![String::new()]);
        self.done.extend(open.into_iter().filter(|text| !text.is_empty()));
    }
}

fn range(from: &str, to: &str, step: Option<&str>) -> Option<Vec<String>> {
    let step = step.map_or(Some(1), |step| step.parse::<i64>().ok())?.unsigned_abs().max(1);
    if let (Ok(first), Ok(last)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let count = first.abs_diff(last) / step + 1;
        if count > 64 {
            return None;
        }
        let sign = if first <= last { 1 } else { -1 };
        let value = |index: u64| first + sign * (index * step) as i64;
        return Some((0..count).map(|index| value(index).to_string()).collect());
    }
    let (mut first, mut last) = (from.chars(), to.chars());
    let (a, z) = (first.next()?, last.next()?);
    if first.next().is_some() || last.next().is_some() || !a.is_ascii() || !z.is_ascii() {
        return None;
    }
    let (low, high) = (a.min(z) as u8, a.max(z) as u8);
    let mut letters: Vec<String> =
        (low..=high).step_by(step as usize).map(|byte| (byte as char).to_string()).collect();
    if a > z {
        letters.reverse();
    }
    Some(letters)
}

fn substring(text: &str, offset: &str, length: Option<&str>) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let offset: i64 = offset.trim().parse().ok()?;
    let count = letters.len() as i64;
    let from = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let to = match length.map(|length| length.trim().parse::<i64>().ok()) {
        None => count,
        Some(None) => return None,
        Some(Some(length)) if length < 0 => (count + length).max(from),
        Some(Some(length)) => from.saturating_add(length).min(count),
    };
    // Positions past a hole are not known.
    let known = letters.iter().take_while(|&&letter| !value::is_hole(letter)).count() as i64;
    if known < count && to > known {
        return None;
    }
    Some(letters[from as usize..to as usize].iter().collect())
}

fn change_case(text: &str, operator: char, all: bool) -> String {
    let change = |letter: char| match operator {
        '^' => letter.to_uppercase().collect::<String>(),
        ',' => letter.to_lowercase().collect::<String>(),
        _ if letter.is_uppercase() => letter.to_lowercase().collect::<String>(),
        _ => letter.to_uppercase().collect::<String>(),
    };
    let mut letters = text.chars();
    if all {
        letters.map(change).collect()
    } else {
        let first = letters.next().map(change).unwrap_or_default();
        first + letters.as_str()
    }
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
    fn ranges_run_both_ways() {
        assert_eq!(range("1", "3", None), Some(vec!["1".to_owned(), "2".to_owned(), "3".to_owned()]));
        assert_eq!(range("c", "a", None), Some(vec!["c".to_owned(), "b".to_owned(), "a".to_owned()]));
        assert_eq!(range("1", "100000", None), None);
    }

    #[test]
    fn pieces_are_cut_as_the_shell_cuts_them() {
        assert_eq!(substring("abcdef", "1", Some("2")).as_deref(), Some("bc"));
        assert_eq!(substring("abcdef", " -2", None).as_deref(), Some("ef"));
        assert_eq!(trim("a/b/c.txt", "*/", false, true), "c.txt");
        assert_eq!(trim("a/b/c.txt", "*/", false, false), "b/c.txt");
        assert_eq!(trim("a.tar.gz", ".*", true, false), "a.tar");
        assert_eq!(trim("a.tar.gz", ".*", true, true), "a");
        assert_eq!(change_case("rm", '^', true), "RM");
    }
}
