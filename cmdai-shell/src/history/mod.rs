//! `cmdai history`, and where the history is for everything else that needs it.

pub(crate) mod args;
mod forget;
mod import;
pub(crate) mod json;
mod show;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cmdai_core::config::Config;
use cmdai_core::history::store::{self, FILE_NAME, MAX_ENTRIES};
use cmdai_core::history::{Keep, Store};
use cmdai_core::models::Places;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::settings::Settings;
use args::{HistoryAction, HistoryArgs};

/// How long a command of a person waits while another process writes.
const PATIENCE: Duration = Duration::from_secs(3);

/// Does what the arguments say.
///
/// # Errors
/// The history or the file to import cannot be read, or output cannot be written.
pub(crate) fn run(args: &HistoryArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    match &args.action {
        HistoryAction::Import { from, file } => import::run(from, file.as_deref(), &settings),
        HistoryAction::List { filter } => show::list(None, filter, &settings),
        HistoryAction::Search { text, prefix, filter } => {
            show::list(Some((text, *prefix)), filter, &settings)
        }
        HistoryAction::Forget { pattern, last, since, yes } => {
            forget::run(pattern.as_deref(), *last, *since, *yes, &settings)
        }
        HistoryAction::Stats { json } => show::stats(*json, &settings),
        HistoryAction::Path => input::print(&format!("{}\n", path()?.display())).map(|()| Exit::Ok),
    }
}

/// Where the history is kept.
///
/// # Errors
/// There is no folder for data.
pub(crate) fn path() -> Result<PathBuf, Failure> {
    let folder = Places::from_env().data;
    folder.map(|folder| folder.join(FILE_NAME)).ok_or_else(|| {
        Failure::new(Exit::History, "find the history", "there is no home directory")
            .hint("set HOME, or XDG_DATA_HOME to an absolute path")
    })
}

/// How the history is used under a configuration; `wait` is how long another writer is waited for.
pub(crate) fn options(config: &Config, wait: Duration) -> store::Options {
    let directories = config.history_ignore_dirs.iter().flatten();
    let keep = Keep::new(
        config.history_enabled.unwrap_or(true),
        config.history_ignore.iter().flatten(),
        directories.map(|directory| directory.to_string_lossy().into_owned()),
    );
    store::Options { keep, max_entries: config.history_max_entries.unwrap_or(MAX_ENTRIES), wait }
}

/// Opens the history for a command, and tells what there is to tell.
fn open(settings: &Settings) -> Result<Store, Failure> {
    let opened = Store::open(&path()?, options(&settings.config, PATIENCE));
    let mut store = opened.map_err(|error| failed("open", &error))?;
    tell(&mut store, settings);
    Ok(store)
}

/// The same for a command that only looks or forgets: where nothing was ever kept, none is begun.
fn open_existing(settings: &Settings) -> Result<Option<Store>, Failure> {
    let missing = path()?.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if missing { Ok(None) } else { open(settings).map(Some) }
}

/// Says that a damaged file was put aside. It is said even where notes are not wanted: it is about what a person had.
fn tell(store: &mut Store, settings: &Settings) {
    for note in store.notes() {
        Settings { quiet: false, config: Config::default(), out: settings.out, err: settings.err }
            .note(&note);
    }
}

fn failed(doing: &str, error: &cmdai_core::Error) -> Failure {
    Failure::of(&format!("{doing} the history"), error)
}

/// Now, in seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}
