"""A Hugging Face folder to ONNX: 4-bit `MatMulNBits` with int8 activations, `GroupQueryAttention`, embeddings tied to the output layer.

The builder of `onnxruntime-genai` does the work. Afterwards every quantised weight is compared with `quant.snap` of the float weight, so what was
trained on the grid is known to be what is shipped.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from . import quant

SHIPPED = ("model.onnx", "model.onnx.data", "tokenizer.json")
MAX_FILE = 95_000_000  # bytes: hosts of git repositories refuse 100 MB


def build(source: Path, out: Path, precision: str = "int4") -> None:
    """Writes the shipped files into `out`. `precision` is `int4`, or `fp32` for a reference to compare with."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-i", str(source), "-o", scratch + "/onnx", "-p", precision, "-e", "cpu", "-c", scratch + "/cache"]
        if precision == "int4":
            command += ["--extra_options", "accuracy_level=4"]
        env = {**os.environ, "ORT_DISABLE_TELEMETRY": "1", "HF_HUB_OFFLINE": "1"}
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError("the model builder failed:\n" + done.stderr[-3000:])
        out.mkdir(parents=True, exist_ok=True)
        for name in SHIPPED:
            shutil.copyfile(Path(scratch, "onnx", name), out / name)


def differences(source: Path, exported: Path) -> dict[str, int]:
    """Returns, for each quantised weight whose levels or scales differ from the training grid, how many values differ."""
    import onnx
    from onnx import numpy_helper
    from safetensors import safe_open

    graph = onnx.load(str(exported / "model.onnx")).graph
    arrays = {t.name: t for t in graph.initializer}
    found = {}
    with safe_open(source / "model.safetensors", "pt") as weights:
        for node in graph.node:
            if node.op_type != "MatMulNBits":
                continue
            name, value = node.input[1], float_weight(weights, node.input[1])
            packed, scales = (numpy_helper.to_array(arrays[i]) for i in node.input[1:3])
            levels = np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:2], quant.BLOCK).astype(np.int32) - quant.HALF
            want, want_scales = quant.snap(value.reshape(len(value), -1, quant.BLOCK), np)
            bad = int((levels != want).sum() + (scales.reshape(want_scales.shape) != want_scales).sum())
            if bad:
                found[name] = bad
    return found


def float_weight(weights, quantised: str) -> np.ndarray:
    """Returns the float matrix behind the name of a quantised one. `weights` is an open safetensors file."""
    def get(name):
        return weights.get_tensor(name).float().numpy()
    name = quantised.removesuffix(".MatMul.weight_Q4")
    if name == "lm_head":
        return get("model.embed_tokens.weight")
    if name.endswith("qkv_proj"):
        stem = name.replace(".attn.qkv_proj", ".self_attn.")
        return np.concatenate([get(f"{stem}{part}_proj.weight") for part in "qkv"])
    return get(name.replace(".attn.", ".self_attn.") + ".weight")
