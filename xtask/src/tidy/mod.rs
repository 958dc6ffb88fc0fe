//! `cargo xtask tidy`: the rules of the house that neither the compiler nor clippy can hold.
//!
//! A rule is one function from the files of the repository to complaints. A complaint names the place
//! and what to do about it.

mod imports;
mod licences;
mod repository;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output};
use crate::{Options, Taken, tree};

/// A text file of the repository.
pub(crate) struct Source {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn task(args: &[String]) -> Result<()> {
    Options::new("tidy", args).each(|_, _| Taken::Unknown)?;
    let files = repository::files()?;
    let sources: Vec<Source> = files.iter().filter_map(read).collect();
    let metadata = metadata()?;

    let mut complaints = repository::check(&files, &sources);
    complaints.extend(imports::check(&sources));
    complaints.extend(descriptions(&metadata));
    complaints.extend(light_core()?);
    complaints.extend(licences::check(&metadata)?);
    for note in long_files(&sources) {
        eprintln!("tidy: note: {note}");
    }
    if complaints.is_empty() {
        eprintln!("tidy: {} files, {} of them text; nothing to mend", files.len(), sources.len());
        return Ok(());
    }
    for complaint in &complaints {
        eprintln!("tidy: {complaint}");
    }
    bail!("{} things to mend", complaints.len())
}

/// A file's text, or `None` for one that is binary or large.
fn read(file: &repository::Entry) -> Option<Source> {
    const MOST_BYTES: u64 = 8 << 20;
    if file.bytes > MOST_BYTES {
        return None;
    }
    let text = fs::read_to_string(tree::root().join(&file.path)).ok()?;
    Some(Source { path: file.path.clone(), text })
}

fn metadata() -> Result<serde_json::Value> {
    let json = output(cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
    serde_json::from_str(&json).context("cargo metadata is no JSON")
}

/// Rust files that can hardly be read in one sitting. A note, since a table may be as long as it is.
fn long_files(sources: &[Source]) -> Vec<String> {
    const MOST_LINES: usize = 700;
    let rust = sources.iter().filter(|source| source.path.ends_with(".rs"));
    let long =
        rust.map(|source| (&source.path, source.text.lines().count())).filter(|(_, n)| *n > MOST_LINES);
    long.map(|(path, lines)| format!("{path} has {lines} lines; beyond {MOST_LINES}, split by subject"))
        .collect()
}

/// Every crate says what it is for.
fn descriptions(metadata: &serde_json::Value) -> Vec<String> {
    let members: Vec<&str> = strings(&metadata["workspace_members"]);
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ours =
        packages.iter().filter(|package| package["id"].as_str().is_some_and(|id| members.contains(&id)));
    let silent = ours.filter(|package| package["description"].as_str().is_none_or(str::is_empty));
    silent.map(|package| format!("{}: Cargo.toml has no description", package["name"])).collect()
}

fn strings(value: &serde_json::Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect()
}

/// Nothing light imports anything heavy: without features the core has no model runtime.
fn light_core() -> Result<Vec<String>> {
    const HEAVY: &[&str] = &["libsqlite3-sys", "ort", "ort-sys", "tokenizers"];
    let mut command = cargo();
    command.args(["tree", "--locked", "-p", "cmdai-core", "-e", "normal", "--prefix", "none"]);
    let tree = output(&mut command)?;
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let heavy = names.filter(|name| HEAVY.contains(name));
    Ok(heavy.map(|name| format!("cmdai-core without features depends on {name}; make it optional")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_code_is_found_and_long_data_is_not() {
        let source = |path: &str, lines: usize| Source { path: path.into(), text: "x\n".repeat(lines) };
        let sources = [source("a.rs", 701), source("b.rs", 700), source("c.jsonl", 5000)];
        assert_eq!(long_files(&sources), ["a.rs has 701 lines; beyond 700, split by subject"]);
    }

    #[test]
    fn a_crate_without_a_description_is_named() {
        let metadata = serde_json::json!({
            "workspace_members": ["a", "b"],
            "packages": [
                {"id": "a", "name": "a", "description": "something"},
                {"id": "b", "name": "b", "description": null},
                {"id": "c", "name": "c", "description": null},
            ],
        });
        assert_eq!(descriptions(&metadata), ["\"b\": Cargo.toml has no description"]);
    }
}
