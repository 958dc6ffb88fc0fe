//! A session on a model: threads, the device that is really used, and the weights.

use std::collections::BTreeSet;
use std::path::Path;

use ort::ep::ExecutionProvider;
use ort::session::Session;
use ort::session::builder::SessionBuilder;

use super::library::Loaded;
use super::{OnnxOptions, prepared};
use crate::error::{Error, ErrorKind};
use crate::models::{RuntimeLibrary, VerifiedModel};

/// Where a model runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Device {
    /// CUDA where the library brings its provider and the provider works, else the processor.
    ///
    /// CoreML is never chosen by itself: it has no 4-bit multiplication and no grouped attention, so
    /// nearly all of the graph would run on the processor anyway, after a slower start.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// NVIDIA GPUs; a failure is an error.
    Cuda,
    /// Apple's CoreML; a failure is an error.
    CoreMl,
}

impl Device {
    /// Every device, in the order in which help lists them.
    pub const ALL: &'static [Self] = &[Self::Auto, Self::Cpu, Self::Cuda, Self::CoreMl];

    /// The name used on the command line, in the configuration and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::CoreMl => "coreml",
        }
    }
}

/// A session and what is to be said about it.
pub(super) struct Opened {
    pub(super) session: Session,
    /// The device that is used, never `Auto`.
    pub(super) device: Device,
    /// Why it is not the one that was hoped for.
    pub(super) note: Option<String>,
    /// True where saved weights were mapped.
    pub(super) prepared: bool,
}

/// Makes a session on the graph of a model.
pub(super) fn open(
    loaded: &Loaded,
    library: &RuntimeLibrary,
    model: &VerifiedModel,
    options: &OnnxOptions,
) -> Result<Opened, Error> {
    let (builder, device, note) = with_device(loaded, library, options)?;
    // What is saved was made for the processor.
    if device == Device::Cpu
        && let Some(cache) = &options.cache
    {
        let folder = prepared::folder(cache, model, &loaded.version);
        if prepared::is_whole(&folder) {
            let graph = folder.join(prepared::GRAPH);
            match commit(basics(loaded, options)?, &graph) {
                Ok(session) => return Ok(Opened { session, device, note, prepared: true }),
                Err(_) => prepared::discard(&folder),
            }
        }
    }
    let session = commit(builder, &model.graph())?;
    Ok(Opened { session, device, note, prepared: false })
}

/// Saves what [`open`] then finds. False where it was there already.
pub(super) fn prepare(loaded: &Loaded, model: &VerifiedModel, options: &OnnxOptions) -> Result<bool, Error> {
    let Some(cache) = &options.cache else {
        return Err(Error::new(ErrorKind::Input, "there is no cache folder to prepare a model in"));
    };
    let folder = prepared::folder(cache, model, &loaded.version);
    if prepared::is_whole(&folder) {
        return Ok(false);
    }
    let filled = prepared::make(&folder, |aside| {
        let graph = aside.join(prepared::GRAPH);
        let save = || -> ort::Result<()> {
            basics(loaded, options)
                .map_err(|error| ort::Error::new(error.to_string()))?
                .with_optimized_model_path(&graph)?
                .with_config_entry(
                    "session.optimized_model_external_initializers_file_name",
                    prepared::WEIGHTS,
                )?
                .with_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")?
                .with_config_entry("session.save_external_prepacked_constant_initializers", "1")?
                .commit_from_file(model.graph())?;
            Ok(())
        };
        save().map_err(|error| Unsaved(one_line(&error)))?;
        // A full disk does not always show when a file is written; a graph that loads is whole.
        commit(basics(loaded, options).map_err(Unsaved::from)?, &graph).map(drop).map_err(Unsaved::from)
    });
    filled.map(|()| true).map_err(|Unsaved(reason)| {
        Error::new(ErrorKind::Io, format!("cannot save prepared weights in {}: {reason}", folder.display()))
    })
}

/// Why prepared weights could not be saved.
struct Unsaved(String);

impl From<std::io::Error> for Unsaved {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<Error> for Unsaved {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

fn with_device(
    loaded: &Loaded,
    library: &RuntimeLibrary,
    options: &OnnxOptions,
) -> Result<(SessionBuilder, Device, Option<String>), Error> {
    let mut builder = basics(loaded, options)?;
    // Registered by hand: left to itself ort falls back to the processor without a word.
    let registered = match options.device {
        Device::Cpu => return Ok((builder, Device::Cpu, None)),
        Device::Auto if !library.has_cuda() => return Ok((builder, Device::Cpu, None)),
        Device::Auto | Device::Cuda => ort::ep::CUDA::default().register(&mut builder),
        Device::CoreMl => ort::ep::CoreML::default()
            .with_model_format(ort::ep::coreml::ModelFormat::MLProgram)
            .register(&mut builder),
    };
    match (registered, options.device) {
        (Ok(()), Device::CoreMl) => Ok((builder, Device::CoreMl, None)),
        (Ok(()), _) => Ok((builder, Device::Cuda, None)),
        (Err(error), Device::Auto) => {
            // A builder that failed to take a provider is not used further.
            let note = format!("cuda is not used: {}", one_line(&error));
            Ok((basics(loaded, options)?, Device::Cpu, Some(note)))
        }
        (Err(error), device) => {
            let message = format!("cannot use the device {}: {}", device.name(), one_line(&error));
            Err(Error::new(ErrorKind::Runtime, message)
                .with_hint("set the device to `cpu`, or install an ONNX Runtime built for it"))
        }
    }
}

fn basics(loaded: &Loaded, options: &OnnxOptions) -> Result<SessionBuilder, Error> {
    let make = || -> ort::Result<SessionBuilder> {
        let builder = Session::builder(&loaded.environment)?
            .with_intra_threads(options.threads.unwrap_or_else(default_threads))?
            // A pass is hundreds of small steps, and putting a thread to sleep between two of them takes as
            // long as the step: a token costs 7.5 ms without spinning and 4 ms with ten microseconds of it,
            // and less processor time. Longer spinning only hurts where other programs want the cores. It
            // ends with each pass, so that nothing burns while a person reads the answer.
            .with_intra_op_spinning(true)?
            .with_config_entry("session.intra_op.spin_duration_us", "10")?
            .with_config_entry("session.force_spinning_stop", "1")?
            // The input grows by one token a pass; a plan for one length is never used again.
            .with_memory_pattern(false)?;
        Ok(builder)
    };
    make().map_err(|error| {
        Error::new(ErrorKind::Runtime, format!("cannot set up a session: {}", one_line(&error)))
    })
}

fn commit(mut builder: SessionBuilder, graph: &Path) -> Result<Session, Error> {
    builder.commit_from_file(graph).map_err(|error| {
        let message = format!("cannot load the model {}: {}", graph.display(), one_line(&error));
        Error::new(ErrorKind::ModelCorrupt, message)
            .with_hint("`cmdai doctor` checks every file of the model and the version of ONNX Runtime")
    })
}

/// As many threads as there are cores, four at most: with so small a model more of them wait for each other,
/// and two threads of one core share the unit that multiplies.
fn default_threads() -> usize {
    let allowed = std::thread::available_parallelism().map_or(1, usize::from);
    allowed.min(cores().unwrap_or(allowed)).min(4)
}

/// Cores, where the system tells which of its processors share one.
fn cores() -> Option<usize> {
    let mut cores = BTreeSet::new();
    for processor in std::fs::read_dir("/sys/devices/system/cpu").ok()?.flatten() {
        cores.extend(std::fs::read_to_string(processor.path().join("topology/thread_siblings_list")).ok());
    }
    (!cores.is_empty()).then_some(cores.len())
}

/// What the runtime says, without the places in its own source files that it puts in front.
fn one_line<R>(error: &ort::Error<R>) -> String {
    plain(error.message())
}

fn plain(message: &str) -> String {
    let from_source = message.starts_with('/') && message.contains(".cc:");
    let message = match message.rsplit_once("[ONNXRuntimeError]") {
        Some((_, rest)) if from_source => rest.splitn(4, " : ").last().unwrap_or(rest),
        _ => message,
    };
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtimes_words_come_without_its_source_files() {
        let check = |message: &str, expect: &str| assert_eq!(plain(message), expect);
        check(
            "Load model from a.onnx failed:\nProtobuf parsing failed.",
            "Load model from a.onnx failed: Protobuf parsing failed.",
        );
        check(
            "/src/graph.cc:5511 Graph::To(const path&) const [ONNXRuntimeError] : 1 : FAIL : graph.cc:5466 Add Failed to write ",
            "graph.cc:5466 Add Failed to write",
        );
        check("[ONNXRuntimeError] : 1 : FAIL : short", "[ONNXRuntimeError] : 1 : FAIL : short");
    }

    #[test]
    fn threads_are_few_and_at_least_one() {
        assert!((1..=4).contains(&default_threads()));
        assert!(cores().is_none_or(|cores| cores >= 1));
    }
}
