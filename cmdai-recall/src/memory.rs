//! Look-ups: which phrasings to lay beside a request, and the drafts that come of it.

use std::borrow::Cow;
use std::fmt;

use crate::align::{Aligned, Asked, Room, align, weigh_stops};
use crate::compose::{Composed, compose};
use crate::index::Index;
use crate::render::render;
use crate::tokens::{self, Look};
use crate::words;
use crate::{Shell, System, compile};

/// Phrasings that are laid beside a request.
const POOL: usize = 120;
/// How much short phrasings come before long ones that share as much.
const SHORT: f32 = 0.5;
/// How much a thing of a type counts among the keys of a request, beside the words.
const SLOT: f32 = 1.5;
/// Drafts that one look-up gives at most.
const MOST_DRAFTS: usize = 12;

/// What is asked of the memory.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Question<'a> {
    /// The request, one clean line.
    pub request: &'a str,
    /// The shell to write for.
    pub shell: Shell,
    /// The system to write for; `Any` counts as Linux.
    pub system: System,
}

impl<'a> Question<'a> {
    /// A question for bash on Linux.
    pub fn new(request: &'a str) -> Self {
        Self { request, ..Self::default() }
    }

    /// The same for another shell and system.
    #[must_use]
    pub fn on(mut self, shell: Shell, system: System) -> Self {
        (self.shell, self.system) = (shell, system);
        self
    }
}

/// A command that the memory offers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Draft {
    /// The command.
    pub command: String,
    /// True where a user's own intent says it.
    pub own: bool,
    /// How far the request is from the nearest phrasing: 0 for the same words, above 1 for little in common.
    pub cost: f32,
    /// The share of `cost` for words of the request that the phrasing lacks.
    pub unsaid: f32,
    /// The share of `cost` for words of the phrasing that the request lacks.
    pub extra: f32,
    /// Paths, numbers, names and quoted texts of the request that the command does not use.
    pub lost: usize,
    /// What all words of the request weigh: `unsaid` cannot be more.
    pub weight: f32,
    /// The file of the intent.
    pub file: String,
    /// The id of the intent, unique in its file.
    pub intent: String,
    /// The nearest phrasing as it lies in the memory: stems, and slots in braces.
    pub phrasing: String,
}

/// Compiled intents, ready for questions.
#[derive(Clone, PartialEq)]
pub struct Memory {
    index: Index,
    /// Files of a user, which count before the others.
    own: Option<Index>,
    left_out: Option<Without>,
}

impl Memory {
    /// A memory over what [`compile`] wrote; `None` for other bytes.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Self> {
        Some(Self { index: Index::new(bytes.into())?, own: None, left_out: None })
    }

    /// The same with further intents, as files with their names.
    #[must_use]
    pub fn with_own(mut self, files: &[(&str, &[crate::Intent])]) -> Self {
        let holds_any = files.iter().any(|(_, intents)| !intents.is_empty());
        self.own = if holds_any { Index::new(compile(files).into()) } else { None };
        self
    }

    /// The same without an intent, by file and id, or without one phrasing of it, by its place: for measuring what the
    /// memory gives to a request that nobody wrote. Only intents of the first block are left out.
    #[must_use]
    pub fn leaving_out(mut self, file: &str, id: &str, phrasing: Option<usize>) -> Self {
        self.left_out = Without::new(&self.index, file, id, phrasing);
        self
    }

    /// Bytes of the memory, intents in it, phrasings in it.
    pub fn size(&self) -> (usize, usize, usize) {
        (self.index.bytes(), self.index.intents(), self.index.phrasings())
    }

    /// Commands for a request, the nearest first, each once; at most a dozen.
    pub fn recall(&self, question: &Question<'_>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        if let Some(own) = &self.own {
            let from_own = from(own, Some(&self.index), None, question).into_iter();
            drafts.extend(from_own.map(|draft| Draft { own: true, ..draft }));
        }
        drafts.extend(from(&self.index, None, self.left_out.as_ref(), question));
        drafts.extend(composed(&self.index, question));
        // A stable sort: of equal ones a user's own comes first.
        drafts.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut seen: Vec<String> = Vec::new();
        drafts.retain(|draft| {
            let is_new = !seen.contains(&draft.command);
            if is_new {
                seen.push(draft.command.clone());
            }
            is_new
        });
        drafts.truncate(MOST_DRAFTS);
        drafts
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, intents, phrasings) = self.size();
        write!(f, "Memory({intents} intents, {phrasings} phrasings)")
    }
}

/// What an intent costs for being of another shell or system; `None` where its command would not work.
fn distance(index: &Index, intent: u16, question: &Question<'_>) -> Option<f32> {
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

/// Commands put together from pieces, which cost a little more than a phrasing that somebody wrote as a whole.
fn composed(index: &Index, question: &Question<'_>) -> Vec<Draft> {
    let asked = read(index, None, question.request);
    let weight = asked.iter().map(|token| token.skip).sum();
    let draft = |found: Composed| Draft {
        own: false,
        command: found.command,
        cost: found.piecewise + found.unsaid,
        unsaid: found.unsaid,
        extra: 0.0,
        lost: found.lost,
        weight,
        file: "composed".to_owned(),
        intent: found.family.to_owned(),
        phrasing: "several conditions".to_owned(),
    };
    compose(&asked, question.shell, question.system).into_iter().map(draft).collect()
}

/// Drafts from one index, in no order.
fn from(
    index: &Index,
    weights: Option<&Index>,
    left_out: Option<&Without>,
    question: &Question<'_>,
) -> Vec<Draft> {
    let mut asked = read(index, weights, question.request);
    let mut room = Room::new(weigh_stops(&mut asked));
    let weight: f32 = asked.iter().map(|token| token.skip).sum();
    let mut best: Vec<(u16, usize, Aligned, f32)> = Vec::new();
    for phrasing in pool(index, &asked, left_out, question) {
        let number = index.intent_of(phrasing);
        let Some(intent) = index.intent(number) else { continue };
        let Some(away) = distance(index, number, question) else { continue };
        let Some(aligned) = align(index, phrasing, &intent, &asked, &mut room) else { continue };
        let cost = aligned.cost + away;
        match best.iter_mut().find(|known| known.0 == number) {
            Some(known) if known.3 <= cost => {}
            Some(known) => *known = (number, phrasing, aligned, cost),
            None => best.push((number, phrasing, aligned, cost)),
        }
    }
    best.sort_by(|a, b| a.3.total_cmp(&b.3).then(a.0.cmp(&b.0)));
    let mut drafts: Vec<Draft> = Vec::new();
    for (number, phrasing, aligned, cost) in best {
        if drafts.len() >= MOST_DRAFTS {
            break;
        }
        let Some(intent) = index.intent(number) else { continue };
        let Some(command) = render(intent.command, &aligned.values, question.shell) else { continue };
        if drafts.iter().any(|known| known.command == command) {
            continue;
        }
        drafts.push(Draft {
            command,
            own: false,
            cost,
            unsaid: aligned.unsaid,
            extra: aligned.extra,
            lost: aligned.lost,
            weight,
            file: index.file(intent.file).to_owned(),
            intent: intent.id.to_owned(),
            phrasing: spelled(index, phrasing),
        });
    }
    drafts
}

/// Words behind which a word with a dash is a name as it stands ("the branch feature-login"). Sorted.
const BEFORE_NAMES: &[&str] = &[
    "branch",
    "called",
    "container",
    "database",
    "deployment",
    "directory",
    "file",
    "folder",
    "group",
    "host",
    "image",
    "named",
    "namespace",
    "network",
    "package",
    "pod",
    "repo",
    "server",
    "service",
    "session",
    "table",
    "tag",
    "user",
    "volume",
];

/// The request's tokens with what the vocabulary knows of them; slips of the finger are set right.
fn read(index: &Index, weights: Option<&Index>, request: &str) -> Vec<Asked> {
    let mut tokens = Vec::new();
    for token in tokens::tokens(request) {
        let parts: Vec<&str> = token.raw.split('-').filter(|part| !part.is_empty()).collect();
        let are_known = || {
            parts.iter().all(|part| {
                let part = part.to_lowercase();
                part.bytes().all(|b| b.is_ascii_lowercase()) && index.term(&words::stem(&part)).is_some()
            })
        };
        if token.look == Look::Word && parts.len() > 1 && index.term(&token.value).is_none() {
            let is_called = tokens
                .last()
                .and_then(tokens::Token::word)
                .is_some_and(|before| BEFORE_NAMES.binary_search(&before.as_str()).is_ok());
            if are_known() && !is_called {
                tokens.extend(tokens::tokens(&parts.join(" ")));
                continue;
            }
            tokens.push(tokens::Token { look: Look::Name, value: token.raw.clone(), ..token });
            continue;
        }
        tokens.push(token);
    }
    tokens.truncate(tokens::MOST_TOKENS);
    let mut asked: Vec<Asked> = tokens.into_iter().map(|token| Asked::new(token, index)).collect();
    for token in &mut asked {
        if token.term.is_none() && token.canonical.is_none() && token.token.look == Look::Word {
            slip(index, token);
        }
        // A small memory knows little of how usual words are.
        if let Some(weights) = weights {
            let same = Asked::new(token.token.clone(), weights);
            (token.weight, token.skip) = (same.weight, same.skip);
        }
    }
    Asked::spare_repeated(&mut asked);
    asked
}

/// A word that nobody uses and that is one slip from one that many use stands for that one, at a price.
fn slip(index: &Index, asked: &mut Asked) {
    let word = asked.token.value.clone();
    let is_plain = asked.token.raw.chars().skip(1).all(|c| c.is_ascii_lowercase());
    if word.len() < 5 || !is_plain || asked.token.is_place {
        return;
    }
    let mut best: Option<(f32, u16)> = None;
    for number in index.beginning(word.as_bytes().first().copied().unwrap_or(0)) {
        let known = index.spelling(number);
        let weight = index.weight(number);
        if weight < 0.62
            && known.len() >= 4
            && words::is_one_slip_away(word.as_bytes(), known)
            && best.is_none_or(|(least, _)| weight < least)
        {
            best = Some((weight, number));
        }
    }
    if let Some((weight, number)) = best {
        asked.canonical = Some(index.canonical(number));
        asked.weight = weight;
    }
}

/// Phrasings that share the most with the request, weighed by how much each word tells.
fn pool(index: &Index, asked: &[Asked], left_out: Option<&Without>, question: &Question<'_>) -> Vec<usize> {
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
    let mut least = 0.0;
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
            least = shrink(&mut found);
        }
    }
    shrink(&mut found);
    found.into_iter().map(|(_, phrasing)| phrasing).collect()
}

/// Keeps the best, in order, and tells what the last of them has.
fn shrink(found: &mut Vec<(f32, usize)>) -> f32 {
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(POOL);
    if found.len() < POOL { 0.0 } else { found.last().map_or(0.0, |last| last.0) }
}

/// An intent, or one phrasing of it, that is not to be used.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Without {
    intent: u16,
    phrasing: Option<usize>,
}

impl Without {
    fn new(index: &Index, file: &str, id: &str, phrasing: Option<usize>) -> Option<Self> {
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

/// A phrasing as text.
fn spelled(index: &Index, phrasing: usize) -> String {
    use crate::index::Code;
    let words: Vec<String> = index
        .codes(phrasing)
        .map(|code| match code {
            Code::Term(term) => index.text(term).trim_start_matches('\u{2}').to_owned(),
            Code::Slot(number) => format!("{{{}}}", number + 1),
            Code::Pattern(pattern) => index
                .pattern(pattern)
                .chars()
                .filter(|c| *c != '\u{3}')
                .map(|c| if tokens::is_slot(c) { '_' } else { c })
                .collect(),
        })
        .collect();
    words.join(" ")
}
