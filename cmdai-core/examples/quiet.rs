//! How loud the guard is over a list of commands: reads lines from standard input, prints the share of
//! each risk and, with `--show LEVEL`, the lines of that level with the rules that spoke. `--shell NAME`
//! says which shell the lines are written for.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use cmdai_core::{Context, Dialect, Os, safety};

fn main() -> io::Result<()> {
    let show = std::env::args().skip_while(|word| word != "--show").nth(1);
    let shell = std::env::args().skip_while(|word| word != "--shell").nth(1);
    let dialect = shell.and_then(|name| name.parse().ok()).unwrap_or_default();
    let mut ctx = Context::new(dialect);
    if dialect == Dialect::PowerShell {
        ctx = ctx.with_os(Os::Windows);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rules: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut total = 0;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let report = safety::check(&line, &ctx);
        total += 1;
        let level = report.risk.name();
        *counts.entry(level).or_default() += 1;
        for finding in report.findings.iter().filter(|finding| finding.risk == report.risk) {
            *rules.entry((level, finding.rule)).or_default() += 1;
        }
        if show.as_deref() == Some(level) {
            let named: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
            writeln!(out, "{}\t{line}", named.join(","))?;
        }
    }
    for (level, count) in &counts {
        writeln!(
            out,
            "# {level}: {count} of {total} ({:.2} %)",
            100.0 * *count as f64 / total.max(1) as f64
        )?;
    }
    for ((level, rule), count) in &rules {
        writeln!(out, "#   {level} {rule}: {count}")?;
    }
    Ok(())
}
