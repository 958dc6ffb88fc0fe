//! What is written is read as it was meant, and any bytes are read without harm.

use proptest::prelude::*;

use super::*;
use crate::safety::{Risk, Verdict};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[ -~]{0,20}",
        proptest::collection::vec(
            prop_oneof![
                Just('\\'),
                Just('\t'),
                Just('\n'),
                Just('\r'),
                Just('n'),
                Just('{'),
                Just('"'),
                Just('\u{0}'),
                Just('\u{1b}'),
                Just('é'),
                Just('\u{fffd}'),
                Just('🦀'),
                any::<char>()
            ],
            0..12
        )
        .prop_map(|chars| chars.into_iter().collect()),
    ]
}

fn some_text() -> impl Strategy<Value = Option<String>> {
    text().prop_map(|text| Some(text).filter(|text| !text.is_empty()))
}

fn some_directory() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), text().prop_map(|text| Some(format!("/{text}")))]
}

fn line() -> impl Strategy<Value = Line> {
    (text(), some_directory(), any::<Option<usize>>(), any::<Option<i32>>())
        .prop_map(|(buffer, cwd, cursor, status)| Line { buffer, cwd, cursor, status })
}

fn request() -> impl Strategy<Value = Request> {
    let name = "[a-z_:.]{1,8}";
    prop_oneof![
        (any::<Option<u32>>(), text(), text(), any::<Option<u32>>(), some_text(), some_directory()).prop_map(
            |(protocol, client, shell, pid, session, cwd)| Request::Hello(Hello {
                protocol,
                client,
                shell,
                pid,
                session,
                cwd
            })
        ),
        (
            prop_oneof![Just(Definitions::Alias), Just(Definitions::Function)],
            proptest::collection::vec((name, text()), 0..4)
        )
            .prop_map(|(kind, names)| Request::Define { kind, names }),
        line().prop_map(Request::Suggest),
        (line(), any::<Option<usize>>()).prop_map(|(line, count)| Request::Alternatives { line, count }),
        (text(), some_directory(), proptest::option::of(0..9_usize))
            .prop_map(|(buffer, cwd, known)| Request::Check(Check { buffer, cwd, known })),
        line().prop_map(Request::What),
        (text(), some_directory(), any::<Option<usize>>())
            .prop_map(|(request, cwd, count)| Request::Generate(Asked { request, cwd, count })),
        Just(Request::Cancel),
        (text(), some_directory(), any::<Option<i32>>(), any::<Option<u64>>(), any::<Option<i64>>())
            .prop_map(|(command, cwd, status, duration_ms, started)| Request::Ran {
                command,
                cwd,
                status,
                duration_ms,
                started
            }),
        text().prop_map(|pattern| Request::Forget { pattern }),
        prop_oneof![Just(Control::Status), Just(Control::Stop), Just(Control::Reload)]
            .prop_map(Request::Control),
    ]
}

fn risk() -> impl Strategy<Value = Risk> {
    proptest::sample::select(Risk::ALL)
}

fn judgement() -> impl Strategy<Value = Judgement> {
    (proptest::sample::select(Verdict::ALL), risk()).prop_map(|(verdict, risk)| Judgement { verdict, risk })
}

fn alternative() -> impl Strategy<Value = Alternative> {
    (risk(), text(), text()).prop_map(|(risk, suffix, source)| Alternative { risk, suffix, source })
}

fn answer() -> impl Strategy<Value = Answer> {
    let stage = prop_oneof![Just(Stage::Fast), Just(Stage::Model)];
    let state = prop_oneof![Just(State::Draft), Just(State::Final), Just(State::None)];
    let code = proptest::sample::select(&[ErrorCode::Version, ErrorCode::Busy, ErrorCode::Unavailable][..]);
    let control = proptest::sample::select(&[r#"{"pid":1}"#, "{}"][..]);
    prop_oneof![
        (any::<u32>(), text(), proptest::collection::vec("[a-z]{1,5}", 0..3))
            .prop_map(|(protocol, version, capabilities)| Answer::Hello { protocol, version, capabilities }),
        (judgement(), risk(), text(), stage, text()).prop_map(|(line, risk, suffix, stage, source)| {
            Answer::Suggestion { line, risk, suffix, stage, source }
        }),
        proptest::collection::vec(alternative(), 0..4).prop_map(Answer::Alternatives),
        (judgement(), text(), text()).prop_map(|(line, reason, rule)| Answer::Check { line, reason, rule }),
        (text(), text()).prop_map(|(line, word)| Answer::What { line, word }),
        (text(), judgement(), text(), state, proptest::collection::vec(text(), 0..3)).prop_map(
            |(command, line, explanation, state, others)| Answer::Generated {
                command,
                line,
                explanation,
                state,
                others
            }
        ),
        any::<u64>().prop_map(|runs| Answer::Forgotten { runs }),
        control.prop_map(|json| Answer::Control { json: json.to_owned() }),
        (code, text()).prop_map(|(code, message)| Answer::Error { code, message }),
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![Just(Form::Tab), Just(Form::Json)]
}

/// One line from bytes that come in one piece.
fn only_line(bytes: &[u8]) -> String {
    let mut lines = Lines::default();
    lines.push(bytes);
    let Step::Line(line) = lines.take_line() else { panic!("no line in {bytes:?}") };
    assert_eq!(lines.take_line(), Step::Incomplete);
    line
}

proptest! {
    #[test]
    fn a_request_is_read_as_it_was_written(id: u64, form in form(), body in request()) {
        let message = Message { id, form, body };
        let written = message.write().unwrap();
        prop_assert_eq!(Request::read(&only_line(written.as_bytes())), Ok(message));
    }

    #[test]
    fn an_answer_is_read_as_it_was_written_without_control_characters(id: u64, form in form(), body in answer()) {
        let message = Message { id, form, body };
        let written = message.write();
        let inside = written.strip_suffix('\n').unwrap();
        prop_assert!(!inside.chars().any(|c| c.is_control() && c != '\t'), "{written:?}");
        let read = Answer::read(&only_line(written.as_bytes())).unwrap();
        // What was left out is left out of what is read; the rest is as it was.
        prop_assert_eq!(read.write(), written);
        prop_assert_eq!(std::mem::discriminant(&read.body), std::mem::discriminant(&message.body));
    }

    #[test]
    fn any_bytes_in_any_pieces_give_the_same_lines(
        bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\t'), Just(b'{'), any::<u8>()], 0..200),
        cuts in proptest::collection::vec(1usize..20, 0..20),
    ) {
        let mut whole = Lines::default();
        whole.push(&bytes);
        let mut expect = Vec::new();
        while let Step::Line(line) = whole.take_line() {
            expect.push(line);
        }
        let (mut pieces, mut found, mut rest) = (Lines::default(), Vec::new(), bytes.as_slice());
        for cut in cuts.into_iter().chain([usize::MAX]) {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            while let Step::Line(line) = pieces.take_line() {
                found.push(line);
            }
            rest = after;
        }
        for line in &found {
            // Read or refused, never a panic.
            let _ = (Request::read(line), Answer::read(line));
        }
        prop_assert_eq!(found, expect);
        prop_assert_eq!(pieces.waiting(), whole.waiting());
    }
}

#[track_caller]
fn refused(line: &str, id: u64, form: Form, code: ErrorCode, words: &str) {
    let Message { id: found_id, form: found_form, body } = Request::read(line).unwrap_err();
    assert_eq!((found_id, found_form, body.code), (id, form, code), "{line}: {}", body.message);
    assert!(body.message.contains(words), "{line}: {}", body.message);
}

#[test]
fn what_is_no_request_is_told_with_its_number_and_in_its_form() {
    refused("", 0, Form::Tab, ErrorCode::Malformed, "second field");
    refused("S", 0, Form::Tab, ErrorCode::Malformed, "second field");
    refused("S\tx\tls", 0, Form::Tab, ErrorCode::Malformed, "second field");
    refused("S\t-1\tls", 0, Form::Tab, ErrorCode::Malformed, "second field");
    refused("Z\t4\tls", 4, Form::Tab, ErrorCode::Unknown, "\"Z\"");
    refused("S\t4\tls\t/\tfar", 4, Form::Tab, ErrorCode::Malformed, "`cursor`");
    refused("Q\t4\texplode", 4, Form::Tab, ErrorCode::Malformed, "status, stop, reload");
    refused("{", 0, Form::Json, ErrorCode::Malformed, "no JSON object");
    refused(r#"{"id":3}"#, 3, Form::Json, ErrorCode::Malformed, "`op`");
    refused(r#"{"id":3,"op":"dance"}"#, 3, Form::Json, ErrorCode::Unknown, "dance");
    refused(r#"{"id":-3,"op":"check"}"#, 0, Form::Json, ErrorCode::Malformed, "`id`");
    refused(r#"{"id":3,"op":"check","buffer":[1]}"#, 3, Form::Json, ErrorCode::Malformed, "`buffer`");
}

#[test]
fn both_forms_mean_the_same() {
    let tab = Request::read("S\t1\tgit che\t/home/me\t7\t0\tfrom the future").unwrap();
    let json =
        r#"{"op":"suggest","id":1,"buffer":"git che","cwd":"/home/me","cursor":7,"status":0,"new":{}}"#;
    assert_eq!(tab.body, Request::read(json).unwrap().body);
    let Request::Suggest(line) = Request::read("S\t1\ta\\tb\\nc\\\\d\\x\\").unwrap().body else { panic!() };
    assert_eq!(line.buffer, "a\tb\nc\\d\\x\\");
    assert_eq!((line.cwd, line.cursor, line.status), (None, None, None));
}

#[test]
fn answers_look_as_documented() {
    let line = Judgement { verdict: Verdict::Ask, risk: Risk::High };
    let answer =
        Answer::Check { line, reason: "deletes\u{1b}[31m\tall\n".into(), rule: "rm-recursive".into() };
    let tab = Message { id: 2, form: Form::Tab, body: answer.clone() };
    assert_eq!(tab.write(), "c\t2\task\thigh\tdeletes[31m\\tall\\n\trm-recursive\n");
    let json = Message { id: 2, form: Form::Json, body: answer };
    let expect = r#"{"op":"check","id":2,"verdict":"ask","risk":"high","reason":"deletes[31m\tall\n","rule":"rm-recursive"}"#;
    assert_eq!(json.write(), format!("{expect}\n"));
    let status = Message { id: 3, form: Form::Json, body: Answer::Control { json: r#"{"pid":7}"#.into() } };
    assert_eq!(status.write(), "{\"op\":\"control\",\"id\":3,\"result\":{\"pid\":7}}\n");
}

#[test]
fn a_line_has_a_longest_length() {
    let mut lines = Lines::default();
    let mut bytes = vec![b'a'; MAX_LINE_BYTES];
    bytes.push(b'\n');
    lines.push(&bytes);
    assert!(matches!(lines.take_line(), Step::Line(line) if line.len() == MAX_LINE_BYTES));
    lines.push(&bytes[..MAX_LINE_BYTES]);
    assert_eq!(lines.take_line(), Step::Incomplete);
    lines.push(b"b");
    assert_eq!(lines.take_line(), Step::TooLong);
    lines.push(b"\nQ\t1\tstatus\n");
    assert_eq!((lines.take_line(), lines.waiting()), (Step::TooLong, 0));
}

#[test]
fn bytes_that_are_no_text_and_ends_of_terminals_are_read() {
    assert_eq!(only_line(b"C\t1\tls \xff\xfe\r\n"), "C\t1\tls \u{fffd}\u{fffd}");
}

#[test]
fn an_answer_that_is_too_long_says_so() {
    let answer = Answer::What { line: "\n".repeat(MAX_LINE_BYTES), word: String::new() };
    let written = Message { id: 9, form: Form::Tab, body: answer }.write();
    assert!(written.starts_with("e\t9\tunavailable\t"), "{written}");
    let request = Request::Forget { pattern: "x".repeat(MAX_LINE_BYTES) };
    assert_eq!(Message { id: 9, form: Form::Tab, body: request }.write(), None);
}

#[test]
fn the_cursor_is_counted_in_characters() {
    let line = |buffer: &str, cursor| Line { buffer: buffer.into(), cursor, ..Line::default() };
    assert_eq!(line("é x", Some(1)).cursor_bytes(), 2);
    assert!(line("é", Some(1)).is_at_end() && line("é", None).is_at_end() && line("é", Some(9)).is_at_end());
    assert!(!line("é", Some(0)).is_at_end());
}

#[test]
fn a_capability_of_control_characters_is_none() {
    let read = Answer::read("h\t8\t0\t\t\u{1},ghost,\u{7}\u{1b},x").unwrap();
    let written = read.write();
    assert_eq!(written, "h\t8\t0\t\tghost,x\n");
    assert_eq!(Answer::read(written.trim_end()).unwrap(), read);
}

#[test]
fn a_message_without_its_line_is_malformed() {
    let code = |line: &str| Request::read(line).err().map(|fault| (fault.id, fault.body.code));
    for line in [
        r#"{"op":"check","id":1}"#,
        r#"{"op":"check","id":1,"line":"rm -rf /"}"#,
        r#"{"op":"check","id":1,"buffer":null}"#,
        r#"{"op":"suggest","id":1,"cwd":"/"}"#,
        r#"{"op":"generate","id":1,"words":"list files"}"#,
        r#"{"op":"forget","id":1}"#,
        // A directory below nobody knows which other.
        r#"{"op":"check","id":1,"buffer":"rm -rf x","cwd":"src"}"#,
        r#"{"op":"ran","id":1,"command":"ls","cwd":"."}"#,
        "C\t1\trm -rf x\t../src",
        "C\t1",
        "R\t1",
    ] {
        assert_eq!(code(line), Some((1, ErrorCode::Malformed)), "{line}");
    }
    for line in [r#"{"op":"check","id":1,"buffer":""}"#, "C\t1\t", "S\t1\t\t/"] {
        assert_eq!(code(line), None, "{line}");
    }
}
