//! `cargo xtask breadth`: the table of many tools, from the npm package @withfig/autocomplete.
//!
//! The package (MIT) describes some 700 tools as ES modules. It is fetched by name with npm, so that a
//! mirror or proxy that npm is configured for works here too, compared with a pinned sum, read by
//! `xtask/breadth/convert.mjs` in Node without touching anything else, and written as one file. It is
//! never committed. Without npm, Node or the network cmdai works with its own specs alone, so whoever
//! needs the table only along the way calls [`ensure`], which says what is missing and goes on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use cmdai_breadth::{FORMAT, Kind, Table, Tool, ToolFlag, ToolValue, compile};
use serde_json::Value;
use sha2::{Digest, Sha512};

use crate::process::{output, succeeds};
use crate::{Options, Taken, runtime, tree};

const PACKAGE: &str = "@withfig/autocomplete";
const VERSION: &str = "2.692.3";
/// The sum of the package in the form of npm's `dist.integrity`.
const INTEGRITY: &str =
    "sha512-zxN7K8W+qWGc2ejWksd92xwAyCZ0faHvnk3c7jUoWkkk5e5iQf3/4mOLheFvYLoUWR5a36571VJ1DdyxmAWJZA==";
/// The table's file name.
pub(crate) const FILE: &str = "breadth.table";
/// What must travel with it.
pub(crate) const LICENCE: &str = "LICENSE";
/// What the table was made from; another text makes it anew.
const STAMP: &str = "made-from.txt";

pub(crate) fn task(args: &[String]) -> Result<()> {
    let (mut package, mut into) = (None, None);
    Options::new("breadth", args).each(|arg, value| {
        match arg {
            "--package" => package = value.map(PathBuf::from),
            "--into" => into = value.map(PathBuf::from),
            _ => return Taken::Unknown,
        }
        Taken::Value
    })?;
    provide(&into.unwrap_or_else(vendor_dir), package.as_deref())
}

/// Makes the table where it can be made; says in a line why not, where not.
pub(crate) fn ensure() {
    if let Err(error) = provide(&vendor_dir(), None) {
        eprintln!(
            "no table of more tools: {error:#}; cmdai works with its own specs, `cargo xtask breadth` tries again"
        );
    }
}

/// The table of this checkout, where it was made.
pub(crate) fn made() -> Option<PathBuf> {
    Some(vendor_dir().join(FILE)).filter(|file| file.is_file() && file.with_file_name(LICENCE).is_file())
}

fn vendor_dir() -> PathBuf {
    tree::root().join("vendor/breadth")
}

fn script() -> PathBuf {
    tree::root().join("xtask/breadth/convert.mjs")
}

fn stamp() -> Result<String> {
    Ok(format!(
        "{PACKAGE} {VERSION} {INTEGRITY}\nformat {FORMAT}, convert.mjs {}\n",
        tree::sha256(&script())?
    ))
}

/// Makes `dir` hold the table and its licence.
fn provide(dir: &Path, package: Option<&Path>) -> Result<()> {
    let stamp = stamp()?;
    if is_whole(dir, &stamp) {
        eprintln!("the table of more tools is in {}", dir.display());
        return Ok(());
    }
    let parent = dir.parent().unwrap_or(Path::new("."));
    tree::make_dir(parent)?;
    let _lock = runtime::lock(parent, "makes the table of more tools")?;
    if is_whole(dir, &stamp) {
        return Ok(());
    }
    let node = node()?;
    let own = match package {
        Some(_) => None,
        None => Some(fetch()?),
    };
    let package = package.or(own.as_deref()).context("no package")?;
    expect_integrity(package)?;

    let aside = parent.join(format!(".{}.aside", dir.file_name().unwrap_or_default().to_string_lossy()));
    let filled = fill(&node, package, &stamp, &aside);
    if filled.is_err() {
        let _ = tree::remove(&aside);
    }
    let told = filled?;
    tree::remove(dir)?;
    fs::rename(&aside, dir)
        .with_context(|| format!("cannot rename {} to {}", aside.display(), dir.display()))?;
    if let Some(package) = own {
        tree::remove(&package)?;
    }
    eprintln!("{told}, now in {}", dir.display());
    Ok(())
}

/// Converts the package into a new folder, and says what came of it.
fn fill(node: &Path, package: &Path, stamp: &str, dir: &Path) -> Result<String> {
    tree::remove(dir)?;
    tree::make_dir(dir)?;
    let converted = convert(node, package)?;
    if converted.version != VERSION {
        bail!("{} is version {:?} of {PACKAGE}, not {VERSION}", package.display(), converted.version);
    }
    let bytes = compile(&converted.tools, &format!("{PACKAGE} {VERSION}"));
    let told = format!("table of {} more tools, {:.1} MB", converted.tools.len(), bytes.len() as f64 / 1e6);
    for (name, bytes) in
        [(FILE, bytes.as_slice()), (LICENCE, converted.licence.as_bytes()), (STAMP, stamp.as_bytes())]
    {
        let file = dir.join(name);
        let written = fs::write(&file, bytes).and_then(|()| File::open(&file)?.sync_all());
        written.with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(told)
}

fn is_whole(dir: &Path, stamp: &str) -> bool {
    let is_table = || {
        fs::read(dir.join(FILE))
            .is_ok_and(|bytes| Table::open(bytes).is_ok_and(|table| table.verify().is_ok()))
    };
    dir.join(LICENCE).is_file()
        && fs::read_to_string(dir.join(STAMP)).is_ok_and(|made| made == stamp)
        && is_table()
}

/// Node 20 or later.
fn node() -> Result<PathBuf> {
    let node = std::env::var_os("NODE").map_or_else(|| PathBuf::from("node"), PathBuf::from);
    let test = "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)";
    if !succeeds(Command::new(&node).args(["-e", test])) {
        bail!("Node 20 or later is needed; install nodejs or set NODE to it");
    }
    Ok(node)
}

/// Downloads the package.
fn fetch() -> Result<PathBuf> {
    let dir = tree::scratch("npm")?;
    let package = dir.join(format!("withfig-autocomplete-{VERSION}.tgz"));
    if package.is_file() && expect_integrity(&package).is_ok() {
        return Ok(package);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if !succeeds(Command::new(npm).arg("--version")) {
        bail!("npm is needed to fetch {PACKAGE}; install it, or run `cargo xtask breadth --package FILE`");
    }
    eprintln!("fetching {PACKAGE} {VERSION} with npm (about 8 MB)");
    let mut pack = Command::new(npm);
    pack.arg("pack").arg(format!("{PACKAGE}@{VERSION}")).arg("--pack-destination").arg(&dir);
    // Offline is known after two tries; npm's own patience is a minute and a half.
    pack.args(["--ignore-scripts", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]);
    let done = pack.current_dir(&dir).stdin(Stdio::null()).output().context("cannot start npm")?;
    if !done.status.success() {
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        let cause =
            told.lines().find_map(|line| line.strip_prefix("npm error ")).unwrap_or("no reason given");
        bail!("npm could not fetch {PACKAGE} ({cause})");
    }
    Ok(package)
}

fn expect_integrity(package: &Path) -> Result<()> {
    let bytes = fs::read(package).with_context(|| format!("cannot read {}", package.display()))?;
    let actual = format!("sha512-{}", base64(&Sha512::digest(&bytes)));
    if actual != INTEGRITY {
        bail!(
            "{} is not {PACKAGE} {VERSION}: its sum is {actual}, expected {INTEGRITY}; nothing was made from it",
            package.display()
        );
    }
    Ok(())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// What the script reads in a package.
struct Converted {
    version: String,
    licence: String,
    tools: Vec<Tool>,
}

/// Runs the script on a package.
fn convert(node: &Path, package: &Path) -> Result<Converted> {
    let mut command = Command::new(node);
    command.args(["--no-warnings", "--experimental-vm-modules"]).arg(script()).arg(package);
    // Options from outside could load other code.
    command.env_remove("NODE_OPTIONS").env_remove("NODE_PATH");
    let text = output(&mut command).context("cannot convert the package")?;
    let mut lines = text.lines();
    let first: Value =
        serde_json::from_str(lines.next().unwrap_or("")).context("convert.mjs wrote no first line")?;
    let mut tools = Vec::new();
    for line in lines {
        let value: Value = serde_json::from_str(line).context("convert.mjs wrote a line that is no JSON")?;
        tools.push(tool(&value));
    }
    let text = |key: &str| first.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    Ok(Converted { version: text("version"), licence: text("licence"), tools })
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or("").to_owned()
}

fn is(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn all<T>(value: &Value, key: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.get(key).and_then(Value::as_array).map(|list| list.iter().map(read).collect()).unwrap_or_default()
}

fn words(value: &Value, key: &str) -> Vec<String> {
    all(value, key, |word| word.as_str().unwrap_or("").to_owned())
}

fn tool(value: &Value) -> Tool {
    Tool {
        names: words(value, "n"),
        about: text(value, "d"),
        flags: all(value, "f", flag),
        operands: all(value, "a", operand),
        subcommands: all(value, "s", tool),
        one_dash: is(value, "x"),
        open: is(value, "g"),
        dangerous: is(value, "r"),
    }
}

fn flag(value: &Value) -> ToolFlag {
    ToolFlag {
        names: words(value, "n"),
        about: text(value, "d"),
        values: all(value, "a", operand),
        excludes: words(value, "x"),
        inherited: is(value, "p"),
        dangerous: is(value, "r"),
        repeated: is(value, "m"),
        required: is(value, "q"),
        joined: is(value, "e"),
    }
}

fn operand(value: &Value) -> ToolValue {
    let word = |pair: &Value, at: usize| pair.get(at).and_then(Value::as_str).unwrap_or("").to_owned();
    ToolValue {
        name: text(value, "n"),
        about: text(value, "d"),
        kind: match value.get("k").and_then(Value::as_str) {
            Some("path") => Kind::Path,
            Some("folder") => Kind::Folder,
            Some("command") => Kind::Command,
            Some("script") => Kind::Script,
            _ => Kind::Any,
        },
        choices: all(value, "c", |pair| (word(pair, 0), word(pair, 1))),
        optional: is(value, "o"),
        many: is(value, "v"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Python;

    /// A package of the same shape, with what real ones have: functions, other files, versions.
    const FILES: &[(&str, &str)] = &[
        ("package.json", r#"{ "name": "@withfig/autocomplete", "version": "2.692.3" }"#),
        ("LICENSE", "MIT License"),
        (
            "build/pile.js",
            r#"import { more } from "./shared.js";
               const branches = { script: ["git", "branch"], postProcess: (out) => out.split("\n") };
               export default {
                 name: "pile", description: "Keeps things.\nOn piles. And more text.",
                 generateSpec: async () => { throw new Error("never called") },
                 options: [
                   { name: ["-v", "--verbose"], description: "Prints more", isPersistent: true, exclusiveOn: ["-q"] },
                   { name: "--format", requiresSeparator: true, args: { name: "f", suggestions: ["json", { name: "text", description: "Plain" }] } },
                   { name: "no-flag" },
                 ],
                 subcommands: [
                   { name: ["list", "ls"], args: { template: ["filepaths", "folders"], isVariadic: true, generators: branches } },
                   { name: "deep", loadSpec: "pile/deep" },
                   { name: "odd name" },
                   more,
                 ],
               };"#,
        ),
        ("build/shared.js", r#"export const more = { name: "more", loadSpec: async () => ({}) };"#),
        (
            "build/pile/deep.js",
            r#"export default { name: "deep", options: [{ name: "-d", args: {} }], subcommands: [{ name: "self", loadSpec: "pile/deep" }] };"#,
        ),
        ("build/many.js", r#"export default (version) => ({ versionedSpecPath: "many/1.0.0", version });"#),
        ("build/many/1.9.0.js", r#"export default { name: "many", description: "The old one" };"#),
        ("build/many/1.10.0.js", r#"export default { name: "many", description: "The new one" };"#),
        (
            "build/reaching.js",
            r#"export default { name: "reaching", description: String(typeof process) + typeof fetch + typeof require };"#,
        ),
        ("build/outside.js", r#"import fs from "node:fs"; export default { name: "outside" };"#),
        ("build/broken.js", r#"throw new Error("broken");"#),
        ("build/index.js", r#"export default ["pile"];"#),
    ];

    fn package(dir: &Path) -> PathBuf {
        let script = "\
import io, sys, tarfile
args = sys.argv[1:]
with tarfile.open(args[0], 'w:gz', format=tarfile.USTAR_FORMAT) as archive:
    for name, text in zip(args[1::2], args[2::2]):
        info = tarfile.TarInfo('package/' + name)
        data = text.encode()
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
";
        let file = dir.join("package.tgz");
        let files = FILES.iter().flat_map(|(name, text)| [*name, *text]);
        output(Python::find().unwrap().command().args(["-I", "-c", script]).arg(&file).args(files)).unwrap();
        file
    }

    #[test]
    fn a_package_becomes_a_table() {
        let Ok(node) = node() else {
            eprintln!("skipped: there is no Node");
            return;
        };
        let dir = tempfile::tempdir().unwrap();
        let package = package(dir.path());
        let into = dir.path().join("made");
        let told = fill(&node, &package, "stamp", &into).unwrap();
        assert!(told.starts_with("table of 3 more tools"), "{told}");
        assert!(is_whole(&into, "stamp") && !is_whole(&into, "other"));
        assert_eq!(fs::read_to_string(into.join(LICENCE)).unwrap(), "MIT License");

        let table = Table::open(fs::read(into.join(FILE)).unwrap()).unwrap();
        assert_eq!(table.source(), "@withfig/autocomplete 2.692.3");
        let names: Vec<_> = table.tools().map(|(name, _)| name.to_owned()).collect();
        assert_eq!(names, ["many", "pile", "reaching"]);
        let pile = table.find("pile").unwrap();
        assert_eq!(pile.about(), "Keeps things.");
        assert!(pile.is_open());
        assert_eq!(
            pile.flags().flat_map(|flag| flag.names()).collect::<Vec<_>>(),
            ["-v", "--verbose", "--format"]
        );
        assert!(pile.flag("-v").unwrap().is_inherited() && pile.flag("--format").unwrap().is_joined());
        let format = pile.flag("--format").unwrap().values().next().unwrap();
        assert_eq!(
            format.described_choices().collect::<Vec<_>>(),
            [("json", String::new()), ("text", "Plain".to_owned())]
        );
        let subs: Vec<_> = pile.subcommands().map(|sub| sub.name()).collect();
        assert_eq!(subs, ["deep", "list", "more"]);
        assert_eq!(pile.subcommand("ls").unwrap().operands().next().unwrap().kind(), Kind::Path);
        let deep = pile.subcommand("deep").unwrap();
        assert!(deep.flag("-d").is_some() && deep.subcommand("self").unwrap().subcommands().next().is_none());
        assert_eq!(table.find("many").unwrap().about(), "The new one");
        // What the package says is evaluated where there is nothing but the language.
        assert_eq!(table.find("reaching").unwrap().about(), "undefinedundefinedundefined");

        let again = dir.path().join("again");
        fill(&node, &package, "stamp", &again).unwrap();
        assert_eq!(fs::read(into.join(FILE)).unwrap(), fs::read(again.join(FILE)).unwrap());
    }

    #[test]
    fn another_package_is_refused_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let package = dir.path().join("package.tgz");
        tree::write(&package, b"not a package").unwrap();
        assert!(expect_integrity(&package).unwrap_err().to_string().contains("nothing was made from it"));
        let into = dir.path().join("vendor/breadth");
        if node().is_ok() {
            assert!(provide(&into, Some(&package)).is_err());
        }
        assert!(!into.exists());
    }

    #[test]
    fn sums_are_written_as_npm_writes_them() {
        for (text, expect) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text.as_bytes()), expect);
        }
        assert_eq!(INTEGRITY.len(), "sha512-".len() + 88);
    }
}
