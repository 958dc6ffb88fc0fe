//! Answers in each agent's dialect.
//!
//! | agent | event | block | ask | exit code 2 |
//! | --- | --- | --- | --- | --- |
//! | Claude Code | PreToolUse | `hookSpecificOutput.permissionDecision: deny` | `ask` | blocks, standard error is the reason |
//! | Codex | PreToolUse | the same, and no field more: an unknown one makes the answer void | no `ask`: it blocks and says how a person allows it | blocks, where there is a reason on standard error |
//! | Gemini CLI | BeforeTool | `decision: deny`, `reason` | no `ask`: as Codex | blocks, standard error is the reason |
//! | Cursor | beforeShellExecution, preToolUse, beforeMCPExecution | `permission: deny`, `user_message`, `agent_message` | `ask`, of shell commands only | blocks |
//! | Copilot CLI | preToolUse | `permissionDecision: deny` | `ask` | passes: so it is never used |
//!
//! Silence, or an empty object where the agent reads JSON in any case, leaves the decision to the agent.

use serde_json::{Value, json};

use super::{Agent, BLOCKED};
use crate::exit::Exit;

/// What is said of a tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing: the agent decides as it would without a hook.
    Pass,
    /// A person should decide.
    Ask {
        /// Why.
        reason: String,
        /// What they type where the agent cannot ask them.
        once: String,
    },
    /// It must not happen.
    Deny(String),
}

/// What the process leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: u8,
    /// Why it is not simply let through, in plain text.
    pub reason: String,
}

/// What a model is told where a person must decide and the agent cannot ask one.
const NO_ASK: &str = "A person has to decide this, and this agent has no way to ask: tell them what you want to do and why. \
They can let it through once, in a terminal of their own: ";

/// The answer as the agent expects it. `shell` is true for the event that only shell commands have.
pub(super) fn render(agent: Agent, shell: bool, answer: &Answer) -> Output {
    let (word, reason) = match answer {
        Answer::Pass => return said(passing(agent)),
        Answer::Deny(reason) => ("deny", reason.clone()),
        Answer::Ask { reason, .. } if asks(agent, shell) => ("ask", reason.clone()),
        Answer::Ask { reason, once } => ("deny", format!("{reason}\n{NO_ASK}{once}")),
    };
    let told = reason.clone();
    let value = match agent {
        Agent::ClaudeCode | Agent::Codex => json!({ "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": word,
            "permissionDecisionReason": reason,
        } }),
        Agent::Gemini => json!({ "decision": word, "reason": reason }),
        Agent::Cursor => json!({
            "permission": word,
            "user_message": reason,
            "agent_message": reason,
            // What the first versions called them.
            "userMessage": reason,
            "agentMessage": reason,
        }),
        Agent::Copilot => json!({ "permissionDecision": word, "permissionDecisionReason": reason }),
    };
    Output { reason: told, ..said(value.to_string() + "\n") }
}

/// How to block where not even an answer could be made.
pub(super) fn blocked(agent: Agent, reason: &str) -> Output {
    let mut output = render(agent, false, &Answer::Deny(reason.to_owned()));
    output.stderr = format!("{reason}\n");
    output
}

/// The code with which a process blocks that could not write its answer.
pub(super) const fn unwritten(agent: Agent) -> u8 {
    match agent {
        // Every code lets the call through: the settings put a printed refusal behind ours.
        Agent::Copilot => Exit::Bug.number(),
        _ => BLOCKED,
    }
}

fn said(stdout: String) -> Output {
    Output { stdout, stderr: String::new(), code: Exit::Ok.number(), reason: String::new() }
}

fn passing(agent: Agent) -> String {
    match agent {
        Agent::ClaudeCode | Agent::Codex | Agent::Copilot => String::new(),
        Agent::Gemini | Agent::Cursor => "{}\n".to_owned(),
    }
}

fn asks(agent: Agent, shell: bool) -> bool {
    match agent {
        Agent::ClaudeCode | Agent::Copilot => true,
        Agent::Cursor => shell,
        Agent::Codex | Agent::Gemini => false,
    }
}

/// What the agent would do with an answer, as its documentation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Passes,
    Asks,
    Blocks,
}

/// Reads an answer as the agent would.
pub(super) fn read(agent: Agent, code: Option<i32>, stdout: &str, stderr: &str) -> Effect {
    let by_code = match code {
        Some(0) => None,
        Some(2) if agent == Agent::Codex && stderr.trim().is_empty() => Some(Effect::Passes),
        Some(2) if agent != Agent::Copilot => Some(Effect::Blocks),
        // Failures of a hook are logged and skipped.
        _ if agent == Agent::Copilot && stdout.trim().is_empty() => Some(Effect::Passes),
        _ if agent == Agent::Copilot => None,
        _ => Some(Effect::Passes),
    };
    if let Some(effect) = by_code {
        return effect;
    }
    let value: Value = serde_json::from_str(stdout).unwrap_or(Value::Null);
    let word = match agent {
        Agent::ClaudeCode | Agent::Codex => &value["hookSpecificOutput"]["permissionDecision"],
        Agent::Gemini => &value["decision"],
        Agent::Cursor => &value["permission"],
        Agent::Copilot => &value["permissionDecision"],
    };
    match word.as_str() {
        Some("deny" | "block") => Effect::Blocks,
        Some("ask") if agent != Agent::Codex => Effect::Asks,
        _ => Effect::Passes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_leaves_the_decision_to_the_agent() {
        for &agent in Agent::ALL {
            let output = render(agent, true, &Answer::Pass);
            assert!(matches!(output.stdout.as_str(), "" | "{}\n"), "{agent:?}");
            assert!(!output.stdout.contains("allow"));
            assert_eq!(read(agent, Some(0), &output.stdout, ""), Effect::Passes);
        }
    }

    #[test]
    fn a_denial_blocks_everywhere() {
        for &agent in Agent::ALL {
            for output in [render(agent, true, &Answer::Deny("x \"y\"\n".to_owned())), blocked(agent, "x")] {
                let code = Some(i32::from(output.code));
                assert_eq!(read(agent, code, &output.stdout, &output.stderr), Effect::Blocks, "{agent:?}");
            }
        }
    }

    #[test]
    fn a_question_is_never_less_than_a_question() {
        for &agent in Agent::ALL {
            for shell in [true, false] {
                let output = render(
                    agent,
                    shell,
                    &Answer::Ask { reason: "x".to_owned(), once: "allow-once".to_owned() },
                );
                let effect = read(agent, Some(0), &output.stdout, "");
                assert_ne!(effect, Effect::Passes, "{agent:?}");
                assert_eq!(effect == Effect::Asks, asks(agent, shell), "{agent:?}");
                assert_eq!(output.stdout.contains("allow-once"), !asks(agent, shell), "{agent:?}");
            }
        }
    }

    #[test]
    fn codex_gets_no_field_that_it_does_not_know() {
        let value: Value =
            serde_json::from_str(&render(Agent::Codex, true, &Answer::Deny("x".to_owned())).stdout).unwrap();
        let keys: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["hookSpecificOutput"]);
        let inner: Vec<_> = value["hookSpecificOutput"].as_object().unwrap().keys().collect();
        assert_eq!(inner, ["hookEventName", "permissionDecision", "permissionDecisionReason"]);
    }
}
