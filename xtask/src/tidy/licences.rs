//! Licences of everything that is compiled in, against the list in `deny.toml`.
//!
//! `cargo deny check` reads the same list and knows more (advisories, texts of licences), but it is a
//! long build and its advisories need the network. This check needs neither and runs on each change.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::tree;

pub(super) fn check(metadata: &Value) -> Result<Vec<String>> {
    let path = tree::root().join("deny.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let table: toml::Table = text.parse().with_context(|| format!("{} is no TOML", path.display()))?;
    let allowed =
        table.get("licenses").and_then(|licenses| licenses.get("allow")).and_then(toml::Value::as_array);
    let allowed = allowed.with_context(|| format!("{} has no licenses.allow", path.display()))?;
    let allowed: BTreeSet<&str> = allowed.iter().filter_map(toml::Value::as_str).collect();

    let mut complaints = Vec::new();
    let mut used = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = format!("{} {}", text_of(package, "name"), text_of(package, "version"));
        let licence = text_of(package, "license");
        match choose(licence, &allowed) {
            Some(chosen) => used.extend(chosen),
            None if licence.is_empty() => complaints.push(format!("{name} names no licence")),
            None => complaints.push(format!("{name} is under {licence}, which deny.toml does not allow")),
        }
    }
    let unused = allowed.iter().filter(|id| !used.contains(**id));
    for id in unused {
        eprintln!("tidy: note: deny.toml allows {id}, which nothing needs today");
    }
    Ok(complaints)
}

fn text_of<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or("")
}

/// The allowed licences under which a package can be used, or `None` where there is no such choice.
///
/// An SPDX expression joins identifiers with `OR` (some crates still write `/`), `AND` and parentheses;
/// `WITH exception` belongs to the identifier before it.
fn choose<'a>(expression: &'a str, allowed: &BTreeSet<&str>) -> Option<Vec<&'a str>> {
    let tokens = expression.split_inclusive(['(', ')', '/', ' ']).flat_map(|word| {
        let cut = word.len() - usize::from(word.ends_with(['(', ')', '/', ' ']));
        [&word[..cut], word[cut..].trim()]
    });
    let tokens: Vec<&str> = tokens.filter(|token| !token.is_empty()).collect();
    let mut parser = Parser { tokens: &tokens, at: 0, allowed };
    let chosen = parser.either()?;
    (parser.at == tokens.len()).then_some(chosen).flatten()
}

/// Recursive descent; every method gives `None` for an expression it cannot read, `Some(None)` for one
/// that is not allowed.
struct Parser<'p, 'a> {
    tokens: &'p [&'a str],
    at: usize,
    allowed: &'p BTreeSet<&'p str>,
}

impl<'a> Parser<'_, 'a> {
    fn either(&mut self) -> Option<Option<Vec<&'a str>>> {
        let mut best = self.both()?;
        while self.take("OR") || self.take("/") {
            let other = self.both()?;
            best = best.or(other);
        }
        Some(best)
    }

    fn both(&mut self) -> Option<Option<Vec<&'a str>>> {
        let mut all = self.one()?;
        while self.take("AND") {
            let more = self.one()?;
            all = all.zip(more).map(|(mut all, more)| {
                all.extend(more);
                all
            });
        }
        Some(all)
    }

    fn one(&mut self) -> Option<Option<Vec<&'a str>>> {
        if self.take("(") {
            let inner = self.either()?;
            return self.take(")").then_some(inner);
        }
        let id = *self.tokens.get(self.at)?;
        self.at += 1;
        if self.take("WITH") {
            // An exception only ever grants more, so the licence itself decides.
            self.tokens.get(self.at)?;
            self.at += 1;
        }
        Some(self.allowed.contains(id).then(|| vec![id]))
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.tokens.get(self.at) == Some(&token);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expect: Option<&[&str]>) {
        let allowed = BTreeSet::from(["MIT", "Apache-2.0", "Zlib"]);
        assert_eq!(choose(expression, &allowed).as_deref(), expect, "{expression}");
    }

    #[test]
    fn expressions_are_decided() {
        check("MIT", Some(&["MIT"]));
        check("GPL-3.0", None);
        check("GPL-3.0 OR MIT", Some(&["MIT"]));
        check("MIT/Apache-2.0", Some(&["MIT"]));
        check("MIT AND Zlib", Some(&["MIT", "Zlib"]));
        check("MIT AND GPL-3.0", None);
        check("(GPL-3.0 OR Apache-2.0) AND Zlib", Some(&["Apache-2.0", "Zlib"]));
        check("GPL-3.0 OR MIT AND GPL-2.0", None);
        check("Apache-2.0 WITH LLVM-exception OR BSL-1.0", Some(&["Apache-2.0"]));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT Zlib", "OR"] {
            check(expression, None);
        }
    }
}
