//! Patterns of zsh: qualifiers in parentheses at their end, flags at their beginning, and what the
//! extended ones leave out.

use crate::safety::machine::{Flow, Machine, Value};
use crate::safety::regex;
use crate::safety::value;
use crate::syntax::ir::{Brace, Part, PartKind, Word};

/// Letters of qualifiers that say nothing of how few files are left.
const WIDE: &str = "NDnF^/.,#q";

impl Machine<'_> {
    /// The parts of a word as other shells would write them; `None` where it is no such pattern.
    pub(in crate::safety) fn zsh_pattern(&mut self, word: &Word) -> Option<Vec<Part>> {
        let is_glob = |part: &Part| matches!(&part.kind, PartKind::Glob(_));
        let negates = self.zsh.extended
            && matches!(word.parts.first().map(|part| &part.kind), Some(PartKind::Text(text)) if text.starts_with('^'));
        if negates {
            // All but some.
            let span = word.span;
            return Some(vec![Part { kind: PartKind::Glob("*".to_owned()), span }]);
        }
        if self.zsh.extended
            && let Some(PartKind::Text(text)) = word.parts.first().map(|part| &part.kind)
            && let Some((folder, _)) = text.rsplit_once("/^")
        {
            let folder = Part { kind: PartKind::Text(format!("{folder}/")), span: word.span };
            return Some(vec![folder, Part { kind: PartKind::Glob("*".to_owned()), span: word.span }]);
        }
        if !word.parts.iter().any(is_glob) {
            return None;
        }
        let mut parts = word.parts.clone();
        self.spend(1 + word.span.len() / 64);
        let mut changed = self.qualifiers(&mut parts);
        changed |= alternatives(&mut parts);
        let mut folds = false;
        for part in &mut parts {
            if let PartKind::Text(text) = &mut part.kind
                && folds
            {
                // Letter case aside it is most likely the usual name.
                *text = text.to_lowercase();
            }
            if let PartKind::Glob(text) = &mut part.kind
                && let Some(after) = text.strip_prefix("(#").and_then(|rest| rest.split_once(')'))
            {
                folds |= after.0.contains(['i', 'l']);
                // Letter case aside, and the like.
                let rest = after.1.to_owned();
                let is_pattern = rest.contains(['*', '?', '(']);
                part.kind = if is_pattern { PartKind::Glob(rest) } else { PartKind::Text(rest) };
                changed = true;
            }
        }
        // What stands behind `~` is left out of what stands before it.
        let first = parts.iter().position(is_glob).unwrap_or(parts.len());
        let excludes = parts.iter().enumerate().skip(first + 1).find_map(|(at, part)| match &part.kind {
            PartKind::Text(text) => Some((at, text.find('~')?)),
            _ => None,
        });
        if let Some((at, cut)) = excludes
            && (at + 1 < parts.len()
                || matches!(&parts[at].kind, PartKind::Text(text) if text.len() > cut + 1))
        {
            parts.truncate(at + 1);
            if let Some(PartKind::Text(text)) = parts.last_mut().map(|part| &mut part.kind) {
                text.truncate(cut);
            }
            parts.retain(|part| !matches!(&part.kind, PartKind::Text(text) if text.is_empty()));
            changed = true;
        }
        changed.then_some(parts)
    }

    /// Takes the qualifiers off the end: code in them is run, and where they are narrow the pattern is.
    fn qualifiers(&mut self, parts: &mut Vec<Part>) -> bool {
        if !matches!(parts.last().map(|part| &part.kind), Some(PartKind::Glob(text)) if text.ends_with(')')) {
            return false;
        }
        // The parenthesis that the last one closes.
        let mut depth = 0_usize;
        let mut open = None;
        'all: for (index, part) in parts.iter().enumerate().rev() {
            let PartKind::Glob(text) = &part.kind else { continue };
            for (at, byte) in text.bytes().enumerate().rev() {
                match byte {
                    b')' => depth += 1,
                    b'(' if depth == 1 => {
                        open = Some((index, at));
                        break 'all;
                    }
                    b'(' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
        let Some((index, at)) = open else { return false };
        let tail: Vec<Part> = parts.split_off(index);
        let Some(Part { kind: PartKind::Glob(first), span }) = tail.first() else { return false };
        let (before, inside) = first.split_at(at);
        let mut letters = inside.strip_prefix('(').unwrap_or(inside).to_owned();
        let mut quotes = false;
        for part in tail.iter().skip(1) {
            match &part.kind {
                PartKind::Glob(text) | PartKind::Text(text) => letters.push_str(text),
                _ => {
                    quotes = true;
                    letters.push_str(&self.single(&Word { parts: vec![part.clone()], span: part.span }));
                }
            }
        }
        let letters = letters.strip_suffix(')').unwrap_or(&letters);
        // Alternatives are no qualifiers, nor is a group that the name goes on from.
        let runs = letters.contains(['e', '+']) && (quotes || letters.contains('+'));
        let no_name = before.is_empty() && index == 0 && !runs;
        if (letters.contains('|') && !runs || no_name) && !letters.starts_with("#q") {
            parts.extend(tail);
            return false;
        }
        let span = *span;
        if letters.contains(['e', '+']) {
            let mut name = parts.clone();
            if !before.is_empty() {
                name.push(Part { kind: PartKind::Glob(before.to_owned()), span });
            }
            let found = self.single(&Word { parts: name, span });
            let at = self.at(span);
            for code in codes(letters) {
                // It is asked about each file, whose name it finds here.
                self.apart(|machine| {
                    machine.set("REPLY", Value::One(found.clone()));
                    machine.code_here(&code, at, Flow::default())
                });
            }
        }
        let narrow = letters.chars().any(|letter| !WIDE.contains(letter));
        if !before.is_empty() {
            parts.push(Part { kind: PartKind::Glob(before.to_owned()), span });
        }
        // Some of what fits; where the name has an ending of its own, that says more.
        let whole = |part: &Part| matches!(&part.kind, PartKind::Glob(text) if text.starts_with('*'));
        if narrow
            && let Some(last) = parts.last_mut()
            && whole(last)
        {
            last.kind = PartKind::Opaque;
        }
        true
    }

    /// `[[ text == pattern ]]`: whether it fits, and with `(#b)` the groups in `$match`.
    ///
    /// `None` where that cannot be told.
    pub(in crate::safety) fn zsh_matches(&mut self, text: &str, word: &Word) -> Option<bool> {
        let pattern = self.zsh_expression(word)?;
        let groups = regex::groups(&pattern, text, &mut regex::budget(256))?;
        let Some(groups) = groups else { return Some(false) };
        let mut groups = groups.into_iter();
        if let Some(whole) = groups.next() {
            self.set("MATCH", Value::One(whole));
        }
        self.set("match", Value::Many(groups.collect()));
        Some(true)
    }

    /// A pattern as a regular expression.
    fn zsh_expression(&mut self, word: &Word) -> Option<String> {
        let mut out = "^".to_owned();
        for part in &word.parts {
            let PartKind::Glob(text) = &part.kind else {
                let text = self.single(&Word { parts: vec![part.clone()], span: part.span });
                if value::has_hole(&text) || value::has_pattern(&text) {
                    return None;
                }
                for letter in text.chars() {
                    if !letter.is_alphanumeric() {
                        out.push('\\');
                    }
                    out.push(letter);
                }
                continue;
            };
            let mut rest = text.as_str();
            while let Some(letter) = rest.chars().next() {
                if let Some((flags, after)) = rest.strip_prefix("(#").and_then(|rest| rest.split_once(')')) {
                    if flags.contains(['i', 'a']) {
                        return None;
                    }
                    rest = after;
                    continue;
                }
                rest = &rest[letter.len_utf8()..];
                match letter {
                    '*' => out.push_str(".*"),
                    '?' => out.push('.'),
                    '#' if rest.starts_with('#') => {
                        rest = &rest[1..];
                        out.push('+');
                    }
                    '#' => out.push('*'),
                    '!' if out.ends_with('[') => out.push('^'),
                    '.' | '+' | '{' | '}' | '$' | '\\' => {
                        out.push('\\');
                        out.push(letter);
                    }
                    letter => out.push(letter),
                }
            }
        }
        out.push('$');
        Some(out)
    }
}

/// The code in qualifiers: what stands between marks after `e`, and the names after `+`.
fn codes(letters: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = letters.chars();
    let close = |open: char| match open {
        '(' => ')',
        '{' => '}',
        '[' => ']',
        '<' => '>',
        other => other,
    };
    while let Some(letter) = rest.next() {
        let mut after = rest.clone();
        let next = after.next();
        match (letter, next) {
            // Modifiers of the names follow.
            (':', _) => break,
            ('+', Some(first)) if first.is_alphabetic() || first == '_' => {
                let in_name = |letter: &char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
                found.push(rest.clone().take_while(in_name).collect());
            }
            ('e' | 'f' | 'u' | 'g' | 'P', Some(mark)) if !mark.is_alphanumeric() => {
                let end = close(mark);
                let text: String = after.by_ref().take_while(|letter| *letter != end).collect();
                if letter == 'e' {
                    found.push(text);
                }
                rest = after;
            }
            _ => {}
        }
        if found.len() > 8 {
            break;
        }
    }
    found
}

/// `(a|b)` means what `{a,b}` does, as far as names go.
fn alternatives(parts: &mut Vec<Part>) -> bool {
    let mut changed = false;
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        at += 1;
        let PartKind::Glob(text) = &part.kind else { continue };
        let Some((before, rest)) = text.split_once('(') else { continue };
        let Some((inside, after)) = rest.split_once(')') else { continue };
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '|' | '_' | '-' | '.');
        if !inside.contains('|') || !inside.chars().all(plain) || after.contains('(') {
            continue;
        }
        let span = part.span;
        let word =
            |text: &str| Word { parts: vec![Part { kind: PartKind::Text(text.to_owned()), span }], span };
        let list = PartKind::Brace(Brace::List(inside.split('|').take(16).map(word).collect()));
        let mut pieces = Vec::new();
        for (kind, empty) in [
            (PartKind::Glob(before.to_owned()), before.is_empty()),
            (list, false),
            (PartKind::Glob(after.to_owned()), after.is_empty()),
        ] {
            if !empty {
                pieces.push(Part { kind, span });
            }
        }
        parts.splice(at - 1..at, pieces);
        changed = true;
        if parts.len() > 64 {
            break;
        }
    }
    changed
}
