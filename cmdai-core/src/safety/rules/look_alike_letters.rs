//! The rule `look-alike-letters`.

use crate::line::Span;
use crate::safety::Risk;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
declare_rule! {
    /// Names a program or host with letters of another script that look like Latin ones.
    ///
    /// ## Why
    /// It is not the program or host that it seems to be.
    ///
    /// ```sh,flagged
    /// ѕudo ls
    /// curl https://gіthub.com/x
    /// ```
    /// ```sh,clean
    /// sudo ls
    /// echo 'привет'
    /// mkdir проект
    /// ```
    LOOK_ALIKE_LETTERS { name: "look-alike-letters", subject: Subject::Line(judge) }
}

fn judge(scene: &Scene<'_>) -> Option<(Span, Alarm)> {
    if scene.line.is_ascii() {
        return None;
    }
    let mut start = 0;
    for word in
        scene.line.split_inclusive(|letter: char| letter.is_whitespace() || "|&;()'\"/.".contains(letter))
    {
        let text = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let latin = text.chars().any(|letter| letter.is_ascii_alphabetic());
        let foreign = text.chars().any(is_look_alike);
        if latin && foreign {
            let span = Span::new(start, start + text.len());
            let message =
                format!("{text:?} mixes letters of two scripts that look the same: it is not what it seems.");
            return Some((span, Alarm::new(Risk::High, message)));
        }
        start += word.len();
    }
    None
}

/// Cyrillic and Greek letters that look like Latin ones, and full-width forms.
fn is_look_alike(letter: char) -> bool {
    "аВеЕіІјЈкКМНоОрРсСТуУхХѕЅԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανƅɑɡıǀһӏԍ".contains(letter)
        || ('\u{ff01}'..='\u{ff5e}').contains(&letter)
}
