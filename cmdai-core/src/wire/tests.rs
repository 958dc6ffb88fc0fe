use super::*;
use crate::engine::{Script, ScriptedModel};
use crate::line::Span;
use crate::safety::Risk;

fn generate_line(line: &str) -> String {
    let answers = vec![("ls -lS".to_owned(), -0.2)];
    let mut model = ScriptedModel::new(vec![Script { request: "list files by size".to_owned(), answers }]);
    let out = answer_generate(line, &Request::default(), || Ok(&mut model), &mut Control::default());
    blank_times(&out)
}

/// The same with every time as 0.
fn blank_times(out: &str) -> String {
    let mut value: Value = serde_json::from_str(out).unwrap();
    if let Some(timings) = value.get_mut("timings").and_then(Value::as_object_mut) {
        for (key, time) in timings.iter_mut().filter(|(key, _)| key.ends_with("_ms")) {
            assert!(time.as_f64().is_some_and(|time| time >= 0.0), "{key}");
            *time = 0.into();
        }
    }
    value.to_string()
}

fn check_line(line: &str) -> String {
    answer_check(line, &Context::default(), Profile::Person)
}

#[test]
fn the_form_of_an_answer_is_stable() {
    let out = generate_line(r#"{"id": "a", "request": "list files by size", "shell": "bash", "new": 1}"#);
    let confidence = serde_json::from_str::<GenerateAnswer>(&out).unwrap().confidence;
    let expect = format!(
        concat!(
            r#"{{"id":"a","command":"ls -lS","risk":"safe","verdict":"allow","confidence":{0},"#,
            r#""candidates":[{{"command":"ls -lS","risk":"safe","verdict":"allow","confidence":{0},"#,
            r#""origin":"model","findings":[]}}],"timings":{{"total_ms":0,"load_ms":0,"prefill_ms":0,"#,
            r#""decode_ms":0,"prompt_tokens":0,"decoded_tokens":3}}}}"#
        ),
        confidence
    );
    assert_eq!(out, expect);
}

#[test]
fn no_answer_has_a_null_command_and_says_so() {
    let out = generate_line(r#"{"request": "asdf qwer zxcv"}"#);
    let expect = concat!(
        r#"{"command":null,"risk":null,"verdict":null,"confidence":0.0,"candidates":[],"#,
        r#""timings":{"total_ms":0,"load_ms":0,"prefill_ms":0,"decode_ms":0,"prompt_tokens":0,"decoded_tokens":0},"#,
        r#""error":{"code":"no_confident_answer","message":"no confident answer","#,
        r#""hint":"say it in other words, or name the program to use"}}"#
    );
    assert_eq!(out, expect);
}

#[test]
fn a_check_answer_is_a_report() {
    let finding = Finding {
        rule: "rm-home",
        risk: Risk::High,
        message: "deletes".to_owned(),
        span: Span::new(0, 4),
        safer: None,
        undo: Some("no".to_owned()),
    };
    let mut report = Report {
        risk: Risk::High,
        verdict: Risk::High.verdict(Profile::Person),
        findings: vec![finding],
        ..Report::default()
    };
    report.coverage.bytes = 3;
    report.coverage.understood = 2;
    assert_eq!(
        write(&CheckAnswer::new(Some(Value::Null), &report)),
        concat!(
            r#"{"id":null,"risk":"high","verdict":"ask","findings":[{"rule":"rm-home","risk":"high","#,
            r#""message":"deletes","span":[0,4],"undo":"no"}],"coverage":0.667}"#
        )
    );
    assert!(
        check_line(r#"{"id": {"a": [1]}, "command": "ls", "cwd": "/tmp"}"#)
            .starts_with(r#"{"id":{"a":[1]},"risk":"safe""#)
    );
}

#[test]
fn a_check_answer_tells_what_would_really_run() {
    let out: Value = serde_json::from_str(&check_line(r#"{"command": "X=rm; $X -r /tmp/x"}"#)).unwrap();
    assert_eq!(out["commands"][0]["argv"], serde_json::json!(["rm", "-r", "/tmp/x"]));
    let effect = &out["effects"][0];
    assert_eq!((&effect["kind"], &effect["class"]), (&"delete".into(), &"temporary".into()));
    assert_eq!((&effect["target"], &effect["recursive"]), (&"/tmp/x".into(), &true.into()));
}

#[test]
fn an_explain_answer_is_an_explanation() {
    let part = explain::ExplainedPart {
        span: Span::new(0, 2),
        text: "ls".to_owned(),
        kind: PartRole::Program,
        meaning: None,
        source: explain::Source::Own,
    };
    let mut explanation = Explanation::default();
    explanation.parts.push(part);
    explanation.summary = "Lists files.".to_owned();
    assert_eq!(
        write(&ExplainAnswer::new(None, &explanation)),
        r#"{"summary":"Lists files.","parts":[{"text":"ls","kind":"program","meaning":null,"span":[0,2]}]}"#
    );
}

#[test]
fn answers_read_back() {
    let out = generate_line(r#"{"id": null, "request": "list files by size"}"#);
    let answer: GenerateAnswer = serde_json::from_str(&out).unwrap();
    assert_eq!(answer.id, Some(Value::Null));
    assert_eq!(serde_json::from_str::<GenerateAnswer>(&write(&answer)).unwrap(), answer);
    let out = check_line(r#"{"command": "ls"}"#);
    let answer: CheckAnswer = serde_json::from_str(&out).unwrap();
    assert_eq!(answer.id, None);
    assert_eq!(write(&answer), out);
}

#[test]
fn a_bad_line_is_an_error_object() {
    let code = |out: &str| serde_json::from_str::<ErrorAnswer>(out).unwrap();
    for line in [
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"ls\"",
        "{}",
        r#"{"command": null}"#,
        r#"{"command": ["ls"]}"#,
        r#"{"command": "ls", "command": "rm"}"#,
        r#"{"command": "ls", "cwd": 1}"#,
        r#"{"command": "ls"} x"#,
        r#"{"command": "ls", "id": 1e999}"#,
        r#"{"command": "ls", "shell": "tcsh"}"#,
        r#"{"command": "ls", "os": "beos"}"#,
        "{\"command\": \"\\ud800\"}",
        &format!("{{\"id\":{}", "[".repeat(10_000)),
    ] {
        let answer = code(&check_line(line));
        assert_eq!(answer.error.code, "input", "{line}");
        assert!(!answer.error.message.contains("line 1"), "{line}: {}", answer.error.message);
        assert_eq!(code(&answer_explain(line, &Context::default())), answer, "{line}");
    }
    for line in [r#"{"request": ""}"#, r#"{"request": "x", "shell": "tcsh"}"#, r#"{"command": "ls"}"#] {
        assert_eq!(code(&generate_line(line)).error.code, "input", "{line}");
    }
}

#[test]
fn an_id_comes_back_even_with_an_error() {
    assert!(check_line(r#"{"id": 7, "command": 1}"#).starts_with(r#"{"id":7,"error":"#));
    assert!(check_line(r#"{"id": null, "shell": "bash"}"#).starts_with(r#"{"id":null,"error":"#));
    assert!(
        check_line(r#"{"id": 18446744073709551615, "command": 1}"#)
            .starts_with(r#"{"id":18446744073709551615,"#)
    );
    assert!(check_line(r#"{"id": 1, "id": 2, "command": "ls"}"#).starts_with(r#"{"error":"#));
}

#[test]
fn the_fields_of_a_line_are_those_that_are_listed() {
    // A field that is read refuses what it cannot be; one that is not, takes anything.
    let refused = |name: &&&str, read: &dyn Fn(&str) -> bool| {
        let rest =
            if **name == "command" || **name == "request" { "" } else { r#","command":"x","request":"x""# };
        **name == "id" || !read(&format!("{{\"{name}\":[]{rest}}}"))
    };
    let check = |line: &str| read::<CheckLine>(line).is_ok();
    let generate = |line: &str| read::<GenerateLine>(line).is_ok();
    for (fields, read) in
        [(CheckLine::FIELDS, &check as &dyn Fn(&str) -> bool), (GenerateLine::FIELDS, &generate)]
    {
        assert_eq!(fields.iter().filter(|name| refused(name, read)).count(), fields.len());
    }
    let line = r#"{"command":"ls","Shell":"zsh","profle":"agent","id":{"cwd":1}}"#;
    assert_eq!(unknown_fields(line, CheckLine::FIELDS), ["Shell", "profle"]);
    assert_eq!(unknown_fields("{oops", CheckLine::FIELDS), Vec::<String>::new());
}

#[test]
fn a_null_is_as_good_as_nothing() {
    let out = check_line(r#"{"command": "ls", "shell": null, "os": null, "cwd": null}"#);
    assert!(out.starts_with(r#"{"risk":"safe""#), "{out}");
}

#[test]
fn a_line_overrides_the_defaults() {
    let defaults = Request { candidates: 3, ..Request::default() };
    let line: GenerateLine =
        read(r#"{"request": "x", "shell": "/bin/fish", "os": "darwin", "cwd": "/srv"}"#).unwrap();
    let request = line.request(&defaults).unwrap();
    assert_eq!(
        (request.candidates, request.context.dialect, request.context.os),
        (3, Dialect::Fish, Os::MacOs)
    );
    assert_eq!(request.context.cwd.as_deref(), Some("/srv"));
}

proptest::proptest! {
    #[test]
    fn any_line_gives_one_line_of_json(line in ".{0,60}|[{}\\[\\]\":,a-z0-9 ]{0,60}") {
        for out in [generate_line(&line), check_line(&line), answer_explain(&line, &Context::default())] {
            proptest::prop_assert!(serde_json::from_str::<Value>(&out).is_ok());
            proptest::prop_assert!(!out.contains('\n'));
        }
    }
}
