//! An explanation as a person reads it: each part of the line beside its meaning.

use cmdai_core::explain::{Explanation, PartRole, Source};

use crate::paint::{FAINT, PLAIN, Paint, STRONG, visible, width};

/// Parts wider than this do not push the meanings of the others to the right.
const MAX_PART_COLUMNS: usize = 32;

/// What follows a meaning that is not from our specs.
const FROM_TABLE: &str = " *";

/// The explanation as lines, each a part and its meaning, indented under the program they belong to.
pub(crate) fn show_explanation(explanation: &Explanation, paint: Paint) -> Vec<String> {
    let rows: Vec<(usize, String, String, PartRole)> = explanation
        .parts
        .iter()
        .filter(|part| !(part.kind == PartRole::Operator && part.meaning.is_none()))
        .map(|part| {
            let mark = if part.source == Source::Table { FROM_TABLE } else { "" };
            let meaning =
                part.meaning.as_deref().map(|meaning| format!("{meaning}{mark}")).unwrap_or_default();
            (indent(part.kind), visible(part.text.trim()), meaning, part.kind)
        })
        .collect();
    let column =
        rows.iter().map(|(indent, text, ..)| indent + width(text)).filter(|w| *w <= MAX_PART_COLUMNS).max();
    let column = column.unwrap_or(0);
    let mut lines = Vec::new();
    if !explanation.summary.is_empty() {
        lines.push(visible(&explanation.summary));
    }
    for (indent, text, meaning, kind) in rows {
        let style = if matches!(kind, PartRole::Program | PartRole::Subcommand) { STRONG } else { PLAIN };
        let used = indent + width(&text);
        let gap = column.saturating_sub(used) + 2;
        let meaning = match meaning.as_str() {
            "" => String::new(),
            meaning => format!("{}{}", " ".repeat(gap), paint.paint(FAINT, &visible(meaning))),
        };
        lines.push(format!("{}{}{meaning}", " ".repeat(indent), paint.paint(style, &text)));
    }
    if explanation.parts.iter().any(|part| part.source == Source::Table) {
        lines.push(paint.paint(
            FAINT,
            &format!("  {} from the table of more tools, in their makers' words", FROM_TABLE.trim()),
        ));
    }
    lines
}

fn indent(kind: PartRole) -> usize {
    match kind {
        PartRole::Program | PartRole::Operator | PartRole::Keyword | PartRole::Assignment => 2,
        _ => 4,
    }
}
