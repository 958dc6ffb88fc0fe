//! The conversation in a real terminal: what is on the screen, which keys do what, and how the terminal is left.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::harness::Place;

/// How long anything may take to appear before the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Prints the modes that matter, each as stty names it: `-icanon` is off.
const MODES: &str =
    "stty -a | tr ' ;' '\\n\\n' | grep -xE -- '-?(icanon|echo|isig|icrnl|opost)' | tr '\\n' ' '";

struct Terminal {
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    _place: Place,
}

impl Terminal {
    /// Runs a script in a shell, then prints its exit code and the terminal's modes.
    fn start(script: &str) -> Self {
        Self::start_in(Place::new().without_model(), script)
    }

    /// The same in a place of the caller's choice.
    fn start_in(place: Place, script: &str) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", &format!("{script}\necho \"code=$?\"; {MODES}; echo; echo done")]);
        command.env_clear();
        for (name, value) in place.command::<&str>(&[]).get_envs() {
            command.env(name, value.unwrap());
        }
        let bin = std::path::Path::new(env!("CARGO_BIN_EXE_cmdai")).parent().unwrap();
        command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        command.env("TERM", "xterm-256color");
        command.cwd(place.home.path());
        pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 1000)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let written = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                written.lock().unwrap().process(&buffer[..read]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { _master: pair.master, keys, screen, _place: place }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits for this on the screen.
    #[track_caller]
    fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |screen| screen.contains(text))
    }

    #[track_caller]
    fn until(&mut self, what: &str, fits: impl Fn(&str) -> bool) -> &mut Self {
        let started = Instant::now();
        while !fits(&self.text()) {
            assert!(started.elapsed() < PATIENCE, "never saw {what:?}; the screen is\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Waits for the end: the exit code, and the terminal as it was.
    #[track_caller]
    fn ends(&mut self, code: i32) {
        self.shows("\ndone").shows(&format!("code={code}\n"));
        let text = self.text();
        for mode in ["icanon", "echo", "isig", "icrnl", "opost"] {
            let set = text.split_whitespace().any(|word| word == mode);
            assert!(set, "{mode} is not set:\n{text}");
        }
        assert!(!self.screen.lock().unwrap().screen().hide_cursor(), "the cursor is hidden");
        assert!(!self.screen.lock().unwrap().screen().bracketed_paste(), "pastes are still bracketed");
    }
}

/// Asks about a command where no program is found, so that nothing is lost when a test fails by running it.
fn harmless(command: &str) -> String {
    format!("PATH=/nonexistent {} '{command}'", env!("CARGO_BIN_EXE_cmdai"))
}

const LIST: &str = "cmdai 'ls -la'";

#[test]
fn a_command_is_shown_and_quit_leaves_it_on_the_screen() {
    let mut terminal = Terminal::start(LIST);
    terminal.shows("> ls -la").shows("safe").shows("Enter run").press("q").ends(0);
    let text = terminal.text();
    assert!(text.contains("> ls -la") && !text.contains("Enter run"), "{text}");
}

#[test]
fn enter_runs_and_the_status_is_the_commands() {
    Terminal::start("cmdai 'echo seen; exit 3'").shows("Enter run").press("\r").shows("\nseen").ends(3);
}

#[test]
fn escape_and_ctrl_c_leave_the_terminal_as_it_was() {
    Terminal::start(LIST).shows("q quit").press("\u{1b}").ends(0);
    Terminal::start(LIST).shows("q quit").press("\u{3}").ends(130);
    Terminal::start(LIST).shows("q quit").press("e").shows("Enter judge").press("\u{3}").ends(130);
}

#[test]
fn leaving_without_a_run_is_told_to_who_asked_for_one() {
    Terminal::start("cmdai -x 'ls -la'").shows("q quit").press("q").ends(130);
}

#[test]
fn an_edited_line_is_judged_again() {
    let mut terminal = Terminal::start("cmdai 'echo -n one'");
    terminal.shows("e edit").press("e").shows("Enter judge").press(" two").shows("> echo -n one two");
    terminal.press("\r").shows("candidate 2 of 2").press("n").shows("candidate 1 of 2");
    terminal.press("n").shows("candidate 2 of 2").press("\r").shows("\none two").ends(0);
}

#[test]
fn an_edit_cannot_slip_past_the_judge() {
    let mut terminal = Terminal::start(&harmless("ls -la"));
    terminal.shows("e edit").press("e").shows("Enter judge").press("\u{15}rm -rf ~").shows("> rm -rf ~");
    terminal.press("\r").shows("o override").press("\r").shows("denied").press("q").ends(0);
}

#[test]
fn what_is_denied_needs_its_word() {
    let mut terminal = Terminal::start(&harmless("ls -la"));
    terminal.shows("e edit").press("e").shows("Enter judge").press("\u{15}rm -rf ~\r");
    terminal.shows("critical").shows("o override").press("\r").shows("denied");
    terminal.press("o").shows("type override").press("yes\r").shows("not run").press("q").ends(0);
}

#[test]
fn what_is_asked_about_needs_a_yes() {
    let mut terminal = Terminal::start(&harmless("git reset --hard"));
    terminal.shows("high").press("\r").shows("type yes").press("no\r").shows("not run");
    terminal.press("\r").shows("type yes").press("yes\r").shows("not found").ends(127);
}

#[test]
fn the_parts_are_explained_on_demand() {
    let mut terminal = Terminal::start("cmdai 'tar -xzf site.tgz'");
    terminal
        .shows("? explain")
        .press("?")
        .shows("site.tgz\n")
        .until("the parts", |text| text.contains("    -x "));
    terminal.press("?").until("no parts", |text| !text.contains("    -x ")).press("q").ends(0);
}

#[test]
fn copying_without_a_desktop_goes_through_the_terminal() {
    Terminal::start(LIST)
        .shows("c copy")
        .press("c")
        .shows("copied (by the terminal, OSC 52)")
        .press("q")
        .ends(0);
}

#[test]
fn standard_output_stays_for_the_command() {
    let mut terminal = Terminal::start("cmdai -x 'echo -n one' > file; cat file");
    terminal.shows("Enter run").press("\r").shows("\nonecode=0").shows("\ndone");
}

#[test]
fn a_request_may_be_piped_while_keys_come_from_the_terminal() {
    Terminal::start("echo ls -la | cmdai").shows("> ls -la").shows("q quit").press("q").ends(0);
}

#[test]
fn a_command_whose_request_was_piped_reads_the_terminal() {
    let mut terminal = Terminal::start("echo 'cat -n | head -n 1' | cmdai");
    terminal
        .shows("Enter run")
        .press("\r")
        .until("the command", |text| !text.contains("Enter run"))
        .press("typed\r")
        .shows("1  typed")
        .press("\u{4}")
        .ends(0);
}

#[test]
fn ctrl_c_stops_the_model() {
    let Some(place) = crate::model::place() else { return };
    // The signal goes to the shell around it too, which has to go on to tell the exit code.
    let mut terminal =
        Terminal::start_in(place, "trap : INT; cmdai show the ten largest files below my home");
    terminal.shows("thinking").press("\u{3}").ends(130);
    assert!(!terminal.text().contains("Enter run"), "{}", terminal.text());
}

#[test]
fn the_model_offers_more_than_one_command() {
    let Some(place) = crate::model::place() else { return };
    let mut terminal = Terminal::start_in(place, "cmdai show disk usage of each folder here sorted by size");
    terminal.shows("candidate 1 of").press("n").shows("candidate 2 of").press("\t").press("\u{1b}[Z");
    terminal.shows("candidate 2 of").press("q").ends(0);
}

#[test]
fn a_signal_restores_the_terminal() {
    let mut terminal = Terminal::start("sh -c 'echo pid=$$ end; exec cmdai \"ls -la\"'");
    terminal.shows("q quit");
    let text = terminal.text();
    let pid = text.split_once("pid=").unwrap().1.split_once(" end").unwrap().0;
    std::process::Command::new("kill").args(["-TERM", pid]).status().unwrap();
    terminal.ends(130);
}

#[test]
fn keys_typed_before_the_question_do_not_answer_it() {
    let mut terminal = Terminal::start("echo wait; sleep 1; cmdai 'echo -n ran'");
    terminal.shows("wait").press("\r\r").shows("q quit");
    // Time for a key that was kept to do its work.
    std::thread::sleep(Duration::from_millis(200));
    let text = terminal.text();
    assert!(!text.contains("\nran"), "{text}");
    terminal.press("q").ends(0);
}

#[test]
fn a_dumb_terminal_gets_the_bare_command() {
    Terminal::start("TERM=dumb cmdai 'ls -la'").shows("ls -la\n").ends(0);
}

#[test]
fn a_person_lets_a_line_through_once() {
    let check = "cmdai check -q --profile agent 'git reset --hard' > /dev/null";
    let script = format!(
        "cmdai policy allow-once 'git reset --hard'; echo said=$?; {check}; echo first=$?; {check}; echo second=$?"
    );
    let mut terminal = Terminal::start(&script);
    terminal.shows("git-discard-work").shows("verdict: deny (for coding agents; for you: ask)");
    terminal.shows("Type yes to confirm").press("y\r");
    terminal.shows("said=0").shows("first=0").shows("second=11").ends(0);
}

#[test]
fn a_line_that_was_not_confirmed_is_not_let_through() {
    let mut terminal = Terminal::start("cmdai policy allow-once 'rm -rf /'");
    // For what is critical a yes is not enough.
    terminal.shows("verdict: deny (for coding agents and for you)");
    terminal.shows("Type critical to confirm").press("yes\r").shows("it was not confirmed").ends(130);
}
