//! The `cmdai` command: say what you want, get one judged command.
//!
//! A thin door to `cmdai-core`: arguments and terminal in, one call, text or JSON out. [`ask`] is the
//! main job; [`args`] is the command line; [`interact`] the conversation on a terminal. Only [`model`]
//! and [`doctor`] touch the model runtime, so everything else starts in a few milliseconds.

mod args;
mod values;
mod words;

mod ask;
mod check;
mod complete;
#[cfg(unix)]
mod daemon;
mod doctor;
mod explain;
mod history;
mod hook;
mod init;
mod log;
mod look;
mod pages;
mod policy;

mod explained;
mod findings;
mod guard;
mod interact;
mod spinner;

mod input;
mod interrupt;
mod jsonl;
mod memory;
mod model;
mod once;
mod run;
mod sarif;
mod script;
mod settings;
mod stdout;
mod surroundings;

mod env;
mod exit;
mod failure;
mod paint;
mod private;

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit::Exit;
use failure::Failure;

fn main() -> ExitCode {
    // Before any thread: it sets an environment variable that the runtime reads.
    #[cfg(feature = "onnx")]
    cmdai_core::engine::onnx::disable_telemetry();
    std::panic::set_hook(Box::new(report_panic));
    let argv: Vec<_> = std::env::args_os().collect();
    // As far as it can be told before the arguments are understood.
    let json =
        Cell::new(argv.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json" || arg == "--jsonl"));
    let outcome = catch_unwind(AssertUnwindSafe(|| dispatch(argv, &json)));
    match outcome {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(failure)) => {
            failure.tell(json.get());
            failure.exit.into()
        }
        Err(_) => {
            // A person was told by the hook.
            let failure = Failure::new(Exit::Bug, "", "internal error of cmdai");
            if let Some(line) = failure.json().filter(|_| json.get()) {
                let _ = std::io::stdout().write_all(line.as_bytes());
            }
            Exit::Bug.into()
        }
    }
}

/// Does what the arguments say. `json` becomes true where they ask for JSON.
fn dispatch(argv: Vec<OsString>, json: &Cell<bool>) -> Result<u8, Failure> {
    if argv.len() <= 1 && std::io::stdin().is_terminal() {
        let failure = Failure::new(Exit::Usage, "read the request", "it is empty");
        return Err(failure.hint(
            "say what the command should do, as in: cmdai find files larger than 100 MB; or see cmdai --help",
        ));
    }
    if init::is_start(&argv) {
        return init::run(&init::start()).map(Exit::number);
    }
    let cli = match Cli::try_parse_from(words::arrange(argv)) {
        Ok(cli) => cli,
        Err(error) => return show_usage(&error, json.get()),
    };
    json.set(cli.wants_json());
    let exit = match cli.command {
        None => return ask::run(&cli.ask),
        Some(Command::Generate(args)) => return ask::run(&args),
        Some(Command::Check(args)) => check::run(&args)?,
        Some(Command::Explain(args)) => explain::run(&args)?,
        Some(Command::Complete(args)) => complete::run(&args)?,
        Some(Command::Policy(args)) => policy::run(&args)?,
        Some(Command::Hook(args)) => return hook::run(&args),
        Some(Command::History(args)) => history::run(&args)?,
        Some(Command::Audit(args)) => log::run(&args)?,
        Some(Command::Daemon(args)) => run_daemon(&args)?,
        Some(Command::Doctor(args)) => doctor::run(&args)?,
        Some(Command::Init(args)) => init::run(&args)?,
        Some(Command::Completions(args)) => pages::completions(args.shell)?,
        Some(Command::Man(args)) => pages::man(&args)?,
        Some(Command::Help(args)) => pages::help(&args)?,
    };
    Ok(exit.number())
}

#[cfg(unix)]
fn run_daemon(args: &args::DaemonArgs) -> Result<Exit, Failure> {
    daemon::run(args)
}

#[cfg(not(unix))]
fn run_daemon(_args: &args::DaemonArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Usage, "run the daemon", "there are no Unix sockets on this system"))
}

/// Help and version go to standard output and are no failure; the rest is wrong usage.
fn show_usage(error: &clap::Error, json: bool) -> Result<u8, Failure> {
    if json && error.use_stderr() {
        let (message, hint) = said_in_usage(&error.render().to_string());
        let failure = Failure::new(Exit::Usage, "", message).hint(hint);
        input::print(&failure.json().unwrap_or_default())?;
    }
    if !error.use_stderr() {
        stdout::is_open().map_err(|error| Failure::write(&error))?;
    }
    let shown = error.print().map_err(|error| Failure::write(&error));
    shown.map(|()| if error.use_stderr() { Exit::Usage } else { Exit::Ok }.number())
}

/// What is wrong and the way out, of a text whose paragraphs say what is wrong, perhaps tips, how it is used, and where
/// there is more.
fn said_in_usage(text: &str) -> (String, String) {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let paragraphs: Vec<String> = text.split("\n\n").map(one_line).filter(|text| !text.is_empty()).collect();
    let message = paragraphs.first().map_or("", |first| first.trim_start_matches("error: "));
    let tip = paragraphs.iter().find_map(|text| text.strip_prefix("tip: "));
    let hint = tip.or(paragraphs.last().map(String::as_str)).unwrap_or_default();
    (message.to_owned(), hint.trim_end_matches('.').to_owned())
}

/// Writes to standard error. Where that is closed there is nobody to tell.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// One line for a bug of ours, and the terminal as it was. The backtrace is for those who ask for it.
fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    interact::abandon();
    let what = panic.payload_as_str().unwrap_or("no message");
    let place =
        panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    say(&format!(
        "cmdai: internal error: {}{place}\nhint: please report it, with the command you ran\n",
        paint::visible(what)
    ));
    if env::text("RUST_BACKTRACE").is_some_and(|value| value != "0") {
        say(&format!("{}\n", std::backtrace::Backtrace::force_capture()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_the_usage_is_said() {
        let said = |args: &[&str]| {
            let error = Cli::try_parse_from(["cmdai"].iter().chain(args)).unwrap_err();
            said_in_usage(&error.render().to_string())
        };
        let (message, hint) = said(&["complete", "--json"]);
        assert_eq!(message, "the following required arguments were not provided: <LINE>...");
        assert_eq!(hint, "For more information, try '--help'");
        let (message, hint) = said(&["complete", "--nope", "ls"]);
        assert_eq!(message, "unexpected argument '--nope' found");
        assert_eq!(hint, "to pass '--nope' as a value, use '-- --nope'");
    }
}
