//! The real model, where there is one.

use crate::harness::Place;

/// A place with model and runtime, or `None` where they are absent and nobody requires them.
pub(crate) fn place() -> Option<Place> {
    let place = Place::new();
    let mut place =
        ["CMDAI_MODEL", "CMDAI_ORT_DYLIB"].iter().fold(place, |place, name| match std::env::var(name) {
            Ok(value) => place.with(name, value),
            Err(_) => place,
        });
    place = place.with("XDG_CACHE_HOME", std::env::temp_dir().join("cmdai-test-cache"));
    let run = place.run(&["doctor", "--json"]);
    if run.code == 0 {
        return Some(place);
    }
    assert!(std::env::var_os("CMDAI_REQUIRE_MODEL").is_none(), "no usable model: {run:#?}");
    eprintln!("skipped: no usable model or runtime");
    None
}

#[test]
fn the_doctor_is_content() {
    let Some(place) = place() else { return };
    let report = place.run(&["doctor", "--json"]).json();
    assert_eq!(report["ok"], true);
    assert_eq!(report["telemetry"]["off"], true);
    assert!(report["inference"]["decoded_tokens"].as_u64() > Some(0), "{report}");
    assert_eq!(report["model"]["verified"], true);
}

#[test]
fn a_request_gets_a_bare_command() {
    let Some(place) = place() else { return };
    let run = place.run(&["list", "all", "files", "in", "this", "folder"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.stdout.lines().count(), 1, "{run:#?}");
    assert!(run.stdout.starts_with("ls") || run.stdout.starts_with("find"), "{run:#?}");
}

#[test]
fn a_batch_keeps_its_order() {
    let Some(place) = place() else { return };
    let input = "{\"id\":1,\"request\":\"show the current directory\"}\nbad\n{\"id\":2,\"request\":\"list running processes\"}\n";
    let run = place.pipe(&["generate", "--jsonl"], input);
    let lines = run.json_lines();
    assert_eq!((run.code, lines.len()), (0, 3), "{run:#?}");
    assert_eq!((&lines[0]["id"], &lines[2]["id"]), (&1.into(), &2.into()));
    assert_eq!(lines[1]["error"]["code"], "input");
}

#[test]
fn a_home_that_cannot_be_written_is_no_obstacle() {
    let Some(place) = place() else { return };
    // Nobody can make a file here, root included.
    let place = place.with("HOME", "/proc/self").with("XDG_CACHE_HOME", "/proc/self/cache");
    let run = place.run(&["list", "all", "files", "in", "this", "folder"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
}

#[test]
fn inference_leaves_nothing_in_the_home_but_its_cache() {
    let Some(place) = place() else { return };
    let cache = tempfile::tempdir().unwrap();
    let place = place.with("XDG_CACHE_HOME", cache.path());
    assert_eq!(place.run(&["list", "all", "files", "in", "this", "folder"]).code, 0);
    let left: Vec<_> =
        std::fs::read_dir(place.home.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
    let cached: Vec<_> =
        std::fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(cached.iter().all(|name| name == "cmdai"), "{cached:?}");
}

#[test]
fn a_model_that_was_changed_is_not_used() {
    let Some(place) = place() else { return };
    let report = place.run(&["doctor", "--json"]).json();
    let folder = std::path::PathBuf::from(report["model"]["path"].as_str().unwrap());
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let graph = copy.path().join("model.onnx");
    let mut bytes = std::fs::read(&graph).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&graph, bytes).unwrap();
    let place = place.with("CMDAI_MODEL", copy.path());
    place.run(&["list files by size whose names rhyme"]).fails(4, &["model.onnx", "sha256", "hint: "]);
    std::fs::write(&graph, "").unwrap();
    place.run(&["list files by size whose names rhyme"]).fails(4, &["model.onnx", "has 0 bytes"]);
}

#[test]
fn a_time_limit_is_kept() {
    let Some(place) = place() else { return };
    let run = place.run(&["--timeout", "1ms", "find the files below my home whose names rhyme with orange"]);
    run.fails(7, &["time"]);
}

#[test]
fn a_runtime_that_is_none_is_named() {
    let Some(place) = place() else { return };
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "not a library").unwrap();
    let place = place.with("CMDAI_ORT_DYLIB", text.path());
    place
        .run(&["list files by size whose names rhyme"])
        .fails(5, &["ONNX Runtime library", text.path().to_str().unwrap()]);
    let place = place.with("CMDAI_ORT_DYLIB", "/nonexistent/libonnxruntime.so");
    place
        .run(&["list files by size whose names rhyme"])
        .fails(5, &["/nonexistent/libonnxruntime.so", "hint: "]);
    assert_eq!(place.run(&["doctor"]).code, 5);
}

#[cfg(target_os = "linux")]
#[test]
fn where_memory_is_limited_what_needs_no_model_works_and_the_rest_says_so() {
    let Some(place) = place() else { return };
    let run = |args: &str| {
        let command = place.command::<&str>(&[]);
        let mut shell = std::process::Command::new("/bin/sh");
        shell.arg("-c").arg(format!("ulimit -v 300000; exec \"$0\" {args}")).arg(command.get_program());
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell.stdin(std::process::Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run("check ls").0, Some(0));
    assert_eq!(run("explain ls").0, Some(0));
    let (code, stderr) = run("generate zorble the frobnicated quux nineteen times");
    assert!(code == Some(5) && stderr.contains("ulimit -v"), "{code:?} {stderr}");
}
