//! `docs/rules/` is made from the rules' own documentation, and must not lag behind it.
//!
//! `CMDAI_WRITE_DOCS=1 cargo test -p cmdai-core --test rule_docs` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cmdai_core::line::Dialect;
use cmdai_core::safety::{self, Risk, Rule};
use cmdai_core::{Context, Os};

#[test]
fn the_pages_of_the_rules_are_current() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules"));
    let pages = pages();
    if std::env::var_os("CMDAI_WRITE_DOCS").is_some() {
        return write(&folder, &pages);
    }
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let committed = fs::read_to_string(folder.join(name)).unwrap_or_default();
        if committed.replace("\r\n", "\n") != *text {
            stale.push(name.clone());
        }
    }
    let listed: BTreeSet<String> = fs::read_dir(&folder)
        .expect("docs/rules exists")
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    stale.extend(listed.into_iter().filter(|name| !pages.contains_key(name)));
    assert!(
        stale.is_empty(),
        "docs/rules lags behind the rules in {stale:?}; write it anew with CMDAI_WRITE_DOCS=1 cargo test -p cmdai-core --test rule_docs"
    );
}

fn write(folder: &Path, pages: &BTreeMap<String, String>) {
    fs::create_dir_all(folder).expect("docs/rules can be made");
    for entry in fs::read_dir(folder).expect("docs/rules can be listed").flatten() {
        if !pages.contains_key(&*entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).expect("an old page can be removed");
        }
    }
    for (name, text) in pages {
        fs::write(folder.join(name), text).expect("a page can be written");
    }
}

/// Every page by its file name.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# Rules\n\nMade from `cmdai-core/src/safety/rules/`; do not edit. A rule is about effects, not about programs: it holds for \
         every command that has the effect, however it is written. What the levels mean is in [safety.md](../safety.md).\n\n\
         | rule | what it finds | its examples are |\n| --- | --- | --- |\n",
    );
    for rule in safety::rules() {
        let (page, levels) = page(rule);
        let levels: Vec<&str> = levels.iter().rev().map(|risk| risk.name()).collect();
        let _ = writeln!(
            index,
            "| [`{0}`]({0}.md) | {1} | {2} |",
            rule.name,
            first_line(rule),
            levels.join(", ")
        );
        pages.insert(format!("{}.md", rule.name), page);
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

fn first_line(rule: &Rule) -> &str {
    rule.docs.trim().lines().next().unwrap_or_default()
}

/// One rule's page, and the levels that its examples reach.
fn page(rule: &Rule) -> (String, BTreeSet<Risk>) {
    let mut page = format!("# {}\n\n", rule.name);
    let mut levels = BTreeSet::new();
    // The kind of the fence that is open; plain lines are outside of any.
    let mut fence: Option<&str> = None;
    for line in rule.docs.trim_end().lines().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
        match (line.trim().strip_prefix("```"), fence) {
            (Some(kind), None) => {
                fence = Some(kind);
                let shell = kind.split(',').next().unwrap_or_default();
                let of = if shell == "sh" { String::new() } else { format!(" in {}", dialect(kind).name()) };
                if kind.ends_with("flagged") {
                    let _ = write!(page, "\n## Flagged{of}\n\n| line | risk |\n| --- | --- |\n");
                } else {
                    let _ = write!(page, "\n## Left alone{of}\n\n```{shell}\n");
                }
            }
            (Some(_), Some(kind)) => {
                if !kind.ends_with("flagged") {
                    page.push_str("```\n");
                }
                fence = None;
            }
            (None, Some(kind)) if kind.ends_with("flagged") => {
                let written = written_out(line.trim());
                let report = safety::check(&written, &context(dialect(kind)));
                levels.insert(report.risk);
                let _ = writeln!(page, "| {} | {} |", code(line.trim()), report.risk);
            }
            _ => {
                page.push_str(line);
                page.push('\n');
            }
        }
    }
    (page, levels)
}

/// PowerShell's examples are of Windows.
fn context(dialect: Dialect) -> Context {
    let ctx = Context::new(dialect);
    if dialect == Dialect::PowerShell { ctx.with_os(Os::Windows) } else { ctx }
}

/// The dialect of a fence: `sh`, `fish`, `nu`, `powershell`, `zsh`.
fn dialect(kind: &str) -> Dialect {
    match kind.split(',').next().unwrap_or_default() {
        "sh" => Dialect::Bash,
        name => name.parse().expect("a fence names a dialect"),
    }
}

/// Characters that cannot be seen are written `\u{200b}` in documentation.
fn written_out(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let (code, after) = after.split_once('}').unwrap_or((after, ""));
        out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        rest = after;
    }
    out + rest
}

/// A line as code in a cell of a table.
fn code(line: &str) -> String {
    let line = line.replace('|', "\\|");
    if line.contains('`') { format!("`` {line} ``") } else { format!("`{line}`") }
}
