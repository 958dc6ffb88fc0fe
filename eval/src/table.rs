//! Makes the table of what people type in general (`complete/prior.txt`).
//!
//! From people: what at least two of them typed, so that nothing personal enters. From documented
//! commands: words that are no placeholder, number, path or quoted text. Documents tell what there is to say and say
//! each once, so `cargo tree` stands there as often as `cargo build`: for the usual programs, shares of what follows are
//! authored (`training/data/usual.jsonl`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use cmdai_core::Dialect;
use cmdai_core::complete::{END, Prior, PriorKind as Kind, commands_of};
use cmdai_core::redact::redact;
use serde_json::Value;

use crate::people::Person;

/// Words and how often they were typed.
type Counted = Vec<(String, u32)>;

/// A word in a context.
type Key = (Kind, String, String, String);

/// A documented command and its dialect.
pub(crate) type Documented = (String, Dialect);

/// What usually follows a word of a program, in percent of the times that it is typed. The word is the program itself
/// where no other comes before.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Usual {
    program: String,
    after: String,
    next: BTreeMap<String, f32>,
}

/// Counts that a percent of [`Usual`] stands for.
const PERCENT: f32 = 3.0;
/// Counts that documents keep beside them, all words of a context together.
const BESIDE: f32 = 40.0;

/// Reads `usual.jsonl`, which lies beside the corpora.
pub(crate) fn read_usual(dir: &Path) -> Result<Vec<Usual>> {
    let path = dir.join("usual.jsonl");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let row = |(at, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}: line {}", path.display(), at + 1))
    };
    text.lines().enumerate().map(row).collect()
}

/// Reads the commands of a directory of corpora (`*.jsonl.gz`, rows with `cmd` and `shell`).
pub(crate) fn read_documents(dir: &Path) -> Result<Vec<Documented>> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .with_context(|| format!("cannot read {}", dir.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".jsonl.gz"))
        .collect();
    files.sort();
    let mut all = BTreeSet::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Derived from specs, or about one cloud's tool alone: they say what exists, not what is typed.
        if ["fig.", "azure", "aws"].iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        let bytes = std::fs::File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes).read_to_string(&mut text)?;
        for line in text.lines() {
            let row: Value = serde_json::from_str(line)?;
            let shell = row["shell"].as_str().unwrap_or_default().parse::<Dialect>();
            if let (Some(command), Ok(dialect)) = (row["cmd"].as_str(), shell) {
                all.insert((command.to_owned(), dialect.name()));
            }
        }
    }
    Ok(all.into_iter().map(|(command, name)| (command, name.parse().unwrap_or_default())).collect())
}

/// Counts by context.
#[derive(Default)]
pub(crate) struct Counts(BTreeMap<Key, f32>);

/// What documented commands say, and what is usual.
pub(crate) fn of_documents(documents: &[Documented], usual: &[Usual]) -> Counts {
    let mut counts = Counts::default();
    for (command, dialect) in documents {
        let mut before: Option<String> = None;
        for words in commands_of(command, *dialect) {
            let Some(program) = words.first().filter(|word| is_plain(word)) else {
                before = None;
                continue;
            };
            match &before {
                None => counts.add(Kind::DocumentedFirst, "-", "-", program),
                Some(before) => {
                    counts.add(Kind::DocumentedPipe, before, "-", program);
                    counts.add(Kind::DocumentedPipe, "-", "-", program);
                }
            }
            for pair in words.windows(2) {
                if is_plain(&pair[1]) {
                    counts.add(Kind::DocumentedWord, program, "-", &pair[1]);
                    if is_plain(&pair[0]) {
                        counts.add(Kind::DocumentedNext, program, &pair[0], &pair[1]);
                    }
                }
            }
            before = Some(program.clone());
        }
    }
    for row in usual {
        let after = if row.after.is_empty() { &row.program } else { &row.after };
        counts.make_room(&row.program, after);
        for (word, percent) in &row.next {
            let mut put = |kind, second: &str| {
                let key = (kind, row.program.clone(), second.to_owned(), word.clone());
                *counts.0.entry(key).or_default() += percent * PERCENT;
            };
            put(Kind::DocumentedNext, after);
            put(Kind::DocumentedWord, "-");
        }
    }
    counts
}

/// What these people have in common.
pub(crate) fn of_people(people: &[&Person]) -> Counts {
    let mut by: BTreeMap<Key, BTreeMap<&str, f32>> = BTreeMap::new();
    for person in people {
        let mut see = |kind, first: &str, second: &str, word: &str| {
            let fits = |word: &str| !word.contains(['\t', ' ', '\n']);
            if fits(first) && fits(second) || matches!(kind, Kind::After | Kind::AfterWord) {
                if !fits(word) {
                    return;
                }
                let key = (kind, first.to_owned(), second.to_owned(), word.to_owned());
                *by.entry(key).or_default().entry(person.name.as_str()).or_default() += 1.0;
            }
        };
        let mut shapes: BTreeMap<&str, String> = BTreeMap::new();
        for run in &person.runs {
            if redact(&run.command) != run.command || run.status == Some(127) {
                continue;
            }
            let session = run.session.as_deref().unwrap_or_default();
            let commands = commands_of(&run.command, run.dialect);
            let count = commands.len();
            let mut before: Option<&str> = None;
            for (number, words) in commands.iter().enumerate() {
                let Some(program) = words.first() else { continue };
                match before {
                    None => {
                        let shape = shapes.get(session).map_or("-", String::as_str);
                        see(Kind::First, "-", "-", program);
                        see(Kind::After, shape, "-", program);
                        if let Some(second) = words.get(1) {
                            see(Kind::AfterWord, shape, program, second);
                        } else if count == 1 {
                            see(Kind::AfterWord, shape, program, END);
                        }
                    }
                    Some(before) => {
                        see(Kind::Pipe, before, "-", program);
                        see(Kind::Pipe, "-", "-", program);
                    }
                }
                for pair in words.windows(2) {
                    see(Kind::Next, program, &pair[0], &pair[1]);
                    see(Kind::Word, program, "-", &pair[1]);
                    if let Some(extension) = extension_of(&pair[1]) {
                        see(Kind::Extension, program, "-", extension);
                    }
                }
                if number + 1 == count
                    && let Some(last) = words.last()
                {
                    see(Kind::Next, program, last, END);
                }
                before = Some(program);
            }
            if let Some(words) = commands.last() {
                shapes.insert(session, cmdai_core::complete::shape(words));
            }
        }
    }
    let mut counts = Counts::default();
    for (key, people) in by {
        if people.len() >= 2 {
            // Nobody counts for more than ten.
            counts.0.insert(key, people.values().map(|count| count.min(10.0)).sum());
        }
    }
    counts
}

fn extension_of(word: &str) -> Option<&str> {
    let (stem, extension) = word.rsplit('/').next()?.rsplit_once('.')?;
    let fits =
        !stem.is_empty() && extension.len() <= 8 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some(extension).filter(|extension| !extension.is_empty())
}

/// True for a word that is the same for everybody.
fn is_plain(word: &str) -> bool {
    let flag = word.starts_with('-');
    !word.is_empty()
        && word.len() <= 24
        && !word.contains(['{', '<', '>', '"', '\'', '/', '$', '*', '\\', '`', '(', ',', '@', '%', '[', '~'])
        && word.bytes().all(|byte| byte.is_ascii_graphic())
        && (flag || !word.contains(['=', ':']) && !word.contains('.'))
        && (flag || !word.bytes().any(|byte| byte.is_ascii_digit()) || word.len() <= 4)
        && !(flag && word.split_once('=').is_some_and(|(_, value)| !value.is_empty()))
}

impl Counts {
    fn add(&mut self, kind: Kind, first: &str, second: &str, word: &str) {
        let key = (kind, first.to_owned(), second.to_owned(), word.to_owned());
        *self.0.entry(key).or_default() += 1.0;
    }

    /// Leaves [`BESIDE`] counts at most to what documents say follows a word.
    fn make_room(&mut self, program: &str, after: &str) {
        let first = (Kind::DocumentedNext, program.to_owned(), after.to_owned(), String::new());
        let here = |key: &Key| key.0 == first.0 && key.1 == first.1 && key.2 == first.2;
        let sum: f32 =
            self.0.range(first.clone()..).take_while(|(key, _)| here(key)).map(|(_, count)| count).sum();
        if sum > BESIDE {
            for (_, count) in self.0.range_mut(first.clone()..).take_while(|(key, _)| here(key)) {
                *count *= BESIDE / sum;
            }
        }
    }

    /// The table's rows; contexts with little in them are left out.
    pub(crate) fn rows(&self, least: f32, most_words: usize) -> String {
        let mut lists: BTreeMap<(Kind, &str, &str), Counted> = BTreeMap::new();
        for ((kind, first, second, word), &count) in &self.0 {
            if count >= least {
                lists.entry((*kind, first, second)).or_default().push((word.clone(), count as u32));
            }
        }
        let mut text = String::new();
        for ((kind, first, second), mut words) in lists {
            words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            let wide = matches!(kind, Kind::First | Kind::DocumentedFirst);
            words.truncate(if wide { 200 } else { most_words });
            text += &Prior::row(kind, first, second, &words);
        }
        text
    }
}
