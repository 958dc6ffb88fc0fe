//! One tool call, judged.

#[cfg(not(unix))]
use std::io::Write;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use cmdai_core::policy::Policy;
use cmdai_core::safety::{Finding, Layer, Profile, Report, Risk, Verdict};
use cmdai_core::{Context, Dialect};

use super::answer::{self, Answer, Output};
use super::call::{self, Act, Call, Change};
use super::{Agent, BLOCKED};
use crate::args::{CommonArgs, JudgeArgs};
use crate::guard::{self, Wish};
use crate::log::{self, Judged};
use crate::paint::visible;
use crate::settings::Settings;
use crate::{findings, surroundings, words};

/// The longest input that is read. A file that an agent writes comes with its content.
const MAX_BYTES: u64 = 16 << 20;
/// How long reading and judging may take together. Agents give up later, and then let the call through.
const DEADLINE: Duration = Duration::from_secs(5);
/// The longest line that a person is asked to type.
const MAX_LINE: usize = 400;
/// The longest reason.
const MAX_REASON: usize = 3000;

/// Judges the call on standard input and answers; the result is the exit code.
pub(super) fn run(agent: Agent, args: &JudgeArgs) -> u8 {
    if std::io::stdin().is_terminal() {
        let name = agent.name();
        crate::say(&format!(
            "cmdai: {} runs this for every tool call and writes the call to it; nobody does here\nhint: cmdai hook install {name}, and cmdai hook test {name}\n",
            agent.title()
        ));
        return BLOCKED;
    }
    let profile = args.profile.unwrap_or(Profile::Agent);
    let (send, receive) = sync_channel(1);
    // The worker may hang in a read; it is left behind when this process ends.
    let worker = std::thread::Builder::new().spawn(move || {
        // A panic drops `send`, which the other side sees.
        let _ = send.send(judge_stdin(agent, profile));
    });
    let output = match worker {
        Err(_) => answer::blocked(agent, "cmdai could not start judging this call, so it is blocked"),
        Ok(_) => match receive.recv_timeout(DEADLINE) {
            Ok(output) => output,
            Err(RecvTimeoutError::Timeout) => {
                answer::blocked(agent, "cmdai could not judge this call in time, so it is blocked")
            }
            Err(RecvTimeoutError::Disconnected) => answer::blocked(
                agent,
                "cmdai failed while judging this call, so it is blocked; please report it",
            ),
        },
    };
    write(agent, &output)
}

fn write(agent: Agent, output: &Output) -> u8 {
    crate::say(&output.stderr);
    match write_out(output.stdout.as_bytes()) {
        Ok(()) => output.code,
        // Nobody reads: all that is left is the exit code, unless there was nothing to say.
        Err(_) if output.stdout.trim().is_empty() => output.code,
        Err(_) => {
            if output.stderr.is_empty() {
                crate::say(&format!("{}\n", output.reason));
            }
            crate::say("cmdai could not write its answer, so this call is blocked\n");
            answer::unwritten(agent)
        }
    }
}

/// Writes to standard output, and fails where that goes nowhere: the library opens `/dev/null` where it is closed,
/// and takes one that cannot be written for written.
#[cfg(unix)]
fn write_out(mut bytes: &[u8]) -> std::io::Result<()> {
    let stdout = std::io::stdout();
    let nowhere = rustix::fs::stat("/dev/null").map(|null| null.st_rdev);
    let there = rustix::fs::fstat(&stdout)?;
    let device = rustix::fs::FileType::from_raw_mode(there.st_mode) == rustix::fs::FileType::CharacterDevice;
    if device && nowhere.is_ok_and(|nowhere| nowhere == there.st_rdev) {
        return Err(std::io::Error::other("standard output goes nowhere"));
    }
    while !bytes.is_empty() {
        match rustix::io::write(&stdout, bytes) {
            Ok(0) => return Err(std::io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn write_out(bytes: &[u8]) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

fn judge_stdin(agent: Agent, profile: Profile) -> Output {
    #[cfg(debug_assertions)]
    if let Some(fault) = std::env::var_os("CMDAI_TEST_FAULT") {
        match fault.to_str() {
            Some("panic") => panic!("a fault that a test asked for"),
            Some("hang") => std::thread::sleep(DEADLINE * 4),
            _ => {}
        }
    }
    let door = format!("hook {}", agent.name());
    let outcome = read_stdin().and_then(|text| call::read(&text));
    let settings = Settings::load(&CommonArgs::default());
    let call = match (outcome, &settings) {
        (Ok(call), _) if call.acts.is_empty() => {
            return answer::render(agent, call.shell_event, &Answer::Pass);
        }
        (Ok(call), _) => call,
        (Err(reason), settings) => {
            if let Ok(settings) = settings {
                log::failed(settings, &door, &reason);
            }
            return answer::blocked(agent, &format!("cmdai blocks this call: {reason}"));
        }
    };
    // Without the configuration there is no telling which policy or log was meant.
    let settings = match settings {
        Ok(settings) => settings,
        Err(failure) => return answer::blocked(agent, &broken(&failure.one_line())),
    };
    match decide(&call, profile, &door, &settings) {
        Ok(answer) => answer::render(agent, call.shell_event, &answer),
        Err(reason) => {
            log::failed(&settings, &door, &reason);
            answer::blocked(agent, &reason)
        }
    }
}

fn broken(reason: &str) -> String {
    format!(
        "cmdai blocks commands and changes until this is mended: {reason}. A person has to do that; tell them"
    )
}

fn read_stdin() -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("standard input cannot be read: {error}"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err("what the agent wrote is longer than 16 MiB".to_owned());
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("the agent wrote nothing".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "what the agent wrote is not UTF-8".to_owned())
}

/// The strictest answer to all that a call does.
fn decide(call: &Call, profile: Profile, door: &str, settings: &Settings) -> Result<Answer, String> {
    let wish = Wish { profile: Some(profile), default: Profile::Agent, fixed: true, ..Wish::default() };
    let usual = usual_dialect(settings);
    let ctx = match &call.cwd {
        Some(cwd) => surroundings::context_in(Path::new(cwd), usual, settings.config.os),
        None => surroundings::context(usual, settings.config.os),
    };
    let (cwd, session) = (ctx.cwd.as_deref().map(Path::new), call.session.as_deref().map(Path::new));
    let policy =
        guard::policy_of(&wish, settings, cwd, session).map_err(|failure| broken(&failure.one_line()))?;
    let mut worst: Option<(Report, String, &Act)> = None;
    for act in &call.acts {
        let (line, shown, ctx) = line_of(act, &ctx);
        let mut report = guard::judge(&policy, &line, &ctx);
        if takes_a_person(act, &report, &policy, &ctx) {
            report.verdict = Verdict::Ask;
        }
        // What may as well be prose is no question for anybody.
        let mild = report.risk < Risk::High && report.verdict != Verdict::Deny;
        if mild && matches!(act, Act::Maybe(_)) {
            continue;
        }
        log::judged(
            settings,
            &Judged { door, tool: Some(&call.tool), line: &shown, ctx: &ctx, report: &report },
        );
        if worst
            .as_ref()
            .is_none_or(|(before, ..)| (report.verdict, report.risk) > (before.verdict, before.risk))
        {
            worst = Some((report, line, act));
        }
    }
    let Some((report, line, act)) = worst else { return Ok(Answer::Pass) };
    let reason = reason(&report, &line, &policy, act, &ctx);
    Ok(match report.verdict {
        Verdict::Allow => Answer::Pass,
        Verdict::Ask => Answer::Ask { reason, once: once(&line, act) },
        _ => Answer::Deny(reason),
    })
}

/// True where a file is written anew that runs at every start, and a change of it would be asked about: the agent's question
/// shows the person all of what it writes, so nothing is lost unseen. What a policy says about it holds.
fn takes_a_person(act: &Act, report: &Report, policy: &Policy, ctx: &Context) -> bool {
    let Act::Write(Change::Replace, path) = act else { return false };
    let is_ours = report.decision.as_ref().is_none_or(|decision| decision.layer == Layer::BuiltIn);
    let mut worst = report.findings.iter().filter(|finding| finding.risk >= Risk::High);
    if report.verdict != Verdict::Deny || !is_ours || !worst.all(|finding| finding.rule == "shell-startup") {
        return false;
    }
    let (line, _, ctx) = line_of(&Act::Write(Change::Edit, path.clone()), ctx);
    policy.check(&line, &ctx).verdict == Verdict::Ask
}

/// What a person types to let it through. A change of a file has a line that stands for it.
fn once(line: &str, act: &Act) -> String {
    if line.len() > MAX_LINE || line.contains('\n') {
        return "cmdai policy allow-once, with that line in quotes".to_owned();
    }
    let quoted = visible(&words::quote(line));
    let note = if matches!(act, Act::Read(_) | Act::Write(..)) { " (that line stands for it)" } else { "" };
    format!("cmdai policy allow-once {quoted}{note}")
}

/// Agents run their lines in bash, or in zsh where that is the user's shell.
fn usual_dialect(settings: &Settings) -> Dialect {
    let shell = settings.config.shell.or_else(|| crate::env::text(crate::env::SHELL)?.parse().ok());
    match shell {
        Some(Dialect::Zsh) => Dialect::Zsh,
        Some(Dialect::PowerShell) if cfg!(windows) => Dialect::PowerShell,
        _ => Dialect::Bash,
    }
}

/// The line that stands for an act: what it says itself, or the shell's way to change a file. With what to show and its context.
fn line_of(act: &Act, ctx: &Context) -> (String, String, Context) {
    let mut ctx = ctx.clone();
    match act {
        Act::Run { line, dialect } => {
            if let Some(dialect) = dialect {
                ctx.dialect = *dialect;
            }
            (line.clone(), line.clone(), ctx)
        }
        Act::Maybe(line) => (line.clone(), line.clone(), ctx),
        Act::Read(path) | Act::Write(_, path) => {
            ctx.dialect = Dialect::Bash;
            let path = match (path.strip_prefix("~/"), &ctx.home) {
                (Some(below), Some(home)) => format!("{home}/{below}"),
                _ => path.clone(),
            };
            let quoted = words::quote(&path);
            let line = match act {
                Act::Write(Change::Replace, _) => format!("cat > {quoted}"),
                Act::Write(Change::Edit, _) => format!("cat >> {quoted}"),
                Act::Write(Change::Delete, _) => format!("rm -- {quoted}"),
                _ => format!("cat -- {quoted}"),
            };
            (line, path, ctx)
        }
    }
}

/// What the agent is told: what would happen, what to type instead, and what not to try.
fn reason(report: &Report, line: &str, policy: &Policy, act: &Act, ctx: &Context) -> String {
    let mut text = match report.verdict {
        Verdict::Ask => "cmdai asks about this".to_owned(),
        _ => "cmdai blocks this".to_owned(),
    };
    text.push_str(&format!(" (risk {}).", report.risk));
    // That the line which stands for a file does not show its text is nothing about the file.
    let is_about = |finding: &&Finding| {
        finding.risk == report.risk
            && !(matches!(act, Act::Write(..))
                && finding.rule == "unresolved-code"
                && report.findings.len() > 1)
    };
    for finding in findings::distinct(&report.findings).filter(is_about).take(3) {
        text.push_str(&format!("\n- {} [{}]", visible(&finding.message), finding.rule));
        if let Some(undo) = finding.undo.as_ref().filter(|undo| !undo.starts_with("cannot")) {
            text.push_str(&format!(" Undo: {undo}."));
        }
    }
    for hidden in findings::disguised(line, report) {
        text.push_str(&format!("\nIt really runs: {}", visible(&hidden)));
    }
    if let Some(decision) = report.decision.as_ref().filter(|decision| decision.source.is_some()) {
        text.push_str(&format!("\nDecided by {}.", visible(&findings::told(decision))));
    }
    let safer = report.findings.iter().find_map(|finding| finding.safer.as_deref());
    let safer = safer.filter(|safer| policy.check(safer, ctx).verdict == Verdict::Allow);
    if let Some(safer) = safer {
        text.push_str(&format!("\nInstead: {}", visible(safer)));
    }
    if report.verdict == Verdict::Deny {
        text.push_str(&format!(
            "\nDo not try the same by another way. If it is needed, tell the person what and why; they can let exactly this through once: {}",
            once(line, act)
        ));
    }
    let end = text.floor_char_boundary(MAX_REASON.min(text.len()));
    text.truncate(end);
    text
}

/// Only used where an agent's own code for "blocked" is asked for.
const _: () = assert!(BLOCKED == 2, "agents know this number");
