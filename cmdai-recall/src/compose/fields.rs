//! What is to be printed of the files that were found, field by field.

use super::Reader;
use super::actions::Action;

impl Reader<'_> {
    /// "print owner, mode and path": at least two fields of a file, one after the other.
    pub(super) fn fields(&mut self) -> Option<Action> {
        let field = |word: &str| {
            Some(match word {
                "owner" | "owners" | "user" => "%u",
                "group" | "groups" => "%g",
                "mode" | "modes" | "permissions" | "perms" => "%m",
                "size" | "sizes" => "%s",
                "path" | "paths" => "%p",
                "name" | "names" | "filename" | "filenames" => "%f",
                "date" | "dates" | "mtime" => "%TY-%Tm-%Td",
                "inode" | "inodes" => "%i",
                _ => return None,
            })
        };
        let is_between =
            |word: &str| matches!(word, "and" | "the" | "their" | "its" | "full" | "modification" | "plus");
        for from in 0..self.asked.len() {
            let is_first = field(self.word(from)).is_some()
                && !matches!(
                    self.before(from, 1),
                    "by" | "same" | "whose" | "of" | "in" | "than" | "without"
                );
            if !is_first {
                continue;
            }
            let mut found: Vec<&str> = Vec::new();
            let (mut at, mut end) = (from, from);
            while at < self.asked.len() {
                if let Some(format) = field(self.word(at)) {
                    if !found.contains(&format) {
                        found.push(format);
                    }
                    end = at + 1;
                } else if !is_between(self.word(at)) {
                    break;
                }
                at += 1;
            }
            if found.len() < 2 {
                continue;
            }
            if !found.iter().any(|format| matches!(*format, "%p" | "%f")) {
                found.push("%p");
            }
            let with = usize::from(matches!(self.before(from, 1), "with" | "print" | "show" | "giving"));
            self.take(from - with, end);
            return Some(Action::Suffix(format!(" -printf '{}\\n'", found.join(" "))));
        }
        None
    }
}
