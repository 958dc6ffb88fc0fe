//! Meanings from the table of many tools, for parts that our specs leave open.

use super::parts::{GROUP, Shown, sentence};
use super::{ExplainedPart, PartRole, Source};
use crate::line::Span;
use crate::specs::{Known, KnownValue, Read, ReadRole, Reading, ValueKind};

/// Gives meanings to parts of one command that have none. `words` begins with the program, as do the parts.
pub(super) fn fill(parts: &mut [ExplainedPart], reading: &Reading<'_, '_>, words: &[Shown]) {
    let Some(name) = words.first() else { return };
    if let Some(program) = parts.first_mut().filter(|part| part.meaning.is_none() && part.span == name.span) {
        say(program, reading.path.first().map(about).unwrap_or_default());
    }
    let mut items = &reading.items[..];
    while let Some(item) = items.first() {
        let same = items.iter().take_while(|other| other.word == item.word).count();
        let (of_word, rest) = items.split_at(same);
        items = rest;
        let Some(word) = words.get(item.word + 1) else { continue };
        let within =
            |part: &ExplainedPart| part.span.start >= word.span.start && part.span.end <= word.span.end;
        let Some(first) = parts.iter().position(within) else { continue };
        let found = parts[first..].iter().take_while(|part| within(part)).count();
        if let (1, [item]) = (found, of_word) {
            one(&mut parts[first], item, word.span);
        } else if found == 1 && parts[first].meaning.is_none() {
            let meanings: Vec<String> = of_word.iter().map(meaning).filter(|text| !text.is_empty()).collect();
            say(&mut parts[first], meanings.join(" "));
        }
    }
}

/// A word that is one thing to our specs and to the table.
fn one(part: &mut ExplainedPart, item: &Read<'_, '_>, span: Span) {
    // Our specs call a group what the table knows by name.
    let is_open = part.meaning.as_deref().is_none_or(|meaning| meaning == GROUP);
    if !is_open || part.span != span {
        return;
    }
    let text = meaning(item);
    part.kind = match item.role {
        ReadRole::Subcommand(_) => PartRole::Subcommand,
        ReadRole::Flag(_) => PartRole::Flag,
        ReadRole::Value(_) => PartRole::Value,
        _ => part.kind,
    };
    say(part, text);
}

fn say(part: &mut ExplainedPart, text: String) {
    if !text.is_empty() {
        part.meaning = Some(text);
        part.source = Source::Table;
    }
}

fn meaning(item: &Read<'_, '_>) -> String {
    match item.role {
        ReadRole::Subcommand(known) => about(&known),
        ReadRole::Flag(flag) => clean(&flag.about()),
        ReadRole::Value(value) | ReadRole::Operand(Some(value)) => about_value(&value, item.text),
        _ => String::new(),
    }
}

fn about(known: &Known<'_>) -> String {
    clean(&known.about())
}

fn about_value(value: &KnownValue<'_>, text: &str) -> String {
    let chosen = clean(&value.about_choice(text));
    if !chosen.is_empty() {
        return chosen;
    }
    let about = clean(&value.about());
    if !about.is_empty() {
        return about;
    }
    match (value.name, value.kind) {
        ("", ValueKind::Text) => String::new(),
        ("", kind) => sentence("text", kind),
        (name, kind) => sentence(name, kind),
    }
}

/// A text from the table as a sentence of one line.
fn clean(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '…', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
