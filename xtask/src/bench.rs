//! `cargo xtask bench`: what a person feels, measured on the release build.
//!
//! Start-up, the first answer, answers after that, time per token, memory and size. Every process runs
//! with a home of its own, so caches are cold or warm because we made them so. Times of whole processes
//! are wall times seen from outside. `--peer` runs llama.cpp beside it (`benches/peers/README.md`).

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::{cargo, output, run};
use crate::{Options, Taken, setup, tree};

const REQUEST: &str = "find files larger than 100 MB in my downloads folder";

/// One measured quantity.
struct Row {
    name: String,
    unit: &'static str,
    /// Sorted.
    values: Vec<f64>,
}

impl Row {
    fn new(name: impl Into<String>, unit: &'static str, mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self { name: name.into(), unit, values }
    }

    /// The value that this share of all values does not exceed.
    fn quantile(&self, share: f64) -> f64 {
        let at = (self.values.len() as f64 * share) as usize;
        self.values.get(at.min(self.values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    }
}

pub(crate) fn task(args: &[String]) -> Result<()> {
    let which = args.split_first().map(|(first, rest)| (first.as_str(), rest));
    if let Some(("ghost", rest)) = which {
        return crate::completion::bench_ghost(rest);
    }
    if let Some(("inline", rest)) = which {
        return crate::inline::bench(rest);
    }
    let (mut as_json, mut peer, mut modules) = (false, None, None);
    Options::new("bench", args).each(|arg, value| match arg {
        "--json" => {
            as_json = true;
            Taken::Flag
        }
        "--peer" => {
            peer = value.map(PathBuf::from);
            Taken::Value
        }
        "--modules" => {
            modules = value.map(PathBuf::from);
            Taken::Value
        }
        _ => Taken::Unknown,
    })?;
    setup::prepare()?;
    let load_before = load_average();
    let mut rows = sizes()?;
    rows.extend(starts()?);
    rows.extend(first_answers()?);
    rows.extend(later_answers()?);
    rows.extend(engine()?);
    if let Some(model) = peer {
        let modules = modules.context("--peer needs --modules DIR, a folder with node-llama-cpp in it")?;
        rows.extend(llama(&model, &modules)?);
    }
    let load = format!("{load_before} before, {} after", load_average());
    if as_json {
        let rows = rows.iter().map(|row| {
            json!({"name": row.name, "unit": row.unit, "p50": row.quantile(0.5), "p95": row.quantile(0.95),
                   "runs": row.values.len()})
        });
        println!("{}", json!({"machine": machine(), "load": load, "rows": rows.collect::<Vec<_>>()}));
    } else {
        println!("{}\n\nLoad average {load}.\n", machine());
        println!("| what | p50 | p95 | runs |\n| --- | ---: | ---: | ---: |");
        for row in &rows {
            let cell = |value: f64| format!("{} {}", rounded(value), row.unit);
            let p95 = if row.values.len() > 1 { cell(row.quantile(0.95)) } else { String::new() };
            println!("| {} | {} | {p95} | {} |", row.name, cell(row.quantile(0.5)), row.values.len());
        }
    }
    Ok(())
}

/// Three digits are more than any of this repeats to.
fn rounded(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn sizes() -> Result<Vec<Row>> {
    let megabytes = |path: &Path| -> Result<f64> {
        let meta = path.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        Ok(meta.len() as f64 / 1e6)
    };
    let library = crate::runtime::vendor_dir().join(crate::runtime::host_build()?.library);
    let model = setup::model_files()?.iter().map(|file| megabytes(file)).sum::<Result<f64>>()?;
    Ok(vec![
        Row::new("binary", "MB", vec![megabytes(&setup::binary())?]),
        Row::new("ONNX Runtime library", "MB", vec![megabytes(&library)?]),
        Row::new("model folder", "MB", vec![model]),
    ])
}

/// Processes that need no model.
fn starts() -> Result<Vec<Row>> {
    let home = Home::new("starts")?;
    Ok(vec![
        Row::new("`cmdai --version`, process", "ms", home.times(&["--version"], 50)?),
        Row::new(
            "`cmdai check 'rm -rf ./build'`, process",
            "ms",
            home.times(&["check", "rm -rf ./build"], 50)?,
        ),
        Row::new(
            "`cmdai explain 'tar -xzf a.tgz'`, process",
            "ms",
            home.times(&["explain", "tar -xzf a.tgz"], 50)?,
        ),
    ])
}

/// A process that answers one request and ends: without any cache, with the cache that the first left, and with prepared weights.
fn first_answers() -> Result<Vec<Row>> {
    let mut without = Vec::new();
    for _ in 0..5 {
        without.extend(Home::new("first")?.times(&[REQUEST], 1)?);
    }
    let home = Home::new("first")?;
    home.times(&[REQUEST], 1)?;
    let with = home.times(&[REQUEST], 15)?;
    let load = loads(&home)?;
    home.times(&["doctor", "--prepare"], 1)?;
    Ok(vec![
        Row::new("first request ever, process (no cache)", "ms", without),
        Row::new("one request, process (cache of an earlier one)", "ms", with),
        Row::new("of that, loading library, weights and tokenizer", "ms", load),
        Row::new("one request, process (weights prepared)", "ms", home.times(&[REQUEST], 15)?),
        Row::new("of that, loading library, weights and tokenizer", "ms", loads(&home)?),
    ])
}

/// How long five processes took to load, ms.
fn loads(home: &Home) -> Result<Vec<f64>> {
    let load = |_| {
        let answer = output(home.command().args(["--json", REQUEST]))?;
        let answer: Value = serde_json::from_str(&answer).context("the answer is no JSON")?;
        answer["timings"]["load_ms"].as_f64().context("the answer has no timings.load_ms")
    };
    (0..5).map(load).collect()
}

/// One process that answers request after request, as a daemon or an editor would use it.
fn later_answers() -> Result<Vec<Row>> {
    let home = Home::new("later")?;
    // As an installation leaves it.
    home.times(&["doctor", "--prepare"], 1)?;
    let mut child = home.command();
    child.args(["generate", "--jsonl", "--quiet"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.spawn().context("cannot start cmdai")?;
    let mut input = child.stdin.take().context("no pipe")?;
    let mut answers = BufReader::new(child.stdout.take().context("no pipe")?);

    let (mut total, mut prefill, mut decode, mut tokens) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, request) in requests()?.iter().enumerate() {
        let begin = Instant::now();
        writeln!(input, "{}", json!({"id": number, "request": request})).context("cmdai closed its input")?;
        input.flush()?;
        let mut line = String::new();
        answers.read_line(&mut line)?;
        let took = begin.elapsed().as_secs_f64() * 1e3;
        let answer: Value = serde_json::from_str(&line).with_context(|| format!("no JSON: {line:?}"))?;
        let timing = |key: &str| answer["timings"][key].as_f64();
        // The first two load the model and warm it.
        if number < 2 {
            continue;
        }
        if answer["id"] != json!(number) {
            bail!("answer {line:?} is not that of request {number}");
        }
        total.push(took);
        tokens.extend(timing("decoded_tokens"));
        prefill.extend(timing("prefill_ms"));
        decode.extend(timing("decode_ms"));
    }
    // The process waits for the next line: its peak is behind it.
    let memory = ["VmHWM", "RssAnon"].map(|key| status(child.id(), key));
    drop(input);
    let status = child.wait()?;
    if !status.success() && status.code() != Some(3) {
        bail!("cmdai generate --jsonl failed ({status})");
    }
    let mut rows = vec![
        Row::new("later request, same process", "ms", total),
        Row::new("of that, running the prompt", "ms", prefill),
        Row::new("of that, writing all candidates", "ms", decode),
        Row::new("tokens written for one request, all candidates", "tokens", tokens),
    ];
    let [peak, own] = memory;
    rows.extend(peak.map(|mb| Row::new("peak memory, mapped files included", "MB", vec![mb])));
    rows.extend(own.map(|mb| Row::new("memory of its own after 32 requests", "MB", vec![mb])));
    Ok(rows)
}

/// The engine alone, one greedy answer a request.
fn engine() -> Result<Vec<Row>> {
    run(cargo().args(["build", "--release", "--locked", "-p", "cmdai-benches"]))?;
    let home = Home::new("engine")?;
    let program = setup::binary().with_file_name(format!("engine{}", std::env::consts::EXE_SUFFIX));
    let mut rows = Vec::new();
    for threads in THREADS {
        let mut engine = home.of(&program);
        rows.extend(per_token("cmdai", threads, &output(engine.arg(requests_file()).arg(threads))?)?);
    }
    Ok(rows)
}

/// llama.cpp on a GGUF, with as many threads and prompts of about the same length.
fn llama(model: &Path, modules: &Path) -> Result<Vec<Row>> {
    let script = tree::root().join("benches/peers/llama.mjs");
    let mut rows = Vec::new();
    for threads in THREADS {
        let mut node = Command::new("node");
        node.arg(&script).arg(modules).arg(model).args([threads, "16", "16", "30"]);
        rows.extend(per_token("llama.cpp", threads, &output(&mut node)?)?);
    }
    Ok(rows)
}

const THREADS: [&str; 2] = ["1", "2"];

fn per_token(who: &str, threads: &str, line: &str) -> Result<Vec<Row>> {
    let line: Value = serde_json::from_str(line).with_context(|| format!("no JSON: {line:?}"))?;
    let row = |what: &str, key: &str| {
        let value = line[key].as_f64().with_context(|| format!("no {key} in {line}"))?;
        let plural = if threads == "1" { "" } else { "s" };
        anyhow::Ok(Row::new(format!("{who}: {what} per token, {threads} thread{plural}"), "ms", vec![value]))
    };
    Ok(vec![row("prefill", "prefill_ms_per_token")?, row("decode", "decode_ms_per_token")?])
}

fn requests_file() -> PathBuf {
    tree::root().join("benches/requests.txt")
}

fn requests() -> Result<Vec<String>> {
    let file = requests_file();
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// An empty home folder of its own, removed on drop.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Result<Self> {
        let dir = tree::scratch("bench")?.join(name);
        tree::remove(&dir)?;
        tree::make_dir(&dir)?;
        Ok(Self(dir))
    }

    fn command(&self) -> Command {
        self.of(&setup::binary())
    }

    /// A program that sees this home and nothing of the person's settings.
    fn of(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", &self.0).current_dir(&self.0).stdin(Stdio::null());
        for name in ["PATH", "LANG", "SHELL", "SYSTEMROOT"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    /// Wall times of a process in milliseconds.
    fn times(&self, args: &[&str], runs: usize) -> Result<Vec<f64>> {
        let mut times = Vec::new();
        for _ in 0..runs {
            let mut command = self.command();
            let begin = Instant::now();
            let out = command.args(args).output().context("cannot start cmdai")?;
            times.push(begin.elapsed().as_secs_f64() * 1e3);
            if !out.status.success() {
                bail!(
                    "cmdai {args:?} failed ({}): {}",
                    out.status,
                    String::from_utf8_lossy(&out.stderr).trim()
                );
            }
        }
        Ok(times)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = tree::remove(&self.0);
    }
}

/// A size from `/proc/<pid>/status` in megabytes; nothing where the system has no such file.
fn status(pid: u32, key: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{}, {cores} cores, {}", model.unwrap_or("unknown processor"), std::env::consts::OS)
}

fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|word| !word.is_empty()).unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_measured_values() {
        let row = Row::new("x", "ms", (1..=20).rev().map(f64::from).collect());
        assert_eq!([row.quantile(0.0), row.quantile(0.5), row.quantile(0.95)], [1.0, 11.0, 20.0]);
        assert!(Row::new("x", "ms", Vec::new()).quantile(0.5).is_nan());
        assert_eq!(["4.25", "42.5", "425"], [4.25, 42.5, 425.0].map(rounded).each_ref().map(String::as_str));
    }

    #[test]
    fn every_request_is_there_once() {
        let mut requests = requests().unwrap();
        let count = requests.len();
        requests.sort();
        requests.dedup();
        assert_eq!((requests.len(), count), (32, 32));
    }
}
