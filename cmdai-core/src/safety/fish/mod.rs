//! What fish does differently: every variable is a list, nothing is split, and words multiply.
//!
//! An unset variable becomes no argument at all, a list several, and a word made of lists one argument
//! for each combination: `a$x` is gone where `x` is empty. A substitution becomes one argument a line. It and the
//! stages of a pipeline run in the shell itself, so that what they set stays set.

mod builtins;
mod math;
mod string;
mod variables;

pub(super) use string::percent_decoded;

use crate::safety::machine::{DEPTH, Field, Flow, Machine, VALUE_BYTES};
use crate::safety::value::{self, Origin};
use crate::syntax::ir::{Brace, Parameter, Part, PartKind, Program, Word};

/// Arguments that one word may become.
const FIELDS: usize = 512;

impl Machine<'_> {
    /// Adds the arguments that a word of fish becomes.
    pub(super) fn fish_expand(&mut self, word: &Word, out: &mut Vec<Field>) {
        let span = self.at(word.span);
        if !self.spend(1 + word.span.len() / 64) {
            return;
        }
        let texts = self.fish_parts(&word.parts);
        out.extend(texts.into_iter().map(|text| Field { text, span }));
    }

    /// The one text that a word of fish becomes where it is one, as after `>`.
    pub(super) fn fish_single(&mut self, word: &Word) -> String {
        self.spend(1 + word.span.len() / 64);
        self.fish_parts(&word.parts).join(" ")
    }

    fn fish_parts(&mut self, parts: &[Part]) -> Vec<String> {
        let mut grown = vec![String::new()];
        for part in parts {
            if self.fuel == 0 || grown.len() > FIELDS {
                break;
            }
            let mut list = self.fish_part(part);
            // Where it is not set, a word is gone that has more in it, not half empty.
            if let (PartKind::Parameter(parameter), [only], 2..) = (&part.kind, &list[..], parts.len())
                && self.unknowns.origin(only) == Some(Origin::Variable)
                && self.unknowns.name_of(only) == Some(&format!("${}", parameter.name))
            {
                let shown = format!("{{${}}}", parameter.name);
                list = vec![self.unknowns.hole(&shown, Origin::Variable).to_string()];
            }
            self.spend(list.iter().map(String::len).sum::<usize>() / 256);
            // `**` takes names in all folders below.
            if matches!(&part.kind, PartKind::Glob(text) if text == "*")
                && part.span.end > part.span.start + 1
            {
                list = vec![format!("{0}/{0}", value::STAR)];
            }
            grown = self.product(grown, &list);
        }
        grown.truncate(FIELDS);
        grown
    }

    /// Every combination of what there is and what is added, the first varying fastest.
    fn product(&mut self, grown: Vec<String>, list: &[String]) -> Vec<String> {
        if let ([_], [only]) = (&grown[..], list) {
            let mut grown = grown;
            if let Some(text) = grown.first_mut().filter(|text| text.len() + only.len() <= VALUE_BYTES) {
                text.push_str(only);
            }
            return grown;
        }
        let count = grown.len().saturating_mul(list.len());
        let bytes = list.iter().map(String::len).max().unwrap_or_default().saturating_mul(count);
        if count > FIELDS {
            // Some of them stand for all.
            self.cut = true;
            let some = list.iter().flat_map(|text| grown.iter().map(move |open| format!("{open}{text}")));
            return some.take(FIELDS + 1).collect();
        }
        if bytes > 4 * VALUE_BYTES || !self.spend(count / 8) {
            self.cut = true;
            return grown;
        }
        list.iter().flat_map(|text| grown.iter().map(move |open| format!("{open}{text}"))).collect()
    }

    fn fish_part(&mut self, part: &Part) -> Vec<String> {
        match &part.kind {
            PartKind::Text(text) => vec![self.own(text).into_owned()],
            PartKind::Quoted { parts, .. } => vec![self.fish_quoted(parts)],
            PartKind::Parameter(parameter) => self.fish_parameter(parameter),
            PartKind::Substitution(program) => {
                let before = self.effects.len();
                let lines = self.fish_lines(program);
                self.was_substituted(before);
                lines
            }
            PartKind::Slice { of, index } => {
                let list = self.fish_part(of);
                let index = self.fish_single(index);
                slice(list, &index)
            }
            PartKind::Brace(Brace::List(words)) => {
                let mut texts = Vec::with_capacity(words.len());
                for word in words {
                    if texts.len() > FIELDS || self.depth >= DEPTH {
                        self.cut = true;
                        break;
                    }
                    self.depth += 1;
                    texts.extend(self.fish_parts(&word.parts));
                    self.depth -= 1;
                }
                texts
            }
            _ => vec![self.piece(part)],
        }
    }

    /// Inside double quotes a list is one text.
    fn fish_quoted(&mut self, parts: &[Part]) -> String {
        let mut out = String::new();
        for part in parts {
            let text = match &part.kind {
                PartKind::Text(text) => self.own(text).into_owned(),
                PartKind::Substitution(_) | PartKind::Slice { .. } => self.fish_part(part).join("\n"),
                _ => self.fish_part(part).join(" "),
            };
            if out.len() + text.len() > VALUE_BYTES || !self.spend(text.len() / 256) {
                self.cut = true;
                break;
            }
            out.push_str(&text);
        }
        out
    }

    /// The lines that a substitution gives.
    fn fish_lines(&mut self, program: &Program) -> Vec<String> {
        let text = self.program(program, Flow { input: None, want: true });
        if text.is_empty() {
            return Vec::new();
        }
        // An empty line is an empty argument; no line is none.
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let lines: Vec<String> = text.split('\n').map(str::to_owned).take(FIELDS + 1).collect();
        if lines.len() > FIELDS {
            self.cut = true;
        }
        lines
    }

    fn fish_parameter(&mut self, parameter: &Parameter) -> Vec<String> {
        let name = parameter.name.trim_start_matches('$');
        let levels = parameter.name.len() - name.len() + usize::from(parameter.indirect);
        let mut list = self.fish_value(name);
        if let Some(index) = &parameter.index {
            let index = self.fish_single(index);
            list = slice(list, &index);
        }
        for _ in 0..levels {
            let mut values = Vec::new();
            for name in list.iter().take(16) {
                if value::has_hole(name) {
                    values.push(
                        self.unknowns.hole(&format!("${}", parameter.name), Origin::Variable).to_string(),
                    );
                } else {
                    values.extend(self.fish_value(name));
                }
            }
            list = values;
        }
        list
    }
}

/// Some elements of a list: `2`, `-1`, `2..4`, `..3`, or several of these. What is not known is all of it.
fn slice(list: Vec<String>, index: &str) -> Vec<String> {
    if value::has_hole(index) || (list.len() == 1 && list.iter().any(|text| value::has_hole(text))) {
        return list;
    }
    let count = list.len() as i64;
    let place = |text: &str, otherwise: i64| match text.trim().parse::<i64>() {
        Ok(at) if at < 0 => count + at + 1,
        Ok(at) => at,
        Err(_) => otherwise,
    };
    let mut out = Vec::new();
    for wanted in index.split_whitespace().take(FIELDS) {
        let (from, to) = match wanted.split_once("..") {
            Some((from, to)) => (place(from, 1), place(to, count)),
            None => (place(wanted, 0), place(wanted, 0)),
        };
        let (low, high) = (from.min(to).max(1), from.max(to).min(count));
        let piece = (low..=high).filter_map(|at| list.get((at - 1) as usize).cloned());
        if from <= to {
            out.extend(piece);
        } else {
            let mut piece: Vec<String> = piece.collect();
            piece.reverse();
            out.extend(piece);
        }
        if out.len() > FIELDS {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests;
