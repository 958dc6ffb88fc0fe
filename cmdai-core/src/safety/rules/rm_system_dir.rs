//! The rule `rm-system-dir`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, windows};
declare_rule! {
    /// Deletes a directory the system needs, or all of it.
    ///
    /// ## Why
    /// The system stops working or does not start again, and there is no undo.
    ///
    /// ## Instead
    /// Name the one file or folder that you mean, below the system directory.
    ///
    /// ```sh,flagged
    /// rm -rf /
    /// rm -rf /usr
    /// sudo rm -rf /etc/*
    /// find / -delete
    /// bash -c 'rm -rf /boot'
    /// x=/; rm -rf $x
    /// rm -rf /tmp/../var/lib
    /// cd / && rm -rf *
    /// mv /usr /tmp/usr
    /// echo cm0gLXJmIC8= | base64 -d | sh
    /// sudo rm -f /boot/vmlinuz-*
    /// sudo mv /lib/x86_64-linux-gnu/libc.so.6 /tmp/
    /// ```
    /// ```sh,clean
    /// rm -rf ./build
    /// rm -rf /tmp/build
    /// echo "rm -rf /"
    /// git commit -m 'rm -rf / is bad'
    /// grep 'rm -rf /' notes.txt
    /// ls /usr
    /// ```
    /// ```zsh,flagged
    /// rm -rf /u*r(/)
    /// ```
    /// ```zsh,clean
    /// print /u*r(/)
    /// ```
    /// ```fish,flagged
    /// rm -rf (string join '' / us r)
    /// ```
    /// ```fish,clean
    /// string join '' / us r
    /// ```
    /// ```nu,flagged
    /// rm -rf ("/usr" | path join lib)
    /// ```
    /// ```nu,clean
    /// ls /usr/lib
    /// ```
    /// ```powershell,flagged
    /// ri -Recurse -Force C:\Windows
    /// ```
    /// ```powershell,clean
    /// gci C:\Windows
    /// ```
    RM_SYSTEM_DIR { name: "rm-system-dir", subject: Subject::Effects(&[EffectKind::Delete, EffectKind::Move], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let everything = effect.recursive || target.text.ends_with('*');
    let what = if effect.kind == EffectKind::Move { "Moves away" } else { "Deletes" };
    match target.class {
        TargetClass::Root if everything => Some(Alarm::new(
            Risk::Critical,
            format!("{what} everything on this machine. Nothing can bring it back."),
        )),
        TargetClass::System if is_kernel(&target.text) => Some(Alarm::new(
            Risk::Critical,
            format!("{what} {}, without which nothing starts any more.", target.text),
        )),
        TargetClass::System if effect.kind == EffectKind::Delete && is_replaced(effect, scene) => {
            Some(Alarm::new(
                Risk::Moderate,
                format!("Deletes {}, and puts another version in its place.", target.text),
            ))
        }
        TargetClass::System if everything => {
            let whole = is_whole_directory(&target.text);
            if effect.kind == EffectKind::Move && !whole {
                return None;
            }
            let stored = effect.kind == EffectKind::Delete && holds_databases(effect, scene);
            let risk = if whole || stored { Risk::Critical } else { Risk::High };
            Some(Alarm::new(
                risk,
                format!(
                    "{what} {} and everything below it, which the system needs. There is no undo.",
                    target.text
                ),
            ))
        }
        _ => None,
    }
}

/// True for all that a server of databases has stored. Who removes the server in the same line is done with it.
fn holds_databases(effect: &Effect, scene: &Scene<'_>) -> bool {
    let path = effect.target.text.trim_end_matches("/*");
    let Some(name) = path.strip_prefix("/var/lib/") else { return false };
    let is_removed = || {
        scene.around(effect).iter().any(|other| {
            other.kind == EffectKind::Install
                && matches!(other.detail.as_str(), "remove" | "purge" | "autoremove")
        })
    };
    data::holds(SERVERS, name) && !is_removed()
}

/// Servers of databases, by the folder below `/var/lib` in which they keep their data. Sorted.
const SERVERS: &[&str] = &[
    "cassandra",
    "clickhouse",
    "couchdb",
    "elasticsearch",
    "etcd",
    "influxdb",
    "mariadb",
    "mongo",
    "mongodb",
    "mysql",
    "neo4j",
    "opensearch",
    "pgsql",
    "postgres",
    "postgresql",
    "redis",
];

/// True for a file that such a server keeps its data in; what it writes down for people, and while it runs, is none.
pub(super) fn is_of_database(path: &str) -> bool {
    let Some((server, file)) = path.strip_prefix("/var/lib/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let name = file.rsplit('/').next().unwrap_or(file);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let passing = ["bak", "err", "gz", "lock", "log", "old", "out", "pid", "sock", "tmp"].contains(&ending)
        || name.contains(".log")
        || file.split('/').any(|part| matches!(part, "log" | "logs" | "tmp"))
        || name.starts_with(".")
        || name.ends_with("_history");
    data::holds(SERVERS, server) && !passing
}

/// Toolchains that their makers tell people to delete before a newer one is unpacked in the same place.
const TOOLCHAINS: &[&str] = &["flutter", "go", "julia", "node", "nvim", "zig"];

/// True for `rm -rf /usr/local/go && tar -C /usr/local -xzf go1.22.5.linux-amd64.tar.gz`, and nothing in between.
fn is_replaced(effect: &Effect, scene: &Scene<'_>) -> bool {
    let Some((folder, name)) = effect.target.text.rsplit_once('/') else { return false };
    if effect.program != "rm" || !matches!(folder, "/usr/local" | "/opt") || !TOOLCHAINS.contains(&name) {
        return false;
    }
    let rest = scene.line.get(effect.span.end..).unwrap_or_default();
    let rest = rest.trim_start().trim_start_matches(['"', '\'']);
    let Some(rest) = rest.trim_start().strip_prefix("&& ") else { return false };
    let mut words = rest.split_ascii_whitespace().take(8).peekable();
    words.next_if_eq(&"sudo");
    if words.next() != Some("tar") {
        return false;
    }
    let (mut into, mut archive) = (false, false);
    while let Some(word) = words.next() {
        match word {
            "-C" => into = words.next() == Some(folder),
            "xzf" | "-xzf" | "-xvzf" | "-xf" | "-xvf" | "-xJf" => {
                let file = words.next().unwrap_or_default();
                let version = file.strip_prefix(name).unwrap_or_default();
                let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
                archive = version.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-')
                    && version.chars().all(plain)
                    && [".tar.gz", ".tgz", ".tar.xz"].iter().any(|end| version.ends_with(end));
            }
            // What follows has nothing to do with it.
            "&&" | "#" => break,
            _ => return false,
        }
    }
    into && archive
}

/// True for all kernels of `/boot`, and for the library that every program needs.
fn is_kernel(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let all = name.ends_with('*')
        && ["vmlinuz", "initr", "kernel", "grub"].iter().any(|start| name.starts_with(start));
    (path.starts_with("/boot/") && all)
        || ["libc.so.6", "ld-linux-x86-64.so.2", "libc-2.", "ld-linux-aarch64.so.1", "ld-musl-"]
            .iter()
            .any(|start| name.starts_with(start))
}

/// True for `/usr`, `/usr/bin`, `/e*`: a part of the system as a whole.
fn is_whole_directory(path: &str) -> bool {
    if windows::has_drive(path) {
        return windows::is_whole_part(path);
    }
    let path = path.trim_start_matches('/').trim_end_matches("/*");
    !path.contains('/') || data::SYSTEM_SUBDIRECTORIES.contains(&path)
}
