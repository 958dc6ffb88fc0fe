//! The conversation about one request, without a terminal: a state, a key, the next state and what to do.
//!
//! Nothing here draws, judges or runs. [`Session::press`] returns a [`Step`] and the driver does it,
//! so that every path to "run" is a table of keys in the tests below. The one rule: a step
//! [`Step::Run`] carries a command whose own report allowed it, or that was confirmed by typing a
//! word after that report was shown.

use cmdai_core::explain::Explanation;
use cmdai_core::safety::{Report, Verdict};
use tui_input::{Input, InputRequest};

/// A command on offer with all that is shown about it.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// One line.
    pub command: String,
    /// What it would do.
    pub report: Report,
    /// What its parts mean.
    pub explanation: Explanation,
}

/// A key, by meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Char(char),
    Ctrl(char),
    Alt(char),
    Enter,
    Tab,
    BackTab,
    Esc,
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Backspace,
    Delete,
    Paste(String),
}

/// What the driver does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing changed.
    Wait,
    /// Draw again.
    Draw,
    /// Judge this line and hand it to [`Session::judged`].
    Judge(String),
    /// Put this on the clipboard and tell [`Session::say`] how that went.
    Copy(String),
    /// Run this.
    Run(String),
    /// Leave, nothing was run.
    Quit,
    /// Leave because of Ctrl-C.
    Interrupt,
}

/// What the keys mean just now.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    /// Keys are commands to cmdai.
    Choose,
    /// Keys edit the command.
    Edit(Input),
    /// Keys spell a word that confirms.
    Confirm {
        /// What was typed so far.
        typed: Input,
        /// What must be typed.
        word: &'static str,
    },
}

/// What must be typed to run what the verdict asks about.
pub(crate) const YES: &str = "yes";
/// What must be typed to run what the verdict denies.
pub(crate) const OVERRIDE: &str = "override";

/// The state.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    offers: Vec<Offer>,
    at: usize,
    mode: Mode,
    explaining: bool,
    /// True after a key that means nothing: whoever typed it had something else in mind, and so may the next Enter.
    astray: bool,
    note: Option<String>,
}

impl Session {
    /// A conversation about these, best first. `None` where there is nothing to talk about.
    pub(crate) fn new(offers: Vec<Offer>) -> Option<Self> {
        let session =
            Self { offers, at: 0, mode: Mode::Choose, explaining: false, astray: false, note: None };
        (!session.offers.is_empty()).then_some(session)
    }

    /// The offer on screen.
    pub(crate) fn offer(&self) -> &Offer {
        &self.offers[self.at]
    }

    /// Its place, from 1, and how many there are.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.at + 1, self.offers.len())
    }

    /// What the keys mean.
    pub(crate) fn mode(&self) -> &Mode {
        &self.mode
    }

    /// True where the meanings of the parts are shown.
    pub(crate) fn is_explaining(&self) -> bool {
        self.explaining
    }

    /// What was last said to the user.
    pub(crate) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Says something under the command until the next key.
    pub(crate) fn say(&mut self, note: impl Into<String>) {
        self.note = Some(note.into());
    }

    /// Takes an edited line after it was judged: it stands beside the one it was made from.
    pub(crate) fn judged(&mut self, offer: Offer) {
        self.at += 1;
        self.offers.insert(self.at, offer);
    }

    /// Takes a key.
    pub(crate) fn press(&mut self, key: Key) -> Step {
        let had_note = self.note.take().is_some();
        if key == Key::Ctrl('c') {
            return Step::Interrupt;
        }
        let step = match std::mem::replace(&mut self.mode, Mode::Choose) {
            Mode::Choose => self.choose(&key),
            Mode::Edit(input) => self.edit(input, &key),
            Mode::Confirm { typed, word } => self.confirm(typed, word, &key),
        };
        if step == Step::Wait && had_note { Step::Draw } else { step }
    }

    fn choose(&mut self, key: &Key) -> Step {
        let was_astray = std::mem::take(&mut self.astray);
        match key {
            Key::Enter if was_astray => {
                self.say("not run: press Enter alone to run it");
                Step::Draw
            }
            Key::Enter => self.ask_to_run(),
            Key::Char('o') if self.offer().report.verdict == Verdict::Deny => {
                self.mode = Mode::Confirm { typed: Input::default(), word: OVERRIDE };
                Step::Draw
            }
            Key::Char('e') => {
                self.mode = Mode::Edit(Input::new(self.offer().command.clone()));
                Step::Draw
            }
            Key::Char('c' | 'y') => Step::Copy(self.offer().command.clone()),
            Key::Char('?' | 'h') => {
                self.explaining = !self.explaining;
                Step::Draw
            }
            Key::Char('n') | Key::Tab | Key::Down => self.turn(1),
            Key::Char('p') | Key::BackTab | Key::Up => self.turn(self.offers.len() - 1),
            Key::Char('q') | Key::Esc | Key::Ctrl('d') => Step::Quit,
            Key::Ctrl('l') => Step::Draw,
            Key::Char(_) | Key::Paste(_) => {
                self.astray = true;
                self.say("that is none of the keys below");
                Step::Draw
            }
            _ => Step::Wait,
        }
    }

    fn turn(&mut self, by: usize) -> Step {
        if self.offers.len() == 1 {
            self.say("there is no other candidate");
        }
        self.at = (self.at + by) % self.offers.len();
        Step::Draw
    }

    fn ask_to_run(&mut self) -> Step {
        match self.offer().report.verdict {
            Verdict::Allow => return Step::Run(self.offer().command.clone()),
            Verdict::Ask => self.mode = Mode::Confirm { typed: Input::default(), word: YES },
            // What is denied is not one key away: Enter never leads to it.
            Verdict::Deny => self.say("denied, and not run; press o to override"),
        }
        Step::Draw
    }

    fn confirm(&mut self, mut typed: Input, word: &'static str, key: &Key) -> Step {
        match key {
            Key::Enter if typed.value() == word => Step::Run(self.offer().command.clone()),
            Key::Enter => {
                self.say(format!("not run: {word} was not typed"));
                Step::Draw
            }
            Key::Esc => Step::Draw,
            // A word that is pasted was not typed.
            Key::Paste(_) => {
                self.mode = Mode::Confirm { typed, word };
                Step::Wait
            }
            key => {
                apply(&mut typed, key);
                self.mode = Mode::Confirm { typed, word };
                Step::Draw
            }
        }
    }

    fn edit(&mut self, mut input: Input, key: &Key) -> Step {
        match key {
            Key::Enter => match input.value().trim() {
                "" => {
                    self.mode = Mode::Edit(input);
                    self.say("there is nothing to judge");
                    Step::Draw
                }
                same if same == self.offer().command => Step::Draw,
                line => Step::Judge(line.to_owned()),
            },
            Key::Esc => Step::Draw,
            key => {
                apply(&mut input, key);
                self.mode = Mode::Edit(input);
                Step::Draw
            }
        }
    }
}

/// The keys of one-line editing as readline has them.
fn apply(input: &mut Input, key: &Key) {
    let request = match key {
        Key::Char(c) => InputRequest::InsertChar(*c),
        Key::Left | Key::Ctrl('b') => InputRequest::GoToPrevChar,
        Key::Right | Key::Ctrl('f') => InputRequest::GoToNextChar,
        Key::WordLeft | Key::Alt('b') => InputRequest::GoToPrevWord,
        Key::WordRight | Key::Alt('f') => InputRequest::GoToNextWord,
        Key::Home | Key::Ctrl('a') => InputRequest::GoToStart,
        Key::End | Key::Ctrl('e') => InputRequest::GoToEnd,
        Key::Backspace | Key::Ctrl('h') => InputRequest::DeletePrevChar,
        Key::Delete | Key::Ctrl('d') => InputRequest::DeleteNextChar,
        Key::Ctrl('w') => InputRequest::DeletePrevWord,
        Key::Alt('d') => InputRequest::DeleteNextWord,
        Key::Ctrl('u') => InputRequest::DeleteFromStart,
        Key::Ctrl('k') => InputRequest::DeleteTillEnd,
        Key::Ctrl('y') => InputRequest::Yank,
        Key::Paste(text) => {
            // One command is one line; what a paste brings along is not typed by anybody.
            for c in text.trim().chars() {
                let c = if c == '\n' || c == '\t' { ' ' } else { c };
                if !c.is_control() {
                    input.handle(InputRequest::InsertChar(c));
                }
            }
            return;
        }
        _ => return,
    };
    input.handle(request);
}

#[cfg(test)]
mod tests {
    use super::*;
    use cmdai_core::safety::{Profile, Risk};

    fn offer(command: &str, risk: Risk) -> Offer {
        let mut report = Report::default();
        report.risk = risk;
        report.verdict = risk.verdict(Profile::Person);
        Offer { command: command.to_owned(), report, explanation: Explanation::default() }
    }

    /// Reads keys as text: a character each, and names in angle brackets.
    fn keys(text: &str) -> Vec<Key> {
        let mut keys = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let Some((name, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
                keys.push(Key::Char(c));
                rest = &rest[c.len_utf8()..];
                continue;
            };
            rest = after;
            keys.push(match name {
                "enter" => Key::Enter,
                "esc" => Key::Esc,
                "tab" => Key::Tab,
                "backtab" => Key::BackTab,
                "left" => Key::Left,
                "back" => Key::Backspace,
                "paste" => Key::Paste("override\nyes".to_owned()),
                name => Key::Ctrl(name.strip_prefix("c-").unwrap().chars().next().unwrap()),
            });
        }
        keys
    }

    /// Presses keys with these offers on the table, judging edited lines as safe, and gives the last step.
    fn press(offers: &[(&str, Risk)], text: &str) -> (Session, Step) {
        let offers = offers.iter().map(|(command, risk)| offer(command, *risk)).collect();
        let mut session = Session::new(offers).unwrap();
        let mut step = Step::Draw;
        for key in keys(text) {
            step = session.press(key);
            if let Step::Judge(line) = &step {
                let risk = if line.contains("danger") { Risk::High } else { Risk::Safe };
                session.judged(offer(line, risk));
            }
        }
        (session, step)
    }

    #[track_caller]
    fn check(offers: &[(&str, Risk)], text: &str, expect: Step) {
        assert_eq!(press(offers, text).1, expect, "{text}");
    }

    /// Checks that no prefix of these keys runs anything.
    #[track_caller]
    fn runs_nothing(offers: &[(&str, Risk)], text: &str) {
        let all = keys(text);
        let offers: Vec<_> = offers.iter().map(|(command, risk)| offer(command, *risk)).collect();
        let mut session = Session::new(offers).unwrap();
        for key in all {
            let step = session.press(key);
            assert!(!matches!(step, Step::Run(_)), "{text}: {step:?}");
        }
    }

    fn run(command: &str) -> Step {
        Step::Run(command.to_owned())
    }

    const SAFE: &[(&str, Risk)] = &[("ls", Risk::Safe)];
    const HIGH: &[(&str, Risk)] = &[("git reset --hard", Risk::High)];
    const CRITICAL: &[(&str, Risk)] = &[("rm -rf /", Risk::Critical)];
    const THREE: &[(&str, Risk)] = &[("a", Risk::Safe), ("b", Risk::Moderate), ("c", Risk::High)];

    #[test]
    fn what_is_allowed_runs_at_once() {
        check(SAFE, "<enter>", run("ls"));
        check(&[("rm x", Risk::Moderate)], "<enter>", run("rm x"));
    }

    #[test]
    fn enter_after_stray_keys_runs_nothing() {
        runs_nothing(SAFE, "r");
        runs_nothing(SAFE, "fg<enter>");
        runs_nothing(SAFE, "<paste><enter>");
        check(SAFE, "fg<enter><enter>", run("ls"));
        check(SAFE, "x?<enter>", run("ls"));
    }

    #[test]
    fn what_is_asked_about_needs_the_word() {
        check(HIGH, "<enter>", Step::Draw);
        check(HIGH, "<enter><enter>", Step::Draw);
        check(HIGH, "<enter>yes<enter>", run("git reset --hard"));
        check(HIGH, "<enter>ye<enter>", Step::Draw);
        check(HIGH, "<enter>Yes<enter>", Step::Draw);
        check(HIGH, "<enter>yex<back>s<enter>", run("git reset --hard"));
        check(HIGH, "<enter>yes<esc>", Step::Draw);
        check(HIGH, "<enter>yes<esc><enter>", Step::Draw);
        check(HIGH, "<enter><paste><enter>", Step::Draw);
        runs_nothing(HIGH, "ooverride<enter>");
        runs_nothing(HIGH, "<enter>ye<enter><enter>no<enter>");
    }

    #[test]
    fn what_is_denied_is_never_one_key_away() {
        check(CRITICAL, "<enter>", Step::Draw);
        runs_nothing(CRITICAL, "<enter>yes<enter><enter>");
        runs_nothing(CRITICAL, "<enter>override<enter>");
        check(CRITICAL, "<enter><enter><enter>", Step::Draw);
        check(CRITICAL, "rrr", Step::Draw);
        check(CRITICAL, "oyes<enter>", Step::Draw);
        check(CRITICAL, "o<paste><enter>", Step::Draw);
        check(CRITICAL, "ooverride<enter>", run("rm -rf /"));
        assert!(press(CRITICAL, "<enter>").0.note().unwrap().contains("denied"));
    }

    #[test]
    fn the_word_confirms_only_what_was_on_screen() {
        check(THREE, "nn<enter>yes<enter>", run("c"));
        check(THREE, "nn<enter>ye<esc>n<enter>", run("a"));
        runs_nothing(THREE, "nn<enter>ye<esc>nnns<enter>");
    }

    #[test]
    fn candidates_go_round() {
        assert_eq!(press(THREE, "n").0.offer().command, "b");
        assert_eq!(press(THREE, "<tab><tab><tab>").0.offer().command, "a");
        assert_eq!(press(THREE, "<backtab>").0.offer().command, "c");
        assert_eq!(press(THREE, "p").0.place(), (3, 3));
        assert!(press(SAFE, "n").0.note().is_some());
    }

    #[test]
    fn edited_lines_are_judged_again() {
        check(SAFE, "e -l<enter>", Step::Judge("ls -l".to_owned()));
        check(SAFE, "e -l<enter><enter>", run("ls -l"));
        check(SAFE, "e; danger<enter><enter>", Step::Draw);
        check(SAFE, "e; danger<enter><enter>yes<enter>", run("ls; danger"));
        check(CRITICAL, "e<enter><enter>", Step::Draw);
        check(CRITICAL, "e<c-u>ls<enter><enter>", run("ls"));
        check(SAFE, "e -l<esc><enter>", run("ls"));
        check(SAFE, "e<c-u><enter>", Step::Draw);
        check(SAFE, "e<c-a>sudo <enter>", Step::Judge("sudo ls".to_owned()));
        check(SAFE, "e<left>X<enter>", Step::Judge("lXs".to_owned()));
        assert_eq!(press(SAFE, "e -l<enter>p").0.offer().command, "ls");
    }

    #[test]
    fn keys_of_choosing_are_letters_while_editing() {
        check(SAFE, "e qcnr?<enter>", Step::Judge("ls qcnr?".to_owned()));
    }

    #[test]
    fn a_paste_becomes_one_line() {
        check(SAFE, "e <paste><enter>", Step::Judge("ls override yes".to_owned()));
    }

    #[test]
    fn leaving() {
        check(SAFE, "q", Step::Quit);
        check(SAFE, "<esc>", Step::Quit);
        for before in ["", "e", "e x", "?"] {
            check(SAFE, &format!("{before}<c-c>"), Step::Interrupt);
        }
        check(HIGH, "<enter>yes<c-c>", Step::Interrupt);
        check(SAFE, "x", Step::Draw);
    }

    #[test]
    fn copying_and_explaining_run_nothing() {
        check(SAFE, "c", Step::Copy("ls".to_owned()));
        assert!(press(SAFE, "?").0.is_explaining());
        assert!(!press(SAFE, "??").0.is_explaining());
    }
}
