//! Memory and the model together, on the screen: `--model`.
//!
//! A model takes a thousand times as long as memory, so a sample of lines has to do: every n-th of each person's,
//! from the forty-first on. Each is typed key by key, with a pause behind each key that is long enough for every
//! answer, under the daemon's own rules: what is shown stays while it is likely, and the model is asked where
//! nothing is. Both see the same moments, so their numbers compare.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use cmdai_core::complete::model::{ModelOptions, continue_line, read_ahead};
use cmdai_core::complete::{Past, Query};
use cmdai_core::engine::onnx::{OnnxModel, OnnxOptions};
use cmdai_core::engine::{Control, TextModel};
use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};
use serde_json::json;

use crate::measure::Measures;
use crate::people::{Person, Replayed};
use crate::report;
use crate::screen::Screen;

/// Lines of a person that are past before the first is measured.
pub(crate) const WARM: usize = 40;

/// Measures of some lines.
#[derive(Default)]
struct Both {
    /// Memory alone.
    alone: Measures,
    /// With the model.
    with: Measures,
    /// What the model added: how likely it found it, whether it was typed next, and at the beginning of a word.
    added: Vec<(f32, bool, bool)>,
    /// How often the model was asked, and how often at the beginning of a word.
    asked: (usize, usize),
    /// Moments at the beginning of a word.
    beginnings: usize,
    /// Microseconds that reading ahead took before a line, and a question to the model.
    ahead: Vec<u32>,
    guess: Vec<u32>,
}

impl Both {
    fn add(&mut self, other: Self) {
        self.alone.add(&other.alone);
        self.with.add(&other.with);
        self.added.extend(other.added);
        self.asked.0 += other.asked.0;
        self.asked.1 += other.asked.1;
        self.beginnings += other.beginnings;
        self.ahead.extend(other.ahead);
        self.guess.extend(other.guess);
    }
}

/// The model in a folder, or the one that cmdai finds.
pub(crate) fn open(folder: Option<&Path>) -> Result<OnnxModel> {
    let places = Places::from_env();
    let model = find_model(&places, folder, DEFAULT_MODEL)?.value.verify()?;
    let library = find_runtime(&places, None, false)?.value;
    Ok(OnnxModel::load(&model, &library, &OnnxOptions::default())?)
}

pub(crate) fn run(people: &[Person], folder: Option<&Path>, sample: usize, as_json: bool) -> Result<()> {
    let mut model = open(folder)?;
    let mut total = Both::default();
    for person in people {
        let both = one(person, &mut model, sample).with_context(|| person.name.clone())?;
        eprintln!("{}: {} moments", person.name, both.with.moments);
        total.add(both);
    }
    let right = |of_word: bool| {
        let some = total.added.iter().filter(|(_, _, at_word)| !of_word || *at_word);
        some.fold((0, 0), |(all, right), (_, is_right, _)| (all + 1, right + usize::from(*is_right)))
    };
    let rows = [
        ("all", total.with.moments as usize, total.asked.0, right(false)),
        ("beginning of a word", total.beginnings, total.asked.1, right(true)),
    ];
    let scale = scale(&total.added);
    let time = |micros: &mut Vec<u32>| {
        let mut m = Measures { micros: std::mem::take(micros), ..Measures::default() };
        (m.time_ms(0.5), m.time_ms(0.95))
    };
    let (ahead, guess) = (time(&mut total.ahead), time(&mut total.guess));
    if as_json {
        let suggesters =
            [report::numbers("memory", &mut total.alone), report::numbers("with the model", &mut total.with)];
        let moments: Vec<_> = rows
            .iter()
            .map(|(name, moments, asked, (added, right))| {
                json!({"moments": name, "all": moments, "asked": asked, "added": added, "right": right})
            })
            .collect();
        let times = json!({"read_ahead_ms": ahead, "guess_ms": guess});
        println!(
            "{}",
            json!({"model": model.info().model, "suggesters": suggesters.to_vec(), "moments": moments,
                "scale": scale, "times": times})
        );
        return Ok(());
    }
    report::head();
    report::line("sample", "memory", &mut total.alone);
    report::line("sample", "with the model", &mut total.with);
    println!("\n| moments | all | the model is asked | it adds something | typed next |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, moments, asked, (added, right)) in rows {
        println!("| {name} | {moments} | {asked} | {added} | {right} |");
    }
    println!("\n| the model says | shown | typed |\n| --- | ---: | ---: |");
    for (from, to, count, right) in scale {
        println!("| {from:.1} to {to:.1} | {count} | {:.0} % |", right * 100.0);
    }
    println!("\n| in process | p50 | p95 |\n| --- | ---: | ---: |");
    for (name, (p50, p95)) in [("reading ahead, before a line", ahead), ("a question to the model", guess)] {
        println!("| {name} | {p50:.1} ms | {p95:.1} ms |");
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
            let before = &person.runs[..number];
            let now = run.started.unwrap_or_default();
            let query = |buffer| Query { buffer, context: &context, session: run.session.as_deref(), now };
            let begin = Instant::now();
            read_ahead(model, &query(""), before, &world, &Control::default())?;
            both.ahead.push(micros(begin));
            let (mut alone, mut with) = (Vec::new(), Vec::new());
            let (mut memory, mut screen) = (Screen::new(false), Screen::new(true));
            for (at, c) in line.char_indices() {
                let (buffer, rest) = line.split_at(at + c.len_utf8());
                let query = query(buffer);
                let seen = memory.key(&query, &past, &world, || Ok(None))?;
                both.alone.micros.push(seen.micros);
                alone.push(Some(seen.suffix).filter(|suffix| !suffix.is_empty()).into_iter().collect());
                let mut said = 0.0;
                let seen = screen.key(&query, &past, &world, || {
                    let begin = Instant::now();
                    let (options, mut control) = (ModelOptions::default(), Control::default());
                    let offer = continue_line(model, &query, before, &world, &options, &mut control)?;
                    both.guess.push(micros(begin));
                    said = offer.as_ref().map_or(0.0, |offer| offer.probability);
                    Ok(offer)
                })?;
                both.with.micros.push(seen.micros);
                let at_word = buffer.ends_with(char::is_whitespace);
                both.beginnings += usize::from(at_word);
                both.asked.0 += usize::from(seen.asked);
                both.asked.1 += usize::from(seen.asked && at_word);
                if seen.by_model {
                    both.added.push((said, rest.starts_with(&seen.suffix), at_word));
                }
                with.push(Some(seen.suffix).filter(|suffix| !suffix.is_empty()).into_iter().collect());
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
fn scale(shown: &[(f32, bool, bool)]) -> Vec<(f32, f32, usize, f64)> {
    let tenths = (0..10_u8).map(|tenth| (f32::from(tenth) / 10.0, f32::from(tenth + 1) / 10.0));
    tenths
        .filter_map(|(from, to)| {
            let within = shown.iter().filter(|(p, ..)| *p >= from && (*p < to || to >= 1.0));
            let (count, right) = within
                .fold((0, 0), |(count, right), (_, is_right, _)| (count + 1, right + usize::from(*is_right)));
            (count > 0).then(|| (from, to, count, right as f64 / count as f64))
        })
        .collect()
}
