//! Details of a wish: what a request says beyond the nearest phrasing, and what that adds to the command.
//!
//! "restore shop.dump into shop_dev with 4 jobs, ignore owners" is an intent and two details. Authors write a detail once for a
//! program, `{"of": "pg_restore", "says": ["ignore owners"], "add": "--no-owner"}`, and it goes with every intent that runs it.
//! A detail counts where all words of one of its fragments stand close together in the request, and none of them is said by
//! the phrasing that was found; then the command gets its flags, and the draft no longer leaves those words unsaid.

use crate::align::{self, Aligned, Asked};
use crate::index::{Class, Code, Index, Stored};
use crate::memory::Question;
use crate::render::render;
use crate::slots::SlotType;
use crate::tokens::Look;
use crate::{Shell, System, compile, words};

/// What ids of details begin with, and what stands between their parts.
pub(crate) const MARK: char = '\u{1}';
/// Details that one command gets at most.
const MOST: usize = 6;
/// Other words that may stand between two words of a fragment.
const GAP: usize = 2;
/// Words of a request that a text without quotes can have.
const LONGEST_TEXT: usize = 6;
/// What it may cost to take a thing for one of a slot's type.
const FAR_FROM_TYPE: f32 = 0.95;
/// What a detail must say to be worth it.
const LEAST_GAIN: f32 = 0.2;
/// Words and things that a detail takes, and what it must say, to be added to what others wrote.
const SURE_WORDS: usize = 2;
const SURE_GAIN: f32 = 1.1;
/// What a command costs that nobody wrote with this detail.
const PIECEWISE: f32 = 0.06;

/// A detail as it lies in the memory.
struct Detail<'a> {
    /// Program and subcommands.
    of: Vec<&'a str>,
    place: Place,
    drop: Vec<&'a str>,
    unless: Vec<&'a str>,
}

/// Where a detail stands in its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Behind the program and its subcommand.
    Verb,
    /// Behind the operands that come first: the places of `find`.
    Operands,
    /// Before the last word: what it writes.
    Last,
    /// At the end, before what is redirected and before `--`.
    End,
}

impl Place {
    const NAMES: [(&'static str, Self); 4] =
        [("verb", Self::Verb), ("operands", Self::Operands), ("last", Self::Last), ("end", Self::End)];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
    }
}

/// The id under which a detail is kept.
pub(crate) fn id(of: &str, place: Place, drop: &[String], unless: &[String]) -> String {
    let at = Place::NAMES.iter().find(|(_, known)| *known == place).map_or("", |(name, _)| name);
    format!("{MARK}{of}{MARK}{at}{MARK}{}{MARK}{}", drop.join(" "), unless.join(" "))
}

impl<'a> Detail<'a> {
    /// True where a command holds what the detail must not stand beside.
    fn is_barred(&self, command: &str) -> bool {
        let found = parts(command).into_iter().find(|part| part.verb(&self.of).is_some());
        let Some(part) = found else { return true };
        let words: Vec<&str> = part.names.iter().map(String::as_str).collect();
        let has_long_options = self.of.first().is_some_and(|program| LONG_OPTIONS.contains(program));
        self.unless.iter().any(|word| match *word {
            "|" | ">" => part.is_followed_by(word, command),
            flag => {
                has_flag(&words, flag, has_long_options)
                    || flag.ends_with(['=', '+']) && words.iter().any(|word| word.starts_with(flag))
            }
        })
    }

    fn read(stored: &Stored<'a>) -> Option<Self> {
        let mut parts = stored.id.strip_prefix(MARK)?.split(MARK);
        let mut part = || parts.next();
        Some(Self {
            of: part()?.split(' ').collect(),
            place: Place::from_name(part()?)?,
            drop: part()?.split_ascii_whitespace().collect(),
            unless: part()?.split_ascii_whitespace().collect(),
        })
    }
}

/// A detail that a request says.
pub(crate) struct Said<'a> {
    detail: Detail<'a>,
    /// What is added, its slots filled.
    add: String,
    /// The places of its words.
    columns: Vec<usize>,
    gain: f32,
    /// True where it takes several words, side by side, and copies no name.
    is_sure: bool,
}

/// A command with details.
pub(crate) struct Extended {
    pub(crate) command: String,
    /// The places of the words that say them.
    pub(crate) columns: Vec<usize>,
    /// What they cost.
    pub(crate) strained: f32,
}

/// The details of what some programs do that a request may be saying; those that say most first. `commands` are commands or
/// templates of them.
pub(crate) fn said<'a, 'c>(
    index: &'a Index,
    asked: &[Asked],
    question: &Question<'_>,
    commands: impl Iterator<Item = &'c str>,
) -> Vec<Said<'a>> {
    let mut found: Vec<Said<'a>> = Vec::new();
    if index.details().is_empty() {
        return found;
    }
    let mut programs: Vec<String> = Vec::new();
    for part in commands.flat_map(parts) {
        let program = part.names.into_iter().find(|name| !is_before_program(name));
        programs.extend(program.filter(|program| !programs.contains(program)));
    }
    let words: Vec<u16> = asked.iter().flat_map(|one| [one.term, one.canonical]).flatten().collect();
    let is_said = |code: &Code| match code {
        Code::Term(term) => {
            words.contains(term) || matches!(index.class(*term), Class::Thing | Class::Here | Class::Stop)
        }
        _ => true,
    };
    for number in index.details() {
        let Some(stored) = index.intent(number) else { continue };
        let of = stored.id.trim_start_matches(MARK).split([' ', MARK]).next().unwrap_or("");
        if !programs.iter().any(|program| program == of) || !is_for(index, number, of, question) {
            continue;
        }
        let mut best: Option<Match> = None;
        for phrasing in index.phrasings_of(number) {
            let codes: Vec<Code> = index.codes(phrasing).collect();
            if !codes.iter().all(is_said) {
                continue;
            }
            for start in 0..asked.len() {
                let Some(here) = at(index, &codes, &stored, asked, start) else { continue };
                if here.gain >= LEAST_GAIN && best.as_ref().is_none_or(|best| here.gain > best.gain) {
                    best = Some(here);
                }
            }
        }
        let Some(Match { gain, columns, words, aligned }) = best else { continue };
        let Some(add) = render(stored.command, &aligned.values, question.shell) else { continue };
        let Some(detail) = Detail::read(&stored) else { continue };
        let is_whole = columns.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b));
        let has_name =
            (0..stored.slots.len() as u8).filter_map(|slot| stored.slot(slot)).any(SlotType::is_name);
        let is_sure = words >= SURE_WORDS && gain >= SURE_GAIN && is_whole && !has_name;
        found.push(Said { detail, add, columns, gain, is_sure });
    }
    // Of two that say the same the one of the subcommand counts.
    found.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(b.detail.of.len().cmp(&a.detail.of.len())));
    found
}

fn is_for(index: &Index, number: u16, of: &str, question: &Question<'_>) -> bool {
    let Some((shell, system, _)) = index.tags(number) else { return false };
    let is_shell = match (shell, question.shell) {
        // `ls` is another program there, `git` is not.
        (Shell::Bash, Shell::Nu | Shell::PowerShell) => compile::is_plain(of),
        (Shell::Bash, _) => true,
        (a, b) => a == b,
    };
    let is_system = match (system, question.system) {
        (System::Any, _) | (System::Linux, System::Any) => true,
        (a, b) => a == b,
    };
    is_shell && is_system
}

/// Words of a fragment that a request may leave out. Sorted.
const LITTLE: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "could", "do", "does", "for", "from", "i", "in",
    "is", "it", "its", "me", "my", "of", "on", "or", "please", "that", "the", "their", "them", "these",
    "they", "this", "those", "to", "with", "would", "you",
];

fn is_only(word: &str) -> bool {
    matches!(word, "only" | "just")
}

/// A fragment in the request.
struct Match {
    /// What its words tell.
    gain: f32,
    columns: Vec<usize>,
    words: usize,
    aligned: Aligned,
}

/// A fragment in the request from a place on.
fn at(index: &Index, codes: &[Code], stored: &Stored<'_>, asked: &[Asked], start: usize) -> Option<Match> {
    let mut aligned = Aligned { values: vec![None; stored.slots.len()], ..Aligned::default() };
    let (mut columns, mut gain, mut words, mut slots) = (Vec::new(), 0.0, 0, 0);
    let mut next = start;
    let is_little =
        |code: &Code| matches!(code, Code::Term(term) if LITTLE.binary_search(&index.text(*term)).is_ok());
    let first = codes.iter().position(|code| !is_little(code))?;
    for (place, code) in codes.iter().enumerate().skip(first) {
        let said = align::said(index, stored, *code, 0.0);
        if is_little(code) {
            if asked.get(next).is_some_and(|one| align::partner(index, &said, one) == 0.0) {
                columns.push(next);
                next += 1;
            }
            continue;
        }
        let gap = if columns.is_empty() { 0 } else { GAP };
        let far = if said.slot.is_some_and(SlotType::is_name) { FAR_FROM_TYPE } else { 0.5 };
        let fits = |one: &Asked| match code {
            // "only" tells much here, and no other word of no content stands for it.
            Code::Term(term) if index.class(*term) == Class::Stop => {
                one.term == Some(*term)
                    || is_only(index.text(*term)) && one.token.word().is_some_and(|w| is_only(&w))
            }
            // Authors wrote the other words for it beside: of near ones "no directories" and "no subfolders" would be one.
            Code::Term(_) => align::partner(index, &said, one) == 0.0,
            _ => align::partner(index, &said, one) < far,
        };
        let column = (next..=next + gap).find(|column| asked.get(*column).is_some_and(fits));
        let is_text = said.slot == Some(SlotType::Phrase);
        let column = match column {
            Some(column) => column,
            // A text without quotes: from here on, and nothing of the fragment behind it.
            None if is_text && place + 1 == codes.len() && is_plain_text(asked.get(next)?) => next,
            None => return None,
        };
        let mut end = column + 1;
        if is_text && place + 1 == codes.len() && asked.get(column)?.token.look != Look::Quoted {
            while end < column + LONGEST_TEXT && asked.get(end).is_some_and(is_plain_text) {
                end += 1;
            }
        }
        let tokens = asked.get(column..end)?;
        align::take(index, stored, &said, tokens, &mut aligned)?;
        if matches!(code, Code::Term(_) | Code::Pattern(_)) {
            words += 1;
            gain -= align::partner(index, &said, tokens.first()?).min(0.5);
        } else {
            slots += 1;
        }
        gain += tokens.iter().map(|one| one.skip).sum::<f32>();
        columns.extend(column..end);
        next = end;
    }
    // What is denied is not wanted, unless the fragment itself denies.
    let denies = |one: &Asked| one.token.word().is_some_and(|word| words::is_denying(&word));
    let is_little = |one: &&Asked| one.token.word().is_some_and(|word| words::is_stop(&word)) && !denies(one);
    let before = asked.get(..start)?.iter().rev().take(3).find(|one| !is_little(one));
    let is_denied =
        before.is_some_and(denies) && !columns.iter().any(|at| asked.get(*at).is_some_and(denies));
    (words > 0 && !is_denied).then_some(Match { gain, columns, words: words + slots, aligned })
}

fn is_plain_text(one: &Asked) -> bool {
    match one.token.look {
        Look::Word => !one.token.word().is_some_and(|word| words::is_stop(&word) || words::is_denying(&word)),
        Look::Name | Look::Number => true,
        _ => false,
    }
}

/// A command with the details of a request that no piece of it takes. `lonely` are the places of the words without a partner.
/// `None` where there are no such details.
pub(crate) fn extend(
    said: &[Said<'_>],
    command: &str,
    lonely: &[usize],
    asked: &[Asked],
) -> Option<Extended> {
    let mut extended = Extended { command: command.to_owned(), columns: Vec::new(), strained: 0.0 };
    let is_little = |column: usize| {
        asked.get(column).is_some_and(|one| one.token.word().is_some_and(|word| words::is_stop(&word)))
    };
    for one in said.iter().filter(|one| one.columns.iter().any(|column| lonely.contains(column))) {
        let is_free = |column: &usize| {
            (lonely.contains(column) || is_little(*column)) && !extended.columns.contains(column)
        };
        if !one.columns.iter().all(is_free) {
            continue;
        }
        let Some(command) = with(&one.detail, &one.add, &extended.command) else { continue };
        extended.command = command;
        extended.columns.extend(one.columns.iter().filter(|column| lonely.contains(column)));
        extended.strained += PIECEWISE;
    }
    (extended.strained > 0.0).then_some(extended)
}

/// The details that fit a phrasing better than its own words do: laid beside what is left of the request without them, it
/// costs less. The alignment with that rest, and the details.
pub(crate) fn beside<'s, 'a>(
    said: &'s [Said<'a>],
    template: &str,
    asked: &[Asked],
    first: &Aligned,
    mut align: impl FnMut(&[Asked]) -> Option<Aligned>,
) -> Option<(Aligned, Vec<&'s Said<'a>>)> {
    let mut best: Option<Aligned> = None;
    let mut chosen: Vec<&Said<'a>> = Vec::new();
    let mut hidden: Vec<usize> = Vec::new();
    for one in said {
        let overlaps = one.columns.iter().any(|column| hidden.contains(column));
        if overlaps || chosen.len() == MOST || with(&one.detail, &one.add, template).is_none() {
            continue;
        }
        let is_left = |column: &usize| !hidden.contains(column) && !one.columns.contains(column);
        let rest: Vec<Asked> =
            (0..asked.len()).filter(is_left).filter_map(|column| asked.get(column).cloned()).collect();
        let Some(mut aligned) = align(&rest) else { continue };
        aligned.cost += PIECEWISE * (chosen.len() + 1) as f32;
        if aligned.cost + LEAST_GAIN < best.as_ref().map_or(first.cost, |best| best.cost) {
            best = Some(aligned);
            chosen.push(one);
            hidden.extend(&one.columns);
        }
    }
    best.map(|aligned| (aligned, chosen))
}

/// A command with details.
pub(crate) fn all(chosen: &[&Said<'_>], command: String) -> String {
    chosen.iter().fold(command, |command, one| put(&one.detail, &one.add, &command).unwrap_or(command))
}

/// A command that somebody else wrote with the details of a request that it surely lacks. `None` where there are none.
pub(crate) fn added(said: &[Said<'_>], command: &str) -> Option<String> {
    let mut out = command.to_owned();
    let mut taken: Vec<usize> = Vec::new();
    for one in said.iter().filter(|one| one.is_sure) {
        if one.columns.iter().any(|column| taken.contains(column)) {
            continue;
        }
        if let Some(with) = with(&one.detail, &one.add, &out) {
            out = with;
            taken.extend(&one.columns);
        }
    }
    (out != command).then_some(out)
}

/// Programs whose options are words behind one dash.
const LONG_OPTIONS: &[&str] = &[
    "convert",
    "exiftool",
    "ffmpeg",
    "find",
    "go",
    "identify",
    "java",
    "magick",
    "mogrify",
    "openssl",
    "terraform",
];

/// The command with the detail; `None` where it does not run the program or has the detail already.
fn with(detail: &Detail<'_>, add: &str, command: &str) -> Option<String> {
    if detail.is_barred(command) {
        return None;
    }
    put(detail, add, command)
}

/// The same, whatever else stands in the command.
fn put(detail: &Detail<'_>, add: &str, command: &str) -> Option<String> {
    for part in parts(command) {
        let Some(verb) = part.verb(&detail.of) else { continue };
        let program = *detail.of.first()?;
        let words: Vec<&str> =
            part.words.iter().map(|(start, end)| command.get(*start..*end).unwrap_or("")).collect();
        let has = |flag: &str| has_flag(&words, flag, LONG_OPTIONS.contains(&program));
        let mut drops: Vec<(usize, usize, String)> = Vec::new();
        for (word, (start, end)) in words.iter().zip(&part.words).skip(verb + 1) {
            if let Some(left) = without(word, &detail.drop) {
                drops.push((*start, *end, left));
            }
        }
        let flag = add.split(' ').find(|word| word.starts_with('-') && !matches!(*word, "-" | "--"));
        let is_there = match flag {
            Some(flag) if !add.starts_with('|') => has(flag.split('=').next().unwrap_or(flag)),
            _ => !add.is_empty() && dense(command).contains(&dense(add)),
        };
        // A detail of nothing but flags that go: only where they stand.
        if is_there || (add.is_empty() && drops.is_empty()) {
            return None;
        }
        // Behind a `--` that stands already, what is for there goes on.
        let (add, is_behind) = match add.strip_prefix("-- ") {
            Some(rest) if words.contains(&"--") => (rest, true),
            _ => (add, false),
        };
        let at = match detail.place {
            _ if is_behind => part.words.last()?.1,
            Place::Verb => part.words.get(verb)?.1,
            Place::End => part.end(command, &words),
            Place::Last if part.words.len() > verb + 2 => part.words.get(part.words.len() - 2)?.1,
            Place::Last => return None,
            Place::Operands => {
                let is_operand = |word: &&&str| !word.starts_with(['-', '(', '!', '\\']);
                part.words.get(verb + words.iter().skip(verb + 1).take_while(is_operand).count())?.1
            }
        };
        let mut out = command.to_owned();
        let mut changes: Vec<(usize, usize, String)> = drops;
        if !add.is_empty() {
            changes.push((at, at, format!(" {add}")));
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.0));
        for (start, end, text) in changes {
            // With the blank before a word that goes.
            let start = if text.is_empty() { start.saturating_sub(1) } else { start };
            out.replace_range(start..end, &text);
        }
        return Some(out);
    }
    None
}

/// What is left of a word without flags: of `-rf` without `-f` is `-r`. `None` where it has none of them.
fn without(word: &str, drop: &[&str]) -> Option<String> {
    for flag in drop {
        if word == *flag || word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('=')) {
            return Some(String::new());
        }
        if let (Some(letter), Some(cluster)) = (short(flag), cluster(word))
            && cluster.contains(letter)
        {
            return Some(format!("-{}", cluster.replace(letter, "")));
        }
    }
    None
}

fn has_flag(words: &[&str], flag: &str, has_long_options: bool) -> bool {
    words.iter().any(|word| {
        *word == flag
            || word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('=') && flag.starts_with('-'))
            || (!has_long_options
                && matches!((short(flag), cluster(word)), (Some(letter), Some(cluster)) if cluster.contains(letter)))
            || short(flag).is_some() && word.strip_prefix(flag).is_some_and(is_attached)
    })
}

/// True for a value that stands right behind its flag: `-F,`, `-t:`, `-F'\t'`, `-n5`.
fn is_attached(value: &str) -> bool {
    value.starts_with(|c: char| !c.is_ascii_alphabetic())
}

/// A text without its blanks: `2> x` is `2>x`.
fn dense(text: &str) -> String {
    text.split_ascii_whitespace().collect()
}

/// The letter of `-x`.
fn short(flag: &str) -> Option<char> {
    let mut chars = flag.strip_prefix('-')?.chars();
    let letter = chars.next().filter(char::is_ascii_alphanumeric)?;
    chars.next().is_none().then_some(letter)
}

/// The letters of `-abc`.
fn cluster(word: &str) -> Option<&str> {
    let letters = word.strip_prefix('-')?;
    (letters.len() > 1 && letters.len() <= 6 && letters.bytes().all(|b| b.is_ascii_alphanumeric()))
        .then_some(letters)
}

/// One program with its words, as byte ranges of the command.
#[derive(Default)]
struct Part {
    words: Vec<(usize, usize)>,
    names: Vec<String>,
    /// It reads what another one writes.
    is_piped: bool,
}

/// Programs that only help where they are piped into: what a request says of order or columns is said of the whole.
const HELPERS: &[&str] = &[
    "awk", "cat", "column", "cut", "grep", "head", "less", "paste", "sed", "sort", "tail", "tee", "tr",
    "uniq", "wc", "xargs",
];

impl Part {
    /// The place of the last word that names the program and its subcommand.
    fn verb(&self, of: &[&str]) -> Option<usize> {
        if self.is_piped && of.first().is_some_and(|program| HELPERS.contains(program)) {
            return None;
        }
        let mut names = self.names.iter().enumerate().peekable();
        while names.peek().is_some_and(|(_, name)| is_before_program(name)) {
            names.next();
        }
        let (mut wanted, mut last) = (of.iter(), None);
        let mut want = wanted.next()?;
        let mut is_behind_flag = false;
        for (place, name) in names {
            if name.as_str() == *want {
                last = Some(place);
                match wanted.next() {
                    Some(next) => want = next,
                    None => return last,
                }
            } else if last.is_none() || !(name.starts_with('-') || is_behind_flag) {
                return None;
            }
            is_behind_flag = name.starts_with('-') && !name.contains('=');
        }
        None
    }

    /// True where it is piped on (`|`) or its output goes to a file (`>`).
    fn is_followed_by(&self, sign: &str, command: &str) -> bool {
        let last = self.words.last().map_or(0, |word| word.1);
        let is_piped = command.get(last..).is_some_and(|rest| rest.trim_start().starts_with('|'));
        if sign == "|" { is_piped } else { self.names.iter().any(|name| name.starts_with('>')) }
    }

    /// The place behind its last word, before what is redirected and before `--`.
    fn end(&self, command: &str, words: &[&str]) -> usize {
        let is_end = |word: &&str| {
            let word = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
            word.starts_with(['<', '>']) || word == "--"
        };
        let stop = words.iter().position(is_end).unwrap_or(words.len());
        stop.checked_sub(1).and_then(|last| self.words.get(last)).map_or(command.len(), |word| word.1)
    }
}

/// True for a word that another program follows, and for an assignment.
fn is_before_program(word: &str) -> bool {
    matches!(word, "sudo" | "doas" | "time" | "nohup" | "command" | "env" | "npx")
        || (word.contains('=') && !word.starts_with('-'))
}

/// The programs of a line, at its top: what is quoted or substituted is a word.
fn parts(command: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut part = Part::default();
    let mut start: Option<usize> = None;
    let (mut quote, mut depth, mut is_escaped) = (None, 0_usize, false);
    for (at, c) in command.char_indices().chain([(command.len(), ';')]) {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        if let Some(mark) = quote {
            match c {
                '\\' if mark == '"' => is_escaped = true,
                c if c == mark => quote = None,
                _ => {}
            }
            if at < command.len() {
                continue;
            }
        }
        let is_blank = c.is_whitespace() && depth == 0;
        let is_joint = matches!(c, '|' | ';' | '&')
            && depth == 0
            && !command.get(..at).is_some_and(|b| b.ends_with('>'));
        if (is_blank || is_joint || at == command.len())
            && let Some(from) = start.take()
        {
            part.words.push((from, at));
            part.names.push(command.get(from..at).unwrap_or("").to_owned());
        }
        if is_joint || at == command.len() {
            if !part.words.is_empty() {
                let is_piped = c == '|' && !command.get(at + 1..).is_some_and(|rest| rest.starts_with('|'));
                parts.push(std::mem::replace(&mut part, Part { is_piped, ..Part::default() }));
            }
            continue;
        }
        if is_blank {
            continue;
        }
        start.get_or_insert(at);
        match c {
            '\'' | '"' => quote = Some(c),
            '\\' => is_escaped = true,
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use crate::{Memory, compile, read_intents};

    const TABLE: &str = r#"
{"id": "restore", "nl": ["restore {file} into the database {db}", "load the dump {file} into {db}"], "cmd": "pg_restore -d {db} {file}", "slots": {"file": "file", "db": "db"}}
{"id": "follow", "nl": ["follow {file}", "watch the log {file} live"], "cmd": "tail -f {file} | grep -i error", "slots": {"file": "file"}}
{"id": "pods", "nl": ["list all pods", "show the pods"], "cmd": "kubectl get pods > pods.txt"}
{"id": "find", "nl": ["search for {word} in all files"], "cmd": "grep -rin {word} .", "slots": {"word": "word"}}
{"of": "pg_restore", "says": ["with {n} jobs", "{n} parallel jobs"], "add": "-j {n}", "slots": {"n": "n"}}
{"of": "pg_restore", "says": ["ignore owners", "without owners"], "add": "--no-owner"}
{"id": "huge", "nl": ["huge stuff below {dir}"], "cmd": "find {dir} -size +1G", "slots": {"dir": "dir"}}
{"id": "test", "nl": ["run the tests"], "cmd": "cargo test"}
{"id": "convert", "nl": ["convert {file} to {file2}"], "cmd": "ffmpeg -i {file} {file2}", "slots": {"file": "file", "file2": "file"}}
{"of": "find", "says": ["{n} levels deep"], "add": "-maxdepth {n}", "at": "operands", "slots": {"n": "n"}}
{"of": "cargo test", "says": ["one at a time"], "add": "-- --test-threads=1", "at": "end"}
{"of": "cargo test", "says": ["with println output"], "add": "-- --nocapture", "at": "end"}
{"of": "ffmpeg", "says": ["{n} fps"], "add": "-r {n}", "at": "last", "slots": {"n": "n"}}
{"of": "pg_restore", "says": ["verbosely"], "add": "-v"}
{"of": "tail", "says": ["after rotation"], "add": "-F", "drop": ["-f"]}
{"of": "kubectl", "says": ["in namespace {ns}"], "add": "-n {ns}", "slots": {"ns": "ns"}, "at": "end"}
{"of": "grep", "says": ["case sensitive"], "add": "", "drop": ["-i"]}
"#;

    #[track_caller]
    fn check(request: &str, expect: &str) {
        let (intents, bad) = read_intents(TABLE);
        assert_eq!(bad, []);
        let memory = Memory::new(compile(&[("t", &intents)])).unwrap();
        let drafts = memory.recall(&crate::Question::new(request));
        assert_eq!(drafts.first().map(|draft| draft.command.as_str()), Some(expect), "{request}: {drafts:?}");
    }

    #[test]
    fn what_the_phrasing_leaves_unsaid_is_added() {
        check("restore a.dump into the database shop_dev", "pg_restore -d shop_dev a.dump");
        check("restore a.dump into the database shop_dev with 4 jobs", "pg_restore -j 4 -d shop_dev a.dump");
        check(
            "restore a.dump into the database shop_dev, ignore owners, 4 parallel jobs",
            "pg_restore --no-owner -j 4 -d shop_dev a.dump",
        );
        check("list all pods in namespace prod", "kubectl get pods -n prod > pods.txt");
        check("watch the log a.log live after rotation", "tail -F a.log | grep -i error");
        check("search for todo in all files case sensitive", "grep -rn todo .");
        check("watch the log a.log live case sensitive", "tail -f a.log | grep -i error");
        check("huge stuff below pics two levels deep", "find pics -maxdepth 2 -size +1G");
        check(
            "run the tests one at a time with println output",
            "cargo test -- --test-threads=1 --nocapture",
        );
        check("convert a.avi to b.mp4 with 25 fps", "ffmpeg -i a.avi -r 25 b.mp4");
    }

    #[test]
    fn what_is_denied_or_of_another_program_is_not() {
        check("restore a.dump into the database shop_dev but not verbosely", "pg_restore -d shop_dev a.dump");
        check("list all pods, ignore owners", "kubectl get pods > pods.txt");
    }
}
