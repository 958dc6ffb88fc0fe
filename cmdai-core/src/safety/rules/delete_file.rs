//! The rule `delete-file`.

use super::rm_recursive::{goes_with_its_packages, is_build_of_dotnet, is_list_of_folders};
use super::rm_system_dir::is_of_database;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::search::DEEP;
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, known, spare, windows};
declare_rule! {
    /// Deletes files, or something else by its name.
    ///
    /// ## Why
    /// There is no trash on the command line. A few named files are a small loss; a file that the system
    /// starts from is a big one.
    ///
    /// ```sh,flagged
    /// rm notes.txt
    /// rm *.log
    /// unlink old.lock
    /// docker rm web
    /// git tag -d v1.0
    /// rm /etc/passwd
    /// find ~/Documents -type f -mtime +30 -delete
    /// rm ~/Documents/*
    /// fd -e psd . ~/Design -x rm -f
    /// sudo find / -name '*.bak' -delete
    /// rm ~/.ssh/*
    /// find ~ -name '*.docx' -exec rm {} +
    /// rm -f $(find ~ -name '*.pdf')
    /// find ~ -name '*.pdf' | xargs rm -f
    /// find /var/lib -type f -mtime +1 -delete
    /// ```
    /// ```sh,clean
    /// ls
    /// rm --help
    /// unzip data.zip && rm data.zip
    /// cp tool.cfg backup/ && rm tool.cfg
    /// git branch -a
    /// kubectl get pods
    /// ```
    /// ```zsh,flagged
    /// rm **/*.(jpg|png)
    /// rm -f **/*(.om[1,5])
    /// zargs -- **/*.rs -- rm
    /// ```
    /// ```zsh,clean
    /// print -l **/*(.om[1,5])
    /// zargs -- **/*.rs -- wc -l
    /// ```
    /// ```fish,flagged
    /// rm **.c
    /// for f in *.log; rm $f; end
    /// rm -f (find ~ -name '*.pdf')
    /// ```
    /// ```fish,clean
    /// ls **.c
    /// function rm; command rm -i $argv; end
    /// ```
    DELETE_FILE { name: "delete-file", subject: Subject::Effects(&[EffectKind::Delete], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let vital = || {
        let path = target.text.as_str();
        (path.starts_with('/') && data::holds_path(data::VITAL_FILES, path.trim_start_matches('/')))
            || windows::is_vital(path)
    };
    match target.class {
        _ if effect.detail == spare::SPARE || goes_with_its_packages(effect, scene) => None,
        _ if effect.recursive && is_build_of_dotnet(effect, scene) => None,
        TargetClass::System | TargetClass::Secret if vital() => Some(Alarm::new(
            Risk::High,
            format!("Deletes {}, which the system needs to start or to log in.", target.text),
        )),
        TargetClass::Stream => None,
        // The installer that was fetched a moment ago, in the line by which its makers tell everybody to.
        TargetClass::Local if effect.program == "php" && target.text.ends_with("composer-setup.php") => None,
        TargetClass::Named if made_anew(effect, scene) => None,
        TargetClass::Named if is_live_cluster(effect) => Some(Alarm::new(
            Risk::High,
            format!("Deletes {}, by its name a cluster that others depend on.", target.text),
        )),
        // Layers that no name leads to any more.
        TargetClass::Named if target.text == known::NAMELESS => None,
        TargetClass::Named if effect.program == "rsync" && effect.recursive => Some(
            Alarm::new(
                Risk::High,
                format!("Deletes on another machine, in {}, what is not here.", target.text),
            )
            .instead(scene, effect.span, "--delete", "--dry-run --delete"),
        ),
        TargetClass::Secret if target.text.contains("/.ssh/id_") || target.text.contains("/.gnupg/") => {
            Some(Alarm::new(
                Risk::High,
                format!("Deletes {}, a key that opens doors and cannot be made again.", target.text),
            ))
        }
        TargetClass::Secret if in_key_folder(&target.text) && target.text.ends_with(['*', '…']) => {
            Some(Alarm::new(
                Risk::High,
                format!("Deletes {}: keys that open doors and cannot be made again.", target.text),
            ))
        }
        TargetClass::System if is_of_database(&target.text) => Some(
            Alarm::new(
                Risk::High,
                format!("Deletes {}: data of a server of databases, which no longer starts.", target.text),
            )
            .instead(scene, effect.span, "-delete", "-print"),
        ),
        TargetClass::System if many_below(&target.text) && !is_searched(scene) => {
            Some(Alarm::new(Risk::High, format!("Deletes {}, wherever below it lies.", target.text)))
        }
        TargetClass::Local
        | TargetClass::WorkingDirectory
        | TargetClass::HomeFile
        | TargetClass::Home
        | TargetClass::Parent
        | TargetClass::OtherPath
            if takes_work(&target.text) && !is_searched(scene) =>
        {
            Some(Alarm::new(
                Risk::High,
                format!("Deletes {}: what people wrote, in every folder below.", target.text),
            ))
        }
        // Whatever can be run: in every folder in which the shell looks for programs.
        TargetClass::Unknown
            if target.text.rsplit_once('/').is_some_and(|(folders, name)| {
                let folders = folders.trim_start_matches('{').trim_end_matches('}');
                matches!(name, "*" | "…") && is_list_of_folders(folders)
            }) =>
        {
            Some(Alarm::new(
                Risk::High,
                format!(
                    "Deletes {}: the programs in every folder in which the shell looks for them.",
                    target.text
                ),
            ))
        }
        _ if effect.detail == "told" => {
            let risk = if effect.recursive { Risk::High } else { Risk::Moderate };
            Some(Alarm::new(risk, format!("Deletes {}: whatever another machine names.", target.text)))
        }
        // Everything in a folder of one's own is more than a file.
        TargetClass::HomeFile if takes_a_folder(&target.text) && !is_searched(scene) => Some(Alarm::new(
            Risk::High,
            format!("Deletes the files in {}, by no more than where they lie.", target.text),
        )),
        // By this file alone terraform knows what it made.
        _ if target.text.contains(".tfstate") && !target.text.contains(".backup") => Some(Alarm::new(
            Risk::High,
            format!("Deletes {}, the record of infrastructure, which then nobody manages.", target.text),
        )),
        _ if target.text.starts_with(known::VIRTUAL_DISK) => Some(Alarm::new(
            Risk::High,
            "Deletes the disks of virtual machines: all that is on them is lost.",
        )),
        _ if is_live_data(&target.text) => Some(Alarm::new(
            Risk::High,
            format!("Deletes {}, by its name data that others depend on.", target.text),
        )),
        _ if gathers_work(effect) => Some(
            Alarm::new(Risk::High, format!("Deletes whatever lies in {}. There is no undo.", target.text))
                .instead(scene, effect.span, "-delete", "-print"),
        ),
        _ if (effect.detail == "searched" || is_listed(&target.text))
            && reaches_far(effect, target.class)
            || was_found(effect, scene) =>
        {
            Some(
                Alarm::new(
                    Risk::High,
                    format!("Deletes whatever it finds below {}, wherever it lies.", target.text),
                )
                .instead(scene, effect.span, "-delete", "-print"),
            )
        }
        _ if known::is_content(target) => {
            Some(Alarm::new(Risk::Moderate, format!("Deletes whatever {} names.", target.text)))
        }
        _ if known::is_made_again(target, scene.cwd) || was_just_made(effect, scene) => None,
        TargetClass::Unknown if target.text == "…" => Some(Alarm::new(
            Risk::Moderate,
            "Deletes what is picked from a list that another command prints.",
        )),
        TargetClass::Unknown if target.text.starts_with("$(") && target.text.ends_with(')') => {
            Some(Alarm::new(Risk::Moderate, format!("Deletes what {} prints.", known::sender(&target.text))))
        }
        _ => {
            let alarm = Alarm::new(Risk::Moderate, format!("Deletes {}.", target.text));
            Some(alarm.instead(scene, effect.span, "-delete", "-print"))
        }
    }
}

/// True for one file that the line itself has made, with nothing in it: `touch -- -x && rm -- -x`.
pub(super) fn was_just_made(effect: &Effect, scene: &Scene<'_>) -> bool {
    let target = &effect.target;
    let ending = target.text.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(target.class, TargetClass::Local | TargetClass::Temporary)
        && !effect.recursive
        && !known::is_work(ending)
        && !target.text.contains(['*', '?', '…', '$'])
        && scene.around(effect).iter().any(|other| {
            other.kind == EffectKind::Create
                && other.program == "touch"
                && other.target.text == target.text
                && other.span.end <= effect.span.start
        })
}

/// True where a search has found the files: one is seldom for all that there is.
fn is_searched(scene: &Scene<'_>) -> bool {
    scene.effects.iter().take(64).any(|effect| matches!(effect.program.as_str(), "find" | "fd" | "locate"))
}

/// True for what lies in a folder of keys.
fn in_key_folder(path: &str) -> bool {
    path.contains("/.ssh/") || path.contains("/.gnupg/")
}

/// True where a component that is no name stands before another: `**/x`, `*/x`.
fn many_below(path: &str) -> bool {
    let mut parts = path.rsplit('/').skip(1);
    parts.any(|part| part.contains('*') || part == "…")
}

/// True for a pattern over all folders that takes sources, documents, pictures or keys, or anything at all.
fn takes_work(path: &str) -> bool {
    if !many_below(path) {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let rebuilt = path.split('/').any(|part| data::holds(data::REBUILDABLE, part));
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let any = matches!(name, "*" | "…" | "*.*");
    !rebuilt && (any || known::is_work(ending) || name.contains('{') && names_work(name))
}

/// True for a file of data whose name says that it is in use: `data/production.sqlite3`.
fn is_live_data(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let data = ["db", "duckdb", "kdbx", "mdb", "rdb", "sqlite", "sqlite3"].contains(&ending);
    data && path
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| ["live", "prod", "production"].contains(&word))
}

/// True for a cluster on this machine whose name says that it is none to try things with.
fn is_live_cluster(effect: &Effect) -> bool {
    matches!(effect.program.as_str(), "k3d" | "kind" | "minikube")
        && effect
            .target
            .text
            .to_ascii_lowercase()
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .any(|word| ["live", "prd", "prod", "production"].contains(&word))
}

/// True for all files of a folder of somebody's own work, by a pattern: `~/Documents/*`, `~/Design/….psd`.
fn gathers_work(effect: &Effect) -> bool {
    const WORK: &[&str] = &[
        "code",
        "desktop",
        "design",
        "dev",
        "documents",
        "dropbox",
        "movies",
        "music",
        "notes",
        "onedrive",
        "photos",
        "pictures",
        "projects",
        "repos",
        "src",
        "videos",
        "work",
        "workspace",
    ];
    let text = effect.target.text.as_str();
    let (folder, name) = text.rsplit_once('/').unwrap_or(("", text));
    if effect.target.class != TargetClass::HomeFile || !name.contains(['*', '…']) {
        return false;
    }
    let lower = folder.to_ascii_lowercase();
    let mut parts = lower.split('/').skip(1);
    let below =
        if lower.starts_with("/home/") || lower.starts_with("/users/") { parts.nth(2) } else { parts.next() };
    let owned = below.is_some_and(|part| WORK.contains(&part));
    // What tools leave behind, and what is made again.
    let left = name.rsplit_once('.').is_some_and(|(_, ending)| {
        ["bak", "cache", "class", "gz", "log", "o", "old", "orig", "part", "pyc", "swo", "swp", "tmp"]
            .contains(&ending)
    });
    let made = lower.split('/').any(|part| {
        data::holds(data::REBUILDABLE, part)
            || ["backup", "cache", "download", "log", "temp", "tmp", "trash"]
                .iter()
                .any(|kind| part.contains(kind))
    });
    owned && !left && !made && !name.starts_with('.')
}
/// True for what a listing lets through by more than its name: some of a folder, nobody knows which.
fn is_listed(path: &str) -> bool {
    path.ends_with("/…")
}

/// True for all files of a folder, or some that nobody named, where people keep what they do.
fn takes_a_folder(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    matches!(name, "*" | "…") && !is_passing(folder)
}

/// True for a folder below a home that holds what is cleared away every day.
fn is_passing(folder: &str) -> bool {
    folder.split('/').skip(1).any(|part| {
        let part = part.to_ascii_lowercase();
        part.starts_with('.')
            || [
                "backup",
                "build",
                "cache",
                "dist",
                "download",
                "log",
                "node_modules",
                "target",
                "temp",
                "tmp",
                "trash",
            ]
            .iter()
            .any(|kind| part.contains(kind))
    })
}

/// True for a search through all of a disk, or through somebody's documents by nothing but their age.
fn reaches_far(effect: &Effect, class: TargetClass) -> bool {
    let text = effect.target.text.as_str();
    let (start, name) = text.rsplit_once('/').unwrap_or(("", text));
    let by_name = !matches!(name, "…" | "*");
    // What a machine serves, by nothing but its age or its size.
    if !by_name && matches!(start, "/opt" | "/srv" | "/var/mail" | "/var/www" | "/var/www/html") {
        return true;
    }
    match class {
        TargetClass::Root => true,
        TargetClass::OtherHome => matches!(start, "/home" | "/Users"),
        TargetClass::System => {
            let whole = data::SYSTEM_SUBDIRECTORIES.contains(&start.trim_start_matches('/'));
            start.matches('/').count() < 2 && !start.is_empty() || whole && !by_name
        }
        TargetClass::Home | TargetClass::Parent => !by_name || names_work(name),
        // Old logs, backups and the like are cleared away so every day.
        TargetClass::HomeFile => (!by_name || names_work(name)) && !is_passing(start),
        _ => false,
    }
}

/// True for `docker rm -f NAME && docker run … --name NAME …`: the container is there again at once.
fn made_anew(effect: &Effect, scene: &Scene<'_>) -> bool {
    let before = scene.line.get(..effect.span.start).unwrap_or_default().trim_end();
    let after = scene.line.get(effect.span.end..).unwrap_or_default();
    // Nothing may stand before it that says of another machine's containers.
    let alone = |start: &str| {
        let start = start.trim_end();
        start.is_empty() || ["&&", ";"].iter().any(|end| start.ends_with(end))
    };
    let engine = ["docker", "podman"].iter().find(|engine| {
        [" rm -f", " rm --force", " rm"]
            .iter()
            .any(|verb| before.strip_suffix(&format!("{engine}{verb}")).is_some_and(alone))
    });
    let Some(engine) = engine else { return false };
    let Some(rest) = after.trim_start().strip_prefix("&& ") else { return false };
    let rest = rest.trim_start();
    let Some(rest) = rest.strip_prefix(&format!("{engine} run ")) else { return false };
    let name = effect.target.text.as_str();
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    let words: Vec<&str> = rest.split_ascii_whitespace().take(32).collect();
    let end = words.iter().position(|word| word.contains(['&', ';', '|', '#', '\n'])).unwrap_or(words.len());
    let words = words.get(..end).unwrap_or_default();
    plain
        && effect.program == *engine
        && words.windows(2).any(|pair| pair == ["--name", name])
        && runs_plainly(words)
}

/// True for the words after `docker run` that give a container nothing of this machine but ports, folders and variables, with
/// an image from where images usually come from.
fn runs_plainly(words: &[&str]) -> bool {
    const ALONE: &[&str] = &[
        "--detach",
        "--init",
        "--interactive",
        "--rm",
        "--tty",
        "-d",
        "-dit",
        "-i",
        "-it",
        "-itd",
        "-t",
        "-td",
    ];
    const WITH: &[&str] = &[
        "--cpus",
        "--env",
        "--env-file",
        "--hostname",
        "--label",
        "--memory",
        "--name",
        "--net",
        "--network",
        "--platform",
        "--publish",
        "--pull",
        "--restart",
        "--shm-size",
        "--user",
        "--volume",
        "--workdir",
        "-e",
        "-h",
        "-l",
        "-m",
        "-p",
        "-u",
        "-v",
        "-w",
    ];
    const HOSTS: &[&str] = &[
        "docker.elastic.co",
        "docker.io",
        "gcr.io",
        "ghcr.io",
        "localhost",
        "lscr.io",
        "mcr.microsoft.com",
        "public.ecr.aws",
        "quay.io",
        "registry.gitlab.com",
        "registry.k8s.io",
    ];
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (flag, joined) = word.split_once('=').map_or((*word, None), |(flag, value)| (flag, Some(value)));
        if !word.starts_with('-') {
            // The image; what follows is for what runs in it.
            let host = word.split('/').next().filter(|_| word.contains('/')).unwrap_or_default();
            let named = host.contains(['.', ':']) || host == "localhost";
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "./:-_@".contains(letter);
            return word.chars().all(plain)
                && (!named || HOSTS.contains(&host.split(':').next().unwrap_or(host)));
        }
        if ALONE.contains(&flag) && joined.is_none() {
            continue;
        }
        if !WITH.contains(&flag) {
            return false;
        }
        let Some(value) = joined.or_else(|| words.next().copied()) else { return false };
        if matches!(flag, "--net" | "--network") && (value == "host" || value.starts_with("container:")) {
            return false;
        }
    }
    false
}

/// True for what a search through many folders has listed, and something else deletes.
fn was_found(effect: &Effect, scene: &Scene<'_>) -> bool {
    scene.effects.iter().take(64).any(|search| {
        search.kind == EffectKind::Read
            && search.detail == DEEP
            && effect
                .target
                .text
                .strip_prefix(search.target.text.trim_end_matches('/'))
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|name| !name.contains('/') && name.contains(['*', '…']))
            && reaches_far(effect, search.target.class)
    })
}

/// True for a pattern of files that people make: `*.docx`, `*.{key,pem}`.
fn names_work(pattern: &str) -> bool {
    let Some((_, endings)) = pattern.rsplit_once('.') else { return false };
    endings.split(['{', '}', ',', '|', '(', ')']).any(known::is_work)
}
