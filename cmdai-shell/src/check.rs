//! `cmdai check`: what a command or a script would do, and how bad that is.

use std::path::{Path, PathBuf};

use cmdai_core::explain::explain;
use cmdai_core::policy::Policy;
use cmdai_core::safety::{Decision, Layer, Profile, Report, Verdict};
use cmdai_core::{Context, Dialect, wire};
use serde_json::{Value, json};

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::show_report_of;
use crate::guard::{self, Wish};
use crate::log::{self, Judged};
use crate::sarif::{self, sarif};
use crate::script::{self, Lines};
use crate::settings::Settings;
use crate::{input, surroundings};

/// The door's name in the log.
const DOOR: &str = "check";

/// Judges what the arguments say; the verdict is the exit code.
///
/// # Errors
/// A policy or input that cannot be read, output that cannot be written.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    let wish = Wish { policy: args.policy.clone(), profile: args.profile, ..Wish::default() };
    let shell = surroundings::shell(args.place.shell, settings.config.shell);
    let ctx =
        surroundings::context(shell.dialect, args.place.os.or(settings.config.os)).with_known(args.known);
    let policy = guard::policy(&wish, &settings, &ctx)?;
    guard::note_ignored(&policy, &settings);
    if args.jsonl {
        let stricter = Wish { profile: Some(Profile::Agent), ..wish.clone() };
        let for_agents = guard::policy(&stricter, &settings, &ctx)?;
        return input::batch(wire::CheckLine::FIELDS, &settings, |line| {
            let judge = |command: &str, there: &Context, asked: Option<Profile>| {
                // A line may ask for more than the caller did, and not for less.
                let (policy, wish) = match asked {
                    Some(Profile::Agent) => (&for_agents, &stricter),
                    _ => (&policy, &wish),
                };
                let report = batch_report(command, there, &ctx, policy, wish, &settings);
                log::judged(
                    &settings,
                    &Judged { door: DOOR, tool: None, line: command, ctx: there, report: &report },
                );
                report
            };
            (wire::answer_check_with(line, &ctx, judge), None)
        });
    }
    let judged = match args.files.as_slice() {
        [] => {
            let text = input::command(&args.words, "check")?;
            let report = guard::judge(&policy, &text, &ctx);
            vec![sarif::Judged { path: None, text, report }]
        }
        files => scripts(files, args.place.shell, &ctx, &policy)?,
    };
    let mut shown = String::new();
    for one in &judged {
        let ctx = with_dialect(&ctx, one, args.place.shell);
        log::judged(
            &settings,
            &Judged { door: DOOR, tool: None, line: &one.text, ctx: &ctx, report: &one.report },
        );
        if args.sarif {
            continue;
        }
        if args.json {
            shown.push_str(&as_json(one));
            shown.push('\n');
        } else {
            let name = one.path.as_deref().map(|path| path.display().to_string());
            // A script does too much for one sentence.
            let summary = if name.is_some() { String::new() } else { explain(&one.text, &ctx).summary };
            shown.push_str(&show_report_of(name.as_deref(), &one.text, &one.report, &summary, settings.out));
        }
    }
    if args.sarif {
        shown = sarif(&judged, ctx.cwd.as_deref().map(Path::new));
    }
    input::print(&shown)?;
    input::note_request_words(&args.words, "check", &settings);
    let strictest = judged.iter().map(|one| one.report.verdict).max().unwrap_or_default();
    Ok(Exit::of_verdict(strictest))
}

fn scripts(
    files: &[PathBuf],
    shell: Option<Dialect>,
    ctx: &Context,
    policy: &Policy,
) -> Result<Vec<sarif::Judged>, Failure> {
    let mut judged = Vec::new();
    for path in files {
        let text = script::read(path)?;
        let mut ctx = ctx.clone();
        ctx.dialect = script::dialect(path, &text, shell)?;
        let report = policy.check(&text, &ctx);
        judged.push(sarif::Judged { path: Some(path.clone()), text, report });
    }
    Ok(judged)
}

/// The context of a script is that of its own dialect.
fn with_dialect(ctx: &Context, judged: &sarif::Judged, shell: Option<Dialect>) -> Context {
    let mut ctx = ctx.clone();
    if let Some(path) = &judged.path
        && let Ok(dialect) = script::dialect(path, &judged.text, shell)
    {
        ctx.dialect = dialect;
    }
    ctx
}

/// A line of a batch may be about another directory, where another project's policy holds.
fn batch_report(
    command: &str,
    there: &Context,
    here: &Context,
    policy: &Policy,
    wish: &Wish,
    settings: &Settings,
) -> Report {
    if there.cwd == here.cwd {
        return policy.check(command, there);
    }
    match guard::policy(wish, settings, there) {
        Ok(policy) => policy.check(command, there),
        Err(failure) => {
            let mut report = policy.check(command, there);
            let mut decision = Decision::new(Verdict::Deny, Layer::Project, "policy");
            decision.reason = Some(format!("the policy there is wrong: {}", failure.message()));
            report.verdict = Verdict::Deny;
            report.decision = Some(decision);
            report
        }
    }
}

/// The answer as JSON; of a file with its name, and with the lines and columns of each finding.
fn as_json(judged: &sarif::Judged) -> String {
    let answer = wire::CheckAnswer::new(None, &judged.report);
    let Some(path) = &judged.path else { return wire::write(&answer) };
    let mut value = serde_json::to_value(&answer).unwrap_or(Value::Null);
    let lines = Lines::new(&judged.text);
    for (finding, value) in
        judged.report.findings.iter().zip(value["findings"].as_array_mut().into_iter().flatten())
    {
        let (start, end) = lines.places(finding.span);
        value["start"] = json!([start.line, start.column]);
        value["end"] = json!([end.line, end.column]);
    }
    let mut object = serde_json::Map::new();
    object.insert("file".to_owned(), path.display().to_string().into());
    object.extend(value.as_object().cloned().unwrap_or_default());
    Value::Object(object).to_string()
}
