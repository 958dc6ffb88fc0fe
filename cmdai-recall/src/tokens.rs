//! A request, or a phrasing of an intent, as tokens: words, and things typed by their look.
//!
//! Both sides are read by the same code, so that what an author wrote and what a person types look
//! the same where they are the same. In a phrasing a slot is one private character; it survives
//! reading and comes out as a token of its own or within one.

use crate::measures::{decimal_commas, number, units};
use crate::words;

/// The first of the private characters that stand for slots in a phrasing.
pub(crate) const FIRST_SLOT: u32 = 0xE000;
/// Slots that a phrasing can have.
pub(crate) const MOST_SLOTS: u32 = 16;
/// Tokens of a request that are looked at; what follows is not.
pub(crate) const MOST_TOKENS: usize = 64;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// As written, quotes and punctuation around it taken off.
    pub(crate) raw: String,
    pub(crate) look: Look,
    /// For words the stem, otherwise the value in its plain spelling: `.` for "here", `7` for "7th".
    pub(crate) value: String,
    /// True for a word that only says what the thing beside it is ("the *file* a.txt").
    pub(crate) is_soft: bool,
    /// True for a word where a place is named: after "in", before "folder".
    pub(crate) is_place: bool,
    /// True for a word beside "folder".
    pub(crate) is_folder: bool,
    /// True for a word where a file is named: beside "file".
    pub(crate) is_file: bool,
    /// True for what stands alone in parentheses: the name of what was spoken of.
    pub(crate) is_apart: bool,
    /// The extension that the word may mean.
    pub(crate) extension: Option<&'static str>,
}

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Look {
    Word,
    /// A path without an extension, or words that mean a place.
    Dir,
    /// A name or path with an extension, or a known file.
    File,
    /// `.log`, `*.log`.
    Ext,
    /// Bytes.
    Size(f64),
    /// Minutes.
    Span(f64),
    Number,
    Url,
    Ip,
    Host,
    /// `user@host`.
    Mail,
    Date,
    /// A name by its build: digits, dashes, underscores, capitals inside.
    Name,
    /// Text that stood in quotes.
    Quoted,
}

impl Token {
    pub(crate) fn new(raw: &str, look: Look, value: impl Into<String>) -> Self {
        Self {
            raw: raw.to_owned(),
            look,
            value: value.into(),
            is_soft: false,
            is_place: false,
            is_folder: false,
            is_file: false,
            is_apart: false,
            extension: None,
        }
    }

    /// The word in lower case, where it is one.
    pub(crate) fn word(&self) -> Option<String> {
        (self.look == Look::Word).then(|| self.raw.to_lowercase())
    }

    /// The number that the token says, in digits.
    pub(crate) fn number(&self) -> Option<String> {
        match self.look {
            Look::Number => Some(self.value.clone()),
            Look::Word => words::number(&self.raw.to_lowercase()).map(|n| n.to_string()),
            _ => None,
        }
    }

    /// The term of the vocabulary for this very token.
    pub(crate) fn term(&self) -> String {
        match self.look {
            Look::Word => self.value.clone(),
            Look::Quoted => format!("\u{2}{}", self.value),
            _ => format!("\u{2}{}", self.value.to_lowercase()),
        }
    }

    /// The term by which phrasings with a slot for such a thing are found.
    pub(crate) fn slot_term(&self) -> Option<&'static str> {
        Some(match self.look {
            Look::Dir => "\u{1}dir",
            Look::File => "\u{1}file",
            Look::Ext => "\u{1}ext",
            Look::Size(_) => "\u{1}size",
            Look::Span(_) => "\u{1}span",
            Look::Number => "\u{1}number",
            Look::Url => "\u{1}url",
            Look::Ip | Look::Host => "\u{1}host",
            Look::Date => "\u{1}date",
            Look::Word if self.extension.is_some() => "\u{1}ext",
            Look::Word | Look::Mail | Look::Name | Look::Quoted => return None,
        })
    }
}

/// Reads a cleaned line.
pub(crate) fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut words = raw_words(line);
    decimal_commas(&mut words);
    for (text, is_quoted) in words {
        if tokens.len() >= MOST_TOKENS {
            break;
        }
        if is_quoted { tokens.push(quoted(&text)) } else { plain(&text, &mut tokens) }
    }
    let tokens = units(every_nth(asides(tokens)));
    let mut tokens = places(tokens);
    extensions(&mut tokens);
    roles(&mut tokens);
    tokens
}

/// The words between blanks, and stretches in quotes. An apostrophe opens none.
fn raw_words(line: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, inside, after)) = quoted_stretch(rest) {
        found.extend(before.split_whitespace().map(|word| (word.to_owned(), false)));
        if is_command(rest, before, inside) {
            found.extend(inside.split_whitespace().map(|word| (word.to_owned(), false)));
        } else {
            found.push((inside.to_owned(), true));
        }
        rest = after;
    }
    found.extend(rest.split_whitespace().map(|word| (word.to_owned(), false)));
    found
}

/// True for a command that is told of, `tar -xzf a.tgz` between backticks: what it holds are things, and it is none itself.
fn is_command(text: &str, before: &str, inside: &str) -> bool {
    let is_ticked = text.get(before.len()..).is_some_and(|rest| rest.starts_with('`'));
    is_ticked && inside.split_whitespace().skip(1).any(|word| word.starts_with('-'))
}

fn quoted_stretch(text: &str) -> Option<(&str, &str, &str)> {
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '\'' | '"' | '`')) {
        let before = text.get(..at)?;
        let opens = before.chars().next_back().is_none_or(|c| c.is_whitespace() || "(=:,[".contains(c));
        if !opens {
            continue;
        }
        let inside = text.get(at + 1..)?;
        let closing = inside.char_indices().find(|&(end, c)| {
            let next = inside.get(end + c.len_utf8()..).and_then(|rest| rest.chars().next());
            c == mark && end > 0 && next.is_none_or(|c| !c.is_alphanumeric())
        });
        if let Some((end, _)) = closing {
            return Some((before, inside.get(..end)?, inside.get(end + 1..)?));
        }
    }
    None
}

/// True for a private character that stands for a slot.
pub(crate) fn is_slot(c: char) -> bool {
    (FIRST_SLOT..FIRST_SLOT + MOST_SLOTS).contains(&u32::from(c))
}

fn quoted(inside: &str) -> Token {
    let value = inside.trim();
    let look = look(value);
    match look {
        // What is spelled like a thing is one in quotes, too.
        Look::Dir | Look::File | Look::Url | Look::Number if !value.contains(is_slot) => {
            Token::new(value, look, value_of(value, look))
        }
        Look::Ext if !value.contains(char::is_whitespace) => Token::new(value, look, value_of(value, look)),
        _ => Token::new(value, Look::Quoted, value),
    }
}

pub(crate) fn trim(word: &str) -> &str {
    let word = word.trim_start_matches(['(', '[', '"', '\'', '`', ',', '<']);
    let end = word.trim_end_matches([')', ']', '"', '\'', '`', ',', '?', '!', ':', ';', '.', '>']);
    if word.starts_with("..") && end.is_empty() {
        ".."
    } else if word == "." {
        "."
    } else {
        end
    }
}

/// One word between blanks.
fn plain(word: &str, tokens: &mut Vec<Token>) {
    // A sign that stands alone and is no punctuation of the sentence is what the request is about.
    if word.len() < 4 && word.chars().all(|c| "<>|#@%=+*&^$\\{}[]_".contains(c)) && word != "&" {
        tokens.push(Token::new(word, Look::Word, word));
        return;
    }
    // "separator ;" names the sign.
    let sign = word.trim_matches(['(', ')', '.', '"', '\'']);
    if matches!(sign, ";" | "," | ":" | "|")
        && tokens.last().and_then(Token::word).is_some_and(|before| {
            matches!(
                before.as_str(),
                "by" | "character"
                    | "delimited"
                    | "delimiter"
                    | "is"
                    | "on"
                    | "separated"
                    | "separator"
                    | "the"
                    | "use"
                    | "using"
                    | "with"
            )
        })
    {
        tokens.push(Token::new(sign, Look::Word, sign));
        return;
    }
    let is_apart = word.starts_with('(') && word.trim_end_matches([',', '.', '?', ':', ';']).ends_with(')');
    let word = trim(word);
    // The owner's "'s" says nothing about the name.
    let word = word.strip_suffix("'s").filter(|base| base.contains(is_slot)).unwrap_or(word);
    if word.is_empty() || !word.contains(|c: char| c.is_alphanumeric() || is_slot(c) || "/~.".contains(c)) {
        return;
    }
    if word.chars().count() == 1 && word.contains(is_slot) {
        tokens.push(Token::new(word, Look::Name, word));
        return;
    }
    // "mp3s" looks like a name and is a kind of file, and so does "a tar.gz".
    let look = match look(word) {
        Look::File if PACKED.contains(&word.to_lowercase().as_str()) => Look::Word,
        Look::Name if words::extension(&word.to_lowercase()).is_some() => Look::Word,
        look => look,
    };
    if look == Look::Word {
        for part in word.split(['/', ',']).map(trim).filter(|part| !part.is_empty()) {
            let mut token = Token::new(part, Look::Word, words::stem(&part.to_lowercase()));
            token.extension = words::extension(&part.to_lowercase());
            token.is_apart = is_apart;
            tokens.push(token);
        }
    } else {
        tokens.push(Token { is_apart, ..Token::new(word, look, value_of(word, look)) });
    }
}

/// What a word or quoted text looks like by its spelling alone.
fn look(word: &str) -> Look {
    if word.contains(char::is_whitespace) || word.is_empty() {
        // A path with blanks in it, in quotes, is one all the same.
        let is_path = (word.starts_with('/') || word.starts_with("~/") || word.starts_with("./"))
            && word.contains(char::is_alphanumeric);
        return match (is_path, has_extension(word)) {
            (true, false) => Look::Dir,
            (true, true) => Look::File,
            (false, true) if !word.contains(['*', '?', ':', ';', '=']) => Look::File,
            _ => Look::Quoted,
        };
    }
    if word.contains("://") {
        return Look::Url;
    }
    if let Some((user, host)) = word.split_once('@')
        && !user.is_empty()
        && host.contains(char::is_alphanumeric)
        && !word.contains('/')
    {
        return Look::Mail;
    }
    if is_ip(word) {
        return Look::Ip;
    }
    if is_date(word) {
        return Look::Date;
    }
    if let Some(extension) = word.strip_prefix("*.").or_else(|| word.strip_prefix('.'))
        && (1..=7).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && (word.starts_with('*') || !DOT_FILES.contains(&word))
    {
        return Look::Ext;
    }
    if number(word).is_some() {
        return Look::Number;
    }
    if is_path(word) {
        return if has_extension(word) || is_known_file(word) { Look::File } else { Look::Dir };
    }
    if DOT_FILES.contains(&word) || is_known_file(word) {
        return Look::File;
    }
    if word.contains('.') && !word.starts_with('.') {
        if is_host(word) {
            return Look::Host;
        }
        if has_extension(word) {
            return Look::File;
        }
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let has_digit = word.contains(|c: char| c.is_ascii_digit());
    let is_built = word.contains(['_', '=', '*', '$', '%', '+', '\\', '^', '|', '{', '~'])
        || (word.contains([':', '.']) && !word.ends_with(':'))
        || (has_digit && word.chars().count() > 1)
        || word.contains(is_slot)
        || (word.contains('-') && word.contains(char::is_uppercase))
        || word.starts_with('-');
    let is_camel =
        letters > 3 && word.chars().skip(1).any(char::is_uppercase) && word.contains(char::is_lowercase);
    if is_built || is_camel { Look::Name } else { Look::Word }
}

/// The value of a token with this look.
fn value_of(word: &str, look: Look) -> String {
    match look {
        Look::Dir | Look::File => {
            let bare = word.trim_end_matches('/');
            if bare.is_empty() { "/".to_owned() } else { bare.to_owned() }
        }
        Look::Ext => word.trim_start_matches(['*', '.']).to_owned(),
        Look::Number => number(word).unwrap_or(word).to_owned(),
        _ => word.to_owned(),
    }
}

/// Endings of two parts, which are no names of files.
const PACKED: &[&str] = &["tar.bz2", "tar.gz", "tar.xz", "tar.zst"];

/// Files that begin with a dot, which are no extensions.
const DOT_FILES: &[&str] = &[
    ".bash_history",
    ".bash_profile",
    ".bashrc",
    ".dockerignore",
    ".editorconfig",
    ".env",
    ".gitattributes",
    ".gitconfig",
    ".gitignore",
    ".gitmodules",
    ".htaccess",
    ".inputrc",
    ".netrc",
    ".npmrc",
    ".profile",
    ".tmux.conf",
    ".vimrc",
    ".zprofile",
    ".zsh_history",
    ".zshenv",
    ".zshrc",
];

fn is_known_file(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    DOT_FILES.contains(&name)
        || matches!(
            name,
            "Makefile"
                | "Dockerfile"
                | "README"
                | "LICENSE"
                | "Vagrantfile"
                | "Gemfile"
                | "Jenkinsfile"
                | "Procfile"
                | "hosts"
                | "passwd"
                | "fstab"
                | "shadow"
                | "sudoers"
                | "syslog"
                | "authorized_keys"
                | "crontab"
                | "sshd_config"
                | "known_hosts"
                | "id_rsa"
        ) && (name != word || name.starts_with(char::is_uppercase) || name.contains('_'))
}

/// `a.txt`, `x.tar.gz`, `report.q1`.
fn has_extension(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && stem.contains(|c: char| c.is_alphanumeric() || is_slot(c) || c == '*')
            && (1..=10).contains(&extension.len())
            && extension.chars().all(|c| c.is_ascii_alphanumeric() || is_slot(c))
            && extension.contains(|c: char| c.is_ascii_alphabetic() || is_slot(c))
            && !(extension.len() > 7 && words::extension(extension).is_none())
    })
}

fn is_path(word: &str) -> bool {
    if word == "." || word == ".." || word == "/" || word == "~" || word.starts_with("~/") {
        return true;
    }
    word.contains('/')
        && word.contains(|c: char| c.is_alphanumeric() || is_slot(c))
        && !words::is_slashed(word)
        && !word.chars().all(|c| c.is_ascii_digit() || c == '/')
}

fn is_ip(word: &str) -> bool {
    let (address, net) = word.split_once('/').unwrap_or((word, "0"));
    let parts: Vec<&str> = address.split('.').collect();
    parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok()) && net.parse::<u8>().is_ok()
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [4, 2, 2] && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

fn is_host(word: &str) -> bool {
    const ENDS: &[&str] = &[
        "at",
        "ch",
        "cloud",
        "co",
        "com",
        "de",
        "dev",
        "edu",
        "eu",
        "example",
        "fr",
        "gov",
        "info",
        "internal",
        "io",
        "lan",
        "local",
        "localdomain",
        "net",
        "org",
        "uk",
        "us",
    ];
    let parts: Vec<&str> = word.split('.').collect();
    let is_plain = |part: &&str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || is_slot(c))
    };
    parts.len() > 1
        && parts.iter().all(is_plain)
        && parts.last().is_some_and(|end| ENDS.contains(end) && parts.first() != Some(end))
}

/// "every 3rd line" is another wish than "the 3rd line", so that "every" is no word to be left out.
fn every_nth(mut tokens: Vec<Token>) -> Vec<Token> {
    for at in 0..tokens.len() {
        let is_each = tokens
            .get(at)
            .and_then(Token::word)
            .is_some_and(|word| matches!(word.as_str(), "every" | "each"));
        let is_nth = |next: &Token| {
            let word = next.raw.to_lowercase();
            let number = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end));
            let is_counted = number.is_some_and(|number| {
                !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || is_slot(c))
            });
            let is_said = word != "second" && words::number(&word).is_some() && word.ends_with(['d', 'h']);
            is_counted || is_said || matches!(word.as_str(), "second" | "other" | "nth")
        };
        if is_each
            && tokens.get(at + 1).is_some_and(is_nth)
            && let Some(token) = tokens.get_mut(at)
        {
            *token = Token::new("every-nth", Look::Word, "every-nth");
        }
    }
    tokens
}

/// Takes out what says where the answer is to be typed: "from the terminal", "on the command line".
fn asides(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut at = 0;
    while at < tokens.len() {
        let word = |index: usize| tokens.get(index).and_then(Token::word).unwrap_or_default();
        let opens = matches!(word(at).as_str(), "from" | "in" | "on" | "via" | "through" | "using" | "with");
        let mut end = at + 1 + usize::from(matches!(word(at + 1).as_str(), "the" | "a" | "my"));
        end += match (word(end).as_str(), word(end + 1).as_str()) {
            ("command", "line" | "prompt") => 2,
            ("terminal" | "commandline" | "cli" | "console", _) => 1,
            _ => 0,
        };
        let closes = tokens.get(end).is_none_or(|next| next.word().is_some_and(|next| words::is_stop(&next)));
        let is_aside = matches!(
            word(end.saturating_sub(1)).as_str(),
            "line" | "prompt" | "terminal" | "commandline" | "cli" | "console"
        ) && end > at + 1;
        // Alone it is what the request is about.
        if opens && is_aside && closes && end - at < tokens.len() {
            tokens.drain(at..end);
        } else {
            at += 1;
        }
    }
    tokens
}

/// Words that mean a place become one: "the current directory", "here", "my home folder", "the whole system".
fn places(tokens: Vec<Token>) -> Vec<Token> {
    let lower: Vec<String> = tokens.iter().map(|token| token.word().unwrap_or_default()).collect();
    let at = |index: usize| lower.get(index).map_or("", String::as_str);
    let is_noun =
        |word: &str| matches!(word, "directory" | "folder" | "dir" | "tree" | "path" | "directories");
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        let has_article = matches!(at(index), "the" | "this" | "my" | "our" | "current");
        let first = if has_article && at(index) != "current" { index + 1 } else { index };
        let (word, next) = (at(first), at(first + 1));
        let (value, length) = match word {
            "here" => (".", 1),
            "current" | "present" | "working" if next == "working" && is_noun(at(first + 2)) => (".", 3),
            "current" | "present" | "working" if is_noun(next) || next == "location" => (".", 2),
            _ if at(index) == "this" && is_noun(word) => (".", 1),
            "home" if is_noun(next) => ("~", 2),
            "home" if index > 0 && matches!(at(index.wrapping_sub(1)), "in" | "under" | "to" | "from") => {
                ("~", 1)
            }
            "root" if matches!(next, "directory" | "filesystem") => ("/", 2),
            "whole" | "entire"
                if matches!(next, "system" | "filesystem" | "disk" | "machine" | "computer") =>
            {
                ("/", 2)
            }
            "whole" | "entire" if next == "file" && at(first + 2) == "system" => ("/", 3),
            "parent" if is_noun(next) => ("..", 2),
            "downloads" | "documents" | "desktop" | "pictures" | "music" | "videos"
                if at(index) == "my" || (has_article && is_noun(next)) =>
            {
                match word {
                    "downloads" => ("~/Downloads", 1 + usize::from(is_noun(next))),
                    "documents" => ("~/Documents", 1 + usize::from(is_noun(next))),
                    "desktop" => ("~/Desktop", 1 + usize::from(is_noun(next))),
                    "pictures" => ("~/Pictures", 1 + usize::from(is_noun(next))),
                    "music" => ("~/Music", 1 + usize::from(is_noun(next))),
                    _ => ("~/Videos", 1 + usize::from(is_noun(next))),
                }
            }
            _ => ("", 0),
        };
        if length == 0 {
            out.extend(tokens.get(index).cloned());
            index += 1;
            continue;
        }
        let end = (first + length).min(tokens.len());
        let raw: Vec<&str> = tokens.get(index..end).unwrap_or(&[]).iter().map(|t| t.raw.as_str()).collect();
        out.push(Token::new(&raw.join(" "), Look::Dir, value));
        index = end;
    }
    out
}

/// Extensions that are also words count as such only beside "files".
fn extensions(tokens: &mut [Token]) {
    for index in 0..tokens.len() {
        let next = tokens.get(index + 1).and_then(Token::word).unwrap_or_default();
        let Some(token) = tokens.get_mut(index) else { return };
        let Some(extension) = token.extension else { continue };
        let is_beside_files = matches!(next.as_str(), "file" | "files" | "scripts" | "sources" | "images");
        if !is_beside_files && words::is_also_a_word(extension) {
            token.extension = None;
        }
    }
}

/// Says of words what stands beside them: a preposition of place, "folder", "file".
fn roles(tokens: &mut [Token]) {
    let lower: Vec<String> = tokens.iter().map(|token| token.word().unwrap_or_default()).collect();
    let at = |index: Option<usize>| index.and_then(|i| lower.get(i)).map_or("", String::as_str);
    let looks: Vec<Look> = tokens.iter().map(|token| token.look).collect();
    let look_at = |index: Option<usize>| index.and_then(|i| looks.get(i)).copied();
    for (index, token) in tokens.iter_mut().enumerate() {
        let (before, after) = (index.checked_sub(1), Some(index + 1));
        if token.look != Look::Word && token.look != Look::Name && token.look != Look::Quoted {
            continue;
        }
        let mut previous = at(before);
        if matches!(previous, "the" | "my" | "called" | "named") {
            previous = at(index.checked_sub(2));
        }
        let is_dir = |word: &str| matches!(word, "directory" | "folder" | "dir");
        token.is_folder = is_dir(at(after)) || is_dir(previous);
        token.is_place = token.is_apart
            || token.is_folder
            || matches!(
                previous,
                "in" | "inside" | "within" | "under" | "from" | "into" | "below" | "beneath"
            );
        token.is_file = at(after) == "file" || previous == "file";
        let lower = at(Some(index));
        let beside = |look: Look| look_at(before) == Some(look) || look_at(after) == Some(look);
        token.is_soft = (is_dir(lower) && beside(Look::Dir)) || (lower == "file" && beside(Look::File));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: &str) {
        let shown: Vec<String> = tokens(line)
            .iter()
            .map(|token| match token.look {
                Look::Word => token.value.clone(),
                Look::Size(bytes) => format!("size:{bytes}"),
                Look::Span(minutes) => format!("span:{minutes}"),
                look => format!("{}:{}", format!("{look:?}").to_lowercase(), token.value),
            })
            .collect();
        assert_eq!(shown.join(" "), expect, "{line}");
    }

    #[test]
    fn a_command_that_is_told_of_is_read_in_words() {
        let raw = |line: &str| tokens(line).into_iter().map(|token| token.raw).collect::<Vec<_>>();
        assert_eq!(raw("`tar -xzf a.tgz` fails"), ["tar", "-xzf", "a.tgz", "fails"]);
        assert_eq!(raw("look for `big red fox`"), ["look", "for", "big red fox"]);
        assert_eq!(raw("look for '-n 3 x'"), ["look", "for", "-n 3 x"]);
    }

    #[test]
    fn things_are_typed_by_their_look() {
        check(
            "find files larger than 100 MB in /var/log.",
            "find file larger than size:104857600 in dir:/var/log",
        );
        check("copy notes.txt to ~/backup/", "copy file:notes.txt to dir:~/backup");
        check("all .log and *.txt files", "all ext:log and ext:txt file");
        check("ping 10.0.0.1 or example.com", "ping ip:10.0.0.1 or host:example.com");
        check("get https://example.com/a.tgz", "get url:https://example.com/a.tgz");
        check("grep 'foo bar' in \"my notes.txt\"", "grep quoted:foo bar in file:my notes.txt");
        check("kill what's on port 8080", "kill what on port number:8080");
        check("since 2024-01-31 as bob@host", "sinc date:2024-01-31 as mail:bob@host");
        check("my_app web-2 and/or feature", "name:my_app name:web-2 and or featur");
        check("edit .bashrc and /etc/hosts", "edit file:.bashrc and file:/etc/hosts");
    }

    #[test]
    fn times_and_sizes_are_measured() {
        check("older than a week", "older than span:10080");
        check("in half an hour", "in span:30");
        check("a quarter of an hour", "span:15");
        check("a couple of days ago", "span:2880 ago");
        check("two hours, 10 mins, 7d", "span:120 span:10 span:10080");
        check("1.5 GB or 500k", "size:1610612736 or size:512000");
        check("1,5 GB or 0,5 MB", "size:1610612736 or size:524288");
        check("columns 1,2 of days.csv", "column name:1,2 of file:days.csv");
        check("the second line of a file", "the second line of a file");
        check("sleep 5 seconds", "sleep number:5 second");
        check("a tar.gz of docs as docs.tar.gz", "a tar.gz of doc as file:docs.tar.gz");
    }

    #[test]
    fn places_have_many_names() {
        check("files here", "file dir:.");
        check("in the current working directory", "in dir:.");
        check("under this folder", "under dir:.");
        check("in my home directory", "in dir:~");
        check("in my downloads folder", "in dir:~/Downloads");
        check("on the whole system", "on dir:/");
        check("list current processes", "list current process");
    }

    #[test]
    fn where_it_is_typed_says_nothing() {
        check(
            "every 3rd line, each other day, every line",
            "every-nth number:3 line every-nth other day every line",
        );
        check("show files from the terminal", "show file");
        check("how do i see free space on the command line in /srv", "how do i see free spac in dir:/srv");
        check("open a file in the terminal window", "open a file in the terminal window");
        check("print the command line of pid 5", "print the command line of pid number:5");
    }

    #[test]
    fn slots_stay_whole() {
        check("copy \u{E000} to \u{E001}.gz", "copy name:\u{E000} to file:\u{E001}.gz");
        check("'\u{E000}'", "quoted:\u{E000}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_tokens(text in "\\PC{0,60}|[a-z0-9 ./'\"~*@:-]{0,60}") {
            proptest::prop_assert!(tokens(&text).len() <= MOST_TOKENS * 4);
        }
    }
}
