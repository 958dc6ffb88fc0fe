//! A run as JSON: what `cmdai history --json` prints, and what the daemon keeps of runs that wait for the disk.

use std::time::Duration;

use cmdai_core::Dialect;
use cmdai_core::history::Run;
use serde_json::{Map, Value, json};

/// The run as an object.
pub(crate) fn write(run: &Run) -> Map<String, Value> {
    let duration_ms = run.duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
    let fields = [
        ("command", json!(run.command)),
        ("cwd", json!(run.cwd)),
        ("status", json!(run.status)),
        ("started", json!(run.started)),
        ("duration_ms", json!(duration_ms)),
        ("session", json!(run.session)),
        ("shell", json!(run.dialect.name())),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

/// The run that an object is of; `None` where it names no line. A field of another kind is no field.
#[cfg(unix)]
pub(crate) fn read(object: &Value) -> Option<Run> {
    let text = |key: &str| object[key].as_str().map(str::to_owned);
    Some(Run {
        command: text("command")?,
        cwd: text("cwd"),
        status: object["status"].as_i64().and_then(|status| i32::try_from(status).ok()),
        started: object["started"].as_i64(),
        duration: object["duration_ms"].as_u64().map(Duration::from_millis),
        session: text("session"),
        dialect: text("shell").and_then(|shell| shell.parse::<Dialect>().ok()).unwrap_or_default(),
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let whole = Run {
            command: "make\n\tall \u{e9}".to_owned(),
            cwd: Some("/srv".to_owned()),
            status: Some(130),
            started: Some(1_700_000_000),
            duration: Some(Duration::from_millis(1234)),
            session: Some("7-1".to_owned()),
            dialect: Dialect::Zsh,
        };
        for run in [whole, Run { command: "ls".to_owned(), ..Run::default() }] {
            assert_eq!(read(&Value::Object(write(&run))), Some(run));
        }
        assert_eq!(read(&json!({ "cwd": "/" })), None);
        assert_eq!(read(&json!([])), None);
        let odd = json!({ "command": "ls", "status": "0", "shell": "none" });
        assert_eq!(read(&odd), Some(Run { command: "ls".to_owned(), ..Run::default() }));
    }
}
