//! `cmdai explain`: what each part of a command means.

use cmdai_core::explain::explain;
use cmdai_core::wire;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::explained::show_explanation;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{input, surroundings};

/// Explains what the arguments say.
///
/// # Errors
/// Input that cannot be read, output that cannot be written.
pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    let shell = surroundings::shell(args.place.shell, settings.config.shell);
    let ctx = surroundings::context(shell.dialect, args.place.os.or(settings.config.os));
    let ctx = ctx.with_breadth(surroundings::breadth());
    if args.jsonl {
        return input::batch(wire::CheckLine::FIELDS, &settings, |line| {
            (wire::answer_explain(line, &ctx), None)
        });
    }
    let command = input::command(&args.words, "explain")?;
    let explanation = explain(&command, &ctx);
    if args.json {
        input::print(&(wire::write(&wire::ExplainAnswer::new(None, &explanation)) + "\n"))?;
    } else if explanation.parts.is_empty() {
        input::print("does nothing\n")?;
    } else {
        input::print(&(show_explanation(&explanation, settings.out).join("\n") + "\n"))?;
        if explanation.parts.iter().all(|part| part.meaning.is_none()) {
            settings.note("no description of this command is known yet");
        }
    }
    input::note_request_words(&args.words, "explain", &settings);
    Ok(Exit::Ok)
}
