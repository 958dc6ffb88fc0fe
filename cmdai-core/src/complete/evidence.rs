//! Everything that speaks for a continuation, as numbers.
//!
//! A candidate is the next [piece](super::words::piece) of the line, or its end. Sources do not rank:
//! each says in which [`Setting`] it saw the candidate, how much and how recently, and
//! [`Candidate::features`] turns that into what the ranker reads. The order of the features is the order
//! of the weights that were learned; to change it is to fit again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Source;
use super::words::piece;

/// Where a candidate was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Setting {
    /// A line that began like this one.
    Line,
    /// … in the same directory.
    LineDir,
    /// … in the same project.
    LineProject,
    /// … after the same line.
    LineAfter,
    /// … after the same two lines.
    LineAfterTwo,
    /// … after a command of the same shape.
    LineAfterShape,
    /// … in the same terminal.
    LineSession,
    /// The same program with the same words before.
    Words,
    /// The same program after the same two words.
    TwoWords,
    /// The same program after the same word.
    OneWord,
    /// The same program, in the same place.
    Place,
    /// The same program anywhere.
    Program,
    /// … in the same directory.
    ProgramDir,
    /// … after a command of the same shape.
    ProgramAfterShape,
    /// Any program, of late.
    Any,
    /// … in the same directory.
    AnyDir,
    /// The command before.
    Before,
    /// One of the three before that.
    LittleBefore,
    /// Other people after a command of this shape.
    OthersAfter,
    /// Other people after this word.
    OthersNext,
    /// Other people with this program.
    OthersProgram,
    /// Documentation, after this word.
    DocumentedNext,
    /// Documentation, with this program.
    DocumentedProgram,
}

/// How many settings there are.
pub(super) const SETTINGS: usize = Setting::DocumentedProgram as usize + 1;
/// Numbers a setting gives: how much, which share of all candidates, and the how manieth newest.
const OF_SETTING: usize = 3;
/// Features that are no setting's.
const FLAT: usize = 40;
/// How many features a candidate has.
pub const FEATURES: usize = SETTINGS * OF_SETTING + FLAT;

/// What kind of thing a candidate names, where a source knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Named {
    /// 1 file, 2 directory, 3 directory with its slash.
    pub(super) path: f32,
    /// 1 subcommand, 2 flag, 3 another program.
    pub(super) spec: f32,
    /// 1 branch, 2 remote, 3 tag, 4 remote branch, 5 the branch that is checked out.
    pub(super) git: f32,
    /// How many come before it in the order of the source.
    pub(super) rank: f32,
    /// Share of this extension among files given to the program, by the user and by others.
    pub(super) extension: [f32; 2],
    /// 1 where it is made from an argument of the last command, such as the directory of a clone.
    pub(super) derived: f32,
}

/// The age of a line that was never typed, in runs.
pub(super) const NEVER: f32 = 1e4;

/// One way the line may go on.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The piece; empty for the end of the line.
    pub(super) text: String,
    much: [f32; SETTINGS],
    rank: [u8; SETTINGS],
    /// Runs since it was seen in a line that began like this one.
    pub(super) line_age: f32,
    /// Runs since it was seen in any line.
    pub(super) word_age: f32,
    /// How often runs of such lines failed, weighted.
    pub(super) failing: f32,
    pub(super) named: Named,
    pub(super) repeated: bool,
    /// It is at least so likely, whatever the ranker says, which does not know how little else can be meant.
    pub(super) least: f32,
}

impl Candidate {
    fn new(text: String) -> Self {
        Self {
            text,
            much: [0.0; SETTINGS],
            rank: [0; SETTINGS],
            line_age: NEVER,
            word_age: 1e4,
            failing: 0.0,
            named: Named::default(),
            repeated: false,
            least: 0.0,
        }
    }

    pub(super) fn much(&self, setting: Setting) -> f32 {
        self.much.get(setting as usize).copied().unwrap_or_default()
    }

    /// True where only other people's lines and documentation speak for it, and nothing that is here.
    pub(super) fn is_of_others(&self) -> bool {
        let own = self.much.get(..Setting::OthersAfter as usize).unwrap_or_default();
        own.iter().all(|much| *much <= 0.0) && self.named == Named::default()
    }

    /// True where lines that begin so were run, and none of them went well.
    pub(super) fn always_failed(&self) -> bool {
        let runs = self.much(Setting::Line);
        runs > 0.0 && self.failing >= 0.99 * runs
    }

    /// Where it comes from, for the user.
    pub(super) fn source(&self, first_word: bool) -> Source {
        if self.much(Setting::Line) > 0.0 {
            Source::History
        } else if self.named.git > 0.0 {
            Source::Git
        } else if self.named.path > 0.0 {
            Source::Path
        } else if self.much(Setting::Program) > 0.0 || self.much(Setting::Any) > 0.0 {
            Source::History
        } else if first_word {
            Source::Command
        } else {
            Source::Spec
        }
    }
}

/// What is the same for all candidates of a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Characters of the word under the cursor.
    pub(super) current: f32,
    /// Words before it in its command.
    pub(super) words: f32,
    /// Characters typed in all.
    pub(super) typed: f32,
    pub(super) piped: f32,
    pub(super) quoted: f32,
    pub(super) last_failed: f32,
    /// Seconds since the last run.
    pub(super) pause: f32,
    /// 0 unknown, 1 no path, 2 a path, 3 a directory, 4 a file that exists.
    pub(super) expects: f32,
    /// What sort of program it is ([`super::programs::class`]).
    pub(super) class: f32,
    /// How many directory entries fit.
    pub(super) entries: f32,
    /// Share of directories that the user gives with their slash.
    pub(super) slashes: f32,
    /// Runs remembered.
    pub(super) runs: f32,
    pub(super) first_of_session: f32,
    /// True where a word ends under the cursor that is known to be whole.
    pub(super) known_word: f32,
    /// The current word holds a slash.
    pub(super) in_path: f32,
}

/// All candidates for one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    index: HashMap<u64, usize, BuildHasherDefault<AsIs>>,
    pub(super) items: Vec<Candidate>,
    total: [f32; SETTINGS],
    ranks: [u8; SETTINGS],
    pub(super) place: Place,
}

/// Candidates that a place may have; later ones are dropped.
const MOST: usize = 224;
/// So many words can be told from one another without a letter of them.
const FEW: usize = 3;
/// Candidates that are ranked.
const RANKED: usize = 48;

/// A hasher for keys that are hashes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = self.0.rotate_left(5) ^ value;
    }
}

/// FNV-1a.
fn hash_of(blank: bool, text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in blank.then_some(b' ').into_iter().chain(text.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

impl Pool {
    /// The candidate of that text, with a blank before it where one must be typed first.
    pub(super) fn at(&mut self, blank: bool, text: &str) -> Option<&mut Candidate> {
        let at = self.find_or_add(blank, text)?;
        self.items.get_mut(at)
    }

    fn find_or_add(&mut self, blank: bool, text: &str) -> Option<usize> {
        let hash = hash_of(blank, text);
        if let Some(&at) = self.index.get(&hash) {
            return Some(at);
        }
        if self.items.len() >= MOST {
            return None;
        }
        let at = self.items.len();
        self.index.insert(hash, at);
        self.items.push(Candidate::new(if blank { format!(" {text}") } else { text.to_owned() }));
        Some(at)
    }

    /// Notes that the candidate was seen in a setting; the newest is noted first.
    pub(super) fn see(&mut self, at: usize, setting: Setting, much: f32) {
        let Some(candidate) = self.items.get_mut(at) else { return };
        let place = setting as usize;
        let (Some(total), Some(ranks)) = (self.total.get_mut(place), self.ranks.get_mut(place)) else {
            return;
        };
        if let (Some(sum), Some(rank)) = (candidate.much.get_mut(place), candidate.rank.get_mut(place)) {
            if *rank == 0 {
                *ranks = ranks.saturating_add(1);
                *rank = *ranks;
            }
            *sum += much;
        }
        *total += much;
    }

    /// Of these words hardly another can be meant: the first is `share` likely where it is the only one. Nothing is said
    /// where there are more than a few, or where something was run here before, which then tells more.
    pub(super) fn are_few(&mut self, words: &[String], share: f32) {
        let here = [Setting::LineDir, Setting::ProgramDir];
        let ran = self.items.iter().any(|item| here.iter().any(|setting| item.much(*setting) > 0.0));
        if ran || words.is_empty() || words.len() > FEW {
            return;
        }
        for word in words {
            if let Some(item) = self.items.iter_mut().find(|item| item.text == *word) {
                item.least = share / words.len() as f32;
            }
        }
    }

    /// Keeps some candidates, as if the others had never been seen. None is added after it.
    pub(super) fn keep(&mut self, kept: impl Fn(&Candidate) -> bool) {
        self.items.retain(kept);
        self.index.clear();
        self.total = [0.0; SETTINGS];
        for candidate in &self.items {
            for (total, much) in self.total.iter_mut().zip(&candidate.much) {
                *total += much;
            }
        }
    }

    /// Drops candidates with the least evidence, and the end of the line where it cannot be here. What is
    /// left is few enough to be ranked from key to key.
    pub(super) fn thin(&mut self, may_end: bool) {
        self.items.retain(|candidate| may_end || !candidate.text.is_empty());
        // Places in the list are no longer valid.
        self.index.clear();
        if self.items.len() <= RANKED {
            return;
        }
        let total = self.total;
        let evidence = |candidate: &Candidate| {
            let shares = candidate.much.iter().zip(&total).map(|(much, total)| much / total.max(1e-6));
            let named = candidate.named;
            shares.sum::<f32>()
                + f32::from(u8::from(named.path + named.spec + named.git > 0.0)) / (10.0 + named.rank)
                + named.extension[0].max(0.0) * 0.1
        };
        let mut items: Vec<(f32, Candidate)> =
            std::mem::take(&mut self.items).into_iter().map(|item| (evidence(&item), item)).collect();
        items.sort_by(|a, b| b.0.total_cmp(&a.0));
        items.truncate(RANKED);
        self.items = items.into_iter().map(|(_, item)| item).collect();
    }

    /// The place of the candidate that is the first piece of a text.
    pub(super) fn first_piece(&mut self, blank: bool, text: &str) -> Option<usize> {
        self.find_or_add(blank, piece(text))
    }

    /// The numbers of a candidate; of none of them without one.
    pub(super) fn features(&self, candidate: Option<&Candidate>) -> [f32; FEATURES] {
        let mut features = [0.0; FEATURES];
        let mut next = 0;
        let mut put = |value: f32| {
            if let Some(slot) = features.get_mut(next) {
                *slot = value;
            }
            next += 1;
        };
        let log = |value: f32| (1.0 + value).ln();
        for place in 0..SETTINGS {
            let total = self.total.get(place).copied().unwrap_or_default();
            match candidate {
                Some(candidate) => {
                    let much = candidate.much.get(place).copied().unwrap_or_default();
                    put(log(much * 8.0));
                    put(if total > 0.0 { much / total } else { -1.0 });
                    let rank = candidate.rank.get(place).copied().unwrap_or_default();
                    put(if rank == 0 { 99.0 } else { f32::from(rank.min(40)) });
                }
                None => {
                    put(log(total * 8.0));
                    put(-2.0);
                    put(f32::from(self.ranks.get(place).copied().unwrap_or_default().min(40)));
                }
            }
        }
        let total = |setting: Setting| self.total.get(setting as usize).copied().unwrap_or_default();
        let text = candidate.map_or("", |candidate| candidate.text.as_str());
        put(match candidate {
            None => 2.0,
            Some(_) if text.is_empty() => 1.0,
            Some(_) => 0.0,
        });
        put(text.chars().count() as f32);
        put(f32::from(u8::from(text.starts_with(char::is_whitespace))));
        put(class_of(text.trim_start()));
        put(candidate.map_or(0.0, |candidate| f32::from(u8::from(candidate.repeated))));
        put(candidate.map_or(-1.0, |candidate| log(candidate.line_age)));
        put(candidate.map_or(-1.0, |candidate| log(candidate.word_age)));
        put(candidate.map_or(0.0, |candidate| candidate.failing / candidate.much(Setting::Line).max(1e-3)));
        let named = candidate.map_or_else(Named::default, |candidate| candidate.named);
        put(named.path);
        put(named.spec);
        put(named.git);
        put(log(named.rank));
        put(named.extension[0]);
        put(named.extension[1]);
        put(named.derived);
        let place = &self.place;
        put(place.current);
        put(place.words);
        put(place.typed);
        put(place.piped);
        put(place.quoted);
        put(place.last_failed);
        put(log(place.pause));
        put(place.expects);
        put(place.class);
        put(log(place.entries));
        put(place.slashes);
        put(log(place.runs));
        put(place.first_of_session);
        put(place.known_word);
        put(place.in_path);
        put(self.items.len() as f32);
        for setting in [
            Setting::Line,
            Setting::LineDir,
            Setting::LineAfter,
            Setting::LineAfterShape,
            Setting::Words,
            Setting::OneWord,
            Setting::Program,
            Setting::Any,
            Setting::OthersNext,
        ] {
            put(log(total(setting) * 8.0));
        }
        features
    }
}

/// What sort of word a text begins.
fn class_of(text: &str) -> f32 {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (None, _) => 0.0,
        (Some('-'), Some('-')) => 1.0,
        (Some('-'), _) => 2.0,
        (Some('|' | '&' | ';' | '>' | '<'), _) => 3.0,
        (Some('"' | '\''), _) => 4.0,
        (Some('$'), _) => 5.0,
        (Some(c), _) if c.is_ascii_digit() => 6.0,
        _ if text.contains('/') => 7.0,
        _ if text.contains('=') => 8.0,
        _ if text.contains('.') => 9.0,
        _ => 10.0,
    }
}
