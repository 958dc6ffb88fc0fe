//! Requests that need no model: commands, and what cannot be a request.

use crate::harness::Place;

#[test]
fn a_request_that_is_a_command_comes_back_bare() {
    Place::new().without_model().run(&["ls -la /tmp"]).is(0, "ls -la /tmp\n", "");
}

#[test]
fn words_after_two_dashes_are_the_request() {
    Place::new().without_model().run(&["--", "ls", "-la"]).is(0, "ls -la\n", "");
}

#[test]
fn standard_input_is_the_request_where_there_are_no_words() {
    Place::new().without_model().pipe::<&str>(&[], "ls -la\n").is(0, "ls -la\n", "");
    Place::new().without_model().pipe(&["generate"], "ls -la\n").is(0, "ls -la\n", "");
}

#[test]
fn json_is_the_public_format() {
    let run = Place::new().without_model().run(&["--json", "ls -la"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let answer = run.json();
    assert_eq!(answer["command"], "ls -la");
    assert_eq!(answer["verdict"], "allow");
    assert_eq!(answer["candidates"][0]["origin"], "request");
}

#[test]
fn an_empty_request_is_wrong_usage() {
    for args in [&["" as &str][..], &["   "], &["generate"], &[]] {
        Place::new().run(args).fails(2, &["failed to read the request: it is empty", "hint: say what"]);
    }
}

#[test]
fn a_huge_request_is_refused() {
    let huge = "x".repeat((1 << 20) + 1);
    Place::new().pipe::<&str>(&[], huge).fails(2, &["more than 1 MiB"]);
    // Less than the limit of the pipe and more than that of a request.
    let long = "find a file ".repeat(5000);
    assert_eq!(Place::new().pipe::<&str>(&[], long).code, 2);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    Place::new()
        .pipe::<&str>(&[], b"list \xff\xfe files")
        .fails(2, &["standard input is not UTF-8 at byte 5"]);
    Place::new().pipe::<&str>(&[], [0u8; 64]).fails(2, &["request"]);
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_are_refused() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let odd = OsString::from_vec(vec![b'f', 0xff]);
    let word = OsString::from("list");
    Place::new().run(&[word, odd.clone()]).fails(2, &["failed to read the request: word 2 is not UTF-8"]);
    Place::new()
        .run(&[OsString::from("check"), odd.clone()])
        .fails(2, &["failed to read the command: word 1"]);
    assert_eq!(Place::new().run(&[OsString::from("--shell"), odd]).code, 2);
}

#[test]
fn an_unknown_shell_is_named_with_the_known_ones() {
    let run = Place::new().run(&["--shell", "tcsh", "list files"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    let first = run.stderr.lines().next().unwrap();
    assert_eq!(
        first,
        "error: invalid value 'tcsh' for '--shell <SHELL>': known are bash, sh, zsh, fish, nu, powershell"
    );
}

#[test]
fn without_a_model_the_missing_place_is_named() {
    let run = Place::new().without_model().run(&["list files by size whose names rhyme"]);
    run.fails(4, &["failed to find a command", "/nonexistent/model", "hint: "]);
}

#[test]
fn a_request_may_begin_with_the_name_of_a_subcommand() {
    let place = Place::new().without_model();
    // Each is read as a request: the memory answers it, or it reaches the model, which is not there.
    let requests: [&[&str]; 5] = [
        &["generate", "check", "disk", "space"],
        &["--", "check", "disk", "space"],
        &["check disk space"],
        &["help", "me", "find", "a", "file"],
        &["man", "page", "for", "tar"],
    ];
    for words in requests {
        let run = place.run(words);
        assert!(run.code == 0 || run.stderr.contains("/nonexistent/model"), "{run:#?}");
    }
    let run = place.run(&["check", "disk", "space"]);
    let note =
        "note: this was read as a command line; to ask for a command: cmdai generate check disk space\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, note));
    assert_eq!(place.run(&["-q", "check", "disk", "space"]).stderr, "");
}

#[test]
fn a_misspelt_subcommand_is_named() {
    let run = Place::new().without_model().run(&["doctro"]);
    run.fails(2, &["there is no subcommand doctro", "hint: type cmdai doctor, or say in more words"]);
}

#[test]
fn nothing_runs_without_a_terminal_and_a_yes() {
    let place = Place::new().without_model();
    let mark = place.home.path().join("mark");
    let touch = format!("touch {}", mark.display());
    place.run(&["-x", &touch]).fails(2, &["there is no terminal to confirm it on", "--yes"]);
    assert!(!mark.exists());
    place.run(&["-x", "-y", "-q", &touch]).is(0, "", "");
    assert!(mark.exists());
    assert_eq!(place.run(&["--yes", &touch]).code, 2);
}

#[test]
fn what_is_not_allowed_never_runs_unasked() {
    // No program is found here, so that nothing is lost when this test fails by running it.
    let place = Place::new().without_model().with("PATH", "/nonexistent");
    let run = place.run(&["-x", "--yes", "git reset --hard"]);
    run.fails(2, &["failed to run the command: git reset --hard is high: ", "hint: --yes runs only what"]);
    for args in [&["-x", "--yes", "rm -rf ~"][..], &["rm -rf ~"]] {
        place.run(args).fails(3, &["no confident answer", "rm -rf ~", "never offered"]);
    }
}

#[test]
fn the_commands_own_status_and_output_are_passed_on() {
    let place = Place::new().without_model();
    place.run(&["-xy", "echo out; echo err >&2; exit 7"]).is(
        7,
        "out\n",
        "$ echo out; echo err >&2; exit 7\nerr\n",
    );
    place.pipe(&["-xyq", "cat - | cat"], "given").is(0, "given", "");
}

#[cfg(unix)]
#[test]
fn a_signal_that_ends_the_command_ends_us() {
    use std::os::unix::process::ExitStatusExt;
    let status = Place::new().command(&["-xyq", "kill -TERM $$"]).status().unwrap();
    assert_eq!(status.signal(), Some(15));
}

#[test]
fn a_shell_that_is_not_installed_is_named() {
    let place = Place::new().without_model().with("PATH", "/nonexistent");
    place.run(&["-xyq", "--shell", "fish", "ls"]).fails(1, &["no fish was found", "hint: install fish"]);
}

#[test]
fn a_nul_byte_is_refused() {
    let place = Place::new().without_model();
    place.pipe(&["generate"], b"list f\0iles").fails(2, &["NUL byte"]);
    let run = place.pipe(&["generate", "--jsonl"], r#"{"request":"list \u0000 files"}"#);
    assert_eq!((run.code, &run.json()["error"]["code"]), (0, &"input".into()), "{run:#?}");
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
#[test]
fn without_an_output_nothing_is_said_to_be_done() {
    for args in
        ["check ls", "explain ls", "check --json ls", "generate ls", "--version", "help check", "init zsh"]
    {
        let place = Place::new().without_model();
        let command = place.command::<&str>(&[]);
        let program = command.get_program().to_owned();
        let mut shell = std::process::Command::new("/bin/sh");
        shell.arg("-c").arg(format!("exec \"$0\" {args} >&-")).arg(program).env_clear();
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell.stdin(std::process::Stdio::null()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args}: {stderr}");
        assert!(stderr.contains("standard output is closed"), "{args}: {stderr}");
    }
}

#[test]
fn a_closed_output_is_no_failure() {
    use std::process::Stdio;
    let place = Place::new().without_model();
    for args in [&["ls -la"][..], &["check", "ls"], &["help"], &["man"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = place.command(args).stdin(Stdio::null()).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?} {output:?}");
    }
}

#[test]
fn without_a_home_it_works() {
    let place = Place::new().without_model();
    let output = place.command(&["ls -la"]).env_remove("HOME").output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"ls -la\n".as_slice()));
    let output = place.command(&["check", "ls"]).env_remove("HOME").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn nothing_is_written_to_an_empty_home() {
    let place = Place::new().without_model();
    for args in [&["ls -la"][..], &["check", "rm x"], &["explain", "ls"], &["list files"], &["doctor"]] {
        place.run(args);
    }
    assert_eq!(std::fs::read_dir(place.home.path()).unwrap().count(), 0);
}

#[test]
fn a_wrong_number_is_told_with_its_option_and_range() {
    let said = |args: &[&str]| {
        let run = Place::new().run(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:#?}");
        run.stderr.lines().next().unwrap_or_default().to_owned()
    };
    let range = "invalid value 'abc' for '--candidates <N>': write a whole number from 1 to 10";
    assert_eq!(said(&["-n", "abc", "list files"]), format!("error: {range}"));
    for args in [
        &["generate", "-n", "11", "list files"][..],
        &["audit", "tail", "-n", "x"],
        &["daemon", "logs", "-n", "x"],
        &["history", "list", "-n", "x"],
        &["history", "forget", "--last", "x"],
        &["complete", "--cursor", "x", "ls"],
        &["complete", "--count", "0", "ls"],
    ] {
        let said = said(args);
        assert!(said.contains("invalid value") && said.contains("write a whole number"), "{said}");
    }
}
