//! How alike a request and a command are.
//!
//! The model says how likely a command is after a request; what it ignored of the request does not show in that, and what the
//! memory offers is near in words, not in what is done. Here each word of the request looks for the token of the command
//! that is most like it, and each token for its word (late interaction, Khattab and Zaharia 2020), by two small tables of
//! vectors. `training/rank/likeness.py` learns them from the authored intents and describes the file; words and tokens are cut
//! here as they are there.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

static FILE: &[u8] = include_bytes!("likeness.bin");

const MOST_WORDS: usize = 28;
const MOST_TOKENS: usize = 40;

/// Programs whose long options have a single dash.
const LONG_DASH: [&str; 8] = ["convert", "defaults", "fd", "ffmpeg", "find", "java", "magick", "openssl"];

/// Longer ones before those they begin with.
const OPERATORS: [&str; 11] = ["||", "&&", ";", "|", ">>", ">", "<", "$(", ")", "(", "`"];

/// Numbers stored as bytes with one scale.
struct Part {
    scale: f32,
    /// Signed ones.
    bytes: &'static [u8],
    width: usize,
}

impl Part {
    fn row(&self, at: usize) -> impl Iterator<Item = f32> + '_ {
        let bytes = self.bytes.get(at * self.width..(at + 1) * self.width).unwrap_or_default();
        bytes.iter().map(|byte| f32::from(byte.cast_signed()) * self.scale)
    }

    fn one(&self, at: usize) -> f32 {
        self.row(at).next().unwrap_or_default()
    }
}

struct Table {
    words: HashMap<&'static str, usize>,
    tokens: HashMap<&'static str, usize>,
    word: Part,
    left: Part,
    right: Part,
    token: Part,
    weight: Part,
    alone: Part,
    asks: Part,
    worth: Part,
    copy: f32,
}

fn table() -> Option<&'static Table> {
    static READ: OnceLock<Option<Table>> = OnceLock::new();
    READ.get_or_init(|| read(FILE)).as_ref()
}

fn read(file: &'static [u8]) -> Option<Table> {
    let mut rest = file.strip_prefix(b"LIKE")?;
    let mut four = || {
        let (bytes, after) = rest.split_first_chunk::<4>()?;
        rest = after;
        Some(*bytes)
    };
    let [width, words, tokens] = [four()?, four()?, four()?].map(|bytes| u32::from_le_bytes(bytes) as usize);
    let mut scales = [0.0; 9];
    for scale in &mut scales {
        *scale = f32::from_le_bytes(four()?);
    }
    let mut names = |count: usize| {
        let mut found = HashMap::with_capacity(count);
        for at in 0..count {
            let end = rest.iter().position(|byte| *byte == b'\n')?;
            let (name, after) = rest.split_at_checked(end)?;
            found.insert(std::str::from_utf8(name).ok()?, at);
            rest = after.get(1..)?;
        }
        Some(found)
    };
    let (words, tokens) = (names(words)?, names(tokens)?);
    let mut part = |scale: f32, count: usize, width: usize| {
        let (bytes, after) = rest.split_at_checked(count * width)?;
        rest = after;
        Some(Part { scale, bytes, width })
    };
    let [s_word, s_left, s_right, s_token, s_weight, s_alone, s_asks, s_worth, copy] = scales;
    let (n, m) = (words.len(), tokens.len());
    Some(Table {
        word: part(s_word, n, width)?,
        left: part(s_left, n, width)?,
        right: part(s_right, n, width)?,
        token: part(s_token, m, width)?,
        weight: part(s_weight, n, 1)?,
        alone: part(s_alone, n, 1)?,
        asks: part(s_asks, m, 1)?,
        worth: part(s_worth, m, 1)?,
        words,
        tokens,
        copy,
    })
}

/// How alike they are: -5 to 35 or so, comparable between commands for one request.
pub(super) fn likeness(request: &str, command: &str) -> f32 {
    let Some(table) = table() else { return 0.0 };
    let (words, tokens) = (request_words(request), command_tokens(command, request));
    let said: Vec<usize> =
        words.iter().map(|word| table.words.get(word.name.as_str()).copied().unwrap_or(0)).collect();
    let run: Vec<usize> =
        tokens.iter().map(|token| table.tokens.get(token.name.as_str()).copied().unwrap_or(0)).collect();
    let vectors: Vec<Vec<f32>> = run.iter().map(|token| table.token.row(*token).collect()).collect();

    let (mut explained, mut weights) = (0.0, 0.0);
    let mut asked = vec![f32::MIN; run.len()];
    for (at, word) in said.iter().enumerate() {
        let mut vector: Vec<f32> = table.word.row(*word).collect();
        let left = at.checked_sub(1).and_then(|left| said.get(left)).map(|left| table.left.row(*left));
        let right = said.get(at + 1).map(|right| table.right.row(*right));
        for (sum, part) in vector.iter_mut().zip(left.into_iter().flatten()) {
            *sum += part;
        }
        for (sum, part) in vector.iter_mut().zip(right.into_iter().flatten()) {
            *sum += part;
        }
        let mut sum = table.alone.one(*word).exp();
        let spelling = words.get(at).map_or("", |word| word.spelling.as_str());
        for ((best, token), other) in asked.iter_mut().zip(&tokens).zip(&vectors) {
            let mut alike: f32 = vector.iter().zip(other).map(|(a, b)| a * b).sum();
            if !spelling.is_empty() && token.spelling == spelling {
                alike += table.copy;
            }
            sum += alike.exp();
            *best = best.max(alike);
        }
        let weight = table.weight.one(*word);
        explained += weight * sum.ln();
        weights += weight;
    }
    let (mut justified, mut asks, mut worth) = (0.0, 0.0, 0.0);
    for (token, best) in run.iter().zip(&asked) {
        let weight = table.asks.one(*token);
        justified += weight * (best / 2.0).tanh();
        asks += weight;
        worth += table.worth.one(*token);
    }
    3.0 * explained / (weights + 1.0) + 3.0 * justified / (asks + 2.0) + worth
}

/// A word or token by the name in the table, with its spelling in the request where it has one.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    name: String,
    spelling: String,
}

fn piece(name: impl Into<String>, spelling: impl Into<String>) -> Piece {
    Piece { name: name.into(), spelling: spelling.into() }
}

/// The words of a request, stems or kinds of things, each with its spelling.
fn request_words(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(after) = behind_quoted(rest) {
            found.push(piece("#quoted", ""));
            rest = after.trim_start();
            continue;
        }
        let (plain, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        rest = after.trim_start();
        let thing = plain.trim_matches(|c| ",?!:;()[]\"'`".contains(c)).to_lowercase();
        let word = thing.trim_matches('.');
        if word.is_empty() {
            continue;
        }
        if is_word(word) {
            let word = word.strip_suffix("'s").unwrap_or(word);
            found.push(piece(stem(word), word));
        } else if let Some(unit) = unit(word) {
            found.push(piece(format!("#num{unit}"), word));
        } else if thing.contains('/') {
            found.push(piece("#path", thing.as_str()));
        } else if let Some(extension) = extension(word) {
            found.push(piece("#file", word));
            found.push(piece(extension, ""));
        } else {
            found.push(piece("#odd", word));
        }
    }
    found.truncate(MOST_WORDS);
    if found.is_empty() {
        found.push(piece("#odd", ""));
    }
    found
}

/// What stands behind the quoted text that begins here, where one does. An apostrophe before a blank opens none.
fn behind_quoted(text: &str) -> Option<&str> {
    if let Some(inside) = text.strip_prefix('"') {
        return inside.split_once('"').map(|(_, after)| after);
    }
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next().filter(|first| !matches!(first, ' ' | '\''))?;
    inside.get(first.len_utf8()..)?.split_once('\'').map(|(_, after)| after)
}

fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c == '\'' || c == '-')
}

/// The unit of a number in lower case; `None` for what is no number.
fn unit(word: &str) -> Option<&str> {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let rest = word.strip_prefix(['+', '-']).unwrap_or(word);
    let whole = digits(rest);
    let mut rest = rest.get(whole..).filter(|_| whole > 0)?;
    if let Some(behind) = rest.strip_prefix('.').filter(|behind| digits(behind) > 0) {
        rest = behind.get(digits(behind)..)?;
    }
    rest.chars().all(|c| c.is_ascii_lowercase() || c == '%').then_some(rest)
}

/// `.log` of `app.log`.
fn extension(word: &str) -> Option<&str> {
    let at = word.rfind('.')?;
    let (name, extension) = (word.get(..at)?, word.get(at..)?);
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c));
    let mut letters = extension.chars().skip(1);
    let is_extension = letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && extension.len() <= 6
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (is_name && is_extension).then_some(extension)
}

fn push(found: &mut Vec<Piece>, name: impl Into<String>, spelling: &str) {
    let piece = piece(name, spelling);
    if !found.contains(&piece) {
        found.push(piece);
    }
}

/// What a command is made of, alone and beside its program; each with what it copies of the request, if anything.
fn command_tokens(command: &str, request: &str) -> Vec<Piece> {
    let request = request.to_lowercase();
    let mut spelled: HashSet<&str> = request
        .split(|c: char| c.is_whitespace() || ",?!;()[]\"'`".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let trimmed: Vec<&str> = spelled.iter().map(|word| word.trim_end_matches(['.', ':'])).collect();
    spelled.extend(trimmed);

    let mut found = Vec::new();
    let (mut program, mut is_first) = ("", true);
    let spaced = spaced(command);
    for token in spaced.split_whitespace().map(|token| token.trim_matches(['\'', '"'])) {
        if token.is_empty() {
            continue;
        }
        if OPERATORS.contains(&token) {
            push(&mut found, token, "");
            is_first = !matches!(token, ">" | ">>" | "<" | ")");
            continue;
        }
        if is_first && !token.contains('=') {
            (program, is_first) = (token, false);
            push(&mut found, format!("P:{token}"), "");
            continue;
        }
        let lower = token.to_lowercase();
        let may_copy = lower.chars().count() > 2 || lower.chars().all(|c| c.is_ascii_digit());
        if may_copy && spelled.contains(lower.as_str()) {
            let kind = kind_of_copy(&lower);
            push(&mut found, kind, &lower);
            push(&mut found, format!("{program} {kind}"), "");
            if kind != "=word" {
                continue;
            }
        }
        let letters = token.strip_prefix('-').unwrap_or_default();
        if (2..=5).contains(&letters.len())
            && letters.chars().all(|c| c.is_ascii_alphabetic())
            && !LONG_DASH.contains(&program)
        {
            push(&mut found, token, "");
            for letter in letters.chars() {
                push(&mut found, format!("-{letter}"), "");
                push(&mut found, format!("{program} -{letter}"), "");
            }
        } else if let Some(shape) = number(token) {
            push(&mut found, shape.as_str(), "");
            push(&mut found, format!("{program} {shape}"), "");
        } else {
            push(&mut found, token, "");
            if token.starts_with('-') || found.len() < 6 {
                push(&mut found, format!("{program} {token}"), "");
            }
            for part in parts(token).into_iter().filter(|part| *part != token) {
                push(&mut found, format!("~{part}"), "");
                let lower = part.to_lowercase();
                if part.len() > 2 && spelled.contains(lower.as_str()) {
                    push(&mut found, "=part", &lower);
                }
            }
        }
    }
    found.truncate(MOST_TOKENS);
    if found.is_empty() {
        push(&mut found, ";", "");
    }
    found
}

fn kind_of_copy(lower: &str) -> &'static str {
    let bare = lower.strip_prefix(['+', '-']).unwrap_or(lower);
    let digits = bare.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(bare);
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_number(digits) {
        "=num"
    } else if lower.contains('/') {
        "=path"
    } else if lower.contains('.') {
        "=file"
    } else {
        "=word"
    }
}

/// `+0M` for `+100M`; `None` for what is no number with a unit.
fn number(token: &str) -> Option<String> {
    let unsigned = token.strip_prefix(['+', '-']).unwrap_or(token);
    let sign = token.len() - unsigned.len();
    let digits = unsigned.len() - unsigned.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let unit = unsigned.get(digits..)?;
    let is_number = digits > 0 && unit.chars().all(|c| c.is_ascii_alphabetic());
    is_number.then(|| format!("{}0{unit}", token.get(..sign).unwrap_or_default()))
}

/// A lower-case ASCII word without its usual English endings.
fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    for (ending, put) in [("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")] {
        if word.ends_with(ending) && word.len() - ending.len() >= 3 && !word.ends_with("ss") {
            word.truncate(word.len() - ending.len());
            word.push_str(put);
            break;
        }
    }
    if let [.., before, last] = *word.as_bytes()
        && word.len() > 4
        && before == last
        && !b"lse".contains(&last)
    {
        word.pop();
    }
    if word.len() > 4 && word.ends_with('e') {
        word.pop();
    }
    word
}

/// The command with blanks around its operators.
fn spaced(command: &str) -> String {
    let mut out = String::with_capacity(command.len() + 16);
    let mut rest = command;
    while let Some(first) = rest.chars().next() {
        let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator));
        match operator {
            Some(operator) => {
                out.extend([" ", operator, " "]);
                rest = &rest[operator.len()..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// Runs of two letters or more, and the signs that mean something inside a word.
fn parts(token: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    for (at, c) in token.char_indices() {
        if is_letter(c) {
            continue;
        }
        if at - start >= 2 {
            found.push(&token[start..at]);
        }
        start = at + c.len_utf8();
        if "!$%^*@#".contains(c) {
            found.push(&token[at..start]);
        }
    }
    if token.len() - start >= 2 {
        found.push(&token[start..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Check {
        request: String,
        command: String,
        words: Vec<(String, String)>,
        tokens: Vec<(String, String)>,
        likeness: f32,
    }

    #[test]
    fn the_table_is_read_to_its_end() {
        let table = table().unwrap();
        assert!(table.words.len() > 1000 && table.tokens.len() > 3000);
        assert_eq!(table.worth.bytes.len(), table.tokens.len());
        let end = FILE.as_ptr_range().end;
        assert_eq!(table.worth.bytes.as_ptr_range().end, end);
    }

    #[test]
    fn it_is_what_it_was_where_it_was_learnt() {
        for line in include_str!("likeness_check.jsonl").lines() {
            let check: Check = serde_json::from_str(line).unwrap();
            let pairs = |pieces: Vec<Piece>| {
                pieces.into_iter().map(|piece| (piece.name, piece.spelling)).collect::<Vec<_>>()
            };
            assert_eq!(pairs(request_words(&check.request)), check.words, "{}", check.request);
            assert_eq!(
                pairs(command_tokens(&check.command, &check.request)),
                check.tokens,
                "{}",
                check.command
            );
            let likeness = likeness(&check.request, &check.command);
            assert!((likeness - check.likeness).abs() < 0.01, "{likeness} {line}");
        }
    }

    #[test]
    fn a_command_that_ignores_a_word_is_less_like_the_request() {
        for (request, better, worse) in [
            ("list hidden files", "ls -d .*", "ls -l"),
            ("biggest file in dumps", "ls -S dumps | head -n 1", "ls -t dumps | head -n 1"),
            ("show the last 3 commits, one line each", "git log --oneline -n 3", "git log -n 3"),
            ("five newest files in src", "ls -t src | head -n 5", "ls -S src | head -n 5"),
        ] {
            assert!(likeness(request, better) > likeness(request, worse), "{request}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_one(request in ".{0,80}", command in ".{0,80}") {
            proptest::prop_assert!(likeness(&request, &command).is_finite());
        }
    }
}
