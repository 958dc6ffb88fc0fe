//! What completion must reach on people it was not fitted on. Part of the tests, so of every CI run.
//!
//! The numbers are far below those of `docs/completion.md` (two people, fewer lines), but above what
//! history alone reaches.

use std::path::Path;

use cmdai_core::complete::Completer;

use crate::measure::Measures;
use crate::{people, replay};

/// Two of the people left out, and how many of their lines are typed: what a debug build does in seconds.
const PEOPLE: [&str; 2] = ["dba", "rust-backend"];
const LINES: usize = 110;

#[test]
fn more_is_saved_than_by_history_alone_at_no_more_wrong_suggestions() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../training/data/people");
    let mut people = people::read_all(&dir, &PEOPLE.map(str::to_owned)).unwrap();
    for person in &mut people {
        person.runs.truncate(LINES);
    }
    let mut ours = Measures::default();
    let mut theirs: Vec<Measures> = Vec::new();
    for replay in replay::all(&people, Completer::shipped(), true) {
        ours.add(&replay.ours);
        theirs.resize_with(replay.theirs.len(), Measures::default);
        for (sum, one) in theirs.iter_mut().zip(&replay.theirs) {
            sum.add(one);
        }
    }
    let best = |number: fn(&Measures) -> f64| theirs.iter().map(number).fold(0.0, f64::max);
    let least_wrong = theirs.iter().map(Measures::wrong).fold(1.0, f64::min);
    assert!(ours.saved(ours.keys_words) > 1.4 * best(|m| m.saved(m.keys_words)), "{ours:?}");
    assert!(ours.saved(ours.keys_whole) > 1.4 * best(|m| m.saved(m.keys_whole)), "{ours:?}");
    assert!(ours.saved(ours.keys_either) > 1.4 * best(|m| m.saved(m.keys_either)), "{ours:?}");
    assert!(ours.wrong() <= least_wrong, "{} {least_wrong}", ours.wrong());
    assert_eq!((ours.secrets, ours.critical), (0, 0));
}
