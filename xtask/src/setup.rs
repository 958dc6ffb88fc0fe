//! `cargo xtask setup`: from a fresh clone to a `cmdai` that answers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{cargo, run};
use crate::{Options, Taken, breadth, runtime, tree};

pub(crate) fn task(args: &[String]) -> Result<()> {
    Options::new("setup", args).each(|_, _| Taken::Unknown)?;
    prepare()?;
    let binary = binary();
    let shown = binary.strip_prefix(tree::root()).unwrap_or(&binary).display().to_string();
    eprintln!("ready: {shown}");
    Ok(())
}

/// The runtime, the table of tools where it can be made, whole models, and the release binary.
pub(crate) fn prepare() -> Result<()> {
    runtime::ensure()?;
    breadth::ensure();
    verify_models()?;
    run(cargo().args(["build", "--release", "--locked", "--package", "cmdai-shell"]))
}

/// Where the release binary lies.
pub(crate) fn binary() -> PathBuf {
    tree::target().join("release").join(format!("cmdai{}", std::env::consts::EXE_SUFFIX))
}

/// Compares every model in `models/` with its manifest: a clone that was cut short is told apart from a
/// model that answers badly.
pub(crate) fn verify_models() -> Result<()> {
    for model in models()? {
        verify(&model)?;
    }
    Ok(())
}

/// Every file of every model in `models/`.
pub(crate) fn model_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for model in models()? {
        files.extend(entries(&model)?.into_iter().filter(|path| path.is_file()));
    }
    Ok(files)
}

fn models() -> Result<Vec<PathBuf>> {
    Ok(entries(&tree::root().join("models"))?.into_iter().filter(|path| path.is_dir()).collect())
}

fn verify(model: &Path) -> Result<()> {
    let path = model.join("manifest.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: toml::Table = text.parse().with_context(|| format!("{} is no TOML", path.display()))?;
    let files = manifest.get("files").and_then(toml::Value::as_array);
    for file in files.with_context(|| format!("{} names no files", path.display()))? {
        let text = |key: &str| file.get(key).and_then(toml::Value::as_str);
        let (name, expected) = text("path")
            .zip(text("sha256"))
            .with_context(|| format!("{}: every file needs a path and a sha256", path.display()))?;
        let file = model.join(name);
        let actual = tree::sha256(&file).context("the model is not whole; run `git checkout -- models`")?;
        if actual != expected {
            bail!(
                "{} is damaged: its sha256 is {actual}, expected {expected}; run `git checkout -- models`",
                file.display()
            );
        }
    }
    Ok(())
}

/// The entries of a folder, sorted; none where the folder is missing.
fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect()
    };
    let mut paths = read().with_context(|| format!("cannot list {}", dir.display()))?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about a model with this manifest and one file `a` that holds `abc`.
    fn check(manifest: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        tree::write(&dir.path().join("a"), b"abc").unwrap();
        tree::write(&dir.path().join("manifest.toml"), manifest.as_bytes()).unwrap();
        verify(dir.path()).map_or_else(|error| format!("{error:#}"), |()| "whole".to_owned())
    }

    #[test]
    fn a_model_is_whole_or_it_is_said_what_is_wrong() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let entry = |name: &str, sum: &str| format!("[[files]]\npath = \"{name}\"\nsha256 = \"{sum}\"\n");
        assert_eq!(check(&entry("a", digest)), "whole");
        assert!(check(&entry("a", &digest.replace('b', "c"))).contains("a is damaged"));
        assert!(check(&entry("b", digest)).contains("the model is not whole"));
        assert!(check("[[files]]\npath = \"a\"\n").contains("needs a path and a sha256"));
        assert!(check("name = \"x\"\n").contains("names no files"));
        assert!(check("name = ").contains("is no TOML"));
    }
}
