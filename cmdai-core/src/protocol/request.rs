//! What a client asks.

use super::fields::{Writer, split};
use super::{Fault, Message};

/// A request, `docs/protocol.md` says what each field means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Request {
    /// Who the client is.
    Hello(Hello),
    /// The session's aliases or functions, in place of those it had.
    Define {
        /// Which of the two.
        kind: Definitions,
        /// Name and what it stands for (empty for a function), as they came.
        names: Vec<(String, String)>,
    },
    /// How does the line go on?
    Suggest(Line),
    /// The same with several answers.
    Alternatives {
        /// The line.
        line: Line,
        /// How many at most.
        count: Option<usize>,
    },
    /// May it run?
    Check(Check),
    /// What does the line do, and the word under the cursor mean?
    What(Line),
    /// Which command does what is said?
    Generate(Asked),
    /// The request of this number is taken back.
    Cancel,
    /// A command was run.
    Ran {
        /// The line.
        command: String,
        /// The working directory when it was started.
        cwd: Option<String>,
        /// Its exit status.
        status: Option<i32>,
        /// How long it ran, in milliseconds.
        duration_ms: Option<u64>,
        /// When it was started, in seconds since 1970-01-01 UTC.
        started: Option<i64>,
    },
    /// Runs are to be forgotten.
    Forget {
        /// Which, as `cmdai history forget` takes it.
        pattern: String,
    },
    /// About the daemon itself.
    Control(Control),
}

/// Who a client is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// The protocol it speaks; nothing where it does not say.
    pub protocol: Option<u32>,
    /// Its name and version, as `zsh/0.1.0`.
    pub client: String,
    /// The shell whose lines it sends.
    pub shell: String,
    /// Its process.
    pub pid: Option<u32>,
    /// What its terminal is called in the history.
    pub session: Option<String>,
    /// Where its next line is typed: the model reads what came before it meanwhile. Nothing where no line is.
    pub cwd: Option<String>,
}

/// A line that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// All of it.
    pub buffer: String,
    /// The working directory.
    pub cwd: Option<String>,
    /// Where the cursor is, in characters from the start; at the end where it is not told.
    pub cursor: Option<usize>,
    /// The exit status of the command before.
    pub status: Option<i32>,
}

impl Line {
    /// Where the cursor is in bytes of [`Line::buffer`].
    pub fn cursor_bytes(&self) -> usize {
        let Some(cursor) = self.cursor else { return self.buffer.len() };
        self.buffer.char_indices().nth(cursor).map_or(self.buffer.len(), |(at, _)| at)
    }

    /// True where nothing stands behind the cursor.
    pub fn is_at_end(&self) -> bool {
        self.cursor_bytes() == self.buffer.len()
    }
}

/// A line that is about to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// The line, behind what the shell knows already.
    pub buffer: String,
    /// The working directory.
    pub cwd: Option<String>,
    /// So many bytes at the beginning of the buffer are what the shell knows already: functions, aliases, values.
    pub known: Option<usize>,
}

/// A request in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The words.
    pub request: String,
    /// The working directory.
    pub cwd: Option<String>,
    /// How many commands at most; one where it is not told.
    pub count: Option<usize>,
}

/// What is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Definitions {
    /// Aliases.
    Alias,
    /// Functions.
    Function,
}

impl Definitions {
    const ALL: &'static [Self] = &[Self::Alias, Self::Function];

    const fn name(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Function => "function",
        }
    }
}

/// What is wanted of the daemon itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Control {
    /// What it is and does.
    Status,
    /// It finishes what is being written and leaves.
    Stop,
    /// It reads the configuration and the policies again.
    Reload,
}

impl Control {
    const ALL: &'static [Self] = &[Self::Status, Self::Stop, Self::Reload];

    const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Stop => "stop",
            Self::Reload => "reload",
        }
    }
}

impl Request {
    /// Reads a line, in either form.
    ///
    /// # Errors
    /// It is malformed or asks for something that is not known; with the number and form of the line, as far as they can be told.
    pub fn read(line: &str) -> Result<Message<Self>, Message<Fault>> {
        let (head, fields) = split(line)?;
        let line = |fields: &super::fields::Fields| {
            Ok(Line {
                buffer: fields.required(0, "buffer")?,
                cwd: fields.directory(1, "cwd")?,
                cursor: fields.number(2, "cursor")?,
                status: fields.number(3, "status")?,
            })
        };
        let read = || {
            Ok(match head.op.as_str() {
                "H" | "hello" => Self::Hello(Hello {
                    protocol: fields.number(0, "protocol")?,
                    client: fields.text(1, "client")?,
                    shell: fields.text(2, "shell")?,
                    pid: fields.number(3, "pid")?,
                    session: fields.optional(4, "session")?,
                    cwd: fields.directory(5, "cwd")?,
                }),
                "D" | "define" => Self::Define {
                    kind: fields.word(0, "kind", Definitions::ALL, Definitions::name)?,
                    names: pairs(fields.rows(1, "names", &["name", "value"])?),
                },
                "S" | "suggest" => Self::Suggest(line(&fields)?),
                "A" | "alternatives" => {
                    Self::Alternatives { line: line(&fields)?, count: fields.number(4, "count")? }
                }
                "C" | "check" => Self::Check(Check {
                    buffer: fields.required(0, "buffer")?,
                    cwd: fields.directory(1, "cwd")?,
                    known: fields.number(2, "known")?,
                }),
                "W" | "what" => Self::What(line(&fields)?),
                "N" | "generate" => Self::Generate(Asked {
                    request: fields.required(0, "request")?,
                    cwd: fields.directory(1, "cwd")?,
                    count: fields.number(2, "count")?,
                }),
                "X" | "cancel" => Self::Cancel,
                "R" | "ran" => Self::Ran {
                    command: fields.required(0, "command")?,
                    cwd: fields.directory(1, "cwd")?,
                    status: fields.number(2, "status")?,
                    duration_ms: fields.number(3, "duration_ms")?,
                    started: fields.number(4, "started")?,
                },
                "F" | "forget" => Self::Forget { pattern: fields.required(0, "pattern")? },
                "Q" | "control" => Self::Control(fields.word(0, "action", Control::ALL, Control::name)?),
                other => return Err(Fault::unknown(other)),
            })
        };
        let Message { id, form, .. } = Message { id: head.id, form: head.form, body: () };
        read().map(|body| Message { id, form, body }).map_err(|body| Message { id, form, body })
    }
}

fn pairs(rows: Vec<Vec<String>>) -> Vec<(String, String)> {
    let pair = |row: Vec<String>| {
        let mut cells = row.into_iter();
        Some((cells.next()?, cells.next()?)).filter(|(name, _)| !name.is_empty())
    };
    rows.into_iter().filter_map(pair).collect()
}

impl Message<Request> {
    /// The line with its newline; `None` where it would be longer than a line may be.
    pub fn write(&self) -> Option<String> {
        let (letter, name) = match &self.body {
            Request::Hello(_) => ('H', "hello"),
            Request::Define { .. } => ('D', "define"),
            Request::Suggest(_) => ('S', "suggest"),
            Request::Alternatives { .. } => ('A', "alternatives"),
            Request::Check(_) => ('C', "check"),
            Request::What(_) => ('W', "what"),
            Request::Generate(_) => ('N', "generate"),
            Request::Cancel => ('X', "cancel"),
            Request::Ran { .. } => ('R', "ran"),
            Request::Forget { .. } => ('F', "forget"),
            Request::Control(_) => ('Q', "control"),
        };
        let mut out = Writer::new(self.form, letter, name, self.id, false);
        match &self.body {
            Request::Hello(hello) => {
                out.number("protocol", hello.protocol);
                out.text("client", &hello.client);
                out.text("shell", &hello.shell);
                out.number("pid", hello.pid);
                out.text("session", hello.session.as_deref().unwrap_or_default());
                out.text("cwd", hello.cwd.as_deref().unwrap_or_default());
            }
            Request::Define { kind, names } => {
                out.text("kind", kind.name());
                let rows: Vec<_> = names.iter().map(|(a, b)| vec![a.as_str(), b.as_str()]).collect();
                out.rows("names", &["name", "value"], &rows);
            }
            Request::Suggest(line) | Request::What(line) => write_line(&mut out, line),
            Request::Alternatives { line, count } => {
                write_line(&mut out, line);
                out.number("count", *count);
            }
            Request::Check(Check { buffer, cwd, known }) => {
                out.text("buffer", buffer);
                out.text("cwd", cwd.as_deref().unwrap_or_default());
                out.number("known", *known);
            }
            Request::Generate(Asked { request, cwd, count }) => {
                out.text("request", request);
                out.text("cwd", cwd.as_deref().unwrap_or_default());
                out.number("count", *count);
            }
            Request::Cancel => {}
            Request::Ran { command, cwd, status, duration_ms, started } => {
                out.text("command", command);
                out.text("cwd", cwd.as_deref().unwrap_or_default());
                out.number("status", *status);
                out.number("duration_ms", *duration_ms);
                out.number("started", *started);
            }
            Request::Forget { pattern } => out.text("pattern", pattern),
            Request::Control(action) => out.text("action", action.name()),
        }
        out.finish()
    }
}

fn write_line(out: &mut Writer, line: &Line) {
    out.text("buffer", &line.buffer);
    out.text("cwd", line.cwd.as_deref().unwrap_or_default());
    out.number("cursor", line.cursor);
    out.number("status", line.status);
}
