//! Hooks of coding agents: the dialects, failing closed, settings.

use serde_json::{Value, json};

use crate::harness::{Place, Run};

const AGENTS: &[&str] = &["claude-code", "codex", "gemini", "cursor", "copilot"];

/// What an agent writes for a shell command.
fn call(agent: &str, line: &str) -> String {
    let value = match agent {
        "claude-code" | "codex" => {
            json!({ "hook_event_name": "PreToolUse", "cwd": "/tmp", "tool_name": "Bash", "tool_input": { "command": line } })
        }
        "gemini" => {
            json!({ "hook_event_name": "BeforeTool", "cwd": "/tmp", "tool_name": "run_shell_command", "tool_input": { "command": line } })
        }
        "cursor" => json!({ "hook_event_name": "beforeShellExecution", "cwd": "/tmp", "command": line }),
        _ => json!({ "cwd": "/tmp", "toolName": "bash", "toolArgs": { "command": line } }),
    };
    value.to_string()
}

fn file_call(agent: &str, path: &str) -> String {
    match agent {
        "copilot" => json!({ "cwd": "/tmp", "toolName": "create", "toolArgs": { "path": path, "file_text": "x" } }),
        _ => json!({ "cwd": "/tmp", "tool_name": "write_file", "tool_input": { "file_path": path, "content": "x" } }),
    }
    .to_string()
}

/// The word and the reason of an answer.
fn answer(agent: &str, run: &Run) -> (String, String) {
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or(Value::Null);
    let (word, reason) = match agent {
        "claude-code" | "codex" => {
            let inner = &value["hookSpecificOutput"];
            (&inner["permissionDecision"], &inner["permissionDecisionReason"])
        }
        "gemini" => (&value["decision"], &value["reason"]),
        "cursor" => (&value["permission"], &value["agent_message"]),
        _ => (&value["permissionDecision"], &value["permissionDecisionReason"]),
    };
    (word.as_str().unwrap_or_default().to_owned(), reason.as_str().unwrap_or_default().to_owned())
}

#[track_caller]
fn is_denied(agent: &str, run: &Run, words: &[&str]) {
    let (word, reason) = answer(agent, run);
    assert!(run.code == 0 && word == "deny" && words.iter().all(|w| reason.contains(w)), "{agent}: {run:#?}");
}

#[track_caller]
fn passes(agent: &str, run: &Run) {
    assert!(
        run.code == 0 && matches!(run.stdout.as_str(), "" | "{}\n") && run.stderr.is_empty(),
        "{agent}: {run:#?}"
    );
}

#[test]
fn a_dangerous_line_is_denied_with_reason_and_way_out() {
    for agent in AGENTS {
        let run = Place::new().pipe(&["hook", agent], call(agent, "git reset --hard"));
        is_denied(agent, &run, &["git-discard-work", "Undo: ", "cmdai policy allow-once 'git reset --hard'"]);
        let run = Place::new().pipe(&["hook", agent], call(agent, "git push --force origin main"));
        is_denied(agent, &run, &["Instead: ", "--force-with-lease"]);
    }
}

#[test]
fn a_harmless_line_gets_no_answer() {
    for agent in AGENTS {
        for line in ["ls -la", "cargo build --release", "git commit -m 'rm -rf / is bad'", "rm notes.txt"] {
            passes(agent, &Place::new().pipe(&["hook", agent], call(agent, line)));
        }
        let read =
            json!({ "tool_name": "read_file", "toolName": "view", "tool_input": { "path": "/etc/passwd" } });
        passes(agent, &Place::new().pipe(&["hook", agent], read.to_string()));
    }
}

#[test]
fn what_was_not_read_is_asked_about_where_that_is_possible() {
    for agent in AGENTS {
        let run = Place::new().pipe(&["hook", agent], call(agent, "echo $("));
        let (word, reason) = answer(agent, &run);
        let asks = matches!(*agent, "claude-code" | "cursor" | "copilot");
        assert_eq!(word, if asks { "ask" } else { "deny" }, "{agent}: {run:#?}");
        assert_eq!(reason.contains("no way to ask"), !asks, "{agent}: {run:#?}");
    }
}

#[test]
fn files_are_judged_by_their_path() {
    for agent in AGENTS {
        let place = Place::new();
        let home = place.home.path().to_str().unwrap().to_owned();
        for path in [
            ".claude/settings.json",
            ".config/cmdai/policy.toml",
            ".cursor/hooks.json",
            ".ssh/authorized_keys",
            "../../etc/passwd",
        ] {
            let run = place.pipe(&["hook", agent], file_call(agent, &format!("{home}/{path}")));
            is_denied(agent, &run, &["cmdai blocks this", "allow-once 'cat > "]);
            assert!(!run.stdout.contains("'...'"), "{run:#?}");
        }
        passes(agent, &place.pipe(&["hook", agent], file_call(agent, &format!("{home}/project/main.rs"))));
        passes(agent, &place.pipe(&["hook", agent], file_call(agent, "src/it's here.rs")));
    }
}

#[test]
fn what_stays_takes_a_person() {
    let place = Place::new();
    let home = place.home.path().to_str().unwrap().to_owned();
    for path in [format!("{home}/.bashrc"), ".git/hooks/pre-commit".to_owned()] {
        let value = json!({ "cwd": "/tmp", "tool_name": "Edit", "tool_input": { "file_path": path, "old_string": "a" } });
        let (word, _) = answer("claude-code", &place.pipe(&["hook", "claude-code"], value.to_string()));
        assert_eq!(word, "ask", "{path}");
    }
}

#[test]
fn a_start_up_file_takes_a_person_however_it_is_written() {
    for agent in AGENTS {
        let place = Place::new();
        let home = place.home.path().to_str().unwrap().to_owned();
        let write = || place.pipe(&["hook", agent], file_call(agent, &format!("{home}/.zshrc")));
        let (word, reason) = answer(agent, &write());
        if matches!(*agent, "claude-code" | "copilot") {
            assert!(word == "ask" && reason.starts_with("cmdai asks about this"), "{agent}: {reason}");
            assert!(!reason.contains("$(cat)"), "{reason}");
        } else {
            // It cannot ask, so its person is told what to type.
            let line = "terminal of their own: cmdai policy allow-once 'cat > [HOME]/.zshrc' (that line stands for it)";
            assert!(word == "deny" && reason.contains(line), "{agent}: {reason}");
        }
        // A policy that denies it is obeyed.
        std::fs::create_dir_all(place.home.path().join(".config/cmdai")).unwrap();
        std::fs::write(
            place.home.path().join(".config/cmdai/policy.toml"),
            "[rules]\nshell-startup = \"deny\"\n",
        )
        .unwrap();
        is_denied(agent, &write(), &["rules.shell-startup"]);
        let line = format!("echo {}", "x".repeat(500));
        let run = place.pipe(&["hook", agent], call(agent, &format!("{line}; rm -rf /")));
        is_denied(agent, &run, &["cmdai policy allow-once, with that line in quotes"]);
    }
}

#[test]
fn another_directory_is_no_way_out_of_a_policy() {
    let place = Place::new();
    let project = place.home.path().join("p");
    std::fs::create_dir_all(project.join(".cmdai")).unwrap();
    let text =
        "programs.terraform = 'deny'\n[paths]\n'secrets/**' = { verdict = 'deny', effects = ['read'] }\n";
    std::fs::write(project.join(".cmdai/policy.toml"), text).unwrap();
    let arguments = json!({ "command": "terraform plan", "workdir": "/tmp" });
    let value = json!({ "cwd": project, "tool_name": "shell", "tool_input": arguments });
    is_denied("codex", &place.pipe(&["hook", "codex"], value.to_string()), &["programs.terraform"]);
    // A tool that reads is held to the policy as well.
    let value = json!({ "cwd": project, "tool_name": "Read", "tool_input": { "file_path": "secrets/x" } });
    is_denied("claude-code", &place.pipe(&["hook", "claude-code"], value.to_string()), &["paths"]);
}

#[test]
fn what_cannot_be_judged_is_blocked() {
    let huge =
        format!("{{\"tool_name\": \"Bash\", \"tool_input\": {{\"command\": \"{}\"}}}}", "x".repeat(17 << 20));
    for agent in AGENTS {
        for input in
            ["", "{", "[]", "null", "{}", "{\"tool_name\":\"Bash\",\"toolName\":\"bash\"}", "\u{fffe}"]
        {
            is_denied(agent, &Place::new().pipe(&["hook", agent], input), &["cmdai blocks this call"]);
        }
        is_denied(agent, &Place::new().pipe(&["hook", agent], b"{\"a\": \"\xff\"}"), &["not UTF-8"]);
        is_denied(agent, &Place::new().pipe(&["hook", agent], &huge), &["longer than 16 MiB"]);
    }
}

#[test]
fn a_broken_policy_or_configuration_blocks() {
    for agent in AGENTS {
        let place = Place::new();
        std::fs::create_dir_all(place.home.path().join(".config/cmdai")).unwrap();
        std::fs::write(place.home.path().join(".config/cmdai/policy.toml"), "[rules]\nx = 1\n").unwrap();
        is_denied(
            agent,
            &place.pipe(&["hook", agent], call(agent, "ls")),
            &["policy.toml:2:1", "unknown rule"],
        );
        let place = Place::new();
        place.config("shel = 1");
        is_denied(agent, &place.pipe(&["hook", agent], call(agent, "ls")), &["unknown key `shel`"]);
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_and_a_hang_block() {
    for agent in AGENTS {
        let run = Place::new().with("CMDAI_TEST_FAULT", "panic").pipe(&["hook", agent], call(agent, "ls"));
        is_denied(agent, &run, &["failed while judging"]);
    }
    let run = Place::new().with("CMDAI_TEST_FAULT", "hang").pipe(&["hook", "codex"], call("codex", "ls"));
    is_denied("codex", &run, &["in time"]);
}

#[test]
fn a_project_policy_holds_in_the_directory_of_the_call() {
    let place = Place::new();
    let project = place.home.path().join("p");
    std::fs::create_dir_all(project.join(".cmdai")).unwrap();
    std::fs::write(project.join(".cmdai/policy.toml"), "programs.terraform = 'deny'\n").unwrap();
    let value = json!({ "cwd": project, "tool_name": "Bash", "tool_input": { "command": "terraform plan" } });
    is_denied(
        "claude-code",
        &place.pipe(&["hook", "claude-code"], value.to_string()),
        &["programs.terraform", "project"],
    );
    passes("claude-code", &place.pipe(&["hook", "claude-code"], call("claude-code", "terraform plan")));
}

fn settings(place: &Place, agent: &str) -> std::path::PathBuf {
    place.home.path().join(match agent {
        "claude-code" => ".claude/settings.json",
        "codex" => ".codex/hooks.json",
        "gemini" => ".gemini/settings.json",
        "cursor" => ".cursor/hooks.json",
        _ => ".copilot/hooks/cmdai.json",
    })
}

#[test]
fn a_hook_goes_in_blocks_and_goes_out() {
    for agent in AGENTS {
        let place = Place::new();
        let run = place.run(&["hook", "install", agent]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
        let file = settings(&place, agent);
        let first = std::fs::read_to_string(&file).unwrap();
        assert!(place.run(&["hook", "install", agent]).stdout.contains("there already"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
        let run = place.run(&["hook", "test", agent]);
        assert!(run.code == 0 && !run.stdout.contains("FAIL") && run.stdout.contains("blocks"), "{run:#?}");
        let report = place.run(&["doctor", "--json"]).json();
        assert_eq!(report["hooks"]["installed"][0]["blocks"], true, "{agent}");
        assert_eq!(place.run(&["hook", "uninstall", agent]).code, 0);
        assert!(!file.exists(), "there was no such file before");
        assert_eq!(place.run(&["hook", "test", agent]).code, 1);
    }
}

#[test]
fn other_settings_stay_as_they_are() {
    let place = Place::new();
    let file = settings(&place, "claude-code");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let before = "{\n    \"model\": \"x\",\n    \"hooks\": {\n        \"PreToolUse\": [\n            {\"matcher\": \"Bash\", \"hooks\": []}\n        ]\n    }\n}\n";
    std::fs::write(&file, before).unwrap();
    assert_eq!(place.run(&["hook", "install", "claude-code"]).code, 0);
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.starts_with("{\n    \"model\": \"x\",\n    \"hooks\": {\n        \"PreToolUse\": [\n            {\"matcher\": \"Bash\", \"hooks\": []},\n"));
    assert_eq!(place.run(&["hook", "uninstall", "claude-code"]).code, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    std::fs::write(&file, "{ broken").unwrap();
    place
        .run(&["hook", "install", "claude-code"])
        .fails(2, &["settings.json", "line 1, column 3", "not touched"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{ broken");
}

#[test]
fn out_of_the_settings_is_as_they_were() {
    let texts = [
        "",
        "{}",
        "{\"a\":1,}",
        "{\"model\":\"opus\",\"hooks\": {}}",
        "{\"hooks\": {\"PreToolUse\": []}}",
        "{\"hooks\": {\"BeforeTool\": [ ], \"preToolUse\": []}, \"version\":1}\r\n",
        "{\n  // what for\n}\n",
        "{\n  \"a\": 1 // é\n}",
        "{\"hooks\": {\"PreToolUse\": [ /* none */ ],}, // the end\n}",
    ];
    for agent in AGENTS {
        for before in texts {
            let place = Place::new();
            let file = settings(&place, agent);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, before).unwrap();
            let run = place.run(&["hook", "install", agent]);
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{before}: {run:#?}");
            let with = std::fs::read_to_string(&file).unwrap();
            assert!(with.contains("hook "), "{with}");
            assert_eq!(place.run(&["hook", "uninstall", agent, "--print"]).stdout, before);
            assert_eq!(place.run(&["hook", "uninstall", agent]).code, 0);
            assert_eq!(std::fs::read_to_string(&file).unwrap(), before, "{agent}");
            let kept = place.home.path().join(".local/share/cmdai/hooks");
            assert_eq!(std::fs::read_dir(kept).unwrap().count(), 0, "nothing is left behind");
        }
    }
}

#[test]
fn out_of_settings_that_others_changed_go_our_entries_alone() {
    let place = Place::new();
    let file = settings(&place, "claude-code");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let change = |before: &str, from: &str, to: &str| {
        std::fs::write(&file, before).unwrap();
        assert_eq!(place.run(&["hook", "install", "claude-code"]).code, 0);
        let with = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, with.replacen(from, to, 1)).unwrap();
        // Installing once more is no reason to forget.
        assert_eq!(place.run(&["hook", "install", "claude-code"]).code, 0);
        assert_eq!(place.run(&["hook", "uninstall", "claude-code"]).code, 0);
        std::fs::read_to_string(&file).unwrap()
    };
    assert_eq!(change("{\"a\": 1, \"hooks\": {}}", "1", "2"), "{\"a\": 2, \"hooks\": {}}");
    assert_eq!(change("{\"a\": 1}", "1", "2"), "{\"a\": 2}");
    assert_eq!(change("{ }", "{", "{ "), "{}", "a file that was there stays");
    let kept = "{\"hooks\": {\"PreToolUse\": []}}";
    let run = change(kept, " hook claude-code ", " hook claude-code --profile person ");
    assert_eq!(run, kept, "another command of ours is replaced");
}

#[test]
fn settings_can_be_printed_instead() {
    let place = Place::new();
    // Whoever clears the environment does not mean the home of the account.
    let output =
        place.command(&["hook", "install", "gemini", "--print"]).env_remove("HOME").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no home directory"));
    let run = place.run(&["hook", "install", "gemini", "--print"]);
    assert_eq!(run.json()["hooks"]["BeforeTool"][0]["hooks"][0]["name"], "cmdai");
    assert!(!settings(&place, "gemini").exists());
    let run = place.run(&["hook", "install", "codex", "--project"]);
    assert!(run.code == 0 && place.home.path().join(".codex/hooks.json").exists(), "{run:#?}");
}

#[test]
fn a_hook_that_does_not_block_is_found() {
    let place = Place::new();
    assert_eq!(place.run(&["hook", "install", "claude-code"]).code, 0);
    let file = settings(&place, "claude-code");
    let text = std::fs::read_to_string(&file).unwrap();
    // Somebody changed the command: it is told, and not run.
    std::fs::write(&file, text.replace(" hook claude-code", " hook claude-code --profile person")).unwrap();
    let run = place.run(&["hook", "test", "claude-code"]);
    assert!(run.code == 1 && run.stdout.contains("its command is not the one"), "{run:#?}");
    let run = place.without_model().run(&["doctor"]);
    assert!(run.stdout.contains("NOT TRIED"), "{run:#?}");
}

/// A project's entry names cmdai as the search path has it: where it has none, every call is blocked.
#[test]
fn a_hook_that_blocks_everything_is_called_that() {
    let place = Place::new().without_model();
    assert_eq!(place.run(&["hook", "install", "claude-code", "--project"]).code, 0);
    let run = place.run(&["doctor"]);
    let told = "(project): BLOCKS TOO MUCH, ";
    let line = run.stdout.lines().find(|line| line.contains(told));
    assert!(line.is_some() && !run.stdout.contains("DOES NOT BLOCK"), "{run:#?}");
    assert!(run.stdout.contains("hint: put cmdai on the search path"), "{run:#?}");
}

#[test]
fn what_looks_like_a_command_is_judged_wherever_it_stands() {
    let ask = |tool: &str, input: Value| {
        let call = json!({ "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input });
        Place::new().pipe(&["hook", "claude-code"], call.to_string())
    };
    for input in [
        json!({ "arguments": { "command": "rm -rf /" } }),
        json!({ "commands": ["ls", "rm -rf /"] }),
        json!({ "steps": [{ "argv": ["rm", "-rf", "/"] }] }),
        json!({ "code": "rm -rf /" }),
        json!({ "code": "import shutil; shutil.rmtree('/')" }),
        json!({ "program": "rm", "args": ["-rf", "/"] }),
        json!("rm -rf /"),
        json!("[\"rm\",\"-rf\",\"/\"]"),
    ] {
        is_denied("claude-code", &ask("mcp__box__do", input), &[]);
    }
    is_denied(
        "claude-code",
        &ask("mcp__fs__move_file", json!({ "source": "a", "destination": "/home/u/.claude/settings.json" })),
        &[],
    );
    for input in [
        json!({ "input": "What's up? It's (not) a \"command" }),
        json!({ "code": "import os\nprint(os.getcwd())" }),
        json!({ "query": "rm -rf /" }),
        json!({ "steps": [{ "command": "ls" }, { "command": ["git", "status"] }] }),
        json!({ "shell": true }),
    ] {
        passes("claude-code", &ask("mcp__box__do", input));
    }
    passes("claude-code", &ask("mcp__fs__write_file", json!({ "path": "src/a.rs", "content": "x" })));
    passes("claude-code", &ask("mcp__hub__create_issue", json!({ "title": "x", "body": "rm -rf / it" })));
}

#[cfg(unix)]
#[test]
fn an_answer_that_reaches_nobody_blocks_by_the_exit_code() {
    for redirection in [">&-", ">/dev/null", "1</dev/null"] {
        for agent in ["claude-code", "codex", "gemini", "cursor"] {
            let place = Place::new();
            let inner = place.command(&["hook", agent]);
            let line = format!("exec '{}' hook {agent} {redirection}", inner.get_program().display());
            let mut command = std::process::Command::new("sh");
            command.args(["-c", &line]).env_clear();
            command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            let mut child = command.spawn().unwrap();
            let text = call(agent, "git reset --hard");
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.code() == Some(2) && told.contains("git-discard-work"),
                "{agent} {redirection}: {output:?}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_policy_that_is_a_link_to_nothing_blocks() {
    for (link, target) in [(".config/cmdai/policy.toml", "gone.toml"), (".config/cmdai", "gone")] {
        let place = Place::new();
        let link = place.home.path().join(link);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, &link).unwrap();
        place.run(&["check", "ls"]).fails(6, &["a link to something that is not there"]);
        let run = place.pipe(&["hook", "claude-code"], call("claude-code", "ls"));
        is_denied("claude-code", &run, &["a link to something"]);
    }
}

#[test]
fn hooks_that_are_switched_off_are_told() {
    for (agent, file, text, word) in [
        ("claude-code", ".claude/settings.local.json", "{\"disableAllHooks\": true}", "disableAllHooks"),
        ("codex", ".codex/config.toml", "[features]\nhooks = false\n", "features.hooks"),
        ("gemini", ".gemini/settings.json", "{\"hooksConfig\": {\"enabled\": false}}", "hooksConfig.enabled"),
    ] {
        let place = Place::new();
        let file = place.home.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        assert_eq!(place.run(&["hook", "install", agent]).code, 0);
        let run = place.run(&["hook", "test", agent]);
        let told = run.stdout.contains("FAIL") && run.stdout.contains(word);
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(run.code == 1 && told && run.stdout.contains(name), "{run:#?}");
        let run = place.without_model().run(&["doctor"]);
        assert!(run.stdout.contains("DOES NOT BLOCK") && run.stdout.contains(word), "{run:#?}");
    }
}
