//! The walls inside `cmdai-core`: which module may name which, and which must not touch the world.
//!
//! [`ARROWS`] is the map of the library. To add an arrow is to edit it, so that a review sees a new
//! dependency between modules as such. Tests may name any module.

use std::collections::BTreeSet;

use super::Source;

/// Each module with those it may name, in the order of `lib.rs`.
const ARROWS: &[(&str, &[&str])] = &[
    ("audit", &[]),
    ("complete", &["context", "engine", "error", "history", "line", "redact", "safety", "specs", "syntax"]),
    ("config", &["context", "error", "line", "safety"]),
    ("context", &["line"]),
    ("engine", &["context", "error", "line", "models"]),
    ("error", &[]),
    ("explain", &["context", "line", "safety", "specs", "syntax"]),
    ("generate", &["context", "engine", "error", "line", "recall", "safety", "specs", "syntax"]),
    ("history", &["error", "line", "redact", "syntax"]),
    ("line", &[]),
    ("machine", &["complete"]),
    ("models", &["error"]),
    ("policy", &["config", "context", "line", "safety"]),
    ("protocol", &["safety"]),
    ("recall", &["context", "line"]),
    ("redact", &[]),
    ("safety", &["context", "line", "specs", "syntax"]),
    ("session", &["protocol", "safety"]),
    ("specs", &["context", "line", "safety"]),
    ("syntax", &["line"]),
    ("wire", &["context", "engine", "error", "explain", "generate", "line", "safety"]),
];

/// Modules that name each other, with a reason for each pair.
#[cfg(test)]
const CIRCLES: &[(&str, &str)] = &[
    // A spec says which effect a program has, in the words of `safety::EffectKind`; safety reads specs.
    ("safety", "specs"),
];

/// Modules that see text and values only.
const PURE: &[&str] = &[
    "audit", "config", "context", "error", "explain", "line", "policy", "protocol", "recall", "redact",
    "safety", "session", "specs", "syntax", "wire",
];

/// What a pure module has no business with.
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "File::",
    "Instant::now",
    "SystemTime",
];

/// What no module of the library does.
const NEVER: &[&str] = &["print!(", "println!(", "eprint!(", "eprintln!(", "process::exit", "Command::new"];

/// Names that `lib.rs` offers at the root, with the module that they come from.
const AT_THE_ROOT: &[(&str, &str)] = &[
    ("Context", "context"),
    ("Os", "context"),
    ("Error", "error"),
    ("ErrorKind", "error"),
    ("Dialect", "line"),
    ("Span", "line"),
];

const LIBRARY: &str = "cmdai-core/src/";

pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    let tests: BTreeSet<String> = sources.iter().flat_map(test_files).collect();
    for source in sources {
        let Some(inside) = source.path.strip_prefix(LIBRARY).filter(|path| path.ends_with(".rs")) else {
            continue;
        };
        let module = inside.split(['/', '.']).next().unwrap_or(inside);
        if module == "lib" || tests.contains(inside) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            complaints.push(format!("{}: module {module} is not in the table of {}", source.path, file!()));
            continue;
        };
        let code = code_of(&source.text);
        for name in named_modules(&code) {
            if name != module && !allowed.contains(&name.as_str()) {
                let reason = format!("{module} may not name {name}; the table is in {}", file!());
                complaints.push(format!("{}: {reason}", source.path));
            }
        }
        let world = if PURE.contains(&module) { WORLD } else { &[] };
        for word in world.iter().chain(NEVER).filter(|word| mentions(&code, word)) {
            complaints.push(format!("{}: {word} has no place in {module}, which only computes", source.path));
        }
    }
    complaints
}

/// Files that are compiled for tests only: `#[cfg(test)]` stands before their `mod name;`.
fn test_files(source: &Source) -> Vec<String> {
    let Some(inside) = source.path.strip_prefix(LIBRARY) else { return Vec::new() };
    let folder = inside.strip_suffix("mod.rs").map_or_else(
        || if inside == "lib.rs" { String::new() } else { format!("{}/", inside.trim_end_matches(".rs")) },
        str::to_owned,
    );
    let mut files = Vec::new();
    let mut lines = source.text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let name =
            lines.peek().and_then(|next| next.strip_suffix(';')?.rsplit_once("mod ").map(|(_, name)| name));
        if let Some(name) = name.filter(|_| line == "#[cfg(test)]") {
            files.push(format!("{folder}{name}.rs"));
        }
    }
    files
}

/// True where the word stands in the code and is not the tail of a longer name.
fn mentions(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// The text without comments and without the tests at its end.
fn code_of(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let text = text.split("\n#[cfg(all(test").next().unwrap_or(text);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    // A comment after code begins after a blank; `//` in a string literal, as in a URL, does not.
    lines.map(|line| line.split(" // ").next().unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Top-level modules that the code names: `crate::a`, `crate::{a::B, c}`.
fn named_modules(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        if code[..at].ends_with(['$', '_']) || code[..at].ends_with(char::is_alphanumeric) {
            continue;
        }
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(first_names(list)),
            None => found.extend(first_name(rest)),
        }
    }
    found.into_iter().map(|name| module_of(&name).to_owned()).collect()
}

fn module_of(name: &str) -> &str {
    AT_THE_ROOT.iter().find(|(item, _)| *item == name).map_or(name, |(_, module)| module)
}

fn first_name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The first name of each item in a brace list whose `{` was read.
fn first_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 1;
    let mut item = String::new();
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            names.extend(first_name(item.trim()));
            item.clear();
        } else {
            item.push(c);
        }
        if depth == 0 {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        check(&[Source { path: format!("{LIBRARY}{path}"), text: text.into() }])
    }

    fn check_clean(path: &str, text: &str) {
        assert_eq!(complaints(path, text), Vec::<String>::new(), "{path}: {text}");
    }

    fn check_refused(path: &str, text: &str, expect: &str) {
        let found = complaints(path, text);
        assert!(found.len() == 1 && found[0].contains(expect), "{path}: {text}: {found:?}");
    }

    #[test]
    fn arrows_of_the_table_are_clean() {
        check_clean("safety/rules/rm.rs", "use crate::{Context, specs, syntax::{ir, Program}};");
        check_clean("safety/mod.rs", "use crate::safety::Risk;");
        check_clean("syntax/mod.rs", "// as crate::safety does\nuse crate::line::Span;");
        check_clean("syntax/mod.rs", "fn f() {}\n#[cfg(test)]\nmod tests { use crate::safety; }");
        check_clean("generate/mod.rs", "use std::time::Instant; fn f() { Instant::now(); }");
        check_clean("lib.rs", "pub use crate::anything;");
    }

    #[test]
    fn files_for_tests_may_name_anything() {
        let source = |path: &str, text: &str| Source { path: format!("{LIBRARY}{path}"), text: text.into() };
        let files = |declaration: &str| {
            [
                source("syntax/posix/mod.rs", declaration),
                source("syntax/posix/bytes.rs", "use crate::safety;"),
            ]
        };
        assert_eq!(check(&files("mod x;\n#[cfg(test)]\nmod bytes;\n")), Vec::<String>::new());
        assert_eq!(check(&files("#[cfg(test)]\nmod x;\nmod bytes;\n")).len(), 1);
    }

    #[test]
    fn other_arrows_are_refused() {
        check_refused("syntax/mod.rs", "use crate::safety::Risk;", "syntax may not name safety");
        check_refused(
            "syntax/mod.rs",
            "use crate::{line::Span, engine::{self, Event}};",
            "may not name engine",
        );
        check_refused("line.rs", "fn f() -> crate::Error {}", "line may not name error");
        check_refused("novel.rs", "", "not in the table");
    }

    #[test]
    fn pure_modules_do_not_touch_the_world_and_none_prints() {
        check_refused("safety/mod.rs", "fn f() { std::fs::read(\"x\"); }", "std::fs has no place in safety");
        check_refused("syntax/mod.rs", "fn f() { let t = Instant::now(); }", "Instant::now");
        check_refused("engine/mod.rs", "fn f() { eprintln!(\"x\"); }", "eprintln!(");
        check_clean("models/mod.rs", "fn f() { std::fs::read(\"x\"); }");
    }

    #[test]
    fn the_table_is_sorted_and_names_its_circles() {
        assert!(ARROWS.is_sorted_by_key(|(module, _)| *module));
        let mut circles = Vec::new();
        for (module, allowed) in ARROWS {
            assert!(allowed.is_sorted(), "{module}");
            for name in *allowed {
                let (_, back) = ARROWS.iter().find(|(other, _)| other == name).expect("a known module");
                if back.contains(module) && module < name {
                    circles.push((*module, *name));
                }
            }
        }
        assert_eq!(circles, CIRCLES);
    }
}
