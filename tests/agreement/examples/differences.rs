//! Prints the lines that another parser reads otherwise: `cargo run -p cmdai-agreement --example differences -- brush|tree-sitter [FOLDER]`.

use std::path::Path;

use cmdai_agreement::{Other, Outcome, Reading, compare, documentation};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let other = match arguments.next().as_deref() {
        Some("brush") => Other::Brush,
        Some("tree-sitter") => Other::TreeSitter,
        _ => anyhow::bail!("name a parser: brush or tree-sitter"),
    };
    let folder = arguments
        .next()
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/data").to_owned());
    let (mut agree, mut differ, mut skipped) = (0, 0, 0);
    for line in documentation(Path::new(&folder))? {
        match compare(&line, other) {
            Outcome::Skipped => skipped += 1,
            Outcome::Agrees => agree += 1,
            Outcome::Differs(ours, theirs) => {
                differ += 1;
                println!("{line}\n  ours:   {}\n  theirs: {}", only(&ours, &theirs), only(&theirs, &ours));
            }
            Outcome::OnlyTheirs(theirs) => {
                differ += 1;
                println!("{line}\n  ours:   not understood\n  theirs: {theirs:?}");
            }
        }
    }
    eprintln!("{agree} agree, {differ} differ, {skipped} not compared");
    Ok(())
}

fn only(these: &Reading, those: &Reading) -> String {
    these.difference(those).map(|words| format!("{words:?}")).collect::<Vec<_>>().join(" ; ")
}
