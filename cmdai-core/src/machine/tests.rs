use super::*;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Condvar;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Long enough for any of these tests; nothing waits for it unless it fails.
const LONG: Duration = Duration::from_secs(30);

/// A disk on which everything at or below some paths hangs until it is let go.
#[derive(Clone, Default)]
struct Sick {
    hanging: Arc<(Mutex<Vec<String>>, Condvar)>,
    calls: Arc<AtomicUsize>,
}

impl Sick {
    fn hang(&self, path: &str) {
        self.hanging.0.lock().unwrap().push(path.to_owned());
    }

    fn let_go(&self) {
        self.hanging.0.lock().unwrap().clear();
        self.hanging.1.notify_all();
    }

    fn pass(&self, path: &str) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let (hanging, news) = &*self.hanging;
        let mut hanging = hanging.lock().unwrap();
        while hanging.iter().any(|folder| path.starts_with(folder.as_str())) {
            hanging = news.wait(hanging).unwrap();
        }
    }
}

impl Disk for Sick {
    fn stamp(&self, path: &str) -> io::Result<Stamp> {
        self.pass(path);
        RealDisk.stamp(path)
    }

    fn names(&self, dir: &str, most: usize) -> io::Result<Vec<(String, Kind)>> {
        self.pass(dir);
        RealDisk.names(dir, most)
    }

    fn look(&self, path: &str) -> io::Result<(bool, bool)> {
        self.pass(path);
        RealDisk.look(path)
    }

    fn head(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        self.pass(path);
        RealDisk.head(path, most)
    }

    fn tail(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        self.pass(path);
        RealDisk.tail(path, most)
    }
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, below: &str) -> String {
        let path = self.folder.path().join(below);
        path.to_str().unwrap().trim_end_matches('/').to_owned()
    }

    fn write(&self, below: &str, text: &str) {
        let path = self.folder.path().join(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn make(&self, below: &str) {
        fs::create_dir_all(self.folder.path().join(below)).unwrap();
    }
}

fn machine() -> Machine {
    Machine::new([])
}

/// Asks until it is known, and shows the entries with `/` behind directories and `*` behind programs.
#[track_caller]
fn check_entries(machine: &Machine, dir: &str, expect: &[&str]) {
    machine.entries(dir);
    assert!(machine.settle(LONG));
    let shown = |entry: &Entry| {
        format!(
            "{}{}{}",
            entry.name,
            if entry.is_dir { "/" } else { "" },
            if entry.is_executable { "*" } else { "" }
        )
    };
    let entries: Vec<String> = machine.entries(dir).unwrap().iter().map(shown).collect();
    assert_eq!(entries, expect);
}

#[cfg(unix)]
#[test]
fn directories() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = Place::new();
    place.write("b.txt", "");
    place.write("run.sh", "");
    place.make("a dir");
    fs::set_permissions(place.path("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink(place.path("a dir"), place.path("link")).unwrap();
    symlink("/nowhere at all", place.path("dead")).unwrap();
    fs::write(Path::new(&place.path("odd\nname")), "").unwrap();
    let machine = machine();
    assert_eq!(machine.entries(&place.path("")), None, "nothing is known at once");
    check_entries(&machine, &place.path(""), &["a dir/", "b.txt", "dead", "link/", "run.sh*"]);
    check_entries(&machine, &format!("{}/", place.path("a dir")), &[]);
    for nothing in [place.path("none"), place.path("b.txt")] {
        machine.entries(&nothing);
        assert!(machine.settle(LONG));
        assert_eq!(machine.entries(&nothing), None);
    }
    assert_eq!(machine.entries("relative"), None);
    assert!(machine.settle(LONG));
}

#[test]
fn what_changed_is_seen_and_what_did_not_is_not_read_again() {
    let place = Place::new();
    place.write("one", "");
    let disk = Sick::default();
    let machine = Machine::on(disk.clone(), []);
    check_entries(&machine, &place.path(""), &["one"]);
    let calls = disk.calls.load(Ordering::SeqCst);
    check_entries(&machine, &place.path(""), &["one"]);
    assert_eq!(disk.calls.load(Ordering::SeqCst), calls, "it is fresh");
    place.write("two", "");
    machine.changed(&place.path(""));
    check_entries(&machine, &place.path(""), &["one", "two"]);
    // An old state that did not change costs one question.
    let old = fs::File::open(place.path("")).unwrap();
    old.set_modified(std::time::SystemTime::now() - Duration::from_secs(100)).unwrap();
    machine.changed(&place.path(""));
    check_entries(&machine, &place.path(""), &["one", "two"]);
    let calls = disk.calls.load(Ordering::SeqCst);
    machine.changed(&place.path(""));
    check_entries(&machine, &place.path(""), &["one", "two"]);
    assert_eq!(disk.calls.load(Ordering::SeqCst), calls + 1);
}

#[test]
fn a_hanging_disk_blocks_nobody() {
    let place = Place::new();
    place.make("dead/below");
    place.write("well/file", "");
    let disk = Sick::default();
    disk.hang(&place.path("dead"));
    let machine = Machine::on(disk.clone(), []);
    assert_eq!(machine.entries(&place.path("dead")), None);
    check_entries(&machine, &place.path("well"), &["file"]);
    // Lost by now, and asked again at every key: no thread more.
    while !machine.settle(LONG) {}
    let threads = machine.shared.workers.threads();
    for _ in 0..1000 {
        assert_eq!(machine.entries(&place.path("dead")), None);
        assert_eq!(machine.entries(&place.path("dead/below")), None);
    }
    assert!(machine.shared.workers.threads() <= threads + 1);
    machine.changed(&place.path("well"));
    place.write("well/other", "");
    check_entries(&machine, &place.path("well"), &["file", "other"]);
    // It comes back.
    disk.let_go();
    while machine.entries(&place.path("dead")).is_none() {
        machine.settle(LONG);
    }
    check_entries(&machine, &place.path("dead"), &["below/"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_hanging_disk_costs_only_itself() {
    let place = Place::new();
    place.make("target");
    place.make("home/docs");
    std::os::unix::fs::symlink(place.path("target"), place.path("home/nas")).unwrap();
    let disk = Sick::default();
    disk.hang(&place.path("home/nas"));
    let machine = Machine::on(disk.clone(), []);
    // The link is not known to be a directory, and all the rest is known.
    check_entries(&machine, &place.path("home"), &["docs/", "nas"]);
    place.write("home/new", "");
    machine.changed(&place.path("home"));
    machine.entries(&place.path("home"));
    disk.let_go();
    while machine.entries(&place.path("home")).is_none_or(|entries| entries.len() != 3) {
        machine.settle(LONG);
        machine.changed(&place.path("home"));
    }
}

#[test]
fn many_hanging_directories_take_few_threads() {
    let place = Place::new();
    let disk = Sick::default();
    disk.hang(&place.path(""));
    let machine = Machine::on(disk.clone(), []);
    for nth in 0..100 {
        machine.entries(&place.path(&format!("dead/{nth}")));
        machine.settle(Duration::from_millis(5));
    }
    assert!(machine.shared.workers.threads() <= 10);
    disk.let_go();
}

#[test]
fn a_huge_directory_is_cut() {
    struct Huge;
    impl Disk for Huge {
        fn stamp(&self, _path: &str) -> io::Result<Stamp> {
            Ok(Stamp::default())
        }
        fn names(&self, _dir: &str, most: usize) -> io::Result<Vec<(String, Kind)>> {
            Ok((0..200_000).map(|nth| (format!("file {nth}"), Kind::File)).take(most).collect())
        }
        fn look(&self, _path: &str) -> io::Result<(bool, bool)> {
            Ok((false, false))
        }
        fn head(&self, _path: &str, _most: u64) -> io::Result<Vec<u8>> {
            Err(io::Error::other("none"))
        }
        fn tail(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
            self.head(path, most)
        }
    }
    let machine = Machine::on(Huge, []);
    for nth in 0..40 {
        machine.entries(&format!("/huge/{nth}"));
        assert!(machine.settle(LONG));
    }
    let known = machine.shared.known();
    let sizes = known.directories.values().map(|kept| kept.answer.as_ref().unwrap().len());
    assert_eq!((known.directories.len(), sizes.sum::<usize>()), (20, 200_000));
    assert!(known.directories.contains_key("/huge/39") && !known.directories.contains_key("/huge/0"));
}

#[track_caller]
fn refs(machine: &Machine, dir: &str) -> GitRefs {
    machine.git_refs(dir);
    assert!(machine.settle(LONG));
    machine.git_refs(dir).map(|refs| refs.as_ref().clone()).unwrap()
}

fn repository(place: &Place) {
    place.write("repo/.git/HEAD", "ref: refs/heads/main\n");
    place.write(
        "repo/.git/packed-refs",
        "# pack-refs with: peeled fully-peeled sorted\n1 refs/heads/old\n2 refs/heads/main\n3 refs/remotes/origin/main\n\
         4 refs/remotes/origin/HEAD\n5 refs/tags/v1.0\n^6\n7 refs/stash\n",
    );
    place.write("repo/.git/refs/heads/feature/a", "1\n");
    place.write("repo/.git/refs/heads/feature/a.lock", "1\n");
    place.write("repo/.git/refs/tags/v2.0", "1\n");
    place.write("repo/.git/refs/remotes/fork/x", "1\n");
    place.write(
        "repo/.git/config",
        "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = x\n[remote \"fork\"]\n",
    );
    place.write(
        "repo/.git/logs/HEAD",
        "0 1 A <a> 1 +0000\tclone: from x\n1 2 A <a> 2 +0000\tcheckout: moving from main to old\n\
         2 1 A <a> 3 +0000\tcheckout: moving from old to main\n1 3 A <a> 4 +0000\tcommit: x\n",
    );
    place.make("repo/src/deep");
}

#[test]
fn names_of_git() {
    let place = Place::new();
    repository(&place);
    let machine = machine();
    let found = refs(&machine, &place.path("repo/src/deep"));
    assert_eq!(found.head.as_deref(), Some("main"));
    assert_eq!(found.branches, ["main", "old", "feature/a"]);
    assert_eq!(found.remote_branches, ["fork/x", "origin/main"]);
    assert_eq!(found.tags, ["v1.0", "v2.0"]);
    assert_eq!(found.remotes, ["origin", "fork"]);
    // A branch is made and checked out.
    place.write("repo/.git/refs/heads/new", "1\n");
    place.write("repo/.git/HEAD", "ref: refs/heads/new\n");
    machine.changed(&place.path("repo/src/deep"));
    let found = refs(&machine, &place.path("repo/src/deep"));
    assert_eq!((found.head.as_deref(), found.branches[0].as_str()), (Some("new"), "new"));
    // HEAD is detached.
    place.write("repo/.git/HEAD", "0123456789012345678901234567890123456789\n");
    machine.changed(&place.path("repo/src/deep"));
    assert_eq!(refs(&machine, &place.path("repo/src/deep")).head, None);
}

#[test]
fn work_trees_and_submodules_say_where_the_rest_is() {
    let place = Place::new();
    repository(&place);
    place.write("repo/.git/worktrees/w/HEAD", "ref: refs/heads/old\n");
    place.write("repo/.git/worktrees/w/commondir", "../..\n");
    place.write("w/.git", &format!("gitdir: {}\n", place.path("repo/.git/worktrees/w")));
    let found = refs(&machine(), &place.path("w"));
    assert_eq!(found.head.as_deref(), Some("old"));
    assert_eq!((found.branches.len(), found.remotes.len()), (3, 2));
    place.write("repo/.git/modules/sub/HEAD", "ref: refs/heads/sub\n");
    place.write("repo/sub/.git", "gitdir: ../.git/modules/sub\n");
    assert_eq!(refs(&machine(), &place.path("repo/sub")).head.as_deref(), Some("sub"));
}

#[test]
fn what_is_no_repository_has_no_names() {
    let place = Place::new();
    place.write("a/.git", "garbage");
    place.make("b/.git");
    let machine = machine();
    for dir in [place.path("a"), place.path("b"), "/".to_owned()] {
        machine.git_refs(&dir);
        assert!(machine.settle(LONG));
        assert_eq!(machine.git_refs(&dir), None, "{dir}");
    }
}

#[test]
fn damaged_git_files_are_read() {
    let place = Place::new();
    repository(&place);
    place.write(
        "repo/.git/packed-refs",
        "\0\0garbage\n refs/heads/ \nx refs/heads/good\nx refs/heads/bad name\n",
    );
    fs::write(Path::new(&place.path("repo/.git/logs/HEAD")), [0xff; 100]).unwrap();
    place.write("repo/.git/HEAD", "ref: refs/heads/.invalid\n");
    let found = refs(&machine(), &place.path("repo"));
    assert_eq!((found.head, found.branches), (None, vec!["feature/a".to_owned(), "good".to_owned()]));
}

#[test]
fn programs_of_the_path() {
    let place = Place::new();
    place.write("bin/cargo", "");
    place.write("bin/ls", "");
    place.write("other/ls", "");
    place.make("other/folder");
    let disk = Sick::default();
    disk.hang(&place.path("dead"));
    let path =
        [place.path("bin"), place.path("dead"), place.path("none"), "relative".into(), place.path("other")];
    let machine = Machine::on(disk.clone(), path);
    assert_eq!(machine.programs(), None);
    assert!(machine.settle(LONG));
    let programs = machine.programs().unwrap();
    assert!(programs.is_sorted());
    let has = |name: &str| programs.iter().filter(|program| *program == name).count();
    assert_eq!((has("cargo"), has("ls"), has("cd"), has("folder")), (1, 1, 1, 0));
    disk.let_go();
}

#[test]
fn aliases_belong_to_a_session() {
    let machine = machine();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    machine.set_aliases("1", [pair("ll", "ls -l"), pair("g", "git"), pair("g", "git")]);
    let aliases = machine.aliases(Some("1")).unwrap();
    assert_eq!(*aliases, [pair("g", "git"), pair("ll", "ls -l")]);
    assert_eq!((machine.aliases(Some("2")), machine.aliases(None)), (None, None));
    for session in 2..200 {
        machine.set_aliases(&session.to_string(), []);
        assert!(machine.aliases(Some("1")).is_some(), "what is asked for is kept");
    }
    machine.drop_session("1");
    assert!(machine.aliases(Some("1")).is_none());
    assert!(machine.shared.known().aliases.len() <= MAX_SESSIONS);
}

#[test]
fn builtins_are_sorted() {
    assert!(BUILTINS.is_sorted_by(|a, b| a < b));
}

#[test]
fn what_a_file_declares_is_read_and_read_again() {
    let place = Place::new();
    place.write("Makefile", "a:\nb:\n");
    let machine = machine();
    let path = place.path("Makefile");
    let names = || {
        machine.declared(Form::Make, &path);
        assert!(machine.settle(LONG));
        machine.declared(Form::Make, &path).map(|declared| declared.names.clone())
    };
    assert_eq!(machine.declared(Form::Make, &path), None, "nothing is known at once");
    assert_eq!(names().unwrap(), ["a", "b"]);
    place.write("Makefile", "a:\nb:\nlonger:\n");
    machine.changed(&place.path(""));
    assert_eq!(names().unwrap(), ["a", "b", "longer"]);
    assert_eq!(machine.declared(Form::Make, &place.path("none")), None);
    assert_eq!(machine.declared(Form::Make, "relative"), None);
}

#[test]
fn a_file_on_a_disk_that_hangs_delays_nobody() {
    let place = Place::new();
    place.write("Makefile", "a:\n");
    let disk = Sick::default();
    let path = place.path("Makefile");
    disk.hang(&path);
    let machine = Machine::on(disk.clone(), []);
    assert_eq!(machine.declared(Form::Make, &path), None);
    assert_eq!(machine.declared(Form::Make, &path), None);
    disk.let_go();
    assert!(machine.settle(LONG));
    assert_eq!(machine.declared(Form::Make, &path).unwrap().names, ["a"]);
}
