//! Boosted trees over numbers, read from text: how far a candidate is to be trusted.
//!
//! `training/rank/fit.py` grows them (LightGBM, logistic loss, each flaw may only count against a command) and writes the file:
//! after a line that says how many features there are comes one with what is there before any tree (a number, and
//! `feature*weight` for slips that are too rare to learn from), and then one line a tree, its nodes from the root on. An inner
//! node is `feature>threshold:no:yes`, numbers of nodes behind the colons; a leaf is the number that it adds.

/// A node of a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Node {
    /// Where to go on for a value that is not above the threshold, and for one that is.
    Inner { feature: usize, threshold: f32, no: usize, yes: usize },
    /// What it adds to the sum.
    Leaf(f32),
}

/// Some trees, whose sum is the logit of a probability.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trees {
    before: f32,
    slips: Vec<(usize, f32)>,
    trees: Vec<Vec<Node>>,
}

impl Trees {
    /// Reads a file for so many features; `None` where it is for others, or damaged.
    pub(super) fn read(text: &str, features: usize) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        if lines.next()? != format!("trees over {features} features") {
            return None;
        }
        let mut first = lines.next()?.split(' ');
        let before = first.next()?.parse().ok()?;
        let slip = |part: &str| {
            let (feature, weight) = part.split_once('*')?;
            Some((feature.parse().ok().filter(|feature| *feature < features)?, weight.parse().ok()?))
        };
        let slips: Option<Vec<(usize, f32)>> = first.map(slip).collect();
        let trees: Option<Vec<Vec<Node>>> = lines.map(|line| tree(line, features)).collect();
        Some(Self { before, slips: slips?, trees: trees.filter(|trees| !trees.is_empty())? })
    }

    /// The sum of all.
    pub(super) fn sum(&self, features: &[f32]) -> f32 {
        let value = |feature: &usize| features.get(*feature).copied().unwrap_or_default();
        let slips: f32 = self.slips.iter().map(|(feature, weight)| weight * value(feature)).sum();
        self.before + slips + self.trees.iter().map(|tree| leaf(tree, features)).sum::<f32>()
    }
}

fn leaf(tree: &[Node], features: &[f32]) -> f32 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(Node::Inner { feature, threshold, no, yes }) => {
                // What is no number is not above anything.
                let is_above = features.get(*feature).is_some_and(|value| value > threshold);
                at = if is_above { *yes } else { *no };
            }
            Some(Node::Leaf(value)) => return *value,
            None => return 0.0,
        }
    }
}

/// One line. Nodes lead to later ones only, so that every way ends.
fn tree(line: &str, features: usize) -> Option<Vec<Node>> {
    let nodes: Option<Vec<Node>> = line.split(' ').map(node).collect();
    let nodes = nodes?;
    let is_sound = nodes.iter().enumerate().all(|(at, node)| match node {
        Node::Inner { feature, no, yes, .. } => {
            *feature < features && [no, yes].into_iter().all(|next| *next > at && *next < nodes.len())
        }
        Node::Leaf(value) => value.is_finite(),
    });
    is_sound.then_some(nodes)
}

fn node(text: &str) -> Option<Node> {
    let Some((feature, rest)) = text.split_once('>') else { return text.parse().ok().map(Node::Leaf) };
    let mut parts = rest.split(':');
    let (threshold, no, yes) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Node::Inner {
        feature: feature.parse().ok()?,
        threshold: threshold.parse().ok()?,
        no: no.parse().ok()?,
        yes: yes.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_decide_and_add_up() {
        let text = "# of a test\ntrees over 2 features\n-1 1*0.5\n1>0.5:1:2 -1 0>2:3:4 0.25 1.5\n0.5\n";
        let trees = Trees::read(text, 2).unwrap();
        assert_eq!(trees.sum(&[0.0, 0.0]), -1.5);
        assert_eq!(trees.sum(&[2.0, 1.0]), 0.25);
        assert_eq!(trees.sum(&[2.5, 1.0]), 1.5);
        assert_eq!(trees.sum(&[f32::NAN, 0.0]), -1.5);
    }

    #[test]
    fn what_is_damaged_is_not_used() {
        for text in [
            "",
            "trees over 2 features\n",
            "trees over 2 features\n0\n",
            "trees over 3 features\n0\n0.5\n",
            "trees over 2 features\n0 2*1\n0.5\n",
            "trees over 2 features\nx\n0.5\n",
            "trees over 2 features\n0\n2>0:1:2 0 1\n",
            "trees over 2 features\n0\n0>0:0:2 0 1\n",
            "trees over 2 features\n0\n0>0:1:3 0 1\n",
            "trees over 2 features\n0\nx\n",
            "trees over 2 features\n0\ninf\n",
        ] {
            assert_eq!(Trees::read(text, 2), None, "{text:?}");
        }
    }
}
