//! One answer while it is written.

use super::Question;
use super::sampling::{Random, greedy, log_sum_exp, sample};
use super::text::{Texts, settled};
use crate::engine::{Completion, Control, DecodeOptions, Event, Finish};
use crate::error::{Error, ErrorKind};

/// One answer while it is written.
pub(super) struct Row {
    /// Tokens of the text, those that it began with included.
    tokens: Vec<u32>,
    text: String,
    /// How the next token must begin, as the vocabulary spells it.
    must: String,
    logprob: f32,
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
            must: question.must.clone(),
            logprob: 0.0,
            count: 0,
            random,
            told: 0,
            finish: None,
        }
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
                allowed.iter().find(|(allowed, _)| *allowed == token).map_or(0, |(_, text)| text.len());
            self.must = self.must.get(spelled..).unwrap_or("").to_owned();
            token
        };
        self.logprob += logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - norm);
        self.count += 1;
        if texts.is_control(token) {
            self.finish = Some(Finish::Stop);
        } else {
            self.tokens.push(token);
            if self.must.is_empty() {
                self.text = texts.decode(&self.tokens)?;
            }
        }
        Ok(())
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
        Completion { text: self.text, tokens: self.count, logprob: self.logprob, finish }
    }

    fn choose(&mut self, logits: &[f32], options: &DecodeOptions) -> u32 {
        let token = match &mut self.random {
            None => greedy(logits),
            Some(random) => sample(logits, options.temperature.max(0.01), options.top_p, random),
        };
        token as u32
    }
}
