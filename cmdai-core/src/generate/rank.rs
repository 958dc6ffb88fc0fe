//! How far a candidate is to be trusted: a few numbers about it, and two small models over them.
//!
//! [`Evidence`] is all that ranking knows. [`right`] estimates that the command does what was asked
//! and orders the candidates, by boosted trees; [`meant`] estimates that the request asks for a command at all and
//! decides between an answer and "no confident answer", by a logistic model whose weights are below. Both are fitted by
//! `training/rank/fit.py` as `docs/design/generation.md` tells.

use std::sync::OnceLock;

use super::trees::Trees;

/// What speaks for a candidate and against it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// Mean natural log-probability of a token of the command under the model; 0 for a request that was a command.
    pub mean_logprob: f32,
    /// Sum of the natural log-probabilities.
    pub total_logprob: f32,
    /// Paths, files, addresses and quoted texts of the request that the command lacks.
    pub missing: usize,
    /// Folders that the request names by a plain word and that the command lacks.
    pub missing_places: usize,
    /// Numbers of the request that the command lacks.
    pub missing_numbers: usize,
    /// Paths, files and addresses of the command that the request neither names nor describes.
    pub invented: usize,
    /// True where a garbled copy was set right.
    pub repaired: bool,
    /// Programs of the command that are not known to exist.
    pub unknown_programs: usize,
    /// Programs that the request names and the command does not run.
    pub unused_programs: usize,
    /// Content words in the request.
    pub content_words: usize,
    /// Mean familiarity of those words, 0 to 1.
    pub familiar: f32,
    /// Share of those words that are unknown, 0 to 1.
    pub unknown_words: f32,
    /// Tokens of the command under the model.
    pub tokens: usize,
    /// True where the model wrote it unaided and greedily.
    pub written: bool,
    /// True where the model wrote it with drafts before its eyes.
    pub edited: bool,
    /// True where the memory has it.
    pub recalled: bool,
    /// How far the memory's phrasing is from the request; 0 where the memory does not have it.
    pub recall_cost: f32,
    /// What share of the request that phrasing leaves unsaid, 0 to 1.
    pub recall_unsaid: f32,
    /// How much farther it is than the nearest phrasing of all.
    pub recall_behind: f32,
    /// How much that intent means what the request means: the cosine of the angle between them.
    pub recall_alike: f32,
    /// The same of the intent that does so most; 0 where there is none.
    pub most_alike: f32,
    /// How near the memory's nearest phrasing is, 0 to 1; 0 where there is none.
    pub nearest: f32,
    /// Share of the other candidates that run the same programs, 0 to 1.
    pub agreement: f32,
    /// Paths, files, addresses and quoted texts that the request names.
    pub named: usize,
    /// How much less likely it is than the likeliest candidate, in log-probability over the root of its
    /// tokens; 0 for that one.
    pub behind: f32,
    /// How alike its tokens and the words of the request are, about -5 to 35.
    pub likeness: f32,
    /// How much less alike than the most alike candidate; 0 for that one.
    pub less_alike: f32,
}

/// Numbers that [`Evidence::features`] makes of the evidence.
pub const FEATURES: usize = 27;

impl Evidence {
    /// The names of the numbers, in the order of [`Evidence::features`].
    pub const NAMES: [&'static str; FEATURES] = {
        let mut names = [""; FEATURES];
        let mut at = 0;
        while at < FEATURES {
            names[at] = WEIGHTS[at].0;
            at += 1;
        }
        names
    };

    /// The evidence as the numbers that the weights below are for, in their order; each about 0 to 1.
    pub fn features(&self) -> [f32; FEATURES] {
        let count = |n: usize| n.min(3) as f32;
        [
            self.mean_logprob.max(-4.0),
            (self.total_logprob / 10.0).max(-4.0),
            count(self.missing),
            count(self.missing_numbers),
            count(self.invented),
            f32::from(u8::from(self.repaired)),
            count(self.unknown_programs),
            count(self.unused_programs),
            (self.content_words.min(12) as f32) / 10.0,
            self.familiar,
            self.unknown_words,
            self.root_logprob().max(-6.0),
            f32::from(u8::from(self.written)),
            f32::from(u8::from(self.edited)),
            f32::from(u8::from(self.recalled)),
            self.recall_cost.clamp(0.0, 3.0),
            self.recall_unsaid.clamp(0.0, 1.0),
            self.recall_behind.clamp(0.0, 2.0),
            if self.recalled { 0.0 } else { self.nearest },
            self.agreement,
            count(self.named),
            self.behind.clamp(0.0, 4.0),
            count(self.missing_places),
            (self.likeness / 5.0).clamp(-2.0, 8.0),
            (self.less_alike / 4.0).clamp(0.0, 2.0),
            if self.recalled { self.recall_alike } else { 0.0 },
            if self.recalled { 0.0 } else { self.most_alike },
        ]
    }

    /// Log-probability over the root of the length: between the sum, which favours short commands, and the mean,
    /// which favours long ones.
    pub(super) fn root_logprob(&self) -> f32 {
        self.total_logprob / (self.tokens.max(1) as f32).sqrt()
    }
}

/// One line of the logistic model: the feature's name and its weight for "meant".
type Row = (&'static str, f32);

/// The constant term.
const BIAS: Row = ("bias", -3.12);

/// The weights, in the order of [`Evidence::features`].
const WEIGHTS: [Row; FEATURES] = [
    ("mean_logprob", 0.91),
    ("total_logprob", 0.00),
    ("missing", 0.00),
    ("missing_numbers", 0.00),
    ("invented", -0.58),
    ("repaired", 0.00),
    ("unknown_programs", 0.00),
    ("unused_programs", 0.00),
    ("content_words", 0.00),
    ("familiar", 2.62),
    ("unknown_words", -1.52),
    ("root_logprob", 0.00),
    ("written", 0.00),
    ("edited", 0.00),
    ("recalled", 0.28),
    ("recall_cost", -0.19),
    ("recall_unsaid", -0.01),
    ("recall_behind", 0.00),
    ("nearest_other", -0.26),
    ("agreement", 0.00),
    ("named", 2.00),
    ("behind", 0.00),
    ("missing_places", 0.00),
    ("likeness", 1.32),
    ("less_alike", 0.00),
    ("recall_alike", 1.36),
    ("other_alike", -0.15),
];

/// A request whose best candidate is less likely than this to answer a request for a command gets no answer.
pub(super) const LEAST_MEANT: f32 = 0.4;

/// Nor does one whose best candidate is less likely than this to be right.
pub(super) const LEAST_RIGHT: f32 = 0.1;

/// A command that is not safe must be likelier, for a wrong one does harm: of 723 judged requests 7 had such a command first
/// that was trusted less than this, and it was right for one.
pub(super) const LEAST_TO_CHANGE: f32 = 0.3;

/// A greedy text whose log-probability is lower by this than that of a draft is given up. Of 356 judged requests 35 had such a
/// text whole; it was ranked first for 10 of them and never right, and of the 51 where it was lower by less, 2 were right.
pub(super) const BEHIND_DRAFTS: f32 = 2.0;

/// A greedy answer whose mean log-probability is below this is doubtful: samples are drawn beside it.
pub(super) const DOUBT: f32 = -0.15;

/// A draft whose phrasing is nearer than this, that uses all that the request names, answers without the model.
pub(super) const NEAR: f32 = 0.25;

/// One that is safe and means what the request means this much answers as far away as [`NEAR_AND_ALIKE`]: of 341 judged requests
/// 64 had such a draft first, and it was right for 62.
pub(super) const ALIKE: f32 = 0.85;

/// See [`ALIKE`].
pub(super) const NEAR_AND_ALIKE: f32 = 0.5;

/// It must be nearer than the next draft by this.
pub(super) const LEAD: f32 = 0.05;

/// A user's own intent answers as far away as this: whoever wrote it expects it.
pub(super) const NEAR_OWN: f32 = 0.5;

/// And one that changes something must be as near as this.
pub(super) const NEAR_TO_CHANGE: f32 = 0.12;

/// A draft as near as this may show what a request asks the reason of ("why is the disk full").
pub(super) const SHOWS_WHY: f32 = 0.6;

/// A draft that needs a program that is not here is offered where it is as near as this,
pub(super) const NEAR_ABSENT: f32 = 0.6;

/// and nothing that is here is trusted as much as this.
pub(super) const WILL_DO: f32 = 0.35;

/// What a command with a program that is not here is worth beside the same that can run: it has to be installed first.
pub(super) const OF_ABSENT: f32 = 0.7;
/// What a command is worth that is known to fail in the directory where it is asked for, beside one that is not. Chosen by hand: the ranking was fitted
/// without directories.
pub(super) const OF_MISFIT: f32 = 0.3;

/// The share of drafts at a distance that were right where the memory could not use the request's own phrasing.
pub(super) fn right_by_distance(cost: f32) -> f32 {
    (0.92 - 0.7 * cost).clamp(0.1, 0.92)
}

/// The probability that the command does what was asked, 0 to 1.
pub(super) fn right(evidence: &Evidence) -> f32 {
    static TREES: OnceLock<Option<Trees>> = OnceLock::new();
    let trees = TREES.get_or_init(|| Trees::read(include_str!("trees.txt"), FEATURES));
    trees.as_ref().map_or(0.0, |trees| probability(trees.sum(&evidence.features())))
}

/// The probability that the request asks for a command, 0 to 1.
pub(super) fn meant(evidence: &Evidence) -> f32 {
    let sum: f32 =
        WEIGHTS.iter().zip(evidence.features()).map(|((_, weight), feature)| weight * feature).sum();
    probability(BIAS.1 + sum)
}

fn probability(logit: f32) -> f32 {
    let value = 1.0 / (1.0 + (-logit).exp());
    if value.is_finite() { value } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Evidence {
        Evidence {
            mean_logprob: -0.05,
            total_logprob: -0.5,
            tokens: 10,
            written: true,
            content_words: 3,
            familiar: 0.9,
            likeness: 15.0,
            ..Evidence::default()
        }
    }

    #[test]
    fn the_trees_are_for_these_features() {
        assert!(Trees::read(include_str!("trees.txt"), FEATURES).is_some());
    }

    #[test]
    fn each_flaw_costs() {
        let best = right(&good());
        assert!(best > 0.3, "{best}");
        let flaws: [fn(&mut Evidence); 4] = [
            |e| e.total_logprob = -10.0,
            |e| e.missing = 1,
            |e| e.unknown_programs = 1,
            |e| e.repaired = true,
        ];
        for (index, flaw) in flaws.iter().enumerate() {
            let mut evidence = good();
            flaw(&mut evidence);
            assert!(right(&evidence) < best, "flaw {index}");
        }
    }

    #[test]
    fn drafts_are_trusted_by_how_near_they_are() {
        let draft = |unsaid, behind| {
            let base = Evidence { written: false, recalled: true, ..good() };
            right(&Evidence { recall_cost: unsaid, recall_unsaid: unsaid, recall_behind: behind, ..base })
        };
        assert!(draft(0.0, 0.0) > right(&good()));
        assert!(draft(0.6, 0.0) < draft(0.1, 0.0));
        assert!(draft(0.1, 1.0) < draft(0.1, 0.0));
    }

    #[test]
    fn strange_words_are_not_meant() {
        let strange = Evidence { mean_logprob: -1.2, familiar: 0.0, unknown_words: 1.0, ..good() };
        assert!(meant(&good()) > LEAST_MEANT);
        assert!(meant(&strange) < LEAST_MEANT);
    }

    #[test]
    fn odd_numbers_give_a_probability() {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -1e30] {
            let evidence = Evidence { mean_logprob: value, total_logprob: value, ..good() };
            assert!((0.0..=1.0).contains(&right(&evidence)), "{value}");
            assert!((0.0..=1.0).contains(&meant(&evidence)), "{value}");
        }
    }
}
