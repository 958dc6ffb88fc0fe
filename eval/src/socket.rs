//! How long a person waits for a ghost: the real daemon over its socket, asked as the zsh plugin asks.
//!
//! People's lines are typed into a daemon with a home of its own in which their directories exist. Each line
//! has a connection of its own that says what was run before; then come the keys, a tenth of a second apart,
//! and where memory shows nothing the person waits a little for the model.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::measure::Measures;
use crate::people::Person;

/// From the prompt to the first key.
const PROMPT: Duration = Duration::from_millis(400);
/// Between two keys.
const KEY: Duration = Duration::from_millis(100);
/// What was not shown by then is not waited for.
const PAUSE: Duration = Duration::from_millis(400);
/// Lines of a person that are past before the first is typed.
const WARM: usize = 40;

/// Times from a key to what is shown, in microseconds.
#[derive(Default)]
struct Times {
    memory: Measures,
    model: Measures,
    pauses: usize,
}

/// Types a sample of each person's lines. `ahead` is false for a client that does not say where it is before
/// the first key, as it was before the model could read ahead.
pub(crate) fn run(
    people: &[Person],
    cmdai: &Path,
    model: Option<&Path>,
    sample: usize,
    ahead: bool,
) -> Result<()> {
    let mut times = Times::default();
    for person in people {
        let daemon = Daemon::start(cmdai, model, person)?;
        type_lines(&daemon, person, sample, ahead, &mut times)?;
    }
    println!("| last key to … | p50 | p95 | n |\n| --- | ---: | ---: | ---: |");
    let Times { memory, model, pauses } = &mut times;
    for (name, times) in [("a ghost from memory, or none", memory), ("a ghost of the model", model)] {
        let count = times.micros.len();
        println!("| {name} | {:.1} ms | {:.1} ms | {count} |", times.time_ms(0.5), times.time_ms(0.95));
    }
    println!("\n{pauses} keys behind which memory had nothing.");
    Ok(())
}

fn type_lines(daemon: &Daemon, person: &Person, sample: usize, ahead: bool, times: &mut Times) -> Result<()> {
    let step = person.runs.len().saturating_sub(WARM).div_ceil(sample.max(1)).max(1);
    let mut waiting = String::new();
    let mut is_warm = false;
    for (number, run) in person.runs.iter().enumerate() {
        let cwd = daemon.home_of(run.cwd.as_deref().unwrap_or_default(), person);
        let session = run.session.as_deref().unwrap_or_default();
        if number >= WARM && (number - WARM).is_multiple_of(step) && run.command.is_ascii() {
            let mut client = Client::connect(&daemon.socket)?;
            let here = if ahead { cwd.as_str() } else { "" };
            client.send(&format!("H\t1\t1\tbench/0\t{}\t1\t{session}\t{here}\n", run.dialect.name()))?;
            client.send(&std::mem::take(&mut waiting))?;
            client.until(Instant::now() + PROMPT, |_| false)?;
            for at in 1..=run.command.len() {
                let typed = run.command.get(..at).unwrap_or_default();
                let pressed = Instant::now();
                let id = client.ask(typed, &cwd)?;
                let (mut first, mut second) = (None, None);
                client.until(pressed + PAUSE, |fields| {
                    if fields.first() != Some(&"s") || fields.get(1) != Some(&id.as_str()) {
                        return false;
                    }
                    let is_empty = fields.get(5).is_none_or(|suffix| suffix.is_empty());
                    match fields.get(6) {
                        Some(&"fast") => first = Some((pressed.elapsed(), is_empty)),
                        _ => second = Some(pressed.elapsed()),
                    }
                    // Where memory has something, nothing else is to come.
                    second.is_some() || !is_empty
                })?;
                if let Some((time, is_empty)) = first.filter(|_| is_warm) {
                    times.memory.micros.push(micros(time));
                    times.pauses += usize::from(is_empty);
                }
                // At the first question of all the model is still being opened.
                if let Some(time) = second.filter(|_| is_warm) {
                    times.model.micros.push(micros(time));
                }
                is_warm |= first.is_some_and(|(_, is_empty)| is_empty);
                std::thread::sleep((pressed + KEY).saturating_duration_since(Instant::now()));
            }
        }
        let plain = !run.command.contains(['\t', '\n', '\r', '\\']);
        if plain {
            let status = run.status.unwrap_or_default();
            let started = run.started.unwrap_or_default();
            waiting += &format!("R\t9\t{}\t{cwd}\t{status}\t1\t{started}\n", run.command);
        }
        // Of another terminal than the next line's, or many: told by themselves.
        let next = person.runs.get(number + 1).and_then(|run| run.session.as_deref());
        if next != run.session.as_deref() || waiting.len() > 20_000 {
            let mut client = Client::connect(&daemon.socket)?;
            client.send(&format!("H\t1\t1\tbench/0\t{}\t1\t{session}\n", run.dialect.name()))?;
            client.send(&std::mem::take(&mut waiting))?;
            client.send("Q\t99\tstatus\n")?;
            client.until(Instant::now() + Duration::from_secs(5), |fields| fields.first() == Some(&"q"))?;
        }
    }
    Ok(())
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

/// A connection.
struct Client {
    stream: UnixStream,
    rest: String,
    id: u64,
}

impl Client {
    fn connect(socket: &Path) -> Result<Self> {
        let stream = UnixStream::connect(socket).with_context(|| socket.display().to_string())?;
        Ok(Self { stream, rest: String::new(), id: 100 })
    }

    fn send(&mut self, lines: &str) -> Result<()> {
        Ok(self.stream.write_all(lines.as_bytes())?)
    }

    /// Asks how a line goes on, and returns the number of the question.
    fn ask(&mut self, typed: &str, cwd: &str) -> Result<String> {
        self.id += 1;
        let buffer = typed.replace('\\', "\\\\").replace('\t', "\\t");
        self.send(&format!("S\t{}\t{buffer}\t{cwd}\t{}\t0\n", self.id, typed.chars().count()))?;
        Ok(self.id.to_string())
    }

    /// Reads answers until one is what was waited for, or the time is over.
    fn until(&mut self, limit: Instant, mut is_it: impl FnMut(&[&str]) -> bool) -> Result<()> {
        loop {
            while let Some((line, rest)) = self.rest.split_once('\n') {
                let found = is_it(&line.split('\t').collect::<Vec<_>>());
                self.rest = rest.to_owned();
                if found {
                    return Ok(());
                }
            }
            let left = limit.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.stream.set_read_timeout(Some(left))?;
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) => anyhow::bail!("the daemon ended the connection"),
                Ok(count) => self.rest += &String::from_utf8_lossy(bytes.get(..count).unwrap_or_default()),
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The real daemon in a home of its own.
struct Daemon {
    cmdai: PathBuf,
    home: PathBuf,
    socket: PathBuf,
    env: Vec<(String, PathBuf)>,
}

impl Daemon {
    fn start(cmdai: &Path, model: Option<&Path>, person: &Person) -> Result<Self> {
        let home = std::env::temp_dir().join(format!("cmdai-ghosts-{}", std::process::id()));
        let socket = home.join("run").join("s");
        std::fs::create_dir_all(home.join("run"))?;
        private(&home)?;
        private(&home.join("run"))?;
        let mut env = vec![
            ("HOME".to_owned(), home.clone()),
            ("PATH".to_owned(), "/usr/bin:/bin".into()),
            ("CMDAI_SOCKET".to_owned(), socket.clone()),
        ];
        env.extend(model.map(|folder| ("CMDAI_MODEL".to_owned(), folder.to_owned())));
        env.extend(
            std::env::var_os("CMDAI_ORT_DYLIB").map(|path| ("CMDAI_ORT_DYLIB".to_owned(), path.into())),
        );
        let daemon = Self { cmdai: cmdai.to_owned(), home, socket, env };
        for (dir, entries) in person.dirs() {
            let Some(below) = dir.strip_prefix(&person.home) else { continue };
            let dir = daemon.home.join(below.trim_start_matches('/'));
            std::fs::create_dir_all(&dir)?;
            for entry in entries.iter().filter(|entry| !entry.name.contains('/') && entry.name != "..") {
                let path = dir.join(&entry.name);
                match entry.is_dir {
                    true => std::fs::create_dir_all(path)?,
                    false => drop(std::fs::File::create(path)),
                }
            }
        }
        let said = daemon.run(&["daemon", "start"])?;
        ensure!(daemon.socket.exists(), "the daemon does not start: {said}");
        Ok(daemon)
    }

    fn run(&self, args: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.cmdai);
        command.args(args).env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = command.stdin(std::process::Stdio::null()).output().context("cmdai")?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// A directory of the person in this home.
    fn home_of(&self, dir: &str, person: &Person) -> String {
        match dir.strip_prefix(&person.home) {
            Some(below) => format!("{}{below}", self.home.display()),
            None => dir.to_owned(),
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.run(&["daemon", "stop"]);
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn private(dir: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?)
}
