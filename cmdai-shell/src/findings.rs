//! A report as a person reads it: findings over the words they are about, then risk and verdict.

use std::collections::HashSet;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use cmdai_core::Span;
use cmdai_core::safety::{Finding, Report};

use crate::paint::{FAINT, Paint, STRONG, risk_style, visible};

/// The report of a line as lines of text. `summary` is what the line does in a sentence, where that is known.
pub(crate) fn show_report(command: &str, report: &Report, summary: &str, paint: Paint) -> String {
    let mut text = String::new();
    for finding in distinct(&report.findings) {
        text.push_str(&show_finding(command, finding, paint));
        text.push_str("\n\n");
    }
    if let Some(note) = coverage_note(report) {
        text.push_str(&format!("{} {note}\n", paint.paint(STRONG, "note:")));
    }
    let risk = paint.paint(risk_style(report.risk), report.risk.name());
    let verdict = paint.paint(STRONG, report.verdict.name());
    text.push_str(&format!("risk: {risk}, verdict: {verdict}"));
    if !summary.is_empty() {
        text.push_str(&paint.paint(FAINT, &format!(" ({})", visible(summary))));
    }
    text.push('\n');
    text
}

/// The findings without those that say the same as one before: one command can do one thing to many.
pub(crate) fn distinct(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let mut said = HashSet::new();
    findings.iter().filter(move |finding| said.insert((finding.rule, finding.message.as_str())))
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
