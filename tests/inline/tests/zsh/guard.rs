//! The guard on Enter: what is asked, what answers, and that nothing pasted ever does.

use std::time::Duration;

use cmdai_inline::daemon::Script;
use cmdai_inline::terminal::{Terminal, ghost};
use cmdai_inline::zsh::{Place, done, is};

use crate::{enter, start, start_with};

const CHORD: &str = "\x1b\r";

#[test]
fn an_asked_line_runs_by_the_chord_alone() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    enter(&mut zsh, "touch ran; : ASK");
    zsh.shows("it overwrites what others have").shows("Alt-Enter");
    assert!(!place.ran("ran"));
    // Any other key goes on editing.
    zsh.press("y").until("an edited line", is("touch ran; : ASKy", ""));
    zsh.press("\x7f").press("\r").shows("Alt-Enter");
    zsh.press("\r").settles(Duration::from_millis(400)).shows("Alt-Enter");
    assert!(!place.ran("ran"));
    zsh.press(CHORD).until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

/// Nothing runs before a loop is whole; what runs then is all of it. (Lines that go on are judged by `cmdai check` itself.)
#[test]
fn a_loop_is_asked_about_when_it_is_whole() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    zsh.press("for i in 1 2; do\r").shows("for>");
    zsh.press("touch ran; git push --force\r").settles(Duration::from_millis(600)).hides("Alt-Enter");
    zsh.press("done").shows("for> done").press("\r").shows("Alt-Enter");
    assert!(!place.ran("ran"));
}

/// A line that ends in a backslash or an operator takes in the next one, and is judged with it, also where that is empty.
#[test]
fn a_line_that_goes_on_is_asked_about_when_it_is_whole() {
    let danger = "touch ran; : rm -rf nowhere --force";
    for (end, rest) in [
        (" \\", ""),
        (" \\", "  "),
        (" && \\", "true"),
        (" \\\\\\", "x"),
        (" &&", "true"),
        (" || ", "true"),
        (" \\\\&&", "true"),
    ] {
        let Some((place, _daemon, mut zsh)) = start() else { return };
        zsh.press(&format!("{danger}{end}")).shows(end.trim_end()).press("\r");
        zsh.until("the second prompt", |screen| screen.contents().trim_end().ends_with('>'));
        zsh.settles(Duration::from_millis(400)).hides("Alt-Enter");
        assert!(!place.ran("ran"));
        zsh.press(rest).settles(Duration::from_millis(100)).press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran"), "{end:?} {rest:?}");
        zsh.press(CHORD).until("it ran", |_| place.ran("ran"));
    }
    // These are whole.
    for end in [" \\\\", " '\\'", " \\&&", "\ntrue \\", "\ntrue &&"] {
        let Some((place, _daemon, mut zsh)) = start() else { return };
        zsh.press(&format!("\x1b[200~{danger}{end}\x1b[201~")).settles(Duration::from_millis(200));
        zsh.press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran"), "{end:?}");
    }
    // What an alias hides may end the line all the same.
    let hidden = "setopt interactive_comments; alias x='touch ran; : rm -rf --force #'";
    let Some((place, _daemon, mut zsh)) = start_with(Place::new().before(hidden), Script::default()) else {
        return;
    };
    enter(&mut zsh, "x --force \\");
    zsh.shows("Alt-Enter");
    assert!(!place.ran("ran"));
}

/// A widget that accepts past the guard is met at the end of a continued line too, and what it continues does not run.
#[test]
fn a_continued_line_that_is_accepted_past_the_guard_does_not_run() {
    let rc = "past() { zle .accept-line }; zle -N past; bindkey '^Xa' past";
    for rest in ["", "x"] {
        let Some((place, _daemon, mut zsh)) = start_with(Place::new().after(rc), Script::default()) else {
            return;
        };
        zsh.press("touch ran; : rm -rf nowhere --force \\").shows("\\").press("\r");
        zsh.until("the second prompt", |screen| screen.contents().trim_end().ends_with('>'));
        zsh.press(rest).press("\x18a").settles(Duration::from_millis(600));
        assert!(!place.ran("ran"), "{}", zsh.text());
        zsh.press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran"), "{}", zsh.text());
    }
}

/// Of several lines at once zsh runs the first before it reads the others, which may well be unfinished.
#[test]
fn a_whole_line_before_an_unfinished_one_is_asked_about() {
    for paste in [
        "touch ran; : ASK\nfor i in 1; do",
        "touch ran; : ASK # for",
        "touch ran; : ASK # &&",
        "touch ran; : ASK\n(",
    ] {
        let Some((place, _daemon, mut zsh)) =
            start_with(Place::new().after("setopt interactive_comments"), Script::default())
        else {
            return;
        };
        zsh.press(&format!("\x1b[200~{paste}\x1b[201~")).settles(Duration::from_millis(200));
        zsh.press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran"), "{paste}");
    }
}

/// A hash begins no comment at the prompt of a plain zsh: behind it a loop may well end.
#[test]
fn a_hash_hides_no_end() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    enter(&mut zsh, "for i in 1; do touch ran; : ASK # ; done");
    zsh.shows("Alt-Enter");
    assert!(!place.ran("ran"));
}

/// What stands in the line is what the chord would run, so nothing stands behind it.
#[test]
fn no_ghost_stands_beside_a_question() {
    let line = "touch ran; : ASK";
    let script = |delay| Script {
        lines: vec![format!("{line} and more")],
        delay: Duration::from_millis(delay),
        ..Script::default()
    };
    // Enter comes with the last key, shortly behind it, and while an answer is on its way.
    for (delay, pause) in [(0, 0), (0, 2), (0, 30), (40, 0), (40, 20), (300, 20)] {
        let patient = Place::new().after("zstyle ':cmdai:guard' deadline-ms 10000");
        let Some((place, _daemon, mut zsh)) = start_with(patient, script(delay)) else { return };
        if pause == 0 {
            zsh.press(&format!("{line}\r"));
        } else {
            zsh.press(line);
            std::thread::sleep(Duration::from_millis(pause));
            zsh.press("\r");
        }
        zsh.shows("Alt-Enter").settles(Duration::from_millis(600));
        let seen = zsh.look(ghost);
        assert_eq!(
            seen,
            (format!("% {line}"), String::new()),
            "delay {delay}, pause {pause}\n{}",
            zsh.text()
        );
        // A key that edits ends the question, and ghosts come again.
        zsh.press(" ").hides("Alt-Enter").until("a ghost", |screen| ghost(screen).1 == "and more");
        assert!(!place.ran("ran"));
    }
}

/// `y` and `n` are no answers: they edit the line as every other key, and the text above says so.
#[test]
fn letters_edit_the_line_and_end_the_question() {
    for key in ["y", "n", "Y", "q"] {
        let Some((place, _daemon, mut zsh)) = start() else { return };
        enter(&mut zsh, "touch ran; : ASK");
        zsh.shows("Not run yet. Alt-Enter runs it, any other key edits the line.");
        let edited = format!("touch ran; : ASK{key}");
        zsh.press(key).until("an edited line", is(&edited, ""));
        zsh.hides("Alt-Enter").press(CHORD).settles(Duration::from_millis(300));
        assert!(!place.ran("ran"), "{}", zsh.text());
    }
}

/// Escape ends the question, and an Enter at any time after it asks again: only what came with the Escape makes a chord of it.
#[test]
fn escape_and_then_enter_never_confirm() {
    let quick = "KEYTIMEOUT=1";
    let never = "KEYTIMEOUT=0";
    let slow = "KEYTIMEOUT=500";
    let bound = "bindkey '^[' beginning-of-line";
    let vi = "bindkey -v";
    let vi_never = "bindkey -v; KEYTIMEOUT=0";
    let csi = "zstyle ':cmdai:keys' confirm '^[[13;3u' '^[^M'";
    let named = "bindkey -N mine emacs; bindkey -A mine main";
    for before in ["", quick, never, slow, bound, vi, vi_never, csi, named] {
        let Some((place, _daemon, mut zsh)) = start_with(Place::new().before(before), Script::default())
        else {
            return;
        };
        enter(&mut zsh, "touch ran; : ASK");
        // What the user bound to Escape also begins other keys, so a quick Enter is one of these, as without us.
        for pause in if before == bound { [700, 700] } else { [60, 700] } {
            zsh.shows("any other key").press("\x1b").hides("any other key");
            std::thread::sleep(Duration::from_millis(pause));
            zsh.press("\r").settles(Duration::from_millis(700));
            assert!(!place.ran("ran"), "{before}\n{}", zsh.text());
            zsh.shows("any other key");
        }
        zsh.press(CHORD).until("it ran", done("touch ran"));
        assert!(place.ran("ran"), "{before}");
    }
}

/// The key that ends the question does what it does at any time, and the keymaps are as they were.
#[test]
fn what_ends_a_question_is_a_key_like_any_other() {
    let rc = "bindkey -s '^Xm' macro; bindkey '^[' undefined-key";
    for (keys, line) in [
        ("\x1b[Dx", "touch ran; : ASxK"),
        ("\x1bODx", "touch ran; : ASxK"),
        ("\x1bbx", "touch ran; : xASK"),
        ("é世", "touch ran; : ASKé世"),
        ("\x18m", "touch ran; : ASKmacro"),
        ("\x01x", "xtouch ran; : ASK"),
        ("\x1b[200~ paste\x1b\r\x1b[201~", "touch ran; : ASK paste"),
        ("\x1b\rx", "touch ran; : ASK"),
    ] {
        let Some((place, _daemon, mut zsh)) = start_with(Place::new().before(rc), Script::default()) else {
            return;
        };
        enter(&mut zsh, "touch ran; : ASK");
        zsh.shows("any other key").press(keys).hides("any other key");
        zsh.until(line, |screen| screen.contents().contains(&format!("% {line}")));
        zsh.settles(Duration::from_millis(400));
        assert!(!place.ran("ran"), "{keys:?}");
        zsh.press("\x15\x0bbindkey '^X^U'; bindkey -lL main; bindkey -l | grep -c kept\r");
        zsh.shows("\"^X^U\" undo\nbindkey -A emacs main\n0\n");
    }
}

/// A menu reads keys of its own, and draws over what stood there: the question is over before it opens.
#[test]
fn a_menu_of_completions_confirms_nothing() {
    let rc = "autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' menu yes select=0";
    for key in ["\t", "\x1b\t", "\x12"] {
        let place = Place::new().before(rc);
        for name in ["menu-one", "menu-two"] {
            std::fs::write(place.dir().join(name), "").unwrap();
        }
        let Some((place, _daemon, mut zsh)) = start_with(place, Script::default()) else { return };
        enter(&mut zsh, "touch ran; : ASK menu-");
        zsh.shows("any other key").press(key).hides("any other key").settles(Duration::from_millis(200));
        zsh.press(CHORD).settles(Duration::from_millis(400));
        assert!(!place.ran("ran"), "{key:?}\n{}", zsh.text());
    }
}

/// What the chord runs was asked about on this screen: whatever draws it again draws the question too.
#[test]
fn a_question_outlives_what_is_drawn_again() {
    let redraw = "TRAPUSR1() { zle && zle reset-prompt && zle -R }";
    let take = "take() { POSTDISPLAY= }; zle -N take; TRAPUSR2() { zle && zle take && zle -R }";
    let rc = format!("{redraw}; {take}");
    let start = || start_with(Place::new().before(&rc), Script::default());
    let Some((place, _daemon, mut zsh)) = start() else { return };
    let signal = |zsh: &Terminal, name: &str| {
        let pid = zsh.pid().expect("a process").to_string();
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    };
    enter(&mut zsh, "touch ran; : ASK");
    zsh.shows("any other key");
    // There and back again, so that the size tells nothing.
    for (rows, cols) in [(20, 60), (12, 80)] {
        zsh.resize(rows, cols).settles(Duration::from_millis(300)).shows("any other key edits");
    }
    signal(&zsh, "-USR1");
    zsh.settles(Duration::from_millis(300)).shows("any other key");
    assert!(!place.ran("ran"));
    // Who takes it away makes it be asked again.
    signal(&zsh, "-USR2");
    zsh.hides("any other key").press(CHORD).shows("any other key");
    assert!(!place.ran("ran"));
    zsh.press(CHORD).until("it ran", done("touch ran"));
    assert!(place.ran("ran"));

    // Where it has no room any more, it is asked again before the line runs.
    let Some((place, _daemon, mut zsh)) = start() else { return };
    enter(&mut zsh, "touch ran; : ASK");
    zsh.shows("any other key").resize(2, 40).settles(Duration::from_millis(300));
    zsh.press(CHORD).settles(Duration::from_millis(300)).shows("Alt-Enter runs it");
    assert!(!place.ran("ran"), "{}", zsh.text());
    zsh.press(CHORD).until("it ran", |_| place.ran("ran"));
}

#[test]
fn a_question_is_not_left_behind_by_ctrl_c() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    enter(&mut zsh, "touch ran; : ASK");
    zsh.shows("any other key").interrupt().until("a prompt", done("touch ran"));
    zsh.hides("any other key").press(CHORD).press("\x15").press("true\r").until("a prompt", done("true"));
    assert!(!place.ran("ran"));
}

#[test]
fn a_denied_line_needs_its_word() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    enter(&mut zsh, "touch ran; : DENY");
    zsh.shows("denied: it would be the end").press(CHORD).shows("type override");
    for key in "overrid".chars() {
        zsh.press(&key.to_string()).settles(Duration::from_millis(20));
    }
    zsh.press("\r").shows("not run");
    assert!(!place.ran("ran"));
    zsh.press("\r").shows("denied").press(CHORD).shows("type override");
    for (at, _) in "override".char_indices() {
        zsh.press(&"override"[at..=at]).shows(&format!("run it: {}", &"override"[..=at]));
    }
    zsh.press("\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

/// The question that the word belongs to is gone, and what ends it leaves the line as it was.
#[test]
fn while_the_word_is_typed_nothing_older_is_on_the_screen() {
    // In the middle of a screen, and in its last rows.
    for before in ["", "repeat 12 echo x\r"] {
        for key in ["\x1b[D", "\x1bOC", "\x15", "1", "\x7f\r"] {
            let Some((place, _daemon, mut zsh)) = start() else { return };
            zsh.press(before).settles(Duration::from_millis(200));
            enter(&mut zsh, "touch ran; : DENY");
            zsh.shows("any other key")
                .press(CHORD)
                .shows("type override")
                .hides("any other key")
                .hides("denied");
            zsh.press("o").shows("run it: o").press(key).shows("cmdai: not run").hides("override");
            zsh.press("z").until("an edited line", is("touch ran; : DENYz", ""));
            zsh.settles(Duration::from_millis(100)).hides("cmdai:");
            assert_eq!(zsh.text().matches("touch").count(), 1, "{key:?}\n{}", zsh.text());
            assert!(!place.ran("ran"));
        }
    }
}

#[test]
fn an_allowed_line_just_runs() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    zsh.press("touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

#[test]
fn a_paste_never_confirms() {
    let pastes = [
        format!("touch ran; : ASK\r{CHORD}"),
        format!("touch ran; : ASK\n{CHORD}{CHORD}y\ry\r"),
        format!("touch ran; : DENY\r{CHORD}override\r"),
        format!("\x1b[200~touch ran; : ASK\r{CHORD}\r\x1b[201~"),
        format!("\x1b[200~touch ran; : ASK\x1b[201~\r{CHORD}"),
    ];
    for paste in pastes {
        let Some((place, _daemon, mut zsh)) = start() else { return };
        zsh.press(&paste).settles(Duration::from_millis(700));
        assert!(!place.ran("ran"), "{paste:?}\n{}", zsh.text());
    }
}

#[test]
fn what_is_typed_ahead_never_confirms() {
    let Some((place, _daemon, mut zsh)) = start() else { return };
    zsh.press(&format!("sleep 0.3\rtouch ran; : ASK\r{CHORD}{CHORD}")).shows("Alt-Enter");
    zsh.settles(Duration::from_millis(400));
    assert!(!place.ran("ran"));
}

/// Looking whether a text is whole takes no more time than reading it.
#[test]
fn long_texts_are_asked_about_soon() {
    let lines: String =
        (0..300).map(|at| format!("  echo some ordinary line of a script number {at}\n")).collect();
    let words = "word ".repeat(11_000);
    for (text, reason) in [
        (format!("deploy() {{\n{lines}  : ASK\n}}; touch ran"), "it overwrites"),
        (format!("for i in 1 2; do\n{lines}  : ASK\ndone; touch ran"), "it overwrites"),
        (format!("touch ran; : ASK {words}"), "it overwrites"),
        (format!("touch ran; : ASK {words}{words}"), "too long to be judged"),
    ] {
        let place = Place::new().after("zstyle ':cmdai:guard' deadline-ms 10000");
        let Some((place, _daemon, mut zsh)) = start_with(place, Script::default()) else { return };
        zsh.press(&format!("\x1b[200~{text}\x1b[201~")).settles(Duration::from_millis(1000));
        zsh.press("\r");
        let took = zsh.until("the question", |screen| screen.contents().replace('\n', " ").contains(reason));
        assert!(took < Duration::from_secs(8), "{took:?} for {}", text.len());
        assert!(!place.ran("ran"));
    }
    // What is not whole runs later, and is asked about then.
    let Some((place, _daemon, mut zsh)) = start() else { return };
    let text = format!("deploy() {{\n{}  : ASK", &lines[..2000]);
    zsh.press(&format!("\x1b[200~{text}\x1b[201~")).settles(Duration::from_millis(500));
    zsh.press("\r").shows("function>");
    assert!(!place.ran("ran"));
}
