//! What the environment says about where things are: the only code of the library that reads it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Every value from outside that the searches for models and runtimes depend on.
///
/// `Places::default()` is a machine that has nothing; a test fills in what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The running program, symbolic links resolved.
    pub exe: Option<PathBuf>,
    /// The user's home.
    pub home: Option<PathBuf>,
    /// Our folder for configuration: `$XDG_CONFIG_HOME/cmdai`, `~/.config/cmdai`, `%APPDATA%\cmdai`.
    pub config: Option<PathBuf>,
    /// Our folder for data: `$XDG_DATA_HOME/cmdai`, `~/.local/share/cmdai`, `%LOCALAPPDATA%\cmdai`.
    pub data: Option<PathBuf>,
    /// Our folder for what can be made again: `$XDG_CACHE_HOME/cmdai`, `~/.cache/cmdai`, `%LOCALAPPDATA%\cmdai\cache`.
    pub cache: Option<PathBuf>,
    /// `CMDAI_CONFIG`: the configuration file to read.
    pub config_file: Option<PathBuf>,
    /// `CMDAI_MODEL`: the folder of the model to use.
    pub model: Option<PathBuf>,
    /// `CMDAI_ORT_DYLIB`: the ONNX Runtime library to use.
    pub runtime: Option<PathBuf>,
    /// `CMDAI_BREADTH`: the table of many tools to use, or `none`.
    pub breadth: Option<PathBuf>,
    /// `ORT_DYLIB_PATH`: the ONNX Runtime library that other programs use.
    pub shared_runtime: Option<PathBuf>,
    /// `VIRTUAL_ENV` and `CONDA_PREFIX`: active Python environments.
    pub python_prefixes: Vec<PathBuf>,
    /// The folders of `PATH`.
    pub path: Vec<PathBuf>,
    /// Folders in which the system keeps libraries.
    pub system_libraries: Vec<PathBuf>,
}

/// What is relative would be another place for each directory that one works in.
fn home() -> Option<PathBuf> {
    absolute("HOME").or_else(|| absolute("USERPROFILE"))
}

/// A relative XDG path is invalid by its specification and counts as absent.
fn base(name: &str, windows: &str, below_home: &str, home: Option<&Path>) -> Option<PathBuf> {
    let named = absolute(name).or_else(|| if cfg!(windows) { absolute(windows) } else { None });
    Some(named.or_else(|| Some(home?.join(below_home)))?.join("cmdai"))
}

fn cache(home: Option<&Path>) -> Option<PathBuf> {
    let cache = base("XDG_CACHE_HOME", "LOCALAPPDATA", ".cache", home);
    if cfg!(windows) { cache.map(|cache| cache.join("cache")) } else { cache }
}

impl Places {
    /// What this process was given. A variable that is empty counts as absent.
    pub fn from_env() -> Self {
        let home = home();
        let base =
            |name: &str, windows: &str, below_home: &str| base(name, windows, below_home, home.as_deref());
        Self {
            exe: env::current_exe().ok().map(|exe| exe.canonicalize().unwrap_or(exe)),
            config: base("XDG_CONFIG_HOME", "APPDATA", ".config"),
            data: base("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share"),
            cache: cache(home.as_deref()),
            config_file: path("CMDAI_CONFIG"),
            model: path("CMDAI_MODEL"),
            runtime: path("CMDAI_ORT_DYLIB"),
            breadth: path("CMDAI_BREADTH"),
            shared_runtime: path("ORT_DYLIB_PATH"),
            python_prefixes: ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(path).collect(),
            path: value("PATH").map(|list| env::split_paths(&list).collect()).unwrap_or_default(),
            system_libraries: system_libraries(),
            home,
        }
    }

    /// The folder of caches alone, for what every start of a shell waits for: the rest of [`Self::from_env`] asks the file
    /// system where the program lies and takes the search path apart.
    pub fn cache_from_env() -> Option<PathBuf> {
        cache(home().as_deref())
    }

    /// The root of the source tree, where the program runs from the tree's `target` folder.
    ///
    /// An installed program never takes a model or a library from a folder that merely looks like our sources.
    pub fn source_tree(&self) -> Option<PathBuf> {
        let mut folder = self.exe.as_deref()?.parent()?;
        if folder.ends_with("deps") || folder.ends_with("examples") {
            folder = folder.parent()?;
        }
        let target = folder.parent()?;
        // `cargo build --target <triple>` puts one folder more between.
        let target = if target.ends_with("target") { target } else { target.parent()? };
        let root = target.parent()?;
        (target.ends_with("target") && root.join("cmdai-core/Cargo.toml").is_file()).then(|| root.to_owned())
    }

    /// The folder of the running program.
    pub(crate) fn exe_folder(&self) -> Option<&Path> {
        self.exe.as_deref()?.parent()
    }
}

fn value(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn path(name: &str) -> Option<PathBuf> {
    value(name).map(PathBuf::from)
}

fn absolute(name: &str) -> Option<PathBuf> {
    path(name).filter(|path| path.is_absolute())
}

fn system_libraries() -> Vec<PathBuf> {
    let fixed: &[&str] = if cfg!(target_os = "macos") {
        &["/opt/homebrew/lib", "/usr/local/lib"]
    } else if cfg!(unix) {
        &[
            "/usr/local/lib",
            "/usr/local/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib64",
            "/usr/lib",
        ]
    } else {
        &[]
    };
    let loader = if cfg!(target_os = "macos") { "DYLD_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    let named = value(loader).filter(|_| cfg!(unix)).unwrap_or_default();
    let named: Vec<_> = env::split_paths(&named).filter(|folder| folder.is_absolute()).collect();
    named.into_iter().chain(fixed.iter().map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_tree_is_found_only_from_its_own_target_folder() {
        let tree = tempfile::tempdir().unwrap();
        let root = tree.path();
        std::fs::create_dir_all(root.join("cmdai-core")).unwrap();
        std::fs::write(root.join("cmdai-core/Cargo.toml"), "").unwrap();
        let check = |exe: &str, expect: bool| {
            let places = Places { exe: Some(root.join(exe)), ..Places::default() };
            assert_eq!(places.source_tree().is_some_and(|found| found == root), expect, "{exe}");
        };
        check("target/debug/cmdai", true);
        check("target/debug/deps/cmdai_core-0123", true);
        check("target/release/examples/infer", true);
        check("target/x86_64-unknown-linux-gnu/release/cmdai", true);
        check("bin/cmdai", false);
        check("cmdai", false);
        check("other/target/debug/cmdai", false);
        assert_eq!(Places::default().source_tree(), None);
    }
}
