//! A phrasing laid beside a request, word by word, at the least cost.
//!
//! Dynamic programming over both: equal words are free, words that mean nearly the same are cheap, a word
//! without a partner costs what it tells, a denying word much. A slot takes a thing of its type for
//! nothing, a similar one for little, and a plain word only where it may be a name: a word
//! that phrasings use a lot is hardly one. What is left over on both sides is paired afterwards, so that "in /var/log
//! find …" is as near as "find … in /var/log".

use crate::index::{Class, Code, Index, Stored};
use crate::render::{self, Value};
use crate::slots::SlotType;
use crate::tokens::{self, Look, Token, is_slot};
use crate::words;

/// No partner at any price.
const NEVER: f32 = 1e6;
/// Words of a request that one slot for a phrase can take.
const LONGEST_PHRASE: usize = 6;

/// A token of a request with what the vocabulary says of it.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) token: Token,
    pub(crate) term: Option<u16>,
    pub(crate) canonical: Option<u16>,
    /// How much it tells, 0 to 1.
    pub(crate) weight: f32,
    /// What it costs to leave it without a partner.
    pub(crate) skip: f32,
    /// A word that may as well be left out.
    is_stop: bool,
    /// Such a word, or one that denies or relates: no name.
    is_no_name: bool,
}

impl Asked {
    pub(crate) fn new(token: Token, index: &Index) -> Self {
        let term = index.term(&token.term());
        let canonical = match term {
            Some(term) => Some(index.canonical(term)),
            None => index.term(words::canonical(&token.value)),
        };
        let weight = canonical.map_or(1.0, |term| index.weight(term));
        let lower = token.word();
        let skip = match (&lower, token.look) {
            (Some(_), _) if token.is_soft => 0.04,
            (Some(word), _) if words::is_denying(word) => 1.1,
            (Some(word), _) if words::is_stop(word) => STOP.0,
            (Some(_), _) => 0.12 + 0.85 * weight,
            (None, Look::Dir) if token.value == "." => 0.1,
            (None, Look::Number) => 0.9,
            (None, _) => 1.1,
        };
        let is_stop = lower.as_deref().is_some_and(words::is_stop);
        let relates =
            |word: &str| words::is_denying(word) || words::is_relating(word) || words::is_adverb(word);
        let is_no_name = is_stop || lower.as_deref().is_some_and(relates);
        Self { is_stop: is_stop && !token.is_soft, is_no_name, token, term, canonical, weight, skip }
    }

    /// Words that repeat a part of a path which is also named say little: "Nina's folder (Music/Nina)".
    pub(crate) fn spare_repeated(asked: &mut [Self]) {
        let is_path = |token: &Token| matches!(token.look, Look::Dir | Look::File) || token.is_apart;
        let paths: Vec<(usize, String)> = asked
            .iter()
            .enumerate()
            .filter(|(_, one)| is_path(&one.token))
            .map(|(at, one)| (at, one.token.raw.to_lowercase()))
            .collect();
        for (at, one) in asked.iter_mut().enumerate() {
            let Some(word) = one.token.word() else { continue };
            let word = word.trim_end_matches("'s");
            let repeats =
                |(other, path): &(usize, String)| *other != at && path.split('/').any(|part| part == word);
            if word.len() > 2 && paths.iter().any(repeats) {
                one.skip = one.skip.min(0.08);
            }
        }
    }

    /// True for a path, number, name or text that a command must not leave out.
    pub(crate) fn is_loss(&self) -> bool {
        self.token.look != Look::Word && self.skip > 0.5
    }

    fn is_name_like(&self) -> bool {
        matches!(self.token.look, Look::Word | Look::Name | Look::Quoted)
    }
}

/// What an alignment costs, and what the slots take.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aligned {
    /// All of it.
    pub(crate) cost: f32,
    /// For tokens of the request without a partner.
    pub(crate) unsaid: f32,
    /// For tokens of the phrasing without a partner.
    pub(crate) extra: f32,
    /// For things in slots that are not quite of their type.
    pub(crate) strained: f32,
    /// Paths, numbers, names and quoted texts of the request without a partner.
    pub(crate) lost: usize,
    pub(crate) values: Vec<Option<Value>>,
}

/// A token of a phrasing with what aligning it needs.
pub(crate) struct Said {
    code: Code,
    canonical: u16,
    skip: f32,
    pub(crate) slot: Option<SlotType>,
}

/// What a word of no content costs at least and at most: the less else a request says, the more such words tell.
const STOP: (f32, f32) = (0.07, 0.3);

/// What words of no content cost in a request, and sets it for those that it has.
pub(crate) fn weigh_stops(asked: &mut [Asked]) -> f32 {
    let content: f32 = asked.iter().filter(|one| !one.is_stop).map(|one| one.skip).sum();
    let cost = (0.2 / (content + 0.3)).clamp(STOP.0, STOP.1);
    for one in asked.iter_mut().filter(|one| one.is_stop) {
        one.skip = cost;
    }
    cost
}

/// Room that is used again for each phrasing.
#[derive(Default)]
pub(crate) struct Room {
    /// What a word of no content costs.
    stop: f32,
    costs: Vec<f32>,
    steps: Vec<u8>,
}

impl Room {
    pub(crate) fn new(stop: f32) -> Self {
        Self { stop, ..Self::default() }
    }
}

const SKIP_SAID: u8 = 1;
const SKIP_ASKED: u8 = 2;
/// From here on: the slot or word takes so many tokens of the request.
const TAKE: u8 = 2;

/// Lays a phrasing beside a request. `None` where a slot of the command stays empty.
pub(crate) fn align(
    index: &Index,
    phrasing: usize,
    intent: &Stored<'_>,
    asked: &[Asked],
    room: &mut Room,
) -> Option<Aligned> {
    let said: Vec<Said> = index.codes(phrasing).map(|code| said(index, intent, code, room.stop)).collect();
    let (rows, columns) = (said.len() + 1, asked.len() + 1);
    room.costs.clear();
    room.costs.resize(rows * columns, NEVER);
    room.steps.clear();
    room.steps.resize(rows * columns, 0);
    let (costs, steps) = (&mut room.costs, &mut room.steps);
    *costs.first_mut()? = 0.0;
    for row in 0..rows {
        for column in 0..columns {
            let here = costs.get(row * columns + column).copied().unwrap_or(NEVER);
            if here >= NEVER {
                continue;
            }
            let mut reach = |row: usize, column: usize, cost: f32, step: u8| {
                let at = row * columns + column;
                if let (Some(known), Some(by)) = (costs.get_mut(at), steps.get_mut(at))
                    && cost < *known
                {
                    *known = cost;
                    *by = step;
                }
            };
            let word = said.get(row);
            if let Some(word) = word {
                reach(row + 1, column, here + word.skip, SKIP_SAID);
            }
            if let Some(token) = asked.get(column) {
                reach(row, column + 1, here + token.skip, SKIP_ASKED);
                if let Some(word) = word {
                    let cost = partner(index, word, token);
                    reach(row + 1, column + 1, here + cost, TAKE + 1);
                    if word.slot == Some(SlotType::Phrase) {
                        let mut cost = 0.3;
                        for length in 1..=LONGEST_PHRASE {
                            let Some(next) = asked.get(column + length - 1) else { break };
                            if !matches!(next.token.look, Look::Word | Look::Name | Look::Number) {
                                break;
                            }
                            cost += 0.06 + 0.25 * (1.0 - next.weight);
                            reach(row + 1, column + length, here + cost, TAKE + length as u8);
                        }
                    }
                }
            }
        }
    }
    collect(index, intent, &said, asked, room, columns)
}

/// Goes the cheapest way back and sees who is whose partner.
fn collect(
    index: &Index,
    intent: &Stored<'_>,
    said: &[Said],
    asked: &[Asked],
    room: &Room,
    columns: usize,
) -> Option<Aligned> {
    let mut aligned = Aligned { values: vec![None; intent.slots.len()], ..Aligned::default() };
    let mut lonely_said = Vec::new();
    let mut lonely_asked = Vec::new();
    let (mut row, mut column) = (said.len(), asked.len());
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    while row > 0 || column > 0 {
        match room.steps.get(row * columns + column).copied()? {
            SKIP_SAID => {
                row = row.checked_sub(1)?;
                lonely_said.push(row);
            }
            SKIP_ASKED => {
                column = column.checked_sub(1)?;
                lonely_asked.push(column);
            }
            step => {
                let length = usize::from(step.checked_sub(TAKE)?);
                (row, column) = (row.checked_sub(1)?, column.checked_sub(length)?);
                taken.push((row, column, length));
            }
        }
    }
    lonely_said.reverse();
    lonely_asked.reverse();
    // Equal words, and things that fit a slot, in another order.
    lonely_said.retain(|row| {
        let Some(word) = said.get(*row) else { return false };
        let best = lonely_asked
            .iter()
            .enumerate()
            .filter_map(|(at, column)| {
                let token = asked.get(*column)?;
                let cost = partner(index, word, token);
                let is_worth_it =
                    cost < 0.3 && word.skip > 0.1 && !(word.slot.is_some() && token.is_name_like());
                is_worth_it.then_some((at, *column, cost))
            })
            .min_by(|a, b| a.2.total_cmp(&b.2));
        let Some((at, column, _)) = best else { return true };
        lonely_asked.remove(at);
        aligned.strained += 0.1;
        taken.push((*row, column, 1));
        false
    });
    taken.sort_unstable();
    for (row, column, length) in taken {
        let (Some(word), Some(tokens)) = (said.get(row), asked.get(column..column + length)) else {
            continue;
        };
        if length == 1 {
            aligned.strained += tokens.first().map_or(0.0, |token| partner(index, word, token)).min(2.0);
        } else {
            aligned.strained += 0.3 + 0.1 * length as f32;
        }
        take(index, intent, word, tokens, &mut aligned)?;
    }
    for row in lonely_said {
        aligned.extra += said.get(row).map_or(0.0, |word| word.skip);
    }
    for column in lonely_asked {
        let Some(token) = asked.get(column) else { continue };
        aligned.unsaid += token.skip;
        aligned.lost += usize::from(token.is_loss());
    }
    for number in intent.command.chars().filter(|c| is_slot(*c)) {
        let number = u32::from(number) - tokens::FIRST_SLOT;
        let value = aligned.values.get_mut(number as usize)?;
        if value.is_none() {
            // Who names no place means the current directory.
            let is_dir = intent.slot(number as u8) == Some(SlotType::Dir);
            *value = Some(Value { text: is_dir.then(|| ".".to_owned())?, is_phrase: false });
        }
    }
    aligned.cost = aligned.unsaid + aligned.extra + aligned.strained;
    Some(aligned)
}

pub(crate) fn said(index: &Index, intent: &Stored<'_>, code: Code, stop: f32) -> Said {
    match code {
        Code::Slot(number) => {
            let slot = intent.slot(number);
            let skip = if slot == Some(SlotType::Dir) { 0.3 } else { 1.3 };
            Said { code, canonical: u16::MAX, skip, slot }
        }
        Code::Pattern(_) => Said { code, canonical: u16::MAX, skip: 1.3, slot: None },
        Code::Term(term) => {
            let skip = match index.class(term) {
                Class::Here => 0.1,
                Class::Thing => 1.0,
                Class::Stop => stop,
                Class::Denying => 1.1,
                Class::Word => 0.12 + 0.85 * index.weight(term),
            };
            Said { code, canonical: index.canonical(term), skip, slot: None }
        }
    }
}

/// What it costs to take the two for each other.
pub(crate) fn partner(index: &Index, said: &Said, asked: &Asked) -> f32 {
    match said.code {
        Code::Term(term) if Some(term) == asked.term => 0.0,
        Code::Term(_) if Some(said.canonical) == asked.canonical => 0.04 + 0.12 * asked.weight,
        Code::Term(term) if index.class(term) == Class::Stop && asked.is_stop => {
            0.5 * (said.skip + asked.skip)
        }
        Code::Term(term)
            if asked
                .token
                .extension
                .is_some_and(|e| index.spelling(term).strip_prefix(b"\x02") == Some(e.as_bytes())) =>
        {
            0.05
        }
        Code::Term(_) => NEVER,
        Code::Pattern(pattern) => match captured(index.pattern(pattern), &asked.token) {
            Some(_) => 0.05,
            None => NEVER,
        },
        Code::Slot(_) => said.slot.map_or(NEVER, |slot| fit(slot, asked)),
    }
}

/// What it costs to put the token into a slot of a type.
fn fit(slot: SlotType, asked: &Asked) -> f32 {
    let token = &asked.token;
    // A word that phrasings use a lot is hardly a name, and one that means a kind of file is more often that.
    let as_kind = if token.extension.is_some() { 0.6 } else { 0.0 };
    let as_name = if asked.is_no_name { NEVER } else { 0.2 + as_kind + 0.5 * (1.0 - asked.weight).max(0.0) };
    match (slot, token.look) {
        (SlotType::Dir, Look::Dir) => 0.0,
        (SlotType::Dir, Look::File) => 0.3,
        (SlotType::Dir, Look::Quoted) => 0.25,
        (SlotType::Dir, Look::Name | Look::Word) if token.is_folder && !asked.is_no_name => 0.25,
        (SlotType::Dir | SlotType::File, Look::Name | Look::Word) if words::is_a_kind(&token.raw) => NEVER,
        (SlotType::Dir, Look::Name) if token.is_place => 0.3,
        (SlotType::Dir, Look::Name) => 0.45,
        (SlotType::Dir, Look::Word) if token.is_place => as_name + 0.1,
        (SlotType::Dir, Look::Word) => as_name + 0.45,
        // What is packed is rarely read like a text: a phrasing that names the ending goes first.
        (SlotType::File, Look::File) if is_packed(&token.value) => 0.15,
        (SlotType::File, Look::File) => 0.0,
        (SlotType::File, Look::Dir) if token.value != "." && token.value != "~" => 0.3,
        (SlotType::File, Look::Quoted | Look::Host) => 0.25,
        (SlotType::File, Look::Name) => 0.3,
        (SlotType::File, Look::Ext) if token.raw.starts_with('*') => 0.3,
        (SlotType::File, Look::Word) if token.is_file => as_name + 0.15,
        (SlotType::File, Look::Word) => as_name + 0.5,
        (SlotType::Ext, Look::Ext) => 0.0,
        (SlotType::Ext, Look::Word) if token.extension.is_some() => 0.1,
        (SlotType::Size, Look::Size(_)) => 0.0,
        (SlotType::Size, Look::Number) => 0.6,
        (SlotType::Days, Look::Span(minutes)) if whole(minutes / 1440.0) => 0.0,
        // A week in minutes is right and nobody would write it.
        (SlotType::Hours, Look::Span(minutes)) if whole(minutes / 60.0) => {
            if whole(minutes / 1440.0) {
                0.15
            } else {
                0.0
            }
        }
        (SlotType::Mins, Look::Span(minutes)) if whole(minutes) => {
            if whole(minutes / 1440.0) {
                0.3
            } else if whole(minutes / 60.0) {
                0.12
            } else {
                0.0
            }
        }
        (SlotType::Days | SlotType::Hours | SlotType::Mins, Look::Number) => 0.6,
        (SlotType::Count, _) if token.number().is_some() => match token.look {
            Look::Number => 0.0,
            _ if token.raw.eq_ignore_ascii_case("one") => 0.35,
            _ => 0.08,
        },
        (SlotType::Port | SlotType::Pid, Look::Number) => 0.0,
        (SlotType::Mode, Look::Number) => {
            let is_octal = (3..=4).contains(&token.value.len()) && token.value.bytes().all(|b| b < b'8');
            if is_octal { 0.0 } else { 1.5 }
        }
        (SlotType::Mode, Look::Name) if token.raw.contains(['+', '=']) => 0.1,
        (SlotType::Url, Look::Url) => 0.0,
        (SlotType::Url, Look::Host) => 0.3,
        (SlotType::Ip, Look::Ip) | (SlotType::Host, Look::Host) => 0.0,
        (SlotType::Host, Look::Ip | Look::Mail) => 0.1,
        (SlotType::Ip, Look::Host) => 0.2,
        (SlotType::Host, Look::Name) => 0.2,
        (SlotType::Host, Look::Word) => as_name + 0.2,
        (SlotType::Date, Look::Date) => 0.0,
        (SlotType::User, Look::Name | Look::Quoted) => 0.15,
        (SlotType::User, Look::Word) => as_name,
        (SlotType::Phrase, Look::Quoted) => 0.0,
        (SlotType::Word, Look::Quoted) => 0.02,
        (SlotType::Word, Look::Name) => 0.1,
        (SlotType::Word, Look::File | Look::Ext | Look::Number | Look::Host | Look::Mail) => 0.35,
        (SlotType::Word, Look::Word) if token.raw.chars().all(char::is_uppercase) && token.raw.len() > 1 => {
            0.1
        }
        (SlotType::Word, Look::Word) => as_name,
        (SlotType::Var, Look::Word | Look::Name) => {
            let is_var = token
                .raw
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '$');
            if is_var { 0.0 } else { as_name + 0.3 }
        }
        (SlotType::Commit, Look::Name) => 0.0,
        (SlotType::Commit, Look::Word) if token.raw.len() >= 7 || token.raw.starts_with("HEAD") => 0.2,
        (SlotType::Name, Look::Name) => 0.05,
        (SlotType::Name, Look::Quoted) => 0.1,
        (SlotType::Name, Look::Word) => as_name,
        (SlotType::Name, Look::Number | Look::Host | Look::File) => 0.4,
        (SlotType::Name, Look::Dir)
            if token.value.contains('/') && !token.value.starts_with(['/', '~', '.']) =>
        {
            0.15
        }
        _ => NEVER,
    }
}

fn is_packed(name: &str) -> bool {
    const ENDINGS: &[&str] = &[".7z", ".bz2", ".gz", ".jar", ".rar", ".tar", ".tgz", ".xz", ".zip", ".zst"];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn whole(value: f64) -> bool {
    value >= 1.0 && value.fract() == 0.0 && value < 1e7
}

/// Puts tokens into the slots of their partner. `None` where one slot would hold two different values.
pub(crate) fn take(
    index: &Index,
    intent: &Stored<'_>,
    said: &Said,
    tokens: &[Asked],
    aligned: &mut Aligned,
) -> Option<()> {
    let mut put = |number: u8, text: String, is_phrase: bool| {
        let place = aligned.values.get_mut(usize::from(number))?;
        if place.as_ref().is_some_and(|known| known.text != text) {
            return None;
        }
        *place = Some(Value { text, is_phrase });
        Some(())
    };
    match said.code {
        Code::Term(_) => Some(()),
        Code::Slot(number) => {
            let slot = intent.slot(number)?;
            let texts: Vec<String> = tokens.iter().map(|asked| value(slot, &asked.token)).collect();
            put(number, texts.join(" "), slot == SlotType::Phrase)
        }
        Code::Pattern(pattern) => {
            let found = captured(index.pattern(pattern), &tokens.first()?.token)?;
            found.into_iter().try_for_each(|(number, text)| put(number, text, false))
        }
    }
}

/// What a pattern finds in a token.
fn captured(pattern: &str, token: &Token) -> Option<Vec<(u8, String)>> {
    if let Some(rest) = pattern.strip_prefix('\u{3}') {
        let mut chars = rest.chars();
        let slot = (u32::from(chars.next()?) - tokens::FIRST_SLOT) as u8;
        let unit = chars.as_str();
        let amount = match token.look {
            Look::Span(minutes) => minutes / crate::measures::span_unit(unit)?,
            Look::Size(bytes) => bytes / crate::measures::size_unit(unit)?,
            _ => return None,
        };
        return whole(amount).then(|| vec![(slot, format!("{amount}"))]);
    }
    if !matches!(
        token.look,
        Look::File
            | Look::Name
            | Look::Mail
            | Look::Url
            | Look::Host
            | Look::Dir
            | Look::Quoted
            | Look::Number
    ) {
        return None;
    }
    let found = render::capture(pattern, &token.raw)?;
    // One slot that takes a whole path with blanks or another name's ending is still what stands there.
    Some(found.into_iter().map(|(slot, text)| (slot, text.to_owned())).collect())
}

/// The value of a token in a slot of a type, as the command needs it.
fn value(slot: SlotType, token: &Token) -> String {
    let owner = |text: &str| text.strip_suffix("'s").unwrap_or(text).to_owned();
    match (slot, token.look) {
        (SlotType::Size, Look::Size(bytes)) => size(bytes),
        (SlotType::Days, Look::Span(minutes)) => format!("{}", minutes / 1440.0),
        (SlotType::Hours, Look::Span(minutes)) => format!("{}", minutes / 60.0),
        (SlotType::Mins, Look::Span(minutes)) => format!("{minutes}"),
        (SlotType::Count, _) => token.number().unwrap_or_else(|| token.raw.clone()),
        (SlotType::Ext, Look::Word) => token.extension.unwrap_or(&token.raw).to_owned(),
        (SlotType::Host, Look::Mail) => token.value.split_once('@').map_or("", |(_, host)| host).to_owned(),
        (SlotType::Var, _) => token.raw.trim_start_matches('$').to_owned(),
        (_, Look::Word) => owner(&token.raw),
        (_, Look::Name) => token.raw.clone(),
        (SlotType::File, Look::Ext) => token.raw.clone(),
        (SlotType::Word | SlotType::Phrase, Look::Ext | Look::File | Look::Number) => token.raw.clone(),
        _ => token.value.clone(),
    }
}

/// Bytes as `find`, `truncate` and others write them: the largest unit that leaves no fraction.
pub(crate) fn size(bytes: f64) -> String {
    for (unit, letter) in [(40, "T"), (30, "G"), (20, "M"), (10, "k")] {
        let amount = bytes / f64::from(unit).exp2();
        if amount >= 1.0 && amount.fract() == 0.0 {
            return format!("{amount}{letter}");
        }
    }
    if bytes >= 1024.0 { format!("{}k", (bytes / 1024.0).round()) } else { format!("{}c", bytes.round()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_without_a_fraction() {
        let mb = 1024.0 * 1024.0;
        assert_eq!(size(100.0 * mb), "100M");
        assert_eq!(size(1536.0 * mb), "1536M");
        assert_eq!(size(1024.0 * mb), "1G");
        assert_eq!(size(500.0), "500c");
        assert_eq!(size(1500.0), "1k");
    }
}
