//! Types the lines of people key by key, with only the past known, and asks for suggestions.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Instant;

use cmdai_core::complete::{Completer, Past, Query};
use cmdai_core::redact::redact;
use cmdai_core::safety::Risk;

use crate::baselines::Strategy;
use crate::measure::Measures;
use crate::people::{Person, Replayed};

/// The measures of one person, ours first, then each baseline's in the order of [`Strategy::ALL`].
pub(crate) struct Replay {
    pub(crate) name: String,
    pub(crate) ours: Measures,
    pub(crate) theirs: Vec<Measures>,
}

/// Replays everybody, on as many threads as there are processors.
pub(crate) fn all(people: &[Person], completer: &Completer, baselines: bool) -> Vec<Replay> {
    let next = Mutex::new(0);
    let done = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = {
                        let mut next = lock(&next);
                        *next += 1;
                        *next - 1
                    };
                    let Some(person) = people.get(at) else { break };
                    let replay = one(person, completer, baselines);
                    lock(&done).push((at, replay));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, replay)| replay).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn one(person: &Person, completer: &Completer, baselines: bool) -> Replay {
    let mut ours = Measures::default();
    let mut theirs = vec![Measures::default(); Strategy::ALL.len()];
    let mut past = Past::new();
    let world = Replayed::new(person);
    let secrets = secrets(person);
    for (number, run) in person.runs.iter().enumerate() {
        let context = person.context(run);
        let line = run.command.as_str();
        let mut answers = Vec::new();
        for (at, c) in line.char_indices() {
            let buffer = &line[..at + c.len_utf8()];
            let query = Query {
                buffer,
                context: &context,
                session: run.session.as_deref(),
                now: run.started.unwrap_or_default(),
            };
            let begin = Instant::now();
            let suggestions = completer.complete(&past, &query, &world, 8);
            ours.micros.push(u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX));
            for suggestion in &suggestions {
                let whole = format!("{buffer}{}", suggestion.suffix);
                ours.secrets += u64::from(shows(&secrets, buffer, &whole));
                ours.critical += u64::from(suggestion.risk == Risk::Critical);
            }
            answers.push(suggestions.into_iter().map(|suggestion| suggestion.suffix).collect());
        }
        ours.line(line, &answers);
        if baselines {
            for (strategy, measures) in Strategy::ALL.iter().zip(&mut theirs) {
                let cwd = run.cwd.as_deref().unwrap_or_default();
                let known = &person.runs[..number];
                let mut answers = Vec::new();
                for (at, c) in line.char_indices() {
                    let buffer = &line[..at + c.len_utf8()];
                    let begin = Instant::now();
                    let answer = strategy.suggest(person, known, cwd, buffer);
                    measures.micros.push(u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX));
                    for suffix in &answer {
                        measures.secrets += u64::from(shows(&secrets, buffer, &format!("{buffer}{suffix}")));
                    }
                    answers.push(answer);
                }
                measures.line(line, &answers);
            }
        }
        past.push(run);
        world.ran(run);
    }
    Replay { name: person.name.clone(), ours, theirs }
}

/// True where a secret is in the whole that is not in what was typed.
fn shows(secrets: &BTreeSet<String>, typed: &str, whole: &str) -> bool {
    secrets.iter().any(|secret| whole.contains(secret.as_str()) && !typed.contains(secret.as_str()))
}

/// The made-up secrets in a person's lines: what redaction takes out, and every word with `fake` and a digit or a
/// hyphen in it (`fakeredis` is a program). (`FAKE` stands in serial numbers of disks, which are no secret.)
fn secrets(person: &Person) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for run in &person.runs {
        let clean = redact(&run.command);
        let part = |c: char| !(c.is_alphanumeric() || "-_.".contains(c));
        for word in run.command.split(part).filter(|word| word.len() >= 6) {
            let hidden = clean != run.command && !clean.contains(word);
            if hidden || (word.contains("fake") && word.contains(|c: char| c.is_ascii_digit() || c == '-')) {
                secrets.insert(word.to_owned());
            }
        }
    }
    secrets
}
