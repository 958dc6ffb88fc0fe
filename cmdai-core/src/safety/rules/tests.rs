use std::collections::HashSet;

use super::ALL;
use crate::line::Dialect;
use crate::safety::check;
use crate::{Context, Os};

/// The lines of the fenced blocks of one kind in a rule's documentation.
fn examples(docs: &str, kind: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in docs.lines().map(str::trim) {
        match line.strip_prefix("```") {
            Some(fence) => inside = fence == kind,
            None if inside => lines.push(written_out(line)),
            None => {}
        }
    }
    lines
}

/// Characters that cannot be seen are written `\u{200b}` in documentation.
fn written_out(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let (code, after) = after.split_once('}').unwrap_or((after, ""));
        out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        rest = after;
    }
    out + rest
}

#[test]
fn every_example_holds() {
    // `sh` is the name that editors colour; what is meant is bash.
    let shells = [
        ("sh", Dialect::Bash, Os::Linux),
        ("zsh", Dialect::Zsh, Os::Linux),
        ("fish", Dialect::Fish, Os::Linux),
        ("nu", Dialect::Nu, Os::Linux),
        ("powershell", Dialect::PowerShell, Os::Windows),
    ];
    let mut wrong = Vec::new();
    for rule in ALL {
        for (shell, dialect, os) in shells {
            let flagged = examples(rule.docs, &format!("{shell},flagged"));
            let clean = examples(rule.docs, &format!("{shell},clean"));
            assert_eq!(
                flagged.is_empty(),
                clean.is_empty(),
                "{} has {shell} examples of both kinds",
                rule.name
            );
            assert!(shell != "sh" || !flagged.is_empty(), "{} has examples", rule.name);
            let ctx = Context::new(dialect).with_os(os);
            for (lines, expected) in [(flagged, true), (clean, false)] {
                for line in lines {
                    let report = check(&line, &ctx);
                    let found = report.findings.iter().any(|finding| finding.rule == rule.name);
                    if found != expected {
                        let names: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
                        wrong.push(format!(
                            "{}: {shell}: {line}: flagged {found}, findings {names:?}",
                            rule.name
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_that_say_critical_are_listed() {
    let ctx = Context::new(Dialect::Bash);
    for rule in ALL {
        for line in examples(rule.docs, "sh,flagged") {
            for finding in check(&line, &ctx).findings {
                let critical = finding.risk == crate::safety::Risk::Critical;
                assert!(
                    !critical || crate::safety::may_be_critical(finding.rule),
                    "{}: {line}",
                    finding.rule
                );
            }
        }
    }
}

#[test]
fn names_are_sorted_unique_and_those_of_the_files() {
    for pair in ALL.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} comes before {}", pair[0].name, pair[1].name);
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/safety/rules");
    let files: HashSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "mod.rs" && name != "tests.rs")
        .collect();
    let named: HashSet<String> =
        ALL.iter().map(|rule| format!("{}.rs", rule.name.replace('-', "_"))).collect();
    assert_eq!(files, named);
    for rule in ALL {
        let kebab = rule.name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
        assert!(kebab, "{} is not kebab-case", rule.name);
        let first = rule.docs.trim().lines().next().unwrap_or_default();
        assert!(first.ends_with('.'), "{} begins with a sentence", rule.name);
        assert!(rule.docs.contains("## Why"), "{} says why", rule.name);
    }
}
