//! Patterns of zsh: qualifiers in parentheses at their end, flags at their beginning, and what the
//! extended ones leave out.

use crate::safety::machine::{Flow, Machine};
use crate::syntax::ir::{Part, PartKind, Word};

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
        if !word.parts.iter().any(is_glob) {
            return None;
        }
        let mut parts = word.parts.clone();
        self.spend(1 + word.span.len() / 64);
        let mut changed = self.qualifiers(&mut parts);
        for part in &mut parts {
            if let PartKind::Glob(text) = &mut part.kind
                && let Some(after) = text.strip_prefix("(#").and_then(|rest| rest.split_once(')'))
            {
                // Letter case aside, and the like.
                part.kind = PartKind::Text(after.1.to_owned());
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
        let mut code = Vec::new();
        for part in tail.iter().skip(1) {
            match &part.kind {
                PartKind::Glob(text) | PartKind::Text(text) => letters.push_str(text),
                _ => {
                    let word = Word { parts: vec![part.clone()], span: part.span };
                    code.push((self.single(&word), part.span));
                }
            }
        }
        let letters = letters.trim_end_matches(')');
        // Alternatives are no qualifiers, nor is a group that the name goes on from.
        let alternatives = letters.contains('|') || (before.is_empty() && index == 0 && code.is_empty());
        if alternatives && !letters.starts_with("#q") {
            parts.extend(tail);
            return false;
        }
        if letters.contains(['e', '+']) {
            for (text, span) in code {
                let span = self.at(span);
                self.apart(|machine| machine.code_here(&text, span, Flow::default()));
            }
        }
        let narrow = letters.chars().any(|letter| !WIDE.contains(letter));
        let span = *span;
        if !before.is_empty() {
            parts.push(Part { kind: PartKind::Glob(before.to_owned()), span });
        }
        if narrow && let Some(last) = parts.last_mut() {
            // Some of what fits.
            last.kind = PartKind::Opaque;
        }
        true
    }
}
