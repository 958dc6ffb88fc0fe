//! Where candidates come from: the past, what others type, specs, names that exist.

use super::evidence::{self, Place, Pool, Setting};
use super::expected::{Expected, Kind, expected};
use super::named::{self, Extensions};
use super::past::{Line, NONE, Past, Ran, shape_of};
use super::prior::{self, Prior};
use super::words::{Typed, piece, typed, unquoted};
use super::{Query, World, declared, programs, suited, tails};
use crate::line::Dialect;

/// Runs that are looked back over for lines with the same beginning.
const LINES_BACK: usize = 4_096;
/// Of these, runs that are taken into account.
const LINES_SEEN: usize = 400;
/// Older lines with the same beginning that are looked at.
const OLDER_LINES: usize = 128;
/// True for what could be a subcommand by its letters.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Runs of the same program that are looked back over.
pub(super) const PROGRAM_BACK: usize = 400;
/// Runs that are looked back over for words of any program.
const WORDS_BACK: usize = 200;
/// The same where no letter of the word is typed.
const WORDS_BACK_BLANK: usize = 12;
/// Runs that are looked back over for programs.
pub(super) const PROGRAMS_BACK: usize = 600;

/// What stays the same while a line is typed.
pub(super) struct Scene<'a> {
    pub(super) past: &'a Past,
    pub(super) query: &'a Query<'a>,
    pub(super) world: &'a dyn World,
    prior: &'a Prior,
    pub(super) dir: u32,
    project: Option<String>,
    last: Option<Ran>,
    /// The line before the last.
    second_last: u32,
    last_line: u32,
    last_shape: u32,
    session: u32,
    slashes: f32,
}

impl<'a> Scene<'a> {
    pub(super) fn new(past: &'a Past, query: &'a Query<'a>, world: &'a dyn World, prior: &'a Prior) -> Self {
        let cwd = query.context.cwd.as_deref();
        let last = past.runs().get(past.last_of(query.session) as usize).copied();
        let line_of = |run: u32| past.runs().get(run as usize).map_or(NONE, |run| run.line);
        let last_line = last.map_or(NONE, |run| run.line);
        Self {
            past,
            query,
            world,
            prior,
            dir: cwd.and_then(|cwd| past.dirs().find(cwd)).unwrap_or(NONE - 1),
            project: cwd.and_then(|cwd| named::project(world, cwd)),
            last,
            second_last: last.map_or(NONE, |run| line_of(run.previous)),
            last_line,
            last_shape: past.line(last_line).map_or(NONE, |line| line.shape),
            session: last.map_or(NONE, |run| run.session),
            slashes: slashes(past),
        }
    }

    /// Everything that may follow what is typed.
    pub(super) fn pool(&self, buffer: &str) -> Pool {
        let mut pool = Pool::default();
        let dialect = self.query.context.dialect;
        let typed = typed(buffer, dialect);
        if typed.closed || buffer.is_empty() {
            return pool;
        }
        let own = typed.command.own();
        let alias = own.first().and_then(|program| self.alias(program));
        let alias_words: Vec<&str> = alias.iter().flat_map(|value| value.split_whitespace()).collect();
        let expanded: Vec<&str> = if alias_words.is_empty() {
            own.to_vec()
        } else {
            alias_words.iter().copied().chain(own.iter().skip(1).copied()).collect()
        };
        let knowledge = expected(&expanded, typed.current, self.query.context);
        pool.place = self.place(buffer, &typed, &expanded, &knowledge);
        self.lines(buffer, &mut pool);
        tails::tails(self, buffer, &typed, &mut pool);
        let (mut only, mut behind);
        let mut extensions = Extensions::default();
        if own.is_empty() {
            self.programs(&typed, &mut pool);
            // The program may be whole, and its first word follows.
            let program = [typed.current];
            self.words_of_program(&program, "", true, &typed, &mut pool, &mut extensions);
            let alias = self.alias(typed.current);
            let words: Vec<&str> = alias.as_deref().unwrap_or(typed.current).split_whitespace().collect();
            self.others(&words, "", true, &mut pool, &mut extensions);
            (only, behind) = (declared::behind(self, &words), true);
        } else {
            self.words_of_program(own, typed.current, false, &typed, &mut pool, &mut extensions);
            let open = typed.quote.is_some();
            self.others(&expanded, typed.current, false, &mut pool, &mut extensions);
            if !typed.current.is_empty() && !open {
                let words: Vec<&str> = expanded.iter().copied().chain([typed.current]).collect();
                self.others(&words, "", true, &mut pool, &mut extensions);
            }
            self.spec(&typed, &knowledge, &mut pool);
            named::refs(self, &typed, &expanded, &mut pool);
            (only, behind) = (declared::declared(self, &typed, &expanded, &mut pool), false);
            if only.is_none() && !typed.current.is_empty() {
                let words: Vec<&str> = expanded.iter().copied().chain([typed.current]).collect();
                (only, behind) = (declared::behind(self, &words), true);
            }
        }
        self.any_words(&typed, &mut pool);
        let kind = match own.last() {
            Some(&(">" | ">>" | "<" | "2>" | "&>" | "1>")) => Kind::Path,
            _ => knowledge.kind,
        };
        extensions.suited = suited::suited(&expanded);
        named::paths(self, &typed, kind, &extensions, &mut pool);
        if let Some(only) = &only {
            declared::keep(only, typed.current, behind, &mut pool);
        }
        if knowledge.is_subcommand {
            pool.keep(|candidate| {
                let word = format!("{}{}", typed.current, candidate.text);
                // `git psuh` was no command, however often it is begun again, nor is an alias of others.
                let is_own = !candidate.always_failed() && (!candidate.is_of_others() || !is_name(&word));
                is_own || knowledge.words.contains(&word.as_str())
            });
        }
        if knowledge.is_value && typed.current.is_empty() {
            // Another flag may follow that word in other lines; this one takes a value first.
            pool.keep(|candidate| !candidate.text.starts_with('-') || candidate.line_age < evidence::NEVER);
        }
        for candidate in &mut pool.items {
            let word = candidate.text.trim_start();
            let whole = candidate.text.len() != word.len() || typed.current.is_empty();
            candidate.repeated = whole && !word.is_empty() && own.contains(&word);
        }
        // The blank that was typed says that something follows.
        pool.thin(!buffer.ends_with(char::is_whitespace));
        pool
    }

    fn alias(&self, program: &str) -> Option<String> {
        if let Some(aliases) = self.world.aliases(self.query.session)
            && let Ok(at) = aliases.binary_search_by(|(name, _)| name.as_str().cmp(program))
            && let Some((_, value)) = aliases.get(at)
            && !value.is_empty()
        {
            return Some(value.clone());
        }
        self.past.alias(program).map(str::to_owned)
    }

    fn place(&self, buffer: &str, typed: &Typed<'_>, expanded: &[&str], knowledge: &Expected<'_>) -> Place {
        let pause = self.last.map_or(1e6, |run| (self.query.now - run.started).max(0) as f32);
        Place {
            current: typed.current.chars().count() as f32,
            words: typed.command.own().len() as f32,
            typed: buffer.chars().count() as f32,
            piped: f32::from(u8::from(typed.command.piped)),
            quoted: f32::from(u8::from(typed.quote.is_some())),
            last_failed: f32::from(u8::from(self.last.is_some_and(|run| run.failed))),
            pause,
            expects: knowledge.kind.number(),
            class: expanded.first().map_or(-1.0, |program| programs::class(program)),
            entries: 0.0,
            slashes: self.slashes,
            runs: self.past.len() as f32,
            first_of_session: f32::from(u8::from(self.last.is_none())),
            known_word: f32::from(u8::from(self.past.words().find(typed.current).is_some())),
            in_path: f32::from(u8::from(typed.current.contains('/'))),
        }
    }

    /// Whole lines of the past that begin like this one.
    fn lines(&self, buffer: &str, pool: &mut Pool) {
        let runs = self.past.runs();
        let oldest = runs.len().saturating_sub(LINES_BACK);
        let mut seen = 0;
        for (at, run) in runs.iter().enumerate().skip(oldest).rev() {
            let Some(line) = self.past.line(run.line) else { continue };
            if !line.is_offered() || !self.past.begins_with(run.line, buffer) {
                continue;
            }
            let Some(rest) = self.past.text(run.line).get(buffer.len()..) else { continue };
            let Some(to) = pool.first_piece(false, rest) else { continue };
            seen += 1;
            if seen > LINES_SEEN {
                break;
            }
            let age = (runs.len() - at) as f32;
            let fresh = fade(age, 80.0);
            let slow = fade(age, 400.0);
            pool.see(to, Setting::Line, fresh);
            if run.dir == self.dir {
                pool.see(to, Setting::LineDir, slow);
            }
            if self.in_project(run.dir) {
                pool.see(to, Setting::LineProject, fresh);
            }
            if run.session == self.session {
                pool.see(to, Setting::LineSession, fresh);
            }
            let before = runs.get(run.previous as usize);
            let line_before = before.map_or(NONE, |run| run.line);
            if line_before == self.last_line {
                pool.see(to, Setting::LineAfter, slow);
                let two = before.and_then(|run| runs.get(run.previous as usize)).map_or(NONE, |run| run.line);
                if two == self.second_last {
                    pool.see(to, Setting::LineAfterTwo, slow);
                }
            }
            if self.past.line(line_before).map_or(NONE, |line| line.shape) == self.last_shape {
                pool.see(to, Setting::LineAfterShape, slow);
            }
            if let Some(candidate) = pool.items.get_mut(to) {
                candidate.line_age = candidate.line_age.min(age);
                candidate.failing += fresh * line.failing();
            }
        }
        if oldest > 0 && seen < LINES_SEEN {
            for id in self.past.lines_with(buffer).take(OLDER_LINES) {
                if !self.past.line(id).is_some_and(Line::is_offered) {
                    continue;
                }
                let Some(rest) = self.past.text(id).get(buffer.len()..) else { continue };
                if let Some(to) = pool.first_piece(false, rest) {
                    pool.see(to, Setting::Line, 0.002);
                }
            }
        }
    }

    fn in_project(&self, dir: u32) -> bool {
        let Some(project) = &self.project else { return dir == self.dir };
        dir == self.dir
            || self
                .past
                .dirs()
                .text(dir)
                .strip_prefix(project.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Words that were given to this program.
    fn words_of_program(
        &self,
        own: &[&str],
        current: &str,
        blank: bool,
        typed: &Typed<'_>,
        pool: &mut Pool,
        extensions: &mut Extensions,
    ) {
        let names = self.past.words();
        let beginning = current;
        let own: Vec<u32> = own.iter().map(|word| names.find(word).unwrap_or(NONE)).collect();
        let Some(&program) = own.first().filter(|&&program| program != NONE) else { return };
        let current = if beginning.is_empty() { None } else { names.find(beginning) };
        let here = own.len();
        let last = own.last().copied().unwrap_or(NONE);
        let second = here.checked_sub(2).and_then(|at| own.get(at)).copied();
        let runs = self.past.runs();
        for &number in self.past.with_program(program).iter().rev().take(PROGRAM_BACK) {
            let Some(run) = runs.get(number as usize) else { continue };
            let Some(line) = self.past.line(run.line).filter(|line| line.is_offered()) else { continue };
            let age = (runs.len() - number as usize) as f32;
            let slow = fade(age, 300.0);
            let same_dir = run.dir == self.dir;
            let shape_before = runs
                .get(run.previous as usize)
                .and_then(|run| self.past.line(run.line))
                .map_or(NONE, |line| line.shape);
            let after_shape = shape_before == self.last_shape;
            let mut commands = self.past.commands_of(line).peekable();
            while let Some(words) = commands.next() {
                if words.first() != Some(&program) {
                    continue;
                }
                let is_last = commands.peek().is_none();
                for (at, &word) in words.iter().enumerate().skip(1) {
                    let text = names.text(word);
                    Extensions::see(&mut extensions.own, text, slow);
                    let before = words.get(at - 1).copied().unwrap_or(NONE);
                    let two_before = at.checked_sub(2).and_then(|at| words.get(at)).copied();
                    // The word under the cursor goes on.
                    if let Some(rest) = text.strip_prefix(beginning).filter(|rest| !rest.is_empty())
                        && let Some(to) = pool.first_piece(blank, rest)
                    {
                        pool.see(to, Setting::Program, slow);
                        if same_dir {
                            pool.see(to, Setting::ProgramDir, slow);
                        }
                        if after_shape {
                            pool.see(to, Setting::ProgramAfterShape, slow);
                        }
                        if at == here {
                            pool.see(to, Setting::Place, slow);
                            if words.get(..at) == Some(&own[..]) {
                                pool.see(to, Setting::Words, slow);
                            }
                        }
                        if before == last {
                            pool.see(to, Setting::OneWord, slow);
                            if second.is_some() && two_before == second {
                                pool.see(to, Setting::TwoWords, slow);
                            }
                        }
                        if let Some(candidate) = pool.items.get_mut(to) {
                            candidate.word_age = candidate.word_age.min(age);
                        }
                    }
                    // The word under the cursor is whole, and another follows.
                    if Some(before) == current
                        && at >= 2
                        && typed.quote.is_none()
                        && let Some(to) = pool.first_piece(true, text)
                    {
                        pool.see(to, Setting::OneWord, slow);
                        if two_before == Some(last) {
                            pool.see(to, Setting::TwoWords, slow);
                        }
                        if at == here + 1 && words.get(..here) == Some(&own[..]) {
                            pool.see(to, Setting::Words, slow);
                        }
                        if same_dir {
                            pool.see(to, Setting::ProgramDir, slow);
                        }
                        if let Some(candidate) = pool.items.get_mut(to) {
                            candidate.word_age = candidate.word_age.min(age);
                        }
                    }
                }
                if is_last
                    && words.last().copied() == current
                    && current.is_some()
                    && words.len() > 1
                    && let Some(to) = pool.first_piece(false, "")
                {
                    pool.see(to, Setting::OneWord, slow);
                    if words.len() == here + 1 && words.get(..here) == Some(&own[..]) {
                        pool.see(to, Setting::Words, slow);
                    }
                    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).copied();
                    if before == Some(last) {
                        pool.see(to, Setting::TwoWords, slow);
                    }
                }
            }
        }
    }

    /// Programs, where one is to come.
    fn programs(&self, typed: &Typed<'_>, pool: &mut Pool) {
        let names = self.past.words();
        let before = typed.before.first().and_then(|program| names.find(program));
        let runs = self.past.runs();
        let oldest = runs.len().saturating_sub(PROGRAMS_BACK);
        let in_line = !typed.before.is_empty();
        let in_sequence = in_line && !typed.command.piped;
        for (at, run) in runs.iter().enumerate().skip(oldest).rev() {
            let Some(line) = self.past.line(run.line).filter(|line| line.is_offered()) else { continue };
            let slow = fade((runs.len() - at) as f32, 300.0);
            let mut previous = None;
            for words in self.past.commands_of(line) {
                let Some(&program) = words.first() else { continue };
                let text = names.text(program);
                if let Some(rest) = text.strip_prefix(typed.current).filter(|rest| !rest.is_empty())
                    && previous.is_some() == in_line
                    && let Some(to) = pool.first_piece(false, rest)
                {
                    pool.see(to, Setting::Program, slow);
                    if in_line && previous == before {
                        pool.see(to, Setting::OneWord, slow);
                    }
                    if run.dir == self.dir {
                        pool.see(to, Setting::ProgramDir, slow);
                    }
                }
                previous = Some(program);
            }
        }
        let mut others = |kind, first: &str, setting| {
            for (word, much) in self.prior.get(kind, first, "-") {
                if self.speaks(word)
                    && let Some(rest) = word.strip_prefix(typed.current).filter(|rest| !rest.is_empty())
                    && let Some(to) = pool.first_piece(false, rest)
                {
                    pool.see(to, setting, *much);
                }
            }
        };
        match typed.before.first() {
            Some(before) => {
                if in_sequence {
                    others(prior::Kind::After, &shape_of(&typed.before), Setting::OthersAfter);
                }
                others(prior::Kind::Pipe, before, Setting::OthersNext);
                others(prior::Kind::Pipe, "-", Setting::OthersProgram);
                others(prior::Kind::DocumentedPipe, before, Setting::DocumentedNext);
                others(prior::Kind::DocumentedPipe, "-", Setting::DocumentedProgram);
            }
            None => {
                let shape = self.shape_before();
                others(prior::Kind::After, shape, Setting::OthersAfter);
                others(prior::Kind::First, "-", Setting::OthersProgram);
                others(prior::Kind::DocumentedFirst, "-", Setting::DocumentedProgram);
            }
        }
        if typed.current.len() >= 2
            && let Some(programs) = self.world.programs()
            // A whole name is meant, not one of the names that go on from it and were never run.
            && !programs.iter().any(|name| name == typed.current)
        {
            let start = programs.partition_point(|name| name.as_str() < typed.current);
            let fitting = programs.get(start..).unwrap_or_default().iter();
            let fitting = fitting.take_while(|name| name.starts_with(typed.current));
            for (rank, name) in fitting.take(32).enumerate() {
                if let Some(rest) = name.get(typed.current.len()..).filter(|rest| !rest.is_empty())
                    && let Some(candidate) = pool.at(false, rest)
                {
                    candidate.named.spec = 3.0;
                    candidate.named.rank = rank as f32;
                }
            }
        }
    }

    /// False for a keyword of nushell where another shell is typed into: others' lines are of all shells.
    fn speaks(&self, word: &str) -> bool {
        self.query.context.dialect == Dialect::Nu || programs::NUSHELL.binary_search(&word).is_err()
    }

    /// The shape of the last line; `-` at the beginning of a session.
    fn shape_before(&self) -> &str {
        if self.last_shape == NONE { "-" } else { self.past.words().text(self.last_shape) }
    }

    /// What others give to this program.
    fn others(
        &self,
        words: &[&str],
        current: &str,
        blank: bool,
        pool: &mut Pool,
        extensions: &mut Extensions,
    ) {
        let Some(&program) = words.first() else { return };
        let last = words.last().copied().unwrap_or(program);
        let mut add = |kind, first: &str, second: &str, setting| {
            for (word, much) in self.prior.get(kind, first, second) {
                if program == "export" && !self.speaks(word) {
                    continue;
                }
                let to = if &**word == prior::END {
                    // Only where a word has just ended.
                    if blank { pool.first_piece(false, "") } else { None }
                } else {
                    let rest = word.strip_prefix(current).filter(|rest| !rest.is_empty());
                    rest.and_then(|rest| pool.first_piece(blank, rest))
                };
                if let Some(to) = to {
                    pool.see(to, setting, *much);
                }
            }
        };
        add(prior::Kind::Next, program, last, Setting::OthersNext);
        add(prior::Kind::DocumentedNext, program, last, Setting::DocumentedNext);
        if !blank || words.len() == 1 {
            add(prior::Kind::Word, program, "-", Setting::OthersProgram);
            add(prior::Kind::DocumentedWord, program, "-", Setting::DocumentedProgram);
        }
        if words.len() == 1 {
            add(prior::Kind::AfterWord, self.shape_before(), program, Setting::OthersAfter);
        }
        if !blank {
            for (extension, much) in self.prior.get(prior::Kind::Extension, program, "-") {
                extensions.others.push((extension.to_string(), *much));
            }
        }
    }

    /// Subcommands and flags.
    fn spec(&self, typed: &Typed<'_>, knowledge: &Expected<'_>, pool: &mut Pool) {
        let mut add = |names: &[&str], spec: f32| {
            let rests = names.iter().filter_map(|name| name.strip_prefix(typed.current));
            for (rank, rest) in rests.filter(|rest| !rest.is_empty()).take(40).enumerate() {
                if let Some(candidate) = pool.at(false, rest) {
                    candidate.named.spec = spec;
                    candidate.named.rank = rank as f32;
                }
            }
        };
        add(&knowledge.words, 1.0);
        add(&knowledge.flags, 2.0);
    }

    /// Words of the last lines, whatever program they were given to.
    fn any_words(&self, typed: &Typed<'_>, pool: &mut Pool) {
        if typed.command.own().is_empty() && !typed.current.contains('/') {
            return;
        }
        let names = self.past.words();
        let runs = self.past.runs();
        let back = if typed.current.is_empty() { WORDS_BACK_BLANK } else { WORDS_BACK };
        let oldest = runs.len().saturating_sub(back);
        let last = self.past.last_of(self.query.session) as usize;
        let goes = typed.command.own().first().is_some_and(|program| programs::goes(program));
        for (at, run) in runs.iter().enumerate().skip(oldest).rev() {
            let Some(line) = self.past.line(run.line).filter(|line| line.is_offered()) else { continue };
            let age = (runs.len() - at) as f32;
            let fresh = fade(age, 40.0);
            for words in self.past.commands_of(line) {
                for &word in words.iter().skip(1) {
                    let text = names.text(word);
                    if typed.current.is_empty() && text.starts_with('-') {
                        continue;
                    }
                    let Some(rest) = text.strip_prefix(typed.current).filter(|rest| !rest.is_empty()) else {
                        continue;
                    };
                    let Some(to) = pool.first_piece(false, rest) else { continue };
                    pool.see(to, Setting::Any, fresh);
                    if run.dir == self.dir {
                        pool.see(to, Setting::AnyDir, fresh);
                    }
                    if run.session == self.session {
                        if at == last {
                            pool.see(to, Setting::Before, 1.0);
                        } else if age <= 4.0 {
                            pool.see(to, Setting::LittleBefore, 1.0 / age);
                        }
                    }
                    if let Some(candidate) = pool.items.get_mut(to) {
                        candidate.word_age = candidate.word_age.min(age);
                    }
                }
                if goes && at == last {
                    self.derived(words, typed, pool);
                }
            }
        }
    }

    /// The directory that the last command made: of a clone, of an archive.
    fn derived(&self, words: &[u32], typed: &Typed<'_>, pool: &mut Pool) {
        let names = self.past.words();
        for &word in words.iter().skip(1) {
            let text = unquoted(names.text(word), self.query.context.dialect);
            let Some(base) = text.trim_end_matches('/').rsplit(['/', ':']).next() else { continue };
            let ends = [".git", ".tar.gz", ".tgz", ".zip", ".tar.xz", ".tar.bz2", ".tar"];
            let stem = ends.iter().find_map(|end| base.strip_suffix(end));
            let stem = stem.or_else(|| text.contains("://").then_some(base));
            let rest = stem.and_then(|stem| stem.strip_prefix(typed.current));
            if let Some(rest) = rest.filter(|rest| !rest.is_empty() && piece(rest) == *rest)
                && let Some(candidate) = pool.at(false, rest)
            {
                candidate.named.derived = 1.0;
            }
        }
    }
}

/// Half after as many runs.
pub(super) fn fade(age: f32, half: f32) -> f32 {
    (-age * std::f32::consts::LN_2 / half).exp()
}

/// Which share of the directories that were gone to lately was written with a slash at the end.
fn slashes(past: &Past) -> f32 {
    let (mut with, mut without) = (0.5_f32, 0.5_f32);
    let names = past.words();
    let programs = ["cd", "ls"].map(|name| names.find(name));
    for program in programs.into_iter().flatten() {
        for &run in past.with_program(program).iter().rev().take(40) {
            let Some(line) = past.runs().get(run as usize).and_then(|run| past.line(run.line)) else {
                continue;
            };
            for words in past.commands_of(line).filter(|words| words.first() == Some(&program)) {
                let Some(&word) = words.last().filter(|_| words.len() == 2) else { continue };
                let text = names.text(word);
                match text.ends_with('/') {
                    true => with += 1.0,
                    false if !text.starts_with(['-', '.', '~']) || text.len() > 2 => without += 1.0,
                    false => {}
                }
            }
        }
    }
    with / (with + without)
}
