//! What must hold between two lines of which one holds the other.
//!
//! A dangerous line that is wrapped, moved into a function, quoted for another shell or encoded does
//! what it did before, so its risk may not fall. A dangerous line that is only text (a commit message,
//! a search pattern, a comment) does nothing, so it may not be flagged. Both are asked of every example
//! in the rules' documentation, so that each new rule is held to them from its first day.

#![allow(missing_docs, reason = "a test")]

mod examples;

use cmdai_core::line::Dialect;
use cmdai_core::safety::{self, Risk};
use cmdai_core::syntax::ir::CommandKind;
use cmdai_core::{Context, syntax};

/// What a line must be for a wrapper to hold it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// Anything at all.
    Any,
    /// What ends as a command does: not in `&`, a comment or the text of a heredoc.
    Closed,
    /// One program with its arguments, no builtin and no assignments: what another program can start.
    Program,
}

/// `X` is the line, `Q` the line as one quoted word, `B` the line in base64, `H` in hexadecimal.
///
/// Letters that stand for themselves are written in lower case, so that nothing else is replaced.
const WRAPPERS: &[(Shape, &str)] = &[
    (Shape::Closed, "X; true"),
    (Shape::Any, "true; X"),
    (Shape::Any, "true && X"),
    (Shape::Any, "false || X"),
    (Shape::Closed, "X || true"),
    (Shape::Closed, "X && echo done"),
    (Shape::Closed, "X &"),
    (Shape::Any, "X\n"),
    (Shape::Any, "\n  \t X"),
    (Shape::Any, "cat <<'eof' > notes.txt\nnotes\neof\nX"),
    (Shape::Any, "# a comment\nX"),
    (Shape::Closed, "( X )"),
    (Shape::Any, "(\nX\n)"),
    (Shape::Closed, "{ X; }"),
    (Shape::Closed, "! { X; }"),
    (Shape::Closed, "time X"),
    (Shape::Any, "x=1; X"),
    (Shape::Closed, "X 2>/dev/null"),
    (Shape::Closed, "X | cat"),
    (Shape::Closed, "X |& tee log"),
    (Shape::Closed, "{ X; } > /dev/null 2>&1"),
    (Shape::Closed, "if true; then X; fi"),
    (Shape::Closed, "if X; then :; fi"),
    (Shape::Any, "if false; then\n:\nelse\nX\nfi"),
    (Shape::Closed, "while true; do X; break; done"),
    (Shape::Closed, "until X; do :; done"),
    (Shape::Closed, "for i in 1; do X; done"),
    (Shape::Closed, "for ((i = 0; i < 1; i++)); do X; done"),
    (Shape::Closed, "case a in a) X;; esac"),
    (Shape::Closed, "f() { X; }; f"),
    (Shape::Any, "function f {\nX\n}\nf"),
    (Shape::Closed, "f() ( X ); f"),
    (Shape::Closed, "f() { X; }"),
    (Shape::Closed, "f() { \"$@\"; }; f bash -c Q"),
    (Shape::Any, "eval Q"),
    (Shape::Any, "eval \"$(printf %s Q)\""),
    (Shape::Any, "c=Q; eval \"$c\""),
    (Shape::Any, "c=Q; eval $(echo 'eval \"$c\"')"),
    (Shape::Any, "bash -c Q"),
    (Shape::Any, "bash -lc Q"),
    (Shape::Any, "bash -xc Q name one"),
    (Shape::Any, "/usr/bin/env bash -c Q"),
    (Shape::Any, "env -i PATH=/bin bash -c Q"),
    (Shape::Any, "c=Q; bash -c \"$c\""),
    (Shape::Any, "c=Q; bash <<< \"$c\""),
    (Shape::Any, "export C=Q; bash -c \"$C\""),
    (Shape::Any, "bash -c 'eval \"$0\"' Q"),
    (Shape::Any, "bash -c 'bash -c \"$1\"' _ Q"),
    (Shape::Any, "a=(Q); bash -c \"${a[0]}\""),
    (Shape::Any, "set -- Q; bash -c \"$1\""),
    (Shape::Any, "bash <<< Q"),
    (Shape::Any, "bash <<'end'\nX\nend"),
    (Shape::Any, "bash -s <<'end'\nX\nend"),
    (Shape::Any, "cat <<'end' | bash\nX\nend"),
    (Shape::Any, "echo Q | bash"),
    (Shape::Any, "printf '%s\\n' Q | bash"),
    (Shape::Any, "printf %s Q | bash -s --"),
    (Shape::Any, "echo Q | tee log | bash"),
    (Shape::Any, "echo Q | cat | bash"),
    (Shape::Any, "bash <(echo Q)"),
    (Shape::Any, "source <(printf %s Q)"),
    (Shape::Any, ". <(echo Q)"),
    (Shape::Any, "source /dev/stdin <<< Q"),
    (Shape::Any, "echo Q > x.sh; bash x.sh"),
    (Shape::Any, "printf '%s\\n' Q > x.sh && chmod +x x.sh && ./x.sh"),
    (Shape::Any, "cat > x.sh <<'end'\nX\nend\nsh -c 'bash x.sh'"),
    (Shape::Any, "echo B | base64 -d | bash"),
    (Shape::Any, "base64 -d <<< B | bash"),
    (Shape::Any, "echo 'B' | base64 --decode | bash"),
    (Shape::Any, "bash -c \"$(echo B | base64 -d)\""),
    (Shape::Any, "bash <(base64 -d <<< B)"),
    (Shape::Any, "eval \"$(echo B | base64 -d)\""),
    (Shape::Any, "eval $(base64 -d <<<B)"),
    (Shape::Any, "b=B; echo \"$b\" | base64 -d | bash"),
    (Shape::Any, "echo B | openssl base64 -d -A | bash"),
    (Shape::Any, "echo H | xxd -r -p | bash"),
    (Shape::Any, "printf 'B' | base64 -d > x.sh; bash x.sh"),
    (Shape::Any, "trap Q EXIT"),
    (Shape::Any, "alias x=Q\nx"),
    (Shape::Any, "coproc bash -c Q"),
    (Shape::Closed, "coproc { X; }"),
    (Shape::Closed, "echo \"$(X)\""),
    (Shape::Any, "x=$(\nX\n)"),
    (Shape::Closed, "cat <(X)"),
    (Shape::Closed, "echo a > >(X)"),
    (Shape::Closed, "a=($(X))"),
    (Shape::Closed, "export V=\"$(X)\""),
    (Shape::Closed, "[[ -n $(X) ]]"),
    (Shape::Closed, "echo ${nothing:-$(X)}"),
    (Shape::Closed, "cat <<end\n$(X)\nend"),
    (Shape::Closed, "cat <<< \"$(X)\""),
    (Shape::Closed, "echo $((1 + $(X)))"),
    (Shape::Any, "sudo bash -c Q"),
    (Shape::Any, "sudo -u root -- sh -c Q"),
    (Shape::Any, "su -c Q"),
    (Shape::Any, "su root -c Q"),
    (Shape::Any, "nohup bash -c Q &"),
    (Shape::Any, "setsid -f bash -c Q"),
    (Shape::Any, "watch Q"),
    (Shape::Any, "watch -n 1 -x bash -c Q"),
    (Shape::Any, "watch -n 1 Q"),
    (Shape::Any, "script -qc Q /dev/null"),
    (Shape::Any, "timeout -k 5 10s bash -c Q"),
    (Shape::Any, "flock /tmp/lock -c Q"),
    (Shape::Any, "find . -maxdepth 0 -exec bash -c Q \\;"),
    (Shape::Any, "echo x | xargs -I{} bash -c Q"),
    (Shape::Any, "printf %s Q | xargs -0 bash -c"),
    (Shape::Any, "busybox sh -c Q"),
    (Shape::Any, "tmux new-session -d Q"),
    (Shape::Any, "screen -dmS x bash -c Q"),
    (Shape::Any, "git -c alias.x='!bash -c \"$0\"' x; bash -c Q"),
    (Shape::Any, "parallel ::: Q"),
    (Shape::Any, "strace -f bash -c Q"),
    (Shape::Any, "systemd-run --user bash -c Q"),
    (Shape::Any, "unshare -r bash -c Q"),
    (Shape::Any, "zsh -c Q"),
    (Shape::Any, "ionice -c 3 nice -n 19 bash -c Q"),
    (Shape::Program, "sudo X"),
    (Shape::Program, "sudo -n -- X"),
    (Shape::Program, "doas X"),
    (Shape::Program, "env X"),
    (Shape::Program, "env A=1 B=2 X"),
    (Shape::Program, "env -u A -- X"),
    (Shape::Program, "timeout 5 X"),
    (Shape::Program, "timeout --signal=KILL 5 X"),
    (Shape::Program, "nohup X"),
    (Shape::Program, "nice X"),
    (Shape::Program, "nice -n 5 X"),
    (Shape::Program, "ionice -c2 X"),
    (Shape::Program, "stdbuf -oL X"),
    (Shape::Program, "setsid X"),
    (Shape::Program, "command X"),
    (Shape::Program, "exec X"),
    (Shape::Program, "busybox X"),
    (Shape::Program, "chronic X"),
    (Shape::Program, "ltrace -f X"),
    (Shape::Program, "strace -f -o log X"),
    (Shape::Program, "flock /tmp/lock X"),
    (Shape::Program, "caffeinate -i X"),
    (Shape::Program, "time -p X"),
    (Shape::Program, "/usr/bin/time -v X"),
    (Shape::Program, "taskset -c 0 X"),
    (Shape::Program, "sudo -E env A=1 nice timeout 9 X"),
    (Shape::Program, "A=1 X"),
    (Shape::Program, "\\X"),
];

/// `Q` is the line as one quoted word, `X` the line itself, where nothing of it can be code.
const DATA: &[(Risk, &str)] = &[
    (Risk::Safe, "echo Q"),
    (Risk::Safe, "printf '%s\\n' Q"),
    (Risk::Safe, "git commit -m Q"),
    (Risk::Safe, "git commit -am Q"),
    (Risk::Safe, "git log --grep=Q"),
    (Risk::Safe, "git tag -a v1 -m Q"),
    (Risk::Safe, "grep Q f"),
    (Risk::Safe, "grep -rnF -e Q src"),
    (Risk::Safe, "rg Q src"),
    // A search of the history for what looks like a secret is one of the few that say something.
    (Risk::Moderate, "history | grep Q"),
    (Risk::Safe, "# X"),
    (Risk::Safe, "ls # X"),
    (Risk::Safe, ": Q"),
    (Risk::Safe, "true Q"),
    (Risk::Moderate, "printf %s Q > notes.txt"),
    (Risk::Moderate, "echo Q >> notes.txt"),
    (Risk::Moderate, "echo Q | tee notes.txt"),
    (Risk::Moderate, "cat <<'end' > notes.md\nX\nend"),
    (Risk::Safe, "cat <<'end'\nX\nend"),
    (Risk::Safe, "cat <<< Q"),
    (Risk::Safe, "echo Q | wc -c"),
    (Risk::Safe, "echo Q | base64"),
    (Risk::Safe, "echo B | base64 -d"),
    (Risk::Safe, "echo Q | grep -c x"),
    (Risk::Safe, "x=Q"),
    (Risk::Safe, "x=Q; echo \"$x\""),
    (Risk::Safe, "a=(Q Q); echo \"${a[@]}\""),
    (Risk::Safe, "[[ $x == Q ]] && echo same"),
    (Risk::Safe, "test \"$x\" = Q"),
    (Risk::Safe, "case $x in Q) echo same;; esac"),
    (Risk::Safe, "for x in Q; do echo \"$x\"; done"),
    (Risk::Safe, "f() { echo \"$1\"; }; f Q"),
    (Risk::Safe, "some-tool --note Q"),
    (Risk::Safe, "some-tool Q"),
    (Risk::Safe, "logger -t x Q"),
    (Risk::Safe, "notify-send Q"),
    (Risk::Safe, "jq -n --arg x Q '$x'"),
    (Risk::Safe, "awk -v x=Q 'BEGIN { print x }'"),
    (Risk::Safe, "printf -v x %s Q"),
    (Risk::Safe, "read -r x <<< Q; echo \"$x\""),
    (Risk::Safe, "cmdai check Q"),
    (Risk::Safe, "man -k Q"),
    (Risk::Safe, "python3 script.py Q"),
    (Risk::Safe, "diff <(echo Q) <(echo Q)"),
    (Risk::Moderate, "sudo echo Q"),
    (Risk::Safe, "bash -c 'echo \"$1\"' _ Q"),
    (Risk::Safe, "xargs -0 echo <<< Q"),
    (Risk::Moderate, "gh issue create --title Q --body Q"),
    (Risk::Moderate, "gh pr create --title x --body Q"),
    (Risk::Moderate, "git stash push -m Q"),
    (Risk::Moderate, "docker build --label note=Q ."),
    (Risk::Moderate, "curl -d Q https://example.com/notes"),
    (Risk::Moderate, "psql -v note=Q -c 'select 1'"),
];

#[test]
fn what_holds_a_dangerous_line_is_as_dangerous() {
    let ctx = Context::new(Dialect::Bash);
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for line in lines(true) {
        let bare = safety::check(&line, &ctx);
        if bare.risk == Risk::Safe || about_the_text(&line) {
            continue;
        }
        let shape = shape(&line);
        for (_, wrapper) in WRAPPERS.iter().filter(|(needs, _)| *needs <= shape) {
            // `{}` is replaced by the program that starts the line.
            if line.contains("{}") && (wrapper.contains("{}") || wrapper.contains("-exec")) {
                continue;
            }
            pairs += 1;
            let wrapped = fill(wrapper, &line);
            let report = safety::check(&wrapped, &ctx);
            if report.risk < bare.risk {
                wrong.push(format!("{wrapper:?}\t{} -> {}\t{wrapped:?}", bare.risk, report.risk));
            }
        }
    }
    report(wrong, pairs, 5_000);
}

#[test]
fn a_dangerous_line_as_text_is_not_dangerous() {
    let ctx = Context::new(Dialect::Bash);
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for line in lines(true).into_iter().filter(|line| !about_the_text(line)) {
        for (most, wrapper) in DATA {
            if wrapper.contains("# X") && line.contains('\n') {
                continue;
            }
            pairs += 1;
            let wrapped = fill(wrapper, &line);
            let report = safety::check(&wrapped, &ctx);
            if report.risk > *most {
                let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
                wrong.push(format!("{wrapper:?}\t{}, {rules:?}\t{wrapped:?}", report.risk));
            }
        }
    }
    report(wrong, pairs, 2_000);
}

/// The harmless examples stay what they are in whatever only starts them.
#[test]
fn what_holds_a_harmless_line_is_harmless() {
    const QUIET: &[&str] = &[
        "X; true",
        "true && X",
        "( X )",
        "{ X; }",
        "if true; then X; fi",
        "f() { X; }; f",
        "x=1; X",
        "bash -c Q",
        "eval Q",
        "c=Q; bash -c \"$c\"",
        "echo Q | bash",
        "bash <<'end'\nX\nend",
        "echo B | base64 -d | bash",
        "time X",
    ];
    let ctx = Context::new(Dialect::Bash);
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for line in lines(false) {
        let bare = safety::check(&line, &ctx);
        if about_the_text(&line) || shape(&line) < Shape::Closed {
            continue;
        }
        for wrapper in QUIET {
            pairs += 1;
            let wrapped = fill(wrapper, &line);
            let report = safety::check(&wrapped, &ctx);
            if report.risk > bare.risk {
                let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
                wrong.push(format!("{wrapper:?}\t{} -> {} {rules:?}\t{wrapped:?}", bare.risk, report.risk));
            }
        }
    }
    report(wrong, pairs, 1_000);
}

/// Fails with every pair that does not hold; at least so many must have been looked at.
#[track_caller]
fn report(mut wrong: Vec<String>, pairs: usize, least: usize) {
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {pairs} pairs:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pairs >= least, "only {pairs} pairs");
}

fn lines(flagged: bool) -> Vec<String> {
    let of_bash = examples::all().into_iter().filter(|example| example.dialect == Dialect::Bash);
    of_bash.filter(|example| example.flagged == flagged).map(|example| example.line).collect()
}

/// True for lines that are flagged for their characters, which stay when they are quoted and go when they are encoded.
fn about_the_text(line: &str) -> bool {
    !line.is_ascii() || line.contains('\u{1b}')
}

fn fill(wrapper: &str, line: &str) -> String {
    let mut out = String::with_capacity(wrapper.len() + 2 * line.len());
    for (at, letter) in wrapper.char_indices() {
        let alone = !wrapper[..at].ends_with(|c: char| c.is_ascii_uppercase())
            && !wrapper[at + letter.len_utf8()..].starts_with(|c: char| c.is_ascii_uppercase() || c == '=');
        match letter {
            'X' if alone => out.push_str(line),
            'Q' if alone => out.push_str(&quoted(line)),
            'B' if alone => out.push_str(&base64(line.as_bytes())),
            'H' if alone => line.bytes().for_each(|byte| out.push_str(&format!("{byte:02x}"))),
            _ => out.push(letter),
        }
    }
    out
}

fn quoted(line: &str) -> String {
    format!("'{}'", line.replace('\'', "'\\''"))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            out.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

/// What a line can be put into.
fn shape(line: &str) -> Shape {
    let parsed = syntax::parse(line, Dialect::Bash);
    let ends_open = parsed.comments.last().is_some_and(|comment| comment.end == line.len())
        || parsed.program.statements.last().is_none_or(|last| last.background)
        || line.contains("<<E")
        || line.contains("<<'E");
    if ends_open || line.contains('\n') {
        return Shape::Any;
    }
    let [statement] = &parsed.program.statements[..] else { return Shape::Closed };
    let [(_, pipeline)] = &statement.chain[..] else { return Shape::Closed };
    let [stage] = &pipeline.stages[..] else { return Shape::Closed };
    match &stage.command.kind {
        CommandKind::Simple(simple) if simple.assignments.is_empty() => {
            let first = simple.words.first().map_or("", |word| word.span.of(line));
            let plain = first.starts_with(|c: char| c.is_ascii_lowercase() || c == '/');
            if plain && !BUILTINS.contains(&first) { Shape::Program } else { Shape::Closed }
        }
        _ => Shape::Closed,
    }
}

/// Names that only the shell itself can run.
const BUILTINS: &[&str] = &[
    "alias", "bind", "builtin", "cd", "eval", "exec", "export", "history", "set", "source", "trap", "ulimit",
    "unset",
];

#[test]
fn lines_are_encoded_as_the_programs_decode_them() {
    assert_eq!(base64(b"a"), "YQ==");
    assert_eq!(base64(b"ab"), "YWI=");
    assert_eq!(base64(b"abc"), "YWJj");
    assert_eq!(fill("A=1 X Q H B", "a'"), "A=1 a' 'a'\\''' 6127 YSc=");
}
