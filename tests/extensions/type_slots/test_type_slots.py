"""Special methods of types written in Rust."""

import operator

import pytest
from type_slots import Number, Numbers, Settings


def test_operators_on_both_sides():
    n = Number(2)
    assert (n + 1).value == 3
    assert (1 + n).value == 1003
    assert (1.5 + n).value == 1003.5
    assert n - Number(5) == -3.0
    assert 3 * n == 6
    assert n / 4 == 0.5
    assert n**3 == 8 and pow(n, 3, 5) == 3
    assert -n == Number(-2) and abs(-n) == 2
    assert int(n) == 2 and float(n) == 2.0


def test_operands_that_are_not_known():
    n = Number(2)
    for wrong in [
        lambda: n + "text",
        lambda: "text" + n,
        lambda: n - 5,
        lambda: 5 - n,
        lambda: n * 3,
        lambda: n // 2,
        lambda: n ** "a",
        lambda: n < "text",
    ]:
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ZeroDivisionError, match="by zero"):
        n / 0


def test_in_place_operators():
    n = same = Number(1)
    n += 2
    assert n is same and n.value == 3
    n -= Number(1)
    assert n == 2.0 and same.value == 3


def test_truth_and_text():
    assert Number(1) and not Number(0)
    assert str(Number(1.5)) == "1.5" and repr(Number(1.5)) == "Number(1.5)"


def test_comparisons():
    assert Number(1) == Number(1) and not Number(1) == Number(2)
    assert Number(1) != Number(2) and not Number(1) != Number(1)
    assert Number(1) != "text" and not Number(1) == "text"
    assert Number(1) < 2 and not Number(1) < 1
    with pytest.raises(TypeError):
        Number(1) <= 2
    assert hash(Number(1)) == hash(Number(1))
    assert {Number(1): 2}[Number(1)] == 2
    assert Numbers(1, 2) < Numbers(1, 3) and Numbers(1) == Numbers(1) and Numbers(2) >= Numbers(1)
    with pytest.raises(TypeError):
        Numbers(1) < 5
    with pytest.raises(TypeError, match="unhashable"):
        hash(Numbers(1))


def test_items():
    numbers = Numbers(1, 2, 3)
    assert len(numbers) == 3 and numbers[0] == 1 and numbers[-1] == 3
    numbers[1] = 20
    assert numbers[1] == 20 and 20 in numbers and 2 not in numbers
    del numbers[0]
    assert len(numbers) == 2 and numbers[0] == 20
    for wrong in [
        lambda: numbers[5],
        lambda: operator.setitem(numbers, 5, 1),
        lambda: operator.delitem(numbers, 5),
    ]:
        with pytest.raises(IndexError, match="no such number"):
            wrong()
    with pytest.raises(TypeError):
        numbers["a"]
    with pytest.raises(TypeError):
        Number(1)[0]


def test_iteration():
    assert list(Numbers(1, 2, 3)) == [2, 1, 0]
    iterator = iter(Numbers(5))
    assert iter(iterator) is iterator and next(iterator) == 0
    with pytest.raises(StopIteration) as ended:
        next(iterator)
    assert ended.value.value is None
    assert [*Numbers()] == []


def test_calls():
    numbers = Numbers(1, 2)
    assert numbers(1) == 2 and numbers(7) is None and numbers(7, default=5) == 5
    with pytest.raises(TypeError):
        numbers()
    with pytest.raises(TypeError):
        numbers(1, other=2)
    with pytest.raises(TypeError):
        Number(1)()


def test_with():
    numbers = Numbers(1, 2)
    with numbers as same:
        assert same is numbers and len(same) == 2
        raise KeyError("is swallowed")
    assert len(numbers) == 0


def test_computed_attributes():
    numbers = Numbers(7, 8)
    assert numbers.n1 == 8
    with pytest.raises(AttributeError, match="other"):
        numbers.other
    with pytest.raises(IndexError):
        numbers.n5


def test_init():
    assert Settings().depth == 1 and Settings(5).depth == 5 and Settings(depth=7).depth == 7
    settings = Settings(1)
    settings.__init__(2)
    assert settings.depth == 3
    with pytest.raises(TypeError):
        Settings("deep")
    with pytest.raises(TypeError):
        Settings(1, 2)
