//! Is a command for this machine, or for another one?
//!
//! Which programs are here says something only of commands that run here. Somebody who asks for another system, for a shell
//! that is not installed, or "on fedora" at a Debian machine gets the answer for there.

use super::Request;
use super::words::is_function_word;
use crate::Os;
use crate::line::Dialect;

/// Systems that people name, and a program that each of them has and others have not. Sorted.
const SYSTEMS: &[(&str, &str)] = &[
    ("almalinux", "dnf"),
    ("alpine", "apk"),
    ("arch", "pacman"),
    ("archlinux", "pacman"),
    ("centos", "yum"),
    ("debian", "apt-get"),
    ("fedora", "dnf"),
    ("freebsd", "pkg"),
    ("gentoo", "emerge"),
    ("mac", "sw_vers"),
    ("macbook", "sw_vers"),
    ("macos", "sw_vers"),
    ("manjaro", "pacman"),
    ("nixos", "nix"),
    ("opensuse", "zypper"),
    ("osx", "sw_vers"),
    ("rhel", "yum"),
    ("rocky", "dnf"),
    ("ubuntu", "apt-get"),
    ("void", "xbps-install"),
];

/// True where the programs of this machine do not tell what can run.
pub(super) fn is_elsewhere(request: &Request, words: &str) -> bool {
    let Some(programs) = &request.programs else { return false };
    let is_here = |name: &str| programs.iter().any(|known| known == name);
    let shell = match request.context.dialect {
        Dialect::Bash | Dialect::Posix => None,
        Dialect::PowerShell => Some("pwsh"),
        other => Some(other.name()),
    };
    if request.context.os != Os::host() || shell.is_some_and(|shell| !is_here(shell)) {
        return true;
    }
    named(words).is_some_and(|program| !is_here(program))
}

/// The program that tells of a system that the request is for: "on fedora", "arch: …". A name alone may be that of a folder.
fn named(words: &str) -> Option<&'static str> {
    let lower = words.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let name = word.trim_end_matches([',', ':', '.', '?', '!', ')']);
        let (_, program) = SYSTEMS.get(SYSTEMS.binary_search_by(|(known, _)| known.cmp(&name)).ok()?)?;
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let is_place =
            matches!(before, "on" | "for" | "under" | "a" | "my" | "using" | "running" | "latest" | "(on");
        let is_opening = at == 0
            && (word.ends_with([':', ',']) || words.get(1).is_some_and(|word| is_function_word(word)));
        (is_place || is_opening).then_some(*program)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Context;

    #[test]
    fn systems_are_sorted() {
        assert!(SYSTEMS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn systems_are_told_by_how_they_are_named() {
        assert_eq!(named("on fedora, what files did the httpd package put here"), Some("dnf"));
        assert_eq!(named("flush the dns cache on a mac"), Some("sw_vers"));
        assert_eq!(named("arch: who owns /usr/bin/vim"), Some("pacman"));
        assert_eq!(named("copy the folder ubuntu to backup"), None);
        assert_eq!(named("list arch files"), None);
    }

    #[test]
    fn programs_here_say_nothing_of_elsewhere() {
        let request = |dialect, os, programs: &[&str]| Request {
            context: Context::new(dialect).with_os(os),
            programs: Some(programs.iter().map(|name| (*name).to_owned()).collect()),
            ..Request::default()
        };
        let host = Os::host();
        let other = if host == Os::MacOs { Os::Linux } else { Os::MacOs };
        assert!(!is_elsewhere(&request(Dialect::Bash, host, &["ls"]), "list files"));
        assert!(is_elsewhere(&request(Dialect::Bash, other, &["ls"]), "list files"));
        assert!(is_elsewhere(&request(Dialect::Fish, host, &["ls"]), "list files"));
        assert!(!is_elsewhere(&request(Dialect::Fish, host, &["fish", "ls"]), "list files"));
        assert!(is_elsewhere(&request(Dialect::Bash, host, &["apt-get"]), "on fedora install jq"));
        assert!(!is_elsewhere(&request(Dialect::Bash, host, &["dnf"]), "on fedora install jq"));
        assert!(!is_elsewhere(&Request::default(), "on fedora install jq"));
    }
}
