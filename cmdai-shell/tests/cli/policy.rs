//! Policies: layers, faults, tests, a line let through once.

use crate::harness::Place;

/// A place with a project in the home directory.
fn project(text: &str) -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.home.path().join(".cmdai")).unwrap();
    std::fs::write(place.home.path().join(".cmdai/policy.toml"), text).unwrap();
    place
}

fn own(place: &Place, text: &str) {
    let folder = place.home.path().join(".config/cmdai");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("policy.toml"), text).unwrap();
}

#[test]
fn the_users_file_decides_and_is_named() {
    let place = Place::new();
    own(&place, "[rules]\ngit-discard-work = { verdict = 'deny', reason = 'we lost a day' }\n");
    let run = place.run(&["check", "git reset --hard"]);
    assert_eq!(run.code, 11, "{run:#?}");
    let line =
        "decided by: rules.git-discard-work (user, [HOME]/.config/cmdai/policy.toml:2:1): we lost a day";
    assert!(run.stdout.contains(line), "{run:#?}");
    let decided = &place.run(&["check", "--json", "git reset --hard"]).json()["decided_by"];
    assert_eq!((&decided["layer"], &decided["entry"]), (&"user".into(), &"rules.git-discard-work".into()));
    assert_eq!(decided["reason"], "we lost a day");
    let batch = place.pipe(&["check", "--jsonl"], "{\"command\":\"git reset --hard\"}\n");
    assert_eq!(batch.json_lines()[0]["verdict"], "deny");
}

#[test]
fn a_project_tightens_and_cannot_loosen() {
    let place = project("[rules]\ngit-discard-work = 'allow'\n[programs]\nterraform = 'deny'\n");
    let run = place.run(&["check", "git reset --hard"]);
    assert_eq!(run.code, 10, "{run:#?}");
    assert!(
        run.stderr.contains("policy.toml:2:1: `rules.git-discard-work` is ignored: it allows"),
        "{run:#?}"
    );
    assert_eq!(place.run(&["check", "terraform plan"]).code, 11);
    // From below as well.
    let below = place.home.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    let output = place.command(&["check", "terraform plan"]).current_dir(below).output().unwrap();
    assert_eq!(output.status.code(), Some(11));
}

#[test]
fn the_environment_names_another_policy_and_profile() {
    let place = Place::new();
    own(&place, "[risk]\nhigh = 'allow'\n");
    assert_eq!(place.run(&["check", "git reset --hard"]).code, 0);
    let other = place.home.path().join("other.toml");
    std::fs::write(&other, "[risk]\nsafe = 'deny'\n").unwrap();
    let place = place.with("CMDAI_POLICY", &other);
    assert_eq!(place.run(&["check", "ls"]).code, 11);
    let strict = Place::new().with("CMDAI_PROFILE", "agent");
    assert_eq!(strict.run(&["check", "git reset --hard"]).code, 11);
    assert_eq!(strict.run(&["check", "--profile", "person", "git reset --hard"]).code, 10);
    Place::new().with("CMDAI_PROFILE", "root").run(&["check", "ls"]).fails(6, &["\"root\" is no profile"]);
    Place::new()
        .with("CMDAI_POLICY", "/nonexistent/p.toml")
        .run(&["check", "ls"])
        .fails(6, &["no such file"]);
}

#[test]
fn a_broken_policy_never_allows() {
    let place = Place::new();
    own(&place, "[rules]\nrm-recursiv = 'ask'\n");
    let expect = "\
cmdai: failed to read the policy [HOME]/.config/cmdai/policy.toml:2:1: unknown rule `rm-recursiv`
  |
2 | rm-recursiv = 'ask'
  | ^^^^^^^^^^^
hint: did you mean `rm-recursive`?
";
    place.run(&["check", "ls"]).is(6, "", expect);
    place.run(&["policy", "check"]).is(6, "", expect);
    place.run(&["policy", "show"]).is(6, "", expect);
    place.run(&["ls -l"]).fails(6, &["unknown rule"]);
    let place = project("[risk]\nhigh = 'alow'\n");
    place.run(&["check", "ls"]).fails(6, &["`risk.high` cannot be 'alow'", "did you mean \"allow\"?"]);
    let place = project("x");
    std::fs::write(place.home.path().join(".cmdai/policy.toml"), b"\xff").unwrap();
    place.run(&["check", "ls"]).fails(6, &["not UTF-8 at byte 0"]);
}

#[test]
fn files_are_checked_by_name() {
    let place = Place::new();
    let file = place.home.path().join("p.toml");
    std::fs::write(&file, "risk.high = 'deny'\n[[tests]]\nline = 'ls'\nexpect = 'allow'\n").unwrap();
    place.run(&["policy", "check", "p.toml"]).is(0, "p.toml: 1 entries, 1 tests\n", "");
    let place = project("[paths]\n'dist/**' = 'deny'\n");
    let inside = place
        .command(&["policy", "check", "policy.toml"])
        .current_dir(place.home.path().join(".cmdai"))
        .output();
    assert_eq!(inside.unwrap().status.code(), Some(0));
    place.run(&["policy", "check", "absent.toml"]).fails(6, &["absent.toml: no such file"]);
}

#[test]
fn what_holds_is_shown_with_its_origin() {
    let place = project("[risk]\nmoderate = 'ask'\n");
    own(&place, "[paths]\n'~/prod/**' = { verdict = 'deny', reason = 'prod' }\n");
    let run = place.run(&["policy", "show"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert!(run.stdout.contains("moderate  ask    [HOME]/.cmdai/policy.toml:2:1"), "{run:#?}");
    assert!(run.stdout.contains("prod; (user, [HOME]/.config/cmdai/policy.toml:2:1)"), "{run:#?}");
    let value = place.run(&["policy", "show", "--json"]).json();
    assert_eq!(value["risk"]["moderate"]["layer"], "project");
    assert_eq!(value["risk"]["critical"]["layer"], "built-in");
    assert_eq!(value["entries"][0]["entry"], "paths.\"~/prod/**\"");
}

#[test]
fn a_policy_tests_itself() {
    let place = Place::new();
    own(
        &place,
        "rules.git-discard-work = 'deny'\n[[tests]]\nline = 'git reset --hard'\nexpect = 'deny'\n[[tests]]\nline = 'ls'\nexpect = 'allow'\n",
    );
    place.run(&["policy", "test"]).is(0, "2 tests, 0 failed\n", "");
    own(&place, "[[tests]]\nline = 'git reset --hard'\nexpect = 'deny'\n");
    let expect = "\
[HOME]/.config/cmdai/policy.toml:2:1: git reset --hard
  - deny
  + ask (risk high; risk.high decided for git-discard-work)
1 tests, 1 failed
";
    place.run(&["policy", "test"]).is(1, expect, "");
}

#[test]
fn the_schema_is_json() {
    assert_eq!(Place::new().run(&["policy", "schema"]).json()["title"], "Policy of cmdai");
}

#[test]
fn nobody_lets_a_line_through_without_a_person() {
    let place = Place::new();
    let run = place.run(&["policy", "allow-once", "git reset --hard"]);
    assert_eq!(run.code, 11, "{run:#?}");
    assert!(run.stderr.contains("there is nobody to ask"), "{run:#?}");
    let run = Place::new().with("CLAUDECODE", "1").run(&["policy", "allow-once", "git reset --hard"]);
    assert!(run.code == 11 && run.stderr.contains("CLAUDECODE is set"), "{run:#?}");
    // And an agent that tries is stopped before that.
    for line in [
        "cmdai policy allow-once 'rm -rf ~'",
        "script -qc \"cmdai policy allow-once 'rm -rf ~'\"",
        "cmdai hook uninstall claude-code",
    ] {
        assert_eq!(place.run(&["check", "--profile", "agent", line]).code, 11, "{line}");
    }
    assert_eq!(place.run(&["check", "--profile", "agent", "cmdai policy show"]).code, 0);
    let told = place.run(&["check", "cmdai policy allow-once 'rm -rf ~'"]).stdout;
    assert!(told.contains("Lets one line past the guard: once, within ten minutes."), "{told}");
}

/// Tokens as `allow-once` writes them.
#[cfg(unix)]
mod tokens {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    use std::path::PathBuf;
    use std::process::Stdio;
    use std::time::{SystemTime, UNIX_EPOCH};

    use cmdai_core::audit::digest;

    use crate::harness::Place;

    const LINE: &str = "git reset --hard";

    /// A place with a token that ends in so many seconds.
    fn place(seconds: i64) -> (Place, PathBuf) {
        let place = Place::new();
        let folder = place.home.path().join("run/cmdai/allow");
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).unwrap();
        let cwd = std::fs::canonicalize(place.home.path()).unwrap();
        let token = folder.join(digest(format!("{}\0{LINE}\0{}", LINE.len(), cwd.display()).as_bytes()));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        std::fs::write(&token, (i64::try_from(now).unwrap() + seconds).to_string()).unwrap();
        let runtime = place.home.path().join("run");
        (place.with("XDG_RUNTIME_DIR", runtime), token)
    }

    #[test]
    fn a_token_is_used_up_by_exactly_one_of_many() {
        let (place, token) = place(300);
        let children: Vec<_> = (0..10)
            .map(|_| {
                let mut command = place.command(&["check", "-q", LINE]);
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        let codes: Vec<_> = children.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
        assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
        assert!(!token.exists());
        assert_eq!(std::fs::read_dir(token.parent().unwrap()).unwrap().count(), 0);
    }

    #[test]
    fn an_old_a_forged_and_an_open_one_count_for_nothing() {
        for seconds in [-1, 100_000] {
            let (place, _) = place(seconds);
            assert_eq!(place.run(&["check", LINE]).code, 10);
        }
        let (place, token) = place(300);
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(token.parent().unwrap(), open).unwrap();
        assert_eq!(place.run(&["check", LINE]).code, 10);
        let (place, _) = self::place(300);
        assert_eq!(place.run(&["check", "git reset --hard HEAD~1"]).code, 10);
        let elsewhere = place.command(&["check", LINE]).current_dir("/").output().unwrap();
        assert_eq!(elsewhere.status.code(), Some(10));
        // A look at a harmless line uses nothing up.
        assert_eq!(place.run(&["check", "ls"]).code, 0);
        assert_eq!(place.run(&["check", LINE]).code, 0);
        assert_eq!(place.run(&["check", LINE]).code, 10);
    }

    #[test]
    fn a_hook_takes_it_and_says_nothing() {
        let (place, _) = place(300);
        let cwd = place.home.path().to_str().unwrap();
        let call =
            format!("{{\"cwd\":\"{cwd}\",\"tool_name\":\"Bash\",\"tool_input\":{{\"command\":\"{LINE}\"}}}}");
        place.pipe(&["hook", "claude-code"], &call).is(0, "", "");
        assert!(place.pipe(&["hook", "claude-code"], &call).stdout.contains("deny"));
    }
}
