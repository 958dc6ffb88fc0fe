//! The lines that are compared.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde_json::Value;

/// Every bash command of the documentation in `folder`, files of JSON lines packed with gzip, without repetitions.
///
/// # Errors
/// Where a file cannot be read or is no such file.
pub fn documentation(folder: &Path) -> Result<Vec<String>> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "gz"));
    files.sort();
    let mut lines = Vec::new();
    for path in files {
        let mut text = String::new();
        GzDecoder::new(File::open(&path)?)
            .read_to_string(&mut text)
            .with_context(|| format!("unpacking {}", path.display()))?;
        for row in text.lines() {
            let row: Value =
                serde_json::from_str(row).with_context(|| format!("a row of {}", path.display()))?;
            if row["shell"] == "bash" {
                lines.extend(row["cmd"].as_str().map(str::to_owned));
            }
        }
    }
    lines.sort();
    lines.dedup();
    Ok(lines)
}
