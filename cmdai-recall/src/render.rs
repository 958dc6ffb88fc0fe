//! A template and values to a command line, quoted as the shell needs it.

use crate::Shell;
use crate::tokens::{FIRST_SLOT, is_slot};

/// A value for a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) text: String,
    /// Quoted even where it need not be.
    pub(crate) is_phrase: bool,
}

/// Where a template stands between quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Single,
    Double,
}

/// The command; `None` where a slot has no value or a value cannot be spelled in its place.
pub(crate) fn render(template: &str, values: &[Option<Value>], shell: Shell) -> Option<String> {
    let mut out = String::with_capacity(template.len() + 32);
    let mut inside = Inside::Nothing;
    let mut escaped = false;
    for c in template.chars() {
        if is_slot(c) {
            let number = (u32::from(c) - FIRST_SLOT) as usize;
            let value = values.get(number)?.as_ref()?;
            if value.text.contains(|c: char| c.is_control()) {
                return None;
            }
            let starts_word = out.ends_with(char::is_whitespace) || out.is_empty();
            spell(&mut out, value, inside, shell, starts_word)?;
            escaped = false;
            continue;
        }
        out.push(c);
        let escape = if shell == Shell::PowerShell { '`' } else { '\\' };
        inside = match (inside, c) {
            _ if escaped => inside,
            (Inside::Nothing, '\'') => Inside::Single,
            (Inside::Nothing, '"') => Inside::Double,
            (Inside::Single, '\'') | (Inside::Double, '"') => Inside::Nothing,
            _ => inside,
        };
        escaped = !escaped && c == escape && inside != Inside::Single;
    }
    Some(out)
}

/// A value as a word of its own.
pub(crate) fn quoted_word(value: &Value, shell: Shell) -> Option<String> {
    quoted(&value.text, value.is_phrase, shell, true)
}

fn spell(out: &mut String, value: &Value, inside: Inside, shell: Shell, starts_word: bool) -> Option<()> {
    let text = value.text.as_str();
    match inside {
        Inside::Single => {
            if text.contains('\'') {
                match shell {
                    Shell::Bash | Shell::Zsh => out.push_str(&text.replace('\'', "'\\''")),
                    Shell::PowerShell => out.push_str(&text.replace('\'', "''")),
                    Shell::Fish => out.push_str(&text.replace('\'', "\\'")),
                    Shell::Nu => return None,
                }
            } else {
                out.push_str(text);
            }
        }
        Inside::Double => {
            if text.contains(['"', '\\', '`', '$', '!']) {
                // A value that asks for expansion is spelled as it is only by those who typed it so.
                if shell == Shell::PowerShell || shell == Shell::Nu {
                    return None;
                }
                for c in text.chars() {
                    if matches!(c, '"' | '\\' | '`' | '$') {
                        out.push('\\');
                    }
                    out.push(c);
                }
            } else {
                out.push_str(text);
            }
        }
        Inside::Nothing => out.push_str(&quoted(text, value.is_phrase, shell, starts_word)?),
    }
    Some(())
}

/// True for text that means itself where it stands without quotes; stars stay, since people mean them.
fn is_bare(text: &str, shell: Shell) -> bool {
    let is_plain = |c: char| {
        c.is_alphanumeric()
            || "/._-@:+,%=^*?".contains(c)
            || (c == '\\' && shell == Shell::PowerShell)
            || (matches!(c, '[' | ']') && text.contains('*'))
    };
    let text = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(text);
    // In a commit, `HEAD~3` and `HEAD^` are names.
    let text = text.strip_prefix("HEAD~").unwrap_or(text);
    !text.is_empty() && text.chars().all(is_plain) || text.is_empty()
}

fn quoted(text: &str, is_phrase: bool, shell: Shell, starts_word: bool) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if text.starts_with('$') && text.chars().skip(1).all(|c| c.is_alphanumeric() || c == '_') && !is_phrase {
        return Some(text.to_owned());
    }
    if is_bare(text, shell) && !is_phrase {
        return Some(text.to_owned());
    }
    // The shell reads a tilde at the beginning of a word only where it is not quoted.
    if let Some(rest) = text.strip_prefix("~/").filter(|_| starts_word && shell != Shell::Nu) {
        return Some(format!("~/{}", quoted(rest, true, shell, false)?));
    }
    let is_plain_inside = !text.contains(['"', '\\', '`', '$', '!']);
    if is_plain_inside {
        return Some(format!("\"{text}\""));
    }
    Some(match shell {
        Shell::Bash | Shell::Zsh => format!("'{}'", text.replace('\'', "'\\''")),
        Shell::PowerShell => format!("'{}'", text.replace('\'', "''")),
        Shell::Fish if !text.contains('\\') => format!("'{}'", text.replace('\'', "\\'")),
        Shell::Nu if !text.contains('\'') => format!("'{text}'"),
        Shell::Fish | Shell::Nu => return None,
    })
}

/// What stood in the places of slots, where the text has the shape of the pattern.
pub(crate) fn capture<'a>(pattern: &str, text: &'a str) -> Option<Vec<(u8, &'a str)>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut open: Option<u8> = None;
    let mut literal = String::new();
    let mut chars = pattern.chars().peekable();
    loop {
        let next = chars.next();
        match next {
            Some(c) if !is_slot(c) => {
                literal.push(c);
                continue;
            }
            _ => {}
        }
        if !literal.is_empty() {
            let at = match open {
                None => rest.starts_with(&literal).then_some(0)?,
                // The last literal ends the text: `a.b.zip` is `a.b` and `.zip`.
                Some(_) if next.is_none() => {
                    rest.ends_with(&literal).then(|| rest.len().saturating_sub(literal.len()))?
                }
                Some(_) => rest.find(&literal)?,
            };
            if let Some(slot) = open.take() {
                found.push((slot, rest.get(..at).filter(|text| !text.is_empty())?));
            }
            rest = rest.get(at + literal.len()..)?;
            literal.clear();
        }
        match next {
            Some(c) => {
                if open.is_some() {
                    return None;
                }
                open = Some((u32::from(c) - FIRST_SLOT) as u8);
            }
            None => break,
        }
    }
    match open {
        Some(slot) => found.push((slot, Some(rest).filter(|text| !text.is_empty())?)),
        None if !rest.is_empty() => return None,
        None => {}
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, value: &str, shell: Shell, expect: &str) {
        let values = [Some(Value { text: value.to_owned(), is_phrase: false })];
        let template = template.replace("<>", "\u{E000}");
        assert_eq!(
            render(&template, &values, shell).as_deref().unwrap_or("none"),
            expect,
            "{template} {value}"
        );
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        check("cat <>", "notes.txt", Shell::Bash, "cat notes.txt");
        check("cat <>", "my notes.txt", Shell::Bash, "cat \"my notes.txt\"");
        check("cat <>", "~/my notes.txt", Shell::Bash, "cat ~/\"my notes.txt\"");
        check("rm <>", "*.txt", Shell::Bash, "rm *.txt");
        check("grep <> f", "a$b", Shell::Bash, "grep 'a$b' f");
        check("grep <> f", "it's $1", Shell::Bash, "grep 'it'\\''s $1' f");
        check("grep <> f", "it's $1", Shell::PowerShell, "grep 'it''s $1' f");
        check("find -name '*.<>'", "py", Shell::Bash, "find -name '*.py'");
        check("find -name '*<>'", "it's", Shell::Bash, "find -name '*it'\\''s'");
        check("echo \"<>\"", "a\"b", Shell::Bash, "echo \"a\\\"b\"");
        check("cat <>", "", Shell::Bash, "none");
        check("cat <>; rm x", "a;b", Shell::Bash, "cat \"a;b\"; rm x");
        check("cat <>", "a\nb", Shell::Bash, "none");
    }

    #[test]
    fn patterns_capture_what_stands_in_their_slots() {
        let pattern = "\u{E000}.tar.gz";
        assert_eq!(capture(pattern, "a.b.tar.gz"), Some(vec![(0, "a.b")]));
        assert_eq!(capture(pattern, "a.zip"), None);
        assert_eq!(capture(pattern, ".tar.gz"), None);
        assert_eq!(capture("\u{E000}@\u{E001}", "bob@host"), Some(vec![(0, "bob"), (1, "host")]));
        assert_eq!(capture("lib\u{E000}.so", "libz.so"), Some(vec![(0, "z")]));
        assert_eq!(capture("lib", "lib"), Some(vec![]));
    }
}
