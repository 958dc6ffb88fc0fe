//! `cargo xtask test`: everything the tests need, then all tests.
//!
//! Tests of real inference skip themselves where the model or the runtime is absent, so that
//! `cargo test` alone works anywhere. Here nothing may skip: `CMDAI_REQUIRE_MODEL=1` turns a skip
//! into a failure. The training project is Python and is tested as far as pytest and numpy go: its
//! tests that need torch or ONNX Runtime for Python skip themselves.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, run, succeeds};
use crate::runtime::Python;
use crate::{Options, Taken, breadth, runtime, setup, tree};

/// Of `training/requirements.lock`: pytest with what it needs, and numpy.
const LIGHT: &[&str] = &["colorama", "iniconfig", "numpy", "packaging", "pluggy", "pygments", "pytest"];

pub(crate) fn task(args: &[String]) -> Result<()> {
    Options::new("test", args).each(|_, _| Taken::Unknown)?;
    runtime::ensure()?;
    breadth::ensure();
    setup::verify_models()?;
    let with_model = |args: &[&str]| run(cargo().env("CMDAI_REQUIRE_MODEL", "1").args(args));
    if succeeds(cargo().args(["nextest", "--version"])) {
        with_model(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])?;
        // nextest runs no documentation tests.
        with_model(&["test", "--workspace", "--locked", "--doc"])?;
    } else {
        with_model(&["test", "--workspace", "--locked", "--no-fail-fast"])?;
    }
    training()
}

fn training() -> Result<()> {
    let dir = tree::root().join("training");
    let lock = dir.join("requirements.lock");
    if !lock.is_file() {
        return Ok(());
    }
    let text = std::fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let light = tree::scratch("python")?.join("light.txt");
    tree::write(&light, pins(&text, LIGHT)?.as_bytes())?;

    let python = Python::find()?;
    if !succeeds(python.command().args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"])) {
        bail!("the tests in training/ need Python 3.11 or later; set PYTHON to one");
    }
    let python = python.environment("training")?;
    let mut pip = python.command();
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    run(pip
        .args(["--require-hashes", "--no-deps", "--requirement"])
        .arg(relative(&light))
        .current_dir(tree::root()))?;
    run(python.command().args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).current_dir(dir))
}

/// The path as it is short to show, from the root.
fn relative(path: &Path) -> &Path {
    path.strip_prefix(tree::root()).unwrap_or(path)
}

/// The entries of a pip lock file for some packages: `name==version [; marker] \` and its hashes.
fn pins(lock: &str, names: &[&str]) -> Result<String> {
    let mut kept = String::new();
    let mut found = Vec::new();
    let mut keep = false;
    for line in lock.lines() {
        if !line.starts_with([' ', '#']) {
            let name = line.split("==").next().unwrap_or(line);
            keep = names.contains(&name);
            found.extend(keep.then_some(name));
        }
        if keep && !line.trim_start().starts_with('#') {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    // colorama is needed on Windows only and pygments by later versions of pytest only.
    for name in ["numpy", "pytest"] {
        if !found.contains(&name) {
            bail!("training/requirements.lock does not name {name}");
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_of_the_named_packages_are_taken_with_their_hashes() {
        let lock = "# made by uv\nnumpy==2.3.5 \\\n    --hash=sha256:aa\n    # via torch\n\
                    torch==2.15.0 \\\n    --hash=sha256:bb\npytest==9.0.0 ; python_version >= '3' \\\n    --hash=sha256:cc\n";
        let expect = "numpy==2.3.5 \\\n    --hash=sha256:aa\npytest==9.0.0 ; python_version >= '3' \\\n    --hash=sha256:cc\n";
        assert_eq!(pins(lock, LIGHT).unwrap(), expect);
        assert!(pins("torch==1 \\\n", LIGHT).unwrap_err().to_string().contains("does not name numpy"));
    }
}
