//! Things that a request names and a command must spell the same: paths, files, addresses, numbers, quoted text.
//!
//! A small model garbles what it copies. Each thing is found by its look, then looked for in the
//! command; where exactly one word of the command is nearly it, that word is set right.

use super::places;
use super::shell_words::{self, TokenKind, unquoted};
use crate::line::Span;

/// A thing that a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entity {
    /// As written, quotes and punctuation around it taken off.
    pub(super) text: String,
    /// What it looks like.
    pub(super) kind: EntityKind,
}

/// What an [`Entity`] looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntityKind {
    /// Holds a slash, or begins with a tilde.
    Path,
    /// A name with an extension, or a host or address with dots.
    Name,
    /// `https://…`, `user@host`.
    Address,
    /// Digits, with a unit or without: the digits alone.
    Number,
    /// What stood in quotes.
    Quoted,
    /// A plain word that names a folder: see [`places`].
    Place,
    /// A plain word that requests do not know, such as the name of a service: see [`unheard_of`].
    Word,
}

/// The things that a cleaned request names, in its order, each once.
pub(super) fn named(request: &str) -> Vec<Entity> {
    let mut found: Vec<Entity> = Vec::new();
    let mut add = |text: &str, kind| {
        if !text.is_empty() && !found.iter().any(|entity| entity.text == text) {
            found.push(Entity { text: text.to_owned(), kind });
        }
    };
    let mut rest = request;
    while let Some((before, inside, after)) = quoted_stretch(rest) {
        before.split_whitespace().filter_map(look).for_each(|(text, kind)| add(text, kind));
        add(inside.trim(), EntityKind::Quoted);
        rest = after;
    }
    rest.split_whitespace().filter_map(look).for_each(|(text, kind)| add(text, kind));
    let outside: Vec<_> = places::named(request)
        .into_iter()
        .filter(|place| !found.iter().any(|entity| holds_whole(&entity.text, place)))
        .collect();
    for place in outside {
        if !found.iter().any(|entity| entity.text == place) {
            found.push(Entity { text: place.to_owned(), kind: EntityKind::Place });
        }
    }
    found
}

/// Plain words of a cleaned request that no intent uses: names of somebody's own, or slips of the finger. They are not
/// [`named`], since a command may rightly say them otherwise, but one that is nearly in the command was meant to be in it.
pub(super) fn unheard_of(request: &str) -> Vec<Entity> {
    let mut found: Vec<Entity> = Vec::new();
    for word in request.split_whitespace().map(trim_punctuation) {
        let is_word = word.len() >= LEAST_UNHEARD_OF
            && word.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !super::words::is_common_program(word)
            && super::words::intents_with(&word.to_ascii_lowercase()) == 0;
        if is_word && !found.iter().any(|entity| entity.text == word) {
            found.push(Entity { text: word.to_owned(), kind: EntityKind::Word });
        }
    }
    found
}

/// Shorter words are near to too many others, in letters.
const LEAST_UNHEARD_OF: usize = 6;
/// A word of a command that so many intents use is no garbled name: the request has a slip of the finger there.
const USUAL: u32 = 50;

/// The first quoted stretch: what stands before, inside and after it. An apostrophe opens none.
fn quoted_stretch(text: &str) -> Option<(&str, &str, &str)> {
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '\'' | '"' | '`')) {
        let opens = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "(=:,[".contains(c));
        if !opens {
            continue;
        }
        let inside = &text[at + 1..];
        let closing = inside.char_indices().find(|&(end, c)| {
            let next = inside[end + c.len_utf8()..].chars().next();
            c == mark && end > 0 && next.is_none_or(|c| !c.is_alphanumeric())
        });
        if let Some((end, _)) = closing {
            return Some((&text[..at], &inside[..end], &inside[end + 1..]));
        }
    }
    None
}

/// A word without the punctuation of the sentence around it.
pub(super) fn trim_punctuation(word: &str) -> &str {
    let word = word.trim_start_matches(['(', '[', '"', '\'', '`', ',']);
    let end = word.trim_end_matches([')', ']', '"', '\'', '`', ',', '?', '!', ':', ';', '.']);
    // `..` and `.` are paths, and the dot of `src/.` is part of it.
    if word.starts_with("..") && end.is_empty() { ".." } else { end }
}

/// What a word of a request looks like; `None` for plain words.
fn look(word: &str) -> Option<(&str, EntityKind)> {
    let word = trim_punctuation(word);
    if word.contains("://") || is_mail_like(word) {
        return Some((word, EntityKind::Address));
    }
    if is_path(word) {
        return Some((word, EntityKind::Path));
    }
    if let Some(digits) = number(word) {
        return Some((digits, EntityKind::Number));
    }
    is_name(word).then_some((word, EntityKind::Name))
}

fn is_mail_like(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.chars().any(char::is_alphanumeric))
}

fn is_path(word: &str) -> bool {
    if word.starts_with('~') || word == "." || word == ".." {
        return word.len() < 2 || word.starts_with("~/") || word == "..";
    }
    word.contains('/')
        && word.chars().any(|c| c.is_alphanumeric())
        && !cmdai_recall::is_slashed_words(word)
        // A fraction or a date in numbers is no path.
        && !word.chars().all(|c| c.is_ascii_digit() || c == '/')
        || word == "/"
}

/// The digits of `8080`, `100MB`, `1.5GB`, `30%`, `$5`; `None` for anything else.
fn number(word: &str) -> Option<&str> {
    let start = word.find(|c: char| c.is_ascii_digit())?;
    if !matches!(&word[..start], "" | "+" | "-" | ":" | "#" | "port:" | "=") {
        return None;
    }
    let digits = &word[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let unit = &digits[end..];
    let digits = digits[..end].trim_end_matches('.');
    let is_unit = unit.len() <= 3 && unit.chars().all(|c| c.is_ascii_alphabetic() || c == '%');
    (is_unit && digits.matches('.').count() <= 1).then_some(digits)
}

/// `notes.txt`, `.bashrc`, `192.168.1.1`, `server.example.com`, `*.log`, `my_file`, `my-app-2`, `foo.tar.gz`.
fn is_name(word: &str) -> bool {
    let inner = word.strip_prefix('.').unwrap_or(word);
    let has_dot = inner.split_once('.').is_some_and(|(stem, ext)| {
        !stem.is_empty() && ext.starts_with(|c: char| c.is_alphanumeric()) && !matches!(word, "e.g" | "i.e")
    });
    let is_hidden = word.len() > 1 && word.starts_with('.') && inner.starts_with(|c: char| c.is_alphabetic());
    let is_symbolic = word.contains('_') && word.chars().any(char::is_alphanumeric);
    let has_digit = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(char::is_alphabetic);
    has_dot || is_hidden || is_symbolic || has_digit && word.len() > 2
}

/// How well a command copies what the request names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Copied {
    /// Things named, numbers not counted.
    pub(super) named: usize,
    /// Things named that the command lacks, numbers not counted.
    pub(super) missing: usize,
    /// Places named by a plain word that the command lacks.
    pub(super) missing_places: usize,
    /// Numbers that the command lacks. Many are rightly left out or said otherwise.
    pub(super) missing_numbers: usize,
    /// Paths, files and addresses in the command that the request did not name.
    pub(super) invented: usize,
}

/// Compares a command with what the request names.
pub(super) fn compare(command: &str, request: &str, named: &[Entity]) -> Copied {
    let plain = unquoted(command);
    let mut copied = Copied::default();
    for entity in named {
        let has = has(&plain, command, entity);
        match entity.kind {
            EntityKind::Number => copied.missing_numbers += usize::from(!has),
            EntityKind::Place => copied.missing_places += usize::from(!has),
            EntityKind::Word => {}
            _ => {
                copied.named += 1;
                copied.missing += usize::from(!has);
            }
        }
    }
    let request = request.to_lowercase();
    for (_, word) in pieces(command) {
        copied.invented += usize::from(is_invented(&word, &request));
    }
    copied
}

/// True where the command holds the entity, perhaps quoted, or in the spelling that a pattern or size needs.
fn has(plain: &str, command: &str, entity: &Entity) -> bool {
    let text = entity.text.as_str();
    let holds = |text: &str| holds_whole(plain, text) || holds_whole(command, text);
    match entity.kind {
        EntityKind::Number => holds(text) || text.parse::<f64>().is_ok_and(|value| has_number(plain, value)),
        // A directory may lose its slash, a pattern be given without its star, and `.log` become `log`.
        EntityKind::Path => {
            let bare = text.trim_end_matches('/').trim_start_matches("./");
            let home = text.strip_prefix("~/").map(|rest| format!("$HOME/{rest}"));
            holds(text) || (!bare.is_empty() && holds(bare)) || home.is_some_and(|home| holds(&home))
        }
        EntityKind::Name => {
            let bare = text.trim_start_matches(['*', '.']);
            holds(text) || (!bare.is_empty() && holds(bare))
        }
        EntityKind::Quoted => {
            let lower = text.to_lowercase();
            plain.to_lowercase().contains(&lower) || command.to_lowercase().contains(&lower)
        }
        EntityKind::Address | EntityKind::Place | EntityKind::Word => holds(text),
    }
}

/// True where `text` stands in `line` and is no part of a longer word there.
fn holds_whole(line: &str, text: &str) -> bool {
    line.match_indices(text).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + text.len()..].chars().next();
        let joins = |outer: Option<char>, inner: Option<char>| {
            outer.is_some_and(char::is_alphanumeric) && inner.is_some_and(char::is_alphanumeric)
        };
        !joins(before, text.chars().next()) && !joins(after, text.chars().next_back())
    })
}

/// True where a run of digits in the text has this value, or the value times 1024, or one off it.
fn has_number(plain: &str, value: f64) -> bool {
    let runs =
        plain.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|run| run.parse::<f64>().ok());
    runs.into_iter()
        .any(|found| [value, value - 1.0, value + 1.0, value * 1024.0, value * 60.0].contains(&found))
}

/// Places that a command may use although nobody named them. Sorted.
const KNOWN_PLACES: &[&str] = &[
    "/dev/fd",
    "/dev/null",
    "/dev/stderr",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
    "/etc/crontab",
    "/etc/fstab",
    "/etc/group",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/os-release",
    "/etc/passwd",
    "/etc/resolv.conf",
    "/etc/shadow",
    "/etc/shells",
    "/etc/ssh/sshd_config",
    "/etc/sudoers",
    "/etc/timezone",
    "/proc/cpuinfo",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/mounts",
    "/proc/uptime",
    "/proc/version",
    "/usr/share/dict/words",
    "/var/log/auth.log",
    "/var/log/dpkg.log",
    "/var/log/messages",
    "/var/log/syslog",
    "~/.bash_history",
    "~/.bashrc",
    "~/.profile",
    "~/.ssh",
    "~/.ssh/authorized_keys",
    "~/.ssh/config",
    "~/.ssh/id_ed25519",
    "~/.ssh/id_rsa.pub",
    "~/.ssh/known_hosts",
    "~/.zshrc",
];

/// True for a path, file or address that the (lower-case) request neither names nor describes.
fn is_invented(word: &str, request: &str) -> bool {
    let Some((text, kind)) = look(word) else { return false };
    let lower = text.to_lowercase();
    match kind {
        EntityKind::Number | EntityKind::Quoted => return false,
        EntityKind::Name if !lower.contains('.') || !lower.contains(char::is_alphabetic) => return false,
        _ => {}
    }
    if matches!(text, "." | ".." | "~" | "/" | "./" | "../") || KNOWN_PLACES.binary_search(&text).is_ok() {
        return false;
    }
    // Every part must come from the request: `~/Downloads` from "my downloads folder", `*.py` from "python
    // files" does not, but a star pattern names a kind of file and not a file.
    if lower.contains(['*', '$', '{', '%', '\\', '^', '[']) {
        return false;
    }
    if request.contains(&lower) {
        return false;
    }
    // `~/Documents` comes from "my document folder"; a file must be spelled as it is.
    let is_said = |part: &str| match kind {
        EntityKind::Path => request.contains(part.trim_end_matches('s')),
        _ => holds_whole(request, part),
    };
    !lower.split(['/', '.', '@', ':']).filter(|part| part.len() > 1 && *part != "~").all(is_said)
}

/// The words of a command that may spell a thing, with their places: `--out=a.txt` gives `a.txt` too,
/// and a quoted word its inside.
fn pieces(command: &str) -> Vec<(Span, String)> {
    let mut pieces = Vec::new();
    for token in shell_words::cut(command) {
        if !matches!(token.kind, TokenKind::Bare | TokenKind::Quoted) {
            continue;
        }
        let (mut start, mut text) = (token.span.start, token.text);
        if let Some((flag, value)) = text.split_once('=')
            && flag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            start += flag.len() + 1;
            text = value;
        }
        for mark in ['\'', '"'] {
            if let Some(inside) = text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark)) {
                start += 1;
                text = inside;
                break;
            }
        }
        if text.contains(['\'', '"', '`', '$', '\\']) || text.is_empty() || text.starts_with('-') {
            continue;
        }
        pieces.push((Span::new(start, start + text.len()), text.to_owned()));
    }
    pieces
}

/// The same, and those of the commands whose output is a word: `"$(pgrep -o sshd)"`.
fn pieces_and_inner(command: &str) -> Vec<(Span, String)> {
    let mut all = pieces(command);
    for token in shell_words::cut(command) {
        let (Some(open), Some(close)) = (token.text.find("$("), token.text.rfind(')')) else { continue };
        let start = open + 2;
        let Some(inner) = token.text.get(start..close) else { continue };
        let at = token.span.start + start;
        let within = pieces_and_inner(inner).into_iter();
        all.extend(within.map(|(span, piece)| (Span::new(at + span.start, at + span.end), piece)));
    }
    all.sort_by_key(|(span, _)| span.start);
    all
}

/// Sets right what was copied wrongly: a thing the command lacks replaces the one word of it that is
/// nearly the same and that the request does not name. `None` where nothing had to be or could be done.
pub(super) fn repair(command: &str, named: &[Entity]) -> Option<String> {
    let mut repaired = command.to_owned();
    let mut changed = false;
    for entity in named {
        if entity.kind == EntityKind::Place {
            if let Some(with_place) = with_place(&repaired, &entity.text, named) {
                (repaired, changed) = (with_place, true);
            }
            continue;
        }
        if let Some(with_pattern) = with_pattern(&repaired, &entity.text, named) {
            (repaired, changed) = (with_pattern, true);
            continue;
        }
        // Numbers of a few digits are near to everything.
        let long_enough = entity.text.len() >= 4 && !entity.text.contains(char::is_whitespace);
        let is_copied = has(&unquoted(&repaired), &repaired, entity);
        if !long_enough || is_copied || (entity.kind == EntityKind::Number && entity.text.len() < 5) {
            continue;
        }
        let allowed = (entity.text.chars().count() / 4).clamp(1, 3);
        let near: Vec<_> = pieces_and_inner(&repaired)
            .into_iter()
            .filter(|(_, piece)| {
                named.iter().all(|other| &other.text != piece)
                    && !super::words::is_common_program(piece)
                    && (entity.kind != EntityKind::Word
                        || super::words::intents_with(&piece.to_lowercase()) < USUAL)
                    && is_slip(piece, &entity.text)
                    && distance_within(piece, &entity.text, allowed)
            })
            .collect();
        let Some((_, first)) = near.first() else { continue };
        // The same slip may stand in the command twice; two different ones leave a doubt.
        if near.iter().any(|(_, piece)| piece != first) || !is_plain(&entity.text) {
            continue;
        }
        for (span, _) in near.iter().rev() {
            repaired.replace_range(span.start..span.end, &entity.text);
        }
        changed = true;
    }
    if let Some(with_colon) = remote_copy(&repaired) {
        return Some(with_colon);
    }
    changed.then_some(repaired)
}

/// The command with the pattern that the request names in the place of its one wider one: `IMG_*.JPG` for `*.JPG`.
fn with_pattern(command: &str, pattern: &str, named: &[Entity]) -> Option<String> {
    let (_, ending) =
        pattern.split_once('*').filter(|(before, ending)| !before.is_empty() && !ending.contains('*'))?;
    if !is_name_pattern(pattern) || command.contains(pattern) {
        return None;
    }
    let wider = format!("*{ending}");
    let mut found = pieces(command).into_iter().filter(|(_, piece)| {
        piece.strip_prefix("./").unwrap_or(piece) == wider && named.iter().all(|other| &other.text != piece)
    });
    let (span, piece) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let start = span.end - piece.strip_prefix("./").unwrap_or(&piece).len();
    let mut out = command.to_owned();
    out.replace_range(start..span.end, pattern);
    Some(out)
}

/// True for a pattern of the names of files, one word with a star.
fn is_name_pattern(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "*._-".contains(c)) && text.contains('*')
}

/// The command with a place in the case and number in which the request names it; `None` where it has it already,
/// or nothing like it.
fn with_place(command: &str, place: &str, named: &[Entity]) -> Option<String> {
    if holds_whole(&unquoted(command), place) {
        return None;
    }
    let is_named = |part: &str| named.iter().any(|entity| holds_whole(&entity.text, part));
    let mut mended = command.to_owned();
    for (span, piece) in pieces(command).iter().rev() {
        // A pattern says what files are called, and a path from the root is known or invented as a whole.
        if piece.starts_with('/') || piece.contains(['*', '?', '[']) {
            continue;
        }
        let mut at = span.start;
        for part in piece.split('/') {
            let is_meant =
                places::is_variant(part, place) && !is_named(part) && !super::words::is_common_program(part);
            if is_meant && mended.get(at..at + part.len()) == Some(part) {
                mended.replace_range(at..at + part.len(), place);
                return Some(mended);
            }
            at += part.len() + 1;
        }
    }
    None
}

/// `scp file user@host`, which copies to a local file of that name, with the colon that sends it there.
fn remote_copy(command: &str) -> Option<String> {
    let tokens = shell_words::cut(command);
    let [program, arguments @ ..] = &tokens[..] else { return None };
    let is_plain = tokens.iter().all(|token| token.kind == TokenKind::Bare);
    let last = arguments.last()?;
    let is_lost = matches!(program.text, "scp" | "rsync")
        && is_plain
        && is_mail_like(last.text)
        && !arguments.iter().any(|token| token.text.contains([':', '=']));
    is_lost.then(|| format!("{command}:"))
}

/// True where the letters differ and not the build: `time-wait` for `time_wait`, `part_%03d` for `part_000` and
/// `error_` for `error_aa` are meant so, and so is another case.
fn is_slip(piece: &str, text: &str) -> bool {
    let build = |text: &str| text.chars().filter(|c| !c.is_alphanumeric()).collect::<String>();
    build(piece) == build(text)
        && piece.ends_with(char::is_alphanumeric) == text.ends_with(char::is_alphanumeric)
        && !piece.eq_ignore_ascii_case(text)
}

/// True for text that means itself in every shell.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "/._-~@:+,%=".contains(c)) && !text.starts_with('-')
}

/// True where the edit distance is at least 1 and at most `limit`. A swap of neighbours counts as 2.
fn distance_within(a: &str, b: &str, limit: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit || a == b {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()] <= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_named(request: &str, expect: &[&str]) {
        let texts: Vec<_> = named(request).into_iter().map(|entity| entity.text).collect();
        assert_eq!(texts, expect, "{request:?}");
    }

    #[test]
    fn tables_are_sorted() {
        assert!(KNOWN_PLACES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn requests_name_things() {
        check_named("list files", &[]);
        check_named("find files larger than 100 MB in ~/Downloads.", &["100", "~/Downloads"]);
        check_named("files over 100MB under /var/log, please", &["100", "/var/log"]);
        check_named("copy notes.txt to backup/notes.bak?", &["notes.txt", "backup/notes.bak"]);
        check_named("what's in bob's folder", &[]);
        check_named("find 'foo bar' in \"a b.txt\"", &["foo bar", "a b.txt"]);
        check_named("replace `x` with 'it's'", &["x", "it's"]);
        check_named("download https://example.com/a.tgz", &["https://example.com/a.tgz"]);
        check_named("ping 192.168.1.10 or server.example.com", &["192.168.1.10", "server.example.com"]);
        check_named("scp to bob@host and/or read/write", &["bob@host"]);
        check_named("sort names.txt ignoring upper/lower case", &["names.txt"]);
        check_named("go up to .. or list / or .", &["..", "/"]);
        check_named("free port 8080, kill my_app and web-2", &["8080", "my_app", "web-2"]);
        check_named("e.g. all .log files. hidden .bashrc", &[".log", ".bashrc"]);
        check_named("half 1/2 of 1.5GB and 30%", &["1.5", "30"]);
    }

    fn check_copied(request: &str, command: &str, missing: usize, invented: usize) {
        let copied = compare(command, request, &named(request));
        assert_eq!(
            (copied.missing, copied.invented),
            (missing, invented),
            "{request:?} {command:?}: {copied:?}"
        );
    }

    #[test]
    fn copies_are_compared() {
        check_copied("count lines of notes.txt", "wc -l notes.txt", 0, 0);
        check_copied("count lines of notes.txt", "wc -l note.txt", 1, 1);
        check_copied("files in my downloads folder", "ls ~/Downloads", 0, 0);
        check_copied("files in my downloads folder", "ls ~/Documents", 0, 1);
        check_copied("find log files in /var/log/", "find /var/log -name '*.log'", 0, 0);
        check_copied("list users", "cut -d: -f1 /etc/passwd", 0, 0);
        check_copied("find .log files", "find . -name '*.log'", 0, 0);
        check_copied("search 'Foo Bar' in a.txt", "grep -i \"foo bar\" a.txt", 0, 0);
        check_copied("show my ip", "curl https://ifconfig.me", 0, 1);
        check_copied("delete a\\b.txt here", "rm 'a\\b.txt'", 0, 0);
    }

    #[test]
    fn numbers_may_be_said_otherwise() {
        let missing =
            |request: &str, command: &str| compare(command, request, &named(request)).missing_numbers;
        assert_eq!(missing("files over 100 MB", "find . -size +100M"), 0);
        assert_eq!(missing("files over 100 MB", "find . -size +10M"), 1);
        assert_eq!(missing("older than 2 hours", "find . -mmin +120"), 0);
        assert_eq!(missing("skip the first 3 lines", "tail -n +4 a"), 0);
    }

    fn check_repair(request: &str, command: &str, expect: Option<&str>) {
        let names: Vec<_> = named(request).into_iter().chain(unheard_of(request)).collect();
        assert_eq!(repair(command, &names).as_deref(), expect, "{request:?} {command:?}");
    }

    #[test]
    fn a_garbled_copy_is_set_right() {
        check_repair("count lines of notes.txt", "wc -l note.txt", Some("wc -l notes.txt"));
        check_repair("count lines of notes.txt", "wc -l 'note.txt'", Some("wc -l 'notes.txt'"));
        check_repair("since when is reportd running", "pgrep -o reported", Some("pgrep -o reportd"));
        check_repair(
            "since when is reportd running",
            "ps -o lstart= -p \"$(pgrep -o reported)\"",
            Some("ps -o lstart= -p \"$(pgrep -o reportd)\""),
        );
        check_repair("restart mailsync", "systemctl restart mailsink", Some("systemctl restart mailsync"));
        check_repair("list /var/log/nginx", "ls /var/log/ngnx | head", Some("ls /var/log/nginx | head"));
        check_repair("zip src to out.zip", "zip -r --out=oout.zip src", Some("zip -r --out=out.zip src"));
        check_repair(
            "copy report.txt to report.md",
            "cp report.txt report.mdd",
            Some("cp report.txt report.md"),
        );
        check_repair(
            "fetch https://example.com/a.tgz",
            "curl -O https://exmple.com/a.tgz",
            Some("curl -O https://example.com/a.tgz"),
        );
    }

    #[test]
    fn a_place_is_spelt_as_asked() {
        check_repair("files changed in Work", "find work -type f", Some("find Work -type f"));
        check_repair(
            "count jpgs under trips",
            "find ./trip -name '*.jpg'",
            Some("find ./trips -name '*.jpg'"),
        );
        check_repair("copy all from Work to Backup", "cp -a work/. backup", Some("cp -a Work/. Backup"));
        check_repair("files in my documents", "ls ~/Documents", None);
        check_repair("list images in dumps", "docker image ls", None);
        check_repair("count jpgs under trips", "find trips -name '*.jpg'", None);
    }

    #[test]
    fn a_pattern_is_as_narrow_as_asked() {
        check_repair(
            "rename all IMG_*.JPG to end with .jpg",
            "for f in *.JPG; do mv -- \"$f\" \"${f%.JPG}.jpg\"; done",
            Some("for f in IMG_*.JPG; do mv -- \"$f\" \"${f%.JPG}.jpg\"; done"),
        );
        check_repair("count a*.log", "find . -name '*.log' | wc -l", Some("find . -name 'a*.log' | wc -l"));
        check_repair("rename *.txt to old*.txt", "ls *.txt", None);
        check_repair("list *.txt", "ls *", None);
    }

    #[test]
    fn a_copy_to_a_host_gets_its_colon() {
        check_repair(
            "copy a.txt to bob@example.com",
            "scp a.txt bob@example.com",
            Some("scp a.txt bob@example.com:"),
        );
        check_repair("copy a.txt to bob@example.com", "scp a.txt bob@example.com:/tmp", None);
        check_repair("log in to bob@example.com", "ssh bob@example.com", None);
    }

    #[test]
    fn a_right_or_doubtful_copy_is_left() {
        check_repair("size of the direcotry", "du -sh directory", None);
        check_repair("count lines of notes.txt", "wc -l notes.txt", None);
        // The word near to what is missing is itself named.
        check_repair("move a1.txt to a2.txt", "mv a1.txt", None);
        // Two different words are near.
        check_repair("show data.csv", "cat dat.csv data.cs", None);
        // A short number is near to every other.
        check_repair("kill 1234", "kill 1235", None);
        // Too far.
        check_repair("show data.csv", "cat numbers.csv", None);
        // Another build or case is meant so.
        check_repair("count time_wait sockets", "ss state time-wait", None);
        check_repair("make an Ed25519 key", "ssh-keygen -t ed25519", None);
        check_repair("parts named x_aa, x_ab", "split a x_", None);
        check_repair("frames thumb_001.jpg and so on", "ffmpeg -i a thumb_%03d.jpg", None);
        // Quoting that the request's spelling would break.
        check_repair("show 'a$(b).txt'", "cat a$(b.txt", None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(request in ".{0,60}", command in ".{0,60}") {
            let named = named(&request);
            compare(&command, &request, &named);
            repair(&command, &named);
        }
    }
}
