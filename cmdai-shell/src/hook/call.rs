//! What an agent wants to do, from the JSON that it writes.
//!
//! The agents name their tools and arguments differently, and each names them differently over time, so
//! one reader knows them all: names are compared without case and punctuation. A tool that is known to
//! run commands must show one, a tool that is known to write files must show a path, one that is known
//! to do neither passes, and an unknown one is judged by what its arguments look like.

use cmdai_core::Dialect;
use serde_json::{Map, Value};

use super::arguments;
use super::strict;

/// A tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// The tool's name, as the agent wrote it.
    pub tool: String,
    /// The directory it works in, where the agent says so.
    pub cwd: Option<String>,
    /// The directory of the session, which the model has no say in.
    pub session: Option<String>,
    /// True where the event is about shell commands and nothing else.
    pub shell_event: bool,
    /// What it would do; empty where that is nothing to judge.
    pub acts: Vec<Act>,
}

/// One thing that a tool call does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Runs a line.
    Run { line: String, dialect: Option<Dialect> },
    /// Changes a file.
    Write(Change, String),
    /// Reads a file.
    Read(String),
    /// A text that may be a command: it counts where it would be a bad one.
    Maybe(String),
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is made or replaced.
    Replace,
    /// A part of it is changed.
    Edit,
    /// It is deleted.
    Delete,
}

/// What sort of tool it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Shell(Option<Dialect>),
    Write(Change),
    Patch,
    Read,
    Harmless,
    Unknown,
}

/// Tools that run command lines, by their name in lower case without punctuation. Sorted.
const SHELLS: &[&str] = &[
    "bash",
    "cmd",
    "containerexec",
    "exec",
    "execcommand",
    "executecommand",
    "localshell",
    "monitor",
    "powershell",
    "pwsh",
    "runcommand",
    "runinterminal",
    "runshellcommand",
    "runterminalcmd",
    "runterminalcommand",
    "sendtoterminal",
    "sh",
    "shell",
    "shellcommand",
    "terminal",
    "unifiedexec",
    "writebash",
    "writepowershell",
    "writestdin",
    "zsh",
];
/// Tools that make or replace files. Sorted.
const WRITERS: &[&str] = &["create", "createfile", "filewrite", "tabwrite", "write", "writefile"];
/// Tools that change a part of a file. Sorted.
const EDITORS: &[&str] = &[
    "edit",
    "editfile",
    "editnotebook",
    "inserteditintofile",
    "multiedit",
    "notebookedit",
    "replace",
    "replacestringinfile",
    "searchreplace",
    "strreplace",
    "strreplaceeditor",
    "tabedit",
];
/// Tools that delete files. Sorted.
const DELETERS: &[&str] = &["delete", "deletefile"];
/// Tools that read files. Sorted.
const READERS: &[&str] =
    &["notebookread", "read", "readfile", "readmanyfiles", "showfile", "view", "viewimage"];
/// Tools that change nothing outside the agent. Sorted.
const HARMLESS: &[&str] = &[
    "agent",
    "askuser",
    "askuserquestion",
    "bashoutput",
    "codebasesearch",
    "enterplanmode",
    "exitplanmode",
    "fetch",
    "fetchcopilotclidocumentation",
    "fileglob",
    "filesearch",
    "glob",
    "googlewebsearch",
    "grep",
    "grepsearch",
    "killbash",
    "killshell",
    "list",
    "listbash",
    "listdir",
    "listdirectory",
    "listpowershell",
    "ls",
    "lsp",
    "memory",
    "readbash",
    "readlints",
    "readpowershell",
    "reportintent",
    "savememory",
    "search",
    "searchfilecontent",
    "semanticsearch",
    "skill",
    "stopbash",
    "stoppowershell",
    "subagent",
    "task",
    "taskcreate",
    "taskget",
    "tasklist",
    "taskoutput",
    "taskstop",
    "taskupdate",
    "think",
    "todoread",
    "todowrite",
    "toolsearch",
    "updateplan",
    "updatetodo",
    "webfetch",
    "websearch",
    "writetodos",
];

/// Arguments that hold a command line, in the order in which they are tried.
const COMMAND_KEYS: &[&str] =
    &["command", "cmd", "cmdline", "commandline", "shellcommand", "script", "bash", "input", "chars", "keys"];
/// Arguments that hold a path to be written.
pub(super) const PATH_KEYS: &[&str] =
    &["filepath", "path", "absolutepath", "notebookpath", "targetfile", "filename", "file", "targetnotebook"];
/// Arguments by which an unknown tool shows that it writes.
pub(super) const CONTENT_KEYS: &[&str] =
    &["content", "contents", "filetext", "newstring", "newstr", "text", "data", "edits", "body"];
/// Arguments that hold the directory.
const DIRECTORY_KEYS: &[&str] = &["workdir", "workingdirectory", "cwd", "directory", "dirpath"];

/// Reads what an agent wrote.
///
/// # Errors
/// Why it cannot be judged; the call must not happen.
pub(super) fn read(text: &str) -> Result<Call, String> {
    let value = strict::read(text).map_err(|reason| format!("what the agent wrote {reason}"))?;
    let Some(object) = value.as_object() else { return Err("what the agent wrote is no object".to_owned()) };
    let event = text_of(object, &["hookeventname", "hookevent", "event"])
        .map(|event| plain(&event))
        .unwrap_or_default();
    let cwd = directory(object)?;
    let mut call =
        Call { tool: String::new(), session: cwd.clone(), cwd, shell_event: false, acts: Vec::new() };
    if event == "beforeshellexecution" {
        let line = text_of(object, &["command"]).ok_or("the shell command has no text")?;
        call.tool = "shell".to_owned();
        call.shell_event = true;
        call.acts.push(Act::Run { line, dialect: None });
        return Ok(call);
    }
    if !matches!(event.as_str(), "" | "pretooluse" | "beforetool" | "beforemcpexecution") {
        // An event after the fact, or about something else: there is nothing left to block.
        return Ok(call);
    }
    call.tool = text_of(object, &["toolname", "tool"]).ok_or("the tool has no name")?;
    let input = field(object, "toolinput")
        .or_else(|| field(object, "toolargs"))
        .or_else(|| field(object, "arguments"));
    let input = match input {
        Some(Value::Object(input)) => input.clone(),
        // Some agents write the arguments as JSON inside a string.
        Some(Value::String(text)) => match strict::read(text) {
            Ok(Value::Object(input)) => input,
            Ok(list @ Value::Array(_)) => Map::from_iter([("args".to_owned(), list)]),
            Err(reason) if text.trim_start().starts_with(['{', '[']) => {
                return Err(format!("the text of the arguments of {} {reason}", call.tool));
            }
            _ => Map::from_iter([("text".to_owned(), Value::String(text.clone()))]),
        },
        None | Some(Value::Null) => Map::new(),
        Some(_) => return Err(format!("the arguments of {} are no object", call.tool)),
    };
    if let Some(directory) = text_of(&input, DIRECTORY_KEYS) {
        call.cwd = Some(joined(call.cwd.as_deref(), &directory));
    }
    let mcp = event == "beforemcpexecution" || call.tool.starts_with("mcp__");
    let kind = if mcp { Kind::Unknown } else { kind_of(&call.tool) };
    call.acts = acts(kind, &call.tool, &input)?;
    Ok(call)
}

/// The directory that the agent names.
fn directory(object: &Map<String, Value>) -> Result<Option<String>, String> {
    let named = field(object, "cwd").filter(|value| !value.is_null());
    let named = named.or_else(|| field(object, "workspaceroots")?.as_array()?.first());
    let Some(named) = named else { return Ok(None) };
    let named = named.as_str().ok_or("the directory that the agent names is no text")?;
    if named.is_empty() {
        return Ok(None);
    }
    if !named.starts_with('/') && !std::path::Path::new(named).is_absolute() {
        return Err("the directory that the agent names is not absolute".to_owned());
    }
    Ok(Some(named.to_owned()))
}

fn joined(cwd: Option<&str>, directory: &str) -> String {
    match cwd {
        Some(cwd) if !directory.starts_with('/') => format!("{}/{directory}", cwd.trim_end_matches('/')),
        _ => directory.to_owned(),
    }
}

/// A name without case and punctuation: `run_shell_command`, `runShellCommand` and `Run Shell Command` are one.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

pub(super) fn field<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object.iter().find(|(key, _)| plain(key) == name).map(|(_, value)| value)
}

pub(super) fn text_of(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| field(object, name)?.as_str().map(str::to_owned))
}

fn kind_of(tool: &str) -> Kind {
    // `functions.exec_command`, `default_api:run_shell_command`
    let last = tool.rsplit(['.', ':', '/']).next().unwrap_or(tool);
    let name = plain(last);
    let is = |table: &[&str]| table.binary_search(&name.as_str()).is_ok();
    match () {
        () if matches!(name.as_str(), "powershell" | "pwsh" | "writepowershell") => {
            Kind::Shell(Some(Dialect::PowerShell))
        }
        () if is(SHELLS) => Kind::Shell(None),
        () if name == "applypatch" => Kind::Patch,
        () if is(WRITERS) => Kind::Write(Change::Replace),
        () if is(EDITORS) => Kind::Write(Change::Edit),
        () if is(DELETERS) => Kind::Write(Change::Delete),
        () if is(READERS) => Kind::Read,
        () if is(HARMLESS) => Kind::Harmless,
        () => Kind::Unknown,
    }
}

fn acts(kind: Kind, tool: &str, input: &Map<String, Value>) -> Result<Vec<Act>, String> {
    match kind {
        Kind::Harmless => Ok(Vec::new()),
        // Mostly allowed; a policy may say otherwise of what is secret.
        Kind::Read => Ok(paths_of(input).into_iter().map(Act::Read).collect()),
        Kind::Shell(dialect) => {
            let line = line_of(input, COMMAND_KEYS)?;
            let dialect = dialect.or_else(|| text_of(input, &["shell"]).and_then(|shell| shell.parse().ok()));
            match line {
                Some(line) => Ok(vec![Act::Run { line, dialect }]),
                None => Err(format!("{tool} runs commands, and none can be read in its arguments")),
            }
        }
        Kind::Write(change) => {
            let paths = paths_of(input);
            if paths.is_empty() {
                return Err(format!("{tool} changes a file, and no path can be read in its arguments"));
            }
            // `view` of a tool that also edits.
            let reads = text_of(input, &["command"]).is_some_and(|command| plain(&command) == "view");
            Ok(if reads {
                Vec::new()
            } else {
                paths.into_iter().map(|path| Act::Write(change, path)).collect()
            })
        }
        Kind::Patch => {
            let text = text_of(input, &["command", "input", "patch", "text"]);
            let text = text
                .ok_or_else(|| format!("{tool} changes files, and no patch can be read in its arguments"))?;
            let acts = patched(&text);
            if acts.is_empty() {
                return Err(format!("{tool} changes files, and its patch names none"));
            }
            Ok(acts)
        }
        Kind::Unknown => arguments::acts(tool, input),
    }
}

/// The command line of the first argument that has one.
fn line_of(input: &Map<String, Value>, keys: &[&str]) -> Result<Option<String>, String> {
    for key in keys {
        match field(input, key) {
            None | Some(Value::Null) => {}
            Some(Value::String(line)) => {
                // Arguments beside the program are part of what runs.
                let args = field(input, "args").and_then(Value::as_array);
                let Some(args) = args.filter(|args| !args.is_empty()) else { return Ok(Some(line.clone())) };
                let words: Option<Vec<&str>> = args.iter().map(Value::as_str).collect();
                let words = words.ok_or("the arguments of the command are no texts")?;
                let quoted: Vec<_> = words.iter().map(|word| crate::words::quote(word)).collect();
                return Ok(Some(format!("{line} {}", quoted.join(" "))));
            }
            Some(Value::Array(words)) => {
                let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
                let words = words.ok_or("the command is a list of other things than texts")?;
                let quoted: Vec<_> = words.iter().map(|word| crate::words::quote(word)).collect();
                return Ok(Some(quoted.join(" ")));
            }
            Some(_) => return Err("the command is neither a text nor a list of texts".to_owned()),
        }
    }
    Ok(None)
}

/// Every path of the arguments, also of a list of edits.
pub(super) fn paths_of(input: &Map<String, Value>) -> Vec<String> {
    let mut paths: Vec<String> = text_of(input, PATH_KEYS).into_iter().collect();
    for key in ["edits", "files", "changes", "paths"] {
        for item in field(input, key).and_then(Value::as_array).into_iter().flatten().take(256) {
            let path = match item {
                Value::Object(item) => text_of(item, PATH_KEYS),
                Value::String(path) if matches!(key, "files" | "paths") => Some(path.clone()),
                _ => None,
            };
            paths.extend(path);
        }
    }
    paths
}

/// The files that a patch in the form of `apply_patch` names.
fn patched(text: &str) -> Vec<Act> {
    let mut acts = Vec::new();
    for line in text.lines() {
        let found = [
            ("*** Add File: ", Change::Replace),
            ("*** Update File: ", Change::Edit),
            ("*** Delete File: ", Change::Delete),
            ("*** Move to: ", Change::Replace),
            ("+++ b/", Change::Edit),
        ]
        .iter()
        .find_map(|(head, change)| Some((line.trim_end().strip_prefix(head)?, *change)));
        acts.extend(found.map(|(path, change)| Act::Write(change, path.trim().to_owned())));
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Act {
        Act::Run { line: line.to_owned(), dialect: None }
    }

    #[track_caller]
    fn check(text: &str, acts: &[Act]) {
        assert_eq!(read(text).map(|call| call.acts).as_deref(), Ok(acts), "{text}");
    }

    #[track_caller]
    fn unreadable(text: &str) {
        assert!(read(text).is_err(), "{text}: {:?}", read(text));
    }

    #[test]
    fn shell_commands_of_every_agent() {
        check(
            r#"{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}"#,
            &[run("ls")],
        );
        check(
            r#"{"hook_event_name":"BeforeTool","tool_name":"run_shell_command","tool_input":{"command":"ls"}}"#,
            &[run("ls")],
        );
        check(r#"{"hook_event_name":"beforeShellExecution","command":"ls","cwd":"/x"}"#, &[run("ls")]);
        check(
            r#"{"hook_event_name":"preToolUse","tool_name":"Shell","tool_input":{"command":"ls"}}"#,
            &[run("ls")],
        );
        check(r#"{"toolName":"bash","toolArgs":{"command":"ls"}}"#, &[run("ls")]);
        check(r#"{"toolName":"bash","toolArgs":"{\"command\":\"ls\"}"}"#, &[run("ls")]);
        check(r#"{"tool_name":"functions.exec_command","tool_input":{"cmd":"ls"}}"#, &[run("ls")]);
        check(
            r#"{"tool_name":"shell","tool_input":{"command":["bash","-lc","rm -rf x"]}}"#,
            &[run("bash -lc 'rm -rf x'")],
        );
        check(r#"{"toolName":"write_bash","toolArgs":{"sessionId":"1","input":"rm x\n"}}"#, &[run("rm x\n")]);
        check(
            r#"{"toolName":"powershell","toolArgs":{"command":"ls"}}"#,
            &[Act::Run { line: "ls".to_owned(), dialect: Some(Dialect::PowerShell) }],
        );
    }

    #[test]
    fn files_are_found_by_path() {
        let write = |path: &str| Act::Write(Change::Replace, path.to_owned());
        let edit = |path: &str| Act::Write(Change::Edit, path.to_owned());
        check(r#"{"tool_name":"Write","tool_input":{"file_path":"/a","content":"x"}}"#, &[write("/a")]);
        check(r#"{"tool_name":"MultiEdit","tool_input":{"file_path":"/a","edits":[]}}"#, &[edit("/a")]);
        check(r#"{"tool_name":"replace","tool_input":{"file_path":"/a"}}"#, &[edit("/a")]);
        check(r#"{"toolName":"create","toolArgs":{"path":"/a","file_text":"x"}}"#, &[write("/a")]);
        check(
            r#"{"tool_name":"str_replace_editor","tool_input":{"command":"create","path":"/a"}}"#,
            &[edit("/a")],
        );
        check(r#"{"tool_name":"str_replace_editor","tool_input":{"command":"view","path":"/a"}}"#, &[]);
        check(
            r#"{"tool_name":"apply_patch","tool_input":{"command":"*** Begin Patch\n*** Update File: a\n*** Move to: b\n*** Delete File: c\n*** End Patch"}}"#,
            &[edit("a"), write("b"), Act::Write(Change::Delete, "c".to_owned())],
        );
    }

    #[test]
    fn what_runs_nothing_passes() {
        for tool in ["Grep", "Glob", "TodoWrite", "WebFetch", "google_web_search"] {
            check(&format!(r#"{{"tool_name":"{tool}","tool_input":{{"path":"/etc/passwd"}}}}"#), &[]);
        }
        check(r#"{"tool_name":"Read","tool_input":{"file_path":"/a"}}"#, &[Act::Read("/a".to_owned())]);
        check(
            r#"{"tool_name":"read_many_files","tool_input":{"paths":["a"]}}"#,
            &[Act::Read("a".to_owned())],
        );
        check(r#"{"hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{}}"#, &[]);
    }

    #[test]
    fn an_unknown_tool_is_judged_by_its_arguments() {
        check(r#"{"tool_name":"mcp__box__run","tool_input":{"command":"rm -rf /"}}"#, &[run("rm -rf /")]);
        check(
            r#"{"tool_name":"mcp__box__run","tool_input":{"command":"rm","args":["-rf","/x y"]}}"#,
            &[run("rm -rf '/x y'")],
        );
        check(
            r#"{"tool_name":"mcp__fs__put","tool_input":{"path":"/a","content":"x"}}"#,
            &[Act::Write(Change::Edit, "/a".to_owned())],
        );
        check(r#"{"tool_name":"mcp__db__query","tool_input":{"sql":"select 1"}}"#, &[]);
        check(
            r#"{"hook_event_name":"beforeMCPExecution","tool_name":"run","tool_input":"{\"cmd\":\"ls\"}","command":"npx server"}"#,
            &[run("ls")],
        );
        unreadable(r#"{"tool_name":"mcp__box__run","tool_input":{"command":{"a":1}}}"#);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in [
            r#"{"tool_name":"Bash","tool_input":{"command":"ls"},"tool_input":{"command":"rm -rf /"}}"#,
            r#"{"tool_name":"Bash","tool_input":{"command":"ls","command":"rm -rf /"}}"#,
            r#"{"toolName":"bash","toolArgs":"{\"command\":\"ls\",\"command\":\"rm -rf /\"}"}"#,
            r#"{"hook_event_name":"beforeMCPExecution","tool_name":"run","tool_input":"{bad"}"#,
            r#"{"toolName":"x","toolArgs":"{bad"}"#,
            r#"{"cwd":5,"tool_name":"Bash","tool_input":{"command":"ls"}}"#,
            r#"{"cwd":"a/b","tool_name":"Bash","tool_input":{"command":"ls"}}"#,
            "",
            "{",
            "[]",
            "{}",
            r#"{"tool_name":"Bash"}"#,
            r#"{"tool_name":"Bash","tool_input":{"command":7}}"#,
            r#"{"tool_name":"Bash","tool_input":[]}"#,
            r#"{"tool_name":"Write","tool_input":{"content":"x"}}"#,
            r#"{"tool_name":"apply_patch","tool_input":{"command":"nothing"}}"#,
            r#"{"hook_event_name":"beforeShellExecution"}"#,
        ] {
            unreadable(text);
        }
    }

    #[test]
    fn directories_are_those_of_the_tool() {
        let cwd = |text: &str| read(text).unwrap().cwd;
        assert_eq!(
            cwd(r#"{"cwd":"/a","tool_name":"Bash","tool_input":{"command":"ls"}}"#).as_deref(),
            Some("/a")
        );
        assert_eq!(
            cwd(r#"{"cwd":"/a","tool_name":"shell","tool_input":{"command":"ls","workdir":"b"}}"#).as_deref(),
            Some("/a/b")
        );
        assert_eq!(
            cwd(r#"{"workspace_roots":["/w"],"hook_event_name":"beforeShellExecution","command":"ls"}"#)
                .as_deref(),
            Some("/w")
        );
    }

    #[test]
    fn the_tables_are_sorted() {
        for table in [SHELLS, WRITERS, EDITORS, DELETERS, READERS] {
            assert!(table.is_sorted(), "{table:?}");
        }
        let mut sorted = HARMLESS.to_vec();
        sorted.sort_unstable();
        assert_eq!(HARMLESS, sorted);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,80}|[{}\\[\\]\":,a-z_]{0,80}") {
            let _ = read(&text);
        }

        /// However the arguments of a shell tool look, it is never taken for one that does nothing.
        #[test]
        fn a_shell_tool_never_passes_unseen(key in "[a-z_]{1,12}", value in "[^\"\\\\\u{0}-\u{1f}]{0,20}") {
            let text = format!("{{\"tool_name\":\"Bash\",\"tool_input\":{{\"{key}\":\"{value}\"}}}}");
            let call = read(&text);
            proptest::prop_assert!(call.map_or(true, |call| !call.acts.is_empty()), "{}", text);
        }
    }
}
