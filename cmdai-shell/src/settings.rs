//! What the command line, the environment and the configuration file say together.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Snippet};
use cmdai_core::config::{Color, Config, ConfigError};
use cmdai_core::models::Places;
use cmdai_core::safety::Risk;

use crate::args::CommonArgs;
use crate::env;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::paint::Paint;
use crate::surroundings;

/// A configuration file beyond this is no configuration file.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// The settings of one run.
#[derive(Debug)]
pub(crate) struct Settings {
    /// What the file sets.
    pub config: Config,
    /// Colour of standard output.
    pub out: Paint,
    /// Colour of standard error.
    pub err: Paint,
    /// No notes, no progress.
    pub quiet: bool,
}

impl Settings {
    /// Reads the configuration and decides on colour.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is wrong.
    pub(crate) fn load(common: &CommonArgs) -> Result<Self, Failure> {
        let config = match config_path(&Places::from_env()) {
            Some((path, must_exist)) => read_config(&path, must_exist, common.color)?.unwrap_or_default(),
            None => Config::default(),
        };
        Ok(Self::new(config, common))
    }

    /// The settings for a configuration.
    pub(crate) fn new(config: Config, common: &CommonArgs) -> Self {
        let color = common.color.or(config.color).unwrap_or_default();
        let (out, err) = paints(color);
        Self { config, out, err, quiet: common.quiet }
    }

    /// Says something that is worth knowing but no failure, on standard error.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            crate::say(&format!(
                "{} {}\n",
                self.err.paint(crate::paint::FAINT, "note:"),
                crate::paint::visible(text)
            ));
        }
    }
}

fn paints(color: Color) -> (Paint, Paint) {
    (Paint::for_stream(color, &std::io::stdout()), Paint::for_stream(color, &std::io::stderr()))
}

/// Where the configuration is, and whether it must exist: it need not where nobody named it.
pub(crate) fn config_path(places: &Places) -> Option<(PathBuf, bool)> {
    match &places.config_file {
        Some(named) => Some((named.clone(), true)),
        None => Some((places.config.as_ref()?.join("config.toml"), false)),
    }
}

/// Reads a configuration file; `None` where there is none and none is needed.
///
/// # Errors
/// Exit code 6 with the place in the file.
pub(crate) fn read_config(
    path: &Path,
    must_exist: bool,
    color: Option<Color>,
) -> Result<Option<Config>, Failure> {
    let shown = path.display();
    let doing = format!("read the configuration {shown}");
    let unreadable = |message: String| {
        Failure::new(Exit::Config, doing.clone(), message)
            .hint("make the file readable, or name another one in CMDAI_CONFIG")
    };
    let bytes = match read_bounded(path, MAX_CONFIG_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if is_absent(&error) && !must_exist => return Ok(None),
        Err(error) => return Err(unreadable(io_message(&error))),
    };
    if bytes.len() as u64 > MAX_CONFIG_BYTES {
        return Err(unreadable("it is larger than 1 MiB".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        unreadable(format!("it is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
    })?;
    let home = surroundings::home().and_then(|home| home.into_os_string().into_string().ok());
    match Config::parse(&text, home.as_deref()) {
        Ok(config) => Ok(Some(config)),
        Err(fault) => {
            let place = format!("{doing}:{}:{}", fault.line, fault.column);
            let paint = paints(color.unwrap_or_default()).1;
            let failure = Failure::new(Exit::Config, place, fault.message.clone());
            Err(failure.detail(show_fault(&text, &fault, paint)).hint(fault.hint.unwrap_or_default()))
        }
    }
}

/// Reads a file up to one byte more than `most`, so that the caller sees when there is more.
pub(crate) fn read_bounded(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    // Opening a pipe would wait for its other end for ever.
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&std::fs::metadata(path)?.file_type()) {
        return Err(std::io::Error::other("it is a pipe"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// True for an error that only says that nothing is there.
pub(crate) fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// The text of a file with the fault underlined.
pub(crate) fn show_fault(text: &str, fault: &ConfigError, paint: Paint) -> String {
    let span = crate::findings::char_range(text, fault.span);
    let snippet = Snippet::source(text).annotation(AnnotationKind::Primary.span(span));
    let renderer = crate::findings::renderer(paint, crate::paint::risk_style(Risk::High));
    let mut shown = renderer.render(&[Group::with_level(Level::ERROR).element(snippet)]);
    shown.push('\n');
    shown
}

/// True where a person can read what is said on standard error and answer with keys.
pub(crate) fn has_terminal() -> bool {
    let dumb = env::text("TERM").is_some_and(|term| term == "dumb");
    !dumb && std::io::stderr().is_terminal() && (std::io::stdin().is_terminal() || can_open_terminal())
}

#[cfg(unix)]
fn can_open_terminal() -> bool {
    std::fs::File::open("/dev/tty").is_ok()
}

#[cfg(not(unix))]
fn can_open_terminal() -> bool {
    false
}
