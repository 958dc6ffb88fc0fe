//! Asking a real shell what it makes of a line.
//!
//! One process of the shell is given all lines and runs each in a subshell of its own, in an empty folder
//! and with an empty `PATH`. The only command that the lines call beside builtins is a function `args`,
//! which writes the number of its arguments and the arguments, each with a NUL after it, to descriptor 3.
//! Only lines of our own generators come here; where the machine allows it, the shell runs without a
//! network and as another user all the same.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the shell did with one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The arguments of each call of `args`, in order.
    pub(crate) calls: Vec<Vec<String>>,
    /// What the shell complained of.
    pub(crate) complaint: String,
}

/// A shell that can be asked.
pub(crate) struct Shell {
    /// The program.
    pub(crate) name: &'static str,
    /// Options with which it reads no startup files; the driver's path follows.
    pub(crate) options: &'static [&'static str],
    /// The script that runs every line, written in the shell's own language.
    pub(crate) driver: &'static str,
}

const POSIX_DRIVER: &str = include_str!("driver.sh");

const FISH_DRIVER: &str = include_str!("driver.fish");

/// GNU bash.
pub(crate) const BASH: Shell =
    Shell { name: "bash", options: &["--norc", "--noprofile"], driver: POSIX_DRIVER };
/// zsh without any startup file.
pub(crate) const ZSH: Shell = Shell { name: "zsh", options: &["-f"], driver: POSIX_DRIVER };
/// fish without configuration.
pub(crate) const FISH: Shell = Shell { name: "fish", options: &["--no-config"], driver: FISH_DRIVER };

/// What the shell makes of each line; `None` where the machine has no such shell.
///
/// Every line runs with `home` as its `HOME` and an empty folder as its working directory, whose path is
/// given to `lines` and returned.
pub(crate) fn ask(shell: &Shell, home: &str, lines: &[String]) -> Option<(String, Vec<Answer>)> {
    let path = find(shell.name)?;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder can be made");
    let driver = folder.path().join("driver");
    fs::write(&driver, shell.driver).expect("the driver can be written");
    let text = folder.path().join("lines");
    fs::write(&text, lines.iter().map(|line| format!("{line}\0")).collect::<String>())
        .expect("it can be written");
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    open_to_all(folder.path());

    // The redirections are made by a shell whose words are ours alone.
    let script = r#"exec 3>"$1" 2>"$2" <"$3" >/dev/null; cd "$4"; shift 4; exec "$@""#;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script, "sh"]).args([&out, &err, &text, &empty]);
    command.args(apart()).args(["env", "-i", "PATH=/nonexistent", "LC_ALL=C.UTF-8"]);
    command.arg(format!("HOME={home}")).arg(path).args(shell.options).arg(&driver);
    let mut child = command.stdin(Stdio::null()).spawn().expect("sh can be started");
    wait(&mut child);
    let written = read(&out);
    let mut answers = parse(&written, lines.len());
    for part in read(&err).split('\u{1}').skip(1) {
        let (number, complaint) = part.split_once('\n').unwrap_or((part, ""));
        if let Some(answer) = number.parse().ok().and_then(|number: usize| answers.get_mut(number)) {
            answer.complaint = complaint.trim_end().to_owned();
        }
    }
    Some((empty.to_string_lossy().into_owned(), answers))
}

/// The calls that the driver wrote down, line by line.
fn parse(written: &str, lines: usize) -> Vec<Answer> {
    let mut answers = vec![Answer::default(); lines];
    let mut reached = None;
    let mut tokens = written.split('\0');
    while let Some(token) = tokens.next() {
        if token == "L" {
            reached = tokens.next().and_then(|number| number.parse::<usize>().ok());
        } else if let (Some(count), Some(number)) = (token.strip_prefix('#'), reached) {
            let count = count.parse().unwrap_or(0);
            answers[number].calls.push(tokens.by_ref().take(count).map(str::to_owned).collect());
        }
    }
    assert_eq!(reached, lines.checked_sub(1), "the shell did not get to the last line");
    answers
}

fn find(name: &str) -> Option<String> {
    let folders = std::env::var("PATH").unwrap_or_default();
    let found =
        folders.split(':').map(|folder| format!("{folder}/{name}")).find(|path| Path::new(path).is_file());
    if found.is_none() {
        eprintln!("skipped: there is no {name} here");
    }
    found
}

/// Words that take what follows away from the network and the processes, where the machine allows that.
fn apart() -> &'static [&'static str] {
    const ROOT: &[&str] = &[
        "unshare",
        "--net",
        "--mount",
        "--pid",
        "--fork",
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    const USER: &[&str] = &["unshare", "--user", "--net", "--pid", "--fork"];
    let works = |words: &&&[&str]| {
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg("true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    [ROOT, USER].iter().find(works).copied().unwrap_or(&["env"])
}

fn wait(child: &mut std::process::Child) {
    let start = std::time::Instant::now();
    while child.try_wait().expect("a child can be waited for").is_none() {
        if start.elapsed().as_secs() > 600 {
            child.kill().expect("a child can be ended");
            panic!("the shell did not end");
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn read(path: &Path) -> String {
    let mut bytes = Vec::new();
    fs::File::open(path).expect("the shell wrote it").read_to_end(&mut bytes).expect("it can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(unix)]
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("permissions can be set");
}

#[cfg(not(unix))]
fn open_to_all(_: &Path) {}
