//! The ranker: boosted trees that were learned from people's lines.
//!
//! Each candidate gets a score, none of them another; a softmax over all makes probabilities. The trees
//! are complete (every leaf at the same depth), so a candidate goes down by comparisons alone.

use super::evidence::FEATURES;

/// Levels of every tree.
pub const DEPTH: usize = 5;
/// Inner nodes of a tree.
pub const INNER: usize = (1 << DEPTH) - 1;
/// Leaves of a tree.
pub const LEAVES: usize = 1 << DEPTH;

/// One tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Feature and threshold of each inner node, children of `i` at `2i+1` and `2i+2`; a value that is
    /// not above the threshold goes to the first.
    pub inner: [(u16, f32); INNER],
    /// What each leaf adds to the score.
    pub leaves: [f32; LEAVES],
}

impl Default for Tree {
    fn default() -> Self {
        Self { inner: [(0, 0.0); INNER], leaves: [0.0; LEAVES] }
    }
}

impl Tree {
    /// What the tree adds for these numbers.
    pub fn score(&self, features: &[f32; FEATURES]) -> f32 {
        let mut at = 0;
        for _ in 0..DEPTH {
            let Some(&(feature, threshold)) = self.inner.get(at) else { return 0.0 };
            let above = features.get(usize::from(feature)).is_some_and(|&value| value > threshold);
            at = 2 * at + 1 + usize::from(above);
        }
        self.leaves.get(at - INNER).copied().unwrap_or_default()
    }
}

/// The trees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranker {
    /// Their scores are summed.
    pub trees: Vec<Tree>,
}

impl Ranker {
    /// The score of one candidate.
    pub fn score(&self, features: &[f32; FEATURES]) -> f32 {
        self.trees.iter().map(|tree| tree.score(features)).sum()
    }

    /// The scores of several: tree by tree, so that each tree is fetched once.
    pub fn scores(&self, all: &[[f32; FEATURES]]) -> Vec<f32> {
        let mut scores = vec![0.0; all.len()];
        for tree in &self.trees {
            for (score, features) in scores.iter_mut().zip(all) {
                *score += tree.score(features);
            }
        }
        scores
    }

    /// Reads what [`Ranker::write`] wrote; `None` where it is for other features or damaged.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let head = lines.next()?;
        if head != Self::head() {
            return None;
        }
        let mut trees = Vec::new();
        for line in lines {
            let mut tree = Tree::default();
            let mut fields = line.split(' ');
            for (feature, threshold) in &mut tree.inner {
                let (name, value) = fields.next()?.split_once(':')?;
                *feature = name.parse().ok()?;
                *threshold = value.parse().ok()?;
            }
            for leaf in &mut tree.leaves {
                *leaf = fields.next()?.parse().ok()?;
            }
            trees.push(tree);
        }
        Some(Self { trees })
    }

    /// The trees as text, one a line.
    pub fn write(&self) -> String {
        let mut text = format!("{}\n", Self::head());
        for tree in &self.trees {
            let inner = tree.inner.iter().map(|(feature, threshold)| format!("{feature}:{threshold}"));
            let leaves = tree.leaves.iter().map(|leaf| format!("{leaf:.4}"));
            text += &inner.chain(leaves).collect::<Vec<_>>().join(" ");
            text.push('\n');
        }
        text
    }

    fn head() -> String {
        format!("trees of depth {DEPTH} over {FEATURES} features")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_read_back_and_decide() {
        let mut tree = Tree::default();
        tree.inner[0] = (3, 0.5);
        tree.leaves[0] = -1.5;
        tree.leaves[LEAVES / 2] = 2.0;
        let ranker = Ranker { trees: vec![tree] };
        assert_eq!(Ranker::read(&ranker.write()), Some(ranker.clone()));
        let mut features = [0.0; FEATURES];
        assert_eq!(ranker.score(&features), -1.5);
        features[3] = 1.0;
        // Every other threshold is 0.0 on feature 0, which is not above it.
        assert_eq!(ranker.score(&features), 2.0);
        assert_eq!(Ranker::read("trees of depth 1 over 2 features\n"), None);
    }
}
