//! What is nobody's business is not sent, and what ran is recorded.

use std::time::Duration;

use cmdai_inline::zsh::{Place, done, is};

use crate::{start, start_in};

#[test]
fn private_lines_are_not_sent() {
    let Some((place, daemon, mut zsh)) =
        start_in(Place::new().before("HISTORY_IGNORE='secret*'; setopt hist_ignore_space"))
    else {
        return;
    };
    zsh.press(" touch ran SECRET\r").until("the next prompt", done(" touch ran SECRET"));
    zsh.press("secretly() { : }; secretly SECRET\r").until("the next prompt", done("secretly"));
    zsh.press("vared -c -p 'v: ' v\r").shows("v: ").press("SECRET\r");
    zsh.press("read -s x\r").settles(Duration::from_millis(400)).press("SECRET\r");
    zsh.press("read y\r").settles(Duration::from_millis(400)).press("SECRET\r");
    zsh.press("echo 'one\r").shows("quote>").press("SECRET'\r").shows("\nSECRET");
    zsh.press("select z in a b; do break; done\r").shows("?#").press("1\r");
    zsh.press("echo at the end\r").until("the next prompt", done("echo at the end"));
    assert!(place.ran("ran") && place.ran("SECRET"));
    daemon.hears("the end", |line| line.starts_with("R\t") && line.contains("echo at the end"));
    let heard = daemon.heard().join("\n");
    // What was typed at the continuation prompt is part of the command that ran, and of its record alone.
    let told: Vec<&str> = heard.lines().filter(|line| line.contains("SECRET")).collect();
    assert!(told.iter().all(|line| line.starts_with("R\t") && line.contains("echo 'one")), "{heard}");
}

/// Under `extended_glob` a tilde leaves out and `#` repeats; zsh reads the pattern by the options of the user.
#[test]
fn a_pattern_means_what_it_means_to_zsh() {
    for (before, line) in [
        ("HISTORY_IGNORE='(ls|echo ~/private*)'", "echo ~/private/SECRET"),
        ("HISTORY_IGNORE='(: #SECRET*|ls)'; unsetopt interactive_comments", ": #SECRETS"),
        ("setopt ksh_glob; HISTORY_IGNORE='@(echo SECRET*|ls x)'", "echo SECRETS"),
    ] {
        let Some((_place, daemon, mut zsh)) = start_in(Place::new().before(before)) else { return };
        zsh.press(line).settles(Duration::from_millis(100)).press("\r").until("the prompt", done(line));
        zsh.press("echo at the end\r").until("the next prompt", done("echo at the end"));
        daemon.hears("the end", |line| line.starts_with("R\t") && line.contains("echo at the end"));
        let recorded = daemon.heard().iter().any(|line| line.starts_with("R\t") && line.contains("SECRET"));
        assert!(!recorded, "{before}");
    }
}

/// A pattern that is none hides every line, and is no reason to ask about one.
#[test]
fn a_pattern_that_is_none_hides_all() {
    let Some((place, daemon, mut zsh)) = start_in(Place::new().before("HISTORY_IGNORE='(ls|[ab'")) else {
        return;
    };
    zsh.press("touch ran").settles(Duration::from_millis(100)).press("\r").until("it ran", done("touch ran"));
    assert!(place.ran("ran") && !zsh.text().contains("pattern"), "{}", zsh.text());
    assert!(!daemon.heard().iter().any(|line| line.contains("touch")));
}

#[test]
fn a_private_line_is_still_judged() {
    let Some((place, daemon, mut zsh)) = start() else { return };
    zsh.press(" touch ran; : rm -rf nowhere").until("the line", is(" touch ran; : rm -rf nowhere", ""));
    zsh.press("\r").shows("Alt-Enter");
    assert!(!place.ran("ran"));
    assert!(!daemon.heard().iter().any(|line| line.contains("nowhere")));
}

#[test]
fn what_ran_is_recorded_with_its_status_and_time() {
    let Some((place, daemon, mut zsh)) = start() else { return };
    zsh.press("(sleep 0.05; exit 3)\r").until("the next prompt", done("(sleep"));
    let line = daemon.hears("a record", |line| line.starts_with("R\t"));
    let fields: Vec<&str> = line.split('\t').collect();
    assert_eq!(fields[2], "(sleep 0.05; exit 3)");
    assert_eq!(std::fs::canonicalize(fields[3]).unwrap(), std::fs::canonicalize(place.dir()).unwrap());
    assert_eq!(fields[4], "3");
    assert!((50..5000).contains(&fields[5].parse::<i64>().unwrap()), "{line}");
    // The next question tells the status as well; a status of 3 for the user too.
    zsh.press("echo $?").until("the line", is("echo $?", ""));
    daemon.hears("the status", |line| line.starts_with("S\t") && line.ends_with("\t3"));
    zsh.press("\r").shows("\n3\n").press("exit\r").ends();
    daemon.hears("the last line", |line| line.starts_with("R\t") && line.contains("echo $?"));
}

#[test]
fn aliases_are_told_once() {
    let Some((_place, daemon, mut zsh)) = start_in(Place::new().before("alias gs='git status'")) else {
        return;
    };
    for _ in 0..3 {
        zsh.press("true\r").until("the next prompt", done("true"));
        zsh.press("\x0c").until("an empty screen", is("", ""));
    }
    daemon.hears("the alias", |line| {
        line.starts_with("D\t") && line.contains("alias\t") && line.contains("gs\tgit status")
    });
    assert_eq!(daemon.heard().iter().filter(|line| line.contains("gs\tgit status")).count(), 1);
}
