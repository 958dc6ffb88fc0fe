//! `cmdai check`: what a command would do, and how bad that is.

use cmdai_core::explain::explain;
use cmdai_core::safety::check_as;
use cmdai_core::wire;

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::show_report;
use crate::settings::Settings;
use crate::{input, surroundings};

/// Judges what the arguments say; the verdict is the exit code.
///
/// # Errors
/// Input that cannot be read, output that cannot be written.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    let profile = args.profile.or(settings.config.profile).unwrap_or_default();
    let shell = surroundings::shell(args.place.shell, settings.config.shell);
    let ctx = surroundings::context(shell.dialect, args.place.os.or(settings.config.os));
    if args.jsonl {
        return input::batch(|line| (wire::answer_check(line, &ctx, profile), None));
    }
    let command = input::command(&args.words, "check")?;
    let report = check_as(&command, &ctx, profile);
    let shown = if args.json {
        wire::write(&wire::CheckAnswer::new(None, &report)) + "\n"
    } else {
        show_report(&command, &report, &explain(&command, &ctx).summary, settings.out)
    };
    input::print(&shown)?;
    input::note_request_words(&args.words, "check", &settings);
    Ok(Exit::of_verdict(report.verdict))
}
