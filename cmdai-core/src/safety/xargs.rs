//! `xargs`: a command with what comes in as its last words.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::value::{self, Origin};
use super::{EffectKind, TargetClass};
use crate::line::Span;

impl Machine<'_> {
    /// `xargs`: words of the input become arguments.
    pub(super) fn xargs(&mut self, call: &Call<'_>, rest: &[Field], span: Span, flow: Flow<'_>) -> String {
        let marker =
            call.args.values("-I").chain(call.args.values("-i")).next().map(|item| item.text.to_owned());
        let marker = marker.or_else(|| call.args.has("-i").then(|| "{}".to_owned()));
        let file = call.args.values("-a").next().map(|item| item.text.to_owned());
        let from_file = file.map(|file| self.read_path(&file, span, call.program));
        let mut unknown = || self.unknowns.hole("…", Origin::Program).to_string();
        let words: Vec<String> = match from_file.as_deref().or(flow.input) {
            None => vec![unknown()],
            Some(input) => {
                let delimiter = call.args.values("-d").next().map(|item| item.text.to_owned());
                let delimiter = match delimiter.as_deref() {
                    Some("\\n") => Some('\n'),
                    Some("\\t") => Some('\t'),
                    Some("\\0") => Some('\0'),
                    Some(text) => text.chars().next(),
                    None if call.args.has("-0") => Some('\0'),
                    // With a marker, each line is one argument.
                    None => marker.is_some().then_some('\n'),
                };
                match delimiter {
                    Some(delimiter) => {
                        let words = input
                            .split(value::end_in(input, delimiter))
                            .filter(|word| !word.trim().is_empty());
                        words.map(|word| word.trim_end_matches('\n').to_owned()).collect()
                    }
                    None => quoted_words(input),
                }
            }
        };
        if words.len() > 256 {
            self.cut = true;
        }
        let flow = Flow { input: None, want: flow.want };
        let Some(marker) = marker else {
            // A list that nobody sees, of whatever: with what stands in it deleted there is no telling what is left.
            let unseen = match &words[..] {
                [word] => self.unknowns.name_of(word).is_some_and(|name| {
                    !name.starts_with(['$', '…']) && self.unknowns.origin(word) == Some(Origin::Program)
                }),
                _ => false,
            };
            let mut argv = rest.to_vec();
            argv.extend(words.into_iter().take(256).map(|text| Field { text, span: call.argv[0].span }));
            let before = self.effects.len();
            let output = self.run(&argv, span, flow);
            for effect in self.effects.iter_mut().skip(before) {
                let whole = effect.kind == EffectKind::Delete && effect.recursive && effect.detail.is_empty();
                if unseen && whole && effect.target.class == TargetClass::Unknown {
                    effect.detail = "listed".to_owned();
                }
            }
            return output;
        };
        let mut output = String::new();
        for word in words.iter().take(32) {
            let argv: Vec<Field> = rest
                .iter()
                .map(|field| {
                    let text = value::replaced(&field.text, &marker, word, true);
                    Field { text: text.unwrap_or_default(), span: field.span }
                })
                .collect();
            self.spend((word.len() + argv.iter().map(|field| field.text.len()).sum::<usize>()) / 256);
            output.push_str(&self.run(&argv, span, flow));
        }
        output
    }
}

/// Words as `xargs` reads them without options: blanks part them, quotes and backslashes keep blanks.
pub(super) fn quoted_words(input: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = input.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (letter, Some(open)) if letter == open => quote = None,
            (letter, Some(_)) => word.get_or_insert_default().push(letter),
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            ('\\', None) => word.get_or_insert_default().extend(letters.next()),
            (' ' | '\t' | '\n' | '\0', None) => words.extend(word.take()),
            (letter, None) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}
