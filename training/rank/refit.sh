#!/usr/bin/env bash
# Fits the ranking anew, after the model, the intents or the features changed: draws requests, asks the model and the
# memory, prints the weights for cmdai-core/src/generate/rank.rs. About a second a request on two cores.
# usage: training/rank/refit.sh [COUNT [FOLDER]]   (from the root of the repository; 700 requests, target/rank)
set -euo pipefail
count=${1:-700}
out=${2:-target/rank}
mkdir -p "$out"
python3 training/rank/requests.py --count "$count" --seed 7 --whole 0.35 > "$out/held.in"
cp training/rank/judged.jsonl "$out/judged.in"
python3 -c 'import json, sys
for line in sys.stdin:
    if line.strip(): print(json.dumps({"request": line.strip()}))' < training/rank/nonsense.txt > "$out/nonsense.in"
cargo build -q --release -p cmdai-core --features onnx,recall --example evidence
for set in held judged nonsense; do
  "${CARGO_TARGET_DIR:-target}/release/examples/evidence" < "$out/$set.in" > "$out/$set.jsonl"
done
python3 training/rank/fit.py "$out/held.jsonl" "$out/judged.jsonl" "$out/nonsense.jsonl"
