//! Where a model may lie, in the order in which it is looked for.

use std::path::{Path, PathBuf};

use super::places::Places;
use super::verify::Model;
use crate::error::{Error, ErrorKind};

/// The model that comes with cmdai.
pub const DEFAULT_MODEL: &str = "smollm2-135m-cmdai";

/// A place that was looked at and why it was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What led there: `CMDAI_MODEL`, `beside the program`.
    pub origin: &'static str,
    /// The path, or what there is of it.
    pub path: PathBuf,
    /// Why it was not taken.
    pub reason: String,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// The thing itself.
    pub value: T,
    /// What led to it.
    pub origin: &'static str,
    /// The places that come before it in the order and had nothing.
    pub tried: Vec<Tried>,
}

/// Looks for a model: `configured` (from the configuration file), `CMDAI_MODEL`, beside the program, the
/// source tree, the user's data folder. `name` is the folder's name in the last three.
///
/// A model that somebody named must be usable; the search does not go on behind their back.
///
/// # Errors
/// `ModelNotFound` with every place that was looked at; `ModelCorrupt` where a manifest cannot be used.
pub fn find_model(places: &Places, configured: Option<&Path>, name: &str) -> Result<Found<Model>, Error> {
    for (origin, named) in [("`model.path`", configured), ("CMDAI_MODEL", places.model.as_deref())] {
        if let Some(folder) = named {
            let value = Model::open(folder).map_err(|error| error.at(origin))?;
            return Ok(Found { value, origin, tried: Vec::new() });
        }
    }
    let installed = places.exe_folder().map(|folder| folder.join("../share/cmdai/models"));
    let folders = [
        ("beside the program", installed),
        ("source tree", places.source_tree().map(|root| root.join("models"))),
        ("user data", places.data.as_deref().map(|data| data.join("models"))),
    ];
    let mut tried = Vec::new();
    for (origin, models) in folders {
        let Some(folder) = models.map(|models| models.join(name)) else { continue };
        if folder.join(super::manifest::FILE_NAME).is_file() {
            return Ok(Found { value: Model::open(&folder)?, origin, tried });
        }
        let reason = if folder.is_dir() { "has no manifest.toml" } else { "does not exist" };
        tried.push(Tried { origin, path: folder, reason: reason.to_owned() });
    }
    let message = format!("no model {name:?} found: {}", list(&tried));
    Err(Error::new(ErrorKind::ModelNotFound, message)
        .with_hint("set CMDAI_MODEL or `model.path` in the configuration to a model folder"))
}

/// The tried places as one line.
pub(crate) fn list(tried: &[Tried]) -> String {
    let one = |tried: &Tried| format!("{} {} ({})", tried.path.display(), tried.reason, tried.origin);
    let all: Vec<_> = tried.iter().map(one).collect();
    if all.is_empty() { "there is no place to look".to_owned() } else { all.join("; ") }
}

impl Error {
    /// The same with what led there in front of the message.
    fn at(self, origin: &str) -> Self {
        let mut error = Self::new(self.kind(), format!("{origin}: {self}"));
        if let Some(hint) = self.hint() {
            error = error.with_hint(hint);
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::manifest::tests::sample;

    /// A tree in which the named folders hold a model.
    fn tree(folders: &[&str]) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for folder in folders {
            let folder = tree.path().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("manifest.toml"), sample(3, &"a".repeat(64))).unwrap();
        }
        tree
    }

    fn places(root: &Path) -> Places {
        let at = |path: &str| Some(root.join(path));
        Places { exe: at("opt/bin/cmdai"), home: at("home"), data: at("data"), ..Places::default() }
    }

    #[test]
    fn the_order_is_kept() {
        let installed = "opt/bin/../share/cmdai/models/tiny";
        let all =
            tree(&["opt/bin", "opt/share/cmdai/models/tiny", "data/models/tiny", "named", "configured"]);
        let root = all.path();
        let check = |change: &dyn Fn(&mut Places), configured: Option<&str>, expect: &str, origin: &str| {
            let mut places = places(root);
            change(&mut places);
            let configured = configured.map(|path| root.join(path));
            let found = find_model(&places, configured.as_deref(), "tiny").unwrap();
            assert_eq!((found.value.folder(), found.origin), (root.join(expect).as_path(), origin));
        };
        check(&|p| p.model = Some(root.join("named")), Some("configured"), "configured", "`model.path`");
        check(&|p| p.model = Some(root.join("named")), None, "named", "CMDAI_MODEL");
        check(&|_| (), None, installed, "beside the program");
        check(&|p| p.exe = None, None, "data/models/tiny", "user data");
    }

    #[test]
    fn the_source_tree_comes_before_the_users_data() {
        let all = tree(&["models/tiny", "data/models/tiny"]);
        let root = all.path();
        std::fs::create_dir_all(root.join("cmdai-core")).unwrap();
        std::fs::write(root.join("cmdai-core/Cargo.toml"), "").unwrap();
        let places = Places { exe: Some(root.join("target/debug/cmdai")), ..places(root) };
        let found = find_model(&places, None, "tiny").unwrap();
        assert_eq!((found.value.folder(), found.origin), (root.join("models/tiny").as_path(), "source tree"));
        assert_eq!(found.tried.len(), 1);
    }

    #[test]
    fn a_named_model_is_used_or_reported_never_replaced() {
        let all = tree(&["data/models/tiny"]);
        let root = all.path();
        let places = Places { model: Some(root.join("gone")), ..places(root) };
        let error = find_model(&places, None, "tiny").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ModelNotFound);
        assert!(error.to_string().starts_with("CMDAI_MODEL: "), "{error}");
    }

    #[test]
    fn every_place_is_named_when_nothing_is_found() {
        let empty = tempfile::tempdir().unwrap();
        let places = places(empty.path());
        std::fs::create_dir_all(empty.path().join("data/models/tiny")).unwrap();
        let message = find_model(&places, None, "tiny").unwrap_err().to_string();
        assert!(message.contains("share/cmdai/models/tiny does not exist (beside the program)"), "{message}");
        assert!(message.contains("data/models/tiny has no manifest.toml (user data)"), "{message}");
        let nowhere = find_model(&Places::default(), None, "tiny").unwrap_err();
        assert!(nowhere.to_string().contains("no place to look"), "{nowhere}");
    }
}
