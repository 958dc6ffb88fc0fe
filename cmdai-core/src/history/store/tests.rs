use super::*;
use crate::line::Dialect;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};

fn run(line: &str, started: i64) -> Run {
    Run { command: line.into(), started: Some(started), dialect: Dialect::Zsh, ..Run::default() }
}

fn untimed(line: &str) -> Run {
    Run { command: line.into(), dialect: Dialect::Bash, ..Run::default() }
}

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("cmdai").join(FILE_NAME)
    }

    fn open(&self) -> Store {
        Store::open(&self.path(), Options::default()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().parent().unwrap()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[track_caller]
fn check_lines(store: &mut Store, expect: &[&str]) {
    let lines: Vec<String> = store.latest(1000).unwrap().into_iter().map(|run| run.command).collect();
    assert_eq!(lines, expect);
}

#[test]
fn a_run_comes_back_as_it_was() {
    let home = Home::new();
    let full = Run {
        command: "for i in 1 2\ndo echo $i; done # é 日".into(),
        cwd: Some("/home/me/a b".into()),
        status: Some(130),
        started: Some(1_700_000_000),
        duration: Some(Duration::from_millis(1234)),
        session: Some("7-1".into()),
        dialect: Dialect::Fish,
    };
    let mut store = home.open();
    assert!(matches!(store.record(&full).unwrap(), Outcome::Kept(_)));
    assert!(matches!(store.record(&untimed("ls")).unwrap(), Outcome::Kept(_)));
    drop(store);
    assert_eq!(home.open().latest(9).unwrap(), [full, untimed("ls")]);
}

#[test]
fn what_may_not_be_kept_is_refused_with_its_reason() {
    let home = Home::new();
    let mut store = home.open();
    for (line, refusal) in
        [(" ls", Refusal::Blank), ("mysql -phunter2 shop", Refusal::Secret), ("", Refusal::Empty)]
    {
        assert_eq!(store.record(&run(line, 1)).unwrap(), Outcome::Refused(refusal));
    }
    let runs = [run("ls", 5), run(" ls", 6), run("export API_TOKEN=abc", 7)];
    let imported = store.import(&runs, 0, "zsh").unwrap();
    assert_eq!((imported.added, imported.refused["blank"], imported.refused["secret"]), (1, 1, 1));
    check_lines(&mut store, &["ls"]);
    let bytes = std::fs::read(home.path()).unwrap();
    assert!(!bytes.windows(7).any(|part| part == b"hunter2"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let folder = home.path().parent().unwrap().to_owned();
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(home.path(), "").unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut store = home.open();
    store.record(&run("ls", 1)).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in home.names() {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn the_same_history_twice_adds_nothing() {
    let home = Home::new();
    let mut store = home.open();
    let runs = [run("ls", 10), run("ls", 11), run("ls", 11), run("git st", 12), untimed("ls"), untimed("ls")];
    let first = store.import(&runs, 99, "zsh").unwrap();
    assert_eq!((first.added, first.known), (6, 0));
    let second = store.import(&runs, 100, "zsh").unwrap();
    assert_eq!((second.added, second.known), (0, 6));
    // The file has grown by one of each.
    let more = [&runs[..], &[run("ls", 40), untimed("ls")]].concat();
    assert_eq!(store.import(&more, 101, "zsh").unwrap().added, 2);
    assert_eq!(store.latest(99).unwrap().len(), 8);
}

#[test]
fn what_cmdai_recorded_itself_is_not_imported_again() {
    let home = Home::new();
    let mut store = home.open();
    store.record(&run("make", 100)).unwrap();
    store.record(&Run { dialect: Dialect::Bash, ..run("make", 200) }).unwrap();
    // The shell's own file has the second before; bash's has no time at all.
    let imported = store.import(&[run("make", 99), run("make", 300)], 0, "zsh").unwrap();
    assert_eq!((imported.added, imported.known), (1, 1));
    let imported = store.import(&[untimed("make"), untimed("make")], 0, "bash").unwrap();
    assert_eq!((imported.added, imported.known), (1, 1));
}

#[test]
fn lines_without_a_time_stand_where_they_stood() {
    let home = Home::new();
    let mut store = home.open();
    store.record(&run("late", 1000)).unwrap();
    store.import(&[untimed("a"), run("b", 50), untimed("c"), run("d", 60)], 500, "bash").unwrap();
    store.import(&[untimed("x"), untimed("y")], 500, "bash").unwrap();
    check_lines(&mut store, &["a", "b", "c", "d", "x", "y", "late"]);
    store.record(&untimed("now")).unwrap();
    store.record(&run("clock was not set", i64::MAX)).unwrap();
    let latest: Vec<_> = store.latest(2).unwrap().into_iter().map(|run| run.command).collect();
    assert_eq!(latest, ["now", "clock was not set"]);
}

#[test]
fn the_oldest_go() {
    let home = Home::new();
    let options = Options { max_entries: 3, ..Options::default() };
    let mut store = Store::open(&home.path(), options).unwrap();
    let runs: Vec<Run> = (1..=9).rev().map(|time| run(&format!("line {time}"), time)).collect();
    store.import(&runs, 0, "zsh").unwrap();
    check_lines(&mut store, &["line 7", "line 8", "line 9"]);
    for time in 10..600 {
        store.record(&run(&format!("line {time}"), time)).unwrap();
    }
    assert!(store.latest(1000).unwrap().len() < 3 + 257);
}

#[test]
fn runs_are_found() {
    let home = Home::new();
    let mut store = home.open();
    for (line, time, status, cwd) in [
        ("git status", 1, 0, "/a"),
        ("git push", 2, 1, "/a"),
        ("echo Git", 3, 0, "/b"),
        ("cargo test", 4, 101, "/b"),
        ("100%_x", 5, 0, "/b"),
    ] {
        let run = Run { status: Some(status), cwd: Some(cwd.into()), ..run(line, time) };
        store.record(&run).unwrap();
    }
    let mut check = |find: Find, expect: &[&str]| {
        let lines: Vec<_> = store.find(&find).unwrap().into_iter().map(|entry| entry.run.command).collect();
        assert_eq!(lines, expect, "{find:?}");
    };
    let all = Find::default;
    check(Find { text: Some("git".into()), ..all() }, &["git status", "git push", "echo Git"]);
    check(Find { text: Some("Git".into()), ..all() }, &["echo Git"]);
    check(Find { text: Some("%_".into()), ..all() }, &["100%_x"]);
    check(Find { prefix: Some("git ".into()), ..all() }, &["git status", "git push"]);
    check(Find { failed: true, ..all() }, &["git push", "cargo test"]);
    check(Find { cwd: Some("/a".into()), failed: true, ..all() }, &["git push"]);
    check(Find { since: Some(4), ..all() }, &["cargo test", "100%_x"]);
    check(Find { limit: Some(2), ..all() }, &["cargo test", "100%_x"]);
    check(Find { pattern: Some(Pattern::new("git *")), limit: Some(1), ..all() }, &["git push"]);
}

#[test]
fn what_is_forgotten_is_gone_from_the_file() {
    let home = Home::new();
    let mut store = home.open();
    store.record(&run("ls", 1)).unwrap();
    for time in 2..50 {
        store.record(&run("cat xyzzy-is-private", time)).unwrap();
    }
    assert_eq!(store.forget(&Pattern::new("xyzzy")).unwrap(), 48);
    assert_eq!(store.forget(&Pattern::new("xyzzy")).unwrap(), 0);
    check_lines(&mut store, &["ls"]);
    for name in home.names() {
        let bytes = std::fs::read(home.path().with_file_name(&name)).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"xyzzy"), "{name}");
    }
}

#[test]
fn numbers() {
    let home = Home::new();
    let mut store = home.open();
    assert_eq!(store.stats(5).unwrap().span, None);
    for (line, time, status) in [("ls", 5, 0), ("ls", 6, 0), ("make", 7, 2)] {
        store.record(&Run { status: Some(status), cwd: Some("/a".into()), ..run(line, time) }).unwrap();
    }
    store.record(&untimed("ls")).unwrap();
    let stats = store.stats(1).unwrap();
    assert_eq!((stats.runs, stats.lines, stats.failed, stats.span), (4, 2, 1, Some((5, 7))));
    assert_eq!(stats.top_lines, [("ls".to_owned(), 3)]);
    assert_eq!(stats.top_directories, [("/a".to_owned(), 3)]);
    assert_eq!(stats.dialects, [("zsh".to_owned(), 3), ("bash".to_owned(), 1)]);
    assert!(stats.bytes > 0);
}

#[test]
fn a_change_by_another_process_is_seen() {
    let home = Home::new();
    let (mut one, mut other) = (home.open(), home.open());
    assert!(!one.changed_elsewhere().unwrap());
    one.record(&run("ls", 1)).unwrap();
    assert!(!one.changed_elsewhere().unwrap());
    other.record(&run("pwd", 2)).unwrap();
    assert!(one.changed_elsewhere().unwrap());
    assert!(!one.changed_elsewhere().unwrap());
    check_lines(&mut one, &["ls", "pwd"]);
}

#[test]
fn a_busy_file_is_an_error_and_no_wait() {
    let home = Home::new();
    let mut store = home.open();
    store.options.wait = Duration::ZERO;
    store.conn.busy_timeout(Duration::ZERO).unwrap();
    let other = home.open();
    other.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.record(&run("ls", 1)).unwrap_err();
    assert!(Store::is_busy(&error) && error.to_string().contains("another process"), "{error}");
    other.conn.execute_batch("ROLLBACK").unwrap();
    store.record(&run("ls", 1)).unwrap();
}

#[test]
fn a_full_disk_is_an_error_and_loses_nothing() {
    let home = Home::new();
    let mut store = home.open();
    store.record(&run("before", 1)).unwrap();
    let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.conn.execute_batch(&format!("PRAGMA max_page_count = {pages}")).unwrap();
    let long = "x".repeat(10_000);
    let error = store.record(&run(&long, 2)).unwrap_err();
    assert!(error.to_string().contains("the disk is full") && !Store::is_busy(&error), "{error}");
    assert!(store.import(&[run("small", 3), run(&long, 4)], 0, "zsh").is_err());
    check_lines(&mut store, &["before"]);
}

#[test]
fn errors_say_the_way_out() {
    let failure = |code| {
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        let error = file::explain(Path::new("/x/h.db"), "write to", error);
        format!("{error}; {}", error.hint().unwrap_or_default())
    };
    assert!(failure(3850).contains("does not lock files; set XDG_DATA_HOME"), "{}", failure(3850));
    assert!(failure(8).contains("can only be read"), "{}", failure(8));
    assert!(failure(10).starts_with("cannot write to /x/h.db"), "{}", failure(10));
}

#[test]
fn where_no_file_can_be_made_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").unwrap();
    let error = Store::open(&in_the_way.join("cmdai").join(FILE_NAME), Options::default()).unwrap_err();
    assert!(error.to_string().contains("nothing is recorded") && error.hint().is_some(), "{error}");
    // A directory of the file's name.
    let error = Store::open(folder.path(), Options::default()).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::History);
}

#[cfg(unix)]
#[test]
fn what_can_only_be_read_is_read() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        return; // Nothing is read-only to root.
    }
    let home = Home::new();
    home.open().record(&run("ls", 1)).unwrap();
    let folder = home.path().parent().unwrap().to_owned();
    let set = |mode: u32| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o400)).unwrap();
    set(0o500);
    let mut store = home.open();
    check_lines(&mut store, &["ls"]);
    let error = store.record(&run("pwd", 2)).unwrap_err();
    set(0o700);
    assert!(error.to_string().contains("can only be read: nothing is recorded"), "{error}");
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    store.record(&run("pwd", 2)).unwrap();
}

/// Writes over the file and sees that it is put aside, whole, and a new one begun.
#[track_caller]
fn check_damage(store: Option<Store>, home: &Home, damage: impl Fn(&Path)) {
    let open_before = store.is_some();
    damage(&home.path());
    let damaged = std::fs::read(home.path()).unwrap();
    let mut store = store.unwrap_or_else(|| home.open());
    store.record(&run("after", 9)).unwrap();
    check_lines(&mut store, &["after"]);
    let notes = store.notes();
    assert!(notes.len() == 1 && notes[0].contains("was damaged: it is now"), "{notes:?}");
    assert!(store.notes().is_empty());
    let names = home.names();
    let aside = names
        .iter()
        .find(|name| name.contains(".damaged-") && !name.ends_with("wal") && !name.ends_with("shm"));
    let aside = std::fs::read(home.path().with_file_name(aside.unwrap())).unwrap();
    assert!(open_before || aside == damaged);
    drop(store);
    check_lines(&mut home.open(), &["after"]);
}

fn filled() -> (Home, Store) {
    let home = Home::new();
    let mut store = home.open();
    let runs: Vec<Run> =
        (1..2000).map(|time| run(&format!("some command line number {time}"), time)).collect();
    store.import(&runs, 0, "zsh").unwrap();
    (home, store)
}

#[test]
fn a_damaged_file_is_put_aside() {
    let garbage = |path: &Path| std::fs::write(path, "this is no database at all".repeat(400)).unwrap();
    let cut = |path: &Path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    };
    let scribble = |path: &Path| {
        let mut bytes = std::fs::read(path).unwrap();
        let end = bytes.len();
        bytes[8192..end].iter_mut().for_each(|byte| *byte = !*byte);
        std::fs::write(path, bytes).unwrap();
    };
    for damage in [&garbage as &dyn Fn(&Path), &cut, &scribble] {
        let (home, store) = filled();
        drop(store);
        check_damage(None, &home, damage);
    }
    // While it is open: written in place, so that the file is the same one.
    let (home, store) = filled();
    drop(store);
    let mut store = home.open();
    store.latest(1).unwrap();
    check_damage(Some(store), &home, |path| {
        let len = std::fs::metadata(path).unwrap().len() as usize;
        let mut file = File::options().write(true).open(path).unwrap();
        file.write_all(&vec![0xa5; len]).unwrap();
    });
}

#[test]
fn a_file_that_was_deleted_or_replaced_is_opened_anew() {
    let home = Home::new();
    let mut store = home.open();
    store.record(&run("one", 1)).unwrap();
    for name in home.names() {
        std::fs::remove_file(home.path().with_file_name(name)).unwrap();
    }
    store.record(&run("two", 2)).unwrap();
    check_lines(&mut home.open(), &["two"]);
    std::fs::remove_dir_all(home.path().parent().unwrap()).unwrap();
    store.record(&run("three", 3)).unwrap();
    check_lines(&mut home.open(), &["three"]);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let home = Home::new();
    std::fs::create_dir(home.path().parent().unwrap()).unwrap();
    let other = Connection::open(home.path()).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    let error = Store::open(&home.path(), Options::default()).unwrap_err();
    assert!(error.to_string().contains("another program"), "{error}");
    other.execute_batch("DROP TABLE bookmarks").unwrap();
    home.open().record(&run("ls", 1)).unwrap();
    other.execute_batch("PRAGMA user_version = 99").unwrap();
    let error = Store::open(&home.path(), Options::default()).unwrap_err();
    assert!(error.to_string().contains("newer cmdai"), "{error}");
    other.execute_batch("PRAGMA user_version = 1").unwrap();
    check_lines(&mut home.open(), &["ls"]);
}

#[test]
fn many_processes_open_a_new_file_at_once() {
    let home = Home::new();
    let path = home.path();
    let options = Options { wait: Duration::from_secs(30), ..Options::default() };
    std::thread::scope(|scope| {
        for nth in 0..8 {
            let (path, options) = (&path, options.clone());
            scope.spawn(move || {
                let mut store = Store::open(path, options).unwrap();
                for time in 0..20 {
                    store.record(&run(&format!("line {nth} {time}"), time + 1)).unwrap();
                }
            });
        }
    });
    assert_eq!(home.open().latest(1000).unwrap().len(), 160);
}

/// Not a test of its own: what [`a_kill_damages_nothing`] kills.
#[test]
fn record_until_killed() {
    let Ok(path) = std::env::var("CMDAI_TEST_RECORD_UNTIL_KILLED") else { return };
    let mut store = Store::open(Path::new(&path), Options::default()).unwrap();
    let mut out = std::io::stdout();
    for time in 1.. {
        store.record(&run(&format!("line {time}"), time)).unwrap();
        // Told only when it is kept.
        writeln!(out, "\nkept {time}").unwrap();
    }
}

#[test]
fn a_kill_damages_nothing() {
    let home = Home::new();
    let mut before = 0;
    for after in [1, 7, 40] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "history::store::tests::record_until_killed", "--nocapture"])
            .env("CMDAI_TEST_RECORD_UNTIL_KILLED", home.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut kept = 0;
        while kept < after {
            let line = lines.next().unwrap().unwrap();
            kept = line.strip_prefix("kept ").map_or(kept, |number| number.parse().unwrap());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            kept = line.strip_prefix("kept ").and_then(|number| number.parse().ok()).unwrap_or(kept);
        }
        let mut store = home.open();
        assert!(store.notes().is_empty());
        let now = store.latest(usize::MAX).unwrap().len();
        // The run in flight may be there or not.
        assert!((kept..=kept + 1).contains(&(now - before)), "{kept} were told, {} are there", now - before);
        before = now;
    }
}
