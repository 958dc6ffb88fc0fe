//! `cmdai policy`: what is allowed here, whether its files are right, and one line let through once.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cmdai_core::Context;
use cmdai_core::policy::{self, Entry, Policy, Test};
use cmdai_core::safety::{Layer, Profile, Risk};
use serde_json::{Value, json};

use crate::args::{PolicyAction, PolicyArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::guard::{self, Source, Wish};
use crate::paint::{FAINT, Paint, STRONG, risk_style, visible};
use crate::settings::Settings;
use crate::{input, once, surroundings};

/// Does what the arguments say.
///
/// # Errors
/// A policy is wrong, or output cannot be written.
pub(crate) fn run(args: &PolicyArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    let shell = surroundings::shell(None, settings.config.shell);
    let ctx = surroundings::context(shell.dialect, settings.config.os);
    match &args.action {
        PolicyAction::Check { files } => check(files, &settings, &ctx),
        PolicyAction::Show { json, profile } => show(*json, *profile, &settings, &ctx),
        PolicyAction::Test { file } => test(file.as_deref(), &settings, &ctx),
        PolicyAction::AllowOnce { line, cwd } => allow_once(line, cwd.as_deref(), &settings, &ctx),
        PolicyAction::Schema => input::print(&policy::schema()).map(|()| Exit::Ok),
    }
}

fn check(files: &[PathBuf], settings: &Settings, ctx: &Context) -> Result<Exit, Failure> {
    let sources: Vec<Source> = match files {
        [] => guard::sources(None, ctx.cwd.as_deref().map(Path::new)),
        files => files
            .iter()
            .map(|path| Source { layer: layer_of(path), path: path.clone(), named: true })
            .collect(),
    };
    let mut policy = Policy::new(Profile::Person);
    let mut text = String::new();
    let mut faults = Vec::new();
    for source in &sources {
        let shown = visible(&source.path.display().to_string());
        match guard::read(source, settings) {
            Ok(None) => text.push_str(&format!("{shown}: not there\n")),
            Ok(Some(file)) => {
                text.push_str(&format!(
                    "{shown}: {} entries, {} tests\n",
                    file.entries.len(),
                    file.tests.len()
                ));
                policy.add(source.layer, file);
            }
            Err(failure) => faults.push(failure),
        }
    }
    input::print(&text)?;
    guard::note_ignored(&policy, settings);
    for policy::Note { source, message, .. } in policy.powerless() {
        settings.note(&format!("{source}: {message}"));
    }
    let mut faults = faults.into_iter();
    let Some(last) = faults.next_back() else { return Ok(Exit::Ok) };
    faults.for_each(|failure| crate::say(&failure.to_string()));
    Err(last)
}

/// A file in a folder `.cmdai` is a project's: what it loosens is told.
fn layer_of(path: &Path) -> Layer {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let project = path.parent().is_some_and(|folder| folder.ends_with(".cmdai"));
    if project { Layer::Project } else { Layer::User }
}

fn show(json: bool, profile: Option<Profile>, settings: &Settings, ctx: &Context) -> Result<Exit, Failure> {
    let wish = Wish { profile, ..Wish::default() };
    let policy = guard::policy(&wish, settings, ctx)?;
    let sources = guard::sources(None, ctx.cwd.as_deref().map(Path::new));
    let shown = if json { as_json(&policy, &sources) } else { as_text(&policy, &sources, settings.out) };
    input::print(&shown)?;
    if !json {
        guard::note_ignored(&policy, settings);
    }
    Ok(Exit::Ok)
}

fn as_json(policy: &Policy, sources: &[Source]) -> String {
    let entry = |entry: &Entry| {
        json!({
            "entry": entry.name(),
            "verdict": entry.verdict.name(),
            "layer": entry.layer.name(),
            "source": entry.source,
            "profile": entry.profile.map(Profile::name),
            "paths": entry.paths.iter().map(|glob| glob.text()).collect::<Vec<_>>(),
            "effects": entry.effects.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
            "reason": entry.reason,
        })
    };
    let risk = |risk: &Risk| {
        let (verdict, from) = policy.of_risk(*risk);
        let source = from.map(|entry| entry.source.as_str());
        let layer = from.map_or(Layer::BuiltIn, |entry| entry.layer);
        let value = json!({ "verdict": verdict.name(), "layer": layer.name(), "source": source });
        (risk.name().to_owned(), value)
    };
    let files = |source: &Source| json!({ "layer": source.layer.name(), "path": source.path.display().to_string(), "found": source.path.exists() });
    let value = json!({
        "profile": policy.profile().name(),
        "files": sources.iter().map(files).collect::<Vec<_>>(),
        "risk": Risk::ALL.iter().map(risk).collect::<serde_json::Map<String, Value>>(),
        "entries": policy.entries.iter().map(entry).collect::<Vec<_>>(),
        "ignored": policy.notes.iter().map(|note| json!({ "source": note.source, "message": note.message })).collect::<Vec<_>>(),
        "tests": policy.tests.len(),
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn as_text(policy: &Policy, sources: &[Source], paint: Paint) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "profile: {}", paint.paint(STRONG, policy.profile().name()));
    for source in sources {
        let state = if source.path.exists() { "" } else { " (not there)" };
        let _ = writeln!(text, "{}: {}{state}", source.layer, visible(&source.path.display().to_string()));
    }
    text.push('\n');
    for risk in Risk::ALL {
        let (verdict, from) = policy.of_risk(*risk);
        let name = paint.paint(risk_style(*risk), &format!("{:9}", risk.name()));
        let place = from.map_or("built-in".to_owned(), |entry| visible(&entry.source));
        let _ = writeln!(text, "{name} {:5}  {}", verdict.name(), paint.paint(FAINT, &place));
    }
    if !policy.entries.is_empty() {
        text.push('\n');
    }
    let column = policy.entries.iter().map(|entry| entry.name().chars().count()).max().unwrap_or(0).min(48);
    for entry in &policy.entries {
        let mut notes = Vec::new();
        if !entry.paths.is_empty() {
            let paths: Vec<_> = entry.paths.iter().map(|glob| glob.text()).collect();
            notes.push(format!("in {}", paths.join(", ")));
        }
        if !entry.effects.is_empty() {
            let effects: Vec<_> = entry.effects.iter().map(|kind| kind.name()).collect();
            notes.push(format!("on {}", effects.join(", ")));
        }
        notes.extend(entry.reason.clone());
        notes.push(format!("({}, {})", entry.layer, entry.source));
        let _ = writeln!(
            text,
            "{:column$} {:5}  {}",
            visible(&entry.name()),
            entry.verdict.name(),
            paint.paint(FAINT, &visible(&notes.join("; ")))
        );
    }
    text
}

fn test(file: Option<&Path>, settings: &Settings, ctx: &Context) -> Result<Exit, Failure> {
    let wish = Wish { policy: file.map(Path::to_owned), ..Wish::default() };
    let policy = guard::policy(&wish, settings, ctx)?;
    let mut text = String::new();
    let mut failed = 0;
    for test in &policy.tests {
        let (policy, ctx) = place_of(test, &policy, ctx);
        let report = policy.check(&test.line, &ctx);
        if report.verdict == test.expect {
            continue;
        }
        failed += 1;
        let _ = writeln!(text, "{}: {}", visible(&test.source), visible(&test.line));
        let _ = writeln!(text, "  - {}", test.expect);
        let why = report.decision.map(|decision| {
            let rule = decision.rule.map(|rule| format!(" for {rule}")).unwrap_or_default();
            let source = decision.source.map(|source| format!(" at {source}")).unwrap_or_default();
            format!("{} decided{rule}{source}", decision.entry)
        });
        let _ = writeln!(
            text,
            "  + {} (risk {}; {})",
            report.verdict,
            report.risk,
            visible(&why.unwrap_or_default())
        );
    }
    let _ = writeln!(text, "{} tests, {failed} failed", policy.tests.len());
    input::print(&text)?;
    guard::note_ignored(&policy, settings);
    if policy.tests.is_empty() {
        settings.note("no policy here has a [[tests]] table");
    }
    Ok(if failed == 0 { Exit::Ok } else { Exit::Bug })
}

fn place_of(test: &Test, policy: &Policy, ctx: &Context) -> (Policy, Context) {
    let mut ctx = ctx.clone();
    if let Some(shell) = test.shell {
        ctx.dialect = shell;
    }
    if let Some(cwd) = &test.cwd {
        ctx.cwd = Some(cwd.clone());
    }
    let policy = match test.profile {
        Some(profile) => policy.clone().for_profile(profile),
        None => policy.clone(),
    };
    (policy, ctx)
}

fn allow_once(line: &str, cwd: Option<&Path>, settings: &Settings, ctx: &Context) -> Result<Exit, Failure> {
    let mut ctx = ctx.clone();
    if let Some(cwd) = cwd {
        let absolute = std::fs::canonicalize(cwd).map_err(|error| {
            Failure::new(Exit::Usage, format!("enter {}", cwd.display()), crate::failure::io_message(&error))
        })?;
        ctx = surroundings::context_in(&absolute, ctx.dialect, Some(ctx.os));
    }
    // What an agent would be told: it is an agent that the line is mostly allowed for.
    let wish = Wish { default: Profile::Agent, fixed: true, ..Wish::default() };
    let report = guard::policy(&wish, settings, &ctx)?.check(line, &ctx);
    let own = guard::policy(&Wish::default(), settings, &ctx)?.check(line, &ctx).verdict;
    once::allow(&report, own, line, &ctx, settings)
}
