"""Greedy answers of an exported model, in plain ONNX Runtime: the reference for the product's engine, and for evaluation."""

import os
from pathlib import Path

import numpy as np

from . import prompt

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # it has to be set before the library is loaded


class Engine:
    def __init__(self, folder: Path, threads: int = 2):
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.outputs = [o.name for o in self.session.get_outputs()]
        # The cache inputs are ordered keys first, values after: bind by name, never by position.
        self.empty = {i.name: np.zeros((1, i.shape[1], 0, 64), np.float32) for i in self.session.get_inputs() if i.name.startswith("past_key_values.")}

    def answer(self, request: str, drafts: tuple[str, ...] = ()) -> str:
        """Returns the most likely command, token by token."""
        ids = prompt.encode(self.tokenizer, [request, *drafts])
        feed, length, made, past = prompt.assemble(ids[0], ids[1:]), 0, [], self.empty
        while len(made) < prompt.MAX_COMMAND:
            length += len(feed)
            values = self.session.run(None, {"input_ids": np.array([feed], np.int64), "attention_mask": np.ones((1, length), np.int64), **past})
            out = dict(zip(self.outputs, values))
            token = int(out["logits"][0, -1].argmax())
            if token == prompt.EOS:
                break
            made.append(token)
            feed, past = [token], {name: out[name.replace("past_key_values", "present")] for name in past}
        return self.tokenizer.decode(made, skip_special_tokens=False)
