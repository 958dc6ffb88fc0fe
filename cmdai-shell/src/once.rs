//! A line that a person let through once: one small file that the next judgement of that line uses up.
//!
//! The file's name is a hash of the line and the directory, so it fits nothing else; it is taken by a
//! rename, so two judgements cannot both have it; it is old after ten minutes. It lives in a folder of
//! mode 0700. This is a convenience between a person and their own guard, not a wall: who can write
//! files as you can write this one, which is why writing there, and `cmdai policy allow-once` itself,
//! are findings (`guard-off`, `protection-off`).

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cmdai_core::models::Places;
use cmdai_core::safety::{Decision, Layer, Report, Risk, Verdict};
use cmdai_core::{Context, audit};

use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::private::{is_ours, make_private, private_file};
use crate::settings::Settings;
use crate::{env, paint};

/// How long a line stays allowed.
const LIFETIME: Duration = Duration::from_secs(600);
/// Tokens are a few bytes; what is larger is none of ours.
const MAX_TOKEN_BYTES: u64 = 256;

/// Variables that coding agents set for what they run: there is no person at this terminal.
const AGENT_VARIABLES: &[&str] = &[
    "CLAUDECODE",
    "CLAUDE_CODE_ENTRYPOINT",
    "CODEX_SANDBOX",
    "COPILOT_AGENT",
    "CURSOR_AGENT",
    "CURSOR_TRACE_ID",
    "GEMINI_CLI",
];

/// Where tokens may lie, best first: the folder of the login, as the environment names it and where systems keep it, then the
/// cache. An agent may start its hooks without half of its environment, so a judgement looks into each.
fn folders() -> Vec<PathBuf> {
    let named = env::value(env::RUNTIME_DIR).map(PathBuf::from).filter(|path| path.is_absolute());
    let mut folders: Vec<PathBuf> = named.into_iter().map(|folder| folder.join("cmdai/allow")).collect();
    #[cfg(target_os = "linux")]
    {
        let usual = PathBuf::from(format!("/run/user/{}", rustix::process::geteuid().as_raw()));
        if usual.is_dir() {
            folders.push(usual.join("cmdai/allow"));
        }
    }
    folders.extend(Places::from_env().cache.map(|cache| cache.join("allow")));
    folders.dedup();
    folders
}

/// A hash of the line and the directory, links resolved: an agent names its directory as it likes.
fn token_name(line: &str, cwd: &str) -> String {
    let real = std::fs::canonicalize(cwd).ok().and_then(|path| path.into_os_string().into_string().ok());
    let cwd = real.as_deref().unwrap_or(cwd);
    audit::digest(format!("{}\0{line}\0{cwd}", line.len()).as_bytes())
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Makes an asked or denied line allowed where a person said so. Uses that up.
pub(crate) fn apply(report: &mut Report, line: &str, ctx: &Context) {
    if report.verdict == Verdict::Allow {
        return;
    }
    let Some(cwd) = ctx.cwd.as_deref() else { return };
    if take(line, cwd) {
        let before = report.decision.take();
        let mut decision = Decision::new(Verdict::Allow, Layer::Once, "policy allow-once");
        decision.rule = before.and_then(|decision| decision.rule);
        decision.reason = Some("a person let this line through once".to_owned());
        report.verdict = Verdict::Allow;
        report.decision = Some(decision);
    }
}

/// True where there was a fresh token for this line; it is gone afterwards.
fn take(line: &str, cwd: &str) -> bool {
    let name = token_name(line, cwd);
    folders().iter().any(|folder| take_from(folder, &name))
}

fn take_from(folder: &Path, name: &str) -> bool {
    if !is_ours(folder) {
        return false;
    }
    let token = folder.join(name);
    let mine = folder.join(format!(".taken-{}-{name}", std::process::id()));
    // Whoever renames it has it; nobody else can.
    if std::fs::rename(&token, &mine).is_err() {
        return false;
    }
    let text = is_plain_file(&mine)
        .then(|| crate::settings::read_bounded(&mine, MAX_TOKEN_BYTES).ok())
        .flatten()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let _ = std::fs::remove_file(&mine);
    let until = text.and_then(|text| text.trim().parse::<u64>().ok());
    // A time too far ahead was not written by us.
    until.is_some_and(|until| until > now() && until <= now() + LIFETIME.as_secs())
}

/// Asks the person at the terminal and writes a token. The report is what an agent would be told; `own` is the verdict for
/// the person themselves.
///
/// # Errors
/// There is no person, they said no, or the folder cannot be written.
pub(crate) fn allow(
    report: &Report,
    own: Verdict,
    line: &str,
    ctx: &Context,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let doing = "let the line through";
    let refuse = |message: &str| {
        Failure::new(Exit::Deny, doing, message)
            .hint("a person types this in a terminal of their own, not an agent")
    };
    if let Some(name) = AGENT_VARIABLES.iter().find(|name| std::env::var_os(name).is_some()) {
        return Err(refuse(&format!("{name} is set: this is the shell of a coding agent")));
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(refuse("there is nobody to ask: standard input or error is no terminal"));
    }
    let Some(cwd) = ctx.cwd.as_deref() else {
        return Err(Failure::new(Exit::Usage, doing, "the directory cannot be told").hint("pass --cwd"));
    };
    if report.verdict == Verdict::Allow {
        settings.note("this line is allowed anyway");
        return Ok(Exit::Ok);
    }
    let whose = match own == report.verdict {
        true => "for coding agents and for you".to_owned(),
        false => format!("for coding agents; for you: {own}"),
    };
    crate::say(&crate::findings::show_report(line, report, &whose, settings.err));
    // What is critical takes a word that no habit types.
    let (word, others): (_, &[&str]) =
        if report.risk == Risk::Critical { ("critical", &[]) } else { ("yes", &["y"]) };
    crate::say(&format!(
        "Let exactly this line run once in {} within ten minutes? Type {} to confirm: ",
        paint::visible(cwd),
        settings.err.paint(paint::STRONG, word)
    ));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    let answer = answer.trim().to_lowercase();
    if read.is_err() || answer != word && !others.contains(&answer.as_str()) {
        return Err(Failure::new(Exit::Interrupted, doing, "it was not confirmed"));
    }
    write(line, cwd).map_err(|error| {
        let shown = folders().first().map(|folder| folder.display().to_string()).unwrap_or_default();
        Failure::new(Exit::Bug, format!("{doing}: write below {shown}"), io_message(&error))
    })?;
    settings.note("the next check or hook that sees this line lets it through");
    Ok(Exit::Ok)
}

fn write(line: &str, cwd: &str) -> std::io::Result<()> {
    let first = folders().into_iter().next();
    let folder = first.ok_or_else(|| std::io::Error::other("there is no folder for it"))?;
    make_private(&folder)?;
    if !is_ours(&folder) {
        return Err(std::io::Error::other("the folder belongs to somebody else, or others may write to it"));
    }
    sweep(&folder);
    let token = folder.join(token_name(line, cwd));
    let aside = folder.join(format!(".new-{}", std::process::id()));
    let mut file = private_file(&aside)?;
    file.write_all((now() + LIFETIME.as_secs()).to_string().as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&aside, &token)
}

/// Takes away what is old.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let old = entry.metadata().and_then(|meta| meta.modified()).ok();
        if old.and_then(|then| then.elapsed().ok()).is_some_and(|age| age > LIFETIME) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_plain_file(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}
