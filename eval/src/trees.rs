//! Boosted trees for choosing one of several: every question is a group of rows, one of which is right.
//!
//! The loss is that of a softmax over the group. Features are put into at most 64 bins; a tree is grown
//! level by level to full depth. Everything is seeded: the same rows give the same trees.

use cmdai_core::complete::{DEPTH, FEATURES, INNER, LEAVES, Ranker, Tree};

const BINS: usize = 64;

/// Rows of all questions.
#[derive(Default)]
pub(crate) struct Rows {
    /// The features, row by row.
    pub(crate) features: Vec<[f32; FEATURES]>,
    /// How many rows of its kind each stands for.
    pub(crate) weight: Vec<f32>,
    /// Where each question's rows begin; the last entry is the number of rows.
    pub(crate) begins: Vec<u32>,
    /// The right row of each question.
    pub(crate) right: Vec<u32>,
    /// How much each question counts.
    pub(crate) counts: Vec<f32>,
}

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) trees: usize,
    pub(crate) rate: f32,
    /// Share of questions that a tree sees.
    pub(crate) sample: f64,
    /// Share of features that a tree sees.
    pub(crate) features: f64,
    /// What is added to the weight of a leaf, against over-fitting.
    pub(crate) ridge: f32,
    /// The least weight of a leaf.
    pub(crate) least: f32,
}

/// Numbers without a pattern from a seed (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

pub(crate) fn grow(rows: &Rows, growth: Growth) -> Ranker {
    let cuts = cuts(rows);
    let columns = columns(rows, &cuts);
    let total = rows.features.len();
    let mut scores = vec![0.0_f32; total];
    let mut ranker = Ranker::default();
    let mut random = Random(7);
    for number in 0..growth.trees {
        let (gradients, loss) = gradients(rows, &scores);
        let mut chosen: Vec<u32> = Vec::new();
        for group in rows.begins.windows(2) {
            if random.unit() < growth.sample {
                chosen.extend(group[0]..group[1]);
            }
        }
        let used: Vec<usize> = (0..FEATURES).filter(|_| random.unit() < growth.features).collect();
        let tree = tree(&columns, &cuts, &gradients, &chosen, &used, growth);
        for (score, features) in scores.iter_mut().zip(&rows.features) {
            *score += tree.score(features);
        }
        ranker.trees.push(tree);
        if number % 20 == 19 {
            eprintln!("  {} trees, loss {loss:.4}", number + 1);
        }
    }
    ranker
}

/// Mean loss of a ranker over questions.
pub(crate) fn loss(rows: &Rows, ranker: &Ranker) -> f64 {
    let scores: Vec<f32> = rows.features.iter().map(|features| ranker.score(features)).collect();
    gradients(rows, &scores).1
}

/// Gradient and curvature of each row, and the mean loss.
fn gradients(rows: &Rows, scores: &[f32]) -> (Vec<(f32, f32)>, f64) {
    let mut out = vec![(0.0, 0.0); scores.len()];
    let (mut loss, mut count) = (0.0, 0.0);
    for ((group, &right), &counts) in rows.begins.windows(2).zip(&rows.right).zip(&rows.counts) {
        let range = group[0] as usize..group[1] as usize;
        let most = scores[range.clone()].iter().copied().fold(f32::MIN, f32::max);
        let exp = |at: usize| (scores[at] - most).exp() * rows.weight[at];
        let sum: f32 = range.clone().map(exp).sum();
        for at in range {
            let p = exp(at) / sum;
            let y = f32::from(u8::from(at == right as usize));
            out[at] = ((p - y) * counts, (p * (1.0 - p)).max(1e-6) * counts);
            if y > 0.0 {
                loss -= f64::from(p.max(1e-9).ln() * counts);
            }
        }
        count += f64::from(counts);
    }
    (out, loss / count.max(1.0))
}

/// The borders of the bins of each feature: quantiles of a sample.
fn cuts(rows: &Rows) -> Vec<Vec<f32>> {
    let step = (rows.features.len() / 200_000).max(1);
    (0..FEATURES)
        .map(|feature| {
            let mut values: Vec<f32> = rows.features.iter().step_by(step).map(|row| row[feature]).collect();
            values.sort_by(f32::total_cmp);
            let mut distinct = values.clone();
            distinct.dedup();
            let mut cuts: Vec<f32> = if distinct.len() < BINS {
                distinct.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect()
            } else {
                // Half by rank among all, half by rank among the distinct: rare high values matter.
                let by = |list: &[f32], parts: usize| -> Vec<f32> {
                    (1..parts).map(|part| list[part * (list.len() - 1) / parts]).collect()
                };
                [by(&values, BINS / 2), by(&distinct, BINS / 2)].concat()
            };
            cuts.sort_by(f32::total_cmp);
            cuts.dedup();
            cuts
        })
        .collect()
}

/// The bin of every row, feature by feature.
fn columns(rows: &Rows, cuts: &[Vec<f32>]) -> Vec<Vec<u8>> {
    (0..FEATURES)
        .map(|feature| {
            let cuts = &cuts[feature];
            rows.features.iter().map(|row| cuts.partition_point(|&cut| cut < row[feature]) as u8).collect()
        })
        .collect()
}

/// The best split of a node: gain, feature, bin.
type Split = (f32, usize, u8);

fn tree(
    columns: &[Vec<u8>],
    cuts: &[Vec<f32>],
    gradients: &[(f32, f32)],
    chosen: &[u32],
    used: &[usize],
    growth: Growth,
) -> Tree {
    let mut tree = Tree::default();
    // Where each chosen row stands in its level.
    let mut node: Vec<u8> = vec![0; chosen.len()];
    for level in 0..DEPTH {
        let nodes = 1 << level;
        let halves: Vec<&[usize]> = used.chunks(used.len().div_ceil(2).max(1)).collect();
        let found: Vec<Vec<Split>> = std::thread::scope(|scope| {
            let handles: Vec<_> = halves
                .iter()
                .map(|half| {
                    let node = &node;
                    scope.spawn(move || splits(columns, cuts, gradients, chosen, node, half, nodes, growth))
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap_or_default()).collect()
        });
        let mut best: Vec<Split> = vec![(0.0, 0, u8::MAX); nodes];
        for half in found {
            for (best, split) in best.iter_mut().zip(half) {
                if split.0 > best.0 {
                    *best = split;
                }
            }
        }
        for (at, &(_, feature, bin)) in best.iter().enumerate() {
            let threshold = cuts[feature].get(usize::from(bin)).copied().unwrap_or(f32::MAX);
            tree.inner[(1 << level) - 1 + at] = (feature as u16, threshold);
        }
        for (node, &row) in node.iter_mut().zip(chosen) {
            let (_, feature, bin) = best[usize::from(*node)];
            *node = 2 * *node + u8::from(columns[feature][row as usize] > bin);
        }
    }
    let mut sums = vec![(0.0_f32, 0.0_f32); LEAVES];
    for (node, &row) in node.iter().zip(chosen) {
        let (g, h) = gradients[row as usize];
        let sum = &mut sums[usize::from(*node)];
        sum.0 += g;
        sum.1 += h;
    }
    for (leaf, (g, h)) in tree.leaves.iter_mut().zip(sums) {
        *leaf = (-g / (h + growth.ridge) * growth.rate).clamp(-2.0, 2.0);
    }
    debug_assert!(tree.inner.len() == INNER);
    tree
}

#[expect(clippy::too_many_arguments, reason = "one loop, run on two threads")]
fn splits(
    columns: &[Vec<u8>],
    cuts: &[Vec<f32>],
    gradients: &[(f32, f32)],
    chosen: &[u32],
    node: &[u8],
    features: &[usize],
    nodes: usize,
    growth: Growth,
) -> Vec<Split> {
    let mut best: Vec<Split> = vec![(0.0, 0, u8::MAX); nodes];
    let mut sums = vec![(0.0_f32, 0.0_f32); nodes * BINS];
    for &feature in features {
        if cuts[feature].is_empty() {
            continue;
        }
        sums.fill((0.0, 0.0));
        let column = &columns[feature];
        for (&node, &row) in node.iter().zip(chosen) {
            let (g, h) = gradients[row as usize];
            let sum = &mut sums[usize::from(node) * BINS + usize::from(column[row as usize])];
            sum.0 += g;
            sum.1 += h;
        }
        for at in 0..nodes {
            let bins = &sums[at * BINS..(at + 1) * BINS];
            let (all_g, all_h) = bins.iter().fold((0.0, 0.0), |(g, h), bin| (g + bin.0, h + bin.1));
            let worth = |g: f32, h: f32| g * g / (h + growth.ridge);
            let (mut g, mut h) = (0.0, 0.0);
            for (bin, sum) in bins.iter().enumerate().take(cuts[feature].len()) {
                g += sum.0;
                h += sum.1;
                if h < growth.least || all_h - h < growth.least {
                    continue;
                }
                let gain = worth(g, h) + worth(all_g - g, all_h - h) - worth(all_g, all_h);
                if gain > best[at].0 + 1e-6 {
                    best[at] = (gain, feature, bin as u8);
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_learns_which_of_two_is_right() {
        let mut rows = Rows { begins: vec![0], ..Rows::default() };
        let mut random = Random(1);
        for _ in 0..400 {
            let right = usize::from(random.unit() < 0.5);
            let begin = rows.features.len() as u32;
            for at in 0..2 {
                let mut features = [0.0; FEATURES];
                features[5] = if at == right { 1.0 } else { 0.0 };
                features[6] = random.unit() as f32;
                rows.features.push(features);
                rows.weight.push(1.0);
            }
            rows.right.push(begin + right as u32);
            rows.counts.push(1.0);
            rows.begins.push(rows.features.len() as u32);
        }
        let growth = Growth { trees: 20, rate: 0.3, sample: 1.0, features: 1.0, ridge: 1.0, least: 1.0 };
        let ranker = grow(&rows, growth);
        assert!(loss(&rows, &ranker) < 0.1);
        assert_eq!(grow(&rows, growth), ranker);
    }
}
