//! Fits the weights: rows from people's lines, trees from rows, and a check on people left out.

use std::path::Path;

use anyhow::{Context, Result};
use cmdai_core::complete::{Completer, Past, Prior, Query, Ranker, piece};

use crate::measure::Measures;
use crate::people::{Person, Replayed};
use crate::table;
use crate::trees::{self, Growth, Random, Rows};
use crate::{replay, report};

/// Share of moments that rows are made of.
const MOMENTS: f64 = 0.9;
/// Candidates without any evidence but that they exist, kept a question.
const FEW: usize = 8;
/// Candidates with evidence, kept a question.
const MANY: usize = 40;

const GROWTH: Growth = Growth { trees: 400, rate: 0.08, sample: 0.5, features: 0.5, ridge: 3.0, least: 3.0 };

pub(crate) fn run(people: &[Person], documents: &Path, into: Option<&Path>, folds: usize) -> Result<()> {
    let usual = table::read_usual(documents)?;
    let documents = table::read_documents(documents)?;
    eprintln!("{} people, {} documented commands", people.len(), documents.len());
    let documented = table::of_documents(&documents, &usual).rows(3.0, 14);
    if folds > 1 {
        let mut ours = Measures::default();
        for fold in 0..folds {
            let (out, within): (Vec<_>, Vec<_>) =
                people.iter().enumerate().partition(|(at, _)| at % folds == fold);
            let within: Vec<&Person> = within.into_iter().map(|(_, person)| person).collect();
            let completer = fit(&within, &documented)?;
            for (_, person) in out {
                let replays = replay::all(std::slice::from_ref(person), &completer, false);
                for mut replay in replays {
                    report::line(&replay.name, "left out", &mut replay.ours);
                    ours.add(&replay.ours);
                }
            }
        }
        report::line("all", "left out", &mut ours);
    }
    if let Some(into) = into {
        let all: Vec<&Person> = people.iter().collect();
        let completer = fit(&all, &documented)?;
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let about = format!(
            "# Written by `cargo xtask fit-completion` from the lines of {} authored people ({})\n# and {} documented commands (training/data/README.md names their sources and licences), and what is usual (usual.jsonl there).\n",
            people.len(),
            names.join(", "),
            documents.len()
        );
        let write = |name: &str, text: &str| {
            let path = into.join(name);
            std::fs::write(&path, format!("{about}{text}"))
                .with_context(|| format!("cannot write {}", path.display()))
        };
        write("weights.txt", &completer.ranker.write())?;
        write("prior.txt", &prior_text(&all, &documented))?;
    }
    Ok(())
}

fn prior_text(people: &[&Person], documented: &str) -> String {
    table::of_people(people).rows(2.0, 24) + documented
}

fn fit(people: &[&Person], documented: &str) -> Result<Completer> {
    let mut rows = Rows { begins: vec![0], ..Rows::default() };
    let parts: Vec<Rows> = std::thread::scope(|scope| {
        let halves = people.chunks(people.len().div_ceil(2).max(1)).map(|half| {
            scope.spawn(move || {
                let mut rows = Rows { begins: vec![0], ..Rows::default() };
                for person in half {
                    // What others have in common, without this person: as it is for a new user.
                    let others: Vec<&Person> =
                        people.iter().copied().filter(|other| other.name != person.name).collect();
                    let prior = Prior::read(&(table::of_people(&others).rows(2.0, 24) + documented));
                    rows_of(person, &prior, &mut rows);
                }
                rows
            })
        });
        let halves: Vec<_> = halves.collect();
        halves.into_iter().map(|half| half.join().unwrap_or_default()).collect()
    });
    for part in parts {
        let offset = rows.features.len() as u32;
        rows.features.extend(part.features);
        rows.weight.extend(part.weight);
        rows.begins.extend(part.begins.iter().skip(1).map(|begin| begin + offset));
        rows.right.extend(part.right.iter().map(|right| right + offset));
        rows.counts.extend(part.counts);
    }
    eprintln!("{} questions, {} rows", rows.right.len(), rows.features.len());
    let ranker = trees::grow(&rows, GROWTH);
    eprintln!(
        "loss {:.4}, without a ranker {:.4}",
        trees::loss(&rows, &ranker),
        trees::loss(&rows, &Ranker::default())
    );
    let prior = Prior::read(&prior_text(people, documented));
    Ok(Completer { ranker, prior, ..Completer::shipped().clone() })
}

fn rows_of(person: &Person, prior: &Prior, rows: &mut Rows) {
    let mut random = Random(person.name.bytes().fold(1, |seed, byte| seed * 31 + u64::from(byte)));
    let mut past = Past::new();
    let world = Replayed::new(person);
    for run in &person.runs {
        let context = person.context(run);
        for (at, c) in run.command.char_indices() {
            if random.unit() > MOMENTS {
                continue;
            }
            let end = at + c.len_utf8();
            let (buffer, rest) = run.command.split_at(end);
            let query = Query {
                buffer,
                context: &context,
                session: run.session.as_deref(),
                now: run.started.unwrap_or_default(),
            };
            question(Completer::rows(prior, &past, &query, &world), rest, &mut random, rows);
        }
        past.push(run);
        world.ran(run);
    }
}

/// Adds one question: its candidates, thinned out, and which of them is right.
fn question(asked: cmdai_core::complete::Rows, rest: &str, random: &mut Random, rows: &mut Rows) {
    let next = piece(rest);
    let right = asked.candidates.iter().position(|(text, _)| text == next);
    // The beginning of a path is right where the whole is no candidate.
    let right = right.or_else(|| {
        let begins = |text: &str| text.ends_with('/') && next.starts_with(text);
        let longest = asked.candidates.iter().enumerate().filter(|(_, (text, _))| begins(text));
        longest.max_by_key(|(_, (text, _))| text.len()).map(|(at, _)| at)
    });
    // Any evidence: the second number of a setting is its share, -1 where there is none.
    let seen = |features: &[f32]| features.chunks(3).take(23).any(|setting| setting[0] > 0.0);
    let (mut with, mut without) = (0, 0);
    let bare = asked.candidates.iter().filter(|(_, features)| !seen(features)).count();
    let keep = (FEW as f64 / bare.max(1) as f64).min(1.0);
    let mut found = None;
    for (at, (_, features)) in asked.candidates.iter().enumerate() {
        let is_right = right == Some(at);
        let mut weight = 1.0;
        if seen(features) {
            with += 1;
            if with > MANY && !is_right {
                continue;
            }
        } else if !is_right {
            if random.unit() > keep {
                continue;
            }
            without += 1;
            weight = (1.0 / keep) as f32;
        }
        if is_right {
            found = Some(rows.features.len() as u32);
        }
        rows.features.push(*features);
        rows.weight.push(weight);
    }
    let _ = without;
    rows.features.push(asked.none);
    rows.weight.push(1.0);
    rows.right.push(found.unwrap_or(rows.features.len() as u32 - 1));
    rows.counts.push(1.0);
    rows.begins.push(rows.features.len() as u32);
}
