//! Lines of zsh: words that are not split, arrays that begin at 1, flags and modifiers.

use crate::bash::Line;
use crate::random::Random;

const VALUES: &[&str] = &[
    "abc",
    "'a b'",
    "''",
    "12",
    "FooBar",
    "a/b/c.tar.gz",
    "'x:y:z'",
    "'  lead'",
    "$'a\\nb'",
    "'*'",
    "-n",
    "é日",
];

/// One line of this seed's stream.
pub(crate) fn line(random: &mut Random) -> Line {
    let mut parts: Vec<String> =
        ["x", "y", "z"].iter().map(|name| format!("{name}={}", random.of(VALUES))).collect();
    parts.push(format!("a=({})", random.several(1, 4, " ", |random| random.of(VALUES).replace("''", "e"))));
    parts.push(format!("set -- {}", random.several(0, 3, " ", |random| random.of(VALUES).to_owned())));
    let (text, branches) = statement(random);
    parts.push(text);
    Line { text: parts.join(random.of(&["; ", "\n"])), branches }
}

fn words(random: &mut Random) -> String {
    random.several(1, 3, " ", word)
}

fn word(random: &mut Random) -> String {
    // Braces beside lists multiply only their nearest word in zsh, for us all of it: alone they are the same.
    // A list with an empty element at its border, too, ends its word in zsh.
    if random.once_in(10) {
        return random.of(&["${=x}", "${=y}"]).to_owned();
    }
    if random.once_in(10) {
        return random.of(&["{a,b}", "{1..3}", "{a,b}{c,d}", "x{01..03}", "{3..1}y", "{a,'b c'}"]).to_owned();
    }
    random.several(1, 3, "", |random| {
        let part = part(random);
        // What follows a bare name would be read as part of it.
        if part.starts_with('$') && part.ends_with(char::is_alphanumeric) { part + "\"\"" } else { part }
    })
}

fn part(random: &mut Random) -> String {
    match random.below(13) {
        0 | 1 => random.of(&["a", "b1", "-r", "./", "%", "+", ":", "é"]).to_owned(),
        2 => random.of(&["\\ ", "\\$", "\\\"", "\\'", "\\\\", "\\*", "\\~"]).to_owned(),
        3 => random
            .of(&["'a b'", "''", "'$x'", "'*'", "'\\n'", "'{a,b}'", "$'a\\tb'", "$'\\x41'", "$'\\u00e9'"])
            .to_owned(),
        4 | 5 => random.of(&["$x", "${y}", "$z", "${x:-d}", "${nope:-e f}", "${x:+s}", "${#x}"]).to_owned(),
        6 => format!(
            "\"{}\"",
            random.several(0, 3, "", |random| random
                .of(&[
                    "a ",
                    "$x",
                    "${y}",
                    "\\$",
                    "\\\"",
                    "${a[1]}",
                    "$(echo q r)",
                    "'",
                    "${z:u}",
                    "$((1+2))",
                    "${#a}"
                ])
                .to_owned())
        ),
        7 => random
            .of(&[
                "${x#a}", "${x##*/}", "${x%.*}", "${x%%.*}", "${x/a/X}", "${x//b/}", "${x:1}", "${x:0:2}",
                "${x: -1}",
            ])
            .to_owned(),
        8 => random
            .of(&[
                "${(U)x}", "${(L)x}", "${x:u}", "${x:l}", "${x:t}", "${x:h}", "${x:r}", "${x:e}", "${(C)x}",
            ])
            .to_owned(),
        9 => random
            .of(&[
                "$a",
                "${a}",
                "$a[1]",
                "${a[2]}",
                "${a[-1]}",
                "${#a}",
                "\"${a[@]}\"",
                "\"$a[1]\"",
                "\"${a[*]}\"",
                "${a[2,3]}",
                "${(j:-:)a}",
                "\"${(@)a}\"",
            ])
            .to_owned(),
        10 => random
            .of(&["$(echo a b)", "$(printf %s 'a b')", "\"$(echo a b)\"", "`echo q`", "$(print -r -- w)"])
            .to_owned(),
        11 => {
            random.of(&["$((1+2))", "$((2*3-1))", "$((7/2))", "$((1<2))", "$[4+4]", "$((16#ff))"]).to_owned()
        }
        _ => random.of(&["$1", "$2", "${#}", "\"$@\"", "\"$*\"", "${1:-d}", "${(s.:.)x}"]).to_owned(),
    }
}

fn statement(random: &mut Random) -> (String, bool) {
    match random.below(16) {
        0 => (format!("for i in {}; do args \"$i\"; done", words(random)), false),
        1 => (format!("for i ({}) args $i", words(random)), false),
        2 => (format!("f() {{ args \"$1\" \"$@\"; }}; f {}", words(random)), false),
        3 => (format!("x={}; args \"$x\" $x", random.of(VALUES)), false),
        4 => (format!("a+=({}); args $a ${{#a}}", random.of(VALUES)), false),
        5 => (format!("a[2]={}; args \"${{a[@]}}\"", random.of(VALUES)), false),
        6 => (
            format!(
                "if [[ $x == {} ]]; then args yes; else args no; fi",
                random.of(&["abc", "a*", "FooBar"])
            ),
            true,
        ),
        7 => (
            format!("case $x in {}) args one;; *) args two;; esac", random.of(&["abc", "a*", "(12|-n)"])),
            true,
        ),
        9 => ("function g { local x=in; args $x }; g; args \"$x\"".to_owned(), false),
        10 => (format!("( x=sub; args $x ); args \"$x\" {}", word(random)), false),
        11 => ("read -r p q <<< \"a b c\"; args $p $q".to_owned(), false),
        12 => ("typeset -A h; h=(k v l w); args $h[k] ${h[l]}".to_owned(), false),
        _ => (format!("args {}", words(random)), false),
    }
}
