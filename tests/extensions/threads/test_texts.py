"""Text and bytes that outlive their call."""

import gc
import os
import sys
import sysconfig
import weakref

import pytest

import threads

HOST = os.environ["HPY_TEST_ABI"] == "universal" and (
    "HPY" in os.environ or "_hpy_universal" in sys.builtin_module_names
)
# Where the book says so. CPython that does not exist yet is none that was tried.
BORROWS = (
    sys.implementation.name == "cpython"
    and not HOST
    and not hasattr(sys, "gettotalrefcount")
    and sys.version_info < (3, 16)
    and "HPY_TEST_UNKNOWN_PYTHON" not in os.environ
)
BORROWS_BYTES = BORROWS and not sysconfig.get_config_var("Py_GIL_DISABLED")

TEXTS = ["", "a", "plain " * 10, "ümlaut", "\U0001f600 and more", "\x00zero", "x" * 100_000]


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    threads.drop_texts_on_a_thread()
    threads.enter()


def test_texts():
    for text in TEXTS:
        assert threads.keep_text(text) == BORROWS
    gc.collect()
    assert threads.kept_texts() == TEXTS
    back = threads.texts_back()
    assert back == TEXTS
    assert all(one is other for one, other in zip(back, TEXTS)) or not BORROWS


def test_texts_whose_str_python_has_given_up():
    for number in range(200):
        threads.keep_text("".join(["ß", str(number)]) * 50)
    gc.collect()
    others = ["".join(["x", str(number)]) * 50 for number in range(200)]
    expected = ["".join(["ß", str(number)]) * 50 for number in range(200)]
    assert threads.kept_texts() == expected and len(others) == 200
    assert threads.texts_back() == expected


def test_a_text_that_python_goes_on_with():
    """It is not extended in place, as a str with one reference is."""
    text = "".join(["abc", "def"])
    threads.keep_text(text)
    for _ in range(100):
        text += "x"
    assert threads.kept_texts() == ["abcdef"]


def test_what_is_no_text():
    for wrong in (b"a", 1, None, bytearray(b"a")):
        with pytest.raises(TypeError, match="must be str, not"):
            threads.keep_text(wrong)
    with pytest.raises(UnicodeEncodeError):
        threads.keep_text("\ud800")


def test_a_subclass_of_str():
    class Own(str):
        pass

    own = Own("own")
    reference = weakref.ref(own)
    assert threads.keep_text(own) == BORROWS
    assert threads.texts_back()[0] == "own"
    if BORROWS:
        assert threads.texts_back()[0] is own
        del own
        assert reference() is not None
        threads.drop_texts_on_a_thread()
        threads.enter()
        assert reference() is None


def test_bytes():
    values = [b"", b"a", bytes(range(256)), b"long" * 10_000]
    for value in values:
        assert threads.keep_bytes(value) == BORROWS_BYTES
    gc.collect()
    assert threads.kept_bytes() == values
    back = threads.bytes_back()
    assert back == values and {type(one) for one in back} == {bytes}
    assert all(one is other for one, other in zip(back, values)) or not BORROWS_BYTES


def test_bytes_that_python_can_change():
    memory = bytearray(b"abc")
    assert not threads.keep_bytes(memory)
    assert not threads.keep_bytes(memoryview(memory))
    memory[0] = 0
    assert threads.kept_bytes() == [b"abc", b"abc"]
    with pytest.raises(TypeError):
        threads.keep_bytes("text")
    with pytest.raises(TypeError):
        threads.keep_bytes([1, 2])


def test_as_keys():
    words = ["a", "b", "a", "ß", "a"]
    counts, count = threads.count_words(words, "a")
    assert counts == {"a": 3, "b": 1, "ß": 1} and count == 3
    assert threads.count_words(words, "x")[1] == 0
    values = [b"b", bytearray(b"a"), b"ab", b"b"]
    assert threads.sorted_bytes(values) == [b"a", b"ab", b"b"]


def test_compared():
    assert threads.compared("a", "b") == (False, True, "   a\"b\"")
    assert threads.compared("b", "b") == (True, False, "   b\"b\"")
