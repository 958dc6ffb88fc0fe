//! What was run: taken over from shells, listed, searched, forgotten.

use std::path::PathBuf;

use crate::harness::Place;

fn write(place: &Place, name: &str, text: impl AsRef<[u8]>) {
    let path = place.home.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn file(place: &Place) -> PathBuf {
    place.home.path().join(".local/share/cmdai/history.db")
}

/// Three lines that may be kept, and two that may not.
const ZSH: &str = "\
: 1700000000:0;git status
: 1700000010:2;cargo test
: 1700000020:0;export API_TOKEN=fake-123
: 1700000030:0; ls secret-project
: 1700000040:0;git push
";

fn filled() -> Place {
    let place = Place::new();
    write(&place, ".zsh_history", ZSH);
    let run = place.run(&["history", "import", "zsh"]);
    run.is(
        0,
        "zsh [HOME]/.zsh_history: 3 added, 1 left out for a leading blank, 1 left out for a secret\n",
        "",
    );
    place
}

#[test]
fn looking_begins_no_history() {
    let place = Place::new();
    place.run(&["history", "list"]).is(0, "", "");
    place.run(&["history", "search", "x", "--json"]).is(0, "", "");
    place.run(&["history", "forget", "--yes", "*"]).is(0, "nothing to forget\n", "");
    let stats = place.run(&["history", "stats"]);
    assert!(stats.code == 0 && stats.stdout.starts_with("0 runs of 0 lines, 0 failed"), "{stats:?}");
    assert!(!file(&place).parent().unwrap().exists());
}

#[test]
fn an_import_adds_each_run_once_and_no_secret() {
    let place = filled();
    let run = place.run(&["history", "import"]);
    run.is(
        0,
        "zsh [HOME]/.zsh_history: 0 added, 3 known already, 1 left out for a leading blank, 1 left out for a secret\n",
        "",
    );
    place.run(&["history", "list"]).is(0, "git status\ncargo test\ngit push\n", "");
    let bytes = std::fs::read(file(&place)).unwrap();
    assert!(!bytes.windows(8).any(|part| part == b"fake-123"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file(&place)), mode(file(&place).parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn all_shells_that_are_there_are_taken_over() {
    let place = Place::new();
    write(&place, ".zsh_history", ": 1700000000:0;from zsh\n");
    write(&place, ".bash_history", "from bash\n");
    write(&place, ".local/share/fish/fish_history", "- cmd: from fish\n  when: 1700000001\n");
    write(&place, ".config/nushell/history.txt", "from nu\n");
    let run = place.run(&["history", "import"]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 4), "{run:#?}");
    let run = place.run(&["history", "search", "from", "--json"]);
    let shells: Vec<_> = run.json_lines().iter().map(|line| line["shell"].clone()).collect();
    assert_eq!(shells.len(), 4);
    for shell in ["zsh", "bash", "fish", "nu"] {
        assert!(shells.iter().any(|found| found == shell), "{shell}: {shells:?}");
    }
}

#[test]
fn files_are_named_or_piped() {
    let place = Place::new();
    place.run(&["history", "import"]).fails(2, &["no history of a shell was found", "--file"]);
    place.run(&["history", "import", "fish"]).fails(2, &["no history of fish"]);
    place.run(&["history", "import", "--file", "nowhere"]).fails(2, &["nowhere", "no such file"]);
    write(&place, "odd", "ls\n");
    place.run(&["history", "import", "--file", "odd"]).fails(2, &["it could be any shell's", "bash"]);
    place.run(&["history", "import", "bash", "--file", "odd"]).is(0, "bash odd: 1 added\n", "");
    place.pipe(&["history", "import", "--file", "-"], "#1700000000\npwd\n").is(0, "bash -: 1 added\n", "");
    write(&place, "noise", [0xff; 3000]);
    place.run(&["history", "import", "zsh", "--file", "noise"]).is(
        0,
        "zsh noise: 0 added, 1 not readable\n",
        "",
    );
}

#[test]
fn runs_are_listed_and_searched() {
    let place = filled();
    place.run(&["history", "list", "-n", "1"]).is(0, "git push\n", "");
    place.run(&["history", "search", "git"]).is(0, "git status\ngit push\n", "");
    place.run(&["history", "search", "GIT"]).is(0, "", "");
    place.run(&["history", "search", "push", "--prefix"]).is(0, "", "");
    place.run(&["history", "search", "git p", "--prefix"]).is(0, "git push\n", "");
    place.run(&["history", "list", "--failed"]).is(0, "", "");
    place.run(&["history", "list", "--cwd"]).is(0, "", "");
    place.run(&["history", "list", "--since", "1h"]).is(0, "", "");
    let line = &place.run(&["history", "search", "cargo", "--json"]).json_lines()[0];
    assert_eq!(
        (line["command"].as_str(), line["started"].as_i64()),
        (Some("cargo test"), Some(1_700_000_010))
    );
    assert_eq!((&line["duration_ms"], &line["cwd"]), (&2000.into(), &serde_json::Value::Null));
    assert_eq!(place.run(&["history", "list", "--since", "soon"]).code, 2);
}

#[test]
fn what_is_forgotten_is_gone() {
    let place = filled();
    place.run(&["history", "forget", "cargo"]).fails(2, &["nobody to ask about 1 run", "--yes"]);
    let run = place.run(&["history", "forget", "cargo", "--yes"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "forgot 1 run\n"), "{run:#?}");
    let bytes = std::fs::read(file(&place)).unwrap();
    assert!(!bytes.windows(10).any(|part| part == b"cargo test"));
    place.run(&["history", "forget", "cargo", "--yes"]).is(0, "nothing to forget\n", "");
    place.run(&["-q", "history", "forget", "--last", "--yes"]).is(0, "forgot 1 run\n", "");
    place.run(&["history", "list"]).is(0, "git status\n", "");
    place.run(&["-q", "history", "forget", "git *", "--last", "5", "--yes"]).is(0, "forgot 1 run\n", "");
    assert_eq!(place.run(&["history", "forget"]).code, 2);
    place.run(&["history", "forget", "", "--yes"]).fails(2, &["the pattern is empty"]);
}

#[test]
fn numbers_and_the_path() {
    let place = filled();
    place.run(&["history", "path"]).is(0, "[HOME]/.local/share/cmdai/history.db\n", "");
    let run = place.run(&["history", "stats"]);
    assert!(run.stdout.starts_with("3 runs of 3 lines, 0 failed\n"), "{run:#?}");
    let stats = place.run(&["history", "stats", "--json"]).json();
    assert_eq!((&stats["runs"], &stats["shells"][0]["shell"]), (&3.into(), &"zsh".into()));
    assert_eq!((&stats["first"], &stats["enabled"]), (&1_700_000_000.into(), &true.into()));
}

#[test]
fn the_configuration_says_what_is_kept() {
    let place = Place::new();
    write(&place, ".zsh_history", ZSH);
    place.config("[history]\nenabled = false\n");
    place.run(&["history", "import"]).fails(6, &["history.enabled is false"]);
    assert!(!file(&place).exists());
    place.config("[history]\nignore = [\"git *\"]\n");
    let run = place.run(&["history", "import"]);
    assert!(
        run.stdout.contains("1 added, ") && run.stdout.contains("2 left out by history.ignore"),
        "{run:#?}"
    );
    place.run(&["history", "list"]).is(0, "cargo test\n", "");
}

#[test]
fn a_damaged_history_is_put_aside_and_told() {
    let place = filled();
    std::fs::write(file(&place), "garbage".repeat(1000)).unwrap();
    let run = place.run(&["history", "list"]);
    assert!(run.code == 0 && run.stdout.is_empty(), "{run:#?}");
    assert!(
        run.stderr.contains("note: the history") && run.stderr.contains("was damaged: it is now"),
        "{run:#?}"
    );
    let names = std::fs::read_dir(file(&place).parent().unwrap()).unwrap();
    assert!(names.flatten().any(|entry| entry.file_name().to_string_lossy().contains(".damaged-")));
    place.run(&["history", "list"]).is(0, "", "");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_and_never_waited_for() {
    let commands: [&[&str]; 4] = [
        &["history", "list"],
        &["history", "stats"],
        &["history", "forget", "--yes", "x"],
        &["history", "import", "zsh", "--file", "h"],
    ];
    let check = |place: &Place, what: &str| {
        write(place, "h", ": 1:0;ls\n");
        commands.iter().for_each(|args| place.run(args).fails(8, &["history.db", what]));
        assert_eq!(place.run(&["complete", "git stat"]).code, 0, "completing goes on without");
    };
    let place = Place::new();
    std::fs::create_dir_all(file(&place)).unwrap();
    check(&place, "is a directory");
    let place = Place::new();
    std::fs::create_dir_all(file(&place).parent().unwrap()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(file(&place)).status().unwrap().success());
    check(&place, "is a pipe");
}

#[test]
fn a_home_that_is_no_absolute_path_is_none() {
    let place = Place::new();
    for home in ["", "somewhere"] {
        let run = place.command(&["history", "path"]).env("HOME", home).output().unwrap();
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.code() == Some(8) && stderr.contains("set HOME"), "{home:?}: {stderr}");
        let run = place.command(&["check", "ls"]).env("HOME", home).output().unwrap();
        assert_eq!(run.status.code(), Some(0));
    }
    assert_eq!(std::fs::read_dir(place.home.path()).unwrap().count(), 0);
}

#[test]
fn where_nothing_can_be_kept_one_line_says_so() {
    let place = Place::new();
    write(&place, ".local/share", "a file in the way");
    write(&place, "h", ": 1:0;ls\n");
    place.run(&["history", "list"]).fails(8, &["nothing is recorded", "XDG_DATA_HOME"]);
    place.run(&["history", "import", "--file", "h"]).fails(8, &["nothing is recorded"]);
}

#[test]
fn a_request_about_history_is_a_request() {
    let place = Place::new().without_model();
    let run = place.run(&["history", "of", "this", "file"]);
    assert_ne!(run.code, 2, "{run:#?}");
}
