//! The memory: answers without a model, intents of one's own, and where an answer comes from.

use crate::harness::Place;

#[test]
fn what_the_memory_knows_needs_no_model() {
    let place = Place::new().without_model();
    place.run(&["count the lines of notes.txt"]).is(0, "wc -l notes.txt\n", "");
    let answer = place.run(&["--json", "count the lines of notes.txt"]).json();
    assert_eq!(answer["candidates"][0]["origin"], "memory");
    assert!(answer["candidates"][0]["intent"]["id"].is_string(), "{answer}");
}

#[test]
fn it_tells_where_an_answer_comes_from() {
    let run = Place::new().without_model().run(&["--why", "count the lines of notes.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "wc -l notes.txt\n"));
    assert!(run.stderr.contains("intent ") && run.stderr.contains("away"), "{run:#?}");
    // Stems are no sentence that anybody said.
    assert!(run.stderr.contains("words that tell, as stems: "), "{run:#?}");
}

#[test]
fn intents_of_ones_own_come_first_and_bad_lines_are_named() {
    let place = Place::new().without_model();
    let folder = place.home.path().join(".config/cmdai/intents");
    std::fs::create_dir_all(&folder).unwrap();
    let lines = concat!(
        "# what we do all day\n",
        r#"{"id": "deploy", "nl": ["deploy {branch} to staging", "ship {branch} to staging"], "cmd": "make deploy REF={branch}", "slots": {"branch": "branch"}}"#,
        "\n",
        r#"{"id": "look", "nl": ["list files"], "cmd": "ls -lah"}"#,
        "\n",
        r#"{"id": "broken", "nl": ["x"], "cmd": "echo {y}"}"#,
        "\n"
    );
    std::fs::write(folder.join("team.jsonl"), lines).unwrap();
    let place = place.with("XDG_CONFIG_HOME", folder.parent().unwrap().parent().unwrap());
    let run = place.run(&["ship feature/x1 to staging"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "make deploy REF=feature/x1\n"), "{run:#?}");
    assert!(run.stderr.contains("team.jsonl:4: cmd has the slot {y}"), "{run:#?}");
    // A name that is a plain word, and words that one of ours has too.
    assert_eq!(place.run(&["ship main to staging"]).stdout, "make deploy REF=main\n");
    assert_eq!(place.run(&["list files"]).stdout, "ls -lah\n");
}
