//! What is done to a request before anybody reads it: sizes, control characters, blanks.
//!
//! Requests come from terminals, files and web pages. Escape sequences, bidirectional marks and
//! other characters that nobody sees are taken out, so that what the model reads is what the person
//! saw; the same sweep is used on what the model writes.

use crate::error::{Error, ErrorKind};

/// Bytes that a request may have, blanks around it not counted. A page of text is about half of it;
/// the default model reads some 500 tokens, and nobody says one command in more words.
pub const MAX_REQUEST_BYTES: usize = 4096;

/// A request after cleaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cleaned {
    /// One line of words, single blanks between them.
    pub(super) words: String,
    /// The line as typed, blanks inside it kept; `None` where the request has several lines.
    pub(super) line: Option<String>,
}

/// Cleans a request.
///
/// # Errors
/// `Input` where nothing is left, or more than [`MAX_REQUEST_BYTES`].
pub(super) fn clean(text: &str) -> Result<Cleaned, Error> {
    let text = text.trim();
    if text.len() > MAX_REQUEST_BYTES {
        let message = format!("the request has {} bytes, the limit is {MAX_REQUEST_BYTES}", text.len());
        return Err(
            Error::new(ErrorKind::Input, message).with_hint("say in one sentence what the command should do")
        );
    }
    if text.contains('\0') {
        // Other characters that nobody sees come with a paste; this one comes with a file or from a bug.
        return Err(Error::new(ErrorKind::Input, "the request holds a NUL byte").with_hint("send plain text"));
    }
    let visible = visible(text);
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = plain_quotes(&words);
    if words.is_empty() {
        return Err(Error::new(ErrorKind::Input, "the request is empty")
            .with_hint("say what the command should do, such as \"list files by size\""));
    }
    let line = visible.trim();
    let line = (!line.contains('\n')).then(|| plain_quotes(line));
    Ok(Cleaned { words, line })
}

/// The text without escape sequences, control characters and characters that cannot be seen.
///
/// Line ends become `\n`, other blanks a plain blank each.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' | '\u{9b}' => skip_escape(c, &mut chars),
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() || is_unseen(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Skips the rest of an escape sequence: `CSI … final`, `OSC … BEL` and the like, or one character.
fn skip_escape(lead: char, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let kind = if lead == '\u{9b}' {
        '['
    } else {
        let Some(&kind) = chars.peek() else { return };
        chars.next();
        kind
    };
    match kind {
        '[' => {
            // Parameters and intermediates up to a final byte; anything else ends a broken sequence.
            while let Some(&c) = chars.peek() {
                if !(' '..='~').contains(&c) {
                    break;
                }
                chars.next();
                if ('@'..='~').contains(&c) {
                    break;
                }
            }
        }
        ']' | 'P' | 'X' | '^' | '_' => {
            // A string sequence, ended by BEL or by ESC and a backslash; a broken one ends with the line.
            while let Some(&c) = chars.peek() {
                if c == '\n' || c == '\r' {
                    break;
                }
                chars.next();
                if c == '\u{7}' || c == '\u{9c}' {
                    break;
                }
                if c == '\u{1b}' {
                    if chars.peek() == Some(&'\\') {
                        chars.next();
                    }
                    break;
                }
            }
        }
        '(' | ')' | '*' | '+' | '#' | '%' | ' ' => {
            chars.next();
        }
        _ => {}
    }
}

/// True for characters that take no place on the screen or turn the order of others around.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Typographic quotes as the plain ones that a keyboard has and the model knows.
fn plain_quotes(text: &str) -> String {
    let plain = |c| match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => '"',
        c => c,
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &str) {
        assert_eq!(clean(text).unwrap().words, words, "{text:?}");
    }

    fn refused(text: &str) -> Error {
        let error = clean(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.hint().is_some());
        error
    }

    #[test]
    fn blanks_collapse() {
        check("  list   files \t here\n", "list files here");
        check("list\r\nfiles\rhere", "list files here");
        check("list\u{a0}files\u{3000}here", "list files here");
        check("list\u{2028}files", "list files");
    }

    #[test]
    fn what_cannot_be_seen_goes() {
        check("\u{1b}[31mlist\u{1b}[0m files", "list files");
        check("\u{1b}]0;title\u{7}list files", "list files");
        check("\u{1b}]8;;http://x\u{1b}\\list\u{1b}]8;;\u{1b}\\ files", "list files");
        check("\u{9b}1mlist files", "list files");
        check("\u{1b}(Blist files\u{1b}", "list files");
        check("list\u{200b} fi\u{202e}les\u{feff}", "list files");
        check("list \u{e0041}files\u{1}\u{8}", "list files");
    }

    #[test]
    fn quotes_become_plain() {
        check("find \u{201c}foo bar\u{201d} in what\u{2019}s here", "find \"foo bar\" in what's here");
    }

    #[test]
    fn nothing_is_refused() {
        for text in
            ["", "   ", "\n\t", "\u{2}\u{1}", "\u{200b}\u{202e}", "\u{1b}[31m", "\u{1b}", "\u{1b}]0;title"]
        {
            assert_eq!(refused(text).to_string(), "the request is empty", "{text:?}");
        }
    }

    #[test]
    fn a_nul_byte_is_refused() {
        for text in ["\u{0}", "list f\u{0}iles", "list files\u{0}"] {
            assert_eq!(refused(text).to_string(), "the request holds a NUL byte", "{text:?}");
        }
    }

    #[test]
    fn too_much_is_refused_with_both_numbers() {
        let error = refused(&"x".repeat(5000));
        assert_eq!(error.to_string(), "the request has 5000 bytes, the limit is 4096");
        assert!(clean(&format!("  {}  ", "x".repeat(MAX_REQUEST_BYTES))).is_ok());
    }

    #[test]
    fn the_line_keeps_its_blanks() {
        assert_eq!(clean(" echo 'a   b' ").unwrap().line.as_deref(), Some("echo 'a   b'"));
        assert_eq!(clean("ls\nrm x").unwrap().line, None);
        assert_eq!(clean("ls\n").unwrap().line.as_deref(), Some("ls"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_one_visible_line_or_an_error(text in "\\PC{0,40}|[\\x00-\\x9f]{0,40}|.{0,40}") {
            if let Ok(cleaned) = clean(&text) {
                proptest::prop_assert!(!cleaned.words.is_empty());
                proptest::prop_assert!(!cleaned.words.chars().any(|c| c.is_control() || is_unseen(c)));
                proptest::prop_assert_eq!(cleaned.words.trim(), cleaned.words.as_str());
            }
        }
    }
}
