//! Values of nushell, as far as they are known.

use std::rc::Rc;

use crate::safety::value;
use crate::syntax::ir::Closure;

/// How deep lists and records may lie in one another; deeper ones are not known any more.
const DEEP: u8 = 12;

/// A value. Text may hold private characters that stand for what is not known.
#[derive(Clone, Debug)]
pub(in crate::safety) enum Value {
    Nothing,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Rc<Items<Value>>),
    Record(Rc<Items<(String, Value)>>),
    Closure(Rc<Closure>),
}

/// What a list or record holds, and how deep values lie in it.
#[derive(Clone, Debug)]
pub(in crate::safety) struct Items<T> {
    pub(in crate::safety) items: Vec<T>,
    deep: u8,
}

impl Value {
    pub(in crate::safety) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list; text that stands for anything where it would lie too deep.
    pub(super) fn list(items: Vec<Self>) -> Self {
        let deep = items.iter().map(Self::deep).max().unwrap_or_default() + 1;
        if deep > DEEP {
            return Self::Text(value::STAR.to_string());
        }
        Self::List(Rc::new(Items { items, deep }))
    }

    /// A list of texts.
    pub(super) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::list(texts.into_iter().map(Self::text).collect())
    }

    pub(super) fn record(items: Vec<(String, Self)>) -> Self {
        let deep = items.iter().map(|(_, value)| value.deep()).max().unwrap_or_default() + 1;
        if deep > DEEP {
            return Self::Text(value::STAR.to_string());
        }
        Self::Record(Rc::new(Items { items, deep }))
    }

    fn deep(&self) -> u8 {
        match self {
            Self::List(list) => list.deep,
            Self::Record(record) => record.deep,
            _ => 0,
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The elements, where it is a list; itself where it is a single value.
    /// What going through the value costs, in steps.
    pub(super) fn weight(&self) -> usize {
        let bytes = |value: &Self| if let Self::Text(text) = value { text.len() } else { 8 };
        match self {
            Self::Text(text) => text.len() / 256,
            Self::List(list) => list.items.len() / 8 + list.items.iter().map(bytes).sum::<usize>() / 256,
            Self::Record(record) => record.items.len() / 4,
            _ => 0,
        }
    }

    pub(in crate::safety) fn elements(&self) -> Vec<Self> {
        match self {
            Self::Nothing => Vec::new(),
            Self::List(list) => list.items.clone(),
            other => vec![other.clone()],
        }
    }

    /// The text of a single known value.
    pub(in crate::safety) fn known(&self) -> Option<String> {
        match self {
            Self::Text(text) if !value::has_hole(text) => Some(text.clone()),
            Self::Int(number) => Some(number.to_string()),
            Self::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    /// The number that it is, or that its text says.
    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value of a field; for a list, that of each element.
    pub(in crate::safety) fn field(&self, name: &str) -> Self {
        match self {
            Self::Record(record) => {
                let found = record.items.iter().rev().find(|(key, _)| key == name);
                // Of a row that nobody knows there may be one more column.
                let further = || record.items.last().filter(|_| name.starts_with("column"));
                let found = found.or_else(|| further().filter(|(_, value)| value.is_some_of_many()));
                // Of groups whose names nobody knows each may be the one.
                let group = || record.items.last().filter(|(key, _)| value::has_hole(key));
                found.or_else(group).map_or(Self::Nothing, |(_, value)| value.clone())
            }
            Self::List(list) => match name.parse::<usize>() {
                Ok(at) => match list.items.get(at) {
                    Some(item) => item.clone(),
                    // One that stands for many has every place, and so has a row that nobody knows.
                    None => list
                        .items
                        .last()
                        .filter(|item| item.is_many() || item.is_some_of_many())
                        .cloned()
                        .unwrap_or(Self::Nothing),
                },
                Err(_) => Self::list(list.items.iter().map(|item| item.field_one(name)).collect()),
            },
            // What is in something unknown is as unknown.
            Self::Text(text) if value::has_hole(text) || value::has_pattern(text) => self.clone(),
            _ => Self::Nothing,
        }
    }

    /// The field of an element; lists in lists are not looked into.
    fn field_one(&self, name: &str) -> Self {
        match self {
            Self::List(_) => Self::Nothing,
            other => other.field(name),
        }
    }

    /// True where nobody knows which of many things it is, nor how many: below `~/backups` what `where` has left.
    pub(super) fn is_some_of_many(&self) -> bool {
        let is_unknown = |value: &Self| matches!(value, Self::Text(text) if value::has_hole(text));
        match self {
            Self::Record(record) => record.items.iter().any(|(_, value)| is_unknown(value)),
            other => is_unknown(other),
        }
    }

    /// True where it stands for more than one thing.
    pub(super) fn is_many(&self) -> bool {
        match self {
            Self::Text(text) => value::has_pattern(text),
            Self::Record(record) => record
                .items
                .iter()
                .any(|(_, value)| matches!(value, Self::Text(text) if value::has_pattern(text))),
            _ => false,
        }
    }
}
