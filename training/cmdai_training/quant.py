"""The 4-bit grid of ONNX Runtime's `MatMulNBits`: blocks of 32 along the input dimension, symmetric, one float scale a block.

Training runs its forward pass through this grid, so it has to be the grid of the exporter to the bit. `tests/test_quant.py`
compares it with ONNX Runtime's own quantizer.
"""

BLOCK = 32
HALF = 8


def snap(blocks, xp):
    """Returns (levels in [-8, 7], scales) of `blocks`, an array whose last axis is one block. `xp` is numpy or torch.

    The value of largest magnitude maps to -8 exactly, so a scale may be negative; on a tie the smallest value decides. Levels round half up.
    """
    high, low = (blocks.amax(-1), blocks.amin(-1)) if hasattr(blocks, "amax") else (blocks.max(-1), blocks.min(-1))
    scale = xp.where(abs(high) > abs(low), high, low) / -HALF
    zero = scale == 0
    inverse = xp.where(zero, 0.0 * scale, 1.0 / xp.where(zero, 1.0 + 0.0 * scale, scale))
    levels = xp.floor(blocks * inverse[..., None] + HALF + 0.5)
    return xp.clip(levels, 0, 2 * HALF - 1) - HALF, scale


def nearest(blocks, xp):
    """Returns the values that the exported model holds in place of `blocks`."""
    levels, scale = snap(blocks, xp)
    return levels * scale[..., None]
