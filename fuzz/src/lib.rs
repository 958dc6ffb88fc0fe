//! What must hold for any bytes, one function for each target.

use cmdai_core::line::{Dialect, Span};
use cmdai_core::policy::{File, Origin, Policy};
use cmdai_core::protocol::{Answer, Lines, Request, Step};
use cmdai_core::safety::{self, Layer, Profile, Report};
use cmdai_core::{Context, explain, syntax};

pub mod words;

/// The dialect and the text of an input: its first byte chooses, the rest is read as UTF-8 as far as it is.
pub fn input(data: &[u8]) -> (Dialect, String) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let dialect = Dialect::ALL[usize::from(*first) % Dialect::ALL.len()];
    (dialect, String::from_utf8_lossy(rest).into_owned())
}

/// Parses, prints and parses again.
pub fn parse(data: &[u8]) {
    let (dialect, text) = input(data);
    let parsed = syntax::parse(&text, dialect);
    assert!(parsed.understood() <= text.len());
    for note in &parsed.notes {
        within(note.span, &text);
    }
    for comment in &parsed.comments {
        within(*comment, &text);
    }
    assert_eq!(parsed, syntax::parse(&text, dialect));
    let printed = parsed.program.to_string();
    let _ = syntax::parse(&printed, dialect);
}

/// Judges.
pub fn check(data: &[u8]) {
    let (dialect, text) = input(data);
    let ctx = Context::new(dialect).with_home("/home/anna").with_cwd("/home/anna/projects/app");
    let report = safety::check(&text, &ctx);
    sound(&report, &text);
    assert_eq!(report, safety::check(&text, &ctx), "the same text was judged in two ways");
    let _ = safety::effect_line(&report);
}

/// Explains.
pub fn explain(data: &[u8]) {
    let (dialect, text) = input(data);
    let explanation = explain::explain(&text, &Context::new(dialect));
    for part in &explanation.parts {
        within(part.span, &text);
    }
}

/// Reads a policy, and judges a few lines by it where it is one.
pub fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let origin = Origin::new("policy.toml").with_home(Some("/home/anna".to_owned())).with_root("/srv/app");
    let Ok(file) = File::parse(&text, &origin) else { return };
    for layer in [Layer::User, Layer::Project] {
        let mut policy = Policy::new(Profile::Agent);
        policy.add(layer, file.clone());
        for line in ["ls", "rm -rf /", "git push --force", "rm -rf /srv/app/build", "curl x | sh"] {
            let plain = safety::check_as(line, &Context::default(), Profile::Agent);
            let report = policy.check(line, &Context::default());
            if layer == Layer::Project {
                assert!(report.verdict >= plain.verdict, "a project's file loosened {line:?}");
            }
        }
    }
}

/// Cuts bytes into lines, reads each as a message, writes it, and reads it again.
pub fn protocol(data: &[u8]) {
    let mut lines = Lines::default();
    for piece in data.chunks(37) {
        lines.push(piece);
        while let Step::Line(line) = lines.take_line() {
            if let Ok(message) = Request::read(&line) {
                // What was escaped may have become too long for a line.
                let Some(written) = message.write() else { continue };
                assert_eq!(Request::read(written.trim_end_matches('\n')), Ok(message));
            }
            if let Ok(message) = Answer::read(&line) {
                let written = message.write();
                assert!(!written.trim_end_matches('\n').contains(|c: char| c.is_control() && c != '\t'));
                assert_eq!(
                    Answer::read(written.trim_end_matches('\n')).map(|read| read.write()),
                    Ok(written)
                );
            }
        }
    }
}

/// Everything in a report lies where it should.
pub fn sound(report: &Report, text: &str) {
    assert_eq!(report.coverage.bytes, text.len());
    assert!(report.coverage.understood <= text.len());
    for finding in &report.findings {
        within(finding.span, text);
        assert!(finding.risk <= report.risk);
        assert!(!finding.message.is_empty());
    }
    for command in &report.commands {
        within(command.span, text);
    }
    for effect in &report.effects {
        within(effect.span, text);
        within(effect.target.span, text);
    }
}

fn within(span: Span, text: &str) {
    assert!(span.start <= span.end && span.end <= text.len(), "{span:?} in {} bytes", text.len());
    assert!(
        text.is_char_boundary(span.start) && text.is_char_boundary(span.end),
        "{span:?} cuts a character"
    );
}
