use super::*;
use crate::safety::Verdict::{Allow, Ask, Deny};

fn context() -> Context {
    Context::default().with_home("/home/me").with_cwd("/home/me/work")
}

fn file(text: &str) -> File {
    let origin = Origin::new("user.toml").with_home(Some("/home/me".to_owned()));
    File::parse(text, &origin).unwrap_or_else(|fault| panic!("{fault}: {text}"))
}

fn user(text: &str) -> Policy {
    let mut policy = Policy::new(Profile::Person);
    policy.add(Layer::User, file(text));
    policy
}

fn with_project(user: &str, project: &str) -> Policy {
    let mut policy = self::user(user);
    let origin =
        Origin::new("project.toml").with_home(Some("/home/me".to_owned())).with_root("/home/me/work");
    policy.add(Layer::Project, File::parse(project, &origin).unwrap());
    policy
}

/// Checks the verdict of a line and the entry that decided.
#[track_caller]
fn check(policy: &Policy, line: &str, verdict: Verdict, entry: &str) {
    let report = policy.check(line, &context());
    let decision = report.decision.clone().unwrap();
    assert_eq!((report.verdict, decision.entry.as_str()), (verdict, entry), "{line}: {report:#?}");
    assert_eq!(decision.verdict, verdict);
}

#[test]
fn without_a_file_the_built_in_table_holds() {
    let person = Policy::new(Profile::Person);
    check(&person, "ls", Allow, "risk.safe");
    check(&person, "rm notes.txt", Allow, "risk.moderate");
    check(&person, "git reset --hard", Ask, "risk.high");
    check(&person, "rm -rf /", Deny, "risk.critical");
    let agent = Policy::new(Profile::Agent);
    check(&agent, "git reset --hard", Deny, "risk.high");
    check(&agent, "echo $(", Ask, "rules.not-fully-read");
}

#[test]
fn verdicts_are_those_of_a_check_without_policy() {
    for profile in [Profile::Person, Profile::Agent] {
        let policy = Policy::new(profile);
        for line in [
            "ls",
            "rm x",
            "git push --force",
            "rm -rf ~",
            "curl x.sh | sh",
            "echo $(",
            "",
            "sudo rm -rf /usr",
        ] {
            let report = policy.check(line, &context());
            assert_eq!(report.verdict, safety::check_as(line, &context(), profile).verdict, "{line}");
        }
    }
}

#[test]
fn each_table_decides() {
    check(&user("risk.moderate = 'ask'"), "rm notes.txt", Ask, "risk.moderate");
    check(&user("risk.safe = 'ask'"), "ls", Ask, "risk.safe");
    check(&user("rules.git-discard-work = 'allow'"), "git reset --hard", Allow, "rules.git-discard-work");
    check(&user("effects.discard-work = 'deny'"), "git reset --hard", Deny, "effects.discard-work");
    check(&user("programs.terraform = 'deny'"), "terraform plan", Deny, "programs.terraform");
    check(&user("programs.'git push' = 'ask'"), "git -C /srv push", Ask, "programs.\"git push\"");
    check(&user("programs.'git push' = 'ask'"), "git pull", Allow, "risk.safe");
    check(&user("paths.'~/work/prod/**' = 'deny'"), "touch prod/x", Deny, "paths.\"~/work/prod/**\"");
    check(&user("paths.'~/work/prod/**' = 'deny'"), "cat prod/x", Allow, "risk.safe");
    check(&user("paths.'~/work/prod/**' = 'deny'"), "rm -rf ~/work", Deny, "paths.\"~/work/prod/**\"");
    check(&user("paths.'~/work/prod/**' = 'deny'"), "rm prod/*", Deny, "paths.\"~/work/prod/**\"");
    check(
        &user("[paths]\n'~/.aws/**' = { verdict = 'deny', effects = ['read', 'read-secret'] }"),
        "cat ~/.aws/credentials",
        Deny,
        "paths.\"~/.aws/**\"",
    );
}

#[test]
fn wrappers_do_not_hide_a_program_or_a_path() {
    let policy = user("programs.terraform = 'deny'\npaths.'/srv/prod/**' = 'deny'");
    for line in [
        "sudo terraform plan",
        "bash -c 'terraform plan'",
        "env X=1 /usr/bin/terraform plan",
        "cd /srv && touch prod/x",
        "D=/srv/prod; touch $D/x",
    ] {
        assert_eq!(policy.check(line, &context()).verdict, Deny, "{line}");
    }
}

#[test]
fn a_path_loosens_only_what_lies_in_it_entirely() {
    let policy =
        user("[rules]\nrm-recursive = { verdict = 'allow', paths = ['~/scratch/**'], reason = 'scratch' }");
    let verdict = |line: &str| policy.check(line, &context()).verdict;
    assert_eq!(verdict("rm -rf ~/scratch/old"), Allow);
    assert_eq!(verdict("rm -rf ~/projects/old"), Ask);
    assert_eq!(verdict("rm -rf ~/scratch/old ~/projects/old"), Ask);
    assert_eq!(verdict("rm -rf ~/scratch/../projects/old"), Ask);
    assert_eq!(verdict("rm -rf ~/scratch/$x"), policy_free("rm -rf ~/scratch/$x"));
    assert_eq!(verdict("rm -rf ~/scratch"), Ask);
    // What a program prints may lead out again.
    assert_eq!(verdict("rm -rf ~/scratch/old; echo $(date)"), Allow);
    for line in ["rm -rf ~/scratch/\"$(cat f)\"", "rm -rf ~/scratch/`cat f`/x"] {
        assert_eq!(verdict(line), policy_free(line), "{line}");
    }
    let decision = policy.check("rm -rf ~/scratch/old", &context()).decision.unwrap();
    assert_eq!(decision.reason.as_deref(), Some("scratch"));
    assert_eq!(decision.source.as_deref(), Some("user.toml:2:1"));
}

fn policy_free(line: &str) -> Verdict {
    safety::check(line, &context()).verdict
}

#[test]
fn a_path_beats_a_rule_and_the_stricter_of_equals_wins() {
    let both = user("rules.rm-recursive = 'allow'\npaths.'~/prod/**' = 'deny'");
    check(&both, "rm -rf ~/prod/x", Deny, "paths.\"~/prod/**\"");
    check(&both, "rm -rf ~/projects/x", Allow, "rules.rm-recursive");
    let risk = user("risk.high = 'deny'\nrules.rm-recursive = 'allow'");
    check(&risk, "rm -rf ~/projects/x", Allow, "rules.rm-recursive");
    let effect = user(
        "effects.delete = 'deny'\n[rules]\nrm-recursive = { verdict = 'allow', paths = ['~/scratch/**'] }",
    );
    check(&effect, "rm -rf ~/scratch/x", Allow, "rules.rm-recursive");
    check(&effect, "rm notes.txt", Deny, "effects.delete");
}

#[test]
fn what_is_critical_takes_a_rule_and_a_place() {
    check(&user("rules.rm-system-dir = 'allow'"), "rm -rf /usr/share/x/..", Deny, "risk.critical");
    check(&user("paths.'/**' = 'allow'"), "rm -rf /usr", Deny, "risk.critical");
    check(&user("programs.rm = 'allow'"), "rm -rf /usr", Deny, "risk.critical");
    let placed = user("[rules]\nrm-system-dir = { verdict = 'ask', paths = ['/usr'] }");
    check(&placed, "rm -rf /usr", Ask, "rules.rm-system-dir");
    check(&placed, "rm -rf /usr /etc", Deny, "risk.critical");
}

#[test]
fn what_was_not_read_is_never_allowed() {
    let policy = user("risk.moderate = 'allow'\nrisk.high = 'allow'");
    for line in ["echo $(", "cat <<E\n", "if true"] {
        assert!(policy.check(line, &context()).verdict >= Ask, "{line}");
    }
}

#[test]
fn a_project_can_only_tighten() {
    let policy = with_project("", "rules.git-discard-work = 'allow'\nrisk.moderate = 'ask'");
    check(&policy, "git reset --hard", Ask, "risk.high");
    check(&policy, "rm notes.txt", Ask, "risk.moderate");
    assert_eq!(policy.notes.len(), 1);
    assert!(policy.notes[0].message.contains("can only tighten"), "{:?}", policy.notes);
    assert_eq!(policy.notes[0].source, "project.toml:1:7");

    let policy = with_project("risk.high = 'deny'", "risk.high = 'ask'");
    check(&policy, "git reset --hard", Deny, "risk.high");
    assert!(policy.notes[0].message.contains("says ask where deny holds"), "{:?}", policy.notes);

    let policy = with_project("profile = 'agent'", "profile = 'person'");
    assert_eq!((policy.profile(), policy.notes.len()), (Profile::Agent, 1));
    let policy = with_project("", "profile = 'agent'");
    check(&policy, "git reset --hard", Deny, "risk.high");

    let policy = with_project(
        "rules.git-discard-work = 'allow'",
        "paths.'dist/**' = 'deny'\nrules.git-discard-work = 'deny'",
    );
    check(&policy, "git reset --hard", Deny, "rules.git-discard-work");
    check(&policy, "touch dist/x", Deny, "paths.\"dist/**\"");
    check(&policy, "touch ../dist/x", Allow, "risk.safe");
}

#[test]
fn a_profile_has_its_own_tables() {
    let text = "[agent.risk]\nhigh = 'ask'\n[person.programs]\nterraform = 'ask'";
    let policy = user(text);
    check(&policy, "git reset --hard", Ask, "risk.high");
    check(&policy, "terraform plan", Ask, "person.programs.terraform");
    let agent = user(text).for_profile(Profile::Agent);
    check(&agent, "git reset --hard", Ask, "agent.risk.high");
    check(&agent, "terraform plan", Allow, "risk.safe");
}

/// Checks that `text` is refused at `line:column` with this message and a hint that holds `hint`.
#[track_caller]
fn refuses(text: &str, place: &str, message: &str, hint: &str) {
    let fault = File::parse(text, &Origin::new("p")).unwrap_err();
    assert_eq!(format!("{}:{} {}", fault.line, fault.column, fault), format!("{place} {message}"));
    let found = fault.hint.unwrap_or_default();
    assert!(found.contains(hint), "hint is {found:?}");
}

#[test]
fn faults_point_at_the_text() {
    refuses("rulez = 1", "1:1", "unknown key `rulez` in the file", "did you mean `rules`?");
    refuses("[rules]\nrm-recursiv = 'ask'", "2:1", "unknown rule `rm-recursiv`", "`rm-recursive`");
    refuses("[risk]\nhigh = 'alow'", "2:8", "`risk.high` cannot be 'alow'", "did you mean \"allow\"?");
    refuses("[risk]\nhuge = 'ask'", "2:1", "unknown risk `huge`", "safe, moderate, high, critical");
    refuses("[risk]\nhigh = true", "2:8", "`risk.high` cannot be true", "one of allow, ask, deny");
    refuses("[effects]\ndelet = 'ask'", "2:1", "unknown effect `delet`", "`delete`");
    refuses(
        "[paths]\n'x/y' = 'ask'",
        "2:1",
        "`paths` cannot be \"x/y\": a path begins with /, ~/ or **/",
        "",
    );
    refuses("[programs]\n'/bin/rm' = 'ask'", "2:1", "`/bin/rm` is no program", "without its folder");
    refuses("[rules]\nrm-home = { reason = 'x' }", "2:11", "`rules.rm-home` has no verdict", "add verdict");
    refuses(
        "[rules]\nrm-home = { verdict = 'ask', path = [] }",
        "2:30",
        "unknown key `path` in `rules.rm-home`",
        "`paths`",
    );
    refuses(
        "[rules]\nrm-home = { verdict = 'ask', paths = [] }",
        "2:38",
        "`rules.rm-home.paths` cannot be []",
        "a list",
    );
    refuses("profile = 'root'", "1:11", "`profile` cannot be 'root'", "person, agent");
    refuses("risk = 'ask'", "1:8", "`risk` is a table, not string", "[risk]");
    refuses("[agent]\nrulez.x = 'ask'", "2:1", "unknown key `rulez` in [agent]", "`rules`");
    refuses("[[tests]]\nline = 'ls'", "1:1", "a test has no `expect`", "");
    refuses(
        "[[tests]]\nline = 'ls'\nexpect = 'yes'",
        "3:10",
        "`tests.expect` cannot be 'yes'",
        "allow, ask, deny",
    );
    refuses(
        "[risk]\ncritical = 'ask'",
        "2:12",
        "`risk.critical` cannot be ask: what is critical is loosened rule by rule and place by place",
        "[rules]",
    );
    refuses(
        "[rules]\nnot-fully-read = 'allow'",
        "2:18",
        "`rules.not-fully-read` cannot be allow: nobody vouches for what nobody read",
        "ask",
    );
    assert!(File::parse("[risk\n", &Origin::new("p")).is_err());
}

#[test]
fn what_stays_and_runs_later_takes_a_person_where_an_agent_does_it() {
    let agent = Policy::new(Profile::Agent);
    check(&agent, "echo x >> ~/.bashrc", Ask, "agent.rules.shell-startup");
    check(&agent, "echo x > .git/hooks/pre-commit", Ask, "agent.rules.git-hook");
    check(&Policy::new(Profile::Person), "echo x > .git/hooks/pre-commit", Allow, "risk.moderate");
    let open = user("rules.git-hook = 'allow'").for_profile(Profile::Agent);
    check(&open, "echo x > .git/hooks/pre-commit", Allow, "rules.git-hook");
}

#[test]
fn a_line_with_more_than_anybody_compares_is_asked_about() {
    let line = "touch x;".repeat(1200);
    let policy = user("paths.'/prod/**' = 'deny'");
    assert!(policy.check(&line, &context()).verdict >= Ask);
    // And nothing in it is loosened: what lies beyond was not compared.
    let policy = user("[rules]\nrm-recursive = { verdict = 'allow', paths = ['~/scratch/**'] }")
        .for_profile(Profile::Agent);
    for count in [100, 127, 200, 600, 1100] {
        let targets: String = (0..count).map(|n| format!(" ~/scratch/{n}")).collect();
        assert_eq!(policy.check(&format!("rm -rf{targets} ~/projects"), &context()).verdict, Deny, "{count}");
    }
    assert_eq!(policy.check("rm -rf ~/scratch/{1..9}", &context()).verdict, Allow);
    let deep = format!("rm -rf ~/scratch/{}", "a/".repeat(200));
    assert_eq!(policy.check(&deep, &context()).verdict, Allow);
    let named = user("[rules]\nrm-recursive = { verdict = 'allow', paths = ['~/scratch/**/a*'] }");
    assert_eq!(named.check(&deep, &context()).verdict, Ask);
    // A program behind more commands than are kept is not overlooked.
    let policy = user("programs.terraform = 'deny'");
    assert!(policy.check(&format!("{}terraform plan", "ls;".repeat(300)), &context()).verdict >= Ask);
    assert!(
        user("paths.'/prod/**' = 'deny'")
            .check(&format!("touch /prod/{}", "a/".repeat(200)), &context())
            .verdict
            == Deny
    );
}

#[test]
fn tests_are_read() {
    let policy =
        user("[[tests]]\nline = 'ls'\nexpect = 'allow'\nshell = 'fish'\nprofile = 'agent'\ncwd = '~/x'");
    let test = &policy.tests[0];
    assert_eq!((test.line.as_str(), test.expect), ("ls", Allow));
    assert_eq!(test.cwd.as_deref(), Some("/home/me/x"));
    assert_eq!(test.source, "user.toml:2:1");
}

/// A file of the most entries and a line of the most effects are compared in bounded time.
#[test]
fn a_large_policy_takes_bounded_time() {
    let entries: String = (0..200).map(|n| format!("'/srv/a/**/b{n}/**/*x*y' = 'ask'\n")).collect();
    let policy = user(&format!("[paths]\n{entries}"));
    let line = format!("touch {}", "/srv/a/b/c/d/e/f/xxxx ".repeat(1500));
    let started = std::time::Instant::now();
    policy.check(&line, &context());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn several_entries_for_one_subject() {
    let policy = user("[rules]\nrm-recursive = [{ verdict = 'allow', paths = ['~/scratch/**'] }, 'deny']");
    check(&policy, "rm -rf ~/scratch/x", Allow, "rules.rm-recursive");
    check(&policy, "rm -rf ~/projects/x", Deny, "rules.rm-recursive");
}

#[test]
fn the_lists_are_sorted() {
    for list in [read::TOP, read::TABLES, read::ENTRY, read::TEST, read::VERDICTS] {
        assert!(list.is_sorted());
    }
    let names: std::collections::HashSet<_> =
        safety::EffectKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), safety::EffectKind::ALL.len());
}

#[test]
fn the_committed_schema_is_the_one_in_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/policy.schema.json");
    let fresh = schema();
    // `CMDAI_BLESS=1 cargo test -p cmdai-core policy` writes it anew.
    if std::env::var_os("CMDAI_BLESS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == fresh, "write it anew: CMDAI_BLESS=1 cargo test -p cmdai-core policy");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[a-z\\[\\]{}='\"\n./~*, -]{0,80}") {
        let _ = File::parse(&text, &Origin::new("p"));
    }

    /// Nothing that a project says makes any line milder.
    #[test]
    fn no_project_loosens(
        rule in 0usize..34, verdict in 0usize..3, table in 0usize..4, line in 0usize..8,
    ) {
        let names = read::rule_names();
        let verdict = Verdict::ALL[verdict];
        let text = match table {
            0 => format!("rules.{} = '{verdict}'", names[rule % names.len()]),
            1 => format!("paths.'/**' = '{verdict}'"),
            2 => format!("programs.rm = '{verdict}'\nprograms.git = '{verdict}'"),
            _ => format!("effects.delete = '{verdict}'\nrisk.high = '{verdict}'"),
        };
        let lines = ["rm -rf /", "rm -rf ~/x", "git reset --hard", "rm x", "ls", "sudo rm -rf /etc", "curl x | sh", "echo $("];
        if let Ok(file) = File::parse(&text, &Origin::new("p")) {
            let mut policy = Policy::new(Profile::Agent);
            let before = policy.check(lines[line], &context()).verdict;
            policy.add(Layer::Project, file);
            let after = policy.check(lines[line], &context()).verdict;
            proptest::prop_assert!(after >= before, "{} {}", text, lines[line]);
        }
    }
}

#[test]
fn what_is_critical_is_allowed_only_at_a_place_and_the_others_are_told() {
    let told = |text: &str| user(text).powerless().len();
    assert_eq!(told("rules.fork-bomb = 'allow'"), 1);
    assert_eq!(told("rules.rm-home = { verdict = 'allow', paths = ['~/scratch/**'] }"), 0);
    assert_eq!(told("rules.delete-file = 'allow'"), 0);
    assert_eq!(told("rules.fork-bomb = 'deny'"), 0);
}

#[test]
fn a_folder_that_is_read_whole_is_read_with_what_lies_in_it() {
    let ctx = context();
    let policy = user("paths.'~/.aws/credentials' = { verdict = 'deny', effects = ['read', 'read-secret'] }");
    for line in [
        "cp -r ~/.aws /tmp/x",
        "tar cf /tmp/x.tar ~/.aws",
        "rsync -a ~/.aws/ /tmp/x/",
        "zip -r /tmp/x.zip ~/.aws",
    ] {
        assert_eq!(policy.check(line, &ctx).verdict, Deny, "{line}");
    }
    for line in ["ls ~/.aws", "cp -r ~/.config /tmp/x"] {
        assert_eq!(policy.check(line, &ctx).verdict, Allow, "{line}");
    }
}
