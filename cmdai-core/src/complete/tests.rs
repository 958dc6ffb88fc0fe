//! What completion does as a whole, with the weights that are shipped.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::history::Run;
use crate::line::Dialect;

/// A machine made of lists.
#[derive(Default)]
struct Lists {
    entries: BTreeMap<String, Arc<[Entry]>>,
    refs: Option<Arc<GitRefs>>,
    aliases: Option<Arc<[(String, String)]>>,
    files: BTreeMap<String, String>,
}

impl World for Lists {
    fn entries(&self, dir: &str) -> Option<Arc<[Entry]>> {
        self.entries.get(dir).cloned()
    }

    fn git_refs(&self, _dir: &str) -> Option<Arc<GitRefs>> {
        self.refs.clone()
    }

    fn programs(&self) -> Option<Arc<[String]>> {
        Some(["git", "gitk", "zcat", "zstdgrep"].map(str::to_owned).to_vec().into())
    }

    fn aliases(&self, _session: Option<&str>) -> Option<Arc<[(String, String)]>> {
        self.aliases.clone()
    }

    fn declared(&self, form: Form, path: &str) -> Option<Arc<Declared>> {
        self.files.get(path).map(|text| Arc::new(form.read(text, true)))
    }
}

fn world(dir: &str, names: &[&str]) -> Lists {
    let entry = |name: &&str| Entry {
        name: name.trim_end_matches('/').to_owned(),
        is_dir: name.ends_with('/'),
        is_executable: false,
    };
    let mut entries: Vec<Entry> = names.iter().map(entry).collect();
    entries.sort();
    Lists { entries: BTreeMap::from([(dir.to_owned(), entries.into())]), ..Lists::default() }
}

/// A past of lines run in `/w`; a line that ends in ` #1` failed.
fn past(lines: &[&str]) -> Past {
    let run = |line: &&str| {
        let (command, failed) = line.strip_suffix(" #1").map_or((*line, false), |line| (line, true));
        let status = Some(i32::from(failed));
        Run { command: command.into(), cwd: Some("/w".into()), status, ..Run::default() }
    };
    Past::from_runs(&lines.iter().map(run).collect::<Vec<_>>())
}

fn ask(past: &Past, world: &dyn World, buffer: &str, dialect: Dialect) -> Vec<String> {
    let context = Context::new(dialect).with_cwd("/w").with_home("/home/me");
    let query = Query { buffer, context: &context, session: None, now: 0 };
    complete(past, &query, world, 8).into_iter().map(|suggestion| suggestion.suffix).collect()
}

/// The first suggestion begins so.
fn check(lines: &[&str], world: &dyn World, buffer: &str, expect: &str) {
    let found = ask(&past(lines), world, buffer, Dialect::Zsh);
    assert!(found.first().is_some_and(|first| first.starts_with(expect)), "{buffer}: {found:?}");
}

#[test]
fn what_is_shown_stays_until_it_is_unlikely() {
    let past = past(&["git status", "git stash list", "git stash list", "git stash list"]);
    let context = Context::new(Dialect::Zsh).with_cwd("/w");
    let query = Query { buffer: "git sta", context: &context, session: None, now: 0 };
    let offer = complete(&past, &query, &Nowhere, 1).into_iter().next();
    let stays = |shown: &str, by_model: bool, offer: Option<&Suggestion>| {
        Completer::shipped().stays(&past, &query, &Nowhere, shown, by_model, offer)
    };
    let shown = offer.as_ref().map_or("", |offer| offer.suffix.as_str());
    assert!(stays(shown, false, offer.as_ref()), "{shown}");
    assert!(!stays("ging", false, offer.as_ref()), "nobody ever typed that");
    assert!(!stays("ging", false, None));
    assert!(stays("ging", true, None), "memory knows nothing of what the model wrote");
    let sure = offer.map(|offer| Suggestion { probability: 0.95, ..offer });
    assert!(!stays("ging", true, sure.as_ref()));
}

#[test]
fn lines_of_the_past_go_on() {
    check(&["cargo test -p core", "ls", "cargo test -p core"], &Nowhere, "cargo t", "est -p core");
    check(&["git add .", "git commit -m wip", "git add ."], &Nowhere, "git c", "ommit");
}

#[test]
fn words_are_found_for_lines_that_were_never_run() {
    check(&["ls", "mkdir quarterly"], &Nowhere, "cd q", "uarterly");
    check(
        &["kubectl -n payments get pods", "kubectl -n payments get svc"],
        &Nowhere,
        "kubectl -n p",
        "ayments",
    );
    check(&["make 2>&1 | tee build.log", "ls"], &Nowhere, "cat b", "uild.log");
    check(&[], &Nowhere, "git stat", "us");
}

#[test]
fn names_that_exist_are_offered_as_the_shell_needs_them() {
    check(&["ls"], &world("/w", &["main.rs", "notes.txt"]), "vim no", "tes.txt");
    check(&["ls"], &world("/w", &["My File.pdf"]), "open My", "\\ File.pdf");
    check(&["ls"], &world("/w", &["Report.pdf"]), "open 'Rep", "ort.pdf");
    check(&["ls"], &world("/w/src", &["parser.rs"]), "vim src/p", "arser.rs");
    check(&["ls"], &world("/home/me", &["Downloads/"]), "cd ~/Dow", "nloads");
    let refs = GitRefs { branches: vec!["feature-login".into(), "main".into()], ..GitRefs::default() };
    let world = Lists { refs: Some(Arc::new(refs)), ..Lists::default() };
    check(&["ls"], &world, "git switch fe", "ature-login");
}

#[test]
fn aliases_stand_for_what_they_mean() {
    let aliases: Arc<[(String, String)]> = vec![("gco".to_owned(), "git checkout".to_owned())].into();
    let refs = GitRefs { branches: vec!["topic-x".into()], ..GitRefs::default() };
    let world = Lists { aliases: Some(aliases), refs: Some(Arc::new(refs)), ..Lists::default() };
    check(&["ls"], &world, "gco top", "ic-x");
}

#[test]
fn names_that_are_not_here_are_not_offered() {
    let here = world("/w", &["src/", "a.py"]);
    let lines = ["tail -f logs/app.log", "ls", "python main.py", "tail -f logs/app.log", "python main.py"];
    let elsewhere: Vec<Run> = lines
        .iter()
        .map(|line| Run { command: (*line).into(), cwd: None, status: Some(0), ..Run::default() })
        .collect();
    let elsewhere = Past::from_runs(&elsewhere);
    for (buffer, never) in [("tail -f l", "app"), ("python m", "main"), ("python ", "main")] {
        let found = ask(&elsewhere, &here, buffer, Dialect::Zsh);
        assert!(
            found.iter().all(|suffix| !format!("{buffer}{suffix}").contains(never)),
            "{buffer}: {found:?}"
        );
    }
    // Nor what others call theirs.
    let found = ask(&past(&["ls"]), &here, "git add s", Dialect::Zsh);
    assert!(found.iter().all(|suffix| !suffix.starts_with("cripts")), "{found:?}");
}

#[test]
fn a_subcommand_that_never_was_one_is_not_offered() {
    let typo = past(&["git st #1", "git status", "git st #1", "ls"]);
    let found = ask(&typo, &Nowhere, "git ", Dialect::Bash);
    assert!(found.iter().any(|suffix| suffix == "status"), "{found:?}");
    assert!(found.iter().all(|suffix| suffix != "st"), "{found:?}");
}

#[test]
fn what_was_mended_is_not_offered() {
    let past = past(&["git psuh #1", "git push", "ls"]);
    for suffix in ask(&past, &Nowhere, "git p", Dialect::Bash) {
        assert!(!suffix.starts_with("suh"), "{suffix}");
    }
}

#[test]
fn nothing_critical_and_no_secret_is_offered() {
    let past = past(&["rm -rf /", "ls", "rm -rf /", "export API_TOKEN=hunter22", "rm -rf /"]);
    for buffer in
        ["r", "rm", "rm -rf", "rm -rf ", "export API_TOKEN", "export API_TOKEN=", "export API_TOKEN=h"]
    {
        for suffix in ask(&past, &Nowhere, buffer, Dialect::Bash) {
            assert!(!format!("{buffer}{suffix}").ends_with("rm -rf /"), "{buffer}{suffix}");
            assert!(!suffix.contains("unter22"), "{buffer}{suffix}");
        }
    }
}

#[test]
fn answers_are_few_different_and_the_same_again() {
    let past = past(&["git add .", "git add -p", "git stash", "git status", "git push", "ls", "git pull"]);
    let context = Context::new(Dialect::Fish).with_cwd("/w");
    let query = Query { buffer: "git ", context: &context, session: None, now: 0 };
    let first = complete(&past, &query, &Nowhere, 3);
    assert!(first.len() <= 3 && !first.is_empty());
    assert!(first.iter().all(|one| first.iter().filter(|other| other.suffix == one.suffix).count() == 1));
    assert!(first.iter().all(|one| (0.0..=1.0).contains(&one.probability) && !one.suffix.is_empty()));
    assert_eq!(first, complete(&past, &query, &Nowhere, 3));
    assert!(ask(&past, &Nowhere, "", Dialect::Bash).is_empty());
    assert!(ask(&past, &Nowhere, "ls # git", Dialect::Bash).is_empty());
}

/// Any text in any dialect gets an answer without a panic, at every character.
#[test]
fn odd_lines_are_survived() {
    let lines = [
        "echo 'a b' \"c $(git st\" `x` ${y:-z} | grep -v 'q' && (cd /; ls) > \"o\\\" ut\"",
        "ünï côde ☃️ --flag=é 'half",
        "a\\ b\\",
        "for f in *.c; do cc \"$f\"; done",
        "ls | each {|x| $x.name } | where size > 1mb",
        "$(((((((((((((((((((((((((((",
        "Get-Item C:\\x | % { $_.Name } `",
        "<(>(<<EOF\ntext\nEOF\n",
    ];
    let past = past(&lines);
    let world = world("/w", &["a b", "ünï", "it's"]);
    for &dialect in Dialect::ALL {
        for line in lines {
            for (end, _) in line.char_indices().chain([(line.len(), ' ')]) {
                for suffix in ask(&past, &world, &line[..end], dialect) {
                    assert!(!suffix.is_empty());
                }
            }
        }
    }
}

#[test]
fn what_is_not_here_is_not_offered_from_elsewhere() {
    let ran = |command: &str, cwd: &str, status| Run {
        command: command.into(),
        cwd: Some(cwd.into()),
        status: Some(status),
        ..Run::default()
    };
    let past = Past::from_runs(&[
        ran("tar xzf site.tgz", "/elsewhere", 0),
        ran("tar xzf site.tgz", "/elsewhere", 0),
        ran("cat READMEE.md", "/w", 1),
        ran("cat notes.txt", "/w", 0),
    ]);
    let here = world("/w", &["README.md", "src/"]);
    let offered = |buffer: &str| ask(&past, &here, buffer, Dialect::Zsh);
    assert!(offered("tar xzf ").iter().all(|suffix| !suffix.contains("site.tgz")));
    assert!(offered("cat ").iter().chain(&offered("c")).all(|suffix| !suffix.contains("READMEE")));
    // Made after the directory was read, perhaps.
    assert!(offered("cat ").iter().any(|suffix| suffix == "notes.txt"));
}

#[test]
fn git_is_not_sent_where_it_is_nor_where_nothing_is() {
    let refs = GitRefs {
        head: Some("main".to_owned()),
        branches: vec!["main".to_owned(), "feature".to_owned()],
        ..GitRefs::default()
    };
    let here = Lists { refs: Some(Arc::new(refs)), ..world("/w", &["src/"]) };
    let past = past(&["git checkout main", "git checkout main", "git push origin mian #1", "git merge main"]);
    let offered = |buffer: &str| ask(&past, &here, buffer, Dialect::Zsh);
    for buffer in ["git checkout ", "git merge ", "git chec"] {
        assert!(offered(buffer).iter().all(|suffix| !suffix.ends_with("main")), "{:?}", offered(buffer));
    }
    assert!(offered("git push origin ").iter().all(|suffix| suffix != "mian"));
}

#[test]
fn what_git_does_not_have_is_not_offered() {
    let refs = GitRefs { branches: vec!["main".into(), "topic".into()], ..GitRefs::default() };
    let here = Lists { refs: Some(Arc::new(refs)), ..world("/w", &["src/", "README.md"]) };
    let elsewhere =
        |command: &&str| Run { command: (*command).into(), cwd: Some("/v".into()), ..Run::default() };
    let lines = ["vim src/", "vim src/", "git rebase -i src/", "git merge src/"];
    let past = Past::from_runs(&lines.iter().map(elsewhere).collect::<Vec<_>>());
    let offered = |buffer: &str| ask(&past, &here, buffer, Dialect::Zsh);
    for buffer in ["git rebase -i ", "git rebase ", "git merge ", "git cherry-pick "] {
        assert!(
            offered(buffer).iter().all(|suffix| !suffix.contains('/')),
            "{buffer}: {:?}",
            offered(buffer)
        );
    }
}

#[test]
fn branches_are_no_names_outside_a_repository() {
    let elsewhere =
        |command: &&str| Run { command: (*command).into(), cwd: Some("/v".into()), ..Run::default() };
    let lines = ["git checkout main", "git checkout main", "git push origin main", "git push origin main"];
    let past = Past::from_runs(&lines.iter().map(elsewhere).collect::<Vec<_>>());
    let refs = GitRefs { branches: vec!["main".into(), "topic".into()], ..GitRefs::default() };
    let inside = Lists { refs: Some(Arc::new(refs)), ..world("/w", &["src/"]) };
    let outside = world("/w", &["src/"]);
    for buffer in ["git checkout m", "git checkout ", "git push origin "] {
        let offered = ask(&past, &outside, buffer, Dialect::Zsh);
        assert!(offered.iter().all(|suffix| !suffix.contains("ain")), "{buffer}: {offered:?}");
        let offered = ask(&past, &inside, buffer, Dialect::Zsh);
        assert!(offered.iter().any(|suffix| suffix.contains("ain")), "{buffer}: {offered:?}");
    }
}

#[test]
fn a_path_is_no_process_time_or_format() {
    let past = past(&["cd ~/x", "cd ~/x", "vim ~/x/a", "ls ~/x"]);
    for buffer in ["kill -9 ", "fg ", "sleep ", "printf ", "chmod "] {
        let offered = ask(&past, &Nowhere, buffer, Dialect::Zsh);
        assert!(offered.iter().all(|suffix| !suffix.contains("~/")), "{buffer}: {offered:?}");
    }
}

#[test]
fn a_whole_program_is_not_made_another() {
    let catman: Arc<[String]> = ["cat", "catman", "git"].map(str::to_owned).to_vec().into();
    struct Here(Arc<[String]>);
    impl World for Here {
        fn entries(&self, _dir: &str) -> Option<Arc<[Entry]>> {
            None
        }
        fn git_refs(&self, _dir: &str) -> Option<Arc<GitRefs>> {
            None
        }
        fn programs(&self) -> Option<Arc<[String]>> {
            Some(Arc::clone(&self.0))
        }
        fn aliases(&self, _session: Option<&str>) -> Option<Arc<[(String, String)]>> {
            None
        }
        fn declared(&self, _form: Form, _path: &str) -> Option<Arc<Declared>> {
            None
        }
    }
    let offered = |buffer: &str, dialect| ask(&past(&["ls"]), &Here(Arc::clone(&catman)), buffer, dialect);
    assert!(offered("cat", Dialect::Zsh).iter().all(|suffix| !suffix.starts_with("man")));
    assert!(offered("catm", Dialect::Zsh).contains(&"an".to_owned()));
    // A keyword of another shell.
    assert!(offered("export", Dialect::Zsh).iter().all(|suffix| !suffix.trim_start().starts_with("def")));
}

#[test]
fn processes_that_are_gone_are_not_offered() {
    let past = past(&["kill -9 4711", "kill -9 4711", "sudo kill 4711", "kill -9 %1"]);
    for buffer in ["kill -9 ", "kill -9 4", "sudo kill "] {
        let offered = ask(&past, &Nowhere, buffer, Dialect::Zsh);
        assert!(offered.iter().all(|suffix| !suffix.contains("11")), "{buffer}: {offered:?}");
    }
}

/// The model's own order, and nothing that is less likely before what is more likely.
#[test]
fn the_likeliest_comes_first() {
    let context = Context::new(Dialect::Zsh).with_cwd("/w").with_home("/home/me");
    for buffer in ["git ", "git c", "docker ", "tar ", "npm "] {
        let query = Query { buffer, context: &context, session: None, now: 0 };
        let past = past(&["git commit", "docker compose up", "npm run build"]);
        let pieces = Completer::shipped().next_pieces(&past, &query, &Nowhere);
        let likely = |suffix: &str| {
            pieces
                .iter()
                .find(|(known, _)| known == piece(suffix))
                .map_or(0.0, |(_, probability)| *probability)
        };
        let found = alternatives(&past, &query, &Nowhere, 8);
        assert!(found.len() > 1, "{buffer}");
        for pair in found.windows(2) {
            assert!(likely(&pair[0].suffix) >= likely(&pair[1].suffix), "{buffer}: {found:?}");
        }
    }
}

#[test]
fn nothing_that_waits_for_more_is_offered() {
    let past = past(&["cat a.txt | sort", "cat a.txt > b", "ls && make", "cat a.txt | sort"]);
    for buffer in ["cat a.txt", "cat a", "ls"] {
        let offered = ask(&past, &Nowhere, buffer, Dialect::Zsh);
        let waits = |suffix: &String| suffix.trim_end().ends_with(['|', '>', '&']);
        assert!(!offered.iter().any(waits), "{offered:?}");
    }
}

/// A world in which files hold these texts.
fn with_files(dir: &str, names: &[&str], files: &[(&str, &str)]) -> Lists {
    let mut world = world(dir, names);
    world.files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    world
}

#[test]
fn what_files_declare_is_offered_before_its_first_run() {
    let make = with_files(
        "/w",
        &["Makefile", "a.c"],
        &[("/w/Makefile", "build:\n\tcc a.c\ninstall: build\nflash:\n")],
    );
    let offered =
        |world: &Lists, lines: &[&str], buffer: &str| ask(&past(lines), world, buffer, Dialect::Zsh);
    let starts = |world: &Lists, buffer: &str, expect: &str| {
        let found = offered(world, &["ls"], buffer);
        assert!(found.iter().any(|suffix| suffix.starts_with(expect)), "{buffer}: {found:?}");
    };
    starts(&make, "make ", "build");
    starts(&make, "make fl", "ash");
    let package = r#"{"scripts": {"dev": "vite", "typecheck": "tsc"}}"#;
    let npm = with_files("/w", &["package.json"], &[("/w/package.json", package)]);
    starts(&npm, "npm run d", "ev");
    starts(&npm, "npm run ty", "pecheck");
    let just = with_files("/w", &["justfile"], &[("/w/justfile", "release:\n  echo\n")]);
    starts(&just, "just ", "release");
    let compose =
        with_files("/w", &["compose.yml"], &[("/w/compose.yml", "services:\n  gateway:\n    image: x\n")]);
    starts(&compose, "docker compose logs gate", "way");
    let ssh = with_files(
        "/home/me/.ssh",
        &["config", "known_hosts"],
        &[("/home/me/.ssh/config", "Host frontier\n")],
    );
    starts(&ssh, "ssh fr", "ontier");
    starts(&ssh, "scp fr", "ontier:");
}

/// The first suggestion before a letter of the word is typed; nothing where there is none.
fn first(world: &Lists, lines: &[&str], buffer: &str) -> String {
    ask(&past(lines), world, buffer, Dialect::Zsh).into_iter().next().unwrap_or_default()
}

#[test]
fn the_only_one_that_can_be_meant_is_offered_at_once() {
    let one = world("/w", &["notes.txt", "source code/", ".hidden/"]);
    assert_eq!(first(&one, &[], "cd ").trim_end_matches('/'), "source\\ code");
    assert_eq!(first(&one, &["ls"], "pushd ").trim_end_matches('/'), "source\\ code");
    let mut home = world("/w", &["only/"]);
    home.entries.extend(world("/home/me", &["Documents/"]).entries);
    assert!(ask(&past(&[]), &home, "cd ", Dialect::Zsh).iter().all(|suffix| !suffix.contains("Downloads")));
    let many = world("/w", &["a/", "b/", "c/", "d/", "e/"]);
    assert!(first(&many, &[], "cd ").trim_end_matches('/').len() != 1, "none of five is likely");
    // What a person does here tells more than what is there.
    let habit = ["cd ..", "cd ..", "cd .."];
    assert_ne!(first(&one, &habit, "cd ").trim_end_matches('/'), "source\\ code");
    let ssh = |hosts: &str| with_files("/home/me/.ssh", &["config"], &[("/home/me/.ssh/config", hosts)]);
    assert_eq!(first(&ssh("Host frontier\n"), &[], "ssh "), "frontier");
    assert_eq!(first(&ssh("Host a1 a2 a3 a4 a5 a6\n"), &[], "ssh "), "");
}

#[test]
fn what_follows_a_flag_is_chosen_from_what_is_there() {
    let manifest = "[package]\nname = \"shop\"\n[[bin]]\nname = \"import\"\n";
    let files = [("/w/Cargo.toml", manifest)];
    let cargo = with_files("/w", &["Cargo.toml"], &files);
    assert_eq!(first(&cargo, &[], "cargo run --bin "), "import");
    assert_eq!(first(&cargo, &[], "cargo run --example "), "");
    let mut cargo = with_files("/w/src", &["main.rs"], &files);
    cargo.entries.extend(world("/w", &["Cargo.toml"]).entries);
    cargo.entries.extend(world("/w/src/bin", &["export.rs", "deep/"]).entries);
    cargo.entries.extend(world("/w/tests", &["cli.rs", "data/"]).entries);
    for (typed, rest) in [("s", "hop"), ("i", "mport"), ("e", "xport")] {
        assert_eq!(first(&cargo, &[], &format!("cargo run --bin {typed}")), rest);
    }
    assert_eq!(first(&cargo, &[], "cargo test --test "), "cli");
    let mut npx = with_files("/w", &["package.json"], &[]);
    npx.entries.extend(world("/w/node_modules/.bin", &["eslint", "vite"]).entries);
    assert_eq!(first(&npx, &[], "npx v"), "ite");
    assert_eq!(first(&npx, &[], "npx "), "eslint");
    let nowhere = Lists::default();
    assert_eq!(first(&nowhere, &[], "python3 -m http"), ".server");
    assert_eq!(first(&nowhere, &[], "python -m v"), "env");
}

#[test]
fn what_is_not_declared_here_is_not_offered() {
    let make = with_files("/w", &["Makefile"], &[("/w/Makefile", "build:\ninstall:\n")]);
    let lines = ["make nosuch #1", "make nosuch #1", "make build"];
    for buffer in ["make ", "make n"] {
        let found = ask(&past(&lines), &make, buffer, Dialect::Zsh);
        assert!(found.iter().all(|suffix| !suffix.contains("osuch")), "{buffer}: {found:?}");
    }
    // Nor what others type, before the directory was read or behind the program alone.
    for buffer in ["make", "make ", "make c"] {
        for world in [&make, &Lists::default()] {
            let found = ask(&past(&["ls"]), world, buffer, Dialect::Zsh);
            assert!(
                found.iter().all(|suffix| !format!("{buffer}{suffix}").contains(" clean")),
                "{buffer}: {found:?}"
            );
        }
    }
    let npm = with_files("/w", &["package.json"], &[("/w/package.json", r#"{"scripts":{"dev":"x"}}"#)]);
    let found = ask(&past(&["ls"]), &npm, "npm run", Dialect::Zsh);
    assert!(found.iter().all(|suffix| !suffix.contains("build")), "{found:?}");
}

#[test]
fn files_that_suit_the_program_come_first() {
    let here = ["README.md", "site.tar.gz", "notes.txt", "plot.py", "src/", "run.sh", "Dockerfile.dev"];
    let check = |buffer: &str, expect: &str| check(&["ls"], &world("/w", &here), buffer, expect);
    check("tar xf ", "site.tar.gz");
    let context = Context::new(Dialect::Zsh).with_cwd("/w");
    let query = Query { buffer: "python3 ", context: &context, session: None, now: 0 };
    let python = alternatives(&past(&["ls"]), &query, &world("/w", &here), 8);
    let file = python.iter().find(|other| here.contains(&other.suffix.as_str()));
    assert_eq!(file.map(|other| other.suffix.as_str()), Some("plot.py"), "{python:?}");
    check("bash ", "run.sh");
    check("docker build -f D", "ockerfile.dev");
}

#[test]
fn a_name_with_blanks_is_offered_whole() {
    let here = world("/w", &["My Notes.txt", "My Other File.txt"]);
    let found = ask(&past(&["ls"]), &here, "cat My", Dialect::Zsh);
    assert!(found.iter().any(|suffix| suffix == "\\ Notes.txt"), "{found:?}");
    assert!(found.iter().all(|suffix| !suffix.ends_with('\\')), "{found:?}");
    let found = ask(&past(&["ls"]), &here, "cat 'My N", Dialect::Zsh);
    assert!(found.iter().any(|suffix| suffix == "otes.txt'"), "{found:?}");
}

#[test]
fn an_operator_is_followed_by_what_followed_it_before() {
    let lines = [
        "git log | head -5",
        "ls",
        "git log | head -5",
        "git add -A",
        "git commit -m wip",
        "git add -A",
        "git commit -m wip",
    ];
    check(&lines, &Nowhere, "git log | ", "head");
    check(&lines, &Nowhere, "cat x | he", "ad");
    let heads = ask(&past(&lines), &Nowhere, "cat x | head -", Dialect::Zsh);
    assert!(heads.iter().any(|suffix| suffix == "5"), "{heads:?}");
    check(&lines, &Nowhere, "git add -A && ", "git");
    check(&lines, &Nowhere, "git add -A && git c", "ommit");
    check(&["cd app && make check", "ls", "cd app && make check"], &Nowhere, "make c", "heck");
}

#[test]
fn what_is_risky_is_offered_where_it_is_a_habit_or_typed() {
    let once = ["git push --force", "git status", "ls"];
    let found = ask(&past(&once), &Nowhere, "git push", Dialect::Zsh);
    assert!(found.iter().all(|suffix| !suffix.contains("force")), "{found:?}");
    let found = ask(&past(&once), &Nowhere, "git pu", Dialect::Zsh);
    assert!(found.iter().all(|suffix| !suffix.contains("force")), "{found:?}");
    check(&once, &Nowhere, "git push --f", "orce");
    let often = ["git push --force"; 4];
    let found = ask(&past(&often), &Nowhere, "git push", Dialect::Zsh);
    assert!(found.iter().any(|suffix| suffix.contains("force")), "{found:?}");
}

#[test]
fn who_asks_for_more_gets_what_is_seldom_too() {
    let context = Context::new(Dialect::Zsh).with_cwd("/w");
    let query = Query { buffer: "git st", context: &context, session: None, now: 0 };
    let past = past(&["git status"]);
    let found = alternatives(&past, &query, &Nowhere, 8);
    assert_eq!(found[0], complete(&past, &query, &Nowhere, 8)[0]);
    assert!(found.iter().any(|other| other.suffix.starts_with("ash")), "{found:?}");
    assert!(found.iter().all(|other| other.risk < Risk::High));
}

#[test]
fn a_flag_that_takes_a_value_is_followed_by_none_of_others() {
    let context = Context::new(Dialect::Bash).with_cwd("/w");
    for buffer in ["git commit -m ", "ssh -i ", "tail -n "] {
        let query = Query { buffer, context: &context, session: None, now: 0 };
        let found = alternatives(&past(&[]), &query, &Nowhere, 8);
        assert!(!found.iter().any(|other| other.suffix.starts_with('-')), "{buffer}: {found:?}");
    }
    // What the person typed there is what the person types there.
    check(&["tail -n -5 log"], &Nowhere, "tail -n ", "-5");
}

#[test]
fn a_target_stands_before_a_folder_that_begins_like_it() {
    let make =
        with_files("/w", &["Makefile", "tests/"], &[("/w/Makefile", "test:\n\ttrue\ndeploy:\n\ttrue\n")]);
    let context = Context::new(Dialect::Zsh).with_cwd("/w");
    let query = Query { buffer: "make t", context: &context, session: None, now: 0 };
    let pieces = Completer::shipped().next_pieces(&past(&[]), &query, &make);
    assert_eq!(first(&make, &[], "make t"), "est", "{pieces:?}");
}
