//! `cmdai doctor` where things are missing.

use crate::harness::Place;

#[test]
fn a_missing_model_is_told_with_the_way_out() {
    let run = Place::new().without_model().run(&["doctor"]);
    assert_eq!((run.code, run.stderr.as_str()), (4, ""));
    assert!(run.stdout.contains("FAIL  model"), "{run:#?}");
    assert!(run.stdout.contains("ok    shell"), "{run:#?}");
    assert!(run.stdout.contains("hint: "), "{run:#?}");
}

#[test]
fn the_places_that_have_none_are_told_where_asked_for() {
    let place = Place::new().without_model().with("ORT_DYLIB_PATH", "/nonexistent/libonnxruntime.so");
    let named = |args: &[&str]| place.run(args).stdout.matches("before it: ").count();
    // Whether a library is found is up to the machine; where none is, all places are told as what is wrong.
    assert_eq!(named(&["doctor"]), 0);
    let runtime = &place.run(&["doctor", "--json"]).json()["runtime"];
    if runtime["ok"] == true {
        assert!(named(&["doctor", "--verbose"]) >= runtime["tried"].as_array().unwrap().len());
    }
}

#[test]
fn the_report_is_json_for_programs() {
    let run = Place::new().without_model().run(&["doctor", "--json"]);
    let report = run.json();
    assert_eq!(run.code, 4);
    assert_eq!((&report["ok"], &report["model"]["ok"]), (&false.into(), &false.into()));
    assert_eq!(report["model"]["error"]["code"], "model_not_found");
    assert_eq!(report["cmdai"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(report["config"]["found"], false);
}

#[test]
fn a_broken_configuration_does_not_stop_it() {
    let place = Place::new().without_model();
    place.config("shel = 1");
    let run = place.run(&["doctor"]);
    assert_eq!(run.code, 6);
    assert!(run.stdout.contains("FAIL  config") && run.stdout.contains("unknown key `shel`"), "{run:#?}");
    assert!(run.stdout.contains("FAIL  model"), "{run:#?}");
}
