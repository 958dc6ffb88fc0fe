//! bash accepts the lines that the parser finds nothing odd about, and no others.
//!
//! The lines lie in `tests/data`, one a line. Where there is a bash it is asked with `bash -n`, which
//! reads its input and runs nothing; without one the files alone say what is right.

use std::io::Write;
use std::process::{Command, Stdio};

use cmdai_core::{Dialect, syntax};

#[test]
fn everyday_lines_are_accepted() {
    agree(include_str!("data/accepted.txt"), true);
}

#[test]
fn broken_lines_are_noted() {
    agree(include_str!("data/refused.txt"), false);
}

fn agree(lines: &str, accepted: bool) {
    for line in lines.lines() {
        let parsed = syntax::parse(line, Dialect::Bash);
        assert_eq!(parsed.is_complete(), accepted, "{line}: {:?}", parsed.notes);
        if let Some(bash) = bash_accepts(line) {
            assert_eq!(bash, accepted, "the file is wrong about {line}");
        }
    }
}

/// What `bash -n` says of the line; `None` where there is no bash.
fn bash_accepts(line: &str) -> Option<bool> {
    let mut child = Command::new("bash")
        .args(["--noprofile", "--norc", "-n"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(line.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    Some(output.status.success() && output.stderr.is_empty())
}
