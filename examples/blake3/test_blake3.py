"""Cases that the original's own tests lack. Those run in test_blake3_judge.py."""

import os
import sys
import threading

import pytest
from blake3 import blake3
from hpy_hosts import GRAALPY_HPY, OTHER_DEBUG

EMPTY = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"


def test_nothing():
    assert blake3().hexdigest() == blake3(None).hexdigest() == blake3(b"").hexdigest() == EMPTY
    assert blake3().digest(0) == b"" and blake3().hexdigest(0) == ""


def test_digits_are_those_of_the_digest():
    hasher = blake3(b"some bytes")
    for length in 1, 31, 32, 33, 200:
        for seek in 0, 1, 2**40:
            part = hasher.digest(length, seek=seek)
            assert hasher.hexdigest(length, seek=seek) == part.hex()
    assert hasher.digest(64)[:32] == hasher.digest()


def test_what_is_not_one_block_of_bytes():
    view = memoryview(bytearray(range(16))).cast("B", (4, 4))
    assert blake3(view).digest() == blake3(bytes(range(16))).digest()
    for gaps in memoryview(bytearray(16))[::2], memoryview(bytes(16))[::-1]:
        with pytest.raises(BufferError, match="gaps"):
            blake3(gaps)
    with pytest.raises(TypeError):
        blake3(5)
    released = memoryview(bytearray(4))
    released.release()
    with pytest.raises(ValueError):
        blake3().update(released)


class Bytes(bytes):
    pass


@pytest.mark.parametrize("size", [0, 100, 2047, 2048, 100000])
def test_all_kinds_of_memory_have_the_same_hash(size):
    data = bytes(number % 251 for number in range(size))
    expected = blake3(data).digest()
    for same in Bytes(data), bytearray(data), memoryview(data), memoryview(bytearray(data)):
        assert blake3(same).digest() == expected
        assert blake3(same, max_threads=2).digest() == expected
        assert blake3().update(same[: size // 2]).update(same[size // 2 :]).digest() == expected


def test_memory_of_several_pieces():
    data = bytes(range(256)) * 4100
    expected = blake3(data).digest()
    for threads in 1, 2:
        assert blake3(bytearray(data), max_threads=threads).digest() == expected
    hasher = blake3(b"a")
    assert hasher.update(bytearray(data)).digest() == blake3(b"a" + data).digest()


def test_update_returns_the_hasher():
    hasher = blake3()
    assert hasher.update(b"x") is hasher
    assert hasher.reset() is None
    assert hasher.hexdigest() == EMPTY


def test_a_copy_is_another_hasher():
    hasher = blake3(b"a", max_threads=2)
    copy = hasher.copy()
    assert copy is not hasher and type(copy) is blake3
    copy.update(b"b")
    assert hasher.digest() == blake3(b"a").digest()
    assert copy.digest() == blake3(b"ab").digest()


def test_keys_and_contexts():
    with pytest.raises(ValueError, match="32 bytes"):
        blake3(key=b"short")
    with pytest.raises(ValueError, match="exclude"):
        blake3(key=bytes(32), derive_key_context="")
    keyed = blake3(b"x", key=bytearray(32))
    assert keyed.digest() != blake3(b"x").digest()
    keyed.reset()
    assert keyed.digest() == blake3(key=bytes(32)).digest()


@pytest.mark.parametrize("threads", [0, -2, 10**30, "2"])
def test_no_number_of_threads(threads):
    with pytest.raises((ValueError, OverflowError, TypeError)):
        blake3(max_threads=threads)


def test_many_threads_use_one_hasher():
    hasher = blake3(max_threads=2)
    data = bytes(3000)

    def update():
        for _ in range(20):
            hasher.update(data)
            hasher.digest()
            hasher.copy()

    # GraalPy 24 has an HPy of its own, which works on one thread. hpy 0.9.0's debug mode ends the
    # process when other threads have made 16 calls while a thread is detached.
    if OTHER_DEBUG or GRAALPY_HPY:
        for _ in range(4):
            update()
    else:
        threads = [threading.Thread(target=update) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert hasher.digest() == blake3(bytes(3000 * 80)).digest()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.skipif(
    sys.implementation.name == "graalpy", reason="GraalPy's processes cannot go on in two"
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_has_threads_of_its_own():
    data = bytes(200000)
    expected = blake3(data, max_threads=2).digest()
    child = os.fork()
    if child == 0:
        os._exit(0 if blake3(data, max_threads=2).digest() == expected else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_files(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"content" * 5000)
    expected = blake3(b"content" * 5000).digest()
    assert blake3().update_mmap(file).digest() == expected
    assert blake3(max_threads=blake3.AUTO).update_mmap(path=str(file)).digest() == expected
    with pytest.raises(OSError):
        blake3().update_mmap(tmp_path)
    with pytest.raises(TypeError):
        blake3().update_mmap(5)
