//! What the memory puts together from pieces, for requests on standard input: one a line, cost and command.
//!
//! `cargo run --release -p cmdai-recall --example pieces -- training/intents < requests.txt`

use std::io::BufRead;

use cmdai_recall::{Memory, Question, compile, read_intents};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "training/intents".to_owned());
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
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        println!("{line}");
        for draft in memory.recall(&Question::new(&line)).iter().filter(|draft| draft.file == "composed") {
            println!("    {:.2} {}", draft.cost, draft.command);
        }
    }
    Ok(())
}
