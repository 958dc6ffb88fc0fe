//! Beside other plugins: each test is a stub of a conflict that is known from public reports.

use std::time::Duration;

use cmdai_inline::daemon::Script;
use cmdai_inline::terminal::ghost;
use cmdai_inline::zsh::{PLUGIN, Place, at_prompt, done, installed, is};

use crate::{enter, start_in};

/// Ghost, acceptance and guard work with these lines before the plugin, and with the same after it.
#[track_caller]
fn both_orders(lines: &str) {
    for place in [Place::new().before(lines), Place::new().after(lines)] {
        let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
        // The hooks of the other are in place from the second prompt on.
        zsh.press("true\r").until("the next prompt", done("true"));
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        zsh.press("at").until("its tail", is("git stat", "us --short --branch"));
        zsh.press("\x1b[C").until("the line", is("git status --short --branch", ""));
        zsh.press("\x15touch ran; : ASK").until("the line", is("touch ran; : ASK", ""));
        zsh.press("\r").shows("Alt-Enter");
        assert!(!place.ran("ran"));
        zsh.press("\x1b\r").until("the next prompt", done("touch ran"));
        assert!(place.ran("ran"));
    }
}

#[test]
fn a_plugin_that_blanks_postdisplay_around_widgets() {
    both_orders("blank() { POSTDISPLAY=; zle .self-insert }; zle -N self-insert blank");
}

#[test]
fn a_plugin_that_empties_region_highlight_at_every_key() {
    both_orders("empty() { region_highlight=(); zle .self-insert }; zle -N self-insert empty");
}

#[test]
fn a_hook_that_empties_region_highlight() {
    both_orders(
        "autoload -Uz add-zle-hook-widget; none() { region_highlight=(); return 0 }; zle -N none
        add-zle-hook-widget line-pre-redraw none",
    );
}

#[test]
fn a_hook_that_fails() {
    both_orders(
        "autoload -Uz add-zle-hook-widget; fails() { return 1 }; zle -N fails
        for hook in line-pre-redraw line-init line-finish; do add-zle-hook-widget $hook fails; done",
    );
}

#[test]
fn a_plugin_that_takes_the_hooks_for_itself() {
    both_orders(
        "mine() { true }; zle -N zle-line-pre-redraw mine; zle -N zle-line-init mine; zle -N zle-line-finish mine",
    );
}

#[test]
fn a_plugin_that_wraps_widgets_again_at_every_prompt() {
    both_orders(
        "wrap() {
          local w
          for w in self-insert accept-line forward-char; do
            [[ $widgets[$w] == user:wrapped-* ]] && continue
            zle -A $w before-$w
            eval \"wrapped-$w() { zle before-$w -- \\\"\\$@\\\" }\"
            zle -N $w wrapped-$w
          done
        }
        precmd_functions+=(wrap)",
    );
}

#[test]
fn a_plugin_that_binds_its_keys_late() {
    both_orders(
        "late() { bindkey '^[[C' forward-char; bindkey '^E' end-of-line; bindkey '^M' accept-line; precmd_functions=(${precmd_functions:#late}) }
        precmd_functions+=(late)",
    );
}

#[test]
fn a_prompt_that_is_drawn_again_and_again() {
    let lines = "TMOUT=1; TRAPALRM() { zle && zle reset-prompt; zle && zle -R }";
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(lines)) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x1b[D\x1b[C").until("a ghost", is("git st", "atus --short --branch"));
    zsh.settles(Duration::from_millis(300));
    std::thread::sleep(Duration::from_millis(1200));
    assert!(is("git st", "atus --short --branch")(&zsh.look(Clone::clone)), "{}", zsh.text());
}

#[test]
fn two_suggesters_are_never_shown_at_once() {
    let lines = "autoload -Uz add-zle-hook-widget
        theirs() { [[ $BUFFER == git* ]] && POSTDISPLAY='-THEIRS' || POSTDISPLAY=; return 0 }; zle -N theirs
        add-zle-hook-widget line-pre-redraw theirs";
    for place in [Place::new().before(lines), Place::new().after(lines)] {
        let Some((_place, _daemon, mut zsh)) = start_in(place) else { return };
        zsh.press("git st").shows("% git st-THEIRS");
        zsh.press("\x1b[C").settles(Duration::from_millis(150));
        let text = zsh.text();
        assert!(text.contains("% git st-THEIRS") && !text.contains("short"), "{text}");
    }
}

#[test]
fn a_widget_that_accepts_past_the_guard_is_met_at_the_end() {
    let lines = "past() { zle .accept-line }; zle -N accept-line past; zle -N past; bindkey '^Xa' past";
    for (place, key) in [
        (Place::new().after(lines), "\r"),
        (Place::new().after("past() { zle .accept-line }; zle -N past; bindkey '^Xa' past"), "\x18a"),
    ] {
        let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
        zsh.press("touch ran; : ASK").until("the line", is("touch ran; : ASK", ""));
        zsh.press(key).shows("Alt-Enter");
        assert!(!place.ran("ran"));
        zsh.press("\x1b\r").until("it ran", done("touch ran"));
        assert!(place.ran("ran"));
    }
}

#[test]
fn a_line_that_is_changed_after_the_verdict_is_judged_again() {
    let lines = "autoload -Uz add-zle-hook-widget
        changes() { BUFFER=\"touch ran; : ASK\"; zle .accept-line }; zle -N changes; zle -A accept-line asked
        zle -N accept-line changes";
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(lines)) else { return };
    zsh.press("true\r").shows("Alt-Enter");
    assert!(!place.ran("ran"));
}

#[test]
fn history_references_are_judged_by_what_they_stand_for() {
    let Some((place, _daemon, mut zsh)) = start_in(Place::new()) else { return };
    enter(&mut zsh, "touch ran; : ASK");
    zsh.shows("Alt-Enter").press("\x1b\r").until("it ran", done("touch ran"));
    std::fs::remove_file(place.dir().join("ran")).unwrap();
    zsh.press("!!").until("the line", is("!!", ""));
    zsh.press("\r").shows("Alt-Enter").until("the line as typed", is("!!", ""));
    assert!(!place.ran("ran"));
}

#[test]
fn other_widgets_that_accept_are_guarded() {
    for key in ["\x1ba", "\x0f"] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new()) else { return };
        zsh.press("touch ran; : ASK").until("the line", is("touch ran; : ASK", ""));
        zsh.press(key).shows("Alt-Enter");
        assert!(!place.ran("ran"));
        zsh.press("\x1b\r").until("it ran", |screen| screen.contents().contains("touch ran; : ASK\n"));
    }
}

#[test]
fn zsh_autosuggestions_steps_aside_while_we_are_there() {
    let lines = "_zsh_autosuggest_start() { : }
        show() { zle -M \"disabled=${+_ZSH_AUTOSUGGEST_DISABLED}\" }; zle -N show; bindkey '^Xs' show";
    for place in [Place::new().before(lines), Place::new().after(lines)] {
        let Some((_place, daemon, mut zsh)) = start_in(place) else { return };
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        zsh.press("\x18s").shows("disabled=1");
        daemon.kill();
        zsh.press("X").until("no ghost", is("git stX", ""));
        zsh.press("\x18s").shows("disabled=0");
    }
    // Also where it went while a command ran.
    let place = Place::new().before(lines).before("zstyle ':cmdai:daemon' start no");
    let Some((_place, daemon, mut zsh)) = start_in(place) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x15sleep 0.4\r");
    daemon.kill();
    zsh.until("the next prompt", done("sleep 0.4"));
    zsh.press("\x18s").shows("disabled=0");
}

/// The real plugins, where a package of the system or a folder of the developer has them.
#[test]
fn the_real_ones() {
    if !installed() {
        return;
    }
    let roots = [std::env::var("CMDAI_TEST_PLUGINS").unwrap_or_default(), "/usr/share".to_owned()];
    let find = |name: &str| {
        let at = |root: &String| format!("{root}/{name}/{name}.zsh");
        roots.iter().map(at).find(|path| std::path::Path::new(path).exists())
    };
    let found: Vec<String> =
        ["zsh-autosuggestions", "zsh-syntax-highlighting"].iter().filter_map(|name| find(name)).collect();
    if found.len() < 2 {
        eprintln!("SKIPPED: zsh-autosuggestions and zsh-syntax-highlighting are not installed");
        return;
    }
    let source = |path: &String| format!("source {path}");
    let (suggest, colour) = (source(&found[0]), source(&found[1]));
    for lines in [suggest.clone(), colour.clone(), format!("{suggest}\n{colour}")] {
        both_orders(&format!("autoload -Uz compinit; compinit -u -D\n{lines}"));
    }
}

#[test]
fn keys_are_given_back_when_nothing_is_shown() {
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before("bindkey '^[n' up-history")) else {
        return;
    };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x1d").until("no ghost", is("git st", ""));
    zsh.press("\x15bindkey '^[[C'; bindkey '^E'; bindkey '^[n'; bindkey '^]'; bindkey '^[^M'\r");
    zsh.shows("\"^[[C\" forward-char").shows("\"^E\" end-of-line").shows("\"^[n\" up-history");
    zsh.shows("\"^]\" undefined-key").shows("\"^[^M\" self-insert-unmeta");
}

#[test]
fn sourced_twice_and_unloaded() {
    let snapshot = "snapshot() {
          { bindkey -L; bindkey -M vicmd -L; zle -lL | grep -v -e zle-line -e zle-isearch; print -l $precmd_functions $preexec_functions $zshexit_functions
            print -l ${(k)functions}; typeset -p zle_bracketed_paste } | grep -v -e azhw -e add-zle-hook | sort >$1
        }; snapshot before";
    let place = Place::new().before(snapshot).after(&format!("source {PLUGIN}"));
    let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x1b[C").until("the line", is("git status --short --branch", ""));
    zsh.press("\x15touch x; : ASK").until("the line", is("touch x; : ASK", ""));
    zsh.press("\r").shows("Alt-Enter").interrupt().until("a prompt", done("touch x"));
    zsh.press("cmdai-unload; snapshot after\r").until("the next prompt", done("cmdai-unload"));
    let read = |name: &str| std::fs::read_to_string(place.dir().join(name)).unwrap();
    assert_eq!(read("before"), read("after"));
    zsh.press("git st").settles(Duration::from_millis(100));
    assert_eq!(zsh.look(ghost), ("% git st".to_owned(), String::new()));
    drop(Script::default());
}

#[test]
fn unloading_leaves_nothing_where_others_had_hooks() {
    let before =
        "hooked() { : }; zle -N zle-line-init hooked; zle -N zle-line-finish hooked; _cmdai_set_bin=1";
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(before)) else { return };
    let left = "cmdai-unload; print \"left:${(k)widgets[(I)*cmdai*]}${(k)functions[(I)*cmdai*]}\
        ${(k)parameters[(I)(_cmdai*|CMDAI_BIN)]}${widgets[zle-line-init]}.\"\r";
    zsh.press(left).shows("left:user:hooked.");
}

#[test]
fn unloaded_beneath_another_wrapper() {
    let lines = "zle -A accept-line inner; outer() { zle inner -- \"$@\" }; zle -N accept-line outer";
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(lines)) else { return };
    zsh.press("cmdai-unload\r").until("the next prompt", done("cmdai-unload"));
    zsh.press("touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

/// A menu of completions reads keys of its own: what is pasted into it ends it and lands in the line, and never runs.
#[test]
fn a_paste_into_an_open_menu_lands_in_the_line() {
    let place =
        Place::new().before("autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' menu yes select");
    for name in ["menu-one", "menu-two"] {
        std::fs::write(place.dir().join(name), "").unwrap();
    }
    let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
    zsh.press("cat men\t").shows("menu-two").press("\t").settles(Duration::from_millis(200));
    zsh.press("\x1b[200~; touch ran\n\x1b[201~").shows("touch ran").settles(Duration::from_millis(400));
    assert!(!place.ran("ran"), "{}", zsh.text());
    zsh.interrupt().until("the next prompt", at_prompt);
    zsh.press("echo o").until("a ghost", is("echo o", "ne two three"));
}
