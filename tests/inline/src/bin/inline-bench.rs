//! What a person feels in zsh, measured through the terminal: `cargo xtask bench inline`.
//!
//! A key is pressed and the screen is watched: how long until the character stands there, and until a
//! ghost stands behind it. Plain zsh, zsh-autosuggestions where it is given, our plugin with a daemon
//! that answers at once, and with the real one are typed the same lines, in turns.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use cmdai_inline::daemon::Script;
use cmdai_inline::terminal::{Terminal, ghost};
use cmdai_inline::zsh::{Place, at_prompt, elsewhere, installed};

/// How long a ghost may take before it counts as missing.
const GHOST_LIMIT: Duration = Duration::from_millis(400);
/// How often each line is typed; the first time is not counted.
const ROUNDS: usize = 3;
/// How long the model may take.
const MODEL_LIMIT: Duration = Duration::from_millis(1500);

/// Lines that are in the history, and typed again.
const LINES: &[&str] = &[
    "git status --short --branch",
    "docker compose logs --follow web",
    "kubectl get pods --all-namespaces",
    "cargo test --workspace --all-targets",
    "rsync -av --delete build/ backup/build/",
    "find . -name '*.rs' -newer Cargo.lock",
    "ssh -p 2222 deploy@staging.example.com",
    "python3 -m http.server 8000 --bind 127.0.0.1",
];

/// Beginnings that neither this history nor the specs go on from, and that the shipped model does: where it has nothing to
/// say there is no time to take.
const BEGINNINGS: &[&str] = &[
    "sudo -u postgres ",
    "cargo nextest ",
    "docker ps -q | xargs ",
    "psql -h localhost -U postgres ",
    "jq -r '.results[] | [.id, ",
    "ssh deploy@web1 'journalctl ",
    "sqlite3 app.db 'select ",
    "psql -c 'select * ",
    "awk 'NR>1 {sum ",
    "curl -fsSL -H 'Authorization: ",
    "openssl x509 -in cert.pem ",
    "openssl req -new -newkey ",
    "python3 -c 'import ",
    "git push -u origin ",
    "ffmpeg -i talk.mov -c:v ",
    "if [ -f .env ]; then ",
    "aws s3 cp backup.tar.gz ",
    "wc -l *.csv | ",
];

struct Row {
    name: String,
    unit: &'static str,
    values: Vec<f64>,
}

fn main() {
    if !installed() {
        std::process::exit(1);
    }
    let mut args = std::env::args().skip(1);
    let (mut binary, mut suggest) = (None, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--cmdai" => binary = args.next().map(PathBuf::from),
            "--suggest" => suggest = args.next(),
            other => panic!("{other} is not an option; it takes --cmdai PATH and --suggest PATH"),
        }
    }
    let mut rows = typing(binary.as_deref(), suggest.as_deref());
    rows.extend(starts(binary.as_deref(), suggest.as_deref()));
    if let Some(binary) = &binary {
        rows.extend(daemon_alone(binary));
    }
    println!("| what | p50 | p95 | n |\n| --- | ---: | ---: | ---: |");
    for mut row in rows {
        row.values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let at = (row.values.len() as f64 * share) as usize;
            row.values.get(at.min(row.values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
        };
        println!(
            "| {} | {:.2} {unit} | {:.2} {unit} | {} |",
            row.name,
            at(0.5),
            at(0.95),
            row.values.len(),
            unit = row.unit
        );
    }
}

/// A home whose history holds the lines, among many others.
fn place() -> Place {
    let place = Place::new();
    let mut history = String::new();
    for at in 0..8000 {
        history += &format!(": {}:0;echo entry {at} of a long history\n", 1_700_000_000 + at * 60);
        if at % 40 == 0 {
            history +=
                &format!(": {}:0;{}\n", 1_700_000_030 + at * 60, LINES[(at / 40) as usize % LINES.len()]);
        }
    }
    std::fs::write(place.dir().join("history"), history).expect("a history");
    let more = "HISTSIZE=20000 SAVEHIST=20000; setopt extended_history; fc -R; ZSH_AUTOSUGGEST_HIGHLIGHT_STYLE='fg=244'";
    place.before(more)
}

fn typing(binary: Option<&Path>, suggest: Option<&str>) -> Vec<Row> {
    let mut rows = Vec::new();
    let plain = place();
    let mut shell = plain.zsh_with("");
    let (echo, _, spent) = type_all(&mut shell, false);
    rows.push(processor("plain", spent));
    let base = median(&echo);
    rows.push(Row { name: "key to its echo, plain zsh".to_owned(), unit: "ms", values: echo });
    if let Some(path) = suggest {
        let place = place();
        let mut shell = place.zsh_with(&format!("source {path}"));
        let (echo, ghost, spent) = type_all(&mut shell, true);
        rows.push(Row { name: "key to its echo, zsh-autosuggestions".to_owned(), unit: "ms", values: echo });
        rows.push(Row { name: "key to ghost, zsh-autosuggestions".to_owned(), unit: "ms", values: ghost });
        rows.push(processor("zsh-autosuggestions (without its forks)", spent));
    }
    let scripted = place();
    let script = Script { lines: LINES.iter().map(|line| (*line).to_owned()).collect(), ..Script::default() };
    let _daemon = scripted.daemon(script);
    let mut shell = scripted.zsh();
    let (echo, ghost, _) = type_all(&mut shell, true);
    let added = echo.iter().map(|value| value - base).collect();
    rows.push(Row {
        name: "key to its echo, cmdai, a daemon that answers at once".to_owned(),
        unit: "ms",
        values: echo,
    });
    rows.push(Row { name: "of that, added to plain zsh".to_owned(), unit: "ms", values: added });
    rows.push(Row {
        name: "key to ghost, cmdai, a daemon that answers at once".to_owned(),
        unit: "ms",
        values: ghost,
    });
    drop(shell);
    let Some(binary) = binary else { return rows };
    let real = place().with("CMDAI_BIN", &binary.display().to_string());
    let daemon = RealDaemon::start_with(binary, &real, &[]);
    let mut shell = real.zsh();
    let (echo, ghost, spent) = type_all(&mut shell, true);
    let added = echo.iter().map(|value| value - base).collect();
    rows.push(processor("cmdai", spent));
    rows.push(Row { name: "key to its echo, cmdai".to_owned(), unit: "ms", values: echo });
    rows.push(Row { name: "of that, added to plain zsh".to_owned(), unit: "ms", values: added });
    rows.push(Row { name: "key to ghost of tier 1, cmdai".to_owned(), unit: "ms", values: ghost });
    rows.push(Row {
        name: "memory of the daemon, a model installed".to_owned(),
        unit: "MB",
        values: vec![daemon.memory("VmRSS:")],
    });
    let model = model_ghosts(&mut shell, &daemon);
    // A few changes of what is shown may be the fast tier's own second thought.
    if model.len() < 10 {
        eprintln!("hardly a ghost came from the model: those rows are missing");
    } else {
        rows.push(Row {
            name: "last key to ghost of the model, cmdai".to_owned(),
            unit: "ms",
            values: model,
        });
        rows.push(Row {
            name: "memory of the daemon with the model".to_owned(),
            unit: "MB",
            values: vec![daemon.memory("VmRSS:")],
        });
    }
    rows.push(Row {
        name: "processor time of the idle daemon".to_owned(),
        unit: "%",
        values: vec![daemon.idle()],
    });
    drop(shell);
    rows
}

/// Processor time that a process used, in ms: unlike times on the wall, what else runs hardly adds to it.
fn used(pid: Option<u32>) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{}/schedstat", pid.unwrap_or(0))).unwrap_or_default();
    text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e6
}

fn processor(name: &str, value: f64) -> Row {
    Row { name: format!("processor time of zsh for a key, {name}"), unit: "ms", values: vec![value] }
}

/// Types every line, key by key: times to the echo and to a ghost, and the shell's processor time for a key, in ms.
fn type_all(shell: &mut Terminal, with_ghost: bool) -> (Vec<f64>, Vec<f64>, f64) {
    let (mut echoes, mut ghosts) = (Vec::new(), Vec::new());
    let (mut before, mut keys) = (0.0, 0);
    shell
        .press("true\r")
        .until("the next prompt", |screen| at_prompt(screen) && screen.contents().contains("% true"));
    let mut missed = 0;
    for round in 0..ROUNDS {
        if round == 1 {
            before = used(shell.pid());
        }
        for line in LINES {
            let mut typed = String::from("%");
            for (at, key) in line.char_indices() {
                if at == 0 {
                    typed.push(' ');
                }
                typed.push(key);
                let pressed = Instant::now();
                shell.press(key.encode_utf8(&mut [0; 4]));
                let echoed = typed.trim_end().to_owned();
                let width = u16::try_from(typed.len()).unwrap_or(0);
                shell.until("the key", |screen| {
                    screen.cursor_position().1 == width && ghost(screen).0 == echoed
                });
                let echo = pressed.elapsed();
                // The first round fills caches of the machine, not ours.
                if round > 0 {
                    echoes.push(echo.as_secs_f64() * 1e3);
                    keys += 1;
                }
                if with_ghost && at + 1 < line.len() {
                    let seen = shell.within(GHOST_LIMIT, |screen| !ghost(screen).1.is_empty());
                    match seen {
                        Some(_) if round > 0 => ghosts.push(pressed.elapsed().as_secs_f64() * 1e3),
                        None => missed += 1,
                        Some(_) => {}
                    }
                }
            }
            empty(shell);
        }
    }
    if missed > 0 {
        eprintln!("{missed} keys without a ghost");
    }
    (echoes, ghosts, (used(shell.pid()) - before) / f64::from(keys))
}

/// Empties the line. A late answer may leave something of a suggester behind it, so by Ctrl-C in the end.
fn empty(shell: &mut Terminal) {
    for keys in ["\x15", "\x15", "x\x15", "\x03", "\x03", "\x03"] {
        if shell.press(keys).within(Duration::from_millis(300), at_prompt).is_some() {
            return;
        }
    }
    panic!("the line is never empty:\n{}", shell.text());
}

/// Types beginnings and watches for a ghost that the fast tier did not give.
fn model_ghosts(shell: &mut Terminal, daemon: &RealDaemon) -> Vec<f64> {
    let mut times = Vec::new();
    for round in 0..3 {
        for line in BEGINNINGS {
            // All keys at once: where the last comes later, the model has often said before what follows it.
            let pressed = Instant::now();
            shell.press(line);
            let mut shown: Option<(f64, String)> = None;
            while let Some(left) = MODEL_LIMIT.checked_sub(pressed.elapsed()) {
                let before = shown.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
                let changed = |screen: &vt100::Screen| {
                    let (typed, ghost) = ghost(screen);
                    typed == format!("% {line}").trim_end() && !ghost.is_empty() && ghost != before
                };
                if shell.within(left, changed).is_none() {
                    break;
                }
                shown = Some((pressed.elapsed().as_secs_f64() * 1e3, shell.look(ghost).1));
            }
            if let Some((time, text)) = shown
                && round > 0
                && daemon.fast(line).trim() != text.trim()
            {
                times.push(time);
            }
            empty(shell);
        }
    }
    times
}

/// From the start of zsh to its first prompt, and to the echo of a key typed ahead.
fn starts(binary: Option<&Path>, suggest: Option<&str>) -> Vec<Row> {
    let plugin = format!("source {}", cmdai_inline::zsh::PLUGIN);
    let mut kinds = vec![("plain zsh", String::new()), ("cmdai", plugin)];
    if let Some(binary) = binary {
        // The same with the process that prints the plugin, as for every tool that is set up by one.
        kinds.push(("cmdai by its init", format!("eval \"$('{}' init zsh)\"", binary.display())));
    }
    if let Some(path) = suggest {
        kinds.push(("zsh-autosuggestions", format!("source {path}")));
    }
    let mut prompts = vec![Vec::new(); kinds.len()];
    let mut spent = vec![Vec::new(); kinds.len()];
    // A person's cache stays from start to start: the first writes it and has it compiled.
    let cache = Place::new();
    for round in 0..21 {
        for (at, (_, load)) in kinds.iter().enumerate() {
            let mut place = Place::new().with("XDG_CACHE_HOME", &cache.dir().to_string_lossy());
            if let Some(binary) = binary {
                place = place.with("CMDAI_BIN", &binary.to_string_lossy());
            }
            let _daemon = place.daemon(Script::default());
            let started = Instant::now();
            let mut shell = place.zsh_with(load);
            shell.press("x").until("the first key", |screen| ghost(screen).0 == "% x");
            if round == 0 {
                std::thread::sleep(Duration::from_millis(500));
            } else {
                prompts[at].push(started.elapsed().as_secs_f64() * 1e3);
                spent[at].push(used(shell.pid()));
            }
        }
    }
    let (base, spent_base) = (median(&prompts[0]), median(&spent[0]));
    let mut rows = Vec::new();
    for (((name, _), values), spent) in kinds.iter().zip(prompts).zip(&spent) {
        let added = median(&values) - base;
        rows.push(Row {
            name: format!("start of zsh to the echo of the first key, {name}"),
            unit: "ms",
            values,
        });
        if *name != "plain zsh" {
            rows.push(Row {
                name: format!("of that, added by {name} (medians)"),
                unit: "ms",
                values: vec![added],
            });
            let name = format!("processor time of zsh in that, added by {name} (medians)");
            rows.push(Row { name, unit: "ms", values: vec![median(spent) - spent_base] });
        }
    }
    rows
}

fn daemon_alone(binary: &Path) -> Vec<Row> {
    let place = place().with("CMDAI_MODEL", "/nonexistent/model");
    let daemon = RealDaemon::start_with(binary, &place, &[("CMDAI_MODEL", "/nonexistent/model")]);
    // At once, as the shell that started it asks.
    for line in LINES.iter().cycle().take(24) {
        for end in 1..=line.len() {
            daemon.fast(&line[..end]);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let peak = daemon.memory("VmHWM:");
    let idle = daemon.idle();
    let memory = daemon.memory("VmRSS:");
    vec![
        Row { name: "memory of the daemon without a model, most".to_owned(), unit: "MB", values: vec![peak] },
        Row { name: "the same, idle".to_owned(), unit: "MB", values: vec![memory] },
        Row { name: "processor time of it, idle".to_owned(), unit: "%", values: vec![idle] },
    ]
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The real daemon in a home of its own, with the history imported.
struct RealDaemon {
    binary: PathBuf,
    env: Vec<(String, String)>,
    pid: u32,
}

impl RealDaemon {
    fn start_with(binary: &Path, place: &Place, more: &[(&str, &str)]) -> Self {
        let home = place.dir().display().to_string();
        let mut env = vec![
            ("HOME".to_owned(), home.clone()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("HISTFILE".to_owned(), format!("{home}/history")),
            ("CMDAI_SOCKET".to_owned(), place.socket().display().to_string()),
        ];
        env.extend(elsewhere().map(|(name, value)| (name.to_owned(), value)));
        env.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut daemon = Self { binary: binary.to_owned(), env, pid: 0 };
        eprint!("{}", daemon.run(&["history", "import", "zsh", "--file", &format!("{home}/history")]));
        eprint!("{}", daemon.run(&["daemon", "start"]));
        let status = daemon.run(&["daemon", "status", "--json"]);
        let pid = status.split("\"pid\":").nth(1).unwrap_or_default();
        let digits: String = pid.chars().skip_while(|c| *c == ' ').take_while(char::is_ascii_digit).collect();
        daemon.pid = digits.parse().unwrap_or_else(|_| panic!("no process number in {status}"));
        daemon
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new(&self.binary);
        command.args(args).env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = command.stdin(std::process::Stdio::null()).output().expect("cmdai");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// The suffix that the fast tier gives for a line.
    fn fast(&self, line: &str) -> String {
        use std::io::{BufRead, BufReader, Write};
        let path = self.env.iter().find(|(name, _)| name == "CMDAI_SOCKET").map(|(_, path)| path.clone());
        let Ok(mut socket) = std::os::unix::net::UnixStream::connect(path.unwrap_or_default()) else {
            return String::new();
        };
        let home = &self.env[0].1;
        let _ = writeln!(socket, "H\t1\t1\tbench/0\tzsh\t1\tbench\nS\t2\t{line}\t{home}\t{}\t0", line.len());
        for answer in BufReader::new(socket).lines().map_while(Result::ok) {
            let fields: Vec<&str> = answer.split('\t').collect();
            if fields.first() == Some(&"s") && fields.get(6) == Some(&"fast") {
                return fields[5].to_owned();
            }
        }
        String::new()
    }

    /// Resident memory in MB, now (`VmRSS:`) or at most (`VmHWM:`).
    fn memory(&self, which: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(which)).unwrap_or_default();
        let kilobytes = line.split_whitespace().nth(1).and_then(|word| word.parse::<f64>().ok());
        kilobytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
    }

    /// Processor time over five idle seconds, in percent of one core.
    fn idle(&self) -> f64 {
        let ticks = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
            let fields: Vec<f64> = stat
                .rsplit(')')
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .map(|f| f.parse().unwrap_or(0.0))
                .collect();
            fields.get(11).copied().unwrap_or(0.0) + fields.get(12).copied().unwrap_or(0.0)
        };
        std::thread::sleep(Duration::from_secs(2));
        let before = ticks();
        std::thread::sleep(Duration::from_secs(5));
        // A tick is a hundredth of a second on Linux.
        (ticks() - before) / 100.0 / 5.0 * 100.0
    }
}

impl Drop for RealDaemon {
    fn drop(&mut self) {
        self.run(&["daemon", "stop"]);
    }
}
