//! What holds for any text in any dialect, made up, cut short or put together from what shells know.

#![allow(missing_docs, reason = "a test")]

mod examples;

use cmdai_core::line::{Dialect, Span};
use cmdai_core::safety::{self, Report, Risk};
use cmdai_core::{Context, explain, syntax};
use proptest::prelude::*;

/// Pieces that mean something to one shell or another.
const PIECES: &[&str] = &[
    " ",
    "\n",
    ";",
    "|",
    "&",
    "&&",
    "||",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "((",
    "))",
    "$(",
    "${",
    "$((",
    "$[",
    "`",
    "'",
    "\"",
    "$'",
    "$\"",
    "\\",
    "\\\n",
    "<<E\n",
    "\nE\n",
    "<<'E'\n",
    "<<<",
    "<(",
    ">(",
    ">",
    ">>",
    "2>&1",
    "&>",
    "<",
    "!",
    "#",
    "# x\n",
    "~",
    "*",
    "?",
    "=",
    "+=",
    ":-",
    ":=",
    "%",
    "##",
    "/",
    "//",
    "^^",
    "@Q",
    "@(",
    "!(",
    "{a,b}",
    "{1..9}",
    "..",
    ",",
    "%%",
    "if ",
    "then ",
    "else ",
    "elif ",
    "fi",
    "for i in ",
    "do ",
    "done",
    "while ",
    "until ",
    "case x in ",
    "esac",
    "a) ",
    ";;",
    "function f ",
    "f() ",
    "select ",
    "coproc ",
    "time ",
    "begin; ",
    "end",
    "and ",
    "or ",
    "not ",
    "switch ",
    "set x ",
    "$x",
    "$x[1]",
    "$argv",
    "(echo ",
    "let x = ",
    "mut x = ",
    "def f [] {",
    "{|x| ",
    "$in",
    "^ls",
    "| each ",
    "match $x {",
    "=> ",
    "try {",
    "} catch {",
    "foreach ($i in ",
    "param(",
    "@(",
    "@{",
    "@\"\n",
    "\n\"@",
    "$env:HOME",
    "-eq ",
    "-Force",
    "Remove-Item ",
    "% { ",
    "& ",
    "::",
    "[int]",
    "-EncodedCommand ",
    "rm ",
    "-rf ",
    "/ ",
    "~/x ",
    "$HOME",
    "sudo ",
    "bash -c ",
    "eval ",
    "xargs ",
    "env -S ",
    "find . -exec ",
    "\\;",
    "echo ",
    "printf '%s' ",
    "base64 -d",
    "cm0gLXJmIC8=",
    "python3 -c ",
    "sed s/a/b/e ",
    "awk '{",
    "é",
    "日",
    "\u{200b}",
    "\u{202e}",
    "\u{f0000}",
    "\u{100000}",
    "\0",
    "\r",
    "\t",
    "\u{1b}[",
    "a",
    "x1",
    "0",
    "-9",
    "1e9",
    "9223372036854775807",
    "a b",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        9 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_sound_report(text in text(), dialect in dialect()) {
        sound(&text, dialect);
    }

    #[test]
    fn any_bytes_give_a_sound_report(bytes in prop::collection::vec(any::<u8>(), 0..120), dialect in dialect()) {
        sound(&String::from_utf8_lossy(&bytes), dialect);
    }
}

#[test]
fn every_prefix_of_an_example_is_read() {
    for example in examples::all() {
        for (end, _) in example.line.char_indices() {
            sound(&example.line[..end], example.dialect);
        }
    }
}

/// An example read as another shell would is read all the same.
#[test]
fn every_example_is_read_in_every_dialect() {
    for example in examples::all() {
        for &dialect in Dialect::ALL {
            sound(&example.line, dialect);
            sound(&format!("{0}\n{0}", example.line), dialect);
        }
    }
}

#[test]
fn what_is_repeated_is_read() {
    for piece in PIECES {
        for &dialect in Dialect::ALL {
            sound(&piece.repeat(2 * 1024 / piece.len()), dialect);
        }
    }
}

#[track_caller]
fn sound(text: &str, dialect: Dialect) {
    let within = |span: Span| {
        assert!(
            span.start <= span.end && text.get(span.start..span.end).is_some(),
            "{span:?} does not lie in {dialect} {text:?}"
        );
    };
    let parsed = syntax::parse(text, dialect);
    assert!(parsed.understood() <= text.len(), "{dialect} {text:?}");
    parsed.notes.iter().for_each(|note| within(note.span));
    let ctx = Context::new(dialect);
    let report: Report = safety::check(text, &ctx);
    assert_eq!(report, safety::check(text, &ctx), "{dialect} {text:?} was judged in two ways");
    assert_eq!(report.coverage.bytes, text.len());
    assert!(report.coverage.understood <= text.len());
    report.findings.iter().for_each(|finding| within(finding.span));
    report.commands.iter().for_each(|command| within(command.span));
    report.effects.iter().for_each(|effect| {
        within(effect.span);
        within(effect.target.span);
    });
    // What was not read is never passed over in silence.
    let unread = parsed.notes.iter().any(|note| note.kind != syntax::NoteKind::Unfinished);
    assert!(!unread || report.risk >= Risk::Moderate, "{dialect} {text:?} is {}", report.risk);
    explain::explain(text, &ctx).parts.iter().for_each(|part| within(part.span));
}
