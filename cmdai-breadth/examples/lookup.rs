//! How long look-ups take: `cargo run --release -p cmdai-breadth --example lookup -- vendor/breadth/breadth.table`.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cmdai_breadth::{Command, Table};

const RUNS: usize = 2000;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: lookup TABLE")?;
    let bytes = std::fs::read(path)?;
    let table = Table::open(bytes)?;
    let names: Vec<String> = table.tools().map(|(name, _)| name.to_owned()).collect();
    let mut next = names.iter().cycle();
    time("find a tool, with its sentence", || {
        table.find(next.next().map_or("", String::as_str)).map_or(0, |tool| tool.about().len())
    });
    let walk = |words: &[&str]| -> Option<Command<'_>> {
        let (first, rest) = words.split_first()?;
        rest.iter().try_fold(table.find(first)?, |command, word| command.subcommand(word))
    };
    time("git commit, its flag --amend", || {
        walk(&["git", "commit"])
            .and_then(|command| command.flag("--amend"))
            .map_or(0, |flag| flag.about().len())
    });
    time("aws ec2 describe-instances, its flag --filters", || {
        let command = walk(&["aws", "ec2", "describe-instances"]);
        command.and_then(|command| command.flag("--filters")).map_or(0, |flag| flag.about().len())
    });
    time("all subcommands of git, with sentences", || {
        walk(&["git"])
            .map_or(0, |git| git.subcommands().map(|sub| sub.name().len() + sub.about().len()).sum())
    });
    time("all flags of az vm create, with sentences", || {
        walk(&["az", "vm", "create"])
            .map_or(0, |command| command.flags().map(|flag| flag.names().count() + flag.about().len()).sum())
    });
    time("all names of tools", || table.tools().map(|(name, _)| name.len()).sum());
    Ok(())
}

fn time(what: &str, mut work: impl FnMut() -> usize) {
    let mut times: Vec<Duration> = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        black_box(work());
        times.push(start.elapsed());
    }
    times.sort();
    let us = |at: usize| times[at].as_secs_f64() * 1e6;
    println!("{what:50} p50 {:7.1} us   p99 {:7.1} us", us(RUNS / 2), us(RUNS * 99 / 100));
}
