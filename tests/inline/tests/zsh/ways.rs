//! Ways around the guard: what zsh makes of a line after it was accepted, and a guard that fails.

use std::time::Duration;

use cmdai_inline::terminal::Terminal;
use cmdai_inline::zsh::{Place, done};

use crate::{enter, start_in};

/// A busy machine must not make a verdict of the words of a line, which is what is done when the daemon is late.
const PATIENT: &str = "zstyle ':cmdai:guard' deadline-ms 10000";

const CHORD: &str = "\x1b\r";

/// Types a line whose Enter must bring a question, and confirms it where it is to be seen that it would have run.
#[track_caller]
fn asked(place: &Place, zsh: &mut Terminal, line: &str) {
    zsh.press(line).shows(line).press("\r").shows("other key edits");
    assert!(!place.ran("ran"), "{line}\n{}", zsh.text());
}

/// The history of these tests: a line that is harmless, and dangerous with a letter exchanged.
const BEFORE: &str = "touch ran; : AXK";

fn with_history(rc: &str) -> Option<(Place, cmdai_inline::daemon::Daemon, Terminal)> {
    let (place, daemon, mut zsh) = start_in(Place::new().after(PATIENT).after(rc))?;
    enter(&mut zsh, BEFORE);
    zsh.until("the next prompt", done(BEFORE));
    std::fs::remove_file(place.dir().join("ran")).unwrap();
    Some((place, daemon, zsh))
}

#[test]
fn quick_substitutions_are_judged_by_what_they_stand_for() {
    for (rc, line) in [("", "^X^S"), ("", "^X^S^"), ("histchars='!%#'", "%X%S"), ("", "!!:s/X/S/")] {
        let Some((place, _daemon, mut zsh)) = with_history(rc) else { return };
        asked(&place, &mut zsh, line);
        // And it is what the chord runs.
        zsh.press(CHORD).until("it ran", |_| place.ran("ran"));
    }
    // No history is looked at where it is not asked for.
    for (rc, line) in [("setopt no_bang_hist", "true ^X^S !!"), ("", "true ^X^S"), ("", "true $! != x")] {
        let Some((_place, _daemon, mut zsh)) = with_history(rc) else { return };
        zsh.press(&format!("{line}\r")).until("it ran", done(line));
    }
}

/// Of several lines zsh runs the first before it looks what the second stands for.
#[test]
fn a_reference_to_a_line_that_was_pasted_with_it() {
    for rest in ["!!:s/X/S/", "^X^S", "true && !touch:s/X/S/"] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(PATIENT)) else { return };
        zsh.press(&format!("\x1b[200~{BEFORE}\n{rest}\x1b[201~"))
            .shows(rest)
            .press("\r")
            .shows("other key edits");
        assert!(!place.ran("ran"), "{rest}");
    }
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().after(PATIENT)) else { return };
    let line = "true 'x\n!y' && [ x != y ]";
    zsh.press(&format!("\x1b[200~{line}\x1b[201~")).shows("!y").press("\r");
    zsh.until("the next prompt", cmdai_inline::zsh::at_prompt);
}

#[test]
fn lines_that_the_history_runs_again() {
    for line in [
        "r X=S",
        "r X=S touch",
        "r 'X=S'",
        "fc -s X=S",
        "fc -e - X=S -1",
        "true && r X=S",
        "builtin r X=S",
        "r X=S | cat",
        "fc -e true X=S",
        "\\r X=S",
        "'fc' -s X=S",
        "eval r X=S",
    ] {
        let Some((place, _daemon, mut zsh)) = with_history("") else { return };
        asked(&place, &mut zsh, line);
    }
    // Which line it is cannot be told.
    for line in ["r X=$x", "r nothing-like-this", "echo $(r X=S)"] {
        let Some((place, _daemon, mut zsh)) = with_history("") else { return };
        asked(&place, &mut zsh, line);
        zsh.shows("could not be told");
    }
    let Some((place, _daemon, mut zsh)) = with_history("") else { return };
    zsh.press("fc -l -1\r").until("the list", done("fc -l"));
    zsh.press("r touch\r").until("it ran", |_| place.ran("ran"));
    let Some((place, _daemon, mut zsh)) = with_history("r() { : }") else { return };
    zsh.press("r X=S\r").until("the function", done("r X=S"));
    assert!(!place.ran("ran"));
}

#[test]
fn suffix_aliases_and_named_folders() {
    let rc = "alias -s txt='touch ran; : ASK'; hash -d away=/tmp/ASK; there=/srv/ASK; alias d='true ~away'";
    for line in ["main.txt", "true; ./a/main.txt x", "true ~away/x", "ls ~there", "d"] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(PATIENT).after(rc)) else { return };
        asked(&place, &mut zsh, line);
    }
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().after(PATIENT).after(rc)) else { return };
    zsh.press("true main.txt\r").until("an argument", done("true main.txt"));
}

/// What zsh would correct a command to is judged, since no hook comes after the correction.
#[test]
fn spelling_corrections_are_judged() {
    let names = "askforit() { touch ran; : ASK }; ask:for@it() { askforit }; mv() { command mv \"$@\" }";
    for (rc, line) in [
        ("setopt correct", "askforitt now"),
        ("setopt correct_all", "true askforitt"),
        ("setopt correct", "true; askfrit"),
        ("setopt correct", "> out askforitt"),
        ("setopt correct", "true > out 2>&1 | askforitt"),
        ("setopt correct", "case x in x) askforitt;; esac"),
        ("setopt correct", "if [[ x ]] askforitt"),
        ("setopt correct", "() { askforitt }"),
        ("setopt correct", "coproc askforitt"),
        ("setopt correct", "repeat 1 askforitt"),
        ("setopt correct", "X=1 askforitt"),
        ("setopt correct", "nocorrect true && askforitt"),
        ("setopt correct", "ask:for@itt"),
    ] {
        let place = Place::new().after(PATIENT).after(&format!("{names}; {rc}"));
        std::fs::write(place.dir().join("askforit-ASK"), "").unwrap();
        let line = line.replace("true askforitt", "true askforit-AK");
        let Some((place, daemon, mut zsh)) = start_in(place) else { return };
        asked(&place, &mut zsh, &line);
        drop(daemon);
    }
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().after("setopt correct")) else { return };
    zsh.press("true askforit\r").until("no correction", done("true askforit"));
    // An argument is none, nor is what redirections take.
    zsh.press("true askforitt > askfrit\r").until("no correction", done("true askforitt > askfrit"));
}

/// A guard that fails, however, has not said that a line may run.
#[test]
fn an_error_on_the_way_is_no_verdict() {
    for broken in [
        "_cmdai_judge() { : ${nothing?broken} }",
        "_cmdai_judge() { reply=(perhaps '') }",
        "_cmdai_what_runs() { typeset -r one=1; one=2 }",
        "_cmdai_with_definitions() { emulate -L zsh; : [[:x }",
        "_cmdai_with_definitions() { return 1 }; _cmdai_judge_alone() { return 1 }; _cmdai_connect() { return 1 }",
    ] {
        let rc = format!("_cmdai_read_later; {broken}");
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(&rc)) else { return };
        zsh.press("touch ran\r").shows("no verdict was reached").shows("other key edits");
        zsh.settles(Duration::from_millis(300));
        assert!(!place.ran("ran"), "{broken}\n{}", zsh.text());
        zsh.press(CHORD).until("it ran", |_| place.ran("ran"));
        // Past the guard as well.
        let rc = format!("{rc}; past() {{ zle .accept-line }}; zle -N past; bindkey '^Xa' past");
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(&rc)) else { return };
        zsh.press("touch ran\x18a").shows("no verdict was reached");
        zsh.settles(Duration::from_millis(300));
        assert!(!place.ran("ran"), "{broken}\n{}", zsh.text());
    }
    // Where not even the question can be asked, a second Enter runs the line, but none that came with the first.
    let rc =
        "_cmdai_read_later; _cmdai_judge() { : ${nothing?broken} }; _cmdai_arm() { : ${nothing?broken} }";
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(PATIENT).after(rc)) else { return };
    zsh.press("touch ran\r\r").shows("a second from now").settles(Duration::from_millis(300));
    assert!(!place.ran("ran"));
    std::thread::sleep(Duration::from_millis(1000));
    zsh.press("\r").until("it ran", |_| place.ran("ran"));
}
