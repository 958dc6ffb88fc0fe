//! A budget of false alarms over everyday lines: it fails when the share of lines that are found rises.
//!
//! `data/everyday.txt` holds every twenty-fifth shell line of the collections in `training/data` (sources
//! and licences are named there), without lines that show keys or placeholders in angle brackets. The
//! collections describe dangerous lines too: the budgets are what they come to now, and rise only with lines that were read and deserve it.

use std::collections::BTreeMap;

use cmdai_core::safety::Risk;
use cmdai_core::{Context, safety};

/// For each collection: lines per thousand that may be Moderate or worse, and High or worse.
const BUDGETS: &[(&str, usize, usize)] = &[
    ("101_linux_commands", 67, 7),
    ("ainix", 16, 0),
    ("awesome_cheatsheets", 133, 74),
    ("bash_cheat_sheet", 112, 14),
    ("bash_oneliner", 84, 12),
    ("cheat_sheets", 90, 60),
    ("cheatsheets_cc0", 89, 25),
    ("fig", 82, 35),
    ("navi_cheats", 118, 21),
    ("nl2bash", 84, 11),
    ("secret_knowledge", 88, 18),
    ("tldr", 52, 12),
    ("tldr_filled", 54, 21),
    ("warp_workflows", 64, 22),
];

#[test]
fn everyday_lines_stay_within_their_budget() {
    let text = include_str!("data/everyday.txt");
    let ctx = Context::default();
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (source, line) in text.lines().filter_map(|line| line.split_once('\t')) {
        let risk = safety::check(line, &ctx).risk;
        let count = counts.entry(source).or_default();
        count[0] += 1;
        count[1] += usize::from(risk >= Risk::Moderate);
        count[2] += usize::from(risk >= Risk::High);
    }
    let mut over = Vec::new();
    for (source, [lines, moderate, high]) in counts {
        let share = |part: usize| (1000 * part).div_ceil(lines);
        let budget = BUDGETS.iter().find(|(name, _, _)| *name == source);
        let (moderate, high) = (share(moderate), share(high));
        if budget.is_none_or(|(_, most, worst)| moderate > *most || high > *worst) {
            over.push(format!("(\"{source}\", {moderate}, {high}) of {lines}, but {budget:?}"));
        }
    }
    assert!(over.is_empty(), "more alarms than before, per thousand:\n{}", over.join("\n"));
}
