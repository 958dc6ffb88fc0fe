#!/usr/bin/env bash
# Fits the ranking anew, after the model, the intents or the features changed: draws requests, asks the model and the
# memory, runs the candidates of the dev tasks in their sandbox (needs root, as training/eval does), writes the trees
# that tell what is right and prints the weights of "meant" for cmdai-core/src/generate/rank.rs. Needs lightgbm. `embedding.py`, `likeness.py` and `choose.py` come before, where the intents changed much. About half a second a request on two quiet cores.
# usage: training/rank/refit.sh [COUNT [FOLDER]]   (from the root of the repository; 700 requests, target/rank)
set -euo pipefail
count=${1:-700}
out=${2:-target/rank}
python=${PYTHON:-python3}
mkdir -p "$out"
"$python" training/rank/requests.py --count "$count" --seed 7 --whole 0.35 --held > "$out/held.in"
"$python" training/eval/run.py --split dev --export-requests "$out/tasks.in"
cp training/rank/judged.jsonl "$out/judged.in"
"$python" -c 'import json, sys
for line in sys.stdin:
    if line.strip(): print(json.dumps({"request": line.strip()}))' < training/rank/nonsense.txt > "$out/nonsense.in"
cargo build -q --release -p cmdai-core --features onnx,recall --example evidence
for set in tasks held judged nonsense; do
  "${CARGO_TARGET_DIR:-target}/release/examples/evidence" < "$out/$set.in" > "$out/$set.jsonl"
done
"$python" training/rank/label.py "$out/tasks.jsonl" > "$out/labelled.jsonl"
cat "$out/judged.jsonl" >> "$out/labelled.jsonl"
"$python" training/rank/fit.py "$out/held.jsonl" "$out/labelled.jsonl" "$out/nonsense.jsonl" cmdai-core/src/generate/trees.txt
