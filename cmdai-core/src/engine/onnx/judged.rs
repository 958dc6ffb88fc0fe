//! What judging texts tells about the answer that is not written yet.
//!
//! A pass over a given text says behind each of its tokens what the model itself would write next. As long as
//! the model agrees with one of the texts that were judged, its own answer is known without another pass:
//! speculative decoding (Leviathan et al. 2023, <https://arxiv.org/abs/2211.17192>) with the memory's drafts
//! as the guesses, which have to be judged anyway.

use super::sampling::{greedy, log_sum_exp};

/// Last tokens of a text by which it is told how it may go on.
const ENDING: usize = 3;

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

    /// How what is written may go on, by at most so many tokens: as it does behind its last tokens where these stand in a
    /// judged text, in the prompt or earlier in itself (prompt lookup decoding: Saxena 2023,
    /// <https://github.com/apoorvumang/prompt-lookup-decoding>). The longest such ending counts.
    pub(super) fn guess(&self, prompt: &[u32], written: &[u32], most: usize) -> Vec<u32> {
        let texts = if self.prompt == prompt { &self.texts[..] } else { &[] };
        let mut all = written.to_vec();
        while all.len() < written.len() + most {
            let next = (1..=ENDING.min(all.len())).rev().find_map(|size| {
                let (earlier, ending) = (&all[..all.len() - 1], &all[all.len() - size..]);
                let mut sources = texts.iter().map(|text| &text.tokens[..]).chain([prompt, earlier]);
                sources.find_map(|source| follower(source, ending))
            });
            let Some(next) = next else { break };
            all.push(next);
        }
        all.split_off(written.len())
    }
}

/// The token behind the first place where a list of tokens holds this ending.
fn follower(source: &[u32], ending: &[u32]) -> Option<u32> {
    let at = source.windows(ending.len()).position(|window| window == ending)?;
    source.get(at + ending.len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_goes_on_as_the_longest_known_ending_does() {
        let mut judged = Judged::default();
        judged.begin(&[1, 50, 51, 52]);
        judged.texts = vec![Text { tokens: vec![10, 11, 12, 0], next: Vec::new() }];
        let check = |written: &[u32], most: usize, expect: &[u32]| {
            assert_eq!(judged.guess(&[1, 50, 51, 52], written, most), expect, "{written:?}");
        };
        check(&[10], 2, &[11, 12]);
        check(&[7, 11], 5, &[12, 0]);
        check(&[11, 50], 2, &[51, 52]);
        check(&[8, 9, 8], 2, &[9, 8]);
        check(&[8, 9, 3, 7, 9, 8, 9], 1, &[3]);
        check(&[77], 2, &[]);
        check(&[10], 0, &[]);
        check(&[], 2, &[]);
        assert!(judged.guess(&[1, 2], &[10], 2).is_empty(), "another prompt");
    }

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
