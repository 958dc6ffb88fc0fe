//! The JSON that every door speaks. The only module, beside configuration and manifests, with serde types.
//!
//! Batch mode is one JSON object a line, in and out, in the same order. A line that cannot be used
//! gives an [`ErrorAnswer`] in its place and the run goes on. The formats are stable: fields may be
//! added, and a reader ignores fields it does not know; none is renamed, removed or given another meaning.
//! So does this reader: unknown fields of an input line are ignored, and [`unknown_fields`] names them for a caller
//! that wants to say so.
//!
//! | in | out | function |
//! | --- | --- | --- |
//! | [`GenerateLine`] | [`GenerateAnswer`] | [`answer_generate`] |
//! | [`CheckLine`] | [`CheckAnswer`] | [`answer_check`] |
//! | [`ExplainLine`] | [`ExplainAnswer`] | [`answer_explain`] |
//!
//! ```
//! use cmdai_core::{Context, safety::Profile, wire};
//!
//! let out = wire::answer_explain(r#"{"id": 1, "command": 7}"#, &Context::default());
//! assert!(out.starts_with(r#"{"id":1,"error":{"code":"input","#));
//! ```
//!
//! An `id` may be any JSON value and comes back as it was; numbers in it that fit neither 64 bits nor
//! a double are refused, as is a key that occurs twice. Strings are UTF-8.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::engine::{Control, TextModel};
use crate::error::{Error, ErrorKind};
use crate::explain::{self, Explanation, PartRole};
use crate::generate::{self, Candidate, Request, Suggestion, TOLD_ELSEWHERE, Timings};
use crate::safety::{self, Decision, Effect, Finding, Profile, Report, ResolvedCommand};
use crate::{Context, Dialect, Os};

/// A line of `cmdai generate --jsonl`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct GenerateLine {
    /// Comes back with the answer; any JSON value.
    #[serde(default, deserialize_with = "present")]
    pub id: Option<Value>,
    /// What is asked for, in plain words.
    pub request: String,
    /// The shell the command is for, by name or path; the caller's default without it.
    #[serde(default)]
    pub shell: Option<String>,
    /// The system it is for: `linux`, `macos`, `windows`; the caller's default without it.
    #[serde(default)]
    pub os: Option<String>,
    /// The directory it would run in, absolute.
    #[serde(default)]
    pub cwd: Option<String>,
}

/// A line of `cmdai check --jsonl`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CheckLine {
    /// Comes back with the answer; any JSON value.
    #[serde(default, deserialize_with = "present")]
    pub id: Option<Value>,
    /// The line to judge.
    pub command: String,
    /// The shell it is written for; the caller's default without it.
    #[serde(default)]
    pub shell: Option<String>,
    /// The system it would run on; the caller's default without it.
    #[serde(default)]
    pub os: Option<String>,
    /// The directory it would run in, absolute.
    #[serde(default)]
    pub cwd: Option<String>,
    /// Whose verdict: `agent` makes it stricter, and no line makes it milder than the caller asked.
    #[serde(default)]
    pub profile: Option<String>,
}

/// A line of `cmdai explain --jsonl`; the same fields as a [`CheckLine`].
pub type ExplainLine = CheckLine;

/// The answer to a [`GenerateLine`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GenerateAnswer {
    /// That of the line, where it had one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// The best command; null where there is no confident answer.
    pub command: Option<String>,
    /// Its risk: `safe`, `moderate`, `high` (never `critical`); null without a command.
    pub risk: Option<String>,
    /// Its verdict: `allow`, `ask`, `deny`; null without a command.
    pub verdict: Option<String>,
    /// How far it is trusted, 0 to 1; 0 without a command.
    pub confidence: f64,
    /// All commands on offer, best first; the first is `command`.
    pub candidates: Vec<CandidateAnswer>,
    /// Where the time went.
    pub timings: TimingsAnswer,
    /// Code `no_confident_answer` where there is no command; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
}

/// One command on offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateAnswer {
    /// The command: one line without control characters.
    pub command: String,
    /// `safe`, `moderate`, `high`.
    pub risk: String,
    /// `allow`, `ask`, `deny`.
    pub verdict: String,
    /// How far it is trusted, 0 to 1.
    pub confidence: f64,
    /// `model`, `memory`, or `request` where the request was a command already. More origins may come.
    pub origin: String,
    /// The authored intent that has this command for a request like this one; absent where none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<IntentAnswer>,
    /// Programs that it needs and that are not here; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// What the rules say about it, worst first.
    pub findings: Vec<FindingAnswer>,
}

/// The authored intent that a command comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentAnswer {
    /// The file of intents, without its ending.
    pub file: String,
    /// Its id in that file.
    pub id: String,
    /// How far the request is from its phrasings, 0 for the same words.
    pub cost: f64,
}

/// Where the time of an answer went. Milliseconds, with fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimingsAnswer {
    /// All of it.
    pub total_ms: f64,
    /// Loading library, weights and tokenizer, where this request caused it.
    pub load_ms: f64,
    /// Running the prompt.
    pub prefill_ms: f64,
    /// Writing tokens.
    pub decode_ms: f64,
    /// Prompt tokens run.
    pub prompt_tokens: usize,
    /// Tokens written, over all candidates.
    pub decoded_tokens: usize,
}

/// The answer to a [`CheckLine`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckAnswer {
    /// That of the line, where it had one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// `safe`, `moderate`, `high`, `critical`.
    pub risk: String,
    /// `allow`, `ask`, `deny`.
    pub verdict: String,
    /// What the rules say, worst first.
    pub findings: Vec<FindingAnswer>,
    /// Share of the line's bytes that was understood, 0 to 1.
    pub coverage: f64,
    /// What would really run, wrappers peeled off and words resolved; at most 256, and absent where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<CommandAnswer>,
    /// What it would do to what; at most 256, and absent where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<EffectAnswer>,
    /// What gave the verdict; absent where no policy was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecisionAnswer>,
}

/// One thing that a rule has to say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingAnswer {
    /// The rule's name, stable.
    pub rule: String,
    /// How bad: `safe`, `moderate`, `high`, `critical`.
    pub risk: String,
    /// What would happen, for people; wording may change.
    pub message: String,
    /// First byte and the byte after the last one of the words that say so, counted in the UTF-8 command.
    pub span: [usize; 2],
    /// What to type instead; absent where no rule knows better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safer: Option<String>,
    /// What could bring it back afterwards, or that nothing can; absent where there is nothing to bring back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

/// A command as it would run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandAnswer {
    /// The program and its arguments; null is a word whose value cannot be known.
    pub argv: Vec<Option<String>>,
    /// First byte and the byte after the last one of the words it stands in.
    pub span: [usize; 2],
}

/// One thing that a line would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectAnswer {
    /// What is done: `delete`, `send`, `discard-work`. More kinds may come.
    pub kind: String,
    /// To what, as far as it is known.
    pub target: String,
    /// What sort of thing that is: `system`, `home-file`, `host`. More may come.
    pub class: String,
    /// True where it reaches everything below the target.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recursive: bool,
    /// The program that does it.
    pub program: String,
    /// First byte and the byte after the last one of the words that say so.
    pub span: [usize; 2],
}

/// Which entry of which policy gave the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionAnswer {
    /// Whose entry: `built-in`, `user`, `named`, `project`, `once`.
    pub layer: String,
    /// The entry: `risk.high`, `rules.rm-recursive`.
    pub entry: String,
    /// The rule whose finding it decided on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The reason that its author gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it stands: `file:line:column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The answer to an [`ExplainLine`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainAnswer {
    /// That of the line, where it had one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// One sentence for the whole line; empty where none is known.
    pub summary: String,
    /// In order of position, without overlap.
    pub parts: Vec<PartAnswer>,
}

/// One part of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartAnswer {
    /// The text.
    pub text: String,
    /// `program`, `subcommand`, `flag`, `value`, `operand`, `operator`, `redirection`, `assignment`, `keyword`.
    pub kind: String,
    /// What it means; null where no spec knows.
    pub meaning: Option<String>,
    /// First byte and the byte after the last one.
    pub span: [usize; 2],
    /// `table` where the meaning is from the table of many tools, in the words of the tool's makers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What stands in place of an answer where a line cannot be used or the engine fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorAnswer {
    /// That of the line, where it had one that could be read.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// What went wrong.
    pub error: ErrorBody,
}

/// An error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// [`ErrorKind::code`], or `no_confident_answer`.
    pub code: String,
    /// What broke, with which value.
    pub message: String,
    /// The way out, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Commands and effects of one answer: who judges a script of thousands has a report to look at.
const MOST: usize = 256;

/// The code of an answer without a command.
pub const NO_CONFIDENT_ANSWER: &str = "no_confident_answer";

/// A field that is there with `null` is there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl GenerateLine {
    /// The names of its fields.
    pub const FIELDS: &[&str] = &["id", "request", "shell", "os", "cwd"];

    /// The request, on top of the caller's defaults.
    ///
    /// # Errors
    /// `Input` for an unknown shell or system.
    pub fn request(&self, defaults: &Request) -> Result<Request, Error> {
        let context =
            context(&defaults.context, self.shell.as_deref(), self.os.as_deref(), self.cwd.as_deref())?;
        Ok(Request { text: self.request.clone(), context, ..defaults.clone() })
    }
}

impl CheckLine {
    /// The names of its fields.
    pub const FIELDS: &[&str] = &["id", "command", "shell", "os", "cwd", "profile"];

    /// Whose verdict the line asks for.
    ///
    /// # Errors
    /// `Input` for an unknown profile.
    pub fn profile(&self) -> Result<Option<Profile>, Error> {
        let Some(name) = &self.profile else { return Ok(None) };
        name.parse().map(Some).map_err(|_| {
            Error::new(ErrorKind::Input, format!("unknown profile {name:?}"))
                .with_hint("write person or agent")
        })
    }

    /// The context, on top of the caller's defaults.
    ///
    /// # Errors
    /// `Input` for an unknown shell or system.
    pub fn context(&self, defaults: &Context) -> Result<Context, Error> {
        self.profile()?;
        context(defaults, self.shell.as_deref(), self.os.as_deref(), self.cwd.as_deref())
    }
}

fn context(
    defaults: &Context,
    shell: Option<&str>,
    os: Option<&str>,
    cwd: Option<&str>,
) -> Result<Context, Error> {
    let unusable = |error: String| Error::new(ErrorKind::Input, error);
    let mut context = defaults.clone();
    if let Some(shell) = shell {
        context.dialect = shell.parse::<Dialect>().map_err(|error| unusable(error.to_string()))?;
    }
    if let Some(os) = os {
        context.os = os.parse::<Os>().map_err(|error| unusable(error.to_string()))?;
    }
    if let Some(cwd) = cwd {
        if !is_absolute(cwd) {
            let shown: String = cwd.chars().filter(|c| !c.is_control()).take(64).collect();
            return Err(unusable(format!("`cwd` is no absolute path: {shown:?}"))
                .with_hint("give the whole path, or leave it out for the directory of the call"));
        }
        // What the caller knew about its own directory says nothing about another one.
        if context.cwd.as_deref() != Some(cwd) {
            context.in_work_tree = false;
        }
        context.cwd = Some(cwd.to_owned());
    }
    Ok(context)
}

impl GenerateAnswer {
    /// The answer that a suggestion is.
    pub fn new(id: Option<Value>, suggestion: &Suggestion) -> Self {
        let candidates: Vec<_> = suggestion.candidates.iter().map(CandidateAnswer::new).collect();
        let best = candidates.first();
        Self {
            id,
            command: best.map(|best| best.command.clone()),
            risk: best.map(|best| best.risk.clone()),
            verdict: best.map(|best| best.verdict.clone()),
            confidence: best.map_or(0.0, |best| best.confidence),
            timings: TimingsAnswer::new(&suggestion.timings),
            error: candidates.is_empty().then(|| no_confident_answer(suggestion)),
            candidates,
        }
    }
}

/// Why there is no command, as an error body: with the reason where everything fell for the same one.
fn no_confident_answer(suggestion: &Suggestion) -> ErrorBody {
    let reason = match &suggestion.told_elsewhere {
        Some(_) => Some(TOLD_ELSEWHERE),
        None => suggestion.rejected.first().map(|rejected| rejected.reason.as_str()),
    };
    ErrorBody {
        code: NO_CONFIDENT_ANSWER.to_owned(),
        message: reason
            .map_or("no confident answer".to_owned(), |reason| format!("no confident answer: {reason}")),
        hint: Some(suggestion.way_out().to_owned()),
    }
}

impl CandidateAnswer {
    fn new(candidate: &Candidate) -> Self {
        Self {
            command: candidate.command.clone(),
            risk: candidate.report.risk.name().to_owned(),
            verdict: candidate.report.verdict.name().to_owned(),
            confidence: thousandths(candidate.confidence.into()),
            origin: candidate.origin.name().to_owned(),
            intent: candidate.source.as_ref().map(|source| IntentAnswer {
                file: source.file.clone(),
                id: source.intent.clone(),
                cost: thousandths(source.cost.into()),
            }),
            absent: candidate.absent.clone(),
            findings: candidate.report.findings.iter().map(FindingAnswer::new).collect(),
        }
    }
}

impl TimingsAnswer {
    /// The same in milliseconds.
    pub fn new(timings: &Timings) -> Self {
        let ms = |duration: Duration| thousandths(duration.as_secs_f64() * 1000.0);
        Self {
            total_ms: ms(timings.total),
            load_ms: ms(timings.model.load),
            prefill_ms: ms(timings.model.prefill),
            decode_ms: ms(timings.model.decode),
            prompt_tokens: timings.model.prompt_tokens,
            decoded_tokens: timings.model.decoded_tokens,
        }
    }
}

impl CheckAnswer {
    /// The answer that a report is.
    pub fn new(id: Option<Value>, report: &Report) -> Self {
        Self {
            id,
            risk: report.risk.name().to_owned(),
            verdict: report.verdict.name().to_owned(),
            findings: report.findings.iter().map(FindingAnswer::new).collect(),
            coverage: thousandths(report.coverage.share()),
            commands: report.commands.iter().take(MOST).map(CommandAnswer::new).collect(),
            effects: report.effects.iter().take(MOST).map(EffectAnswer::new).collect(),
            decided_by: report.decision.as_ref().map(DecisionAnswer::new),
        }
    }
}

impl CommandAnswer {
    fn new(command: &ResolvedCommand) -> Self {
        Self { argv: command.argv.clone(), span: [command.span.start, command.span.end] }
    }
}

impl EffectAnswer {
    fn new(effect: &Effect) -> Self {
        Self {
            kind: effect.kind.name().to_owned(),
            target: effect.target.text.clone(),
            class: effect.target.class.name().to_owned(),
            recursive: effect.recursive,
            program: effect.program.clone(),
            span: [effect.span.start, effect.span.end],
        }
    }
}

impl FindingAnswer {
    fn new(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.to_owned(),
            risk: finding.risk.name().to_owned(),
            message: finding.message.clone(),
            span: [finding.span.start, finding.span.end],
            safer: finding.safer.clone(),
            undo: finding.undo.clone(),
        }
    }
}

impl DecisionAnswer {
    /// The same as JSON.
    pub fn new(decision: &Decision) -> Self {
        Self {
            layer: decision.layer.name().to_owned(),
            entry: decision.entry.clone(),
            rule: decision.rule.map(str::to_owned),
            reason: decision.reason.clone(),
            source: decision.source.clone(),
        }
    }
}

impl ExplainAnswer {
    /// The answer that an explanation is.
    pub fn new(id: Option<Value>, explanation: &Explanation) -> Self {
        let part = |part: &explain::ExplainedPart| PartAnswer {
            text: part.text.clone(),
            kind: part_kind(part.kind).to_owned(),
            meaning: part.meaning.clone(),
            span: [part.span.start, part.span.end],
            source: (part.source == explain::Source::Table).then(|| "table".to_owned()),
        };
        Self { id, summary: explanation.summary.clone(), parts: explanation.parts.iter().map(part).collect() }
    }
}

/// True for a path that begins at a root, of any system.
fn is_absolute(path: &str) -> bool {
    let mut bytes = path.bytes();
    match (bytes.next(), bytes.next(), bytes.next()) {
        (Some(b'/' | b'\\'), ..) => true,
        (Some(drive), Some(b':'), Some(b'/' | b'\\')) => drive.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The name of a part's role in JSON.
const fn part_kind(role: PartRole) -> &'static str {
    match role {
        PartRole::Program => "program",
        PartRole::Subcommand => "subcommand",
        PartRole::Flag => "flag",
        PartRole::Value => "value",
        PartRole::Operand => "operand",
        PartRole::Operator => "operator",
        PartRole::Redirection => "redirection",
        PartRole::Assignment => "assignment",
        PartRole::Keyword => "keyword",
    }
}

impl ErrorAnswer {
    /// The object for an error.
    pub fn new(id: Option<Value>, error: &Error) -> Self {
        Self {
            id,
            error: ErrorBody {
                code: error.kind().code().to_owned(),
                message: error.to_string(),
                hint: error.hint().map(str::to_owned),
            },
        }
    }
}

/// Three digits after the point are more than anybody reads, and fewer than a float prints.
fn thousandths(value: f64) -> f64 {
    if value.is_finite() { (value * 1000.0).round() / 1000.0 } else { 0.0 }
}

/// The names in a line of a batch that are none of its fields, as they stand there. Of a line that cannot be read, none.
pub fn unknown_fields(line: &str, known: &[&str]) -> Vec<String> {
    type Names = std::collections::BTreeMap<String, serde::de::IgnoredAny>;
    let names = serde_json::from_str::<Names>(line).unwrap_or_default();
    names.into_keys().filter(|name| !known.contains(&name.as_str())).collect()
}

/// Reads a line of a batch.
///
/// # Errors
/// The error object to write in its place, with the line's `id` where that much could be read.
pub fn read<'de, T: Deserialize<'de>>(line: &'de str) -> Result<T, Box<ErrorAnswer>> {
    #[derive(Deserialize)]
    struct OnlyId {
        #[serde(default, deserialize_with = "present")]
        id: Option<Value>,
    }
    // A list would be read as the fields in their order, which nobody promised.
    if line.trim_start().starts_with('[') {
        let error = Error::new(ErrorKind::Input, "the line is a list, not an object")
            .with_hint("write one JSON object a line");
        return Err(Box::new(ErrorAnswer::new(None, &error)));
    }
    serde_json::from_str(line).map_err(|error| {
        let id = serde_json::from_str::<OnlyId>(line).ok().and_then(|line| line.id);
        Box::new(ErrorAnswer::new(id, &unusable_line(&error)))
    })
}

fn unusable_line(error: &serde_json::Error) -> Error {
    // The library's message ends in a place; of a batch line only the column tells anything.
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends in the middle of JSON".to_owned(),
        serde_json::error::Category::Syntax => "it is not JSON".to_owned(),
        // The names of our own types mean nothing to who wrote the line.
        _ => match message.split_once(", expected struct ") {
            Some((found, _)) => format!("{found}, expected an object"),
            None => message.to_owned(),
        },
    };
    Error::new(ErrorKind::Input, format!("the line cannot be used: {what} (column {})", error.column()))
        .with_hint("write one JSON object a line")
}

/// A value of this module as one line of JSON, without the line end.
pub fn write<T: Serialize>(answer: &T) -> String {
    serde_json::to_string(answer).unwrap_or_else(|error| {
        // Only maps with keys that are no strings fail, and there are none here.
        format!(
            r#"{{"error":{{"code":"internal","message":"{}"}}}}"#,
            error.to_string().replace(['"', '\\'], " ")
        )
    })
}

/// Answers one line of `cmdai generate --jsonl` with one line of JSON.
///
/// `defaults` gives what the line leaves out: shell, system, directory, number of candidates, programs, profile.
pub fn answer_generate<'m>(
    line: &str,
    defaults: &Request,
    model: impl FnOnce() -> Result<&'m mut dyn TextModel, Error>,
    control: &mut Control<'_>,
) -> String {
    answer_generate_with(line, defaults, model, control, |_| (), |_, _| ())
}

/// The same where the caller adds to each request what it sees of its directory, and has the last word on each verdict, as it
/// does under a policy.
pub fn answer_generate_with<'m>(
    line: &str,
    defaults: &Request,
    model: impl FnOnce() -> Result<&'m mut dyn TextModel, Error>,
    control: &mut Control<'_>,
    look: impl FnOnce(&mut Request),
    decide: impl Fn(&mut Report, &Context),
) -> String {
    let line: GenerateLine = match read(line) {
        Ok(line) => line,
        Err(error) => return write(&error),
    };
    let answer = line.request(defaults).and_then(|mut request| {
        look(&mut request);
        let mut suggestion = generate::generate(&request, model, control)?;
        for candidate in &mut suggestion.candidates {
            decide(&mut candidate.report, &request.context);
        }
        Ok(suggestion)
    });
    match answer {
        Ok(suggestion) => write(&GenerateAnswer::new(line.id, &suggestion)),
        Err(error) => write(&ErrorAnswer::new(line.id, &error)),
    }
}

/// Answers one line of `cmdai check --jsonl` with one line of JSON. `defaults` gives what the line leaves out.
pub fn answer_check(line: &str, defaults: &Context, profile: Profile) -> String {
    answer_check_with(line, defaults, |command, ctx, asked| {
        let agent = asked == Some(Profile::Agent);
        safety::check_as(command, ctx, if agent { Profile::Agent } else { profile })
    })
}

/// The same where the caller judges, as it does under a policy.
pub fn answer_check_with(
    line: &str,
    defaults: &Context,
    judge: impl FnOnce(&str, &Context, Option<Profile>) -> Report,
) -> String {
    let line: CheckLine = match read(line) {
        Ok(line) => line,
        Err(error) => return write(&error),
    };
    let read = line.context(defaults).and_then(|context| Ok((context, line.profile()?)));
    match read {
        Ok((context, profile)) => write(&CheckAnswer::new(line.id, &judge(&line.command, &context, profile))),
        Err(error) => write(&ErrorAnswer::new(line.id, &error)),
    }
}

/// Answers one line of `cmdai explain --jsonl` with one line of JSON. `defaults` gives what the line leaves out.
pub fn answer_explain(line: &str, defaults: &Context) -> String {
    let line: ExplainLine = match read(line) {
        Ok(line) => line,
        Err(error) => return write(&error),
    };
    match line.context(defaults) {
        Ok(context) => write(&ExplainAnswer::new(line.id, &explain::explain(&line.command, &context))),
        Err(error) => write(&ErrorAnswer::new(line.id, &error)),
    }
}

#[cfg(test)]
mod tests;
