//! Variables that a command writes in single quotes and means to be expanded.
//!
//! `curl -H 'Authorization: Bearer $TOKEN'` sends the name of the variable. To programs that talk to servers such a word is
//! a value and never a pattern or a program text, so there the variable is taken out of the single quotes, unless the request
//! itself has it quoted so or says that it is meant literally.

use super::shell_words::{TokenKind, cut};
use crate::line::Dialect;

/// Programs to which a quoted word is a value. Sorted.
const TAKE_VALUES: &[&str] = &[
    "curl",
    "curlie",
    "git",
    "http",
    "httpie",
    "https",
    "mysql",
    "mysqldump",
    "psql",
    "redis-cli",
    "wget",
    "xh",
];

/// The command with its variables expandable; `None` where nothing had to be done.
pub(super) fn expandable(command: &str, request: &str, dialect: Dialect) -> Option<String> {
    if !matches!(dialect, Dialect::Posix | Dialect::Bash | Dialect::Zsh | Dialect::Fish) {
        return None;
    }
    let lower = request.to_lowercase();
    if ["literal", "unexpanded", "verbatim", "as it is"].iter().any(|word| lower.contains(word)) {
        return None;
    }
    let mut mended = command.to_owned();
    let mut program = "";
    let mut places = Vec::new();
    for token in cut(command) {
        match token.kind {
            TokenKind::Control => program = "",
            TokenKind::Bare | TokenKind::Quoted
                if program.is_empty() && token.text != "sudo" && !token.text.contains('=') =>
            {
                program = token.text;
            }
            TokenKind::Quoted if TAKE_VALUES.binary_search(&program).is_ok() => {
                if let Some(word) = opened(token.text, request) {
                    places.push((token.span, word));
                }
            }
            _ => {}
        }
    }
    for (span, word) in places.iter().rev() {
        mended.replace_range(span.start..span.end, word);
    }
    (!places.is_empty()).then_some(mended)
}

/// A word in single quotes that names a variable, in double quotes; where those would change more, only the variable.
fn opened(word: &str, request: &str) -> Option<String> {
    let start = word.find('\'')?;
    let inside = word.get(start + 1..)?.strip_suffix('\'')?;
    if inside.contains('\'')
        || request.contains(&format!("'{inside}'"))
        || word.get(..start)?.contains(['"', '$', '\\'])
    {
        return None;
    }
    let names = variables(inside);
    if names.is_empty() || names.iter().any(|name| request.contains(&format!("'{name}'"))) {
        return None;
    }
    let before = word.get(..start)?;
    let is_plain = !inside.contains(['"', '`', '\\', '!']) && inside.matches('$').count() == names.len();
    if is_plain {
        return Some(format!("{before}\"{inside}\""));
    }
    let mut out = format!("{before}'");
    let mut rest = inside;
    for name in names {
        let (head, tail) = rest.split_once(name)?;
        out.push_str(&format!("{head}'\"{name}\"'"));
        rest = tail;
    }
    out.push_str(&format!("{rest}'"));
    Some(out)
}

/// `$NAME` and `${NAME}` in capitals, as people name what the environment holds.
fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('$')).map(|at| from + at) {
        let after = text.get(at + 1..).unwrap_or("");
        let (skip, name) = match after.strip_prefix('{') {
            Some(inside) => (2, inside),
            None => (1, after),
        };
        let length = name
            .find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            .unwrap_or(name.len());
        let is_name = length > 1 && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        let closed = skip == 1 || name.get(length..).is_some_and(|rest| rest.starts_with('}'));
        let end = at + skip + length + usize::from(skip == 2 && closed);
        if is_name
            && closed
            && text.get(end..).is_none_or(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            found.extend(text.get(at..end));
        }
        from = end.max(at + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(request: &str, command: &str, expect: &str) {
        let found = expandable(command, request, Dialect::Bash);
        assert_eq!(found.as_deref().unwrap_or(command), expect, "{request}");
    }

    #[test]
    fn table_is_sorted() {
        assert!(TAKE_VALUES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_variable_that_is_meant_expands() {
        check(
            "get x.io/me with header Authorization: Bearer $TOKEN",
            "curl -H 'Authorization: Bearer $TOKEN' x.io/me",
            "curl -H \"Authorization: Bearer $TOKEN\" x.io/me",
        );
        check(
            "get x.io as me",
            "curl -u 'me:${PASS}' x.io | jq '.a'",
            "curl -u \"me:${PASS}\" x.io | jq '.a'",
        );
        check(
            "post the name in $NAME to x.io",
            "curl -d '{\"name\":\"$NAME\"}' x.io",
            "curl -d '{\"name\":\"'\"$NAME\"'\"}' x.io",
        );
    }

    #[test]
    fn a_literal_dollar_stays() {
        for (request, command) in [
            ("send the literal text $TOKEN", "curl -d '$TOKEN' x.io"),
            ("post '$TOKEN' to x.io", "curl -d '$TOKEN' x.io"),
            ("print the second column", "curl -s x.io | awk '{print $NF}'"),
            ("add $HOME/bin to the path", "echo 'export PATH=$PATH:$HOME/bin' >> ~/.bashrc"),
            ("price of 5$", "curl -d 'cost=$5' x.io"),
            ("lines with $FOO", "grep '$FOO' a.txt"),
        ] {
            check(request, command, command);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(command in "\\PC{0,40}|curl [-a-z'\"${}A-Z\\\\é ]{0,40}") {
            expandable(&command, "x", Dialect::Bash);
        }
    }
}
