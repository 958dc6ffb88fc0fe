//! What zsh does differently: parameters are not split, expansions have flags, and patterns qualifiers.

mod builtins;
mod globs;
mod modules;

use super::machine::{Flow, Machine, Value};
use super::value::{self, ANY, Origin, STAR};
use crate::syntax::ir::{Operation, Parameter, PartKind, ZshExpansion};

/// Elements of one list.
const ELEMENTS: usize = 256;

/// Options and names that only zsh has.
#[derive(Debug, Default)]
pub(super) struct Zsh {
    /// `setopt shwordsplit`: parameters are split as in other shells.
    pub(super) splits: bool,
    /// `setopt extendedglob`
    pub(super) extended: bool,
    /// `setopt promptsubst`
    prompts: bool,
    /// `alias -g`: names that are replaced wherever they stand.
    globals: Vec<(String, String)>,
    /// `alias -s`: endings of names that choose a program.
    suffixes: Vec<(String, String)>,
    /// `typeset -T SCALAR array SEPARATOR`
    ties: Vec<(String, String, String)>,
    /// `setopt globsubst`: parameters are patterns.
    pub(super) globs: bool,
    /// `hash -d NAME=FOLDER`
    folders: Vec<(String, String)>,
    /// `typeset -l`, `-u`, `-L2`, `-R2`: the form that a variable brings its values into.
    pub(super) forms: Vec<(String, Form)>,
    /// What the coprocess writes.
    pub(super) heard: Option<String>,
    /// `setopt ksharrays`: lists begin at 0, and one without an index is its first element.
    pub(super) as_ksh: bool,
}

/// What a variable does to the texts it is set to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Lower,
    Upper,
    /// The first so many letters.
    Left(usize),
    /// The last so many.
    Right(usize),
}

impl Form {
    /// That of the letters behind `typeset -`.
    pub(super) fn of(letters: &str) -> Option<Self> {
        let width = || {
            let digits: String = letters.chars().filter(char::is_ascii_digit).collect();
            digits.parse().ok().filter(|width| *width > 0)
        };
        let mark = letters.chars().find(|letter| matches!(letter, 'l' | 'u' | 'L' | 'R' | 'Z'))?;
        match mark {
            'l' => Some(Self::Lower),
            'u' => Some(Self::Upper),
            'L' => width().map(Self::Left),
            _ => width().map(Self::Right),
        }
    }

    /// The text as the variable keeps it.
    pub(super) fn applied(self, text: &str) -> String {
        let count = text.chars().count();
        match self {
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Left(width) => text.trim_start().chars().take(width).collect(),
            Self::Right(width) => text.chars().skip(count.saturating_sub(width)).collect(),
        }
    }
}

/// How the names of all variables are shown.
const EVERY_NAME: &str = "every name";

impl Machine<'_> {
    /// The value of an expansion with flags, nesting or modifiers.
    pub(super) fn zsh_value(&mut self, parameter: &Parameter, zsh: &ZshExpansion) -> Value {
        if !self.spend(1 + zsh.steps.len() / 4) {
            return Value::default();
        }
        let flags = flags(&zsh.flags);
        let has = |letter: char| flags.iter().any(|(flag, _)| *flag == letter);
        let mut value = self.zsh_base(parameter, zsh);
        if has('P')
            && let Some(Value::One(name)) = &value
        {
            let name = name.clone();
            value = if self.unknowns.name_of(&name) == Some(EVERY_NAME) {
                let all = self.unknowns.hole("the environment", Origin::Secret);
                Some(Value::One(all.to_string()))
            } else {
                self.get(&name)
            };
        }
        if parameter.name == "userdirs" && zsh.inner.is_none() && has('k') {
            let user = self.unknowns.hole("$user", Origin::Program).to_string();
            let homes = value.filter(|_| has('v')).map(super::expand::elements).unwrap_or_default();
            return Value::Many(std::iter::once(user).chain(homes).collect());
        }
        if parameter.name == "parameters" && zsh.inner.is_none() && has('k') {
            // By them the values of all can be had: `${(P)k}`.
            return Value::One(self.unknowns.hole(EVERY_NAME, Origin::Variable).to_string());
        }
        if let (Some(Value::Map(map)), true) = (&value, has('k') || has('v')) {
            let (keys, values) = (has('k'), has('v'));
            let mut list = Vec::new();
            for (key, text) in map {
                list.extend(keys.then(|| key.clone()));
                list.extend(values.then(|| text.clone()));
            }
            value = Some(Value::Many(list));
        }
        // By its index it was looked up already.
        let looked_up =
            usize::from(parameter.name == "commands" && self.state.variable("commands").is_none());
        for index in zsh.indices.iter().skip(looked_up) {
            let index = self.single(index);
            value = match value {
                Some(known) => self.zsh_element(known, &index),
                None => None,
            };
        }
        if zsh.marks.contains('+') {
            return Value::One(self.unknowns.hole("$((…))", Origin::Variable).to_string());
        }
        if zsh.marks.contains('#') {
            return self.zsh_length(value);
        }
        let name = parameter.name.as_str();
        for step in &zsh.steps {
            self.spend(value.as_ref().map_or(0, Value::weight) * 2);
            value = Some(match step {
                Operation::Modifier(text) if text.starts_with(['|', '*', '^']) => {
                    let old = value.unwrap_or_else(|| self.zsh_unset(name));
                    self.zsh_with(old, text)
                }
                Operation::Modifier(text) => {
                    let old = value.unwrap_or_else(|| self.zsh_unset(name));
                    self.zsh_each(old, &|text_of| modified(text_of, text))
                }
                Operation::Other(word) => {
                    let old = value.unwrap_or_else(|| self.zsh_unset(name));
                    self.zsh_without(old, word, has('M'))
                }
                step @ Operation::Trim { suffix, .. } if has('M') => {
                    let old = value.unwrap_or_else(|| self.zsh_unset(name));
                    let rest = self.operate(name, Some(old.clone()), step);
                    taken_off(old, &rest, *suffix)
                }
                Operation::Default { operator: '=' | ':', .. } if has('A') => {
                    let text = self.operate(name, value, step);
                    let list = self.zsh_split(text, None);
                    self.set(name, list.clone());
                    list
                }
                step => self.operate(name, value, step),
            });
        }
        let mut value = value.unwrap_or_else(|| self.zsh_unset(name));
        for (flag, argument) in &flags {
            self.spend(value.weight() * 2);
            value = self.zsh_flag(value, *flag, argument);
        }
        if zsh.marks.contains('=') {
            value = self.zsh_split(value, None);
        }
        if zsh.marks.contains('~') {
            value = match value {
                Value::One(text) => Value::One(self.zsh_as_pattern(&text)),
                other => {
                    let list = super::expand::elements(other);
                    Value::Many(list.iter().map(|text| self.zsh_as_pattern(text)).collect())
                }
            };
        }
        value
    }

    /// A text that is matched against file names after all, its tilde included.
    pub(super) fn zsh_as_pattern(&mut self, text: &str) -> String {
        let text = match text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                let home = match self.get("HOME") {
                    Some(Value::One(home)) => home,
                    _ => value::HOME.to_string(),
                };
                format!("{home}{rest}")
            }
            _ => text.to_owned(),
        };
        let star = |letter| match letter {
            '*' => STAR,
            '?' => ANY,
            other => other,
        };
        text.chars().map(star).collect()
    }

    /// The folder that `~name` stands for: one that was given this name, or a variable that holds a path.
    pub(super) fn zsh_named_folder(&mut self, name: &str) -> Option<String> {
        if let Some((_, path)) = self.zsh.folders.iter().rev().find(|(known, _)| known == name) {
            return Some(path.clone());
        }
        match self.state.variable(name)? {
            Value::One(path) if path.starts_with(['/', value::HOME]) => Some(path.clone()),
            _ => None,
        }
    }

    /// `${list:|other}`, `${list:*other}`, `${list:^other}`: without those of the other, only those, and in turn.
    fn zsh_with(&mut self, list: Value, how: &str) -> Value {
        let name = how.trim_start_matches(['|', '*', '^']);
        let Some(other) = self.get(name) else { return list };
        let (list, other) = (super::expand::elements(list), super::expand::elements(other));
        // Each is compared with each.
        if !self.spend(1 + list.len() * other.len() / 64) {
            return Value::default();
        }
        Value::Many(match how.chars().next() {
            Some('|') => list.into_iter().filter(|text| !other.contains(text)).collect(),
            Some('*') => list.into_iter().filter(|text| other.contains(text)).collect(),
            _ => list.into_iter().zip(other).take(ELEMENTS).flat_map(|(one, two)| [one, two]).collect(),
        })
    }

    /// `${list:#pattern}`: what does not fit, or with the flag `M` what does. Where that cannot be told, all.
    fn zsh_without(&mut self, list: Value, word: &crate::syntax::ir::Word, keeps: bool) -> Value {
        let Some(pattern) = self.pattern(word).filter(|pattern| !value::has_hole(pattern)) else {
            return list;
        };
        let bytes: usize = match &list {
            Value::One(text) => text.len(),
            Value::Many(list) => list.iter().map(String::len).sum(),
            Value::Map(map) => map.iter().map(|(_, text)| text.len()).sum(),
        };
        if !self.spend(1 + bytes / 16) {
            return Value::default();
        }
        let stays = |text: &String| value::has_hole(text) || value::fits(&pattern, text) == keeps;
        match list {
            Value::One(text) if stays(&text) => Value::One(text),
            Value::One(_) => Value::default(),
            other => Value::Many(super::expand::elements(other).into_iter().filter(stays).collect()),
        }
    }

    fn zsh_base(&mut self, parameter: &Parameter, zsh: &ZshExpansion) -> Option<Value> {
        let Some(inner) = &zsh.inner else {
            if parameter.name.is_empty() {
                return None;
            }
            let mut plain = Parameter { operation: None, ..parameter.clone() };
            if plain.name == "commands" && plain.index.is_none() {
                plain.index = zsh.indices.first().cloned();
                if let Some(found) = self.zsh_special("commands", &plain) {
                    return Some(found);
                }
            }
            return self.zsh_tied(&parameter.name).or_else(|| self.named_directly(&parameter.name, &plain));
        };
        match inner.parts.first().map(|part| &part.kind) {
            Some(PartKind::Parameter(inner)) => Some(self.parameter(inner)),
            Some(PartKind::Substitution(_)) => {
                let text = self.single(inner);
                let splits = zsh.flags.contains(['f', 's', '0', 'z', '@']);
                let value = Value::One(text);
                Some(if splits { value } else { self.zsh_split(value, None) })
            }
            _ => Some(Value::One(self.single(inner))),
        }
    }

    fn zsh_unset(&mut self, name: &str) -> Value {
        if name.is_empty() {
            return Value::default();
        }
        Value::One(self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string())
    }

    fn zsh_length(&mut self, value: Option<Value>) -> Value {
        let length = match &value {
            Some(Value::One(text)) if !value::has_hole(text) => Some(text.chars().count()),
            Some(Value::Many(list)) => Some(list.len()),
            Some(Value::Map(map)) => Some(map.len()),
            _ => None,
        };
        Value::One(match length {
            Some(length) => length.to_string(),
            None => self.unknowns.hole("$((…))", Origin::Variable).to_string(),
        })
    }

    /// Variables of modules: what was typed, and the content of files.
    pub(super) fn zsh_special(&mut self, name: &str, parameter: &Parameter) -> Option<Value> {
        let special =
            ["history", "historywords", "mapfile", "commands", "userdirs", "BUFFER", "LBUFFER", "CUTBUFFER"];
        if !special.contains(&name) || self.state.variable(name).is_some() {
            return None;
        }
        let text = if name == "commands" {
            let program = self.single(parameter.index.as_ref()?);
            let own = self.program_name(&program);
            format!("/usr/bin/{own}")
        } else if name == "userdirs" {
            // Whose home it is, or everybody's.
            let user = parameter.index.as_ref().map(|index| self.single(index));
            match user.as_deref() {
                None | Some("@" | "*") => format!("/home/{STAR}"),
                Some("root") => "/root".to_owned(),
                Some(user) => format!("/home/{user}"),
            }
        } else if name.ends_with("BUFFER") {
            self.unknowns.hole("what you type", Origin::Secret).to_string()
        } else if name == "mapfile" {
            let index = parameter.index.as_ref()?;
            let path = self.single(index);
            self.read_path(&path, self.at(index.span), "cat")
        } else {
            // There are passwords in it.
            self.unknowns.hole("the history", Origin::Secret).to_string()
        };
        Some(Value::One(text))
    }

    /// A list that is a text under another name, or the text of such a list.
    pub(super) fn zsh_tied(&mut self, name: &str) -> Option<Value> {
        let (scalar, array, mark) =
            self.zsh.ties.iter().find(|(scalar, array, _)| scalar == name || array == name)?.clone();
        if array == name {
            return match self.get(&scalar)? {
                Value::One(text) => Some(Value::Many(text.split(&mark).map(str::to_owned).collect())),
                other => Some(other),
            };
        }
        match (self.get(&scalar), self.get(&array)) {
            (None, Some(Value::Many(list))) => Some(Value::One(list.join(&mark))),
            (value, _) => value,
        }
    }

    /// `[3]`, `[2,4]`, `[-1]`, `[@]` and `[key]`; the letters of a text are counted as well.
    pub(super) fn zsh_element(&mut self, value: Value, index: &str) -> Option<Value> {
        if matches!(index, "@" | "*") {
            return Some(match value {
                Value::One(text) => Value::Many(vec![text]),
                list => list,
            });
        }
        if let Value::Map(map) = &value {
            let found = map.iter().find(|(key, _)| key == index);
            return Some(Value::One(found.map(|(_, text)| text.clone()).unwrap_or_default()));
        }
        let (from, to) = match index.split_once(',') {
            Some((from, to)) => (self.calculate(from)?, self.calculate(to)?),
            None => {
                let at = self.calculate(index)?;
                (at, at)
            }
        };
        let places = |count: usize| -> Option<(usize, usize)> {
            let count = count as i64;
            let place = |at: i64| if at < 0 { count + at + 1 } else { at };
            let (from, to) = (place(from).max(1), place(to).min(count));
            (from <= to).then(|| ((from - 1) as usize, to as usize))
        };
        match value {
            Value::One(text) => {
                if value::has_hole(&text) {
                    return None;
                }
                let letters: Vec<char> = text.chars().collect();
                let taken = places(letters.len()).and_then(|(from, to)| letters.get(from..to));
                Some(Value::One(taken.unwrap_or_default().iter().collect()))
            }
            Value::Many(list) => {
                let taken = places(list.len()).and_then(|(from, to)| list.get(from..to)).unwrap_or_default();
                Some(match (index.contains(','), taken) {
                    (false, [only]) => Value::One(only.clone()),
                    (false, _) => Value::default(),
                    (true, taken) => Value::Many(taken.to_vec()),
                })
            }
            Value::Map(_) => None,
        }
    }

    /// Changes each text of a value; what cannot be told becomes unknown.
    fn zsh_each(&mut self, value: Value, change: &dyn Fn(&str) -> Option<String>) -> Value {
        match value {
            Value::One(text) => Value::One(self.each_arm(&text, change)),
            Value::Many(list) => {
                Value::Many(list.iter().take(ELEMENTS).map(|text| self.each_arm(text, change)).collect())
            }
            Value::Map(map) => {
                Value::Many(map.iter().take(ELEMENTS).map(|(_, text)| self.each_arm(text, change)).collect())
            }
        }
    }

    fn zsh_split(&mut self, value: Value, mark: Option<&str>) -> Value {
        let text = match value {
            Value::One(text) => text,
            Value::Many(list) => list.join(mark.unwrap_or(" ")),
            Value::Map(map) => map.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" "),
        };
        let pieces: Vec<String> = match mark {
            Some("") => text.chars().map(String::from).collect(),
            Some(mark) => text.split(mark).map(str::to_owned).collect(),
            None => {
                let separators = self.separators();
                text.split(&separators[..]).map(str::to_owned).collect()
            }
        };
        Value::Many(pieces.into_iter().filter(|piece| !piece.is_empty()).take(ELEMENTS).collect())
    }

    fn zsh_flag(&mut self, value: Value, flag: char, argument: &str) -> Value {
        let sorted = |value: Value, reverse: bool| match value {
            Value::Many(mut list) => {
                list.sort();
                if reverse {
                    list.reverse();
                }
                Value::Many(list)
            }
            other => other,
        };
        match flag {
            'L' => self.zsh_each(value, &|text| Some(text.to_lowercase())),
            'U' => self.zsh_each(value, &|text| Some(text.to_uppercase())),
            'C' => self.zsh_each(value, &|text| {
                // Each word, whatever stands between them.
                let mut starts = true;
                let change = |letter: char| {
                    let was_start = std::mem::replace(&mut starts, !letter.is_alphanumeric());
                    if was_start {
                        letter.to_uppercase().collect::<String>()
                    } else {
                        letter.to_lowercase().collect()
                    }
                };
                Some(text.chars().map(change).collect())
            }),
            'j' | 'F' => match value {
                Value::Many(list) => Value::One(list.join(if flag == 'F' { "\n" } else { argument })),
                other => other,
            },
            'f' => self.zsh_split(value, Some("\n")),
            's' => self.zsh_split(value, Some(argument)),
            '0' => self.zsh_split(value, Some("\0")),
            'z' => {
                let Value::One(text) = value else { return value };
                Value::Many(super::xargs::quoted_words(&text).into_iter().take(ELEMENTS).collect())
            }
            'Q' => self.zsh_each(value, &|text| Some(super::xargs::quoted_words(text).join(" "))),
            'l' | 'r' => self.zsh_each(value, &|text| padded(text, argument, flag == 'l')),
            'o' => sorted(value, false),
            'O' if argument == "a" => match value {
                Value::Many(mut list) => {
                    list.reverse();
                    Value::Many(list)
                }
                other => other,
            },
            'O' => sorted(value, true),
            '#' => self.zsh_each(value, &|text| {
                let code = text.trim().parse::<u32>().ok()?;
                char::from_u32(code).map(String::from)
            }),
            'g' => self.zsh_each(value, &|text| Some(super::pure::unescape(text))),
            // Substitutions in the text are run, and so they are in a prompt where an option says so.
            'e' | '%' => {
                let Value::One(text) = value else { return value };
                if !text.contains(['$', '`']) || (flag == '%' && !self.zsh.prompts) {
                    return Value::One(text);
                }
                Value::One(self.zsh_evaluated(&text))
            }
            _ => value,
        }
    }

    /// Text with its substitutions, as if it stood in double quotes.
    fn zsh_evaluated(&mut self, text: &str) -> String {
        let code = format!("print -rn -- \"{}\"", text.replace('"', "\\\""));
        let span = self.outer.unwrap_or_default();
        self.code_here(&code, span, Flow { input: None, want: true })
    }
}

/// The flags of an expansion with their arguments: `j:,:f` is `j` with `,` and `f`.
fn flags(text: &str) -> Vec<(char, String)> {
    let mut out = Vec::new();
    let mut letters = text.chars().peekable();
    let escapes = text.contains('p');
    while let Some(letter) = letters.next() {
        let takes = matches!(letter, 's' | 'j' | 'l' | 'r' | 'Z' | 'g' | '_' | 'I');
        let mut argument = String::new();
        if takes && let Some(open) = letters.peek().copied().filter(|mark| !mark.is_alphanumeric()) {
            letters.next();
            let close = match open {
                '(' => ')',
                '{' => '}',
                '[' => ']',
                '<' => '>',
                other => other,
            };
            argument = letters.by_ref().take_while(|letter| *letter != close).collect();
            // What to fill up with: `l:8::ab:`.
            if matches!(letter, 'l' | 'r') && letters.peek() == Some(&open) {
                letters.next();
                argument.push(open);
                argument.extend(letters.by_ref().take_while(|letter| *letter != close));
            }
            if escapes {
                argument = super::pure::unescape(&argument);
            }
        } else if letter == 'O' && letters.peek() == Some(&'a') {
            letters.next();
            argument.push('a');
        }
        out.push((letter, argument));
    }
    // Joining comes before splitting, and quotes are taken away after both.
    let order = |letter: char| match letter {
        'j' | 'F' => 0,
        's' | 'f' | '0' | 'z' => 1,
        _ => 2,
    };
    out.sort_by_key(|(letter, _)| order(*letter));
    out
}

/// What an operation has taken off a text.
fn taken_off(old: Value, rest: &Value, suffix: bool) -> Value {
    match (&old, rest) {
        (Value::One(text), Value::One(rest)) => {
            let taken =
                if suffix { text.strip_prefix(rest.as_str()) } else { text.strip_suffix(rest.as_str()) };
            Value::One(taken.unwrap_or(text).to_owned())
        }
        _ => old,
    }
}

/// A text brought to a width, `8` or `8:ab`: cut, or filled up with what it says.
fn padded(text: &str, argument: &str, left: bool) -> Option<String> {
    if value::has_hole(text) {
        return None;
    }
    let digits: String = argument.chars().take_while(char::is_ascii_digit).collect();
    let width: usize = digits.parse().ok().filter(|width| *width <= 256)?;
    let fill: Vec<char> = argument.get(digits.len()..)?.chars().skip(1).collect();
    let fill = if fill.is_empty() { vec![' '] } else { fill };
    let letters: Vec<char> = text.chars().collect();
    let missing = width.saturating_sub(letters.len());
    let cut = letters.len().saturating_sub(width);
    let filling = fill.iter().cycle().take(missing);
    Some(if left {
        filling.chain(letters.iter().skip(cut)).collect()
    } else {
        letters.iter().take(width).chain(filling).collect()
    })
}

/// A text after a history-style modifier.
fn modified(text: &str, modifier: &str) -> Option<String> {
    let (global, rest) = match modifier.strip_prefix("gs") {
        Some(_) => (true, &modifier[1..]),
        None => (false, modifier),
    };
    let mut letters = rest.chars();
    let letter = letters.next()?;
    let tail = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    Some(match letter {
        's' => {
            let mark = letters.next()?;
            let mut pieces = letters.as_str().split(mark);
            let (from, to) = (pieces.next()?, pieces.next().unwrap_or_default());
            if from.is_empty() {
                return None;
            }
            value::replaced(text, from, to, global)?
        }
        'h' => {
            let path = text.trim_end_matches('/');
            let count: usize = letters.as_str().parse().unwrap_or(0);
            match (path.rsplit_once('/'), count) {
                _ if value::has_hole(text) && !text.contains('/') => return None,
                (_, 1..) => {
                    let whole = path.split('/').take(count + usize::from(path.starts_with('/')));
                    whole.collect::<Vec<_>>().join("/")
                }
                (Some(("", _)), _) => "/".to_owned(),
                (Some((head, _)), _) => head.to_owned(),
                (None, _) if path.is_empty() && text.starts_with('/') => "/".to_owned(),
                (None, _) => ".".to_owned(),
            }
        }
        't' => tail(text),
        'r' => match tail(text).rsplit_once('.') {
            Some((stem, end)) if !stem.is_empty() => text.get(..text.len() - end.len() - 1)?.to_owned(),
            _ => text.to_owned(),
        },
        'e' => tail(text).rsplit_once('.').map(|(_, end)| end.to_owned()).unwrap_or_default(),
        'l' => text.to_lowercase(),
        'u' => text.to_uppercase(),
        'Q' => super::xargs::quoted_words(text).join(" "),
        _ => text.to_owned(),
    })
}

#[cfg(test)]
mod tests;
