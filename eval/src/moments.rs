//! What the model writes at moments where memory offers nothing: what its scale is fitted on.
//!
//! `cargo xtask fit-ghost` asks at every n-th key of a sample of lines, half of the people for the fit and
//! the other half for the report, and writes `cmdai-core/src/complete/scale.txt`. New weights need a new fit.

use std::path::Path;

use anyhow::{Result, ensure};
use cmdai_core::complete::model::{can_follow, prompt};
use cmdai_core::complete::{Completer, Past, Query, Scale};
use cmdai_core::engine::{Completion, Control, DecodeOptions, TextModel};

use crate::model::{WARM, open};
use crate::people::{Person, Replayed};

/// Below this probability the model need not write on: nothing of it would be offered under any scale.
const FLOOR: f32 = 0.03;
/// Tokens that are written at most.
const MOST_TOKENS: usize = 12;
/// Texts that the model finds less likely teach the scale nothing about what is offered.
const LEAST_LEARNT: f32 = -2.5;
/// Pulls the weights towards 0: there are few texts.
const RIDGE: f64 = 1.0;
/// Of what is offered at least this share is typed: less is not worth a glance.
const WORTH: f64 = 0.6;
/// Thresholds that are compared.
const LEAST: [f32; 7] = [0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7];

/// One moment: so much of a line is typed, and memory offers nothing.
struct Moment {
    texts: Vec<Text>,
}

/// A beginning of what the model wrote.
struct Text {
    terms: [f32; 4],
    chars: usize,
    /// Whether it was typed next; whether it also ended there, as a word or a directory does, which is what the
    /// scale tells; and whether the checks let it be offered.
    is_right: bool,
    is_whole: bool,
    can_be: bool,
}

/// Fits on every second person, reports on the others.
pub(crate) fn fit(
    people: &[Person],
    folder: Option<&Path>,
    sample: usize,
    every: usize,
    into: Option<&Path>,
) -> Result<()> {
    let mut model = open(folder)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut fitted, mut others) = (Vec::new(), Vec::new());
    for (at, person) in people.iter().enumerate() {
        let moments = of(person, &mut model, sample, every)?;
        eprintln!("{}: {} moments", person.name, moments.len());
        let (names, all) = if at % 2 == 0 { (&mut fitted, &mut ours) } else { (&mut others, &mut theirs) };
        names.push(person.name.as_str());
        all.extend(moments);
    }
    ensure!(!ours.is_empty(), "there is no moment to fit on");
    let weights = logistic(&ours);
    let shipped = Scale::shipped().clone();
    println!("Fitted on {}: {weights:.3?} (shipped: {:.3?})", fitted.join(", "), shipped.weights);
    let made = Scale { weights, ..shipped.clone() };
    for (scale, what) in [(&made, "fitted"), (&shipped, "shipped")] {
        table(&format!("{what}, on {}", fitted.join(", ")), scale, &ours);
        if !theirs.is_empty() {
            table(&format!("{what}, on {} (not fitted on)", others.join(", ")), scale, &theirs);
        }
    }
    // On the people fitted on: the lowest from which what is offered is worth it.
    let fits = |least: &&f32| {
        let (offers, right, _) = offered(&made, **least, &ours);
        offers > 0 && right as f64 >= WORTH * offers as f64
    };
    let least = LEAST.iter().find(fits).copied().unwrap_or(0.9);
    println!("\nThe threshold: {least}.");
    if let Some(folder) = into {
        let path = folder.join("scale.txt");
        std::fs::write(&path, Scale { least, ..made }.write())?;
        eprintln!("wrote {}", path.display());
    }
    Ok(())
}

/// What each threshold would offer.
fn table(what: &str, scale: &Scale, moments: &[Moment]) {
    println!("\n{what}: {} moments at which memory offers nothing\n", moments.len());
    println!("| offered from | offers | typed next | characters of those |\n| ---: | ---: | ---: | ---: |");
    for least in LEAST {
        let (offers, right, chars) = offered(scale, least, moments);
        let share = 100.0 * right as f64 / offers.max(1) as f64;
        println!("| {least} | {offers} | {right} ({share:.0} %) | {chars} |");
    }
}

/// How many offers there are from a threshold, how many of them right, and the characters of those.
fn offered(scale: &Scale, least: f32, moments: &[Moment]) -> (usize, usize, usize) {
    let mut sum = (0, 0, 0);
    for moment in moments {
        let likely = moment.texts.iter().filter(|text| text.can_be).filter_map(|text| {
            let score: f32 = scale.weights.iter().zip(text.terms).map(|(weight, term)| weight * term).sum();
            let probability = 1.0 / (1.0 + (-score).exp());
            (probability >= least).then_some((probability * text.chars as f32, text))
        });
        if let Some((_, text)) = likely.max_by(|a, b| a.0.total_cmp(&b.0)) {
            sum.0 += 1;
            sum.1 += usize::from(text.is_right);
            sum.2 += if text.is_right { text.chars } else { 0 };
        }
    }
    sum
}

/// The moments of a sample of one person's lines.
fn of(person: &Person, model: &mut dyn TextModel, sample: usize, every: usize) -> Result<Vec<Moment>> {
    let mut moments = Vec::new();
    let mut past = Past::new();
    let world = Replayed::new(person);
    let step = person.runs.len().saturating_sub(WARM).div_ceil(sample.max(1)).max(1);
    let options = DecodeOptions { max_tokens: MOST_TOKENS, floor: FLOOR, ..DecodeOptions::default() };
    for (number, run) in person.runs.iter().enumerate() {
        if number >= WARM && (number - WARM).is_multiple_of(step) {
            let context = person.context(run);
            for (at, c) in run.command.char_indices().skip(number % every.max(1)).step_by(every.max(1)) {
                let (buffer, rest) = run.command.split_at(at + c.len_utf8());
                let now = run.started.unwrap_or_default();
                let query = Query { buffer, context: &context, session: run.session.as_deref(), now };
                if rest.is_empty() || !Completer::shipped().complete(&past, &query, &world, 1).is_empty() {
                    continue;
                }
                let Some(prompt) = prompt(&query, &person.runs[..number], &world) else { continue };
                let written = model.complete(&prompt, &options, &mut Control::default())?;
                let texts = written.first().map(|written| texts(&query, rest, written, &world));
                moments.push(Moment { texts: texts.unwrap_or_default() });
            }
        }
        past.push(run);
        world.ran(run);
    }
    Ok(moments)
}

fn texts(query: &Query<'_>, rest: &str, written: &Completion, world: &Replayed<'_>) -> Vec<Text> {
    let mut texts = Vec::new();
    for piece in written.pieces.iter().filter(|piece| piece.logprob > LEAST_LEARNT) {
        let suffix = written.text.get(..piece.end).and_then(|text| text.strip_prefix(query.buffer));
        let Some(suffix) = suffix.map(str::trim_end).filter(|suffix| !suffix.is_empty()) else { continue };
        let after = rest.strip_prefix(suffix);
        let ends = |after: &str| after.is_empty() || after.starts_with(char::is_whitespace);
        texts.push(Text {
            terms: Scale::terms(query.buffer, suffix, piece),
            chars: suffix.chars().count(),
            is_right: after.is_some(),
            is_whole: after.is_some_and(|after| suffix.ends_with('/') || ends(after)),
            can_be: can_follow(query, suffix, world),
        });
    }
    texts
}

/// Logistic regression by Newton's method over all texts that can be.
fn logistic(moments: &[Moment]) -> [f32; 4] {
    let texts: Vec<&Text> =
        moments.iter().flat_map(|moment| &moment.texts).filter(|text| text.can_be).collect();
    let mut weights = [0.0_f64; 4];
    for _ in 0..30 {
        let mut gradient = weights.map(|weight| -RIDGE * weight);
        let mut curve = [[0.0; 4]; 4];
        for (at, row) in curve.iter_mut().enumerate() {
            row[at] = RIDGE;
        }
        for text in &texts {
            let terms = text.terms.map(f64::from);
            let score: f64 = weights.iter().zip(terms).map(|(weight, term)| weight * term).sum();
            let p = 1.0 / (1.0 + (-score).exp());
            let error = f64::from(u8::from(text.is_whole)) - p;
            for (at, term) in terms.iter().enumerate() {
                gradient[at] += error * term;
                for (other, of) in terms.iter().enumerate() {
                    curve[at][other] += p * (1.0 - p) * term * of;
                }
            }
        }
        let step = solve(curve, gradient);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight += step;
        }
    }
    weights.map(|weight| weight as f32)
}

/// Solves four equations by elimination; the curve is positive, so no row has to be exchanged.
fn solve(curve: [[f64; 4]; 4], right: [f64; 4]) -> [f64; 4] {
    let mut rows: Vec<[f64; 5]> =
        curve.iter().zip(right).map(|([a, b, c, d], right)| [*a, *b, *c, *d, right]).collect();
    for at in 0..4 {
        let pivot = rows[at];
        for row in rows.iter_mut().skip(at + 1) {
            let share = row[at] / pivot[at];
            for (value, above) in row.iter_mut().zip(pivot) {
                *value -= share * above;
            }
        }
    }
    let mut found = [0.0; 4];
    for (at, row) in rows.iter().enumerate().rev() {
        let known: f64 = row.iter().zip(found).skip(at + 1).map(|(value, found)| value * found).sum();
        found[at] = (row[4] - known) / row[at];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fit_finds_what_tells_right_from_wrong() {
        let text = |term: f32, is_whole| Text {
            terms: [1.0, term, 0.0, 0.0],
            chars: 4,
            is_right: is_whole,
            is_whole,
            can_be: true,
        };
        let mut texts: Vec<Text> = Vec::new();
        for at in 0..40_u8 {
            let term = f32::from(at) / 10.0 - 2.0;
            texts.push(text(term, at >= 20));
            texts.push(text(term, at % 2 == 0));
        }
        let moments = vec![Moment { texts }];
        let [base, thinks, ..] = logistic(&moments);
        assert!(thinks > 0.5 && base.abs() < 0.5, "{base} {thinks}");
        let scale = Scale { weights: [base, thinks, 0.0, 0.0], least: 0.5 };
        assert_eq!(offered(&scale, 0.5, &moments).0, 1);
        assert_eq!(offered(&scale, 0.999, &moments), (0, 0, 0));
    }
}
