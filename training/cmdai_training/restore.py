"""A shipped model back to a Hugging Face folder, so that training can go on from the weights in the repository.

The levels and scales of the 4-bit grid become float32 values, and the grid gives them the same levels and scales again: exported at once, the folder
gives the very bytes that it was made from. What is lost are the float32 masters between the levels and the moments of the optimiser.
"""

import json
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np

from . import quant

# What the shape of the weights does not tell: SmolLM2-135M's own settings. The rest is read off the weights and the manifest.
CONFIG = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "initializer_range": 0.041666666666666664, "rms_norm_eps": 1e-05, "rope_theta": 100000,
          "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2, "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": True, "dtype": "float32"}


def values(packed: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Returns the float32 matrix of packed levels `[rows, blocks, 16]` and their scales."""
    levels = np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:2], quant.BLOCK).astype(np.float32) - quant.HALF
    return (levels * scales.reshape(*packed.shape[:2], 1)).reshape(len(packed), -1)


def weights(model: Path) -> dict[str, np.ndarray]:
    """Returns the weights of an exported model under the names of its Hugging Face checkpoint."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(model / "model.onnx")).graph
    arrays = {t.name: t for t in graph.initializer}
    found = {}
    for node in graph.node:
        if node.op_type != "MatMulNBits":
            continue
        packed, scales = (numpy_helper.to_array(arrays[i]) for i in node.input[1:3])
        matrix = values(packed, scales)
        name = node.input[1].removesuffix(".MatMul.weight_Q4").replace(".attn.", ".self_attn.")
        if name == "lm_head":
            found["model.embed_tokens.weight"] = matrix
        elif name.endswith("qkv_proj"):
            heads = (len(matrix) - matrix.shape[1]) // 2  # queries are as wide as the input; keys and values share the rest
            for part, rows in zip("qkv", np.split(matrix, [len(matrix) - 2 * heads, len(matrix) - heads])):
                found[name.replace("qkv_proj", f"{part}_proj.weight")] = rows
        else:
            found[name + ".weight"] = matrix
    for name, tensor in arrays.items():
        if "layernorm" in name or name.endswith("norm.weight"):
            found[re.sub(r"layers\.\d+\.final_norm_layernorm", "norm", name)] = numpy_helper.to_array(tensor)
    return found


def build(model: Path, out: Path) -> int:
    """Writes the folder `out` and returns how many blocks the grid would now give another scale."""
    from safetensors.numpy import save_file

    manifest = tomllib.loads((model / "manifest.toml").read_text())["architecture"]
    found = {name: np.ascontiguousarray(value.astype(np.float32)) for name, value in weights(model).items()}
    config = CONFIG | {"hidden_size": manifest["hidden"], "num_hidden_layers": manifest["layers"], "num_attention_heads": manifest["heads"],
                       "num_key_value_heads": manifest["kv_heads"], "head_dim": manifest["head_dim"], "vocab_size": manifest["vocab"],
                       "max_position_embeddings": manifest["max_context"], "intermediate_size": len(found["model.layers.0.mlp.gate_proj.weight"])}
    moved = 0
    for value in found.values():
        if value.ndim > 1:
            blocks = value.reshape(len(value), -1, quant.BLOCK)
            moved += int((abs(quant.nearest(blocks, np) - blocks).max(-1) > 1e-6 * abs(blocks).max()).sum())
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_file(found, out / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(model / "tokenizer.json", out / "tokenizer.json")
    (out / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "pad_token": "<|im_end|>", "model_max_length": manifest["max_context"]}, indent=1) + "\n")
    return moved
