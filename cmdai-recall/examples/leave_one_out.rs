//! What the memory answers to requests whose own phrasing it may not use, and how fast.
//!
//! Standard input: one JSON object a line, `{"request", "shell"?, "os"?, "file", "id", "phrasing"?, "cmd"}`;
//! `training/rank/requests.py` makes them. `--show` prints the misses, `--drafts` all drafts as JSON lines; with
//! `--by-words` phrasings are found by their words and not by what they mean.
//!
//! `cargo run --release -p cmdai-recall --example leave_one_out -- training/intents < requests.jsonl`

use std::io::BufRead;
use std::time::Instant;

use cmdai_recall::{Embedding, Memory, Question, Shell, System, compile_with, read_intents};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "training/intents".to_owned());
    let is_shown = std::env::args().any(|argument| argument == "--show");
    let by_words = std::env::args().any(|argument| argument == "--by-words");
    let all = std::env::args().any(|argument| argument == "--drafts");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let (intents, bad) = read_intents(&std::fs::read_to_string(&path)?);
            if let Some(bad) = bad.first() {
                eprintln!("{}: {bad} ({} bad in all)", path.display(), 1);
            }
            files.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), intents));
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let started = Instant::now();
    let given: Vec<_> = files.iter().map(|(name, intents)| (name.as_str(), intents.as_slice())).collect();
    let embedding = if by_words { None } else { Embedding::shipped() };
    let mut memory = Memory::new(compile_with(&given, embedding.as_ref())).ok_or("no memory")?;
    eprintln!("compiled in {:?}: {:?} bytes, intents, phrasings", started.elapsed(), memory.size());

    let normal = |command: &str| command.replace('"', "'").split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut count, mut first, mut three, mut eight) = (0, 0, 0, 0);
    let mut times = Vec::new();
    let mut bands = vec![(0, 0); 30];
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let question = Question::new(text("request")).on(
            Shell::from_name(text("shell")).unwrap_or_default(),
            System::from_name(text("os")).unwrap_or_default(),
        );
        let phrasing = row["phrasing"].as_u64().map(|number| number as usize);
        memory = memory.leaving_out(text("file"), text("id"), phrasing);
        let started = Instant::now();
        let drafts = memory.recall(&question);
        times.push(started.elapsed().as_micros());
        let wanted = normal(text("cmd"));
        let place = drafts.iter().position(|draft| normal(&draft.command) == wanted);
        count += 1;
        first += usize::from(place == Some(0));
        three += usize::from(place.is_some_and(|place| place < 3));
        eight += usize::from(place.is_some_and(|place| place < 8));
        if let Some(best) = drafts.first().filter(|best| best.lost == 0) {
            let band = &mut bands[((best.cost * 10.0) as usize).min(29)];
            band.0 += 1;
            band.1 += usize::from(place == Some(0));
        }
        if all {
            let drafts: Vec<_> = drafts
                .iter()
                .map(|d| serde_json::json!({"command": d.command, "cost": d.cost, "unsaid": d.unsaid, "extra": d.extra,
                    "lost": d.lost, "alike": d.alike, "weight": d.weight, "intent": format!("{}:{}", d.file, d.intent), "phrasing": d.phrasing}))
                .collect();
            println!("{}", serde_json::json!({"id": row["id"], "request": row["request"], "drafts": drafts}));
        } else if is_shown && place != Some(0) {
            println!("{}\n  wanted {} ({place:?})", text("request"), text("cmd"));
            for draft in drafts.iter().take(3) {
                println!(
                    "  {:.2} {}   [{}:{} {}]",
                    draft.cost, draft.command, draft.file, draft.intent, draft.phrasing
                );
            }
        }
    }
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(0);
    eprintln!("{count} requests: first {first}, in three {three}, in eight {eight}");
    eprintln!("look-up us: p50 {} p95 {} p99 {} most {}", at(0.5), at(0.95), at(0.99), at(0.99999));
    for (number, (all, right)) in bands.iter().enumerate().filter(|(_, band)| band.0 > 0) {
        eprintln!(
            "  cost {:.1}: {all} first drafts that use everything, {right} right",
            number as f32 / 10.0
        );
    }
    Ok(())
}
