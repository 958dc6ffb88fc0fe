//! Odd options of the user: everything works under each, and no error is printed.

use cmdai_inline::daemon::Script;
use cmdai_inline::zsh::{Place, done, installed, is, lines};

/// Lines of `.zshrc` that a person may have before the plugin or after it.
const ODD: &[&str] = &[
    "setopt no_unset",
    "setopt ksh_arrays",
    "setopt extended_glob glob_subst glob_assign",
    "setopt sh_word_split",
    "setopt warn_create_global warn_nested_var",
    "setopt err_return",
    "setopt csh_null_glob glob_dots",
    "setopt null_glob no_case_match no_case_glob",
    "setopt sh_glob",
    "setopt ignore_braces rc_quotes csh_junkie_quotes no_short_loops",
    "setopt posix_identifiers posix_strings c_bases octal_zeroes",
    "setopt no_function_argzero no_multios no_clobber pipe_fail",
    "setopt typeset_silent all_export no_bg_nice notify",
    "setopt no_bang_hist hist_verify interactive_comments",
    "setopt prompt_subst no_prompt_cr no_beep no_list_beep",
    "setopt force_float",
    "setopt auto_name_dirs",
    "print() { builtin echo \"$@\" }",
    "IFS=a:",
    "alias -g S=broken E=broken; alias local=broken typeset=broken emulate=broken print=broken zle=broken",
    "TRAPZERR() { : }; TRAPDEBUG() { : }",
    "zmodload zsh/stat zsh/files",
    "setopt no_unset ksh_arrays extended_glob glob_subst sh_word_split warn_create_global err_return; IFS=a",
];

#[track_caller]
fn works(place: Place, what: &str, load: &str) {
    let _daemon = place.daemon(Script::default());
    let mut zsh = place.zsh_with(load);
    zsh.press("git st").until(what, is("git st", "atus --short --branch"));
    zsh.press("\x1b[C").until(what, is("git status --short --branch", ""));
    zsh.press("\x15true [a").until(what, is("true [a", "-z]* $(x) `y` \\t %s \"q\" 'r'"));
    zsh.press("\x15touch ran; : ASK").until(what, is("touch ran; : ASK", ""));
    zsh.press("\r").shows("Alt-Enter");
    assert!(!place.ran("ran"), "{what}");
    zsh.press("\x1b\r").until(what, done("touch ran"));
    assert!(place.ran("ran"), "{what}");
    assert_eq!(zsh.look(lines), "% touch ran; : ASK\n%", "{what}");
    zsh.press("# say").until(what, is("# say", ""));
    zsh.press("\r").until(what, is("echo generated", ""));
    zsh.interrupt().until(what, done("echo generated"));
    assert!(!zsh.text().contains("zsh:") && !zsh.text().contains("_cmdai"), "{what}\n{}", zsh.text());
}

#[test]
fn options_set_before_the_plugin() {
    if !installed() {
        return;
    }
    for odd in ODD {
        works(Place::new().before(odd), odd, &format!("source {}", cmdai_inline::zsh::PLUGIN));
    }
}

#[test]
fn options_set_after_the_plugin() {
    if !installed() {
        return;
    }
    for odd in ODD {
        works(Place::new().after(odd), odd, &format!("source {}", cmdai_inline::zsh::PLUGIN));
    }
}

/// A hook that comes after ours says what a line means; the guard's own matching leaves the user's matches.
#[test]
fn options_of_later_hooks_and_matches_of_the_user() {
    let rc =
        "setopt interactive_comments; later() { unsetopt interactive_comments }; precmd_functions+=(later)";
    let Some((place, _daemon, mut zsh)) = crate::start_in(Place::new().after(rc)) else { return };
    zsh.press("true #; touch ran; : ASK\r").shows("Alt-Enter").press("\x15").hides("Alt-Enter");
    assert!(!place.ran("ran"));
    zsh.press("[[ abc =~ '(b)' ]]\r").until("it ran", done("[[ abc"));
    zsh.press("echo M=$match[1] # x\r").shows("M=b");
}

#[test]
fn a_trace_shows_nothing_of_ours() {
    if !installed() {
        return;
    }
    let place = Place::new();
    let _daemon = place.daemon(Script::default());
    let mut zsh = place.zsh();
    zsh.press("set -x\r").until("the next prompt", done("set -x"));
    zsh.press("true traced\r").shows("> true traced");
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x15set +x\r").shows("> set +x");
    assert!(!zsh.text().contains("cmdai"), "{}", zsh.text());
}

#[test]
fn styles_may_stand_anywhere() {
    if !installed() {
        return;
    }
    let place = Place::new().after("zstyle ':cmdai:style' safe 'fg=136'");
    let _daemon = place.daemon(Script::default());
    let mut zsh = place.zsh();
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    assert_eq!(zsh.look(|screen| screen.cell(0, 9).map(vt100::Cell::fgcolor)), Some(vt100::Color::Idx(136)));
    let place = Place::new().after("zstyle ':cmdai:ghost' enabled no; zstyle ':cmdai:guard' enabled no");
    let _daemon = place.daemon(Script::default());
    let mut zsh = place.zsh();
    zsh.press("touch ran; : ASK\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}
