//! Colour, and text that cannot drive the terminal.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Effects, Style};
use cmdai_core::config::Color;
use cmdai_core::safety::Risk;
use unicode_width::UnicodeWidthChar;

/// Faint text: keys, labels.
pub(crate) const FAINT: Style = Style::new().effects(Effects::DIMMED);
/// Text that matters.
pub(crate) const STRONG: Style = Style::new().effects(Effects::BOLD);
/// No style.
pub(crate) const PLAIN: Style = Style::new();

/// The colour of a risk.
pub(crate) const fn risk_style(risk: Risk) -> Style {
    match risk {
        Risk::Safe => AnsiColor::Green.on_default().effects(Effects::BOLD),
        Risk::Moderate => AnsiColor::Yellow.on_default().effects(Effects::BOLD),
        Risk::High => AnsiColor::BrightRed.on_default().effects(Effects::BOLD),
        Risk::Critical => AnsiColor::BrightRed.on_default().effects(Effects::BOLD.insert(Effects::INVERT)),
    }
}

/// Whether a stream is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// What the user asked for, and where they asked for nothing what the environment and stream say.
    pub(crate) fn for_stream(color: Color, stream: &(impl anstream::stream::RawStream + IsTerminal)) -> Self {
        let on = match color {
            Color::Always => true,
            Color::Never => false,
            _ => !matches!(AutoStream::choice(stream), ColorChoice::Never),
        };
        Self { on }
    }

    /// Never any colour.
    #[cfg(test)]
    pub(crate) const fn plain() -> Self {
        Self { on: false }
    }

    /// True where there is colour.
    pub(crate) const fn is_on(self) -> bool {
        self.on
    }

    /// The text in a style.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.on && style != PLAIN { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The text with everything spelled out that would move the cursor, reorder the line or hide in it.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|c| if is_plain(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

/// Columns that a text takes on the screen.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

fn is_plain(c: char) -> bool {
    let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}');
    !c.is_control() && !hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_drive_the_terminal_is_spelled_out() {
        assert_eq!(visible("ls \u{1b}[31m\u{202e}x\té"), "ls \\u{1b}[31m\\u{202e}x\\u{9}é");
        assert_eq!(visible("日本"), "日本");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("日本 ls"), 7);
    }

    #[test]
    fn no_colour_means_no_escape() {
        assert_eq!(Paint::plain().paint(STRONG, "x"), "x");
        assert_eq!(Paint { on: true }.paint(STRONG, "x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
