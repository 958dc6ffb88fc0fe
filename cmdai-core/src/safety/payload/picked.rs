//! Some of several values, or all in another order, and values that are written as text.

use super::acts::Given;
use super::tables::Fun;
use super::val::Val;
use super::{Script, pure};
use crate::safety::value::{self, Origin};

/// Bytes of text that are read as values.
const TEXT: usize = 4 * 1024;

impl Script<'_, '_, '_> {
    /// What such a function gives.
    pub(super) fn picked(&mut self, fun: Fun, given: &Given) -> Val {
        let first = given.first();
        match (fun, first) {
            (Fun::First, Val::List(list)) => list.into_iter().next().unwrap_or(Val::None),
            (Fun::Last, Val::List(list)) => list.into_iter().next_back().unwrap_or(Val::None),
            (Fun::First, Val::Text(text)) if !value::has_hole(&text) => {
                text.chars().next().map_or(Val::None, Val::text)
            }
            (Fun::Sort, Val::Text(text)) if !value::has_hole(&text) => {
                let mut letters: Vec<char> = text.chars().take(1024).collect();
                letters.sort_unstable();
                self.turned(letters.into_iter().map(Val::text).collect(), given)
            }
            (Fun::Sort, Val::List(list)) if list.iter().all(|value| matches!(value, Val::Text(_))) => {
                let mut texts: Vec<String> = list.iter().filter_map(Val::as_text).collect();
                texts.sort_unstable();
                self.turned(texts.into_iter().map(Val::Text).collect(), given)
            }
            (Fun::Data, Val::Text(text)) if is_data(&text) => self.eval(&format!("({text})")),
            (Fun::Translate, first) => {
                let (text, from) = (self.text_of(&first), given.at(1));
                match from {
                    // `strtr($text, ["a" => "b"])`
                    Val::Map(pairs) => {
                        let mut out = text;
                        for (from, to) in pairs.iter().take(16).filter(|(from, _)| !from.is_empty()) {
                            let to = self.text_of(to);
                            let Some(changed) = value::replaced(&out, from, &to, true) else { break };
                            out = changed;
                        }
                        Val::Text(out)
                    }
                    from => {
                        let (from, to) = (self.text_of(&from), self.text_of(&given.at(2)));
                        Val::Text(pure::translate(&text, &from, &to, true))
                    }
                }
            }
            (_, other) => other,
        }
    }

    /// Accounts and processes of the machine: one stands for each of them.
    pub(super) fn listed_by_system(&mut self, fun: Fun, given: &Given) -> Val {
        let entry = |name: &str, value| Val::Map(vec![(name.to_owned(), value)]);
        match fun {
            Fun::Accounts => {
                let home = Val::text(self.machine.homes().trim_end());
                Val::List(vec![entry("pw_dir", home)])
            }
            Fun::Process => entry("pid", given.first()),
            _ => {
                // Where the script asks anything, it may be one of them.
                let asks = self.what.text.contains("if ");
                let origin = if asks { Origin::Program } else { Origin::Processes };
                Val::List(vec![entry("pid", Val::Text(self.hole("$pid", origin)))])
            }
        }
    }

    /// `sorted(…, reverse=True)`
    fn turned(&self, values: Vec<Val>, given: &Given) -> Val {
        let values = Val::List(values);
        if given.option("reverse").is_some_and(|turned| turned.is_true()) {
            return pure::reversed(&values);
        }
        values
    }
}

/// True for the text of a list, a map or a text as JSON has it; only such is read, as the language itself would.
fn is_data(text: &str) -> bool {
    let text = text.trim();
    text.len() <= TEXT
        && !value::has_hole(text)
        && [('{', '}'), ('[', ']'), ('"', '"')]
            .iter()
            .any(|(open, close)| text.starts_with(*open) && text.ends_with(*close))
        && !text.contains(['(', '`', ';'])
}
