//! Lines of fish: lists, their products, substitutions by lines, and builtins that only compute.

use crate::bash::Line;
use crate::random::Random;

const VALUES: &[&str] = &[
    "abc", "'a b'", "''", "12", "FooBar", "a/b.c", "\"d e\"", "'$x'", "\\x41", "é", "-n", "a\\ b", "'it\\'s'",
];

/// One line of this seed's stream.
pub(crate) fn line(random: &mut Random) -> Line {
    let mut parts = Vec::new();
    for name in ["x", "y", "z"] {
        parts
            .push(format!("set {name} {}", random.several(0, 3, " ", |random| random.of(VALUES).to_owned())));
    }
    let (text, branches) = statement(random);
    parts.push(text);
    Line { text: parts.join(random.of(&["; ", "\n"])), branches }
}

fn words(random: &mut Random) -> String {
    random.several(1, 3, " ", word)
}

fn word(random: &mut Random) -> String {
    if random.once_in(12) {
        return random.of(&["~", "~/b", "~/a/c"]).to_owned();
    }
    random.several(1, 3, "", |random| {
        let part = part(random);
        if part.starts_with('$') && part.ends_with(char::is_alphanumeric) { part + "''" } else { part }
    })
}

fn part(random: &mut Random) -> String {
    match random.below(12) {
        0 | 1 => random.of(&["a", "b1", "-r", "./", "%", "+", ":", "é", "=", "_"]).to_owned(),
        2 => random
            .of(&["\\ ", "\\$", "\\\"", "\\'", "\\\\", "\\*", "\\~", "\\n", "\\t", "\\x41", "\\u00e9", "\\{"])
            .to_owned(),
        3 => random
            .of(&["'a b'", "''", "'$x'", "'*'", "'\\n'", "'\\''", "'\\\\'", "'{a,b}'", "'(echo)'"])
            .to_owned(),
        4 | 5 => random
            .of(&["$x", "$y", "$z", "{$x}", "$x[1]", "$x[-1]", "$x[1..2]", "$x[-1..1]", "$y[2]", "$nope"])
            .to_owned(),
        6 => format!(
            "\"{}\"",
            random.several(0, 3, "", |random| random
                .of(&["a ", "$x", "$y", "\\$", "\\\"", "$x[1]", "$(echo q r)", "'", "\\n", "{a,b}", "(echo)"])
                .to_owned())
        ),
        7 | 8 => format!(
            "({})",
            random.of(&[
                "echo a b",
                "echo a; echo b",
                "printf 'a\\nb\\n'",
                "printf '%s-%s' 1 2",
                "string upper abc",
                "string split , a,b,c",
                "string join - a b c",
                "string replace a X banana",
                "string replace -a a X banana",
                "string sub -s 2 -l 2 abcdef",
                "string repeat -n 3 ab",
                "string trim '  a '",
                "math 1+2",
                "math '7 * 6'",
                "count $x",
                "echo $x",
                "string length abc",
                "string lower ABC",
                "seq 1 3 2>/dev/null; echo e"
            ])
        )
        .replace("seq 1 3 2>/dev/null; ", ""),
        9 => random.of(&["{a,b}", "{a,b}{c,d}", "{a,{b,c}}", "{a}", "{,a}"]).to_owned(),
        _ => random
            .of(&["(echo a b)[1]", "$argv", "$status", "(true)", "(echo)", "$x$y", "a$x"])
            .replace("$status", "s"),
    }
}

fn statement(random: &mut Random) -> (String, bool) {
    match random.below(16) {
        0 => (format!("for i in {}; args $i; end", words(random)), false),
        1 => (format!("function f; args $argv[1] $argv; end; f {}", words(random)), false),
        2 => (format!("if test abc = {}; args yes; else; args no; end", random.of(&["abc", "b"])), true),
        3 => (
            format!(
                "switch {}; case abc; args one; case 'a*'; args two; case '*'; args three; end",
                random.of(&["abc", "axe", "q"])
            ),
            true,
        ),
        4 => (format!("begin; args {}; end", words(random)), false),
        5 => (format!("set -a x {}; args $x (count $x)", random.of(VALUES)), false),
        6 => (format!("set x[1] {}; args $x", random.of(VALUES)), false),
        7 => ("set -e y; args $y end".to_owned(), false),
        8 => (format!("true; and args {}", word(random)), true),
        9 => (format!("false; or args {}", word(random)), true),
        10 => (format!("set -l w {}; args $w$x", words(random)), false),
        11 => ("echo a b | read -l p q; args $p $q".to_owned(), false),
        12 => (format!("eval args {}", random.of(&["a b", "'$x'", "\\$y"])), false),
        _ => (format!("args {}", words(random)), false),
    }
}
