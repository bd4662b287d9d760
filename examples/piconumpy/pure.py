"""The same arrays in pure Python. The module in Rust is compared with it, in results and speed."""

import math


class array:
    def __init__(self, values, /):
        self._items = [float(value) for value in values]

    def copy(self):
        return array(self._items)

    def tolist(self):
        return list(self._items)

    def sum(self):
        # Python's own sum() rounds otherwise from 3.12 on.
        sum = 0.0
        for item in self._items:
            sum += item
        return sum

    def dot(self, other, /):
        return (self * other).sum()

    def sqrt(self):
        return array(map(math.sqrt, self._items))

    def __add__(self, other):
        return _pairs(lambda a, b: a + b, self, other)

    def __radd__(self, other):
        return _pairs(lambda a, b: a + b, other, self)

    def __iadd__(self, other):
        return self._become(self + other)

    def __sub__(self, other):
        return _pairs(lambda a, b: a - b, self, other)

    def __rsub__(self, other):
        return _pairs(lambda a, b: a - b, other, self)

    def __isub__(self, other):
        return self._become(self - other)

    def __mul__(self, other):
        return _pairs(lambda a, b: a * b, self, other)

    def __rmul__(self, other):
        return _pairs(lambda a, b: a * b, other, self)

    def __imul__(self, other):
        return self._become(self * other)

    def __truediv__(self, other):
        return _pairs(lambda a, b: a / b, self, other)

    def __rtruediv__(self, other):
        return _pairs(lambda a, b: a / b, other, self)

    def __itruediv__(self, other):
        return self._become(self / other)

    def _become(self, other):
        self._items[:] = other._items
        return self

    def __neg__(self):
        return array(-item for item in self._items)

    def __len__(self):
        return len(self._items)

    def __getitem__(self, index):
        return array(self._items[index]) if isinstance(index, slice) else self._items[index]

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            places = range(len(self._items))[index]
            values = _floats(value, len(places))
            if len(values) != len(places):
                raise ValueError(
                    "arrays of %d and of %d floats do not fit together" % (len(places), len(values))
                )
            for place, item in zip(places, values):
                self._items[place] = item
        else:
            self._items[index] = float(value)

    def __iter__(self):
        return iter(self._items)

    def __repr__(self):
        return "array(%r)" % self._items

    def __reduce__(self):
        return type(self), (self.tolist(),)


def zeros(size, /):
    return array([0.0] * size)


def _floats(operand, size):
    if isinstance(operand, array):
        return operand._items
    return [float(operand)] * size


def _pairs(function, left, right):
    size = len(left if isinstance(left, array) else right)
    left, right = _floats(left, size), _floats(right, size)
    if len(left) != len(right):
        raise ValueError(
            "arrays of %d and of %d floats do not fit together" % (len(left), len(right))
        )
    return array(map(function, left, right))
