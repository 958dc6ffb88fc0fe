//! The plugin as two files in the cache, so that a start of zsh reads a path instead of 60 KB of text, and
//! zsh may compile the file: 3 ms of each start.
//!
//! The folder is named by the text of its files, so nothing in it ever changes, and a shell that is open keeps what it
//! began with. Every file is written aside, waited for and renamed: what is there is whole. A folder that is not ours
//! alone is not used, nor one that cannot be written; then the whole plugin is printed.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cmdai_core::models::Places;

use super::{LATER, ZSH, bare};
use crate::private::{is_ours, make_private, private_file};

/// The first half. Plugin managers and the plugin itself know it by its name.
const FIRST: &str = "cmdai.plugin.zsh";
/// The second half.
const SECOND: &str = "later.zsh";
/// What zsh compiled the first half to; it looks for it beside the text, by this name.
const COMPILED: &str = "cmdai.plugin.zsh.zwc";
/// After so long the files of another version go.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// What zsh compiles is more than twice the text.
const MAX_COMPILED: u64 = 1 << 20;

/// FNV-1a (Fowler, Noll, Vo), of 64 bits: it tells versions apart and keeps nobody out.
const fn hash(text: &[u8], mut so_far: u64) -> u64 {
    let mut at = 0;
    while at < text.len() {
        so_far = (so_far ^ text[at] as u64).wrapping_mul(0x100_0000_01b3);
        at += 1;
    }
    so_far
}

/// The length of [`bare`] text, known before any start.
const fn bare_length(text: &[u8]) -> u64 {
    let (mut at, mut length) = (0, 0);
    while at < text.len() {
        while at < text.len() && (text[at] == b' ' || text[at] == b'\t') {
            at += 1;
        }
        let begin = at;
        while at < text.len() && text[at] != b'\n' {
            at += 1;
        }
        if begin < at && text[begin] != b'#' {
            length += (at - begin + 1) as u64;
        }
        at += 1;
    }
    length
}

const LATER_LENGTH: u64 = bare_length(LATER.as_bytes());
const ZSH_LENGTH: u64 = bare_length(ZSH.as_bytes());

const VERSION: u64 = hash(LATER.as_bytes(), hash(ZSH.as_bytes(), 0xcbf2_9ce4_8422_2325));

/// The folder of this version's files, whether there is one or not.
fn folder() -> Option<PathBuf> {
    let cache = Places::cache_from_env()?;
    Some(cache.join("zsh").join(format!("{}-{VERSION:016x}", env!("CARGO_PKG_VERSION"))))
}

/// The files of this version.
pub(super) struct Kept {
    /// The first half.
    pub file: PathBuf,
    /// Its folder, where zsh has not compiled it yet.
    pub uncompiled: Option<PathBuf>,
}

/// Finds the files, writing them where they are missing. `None` where the plugin must be printed.
pub(super) fn find() -> Option<Kept> {
    let folder = folder()?;
    if !is_ours(&folder) {
        make_private(&folder).ok()?;
        if !is_ours(&folder) {
            return None;
        }
        sweep(&folder);
    }
    let mut renewed = false;
    // The second comes first: who finds the first half takes both for granted.
    for (name, text, length) in [(SECOND, LATER, LATER_LENGTH), (FIRST, ZSH, ZSH_LENGTH)] {
        // Its length tells what was cut off or emptied; whoever may change it otherwise may change the start-up file, too.
        let is_whole = |meta: &std::fs::Metadata| meta.is_file() && meta.len() == length;
        if !std::fs::symlink_metadata(folder.join(name)).is_ok_and(|meta| is_whole(&meta)) {
            write(&folder.join(name), bare(text).as_bytes()).ok()?;
            renewed = true;
        }
    }
    let compiled = folder.join(COMPILED);
    // Beside a younger text zsh does not read it any more.
    let uncompiled = renewed || !is_whole_code(&compiled);
    if uncompiled && std::fs::symlink_metadata(&compiled).is_ok() {
        // zsh would take it without a look and end by a signal.
        std::fs::remove_file(&compiled).ok()?;
    }
    Some(Kept { file: folder.join(FIRST), uncompiled: uncompiled.then_some(folder) })
}

/// Puts what zsh compiled in its place. It must lie in the folder of this version.
///
/// # Errors
/// There is no such file, or the folder cannot be written.
pub(super) fn take_compiled(aside: &Path) -> io::Result<()> {
    let other = || io::Error::new(io::ErrorKind::InvalidInput, "it is not in the cache of this version");
    let folder = folder().filter(|folder| is_ours(folder)).ok_or_else(other)?;
    let meta = std::fs::symlink_metadata(aside)?;
    if aside.parent() != Some(&*folder) || !meta.is_file() || meta.len() > MAX_COMPILED {
        return Err(other());
    }
    std::fs::File::open(aside)?.sync_all()?;
    // `zcompile` does not tell that the disk was full.
    if !is_whole_code(aside) {
        std::fs::remove_file(aside)?;
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is not whole"));
    }
    std::fs::rename(aside, folder.join(COMPILED))
}

/// True for code of zsh that was written to its end. It is there twice, once for each order of bytes, and the head of each
/// half says where the other begins: a number that marks it, a byte of flags, and three of the place (`Src/parse.c` of zsh).
/// zsh maps such a file and reads on beyond its end.
fn is_whole_code(path: &Path) -> bool {
    use std::io::Read as _;
    let is_file = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file);
    let Some(meta) = is_file else { return false };
    let mut head = [0; 8];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    let [_, _, _, _, _, low, middle, high] = head;
    let half = u64::from(u32::from_le_bytes([low, middle, high, 0]));
    read.is_ok() && half > 0 && meta.len() == 2 * half
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let aside = path.with_file_name(name);
    let written = (|| {
        let mut file = private_file(&aside)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&aside, path)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    written
}

/// Takes away the files of versions that have been here for long. Shells that began with them hold what they need.
fn sweep(new: &Path) {
    let folders = new.parent().and_then(|all| std::fs::read_dir(all).ok());
    for entry in folders.into_iter().flatten().flatten() {
        let made = entry.metadata().and_then(|meta| meta.modified()).ok();
        let old = made.and_then(|made| made.elapsed().ok()).is_some_and(|age| age > LIFETIME);
        if old && entry.path() != new && is_ours(&entry.path()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_bare_text() {
        assert_eq!(bare(LATER).len() as u64, LATER_LENGTH);
        assert_eq!(bare(ZSH).len() as u64, ZSH_LENGTH);
    }
}
