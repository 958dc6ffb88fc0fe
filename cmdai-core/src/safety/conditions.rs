//! `[ … ]`, `test` and `[[ … ]]`: how they end where that can be told, and what follows from each outcome.
//!
//! `[ -n "$x" ] && rm -rf "$x"/*` is harmless by its condition, and `[ "$x" = / ] && rm -rf "$x"` is
//! terrible by it: an outcome is not only true or false, it says something of the values.

use super::machine::{Fact, Field, Known, Machine, Status};
use super::value;
use crate::syntax::ir::{PartKind, Word};

/// Words of one condition that are looked at.
const WORDS: usize = 64;

/// A word of a condition.
struct Token {
    text: String,
    /// The word as a pattern, to the right of `==` in `[[`.
    pattern: Option<String>,
    /// True where it may be an operator: not quoted.
    bare: bool,
}

/// What is known of a condition.
struct Judged {
    status: Status,
    facts: Vec<Fact>,
}

impl Judged {
    fn unknown() -> Self {
        Self { status: Status::Unknown, facts: Vec::new() }
    }

    fn plain(holds: bool) -> Self {
        Self { status: Status::known(holds), facts: Vec::new() }
    }

    fn not(mut self) -> Self {
        self.status = self.status.negated();
        self.facts.iter_mut().for_each(|fact| fact.on = !fact.on);
        self
    }

    /// Both hold: what follows from either being true follows from both.
    fn and(mut self, other: Self) -> Self {
        self.status = match (self.status, other.status) {
            (Status::False, _) | (_, Status::False) => Status::False,
            (Status::True, Status::True) => Status::True,
            _ => Status::Unknown,
        };
        self.facts.retain(|fact| fact.on);
        self.facts.extend(other.facts.into_iter().filter(|fact| fact.on));
        self
    }
}

impl Machine<'_> {
    /// `[ … ]` and `test …`.
    pub(super) fn single_test(&mut self, argv: &[Field]) {
        let mut words = &argv[1..];
        if argv.first().is_some_and(|first| first.text == "[")
            && let Some((last, rest)) = words.split_last()
            && last.text == "]"
        {
            words = rest;
        }
        let tokens = words.iter().take(WORDS).map(|field| Token {
            text: field.text.clone(),
            pattern: None,
            bare: true,
        });
        let tokens: Vec<Token> = tokens.collect();
        self.judge_condition(&tokens);
    }

    /// `[[ … ]]`
    pub(super) fn double_test(&mut self, words: &[Word]) {
        let mut tokens: Vec<Token> = Vec::with_capacity(words.len());
        for word in words.iter().take(WORDS) {
            let compares = tokens.last().is_some_and(|last| matches!(last.text.as_str(), "=" | "==" | "!="));
            let expanded = word.parts.iter().any(|part| matches!(part.kind, PartKind::Parameter(_)));
            if compares && expanded && self.dialect == crate::Dialect::Zsh && has_pattern(&self.single(word))
            {
                // There what a parameter holds is no pattern, but for an option.
                let text = self.unknowns.hole("…", value::Origin::Variable).to_string();
                tokens.push(Token { text, pattern: None, bare: false });
                continue;
            }
            let mut pattern = if compares { self.pattern(word) } else { None };
            if compares
                && pattern.is_none()
                && self.dialect == crate::Dialect::Zsh
                && let Some(left) = tokens.len().checked_sub(2).and_then(|at| tokens.get(at))
            {
                // Groups and their like: what fits is known here already.
                let left = left.text.clone();
                let fits = self.zsh_matches(&left, word);
                let text = match fits {
                    Some(_) => left,
                    None => self.unknowns.hole("…", value::Origin::Variable).to_string(),
                };
                let nothing = || format!("{}{}", value::SET.0, value::SET.1);
                pattern = fits.map(|fits| if fits { "*".to_owned() } else { nothing() });
                tokens.push(Token { text, pattern, bare: false });
                continue;
            }
            tokens.push(Token { text: self.single(word), pattern, bare: word.is_bare() });
        }
        // What is left is expanded for what it runs.
        for word in words.iter().skip(WORDS) {
            self.single(word);
        }
        if let Some(at) = tokens.iter().position(|token| token.text == "=~" && token.bare)
            && let (Some(text), Some(pattern)) =
                (at.checked_sub(1).and_then(|at| tokens.get(at)), tokens.get(at + 1))
            && self.spend(super::regex::price(text.text.len()))
        {
            let mut steps = super::regex::budget(text.text.len());
            let groups = super::regex::groups(&pattern.text, &text.text, &mut steps);
            if let Some(Some(groups)) = groups {
                let name = if self.dialect == crate::Dialect::Zsh { "match" } else { "BASH_REMATCH" };
                let skipped = usize::from(name == "match");
                self.set(name, super::machine::Value::Many(groups.into_iter().skip(skipped).collect()));
            }
        }
        self.judge_condition(&tokens);
    }

    fn judge_condition(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let asks =
                |at: usize, what: &[&str]| tokens.get(at).is_some_and(|token| what.contains(&&*token.text));
            const NUMBERS: &[&str] = &["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];
            let before = at.checked_sub(1).is_some_and(|at| asks(at, NUMBERS) || asks(at, &["-v"]));
            if before || asks(at + 1, NUMBERS) {
                self.subscripts(&token.text);
            }
        }
        let before = std::mem::take(&mut self.earlier_facts);
        let mut reader = Reader { tokens, at: 0, depth: 0, machine: self, before: &before };
        let mut judged = if tokens.is_empty() { Judged::plain(false) } else { reader.any() };
        if reader.at < tokens.len() && !tokens.is_empty() {
            judged = Judged::unknown();
        }
        self.status = judged.status;
        self.facts = judged.facts;
    }
}

struct Reader<'a, 'm, 'c> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    machine: &'m Machine<'c>,
    /// What follows from the end of the command before, for `[ $? -eq 0 ]`.
    before: &'a [Fact],
}

fn has_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '#', '('])
}

impl Reader<'_, '_, '_> {
    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text.as_str())
    }

    fn any(&mut self) -> Judged {
        let mut judged = self.all();
        while matches!(self.peek(0), "-o" | "||") && self.at < self.tokens.len() {
            self.at += 1;
            // One of them holds: neither fails.
            judged = judged.not().and(self.all().not()).not();
        }
        judged
    }

    fn all(&mut self) -> Judged {
        let mut judged = self.one();
        while matches!(self.peek(0), "-a" | "&&") && self.at < self.tokens.len() {
            self.at += 1;
            judged = judged.and(self.one());
        }
        judged
    }

    fn one(&mut self) -> Judged {
        let left = self.tokens.len().saturating_sub(self.at);
        if left == 0 {
            return Judged::unknown();
        }
        let is_binary = left >= 3 && is_binary(self.peek(1));
        if self.peek(0) == "!" && left > 1 && !is_binary {
            self.at += 1;
            return self.one().not();
        }
        if matches!(self.peek(0), "(" | "\\(") && left > 2 && !is_binary && self.depth < 8 {
            self.at += 1;
            self.depth += 1;
            let judged = self.any();
            self.depth -= 1;
            self.at += usize::from(self.peek(0) == ")");
            return judged;
        }
        if is_binary {
            let (from, operator) = (self.at, self.peek(1).to_owned());
            self.at += 3;
            let (Some(one), Some(other)) = (self.tokens.get(from), self.tokens.get(from + 2)) else {
                return Judged::unknown();
            };
            return self.compare(&one.text, &operator, other);
        }
        let first = self.peek(0);
        if left >= 2 && first.len() == 2 && first.starts_with('-') && self.tokens[self.at].bare {
            let operator = first.to_owned();
            let operand = self.peek(1).to_owned();
            self.at += 2;
            return unary(&operator, &operand);
        }
        self.at += 1;
        let text = &self.tokens[self.at - 1].text;
        unary("-n", text)
    }

    fn compare(&self, one: &str, operator: &str, other: &Token) -> Judged {
        let is_known = !value::has_hole(one) && !value::has_hole(&other.text);
        match operator {
            "=" | "==" | "!=" => {
                let pattern = other.pattern.as_deref().unwrap_or(&other.text);
                let mut judged = if is_known {
                    let fits = match &other.pattern {
                        Some(pattern) => value::fits(pattern, one),
                        None => one == other.text,
                    };
                    Judged::plain(fits)
                } else {
                    let (one, text) = without_common_start(one, &other.text);
                    let mut facts = Vec::new();
                    for (unknown, known) in [(one, text), (text, one)] {
                        if self.machine.unknowns.name_of(unknown).is_none() || value::has_hole(known) {
                            continue;
                        }
                        if known.is_empty() {
                            facts.push(Fact { on: false, what: Known::NotEmpty(unknown.to_owned()) });
                        }
                        if !value::has_pattern(pattern) {
                            let what = Known::Equals(unknown.to_owned(), known.to_owned());
                            facts.push(Fact { on: true, what });
                        }
                        self.status_fact(unknown, known, &mut facts);
                    }
                    Judged { status: Status::Unknown, facts }
                };
                if operator == "!=" {
                    judged = judged.not();
                }
                judged
            }
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                let (Ok(a), Ok(b)) = (one.trim().parse::<i64>(), other.text.trim().parse::<i64>()) else {
                    let mut facts = Vec::new();
                    self.status_fact(one, other.text.trim(), &mut facts);
                    let judged = Judged { status: Status::Unknown, facts };
                    return match operator {
                        "-eq" => judged,
                        "-ne" | "-gt" => judged.not(),
                        _ => Judged::unknown(),
                    };
                };
                Judged::plain(match operator {
                    "-eq" => a == b,
                    "-ne" => a != b,
                    "-lt" => a < b,
                    "-le" => a <= b,
                    "-gt" => a > b,
                    _ => a >= b,
                })
            }
            "<" if is_known => Judged::plain(one < other.text.as_str()),
            ">" if is_known => Judged::plain(one > other.text.as_str()),
            _ => Judged::unknown(),
        }
    }

    /// `$? = 0` says what the success of the command before says.
    fn status_fact(&self, unknown: &str, known: &str, facts: &mut Vec<Fact>) {
        if self.machine.unknowns.name_of(unknown) == Some("$?") && known == "0" {
            facts.extend(self.before.iter().cloned());
        }
    }
}

fn is_binary(word: &str) -> bool {
    matches!(
        word,
        "=" | "=="
            | "!="
            | "=~"
            | "<"
            | ">"
            | "-eq"
            | "-ne"
            | "-lt"
            | "-le"
            | "-gt"
            | "-ge"
            | "-nt"
            | "-ot"
            | "-ef"
    )
}

fn unary(operator: &str, operand: &str) -> Judged {
    let is_known = !value::has_hole(operand) && !value::has_pattern(operand);
    let not_empty = |on| Fact { on, what: Known::NotEmpty(operand.to_owned()) };
    let empty = |on| Fact { on, what: Known::Equals(operand.to_owned(), String::new()) };
    match operator {
        "-n" if is_known => Judged::plain(!operand.is_empty()),
        "-z" if is_known => Judged::plain(operand.is_empty()),
        "-n" => Judged { status: Status::Unknown, facts: vec![not_empty(true), empty(false)] },
        "-z" => Judged { status: Status::Unknown, facts: vec![not_empty(false), empty(true)] },
        // Some of those that fit a pattern: which they are is not known better than before.
        "-e" | "-d" | "-f" | "-r" | "-w" | "-x" | "-s" | "-L" | "-h" | "-O" | "-G"
            if !value::has_hole(operand) =>
        {
            Judged::unknown()
        }
        // No file has an empty name.
        "-e" | "-d" | "-f" | "-r" | "-w" | "-x" | "-s" | "-L" | "-h" | "-O" | "-G" if !is_known => {
            Judged { status: Status::Unknown, facts: vec![not_empty(true)] }
        }
        _ => Judged::unknown(),
    }
}

/// `x$a` and `x` compared are `$a` and nothing.
fn without_common_start<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b && !value::is_hole(*a));
    let length: usize = common.map(|(a, _)| a.len_utf8()).sum();
    (one.get(length..).unwrap_or(""), other.get(length..).unwrap_or(""))
}
