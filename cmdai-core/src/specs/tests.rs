use super::*;
use crate::safety::{self, Risk};
use crate::{Context, Dialect, syntax};

fn roles(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let spec = lookup(words[0]).unwrap();
    let args = parse_args(spec, &words[1..]);
    args.items.iter().map(shown).collect()
}

fn shown(item: &Item<'_>) -> String {
    let role = match item.role {
        Role::Subcommand(_) => "sub".to_owned(),
        Role::Group => "group".to_owned(),
        Role::Flag(flag) => format!("flag {}", flag.names[0]),
        Role::UnknownFlag => "unknown".to_owned(),
        Role::Value(flag) => format!("value of {}", flag.names[0]),
        Role::Key(key) => format!("key {}", key.names[0]),
        Role::Operand(Some(operand)) => operand.name.to_owned(),
        Role::Operand(None) => "?".to_owned(),
        Role::EndOfFlags => "end".to_owned(),
    };
    format!("{}={role}", item.text)
}

fn check(line: &str, expected: &[&str]) {
    assert_eq!(roles(line), expected, "{line}");
}

#[test]
fn names_find_their_spec() {
    assert_eq!(lookup("/usr/bin/python").map(|spec| spec.name), Some("python3"));
    assert_eq!(lookup("sh").map(|spec| spec.name), Some("bash"));
    assert!(lookup("frobnicate").is_none());
    assert!(lookup("git").and_then(|git| git.subcommand("push")).is_some());
}

#[test]
fn a_dialect_s_own_commands_come_before_programs() {
    let name = |name: &str, dialect| lookup_in(name, dialect).map(|spec| spec.name);
    assert_eq!(name("rm", Dialect::Bash), Some("rm"));
    assert_eq!(name("remove-ITEM", Dialect::PowerShell), Some("Remove-Item"));
    assert_eq!(name("ri", Dialect::PowerShell), Some("Remove-Item"));
    assert_eq!(name("Remove-Item", Dialect::Bash), None);
    assert_eq!(name(r"C:\Program Files\Git\bin\git.exe", Dialect::PowerShell), Some("git"));
}

#[test]
fn words_of_cmdlets_have_roles() {
    let check = |line: &str, expected: &[&str]| {
        let words: Vec<&str> = line.split(' ').collect();
        let spec = lookup_in(words[0], Dialect::PowerShell).unwrap();
        let args = parse_args(spec, &words[1..]);
        let found: Vec<String> = args.items.iter().map(shown).collect();
        assert_eq!(found, expected, "{line}");
    };
    check("ri x -rec -FORCE", &["x=path", "-rec=flag -Recurse", "-FORCE=flag -Force"]);
    check("ri -path:x -f", &["-path=flag -Path", "x=value of -Path", "-f=unknown"]);
    check("ri -Exclude *.txt x", &["-Exclude=flag -Exclude", "*.txt=value of -Exclude", "x=path"]);
}

#[test]
fn words_have_roles() {
    check("rm -rf build", &["r=flag -r", "f=flag -f", "build=file"]);
    check("rm -- -x", &["--=end", "-x=file"]);
    check("head -n5 a", &["n=flag -n", "5=value of -n", "a=file"]);
    check("head -5 a", &["-=flag -", "5=value of -", "a=file"]);
    check("head --lines=5 a", &["--lines=flag -n", "5=value of -n", "a=file"]);
    check("head --lin 5", &["--lin=flag -n", "5=value of -n"]);
    check("ls --color a", &["--color=flag --color", "a=path"]);
    check("ls --no-such-flag", &["--no-such-flag=unknown"]);
    check("sed -i.bak s/a/b/ x", &["i=flag -i", ".bak=value of -i", "s/a/b/=script", "x=file"]);
    check(
        "tar xzf a -C b",
        &["x=flag -x", "z=flag -z", "f=flag -f", "a=value of -f", "-C=flag -C", "b=value of -C"],
    );
    check("cp a b c", &["a=source", "b=source", "c=destination"]);
    check("cp -t d a b", &["-t=flag -t", "d=value of -t", "a=source", "b=source"]);
    check("grep -e x a b", &["-e=flag -e", "x=value of -e", "a=file", "b=file"]);
    check("dd if=a of=b", &["if=key if", "a=value of if", "of=key of", "b=value of of"]);
    check(
        "find . -name x -delete",
        &[".=start", "-name=flag -name", "x=value of -name", "-delete=flag -delete"],
    );
    check(
        "find . -exec rm {} ; -print",
        &[
            ".=start",
            "-exec=flag -exec",
            "rm=value of -exec",
            "{}=value of -exec",
            ";=value of -exec",
            "-print=flag -print",
        ],
    );
    check("sudo -u anna ls -l", &["-u=flag -u", "anna=value of -u", "ls=command", "-l=command"]);
    check(
        "env -i A=1 B=2 ls -l",
        &["-i=flag -", "A=1=assignment", "B=2=assignment", "ls=command", "-l=command"],
    );
    check(
        "timeout -k 5 3 rm -rf x",
        &["-k=flag -k", "5=value of -k", "3=duration", "rm=command", "-rf=command", "x=command"],
    );
    check("ssh -p 22 host ls -l", &["-p=flag -p", "22=value of -p", "host=host", "ls=command", "-l=command"]);
    check("bash -xc code a", &["x=flag -x", "c=flag -c", "code=code", "a=argument"]);
    check(
        "git -C x push -f origin",
        &["-C=flag -C", "x=value of -C", "push=sub", "-f=flag -f", "origin=remote"],
    );
    check("docker compose down -v", &["compose=sub", "down=sub", "-v=flag -v"]);
    check("kill -9 12", &["-=flag -", "9=value of -", "12=process"]);
    check("xargs -n1 rm -f", &["n=flag -n", "1=value of -n", "rm=command", "-f=command"]);
}

/// Every spec and subcommand, with its path of names and the dialect it belongs to.
fn walk(visit: &mut dyn FnMut(&'static Spec, &str, Dialect)) {
    fn go(
        spec: &'static Spec,
        path: &str,
        dialect: Dialect,
        visit: &mut dyn FnMut(&'static Spec, &str, Dialect),
    ) {
        visit(spec, path, dialect);
        let subcommands: &'static [Spec] = spec.subcommands;
        let verbs = spec.verbs.iter().flat_map(|set| set.iter());
        for sub in subcommands.iter().chain(verbs) {
            go(sub, &format!("{path} {}", sub.name), dialect, visit);
        }
    }
    for spec in all() {
        go(spec, spec.name, Dialect::Bash, visit);
    }
    for &dialect in Dialect::ALL {
        for spec in all_of(dialect) {
            go(spec, spec.name, dialect, visit);
        }
    }
}

#[test]
fn tables_are_sorted_and_unique() {
    for table in Dialect::ALL.iter().filter_map(|&dialect| packed::own(dialect)).chain([packed::programs()]) {
        let (names, all): (Vec<&str>, Vec<&str>) = (table.own_names().collect(), table.names().collect());
        assert!(names.is_sorted_by(|a, b| a < b) && all.is_sorted_by(|a, b| a < b));
        assert!(table.all().map(|spec| spec.name).eq(names));
    }
    walk(&mut |spec, path, _| {
        assert!(spec.subcommands.windows(2).all(|pair| pair[0].name < pair[1].name), "{path}");
        let mut names: Vec<&str> = spec.flags.iter().flat_map(|flag| flag.names.iter().copied()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{path}: {names:?}");
        for flag in spec.flags {
            let dashed = flag.names.iter().all(|name| {
                name.starts_with(['-', '+'])
                    || spec.style.one_dash
                    || spec.style.bare_bundle
                    || spec.style.slash
            });
            assert!(dashed, "{path}: {:?}", flag.names);
        }
    });
}

#[test]
fn sentences_are_short_and_whole() {
    walk(&mut |spec, path, _| {
        for text in spec.flags.iter().map(|flag| flag.doc).chain([spec.summary]) {
            assert!(text.len() <= 90 && text.ends_with('.'), "{path}: {text:?}");
            assert!(!text.starts_with(|first: char| first.is_lowercase()), "{path}: {text:?}");
        }
    });
}

#[test]
fn every_example_parses_and_lowers() {
    let mut examples = 0;
    walk(&mut |spec, path, dialect| {
        for line in spec.examples {
            examples += 1;
            let parsed = syntax::parse(line, dialect);
            assert!(parsed.is_complete(), "{line}");
            let report = safety::check(line, &Context::new(dialect));
            assert!(report.coverage.is_full(), "{line}");
            assert!(report.risk < Risk::Critical, "{line}: {:?}", report.findings);
            let words: Vec<&str> = line.split_whitespace().collect();
            if spec.complete
                && lookup_in(words[0], dialect).is_some_and(|other| other.name == spec.name)
                && !line.contains(['|', '\''])
            {
                let args = parse_args(spec, &words[1..]);
                let unknown: Vec<&str> = args.unknown_flags().collect();
                assert!(unknown.is_empty(), "{line}: {unknown:?}");
            }
        }
        assert!(path.contains(' ') || !spec.examples.is_empty(), "{path} has no example");
    });
    assert!(examples > 150);
}

#[test]
fn any_words_are_given_roles() {
    // Words that end where a spec wants more, and bundles of letters that are none.
    for spec in all() {
        for words in [
            &["-"][..],
            &["--"],
            &["---"],
            &["--="],
            &["-="],
            &["=", "+"],
            &["-é=ü"],
            &["-C"],
            &["-exec", "{}", "+"],
        ] {
            let args = parse_args(spec, words);
            assert!(args.items.iter().all(|item| item.word < words.len()));
            for item in &args.items {
                assert_eq!(&words[item.word][item.start..item.start + item.text.len()], item.text);
            }
        }
    }
}
