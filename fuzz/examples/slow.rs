//! Judges every input of the corpora, and the same repeated up to 64 KiB, and tells which take longest.

use std::fs;
use std::path::Path;
use std::time::Instant;

use cmdai_core::{Context, safety};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/check");
    let folder = std::env::args().nth(1).map_or(root, Into::into);
    let mut times = Vec::new();
    for entry in fs::read_dir(&folder).expect("the corpus can be listed").flatten() {
        let data = fs::read(entry.path()).unwrap_or_default();
        let (dialect, text) = cmdai_fuzz::input(&data);
        let ctx = Context::new(dialect);
        for times_over in [1, 64 * 1024 / text.len().max(1)] {
            let text = text.repeat(times_over.max(1));
            let took = (0..3)
                .map(|_| {
                    let start = Instant::now();
                    safety::check(&text, &ctx);
                    start.elapsed()
                })
                .min()
                .unwrap_or_default();
            times.push((took, times_over, dialect, entry.path()));
        }
    }
    times.sort_by_key(|(took, ..)| *took);
    for (took, times_over, dialect, path) in times.iter().rev().take(25) {
        println!("{:>8} us  {dialect}, {times_over} times {}", took.as_micros(), path.display());
    }
    let over = times.iter().filter(|(took, ..)| took.as_millis() >= 5).count();
    println!("{over} of {} take 5 ms or more", times.len());
}
