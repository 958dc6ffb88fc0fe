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
    place
        .run(&["check", "--file", "absent.sh"])
        .fails(2, &["failed to read the script absent.sh: no such file"]);
    script("x.py", "#!/usr/bin/env python3\n")
        .run(&["check", "--file", "x.py"])
        .fails(2, &["its first line names python3, which is no shell"]);
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
