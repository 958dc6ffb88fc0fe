//! What a session looks like: rows of styled text no wider than the screen, and where the cursor is.
//!
//! Rows are wrapped here and not by the terminal, so that the driver knows how many it drew and can
//! take them back.

use anstyle::Style;
use cmdai_core::safety::{Layer, Verdict};
use tui_input::Input;
use unicode_width::UnicodeWidthChar;

use super::fsm::{Mode, OVERRIDE, Offer, Session};
use crate::explained::show_explanation;
use crate::findings::{coverage_note, distinct, told};
use crate::paint::{FAINT, PLAIN, Paint, STRONG, risk_style, visible, width};

/// What is on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The rows, styled, without line ends.
    pub rows: Vec<String>,
    /// Row and column of the cursor, where it shows.
    pub cursor: Option<(usize, usize)>,
}

/// Where sentences about a command begin.
const COLUMN: usize = 12;

/// Text in one style.
type Piece<'a> = (Style, &'a str);

/// Draws a session for a screen of this width.
pub(crate) fn view(session: &Session, columns: usize, paint: Paint) -> Frame {
    let mut frame = Frame::default();
    let columns = columns.max(20);
    let offer = session.offer();
    let command_style = risk_style(offer.report.risk);
    match session.mode() {
        Mode::Edit(input) => frame.input(PLAIN, "> ", input, columns, paint),
        _ => frame.text(&[(FAINT, "> "), (command_style, &visible(&offer.command))], 2, columns, paint),
    }
    if let Mode::Edit(_) = session.mode() {
        frame.note(session, columns, paint);
        frame.keys(&[("Enter", "judge"), ("Esc", "back")], columns, paint);
        return frame;
    }
    frame.verdict(offer, columns, paint);
    if session.is_explaining() {
        if offer.explanation.parts.iter().all(|part| part.meaning.is_none()) {
            frame.prose(&[(FAINT, "  no description of this command is known yet")], 2, columns, paint);
        }
        for line in show_explanation(&offer.explanation, paint) {
            // Styled already; what is too wide is cut by the terminal's own wrapping of one row at most.
            frame.rows.extend(wrap_styled(&line, columns));
        }
    }
    frame.note(session, columns, paint);
    match session.mode() {
        Mode::Confirm { typed, word } => {
            let what = if *word == OVERRIDE { "run it although it is denied" } else { "run it" };
            frame.input(STRONG, &format!("  type {word} to {what}: "), typed, columns, paint);
        }
        _ => frame.keys(&keys(session), columns, paint),
    }
    frame
}

/// What stays on the screen when the conversation is over.
pub(crate) fn farewell(session: &Session, columns: usize, paint: Paint) -> Frame {
    let mut frame = Frame::default();
    let offer = session.offer();
    let style = risk_style(offer.report.risk);
    frame.text(&[(FAINT, "> "), (style, &visible(&offer.command))], 2, columns.max(20), paint);
    frame
}

fn keys(session: &Session) -> Vec<(&'static str, &'static str)> {
    let mut keys = Vec::new();
    match session.offer().report.verdict {
        Verdict::Allow => keys.push(("Enter", "run")),
        Verdict::Ask => keys.push(("Enter", "run, after a question")),
        Verdict::Deny => {}
    }
    keys.extend([("e", "edit"), ("c", "copy"), ("?", "explain")]);
    if session.place().1 > 1 {
        keys.push(("n", "next"));
    }
    if session.offer().report.verdict == Verdict::Deny {
        keys.push(("o", "override"));
    }
    keys.push(("q", "quit"));
    keys
}

impl Frame {
    /// The risk, then what the line does and what is to be said about it, in a column of their own.
    fn verdict(&mut self, offer: &Offer, columns: usize, paint: Paint) {
        let report = &offer.report;
        let mut lines: Vec<Vec<(Style, String)>> = Vec::new();
        let summary = &offer.explanation.summary;
        let is_said = distinct(&report.findings)
            .any(|finding| finding.message.trim_end_matches('.').eq_ignore_ascii_case(summary));
        if !summary.is_empty() && !is_said {
            lines.push(vec![(PLAIN, visible(&offer.explanation.summary))]);
        }
        for finding in distinct(&report.findings) {
            lines.push(vec![(PLAIN, visible(&finding.message)), (FAINT, format!(" [{}]", finding.rule))]);
            if let Some(safer) = &finding.safer {
                lines.push(vec![(FAINT, "safer: ".to_owned()), (PLAIN, visible(safer))]);
            }
        }
        let decision = report.decision.as_ref().filter(|decision| decision.layer != Layer::BuiltIn);
        lines.extend(decision.map(|decision| {
            vec![(FAINT, format!("{} by ", decision.verdict)), (PLAIN, visible(&told(decision)))]
        }));
        lines.extend(coverage_note(report).map(|note| vec![(FAINT, note)]));
        if lines.is_empty() {
            lines.push(Vec::new());
        }
        let risk = report.risk.name();
        for (nth, line) in lines.iter().enumerate() {
            let risk = if nth == 0 { risk } else { "" };
            let pad = " ".repeat(COLUMN - 2 - risk.len());
            let mut pieces = vec![(PLAIN, "  "), (risk_style(report.risk), risk), (PLAIN, &pad)];
            pieces.extend(line.iter().map(|(style, text)| (*style, text.as_str())));
            self.prose(&pieces, COLUMN, columns, paint);
        }
    }

    fn note(&mut self, session: &Session, columns: usize, paint: Paint) {
        if let Some(note) = session.note() {
            self.prose(&[(STRONG, "  "), (STRONG, &visible(note))], 2, columns, paint);
        }
        let (at, of) = session.place();
        if of > 1 && matches!(session.mode(), Mode::Choose) {
            self.text(&[(FAINT, &format!("  candidate {at} of {of}"))], 2, columns, paint);
        }
    }

    fn keys(&mut self, keys: &[(&str, &str)], columns: usize, paint: Paint) {
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        for (key, what) in keys {
            pieces.extend([(PLAIN, "  "), (STRONG, *key), (FAINT, " "), (FAINT, *what)]);
        }
        self.prose(&pieces, 2, columns, paint);
    }

    /// A line to type in, with the cursor in it.
    fn input(&mut self, style: Style, prompt: &str, input: &Input, columns: usize, paint: Paint) {
        let first = self.rows.len();
        let before: String = input.value().chars().take(input.cursor()).collect();
        let cursor = width(prompt) + width(&visible(&before));
        // A space at the end leaves a cell for the cursor.
        let text = format!("{} ", visible(input.value()));
        self.text(&[(style, prompt), (PLAIN, &text)], 0, columns, paint);
        self.cursor = Some((first + cursor / columns, cursor % columns));
    }

    /// Appends a line, broken between any two characters, as commands are; rows after the first are indented.
    fn text(&mut self, pieces: &[Piece<'_>], indent: usize, columns: usize, paint: Paint) {
        let mut rows = Rows::new(indent, columns, paint);
        for (style, text) in pieces {
            rows.push(*style, text);
        }
        self.rows.extend(rows.finish());
    }

    /// Appends a sentence, broken between words.
    fn prose(&mut self, pieces: &[Piece<'_>], indent: usize, columns: usize, paint: Paint) {
        let mut rows = Rows::new(indent, columns, paint);
        for (style, text) in pieces {
            for word in text.split_inclusive(' ') {
                rows.break_before(width(word.trim_end()));
                rows.push(*style, word);
            }
        }
        self.rows.extend(rows.finish());
    }
}

/// Rows while they fill up.
struct Rows {
    indent: usize,
    columns: usize,
    paint: Paint,
    done: Vec<String>,
    row: String,
    used: usize,
}

impl Rows {
    fn new(indent: usize, columns: usize, paint: Paint) -> Self {
        Self { indent, columns, paint, done: Vec::new(), row: String::new(), used: 0 }
    }

    /// Begins a new row where so many cells have no place in this one and a new one has more.
    fn break_before(&mut self, cells: usize) {
        if self.used + cells > self.columns && self.used > self.indent {
            self.done.push(std::mem::replace(&mut self.row, " ".repeat(self.indent)));
            self.used = self.indent;
        }
    }

    fn push(&mut self, style: Style, text: &str) {
        let mut part = String::new();
        for c in text.chars() {
            let cells = c.width().unwrap_or(0);
            if self.used + cells > self.columns {
                self.row.push_str(&self.paint.paint(style, &std::mem::take(&mut part)));
                self.break_before(cells);
                if c == ' ' {
                    continue;
                }
            }
            part.push(c);
            self.used += cells;
        }
        if !part.is_empty() {
            self.row.push_str(&self.paint.paint(style, &part));
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.done.push(self.row);
        self.done
    }
}

/// Cuts a line that holds styles into rows. Styles carry over the cut, since no row is reset in between.
fn wrap_styled(line: &str, columns: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut used = 0;
    let mut escape = false;
    for c in line.chars() {
        let cells = if escape || c == '\u{1b}' { 0 } else { c.width().unwrap_or(0) };
        escape = (escape || c == '\u{1b}') && c != 'm';
        if used + cells > columns {
            rows.push(String::new());
            used = 0;
        }
        used += cells;
        if let Some(row) = rows.last_mut() {
            row.push(c);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::fsm::Key;
    use super::*;
    use cmdai_core::explain::Explanation;
    use cmdai_core::safety::{Profile, Report, Risk};

    fn session(command: &str, risk: Risk) -> Session {
        let mut report = Report::default();
        report.risk = risk;
        report.verdict = risk.verdict(Profile::Person);
        let offer = Offer { command: command.to_owned(), report, explanation: Explanation::default() };
        Session::new(vec![offer]).unwrap()
    }

    #[track_caller]
    fn check(session: &Session, columns: usize, expect: &[&str]) {
        let frame = view(session, columns, Paint::plain());
        let rows: Vec<_> = frame.rows.iter().map(|row| row.trim_end()).collect();
        assert_eq!(rows, expect);
    }

    #[test]
    fn a_safe_command() {
        let rows = ["> ls -l", "  safe", "  Enter run  e edit  c copy  ? explain  q quit"];
        check(&session("ls -l", Risk::Safe), 80, &rows);
    }

    #[test]
    fn a_denied_command_does_not_offer_to_run() {
        let frame = view(&session("rm -rf /", Risk::Critical), 80, Paint::plain());
        let text = frame.rows.join("\n");
        assert!(!text.contains("run") && text.contains("o override"), "{text}");
    }

    #[test]
    fn long_commands_are_wrapped_and_escapes_are_spelled_out() {
        let rows = ["> echo aaaaaaaaaaaaa", "  aaaaa\\u{7}", "  safe"];
        let frame = view(&session("echo aaaaaaaaaaaaaaaaaa\u{7}", Risk::Safe), 20, Paint::plain());
        assert_eq!(frame.rows[..3].iter().map(|row| row.trim_end()).collect::<Vec<_>>(), rows);
        assert!(frame.rows.iter().all(|row| width(row) <= 20));
    }

    #[test]
    fn the_cursor_is_where_the_next_letter_goes() {
        let mut session = session("echo 日本", Risk::Safe);
        session.press(Key::Char('e'));
        assert_eq!(view(&session, 80, Paint::plain()).cursor, Some((0, 2 + 9)));
        session.press(Key::Left);
        assert_eq!(view(&session, 80, Paint::plain()).cursor, Some((0, 2 + 7)));
        session.press(Key::Ctrl('u'));
        assert_eq!(view(&session, 80, Paint::plain()).cursor, Some((0, 2)));
    }

    #[test]
    fn the_question_names_the_word() {
        let mut session = session("git reset --hard", Risk::High);
        session.press(Key::Enter);
        let frame = view(&session, 80, Paint::plain());
        assert_eq!(frame.rows.last().map(|row| row.trim_end()), Some("  type yes to run it:"));
    }

    #[test]
    fn styles_take_no_room() {
        assert_eq!(wrap_styled("\u{1b}[1mabc\u{1b}[0mdef", 3), ["\u{1b}[1mabc\u{1b}[0m", "def"]);
    }
}
