"""AdamW over one flat buffer, with the weights a forward pass sees snapped to the 4-bit grid.

All weights of a model live in one buffer and all gradients in another; the optimiser keeps float32 masters and two
moments beside them. One compiled pass over memory per step updates the masters and writes the snapped weights: on a CPU that is several times
faster than a step of a stock optimiser followed by casts, and the snapping is nearly free. The gradient of a snapped weight is
taken as the gradient of its master (straight-through).
"""

import math

import torch

from . import quant


def _update(grad, master, first, second, weight, rate, decay, correction1, correction2, clip, snapped: bool):
    g = grad.float() * clip
    first.mul_(0.9).add_(g, alpha=0.1)
    second.mul_(0.98).addcmul_(g, g, value=0.02)
    step = (first / correction1) / ((second / correction2).sqrt() + 1e-8)
    master.mul_(1.0 - rate * decay).sub_(rate * step)
    weight.copy_(quant.nearest(master, torch) if snapped else master)


def _attach(parameters: list[torch.nn.Parameter], weight: torch.Tensor) -> torch.Tensor:
    """Makes parameters views of `weight`, one after the other, and returns a buffer that collects their gradients."""
    grad, start = torch.zeros_like(weight), 0
    for p in parameters:
        p.data = weight.view(-1)[start:start + p.numel()].view(p.shape)
        p.grad = grad.view(-1)[start:start + p.numel()].view(p.shape)
        start += p.numel()
    return grad


class FlatAdamW:
    """Takes over the parameters of a model: matrices first (in blocks of the grid), then vectors, which stay unsnapped.

    Further copies of the model can be given: they share its weights and collect gradients of their own, which a step adds up.
    """

    def __init__(self, model: torch.nn.Module, snap: bool, copies: tuple[torch.nn.Module, ...] = (), dtype: torch.dtype = torch.float32, decay: float = 0.01, compiled: bool = True):
        self.snap, self.decay, self.steps = snap, decay, 0
        self.parts, *others = [[[p for p in m.parameters() if matrix == (p.ndim > 1)] for matrix in (True, False)] for m in (model, *copies)]
        for p in self.parts[0]:
            if p.shape[-1] % quant.BLOCK:
                raise ValueError(f"a weight of shape {tuple(p.shape)} does not divide into blocks of {quant.BLOCK}")
        self.state = []
        for number, part in enumerate(self.parts):
            weight = torch.cat([p.detach().reshape(-1) for p in part]).to(dtype).view(-1, quant.BLOCK)
            master = torch.cat([p.detach().float().reshape(-1) for p in part]).view(-1, quant.BLOCK)
            grads = [_attach(parameters, weight) for parameters in (part, *(o[number] for o in others))]
            self.state.append({"weight": weight, "grads": grads, "master": master, "first": torch.zeros_like(master), "second": torch.zeros_like(master)})
        self.update = torch.compile(_update, dynamic=False) if compiled else _update
        self.refresh()

    def refresh(self) -> None:
        """Writes the weights that the forward pass uses from the masters."""
        matrices, vectors = self.state
        for rows in torch.arange(len(matrices["master"])).split(1 << 18):  # in slices, to keep the temporaries small
            a, b = int(rows[0]), int(rows[-1]) + 1
            matrices["weight"][a:b] = quant.nearest(matrices["master"][a:b], torch) if self.snap else matrices["master"][a:b]
        vectors["weight"].copy_(vectors["master"])

    def step(self, rate: float, max_norm: float = 1.0) -> float:
        """Applies the gradients at a learning rate, clears them and returns their norm before clipping."""
        self.steps += 1
        for s in self.state:
            for more in s["grads"][1:]:
                s["grads"][0].add_(more)
                more.zero_()
        norm = math.sqrt(sum(float(torch.linalg.vector_norm(s["grads"][0], dtype=torch.float32)) ** 2 for s in self.state))
        scalars = [torch.tensor(v) for v in (rate, 1.0 - 0.9 ** self.steps, 1.0 - 0.98 ** self.steps, min(1.0, max_norm / (norm + 1e-6)))]
        for part, s in enumerate(self.state):
            decay = torch.tensor(self.decay if part == 0 else 0.0)
            self.update(s["grads"][0], s["master"], s["first"], s["second"], s["weight"], scalars[0], decay, *scalars[1:], self.snap and part == 0)
            s["grads"][0].zero_()
        return norm

    def masters(self, model: torch.nn.Module) -> dict[str, torch.Tensor]:
        """Returns the float32 masters by parameter name."""
        names = {id(p): name for name, p in model.named_parameters()}
        found = {}
        for part, s in zip(self.parts, self.state):
            start = 0
            for p in part:
                found[names[id(p)]] = s["master"].view(-1)[start:start + p.numel()].view(p.shape)
                start += p.numel()
        return found

    def state_dict(self) -> dict:
        return {"steps": self.steps, "state": [{k: s[k] for k in ("master", "first", "second")} for s in self.state]}

    def load_state_dict(self, saved: dict) -> None:
        self.steps = saved["steps"]
        for s, v in zip(self.state, saved["state"]):
            for k in v:
                s[k].copy_(v[k])
        self.refresh()
