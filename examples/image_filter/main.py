"""Blurs and inverts an image that numpy draws."""

import numpy
from image_filter import gaussian_blur, histogram, invert

y, x = numpy.mgrid[:8, :16]
circle = ((x - 8) ** 2 / 4 + (y - 4) ** 2 < 9) * numpy.uint8(255)
image = numpy.stack([circle] * 3, axis=-1)
invert(image)
blurred = gaussian_blur(image, 1.0)
for row in blurred[..., 0]:
    print("".join(" .:-=+*#%@"[value // 26] for value in row))
print("dark pixels:", int(histogram(blurred)[0, :128].sum()))
