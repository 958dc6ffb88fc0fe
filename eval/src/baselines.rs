//! What shells suggest today, from history alone.
//!
//! Each is written from what its documentation and users say it does: the newest line that begins as
//! typed; the same preferring lines that followed the same line before; the same leaving out lines whose
//! paths do not exist here. None suggests anything on an empty line.

use cmdai_core::history::Run;

use crate::people::Person;

/// How a suggester without a ranker chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// zsh-autosuggestions, strategy `history`.
    Newest,
    /// zsh-autosuggestions, strategy `match_prev_cmd`.
    AfterPrevious,
    /// fish: lines with paths that do not exist from here are left out, and commands not found are forgotten.
    Fish,
}

impl Strategy {
    pub(crate) const ALL: &'static [Self] = &[Self::Newest, Self::AfterPrevious, Self::Fish];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Newest => "zsh-autosuggestions history",
            Self::AfterPrevious => "zsh-autosuggestions match_prev_cmd",
            Self::Fish => "fish",
        }
    }

    /// Suffixes, best first, at most eight.
    pub(crate) fn suggest(self, person: &Person, past: &[Run], cwd: &str, buffer: &str) -> Vec<String> {
        if buffer.is_empty() {
            return Vec::new();
        }
        let fits = |at: &usize| {
            let run = &past[*at];
            run.command.starts_with(buffer)
                && run.command.len() > buffer.len()
                && (self != Self::Fish || fish_offers(person, run, cwd))
        };
        let mut order: Vec<usize> = (0..past.len()).rev().filter(fits).collect();
        if self == Self::AfterPrevious
            && let Some(previous) = past.last()
        {
            // The newest 200 are searched for one that followed the same line; it comes first.
            let after = order.iter().take(200).position(|&at| {
                at.checked_sub(1).is_some_and(|before| past[before].command == previous.command)
            });
            if let Some(after) = after {
                let first = order.remove(after);
                order.insert(0, first);
            }
        }
        let mut suffixes: Vec<String> = Vec::new();
        for at in order {
            let suffix = &past[at].command[buffer.len()..];
            if !suffixes.iter().any(|known| known == suffix) {
                suffixes.push(suffix.to_owned());
                if suffixes.len() == 8 {
                    break;
                }
            }
        }
        suffixes
    }
}

/// True where every path that the line named when it was run exists from here too.
fn fish_offers(person: &Person, run: &Run, cwd: &str) -> bool {
    if run.status == Some(127) {
        return false;
    }
    let ran_in = run.cwd.as_deref().unwrap_or_default();
    let mut words = run.command.split_whitespace();
    let program = words.next().unwrap_or_default();
    words.filter(|word| !word.starts_with('-')).all(|word| {
        let word = word.trim_matches(['"', '\'']);
        let counts = exists(person, ran_in, word) || (program == "cd" && !word.is_empty() && word != "-");
        !counts || exists(person, cwd, word) || (program == "cd" && !known(person, cwd, word))
    })
}

fn split<'w>(person: &Person, cwd: &str, word: &'w str) -> (String, &'w str) {
    let whole = word.trim_end_matches('/');
    let (dir, name) = whole.rsplit_once('/').unwrap_or(("", whole));
    let base = match dir {
        _ if word.starts_with('/') => dir.to_owned(),
        "" => cwd.to_owned(),
        _ => match dir.strip_prefix('~') {
            Some(rest) => format!("{}{rest}", person.home),
            None => format!("{cwd}/{dir}"),
        },
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    (format!("/{}", parts.join("/")), name)
}

/// True where the record says what is in the directory that the word lies in.
fn known(person: &Person, cwd: &str, word: &str) -> bool {
    let (dir, name) = split(person, cwd, word);
    !matches!(name, "" | "." | ".." | "~") && person.entries(&dir).is_some()
}

fn exists(person: &Person, cwd: &str, word: &str) -> bool {
    let (dir, name) = split(person, cwd, word);
    matches!(name, "." | ".." | "~" | "")
        || person.entries(&dir).is_some_and(|entries| entries.iter().any(|entry| entry.name == name))
}
