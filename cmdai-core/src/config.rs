//! The configuration file: its keys, its values, and errors that point at the text.
//!
//! [`KEYS`] is the one list of what may be set: the parser, the manual and the message for a wrong
//! key or value are all made from it. [`Config::parse`] is pure; a door finds and reads the file.
//! A file with a fault anywhere is refused as a whole, so that a typing error in a safety setting
//! can never mean the default.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::context::Os;
use crate::error::{Error, ErrorKind};
use crate::line::{Dialect, Span};
use crate::safety::Profile;

/// What the file sets. `None` everywhere means the default of the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The shell to write commands for.
    pub shell: Option<Dialect>,
    /// The system to write commands for.
    pub os: Option<Os>,
    /// How many candidates to ask for.
    pub candidates: Option<usize>,
    /// When to colour.
    pub color: Option<Color>,
    /// How long an answer may take.
    pub timeout: Option<Duration>,
    /// The folder of the model.
    pub model_path: Option<PathBuf>,
    /// Whether what is run is recorded.
    pub history_enabled: Option<bool>,
    /// Patterns of lines that are not recorded.
    pub history_ignore: Option<Vec<String>>,
    /// Directories in which nothing is recorded.
    pub history_ignore_dirs: Option<Vec<PathBuf>>,
    /// How many runs are kept.
    pub history_max_entries: Option<usize>,
    /// The ONNX Runtime library.
    pub onnxruntime_path: Option<PathBuf>,
    /// Where inference runs.
    pub device: Option<Device>,
    /// Threads of inference.
    pub threads: Option<usize>,
    /// Whether a running daemon is asked.
    pub daemon_use: Option<bool>,
    /// Without a question for so long the daemon leaves.
    pub daemon_idle_time: Option<Duration>,
    /// The daemon lets go of the model when it was not needed for so long.
    pub daemon_model_time: Option<Duration>,
    /// Whether names in the working directory are looked at to answer a request.
    pub look_around: Option<bool>,
    /// Whose verdicts `check` gives.
    pub profile: Option<Profile>,
    /// Whether verdicts are logged, and where.
    pub audit: Option<Audit>,
}

/// Whether verdicts are logged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Audit {
    /// Not at all.
    #[default]
    Off,
    /// In the usual place.
    On,
    /// In this file.
    At(PathBuf),
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Color {
    /// On a terminal, unless the environment says no.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where inference runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Device {
    /// On a GPU where the library brings what it takes and that works, else on the processor.
    #[default]
    Auto,
    /// On the processor.
    Cpu,
    /// On an NVIDIA GPU.
    Cuda,
    /// On Apple's Core ML.
    CoreMl,
}

/// One key that the file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its full name, tables joined with dots: `onnxruntime.threads`.
    pub name: &'static str,
    /// What values it takes.
    pub value: KeyValue,
    /// What holds where it is not set, for the manual.
    pub default: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
}

/// What values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyValue {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number from the first to the second.
    Integer(u64, u64),
    /// A path; `~/` at its start is the home directory.
    Path,
    /// On, off, or on in a file of this path.
    SwitchOrPath,
    /// On or off.
    Switch,
    /// A list of texts.
    Texts,
    /// A list of paths.
    Paths,
}

impl fmt::Display for KeyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Self::Integer(least, most) => write!(f, "a whole number from {least} to {most}"),
            Self::Path => f.write_str("a path in quotes, absolute or beginning with ~/"),
            Self::SwitchOrPath => {
                f.write_str("true, false, or a path in quotes, absolute or beginning with ~/")
            }
            Self::Switch => f.write_str("true or false"),
            Self::Texts => f.write_str("a list of texts, as in [\"one\", \"another *\"]"),
            Self::Paths => {
                f.write_str("a list of paths, absolute or beginning with ~/, as in [\"~/private\"]")
            }
        }
    }
}

/// Every key, sorted by name.
pub const KEYS: &[Key] = &[
    Key {
        name: "audit",
        value: KeyValue::SwitchOrPath,
        default: "false",
        doc: "Whether verdicts are logged, or the file they are logged in.",
    },
    Key {
        name: "candidates",
        value: KeyValue::Integer(1, 10),
        default: "3 on a terminal, 1 elsewhere",
        doc: "How many candidates to offer at most.",
    },
    Key {
        name: "color",
        value: KeyValue::OneOf(&["auto", "always", "never"]),
        default: "auto",
        doc: "When to colour output.",
    },
    Key {
        name: "daemon.idle_minutes",
        value: KeyValue::Integer(1, 100_000),
        default: "30",
        doc: "Minutes without a question after which the daemon leaves.",
    },
    Key {
        name: "daemon.model_minutes",
        value: KeyValue::Integer(1, 100_000),
        default: "5",
        doc: "Minutes without need of it after which the daemon lets go of the model.",
    },
    Key {
        name: "daemon.use",
        value: KeyValue::Switch,
        default: "true",
        doc: "Whether a request is put to the daemon, whose model is warm, where one runs.",
    },
    Key {
        name: "history.enabled",
        value: KeyValue::Switch,
        default: "true",
        doc: "Whether what is run in a shell with cmdai's plugin is recorded, on this machine only.",
    },
    Key {
        name: "history.ignore",
        value: KeyValue::Texts,
        default: "[]",
        doc: "Lines that are not recorded: texts that occur in them, or whole forms with * and ?.",
    },
    Key {
        name: "history.ignore_dirs",
        value: KeyValue::Paths,
        default: "[]",
        doc: "Directories in and below which nothing is recorded.",
    },
    Key {
        name: "history.max_entries",
        value: KeyValue::Integer(100, 5_000_000),
        default: "100000",
        doc: "How many runs are kept; the oldest go.",
    },
    Key {
        name: "look_around",
        value: KeyValue::Switch,
        default: "true",
        doc: "Whether names in the working directory are looked at, so that a request can speak of what is there.",
    },
    Key {
        name: "model.path",
        value: KeyValue::Path,
        default: "the model that came with cmdai",
        doc: "The folder of the model, which holds its manifest.toml.",
    },
    Key {
        name: "onnxruntime.device",
        value: KeyValue::OneOf(&["auto", "cpu", "cuda", "coreml"]),
        default: "auto",
        doc: "Where inference runs.",
    },
    Key {
        name: "onnxruntime.path",
        value: KeyValue::Path,
        default: "searched for, see cmdai doctor",
        doc: "The ONNX Runtime library, version 1.24 or later.",
    },
    Key {
        name: "onnxruntime.threads",
        value: KeyValue::Integer(1, 256),
        default: "the machine's cores, at most 4",
        doc: "Threads of inference.",
    },
    Key {
        name: "os",
        value: KeyValue::OneOf(&["linux", "macos", "windows"]),
        default: "the system cmdai runs on",
        doc: "The system that commands are written for.",
    },
    Key {
        name: "safety.profile",
        value: KeyValue::OneOf(&["person", "agent"]),
        default: "person",
        doc: "Whose verdicts to give: an agent is denied what a person is asked about.",
    },
    Key {
        name: "shell",
        value: KeyValue::OneOf(&["bash", "sh", "zsh", "fish", "nu", "powershell"]),
        default: "the shell cmdai was started from",
        doc: "The shell that commands are written for and run in.",
    },
    Key {
        name: "timeout_ms",
        value: KeyValue::Integer(1, 600_000),
        default: "30000",
        doc: "How long an answer may take, in milliseconds.",
    },
];

impl Config {
    /// Reads the text of a configuration file. `home` replaces a leading `~` of paths.
    ///
    /// # Errors
    /// [`ConfigError`] for the first fault in the text: not TOML, an unknown key, a wrong value.
    ///
    /// ```
    /// use cmdai_core::config::Config;
    ///
    /// let config = Config::parse("shell = \"fish\"\n[onnxruntime]\nthreads = 2\n", None).unwrap();
    /// assert_eq!(config.threads, Some(2));
    /// let error = Config::parse("shel = \"fish\"", None).unwrap_err();
    /// assert_eq!(error.to_string(), "unknown key `shel`");
    /// assert_eq!((error.line, error.column), (1, 1));
    /// ```
    pub fn parse(text: &str, home: Option<&str>) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| {
            let span = error.span().map_or(Span::new(0, 0), Span::from);
            ConfigError::at(text, span, error.message().trim_end_matches('.').to_owned(), None)
        })?;
        let mut config = Self::default();
        for (key, value) in table.get_ref().iter() {
            let name = key.get_ref().as_ref();
            if KEYS.iter().any(|known| known.name == name) {
                config.set(text, name, value, home)?;
            } else if KEYS.iter().any(|known| known.name.split_once('.').is_some_and(|(t, _)| t == name)) {
                config.set_table(text, name, value, home)?;
            } else {
                return Err(unknown_key(text, name, key.span().into()));
            }
        }
        Ok(config)
    }

    fn set_table(
        &mut self,
        text: &str,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        home: Option<&str>,
    ) -> Result<(), ConfigError> {
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("`{name}` is a table, not {}", value.get_ref().type_str());
            let hint = format!("write [{name}] on a line of its own and its keys below");
            return Err(ConfigError::at(text, value.span().into(), message, Some(hint)));
        };
        for (key, value) in table.iter() {
            let full = format!("{name}.{}", key.get_ref());
            if KEYS.iter().any(|known| known.name == full) {
                self.set(text, &full, value, home)?;
            } else {
                return Err(unknown_key(text, &full, key.span().into()));
            }
        }
        Ok(())
    }

    /// Sets one key of [`KEYS`].
    fn set(
        &mut self,
        text: &str,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        home: Option<&str>,
    ) -> Result<(), ConfigError> {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else {
            return Err(unknown_key(text, name, value.span().into()));
        };
        let wrong = || {
            let span = Span::from(value.span());
            let shown = span.of(text).trim();
            let message = format!("`{name}` cannot be {shown}");
            ConfigError::at(text, span, message, Some(format!("write {}", key.value)))
        };
        let word = || value.get_ref().as_str().ok_or_else(wrong);
        let number = || match key.value {
            KeyValue::Integer(least, most) => read_integer(value.get_ref())
                .filter(|number| (least..=most).contains(number))
                .ok_or_else(wrong),
            _ => Err(wrong()),
        };
        let size = || number().and_then(|number| usize::try_from(number).map_err(|_| wrong()));
        let minutes = || number().map(|number| Duration::from_secs(60 * number));
        let path = || word().and_then(|word| read_path(word, home).ok_or_else(wrong));
        match name {
            "audit" => {
                self.audit = Some(match value.get_ref().as_bool() {
                    Some(true) => Audit::On,
                    Some(false) => Audit::Off,
                    None => Audit::At(path()?),
                });
            }
            "candidates" => self.candidates = Some(size()?),
            "color" => self.color = Some(word()?.parse().map_err(|()| wrong())?),
            "daemon.idle_minutes" => self.daemon_idle_time = Some(minutes()?),
            "daemon.model_minutes" => self.daemon_model_time = Some(minutes()?),
            "daemon.use" => self.daemon_use = Some(value.get_ref().as_bool().ok_or_else(wrong)?),
            "history.enabled" => {
                self.history_enabled = Some(value.get_ref().as_bool().ok_or_else(wrong)?);
            }
            "history.ignore" => {
                self.history_ignore = Some(
                    list(value, |word| Some(word.to_owned()).filter(|w| !w.is_empty())).ok_or_else(wrong)?,
                );
            }
            "history.ignore_dirs" => {
                self.history_ignore_dirs = Some(list(value, |word| read_path(word, home)).ok_or_else(wrong)?);
            }
            "history.max_entries" => self.history_max_entries = Some(size()?),
            "look_around" => self.look_around = Some(value.get_ref().as_bool().ok_or_else(wrong)?),
            "model.path" => self.model_path = Some(path()?),
            "onnxruntime.device" => self.device = Some(word()?.parse().map_err(|()| wrong())?),
            "onnxruntime.path" => self.onnxruntime_path = Some(path()?),
            "onnxruntime.threads" => self.threads = Some(size()?),
            "os" => self.os = Some(word()?.parse().map_err(|_| wrong())?),
            "safety.profile" => self.profile = Some(word()?.parse().map_err(|_| wrong())?),
            "shell" => self.shell = Some(word()?.parse().map_err(|_| wrong())?),
            "timeout_ms" => self.timeout = Some(Duration::from_millis(number()?)),
            _ => return Err(unknown_key(text, name, value.span().into())),
        }
        Ok(())
    }
}

impl std::str::FromStr for Color {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(()),
        }
    }
}

impl Device {
    /// The name used in the file and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::CoreMl => "coreml",
        }
    }
}

impl std::str::FromStr for Device {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Auto, Self::Cpu, Self::Cuda, Self::CoreMl]
            .into_iter()
            .find(|device| device.name() == name)
            .ok_or(())
    }
}

fn read_integer(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// A list of texts, each read; `None` where it is no list or one of them cannot be read.
fn list<T>(value: &Spanned<DeValue<'_>>, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.get_ref().as_array()?.iter().map(|item| read(item.get_ref().as_str()?)).collect()
}

/// A relative path would mean another file in each directory, so it is not one.
fn read_path(word: &str, home: Option<&str>) -> Option<PathBuf> {
    let path = match (word.strip_prefix("~/"), home) {
        (Some(below), Some(home)) => PathBuf::from(home).join(below),
        _ => PathBuf::from(word),
    };
    path.is_absolute().then_some(path)
}

fn unknown_key(text: &str, name: &str, span: Span) -> ConfigError {
    let near = KEYS
        .iter()
        .map(|key| (strsim::damerau_levenshtein(key.name, name), key.name))
        .chain(KEYS.iter().filter_map(|key| {
            // `threads` at the top is `onnxruntime.threads` in the wrong place.
            let (_, last) = key.name.split_once('.')?;
            Some((strsim::damerau_levenshtein(last, name.rsplit('.').next().unwrap_or(name)), key.name))
        }))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let hint = match near {
        Some((_, key)) => match key.split_once('.') {
            Some((table, last)) => format!("there is `{last}` in the table [{table}]"),
            None => format!("there is `{key}`, at the top of the file"),
        },
        None => {
            let names: Vec<_> = KEYS.iter().map(|key| key.name).collect();
            format!("known keys are {}", names.join(", "))
        }
    };
    ConfigError::at(text, span, format!("unknown key `{name}`"), Some(hint))
}

/// A fault in the text of a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// What is wrong, naming the key and the value.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
    /// The text that is wrong, in bytes.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
}

impl ConfigError {
    pub(crate) fn at(text: &str, span: Span, message: String, hint: Option<String>) -> Self {
        let before = text.get(..span.start.min(text.len())).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Self { message, hint, span, line, column }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl From<ConfigError> for Error {
    fn from(fault: ConfigError) -> Self {
        let message = format!("{} at line {}, column {}", fault.message, fault.line, fault.column);
        let error = Self::new(ErrorKind::Config, message);
        match fault.hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that `text` is refused at `line:column` with this message and a hint that holds `hint`.
    #[track_caller]
    fn refuses(text: &str, place: &str, message: &str, hint: &str) {
        let error = Config::parse(text, Some("/home/me")).unwrap_err();
        assert_eq!(format!("{}:{} {}", error.line, error.column, error), format!("{place} {message}"));
        let found = error.hint.unwrap_or_default();
        assert!(found.contains(hint), "hint is {found:?}");
    }

    #[test]
    fn every_key_can_be_set() {
        let text = r#"
            audit = "~/audit.jsonl"
            shell = "fish"
            os = "macos"
            candidates = 4
            color = "never"
            timeout_ms = 2_500
            look_around = false
            [model]
            path = "~/models/mine"
            [daemon]
            use = false
            idle_minutes = 60
            model_minutes = 2
            [onnxruntime]
            path = "/opt/ort/libonnxruntime.so"
            device = "cuda"
            threads = 0x4
            [safety]
            profile = "agent"
            [history]
            enabled = false
            ignore = ["pass *", "acme"]
            ignore_dirs = ["~/private", "/srv"]
            max_entries = 5000
        "#;
        let config = Config::parse(text, Some("/home/me")).unwrap();
        let want = Config {
            shell: Some(Dialect::Fish),
            os: Some(Os::MacOs),
            candidates: Some(4),
            color: Some(Color::Never),
            timeout: Some(Duration::from_millis(2500)),
            history_enabled: Some(false),
            history_ignore: Some(vec!["pass *".into(), "acme".into()]),
            history_ignore_dirs: Some(vec!["/home/me/private".into(), "/srv".into()]),
            history_max_entries: Some(5000),
            model_path: Some("/home/me/models/mine".into()),
            onnxruntime_path: Some("/opt/ort/libonnxruntime.so".into()),
            device: Some(Device::Cuda),
            threads: Some(4),
            daemon_use: Some(false),
            daemon_idle_time: Some(Duration::from_secs(3600)),
            daemon_model_time: Some(Duration::from_secs(120)),
            look_around: Some(false),
            profile: Some(Profile::Agent),
            audit: Some(Audit::At("/home/me/audit.jsonl".into())),
        };
        assert_eq!(config, want);
    }

    #[test]
    fn an_empty_file_sets_nothing() {
        assert_eq!(Config::parse("# nothing\n", None).unwrap(), Config::default());
    }

    #[test]
    fn tables_may_be_dotted_or_inline() {
        let dotted = Config::parse("onnxruntime.threads = 2", None).unwrap();
        let inline = Config::parse("onnxruntime = { threads = 2 }", None).unwrap();
        assert_eq!(dotted, inline);
    }

    #[test]
    fn faults_point_at_the_text() {
        refuses("shel = \"fish\"", "1:1", "unknown key `shel`", "there is `shell`, at the top");
        refuses("[model]\npaht = \"/x\"", "2:1", "unknown key `model.paht`", "`path` in the table [model]");
        refuses("threads = 2", "1:1", "unknown key `threads`", "`threads` in the table [onnxruntime]");
        refuses(
            "colour_scheme = 1",
            "1:1",
            "unknown key `colour_scheme`",
            "known keys are audit, candidates, color",
        );
        refuses("shell = \"tcsh\"", "1:9", "`shell` cannot be \"tcsh\"", "one of bash, sh, zsh");
        refuses("\n\nos = 'beos'", "3:6", "`os` cannot be 'beos'", "one of linux, macos, windows");
        refuses("candidates = 0", "1:14", "`candidates` cannot be 0", "from 1 to 10");
        refuses("candidates = \"2\"", "1:14", "`candidates` cannot be \"2\"", "a whole number");
        refuses("timeout_ms = -5", "1:14", "`timeout_ms` cannot be -5", "from 1 to 600000");
        refuses("color = true", "1:9", "`color` cannot be true", "one of auto, always, never");
        refuses("model.path = \"here\"", "1:14", "`model.path` cannot be \"here\"", "absolute");
        refuses("model = \"/x\"", "1:9", "`model` is a table, not string", "write [model]");
        refuses("history.enabled = 1", "1:19", "`history.enabled` cannot be 1", "true or false");
        refuses("history.ignore = \"a\"", "1:18", "`history.ignore` cannot be \"a\"", "a list of texts");
        refuses("history.ignore = [\"\"]", "1:18", "`history.ignore` cannot be [\"\"]", "a list of texts");
        refuses(
            "history.ignore_dirs = [\"x\"]",
            "1:23",
            "`history.ignore_dirs` cannot be [\"x\"]",
            "absolute",
        );
        refuses("safety.profile = \"root\"", "1:18", "`safety.profile` cannot be \"root\"", "person, agent");
    }

    #[test]
    fn a_text_that_is_not_toml_is_refused_where_it_breaks() {
        let error = Config::parse("shell = fish\n", None).unwrap_err();
        assert_eq!((error.line, error.column), (1, 9));
        let error = Config::parse("shell = \"bash\"\nshell = \"zsh\"\n", None).unwrap_err();
        assert_eq!(error.line, 2);
    }

    #[test]
    fn the_list_of_keys_is_sorted_unique_and_documented() {
        assert!(KEYS.is_sorted_by(|a, b| a.name < b.name));
        for key in KEYS {
            assert!(key.doc.ends_with('.') && !key.default.is_empty(), "{}", key.name);
        }
    }

    #[test]
    fn every_word_of_the_list_is_accepted() {
        for key in KEYS {
            let values: Vec<String> = match key.value {
                KeyValue::OneOf(words) => words.iter().map(|word| format!("{word:?}")).collect(),
                KeyValue::Integer(least, most) => vec![least.to_string(), most.to_string()],
                KeyValue::Path => vec!["\"/tmp\"".to_owned()],
                KeyValue::SwitchOrPath => {
                    vec!["true".to_owned(), "false".to_owned(), "\"/tmp/x\"".to_owned()]
                }
                KeyValue::Switch => vec!["true".to_owned(), "false".to_owned()],
                KeyValue::Texts => vec!["[]".to_owned(), "[\"a *\"]".to_owned()],
                KeyValue::Paths => vec!["[]".to_owned(), "[\"/tmp\"]".to_owned()],
            };
            for value in values {
                let text = format!("{} = {value}", key.name);
                assert_ne!(Config::parse(&text, None), Ok(Config::default()), "{text}");
            }
        }
    }

    #[test]
    fn any_text_gives_an_answer() {
        for text in ["\u{0}", "[", "a.b.c = [[1", "=", "é = \"", "[model", "model.path.x = 1", "[[model]]"] {
            assert!(Config::parse(text, None).is_err(), "{text:?}");
        }
    }
}
