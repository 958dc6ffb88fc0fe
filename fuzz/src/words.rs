//! Changes an input by whole words. The changes of bytes that a fuzzer makes by itself seldom leave a line in which
//! a program still gets an argument that means something to it, so the readers of arguments (`tr '[:]'`, patterns
//! of find, statements of databases) are hardly reached by them.

use std::sync::OnceLock;

/// The words of the lines that the tests are written over, each once.
fn vocabulary() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words: Vec<&str> = [
            include_str!("../../cmdai-core/tests/data/ordinary.txt"),
            include_str!("../../cmdai-core/tests/data/payloads.txt"),
            include_str!("../../cmdai-core/tests/corpora/dev/tricks.jsonl"),
            include_str!("../../cmdai-core/tests/corpora/dev/dialects.jsonl"),
            include_str!("../../cmdai-core/tests/corpora/dev/domains.jsonl"),
        ]
        .iter()
        .flat_map(|text| pieces(text))
        .collect();
        words.sort_unstable();
        words.dedup();
        words
    })
}

/// Cuts a text into words, blanks and single signs; together they are the text.
fn pieces(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || "_-./~".contains(c) => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let now = kind(c);
        if before.is_some_and(|before| before != now || now == 2) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    pieces.push(&text[start..]);
    pieces
}

/// What wraps a text so that another reader gets it.
const WRAPS: [(&str, &str); 24] = [
    ("bash -c '", "'"),
    ("$(", ")"),
    ("`", "`"),
    ("\"", "\""),
    ("'", "'"),
    ("$'", "'"),
    ("${x:-", "}"),
    ("${x//", "/y}"),
    ("$((", "))"),
    ("<(", ")"),
    ("{ ", "; }"),
    ("python3 -c '", "'"),
    ("perl -e '", "'"),
    ("awk '", "'"),
    ("sed '", "'"),
    ("tr '", "' x"),
    ("find . -exec ", " \\;"),
    ("psql -c \"", "\""),
    ("cat <<E\n", "\nE\n"),
    ("for i in ", "; do $i; done"),
    ("printf '", "' | sh"),
    ("pwsh -c \"", "\""),
    ("nu -c '", "'"),
    ("fish -c '", "'"),
];

/// Changes up to `max` bytes of `data` in place, of which the first `size` count; returns how many count then.
pub fn change(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut state = u64::from(seed) | 1 << 40;
    let mut below = |bound: usize| {
        // Xorshift: good enough to choose by, and the same for the same seed.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound.max(1) as u64) as usize
    };
    let (dialect, text) = match data[..size].split_first() {
        Some((first, rest)) => (*first, String::from_utf8_lossy(rest).into_owned()),
        None => (0, String::new()),
    };
    let words = vocabulary();
    let mut now: Vec<&str> = pieces(&text);
    for _ in 0..=below(3) {
        let at = below(now.len());
        let word = words[below(words.len())];
        match below(8) {
            0 | 1 => now[at] = word,
            2 => now.insert(at, word),
            3 if now.len() > 1 => drop(now.remove(at)),
            4 => now.insert(at, now[below(now.len())]),
            5 => {
                let other = below(now.len());
                now.swap(at, other);
            }
            6 => {
                let (before, after) = WRAPS[below(WRAPS.len())];
                let end = at + below(now.len() - at + 1);
                now.insert(end, after);
                now.insert(at, before);
            }
            _ => now.truncate(at + 1),
        }
    }
    let text = now.concat();
    let mut end = text.len().min(max.saturating_sub(1)).min(data.len().saturating_sub(1));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if let Some(first) = data.first_mut() {
        *first = if below(16) == 0 { below(256) as u8 } else { dialect };
        data[1..=end].copy_from_slice(&text.as_bytes()[..end]);
        return end + 1;
    }
    0
}
