//! Whether a model's files are those that its manifest names.
//!
//! Reading 86 MB to sum it costs 60 to 300 ms, a quarter of a cold start, so it is done once: a stamp in
//! the cache records the size, time and inode of each file that was summed. Every later start compares
//! only those. Where no stamp can be kept the files are summed at each start: slower, never unchecked.

use std::fmt::Write as _;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest as _, Sha256};

use super::manifest::{self, FileEntry, Manifest};
use crate::error::{Error, ErrorKind};

/// The first line of a stamp. The number rises when the lines below it change their meaning.
const STAMP_FORM: &str = "cmdai verified 1";

/// A folder whose manifest was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    folder: PathBuf,
    manifest: Manifest,
}

/// A model whose files were found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedModel {
    model: Model,
    digest: String,
}

impl Model {
    /// Reads the manifest of a folder.
    ///
    /// # Errors
    /// `ModelNotFound` where there is no manifest; `ModelCorrupt` where it cannot be used.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(manifest::FILE_NAME);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Error::new(
                ErrorKind::ModelNotFound,
                format!("no model in {}: it has no manifest.toml", folder.display()),
            )
            .with_hint("name a folder that holds manifest.toml, model.onnx and tokenizer.json"),
            io::ErrorKind::InvalidData => corrupt(&path, "is not text"),
            _ => Error::new(ErrorKind::ModelNotFound, format!("cannot read {}: {error}", path.display())),
        })?;
        let manifest = Manifest::parse(&text).map_err(|problem| corrupt(&path, &problem))?;
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Sums every file and compares it with the manifest.
    ///
    /// # Errors
    /// `ModelCorrupt` that names the first file that is missing, too short or different.
    pub fn verify(self) -> Result<VerifiedModel, Error> {
        self.stamp()?;
        self.sum()
    }

    /// As [`Model::verify`], but sums only what no stamp in `cache` vouches for. A cache that cannot be
    /// written is no error.
    ///
    /// # Errors
    /// As [`Model::verify`].
    pub fn verify_once(self, cache: Option<&Path>) -> Result<VerifiedModel, Error> {
        let stamp = self.stamp()?;
        let path = cache.map(|cache| cache.join("verified").join(self.stamp_name()));
        if let Some(path) = &path
            && fs::read_to_string(path).is_ok_and(|known| known == stamp)
        {
            return Ok(VerifiedModel { digest: self.digest(), model: self });
        }
        let verified = self.sum()?;
        if let Some(path) = &path {
            // Without the stamp the next start sums again; nothing is lost.
            let _ = write_aside(path, stamp.as_bytes());
        }
        Ok(verified)
    }

    /// Every file with what the file system says of it; files of a wrong size are found here.
    fn stamp(&self) -> Result<String, Error> {
        let mut stamp = format!("{STAMP_FORM}\n{}\n", self.folder.display());
        for file in &self.manifest.files {
            let path = self.folder.join(&file.path);
            let metadata = fs::metadata(&path).map_err(|error| corrupt(&path, &missing(&error)))?;
            if metadata.len() != file.bytes {
                return Err(corrupt(
                    &path,
                    &format!("has {} bytes instead of {}", metadata.len(), file.bytes),
                ));
            }
            let (time, inode) = identity(&metadata);
            let _ = writeln!(stamp, "{} {} {time} {inode} {}", file.sha256, file.bytes, file.path);
        }
        Ok(stamp)
    }

    /// One stamp for each folder, however it is spelled in different sessions.
    fn stamp_name(&self) -> String {
        let folder = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        sha256_hex(folder.as_os_str().as_encoded_bytes())[..16].to_owned()
    }

    fn sum(self) -> Result<VerifiedModel, Error> {
        for file in &self.manifest.files {
            let path = self.folder.join(&file.path);
            let sum = sum_of(&path).map_err(|error| corrupt(&path, &missing(&error)))?;
            if sum != file.sha256 {
                return Err(corrupt(&path, &format!("has sha256 {sum} instead of {}", file.sha256)));
            }
        }
        Ok(VerifiedModel { digest: self.digest(), model: self })
    }

    fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for FileEntry { path, sha256, .. } in &self.manifest.files {
            digest.update(format!("{path} {sha256}\n"));
        }
        hex(&digest.finalize())
    }
}

impl VerifiedModel {
    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.model.folder
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.model.manifest
    }

    /// The graph; its weights lie beside it.
    pub fn graph(&self) -> PathBuf {
        self.folder().join(manifest::GRAPH)
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> PathBuf {
        self.folder().join(manifest::TOKENIZER)
    }

    /// A sum over the sums of all files: two models with the same digest are the same model.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// Writes a file so that readers see all of it or none: aside, then renamed.
fn write_aside(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = fs::write(&aside, content).and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

/// Bytes as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The sha256 of bytes, in hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            read => digest.update(&buffer[..read]),
        }
    }
}

/// What a file system tells of a file beside its size: when it was last written, and which one it is.
pub(crate) fn identity(metadata: &Metadata) -> (u128, u64) {
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(metadata);
    #[cfg(not(unix))]
    let inode = 0;
    (time.map_or(0, |time| time.as_nanos()), inode)
}

fn missing(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "is missing".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

fn corrupt(path: &Path, problem: &str) -> Error {
    Error::new(ErrorKind::ModelCorrupt, format!("model file {} {problem}", path.display()))
        .with_hint("install the model again; `cmdai doctor` checks every file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::manifest::tests::sample;

    const BODY: &[u8] = b"abc";
    const SUM: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn model() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("manifest.toml"), sample(3, SUM)).unwrap();
        fs::write(folder.path().join("model.onnx"), BODY).unwrap();
        fs::write(folder.path().join("tokenizer.json"), BODY).unwrap();
        folder
    }

    /// The model after a change, and a part of what must be said about it.
    fn check(change: impl FnOnce(&Path), kind: ErrorKind, expect: &str) {
        let folder = model();
        change(folder.path());
        let error = Model::open(folder.path()).and_then(Model::verify).unwrap_err();
        assert!(error.kind() == kind && error.to_string().contains(expect), "{:?}: {error}", error.kind());
    }

    #[test]
    fn a_whole_model_is_verified() {
        let folder = model();
        let verified = Model::open(folder.path()).unwrap().verify().unwrap();
        assert_eq!(verified.digest().len(), 64);
        assert_eq!(verified.graph(), folder.path().join("model.onnx"));
    }

    #[test]
    fn what_is_broken_is_named() {
        use ErrorKind::{ModelCorrupt, ModelNotFound};
        check(|at| fs::remove_file(at.join("manifest.toml")).unwrap(), ModelNotFound, "no manifest.toml");
        check(|at| fs::write(at.join("manifest.toml"), [0xff]).unwrap(), ModelCorrupt, "is not text");
        check(|at| fs::write(at.join("manifest.toml"), "name = 3").unwrap(), ModelCorrupt, "manifest.toml");
        check(|at| fs::remove_file(at.join("model.onnx")).unwrap(), ModelCorrupt, "model.onnx is missing");
        check(|at| fs::write(at.join("model.onnx"), "ab").unwrap(), ModelCorrupt, "has 2 bytes instead of 3");
        check(|at| fs::write(at.join("tokenizer.json"), "abd").unwrap(), ModelCorrupt, "instead of ba78");
        check(
            |at| {
                fs::remove_file(at.join("model.onnx")).unwrap();
                fs::create_dir(at.join("model.onnx")).unwrap();
            },
            ModelCorrupt,
            "model.onnx",
        );
    }

    #[test]
    fn a_stamp_saves_the_summing_until_a_file_changes() {
        let (folder, cache) = (model(), tempfile::tempdir().unwrap());
        let open = || Model::open(folder.path()).unwrap();
        open().verify_once(Some(cache.path())).unwrap();
        let stamps: Vec<_> = fs::read_dir(cache.path().join("verified")).unwrap().collect();
        assert_eq!(stamps.len(), 1);

        // The same bytes count, other content, and the old time: only summing tells. The stamp vouches for it.
        let path = folder.path().join("model.onnx");
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        io::Write::write_all(&mut &file, b"abd").unwrap();
        file.set_modified(time).unwrap();
        open().verify_once(Some(cache.path())).unwrap();
        assert!(open().verify().is_err(), "summing must tell");

        // Another time: the stamp no longer vouches for it.
        file.set_modified(time + std::time::Duration::from_secs(1)).unwrap();
        assert!(open().verify_once(Some(cache.path())).is_err());
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_no_error() {
        let folder = model();
        let not_a_folder = folder.path().join("model.onnx");
        let open = || Model::open(folder.path()).unwrap();
        open().verify_once(Some(&not_a_folder)).unwrap();
        open().verify_once(None).unwrap();
    }

    #[test]
    fn a_damaged_stamp_is_ignored() {
        let (folder, cache) = (model(), tempfile::tempdir().unwrap());
        let model = Model::open(folder.path()).unwrap();
        let stamp = cache.path().join("verified").join(model.stamp_name());
        write_aside(&stamp, b"\xff\xfe").unwrap();
        model.verify_once(Some(cache.path())).unwrap();
        assert!(fs::read_to_string(&stamp).unwrap().starts_with(STAMP_FORM));
    }
}
