//! Values of script languages, as far as they are known.

use crate::safety::value;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val {
    /// Nothing, or nothing that is known.
    None,
    /// Text or bytes; private characters stand for what is not known.
    Text(String),
    Number(i64),
    List(Vec<Val>),
    Map(Vec<(String, Val)>),
    /// Something of the language or a library by its dotted name: `os.system`.
    Name(String),
    /// A thing that a library made: what sort it is, and the text it was made of.
    Thing(Sort, String),
    /// A function of the script, by its number.
    Function(usize),
}

/// Sorts of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A path object.
    Path,
    /// An open file.
    File,
    /// A connection.
    Socket,
    /// A process that was started; the text is what it printed.
    Process,
}

impl Val {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text, where the value has one.
    pub(super) fn as_text(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Thing(_, text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// True for what counts as yes: `recursive: true`, `1`.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Number(number) => *number != 0,
            Self::Name(name) => name == "true",
            Self::Text(text) => !text.is_empty() && text != "false" && text != "0",
            Self::List(list) => !list.is_empty(),
            _ => false,
        }
    }

    /// The entry of a map.
    pub(super) fn entry(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => {
                entries.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The values one after the other, lists taken apart.
    pub(super) fn flatten(&self, out: &mut Vec<Self>) {
        match self {
            Self::List(list) => {
                for value in list.iter().take(256) {
                    if out.len() < 512 {
                        value.flatten(out);
                    }
                }
            }
            other => out.push(other.clone()),
        }
    }

    /// True where nothing of it is known.
    pub(super) fn is_unknown(&self) -> bool {
        match self {
            Self::None => true,
            Self::Text(text) => value::has_hole(text) && text.chars().count() == 1,
            _ => false,
        }
    }
}
