//! What a command can be given next: the door through which command knowledge comes to completion.
//!
//! [`expected`] asks every layer that knows the program. A further layer is added there and nowhere else.

use crate::line::Dialect;
use crate::specs::{self, Operand, PathUse, Spec, ValueKind};

/// What may stand at a place of a command.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected {
    /// Subcommands, where one may stand.
    pub(super) subcommands: Vec<&'static str>,
    /// Flags that are not given yet.
    pub(super) flags: Vec<&'static str>,
    /// What the word is.
    pub(super) kind: Kind,
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

/// What may follow these words of a command (the program is the first).
pub(super) fn expected(words: &[&str], dialect: Dialect) -> Expected {
    let Some(mut spec) = words.first().and_then(|program| specs::lookup_in(program, dialect)) else {
        return Expected::default();
    };
    let mut operands = 0;
    let mut value: Option<ValueKind> = None;
    let mut only_operands = false;
    let mut given: Vec<&str> = Vec::new();
    for word in words.iter().skip(1) {
        if value.take().is_some() {
            continue;
        }
        if *word == "--" {
            only_operands = true;
        } else if word.starts_with('-') && word.len() > 1 && !only_operands {
            given.push(word);
            if let Some(flag) = spec.flag(word) {
                value = flag.value.filter(|value| !value.optional).map(|value| value.kind);
            }
        } else if let Some(sub) = spec.subcommand(word).filter(|_| operands == 0) {
            spec = sub;
        } else {
            operands += 1;
        }
    }
    if let Some(kind) = value {
        return Expected { kind: kind_of(kind), ..Expected::default() };
    }
    let subcommands = if operands == 0 && !only_operands {
        spec.subcommands.iter().map(|sub| sub.name).collect()
    } else {
        Vec::new()
    };
    let flags = if only_operands { Vec::new() } else { flags_of(spec, &given) };
    let kind = operand_at(spec, operands).map_or(Kind::Unknown, |operand| kind_of(operand.kind));
    let kind = if subcommands.is_empty() { kind } else { Kind::Other };
    Expected { subcommands, flags, kind }
}

fn operand_at(spec: &'static Spec, at: usize) -> Option<&'static Operand> {
    spec.operands.get(at).or_else(|| spec.operands.last().filter(|last| last.many))
}

/// Flags that are not given yet, under all their names.
fn flags_of(spec: &'static Spec, given: &[&str]) -> Vec<&'static str> {
    let unused = spec.flags.iter().filter(|flag| !flag.names.iter().any(|name| given.contains(name)));
    unused.flat_map(|flag| flag.names.iter().copied()).collect()
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

    #[test]
    fn subcommands_flags_and_kinds() {
        let git = expected(&["git"], Dialect::Bash);
        assert!(git.subcommands.contains(&"commit"));
        let add = expected(&["git", "add"], Dialect::Bash);
        assert!(add.flags.contains(&"-p") && add.subcommands.is_empty() && add.kind == Kind::Path);
        assert!(!expected(&["git", "add", "-p"], Dialect::Bash).flags.contains(&"--patch"));
        assert_eq!(expected(&["cd"], Dialect::Bash).kind, Kind::Directory);
        assert_eq!(expected(&["no-such-thing"], Dialect::Bash).kind, Kind::Unknown);
        assert!(expected(&["git", "commit", "-m"], Dialect::Bash).flags.is_empty());
    }
}
