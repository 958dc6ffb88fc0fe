//! With the table of more tools, without it, and with one that cannot be used.

use std::path::PathBuf;

use cmdai_breadth::{Tool, ToolFlag, compile};

use crate::harness::Place;

/// A place with a table of one tool.
fn with_table() -> (Place, PathBuf) {
    let place = Place::new().without_model();
    let fresh = ToolFlag {
        names: vec!["--fresh".into()],
        about: "Starts over".into(),
        inherited: true,
        ..ToolFlag::default()
    };
    let list = Tool { names: vec!["list".into()], about: "Lists what is there.".into(), ..Tool::default() };
    let pile = Tool {
        names: vec!["pile".into()],
        about: "Keeps things on piles.".into(),
        flags: vec![fresh],
        subcommands: vec![list],
        ..Tool::default()
    };
    let path = place.home.path().join("breadth.table");
    std::fs::write(&path, compile(&[pile], "tests 1")).unwrap();
    (place.with("CMDAI_BREADTH", &path), path)
}

#[test]
fn explain_tells_what_the_table_knows_and_marks_it() {
    let (place, _) = with_table();
    let run = place.run(&["explain", "pile list --fresh > out"]);
    let expect = "writes ~/out\n  \
                  pile       Keeps things on piles. *\n    \
                  list     Lists what is there. *\n    \
                  --fresh  Starts over. *\n    \
                  > out    Writes standard output to out, replacing what was there.\n  \
                  * from the table of more tools, in their makers' words\n";
    assert_eq!((run.code, run.stdout.as_str()), (0, expect), "{run:#?}");
    let json = place.run(&["explain", "--json", "pile --fresh"]).json();
    assert_eq!(
        (&json["parts"][1]["meaning"], &json["parts"][1]["source"]),
        (&"Starts over.".into(), &"table".into())
    );
    let lines = place.pipe(&["explain", "--jsonl"], "{\"command\": \"pile\"}\n");
    assert!(lines.stdout.contains("Keeps things on piles."), "{lines:#?}");
}

#[test]
fn everything_works_without_it() {
    for name in ["none", "/nonexistent/table"] {
        let place = Place::new().with("CMDAI_BREADTH", name);
        let run = place.run(&["explain", "pile list --fresh"]);
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (0, "note: no description of this command is known yet\n"),
            "{name}"
        );
        assert_eq!(place.run(&["explain", "ls"]).code, 0, "{name}");
    }
}

#[test]
fn the_doctor_tells_of_it() {
    let (place, path) = with_table();
    let run = place.run(&["doctor", "--json"]);
    let breadth = &run.json()["breadth"];
    assert_eq!(
        (&breadth["source"], &breadth["names"], &breadth["ok"]),
        (&"tests 1".into(), &1.into(), &true.into())
    );

    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let run = place.run(&["doctor"]);
    assert!(
        run.stdout.contains("FAIL  breadth") && run.stdout.contains("does not fit its checksum"),
        "{run:#?}"
    );

    let none = Place::new().without_model().run(&["doctor"]);
    assert!(none.stdout.contains("ok    breadth    no table of more tools"), "{none:#?}");
}

#[test]
fn a_verdict_is_the_same_with_it_and_without() {
    let (place, _) = with_table();
    for line in ["pile list --fresh", "rm -rf ~", "git push --force"] {
        let with = place.run(&["check", "--json", line]);
        let without = Place::new().run(&["check", "--json", line]);
        assert_eq!((with.code, with.json()), (without.code, without.json()), "{line}");
    }
}
