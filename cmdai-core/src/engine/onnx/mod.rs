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

mod answers;
mod forward;
mod judged;
mod library;
mod prepared;
mod sampling;
mod session;
mod text;

pub use library::{disable_telemetry, runtime_version};
pub use session::Device;

use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use self::answers::Row;
use self::forward::{Forward, passes};
use self::judged::{Behind, Judged};
use self::sampling::Random;
use self::text::{Texts, render};
use super::{Completion, Control, DecodeOptions, Event, Finish, ModelInfo, Prompt, Score, TextModel, Usage};
use crate::error::{Error, ErrorKind};
use crate::models::{Manifest, RuntimeLibrary, VerifiedModel};

/// Tokens that a prompt may have: twice what the default model was trained on. Longer ones take seconds.
const LONGEST_PROMPT: usize = 384;
/// Tokens that an answer may have.
const LONGEST_ANSWER: usize = 128;
/// Tokens that run along with the last one of an answer, as guesses of how it goes on. Two saved a quarter of the time of what
/// no judged text tells, on 356 requests; three no more.
const GUESSED: usize = 2;

/// How to run a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OnnxOptions {
    /// Threads for one pass; as many as there are cores, at most four, if not given.
    pub threads: Option<usize>,
    /// Where to run.
    pub device: Device,
    /// Our cache folder, in which [`OnnxModel::prepare`] saves weights and [`OnnxModel::load`] looks for them.
    pub cache: Option<PathBuf>,
}

/// A model on ONNX Runtime.
pub struct OnnxModel {
    manifest: Manifest,
    texts: Texts,
    forward: Forward,
    engine: String,
    note: Option<String>,
    prepared: bool,
    usage: Usage,
    judged: Judged,
    /// The last prompt that was run, and what follows it.
    last: Option<(Vec<u32>, Vec<f32>)>,
}

/// A prompt in tokens.
struct Question {
    tokens: Vec<u32>,
    /// Those of them that belong to the answer already.
    begun: Vec<u32>,
    /// How the next token must begin, as the vocabulary spells it.
    must: String,
    /// What the answer begins with, in words.
    prefix: String,
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
        let forward = Forward::new(opened.session, &manifest.architecture)?;
        let engine = format!("onnxruntime {version} ({})", opened.device.name());
        let usage = Usage { load: begin.elapsed(), ..Usage::default() };
        let (note, prepared) = (opened.note, opened.prepared);
        let judged = Judged::default();
        Ok(Self { manifest, texts, forward, engine, note, prepared, usage, judged, last: None })
    }

    /// Saves the weights in the form that the runtime makes of them whenever it loads a model, so that later
    /// loads map them: they start faster and share their memory. It takes half a second and about twice
    /// the model's size of disk, so it is left to the caller to choose a moment when nobody waits. False
    /// where it was done before.
    ///
    /// # Errors
    /// `Runtime` as [`OnnxModel::load`]; `Io` where the cache cannot be written: the model works without.
    pub fn prepare(
        model: &VerifiedModel,
        library: &RuntimeLibrary,
        options: &OnnxOptions,
    ) -> Result<bool, Error> {
        session::prepare(library::environment(library)?, model, options)
    }

    /// True where [`OnnxModel::load`] found what [`OnnxModel::prepare`] saved.
    pub fn is_prepared(&self) -> bool {
        self.prepared
    }

    /// What a person should know about how the model runs, such as a device that was hoped for and failed.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Runs a prompt, except for what the cache already holds of it, and keeps room for `room` tokens behind
    /// it. `None` where the deadline passed.
    fn start(&mut self, tokens: &[u32], room: usize, control: &Control<'_>) -> Result<Option<Start>, Error> {
        let begin = Instant::now();
        self.forward.turn_to(tokens)?;
        self.forward.reserve(tokens.len() + room)?;
        if let Some((last, logits)) = &self.last
            && last == tokens
            && self.forward.stable().starts_with(tokens)
        {
            self.forward.rewind(tokens.len());
            return Ok(Some(Start { tokens: tokens.len(), logits: logits.clone() }));
        }
        let common =
            self.forward.stable().iter().zip(tokens).take_while(|(held, token)| held == token).count();
        // What follows the last token is not kept, so it always runs, and not alone.
        let keep = common.min(tokens.len().saturating_sub(2));
        self.forward.rewind(keep);
        for pass in passes(&tokens[keep..]) {
            go_on(control)?;
            if control.is_late() {
                return Ok(None);
            }
            self.forward.run(pass)?;
        }
        self.usage.prompt_tokens += tokens.len() - keep;
        self.usage.prefill += begin.elapsed();
        let logits = self.forward.last_logits().to_vec();
        self.last = Some((tokens.to_vec(), logits.clone()));
        Ok(Some(Start { tokens: tokens.len(), logits }))
    }

    /// Writes candidates side by side behind a prompt that was run.
    fn write(
        &mut self,
        question: &Question,
        start: &Start,
        options: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<Vec<Completion>, Error> {
        let begin = Instant::now();
        let most = options.max_tokens.min(LONGEST_ANSWER);
        let count = options.candidates.max(1);
        let mut rows: Vec<_> = (0..count as u64)
            .map(|row| Row::new(question, (row > 0).then(|| Random::new(options.seed, row))))
            .collect();
        self.forward.fork(count, most)?;
        let mut known = 0;
        let mut behind = start.logits.clone();
        if let [row] = &mut rows[..]
            && row.is_free_and_greedy()
            && options.floor == 0.0
            && most > 0
        {
            known = self.agree(question, row, &mut behind, most, options)?;
            row.tell(control);
        }
        match &mut rows[..] {
            [row] => self.write_one(question, row, behind, most - known, options, control)?,
            rows => self.write_beside(rows, &behind, most, options, control)?,
        }
        self.usage.decode += begin.elapsed();
        self.usage.decoded_tokens += rows.iter().map(|row| row.count).sum::<usize>();
        let mut completions: Vec<Completion> = Vec::with_capacity(count);
        for completion in rows.into_iter().map(Row::into_completion) {
            if completions.iter().all(|known| known.text != completion.text) {
                control.tell(Event::Candidate(completion.clone()));
                completions.push(completion);
            }
        }
        Ok(completions)
    }

    /// Writes one answer on. `behind` is what follows its tokens so far, `left` how many more it may have. Where the text,
    /// its prompt or what was judged behind it tells how it may go on, a guess runs along with its last token: that takes little
    /// more time, and what the model writes is kept, guessed or not.
    fn write_one(
        &mut self,
        question: &Question,
        row: &mut Row,
        behind: Vec<f32>,
        mut left: usize,
        options: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let mut behind = Some(behind);
        while row.finish.is_none() {
            go_on(control)?;
            if control.is_late() {
                row.finish = Some(Finish::Deadline);
            } else if left == 0 {
                row.finish = Some(Finish::Length);
            } else if let Some(logits) = behind.take() {
                row.grow(&logits, &self.texts, options)?;
                left -= 1;
            } else {
                let mut run = vec![row.last().unwrap_or(self.manifest.prompt.eos.id)];
                if row.is_free_and_greedy() {
                    run.extend(self.judged.guess(&question.tokens, row.tokens(), GUESSED.min(left)));
                }
                let held = self.forward.held().len();
                self.forward.run(&run)?;
                let mut right = 0;
                while let Some(guess) = run.get(right + 1) {
                    row.grow(self.forward.logits(right), &self.texts, options)?;
                    left -= 1;
                    if row.finish.is_some() || row.last() != Some(*guess) {
                        break;
                    }
                    right += 1;
                }
                if right + 1 == run.len() {
                    behind = Some(self.forward.last_logits().to_vec());
                }
                self.forward.rewind(held + 1 + right);
            }
            row.tell(control);
        }
        Ok(())
    }

    /// Writes several answers side by side; `behind` is what follows the prompt.
    fn write_beside(
        &mut self,
        rows: &mut [Row],
        behind: &[f32],
        most: usize,
        options: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        for written in 0..=most {
            go_on(control)?;
            let finish = if control.is_late() { Some(Finish::Deadline) } else { None };
            let finish = finish.or((written == most).then_some(Finish::Length));
            for (number, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.finish.is_none()) {
                let logits = if written == 0 { behind } else { self.forward.answer_logits(number) };
                match finish {
                    Some(_) => row.finish = finish,
                    None => row.grow(logits, &self.texts, options)?,
                }
                if number == 0 {
                    row.tell(control);
                }
            }
            if rows.iter().all(|row| row.finish.is_some()) {
                break;
            }
            // A finished row runs along; what it is given has no effect on the others.
            let next: Vec<_> =
                rows.iter().map(|row| row.last().unwrap_or(self.manifest.prompt.eos.id)).collect();
            self.forward.step(&next)?;
        }
        Ok(())
    }

    /// The tokens of a prompt, in which the answer has begun with its prefix.
    fn question(&self, prompt: &Prompt) -> Result<Question, Error> {
        let mut tokens = render(&self.manifest.prompt, |text| self.texts.encode(text), prompt)?;
        // `git che` in tokens of its own is not how `git checkout` begins: the last token is left to the
        // model, which must spell at least as much.
        let mut begun = self.texts.encode(&prompt.prefix)?;
        let must = begun.pop().and_then(|token| self.texts.spelling(token)).unwrap_or_default();
        tokens.extend(&begun);
        let most = LONGEST_PROMPT.min(self.manifest.architecture.max_context.saturating_sub(LONGEST_ANSWER));
        if tokens.len() > most {
            let message =
                format!("the request is too long: {} tokens, and the model takes {most}", tokens.len());
            return Err(Error::new(ErrorKind::Input, message).with_hint("say it in fewer words"));
        }
        Ok(Question { tokens, begun, must, prefix: prompt.prefix.clone() })
    }

    /// Writes the greedy answer as far as texts that were judged behind this prompt tell it, and runs it.
    /// Returns how many tokens that is; `behind` then is what follows them.
    fn agree(
        &mut self,
        question: &Question,
        row: &mut Row,
        behind: &mut Vec<f32>,
        most: usize,
        options: &DecodeOptions,
    ) -> Result<usize, Error> {
        let first = sampling::greedy(behind) as u32;
        if self.judged.next(&question.tokens, &[first]).is_none() {
            return Ok(0);
        }
        row.grow(behind, &self.texts, options)?;
        let mut written = vec![first];
        while row.finish.is_none() && written.len() < most {
            let Some((token, logprob)) = self.judged.next(&question.tokens, &written) else { break };
            row.take(token, logprob, &self.texts)?;
            row.give_up_below(options.least_logprob);
            written.push(token);
        }
        if row.finish.is_none() {
            for pass in passes(&written) {
                self.forward.run(pass)?;
            }
            *behind = self.forward.last_logits().to_vec();
        }
        Ok(written.len())
    }

    /// How likely tokens are behind a prompt that was run.
    fn judge(&mut self, start: &Start, tokens: &[u32], control: &Control<'_>) -> Result<f32, Error> {
        let Some((first, rest)) = tokens.split_first() else { return Ok(0.0) };
        // Token n is judged by what stands behind token n - 1, so nothing has to stand behind the last one,
        // which runs along only where a pass would have a single token.
        let run = if tokens.len() > 2 { &tokens[..tokens.len() - 1] } else { tokens };
        let held = self.forward.held().get(start.tokens..).unwrap_or(&[]);
        let common = held.iter().zip(run).take_while(|(held, token)| held == token).count();
        let common = common.min(self.judged.held.len());
        let keep = if common + 1 == run.len() { common.saturating_sub(1) } else { common };
        self.forward.rewind(start.tokens + keep);
        self.judged.held.truncate(keep);
        for pass in passes(&run[keep..]) {
            go_on(control)?;
            self.forward.run(pass)?;
            let rows = (0..pass.len()).map(|row| Behind::new(self.forward.logits(row)));
            self.judged.held.extend(rows);
        }
        let mut logprob = Behind::new(&start.logits).log_probability(*first);
        for (behind, token) in self.judged.held.iter().zip(rest) {
            logprob += behind.log_probability(*token);
        }
        self.judged.add(tokens);
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
        let question = self.question(prompt)?;
        match self.start(&question.tokens, LONGEST_ANSWER, control)? {
            Some(start) => self.write(&question, &start, options, control),
            None => {
                let text = prompt.prefix.clone();
                let (finish, pieces) = (Finish::Deadline, Vec::new());
                Ok(vec![Completion { text, tokens: 0, logprob: 0.0, finish, pieces }])
            }
        }
    }

    fn prepare(&mut self, prompt: &Prompt, control: &Control<'_>) -> Result<(), Error> {
        let question = self.question(&Prompt { prefix: String::new(), ..prompt.clone() })?;
        self.start(&question.tokens, LONGEST_ANSWER, control).map(drop)
    }

    fn score(
        &mut self,
        prompt: &Prompt,
        texts: &[&str],
        control: &mut Control<'_>,
    ) -> Result<Vec<Score>, Error> {
        let question = self.question(&Prompt { prefix: String::new(), ..prompt.clone() })?;
        let mut judged = Vec::with_capacity(texts.len());
        for text in texts {
            let mut tokens = self.texts.encode(text)?;
            tokens.push(self.manifest.prompt.eos.id);
            if tokens.len() > LONGEST_ANSWER {
                let message = format!("a command of {} tokens is too long to judge", tokens.len());
                return Err(Error::new(ErrorKind::Input, message));
            }
            judged.push(tokens);
        }
        let late = || Error::new(ErrorKind::Timeout, "the deadline passed before the commands were judged");
        let start = self.start(&question.tokens, LONGEST_ANSWER, control)?.ok_or_else(late)?;
        let begin = Instant::now();
        self.judged.begin(&question.tokens);
        // Texts that begin alike stand together, and what they share is run once.
        let mut order: Vec<_> = (0..judged.len()).collect();
        order.sort_by(|a, b| judged[*a].cmp(&judged[*b]));
        let mut scores = vec![Score { logprob: 0.0, tokens: 0 }; judged.len()];
        for number in order {
            if control.is_late() {
                return Err(late());
            }
            let tokens = &judged[number];
            scores[number] = Score { logprob: self.judge(&start, tokens, control)?, tokens: tokens.len() };
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
