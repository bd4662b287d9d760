"""The same module as an extension."""

import pathlib
import runpy

import pytest

from plugins import Order


def test_orders() -> None:
    order = Order("book", 3, 250)
    assert (order.article, order.count, order.unit_price, order.total()) == ("book", 3, 250, 750)
    with pytest.raises(ValueError, match="nothing"):
        Order("book", 0, 250)


def test_the_rules_of_the_program_work_here_too() -> None:
    price = runpy.run_path(str(pathlib.Path(__file__).with_name("rules.py")))["price"]
    assert price(Order("book", 10, 100)) == 900
    assert price(Order("gift", 1, 100)) == 0
    assert price(Order("book", 1, 100)) == 100
