//! The keymaps of vi, and plugins that change them.

use std::time::Duration;

use cmdai_inline::terminal::ghost;
use cmdai_inline::zsh::{Place, done, is};

use crate::start_in;

/// Vi keymaps as most people have them: a tenth of a second decides between Escape and Alt.
const VI: &str = "bindkey -v; KEYTIMEOUT=10";

#[test]
fn the_ghost_is_accepted_while_inserting() {
    for key in ["\x1b[C", "\x1b[F", "\x05"] {
        let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(VI)) else { return };
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        zsh.press(key).until("the line", is("git status --short --branch", ""));
    }
}

#[test]
fn escape_and_what_follows_it_accept_nothing() {
    for keys in ["\x1bA", "\x1b$a", "\x1b0A", "\x1bea", "\x1bla", "\x1bwa"] {
        let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(VI)) else { return };
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        for key in keys.chars() {
            zsh.press(&key.to_string()).settles(Duration::from_millis(150));
        }
        assert_eq!(zsh.look(ghost).0, "% git st", "{keys:?}");
    }
}

#[test]
fn escape_and_enter_run_what_was_typed() {
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().before(VI)) else { return };
    let echo = "echo one";
    zsh.press(echo).until("a ghost", is(echo, " two three"));
    zsh.press("\x1b\r").until("the next prompt", done(echo));
    assert!(zsh.text().contains("\none\n") && !zsh.text().contains("two"), "{}", zsh.text());
    drop(place);
}

#[test]
fn the_guard_asks_in_both_modes() {
    for mode in [&[][..], &["\x1b"], &["\x1b", "v"]] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().before(VI)) else { return };
        zsh.press("touch ran; : ASK").until("the line", is("touch ran; : ASK", ""));
        for key in mode {
            zsh.press(key).settles(Duration::from_millis(150));
        }
        zsh.press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran"));
        zsh.press("\x1b\r").until("it ran", done("touch ran"));
        assert!(place.ran("ran"));
        // The chord is given back: Escape and Enter mean what they did.
        zsh.press("touch again").until("the line", is("touch again", ""));
        zsh.press("\x1b\r").until("it ran", done("touch again"));
        assert!(place.ran("again"));
    }
}

#[test]
fn a_plugin_that_shows_the_mode_in_the_prompt() {
    let lines = "bindkey -v; KEYTIMEOUT=10
        zle-keymap-select() { [[ $KEYMAP == vicmd ]] && PS1='# ' || PS1='%% '; zle reset-prompt }; zle -N zle-keymap-select
        zle-line-init() { zle -K viins }; zle -N zle-line-init
        zle-line-finish() { PS1='%% '; zle reset-prompt }; zle -N zle-line-finish";
    for place in [Place::new().before(lines), Place::new().after(lines)] {
        let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
        zsh.press("true\r").until("the next prompt", done("true"));
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        zsh.press("\x1b").shows("# git st").press("A").settles(Duration::from_millis(100));
        zsh.until("a ghost again", is("git st", "atus --short --branch"));
        zsh.interrupt().until("the next prompt", done("git st"));
        zsh.press("touch ran\r").until("it ran", done("touch ran"));
        assert!(place.ran("ran"));
    }
}

#[test]
fn a_paste_through_bracketed_paste_magic() {
    let lines = "autoload -Uz bracketed-paste-magic url-quote-magic
        zle -N bracketed-paste bracketed-paste-magic; zle -N self-insert url-quote-magic";
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(lines)) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x1b[200~ and more\x1b[201~").until("the paste", is("git st and more", ""));
    zsh.press("\x15\x1b[200~touch ran; : ASK\x1b[201~").until("the paste", is("touch ran; : ASK", ""));
    zsh.press("\r").shows("Alt-Enter");
    assert!(!place.ran("ran"));
}
