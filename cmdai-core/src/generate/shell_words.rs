//! A rough cut of a line into words and operators, the same for every dialect.
//!
//! The parser knows what a line means; this only knows where its words are, which is all that
//! copying, repair and loop checks need, and it also cuts text that is no command at all. It never fails.

use crate::line::Span;

/// A word or operator with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// The text as written, quotes included.
    pub(super) text: &'a str,
    /// Where it is.
    pub(super) span: Span,
    /// What it is.
    pub(super) kind: TokenKind,
}

/// Kinds of [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word without quotes.
    Bare,
    /// A word with a quoted stretch.
    Quoted,
    /// `|`, `&&`, `;`, `&`, `||`, `(`, `)`: what follows is a command of its own.
    Control,
    /// `>`, `<`, `>>`, `2>` and the like.
    Redirection,
}

/// Cuts a line.
pub(super) fn cut(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let kind = match bytes[at] {
            b' ' | b'\t' | b'\n' => {
                at += 1;
                continue;
            }
            b'|' | b'&' | b';' => {
                // `&>` sends both outputs to a file; every other run of these joins commands.
                if line[at..].starts_with("&>") {
                    at += 2;
                    TokenKind::Redirection
                } else {
                    while at < bytes.len() && matches!(bytes[at], b'|' | b'&' | b';') {
                        at += 1;
                    }
                    TokenKind::Control
                }
            }
            b'(' | b')' => {
                at += 1;
                TokenKind::Control
            }
            b'<' | b'>' => {
                at = redirection(bytes, at);
                TokenKind::Redirection
            }
            digit if digit.is_ascii_digit() && matches!(bytes.get(at + 1), Some(b'<' | b'>')) => {
                at = redirection(bytes, at + 1);
                TokenKind::Redirection
            }
            _ => {
                let (end, quoted) = word(bytes, at);
                at = end;
                if quoted { TokenKind::Quoted } else { TokenKind::Bare }
            }
        };
        tokens.push(Token { text: &line[start..at], span: Span::new(start, at), kind });
    }
    tokens
}

/// The end of a redirection operator, `>&1` and `<(` included.
fn redirection(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && matches!(bytes[at], b'<' | b'>' | b'|') {
        at += 1;
    }
    if bytes.get(at) == Some(&b'&') {
        at += 1;
        while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'-') {
            at += 1;
        }
    } else if bytes.get(at) == Some(&b'(') {
        at += 1;
    }
    at
}

/// The end of a word, and whether a stretch of it is quoted. An open quote ends with the line.
fn word(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut quoted = false;
    // Depth of `$(`, `${` and `{`, whose insides belong to the word.
    let mut depth = 0_usize;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            quote @ (b'\'' | b'"' | b'`') => {
                quoted = true;
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    if bytes[at] == b'\\' && quote != b'\'' {
                        at += 1;
                    }
                    at += 1;
                }
            }
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => {
                depth += 1;
                at += 1;
            }
            b'(' | b'{' if depth > 0 => depth += 1,
            b')' | b'}' if depth > 0 => depth -= 1,
            b' ' | b'\t' | b'\n' | b'|' | b'&' | b';' | b'<' | b'>' | b'(' | b')' if depth == 0 => break,
            _ => {}
        }
        at += 1;
    }
    (at.min(bytes.len()), quoted)
}

/// The text of a word without its outer quotes and backslashes; rough, for comparing.
pub(super) fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' | '`' => {}
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: &str) {
        let texts: Vec<_> = cut(line).into_iter().map(|token| token.text).collect();
        assert_eq!(texts.join("\u{b7}"), expect, "{line:?}");
    }

    #[test]
    fn lines_fall_into_words() {
        check("ls -la  /tmp", "ls·-la·/tmp");
        check("cat a|wc -l", "cat·a·|·wc·-l");
        check("a && b || c; d &", "a·&&·b·||·c·;·d·&");
        check("ls 2>/dev/null >out 2>&1", "ls·2>·/dev/null·>·out·2>&1");
        check("echo 'a | b' \"c d\"e", "echo·'a | b'·\"c d\"e");
        check("echo $(ls | wc) x", "echo·$(ls | wc)·x");
        check("echo ${a b} \\; x", "echo·${a b}·\\;·x");
        check("diff <(a) <(b)", "diff·<(·a·)·<(·b·)");
        check("echo 'open", "echo·'open");
        check("echo \\", "echo·\\");
        check("ls &> f", "ls·&>·f");
    }

    #[test]
    fn quotes_come_off() {
        assert_eq!(unquoted("'a b'\"c\"\\;"), "a bc;");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_without_loss(line in ".{0,60}") {
            let mut end = 0;
            for token in cut(&line) {
                proptest::prop_assert!(token.span.start >= end && token.span.of(&line) == token.text);
                proptest::prop_assert!(!token.text.is_empty());
                end = token.span.end;
            }
        }
    }
}
