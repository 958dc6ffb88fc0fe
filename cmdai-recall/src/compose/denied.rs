//! What a request leaves out: "not", "except for", "but keep", and the folders and names behind it.

use super::Reader;
use super::find::{KNOWN_DIRS, Plan};
use crate::tokens::Look;
use crate::words;

impl Reader<'_> {
    /// "not", "except for", "other than", "but keep": where it ends.
    pub(super) fn denial(&self, at: usize, plan: &mut Plan) -> Option<usize> {
        let next = self.word(at + 1);
        let mut end = match (self.word(at), next) {
            // "without storing folder names" says how something is done.
            ("without", how) if how.len() > 5 && how.ends_with("ing") && how != "touching" => return None,
            ("other", "than")
            | ("apart", "from")
            | ("but", "keep" | "leave" | "ignore" | "skip" | "not" | "no" | "don't" | "dont")
            | ("leave" | "leaving" | "left" | "keep" | "keeping" | "stay" | "staying", "out") => at + 2,
            (
                "not" | "except" | "excluding" | "exclude" | "without" | "ignoring" | "ignore" | "skip"
                | "skipping" | "isn't" | "aren't" | "don't" | "dont" | "doesn't",
                word,
            ) if word != "case" => at + 1,
            ("no", "owner" | "user") | ("no", "group") | ("no", "extension" | "extensions") => return None,
            ("no", _) => at + 1,
            _ => return None,
        };
        while matches!(
            self.word(end),
            "for"
                | "being"
                | "the"
                | "any"
                | "those"
                | "that"
                | "are"
                | "have"
                | "in"
                | "inside"
                | "under"
                | "from"
                | "directory"
                | "to"
                | "out"
                | "of"
                | "touch"
                | "touching"
                | "look"
                | "looking"
                | "go"
                | "going"
                | "into"
                | "anything"
                | "everything"
        ) {
            end += 1;
        }
        plan.negated = true;
        Some(end)
    }

    /// A directory that is left out, behind a denial.
    pub(super) fn left_out(&self, at: usize, plan: &mut Plan) -> Option<usize> {
        let token = self.token(at)?;
        let next = self.word(at + 1);
        let (name, end) = match (self.word(at), token.look) {
            (
                "subdirectories" | "subfolders" | "recurse" | "recursive" | "recursively" | "recursion"
                | "descend" | "descending" | "subdirs",
                _,
            ) => {
                plan.negated = false;
                plan.depth = Some("1".to_owned());
                plan.conditions += 1;
                return Some(at + 1);
            }
            (_, Look::Dir) if token.value != "." => (token.value.trim_start_matches("./").to_owned(), at + 1),
            (_, Look::Ext) if KNOWN_DIRS.contains(&format!(".{}", token.value).as_str()) => {
                (format!(".{}", token.value), at + 1)
            }
            (_, Look::File) if !token.value.contains('/') => {
                let name = token.value.clone();
                return Some(self.name(plan, &name, at + 1));
            }
            (word, Look::Word | Look::Name | Look::Quoted) => {
                let is_dir = matches!(
                    next,
                    "folder"
                        | "folders"
                        | "directory"
                        | "directories"
                        | "subfolder"
                        | "subdirectory"
                        | "dir"
                        | "subtree"
                );
                let is_known = KNOWN_DIRS.contains(&token.raw.as_str());
                if words::is_stop(word) || !(is_dir || is_known) {
                    return None;
                }
                (token.raw.clone(), at + 1 + usize::from(is_dir))
            }
            _ => return None,
        };
        if name.contains('\'') {
            return None;
        }
        // What find prints begins with the place as it is given.
        let below = plan.place.as_deref().is_some_and(|place| name.starts_with(&format!("{place}/")));
        let pattern =
            if name.starts_with('/') || below { format!("{name}/*") } else { format!("*/{name}/*") };
        plan.tests.push(format!("! -path '{pattern}'"));
        plan.conditions += 1;
        // "node_modules and .git", "a, b or c"
        plan.negated = self.goes_on(end);
        Some(end + usize::from(plan.negated && matches!(self.word(end), "and" | "or" | "nor")))
    }

    /// True where a list of denied things goes on.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        let at = at + usize::from(self.word(at) == "ones");
        let at = at + usize::from(matches!(self.word(at), "and" | "or" | "nor"));
        self.token(at).is_some_and(|token| {
            token.look == Look::Ext
                || token.extension.is_some()
                || KNOWN_DIRS.contains(&token.raw.as_str())
                || (token.look == Look::File && !token.value.contains('/'))
        })
    }

    /// "hidden ones not included", "hidden files excluded".
    pub(super) fn is_left_out(&self, at: usize) -> bool {
        (at + 1..at + 4).any(|at| {
            matches!(self.word(at), "excluded" | "ignored" | "skipped")
                || matches!(self.word(at), "not" | "aren't" | "don't" | "dont")
                    && matches!(
                        self.word(at + 1),
                        "included" | "counted" | "count" | "listed" | "shown" | "include"
                    )
        })
    }
}
