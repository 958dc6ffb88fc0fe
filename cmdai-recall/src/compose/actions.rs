//! What is to be done with the files that were found.

use super::Reader;
use super::find::{Kind, Plan};
use crate::tokens::Look;

/// What follows the tests of `find`.
#[derive(Default, PartialEq, Eq)]
pub(super) enum Action {
    #[default]
    Print,
    Delete,
    /// Text behind the tests: another action of `find`, or a pipe.
    Suffix(String),
}

/// Words that ask politely and say nothing.
const POLITE: &[&str] =
    &["please", "can", "you", "i", "want", "to", "need", "would", "like", "pls", "could", "all", "how", "do"];

impl Reader<'_> {
    /// Finds what is to be done, once the kind of the files is known.
    pub(super) fn action(&mut self, plan: &mut Plan) {
        let done = self.whole(plan).or_else(|| self.by_verb(plan)).or_else(|| self.by_form());
        if let Some(action) = done {
            let (_, verb) = self.verb();
            plan.shown = action == Action::Delete && matches!(verb, "list" | "show" | "print" | "display");
            plan.action = action;
            plan.conditions += 1;
        }
    }

    /// The verb of the request, past words of courtesy.
    fn verb(&self) -> (usize, &str) {
        let at = self.words.iter().position(|word| !POLITE.contains(&word.as_str())).unwrap_or(0);
        (at, self.word(at))
    }

    fn exec(command: &str) -> Action {
        Action::Suffix(format!(" -exec {command} {{}} +"))
    }

    /// Takes the first of the words that stands, and says whether one does.
    fn took(&mut self, words: &[&str]) -> bool {
        let at = self.first(words);
        if let Some(at) = at {
            self.take(at, at + 1);
        }
        at.is_some()
    }

    /// What is asked of the files as a whole: how many, how many lines, how large, the largest of them.
    fn whole(&mut self, plan: &mut Plan) -> Option<Action> {
        let (verb, word) = self.verb();
        let word = word.to_owned();
        let counted = if word == "count" { Some((verb, verb + 1)) } else { None }
            .or_else(|| self.phrase(&["how", "many"]).map(|at| (at, at + 2)))
            .or_else(|| self.phrase(&["number", "of"]).map(|at| (at, at + 2)));
        if let Some((at, end)) = counted {
            self.take(at, end);
            if word == "count" {
                self.take(verb, verb + 1);
            }
            return self.count(end, plan);
        }
        if let Some(at) = self.phrase(&["total", "size"]).or_else(|| self.phrase(&["combined", "size"])) {
            self.take(at, at + 2);
            return Some(Action::Suffix(" -print0 | du -ch --files0-from=- | tail -n 1".to_owned()));
        }
        self.extreme(plan)
    }

    fn count(&mut self, from: usize, plan: &Plan) -> Option<Action> {
        let each = self.first(&["each", "every", "per", "individually", "respectively"]);
        let unit = (from..from + 4).find_map(|at| {
            let flag = match self.word(at) {
                "lines" | "line" => "-l",
                "words" | "word" => "-w",
                "characters" | "chars" => "-m",
                "bytes" => "-c",
                _ => return None,
            };
            Some((at, flag))
        });
        let Some((at, flag)) = unit else {
            // "in each folder", "in each of the folders"
            let grouped = each.and_then(|at| {
                let noun = at + 1 + 2 * usize::from(self.word(at + 1) == "of" && self.word(at + 2) == "the");
                let is_folder = matches!(
                    self.word(noun),
                    "folder"
                        | "folders"
                        | "directory"
                        | "directories"
                        | "subfolder"
                        | "subfolders"
                        | "subdirectory"
                        | "subdirectories"
                        | "dir"
                );
                is_folder.then_some((at, noun + 1))
            });
            if let Some((at, end)) = grouped.filter(|_| self.gnu) {
                self.take(at, end);
                return Some(Action::Suffix(" -printf '%h\\n' | sort | uniq -c".to_owned()));
            }
            let by = each
                .or_else(|| self.first(&["by"]))
                .filter(|at| matches!(self.word(at + 1), "extension" | "owner" | "user" | "type"));
            if let Some(at) = by.filter(|_| self.gnu) {
                let shown = if matches!(self.word(at + 1), "owner" | "user") {
                    "'%u\\n'"
                } else {
                    "'%f\\n' | sed 's/.*\\.//'"
                };
                self.take(at, at + 2);
                return Some(Action::Suffix(format!(" -printf {shown} | sort | uniq -c")));
            }
            return Some(Action::Suffix(" | wc -l".to_owned()));
        };
        self.take(at, at + 1);
        let total = self.took(&["total", "altogether", "together", "combined", "overall"]);
        if let Some(each) = each.filter(|_| !total) {
            self.take(each, each + 1);
            return Some(Self::exec(&format!("wc {flag}")));
        }
        // With a kind besides files there would be directories to read.
        (plan.kind == Kind::Of('f')).then(|| Action::Suffix(format!(" -exec cat {{}} + | wc {flag}")))
    }

    /// "the 5 largest", "the newest", "most recently changed".
    fn extreme(&mut self, _plan: &Plan) -> Option<Action> {
        let at =
            self.first(&["largest", "biggest", "smallest", "newest", "oldest", "latest"]).or_else(|| {
                let at = self.first(&["recent", "recently"])?;
                (self.before(at, 1) == "most").then_some(at)
            })?;
        if !self.gnu {
            return None;
        }
        let (shown, order, cut) = match self.word(at) {
            "largest" | "biggest" => ("%s %p", "-rn", ""),
            "smallest" => ("%s %p", "-n", ""),
            "oldest" => ("%T@ %p", "-n", " | cut -d' ' -f2-"),
            _ => ("%T@ %p", "-rn", " | cut -d' ' -f2-"),
        };
        let from = at - usize::from(self.before(at, 1) == "most");
        let changed = usize::from(matches!(
            self.word(at + 1),
            "modified" | "changed" | "edited" | "updated" | "created"
        ));
        if self.word(at + 1) == "first" {
            self.take(from, at + 2);
            return Some(Action::Suffix(format!(" -printf '{shown}\\n' | sort {order}{cut}")));
        }
        let number =
            from.checked_sub(1).and_then(|before| self.number(before)).or_else(|| self.number(at + 1));
        let is_one = number.is_none()
            && self
                .first(&["file", "directory", "folder", "image", "script"])
                .is_some_and(|noun| noun > at && noun < at + 4);
        let number = number.or_else(|| is_one.then(|| "1".to_owned()))?;
        self.take(from.saturating_sub(1), at + 1 + changed);
        Some(Action::Suffix(format!(" -printf '{shown}\\n' | sort {order} | head -n {number}{cut}")))
    }

    /// The verb that says what happens to the files: "... and delete them" comes before "find".
    fn deed(&self) -> (usize, String) {
        let last = (1..self.words.len()).find(|at| {
            matches!(self.word(at + 1), "them" | "those" | "these" | "it" | "each")
                && matches!(self.before(*at, 1), "and" | "then")
                && !matches!(self.word(*at), "list" | "print" | "show" | "display")
        });
        let (at, verb) = self.verb();
        last.map_or((at, verb.to_owned()), |at| (at, self.word(at).to_owned()))
    }

    fn by_verb(&mut self, plan: &mut Plan) -> Option<Action> {
        let (at, verb) = self.deed();
        if matches!(self.word(at + 1), "them" | "those" | "these" | "it") {
            self.take(at + 1, at + 2);
        }
        let next = self.word(at + 1).to_owned();
        if self.words.iter().any(|word| {
            matches!(
                word.as_str(),
                "permission" | "permissions" | "mode" | "executable" | "read-only" | "chmod"
            )
        }) && let Some(action) = self.permissions(at, &verb)
        {
            return Some(action);
        }
        match verb.as_str() {
            "delete" | "remove" | "erase" | "rm" | "purge" | "clear" | "get" | "clean" | "wipe" => {
                let end = match (verb.as_str(), next.as_str()) {
                    ("get", "rid") => at + 2,
                    ("get", _) => return None,
                    ("clean" | "clear", "up" | "out") => at + 2,
                    _ => at + 1,
                };
                // What is taken out of files is not the files.
                let of_text = (end..end + 4).any(|at| {
                    matches!(
                        self.word(at),
                        "line"
                            | "lines"
                            | "whitespace"
                            | "spaces"
                            | "duplicates"
                            | "duplicate"
                            | "word"
                            | "string"
                            | "comments"
                    )
                });
                if of_text {
                    return None;
                }
                self.take(at, end);
                Some(Action::Delete)
            }
            "compress" | "gzip" | "zip" | "archive" | "tar" | "pack" | "bzip2" | "xz" => self.pack(at, &verb),
            "unzip" | "gunzip" | "decompress" | "uncompress" | "extract" | "unpack" => {
                self.take(at, at + 1);
                let kinds: Vec<&str> = self
                    .asked
                    .iter()
                    .filter(|one| one.token.look == Look::Ext)
                    .map(|one| one.token.value.as_str())
                    .collect();
                match kinds.first().copied().or((verb == "unzip").then_some("zip"))? {
                    "gz" => Some(Self::exec("gunzip")),
                    "bz2" => Some(Self::exec("bunzip2")),
                    "xz" => Some(Self::exec("unxz")),
                    "zip" => Some(Action::Suffix(" -exec unzip {} \\;".to_owned())),
                    "tar" | "tgz" => Some(Action::Suffix(" -exec tar -xf {} \\;".to_owned())),
                    _ => None,
                }
            }
            "copy" | "cp" | "move" | "mv" => self.carry(at, &verb, plan),
            "replace" | "substitute" => self.replace(at),
            "search" | "grep" | "look" | "find" | "scan" => self.search(at),
            "change" | "set" | "chown" | "give" | "assign" => self.owner(at),
            "concatenate" | "cat" | "join" | "merge" | "combine" => {
                let into = self.first(&["into", "to", "as"])?;
                let target = self.token(into + 1).filter(|token| token.look == Look::File)?.value.clone();
                let target = self.spelled(&target)?;
                self.take(at, at + 1);
                self.take(into, into + 2);
                Some(Action::Suffix(format!(" -exec cat {{}} + > {target}")))
            }
            "touch" => {
                self.take(at, at + 1);
                Some(Self::exec("touch"))
            }
            "run" | "execute" => {
                let program = self.token(at + 1).filter(|token| {
                    matches!(token.look, Look::File | Look::Name | Look::Quoted | Look::Dir)
                })?;
                let program = if program.look == Look::Quoted {
                    program.raw.clone()
                } else {
                    self.spelled(&program.raw.clone())?
                };
                self.take(at, at + 2);
                if self.word(at + 2) == "on" {
                    self.take(at + 2, at + 3);
                }
                Some(Action::Suffix(format!(" -exec {program} {{}} \\;")))
            }
            _ => self.shown(at, plan),
        }
    }

    /// "show the first 3 lines of", "print the contents of".
    fn shown(&mut self, at: usize, plan: &Plan) -> Option<Action> {
        if !matches!(self.word(at), "show" | "print" | "display" | "list" | "output")
            || plan.kind != Kind::Of('f')
        {
            return None;
        }
        let end = if self.word(at + 1) == "the" { at + 2 } else { at + 1 };
        match self.word(end) {
            "first" | "last" => {
                let program = if self.word(end) == "first" { "head" } else { "tail" };
                let (number, lines) = match self.number(end + 1) {
                    Some(number) => (number, end + 2),
                    None => ("1".to_owned(), end + 1),
                };
                if !matches!(self.word(lines), "lines" | "line") {
                    return None;
                }
                self.take(at, lines + 1);
                self.took(&["each", "every"]);
                Some(Self::exec(&format!("{program} -n {number}")))
            }
            "contents" | "content" => {
                self.take(at, end + 1);
                Some(Self::exec("cat"))
            }
            _ => None,
        }
    }

    /// A form in which the found files are to be shown, wherever it is said.
    fn by_form(&mut self) -> Option<Action> {
        if self.gnu
            && let Some(action) = self.fields()
        {
            return Some(action);
        }
        let digest = (0..self.asked.len()).find_map(|at| {
            let raw = self.token(at)?.raw.to_lowercase();
            let sum = match raw.trim_end_matches('s').trim_end_matches("sum") {
                "md5" => "md5sum",
                "sha1" | "sha-1" => "sha1sum",
                "sha256" | "sha-256" => "sha256sum",
                "sha512" | "sha-512" => "sha512sum",
                "checksum" | "check" if raw.starts_with("checksum") => "sha256sum",
                _ => return None,
            };
            Some((at, sum))
        });
        if let Some((at, sum)) = digest {
            self.take(at, at + 1);
            self.took(&["checksum", "checksums", "sum", "sums", "hash", "hashes", "digest"]);
            self.took(&["calculate", "compute", "generate"]);
            self.took(&["each", "every"]);
            return Some(Self::exec(sum));
        }
        if let Some(at) = self.first(&["details", "detailed", "attributes"]).or_else(|| {
            self.first(&["long"]).filter(|at| matches!(self.word(at + 1), "list" | "listing" | "format"))
        }) {
            self.take(at, at + 1 + usize::from(matches!(self.word(at + 1), "list" | "listing" | "format")));
            return Some(Self::exec("ls -l"));
        }
        if let Some(at) = self.first(&["sizes"]).or_else(|| {
            self.first(&["size"]).filter(|at| matches!(self.before(*at, 1), "their" | "its" | "and"))
        }) {
            let human = self.took(&["human", "human-readable", "readable"]);
            self.take(at.saturating_sub(1), at + 1);
            if human || !self.gnu {
                return Some(Self::exec("ls -lh"));
            }
            return Some(Action::Suffix(" -printf '%s %p\\n'".to_owned()));
        }
        let bare = self
            .phrase(&["names", "only"])
            .map(|at| (at, at + 2))
            .or_else(|| {
                self.first(&["only", "just"])
                    .filter(|at| {
                        (at + 1..at + 4).any(|at| matches!(self.word(at), "names" | "name" | "filenames"))
                    })
                    .map(|at| (at, at + 2))
            })
            .or_else(|| {
                self.first(&["path", "paths", "directories"])
                    .filter(|at| (1..=3).any(|back| self.before(*at, back) == "without"))
                    .map(|at| (at - 1, at + 1))
            });
        if let Some((from, to)) = bare.filter(|_| self.gnu) {
            self.take(from, to);
            self.took(&["names", "filenames", "name"]);
            self.took(&["without"]);
            return Some(Action::Suffix(" -printf '%f\\n'".to_owned()));
        }
        if let Some(at) = self
            .first(&["full", "absolute"])
            .filter(|at| matches!(self.word(at + 1), "path" | "paths" | "pathname" | "pathnames"))
        {
            self.take(at, at + 2);
            return Some(Self::exec("realpath"));
        }
        let sorted =
            self.first(&["sorted", "sort", "ordered", "order"]).filter(|at| self.word(at + 1) == "by");
        if let Some(at) = sorted {
            let (_, order, end) = (
                0,
                if self.took(&["descending", "reverse", "largest", "biggest", "newest"]) { "r" } else { "" },
                at + 3,
            );
            let suffix = match self.word(at + 2) {
                "size" if self.gnu => format!(" -printf '%s %p\\n' | sort -n{order}"),
                "date" | "time" | "modification" | "age" | "mtime" if self.gnu => {
                    format!(" -printf '%T@ %p\\n' | sort -n{order} | cut -d' ' -f2-")
                }
                "name" | "filename" | "path" => {
                    format!(" | sort{}", if order.is_empty() { "" } else { " -r" })
                }
                _ => return None,
            };
            self.take(at, end + usize::from(matches!(self.word(end), "time" | "date")));
            return Some(Action::Suffix(suffix));
        }
        if let Some(at) = self.first(&["alphabetically"]) {
            self.take(at.saturating_sub(1), at + 1);
            return Some(Action::Suffix(" | sort".to_owned()));
        }
        None
    }

    /// "make executable", "set the permissions to 644", "remove write permission for others".
    fn permissions(&mut self, at: usize, verb: &str) -> Option<Action> {
        let mode_at = |reader: &Self, from: usize| {
            (from..from + 12).find(|at| {
                reader.token(*at).is_some_and(|token| {
                    let is_octal = (3..=4).contains(&token.raw.len())
                        && token.raw.bytes().all(|b| (b'0'..=b'7').contains(&b));
                    let is_symbolic = token.look == Look::Name
                        && token.raw.contains(['+', '-', '='])
                        && token.raw.bytes().all(|b| b"ugoarwxXst+-=,".contains(&b));
                    is_octal || is_symbolic
                })
            })
        };
        match verb {
            "make" => {
                let place = self.first(&["executable", "read-only", "readable", "writable", "readonly"])?;
                let who = if self.took(&["everyone", "everybody", "anyone"]) {
                    "a"
                } else if self.took(&["group"]) {
                    "g"
                } else {
                    ""
                };
                let mode = match self.word(place) {
                    "executable" => format!("{who}+x"),
                    "readable" => format!("{who}+r"),
                    "writable" => format!("{who}+w"),
                    _ => "a-w".to_owned(),
                };
                self.take(at, at + 1);
                self.take(place, place + 1);
                self.took(&["by", "for"]);
                Some(Self::exec(&format!("chmod {mode}")))
            }
            "chmod" | "set" | "change" | "give" | "assign" | "fix" => {
                let place = mode_at(self, at + 1)?;
                let mode = self.token(place)?.raw.clone();
                self.take(at, at + 1);
                self.take(place, place + 1);
                if matches!(self.before(place, 1), "to" | "permissions" | "permission" | "mode") {
                    self.take(place - 1, place);
                }
                self.took(&["permissions", "permission", "mode"]);
                Some(Self::exec(&format!("chmod {mode}")))
            }
            "add" | "remove" | "revoke" | "grant" => {
                let sign = if matches!(verb, "add" | "grant") { '+' } else { '-' };
                let right = (at + 1..at + 4)
                    .find(|at| matches!(self.word(*at), "read" | "write" | "execute" | "executable"))?;
                let letter = match self.word(right) {
                    "read" => 'r',
                    "write" => 'w',
                    _ => 'x',
                };
                let who = if self.took(&["others", "other", "world"]) {
                    "o"
                } else if self.took(&["group"]) {
                    "g"
                } else if self.took(&["everyone", "everybody"]) {
                    "a"
                } else if self.took(&["owner"]) {
                    "u"
                } else {
                    ""
                };
                self.take(at, at + 1);
                self.take(right, right + 1);
                self.took(&["permission", "permissions", "access", "bit"]);
                Some(Self::exec(&format!("chmod {who}{sign}{letter}")))
            }
            _ => None,
        }
    }

    /// "change the owner of ... to bob", "... group to staff".
    fn owner(&mut self, at: usize) -> Option<Action> {
        let noun = self.first(&["owner", "ownership", "group", "chown"])?;
        let program = if self.word(noun) == "group" { "chgrp" } else { "chown" };
        let to = (noun + 1..self.words.len()).rev().find(|at| self.word(*at) == "to")?;
        let name =
            self.token(to + 1).filter(|token| matches!(token.look, Look::Word | Look::Name))?.raw.clone();
        let name = self.spelled(&name)?;
        self.take(at, at + 1);
        self.take(noun, noun + 1);
        self.take(to, to + 2);
        Some(Self::exec(&format!("{program} {name}")))
    }

    /// "compress each", "pack them into backup.tar.gz".
    fn pack(&mut self, at: usize, verb: &str) -> Option<Action> {
        const KINDS: &[(&str, &str)] = &[
            (".tar.gz", "-czf"),
            (".tgz", "-czf"),
            (".tar.bz2", "-cjf"),
            (".tar.xz", "-cJf"),
            (".tar", "-cf"),
        ];
        let target = (at + 1..self.asked.len()).find_map(|place| {
            let token = self.token(place).filter(|token| token.look == Look::File)?;
            let is_target =
                matches!(self.before(place, 1), "into" | "to" | "as" | "called" | "named" | "archive" | "in");
            is_target.then(|| (place, token.value.clone()))
        });
        if let Some((place, name)) = target {
            let spelled = self.spelled(&name)?;
            let suffix = match KINDS.iter().find(|(end, _)| name.ends_with(end)) {
                Some((_, flags)) if self.gnu => format!(" -print0 | tar {flags} {spelled} --null -T -"),
                None if name.ends_with(".zip") => format!(" -exec zip {spelled} {{}} +"),
                _ => return None,
            };
            self.take(at, at + 1);
            self.take(place - 1, place + 1);
            return Some(Action::Suffix(suffix));
        }
        let program = match verb {
            "compress" | "gzip" => {
                ["bzip2", "xz"].into_iter().find(|tool| self.took(&[*tool])).unwrap_or("gzip")
            }
            "bzip2" => "bzip2",
            "xz" => "xz",
            _ => return None,
        };
        self.take(at, at + 1);
        Some(Self::exec(program))
    }

    /// "copy ... to DIR", "move ... into DIR".
    fn carry(&mut self, at: usize, verb: &str, plan: &mut Plan) -> Option<Action> {
        let to = (at + 1..self.words.len()).rev().find(|to| matches!(self.word(*to), "to" | "into"))?;
        let mut skip = 0;
        while matches!(
            self.word(to + 1 + skip),
            "the" | "a" | "new" | "directory" | "folder" | "subfolder" | "called" | "named"
        ) {
            plan.is_new |= self.word(to + 1 + skip) == "new";
            skip += 1;
        }
        let target = self.token(to + 1 + skip)?;
        let behind = to + 2 + skip;
        let is_behind = matches!(self.word(behind), "folder" | "directory" | "dir");
        let is_named = is_behind || skip > 1;
        let name = match target.look {
            Look::Dir if target.value != "." => target.value.clone(),
            Look::Word | Look::Name if is_named => target.raw.clone(),
            _ => return None,
        };
        let name = self.spelled(&name)?;
        if plan.is_new {
            plan.before = format!("mkdir -p {name} && ");
        }
        self.take(at, at + 1);
        self.take(to, behind + usize::from(is_behind));
        let program = if matches!(verb, "copy" | "cp") { "cp" } else { "mv" };
        if !self.gnu {
            return Some(Action::Suffix(format!(" -exec {program} {{}} {name} \\;")));
        }
        let keeps = self.first(&["structure", "hierarchy"]).filter(|_| program == "cp");
        if let Some(place) = keeps {
            self.take(place.saturating_sub(1), place + 1);
            self.took(&["keeping", "preserving", "keep", "preserve", "retaining"]);
            return Some(Self::exec(&format!("cp --parents -t {name}")));
        }
        Some(Self::exec(&format!("{program} -t {name}")))
    }

    /// "replace 'a' with 'b' in all .txt files".
    fn replace(&mut self, at: usize) -> Option<Action> {
        let mut from = at + 1;
        while matches!(
            self.word(from),
            "all"
                | "every"
                | "each"
                | "occurrence"
                | "occurrences"
                | "of"
                | "the"
                | "word"
                | "string"
                | "text"
        ) {
            from += 1;
        }
        let old = self.any_text(from)?;
        let with = (from + 1..from + 6).find(|at| matches!(self.word(*at), "with" | "by" | "to"))?;
        let mut new_at = with + 1;
        while matches!(self.word(new_at), "the" | "word" | "string" | "text") {
            new_at += 1;
        }
        let new = self.any_text(new_at)?;
        if old.contains(['\n', '\'']) || new.contains(['\n', '\'']) {
            return None;
        }
        let old = escaped(&old, ".*[]^$\\/");
        let new = escaped(&new, "&\\/");
        let script = format!("'s/{old}/{new}/g'");
        self.take(at, from + 1);
        self.take(with, new_at + 1);
        let in_place = if self.gnu { "sed -i" } else { "sed -i ''" };
        Some(Self::exec(&format!("{in_place} {script}")))
    }

    /// "search for 'x' in all .c files": the lines, or the names where names are asked for.
    fn search(&mut self, at: usize) -> Option<Action> {
        let mut from = at + 1;
        if self.word(from) == "for" {
            from += 1;
        }
        let mut introduced = false;
        while matches!(
            self.word(from),
            "the"
                | "word"
                | "string"
                | "text"
                | "pattern"
                | "phrase"
                | "regex"
                | "occurrences"
                | "lines"
                | "with"
                | "containing"
                | "of"
        ) {
            introduced |= matches!(
                self.word(from),
                "word" | "string" | "text" | "pattern" | "phrase" | "regex" | "containing"
            );
            from += 1;
        }
        let look = self.token(from)?.look;
        let is_text = introduced || matches!(look, Look::Quoted | Look::Ip);
        let is_in = (from + 1..from + 3)
            .any(|at| matches!(self.word(at), "in" | "inside" | "within" | "across" | "through"));
        if !is_text || !is_in {
            return None;
        }
        let text = self.any_text(from)?;
        let text = self.spelled(&text)?;
        let numbers = self.phrase(&["line", "numbers"]).or_else(|| self.phrase(&["line", "number"]));
        if let Some(at) = numbers {
            self.take(at, at + 2);
        }
        let case = self.took(&["case-insensitive", "case-insensitively", "insensitive"]);
        self.take(at, from + 1);
        Some(Self::exec(&format!(
            "grep -H{}{} {text}",
            if numbers.is_some() { "n" } else { "" },
            if case { "i" } else { "" }
        )))
    }
}

fn escaped(text: &str, special: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
