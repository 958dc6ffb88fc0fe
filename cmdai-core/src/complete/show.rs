//! From candidates to what is shown.
//!
//! A line is a chain of pieces. The ranker says how likely each next piece is; taking the likeliest
//! again and again gives a continuation whose probability is the product. It is cut where one more piece
//! would make it less likely to be right than a person's attention is worth.

use std::sync::OnceLock;

use super::evidence::{Candidate, FEATURES, Pool};
use super::model::{goes_nowhere, is_cut, is_missing, is_plain, possible};
use super::past::Past;
use super::prior::Prior;
use super::ranker::Ranker;
use super::sources::Scene;
use super::words::piece;
use super::{Query, Suggestion, World};
use crate::redact::redact;
use crate::safety::{Risk, check};

/// Pieces that a suggestion has at most.
const MOST_PIECES: usize = 12;
/// Pools that are made for one question at most: what bounds its time.
const MOST_POOLS: usize = 20;
/// A longer line is not continued, in bytes.
const LONGEST: usize = 2_048;

/// So many runs in a directory that went well make a habit.
const HABIT: usize = 3;
/// What was learned, and when to speak.
#[derive(Clone, Debug)]
pub struct Completer {
    /// How likely each next piece is.
    pub ranker: Ranker,
    /// What people type in general.
    pub prior: Prior,
    /// The least probability that a suggestion's first piece has.
    pub first: f32,
    /// The least probability that a suggestion has as a whole.
    pub whole: f32,
}

impl Completer {
    /// What cmdai ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Completer> = OnceLock::new();
        SHIPPED.get_or_init(|| Self {
            ranker: Ranker::read(include_str!("weights.txt")).unwrap_or_default(),
            prior: Prior::read(include_str!("prior.txt")),
            first: FIRST,
            whole: WHOLE,
        })
    }

    /// As [`complete`], with other weights.
    pub fn complete(
        &self,
        past: &Past,
        query: &Query<'_>,
        world: &dyn World,
        most: usize,
    ) -> Vec<Suggestion> {
        self.offers(past, query, world, most, false)
    }

    fn offers(
        &self,
        past: &Past,
        query: &Query<'_>,
        world: &dyn World,
        most: usize,
        with_seldom: bool,
    ) -> Vec<Suggestion> {
        let buffer = query.buffer;
        if buffer.is_empty() || buffer.len() > LONGEST || buffer.starts_with(char::is_whitespace) {
            return Vec::new();
        }
        let scene = Scene::new(past, query, world, &self.prior);
        let mut pools = MOST_POOLS;
        let pool = scene.pool(buffer);
        let ranked = self.ranked(&pool);
        // The likeliest first: a longer one that is less likely would save more now and then, and be wrong more often.
        // Who asks for several chooses among them, also among what is too unlikely to be shown unasked.
        let least = if with_seldom { SELDOM } else { self.first };
        let starts = ranked.into_iter().filter(|&(at, p)| p >= least && is_piece(&pool, at));
        let clean = redact(buffer);
        let first_word = !buffer.trim_end().contains(char::is_whitespace);
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for (at, p) in starts {
            if suggestions.len() >= most {
                break;
            }
            let Some(candidate) = pool.items.get(at) else { continue };
            if candidate.is_of_others() && is_theirs(buffer, &candidate.text, query, world) {
                continue;
            }
            let (suffix, probability) = self.extend(&scene, buffer, candidate, p, &mut pools);
            // What fails here need not be offered, however often it was run elsewhere or by mistake.
            let Some((suffix, risk)) = possible_part(past, query, &suffix, candidate, world) else {
                continue;
            };
            if suggestions.iter().any(|known| known.suffix == suffix) {
                continue;
            }
            let line = format!("{buffer}{suffix}");
            // A secret is never offered, nor the beginning of one.
            if redact(&line) != format!("{clean}{suffix}") {
                continue;
            }
            suggestions.push(Suggestion { suffix, source: candidate.source(first_word), probability, risk });
        }
        suggestions
    }

    /// The candidate and what likely follows it.
    fn extend(
        &self,
        scene: &Scene<'_>,
        buffer: &str,
        start: &Candidate,
        p: f32,
        pools: &mut usize,
    ) -> (String, f32) {
        let mut suffix = start.text.clone();
        let mut probability = p;
        for _ in 1..MOST_PIECES {
            if *pools == 0 || buffer.len() + suffix.len() > LONGEST {
                break;
            }
            *pools -= 1;
            let pool = scene.pool(&format!("{buffer}{suffix}"));
            let best = self.ranked(&pool).into_iter().next();
            let Some((at, p)) = best.filter(|&(at, _)| is_piece(&pool, at)) else { break };
            if probability * p < self.whole {
                break;
            }
            let Some(candidate) = pool.items.get(at) else { break };
            // A word that was offered is whole: `test` is not made `tests/`.
            if suffix.ends_with(char::is_alphanumeric) && !candidate.text.starts_with(char::is_whitespace) {
                break;
            }
            suffix.push_str(&candidate.text);
            probability *= p;
        }
        (suffix, probability)
    }

    /// The pieces that memory knows may come next and how likely each is, the likeliest first; the end of
    /// the line is the empty piece. What is left to 1 is the share of pieces that it does not know.
    pub fn next_pieces(&self, past: &Past, query: &Query<'_>, world: &dyn World) -> Vec<(String, f32)> {
        if query.buffer.is_empty() || query.buffer.len() > LONGEST {
            return Vec::new();
        }
        let pool = Scene::new(past, query, world, &self.prior).pool(query.buffer);
        let text = |(at, p): (usize, f32)| Some((pool.items.get(at)?.text.clone(), p));
        self.ranked(&pool).into_iter().filter_map(text).collect()
    }

    /// True where what is shown behind the buffer may stay there beside `offer`, what would be shown anew. What
    /// changes under the eye costs attention, so it need not be the likeliest; but it goes where it has become
    /// unlikely. Of what the model wrote memory knows little: it goes where memory is sure of something else.
    pub fn stays(
        &self,
        past: &Past,
        query: &Query<'_>,
        world: &dyn World,
        shown: &str,
        by_model: bool,
        offer: Option<&Suggestion>,
    ) -> bool {
        if by_model {
            return offer.is_none_or(|offer| offer.probability < SURE);
        }
        let pieces = self.next_pieces(past, query, world);
        let likely = |text: &str| {
            let known = pieces.iter().find(|(known, _)| known == piece(text));
            known.map_or(0.0, |(_, probability)| *probability)
        };
        let shown = likely(shown);
        shown >= self.first && offer.is_none_or(|offer| shown >= STAYS * likely(&offer.suffix))
    }

    /// Candidates with their probability, the likeliest first.
    fn ranked(&self, pool: &Pool) -> Vec<(usize, f32)> {
        let candidates = pool.items.iter().map(|candidate| pool.features(Some(candidate)));
        let mut scores = self.ranker.scores(&candidates.chain([pool.features(None)]).collect::<Vec<_>>());
        let none = scores.pop().unwrap_or_default();
        let most = scores.iter().copied().fold(none, f32::max);
        let total: f32 = scores.iter().map(|score| (score - most).exp()).sum::<f32>() + (none - most).exp();
        let least = |at: usize| pool.items.get(at).map_or(0.0, |item| item.least);
        let likely = |(at, score): (usize, &f32)| (at, ((score - most).exp() / total).max(least(at)));
        let mut ranked: Vec<(usize, f32)> = scores.iter().enumerate().map(likely).collect();
        // Among equals the first seen: the order is the same on every machine.
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    }

    /// What the ranker would see for a question; for fitting it.
    #[doc(hidden)]
    pub fn rows(prior: &Prior, past: &Past, query: &Query<'_>, world: &dyn World) -> Rows {
        let scene = Scene::new(past, query, world, prior);
        let pool = scene.pool(query.buffer);
        Rows {
            candidates: pool
                .items
                .iter()
                .map(|candidate| (candidate.text.clone(), pool.features(Some(candidate))))
                .collect(),
            none: pool.features(None),
        }
    }
}

/// The least probability of a first piece. With [`WHOLE`] chosen on people fitted on: lower shows more that is
/// wrong and saves little more (`docs/completion.md`).
const FIRST: f32 = 0.2;
/// The least probability of a further one, where several are asked for.
const SELDOM: f32 = 0.005;
/// The least probability of all of a suggestion.
const WHOLE: f32 = 0.5;

/// What is shown stays where its next piece is at least so likely beside that of another offer.
const STAYS: f32 = 0.5;
/// So likely must be what memory offers in place of what the model wrote.
const SURE: f32 = 0.9;

/// Candidates and what the ranker sees of them.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Rows {
    /// Pieces (the end of the line is empty) and their features.
    pub candidates: Vec<(String, [f32; FEATURES])>,
    /// The features of "none of these".
    pub none: [f32; FEATURES],
}

/// The suffix, or the beginning of it that can be: without the word that names what is not there and all behind it.
fn possible_part(
    past: &Past,
    query: &Query<'_>,
    suffix: &str,
    start: &Candidate,
    world: &dyn World,
) -> Option<(String, Risk)> {
    let mut part = suffix;
    loop {
        if is_over(query, part) {
            part = shorter(part, start)?;
            continue;
        }
        if let Some(risk) = possible(query, part, world) {
            let line = format!("{}{part}", query.buffer);
            if risk < Risk::High || is_meant(past, query, &line, risk) {
                return Some((part.to_owned(), risk));
            }
        }
        // A name that is new since the directory was read was good here before.
        let line = format!("{}{part}", query.buffer);
        let cwd = query.context.cwd.as_deref();
        if !is_cut(part)
            && !goes_nowhere(&line, query, world)
            && cwd.is_some_and(|cwd| past.went_well_in(cwd, &line))
        {
            let risk = check(&line, query.context).risk;
            let offered = risk < Risk::High || (risk < Risk::Critical && is_meant(past, query, &line, risk));
            if offered {
                return Some((part.to_owned(), risk));
            }
        }
        part = shorter(part, start)?;
    }
}

/// True where the word is one of those who wrote it: a variable of their script, a file of their folder, an empty word.
fn is_theirs(buffer: &str, text: &str, query: &Query<'_>, world: &dyn World) -> bool {
    let current = buffer.rsplit(char::is_whitespace).next().unwrap_or("");
    let follows = text.starts_with(char::is_whitespace);
    let word = if follows { text.trim_start().to_owned() } else { format!("{current}{text}") };
    let word = word.split(char::is_whitespace).next().unwrap_or("");
    if matches!(word, "''" | "\"\"") {
        return true;
    }
    if let Some((_, name)) = word.split_once('$') {
        return !["HOME", "PWD", "OLDPWD", "USER", "PATH", "SHELL", "EDITOR", "TMPDIR", "?", "("]
            .iter()
            .any(|known| name.trim_start_matches('{').starts_with(known));
    }
    let has_ending = word.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=5).contains(&ending.len())
            && ending.chars().all(|letter| letter.is_ascii_alphanumeric())
            && ending.contains(|letter: char| letter.is_ascii_alphabetic())
    });
    if word.starts_with(['/', '.']) || !(word.contains('/') || has_ending) || !is_plain(word) {
        return false;
    }
    let unread = query.context.cwd.as_deref().is_some_and(|here| world.entries(here).is_none());
    unread || is_missing(word, false, query.context, world)
}

/// The suffix without its last word, as long as it holds the piece that it began with.
fn shorter<'s>(part: &'s str, start: &Candidate) -> Option<&'s str> {
    let end = part.trim_end().rfind(char::is_whitespace)?;
    let part = part.get(..end)?.trim_end();
    (part.len() >= start.text.len() && !part.trim().is_empty()).then_some(part)
}

/// True for a suffix that nobody means again, although it was run: it names processes by numbers that were theirs once.
fn is_over(query: &Query<'_>, suffix: &str) -> bool {
    let line = format!("{}{suffix}", query.buffer);
    let command = line.rsplit([';', '|', '&']).next().unwrap_or(&line);
    let mut words = command.split_whitespace().skip_while(|word| matches!(*word, "sudo" | "command"));
    let known = |word: &str| query.buffer.split_whitespace().any(|typed| typed == word);
    words.next() == Some("kill")
        && words.any(|word| word.bytes().all(|byte| byte.is_ascii_digit()) && !known(word))
}

/// True where a line of this risk may be offered: it is a habit in this directory, or what is typed says so already, by
/// itself or by a flag that is being typed. A force push that was needed once is no suggestion for the next push.
fn is_meant(past: &Past, query: &Query<'_>, line: &str, risk: Risk) -> bool {
    let current = query.buffer.rsplit(char::is_whitespace).next().unwrap_or("");
    (current.starts_with("--") && current.len() > 2)
        || query.context.cwd.as_deref().is_some_and(|cwd| past.times_well_in(cwd, line) >= HABIT)
        || check(query.buffer, query.context).risk >= risk
}

/// True where the candidate is text that can be shown.
fn is_piece(pool: &Pool, at: usize) -> bool {
    pool.items.get(at).is_some_and(|candidate| {
        !piece(&candidate.text).is_empty()
            && !candidate.text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    })
}

/// How the line may go on, best first, without repetitions, at most `most`.
///
/// Empty where nothing is likely enough to be worth a glance. Never a line that would be critical, never
/// one with a secret in it that is not typed yet. The answer depends on the arguments alone; a past of
/// 50,000 runs is answered from within 2 ms.
///
/// ```
/// use cmdai_core::complete::{Nowhere, Past, Query, complete};
/// use cmdai_core::history::Run;
/// use cmdai_core::{Context, Dialect};
///
/// let runs = ["git status", "make test", "git status"].map(|line| Run { command: line.into(), ..Run::default() });
/// let past = Past::from_runs(&runs);
/// let context = Context::new(Dialect::Zsh);
/// let query = Query { buffer: "git s", context: &context, session: None, now: 0 };
/// assert_eq!(complete(&past, &query, &Nowhere, 1)[0].suffix, "tatus");
/// ```
pub fn complete(past: &Past, query: &Query<'_>, world: &dyn World, most: usize) -> Vec<Suggestion> {
    Completer::shipped().complete(past, query, world, most)
}

/// As [`complete`], and behind that what is too unlikely to be shown unasked, the likeliest first: for who asks for more
/// and chooses among them.
pub fn alternatives(past: &Past, query: &Query<'_>, world: &dyn World, most: usize) -> Vec<Suggestion> {
    Completer::shipped().offers(past, query, world, most, true)
}
