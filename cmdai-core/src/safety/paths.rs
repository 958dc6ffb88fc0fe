//! Where a path leads: normalised without touching the disk, then put into a [`TargetClass`].
//!
//! `.` and `..` are resolved by text, as a shell's `cd -L` does. A last component that is `*` alone
//! stands for everything in the directory before it, so `/usr/*` is judged as `/usr`.

use super::TargetClass;
use super::data;
use super::value::{self, ANY, HOME, STAR, is_hole};
use super::windows;
use crate::Context;

/// A path after normalisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What sort of place it is.
    pub(super) class: TargetClass,
    /// The path, normalised; private characters stand for what is not known.
    pub(super) path: String,
}

/// Bytes of a working directory that is kept.
const PATH_BYTES: usize = 1024;

/// Where a normalised path begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Root,
    Home,
    /// So many levels above a working directory that is not known.
    Relative(usize),
    /// A hole: anywhere.
    Anywhere,
}

struct Normal<'a> {
    start: Start,
    parts: Vec<&'a str>,
    /// True where the path means all that is in it: the last component was `*`.
    all: bool,
}

/// Tells where `text` leads from the directory `cwd`, which is empty where nothing is known of it.
pub(super) fn locate(text: &str, cwd: &str, ctx: &Context) -> Place {
    let (joined, relative) = match way(text, cwd) {
        Ok(way) => way,
        Err(place) => return place,
    };
    let normal = normalise(&joined, ctx);
    let mut class = class_of(&normal, ctx);
    if relative {
        let from = normalise(if cwd.is_empty() { "." } else { cwd }, ctx);
        class = seen_from_here(class, &normal, &from, true);
        if class == TargetClass::WorkingDirectory
            && let Some(origin) = ctx.cwd.as_deref()
        {
            // `cd build && rm -rf *` reaches no further than `rm -rf build/*` does.
            let origin = normalise(origin, ctx);
            let deeper = normal.start == origin.start && normal.parts.len() > origin.parts.len();
            if deeper && normal.parts.starts_with(&origin.parts) {
                class = TargetClass::Local;
            }
        }
    } else if let (Some(here), TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::Home) =
        (ctx.cwd.as_deref(), class)
    {
        class = seen_from_here(class, &normal, &normalise(here, ctx), false);
    }
    Place { class, path: normal.text() }
}

/// The path alone of what [`locate`] tells, at a third of its price.
pub(super) fn locate_path(text: &str, cwd: &str, ctx: &Context) -> String {
    match way(text, cwd) {
        Ok((joined, _)) => normalise(&joined, ctx).text(),
        Err(place) => place.path,
    }
}

/// A path behind its directory, and whether it was relative; the place itself where it has no path.
fn way(text: &str, cwd: &str) -> Result<(String, bool), Place> {
    if text.is_empty() {
        return Err(Place { class: TargetClass::Unknown, path: String::new() });
    }
    if text == "-" {
        return Err(Place { class: TargetClass::Stream, path: "-".to_owned() });
    }
    if windows::is_device(text) {
        return Err(Place { class: TargetClass::Device, path: text.to_owned() });
    }
    // `eval echo ~$USER`: somebody's home, by a name that is not known.
    let named = text.strip_prefix([HOME, '~']).filter(|rest| rest.starts_with(is_hole));
    let named = named.map(|rest| format!("/home/{rest}"));
    let text = named.as_deref().unwrap_or(text);
    let usual = windows::usual(text);
    let text = usual.as_deref().unwrap_or(text);
    let relative = is_relative(text);
    let joined = if relative && !cwd.is_empty() { format!("{cwd}/{text}") } else { text.to_owned() };
    Ok((joined, relative))
}

/// The same place on another machine: by its full path, it is nobody's working directory.
pub(super) fn far_away(place: Place) -> Place {
    match place.class {
        TargetClass::Local if place.path.starts_with('/') => {
            Place { class: TargetClass::OtherPath, path: place.path }
        }
        _ => place,
    }
}

/// A directory reached by `cd text` from `cwd`, normalised.
pub(super) fn enter(text: &str, cwd: &str, ctx: &Context) -> String {
    let usual = windows::usual(text);
    let text = usual.as_deref().unwrap_or(text);
    let relative = is_relative(text);
    let joined = if relative && !cwd.is_empty() { format!("{cwd}/{text}") } else { text.to_owned() };
    let path = normalise(&joined, ctx).text();
    // Longer than any path may be: not a place that can be known.
    if path == "." || path.len() > PATH_BYTES { String::new() } else { path }
}

fn is_relative(text: &str) -> bool {
    !text.starts_with(['/', HOME]) && !text.starts_with(is_hole) && !windows::has_drive(text)
}

fn normalise<'a>(text: &'a str, ctx: &'a Context) -> Normal<'a> {
    let (start, rest) = if let Some(rest) = text.strip_prefix(HOME) {
        (Start::Home, rest)
    } else if let Some(rest) = ctx.home.as_deref().and_then(|home| below(text, home)) {
        (Start::Home, rest)
    } else if let Some(rest) = text.strip_prefix('/') {
        (Start::Root, rest)
    } else if windows::has_drive(text) {
        (Start::Root, text)
    } else if text.starts_with(is_hole) {
        (Start::Anywhere, text)
    } else {
        (Start::Relative(0), text)
    };
    let mut normal = Normal { start, parts: Vec::new(), all: false };
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if normal.parts.len() == 1 && windows::has_drive(normal.parts[0]) => {}
            ".." if normal.parts.pop().is_some() => {}
            ".." => match normal.start {
                Start::Relative(ups) => normal.start = Start::Relative(ups + 1),
                // Above a home is the folder of all homes.
                Start::Home => {
                    normal.start = Start::Root;
                    normal.parts = home_parts(ctx);
                    normal.parts.pop();
                }
                Start::Root | Start::Anywhere => {}
            },
            _ => normal.parts.push(part),
        }
    }
    // The root, as a process sees it.
    while normal.start == Start::Root
        && let [proc, _, root, ..] = normal.parts[..]
        && proc == "proc"
        && root == "root"
    {
        normal.parts.drain(..3);
    }
    // Nobody works that deep: so many steps up end at the root.
    if matches!(normal.start, Start::Relative(ups) if ups >= 8) {
        normal.start = Start::Root;
    }
    while normal.parts.last().is_some_and(|part| is_everything(part)) {
        normal.parts.pop();
        normal.all = true;
    }
    normal
}

fn home_parts(ctx: &Context) -> Vec<&str> {
    ctx.home.as_deref().map_or_else(
        || vec!["home", "user"],
        |home| home.split(['/', '\\']).filter(|p| !p.is_empty()).collect(),
    )
}

/// What of `path` lies below the directory `home`.
fn below<'a>(path: &'a str, home: &str) -> Option<&'a str> {
    let home = home.trim_end_matches(['/', '\\']);
    let rest = match path.strip_prefix(home) {
        Some(rest) => rest,
        // Windows takes either slash and either case.
        None if home.contains(['\\', ':']) => {
            let start = path.get(..home.len())?;
            let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || (a == b'/' && b == b'\\');
            if !start.bytes().zip(home.bytes()).all(same) {
                return None;
            }
            path.get(home.len()..)?
        }
        None => return None,
    };
    (!home.is_empty() && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
}

/// True for `*`, `.*`, `?*` and the like: a component that means every name.
fn is_everything(part: &str) -> bool {
    let name = part.strip_prefix('.').unwrap_or(part);
    name.contains(STAR) && name.chars().all(|letter| letter == STAR || letter == ANY)
}

impl Normal<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        match self.start {
            Start::Root if self.parts.first().is_some_and(|part| windows::has_drive(part)) => {
                // A drive's root is written with its slash.
                if self.parts.len() == 1 {
                    out.push_str(self.parts[0]);
                    out.push('/');
                    if self.all {
                        out.push(STAR);
                    }
                    return out;
                }
            }
            Start::Root => out.push('/'),
            Start::Home => out.push(HOME),
            Start::Relative(0) if self.parts.is_empty() && !self.all => out.push('.'),
            Start::Relative(ups) => {
                for level in 0..ups {
                    out.push_str(if level == 0 { ".." } else { "/.." });
                }
            }
            Start::Anywhere => {}
        }
        for part in &self.parts {
            if !out.is_empty() && !out.ends_with('/') {
                out.push('/');
            }
            out.push_str(part);
        }
        if self.all {
            if !out.is_empty() && !out.ends_with('/') {
                out.push('/');
            }
            out.push(STAR);
        }
        out
    }
}

fn class_of(path: &Normal<'_>, ctx: &Context) -> TargetClass {
    match path.start {
        Start::Anywhere => TargetClass::Unknown,
        Start::Relative(0) if path.parts.is_empty() => TargetClass::WorkingDirectory,
        Start::Relative(0) => local(&path.parts),
        Start::Relative(_) if path.parts.is_empty() => TargetClass::Parent,
        Start::Relative(_) => match local(&path.parts) {
            TargetClass::Local => TargetClass::OtherPath,
            other => other,
        },
        Start::Home => in_home(&path.parts),
        Start::Root if path.parts.first().is_some_and(|part| windows::has_drive(part)) => {
            windows::class_of(&path.parts, ctx.home.as_deref())
        }
        Start::Root => in_root(&path.parts, ctx),
    }
}

fn local(parts: &[&str]) -> TargetClass {
    let name = parts.last().copied().unwrap_or_default();
    if parts.contains(&".ssh") {
        let from = parts.iter().position(|part| *part == ".ssh").unwrap_or_default();
        match in_home(&parts[from..]) {
            TargetClass::HomeFile => TargetClass::Local,
            class => class,
        }
    } else if data::holds(data::SECRET_NAMES, name) {
        TargetClass::Secret
    } else {
        TargetClass::Local
    }
}

pub(super) fn in_home(parts: &[&str]) -> TargetClass {
    if let Some(class) = windows::in_home(parts) {
        return class;
    }
    let joined = parts.join("/");
    let name = parts.last().copied().unwrap_or_default();
    match parts.first() {
        None => TargetClass::Home,
        Some(&".cache" | &".local")
            if joined.starts_with(".cache") || joined.starts_with(".local/share/Trash") =>
        {
            TargetClass::Temporary
        }
        Some(&"Library")
            if joined.starts_with("Library/Caches")
                || joined.starts_with("Library/Developer/Xcode/DerivedData") =>
        {
            TargetClass::Temporary
        }
        // The folder as a whole: its settings alone are none.
        Some(&".aws" | &".docker" | &".kube") if parts.len() == 1 => TargetClass::Secret,
        Some(&".ssh") if matches!(name, "authorized_keys" | "rc") => TargetClass::ShellStartup,
        Some(&".ssh") if matches!(name, "config" | "known_hosts") || name.ends_with(".pub") => {
            TargetClass::HomeFile
        }
        _ if data::holds_path(data::HOME_SECRETS, &joined) || data::holds(data::SECRET_NAMES, name) => {
            TargetClass::Secret
        }
        // Plugins and themes are loaded where the startup file names them.
        Some(&".oh-my-zsh") if matches!(parts.get(2), Some(&"plugins" | &"themes")) => TargetClass::HomeFile,
        // Those that it came with are in use.
        Some(&".oh-my-zsh")
            if name.ends_with(".zsh") || name.ends_with(".zsh-theme") || name == "oh-my-zsh.sh" =>
        {
            TargetClass::ShellStartup
        }
        _ if data::holds_path(data::SHELL_STARTUP, &joined) => TargetClass::ShellStartup,
        _ => TargetClass::HomeFile,
    }
}

fn in_root(parts: &[&str], ctx: &Context) -> TargetClass {
    let Some(&first) = parts.first() else { return TargetClass::Root };
    if value::has_pattern(first) {
        // What is not known may be nothing, or anything.
        let first: String = first.chars().map(|letter| if is_hole(letter) { STAR } else { letter }).collect();
        let hits = |name: &str| value::fits(&first, name);
        let system = data::SYSTEM_DIRECTORIES.iter().chain(&["home", "root"]).any(|name| hits(name));
        return if system { TargetClass::System } else { TargetClass::OtherPath };
    }
    let joined = parts.join("/");
    if joined.ends_with("/.ssh/authorized_keys") || joined == "root/.ssh/rc" {
        return TargetClass::ShellStartup;
    }
    if data::holds_path(data::SYSTEM_SECRETS, &joined) || is_host_key(&joined) {
        return TargetClass::Secret;
    }
    if data::holds_path(data::SYSTEM_STARTUP, &joined) && parts.len() > 1 {
        return TargetClass::ShellStartup;
    }
    // Keys and passwords are secret wherever somebody put them.
    let is_anywhere = !matches!(first, "dev" | "home" | "proc" | "root" | "sys" | "usr" | "Users");
    if is_anywhere && local(parts) == TargetClass::Secret {
        return TargetClass::Secret;
    }
    match first {
        "dev" => device(&parts[1..]),
        "tmp" => TargetClass::Temporary,
        "private" => in_root(&parts[1..], ctx),
        "run" if parts.get(1) == Some(&"user") => TargetClass::Temporary,
        // Lists of packages are loaded again at the next update.
        "var" if joined.starts_with("var/lib/apt/lists") => TargetClass::Temporary,
        "var" => match parts.get(1) {
            Some(&"tmp" | &"cache") if parts.len() > 2 => TargetClass::Temporary,
            Some(&"tmp") => TargetClass::Temporary,
            Some(&"folders") => TargetClass::Temporary,
            None | Some(&"lib" | &"spool" | &"db" | &"cache") => TargetClass::System,
            Some(_) => TargetClass::OtherPath,
        },
        // A drive of Windows, seen from the Linux beside it.
        "mnt"
            if parts.len() > 2
                && parts[1].len() == 1
                && parts[1].bytes().all(|byte| byte.is_ascii_alphabetic()) =>
        {
            super::windows::class_of(&parts[1..], None)
        }
        "home" | "Users" if parts.len() < 3 => TargetClass::OtherHome,
        // Whose home it is cannot be told without the context; most likely the user's own.
        "home" | "Users" if ctx.home.is_none() => in_home(&parts[2..]),
        "home" | "Users" => in_other_home(&parts[2..]),
        "root" if ctx.is_root => in_home(&parts[1..]),
        "root" => in_other_home(&parts[1..]),
        "proc" if parts.last() == Some(&"environ") => TargetClass::Secret,
        // Sources of programs that are built here, the system's own are packages.
        "usr" if parts.get(1) == Some(&"src") || parts.get(1..3) == Some(&["local", "src"]) => {
            TargetClass::OtherPath
        }
        _ if data::holds(data::SYSTEM_DIRECTORIES, first) => TargetClass::System,
        _ => TargetClass::OtherPath,
    }
}

/// In somebody else's home: what is secret there, or runs at a login, is so for whoever can reach it.
fn in_other_home(parts: &[&str]) -> TargetClass {
    match in_home(parts) {
        class @ (TargetClass::Secret | TargetClass::ShellStartup) => class,
        _ => match local(parts) {
            TargetClass::Secret => TargetClass::Secret,
            _ => TargetClass::OtherHome,
        },
    }
}

fn is_host_key(path: &str) -> bool {
    path.starts_with("etc/ssh/ssh_host_") && path.ends_with("_key")
}

fn device(parts: &[&str]) -> TargetClass {
    let Some(&first) = parts.first() else { return TargetClass::System };
    if first == "tcp" || first == "udp" {
        TargetClass::Host
    } else if data::holds(data::HARMLESS_DEVICES, first) || first.starts_with("tty") {
        TargetClass::Temporary
    } else if is_peripheral(parts) {
        TargetClass::OtherPath
    } else {
        TargetClass::Device
    }
}

/// True for what is driven and not stored to: by a name and a number, or in a folder of such.
fn is_peripheral(parts: &[&str]) -> bool {
    match parts {
        [name] => {
            let is_one = |kind: &&str| {
                name.strip_prefix(*kind).is_some_and(|number| {
                    !number.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
                })
            };
            data::PERIPHERALS.iter().any(is_one)
                || name.starts_with("cua")
                || data::holds(data::PERIPHERAL_FOLDERS, name)
        }
        [folder, ..] => data::holds(data::PERIPHERAL_FOLDERS, folder),
        [] => false,
    }
}

/// True for a folder that every home has, or a pattern that begins like one.
fn is_kept_at_home(name: &str) -> bool {
    const FOLDERS: [&str; 12] = [
        ".config",
        ".local",
        "Desktop",
        "Documents",
        "Downloads",
        "Library",
        "Movies",
        "Music",
        "Pictures",
        "Public",
        "Templates",
        "Videos",
    ];
    let is_star = |c: char| c == '*' || c == value::STAR;
    match name.strip_suffix(is_star) {
        Some(begin) if !begin.is_empty() => FOLDERS.iter().any(|folder| folder.starts_with(begin)),
        Some(_) => false,
        None => FOLDERS.contains(&name),
    }
}

/// A place named relative to a directory, or lying below it, is of that directory where it is nothing worse.
fn seen_from_here(class: TargetClass, path: &Normal<'_>, here: &Normal<'_>, relative: bool) -> TargetClass {
    let plain = matches!(
        class,
        TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::Unknown | TargetClass::Local
    );
    // A home that is the working directory stays a home; a plain folder becomes the working directory.
    if !plain {
        return class;
    }
    // From the root, as far as the whole machine is a name no nearer than its full path.
    if here.start == Start::Root && here.parts.is_empty() {
        return if class == TargetClass::Local { TargetClass::OtherPath } else { class };
    }
    let started_elsewhere = here.start != Start::Relative(0) || !here.parts.is_empty();
    if path.start == here.start && path.parts == here.parts {
        // `cd build && rm -rf *` reaches no further than `rm -rf build/*` does.
        return if started_elsewhere && here.start == Start::Relative(0) && !here.parts.is_empty() {
            TargetClass::Local
        } else {
            TargetClass::WorkingDirectory
        };
    }
    if path.start == here.start && path.parts.starts_with(&here.parts) {
        // New terminals stand in the home directory: what is named by its full way, or holds what people keep, is no
        // nearer for that.
        let is_home = here.start == Start::Home && here.parts.is_empty();
        let is_kept = || path.parts.first().is_some_and(|first| is_kept_at_home(first));
        return if is_home && (!relative || is_kept()) { class } else { TargetClass::Local };
    }
    if path.start == here.start && here.parts.starts_with(&path.parts) && class != TargetClass::Local {
        return TargetClass::Parent;
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ctx() -> Context {
        Context::default().with_home("/home/anna").with_cwd("/home/anna/projects/app")
    }

    fn check(text: &str, expected: TargetClass) {
        let text = text.replace('*', &STAR.to_string());
        let context = ctx();
        let place = locate(&text, context.cwd.as_deref().unwrap_or_default(), &context);
        assert_eq!(place.class, expected, "{text} is {}", place.path);
    }

    #[test]
    fn a_home_that_one_works_in_is_still_a_home() {
        let ctx = Context::default().with_home("/home/anna").with_cwd("/home/anna");
        let class = |text: &str| locate(text, "/home/anna", &ctx).class;
        for text in ["/home/anna/papers", "Documents", "Documents/tax", "D*", ".config"] {
            assert_eq!(class(text), TargetClass::HomeFile, "{text}");
        }
        for text in ["build", "x.txt", "./papers", "*.log"] {
            assert_eq!(class(text), TargetClass::Local, "{text}");
        }
    }

    #[test]
    fn places_are_decided_after_normalisation() {
        use TargetClass::*;
        for (text, expected) in [
            ("/", Root),
            ("/*", Root),
            ("//", Root),
            ("/home/somebody/.ssh/id_rsa", Secret),
            ("/home/somebody/app/.env", Secret),
            ("/home/somebody/.bashrc", ShellStartup),
            ("/home/somebody/notes.txt", OtherHome),
            ("/tmp/x/.env", Secret),
            ("/var/www/app/.env", Secret),
            ("/var/lib/jenkins/.ssh/id_rsa", Secret),
            ("/etc/app/credentials.json", Secret),
            ("/usr/..", Root),
            ("/tmp/../etc", System),
            ("/tmp/x", Temporary),
            ("/etc", System),
            ("/etc/*", System),
            ("/e*", System),
            ("/usr/share/doc", System),
            ("/dev/sda", Device),
            ("/dev/nvme0n1p2", Device),
            ("/dev/null", Temporary),
            ("/dev/ttyUSB0", Temporary),
            ("/dev/nosuch1", Device),
            ("/dev/cciss/c0d0", Device),
            ("/dev/mtdblock0", Device),
            ("/dev/root", Device),
            ("/dev/media/films", Device),
            ("/dev/videos", Device),
            ("/dev/i2c-1", OtherPath),
            ("/dev/video0", OtherPath),
            ("/dev/cu.usbserial-1420", OtherPath),
            ("/dev/snd/pcmC0D0p", OtherPath),
            ("/dev/usb/lp0", OtherPath),
            ("/dev/tcp/1.2.3.4/99", Host),
            ("/home/anna", Home),
            ("/home/anna/", Home),
            ("/home/anna/*", Home),
            ("/home", OtherHome),
            ("/home/ben", OtherHome),
            ("/home/ben/x", OtherHome),
            ("/home/anna/projects", Parent),
            ("/home/anna/projects/app", WorkingDirectory),
            ("/home/anna/projects/app/build", Local),
            ("/home/anna/photos", HomeFile),
            ("/home/anna/.ssh/id_rsa", Secret),
            ("/home/anna/.bashrc", ShellStartup),
            ("/var/lib/postgresql/.ssh/authorized_keys", ShellStartup),
            ("/home/anna/.cache/pip", Temporary),
            ("build", Local),
            ("./build", Local),
            ("build/*", Local),
            (".", WorkingDirectory),
            ("*", WorkingDirectory),
            ("./*", WorkingDirectory),
            ("..", Parent),
            ("../..", Home),
            ("../../../..", Root),
            ("../../../../etc/passwd", System),
            ("../other", HomeFile),
            ("x/../..", Parent),
            ("*.log", Local),
            ("/var/log/app", OtherPath),
            ("/var/lib/mysql", System),
            ("/srv/www", OtherPath),
            (".env", Secret),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn without_facts_paths_still_tell_what_they_can() {
        use TargetClass::*;
        let nothing = Context::default();
        for (text, cwd, expected) in [
            ("build", "", Local),
            ("*", "", WorkingDirectory),
            ("..", "", Parent),
            ("../x", "", OtherPath),
            ("~", "", Home),
            ("~/x", "", HomeFile),
            ("~/..", "", OtherHome),
            ("*", "build", Local),
            ("*", "/etc", System),
            ("*", "~/projects/x", WorkingDirectory),
            ("build", "~/projects/x", Local),
            ("*", "~", Home),
            ("*", "/", Root),
            ("/home/anna/x", "", HomeFile),
            ("/home/anna", "", OtherHome),
        ] {
            let fill = |text: &str| text.replace('*', &STAR.to_string()).replace('~', &HOME.to_string());
            let place = locate(&fill(text), &fill(cwd), &nothing);
            assert_eq!(place.class, expected, "{text} in {cwd}");
        }
    }
}
