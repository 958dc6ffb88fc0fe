//! What people make of their shell beyond its options: characters of the history, words taken away, traps.

use cmdai_inline::daemon::Script;
use cmdai_inline::zsh::{PLUGIN, Place, done, installed, is, lines};

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
    for words in ["local", "local typeset", "local typeset '[['", "if case for while"] {
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
