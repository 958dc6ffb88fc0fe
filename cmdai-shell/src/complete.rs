//! `cmdai complete`: how a line goes on, asked once.
//!
//! Shells ask the daemon, which remembers; this door is for programs and for looking at what completion
//! does. It reads the history, answers and leaves.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cmdai_core::complete::{Past, Query, Source, alternatives};
use cmdai_core::config::Config;
use cmdai_core::history::{Run, Store};
use cmdai_core::machine::Machine;
use serde_json::json;

use crate::args::CompleteArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{history, input, surroundings, words};

/// Runs of the history that are read at most: what is recent enough to matter.
const MOST_RUNS: usize = 20_000;
/// How long the machine is looked at: directories, branches, programs.
const LOOK: Duration = Duration::from_millis(200);
/// Questions that one answer may lead to: what stands in a directory decides which is asked about next.
const ROUNDS: usize = 3;

/// Completes what the arguments say.
///
/// # Errors
/// A cursor or directory that is not there, output that cannot be written.
pub(crate) fn run(args: &CompleteArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    let shell = surroundings::shell(args.place.shell, settings.config.shell);
    let os = args.place.os.or(settings.config.os);
    let context = match &args.cwd {
        Some(cwd) if !cwd.is_dir() => {
            let message = format!("{} is no directory", cwd.display());
            return Err(Failure::new(Exit::Usage, "look into the directory of the line", message)
                .hint("give one that is there with --cwd, or leave it out for this one"));
        }
        Some(cwd) => surroundings::context_in(cwd, shell.dialect, os),
        None => surroundings::context(shell.dialect, os),
    };
    let context = context.with_breadth(surroundings::breadth());
    let line = words::unfinished_line(&args.words).map_err(|number| {
        Failure::new(Exit::Usage, "read the line", format!("word {number} is not UTF-8"))
    })?;
    let buffer = before_cursor(&line, args.cursor).ok_or_else(|| {
        let length = line.chars().count();
        Failure::new(Exit::Usage, "find the cursor", format!("the line has {length} characters"))
            .hint(format!("count them from 0 to {length}"))
    })?;
    let past = Past::from_runs(&runs(&settings.config));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let query =
        Query { buffer, context: &context, session: None, now: i64::try_from(now).unwrap_or(i64::MAX) };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let machine =
        Machine::new(std::env::split_paths(&path).filter_map(|dir| dir.into_os_string().into_string().ok()));
    let ask = || alternatives(&past, &query, &machine, usize::from(args.count));
    for _ in 1..ROUNDS {
        ask();
        machine.settle(LOOK);
    }
    let suggestions = ask();
    let mut text = String::new();
    if args.json {
        let all = suggestions.iter().map(|suggestion| {
            json!({
                "suffix": suggestion.suffix,
                "line": format!("{buffer}{}", suggestion.suffix),
                "source": source_name(suggestion.source),
                "probability": (f64::from(suggestion.probability) * 1e4).round() / 1e4,
                "risk": suggestion.risk.name(),
            })
        });
        text = json!({ "buffer": buffer, "suggestions": all.collect::<Vec<_>>() }).to_string() + "\n";
    } else {
        for suggestion in &suggestions {
            text += &format!("{buffer}{}\n", suggestion.suffix);
        }
    }
    input::print(&text)?;
    Ok(Exit::Ok)
}

/// The history, oldest first; nothing where there is none or it cannot be read: completing goes on without.
fn runs(config: &Config) -> Vec<Run> {
    let Some(path) = history::path().ok().filter(|path| path.exists()) else { return Vec::new() };
    let store = Store::open(&path, history::options(config, LOOK));
    store.and_then(|mut store| store.latest(MOST_RUNS)).unwrap_or_default()
}

/// The line up to the cursor, which is counted in characters; all of it without one. `None` where it has no such place.
fn before_cursor(line: &str, cursor: Option<usize>) -> Option<&str> {
    let Some(cursor) = cursor else { return Some(line) };
    let mut ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    ends.nth(cursor).and_then(|end| line.get(..end))
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::History => "history",
        Source::Spec => "spec",
        Source::Path => "path",
        Source::Git => "git",
        Source::Command => "command",
        _ => "model",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_counts_characters() {
        assert_eq!(before_cursor("écho x", Some(2)), Some("éc"));
        assert_eq!(before_cursor("ls", Some(0)), Some(""));
        assert_eq!(before_cursor("ls", Some(2)), Some("ls"));
        assert_eq!(before_cursor("ls", Some(3)), None);
        assert_eq!(before_cursor("ls", None), Some("ls"));
    }
}
