"""`manifest.toml` of a model folder: what the product reads before it trusts a model. Written here, checked here and by the product.

```toml
name = "smollm2-135m-cmdai"
version = "0.1.0"
license = "Apache-2.0"
base = "HuggingFaceTB/SmolLM2-135M-Instruct"
min_cmdai = "0.1.0"

[[files]]
path = "model.onnx"
bytes = 225629
sha256 = "..."

[prompt]          # marks by token and text, tags by shell and system, longest lengths in tokens
[architecture]    # what an engine needs to bind the key-value cache
[provenance]      # weights, data with licences, recipe
[[scores]]        # each with n, the 95 % interval and what it was measured on
```
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path

TAGS = {"fish": "[fish] ", "macos": "[macos] ", "nu": "[nu] ", "powershell": "[powershell] ", "zsh": "[zsh] "}
MARKS = ("bos", "draft", "separator", "eos")
TOP = ("name", "version", "license", "base", "min_cmdai")


def sha256(path: Path) -> str:
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def describe_files(folder: Path, names: tuple[str, ...]) -> list[dict]:
    return [{"path": n, "bytes": (folder / n).stat().st_size, "sha256": sha256(folder / n)} for n in names]


def literal(value) -> str:
    """Returns a TOML value; tables inside arrays become inline tables."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {literal(v)}" for k, v in value.items()) + " }"
    if len(value) > 4 or any(isinstance(v, dict) for v in value):
        return "[\n" + "".join(f"  {literal(v)},\n" for v in value) + "]"
    return "[" + ", ".join(literal(v) for v in value) + "]"


def dump(manifest: dict) -> str:
    """Returns a manifest as TOML: plain values, then tables, arrays of tables for `files` and `scores`."""
    lines = [f"{k} = {literal(v)}" for k, v in manifest.items() if not isinstance(v, dict) and k not in ("files", "scores")]
    for key, value in manifest.items():
        if key in ("files", "scores"):
            for row in value:
                lines += ["", f"[[{key}]]"] + [f"{k} = {literal(v)}" for k, v in row.items()]
        elif isinstance(value, dict):
            lines += ["", f"[{key}]"] + [f"{k} = {literal(v)}" for k, v in value.items()]
    return "\n".join(lines) + "\n"


def load(folder: Path) -> dict:
    return tomllib.loads((folder / "manifest.toml").read_text())


def problems(manifest: dict, folder: Path | None = None) -> list[str]:
    """Returns what is wrong with a manifest, as sentences. With a folder, files that are there are checked by size and sum."""
    found = [f"`{k}` is missing" for k in TOP if not isinstance(manifest.get(k), str)]
    found += [f"`{k}` is not a version: {manifest[k]}" for k in ("version", "min_cmdai") if isinstance(manifest.get(k), str) and not re.fullmatch(r"\d+\.\d+\.\d+", manifest[k])]
    files = manifest.get("files") or []
    if "model.onnx" not in [f.get("path") for f in files] or "tokenizer.json" not in [f.get("path") for f in files]:
        found.append("`files` names no model.onnx or no tokenizer.json")
    for f in files:
        found += file_problems(f, folder)
    found += prompt_problems(manifest.get("prompt") or {}, folder)
    architecture = manifest.get("architecture") or {}
    found += [f"`architecture.{k}` is not a positive number" for k in ("layers", "kv_heads", "head_dim", "vocab", "max_context") if not positive(architecture.get(k))]
    provenance = manifest.get("provenance") or {}
    found += [f"`provenance.{k}` is missing" for k in ("weights", "recipe", "data") if not provenance.get(k)]
    found += [f"data source {d.get('name')} has no licence" for d in provenance.get("data", []) if not d.get("license")]
    for s in manifest.get("scores") or []:
        if not {"metric", "measured_on", "value", "low", "high", "n"} <= set(s):
            found.append(f"score {s.get('metric')} lacks its interval, its n or what it was measured on")
        elif not s["low"] <= s["value"] <= s["high"]:
            found.append(f"score {s['metric']} lies outside its interval")
    return found


def positive(value) -> bool:
    return isinstance(value, int) and value > 0


def file_problems(f: dict, folder: Path | None) -> list[str]:
    path = str(f.get("path", ""))
    if not path or path.startswith("/") or ".." in Path(path).parts:
        return [f"file path {path!r} leaves the folder"]
    if not re.fullmatch(r"[0-9a-f]{64}", str(f.get("sha256", ""))) or not positive(f.get("bytes")):
        return [f"{path} has no sha256 or no size"]
    if folder is None or not (folder / path).exists():
        return []
    if (folder / path).stat().st_size != f["bytes"]:
        return [f"{path} is not {f['bytes']} bytes long"]
    return [] if sha256(folder / path) == f["sha256"] else [f"{path} has another sha256"]


def prompt_problems(prompt: dict, folder: Path | None) -> list[str]:
    found = [f"`prompt.{m}` needs an id and a text" for m in MARKS if not (isinstance((prompt.get(m) or {}).get("id"), int) and prompt[m].get("text"))]
    found += [f"`prompt.{k}` is not a positive number" for k in ("max_request_tokens", "max_command_tokens", "max_prompt_tokens") if not positive(prompt.get(k))]
    if prompt.get("tags") != TAGS:
        found.append("`prompt.tags` differ from the tags that the pipeline trains")
    tokenizer = folder / "tokenizer.json" if folder else None
    if not found and tokenizer and tokenizer.exists():
        special = {t["content"]: t["id"] for t in json.loads(tokenizer.read_text())["added_tokens"]}
        found += [f"{prompt[m]['text']} is not token {prompt[m]['id']} of the tokenizer" for m in MARKS if special.get(prompt[m]["text"]) != prompt[m]["id"]]
    return found
