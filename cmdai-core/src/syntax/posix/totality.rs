//! What holds for any text: it is read, in linear work and little stack, and every span lies where it should.

use super::*;
use crate::syntax::dump::dump;

/// Lines that hold about everything, to be cut anywhere.
const RICH: &[&str] = &[
    r#"a=1 b+=(x [k]="y z") c[i+1]=$'q\x41' cmd --o={a,b{1..3}} ~/x *.[ch] !(a|b) > f 2>&1 <<<"w $v" # end"#,
    "if [[ $x =~ ^(a|b)$ && -f \"$y\" ]]; then (( i++ )); elif ! a | b |& c; then :; else { d; } fi",
    "for i in $(seq 1 `echo \\`x\\``) \"${a[@]:1:2}\"; do case $i in (a|b) c;; *) d;& esac; done &",
    "cat <<A <<-'B' | sh && echo ${x:-${y/\"a\"/b}} $((1 + (2*3))) <(ls) >(tee)\nx $z\nA\n\ty\n\tB\nls",
    "f() { local -a x=(1 2); select y in a; do until b; do c; done; done; }; coproc f { ( a ); }",
    "é=ü; echo \"ñ$ö\" 'ß' \\€ ${é:-日本} 🎉 \u{a0} <<<日本\r\n",
];

#[test]
fn every_prefix_of_a_line_is_read() {
    for line in RICH {
        for (end, _) in line.char_indices() {
            for &dialect in Dialect::ALL {
                sound(&line[..end], dialect);
            }
        }
    }
}

/// Everything that must hold for any text.
#[track_caller]
fn sound(text: &str, dialect: Dialect) -> Parsed {
    let (parsed, steps) = parse_counting(text, dialect, Limits::default());
    assert!(steps <= STEPS_A_BYTE * text.len() + 64, "{steps} steps for {} bytes: {text:.80}", text.len());
    spans::check(text, &parsed.program);
    for note in &parsed.notes {
        assert!(
            note.span.end <= text.len() && text.is_char_boundary(note.span.start),
            "{note:?} in {text:.80}"
        );
        assert!(text.is_char_boundary(note.span.end), "{note:?} in {text:.80}");
    }
    assert!(parsed.understood() <= text.len());
    parsed
}

/// What bounds the work: each byte is looked at this often at most.
const STEPS_A_BYTE: usize = 10;

#[test]
fn hostile_text_takes_linear_work_and_little_stack() {
    let pieces = [
        "((",
        "$((",
        "$(",
        "`",
        "\\`",
        "(",
        "{",
        "{a,",
        "${",
        "${x:-",
        "\"",
        "'",
        "\"$(",
        "$'",
        "[",
        "a[",
        "a[ ",
        "a=(",
        "a=([",
        "case x in a) ",
        "if ",
        "if a; then ",
        "while ",
        "do ",
        "f() ",
        "f(){ ",
        "coproc ",
        "! ",
        "time ",
        "| a ",
        "a|",
        "a&&",
        "a;",
        ";;",
        ")",
        "}",
        "fi ",
        "<<A ",
        "<<A\n",
        "<<A\nA\n",
        "<<-A\n\t",
        "> ",
        "<(",
        "!(",
        "!(a|",
        "@(",
        "[[ ",
        "[[ a =~ (",
        "#",
        "# a\n",
        "\\",
        "\\\n",
        "$",
        "$[",
        "~",
        "=",
        "a=",
        "*",
        "{a..",
        "{1..2}",
        ",",
        "$a",
        "\u{e9}",
        "\0",
        "\r",
        "\n",
        "\"\"",
        "''",
        "$((1))",
        "((1))",
        "$(a)",
        "`a`",
        "${x/",
        "${x:",
        "${x[",
        "select ",
        "function ",
        "((a) ",
        "$((a) ",
        "a[$(",
        "\"`",
        "`\"",
        "$(`",
        "${a `",
        "<<A$(\n",
        "$a[",
        "$a[$(",
        "'((",
        "\"((",
        "((\"",
        "(('",
        "((`",
        "(($(",
        "for ((",
        "{a,b}",
        "{{a,b},",
        "1>",
        "{a}>",
        "&>",
    ];
    let run = move || {
        for piece in pieces {
            let text = piece.repeat(16_384 / piece.len());
            for dialect in [Dialect::Bash, Dialect::Zsh] {
                sound(&text, dialect);
            }
            // A few of these, and then much of something that each of them might look through in vain.
            for filler in ["$a", "(", "[", "a ", "\n"] {
                let text = piece.repeat(64) + &filler.repeat(4_096 / filler.len());
                sound(&text, Dialect::Bash);
            }
        }
    };
    // Half a mebibyte of stack is what a small worker thread has.
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn text_beyond_the_limits_is_noted() {
    let limits = Limits { bytes: 5, depth: 2, ..Limits::default() };
    let (parsed, _) = parse_counting("ls é x", Dialect::Bash, limits);
    assert_eq!(dump(&parsed.program), "(ls é)");
    assert_eq!(parsed.notes, [Note { kind: NoteKind::TooLong, span: Span::new(5, 7) }]);
    assert_eq!(parsed.understood(), 5);

    let (parsed, _) = parse_counting("a; b; c; d", Dialect::Bash, Limits { pieces: 4, ..Limits::default() });
    assert_eq!(dump(&parsed.program), "(a) (b)");
    assert_eq!(parsed.notes, [Note { kind: NoteKind::TooLong, span: Span::new(6, 10) }]);

    let deep = "echo $($($(rm a)) ); ls";
    let (parsed, _) = parse_counting(deep, Dialect::Bash, Limits { depth: 2, ..Limits::default() });
    assert_eq!(dump(&parsed.program), "(echo $[($[(¿)])]) (ls)");
    let found: Vec<_> = parsed.notes.iter().map(|note| (note.kind, note.span.of(deep))).collect();
    assert_eq!(found, [(NoteKind::TooDeep, "$(rm a)")]);
}

mod spans {
    //! Every span lies in the text and in the span around it, on character borders.
    use crate::line::Span;
    use crate::syntax::ir::*;
    use crate::syntax::walk::{Nested, nested_of_command};

    #[track_caller]
    pub(super) fn check(text: &str, program: &Program) {
        program_in(text, program, Span::new(0, text.len()));
    }

    #[track_caller]
    fn inside(text: &str, span: Span, outer: Span) {
        let fits = outer.start <= span.start && span.end <= outer.end;
        assert!(fits && span.start <= span.end, "{span:?} in {outer:?} of {text:.120}");
        assert!(
            text.is_char_boundary(span.start) && text.is_char_boundary(span.end),
            "{span:?} of {text:.120}"
        );
    }

    fn program_in(text: &str, program: &Program, outer: Span) {
        inside(text, program.span, outer);
        let mut reached = program.span.start;
        for statement in &program.statements {
            inside(text, statement.span, program.span);
            assert!(statement.span.start >= reached, "order of {text:.120}");
            reached = statement.span.end;
            for (_, pipeline) in &statement.chain {
                inside(text, pipeline.span, statement.span);
                for stage in &pipeline.stages {
                    command_in(text, &stage.command, pipeline.span);
                }
            }
        }
    }

    fn command_in(text: &str, command: &Command, outer: Span) {
        inside(text, command.span, outer);
        if let CommandKind::Simple(simple) = &command.kind {
            for assignment in &simple.assignments {
                inside(text, assignment.span, command.span);
            }
            words_in(text, &simple.words, command.span);
        }
        for redirection in &command.redirections {
            inside(text, redirection.span, command.span);
            // The body of a heredoc lies behind its line.
            let heredoc = matches!(redirection.kind, RedirectionKind::HereDocument { .. });
            let around = if heredoc { Span::new(0, text.len()) } else { redirection.span };
            inside(text, redirection.word().span, around);
            parts_in(text, &redirection.word().parts, redirection.word().span);
        }
        let all = Span::new(0, text.len());
        nested_of_command(command, &mut |nested| match nested {
            Nested::Program(program, _) => program_in(text, program, all),
            Nested::Command(command, _) => command_in(text, command, all),
        });
    }

    fn words_in(text: &str, words: &[Word], outer: Span) {
        let mut reached = outer.start;
        for word in words {
            inside(text, word.span, outer);
            assert!(word.span.start >= reached, "order of words in {text:.120}");
            reached = word.span.end;
            parts_in(text, &word.parts, word.span);
        }
    }

    fn parts_in(text: &str, parts: &[Part], outer: Span) {
        let mut reached = outer.start;
        for part in parts {
            inside(text, part.span, outer);
            assert!(part.span.start >= reached, "order of parts in {text:.120}");
            reached = part.span.end;
            match &part.kind {
                PartKind::Quoted { parts, .. } | PartKind::Arithmetic(parts) => {
                    parts_in(text, parts, part.span)
                }
                PartKind::Brace(Brace::List(words)) | PartKind::Array(words) => {
                    words_in(text, words, part.span)
                }
                PartKind::Substitution(program) | PartKind::Process { program, .. } => {
                    inside(text, program.span, part.span);
                }
                _ => {}
            }
        }
    }
}

mod random {
    use super::{RICH, sound};
    use crate::line::Dialect;
    use proptest::prelude::*;

    /// Pieces that mean something to a shell, so that random rows of them reach deep.
    const PIECES: &[&str] = &[
        " ",
        "\n",
        ";",
        ";;",
        "&",
        "&&",
        "|",
        "||",
        "|&",
        "(",
        ")",
        "((",
        "))",
        "{",
        "}",
        "{ ",
        " }",
        "[[ ",
        " ]]",
        "if ",
        "then ",
        "elif ",
        "else ",
        "fi",
        "for x in ",
        "do ",
        "done",
        "while ",
        "case x in ",
        "a) ",
        "esac",
        "function f ",
        "f() ",
        "coproc ",
        "time ",
        "! ",
        "$",
        "$(",
        "`",
        "\\`",
        "${",
        "${x",
        ":-",
        "//",
        "/",
        "#",
        "%",
        "^",
        "@Q",
        "[",
        "]",
        "$((",
        "$[",
        "'",
        "\"",
        "$'",
        "\\",
        "\\\n",
        "*",
        "?",
        "!(",
        "~",
        "=",
        "+=",
        "a=(",
        "<",
        ">",
        ">>",
        "<<E",
        "<<-'F'",
        "\nE\n",
        "\n\tF\n",
        "<<<",
        "<(",
        ">(",
        "2>&1",
        "{fd}>",
        "&>",
        "{a,b}",
        "{1..3}",
        ",",
        "..",
        "a",
        "é",
        "rm -rf /",
        " x ",
        "# c\n",
        "=~ ",
        "\0",
        "\r\n",
        "declare ",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            sound(&String::from_utf8_lossy(&bytes), Dialect::Bash);
        }

        #[test]
        fn any_text(text in "\\PC{0,80}") {
            for &dialect in Dialect::ALL {
                sound(&text, dialect);
            }
        }

        #[test]
        fn rows_of_pieces(row in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
            let text = row.concat();
            for &dialect in Dialect::ALL {
                sound(&text, dialect);
            }
        }

        #[test]
        fn lines_with_a_piece_too_many(
            line in proptest::sample::select(RICH),
            piece in proptest::sample::select(PIECES),
            at in any::<proptest::sample::Index>(),
        ) {
            let places: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
            let (before, after) = line.split_at(places[at.index(places.len())]);
            sound(&format!("{before}{piece}{after}"), Dialect::Bash);
            sound(&format!("{before}{}", after.get(piece.len()..).unwrap_or("")), Dialect::Zsh);
        }
    }
}
