//! A small matcher of regular expressions: literals, classes, groups, alternatives, repetition.
//!
//! It backtracks, and pays for every step from the caller's fuel; what it does not know (look-around,
//! back references) or cannot pay for has no answer.

use std::ops::Range;

#[derive(Debug)]
enum Node {
    Letter(char),
    Any,
    Class { not: bool, ranges: Vec<(char, char)> },
    Group(Vec<Vec<Node>>, Option<usize>),
    Repeat { node: Box<Node>, least: usize, most: usize, lazy: bool },
    Start,
    End,
    Border(bool),
}

/// Where the pattern matches, from left to right without overlap. `None` where that cannot be told.
pub(super) fn find_all(pattern: &str, text: &str, fold: bool, fuel: &mut u32) -> Option<Vec<Range<usize>>> {
    Some(captures(pattern, text, fold, fuel)?.into_iter().map(|groups| groups[0].clone()).collect())
}

pub(super) type Groups = Vec<Range<usize>>;

/// The same, each match with its groups.
pub(super) fn captures(pattern: &str, text: &str, fold: bool, fuel: &mut u32) -> Option<Vec<Groups>> {
    let mut reader = Reader { letters: pattern.chars().collect(), at: 0, groups: 0, depth: 0, fold };
    let alternatives = reader.alternatives()?;
    if reader.at < reader.letters.len() {
        return None;
    }
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut matcher =
        Matcher { letters: &letters, text, fold, groups: vec![0..0; reader.groups + 1], steps: 0, depth: 0 };
    let root = vec![Node::Group(alternatives, None)];
    let mut found = Vec::new();
    let mut from = 0;
    while from <= letters.len() && found.len() < 4096 {
        matcher.groups.iter_mut().for_each(|group| *group = 0..0);
        let end = matcher.sequence(&root, from)?;
        // A step of the matcher is much less than one of the interpreter.
        let price = u32::try_from(matcher.steps / 40).unwrap_or(u32::MAX);
        if price > 0 {
            *fuel = fuel.checked_sub(price)?;
            matcher.steps %= 64;
        }
        match end {
            Some(end) => {
                matcher.groups[0] = matcher.offset(from)..matcher.offset(end);
                found.push(matcher.groups.clone());
                from = if end > from { end } else { from + 1 };
            }
            None => from += 1,
        }
    }
    Some(found)
}

/// `text` with every match replaced; `$1` and `$&` stand for what matched.
pub(super) fn replace_all(pattern: &str, text: &str, new: &str, fuel: &mut u32) -> Option<String> {
    let found = captures(pattern, text, true, fuel)?;
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for groups in found {
        out.push_str(text.get(from..groups[0].start)?);
        let mut letters = new.chars().peekable();
        while let Some(letter) = letters.next() {
            let index = match letters.peek() {
                Some('&') => Some(0),
                Some(digit) => digit.to_digit(10).map(|digit| digit as usize),
                None => None,
            };
            match index {
                Some(index) if letter == '$' => {
                    letters.next();
                    let group = groups.get(index).cloned().unwrap_or(0..0);
                    out.push_str(text.get(group).unwrap_or_default());
                }
                _ => out.push(letter),
            }
        }
        from = groups[0].end;
        if out.len() > crate::safety::machine::VALUE_BYTES {
            return None;
        }
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    groups: usize,
    depth: usize,
    fold: bool,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Node>>> {
        let mut all = vec![Vec::new()];
        while let Some(letter) = self.peek() {
            match letter {
                ')' => break,
                '|' => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                _ => {
                    let node = self.repeated()?;
                    all.last_mut()?.push(node);
                }
            }
        }
        Some(all)
    }

    fn repeated(&mut self) -> Option<Node> {
        let node = self.single()?;
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') if self.letters.get(self.at + 1).is_some_and(char::is_ascii_digit) => {
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
        if lazy {
            self.at += 1;
        }
        Some(Node::Repeat { node: Box::new(node), least, most, lazy })
    }

    fn single(&mut self) -> Option<Node> {
        Some(match self.next()? {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.class()?,
            '(' => {
                if self.depth > 16 {
                    return None;
                }
                let mut index = None;
                if self.peek() == Some('?') {
                    self.at += 1;
                    match self.next()? {
                        ':' => {}
                        'i' if self.peek() == Some(')') => {
                            self.at += 1;
                            self.fold = true;
                            return Some(Node::Group(vec![Vec::new()], None));
                        }
                        '<' | '\'' if !matches!(self.peek(), Some('=' | '!')) => {
                            while !matches!(self.next()?, '>' | '\'') {}
                            self.groups += 1;
                            index = Some(self.groups);
                        }
                        _ => return None,
                    }
                } else {
                    self.groups += 1;
                    index = Some(self.groups);
                }
                self.depth += 1;
                let inside = self.alternatives()?;
                self.depth -= 1;
                if self.next()? != ')' {
                    return None;
                }
                Node::Group(inside, index)
            }
            '\\' => match self.next()? {
                'b' => Node::Border(true),
                'B' => Node::Border(false),
                letter => escaped(letter, self)?,
            },
            '*' | '+' | '?' => return None,
            letter => Node::Letter(letter),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let not = self.peek() == Some('^');
        if not {
            self.at += 1;
        }
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let letter = self.next()?;
            if letter == ']' && !first {
                return Some(Node::Class { not, ranges });
            }
            first = false;
            let from = if letter == '\\' {
                let letter = self.next()?;
                match escaped(letter, self)? {
                    Node::Letter(letter) => letter,
                    Node::Class { not: false, ranges: more } => {
                        ranges.extend(more);
                        continue;
                    }
                    _ => return None,
                }
            } else {
                letter
            };
            let to = if self.peek() == Some('-')
                && self.letters.get(self.at + 1).is_some_and(|&next| next != ']')
            {
                self.at += 1;
                match self.next()? {
                    '\\' => self.next()?,
                    letter => letter,
                }
            } else {
                from
            };
            ranges.push((from, to));
        }
    }
}

fn escaped(letter: char, reader: &mut Reader) -> Option<Node> {
    let class = |not: bool, ranges: &[(char, char)]| Node::Class { not, ranges: ranges.to_vec() };
    const WORD: &[(char, char)] = &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];
    const SPACE: &[(char, char)] = &[(' ', ' '), ('\t', '\r')];
    Some(match letter {
        'd' => class(false, &[('0', '9')]),
        'D' => class(true, &[('0', '9')]),
        'w' => class(false, WORD),
        'W' => class(true, WORD),
        's' => class(false, SPACE),
        'S' => class(true, SPACE),
        'n' => Node::Letter('\n'),
        'r' => Node::Letter('\r'),
        't' => Node::Letter('\t'),
        'x' | 'u' => {
            let count = if letter == 'x' { 2 } else { 4 };
            let digits: String = reader.letters.get(reader.at..reader.at + count)?.iter().collect();
            reader.at += count;
            Node::Letter(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?)
        }
        _ if letter.is_alphanumeric() => return None,
        _ => Node::Letter(letter),
    })
}

struct Matcher<'t> {
    letters: &'t [(usize, char)],
    text: &'t str,
    fold: bool,
    groups: Groups,
    steps: usize,
    depth: usize,
}

/// `None` stops everything: out of steps. `Some(None)` is no match.
type Outcome = Option<Option<usize>>;

impl Matcher<'_> {
    fn offset(&self, at: usize) -> usize {
        self.letters.get(at).map_or(self.text.len(), |&(offset, _)| offset)
    }

    /// The end of the first way in which the nodes match from `at`.
    fn sequence(&mut self, nodes: &[Node], at: usize) -> Outcome {
        self.steps += 1;
        if self.steps > 200_000 || self.depth > 200 {
            return None;
        }
        let Some((node, rest)) = nodes.split_first() else { return Some(Some(at)) };
        self.depth += 1;
        let end = self.node(node, rest, at);
        self.depth -= 1;
        end
    }

    fn node(&mut self, node: &Node, rest: &[Node], at: usize) -> Outcome {
        match node {
            Node::Letter(_) | Node::Any | Node::Class { .. } => {
                if self.letters.get(at).is_some_and(|&(_, letter)| self.takes(node, letter)) {
                    self.sequence(rest, at + 1)
                } else {
                    Some(None)
                }
            }
            Node::Start => {
                if at == 0 {
                    self.sequence(rest, at)
                } else {
                    Some(None)
                }
            }
            Node::End => {
                if at >= self.letters.len() {
                    self.sequence(rest, at)
                } else {
                    Some(None)
                }
            }
            Node::Border(wanted) => {
                let word = |at: Option<usize>| {
                    at.and_then(|at| self.letters.get(at))
                        .is_some_and(|(_, l)| l.is_alphanumeric() || *l == '_')
                };
                let here = word(at.checked_sub(1)) != word(Some(at));
                if here == *wanted { self.sequence(rest, at) } else { Some(None) }
            }
            Node::Group(alternatives, index) => {
                for nodes in alternatives {
                    // The first end of the group that the rest accepts; groups are not tried again inside.
                    let Some(end) = self.sequence(nodes, at)? else { continue };
                    if let Some(index) = index {
                        self.groups[*index] = self.offset(at)..self.offset(end);
                    }
                    if let Some(end) = self.sequence(rest, end)? {
                        return Some(Some(end));
                    }
                }
                Some(None)
            }
            Node::Repeat { node, least, most, lazy } => {
                let mut ends = vec![at];
                let mut here = at;
                while ends.len() <= *most {
                    if *lazy
                        && ends.len() > *least
                        && let Some(end) = self.sequence(rest, here)?
                    {
                        return Some(Some(end));
                    }
                    self.steps += 1;
                    let next = match self.sequence(std::slice::from_ref(node), here)? {
                        Some(end) if end > here => end,
                        _ => break,
                    };
                    here = next;
                    ends.push(here);
                }
                if *lazy {
                    return if ends.len() > *least && ends.len() > *most {
                        self.sequence(rest, here)
                    } else {
                        Some(None)
                    };
                }
                while ends.len() > *least {
                    let Some(end) = ends.pop() else { break };
                    if let Some(end) = self.sequence(rest, end)? {
                        return Some(Some(end));
                    }
                }
                Some(None)
            }
        }
    }

    fn takes(&self, node: &Node, letter: char) -> bool {
        let same = |a: char, b: char| a == b || (self.fold && a.to_lowercase().eq(b.to_lowercase()));
        match node {
            Node::Letter(wanted) => same(*wanted, letter),
            Node::Any => letter != '\n',
            Node::Class { not, ranges } => {
                let within = |letter: char| ranges.iter().any(|&(from, to)| (from..=to).contains(&letter));
                let held = within(letter)
                    || (self.fold
                        && (letter.to_lowercase().any(within) || letter.to_uppercase().any(within)));
                held != *not
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_dotnet() {
        for (pattern, text, new, want) in [
            ("b", "abcB", "", "ac"),
            ("[^a-z]", "r1m2", "", "rm"),
            ("x|yz", "axbyzc", "-", "a-b-c"),
            (r"(\w)(\w)", "mr", "$2$1", "rm"),
            (r"\.", "a.b", "", "ab"),
            ("a+", "caaat", "o", "cot"),
            ("^a|b$", "aab", "x", "xax"),
            (".*?,", "a,b,c", "", "c"),
            ("(ab)*c", "ababcd", "", "d"),
            ("a{2}", "aaa", "b", "ba"),
        ] {
            assert_eq!(replace_all(pattern, text, new, &mut 1000).as_deref(), Some(want), "{pattern} {text}");
        }
        assert_eq!(replace_all("(?<=a)b", "ab", "", &mut 1000), None);
        assert_eq!(find_all("(a*)*b", &"a".repeat(3000), true, &mut 1000), None);
    }
}
