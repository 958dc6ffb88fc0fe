//! Lines of nushell and the trees they become.

use crate::line::Dialect;
use crate::syntax::dump::dump;
use crate::syntax::{NoteKind, parse};

/// The line becomes this tree and nothing about it is odd.
#[track_caller]
fn check(line: &str, tree: &str) {
    let parsed = parse(line, Dialect::Nu);
    assert_eq!(dump(&parsed.program), tree, "{line}");
    assert_eq!(parsed.notes, [], "{line}");
}

#[track_caller]
fn clean(line: &str) {
    assert_eq!(parse(line, Dialect::Nu).notes, [], "{line}");
}

#[test]
fn calls_and_words() {
    check("ls -l | first 3", "(ls -l) | (first 3)");
    check("^git push; ls", "(git push) (ls)");
    check("echo 'a\\n' \"b\\n\" `c d`", "(echo 'a\\n' \"b⏎\" 'c d')");
    check("rm *.c ~/x a?", "(rm ‹*›.c ~‹›/x a‹?›)");
    check("print r#'a'b'# c # d", "(print 'a'b' c)");
    check("a o> f; b e>> g; c o+e> h", "(a [> f]) (b [2>> g]) (c [&> h])");
    check("X=1 cmd a=b", "(set:X=1 cmd a=b)");
    check("ls\n| first", "(ls) | (first)");
    check("alias ll = ls -l", "(alias ll=ls -l)");
}

#[test]
fn everything_of_the_language_is_read() {
    for line in [
        "let x = ls | length",
        "mut i = 0; $i += 1",
        "let x: list<string> = [a b]",
        "const p = '/x'",
        "$env.PATH = ($env.PATH | prepend ~/bin)",
        "if $x == 1 and $y > 2 { a } else if not $z { b } else { c }",
        "if ($x | is-empty) { a }\nelse { b }",
        "match $x { 1 => { a }, 'b' | 'c' => b, [$h, ..$t] => { c }, {k: $v} => { d }, _ => null }",
        "for x in 1..5 { print $x }",
        "for x in (ls | get name) { rm $x }",
        "while $i < 5 { $i = $i + 1 }",
        "loop { break }",
        "try { a } catch {|e| b } finally { c }",
        "def f [a: string, b?: int = 5, --flag (-f): string, ...rest]: nothing -> string { $a }",
        "def --env 'my cmd' [] { cd /tmp }",
        "export def f [] { }",
        "ls | where size > 1mb and name =~ 'x' | each {|f| $f.name }",
        "ls | sort-by size | reverse | get 0.name",
        "{a: 1, 'b c': [1 2], d: {e: $x}, ...$y} | to json",
        "[[a b]; [1 2] [3 4]] | get a",
        "$x.a.0?.b | default 3",
        "$\"a ($x | str upcase) b\" + 'c'",
        "1 + 2 * 3 ** 2 // 4 mod 5",
        "[1, 2, ...$x, (a), $y.z]",
        "do -i { a }; do {|x| $x } 3",
        "(ls).name.0",
        "0..10 | each {|n| $n * 2 }",
        "10mb + 3kb; 3day; 2024-01-01",
        "http post --content-type application/json $url {a: 1}",
        "run-external git status",
        "ls ...[a b] ...$x",
        "use std/log; source x.nu; overlay use spam",
        "module m { export def f [] { 1 } }",
        "# a comment\nls # more",
        "\"a\" | str replace -ra '[a-z]' $'(char nl)'",
        "^$cmd a; ^(which ls | get 0.path) b; ^\"c d\" e",
        "ls **/*.{rs,toml}; ls [ab]*.c",
        "if true { } else { }",
        "return 3",
        "$in | lines",
        "{|x, y| $x + $y }",
        "ls | get name | str join ','",
        "let f = {|x| $x }; do $f 1",
        "try { a } catch { b }",
        "a out+err>| b",
        "7z x a.zip",
        "let x = if true { 1 } else { 2 }",
        "let x = (\n  ls\n  | first\n)",
        "export-env { $env.X = 1 }",
        "cmd --flag=$x --other=(a) -abc",
    ] {
        clean(line);
    }
}

#[test]
fn what_is_odd_is_noted_and_read_on() {
    use NoteKind::{Unexpected, Unfinished};
    for (line, kind) in [
        ("ls (", Unfinished),
        ("[1 2", Unfinished),
        ("{|x| rm", Unfinished),
        ("'a", Unfinished),
        ("if true {", Unfinished),
        ("a && b", Unexpected),
        ("'x' y", Unexpected),
        ("ls | | b", Unexpected),
    ] {
        let parsed = parse(line, Dialect::Nu);
        assert!(parsed.notes.iter().any(|note| note.kind == kind), "{line}: {:?}", parsed.notes);
    }
}

/// Lines that hold about everything, to be cut anywhere.
const RICH: &[&str] = &[
    r##"let x: list<string> = [a, "b\u{e9}" $'c(d)' r#'e'#, ...$f] | each {|g| ^rm $g.name.0? } o+e> h # i"##,
    "if $a == 1 { b } else if not (c) { d } else { e }; match $f { 1 => g, _ => { h } }; try { i } catch {|j| k }",
    "def f [a?: int = 5, --b (-c): string, ...d] { {e: 1, \"g h\": [[i j]; [1 2]]} | to json }; é=ü ñ 日本 🎉\r\n",
];

/// Pieces that mean something to nushell, so that random rows of them reach deep.
const PIECES: &[&str] = &[
    " ",
    "\n",
    ";",
    "|",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{|",
    "{a: ",
    ",",
    ":",
    "'",
    "\"",
    "`",
    "\\",
    "\\u{",
    "$",
    "$x",
    "$\"",
    "$'",
    "r#'",
    ".a",
    "...",
    "..",
    "~",
    "*",
    "?",
    "#",
    "^",
    "let x = ",
    "if ",
    "else ",
    "match ",
    "=> ",
    "for x in ",
    "while ",
    "loop ",
    "try ",
    "catch ",
    "def f [",
    "alias a = ",
    "export ",
    "not ",
    " + ",
    " == ",
    " and ",
    "= ",
    "1",
    "-",
    "o> ",
    "e>| ",
    "&&",
    "a",
    "é",
    "X=1",
];

#[track_caller]
fn sound(text: &str) {
    let parsed = parse(text, Dialect::Nu);
    for note in &parsed.notes {
        assert!(text.get(note.span.start..note.span.end).is_some(), "{note:?} in {text:.80}");
    }
    assert!(parsed.understood() <= text.len());
    crate::syntax::walk::commands(&parsed.program, &mut |command, _| {
        assert!(text.get(command.span.start..command.span.end).is_some(), "{:?} in {text:.80}", command.span);
    });
}

#[test]
fn every_prefix_of_a_line_is_read() {
    for line in RICH {
        for (end, _) in line.char_indices() {
            sound(&line[..end]);
        }
    }
}

#[test]
fn hostile_text_is_read_in_little_stack() {
    let worker = std::thread::Builder::new().stack_size(512 * 1024).spawn(|| {
        for piece in PIECES {
            sound(&piece.repeat(64 * 1024 / piece.len()));
            sound(&format!("echo {}", piece.repeat(4096)));
        }
        for pair in ["[(", "{|a| (", "{a: [", "$\"(", "if (", "let x = (", "((not ", "def f [a = ("] {
            sound(&pair.repeat(8000));
        }
    });
    worker.unwrap().join().unwrap();
}

proptest::proptest! {
    #[test]
    fn any_row_of_pieces_is_read(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        sound(&pieces.concat());
    }
}
