//! Variables: setting them, asking for them, and what the outcome of a command tells of them.

use super::machine::{Fact, Known, Machine, VALUE_BYTES, Value};
use super::value::{self, Origin};
use crate::line::Dialect;
use crate::syntax::ir::{AssignedValue, Assignment, Part, PartKind, Word};

/// Elements of one array.
const ELEMENTS: usize = 512;

impl Machine<'_> {
    pub(super) fn assign(&mut self, assignment: &Assignment) {
        if self.dialect == crate::Dialect::Zsh && self.zsh_table(assignment) {
            return;
        }
        let name = self.own(&assignment.name).into_owned();
        if matches!(name.as_str(), "BASH_ALIASES" | "BASH_CMDS")
            && let (Some(key), AssignedValue::Word(word)) = (&assignment.index, &assignment.value)
        {
            // The tables behind `alias` and `hash`.
            let pair = (self.single(key), self.single(word));
            let shell = self.shell_mut();
            match name.as_str() {
                "BASH_ALIASES" => shell.aliases.push(pair),
                _ => shell.programs.push(pair),
            }
            return;
        }
        let index = assignment.index.as_ref().map(|word| self.single(word));
        match &assignment.value {
            AssignedValue::Word(word) => {
                let text = self.single(word);
                self.assign_text(&name, index, text, assignment.append);
            }
            AssignedValue::Array(words) => {
                let old = if assignment.append { self.get(&name) } else { self.get(&name).filter(is_map) };
                let new = self.array(words, old, assignment.append);
                self.set(&name, new);
            }
        }
    }

    /// Sets a variable or one element of it, or adds to it.
    pub(super) fn assign_text(&mut self, name: &str, index: Option<String>, text: String, append: bool) {
        if let Some(index) = &index
            && matches!(self.state.variable(name), Some(Value::Many(_)))
            && let Some(at) = self.calculate(index)
            && let Ok(at) = usize::try_from(at - i64::from(self.dialect == Dialect::Zsh && at > 0))
        {
            // The usual case, without a copy of the list unless another way holds it.
            self.spend(self.state.copying_of(name));
            if at >= ELEMENTS {
                self.cut = true;
            } else if let Some(Value::Many(list)) = self.state.variable_mut(name) {
                if list.len() <= at {
                    list.resize(at + 1, value::UNSET.to_string());
                }
                if append && !is_unset(&list[at]) { list[at].push_str(&text) } else { list[at] = text }
            }
            return;
        }
        let new = match (index, self.get(name)) {
            (Some(index), Some(Value::Map(mut map))) => {
                put(&mut map, &index, text, append);
                Value::Map(map)
            }
            (Some(index), old) => {
                let mut list = match old {
                    Some(Value::Many(list)) => list,
                    Some(Value::One(text)) => vec![text],
                    _ => Vec::new(),
                };
                // Arrays of zsh begin at 1.
                let first = i64::from(self.dialect == Dialect::Zsh);
                let at = self.calculate(&index);
                let at = at.map(|at| if at < 0 { at + list.len() as i64 } else { (at - first).max(0) });
                match at.and_then(|at| usize::try_from(at).ok()) {
                    Some(at) if at < ELEMENTS => {
                        if list.len() <= at {
                            list.resize(at + 1, value::UNSET.to_string());
                        }
                        if append && !is_unset(&list[at]) {
                            list[at].push_str(&text)
                        } else {
                            list[at] = text
                        }
                        Value::Many(list)
                    }
                    // An index that is no number belongs to an associative array.
                    _ if list.is_empty() => Value::Map(vec![(index, text)]),
                    _ => {
                        list.push(text);
                        Value::Many(list)
                    }
                }
            }
            (None, Some(Value::One(mut old))) if append => {
                self.spend(old.len() / 512);
                old.push_str(&text);
                Value::One(old)
            }
            (None, Some(Value::Many(mut list))) => {
                match list.first_mut() {
                    Some(first) if append => first.push_str(&text),
                    Some(first) => *first = text,
                    None => list.push(text),
                }
                Value::Many(list)
            }
            (None, None) if append => {
                Value::One(format!("{}{text}", self.unknowns.hole(&format!("${name}"), Origin::Variable)))
            }
            (None, _) => Value::One(text),
        };
        self.set(name, new);
    }

    /// `( … )` as the value of an array; with `[key]=value` inside it may be an associative one.
    pub(super) fn array(&mut self, words: &[Word], old: Option<Value>, append: bool) -> Value {
        let mut map = match old {
            Some(Value::Map(map)) => Some(if append { map } else { Vec::new() }),
            Some(Value::Many(list)) if append => {
                return self.list(words, list);
            }
            Some(Value::One(text)) if append => {
                return self.list(words, vec![text]);
            }
            _ => None,
        };
        let keyed = words.iter().take(ELEMENTS).all(|word| starts_with_index(&word.parts));
        if self.dialect == crate::Dialect::Zsh && map.is_some() && !keyed {
            // In zsh keys and values follow one another.
            let Value::Many(list) = self.list(words, Vec::new()) else { return Value::Map(Vec::new()) };
            let keyed = |text: &String| {
                let (key, value) = text.strip_prefix('[')?.split_once("]=")?;
                Some((key.to_owned(), value.to_owned()))
            };
            if let Some(pairs) = list.iter().map(keyed).collect::<Option<Vec<_>>>() {
                return Value::Map(pairs);
            }
            let pairs =
                list.chunks(2).map(|pair| (pair[0].clone(), pair.get(1).cloned().unwrap_or_default()));
            return Value::Map(pairs.collect());
        }
        if map.is_none() && (!keyed || words.is_empty()) {
            return self.list(words, Vec::new());
        }
        let mut list: Vec<(String, String)> = Vec::new();
        for word in words.iter().take(ELEMENTS) {
            let text = self.as_written(&word.parts);
            let pair = text.strip_prefix('[').and_then(|rest| rest.split_once("]="));
            if let Some((key, value)) = pair {
                put(map.as_mut().unwrap_or(&mut list), key, value.to_owned(), false);
            }
        }
        match map {
            Some(map) => Value::Map(map),
            None => {
                // Numbers for keys: a plain array.
                let numbered: Option<Vec<usize>> =
                    list.iter().map(|(key, _)| key.parse().ok().filter(|at| *at < ELEMENTS)).collect();
                let Some(numbers) = numbered else { return Value::Map(list) };
                let mut out = vec![value::UNSET.to_string(); numbers.iter().max().map_or(0, |last| last + 1)];
                for (at, (_, text)) in numbers.into_iter().zip(list) {
                    out[at] = text;
                }
                Value::Many(out)
            }
        }
    }

    fn list(&mut self, words: &[Word], mut list: Vec<String>) -> Value {
        let mut fields = Vec::new();
        words.iter().for_each(|word| self.expand(word, &mut fields));
        list.extend(fields.into_iter().map(|field| field.text));
        if list.len() > ELEMENTS {
            self.spend(list.len() / 16);
        }
        Value::Many(list)
    }

    /// Sets a variable.
    pub(super) fn set(&mut self, name: &str, mut new: Value) {
        if let Value::One(text) = &mut new
            && text.len() > VALUE_BYTES
        {
            *text = self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string();
            self.cut = true;
        }
        let target = self.referred(name);
        let name = target.as_deref().unwrap_or(name);
        if let (Value::One(text), Some((_, form))) =
            (&mut new, self.zsh.forms.iter().rev().find(|(known, _)| known == name))
        {
            *text = form.applied(text);
        }
        self.spend(self.state.copying() + new.weight());
        if !self.state.set(name, new) {
            self.cut = true;
        }
    }

    /// The variable that a name reference stands for.
    fn referred(&self, name: &str) -> Option<String> {
        let references = &self.state.shell().references;
        if references.is_empty() {
            return None;
        }
        references.iter().rev().find(|(known, _)| known == name).map(|(_, target)| target.clone())
    }

    /// The value of a variable that the line set or that the context tells.
    pub(super) fn get(&mut self, name: &str) -> Option<Value> {
        let target = self.referred(name);
        let name = target.as_deref().unwrap_or(name);
        if let Some(value) = self.state.variable(name) {
            let weight = value.weight();
            if weight > 0 && !self.spend(weight) {
                return Some(Value::One(
                    self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string(),
                ));
            }
            return self.state.variable(name).cloned();
        }
        self.told(name).map(Value::One)
    }

    /// What the context tells of a variable.
    pub(super) fn told(&self, name: &str) -> Option<String> {
        let known = match name {
            "HOME" => self.ctx.home.clone().unwrap_or_else(|| value::HOME.to_string()),
            "PWD" if !self.state.cwd.is_empty() => self.state.cwd.clone(),
            "PWD" => ".".to_owned(),
            "TMPDIR" => "/tmp".to_owned(),
            "ZSH" | "ZSH_CUSTOM" | "HISTFILE" | "XDG_CONFIG_HOME" | "XDG_DATA_HOME" | "XDG_CACHE_HOME" => {
                let home = self.ctx.home.clone().unwrap_or_else(|| value::HOME.to_string());
                let place = match name {
                    "ZSH" => ".oh-my-zsh",
                    "ZSH_CUSTOM" => ".oh-my-zsh/custom",
                    "HISTFILE" if self.dialect == Dialect::Zsh => ".zsh_history",
                    "HISTFILE" => ".bash_history",
                    "XDG_CONFIG_HOME" => ".config",
                    "XDG_DATA_HOME" => ".local/share",
                    _ => ".cache",
                };
                format!("{home}/{place}")
            }
            "__fish_config_dir" | "__fish_user_data_dir" if self.dialect == Dialect::Fish => {
                let home = self.ctx.home.clone().unwrap_or_else(|| value::HOME.to_string());
                let folder = if name == "__fish_config_dir" { ".config" } else { ".local/share" };
                format!("{home}/{folder}/fish")
            }
            "ZDOTDIR" if self.dialect == Dialect::Zsh => {
                self.ctx.home.clone().unwrap_or_else(|| value::HOME.to_string())
            }
            "SHELL" | "BASH" => "/bin/bash".to_owned(),
            "0" if self.dialect != Dialect::Zsh => "bash".to_owned(),
            "IFS" => " \t\n".to_owned(),
            "OPTIND" => "1".to_owned(),
            "_" if !self.last_argument.is_empty() => self.last_argument.clone(),
            _ => return None,
        };
        Some(known)
    }

    /// Takes over what follows from how a command ended.
    pub(super) fn assume(&mut self, facts: &[Fact], success: bool) {
        for fact in facts.iter().filter(|fact| fact.on == success) {
            match &fact.what {
                Known::NotEmpty(text) => {
                    for name in self.named_by(text) {
                        let hole = self.unknowns.hole(&format!("${{{name}:?}}"), Origin::Variable);
                        self.set(&name, Value::One(hole.to_string()));
                    }
                }
                Known::Equals(text, known) => {
                    for name in self.named_by(text) {
                        self.set(&name, Value::One(known.clone()));
                    }
                }
                Known::Directory(path) => {
                    self.state.cwd.clone_from(path);
                    self.state.elsewhere = None;
                }
                Known::Entered => self.state.elsewhere = None,
                Known::Copied => self.state.copied = None,
                Known::Spare(paths) => self.add_spare(paths),
                Known::Moved(path, at, since) => {
                    self.state.moved = Some(std::rc::Rc::new((path.clone(), *at, *since)));
                }
                Known::Built(at) => self.state.built = Some(*at),
            }
        }
    }

    /// The variables whose value is the one unknown text.
    fn named_by(&self, text: &str) -> Vec<String> {
        let same = |value: &Value| matches!(value, Value::One(known) if known == text);
        let mut names: Vec<String> = self
            .state
            .variables()
            .iter()
            .filter(|(_, value)| same(value))
            .map(|(name, _)| name.to_string())
            .collect();
        if let Some(name) = self.unknowns.name_of(text).and_then(|name| name.strip_prefix('$'))
            && self.state.variable(name).is_none()
            && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
            && !name.starts_with(|letter: char| letter.is_ascii_digit())
        {
            names.push(name.to_owned());
        }
        names
    }
}

/// True for the place of an element that was never set.
pub(super) fn is_unset(text: &str) -> bool {
    text.starts_with(value::UNSET)
}

fn is_map(value: &Value) -> bool {
    matches!(value, Value::Map(_))
}

fn put(map: &mut Vec<(String, String)>, key: &str, text: String, append: bool) {
    match map.iter().position(|(known, _)| known == key) {
        Some(at) if append => map[at].1.push_str(&text),
        Some(at) => map[at].1 = text,
        None if map.len() < ELEMENTS => map.push((key.to_owned(), text)),
        None => {}
    }
}

/// True for a word that is written `[…]=…`.
fn starts_with_index(parts: &[Part]) -> bool {
    match parts.first().map(|part| &part.kind) {
        Some(PartKind::Glob(text)) => text.starts_with('['),
        Some(PartKind::Text(text)) => text.starts_with('['),
        _ => false,
    }
}
