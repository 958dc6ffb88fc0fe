//! Small regular expressions on known text, for the replacing and matching that shells have built in.
//!
//! A backtracking matcher with a budget of steps: literals, classes, groups, alternatives, greedy and
//! lazy repetition, anchors. What it does not know, or cannot finish, is `None`: the result is then unknown.

/// Steps that are paid with one step of the interpreter.
const PRICE: u32 = 48;
/// Depth of groups in groups, and of the matcher's own recursion.
const DEPTH: usize = 12;
const LONGEST: usize = 512;

/// Steps that matching in a text of this size, or in all its lines, may take.
pub(super) fn budget(bytes: usize) -> u32 {
    let bytes = u32::try_from(bytes.min(4 * 1024)).unwrap_or_default();
    2_000 + 6 * bytes
}

/// What such a budget costs, in steps of the interpreter.
pub(super) fn price(bytes: usize) -> usize {
    (budget(bytes) / PRICE) as usize
}

/// The text with the first match, or all, replaced; `$1` and `\1` stand for groups.
pub(super) fn replace(pattern: &str, by: &str, text: &str, all: bool, steps: &mut u32) -> Option<String> {
    if super::value::has_hole(text) {
        return None;
    }
    let regex = Regex::new(pattern)?;
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at <= letters.len() {
        let Some((from, to, groups)) = regex.find(&letters, at, steps)? else { break };
        out.extend(&letters[at..from]);
        insert(by, &letters, from..to, &groups, &mut out);
        at = to;
        if to == from {
            out.extend(letters.get(to));
            at += 1;
        }
        if !all || out.len() > super::machine::VALUE_BYTES {
            break;
        }
    }
    out.extend(letters.get(at..).unwrap_or_default());
    Some(out)
}

/// The first match and its groups; `Some(None)` where there is none.
pub(super) fn groups(pattern: &str, text: &str, steps: &mut u32) -> Option<Option<Vec<String>>> {
    if super::value::has_hole(text) {
        return None;
    }
    let regex = Regex::new(pattern)?;
    let letters: Vec<char> = text.chars().collect();
    let Some((from, to, groups)) = regex.find(&letters, 0, steps)? else { return Some(None) };
    let piece = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
    let mut out = vec![piece(from, to)];
    out.extend(groups.iter().map(|group| group.map_or_else(String::new, |(from, to)| piece(from, to))));
    Some(Some(out))
}

/// The pieces between the matches.
pub(super) fn split(pattern: &str, text: &str, steps: &mut u32) -> Option<Vec<String>> {
    if super::value::has_hole(text) {
        return None;
    }
    let regex = Regex::new(pattern)?;
    let letters: Vec<char> = text.chars().collect();
    let (mut out, mut begun, mut at) = (Vec::new(), 0, 0);
    while at < letters.len() {
        let Some((from, to, _)) = regex.find(&letters, at, steps)? else { break };
        if to == from {
            at = to + 1;
            continue;
        }
        out.push(letters.get(begun..from)?.iter().collect());
        (begun, at) = (to, to);
    }
    out.push(letters.get(begun..)?.iter().collect());
    Some(out)
}

fn insert(
    by: &str,
    letters: &[char],
    whole: std::ops::Range<usize>,
    groups: &[Option<(usize, usize)>],
    out: &mut String,
) {
    let mut rest = by.chars().peekable();
    while let Some(letter) = rest.next() {
        let braced = letter == '$' && rest.peek() == Some(&'{');
        if braced {
            rest.next();
        }
        match rest.peek().and_then(|digit| digit.to_digit(10)) {
            Some(digit) if matches!(letter, '$' | '\\') => {
                rest.next();
                if braced && rest.peek() == Some(&'}') {
                    rest.next();
                }
                let range = match (digit as usize).checked_sub(1) {
                    None => Some((whole.start, whole.end)),
                    Some(group) => groups.get(group).copied().flatten(),
                };
                out.extend(range.and_then(|(from, to)| letters.get(from..to)).unwrap_or_default());
            }
            _ if letter == '\\' => match rest.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                other => out.extend(other),
            },
            _ => out.push(letter),
        }
    }
}

/// A piece of an expression.
#[derive(Debug)]
enum Node {
    Letter(char),
    Any,
    Start,
    End,
    /// `\b`
    Border,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// Alternatives; the number of the group that remembers what matched.
    Group {
        number: Option<usize>,
        branches: Vec<Vec<Node>>,
    },
    Repeat {
        node: Box<Node>,
        least: usize,
        most: usize,
        lazy: bool,
    },
}

struct Regex {
    branches: Vec<Vec<Node>>,
    groups: usize,
    either_case: bool,
}

type Groups = Vec<Option<(usize, usize)>>;

impl Regex {
    fn new(pattern: &str) -> Option<Self> {
        let (pattern, either_case) = match pattern.strip_prefix("(?i)") {
            Some(rest) => (rest, true),
            None => (pattern, false),
        };
        let letters: Vec<char> = pattern.chars().collect();
        if letters.len() > LONGEST {
            return None;
        }
        let mut reader = Reader { letters: &letters, at: 0, groups: 0 };
        let branches = reader.branches(0)?;
        (reader.at == letters.len()).then_some(Self { branches, groups: reader.groups, either_case })
    }

    /// The first match at or behind a place; `None` where the steps did not suffice.
    fn find(&self, text: &[char], from: usize, steps: &mut u32) -> Option<Option<(usize, usize, Groups)>> {
        let mut matcher =
            Matcher { regex: self, text, groups: vec![None; self.groups], steps, cut: false, depth: 0 };
        for start in from..=text.len() {
            matcher.groups.fill(None);
            let mut end = None;
            let found = matcher.branches(&self.branches, start, &mut |_, at| {
                end = Some(at);
                true
            });
            if matcher.cut {
                return None;
            }
            if let (true, Some(end)) = (found, end) {
                return Some(Some((start, end, matcher.groups)));
            }
        }
        Some(None)
    }
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
    groups: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn branches(&mut self, depth: usize) -> Option<Vec<Vec<Node>>> {
        if depth > DEPTH {
            return None;
        }
        let mut branches = vec![Vec::new()];
        while let Some(letter) = self.peek() {
            match letter {
                ')' => break,
                '|' => {
                    self.at += 1;
                    branches.push(Vec::new());
                }
                _ => {
                    let node = self.repeated(depth)?;
                    branches.last_mut()?.push(node);
                }
            }
        }
        Some(branches)
    }

    fn repeated(&mut self, depth: usize) -> Option<Node> {
        let node = self.node(depth)?;
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let close = self.letters[self.at..].iter().position(|&letter| letter == '}')?;
                let inside: String = self.letters[self.at + 1..self.at + close].iter().collect();
                self.at += close;
                match inside.split_once(',') {
                    None => (inside.parse().ok()?, inside.parse().ok()?),
                    Some((least, "")) => (least.parse().ok()?, usize::MAX),
                    Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                }
            }
            _ => return Some(node),
        };
        self.at += 1;
        let lazy = self.peek() == Some('?');
        self.at += usize::from(lazy);
        Some(Node::Repeat { node: Box::new(node), least, most, lazy })
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.class()?,
            '(' => {
                let plain = self.letters[self.at..].starts_with(&['?', ':']);
                if plain {
                    self.at += 2;
                } else if self.peek() == Some('?') {
                    // Named groups are remembered by number; looking around is not known.
                    self.at += 1;
                    if self.peek() == Some('P') {
                        self.at += 1;
                    }
                    let named = self.peek() == Some('<') && self.letters.get(self.at + 1)?.is_alphabetic();
                    let close = self.letters[self.at..].iter().position(|&letter| letter == '>')?;
                    if !named {
                        return None;
                    }
                    self.at += close + 1;
                }
                let number = (!plain).then(|| {
                    self.groups += 1;
                    self.groups - 1
                });
                let branches = self.branches(depth + 1)?;
                (self.peek() == Some(')')).then(|| self.at += 1)?;
                Node::Group { number, branches }
            }
            '\\' => {
                let letter = self.peek()?;
                self.at += 1;
                match letter {
                    'b' => Node::Border,
                    _ => match named_class(letter) {
                        Some((negated, ranges)) => Node::Class { negated, ranges },
                        None => Node::Letter(self.escaped(letter)?),
                    },
                }
            }
            '*' | '+' | '?' => return None,
            letter => Node::Letter(letter),
        })
    }

    /// A letter behind a backslash.
    fn escaped(&mut self, letter: char) -> Option<char> {
        Some(match letter {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => {
                let code: String = self.letters.get(self.at..self.at + 2)?.iter().collect();
                self.at += 2;
                char::from(u8::from_str_radix(&code, 16).ok()?)
            }
            letter if letter.is_alphanumeric() => return None,
            letter => letter,
        })
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        let first = self.at;
        loop {
            let letter = self.peek()?;
            self.at += 1;
            let low = match letter {
                ']' if self.at > first + 1 => break,
                '[' if self.peek() == Some(':') => {
                    let close = self.letters[self.at..].iter().position(|&letter| letter == ']')?;
                    let name: String = self.letters.get(self.at + 1..self.at + close - 1)?.iter().collect();
                    self.at += close + 1;
                    ranges.extend(posix_class(&name)?);
                    continue;
                }
                '\\' => {
                    let letter = self.peek()?;
                    self.at += 1;
                    if let Some((false, more)) = named_class(letter) {
                        ranges.extend(more);
                        continue;
                    }
                    self.escaped(letter)?
                }
                letter => letter,
            };
            let ranged =
                self.peek() == Some('-') && self.letters.get(self.at + 1).is_some_and(|&next| next != ']');
            let high = if ranged { *self.letters.get(self.at + 1)? } else { low };
            self.at += if ranged { 2 } else { 0 };
            ranges.push((low, high));
        }
        Some(Node::Class { negated, ranges })
    }
}

fn named_class(letter: char) -> Option<(bool, Vec<(char, char)>)> {
    let ranges = posix_class(match letter.to_ascii_lowercase() {
        'd' => "digit",
        'w' => "word",
        's' => "space",
        _ => return None,
    })?;
    Some((letter.is_ascii_uppercase(), ranges))
}

fn posix_class(name: &str) -> Option<Vec<(char, char)>> {
    Some(match name {
        "digit" => vec![('0', '9')],
        "word" => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        "space" => vec![('\t', '\r'), (' ', ' ')],
        "alpha" => vec![('a', 'z'), ('A', 'Z')],
        "alnum" => vec![('a', 'z'), ('A', 'Z'), ('0', '9')],
        "lower" => vec![('a', 'z')],
        "upper" => vec![('A', 'Z')],
        "punct" => vec![('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "xdigit" => vec![('0', '9'), ('a', 'f'), ('A', 'F')],
        _ => return None,
    })
}

struct Matcher<'a> {
    regex: &'a Regex,
    text: &'a [char],
    groups: Groups,
    steps: &'a mut u32,
    cut: bool,
    depth: usize,
}

/// What goes on behind a match; true where all of it fits.
type Then<'t> = dyn FnMut(&mut Matcher<'_>, usize) -> bool + 't;

impl Matcher<'_> {
    fn branches(&mut self, branches: &[Vec<Node>], at: usize, then: &mut Then<'_>) -> bool {
        branches.iter().any(|nodes| self.row(nodes, at, then))
    }

    fn row(&mut self, mut nodes: &[Node], mut at: usize, then: &mut Then<'_>) -> bool {
        // What takes one letter needs no return: only groups and repetitions are recursion.
        while let [node @ (Node::Letter(_) | Node::Any | Node::Class { .. }), rest @ ..] = nodes {
            if !self.one(node, at) {
                return false;
            }
            (nodes, at) = (rest, at + 1);
        }
        if self.cut || *self.steps == 0 || self.depth > 48 {
            self.cut = true;
            return false;
        }
        *self.steps -= 1;
        self.depth += 1;
        let found = match nodes.split_first() {
            None => then(self, at),
            Some((Node::Group { number, branches }, rest)) => {
                let number = *number;
                self.branches(branches, at, &mut |matcher, end| {
                    let before = number.and_then(|number| matcher.groups.get(number).copied());
                    if let Some(slot) = number.and_then(|number| matcher.groups.get_mut(number)) {
                        *slot = Some((at, end));
                    }
                    let found = matcher.row(rest, end, then);
                    if !found && let (Some(number), Some(before)) = (number, before) {
                        matcher.groups[number] = before;
                    }
                    found
                })
            }
            Some((Node::Repeat { node, least, most, lazy }, rest)) => match &**node {
                Node::Group { .. } => self.repeat_group(node, (*least, *most, *lazy), rest, at, then),
                node => {
                    // One letter each: counted in a loop, tried from the far end.
                    let mut count = 0;
                    while count < *most && self.one(node, at + count) {
                        count += 1;
                    }
                    if count < *least {
                        false
                    } else if *lazy {
                        (*least..=count).any(|count| self.row(rest, at + count, then))
                    } else {
                        (*least..=count).rev().any(|count| self.row(rest, at + count, then))
                    }
                }
            },
            Some((Node::Start, rest)) => at == 0 && self.row(rest, at, then),
            Some((Node::End, rest)) => at == self.text.len() && self.row(rest, at, then),
            Some((Node::Border, rest)) => {
                let in_word = |at: Option<usize>| {
                    at.and_then(|at| self.text.get(at))
                        .is_some_and(|letter| letter.is_alphanumeric() || *letter == '_')
                };
                in_word(at.checked_sub(1)) != in_word(Some(at)) && self.row(rest, at, then)
            }
            // These were taken in the loop.
            Some((Node::Letter(_) | Node::Any | Node::Class { .. }, _)) => false,
        };
        self.depth -= 1;
        found
    }

    fn repeat_group(
        &mut self,
        node: &Node,
        (least, most, lazy): (usize, usize, bool),
        rest: &[Node],
        at: usize,
        then: &mut Then<'_>,
    ) -> bool {
        if least == 0 && lazy && self.row(rest, at, then) {
            return true;
        }
        let again = most > 0
            && self.row(std::slice::from_ref(node), at, &mut |matcher, end| {
                end > at
                    && matcher.repeat_group(
                        node,
                        (least.saturating_sub(1), most.saturating_sub(1), lazy),
                        rest,
                        end,
                        then,
                    )
            });
        again || (least == 0 && !lazy && self.row(rest, at, then))
    }

    fn one(&mut self, node: &Node, at: usize) -> bool {
        let Some(&letter) = self.text.get(at) else { return false };
        *self.steps = self.steps.saturating_sub(1);
        let either = self.regex.either_case;
        match node {
            Node::Letter(wanted) => {
                letter == *wanted || (either && letter.to_lowercase().eq(wanted.to_lowercase()))
            }
            Node::Any => letter != '\n',
            Node::Class { negated, ranges } => {
                let holds = |letter: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter));
                let held = holds(letter)
                    || (either && (holds(letter.to_ascii_lowercase()) || holds(letter.to_ascii_uppercase())));
                held != *negated
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_replaced() {
        for (pattern, by, text, all, expected) in [
            ("x", "", "axbx", true, Some("ab")),
            ("[^rm]", "", "xrym", true, Some("rm")),
            (r"(\w+) (\w+)", "$2 $1", "rf rm", false, Some("rm rf")),
            (r"(.*)-(.*)", r"\2\1", "m-r", false, Some("rm")),
            ("^.", "r", "xm", true, Some("rm")),
            (".$", "", "rmx", false, Some("rm")),
            ("(?i)X+", "-", "aXxb", true, Some("a-b")),
            ("a|b", "", "arbm", true, Some("rm")),
            ("(?:ab)+", "r", "ababm", false, Some("rm")),
            ("a*?b", "", "aab", false, Some("")),
            (r"\x72", "R", "rm", false, Some("Rm")),
            ("x{2,3}", "-", "xxxx", false, Some("-x")),
            (r"\bm", "n", "rm m", true, Some("rm n")),
            ("", "-", "ab", true, Some("-a-b-")),
            ("(", "", "a", false, None),
            ("(?=a)", "", "a", false, None),
            (r"\p{L}", "", "a", false, None),
        ] {
            assert_eq!(
                replace(pattern, by, text, all, &mut budget(text.len())).as_deref(),
                expected,
                "{pattern}"
            );
        }
        assert_eq!(
            groups("(r)(m)", "xrm", &mut budget(3)),
            Some(Some(vec!["rm".into(), "r".into(), "m".into()]))
        );
        assert_eq!(groups("q", "xrm", &mut budget(3)), Some(None));
        assert_eq!(split("[,;]", "a,b;c", &mut budget(5)), Some(vec!["a".into(), "b".into(), "c".into()]));
    }

    #[test]
    fn hostile_expressions_end() {
        let text = "a".repeat(2000);
        for pattern in
            ["(a+)+b", "(a|a)*b", "(((a*)*)*)*b", "a*a*a*a*a*b", &"(".repeat(400), &"(a?)".repeat(100)]
        {
            let _ = replace(pattern, "", &text, true, &mut budget(text.len()));
        }
    }
}
