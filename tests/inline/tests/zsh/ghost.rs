//! Ghost text: where it stands, what colours it, what accepts it, and what never does.

use std::time::Duration;

use cmdai_inline::daemon::Script;
use cmdai_inline::terminal::{Terminal, ghost};
use cmdai_inline::zsh::{Place, done, is, lines};
use vt100::Color;

use crate::{start, start_in, start_with};

const RIGHT: &str = "\x1b[C";
const END: &str = "\x1b[F";
const LEFT: &str = "\x1b[D";

#[test]
fn the_whole_ghost_is_accepted_by_right_end_and_ctrl_e() {
    for key in [RIGHT, END, "\x1bOC", "\x05"] {
        let Some((_place, _daemon, mut zsh)) = start() else { return };
        zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
        assert_eq!(zsh.look(vt100::Screen::cursor_position), (0, 8));
        zsh.press(key).until("the line", is("git status --short --branch", ""));
        assert_eq!(zsh.look(vt100::Screen::cursor_position), (0, 29));
    }
}

#[test]
fn a_word_at_a_time() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x1bf").until("a word", is("git status", " --short --branch"));
    zsh.press("\x1b[1;5C").until("another", is("git status --short", " --branch"));
}

#[test]
fn typing_into_the_ghost_keeps_its_tail_and_leaving_it_ends_it() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("at").until("its tail", is("git stat", "us --short --branch"));
    zsh.press("X").until("no ghost", is("git statX", ""));
}

#[test]
fn alternatives_in_turn_and_none_after_it_was_dismissed() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x1bn").until("the next", is("git st", "ash list"));
    zsh.press("\x1bn").until("the first again", is("git st", "atus --short --branch"));
    zsh.press("\x1bp").until("the one before", is("git st", "ash list"));
    zsh.press("\x1d").until("none", is("git st", ""));
    zsh.press(RIGHT).press("a").until("another", is("git sta", "tus --short --branch"));
}

#[test]
fn the_colour_says_the_risk() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    let color = |zsh: &Terminal, col| zsh.look(|screen| screen.cell(0, col).map(vt100::Cell::fgcolor));
    zsh.press("git stas").until("a ghost", is("git stas", "h list"));
    assert_eq!(color(&zsh, 10), Some(Color::Idx(136)));
    zsh.press("\x15git p").until("a ghost", is("git p", "ush --force origin main"));
    assert_eq!(color(&zsh, 7), Some(Color::Idx(167)));
    zsh.press("\x15echo o").until("a ghost", is("echo o", "ne two three"));
    assert_eq!((color(&zsh, 7), color(&zsh, 8)), (Some(Color::Default), Some(Color::Idx(244))));
}

#[test]
fn several_lines_and_wide_characters() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("for").until("three rows", |screen| {
        screen.contents().trim_end() == "% for f in a b; do\n  echo $f\ndone"
            && screen.cursor_position() == (0, 5)
    });
    zsh.press(RIGHT).until("the end of it", |screen| screen.cursor_position() == (2, 4));
    zsh.press("\r").shows("\na\nb\n%").press("echo w").until("a ghost", is("echo w", "ide 世界 🎉 end"));
    zsh.press(RIGHT).press("X").until("the line", is("echo wide 世界 🎉 endX", ""));
}

#[test]
fn a_motion_or_a_mode_change_never_accepts() {
    for vi in ["", "bindkey -v; KEYTIMEOUT=1"] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().before(vi)) else { return };
        zsh.press("touch a; git st");
        zsh.until("the line", is("touch a; git st", ""));
        zsh.press("\x15git st").until("a ghost", is("git st", "atus --short --branch"));
        // Left and back, the start and the end, a mode change and a motion in it.
        let away = if vi.is_empty() { "\x01" } else { "\x1b" };
        zsh.press(LEFT).until("no ghost", is("git st", ""));
        zsh.press(away)
            .until("no ghost", |screen| ghost(screen).1.is_empty() && screen.cursor_position().1 < 8);
        if !vi.is_empty() {
            zsh.press("$").press("l");
        }
        zsh.settles(std::time::Duration::from_millis(80));
        assert_eq!(zsh.look(ghost).0, "% git st");
        drop(place);
    }
}

#[test]
fn nothing_of_a_ghost_is_left_after_enter_or_ctrl_c() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("echo one").until("a ghost", is("echo one", " two three"));
    zsh.press("\r").until("the next prompt", done("echo one"));
    assert_eq!(zsh.look(lines), "% echo one\none\n%");
    zsh.press("for").until("a ghost", |screen| screen.contents().contains("done"));
    zsh.interrupt().until("the next prompt", done("for"));
    let text = zsh.look(lines);
    assert!(!text.contains("done") && text.contains("\n% for\n"), "{text}");
}

#[test]
fn special_characters_are_text() {
    let Some((_place, daemon, mut zsh)) = start() else { return };
    zsh.press("true [a").until("a ghost", is("true [a", "-z]* $(x) `y` \\t %s \"q\" 'r'"));
    zsh.press("-").until("its tail", is("true [a-", "z]* $(x) `y` \\t %s \"q\" 'r'"));
    zsh.press(RIGHT).until("the line", is("true [a-z]* $(x) `y` \\t %s \"q\" 'r'", ""));
    daemon.hears("the line, escaped", |line| line.contains("true [a-z]* $(x) `y` \\\\t %s \"q\" 'r'"));
    zsh.press("\x15*(e:'touch globbed':)").until("the line", is("*(e:'touch globbed':)", ""));
    zsh.press(LEFT).press("\x7f").settles(std::time::Duration::from_millis(50));
    assert!(!zsh.text().contains("error"), "{}", zsh.text());
}

/// A line that was given up says nothing about the next one.
#[test]
fn what_was_offered_for_a_line_that_was_given_up_is_forgotten() {
    let script = || Script {
        lines: Vec::new(),
        model: vec![("vim s".to_owned(), "vim src/".to_owned())],
        keeps: true,
        ..Script::default()
    };
    let rc = "bindkey '^Xb' send-break";
    for give_up in ["\x03", "\x18b", "\x15", "\x7f\x7f\x7f\x7f\x7f", "\x1bq\x15"] {
        let Some((_place, _daemon, mut zsh)) = start_with(Place::new().before(rc), script()) else { return };
        zsh.press("vim s").until("a ghost", is("vim s", "rc/"));
        zsh.settles(Duration::from_millis(150)).press(give_up).until("an empty line", is("", ""));
        zsh.press("v").until("the line", is("v", ""));
        zsh.settles(Duration::from_millis(200));
        assert_eq!(zsh.look(ghost), ("% v".to_owned(), String::new()), "{give_up:?}");
        zsh.press("im s").until("a ghost", is("vim s", "rc/"));
    }
}
