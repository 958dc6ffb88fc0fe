//! What the history and the machine cost: loading the past, recording a run, taking over a file, asking for a directory.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;
use std::time::Duration;

use cmdai_core::complete::World;
use cmdai_core::history::store::{Find, Options};
use cmdai_core::history::{Keep, Run, Store, import::Format};
use cmdai_core::machine::Machine;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const EVERYDAY: &str = include_str!("../tests/data/ordinary.txt");

/// Runs as a shell leaves them: a third is seldom repeated.
fn runs(count: usize) -> Vec<Run> {
    let lines: Vec<&str> =
        EVERYDAY.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let run = |nth: usize| {
        let line = lines.get(nth.wrapping_mul(7919) % lines.len()).copied().unwrap_or("ls");
        let command = if nth.is_multiple_of(3) { format!("{line} {nth}") } else { line.to_owned() };
        Run {
            command: command.trim().to_owned(),
            cwd: Some(format!("/home/anna/projects/app{}", nth % 20)),
            status: Some(i32::from(nth.is_multiple_of(9))),
            started: i64::try_from(nth).ok().map(|nth| 1_700_000_000 + 60 * nth),
            duration: Some(Duration::from_millis(12)),
            session: Some(format!("{}", nth / 100)),
            ..Run::default()
        }
    };
    (0..count).map(run).collect()
}

fn store(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = runs(50_000);
    let mut store = Store::open(&folder.path().join("a/history.db"), Options::default()).expect("a store");
    store.import(&runs, 0, "bench").expect("an import");
    let mut group = bench.benchmark_group("history");
    group.sample_size(20);
    group.bench_function("load 50,000 runs", |timer| timer.iter(|| store.latest(50_000)));
    group.bench_function("record a run", |timer| {
        timer.iter_batched(
            || runs.get(7).cloned().unwrap_or_default(),
            |run| store.record(&run),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("search 50,000 runs for a text", |timer| {
        let find = Find { text: Some("docker".into()), limit: Some(50), ..Find::default() };
        timer.iter(|| store.find(&find));
    });
    group.bench_function("see whether another process changed it", |timer| {
        timer.iter(|| store.changed_elsewhere())
    });
    group.bench_function("import 50,000 runs that are known", |timer| {
        timer.iter(|| store.import(&runs, 0, "bench"))
    });
    let keep = Keep::default();
    let mut next = runs.iter().cycle();
    group.bench_function("may a run be kept", |timer| {
        timer.iter_batched(
            || next.next().unwrap_or(&runs[0]),
            |run| keep.refuses(black_box(run)),
            BatchSize::SmallInput,
        );
    });
    let text: String =
        runs.iter().map(|run| format!(": {}:0;{}\n", run.started.unwrap_or(0), run.command)).collect();
    group.bench_function("parse 50,000 lines of zsh", |timer| {
        timer.iter(|| Format::Zsh.parse(text.as_bytes()))
    });
    group.finish();
}

fn machine(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for nth in 0..1000 {
        std::fs::write(folder.path().join(format!("file {nth}")), "").expect("a file");
    }
    let dir = folder.path().to_str().expect("a path that is text");
    let machine = Machine::new(["/usr/bin".to_owned()]);
    bench.bench_function("machine/ask for a directory that is known", |timer| {
        timer.iter(|| machine.entries(black_box(dir)))
    });
    bench.bench_function("machine/ask for the programs", |timer| timer.iter(|| machine.programs()));
    bench.bench_function("machine/read a directory of 1,000 files", |timer| {
        timer.iter(|| {
            let fresh = Machine::new([]);
            fresh.entries(dir);
            fresh.settle(Duration::from_secs(5))
        });
    });
}

criterion_group!(benches, store, machine);
criterion_main!(benches);
