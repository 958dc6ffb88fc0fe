//! Scripts in files, and SARIF.

use crate::harness::Place;

fn script(name: &str, text: &str) -> Place {
    let place = Place::new();
    std::fs::write(place.home.path().join(name), text).unwrap();
    place
}

#[test]
fn findings_of_a_script_have_lines_and_columns() {
    let place = script("deploy.sh", "#!/bin/bash\nset -e\n  git reset --hard\n");
    let run = place.run(&["check", "--file", "deploy.sh"]);
    assert_eq!(run.code, 10, "{run:#?}");
    assert!(run.stdout.contains("deploy.sh:3:3"), "{run:#?}");
    assert!(run.stdout.contains("deploy.sh: risk: high, verdict: ask"), "{run:#?}");
    let value = place.run(&["check", "--json", "--file", "deploy.sh"]).json();
    assert_eq!(
        (&value["file"], &value["findings"][0]["start"]),
        (&"deploy.sh".into(), &serde_json::json!([3, 3]))
    );
}

#[test]
fn the_strictest_of_several_is_the_exit_code() {
    let place = script("a.sh", "ls\n");
    std::fs::write(place.home.path().join("b.sh"), "rm -rf /\n").unwrap();
    assert_eq!(place.run(&["check", "--file", "a.sh"]).code, 0);
    assert_eq!(place.run(&["check", "--file", "a.sh", "--file", "b.sh"]).code, 11);
    // As a shell writes out `--file *.sh`, options behind it too.
    let run = place.run(&["check", "--file", "a.sh", "b.sh"]);
    assert_eq!(run.code, 11, "{run:#?}");
    assert!(run.stdout.contains("a.sh: risk: safe, verdict: allow\n"), "{run:#?}");
    assert!(run.stdout.contains("b.sh:1:8") && run.stdout.contains("b.sh: risk: critical"), "{run:#?}");
    std::fs::write(place.home.path().join("c d.sh"), "git clean -fd\n").unwrap();
    let run = place.run(&["check", "--file", "a.sh", "b.sh", "c d.sh", "--sarif"]);
    let results = run.json()["runs"][0]["results"].clone();
    let uri = |nth: usize| {
        results[nth]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!((run.code, uri(0), uri(1)), (11, "b.sh".to_owned(), "c%20d.sh".to_owned()), "{run:#?}");
    let lines = place.run(&["check", "--json", "--file", "a.sh", "b.sh"]).json_lines();
    assert_eq!((&lines[0]["file"], &lines[1]["file"]), (&"a.sh".into(), &"b.sh".into()));
    place
        .run(&["check", "--file", "absent.sh"])
        .fails(2, &["failed to read the script absent.sh: no such file"]);
    script("x.py", "#!/usr/bin/env python3\n")
        .run(&["check", "--file", "x.py"])
        .fails(2, &["its first line names python3, which is no shell"]);
}

#[test]
fn a_script_may_come_on_standard_input_by_name() {
    let place = Place::new();
    let run = place.pipe(&["check", "--file", "-"], "#!/bin/sh\nrm -rf /\n");
    assert!(run.code == 11 && run.stdout.contains("-: risk: critical, verdict: deny"), "{run:#?}");
    place.pipe(&["check", "--file", "-"], "\n").fails(2, &["read the script -: standard input is empty"]);
    let run = place.pipe(&["check", "--sarif", "--file", "-"], "rm -rf /\n");
    assert!(run.stdout.contains("\"uri\": \"stdin\""), "{run:#?}");
    place
        .pipe(&["check", "--file", "-"], "#!/usr/bin/env python3\n")
        .fails(2, &["python3, which is no shell"]);
}

#[test]
fn sarif_is_what_code_scanning_reads() {
    let place = script("a b.sh", "ls\nrm -rf ~\n");
    let run = place.run(&["check", "--sarif", "--file", "a b.sh"]);
    assert_eq!(run.code, 11, "{run:#?}");
    let value = run.json();
    assert_eq!(value["version"], "2.1.0");
    let result = &value["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"rm-home".into(), &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.sh");
    assert_eq!(place["region"]["startLine"], 2);
    let rule = &value["runs"][0]["tool"]["driver"]["rules"][0];
    assert!(rule["shortDescription"]["text"].as_str().is_some_and(|text| text.ends_with('.')), "{rule}");
    let clean = script("c.sh", "ls\n").run(&["check", "--sarif", "--file", "c.sh"]);
    assert_eq!((clean.code, clean.json()["runs"][0]["results"].as_array().map(Vec::len)), (0, Some(0)));
}

#[test]
fn what_can_be_undone_is_told() {
    let run = Place::new().run(&["check", "git reset --hard"]);
    assert!(run.stdout.contains("undo: commits: `git reflog`"), "{run:#?}");
}
