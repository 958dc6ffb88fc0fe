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

/// zsh loses count of what stands behind the line where hardly a word has room, and may end by it.
#[test]
fn in_a_few_columns_there_is_no_ghost() {
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().sized(12, 8)) else { return };
    zsh.press("git st").settles(Duration::from_millis(300));
    assert!(!zsh.text().contains("atus"), "{}", zsh.text());
    zsh.resize(12, 40).settles(Duration::from_millis(100));
    zsh.press("a").until("a ghost", |screen| screen.contents().contains("--branch"));
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

/// Where not even that fits, what the chord does is there, alone.
#[test]
fn a_question_on_a_tiny_screen() {
    for (rows, cols) in [(1, 60), (2, 40), (3, 18)] {
        let Some((place, _daemon, mut zsh)) = start_in(Place::new().sized(rows, cols)) else { return };
        zsh.press("touch ran; : ASK").settles(Duration::from_millis(100)).press("\r").shows("Alt-Enter");
        zsh.press("y").until("an edited line", |screen| screen.contents().contains("ASKy"));
        assert!(!place.ran("ran"));
        zsh.press("\x7f\r").shows("Alt-Enter").press("\x1b\r").until("it ran", |_| place.ran("ran"));
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

/// A line that fills the screen leaves no room for the question above it: it stands below, until the next key.
#[test]
fn a_line_as_tall_as_the_screen() {
    for (prompt, count) in
        [("% ", 9), ("% ", 10), ("% ", 11), ("% ", 12), ("% ", 30), ("top$'\\n'more$'\\n'% ", 8)]
    {
        let paste: String = (0..count).map(|at| format!(": line {at}\n")).collect();
        let start = || start_in(Place::new());
        let Some((place, _daemon, mut zsh)) = start() else { return };
        if count == 8 {
            zsh.press(&format!("PS1=$'top\\nmore\\n{prompt}'\r").replace("top$'\\n'more$'\\n'", ""))
                .settles(Duration::from_millis(200));
        }
        let asked = |zsh: &mut cmdai_inline::terminal::Terminal| {
            zsh.until("all of the question", |screen| {
                let text = screen.contents();
                text.contains("it overwrites what others have\n")
                    && text.contains("other key edits the line.")
            });
        };
        zsh.press(&format!("\x1b[200~{paste}touch ran; : ASK\x1b[201~")).shows("ASK").press("\r");
        asked(&mut zsh);
        assert!(!place.ran("ran"));
        // Another key edits the line, and Enter asks again.
        zsh.press("y").settles(Duration::from_millis(300)).shows(": ASKy").hides("other key edits");
        zsh.press("\x1b\r").settles(Duration::from_millis(300));
        assert!(!place.ran("ran"), "{count}\n{}", zsh.text());
        zsh.press("\x7f").settles(Duration::from_millis(300)).press("\r");
        asked(&mut zsh);
        // Another size draws over it: it is asked again.
        zsh.resize(11, 78).settles(Duration::from_millis(300)).press("\x1b\r");
        zsh.settles(Duration::from_millis(600));
        assert!(!place.ran("ran"), "{count}\n{}", zsh.text());
        asked(&mut zsh);
        zsh.press("\x1b\r").until("it ran", |_| place.ran("ran"));
    }
    // A line that came past the guard returns with its question.
    let rc = "past() { zle .accept-line }; zle -N past; bindkey '^Xa' past";
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().after(rc)) else { return };
    let paste = ": x\n".repeat(20);
    zsh.press(&format!("\x1b[200~{paste}touch ran; : ASK\x1b[201~")).shows("ASK").press("\x18a");
    zsh.shows("it overwrites what others have").shows("other key edits the line.");
    assert!(!place.ran("ran"));
    zsh.press("y").settles(Duration::from_millis(300)).shows(": ASKy");
    zsh.press("\x7f").settles(Duration::from_millis(300)).press("\x18a").shows("other key edits the line.");
    zsh.press("\x1b\r").until("it ran", |_| place.ran("ran"));
    // The word for what is denied is read as ever.
    let Some((place, _daemon, mut zsh)) = start_in(Place::new()) else { return };
    let paste = ": x\n".repeat(20);
    zsh.press(&format!("\x1b[200~{paste}touch ran; : DENY\x1b[201~")).shows("DENY").press("\r");
    zsh.shows("denied: it would be the end").shows("overrides").press("\x1b\r").shows("type override");
    for key in "override\r".chars() {
        zsh.press(&key.to_string()).settles(Duration::from_millis(30));
    }
    zsh.until("it ran", |_| place.ran("ran"));
}

/// A ghost looks different from what is typed on every terminal, or there is none; and a question is readable.
#[test]
fn terminals_of_few_colours_and_of_none() {
    for term in ["xterm", "screen", "linux", "ansi", "vt100"] {
        let Some((_place, _daemon, mut zsh)) = start_in(Place::new().with("TERM", term)) else { return };
        zsh.press("git st").shows("% git status --short").settles(Duration::from_millis(100));
        let marked = |col| {
            zsh.look(|screen| {
                let cell = screen.cell(0, col).unwrap();
                (
                    cell.contents().to_owned(),
                    cell.underline() || cell.bold() || cell.fgcolor() != vt100::Color::Default,
                )
            })
        };
        assert_eq!(marked(7), ("t".to_owned(), false), "{term}");
        assert_eq!(marked(8), ("a".to_owned(), true), "{term}");
    }
    for (term, rc) in
        [("xterm-kitty-unknown", ""), ("dumb", ""), ("xterm-256color", "setopt single_line_zle")]
    {
        let place = Place::new().with("TERM", term).before(rc);
        let Some((place, _daemon, mut zsh)) = start_in(place) else { return };
        zsh.press("git st").shows("% git st").settles(Duration::from_millis(300));
        assert!(!zsh.text().contains("status"), "{term}\n{}", zsh.text());
        zsh.press("\x15touch ran; : ASK").shows("touch ran; : ASK").press("\r");
        zsh.shows("it overwrites what others have").shows("any other key edits the line.");
        zsh.settles(Duration::from_millis(300));
        assert!(zsh.text().trim_end().ends_with("% touch ran; : ASK"), "{term}\n{}", zsh.text());
        assert!(!place.ran("ran"));
        zsh.press("\x1b\r").until("it ran", |_| place.ran("ran"));
    }
}
