//! Width and place: the last row, the last column, the right prompt, other sizes, other locales.

use std::time::Duration;

use cmdai_inline::daemon::Script;
use cmdai_inline::terminal::ghost;
use cmdai_inline::zsh::{Place, done, is, lines};

use crate::{enter, start, start_in, start_with};

#[test]
fn in_the_last_row() {
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().sized(6, 40)) else { return };
    zsh.press("repeat 12 echo x\r").until("the last row", |screen| screen.cursor_position() == (5, 2));
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.interrupt().until("a prompt", |screen| screen.cursor_position() == (5, 2));
    assert_eq!(zsh.look(lines), "x\nx\nx\nx\n% git st\n%");
    zsh.press("for").until("three rows", |screen| {
        screen.contents().contains("done") && screen.cursor_position() == (3, 5)
    });
    zsh.press("\x1b[C").until("its end", |screen| screen.cursor_position() == (5, 4));
    zsh.press("\r").until("it ran", |screen| screen.contents().contains("\na\nb\n%"));
}

#[test]
fn beyond_the_last_column() {
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().sized(8, 20)) else { return };
    zsh.press("git st").until("two rows", |screen| screen.contents().starts_with("% git status --short"));
    zsh.until("the rest", |screen| screen.contents().contains("--branch"));
    zsh.interrupt().until("a prompt", done("git st"));
    assert_eq!(zsh.look(lines).lines().next(), Some("% git st"));
    assert!(!zsh.text().contains("branch"));
    zsh.press("echo 89012345678901")
        .until("a full row", |screen| screen.contents().contains("echo 89012345678901"));
    zsh.press("234\r").shows("\n89012345678901234\n");
}

/// A question that does not fit under the line stands above it, and the line is whole, as are the words of the question.
#[test]
fn a_question_on_a_small_screen() {
    for (rows, cols) in [(2, 80), (3, 40), (12, 40), (5, 30), (5, 22)] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().sized(rows, cols)) else { return };
        enter(&mut zsh, "touch ran; : ASK");
        zsh.until("the end of the question", |screen| {
            screen.contents().replace('\n', " ").contains("other key edits the line.")
        });
        zsh.until("the line", is("touch ran; : ASK", ""));
        zsh.press("y").until("an edited line", is("touch ran; : ASKy", ""));
        zsh.press("\x7f\r").settles(Duration::from_millis(400)).press("\x1b\r");
        zsh.settles(Duration::from_millis(300));
        assert!(place.ran("ran"), "{rows} by {cols}\n{}", zsh.text());
    }
}

#[test]
fn the_right_prompt_stays() {
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before("RPS1='[right]'")) else { return };
    zsh.press("git st").until("a ghost", |screen| ghost(screen).1 == "atus --short --branch");
    zsh.shows("[right]").press("\x1b[C").until("the line", |screen| ghost(screen).1.is_empty());
    zsh.shows("% git status --short --branch").shows("[right]");
}

#[test]
fn another_size_in_the_middle_of_a_line() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.resize(10, 50).settles(Duration::from_millis(100));
    zsh.press("a").until("its tail", is("git sta", "tus --short --branch"));
    zsh.resize(24, 120).settles(Duration::from_millis(100));
    zsh.press("\x1b[C").until("the line", is("git status --short --branch", ""));
}

#[test]
fn in_a_locale_of_single_bytes() {
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().with("LANG", "C").with("LC_ALL", "C")) else {
        return;
    };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    zsh.press("\x15echo w").until("no ghost of other characters", is("echo w", ""));
    zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

#[test]
fn a_paste_of_many_keys_is_one_question() {
    let Some((_place, daemon, mut zsh)) = start() else { return };
    zsh.press("git st").until("a ghost", is("git st", "atus --short --branch"));
    let paste = "echo ".to_owned() + &"word ".repeat(100) + "end";
    zsh.press(&format!("\x15{paste}")).until("the paste", |screen| screen.contents().contains("end"));
    zsh.settles(Duration::from_millis(100));
    let asked = daemon.heard().iter().filter(|line| line.starts_with("S\t") && line.contains("word")).count();
    assert!(asked <= 20, "{asked} questions for one paste");
    assert!(!zsh.text().contains("short"), "{}", zsh.text());
}

#[test]
fn the_model_may_have_another_opinion() {
    let script =
        Script { model: vec![("echo o".to_owned(), "echo other words".to_owned())], ..Script::default() };
    let Some((_place, _daemon, mut zsh)) = start_with(Place::new(), script) else { return };
    zsh.press("echo o").until("what the model says", is("echo o", "ther words"));
}
