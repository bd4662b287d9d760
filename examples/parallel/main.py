"""Primes, counted while Python waits, and while it does not."""

import threading

import parallel

print("primes below 100000:", parallel.count_primes(100000))
print("sorted:", parallel.sort([2.5, -1.0, 10.0]))

done = threading.Event()


def finished(count):
    print("and below 1000:", count)
    done.set()


try:
    parallel.count_primes_later(1000, finished)
except RuntimeError as error:
    print(error)
else:
    done.wait(60)
