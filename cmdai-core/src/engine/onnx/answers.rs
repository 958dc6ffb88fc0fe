//! One answer while it is written.

use super::Question;
use super::sampling::{Random, greedy, log_sum_exp, sample};
use super::text::{Texts, settled};
use crate::engine::{Completion, Control, DecodeOptions, Event, Finish, Piece};
use crate::error::{Error, ErrorKind};

/// Tokens that must repeat what stands before them until it is a loop; more than any command has that was meant so.
const LOOP: usize = 24;
/// Tokens of the longest stretch that is repeated; it must be seen three times.
const LONGEST_STRETCH: usize = 12;

/// True where a greedy answer only repeats itself: it would go on until its room is used up, at the price of dozens of tokens.
fn is_loop(tokens: &[u32]) -> bool {
    (1..=LONGEST_STRETCH).any(|stretch| {
        let repeated = LOOP.max(3 * stretch);
        let tail = tokens.len().checked_sub(repeated).and_then(|from| tokens.get(from..));
        tail.is_some_and(|tail| tail.iter().zip(tail.iter().skip(stretch)).all(|(a, b)| a == b))
    })
}

/// One answer while it is written.
pub(super) struct Row {
    /// Tokens of the text, those that it began with included.
    tokens: Vec<u32>,
    text: String,
    /// Bytes of the text that were given.
    begins: usize,
    /// How the next token must begin, as the vocabulary spells it.
    must: String,
    logprob: f32,
    /// The same given what the answer had to begin with.
    given: f32,
    pieces: Vec<Piece>,
    /// Tokens that were chosen, an end token included.
    pub(super) count: usize,
    /// `None` for the greedy answer.
    random: Option<Random>,
    /// Bytes of the text that a listener was told.
    told: usize,
    /// Set once the answer is finished.
    pub(super) finish: Option<Finish>,
}

impl Row {
    /// An answer of which nothing is written but what it must begin with.
    pub(super) fn new(question: &Question, random: Option<Random>) -> Self {
        Self {
            tokens: question.begun.clone(),
            text: question.prefix.clone(),
            begins: question.prefix.len(),
            must: question.must.clone(),
            logprob: 0.0,
            given: 0.0,
            pieces: Vec::new(),
            count: 0,
            random,
            told: 0,
            finish: None,
        }
    }

    /// True where the next token may be any, and is the most likely one.
    pub(super) fn is_free_and_greedy(&self) -> bool {
        self.random.is_none() && self.must.is_empty()
    }

    /// The tokens so far, those that it began with included.
    pub(super) fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The token to run next.
    pub(super) fn last(&self) -> Option<u32> {
        self.tokens.last().copied()
    }

    /// Chooses the next token.
    pub(super) fn grow(
        &mut self,
        logits: &[f32],
        texts: &Texts,
        options: &DecodeOptions,
    ) -> Result<(), Error> {
        let norm = log_sum_exp(logits);
        if !norm.is_finite() {
            return Err(Error::new(ErrorKind::Inference, "the model gave no usable numbers"));
        }
        if options.floor > 0.0 {
            self.close_piece(logits, norm, texts);
        }
        let mut given = norm;
        let mut must = String::new();
        let token = if self.must.is_empty() {
            self.choose(logits, options)
        } else {
            let allowed = texts.beginning(&self.must);
            let mut masked = vec![f32::NEG_INFINITY; logits.len()];
            for (token, _) in &allowed {
                if let (Some(to), Some(from)) = (masked.get_mut(*token as usize), logits.get(*token as usize))
                {
                    *to = *from;
                }
            }
            let token = self.choose(&masked, options);
            let spelled =
                allowed.iter().find(|(allowed, _)| *allowed == token).map_or(0, |(_, bytes)| *bytes);
            must = self.must.get(spelled..).unwrap_or("").to_owned();
            given = log_sum_exp(&masked);
            token
        };
        let logit = logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        // Also where it is not a number.
        let is_likely = self.given + logit - given >= options.floor.ln();
        if options.floor > 0.0 && !is_likely {
            self.finish = Some(Finish::Unlikely);
            return Ok(());
        }
        self.must = must;
        self.given += logit - given;
        self.logprob += logit - norm;
        self.put(token, texts)?;
        self.give_up_below(options.least_logprob);
        let end = self.text.len();
        let is_whole = self.must.is_empty() && settled(&self.text).len() == end;
        if options.floor > 0.0 && self.finish.is_none() && is_whole && end > self.begins {
            self.pieces.push(Piece { end, logprob: self.given, closes: 0.0, ends: 0.0 });
        }
        Ok(())
    }

    /// Ends a greedy text that has become too unlikely to be of use.
    pub(super) fn give_up_below(&mut self, least: f32) {
        if self.random.is_none() && self.logprob < least {
            self.finish = Some(Finish::Unlikely);
        }
    }

    /// Writes down a token that is known to follow, and how likely it is.
    pub(super) fn take(&mut self, token: u32, logprob: f32, texts: &Texts) -> Result<(), Error> {
        self.logprob += logprob;
        self.put(token, texts)
    }

    fn put(&mut self, token: u32, texts: &Texts) -> Result<(), Error> {
        self.count += 1;
        if texts.is_control(token) {
            self.finish = Some(Finish::Stop);
        } else {
            self.tokens.push(token);
            if self.must.is_empty() {
                self.text = texts.decode(&self.tokens)?;
            }
            if self.random.is_none() && is_loop(&self.tokens) {
                self.finish = Some(Finish::Length);
            }
        }
        Ok(())
    }

    /// Says of the last piece how likely a word ends there, by what follows it.
    fn close_piece(&mut self, logits: &[f32], norm: f32, texts: &Texts) {
        let Some(piece) = self.pieces.last_mut().filter(|piece| piece.end == self.text.len()) else { return };
        let ends: f32 = texts
            .controls()
            .filter_map(|token| logits.get(token as usize))
            .map(|logit| (logit - norm).exp())
            .sum();
        let is_closing = |(token, logit): (usize, &f32)| {
            // Below e^-12 thousands of tokens together change nothing.
            (*logit > norm - 12.0 && texts.closes(token as u32)).then(|| (logit - norm).exp())
        };
        piece.ends = ends.min(1.0);
        piece.closes = logits.iter().enumerate().filter_map(is_closing).sum::<f32>().clamp(piece.ends, 1.0);
    }

    /// Tells a listener what is new, by whole characters while the answer grows.
    pub(super) fn tell(&mut self, control: &mut Control<'_>) {
        let text = if self.finish.is_some() { &self.text } else { settled(&self.text) };
        if let Some(new) = text.get(self.told..).filter(|new| !new.is_empty()) {
            self.told = text.len();
            control.tell(Event::Text(new.to_owned()));
        }
    }

    /// The answer, as far as it was written.
    pub(super) fn into_completion(self) -> Completion {
        let finish = self.finish.unwrap_or(Finish::Length);
        let (tokens, logprob, pieces) = (self.count, self.logprob, self.pieces);
        Completion { text: self.text, tokens, logprob, finish, pieces }
    }

    fn choose(&mut self, logits: &[f32], options: &DecodeOptions) -> u32 {
        let token = match &mut self.random {
            None => greedy(logits),
            Some(random) => sample(logits, options.temperature.max(0.01), options.top_p, random),
        };
        token as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_seen_again_and_again_is_a_loop() {
        let of = |head: &[u32], stretch: &[u32], times: usize| [head, &stretch.repeat(times)].concat();
        assert!(is_loop(&of(&[9, 8, 7], &[1, 2], 12)));
        assert!(is_loop(&of(&[9], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 3)));
        assert!(is_loop(&[1; 24]));
        assert!(!is_loop(&of(&[9, 8, 7], &[1, 2], 11)), "too short to be sure");
        assert!(!is_loop(&of(&[], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2)));
        assert!(!is_loop(&[]));
        let counting: Vec<u32> = (0..96).collect();
        assert!(!is_loop(&counting));
    }
}
