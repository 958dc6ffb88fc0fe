//! Completions, manual and help.

use crate::harness::Place;

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "nu", "powershell", "elvish"] {
        let run = Place::new().run(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        assert!(run.stdout.contains("candidates") && run.stdout.contains("doctor"), "{shell}");
    }
    assert_eq!(Place::new().run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn completions_of_bash_are_bash() {
    let script = Place::new().run(&["completions", "bash"]).stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    // Where there is no bash there is nobody to ask.
    if let Ok(output) = std::process::Command::new("bash").arg("-n").arg(file.path()).output() {
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn the_manual_has_its_sections() {
    let page = Place::new().run(&["man"]).stdout;
    for section in [".SH NAME", ".SH SYNOPSIS", "EXIT STATUS", ".SH ENVIRONMENT", ".SH CONFIGURATION"] {
        assert!(page.contains(section), "{section}");
    }
    assert!(Place::new().run(&["man", "check"]).stdout.contains("profile"));
}

#[test]
fn a_page_that_is_not_there_is_told_with_those_that_are() {
    for (args, what) in [(["man", "nope"], "page nope"), (["help", "nope"], "topic nope")] {
        let run = Place::new().run(&args);
        run.fails(2, &[what, "none of that name", "there are generate, check"]);
    }
    Place::new().run(&["help", "exit-code"]).fails(2, &["did you mean exit-codes?"]);
    Place::new().run(&["man", "chekc"]).fails(2, &["did you mean check?"]);
}

#[test]
fn help_has_topics() {
    let run = Place::new().run(&["help", "exit-codes"]);
    assert!(run.code == 0 && run.stdout.contains("  130 "), "{run:#?}");
    assert!(Place::new().run(&["help", "config"]).stdout.contains("onnxruntime.threads"));
    assert!(Place::new().run(&["help", "environment"]).stdout.contains("CMDAI_MODEL"));
    assert!(Place::new().run(&["help", "check"]).stdout.contains("Exit codes"));
    assert!(Place::new().run(&["help", "policy", "allow-once"]).stdout.contains("--cwd"));
    // An installed copy has its pages there.
    for name in ["policy", "init", "history"] {
        let text = Place::new().run(&["help", name]).stdout;
        assert!(text.contains("docs/") && text.contains("share/doc/cmdai"), "{text}");
    }
    assert!(Place::new().run(&["man", "hook-install"]).stdout.contains("project"));
    assert_eq!(Place::new().run(&["help"]).stdout, Place::new().run(&["--help"]).stdout);
}
