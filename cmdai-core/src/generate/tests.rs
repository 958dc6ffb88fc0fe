//! The whole way from request to suggestion, with a scripted model.

use std::time::{Duration, Instant};

use super::*;
use crate::engine::ModelInfo;
use crate::engine::{Script, ScriptedModel};
use crate::line::Dialect;

fn request(text: &str) -> Request {
    Request { text: text.to_owned(), candidates: 1, ..Request::default() }
}

fn ask(request: &Request, answers: &[(&str, f32)]) -> Suggestion {
    let answers = answers.iter().map(|(text, logprob)| ((*text).to_owned(), *logprob)).collect();
    let cleaned = request::clean(&request.text).unwrap();
    let mut model = ScriptedModel::new(vec![Script { request: cleaned.words, answers }]);
    generate(request, || Ok(&mut model), &mut Control::default()).unwrap()
}

fn commands(answer: &Suggestion) -> Vec<&str> {
    answer.candidates.iter().map(|candidate| candidate.command.as_str()).collect()
}

/// The commands offered for a request to which the model gives these answers.
fn check(text: &str, answers: &[(&str, f32)], expect: &[&str]) {
    let answer = ask(&Request { candidates: 5, ..request(text) }, answers);
    assert_eq!(commands(&answer), expect, "{text}: {answer:#?}");
}

/// The reason for which the model's only answer is turned down.
fn turned_down(text: &str, answer: &str, reason: &str) {
    let answer = ask(&request(text), &[(answer, -0.5)]);
    assert_eq!(commands(&answer), Vec::<&str>::new(), "{text}");
    assert_eq!(answer.rejected[0].reason, reason, "{text}");
}

/// Fails the test when the model is woken.
fn asleep<'m>() -> Result<&'m mut dyn TextModel, Error> {
    panic!("the model was woken")
}

#[test]
fn a_request_is_answered() {
    let answer = ask(&request("list files by size"), &[("ls -lS", -0.2)]);
    assert_eq!(commands(&answer), ["ls -lS"]);
    assert_eq!(answer.candidates[0].origin, Origin::Model);
    assert!(answer.candidates[0].confidence > 0.3);
    assert_eq!(answer.model.unwrap().model, "scripted");
    assert!(answer.timings.model.decoded_tokens > 0);
}

#[test]
fn what_changes_something_must_be_likely() {
    // The command lacks a file that the request names.
    let unlikely = ask(&request("delete log files older than app.db"), &[("rm *.log", -1.0)]);
    assert_eq!(commands(&unlikely), Vec::<&str>::new(), "{unlikely:#?}");
    let reason = &unlikely.rejected[0].reason;
    assert!(reason.starts_with("it would change something"), "{reason}");
    check("list log files older than app.db", &[("ls *.log", -1.0)], &["ls *.log"]);
    check("delete log files", &[("rm *.log", -0.1)], &["rm *.log"]);
}

#[test]
fn the_request_is_cleaned_before_the_model_reads_it() {
    check("  list\u{200b}  files\u{1b}[1m by\nsize ", &[("ls -lS", -0.2)], &["ls -lS"]);
}

#[test]
fn an_empty_or_endless_request_is_an_error() {
    for text in ["", " \n", &"x ".repeat(500_000)] {
        let error = generate(&request(text), asleep, &mut Control::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.hint().is_some());
    }
}

#[test]
fn a_command_comes_back_as_it_is() {
    for line in ["ls -la", "git  status", "cat 'my  notes.txt' | wc -l"] {
        let answer = generate(&request(line), asleep, &mut Control::default()).unwrap();
        assert_eq!(commands(&answer), [line]);
        assert_eq!(answer.candidates[0].origin, Origin::Request);
        assert_eq!(answer.candidates[0].confidence, 1.0);
        assert_eq!(answer.model, None);
    }
}

#[test]
fn what_says_nothing_does_not_wake_the_model() {
    for text in ["????", "\u{1f600}\u{1f680}", "12345", "asdf qwer zxcv", "...", "-", "{}[]", "\u{1}?\u{7}"] {
        let answer = generate(&request(text), asleep, &mut Control::default()).unwrap();
        assert_eq!(commands(&answer), Vec::<&str>::new(), "{text:?}");
    }
}

#[test]
fn nonsense_has_no_answer_whatever_the_model_writes() {
    for text in [
        "lorem ipsum dolor",
        "what is love",
        "blorp the frobnitz with gusto",
        "roses are red violets are blue",
    ] {
        check(text, &[("ls", -3.0), ("find . -name love", -9.0)], &[]);
    }
}

#[test]
fn a_missing_model_is_an_error_only_when_it_is_needed() {
    let missing = || Err(Error::new(ErrorKind::ModelNotFound, "no model"));
    let error = generate(&request("list files by size"), missing, &mut Control::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ModelNotFound);
    assert!(generate(&request("ls -la"), missing, &mut Control::default()).is_ok());
}

#[test]
fn what_the_model_wrote_is_cut_to_one_clean_line() {
    check("list files by size", &[("```bash\n$ ls\u{1b}[31m -lS\u{7}\n```\nThis lists", -0.2)], &["ls -lS"]);
}

#[test]
fn bad_texts_are_turned_down_with_a_reason() {
    turned_down("list files by size", "", "it is empty");
    turned_down("list files by size", "echo \"foo", "it is not finished");
    turned_down("list files by size", "ls |", "it is not finished");
    turned_down("list files by size", "for f in *; do ls", "it is not finished");
    turned_down("list files by size", "ls ) -l", "it does not parse at \")\"");
    turned_down("list files by size", "ls -a -a -a -a -a", "it repeats itself");
    turned_down("show the file", "cat <file>", "it has the placeholder <file>");
    turned_down("list the folder", "ls /path/to/dir", "it has the placeholder /path/to");
    turned_down("list files by size", "echo 'Please clarify'", "it only writes words that nobody asked for");
}

#[test]
fn the_next_text_takes_the_place_of_a_bad_one() {
    check("list files by size", &[("", -0.1), ("ls -lS", -0.9)], &["ls -lS"]);
}

#[test]
fn equal_commands_are_offered_once() {
    check("list files by size", &[("ls -lS", -0.2), ("ls   -lS", -0.5), ("$ ls -lS", -0.9)], &["ls -lS"]);
}

#[test]
fn as_many_as_wanted_best_first() {
    let answers = [("ls -lS", -0.2), ("du -sh *", -6.0), ("ls -S", -1.0)];
    check("list files by size", &answers, &["ls -lS", "ls -S", "du -sh *"]);
    let answer = ask(&Request { candidates: 0, ..request("list files by size") }, &answers);
    assert_eq!(commands(&answer), ["ls -lS"]);
    let confidence: Vec<_> = answer.candidates.iter().map(|candidate| candidate.confidence).collect();
    assert!(confidence.iter().all(|confidence| (0.0..=1.0).contains(confidence)));
}

#[test]
fn what_the_request_names_is_copied() {
    check("count the lines of notes.txt", &[("wc -l note.txt", -0.3)], &["wc -l notes.txt"]);
    // A less likely text that copies well goes before one that does not.
    check(
        "count the lines of notes.txt",
        &[("wc -l report.csv", -0.5), ("cat notes.txt | wc -l", -0.9)],
        &["cat notes.txt | wc -l", "wc -l report.csv"],
    );
}

#[test]
fn absent_programs_are_not_offered() {
    let with =
        |text: &str| Request { programs: Some(vec!["ls".to_owned(), "du".to_owned()]), ..request(text) };
    let answer = ask(&with("list files by size"), &[("lssorted --size", -0.2)]);
    assert_eq!(answer.rejected[0].reason, "there is no program lssorted here");
    assert_eq!(commands(&answer), Vec::<&str>::new());
    let both = [("exa --sort size", -0.2), ("ls -lS", -0.9)];
    assert_eq!(commands(&ask(&with("list files by size"), &both)), ["ls -lS"]);
    // One that people commonly have is better than nothing, and is told.
    let answer = ask(&with("convert a.mkv to b.mp4"), &[("ffmpeg -i a.mkv b.mp4", -0.1)]);
    assert_eq!(answer.candidates[0].absent, ["ffmpeg"]);
    assert_eq!(
        commands(&ask(&with("list files by size with exa"), &[("exa --sort size", -0.2)])),
        ["exa --sort size"]
    );
    assert_eq!(commands(&ask(&with("list files by size"), &[("cd . && ls -lS", -0.2)])), ["cd . && ls -lS"]);
}

/// A model that takes the script's answer and ends it early.
struct CutOff(Finish);

impl TextModel for CutOff {
    fn info(&self) -> ModelInfo {
        ModelInfo { model: "cut off".to_owned(), engine: "test".to_owned() }
    }

    fn complete(
        &mut self,
        _: &Prompt,
        _: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<Vec<Completion>, Error> {
        control.tell(Event::Text("ls\u{1b}[2J".to_owned()));
        Ok(vec![Completion {
            text: "ls -l".to_owned(),
            tokens: 3,
            logprob: -0.2,
            finish: self.0,
            pieces: Vec::new(),
        }])
    }

    fn score(
        &mut self,
        _: &Prompt,
        _: &[&str],
        _: &mut Control<'_>,
    ) -> Result<Vec<crate::engine::Score>, Error> {
        Ok(Vec::new())
    }

    fn take_usage(&mut self) -> Usage {
        Usage { prefill: Duration::from_millis(1), ..Usage::default() }
    }
}

#[test]
fn half_a_command_is_no_answer() {
    let run = |finish| {
        let mut model = CutOff(finish);
        generate(&request("list files by size"), || Ok(&mut model), &mut Control::default())
    };
    assert_eq!(run(Finish::Deadline).unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(run(Finish::Length).unwrap().rejected[0].reason, "it runs on without an end");
    assert_eq!(commands(&run(Finish::Stop).unwrap()), ["ls -l"]);
}

#[test]
fn a_late_greedy_answer_stands_without_samples() {
    let mut model = ScriptedModel::new(vec![Script {
        request: "list files by size".to_owned(),
        answers: vec![("ls -lS".to_owned(), -0.2), ("ls".to_owned(), -0.3)],
    }]);
    let mut control = Control { deadline: Some(Instant::now()), ..Control::default() };
    let wanted = Request { candidates: 3, ..request("list files by size") };
    let answer = generate(&wanted, || Ok(&mut model), &mut control).unwrap();
    assert_eq!(commands(&answer), ["ls -lS"]);
}

#[test]
fn a_cancelled_request_is_an_error() {
    let control = Control::default();
    control.cancel.cancel();
    let mut control = control;
    for text in ["list files by size", "ls -la"] {
        let mut model = ScriptedModel::from_pairs(&[("list files by size", "ls -lS")]);
        let error = generate(&request(text), || Ok(&mut model), &mut control).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}

#[test]
fn listeners_hear_nothing_unprintable() {
    let mut heard = Vec::new();
    let mut listener = |event| heard.push(event);
    let mut control = Control { listener: Some(&mut listener), ..Control::default() };
    let mut model = CutOff(Finish::Stop);
    generate(&request("list files by size"), || Ok(&mut model), &mut control).unwrap();
    assert_eq!(heard, [Event::Text("ls".to_owned())]);
}

#[test]
fn the_prompt_carries_shell_and_system() {
    struct Spy(Option<Prompt>);
    impl TextModel for Spy {
        fn info(&self) -> ModelInfo {
            CutOff(Finish::Stop).info()
        }
        fn complete(
            &mut self,
            prompt: &Prompt,
            _: &DecodeOptions,
            _: &mut Control<'_>,
        ) -> Result<Vec<Completion>, Error> {
            self.0 = Some(prompt.clone());
            Ok(Vec::new())
        }
        fn score(
            &mut self,
            _: &Prompt,
            _: &[&str],
            _: &mut Control<'_>,
        ) -> Result<Vec<crate::engine::Score>, Error> {
            Ok(Vec::new())
        }
        fn take_usage(&mut self) -> Usage {
            Usage::default()
        }
    }
    let mut spy = Spy(None);
    let context = Context::new(Dialect::Fish).with_os(crate::Os::MacOs);
    generate(&Request { context, ..request("list files by size") }, || Ok(&mut spy), &mut Control::default())
        .unwrap();
    let prompt = spy.0.unwrap();
    assert_eq!(
        (prompt.request.as_str(), prompt.dialect, prompt.os),
        ("list files by size", Dialect::Fish, crate::Os::MacOs)
    );
}

/// A memory of three intents.
fn memory() -> Option<Arc<Memory>> {
    let (intents, bad) = crate::recall::read_intents(
        r#"{"id": "lines", "nl": ["count the lines of {file}", "how many lines in {file}"], "cmd": "wc -l {file}", "slots": {"file": "file"}}
{"id": "words", "nl": ["count the words of {file}"], "cmd": "wc -w {file}", "slots": {"file": "file"}}
{"id": "wipe", "nl": ["tidy {dir}"], "cmd": "rm -rf {dir}", "slots": {"dir": "dir"}}"#,
    );
    assert_eq!(bad, []);
    Memory::new(crate::recall::compile(&[("test", &intents)])).map(Arc::new)
}

#[test]
fn nearly_the_same_words_are_answered_without_the_model() {
    let wanted = Request { memory: memory(), ..request("how many lines in notes.txt") };
    let answer = generate(&wanted, asleep, &mut Control::default()).unwrap();
    assert_eq!(commands(&answer), ["wc -l notes.txt"]);
    let best = &answer.candidates[0];
    assert_eq!((best.origin, best.source.as_ref().unwrap().intent.as_str()), (Origin::Memory, "lines"));
    assert_eq!(answer.model, None);
}

#[test]
fn what_the_memory_does_not_use_wakes_the_model() {
    let text = "how many lines in notes.txt and in log.txt";
    let wanted = Request { memory: memory(), ..request(text) };
    let answer = ask(&wanted, &[("wc -l notes.txt log.txt", -0.2)]);
    assert_eq!(commands(&answer), ["wc -l notes.txt log.txt"]);
    assert_eq!(answer.candidates[0].origin, Origin::Model);
}

#[test]
fn drafts_are_candidates_beside_what_the_model_writes() {
    let text = "tell me how many lines are there in notes.txt";
    let wanted = Request { memory: memory(), candidates: 3, ..request(text) };
    let answer = ask(&wanted, &[("cat notes.txt", -8.0), ("wc -l notes.txt", -0.4)]);
    assert_eq!(commands(&answer)[0], "wc -l notes.txt", "{answer:#?}");
    assert_eq!(answer.candidates[0].source.as_ref().unwrap().intent, "lines");
}

#[test]
fn drafts_are_validated_like_any_text() {
    let wanted = Request { memory: memory(), ..request("tidy /") };
    let answer = ask(&wanted, &[("ls /", -0.4)]);
    assert!(!commands(&answer).contains(&"rm -rf /"), "{answer:#?}");
}

proptest::proptest! {
    #[test]
    fn no_request_and_no_answer_breaks_it(text in ".{1,60}", written in ".{0,60}|[ -~]{0,60}", logprob in -1e6_f32..0.0) {
        let Ok(cleaned) = request::clean(&text) else { return Ok(()) };
        let script = Script { request: cleaned.words, answers: vec![(written, logprob)] };
        let mut model = ScriptedModel::new(vec![script]);
        let answer = generate(&request(&text), || Ok(&mut model), &mut Control::default()).unwrap();
        for candidate in &answer.candidates {
            proptest::prop_assert!(!candidate.command.chars().any(char::is_control));
            proptest::prop_assert!((0.0..=1.0).contains(&candidate.confidence));
        }
    }
}

fn with_tree(text: &str) -> Request {
    let mut tree = Tree::default();
    for folder in ["Work", "logs"] {
        tree.insert(folder, EntryKind::Folder);
        tree.set_whole(folder);
    }
    for file in ["people.csv", "logs/access.log"] {
        tree.insert(file, EntryKind::File);
    }
    tree.set_whole("");
    let context = Context::new(Dialect::Bash).with_cwd("/home/me/x");
    Request { context, tree: Some(Arc::new(tree)), ..request(text) }
}

#[test]
fn a_request_speaks_of_what_lies_there() {
    for (text, asked, written, expect) in [
        (
            "count the lines of the csv",
            "count the lines of people.csv",
            "wc -l people.csv",
            "wc -l people.csv",
        ),
        (
            "count the lines of the access log",
            "count the lines of logs/access.log",
            "wc -l logs/access.log",
            "wc -l logs/access.log",
        ),
        ("how big is the work folder", "how big is the Work/ folder", "du -sh Work/", "du -sh Work"),
        ("search for hello in logs", "search for hello in logs/", "grep hello logs/", "grep -r hello logs"),
    ] {
        let mut model = ScriptedModel::from_pairs(&[(asked, written)]);
        let answer = generate(&with_tree(text), || Ok(&mut model), &mut Control::default()).unwrap();
        let best = answer.candidates.first().map(|best| best.command.as_str());
        assert_eq!(best, Some(expect), "{text}");
    }
}

#[test]
fn what_would_fail_there_is_told() {
    let text = "count the lines of the table";
    let mut model = ScriptedModel::from_pairs(&[(text, "wc -l table.csv")]);
    let answer = consider(&with_tree(text), || Ok(&mut model), &mut Control::default()).unwrap();
    let best = answer.candidates.first().unwrap();
    assert_eq!(best.misfit.as_deref(), Some("there is no table.csv here"));
    let without = consider(&request(text), || Ok(&mut model), &mut Control::default()).unwrap();
    assert!(without.candidates.first().unwrap().confidence > best.confidence);
}
