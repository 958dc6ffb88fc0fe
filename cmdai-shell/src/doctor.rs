//! `cmdai doctor`: what was found on this machine, where it was looked for, and whether it works.
//!
//! Every line is a [`Finding`]: a name, a state, a sentence, and what a program would want to know of it. The text
//! and the JSON are two prints of the same list.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use cmdai_core::config::Config;
use cmdai_core::engine::Control;
use cmdai_core::generate::{Request, generate};
use cmdai_core::models::{DEFAULT_MODEL, Places, Tried, find_breadth, find_model, find_runtime};
use cmdai_core::{Error, Os};
use serde_json::{Value, json};

use crate::args::DoctorArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::guard::{self, Wish};
use crate::hook::{Proof, installed_proofs};
use crate::paint::{FAINT, Paint, STRONG, risk_style, visible};
use crate::settings::{Settings, config_path, read_config};
use crate::{input, model, surroundings};

/// What the trial asks for. The answer is shown, and nobody runs it.
const TRIAL: &str = "list all files in this folder, largest first";
/// How long the trial may take.
const TRIAL_TIME: Duration = Duration::from_secs(60);

/// One thing that was looked at.
struct Finding {
    name: &'static str,
    /// The exit code it calls for; `None` where it is well.
    fault: Option<Exit>,
    text: String,
    /// Further lines.
    details: Vec<String>,
    data: Value,
}

impl Finding {
    fn well(name: &'static str, text: impl Into<String>, data: Value) -> Self {
        Self { name, fault: None, text: text.into(), details: Vec::new(), data }
    }

    fn bad(name: &'static str, fault: Exit, error: &Error) -> Self {
        let message = error.to_string();
        let data =
            json!({ "error": { "code": error.kind().code(), "message": message, "hint": error.hint() } });
        // A search that found nothing lists every place: one a line is easier to read.
        let mut lines = message.split("; ").map(str::to_owned);
        let text = lines.next().unwrap_or_default();
        let hint = error.hint().map(|hint| format!("hint: {hint}"));
        Self { name, fault: Some(fault), text, details: lines.chain(hint).collect(), data }
    }

    fn details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }
}

/// Looks at everything and tells.
///
/// # Errors
/// Standard output cannot be written. What is not well is told on it, and is the exit code.
pub(crate) fn run(args: &DoctorArgs) -> Result<Exit, Failure> {
    let places = Places::from_env();
    let (config, config_finding) = look_at_config(&places, args);
    let settings = Settings::new(config, &args.common);
    let mut findings = vec![look_at_program(&places), config_finding, look_at_shell(&settings.config)];
    findings.push(look_at_model(&places, &settings.config, args.verbose));
    findings.push(look_at_runtime(&places, &settings.config, args.verbose));
    findings.push(look_at_breadth(&places, args.verbose));
    findings.push(look_at_cache(&places));
    findings.push(look_at_telemetry());
    findings.push(look_at_policy(&settings));
    findings.push(look_at_daemon());
    findings.push(look_at_hooks());
    // A trial says nothing new where a part of it is known to be missing.
    let no_matter =
        |finding: &Finding| matches!(finding.name, "breadth" | "config" | "policy" | "hooks" | "daemon");
    if findings.iter().all(|finding| finding.fault.is_none() || no_matter(finding)) {
        if args.prepare {
            findings.push(prepare(&settings.config));
        }
        findings.push(try_it(&settings.config));
    }
    let exit = findings.iter().find_map(|finding| finding.fault).unwrap_or(Exit::Ok);
    let shown = if args.json { as_json(&findings, exit) } else { as_text(&findings, settings.out) };
    input::print(&shown)?;
    Ok(exit)
}

/// One that does not run is well: it is started when a shell needs it.
#[cfg(unix)]
fn look_at_daemon() -> Finding {
    let state = crate::daemon::look();
    let silent = state["error"].as_str().map(str::to_owned);
    let text = crate::daemon::sentence(&state);
    let mut finding = Finding::well("daemon", text, state);
    if let Some(reason) = silent {
        finding.fault = Some(Exit::Bug);
        finding.details.extend([reason, "hint: start it anew with cmdai daemon start".to_owned()]);
    }
    finding
}

#[cfg(not(unix))]
fn look_at_daemon() -> Finding {
    Finding::well("daemon", "there is none on this system", json!({ "running": false }))
}

fn look_at_program(places: &Places) -> Finding {
    let version = env!("CARGO_PKG_VERSION");
    let exe = places.exe.as_deref().map(shown).unwrap_or_default();
    let data = json!({ "version": version, "path": exe, "system": Os::host().name(), "arch": std::env::consts::ARCH });
    Finding::well("cmdai", format!("{version}, {} {}, {exe}", Os::host(), std::env::consts::ARCH), data)
}

fn look_at_config(places: &Places, args: &DoctorArgs) -> (Config, Finding) {
    let Some((path, must_exist)) = config_path(places) else {
        let text = "no home directory and no CMDAI_CONFIG; defaults are used";
        return (Config::default(), Finding::well("config", text, json!({ "path": null, "found": false })));
    };
    let at = shown(&path);
    match read_config(&path, must_exist, args.common.color) {
        Ok(Some(config)) => (
            config,
            Finding::well(
                "config",
                format!("{at}, valid"),
                json!({ "path": at, "found": true, "valid": true }),
            ),
        ),
        Ok(None) => {
            let text = format!("{at} is not there; defaults are used");
            (Config::default(), Finding::well("config", text, json!({ "path": at, "found": false })))
        }
        Err(failure) => {
            let data = json!({ "path": at, "found": true, "valid": false, "error": failure.message() });
            let text = format!("{} (defaults are used below)", failure.message());
            let finding =
                Finding { name: "config", fault: Some(Exit::Config), text, details: failure.hints(), data };
            (Config::default(), finding)
        }
    }
}

fn look_at_shell(config: &Config) -> Finding {
    let shell = surroundings::shell(None, config.shell);
    let runs_in = surroundings::shell_program(shell.dialect);
    let program = runs_in.as_deref().map_or("no such program was found".to_owned(), shown);
    let data = json!({ "name": shell.dialect.name(), "source": shell.source, "program": runs_in.as_deref().map(shown) });
    Finding::well("shell", format!("{}, from {}; {program}", shell.dialect, shell.source), data)
}

fn look_at_model(places: &Places, config: &Config, verbose: bool) -> Finding {
    let found = match find_model(places, config.model_path.as_deref(), DEFAULT_MODEL) {
        Ok(found) => found,
        Err(error) => return Finding::bad("model", Exit::Model, &error),
    };
    let (origin, tried) = (found.origin, found.tried);
    let folder = shown(found.value.folder());
    let title = found.value.manifest().title();
    let license = found.value.manifest().license.clone();
    let bytes: u64 = found.value.manifest().files.iter().map(|file| file.bytes).sum();
    let started = Instant::now();
    match found.value.verify() {
        Ok(verified) => {
            let took = started.elapsed();
            let text = format!(
                "{title} in {folder}, from {origin}; {} MB, sha256 of every file is right",
                bytes / 1_000_000
            );
            let data = json!({
                "name": title, "path": folder, "origin": origin, "license": license, "bytes": bytes,
                "digest": verified.digest(), "verified": true, "verify_ms": ms(took), "tried": tried_json(&tried),
            });
            Finding::well("model", text, data).details(tried_lines(&tried, verbose))
        }
        Err(error) => Finding::bad("model", Exit::Model, &error),
    }
}

fn look_at_runtime(places: &Places, config: &Config, verbose: bool) -> Finding {
    let cuda = config.device == Some(cmdai_core::config::Device::Cuda);
    let found = match find_runtime(places, config.onnxruntime_path.as_deref(), cuda) {
        Ok(found) => found,
        Err(error) => return Finding::bad("runtime", Exit::Runtime, &error),
    };
    let path = shown(found.value.path());
    match model::runtime_version(&found.value) {
        Ok(version) => {
            let data = json!({
                "version": version, "path": path, "origin": found.origin, "cuda": found.value.has_cuda(),
                "tried": tried_json(&found.tried),
            });
            let text = format!("ONNX Runtime {version}, {path}, from {}", found.origin);
            Finding::well("runtime", text, data).details(tried_lines(&found.tried, verbose))
        }
        Err(error) => Finding::bad("runtime", Exit::Runtime, &error).details(tried_lines(&found.tried, true)),
    }
}

/// The table of more tools. Without it there is less to explain and to offer, and nothing is wrong.
fn look_at_breadth(places: &Places, verbose: bool) -> Finding {
    let found = match find_breadth(places) {
        Ok(Some(found)) => found,
        Ok(None) => {
            let text = "no table of more tools: our own specs are used alone";
            let hint = "hint: none is needed; an installed cmdai has one, in a checkout `cargo xtask breadth` makes it".to_owned();
            return Finding::well("breadth", text, json!({ "found": false })).details([hint]);
        }
        Err(error) => return Finding::bad("breadth", Exit::Runtime, &error),
    };
    let (path, table) = (shown(&found.value.path), &found.value.table);
    if let Err(damage) = table.verify() {
        let text = format!("{path}, from {}: {damage}", found.origin);
        let data = json!({ "found": true, "path": path, "error": damage.to_string() });
        let details = vec![
            "hint: install cmdai again (in a checkout: `cargo xtask breadth`), or set CMDAI_BREADTH=none"
                .to_owned(),
        ];
        return Finding { name: "breadth", fault: Some(Exit::Runtime), text, details, data };
    }
    let data = json!({
        "found": true, "path": path, "origin": found.origin, "source": table.source(), "names": table.len(),
        "bytes": table.size(), "tried": tried_json(&found.tried),
    });
    let size = table.size() as f64 / 1e6;
    let text = format!(
        "{} names of tools from {}, {size:.1} MB, {path}, from {}; its checksum is right",
        table.len(),
        table.source(),
        found.origin
    );
    Finding::well("breadth", text, data).details(tried_lines(&found.tried, verbose))
}

fn look_at_cache(places: &Places) -> Finding {
    let Some(cache) = &places.cache else {
        let text = "none, for there is no home directory: the model's files are summed at each start";
        return Finding::well("cache", text, json!({ "path": null, "writable": false }));
    };
    let path = shown(cache);
    let writable = surroundings::can_write_below(cache);
    let text = match writable {
        true => format!("{path}, writable"),
        false => format!("{path}, not writable: starts are slower, nothing else changes"),
    };
    Finding::well("cache", text, json!({ "path": path, "writable": writable }))
}

fn look_at_telemetry() -> Finding {
    let off = std::env::var_os("ORT_DISABLE_TELEMETRY").is_some_and(|value| value == "1");
    let data = json!({ "off": off });
    if off || cfg!(not(feature = "onnx")) {
        return Finding::well("telemetry", "off: nothing is collected or sent", data);
    }
    let text = "not off: this build does not switch off the telemetry of ONNX Runtime".to_owned();
    Finding { name: "telemetry", fault: Some(Exit::Bug), text, details: Vec::new(), data }
}

/// The policy that holds here.
fn look_at_policy(settings: &Settings) -> Finding {
    let shell = surroundings::shell(None, settings.config.shell);
    let ctx = surroundings::context(shell.dialect, settings.config.os);
    let sources = guard::sources(None, ctx.cwd.as_deref().map(Path::new));
    let found: Vec<_> =
        sources.iter().filter(|source| source.path.exists()).map(|source| shown(&source.path)).collect();
    match guard::policy(&Wish::default(), settings, &ctx) {
        Ok(policy) => {
            let notes: Vec<_> =
                policy.notes.iter().map(|note| format!("{}: {}", note.source, note.message)).collect();
            let data = json!({
                "profile": policy.profile().name(), "files": found, "entries": policy.entries.len(), "ignored": notes,
            });
            let text = match found.len() {
                0 => "no file; the built-in one holds".to_owned(),
                _ => format!("{} entries, from {}", policy.entries.len(), found.join(", ")),
            };
            Finding::well("policy", text, data).details(notes)
        }
        Err(failure) => {
            let data = json!({ "files": found, "error": failure.message() });
            let text = format!("{} (nothing is allowed until it is mended)", failure.one_line());
            Finding { name: "policy", fault: Some(Exit::Config), text, details: failure.hints(), data }
        }
    }
}

/// Every hook that is in an agent's settings, tried.
fn look_at_hooks() -> Finding {
    let proofs = installed_proofs();
    let holds = proofs.iter().all(Proof::holds);
    let mut details = Vec::new();
    for proof in &proofs {
        let (agent, state) = (proof.agent.title(), proof.state());
        details.push(format!("{agent} ({}): {state}, {}", proof.scope, shown(&proof.path)));
        if proof.scope == "project" && surroundings::find_program("cmdai").is_none() {
            details.push(
                "hint: put cmdai on the search path: a project's hook blocks all without it".to_owned(),
            );
        }
        details.extend(proof.fault.clone());
        let wrong = proof.trials.iter().filter(|trial| !trial.right);
        details.extend(wrong.map(|trial| format!("{}: {}", trial.name, trial.detail)));
    }
    let one = |proof: &Proof| {
        json!({
            "agent": proof.agent.name(), "scope": proof.scope, "path": shown(&proof.path), "blocks": proof.holds(),
            "error": proof.fault, "trials": proof.trials.iter().map(|trial| json!({ "name": trial.name, "right": trial.right })).collect::<Vec<_>>(),
        })
    };
    let data = json!({ "installed": proofs.iter().map(one).collect::<Vec<_>>() });
    let text = match (proofs.len(), holds) {
        (0, _) => "none installed".to_owned(),
        (_, true) => "every installed hook blocks what it must".to_owned(),
        (_, false) => "an installed hook does not do what it must".to_owned(),
    };
    let fault = (!holds).then_some(Exit::Bug);
    Finding { name: "hooks", fault, text, details, data }
}

/// Saves the weights in the form that loads fastest.
fn prepare(config: &Config) -> Finding {
    let started = Instant::now();
    match model::prepare(config) {
        Ok(is_new) => {
            let text = match is_new {
                true => {
                    format!("the weights were saved for faster starts in {:.0} ms", ms(started.elapsed()))
                }
                false => "the weights were saved for faster starts before".to_owned(),
            };
            Finding::well("prepared", text, json!({ "new": is_new, "prepare_ms": ms(started.elapsed()) }))
        }
        Err(error) => Finding::bad("prepared", Exit::of(error.kind()), &error),
    }
}

/// Asks the real model one question.
fn try_it(config: &Config) -> Finding {
    let started = Instant::now();
    let (mut model, note, prepared) = match model::open(config) {
        Ok(opened) => (opened.model, opened.note, opened.prepared),
        Err(error) => return Finding::bad("inference", Exit::of(error.kind()), &error),
    };
    let loaded = started.elapsed();
    let shell = surroundings::shell(None, config.shell);
    let context = surroundings::context(shell.dialect, config.os);
    let request = Request { text: TRIAL.to_owned(), context, candidates: 1, ..Request::default() };
    let mut control = Control { deadline: Some(Instant::now() + TRIAL_TIME), ..Control::default() };
    let asked = Instant::now();
    let answer = match generate(&request, || Ok(model.as_mut()), &mut control) {
        Ok(answer) => answer,
        Err(error) => return Finding::bad("inference", Exit::of(error.kind()), &error),
    };
    let took = asked.elapsed();
    let engine = model.info().engine;
    let usage = answer.timings.model;
    let command = answer.candidates.first().map(|candidate| candidate.command.clone());
    let data = json!({
        "engine": engine, "note": note, "prepared": prepared, "request": TRIAL, "command": command, "load_ms": ms(loaded), "answer_ms": ms(took),
        "prefill_ms": ms(usage.prefill), "prompt_tokens": usage.prompt_tokens,
        "decode_ms": ms(usage.decode), "decoded_tokens": usage.decoded_tokens,
    });
    let text = format!("{engine}; load {:.0} ms, answer {:.0} ms", ms(loaded), ms(took));
    let shown = command.map_or("no confident answer".to_owned(), |command| visible(&command));
    let faster =
        (!prepared).then(|| "cmdai doctor --prepare makes starts faster, for 200 MB of disk".to_owned());
    Finding::well("inference", text, data).details(note).details(faster).details([
        format!("{TRIAL}: {shown}"),
        format!(
            "{} prompt tokens in {:.0} ms, {} tokens written in {:.0} ms",
            usage.prompt_tokens,
            ms(usage.prefill),
            usage.decoded_tokens,
            ms(usage.decode)
        ),
    ])
}

/// Where it was looked for in vain before it was found: that is how searches go, and no trouble.
fn tried_lines(tried: &[Tried], verbose: bool) -> Vec<String> {
    if !verbose {
        let line = match tried.len() {
            0 => return Vec::new(),
            1 => "1 place before it has none".to_owned(),
            n => format!("{n} places before it have none"),
        };
        return vec![format!("{line}: cmdai doctor --verbose tells")];
    }
    tried
        .iter()
        .map(|tried| format!("before it: {} {} ({})", shown(&tried.path), tried.reason, tried.origin))
        .collect()
}

fn tried_json(tried: &[Tried]) -> Value {
    let one =
        |tried: &Tried| json!({ "origin": tried.origin, "path": shown(&tried.path), "reason": tried.reason });
    tried.iter().map(one).collect()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn as_json(findings: &[Finding], exit: Exit) -> String {
    let mut object = serde_json::Map::new();
    object.insert("ok".to_owned(), (exit == Exit::Ok).into());
    for finding in findings {
        let mut data = finding.data.clone();
        if let Some(data) = data.as_object_mut() {
            data.insert("ok".to_owned(), finding.fault.is_none().into());
        }
        object.insert(finding.name.to_owned(), data);
    }
    // Two spaces a level: this is read by people as often as by programs.
    serde_json::to_string_pretty(&Value::Object(object)).unwrap_or_default() + "\n"
}

fn as_text(findings: &[Finding], paint: Paint) -> String {
    use cmdai_core::safety::Risk;
    let column = findings.iter().map(|finding| finding.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for finding in findings {
        let (mark, risk) = if finding.fault.is_some() { ("FAIL", Risk::High) } else { ("ok", Risk::Safe) };
        let mark = paint.paint(risk_style(risk), &format!("{mark:4}"));
        let name = paint.paint(STRONG, &format!("{:column$}", finding.name));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{mark}  {name}  {}", visible(&finding.text));
        for detail in &finding.details {
            let _ =
                writeln!(text, "{:indent$}{}", "", paint.paint(FAINT, &visible(detail)), indent = column + 8);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_found_something_is_one_line_unless_all_is_asked_for() {
        let tried: Vec<Tried> = (0..10)
            .map(|nth| Tried {
                origin: "system",
                path: format!("/lib{nth}").into(),
                reason: "holds none".to_owned(),
            })
            .collect();
        assert_eq!(
            tried_lines(&tried, false),
            ["10 places before it have none: cmdai doctor --verbose tells"]
        );
        let all = tried_lines(&tried, true);
        assert_eq!((all.len(), all[0].as_str()), (10, "before it: /lib0 holds none (system)"));
        assert_eq!(tried_lines(&[], false), [""; 0]);
    }
}
