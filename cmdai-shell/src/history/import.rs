//! `cmdai history import`: finding the files of other shells and reading as much of them as is sensible.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use cmdai_core::history::import::{Format, Parsed};
use cmdai_core::history::store::{Imported, MAX_ENTRIES, foreign};

use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::paint::visible;
use crate::settings::Settings;
use crate::{env, input, surroundings};

/// Of a larger file only the end is read, which is what was run last.
const MAX_BYTES: u64 = 64 << 20;

/// A history that was found.
struct Source {
    path: PathBuf,
    /// Whose it is, where that is known.
    from: Option<&'static str>,
}

pub(super) fn run(from: &str, file: Option<&Path>, settings: &Settings) -> Result<Exit, Failure> {
    let asked = NAMES.iter().find(|name| **name == from).copied();
    let sources = match file {
        Some(path) => vec![Source { path: path.to_owned(), from: asked }],
        None => usual(asked),
    };
    if sources.is_empty() {
        let whose = asked.map_or("a shell".to_owned(), str::to_owned);
        return Err(Failure::new(
            Exit::Usage,
            "import the history",
            format!("no history of {whose} was found"),
        )
        .hint("name the file, as in: cmdai history import zsh --file ~/.zsh_history"));
    }
    if settings.config.history_enabled == Some(false) {
        return Err(Failure::new(Exit::Config, "import the history", "history.enabled is false")
            .hint("set it to true in the configuration; cmdai help config tells where that is"));
    }
    let mut store = super::open(settings)?;
    let mut failures = Vec::new();
    for source in &sources {
        let read = read(source, settings);
        let done = read.and_then(|(whose, mut parsed, changed)| {
            // What would be trimmed right away is not written first: of a huge file that is most of it.
            let most = settings.config.history_max_entries.unwrap_or(MAX_ENTRIES);
            let older = parsed.runs.len().saturating_sub(most);
            parsed.runs.drain(..older);
            let imported = store.import(&parsed.runs, changed, whose);
            let imported = imported.map_err(|error| super::failed("write", &error))?;
            input::print(&told(whose, &source.path, &imported, parsed.skipped, older))
        });
        failures.extend(done.err());
    }
    super::tell(&mut store, settings);
    // Each file stands for itself: one that cannot be read keeps no other from being taken over.
    let mut failures = failures.into_iter();
    let Some(last) = failures.next_back() else {
        super::forget::reload_daemon();
        return Ok(Exit::Ok);
    };
    failures.for_each(|failure| crate::say(&failure.to_string()));
    super::forget::reload_daemon();
    Err(last)
}

fn told(whose: &str, path: &Path, imported: &Imported, skipped: usize, older: usize) -> String {
    let mut parts = vec![format!("{} added", imported.added)];
    let mut also = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    also(imported.known, "known already");
    for (reason, count) in &imported.refused {
        let what = match *reason {
            "secret" => "left out for a secret",
            "blank" => "left out for a leading blank",
            "pattern" => "left out by history.ignore",
            "directory" => "left out by history.ignore_dirs",
            "too_long" => "too long",
            "control" => "with control characters",
            other => other,
        };
        also(*count, what);
    }
    also(skipped, "not readable");
    also(older, "older left out by history.max_entries");
    format!("{whose} {}: {}\n", visible(&path.display().to_string()), parts.join(", "))
}

/// Whose histories can be imported.
const NAMES: &[&str] = &["zsh", "bash", "fish", "nu", "atuin"];

/// The histories that are where shells keep them.
fn usual(asked: Option<&'static str>) -> Vec<Source> {
    let Some(home) = surroundings::home() else { return Vec::new() };
    let folder = |name: &str, below: &str| {
        env::value(name).map(PathBuf::from).filter(|path| path.is_absolute()).unwrap_or(home.join(below))
    };
    let data = folder("XDG_DATA_HOME", ".local/share");
    let state = folder(env::STATE_HOME, ".local/state");
    let config = folder("XDG_CONFIG_HOME", ".config");
    let zsh = env::value(env::ZDOTDIR).map_or(home.clone(), PathBuf::from);
    // Only the shell that exports it means its own file by it.
    let named = env::value(env::HISTFILE).map(PathBuf::from).filter(|path| path.is_absolute());
    let named = named.filter(|path| path.is_file()).and_then(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let from = ["zsh", "bash"].into_iter().find(|from| name.contains(from))?;
        Some((from, path))
    });
    let nu = config.join("nushell");
    let places = [
        ("zsh", zsh.join(".zsh_history")),
        ("zsh", home.join(".zsh_history")),
        ("zsh", zsh.join(".zhistory")),
        ("zsh", home.join(".histfile")),
        ("zsh", data.join("zsh/history")),
        ("zsh", state.join("zsh/history")),
        ("bash", home.join(".bash_history")),
        ("bash", state.join("bash/history")),
        ("fish", data.join("fish/fish_history")),
        ("nu", nu.join("history.txt")),
        ("nu", nu.join("history.sqlite3")),
        ("atuin", data.join("atuin/history.db")),
    ];
    let mut found: Vec<Source> = Vec::new();
    for (from, path) in named.into_iter().chain(places) {
        let wanted = asked.is_none_or(|asked| asked == from) && path.is_file();
        let path = path.canonicalize().unwrap_or(path);
        if wanted && !found.iter().any(|source| source.path == path) {
            found.push(Source { path, from: Some(from) });
        }
    }
    found
}

/// Whose it is, its runs, and when it was last written.
fn read(source: &Source, settings: &Settings) -> Result<(&'static str, Parsed, i64), Failure> {
    let path = &source.path;
    let doing = format!("read the history {}", path.display());
    let unreadable = |error: std::io::Error| Failure::new(Exit::Usage, doing.clone(), io_message(&error));
    let (bytes, changed) = match path.to_str() {
        Some("-") => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().take(MAX_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
            (bytes, super::now())
        }
        _ => {
            // Opening a pipe would wait for its other end for ever.
            let meta = std::fs::metadata(path).map_err(unreadable)?;
            if !meta.is_file() {
                return Err(
                    Failure::new(Exit::Usage, doing, "it is no file").hint("pass - to read standard input")
                );
            }
            let changed = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let changed = changed.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0);
            (read_end(path).map_err(unreadable)?, changed)
        }
    };
    if foreign::is_database(&bytes) {
        drop(bytes);
        // atuin does not say which shell a line was typed in.
        let dialect = surroundings::shell(None, settings.config.shell).dialect;
        let most = settings.config.history_max_entries.unwrap_or(MAX_ENTRIES);
        let read = foreign::read(path, most, dialect);
        let (whose, parsed) = read.map_err(|error| Failure::of(&doing, &error))?;
        return Ok((whose, parsed, changed));
    }
    let format = format(source, &bytes).ok_or_else(|| {
        Failure::new(Exit::Usage, doing, "it could be any shell's")
            .hint("say whose it is, as in: cmdai history import bash --file ...")
    })?;
    Ok((format.name(), format.parse(&bytes), changed))
}

/// The form of a file: what was said, what stands in it, what it is called.
fn format(source: &Source, bytes: &[u8]) -> Option<Format> {
    let said = source.from.and_then(|from| Format::ALL.iter().find(|format| format.name() == from).copied());
    let name = source.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let called = || {
        let parts =
            [("zsh", Format::Zsh), ("zhist", Format::Zsh), ("bash", Format::Bash), ("fish", Format::Fish)];
        parts.into_iter().find(|(part, _)| name.contains(part)).map(|(_, format)| format)
    };
    said.or_else(|| Format::of(bytes)).or_else(called)
}

/// The file, or the end of it from the beginning of a line.
fn read_end(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let cut = length > MAX_BYTES;
    if cut {
        file.seek(SeekFrom::Start(length - MAX_BYTES))?;
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    if cut && let Some(newline) = bytes.iter().position(|byte| *byte == b'\n') {
        bytes.drain(..=newline);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_what_was_said_or_what_it_looks_like() {
        let source = |name: &str, from| Source { path: PathBuf::from(name), from };
        assert_eq!(format(&source("/x", Some("bash")), b": 1:0;ls\n"), Some(Format::Bash));
        assert_eq!(format(&source("/x", None), b": 1:0;ls\n"), Some(Format::Zsh));
        assert_eq!(format(&source("/home/me/.bash_history", None), b"ls\n"), Some(Format::Bash));
        assert_eq!(format(&source("/x", None), b"ls\n"), None);
        assert!(Format::ALL.iter().all(|format| NAMES.contains(&format.name())));
    }

    #[test]
    fn what_was_done_is_told_in_one_line() {
        let imported = Imported { added: 3, known: 2, refused: [("secret", 1)].into() };
        let text = told("zsh", Path::new("/h"), &imported, 4, 0);
        assert_eq!(text, "zsh /h: 3 added, 2 known already, 1 left out for a secret, 4 not readable\n");
        let text = told("zsh", Path::new("/h"), &Imported::default(), 0, 9);
        assert_eq!(text, "zsh /h: 0 added, 9 older left out by history.max_entries\n");
    }
}
