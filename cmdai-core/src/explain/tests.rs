use super::*;

/// The parts of a line as `text: meaning`, and that they lie where they say.
fn parts(line: &str) -> Vec<String> {
    let explanation = explain(line, &Context::default());
    let mut end = 0;
    for part in &explanation.parts {
        assert_eq!(part.span.of(line), part.text);
        assert!(part.span.start >= end, "{line}: {} overlaps", part.text);
        end = part.span.end;
    }
    let shown = |part: &ExplainedPart| format!("{}: {}", part.text, part.meaning.as_deref().unwrap_or("-"));
    explanation.parts.iter().map(shown).collect()
}

fn check(line: &str, expected: &[&str]) {
    assert_eq!(parts(line), expected, "{line}");
}

#[test]
fn each_word_is_told() {
    check(
        "rm -rf build",
        &[
            "rm: Deletes files and, with -r, directories; there is no trash.",
            "-r: Deletes directories and everything in them.",
            "f: Never asks and does not mind missing files.",
            "build: File: deleted.",
        ],
    );
    check(
        "tar -xzf a.tgz -C out",
        &[
            "tar: Packs files into an archive or unpacks one.",
            "-x: Unpacks an archive.",
            "z: Through gzip.",
            "f: The archive; - is standard input or output.",
            "a.tgz: Archive: a path.",
            "-C: Works in this directory.",
            "out: The directory to work in.",
        ],
    );
    check(
        "git push --force-with-lease origin main",
        &[
            "git: Keeps the history of a project.",
            "push: Sends commits to another repository.",
            "--force-with-lease: Replaces what is there unless somebody pushed meanwhile.",
            "origin: Remote.",
            "main: Branch.",
        ],
    );
}

#[test]
fn what_stands_between_words_is_told() {
    check(
        "LANG=C sort a.txt | head -5 > b.txt 2>&1 && ls",
        &[
            "LANG=C: Sets LANG for this command only.",
            "sort: Sorts lines.",
            "a.txt: File: read.",
            "|: Passes the output on to the next command.",
            "head: Prints the beginning of files.",
            "-5: So many lines.",
            "> b.txt: Writes standard output to b.txt, replacing what was there.",
            "2>&1: Sends errors where the output goes.",
            "&&: Runs the next command only if this one succeeds.",
            "ls: Lists files and directories.",
        ],
    );
}

#[test]
fn commands_inside_commands_are_told() {
    check(
        "sudo find . -name '*.tmp' -exec rm {} \\;",
        &[
            "sudo: Runs a command as root or as another user.",
            "find: Walks directory trees and acts on the files that fit.",
            ".: Start: read.",
            "-name: Names that fit the pattern.",
            "'*.tmp': A pattern of file names.",
            "-exec: Runs a command on what was found.",
            "rm: Deletes files and, with -r, directories; there is no trash.",
            "{}: File: deleted.",
            "\\;: Ends the command; it runs once for each name.",
        ],
    );
    check("frobnicate --x y", &["frobnicate: -", "--x: -", "y: -"]);
}

#[test]
fn a_flag_of_another_system_is_told_so() {
    let mac = Context::default().with_os(crate::Os::MacOs);
    let explanation = explain("ls --color", &mac);
    assert_eq!(explanation.parts[1].meaning.as_deref(), Some("Colours the names."));
    let explanation = explain("ls -X", &mac);
    assert_eq!(explanation.parts[1].meaning.as_deref(), Some("Sorted by extension (not on macos)."));
}

#[test]
fn the_summary_is_the_effect() {
    for (line, expected) in [
        ("rm -rf build", "deletes build and everything below it"),
        ("ls ~/Downloads", "lists ~/Downloads; changes nothing"),
        ("find ~/Downloads -size +100M", "looks for files in ~/Downloads; changes nothing"),
        ("df -h", "shows free space of file systems; changes nothing"),
        ("grep -rn TODO src | wc -l", "searches src; changes nothing"),
        ("echo hi > a.txt", "writes a.txt"),
        ("mkdir -p src/app", "makes src/app"),
        ("python3 app.py", "runs Python code or a Python program"),
        ("make clean", "builds what a Makefile describes"),
        ("frobnicate x", ""),
        ("cat a b && ls c d && cat e && mv x y", "moves x; writes y; reads a; and more"),
        ("rm -rf /", "deletes everything on this machine"),
    ] {
        assert_eq!(explain(line, &Context::default()).summary, expected, "{line}");
    }
}

#[test]
fn every_line_is_explained_without_overlap() {
    for line in [
        "",
        "for f in *.png; do convert $f x; done",
        "if [ -f a ]; then rm a; else touch a; fi",
        "f() { ls; }; f",
        "cat <<E\nhello\nE",
        "a=1; echo \"$(ls | wc -l)\" 'x",
        "-- --- - = \\",
        "find . -exec",
        "xargs -I{} sh -c 'rm {}'",
    ] {
        parts(line);
    }
}

#[test]
fn lines_of_powershell_are_told_by_their_cmdlets() {
    let ctx = Context::new(crate::Dialect::PowerShell);
    let told = |line: &str| {
        let explanation = explain(line, &ctx);
        let mut end = 0;
        for part in &explanation.parts {
            assert!(part.span.start >= end, "{line}: {} overlaps", part.text);
            end = part.span.end;
        }
        let shown =
            |part: &ExplainedPart| format!("{}: {}", part.text, part.meaning.as_deref().unwrap_or("-"));
        explanation.parts.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(
        told("ri build -rec | % { gci $_ }"),
        [
            "ri: Deletes files, folders, registry keys and other items.",
            "build: Deleted.",
            "-rec: Deletes folders with everything in them.",
            "|: Passes the output on to the next command.",
            "%: Runs code for each object of the input.",
            "{: Code that the command runs.",
            "gci: Lists the items in folders, registry keys and other places.",
            "$_: Read.",
        ]
    );
    for line in [
        "& $x a",
        "$x = gci",
        "try { ls } catch { 'x' }",
        "'a' | iex",
        "if ($a) { ri x } else { 1 }",
        "{",
        "@{a={b}}",
        "f { {a} }",
    ] {
        told(line);
    }
}

/// The parts that the table explains, as `text: meaning`.
fn from_table(line: &str) -> Vec<String> {
    let ctx = Context::default().with_breadth(crate::specs::fixture::table());
    let parts = explain(line, &ctx).parts;
    let own = explain(line, &Context::default()).parts;
    for (with, without) in parts.iter().zip(&own) {
        // What our specs say stays, but for a group whose name the table knows.
        assert!(
            with.source == Source::Table || without.meaning.is_none() || with == without,
            "{line}: {with:?} {without:?}"
        );
    }
    let shown = |part: &ExplainedPart| format!("{}: {}", part.text, part.meaning.as_deref().unwrap_or("-"));
    parts.iter().filter(|part| part.source == Source::Table).map(shown).collect()
}

#[test]
fn the_table_explains_what_our_specs_leave_open() {
    assert_eq!(
        from_table("pile -v list --format=json dir"),
        [
            "pile: Keeps things on piles.",
            "-v: Prints more.",
            "list: Lists what is there.",
            "--format=json: How it looks. A choice.",
            "dir: Folder: the directory to work in.",
        ]
    );
    assert_eq!(from_table("git push --made-up --force"), ["--made-up: Only in the table."]);
    assert_eq!(from_table("git knit a"), ["knit: Knits branches together."]);
    assert_eq!(
        from_table("pile run ls -la"),
        ["pile: Keeps things on piles.", "run: Runs a command for each pile."]
    );
    assert_eq!(from_table("rm -rf /"), Vec::<String>::new());
    assert_eq!(from_table("frobnicate --any"), Vec::<String>::new());
    assert_eq!(from_table("'pile' \"push\" -n 5 'top'").len(), 5);
    let ctx = Context::default().with_breadth(crate::specs::fixture::table());
    let parts = explain("pile run ls -la", &ctx).parts;
    let meanings: Vec<_> = parts.iter().map(|part| part.meaning.is_some()).collect();
    assert_eq!(meanings, [true; 5], "the command that is run is explained by our specs: {parts:?}");
}
