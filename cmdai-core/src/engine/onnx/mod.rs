//! Local inference on ONNX Runtime.
//!
//! The library is opened from an absolute path at run time, so a build needs nothing of it, and every way
//! in which it can be missing or wrong is an error with a reason. A model keeps the keys and values of the
//! last prompt: a prompt that begins the same way runs only its rest, and samples and scores start where
//! the prompt ends.
//!
//! Nothing has to be joined or closed before a process exits, as long as no thread is inside a call of a
//! model at that moment: ONNX Runtime's statics are destroyed under such a call. The threads of a session
//! sleep between calls. A model must not be used or dropped in a forked child.

mod forward;
mod library;
mod sampling;
mod session;
mod text;

pub use library::{disable_telemetry, runtime_version};
pub use session::Device;

use std::thread;
use std::time::Instant;

use self::forward::{Forward, passes};
use self::sampling::{Random, greedy, log_sum_exp, sample};
use self::text::{Texts, render, settled};
use super::{Completion, Control, DecodeOptions, Event, Finish, ModelInfo, Prompt, Score, TextModel, Usage};
use crate::error::{Error, ErrorKind};
use crate::models::{Manifest, RuntimeLibrary, VerifiedModel};

/// Tokens that prompt and answer may have together. The cache reserves 46 KB of address space for each
/// and touches those that are used.
const SLOTS: usize = 1024;
/// Tokens kept free behind a prompt, so that a long request does not leave half an answer.
const ROOM: usize = 64;

/// How to run a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OnnxOptions {
    /// Threads for one pass; as many as there are cores, at most four, if not given.
    pub threads: Option<usize>,
    /// Where to run.
    pub device: Device,
}

/// A model on ONNX Runtime.
pub struct OnnxModel {
    manifest: Manifest,
    texts: Texts,
    forward: Forward,
    engine: String,
    note: Option<String>,
    usage: Usage,
}

/// A prompt that was run: how long it is, and what follows it.
struct Start {
    tokens: usize,
    logits: Vec<f32>,
}

impl OnnxModel {
    /// Opens the library and loads the model.
    ///
    /// # Errors
    /// `Runtime` where the library or the device cannot be used; `ModelCorrupt` where the model cannot.
    pub fn load(
        model: &VerifiedModel,
        library: &RuntimeLibrary,
        options: &OnnxOptions,
    ) -> Result<Self, Error> {
        let begin = Instant::now();
        disable_telemetry();
        let manifest = model.manifest().clone();
        // Reading the tokenizer takes half as long as loading the weights: on two cores it takes no time at all.
        let (texts, opened) = thread::scope(|scope| {
            let texts = scope.spawn(|| Texts::load(&model.tokenizer(), &manifest.prompt));
            let opened = library::environment(library)
                .and_then(|loaded| Ok((session::open(loaded, library, model, options)?, &loaded.version)));
            let texts = texts
                .join()
                .unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "reading the tokenizer panicked")));
            (texts, opened)
        });
        let (opened, version) = opened?;
        let texts = texts?;
        let slots = SLOTS.min(manifest.architecture.max_context);
        let forward = Forward::new(opened.session, &manifest.architecture, slots)?;
        let engine = format!("onnxruntime {version} ({})", opened.device.name());
        let usage = Usage { load: begin.elapsed(), ..Usage::default() };
        Ok(Self { manifest, texts, forward, engine, note: opened.note, usage })
    }

    /// What a person should know about how the model runs, such as a device that was hoped for and failed.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Runs a prompt, except for what the cache already holds of it. `None` where the deadline passed.
    fn start(&mut self, tokens: &[u32], control: &Control<'_>) -> Result<Option<Start>, Error> {
        let begin = Instant::now();
        let common =
            self.forward.stable().iter().zip(tokens).take_while(|(held, token)| held == token).count();
        // What follows the last token is not kept, so it always runs, and not alone.
        let keep = common.min(tokens.len().saturating_sub(2));
        self.forward.rewind(keep);
        for piece in passes(&tokens[keep..]) {
            go_on(control)?;
            if control.is_late() {
                return Ok(None);
            }
            self.forward.run(piece)?;
        }
        self.usage.prompt_tokens += tokens.len() - keep;
        self.usage.prefill += begin.elapsed();
        Ok(Some(Start { tokens: tokens.len(), logits: self.forward.last_logits().to_vec() }))
    }

    /// Writes one candidate behind a prompt that was run.
    fn write(
        &mut self,
        start: &Start,
        prompt: &Prompt,
        options: &DecodeOptions,
        mut random: Option<Random>,
        control: &mut Control<'_>,
    ) -> Result<Completion, Error> {
        let begin = Instant::now();
        self.forward.rewind(start.tokens);
        let streams = random.is_none();
        let mut tokens = Vec::new();
        let mut text = String::new();
        let mut shown = 0;
        let mut logprob = 0.0;
        let mut count = 0;
        let finish = loop {
            go_on(control)?;
            if control.is_late() {
                break Finish::Deadline;
            }
            if count == options.max_tokens || self.forward.free() == 0 {
                break Finish::Length;
            }
            let logits = match tokens.last() {
                None => &start.logits,
                Some(token) => {
                    self.forward.run(&[*token])?;
                    self.forward.last_logits()
                }
            };
            let norm = log_sum_exp(logits);
            if !norm.is_finite() {
                return Err(Error::new(ErrorKind::Inference, "the model gave no usable numbers"));
            }
            let token = match &mut random {
                None => greedy(logits),
                Some(random) => sample(logits, options.temperature.max(0.01), options.top_p, random),
            };
            logprob += logits[token] - norm;
            count += 1;
            let token = token as u32;
            if self.texts.is_control(token) {
                break Finish::Stop;
            }
            tokens.push(token);
            text = self.texts.decode(&tokens)?;
            if streams && let Some(new) = settled(&text).get(shown..).filter(|new| !new.is_empty()) {
                shown += new.len();
                control.tell(Event::Text(new.to_owned()));
            }
        };
        self.usage.decode += begin.elapsed();
        self.usage.decoded_tokens += count;
        Ok(Completion { text: format!("{}{text}", prompt.prefix), tokens: count, logprob, finish })
    }

    /// The tokens of a prompt, in which the answer has begun with its prefix.
    fn render(&self, prompt: &Prompt) -> Result<Vec<u32>, Error> {
        let mut tokens = render(&self.manifest.prompt, |text| self.texts.encode(text), prompt)?;
        tokens.extend(self.texts.encode(&prompt.prefix)?);
        let most = self.manifest.architecture.max_context.min(SLOTS) - ROOM;
        if tokens.len() > most {
            let message =
                format!("the request is too long: {} tokens, and the model takes {most}", tokens.len());
            return Err(Error::new(ErrorKind::Input, message).with_hint("say it in fewer words"));
        }
        Ok(tokens)
    }

    /// How likely tokens are behind a prompt that was run.
    fn judge(&mut self, start: &Start, tokens: &[u32], control: &Control<'_>) -> Result<f32, Error> {
        let Some((first, _)) = tokens.split_first() else { return Ok(0.0) };
        let mut logprob = log_probability(&start.logits, *first);
        // Token n is judged by what stands behind token n - 1. The last one runs along only so that no pass
        // has a single token.
        let mut judged = tokens[1..].iter();
        for pass in passes(tokens) {
            go_on(control)?;
            if judged.len() == 0 {
                break;
            }
            self.forward.run(pass)?;
            for (row, token) in (0..pass.len()).zip(&mut judged) {
                logprob += log_probability(self.forward.logits(row), *token);
            }
        }
        Ok(logprob)
    }
}

impl TextModel for OnnxModel {
    fn info(&self) -> ModelInfo {
        ModelInfo { model: self.manifest.title(), engine: self.engine.clone() }
    }

    fn complete(
        &mut self,
        prompt: &Prompt,
        options: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<Vec<Completion>, Error> {
        let tokens = self.render(prompt)?;
        let Some(start) = self.start(&tokens, control)? else {
            let text = prompt.prefix.clone();
            return Ok(vec![Completion { text, tokens: 0, logprob: 0.0, finish: Finish::Deadline }]);
        };
        let mut completions: Vec<Completion> = Vec::new();
        for number in 0..options.candidates.max(1) {
            let random = (number > 0).then(|| Random::new(options.seed, number as u64));
            if number > 0 && control.is_late() {
                break;
            }
            let completion = self.write(&start, prompt, options, random, control)?;
            if completions.iter().all(|known| known.text != completion.text) {
                control.tell(Event::Candidate(completion.clone()));
                completions.push(completion);
            }
        }
        Ok(completions)
    }

    fn score(
        &mut self,
        prompt: &Prompt,
        texts: &[&str],
        control: &mut Control<'_>,
    ) -> Result<Vec<Score>, Error> {
        let tokens = self.render(&Prompt { prefix: String::new(), ..prompt.clone() })?;
        let late = || Error::new(ErrorKind::Timeout, "the deadline passed before the commands were judged");
        let start = self.start(&tokens, control)?.ok_or_else(late)?;
        let begin = Instant::now();
        let mut scores = Vec::with_capacity(texts.len());
        for text in texts {
            if control.is_late() {
                return Err(late());
            }
            let mut tokens = self.texts.encode(text)?;
            tokens.push(self.manifest.prompt.eos.id);
            self.forward.rewind(start.tokens);
            if tokens.len() > self.forward.free() {
                return Err(Error::new(
                    ErrorKind::Input,
                    format!("a command of {} tokens is too long to judge", tokens.len()),
                ));
            }
            scores.push(Score { logprob: self.judge(&start, &tokens, control)?, tokens: tokens.len() });
        }
        self.usage.decode += begin.elapsed();
        Ok(scores)
    }

    fn take_usage(&mut self) -> Usage {
        std::mem::take(&mut self.usage)
    }
}

fn go_on(control: &Control<'_>) -> Result<(), Error> {
    if control.cancel.is_cancelled() { Err(Error::new(ErrorKind::Cancelled, "cancelled")) } else { Ok(()) }
}

fn log_probability(logits: &[f32], token: u32) -> f32 {
    logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - log_sum_exp(logits))
}
