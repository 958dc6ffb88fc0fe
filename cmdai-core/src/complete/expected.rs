//! What a command can be given next: the door through which command knowledge comes to completion.
//!
//! [`expected`] asks every layer that knows the program. A further layer is added there and nowhere else.

use crate::context::Context;
use crate::specs::{PathUse, Reading, ValueKind};

/// What may stand at a place of a command.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected<'t> {
    /// Subcommands, where one may stand, and words that the value may be.
    pub(super) words: Vec<&'t str>,
    /// Flags that are not given yet; looked up where a dash is typed.
    pub(super) flags: Vec<&'t str>,
    /// What the word is.
    pub(super) kind: Kind,
    /// A subcommand is to come, and all there are are known.
    pub(super) is_subcommand: bool,
    /// The flag before it takes it as its value.
    pub(super) is_value: bool,
}

/// What a word names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not known.
    #[default]
    Unknown,
    /// No path.
    Other,
    /// A path.
    Path,
    /// A directory.
    Directory,
    /// A file that exists.
    File,
}

impl Kind {
    /// As a feature.
    pub(super) fn number(self) -> f32 {
        match self {
            Self::Unknown => 0.0,
            Self::Other => 1.0,
            Self::Path => 2.0,
            Self::Directory => 3.0,
            Self::File => 4.0,
        }
    }
}

/// What may follow these words of a command (the program is the first) where the next begins so.
pub(super) fn expected<'t>(words: &[&str], current: &str, context: &'t Context) -> Expected<'t> {
    let Some((program, argv)) = words.split_first() else { return Expected::default() };
    let Some(reading) = Reading::new(program, argv, context) else { return Expected::default() };
    let value = reading.value();
    let kind = value.map_or(Kind::Unknown, |value| kind_of(value.kind));
    if current.starts_with('-') && reading.awaits.is_none() {
        let known = reading.flags().into_iter().chain(reading.outer_flags());
        let free = known.filter(|flag| flag.is_repeated() || !reading.has(flag));
        let names = free.filter(|flag| flag.is_on(context.os)).flat_map(|flag| flag.names());
        return Expected {
            flags: names.filter(|name| name.starts_with(current)).collect(),
            kind,
            words: Vec::new(),
            is_subcommand: false,
            is_value: false,
        };
    }
    let subcommands = reading.subcommands();
    let is_subcommand = !subcommands.is_empty();
    let kind = if is_subcommand { Kind::Other } else { kind };
    let choices = value.map_or_else(Vec::new, |value| value.choices());
    let names = subcommands.iter().map(|sub| sub.name()).chain(choices);
    let words = names.filter(|name| name.starts_with(current)).collect();
    Expected { words, flags: Vec::new(), kind, is_subcommand, is_value: reading.awaits.is_some() }
}

fn kind_of(kind: ValueKind) -> Kind {
    match kind {
        ValueKind::Path(PathUse::Directory) => Kind::Directory,
        ValueKind::Path(PathUse::Read | PathUse::Run) | ValueKind::Script(_) => Kind::File,
        ValueKind::Path(_) | ValueKind::Place => Kind::Path,
        ValueKind::Text => Kind::Unknown,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bash() -> Context {
        Context::new(crate::line::Dialect::Bash)
    }

    #[test]
    fn subcommands_flags_and_kinds() {
        let context = bash();
        assert!(expected(&["git"], "", &context).words.contains(&"commit"));
        let add = expected(&["git", "add"], "-", &context);
        assert!(add.flags.contains(&"-p") && add.words.is_empty());
        assert_eq!(expected(&["git", "add"], "", &context).kind, Kind::Path);
        assert!(!expected(&["git", "add", "-p"], "-", &context).flags.contains(&"--patch"));
        assert_eq!(expected(&["cd"], "", &context).kind, Kind::Directory);
        assert_eq!(expected(&["no-such-thing"], "", &context).kind, Kind::Unknown);
        assert!(expected(&["git", "commit", "-m"], "-", &context).flags.is_empty());
        assert!(expected(&["git", "commit", "-m"], "", &context).is_value);
        assert!(!expected(&["git", "commit", "--amend"], "", &context).is_value);
    }
}
