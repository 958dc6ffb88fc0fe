"""Fine-tuning on a CPU (or a GPU): resumable, loss on the command only, forward pass on the 4-bit grid of the export.

Batches hold examples of similar length under a token budget; each worker thread takes one per step, on a copy of the model that shares the weights,
since threads that meet once a step lose less on a busy machine than threads that meet in every product. The rate warms up, then falls as a cosine of the wall clock, so
a run ends when it was told to, whatever else the machine does meanwhile. Padding is on the right and attention is causal, so no mask is needed.
"""

import json
import math
import os
import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from . import files, prompt
from .flat import FlatAdamW

CONTRAST = 2.0  # weight of telling a right command from wrong ones, beside one token's loss


@dataclass
class Options:
    base: Path
    data: Path
    out: Path
    minutes: float  # wall clock of the whole run, resumed parts included
    rate: float = 1.5e-4
    final_rate: float = 5e-6
    warmup: int = 40
    batch_tokens: int = 600  # for each worker
    workers: int = 2
    seed: int = 1
    snap: bool = True
    save_minutes: float = 5.0
    device: str = "cpu"
    dtype: str = "float32"  # of the forward pass. Measure bfloat16 first: without AMX its products can be half as fast as float32 ones


def batches(lengths: list[int], budget: int, seed: int, rows: list[int] | None = None) -> list[list[int]]:
    """Returns lists of example numbers: each list is of similar length and holds at most `budget` tokens with padding.

    An example takes `rows` rows, one where none are given.
    """
    rng, order, made = random.Random(seed), list(range(len(lengths))), []
    rows = rows or [1] * len(lengths)
    rng.shuffle(order)
    for start in range(0, len(order), 1500):
        window, current = [], []
        for i in sorted(order[start:start + 1500], key=lengths.__getitem__):
            if current and (sum(rows[j] for j in current) + rows[i]) * lengths[i] > budget:
                window.append(current)
                current = []
            current.append(i)
        if current:
            window.append(current)
        rng.shuffle(window)
        made += window
    return made


class Batch(NamedTuple):
    tokens: torch.Tensor
    targets: torch.Tensor  # -100 where nothing is asked
    right: torch.Tensor  # by row: whether its command is learnt, or only compared
    groups: torch.Tensor  # rows that are compared, the right one first; -1 where a group is shorter
    real: int  # tokens without padding

    @property
    def learnt(self) -> int:
        return int((self.targets[self.right] != -100).sum())

    def to(self, device: str) -> "Batch":
        return Batch(*(t.to(device) for t in self[:4]), self.real)


def collate(examples: list[prompt.Example]) -> Batch:
    """Returns the examples in rows, each followed by what it is compared with."""
    rows, right, groups = [], [], []
    for e in examples:
        if e.against:
            groups.append(list(range(len(rows), len(rows) + 1 + len(e.against))))
        rows += [e, *e.against]
        right += [True] + [False] * len(e.against)
    width = max(len(e.tokens) for e in rows)
    tokens, targets = torch.full((len(rows), width), prompt.EOS), torch.full((len(rows), width), -100)
    for row, e in enumerate(rows):
        tokens[row, :len(e.tokens)] = torch.tensor(e.tokens)
        targets[row, :len(e.tokens) - 1] = torch.tensor([t if learn else -100 for t, learn in zip(e.tokens[1:], e.learn[1:])])
    longest = max(map(len, groups), default=1)
    table = torch.tensor([g + [-1] * (longest - len(g)) for g in groups], dtype=torch.long).view(len(groups), longest)
    return Batch(tokens, targets, torch.tensor(right), table, sum(len(e.tokens) for e in rows))


def rate_at(options: Options, step: int, done: float) -> float:
    """Returns the learning rate at `step`, with the share `done` of the wall clock gone."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return min(1.0, (step + 1) / options.warmup) * (options.final_rate + (options.rate - options.final_rate) * cosine)


def loss_of(model, batch: Batch) -> torch.Tensor:
    """Returns the summed loss over the tokens of right commands, and that of telling them from wrong ones.

    Commands of one request are compared as the product's ranking does it, by log-probability over the root of the length: the
    loss is the cross-entropy of the right one under the softmax of those. Only rows of command tokens go through the output layer.
    """
    hidden = model.model(input_ids=batch.tokens, use_cache=False).last_hidden_state
    wanted = batch.targets != -100
    losses = F.cross_entropy(model.lm_head(hidden[wanted]).float(), batch.targets[wanted], reduction="none")
    row = wanted.nonzero()[:, 0]
    loss = losses[batch.right[row]].sum()
    if len(batch.groups):
        count = wanted.sum(1).clamp(min=1)
        score = -torch.zeros(len(batch.tokens), device=losses.device).index_add(0, row, losses) / count.sqrt()
        compared = score[batch.groups.clamp(min=0)].masked_fill(batch.groups < 0, -torch.inf)
        loss = loss + CONTRAST * F.cross_entropy(compared, torch.zeros(len(compared), dtype=torch.long, device=compared.device), reduction="sum")
    return loss


def add_gradients(model, batch: Batch, count: int) -> float:
    """Adds the gradients of the summed loss over `count`, the learnt tokens of all workers, and returns that share of the loss."""
    loss = loss_of(model, batch) / count
    loss.backward()
    return loss.item()


class Run:
    def __init__(self, options: Options):
        self.options = options
        torch.set_num_threads(options.workers)
        torch.manual_seed(options.seed)
        options.out.mkdir(parents=True, exist_ok=True)
        tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
        self.examples = prompt.examples(tokenizer, list(files.read(options.data)))
        widths = [max(len(x.tokens) for x in (e, *e.against)) for e in self.examples]
        self.batches = batches(widths, options.batch_tokens, options.seed, [1 + len(e.against) for e in self.examples])
        self.models = [LlamaForCausalLM.from_pretrained(options.base, dtype=torch.float32, attn_implementation="sdpa").to(options.device).train()
                       for _ in range(options.workers)]
        self.model = self.models[0]
        self.optimizer = FlatAdamW(self.model, options.snap, tuple(self.models[1:]), getattr(torch, options.dtype))
        # In a pool thread the setting holds for that thread: its products stay on one core. The optimiser's pass keeps all of them.
        self.pool = ThreadPoolExecutor(options.workers, initializer=torch.set_num_threads, initargs=(1,))
        self.step, self.seen, self.spent, self.loss = 0, 0, 0.0, None
        self.checkpoint = options.out / "state.pt"
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint, map_location=options.device, weights_only=False)
            self.step, self.seen, self.spent, self.loss = saved["step"], saved["seen"], saved["spent"], saved["loss"]
            self.optimizer.load_state_dict(saved["optimizer"])

    def save(self, spent: float) -> None:
        aside = self.checkpoint.with_suffix(".tmp")
        torch.save({"step": self.step, "seen": self.seen, "spent": spent, "loss": self.loss, "optimizer": self.optimizer.state_dict()}, aside)
        os.replace(aside, self.checkpoint)

    def export(self) -> Path:
        """Writes the masters as a Hugging Face folder in float32: the exporter rounds them to the very grid trained on."""
        folder, aside = self.options.out / "hf", self.options.out / "hf.tmp"
        shutil.rmtree(aside, ignore_errors=True)
        state = {k: v.detach().cpu().clone() for k, v in self.optimizer.masters(self.model).items()}
        self.model.config.dtype = torch.float32
        self.model.save_pretrained(aside, state_dict={**state, "lm_head.weight": state["model.embed_tokens.weight"]})
        # Saving writes down the type of the forward pass, and the exporter would round the masters to it.
        config = aside / "config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "dtype": "float32"}, indent=2) + "\n")
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(self.options.base / name, aside / name)
        (aside / "training.json").write_text(json.dumps({**asdict(self.options), "base": self.options.base.name, "data": self.options.data.name,
            "out": self.options.out.name, "steps": self.step, "tokens": self.seen, "loss": self.loss}, indent=1, default=str) + "\n")
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(aside, folder)
        return folder

    def train(self) -> None:
        options, started = self.options, time.monotonic()
        saved, seen_before = started, self.seen
        print(f"{len(self.examples)} examples, {sum(len(e.tokens) for e in self.examples)} tokens, {len(self.batches)} batches; from step {self.step}", flush=True)
        while True:
            spent = self.spent + (time.monotonic() - started) / 60
            if spent >= options.minutes:
                break
            numbers = [self.batches[(self.step * options.workers + w) % len(self.batches)] for w in range(options.workers)]
            made = [collate([self.examples[i] for i in ns]).to(options.device) for ns in numbers]
            count, real = sum(b.learnt for b in made), sum(b.real for b in made)
            loss = sum(self.pool.map(add_gradients, self.models, made, [count] * len(made)))
            rate = rate_at(options, self.step, spent / options.minutes)
            norm = self.optimizer.step(rate)
            self.step, self.seen = self.step + 1, self.seen + real
            self.loss = loss if self.loss is None else 0.98 * self.loss + 0.02 * loss
            if self.step % 20 == 0:
                speed = (self.seen - seen_before) / (time.monotonic() - started)
                print(f"step {self.step} loss {self.loss:.4f} norm {norm:.2f} rate {rate:.1e} tokens {self.seen} tok/s {speed:.0f} min {spent:.1f}", flush=True)
            if time.monotonic() - saved > options.save_minutes * 60:
                self.save(spent)
                saved = time.monotonic()
        self.save(options.minutes)
        print("exported", self.export(), flush=True)
