//! What judging texts tells about the answer that is not written yet.
//!
//! A pass over a given text says behind each of its tokens what the model itself would write next. As long as
//! the model agrees with one of the texts that were judged, its own answer is known without another pass:
//! speculative decoding (Leviathan et al. 2023, <https://arxiv.org/abs/2211.17192>) with the memory's drafts
//! as the guesses, which have to be judged anyway.

use super::sampling::{greedy, log_sum_exp};

/// Texts judged behind one prompt.
#[derive(Default)]
pub(super) struct Judged {
    /// The tokens of the prompt.
    prompt: Vec<u32>,
    texts: Vec<Text>,
    /// What stands behind each token of the text that the cache holds.
    pub(super) held: Vec<Behind>,
}

/// A text and what the model would have written.
struct Text {
    tokens: Vec<u32>,
    /// Place n: the token that the model would write behind the first n + 1 tokens, and its log-probability.
    next: Vec<(u32, f32)>,
}

/// What stands behind a token.
pub(super) struct Behind {
    logits: Vec<f32>,
    norm: f32,
}

impl Behind {
    pub(super) fn new(logits: &[f32]) -> Self {
        Self { logits: logits.to_vec(), norm: log_sum_exp(logits) }
    }

    pub(super) fn log_probability(&self, token: u32) -> f32 {
        self.logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - self.norm)
    }

    fn next(&self) -> (u32, f32) {
        let token = greedy(&self.logits) as u32;
        (token, self.log_probability(token))
    }
}

impl Judged {
    /// Begins with a prompt; what is known of another one is forgotten.
    pub(super) fn begin(&mut self, prompt: &[u32]) {
        if self.prompt != prompt {
            self.prompt = prompt.to_vec();
            self.texts.clear();
        }
        self.held.clear();
    }

    /// Writes down the text that the cache holds.
    pub(super) fn add(&mut self, tokens: &[u32]) {
        let next = self.held.iter().map(Behind::next).collect();
        self.texts.push(Text { tokens: tokens.to_vec(), next });
    }

    /// What the model writes next behind the prompt and its first tokens, where a text that begins with them
    /// was judged.
    pub(super) fn next(&self, prompt: &[u32], written: &[u32]) -> Option<(u32, f32)> {
        if self.prompt != prompt {
            return None;
        }
        let last = written.len().checked_sub(1)?;
        self.texts
            .iter()
            .filter(|text| text.tokens.starts_with(written))
            .find_map(|text| text.next.get(last).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agrees_with_a_judged_text_is_known_and_nothing_else() {
        let mut judged = Judged::default();
        judged.begin(&[1, 2]);
        judged.texts = vec![
            Text { tokens: vec![10, 11, 12], next: vec![(11, -0.1), (99, -0.2)] },
            Text { tokens: vec![10, 20, 21], next: vec![(11, -0.1), (21, -0.3)] },
        ];
        assert_eq!(judged.next(&[1, 2], &[10]), Some((11, -0.1)));
        assert_eq!(judged.next(&[1, 2], &[10, 11]), Some((99, -0.2)));
        assert_eq!(judged.next(&[1, 2], &[10, 20]), Some((21, -0.3)));
        assert_eq!(judged.next(&[1, 2], &[10, 11, 99]), None, "the model left the text");
        assert_eq!(judged.next(&[1, 2], &[10, 11, 12]), None, "nothing was run behind the last token");
        assert_eq!(judged.next(&[1, 2], &[]), None);
        assert_eq!(judged.next(&[1, 3], &[10]), None, "another prompt");
        judged.begin(&[1, 3]);
        assert_eq!(judged.next(&[1, 3], &[10]), None);
    }
}
