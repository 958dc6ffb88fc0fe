//! Prefill and decode of the local model per token, on its own: no parsing, checking or ranking.
//!
//! `cargo xtask bench` runs it, beside `benches/peers/llama.mjs`, which does the same with llama.cpp. It
//! reads requests from a file, one a line, and prints one line of JSON.

use std::process::ExitCode;
use std::time::Duration;

use cmdai_core::engine::onnx::{OnnxModel, OnnxOptions, disable_telemetry};
use cmdai_core::engine::{Control, DecodeOptions, Prompt, TextModel};
use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};

fn main() -> ExitCode {
    // Before any thread: ONNX Runtime reads the C environment.
    disable_telemetry();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [requests, threads] = arguments.as_slice() else {
        eprintln!("usage: engine REQUESTS THREADS");
        return ExitCode::from(2);
    };
    match measure(requests, threads) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(requests: &str, threads: &str) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let requests = std::fs::read_to_string(requests)?;
    let mut options = OnnxOptions::default();
    options.threads = Some(threads.parse()?);

    let places = Places::from_env();
    let library = find_runtime(&places, None, false)?.value;
    let model = find_model(&places, None, DEFAULT_MODEL)?.value.verify_once(places.cache.as_deref())?;
    let mut model = OnnxModel::load(&model, &library, &options)?;
    let load = model.take_usage().load;

    let (mut prefill, mut decode) = (Vec::new(), Vec::new());
    let (mut prompt_tokens, mut decoded_tokens) = (0, 0);
    for (number, request) in requests.lines().filter(|line| !line.is_empty()).enumerate() {
        let prompt = Prompt { request: request.to_owned(), ..Prompt::default() };
        let one = DecodeOptions { candidates: 1, ..DecodeOptions::default() };
        model.complete(&prompt, &one, &mut Control::default())?;
        let usage = model.take_usage();
        // The first two warm caches and allocators.
        if number >= 2 {
            prefill.extend(per_token(usage.prefill, usage.prompt_tokens));
            decode.extend(per_token(usage.decode, usage.decoded_tokens));
            prompt_tokens += usage.prompt_tokens;
            decoded_tokens += usage.decoded_tokens;
        }
    }
    Ok(serde_json::json!({
        "threads": options.threads,
        "runs": prefill.len(),
        "prompt_tokens": prompt_tokens,
        "decoded_tokens": decoded_tokens,
        "load_ms": load.as_secs_f64() * 1e3,
        "prefill_ms_per_token": median(&mut prefill),
        "decode_ms_per_token": median(&mut decode),
    }))
}

/// Milliseconds a token, or nothing where no token was run.
fn per_token(time: Duration, tokens: usize) -> Option<f64> {
    (tokens > 0).then(|| time.as_secs_f64() * 1e3 / tokens as f64)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
