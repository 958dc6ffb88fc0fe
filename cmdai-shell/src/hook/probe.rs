//! `cmdai hook test`: proves that an installed hook blocks what it must and passes what it should.
//!
//! It runs the very command of the settings and gives it samples of what the agent would write. Nothing
//! in a sample is ever run: the hook only reads it. A command in the settings that is not the one
//! that cmdai writes is not run either, but told.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Agent;
use super::answer::{self, Effect};
use super::edit::Node;
use super::install::{self, Scope};
use super::switches;
use crate::args::TestArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{env, input};

/// How long one sample may take.
const TIME: Duration = Duration::from_secs(10);

/// What was found out about one installed hook.
pub(crate) struct Proof {
    pub agent: Agent,
    /// `user` or `project`.
    pub scope: &'static str,
    pub path: PathBuf,
    /// What was tried, and whether it went as it must.
    pub trials: Vec<Trial>,
    /// Why nothing could be tried.
    pub fault: Option<String>,
}

/// One sample.
pub(crate) struct Trial {
    pub name: &'static str,
    pub right: bool,
    /// What must become of it.
    wanted: Effect,
    pub detail: String,
}

impl Proof {
    /// What is known of it, in a word or two: capitals are for what its owner must hear.
    pub(crate) fn state(&self) -> &'static str {
        let mut wrong = self.trials.iter().filter(|trial| !trial.right).peekable();
        match (self.fault.is_some(), wrong.peek().is_some()) {
            (false, false) => "blocks what it must",
            // Nothing is wrong but that it blocks what it should let pass.
            (false, true) if wrong.all(|trial| trial.wanted == Effect::Passes) => "BLOCKS TOO MUCH",
            (true, _) if self.trials.is_empty() => "NOT TRIED",
            _ => "DOES NOT BLOCK",
        }
    }

    /// True where the hook does what it must.
    pub(crate) fn holds(&self) -> bool {
        self.fault.is_none() && self.trials.iter().all(|trial| trial.right)
    }
}

/// The proof of every hook that is installed here.
pub(crate) fn installed_proofs() -> Vec<Proof> {
    let all = Agent::ALL.iter().flat_map(|agent| [(*agent, Scope::User), (*agent, Scope::Project)]);
    all.filter_map(|(agent, scope)| prove(agent, scope)).collect()
}

/// Tests the hook of one agent, or all that are installed.
///
/// # Errors
/// There is none.
pub(super) fn test(args: &TestArgs) -> Result<Exit, Failure> {
    let scopes: &[Scope] = match (args.user, args.project) {
        (true, _) => &[Scope::User],
        (_, true) => &[Scope::Project],
        _ => &[Scope::User, Scope::Project],
    };
    let agents = args.agent.as_ref().map_or(Agent::ALL, std::slice::from_ref);
    let places = agents.iter().flat_map(|agent| scopes.iter().map(|scope| (*agent, *scope)));
    let proofs: Vec<_> = places.filter_map(|(agent, scope)| prove(agent, scope)).collect();
    if proofs.is_empty() {
        let failure = match args.agent {
            Some(agent) => {
                let doing = format!("test the hook of {}", agent.title());
                Failure::new(Exit::Bug, doing, "it is not installed")
                    .hint(format!("cmdai hook install {}", agent.name()))
            }
            None => Failure::new(Exit::Bug, "test the hooks", "none is installed")
                .hint("cmdai hook install AGENT, which is claude-code, codex, gemini, cursor or copilot"),
        };
        return Err(failure);
    }
    let mut text = String::new();
    for proof in &proofs {
        text.push_str(&format!("{} ({}), {}\n", proof.agent.title(), proof.scope, proof.path.display()));
        if let Some(fault) = &proof.fault {
            text.push_str(&format!("  FAIL  {fault}\n"));
        }
        for trial in &proof.trials {
            let mark = if trial.right { "ok  " } else { "FAIL" };
            text.push_str(&format!("  {mark}  {}: {}\n", trial.name, trial.detail));
        }
    }
    input::print(&text)?;
    Ok(if proofs.iter().all(Proof::holds) { Exit::Ok } else { Exit::Bug })
}

/// The proof of one hook; `None` where it is not installed.
fn prove(agent: Agent, scope: Scope) -> Option<Proof> {
    let path = install::file(agent, scope)?;
    let text = install::read(&path).ok()??;
    let mut proof = Proof { agent, scope: scope.name(), path, trials: Vec::new(), fault: None };
    let root = match Node::read(&text) {
        Ok(root) => root,
        // Somebody else's broken settings are told only where our hook was meant to be in them.
        Err(reason) if text.contains(&format!("hook {}", agent.name())) => {
            proof.fault = Some(format!("the settings are no JSON: {reason}"));
            return Some(proof);
        }
        Err(_) => return None,
    };
    let call = format!(" hook {}", agent.name());
    let hooks = root.member("hooks")?;
    let commands: Vec<&str> = hooks.texts().into_iter().filter(|text| text.contains(&call)).collect();
    let ours: Vec<&&str> = commands.iter().filter(|text| text.contains("cmdai")).collect();
    let command = ours.first().map(|command| (**command).to_owned())?;
    if !install::commands(agent).contains(&command) {
        let program = command.split(&call).next().unwrap_or_default();
        proof.fault = Some(format!(
            "its command is not the one that this cmdai writes ({program}): cmdai hook install {}",
            agent.name()
        ));
        return Some(proof);
    }
    proof.fault = switches::off(agent);
    for (name, sample, wanted) in samples(agent) {
        proof.trials.push(match run(&command, &sample) {
            Ok((code, stdout, stderr)) => {
                let effect = answer::read(agent, code, &stdout, &stderr);
                let right = effect == wanted;
                let did = match effect {
                    Effect::Passes => "passes",
                    Effect::Asks => "asks",
                    Effect::Blocks => "blocks",
                };
                let code = code.map_or("a signal".to_owned(), |code| code.to_string());
                let detail = if right { did.to_owned() } else { format!("{did} (exit code {code})") };
                Trial { name, right, wanted, detail }
            }
            Err(reason) => Trial { name, right: false, wanted, detail: reason },
        });
    }
    Some(proof)
}

/// Samples of what the agent writes, with what must become of each.
fn samples(agent: Agent) -> Vec<(&'static str, String, Effect)> {
    let cwd =
        std::env::current_dir().ok().map(|cwd| cwd.display().to_string()).unwrap_or_else(|| "/".to_owned());
    let shell = |line: &str| match agent {
        Agent::ClaudeCode | Agent::Codex => json!({
            "session_id": "test", "cwd": cwd, "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": { "command": line },
        }),
        Agent::Gemini => json!({
            "session_id": "test", "cwd": cwd, "hook_event_name": "BeforeTool", "tool_name": "run_shell_command", "tool_input": { "command": line },
        }),
        Agent::Cursor => {
            json!({ "hook_event_name": "beforeShellExecution", "command": line, "cwd": cwd, "workspace_roots": [cwd] })
        }
        Agent::Copilot => {
            json!({ "sessionId": "test", "cwd": cwd, "toolName": "bash", "toolArgs": { "command": line } })
        }
    };
    let (file, content, tool, event) = match agent {
        Agent::ClaudeCode => ("file_path", "content", "Write", "PreToolUse"),
        Agent::Codex => ("path", "content", "apply_patch", "PreToolUse"),
        Agent::Gemini => ("file_path", "content", "write_file", "BeforeTool"),
        Agent::Cursor => ("path", "contents", "Write", "preToolUse"),
        Agent::Copilot => ("path", "file_text", "create", "preToolUse"),
    };
    let call = |tool: &str, arguments: Value| match agent {
        Agent::Copilot => json!({ "cwd": cwd, "toolName": tool, "toolArgs": arguments }),
        _ => json!({ "cwd": cwd, "hook_event_name": event, "tool_name": tool, "tool_input": arguments }),
    };
    let guard = match agent {
        Agent::Codex => call(
            "apply_patch",
            json!({ "command": "*** Begin Patch\n*** Update File: /home/someone/.codex/hooks.json\n@@\n-{}\n+[]\n*** End Patch" }),
        ),
        _ => call(tool, json!({ file: "/home/someone/.claude/settings.json", content: "{}" })),
    };
    vec![
        ("deleting everything", shell("rm -rf / --no-preserve-root").to_string(), Effect::Blocks),
        ("the same in disguise", shell("echo cm0gLXJmIC8K | base64 -d | sh").to_string(), Effect::Blocks),
        ("taking the guard away", guard.to_string(), Effect::Blocks),
        ("a call that is no JSON", "{".to_owned(), Effect::Blocks),
        (
            "an unknown tool with a command",
            call("mcp__x__run", json!({ "command": "rm -rf ~" })).to_string(),
            Effect::Blocks,
        ),
        ("listing files", shell("ls -la").to_string(), Effect::Passes),
        (
            "a commit that talks of rm -rf /",
            shell("git commit -m 'never rm -rf / again'").to_string(),
            Effect::Passes,
        ),
    ]
}

/// Runs the command of the settings as the agent does, with a sample on standard input.
fn run(command: &str, sample: &str) -> Result<(Option<i32>, String, String), String> {
    let failed = |error: std::io::Error| format!("it cannot be run: {}", crate::failure::io_message(&error));
    let mut process = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    let mut child = process
        .arg(if cfg!(windows) { "/C" } else { "-c" })
        .arg(command)
        // A sample is no verdict that anybody wants in the log.
        .env(env::AUDIT, "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A hook that answers before it has read all is none of ours to judge.
        let _ = stdin.write_all(sample.as_bytes());
    }
    let until = Instant::now() + TIME;
    let status = loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => break status,
            None if Instant::now() > until => {
                let _ = child.kill();
                let _ = child.wait();
                return Err("it did not answer in time".to_owned());
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let (mut stdout, mut stderr) = (String::new(), String::new());
    // Answers are far smaller than a pipe holds.
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut stdout).map_err(failed)?;
    }
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut stderr).map_err(failed)?;
    }
    Ok((status.code(), stdout, stderr))
}
