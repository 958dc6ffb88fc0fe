"""The parts of training that can be checked in a second. Skipped without torch."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from cmdai_training import prompt, quant, train  # noqa: E402
from cmdai_training.flat import FlatAdamW  # noqa: E402


def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(64, 32, bias=False), torch.nn.LayerNorm(32, bias=False), torch.nn.Linear(32, 64, bias=False))


def test_batches_keep_to_the_budget_and_lose_nothing():
    lengths = [int(n) for n in np.random.default_rng(0).integers(5, 120, 4000)]
    made = train.batches(lengths, 1000, 3)
    assert sorted(i for b in made for i in b) == list(range(4000))
    assert all(len(b) * max(lengths[i] for i in b) <= 1000 for b in made if len(b) > 1)
    assert made == train.batches(lengths, 1000, 3) != train.batches(lengths, 1000, 4)


def test_batches_count_what_is_compared():
    made = train.batches([10] * 100, 100, 3, [3] * 100)
    assert sorted(i for b in made for i in b) == list(range(100)) and max(map(len, made)) == 3


def test_only_the_command_is_learnt():
    rows = [([1, 9, 5], [7, 2]), ([1, 5], [8, 8, 8, 2])]
    made = train.collate([prompt.Example(a + b, [False] * len(a) + [True] * len(b)) for a, b in rows])
    assert made.real == 11 and made.tokens.tolist() == [[1, 9, 5, 7, 2, 2], [1, 5, 8, 8, 8, 2]]
    assert made.targets.tolist() == [[-100, -100, 7, 2, -100, -100], [-100, 8, 8, 8, 2, -100]]
    assert made.learnt == 6 and not len(made.groups)


class Fixed(torch.nn.Module):
    """Says the same of every next token."""

    def __init__(self, logits):
        super().__init__()
        self.logits = torch.nn.Parameter(torch.tensor(logits))

    def model(self, input_ids, use_cache):
        return type("Out", (), {"last_hidden_state": torch.ones(*input_ids.shape, 1)})

    def lm_head(self, hidden):
        return hidden * self.logits


def test_wrong_commands_are_compared_and_not_learnt():
    right, wrong = prompt.example([1, 5], [6]), prompt.example([1, 5], [7, 7])
    made = train.collate([right._replace(against=(wrong,)), right])
    assert made.groups.tolist() == [[0, 1]] and made.right.tolist() == [True, False, True]
    assert made.learnt == 4 and made.real == 4 + 5 + 4
    plain = train.loss_of(Fixed([0.0] * 8), train.collate([right, right]))
    # With equal probabilities the score falls with the root of the length: the longer one is the less likely.
    scores = -torch.tensor([2, 3]).sqrt() * math.log(8)
    expected = plain + train.CONTRAST * -torch.log_softmax(scores, 0)[0]
    torch.testing.assert_close(train.loss_of(Fixed([0.0] * 8), made), expected)
    # A wrong command that gets less likely lowers the loss.
    assert train.loss_of(Fixed([0.0] * 7 + [-3.0]), made) < train.loss_of(Fixed([0.0] * 8), made)


def test_the_rate_warms_up_and_falls():
    o = train.Options(None, None, None, minutes=1, rate=1e-3, final_rate=1e-5, warmup=10)
    assert train.rate_at(o, 0, 0) == pytest.approx(1e-4)
    assert train.rate_at(o, 100, 0) == pytest.approx(1e-3) and train.rate_at(o, 100, 1) == pytest.approx(1e-5)


def test_an_unsnapped_step_is_adamw():
    ours, theirs = model(), model()
    optimizer = FlatAdamW(ours, snap=False, decay=0.0, compiled=False)
    reference = torch.optim.AdamW(theirs.parameters(), lr=1e-2, betas=(0.9, 0.98), weight_decay=0.0)
    x = torch.randn(16, 64)
    for _ in range(5):
        (ours(x) ** 2).mean().backward()
        optimizer.step(1e-2, max_norm=1e9)
        reference.zero_grad()
        (theirs(x) ** 2).mean().backward()
        reference.step()
    for a, b in zip(ours.parameters(), theirs.parameters()):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_the_forward_pass_sees_the_grid_and_the_masters_move_off_it():
    net = model()
    optimizer = FlatAdamW(net, snap=True, compiled=False)
    x = torch.randn(16, 64)
    for _ in range(3):
        (net(x) ** 2).mean().backward()
        optimizer.step(1e-2)
    for name, master in optimizer.masters(net).items():
        seen = dict(net.named_parameters())[name]
        want = quant.nearest(master.reshape(-1, quant.BLOCK), torch).reshape(master.shape) if master.ndim > 1 else master
        torch.testing.assert_close(seen.data, want)
        assert (master.ndim == 1) or not torch.equal(master, want)


def test_copies_share_weights_and_add_their_gradients():
    alone, first, second = model(), model(), model()
    single, double = FlatAdamW(alone, snap=True, compiled=False), FlatAdamW(first, snap=True, copies=(second,), compiled=False)
    x, y = torch.randn(8, 64), torch.randn(8, 64)
    for _ in range(3):
        ((alone(x) ** 2).mean() + (alone(y) ** 2).mean()).backward()
        single.step(1e-2)
        (first(x) ** 2).mean().backward()
        (second(y) ** 2).mean().backward()
        double.step(1e-2)
    for a, b, c in zip(alone.parameters(), first.parameters(), second.parameters()):
        torch.testing.assert_close(a, b)
        assert b.data_ptr() == c.data_ptr()


def test_a_saved_optimizer_goes_on_where_it_was():
    x, nets = torch.randn(16, 64), []
    for resume in (False, True):
        net = model()
        optimizer = FlatAdamW(net, snap=True, compiled=False)
        for i in range(4):
            if resume and i == 2:
                saved = {k: v if k == "steps" else [{n: t.clone() for n, t in s.items()} for s in v] for k, v in optimizer.state_dict().items()}
                net = model()
                optimizer = FlatAdamW(net, snap=True, compiled=False)
                optimizer.load_state_dict(saved)
            (net(x) ** 2).mean().backward()
            optimizer.step(1e-2)
        nets.append(net)
    for a, b in zip(nets[0].parameters(), nets[1].parameters()):
        torch.testing.assert_close(a, b)
