"""`python -m cmdai_training STEP`: corpus -> expand -> train -> export -> evaluate -> card. Each step reads what the one before it wrote."""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]


def corpus(a):
    from . import corpus
    print(corpus.build(a.data, a.intents, a.work))


def expand(a):
    from . import mixture
    print(mixture.build(a.work, a.rows, a.seed, a.people, tuple(a.leave.split(",")), a.rounds))


def train(a):
    from .train import Options, Run
    Run(Options(a.base, a.work / "train.jsonl.gz", a.work / a.name, minutes=a.minutes, rate=a.rate, final_rate=a.final_rate, batch_tokens=a.batch_tokens,
                seed=a.seed, snap=not a.no_snap, workers=a.workers, device=a.device, dtype=a.dtype)).train()


def export(a):
    from . import export
    export.build(a.base, a.out, a.precision)
    if a.precision == "int4":
        wrong = export.differences(a.base, a.out)
        print("weights that left the training grid:", wrong or "none")
        large = [n for n in export.SHIPPED if (a.out / n).stat().st_size > export.MAX_FILE]
        if wrong or large:
            sys.exit(f"not fit to ship: {large or list(wrong)}")


def restore(a):
    from . import restore
    print("blocks that the grid gives another scale:", restore.build(a.model, a.out))


def evaluate(a):
    from . import evaluate
    models = {name: Path(folder) for name, folder in (m.split("=", 1) for m in a.model)}
    print(json.dumps(evaluate.run(models, a.work / "heldout.jsonl.gz", a.work, a.count, a.seed, a.reference), indent=1))


def answer(a):
    from . import files
    from .engine import Engine
    engine = Engine(a.model)
    rows = files.read(a.requests)
    print(files.write(a.out, ({"id": r["id"], "command": engine.answer(a.tag + r[a.field])} for r in rows)), "answers")


def card(a):
    from . import card
    found = card.write(a.model, a.version, a.recipe, a.base, a.scores)
    print("\n".join(found) or "the manifest is sound")
    sys.exit(bool(found))


def main():
    parser = argparse.ArgumentParser(prog="python -m cmdai_training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(required=True, metavar="STEP")

    def step(function, help):
        p = steps.add_parser(function.__name__, help=help)
        p.set_defaults(run=function)
        p.add_argument("--work", type=Path, default=HERE / "work", help="where steps leave their files (default: training/work)")
        p.add_argument("--seed", type=int, default=1)
        return p

    p = step(corpus, "clean pairs, split intents into training and held-out")
    p.add_argument("--data", type=Path, default=HERE / "data")
    p.add_argument("--intents", type=Path, default=HERE / "intents")
    p = step(expand, "fill intents, compose requests and mix them with the pairs")
    p.add_argument("--rows", type=int, default=110_000)
    p.add_argument("--people", type=Path, metavar="DIR", help="recorded people, one file each: teaches how a line goes on")
    p.add_argument("--leave", default="", metavar="NAME,NAME", help="people that stay unseen, for measuring")
    p.add_argument("--rounds", type=int, default=2, help="how often each person's lines come")
    p = step(train, "fine-tune through the 4-bit grid; run again to resume")
    p.add_argument("--from", dest="base", type=Path, required=True, metavar="DIR", help="the checkpoint to start from, a Hugging Face folder")
    p.add_argument("--name", default="run")
    p.add_argument("--minutes", type=float, required=True, help="wall clock of the whole run; the rate falls towards its end")
    p.add_argument("--rate", type=float, default=1.5e-4)
    p.add_argument("--final-rate", type=float, default=5e-6)
    p.add_argument("--batch-tokens", type=int, default=600, help="for each worker")
    p.add_argument("--no-snap", action="store_true", help="train in full precision")
    p.add_argument("--workers", type=int, default=2, help="threads that each take a batch a step")
    p.add_argument("--device", default="cpu")
    p.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32", help="of the forward pass; bfloat16 pays with AMX or on a GPU")
    p = step(export, "write ONNX and compare it with the training grid")
    p.add_argument("--from", dest="base", type=Path, required=True, metavar="DIR", help="a Hugging Face folder, such as work/run/hf")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--precision", choices=["int4", "fp32"], default="int4")
    p = step(restore, "a shipped model back to a checkpoint that training can go on from")
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p = step(evaluate, "exact matches on held-out phrasings, agreement and paired tests")
    p.add_argument("--model", action="append", required=True, metavar="NAME=DIR")
    p.add_argument("--reference", metavar="NAME", help="the model whose text the others should keep")
    p.add_argument("--count", type=int, default=400)
    p = step(answer, "answer a file of requests, for a runner that executes them")
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--requests", type=Path, required=True, help='JSON lines with an "id" and a request')
    p.add_argument("--field", default="request")
    p.add_argument("--tag", default="")
    p.add_argument("--out", type=Path, required=True)
    p = step(card, "write manifest, card and notice of a model folder, and check them")
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--version", default="0.2.0")
    p.add_argument("--recipe", default="Recipe: fine-tuning with the forward pass on the 4-bit grid of the export (straight-through gradients), loss on the command, on telling it from neighbouring wrong ones, and on the lines of a terminal in their order.")
    p.add_argument("--from", dest="base", type=Path, metavar="DIR", help="the folder that was exported, for its training record")
    p.add_argument("--scores", type=Path, help="TOML with [[scores]]")
    a = parser.parse_args()
    a.run(a)


if __name__ == "__main__":
    main()
