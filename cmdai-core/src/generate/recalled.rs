//! What the memory adds to an answer: drafts, and what is told of a candidate that is one.

use super::entities::{self, Entity, EntityKind};
use super::{By, Candidate, Evidence, Request, Source, Text, likeness, output, placed, rank, validate};
use crate::engine::{Completion, Finish};
use crate::recall::{self, Draft};

/// Drafts that the model judges: each costs it some 25 ms on two cores.
const MOST_JUDGED: usize = 4;
/// Drafts with programs that are not here and that are judged all the same.
const MOST_ABSENT: usize = 2;
/// How much nearer these must be than all that can run here.
const LEAD_OF_ABSENT: f32 = 0.3;
/// Farther drafts have hardly ever been right.
const FARTHEST: f32 = 3.5;
/// The first ones are kept all the same.
const MOST_FAR: usize = 4;
/// Drafts that are looked at for a place that they lack.
const MOST_PLACED: usize = 6;
/// What the word that names a place counts in a draft that lacks it, at least: as much as a plain word.
const OF_PLACE: f32 = 0.5;
/// What a draft costs that was written for here and made to work there.
const FOR_THERE: f32 = 0.1;
/// Words of a request that may tell a story before it asks.
const STORY: usize = 10;
/// What a draft costs that only knows what is asked for at its end.
const FOR_THE_STORY: f32 = 0.1;
/// Bytes of a command that is judged; longer ones are rare and slow.
const LONGEST: usize = 240;

/// What the memory offers for a request, the best first: what can run here, and what needs a program that is not here.
pub(super) fn drafts(request: &Request, words: &str) -> (Vec<Draft>, Vec<Draft>) {
    let Some(memory) = &request.memory else { return (Vec::new(), Vec::new()) };
    let mut drafts = memory.recall(&recall::question(words, &request.context));
    if let Some(heart) = heart(words) {
        let told = entities::named(words.strip_suffix(heart).unwrap_or(words));
        for mut draft in memory.recall(&recall::question(heart, &request.context)) {
            draft.cost += FOR_THE_STORY;
            draft.lost +=
                told.iter().filter(|thing| is_thing(thing) && !draft.command.contains(&thing.text)).count();
            match drafts.iter_mut().find(|known| known.command == draft.command) {
                Some(known) if known.cost <= draft.cost => {}
                Some(known) => *known = draft,
                None => drafts.push(draft),
            }
        }
    }
    let mut drafts = in_order(drafts, words);
    if put_there(&mut drafts, words, request) {
        drafts = in_order(drafts, words);
    }
    // A long request leaves much unsaid by any phrasing: those that promise most stay, as far as they are in words.
    let mut place = 0;
    drafts.retain(|draft| {
        place += 1;
        place <= MOST_FAR || draft.cost <= FARTHEST
    });
    if request.programs.is_none() {
        return (drafts, Vec::new());
    }
    // One's own say what they lack.
    drafts
        .into_iter()
        .partition(|draft| draft.own || !validate::lacks_program(&draft.command, request, words))
}

/// A command with the details that the request names and nobody wrote; `None` where there are none.
pub(super) fn with_details(command: &str, request: &Request, words: &str) -> Option<String> {
    request.memory.as_ref()?.with_details(&recall::question(words, &request.context), command)
}

/// A thing that a command must hold, wherever in the story it is named. Numbers are told for many reasons.
fn is_thing(entity: &Entity) -> bool {
    matches!(entity.kind, EntityKind::Path | EntityKind::Name | EntityKind::Address | EntityKind::Quoted)
}

/// How requests begin that follow a story. Sorted.
const OPENERS: &[&str] = &[
    "any idea how",
    "can i",
    "can someone",
    "can you",
    "find ",
    "how can",
    "how could",
    "how do",
    "how to",
    "how would",
    "i have to",
    "i need",
    "i want",
    "i would like",
    "i'd like",
    "is there",
    "list ",
    "move ",
    "need to",
    "please",
    "show ",
    "tell me",
    "want to",
    "what ",
    "what's",
    "whats",
    "where ",
    "which ",
];

/// What is asked for at the end of a story: "my disk is at 98%, which folders under /var are the biggest?" asks for the
/// folders. `None` for a request that is short, or tells no story before it.
fn heart(words: &str) -> Option<&str> {
    if words.split(' ').count() < STORY {
        return None;
    }
    let begins = |at: usize| -> Option<&str> {
        let mut rest = words.get(at..)?;
        for joint in ["and ", "so ", "but ", "now ", "then "] {
            rest = rest.strip_prefix(joint).unwrap_or(rest);
        }
        let lower = rest.get(..rest.len().min(24)).or_else(|| rest.get(..0))?.to_lowercase();
        let is_opened = OPENERS.iter().any(|opener| lower.starts_with(opener));
        (is_opened && rest.split(' ').count() >= 4).then_some(rest)
    };
    let joints = words.match_indices([',', '.', '?', '!', ';', ':', '-']).filter_map(|(at, sign)| {
        let after = at + sign.len();
        words.get(after..)?.starts_with(' ').then_some(after + 1)
    });
    let places: Vec<usize> = joints.collect();
    places.into_iter().rev().find_map(begins)
}

/// Drafts in the order in which they are worth a look: first what is said in nearly the same words, then the likeliest.
fn in_order(drafts: Vec<Draft>, words: &str) -> Vec<Draft> {
    let place = |draft: &Draft| {
        let is_near = draft.cost <= if draft.own { rank::NEAR_OWN } else { rank::NEAR };
        (!is_near, if is_near { draft.cost } else { distance(draft, words) })
    };
    let mut drafts: Vec<_> = drafts.into_iter().map(|draft| (place(&draft), draft)).collect();
    drafts.sort_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    drafts.into_iter().map(|(_, draft)| draft).collect()
}

/// How far a draft is from a request: by its words, by what they mean and by what its command does. Weights of a logistic choice
/// between the drafts for 4,000 requests that may not use their own phrasing (`training/rank/choose.py`).
fn distance(draft: &Draft, words: &str) -> f32 {
    let lost = draft.lost.min(3) as f32;
    0.4 * draft.cost - 0.44 * draft.unsaid - 0.39 * draft.extra + 0.66 * lost + 0.42 * unsaid_share(draft)
        - 0.091 * likeness::likeness(words, &draft.command)
        - 5.6 * draft.alike
}

fn unsaid_share(draft: &Draft) -> f32 {
    draft.unsaid / draft.weight.max(0.1)
}

/// Makes the first drafts that say nothing of the place that the request names work there; true where one does now.
fn put_there(drafts: &mut Vec<Draft>, words: &str, request: &Request) -> bool {
    let named = entities::named(words);
    let Some(place) = placed::place(words, &named) else { return false };
    let mut is_changed = false;
    let is_path = place.contains('/');
    for draft in drafts.iter_mut().take(MOST_PLACED).filter(|draft| !draft.command.contains(place)) {
        let Some(command) = placed::placed(&draft.command, place, request.context.dialect) else { continue };
        let said = OF_PLACE.max(if is_path { 1.0 } else { 0.0 }).min(draft.unsaid);
        is_changed = true;
        draft.command = command;
        draft.cost += FOR_THERE - said;
        draft.unsaid -= said;
        draft.lost = draft.lost.saturating_sub(usize::from(is_path));
    }
    let mut seen: Vec<String> = Vec::new();
    drafts.retain(|draft| {
        let is_new = !seen.contains(&draft.command);
        seen.push(draft.command.clone());
        is_new
    });
    is_changed
}

/// Commands of drafts that the model shall judge: the nearest ones that are not written already.
pub(super) fn worth_judging<'a>(drafts: &'a [Draft], texts: &[Text]) -> Vec<&'a str> {
    let known: Vec<String> = texts.iter().map(|text| output::normal_form(&text.completion.text)).collect();
    let left = MOST_JUDGED.saturating_sub(texts.iter().filter(|text| text.by == By::Memory).count());
    let is_new = |draft: &&Draft| {
        draft.command.len() <= LONGEST && !known.contains(&output::normal_form(&draft.command))
    };
    drafts.iter().filter(is_new).take(left).map(|draft| draft.command.as_str()).collect()
}

/// Commands of drafts with programs that are not here, where nothing that is here is said in words as near: who asks for a film to be
/// cut wants to hear of ffmpeg, not of what else cuts.
pub(super) fn leading<'a>(absent: &'a [Draft], drafts: &[Draft], words: &str) -> Vec<&'a str> {
    let least = drafts.iter().map(|draft| distance(draft, words)).fold(f32::MAX, f32::min);
    let leads = |draft: &&Draft| {
        draft.lost == 0 && draft.command.len() <= LONGEST && distance(draft, words) + LEAD_OF_ABSENT < least
    };
    absent.iter().filter(leads).take(MOST_ABSENT).map(|draft| draft.command.as_str()).collect()
}

/// A draft as a text that no model has judged.
pub(super) fn unjudged(draft: &Draft) -> Text {
    let (text, finish) = (draft.command.clone(), Finish::Stop);
    let completion = Completion { text, tokens: 1, logprob: 0.0, finish, pieces: Vec::new() };
    Text { completion, by: By::Memory }
}

/// The draft that is this command.
pub(super) fn of<'a>(command: &str, drafts: &'a [Draft]) -> Option<&'a Draft> {
    let form = output::normal_form(command);
    drafts.iter().find(|draft| output::normal_form(&draft.command) == form)
}

/// Where a command comes from.
pub(super) fn source(draft: &Draft) -> Source {
    Source {
        file: draft.file.clone(),
        intent: draft.intent.clone(),
        phrasing: draft.phrasing.clone(),
        cost: draft.cost,
    }
}

/// Writes down what the memory knows of a candidate.
pub(super) fn tell(evidence: &mut Evidence, draft: Option<&Draft>, drafts: &[Draft], words: &str) {
    let nearest = drafts.iter().map(|draft| draft.cost).fold(FARTHEST, f32::min);
    evidence.most_alike = drafts.iter().map(|draft| draft.alike).fold(0.0, f32::max);
    evidence.nearest = (1.0 - nearest / FARTHEST).clamp(0.0, 1.0);
    if let Some(draft) = draft {
        evidence.recalled = true;
        evidence.recall_cost = draft.cost;
        evidence.recall_unsaid = unsaid_share(draft);
        let first = drafts.first().map_or(0.0, |first| distance(first, words));
        evidence.recall_alike = draft.alike;
        evidence.recall_behind = (distance(draft, words) - first).max(0.0);
    }
}

/// Writes down how many of the others run the same programs.
pub(super) fn agree(candidates: &mut [Candidate]) {
    let programs: Vec<Vec<String>> = candidates
        .iter()
        .map(|candidate| validate::programs(&candidate.command, &candidate.report))
        .collect();
    let others = candidates.len().saturating_sub(1).max(1) as f32;
    for (number, candidate) in candidates.iter_mut().enumerate() {
        let own = programs.get(number);
        let same = programs.iter().filter(|other| Some(*other) == own).count().saturating_sub(1);
        candidate.evidence.agreement = same as f32 / others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openers_are_sorted() {
        assert!(OPENERS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_story_ends_in_a_request() {
        let check = |words: &str, expect: Option<&str>| assert_eq!(heart(words), expect, "{words}");
        check(
            "my disk is at 98% and i am lost, which directories under /var are the biggest?",
            Some("which directories under /var are the biggest?"),
        );
        check(
            "I commited to main instead of a branch, so how do I move my last commit to dev",
            Some("how do I move my last commit to dev"),
        );
        check("find files larger than 10 MB, newer than a week and owned by bob in /srv", None);
        check("short, how do i", None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(words in "(\\PC|, |\\. |how |i | ){0,80}") {
            heart(&words);
        }
    }

    #[test]
    fn of_drafts_in_the_same_words_the_one_that_does_it_comes_first() {
        let intents = r#"{"id": "a", "nl": ["show the last {n} commits"], "cmd": "git log -n {n}", "slots": {"n": "n"}}
{"id": "b", "nl": ["the last {n} commits"], "cmd": "git log --oneline -n {n}", "slots": {"n": "n"}}"#;
        let (intents, bad) = recall::read_intents(intents);
        assert!(bad.is_empty());
        let memory = recall::Memory::new(recall::compile(&[("test", &intents)])).unwrap();
        let words = "show the last 3 commits, one line each";
        let drafts = memory.recall(&recall::question(words, &crate::Context::default()));
        let place =
            |drafts: &[Draft], command: &str| drafts.iter().position(|draft| draft.command == command);
        let (long, short) = ("git log -n 3", "git log --oneline -n 3");
        assert!(place(&drafts, long) < place(&drafts, short), "{drafts:?}");
        let drafts = in_order(drafts, words);
        assert!(place(&drafts, short) < place(&drafts, long), "{drafts:?}");
    }
}
