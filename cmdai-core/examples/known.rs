//! What share of the programs, subcommands and flags in histories is known: by our specs alone, and with the table.
//!
//! ```text
//! cargo run --release -p cmdai-core --example known -- vendor/breadth/breadth.table FOLDER [--missing]
//! ```
//! FOLDER holds histories as JSON lines with `shell`, `os` and `cmd`. `--missing` lists what nobody knows.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::{env, fs};

use cmdai_breadth::Table;
use cmdai_core::specs::{ReadRole, Reading, Role, lookup_in, parse_args};
use cmdai_core::{Context, Dialect, Os, safety};

#[derive(Default)]
struct Count {
    all: usize,
    own: usize,
    both: usize,
    missing: HashMap<String, usize>,
}

impl Count {
    fn add(&mut self, own: bool, both: bool, what: impl FnOnce() -> String) {
        self.all += 1;
        self.own += usize::from(own);
        self.both += usize::from(both);
        if !both {
            *self.missing.entry(what()).or_default() += 1;
        }
    }

    fn line(&self, name: &str) -> String {
        let share = |part: usize| 100.0 * part as f64 / self.all.max(1) as f64;
        format!("{name:12} {:6}   {:5.1} %   {:5.1} %", self.all, share(self.own), share(self.both))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [table, folder, rest @ ..] = &args[..] else {
        return Err("usage: known TABLE FOLDER [--missing]".into());
    };
    let table = Table::open(fs::read(table)?)?;
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut files: Vec<_> =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok()).map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "jsonl")) {
        for line in fs::read_to_string(file)?.lines() {
            let row: serde_json::Value = serde_json::from_str(line)?;
            let text = |key: &str| row.get(key).and_then(serde_json::Value::as_str).unwrap_or("");
            let Ok(dialect) = text("shell").parse::<Dialect>() else { continue };
            let ctx = Context::new(dialect).with_os(text("os").parse::<Os>().unwrap_or_default());
            count(text("cmd"), &ctx, &ctx.clone().with_breadth(table.clone()), &mut counts);
        }
    }
    println!("{:12} {:>6}   {:>7}   {:>7}", "", "typed", "specs", "+ table");
    for (name, count) in &counts {
        println!("{}", count.line(name));
    }
    if rest.iter().any(|arg| arg == "--missing") {
        for (name, count) in &counts {
            let mut missing: Vec<_> = count.missing.iter().collect();
            missing.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let shown: Vec<_> =
                missing.iter().take(150).map(|(what, count)| format!("{what} {count}")).collect();
            println!("\n{name}: {}", shown.join("; "));
        }
    }
    Ok(())
}

fn count(line: &str, bare: &Context, full: &Context, counts: &mut BTreeMap<&str, Count>) {
    for command in safety::check(line, bare).commands {
        let Some((Some(program), rest)) = command.argv.split_first() else { continue };
        // A script by its path is nobody's to know.
        if program.contains('/') {
            continue;
        }
        let argv: Vec<&str> = rest.iter().map(|word| word.as_deref().unwrap_or("unknown")).collect();
        let own = lookup_in(program, bare.dialect);
        let reading = Reading::new(program, &argv, full);
        counts.entry("programs").or_default().add(own.is_some(), reading.is_some(), || program.clone());
        let args = own.map(|own| parse_args(own, &argv));
        let end = argv.iter().position(|word| *word == "--").unwrap_or(argv.len());
        let stop = reading.as_ref().and_then(|reading| reading.command_at).unwrap_or(argv.len());
        for (at, word) in argv.iter().enumerate().take(end.min(stop)) {
            let is_value = reading.as_ref().is_some_and(|reading| {
                reading
                    .items
                    .iter()
                    .any(|item| item.word == at && item.start == 0 && matches!(item.role, ReadRole::Value(_)))
            });
            if word.len() < 2
                || !word.starts_with('-')
                || word[1..].bytes().all(|b| b.is_ascii_digit())
                || is_value
            {
                continue;
            }
            let by_own = args.as_ref().is_some_and(|args| {
                args.items
                    .iter()
                    .any(|item| item.word == at && matches!(item.role, Role::Flag(_) | Role::Value(_)))
            });
            let by_both = reading.as_ref().is_some_and(|reading| {
                reading.items.iter().any(|item| item.word == at && matches!(item.role, ReadRole::Flag(_)))
            });
            let flag = word.split('=').next().unwrap_or(word);
            counts.entry("flags").or_default().add(by_own, by_own || by_both, || {
                let path = reading.as_ref().map(|reading| {
                    reading.path.iter().map(|known| known.name()).collect::<Vec<_>>().join(" ")
                });
                format!("{} {flag}", path.unwrap_or_else(|| program.clone()))
            });
        }
        // Where a subcommand is expected, the first word that is no flag.
        let Some(reading) = reading.filter(|reading| reading.path[0].has_subcommands()) else { continue };
        let first = reading.items.iter().find(|item| {
            matches!(item.role, ReadRole::Subcommand(_) | ReadRole::Operand(_) | ReadRole::Group)
        });
        let Some(first) = first else { continue };
        let by_own = args.is_some_and(|args| {
            args.items.iter().any(|item| item.word == first.word && matches!(item.role, Role::Subcommand(_)))
        });
        let by_both = matches!(first.role, ReadRole::Subcommand(_));
        counts
            .entry("subcommands")
            .or_default()
            .add(by_own, by_own || by_both, || format!("{program} {}", first.text));
    }
}
