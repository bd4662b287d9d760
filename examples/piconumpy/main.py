"""Arrays in Rust beside the same ones in pure Python."""

import sys
import time

import piconumpy
import pure
from nbody import simulate

a = piconumpy.array([1, 2, 3])
a += 1
print(a * a, 2 / a, a[::-1], a.dot(a), memoryview(a).format)

COUNT, STEPS = 100, 5
results, times = [], []
for arrays in piconumpy, pure:
    start = time.perf_counter()
    results.append(simulate(arrays, COUNT, STEPS))
    times.append(time.perf_counter() - start)
print("the same results:", results[0] == results[1])
print("in Rust %.3f s, in pure Python %.3f s" % tuple(times), file=sys.stderr)
