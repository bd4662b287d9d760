"""Matrices."""

from matrix import Matrix

m = Matrix([[1, 2], [3, 4]])
print(m @ m, 2 * m - m, m.T[0, 1])
for row in m:
    print(row)
with memoryview(m) as view:
    print(view.shape, view.tolist())
