//! `cmdai hook install` and `uninstall`: one entry in an agent's settings, put in and taken out.
//!
//! Everything else in the file stays byte for byte, and where nobody else changed it, taking out gives back the very bytes from
//! before ([`super::before`]). The file is written aside, waited for, and renamed; one
//! that is no JSON is left alone. The command in the entry blocks by itself where cmdai cannot be run at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::before::Before;
use super::edit::{self, Node};
use super::{Agent, BLOCKED};
use crate::args::InstallArgs;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::{env, input, settings, surroundings, words};

/// Settings beyond this are no settings.
const MAX_BYTES: u64 = 4 << 20;

/// Whose settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    User,
    Project,
}

impl Scope {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
        }
    }
}

/// Where an agent looks for its hooks; `None` where there is no home directory.
pub(super) fn file(agent: Agent, scope: Scope) -> Option<PathBuf> {
    let base = match scope {
        Scope::User => surroundings::stated_home()?,
        Scope::Project => project()?,
    };
    // Some agents let their folder be moved.
    let moved = |name: &str| {
        let folder = env::value(name).filter(|_| scope == Scope::User).map(PathBuf::from);
        folder.filter(|path| path.is_absolute())
    };
    Some(match agent {
        Agent::ClaudeCode => {
            moved(env::CLAUDE_CONFIG_DIR).unwrap_or_else(|| base.join(".claude")).join("settings.json")
        }
        Agent::Codex => moved(env::CODEX_HOME).unwrap_or_else(|| base.join(".codex")).join("hooks.json"),
        Agent::Gemini => base.join(".gemini/settings.json"),
        Agent::Cursor => base.join(".cursor/hooks.json"),
        Agent::Copilot if scope == Scope::User => {
            moved(env::COPILOT_HOME).unwrap_or_else(|| base.join(".copilot")).join("hooks/cmdai.json")
        }
        Agent::Copilot => base.join(".github/hooks/cmdai.json"),
    })
}

/// The folder of the project: the nearest above that is under version control, else this one.
fn project() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    Some(root.unwrap_or(here))
}

/// The program as an entry names it: a project is shared, so its entry takes the one on the search path.
fn program(scope: Scope) -> Option<String> {
    if scope == Scope::Project {
        return Some("cmdai".to_owned());
    }
    let exe = std::env::current_exe().ok()?;
    Some(words::quote(exe.to_str()?))
}

/// The commands that an entry may run: ours, with this program and with the one on the search path.
pub(super) fn commands(agent: Agent) -> Vec<String> {
    [Scope::User, Scope::Project]
        .into_iter()
        .filter_map(program)
        .map(|program| command(agent, &program))
        .collect()
}

/// The command of an entry. What stands behind `||` holds where cmdai is missing, or ends by a signal.
fn command(agent: Agent, program: &str) -> String {
    let hook = format!("{program} hook {}", agent.name());
    let reason = "cmdai could not be run, so this call is blocked: install cmdai, or take its hook out of the settings";
    match agent {
        Agent::Copilot => {
            let denial = json!({ "permissionDecision": "deny", "permissionDecisionReason": reason });
            format!("{hook} || echo {}", words::quote(&denial.to_string()))
        }
        // It has a switch for that, and promises no shell.
        Agent::Cursor => hook,
        _ => format!("{hook} || sh -c 'echo \"{reason}\" >&2; exit {BLOCKED}'"),
    }
}

/// The entries: each with the list it belongs to.
fn entries(agent: Agent, command: &str) -> Vec<(Vec<&'static str>, Value)> {
    let one = |event: &'static str, value: Value| (vec!["hooks", event], value);
    match agent {
        Agent::ClaudeCode => vec![one(
            "PreToolUse",
            json!({ "matcher": "*", "hooks": [{ "type": "command", "command": command, "timeout": 30, "onFailure": "block" }] }),
        )],
        Agent::Codex => vec![one(
            "PreToolUse",
            json!({ "hooks": [{ "type": "command", "command": command, "timeout": 30 }] }),
        )],
        Agent::Gemini => vec![one(
            "BeforeTool",
            json!({ "matcher": ".*", "hooks": [{ "name": "cmdai", "type": "command", "command": command, "timeout": 30000 }] }),
        )],
        Agent::Cursor => vec![
            one("beforeShellExecution", json!({ "command": command, "timeout": 30, "failClosed": true })),
            one("beforeMCPExecution", json!({ "command": command, "timeout": 30, "failClosed": true })),
            one(
                "preToolUse",
                // Shell commands have an event of their own.
                json!({ "command": command, "matcher": "Read|Write|StrReplace|Edit|MultiEdit|EditNotebook|Delete", "timeout": 30, "failClosed": true }),
            ),
        ],
        Agent::Copilot => vec![one(
            "preToolUse",
            json!({ "type": "command", "bash": command, "powershell": command, "timeoutSec": 30 }),
        )],
    }
}

/// Where an agent's entries may stand.
fn lists(agent: Agent) -> Vec<Vec<&'static str>> {
    entries(agent, "").into_iter().map(|(path, _)| path).collect()
}

/// True for an entry that runs our hook for this agent, of this version or another.
pub(super) fn is_ours(agent: Agent, node: &Node) -> bool {
    let call = format!(" hook {}", agent.name());
    node.texts().iter().any(|text| {
        let Some((before, after)) = text.split_once(&call) else { return false };
        let program = before.trim_matches(['\'', '"', ' ']).rsplit(['/', '\\']).next().unwrap_or_default();
        matches!(program, "cmdai" | "cmdai.exe") && (after.is_empty() || after.starts_with(' '))
    })
}

/// The text of an agent's settings with our entries in it.
fn with_entries(agent: Agent, text: &str, command: &str) -> Result<String, String> {
    let mut text = without_entries(agent, text, None)?;
    if matches!(agent, Agent::Cursor | Agent::Copilot) && Node::read(&text)?.member("version").is_none() {
        text = versioned(&text)?;
    }
    for (path, entry) in entries(agent, command) {
        text = edit::append(&text, &path, &entry)?;
    }
    Ok(text)
}

/// These settings carry the number of their form.
fn versioned(text: &str) -> Result<String, String> {
    let node = Node::read(text)?;
    let at = node.span.start + 1;
    let comma =
        if matches!(&node.kind, edit::Kind::Object(members) if members.is_empty()) { "" } else { "," };
    Ok(format!("{}\n  \"version\": 1{comma}{}", &text[..at], &text[at..]))
}

/// The text without our entries, and without what holds nothing else and was not there before them.
fn without_entries(agent: Agent, text: &str, known: Option<&Before>) -> Result<String, String> {
    let mut text = text.to_owned();
    for (nth, path) in lists(agent).iter().enumerate() {
        let held = known.map_or(0, |known| known.held(nth));
        text = edit::remove(&text, path, held, |node| is_ours(agent, node))?;
    }
    Ok(text)
}

/// What a settings file with this text was before our entries went in; `None` where there was no such file. As far as that can
/// be told: others may have changed it since, or another version of ours put the entries in.
fn without_us(agent: Agent, text: &str, known: Option<&Before>) -> Result<Option<String>, String> {
    if let Some(before) = known.and_then(|known| known.restored(text)) {
        return Ok(before);
    }
    let rest = without_entries(agent, text, known)?;
    // A file that says nothing any more was not there, as far as anybody remembers.
    let says_nothing = Node::read(&rest).is_ok_and(|node| match node.kind {
        edit::Kind::Object(members) => members.iter().all(|(key, ..)| key == "version"),
        _ => false,
    });
    let was_absent = known.is_none_or(Before::absent);
    Ok(Some(rest).filter(|_| !(says_nothing && was_absent)))
}

/// Our entries in a settings text, as they stand.
fn standing(agent: Agent, text: &str) -> Result<Vec<String>, String> {
    let root = Node::read(text)?;
    let mut found = Vec::new();
    for path in lists(agent) {
        let list = path.iter().try_fold(&root, |node, name| node.member(name));
        let items = list.map(Node::items).unwrap_or_default();
        found.extend(
            items.iter().filter(|item| is_ours(agent, item)).map(|item| text[item.span.clone()].to_owned()),
        );
    }
    Ok(found)
}

/// True where exactly the entries of this command stand in the text.
fn is_current(agent: Agent, text: &str, command: &str) -> bool {
    let parse = |text: &String| serde_json::from_str::<Value>(text).ok();
    let wanted: Vec<_> = entries(agent, command).into_iter().map(|(_, entry)| Some(entry)).collect();
    standing(agent, text).is_ok_and(|found| found.iter().map(parse).eq(wanted))
}

fn scope(args: &InstallArgs) -> Scope {
    if args.project { Scope::Project } else { Scope::User }
}

/// The settings file and its text, where there is one.
fn open(agent: Agent, scope: Scope) -> Result<(PathBuf, Option<String>), Failure> {
    let doing = format!("find the settings of {}", agent.title());
    let path =
        file(agent, scope).ok_or_else(|| Failure::new(Exit::Usage, doing, "there is no home directory"))?;
    let text = read(&path)?;
    Ok((path, text))
}

/// The text of a settings file; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>, Failure> {
    let doing = format!("read {}", path.display());
    let bytes = match settings::read_bounded(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if settings::is_absent(&error) => return Ok(None),
        Err(error) => return Err(Failure::new(Exit::Usage, doing, io_message(&error))),
    };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::new(Exit::Usage, doing, "it is larger than 4 MiB"));
    }
    String::from_utf8(bytes).map(Some).map_err(|_| Failure::new(Exit::Usage, doing, "it is not UTF-8"))
}

fn unusable(path: &Path, reason: String) -> Failure {
    Failure::new(Exit::Usage, format!("read {}", path.display()), reason)
        .hint("the file was not touched: mend it, or see cmdai hook install --print in another folder")
}

/// Puts the hook in.
///
/// # Errors
/// The settings cannot be read or written, or are no JSON.
pub(super) fn install(args: &InstallArgs) -> Result<Exit, Failure> {
    let (agent, scope) = (args.agent, scope(args));
    let program = program(scope).ok_or_else(|| {
        Failure::new(Exit::Bug, "find this program", "its path cannot be told, or is not UTF-8")
    })?;
    let command = command(agent, &program);
    let (path, found) = open(agent, scope)?;
    // No file, and one without a word, are empty settings.
    let before = match found.as_deref() {
        Some(text) if !text.trim().is_empty() => text.to_owned(),
        _ => "{}\n".to_owned(),
    };
    // One that stands already, in its place, is left as it is.
    let after = match is_current(agent, &before, &command) {
        true => before.clone(),
        false => with_entries(agent, &before, &command).map_err(|reason| unusable(&path, reason))?,
    };
    Node::read(&after).map_err(|reason| unusable(&path, reason))?;
    if args.print {
        return input::print(&after).map(|()| Exit::Ok);
    }
    let shown = path.display();
    if after == before && path.exists() {
        input::print(&format!("{}: the hook is there already, in {shown}\n", agent.title()))?;
        return Ok(Exit::Ok);
    }
    // Before the settings: where the last step fails, what is kept fits nothing, which is seen.
    if let Err(error) = keep(agent, &path, found.as_deref(), &after) {
        crate::say(&format!(
            "note: how {shown} was before could not be kept ({}): uninstall will take out the entry, and may leave or drop empty lists\n",
            io_message(&error)
        ));
    }
    write(&path, &after)?;
    let mut said = format!("{}: the hook is now in {shown}\n", agent.title());
    if let Some(note) = note(agent, scope) {
        said.push_str(note);
        said.push('\n');
    }
    said.push_str(&format!(
        "see that it blocks: cmdai hook test {}{}\n",
        agent.name(),
        if args.project { " --project" } else { "" }
    ));
    input::print(&said)?;
    Ok(Exit::Ok)
}

/// Keeps what the settings were before our entries, which may be in `found` already, of this version or another.
fn keep(agent: Agent, path: &Path, found: Option<&str>, after: &str) -> std::io::Result<()> {
    let lists = lists(agent);
    let known = Before::load(path);
    let has_ours = |text: &str| standing(agent, text).is_ok_and(|ours| !ours.is_empty());
    let before = match found {
        Some(text) if has_ours(text) => {
            without_us(agent, text, known.as_ref()).map_err(std::io::Error::other)?
        }
        other => other.map(str::to_owned),
    };
    Before::new(before.as_deref(), after, &lists).keep(path)
}

/// What a person still has to do.
const fn note(agent: Agent, scope: Scope) -> Option<&'static str> {
    match (agent, scope) {
        (Agent::Codex, _) => {
            Some("Codex asks once whether it may trust a new hook: start it and say yes, or see /hooks")
        }
        (Agent::ClaudeCode, Scope::User) => Some("sessions that run already use it after a restart"),
        (Agent::Gemini, _) => {
            Some("Gemini CLI before 0.26 runs hooks only with tools.enableHooks: true in these settings")
        }
        (_, Scope::Project) => {
            Some("everybody who works here needs cmdai on their search path: without it the hook blocks")
        }
        _ => None,
    }
}

/// Takes the hook out.
///
/// # Errors
/// As [`install`].
pub(super) fn uninstall(args: &InstallArgs) -> Result<Exit, Failure> {
    let (agent, scope) = (args.agent, scope(args));
    let (path, found) = open(agent, scope)?;
    let shown = path.display();
    let text = found.unwrap_or_default();
    let is_there = !text.trim().is_empty()
        && !standing(agent, &text).map_err(|reason| unusable(&path, reason))?.is_empty();
    if !is_there {
        let said =
            if args.print { text } else { format!("{}: there is no hook in {shown}\n", agent.title()) };
        return input::print(&said).map(|()| Exit::Ok);
    }
    let known = Before::load(&path);
    let after = without_us(agent, &text, known.as_ref()).map_err(|reason| unusable(&path, reason))?;
    if args.print {
        return input::print(after.as_deref().unwrap_or_default()).map(|()| Exit::Ok);
    }
    match &after {
        Some(after) => write(&path, after)?,
        None => std::fs::remove_file(&path)
            .map_err(|error| Failure::new(Exit::Bug, format!("delete {shown}"), io_message(&error)))?,
    }
    Before::forget(&path);
    input::print(&format!("{}: the hook was taken out of {shown}\n", agent.title()))?;
    Ok(Exit::Ok)
}

/// Writes a file aside, waits for the disk, and renames it. A link is followed, rights are kept.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = |error: &std::io::Error| {
        Failure::new(Exit::Bug, format!("write {}", path.display()), io_message(error))
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let aside = folder.join(format!(".{name}.cmdai-{}", std::process::id()));
    let outcome = (|| {
        let mut file = std::fs::File::create(&aside)?;
        if let Ok(meta) = std::fs::metadata(&path) {
            file.set_permissions(meta.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&aside, &path)
    })();
    outcome.map_err(|error| {
        let _ = std::fs::remove_file(&aside);
        failed(&error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_in_once_and_out_without_a_trace() {
        for &agent in Agent::ALL {
            let before = "{\n  \"version\": 1,\n  \"other\": [\n    1\n  ]\n}\n";
            let command = command(agent, "/opt/cmdai");
            let after = with_entries(agent, before, &command).unwrap();
            assert!(is_current(agent, &after, &command), "{after}");
            assert_eq!(with_entries(agent, &after, &command).unwrap(), after, "{agent:?}");
            assert_eq!(without_entries(agent, &after, None).unwrap(), before, "{agent:?}");
            // Another version of ours is replaced.
            let old = with_entries(agent, before, "/old/cmdai hook x")
                .unwrap()
                .replace("hook x", &format!("hook {}", agent.name()));
            assert!(!is_current(agent, &old, &command));
            assert_eq!(with_entries(agent, &old, &command).unwrap(), after, "{agent:?}");
        }
    }

    #[test]
    fn the_hooks_of_others_stay() {
        let before = "{\"hooks\": {\"PreToolUse\": [{\"matcher\": \"Bash\", \"hooks\": [{\"type\": \"command\", \"command\": \"mycmdai hook claude-codex\"}]}]}}";
        let after = with_entries(Agent::ClaudeCode, before, &command(Agent::ClaudeCode, "cmdai")).unwrap();
        assert!(after.contains("mycmdai hook claude-codex"));
        assert_eq!(without_entries(Agent::ClaudeCode, &after, None).unwrap(), before);
    }

    #[test]
    fn new_settings_carry_their_version() {
        let text = with_entries(Agent::Cursor, "{}\n", "cmdai hook cursor").unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["version"], 1);
        assert_eq!(value["hooks"]["beforeShellExecution"][0]["failClosed"], true);
    }

    #[test]
    fn a_command_blocks_where_cmdai_is_missing() {
        for &agent in Agent::ALL.iter().filter(|agent| **agent != Agent::Cursor) {
            let command = command(agent, "/nonexistent/cmdai");
            let output = std::process::Command::new("sh").arg("-c").arg(&command).output().unwrap();
            let (stdout, stderr) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            let effect = super::super::answer::read(agent, output.status.code(), &stdout, &stderr);
            assert_eq!(effect, super::super::answer::Effect::Blocks, "{agent:?}: {output:?}");
        }
    }
}
