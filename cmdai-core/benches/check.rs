//! How long a verdict takes, on lines as people type them and on hostile ones.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

mod hostile;

use std::hint::black_box;
use std::time::Duration;

use cmdai_core::{Context, safety};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const EVERYDAY: &str = include_str!("../tests/data/ordinary.txt");

fn everyday(bench: &mut Criterion) {
    let ctx = Context::default().with_cwd("/home/anna/projects/app").with_home("/home/anna");
    let lines: Vec<&str> = EVERYDAY.lines().filter_map(line).collect();
    let mut next = lines.iter().cycle();
    bench.bench_function("check/everyday line", |timer| {
        timer.iter_batched(
            || next.next().copied().unwrap_or_default(),
            |line| safety::check(black_box(line), &ctx),
            BatchSize::SmallInput,
        );
    });
    for (name, line) in [
        ("ls -la", "ls -la"),
        ("pipeline", "ps aux | grep -v root | sort -k3 -nr | head -5"),
        ("rm -rf /", "sudo bash -c 'rm -rf /'"),
    ] {
        bench.bench_function(&format!("check/{name}"), |timer| {
            timer.iter(|| safety::check(black_box(line), &ctx));
        });
    }
}

fn hostile_lines(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("check/64 KiB");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(250));
    for (name, dialect, line) in hostile::lines() {
        let ctx = Context::new(dialect);
        group.bench_function(name, |timer| timer.iter(|| safety::check(black_box(&line), &ctx)));
    }
}

/// The command of a line of the file: `risk<TAB>command`; lines that begin with `#` are comments.
fn line(text: &str) -> Option<&str> {
    text.split_once('\t').map(|(_, command)| command)
}

criterion_group!(benches, everyday, hostile_lines);
criterion_main!(benches);
