//! Text models: the one thing in cmdai that is not deterministic knowledge.
//!
//! A [`TextModel`] turns a request into candidate commands and tells how likely it finds a given
//! command. It knows nothing of safety, parsing or ranking: [`crate::generate`] does that, and treats
//! every text that comes out of here as untrusted. Engines: [`ScriptedModel`] for tests and, with the
//! feature `onnx`, local inference on ONNX Runtime.

#[cfg(feature = "onnx")]
pub mod onnx;
mod scripted;

pub use scripted::{Script, ScriptedModel};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::context::Os;
use crate::error::Error;
use crate::line::Dialect;

/// What a model is asked, by meaning: each engine renders it in the form its model was trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// The request, one line of plain text.
    pub request: String,
    /// The shell the command is for.
    pub dialect: Dialect,
    /// The system the command is for.
    pub os: Os,
    /// Commands that may help, best first, such as those a memory recalls.
    pub drafts: Vec<String>,
    /// How the command must begin; empty for a free answer.
    pub prefix: String,
    /// For a prompt without a request, which asks how the line `prefix` goes on: lines that were run
    /// before it in the same terminal, the oldest first. An engine leaves out the oldest where there are too many.
    pub past: Vec<Turn>,
    /// Where that line is being typed.
    pub place: Place,
}

/// A line that was run, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Where it was run.
    pub place: Place,
    /// The line, without secrets.
    pub command: String,
}

/// A working directory as a model is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its path, with `~` for the home directory; empty where it is not known.
    pub dir: String,
    /// A few names in it, directories with a slash at their end.
    pub entries: Vec<String>,
}

/// How to decode.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodeOptions {
    /// Tokens at most for one candidate.
    pub max_tokens: usize,
    /// How many candidates: the first is the greedy one, the others are samples. Equal texts are given once.
    pub candidates: usize,
    /// Divides the logits of samples; above 0.
    pub temperature: f32,
    /// Samples come from the smallest set of tokens whose probability reaches this, 0 to 1.
    pub top_p: f32,
    /// Seed of the samples: the same seed, prompt and model give the same texts.
    pub seed: u64,
    /// A text ends before the token with which its probability, given its prefix, falls below this: only
    /// the likely part of it is written, and its [`Completion::pieces`] are told. 0 for whole texts without pieces.
    pub floor: f32,
    /// The greedy text is given up, as [`Finish::Unlikely`], once its log-probability is below this: it can only fall.
    pub least_logprob: f32,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self {
            max_tokens: 72,
            candidates: 1,
            temperature: 0.8,
            top_p: 0.95,
            seed: 0,
            floor: 0.0,
            least_logprob: f32::NEG_INFINITY,
        }
    }
}

/// One text that a model wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// The text as decoded, after the prompt's `prefix` (which it includes).
    pub text: String,
    /// Tokens it took, the end token included.
    pub tokens: usize,
    /// Sum of the natural log-probabilities of those tokens, at temperature 1.
    pub logprob: f32,
    /// Why it ends.
    pub finish: Finish,
    /// How likely its beginnings are, the shortest first; empty unless [`DecodeOptions::floor`] is above 0.
    pub pieces: Vec<Piece>,
}

/// A beginning of a text that is longer than the prompt's prefix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Bytes of the text up to here; a character boundary.
    pub end: usize,
    /// The natural logarithm of how likely the text is up to here, given the prefix.
    pub logprob: f32,
    /// How likely a word ends here, 0 to 1: a blank follows, or nothing.
    pub closes: f32,
    /// How likely nothing follows, 0 to 1.
    pub ends: f32,
}

/// Why a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Finish {
    /// The model wrote its end token.
    Stop,
    /// [`DecodeOptions::max_tokens`] was reached, or a greedy text began to repeat itself.
    Length,
    /// The deadline passed.
    Deadline,
    /// What follows is less likely than [`DecodeOptions::floor`], or the text than [`DecodeOptions::least_logprob`].
    Unlikely,
}

/// How likely a model finds a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Sum of the natural log-probabilities of its tokens and of the end token.
    pub logprob: f32,
    /// How many tokens that were.
    pub tokens: usize,
}

/// What happens while a model works.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The greedy candidate grew by this text.
    Text(String),
    /// A candidate is finished.
    Candidate(Completion),
}

/// Stops work from another thread or a signal handler. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that nobody has cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the work to stop at the next token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// True once [`CancelToken::cancel`] was called on any clone.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// How a caller steers a run: cancellation, a deadline, and a listener.
#[derive(Default)]
pub struct Control<'a> {
    /// Checked between tokens; a cancelled run is an error of kind `Cancelled`.
    pub cancel: CancelToken,
    /// Checked between tokens; what was written by then is the answer, with [`Finish::Deadline`].
    pub deadline: Option<Instant>,
    /// Told of each [`Event`].
    pub listener: Option<&'a mut dyn FnMut(Event)>,
}

impl Control<'_> {
    /// Tells the listener, where there is one.
    pub fn tell(&mut self, event: Event) {
        if let Some(listener) = &mut self.listener {
            listener(event);
        }
    }

    /// True once the deadline has passed.
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// What a model is and where it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// The model's name and version.
    pub model: String,
    /// The engine and the device it really uses: `onnxruntime 1.31.1 (cpu)`.
    pub engine: String,
}

/// Time and tokens that a model spent since it was made or last asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Loading the library, the weights and the tokenizer.
    pub load: Duration,
    /// Running the prompt.
    pub prefill: Duration,
    /// Writing tokens.
    pub decode: Duration,
    /// Prompt tokens run.
    pub prompt_tokens: usize,
    /// Tokens written, over all candidates.
    pub decoded_tokens: usize,
}

/// A model that writes and judges commands.
///
/// An implementation leaves to others what is not a model's business: it does not trim, parse,
/// check or rank what it wrote, and it never prints or runs anything. It is used from one thread at
/// a time and keeps whatever state makes the next call fast.
pub trait TextModel: Send {
    /// What it is and where it runs.
    fn info(&self) -> ModelInfo;

    /// Writes candidates, the greedy one first.
    ///
    /// # Errors
    /// `Cancelled` when the token was cancelled; `Input` when the prompt does not fit the model;
    /// `Inference` when the runtime fails.
    fn complete(
        &mut self,
        prompt: &Prompt,
        options: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<Vec<Completion>, Error>;

    /// Reads a prompt ahead of the call of [`TextModel::complete`] that will ask it, whatever its `prefix`.
    /// Nothing comes of it but that this call is faster; an engine that keeps nothing does nothing.
    ///
    /// # Errors
    /// As [`TextModel::complete`]. What was read before it was cancelled stays read.
    fn prepare(&mut self, _prompt: &Prompt, _control: &Control<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// Log-probabilities of given answers to the prompt, in their order. `prefix` is ignored.
    ///
    /// # Errors
    /// As [`TextModel::complete`].
    fn score(
        &mut self,
        prompt: &Prompt,
        texts: &[&str],
        control: &mut Control<'_>,
    ) -> Result<Vec<Score>, Error>;

    /// Time and tokens since the last call of this method.
    fn take_usage(&mut self) -> Usage;
}
