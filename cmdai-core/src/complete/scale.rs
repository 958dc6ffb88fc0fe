//! How likely what the model writes is what will be typed.
//!
//! A model's own probability says too much of some texts and too little of others. Four numbers mend that:
//! a logistic scale over what it thinks, the length of the text, and whether the cursor stands within a word.
//! They belong to the weights and are fitted on people's lines: `cargo xtask fit-ghost` writes `scale.txt`.

use std::sync::OnceLock;

use crate::engine::Piece;

/// How many numbers a text is judged by.
pub(super) const TERMS: usize = 4;
/// What the numbers are called in `scale.txt`, in their order.
const NAMES: [&str; TERMS] = ["base", "thinks", "length", "in_word"];
/// A path goes on behind a slash, and whoever takes it over so far sees where: that is as good as the end of a word.
const CLOSES_PATH: f32 = 0.8;
/// A model's own probability below which it need never write on.
const LEAST_THOUGHT: f32 = 0.05;

/// The scale of one model's weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// What is added for every text, for the model's own log-odds, for the logarithm of the text's characters,
    /// and within a word.
    pub weights: [f32; TERMS],
    /// Nothing is offered that is less likely than this to be typed, 0 to 1.
    pub least: f32,
}

impl Scale {
    /// That of the weights that cmdai ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Scale> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::read(include_str!("scale.txt")))
    }

    /// Reads a scale as [`Scale::write`] writes it; what is missing is 0, and 1 for `least`: nothing is offered.
    pub fn read(text: &str) -> Self {
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.and_then(|value| value.trim().parse::<f32>().ok())
        };
        let weights = NAMES.map(|name| value(name).unwrap_or(0.0));
        Self { weights, least: value("least").unwrap_or(1.0) }
    }

    /// The scale as text, a number a line.
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (name, weight) in NAMES.iter().zip(self.weights) {
            text += &format!("{name} {weight:.3}\n");
        }
        text + &format!("least {}\n", self.least)
    }

    /// What the weights are multiplied with for a suffix that the model wrote behind a buffer.
    pub fn terms(buffer: &str, suffix: &str, piece: &Piece) -> [f32; TERMS] {
        let closes = if suffix.ends_with('/') { piece.closes.max(CLOSES_PATH) } else { piece.closes };
        let thinks = (piece.logprob.exp() * closes).clamp(1e-4, 0.9999);
        let in_word = if buffer.ends_with(char::is_whitespace) { 0.0 } else { 1.0 };
        let chars = suffix.chars().count().max(1) as f32;
        [1.0, (thinks / (1.0 - thinks)).ln(), chars.ln(), in_word]
    }

    /// How likely a suffix is what will be typed, up to the end of a word, 0 to 1.
    pub fn probability(&self, buffer: &str, suffix: &str, piece: &Piece) -> f32 {
        let terms = Self::terms(buffer, suffix, piece);
        let score: f32 = self.weights.iter().zip(terms).map(|(weight, term)| weight * term).sum();
        1.0 / (1.0 + (-score).exp())
    }

    /// What a model must think at least of a text for any of it to be as likely as `least`: where it stops to
    /// write. Most of the time that a guess could take is saved here, and nothing that would be offered is lost.
    pub fn least_thought(&self, least: f32) -> f32 {
        let [base, by_logit, by_length, by_word] = self.weights;
        if by_logit <= 0.0 {
            return LEAST_THOUGHT;
        }
        let least = least.clamp(0.01, 0.99);
        // A suffix within a word is on the best side of the scale, and the shortest is, where length counts
        // against a text; a hair less for rounding.
        let best = base + by_word.max(0.0) + by_length.max(0.0) * 6.0;
        let logit = ((least / (1.0 - least)).ln() - best) / by_logit - 0.01;
        (1.0 / (1.0 + (-logit).exp())).max(LEAST_THOUGHT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(logprob: f32, closes: f32) -> Piece {
        Piece { end: 9, logprob, closes, ends: 0.0 }
    }

    #[test]
    fn the_scale_rises_with_what_the_model_thinks() {
        let at = |logprob: f32, closes: f32, suffix: &str| {
            Scale::shipped().probability("git ", suffix, &piece(logprob, closes))
        };
        assert!(at(-0.1, 1.0, "main") > at(-1.0, 1.0, "main"));
        assert!(at(-0.1, 1.0, "main") > at(-0.1, 0.2, "main"));
        assert!(at(-0.1, 0.0, "src/") > at(-0.1, 0.0, "src-"), "a path may end with a slash");
        assert!(at(f32::NEG_INFINITY, 0.0, "x") >= 0.0 && at(0.0, 1.0, "x") <= 1.0);
    }

    #[test]
    fn nothing_is_lost_where_the_model_stops_to_write() {
        let scale = Scale::shipped();
        for least in [0.2, 0.4, 0.7] {
            let thought = scale.least_thought(least).ln() - 0.02;
            assert!(scale.probability("git", "x", &piece(thought, 1.0)) < least);
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let scale = Scale { weights: [-1.0, 0.5, -0.25, 2.0], least: 0.35 };
        assert_eq!(Scale::read(&scale.write()), scale);
        assert_eq!(Scale::read(""), Scale { weights: [0.0; TERMS], least: 1.0 });
    }
}
