//! What the daemon answers.

use super::fields::{Fields, Writer, split};
use super::{Fault, Message};
use crate::safety::{Risk, Verdict};

/// An answer, `docs/protocol.md` says what each field means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// Who the daemon is.
    Hello {
        /// The protocol it speaks.
        protocol: u32,
        /// Its version.
        version: String,
        /// What it can do.
        capabilities: Vec<String>,
    },
    /// How the line goes on.
    Suggestion {
        /// What the line would risk as it stands, and whether it may run.
        line: Judgement,
        /// What it would risk with the suffix.
        risk: Risk,
        /// What follows the cursor; empty: nothing.
        suffix: String,
        /// Which of the two answers this is.
        stage: Stage,
        /// Where the suffix comes from; empty where it is.
        source: String,
    },
    /// The ways in which it may go on, best first.
    Alternatives(Vec<Alternative>),
    /// May it run?
    Check {
        /// The verdict and the risk.
        line: Judgement,
        /// Why, one line.
        reason: String,
        /// The rule that decided; empty where none did.
        rule: String,
    },
    /// What a line does.
    What {
        /// The whole line, one line.
        line: String,
        /// The word under the cursor, one line.
        word: String,
    },
    /// A command for what was said.
    Generated {
        /// The command; empty where there is none.
        command: String,
        /// Its risk and verdict.
        line: Judgement,
        /// What it does; where there is none, why.
        explanation: String,
        /// How sure this is to be the last word.
        state: State,
        /// Other commands for it, the better ones first, where more than one was asked for.
        others: Vec<String>,
    },
    /// How many runs were forgotten.
    Forgotten {
        /// Runs.
        runs: u64,
    },
    /// About the daemon itself: one line of JSON.
    Control {
        /// The JSON.
        json: String,
    },
    /// There is no answer.
    Error {
        /// Why, for a program.
        code: ErrorCode,
        /// Why, for a person.
        message: String,
    },
}

/// What a line would risk and whether it may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it may run.
    pub verdict: Verdict,
    /// How bad it is.
    pub risk: Risk,
}

impl Judgement {
    /// Of a line that nobody could judge.
    pub const UNKNOWN: Self = Self { verdict: Verdict::Ask, risk: Risk::Moderate };
    /// Of an empty line.
    pub const NOTHING: Self = Self { verdict: Verdict::Allow, risk: Risk::Safe };
}

/// One way in which a line may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// What the line would risk with it.
    pub risk: Risk,
    /// What follows the cursor.
    pub suffix: String,
    /// Where it comes from.
    pub source: String,
}

/// Which answer to a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// From what is in memory; there is always one.
    Fast,
    /// From the model; only where it is another suffix.
    Model,
}

impl Stage {
    const ALL: &'static [Self] = &[Self::Fast, Self::Model];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Model => "model",
        }
    }
}

/// How far a generated command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Another may follow.
    Draft,
    /// The answer.
    Final,
    /// There is no confident answer.
    None,
}

impl State {
    const ALL: &'static [Self] = &[Self::Draft, Self::Final, Self::None];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Final => "final",
            Self::None => "none",
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// Another protocol: the connection ends.
    Version,
    /// The line cannot be read.
    Malformed,
    /// There is no such operation.
    Unknown,
    /// Too much is asked at once.
    Busy,
    /// What is asked for is not there: no model, no history.
    Unavailable,
}

impl ErrorCode {
    const ALL: &'static [Self] =
        &[Self::Version, Self::Malformed, Self::Unknown, Self::Busy, Self::Unavailable];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
        }
    }
}

impl Answer {
    /// Reads a line. The two forms of an answer to `control` differ in blanks only.
    ///
    /// # Errors
    /// It is no answer of this protocol.
    pub fn read(line: &str) -> Result<Message<Self>, Message<Fault>> {
        let (head, fields) = split(line)?;
        let body = read(&head.op, &fields);
        match body {
            Ok(body) => Ok(Message { id: head.id, form: head.form, body }),
            Err(body) => Err(Message { id: head.id, form: head.form, body }),
        }
    }
}

fn read(op: &str, fields: &Fields) -> Result<Answer, Fault> {
    let risk = |at, name: &str| fields.word(at, name, Risk::ALL, Risk::name);
    let verdict = |at| fields.word(at, "verdict", Verdict::ALL, Verdict::name);
    Ok(match op {
        "h" | "hello" => Answer::Hello {
            protocol: fields.number(0, "protocol")?.unwrap_or_default(),
            version: fields.text(1, "version")?,
            capabilities: words(&fields.text(2, "capabilities")?),
        },
        "s" | "suggest" => Answer::Suggestion {
            line: Judgement { verdict: verdict(0)?, risk: risk(1, "risk")? },
            risk: risk(2, "suffix_risk")?,
            suffix: fields.text(3, "suffix")?,
            stage: fields.word(4, "stage", Stage::ALL, Stage::name)?,
            source: fields.text(5, "source")?,
        },
        "a" | "alternatives" => {
            let rows = fields.rows(0, "alternatives", &["risk", "suffix", "source"])?;
            let one = |row: Vec<String>| {
                let mut cells = row.into_iter();
                let risk = cells.next().and_then(|name| Risk::ALL.iter().find(|risk| risk.name() == name));
                let risk = *risk.ok_or_else(|| Fault::malformed("`risk` is no risk"))?;
                let mut next = || cells.next().unwrap_or_default();
                Ok(Alternative { risk, suffix: next(), source: next() })
            };
            Answer::Alternatives(rows.into_iter().map(one).collect::<Result<_, Fault>>()?)
        }
        "c" | "check" => Answer::Check {
            line: Judgement { verdict: verdict(0)?, risk: risk(1, "risk")? },
            reason: fields.text(2, "reason")?,
            rule: fields.text(3, "rule")?,
        },
        "w" | "what" => Answer::What { line: fields.text(0, "line")?, word: fields.text(1, "word")? },
        "n" | "generate" => Answer::Generated {
            command: fields.text(0, "command")?,
            line: Judgement { verdict: verdict(2)?, risk: risk(1, "risk")? },
            explanation: fields.text(3, "explanation")?,
            state: fields.word(4, "state", State::ALL, State::name)?,
            others: fields.rows(5, "others", &["command"])?.into_iter().flatten().collect(),
        },
        "f" | "forget" => Answer::Forgotten { runs: fields.number(0, "runs")?.unwrap_or_default() },
        "q" | "control" => Answer::Control {
            json: match fields {
                Fields::Json(map) => map.get("result").map(ToString::to_string).unwrap_or_default(),
                Fields::Tab(_) => fields.text(0, "result")?,
            },
        },
        "e" | "error" => Answer::Error {
            code: fields.word(0, "code", ErrorCode::ALL, ErrorCode::name)?,
            message: fields.text(1, "message")?,
        },
        other => return Err(Fault::unknown(other)),
    })
}

/// Words between commas. One of nothing but control characters would be gone once it is written again.
fn words(list: &str) -> Vec<String> {
    let stays = |word: &&str| word.contains(|c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r'));
    list.split(',').filter(stays).map(str::to_owned).collect()
}

impl Message<Answer> {
    /// The line with its newline. Control characters are left out, but for those that are escaped. An
    /// answer that would be too long for a line is an error that says so.
    pub fn write(&self) -> String {
        let message = "the answer is longer than a line may be".to_owned();
        let instead = || self.with(Answer::Error { code: ErrorCode::Unavailable, message });
        self.try_write().or_else(|| instead().try_write()).unwrap_or_default()
    }

    fn try_write(&self) -> Option<String> {
        let (letter, name) = match &self.body {
            Answer::Hello { .. } => ('h', "hello"),
            Answer::Suggestion { .. } => ('s', "suggest"),
            Answer::Alternatives(_) => ('a', "alternatives"),
            Answer::Check { .. } => ('c', "check"),
            Answer::What { .. } => ('w', "what"),
            Answer::Generated { .. } => ('n', "generate"),
            Answer::Forgotten { .. } => ('f', "forget"),
            Answer::Control { .. } => ('q', "control"),
            Answer::Error { .. } => ('e', "error"),
        };
        let mut out = Writer::new(self.form, letter, name, self.id, true);
        match &self.body {
            Answer::Hello { protocol, version, capabilities } => {
                out.number("protocol", Some(*protocol));
                out.text("version", version);
                out.text("capabilities", &capabilities.join(","));
            }
            Answer::Suggestion { line, risk, suffix, stage, source } => {
                out.text("verdict", line.verdict.name());
                out.text("risk", line.risk.name());
                out.text("suffix_risk", risk.name());
                out.text("suffix", suffix);
                out.text("stage", stage.name());
                out.text("source", source);
            }
            Answer::Alternatives(all) => {
                let row = |one: &'_ Alternative| -> Vec<String> {
                    vec![one.risk.name().to_owned(), one.suffix.clone(), one.source.clone()]
                };
                let rows: Vec<Vec<String>> = all.iter().map(row).collect();
                let rows: Vec<Vec<&str>> =
                    rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
                out.rows("alternatives", &["risk", "suffix", "source"], &rows);
            }
            Answer::Check { line, reason, rule } => {
                out.text("verdict", line.verdict.name());
                out.text("risk", line.risk.name());
                out.text("reason", reason);
                out.text("rule", rule);
            }
            Answer::What { line, word } => {
                out.text("line", line);
                out.text("word", word);
            }
            Answer::Generated { command, line, explanation, state, others } => {
                out.text("command", command);
                out.text("risk", line.risk.name());
                out.text("verdict", line.verdict.name());
                out.text("explanation", explanation);
                out.text("state", state.name());
                let rows: Vec<_> = others.iter().map(|command| vec![command.as_str()]).collect();
                out.rows("others", &["command"], &rows);
            }
            Answer::Forgotten { runs } => out.number("runs", Some(*runs)),
            Answer::Control { json } => out.nested("result", json),
            Answer::Error { code, message } => {
                out.text("code", code.name());
                out.text("message", message);
            }
        }
        out.finish()
    }
}
