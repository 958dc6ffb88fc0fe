//! Patterns of paths: `*` and `?` within a name, `**` over any number of folders.
//!
//! A pattern and a path are compared name by name after both were made absolute and `..` was resolved
//! by text, so `~/scratch/../work` is never below `~/scratch`. Symbolic links are not followed: nothing
//! here looks at a disk.

use crate::Context;

/// A pattern of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    text: String,
    parts: Vec<String>,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGlob {
    /// It has no place to begin at.
    #[error("a path begins with /, ~/ or **/")]
    Relative,
    /// It uses what these patterns do not have.
    #[error("only *, ? and ** are special in a path, not {0}")]
    Special(char),
    /// `..` in a pattern would mean another place than it says.
    #[error("a path may not contain ..")]
    Parent,
    /// It is empty or far too long.
    #[error("a path has from 1 to 1024 bytes")]
    Length,
}

/// The longest pattern that is read.
const MOST_BYTES: usize = 1024;

impl Glob {
    /// Reads a pattern. `home` replaces a leading `~`; `root` is where a relative one begins, in a project's file.
    ///
    /// # Errors
    /// [`BadGlob`].
    pub fn new(text: &str, home: Option<&str>, root: Option<&str>) -> Result<Self, BadGlob> {
        if text.is_empty() || text.len() > MOST_BYTES {
            return Err(BadGlob::Length);
        }
        if let Some(special) = text.chars().find(|c| "[]{}!$`".contains(*c)) {
            return Err(BadGlob::Special(special));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(BadGlob::Parent);
        }
        let full = match (home, root) {
            _ if text.starts_with('/') || text.starts_with("**/") || text == "**" => text.to_owned(),
            (Some(home), _) if text == "~" || text.starts_with("~/") => format!("{home}{}", &text[1..]),
            (None, _) if text == "~" || text.starts_with("~/") => text.to_owned(),
            (_, Some(root)) => format!("{root}/{text}"),
            _ => return Err(BadGlob::Relative),
        };
        let parts = full.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect();
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True where it fits the whole path.
    pub fn matches(&self, path: &[&str]) -> bool {
        fits(&self.parts, path)
    }

    /// True where it ends in `**`: what it fits, it also fits with anything below.
    pub fn is_open(&self) -> bool {
        self.parts.last().is_some_and(|part| part == "**")
    }

    /// True where something that the path, itself perhaps a pattern, stands for may fit; with `below`, also
    /// where something below it may. Errs towards true.
    pub fn may_touch(&self, path: &[&str], below: bool) -> bool {
        if self.matches(path) {
            return true;
        }
        // What a pattern on the line stands for is known up to its first special character only.
        let plain = path.iter().take_while(|part| !part.contains(['*', '?', '['])).count();
        let open = plain < path.len();
        let known = &path[..plain];
        if !open && !below {
            return false;
        }
        // Can the pattern be continued from here? Match its beginning against all that is known.
        reaches(&self.parts, known)
    }
}

/// True where some path that begins with `known` fits.
fn reaches(parts: &[String], known: &[&str]) -> bool {
    let mut at = 0;
    for name in known {
        match parts.get(at) {
            Some(part) if part == "**" => return true,
            Some(part) if fits_name(part, name) => at += 1,
            _ => return false,
        }
    }
    true
}

/// Whole-path match with `**`: greedy with one place to come back to, so linear in practice and quadratic at worst.
fn fits(parts: &[String], path: &[&str]) -> bool {
    let (mut p, mut s) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while s < path.len() {
        match parts.get(p) {
            Some(part) if part == "**" => {
                star = Some((p, s));
                p += 1;
            }
            Some(part) if fits_name(part, path[s]) => {
                p += 1;
                s += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    s = from + 1;
                }
                None => return false,
            },
        }
    }
    // `~/scratch/**` is what lies in it, not the folder itself.
    p == parts.len()
}

/// One name against one part of a pattern.
fn fits_name(part: &str, name: &str) -> bool {
    if !part.contains(['*', '?']) {
        return part == name;
    }
    let part: Vec<char> = part.chars().collect();
    let name: Vec<char> = name.chars().take(1024).collect();
    let (mut p, mut s) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while s < name.len() {
        match part.get(p) {
            Some('*') => {
                star = Some((p, s));
                p += 1;
            }
            Some('?') => {
                p += 1;
                s += 1;
            }
            Some(c) if *c == name[s] => {
                p += 1;
                s += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    s = from + 1;
                }
                None => return false,
            },
        }
    }
    part[p..].iter().all(|c| *c == '*')
}

/// The path that a target's text means, as names from the root; `None` where it cannot be known.
///
/// `~` stands for the home directory where that is known and for itself elsewhere, as in [`Glob::new`].
pub(super) fn absolute(text: &str, ctx: &Context) -> Option<String> {
    // What only the shell will know could lead anywhere.
    if text.is_empty() || text.contains(['$', '`', '\0']) {
        return None;
    }
    let home = ctx.home.as_deref();
    let full = match (text.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
        (Some(rest), None) if rest.is_empty() || rest.starts_with('/') => text.to_owned(),
        // Another user's home.
        (Some(_), _) => return None,
        (None, _) if text.starts_with('/') => text.to_owned(),
        (None, _) => format!("{}/{text}", ctx.cwd.as_deref()?),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                // `~` without a known home has no known parent.
                if parts.pop() == Some("~") {
                    return None;
                }
            }
            // `x/*` is everything in `x`.
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, path: &str, fits: bool) {
        let glob = Glob::new(pattern, Some("/home/me"), Some("/srv/app")).unwrap();
        let ctx = Context::default().with_home("/home/me").with_cwd("/work");
        let path = absolute(path, &ctx).unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        assert_eq!(glob.matches(&parts), fits, "{pattern} {path}");
    }

    #[test]
    fn names_and_folders() {
        check("/a/*", "/a/b", true);
        check("/a/*", "/a/b/c", false);
        check("/a/**", "/a/b/c", true);
        check("/a/**", "/ab", false);
        check("~/scratch/**", "~/scratch/x/y", true);
        check("~/scratch/**", "/home/me/scratch/x", true);
        check("~/scratch/**", "~/scratch/../work", false);
        check("**/node_modules/**", "/a/b/node_modules/c", true);
        check("**/*.log", "sub/x.log", true);
        check("/a/?.txt", "/a/é.txt", true);
        check("/a/**/z", "/a/z", true);
        check("/a/**/z", "/a/b/c/z", true);
        check("/a/**/z", "/a/b/c/y", false);
        check("build/**", "/srv/app/build/x", true);
        check("build/**", "build/x", false);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let new = |text: &str| Glob::new(text, Some("/h"), None).unwrap_err();
        assert_eq!(new("x/y"), BadGlob::Relative);
        assert_eq!(new("/a/[bc]"), BadGlob::Special('['));
        assert_eq!(new("~/../x"), BadGlob::Parent);
        assert_eq!(new(""), BadGlob::Length);
        assert_eq!(new(&"/a".repeat(600)), BadGlob::Length);
    }

    #[test]
    fn a_pattern_on_the_line_may_touch_more_than_it_fits() {
        let glob = Glob::new("/prod/db/**", None, None).unwrap();
        assert!(glob.may_touch(&["prod", "*"], false));
        assert!(glob.may_touch(&["prod"], true));
        assert!(!glob.may_touch(&["prod"], false));
        assert!(!glob.may_touch(&["tmp", "*"], false));
        assert!(glob.may_touch(&["*"], false));
        let named = Glob::new("/prod/db", None, None).unwrap();
        assert!(named.may_touch(&["prod"], true));
        assert!(!named.may_touch(&["prod", "web"], true));
    }

    #[test]
    fn what_is_not_known_is_nowhere() {
        let ctx = Context::default();
        for text in ["$dir/x", "`pwd`", "", "x", "~root/x", "~/../x"] {
            assert_eq!(absolute(text, &ctx), None, "{text}");
        }
    }
}
