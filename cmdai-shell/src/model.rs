//! Opens the model on its runtime. Where both are is looked up by the library, from what the environment says.
//!
//! Built without the feature `onnx` there is no engine; everything that needs none still works.

use cmdai_core::Error;
use cmdai_core::config::Config;
use cmdai_core::engine::TextModel;
#[cfg(feature = "onnx")]
use cmdai_core::engine::onnx::{Device, OnnxModel, OnnxOptions};
use cmdai_core::models::RuntimeLibrary;
#[cfg(feature = "onnx")]
use cmdai_core::models::{DEFAULT_MODEL, Places, VerifiedModel, find_model, find_runtime};

/// A model that is ready, and what a person should know about how it runs.
pub(crate) struct Opened {
    pub model: Box<dyn TextModel>,
    pub note: Option<String>,
    /// True where it was loaded from the weights that [`prepare`] saved.
    pub prepared: bool,
}

/// Loads the model and its runtime.
///
/// # Errors
/// Either is missing or cannot be used.
#[cfg(feature = "onnx")]
pub(crate) fn open(config: &Config) -> Result<Opened, Error> {
    let Parts { model, runtime, options } = parts(config)?;
    let model = OnnxModel::load(&model, &runtime, &options)?;
    let note = model.note().map(str::to_owned);
    let prepared = model.is_prepared();
    Ok(Opened { model: Box::new(model), note, prepared })
}

/// Saves the model's weights in the form that the runtime loads fastest. False where that was done before.
///
/// # Errors
/// As [`open`]; or the cache cannot be written.
#[cfg(feature = "onnx")]
pub(crate) fn prepare(config: &Config) -> Result<bool, Error> {
    let Parts { model, runtime, options } = parts(config)?;
    OnnxModel::prepare(&model, &runtime, &options)
}

/// True where a model and its runtime are, as far as that can be told without opening them.
#[cfg(feature = "onnx")]
pub(crate) fn is_installed(config: &Config) -> bool {
    let places = Places::from_env();
    find_model(&places, config.model_path.as_deref(), DEFAULT_MODEL).is_ok()
        && find_runtime(&places, config.onnxruntime_path.as_deref(), false).is_ok()
}

/// What a model is opened from.
#[cfg(feature = "onnx")]
struct Parts {
    model: VerifiedModel,
    runtime: RuntimeLibrary,
    options: OnnxOptions,
}

#[cfg(feature = "onnx")]
fn parts(config: &Config) -> Result<Parts, Error> {
    let places = Places::from_env();
    let mut options = OnnxOptions::default();
    options.threads = config.threads;
    options.device = match config.device.unwrap_or_default() {
        cmdai_core::config::Device::Cpu => Device::Cpu,
        cmdai_core::config::Device::Cuda => Device::Cuda,
        cmdai_core::config::Device::CoreMl => Device::CoreMl,
        _ => Device::Auto,
    };
    let model = find_model(&places, config.model_path.as_deref(), DEFAULT_MODEL)?;
    let cuda = options.device == Device::Cuda;
    let runtime = find_runtime(&places, config.onnxruntime_path.as_deref(), cuda)?.value;
    let bytes: u64 = model.value.manifest().files.iter().map(|file| file.bytes).sum();
    enough_memory(bytes)?;
    let model = model.value.verify_once(places.cache.as_deref())?;
    options.cache = places.cache;
    Ok(Parts { model, runtime, options })
}

/// A model may take so many times the size of its files, while it is loaded.
#[cfg(feature = "onnx")]
const WHILE_LOADING: u64 = 4;

/// Under a limit (`ulimit -v`) that the model does not fit into, an allocation would fail within the runtime, or within us,
/// and that ends the process without a word that helps.
///
/// # Errors
/// There is such a limit.
#[cfg(all(feature = "onnx", target_os = "linux"))]
fn enough_memory(of_model: u64) -> Result<(), Error> {
    let Some(limit) = rustix::process::getrlimit(rustix::process::Resource::As).current else {
        return Ok(());
    };
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<u64> = pages.split(' ').next().and_then(|pages| pages.parse().ok());
    let used = pages.unwrap_or(0) * rustix::param::page_size() as u64;
    let needed = of_model * WHILE_LOADING;
    if limit.saturating_sub(used) >= needed {
        return Ok(());
    }
    let message = format!(
        "this process may have {} MB of memory (ulimit -v), and the model needs {} MB beside the {} MB in use",
        limit / 1_000_000,
        needed / 1_000_000,
        used / 1_000_000
    );
    Err(Error::new(cmdai_core::ErrorKind::Runtime, message)
        .with_hint("allow more with ulimit -v; check and explain need no model"))
}

#[cfg(all(feature = "onnx", not(target_os = "linux")))]
fn enough_memory(_of_model: u64) -> Result<(), Error> {
    Ok(())
}

/// The version of a runtime library.
///
/// # Errors
/// It cannot be loaded, or is no ONNX Runtime, or is too old.
#[cfg(feature = "onnx")]
pub(crate) fn runtime_version(library: &RuntimeLibrary) -> Result<String, Error> {
    cmdai_core::engine::onnx::runtime_version(library)
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn open(_config: &Config) -> Result<Opened, Error> {
    Err(none())
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn is_installed(_config: &Config) -> bool {
    false
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn prepare(_config: &Config) -> Result<bool, Error> {
    Err(none())
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn runtime_version(_library: &RuntimeLibrary) -> Result<String, Error> {
    Err(none())
}

#[cfg(not(feature = "onnx"))]
fn none() -> Error {
    Error::new(cmdai_core::ErrorKind::Runtime, "this build of cmdai has no inference engine")
        .with_hint("build it with the feature onnx, which is on by default")
}
