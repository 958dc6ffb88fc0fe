//! The guard on Enter: what is asked, what answers, and that nothing pasted ever does.

use std::time::Duration;

use cmdai_inline::zsh::{done, is};

use crate::{enter, start};

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
