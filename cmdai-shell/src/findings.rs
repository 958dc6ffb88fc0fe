//! A report as a person reads it: findings over the words they are about, then risk and verdict.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use cmdai_core::Span;
use cmdai_core::safety::{Effect, EffectKind, Finding, Report, TargetClass};

use crate::paint::{FAINT, Paint, STRONG, risk_style, visible};

/// The longest name of a target that is shown, in characters.
const MAX_NAME: usize = 48;

/// The report of a line as lines of text. `summary` is what the line does in a sentence, where that is known.
pub(crate) fn show_report(command: &str, report: &Report, summary: &str, paint: Paint) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&show_finding(command, finding, paint));
        text.push_str("\n\n");
    }
    if let Some(note) = coverage_note(report) {
        text.push_str(&format!("{} {note}\n", paint.paint(STRONG, "note:")));
    }
    let risk = paint.paint(risk_style(report.risk), report.risk.name());
    let verdict = paint.paint(STRONG, report.verdict.name());
    text.push_str(&format!("risk: {risk}, verdict: {verdict}"));
    let does = if summary.is_empty() { effect_line(&report.effects) } else { Some(visible(summary)) };
    if let Some(does) = does {
        text.push_str(&paint.paint(FAINT, &format!(" ({does})")));
    }
    text.push('\n');
    text
}

fn show_finding(command: &str, finding: &Finding, paint: Paint) -> String {
    let message = visible(&finding.message);
    let title = Level::ERROR.with_name(finding.risk.name()).primary_title(message).id(finding.rule);
    let span = char_range(command, finding.span);
    let snippet = Snippet::source(command)
        .line_numbering(command.contains('\n'))
        .annotation(AnnotationKind::Primary.span(span));
    let mut group = Group::with_title(title).element(snippet);
    if let Some(safer) = &finding.safer {
        group = group.element(Level::HELP.with_name("safer").message(visible(safer)));
    }
    renderer(paint, risk_style(finding.risk)).render(&[group])
}

/// The renderer of snippets whose marked words have this style.
pub(crate) fn renderer(paint: Paint, style: anstyle::Style) -> Renderer {
    if paint.is_on() { Renderer::styled().error(style) } else { Renderer::plain() }
}

/// What to say where the line was not fully read.
pub(crate) fn coverage_note(report: &Report) -> Option<String> {
    let coverage = report.coverage;
    if !coverage.is_full() {
        let missed = coverage.bytes.saturating_sub(coverage.understood);
        return Some(format!("{missed} of {} bytes were not understood", coverage.bytes));
    }
    match coverage.unresolved {
        0 => None,
        1 => Some("one command depends on what only the shell will know".to_owned()),
        n => Some(format!("{n} commands depend on what only the shell will know")),
    }
}

/// A span as bytes that lie inside the text and on borders of characters, as the renderer needs them.
pub(crate) fn char_range(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.min(text.len()));
    start..end.max(start)
}

/// What a line does, in a few words, from its effects: "deletes build and everything in it". `None` where nothing is known.
pub(crate) fn effect_line(effects: &[Effect]) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut by_weight: Vec<&Effect> = effects.iter().collect();
    // Reading is what nearly every command does: it is worth a word only where there is nothing else.
    by_weight.sort_by_key(|effect| effect.kind == EffectKind::Read);
    for effect in by_weight {
        if effect.kind == EffectKind::Read && !parts.is_empty() {
            break;
        }
        let part = describe(effect);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let more = parts.len().saturating_sub(3);
    parts.truncate(3);
    let mut line = parts.join(", ");
    if more > 0 {
        line.push_str(&format!(" and {more} more"));
    }
    (!line.is_empty()).then_some(line)
}

fn describe(effect: &Effect) -> String {
    let target = &effect.target;
    let name = match target.class {
        TargetClass::Stream => "",
        _ => target.text.trim(),
    };
    let (of, alone) = verbs(effect.kind);
    if name.is_empty() || of.is_empty() {
        return alone.to_owned();
    }
    let mut name = visible(name);
    if name.chars().count() > MAX_NAME {
        name = name.chars().take(MAX_NAME - 3).chain("...".chars()).collect();
    }
    let below = if effect.recursive { " and everything below" } else { "" };
    format!("{of} {name}{below}")
}

/// How an effect reads before the name of its target, and without one. The first is empty where a name says nothing more.
fn verbs(kind: EffectKind) -> (&'static str, &'static str) {
    match kind {
        EffectKind::Read => ("reads", "reads files"),
        EffectKind::ReadSecret => ("reads secrets in", "reads secrets"),
        EffectKind::Create => ("creates", "creates files"),
        EffectKind::Overwrite => ("overwrites", "overwrites files"),
        EffectKind::Delete => ("deletes", "deletes files"),
        EffectKind::Move => ("moves", "moves files"),
        EffectKind::WriteDevice => ("writes to the device", "writes to a device"),
        EffectKind::RunCode => ("runs code from", "runs code"),
        EffectKind::Fetch => ("fetches", "fetches from the network"),
        EffectKind::Send => ("sends data to", "sends data"),
        EffectKind::RemoteShell => ("", "opens a shell over the network"),
        EffectKind::Privilege => ("", "runs with other rights"),
        EffectKind::Permission => ("changes permissions of", "changes permissions"),
        EffectKind::Kill => ("ends", "ends processes"),
        EffectKind::Persist => ("", "makes something run again later"),
        EffectKind::DiscardWork => ("", "throws away uncommitted work"),
        EffectKind::RewriteHistory => ("", "rewrites history"),
        EffectKind::DropData => ("deletes data in", "deletes data"),
        EffectKind::DestroyCloud => ("destroys", "destroys infrastructure"),
        EffectKind::Install => ("installs or removes", "installs or removes software"),
        EffectKind::Configure => ("configures", "changes the system's configuration"),
        EffectKind::Exhaust => ("", "uses up the machine"),
        EffectKind::DisableProtection => ("", "turns a protection off"),
        EffectKind::Shutdown => ("", "stops or restarts the machine"),
        _ => ("changes", "changes something"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cmdai_core::Context;
    use cmdai_core::safety::check;

    #[test]
    fn spans_are_brought_to_borders_of_characters() {
        assert_eq!(char_range("aéz", Span::new(2, 9)), 1..4);
        assert_eq!(char_range("", Span::new(3, 9)), 0..0);
        assert_eq!(char_range("ab", Span::new(0, 1)), 0..1);
    }

    #[test]
    fn any_line_can_be_shown() {
        let ctx = Context::default();
        for line in [
            "",
            "ls",
            "rm -rf / \u{1b}[2J\u{202e}",
            "日本 | sh\n\nrm -rf /",
            "\u{0}\t",
            "echo \"$(rm -rf /",
            "a\r\nb",
        ] {
            let shown = show_report(line, &check(line, &ctx), "", Paint::plain());
            assert!(shown.ends_with('\n') && shown.contains("verdict: "), "{shown}");
            let drives = shown.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
            assert_eq!(drives, None, "{shown:?}");
        }
    }
}
