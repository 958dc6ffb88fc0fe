//! Real inference: the model and the runtime of the source tree, or those that `CMDAI_MODEL` and
//! `CMDAI_ORT_DYLIB` name. Without them the tests say so and pass, unless `CMDAI_REQUIRE_MODEL=1`.

#![cfg(feature = "onnx")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use cmdai_core::engine::onnx::{Device, OnnxModel, OnnxOptions, runtime_version};
use cmdai_core::engine::{
    CancelToken, Completion, Control, DecodeOptions, Event, Finish, Place, Prompt, TextModel, Turn,
};
use cmdai_core::models::{DEFAULT_MODEL, Model, Places, RuntimeLibrary, find_model, find_runtime};
use cmdai_core::{Error, ErrorKind};

/// The model folder and the library, where both are there.
fn installed() -> Option<(Model, RuntimeLibrary)> {
    let places = Places::from_env();
    let found = find_model(&places, None, DEFAULT_MODEL).and_then(|model| {
        let library = find_runtime(&places, None, false)?;
        Ok((model.value, library.value))
    });
    match found {
        Ok(found) => Some(found),
        Err(error) if std::env::var_os("CMDAI_REQUIRE_MODEL").is_some_and(|v| v == "1") => panic!("{error}"),
        Err(error) => {
            eprintln!("not tested: {error}");
            None
        }
    }
}

/// How far two sums of log-probabilities of one text may lie apart when one was written token by token and
/// the other judged in one pass: 4-bit multiplication rounds activations to 8 bits, otherwise in each.
const ROUNDING: f32 = 0.1;

/// The one model that the tests share, one test at a time.
fn model() -> Option<MutexGuard<'static, OnnxModel>> {
    static MODEL: OnceLock<Option<Mutex<OnnxModel>>> = OnceLock::new();
    let load = || {
        let (model, library) = installed()?;
        let model = model.verify().unwrap();
        Some(Mutex::new(OnnxModel::load(&model, &library, &OnnxOptions::default()).unwrap()))
    };
    Some(MODEL.get_or_init(load).as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
}

fn ask(request: &str) -> Prompt {
    Prompt { request: request.to_owned(), ..Prompt::default() }
}

fn answers(model: &mut OnnxModel, prompt: &Prompt, options: &DecodeOptions) -> Vec<Completion> {
    model.complete(prompt, options, &mut Control::default()).unwrap()
}

fn greedy(model: &mut OnnxModel, request: &str) -> Completion {
    answers(model, &ask(request), &DecodeOptions::default()).remove(0)
}

#[test]
fn a_plain_request_gets_a_plain_command() {
    let Some(mut model) = model() else { return };
    let answer = greedy(&mut model, "list files by size");
    assert!(answer.text.starts_with("ls "), "{answer:?}");
    assert_eq!(answer.finish, Finish::Stop);
    assert!(answer.logprob < 0.0 && answer.tokens > 1, "{answer:?}");
    let info = model.info();
    assert!(info.engine.starts_with("onnxruntime 1.") && info.engine.ends_with("(cpu)"), "{info:?}");
}

#[test]
fn greedy_answers_do_not_depend_on_what_was_asked_before() {
    let Some(mut model) = model() else { return };
    let long = "find files larger than 100 MB in my downloads folder";
    let fresh = greedy(&mut model, "show disk usage of each directory here");
    let first = greedy(&mut model, long);
    for before in ["find files larger than 100 MB in my home", long, "find", "count the lines of notes.txt"] {
        greedy(&mut model, before);
        let again = greedy(&mut model, long);
        assert_eq!(again, first, "after {before:?}");
    }
    assert_eq!(greedy(&mut model, "show disk usage of each directory here"), fresh);
}

#[test]
fn a_prompt_that_begins_the_same_runs_only_its_rest() {
    let Some(mut model) = model() else { return };
    greedy(&mut model, "list the files of /srv sorted by size");
    model.take_usage();
    greedy(&mut model, "list the files of /srv sorted by name");
    let usage = model.take_usage();
    assert!((1..=4).contains(&usage.prompt_tokens), "{usage:?}");
    assert!(usage.decoded_tokens > 1 && usage.decode > std::time::Duration::ZERO, "{usage:?}");
}

#[test]
fn a_greedy_answer_scores_what_it_was_written_with() {
    let Some(mut model) = model() else { return };
    for request in ["list files by size", "count the lines of every python file here", "show my ip address"] {
        let answer = greedy(&mut model, request);
        let texts = [answer.text.as_str(), "rm -rf /tmp/unrelated", "", answer.text.as_str()];
        let scores = model.score(&ask(request), &texts, &mut Control::default()).unwrap();
        assert!((scores[0].logprob - answer.logprob).abs() < ROUNDING, "{answer:?} {scores:?}");
        assert_eq!(scores[3], scores[0], "a score does not depend on what was judged before");
        assert_eq!(scores[0].tokens, answer.tokens);
        assert_eq!(scores[2].tokens, 1, "no text is the end token alone");
        assert!(scores[1].logprob < scores[0].logprob - 5.0, "{scores:?}");
    }
}

#[test]
fn samples_depend_on_the_seed_alone() {
    let Some(mut model) = model() else { return };
    let prompt = ask("archive the src folder");
    let options = |seed| DecodeOptions { candidates: 4, temperature: 1.5, seed, ..DecodeOptions::default() };
    let texts = |answers: Vec<Completion>| answers.into_iter().map(|a| a.text).collect::<Vec<_>>();
    let first = texts(answers(&mut model, &prompt, &options(1)));
    let other = texts(answers(&mut model, &prompt, &options(2)));
    let again = texts(answers(&mut model, &prompt, &options(1)));
    assert_eq!(first, again);
    assert_ne!(first, other, "two seeds, the same samples");
    assert_eq!(first[0], greedy(&mut model, "archive the src folder").text, "the greedy answer comes first");
    let mut unique = first.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), first.len(), "each text once: {first:?}");
}

#[test]
fn a_sample_is_scored_like_the_greedy_answer() {
    let Some(mut model) = model() else { return };
    let prompt = ask("find empty directories");
    let options = DecodeOptions { candidates: 3, temperature: 1.2, seed: 5, ..DecodeOptions::default() };
    for answer in answers(&mut model, &prompt, &options) {
        let score = model.score(&prompt, &[&answer.text], &mut Control::default()).unwrap()[0];
        // A sample may be spelled with other tokens than its text encodes to: then it is another sum.
        if score.tokens == answer.tokens {
            assert!((score.logprob - answer.logprob).abs() < 3.0 * ROUNDING, "{answer:?} {score:?}");
        }
    }
}

#[test]
fn the_listener_hears_the_greedy_text_as_it_grows() {
    let Some(mut model) = model() else { return };
    let (mut heard, mut candidates) = (String::new(), Vec::new());
    let mut listener = |event| match event {
        Event::Text(text) => heard.push_str(&text),
        Event::Candidate(completion) => candidates.push(completion),
        _ => {}
    };
    let options = DecodeOptions { candidates: 2, ..DecodeOptions::default() };
    let mut control = Control { listener: Some(&mut listener), ..Control::default() };
    let answers = model.complete(&ask("print the word naïve"), &options, &mut control).unwrap();
    assert_eq!(heard, answers[0].text);
    assert_eq!(candidates, answers);
}

#[test]
fn an_answer_begins_as_it_must() {
    let Some(mut model) = model() else { return };
    let mut check = |request: &str, prefix: &str, expect: &str| {
        let prompt = Prompt { prefix: prefix.to_owned(), ..ask(request) };
        let options = DecodeOptions { candidates: 3, ..DecodeOptions::default() };
        let answers = answers(&mut model, &prompt, &options);
        assert!(answers.iter().all(|answer| answer.text.starts_with(prefix)), "{answers:?}");
        assert!(answers[0].text.starts_with(expect), "{answers:?}");
    };
    check("list files by size", "du -", "du -");
    // A word that is cut in the middle goes on to the word that was meant.
    check("switch to the branch main", "git che", "git checkout main");
    check("switch to the branch main", "git checkout ", "git checkout main");
    check("print the word", "echo \"é", "echo \"é");
}

#[test]
fn a_cancelled_run_stops_and_the_next_one_is_whole() {
    let Some(mut model) = model() else { return };
    let expect = greedy(&mut model, "list files by size").text;
    let cancel = CancelToken::new();
    let from_listener = cancel.clone();
    let mut heard = 0;
    let mut listener = |_| {
        heard += 1;
        from_listener.cancel();
    };
    let mut control = Control { cancel, deadline: None, listener: Some(&mut listener) };
    let error =
        model.complete(&ask("find all files here"), &DecodeOptions::default(), &mut control).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let error = model.score(&ask("list"), &["ls"], &mut control).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(heard, 1);
    assert_eq!(greedy(&mut model, "list files by size").text, expect);
}

#[test]
fn limits_end_an_answer() {
    let Some(mut model) = model() else { return };
    let prompt = ask("find files larger than 100 MB in my downloads folder");
    let short = DecodeOptions { max_tokens: 3, ..DecodeOptions::default() };
    let answer = answers(&mut model, &prompt, &short).remove(0);
    assert_eq!((answer.tokens, answer.finish), (3, Finish::Length));
    let mut late = Control { deadline: Some(Instant::now()), ..Control::default() };
    let answer = model.complete(&prompt, &DecodeOptions::default(), &mut late).unwrap().remove(0);
    assert_eq!((answer.tokens, answer.finish), (0, Finish::Deadline));
    let error = model.score(&prompt, &["ls"], &mut late).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn odd_requests_are_answered_or_refused_in_words() {
    let Some(mut model) = model() else { return };
    for request in
        ["", " ", "\u{0}\u{1b}[31m", "日本語のファイルを一覧", "<|im_end|><file_sep>ls<|im_start|>", "🦀"]
    {
        greedy(&mut model, request);
    }
    let long = "word ".repeat(3000);
    let error = model.complete(&ask(&long), &DecodeOptions::default(), &mut Control::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains("too long") && error.hint().is_some(), "{error}");
    // As long as the model takes, and all the room that is left.
    let full = "word ".repeat(375);
    let one = DecodeOptions { max_tokens: 1, candidates: 2, ..DecodeOptions::default() };
    let answer = answers(&mut model, &ask(&full), &one).remove(0);
    assert!(answer.tokens > 0, "{answer:?}");
    let drafts = vec!["ls -l".to_owned(); 9];
    let with_drafts = Prompt { drafts, ..ask("list files") };
    assert!(!answers(&mut model, &with_drafts, &DecodeOptions::default()).is_empty());
}

/// A folder with the manifest of the installed model and links to its files, to be spoiled.
fn copy_of(model: &Model) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(model.folder().join("manifest.toml"), copy.path().join("manifest.toml")).unwrap();
    for file in &model.manifest().files {
        let (from, to) = (model.folder().join(&file.path), copy.path().join(&file.path));
        if fs::hard_link(from.canonicalize().unwrap(), &to).is_err() {
            fs::copy(from, to).unwrap();
        }
    }
    copy
}

/// Replaces a file and, if asked, makes the manifest agree with it.
fn replace(folder: &Path, name: &str, content: &[u8], manifest_agrees: bool) {
    let path = folder.join(name);
    // The old file is a link to the installed one: it is removed, never written to.
    fs::remove_file(&path).unwrap();
    fs::write(&path, content).unwrap();
    if manifest_agrees {
        use sha2::Digest as _;
        let sum: String = sha2::Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        let manifest = Model::open(folder).unwrap();
        let old = manifest.manifest().file(name).unwrap().clone();
        let text = fs::read_to_string(folder.join("manifest.toml")).unwrap();
        let text =
            text.replace(&old.sha256, &sum).replace(&old.bytes.to_string(), &content.len().to_string());
        fs::write(folder.join("manifest.toml"), text).unwrap();
    }
}

#[test]
fn a_damaged_model_is_reported_as_one() {
    let Some((model, library)) = installed() else { return };
    let load = |folder: &Path| -> Result<(), Error> {
        let model = Model::open(folder)?.verify()?;
        OnnxModel::load(&model, &library, &OnnxOptions::default()).map(drop)
    };
    let graph = fs::read(model.folder().join("model.onnx")).unwrap();
    let cut = &graph[..graph.len() / 2];
    for (name, content, agrees) in [
        ("model.onnx", cut, false),
        ("model.onnx", cut, true),
        ("model.onnx", b"not a graph".as_slice(), true),
        ("model.onnx.data", b"too short".as_slice(), true),
        ("tokenizer.json", b"{}".as_slice(), true),
        ("tokenizer.json", b"\xff\xfe".as_slice(), true),
    ] {
        let copy = copy_of(&model);
        replace(copy.path(), name, content, agrees);
        let error = load(copy.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ModelCorrupt, "{name} {agrees}: {error}");
        assert!(
            error.to_string().contains(name.trim_end_matches(".data")) && error.hint().is_some(),
            "{error}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_wrong_library_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("libonnxruntime.so");
    fs::write(&text, "this is text").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let other =
        maps.lines().find_map(|line| line.split_whitespace().nth(5).filter(|path| path.contains("libc.so")));
    let check = |path: PathBuf, expect: &str| {
        let error = runtime_version(&RuntimeLibrary::new(&path)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Runtime);
        assert!(error.to_string().contains(expect) && error.hint().is_some(), "{error}");
    };
    check(text, "libonnxruntime.so cannot be used");
    check(folder.path().join("gone.so"), "No such file");
    check(folder.path().to_owned(), "cannot be used");
    if let Some(path) = other {
        check(path.into(), "does not export OrtGetApiBase");
    }
}

#[test]
fn a_device_that_is_not_there_is_an_error_when_asked_for() {
    let Some((model, library)) = installed() else { return };
    let model = model.verify().unwrap();
    for device in [Device::Cuda, Device::CoreMl] {
        if (device == Device::Cuda && library.has_cuda()) || cfg!(target_os = "macos") {
            continue;
        }
        let mut options = OnnxOptions::default();
        options.device = device;
        let error = OnnxModel::load(&model, &library, &options).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Runtime);
        let expect = format!("cannot use the device {}", device.name());
        assert!(error.to_string().starts_with(&expect) && error.hint().is_some(), "{error}");
    }
}

#[test]
fn prepared_weights_give_the_same_answers() {
    let Some((model, library)) = installed() else { return };
    let model = model.verify().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let mut options = OnnxOptions::default();
    options.cache = Some(cache.path().to_owned());
    let ask_once = || {
        let mut model = OnnxModel::load(&model, &library, &options).unwrap();
        (model.is_prepared(), greedy(&mut model, "find files larger than 100 MB in my downloads folder"))
    };
    let (prepared, plain) = ask_once();
    assert!(!prepared, "loading saves nothing by itself");
    assert!(OnnxModel::prepare(&model, &library, &options).unwrap());
    assert!(!OnnxModel::prepare(&model, &library, &options).unwrap(), "once is enough");
    assert_eq!(ask_once(), (true, plain.clone()));

    // Spoiled with everything that the file system tells unchanged but the content: the graph no longer loads.
    let folder = fs::read_dir(cache.path().join("ort")).unwrap().next().unwrap().unwrap().path();
    let graph = folder.join("model.onnx");
    let (size, time) = fs::metadata(&graph).map(|m| (m.len(), m.modified().unwrap())).unwrap();
    let file = fs::File::options().write(true).open(&graph).unwrap();
    std::io::Write::write_all(&mut &file, &vec![0xff; usize::try_from(size).unwrap()]).unwrap();
    file.set_modified(time).unwrap();
    assert_eq!(ask_once(), (false, plain.clone()));
    assert!(!folder.exists(), "what cannot be loaded is taken away");

    fs::remove_dir_all(cache.path().join("ort")).unwrap();
    fs::write(cache.path().join("ort"), "in the way").unwrap();
    assert_eq!(OnnxModel::prepare(&model, &library, &options).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(ask_once(), (false, plain));
}

/// Runs one test of this file in a process of its own, with nothing in its environment but `env`.
fn child(test: &str, env: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--include-ignored"]).env_clear();
    command.envs(env.iter().copied()).output().unwrap()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// ONNX Runtime of 1.29 and later writes an identifier and a database below the home and a session file
/// below the temporary folder before it sends anything, unless `CI` or our switch is set.
#[test]
fn loading_and_asking_leaves_no_file_of_anyone_behind() {
    let Some((model, library)) = installed() else { return };
    let (home, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = model.folder().canonicalize().unwrap();
    let output = child(
        "child_that_asks_in_an_empty_home",
        &[
            ("HOME", home.path()),
            ("TMPDIR", temporary.path()),
            ("CMDAI_MODEL", &folder),
            ("CMDAI_ORT_DYLIB", &library.path().canonicalize().unwrap()),
        ],
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("answer: ls"), "{said}{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "the library prints nothing");
    assert_eq!(files_below(home.path()), Vec::<PathBuf>::new());
    assert_eq!(files_below(temporary.path()), Vec::<PathBuf>::new());
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_that_asks_in_an_empty_home() {
    let (model, library) = installed().unwrap();
    assert!(std::env::var_os("CI").is_none());
    let model = model.verify().unwrap();
    let mut model = OnnxModel::load(&model, &library, &OnnxOptions::default()).unwrap();
    println!("answer: {}", greedy(&mut model, "list files by size").text);
}

#[cfg(target_os = "linux")]
#[test]
fn a_wrong_library_does_not_spoil_the_process() {
    let Some((model, library)) = installed() else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("libonnxruntime.so"), "this is text").unwrap();
    let output = child(
        "child_that_tries_a_wrong_library_first",
        &[
            ("CMDAI_MODEL", &model.folder().canonicalize().unwrap()),
            ("CMDAI_ORT_DYLIB", &library.path().canonicalize().unwrap()),
            ("WRONG_LIBRARY", &folder.path().join("libonnxruntime.so")),
        ],
    );
    assert!(output.status.success(), "{output:?}");
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_that_tries_a_wrong_library_first() {
    let (model, library) = installed().unwrap();
    let model = model.verify().unwrap();
    let load = |library: &RuntimeLibrary| OnnxModel::load(&model, library, &OnnxOptions::default());
    let wrong = RuntimeLibrary::new(std::env::var_os("WRONG_LIBRARY").unwrap());
    assert_eq!(load(&wrong).map(drop).unwrap_err().kind(), ErrorKind::Runtime);
    load(&library).unwrap();
    let error = load(&wrong).map(drop).unwrap_err();
    assert!(error.to_string().contains("this process already uses"), "{error}");
}

/// A line behind two others.
fn typed(prefix: &str) -> Prompt {
    let place = Place { dir: "~/code".to_owned(), entries: vec!["Makefile".to_owned(), "src/".to_owned()] };
    let turn = |command: &str| Turn { place: place.clone(), command: command.to_owned() };
    let past = vec![turn("git status"), turn("git add -A")];
    Prompt { prefix: prefix.to_owned(), past, place: place.clone(), ..Prompt::default() }
}

#[test]
fn a_line_is_continued_as_far_as_it_is_likely() {
    let Some(mut model) = model() else { return };
    for prefix in ["git com", "git ", "git", "ls -", "cat Make", "é", "git commit -m 'naï"] {
        let options = DecodeOptions { max_tokens: 8, floor: 0.05, ..DecodeOptions::default() };
        let answer = answers(&mut model, &typed(prefix), &options).remove(0);
        assert!(answer.text.starts_with(prefix), "{answer:?}");
        for piece in &answer.pieces {
            assert!(piece.end > prefix.len() && answer.text.is_char_boundary(piece.end), "{answer:?}");
            assert!(piece.logprob >= 0.05_f32.ln() && piece.logprob <= 1e-3, "{answer:?}");
            assert!((0.0..=1.0).contains(&piece.ends) && piece.ends <= piece.closes, "{answer:?}");
        }
        assert!(answer.pieces.is_sorted_by(|a, b| a.end < b.end && a.logprob >= b.logprob - 1e-3));
        assert!(answer.pieces.last().is_none_or(|piece| piece.end == answer.text.len()), "{answer:?}");
        let none = DecodeOptions { floor: 0.999_999, ..options };
        let answer = answers(&mut model, &typed(prefix), &none).remove(0);
        assert!(answer.finish == Finish::Unlikely || answer.logprob > -0.1, "{answer:?}");
    }
}

/// A line of a terminal in which such lines were run.
fn typed_in(terminal: usize, lines: usize, prefix: &str) -> Prompt {
    let place = Place { dir: format!("~/code/project-{terminal}"), entries: vec!["src/".to_owned()] };
    let turn = |line| Turn {
        place: place.clone(),
        command: format!("cargo test -p part-{terminal}-{line} --release"),
    };
    let past = (0..lines).map(turn).collect();
    Prompt { prefix: prefix.to_owned(), past, place: place.clone(), ..Prompt::default() }
}

#[test]
fn two_terminals_in_turn_read_only_what_is_new() {
    let Some(mut model) = model() else { return };
    let options = DecodeOptions { max_tokens: 4, floor: 0.05, ..DecodeOptions::default() };
    let alone: Vec<_> =
        (0..4).map(|terminal| answers(&mut model, &typed_in(terminal, 5, "git c"), &options)).collect();
    for terminals in [2, 3] {
        let (mut read, begin) = (0, Instant::now());
        for round in 0..3 {
            for (terminal, expected) in alone.iter().enumerate().take(terminals) {
                model.take_usage();
                let answer = answers(&mut model, &typed_in(terminal, 5, "git c"), &options);
                assert_eq!(&answer, expected, "{terminal} of {terminals}");
                read += if round == 0 { 0 } else { model.take_usage().prompt_tokens };
            }
        }
        eprintln!("{terminals} terminals: {read} tokens read again, {:?}", begin.elapsed());
        assert!(terminals > 2 || read <= 4 * 2 * terminals, "{terminals} terminals: {read}");
    }
    // Another line was run in one of them: only that is read.
    model.take_usage();
    answers(&mut model, &typed_in(0, 5, "git c"), &options);
    answers(&mut model, &typed_in(1, 5, "git c"), &options);
    model.take_usage();
    answers(&mut model, &typed_in(0, 6, "git c"), &options);
    let usage = model.take_usage();
    assert!(usage.prompt_tokens < 40, "{usage:?}");
}

#[test]
fn one_more_key_runs_only_what_is_new() {
    let Some(mut model) = model() else { return };
    let options = DecodeOptions { max_tokens: 4, floor: 0.05, ..DecodeOptions::default() };
    answers(&mut model, &typed("git c"), &options);
    model.take_usage();
    for prefix in ["git co", "git com", "git comm", "git commi", "git commit", "git commit ", "git commit -"]
    {
        answers(&mut model, &typed(prefix), &options);
        let usage = model.take_usage();
        assert!(usage.prompt_tokens <= 3, "{prefix}: {usage:?}");
    }
}
