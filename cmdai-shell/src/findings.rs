//! A report as a person reads it: findings over the words they are about, then risk and verdict.

use std::collections::HashSet;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use cmdai_core::Span;
use cmdai_core::safety::{Decision, Finding, Layer, Report, Risk};

use crate::paint::{FAINT, Paint, STRONG, risk_style, visible};
use crate::words;

/// The report of a line as lines of text. `summary` is what the line does in a sentence, where that is known.
pub(crate) fn show_report(command: &str, report: &Report, summary: &str, paint: Paint) -> String {
    show_report_of(None, command, report, summary, paint)
}

/// The same for a script in a file of this name.
pub(crate) fn show_report_of(
    file: Option<&str>,
    command: &str,
    report: &Report,
    summary: &str,
    paint: Paint,
) -> String {
    let mut text = String::new();
    for finding in distinct(&report.findings) {
        text.push_str(&show_finding(file, command, finding, paint));
        text.push_str("\n\n");
    }
    if let Some(note) = coverage_note(report) {
        text.push_str(&format!("{} {note}\n", paint.paint(STRONG, "note:")));
    }
    for line in disguised(command, report) {
        text.push_str(&format!("{} {}\n", paint.paint(STRONG, "really runs:"), visible(&line)));
    }
    if let Some(decision) = report.decision.as_ref().filter(|decision| decision.layer != Layer::BuiltIn) {
        text.push_str(&format!("{} {}\n", paint.paint(STRONG, "decided by:"), visible(&told(decision))));
    }
    if let Some(file) = file {
        text.push_str(&format!("{}: ", visible(file)));
    }
    let risk = paint.paint(risk_style(report.risk), report.risk.name());
    let verdict = paint.paint(STRONG, report.verdict.name());
    text.push_str(&format!("risk: {risk}, verdict: {verdict}"));
    let summary = if is_only_unfinished(report) { "the line is not finished" } else { summary };
    if !summary.is_empty() {
        text.push_str(&paint.paint(FAINT, &format!(" ({})", visible(summary))));
    }
    text.push('\n');
    text
}

/// True where nothing but the missing end of the line makes it doubtful: whoever types it is asked for the rest first.
fn is_only_unfinished(report: &Report) -> bool {
    let is_ours = report.decision.as_ref().is_none_or(|decision| decision.layer == Layer::BuiltIn);
    is_ours
        && !report.findings.is_empty()
        && report.findings.iter().all(|finding| finding.message == "The line is not finished.")
}

/// The commands that would run and whose program does not stand in the words they come from: put together from
/// pieces, decoded, kept in a variable. Only what is fully known, and not more than anybody reads.
pub(crate) fn disguised(command: &str, report: &Report) -> Vec<String> {
    const MOST: usize = 3;
    if report.risk < Risk::Moderate {
        return Vec::new();
    }
    let mut lines: Vec<String> = Vec::new();
    for resolved in report.commands.iter().take(256) {
        let Some(words) = resolved.argv.iter().map(Option::as_deref).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let Some(program) = words.first().map(|word| word.rsplit('/').next().unwrap_or(word)) else {
            continue;
        };
        let hidden = !program.is_empty() && !resolved.span.of(command).contains(program);
        let line = words.iter().map(|word| words::quote(word)).collect::<Vec<_>>().join(" ");
        if hidden && line.len() <= 400 && !lines.contains(&line) {
            lines.push(line);
        }
        if lines.len() == MOST {
            break;
        }
    }
    lines
}

/// Which entry decided, whose it is, and why.
pub(crate) fn told(decision: &Decision) -> String {
    let place = decision.source.as_ref().map(|source| format!(", {source}")).unwrap_or_default();
    let reason = decision.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} ({}{place}){reason}", decision.entry, decision.layer)
}

/// The findings without those that say the same as one before: one command can do one thing to many.
pub(crate) fn distinct(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let mut said = HashSet::new();
    findings.iter().filter(move |finding| said.insert((finding.rule, finding.message.as_str())))
}

fn show_finding(file: Option<&str>, command: &str, finding: &Finding, paint: Paint) -> String {
    let message = visible(&finding.message);
    let title = Level::ERROR.with_name(finding.risk.name()).primary_title(message).id(finding.rule);
    let span = char_range(command, finding.span);
    let snippet = Snippet::source(command)
        .line_numbering(file.is_some() || command.contains('\n'))
        .path(file.map(visible))
        .annotation(AnnotationKind::Primary.span(span));
    let mut group = Group::with_title(title).element(snippet);
    if let Some(safer) = &finding.safer {
        let changed = changed_lines(command, safer);
        group = group.element(Level::HELP.with_name("safer").message(visible(changed)));
    }
    if let Some(undo) = &finding.undo {
        group = group.element(Level::NOTE.with_name("undo").message(visible(undo)));
    }
    renderer(paint, risk_style(finding.risk)).render(&[group])
}

/// What is new in a changed text: all of a single line, of a script the lines that are not the old ones.
pub(crate) fn changed_lines<'t>(old: &str, new: &'t str) -> &'t str {
    if !new.contains('\n') {
        return new;
    }
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let start = new.as_bytes()[..same].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let most = old.len().min(new.len()) - start.min(old.len());
    let tail = old.bytes().rev().zip(new.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
    let from = (new.len() - tail).max(start);
    let end = new.as_bytes()[from..].iter().position(|byte| *byte == b'\n').map_or(new.len(), |at| from + at);
    new.get(start..end).unwrap_or(new).trim()
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
    fn what_hides_is_named() {
        let check = |line: &str| disguised(line, &check(line, &Context::default()));
        assert_eq!(check("X=rm; $X -rf /"), ["rm -rf /"]);
        assert_eq!(check("echo cm0gLXJmIC8K | base64 -d | sh"), ["rm -rf /"]);
        assert_eq!(check("sudo rm -rf /"), [""; 0]);
        assert_eq!(check("bash -c 'rm -rf ~'"), [""; 0]);
        assert_eq!(check("ls"), [""; 0]);
    }

    #[test]
    fn of_a_script_only_what_changed_is_shown() {
        assert_eq!(changed_lines("rm x", "rm -i x"), "rm -i x");
        assert_eq!(
            changed_lines("a\n git reset --hard\nb\n", "a\n git reset --keep\nb\n"),
            "git reset --keep"
        );
        assert_eq!(changed_lines("x\nrm -r a\n", "x\nrm -ri a\n"), "rm -ri a");
        assert_eq!(changed_lines("é\nb", "è\nb"), "è");
        assert_eq!(changed_lines("a\na\n", "a\na\n"), "");
    }

    #[test]
    fn a_line_that_only_lacks_its_end_says_so() {
        let ctx = Context::default();
        let reason = |line: &str| {
            let shown = show_report(line, &check(line, &ctx), "writes notes", Paint::plain());
            shown.trim_end().rsplit_once(" (").map(|(_, reason)| reason.to_owned()).unwrap_or_default()
        };
        assert_eq!(reason("cat > notes <<E\nhello"), "the line is not finished)");
        assert_eq!(reason("for f in *; do\nmv \"$f\" old/"), "the line is not finished)");
        assert_eq!(reason("cat > notes <<E\nhello\nE"), "writes notes)");
        assert_eq!(reason("for f in *; do\nrm -rf ~"), "writes notes)");
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
