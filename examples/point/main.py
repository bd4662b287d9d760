"""A walk in the plane."""

import math

from point import Point, centre

place = Point()
for step in range(4):
    place += 3.0, 0.0
    place.angle += math.pi / 6
    print("%5.2f %5.2f  %.2f away" % (*place, abs(place)))

square = [Point(0, 0), Point(2, 0), Point(2, 2), Point(0, 2)]
print("the middle of the square:", centre(square))
print("its diagonal:", square[0].distance(square[2]))
try:
    Point.parse("north")
except ValueError as error:
    print("ValueError:", error)
