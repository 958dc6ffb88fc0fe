//! `cmdai history list`, `search` and `stats`.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::Path;

use cmdai_core::history::store::{Entry, Find, Stats};
use serde_json::{Map, Value, json};

use super::args::FilterArgs;
use super::now;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::input;
use crate::paint::{FAINT, STRONG, visible};
use crate::settings::Settings;

/// Lists runs; `text` is what a line holds, or begins with.
pub(super) fn list(
    text: Option<(&String, bool)>,
    filter: &FilterArgs,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let (text, prefix) = match text {
        Some((text, true)) => (None, Some(text.clone())),
        Some((text, false)) => (Some(text.clone()), None),
        None => (None, None),
    };
    let find = Find {
        text,
        prefix,
        pattern: None,
        cwd: filter.cwd.as_deref().map(directory).transpose()?,
        failed: filter.failed,
        since: filter.since.map(since),
        limit: Some(filter.count),
    };
    let mut found = Vec::new();
    if let Some(mut store) = super::open_existing(settings)? {
        found = store.find(&find).map_err(|error| super::failed("read", &error))?;
        super::tell(&mut store, settings);
    }
    if found.is_empty() && std::io::stdout().is_terminal() {
        settings.note("nothing was found; cmdai history import takes over the history of your shells");
    }
    let mut out = String::new();
    for entry in &found {
        out.push_str(&match filter.json {
            true => as_json(entry),
            false if std::io::stdout().is_terminal() => for_people(entry, settings),
            false => one_line(&entry.run.command),
        });
        out.push('\n');
    }
    input::print(&out)?;
    Ok(Exit::Ok)
}

/// The second since which runs are asked for.
pub(super) fn since(age: u64) -> i64 {
    now().saturating_sub(i64::try_from(age).unwrap_or(i64::MAX))
}

fn directory(path: &Path) -> Result<String, Failure> {
    let doing = format!("enter {}", path.display());
    // As the shell says it: a link to a directory stays one.
    let absolute = match (path == Path::new("."), crate::env::value(crate::env::PWD)) {
        (true, Some(pwd)) if same(Path::new(&pwd), path) => Ok(pwd.into()),
        _ => std::path::absolute(path),
    };
    let absolute = absolute.map_err(|error| Failure::new(Exit::Usage, doing.clone(), io_message(&error)))?;
    absolute.into_os_string().into_string().map_err(|_| Failure::new(Exit::Usage, doing, "it is not UTF-8"))
}

fn same(a: &Path, b: &Path) -> bool {
    a.is_absolute() && a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}

fn as_json(entry: &Entry) -> String {
    let mut object = Map::from_iter([("id".to_owned(), json!(entry.id))]);
    object.extend(super::json::write(&entry.run));
    Value::Object(object).to_string()
}

/// A line on a line of its own, with nothing that drives the terminal.
pub(super) fn one_line(command: &str) -> String {
    visible(&command.replace('\n', "\\n").replace('\t', "    "))
}

fn for_people(entry: &Entry, settings: &Settings) -> String {
    let run = &entry.run;
    let age = run.started.map(age).unwrap_or_default();
    let failed = match run.status {
        Some(status) if status != 0 => status.to_string(),
        _ => String::new(),
    };
    format!(
        "{} {} {}",
        settings.out.paint(FAINT, &format!("{age:>8}")),
        settings.out.paint(STRONG, &format!("{failed:>3}")),
        one_line(&run.command)
    )
}

/// How long ago, in the largest unit that fits.
fn age(started: i64) -> String {
    let ago = now().saturating_sub(started);
    let units = [(31_536_000, "y"), (604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m")];
    let unit = units.iter().find(|(seconds, _)| ago >= *seconds);
    unit.map_or("now".to_owned(), |(seconds, unit)| format!("{}{unit} ago", ago / seconds))
}

pub(super) fn stats(as_json: bool, settings: &Settings) -> Result<Exit, Failure> {
    let (mut stats, mut writable) = (Stats::default(), true);
    if let Some(mut store) = super::open_existing(settings)? {
        stats = store.stats(10).map_err(|error| super::failed("read", &error))?;
        super::tell(&mut store, settings);
        writable = store.is_writable();
    }
    let path = super::path()?.display().to_string();
    if as_json {
        let pairs = |list: &[(String, u64)], name: &str| -> Vec<_> {
            list.iter().map(|(value, runs)| json!({ name: value, "runs": runs })).collect()
        };
        let value = json!({
            "path": path,
            "bytes": stats.bytes,
            "writable": writable,
            "enabled": settings.config.history_enabled.unwrap_or(true),
            "runs": stats.runs,
            "lines": stats.lines,
            "failed": stats.failed,
            "first": stats.span.map(|span| span.0),
            "last": stats.span.map(|span| span.1),
            "shells": pairs(&stats.dialects, "shell"),
            "top": pairs(&stats.top_lines, "command"),
            "directories": pairs(&stats.top_directories, "cwd"),
        });
        input::print(&format!("{value}\n"))?;
        return Ok(Exit::Ok);
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} runs of {} lines, {} failed", stats.runs, stats.lines, stats.failed);
    if let Some((first, last)) = stats.span {
        let _ = writeln!(text, "first {}, last {}", age(first), age(last));
    }
    let shells: Vec<_> = stats.dialects.iter().map(|(name, runs)| format!("{name} {runs}")).collect();
    if !shells.is_empty() {
        let _ = writeln!(text, "by shell: {}", shells.join(", "));
    }
    let _ = writeln!(text, "{} ({} KiB)", visible(&path), stats.bytes >> 10);
    for (title, list) in [("most often run", &stats.top_lines), ("directories", &stats.top_directories)] {
        if !list.is_empty() {
            let _ = writeln!(text, "\n{}", settings.out.paint(FAINT, title));
        }
        for (value, runs) in list {
            let _ = writeln!(text, "{runs:>7}  {}", one_line(value));
        }
    }
    input::print(&text)?;
    if settings.config.history_enabled == Some(false) {
        settings.note("nothing is recorded: history.enabled is false");
    } else if !writable {
        settings.note("nothing is recorded: the file can only be read");
    }
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short() {
        let ago = |seconds| age(now() - seconds);
        assert_eq!(ago(5), "now");
        assert_eq!(ago(-5), "now");
        assert_eq!(ago(125), "2m ago");
        assert_eq!(ago(3 * 86_400 + 5), "3d ago");
        assert_eq!(ago(400 * 86_400), "1y ago");
    }

    #[test]
    fn a_line_stays_on_its_line() {
        assert_eq!(one_line("for i\ndo\t\u{1b}[2J"), "for i\\ndo    \\u{1b}[2J");
    }
}
