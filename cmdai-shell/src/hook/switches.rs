//! Settings of an agent by which its hooks do not run, however well they are installed.

use std::path::{Path, PathBuf};

use super::Agent;
use super::edit::{Kind, Node};
use super::install::{self, Scope};

/// The switch that turns this agent's hooks off here, with its file.
pub(super) fn off(agent: Agent) -> Option<String> {
    let files = [Scope::User, Scope::Project].into_iter().filter_map(|scope| install::file(agent, scope));
    files.flat_map(|file| beside(agent, &file)).find_map(|file| {
        let text = String::from_utf8(std::fs::read(&file).ok()?).ok()?;
        let switch = switch(agent, &text)?;
        Some(format!("{switch} in {} turns every hook off: nothing is blocked", file.display()))
    })
}

/// The files beside the one with our hook that hold switches.
fn beside(agent: Agent, file: &Path) -> Vec<PathBuf> {
    match agent {
        Agent::ClaudeCode => vec![file.to_owned(), file.with_file_name("settings.local.json")],
        Agent::Codex => vec![file.with_file_name("config.toml")],
        Agent::Gemini => vec![file.to_owned()],
        Agent::Cursor | Agent::Copilot => Vec::new(),
    }
}

fn switch(agent: Agent, text: &str) -> Option<&'static str> {
    let is = |path: &[&str], word: &str| {
        let root = Node::read(text).ok()?;
        let node = path.iter().try_fold(&root, |node, name| node.member(name))?;
        let said = matches!(node.kind, Kind::Other) && text.get(node.span.clone())?.trim() == word;
        said.then_some(())
    };
    match agent {
        Agent::ClaudeCode => is(&["disableAllHooks"], "true").map(|()| "disableAllHooks = true"),
        Agent::Gemini => {
            let first = is(&["hooksConfig", "enabled"], "false").map(|()| "hooksConfig.enabled = false");
            first.or_else(|| is(&["tools", "enableHooks"], "false").map(|()| "tools.enableHooks = false"))
        }
        Agent::Codex => codex(text),
        Agent::Cursor | Agent::Copilot => None,
    }
}

/// The feature of Codex that runs hooks, in any of the forms in which TOML writes it.
fn codex(text: &str) -> Option<&'static str> {
    let mut table = String::new();
    for line in text.lines() {
        let line: String = line
            .split('#')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\''))
            .collect();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = name.to_owned();
            continue;
        }
        let dotted = if table.is_empty() { line } else { format!("{table}.{line}") };
        let inline = dotted.strip_prefix("features={").and_then(|rest| rest.strip_suffix('}'));
        let off = |pair: &str| matches!(pair, "hooks=false" | "codex_hooks=false");
        if dotted.strip_prefix("features.").is_some_and(off)
            || inline.is_some_and(|pairs| pairs.split(',').any(off))
        {
            return Some("features.hooks = false");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_found_and_nothing_else_is() {
        let is = |agent, text: &str, off: bool| assert_eq!(switch(agent, text).is_some(), off, "{text}");
        is(Agent::ClaudeCode, r#"{"disableAllHooks": true}"#, true);
        is(Agent::ClaudeCode, r#"{"disableAllHooks": false, "env": {"disableAllHooks": true}}"#, false);
        is(Agent::Gemini, r#"{"hooksConfig": {"enabled": false}}"#, true);
        is(Agent::Gemini, r#"{"tools": {"enableHooks": false}}"#, true);
        is(Agent::Gemini, r#"{"tools": {"enableHooks": true}}"#, false);
        is(Agent::Codex, "[features]\nhooks = false # no\n", true);
        is(Agent::Codex, "features.hooks=false", true);
        is(Agent::Codex, "features = { hooks = false }", true);
        is(Agent::Codex, "[features]\nhooks = true\n[other]\nhooks = false\n", false);
    }
}
