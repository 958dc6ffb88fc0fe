//! `--jsonl`: a line in, a line out.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::harness::Place;

const GOOD: &str = r#"{"id":1,"command":"ls -la"}"#;

#[test]
fn a_bad_line_has_an_error_in_its_place_and_the_run_goes_on() {
    let mut input = Vec::new();
    input.extend_from_slice(GOOD.as_bytes());
    input.extend_from_slice(b"\n{broken\n\xff\xfe\n\n");
    input.extend_from_slice("x".repeat((1 << 20) + 5).as_bytes());
    input.extend_from_slice(b"\n{\"id\":\"u\",\"command\":\"ls\",\"shell\":\"tcsh\"}\n");
    input.extend_from_slice(br#"{"id":2,"command":"rm -rf /"}"#);
    for subcommand in ["check", "explain"] {
        let run = Place::new().pipe(&[subcommand, "--jsonl"], &input);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let lines = run.json_lines();
        assert_eq!(lines.len(), 7, "{run:#?}");
        assert_eq!((&lines[0]["id"], &lines[6]["id"]), (&1.into(), &2.into()));
        for (nth, words) in [(1, "column"), (2, "UTF-8"), (3, "line"), (4, "longer than"), (5, "tcsh")] {
            let error = &lines[nth]["error"];
            assert_eq!(error["code"], "input", "{nth}");
            assert!(error["message"].as_str().unwrap().contains(words), "{nth}: {error}");
        }
        assert_eq!(lines[5]["id"], "u");
    }
}

#[test]
fn a_directory_is_named_from_its_root() {
    let lines = r#"{"id":1,"command":"ls","cwd":"build"}
{"id":2,"command":"ls","cwd":""}
{"id":3,"command":"ls","cwd":"/srv"}
{"id":4,"command":"ls","cwd":"C:\\Users"}
"#;
    for command in ["check", "explain"] {
        let answers = Place::new().pipe(&[command, "--jsonl"], lines).json_lines();
        let wrong: Vec<bool> = answers.iter().map(|answer| answer["error"]["code"] == "input").collect();
        assert_eq!(wrong, [true, true, false, false], "{answers:#?}");
        assert!(answers[0]["error"]["message"].as_str().unwrap().contains("build"));
    }
}

#[test]
fn a_field_that_means_nothing_is_told_once() {
    let line = r#"{"command":"ls","profle":"agent","rule":1}"#;
    for subcommand in ["check", "explain"] {
        let run = Place::new().pipe(&[subcommand, "--jsonl"], format!("{line}\n{line}\n"));
        assert_eq!((run.code, run.json_lines().len(), run.stderr.lines().count()), (0, 2, 2), "{run:#?}");
        assert!(run.stderr.contains("\"profle\" is unknown and ignored; known are id, command"), "{run:#?}");
        assert_eq!(Place::new().pipe(&[subcommand, "--jsonl", "--quiet"], line).stderr, "");
    }
}

#[test]
fn an_empty_line_of_a_batch_does_nothing() {
    let place = Place::new();
    let run = place.pipe(&["check", "--jsonl"], r#"{"command":" "}"#);
    assert_eq!(
        (&run.json_lines()[0]["risk"], &run.json_lines()[0]["verdict"]),
        (&"safe".into(), &"allow".into())
    );
    let run = place.pipe(&["explain", "--jsonl"], r#"{"command":""}"#);
    assert_eq!(run.json_lines()[0]["parts"], serde_json::json!([]));
    // No line is no error: as many answers as questions.
    place.pipe(&["check", "--jsonl"], "").is(0, "", "");
}

#[test]
fn check_gives_the_public_fields() {
    let run = Place::new().pipe(&["check", "--jsonl"], r#"{"id":{"a":1},"command":"rm -rf /"}"#);
    let line = &run.json_lines()[0];
    assert_eq!(line["id"]["a"], 1);
    assert_eq!((&line["risk"], &line["verdict"]), (&"critical".into(), &"deny".into()));
    assert!(line["findings"][0]["rule"].is_string() && line["findings"][0]["span"][1].is_u64(), "{line}");
    assert_eq!(line["coverage"], 1.0);
}

#[test]
fn generate_answers_commands_without_a_model_and_stops_where_it_needs_one() {
    let place = Place::new().without_model();
    let input = "{\"id\":1,\"request\":\"ls -la\"}\n{oops\n{\"id\":2,\"request\":\"please set up the usual workflow with our partners\"}\n{\"id\":3,\"request\":\"ls\"}\n";
    let run = place.pipe(&["generate", "--jsonl"], input);
    let lines = run.json_lines();
    assert_eq!(lines[0]["command"], "ls -la");
    assert_eq!(lines[1]["error"]["code"], "input");
    assert_eq!((&lines[2]["id"], &lines[2]["error"]["code"]), (&2.into(), &"model_not_found".into()));
    assert_eq!((run.code, lines.len()), (4, 3));
    assert!(run.stderr.starts_with("cmdai: failed to find a command: "), "{run:#?}");
}

#[test]
fn each_line_is_answered_before_the_next_is_read() {
    let place = Place::new();
    let mut command = place.command(&["check", "--jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(stdin, "{GOOD}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with(r#"{"id":1,"risk":"safe""#), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_leaves_ends_the_run_quietly() {
    let place = Place::new();
    let mut command = place.command(&["check", "--jsonl"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    while writeln!(stdin, "{GOOD}").is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[cfg(unix)]
#[test]
fn a_waiting_batch_is_interrupted_at_once() {
    let place = Place::new().without_model();
    let mut command = place.command(&["generate", "--jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, r#"{{"request":"ls -la"}}"#).unwrap();
    let mut line = String::new();
    // Once it answered, its handler is in place.
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
