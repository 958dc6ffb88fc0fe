//! Recorded people: the lines somebody ran, and the directories they knew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

use anyhow::{Context as _, Result};
use cmdai_core::complete::{Declared, Entry, Form, GitRefs, World};
use cmdai_core::history::Run;
use cmdai_core::{Context, Dialect, Os};
use serde_json::Value;

/// A person with all lines in the order they were run.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) home: String,
    pub(crate) os: Os,
    dirs: BTreeMap<String, Arc<[Entry]>>,
    pub(crate) runs: Vec<Run>,
}

/// Everyone in a directory, by name; only those named where some are.
pub(crate) fn read_all(dir: &Path, only: &[String]) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .with_context(|| format!("cannot read {}", dir.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if only.is_empty() || only.contains(&name) {
            let text =
                std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            people.push(read(&name, &text).with_context(|| format!("{} does not fit", file.display()))?);
        }
    }
    anyhow::ensure!(!people.is_empty(), "no people in {}", dir.display());
    Ok(people)
}

fn read(name: &str, text: &str) -> Result<Person> {
    let mut lines = text.lines();
    let head: Value = serde_json::from_str(lines.next().context("the file is empty")?)?;
    let mut runs = Vec::new();
    let mut os = Os::Linux;
    let mut home = String::new();
    for (number, line) in lines.filter(|line| !line.trim().is_empty()).enumerate() {
        let row: Value = serde_json::from_str(line).with_context(|| format!("line {}", number + 2))?;
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        if home.is_empty() {
            os = text("os").parse().unwrap_or_default();
            home = match os {
                Os::MacOs => "/Users/me".to_owned(),
                _ => "/home/me".to_owned(),
            };
        }
        runs.push(Run {
            command: text("cmd").to_owned(),
            cwd: Some(absolute(text("cwd"), &home)),
            status: row["exit"].as_i64().and_then(|exit| i32::try_from(exit).ok()),
            started: row["t"].as_i64(),
            session: Some(row["s"].to_string()),
            dialect: text("shell").parse::<Dialect>().unwrap_or_default(),
            ..Run::default()
        });
    }
    let mut dirs = BTreeMap::new();
    for (dir, names) in head["dirs"].as_object().context("the head has no dirs")? {
        let mut entries: Vec<Entry> = names
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|name| Entry {
                name: name.trim_end_matches('/').to_owned(),
                is_dir: name.ends_with('/'),
                is_executable: name.ends_with(".sh") || name == "gradlew" || name == "mvnw",
            })
            .collect();
        entries.sort();
        entries.dedup();
        dirs.insert(absolute(dir, &home), entries.into());
    }
    Ok(Person { name: name.to_owned(), home, os, dirs, runs })
}

fn absolute(dir: &str, home: &str) -> String {
    match dir.strip_prefix('~') {
        Some(rest) => format!("{home}{rest}"),
        None => dir.to_owned(),
    }
}

impl Person {
    /// Where a line is typed.
    pub(crate) fn context(&self, run: &Run) -> Context {
        Context::new(run.dialect)
            .with_cwd(run.cwd.clone().unwrap_or_default())
            .with_home(self.home.clone())
            .with_os(self.os)
    }

    /// Every directory that is known.
    #[cfg(unix)]
    pub(crate) fn dirs(&self) -> impl Iterator<Item = (&String, &Arc<[Entry]>)> {
        self.dirs.iter()
    }

    /// The entries of an absolute directory.
    pub(crate) fn entries(&self, dir: &str) -> Option<&Arc<[Entry]>> {
        self.dirs.get(dir)
    }
}

/// What a person's machine knows while lines are replayed: the directories of the record, and those
/// branches and remotes that earlier lines made or went to.
pub(crate) struct Replayed<'p> {
    person: &'p Person,
    branches: Mutex<BTreeMap<String, GitRefs>>,
}

impl<'p> Replayed<'p> {
    pub(crate) fn new(person: &'p Person) -> Self {
        Self { person, branches: Mutex::default() }
    }

    /// The project of a directory: the nearest above with a `.git`.
    fn project(&self, dir: &str) -> String {
        let mut at = dir;
        loop {
            if let Some(entries) = self.person.entries(at)
                && entries.iter().any(|entry| entry.name == ".git")
            {
                return at.to_owned();
            }
            match at.rsplit_once('/') {
                Some((above, _)) if !above.is_empty() => at = above,
                _ => return dir.to_owned(),
            }
        }
    }

    /// Takes note of what a line did to branches.
    pub(crate) fn ran(&self, run: &Run) {
        if run.status.is_some_and(|status| status != 0) {
            return;
        }
        let project = self.project(run.cwd.as_deref().unwrap_or_default());
        for part in run.command.split(['&', '|', ';', '\n']) {
            let words: Vec<&str> = part.split_whitespace().collect();
            let ["git", verb @ ("checkout" | "switch" | "branch"), rest @ ..] = &words[..] else { continue };
            let deletes = *verb == "branch" && rest.iter().any(|word| matches!(*word, "-d" | "-D"));
            let Some(name) = rest.iter().find(|word| !word.starts_with('-')) else { continue };
            if rest.contains(&"--") || name.contains('.') && !name.starts_with(char::is_alphabetic) {
                continue;
            }
            let mut all = self.branches.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let refs = all
                .entry(project.clone())
                .or_insert_with(|| GitRefs { remotes: vec!["origin".to_owned()], ..GitRefs::default() });
            refs.branches.retain(|known| known != name);
            if !deletes {
                refs.branches.insert(0, (*name).to_owned());
                if *verb != "branch" {
                    refs.head = Some((*name).to_owned());
                }
            }
        }
    }
}

impl World for Replayed<'_> {
    fn entries(&self, dir: &str) -> Option<Arc<[Entry]>> {
        self.person.entries(dir).cloned()
    }

    fn git_refs(&self, dir: &str) -> Option<Arc<GitRefs>> {
        let all = self.branches.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A record does not say what is a repository: all may be one, of which no branch is known yet.
        Some(Arc::new(all.get(&self.project(dir)).cloned().unwrap_or_default()))
    }

    fn programs(&self) -> Option<Arc<[String]>> {
        None
    }

    fn aliases(&self, _session: Option<&str>) -> Option<Arc<[(String, String)]>> {
        None
    }

    fn declared(&self, _form: Form, _path: &str) -> Option<Arc<Declared>> {
        None
    }
}
