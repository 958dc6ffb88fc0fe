//! The log of verdicts.

use crate::harness::Place;

fn logging() -> (Place, std::path::PathBuf) {
    let place = Place::new();
    place.config("audit = true\n");
    let log = place.home.path().join(".local/state/cmdai/audit/log.jsonl");
    (place, log)
}

#[test]
fn nothing_is_written_unless_asked() {
    let place = Place::new();
    place.run(&["check", "ls"]);
    assert_eq!(std::fs::read_dir(place.home.path()).unwrap().count(), 0);
    place.run(&["audit", "verify"]).fails(2, &["the log is off", "audit = true"]);
}

#[test]
fn verdicts_are_logged_without_secrets_and_prove_themselves() {
    let (place, log) = logging();
    place.run(&["check", "PGPASSWORD=hunter2 psql -h db"]);
    place.run(&["check", "git reset --hard"]);
    let call = r#"{"tool_name":"Bash","tool_input":{"command":"rm -rf /"}}"#;
    place.pipe(&["hook", "claude-code"], call);
    place.pipe(&["hook", "claude-code"], "{");
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(!text.contains("hunter2") && text.contains("[redacted]"), "{text}");
    assert_eq!(text.lines().count(), 4);
    let run = place.run(&["audit", "verify"]);
    assert!(run.code == 0 && run.stdout.starts_with("4 records, whole; the last is 3 "), "{run:#?}");
    let tail = place.run(&["audit", "tail", "-n", "2"]);
    assert!(tail.stdout.contains("deny") && tail.stdout.contains("rm -rf /"), "{tail:#?}");
    let export = place.run(&["audit", "export"]);
    assert_eq!(export.json_lines()[2]["door"], "hook claude-code");
    let csv = place.run(&["audit", "export", "--format", "csv"]);
    assert!(csv.code == 0 && csv.stdout.lines().count() == 5, "{csv:#?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&log), mode(log.parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn a_program_is_told_whether_the_log_is_whole() {
    let (place, log) = logging();
    for line in ["ls", "git reset --hard"] {
        place.run(&["check", line]);
    }
    let run = place.run(&["audit", "verify", "--json"]);
    let value = run.json();
    assert_eq!((run.code, &value["whole"], &value["records"]), (0, &true.into(), &2.into()), "{run:#?}");
    assert_eq!((&value["first"], &value["last"], &value["recovered"]), (&0.into(), &1.into(), &0.into()));
    let hash = value["hash"].as_str().unwrap();
    assert!(place.run(&["audit", "verify"]).stdout.contains(hash));
    let is_not_whole = |why: &str| {
        let run = place.run(&["audit", "verify", "--json"]);
        let value = run.json();
        assert_eq!((run.code, &value["whole"]), (1, &false.into()), "{run:#?}");
        let reason = value["reason"].as_str().unwrap();
        assert!(reason.contains(why) && run.stderr.contains(reason), "{run:#?}");
    };
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("git reset --hard", "git status")).unwrap();
    is_not_whole("log.jsonl:2: its hash is wrong");
    std::fs::remove_file(&log).unwrap();
    is_not_whole("it is gone, but record 1 was written");
}

#[test]
fn any_change_is_found_at_its_line() {
    let (place, log) = logging();
    for line in ["ls", "git reset --hard", "rm x"] {
        place.run(&["check", line]);
    }
    let text = std::fs::read_to_string(&log).unwrap();
    let broken = |changed: &str, words: &[&str]| {
        std::fs::write(&log, changed).unwrap();
        place.run(&["audit", "verify"]).fails(1, words);
        place.run(&["audit", "export"]).fails(1, words);
    };
    broken(&text.replace("git reset --hard", "git status"), &["log.jsonl:2: its hash is wrong"]);
    let lines: Vec<&str> = text.lines().collect();
    broken(&format!("{}\n{}\n", lines[0], lines[2]), &["log.jsonl:2: its number is 2, not 1"]);
    broken(&format!("{}\n{}\n", lines[0], lines[1]), &["its end was cut off"]);
    broken(&format!("{text}{{}}\n"), &["log.jsonl:4: it has no hash"]);
    std::fs::write(&log, &text).unwrap();
    assert_eq!(place.run(&["audit", "verify"]).code, 0);
    place.run(&["audit", "verify", "--head", "0123"]).fails(1, &["no record has the hash"]);
}

#[test]
fn a_torn_line_does_not_end_the_proof() {
    let (place, log) = logging();
    place.run(&["check", "ls"]);
    place.run(&["check", "ls -l"]);
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, &text[..text.len() - 30]).unwrap();
    assert_eq!(place.run(&["audit", "verify"]).code, 1);
    place.run(&["check", "rm x"]);
    let run = place.run(&["audit", "verify"]);
    // The file beside the log knew that record whole: it was not the crash of its writer.
    run.fails(1, &["before record 2: the end of the log was cut off"]);
    assert_eq!(place.run(&["audit", "export"]).json_lines()[1]["lost"], true);
    // Whoever takes the torn line away later is found out.
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    std::fs::write(&log, format!("{}\n{}\n{}\n{}\n", lines[0], lines[2], lines[3], lines[4])).unwrap();
    place.run(&["audit", "verify"]).fails(1, &["log.jsonl:2: it accounts for a torn line"]);
}

#[test]
fn several_writers_keep_one_chain() {
    let (place, _) = logging();
    let children: Vec<_> = (0..12)
        .map(|n| {
            let mut command = place.command(&["check", &format!("echo {n}")]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
    }
    let run = place.run(&["audit", "verify"]);
    assert!(run.stdout.starts_with("12 records, whole"), "{run:#?}");
}

#[test]
fn the_environment_turns_it_on_and_off() {
    let place = Place::new();
    let log = place.home.path().join("my.jsonl");
    let place = place.with("CMDAI_AUDIT", &log);
    place.run(&["check", "ls"]);
    assert!(log.exists());
    let (place, log) = logging();
    let place = place.with("CMDAI_AUDIT", "0");
    place.run(&["check", "ls"]);
    assert!(!log.exists());
}

#[test]
fn without_a_home_it_says_that_nothing_is_logged() {
    let place = Place::new();
    let run = place.command(&["check", "ls"]).env_remove("HOME").env("CMDAI_AUDIT", "1").output().unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success() && stderr.contains("nothing is logged: there is no home directory"),
        "{stderr}"
    );
    let state = place.home.path().join("state");
    let mut command = place.command(&["check", "ls"]);
    let run =
        command.env_remove("HOME").env("CMDAI_AUDIT", "1").env("XDG_STATE_HOME", &state).output().unwrap();
    assert!(run.status.success() && run.stderr.is_empty() && state.join("cmdai/audit/log.jsonl").is_file());
}

#[test]
fn a_log_that_cannot_be_written_changes_no_verdict() {
    let place = Place::new().with("CMDAI_AUDIT", "/proc/nothing/log.jsonl");
    let run = place.run(&["check", "rm -rf /"]);
    assert!(run.code == 11 && run.stderr.contains("was not written"), "{run:#?}");
}

#[test]
fn another_file_is_never_written() {
    let place = Place::new();
    for text in ["alias ll='ls -l'\n", "{\"hooks\": {}}\n", "{"] {
        let other = place.home.path().join("other");
        std::fs::write(&other, text).unwrap();
        let place = Place::new().with("CMDAI_AUDIT", &other);
        let run = place.run(&["check", "echo $(touch PWNED)"]);
        assert!(run.stderr.contains("no log of cmdai") == (text != "{"), "{run:#?}");
        if text != "{" {
            assert_eq!(std::fs::read_to_string(&other).unwrap(), text);
            assert_eq!(std::fs::read_dir(other.parent().unwrap()).unwrap().count(), 1, "nothing beside it");
        }
    }
    let place = Place::new().with("CMDAI_AUDIT", "log.jsonl");
    let run = place.run(&["check", "ls"]);
    assert!(run.code == 0 && run.stderr.contains("absolute path"), "{run:#?}");
}

#[test]
fn what_was_taken_away_is_told_for_ever() {
    let beside = |log: &std::path::Path| log.with_file_name("log.jsonl.head");
    type Harm = fn(&std::path::Path, &std::path::Path);
    let harms: [(Harm, &str, &str); 4] = [
        (
            |log, _| {
                let text = std::fs::read_to_string(log).unwrap();
                let lines: Vec<&str> = text.lines().take(3).collect();
                std::fs::write(log, lines.join("\n") + "\n").unwrap();
            },
            "its end was cut off",
            "the end of the log was cut off",
        ),
        (|log, _| std::fs::write(log, "").unwrap(), "its end was cut off", "emptied or taken away"),
        (|log, _| std::fs::remove_file(log).unwrap(), "it is gone, but record 4", "emptied or taken away"),
        (|_, head| std::fs::remove_file(head).unwrap(), "is gone or damaged", "is gone or damaged"),
    ];
    for (harm, now, later) in harms {
        let (place, log) = logging();
        for n in 0..5 {
            place.run(&["check", &format!("echo {n}")]);
        }
        assert_eq!(place.run(&["audit", "verify"]).code, 0);
        harm(&log, &beside(&log));
        place.run(&["audit", "verify"]).fails(1, &[now]);
        for _ in 0..2 {
            let run = place.run(&["check", "ls"]);
            assert!(run.stderr.is_empty(), "{run:#?}");
            place.run(&["audit", "verify"]).fails(1, &["before record", later]);
        }
    }
}

#[test]
fn a_head_that_is_behind_is_no_gap() {
    let (place, log) = logging();
    let head = log.with_file_name("log.jsonl.head");
    place.run(&["check", "ls"]);
    let old = std::fs::read(&head).unwrap();
    place.run(&["check", "ls -l"]);
    place.run(&["check", "ls -a"]);
    std::fs::write(&head, old).unwrap();
    place.run(&["check", "ls -la"]);
    assert_eq!(place.run(&["audit", "verify"]).code, 0);
}
