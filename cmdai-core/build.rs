//! Compiles `specs/*.toml` into one block of bytes, of which a spec is read when it is first looked up
//! (`src/specs/packed.rs`). A static table would hold some 60,000 pointers, which the loader of every
//! process moves into place: 1.3 ms of each start, and 2.3 MB of the binary.
//!
//! The schema is documented in `docs/specs.md`. A mistake in a spec stops the build with the file and
//! the entry that is wrong: an unknown key, kind or effect, a name used twice, a condition on a flag
//! that does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpec {
    #[serde(default)]
    summary: String,
    #[serde(default)]
    like: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    platform: Option<String>,
    #[serde(default)]
    style: Vec<String>,
    #[serde(default)]
    complete: bool,
    #[serde(default)]
    flags: BTreeMap<String, RawFlag>,
    #[serde(default)]
    keys: BTreeMap<String, RawFlag>,
    #[serde(default)]
    operands: Vec<String>,
    #[serde(default)]
    variants: Vec<RawVariant>,
    #[serde(default)]
    effects: Vec<RawEffect>,
    #[serde(default)]
    recursive: Option<RawRecursive>,
    #[serde(default)]
    dry: Vec<String>,
    #[serde(default)]
    stdin: Option<String>,
    #[serde(default)]
    output: Option<String>,
    #[serde(default)]
    sub: BTreeMap<String, RawSpec>,
    #[serde(default)]
    verb: BTreeMap<String, RawSpec>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum RawFlag {
    Doc(String),
    Full(RawFullFlag),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFullFlag {
    is: String,
    platform: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVariant {
    when: Vec<String>,
    operands: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEffect {
    #[serde(rename = "do")]
    kind: String,
    #[serde(default)]
    on: Option<String>,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    matching: Vec<String>,
    #[serde(default)]
    given: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default, rename = "as")]
    detail: String,
    #[serde(default)]
    recursive: bool,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum RawRecursive {
    Always(bool),
    With(Vec<String>),
}

/// A file that holds a family of commands: `[command.NAME]` for each.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFamily {
    command: BTreeMap<String, RawSpec>,
}

/// A file of verbs that several programs have: `specs/verbs/NAME.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVerbs {
    verb: BTreeMap<String, RawSpec>,
}

/// Folders of `specs/` with the commands that a dialect has of its own, and its name in `Dialect`.
const DIALECTS: &[(&str, &str)] = &[("fish", "Fish"), ("nu", "Nu"), ("powershell", "PowerShell")];

/// Folders of `specs/` with more programs, for all dialects.
const MORE: &[&str] = &["windows"];

fn main() {
    println!("cargo::rerun-if-changed=specs");
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("specs");
    let mut files = files_of(&folder);
    for more in MORE {
        files.extend(files_of(&folder.join(more)));
    }
    let mut pack = Pack::default();
    verb_sets(&mut pack, &files_of(&folder.join("verbs")));
    let names = compile(&mut pack, &files, false);
    let mut out =
        format!("static NAMES: &[Name] = &[\n{names}];\nstatic PROGRAMS: usize = {};\n", pack.specs.len());
    out.push_str("static DIALECTS: &[OwnCommands] = &[\n");
    for (name, dialect) in DIALECTS {
        let first = pack.specs.len();
        let names = compile(&mut pack, &files_of(&folder.join(name)), *name == "powershell");
        let end = pack.specs.len();
        writeln!(
            out,
            "OwnCommands {{ dialect: Dialect::{dialect}, first: {first}, end: {end}, names: &[{names}] }},"
        )
        .expect("writing to a string");
    }
    out.push_str("];\n");
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    pack.finish(&mut out);
    fs::write(target.join("specs.rs"), out).expect("OUT_DIR can be written");
    fs::write(target.join("specs.bin"), &pack.bytes).expect("OUT_DIR can be written");
    fs::write(target.join("specs.txt"), &pack.text).expect("OUT_DIR can be written");
    #[cfg(feature = "recall")]
    compile_intents();
}

/// The memory: `training/intents/*.jsonl` and `training/details/*.jsonl` as one block of bytes that the library holds. A line
/// that cannot be used stops the build; without the folders, as in a packaged crate, the memory is empty.
#[cfg(feature = "recall")]
fn compile_intents() {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in ["../training/intents", "../training/details"] {
        let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let entries = fs::read_dir(&folder).into_iter().flatten();
        let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        found.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        found.sort();
        paths.extend(found);
    }
    let files: Vec<(String, Vec<cmdai_recall::Intent>)> = paths
        .iter()
        .map(|path| {
            let (intents, bad) =
                cmdai_recall::read_intents(&fs::read_to_string(path).expect("intents can be read"));
            if let Some(bad) = bad.first() {
                panic!("{}: {bad}", path.display());
            }
            (path.file_stem().expect("a file has a name").to_string_lossy().into_owned(), intents)
        })
        .collect();
    let given: Vec<_> = files.iter().map(|(name, intents)| (name.as_str(), intents.as_slice())).collect();
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("recall.bin");
    let embedding = cmdai_recall::Embedding::shipped().expect("the embedding is whole");
    fs::write(target, cmdai_recall::compile_with(&given, Some(&embedding))).expect("OUT_DIR can be written");
}

/// What the specs are packed into: numbers of seven bits a byte, texts as a place in `text` and a length.
#[derive(Default)]
struct Pack {
    bytes: Vec<u8>,
    text: String,
    /// Where each text stands that is in `text` already.
    texts: BTreeMap<String, usize>,
    /// Where each spec begins that is looked up by its name.
    specs: Vec<usize>,
    /// The files of shared verbs, and where the list of each begins.
    verbs: Vec<(String, usize)>,
    /// Values of enums and styles by the name of their table, as they are written in Rust.
    values: BTreeMap<&'static str, Vec<String>>,
}

/// The tables of `Pack::values`, and the types of what they hold.
const VALUES: &[(&str, &str)] = &[
    ("EFFECT_KINDS", "EffectKind"),
    ("INPUTS", "Input"),
    ("OUTPUTS", "Output"),
    ("PLATFORMS", "Platform"),
    ("STYLES", "Style"),
    ("VALUE_KINDS", "ValueKind"),
];

impl Pack {
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn flag(&mut self, is: bool) {
        self.bytes.push(u8::from(is));
    }

    /// Where a text stands; it is added where it is not there.
    fn place(&mut self, text: &str) -> usize {
        if let Some(at) = self.texts.get(text) {
            return *at;
        }
        let at = self.text.len();
        self.text.push_str(text);
        self.texts.insert(text.to_owned(), at);
        at
    }

    fn text(&mut self, text: &str) {
        let at = self.place(text);
        self.number(at);
        self.number(text.len());
    }

    fn texts<T: AsRef<str>>(&mut self, texts: &[T]) {
        self.number(texts.len());
        for text in texts {
            self.text(text.as_ref());
        }
    }

    /// One of the values of a table.
    fn value(&mut self, table: &'static str, value: String) {
        let values = self.values.entry(table).or_default();
        let at = values.iter().position(|known| *known == value).unwrap_or_else(|| {
            values.push(value);
            values.len() - 1
        });
        self.number(at);
    }

    /// The tables beside the bytes.
    fn finish(&self, out: &mut String) {
        let places = |out: &mut String, name: &str, places: &mut dyn Iterator<Item = usize>| {
            let places: Vec<usize> = places.collect();
            writeln!(out, "static {name}: [u32; {}] = {places:?};", places.len()).expect("string");
        };
        places(out, "SPECS_AT", &mut self.specs.iter().copied());
        places(out, "VERBS_AT", &mut self.verbs.iter().map(|(_, at)| *at));
        for (table, type_name) in VALUES {
            let values = self.values.get(table).map(|values| values.join(", ")).unwrap_or_default();
            writeln!(out, "static {table}: &[{type_name}] = &[{values}];").expect("string");
        }
    }
}

/// One list for each file of shared verbs.
fn verb_sets(pack: &mut Pack, files: &[PathBuf]) {
    for path in files {
        let text = fs::read_to_string(path).expect("verbs can be read");
        let set: RawVerbs =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        pack.verbs.push((name, pack.bytes.len()));
        Compiler { path, pack }.subs(&set.verb, &BTreeMap::new());
    }
}

/// The spec files directly in a folder; none where there is no such folder.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("specs/ can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

/// Packs the specs, sorted by name, and gives the table of names with the number of each spec.
/// Cmdlets are read as such, and their names are the same in either case.
fn compile(pack: &mut Pack, files: &[PathBuf], cmdlets: bool) -> String {
    let mut specs = BTreeMap::new();
    for path in files {
        let text = fs::read_to_string(path).expect("a spec can be read");
        let family = text.lines().any(|line| line.starts_with("[command."));
        let fail = |error: toml::de::Error| -> ! { panic!("{}: {error}", path.display()) };
        let own = if family {
            toml::from_str(&text).map(|family: RawFamily| family.command).unwrap_or_else(|error| fail(error))
        } else {
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            BTreeMap::from([(name, toml::from_str(&text).unwrap_or_else(|error| fail(error)))])
        };
        for (name, mut raw) in own {
            if cmdlets && !raw.style.iter().any(|style| style == "slash") {
                raw.style.push("parameters".to_owned());
                add_common(&mut raw);
            }
            hand_down(&mut raw, &[]);
            let twice = specs.insert(name.clone(), (path, raw));
            assert!(twice.is_none(), "{}: {name:?} is there twice", path.display());
        }
    }
    let originals: BTreeMap<String, RawSpec> =
        specs.iter().map(|(name, (_, raw))| (name.clone(), raw.clone())).collect();
    for (path, raw) in specs.values_mut() {
        take_over(raw, &originals, path);
    }
    let mut names = BTreeMap::new();
    for (name, (path, raw)) in &specs {
        let index = pack.specs.len();
        for known in std::iter::once(name).chain(&raw.aliases) {
            let known = if cmdlets { known.to_ascii_lowercase() } else { known.clone() };
            let twice = names.insert(known.clone(), index);
            assert!(twice.is_none(), "{}: the name {known:?} is taken", path.display());
        }
        pack.specs.push(pack.bytes.len());
        Compiler { path, pack }.spec(name, raw, &BTreeMap::new());
    }
    let mut out = String::new();
    for (name, index) in &names {
        let (at, length) = (pack.place(name), name.len());
        writeln!(out, "Name {{ at: {at}, length: {length}, spec: {index} }},").expect("string");
    }
    out
}

/// `like = "docker rm"`: all that a spec does not say itself is said by another one.
fn take_over(spec: &mut RawSpec, originals: &BTreeMap<String, RawSpec>, path: &Path) {
    for sub in spec.sub.values_mut() {
        take_over(sub, originals, path);
    }
    let Some(like) = spec.like.take() else { return };
    let mut words = like.split(' ');
    let program = words.next().and_then(|name| originals.get(name));
    let found = words.fold(program, |at, word| at?.sub.get(word));
    let Some(other) = found else { panic!("{}: there is no {like:?} to be like", path.display()) };
    let mut new = other.clone();
    take_over(&mut new, originals, path);
    if !spec.summary.is_empty() {
        new.summary.clone_from(&spec.summary);
    }
    new.aliases.clone_from(&spec.aliases);
    new.examples.clone_from(&spec.examples);
    new.flags.extend(spec.flags.clone());
    new.sub.extend(spec.sub.clone());
    new.effects.append(&mut spec.effects);
    new.like = None;
    *spec = new;
}

/// Parameters that every cmdlet has.
const COMMON: &[(&str, &str)] = &[
    ("-Verbose, -vb", "Says what it does."),
    ("-Debug, -db", "Says what happens inside."),
    ("-ErrorAction, -ea <choice>", "What an error leads to."),
    ("-WarningAction, -wa <choice>", "What a warning leads to."),
    ("-InformationAction, -infa <choice>", "What a message leads to."),
    ("-ProgressAction, -proga <choice>", "What becomes of the progress bar."),
    ("-ErrorVariable, -ev <name>", "The variable for errors."),
    ("-WarningVariable, -wv <name>", "The variable for warnings."),
    ("-InformationVariable, -iv <name>", "The variable for messages."),
    ("-OutVariable, -ov <name>", "The variable for the output."),
    ("-OutBuffer, -ob <number>", "So many objects at once."),
    ("-PipelineVariable, -pv <name>", "The variable for the object at hand."),
    ("-WhatIf, -wi", "Only says what it would do."),
    ("-Confirm, -cf", "Asks before each change."),
];

fn add_common(raw: &mut RawSpec) {
    for (form, doc) in COMMON {
        let name = form.split([',', ' ']).next().unwrap_or_default();
        let taken = raw.flags.keys().any(|known| known.split([',', ' ']).any(|other| other == name));
        if !taken {
            raw.flags.insert((*form).to_owned(), RawFlag::Doc((*doc).to_owned()));
        }
    }
    if raw.dry.is_empty() {
        raw.dry.push("-WhatIf".to_owned());
    }
}

/// Subcommands are read in the style of their program, as far as that is about all of its words.
fn hand_down(spec: &mut RawSpec, styles: &[String]) {
    spec.style.extend(styles.iter().cloned());
    let held: Vec<String> =
        spec.style.iter().filter(|style| matches!(style.as_str(), "slash" | "parameters")).cloned().collect();
    for sub in spec.sub.values_mut() {
        hand_down(sub, &held);
    }
}

/// Any name of a flag, to its first.
type FlagNames = BTreeMap<String, String>;

struct Compiler<'a> {
    path: &'a Path,
    pack: &'a mut Pack,
}

impl Compiler<'_> {
    fn fail(&self, what: &str) -> ! {
        panic!("{}: {what}", self.path.display())
    }

    fn spec(&mut self, name: &str, raw: &RawSpec, inherited: &FlagNames) {
        if raw.summary.is_empty() || !raw.summary.ends_with('.') {
            self.fail(&format!("{name}: the summary must be a sentence that ends in a full stop"));
        }
        self.pack.text(name);
        self.pack.texts(&raw.aliases);
        self.pack.text(&raw.summary);
        self.platform(raw.platform.as_deref());
        self.style(&raw.style);
        self.pack.flag(raw.complete);
        let mut flag_names = inherited.clone();
        self.pack.number(raw.flags.len());
        for (form, flag) in &raw.flags {
            self.flag(form, flag, &mut flag_names, inherited);
        }
        let mut key_names = FlagNames::new();
        self.pack.number(raw.keys.len());
        for (form, key) in &raw.keys {
            self.flag(form, key, &mut key_names, &FlagNames::new());
        }
        self.operands(&raw.operands);
        self.pack.number(raw.variants.len());
        for variant in &raw.variants {
            self.conditions(&variant.when, &flag_names);
            self.operands(&variant.operands);
        }
        self.subs(&raw.sub, &flag_names);
        self.verbs(name, raw, &flag_names);
        self.pack.number(raw.effects.len());
        for effect in &raw.effects {
            self.effect(effect, &flag_names);
        }
        match &raw.recursive {
            None | Some(RawRecursive::Always(false)) => self.pack.number(0),
            Some(RawRecursive::Always(true)) => self.pack.number(1),
            Some(RawRecursive::With(names)) => {
                self.pack.number(2);
                self.conditions(names, &flag_names);
            }
        }
        self.conditions(&raw.dry, &flag_names);
        let stdin = match raw.stdin.as_deref() {
            None => "Input::Unused",
            Some("code") => "Input::Code",
            Some("script") => "Input::Script",
            Some("sql") => "Input::Sql",
            Some("sent") => "Input::Sent",
            Some("words") => "Input::Words",
            Some(other) => self.fail(&format!("unknown stdin {other:?}")),
        };
        self.pack.value("INPUTS", stdin.to_owned());
        let output = match raw.output.as_deref() {
            None => "Output::Unknown",
            Some("fetched") => "Output::Fetched",
            Some("passed") => "Output::Passed",
            Some("printed") => "Output::Printed",
            Some(other) => self.fail(&format!("unknown output {other:?}")),
        };
        self.pack.value("OUTPUTS", output.to_owned());
        self.pack.texts(&raw.examples);
    }

    fn style(&mut self, entries: &[String]) {
        let mut style = String::from("Style { ");
        let known = [
            ("posix", "posix"),
            ("one-dash", "one_dash"),
            ("bare-bundle", "bare_bundle"),
            ("number", "number"),
            ("parameters", "parameters"),
            ("slash", "slash"),
        ];
        for entry in entries {
            if !known.iter().any(|(word, _)| word == entry) {
                self.fail(&format!("unknown style {entry:?}"));
            }
        }
        for (word, field) in known {
            write!(style, "{field}: {}, ", entries.iter().any(|entry| entry == word)).expect("string");
        }
        style.push('}');
        self.pack.value("STYLES", style);
    }

    /// Lists of verbs: 0 and the program's own, or the number of a shared list, from 1.
    fn verbs(&mut self, name: &str, raw: &RawSpec, flags: &FlagNames) {
        if raw.verb.is_empty() && raw.verbs.is_empty() {
            return self.pack.number(0);
        }
        self.pack.number(1 + raw.verbs.len());
        self.pack.number(0);
        self.subs(&raw.verb, flags);
        for set in &raw.verbs {
            let Some(at) = self.pack.verbs.iter().position(|(known, _)| known == set) else {
                self.fail(&format!("{name}: there are no verbs {set:?}"));
            };
            self.pack.number(1 + at);
        }
    }

    fn subs(&mut self, raw: &BTreeMap<String, RawSpec>, inherited: &FlagNames) {
        self.pack.number(raw.len());
        for (name, sub) in raw {
            self.spec(name, sub, inherited);
        }
    }

    fn flag(&mut self, form: &str, raw: &RawFlag, names: &mut FlagNames, inherited: &FlagNames) {
        let (doc, platform) = match raw {
            RawFlag::Doc(doc) => (doc, None),
            RawFlag::Full(full) => (&full.is, Some(full.platform.as_str())),
        };
        if !doc.ends_with('.') {
            self.fail(&format!("{form}: the meaning must be a sentence that ends in a full stop"));
        }
        let (flag_names, value) = match form.find(['<', '[']) {
            Some(at) => form.split_at(at),
            None => (form, ""),
        };
        let flag_names: Vec<&str> =
            flag_names.split(',').map(str::trim).map(|n| n.trim_end_matches('=')).collect();
        let first = flag_names.first().copied().unwrap_or_default();
        for name in &flag_names {
            if name.is_empty() || name.contains(' ') {
                self.fail(&format!("{form}: {name:?} is no flag name"));
            }
            let earlier = names.insert((*name).to_owned(), first.to_owned());
            if earlier.is_some() && !inherited.contains_key(*name) {
                self.fail(&format!("{form}: {name} is there twice"));
            }
        }
        self.pack.texts(&flag_names);
        let optional = value.starts_with('[');
        let value = value.trim_matches(['[', ']', ' ']);
        self.pack.flag(!value.is_empty());
        if !value.is_empty() {
            self.value(value);
            self.pack.flag(optional);
        }
        self.pack.text(doc);
        self.platform(platform);
    }

    fn operands(&mut self, forms: &[String]) {
        self.pack.number(forms.len());
        for form in forms {
            let optional = form.starts_with('[');
            let form = form.trim_matches(['[', ']', ' ']);
            let many = form.ends_with("...");
            self.value(form.trim_end_matches("..."));
            self.pack.flag(many);
            self.pack.flag(optional);
        }
    }

    /// Reads `<kind>` or `<name:kind>`.
    fn value(&mut self, form: &str) {
        let Some(inner) = form.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
            self.fail(&format!("{form:?} is not of the form <kind> or <name:kind>"));
        };
        let (name, kind) = inner.split_once(':').unwrap_or((inner, inner));
        let path = |usage: &str| format!("ValueKind::Path(PathUse::{usage})");
        let script = |language: &str| format!("ValueKind::Script(Language::{language})");
        let plain = |kind: &str| format!("ValueKind::{kind}");
        let kind = match kind {
            "text" => plain("Text"),
            "number" => plain("Number"),
            "size" => plain("Size"),
            "time" => plain("Time"),
            "choice" => plain("Choice"),
            "format" => plain("Format"),
            "pattern" => plain("Pattern"),
            "glob" => plain("Glob"),
            "name" => plain("Name"),
            "user" => plain("User"),
            "host" => plain("Host"),
            "url" => plain("Url"),
            "port" => plain("Port"),
            "mode" => plain("Mode"),
            "signal" => plain("Signal"),
            "process" => plain("Process"),
            "assignment" => plain("Assignment"),
            "code" => plain("Code"),
            "command" => plain("Command"),
            "sql" => plain("Sql"),
            "data" => plain("Data"),
            "place" => plain("Place"),
            "path" => path("Any"),
            "read" => path("Read"),
            "write" => path("Write"),
            "append" => path("Append"),
            "create" => path("Create"),
            "delete" => path("Delete"),
            "move" => path("Move"),
            "permission" => path("Permission"),
            "run" => path("Run"),
            "directory" => path("Directory"),
            "awk" => script("Awk"),
            "sed" => script("Sed"),
            "python" => script("Python"),
            "perl" => script("Perl"),
            "ruby" => script("Ruby"),
            "javascript" => script("JavaScript"),
            "php" => script("Php"),
            "applescript" => script("AppleScript"),
            "debugger" => script("Debugger"),
            "editor" => script("Editor"),
            "groovy" => script("Groovy"),
            "julia" => script("Julia"),
            "lisp" => script("Lisp"),
            "lua" => script("Lua"),
            "makefile" => script("Make"),
            "r" => script("R"),
            "tcl" => script("Tcl"),
            other => self.fail(&format!("{form:?}: unknown kind {other:?}")),
        };
        self.pack.text(name);
        self.pack.value("VALUE_KINDS", kind);
    }

    fn effect(&mut self, raw: &RawEffect, flags: &FlagNames) {
        let kind: String = raw
            .kind
            .split('-')
            .map(|part| {
                let mut letters = part.chars();
                letters.next().map(|c| c.to_ascii_uppercase().to_string()).unwrap_or_default()
                    + letters.as_str()
            })
            .collect();
        self.pack.value("EFFECT_KINDS", format!("EffectKind::{kind}"));
        // The numbers are those of `Packed::on`.
        let (number, text) = match raw.on.as_deref() {
            None => (0, None),
            Some("operands") => (1, None),
            Some("first") => (2, None),
            Some("last") => (3, None),
            Some("subject") => (4, None),
            Some("words") => (5, None),
            Some("here") => (6, None),
            Some(flag) if flag.starts_with(['-', '/']) => {
                let Some(first) = flags.get(flag) else {
                    self.fail(&format!("effect {}: no flag {flag}", raw.kind));
                };
                (7, Some(first.as_str()))
            }
            Some(text) => match text.strip_prefix('=') {
                Some(text) => (8, Some(text)),
                None => self.fail(&format!("effect {}: cannot be on {text:?}", raw.kind)),
            },
        };
        self.pack.number(number);
        if let Some(text) = text {
            self.pack.text(text);
        }
        self.conditions(&raw.when, flags);
        self.conditions(&raw.also, flags);
        self.conditions(&raw.unless, flags);
        self.pack.texts(&raw.matching);
        self.pack.number(raw.given.len());
        for condition in &raw.given {
            let Some((flag, pattern)) = condition.split_once('=') else {
                self.fail(&format!("effect {}: {condition:?} is not of the form FLAG=PATTERN", raw.kind));
            };
            let Some(first) = flags.get(flag) else {
                self.fail(&format!("effect {}: no flag {flag}", raw.kind));
            };
            self.pack.text(first);
            self.pack.text(pattern);
        }
        self.pack.texts(&raw.with);
        self.pack.texts(&raw.without);
        self.pack.text(&raw.detail);
        self.pack.flag(raw.recursive);
    }

    fn conditions(&mut self, names: &[String], flags: &FlagNames) {
        let mut firsts = BTreeSet::new();
        for name in names {
            match flags.get(name) {
                Some(first) => firsts.insert(first),
                None => self.fail(&format!("a condition names the flag {name}, which is not there")),
            };
        }
        self.pack.texts(&firsts.into_iter().collect::<Vec<_>>());
    }

    fn platform(&mut self, name: Option<&str>) {
        let platform = match name {
            None => "Platform::Any",
            Some("gnu") => "Platform::Gnu",
            Some("bsd") => "Platform::Bsd",
            Some(other) => self.fail(&format!("unknown platform {other:?}; known are gnu, bsd")),
        };
        self.pack.value("PLATFORMS", platform.to_owned());
    }
}
