//! How well the guard does over labelled lines: reads JSON lines from the files named, each with `cmd`,
//! `shell`, `want` and `kind` (and `domain`, `mechanism`), and prints for each kind what was missed and what was
//! flagged for nothing. `--show` lists those lines. The label of a dangerous line is the least risk that it
//! must have, that of a harmless one the most.
//!
//! `cargo run -p cmdai-core --example corpus -- --show cmdai-core/tests/corpora/*.jsonl`

use std::collections::BTreeMap;
use std::fmt;

use cmdai_core::line::Dialect;
use cmdai_core::safety::{self, Risk};
use cmdai_core::{Context, Os};

/// A labelled line.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The line, or a script of several.
    pub cmd: String,
    shell: String,
    want: String,
    kind: String,
    #[serde(default)]
    domain: String,
    mechanism: String,
}

impl Row {
    /// Reads one line of a corpus.
    pub fn read(line: &str) -> Result<Self, String> {
        serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))
    }

    fn wanted(&self) -> Risk {
        Risk::ALL.iter().copied().find(|risk| risk.name() == self.want).unwrap_or_default()
    }

    fn is_danger(&self) -> bool {
        let harmful = matches!(self.kind.as_str(), "trick" | "danger" | "dialect");
        harmful || (self.kind == "report" && self.wanted() >= Risk::High)
    }

    /// Dangerous lines of a kind and shell are one group, harmless ones another.
    fn group(&self) -> String {
        let side = if self.is_danger() { "danger" } else { "harmless" };
        format!("{side} {} {}", self.shell, self.kind)
    }
}

/// How one line was judged beside its label.
pub struct Judged<'a> {
    row: &'a Row,
    risk: Risk,
    rules: Vec<&'static str>,
}

impl Judged<'_> {
    /// True where a dangerous line got less, or a harmless one more, than its label.
    pub fn is_wrong(&self) -> bool {
        if self.row.is_danger() { self.risk < self.row.wanted() } else { self.risk > self.row.wanted() }
    }
}

impl fmt::Display for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.row.is_danger() { "missed" } else { "false alarm" };
        let Row { cmd, want, domain, mechanism, .. } = self.row;
        let rules = self.rules.join(",");
        write!(f, "{side}\t{}\t{want}->{}\t{domain}/{mechanism}\t{rules}\t{cmd:?}", self.row.shell, self.risk)
    }
}

/// Judges every line.
pub fn judge(rows: &[Row]) -> Vec<Judged<'_>> {
    let judge = |row: &'_ Row| {
        let dialect: Dialect = row.shell.parse().unwrap_or_default();
        let os = if dialect == Dialect::PowerShell { Os::Windows } else { Os::Linux };
        let report = safety::check(&row.cmd, &Context::new(dialect).with_os(os));
        (report.risk, report.findings.iter().map(|finding| finding.rule).collect())
    };
    rows.iter()
        .map(|row| {
            let (risk, rules) = judge(row);
            Judged { row, risk, rules }
        })
        .collect()
}

/// Counts of one group of lines.
#[derive(Default)]
pub struct Count {
    /// Lines.
    pub lines: usize,
    /// Those judged Moderate or more.
    pub moderate: usize,
    /// Those judged High or more.
    pub high: usize,
    /// Those whose label is Safe for harmless lines, High or more for dangerous ones.
    pub strict: usize,
    /// Of those, the ones judged Moderate or more.
    pub strict_moderate: usize,
    /// Of those, the ones judged High or more.
    pub strict_high: usize,
    /// Those on the wrong side of their label.
    pub wrong: usize,
}

/// Counts by group, and by side over all.
pub fn count(judged: &[Judged<'_>]) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for one in judged {
        let all = if one.row.is_danger() { "danger" } else { "harmless" };
        for group in [one.row.group(), all.to_owned()] {
            let count = counts.entry(group).or_default();
            let strict = if one.row.is_danger() {
                one.row.wanted() >= Risk::High
            } else {
                one.row.wanted() == Risk::Safe
            };
            count.lines += 1;
            count.moderate += usize::from(one.risk >= Risk::Moderate);
            count.high += usize::from(one.risk >= Risk::High);
            count.strict += usize::from(strict);
            count.strict_moderate += usize::from(strict && one.risk >= Risk::Moderate);
            count.strict_high += usize::from(strict && one.risk >= Risk::High);
            count.wrong += usize::from(one.is_wrong());
        }
    }
    counts
}

#[allow(dead_code, reason = "the corpus test takes this file as a module")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut show = false;
    let mut rows = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "--show" {
            show = true;
            continue;
        }
        for line in std::fs::read_to_string(&argument)?.lines().filter(|line| !line.trim().is_empty()) {
            rows.push(Row::read(line)?);
        }
    }
    let judged = judge(&rows);
    if show {
        for one in judged.iter().filter(|one| one.is_wrong()) {
            println!("{one}");
        }
    }
    println!(
        "{:<34} {:>5} {:>9} {:>7} {:>24} {:>6}",
        "group", "lines", "moderate+", "high+", "strict: n moderate+ high+", "wrong"
    );
    for (group, count) in count(&judged) {
        let of = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        println!(
            "{group:<34} {:>5} {:>8.1}% {:>6.1}% {:>10} {:>6.1}% {:>5.1}% {:>6}",
            count.lines,
            of(count.moderate, count.lines),
            of(count.high, count.lines),
            count.strict,
            of(count.strict_moderate, count.strict),
            of(count.strict_high, count.strict),
            count.wrong
        );
    }
    Ok(())
}
