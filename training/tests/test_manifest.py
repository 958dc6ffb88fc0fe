"""The manifest of a model folder says what the product needs, and the check notices what is wrong with it."""

import copy
import json
import tomllib
from pathlib import Path

import pytest

from cmdai_training import card, export, manifest, prompt

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture
def folder(tmp_path):
    model = tmp_path / "some-model"
    model.mkdir()
    for name in export.SHIPPED:
        (model / name).write_bytes(name.encode() * 9)
    tokens = [{"id": token, "content": text} for token, text in prompt.MARKS.values()]
    (model / "tokenizer.json").write_text(json.dumps({"added_tokens": tokens}))
    return model


SCORE = {"metric": "exact match", "measured_on": "held-out phrasings", "value": 0.5, "low": 0.4, "high": 0.6, "n": 100}


def made(folder, **changes):
    m = card.make_manifest(folder, "0.1.0", "some recipe", {"steps": 1, "tokens": 2, "seed": 3}, [dict(SCORE)])
    m = copy.deepcopy(m)
    for path, value in changes.items():
        keys, at = path.split("__"), m
        for k in keys[:-1]:
            at = at[int(k)] if isinstance(at, list) else at[k]
        last = int(keys[-1]) if isinstance(at, list) else keys[-1]
        at[last] = value
    return m


def test_a_written_manifest_reads_back_and_is_sound(folder):
    m = made(folder)
    assert tomllib.loads(manifest.dump(m)) == m
    assert manifest.problems(m, folder) == []


@pytest.mark.parametrize("changes, want", [
    ({"version": "one"}, "`version` is not a version: one"),
    ({"license": None}, "`license` is missing"),
    ({"files__0__path": "../model.onnx"}, "leaves the folder"),
    ({"files__0__bytes": 3}, "model.onnx is not 3 bytes long"),
    ({"files__1__sha256": "0" * 64}, "model.onnx.data has another sha256"),
    ({"files__1__sha256": "beef"}, "has no sha256"),
    ({"prompt__separator": {"id": 6, "text": "<file_sep>"}}, "<file_sep> is not token 6 of the tokenizer"),
    ({"prompt__tags": {}}, "`prompt.tags` differ"),
    ({"architecture__kv_heads": 0}, "`architecture.kv_heads` is not a positive number"),
    ({"provenance__data__0__license": ""}, "has no licence"),
    ({"scores__0__value": 0.9}, "lies outside its interval"),
    ({"scores__0": {"metric": "pass", "value": 1.0}}, "lacks its interval"),
])
def test_what_is_wrong_is_named(folder, changes, want):
    found = manifest.problems(made(folder, **changes), folder)
    assert any(want in f for f in found), found


def test_card_and_notice_name_the_sources(folder):
    assert card.write(folder, "0.1.0", "some recipe", None, None) == []
    notice, readme = (folder / "NOTICE").read_text(), (folder / "README.md").read_text()
    for name in ("tldr-pages", "Microsoft PowerShell documentation", "Microsoft Azure CLI documentation"):
        assert name in notice and name in readme
    assert "@" not in readme.replace("@example", "")


@pytest.mark.parametrize("model", sorted(p.parent for p in MODELS.glob("*/manifest.toml")), ids=lambda p: p.name)
def test_models_of_the_repository(model):
    m = manifest.load(model)
    assert manifest.problems(m, model) == []
    assert all(f["bytes"] <= export.MAX_FILE for f in m["files"])
    assert (model / "LICENSE").exists() and (model / "NOTICE").exists() and (model / "README.md").exists()
