//! What a settings file was before our entries went into it, so that `uninstall` gives back those very bytes.
//!
//! Kept, readable by its owner alone, is how the text that was written differs from the one before: the place, how much is
//! new, and what stood there. With one entry that is a few bytes and no copy of the settings, which may hold secrets; only a
//! file of nothing but hooks gets several. It is worth something only as long as the file is the text that
//! was written, which its hash tells. Where others changed the file since, it still tells which lists were there before.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cmdai_core::audit;
use cmdai_core::models::Places;
use serde_json::{Value, json};

use super::edit::Node;
use crate::private::{make_private, private_file};
use crate::settings;

/// A record beyond this is none of ours: what was taken out of a text is a few bytes.
const MAX_BYTES: u64 = 1 << 20;

/// How a settings file came to be what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Before {
    /// The hash of the text that was written.
    written: String,
    /// True where there was no file.
    absent: bool,
    /// Where the texts begin to differ.
    at: usize,
    /// How many bytes are new there.
    length: usize,
    /// What stood there before.
    removed: String,
    /// How many members of the path to each list were there before.
    held: Vec<usize>,
}

impl Before {
    /// Of a file with this text, or none, that becomes another; `lists` are the places that our entries go to.
    pub(super) fn new(before: Option<&str>, after: &str, lists: &[Vec<&'static str>]) -> Self {
        let old = before.unwrap_or_default();
        let same = old.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let at = old.floor_char_boundary(same);
        let most = old.len().min(after.len()) - at;
        let tail = old.bytes().rev().zip(after.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
        let end = old.ceil_char_boundary(old.len() - tail);
        let root = Node::read(old).ok();
        let held = |path: &Vec<&str>| {
            let mut node = root.as_ref();
            path.iter()
                .take_while(|name| {
                    node = node.and_then(|node| node.member(name));
                    node.is_some()
                })
                .count()
        };
        Self {
            written: audit::digest(after.as_bytes()),
            absent: before.is_none(),
            at,
            length: after.len() - (old.len() - end) - at,
            removed: old[at..end].to_owned(),
            held: lists.iter().map(held).collect(),
        }
    }

    /// The text that was there before, or none, where this one is what was written then.
    pub(super) fn restored(&self, text: &str) -> Option<Option<String>> {
        if audit::digest(text.as_bytes()) != self.written {
            return None;
        }
        if self.absent {
            return Some(None);
        }
        let (head, tail) = (text.get(..self.at)?, text.get(self.at.checked_add(self.length)?..)?);
        Some(Some(format!("{head}{}{tail}", self.removed)))
    }

    /// True where there was no file.
    pub(super) const fn absent(&self) -> bool {
        self.absent
    }

    /// How many members of the path to the list of this number were there before.
    pub(super) fn held(&self, nth: usize) -> usize {
        self.held.get(nth).copied().unwrap_or_default()
    }

    /// What is kept of a settings file.
    pub(super) fn load(path: &Path) -> Option<Self> {
        let bytes = settings::read_bounded(&place(path)?, MAX_BYTES).ok()?;
        let value: Value = serde_json::from_slice(&bytes).ok()?;
        let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
        Some(Self {
            written: value["written"].as_str()?.to_owned(),
            absent: value["absent"].as_bool()?,
            at: number(&value["at"])?,
            length: number(&value["length"])?,
            removed: value["removed"].as_str()?.to_owned(),
            held: value["held"].as_array()?.iter().map(number).collect::<Option<_>>()?,
        })
    }

    /// Keeps it for a settings file.
    ///
    /// # Errors
    /// There is no folder for it, or it cannot be written.
    pub(super) fn keep(&self, path: &Path) -> io::Result<()> {
        let place = place(path).ok_or_else(|| io::Error::other("there is no folder for it"))?;
        let folder = place.parent().unwrap_or(Path::new("."));
        make_private(folder)?;
        let aside = folder.join(format!(".new-{}", std::process::id()));
        let value = json!({
            "file": path.display().to_string(),
            "written": self.written,
            "absent": self.absent,
            "at": self.at,
            "length": self.length,
            "removed": self.removed,
            "held": self.held,
        });
        let mut file = private_file(&aside)?;
        file.write_all(value.to_string().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&aside, &place)
    }

    /// Drops what is kept of a settings file.
    pub(super) fn forget(path: &Path) {
        if let Some(place) = place(path) {
            // One that stays fits nothing any more.
            let _ = std::fs::remove_file(place);
        }
    }
}

/// Where that is kept, for each settings file by itself.
fn place(path: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(path).ok()?;
    let name = audit::digest(full.as_os_str().as_encoded_bytes());
    Some(Places::from_env().data?.join("hooks").join(format!("{name}.json")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: Option<&str>, after: &str) -> Before {
        let kept = Before::new(before, after, &[vec!["hooks", "PreToolUse"]]);
        assert_eq!(kept.restored(after), Some(before.map(str::to_owned)), "{kept:?}");
        assert_eq!(kept.restored(&format!("{after} ")), None);
        kept
    }

    #[test]
    fn the_very_bytes_come_back() {
        check(None, "{}\n");
        check(Some(""), "{}\n");
        check(Some("{\"a\": 1,}"), "{\"a\": 1,\n  \"hooks\": []}");
        check(Some("{\"a\": \"é\"}"), "{\"a\": \"è\", \"b\": \"é\"}");
        check(Some("aaa"), "aa");
        check(Some("aa"), "aaa");
    }

    #[test]
    fn what_was_there_is_counted() {
        let held = |before: &str| check(Some(before), "{\"x\": 1}").held(0);
        assert_eq!(held("{}"), 0);
        assert_eq!(held("{\"hooks\": {}}"), 1);
        assert_eq!(held("{\"hooks\": {\"PreToolUse\": []}}"), 2);
    }

    proptest::proptest! {
        #[test]
        fn any_change_is_taken_back(before in "[aé{}]{0,8}", after in "[aé{}]{0,12}") {
            let kept = Before::new(Some(&before), &after, &[]);
            proptest::prop_assert_eq!(kept.restored(&after), Some(Some(before)));
        }
    }
}
