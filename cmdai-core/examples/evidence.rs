//! What the ranking knows of every text that the local model writes: one JSON object a line in
//! (`{"request", "shell"?, "os"?}`, other fields come back as they are), the same with `candidates` and
//! `rejected` out. `training/rank/fit.py` fits the weights of `generate/rank.rs` from it.
//!
//! `cargo run -p cmdai-core --release --features onnx --example evidence < requests.jsonl`

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::sync::Arc;

use cmdai_core::engine::Control;
use cmdai_core::engine::onnx::{OnnxModel, OnnxOptions, disable_telemetry};
use cmdai_core::generate::{Evidence, Request, consider};
use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};
use cmdai_core::recall::authored;
use cmdai_core::wire::GenerateLine;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    disable_telemetry();
    let places = Places::from_env();
    let library = find_runtime(&places, None, false)?.value;
    let model = find_model(&places, None, DEFAULT_MODEL)?.value.verify_once(places.cache.as_deref())?;
    let mut model = OnnxModel::load(&model, &library, &OnnxOptions::default())?;
    let memory = authored();
    for line in stdin().lock().lines() {
        let line = line?;
        let mut row: Value = serde_json::from_str(&line)?;
        // Several candidates, so that the samples are always drawn: their shares are part of the evidence.
        let defaults = Request { candidates: 5, ..Request::default() };
        let mut request = serde_json::from_str::<GenerateLine>(&line)?.request(&defaults)?;
        if let Some(memory) = &memory {
            // What was drawn from an intent is asked as if nobody had written it.
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            let phrasing = row["phrasing"].as_u64().map(|number| number as usize);
            request.memory = Some(Arc::new(memory.clone().leaving_out(text("file"), text("id"), phrasing)));
        }
        let answer = consider(&request, || Ok(&mut model), &mut Control::default())?;
        let candidates = answer.candidates.iter().map(|candidate| {
            let features: Vec<f32> = candidate.evidence.features().to_vec();
            json!({"command": candidate.command, "confidence": candidate.confidence, "origin": candidate.origin.name(),
                   "risk": candidate.report.risk.name(), "features": features,
                   "cost": candidate.source.as_ref().map(|source| source.cost)})
        });
        row["candidates"] = candidates.collect();
        row["rejected"] = answer.rejected.iter().map(|one| json!([one.text, one.reason])).collect();
        row["feature_names"] = Evidence::NAMES.iter().copied().collect();
        row["ms"] = json!(answer.timings.total.as_secs_f64() * 1000.0);
        writeln!(stdout(), "{row}")?;
    }
    Ok(())
}
