"""The training grid is ONNX Runtime's, to the bit."""

import numpy as np
import pytest

from cmdai_training import quant

ort = pytest.importorskip("onnxruntime.capi._pybind_state")


def onnxruntime_grid(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows, cols = weight.shape
    blocks = cols // quant.BLOCK
    packed = np.zeros((rows, blocks, quant.BLOCK // 2), np.uint8)
    scales, zeros = np.zeros((rows, blocks), np.float32), np.zeros((rows, (blocks + 1) // 2), np.uint8)
    ort.quantize_matmul_4bits(packed, np.ascontiguousarray(weight.T), scales, zeros, quant.BLOCK, rows, cols, True)
    levels = np.stack([packed & 15, packed >> 4], -1).reshape(rows, blocks, quant.BLOCK)
    return levels.astype(np.int32) - quant.HALF, scales


def check(weight: np.ndarray) -> None:
    weight = weight.astype(np.float32)
    levels, scales = quant.snap(weight.reshape(len(weight), -1, quant.BLOCK), np)
    want_levels, want_scales = onnxruntime_grid(weight)
    np.testing.assert_array_equal(scales, want_scales)
    np.testing.assert_array_equal(levels, want_levels)


def test_random_blocks():
    check(np.random.default_rng(0).standard_normal((2000, 576)) * 0.1)


def test_zeros_ties_and_halves():
    rows = [np.zeros(576), np.tile([1, -1], 288), np.tile([-1, 1], 288), np.tile([-8, 7.5, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5], 72),
            np.ones(576), -np.ones(576), np.tile([0.25, 0.5, 0.75, 1.0], 144)]
    check(np.array(rows))


def test_snapping_again_changes_nothing():
    blocks = np.random.default_rng(1).standard_normal((500, quant.BLOCK)).astype(np.float32)
    once = quant.nearest(blocks, np)
    np.testing.assert_allclose(quant.nearest(once, np), once, rtol=1e-6)


def test_torch_agrees_with_numpy():
    torch = pytest.importorskip("torch")
    blocks = np.random.default_rng(2).standard_normal((500, quant.BLOCK)).astype(np.float32)
    np.testing.assert_array_equal(quant.nearest(torch.from_numpy(blocks), torch).numpy(), quant.nearest(blocks, np))
