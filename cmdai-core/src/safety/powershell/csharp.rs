//! Classes that a line brings as C#: the calls in them that say what they do.
//!
//! Not a parser of C#: names with dots before a parenthesis, and arguments that are literals. What is
//! computed is not known, and what is not known is left to the caller's judgement of unseen code.

use super::data::Data;

/// Calls that are looked at.
const CALLS: usize = 64;

/// `(type, method, arguments)` of each static call with literal arguments, in order.
pub(super) fn calls(code: &str) -> Vec<(String, String, Vec<Data>)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find('(') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        rest = after;
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
        let before = before.trim_end();
        let start = before
            .rfind(|letter| !is_name(letter))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let Some((of, name)) = before[start..].rsplit_once('.') else { continue };
        if of.is_empty() || name.is_empty() {
            continue;
        }
        if let Some(given) = literals(after) {
            found.push((of.to_owned(), name.to_owned(), given));
            if found.len() == CALLS {
                break;
            }
        }
    }
    found
}

/// The arguments up to the closing parenthesis; `None` where one is no literal.
fn literals(text: &str) -> Option<Vec<Data>> {
    let mut rest = text.trim_start();
    let mut given = Vec::new();
    if rest.starts_with(')') {
        return Some(given);
    }
    while given.len() < 16 {
        let (value, after) = literal(rest)?;
        given.push(value);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return rest.starts_with(')').then_some(given),
        }
    }
    None
}

fn literal(text: &str) -> Option<(Data, &str)> {
    if let Some(body) = text.strip_prefix("@\"") {
        // Two quotes are one, and nothing else is special.
        let mut out = String::new();
        let mut rest = body;
        loop {
            let (piece, after) = rest.split_once('"')?;
            out.push_str(piece);
            match after.strip_prefix('"') {
                Some(more) => {
                    out.push('"');
                    rest = more;
                }
                None => return Some((Data::Text(out), after)),
            }
        }
    }
    if let Some(body) = text.strip_prefix('"') {
        let mut out = String::new();
        let mut letters = body.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => return Some((Data::Text(out), &body[at + 1..])),
                '\\' => match letters.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    other => out.push(other),
                },
                other => out.push(other),
            }
        }
        return None;
    }
    let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
    let value = match &text[..end] {
        "true" => Data::Bool(true),
        "false" => Data::Bool(false),
        "null" => Data::Null,
        number => Data::Number(number.parse().ok()?),
    };
    Some((value, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_with_their_arguments() {
        let code = r#"public class D { public static void R() { System.IO.Directory.Delete(@"C:\Users", true); Process.Start("cmd", "/c x"); f(1); a.b(c); } }"#;
        let found = calls(code);
        let shown: Vec<String> = found
            .iter()
            .map(|(of, name, given)| {
                format!("{of} {name} {:?}", given.iter().map(Data::to_text).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            shown,
            [r#"System.IO.Directory Delete ["C:\\Users", "True"]"#, r#"Process Start ["cmd", "/c x"]"#]
        );
        for odd in ["(", "a.(", "a.b(\"", "é.ü(\"ö\\", "a.b(@\"\"\"", "a.b(1,"] {
            assert!(calls(odd).is_empty(), "{odd}");
        }
    }
}
