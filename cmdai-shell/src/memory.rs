//! The memory as this user has it: the authored intents, and their own in `cmdai/intents/*.jsonl` of the
//! configuration folder.
//!
//! A line that cannot be used is told with its file and number and skipped: one slip in a team's file does not take
//! the answers away.

use std::path::PathBuf;
use std::sync::Arc;

use cmdai_core::generate::{Origin, Suggestion};
use cmdai_core::models::Places;
use cmdai_core::recall::{Intent, Memory, authored, read_intents};

use crate::failure::io_message;
use crate::paint::{self, Paint};
use crate::settings::{Settings, read_bounded};

/// A file of intents beyond this is none.
const MAX_BYTES: u64 = 8 << 20;

/// The memory, a user's own intents first.
pub(crate) fn open(settings: &Settings) -> Option<Arc<Memory>> {
    let memory = authored()?;
    let own: Vec<(String, Vec<Intent>)> =
        files().into_iter().filter_map(|path| read(&path, settings)).collect();
    let given: Vec<_> = own.iter().map(|(name, intents)| (name.as_str(), intents.as_slice())).collect();
    Some(Arc::new(memory.with_own(&given)))
}

/// The files of intents in the configuration folder, in the order of their names.
pub(crate) fn files() -> Vec<PathBuf> {
    let Some(folder) = Places::from_env().config.map(|folder| folder.join("intents")) else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files
}

fn read(path: &std::path::Path, settings: &Settings) -> Option<(String, Vec<Intent>)> {
    let shown = path.display();
    let skipped = |why: &str| settings.note(&format!("intents in {shown} are left out: {why}"));
    let bytes = read_bounded(path, MAX_BYTES).map_err(|error| skipped(&io_message(&error))).ok()?;
    if bytes.len() as u64 > MAX_BYTES {
        skipped("it is larger than 8 MiB");
        return None;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        skipped("it is not UTF-8");
        return None;
    };
    let (intents, bad) = read_intents(&text);
    for bad in bad {
        settings.note(&format!("{shown}:{}: {}; this intent is left out", bad.line, bad.problem));
    }
    Some((path.file_stem()?.to_string_lossy().into_owned(), intents))
}

/// Where each command on offer comes from, a line each.
pub(crate) fn why(suggestion: &Suggestion, colour: Paint) -> String {
    let mut out = String::new();
    for candidate in &suggestion.candidates {
        let command = paint::visible(&candidate.command);
        let origin = match (candidate.origin, &candidate.source) {
            (Origin::Request, _) => "the request is a command already".to_owned(),
            (origin, Some(source)) => {
                let also = if origin == Origin::Memory { "" } else { "written by the model; also " };
                // The phrasing is kept in stems alone, which read like misspelt words where they pass for a sentence.
                format!(
                    "{also}intent {} of {}, {:.2} away; words that tell, as stems: {}",
                    source.intent, source.file, source.cost, source.phrasing
                )
            }
            (_, None) => "written by the model, in no intent".to_owned(),
        };
        let line = format!("{origin}; trusted {:.0} %", candidate.confidence * 100.0);
        out.push_str(&format!("{command}\n  {}\n", colour.paint(paint::FAINT, &paint::visible(&line))));
    }
    for rejected in &suggestion.rejected {
        let line = format!("turned down: {}", rejected.reason);
        let (text, line) = (paint::visible(&rejected.text), paint::visible(&line));
        out.push_str(&format!("{text}\n  {}\n", colour.paint(paint::FAINT, &line)));
    }
    out
}
