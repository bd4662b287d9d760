"""The extension that declares the shared types."""

import shared_vectors
from shared_vectors import Vector


def test_it_uses_them_as_any_type():
    vector = Vector(1.0, 2.0)
    vector.scale(2.0)
    assert (vector.x, vector.y) == (2.0, 4.0) and vector == Vector(2.0, 4.0)
    assert type(shared_vectors.vector(1.0)) is Vector and Vector.__module__ == "shared_vectors"
    assert [shared_vectors.Counter().next() for _ in range(2)] == [0, 0]
