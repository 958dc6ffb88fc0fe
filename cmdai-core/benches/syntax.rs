//! How long reading a line takes, on lines as people type them and on hostile ones.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use cmdai_core::{Dialect, syntax};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const EVERYDAY: &str = include_str!("../tests/data/accepted.txt");

fn everyday(bench: &mut Criterion) {
    let mut next = EVERYDAY.lines().cycle();
    bench.bench_function("syntax/everyday line", |timer| {
        timer.iter_batched(
            || next.next().unwrap_or_default(),
            |line| syntax::parse(black_box(line), Dialect::Bash),
            BatchSize::SmallInput,
        );
    });
    let mut group = bench.benchmark_group("syntax");
    group.throughput(Throughput::Bytes(EVERYDAY.len() as u64));
    group.bench_function("script", |timer| {
        timer.iter(|| syntax::parse(black_box(EVERYDAY), Dialect::Bash));
    });
    let program = syntax::parse(EVERYDAY, Dialect::Bash).program;
    group.bench_function("print a script", |timer| timer.iter(|| black_box(&program).to_string()));
}

fn hostile(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("syntax/64 KiB");
    group.sample_size(10);
    for piece in [
        "((",
        "$(",
        "`",
        "\"$(",
        "{a,",
        "case x in a) ",
        "a;",
        "a|",
        "a=(",
        "<<A\nA\n",
        "<<A$(\n",
        "[[ a =~ (",
        "$a",
    ] {
        let text = piece.repeat(64 * 1024 / piece.len());
        group.bench_function(piece.escape_debug().to_string(), |timer| {
            timer.iter(|| syntax::parse(black_box(&text), Dialect::Bash));
        });
    }
}

criterion_group!(benches, everyday, hostile);
criterion_main!(benches);
