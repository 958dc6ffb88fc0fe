//! Functions on text and lists that need nothing but their arguments.

use super::val::{Sort, Val};
use crate::safety::value::{self, HOME};

/// `node:fs/promises` is `fs.promises`.
pub(super) fn module_name(text: &str) -> String {
    let sources = ["node:", "npm:", "jsr:", "https://esm.sh/", "https://cdn.skypack.dev/"];
    let text = sources.iter().find_map(|source| text.strip_prefix(source)).unwrap_or(text);
    // `@scope/name@3/part`: which version does not matter.
    let version = text.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1);
    let text = match version {
        Some(at) => {
            let rest = text.get(at..).unwrap_or_default();
            let part = rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default();
            format!("{}{part}", text.get(..at).unwrap_or_default())
        }
        None => text.to_owned(),
    };
    text.trim_end_matches(".js").replace('/', ".").replace("::", ".")
}

pub(super) fn join_path(parts: &[String]) -> String {
    let mut out = String::new();
    for part in parts {
        if part.starts_with('/') || part.starts_with(HOME) || out.is_empty() {
            out.clone_from(part);
        } else {
            if !out.ends_with('/') {
                out.push('/');
            }
            out.push_str(part);
        }
    }
    out
}

/// `~` and `$HOME` at the beginning.
pub(super) fn expand_user(text: &str) -> String {
    for home in ["~", "$HOME", "${HOME}"] {
        if let Some(rest) = text.strip_prefix(home)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return format!("{HOME}{rest}");
        }
    }
    text.to_owned()
}

pub(super) fn reversed(value: &Val) -> Val {
    match value {
        Val::Text(text) => Val::Text(text.chars().rev().collect()),
        Val::List(list) => Val::List(list.iter().rev().cloned().collect()),
        other => other.clone(),
    }
}

fn place(index: i64, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let index = if index < 0 { index.saturating_add(length) } else { index };
    usize::try_from(index.clamp(0, length)).unwrap_or(0)
}

/// From one place to another, or so many from it.
pub(super) fn slice(value: &Val, from: Option<i64>, to: Option<i64>, is_length: bool) -> Val {
    let Some(letters) = letters(value) else { return value.clone() };
    let start = place(from.unwrap_or(0), letters.len());
    let end = match to {
        Some(length) if is_length && length >= 0 => {
            start.saturating_add(usize::try_from(length).unwrap_or(0)).min(letters.len())
        }
        Some(to) => place(to, letters.len()),
        None => letters.len(),
    };
    together(value, letters.get(start..end.max(start)).unwrap_or_default().to_vec())
}

/// `value[from:to:step]`
pub(super) fn stepped(value: &Val, from: Option<i64>, to: Option<i64>, step: i64) -> Val {
    let Some(letters) = letters(value) else { return value.clone() };
    let count = letters.len();
    if step == 0 {
        return value.clone();
    }
    if step > 0 {
        let start = place(from.unwrap_or(0), count);
        let end = to.map_or(count, |to| place(to, count));
        let step = usize::try_from(step).unwrap_or(1);
        let part = letters.get(start..end.max(start)).unwrap_or_default();
        return together(value, part.iter().step_by(step).cloned().collect());
    }
    let start = from.map_or(count, |from| place(from, count) + 1).min(count);
    let end = to.map_or(0, |to| place(to, count) + 1).min(start);
    let step = usize::try_from(step.unsigned_abs()).unwrap_or(1);
    let part = letters.get(end..start).unwrap_or_default();
    together(value, part.iter().rev().step_by(step).cloned().collect())
}

fn letters(value: &Val) -> Option<Vec<Val>> {
    match value {
        Val::Text(text) => {
            // A slice of what is not known is not known either.
            if text.chars().count() == 1 && value::has_hole(text) {
                return None;
            }
            Some(text.chars().map(|letter| Val::text(letter.to_string())).collect())
        }
        Val::List(list) => Some(list.clone()),
        _ => None,
    }
}

fn together(like: &Val, parts: Vec<Val>) -> Val {
    match like {
        Val::Text(_) => Val::Text(parts.iter().filter_map(Val::as_text).collect()),
        _ => Val::List(parts),
    }
}

/// `tr/a-z/n-za-m/`
pub(super) fn translate(text: &str, from: &str, to: &str, deletes: bool) -> String {
    let (from, to) = (set(from), set(to));
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match from.iter().position(|&known| known == letter) {
            Some(at) => match to.get(at) {
                Some(&new) => out.push(new),
                None if deletes => {}
                None => out.push(to.last().copied().unwrap_or(letter)),
            },
            None => out.push(letter),
        }
    }
    out
}

fn set(text: &str) -> Vec<char> {
    let letters: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        match (letters.get(at + 1), letters.get(at + 2)) {
            (Some('-'), Some(&last)) if last >= letter && last as u32 - (letter as u32) < 256 => {
                out.extend(letter..=last);
                at += 3;
            }
            _ if letter == '\\' && at + 1 < letters.len() => {
                out.extend(letters.get(at + 1));
                at += 2;
            }
            _ => {
                out.push(letter);
                at += 1;
            }
        }
        if out.len() > 1024 {
            break;
        }
    }
    out
}

/// Replaces a pattern that is plain text, a class of letters, or one of a few forms; `None` for others.
pub(super) fn replace_pattern(text: &str, pattern: &str, to: &str, all: bool) -> Option<String> {
    let count = if all { usize::MAX } else { 1 };
    let special = |c: char| {
        matches!(c, '.' | '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' | '\\')
    };
    if !pattern.contains(special) {
        return value::replaced(text, pattern, to, all);
    }
    let plain: String = pattern.chars().filter(|&c| c != '\\').collect();
    let only_escapes =
        pattern.chars().zip(pattern.chars().skip(1)).all(|(a, b)| a == '\\' || !special(b) || b == '\\')
            && !pattern.starts_with(|c| special(c) && c != '\\');
    if only_escapes
        && !pattern.contains("\\s")
        && !pattern.contains("\\d")
        && !pattern.contains("\\w")
        && !pattern.contains("\\n")
    {
        return value::replaced(text, &plain, to, all);
    }
    match pattern {
        "^" => return Some(format!("{to}{text}")),
        "$" => {
            let trimmed = text.strip_suffix('\n').unwrap_or(text);
            let end = &text[trimmed.len()..];
            return Some(format!("{trimmed}{to}{end}"));
        }
        ".*" | "^.*$" | ".+" | "^.+$" => return Some(to.to_owned()),
        "\\n" | "\\s" | "\\s+" | "\\d" | "\\W" | "\\d+" => {
            let fits = |c: char| match pattern.as_bytes().get(1) {
                Some(b'n') => c == '\n',
                Some(b's') => c.is_whitespace(),
                Some(b'd') => c.is_ascii_digit(),
                _ => !c.is_alphanumeric() && c != '_',
            };
            let mut out = String::new();
            let mut before = false;
            let mut done = 0;
            for letter in text.chars() {
                if fits(letter) && done < count {
                    if !(before && pattern.ends_with('+')) {
                        out.push_str(to);
                    }
                    before = true;
                    continue;
                }
                if before {
                    done += 1;
                }
                before = false;
                out.push(letter);
            }
            return Some(out);
        }
        _ => {}
    }
    let class = pattern.strip_prefix('[')?.trim_end_matches('+').strip_suffix(']')?;
    if class.contains(['[', '\\']) {
        return None;
    }
    let (negative, class) = match class.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, class),
    };
    let set = set(class);
    let mut done = 0;
    let mut out = String::new();
    for letter in text.chars() {
        if set.contains(&letter) != negative && done < count {
            out.push_str(to);
            done += 1;
        } else {
            out.push(letter);
        }
    }
    Some(out)
}

/// The words of a shell line, quotes taken away.
pub(super) fn words(text: &str) -> Vec<Val> {
    text.split_whitespace().take(256).map(|word| Val::text(word.trim_matches(['"', '\'']))).collect()
}

pub(super) fn base_name(text: &str) -> String {
    text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

pub(super) fn folder_name(text: &str) -> String {
    match text.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
        None => ".".to_owned(),
    }
}

/// A path object or text, as text.
pub(super) fn path_text(value: &Val) -> Option<String> {
    match value {
        Val::Thing(Sort::Path | Sort::File, text) | Val::Text(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_cut_as_python_cuts() {
        let text = Val::text("abcde");
        assert_eq!(stepped(&text, None, None, -1), Val::text("edcba"));
        assert_eq!(stepped(&text, Some(1), Some(3), 1), Val::text("bc"));
        assert_eq!(stepped(&text, None, None, 2), Val::text("ace"));
        assert_eq!(stepped(&text, Some(-2), None, 1), Val::text("de"));
        assert_eq!(slice(&text, Some(1), Some(2), true), Val::text("bc"));
        assert_eq!(slice(&text, Some(9), Some(-9), false), Val::text(""));
    }

    #[test]
    fn letters_are_exchanged_and_text_is_replaced() {
        assert_eq!(translate("ez -es /", "a-z", "n-za-m", false), "rm -rf /");
        assert_eq!(replace_pattern("rXm", "X", "", true).as_deref(), Some("rm"));
        assert_eq!(replace_pattern("r.m", "\\.", "", true).as_deref(), Some("rm"));
        assert_eq!(replace_pattern("r1m2", "[0-9]", "", true).as_deref(), Some("rm"));
        assert_eq!(replace_pattern("a b", "(a)", "", true), None);
        assert_eq!(replace_pattern("x", ".*", "rm", false).as_deref(), Some("rm"));
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join_path(&["a".into(), "b".into()]), "a/b");
        assert_eq!(join_path(&["a".into(), "/b".into()]), "/b");
        assert_eq!(module_name("node:fs/promises"), "fs.promises");
    }
}
