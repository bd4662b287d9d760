"""The nodes and arrays of `bench/programs.py` in Python."""


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


class Array:
    __slots__ = ("data",)

    def __init__(self, data):
        self.data = data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, place):
        return self.data[place]

    def __setitem__(self, place, value):
        self.data[place] = value

    def __add__(self, other):
        return Array([a + b for a, b in zip(self.data, other.data)])

    def __mul__(self, factor):
        return Array([a * factor for a in self.data])


def zeros(count):
    return Array([0.0] * count)
