//! Our own reading.

use cmdai_core::line::Dialect;
use cmdai_core::syntax::ir::CommandKind;
use cmdai_core::syntax::walk::{self, Inside, Surroundings};
use cmdai_core::syntax::{self, NoteKind};

use crate::Reading;

/// Our reading of the line; `None` where it is not fully understood. `nested` tells whether commands in substitutions count.
pub(crate) fn read(line: &str, nested: bool) -> Option<Reading> {
    let parsed = syntax::parse(line, Dialect::Bash);
    // What is unfinished to us may be complete to others, which take the end of the text for the end of a here-document.
    if parsed.notes.iter().any(|note| note.kind != NoteKind::Unfinished) {
        return None;
    }
    let mut reading = Reading::new();
    walk::commands(&parsed.program, &mut |command, place| {
        if !nested && is_nested(place) {
            return;
        }
        if let CommandKind::Simple(simple) = &command.kind {
            let mut words: Vec<String> = simple
                .words
                .iter()
                .filter_map(|word| line.get(word.span.start..word.span.end))
                .map(str::to_owned)
                .collect();
            if !nested {
                words
                    .iter_mut()
                    .filter(|word| is_process(word))
                    .for_each(|word| crate::PROCESS.clone_into(word));
            }
            if words.first().is_some_and(|program| !crate::is_apart(program)) {
                reading.insert(words);
            }
        }
    });
    Some(reading)
}

/// True for a word that is one process substitution.
fn is_process(word: &str) -> bool {
    (word.starts_with("<(") || word.starts_with(">(")) && word.ends_with(')')
}

/// True for commands within a word of another one.
fn is_nested(place: &Surroundings<'_>) -> bool {
    let mut place = Some(*place);
    while let Some(here) = place {
        if matches!(here.inside, Inside::Substitution | Inside::Process) {
            return true;
        }
        place = here.parent.map(|parent| parent.place);
    }
    false
}
