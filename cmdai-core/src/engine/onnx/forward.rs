//! One forward pass after another over a key-value cache that stays where it is.
//!
//! The cache of each layer is one tensor that is bound both as input and as output, so a pass writes the
//! keys and values of its tokens behind those of earlier tokens and copies nothing. What the cache holds is
//! a list of tokens; going back is forgetting the end of that list.
//!
//! 4-bit multiplication rounds otherwise in a pass of one token than in a pass of several: logits differ by
//! up to half a unit, either way as far from full precision. Passes of two or more agree to the last bit,
//! however a text is cut. So prompts and given texts are never run one token at a time, and what the cache
//! holds of them does not depend on what was asked before; only an answer is written token by token.

use ort::memory::Allocator;
use ort::session::{IoBinding, Session};
use ort::value::Tensor;

use crate::error::{Error, ErrorKind};
use crate::models::Architecture;

/// Tokens in one pass. Logits come for every token, 200 KB each, so a long prompt is run in pieces.
pub(super) const CHUNK: usize = 16;

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

/// A session with its cache.
pub(super) struct Forward {
    // Declared before the session that it belongs to, so that it is dropped first.
    binding: IoBinding,
    session: Session,
    /// Kept alive for the binding: keys and values by layer.
    _cache: Vec<Tensor<f32>>,
    logits: Tensor<f32>,
    rows: usize,
    vocab: usize,
    slots: usize,
    held: Vec<u32>,
    /// How many of the held tokens were run by several at a time.
    stable: usize,
}

impl Forward {
    /// A session with a cache for `slots` tokens.
    pub(super) fn new(session: Session, shape: &Architecture, slots: usize) -> Result<Self, Error> {
        let mut binding = session.create_binding().map_err(failed)?;
        let allocator = Allocator::default();
        let mut cache = Vec::with_capacity(2 * shape.layers);
        for layer in 0..shape.layers {
            for kind in ["key", "value"] {
                let mut tensor = Tensor::<f32>::new(&allocator, [1, shape.kv_heads, slots, shape.head_dim])
                    .map_err(failed)?;
                binding.bind_input(format!("past_key_values.{layer}.{kind}"), &tensor).map_err(failed)?;
                binding.bind_output(format!("present.{layer}.{kind}"), &mut tensor).map_err(failed)?;
                cache.push(tensor);
            }
        }
        let mut logits = Tensor::<f32>::new(&allocator, [1, 1, shape.vocab]).map_err(failed)?;
        binding.bind_output("logits", &mut logits).map_err(failed)?;
        Ok(Self {
            binding,
            session,
            _cache: cache,
            logits,
            rows: 1,
            vocab: shape.vocab,
            slots,
            held: Vec::new(),
            stable: 0,
        })
    }

    /// The tokens whose keys and values the cache holds, as far as they were not written one by one.
    pub(super) fn stable(&self) -> &[u32] {
        &self.held[..self.stable]
    }

    /// How many more tokens fit.
    pub(super) fn free(&self) -> usize {
        self.slots - self.held.len()
    }

    /// Forgets all but the first `count` tokens.
    pub(super) fn rewind(&mut self, count: usize) {
        self.held.truncate(count);
        self.stable = self.stable.min(self.held.len());
    }

    /// Runs at most [`CHUNK`] tokens behind those that are held. Row `n` of the logits then tells what
    /// follows token `n` of these.
    pub(super) fn run(&mut self, tokens: &[u32]) -> Result<(), Error> {
        debug_assert!((1..=CHUNK).contains(&tokens.len()), "{} tokens in one pass", tokens.len());
        if tokens.len() > self.free() {
            return Err(Error::new(
                ErrorKind::Inference,
                format!("the cache of {} tokens is full", self.slots),
            ));
        }
        let (count, total) = (tokens.len(), self.held.len() + tokens.len());
        let ids: Vec<i64> = tokens.iter().map(|token| i64::from(*token)).collect();
        let ids = Tensor::from_array(([1, count], ids)).map_err(failed)?;
        let mask = Tensor::from_array(([1, total], vec![1_i64; total])).map_err(failed)?;
        self.binding.bind_input("input_ids", &ids).map_err(failed)?;
        self.binding.bind_input("attention_mask", &mask).map_err(failed)?;
        if self.rows != count {
            self.logits =
                Tensor::<f32>::new(&Allocator::default(), [1, count, self.vocab]).map_err(failed)?;
            self.binding.bind_output("logits", &mut self.logits).map_err(failed)?;
            self.rows = count;
        }
        self.session.run_binding(&self.binding).map_err(failed)?;
        if count > 1 && self.stable == self.held.len() {
            self.stable = total;
        }
        self.held.extend_from_slice(tokens);
        Ok(())
    }

    /// The logits behind one token of the last pass.
    pub(super) fn logits(&self, row: usize) -> &[f32] {
        let (_, logits) = self.logits.extract_tensor();
        logits.get(row * self.vocab..(row + 1) * self.vocab).unwrap_or(&[])
    }

    /// The logits behind the last token of the last pass.
    pub(super) fn last_logits(&self) -> &[f32] {
        self.logits(self.rows - 1)
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
