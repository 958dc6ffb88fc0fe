//! Where the ONNX Runtime library may lie, in the order in which it is looked for.
//!
//! The search only looks at file names: opening a library runs code in it, which waits until a model is
//! really needed. A file whose name says that it is too old is passed over with that reason.

use std::fs;
use std::path::{Path, PathBuf};

use super::locate::{Found, Tried, list};
use super::places::Places;
use crate::error::{Error, ErrorKind};

/// The version that cmdai is built and tested with; `cargo xtask runtime` fetches it.
pub const PINNED_RUNTIME: &str = "1.31.1";
/// The oldest minor version of ONNX Runtime 1.x whose interface suffices.
pub(crate) const OLDEST_MINOR: u32 = 24;

/// A library file that may be an ONNX Runtime. Whether it is one shows when an engine opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeLibrary {
    path: PathBuf,
}

impl RuntimeLibrary {
    /// The library at a path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True where the CUDA provider lies beside it.
    pub fn has_cuda(&self) -> bool {
        let name =
            if cfg!(windows) { "onnxruntime_providers_cuda.dll" } else { "libonnxruntime_providers_cuda.so" };
        self.path.with_file_name(name).is_file()
    }
}

/// Looks for ONNX Runtime: `configured` (from the configuration file), `CMDAI_ORT_DYLIB`, `ORT_DYLIB_PATH`,
/// beside the program, the source tree, the user's data folder, Python packages, the system's folders.
/// With `cuda`, a library that has the CUDA provider beside it goes before one that has not.
///
/// A library that somebody named to cmdai must be there; the search does not go on behind their back.
/// `ORT_DYLIB_PATH` is meant for other programs too, so the search goes on where it leads nowhere.
///
/// # Errors
/// `Runtime` with every place that was looked at.
pub fn find_runtime(
    places: &Places,
    configured: Option<&Path>,
    cuda: bool,
) -> Result<Found<RuntimeLibrary>, Error> {
    for (origin, named) in
        [("`onnxruntime.path`", configured), ("CMDAI_ORT_DYLIB", places.runtime.as_deref())]
    {
        if let Some(path) = named {
            let value = named_library(path).map_err(|reason| {
                let message = format!("{origin}: ONNX Runtime library {} {reason}", path.display());
                Error::new(ErrorKind::Runtime, message).with_hint(NAMED_HINT)
            })?;
            return Ok(Found { value, origin, tried: Vec::new() });
        }
    }
    let mut tried = Vec::new();
    let mut found = Vec::new();
    if let Some(path) = &places.shared_runtime {
        match named_library(path) {
            Ok(library) => found.push((library, "ORT_DYLIB_PATH")),
            Err(reason) => tried.push(Tried { origin: "ORT_DYLIB_PATH", path: path.clone(), reason }),
        }
    }
    for (origin, folder) in folders(places) {
        match best_in(&folder) {
            Ok(library) => found.push((library, origin)),
            Err(reason) => tried.push(Tried { origin, path: folder, reason }),
        }
    }
    let with_cuda = found.iter().position(|(library, _)| cuda && library.has_cuda());
    if found.is_empty() {
        let message = format!("no ONNX Runtime library found: {}", list(&tried));
        return Err(Error::new(ErrorKind::Runtime, message).with_hint(hint()));
    }
    let (value, origin) = found.swap_remove(with_cuda.unwrap_or(0));
    Ok(Found { value, origin, tried })
}

/// The way out where a library was named that cannot be used.
const NAMED_HINT: &str = "name a file or folder that is there, or leave it unnamed: cmdai looks for its own then, and `cmdai doctor` shows where";

/// The way out of every other trouble with the library. An installed copy has no source tree.
pub(crate) fn hint() -> &'static str {
    "install cmdai again (in a checkout: `cargo xtask runtime`), or set CMDAI_ORT_DYLIB to an ONNX Runtime library; \
     `cmdai doctor` shows where it was looked for"
}

/// A library that was named: a file, or a folder that holds one. Relative to the working directory.
fn named_library(path: &Path) -> Result<RuntimeLibrary, String> {
    // The loader searches other folders for a relative path; an absolute one is opened or fails.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return best_in(&path);
    }
    if path.is_file() { Ok(RuntimeLibrary { path }) } else { Err("does not exist".to_owned()) }
}

fn folders(places: &Places) -> Vec<(&'static str, PathBuf)> {
    let mut folders = Vec::new();
    if let Some(folder) = places.exe_folder() {
        folders.push(("beside the program", folder.join("../lib/cmdai")));
        folders.push(("beside the program", folder.to_owned()));
    }
    if let Some(root) = places.source_tree() {
        folders.push(("source tree", root.join("vendor/onnxruntime").join(PINNED_RUNTIME)));
    }
    if let Some(data) = &places.data {
        folders.push(("user data", data.join("lib")));
    }
    folders.extend(python_packages(places).into_iter().map(|folder| ("Python package", folder)));
    folders.extend(places.system_libraries.iter().map(|folder| ("system", folder.clone())));
    folders
}

/// `onnxruntime/capi` in the site-packages of the active environments, of the `python3` on `PATH`, and of the user.
fn python_packages(places: &Places) -> Vec<PathBuf> {
    let on_path = places.path.iter().map(|folder| folder.join("python3")).find(|python| python.is_file());
    let behind = on_path.as_deref().and_then(|python| python.canonicalize().ok());
    let prefix = |python: &PathBuf| python.parent()?.parent().map(Path::to_owned);
    let mut prefixes = places.python_prefixes.clone();
    // `python3` of a virtual environment is a link: its own prefix counts before the one it leads to.
    prefixes.extend(on_path.as_ref().and_then(prefix));
    prefixes.extend(behind.as_ref().and_then(prefix));
    prefixes.extend(places.home.as_deref().map(|home| home.join(".local")));
    let mut packages = Vec::new();
    for prefix in prefixes {
        let mut lists = vec![prefix.join("Lib")];
        lists.extend(children(&prefix.join("lib")).into_iter().filter(|lib| starts_with(lib, "python3")));
        for list in lists {
            for kind in ["site-packages", "dist-packages"] {
                let folder = list.join(kind).join("onnxruntime/capi");
                if folder.is_dir() && !packages.contains(&folder) {
                    packages.push(folder);
                }
            }
        }
    }
    packages
}

/// The newest library in a folder, or why there is none.
fn best_in(folder: &Path) -> Result<RuntimeLibrary, String> {
    if !folder.is_dir() {
        return Err("does not exist".to_owned());
    }
    let mut old = None;
    let mut usable: Vec<_> = Vec::new();
    for path in children(folder) {
        let Some(version) = path.file_name().and_then(|name| library_version(&name.to_string_lossy())) else {
            continue;
        };
        match version {
            Some([1, minor, _]) if minor < OLDEST_MINOR => old = Some(format!("1.{minor}")),
            _ if path.is_file() => usable.push((version, path)),
            _ => {}
        }
    }
    // A name with a version before the bare link to it, and the newest first.
    match (usable.into_iter().max(), old) {
        (Some((_, path)), _) => Ok(RuntimeLibrary { path }),
        (None, Some(old)) => Err(format!("holds ONNX Runtime {old}; 1.{OLDEST_MINOR} or later is needed")),
        (None, None) => Err("holds no ONNX Runtime library".to_owned()),
    }
}

/// `None` for other files; the version where the name of a library tells it.
fn library_version(name: &str) -> Option<Option<[u32; 3]>> {
    let rest = if cfg!(windows) {
        name.strip_prefix("onnxruntime")?.strip_suffix(".dll")?
    } else if cfg!(target_os = "macos") {
        name.strip_prefix("libonnxruntime")?.strip_suffix(".dylib")?
    } else {
        name.strip_prefix("libonnxruntime.so")?
    };
    if rest.is_empty() {
        return Some(None);
    }
    let mut numbers = rest.strip_prefix('.')?.split('.').map(str::parse::<u32>);
    let mut version = [0; 3];
    for place in &mut version {
        match numbers.next() {
            Some(Ok(number)) => *place = number,
            Some(Err(_)) => return None,
            // `libonnxruntime.so.1` tells nothing about the minor version.
            None => return Some(None),
        }
    }
    numbers.next().is_none().then_some(Some(version))
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut children: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    children.sort();
    children
}

fn starts_with(path: &Path, prefix: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for file in files {
            let path = tree.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        tree
    }

    fn places(root: &Path) -> Places {
        Places {
            exe: Some(root.join("opt/bin/cmdai")),
            home: Some(root.join("home")),
            data: Some(root.join("data")),
            path: vec![root.join("usr/bin")],
            system_libraries: vec![root.join("usr/lib")],
            ..Places::default()
        }
    }

    /// In a tree of these files, the search must end at `expect`.
    fn check(files: &[&str], change: impl FnOnce(&Path, &mut Places), expect: &str, origin: &str) {
        let tree = tree(files);
        let root = tree.path();
        fs::create_dir_all(root.join("opt/bin")).unwrap();
        let mut places = places(root);
        change(root, &mut places);
        let found = find_runtime(&places, None, false).unwrap();
        assert_eq!((found.value.path(), found.origin), (root.join(expect).as_path(), origin));
    }

    const IN_PYTHON: &str = "usr/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.31.1";

    #[test]
    fn the_order_is_kept() {
        let installed = "opt/lib/cmdai/libonnxruntime.so.1.31.1";
        let found = "opt/bin/../lib/cmdai/libonnxruntime.so.1.31.1";
        let data = "data/lib/libonnxruntime.so";
        let system = "usr/lib/libonnxruntime.so.1.30.0";
        let all = [installed, data, IN_PYTHON, system, "usr/bin/python3", "x/y.so"];
        check(&all, |root, p| p.runtime = Some(root.join("x/y.so")), "x/y.so", "CMDAI_ORT_DYLIB");
        check(&all, |root, p| p.shared_runtime = Some(root.join("x/y.so")), "x/y.so", "ORT_DYLIB_PATH");
        check(&all, |root, p| p.shared_runtime = Some(root.join("gone.so")), found, "beside the program");
        check(&all, |_, _| (), found, "beside the program");
        check(&all[1..], |_, _| (), data, "user data");
        check(&all[2..], |_, _| (), IN_PYTHON, "Python package");
        check(&[system], |_, _| (), system, "system");
    }

    #[test]
    fn the_source_tree_counts_from_its_target_folder() {
        let vendored = "tree/vendor/onnxruntime/1.31.1/libonnxruntime.so.1.31.1";
        let files = ["tree/cmdai-core/Cargo.toml", vendored, "data/lib/libonnxruntime.so"];
        check(&files, |root, p| p.exe = Some(root.join("tree/target/debug/cmdai")), vendored, "source tree");
        check(&files, |_, _| (), "data/lib/libonnxruntime.so", "user data");
    }

    #[test]
    fn a_virtual_environment_goes_before_the_python_on_the_path() {
        let venv = "venv/lib/python3.13/site-packages/onnxruntime/capi/libonnxruntime.so.1.29.0";
        let files = [venv, IN_PYTHON, "usr/bin/python3"];
        check(&files, |root, p| p.python_prefixes = vec![root.join("venv")], venv, "Python package");
    }

    #[test]
    fn the_newest_library_of_a_folder_is_taken_and_old_ones_are_not() {
        let both = [
            "data/lib/libonnxruntime.so.1.24.2",
            "data/lib/libonnxruntime.so.1.31.1",
            "data/lib/libonnxruntime.so",
        ];
        check(&both, |_, _| (), both[1], "user data");
        let old = ["data/lib/libonnxruntime.so.1.18.0", "usr/lib/libonnxruntime.so.1"];
        check(&old, |_, _| (), old[1], "system");
    }

    #[test]
    fn the_cuda_build_is_preferred_only_when_asked_for() {
        let tree = tree(&["data/lib/libonnxruntime.so.1.31.1", IN_PYTHON, "usr/bin/python3"]);
        let gpu = tree.path().join(IN_PYTHON).with_file_name("libonnxruntime_providers_cuda.so");
        fs::write(gpu, "").unwrap();
        let find = |cuda| find_runtime(&places(tree.path()), None, cuda).unwrap().origin;
        assert_eq!((find(false), find(true)), ("user data", "Python package"));
    }

    #[test]
    fn a_named_library_is_used_or_reported_never_replaced() {
        let tree = tree(&["data/lib/libonnxruntime.so.1.31.1", "old/libonnxruntime.so.1.20.1"]);
        let check = |named: &str, expect: &str| {
            let error =
                find_runtime(&places(tree.path()), Some(&tree.path().join(named)), false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Runtime);
            // Who named a library needs no other one, and has perhaps no source tree.
            assert!(error.hint().is_some_and(|hint| !hint.contains("xtask")), "{:?}", error.hint());
            assert!(error.to_string().contains(expect), "{error}");
        };
        check("gone.so", "`onnxruntime.path`: ONNX Runtime library");
        check("gone.so", "gone.so does not exist");
        check("old", "holds ONNX Runtime 1.20; 1.24 or later is needed");
        let folder = find_runtime(&places(tree.path()), Some(&tree.path().join("data/lib")), false).unwrap();
        assert!(folder.value.path().ends_with("data/lib/libonnxruntime.so.1.31.1"));
    }

    #[test]
    fn every_place_is_named_when_nothing_is_found() {
        let empty = tree(&["usr/lib/libonnxruntime.so.1.18.0", "usr/lib/libonnxruntime_providers_shared.so"]);
        let message = find_runtime(&places(empty.path()), None, false).unwrap_err().to_string();
        assert!(message.contains("lib/cmdai does not exist (beside the program)"), "{message}");
        assert!(message.contains("usr/lib holds ONNX Runtime 1.18"), "{message}");
    }

    #[test]
    fn names_tell_versions() {
        let check = |name: &str, expect: Option<Option<[u32; 3]>>| {
            assert_eq!(library_version(name), expect, "{name}")
        };
        check("libonnxruntime.so.1.31.1", Some(Some([1, 31, 1])));
        check("libonnxruntime.so.1", Some(None));
        check("libonnxruntime.so", Some(None));
        check("libonnxruntime.so.1.31.1.bak", None);
        check("libonnxruntime.so.gz", None);
        check("libonnxruntime_providers_cuda.so", None);
    }
}
