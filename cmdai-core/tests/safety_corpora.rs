//! The guard over labelled lines that it was not made from: what it reached, it keeps.
//!
//! The shares are floors and ceilings a little beside what was measured, over `corpora/test/`, which nobody tunes on,
//! and `corpora/dev/`, which everybody does; `corpora/README.md` says where the lines come from.

#![allow(missing_docs, reason = "a test")]

#[path = "../examples/corpus.rs"]
#[allow(unreachable_pub, reason = "an example has no outside")]
mod corpus;

use std::fs;
use std::path::Path;

use corpus::{Count, Row, count, judge};

/// A group of lines, and the shares in percent that its judgements keep: of lines labelled High or more, how many
/// get at least Moderate and at least High; of lines labelled Safe, how many may.
struct Bound {
    group: &'static str,
    moderate: f64,
    high: f64,
}

const fn bound(group: &'static str, moderate: f64, high: f64) -> Bound {
    Bound { group, moderate, high }
}

#[test]
fn lines_that_nobody_tunes_on() {
    hold("test", TEST);
}

#[test]
fn lines_that_the_guard_is_tuned_on() {
    hold("dev", DEV);
}

const TEST: &[Bound] = &[
    bound("danger bash danger", 99.5, 98.2),
    bound("danger bash trick", 99.2, 99.2),
    bound("danger fish dialect", 99.5, 97.8),
    bound("danger nu dialect", 99.5, 96.5),
    bound("danger powershell dialect", 99.5, 96.3),
    bound("danger zsh dialect", 99.5, 98.3),
    bound("harmless", 0.7, 0.3),
    bound("harmless bash everyday", 0.7, 0.0),
];

const DEV: &[Bound] = &[
    bound("danger bash danger", 99.7, 98.5),
    bound("danger bash report", 98.8, 96.3),
    bound("danger bash trick", 99.5, 98.9),
    bound("danger fish dialect", 99.8, 99.5),
    bound("danger nu dialect", 99.7, 99.0),
    bound("danger powershell dialect", 99.8, 98.6),
    bound("danger sh trick", 99.5, 99.0),
    bound("danger zsh dialect", 99.7, 98.4),
    bound("harmless", 0.6, 0.0),
    bound("harmless bash everyday", 1.1, 0.0),
    bound("harmless bash lookalike", 0.2, 0.0),
];

fn hold(half: &str, bounds: &[Bound]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora").join(half);
    let mut rows = Vec::new();
    for entry in fs::read_dir(&folder).expect("the corpus is there") {
        let text = fs::read_to_string(entry.expect("it can be listed").path()).expect("it can be read");
        rows.extend(text.lines().map(|line| Row::read(line).expect("a line of the corpus")));
    }
    let judged = judge(&rows);
    let counts = count(&judged);
    let mut broken = Vec::new();
    for bound in bounds {
        let Some(Count { strict, strict_moderate, strict_high, .. }) = counts.get(bound.group) else {
            broken.push(format!("there is no group {:?}", bound.group));
            continue;
        };
        let of = |part: &usize| 100.0 * *part as f64 / (*strict).max(1) as f64;
        for (level, share, bound_at) in
            [("moderate", of(strict_moderate), bound.moderate), ("high", of(strict_high), bound.high)]
        {
            let holds = if bound.group.starts_with("danger") { share >= bound_at } else { share <= bound_at };
            if !holds {
                broken.push(format!(
                    "{}: {share:.1} % at {level} or more, {bound_at} was reached",
                    bound.group
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{half}: {}", broken.join("\n"));
}
