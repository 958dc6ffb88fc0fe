//! Opens the model on its runtime. Where both are is looked up by the library, from what the environment says.
//!
//! Built without the feature `onnx` there is no engine; everything that needs none still works.

use cmdai_core::Error;
use cmdai_core::config::Config;
use cmdai_core::engine::TextModel;
use cmdai_core::models::RuntimeLibrary;

/// Loads the model and its runtime.
///
/// # Errors
/// Either is missing or cannot be used.
#[cfg(feature = "onnx")]
pub(crate) fn open(config: &Config) -> Result<Box<dyn TextModel>, Error> {
    use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};
    let places = Places::from_env();
    let model = find_model(&places, config.model_path.as_deref(), DEFAULT_MODEL)?;
    let cuda = config.device == Some(cmdai_core::config::Device::Cuda);
    let _runtime = find_runtime(&places, config.onnxruntime_path.as_deref(), cuda)?;
    let _model = model.value.verify_once(places.cache.as_deref())?;
    Err(none())
}

/// The version of a runtime library.
///
/// # Errors
/// It cannot be loaded, or is no ONNX Runtime, or is too old.
#[cfg(feature = "onnx")]
pub(crate) fn runtime_version(library: &RuntimeLibrary) -> Result<String, Error> {
    let _ = library;
    Err(none())
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn open(_config: &Config) -> Result<Box<dyn TextModel>, Error> {
    Err(none())
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn runtime_version(_library: &RuntimeLibrary) -> Result<String, Error> {
    Err(none())
}

fn none() -> Error {
    Error::new(cmdai_core::ErrorKind::Runtime, "this build of cmdai has no inference engine")
        .with_hint("build it with the feature onnx, which is on by default")
}
