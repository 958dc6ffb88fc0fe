//! A daemon from a script: it speaks the protocol, remembers what it heard, and misbehaves on demand.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::terminal::PATIENCE;

/// What a request is answered with: the request's fields, unescaped, without operation and id; the answers, each with its operation.
pub type Answer = Vec<(&'static str, Vec<String>)>;

/// How the daemon behaves.
#[derive(Clone, Debug)]
pub struct Script {
    /// Lines that `S` and `A` complete, best first.
    pub lines: Vec<String>,
    /// Beginnings of a line and the line the model answers instead, after the fast answer.
    pub model: Vec<(String, String)>,
    /// How long an `S` and an `N` wait for their answer.
    pub delay: Duration,
    /// What goes wrong.
    pub fault: Fault,
    /// The command for every request in words; `None` for no answer at all.
    pub command: Option<String>,
    /// What was offered stays while it fits, as the real daemon has it: of a connection, until its line is taken back.
    pub keeps: bool,
}

impl Default for Script {
    fn default() -> Self {
        let lines = [
            "git status --short --branch",
            "git stash list",
            "git push --force origin main",
            "echo one two three",
            "echo wide 世界 🎉 end",
            "for f in a b; do\n  echo $f\ndone",
            "true [a-z]* $(x) `y` \\t %s \"q\" 'r'",
        ];
        Self {
            lines: lines.map(str::to_owned).to_vec(),
            model: Vec::new(),
            delay: Duration::ZERO,
            fault: Fault::None,
            command: Some("echo generated".to_owned()),
            keeps: false,
        }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Connections are taken and never answered.
    Hung,
    /// Every answer comes a byte at a time.
    Slow,
    /// The hello is answered with another version, and the connection ends.
    Version,
    /// The connection ends at the first suggestion that is asked for.
    Dies,
    /// No line was judged in time.
    Late,
    /// Answers carry escape sequences, wrong numbers, lines that are no lines.
    Garbage,
}

#[derive(Default)]
struct Heard {
    lines: Mutex<Vec<String>>,
    changed: Condvar,
}

/// A daemon that listens until it is dropped.
pub struct Daemon {
    path: PathBuf,
    heard: Arc<Heard>,
    open: Arc<Mutex<Option<Vec<UnixStream>>>>,
}

impl Daemon {
    /// Listens at a path; its directory is made 0700.
    ///
    /// # Panics
    /// The socket cannot be made.
    #[must_use]
    pub fn start(path: &Path, script: Script) -> Self {
        let dir = path.parent().expect("a directory");
        let _ = std::fs::DirBuilder::new().mode(0o700).recursive(true).create(dir);
        let _ = std::fs::remove_file(path);
        let listener = UnixListener::bind(path).expect("a socket");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("a socket of ours");
        let heard = Arc::new(Heard::default());
        let open = Arc::new(Mutex::new(Some(Vec::new())));
        let daemon = Self { path: path.to_owned(), heard: Arc::clone(&heard), open: Arc::clone(&open) };
        let script = Arc::new(script);
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let mut all = open.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(all) = all.as_mut() else { break };
                all.extend(connection.try_clone());
                let (script, heard) = (Arc::clone(&script), Arc::clone(&heard));
                std::thread::spawn(move || serve(connection, &script, &heard));
            }
        });
        daemon
    }

    /// What was heard so far, a line each.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.heard.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line that fits, and returns it.
    ///
    /// # Panics
    /// None came within [`PATIENCE`].
    #[track_caller]
    pub fn hears(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        let mut lines = self.heard.lines.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(line) = lines.iter().find(|line| fits(line)) {
                return line.clone();
            }
            assert!(started.elapsed() < PATIENCE, "never heard {what:?}, but\n{}", lines.join("\n"));
            let wait = self.heard.changed.wait_timeout(lines, Duration::from_millis(100));
            lines = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends at once, as by `SIGKILL`: connections break, the socket stays and nobody listens.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        for connection in open.into_iter().flatten() {
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
        // Wakes the listener, which then ends.
        let _ = UnixStream::connect(&self.path);
    }
}

fn serve(connection: UnixStream, script: &Script, heard: &Heard) {
    let Ok(mut out) = connection.try_clone() else { return };
    let mut kept = String::new();
    for line in BufReader::new(connection).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        heard.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
        heard.changed.notify_all();
        let fields: Vec<String> = line.split('\t').map(unescape).collect();
        let [op, id, fields @ ..] = fields.as_slice() else { continue };
        match script.fault {
            Fault::Hung => continue,
            Fault::Version if op == "H" => {
                let _ = writeln!(out, "e\t{id}\tversion\tprotocol 9 is spoken here");
                return drop(out.shutdown(std::net::Shutdown::Both));
            }
            Fault::Dies if op == "S" => return drop(out.shutdown(std::net::Shutdown::Both)),
            Fault::Late if op == "C" => {
                let _ = writeln!(out, "c\t{id}\task\tunknown\tthere was no time\tlate");
                continue;
            }
            Fault::Garbage => {
                let _ = out.write_all(b"\x1b[31m\ns\t\xff\xfe\t\ns\tx[$(touch garbage)]\tallow\n\t\t\t\n");
            }
            _ => {}
        }
        if op == "S" || op == "N" {
            std::thread::sleep(script.delay);
        }
        if op == "X" {
            kept.clear();
        }
        for (answer, mut fields) in answers(op, fields, script) {
            if answer == "s" && script.keeps {
                keep(&mut kept, &line, &mut fields);
            }
            let mut text = format!("{answer}\t{id}");
            for field in fields {
                text.push('\t');
                text.push_str(&escape(&field));
            }
            text.push('\n');
            let sent = if script.fault == Fault::Slow {
                slowly(&mut out, &text)
            } else {
                out.write_all(text.as_bytes())
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

/// Puts the rest of what is kept into a suggestion that says nothing, and keeps what one says.
fn keep(kept: &mut String, question: &str, fields: &mut [String]) {
    let buffer = question.split('\t').nth(2).map(unescape).unwrap_or_default();
    let Some(suffix) = fields.get_mut(3) else { return };
    if suffix.is_empty() {
        suffix.push_str(kept.strip_prefix(&buffer).unwrap_or_default());
    }
    *kept = if suffix.is_empty() { String::new() } else { format!("{buffer}{suffix}") };
}

fn slowly(out: &mut UnixStream, text: &str) -> std::io::Result<()> {
    for byte in text.bytes() {
        out.write_all(&[byte])?;
        std::thread::sleep(Duration::from_micros(500));
    }
    Ok(())
}

/// Verdict, risk and reason of a line. The words mean nothing outside of this script.
fn judge(line: &str) -> [&'static str; 3] {
    if line.contains("DENY") {
        ["deny", "critical", "it would be the end"]
    } else if line.contains("ASK") || line.contains("--force") {
        ["ask", "high", "it overwrites what others have"]
    } else if line.contains("stash") {
        ["allow", "moderate", ""]
    } else {
        ["allow", "safe", ""]
    }
}

fn answers(op: &str, fields: &[String], script: &Script) -> Answer {
    let field = |at: usize| fields.get(at).map_or("", String::as_str);
    let buffer = field(0);
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    match op {
        "H" => vec![("h", owned(&["1", "0.1.0", "model"]))],
        "S" => {
            let [verdict, risk, _] = judge(buffer);
            let suggest = |suffix: &str, stage: &str| {
                let whole = judge(&format!("{buffer}{suffix}"))[1];
                ("s", owned(&[verdict, risk, whole, suffix, stage, "history"]))
            };
            let suffix =
                |line: &String| line.strip_prefix(buffer).filter(|s| !s.is_empty()).map(str::to_owned);
            let fast = script.lines.iter().find_map(suffix).unwrap_or_default();
            let mut all = vec![suggest(&fast, "fast")];
            if let Some((_, line)) = script.model.iter().find(|(begin, _)| begin == buffer) {
                all.extend(line.strip_prefix(buffer).map(|suffix| suggest(suffix, "model")));
            }
            all
        }
        "A" => {
            let mut all = Vec::new();
            for suffix in script.lines.iter().filter_map(|line| line.strip_prefix(buffer)) {
                if !suffix.is_empty() {
                    all.extend(owned(&[judge(&format!("{buffer}{suffix}"))[1], suffix, "history"]));
                }
            }
            vec![("a", all)]
        }
        "C" => {
            let [verdict, risk, reason] = judge(buffer);
            vec![("c", owned(&[verdict, risk, reason, "some-rule"]))]
        }
        "W" => vec![("w", owned(&["Prints its words.", "echo: prints its words"]))],
        "N" => match &script.command {
            Some(command) => vec![
                ("n", owned(&["echo draft", "safe", "allow", "", "draft"])),
                ("n", owned(&[command, judge(command)[1], judge(command)[0], "Prints a word.", "final"])),
            ],
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, (c == '\\').then(|| chars.next()).flatten()) {
            (_, Some('n')) => out.push('\n'),
            (_, Some('t')) => out.push('\t'),
            (_, Some('r')) => out.push('\r'),
            (_, Some(other)) => out.push(other),
            (c, None) => out.push(c),
        }
    }
    out
}
