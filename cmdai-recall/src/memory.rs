//! Look-ups: which phrasings to lay beside a request, and the drafts that come of it.

use std::borrow::Cow;
use std::fmt;

use crate::align::{Aligned, Asked, Room, align, weigh_stops};
use crate::compose::{Composed, compose};
use crate::details;
use crate::index::Index;
use crate::pool::{self, Found, Without};
use crate::render::render;
use crate::tokens::{self, Look};
use crate::words;
use crate::{Shell, System, compile, embed};

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
    /// How much the request means what the intent means: the cosine of the angle between their directions.
    pub alike: f32,
    /// The file of the intent.
    pub file: String,
    /// The id of the intent, unique in its file.
    pub intent: String,
    /// The nearest phrasing as it lies in the memory: stems, and slots in braces.
    pub phrasing: String,
}

impl Draft {
    /// How far the request is from it, by its words and by what they mean. Weights of a logistic choice between the drafts
    /// for requests that may not use their own phrasing (`training/rank/choose.py`).
    fn distance(&self) -> f32 {
        let (lost, unsaid) = (self.lost.min(3) as f32, self.unsaid / self.weight.max(0.1));
        0.4 * self.cost - 0.36 * self.unsaid - 0.37 * self.extra + 0.59 * lost + 0.43 * unsaid
            - 6.0 * self.alike
    }
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

    /// Bytes of the memory, intents in it, phrasings of them. Details count among the bytes only.
    pub fn size(&self) -> (usize, usize, usize) {
        let intents = self.index.details().start;
        let phrasings = if self.index.details().is_empty() {
            self.index.phrasings()
        } else {
            self.index.phrasings_of(intents).start
        };
        (self.index.bytes(), usize::from(intents), phrasings)
    }

    /// The features of every phrasing, with the file and the id of its intent: what `training/rank/embedding.py` learns from.
    pub fn phrasing_features(&self) -> impl Iterator<Item = (&str, &str, Vec<&str>)> {
        (0..self.size().2).filter_map(|phrasing| {
            let intent = self.index.intent(self.index.intent_of(phrasing))?;
            let terms = embed::of_phrasing(&self.index, phrasing, &intent);
            let features = terms.into_iter().map(|term| self.index.text(term)).collect();
            Some((self.index.file(intent.file), intent.id, features))
        })
    }

    /// The features of a request.
    pub fn request_features(&self, request: &str) -> Vec<String> {
        let asked = read(&self.index, None, request);
        let terms = embed::of_request(&self.index, &asked);
        terms.into_iter().map(|term| self.index.text(term).to_owned()).collect()
    }

    /// A command for a request with the details that the request names and the command lacks: `--no-merges` where it says
    /// "without merges". `None` where there are none.
    pub fn with_details(&self, question: &Question<'_>, command: &str) -> Option<String> {
        let mut asked = read(&self.index, None, question.request);
        weigh_stops(&mut asked);
        let said = details::said(&self.index, &asked, question, std::iter::once(command));
        details::added(&said, command)
    }

    /// Commands for a request, the nearest in words first, each once; the dozen that promises most.
    pub fn recall(&self, question: &Question<'_>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        if let Some(own) = &self.own {
            let from_own = from(own, Some(&self.index), None, question).into_iter();
            drafts.extend(from_own.map(|draft| Draft { own: true, ..draft }));
        }
        drafts.extend(from(&self.index, None, self.left_out.as_ref(), question));
        // What is put together for this very request means as much of it as anything that was found.
        let most = drafts.iter().map(|draft| draft.alike).fold(0.0, f32::max);
        drafts
            .extend(composed(&self.index, question).into_iter().map(|draft| Draft { alike: most, ..draft }));
        // Stable sorts: of equal ones a user's own comes first.
        drafts.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut seen: Vec<String> = Vec::new();
        drafts.retain(|draft| {
            let is_new = !seen.contains(&draft.command);
            if is_new {
                seen.push(draft.command.clone());
            }
            is_new
        });
        drafts.sort_by(|a, b| a.distance().total_cmp(&b.distance()));
        drafts.truncate(MOST_DRAFTS);
        drafts.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        drafts
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, intents, phrasings) = self.size();
        write!(f, "Memory({intents} intents, {phrasings} phrasings)")
    }
}

/// Commands put together from pieces, which cost a little more than a phrasing that somebody wrote as a whole.
fn composed(index: &Index, question: &Question<'_>) -> Vec<Draft> {
    let asked = read(index, None, question.request);
    let weight = asked.iter().map(|token| token.skip).sum();
    let found = compose(&asked, question.shell, question.system);
    let commands = found.iter().map(|found| found.command.as_str());
    let said = details::said(index, &asked, question, commands);
    let draft = |found: Composed| {
        let draft = Draft {
            own: false,
            command: found.command,
            cost: found.piecewise + found.unsaid,
            unsaid: found.unsaid,
            extra: 0.0,
            lost: found.lost,
            weight,
            alike: 0.0,
            file: "composed".to_owned(),
            intent: found.family.to_owned(),
            phrasing: "several conditions".to_owned(),
        };
        with_details(draft, &said, &found.lonely, &asked)
    };
    found.into_iter().map(draft).collect()
}

/// A draft with the details that the request names and its phrasing does not.
fn with_details(draft: Draft, said: &[details::Said<'_>], lonely: &[usize], asked: &[Asked]) -> Draft {
    let Some(extended) = details::extend(said, &draft.command, lonely, asked) else { return draft };
    let covered = || extended.columns.iter().filter_map(|column| asked.get(*column));
    let gain: f32 = covered().map(|one| one.skip).sum();
    Draft {
        cost: (draft.cost - gain).max(0.0) + extended.strained,
        unsaid: (draft.unsaid - gain).max(0.0),
        lost: draft.lost.saturating_sub(covered().filter(|one| one.is_loss()).count()),
        command: extended.command,
        ..draft
    }
}

/// The phrasing of an intent that is nearest in words.
struct Best {
    number: u16,
    phrasing: usize,
    aligned: Aligned,
    cost: f32,
    /// How much that one of its phrasings means what the request means that does so most.
    alike: f32,
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
    let to = weights.filter(|all| all.has_meanings()).map(|all| {
        let asked = read(all, None, question.request);
        (all, embed::direction(all, embed::of_request(all, &asked)))
    });
    let mut best: Vec<Best> = Vec::new();
    for Found { phrasing, mut alike } in pool::pool(index, &asked, left_out, question) {
        let number = index.intent_of(phrasing);
        let Some(intent) = index.intent(number) else { continue };
        let Some(away) = pool::distance(index, number, question) else { continue };
        let Some(aligned) = align(index, phrasing, &intent, &asked, &mut room) else { continue };
        if let Some((all, to)) = &to {
            let terms = embed::of_phrasing(index, phrasing, &intent);
            let known = terms.into_iter().filter_map(|term| all.term(index.text(term)));
            alike = embed::alike(to, &embed::direction(all, known));
        }
        let cost = aligned.cost + away;
        match best.iter_mut().find(|known| known.number == number) {
            Some(known) => {
                known.alike = known.alike.max(alike);
                if cost < known.cost {
                    *known = Best { number, phrasing, aligned, cost, alike: known.alike };
                }
            }
            None => best.push(Best { number, phrasing, aligned, cost, alike }),
        }
    }
    best.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.number.cmp(&b.number)));
    let templates = best.iter().filter_map(|best| Some(index.intent(best.number)?.command));
    let said = details::said(index, &asked, question, templates);
    let mut drafts: Vec<Draft> = Vec::new();
    for Best { number, phrasing, mut aligned, mut cost, alike } in best {
        let Some(intent) = index.intent(number) else { continue };
        let lay = |rest: &[Asked]| align(index, phrasing, &intent, rest, &mut room);
        let mut details = Vec::new();
        if let Some((rest, chosen)) = details::beside(&said, intent.command, &asked, &aligned, lay) {
            cost += rest.cost - aligned.cost;
            (aligned, details) = (rest, chosen);
        }
        let Some(command) = render(intent.command, &aligned.values, question.shell) else { continue };
        let command = details::all(&details, command);
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
            alike,
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
    "bucket",
    "called",
    "cluster",
    "configmap",
    "container",
    "cronjob",
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
    "queue",
    "repo",
    "role",
    "secret",
    "server",
    "service",
    "session",
    "table",
    "tag",
    "topic",
    "unit",
    "user",
    "volume",
    "workspace",
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
