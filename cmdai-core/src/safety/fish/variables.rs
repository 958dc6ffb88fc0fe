//! `set` and `read`, and what a variable of fish holds.

use super::slice;
use crate::safety::machine::{Field, Flow, Machine, Value};
use crate::safety::replaced::{LEADING, LEADS};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass};

impl Machine<'_> {
    /// What a variable holds; something unknown where the line does not set it.
    pub(super) fn fish_value(&mut self, name: &str) -> Vec<String> {
        if name == "argv"
            && let Some(positional) = &self.state.positional
        {
            let list = positional.to_vec();
            self.spend(list.len() / 8);
            return list;
        }
        match self.get(name) {
            Some(Value::One(text)) => vec![text],
            Some(list) => crate::safety::expand::elements(list),
            // What was typed holds passwords.
            None if name == "history" => vec![self.unknowns.hole("the history", Origin::Secret).to_string()],
            None => vec![self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string()],
        }
    }

    fn fish_store(&mut self, name: &str, mut list: Vec<String>) {
        if name == "argv" {
            self.state.positional = Some(list.into());
            return;
        }
        let value = match list.len() {
            1 => Value::One(list.pop().unwrap_or_default()),
            _ => Value::Many(list),
        };
        self.set(name, value);
    }

    /// `set [OPTIONS] NAME VALUES…`
    pub(super) fn fish_set(&mut self, argv: &[Field], flow: Flow<'_>) -> String {
        let mut letters = String::new();
        let mut words = argv.get(1..).unwrap_or_default();
        while let [first, rest @ ..] = words {
            match first.text.as_str() {
                "--" => {
                    words = rest;
                    break;
                }
                "--append" => letters.push('a'),
                "--prepend" => letters.push('p'),
                "--erase" => letters.push('e'),
                "--export" => letters.push('x'),
                "--query" => letters.push('q'),
                "--universal" => letters.push('U'),
                "--names" | "--show" => letters.push('n'),
                long if long.starts_with("--") => {}
                short if short.starts_with('-') && short.len() > 1 => letters.push_str(&short[1..]),
                _ => break,
            }
            words = rest;
        }
        let has = |letter: char| letters.contains(letter);
        let [name, values @ ..] = words else {
            return if flow.want {
                // Tokens and passwords are kept there.
                self.unknowns.hole("$(set)", Origin::Secret).to_string()
            } else {
                String::new()
            };
        };
        if has('q') || has('n') || has('S') {
            return String::new();
        }
        if has('e') {
            for field in words {
                self.fish_erase(&field.text);
            }
            return String::new();
        }
        let mut list: Vec<String> = values.iter().map(|field| field.text.clone()).take(512).collect();
        let (plain, index) = indexed(&name.text);
        if let Some(index) = index {
            list = replaced(self.fish_value(plain), index, list);
        } else if has('a') || has('p') {
            let known = self.get(plain).is_some() || plain == "argv";
            let mut old = if known { self.fish_value(plain) } else { Vec::new() };
            if has('p') {
                std::mem::swap(&mut old, &mut list);
            }
            old.extend(list);
            list = old;
        }
        // What is kept for later shells is as good as a line of their startup file.
        if has('U') && plain != "PATH" && LEADING.contains(&plain) {
            let text = list.join(" ");
            if self.leads_away(plain, &text) {
                let span = self.at(name.span);
                let target = self.target(TargetClass::Named, plain, span);
                self.emit_with(EffectKind::Persist, target, false, "set", span, LEADS);
            }
        }
        let plain = plain.to_owned();
        self.fish_store(&plain, list);
        let first = values.first().map_or("", |field| field.text.as_str());
        let path = has('U') && matches!(plain.as_str(), "fish_user_paths" | "fish_function_path" | "PATH");
        if path && let Some(field) = values.first() {
            self.fish_searched_first(field);
        }
        if plain == "fish_history" && matches!(first, "" | "/dev/null") {
            let span = self.at(name.span);
            let target = self.target(TargetClass::Named, "the shell's history", span);
            self.emit_with(EffectKind::DisableProtection, target, false, "history", span, "history");
        }
        if has('x') {
            self.code_variable(&plain, self.at(name.span));
        }
        String::new()
    }

    fn fish_erase(&mut self, text: &str) {
        let (name, index) = indexed(text);
        let left = match index {
            None => Vec::new(),
            Some(index) => {
                let old = self.fish_value(name);
                let gone: Vec<String> = slice((1..=old.len()).map(|at| at.to_string()).collect(), index);
                let keeps = |at: usize| !gone.contains(&(at + 1).to_string());
                old.into_iter().enumerate().filter(|(at, _)| keeps(*at)).map(|(_, text)| text).collect()
            }
        };
        self.fish_store(name, left);
    }

    /// `read [OPTIONS] NAMES…`
    pub(super) fn fish_read(&mut self, argv: &[Field], flow: Flow<'_>) -> String {
        let (mut whole, mut list, mut by_line, mut silent) = (false, false, false, false);
        let mut delimiter: Option<String> = None;
        let mut names: Vec<String> = Vec::new();
        let mut words = argv.iter().skip(1);
        while let Some(field) = words.next() {
            match field.text.as_str() {
                "-z" | "--null" => whole = true,
                "-a" | "--array" | "--list" => list = true,
                "-L" | "--line" => by_line = true,
                "-s" | "--silent" => silent = true,
                "-d" | "--delimiter" => delimiter = words.next().map(|field| field.text.clone()),
                // A prompt is code.
                "-p" | "--prompt" | "-R" | "--right-prompt" => {
                    if let Some(field) = words.next() {
                        self.code_here(&field.text, self.at(field.span), Flow::default());
                    }
                }
                "-n" | "--nchars" | "-P" | "--prompt-str" | "-c" | "--command" => {
                    words.next();
                }
                text if text.starts_with('-') => {
                    if let Some(text) = text.strip_prefix("--delimiter=") {
                        delimiter = Some(text.to_owned());
                    }
                    // Letters joined: `-lz`, `-la`.
                    if !text.starts_with("--") {
                        whole |= text.contains('z');
                        list |= text.contains('a');
                        by_line |= text.contains('L');
                        silent |= text.contains('s');
                        if text.ends_with(['P', 'n', 'c', 'R', 'p', 'd']) {
                            words.next();
                        }
                    }
                }
                text => names.push(text.to_owned()),
            }
        }
        let input = self.fish_input(flow, whole || by_line);
        let Some(first) = names.first().cloned() else {
            return if flow.want { input.map(|text| text + "\n").unwrap_or_default() } else { String::new() };
        };
        let Some(input) = input else {
            for name in names {
                // What nobody is to see while it is typed is a password.
                let origin = if silent { Origin::Secret } else { Origin::Variable };
                let hole = self.unknowns.hole(&format!("${name}"), origin).to_string();
                self.fish_store(&name, vec![hole]);
            }
            return String::new();
        };
        let mut pieces: Vec<String> = match delimiter.as_deref() {
            _ if by_line => input.lines().map(str::to_owned).collect(),
            Some("") => input.chars().map(String::from).collect(),
            Some(mark) => input.split(mark).map(str::to_owned).collect(),
            None if list || names.len() > 1 => input.split_whitespace().map(str::to_owned).collect(),
            None => vec![input.clone()],
        };
        pieces.truncate(512);
        if list {
            self.fish_store(&first, pieces);
            return String::new();
        }
        let last = names.len() - 1;
        let joint = delimiter.as_deref().unwrap_or(" ").to_owned();
        // Where a row ends that nobody knows, nobody knows: it may have as many fields as are asked for.
        let unknown =
            pieces.last().and_then(|piece| piece.find(value::is_hole).map(|at| piece[at..].to_owned()));
        let unknown = unknown.unwrap_or_default();
        let mut pieces = pieces.into_iter().peekable();
        for (at, name) in names.iter().enumerate() {
            let text = match at == last && !by_line && pieces.peek().is_some() {
                true => pieces.by_ref().collect::<Vec<_>>().join(&joint),
                false => pieces.next().unwrap_or_else(|| unknown.clone()),
            };
            self.fish_store(name, vec![text]);
        }
        String::new()
    }

    /// The line, or all, that comes in.
    fn fish_input(&mut self, flow: Flow<'_>, all: bool) -> Option<String> {
        if let Some(input) = flow.input {
            let text = input.strip_suffix('\n').unwrap_or(input);
            let line = text.split('\n').next().unwrap_or_default();
            return Some(if all { text } else { line }.to_owned());
        }
        let pending = self.pending_input.as_mut()?;
        let end = if all { pending.len() } else { pending.find('\n').map_or(pending.len(), |at| at + 1) };
        let line: String = pending.drain(..end).collect();
        Some(line.trim_end_matches('\n').to_owned())
    }
}

/// `x[2]` is the name `x` and the index `2`.
fn indexed(text: &str) -> (&str, Option<&str>) {
    match text.split_once('[') {
        Some((name, index)) => (name, Some(index.trim_end_matches(']'))),
        None => (text, None),
    }
}

/// The list with new values at the places of the index.
fn replaced(mut old: Vec<String>, index: &str, new: Vec<String>) -> Vec<String> {
    // An index past the end makes the list longer.
    let longest = index.split([' ', '.']).filter_map(|at| at.parse::<usize>().ok()).max();
    let length = old.len().max(longest.unwrap_or_default().min(256));
    old.resize(length, String::new());
    let places = slice((1..=old.len()).map(|at| at.to_string()).collect(), index);
    for (place, text) in places.iter().zip(new) {
        let place = place.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
        if let Some(slot) = place.and_then(|at| old.get_mut(at)) {
            *slot = text;
        }
    }
    old
}
