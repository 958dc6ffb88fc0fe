//! Lines of bash: every kind of quoting and expansion, in front of `args`.
//!
//! A line is a few settings and a few calls. What the calls are given depends on nothing but the line:
//! no file matches a pattern, no variable comes from outside, no program is started.

use crate::random::Random;

/// A line, and whether it holds a branch or a loop, of which a reader may follow more than runs.
pub(crate) struct Line {
    /// The text.
    pub(crate) text: String,
    /// True where some of the text may not run.
    pub(crate) branches: bool,
}

const LETTERS: &[&str] = &[
    "a", "b", "cd", "x1", "foo", "bar", "A", "Zed", "0", "7", "42", "-r", "--x", ".", "/", "a/b.c", "_", "%",
    "+", "@", ":", ",", "é", "日",
];
const VALUES: &[&str] = &[
    "abc",
    "'a b'",
    "\"a  b c\"",
    "a/b/c.tar.gz",
    "''",
    "5",
    "12",
    "'x:y::z'",
    "FooBar",
    "'one two  three '",
    "$'a\\tb\\nc'",
    "'*'",
    "'a,b'",
    "é日x",
    "'  lead'",
    "'a\\z'",
    "'$x'",
    "-n",
    "007",
];
const NAMES: &[&str] = &["x", "y", "z"];
const PATTERNS: &[&str] = &[
    "a",
    "*",
    "?",
    "*/",
    "/*",
    ".*",
    "*.",
    "[a-c]",
    "[!a]*",
    "b*",
    "*b",
    "'*'",
    "\"a\"",
    "o",
    "[[:upper:]]",
    "x:*",
    "",
    "\\*",
    "a?c",
    "*[0-9]",
];

/// One line of this seed's stream.
pub(crate) fn line(random: &mut Random) -> Line {
    let mut parts = settings(random);
    let mut branches = false;
    let calls = 1 + usize::from(random.once_in(4));
    for _ in 0..calls {
        let (text, branch) = if random.once_in(3) { statement(random) } else { (call(random), false) };
        branches |= branch;
        parts.push(text);
    }
    let end = random.of(&["; ", "; ", "; ", "\n"]);
    Line { text: parts.join(end), branches }
}

/// Assignments that everything after them relies on.
fn settings(random: &mut Random) -> Vec<String> {
    let mut parts: Vec<String> = NAMES.iter().map(|name| format!("{name}={}", random.of(VALUES))).collect();
    let items = random.several(0, 4, " ", |random| random.of(VALUES).to_owned());
    parts.push(format!("a=({items})"));
    if random.once_in(2) {
        let items = random.several(0, 4, " ", |random| random.of(VALUES).to_owned());
        parts.push(format!("set -- {items}"));
    } else {
        parts.push("set --".to_owned());
    }
    match random.below(12) {
        0 => parts.push("IFS=:".to_owned()),
        1 => parts.push("IFS=', '".to_owned()),
        3 => parts.push("IFS=$'\\n'".to_owned()),
        _ => {}
    }
    parts
}

fn call(random: &mut Random) -> String {
    let words = random.several(1, 3, " ", word);
    match random.below(14) {
        0 => format!("args {words} > /dev/null"),
        1 => format!("y=1 args {words}"),
        2 => format!("{{ args {words}; }}"),
        3 => format!("( args {words} )"),
        4 => format!("args \\\n  {words}"),
        _ => format!("args {words}"),
    }
}

/// A word: parts of every kind, one after the other.
fn word(random: &mut Random) -> String {
    let mut text = String::new();
    if random.once_in(16) {
        text.push_str(random.of(&["~", "~/", "~/b", "~+", "k=~/c", "k=~:~/d", "k=a:~"]));
        if random.once_in(2) {
            return text;
        }
        // After braces such a word is none that looks like an assignment.
        return text + "/" + random.of(LETTERS) + &double_quoted(random);
    }
    let count = 1 + random.below(3);
    for _ in 0..count {
        let part = part(random);
        // Braces are joined as text before anything is expanded: `$x{a,b}` is `$xa $xb`.
        let name = text.trim_end_matches("\\\n").rsplit('$').next().unwrap_or_default();
        let is_open = text.contains('$') && !name.is_empty() && name.chars().all(char::is_alphanumeric);
        if is_open && part.starts_with(|letter: char| letter.is_alphanumeric() || "_{[\\".contains(letter)) {
            text.push_str("\"\"");
        }
        text.push_str(&part);
    }
    text
}

fn part(random: &mut Random) -> String {
    match random.below(24) {
        0..=2 => random.of(LETTERS).to_owned(),
        3 => random
            .of(&[
                "\\ ", "\\$", "\\\"", "\\'", "\\\\", "\\*", "\\{", "\\n", "\\~", "\\é", "\\#", "\\;", "\\\n",
            ])
            .to_owned(),
        4 => format!(
            "'{}'",
            random.of(&["", "a b", "$x", "\"", "*", "\\", "\\n", "`", "#", "a\nb", "!", "{a,b}", "~"])
        ),
        5..=7 => double_quoted(random),
        8 => format!(
            "$'{}'",
            random.of(&[
                "a\\tb",
                "\\x41",
                "\\101b",
                "\\u00e9",
                "\\'",
                "\\\\",
                "a\\nb",
                "\\e[0m",
                "\\x4",
                "q\\qr",
                "\\\"",
                "\\U0001F600",
                "\\cA",
                "\\?",
                "\\0"
            ])
        ),
        9 => format!("$\"{}\"", random.of(&["a b", "$x", "\\$y"])),
        10..=12 => parameter(random),
        13 | 14 => operation(random),
        15 => list(random),
        16 => positional(random),
        17 => substitution(random),
        18 => arithmetic(random),
        19 | 20 => brace(random, 0),
        21 => random.of(&["*.zz", "?q", "q*", "*/zz", "*"]).to_owned(),
        22 => operation(random),
        _ => list(random),
    }
}

/// A word for where it is not split: there lists are joined in a way that depends on bash's version.
fn scalar(random: &mut Random) -> String {
    loop {
        let word = word(random);
        if !["[@]", "[*]", "$@", "$*", "{@", "{*"].iter().any(|list| word.contains(list)) {
            return word;
        }
    }
}

fn double_quoted(random: &mut Random) -> String {
    let inside = random.several(0, 3, "", |random| match random.below(9) {
        0 | 1 => random.of(&["a", " ", "b c", "'", "*", "~", "{a,b}", "\\n", "#", "é", "  "]).to_owned(),
        2 => random.of(&["\\$", "\\\"", "\\\\", "\\`", "\\x", "\\\n", "\\*"]).to_owned(),
        3 => format!("${{{}}}", random.of(NAMES)),
        4 => operation(random),
        5 => list(random),
        6 => positional(random),
        7 => substitution(random),
        _ => arithmetic(random),
    });
    // Beside "$@", bash splits some forms of "${*:2}" too, depending on its version.
    if inside.contains('@') && inside.contains('*') {
        return "\"\"".to_owned();
    }
    format!("\"{inside}\"")
}

fn parameter(random: &mut Random) -> String {
    let name = random.of(NAMES);
    if random.once_in(2) { format!("${{{name}}}") } else { format!("${name}") }
}

/// A small word for inside an expansion.
fn small(random: &mut Random) -> String {
    match random.below(8) {
        0 => "'q r'".to_owned(),
        1 => "\"s t\"".to_owned(),
        2 => "$y".to_owned(),
        3 => "\"$z\"".to_owned(),
        4 => "u v".to_owned(),
        5 => String::new(),
        6 => "${z:-w}".to_owned(),
        _ => random.of(&["d", "ee", "1", "/", "x/y", "~", "a\\}b"]).to_owned(),
    }
}

fn operation(random: &mut Random) -> String {
    let name = random.of(NAMES);
    let pattern = random.of(PATTERNS);
    match random.below(24) {
        0..=2 => format!("${{{name}{}{}}}", random.of(&[":-", "-", ":+", "+"]), small(random)),
        3 => format!(
            "${{{}{}{}}}",
            random.of(&["nope", "none"]),
            random.of(&[":-", "-", ":=", "="]),
            small(random)
        ),
        4 => format!("${{#{name}}}"),
        5..=9 => format!("${{{name}{}{pattern}}}", random.of(&["#", "##", "%", "%%"])),
        10..=13 => {
            let how = random.of(&["/", "//", "/#", "/%"]);
            let new = random.of(&["", "/", "/X", "/a b", "/$y", "/\"q\""]);
            format!("${{{name}{how}{pattern}{new}}}")
        }
        14..=17 => {
            let from = random.of(&["0", "1", "2", " -1", "(-2)", "9", " 1 + 1 ", "3"]);
            let length = random.of(&["", "", ":0", ":1", ":2", ":9", ": -1", ":-2"]);
            format!("${{{name}:{from}{length}}}")
        }
        18 | 19 => {
            format!("${{{name}{}}}", random.of(&["^", "^^", ",", ",,", "~~", "~", "^^[a-c]", ",,[A-F]"]))
        }
        20 => format!("${{{name}@{}}}", random.of(&["U", "L", "u", "Q", "E"])),
        21 => format!("${{!{}}}", random.of(&["ref", "ref", "nope2"])).replace("nope2", "ref"),
        _ => format!("${{{name}:?}}"),
    }
}

fn list(random: &mut Random) -> String {
    let form = random.of(&[
        "${a[@]}",
        "${a[*]}",
        "${a[0]}",
        "${a[1]}",
        "${a[-1]}",
        "$a",
        "${#a[@]}",
        "${#a[*]}",
        "${#a}",
        "${!a[@]}",
        "${a[@]:1}",
        "${a[@]:0:2}",
        "${a[*]:1:1}",
        "${a[@]#a}",
        "${a[@]%c}",
        "${a[@]/a/X}",
        "${a[@]//b}",
        "${a[@]^^}",
        "${a[@]:-none}",
        "${a[1]:-unset}",
        "${a[0+1]}",
        "${#a[0]}",
        "${a[@]: -1}",
        "${a[*]/#/p}",
        "${a[@]/%/s}",
        "${a[y]}",
    ]);
    if form == "${a[y]}" { "${a[0]}".to_owned() } else { form.to_owned() }
}

fn positional(random: &mut Random) -> String {
    random
        .of(&[
            "$1", "$2", "${1}", "$@", "$*", "$#", "${@}", "${@:2}", "${@:1:1}", "${*:2}", "${1:-d}",
            "${2:+s}", "${10}", "$10", "${#1}", "${1#a}", "${@/a/b}", "${#}", "${#@}", "${@%b}", "${1^}",
        ])
        .to_owned()
}

fn substitution(random: &mut Random) -> String {
    let inside = match random.below(10) {
        0 => format!("printf '%s' {}", simple(random)),
        1 => format!("printf '%s\\n' {} {}", simple(random), simple(random)),
        2 => format!("echo {}", simple(random)),
        3 => format!("echo -n {}; echo {}", simple(random), simple(random)),
        4 => format!(
            "printf '{}' {}",
            random.of(&[
                "%s-%s", "%x", "%05d", "%5s|", "%-4s|", "%03o", "%b", "%c", "%%", "a\\tb%s", "\\x41%s", "%o",
                "%.2s"
            ]),
            random.of(&["7", "12", "65", "10 11"])
        ),
        5 => format!("echo -e '{}'", random.of(&["a\\tb", "a\\nb", "\\x41", "\\0101", "a\\cb", "\\\\"])),
        6 => "x=inner; echo $x".to_owned(),
        7 => format!("printf %s \"$({})\"", "echo a b"),
        8 => format!("printf -- '%s' {}", simple(random)),
        _ => format!("for i in 1 2; do printf %s $i{}; done", random.of(LETTERS)),
    };
    match random.below(6) {
        0 if !inside.contains(['\\', '`', '"']) => format!("`{inside}`"),
        _ => format!("$({inside})"),
    }
}

/// A word without substitutions.
fn simple(random: &mut Random) -> String {
    match random.below(6) {
        0 => "'a b'".to_owned(),
        1 => "\"$x\"".to_owned(),
        2 => "$y".to_owned(),
        3 => "c{d,e}".to_owned(),
        _ => random.of(LETTERS).to_owned().replace("-r", "r").replace("--x", "xx").replace('%', "p"),
    }
}

fn arithmetic(random: &mut Random) -> String {
    let terms = ["1", "2", "7", "010", "0x1f", "2#101", "n", "$n", "(3-5)", "m", "${n}", "~0", "!0", "-4"];
    let mut text = random.of(&terms).to_owned();
    for _ in 0..random.below(3) {
        let operator = random.of(&[
            "+", "-", "*", "/", "%", "**", "<<", ">>", "&", "|", "^", "<", "==", "!=", "&&", "||", ">=",
            " + ", ",",
        ]);
        let right = random.of(&["1", "2", "3", "n", "m", "$n", "(1+1)"]);
        text = format!("{text}{operator}{right}");
    }
    match random.below(8) {
        0 => format!("$(({text} ? 5 : 6))"),
        1 => format!("$[{text}]"),
        2 => format!("$(( k = {text} ))${{k}}"),
        _ => format!("$(({text}))"),
    }
}

fn brace(random: &mut Random, depth: usize) -> String {
    match random.below(8) {
        0 => random
            .of(&[
                "{1..3}",
                "{a..c}",
                "{01..03}",
                "{3..1}",
                "{1..7..3}",
                "{c..a}",
                "{-1..1}",
                "{a..e..2}",
                "{1..1}",
                "{10..8}",
                "{5..1..-2}",
            ])
            .to_owned(),
        1 if depth == 0 => random
            .of(&[
                "{a}", "{}", "{a,", "a,b}", "{1..x}", "{,}", "{a,b", "{1..}", "\\{a,b}", "{a\\,b}",
                "{'a,b'}", "{a..bc}",
            ])
            .to_owned(),
        _ => {
            let items = random.several(2, 3, ",", |random| match random.below(7) {
                0 => String::new(),
                1 => "${x}".to_owned(),
                2 => "\"p q\"".to_owned(),
                3 => "'r,s'".to_owned(),
                4 if depth < 1 => brace(random, depth + 1),
                _ => random.of(&["a", "b", "1", "x/y", "é"]).to_owned(),
            });
            format!("{{{items}}}")
        }
    }
}

/// A statement with calls in it, and whether some of it may not run.
fn statement(random: &mut Random) -> (String, bool) {
    let w = |random: &mut Random| word(random);
    let quiet = false;
    let branching = true;
    match random.below(40) {
        0 => (format!("for i in {} {}; do args \"$i\"; done", w(random), w(random)), quiet),
        1 => ("for i in \"$@\"; do args $i; done".to_string(), quiet),
        2 => ("for i; do args \"<$i>\"; done".to_string(), quiet),
        3 => (
            format!("for ((i = 0; i < {}; i++)); do args $i; done", random.of(&["2", "3", "1+1", "0"])),
            branching,
        ),
        4 => ("i=0; while [ $i -lt 3 ]; do args $i; i=$((i + 1)); done".to_string(), branching),
        5 => (
            format!(
                "case {} in {}) args one;; {}) args two;; *) args other;; esac",
                random.of(&["abc", "$x", "\"$y\"", "a"]),
                random.of(&["a*", "abc", "?", "\"a\"*"]),
                random.of(&["b|a", "*c", "[[:digit:]]*"])
            ),
            branching,
        ),
        6 => (
            format!(
                "if [ {} = {} ]; then args yes {}; else args no; fi",
                random.of(&["a", "\"$x\""]),
                random.of(&["a", "abc"]),
                w(random)
            ),
            branching,
        ),
        7 => (
            format!(
                "if [[ {} == {} ]]; then args yes; else args no; fi",
                random.of(&["abc", "$x", "$y"]),
                random.of(&["a*", "abc", "\"a*\"", "?b?"])
            ),
            branching,
        ),
        8 => (format!("true && args {}", w(random)), branching),
        9 => (format!("false || args {}", w(random)), branching),
        10 => (format!("false && args not; args {}", w(random)), branching),
        11 => (format!("f() {{ args \"$1\" $#; }}; f {} {}", w(random), w(random)), quiet),
        12 => (format!("f() {{ local x={}; args $x; }}; f; args \"$x\"", random.of(VALUES)), quiet),
        13 => (format!("f() {{ args \"$@\"; }}; f {}; args \"$@\"", w(random)), quiet),
        14 => ("( x=sub; args $x ); args \"$x\"".to_string(), quiet),
        15 => (format!("x+={}; args \"$x\"", random.of(VALUES)), quiet),
        16 => (format!("a+=({}); args \"${{a[@]}}\"", random.of(VALUES)), quiet),
        17 => (
            format!(
                "b=(1 2); b[{}]={}; args \"${{b[@]}}\" ${{#b[@]}}",
                random.of(&["0", "1", "2", "5", "1+1"]),
                random.of(VALUES)
            ),
            quiet,
        ),
        18 => (format!("unset x; args \"${{x-gone}}\" ${{x:-{}}}", small(random)), quiet),
        19 => ("shift; args \"$@\" $#".to_string(), quiet),
        20 => (format!("set -- {} {}; args \"$2\" \"$1\"", w(random), w(random)), quiet),
        21 => (format!("read -r v <<< {}; args \"$v\"", small(random)), quiet),
        22 => (
            format!(
                "IFS=: read -r p q r <<< {}; args \"$p\" \"$q\" \"$r\"",
                random.of(&["1:2:3", "'a b:c'", "a::b:c", "x", "\":\"", "a:b:c:d"])
            ),
            quiet,
        ),
        23 => (
            format!(
                "read -r p q <<< {}; args \"$p\" \"$q\"",
                random.of(&["'a b c'", "'  a  b  '", "a", "'a:b c'", "\"\""])
            ),
            quiet,
        ),
        24 => (
            format!(
                "printf -v v '{}' {}; args \"$v\"",
                random.of(&["%s", "%s-%s", "%d", "<%s>", "%04d", "%q"]),
                random.of(&["a", "7", "5 6", "12"])
            ),
            quiet,
        ),
        25 => (
            format!(
                "mapfile -t m <<< {}; args \"${{m[@]}}\" ${{#m[@]}}",
                random.of(&["$'a\\nb c\\nd'", "one", "'x y'"])
            ),
            quiet,
        ),
        26 => (
            format!(
                "printf '%s\\n' {} | while read -r v; do args \"$v\"; done",
                random.of(&["a b", "a", "'a b' c"])
            ),
            quiet,
        ),
        27 => (
            format!(
                "while read -r v; do args \"$v\"; done <<< {}",
                random.of(&["$'a\\nb c'", "one", "\"$x\""])
            ),
            quiet,
        ),
        28 => {
            let words = ["$x", "\"$y\"", "${z:-w}", "a{b,c}", "$(echo q r)", "~/x", "\\$x", "\"${a[@]}\""];
            (format!("eval 'args {} end'", random.of(&words)), quiet)
        }
        29 => (format!("eval args {}", random.of(&["$x", "a b", "'$y'", "\\$y", "'\"p q\"'"])), quiet),
        30 => (format!("export x={}; args $x", scalar(random)), quiet),
        31 => (
            format!("declare -A h=([k]=v [l]={}); args \"${{h[k]}}\" \"${{h[l]}}\"", random.of(VALUES)),
            quiet,
        ),
        32 => ("y=$x$z; args $y \"$y\"".to_string(), quiet),
        33 => (format!("x={}; args \"$x\"", scalar(random)), quiet),
        39 => ("IFS=; args $x \"$y\" ${z}".to_owned(), quiet),
        34 => ("((n = 3 + 4, m++)); args $n $m".to_string(), quiet),
        35 => (
            format!(
                "read -r v <<EOF\n{}\nEOF\nargs \"$v\"",
                random.of(&["a $x b", "\\$x", "`echo q`", "'s' \"d\""])
            ),
            quiet,
        ),
        36 => (
            format!("read -r v <<'EOF'\n{}\nEOF\nargs \"$v\"", random.of(&["a $x b", "\\$x", "'s' \"d\""])),
            quiet,
        ),
        37 => ("let n=2*3; args $n".to_string(), quiet),
        38 => ("declare -i n=2+3; args $n; local_=${n}x; args $local_".to_string(), quiet),
        _ => {
            (format!("{{ x=in; args $x; }} ; args $x; readonly r={}; args \"$r\"", random.of(VALUES)), quiet)
        }
    }
}
