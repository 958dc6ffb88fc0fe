//! From logits to a token: pure functions over one row of numbers.

/// The natural logarithm of the sum of the exponentials, without overflow.
pub(super) fn log_sum_exp(logits: &[f32]) -> f32 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !max.is_finite() {
        return max;
    }
    max + logits.iter().map(|logit| (logit - max).exp()).sum::<f32>().ln()
}

/// The most likely token; the first of equals.
pub(super) fn greedy(logits: &[f32]) -> usize {
    let mut best = 0;
    for (token, logit) in logits.iter().enumerate() {
        if *logit > logits[best] || logits[best].is_nan() {
            best = token;
        }
    }
    best
}

/// A token drawn at a temperature from the smallest set of tokens whose probability reaches `top_p`.
pub(super) fn sample(logits: &[f32], temperature: f32, top_p: f32, random: &mut Random) -> usize {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    // Below e^-16 of the best, thousands of tokens together do not make one draw in a hundred.
    let floor = max - 16.0 * temperature;
    let mut tokens: Vec<(usize, f32)> = logits
        .iter()
        .enumerate()
        .filter(|(_, logit)| **logit >= floor)
        .map(|(token, logit)| (token, ((logit - max) / temperature).exp()))
        .collect();
    tokens.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let total: f32 = tokens.iter().map(|(_, weight)| weight).sum();
    let mut kept = 0.0;
    let mut count = 0;
    for (_, weight) in &tokens {
        kept += weight;
        count += 1;
        if kept >= top_p * total {
            break;
        }
    }
    let mut left = random.unit() * kept;
    for (token, weight) in &tokens[..count] {
        left -= weight;
        if left < 0.0 {
            return *token;
        }
    }
    tokens[..count].last().map_or_else(|| greedy(logits), |(token, _)| *token)
}

/// The splitmix64 generator: eight bytes of state, the same numbers on every machine. Not for secrets.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The generator for one of the samples of a seed.
    pub(super) fn new(seed: u64, sample: u64) -> Self {
        let mut random = Self(seed ^ sample.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, 1.
    fn unit(&mut self) -> f32 {
        // 24 bits: what the mantissa of an f32 holds, so that 1 is never reached by rounding.
        (self.next() >> 40) as f32 / (1_u32 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_even_for_large_logits() {
        for logits in [vec![0.0, 1.0, 2.0], vec![1000.0, 1001.0], vec![-1000.0, -1000.0], vec![5.0]] {
            let norm = log_sum_exp(&logits);
            let sum: f32 = logits.iter().map(|logit| (logit - norm).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{logits:?} sums to {sum}");
        }
        assert!(!log_sum_exp(&[]).is_finite());
        assert!(!log_sum_exp(&[f32::NEG_INFINITY]).is_finite());
    }

    #[test]
    fn greedy_takes_the_first_of_the_best() {
        let check = |logits: &[f32], expect: usize| assert_eq!(greedy(logits), expect, "{logits:?}");
        check(&[1.0, 3.0, 2.0], 1);
        check(&[3.0, 3.0], 0);
        check(&[f32::NAN, 1.0], 1);
        check(&[1.0, f32::NAN], 0);
        check(&[f32::NEG_INFINITY, -5.0], 1);
    }

    fn draws(logits: &[f32], temperature: f32, top_p: f32) -> Vec<usize> {
        let mut random = Random::new(7, 1);
        let mut counts = vec![0; logits.len()];
        for _ in 0..4000 {
            counts[sample(logits, temperature, top_p, &mut random)] += 1;
        }
        counts
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let logits = [0.0, 3.0_f32.ln(), f32::NEG_INFINITY];
        let counts = draws(&logits, 1.0, 1.0);
        assert!((900..1100).contains(&counts[0]) && (2900..3100).contains(&counts[1]), "{counts:?}");
        assert_eq!(counts[2], 0);
    }

    #[test]
    fn temperature_sharpens_and_top_p_cuts() {
        let logits = [0.0, 3.0_f32.ln()];
        let cold = draws(&logits, 0.5, 1.0);
        assert!((350..450).contains(&cold[0]), "1 in 10 at half the temperature: {cold:?}");
        assert_eq!(draws(&logits, 1.0, 0.7)[0], 0);
        assert_ne!(draws(&logits, 1.0, 0.8)[0], 0);
        assert_eq!(draws(&logits, 1.0, 0.0)[0], 0);
    }

    #[test]
    fn a_seed_gives_the_same_draws_and_another_seed_others() {
        let draw = |seed, sample| {
            let mut random = Random::new(seed, sample);
            (0..8).map(|_| random.next()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(2, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert!((0..1000).all(|seed| Random::new(seed, 0).unit() < 1.0));
    }
}
