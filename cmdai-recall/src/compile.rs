//! Intents to one block of bytes: the same intents give the same bytes.
//!
//! Only what a look-up needs is kept: the vocabulary as sorted stems, each phrasing as numbers of two
//! bytes, for each rarer word the phrasings that hold it, and the templates. The layout is in [`crate::index`].

use std::collections::HashMap;

use crate::embed::{self, Embedding, WIDTH};
use crate::index::{
    Class, DETAIL, FIRST_PATTERN, FIRST_SLOT_CODE, Index, LONG, MAGIC, PLAIN, SECTIONS, SHORT,
};
use crate::intents::Intent;
use crate::slots::{Piece, SlotType, pieces};
use crate::tokens::{self, FIRST_SLOT, Look, MOST_SLOTS, Token, is_slot};
use crate::words;
use crate::{Shell, System};

/// A token of a phrasing, its text as a number of [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Term(usize),
    Slot(u8),
    /// Text with slots in it; a leading U+0003 stands before a slot and its unit.
    Pattern(usize),
}

struct Phrasing {
    intent: usize,
    parts: Vec<Part>,
    /// Terms by which it is found, each once.
    keys: Vec<usize>,
}

/// Texts with numbers, in the order in which they came, and for each the text that stands for all that mean the same.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
    canonical: Vec<usize>,
}

impl Texts {
    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len();
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        self.canonical.push(number);
        let canonical = words::canonical(text);
        if canonical != text {
            let canonical = self.number(canonical);
            self.canonical[number] = canonical;
        }
        number
    }

    /// Their places in the order of their bytes, the first `most` of them.
    fn sorted(&self, most: u16) -> (Vec<usize>, Vec<Option<u16>>) {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.sort_by(|a, b| self.texts[*a].cmp(&self.texts[*b]));
        order.truncate(usize::from(most));
        let mut places = vec![None; self.texts.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number] = Some(place as u16);
        }
        (order, places)
    }
}

/// Compiles files of intents, each with the name under which answers tell where they came from.
pub fn compile(files: &[(&str, &[Intent])]) -> Vec<u8> {
    compile_with(files, None)
}

/// The same, found by what they mean in place of by their words.
pub fn compile_with(files: &[(&str, &[Intent])], embedding: Option<&Embedding>) -> Vec<u8> {
    let mut intents: Vec<(usize, &Intent)> = files
        .iter()
        .enumerate()
        .flat_map(|(file, (_, rows))| rows.iter().map(move |row| (file, row)))
        .collect();
    // Details behind all that can answer.
    intents.sort_by_key(|(_, intent)| intent.is_detail);
    // Numbers of two bytes; more intents than that are a mistake, and the first ones count.
    intents.truncate(usize::from(u16::MAX));
    let (mut terms, mut patterns) = (Texts::default(), Texts::default());
    for kind in embed::KINDS {
        terms.number(kind);
    }
    // A request may use words that no phrasing has.
    for name in embedding.into_iter().flat_map(Embedding::terms) {
        terms.number(name);
    }
    let mut phrasings = Vec::new();
    for (number, (_, intent)) in intents.iter().enumerate() {
        // All of them, so that the place of a phrasing in its intent stays what it was.
        for phrasing in &intent.phrasings {
            let mut parts = parts(phrasing, intent, &mut terms, &mut patterns);
            parts.truncate(tokens::MOST_TOKENS);
            let keys = keys(&parts, intent, &mut terms, &patterns);
            phrasings.push(Phrasing { intent: number, parts, keys });
        }
    }
    write(files, &intents, &phrasings, &terms, &patterns, embedding)
}

/// Slots as private characters, in the order of the intent's slots.
fn marked(template: &str, intent: &Intent, spoken: bool) -> String {
    let mut text = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(piece) => text.extend(piece.chars().filter(|c| !is_slot(*c))),
            Piece::Slot(name) => {
                let position = |name: &str| intent.slots.iter().position(|(known, _)| known == name);
                let number = position(&name).or_else(|| {
                    if spoken {
                        text.push_str("in ");
                    }
                    name.strip_suffix("_in").and_then(position)
                });
                text.extend(number.and_then(|n| char::from_u32(FIRST_SLOT + n as u32)));
            }
        }
    }
    text
}

fn parts(phrasing: &str, intent: &Intent, terms: &mut Texts, patterns: &mut Texts) -> Vec<Part> {
    let text = marked(phrasing, intent, true);
    let text = text.replace("in in ", "in ");
    let read = tokens::tokens(&text);
    let mut parts = Vec::new();
    let mut index = 0;
    while let Some(token) = read.get(index) {
        index += 1;
        if let Some(slot) = lone_slot(&token.value) {
            let unit = read.get(index).and_then(Token::word).unwrap_or_default();
            let is_number = intent.slots.get(usize::from(slot)).is_some_and(|s| s.1 == SlotType::Count);
            if is_number
                && (crate::measures::size_unit(&unit).is_some()
                    || crate::measures::span_unit(&unit).is_some())
            {
                parts.push(Part::Pattern(patterns.number(&format!("\u{3}{}{unit}", token.value))));
                index += 1;
            } else {
                parts.push(Part::Slot(slot));
            }
        } else if token.raw.contains(is_slot) {
            // `.{ext}` and `*.{ext}` are the extension as people write it.
            let bare = token.raw.trim_start_matches(['*', '.']);
            match lone_slot(bare).filter(|_| token.raw.contains('.')) {
                Some(slot) => parts.push(Part::Slot(slot)),
                None => parts.push(Part::Pattern(patterns.number(&token.raw))),
            }
        } else if token.look == Look::Word && token.raw.contains('-') {
            let words = token.raw.split('-').filter(|word| !word.is_empty());
            parts.extend(words.map(|word| Part::Term(terms.number(&words::stem(&word.to_lowercase())))));
        } else {
            parts.push(Part::Term(terms.number(&token.term())));
        }
    }
    parts
}

fn lone_slot(text: &str) -> Option<u8> {
    let mut chars = text.chars();
    let first = chars.next().filter(|c| is_slot(*c))?;
    chars.next().is_none().then(|| (u32::from(first) - FIRST_SLOT) as u8)
}

fn keys(parts: &[Part], intent: &Intent, terms: &mut Texts, patterns: &Texts) -> Vec<usize> {
    let mut keys = Vec::new();
    for part in parts {
        match part {
            Part::Term(number) => {
                let term = &terms.texts[*number];
                let extension = if term.starts_with('\u{2}') { extension_key(term) } else { None };
                if !words::is_stop(term) {
                    keys.push(terms.canonical[*number]);
                }
                keys.extend(extension.map(|key| terms.number(&key)));
            }
            Part::Slot(slot) => {
                let kind = intent.slots.get(usize::from(*slot)).map(|slot| slot.1);
                keys.extend(kind.and_then(SlotType::term).map(|term| terms.number(term)));
            }
            Part::Pattern(number) => {
                let pattern = &patterns.texts[*number];
                if let Some(unit) = pattern.strip_prefix('\u{3}') {
                    let unit: String = unit.chars().filter(|c| !is_slot(*c)).collect();
                    let is_size = crate::measures::size_unit(&unit).is_some();
                    keys.push(terms.number(if is_size { "\u{1}size" } else { "\u{1}span" }));
                } else if let Some(key) = extension_key(pattern) {
                    keys.extend([terms.number(&key), terms.number("\u{1}file")]);
                }
            }
        }
    }
    if keys.is_empty() {
        keys.push(terms.number(NO_CONTENT));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The key of phrasings that have no other: "who am i".
pub(crate) const NO_CONTENT: &str = "\u{5}";

/// The key for the extension of a file name.
pub(crate) fn extension_key(name: &str) -> Option<String> {
    let (_, extension) = name.rsplit_once('.')?;
    let is_one = (1..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    is_one.then(|| format!("\u{4}{}", extension.to_lowercase()))
}

/// How much a term tells, 0 to 1, from the share of intents that hold it.
fn weight(intents_with: usize, intents: usize) -> f32 {
    let all = (intents.max(2) as f32).ln();
    ((intents.max(1) as f32 / intents_with.max(1) as f32).ln() / all).clamp(0.02, 1.0)
}

fn write(
    files: &[(&str, &[Intent])],
    intents: &[(usize, &Intent)],
    phrasings: &[Phrasing],
    terms: &Texts,
    patterns: &Texts,
    embedding: Option<&Embedding>,
) -> Vec<u8> {
    let (term_order, term_places) = terms.sorted(FIRST_PATTERN);
    let (pattern_order, pattern_places) = patterns.sorted(FIRST_SLOT_CODE - FIRST_PATTERN);

    // How many intents hold a canonical term, and the last one that was counted. Details do not count: how much a word tells
    // is learnt from whole requests.
    let mut holders = vec![(0_usize, usize::MAX); terms.texts.len()];
    let answering = intents.iter().filter(|(_, intent)| !intent.is_detail).count();
    for phrasing in phrasings.iter().filter(|phrasing| phrasing.intent < answering) {
        let held = phrasing.parts.iter().filter_map(|part| match part {
            Part::Term(term) => Some(terms.canonical[*term]),
            _ => None,
        });
        for term in held.chain(phrasing.keys.iter().copied()) {
            if holders[term].1 != phrasing.intent {
                holders[term] = (holders[term].0 + 1, phrasing.intent);
            }
        }
    }
    let weights: Vec<u8> = (0..terms.texts.len())
        .map(|term| weight(holders[terms.canonical[term]].0, answering))
        .map(|weight| (weight * 255.0).round().clamp(1.0, 255.0) as u8)
        .collect();

    let mut sections: [Vec<u8>; SECTIONS] = Default::default();
    let [
        term_ends,
        term_bytes,
        term_weights,
        term_canonical,
        phrase_lengths,
        phrase_codes,
        first_phrasings,
        phrase_norms,
        posting_ends,
        postings,
        pattern_ends,
        pattern_bytes,
        intent_ends,
        intent_bytes,
        file_names,
        term_classes,
        first_codes,
        vector_numbers,
        vectors,
        _,
        pair_keys,
        pair_vectors,
        code_ranks,
    ] = &mut sections;

    for number in &term_order {
        let text = terms.texts[*number].as_str();
        term_bytes.extend(text.as_bytes());
        put_u32(term_ends, term_bytes.len());
        term_weights.push(weights[*number]);
        term_classes.push(Class::of(text) as u8);
        put_u16(term_canonical, term_places[terms.canonical[*number]].unwrap_or(0));
        if let Some(embedding) = embedding {
            let vector = embedding.vector(text);
            put_u16(vector_numbers, vector.map_or(0, |_| vectors.len() / WIDTH + 1));
            vectors.extend(vector.into_iter().flatten());
        }
    }
    let place = |text: &str| terms.numbers.get(text).and_then(|number| term_places[*number]);
    let mut pairs: Vec<(u16, u16, &[u8])> = embedding
        .into_iter()
        .flat_map(Embedding::pairs)
        .filter_map(|(left, right, vector)| Some((place(left)?, place(right)?, vector)))
        .collect();
    pairs.sort_unstable();
    for (left, right, vector) in pairs {
        put_u32(pair_keys, usize::from(left) << 16 | usize::from(right));
        pair_vectors.extend(vector);
    }
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); term_order.len()];
    let code = |part: &Part| match part {
        Part::Term(term) => term_places[*term],
        Part::Slot(slot) => Some(FIRST_SLOT_CODE + u16::from(*slot)),
        Part::Pattern(pattern) => pattern_places[*pattern].map(|place| FIRST_PATTERN + place),
    };
    let ranks =
        ranks(phrasings.iter().flat_map(|phrasing| phrasing.parts.iter().filter_map(code)), code_ranks);
    for (number, phrasing) in phrasings.iter().enumerate() {
        while first_phrasings.len() / 4 <= phrasing.intent {
            put_u32(first_phrasings, number);
            put_u32(first_codes, phrase_codes.len());
        }
        let first_code = phrase_codes.len();
        for code in phrasing.parts.iter().filter_map(code) {
            put_rank(phrase_codes, ranks.get(&code).copied().unwrap_or(0));
        }
        phrase_lengths.push((phrase_codes.len() - first_code) as u8);
        if embedding.is_some() {
            continue;
        }
        let square = |key: &usize| (f32::from(weights[*key]) / 255.0).powi(2);
        let norm: f32 = phrasing.keys.iter().map(square).sum::<f32>().sqrt();
        phrase_norms.push((norm * 40.0).round().clamp(1.0, 255.0) as u8);
        for key in &phrasing.keys {
            if let Some(place) = term_places[*key] {
                lists[usize::from(place)].push(number as u32);
            }
        }
    }
    while first_phrasings.len() / 4 < intents.len() {
        put_u32(first_phrasings, phrasings.len());
        put_u32(first_codes, phrase_codes.len());
    }
    for list in lists.iter().filter(|_| embedding.is_none()) {
        let mut last = 0;
        for phrase in list {
            put_varint(postings, phrase - last);
            last = *phrase;
        }
        put_u32(posting_ends, postings.len());
    }
    for number in &pattern_order {
        pattern_bytes.extend(patterns.texts[*number].as_bytes());
        put_u32(pattern_ends, pattern_bytes.len());
    }
    for (file, intent) in intents {
        let command = marked(&intent.command, intent, false);
        intent_bytes.push(Shell::ALL.iter().position(|shell| *shell == intent.shell).unwrap_or(0) as u8);
        intent_bytes.push(System::ALL.iter().position(|system| *system == intent.system).unwrap_or(0) as u8);
        intent_bytes.push((*file).min(255) as u8);
        intent_bytes.push(if intent.is_detail {
            DETAIL
        } else {
            u8::from(is_plain(&intent.command)) * PLAIN
        });
        intent_bytes.push(intent.id.len().min(255) as u8);
        intent_bytes.push(intent.slots.len().min(MOST_SLOTS as usize) as u8);
        intent_bytes.extend(intent.slots.iter().take(MOST_SLOTS as usize).map(|(_, kind)| *kind as u8));
        intent_bytes.extend(intent.id.as_bytes());
        intent_bytes.extend(command.as_bytes());
        put_u32(intent_ends, intent_bytes.len());
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    file_names.extend(names.join("\n").as_bytes());

    let block = joined(&sections);
    if embedding.is_none() {
        return block;
    }
    if let Some(index) = Index::new(block.into()) {
        // Details are found by their words.
        sections[19] = (0..index.details().start).flat_map(|intent| embed::meaning(&index, intent)).collect();
    }
    joined(&sections)
}

/// The place of each code among all, the most usual one first; writes them down in that order.
fn ranks(codes: impl Iterator<Item = u16>, order: &mut Vec<u8>) -> HashMap<u16, usize> {
    let mut counts: HashMap<u16, usize> = HashMap::new();
    for code in codes {
        *counts.entry(code).or_default() += 1;
    }
    let mut counts: Vec<(u16, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts.iter().for_each(|(code, _)| put_u16(order, *code));
    counts.into_iter().enumerate().map(|(rank, (code, _))| (code, rank)).collect()
}

fn put_rank(out: &mut Vec<u8>, rank: usize) {
    let behind = rank.saturating_sub(usize::from(SHORT));
    if rank < usize::from(SHORT) {
        out.push(rank as u8);
    } else if behind >> 8 < usize::from(LONG - SHORT) {
        out.extend([SHORT + (behind >> 8) as u8, behind as u8]);
    } else {
        out.extend([LONG, rank as u8, (rank >> 8) as u8]);
    }
}

fn joined(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for section in sections {
        put_u32(&mut out, section.len());
    }
    for section in sections {
        out.extend(section);
    }
    out
}

/// One program with its words: such a command means the same in every shell.
pub(crate) fn is_plain(command: &str) -> bool {
    const EVERYWHERE: &[&str] = &[
        "ansible",
        "aws",
        "az",
        "brew",
        "cargo",
        "curl",
        "docker",
        "docker-compose",
        "ffmpeg",
        "gcloud",
        "gh",
        "git",
        "go",
        "helm",
        "java",
        "kubectl",
        "make",
        "node",
        "npm",
        "npx",
        "openssl",
        "pip",
        "pip3",
        "podman",
        "psql",
        "python",
        "python3",
        "rsync",
        "rustup",
        "scp",
        "ssh",
        "ssh-keygen",
        "terraform",
        "tmux",
        "uv",
        "yarn",
    ];
    let program = command.split(' ').next().unwrap_or("");
    EVERYWHERE.contains(&program)
        && !command.contains(['|', '&', ';', '<', '>', '$', '`', '(', '*', '\\', '~'])
}

fn put_u16(out: &mut Vec<u8>, value: impl TryInto<u16>) {
    out.extend(value.try_into().unwrap_or(0).to_le_bytes());
}

fn put_u32(out: &mut Vec<u8>, value: usize) {
    out.extend((value as u32).to_le_bytes());
}

fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
