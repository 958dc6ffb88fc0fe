//! One forward pass after another over key-value caches that stay where they are.
//!
//! The cache of each layer is one tensor that is bound both as input and as output, so a pass writes the
//! keys and values of its tokens behind those of earlier tokens and copies nothing. What the cache holds is
//! a list of tokens; going back is forgetting the end of that list. Several answers to one prompt are
//! written side by side, one row each, in caches that begin as copies of the prompt's: three rows cost
//! little more than one, because the weights are read once for all of them.
//!
//! Attention adds in another order in a pass of one token than in a pass of several, and rounding activations
//! to 8 bits makes that visible: logits differ by up to half a unit, either way as far from full precision.
//! Passes of two or more agree to the last bit, however a text is cut, and so do rows, however many there
//! are. So prompts and given texts are never run one token at a time, and what is kept of them does not
//! depend on what was asked before; only answers are written token by token.

use ort::memory::Allocator;
use ort::session::{IoBinding, Session};
use ort::value::Tensor;

use crate::error::{Error, ErrorKind};
use crate::models::Architecture;

/// Tokens in one pass at most. Logits come for every token, 200 KB each, so a long prompt is run in pieces.
const CHUNK: usize = 16;
/// A cache grows by so many tokens; each takes 46 KB in the default model.
const STEP: usize = 128;

/// Prompts that are kept beside the last one: another terminal's. Each takes up to 12 MB.
const ASIDE: usize = 1;
/// So many tokens are worth keeping, or going elsewhere for: reading them takes 60 ms.
const WORTH: usize = 32;

/// Cuts tokens into passes of two to [`CHUNK`]; a single token is one pass.
pub(super) fn passes(tokens: &[u32]) -> impl Iterator<Item = &[u32]> {
    let mut left = tokens;
    std::iter::from_fn(move || {
        let take = if left.len() == CHUNK + 1 { CHUNK - 1 } else { left.len().min(CHUNK) };
        let (pass, rest) = left.split_at(take);
        left = rest;
        (take > 0).then_some(pass)
    })
}

/// A session with its caches.
pub(super) struct Forward {
    // The caches are declared before the session that they belong to, so that they are dropped first.
    prompt: Cache,
    /// Other prompts, the one that was used last at the end.
    aside: Vec<Aside>,
    /// For several answers; kept for the next time.
    answers: Option<Cache>,
    /// True while the answers are written there, false while the one answer is written behind the prompt.
    beside: bool,
    session: Session,
    shape: Architecture,
    /// The tokens whose keys and values the cache of the prompt holds.
    held: Vec<u32>,
    /// How many of them were run by several at a time.
    stable: usize,
    /// Tokens in each row of the answers, those of the prompt included.
    written: usize,
}

impl Forward {
    /// A session with an empty cache.
    pub(super) fn new(session: Session, shape: &Architecture) -> Result<Self, Error> {
        let prompt = Cache::new(&session, shape, 1, STEP)?;
        let shape = shape.clone();
        Ok(Self {
            prompt,
            aside: Vec::new(),
            answers: None,
            beside: false,
            session,
            shape,
            held: Vec::new(),
            stable: 0,
            written: 0,
        })
    }

    /// The tokens that the cache of the prompt holds, as far as they were not written one by one.
    pub(super) fn stable(&self) -> &[u32] {
        &self.held[..self.stable]
    }

    /// All tokens that the cache of the prompt holds.
    pub(super) fn held(&self) -> &[u32] {
        &self.held
    }

    /// Goes on with the cache that holds most of a prompt, and puts aside what that prompt would overwrite: who types in
    /// two terminals in turn reads the lines of neither again.
    pub(super) fn turn_to(&mut self, tokens: &[u32]) -> Result<(), Error> {
        let common = |held: &[u32]| held.iter().zip(tokens).take_while(|(held, token)| held == token).count();
        let here = common(self.stable());
        let others = self.aside.iter().map(|aside| common(&aside.held[..aside.stable])).enumerate();
        let best = others.max_by_key(|(_, common)| *common);
        let mut next = match best {
            Some((at, there)) if there >= here + WORTH => self.aside.remove(at),
            _ if self.stable - here < WORTH => return Ok(()),
            _ => {
                let cache = match self.aside.len() < ASIDE {
                    true => Cache::new(&self.session, &self.shape, 1, self.prompt.slots)?,
                    false => self.aside.remove(0).cache,
                };
                let mut next = Aside { cache, held: tokens[..here].to_vec(), stable: here };
                if next.cache.slots < self.prompt.slots {
                    next = Aside { held: Vec::new(), stable: 0, ..next };
                } else {
                    next.cache.copy_from(&self.prompt, here);
                }
                next
            }
        };
        std::mem::swap(&mut self.prompt, &mut next.cache);
        std::mem::swap(&mut self.held, &mut next.held);
        std::mem::swap(&mut self.stable, &mut next.stable);
        self.aside.push(next);
        Ok(())
    }

    /// Makes room for so many tokens in all, prompt and answer together. A cache that grows is empty.
    pub(super) fn reserve(&mut self, tokens: usize) -> Result<(), Error> {
        if tokens > self.prompt.slots {
            self.prompt = Cache::new(&self.session, &self.shape, 1, tokens.next_multiple_of(STEP))?;
            self.rewind(0);
        }
        Ok(())
    }

    /// Forgets all but the first `count` tokens.
    pub(super) fn rewind(&mut self, count: usize) {
        self.held.truncate(count);
        self.stable = self.stable.min(self.held.len());
    }

    /// Runs tokens, as [`passes`] cuts them, behind those that are held. Row `n` of the logits then tells
    /// what follows token `n` of these.
    pub(super) fn run(&mut self, tokens: &[u32]) -> Result<(), Error> {
        self.prompt.run(&mut self.session, tokens, self.held.len())?;
        if tokens.len() > 1 && self.stable == self.held.len() {
            self.stable += tokens.len();
        }
        self.held.extend_from_slice(tokens);
        Ok(())
    }

    /// The logits behind one token of the last [`Forward::run`].
    pub(super) fn logits(&self, token: usize) -> &[f32] {
        self.prompt.logits(token)
    }

    /// The logits behind the last token of the last [`Forward::run`].
    pub(super) fn last_logits(&self) -> &[f32] {
        self.prompt.logits(self.prompt.width - 1)
    }

    /// Begins `rows` answers behind what is held, with room for `tokens` in each. A single answer takes the
    /// room that was reserved with the prompt.
    pub(super) fn fork(&mut self, rows: usize, tokens: usize) -> Result<(), Error> {
        self.written = self.held.len();
        self.beside = rows > 1;
        if self.beside {
            let needed = (self.written + tokens).next_multiple_of(STEP);
            let fits = |cache: &Cache| cache.rows == rows && cache.slots >= needed;
            let mut answers = match self.answers.take().filter(fits) {
                Some(answers) => answers,
                None => Cache::new(&self.session, &self.shape, rows, needed)?,
            };
            answers.copy_from(&self.prompt, self.written);
            self.answers = Some(answers);
        }
        Ok(())
    }

    /// Runs one token of each answer.
    pub(super) fn step(&mut self, tokens: &[u32]) -> Result<(), Error> {
        match &mut self.answers {
            Some(answers) if self.beside => answers.run(&mut self.session, tokens, self.written)?,
            _ => self.run(tokens)?,
        }
        self.written += 1;
        Ok(())
    }

    /// The logits of one answer after the last [`Forward::step`].
    pub(super) fn answer_logits(&self, row: usize) -> &[f32] {
        match &self.answers {
            Some(answers) if self.beside => answers.logits(row),
            _ => self.prompt.logits(row),
        }
    }
}

/// A prompt that was read and is not being answered.
struct Aside {
    cache: Cache,
    held: Vec<u32>,
    stable: usize,
}

/// Keys and values of some rows of tokens, bound to a session.
struct Cache {
    binding: IoBinding,
    /// By layer: keys, then values. Each is rows x heads x slots x numbers.
    tensors: Vec<Tensor<f32>>,
    rows: usize,
    slots: usize,
    head_dim: usize,
    logits: Tensor<f32>,
    vocab: usize,
    /// Tokens of each row in the last pass.
    width: usize,
}

impl Cache {
    fn new(session: &Session, shape: &Architecture, rows: usize, slots: usize) -> Result<Self, Error> {
        let mut binding = session.create_binding().map_err(failed)?;
        let allocator = Allocator::default();
        let mut tensors = Vec::with_capacity(2 * shape.layers);
        for layer in 0..shape.layers {
            for kind in ["key", "value"] {
                let size = [rows, shape.kv_heads, slots, shape.head_dim];
                let mut tensor = Tensor::<f32>::new(&allocator, size).map_err(failed)?;
                binding.bind_input(format!("past_key_values.{layer}.{kind}"), &tensor).map_err(failed)?;
                binding.bind_output(format!("present.{layer}.{kind}"), &mut tensor).map_err(failed)?;
                tensors.push(tensor);
            }
        }
        let mut logits = Tensor::<f32>::new(&allocator, [rows, 1, shape.vocab]).map_err(failed)?;
        binding.bind_output("logits", &mut logits).map_err(failed)?;
        let (head_dim, vocab) = (shape.head_dim, shape.vocab);
        Ok(Self { binding, tensors, rows, slots, head_dim, logits, vocab, width: 1 })
    }

    /// Runs tokens, the same number for each row and row after row, behind `past` earlier ones.
    fn run(&mut self, session: &mut Session, tokens: &[u32], past: usize) -> Result<(), Error> {
        let (rows, width) = (self.rows, tokens.len() / self.rows);
        let total = past + width;
        if width == 0 || total > self.slots {
            let message = format!("{width} tokens behind {past} do not fit a cache of {}", self.slots);
            return Err(Error::new(ErrorKind::Internal, message));
        }
        let ids: Vec<i64> = tokens.iter().map(|token| i64::from(*token)).collect();
        let ids = Tensor::from_array(([rows, width], ids)).map_err(failed)?;
        let mask = Tensor::from_array(([rows, total], vec![1_i64; rows * total])).map_err(failed)?;
        self.binding.bind_input("input_ids", &ids).map_err(failed)?;
        self.binding.bind_input("attention_mask", &mask).map_err(failed)?;
        if self.width != width {
            self.logits =
                Tensor::<f32>::new(&Allocator::default(), [rows, width, self.vocab]).map_err(failed)?;
            self.binding.bind_output("logits", &mut self.logits).map_err(failed)?;
            self.width = width;
        }
        session.run_binding(&self.binding).map_err(failed)?;
        Ok(())
    }

    fn logits(&self, row: usize) -> &[f32] {
        let (_, logits) = self.logits.extract_tensor();
        logits.get(row * self.vocab..(row + 1) * self.vocab).unwrap_or(&[])
    }

    /// Makes every row begin with the first `count` tokens of a cache of one row.
    fn copy_from(&mut self, other: &Self, count: usize) {
        let (to_size, from_size, used) =
            (self.slots * self.head_dim, other.slots * self.head_dim, count * self.head_dim);
        for (to, from) in self.tensors.iter_mut().zip(&other.tensors) {
            let (_, from) = from.extract_tensor();
            let (_, to) = to.extract_tensor_mut();
            let heads = from.chunks_exact(from_size).cycle();
            for (to, from) in to.chunks_exact_mut(to_size).zip(heads) {
                to[..used].copy_from_slice(&from[..used]);
            }
        }
    }
}

fn failed(error: ort::Error) -> Error {
    Error::new(ErrorKind::Inference, format!("inference failed: {}", error.message().replace('\n', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pass_has_one_token_unless_there_is_only_one() {
        let check = |count: u32, expect: &[usize]| {
            let tokens: Vec<u32> = (0..count).collect();
            let cut: Vec<_> = passes(&tokens).collect();
            assert_eq!(cut.iter().map(|pass| pass.len()).collect::<Vec<_>>(), expect);
            assert_eq!(cut.concat(), tokens);
        };
        check(0, &[]);
        check(1, &[1]);
        check(2, &[2]);
        check(16, &[16]);
        check(17, &[15, 2]);
        check(18, &[16, 2]);
        check(33, &[16, 15, 2]);
    }
}
