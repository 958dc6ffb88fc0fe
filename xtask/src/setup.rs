//! `cargo xtask setup`: from a fresh clone to a `cmdai` that answers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{cargo, run};
use crate::{Options, Taken, runtime, tree};

pub(crate) fn task(args: &[String]) -> Result<()> {
    Options::new("setup", args).each(|_, _| Taken::Unknown)?;
    prepare()?;
    let binary = binary();
    let shown = binary.strip_prefix(tree::root()).unwrap_or(&binary).display().to_string();
    eprintln!("ready: {shown}");
    Ok(())
}

/// The runtime and the release binary.
pub(crate) fn prepare() -> Result<()> {
    runtime::ensure()?;
    run(cargo().args(["build", "--release", "--locked", "--package", "cmdai-shell"]))
}

/// Where the release binary lies.
pub(crate) fn binary() -> PathBuf {
    tree::target().join("release").join(format!("cmdai{}", std::env::consts::EXE_SUFFIX))
}

/// Every file of every model in `models/`.
pub(crate) fn model_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for model in entries(&tree::root().join("models"))? {
        if model.is_dir() {
            files.extend(entries(&model)?.into_iter().filter(|path| path.is_file()));
        }
    }
    Ok(files)
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
