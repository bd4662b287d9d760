"""Run by tests/extensions.rs, which expects that debug mode fails the first of these two."""

import leak


def test_forgets_a_handle():
    leak.forget(["a list that nothing else refers to"])


def test_closes_its_handle():
    leak.close(["a list that nothing else refers to"])
