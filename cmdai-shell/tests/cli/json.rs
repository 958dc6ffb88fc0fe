//! `--json`: whoever asks for JSON gets one object a run, also where there is no answer.

use crate::harness::{Place, Run};

/// Every command that has `--json`, with arguments that work.
const COMMANDS: &[&[&str]] = &[
    &["generate", "--json", "ls -la"],
    &["check", "--json", "ls -la"],
    &["explain", "--json", "ls -la"],
    &["complete", "--json", "ls"],
    &["policy", "show", "--json"],
    &["history", "list", "--json"],
    &["history", "search", "ls", "--json"],
    &["history", "stats", "--json"],
    &["audit", "tail", "--json"],
    &["audit", "verify", "--json"],
    &["daemon", "status", "--json"],
    &["doctor", "--json"],
];

/// Checks for a failure in JSON: the same that a person is told on standard error.
#[track_caller]
fn fails(run: &Run, code: i32, name: &str) {
    let value = run.json();
    let error = &value["error"];
    assert_eq!((run.code, error["code"].as_str()), (code, Some(name)), "{run:#?}");
    assert!(run.stdout.ends_with('\n') && run.stdout.lines().count() == 1, "{run:#?}");
    let message = error["message"].as_str().unwrap();
    assert!(!message.is_empty() && run.stderr.contains(message), "{run:#?}");
    assert!(error["hint"].is_null() || error["hint"].is_string(), "{run:#?}");
}

#[test]
fn a_wrong_configuration_is_told_in_json() {
    let place = Place::new().without_model();
    place.config("modle = 1\n");
    for args in COMMANDS {
        let run = place.run(args);
        match args[0] {
            // It tells what is wrong with the machine, and that is its answer.
            "doctor" => assert!(run.json().is_object() && run.code == 6, "{run:#?}"),
            _ => fails(&run, 6, "config"),
        }
    }
}

#[test]
fn wrong_usage_is_told_in_json() {
    for args in COMMANDS {
        let mut args = args.to_vec();
        // Before the words, which a command line may end with.
        args.insert(args.iter().position(|arg| *arg == "--json").unwrap_or(1), "--nope");
        fails(&Place::new().without_model().run(&args), 2, "input");
    }
    let place = Place::new();
    fails(&place.run(&["check", "--json", "--file", "/nonexistent.sh"]), 2, "input");
    fails(&place.run(&["complete", "--json", "--cwd", "/dev/null/x", "ls"]), 2, "input");
    fails(&place.run(&["complete", "--json", "--cursor", "9", "ls"]), 2, "input");
    fails(&place.pipe(&["check", "--json"], b"\xff"), 2, "input");
    fails(&place.run(&["audit", "tail", "--json"]), 2, "input");
    fails(&place.run(&["audit", "verify", "--json"]), 2, "input");
}

#[test]
fn a_batch_that_cannot_begin_is_told_in_json() {
    let place = Place::new().without_model();
    fails(&place.run(&["check", "--file", "a", "--jsonl"]), 2, "input");
    fails(&place.run(&["explain", "--jsonl", "--nope"]), 2, "input");
    fails(&place.run(&["generate", "--jsonl", "list", "files"]), 2, "input");
    place.config("modle = 1\n");
    fails(&place.pipe(&["check", "--jsonl"], r#"{"command":"ls"}"#), 6, "config");
}

#[test]
fn all_that_is_wrong_is_in_the_message() {
    let run = Place::new().run(&["complete", "--json"]);
    let message = "the following required arguments were not provided: <LINE>...";
    assert_eq!((run.code, &run.json()["error"]["message"]), (2, &message.into()), "{run:#?}");
}

#[test]
fn a_missing_model_is_told_alike_in_a_batch() {
    let place = Place::new().without_model();
    let words = "zorble the frobnicated quux nineteen times";
    let one = place.run(&["generate", "--json", words]);
    let batch = place.pipe(&["generate", "--jsonl"], format!(r#"{{"id":[7],"request":"{words}"}}"#));
    let mut expect = one.json();
    expect["id"] = serde_json::json!([7]);
    assert_eq!((batch.json(), batch.code, &batch.stderr), (expect, one.code, &one.stderr), "{batch:#?}");
}

#[test]
fn a_missing_model_is_told_in_json() {
    let place = Place::new().without_model();
    let words = "please set up the usual workflow with our partners";
    fails(&place.run(&["generate", "--json", words]), 4, "model_not_found");
    fails(&place.run(&["--json", words]), 4, "model_not_found");
}

#[test]
fn a_history_that_cannot_be_opened_is_told_in_json() {
    let place = Place::new();
    let data = place.home.path().join(".local/share/cmdai");
    std::fs::create_dir_all(data.join("history.db")).unwrap();
    for action in [&["list"][..], &["search", "ls"], &["stats"]] {
        let args: Vec<_> = ["history"].iter().chain(action).chain(&["--json"]).copied().collect();
        fails(&place.run(&args), 8, "history");
    }
}

#[test]
fn words_of_the_line_ask_for_nothing() {
    let run = Place::new().run(&["check", "--file", "/nonexistent.sh"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    let run = Place::new().run(&["check", "--shell", "tcsh", "echo", "--", "--json"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}
