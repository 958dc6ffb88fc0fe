//! What people make of their shell beyond its options: characters of the history, words taken away, traps.

use std::time::Duration;

use cmdai_inline::daemon::Script;
use cmdai_inline::zsh::{PLUGIN, Place, at_prompt, done, installed, is, lines};

use crate::{enter, start_in, start_with};

/// The plugin works, whatever begins a comment or a history reference.
#[test]
fn characters_of_the_history() {
    for set in ["histchars=", "histchars='!^'", "histchars='%@'"] {
        for before in [true, false] {
            if !installed() {
                return;
            }
            let place = if before { Place::new().before(set) } else { Place::new().after(set) };
            let _daemon = place.daemon(Script::default());
            let mut zsh = place.zsh();
            zsh.press("git st").until(set, is("git st", "atus --short --branch"));
            zsh.press("\x15touch ran\r").until(set, done("touch ran"));
            assert!(place.ran("ran"), "{set}");
            zsh.press("\x15touch two: ASK").until(set, is("touch two: ASK", ""));
            zsh.press("\r").shows("Alt-Enter");
            assert!(!place.ran("two:"), "{set}");
            zsh.press("\x15true\r").until(set, done("true"));
            assert_eq!(zsh.look(lines), "% touch ran\n% true\n%", "{set}");
        }
    }
}

/// Where the second half is broken, that is said once, and Enter is the one of zsh.
#[test]
fn a_second_half_that_cannot_be_read() {
    if !installed() {
        return;
    }
    let place = Place::new();
    let _daemon = place.daemon(Script::default());
    let mut zsh = place.zsh_with(&format!("source {PLUGIN}; _cmdai_later='if ) then'"));
    zsh.press("touch ran").until("the line", is("touch ran", ""));
    zsh.press("\r").shows("no line is judged any more");
    assert!(!place.ran("ran"));
    zsh.press("\r").until("the next prompt", done("touch ran"));
    zsh.press("touch two\r").until("the next prompt", done("touch two"));
    assert!(place.ran("ran") && place.ran("two"));
}

/// Words that the user took away from the language are there for the code of the plugin.
#[test]
fn words_of_the_language_taken_away() {
    for words in ["local", "local typeset", "local typeset '[['", "if case for while; IFS=a"] {
        if !installed() {
            return;
        }
        let place = Place::new().after(&format!("disable -r {words}"));
        let _daemon = place.daemon(Script::default());
        let mut zsh = place.zsh();
        zsh.press("touch ran: ASK").until(words, is("touch ran: ASK", ""));
        zsh.press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran:"), "{words}");
        zsh.press("\x15touch ran\r").until(words, done("touch ran"));
        assert_eq!(zsh.look(lines), "% touch ran\n%", "{words}");
    }
}

/// Traps that come before each command and after each failure are for the commands of the user.
#[test]
fn traps_of_the_user() {
    for trap in [
        "TRAPZERR() { print -u2 TRAPPED }",
        "trap 'print -u2 TRAPPED' ZERR",
        "TRAPDEBUG() { (( ++count )) }",
        "trap '(( ++count ))' DEBUG",
    ] {
        let place = Place::new().after(&format!("typeset -gi count=0; {trap}"));
        let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
        zsh.press("count=0\r").until(trap, done("count=0"));
        for key in "git st".chars() {
            zsh.press(&key.to_string()).settles(Duration::from_millis(20));
        }
        zsh.until(trap, is("git st", "atus --short --branch"));
        assert!(!zsh.text().contains("TRAPPED"), "{}", zsh.text());
        zsh.press("\x15touch ran; : ASK").until(trap, is("touch ran; : ASK", ""));
        zsh.press("\r").shows("Alt-Enter").press("\x15print $(( count < 500 ))-\r").shows("1-");
        assert!(!place.ran("ran"));
        // They are still there.
        zsh.press("false; print $(( count > 0 ))$count-\r").settles(Duration::from_millis(200));
        assert!(
            zsh.text().contains(if trap.contains("count") { "\n1" } else { "TRAPPED" }),
            "{}",
            zsh.text()
        );
    }
}

/// The prompt of another widget within the line is that widget's: nothing runs there.
#[test]
fn a_prompt_within_the_line() {
    let rc = "autoload -Uz replace-string; zle -N replace-string; bindkey '^X%' replace-string
        within() { local was=$BUFFER; BUFFER=; zle recursive-edit; local got=$BUFFER; BUFFER=\"$was<$got>\"; CURSOR=$#BUFFER }
        zle -N within; bindkey '^Xr' within";
    let Some((place, daemon, mut zsh)) = start_with(Place::new().after(rc), Script::default()) else {
        return;
    };
    zsh.press("true \x18r").settles(Duration::from_millis(100));
    zsh.press("touch ran; : ASK\r").shows("true <touch ran; : ASK>");
    zsh.press("\x15true \x18r").settles(Duration::from_millis(100)).press("# say\r").shows("true <# say>");
    zsh.press("\x15echo ab ab\x18%").shows("Replace").press("ab\r").settles(Duration::from_millis(100));
    zsh.press("# say\r").shows("echo # say # say");
    // No words are sent, and no ghost comes, and Ctrl-G leaves it.
    zsh.press("\x15\x18r")
        .settles(Duration::from_millis(100))
        .press("git st")
        .settles(Duration::from_millis(300));
    assert!(!zsh.text().contains("status"), "{}", zsh.text());
    zsh.press("\x07").settles(Duration::from_millis(200));
    assert!(!daemon.heard().iter().any(|line| line.starts_with("N\t")));
    zsh.press("\x15true <>\r").until("the next prompt", at_prompt);
    assert!(!place.ran("ran"));
}

/// Where the runtime folder is not ours or not there, the daemon is where it is without one.
#[test]
fn the_next_place_of_the_socket() {
    for runtime in ["/nonexistent/x", "/etc/passwd", "rel", "/usr", ""] {
        let place = Place::new();
        let at = place.dir().join("t");
        std::fs::create_dir(&at).unwrap();
        let uid = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&at).unwrap());
        let socket = at.join(format!("cmdai-{uid}/s"));
        let place = place.with("TMPDIR", at.to_str().unwrap()).with("XDG_RUNTIME_DIR", runtime);
        let place = place.with("CMDAI_SOCKET", "");
        if !installed() {
            return;
        }
        let _daemon = cmdai_inline::daemon::Daemon::start(&socket, Script::default());
        let mut zsh = place.zsh();
        zsh.press("git st").until(runtime, is("git st", "atus --short --branch"));
    }
}

/// What a paste of words brings along at its end is not more of them.
#[test]
fn words_that_were_pasted_with_their_end() {
    let Some((place, _daemon, mut zsh)) = start_in(Place::new()) else { return };
    zsh.press("\x1b[200~# say something\n\x1b[201~").shows("# say").settles(Duration::from_millis(100));
    zsh.press("\r").until("a command", is("echo generated", ""));
    zsh.press("\x15");
    enter(&mut zsh, "touch ran");
    zsh.until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}
