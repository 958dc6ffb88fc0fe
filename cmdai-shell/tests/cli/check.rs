//! `cmdai check` and `cmdai explain`.

use crate::harness::Place;

#[track_caller]
fn check(args: &[&str], code: i32, stdout: &str) {
    Place::new().run(args).is(code, stdout, "");
}

#[test]
fn what_is_safe_is_allowed() {
    let run = Place::new().run(&["check", "ls -la"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(run.stdout.starts_with("risk: safe, verdict: allow"), "{run:#?}");
}

#[test]
fn the_verdict_is_the_exit_code() {
    assert_eq!(Place::new().run(&["check", "git reset --hard"]).code, 10);
    assert_eq!(Place::new().run(&["check", "--profile", "agent", "git reset --hard"]).code, 11);
    assert_eq!(Place::new().run(&["check", "rm -rf /"]).code, 11);
    assert_eq!(Place::new().run(&["check", "--json", "rm -rf /"]).code, 11);
}

#[test]
fn a_finding_underlines_its_words() {
    let run = Place::new().run(&["check", "cd /tmp && rm -rf /usr"]);
    assert_eq!(run.code, 11, "{run:#?}");
    let lines: Vec<_> = run.stdout.lines().collect();
    let source = lines.iter().position(|line| line.contains("cd /tmp && rm -rf /usr")).unwrap();
    let at = lines[source].find("rm -rf /usr").unwrap();
    let under = lines[source + 1].find('^').unwrap();
    assert!(under >= at && lines[source + 1].trim_end().ends_with('^'), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'));
    assert_eq!(
        lines.last(),
        Some(&lines.iter().rfind(|line| line.starts_with("risk: critical, verdict: deny")).copied().unwrap())
    );
}

#[test]
fn colour_is_for_those_who_ask() {
    let place = Place::new();
    assert!(place.run(&["check", "--color", "always", "rm -rf /"]).stdout.contains('\u{1b}'));
    let forced = Place::new().with("CLICOLOR_FORCE", "1");
    assert!(forced.run(&["check", "rm -rf /"]).stdout.contains('\u{1b}'));
    let no = Place::new().with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1");
    assert!(!no.run(&["check", "rm -rf /"]).stdout.contains('\u{1b}'));
    assert!(!forced.run(&["check", "--color", "never", "rm -rf /"]).stdout.contains('\u{1b}'));
}

#[test]
fn several_words_are_one_command_whose_words_stay_whole() {
    let json = |args: &[&str]| Place::new().run(args).json();
    assert_eq!(json(&["check", "--json", "rm", "-rf", "/"]), json(&["check", "--json", "rm -rf /"]));
    // As one word, the pipe is an argument and nothing runs in sh.
    assert_eq!(json(&["check", "--json", "echo", "rm -rf / | sh"])["verdict"], "allow");
}

#[test]
fn options_may_follow_a_quoted_command_and_never_vanish_into_it() {
    let run = Place::new().run(&["check", "rm -rf /", "--json"]);
    assert_eq!(run.json()["risk"], "critical");
    let run = Place::new().run(&["check", "--jsno", "rm -rf /"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

#[test]
fn a_script_may_come_on_standard_input() {
    let run = Place::new().pipe(&["check"], "cd /tmp\nrm -rf /\n");
    assert_eq!(run.code, 11, "{run:#?}");
    assert!(run.stdout.contains("2 | rm -rf /"), "{run:#?}");
    Place::new().pipe(&["check"], b"ls \xff").fails(2, &["not UTF-8 at byte 3"]);
    Place::new().pipe(&["check"], "x".repeat((1 << 20) + 1)).fails(2, &["more than 1 MiB"]);
}

#[test]
fn nothing_to_check_is_an_error_and_no_verdict() {
    let place = Place::new();
    for subcommand in ["check", "explain"] {
        for blank in ["", " \t", "\n\n"] {
            place.pipe(&[subcommand], blank).fails(2, &["standard input is empty", "hint: type cmdai "]);
            place.pipe(&[subcommand, "-"], blank).fails(2, &["standard input is empty"]);
            place.run(&[subcommand, blank]).fails(2, &["failed to read the command: it is empty"]);
        }
        assert_eq!(place.run(&[subcommand, "--json", ""]).json()["error"]["code"], "input");
    }
    place.run(&["check", "--sarif"]).fails(2, &["standard input is empty"]);
    assert_eq!(place.pipe(&["check", "-"], "rm -rf /").code, 11);
    // A script that does nothing was given, and is judged; so is the empty word as a program.
    assert_eq!(place.pipe(&["check"], "# nothing yet\n").code, 0);
    for text in ["", "\n", "#!/bin/sh\n# nothing yet\n"] {
        std::fs::write(place.home.path().join("x.sh"), text).unwrap();
        place.run(&["check", "--file", "x.sh"]).is(0, "x.sh: risk: safe, verdict: allow\n", "");
    }
}

#[test]
fn characters_that_drive_a_terminal_are_never_printed() {
    for line in ["rm -rf / # \u{1b}[2J\u{7}", "echo \u{202e}x", "rm -rf '/usr\r'"] {
        for subcommand in ["check", "explain"] {
            let run = Place::new().run(&[subcommand, line]);
            let drives = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!run.stdout.contains(drives), "{run:?}");
        }
    }
}

#[test]
fn explain_names_the_parts() {
    let run = Place::new().run(&["explain", "--json", "tar -xzf site.tgz"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.json()["parts"][0]["text"], "tar");
    let run = Place::new().run(&["explain", "tar -xzf site.tgz"]);
    assert!(run.code == 0 && run.stdout.contains("  tar  ") && run.stderr.is_empty(), "{run:#?}");
}

#[test]
fn a_program_nobody_knows_is_said_to_be_unknown() {
    let run = Place::new().run(&["explain", "frobnicate --hard"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.stderr, "note: no description of this command is known yet\n");
}

#[test]
fn help_and_version_come_alone() {
    check(&["--version"], 0, concat!("cmdai ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_line_of_a_batch_may_be_an_agents() {
    let ask = |args: &[&str], profile: &str| {
        let line = format!("{{\"command\":\"git reset --hard\",\"profile\":{profile}}}\n");
        Place::new().pipe(args, line).json()
    };
    assert_eq!(ask(&["check", "--jsonl"], "null")["verdict"], "ask");
    assert_eq!(ask(&["check", "--jsonl"], "\"agent\"")["verdict"], "deny");
    assert_eq!(ask(&["check", "--jsonl", "--profile", "agent"], "\"person\"")["verdict"], "deny");
    let error = ask(&["check", "--jsonl"], "\"root\"");
    assert!(error["error"]["message"].as_str().unwrap().contains("unknown profile"), "{error}");
}
