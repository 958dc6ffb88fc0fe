//! Requests for files under several conditions, put together from pieces.
//!
//! Nobody writes an intent for "log files over 10 MB that bob changed in the last week, at most two levels deep". So the
//! conditions that `find` knows are looked for in the request one by one, each with the ways in which it is said, and
//! so is what shall be done with what is found. What no piece takes costs what it tells, as in an alignment.

use crate::align::{Asked, size};
use crate::render::{Value, quoted_word};
use crate::tokens::{Look, Token};
use crate::words;
use crate::{Shell, System};

/// A command put together, and what it leaves unsaid.
pub(crate) struct Composed {
    pub(crate) command: String,
    pub(crate) unsaid: f32,
    pub(crate) lost: usize,
}

/// What is known of the command so far.
#[derive(Default)]
struct Plan {
    place: Option<String>,
    depth: Option<String>,
    kind: Option<char>,
    tests: Vec<String>,
    names: Vec<String>,
    action: Action,
    /// The last condition said "not".
    negated: bool,
    conditions: usize,
}

#[derive(Default, PartialEq, Eq)]
enum Action {
    #[default]
    Print,
    Delete,
    Count,
    Long,
    Run(String),
    Biggest(String),
    TotalSize,
}

struct Reader<'a> {
    asked: &'a [Asked],
    words: Vec<String>,
    used: Vec<bool>,
    shell: Shell,
    gnu: bool,
}

/// Puts a command together; `None` where the request is not about files under conditions.
pub(crate) fn compose(asked: &[Asked], shell: Shell, system: System) -> Option<Composed> {
    if !matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish) || asked.len() > 40 {
        return None;
    }
    let words: Vec<String> = asked.iter().map(|one| one.token.word().unwrap_or_default()).collect();
    let used = vec![false; asked.len()];
    let gnu = matches!(system, System::Any | System::Linux);
    let mut reader = Reader { asked, words, used, shell, gnu };
    let mut plan = Plan::default();
    reader.kind(&mut plan)?;
    reader.action(&mut plan);
    let mut at = 0;
    while at < reader.asked.len() {
        at = reader.condition(at, &mut plan).unwrap_or(at + 1);
    }
    if plan.conditions < 2 {
        return None;
    }
    let command = reader.write(plan)?;
    let mut composed = Composed { command, unsaid: 0.0, lost: 0 };
    for (one, used) in asked.iter().zip(&reader.used) {
        let filler = one.token.word().is_some_and(|word| FILLERS.contains(&word.as_str()));
        if !used && !filler {
            composed.unsaid += one.skip;
            composed.lost += usize::from(one.token.look != Look::Word && one.skip > 0.5);
        }
    }
    Some(composed)
}

/// Words that hang conditions together and say nothing themselves.
const FILLERS: &[&str] = &[
    "ago",
    "anything",
    "anywhere",
    "but",
    "everything",
    "file",
    "files",
    "old",
    "recursively",
    "search",
    "size",
    "somewhere",
    "subdirectories",
    "subfolders",
    "than",
    "tree",
    "everywhere",
    "extension",
    "regular",
    "look",
    "items",
    "entries",
    "inside",
    "within",
    "below",
    "under",
    "beneath",
    "underneath",
];

/// Words that follow "in" and the like and are no places.
const NO_PLACES: &[&str] = &[
    "bytes",
    "last",
    "lines",
    "megabytes",
    "name",
    "names",
    "one",
    "order",
    "past",
    "previous",
    "text",
    "title",
    "total",
];

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.asked.get(at).map(|one| &one.token)
    }

    fn take(&mut self, from: usize, to: usize) {
        for used in self.used.iter_mut().take(to).skip(from) {
            *used = true;
        }
    }

    /// The first place from which one of the words stands.
    fn first(&self, words: &[&str]) -> Option<usize> {
        self.words.iter().position(|word| words.contains(&word.as_str()))
    }

    /// What is looked for: files, directories, links. Without any of them this is no request for `find`.
    fn kind(&mut self, plan: &mut Plan) -> Option<()> {
        let link = self.first(&["symlink", "symlinks"]).or_else(|| {
            let at = self.first(&["links"])?;
            matches!(self.word(at.checked_sub(1)?), "symbolic" | "soft" | "broken").then_some(at)
        });
        let file = self.first(&["file", "files", "scripts", "images", "photos", "documents", "logs"]);
        let directory = self.first(&["directories", "folders", "dirs", "subdirectories", "subfolders"]);
        let ext = self.asked.iter().position(|one| {
            one.token.look == Look::Ext || one.token.extension.is_some_and(|_| one.token.raw.len() > 2)
        });
        match (link, file, directory, ext) {
            (Some(at), ..) => {
                plan.kind = Some('l');
                self.take(at.saturating_sub(usize::from(self.word(at) == "links")), at + 1);
            }
            (_, Some(at), Some(other), _) if self.word(at + 1) == "and" || self.word(other + 1) == "and" => {
                self.take(at, at + 1);
                self.take(other, other + 1);
            }
            (_, Some(at), other, _) if other.is_none_or(|other| at < other) => {
                plan.kind = Some('f');
                self.take(at, at + 1);
            }
            (_, None, _, Some(_)) => plan.kind = Some('f'),
            (_, _, Some(at), _) if !matches!(self.word(at), "subdirectories" | "subfolders") => {
                plan.kind = Some('d');
                self.take(at, at + 1);
            }
            (_, Some(_), ..) => plan.kind = Some('f'),
            _ => return None,
        }
        Some(())
    }

    /// What is to be done with them.
    fn action(&mut self, plan: &mut Plan) {
        for at in 0..self.words.len() {
            let next = self.word(at + 1).to_owned();
            let action = match (self.word(at), next.as_str()) {
                ("delete" | "remove" | "erase" | "rm" | "purge", _) if at < 4 => (Action::Delete, 1),
                ("get", "rid") => (Action::Delete, 2),
                ("clean", "up") => (Action::Delete, 2),
                ("count", _) if at < 4 => (Action::Count, 1),
                ("how", "many") | ("number", "of") => (Action::Count, 2),
                ("total" | "combined", "size") => (Action::TotalSize, 2),
                ("compress" | "gzip", _) if at < 3 => (Action::Run("gzip {}".to_owned()), 1),
                ("make", _) if self.first(&["executable"]).is_some_and(|place| place > at + 1) => {
                    let place = self.first(&["executable"]).unwrap_or(at);
                    self.take(place, place + 1);
                    (Action::Run("chmod +x {}".to_owned()), 1)
                }
                ("details" | "detailed" | "sizes", _) => (Action::Long, 1),
                _ => continue,
            };
            plan.conditions += 1;
            plan.action = action.0;
            self.take(at, at + action.1);
            return;
        }
        let to = (0..self.words.len()).find(|at| {
            matches!(self.word(*at), "to" | "into")
                && self.token(at + 1).is_some_and(|token| token.look == Look::Dir && token.value != ".")
        });
        let verb = self.first(&["copy", "cp", "move", "mv"]).filter(|at| *at < 3);
        if let (Some(verb), Some(to)) = (verb, to)
            && let Some(target) = self.token(to + 1).and_then(|token| self.spelled(&token.value))
        {
            let program = if matches!(self.word(verb), "copy" | "cp") { "cp" } else { "mv" };
            plan.action = if self.gnu {
                Action::Run(format!("{program} -t {target} {{}}"))
            } else {
                Action::Run(format!("{program} {{}} {target}"))
            };
            plan.conditions += 1;
            self.take(verb, verb + 1);
            self.take(to, to + 2);
            return;
        }
        let biggest = self.first(&["largest", "biggest"]);
        if let Some(at) = biggest {
            let number = at.checked_sub(1).and_then(|before| self.token(before)).and_then(Token::number);
            if let Some(number) = number.filter(|_| self.gnu) {
                plan.action = Action::Biggest(number);
                plan.conditions += 1;
                self.take(at - 1, at + 1);
            }
        }
    }

    /// Reads one condition, or a place, that begins here. `None` where none does.
    fn condition(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        if self.used.get(at).copied()? {
            return None;
        }
        let (word, look, value) = {
            let token = self.token(at)?;
            (self.word(at).to_owned(), token.look, token.value.clone())
        };
        let next = self.word(at + 1).to_owned();
        let end = match (word.as_str(), look) {
            ("not" | "except" | "excluding" | "without", _) => {
                plan.negated = true;
                let skip = usize::from(matches!(next.as_str(), "for" | "being"));
                self.take(at, at + 1 + skip);
                return Some(at + 1 + skip);
            }
            (_, Look::Dir) => {
                let before = at.checked_sub(1).map_or("", |before| self.word(before)).to_owned();
                if plan.place.is_some() && before != "in" {
                    return None;
                }
                plan.place = Some(value);
                at + 1
            }
            ("empty", _) => self.test(plan, "-empty", at + 1),
            ("hidden", _) => self.name(plan, ".*", at + 1),
            ("executable", _) if self.gnu => self.test(plan, "-executable", at + 1),
            ("writable", _) if at > 0 && self.word(at - 1) == "world" => {
                self.take(at - 1, at);
                self.test(plan, "-perm -o+w", at + 1)
            }
            (_, Look::Ext) => self.name(plan, &format!("*.{value}"), at + 1),
            (_, Look::Word) if self.token(at)?.extension.is_some() => {
                let extension = self.token(at)?.extension?;
                self.name(plan, &format!("*.{extension}"), at + 1)
            }
            ("today", _) if self.gnu => self.test(plan, "-daystart -mtime 0", at + 1),
            ("yesterday", _) if self.gnu => self.test(plan, "-daystart -mtime 1", at + 1),
            ("recursive" | "recursively", _) if plan.negated => {
                plan.negated = false;
                plan.depth = Some("1".to_owned());
                plan.conditions += 1;
                at + 1
            }
            ("owned" | "belong" | "belonging" | "belongs", _) => {
                let mut name = at + 1;
                while matches!(self.word(name), "by" | "to" | "the" | "user") {
                    name += 1;
                }
                let (test, name) =
                    if self.word(name) == "group" { ("-group", name + 1) } else { ("-user", name) };
                let owner = self.token(name).filter(|token| matches!(token.look, Look::Word | Look::Name))?;
                let owner = self.spelled(owner.raw.trim_end_matches("'s"))?;
                self.test(plan, &format!("{test} {owner}"), name + 1)
            }
            ("newer" | "older", _) if next == "than" => {
                let file = self.token(at + 2).filter(|token| token.look == Look::File);
                match file.and_then(|token| self.spelled(&token.value)) {
                    Some(file) => {
                        plan.negated ^= word == "older";
                        self.test(plan, &format!("-newer {file}"), at + 3)
                    }
                    None => return None,
                }
            }
            ("levels" | "level", _) if at > 0 => {
                let number = self.token(at - 1).and_then(Token::number)?;
                plan.depth = Some(number);
                plan.conditions += 1;
                let from = (at.saturating_sub(4)..at)
                    .find(|at| matches!(self.word(*at), "at" | "up" | "max" | "only"));
                self.take(from.unwrap_or(at - 1), at);
                at + 1 + usize::from(matches!(next.as_str(), "deep" | "down"))
            }
            ("top", _) if matches!(next.as_str(), "level" | "folder") => {
                plan.depth = Some("1".to_owned());
                plan.conditions += 1;
                at + 2
            }
            ("named" | "called" | "name" | "names", _) => self.named(at, plan)?,
            ("starting" | "beginning" | "start" | "begin" | "starts" | "begins", _) if next == "with" => {
                let text = self.text(at + 2)?;
                self.name(plan, &format!("{text}*"), at + 3)
            }
            ("ending" | "end" | "ends", _) if matches!(next.as_str(), "with" | "in") => {
                let text = self.text(at + 2)?;
                self.name(plan, &format!("*{text}"), at + 3)
            }
            ("containing" | "contain" | "contains", _) => self.containing(at, plan)?,
            (_, Look::Name) if value.contains('*') => self.name(plan, &value, at + 1),
            (_, Look::Size(bytes)) => self.sized(at, bytes, plan)?,
            (_, Look::Span(minutes)) => self.aged(at, minutes, plan)?,
            (_, Look::Number)
                if matches!(self.word(at.wrapping_sub(1)), "mode" | "permissions" | "permission") =>
            {
                self.take(at - 1, at);
                self.test(plan, &format!("-perm {value}"), at + 1)
            }
            (_, Look::Word | Look::Name | Look::Quoted) if self.is_place(at) && plan.place.is_none() => {
                plan.place = Some(self.token(at)?.raw.clone());
                at + 1 + usize::from(matches!(next.as_str(), "folder" | "directory" | "dir"))
            }
            _ => return None,
        };
        self.take(at, end);
        Some(end)
    }

    /// A plain word that names a place: after a preposition of place, and not one that requests use for something else.
    fn is_place(&self, at: usize) -> bool {
        let Some(one) = self.asked.get(at) else { return false };
        let mut before = at.checked_sub(1).map_or("", |before| self.word(before));
        if before == "the" {
            before = at.checked_sub(2).map_or("", |before| self.word(before));
        }
        let is_dir = matches!(self.word(at + 1), "folder" | "directory" | "dir");
        matches!(before, "in" | "under" | "inside" | "within" | "below" | "from")
            && (is_dir || one.weight > 0.4)
            && !FILLERS.contains(&self.word(at))
            && !NO_PLACES.contains(&self.word(at))
            && !words::is_stop(self.word(at))
            && !one.token.raw.contains('\'')
    }

    fn test(&self, plan: &mut Plan, test: &str, end: usize) -> usize {
        let not = if std::mem::take(&mut plan.negated) { "! " } else { "" };
        plan.tests.push(format!("{not}{test}"));
        plan.conditions += 1;
        end
    }

    /// A pattern for names; those that are joined by "or", "and" or a comma are alternatives.
    fn name(&self, plan: &mut Plan, pattern: &str, end: usize) -> usize {
        if plan.negated {
            return self.test(plan, &format!("-name '{}'", pattern.replace('\'', "'\\''")), end);
        }
        if plan.names.is_empty() {
            plan.conditions += 1;
        }
        plan.names.push(pattern.to_owned());
        end
    }

    /// "named x", "called x*", "whose name contains x", "with x in their name".
    fn named(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        let next = self.word(at + 1).to_owned();
        if matches!(self.word(at), "name" | "names") {
            // "with 'x' in the name": the text stands before.
            let before = (1..=3).find_map(|back| {
                let place = at.checked_sub(back)?;
                let token = self.token(place)?;
                let is_text = matches!(token.look, Look::Quoted | Look::Name | Look::Word)
                    && !matches!(self.word(place), "in" | "the" | "their" | "its" | "file" | "whose");
                (is_text && self.word(place + 1) == "in").then_some(place)
            });
            if let Some(place) = before {
                let text = self.text(place)?;
                self.take(place.saturating_sub(usize::from(self.word(place.wrapping_sub(1)) == "with")), at);
                return Some(self.name(plan, &format!("*{text}*"), at + 1));
            }
        }
        let (text_at, around) = match next.as_str() {
            "contains" | "contain" | "containing" | "includes" | "including" => (at + 2, ("*", "*")),
            "starts" | "start" | "starting" | "begins" | "begin" | "beginning" => (at + 3, ("", "*")),
            "ends" | "end" | "ending" => (at + 3, ("*", "")),
            "is" | "like" | "exactly" | "matching" | "matches" => (at + 2, ("", "")),
            _ if matches!(self.word(at), "named" | "called") => (at + 1, ("", "")),
            _ => return None,
        };
        let text = self.text(text_at)?;
        Some(self.name(plan, &format!("{}{text}{}", around.0, around.1), text_at + 1))
    }

    /// "containing 'x'": in the name where the name was spoken of, otherwise in the text.
    fn containing(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        let mut place = at + 1;
        while matches!(self.word(place), "the" | "word" | "text" | "string" | "phrase") {
            place += 1;
        }
        let text = self.text(place)?;
        if plan.action != Action::Print {
            return None;
        }
        let text = quoted_word(&Value { text, is_phrase: false }, self.shell)?;
        plan.action = Action::Run(format!("grep -l -- {text} {{}}").replace("-- ", ""));
        plan.conditions += 1;
        Some(place + 1)
    }

    /// A text that stands at a place: quoted, a name, a word.
    fn text(&self, at: usize) -> Option<String> {
        let token = self.token(at)?;
        let is_text = matches!(
            token.look,
            Look::Quoted | Look::Name | Look::Word | Look::File | Look::Number | Look::Host | Look::Ext
        );
        (is_text && !token.raw.contains('\'')).then(|| token.raw.clone())
    }

    fn sized(&mut self, at: usize, bytes: f64, plan: &mut Plan) -> Option<usize> {
        let mut sign = None;
        let mut from = at;
        for back in 1..=4 {
            let Some(place) = at.checked_sub(back) else { break };
            match self.word(place) {
                "larger" | "bigger" | "greater" | "more" | "over" | "above" | "exceed" | "exceeding"
                | "least" => {
                    sign = Some("+");
                }
                "smaller" | "less" | "under" | "below" | "fewer" | "most" => sign = Some("-"),
                "exactly" => sign = Some(""),
                "than" | "at" | "in" | "size" | "of" | "are" => continue,
                _ => break,
            }
            from = place;
        }
        if self.word(at + 1) == "or" && matches!(self.word(at + 2), "more" | "larger" | "bigger") {
            sign = Some("+");
            self.take(at, at + 3);
        }
        let sign = sign?;
        let sign = if std::mem::take(&mut plan.negated) { if sign == "+" { "-" } else { "+" } } else { sign };
        self.take(from, at);
        let amount = size(bytes);
        Some(self.test(plan, &format!("-size {sign}{amount}"), at + 1))
    }

    fn aged(&mut self, at: usize, minutes: f64, plan: &mut Plan) -> Option<usize> {
        let mut is_older = None;
        let mut which = 'm';
        let mut from = at;
        let after = self.word(at + 1).to_owned();
        if matches!(after.as_str(), "old" | "ago") {
            self.take(at + 1, at + 2);
        }
        for back in 1..=8 {
            let Some(place) = at.checked_sub(back) else { break };
            match self.word(place) {
                "older" | "over" | "before" => is_older = is_older.or(Some(true)),
                "more" => is_older = is_older.or(Some(true)),
                "newer" | "less" | "last" | "past" | "within" | "since" => {
                    is_older = is_older.or(Some(false))
                }
                "modified" | "changed" | "edited" | "touched" | "updated" | "written" | "created" => {
                    from = place
                }
                "accessed" | "used" | "opened" | "read" => {
                    which = 'a';
                    from = place;
                }
                "not" | "haven't" | "hasn't" | "weren't" | "never" => {
                    is_older = Some(true);
                    plan.negated = false;
                }
                "than" | "in" | "the" | "for" | "during" | "been" | "have" | "has" | "were" | "at"
                | "was" => continue,
                _ => break,
            }
            from = from.min(place);
        }
        let is_older = is_older? ^ std::mem::take(&mut plan.negated);
        self.take(from, at);
        let sign = if is_older { '+' } else { '-' };
        let test = if (minutes / 1440.0).fract() == 0.0 {
            format!("-{which}time {sign}{}", minutes / 1440.0)
        } else {
            format!("-{which}min {sign}{minutes}")
        };
        Some(self.test(plan, &test, at + 1))
    }

    fn spelled(&self, text: &str) -> Option<String> {
        quoted_word(&Value { text: text.to_owned(), is_phrase: false }, self.shell)
    }

    fn write(&self, plan: Plan) -> Option<String> {
        let place = plan.place.as_deref().unwrap_or(".");
        let mut out = format!("find {}", self.spelled(place)?);
        if let Some(depth) = &plan.depth {
            out.push_str(&format!(" -maxdepth {depth}"));
        }
        if let Some(kind) = plan.kind {
            out.push_str(&format!(" -type {kind}"));
        }
        let names: Vec<String> =
            plan.names.iter().map(|name| format!("-name '{}'", name.replace('\'', "'\\''"))).collect();
        match names.as_slice() {
            [] => {}
            [name] => out.push_str(&format!(" {name}")),
            names => out.push_str(&format!(" \\( {} \\)", names.join(" -o "))),
        }
        for test in &plan.tests {
            out.push_str(&format!(" {test}"));
        }
        match &plan.action {
            Action::Print => {}
            Action::Delete if plan.kind == Some('d') && !plan.tests.iter().any(|test| test == "-empty") => {
                out.push_str(" -exec rm -r {} +");
            }
            Action::Delete => out.push_str(" -delete"),
            Action::Count => out.push_str(" | wc -l"),
            Action::Long => out.push_str(" -exec ls -lh {} +"),
            Action::Run(command) if command.ends_with("{}") => out.push_str(&format!(" -exec {command} +")),
            Action::Run(command) => out.push_str(&format!(" -exec {command} \\;")),
            Action::Biggest(number) => {
                out.push_str(&format!(" -printf '%s %p\\n' | sort -rn | head -n {number}"));
            }
            Action::TotalSize => out.push_str(" -print0 | du -ch --files0-from=- | tail -n 1"),
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;

    fn check(request: &str, expect: &str) {
        let index = Index::new(crate::compile(&[]).into()).unwrap();
        let asked: Vec<Asked> =
            crate::tokens::tokens(request).into_iter().map(|token| Asked::new(token, &index)).collect();
        let found = compose(&asked, Shell::Bash, System::Linux);
        assert_eq!(found.map_or("none".to_owned(), |found| found.command), expect, "{request}");
    }

    #[test]
    fn conditions_are_put_together() {
        check(
            "find log files over 10 MB owned by bob changed in the last week, at most two levels deep",
            "find . -maxdepth 2 -type f -name '*.log' -size +10M -user bob -mtime -7",
        );
        check(
            "delete empty .tmp files in /srv/data older than 3 days",
            "find /srv/data -type f -name '*.tmp' -empty -mtime +3 -delete",
        );
        check(
            "how many .c or .h files are in src",
            "find src -type f \\( -name '*.c' -o -name '*.h' \\) | wc -l",
        );
        check(
            "files in /var/log that were not modified for 2 hours and are larger than 1.5 GB",
            "find /var/log -type f -mmin +120 -size +1536M",
        );
        check(
            "copy all pdf files bigger than 1 MB from ~/Downloads to ~/papers/",
            "find ~/Downloads -type f -name '*.pdf' -size +1M -exec cp -t ~/papers {} +",
        );
        check(
            "directories under /opt named cache older than a month",
            "find /opt -type d -name 'cache' -mtime +30",
        );
        check(
            "files with 'draft' in their name changed today",
            "find . -type f -name '*draft*' -daystart -mtime 0",
        );
    }

    #[test]
    fn other_requests_are_left_alone() {
        for request in
            ["list files", "how big is notes.txt", "kill firefox", "", "files", "count lines in a.txt"]
        {
            check(request, "none");
        }
    }
}
