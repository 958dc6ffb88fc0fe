//! A model that answers from a script, for tests of everything around a model.

use super::{
    Completion, Control, DecodeOptions, Event, Finish, ModelInfo, Piece, Prompt, Score, TextModel, Usage,
};
use crate::error::{Error, ErrorKind};

/// What a [`ScriptedModel`] says to one request.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The request this is for.
    pub request: String,
    /// The candidates, the greedy one first, each with its log-probability.
    pub answers: Vec<(String, f32)>,
}

/// A model that answers from a table and finds everything else very unlikely.
#[derive(Clone, Debug, Default)]
pub struct ScriptedModel {
    scripts: Vec<Script>,
    usage: Usage,
}

impl ScriptedModel {
    /// A model that knows these answers.
    pub fn new(scripts: Vec<Script>) -> Self {
        Self { scripts, usage: Usage::default() }
    }

    /// A model with one answer to each request: `[("list files", "ls")]`.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        let script = |(request, answer): &(&str, &str)| Script {
            request: (*request).to_owned(),
            answers: vec![((*answer).to_owned(), -1.0)],
        };
        Self::new(pairs.iter().map(script).collect())
    }

    fn answers(&self, prompt: &Prompt) -> &[(String, f32)] {
        let known = self.scripts.iter().find(|script| script.request == prompt.request);
        known.map_or(&[], |script| &script.answers)
    }
}

impl TextModel for ScriptedModel {
    fn info(&self) -> ModelInfo {
        ModelInfo { model: "scripted".to_owned(), engine: "table".to_owned() }
    }

    fn complete(
        &mut self,
        prompt: &Prompt,
        options: &DecodeOptions,
        control: &mut Control<'_>,
    ) -> Result<Vec<Completion>, Error> {
        if control.cancel.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled, "cancelled"));
        }
        let fits = |(text, _): &&(String, f32)| text.starts_with(&prompt.prefix);
        let completions: Vec<_> = self
            .answers(prompt)
            .iter()
            .filter(fits)
            .take(options.candidates)
            .map(|(text, logprob)| Completion {
                text: text.clone(),
                tokens: text.split_whitespace().count() + 1,
                logprob: *logprob,
                finish: if *logprob < options.least_logprob { Finish::Unlikely } else { Finish::Stop },
                pieces: if options.floor > 0.0 {
                    pieces(text, prompt.prefix.len(), *logprob)
                } else {
                    Vec::new()
                },
            })
            .collect();
        if let Some(greedy) = completions.first() {
            control.tell(Event::Text(greedy.text.clone()));
        }
        for completion in &completions {
            control.tell(Event::Candidate(completion.clone()));
        }
        self.usage.decoded_tokens += completions.iter().map(|c| c.tokens).sum::<usize>();
        Ok(completions)
    }

    fn score(
        &mut self,
        prompt: &Prompt,
        texts: &[&str],
        _control: &mut Control<'_>,
    ) -> Result<Vec<Score>, Error> {
        let score = |text: &&str| {
            let known = self.answers(prompt).iter().find(|(answer, _)| answer == text);
            Score {
                logprob: known.map_or(-100.0, |(_, logprob)| *logprob),
                tokens: text.split_whitespace().count() + 1,
            }
        };
        Ok(texts.iter().map(score).collect())
    }

    fn take_usage(&mut self) -> Usage {
        std::mem::take(&mut self.usage)
    }
}

/// One piece a word behind the prefix; each is as likely as the whole text.
fn pieces(text: &str, prefix: usize, logprob: f32) -> Vec<Piece> {
    let blanks = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let ends = blanks.chain([text.len()]).filter(|end| *end > prefix);
    ends.map(|end| {
        let ends = if end == text.len() { 1.0 } else { 0.0 };
        Piece { end, logprob, closes: 1.0, ends }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_its_script_says() {
        let mut model = ScriptedModel::from_pairs(&[("list files", "ls")]);
        let prompt = Prompt { request: "list files".to_owned(), ..Prompt::default() };
        let mut seen = Vec::new();
        let mut listener = |event| seen.push(event);
        let mut control = Control { listener: Some(&mut listener), ..Control::default() };
        let answers = model.complete(&prompt, &DecodeOptions::default(), &mut control).unwrap();
        assert_eq!(answers[0].text, "ls");
        assert_eq!(seen.len(), 2);
        let scores = model.score(&prompt, &["ls", "rm"], &mut Control::default()).unwrap();
        assert!(scores[0].logprob > scores[1].logprob);
    }
}
