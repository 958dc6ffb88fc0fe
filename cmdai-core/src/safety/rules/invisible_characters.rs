//! The rule `invisible-characters`.

use crate::line::Span;
use crate::safety::Risk;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
declare_rule! {
    /// Holds characters that cannot be seen or that change the order of others.
    ///
    /// ## Why
    /// What is shown is then not what runs. Such characters come with text copied from web pages or are put
    /// there on purpose.
    ///
    /// ```sh,flagged
    /// ls \u{200b}-la
    /// echo \u{202e}'hidden'
    /// r\u{ad}m notes.txt
    /// ```
    /// ```sh,clean
    /// ls -la
    /// echo 'grüße 👩‍💻'
    /// echo "naïve café"
    /// ```
    INVISIBLE_CHARACTERS { name: "invisible-characters", subject: Subject::Line(judge) }
}

fn judge(scene: &Scene<'_>) -> Option<(Span, Alarm)> {
    if scene.line.is_ascii()
        && !scene.line.bytes().any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
    {
        return None;
    }
    let mut before = ' ';
    for (at, letter) in scene.line.char_indices() {
        // A joiner between two pictures is part of a picture.
        let joins = letter == '\u{200d}' && !before.is_ascii();
        before = letter;
        if joins || !is_hidden(letter) {
            continue;
        }
        let span = Span::new(at, at + letter.len_utf8());
        let message = format!(
            "Holds the character U+{:04X}, which cannot be seen: what is shown is not what runs.",
            letter as u32
        );
        return Some((span, Alarm::new(Risk::High, message)));
    }
    None
}

fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}
