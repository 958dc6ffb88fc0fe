//! Findings as SARIF 2.1.0, the form that code scanning reads.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use cmdai_core::audit;
use cmdai_core::safety::{self, Finding, Report, Risk};
use serde_json::{Value, json};

use crate::findings::changed_lines;
use crate::script::{Lines, STDIN};

/// A text that was judged.
pub(crate) struct Judged {
    /// Where it came from; `None` is standard input or an argument.
    pub path: Option<std::path::PathBuf>,
    /// The text.
    pub text: String,
    /// What was said of it.
    pub report: Report,
}

/// The findings of all texts as one run.
pub(crate) fn sarif(judged: &[Judged], cwd: Option<&Path>) -> String {
    let findings =
        || judged.iter().flat_map(|judged| &judged.report.findings).filter(|f| f.risk > Risk::Safe);
    let mut worst: BTreeMap<&str, Risk> = BTreeMap::new();
    for finding in findings() {
        let risk = worst.entry(finding.rule).or_insert(finding.risk);
        *risk = (*risk).max(finding.risk);
    }
    let names: Vec<&str> = worst.keys().copied().collect();
    let rules: Vec<Value> = worst.iter().map(|(name, risk)| rule(name, *risk)).collect();
    let mut results = Vec::new();
    for judged in judged {
        let lines = Lines::new(&judged.text);
        let path = judged.path.as_deref().filter(|path| path.as_os_str() != STDIN);
        let uri = path.map_or("stdin".to_owned(), |path| uri(path, cwd));
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for finding in judged.report.findings.iter().filter(|finding| finding.risk > Risk::Safe) {
            let index = names.binary_search(&finding.rule).unwrap_or(0);
            let mut result = result(finding, &lines, &uri, &mut seen);
            result["ruleIndex"] = index.into();
            result["properties"]["verdict"] = judged.report.verdict.name().into();
            results.push(result);
        }
    }
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cmdai",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

const fn level(risk: Risk) -> &'static str {
    match risk {
        Risk::Safe => "note",
        Risk::Moderate => "warning",
        Risk::High | Risk::Critical => "error",
    }
}

fn rule(name: &str, worst: Risk) -> Value {
    let docs = safety::rules().iter().find(|rule| rule.name == name).map_or("", |rule| rule.docs);
    let docs = docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let first = docs.trim().lines().next().unwrap_or("Not all of the text can be read.").trim();
    // The examples are lines that nobody should find in a report of their own.
    let prose = docs.split("```").next().unwrap_or_default().trim();
    let help = if prose.is_empty() { first } else { prose };
    let severity = match worst {
        Risk::Critical => "9.5",
        Risk::High => "8.0",
        Risk::Moderate => "5.0",
        Risk::Safe => "1.0",
    };
    json!({
        "id": name,
        "name": name,
        "shortDescription": { "text": first },
        "fullDescription": { "text": first },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level(worst) },
        "properties": { "tags": ["security", "shell"], "precision": "high", "security-severity": severity },
    })
}

fn result(finding: &Finding, lines: &Lines<'_>, uri: &str, seen: &mut BTreeMap<String, u32>) -> Value {
    let (start, end) = lines.places(finding.span);
    let source = lines.line(start.line).trim();
    let mut message = finding.message.clone();
    let safer = finding.safer.as_deref().map(|safer| changed_lines(lines.text(), safer));
    if let Some(safer) =
        safer.filter(|safer| !safer.is_empty() && safer.len() <= 200 && !safer.contains('\n'))
    {
        message.push_str(&format!(" Safer: `{safer}`."));
    }
    if let Some(undo) = finding.undo.as_ref().filter(|undo| !undo.starts_with("cannot")) {
        message.push_str(&format!(" Undo: {undo}."));
    }
    // The same line in the same file is told apart by its number among equals, so that a line above does not move it.
    let print = audit::digest(format!("{}\0{uri}\0{source}", finding.rule).as_bytes());
    let nth = seen.entry(print.clone()).or_insert(0);
    *nth += 1;
    let mut region = json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column });
    if !source.is_empty() && source.len() <= 500 {
        region["snippet"] = json!({ "text": source });
    }
    json!({
        "ruleId": finding.rule,
        "level": level(finding.risk),
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": region,
        } }],
        "partialFingerprints": { "primaryLocationLineHash": format!("{}:{nth}", &print[..16]) },
        "properties": { "risk": finding.risk.name() },
    })
}

/// A path as a URI: relative to the directory where it lies below it, as code scanning wants it.
fn uri(path: &Path, cwd: Option<&Path>) -> String {
    let path = cwd.and_then(|cwd| path.strip_prefix(cwd).ok()).unwrap_or(path);
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(encoded(&name.to_string_lossy())),
            Component::ParentDir => parts.push("..".to_owned()),
            _ => {}
        }
    }
    let joined = parts.join("/");
    if path.is_absolute() { format!("file:///{joined}") } else { joined }
}

fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use cmdai_core::{Context, safety::check};

    #[test]
    fn uris_are_relative_where_they_can_be() {
        let cwd = Some(Path::new("/src/app"));
        assert_eq!(uri(Path::new("/src/app/a b/x.sh"), cwd), "a%20b/x.sh");
        assert_eq!(uri(Path::new("./x.sh"), cwd), "x.sh");
        assert_eq!(uri(Path::new("/etc/x.sh"), cwd), "file:///etc/x.sh");
        assert_eq!(uri(Path::new("é.sh"), cwd), "%C3%A9.sh");
    }

    #[test]
    fn every_result_has_its_rule_and_its_place() {
        let text = "ls\ngit reset --hard\nrm -rf ~\ngit reset --hard\n";
        let report = check(text, &Context::default());
        let judged = [Judged { path: Some("a.sh".into()), text: text.to_owned(), report }];
        let value: Value = serde_json::from_str(&sarif(&judged, None)).unwrap();
        let run = &value["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        assert!(results.len() >= 3, "{value}");
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
        let home = results.iter().find(|result| result["ruleId"] == "rm-home").unwrap();
        assert_eq!(home["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
        let prints: std::collections::HashSet<_> = results
            .iter()
            .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].as_str())
            .collect();
        assert_eq!(prints.len(), results.len());
    }
}
