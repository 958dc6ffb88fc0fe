//! Which phrasings to lay beside a request.

use crate::align::Asked;
use crate::index::Index;
use crate::memory::Question;
use crate::tokens::Look;
use crate::{Shell, System, compile, embed, words};

/// Phrasings that are laid beside a request.
const POOL: usize = 120;
/// Intents whose phrasings are looked at.
const NEAREST: usize = 40;
/// How much short phrasings come before long ones that share as much.
const SHORT: f32 = 0.5;
/// How much a thing of a type counts among the keys of a request, beside the words.
const SLOT: f32 = 1.5;

/// A phrasing that is laid beside a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) phrasing: usize,
    /// How much it means what the request means: the cosine of the angle between them; 0 where nothing tells.
    pub(crate) alike: f32,
}

/// Phrasings to lay beside a request, those that promise most first.
pub(crate) fn pool(
    index: &Index,
    asked: &[Asked],
    left_out: Option<&Without>,
    question: &Question<'_>,
) -> Vec<Found> {
    if index.has_meanings() {
        return by_meaning(index, asked, left_out, question);
    }
    let found = by_words(index, asked, left_out, question).into_iter();
    found.map(|phrasing| Found { phrasing, alike: 0.0 }).collect()
}

/// Phrasings of the intents that mean nearly what the request means, the most alike first.
fn by_meaning(
    index: &Index,
    asked: &[Asked],
    left_out: Option<&Without>,
    question: &Question<'_>,
) -> Vec<Found> {
    let to = embed::direction(index, embed::of_request(index, asked));
    let mut intents: Vec<(f32, u16)> = Vec::new();
    let mut least = f32::MIN;
    for (number, alike) in embed::all_alike(index, &to).enumerate() {
        let number = number as u16;
        if alike > least && distance(index, number, question).is_some() {
            intents.push((alike, number));
            if intents.len() >= 8 * NEAREST {
                least = shrink(&mut intents, NEAREST);
            }
        }
    }
    shrink(&mut intents, NEAREST);
    let mut found: Vec<(f32, usize)> = Vec::new();
    for (_, number) in intents {
        let Some(intent) = index.intent(number) else { continue };
        let phrasings = index.phrasings_of(number);
        for phrasing in phrasings.filter(|at| !left_out.is_some_and(|without| without.holds(number, *at))) {
            let one = embed::direction(index, embed::of_phrasing(index, phrasing, &intent));
            found.push((embed::alike(&to, &one), phrasing));
        }
    }
    shrink(&mut found, POOL);
    found.into_iter().map(|(alike, phrasing)| Found { phrasing, alike }).collect()
}

/// Phrasings that share the most with the request, weighed by how much each word tells.
fn by_words(
    index: &Index,
    asked: &[Asked],
    left_out: Option<&Without>,
    question: &Question<'_>,
) -> Vec<usize> {
    // With how much of its weight each counts.
    let mut keys: Vec<(u16, f32)> = Vec::new();
    for token in asked {
        let is_word = token.token.look == Look::Word;
        let is_stop = token.token.word().is_some_and(|word| words::is_stop(&word));
        keys.extend(token.canonical.filter(|_| !is_word || !is_stop).map(|term| (term, 1.0)));
        keys.extend(token.token.slot_term().and_then(|term| index.term(term)).map(|term| (term, SLOT)));
        if token.token.look == Look::File {
            // The extension of a named file rarely says what is to be done with it.
            let key = compile::extension_key(&token.token.value).and_then(|key| index.term(&key));
            keys.extend(key.map(|term| (term, 0.2)));
        }
        if let Some(extension) = token.token.extension {
            keys.extend(index.term(&format!("\u{2}{extension}")).map(|term| (term, 1.0)));
        }
        if token.token.look == Look::Word && token.token.number().is_some() {
            keys.extend(index.term("\u{1}number").map(|term| (term, SLOT)));
        }
    }
    if keys.is_empty() {
        keys.extend(index.term(compile::NO_CONTENT).map(|term| (term, 1.0)));
    }
    keys.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    keys.dedup_by_key(|key| key.0);
    let mut scores = vec![0.0_f32; index.phrasings()];
    for (key, share) in &keys {
        let weight = share * index.weight(*key).powi(2);
        for phrasing in index.postings(*key) {
            if let Some(score) = scores.get_mut(phrasing) {
                *score += weight;
            }
        }
    }
    // Longer phrasings share more by chance.
    let shares: [f32; 256] = std::array::from_fn(|norm| (norm.max(1) as f32 / 40.0).powf(-SHORT));
    let mut found: Vec<(f32, usize)> = Vec::new();
    let mut least = 0.0_f32;
    for (phrasing, (score, norm)) in scores.iter().zip(index.norms()).enumerate() {
        let score = score * shares[usize::from(*norm)];
        if score <= least {
            continue;
        }
        let number = index.intent_of(phrasing);
        let is_possible = distance(index, number, question).is_some();
        if !is_possible || left_out.is_some_and(|without| without.holds(number, phrasing)) {
            continue;
        }
        found.push((score, phrasing));
        if found.len() >= 8 * POOL {
            least = shrink(&mut found, POOL);
        }
    }
    shrink(&mut found, POOL);
    found.into_iter().map(|(_, phrasing)| phrasing).collect()
}

/// Keeps the best, in order, and tells what the last of them has.
fn shrink<T: Ord>(found: &mut Vec<(f32, T)>, most: usize) -> f32 {
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
    if found.len() < most { f32::MIN } else { found.last().map_or(f32::MIN, |last| last.0) }
}

/// What an intent costs for being of another shell or system; `None` where its command would not work.
pub(crate) fn distance(index: &Index, intent: u16, question: &Question<'_>) -> Option<f32> {
    if index.is_detail(intent) {
        return None;
    }
    let (shell, system, is_plain) = index.tags(intent)?;
    let away = match (system, question.system) {
        (System::Any, _) => 0.0,
        (System::Linux, System::Any | System::Linux) => 0.0,
        (a, b) if a == b => 0.0,
        // Most of what is marked as GNU works elsewhere, too; what does not is found out by its flags.
        (System::Linux, System::MacOs) => 0.35,
        _ => return None,
    };
    let foreign = match (shell, question.shell) {
        (a, b) if a == b => 0.0,
        (Shell::Bash, Shell::Zsh) => 0.02,
        (Shell::Bash, Shell::Fish) => 0.15,
        // macOS has its intents under zsh.
        (Shell::Zsh, Shell::Bash | Shell::Fish) if system == System::MacOs => 0.05,
        (Shell::Bash, Shell::Nu | Shell::PowerShell) if is_plain => 0.1,
        _ => return None,
    };
    Some(away + foreign)
}

/// An intent, or one phrasing of it, that is not to be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Without {
    intent: u16,
    phrasing: Option<usize>,
}

impl Without {
    pub(crate) fn new(index: &Index, file: &str, id: &str, phrasing: Option<usize>) -> Option<Self> {
        let intent = (0..index.intents() as u16).find(|number| {
            index.intent(*number).is_some_and(|intent| intent.id == id && index.file(intent.file) == file)
        })?;
        let first = (0..index.phrasings()).find(|at| index.intent_of(*at) == intent)?;
        Some(Self { intent, phrasing: phrasing.map(|number| first + number) })
    }

    fn holds(&self, intent: u16, phrasing: usize) -> bool {
        self.intent == intent && self.phrasing.is_none_or(|without| without == phrasing)
    }
}
