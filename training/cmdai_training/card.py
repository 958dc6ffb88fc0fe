"""The manifest, the model card and the notice of a model folder, from the files in it and what was measured."""

import json
import tomllib
from pathlib import Path

from . import export, manifest, prompt

SOURCES = [  # name, licence, where
    ("authored intents of this repository", "MIT OR Apache-2.0", "training/intents"),
    ("authored terminal histories of this repository", "MIT OR Apache-2.0", "training/data/people"),
    ("nl2bash", "MIT", "TellinaTool/nl2bash"),
    ("AInix Archie", "MIT", "DNGros/ai-nix-kernal-dataset-archie-json"),
    ("tldr-pages", "CC-BY-4.0", "tldr-pages/tldr"),
    ("Microsoft PowerShell documentation", "CC-BY-4.0 (text), MIT (code)", "MicrosoftDocs/PowerShell-Docs"),
    ("Microsoft Azure CLI documentation", "CC-BY-4.0", "MicrosoftDocs/azure-docs-cli"),
    ("Nushell built-in examples", "MIT", "nushell/nushell"),
    ("cheat.sheets", "MIT", "chubin/cheat.sheets"),
    ("cheatsheets", "CC0-1.0", "cheat/cheatsheets"),
    ("kubectl, docker and gh references", "Apache-2.0 (kubectl, docker), MIT (gh)", "kubernetes/kubectl, docker/cli, cli/cli"),
    ("101 Linux commands, Bash-Oneliner, Bash-Cheat-Sheet, git-tips, git-cheat-sheet, the-book-of-secret-knowledge", "MIT",
     "bobbyiliev/101-linux-commands, onceupon/Bash-Oneliner, RehanSaeed/Bash-Cheat-Sheet, git-tips/tips, arslanbilal/git-cheat-sheet, trimstray/the-book-of-secret-knowledge"),
]
NOTICE = """\
{name} {version}

The weights are a modified version of SmolLM2-135M-Instruct by Hugging Face (HuggingFaceTB), licensed under the Apache License,
Version 2.0 (see LICENSE). They were fine-tuned for turning requests into shell commands and quantised to 4 bits by the cmdai developers.

They were trained on text and commands from, among others, these works, licensed under the Creative Commons Attribution 4.0
International License (https://creativecommons.org/licenses/by/4.0/), changed by selection, reformatting and filling of placeholders:

- tldr-pages, by the tldr-pages team and contributors, https://github.com/tldr-pages/tldr
- Microsoft PowerShell documentation, by Microsoft and contributors, https://github.com/MicrosoftDocs/PowerShell-Docs
- Microsoft Azure CLI documentation, by Microsoft and contributors, https://github.com/MicrosoftDocs/azure-docs-cli

All sources and licences are listed in manifest.toml and README.md.
"""


def make_manifest(folder: Path, version: str, recipe: str, training: dict, scores: list[dict]) -> dict:
    """Returns the manifest of the model files in `folder`."""
    marks = {name: {"id": token, "text": text} for name, (token, text) in prompt.MARKS.items()}
    provenance = {"weights": "HuggingFaceTB/SmolLM2-135M-Instruct (Apache-2.0)", "recipe": recipe,
                  "pipeline": "training/ of the cmdai repository",
                  **({"steps": training["steps"], "tokens": training["tokens"], "seed": training["seed"]} if training else {}),
                  "data": [{"name": n, "license": l, "source": s} for n, l, s in SOURCES]}
    return {"name": folder.name, "version": version, "license": "Apache-2.0", "base": "HuggingFaceTB/SmolLM2-135M-Instruct", "min_cmdai": "0.1.0",
            "files": manifest.describe_files(folder, export.SHIPPED),
            "prompt": {"bos": marks["bos"], "draft": marks["draft"], "separator": marks["separator"], "eos": marks["eos"], "max_drafts": 3,
                       "max_request_tokens": prompt.MAX_REQUEST, "max_command_tokens": prompt.MAX_COMMAND, "max_prompt_tokens": prompt.MAX_PROMPT, "tags": manifest.TAGS},
            "architecture": {"family": "llama", "layers": 30, "heads": 9, "kv_heads": 3, "head_dim": 64, "hidden": 576, "vocab": 49152, "max_context": 8192,
                             "weights": "int4", "block": 32, "kv_cache": "float32"},
            "provenance": provenance, "scores": scores}


def percent(score: dict) -> str:
    return f"{100 * score['value']:.1f} % ({100 * score['low']:.1f} to {100 * score['high']:.1f})"


def make_card(m: dict, template: str) -> str:
    """Returns the README of a model folder: the template with its tables filled from the manifest."""
    scores = "| what | measured on | n | result (95 % interval) |\n| --- | --- | --- | --- |\n"
    scores += "".join(f"| {s['metric']} | {s['measured_on']} | {s['n']} | {percent(s)} |\n" for s in m["scores"])
    sources = "| source | licence | where |\n| --- | --- | --- |\n" + "".join(f"| {d['name']} | {d['license']} | {d['source']} |\n" for d in m["provenance"]["data"])
    files = "| file | MB |\n| --- | --- |\n" + "".join(f"| {f['path']} | {f['bytes'] / 1e6:.1f} |\n" for f in m["files"])
    values = {"NAME": m["name"], "VERSION": m["version"], "RECIPE": m["provenance"]["recipe"], "FILES": files.strip(), "SOURCES": sources.strip(),
              "SCORES": scores.strip() if m["scores"] else "Not measured yet."}
    for key, value in values.items():
        template = template.replace(f"@{key}@", value)
    return template


def write(folder: Path, version: str, recipe: str, source: Path | None, scores: Path | None) -> list[str]:
    """Writes manifest, card and notice into `folder`; returns the problems that the check of the manifest found."""
    record = source / "training.json" if source else None
    training = json.loads(record.read_text()) if record and record.exists() else {}
    measured = tomllib.loads(scores.read_text())["scores"] if scores else []
    made = make_manifest(folder, version, recipe, training, measured)
    (folder / "manifest.toml").write_text(manifest.dump(made))
    (folder / "README.md").write_text(make_card(made, Path(__file__).with_name("card.md").read_text()))
    (folder / "NOTICE").write_text(NOTICE.format(name=folder.name, version=version))
    return manifest.problems(manifest.load(folder), folder)
