//! Where the table of many tools may lie. It is mapped, not read: a look-up touches a few pages of it.

use std::fs::File;
use std::path::{Path, PathBuf};

use cmdai_breadth::Table;

use super::locate::{Found, Tried};
use super::places::Places;
use crate::error::{Error, ErrorKind};

/// The table's file name.
pub const BREADTH_FILE: &str = "breadth.table";

/// The value of `CMDAI_BREADTH` that asks for none.
const NONE: &str = "none";

/// A table and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreadthTable {
    /// The file.
    pub path: PathBuf,
    /// What is in it.
    pub table: Table,
}

/// Looks for the table of many tools: `CMDAI_BREADTH`, beside the program, the source tree, the user's data folder.
///
/// `None` where there is none, which is no error: everything works without it.
///
/// # Errors
/// `Io` where a table was named and cannot be used, or one that was found is of another format or damaged.
pub fn find_breadth(places: &Places) -> Result<Option<Found<BreadthTable>>, Error> {
    if let Some(path) = &places.breadth {
        if path.as_os_str() == NONE {
            return Ok(None);
        }
        let table = open(path).map_err(|reason| unusable("CMDAI_BREADTH: ", path, &reason))?;
        let value = BreadthTable { path: path.clone(), table };
        return Ok(Some(Found { value, origin: "CMDAI_BREADTH", tried: Vec::new() }));
    }
    let mut folders = Vec::new();
    if let Some(folder) = places.exe_folder() {
        folders.push(("beside the program", folder.join("../lib/cmdai")));
        folders.push(("beside the program", folder.to_owned()));
    }
    if let Some(root) = places.source_tree() {
        folders.push(("source tree", root.join("vendor/breadth")));
    }
    if let Some(data) = &places.data {
        folders.push(("user data", data.join("lib")));
    }
    let mut tried = Vec::new();
    for (origin, folder) in folders {
        let path = folder.join(BREADTH_FILE);
        if path.is_file() {
            let table = open(&path).map_err(|reason| unusable("", &path, &reason))?;
            return Ok(Some(Found { value: BreadthTable { path, table }, origin, tried }));
        }
        tried.push(Tried { origin, path, reason: "does not exist".to_owned() });
    }
    Ok(None)
}

fn open(path: &Path) -> Result<Table, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    // SAFETY: a table is never written in place: whoever makes one writes it aside and renames it, so that the
    // bytes behind this mapping stay as they are. The reader takes any bytes for what they are in any case.
    let bytes = unsafe { memmap2::Mmap::map(&file) }.map_err(|error| error.to_string())?;
    Table::open(bytes).map_err(|error| error.to_string())
}

fn unusable(origin: &str, path: &Path, reason: &str) -> Error {
    let message = format!("{origin}the table of tools {} cannot be used: {reason}", path.display());
    Error::new(ErrorKind::Io, message)
        .with_hint("install cmdai again (in a checkout: `cargo xtask breadth`), or set CMDAI_BREADTH=none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cmdai_breadth::{Tool, compile};

    fn table(dir: &Path) -> PathBuf {
        let tool = Tool { names: vec!["pile".into()], ..Tool::default() };
        std::fs::create_dir_all(dir).unwrap();
        let path = dir.join(BREADTH_FILE);
        std::fs::write(&path, compile(&[tool], "tests 1")).unwrap();
        path
    }

    #[test]
    fn the_order_is_kept() {
        let root = tempfile::tempdir().unwrap();
        let mut places = Places {
            exe: Some(root.path().join("bin/cmdai")),
            data: Some(root.path().join("data")),
            ..Places::default()
        };
        assert!(find_breadth(&places).unwrap().is_none());
        table(&root.path().join("data/lib"));
        assert_eq!(find_breadth(&places).unwrap().unwrap().origin, "user data");
        std::fs::create_dir_all(root.path().join("bin")).unwrap();
        table(&root.path().join("lib/cmdai"));
        let found = find_breadth(&places).unwrap().unwrap();
        assert!(found.origin == "beside the program" && found.value.table.find("pile").is_some());
        places.breadth = Some("none".into());
        assert!(find_breadth(&places).unwrap().is_none());
        places.breadth = Some(root.path().join("gone"));
        let error = find_breadth(&places).unwrap_err();
        assert!(error.to_string().starts_with("CMDAI_BREADTH: the table of tools") && error.hint().is_some());
    }

    #[test]
    fn what_is_no_table_is_told() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("breadth.table");
        for bytes in ["", "no table", "cmdaitab\u{9}\0\0\0"] {
            std::fs::write(&path, bytes).unwrap();
            let places = Places { breadth: Some(path.clone()), ..Places::default() };
            assert!(find_breadth(&places).unwrap_err().to_string().contains("cannot be used"), "{bytes:?}");
        }
    }
}
