//! Writes the first inputs of every target: the examples of the rules, and lines that hold about everything.

use std::path::Path;
use std::{fs, io};

use cmdai_core::line::Dialect;
use cmdai_core::safety;

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../cmdai-core/tests/data/");
    let mut inputs: Vec<Vec<u8>> = Vec::new();
    let mut add = |dialect: usize, line: &str| inputs.push([&[dialect as u8], line.as_bytes()].concat());
    for rule in safety::rules() {
        let mut dialect = None;
        for line in rule.docs.lines().map(str::trim) {
            match (line.strip_prefix("```"), dialect) {
                (Some(kind), None) => dialect = Some(number(kind.split(',').next().unwrap_or_default())),
                (Some(_), Some(_)) => dialect = None,
                (None, Some(dialect)) => add(dialect, line),
                (None, None) => {}
            }
        }
    }
    for file in ["accepted.txt", "refused.txt", "ordinary.txt", "payloads.txt"] {
        for (index, line) in fs::read_to_string(format!("{data}{file}"))?.lines().enumerate() {
            // Some of them say what the guard may answer before a tab.
            let line = line.split_once('\t').map_or(line, |(_, line)| line);
            add(index % Dialect::ALL.len(), line);
            add(0, line);
        }
    }
    for file in ["tricks", "domains", "dialects"] {
        let path = format!("{}/../cmdai-core/tests/corpora/dev/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
        for line in fs::read_to_string(path)?.lines() {
            let labelled: serde_json::Value = serde_json::from_str(line)?;
            if let (Some(line), Some(shell)) = (labelled["cmd"].as_str(), labelled["shell"].as_str()) {
                add(number(shell), line);
            }
        }
    }
    for target in ["parse", "check", "explain"] {
        write(&folder.join(target), inputs.iter().map(Vec::as_slice))?;
    }
    let policies = [
        "profile = \"agent\"\n[risk]\nhigh = \"deny\"\n",
        "[rules]\nrm-recursive = { verdict = \"allow\", paths = [\"/srv/scratch/**\"], reason = \"scratch\" }\n",
        "[effects]\nsend = \"ask\"\n[programs]\nterraform = \"deny\"\n[paths]\n\"~/prod/**\" = \"deny\"\n",
        "[agent.rules]\npublish = \"deny\"\n[[tests]]\nline = \"rm -rf /\"\nexpect = \"deny\"\nshell = \"bash\"\n",
    ];
    write(&folder.join("policy"), policies.iter().map(|text| text.as_bytes()))
}

/// The place of a shell in the list of dialects; `sh` in a fence means bash.
fn number(shell: &str) -> usize {
    let dialect = if shell == "sh" { Dialect::Bash } else { shell.parse().unwrap_or_default() };
    Dialect::ALL.iter().position(|known| *known == dialect).unwrap_or_default()
}

fn write<'a>(folder: &Path, inputs: impl Iterator<Item = &'a [u8]>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    inputs.enumerate().try_for_each(|(index, input)| fs::write(folder.join(format!("seed-{index}")), input))
}
