//! A line, finished or not, as the words of its commands.
//!
//! The reader goes once over the text and never fails. It keeps raw words (quotes and escapes as
//! typed), because what is suggested is text too. It knows as much of each dialect as it takes to tell
//! where a word ends and where a command begins; what a line would do is for `syntax` and `safety`.

use std::collections::VecDeque;
use std::ops::Range;

use crate::line::Dialect;

/// One simple command of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command<'a> {
    /// Its words as typed; the program is the first that is neither assignment nor wrapper.
    pub(super) words: Vec<&'a str>,
    /// Which word is the program; as many as there are words where it is still to come.
    pub(super) program: usize,
    /// True where it reads from a pipe.
    pub(super) piped: bool,
    /// True where it stands in another command.
    pub(super) nested: bool,
}

impl<'a> Command<'a> {
    /// The program and what follows.
    pub(super) fn own(&self) -> &[&'a str] {
        self.words.get(self.program..).unwrap_or_default()
    }
}

/// A line that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed<'a> {
    /// The command under the cursor, without the word under it.
    pub(super) command: Command<'a>,
    /// The word under the cursor as far as it is typed; empty after a blank.
    pub(super) current: &'a str,
    /// The quote that is open in it.
    pub(super) quote: Option<char>,
    /// True in a comment.
    pub(super) closed: bool,
    /// The program of the command before this one in the line, and what follows it.
    pub(super) before: Vec<&'a str>,
    /// Where the command begins, in bytes.
    pub(super) start: usize,
}

/// Words that run the command which follows them, with their flags that take a value. Sorted.
const WRAPPERS: &[(&str, &str)] = &[
    ("!", ""),
    ("and", ""),
    ("begin", ""),
    ("builtin", ""),
    ("caffeinate", "tw"),
    ("command", ""),
    ("do", ""),
    ("doas", "Cu"),
    ("elif", ""),
    ("else", ""),
    ("env", "uSC"),
    ("exec", "a"),
    ("if", ""),
    ("ionice", "cnp"),
    ("nice", "n"),
    ("noglob", ""),
    ("nohup", ""),
    ("not", ""),
    ("or", ""),
    ("stdbuf", "ioe"),
    ("sudo", "CDghpRrtTUu"),
    ("then", ""),
    ("time", "fo"),
    ("until", ""),
    ("watch", "n"),
    ("while", ""),
    ("xargs", "adEILnPs"),
    ("{", ""),
];

/// Reads what is typed so far.
pub(super) fn typed(text: &str, dialect: Dialect) -> Typed<'_> {
    let mut reader = Reader::new(text, dialect);
    reader.read();
    let closed = reader.comment;
    let quote = reader.quote;
    let before =
        reader.done.last().map(|(words, ..)| words.get(program_at(words)..).unwrap_or_default().to_vec());
    let before = before.unwrap_or_default();
    let nested = reader.levels.len() > 1;
    let (current, words, piped) = reader.open();
    let program = program_at(&words);
    let start = match words.first() {
        Some(word) => offset(text, word),
        None => text.len() - current.len(),
    };
    Typed { command: Command { words, program, piped, nested }, current, quote, closed, before, start }
}

/// Where a part of a text begins in it, in bytes.
pub(super) fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// The commands of a finished line, innermost last; empty ones left out.
pub(super) fn commands<'a>(text: &'a str, dialect: Dialect) -> Vec<Command<'a>> {
    let mut reader = Reader::new(text, dialect);
    reader.read();
    reader.end_word();
    while let Some(level) = reader.levels.pop() {
        let nested = !reader.levels.is_empty();
        reader.done.push((level.words, level.piped, nested));
    }
    let documents = documents(text, dialect);
    let is_typed = |words: &[&str]| {
        words.first().is_some_and(|word| {
            let at = offset(text, word);
            !documents.iter().any(|document| document.contains(&at))
        })
    };
    let commands = reader.done.into_iter().filter(|(words, ..)| is_typed(words));
    let command = |(words, piped, nested): (Vec<&'a str>, bool, bool)| Command {
        program: program_at(&words),
        words,
        piped,
        nested,
    };
    commands.map(command).collect()
}

/// Where the here-documents of a text lie, with their ends: what stands in them is no command.
fn documents(text: &str, dialect: Dialect) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !matches!(dialect, Dialect::Bash | Dialect::Posix | Dialect::Zsh) || !text.contains("<<") {
        return found;
    }
    let mut ends: VecDeque<&str> = VecDeque::new();
    let (mut at, mut begin) = (0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        match ends.front() {
            Some(end) => {
                if line.trim_end_matches('\n').trim_start_matches('\t') == *end {
                    ends.pop_front();
                    if ends.is_empty() {
                        found.push(begin..at);
                    }
                }
            }
            None => {
                ends.extend(line.match_indices("<<").filter_map(|(place, _)| document_end(line, place)));
                begin = at;
            }
        }
    }
    if !ends.is_empty() {
        found.push(begin..text.len());
    }
    found
}

/// The word that ends the here-document which `<<` at a place of a line begins, without its quotes.
fn document_end(line: &str, place: usize) -> Option<&str> {
    if line.get(..place)?.ends_with('<') {
        return None;
    }
    let rest = line.get(place + 2..)?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches([' ', '\t']);
    let rest = rest.trim_start_matches(['\'', '"', '\\']);
    let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    rest.get(..length).filter(|word| !word.is_empty())
}

/// The words of each command of a line, from the program on; for the table of what people type.
#[doc(hidden)]
pub fn commands_of(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
    let commands = commands(text, dialect);
    let words = commands.iter().map(|command| command.own().iter().map(|word| (*word).to_owned()).collect());
    words.filter(|words: &Vec<String>| !words.is_empty()).collect()
}

/// Which word is the program.
fn program_at(words: &[&str]) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if is_assignment(word) {
            at += 1;
            continue;
        }
        let Ok(found) = WRAPPERS.binary_search_by(|(name, _)| (*name).cmp(word)) else { return at };
        let with_value = WRAPPERS.get(found).map_or("", |(_, flags)| flags);
        at += 1;
        while let Some(flag) = words.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
            let takes = flag.len() == 2 && flag.chars().nth(1).is_some_and(|c| with_value.contains(c));
            at += 1 + usize::from(takes);
        }
    }
    at.min(words.len())
}

/// True for `NAME=value`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// A command being read, and those it stands in.
#[derive(Default)]
struct Level<'a> {
    words: Vec<&'a str>,
    piped: bool,
    /// Where the word began that a substitution in it interrupts.
    resume: Option<usize>,
    /// What closes it.
    closer: Option<char>,
}

struct Reader<'a> {
    text: &'a str,
    dialect: Dialect,
    levels: Vec<Level<'a>>,
    /// Commands that ended: words, whether one reads from a pipe, whether it stands in another.
    done: Vec<(Vec<&'a str>, bool, bool)>,
    /// Where the word being read begins.
    word: Option<usize>,
    at: usize,
    quote: Option<char>,
    comment: bool,
}

/// Substitutions inside one another that are followed; deeper ones are text.
const DEEPEST: usize = 16;

impl<'a> Reader<'a> {
    fn new(text: &'a str, dialect: Dialect) -> Self {
        Self {
            text,
            dialect,
            levels: vec![Level::default()],
            done: Vec::new(),
            word: None,
            at: 0,
            quote: None,
            comment: false,
        }
    }

    /// The word under the cursor, the words before it, and whether they read from a pipe.
    fn open(mut self) -> (&'a str, Vec<&'a str>, bool) {
        let current = self.word.and_then(|start| self.text.get(start..)).unwrap_or("");
        let level = self.levels.pop().unwrap_or_default();
        (current, level.words, level.piped)
    }

    fn end_word(&mut self) {
        if let Some(start) = self.word.take()
            && let Some(word) = self.text.get(start..self.at)
            && let Some(level) = self.levels.last_mut()
            && !word.is_empty()
        {
            level.words.push(word);
        }
    }

    fn end_command(&mut self, piped: bool) {
        self.end_word();
        let nested = self.levels.len() > 1;
        if let Some(level) = self.levels.last_mut() {
            let words = std::mem::take(&mut level.words);
            let was = std::mem::replace(&mut level.piped, piped);
            self.done.push((words, was, nested));
        }
    }

    /// A command inside a command begins; `resume` is where the interrupted word began.
    fn enter(&mut self, resume: Option<usize>, closer: char) {
        if resume.is_none() {
            self.end_word();
        }
        self.word = None;
        self.levels.push(Level { resume, closer: Some(closer), ..Level::default() });
    }

    fn leave(&mut self) {
        self.end_word();
        if let Some(level) = self.levels.pop() {
            self.done.push((level.words, level.piped, true));
            self.word = level.resume;
        }
    }

    fn read(&mut self) {
        let text = self.text;
        let escape = match self.dialect {
            Dialect::PowerShell => Some('`'),
            Dialect::Nu => None,
            _ => Some('\\'),
        };
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            self.at = at;
            let next = chars.peek().map(|&(_, c)| c);
            if let Some(quote) = self.quote {
                let escaped = match quote {
                    '\'' => self.dialect == Dialect::Fish && c == '\\',
                    '"' if self.dialect == Dialect::Nu => c == '\\',
                    '"' => Some(c) == escape,
                    _ => false,
                };
                if escaped {
                    chars.next();
                } else if c == quote {
                    self.quote = None;
                }
                continue;
            }
            match c {
                ' ' | '\t' => self.end_word(),
                '\n' | '\r' => self.end_command(false),
                _ if Some(c) == escape => {
                    self.word.get_or_insert(at);
                    chars.next();
                }
                '\'' | '"' => {
                    self.word.get_or_insert(at);
                    self.quote = Some(c);
                }
                '`' if self.dialect == Dialect::Nu => {
                    self.word.get_or_insert(at);
                    self.quote = Some('`');
                }
                '`' => match self.levels.last().and_then(|level| level.closer) {
                    Some('`') => self.leave(),
                    _ if self.levels.len() < DEEPEST => {
                        let resume = self.word.or(Some(at));
                        self.enter(resume, '`');
                    }
                    _ => {
                        self.word.get_or_insert(at);
                    }
                },
                '#' if self.word.is_none() => {
                    self.comment = true;
                    break;
                }
                ';' => self.end_command(false),
                '|' => {
                    if next == Some('|') {
                        chars.next();
                        self.end_command(false);
                    } else {
                        if next == Some('&') {
                            chars.next();
                        }
                        self.end_command(true);
                    }
                }
                '&' if next == Some('>') => {
                    self.word.get_or_insert(at);
                }
                '&' if self.text.get(..at).is_some_and(|before| before.ends_with('>')) => {
                    self.word.get_or_insert(at);
                }
                '&' => {
                    if next == Some('&') {
                        chars.next();
                    }
                    self.end_command(false);
                }
                '(' if self.levels.len() < DEEPEST => {
                    let before = self.text.get(..at).unwrap_or("");
                    let substitution = before.ends_with(['$', '<', '=', '@']);
                    let resume = if substitution { self.word } else { None };
                    self.enter(resume, ')');
                }
                '{' if self.dialect == Dialect::Nu && self.word.is_none() && self.levels.len() < DEEPEST => {
                    self.enter(None, '}');
                }
                ')' | '}' if self.levels.last().is_some_and(|level| level.closer == Some(c)) => self.leave(),
                '>' | '<' if self.dialect != Dialect::Nu => self.redirection(at, next, &mut chars),
                _ => {
                    self.word.get_or_insert(at);
                }
            }
        }
        self.at = text.len();
    }

    /// `>`, `2>>` and the like are words of their own, so that what follows is the file.
    fn redirection(
        &mut self,
        at: usize,
        next: Option<char>,
        chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    ) {
        let number = self.word.and_then(|start| self.text.get(start..at)).is_some_and(|word| {
            word == "&" || (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if !number {
            self.end_word();
        }
        if next == Some('(') {
            self.word.get_or_insert(at);
            return;
        }
        let start = *self.word.get_or_insert(at);
        while let Some(&(_, c)) = chars.peek() {
            if !matches!(c, '>' | '<' | '&' | '|' | '!') {
                break;
            }
            chars.next();
            if c == '&' {
                // `2>&1`: the number belongs to it.
                while chars.peek().is_some_and(|(_, c)| c.is_ascii_digit() || *c == '-') {
                    chars.next();
                }
                break;
            }
        }
        let end = chars.peek().map_or(self.text.len(), |&(at, _)| at);
        self.word = Some(start);
        self.at = end;
        // At the end of the line the word stays open: `2>&` may go on.
        if end < self.text.len() {
            self.end_word();
        }
    }
}

/// The next piece of a text: blanks before a word, and the word up to the next blank.
///
/// Suggestions are made, cut and taken over piece by piece.
pub fn piece(text: &str) -> &str {
    let word = text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len());
    let rest = text.get(word..).unwrap_or("");
    let end = rest.find(char::is_whitespace).map_or(text.len(), |end| word + end);
    text.get(..end).unwrap_or(text)
}

/// A word without its quotes and escapes, as the program gets it; variables stay as they are.
pub(super) fn unquoted(word: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(word.len());
    let mut quote = None;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '`') if dialect == Dialect::Nu => quote = Some(c),
            (Some('\''), '\\') if dialect != Dialect::Fish => out.push(c),
            (None, '\\') if matches!(dialect, Dialect::Nu | Dialect::PowerShell) => out.push(c),
            (_, '`') if dialect == Dialect::PowerShell && quote != Some('\'') => out.extend(chars.next()),
            (_, '\\') if dialect != Dialect::PowerShell => match (quote, chars.next()) {
                // Between double quotes a backslash escapes only what is special there.
                (Some('"'), Some(next)) if !matches!(next, '"' | '\\' | '$' | '`') => {
                    out.push('\\');
                    out.push(next);
                }
                (_, next) => out.extend(next),
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_typed(text: &str, words: &[&str], current: &str) {
        let typed = typed(text, Dialect::Bash);
        assert_eq!((typed.command.own(), typed.current), (words, current), "{text}");
    }

    #[test]
    fn the_command_under_the_cursor() {
        check_typed("", &[], "");
        check_typed("git", &[], "git");
        check_typed("git che", &["git"], "che");
        check_typed("git checkout ", &["git", "checkout"], "");
        check_typed("cat x | gr", &[], "gr");
        check_typed("cat x | grep -v ", &["grep", "-v"], "");
        check_typed("make && ./run --", &["./run"], "--");
        check_typed("sudo systemctl re", &["systemctl"], "re");
        check_typed("sudo -u www ls ", &["ls"], "");
        check_typed("A=1 B=2 cargo te", &["cargo"], "te");
        check_typed("echo $(git st", &["git"], "st");
        check_typed("echo $(date) x", &["echo", "$(date)"], "x");
        check_typed("echo `git st", &["git"], "st");
        check_typed("vim 'my fi", &["vim"], "'my fi");
        check_typed("vim my\\ fi", &["vim"], "my\\ fi");
        check_typed("cmd 2>&1 | te", &[], "te");
        check_typed("cmd > ou", &["cmd", ">"], "ou");
        check_typed("cmd >>ou", &["cmd", ">>"], "ou");
        check_typed("cmd 2>er", &["cmd", "2>"], "er");
        check_typed("diff <(sor", &[], "sor");
        check_typed("if tes", &[], "tes");
        check_typed("(cd x; l", &[], "l");
        check_typed("xargs -n 1 rm -", &["rm"], "-");
    }

    #[test]
    fn commands_of_a_line() {
        let check = |text: &str, expect: &[&[&str]]| {
            let found = commands(text, Dialect::Bash);
            let found: Vec<&[&str]> = found.iter().map(Command::own).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("git add . && git commit -m 'a b'", &[&["git", "add", "."], &["git", "commit", "-m", "'a b'"]]);
        check("k get po|grep -v x", &[&["k", "get", "po"], &["grep", "-v", "x"]]);
        check("echo hi # bye", &[&["echo", "hi"]]);
        check("a 2>&1 >f", &[&["a", "2>&1", ">", "f"]]);
        // Text is no command, what stands behind it is.
        check("cat > a <<E\nmake deploy\nE\nls", &[&["cat", ">", "a", "<<", "E"], &["ls"]]);
        check("cat <<'E' | sh\nmake deploy\nE", &[&["cat", "<<", "'E'"], &["sh"]]);
        check("tr a b <<< x\nmake", &[&["tr", "a", "b", "<<<", "x"], &["make"]]);
    }

    #[test]
    fn other_dialects() {
        let nu = typed("ls | where size > 1mb | sort-", Dialect::Nu);
        assert_eq!(nu.current, "sort-");
        let nu = typed("ls | each {|f| open ", Dialect::Nu);
        assert_eq!(nu.command.own(), ["open"]);
        let ps = typed("Get-ChildItem C:\\Us", Dialect::PowerShell);
        assert_eq!((ps.command.own(), ps.current), (&["Get-ChildItem"][..], "C:\\Us"));
    }

    #[test]
    fn pieces_and_quotes() {
        assert_eq!(piece(" add . && x"), " add");
        assert_eq!(piece("us"), "us");
        assert_eq!(piece("  "), "  ");
        assert_eq!(piece(""), "");
        assert_eq!(unquoted("'a b'c", Dialect::Bash), "a bc");
        assert_eq!(unquoted("a\\ b", Dialect::Zsh), "a b");
        assert_eq!(unquoted("C:\\x", Dialect::PowerShell), "C:\\x");
        assert_eq!(unquoted("\"a\\nb\"", Dialect::Bash), "a\\nb");
    }

    #[test]
    fn wrappers_are_sorted() {
        assert!(WRAPPERS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
