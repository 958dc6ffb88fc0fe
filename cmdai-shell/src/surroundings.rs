//! What this process can see of where a command would run: shell, system, folders, programs.
//!
//! The library asks nobody; this is where the [`Context`] it gets comes from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cmdai_core::context::Table;
use cmdai_core::models::{Places, find_breadth};
use cmdai_core::{Context, Dialect, Os};

use crate::env;

/// The shell a command is for, and why it is thought so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shell {
    /// Its language.
    pub dialect: Dialect,
    /// How it was found, to follow "from".
    pub source: &'static str,
}

/// Finds the shell: what was asked for, the configuration, the process that started us, `$SHELL`, bash.
pub(crate) fn shell(asked: Option<Dialect>, configured: Option<Dialect>) -> Shell {
    choose_shell(asked, configured, parent_name().as_deref(), env::text(env::SHELL).as_deref())
}

fn choose_shell(
    asked: Option<Dialect>,
    configured: Option<Dialect>,
    parent: Option<&str>,
    login: Option<&str>,
) -> Shell {
    let read = |name: Option<&str>| name.and_then(|name| name.parse().ok());
    let found = [
        (asked, "--shell"),
        (configured, "the configuration"),
        (read(parent), "the parent process"),
        (read(login), "$SHELL"),
    ];
    let known = found.into_iter().find_map(|(dialect, source)| Some(Shell { dialect: dialect?, source }));
    known.unwrap_or(Shell { dialect: Dialect::Bash, source: "the default" })
}

/// The name of the process that started this one, where the system tells it cheaply.
fn parent_name() -> Option<String> {
    #[cfg(target_os = "linux")]
    {
        let parent = rustix::process::getppid()?.as_raw_nonzero();
        let name = std::fs::read_to_string(format!("/proc/{parent}/comm")).ok()?;
        Some(name.trim_end().to_owned())
    }
    #[cfg(not(target_os = "linux"))]
    {
        None
    }
}

/// The context of a command that runs here in a shell of this dialect.
pub(crate) fn context(dialect: Dialect, os: Option<Os>) -> Context {
    match std::env::current_dir() {
        Ok(cwd) => context_in(&cwd, dialect, os),
        Err(_) => without_directory(dialect, os),
    }
}

/// The same for a command that runs in another directory.
pub(crate) fn context_in(cwd: &Path, dialect: Dialect, os: Option<Os>) -> Context {
    let mut ctx = without_directory(dialect, os);
    ctx.in_work_tree = in_work_tree(cwd);
    ctx.cwd = into_text(cwd.to_owned());
    ctx
}

/// The table of more tools, where there is one. One that cannot be used is as none: the doctor tells of it.
pub(crate) fn breadth() -> Option<Table> {
    find_breadth(&Places::from_env()).ok().flatten().map(|found| found.value.table)
}

fn without_directory(dialect: Dialect, os: Option<Os>) -> Context {
    let mut ctx = Context::new(dialect).with_os(os.unwrap_or(Os::host()));
    ctx.home = home().and_then(into_text);
    ctx.is_root = is_root();
    ctx
}

/// The home directory, where there is one and it is absolute.
pub(crate) fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// The home directory that the environment names. What writes below it asks for this one, as whoever clears the environment
/// does not mean the home of the account.
pub(crate) fn stated_home() -> Option<PathBuf> {
    let is_stated = cfg!(windows) || std::env::var_os("HOME").is_some_and(|home| !home.is_empty());
    home().filter(|_| is_stated)
}

fn into_text(path: PathBuf) -> Option<String> {
    path.into_os_string().into_string().ok()
}

/// True where the directory lies inside a version-controlled work tree.
pub(crate) fn in_work_tree(cwd: &Path) -> bool {
    cwd.ancestors().any(|folder| [".git", ".hg", ".jj", ".svn"].iter().any(|name| folder.join(name).exists()))
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// The names of the programs on the search path, sorted, each once.
///
/// Names only: whether a file may be executed costs a system call for each, and is asked when it is run.
pub(crate) fn programs() -> Vec<String> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
    let mut names = BTreeSet::new();
    for folder in std::env::split_paths(&path).filter(|folder| folder.is_absolute()) {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        names.extend(
            entries.flatten().filter_map(|entry| program_name(&entry.file_name().into_string().ok()?)),
        );
    }
    names.into_iter().collect()
}

/// Where shells look for programs when PATH is not set.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

fn program_name(file: &str) -> Option<String> {
    if cfg!(windows) {
        let (stem, extension) = file.rsplit_once('.')?;
        let runs = ["exe", "cmd", "bat", "com"].iter().any(|known| extension.eq_ignore_ascii_case(known));
        return runs.then(|| stem.to_owned());
    }
    Some(file.to_owned())
}

/// Where a program is on the search path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
    let file = if cfg!(windows) { format!("{name}.exe") } else { name.to_owned() };
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|program| is_executable(program))
}

/// The program that runs lines of a dialect: the user's own shell where it speaks it, else one from the search path.
pub(crate) fn shell_program(dialect: Dialect) -> Option<PathBuf> {
    let own = env::text(env::SHELL).filter(|shell| shell.parse() == Ok(dialect)).map(PathBuf::from);
    let names: &[&str] = match dialect {
        Dialect::Posix => &["sh", "dash"],
        Dialect::PowerShell => &["pwsh", "powershell"],
        Dialect::Nu => &["nu"],
        Dialect::Fish => &["fish"],
        Dialect::Zsh => &["zsh"],
        _ => &["bash"],
    };
    own.filter(|shell| is_executable(shell)).or_else(|| names.iter().find_map(|name| find_program(name)))
}

/// True where this process may make files in a folder, or make the folder.
pub(crate) fn can_write_below(folder: &Path) -> bool {
    let Some(there) = folder.ancestors().find(|folder| folder.exists()) else { return false };
    #[cfg(unix)]
    {
        there.is_dir() && rustix::fs::access(there, rustix::fs::Access::WRITE_OK).is_ok()
    }
    #[cfg(not(unix))]
    {
        std::fs::metadata(there).is_ok_and(|meta| meta.is_dir() && !meta.permissions().readonly())
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parent: Option<&str>, login: Option<&str>, expect: (Dialect, &str)) {
        let shell = choose_shell(None, None, parent, login);
        assert_eq!((shell.dialect, shell.source), expect);
    }

    #[test]
    fn the_nearest_shell_wins() {
        check(Some("fish"), Some("/bin/bash"), (Dialect::Fish, "the parent process"));
        check(Some("-zsh"), None, (Dialect::Zsh, "the parent process"));
        check(Some("python3"), Some("/usr/bin/zsh"), (Dialect::Zsh, "$SHELL"));
        check(Some("make"), Some("/bin/tcsh"), (Dialect::Bash, "the default"));
        check(None, None, (Dialect::Bash, "the default"));
        let asked = choose_shell(Some(Dialect::Nu), Some(Dialect::Zsh), Some("fish"), None);
        assert_eq!(asked.dialect, Dialect::Nu);
        let configured = choose_shell(None, Some(Dialect::Zsh), Some("fish"), None);
        assert_eq!((configured.dialect, configured.source), (Dialect::Zsh, "the configuration"));
    }

    #[test]
    fn a_work_tree_is_found_from_below() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        std::fs::create_dir(folder.path().join("a/.git")).unwrap();
        assert!(in_work_tree(&folder.path().join("a/b")));
        assert!(!in_work_tree(folder.path()));
    }

    #[test]
    fn programs_are_found_by_name() {
        let names = programs();
        assert!(names.is_sorted());
        assert_eq!(names.iter().any(|name| name == "sh"), find_program("sh").is_some());
        assert_eq!(find_program("no-such-program-here"), None);
    }
}
