//! The features of all phrasings, or of requests: what `training/rank/embedding.py` learns from.
//!
//! `cargo run --release -p cmdai-recall --example features -- training/intents > phrasings.jsonl`: JSON lines `{"file", "id", "features"}`.
//! With `--requests`, JSON lines with `request` are read from standard input, and one array is written for each.

use std::io::{BufRead, BufWriter, Write};

use cmdai_recall::{Memory, compile, read_intents};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "training/intents".to_owned());
    let of_requests = std::env::args().any(|argument| argument == "--requests");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let (intents, _) = read_intents(&std::fs::read_to_string(&path)?);
            files.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), intents));
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let given: Vec<_> = files.iter().map(|(name, intents)| (name.as_str(), intents.as_slice())).collect();
    let memory = Memory::new(compile(&given)).ok_or("no memory")?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if of_requests {
        for line in std::io::stdin().lock().lines() {
            let row: serde_json::Value = serde_json::from_str(&line?)?;
            let features = memory.request_features(row["request"].as_str().unwrap_or_default());
            writeln!(out, "{}", serde_json::json!(features))?;
        }
    } else {
        for (file, id, features) in memory.phrasing_features() {
            writeln!(out, "{}", serde_json::json!({"file": file, "id": id, "features": features}))?;
        }
    }
    Ok(())
}
