#!/usr/bin/env python3
"""Writes a Llama-shaped Hugging Face folder as GGUF, for the comparison with llama.cpp.

    python3 gguf_from_folder.py FOLDER TEMPLATE.gguf OUT.gguf [--type q4_0|q4_1|q8_0]

The tokenizer and the hyperparameters are taken from TEMPLATE, a GGUF of the same base model; the
weights come from FOLDER/model.safetensors.  Matrices get the block type, norms stay f32, as
llama.cpp's own converter does it.  Needs the packages gguf and numpy, nothing of llama.cpp.
"""

import argparse
import json
import struct

import gguf
import numpy as np

NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
}


def weights(path):
    """Every tensor of a safetensors file as float32."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start = file.tell()
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            file.seek(start + begin)
            raw = file.read(end - begin)
            if entry["dtype"] == "BF16":
                data = (np.frombuffer(raw, np.uint16).astype(np.uint32) << 16).view(np.float32)
            else:
                data = np.frombuffer(raw, {"F32": np.float32, "F16": np.float16}[entry["dtype"]])
            yield name, data.astype(np.float32).reshape(entry["shape"])


def gguf_name(name):
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    if name == "lm_head.weight":
        return None  # tied to the embedding
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{NAMES[rest.removesuffix('.weight')]}.weight"


def interleaved(data, heads):
    """Rotary pairs lie half a head apart in Hugging Face's layout, next to each other in llama.cpp's."""
    rows = data.reshape(heads, 2, data.shape[0] // heads // 2, data.shape[1])
    return rows.swapaxes(1, 2).reshape(data.shape)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("template")
    parser.add_argument("out")
    parser.add_argument("--type", default="q4_0", choices=["q4_0", "q4_1", "q8_0"])
    args = parser.parse_args()
    with open(f"{args.folder}/config.json") as file:
        config = json.load(file)
    kind = gguf.GGMLQuantizationType[args.type.upper()]

    template = gguf.GGUFReader(args.template)
    writer = gguf.GGUFWriter(args.out, template.get_field("general.architecture").contents())
    for field in template.fields.values():
        skip = field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type")
        if not skip:
            value_type = field.types[0]
            sub_type = field.types[-1] if value_type == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, field.contents(), value_type, sub_type=sub_type)

    for name, data in weights(f"{args.folder}/model.safetensors"):
        target = gguf_name(name)
        if target is None:
            continue
        if "q_proj" in name:
            data = interleaved(data, config["num_attention_heads"])
        elif "k_proj" in name:
            data = interleaved(data, config["num_key_value_heads"])
        if data.ndim == 1:
            writer.add_tensor(target, data)
        else:
            writer.add_tensor(target, gguf.quants.quantize(data, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
