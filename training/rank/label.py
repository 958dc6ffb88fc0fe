"""Labels the candidates of evaluation tasks by running them: JUDGED rows for `fit.py`.

    python label.py EVIDENCE.jsonl > LABELLED.jsonl

EVIDENCE is what the example `evidence` made of `eval/run.py --export-requests FILE --split dev`. Every candidate is run in the task's sandbox, so
`right` and `wrong` are what happened and not somebody's opinion. Only the dev half may be used: the test half measures what comes of it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

RUN = pathlib.Path(__file__).resolve().parent.parent / "eval" / "run.py"


def main(evidence: str) -> None:
    with open(evidence) as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        row["right"], row["wrong"] = [], []
    by_id = {row["id"]: row for row in rows}
    with tempfile.TemporaryDirectory() as folder:
        answers, results = pathlib.Path(folder, "answers.jsonl"), pathlib.Path(folder, "results.json")
        for rank in range(max(len(row["candidates"]) for row in rows)):
            asked = [row for row in rows if len(row["candidates"]) > rank]
            answers.write_text("".join(json.dumps({"id": row["id"], "command": row["candidates"][rank]["command"]}) + "\n" for row in asked))
            subprocess.run([sys.executable, RUN, "--answers", answers, "--split", "dev", "--out", results], check=True, stdout=subprocess.DEVNULL)
            asked = {row["id"] for row in asked}
            for result in json.loads(results.read_text())["results"]:
                if result["id"] in asked:
                    by_id[result["id"]]["right" if result["pass"] else "wrong"].append(result["command"])
            print(f"candidates of rank {rank + 1}: {len(asked)} run", file=sys.stderr)
    for row in rows:
        print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1])
