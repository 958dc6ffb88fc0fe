//! Files under conditions, as `find` knows them.

use super::actions::Action;
use super::{Composed, Reader};
use crate::tokens::Look;
use crate::words;

/// What is looked for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Any,
    /// The letter of `-type`.
    Of(char),
    BrokenLink,
}

/// What is known of the command so far.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) action: Action,
    pub(super) conditions: usize,
    pub(super) place: Option<String>,
    pub(super) depth: Option<String>,
    least_depth: Option<String>,
    pub(super) tests: Vec<String>,
    pub(super) names: Vec<String>,
    /// The next condition is denied.
    pub(super) negated: bool,
    /// Names in either case.
    pub(super) folded: bool,
    /// What is deleted is shown.
    pub(super) shown: bool,
    /// The paths are sorted.
    sorted: bool,
    /// The place that files are carried to is to be made, which goes before.
    pub(super) is_new: bool,
    pub(super) before: String,
}

/// Words that hang conditions together and say nothing themselves.
const FILLERS: &[&str] = &[
    "ago",
    "anything",
    "anywhere",
    "below",
    "beneath",
    "but",
    "case",
    "deep",
    "directories",
    "directory",
    "entries",
    "entry",
    "everything",
    "everywhere",
    "extension",
    "extensions",
    "file",
    "files",
    "folder",
    "folders",
    "inside",
    "including",
    "items",
    "its",
    "level",
    "look",
    "matching",
    "normal",
    "ones",
    "old",
    "output",
    "print",
    "recursively",
    "regular",
    "search",
    "size",
    "somewhere",
    "subdirectories",
    "subfolders",
    "than",
    "their",
    "tree",
    "under",
    "underneath",
    "within",
    "along",
    "located",
    "present",
    "whose",
    "also",
];

/// Words that follow "in" and the like and are no places.
const NO_PLACES: &[&str] = &[
    "any",
    "bytes",
    "case",
    "directory",
    "each",
    "every",
    "folder",
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
    "which",
];

/// Directories that are called by their bare name.
pub(super) const KNOWN_DIRS: &[&str] = &[
    "node_modules",
    ".git",
    ".svn",
    ".hg",
    ".cache",
    ".venv",
    ".idea",
    ".vscode",
    ".ssh",
    ".config",
    "__pycache__",
    "vendor",
    "target",
    "dist",
    "build",
    "venv",
    "bower_components",
    ".terraform",
    ".tox",
];

/// Puts a command together; `None` where the request is not about files under conditions.
pub(super) fn compose(mut reader: Reader<'_>) -> Option<Composed> {
    let mut plan = Plan::default();
    reader.kind(&mut plan)?;
    reader.action(&mut plan);
    let mut at = 0;
    while at < reader.asked.len() {
        at = reader.condition(at, &mut plan).unwrap_or(at + 1);
    }
    let (unsaid, lost) = reader.left(FILLERS);
    let piecewise = match plan.conditions {
        0 => return None,
        // A single piece is what intents are written for; it still helps where they miss.
        1 if plan.place.is_none() || lost > 0 => return None,
        1 => 0.4,
        _ => 0.25,
    };
    let command = reader.write(plan)?;
    Some(Composed { family: "find", command, unsaid, lost, lonely: reader.lonely(), piecewise })
}

impl Reader<'_> {
    /// What is looked for: files, directories, links. Without any of them this is no request for `find`.
    fn kind(&mut self, plan: &mut Plan) -> Option<()> {
        let link = self.first(&["symlink", "symlinks"]).or_else(|| {
            let at = self.first(&["links", "link"])?;
            matches!(self.before(at, 1), "symbolic" | "soft" | "broken" | "dangling").then_some(at)
        });
        // "without symlinks", "don't follow links": how, and not what.
        let link = link.filter(|at| {
            !(1..=2).any(|back| {
                matches!(
                    self.before(*at, back),
                    "without"
                        | "no"
                        | "not"
                        | "except"
                        | "excluding"
                        | "follow"
                        | "following"
                        | "skip"
                        | "ignore"
                )
            })
        });
        let file = self.first(&["file", "files", "scripts", "images", "photos", "documents", "logs"]);
        let directory =
            self.first(&["directories", "folders", "dirs", "subdirectories", "subfolders", "directory"]);
        let special = self.first(&["sockets", "fifos", "socket"]);
        let ext = self.asked.iter().position(|one| {
            one.token.look == Look::Ext
                || one.token.extension.is_some_and(|_| one.token.raw.len() > 2)
                || (one.token.look == Look::Name && plural_extension(&one.token.raw).is_some())
        });
        if let Some(at) = link {
            let adjective = self.before(at, 1).to_owned();
            let is_broken = (1..=2).any(|back| matches!(self.before(at, back), "broken" | "dangling"));
            plan.kind = if is_broken { Kind::BrokenLink } else { Kind::Of('l') };
            plan.conditions += usize::from(is_broken);
            let from =
                at - usize::from(matches!(adjective.as_str(), "symbolic" | "soft" | "broken" | "dangling"));
            self.take(from.saturating_sub(usize::from(is_broken && adjective == "symbolic")), at + 1);
            return Some(());
        }
        if let Some(at) = special {
            plan.kind = Kind::Of(if self.word(at) == "fifos" { 'p' } else { 's' });
            plan.conditions += 1;
            self.take(at, at + 1);
            return Some(());
        }
        // "the files in the directory": a single directory is a place, if anything.
        let directory = directory.filter(|at| {
            self.word(*at) != "directory"
                || matches!(self.before(*at, 1), "file" | "files" | "a" | "every" | "each" | "empty")
        });
        match (file, directory, ext) {
            // "subfolders too" says where to look, not what for.
            (None, Some(at), None) if matches!(self.word(at + 1), "too" | "included") => return None,
            // "files and directories", "files/directories"
            (Some(at), Some(other), _)
                if at.abs_diff(other) == 1
                    || (at.abs_diff(other) == 2 && matches!(self.word(at.min(other) + 1), "and" | "or")) =>
            {
                self.take(at.min(other), at.max(other) + 1);
            }
            (Some(at), other, _) if other.is_none_or(|other| at < other) => {
                plan.kind = Kind::Of('f');
                self.take(at, at + 1);
            }
            (None, _, Some(_)) => plan.kind = Kind::Of('f'),
            (_, Some(at), _) if !matches!(self.word(at), "subdirectories" | "subfolders") || at < 5 => {
                plan.kind = Kind::Of('d');
                self.take(at, at + 1);
                // "directories that contain .js files" asks for where the files are.
                let holds = (at + 1..at + 5).find(|at| {
                    matches!(
                        self.word(*at),
                        "contain" | "containing" | "with" | "have" | "having" | "holding"
                    )
                });
                if let Some(holds) = holds.filter(|holds| ext.is_some_and(|ext| ext > *holds) && self.gnu) {
                    let denied = (at + 1..holds).any(|at| words::is_denying(self.word(at)));
                    if !denied && file.is_none_or(|file| file > holds) {
                        plan.kind = Kind::Of('f');
                        plan.action = Action::Suffix(" -printf '%h\\n' | sort -u".to_owned());
                        plan.conditions += 1;
                        self.take(holds, holds + 1);
                    }
                }
            }
            (Some(_), ..) => plan.kind = Kind::Of('f'),
            _ => {
                let at = self.first(&["everything", "anything", "entries", "items"])?;
                self.take(at, at + 1);
            }
        }
        Some(())
    }

    /// Reads one condition, or a place, that begins here. `None` where none does.
    fn condition(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        if self.is_used(at) {
            return None;
        }
        let (word, look, value) = {
            let token = self.token(at)?;
            (self.word(at).to_owned(), token.look, token.value.clone())
        };
        let next = self.word(at + 1).to_owned();
        if let Some(end) = self.denial(at, plan) {
            self.take(at, end);
            return Some(end);
        }
        if plan.negated
            && let Some(end) = self.left_out(at, plan)
        {
            self.take(at, end);
            return Some(end);
        }
        let end = match (word.as_str(), look) {
            (_, Look::Dir) => {
                let before = self.before(at, 1);
                if plan.place.is_some() && before != "in" {
                    return None;
                }
                plan.place = Some(value);
                if next == "only" {
                    plan.depth = Some("1".to_owned());
                    self.take(at + 1, at + 2);
                }
                at + 1
            }
            ("empty" | "zero-byte", _) => self.test(plan, "-empty", at + 1),
            // "hidden ones too" says that nothing is left out, and `find` leaves nothing out.
            ("hidden", _) if self.is_included(at) && !self.is_left_out(at) => at + 1,
            ("hidden", _) => {
                plan.negated |= self.is_left_out(at);
                self.name(plan, ".*", at + 1)
            }
            ("sorted" | "ordered", _) if next == "by" => {
                let by = at + 2 + usize::from(self.word(at + 2) == "file");
                if !matches!(self.word(by), "name" | "names" | "filename" | "path" | "paths") {
                    return None;
                }
                plan.sorted = true;
                by + 1
            }
            ("sorted" | "alphabetically", _) => {
                plan.sorted = true;
                at + 1
            }
            ("everybody" | "everyone" | "anybody" | "anyone" | "others" | "world", _) if next == "can" => {
                let letter = match self.word(at + 2) {
                    "read" => 'r',
                    "write" | "modify" | "change" => 'w',
                    "execute" | "run" => 'x',
                    _ => return None,
                };
                self.test(
                    plan,
                    &format!("-perm -o+{letter}"),
                    at + 3 + usize::from(self.word(at + 3) == "to"),
                )
            }
            ("executable" | "executables", _) if self.gnu => self.test(plan, "-executable", at + 1),
            ("setuid" | "suid", _) => self.test(plan, "-perm -4000", at + 1 + usize::from(next == "bit")),
            ("setgid" | "sgid", _) => self.test(plan, "-perm -2000", at + 1 + usize::from(next == "bit")),
            ("sticky", _) => self.test(plan, "-perm -1000", at + 1 + usize::from(next == "bit")),
            ("writable" | "readable" | "writeable", _) => self.right(at, plan)?,
            ("case-insensitive" | "case-insensitively", _) => {
                plan.folded = true;
                at + 1
            }
            ("any" | "either", _) if next == "case" => {
                plan.folded = true;
                at + 2
            }
            ("ignoring" | "regardless", _) if next == "case" || self.word(at + 2) == "case" => {
                plan.folded = true;
                at + 3
            }
            ("case", _) if matches!(next.as_str(), "insensitive" | "insensitively") => {
                plan.folded = true;
                at + 2
            }
            (_, Look::Ext) if !KNOWN_DIRS.contains(&format!(".{value}").as_str()) => {
                self.name(plan, &format!("*.{value}"), at + 1)
            }
            ("shell", _) if matches!(next.as_str(), "script" | "scripts") => self.name(plan, "*.sh", at + 2),
            (_, Look::Word) if self.token(at)?.extension.is_some() => {
                let extension = self.token(at)?.extension?;
                self.name(plan, &format!("*.{extension}"), at + 1)
            }
            (_, Look::Name) if plural_extension(&value).is_some() => {
                self.name(plan, &format!("*.{}", plural_extension(&value)?), at + 1)
            }
            ("today", _) if self.gnu => self.test(plan, "-daystart -mtime 0", at + 1),
            ("yesterday", _) if self.gnu => self.test(plan, "-daystart -mtime 1", at + 1),
            ("directly" | "immediate" | "immediately" | "non-recursively" | "non-recursive", _) => {
                plan.depth = Some("1".to_owned());
                plan.conditions += 1;
                at + 1
            }
            ("right", _) if self.token(at + 1).is_some_and(|token| token.look == Look::Dir) => {
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
                if matches!(self.word(name), "any" | "existing" | "known" | "a") {
                    // "not owned by any existing user or group"
                    let end = (name..name + 3).find(|at| matches!(self.word(*at), "user" | "group"))?;
                    let both = self.word(end + 1) == "or" && matches!(self.word(end + 2), "user" | "group");
                    let test = match (both, self.word(end)) {
                        _ if !std::mem::take(&mut plan.negated) => return None,
                        (true, _) => "\\( -nouser -o -nogroup \\)",
                        (_, "group") => "-nogroup",
                        _ => "-nouser",
                    };
                    let end = self.test(plan, test, end + 1 + 2 * usize::from(both));
                    self.take(at, end);
                    return Some(end);
                }
                let owner = self
                    .token(name)
                    .filter(|token| matches!(token.look, Look::Word | Look::Name | Look::Quoted))?;
                let owner = self.spelled(owner.raw.trim_end_matches("'s"))?;
                self.test(plan, &format!("{test} {owner}"), name + 1)
            }
            ("newer" | "older", _) if next == "than" => {
                let file = self.token(at + 2).filter(|token| token.look == Look::File);
                let file = file.map(|token| token.value.clone()).and_then(|file| self.spelled(&file))?;
                plan.negated ^= word == "older";
                self.test(plan, &format!("-newer {file}"), at + 3)
            }
            (_, Look::Date) if self.gnu => self.dated(at, &value, plan)?,
            ("levels" | "level", _) if at > 0 => {
                let number = self.number(at - 1)?;
                plan.conditions += 1;
                let from = (at.saturating_sub(4)..at).find(|at| {
                    matches!(self.word(*at), "at" | "up" | "max" | "only" | "maximum" | "exactly")
                });
                let says = |word: &str| (at.saturating_sub(3)..at).any(|at| self.word(at) == word);
                let (is_least, is_exact) = (says("least"), says("exactly"));
                if is_least || is_exact {
                    plan.least_depth = Some(number.clone());
                }
                if !is_least {
                    plan.depth = Some(number);
                }
                self.take(from.unwrap_or(at - 1), at);
                at + 1 + usize::from(matches!(next.as_str(), "deep" | "down"))
            }
            ("depth" | "maxdepth", _) => {
                let number = self
                    .number(at + 1)
                    .map(|number| (number, at + 2))
                    .or_else(|| Some((self.number(at + 2).filter(|_| next == "of")?, at + 3)))?;
                plan.depth = Some(number.0);
                plan.conditions += 1;
                let maximum = usize::from(matches!(self.before(at, 1), "max" | "maximum"));
                self.take(at - maximum, at);
                number.1
            }
            ("top", _) if matches!(next.as_str(), "level" | "folder") => {
                plan.depth = Some("1".to_owned());
                plan.conditions += 1;
                at + 2
            }
            ("named" | "called" | "name" | "names", _) => self.named(at, plan)?,
            ("starting" | "beginning" | "start" | "begin" | "starts" | "begins", _)
                if matches!(next.as_str(), "with" | "in") =>
            {
                let text = self.text(self.past_article(at + 2))?;
                self.name(plan, &format!("{text}*"), self.past_article(at + 2) + 1)
            }
            ("ending" | "end" | "ends", _) if matches!(next.as_str(), "with" | "in") => {
                let place = self.past_article(at + 2);
                let text = self
                    .token(place)
                    .filter(|token| token.look == Look::Ext)
                    .map(|token| format!(".{}", token.value));
                let text = text.or_else(|| self.text(place))?;
                self.name(plan, &format!("*{text}"), place + 1)
            }
            ("containing" | "contain" | "contains" | "mentioning" | "mention", _) => {
                self.containing(at, plan)?
            }
            ("writing" | "crossing", _) => return None,
            (_, Look::Name | Look::Quoted) if value.contains('*') && !value.contains(char::is_whitespace) => {
                self.name(plan, &value, at + 1)
            }
            (_, Look::Name) if value.len() > 2 && value.starts_with('.') && !value.contains('/') => {
                self.name(plan, &value, at + 1)
            }
            (_, Look::Size(bytes)) => self.sized(at, bytes, plan)?,
            (_, Look::Span(minutes)) => self.aged(at, minutes, plan)?,
            (_, Look::Number)
                if matches!(self.before(at, 1), "mode" | "permissions" | "permission")
                    || (matches!(next.as_str(), "permissions" | "permission") && value.len() >= 3) =>
            {
                if self.before(at, 1).is_empty() || matches!(next.as_str(), "permissions" | "permission") {
                    self.take(at + 1, at + 2);
                } else {
                    self.take(at - 1, at);
                }
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

    fn past_article(&self, at: usize) -> usize {
        at + usize::from(matches!(self.word(at), "the" | "a" | "an"))
            + usize::from(matches!(self.word(at), "letter" | "prefix" | "suffix"))
    }

    /// "including hidden files", "the hidden ones too".
    fn is_included(&self, at: usize) -> bool {
        (1..=2).any(|back| matches!(self.before(at, back), "including" | "include"))
            || (at + 1..at + 4).any(|at| matches!(self.word(at), "too" | "included" | "also"))
    }

    /// A plain word that names a place: after a preposition of place, and not one that requests use for something else.
    fn is_place(&self, at: usize) -> bool {
        let Some(one) = self.asked.get(at) else { return false };
        let mut before = self.before(at, 1);
        if before == "the" {
            before = self.before(at, 2);
        }
        let is_dir = matches!(self.word(at + 1), "folder" | "directory" | "dir");
        // However common the word is: with a capital it is the name of something.
        let is_name = one.weight > 0.4 || one.token.raw.starts_with(char::is_uppercase);
        let is_behind = matches!(before, "in" | "under" | "inside" | "within" | "below" | "from");
        (is_behind && (is_dir || is_name) || before == "of" && is_dir || one.token.is_apart && is_name)
            && !FILLERS.contains(&self.word(at))
            && !NO_PLACES.contains(&self.word(at))
            && !words::is_stop(self.word(at))
            && !one.token.raw.contains('\'')
    }

    pub(super) fn test(&self, plan: &mut Plan, test: &str, end: usize) -> usize {
        let not = if std::mem::take(&mut plan.negated) { "! " } else { "" };
        plan.tests.push(format!("{not}{test}"));
        plan.conditions += 1;
        end
    }

    /// A pattern for names; those that are joined by "or", "and" or a comma are alternatives.
    pub(super) fn name(&self, plan: &mut Plan, pattern: &str, end: usize) -> usize {
        if plan.negated {
            let test = if plan.folded { "-iname" } else { "-name" };
            let end = self.test(plan, &format!("{test} '{}'", pattern.replace('\'', "'\\''")), end);
            plan.negated = self.goes_on(end);
            return end + usize::from(plan.negated && matches!(self.word(end), "and" | "or" | "nor"));
        }
        if plan.names.is_empty() {
            plan.conditions += 1;
        }
        plan.names.push(pattern.to_owned());
        end
    }

    fn write(&self, plan: Plan) -> Option<String> {
        let place = plan.place.as_deref().unwrap_or(".");
        let mut out = format!("{}find {}", plan.before, self.spelled(place)?);
        if let Some(depth) = &plan.least_depth {
            out.push_str(&format!(" -mindepth {depth}"));
        } else if plan.kind == Kind::Any && plan.names.is_empty() && takes_away(&plan.action) {
            // What is in the place, and not the place itself once that is empty.
            out.push_str(" -mindepth 1");
        }
        if let Some(depth) = &plan.depth {
            out.push_str(&format!(" -maxdepth {depth}"));
        }
        match plan.kind {
            Kind::Any => {}
            Kind::Of(letter) => out.push_str(&format!(" -type {letter}")),
            Kind::BrokenLink => out.push_str(" -xtype l"),
        }
        let test = if plan.folded { "-iname" } else { "-name" };
        let names: Vec<String> =
            plan.names.iter().map(|name| format!("{test} '{}'", name.replace('\'', "'\\''"))).collect();
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
            // Without a condition it would be everything below.
            Action::Delete if plan.names.is_empty() && plan.tests.is_empty() => return None,
            Action::Delete
                if plan.kind == Kind::Of('d') && !plan.tests.iter().any(|test| test == "-empty") =>
            {
                out.push_str(" -exec rm -r {} +");
            }
            Action::Delete if plan.shown => out.push_str(" -print -delete"),
            Action::Delete => out.push_str(" -delete"),
            Action::Suffix(suffix) => out.push_str(suffix),
        }
        let shows_paths = match &plan.action {
            Action::Print => true,
            Action::Delete => false,
            Action::Suffix(suffix) => {
                !suffix.contains('|')
                    && [" -printf '%", " -exec grep -l"].iter().any(|shown| suffix.starts_with(shown))
            }
        };
        if plan.sorted && shows_paths {
            out.push_str(" | sort");
        }
        Some(out)
    }
}

/// `mp3s`, `mp4`: an extension whose digit makes it look like a name.
fn plural_extension(raw: &str) -> Option<&'static str> {
    words::extension(&raw.to_lowercase())
}

/// True for what would do away with the place itself, which `find` names first.
fn takes_away(action: &Action) -> bool {
    match action {
        Action::Delete => true,
        Action::Suffix(suffix) => suffix.contains("-exec mv ") || suffix.contains("-exec rm "),
        Action::Print => false,
    }
}

#[cfg(test)]
mod tests;
