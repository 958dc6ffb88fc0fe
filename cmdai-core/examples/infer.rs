//! Asks the local model: `cargo run -p cmdai-core --features onnx --example infer -- "list files" [more requests]`.
//!
//! Model and runtime are found as `cmdai` finds them. `--times` tells where the time went, `--three` asks for
//! three candidates, `--prepare` saves weights for fast starts.

use cmdai_core::engine::onnx::{OnnxModel, OnnxOptions, disable_telemetry};
use cmdai_core::engine::{Control, DecodeOptions, Prompt, TextModel};
use cmdai_core::models::{DEFAULT_MODEL, Places, find_model, find_runtime};

fn main() -> Result<(), cmdai_core::Error> {
    disable_telemetry();
    let (mut requests, mut times, mut prepare, mut candidates) = (Vec::new(), false, false, 1);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--times" => times = true,
            "--prepare" => prepare = true,
            "--three" => candidates = 3,
            _ => requests.push(argument),
        }
    }
    let places = Places::from_env();
    let library = find_runtime(&places, None, false)?.value;
    let model = find_model(&places, None, DEFAULT_MODEL)?.value.verify_once(places.cache.as_deref())?;
    let mut options = OnnxOptions::default();
    options.cache = places.cache;
    if prepare {
        OnnxModel::prepare(&model, &library, &options)?;
    }
    let mut model = OnnxModel::load(&model, &library, &options)?;
    if times {
        println!("{:?}, prepared {}, load {:?}", model.info(), model.is_prepared(), model.take_usage().load);
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
