//! Commands within lines of the past: what followed an operator once may follow it again.

use super::evidence::{Pool, Setting};
use super::past::{NONE, shape_of};
use super::sources::{PROGRAM_BACK, PROGRAMS_BACK, Scene, fade};
use super::words::Typed;

/// A tail says less than a line that began like the whole one.
const LESS: f32 = 0.1;

/// Adds how the command behind an operator goes on to the end of its line: as commands of past lines did that began like
/// it and stood behind the same kind of operator. Behind `&&` and the like a whole line of the past is such a command, too.
/// They speak as lines do that began like the whole one; of those there are few where an operator was typed.
pub(super) fn tails(scene: &Scene<'_>, buffer: &str, typed: &Typed<'_>, pool: &mut Pool) {
    let Some(tail) = buffer.get(typed.start..) else { return };
    let in_line = !typed.before.is_empty();
    if typed.command.nested || !in_line {
        return;
    }
    let past = scene.past;
    let names = past.words();
    let runs = past.runs();
    let before = typed.before.first().and_then(|program| names.find(program));
    let shape = names.find(&shape_of(&typed.before));
    let mut see = |number: usize| {
        let Some(run) = runs.get(number) else { return };
        let Some(line) = past.line(run.line).filter(|line| line.is_offered()) else { return };
        let slow = fade((runs.len() - number) as f32, 300.0);
        let mut previous = None;
        for (command, words) in past.whole_commands_of(line) {
            let program = words.first().copied();
            let was = std::mem::replace(&mut previous, program);
            if command.start == NONE || command.piped != typed.command.piped {
                continue;
            }
            let text = past.text(run.line).get(command.start as usize..);
            let rest = text.and_then(|text| text.strip_prefix(tail));
            let Some(to) = rest.and_then(|rest| pool.first_piece(false, rest)) else { continue };
            pool.see(to, Setting::Line, slow * LESS);
            let line_before = || runs.get(run.previous as usize).and_then(|run| past.line(run.line));
            let after = match was {
                Some(was) => before == Some(was),
                None => shape.is_some() && line_before().map(|line| line.shape) == shape,
            };
            if after {
                pool.see(to, Setting::LineAfter, slow * LESS);
            }
            if run.dir == scene.dir {
                pool.see(to, Setting::LineDir, slow * LESS);
            }
            if let Some(candidate) = pool.items.get_mut(to) {
                candidate.line_age = candidate.line_age.min((runs.len() - number) as f32);
                candidate.failing += slow * LESS * line.failing();
            }
        }
    };
    match typed.command.own().first() {
        Some(program) => {
            let Some(program) = names.find(program) else { return };
            past.with_program(program)
                .iter()
                .rev()
                .take(PROGRAM_BACK)
                .for_each(|&number| see(number as usize));
        }
        None => {
            let oldest = runs.len().saturating_sub(PROGRAMS_BACK);
            (oldest..runs.len()).rev().for_each(see);
        }
    }
}
