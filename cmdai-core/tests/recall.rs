//! The memory of authored intents, as it lies in the library.

use cmdai_core::recall::{Memory, authored, question};
use cmdai_core::{Context, Dialect, Os};

fn memory() -> Memory {
    authored().expect("the feature recall is on")
}

fn first(request: &str, ctx: &Context) -> String {
    memory()
        .recall(&question(request, ctx))
        .first()
        .map_or("nothing".to_owned(), |draft| draft.command.clone())
}

fn check(request: &str, expect: &str) {
    assert_eq!(first(request, &Context::default()), expect, "{request}");
}

#[test]
fn it_is_small_and_holds_the_intents() {
    let (bytes, intents, phrasings) = memory().size();
    assert!(bytes < 10 << 20, "{bytes}");
    assert!(intents > 20_000 && phrasings > 100_000, "{intents} {phrasings}");
}

#[test]
fn values_come_from_the_request() {
    check("count lines in notes.txt", "wc -l notes.txt");
    check("how many lines does 'my notes.txt' have", "wc -l \"my notes.txt\"");
    check(
        "show the 5 largest files in ~/Downloads",
        "find ~/Downloads -type f -printf '%s %p\\n' | sort -nr | head -n 5",
    );
    check("delete empty directories under src/build", "find src/build -type d -empty -delete");
}

#[test]
fn the_shell_and_the_system_decide() {
    for (dialect, os, expect) in [
        (Dialect::PowerShell, Os::Windows, "Get-Content"),
        (Dialect::Nu, Os::Linux, "open"),
        (Dialect::Bash, Os::Linux, "wc -l"),
    ] {
        let command = first("count lines of notes.txt", &Context::new(dialect).with_os(os));
        assert!(command.contains(expect), "{dialect:?}: {command}");
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let ask = || {
        memory().recall(&question("find big log files older than a week in /var/log", &Context::default()))
    };
    assert_eq!(ask(), ask());
}

#[test]
fn odd_requests_are_answered_in_bounded_time() {
    let long = "find files ".repeat(400);
    for request in
        ["", " ", "\u{e000}\u{e001}", "'", "\"a", "{{}}", "a".repeat(4000).as_str(), &long, "∑ ∂ ñ 中文 🦀"]
    {
        let started = std::time::Instant::now();
        memory().recall(&question(request, &Context::default()));
        assert!(started.elapsed().as_millis() < 500, "{request}");
    }
}
