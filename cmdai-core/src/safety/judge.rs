//! From a line to its [`Report`]: parse, walk, ask every rule, and look at each offered change first.

use super::earlier;
use super::machine::{Machine, PIECES};
use super::record::COMMANDS;
use super::rule::{Alarm, Rule, Scene, Subject};
use super::rules as rule_files;
use super::undo;
use super::{Coverage, Effect, EffectKind, Finding, Profile, Report, Risk, TargetClass, Verdict};
use crate::Context;
use crate::line::Span;
use crate::specs::{self, Input, PathUse, ValueKind};
use crate::syntax::{self, Limits, NoteKind, Parsed};

/// Depth of nesting that is read; the interpreter's own budget is smaller still.
const DEPTH: usize = 40;
/// Bytes of a line whose reading costs one step.
const READ_PER_STEP: usize = 128;
/// The finding of a line that was not read to its end. Whatever else it holds, its verdict is never "allow".
const NOT_READ: &str = "not-fully-read";
/// What is said of a line that goes on.
const UNFINISHED: &str = "The line is not finished.";
/// Findings, worst first, that say what could be undone: nobody reads more of them.
const UNDOS: usize = 16;
/// Findings of one line.
const FINDINGS: usize = 128;
/// Bytes of a line for which changes are offered: to judge one is to judge the line again.
const OFFERS: usize = 4 * 1024;
/// Changes that are judged before they are offered.
const CHANGES: usize = 2;

/// Every rule, sorted by name.
pub fn rules() -> &'static [&'static Rule] {
    rule_files::ALL
}

/// Rules that can say critical. Sorted.
const CRITICAL: &[&str] = &[
    "fork-bomb",
    "make-filesystem",
    "overwrite-file",
    "permissions-open-wide",
    "permissions-system",
    "reverse-shell",
    "rm-home",
    "rm-system-dir",
    "secret-to-network",
    "write-device",
];

/// True for a rule some of whose findings are critical.
pub(crate) fn may_be_critical(rule: &str) -> bool {
    CRITICAL.binary_search(&rule).is_ok()
}

pub(super) fn judge(line: &str, ctx: &Context, profile: Profile) -> Report {
    let (mut report, changes) = assess(line, ctx);
    // A change is offered only where the line as a whole becomes milder by it.
    for (finding, changed) in changes.into_iter().take(CHANGES) {
        let (milder, _) = assess(&changed, ctx);
        let still = milder.findings.iter().any(|found| {
            found.rule == report.findings[finding].rule && found.risk >= report.findings[finding].risk
        });
        if milder.risk <= report.risk && !still && milder.coverage.is_full() {
            report.findings[finding].safer = Some(changed);
        }
    }
    report.verdict = report.risk.verdict(profile);
    // Nobody vouches for what nobody read, not even where all that was read is mild.
    if report.findings.iter().any(|finding| finding.rule == NOT_READ) {
        report.verdict = report.verdict.max(Verdict::Ask);
    }
    report
}

/// What code that came from elsewhere does is told at the place where it is handed over. Should a place of that code itself
/// have been noted, it is moved to where the line can be cut.
fn keep_within(machine: &mut Machine<'_>, line: &str) {
    let move_in = |span: &mut Span| {
        let border = |from: usize| (0..=from.min(line.len())).rev().find(|&at| line.is_char_boundary(at));
        let end = (span.end..=line.len()).find(|&at| line.is_char_boundary(at)).unwrap_or(line.len());
        *span = Span::new(border(span.start).unwrap_or(0).min(end), end);
    };
    for effect in &mut machine.effects {
        move_in(&mut effect.span);
        move_in(&mut effect.target.span);
    }
    for command in &mut machine.commands {
        move_in(&mut command.span);
    }
}

/// Of a text that was written out, places after the first line that took up another are those of all lines from there on.
fn place_after(machine: &mut Machine<'_>, parsed: &mut Parsed, from: usize, end: usize) {
    let rest = Span::new(from, end);
    let place = |span: &mut Span| {
        if span.end > from {
            *span = rest;
        }
    };
    for effect in &mut machine.effects {
        place(&mut effect.span);
        place(&mut effect.target.span);
    }
    machine.commands.iter_mut().for_each(|command| place(&mut command.span));
    parsed.notes.iter_mut().for_each(|note| place(&mut note.span));
}

/// The report without its verdict and safer forms, and for each finding that has one the changed line.
fn assess(line: &str, ctx: &Context) -> (Report, Vec<(usize, String)>) {
    let limits = Limits { depth: DEPTH, pieces: PIECES, ..Limits::default() };
    let earlier = earlier::written_out(line, ctx.dialect);
    let read = earlier.as_ref().map_or(line, |(text, _)| text);
    let mut parsed = syntax::parse_within(read, ctx.dialect, limits);
    let mut machine = Machine::new(ctx);
    // What was spent on reading is not there for walking.
    machine.spend(read.len() / READ_PER_STEP);
    machine.line(&parsed.program);
    if let Some(note) = parsed.notes.iter().find(|note| note.kind == NoteKind::TooLong) {
        // The middle may be padding; the end is looked at all the same.
        machine.tail(read, note.span);
    }
    if let Some((_, from)) = earlier {
        place_after(&mut machine, &mut parsed, from, line.len());
        // A script takes such a line as it is written, and what was put in may have hidden the rest of it.
        let limits = Limits { depth: DEPTH, pieces: PIECES, ..Limits::default() };
        let mut plain = Machine::new(ctx);
        plain.line(&syntax::parse_within(line, ctx.dialect, limits).program);
        let own = |effect: &Effect| effect.program != "fc" || effect.kind != EffectKind::RunCode;
        machine.effects.extend(plain.effects.into_iter().filter(own));
    }
    keep_within(&mut machine, line);
    let understood = match parsed.understood() {
        all if all == read.len() => line.len(),
        some => some.min(line.len().saturating_sub(usize::from(read != line))),
    };
    let coverage = Coverage { bytes: line.len(), understood, unresolved: machine.unresolved };
    let mut alarms: Vec<(&'static str, Span, Alarm)> = Vec::new();
    let scene =
        Scene { line, effects: &machine.effects, cwd: machine.ctx.cwd.as_deref().unwrap_or_default() };
    for rule in rule_files::ALL {
        match rule.subject {
            Subject::Line(judge) => {
                if let Some((span, alarm)) = judge(&scene) {
                    alarms.push((rule.name, span, alarm));
                }
            }
            Subject::Effects(kinds, judge) => {
                for effect in scene.effects.iter().filter(|effect| kinds.contains(&effect.kind)) {
                    // What happens only where another step has failed is for the rule about that.
                    if effect.detail.starts_with("after-") && rule.name != "delete-not-tied" {
                        continue;
                    }
                    if let Some(alarm) = judge(effect, &scene) {
                        add(&mut alarms, rule.name, effect.span, alarm);
                    }
                }
            }
        }
    }
    if let Some((span, alarm)) = not_read(line, &parsed, machine.cut) {
        alarms.push((NOT_READ, span, alarm));
    }
    alarms.sort_by_key(|(_, span, _)| *span);
    let mut alarms = drop_echoes(alarms);
    alarms.sort_by(|a, b| b.2.risk.cmp(&a.2.risk).then(a.1.cmp(&b.1)));
    let abridged = machine.cut
        || alarms.len() > FINDINGS
        || machine.commands.len() >= COMMANDS
        || alarms.iter().any(|(name, ..)| *name == NOT_READ);
    // The worst come first; nobody reads more of them. That something was not read stays, however mild it is.
    if alarms.len() > FINDINGS {
        let unread = alarms.iter().rposition(|(name, ..)| *name == NOT_READ).filter(|at| *at >= FINDINGS);
        if let Some(at) = unread {
            alarms.swap(at, FINDINGS - 1);
        }
        alarms.truncate(FINDINGS);
    }
    let mut changes = Vec::new();
    let mut findings = Vec::with_capacity(alarms.len());
    for (rule, span, alarm) in alarms {
        if let Some(change) = alarm.change
            && read == line
            && line.len() <= OFFERS
            && line.get(change.span.start..change.span.end).is_some()
        {
            let changed =
                format!("{}{}{}", &line[..change.span.start], change.text, &line[change.span.end..]);
            changes.push((findings.len(), changed));
        }
        let undo = match findings.len() < UNDOS {
            true => undo::hint(rule, span, &machine.effects, &machine.commands).map(str::to_owned),
            false => None,
        };
        findings.push(Finding { rule, risk: alarm.risk, message: alarm.message, span, safer: None, undo });
    }
    let risk = findings.iter().map(|finding| finding.risk).max().unwrap_or_default();
    let report = Report {
        risk,
        findings,
        effects: machine.effects,
        commands: machine.commands,
        coverage,
        abridged,
        ..Report::default()
    };
    (report, changes)
}

/// Adds an alarm unless the rule said as much of the same words.
fn add(alarms: &mut Vec<(&'static str, Span, Alarm)>, rule: &'static str, span: Span, alarm: Alarm) {
    let same = alarms.iter_mut().rev().take(64).find(|(name, at, _)| *name == rule && *at == span);
    match same {
        Some((_, _, known)) if known.risk < alarm.risk => *known = alarm,
        Some(_) => {}
        None => alarms.push((rule, span, alarm)),
    }
}

/// A general rule is silent about words of which a special one says something worse.
///
/// The alarms come sorted by span, so that each is compared with those of the same words only.
fn drop_echoes(alarms: Vec<(&'static str, Span, Alarm)>) -> Vec<(&'static str, Span, Alarm)> {
    const GENERAL: &[&str] =
        &["delete-file", "overwrite-file", "overwrite-system-file", "permission-change", "rm-recursive"];
    let spoken: Vec<(&'static str, Span, Risk)> =
        alarms.iter().map(|(name, span, alarm)| (*name, *span, alarm.risk)).collect();
    let is_echo = |name: &str, span: Span, risk: Risk| {
        let first = spoken.partition_point(|(_, at, _)| *at < span);
        spoken[first..].iter().take_while(|(_, at, _)| *at == span).any(|(other, _, theirs)| {
            let special = !GENERAL.contains(other) || (*other == "rm-recursive" && name == "delete-file");
            *other != name && special && *theirs >= risk
        })
    };
    let keeps = |(name, span, alarm): &(&'static str, Span, Alarm)| {
        !GENERAL.contains(name) || !is_echo(name, *span, alarm.risk)
    };
    alarms.into_iter().filter(keeps).collect()
}

/// What was not read of a line is said aloud: silence would pass for safety.
fn not_read(line: &str, parsed: &Parsed, cut: bool) -> Option<(Span, Alarm)> {
    let moderate = |span, message: &str| Some((span, Alarm::new(Risk::Moderate, message)));
    if let Some(note) = parsed.notes.iter().find(|note| note.kind != NoteKind::Unfinished) {
        let message = match note.kind {
            NoteKind::TooDeep => "Nested too deep to be read to the end.",
            NoteKind::TooLong => "Too long to be read to the end.",
            _ => "Not all of it can be read.",
        };
        return moderate(note.span, message);
    }
    if cut {
        return moderate(Span::new(0, line.len()), "Too much to follow to the end.");
    }
    if let Some(note) = parsed.notes.first() {
        return moderate(note.span, UNFINISHED);
    }
    None
}

/// What the line risks as far as it goes: for one that is being typed, that it is not finished is no news.
pub(crate) fn risk_so_far(report: &Report) -> Risk {
    let goes_on = |finding: &&Finding| finding.rule == NOT_READ && finding.message == UNFINISHED;
    if !report.findings.iter().any(|finding| goes_on(&finding)) {
        return report.risk;
    }
    report
        .findings
        .iter()
        .filter(|finding| !goes_on(finding))
        .map(|finding| finding.risk)
        .max()
        .unwrap_or(Risk::Safe)
}

/// Phrases of [`effect_line`].
const PHRASES: usize = 3;
/// Effects that it looks through for those that matter.
const MOST_TOLD: usize = 40;

/// One short line on what a command would do, for under a suggestion: `deletes build and everything below it`.
/// Empty where nothing can be told.
pub fn effect_line(report: &Report) -> String {
    if let Some(finding) = report.findings.iter().find(|finding| finding.risk >= Risk::High) {
        // A point inside a path or an address ends no sentence.
        let sentence = finding.message.split(". ").next().unwrap_or_default();
        return lower_first(sentence.split("; ").next().unwrap_or_default().trim_end_matches('.'));
    }
    let harmless = |effect: &Effect| {
        matches!(effect.kind, EffectKind::Read | EffectKind::Fetch | EffectKind::ReadSecret)
    };
    let mut told: Vec<(bool, String)> = Vec::new();
    for effect in &report.effects {
        let phrase = phrase(effect);
        if !phrase.is_empty() && !told.iter().any(|(_, known)| *known == phrase) {
            told.push((harmless(effect), phrase));
        }
        if told.len() > MOST_TOLD {
            break;
        }
    }
    if told.len() > PHRASES {
        // Where not all of it can be told, what changes something is.
        told.sort_by_key(|(harmless, _)| *harmless);
    }
    let mut phrases: Vec<String> = told.into_iter().map(|(_, phrase)| phrase).collect();
    let specs =
        || report.commands.iter().map(|command| command.argv.first()?.as_deref().and_then(specs::lookup));
    // Of a program without a spec nothing can be promised.
    let changes_nothing = report.effects.iter().all(harmless)
        && report.findings.iter().all(|finding| finding.rule == "read-secret")
        && report.coverage.is_full()
        && report.coverage.unresolved == 0
        && !report.commands.is_empty()
        && specs().all(|spec| spec.is_some_and(only_reads));
    if phrases.is_empty() {
        if let Some(finding) = report.findings.first() {
            return lower_first(finding.message.trim_end_matches('.'));
        }
        for spec in specs().flatten() {
            let summary = lower_first(spec.summary.trim_end_matches('.'));
            if !phrases.contains(&summary) && phrases.len() < 2 {
                phrases.push(summary);
            }
        }
    }
    let more = phrases.len() > PHRASES;
    phrases.truncate(PHRASES);
    let mut line = phrases.join("; ");
    if more {
        line.push_str("; and more");
    }
    if changes_nothing && !line.is_empty() {
        line.push_str("; changes nothing");
    }
    line
}

/// True for a program that does nothing but read, print and what its operands' and values' kinds say.
fn only_reads(spec: &specs::Spec) -> bool {
    let variants = spec.variants.iter().flat_map(|variant| variant.operands);
    let runs_or_changes = spec.operands.iter().chain(variants).any(|operand| {
        let harmless_path =
            matches!(operand.kind, ValueKind::Path(PathUse::Read | PathUse::Write | PathUse::Append));
        let runs = matches!(operand.kind, ValueKind::Code | ValueKind::Command | ValueKind::Script(_));
        runs || (matches!(operand.kind, ValueKind::Path(_) | ValueKind::Place) && !harmless_path)
    });
    spec.complete
        && spec.subcommands.is_empty()
        && spec.effects.is_empty()
        && spec.stdin == Input::Unused
        && !runs_or_changes
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>()).unwrap_or_default()
        + letters.as_str()
}

fn phrase(effect: &Effect) -> String {
    let text = effect.target.text.as_str();
    let below = if effect.recursive { " and everything below it" } else { "" };
    let what = match effect.target.class {
        TargetClass::WorkingDirectory if text == "." => "this folder",
        TargetClass::WorkingDirectory => "everything in this folder",
        _ if text.is_empty() && effect.kind == EffectKind::Send => "another machine",
        _ if text.is_empty() => "what it is not told by name",
        _ => text,
    };
    if effect.target.class == TargetClass::Temporary
        && matches!(text, "/dev/null" | "/dev/stderr" | "/dev/stdout")
    {
        return String::new();
    }
    match effect.kind {
        EffectKind::Read if effect.program == "find" => format!("looks for files in {what}"),
        EffectKind::Read if effect.program == "ls" => format!("lists {what}"),
        EffectKind::Read if effect.program == "grep" => format!("searches {what}"),
        EffectKind::Read | EffectKind::ReadSecret => format!("reads {what}"),
        EffectKind::Create if matches!(effect.program.as_str(), "mkdir" | "touch") => format!("makes {what}"),
        EffectKind::Create => format!("writes {what}"),
        EffectKind::Overwrite => format!("writes {what}"),
        EffectKind::Delete => format!("deletes {what}{below}"),
        EffectKind::Move => format!("moves {what}"),
        EffectKind::WriteDevice => format!("writes straight to {what}"),
        EffectKind::RunCode => format!("runs {what}"),
        EffectKind::Fetch => format!("fetches {what}"),
        EffectKind::Send => format!("sends to {what}"),
        EffectKind::RemoteShell => format!("connects a shell to {what}"),
        EffectKind::Privilege => "runs as another user".to_owned(),
        EffectKind::Permission => format!("changes permissions of {what}{below}"),
        EffectKind::Kill => format!("ends {what}"),
        EffectKind::Persist => "sets commands that run later".to_owned(),
        EffectKind::DiscardWork => format!("throws away {what}"),
        EffectKind::RewriteHistory => "rewrites history".to_owned(),
        EffectKind::DropData => format!("deletes data: {what}"),
        EffectKind::DestroyCloud => format!("deletes {what}"),
        EffectKind::Expose => format!("opens to everybody: {what}"),
        EffectKind::Grant => format!("gives rights: {what}"),
        EffectKind::Interrupt => format!("stops {what}"),
        EffectKind::Escape => format!("lets a container reach this machine: {what}"),
        EffectKind::Publish => format!("publishes to {what}"),
        EffectKind::Install if text.is_empty() => "installs or removes software".to_owned(),
        EffectKind::Install => format!("installs or removes {what}"),
        EffectKind::Configure if text.is_empty() => "changes settings".to_owned(),
        EffectKind::Configure => format!("changes the state of {what}"),
        EffectKind::HideTraces => format!("deletes traces: {what}"),
        EffectKind::Exhaust => "uses up the machine".to_owned(),
        EffectKind::DisableProtection => format!("turns off {what}"),
        EffectKind::Shutdown => "stops or restarts the machine".to_owned(),
    }
}
