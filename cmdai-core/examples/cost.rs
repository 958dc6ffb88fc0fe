//! What a verdict costs: reads lines from standard input and prints the median, the 99th percentile and the
//! slowest of them; then judges the hostile lines of the bench and prints how long each takes, slowest first.
//! A word on the command line picks the hostile lines whose names hold it, a number says how many are shown.
//!
//! `cargo run --release -p cmdai-core --example cost -- 40 fish < lines.txt`

#[path = "../benches/hostile/mod.rs"]
mod hostile;

use std::hint::black_box;
use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use cmdai_core::{Context, safety};

fn main() -> io::Result<()> {
    let ctx = Context::default().with_cwd("/home/anna/projects/app").with_home("/home/anna");
    let lines: Vec<String> = io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let mut times: Vec<(Duration, &str)> =
        lines.iter().map(|line| (time(line, &ctx, 3), line.as_str())).collect();
    times.sort();
    for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("worst", 1.0)] {
        let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        if let Some((took, line)) = times.get(at) {
            let line: String = line.chars().take(100).collect();
            println!("{name:8} {:>9.1} us  {line}", took.as_secs_f64() * 1e6);
        }
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let shown = words.iter().find_map(|word| word.parse().ok()).unwrap_or(usize::MAX);
    let wanted =
        |name: &str| words.iter().all(|word| word.parse::<usize>().is_ok() || name.contains(word.as_str()));
    let lines = hostile::lines();
    let mut hostile: Vec<(Duration, &str)> = Vec::new();
    for (name, dialect, line) in lines.iter().filter(|(name, ..)| wanted(name)) {
        let ctx = Context::new(*dialect).with_cwd("/home/anna/projects/app").with_home("/home/anna");
        hostile.push((time(line, &ctx, 6), name));
    }
    hostile.sort();
    for (took, name) in hostile.iter().rev().take(shown) {
        println!("{:>9.2} ms  {name}", took.as_secs_f64() * 1e3);
    }
    Ok(())
}

/// The quickest of some runs: what else the machine does is not ours. Run it on a quiet machine all the same.
fn time(line: &str, ctx: &Context, runs: usize) -> Duration {
    let run = || {
        let start = Instant::now();
        black_box(safety::check(black_box(line), ctx));
        start.elapsed()
    };
    (0..runs).map(|_| run()).min().unwrap_or_default()
}
