"""The tests of the same extension in Python, where it is imported from a file."""

import pytest

import tested


def test_words() -> None:
    assert tested.words("To be") == ["to", "be"]
    assert tested.words("the owl", {"the"}.__contains__) == ["owl"]


def test_mean() -> None:
    assert tested.mean_length(["ab", "abcd"]) == 3.0
    with pytest.raises(ValueError, match="no words"):
        tested.mean_length([])
