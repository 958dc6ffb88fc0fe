//! Names that files of the directory and the home declare for a program to take.
//!
//! One table says which program takes the names of which files, and where among its words. The files themselves are read
//! by whoever knows the machine ([`World::declared`]).

use super::evidence::{Pool, Setting};
use super::forms::Form;
use super::sources::Scene;
use super::words::Typed;
use super::{Declared, World};
use std::sync::Arc;

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the directory.
    Here,
    /// In the directory, or in the nearest above that has it.
    Above,
    /// In the home directory.
    Home,
}

/// Programs that take what some files declare.
struct Taker {
    programs: &'static [&'static str],
    /// Words that must come first, flags aside: one of each list.
    after: &'static [&'static [&'static str]],
    /// Names; of those with the same place only the first that is there counts.
    files: &'static [(Place, &'static [&'static str], Form)],
    /// True where it takes several.
    several: bool,
    /// What is typed behind a name.
    end: &'static str,
    /// True where it takes little else: what is not declared is not offered.
    only: bool,
    /// How likely the only name is before a letter of it is typed; nothing where the ranker tells.
    sole: f32,
}

const SCRIPTS: &[(Place, &[&str], Form)] = &[(Place::Above, &["package.json"], Form::Json("scripts"))];
const SERVICES: &[(Place, &[&str], Form)] = &[(
    Place::Here,
    &["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"],
    Form::Yaml("services"),
)];
const OF_SERVICES: &[&str] = &[
    "build", "create", "exec", "kill", "logs", "port", "ps", "pull", "push", "restart", "rm", "run", "start",
    "stop", "up",
];
const HOSTS: &[(Place, &[&str], Form)] = &[
    (Place::Home, &[".ssh/config"], Form::SshConfig),
    (Place::Home, &[".ssh/known_hosts"], Form::KnownHosts),
];

/// Who takes what. A row is for files that a person writes or keeps for this program, small enough to be read often.
const TAKERS: &[Taker] = &[
    Taker {
        programs: &["make", "gmake"],
        after: &[],
        files: &[(Place::Here, &["GNUmakefile", "makefile", "Makefile"], Form::Make)],
        several: true,
        end: "",
        only: true,
        sole: 0.6,
    },
    Taker {
        programs: &["just"],
        after: &[],
        files: &[(Place::Above, &["justfile", "Justfile", ".justfile"], Form::Just)],
        several: false,
        end: "",
        only: true,
        sole: 0.6,
    },
    Taker {
        programs: &["bun", "npm", "pnpm", "turbo", "yarn"],
        after: &[&["run", "run-script"]],
        files: SCRIPTS,
        several: false,
        end: "",
        only: true,
        sole: 0.6,
    },
    Taker {
        programs: &["pnpm", "yarn"],
        after: &[],
        files: SCRIPTS,
        several: false,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["deno"],
        after: &[&["task"]],
        files: &[(Place::Above, &["deno.json", "deno.jsonc"], Form::Json("tasks"))],
        several: false,
        end: "",
        only: true,
        sole: 0.6,
    },
    Taker {
        programs: &["composer"],
        after: &[&["run", "run-script"]],
        files: &[(Place::Above, &["composer.json"], Form::Json("scripts"))],
        several: false,
        end: "",
        only: true,
        sole: 0.6,
    },
    Taker {
        programs: &["go-task", "task"],
        after: &[],
        files: &[(
            Place::Above,
            &["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml"],
            Form::Yaml("tasks"),
        )],
        several: true,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["cargo"],
        after: &[],
        files: &[
            (Place::Above, &[".cargo/config.toml"], Form::Tables(&["alias"])),
            (Place::Home, &[".cargo/config.toml"], Form::Tables(&["alias"])),
        ],
        several: false,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["git"],
        after: &[],
        files: &[
            (Place::Home, &[".gitconfig"], Form::Tables(&["alias"])),
            (Place::Home, &[".config/git/config"], Form::Tables(&["alias"])),
        ],
        several: false,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["pdm", "poetry", "uv"],
        after: &[&["run"]],
        files: &[(
            Place::Above,
            &["pyproject.toml"],
            Form::Tables(&["project.scripts", "tool.pdm.scripts", "tool.poetry.scripts"]),
        )],
        several: false,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["docker", "podman"],
        after: &[&["compose"], OF_SERVICES],
        files: SERVICES,
        several: true,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["docker-compose", "podman-compose"],
        after: &[OF_SERVICES],
        files: SERVICES,
        several: true,
        end: "",
        only: false,
        sole: 0.0,
    },
    Taker {
        programs: &["mosh", "sftp", "ssh", "ssh-copy-id"],
        after: &[],
        files: HOSTS,
        several: false,
        end: "",
        only: false,
        sole: 0.5,
    },
    Taker {
        programs: &["rsync", "scp"],
        after: &[],
        files: HOSTS,
        several: true,
        end: ":",
        only: false,
        sole: 0.0,
    },
];

/// A program that takes one of few words behind a flag, or as its first.
struct Chooser {
    programs: &'static [&'static str],
    /// The word that must stand right before; the program itself where there is none.
    flags: &'static [&'static str],
    from: &'static [From],
    /// How likely the only one is.
    share: f32,
}

/// Where its words are from.
enum From {
    /// A file of this name, in the directory or the nearest above that has it, declares them.
    File(&'static str, Form),
    /// The same, where there is also this file beside it.
    With(&'static str, Form, &'static str),
    /// Files with this ending in a folder beside such a file, without the ending.
    Beside(&'static str, &'static str, &'static str),
    /// They are known, the usual ones first.
    Known(&'static [&'static str]),
}

const CARGO: &str = "Cargo.toml";

/// Who chooses from what. What is run from `node_modules` is what the package asked for, as a rule.
const CHOOSERS: &[Chooser] = &[
    Chooser {
        programs: &["cargo"],
        flags: &["--bin"],
        from: &[
            From::With(CARGO, Form::Names("package"), "src/main.rs"),
            From::File(CARGO, Form::Names("bin")),
            From::Beside(CARGO, "src/bin", ".rs"),
        ],
        share: 0.9,
    },
    Chooser {
        programs: &["cargo"],
        flags: &["--example"],
        from: &[From::File(CARGO, Form::Names("example")), From::Beside(CARGO, "examples", ".rs")],
        share: 0.9,
    },
    Chooser {
        programs: &["cargo"],
        flags: &["--test"],
        from: &[From::File(CARGO, Form::Names("test")), From::Beside(CARGO, "tests", ".rs")],
        share: 0.9,
    },
    Chooser {
        programs: &["cargo"],
        flags: &["--bench"],
        from: &[From::File(CARGO, Form::Names("bench")), From::Beside(CARGO, "benches", ".rs")],
        share: 0.9,
    },
    Chooser {
        programs: &["bunx", "npx"],
        flags: &[],
        from: &[From::Beside("package.json", "node_modules/.bin", "")],
        share: 0.6,
    },
    Chooser {
        programs: &["pypy3", "python", "python3"],
        flags: &["-m"],
        from: &[From::Known(&[
            "http.server",
            "venv",
            "pip",
            "pytest",
            "json.tool",
            "unittest",
            "timeit",
            "cProfile",
            "pdb",
            "black",
            "build",
            "compileall",
            "doctest",
            "ensurepip",
            "flake8",
            "ipykernel",
            "mypy",
            "pipx",
            "site",
            "tarfile",
            "trace",
            "uvicorn",
            "zipfile",
        ])],
        share: 0.0,
    },
];

/// How much a declared name counts, beside how often documentation has a word there: seldom enough that what a person
/// types decides, often enough to be offered where nobody typed anything yet.
const MUCH: f32 = 8.0;
/// Files of a folder that are chosen from at most.
const MOST_BESIDE: usize = 200;
/// Directories above that are looked into.
const HIGHEST: usize = 12;

/// What must be declared to be offered; where nothing is declared, or nothing was read yet, what the user typed before is
/// offered all the same.
pub(super) struct Only {
    all: Vec<Arc<Declared>>,
    several: bool,
}

/// Adds what is declared for the program under the cursor, `words` being it and what follows. Where the program takes
/// little else, [`Only`] tells what may be left.
pub(super) fn declared(
    scene: &Scene<'_>,
    typed: &Typed<'_>,
    words: &[&str],
    pool: &mut Pool,
) -> Option<Only> {
    let (program, rest) = words.split_first()?;
    let current = typed.current;
    if typed.quote.is_some()
        || current.starts_with('-')
        || rest.last().is_some_and(|word| word.contains(['<', '>']))
    {
        return None;
    }
    choices(scene, typed, words, pool);
    let mut only = None;
    let operands: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with('-')).collect();
    for taker in TAKERS.iter().filter(|taker| taker.programs.contains(program)) {
        let begins = taker.after.len() <= operands.len()
            && taker.after.iter().zip(&operands).all(|(some, word)| some.contains(word));
        let before = operands.get(taker.after.len()..).unwrap_or_default();
        if !begins || (!before.is_empty() && !taker.several) {
            continue;
        }
        let (all, is_known) = all_of(scene, taker);
        let names = all.iter().flat_map(|declared| &declared.names);
        let fitting = names.filter(|name| !before.contains(&name.as_str()));
        let rests: Vec<String> =
            fitting.filter_map(|name| name.strip_prefix(current)).map(str::to_owned).collect();
        offer(&rests, taker.end, pool);
        if current.is_empty() && before.is_empty() && taker.sole > 0.0 {
            pool.are_few(&rests, taker.sole);
        }
        if taker.only && is_known {
            only = Some(Only { all, several: taker.several });
        }
    }
    only
}

/// The same for what comes behind these words, before a blank is typed: nothing is added, but what may follow is known,
/// and what the files declare is there when the blank comes.
pub(super) fn behind(scene: &Scene<'_>, words: &[&str]) -> Option<Only> {
    let (program, rest) = words.split_first()?;
    let begins = |taker: &&Taker| {
        let words = taker.after.iter().zip(rest);
        taker.programs.contains(program)
            && taker.after.len() == rest.len()
            && words.into_iter().all(|(some, word)| some.contains(word))
    };
    let mut only = None;
    for taker in TAKERS.iter().filter(|taker| taker.programs.contains(program)) {
        let found = taker
            .files
            .iter()
            .filter_map(|(place, names, form)| scene.world.declared(*form, &find(scene, *place, names)?));
        let all: Vec<Arc<Declared>> = found.collect();
        if taker.only && all.iter().all(|declared| declared.complete) && begins(&taker) {
            only = Some(Only { all, several: taker.several });
        }
    }
    only
}

/// What the files of a taker declare, and whether that is all: a file that is there and was not read may declare anything.
fn all_of(scene: &Scene<'_>, taker: &Taker) -> (Vec<Arc<Declared>>, bool) {
    let mut is_known = true;
    let mut all = Vec::new();
    for (place, names, form) in taker.files {
        let Some(path) = find(scene, *place, names) else { continue };
        let declared = scene.world.declared(*form, &path);
        is_known &= declared.as_ref().is_some_and(|declared| declared.complete);
        all.extend(declared);
    }
    (all, is_known)
}

/// Adds what a program chooses from behind a flag.
fn choices(scene: &Scene<'_>, typed: &Typed<'_>, words: &[&str], pool: &mut Pool) {
    let [program, rest @ ..] = words else { return };
    let last = rest.last();
    let fits = |chooser: &&Chooser| {
        chooser.programs.contains(program)
            && match last {
                Some(word) => chooser.flags.contains(word),
                None => chooser.flags.is_empty(),
            }
    };
    let Some(chooser) = CHOOSERS.iter().find(fits) else { return };
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    for from in chooser.from {
        match from {
            From::Known(words) => words.iter().for_each(|word| add(word)),
            From::File(name, form) | From::With(name, form, _) => {
                let Some(path) = find(scene, Place::Above, &[name]) else { continue };
                let root = path.strip_suffix(name).unwrap_or("/").trim_end_matches('/');
                if matches!(from, From::With(_, _, other) if !is_there(scene.world, root, other)) {
                    continue;
                }
                let declared = scene.world.declared(*form, &path);
                declared.iter().flat_map(|declared| &declared.names).for_each(|name| add(name));
            }
            From::Beside(name, folder, ending) => {
                let Some(path) = find(scene, Place::Above, &[name]) else { continue };
                let root = path.strip_suffix(name).unwrap_or("/");
                let entries = scene.world.entries(&format!("{root}{folder}"));
                let plain = |name: &&str| {
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
                };
                let files = entries.iter().flat_map(|entries| entries.iter()).filter(|entry| !entry.is_dir);
                let stems = files.filter_map(|entry| entry.name.strip_suffix(ending)).filter(plain);
                stems.take(MOST_BESIDE).for_each(&mut add);
            }
        }
    }
    let rests: Vec<String> =
        names.iter().filter_map(|name| name.strip_prefix(typed.current)).map(str::to_owned).collect();
    offer(&rests, "", pool);
    if typed.current.is_empty() {
        pool.are_few(&rests, chooser.share);
    }
}

/// Adds rests of names, the first first.
fn offer(rests: &[String], end: &str, pool: &mut Pool) {
    for (rank, rest) in rests.iter().filter(|rest| !rest.is_empty()).take(40).enumerate() {
        if let Some(at) = pool.first_piece(false, &format!("{rest}{end}")) {
            pool.see(at, Setting::DocumentedNext, MUCH);
            if let Some(candidate) = pool.items.get_mut(at) {
                candidate.named.spec = 1.0;
                candidate.named.rank = rank as f32;
            }
        }
    }
}

/// Drops words that are not declared, unless one was run here and went well, or is of another kind. `behind`: what is
/// typed stands before them, and only a word of its own that follows counts.
pub(super) fn keep(only: &Only, current: &str, behind: bool, pool: &mut Pool) {
    pool.keep(|candidate| {
        let text = &candidate.text;
        // Another word follows what is typed already.
        let follows = !current.is_empty() && text.starts_with(char::is_whitespace);
        if text.is_empty() || (if behind { !follows } else { follows && !only.several }) {
            return true;
        }
        let word = if follows { text.trim_start().to_owned() } else { format!("{current}{text}") };
        let other =
            word.starts_with('-') || word.contains(['=', '.', '/', '$', '|', '&', ';', '>', '<', '%']);
        let here = candidate.much(Setting::LineDir) + candidate.much(Setting::ProgramDir) > 0.0;
        let own =
            only.all.is_empty() && candidate.much(Setting::Line) + candidate.much(Setting::Program) > 0.0;
        let went_well = candidate.failing < 0.9 * candidate.much(Setting::Line).max(1e-3);
        let is_declared = only.all.iter().any(|declared| declared.names.contains(&word));
        other || is_declared || own || (here && went_well)
    });
}

/// The path of the first of these files that is there.
fn find(scene: &Scene<'_>, place: Place, names: &[&str]) -> Option<String> {
    let context = scene.query.context;
    let start = match place {
        Place::Home => context.home.as_deref()?,
        _ => context.cwd.as_deref()?,
    };
    let mut dir = start.trim_end_matches('/');
    let above = if place == Place::Above { HIGHEST } else { 1 };
    for _ in 0..above {
        if let Some(name) = names.iter().find(|name| is_there(scene.world, dir, name)) {
            return Some(format!("{dir}/{name}"));
        }
        dir = dir.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())?;
    }
    None
}

fn is_there(world: &dyn World, dir: &str, name: &str) -> bool {
    let path = format!("{dir}/{name}");
    let Some((dir, name)) = path.rsplit_once('/') else { return false };
    let entries = world.entries(dir);
    entries.is_some_and(|entries| entries.iter().any(|entry| entry.name == name && !entry.is_dir))
}
