//! What the memory adds to an answer: drafts, and what is told of a candidate that is one.

use super::{By, Candidate, Evidence, Request, Source, Text, output, validate};
use crate::engine::{Completion, Finish};
use crate::recall::{self, Draft};

/// Drafts that the model judges: each costs it some 25 ms on two cores.
const MOST_JUDGED: usize = 4;
/// Farther drafts have hardly ever been right.
const FARTHEST: f32 = 3.5;
/// Bytes of a command that is judged; longer ones are rare and slow.
const LONGEST: usize = 240;

/// What the memory offers for a request, the nearest first: what can run here, and what needs a program that is not here.
pub(super) fn drafts(request: &Request, words: &str) -> (Vec<Draft>, Vec<Draft>) {
    let Some(memory) = &request.memory else { return (Vec::new(), Vec::new()) };
    let mut drafts = memory.recall(&recall::question(words, &request.context));
    drafts.retain(|draft| draft.cost <= FARTHEST);
    if request.programs.is_none() {
        return (drafts, Vec::new());
    }
    // One's own say what they lack.
    drafts
        .into_iter()
        .partition(|draft| draft.own || !validate::lacks_program(&draft.command, request, words))
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
pub(super) fn tell(evidence: &mut Evidence, draft: Option<&Draft>, drafts: &[Draft]) {
    let nearest = drafts.first().map_or(FARTHEST, |draft| draft.cost);
    evidence.nearest = (1.0 - nearest / FARTHEST).clamp(0.0, 1.0);
    if let Some(draft) = draft {
        evidence.recalled = true;
        evidence.recall_cost = draft.cost;
        evidence.recall_unsaid = draft.unsaid / draft.weight.max(0.1);
        evidence.recall_behind = draft.cost - nearest;
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
