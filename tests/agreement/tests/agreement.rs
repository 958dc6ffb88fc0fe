//! Our reading of the documentation's commands agrees with that of other parsers.
//!
//! The bounds are what was reached; every difference behind them was read. With `brush-parser` they are lines that
//! bash turns down (`$(pgrep -d , <str>)`) and forms that it keeps apart otherwise (`--files0-from=<(…)`). With
//! `tree-sitter-bash` they are its grammar's: it reads "\ " between words as a blank, `{}\;` as two words,
//! "`a` `b`" as one substitution, and does not know `time` and `coproc` everywhere.

use std::path::Path;

use cmdai_agreement::{Other, Outcome, compare, documentation};

fn check(other: Other, most: usize) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/data"));
    let lines = documentation(folder).expect("the documentation is in the repository");
    let (mut agree, mut differ, mut skipped) = (0, Vec::new(), 0);
    for line in &lines {
        match compare(line, other) {
            Outcome::Skipped => skipped += 1,
            Outcome::Agrees => agree += 1,
            Outcome::Differs(..) | Outcome::OnlyTheirs(_) => differ.push(line),
        }
    }
    assert!(agree > 80_000, "only {agree} of {} lines were compared with {other:?}", lines.len());
    assert!(skipped < 2_000, "{other:?} turned down {skipped} lines");
    let shown: Vec<_> = differ.iter().take(10).collect();
    assert!(differ.len() <= most, "{} of {} lines differ, among them {shown:#?}", differ.len(), lines.len());
}

#[test]
fn with_brush_parser() {
    check(Other::Brush, 6);
}

#[test]
fn with_tree_sitter_bash() {
    check(Other::TreeSitter, 141);
}

#[test]
fn a_difference_is_seen() {
    // What bash turns down: we do not understand it, and brush-parser does not look into it.
    assert!(matches!(compare("top -p $(pgrep -d , <str>)", Other::Brush), Outcome::OnlyTheirs(_)));
    // An escaped blank is a word of its own in bash.
    assert!(matches!(compare(r"az vm list \ --all", Other::TreeSitter), Outcome::Differs(..)));
}
