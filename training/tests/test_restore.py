"""A shipped weight comes back as the values that the model holds, and the grid gives it the same bytes again."""

import numpy as np

from cmdai_training import quant, restore


def test_levels_and_scales_survive_the_way_back():
    blocks = np.random.default_rng(4).standard_normal((40, 6, quant.BLOCK)).astype(np.float32)
    levels, scales = quant.snap(blocks, np)
    unsigned = (levels + quant.HALF).astype(np.uint8)
    packed = unsigned[..., 0::2] | (unsigned[..., 1::2] << 4)
    matrix = restore.values(packed, scales.ravel())
    assert matrix.shape == (40, 6 * quant.BLOCK) and matrix.dtype == np.float32
    again, new_scales = quant.snap(matrix.reshape(blocks.shape), np)
    np.testing.assert_array_equal(again, levels)
    np.testing.assert_array_equal(new_scales, scales)
