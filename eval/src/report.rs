//! The numbers as a table or as JSON.

use anyhow::Result;
use cmdai_core::complete::{Completer, Past, Query};
use cmdai_core::history::Run;
use serde_json::{Value, json};

use crate::baselines::Strategy;
use crate::measure::Measures;
use crate::people::{Person, Replayed};
use crate::replay::Replay;

/// Runs of the past with which the time is measured.
const MANY_RUNS: usize = 50_000;

pub(crate) fn show(replays: Vec<Replay>, people: &[Person], as_json: bool) -> Result<()> {
    let mut total = Replay {
        name: "all".to_owned(),
        ours: Measures::default(),
        theirs: vec![Measures::default(); Strategy::ALL.len()],
    };
    for replay in &replays {
        total.ours.add(&replay.ours);
        for (sum, theirs) in total.theirs.iter_mut().zip(&replay.theirs) {
            sum.add(theirs);
        }
    }
    let mut large = with_many_runs(people);
    let large = json!({"runs": MANY_RUNS, "p50_ms": large.time_ms(0.5), "p95_ms": large.time_ms(0.95)});
    let mut all: Vec<Replay> = replays;
    all.push(total);
    if as_json {
        let rows: Vec<Value> = all.iter_mut().map(row).collect();
        println!("{}", json!({"people": rows, "large_past": large}));
        return Ok(());
    }
    head();
    for replay in &mut all {
        let name = replay.name.clone();
        line(&name, "cmdai", &mut replay.ours);
        let last = name == "all";
        for (strategy, measures) in Strategy::ALL.iter().zip(&mut replay.theirs).filter(|_| last) {
            line(&name, strategy.name(), measures);
        }
    }
    if let Some(total) = all.last() {
        println!(
            "\nMore characters saved than the best of the others: whole {}, words {}, either {}.",
            more(total, |m| m.keys_whole),
            more(total, |m| m.keys_words),
            more(total, |m| m.keys_either)
        );
    }
    println!("With a past of {MANY_RUNS} runs: p50 {} ms, p95 {} ms.", large["p50_ms"], large["p95_ms"]);
    Ok(())
}

/// The head of the table.
pub(crate) fn head() {
    println!(
        "| person | suggester | saved whole | saved words | saved either | first word right | wrong | wrong a key | MRR | secrets | p50 ms | p95 ms |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
}

fn best(replay: &Replay, keys: fn(&Measures) -> u64) -> f64 {
    replay.theirs.iter().map(|m| m.saved(keys(m))).fold(0.0, f64::max)
}

fn gain(replay: &Replay, keys: fn(&Measures) -> u64) -> f64 {
    replay.ours.saved(keys(&replay.ours)) / best(replay, keys).max(1e-9) - 1.0
}

fn more(replay: &Replay, keys: fn(&Measures) -> u64) -> String {
    format!("{:+.0} %", gain(replay, keys) * 100.0)
}

pub(crate) fn line(name: &str, who: &str, m: &mut Measures) {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let (p50, p95) = (m.time_ms(0.5), m.time_ms(0.95));
    println!(
        "| {name} | {who} | {} | {} | {} | {} | {} | {} | {:.3} | {} | {p50:.2} | {p95:.2} |",
        percent(m.saved(m.keys_whole)),
        percent(m.saved(m.keys_words)),
        percent(m.saved(m.keys_either)),
        percent(1.0 - m.wrong_word()),
        percent(m.wrong()),
        percent(m.wrong_moment()),
        m.mean_reciprocal(),
        m.secrets,
    );
}

fn row(replay: &mut Replay) -> Value {
    let gains = json!({
        "whole": gain(replay, |m| m.keys_whole),
        "words": gain(replay, |m| m.keys_words),
        "either": gain(replay, |m| m.keys_either),
    });
    let mut all = vec![numbers("cmdai", &mut replay.ours)];
    for (strategy, measures) in Strategy::ALL.iter().zip(&mut replay.theirs) {
        all.push(numbers(strategy.name(), measures));
    }
    json!({"person": replay.name, "more_saved_than_best_baseline": gains, "suggesters": all})
}

pub(crate) fn numbers(who: &str, m: &mut Measures) -> Value {
    let (p50, p95) = (m.time_ms(0.5), m.time_ms(0.95));
    json!({
        "suggester": who,
        "lines": m.lines,
        "characters": m.characters,
        "saved_whole": m.saved(m.keys_whole),
        "saved_words": m.saved(m.keys_words),
        "saved_either": m.saved(m.keys_either),
        "accepted_prefix_rate": 1.0 - m.wrong_word(),
        "mean_reciprocal_rank": m.mean_reciprocal(),
        "wrong_suggestion_rate": m.wrong(),
        "wrong_suggestions_per_key": m.wrong_moment(),
        "shown_rate": m.shown as f64 / m.moments.max(1) as f64,
        "secrets_shown": m.secrets,
        "critical_shown": m.critical,
        "p50_ms": p50,
        "p95_ms": p95,
    })
}

/// The time an answer takes with a long past: everybody's lines over and over, with numbers in them
/// changed so that there are many different ones, and a hundred lines of one person typed on top.
fn with_many_runs(people: &[Person]) -> Measures {
    let mut measures = Measures::default();
    let Some(person) = people.first() else { return measures };
    let mut past = Past::new();
    let mut made = 0;
    'making: for round in 0.. {
        for someone in people {
            for run in &someone.runs {
                if made == MANY_RUNS {
                    break 'making;
                }
                made += 1;
                let command =
                    if round % 3 == 0 { run.command.clone() } else { format!("{} {}", run.command, round) };
                past.push(&Run { command, session: Some(format!("{round}")), ..run.clone() });
            }
        }
        if people.iter().all(|person| person.runs.is_empty()) {
            break;
        }
    }
    let world = Replayed::new(person);
    for run in person.runs.iter().step_by(person.runs.len().div_ceil(100).max(1)) {
        let context = person.context(run);
        for (at, c) in run.command.char_indices() {
            let buffer = &run.command[..at + c.len_utf8()];
            let query =
                Query { buffer, context: &context, session: None, now: run.started.unwrap_or_default() };
            // The quickest of three: what else the machine does is not ours.
            let once = || {
                let begin = std::time::Instant::now();
                std::hint::black_box(Completer::shipped().complete(&past, &query, &world, 1));
                u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX)
            };
            measures.micros.extend((0..3).map(|_| once()).min());
        }
    }
    measures
}
