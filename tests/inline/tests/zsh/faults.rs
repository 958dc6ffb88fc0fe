//! Daemons that are absent, hung, killed, slow, strange or somebody else's: typing goes on, and the line runs as typed.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use cmdai_inline::daemon::{Daemon, Fault, Script};
use cmdai_inline::terminal::{Terminal, ghost};
use cmdai_inline::zsh::{Place, done, installed, is, lines};

use crate::{enter, start_in, start_with};

/// Types a line and runs it; the screen holds that and nothing else, and a destructive line is still asked about.
#[track_caller]
fn goes_on(place: &Place, zsh: &mut Terminal) {
    zsh.press("touch ran").until("the line", is("touch ran", ""));
    zsh.press("\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
    assert_eq!(zsh.look(lines), "% touch ran\n%");
    enter(zsh, "touch over; : rm -rf nowhere");
    zsh.shows("Alt-Enter");
    assert!(!place.ran("over"));
    zsh.interrupt().until("a prompt", done("touch over"));
}

fn script(fault: Fault) -> Script {
    Script { fault, ..Script::default() }
}

/// A stand-in for the binary: `daemon start` leaves a mark, `check` allows, everything else fails.
fn starter(place: &Place, body: &str) -> String {
    let path = place.dir().join("cmdai");
    // Where the daemon does not answer, the line is judged by the program: all is harmless here.
    let check =
        "[ \"$1\" = check ] && { cat >/dev/null; echo 'risk: safe, verdict: allow (of a test)'; exit 0; }";
    let text = format!("#!/bin/sh\n{check}\n[ \"$1 $2\" = 'daemon start' ] || exit 9\n{body}\n");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn no_daemon_and_no_binary() {
    if !installed() {
        return;
    }
    let place = Place::new();
    let mut zsh = place.zsh();
    goes_on(&place, &mut zsh);
}

#[test]
fn a_socket_that_nobody_serves() {
    if !installed() {
        return;
    }
    let place = Place::new();
    place.daemon(Script::default()).kill();
    assert!(place.socket().exists());
    let mut zsh = place.zsh();
    goes_on(&place, &mut zsh);
}

#[test]
fn a_daemon_that_never_answers() {
    let Some((place, daemon, mut zsh)) = start_with(Place::new(), script(Fault::Hung)) else { return };
    goes_on(&place, &mut zsh);
    // One missed deadline is enough: the second line did not wait for it again.
    assert_eq!(daemon.heard().iter().filter(|line| line.starts_with("C\t")).count(), 1);
}

/// What had no time there is judged alone: it is no question.
#[test]
fn a_daemon_that_is_too_busy_to_judge() {
    let Some((place, daemon, mut zsh)) = start_with(Place::new(), script(Fault::Late)) else { return };
    zsh.press("touch ran; true\r").until("the next prompt", done("touch ran; true"));
    assert!(place.ran("ran"));
    assert!(daemon.heard().iter().any(|line| line.starts_with("C\t")));
}

#[test]
fn a_daemon_that_does_not_even_accept() {
    if !installed() {
        return;
    }
    let place = Place::new();
    std::fs::create_dir(place.dir().join("d")).unwrap();
    let _listener = UnixListener::bind(place.socket()).unwrap();
    let mut zsh = place.zsh();
    goes_on(&place, &mut zsh);
}

#[test]
fn a_daemon_that_dies_in_the_middle_of_a_line() {
    let Some((place, _daemon, mut zsh)) = start_with(Place::new(), script(Fault::Dies)) else { return };
    goes_on(&place, &mut zsh);
}

#[test]
fn a_daemon_that_is_killed_and_one_that_takes_its_place() {
    let Some((place, daemon, mut zsh)) = start_in(Place::new()) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    daemon.kill();
    zsh.press("X").until("no ghost", is("git stX", ""));
    zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
    let _second = place.daemon(Script::default());
    zsh.press("true\r").until("the next prompt", done("true"));
    zsh.press("git st");
    // It is tried again on the next line after the pause that a refused connection earns.
    for _ in 0..40 {
        if zsh.within(Duration::from_millis(400), is("git st", "atus --short --branch")).is_some() {
            return;
        }
        zsh.press("\x15git st");
    }
    panic!("never connected again:\n{}", zsh.text());
}

#[test]
fn a_daemon_that_answers_a_byte_at_a_time() {
    let Some((place, _daemon, mut zsh)) = start_with(Place::new(), script(Fault::Slow)) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

#[test]
fn a_daemon_of_another_version_is_replaced_by_the_starter() {
    if !installed() {
        return;
    }
    let place = Place::new();
    let binary = starter(&place, &format!("touch {}", place.dir().join("started").display()));
    let place = place.with("CMDAI_BIN", &binary);
    let _daemon = place.daemon(script(Fault::Version));
    let mut zsh = place.zsh();
    zsh.press("git st").until("no ghost", is("git st", ""));
    zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
    for _ in 0..100 {
        if place.ran("started") {
            return;
        }
        zsh.press("x").settles(Duration::from_millis(100));
    }
    panic!("nobody started another daemon");
}

#[test]
fn the_daemon_is_started_after_the_first_prompt_and_used_once_it_is_there() {
    if !installed() {
        return;
    }
    let place = Place::new();
    let go = place.dir().join("go");
    let binary = starter(
        &place,
        &format!(
            "touch {0}/started; while [ ! -e {1} ]; do sleep 0.02; done",
            place.dir().display(),
            go.display()
        ),
    );
    let place = place.with("CMDAI_BIN", &binary).before("[[ -e started ]] && touch too-early");
    let mut zsh = place.zsh();
    assert!(!place.ran("too-early"));
    zsh.press("git st").until("no ghost", is("git st", ""));
    let _daemon = place.daemon(Script::default());
    std::fs::write(&go, "").unwrap();
    zsh.until("a ghost, without a key", is("git st", "atus --short --branch"));
}

#[test]
fn strange_answers_do_nothing() {
    let Some((place, _daemon, mut zsh)) = start_with(Place::new(), script(Fault::Garbage)) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran") && !place.ran("garbage"));
    assert_eq!(zsh.look(lines), "% touch ran\n%");
}

#[test]
fn what_is_no_socket_of_ours_is_not_used() {
    if !installed() {
        return;
    }
    // A file, a directory that is a link, a path that is too long.
    let place = Place::new();
    std::fs::create_dir(place.dir().join("d")).unwrap();
    std::fs::write(place.socket(), "no socket").unwrap();
    goes_on(&place, &mut place.zsh());

    let place = Place::new();
    let elsewhere = place.dir().join("elsewhere");
    let daemon = Daemon::start(&elsewhere.join("s"), Script::default());
    std::os::unix::fs::symlink(&elsewhere, place.dir().join("d")).unwrap();
    goes_on(&place, &mut place.zsh());
    assert_eq!(daemon.heard(), Vec::<String>::new());

    let place = Place::new();
    let place = place.with("CMDAI_SOCKET", &"/tmp/long".repeat(20)).with("TMPDIR", "/nonexistent");
    goes_on(&place, &mut place.zsh());
}

#[test]
fn a_socket_of_somebody_else_is_not_used() {
    if !installed() {
        return;
    }
    let place = Place::new();
    let daemon = place.daemon(Script::default());
    if std::os::unix::fs::chown(place.socket(), Some(65534), None).is_err() {
        eprintln!("SKIPPED: only root can give a socket to somebody else");
        return;
    }
    goes_on(&place, &mut place.zsh());
    assert_eq!(daemon.heard(), Vec::<String>::new());
}

#[test]
fn no_descriptor_is_left() {
    let full =
        "ulimit -n 40; () { local fd; repeat 60; do { exec {fd}</dev/null } 2>/dev/null || break; done }";
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(full)) else { return };
    zsh.press("touch ran").until("the line", is("touch ran", ""));
    zsh.press("\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
    assert_eq!(zsh.look(lines), "% touch ran\n%");
}

#[test]
fn no_child_holds_the_socket_and_no_descriptor_leaks() {
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new()) else { return };
    for _ in 0..3 {
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        zsh.interrupt().until("a prompt", done("git st"));
        zsh.press("\x0c").until("an empty screen", is("", ""));
    }
    zsh.press("print open: ${#$(print /proc/self/fd/*)} sockets: $(ls -l /proc/self/fd | grep -c socket)\r");
    zsh.shows("sockets: 0\n");
    let count = |text: String| text.lines().find(|line| line.starts_with("open")).map(str::to_owned);
    let first = count(zsh.text());
    zsh.press("\x0c").press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.interrupt().until("a prompt", done("git st"));
    zsh.press(
        "\x0cprint open: ${#$(print /proc/self/fd/*)} sockets: $(ls -l /proc/self/fd | grep -c socket)\r",
    );
    zsh.shows("sockets: 0\n");
    assert_eq!(count(zsh.text()), first);
}

#[test]
fn a_late_answer_is_for_the_line_it_was_asked_for() {
    let script = Script { delay: Duration::from_millis(150), ..Script::default() };
    let Some((_place, daemon, mut zsh)) = start_with(Place::new(), script) else { return };
    zsh.press("git st");
    daemon.hears("the question", |line| line.starts_with("S\t") && line.contains("\tgit st\t"));
    zsh.press("X").settles(Duration::from_millis(400));
    assert_eq!(zsh.look(ghost), ("% git stX".to_owned(), String::new()));
}
