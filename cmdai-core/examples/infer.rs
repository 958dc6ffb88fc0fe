//! Asks the local model: `cargo run -p cmdai-core --features onnx --example infer -- "list files" [more requests]`.
//!
//! Model and runtime are found as `cmdai` finds them. `--times` tells where the time went.

use cmdai_core::engine::onnx::{OnnxModel, OnnxOptions, disable_telemetry};
use cmdai_core::engine::{Control, DecodeOptions, Prompt, TextModel};
use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};

fn main() -> Result<(), cmdai_core::Error> {
    disable_telemetry();
    let (mut requests, mut times, mut candidates) = (Vec::new(), false, 1);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--times" => times = true,
            "--three" => candidates = 3,
            _ => requests.push(argument),
        }
    }
    let places = Places::from_env();
    let library = find_runtime(&places, None, false)?.value;
    let model = find_model(&places, None, DEFAULT_MODEL)?.value.verify_once(places.cache.as_deref())?;
    let mut model = OnnxModel::load(&model, &library, &OnnxOptions::default())?;
    if times {
        println!("{:?} {:?}", model.info(), model.take_usage().load);
    }
    for request in requests {
        let prompt = Prompt { request, ..Prompt::default() };
        let options = DecodeOptions { candidates, ..DecodeOptions::default() };
        for answer in model.complete(&prompt, &options, &mut Control::default())? {
            println!("{}", answer.text);
            if times {
                println!("  {} tokens, logprob {:.3}, {:?}", answer.tokens, answer.logprob, answer.finish);
            }
        }
        if times {
            println!("  {:?}", model.take_usage());
        }
    }
    Ok(())
}
