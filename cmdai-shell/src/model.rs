//! Opens the model on its runtime. Where both are is looked up by the library, from what the environment says.
//!
//! Built without the feature `onnx` there is no engine; everything that needs none still works.

use cmdai_core::Error;
use cmdai_core::config::Config;
use cmdai_core::engine::TextModel;
use cmdai_core::models::RuntimeLibrary;

/// A model that is ready, and what a person should know about how it runs.
pub(crate) struct Opened {
    pub model: Box<dyn TextModel>,
    pub note: Option<String>,
}

/// Loads the model and its runtime.
///
/// # Errors
/// Either is missing or cannot be used.
#[cfg(feature = "onnx")]
pub(crate) fn open(config: &Config) -> Result<Opened, Error> {
    use cmdai_core::engine::onnx::{Device, OnnxModel, OnnxOptions};
    use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};
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
    let runtime = find_runtime(&places, config.onnxruntime_path.as_deref(), cuda)?;
    let verified = model.value.verify_once(places.cache.as_deref())?;
    let model = OnnxModel::load(&verified, &runtime.value, &options)?;
    let note = model.note().map(str::to_owned);
    Ok(Opened { model: Box::new(model), note })
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
pub(crate) fn runtime_version(_library: &RuntimeLibrary) -> Result<String, Error> {
    Err(none())
}

#[cfg(not(feature = "onnx"))]
fn none() -> Error {
    Error::new(cmdai_core::ErrorKind::Runtime, "this build of cmdai has no inference engine")
        .with_hint("build it with the feature onnx, which is on by default")
}
