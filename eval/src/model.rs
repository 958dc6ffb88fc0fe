//! The model behind tier 1: asked after every key of a sample of lines, as if the person paused there.
//!
//! A model takes a thousand times as long as tier 1, so a sample of lines has to do: every n-th of each
//! person's, from the forty-first on. Both suggesters see the same moments, so their numbers compare.

use std::time::Instant;

use anyhow::{Context as _, Result};
use cmdai_core::complete::model::{ModelOptions, continue_line, is_better};
use cmdai_core::complete::{Completer, Past, Query, Suggestion};
use cmdai_core::engine::onnx::{OnnxModel, OnnxOptions};
use cmdai_core::engine::{Control, TextModel};
use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};
use serde_json::json;

use crate::measure::Measures;
use crate::people::{Person, Replayed};
use crate::report;

/// Lines of a person that are past before the first is measured.
const WARM: usize = 40;

/// Measures of some lines.
#[derive(Default)]
struct Both {
    /// Tier 1 alone.
    alone: Measures,
    /// With the model where it is better; its times are the model's.
    with: Measures,
    /// Suggestions of the model that were better: how likely it found them, and whether they were typed.
    shown: Vec<(f32, bool)>,
}

pub(crate) fn run(people: &[Person], sample: usize, as_json: bool) -> Result<()> {
    let places = Places::from_env();
    let model = find_model(&places, None, DEFAULT_MODEL)?.value.verify()?;
    let library = find_runtime(&places, None, false)?.value;
    let mut model = OnnxModel::load(&model, &library, &OnnxOptions::default())?;
    let mut total = Both::default();
    for person in people {
        let both = one(person, &mut model, sample).with_context(|| person.name.clone())?;
        eprintln!("{}: {} moments", person.name, both.with.moments);
        total.alone.add(&both.alone);
        total.with.add(&both.with);
        total.shown.extend(both.shown);
    }
    let scale = scale(&total.shown);
    if as_json {
        let rows =
            [report::numbers("tier 1", &mut total.alone), report::numbers("with the model", &mut total.with)];
        let rows = rows.to_vec();
        println!("{}", json!({"model": model.info().model, "suggesters": rows, "scale": scale}));
        return Ok(());
    }
    report::head();
    report::line("sample", "tier 1", &mut total.alone);
    report::line("sample", "with the model", &mut total.with);
    println!("\n| the model says | shown | typed |\n| --- | ---: | ---: |");
    for (from, to, count, right) in scale {
        println!("| {from:.1} to {to:.1} | {count} | {:.0} % |", right * 100.0);
    }
    Ok(())
}

fn one(person: &Person, model: &mut OnnxModel, sample: usize) -> Result<Both> {
    let mut both = Both::default();
    let mut past = Past::new();
    let world = Replayed::new(person);
    let step = person.runs.len().saturating_sub(WARM).div_ceil(sample.max(1)).max(1);
    for (number, run) in person.runs.iter().enumerate() {
        if number >= WARM && (number - WARM).is_multiple_of(step) {
            let context = person.context(run);
            let line = run.command.as_str();
            let (mut alone, mut with) = (Vec::new(), Vec::new());
            for (at, c) in line.char_indices() {
                let (buffer, rest) = line.split_at(at + c.len_utf8());
                let now = run.started.unwrap_or_default();
                let query = Query { buffer, context: &context, session: run.session.as_deref(), now };
                let begin = Instant::now();
                let first = Completer::shipped().complete(&past, &query, &world, 8);
                both.alone.micros.push(micros(begin));
                let begin = Instant::now();
                let written = continue_line(
                    model,
                    &query,
                    &person.runs[..number],
                    &world,
                    &ModelOptions::default(),
                    &mut Control::default(),
                )?;
                both.with.micros.push(micros(begin));
                let mut second: Vec<Suggestion> = first.clone();
                if let Some(written) = written.filter(|written| is_better(written, first.first())) {
                    both.shown.push((written.probability, rest.starts_with(&written.suffix)));
                    second.retain(|known| known.suffix != written.suffix);
                    second.insert(0, written);
                }
                alone.push(first.into_iter().map(|suggestion| suggestion.suffix).collect());
                with.push(second.into_iter().map(|suggestion| suggestion.suffix).collect());
            }
            both.alone.line(line, &alone);
            both.with.line(line, &with);
        }
        past.push(run);
        world.ran(run);
    }
    Ok(both)
}

fn micros(begin: Instant) -> u32 {
    u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX)
}

/// From, to, how many, and which share of them was typed.
fn scale(shown: &[(f32, bool)]) -> Vec<(f32, f32, usize, f64)> {
    let tenths = (0..10_u8).map(|tenth| (f32::from(tenth) / 10.0, f32::from(tenth + 1) / 10.0));
    tenths
        .filter_map(|(from, to)| {
            let within = shown.iter().filter(|(p, _)| *p >= from && (*p < to || to >= 1.0));
            let (count, right) = within
                .fold((0, 0), |(count, right), (_, is_right)| (count + 1, right + usize::from(*is_right)));
            (count > 0).then(|| (from, to, count, right as f64 / count as f64))
        })
        .collect()
}
