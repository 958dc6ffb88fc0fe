//! The daemon from outside: what it answers, who it is, and what happens when something is wrong.
//!
//! Each test has a home and a socket of its own. Whatever daemon a test started is ended with it.

use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::Place;

/// How long anything may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// A home in which a daemon may run.
struct Host {
    place: Place,
}

impl Host {
    fn new() -> Self {
        Self { place: Place::new().without_model() }
    }

    fn started() -> Self {
        let host = Self::new();
        host.place.run(&["daemon", "start"]).is(0, "started\n", "");
        host
    }

    fn socket(&self) -> PathBuf {
        self.place.home.path().join("daemon/s")
    }

    fn state(&self) -> Value {
        self.place.run(&["daemon", "status", "--json"]).json()
    }

    fn pid(&self) -> i32 {
        let pid = self.state()["pid"].as_i64().unwrap_or_else(|| panic!("no daemon: {}", self.log()));
        i32::try_from(pid).unwrap()
    }

    fn log(&self) -> String {
        let path = self.place.home.path().join(".local/state/cmdai/daemon.log");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    fn signal(&self, pid: i32, signal: &str) {
        let status = Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Kills the daemon as nobody can help it.
    fn kill(&self) {
        let pid = self.pid();
        self.signal(pid, "KILL");
        wait_until("it is dead", || !is_alive(pid));
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.place.command(&["daemon", "stop"]).output();
    }
}

fn is_alive(pid: i32) -> bool {
    // A zombie has a folder too; its parent is whoever reaps orphans here.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}

#[track_caller]
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_daemon_that_hangs_is_given_up() {
    let host = Host::started();
    let pid = host.pid();
    host.signal(pid, "STOP");
    // It still takes connections and never answers; the request is answered by the process itself.
    host.place.run(&["generate", "ls -la"]).is(0, "ls -la\n", "");
    host.place.run(&["generate", "--timeout", "2s", "ls -la"]).is(0, "ls -la\n", "");
    host.signal(pid, "CONT");
    host.place.run(&["generate", "ls -la"]).is(0, "ls -la\n", "");
}

/// A history that cannot be opened stands for a full disk: what was run waits beside the socket.
#[test]
fn what_could_not_be_written_down_outlives_the_daemon() {
    let host = Host::new();
    let home = host.place.home.path().to_owned();
    let history = home.join(".local/share/cmdai/history.db");
    std::fs::create_dir_all(&history).unwrap();
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    let mut client = Client::to(&host.socket());
    client.say("H\t1\t1\ttest/1\tzsh\t1\tsession\t/\n");
    client.say("R\t2\tmake first\t/srv\t0\t12\t1700000000\nR\t3\tmake second\t/srv\t2\t7\t1700000001\n");
    wait_until("two runs wait", || host.state()["unwritten"] == 2);
    drop(client);
    let run = host.place.run(&["daemon", "stop"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "stopped\n"));
    let note =
        "note: the history could not be written: 2 runs wait in [HOME]/daemon/s.runs for the next daemon\n";
    assert_eq!(run.stderr, note);
    assert!(host.log().contains("no history: "), "{}", host.log());
    // Who forgets a line forgets it there too.
    std::fs::remove_dir(&history).unwrap();
    host.place.run(&["history", "forget", "make first", "--yes"]).is(0, "forgot 1 run\n", "");
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    let listed = || host.place.run(&["history", "list", "--json"]).json_lines();
    wait_until("it is written down", || !listed().is_empty());
    let runs = listed();
    assert_eq!((runs.len(), &runs[0]["command"], &runs[0]["status"]), (1, &"make second".into(), &2.into()));
    wait_until("nothing waits", || !home.join("daemon/s.runs").exists());
    host.place.run(&["daemon", "stop"]).is(0, "stopped\n", "");
}

/// A client that speaks TAB lines.
struct Client {
    stream: UnixStream,
    read: Vec<u8>,
}

impl Client {
    fn to(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self { stream, read: Vec::new() }
    }

    fn say(&mut self, text: impl AsRef<[u8]>) {
        self.stream.write_all(text.as_ref()).unwrap();
    }

    /// The next line; `None` at the end of the connection.
    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line = self.read.drain(..=end).collect();
                return Some(String::from_utf8(line).unwrap().trim_end().to_owned());
            }
            let mut chunk = [0; 4096];
            match self.stream.read(&mut chunk) {
                Ok(0) => return None,
                Ok(length) => self.read.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// The next line that begins so.
    #[track_caller]
    fn wait_for(&mut self, begin: &str) -> String {
        loop {
            let line = self.line().unwrap_or_else(|| panic!("the connection ended before {begin:?}"));
            if line.starts_with(begin) {
                return line;
            }
        }
    }

    /// The answer to a check. A machine that is busy with other tests may be late; then it is asked again.
    #[track_caller]
    fn check(&mut self, line: &str, cwd: &str) -> Vec<String> {
        loop {
            self.say(format!("C\t77\t{line}\t{cwd}\n"));
            let answer: Vec<String> = self.wait_for("c\t77\t").split('\t').map(str::to_owned).collect();
            if answer.last().is_none_or(|rule| rule != "late") {
                return answer;
            }
        }
    }

    #[track_caller]
    fn is_served(&mut self) {
        assert_eq!(self.check("rm -rf /", "/")[2..4], ["deny", "critical"]);
    }
}

#[test]
fn it_starts_answers_and_stops() {
    let host = Host::new();
    host.place.run(&["daemon", "status"]).is(1, "not running\n", "");
    host.place.run(&["daemon", "stop"]).is(0, "not running\n", "");
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    host.place.run(&["daemon", "start"]).is(0, "runs already\n", "");
    let state = host.state();
    assert_eq!((&state["running"], &state["protocol"]), (&Value::from(true), &Value::from(1)));
    assert!(host.place.run(&["daemon", "status"]).stdout.contains("runs as process"));
    let meta = std::fs::symlink_metadata(host.socket()).unwrap();
    let folder = std::fs::symlink_metadata(host.socket().parent().unwrap()).unwrap();
    assert_eq!((meta.mode() & 0o777, folder.mode() & 0o777), (0o600, 0o700));
    host.place.run(&["daemon", "stop"]).is(0, "stopped\n", "");
    assert!(!host.socket().exists());
    host.place.run(&["daemon", "status"]).is(1, "not running\n", "");
    let log = host.place.run(&["daemon", "logs", "-n", "2"]).stdout;
    assert!(log.contains("serves") && log.contains("leaves: told to"), "{log}");
    let meta = std::fs::metadata(host.place.home.path().join(".local/state/cmdai/daemon.log")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o600);
}

#[test]
fn it_answers_both_forms_on_one_connection() {
    let host = Host::started();
    let mut client = Client::to(&host.socket());
    client.say("H\t1\t1\ttest/1\tzsh\t7\tterm-1\n");
    assert!(client.line().unwrap().starts_with("h\t1\t1\t"));
    client.say("{\"op\":\"what\",\"id\":2,\"buffer\":\"ls -l\",\"cwd\":\"/tmp\",\"cursor\":5}\n");
    let answer: Value = serde_json::from_str(&client.line().unwrap()).unwrap();
    assert_eq!((&answer["id"], &answer["op"]), (&Value::from(2), &Value::from("what")));
    assert_eq!(client.check("git reset --hard", "/tmp")[2..4], ["ask", "high"]);
    client.say("S\t3\tls -l\t/tmp\n");
    assert!(client.wait_for("s\t3\t").starts_with("s\t3\tallow\tsafe\t"));
    client.say("W\t4\tls -l\t/tmp\t5\n");
    assert!(client.wait_for("w\t4\t").contains("-l: "));
    client.say("N\t5\tls -la\t/tmp\n");
    assert!(client.wait_for("n\t5\t").starts_with("n\t5\tls -la\tsafe\tallow\t"));
    client.say("Z\t6\n");
    assert!(client.wait_for("e\t6\t").starts_with("e\t6\tunknown\t"));
    client.say("H\t7\t99\n");
    assert!(client.wait_for("e\t7\t").starts_with("e\t7\tversion\t"));
    assert_eq!(client.line(), None);
}

#[test]
fn a_program_speaks_over_standard_streams_and_starts_it() {
    let host = Host::new();
    let asked = "{\"op\":\"check\",\"id\":1,\"buffer\":\"rm -rf /\"}\n{\"op\":\"control\",\"id\":2,\"action\":\"status\"}\n";
    let answers = host.place.pipe(&["daemon", "connect"], asked).json_lines();
    let of = |id: u64| answers.iter().find(|answer| answer["id"] == id).unwrap();
    // A machine that is busy with other tests may be late.
    assert!(of(1)["verdict"] == "deny" || of(1)["rule"] == "late");
    assert_eq!(of(2)["result"]["pid"], host.pid());
}

#[test]
fn it_leaves_the_terminal_and_holds_nothing_of_it() {
    let host = Host::new();
    let marker = host.place.home.path().join("marker");
    std::fs::write(&marker, "").unwrap();
    let script = "exec 9<marker; exec \"$0\" daemon start";
    let mut shell = Command::new("/bin/sh");
    let cmdai = host.place.command::<&str>(&[]);
    shell.args(["-c", script]).arg(cmdai.get_program()).current_dir(host.place.home.path()).env_clear();
    shell.envs(cmdai.get_envs().filter_map(|(name, value)| Some((name, value?))));
    assert!(shell.status().unwrap().success());
    let pid = host.pid();
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let numbers: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    assert_eq!((numbers[3], numbers[4]), (pid.to_string().as_str(), "0"), "its own session, no terminal");
    for entry in std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten() {
        let target = std::fs::read_link(entry.path()).unwrap_or_default();
        assert_ne!(target, marker);
        let number: i32 = entry.file_name().to_str().unwrap().parse().unwrap();
        assert!(number > 2 || target == Path::new("/dev/null"), "{number} is {}", target.display());
    }
    assert_eq!(std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap(), Path::new("/"));
    host.signal(pid, "HUP");
    Client::to(&host.socket()).is_served();
    assert_eq!(host.pid(), pid);
}

#[test]
fn of_many_starts_at_once_one_lives() {
    let host = Host::new();
    let start = || host.place.command(&["daemon", "start"]).stdout(Stdio::null()).spawn().unwrap();
    let children: Vec<Child> = (0..6).map(|_| start()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let pid = host.pid();
    let mark = host.place.home.path().to_str().unwrap().to_owned();
    let is_ours = |pid: i32| {
        let environ = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environ).contains(&mark) && is_alive(pid)
    };
    let all = || -> Vec<i32> {
        let pids = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(|pid| is_ours(*pid)).collect()
    };
    wait_until("only one is left", || all() == [pid]);
    Client::to(&host.socket()).is_served();
}

#[test]
fn killed_it_leaves_a_socket_that_is_no_obstacle() {
    let host = Host::started();
    let mut client = Client::to(&host.socket());
    client.say("C\t1\tgit sta");
    host.kill();
    assert_eq!(client.line(), None);
    assert!(host.socket().exists());
    host.place.run(&["daemon", "status"]).is(1, "not running\n", "");
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    Client::to(&host.socket()).is_served();
}

#[test]
fn one_that_does_not_answer_is_replaced() {
    let host = Host::started();
    let old = host.pid();
    host.signal(old, "STOP");
    let status = host.place.run(&["daemon", "status"]);
    assert_eq!((status.code, status.stdout.as_str()), (1, "runs, but does not answer\n"));
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    assert_ne!(host.pid(), old);
    wait_until("the old one is gone", || !is_alive(old));
}

/// A daemon of another version, as far as a client can tell. It ends when it is told to stop.
fn pretend(socket: &Path, version: &'static str) -> std::thread::JoinHandle<()> {
    let folder = socket.parent().unwrap();
    std::fs::create_dir(folder).unwrap();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    let lock = std::fs::File::create(folder.join("s.lock")).unwrap();
    lock.try_lock().unwrap();
    let listener = UnixListener::bind(socket).unwrap();
    let socket = socket.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut client = Client { stream: stream.unwrap(), read: Vec::new() };
            while let Some(line) = client.line() {
                let id = line.split('\t').nth(1).unwrap().to_owned();
                match line.chars().next().unwrap() {
                    'H' => client.say(format!("h\t{id}\t1\t{version}\tcheck\n")),
                    'Q' if line.ends_with("stop") => {
                        client.say(format!("q\t{id}\t{{}}\n"));
                        std::fs::remove_file(socket).unwrap();
                        drop(lock);
                        return;
                    }
                    _ => {}
                }
            }
        }
    })
}

#[test]
fn an_older_one_gives_way_to_a_newer() {
    let host = Host::new();
    let old = pretend(&host.socket(), "0.0.1");
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    old.join().unwrap();
    assert_eq!(host.state()["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_newer_one_is_left_alone_by_an_older() {
    let host = Host::new();
    let newer = pretend(&host.socket(), "99.0.0");
    host.place.run(&["daemon", "start"]).is(0, "runs already\n", "");
    host.place.run(&["daemon", "stop"]).is(0, "stopped\n", "");
    newer.join().unwrap();
}

#[test]
fn a_client_that_does_not_read_is_dropped_and_others_are_served() {
    let host = Host::started();
    let mut deaf = Client::to(&host.socket());
    deaf.stream.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
    let question = "Q\t1\tstatus\n".repeat(200);
    // It asks until neither side takes any more.
    while deaf.stream.write_all(question.as_bytes()).is_ok() {}
    let mut other = Client::to(&host.socket());
    wait_until("it is dropped", || {
        other.is_served();
        host.log().contains("does not read was dropped")
    });
}

#[test]
fn any_bytes_are_answered_or_end_the_connection() {
    let host = Host::started();
    let mut client = Client::to(&host.socket());
    client.say(b"\xff\xfe\x00\x01\t\t\t\n\n\n{\n[]\nS\nS\t\nH\tx\n\x1b[2J\t3\n");
    client.is_served();
    let mut long = Client::to(&host.socket());
    let (done, ended) = channel();
    let mut writer = long.stream.try_clone().unwrap();
    std::thread::spawn(move || {
        let _ = writer.write_all(&vec![b'a'; 256 << 10]);
        let _ = done.send(());
    });
    assert!(long.line().unwrap().starts_with("e\t0\tmalformed\t"));
    assert_eq!(long.line(), None);
    ended.recv().unwrap();
    client.is_served();
}

#[test]
fn without_descriptors_those_who_are_connected_go_on() {
    let host = Host::new();
    let cmdai = host.place.command::<&str>(&[]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "ulimit -n 32; exec \"$0\" daemon run"]).arg(cmdai.get_program()).env_clear();
    shell.envs(cmdai.get_envs().filter_map(|(name, value)| Some((name, value?)))).stderr(Stdio::null());
    let mut child = shell.spawn().unwrap();
    wait_until("it listens", || host.socket().exists());
    let mut clients: Vec<Client> = (0..40).map(|_| Client::to(&host.socket())).collect();
    clients[0].is_served();
    wait_until("it runs out of descriptors", || host.log().contains("cannot accept"));
    clients[0].is_served();
    // Room again: whoever waited comes in.
    clients.drain(1..30);
    clients.last_mut().unwrap().is_served();
    drop(clients);
    host.place.run(&["daemon", "stop"]).is(0, "stopped\n", "");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_place_that_is_not_only_ours_is_refused() {
    let host = Host::new();
    let folder = host.socket().parent().unwrap().to_owned();
    let refused = |words: &[&str]| {
        host.place.run(&["daemon", "start"]).fails(2, words);
        host.place.run(&["daemon", "connect"]).fails(2, words);
    };
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    refused(&["others may write to", "CMDAI_SOCKET"]);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::write(host.socket(), "no socket").unwrap();
    refused(&["is no socket"]);
    std::fs::remove_file(host.socket()).unwrap();
    // A folder that is not named for cmdai keeps its mode: it may be somebody's home.
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    refused(&["others may enter", "CMDAI_SOCKET"]);
    assert_eq!(std::fs::metadata(&folder).unwrap().mode() & 0o777, 0o755);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    host.place.run(&["daemon", "stop"]).is(0, "stopped\n", "");
    let real = host.place.home.path().join("real");
    std::fs::rename(&folder, &real).unwrap();
    std::os::unix::fs::symlink(&real, &folder).unwrap();
    refused(&["is no directory, or a link"]);
    std::fs::remove_file(&folder).unwrap();
    // Only root can give a directory away.
    std::fs::create_dir(&folder).unwrap();
    if std::os::unix::fs::chown(&folder, Some(65534), None).is_ok() {
        refused(&["belongs to user 65534"]);
    }
}

#[test]
fn a_name_that_is_too_long_gives_way_to_the_next_place() {
    let mut host = Host::new();
    let temporary = host.place.home.path().join("t");
    std::fs::create_dir(&temporary).unwrap();
    let long = host.place.home.path().join("x".repeat(100));
    let place = std::mem::replace(&mut host.place, Place::new());
    // Set to nothing is not set.
    host.place = place.with("CMDAI_SOCKET", "").with("XDG_RUNTIME_DIR", long).with("TMPDIR", &temporary);
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    let uid = rustix::process::geteuid().as_raw();
    Client::to(&temporary.join(format!("cmdai-{uid}/s"))).is_served();
}

#[test]
fn a_socket_that_was_named_and_cannot_be_is_an_error() {
    let long = PathBuf::from("/").join("x".repeat(120)).join("s");
    for (path, word) in [(long, "123 bytes long"), (PathBuf::from("here/s"), "not an absolute path")] {
        let place = Place::new().with("CMDAI_SOCKET", path);
        for action in ["start", "stop", "status", "connect", "run"] {
            place.run(&["daemon", action]).fails(2, &["CMDAI_SOCKET", word, "unset it"]);
        }
        assert_eq!(place.run(&["complete", "git stat"]).code, 0, "what needs no daemon goes on");
    }
}

#[test]
fn it_stops_while_it_works() {
    let host = Host::started();
    let pid = host.pid();
    let mut client = Client::to(&host.socket());
    for id in 0..16 {
        client.say(format!("C\t{id}\tls\t/\nN\t{}\tshow me all the files here\t/\n", 100 + id));
    }
    host.place.run(&["daemon", "stop"]).is(0, "stopped\n", "");
    wait_until("it is gone", || !is_alive(pid));
    while client.line().is_some() {}
    assert!(!host.socket().exists());
    let host = Host::started();
    let pid = host.pid();
    host.signal(pid, "TERM");
    wait_until("it is gone", || !is_alive(pid));
    assert!(!host.socket().exists());
}

#[test]
fn what_was_run_outlives_a_kill() {
    let host = Host::started();
    let mut client = Client::to(&host.socket());
    client.say("H\t1\t1\ttest/1\tzsh\t7\tterm-1\n");
    client.say("R\t0\tmake the-target\t/tmp\t0\t12\t1700000000\n");
    client.say("R\t0\texport TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345\t/tmp\t0\n");
    client.say("R\t0\t secretly\t/tmp\t0\n");
    client.say("R\t0\tls /marker\t/tmp\t0\n");
    wait_until("it is recorded", || host.state()["history"] == 2);
    host.kill();
    host.place.run(&["daemon", "start"]).is(0, "started\n", "");
    wait_until("it is read", || host.state()["history"] == 2);
    let mut client = Client::to(&host.socket());
    client.say("F\t2\tmake*\n");
    assert_eq!(client.wait_for("f\t2\t"), "f\t2\t1");
    let database = std::fs::read(host.place.home.path().join(".local/share/cmdai/history.db")).unwrap();
    let holds = |text: &str| database.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(!holds("the-target") && !holds("ghp_0123"));
    assert!(!host.log().contains("marker"), "the log holds no lines");
}

#[test]
fn the_policy_of_the_directory_holds_and_its_change_is_seen() {
    let host = Host::started();
    let project = host.place.home.path().join("project");
    std::fs::create_dir_all(project.join(".cmdai")).unwrap();
    let mut client = Client::to(&host.socket());
    let verdict = |client: &mut Client| client.check("ls -l", project.to_str().unwrap())[2].clone();
    assert_eq!(verdict(&mut client), "allow");
    let policy = project.join(".cmdai/policy.toml");
    std::fs::write(&policy, "[programs]\nls = \"deny\"\n").unwrap();
    assert_eq!(verdict(&mut client), "deny");
    std::fs::write(&policy, "[programs\n").unwrap();
    assert_eq!(verdict(&mut client), "deny", "what cannot be read allows nothing");
    std::fs::remove_file(&policy).unwrap();
    assert_eq!(verdict(&mut client), "allow");
}

#[test]
fn a_request_is_put_to_it_unless_that_is_not_wanted() {
    let host = Host::started();
    let place = Place::new();
    let asked = |args: &[&str]| {
        let before = host.state()["requests"].as_u64().unwrap();
        let mut command = place.command(args);
        command.env("CMDAI_SOCKET", host.socket()).env("HOME", host.place.home.path());
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "git log --oneline\n");
        // A status asks twice: hello and status.
        host.state()["requests"].as_u64().unwrap() - before > 2
    };
    let line = "git log --oneline";
    assert!(asked(&["generate", line]));
    assert!(!asked(&["generate", "--no-daemon", line]));
    host.place.config("[daemon]\nuse = false\n");
    assert!(!asked(&["generate", line]));
}

#[test]
fn a_line_goes_on_from_what_was_run() {
    let host = Host::started();
    let mut client = Client::to(&host.socket());
    client.say("H\t1\t1\ttest/1\tzsh\t7\tterm-1\n");
    for _ in 0..3 {
        client.say("R\t0\tkubectl get pods\t/tmp\t0\t12\t1700000000\n");
    }
    wait_until("it is recorded", || host.state()["history"] == 3);
    client.say("S\t2\tkubectl g\t/tmp\t9\t0\n");
    assert_eq!(client.wait_for("s\t2\t"), "s\t2\tallow\tsafe\tsafe\tet pods\tfast\thistory");
    client.say("S\t3\tkubectl get\t/tmp\t11\t0\n");
    assert_eq!(client.wait_for("s\t3\t"), "s\t3\tallow\tsafe\tsafe\t pods\tfast\thistory");
    client.say("A\t4\tkubectl g\t/tmp\t9\t0\t3\n");
    assert!(client.wait_for("a\t4\t").starts_with("a\t4\tsafe\tet pods\thistory"));
}
