//! `cargo xtask install` and `uninstall`: cmdai under a prefix, by default `~/.local`.
//!
//! ```text
//! bin/cmdai                         share/cmdai/models/<name>/...      share/man/man1/cmdai.1
//! lib/cmdai/<runtime library>       share/doc/cmdai/<licences>         completions of bash, zsh, fish
//! lib/cmdai/breadth.table           share/cmdai/zsh-plugin/...         share/doc/cmdai/docs/...
//! ```
//! Every file is copied aside and renamed, the binary last, so that an older cmdai works until the new
//! one is whole. `share/cmdai/installed.txt` lists what was written; `uninstall` removes that and
//! nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::output;
use crate::{Options, Taken, breadth, runtime, setup, tree};

/// The list of installed files, relative to the prefix.
const LIST: &str = "share/cmdai/installed.txt";

pub(crate) fn install(args: &[String]) -> Result<()> {
    let prefix = prefix("install", args)?;
    setup::prepare()?;
    let binary = setup::binary();
    let mut files = Files { prefix: prefix.clone(), written: previous(&prefix)? };

    let build = runtime::host_build()?;
    let vendor = runtime::vendor_dir();
    files.copy(&vendor.join(build.library), &format!("lib/cmdai/{}", build.library))?;
    for name in runtime::NOTICES {
        files.copy(&vendor.join(name), &format!("share/doc/cmdai/onnxruntime/{name}"))?;
    }
    // Where the table could not be made, cmdai knows what its own specs say.
    if let Some(table) = breadth::made() {
        files.copy(&table, &format!("lib/cmdai/{}", breadth::FILE))?;
        files.copy(
            &table.with_file_name(breadth::LICENCE),
            &format!("share/doc/cmdai/breadth/{}", breadth::LICENCE),
        )?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files.copy(&tree::root().join(name), &format!("share/doc/cmdai/{name}"))?;
    }
    for file in setup::model_files()? {
        let name = file.strip_prefix(tree::root()).context("a model outside the checkout")?;
        files.copy(&file, &format!("share/cmdai/{}", slashed(name)))?;
    }
    plugin(&mut files)?;
    pages(&mut files, &tree::root().join("docs"))?;
    for (words, to) in [
        (["completions", "bash"].as_slice(), "share/bash-completion/completions/cmdai"),
        (&["completions", "zsh"], "share/zsh/site-functions/_cmdai"),
        (&["completions", "fish"], "share/fish/vendor_completions.d/cmdai.fish"),
        (&["man"], "share/man/man1/cmdai.1"),
    ] {
        files.write(to, output(Command::new(&binary).args(words))?.as_bytes())?;
    }
    files.copy(&binary, &format!("bin/cmdai{}", std::env::consts::EXE_SUFFIX))?;

    eprintln!("installed into {}", prefix.display());
    let bin = prefix.join("bin");
    // Proves that the installed copy answers, and makes its first start as fast as all later ones.
    let mut installed = Command::new(bin.join(format!("cmdai{}", std::env::consts::EXE_SUFFIX)));
    output(installed.args(["doctor", "--prepare"]).current_dir(&prefix))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|dir| dir == bin) {
        eprintln!("{} is not on PATH: add it to use `cmdai` by its name", bin.display());
    }
    Ok(())
}

/// The folder that plugin managers of zsh take; `cmdai init zsh` needs none of it.
fn plugin(files: &mut Files) -> Result<()> {
    for name in ["cmdai.plugin.zsh", "later.zsh"] {
        let name = format!("zsh-plugin/{name}");
        files.copy(&tree::root().join(&name), &format!("share/cmdai/{name}"))?;
    }
    Ok(())
}

/// The documentation, which help names by its place in the checkout: `docs/history.md`. Links between pages hold.
fn pages(files: &mut Files, folder: &Path) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.is_dir() {
            pages(files, &path)?;
        } else {
            let name = path.strip_prefix(tree::root()).context("a page outside the checkout")?;
            files.copy(&path, &format!("share/doc/cmdai/{}", slashed(name)))?;
        }
    }
    Ok(())
}

pub(crate) fn uninstall(args: &[String]) -> Result<()> {
    let prefix = prefix("uninstall", args)?;
    let installed = previous(&prefix)?;
    if installed.is_empty() {
        bail!("nothing to remove: {} is missing", prefix.join(LIST).display());
    }
    let mut dirs = BTreeSet::new();
    for name in &installed {
        tree::remove(&prefix.join(name))?;
        dirs.extend(Path::new(name).ancestors().skip(1).map(Path::to_path_buf));
    }
    tree::remove(&prefix.join(LIST))?;
    // Deepest first, and only where nothing of others is left: a folder in use refuses to go.
    for dir in dirs.iter().rev().filter(|dir| dir.components().count() > 1) {
        let _ = fs::remove_dir(prefix.join(dir));
    }
    eprintln!("removed {} files from {}", installed.len(), prefix.display());
    Ok(())
}

fn prefix(task: &'static str, args: &[String]) -> Result<PathBuf> {
    let mut prefix = None;
    Options::new(task, args).each(|arg, value| match arg {
        "--prefix" => {
            prefix = value.map(PathBuf::from);
            Taken::Value
        }
        _ => Taken::Unknown,
    })?;
    if let Some(prefix) = prefix {
        return std::path::absolute(&prefix).with_context(|| format!("cannot use {}", prefix.display()));
    }
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    Ok(home.context("HOME is not set: name the folder with --prefix DIR")?.join(".local"))
}

/// What an earlier installation wrote, as relative paths that stay below the prefix.
fn previous(prefix: &Path) -> Result<BTreeSet<String>> {
    let list = prefix.join(LIST);
    let text = match fs::read_to_string(&list) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        read => read.with_context(|| format!("cannot read {}", list.display()))?,
    };
    let lines: BTreeSet<String> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    for line in &lines {
        if !Path::new(line).components().all(|part| matches!(part, Component::Normal(_))) {
            bail!("{} lists {line:?}, which is not a path below {}", list.display(), prefix.display());
        }
    }
    Ok(lines)
}

/// Writes below the prefix and keeps the list true at every moment.
struct Files {
    prefix: PathBuf,
    written: BTreeSet<String>,
}

impl Files {
    fn copy(&mut self, from: &Path, name: &str) -> Result<()> {
        self.record(name)?;
        tree::copy(from, &self.prefix.join(name))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.record(name)?;
        tree::write(&self.prefix.join(name), bytes)
    }

    /// The name enters the list before the file exists: an installation that is cut short can be removed.
    fn record(&mut self, name: &str) -> Result<()> {
        if self.written.insert(name.to_owned()) {
            let lines: String = self.written.iter().map(|name| format!("{name}\n")).collect();
            tree::write(&self.prefix.join(LIST), lines.as_bytes())?;
        }
        Ok(())
    }
}

fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(dir: &Path) -> Vec<String> {
        vec!["--prefix".into(), dir.to_string_lossy().into_owned()]
    }

    #[test]
    fn what_was_written_is_removed_and_what_was_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        tree::write(&dir.path().join("share/other/file"), b"theirs").unwrap();
        tree::write(&dir.path().join("bin/theirs"), b"theirs").unwrap();
        let mut files = Files { prefix: dir.path().to_owned(), written: BTreeSet::new() };
        files.write("bin/cmdai", b"ours").unwrap();
        files.write("share/cmdai/models/small/model.onnx", b"ours").unwrap();
        uninstall(&args(dir.path())).unwrap();
        assert!(!dir.path().join("bin/cmdai").exists());
        assert!(!dir.path().join("share/cmdai").exists());
        assert!(dir.path().join("bin/theirs").exists());
        assert!(dir.path().join("share/other/file").exists());
        let again = uninstall(&args(dir.path())).unwrap_err().to_string();
        assert!(again.starts_with("nothing to remove"), "{again}");
    }

    #[test]
    fn the_plugin_is_whole_and_goes_again() {
        let dir = tempfile::tempdir().unwrap();
        plugin(&mut Files { prefix: dir.path().to_owned(), written: BTreeSet::new() }).unwrap();
        let folder = dir.path().join("share/cmdai/zsh-plugin");
        // Every file of the folder: the first sources the second, by its place.
        let there = |folder: &Path| {
            let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
            names.filter(|name| name.to_string_lossy().ends_with(".zsh")).collect::<BTreeSet<_>>()
        };
        assert_eq!(there(&folder), there(&tree::root().join("zsh-plugin")));
        let list = fs::read_to_string(dir.path().join(LIST)).unwrap();
        assert!(list.lines().any(|line| line == "share/cmdai/zsh-plugin/later.zsh"), "{list}");
        uninstall(&args(dir.path())).unwrap();
        assert!(!dir.path().join("share/cmdai").exists());
    }

    #[test]
    fn the_pages_that_help_names_are_installed() {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Files { prefix: dir.path().to_owned(), written: BTreeSet::new() };
        pages(&mut files, &tree::root().join("docs")).unwrap();
        for name in ["history.md", "policy.md", "zsh.md", "rules/README.md", "design/generation.md"] {
            assert!(dir.path().join("share/doc/cmdai/docs").join(name).is_file(), "{name}");
        }
        uninstall(&args(dir.path())).unwrap();
        assert!(!dir.path().join("share/doc").exists());
    }

    #[test]
    fn a_list_that_points_outside_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for line in ["../theirs", "/etc/passwd", "bin/../../theirs"] {
            tree::write(&dir.path().join(LIST), line.as_bytes()).unwrap();
            let error = uninstall(&args(dir.path())).unwrap_err().to_string();
            assert!(error.contains("not a path below"), "{error}");
        }
    }
}
