//! Words into a command, and what a line means.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use cmdai_inline::daemon::Script;
use cmdai_inline::zsh::{Place, done, is};

use crate::{start, start_in, start_with};

#[test]
fn a_comment_and_enter_or_words_and_ctrl_g_become_a_command() {
    for (words, key) in [("# say a word", "\r"), ("say a word", "\x07"), ("# say a word", "\x07")] {
        let Some((place, daemon, mut zsh)) = start() else { return };
        zsh.press(words).until("the words", is(words, ""));
        zsh.press(key).shows("Prints a word.").until("the command", is("echo generated", ""));
        let heard = daemon.hears("the request", |line| line.starts_with("N\t"));
        assert_eq!(heard.split('\t').nth(2), Some("say a word"));
        // Undo brings the words back, and redo the command, which was never run.
        zsh.press("\x1f").until("the words", is(words, ""));
        assert!(!zsh.text().contains("\ngenerated"));
        zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
        assert!(place.ran("ran"));
    }
}

#[test]
fn a_hash_alone_asks_for_nothing() {
    for line in ["#", "# ", "#   "] {
        let Some((_place, daemon, mut zsh)) = start() else { return };
        zsh.press(line).settles(Duration::from_millis(50)).press("\r").shows("type behind the #");
        zsh.hides("not found").press("x").hides("type behind").press("\r").settles(Duration::from_millis(50));
        assert_eq!(
            daemon.heard().iter().filter(|line| line.starts_with("N\t")).count(),
            usize::from(line != "#")
        );
    }
    let silent = Place::new().after("zstyle ':cmdai:request' comment no");
    let Some((_place, _daemon, mut zsh)) = start_in(silent) else { return };
    zsh.press("#\r").shows("not found");
}

#[test]
fn a_dangerous_answer_is_asked_about_like_any_line() {
    let script = Script { command: Some("touch ran; : ASK".to_owned()), ..Script::default() };
    let Some((place, _daemon, mut zsh)) = start_with(Place::new(), script) else { return };
    zsh.press("# do it").until("the words", is("# do it", ""));
    zsh.press("\r").until("the command", is("touch ran; : ASK", ""));
    zsh.press("\r").shows("Alt-Enter");
    assert!(!place.ran("ran"));
}

/// Words and key in one: the words are judged after the command is there, and that says nothing of the command.
#[test]
fn a_verdict_on_the_words_is_none_on_the_command() {
    let script = Script {
        command: Some("touch ran; : ASK".to_owned()),
        delay: Duration::from_millis(100),
        ..Script::default()
    };
    let Some((place, _daemon, mut zsh)) = start_with(Place::new(), script) else { return };
    zsh.press("say a word\x07").until("the command", is("touch ran; : ASK", ""));
    zsh.settles(Duration::from_millis(300)).press("\r").shows("Alt-Enter");
    assert!(!place.ran("ran"));
}

/// A command that comes while the guard waits for the verdict on the words is dropped: it would run on their verdict.
#[test]
fn no_command_takes_the_place_of_what_is_judged() {
    let script = Script {
        command: Some("touch ran; : ASK".to_owned()),
        delay: Duration::from_millis(20),
        ..Script::default()
    };
    // An alias makes Enter ask anew.
    let place = Place::new().after("alias say=true");
    let Some((place, daemon, mut zsh)) = start_with(place, script) else { return };
    zsh.press("say a word\x07\r");
    daemon.hears("that it is not wanted", |line| line.starts_with("X\t"));
    zsh.settles(Duration::from_millis(300));
    assert!(!place.ran("ran"), "{}", zsh.text());
    // With a question of its own in between, the question is about what stands there.
    zsh.press("say ASK\x07\r").shows("Alt-Enter");
    zsh.settles(Duration::from_millis(500));
    assert!(zsh.text().contains("% say ASK"), "{}", zsh.text());
}

#[test]
fn an_answer_that_comes_too_late_is_dropped() {
    let script = Script { delay: Duration::from_millis(200), ..Script::default() };
    let Some((_place, daemon, mut zsh)) = start_with(Place::new(), script) else { return };
    zsh.press("# say").until("the words", is("# say", ""));
    zsh.press("\r").shows("thinking").press("!").until("more words", is("# say!", ""));
    daemon.hears("that it is not wanted", |line| line.starts_with("X\t"));
    zsh.settles(Duration::from_millis(500));
    assert!(is("# say!", "")(&zsh.look(Clone::clone)), "{}", zsh.text());
}

/// What is pasted or typed ahead behind a request is another line, and neither is lost or joined.
#[test]
fn text_that_came_with_the_enter_is_a_line_of_its_own() {
    let Some((place, daemon, mut zsh)) = start() else { return };
    zsh.press("# not a request\rtouch ran é").shows("% # not a request\ntouch ran é");
    zsh.settles(Duration::from_millis(200));
    assert!(!place.ran("ran") && !daemon.heard().iter().any(|line| line.starts_with("N\t")));
    // It runs as it does without us: a hash is a word, unless comments are set.
    zsh.press("\r").shows("not found: #");
    zsh.until("it ran", |_| place.ran("ran"));
    let Some((place, _daemon, mut zsh)) = start_in(Place::new().before("setopt interactive_comments")) else {
        return;
    };
    zsh.press("sleep 0.2\r# a note\r\n\r\ntouch ran\r").until("it ran", |_| place.ran("ran"));
    // A dangerous one is asked about, and an Enter that is pressed twice is no text.
    zsh.press("# a note\rtouch over; : ASK\r").shows("Alt-Enter");
    assert!(!place.ran("over"));
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("# say a word\r\r").until("the command", is("echo generated", ""));
}

#[test]
fn ctrl_c_while_it_thinks_leaves_the_line() {
    let script = Script { command: None, ..Script::default() };
    let Some((place, _daemon, mut zsh)) = start_with(Place::new(), script) else { return };
    zsh.press("# say").until("the words", is("# say", ""));
    zsh.press("\r").shows("thinking").interrupt().until("a prompt", done("# say"));
    zsh.press("touch ran\r").until("the next prompt", done("touch ran"));
    assert!(place.ran("ran"));
}

#[test]
fn a_daemon_that_goes_while_it_thinks_does_not_leave_the_line_thinking() {
    let script = || Script { command: None, ..Script::default() };
    let Some((_place, daemon, mut zsh)) = start_with(Place::new(), script()) else { return };
    zsh.press("# say").until("the words", is("# say", ""));
    zsh.press("\r").shows("thinking");
    daemon.kill();
    zsh.shows("press the key again");
    zsh.hides("thinking");
    // Where there is a binary, a process of its own answers.
    let place = Place::new();
    let path = place.dir().join("cmdai");
    std::fs::write(&path, "#!/bin/sh\n[ \"$1\" = generate ] && echo echo alone\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let place = place.with("CMDAI_BIN", path.to_str().unwrap());
    let Some((_place, daemon, mut zsh)) = start_with(place, script()) else { return };
    zsh.press("# say").until("the words", is("# say", ""));
    zsh.press("\r").shows("thinking");
    daemon.kill();
    zsh.until("the command", is("echo alone", ""));
}

/// Words that are asked about anew before a process has answered the first ones: its answer is no longer read.
#[test]
fn another_request_takes_the_place_of_the_first() {
    if !cmdai_inline::zsh::installed() {
        return;
    }
    let place = Place::new();
    let path = place.dir().join("cmdai");
    let answers =
        "#!/bin/sh\n[ \"$1\" = generate ] && words=$(cat) && sleep 0.3 && echo \"echo about $words\"\n";
    std::fs::write(&path, answers).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let place = place.with("CMDAI_BIN", path.to_str().unwrap());
    let mut zsh = place.zsh();
    zsh.press("say\x07").shows("thinking about: say");
    zsh.press("s\x07").shows("thinking about: says").until("the command", is("echo about says", ""));
    zsh.settles(Duration::from_millis(500));
    zsh.press("\x15echo typed in order").until("the line", is("echo typed in order", ""));
}

#[test]
fn comments_stay_comments_where_that_is_wanted() {
    let rc = "setopt interactive_comments; zstyle ':cmdai:request' comment no";
    let Some((_place, daemon, mut zsh)) = start_in(Place::new().before(rc)) else { return };
    zsh.press("# only a note\r").until("the next prompt", done("# only a note"));
    assert!(!daemon.heard().iter().any(|line| line.starts_with("N\t")));
}

#[test]
fn alt_e_says_what_the_line_does() {
    let Some((_place, _daemon, mut zsh)) = start() else { return };
    zsh.press("echo x").until("the line", is("echo x", ""));
    zsh.press("\x1be").shows("Prints its words.\necho: prints its words");
    zsh.press("y").until("the line", is("echo xy", ""));
    zsh.hides("Prints its words.");
}

#[test]
fn keys_of_the_user_stay_theirs() {
    let rc = "mine() { zle -M 'my own key' }; zle -N mine; bindkey '^G' mine; bindkey '^[n' mine";
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(rc)) else { return };
    zsh.press("words").press("\x07").shows("my own key").press("\x15\x0c");
    zsh.hides("my own key").press("\x1bn").shows("my own key");
    // A key that was named is bound.
    let rc = format!("{rc}; zstyle ':cmdai:keys' generate '^G'");
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(&rc)) else { return };
    zsh.press("words").press("\x07").until("the command", is("echo generated", ""));
}

/// Ctrl-G gives the line back that a search began with, as it does without us, and asks for a command outside of it.
#[test]
fn ctrl_g_ends_a_search_with_the_line_as_it_was() {
    let named = "zstyle ':cmdai:keys' generate '^G'";
    let search = "bindkey -v; bindkey '^R' history-incremental-search-backward";
    for rc in ["", named, search, &format!("{search}; {named}")] {
        let Some((_place, daemon, mut zsh)) = start_in(Place::new().before(rc)) else { return };
        zsh.press("true what\r").until("the next prompt", done("true what"));
        for search in ["tru", ""] {
            zsh.press("half a line").until("the line", is("half a line", ""));
            zsh.press("\x12").shows("bck-i-search").press(search).shows(&format!("search: {search}_"));
            zsh.press("\x07").hides("i-search").until("the line", is("half a line", ""));
            zsh.press("\x15");
        }
        assert!(!daemon.heard().iter().any(|line| line.starts_with("N\t")), "{rc}");
        zsh.press("say a word").until("the words", is("say a word", ""));
        zsh.press("\x07").until("the command", is("echo generated", ""));
    }
    // What the user bound within a search stays.
    let rc = "bindkey -M isearch '^G' accept-search";
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new().before(rc)) else { return };
    zsh.press("true what\r").until("the next prompt", done("true what"));
    zsh.press("half").press("\x12").shows("bck-i-search").press("tru").shows("search: tru_");
    zsh.press("\x07").hides("i-search").until("the line", is("true what", ""));
    // Nothing is left of it.
    let Some((_place, _daemon, mut zsh)) = start_in(Place::new()) else { return };
    zsh.press("\x12").shows("bck-i-search").press("\x07").hides("i-search");
    zsh.press("bindkey -M isearch '^G'; cmdai-unload; bindkey -M isearch '^G'\r");
    zsh.shows("\"^G\" send-break\n\"^G\" undefined-key\n");
}

/// As within a search.
#[test]
fn ctrl_g_leaves_a_menu_of_completions() {
    let rc = "autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' menu select";
    let place = Place::new().before(rc);
    for name in ["menu-one", "menu-two"] {
        std::fs::write(place.dir().join(name), "").unwrap();
    }
    let Some((_place, daemon, mut zsh)) = start_with(place, Script::default()) else { return };
    zsh.press("ls m").until("the line", is("ls m", ""));
    zsh.settles(Duration::from_millis(200))
        .press("\t")
        .shows("% ls menu-")
        .settles(Duration::from_millis(200));
    zsh.press("\t").shows("menu-two").settles(Duration::from_millis(200));
    zsh.press("\t").shows("% ls menu-one").settles(Duration::from_millis(200));
    zsh.press("\x07").until("the line as it was", is("ls menu-", ""));
    assert!(!daemon.heard().iter().any(|line| line.starts_with("N\t")));
    // Outside of it the key is ours.
    zsh.press("\x15words\x07").until("a command", is("echo generated", ""));
}
