//! The ONNX Runtime library: opened once, checked before it is trusted, and kept silent.
//!
//! A process has one ONNX Runtime environment for its whole life. It is never released, so nothing of it
//! runs when the process exits.

use std::error::Error as StdError;
use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;

use crate::error::{Error, ErrorKind};
use crate::models::{RuntimeLibrary, runtime_hint};

/// The variable that keeps ONNX Runtime from collecting and sending usage data.
const TELEMETRY: &str = "ORT_DISABLE_TELEMETRY";

/// The one environment of this process.
pub(super) struct Loaded {
    /// Under which sessions are made.
    pub(super) environment: Environment,
    /// The version the library reports: `1.31.1`.
    pub(super) version: String,
    path: PathBuf,
}

static LOADED: OnceLock<Loaded> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

/// Keeps ONNX Runtime from collecting and sending usage data, which its official builds do from 1.29 on.
///
/// The library reads the environment of the process when it starts, before any of its own switches can be
/// reached. Call this first in `main`: changing the environment is safe only while no other thread reads it.
/// Loading a model calls it too, for programs that do not.
pub fn disable_telemetry() {
    if std::env::var_os(TELEMETRY).is_some_and(|value| value == "1") {
        return;
    }
    // SAFETY: std serialises its own readers and writers of the environment. A C library that reads it at
    // this very moment in another thread would race; `main` calls this before there is any other thread.
    unsafe { std::env::set_var(TELEMETRY, "1") };
}

/// The version of a library, without making it the library of this process.
///
/// # Errors
/// `Runtime` with the loader's reason, or that of a version that is too old.
pub fn runtime_version(library: &RuntimeLibrary) -> Result<String, Error> {
    open(library.path()).map(|(version, _)| version)
}

/// The environment on a library: made at the first call, the same one ever after.
pub(super) fn environment(library: &RuntimeLibrary) -> Result<&'static Loaded, Error> {
    let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = library.path();
    if let Some(loaded) = LOADED.get() {
        if loaded.path != path {
            let message = format!(
                "cannot load {}: this process already uses {}",
                path.display(),
                loaded.path.display()
            );
            return Err(Error::new(ErrorKind::Runtime, message)
                .with_hint("use one ONNX Runtime library in a process"));
        }
        return Ok(loaded);
    }
    disable_telemetry();
    let (version, handle) = open(path)?;
    // What ort opens now is the same library. It stays for the life of the process, so that it is loaded once.
    std::mem::forget(handle);
    let builder = ort::init_from(path).map_err(|error| unusable(path, &reason(&error)))?;
    let environment = builder
        .with_name("cmdai")
        .with_telemetry(false)
        // Without a listener of its own ONNX Runtime writes to stderr, which belongs to the caller.
        .with_logger(Arc::new(|_, _, _, _, _| {}))
        .build()
        .map_err(|error| unusable(path, &reason(&error)))?;
    environment.set_log_level(LogLevel::Fatal);
    Ok(LOADED.get_or_init(|| Loaded { environment, version, path: path.to_owned() }))
}

fn open(path: &Path) -> Result<(String, libloading::Library), Error> {
    type BaseGetter = unsafe extern "C" fn() -> *const ort::sys::OrtApiBase;
    // SAFETY: opening a library runs its initialisers. The file was named by the user or lies where only
    // installers write; an ONNX Runtime only registers its own statics.
    let library =
        unsafe { libloading::Library::new(path) }.map_err(|error| unusable(path, &reason(&error)))?;
    // SAFETY: every ONNX Runtime exports this symbol with this signature since 1.0.
    let getter = unsafe { library.get::<BaseGetter>(c"OrtGetApiBase") }
        .map_err(|_| unusable(path, "is no ONNX Runtime: it does not export OrtGetApiBase"))?;
    // SAFETY: the function takes nothing and returns a pointer to a static, or null.
    let base = unsafe { getter().as_ref() }.ok_or_else(|| unusable(path, "offers no interface"))?;
    // SAFETY: GetVersionString takes nothing and returns a static C string.
    let version = unsafe { CStr::from_ptr((base.GetVersionString)()) }.to_string_lossy().into_owned();
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(1)), Some(Ok(minor))) if minor >= ort::MINOR_VERSION => Ok((version, library)),
        _ => {
            let needed = format!("is ONNX Runtime {version}; 1.{} or later is needed", ort::MINOR_VERSION);
            Err(unusable(path, &needed))
        }
    }
}

fn unusable(path: &Path, reason: &str) -> Error {
    let message = format!("ONNX Runtime library {} {reason}", path.display());
    Error::new(ErrorKind::Runtime, message).with_hint(runtime_hint())
}

/// What an error says together with its causes; the loader's own words come last.
fn reason(error: &dyn StdError) -> String {
    let mut reason = format!("cannot be used: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        reason = format!("{reason}: {error}");
        cause = error.source();
    }
    reason.replace('\n', " ")
}
