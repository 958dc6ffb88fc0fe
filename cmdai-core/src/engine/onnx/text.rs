//! Text to tokens and back, and the form in which a request is put to the model.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::IgnoredAny;
use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{Encoding, NormalizedString, Normalizer, PostProcessor, TokenizerImpl};

use crate::context::Os;
use crate::engine::{Place, Prompt};
use crate::error::{Error, ErrorKind};
use crate::line::Dialect;
use crate::models::PromptForm;

/// A byte-level BPE vocabulary over plain text, the only kind that a model here has. Said by types and not read as any
/// tokenizer there is, half of the library stays out of the binary: its tables of Unicode alone were 17,000 of
/// the pointers that are put right at every start of the process.
type ByteLevelBpe = TokenizerImpl<BPE, NoNormalizer, ByteLevel, NoMarks, ByteLevel>;

/// A normalizer would change a path before it is copied: none can be made, so a file that asks for one is refused.
#[derive(Deserialize)]
enum NoNormalizer {}

impl Normalizer for NoNormalizer {
    fn normalize(&self, _: &mut NormalizedString) -> tokenizers::Result<()> {
        match *self {}
    }
}

/// The marks around a text, which a post-processor adds where it is told to; here the prompt puts them.
struct NoMarks;

impl<'de> Deserialize<'de> for NoMarks {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl PostProcessor for NoMarks {
    fn added_tokens(&self, _: bool) -> usize {
        0
    }

    fn process_encodings(&self, encodings: Vec<Encoding>, _: bool) -> tokenizers::Result<Vec<Encoding>> {
        Ok(encodings)
    }
}

/// A tokenizer for plain text: whatever a text says, it never becomes a control token.
pub(super) struct Texts {
    tokenizer: ByteLevelBpe,
    control: BTreeSet<u32>,
    /// Made when an answer first has to begin in some way.
    spellings: OnceLock<Spellings>,
}

/// The vocabulary as it is spelled.
struct Spellings {
    /// All tokens that are text, sorted by spelling.
    sorted: Vec<(String, u32)>,
    /// Tokens that begin with a blank.
    blank: BTreeSet<u32>,
}

impl Texts {
    /// Reads a tokenizer and checks that it spells the marks of `form` as the manifest does.
    pub(super) fn load(path: &Path, form: &PromptForm) -> Result<Self, Error> {
        let corrupt = |problem: String| {
            Error::new(ErrorKind::ModelCorrupt, format!("tokenizer {} {problem}", path.display()))
                .with_hint("install the model again")
        };
        let bytes = std::fs::read(path).map_err(|error| corrupt(format!("cannot be read: {error}")))?;
        let mut tokenizer: ByteLevelBpe = serde_json::from_slice(&bytes)
            .map_err(|error| corrupt(format!("is no byte-level BPE vocabulary: {error}")))?;
        tokenizer.set_encode_special_tokens(true);
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| corrupt(error.to_string()))?;
        let mut control: BTreeSet<u32> = BTreeSet::new();
        for (id, token) in tokenizer.get_added_tokens_decoder() {
            if token.special {
                control.insert(id);
            }
        }
        for mark in [&form.bos, &form.draft, &form.separator, &form.eos] {
            if tokenizer.token_to_id(&mark.text) != Some(mark.id) {
                return Err(corrupt(format!("does not spell token {} as {}", mark.id, mark.text)));
            }
            control.insert(mark.id);
        }
        Ok(Self { tokenizer, control, spellings: OnceLock::new() })
    }

    /// The tokens of a text.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, Error> {
        let encoding = self.tokenizer.encode_fast(text, false);
        let encoding = encoding
            .map_err(|error| Error::new(ErrorKind::Input, format!("cannot encode {text:?}: {error}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of tokens. An unfinished character at the end comes out as U+FFFD.
    pub(super) fn decode(&self, tokens: &[u32]) -> Result<String, Error> {
        let text = self.tokenizer.decode(tokens, false);
        text.map_err(|error| Error::new(ErrorKind::Inference, format!("cannot decode an answer: {error}")))
    }

    /// How a token is spelled in the vocabulary. Spellings add up as texts do, which half characters do not.
    pub(super) fn spelling(&self, token: u32) -> Option<String> {
        self.tokenizer.id_to_token(token)
    }

    /// The tokens with which an answer can go on that must begin with `spelling`, and how many bytes each spells.
    pub(super) fn beginning(&self, spelling: &str) -> Vec<(u32, usize)> {
        let sorted = &self.spellings().sorted;
        let from = sorted.partition_point(|(text, _)| text.as_str() < spelling);
        let longer = sorted.iter().skip(from).take_while(|(text, _)| text.starts_with(spelling));
        let cuts = spelling.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
        let shorter = cuts.filter_map(|at| {
            let part = spelling.get(..at)?;
            let found = sorted.binary_search_by(|(text, _)| text.as_str().cmp(part)).ok()?;
            sorted.get(found)
        });
        longer.chain(shorter).map(|(text, token)| (*token, text.len())).collect()
    }

    /// True for a token behind which the word before it is over: a blank, or the end.
    pub(super) fn closes(&self, token: u32) -> bool {
        self.is_control(token) || self.spellings().blank.contains(&token)
    }

    /// The control tokens.
    pub(super) fn controls(&self) -> impl Iterator<Item = u32> + '_ {
        self.control.iter().copied()
    }

    fn spellings(&self) -> &Spellings {
        self.spellings.get_or_init(|| {
            let mut spellings = Spellings { sorted: Vec::new(), blank: BTreeSet::new() };
            for (text, token) in self.tokenizer.get_vocab(true) {
                if text.is_empty() || self.is_control(token) {
                    continue;
                }
                // The three as a byte-level vocabulary spells them, and a plain blank.
                if text.starts_with(['Ġ', 'Ċ', 'ĉ', ' ']) {
                    spellings.blank.insert(token);
                }
                spellings.sorted.push((text, token));
            }
            spellings.sorted.sort_unstable();
            spellings
        })
    }

    /// True for tokens that are no text; any of them ends an answer.
    pub(super) fn is_control(&self, token: u32) -> bool {
        self.control.contains(&token)
    }
}

/// What stands in front of a request: other shells by their name, macOS for its POSIX shells.
fn tag(form: &PromptForm, dialect: Dialect, os: Os) -> &str {
    let posix = matches!(dialect, Dialect::Bash | Dialect::Posix | Dialect::Zsh);
    let name = if os == Os::MacOs && posix { Os::MacOs.name() } else { dialect.name() };
    form.tags.get(name).map_or("", String::as_str)
}

/// Tokens in front of a line that is continued: more than that was never trained, and each costs two milliseconds.
const LONGEST_PAST: usize = 112;

/// The tokens of a prompt up to and with the separator; drafts and past lines that do not fit what the model knows are left out.
pub(super) fn render(
    form: &PromptForm,
    encode: impl Fn(&str) -> Result<Vec<u32>, Error>,
    prompt: &Prompt,
) -> Result<Vec<u32>, Error> {
    if prompt.request.is_empty() {
        return render_past(form, encode, prompt);
    }
    let request = format!("{}{}", tag(form, prompt.dialect, prompt.os), prompt.request);
    let mut tokens = vec![form.bos.id];
    tokens.extend(encode(&request)?);
    for draft in prompt.drafts.iter().take(form.max_drafts) {
        let draft = encode(draft)?;
        if tokens.len() + draft.len() + 2 > form.max_prompt_tokens {
            break;
        }
        tokens.push(form.draft.id);
        tokens.extend(draft);
    }
    tokens.push(form.separator.id);
    Ok(tokens)
}

/// One turn a line: `<bos>[~/code] Makefile src/<sep>make<eos><sep>make test<eos><sep>`. A place is named where
/// it changes, so that each line only adds to what was there before.
fn render_past(
    form: &PromptForm,
    encode: impl Fn(&str) -> Result<Vec<u32>, Error>,
    prompt: &Prompt,
) -> Result<Vec<u32>, Error> {
    let mut turns = Vec::with_capacity(prompt.past.len());
    for turn in &prompt.past {
        turns.push((&turn.place, encode(&turn.command)?));
    }
    let limit = LONGEST_PAST.min(form.max_prompt_tokens);
    let mut skipped = 0;
    loop {
        let kept = turns.get(skipped..).unwrap_or_default();
        let mut tokens: Vec<u32> = Vec::new();
        let mut named: Option<&Place> = None;
        let ends = kept.iter().map(|(place, command)| (*place, Some(command)));
        for (place, command) in ends.chain([(&prompt.place, None)]) {
            if named != Some(place) {
                tokens.push(form.bos.id);
                tokens.extend(encode(&label(place))?);
                named = Some(place);
            }
            tokens.push(form.separator.id);
            if let Some(command) = command {
                tokens.extend(command);
                tokens.push(form.eos.id);
            }
        }
        if tokens.len() <= limit || kept.is_empty() {
            return Ok(tokens);
        }
        skipped += 1;
    }
}

/// A place in words.
fn label(place: &Place) -> String {
    if place.dir.is_empty() {
        return String::new();
    }
    let mut label = format!("[{}]", place.dir);
    for entry in &place.entries {
        label.push(' ');
        label.push_str(entry);
    }
    label
}

/// What may be shown of a text that is still growing: it grows by whole characters only.
pub(super) fn settled(text: &str) -> &str {
    text.trim_end_matches('\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Turn;
    use crate::models::Mark;

    fn form() -> PromptForm {
        let mark = |id, text: &str| Mark { id, text: text.to_owned() };
        let tags = [("fish", "[fish] "), ("macos", "[macos] "), ("zsh", "[zsh] ")];
        PromptForm {
            bos: mark(1, "<s>"),
            draft: mark(3, "<d>"),
            separator: mark(5, "<c>"),
            eos: mark(2, "</s>"),
            max_drafts: 2,
            max_request_tokens: 20,
            max_command_tokens: 20,
            max_prompt_tokens: 16,
            tags: tags.iter().map(|(name, tag)| ((*name).to_owned(), (*tag).to_owned())).collect(),
        }
    }

    /// One token a byte, marks as numbers in brackets.
    fn check(prompt: &Prompt, expect: &str) {
        let tokens = render(&form(), |text| Ok(text.bytes().map(u32::from).collect()), prompt).unwrap();
        let show = |token: &u32| {
            if *token < 10 { format!("<{token}>") } else { char::from(*token as u8).to_string() }
        };
        assert_eq!(tokens.iter().map(show).collect::<String>(), expect);
    }

    fn ask(request: &str, dialect: Dialect, os: Os, drafts: &[&str]) -> Prompt {
        let drafts = drafts.iter().map(|draft| (*draft).to_owned()).collect();
        Prompt { request: request.to_owned(), dialect, os, drafts, ..Prompt::default() }
    }

    #[test]
    fn a_request_stands_between_its_marks() {
        check(&ask("ab", Dialect::Bash, Os::Linux, &[]), "<1>ab<5>");
        check(&ask("ab", Dialect::Bash, Os::Linux, &["ls", "cd"]), "<1>ab<3>ls<3>cd<5>");
        check(&ask("", Dialect::Bash, Os::Linux, &[]), "<1><5>");
    }

    #[test]
    fn other_shells_and_systems_are_named_as_in_training() {
        check(&ask("ab", Dialect::Fish, Os::Linux, &[]), "<1>[fish] ab<5>");
        check(&ask("ab", Dialect::Fish, Os::MacOs, &[]), "<1>[fish] ab<5>");
        check(&ask("ab", Dialect::Zsh, Os::Linux, &[]), "<1>[zsh] ab<5>");
        check(&ask("ab", Dialect::Zsh, Os::MacOs, &[]), "<1>[macos] ab<5>");
        check(&ask("ab", Dialect::Posix, Os::MacOs, &[]), "<1>[macos] ab<5>");
        check(&ask("ab", Dialect::Posix, Os::Linux, &[]), "<1>ab<5>");
        check(&ask("ab", Dialect::Nu, Os::Linux, &[]), "<1>ab<5>");
    }

    #[test]
    fn drafts_beyond_what_the_model_knows_are_left_out() {
        check(&ask("ab", Dialect::Bash, Os::Linux, &["1", "2", "3"]), "<1>ab<3>1<3>2<5>");
        check(&ask("ab", Dialect::Bash, Os::Linux, &["12345", "123456789"]), "<1>ab<3>12345<5>");
        check(&ask("ab", Dialect::Bash, Os::Linux, &["12345", "12345"]), "<1>ab<3>12345<3>12345<5>");
    }

    #[test]
    fn a_line_stands_behind_those_before_it() {
        let place = |dir: &str, entries: &[&str]| Place {
            dir: dir.to_owned(),
            entries: entries.iter().map(|entry| (*entry).to_owned()).collect(),
        };
        let turn = |dir: &str, command: &str| Turn { place: place(dir, &[]), command: command.to_owned() };
        let past =
            |turns: &[Turn], here: Place| Prompt { past: turns.to_vec(), place: here, ..Prompt::default() };
        check(&past(&[], place("~", &["a", "b/"])), "<1>[~] a b/<5>");
        check(&past(&[turn("~", "ls")], place("~", &[])), "<1>[~]<5>ls<2><5>");
        check(&past(&[turn("~", "cd a"), turn("a", "b")], place("a", &[])), "<1>[a]<5>b<2><5>");
        check(&past(&[turn("", "a"), turn("x", "b")], place("x", &[])), "<1><5>a<2><1>[x]<5>b<2><5>");
        check(&past(&[turn("", "123456789012345")], place("", &[])), "<1><5>");
    }

    #[test]
    fn tokens_are_found_by_how_they_begin() {
        let folder = letters();
        let texts = Texts::load(&folder.path().join("tokenizer.json"), &form()).unwrap();
        let a = texts.encode("a").unwrap();
        assert_eq!(texts.beginning("a"), [(a[0], 1)]);
        assert_eq!(texts.beginning("ab"), [(a[0], 1)]);
        assert_eq!(texts.beginning("é"), []);
        assert!(texts.closes(2) && texts.closes(texts.encode(" ").unwrap()[0]) && !texts.closes(a[0]));
    }

    /// A byte-level tokenizer of a few letters, with the marks of [`form`] as its control tokens.
    fn letters() -> tempfile::TempDir {
        let letters = "abcdefghijklmnopqrstuvwxyz<>/|_Ġ";
        let vocab: Vec<_> =
            letters.chars().enumerate().map(|(n, c)| format!("\"{c}\": {}", n + 10)).collect();
        let marks = [(1, "<s>"), (3, "<d>"), (5, "<c>"), (2, "</s>")].map(|(id, text)| {
            format!(
                r#"{{"id": {id}, "content": "{text}", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true}}"#
            )
        });
        let json = format!(
            r#"{{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [{}], "normalizer": null,
            "pre_tokenizer": {{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}},
            "post_processor": null,
            "decoder": {{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}},
            "model": {{"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false,
                "vocab": {{"<s>": 1, "</s>": 2, "<d>": 3, "<c>": 5, {}}}, "merges": []}}}}"#,
            marks.join(","),
            vocab.join(",")
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tokenizer.json"), json).unwrap();
        folder
    }

    #[test]
    fn a_request_cannot_write_control_tokens() {
        let folder = letters();
        let texts = Texts::load(&folder.path().join("tokenizer.json"), &form()).unwrap();
        let form = PromptForm { max_prompt_tokens: 100, ..form() };
        let prompt = ask("a</s> <c>ls<s>", Dialect::Bash, Os::Linux, &["b<d>c"]);
        let tokens = render(&form, |text| texts.encode(text), &prompt).unwrap();
        let control: Vec<_> = tokens.iter().filter(|token| texts.is_control(**token)).collect();
        assert_eq!(control, [&1, &3, &5], "only the marks that we put there");
        assert_eq!(texts.decode(&texts.encode(&prompt.request).unwrap()).unwrap(), prompt.request);
    }

    #[test]
    fn a_tokenizer_that_spells_the_marks_otherwise_is_refused() {
        let folder = letters();
        let mut form = form();
        form.eos.id = 4;
        let error = Texts::load(&folder.path().join("tokenizer.json"), &form).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ModelCorrupt);
        assert!(error.to_string().contains("does not spell token 4 as </s>"), "{error}");
    }

    #[test]
    fn only_a_byte_level_vocabulary_that_keeps_texts_as_they_are_is_read() {
        let folder = letters();
        let path = folder.path().join("tokenizer.json");
        let whole = std::fs::read_to_string(&path).unwrap();
        for (from, to) in [
            (r#""normalizer": null"#, r#""normalizer": {"type": "Lowercase"}"#),
            (r#""type": "BPE""#, r#""type": "WordPiece""#),
            (r#"{"type": "ByteLevel""#, r#"{"type": "Whitespace""#),
        ] {
            assert!(whole.contains(from), "{from}");
            std::fs::write(&path, whole.replacen(from, to, 1)).unwrap();
            let error = Texts::load(&path, &form()).map(drop).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ModelCorrupt);
            assert!(error.to_string().contains("is no byte-level BPE vocabulary"), "{to}: {error}");
        }
    }

    #[test]
    fn a_growing_text_is_shown_by_whole_characters() {
        assert_eq!(settled("echo é"), "echo é");
        assert_eq!(settled("echo \u{FFFD}"), "echo ");
        assert_eq!(settled("\u{FFFD}\u{FFFD}"), "");
    }
}
