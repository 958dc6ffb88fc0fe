//! Lines of fish and the trees they become.

use crate::line::Dialect;
use crate::syntax::dump::dump;
use crate::syntax::{NoteKind, parse};

/// The line becomes this tree and nothing about it is odd.
#[track_caller]
fn check(line: &str, tree: &str) {
    let parsed = parse(line, Dialect::Fish);
    assert_eq!(dump(&parsed.program), tree, "{line}");
    assert_eq!(parsed.notes, [], "{line}");
}

/// The line becomes this tree, and these stretches are noted.
#[track_caller]
fn check_odd(line: &str, tree: &str, notes: &[(NoteKind, &str)]) {
    let parsed = parse(line, Dialect::Fish);
    assert_eq!(dump(&parsed.program), tree, "{line}");
    let found: Vec<_> = parsed.notes.iter().map(|note| (note.kind, note.span.of(line))).collect();
    assert_eq!(found, notes, "{line}");
}

#[test]
fn words_and_quotes() {
    check("ls -l", "(ls -l)");
    check(r"echo 'a\'b\\c\n' x", r"(echo 'a'b\c\n' x)");
    check(r#"echo "a $x \$y \"z\"""#, r#"(echo "a ${x} $y "z"")"#);
    check(r"echo a\ b \x72\x6d \162m \u0072m", "(echo a b rm rm rm)");
    check("echo a#b # c", "(echo a#b)");
    check("echo ~ ~root/x a~", "(echo ~‹› ~‹root›/x a~)");
    check("rm *.c **/x a?", "(rm ‹*›.c ‹*›/x a‹?›)");
    check("echo a&b", "(echo a&b)");
    check("echo [a] x=1", "(echo [a] x=1)");
    check("echo a\\\nb", "(echo ab)");
}

#[test]
fn variables_and_substitutions() {
    check("echo $x$$y $z[1..-2] $w[(count $w)]", "(echo ${x}${!y} ${z[1..-2]} ${w[$[(count ${w})]]})");
    check("rm (ls | head) $(ls)x", "(rm $[(ls) | (head)] $[(ls)]x)");
    check("echo (ls)[1] \"$(ls)[2]\"", "(echo $[(ls)][1] \"$[(ls)][2]\")");
    check("echo (a; b\nc)", "(echo $[(a) (b) (c)])");
    check("X=1 Y=(a) cmd b=2", "(set:X=1 set:Y=$[(a)] cmd b=2)");
}

#[test]
fn braces() {
    check("echo {a,b}c {,x}", "(echo {a¦b}c {¦x})");
    check("echo {a, b} {a,{b,c}}", "(echo {a¦b} {a¦{b¦c}})");
    check("find . -exec rm {} +", "(find . -exec rm {} +)");
    check("echo {$x}y {1..3}", "(echo {${x}}y {1..3})");
}

#[test]
fn statements() {
    check("a; b\nc &", "(a) (b) (c) &");
    check("a && b || c", "(a) && (b) || (c)");
    check("a; and b; or c", "(a) && (b) || (c)");
    check("a\nand b", "(a) && (b)");
    check("not a | b; ! c", "! (a) | (b) ! (c)");
    check("time a | b", "time (a) | (b)");
    check("a 2>| b &| c", "(a) |& (b) |& (c)");
    check("a > x >> y >? z 2> e < i 2>&1 &> b", "(a [> x] [>> y] [>> z] [2> e] [< i] [2>& 1] [&> b])");
    check("a>x<y", "(a [> x] [< y])");
}

#[test]
fn blocks() {
    check("begin; a; end | b", "(group (a)) | (b)");
    check("{ a; b; }", "(group (a) (b))");
    check("if a; b; else if c; d; else; e; end", "(if [(a) then (b)] [(c) then (d)] [else (e)])");
    check("if a; and b\nc\nend > x", "(if [(a) && (b) then (c)] [> x])");
    check("while not a; b; end", "(while ! (a) do (b))");
    check("for x in a $b (c); d $x; end", "(for x in [a ${b} $[(c)]] do (d ${x}))");
    check("switch $x; case a 'b*'; c; case '*'; d; end", "(case ${x} [a|‹b*›: (c)] [‹*›: (d)])");
    check(
        "function f -d 'x y' -a p q; rm $p; end",
        "(fn f (group (set -l p ${argv[1]}) (set -l q ${argv[2]}) (rm ${p})))",
    );
    check("function f --on-event fish_exit; a; end; f", "(fn f (group (a))) (f)");
    check("echo end if else", "(echo end if else)");
}

#[test]
fn what_is_odd_is_noted_and_read_on() {
    use NoteKind::{Unexpected, Unfinished};
    check_odd("if a; b", "(if [(a) then (b)])", &[(Unfinished, "if a; b")]);
    check_odd("echo (ls", "(echo $[(ls)])", &[(Unfinished, "(ls")]);
    check_odd("echo 'a", "(echo 'a')", &[(Unfinished, "'a")]);
    check_odd("echo \"a", "(echo \"a\")", &[(Unfinished, "\"a")]);
    check_odd("end; rm x", "(end) (rm x)", &[(Unexpected, "end")]);
    check_odd("rm )", "(rm)", &[(Unexpected, ")")]);
    check_odd("a | | b", "(a) (b)", &[(Unexpected, "|")]);
    check_odd("x=1; rm $x", "(set:x=1) (rm ${x})", &[(Unexpected, "x=1")]);
    check_odd("rm ${x}", "(rm ${x})", &[(Unexpected, "${x}")]);
    check_odd("a &&", "(a)", &[(Unfinished, "a &&")]);
    check_odd("echo \"(ls)\" a$ $", "(echo \"(ls)\" a$ $)", &[(Unexpected, "$"), (Unexpected, "$")]);
    check_odd("(ls)", "($[(ls)])", &[(Unexpected, "(")]);
}

/// Lines that hold about everything, to be cut anywhere.
const RICH: &[&str] = &[
    r#"set -l x $y[1..2] (ls | head)[-1] "$(a)[1]b $$z" 'q\'' {a,b{c,$d}} ~/x **.[ch] \x72\u00e9 > f 2>&1 # end"#,
    "if test -f x; and not a | b &| c; d; else if e; else; f; end 2> g; begin; a; end | b &",
    "for i in (seq 1 3) $x; switch $i; case a 'b*'; c; case '*'; d; end; end; while read -l y; e; end",
    "function f -a p q --description 'x y'; { a; b }; time c; ! d; end; é=ü echo \"ñ$ö\" 'ß' \\€ 日本 🎉\r\n",
];

/// Pieces that mean something to fish, so that random rows of them reach deep.
const PIECES: &[&str] = &[
    " ",
    "\n",
    ";",
    "&",
    "&&",
    "||",
    "|",
    "&|",
    "2>|",
    "(",
    ")",
    "$(",
    "$",
    "$x",
    "[",
    "]",
    "[1..2]",
    "{",
    "}",
    ",",
    "'",
    "\"",
    "\\",
    "\\x7",
    "\\u",
    "~",
    "*",
    "?",
    "#",
    ">",
    "<",
    ">?",
    "2>&1",
    "&>",
    "if ",
    "else ",
    "end",
    "begin ",
    "while ",
    "for x in ",
    "switch ",
    "case ",
    "function f ",
    "and ",
    "or ",
    "not ",
    "time ",
    "x=1 ",
    "a",
    "é",
];

#[track_caller]
fn sound(text: &str) {
    let parsed = parse(text, Dialect::Fish);
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
    });
    worker.unwrap().join().unwrap();
}

proptest::proptest! {
    #[test]
    fn any_row_of_pieces_is_read(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        sound(&pieces.concat());
    }
}
