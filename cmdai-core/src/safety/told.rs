//! What a text of settings, of whatever notation, tells the program that reads it to run: values of keys, calls and
//! lines whose names say so. Everything else in it is data.

use super::expand::quoted_for_shell;
use super::{job_texts, lasting, payload};

/// Words at the beginning of a line after which a command stands. Sorted.
const LINES: &[&str] = &[
    ".pi",
    ".pso",
    ".sy",
    "client-connect",
    "down",
    "exec",
    "ipchange",
    "learn-address",
    "route-up",
    "run-shell",
    "shell",
    "system",
    "tls-verify",
    "up",
];

/// Names of the parts of a file in which every value is a command. Sorted.
const PARTS: &[&str] = &["alias", "aliases", "scripts", "tasks"];

/// Commands that such a text holds.
pub(super) fn commands(text: &str) -> Vec<String> {
    let mut out = job_texts::settings(text);
    let mut add = |codes: Vec<String>| {
        for code in codes {
            if !code.trim().is_empty() && out.len() < 64 && !out.contains(&code) {
                out.push(code);
            }
        }
    };
    add(job_texts::scripts_of(text));
    add(lasting::commands_in(text));
    add(lines(text));
    add(elements(text));
    add(vec![payload::as_shell(text)]);
    out
}

/// `up "CODE"`, `.sy CODE`, `//go:generate CODE`, `exec_start = CODE`, and all values of a part called `tasks`.
fn lines(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut part = false;
    for line in text.lines().take(512) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[') {
            let name = name.split(']').next().unwrap_or_default();
            part = name.rsplit('.').next().is_some_and(|last| PARTS.contains(&last));
            continue;
        }
        // Orders of a database's client, and whoever gives a client of a cloud its keys.
        let ordered = line.strip_prefix("\\!").or_else(|| {
            line.split_once('=').filter(|(key, _)| key.trim() == "credential_process").map(|(_, code)| code)
        });
        if let Some(code) = ordered {
            out.push(code.trim().to_owned());
        } else if let Some(list) =
            line.split_once("program").and_then(|(_, rest)| rest.trim_start().strip_prefix('='))
            && let Some((list, _)) = list.trim_start().strip_prefix('[').and_then(|list| list.split_once(']'))
        {
            // `program = ["sh", "-c", "CODE"]`
            let words = list.split(',').map(|word| quoted_for_shell(word.trim().trim_matches(['"', '\''])));
            out.push(words.collect::<Vec<_>>().join(" "));
        } else if let Some(code) = line.strip_prefix("//go:generate ") {
            out.push(code.to_owned());
        } else if let Some((_, value)) = line.split_once('=').filter(|_| part) {
            out.push(value.trim().trim_matches(['"', '\'']).to_owned());
        } else if line.starts_with("bind")
            && let Some((_, code)) =
                line.split_once(" exec").map(|(keys, code)| (keys, code.trim_start_matches([',', ' '])))
        {
            out.push(code.to_owned());
        } else if let Some((word, code)) = line.split_once([' ', '\t'])
            && LINES.contains(&word)
        {
            out.push(code.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
    out
}

/// `<exec executable="rm"><arg line="-rf x"/></exec>` of ant and its like.
fn elements(text: &str) -> Vec<String> {
    let attribute = |text: &str, name: &str| {
        let rest = text.split_once(&format!("{name}=\""))?.1;
        rest.split_once('"').map(|(value, rest)| (value.to_owned(), rest.len()))
    };
    let mut out = Vec::new();
    for piece in text.split("<exec").skip(1).take(16) {
        let piece = piece.split("</exec").next().unwrap_or(piece);
        let program = attribute(piece, "executable").or_else(|| {
            let (_, rest) = piece.split_once("<executable>")?;
            rest.split_once('<').map(|(name, rest)| (name.to_owned(), rest.len()))
        });
        let Some((mut code, _)) = program else { continue };
        let mut rest = piece;
        while let Some(at) = rest.find("<arg") {
            rest = &rest[at + 4..];
            let inner = rest.split('>').next().unwrap_or_default();
            if let Some((line, _)) = attribute(inner, "line") {
                code.push(' ');
                code.push_str(&line);
            } else if let Some((value, _)) = attribute(inner, "value") {
                code.push(' ');
                code.push_str(&quoted_for_shell(&value));
            }
        }
        out.push(code);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(LINES.is_sorted() && PARTS.is_sorted());
    }

    #[test]
    fn commands_are_told_from_data() {
        let finds = |text: &str, code: &str| commands(text).iter().any(|found| found.contains(code));
        assert!(finds("up \"rm -rf /x\"\n", "rm -rf /x"));
        assert!(finds("//go:generate rm -rf /x\n", "rm -rf /x"));
        assert!(finds("[tool.poe.tasks]\nx = \"rm -rf /x\"\n", "rm -rf /x"));
        assert!(finds("[Interface]\nPostUp = rm -rf /x\n", "rm -rf /x"));
        assert!(finds("<exec executable=\"rm\"><arg line=\"-rf /x\"/></exec>", "rm -rf /x"));
        assert!(finds("bindsym x exec rm -rf /x\n", "rm -rf /x"));
        assert!(finds("bind = SUPER, X, exec, rm -rf /x\n", "rm -rf /x"));
        assert!(finds("program = [\"sh\", \"-c\", \"rm -rf /x\"]\n", "rm -rf /x"));
        assert!(finds("rule a:\n  shell: \"rm -rf /x\"\n", "rm -rf /x"));
        assert!(!finds("description: rm -rf /x\n", "rm -rf /x"));
        assert!(!finds("# up \"rm -rf /x\"\nnote = rm -rf /x\n", "rm -rf /x"));
    }
}
