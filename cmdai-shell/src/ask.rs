//! `cmdai <request>` and `cmdai generate`: from plain words to one command, shown, printed or run.
//!
//! Who reads decides the form. A person at a terminal gets the conversation of [`crate::interact`]; a pipe
//! gets the bare command; `--json` gets the answer of [`wire`]. Nothing runs that nobody asked for:
//! [`may_run_unasked`] is the one place that lets a command run without a key, and it wants `-x --yes` and
//! the verdict allow.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use cmdai_core::engine::{CancelToken, Control, TextModel};
use cmdai_core::explain::explain;
use cmdai_core::generate::{Candidate, Request, Suggestion, TOLD_ELSEWHERE, generate};
use cmdai_core::policy::Policy;
use cmdai_core::safety::{Report, Verdict};
use cmdai_core::{Context, Error, wire};
use serde_json::Value;

use crate::args::AskArgs;
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::guard::{self, Wish};
use crate::interact::{self, Outcome, fsm::Offer};
use crate::interrupt::{self, Busy, Watchdog};
use crate::log::{self, Judged};
use crate::settings::{Settings, has_terminal};
use crate::spinner::Spinner;
use crate::{input, look, memory, model, paint, run, surroundings, words};

/// How long an answer may take where nobody says.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// Candidates for a person, who can turn the page.
const CANDIDATES_SHOWN: usize = 3;

/// A model that is opened when it is first needed, and stays open.
type LazyModel = Option<Box<dyn TextModel>>;

/// Answers what the arguments ask. The number is the exit code: where the command ran, its own.
///
/// # Errors
/// Bad input, no answer, no model or runtime, a wrong configuration.
pub(crate) fn run(args: &AskArgs) -> Result<u8, Failure> {
    let settings = Settings::load(&args.common)?;
    // One for all that follows: what a daemon takes is not given again.
    let deadline = deadline(&settings, args.timeout);
    if args.jsonl {
        return batch(args, &settings).map(Exit::number);
    }
    let mut request = request(args, &settings);
    request.text = input::request(&args.words)?;
    if let Some(name) = words::near_subcommand(&args.words) {
        let word = args.words.first().map(|word| word.to_string_lossy()).unwrap_or_default();
        let failure = Failure::new(Exit::Usage, "", format!("there is no subcommand {word}"));
        return Err(
            failure.hint(format!("type cmdai {name}, or say in more words what the command should do"))
        );
    }
    let asks_nobody = args.json || (args.execute && args.yes);
    let talks = !asks_nobody && is_for_a_person(args.execute);
    if args.execute && !talks && !args.yes {
        return Err(Failure::new(Exit::Usage, "run the command", "there is no terminal to confirm it on")
            .hint("add --yes to run what the verdict allows, or leave out -x"));
    }
    request.candidates = candidates(args, &settings, if talks { CANDIDATES_SHOWN } else { 1 });
    // Before the model works: a broken policy ends the run.
    let policy = guard::policy(&Wish::default(), &settings, &request.context)?;
    guard::note_ignored(&policy, &settings);
    if let Some(offers) = ask_daemon(args, &request, &policy, &settings, deadline) {
        return offer(args, offers, &request, &policy, talks, &settings);
    }
    look::around(&mut request, settings.config.look_around);
    let mut suggestion = ask(&request, &settings, deadline, args.json)?;
    for candidate in &mut suggestion.candidates {
        policy.decide(&mut candidate.report, &request.context);
    }
    if args.why {
        crate::say(&memory::why(&suggestion, settings.err));
    }
    if args.json {
        input::print(&(wire::write(&wire::GenerateAnswer::new(None, &suggestion)) + "\n"))?;
        return Ok(if suggestion.candidates.is_empty() { Exit::NoAnswer } else { Exit::Ok }.number());
    }
    if suggestion.candidates.is_empty() {
        return Err(no_answer(&suggestion));
    }
    let offers = suggestion.candidates.into_iter();
    let offers =
        offers.map(|Candidate { command, report, absent, .. }| Offered { command, report, absent }).collect();
    // The weights are not needed any more, and the command may want the memory.
    offer(args, offers, &request, &policy, talks, &settings)
}

/// A command on offer and what is said of it.
struct Offered {
    command: String,
    report: Report,
    /// Programs that it needs and that are not here, as far as is known.
    absent: Vec<String>,
}

/// Shows, prints or runs what was found.
fn offer(
    args: &AskArgs,
    offers: Vec<Offered>,
    request: &Request,
    policy: &Policy,
    talks: bool,
    settings: &Settings,
) -> Result<u8, Failure> {
    let stdin = if args.words.is_empty() { run::Stdin::Spent } else { run::Stdin::Ours };
    if talks {
        return converse(&offers, request, policy, args.execute, stdin, settings);
    }
    let Some(best) = offers.first() else {
        return Err(Failure::new(Exit::NoAnswer, "", "no confident answer"));
    };
    if args.execute {
        return run_unasked(best, &request.context, stdin, settings);
    }
    let text: String = offers.iter().flat_map(|offer| [offer.command.as_str(), "\n"]).collect();
    input::print(&text)?;
    warn(best, settings);
    Ok(Exit::Ok.number())
}

/// What a running daemon answers, whose model is warm; `None` where this process is to answer.
fn ask_daemon(
    args: &AskArgs,
    request: &Request,
    policy: &Policy,
    settings: &Settings,
    deadline: Instant,
) -> Option<Vec<Offered>> {
    // The daemon answers for this system, and what is told about an answer is known only where it is found.
    let other = args.json || args.why || args.no_daemon || args.place.os.is_some();
    if other || settings.config.daemon_use == Some(false) {
        return None;
    }
    let commands = warm(request, deadline, settings)?;
    let judged = |command: String| {
        let report = policy.check(&command, &request.context);
        Offered { command, report, absent: Vec::new() }
    };
    Some(commands.into_iter().map(judged).collect())
}

#[cfg(unix)]
fn warm(request: &Request, deadline: Instant, settings: &Settings) -> Option<Vec<String>> {
    let _spinner = Spinner::start("thinking", !settings.quiet);
    crate::daemon::ask(&request.text, &request.context, request.candidates, deadline)
}

#[cfg(not(unix))]
fn warm(_request: &Request, _deadline: Instant, _settings: &Settings) -> Option<Vec<String>> {
    None
}

/// True where the answer goes to a terminal with somebody at it. With `-x` the command's output may go elsewhere.
fn is_for_a_person(execute: bool) -> bool {
    (execute || std::io::stdout().is_terminal()) && has_terminal()
}

fn candidates(args: &AskArgs, settings: &Settings, otherwise: usize) -> usize {
    args.candidates.map(usize::from).or(settings.config.candidates).unwrap_or(otherwise)
}

/// The request without its text.
fn request(args: &AskArgs, settings: &Settings) -> Request {
    let shell = surroundings::shell(args.place.shell, settings.config.shell);
    let os = args.place.os.or(settings.config.os);
    let context = surroundings::context(shell.dialect, os).with_breadth(surroundings::breadth());
    // The programs here say nothing about another system.
    let programs = (context.os == cmdai_core::Os::host()).then(surroundings::programs);
    let profile = settings.config.profile.unwrap_or_default();
    let memory = memory::open(settings);
    Request { context, programs, profile, memory, ..Request::default() }
}

fn ask(request: &Request, settings: &Settings, deadline: Instant, json: bool) -> Result<Suggestion, Failure> {
    let cancel = CancelToken::new();
    interrupt::watch(&cancel);
    let _watchdog = Watchdog::until(deadline, if json { say_late_in_json } else { say_late });
    let spinner = Spinner::start("thinking", !settings.quiet);
    let mut control = Control { cancel, deadline: Some(deadline), listener: None };
    let mut model: LazyModel = None;
    let busy = Busy::start();
    let answer = generate(request, || open(&mut model, settings), &mut control);
    drop((busy, spinner));
    answer.map_err(|error| failed(&error))
}

fn deadline(settings: &Settings, timeout: Option<Duration>) -> Instant {
    Instant::now() + timeout.or(settings.config.timeout).unwrap_or(DEFAULT_TIMEOUT)
}

fn open<'m>(model: &'m mut LazyModel, settings: &Settings) -> Result<&'m mut dyn TextModel, Error> {
    let opened = match model.take() {
        Some(model) => model,
        None => {
            let opened = model::open(&settings.config)?;
            if let Some(note) = opened.note {
                settings.note(&note);
            }
            opened.model
        }
    };
    Ok(model.insert(opened).as_mut())
}

fn failed(error: &Error) -> Failure {
    if interrupt::was_asked() {
        // The user knows what they pressed.
        return Failure::new(Exit::Interrupted, "", "");
    }
    Failure::of("find a command", error)
}

fn say_late() {
    late().tell(false);
}

fn say_late_in_json() {
    late().tell(true);
}

fn late() -> Failure {
    if std::io::stderr().is_terminal() {
        // The spinner may be in the middle of its line.
        crate::say("\r\x1b[K");
    }
    let failure = Failure::new(Exit::Timeout, "find a command", "the time limit passed");
    failure.hint("allow more with --timeout or the key timeout_ms")
}

fn no_answer(suggestion: &Suggestion) -> Failure {
    let message = match suggestion.rejected.first() {
        _ if suggestion.told_elsewhere.is_some() => format!("no confident answer: {TOLD_ELSEWHERE}"),
        Some(rejected) => {
            format!("no confident answer; turned down was {} ({})", rejected.text, rejected.reason)
        }
        None => "no confident answer".to_owned(),
    };
    Failure::new(Exit::NoAnswer, "", message).hint(suggestion.way_out())
}

/// What a reader of a bare command should know about it.
fn warn(candidate: &Offered, settings: &Settings) {
    if settings.quiet {
        return;
    }
    if !candidate.absent.is_empty() {
        crate::say(&format!("not installed here: {}\n", paint::visible(&candidate.absent.join(", "))));
    }
    if candidate.report.verdict == Verdict::Allow {
        return;
    }
    let risk = candidate.report.risk;
    let mut text = format!("{}: ", settings.err.paint(paint::risk_style(risk), risk.name()));
    match candidate.report.findings.first() {
        Some(finding) => text.push_str(&paint::visible(&finding.message)),
        None => text.push_str("read it before you run it"),
    }
    crate::say(&format!("{text}\n"));
}

fn converse(
    found: &[Offered],
    request: &Request,
    policy: &Policy,
    execute: bool,
    stdin: run::Stdin,
    settings: &Settings,
) -> Result<u8, Failure> {
    let judge = |line: &str| Offer {
        command: line.to_owned(),
        report: policy.check(line, &request.context),
        explanation: explain(line, &request.context),
    };
    let offers = found.iter().map(|offer| judge(&offer.command)).collect();
    let outcome = interact::converse(offers, &judge, settings.err)
        .map_err(|error| Failure::new(Exit::Bug, "use the terminal", io_message(&error)))?;
    match outcome {
        Outcome::Run(command) => {
            let report = policy.check(&command, &request.context);
            log_run(&command, &report, &request.context, settings);
            run::run(&command, request.context.dialect, stdin)
        }
        // Who asked for a run and got none is told so by the exit code.
        Outcome::Quit if execute => Ok(Exit::Interrupted.number()),
        Outcome::Quit => Ok(Exit::Ok.number()),
        Outcome::Interrupted => Ok(Exit::Interrupted.number()),
    }
}

/// What may run with `-x --yes`: only what a person would not be asked about.
fn may_run_unasked(verdict: Verdict) -> bool {
    verdict == Verdict::Allow
}

fn run_unasked(
    candidate: &Offered,
    ctx: &Context,
    stdin: run::Stdin,
    settings: &Settings,
) -> Result<u8, Failure> {
    if !may_run_unasked(candidate.report.verdict) {
        let why = candidate.report.findings.first().map_or("", |finding| finding.message.as_str());
        let message = format!("{} is {}: {why}", candidate.command, candidate.report.risk);
        return Err(Failure::new(Exit::Usage, "run the command", message)
            .hint("--yes runs only what the verdict allows; use -x on a terminal"));
    }
    if !settings.quiet {
        let line = paint::visible(&candidate.command);
        crate::say(&format!("{} {line}\n", settings.err.paint(paint::FAINT, "$")));
    }
    log_run(&candidate.command, &candidate.report, ctx, settings);
    run::run(&candidate.command, ctx.dialect, stdin)
}

/// A command that is run is logged where verdicts are.
fn log_run(line: &str, report: &Report, ctx: &Context, settings: &Settings) {
    log::judged(settings, &Judged { door: "run", tool: None, line, ctx, report });
}

fn batch(args: &AskArgs, settings: &Settings) -> Result<Exit, Failure> {
    let mut defaults = request(args, settings);
    defaults.candidates = candidates(args, settings, 1);
    let policy = guard::policy(&Wish::default(), settings, &defaults.context)?;
    let cancel = CancelToken::new();
    interrupt::watch(&cancel);
    let mut model: LazyModel = None;
    input::batch(wire::GenerateLine::FIELDS, settings, |line| {
        let mut fatal = None;
        let deadline = Some(deadline(settings, args.timeout));
        let mut control = Control { cancel: cancel.clone(), deadline, listener: None };
        let (slot, failure) = (&mut model, &mut fatal);
        let open_once = move || {
            // Moved in, so that the reference to the model may outlive this call.
            let slot = slot;
            open(slot, settings).inspect_err(|error| {
                // Without a model no later line has an answer either.
                *failure = Some(Failure::of("find a command", error));
            })
        };
        let _busy = Busy::start();
        let decide = |report: &mut Report, ctx: &Context| policy.decide(report, ctx);
        let look = |request: &mut Request| look::around(request, settings.config.look_around);
        let mut answer = wire::answer_generate_with(line, &defaults, open_once, &mut control, look, decide);
        if interrupt::was_asked() {
            fatal = Some(Failure::new(Exit::Interrupted, "", ""));
        } else if let Some(failure) = &fatal {
            // In the words of a single request.
            let id = serde_json::from_str::<Value>(&answer).ok().and_then(|answer| answer.get("id").cloned());
            answer = failure.json_for(id).unwrap_or(answer);
        }
        (answer, fatal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_runs_unasked() {
        assert!(may_run_unasked(Verdict::Allow));
        assert!(!may_run_unasked(Verdict::Ask));
        assert!(!may_run_unasked(Verdict::Deny));
    }
}
