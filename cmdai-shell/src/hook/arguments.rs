//! What the arguments of an unknown tool would do, such as those of an MCP server.
//!
//! Nobody knows such a tool, so whatever looks like a command is judged as one, at any depth: a text below a key that
//! says so, a list of words, a program with its arguments. What only may be one, such as `code` or `input`, counts
//! where it would be a bad one. A tool whose name says that it changes files changes the paths that it is given.

use serde_json::{Map, Value};

use super::call::{Act, CONTENT_KEYS, Change, PATH_KEYS, field, paths_of, plain};
use crate::words::quote;

/// Keys of a command. Below a list each text is a word.
const COMMAND_KEYS: &[&str] = &["command", "cmd", "cmdline", "commandline", "shellcommand", "bash", "shell"];
/// Keys of several commands. Below a list each text is a line.
const LINES_KEYS: &[&str] =
    &["script", "scripts", "commands", "cmds", "commandlines", "shellcommands", "commandlist"];
/// Keys of what may be a command.
const MAYBE_KEYS: &[&str] = &[
    "code", "input", "inputs", "keys", "chars", "exec", "run", "eval", "stdin", "text", "source", "line",
    "lines",
];
/// Keys of a program, beside which its arguments stand.
const PROGRAM_KEYS: &[&str] = &["program", "executable", "exe", "binary", "file", "path", "name"];
/// Keys of arguments.
const ARGS_KEYS: &[&str] = &["args", "argv", "arguments", "argumentlist"];
/// Further keys of a path, for a tool that changes files by its name.
const TARGET_KEYS: &[&str] = &[
    "destination",
    "destinationpath",
    "dest",
    "target",
    "targetpath",
    "uri",
    "fileuri",
    "newpath",
    "oldpath",
    "to",
    "from",
    "outputpath",
    "output",
    "directory",
    "folder",
    "dir",
    "paths",
    "files",
];
/// More than this is not judged, and so not let through.
const MOST: usize = 256;

/// What a call would do.
///
/// # Errors
/// There is a command that cannot be read, or there are too many.
pub(super) fn acts(tool: &str, input: &Map<String, Value>) -> Result<Vec<Act>, String> {
    let name = tool.rsplit("__").next().unwrap_or(tool);
    let mut found = Found { change: change_of(&plain(name)), acts: Vec::new() };
    found.object(input)?;
    match found.acts.len() > MOST {
        true => Err(format!("{tool} would do more than {MOST} things at once")),
        false => Ok(found.acts),
    }
}

/// What a tool of this name does to files.
fn change_of(name: &str) -> Option<Change> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if has(&["delete", "remove", "unlink", "trash"]) => Some(Change::Delete),
        () if has(&["write", "create", "move", "rename", "copy", "save"]) => Some(Change::Replace),
        () if has(&["edit", "append", "patch", "insert", "replace"]) => Some(Change::Edit),
        () => None,
    }
}

struct Found {
    change: Option<Change>,
    acts: Vec<Act>,
}

impl Found {
    fn run(&mut self, line: String) {
        self.push(Act::Run { line, dialect: None });
    }

    fn push(&mut self, act: Act) {
        if !self.acts.contains(&act) && self.acts.len() <= MOST {
            self.acts.push(act);
        }
    }

    fn object(&mut self, object: &Map<String, Value>) -> Result<(), String> {
        let args = ARGS_KEYS.iter().find_map(|key| words(field(object, key)?));
        for (key, value) in object {
            let name = plain(key);
            let is = |keys: &[&str]| keys.contains(&name.as_str());
            let before = self.acts.len();
            match value {
                Value::String(line) if is(COMMAND_KEYS) => match &args {
                    Some(args) => self.run(format!("{line} {args}")),
                    None => self.run(line.clone()),
                },
                Value::String(line) if is(LINES_KEYS) => {
                    self.run(line.clone());
                    self.programs(line);
                }
                Value::String(line) if is(MAYBE_KEYS) => self.programs(line),
                Value::String(program) if is(PROGRAM_KEYS) => {
                    if let Some(args) = &args {
                        self.push(Act::Maybe(format!("{program} {args}")));
                    }
                }
                // Of a list that is one command, or the only line.
                Value::Array(list) if is(COMMAND_KEYS) => match (words(value), list.as_slice()) {
                    (_, [Value::String(line)]) => self.run(line.clone()),
                    (Some(line), _) => self.run(line),
                    (None, _) => self.value(value)?,
                },
                Value::Array(list) if is(LINES_KEYS) || is(MAYBE_KEYS) => {
                    let lines: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                    if !lines.is_empty() {
                        self.push(match is(LINES_KEYS) {
                            true => Act::Run { line: lines.join("\n"), dialect: None },
                            false => Act::Maybe(lines.join("\n")),
                        });
                    }
                    if let Some(line) = words(value) {
                        self.push(Act::Maybe(line));
                    }
                    self.value(value)?;
                }
                Value::Array(_) if is(ARGS_KEYS) => {
                    // Beside a command they were judged with it.
                    let alone = COMMAND_KEYS.iter().all(|key| field(object, key).is_none());
                    if let Some(line) = words(value).filter(|_| alone) {
                        self.push(Act::Maybe(line));
                    }
                    self.value(value)?;
                }
                _ => self.value(value)?,
            }
            let unread = matches!(value, Value::Object(_) | Value::Array(_) | Value::Number(_));
            let empty = value.as_array().is_some_and(Vec::is_empty);
            if is(COMMAND_KEYS)
                && name != "shell"
                && unread
                && !empty
                && self.acts.len() == before
                && before <= MOST
            {
                return Err("the command is neither a text nor a list of texts".to_owned());
            }
        }
        self.files(object);
        Ok(())
    }

    fn value(&mut self, value: &Value) -> Result<(), String> {
        match value {
            Value::Object(object) => self.object(object),
            Value::Array(list) => list.iter().try_for_each(|item| self.value(item)),
            _ => Ok(()),
        }
    }

    /// Code in whichever language it bites.
    fn programs(&mut self, text: &str) {
        self.push(Act::Maybe(text.to_owned()));
        if text.contains(['(', '.']) {
            self.push(Act::Maybe(format!("python3 -c {}", quote(text))));
            self.push(Act::Maybe(format!("node -e {}", quote(text))));
        }
    }

    fn files(&mut self, object: &Map<String, Value>) {
        if CONTENT_KEYS.iter().any(|key| field(object, key).is_some()) {
            for path in paths_of(object) {
                self.push(Act::Write(Change::Edit, path));
            }
        }
        let Some(change) = self.change else { return };
        for (key, value) in object {
            let name = plain(key);
            if !PATH_KEYS.contains(&name.as_str())
                && !TARGET_KEYS.contains(&name.as_str())
                && name != "source"
            {
                continue;
            }
            let texts: Vec<&str> = match value {
                Value::String(text) => vec![text],
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for text in texts {
                let path = text.strip_prefix("file://").unwrap_or(text);
                if path.is_empty() || path.contains("://") {
                    continue;
                }
                let path = path.to_owned();
                match change {
                    // Nobody says whether it stops at a folder.
                    Change::Delete => self.run(match path.strip_prefix("~/") {
                        Some(below) => format!("rm -r -- ~/{}", quote(below)),
                        None => format!("rm -r -- {}", quote(&path)),
                    }),
                    change => self.push(Act::Write(change, path)),
                }
            }
        }
    }
}

/// A list of texts as the words of a command; a text as it is.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) if !list.is_empty() => {
            let word = |item: &Value| match item {
                Value::String(text) => Some(quote(text).to_string()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            Some(list.iter().map(word).collect::<Option<Vec<_>>>()?.join(" "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(tool: &str, input: &str, wanted: &Act) {
        let input: Map<String, Value> = serde_json::from_str(input).unwrap();
        let found = acts(tool, &input).unwrap();
        assert!(found.contains(wanted), "{found:?}");
    }

    fn run(line: &str) -> Act {
        Act::Run { line: line.to_owned(), dialect: None }
    }

    #[test]
    fn commands_are_found_at_any_depth() {
        let rm = &run("rm -rf /");
        finds("mcp__a__b", r#"{"arguments":{"command":"rm -rf /"}}"#, rm);
        finds("mcp__a__b", r#"{"cmdline":"rm -rf /"}"#, rm);
        finds("mcp__a__b", r#"{"steps":[{"cmd":["rm","-rf","/"]}]}"#, rm);
        finds("mcp__a__b", r#"{"commands":["ls",{"command":"rm","args":["-rf","/"]}]}"#, rm);
        finds("mcp__a__b", r#"{"command":"rm","args":"-rf /"}"#, rm);
        finds("mcp__a__b", r#"{"commands":["ls","rm -rf /"]}"#, &run("ls\nrm -rf /"));
        let maybe = &Act::Maybe("rm -rf /".to_owned());
        for input in [
            r#"{"code":"rm -rf /"}"#,
            r#"{"a":[[{"keys":"rm -rf /"}]]}"#,
            r#"{"args":["rm","-rf","/"]}"#,
            r#"{"program":"rm","args":["-rf","/"]}"#,
        ] {
            finds("mcp__a__b", input, maybe);
        }
    }

    #[test]
    fn paths_are_changed_by_tools_whose_names_say_so() {
        let write = |path: &str| Act::Write(Change::Replace, path.to_owned());
        finds("mcp__fs__move_file", r#"{"source":"a","destination":"/b"}"#, &write("/b"));
        finds("mcp__fs__write", r#"{"uri":"file:///b"}"#, &write("/b"));
        finds("mcp__fs__write", r#"{"x":{"target":"/b"}}"#, &write("/b"));
        finds("mcp__fs__delete_tree", r#"{"path":"/home"}"#, &run("rm -r -- /home"));
        assert_eq!(
            acts("mcp__fs__read", serde_json::json!({ "path": "/b" }).as_object().unwrap()),
            Ok(vec![])
        );
    }
}
