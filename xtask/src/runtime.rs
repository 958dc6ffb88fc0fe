//! `cargo xtask runtime`: the ONNX Runtime library, from the package of its makers.
//!
//! The library is not built and not committed. It comes out of the wheel that Microsoft publishes as
//! `onnxruntime`, fetched by name with pip, so that a mirror, a proxy or a certificate that pip is
//! configured for works here too. Both the wheel and the library in it are pinned by sha256. The
//! folder appears under its final name only when it is whole: a run that was killed is run again.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{is_missing, output, succeeds};
use crate::{Options, Taken, tree};

/// The version that cmdai is tested with.
pub(crate) const VERSION: &str = "1.31.1";

/// The library for one platform: where it lies in which wheel.
#[derive(Debug)]
pub(crate) struct Build {
    /// Operating system and processor as Rust names them.
    platform: &'static str,
    /// The platform tag of the wheel.
    tag: &'static str,
    wheel_sha256: &'static str,
    /// The library's file name, in the wheel under `onnxruntime/capi/`.
    pub(crate) library: &'static str,
    library_sha256: &'static str,
}

/// Every platform the package is published for. A new version changes all pins at once.
const BUILDS: &[Build] = &[
    Build {
        platform: "linux-x86_64",
        tag: "manylinux_2_28_x86_64",
        wheel_sha256: "1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536",
        library: "libonnxruntime.so.1.31.1",
        library_sha256: "fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3",
    },
    Build {
        platform: "linux-aarch64",
        tag: "manylinux_2_28_aarch64",
        wheel_sha256: "0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc",
        library: "libonnxruntime.so.1.31.1",
        library_sha256: "8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467",
    },
    Build {
        platform: "macos-aarch64",
        tag: "macosx_14_0_arm64",
        wheel_sha256: "96dd2564b10ea7153ad9c207e7cd8e5917cb3ba521e0e0a62ac03486fdc8d56c",
        library: "libonnxruntime.1.31.1.dylib",
        library_sha256: "d586cbe89effc085a09d3341b3cfbd5c322517f9d397aeb20814af21433f2b36",
    },
    Build {
        platform: "windows-x86_64",
        tag: "win_amd64",
        wheel_sha256: "ae8a9a351efda685cc59a66226cdefaa37a126c1d66872ca23a2de9425326130",
        library: "onnxruntime.dll",
        library_sha256: "e45f61e50d8650885452be538a00bb14a715e46a1bc3691000ce947e89ed0306",
    },
    Build {
        platform: "windows-aarch64",
        tag: "win_arm64",
        wheel_sha256: "fe8b9ac1ae8e894e12c47ee82e4f6dfc1835768133687257866469fda80d0bf1",
        library: "onnxruntime.dll",
        library_sha256: "dc9e2fe646a72829386a24ac9185a7a4e26d7dbe5dc433d41df063603c00bbc7",
    },
];

/// What must travel with the library.
pub(crate) const NOTICES: &[&str] = &["LICENSE", "Privacy.md", "ThirdPartyNotices.txt"];

pub(crate) fn task(args: &[String]) -> Result<()> {
    let mut wheel = None;
    let mut platform = None;
    let mut into = None;
    Options::new("runtime", args).each(|arg, value| {
        match arg {
            "--wheel" => wheel = value.map(PathBuf::from),
            "--platform" => platform = value,
            "--into" => into = value.map(PathBuf::from),
            _ => return Taken::Unknown,
        }
        Taken::Value
    })?;
    match (platform, into) {
        (None, into) => {
            let dir = into.unwrap_or_else(vendor_dir);
            provide(host_build()?, &dir, wheel.as_deref())
        }
        (Some(platform), Some(into)) => provide(build_for(platform)?, &into, wheel.as_deref()),
        (Some(_), None) => bail!("--platform needs --into DIR: vendor/ is for this machine"),
    }
}

/// Puts the library for this machine into `vendor/`, where cmdai looks when it runs from `target/`.
pub(crate) fn ensure() -> Result<()> {
    provide(host_build()?, &vendor_dir(), None)
}

/// The library for this machine.
pub(crate) fn host_build() -> Result<&'static Build> {
    build_for(&host_platform())
}

/// Where the library of this machine lies in the checkout.
pub(crate) fn vendor_dir() -> PathBuf {
    tree::root().join("vendor/onnxruntime").join(VERSION)
}

fn host_platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

fn build_for(platform: &str) -> Result<&'static Build> {
    BUILDS.iter().find(|build| build.platform == platform).with_context(|| {
        let known: Vec<_> = BUILDS.iter().map(|build| build.platform).collect();
        format!(
            "ONNX Runtime {VERSION} is not published for {platform}, only for {}; build it yourself and \
             point CMDAI_ORT_DYLIB at the library",
            known.join(", ")
        )
    })
}

/// Makes `dir` hold the library of `build` and its notices.
fn provide(build: &Build, dir: &Path, wheel: Option<&Path>) -> Result<()> {
    if is_whole(build, dir) {
        eprintln!("onnxruntime {VERSION} ({}) is in {}", build.platform, dir.display());
        return Ok(());
    }
    let parent = dir.parent().unwrap_or(Path::new("."));
    tree::make_dir(parent)?;
    let _lock = lock(parent, "fetches the runtime")?;
    // Another run may have done the work while we waited for it.
    if is_whole(build, dir) {
        return Ok(());
    }
    let python = Python::find()?;
    let own_wheel = match wheel {
        Some(file) => {
            expect_sha256(file, build.wheel_sha256)?;
            None
        }
        None => Some(fetch(build, &python)?),
    };
    let wheel = wheel.or(own_wheel.as_deref()).context("no wheel")?;

    let aside = parent.join(format!(".{}.aside", dir.file_name().unwrap_or_default().to_string_lossy()));
    let filled = fill(build, &python, wheel, &aside);
    if filled.is_err() {
        // The disk may be full: what cannot be used does not stay.
        let _ = tree::remove(&aside);
    }
    filled?;
    tree::remove(dir)?;
    fs::rename(&aside, dir)
        .with_context(|| format!("cannot rename {} to {}", aside.display(), dir.display()))?;
    if let Some(wheel) = own_wheel {
        tree::remove(&wheel)?;
    }
    eprintln!("onnxruntime {VERSION} ({}) is now in {}", build.platform, dir.display());
    Ok(())
}

/// Unpacks what we take from the wheel into a new folder, checked and on the disk.
fn fill(build: &Build, python: &Python, wheel: &Path, dir: &Path) -> Result<()> {
    tree::remove(dir)?;
    tree::make_dir(dir)?;
    python.unpack(wheel, &members(build), dir)?;
    expect_sha256(&dir.join(build.library), build.library_sha256)?;
    for name in [build.library].iter().chain(NOTICES) {
        let file = dir.join(name);
        let synced = File::open(&file).and_then(|file| file.sync_all());
        synced.with_context(|| format!("cannot write {} to disk", file.display()))?;
    }
    Ok(())
}

/// True where the folder holds the right library and all notices.
fn is_whole(build: &Build, dir: &Path) -> bool {
    NOTICES.iter().all(|name| dir.join(name).is_file())
        && tree::sha256(&dir.join(build.library)).is_ok_and(|sum| sum == build.library_sha256)
}

/// Names of what we take, as the wheel has them.
fn members(build: &Build) -> Vec<String> {
    let notices = NOTICES.iter().map(|name| format!("onnxruntime/{name}"));
    notices.chain([format!("onnxruntime/capi/{}", build.library)]).collect()
}

/// One fetch at a time: what lies aside then belongs to a run that is over. Released on drop.
/// What the other run is about is said as in "waiting for another run that `does` this".
pub(crate) fn lock(parent: &Path, does: &str) -> Result<File> {
    let path = parent.join(".lock");
    let explain = || format!("cannot lock {}", path.display());
    let file = File::create(&path).with_context(explain)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("waiting for another run that {does}");
            file.lock().with_context(explain)?;
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(explain),
    }
    Ok(file)
}

fn expect_sha256(file: &Path, expected: &str) -> Result<()> {
    let actual = tree::sha256(file)?;
    if actual != expected {
        bail!(
            "{} is not the file that cmdai was tested with: its sha256 is {actual}, expected {expected}; \
             nothing was installed from it",
            file.display()
        );
    }
    Ok(())
}

/// Downloads the wheel, or takes the one that an interrupted run left whole.
fn fetch(build: &Build, python: &Python) -> Result<PathBuf> {
    let dir = tree::scratch("wheels")?;
    let wheel = dir.join(format!("onnxruntime-{VERSION}-cp312-cp312-{}.whl", build.tag));
    if wheel.is_file() {
        if expect_sha256(&wheel, build.wheel_sha256).is_ok() {
            return Ok(wheel);
        }
        tree::remove(&wheel)?;
    }
    eprintln!("fetching onnxruntime {VERSION} for {} with pip (about 24 MB)", build.platform);
    let mut pip = python.pip()?;
    pip.args(["download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--only-binary=:all:", "--python-version", "3.12", "--implementation", "cp"]);
    pip.args(["--abi", "cp312", "--platform", build.tag, "--dest"]).arg(&dir);
    pip.arg(format!("onnxruntime=={VERSION}"));
    // A download installs nothing, so the rule that pip may only work inside an environment does not apply.
    pip.env_remove("PIP_REQUIRE_VIRTUALENV").stdin(Stdio::null());
    let status = pip.status().context("cannot start pip")?;
    if !status.success() {
        bail!(
            "pip could not fetch onnxruntime {VERSION} (its message is above); check the network or pip's \
             index, or fetch the file {} elsewhere and run `cargo xtask runtime --wheel FILE`",
            wheel.file_name().unwrap_or_default().to_string_lossy()
        );
    }
    if let Err(error) = expect_sha256(&wheel, build.wheel_sha256) {
        tree::remove(&wheel)?;
        return Err(error);
    }
    Ok(wheel)
}

/// A Python 3 interpreter.
pub(crate) struct Python(PathBuf);

impl Python {
    /// The one that `PYTHON` names, else the first of the usual names that is Python 3.9 or later.
    pub(crate) fn find() -> Result<Self> {
        let named = std::env::var_os("PYTHON").map(PathBuf::from);
        let usual = ["python3", "python", "py"].map(PathBuf::from);
        let test = "import sys; sys.exit(sys.version_info < (3, 9))";
        let found =
            named.into_iter().chain(usual).find(|name| succeeds(Command::new(name).args(["-c", test])));
        found
            .map(Self)
            .context("Python 3.9 or later is needed to fetch packages; install python3 or set PYTHON to it")
    }

    /// This interpreter with some arguments.
    pub(crate) fn command(&self) -> Command {
        Command::new(&self.0)
    }

    /// pip, from this interpreter or, where it has none (as on Debian), from an environment of ours.
    fn pip(&self) -> Result<Command> {
        if succeeds(self.command().args(["-m", "pip", "--version"])) {
            let mut pip = self.command();
            pip.args(["-m", "pip"]);
            return Ok(pip);
        }
        let mut pip = self.environment("pip")?.command();
        pip.args(["-m", "pip"]);
        Ok(pip)
    }

    /// A virtual environment in the target directory.
    pub(crate) fn environment(&self, name: &str) -> Result<Self> {
        let dir = tree::scratch("python")?.join(name);
        let python = if cfg!(windows) { dir.join("Scripts/python.exe") } else { dir.join("bin/python") };
        if succeeds(Command::new(&python).args(["-m", "pip", "--version"])) {
            return Ok(Self(python));
        }
        tree::remove(&dir)?;
        let made = output(self.command().args(["-m", "venv"]).arg(&dir));
        made.with_context(|| {
            format!(
                "{} has neither pip nor a working venv module; install them (Debian and Ubuntu: \
                 `apt-get install python3-pip` or `python3-venv`)",
                self.0.display()
            )
        })?;
        Ok(Self(python))
    }

    /// Takes `members` out of a wheel, which is a zip archive, into `dir` under their last names.
    fn unpack(&self, wheel: &Path, members: &[String], dir: &Path) -> Result<()> {
        const SCRIPT: &str = "\
import os, shutil, sys, zipfile
wheel, into, *names = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in names:
        with archive.open(name) as source, open(os.path.join(into, os.path.basename(name)), 'wb') as target:
            shutil.copyfileobj(source, target)
";
        let mut python = self.command();
        python.args(["-I", "-c", SCRIPT]).arg(wheel).arg(dir).args(members);
        let unpacked = output(&mut python);
        unpacked.map(drop).map_err(|error| {
            if is_missing(&error) {
                return error;
            }
            // The last line of a Python traceback is the one that says what went wrong.
            let text = error.to_string();
            let cause = text.lines().last().unwrap_or("").to_owned();
            anyhow::anyhow!("cannot unpack {} into {}: {cause}", wheel.display(), dir.display())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pin_is_a_sha256_and_every_platform_is_listed_once() {
        for (at, build) in BUILDS.iter().enumerate() {
            for pin in [build.wheel_sha256, build.library_sha256] {
                assert!(pin.len() == 64 && pin.bytes().all(|b| b.is_ascii_hexdigit()), "{}", build.platform);
            }
            assert!(
                BUILDS[at + 1..].iter().all(|other| other.platform != build.platform),
                "{}",
                build.platform
            );
        }
        assert!(build_for("plan9-mips").unwrap_err().to_string().contains("not published for plan9-mips"));
    }

    /// A wheel of the right shape and the wrong content.
    fn wheel(dir: &Path, build: &Build) -> PathBuf {
        let file = dir.join("onnxruntime.whl");
        let script = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n    \
                      [z.writestr(name, name) for name in sys.argv[2:]]";
        let python = Python::find().unwrap();
        output(python.command().args(["-I", "-c", script]).arg(&file).args(members(build))).unwrap();
        file
    }

    #[test]
    fn a_wheel_with_another_checksum_is_refused_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let build = &BUILDS[0];
        let wheel = wheel(dir.path(), build);
        let into = dir.path().join("vendor/1.31.1");
        let error = provide(build, &into, Some(&wheel)).unwrap_err().to_string();
        assert!(error.contains("is not the file that cmdai was tested with"), "{error}");
        assert!(!into.exists());
    }

    #[test]
    fn a_whole_folder_is_kept_and_a_broken_one_is_not_taken_for_whole() {
        let dir = tempfile::tempdir().unwrap();
        let made = Build { library: "lib", library_sha256: "", ..BUILDS[0] };
        for name in NOTICES.iter().chain(["lib"].iter()) {
            tree::write(&dir.path().join(name), b"x").unwrap();
        }
        assert!(!is_whole(&made, dir.path()));
        let right = Build {
            library_sha256: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            ..made
        };
        assert!(is_whole(&right, dir.path()));
        // Nothing is fetched for a folder that is whole: the wheel named here does not exist.
        provide(&right, dir.path(), Some(Path::new("/nonexistent.whl"))).unwrap();
        tree::remove(&dir.path().join("LICENSE")).unwrap();
        assert!(!is_whole(&right, dir.path()));
    }

    #[test]
    fn unpacking_says_what_is_wrong_with_an_archive() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("broken.whl");
        tree::write(&file, b"not a zip").unwrap();
        let error = Python::find().unwrap().unpack(&file, &["a".into()], dir.path()).unwrap_err().to_string();
        assert!(error.contains("not a zip file"), "{error}");
        let file = wheel(dir.path(), &BUILDS[0]);
        let python = Python::find().unwrap();
        python.unpack(&file, &["onnxruntime/LICENSE".into()], dir.path()).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("LICENSE")).unwrap(), "onnxruntime/LICENSE");
    }
}
