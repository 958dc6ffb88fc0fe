//! What was run before, laid out so that every key can be answered from memory.
//!
//! Lines, words and directories are kept once and named by number; a run is a few numbers. Nothing is
//! aggregated ahead of time: a question goes back over the newest runs that can matter (all of the last
//! few thousand for whole lines, those with the same program for words), so what counts, and how fast it
//! fades, is decided where the question is asked. What is not to be offered again (secrets, typing
//! errors that were mended, history expansions) does not enter or is hidden.

use std::collections::HashMap;

use super::names::Names;
use super::words;
use crate::history::Run;
use crate::line::Dialect;
use crate::redact::redact;

/// Runs that are kept at most; when more come, the older quarter goes.
const MOST_RUNS: usize = 65_536;
/// A longer line is not learnt from, in bytes.
const LONGEST: usize = 2_048;
/// So many runs are many: there is no need to count further.
const MANY: usize = 8;
/// No run.
pub(super) const NONE: u32 = u32::MAX;

/// An index over what was run, for [`super::complete`].
#[derive(Clone, Debug, Default)]
pub struct Past {
    lines: Vec<Line>,
    /// Their texts, by the same numbers.
    texts: Names,
    /// Their numbers, by the alphabet; those that were learnt last are missing until [`Past::settle`].
    sorted: Vec<u32>,
    commands: Vec<Command>,
    word_ids: Vec<u32>,
    words: Names,
    dirs: Names,
    sessions: HashMap<Box<str>, u32>,
    runs: Vec<Ran>,
    /// Runs by the program of any of their commands, in order.
    by_program: HashMap<u32, Vec<u32>>,
    /// What aliases seen in the past stand for: name and first words.
    aliases: HashMap<u32, Box<str>>,
}

/// A line that was run, once for all its runs.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The first bytes of its text, to pass over most lines without looking at all of it.
    head: [u8; 8],
    first_command: u32,
    end_command: u32,
    /// Program and subcommand of its last command.
    pub(super) shape: u32,
    /// How often it succeeded, or ended in a way nobody recorded.
    good: u32,
    /// How often it failed.
    bad: u32,
    /// True where it is a typing error that was mended.
    mended: bool,
}

impl Line {
    /// True where the line may be offered and learnt from.
    pub(super) fn is_offered(&self) -> bool {
        !self.mended || self.good > 0
    }

    /// The share of its runs that failed.
    pub(super) fn failing(&self) -> f32 {
        self.bad as f32 / (self.good + self.bad).max(1) as f32
    }

    /// False where the line begins otherwise; where it is true, the text tells.
    fn may_begin_with(&self, prefix: &str) -> bool {
        let known = prefix.len().min(self.head.len());
        self.head.get(..known) == prefix.as_bytes().get(..known)
    }
}

/// A simple command of a line: its words from the program on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command {
    first_word: u32,
    end_word: u32,
    /// Where it begins in the line, in bytes; [`NONE`] in another command.
    pub(super) start: u32,
    pub(super) piped: bool,
}

/// One run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ran {
    pub(super) line: u32,
    pub(super) dir: u32,
    pub(super) session: u32,
    /// The run before it in the same terminal, or [`NONE`].
    pub(super) previous: u32,
    pub(super) failed: bool,
    pub(super) started: i64,
}

impl Past {
    /// Nothing was run yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The past made of runs, the oldest first.
    pub fn from_runs<'r>(runs: impl IntoIterator<Item = &'r Run>) -> Self {
        let mut past = Self::new();
        for run in runs {
            past.learn(run);
        }
        past.settle();
        past
    }

    /// How many runs are remembered.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// True where nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds what was run last.
    ///
    /// Lines that begin with a blank, hold a secret, a history expansion (`!!`) or a control character
    /// other than newline and tab, and very long ones are passed over.
    pub fn push(&mut self, run: &Run) {
        self.learn(run);
        self.settle();
    }

    /// The same for one of many runs that are added one after another. [`Past::settle`] is to be called after the last.
    pub fn learn(&mut self, run: &Run) {
        let text = run.command.trim_end();
        if !is_kept(text, run.dialect) {
            return;
        }
        if self.runs.len() >= MOST_RUNS {
            self.shrink();
        }
        let line = self.add_line(text, run.dialect);
        let dir = run.cwd.as_deref().map_or(NONE, |dir| self.dirs.add(dir));
        let next = self.runs.len() as u32;
        let session = run.session.as_deref().unwrap_or("");
        let (session_id, previous) = match self.sessions.get_mut(session) {
            Some(last) => {
                let previous = std::mem::replace(last, next);
                (self.runs.get(previous as usize).map_or(next, |run| run.session), previous)
            }
            None => {
                self.sessions.insert(session.into(), next);
                (next, NONE)
            }
        };
        let failed = run.status.is_some_and(|status| !matches!(status, 0 | 130 | 141 | 146 | 148));
        self.runs.push(Ran {
            line,
            dir,
            session: session_id,
            previous,
            failed,
            started: run.started.unwrap_or_default(),
        });
        if let Some(line) = self.lines.get_mut(line as usize) {
            if failed {
                line.bad += 1;
                // No such command.
                line.mended |= run.status == Some(127);
            } else {
                line.good += 1;
            }
        }
        if !failed {
            self.hide_mended(line, previous);
        }
        let (first, end) = self.lines.get(line as usize).map_or((0, 0), |l| (l.first_command, l.end_command));
        for command in self.commands.get(first as usize..end as usize).unwrap_or_default() {
            let Some(&program) = self.word_ids.get(command.first_word as usize) else { continue };
            let runs = self.by_program.entry(program).or_default();
            if runs.last() != Some(&next) {
                runs.push(next);
            }
        }
    }

    /// Puts the lines that were learnt into their order.
    pub fn settle(&mut self) {
        let from = self.sorted.len() as u32;
        let count = self.lines.len() as u32;
        if count - from > 8 {
            self.sorted = (0..count).collect();
            self.sorted.sort_unstable_by(|&a, &b| self.texts.text(a).cmp(self.texts.text(b)));
            return;
        }
        for id in from..count {
            let text = self.texts.text(id);
            let at = self.sorted.partition_point(|&known| self.texts.text(known) < text);
            self.sorted.insert(at, id);
        }
    }

    /// Forgets every run whose line `gone` says so of.
    pub fn forget(&mut self, gone: impl Fn(&str) -> bool) {
        let kept = self.as_runs(0).into_iter().filter(|run| !gone(&run.command)).collect::<Vec<_>>();
        *self = Self::from_runs(&kept);
    }

    /// True where a line that begins so was run in the directory, and did not fail.
    pub(super) fn went_well_in(&self, dir: &str, beginning: &str) -> bool {
        let Some(dir) = self.dirs.find(dir) else { return false };
        self.runs
            .iter()
            .rev()
            .any(|run| run.dir == dir && !run.failed && self.begins_with(run.line, beginning))
    }

    /// How often a line that begins so was run in the directory and did not fail.
    pub(super) fn times_well_in(&self, dir: &str, beginning: &str) -> usize {
        let Some(dir) = self.dirs.find(dir) else { return 0 };
        let went_well = |run: &&Ran| run.dir == dir && !run.failed && self.begins_with(run.line, beginning);
        self.runs.iter().rev().filter(went_well).take(MANY).count()
    }

    /// Lines that failed a moment ago and differ from this one by a slip of the finger are not offered again.
    fn hide_mended(&mut self, line: u32, mut previous: u32) {
        for _ in 0..3 {
            let Some(run) = self.runs.get(previous as usize).copied() else { return };
            if run.failed
                && run.line != line
                && let Some(wrong) = self.lines.get_mut(run.line as usize)
                && wrong.good == 0
                && is_slip(self.texts.text(run.line), self.texts.text(line))
            {
                wrong.mended = true;
            }
            previous = run.previous;
        }
    }

    fn add_line(&mut self, text: &str, dialect: Dialect) -> u32 {
        let id = self.texts.add(text);
        if id as usize != self.lines.len() {
            return id;
        }
        let first_command = self.commands.len() as u32;
        let mut shape = NONE;
        for command in words::commands(text, dialect) {
            let own = command.own();
            if own.is_empty() {
                continue;
            }
            let first_word = self.word_ids.len() as u32;
            for word in own {
                let id = self.words.add(word);
                self.word_ids.push(id);
            }
            shape = self.words.add(&shape_of(own));
            let start = match command.words.first() {
                Some(word) if !command.nested => words::offset(text, word) as u32,
                _ => NONE,
            };
            let end_word = self.word_ids.len() as u32;
            self.commands.push(Command { first_word, end_word, start, piped: command.piped });
            if let ["alias", definition, ..] = own
                && let Some((name, value)) = definition.split_once('=')
            {
                let name = self.words.add(name);
                self.aliases.insert(name, words::unquoted(value, dialect).into());
            }
        }
        let mut head = [0; 8];
        for (to, from) in head.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        self.lines.push(Line {
            head,
            first_command,
            end_command: self.commands.len() as u32,
            shape,
            good: 0,
            bad: 0,
            mended: false,
        });
        id
    }

    /// Drops the oldest quarter.
    fn shrink(&mut self) {
        let kept = self.as_runs(self.runs.len() / 4);
        *self = Self::from_runs(&kept);
    }

    /// The runs from one on, as they came.
    fn as_runs(&self, from: usize) -> Vec<Run> {
        let runs = self.runs.get(from..).unwrap_or_default();
        let back = |run: &Ran| Run {
            command: self.text(run.line).to_owned(),
            cwd: (run.dir != NONE).then(|| self.dirs.text(run.dir).to_owned()),
            status: Some(i32::from(run.failed)),
            started: Some(run.started),
            session: Some(run.session.to_string()),
            ..Run::default()
        };
        runs.iter().map(back).collect()
    }

    pub(super) fn runs(&self) -> &[Ran] {
        &self.runs
    }

    pub(super) fn line(&self, id: u32) -> Option<&Line> {
        self.lines.get(id as usize)
    }

    /// The text of a line.
    pub(super) fn text(&self, id: u32) -> &str {
        self.texts.text(id)
    }

    /// True where a line begins so.
    pub(super) fn begins_with(&self, id: u32, prefix: &str) -> bool {
        self.line(id).is_some_and(|line| line.may_begin_with(prefix)) && self.text(id).starts_with(prefix)
    }

    pub(super) fn words(&self) -> &Names {
        &self.words
    }

    pub(super) fn dirs(&self) -> &Names {
        &self.dirs
    }

    /// The last run of a terminal; of any where none is named.
    pub(super) fn last_of(&self, session: Option<&str>) -> u32 {
        match session {
            Some(session) => self.sessions.get(session).copied().unwrap_or(NONE),
            None => (self.runs.len() as u32).checked_sub(1).unwrap_or(NONE),
        }
    }

    /// The commands of a line, each as the numbers of its words from the program on.
    pub(super) fn commands_of(&self, line: &Line) -> impl Iterator<Item = &[u32]> {
        self.whole_commands_of(line).map(|(_, words)| words)
    }

    /// The same with where each stands.
    pub(super) fn whole_commands_of(&self, line: &Line) -> impl Iterator<Item = (&Command, &[u32])> {
        let commands = self.commands.get(line.first_command as usize..line.end_command as usize);
        commands.unwrap_or_default().iter().map(|command| {
            let words = self.word_ids.get(command.first_word as usize..command.end_word as usize);
            (command, words.unwrap_or_default())
        })
    }

    /// Runs in which a program was called, in order.
    pub(super) fn with_program(&self, program: u32) -> &[u32] {
        self.by_program.get(&program).map_or(&[], Vec::as_slice)
    }

    /// What an alias defined in the past stands for.
    pub(super) fn alias(&self, name: &str) -> Option<&str> {
        self.aliases.get(&self.words.find(name)?).map(|value| &**value)
    }

    /// Lines that begin with a text, in alphabetical order.
    pub(super) fn lines_with(&self, prefix: &str) -> impl Iterator<Item = u32> {
        let from = self.sorted.partition_point(|&id| self.text(id) < prefix);
        let rest = self.sorted.get(from..).unwrap_or_default().iter().copied();
        rest.take_while(move |&id| self.text(id).starts_with(prefix))
    }
}

/// Program and subcommand: what a command is about, without its arguments.
pub(super) fn shape_of(words: &[&str]) -> String {
    let mut shape = words.first().map_or(String::new(), |program| (*program).to_owned());
    if let Some(word) = words.get(1)
        && word.len() < 20
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    {
        shape.push(' ');
        shape.push_str(word);
    }
    shape
}

/// Program and subcommand; for the table of what people type.
#[doc(hidden)]
pub fn shape(words: &[String]) -> String {
    shape_of(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// True for a line that may be offered again.
fn is_kept(text: &str, dialect: Dialect) -> bool {
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    !text.is_empty()
        && text.len() <= LONGEST
        && !text.starts_with(char::is_whitespace)
        && text.chars().all(plain)
        && !(matches!(dialect, Dialect::Bash | Dialect::Zsh) && has_expansion(text))
        && redact(text) == text
}

/// True where bash or zsh would put an older line in.
fn has_expansion(text: &str) -> bool {
    let mut before = ' ';
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => quoted = !quoted,
            '!' if !quoted
                && !matches!(before, '\\' | '[' | '$')
                && chars.peek().is_some_and(|next| !next.is_whitespace() && !"=(\"'".contains(*next)) =>
            {
                return true;
            }
            _ => {}
        }
        before = c;
    }
    text.starts_with('^')
}

/// True where one line is the other with a slip of the finger.
fn is_slip(wrong: &str, right: &str) -> bool {
    let (short, long) = (wrong.len().min(right.len()), wrong.len().max(right.len()));
    if long - short > 3 || long > 300 {
        return false;
    }
    let distance = strsim::osa_distance(wrong, right);
    distance <= 3 && distance * 4 <= short.max(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn run(command: &str, status: i32) -> Run {
        Run { command: command.into(), status: Some(status), ..Run::default() }
    }

    fn offered(past: &Past, text: &str) -> bool {
        past.texts.find(text).and_then(|id| past.line(id)).is_some_and(Line::is_offered)
    }

    #[test]
    fn secrets_and_the_like_do_not_enter() {
        let lines =
            ["export API_TOKEN=abc123", " ls", "sudo !!", "git commit !$", "a\u{1b}[31m", "^foo^bar", ""];
        let past = Past::from_runs(&lines.map(|line| run(line, 0)));
        assert!(past.is_empty());
        let past = Past::from_runs(&[run("echo 'a!b'", 0), run("[ ! -f x ]", 0), run("ls\npwd", 0)]);
        assert_eq!(past.len(), 3);
    }

    #[test]
    fn what_was_mended_is_not_offered_until_it_works() {
        let mut past = Past::from_runs(&[run("git psuh", 1), run("git push", 0), run("gti status", 127)]);
        assert!(!offered(&past, "git psuh") && offered(&past, "git push") && !offered(&past, "gti status"));
        past.push(&run("gti status", 0));
        assert!(offered(&past, "gti status"));
        let past = Past::from_runs(&[run("make test", 2), run("vim a.c", 0)]);
        assert!(offered(&past, "make test"));
    }

    #[test]
    fn lines_are_found_by_their_beginning() {
        let all = ["ls -l", "make", "ls", "cat a", "ls -a", "make test", "mv a b", "lsof", "cat b", "ls"];
        let mut past = Past::from_runs(&all.map(|line| run(line, 0)));
        ["ls -A", "zip"].iter().for_each(|line| past.push(&run(line, 0)));
        let found = |prefix: &str| past.lines_with(prefix).map(|id| past.text(id)).collect::<Vec<_>>();
        assert_eq!(found("ls"), ["ls", "ls -A", "ls -a", "ls -l", "lsof"]);
        assert_eq!(found("make t"), ["make test"]);
        assert_eq!((found("zz").len(), found("").len()), (0, 11));
    }

    #[test]
    fn it_forgets_and_stays_bounded() {
        let mut past = Past::from_runs(&[run("ls", 0), run("cat note", 0)]);
        past.forget(|line| line.contains("note"));
        assert_eq!((past.len(), past.lines.len()), (1, 1));
        for number in 0..MOST_RUNS + 10 {
            past.push(&run(&format!("echo {}", number % 50), 0));
        }
        assert!(past.len() <= MOST_RUNS);
    }
}
