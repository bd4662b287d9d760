"""The filters, beside what numpy computes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import image_filter
import pytest

numpy = pytest.importorskip("numpy", reason="numpy has no wheel for this interpreter")

HERE = os.path.dirname(os.path.abspath(__file__))


def image(height: int, width: int, channels: int) -> Any:
    rng = numpy.random.default_rng(20)
    return rng.integers(0, 256, (height, width, channels), dtype="u1")


def blurred_by_numpy(pixels: Any, sigma: float) -> Any:
    radius = int(numpy.ceil(sigma * 3))
    steps = numpy.arange(-radius, radius + 1)
    weights = numpy.exp(-(steps**2) / (2 * sigma * sigma))
    weights /= weights.sum()
    result = pixels.astype("f8")
    for axis in (1, 0):
        places = steps[:, None] + numpy.arange(pixels.shape[axis])
        places = places.clip(0, pixels.shape[axis] - 1)
        parts = (w * result.take(p, axis) for w, p in zip(weights, places))
        result = sum(parts)
    return result


@pytest.mark.parametrize("sigma", [0.5, 1, 2.5])
def test_blur(sigma: float) -> None:
    for pixels in (image(12, 9, 3), image(1, 1, 1), image(30, 20, 4)[::-2, 1::3]):
        blurred = image_filter.gaussian_blur(pixels, sigma)
        assert blurred.shape == pixels.shape and blurred.dtype == numpy.uint8
        assert abs(blurred - blurred_by_numpy(pixels, sigma)).max() < 0.51
    assert image_filter.gaussian_blur(image(0, 5, 3), sigma).shape == (0, 5, 3)


def test_invert_in_place() -> None:
    pixels = image(6, 5, 3)
    inverted = 255 - pixels
    image_filter.invert(pixels)
    assert (pixels == inverted).all()
    image_filter.invert(pixels[1:4, ::2])
    inverted[1:4, ::2] = 255 - inverted[1:4, ::2]
    assert (pixels == inverted).all()
    pixels.flags.writeable = False
    with pytest.raises(BufferError, match="read-only"):
        image_filter.invert(pixels)


def test_histogram() -> None:
    pixels = image(20, 30, 2)
    counts = image_filter.histogram(pixels)
    for channel in range(2):
        expected = numpy.bincount(pixels[..., channel].ravel(), minlength=256)
        assert (counts[channel] == expected).all()


def test_other_arrays_are_refused() -> None:
    with pytest.raises(TypeError, match="uint8 with 3 dimensions is needed, not one of float64"):
        image_filter.invert(numpy.zeros((2, 2, 3)))
    with pytest.raises(ValueError, match="sigma"):
        image_filter.gaussian_blur(image(2, 2, 1), float("nan"))


def test_main() -> None:
    output = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout
    assert "dark pixels:" in output
