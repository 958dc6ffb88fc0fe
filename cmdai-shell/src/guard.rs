//! The policy that holds in a place: the files are found and read here, the library puts them together.
//!
//! A policy that is named and missing, cannot be read or is wrong is a failure with the place in the
//! file. Nothing here falls back to another one: a broken policy never means "allow".

use std::path::{Path, PathBuf};

use cmdai_core::models::Places;
use cmdai_core::policy::{File, Origin, Policy};
use cmdai_core::safety::{Layer, Profile, Report};
use cmdai_core::{Context, policy};

use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::settings::{self, Settings};
use crate::{env, once, surroundings};

/// Where a project keeps its policy.
const PROJECT_FILE: &str = ".cmdai/policy.toml";
/// A policy beyond this is no policy.
const MAX_POLICY_BYTES: u64 = 1 << 20;

/// Whose verdicts are asked for, and under which policy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// `--policy`.
    pub policy: Option<PathBuf>,
    /// `--profile`.
    pub profile: Option<Profile>,
    /// What holds where nobody says otherwise.
    pub default: Profile,
    /// True for a door that is always about this profile, such as an agent's hook.
    pub fixed: bool,
}

/// A file that may hold a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Whose it is.
    pub layer: Layer,
    /// Where it is.
    pub path: PathBuf,
    /// True where it must be there, because somebody named it.
    pub named: bool,
}

/// The policy that holds in the directory of `ctx`.
///
/// # Errors
/// A file cannot be read or is wrong.
pub(crate) fn policy(wish: &Wish, settings: &Settings, ctx: &Context) -> Result<Policy, Failure> {
    policy_of(wish, settings, ctx.cwd.as_deref().map(Path::new), None)
}

/// The same for a directory and, where that is another, the one that the session is in: who is bound by a project's policy
/// does not get rid of it by naming another directory.
///
/// # Errors
/// As [`policy()`].
pub(crate) fn policy_of(
    wish: &Wish,
    settings: &Settings,
    cwd: Option<&Path>,
    session: Option<&Path>,
) -> Result<Policy, Failure> {
    let mut policy = Policy::new(base_profile(wish, settings)?);
    let asked = wish.profile.or(env_profile()?);
    let mut all = sources(wish.policy.as_deref(), cwd);
    if let Some(session) = session {
        let more = sources(wish.policy.as_deref(), Some(session)).into_iter();
        let known: Vec<PathBuf> = all.iter().map(|source| source.path.clone()).collect();
        all.extend(more.filter(|source| !known.contains(&source.path)));
    }
    for source in all {
        if let Some(mut file) = read(&source, settings)? {
            // The user's file speaks for the user's own prompt; a project may still tighten.
            let own = source.layer != Layer::Project;
            if own && (wish.fixed || asked.is_some()) {
                file.profile = None;
            }
            policy.add(source.layer, file);
        }
    }
    // A project can make an agent's rules hold for everybody, but not the other way round.
    Ok(match wish.profile {
        Some(Profile::Agent) => policy.for_profile(Profile::Agent),
        _ => policy,
    })
}

fn base_profile(wish: &Wish, settings: &Settings) -> Result<Profile, Failure> {
    let configured = if wish.fixed { None } else { settings.config.profile };
    let asked = if wish.fixed { wish.profile } else { wish.profile.or(env_profile()?) };
    Ok(asked.or(configured).unwrap_or(wish.default))
}

fn env_profile() -> Result<Option<Profile>, Failure> {
    let Some(name) = env::text(env::PROFILE) else { return Ok(None) };
    name.parse().map(Some).map_err(|_| {
        Failure::new(Exit::Config, format!("read {}", env::PROFILE), format!("{name:?} is no profile"))
            .hint("write person or agent")
    })
}

/// The files that hold in a directory, in the order of the layers.
pub(crate) fn sources(named: Option<&Path>, cwd: Option<&Path>) -> Vec<Source> {
    let named = named.map(Path::to_owned).or_else(|| env::value(env::POLICY).map(PathBuf::from));
    let own = Places::from_env().config.map(|folder| folder.join("policy.toml"));
    let mut sources = Vec::new();
    match (named, own) {
        (Some(path), _) => sources.push(Source { layer: Layer::Named, path, named: true }),
        (None, Some(path)) => sources.push(Source { layer: Layer::User, path, named: false }),
        (None, None) => {}
    }
    // The user's own file can lie below a folder above us only by its own name; it is no project's.
    let project = cwd.and_then(|cwd| {
        cwd.ancestors().map(|folder| folder.join(PROJECT_FILE)).find(|path| {
            path.symlink_metadata().is_ok()
                || path.parent().is_some_and(|folder| folder.is_symlink() && !folder.exists())
        })
    });
    if let Some(path) = project.filter(|path| sources.iter().all(|source| source.path != *path)) {
        sources.push(Source { layer: Layer::Project, path, named: false });
    }
    sources
}

/// True where a link on the way to this path leads nowhere: somebody meant something to be there.
fn dangles(path: &Path) -> bool {
    path.ancestors().any(|part| part.is_symlink() && !part.exists())
}

/// Reads a policy file; `None` where there is none and none is needed.
///
/// # Errors
/// Exit code 6 with the place in the file.
pub(crate) fn read(source: &Source, settings: &Settings) -> Result<Option<File>, Failure> {
    let shown = source.path.display().to_string();
    let doing = format!("read the policy {shown}");
    let unreadable = |message: String| {
        Failure::new(Exit::Config, doing.clone(), message)
            .hint("nothing is allowed under a policy that cannot be read: make it readable, or remove it")
    };
    let bytes = match settings::read_bounded(&source.path, MAX_POLICY_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if settings::is_absent(&error) && !source.named => {
            return match dangles(&source.path) {
                true => Err(unreadable("it is a link to something that is not there".to_owned())),
                false => Ok(None),
            };
        }
        Err(error) => return Err(unreadable(io_message(&error))),
    };
    if bytes.len() as u64 > MAX_POLICY_BYTES {
        return Err(unreadable("it is larger than 1 MiB".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        unreadable(format!("it is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
    })?;
    let home = surroundings::home().and_then(|home| home.into_os_string().into_string().ok());
    let mut origin = Origin::new(shown).with_home(home);
    // `.cmdai/policy.toml` speaks about the folder that `.cmdai` is in.
    let full = std::path::absolute(&source.path).unwrap_or_else(|_| source.path.clone());
    let root = full.parent().filter(|folder| folder.ends_with(".cmdai")).and_then(Path::parent);
    if let Some(root) = root.and_then(Path::to_str) {
        origin = origin.with_root(root);
    }
    File::parse(&text, &origin).map(Some).map_err(|fault| {
        let place = format!("{doing}:{}:{}", fault.line, fault.column);
        let failure = Failure::new(Exit::Config, place, fault.message.clone());
        failure.detail(settings::show_fault(&text, &fault, settings.err)).hint(fault.hint.unwrap_or_default())
    })
}

/// Says what of the files is ignored.
pub(crate) fn note_ignored(policy: &Policy, settings: &Settings) {
    for policy::Note { source, message, .. } in &policy.notes {
        settings.note(&format!("{source}: {message}"));
    }
}

/// Judges a line under a policy. Where a person let this very line through once, it is used up by this.
pub(crate) fn judge(policy: &Policy, line: &str, ctx: &Context) -> Report {
    let mut report = policy.check(line, ctx);
    once::apply(&mut report, line, ctx);
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_project_is_found_from_below() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::create_dir_all(folder.path().join("a/.cmdai")).unwrap();
        std::fs::write(folder.path().join("a/.cmdai/policy.toml"), "").unwrap();
        let found = sources(Some(Path::new("/x/p.toml")), Some(&deep));
        assert_eq!(found[0], Source { layer: Layer::Named, path: "/x/p.toml".into(), named: true });
        assert_eq!(found[1].path, folder.path().join("a/.cmdai/policy.toml"));
        assert_eq!(sources(Some(Path::new("/x/p.toml")), Some(folder.path())).len(), 1);
    }
}
