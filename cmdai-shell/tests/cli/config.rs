//! The configuration file.

use crate::harness::Place;

#[test]
fn settings_are_used_and_the_command_line_wins() {
    let place = Place::new();
    place.config("[safety]\nprofile = \"agent\"\n");
    assert_eq!(place.run(&["check", "git reset --hard"]).code, 11);
    assert_eq!(place.run(&["check", "--profile", "person", "git reset --hard"]).code, 10);
    place.config("color = \"always\"\n");
    assert!(place.run(&["check", "ls"]).stdout.contains('\u{1b}'));
}

#[test]
fn a_wrong_value_is_shown_in_its_place() {
    let place = Place::new();
    place.config("# mine\nshell = \"tcsh\"\n");
    let expect = "\
cmdai: failed to read the configuration [HOME]/.config/cmdai/config.toml:2:9: `shell` cannot be \"tcsh\"
  |
2 | shell = \"tcsh\"
  |         ^^^^^^
hint: write one of bash, sh, zsh, fish, nu, powershell
";
    place.run(&["check", "ls"]).is(6, "", expect);
}

#[test]
fn an_unknown_key_comes_with_the_nearest() {
    let place = Place::new();
    place.config("candidate = 2\n");
    place.run(&["ls"]).fails(6, &["config.toml:1:1: unknown key `candidate`", "hint: there is `candidates`"]);
}

#[test]
fn a_file_that_cannot_be_read_is_a_failure() {
    let place = Place::new();
    place.config(b"shell = \"\xff\"");
    place.run(&["ls"]).fails(6, &["it is not UTF-8 at byte 9", "CMDAI_CONFIG"]);
    place.config("x".repeat(2 << 20));
    place.run(&["ls"]).fails(6, &["larger than 1 MiB"]);
    let folder = Place::new();
    std::fs::create_dir_all(folder.home.path().join(".config/cmdai/config.toml")).unwrap();
    folder.run(&["ls"]).fails(6, &["failed to read the configuration"]);
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let place = Place::new().with("CMDAI_CONFIG", "/nonexistent/cmdai.toml");
    place.run(&["ls"]).fails(6, &["/nonexistent/cmdai.toml: no such file or directory"]);
}

#[test]
fn help_needs_no_configuration() {
    let place = Place::new();
    place.config("nonsense");
    assert_eq!(place.run(&["--help"]).code, 0);
    assert_eq!(place.run(&["help", "exit-codes"]).code, 0);
    assert_eq!(place.run(&["--version"]).code, 0);
}
