//! `manifest.toml`: what a model folder holds and how the model wants to be asked.
//!
//! The training pipeline writes it and both sides check it. A manifest names every file with its size and
//! sha256, so a damaged or half-copied model is told apart from a model that answers badly. Keys that this
//! version does not know are skipped: `min_cmdai` says when skipping them would be wrong.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The file that makes a folder a model.
pub(crate) const FILE_NAME: &str = "manifest.toml";
/// The graph; its weights lie beside it.
pub(crate) const GRAPH: &str = "model.onnx";
/// The tokenizer, in the form of the `tokenizers` library.
pub(crate) const TOKENIZER: &str = "tokenizer.json";

/// What a model is, which files it has, and how it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// The model's name, also the name of its folder.
    pub name: String,
    /// The version of the weights: `major.minor.patch`.
    pub version: String,
    /// The licence of the weights, as an SPDX expression.
    pub license: String,
    /// The model it was made from.
    #[serde(default)]
    pub base: Option<String>,
    /// The oldest cmdai that understands this manifest.
    pub min_cmdai: String,
    /// Every file that the model needs.
    pub files: Vec<FileEntry>,
    /// How a request is put to the model.
    pub prompt: PromptForm,
    /// What an engine needs to know of the graph.
    pub architecture: Architecture,
}

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FileEntry {
    /// Its path, relative to the folder and inside it.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its sha256 in lower-case hexadecimal.
    pub sha256: String,
}

/// A control token: never written in a text, put between texts by number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Mark {
    /// Its number.
    pub id: u32,
    /// How the tokenizer spells it.
    pub text: String,
}

/// How a request is put to the model: `bos request (draft text)* separator command eos`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PromptForm {
    /// Begins a prompt.
    pub bos: Mark,
    /// Stands before each draft.
    pub draft: Mark,
    /// Stands before the command.
    pub separator: Mark,
    /// Ends the command.
    pub eos: Mark,
    /// Most drafts the model has seen in one prompt.
    #[serde(default = "three")]
    pub max_drafts: usize,
    /// Longest request the model has seen, in tokens.
    pub max_request_tokens: usize,
    /// Longest command the model has seen, in tokens.
    pub max_command_tokens: usize,
    /// Longest prompt the model has seen, in tokens.
    pub max_prompt_tokens: usize,
    /// Text put in front of a request, by the name of a shell or a system.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

fn three() -> usize {
    3
}

/// The shape of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Architecture {
    /// Transformer layers, each with a key and a value cache.
    pub layers: usize,
    /// Heads of the cache.
    pub kv_heads: usize,
    /// Numbers in one head.
    pub head_dim: usize,
    /// Tokens in the vocabulary: the width of the logits.
    pub vocab: usize,
    /// Positions the model can attend to.
    pub max_context: usize,
}

impl Manifest {
    /// Reads a manifest and checks what can be checked without the files.
    ///
    /// # Errors
    /// One sentence that names the key, the value or the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        // The version gate comes first: a later form may lack keys that this one needs.
        let table: toml::Table = text.parse().map_err(|error| one_line(&error))?;
        if let Some(needed) = table.get("min_cmdai").and_then(toml::Value::as_str) {
            let ours = env!("CARGO_PKG_VERSION");
            let needs = version(needed).ok_or_else(|| format!("`min_cmdai` is no version: {needed:?}"))?;
            if Some(needs) > version(ours) {
                return Err(format!("the model needs cmdai {needed} or later, this is {ours}"));
            }
        }
        let manifest: Self = toml::from_str(text).map_err(|error| one_line(&error))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The entry of a file.
    pub fn file(&self, path: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Name and version: `smollm2-135m-cmdai 0.1.0`.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn check(&self) -> Result<(), String> {
        for file in &self.files {
            if !stays_inside(&file.path) {
                return Err(format!("file path {:?} leaves the folder", file.path));
            }
            if file.sha256.len() != 64 || !file.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            {
                return Err(format!("sha256 of {} is not 64 lower-case hexadecimal digits", file.path));
            }
        }
        for needed in [GRAPH, TOKENIZER] {
            if self.file(needed).is_none() {
                return Err(format!("`files` does not name {needed}"));
            }
        }
        let shape = &self.architecture;
        let sizes = [
            ("layers", shape.layers),
            ("kv_heads", shape.kv_heads),
            ("head_dim", shape.head_dim),
            ("vocab", shape.vocab),
            ("max_context", shape.max_context),
        ];
        if let Some((key, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(format!("`architecture.{key}` is 0"));
        }
        let prompt = &self.prompt;
        for mark in [&prompt.bos, &prompt.draft, &prompt.separator, &prompt.eos] {
            if mark.id as usize >= shape.vocab {
                return Err(format!(
                    "token {} ({}) is outside the vocabulary of {}",
                    mark.id, mark.text, shape.vocab
                ));
            }
        }
        Ok(())
    }
}

/// True for `a/b`, false for anything that could name a file elsewhere on any system.
fn stays_inside(path: &str) -> bool {
    !path.contains(['\\', ':']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn version(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(version)
}

/// What a TOML error says, with its line and without the drawing of the text.
fn one_line(error: &toml::de::Error) -> String {
    error.message().replace('\n', ", ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small whole manifest; `digest` is the sha256 of both files, which hold `size` bytes.
    pub(crate) fn sample(size: u64, digest: &str) -> String {
        format!(
            r#"
name = "tiny"
version = "0.1.0"
license = "Apache-2.0"
min_cmdai = "0.1.0"
note = "a key that nobody knows yet"

[[files]]
path = "model.onnx"
bytes = {size}
sha256 = "{digest}"

[[files]]
path = "tokenizer.json"
bytes = {size}
sha256 = "{digest}"

[prompt]
bos = {{ id = 1, text = "<s>" }}
draft = {{ id = 3, text = "<d>" }}
separator = {{ id = 5, text = "<c>" }}
eos = {{ id = 2, text = "</s>" }}
max_request_tokens = 64
max_command_tokens = 80
max_prompt_tokens = 190
tags = {{ fish = "[fish] " }}

[architecture]
layers = 2
kv_heads = 3
head_dim = 64
vocab = 100
max_context = 512
"#
        )
    }

    fn whole() -> String {
        sample(3, &"a".repeat(64))
    }

    /// The manifest after one replacement, and a part of what must be said about it.
    fn check(from: &str, to: &str, expect: &str) {
        let text = whole();
        assert!(text.contains(from), "the sample has no {from:?}");
        let problem = Manifest::parse(&text.replace(from, to)).unwrap_err();
        assert!(problem.contains(expect), "{problem:?} does not say {expect:?}");
        assert!(!problem.contains('\n'), "{problem:?} is more than one line");
    }

    #[test]
    fn a_whole_manifest_is_read() {
        let manifest = Manifest::parse(&whole()).unwrap();
        assert_eq!(manifest.title(), "tiny 0.1.0");
        assert_eq!(manifest.prompt.tags["fish"], "[fish] ");
        assert_eq!(manifest.prompt.max_drafts, 3);
        assert_eq!(manifest.file("model.onnx").unwrap().bytes, 3);
        assert_eq!(manifest.file("other"), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        check("name = \"tiny\"", "", "`name`");
        check("license = \"Apache-2.0\"", "", "`license`");
        check("layers = 2", "", "`layers`");
        check("layers = 2", "layers = 0", "`architecture.layers`");
        check("eos = {", "end = {", "`eos`");
        check("bytes = 3", "bytes = \"3\"", "invalid type");
        check("path = \"tokenizer.json\"", "path = \"other.json\"", "tokenizer.json");
        check("path = \"model.onnx\"", "path = \"../model.onnx\"", "leaves the folder");
        check("path = \"model.onnx\"", "path = \"/model.onnx\"", "leaves the folder");
        check("path = \"model.onnx\"", "path = 'c:\\model.onnx'", "leaves the folder");
        check("sha256 = \"aaaa", "sha256 = \"AAAA", "64 lower-case");
        check("id = 5", "id = 100", "outside the vocabulary");
        check("[prompt]", "[prompt", "");
    }

    #[test]
    fn a_manifest_for_a_later_cmdai_is_refused_before_its_keys_are_missed() {
        check("min_cmdai = \"0.1.0\"", "min_cmdai = \"99.0.0\"", "needs cmdai 99.0.0");
        check("min_cmdai = \"0.1.0\"", "min_cmdai = \"soon\"", "no version: \"soon\"");
        let later = "min_cmdai = \"99.0.0\"\n[prompt]\nform = 7\n";
        assert!(Manifest::parse(later).unwrap_err().contains("needs cmdai 99.0.0"));
    }
}
